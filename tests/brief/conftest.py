"""A browser for the tests that look at pages; they skip with the reason where none can be started."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

from tests.brief.pages import look


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as started:
        try:
            found = started.chromium.launch(
                executable_path=look.installed(), args=["--no-sandbox"], env=look.with_font()
            )
        except Error as error:
            pytest.skip(f"no Chromium to start: {str(error).splitlines()[0]}")
        yield found
        found.close()
