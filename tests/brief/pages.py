"""Opening a page as a reader would, with the eyes of ``scripts/screenshots.py``."""

import importlib.util
import sys
from types import ModuleType

from playwright.sync_api import Browser, Page

from tests.shared import ROOT


def _screenshots() -> ModuleType:
    spec = importlib.util.spec_from_file_location("screenshots", ROOT / "scripts" / "screenshots.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["screenshots"] = module
    spec.loader.exec_module(module)
    return module


look = _screenshots()


def opened(
    browser: Browser, address: str, *, width: int = 1280, scripts: bool = True
) -> tuple[Page, list[str]]:
    """A page once all its charts are live, and the list its errors and outside requests go to."""
    page = browser.new_page(viewport={"width": width, "height": 844}, java_script_enabled=scripts)
    faults = look.watched(page)
    page.goto(address)
    if scripts:
        assert look.settle(page) == []
    return page, faults
