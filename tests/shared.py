"""What a test may find missing: development data beside the repository, and a browser."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data"


def shared_data(name: str) -> Path:
    """Path of one file or folder of the development data; skips the test (or module) where it is not here.

    At module level: ``EXPECTED = shared_data("genius/expected.json")``.
    """
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"development data ../shared/data/{name} is not here", allow_module_level=True)
    return path


def no_browser(reason: str) -> None:
    """Skips what needs a browser with the reason; fails where the caller said that one must be there."""
    if os.environ.get("ZOPA_BROWSER") == "required":
        pytest.fail(f"ZOPA_BROWSER=required, but {reason}", pytrace=False)
    pytest.skip(reason)
