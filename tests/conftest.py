"""What every test starts from."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from tests import shared

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# The machine that runs the tests may be busy: how long an example takes says nothing about the code.
settings.register_profile("local", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("local"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")

# Printed tables and messages must not depend on the terminal that the tests happen to run in.
os.environ["COLUMNS"] = "100"
os.environ["NO_COLOR"] = "1"
for name in ("FORCE_COLOR", "CLICOLOR_FORCE", "PY_COLORS", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
    os.environ.pop(name, None)


@pytest.fixture(scope="session")
def shared_data() -> Callable[[str], Path]:
    """Path of one piece of the development data; skips the test where it is not here."""
    return shared.shared_data


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """A browser for the tests that look at pages; they skip with the reason where none can be started."""
    from playwright.sync_api import Error, sync_playwright

    from tests.brief.pages import look

    with sync_playwright() as started:
        try:
            found = started.chromium.launch(
                executable_path=look.installed(), args=["--no-sandbox"], env=look.with_font()
            )
        except Error as error:
            shared.no_browser(f"no Chromium to start: {str(error).splitlines()[0]}")
        yield found
        found.close()
