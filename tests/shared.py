"""Development data that lies beside the repository and is no part of it."""

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
