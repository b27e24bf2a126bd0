"""Take pictures of a brief: both languages, two widths, light and dark, whole page and first screen.

    .venv/bin/python scripts/screenshots.py out/muscat-2026.html [FOLDER]

Needs a Chromium that playwright can start: its own, or Debian's (``apt-get install chromium``). Without one it says so
and ends with 0. Ends with 1 where the page logs an error, asks for anything outside itself or is wider than its
window, and where a chart is empty, must be scrolled sideways or has labels that are cut off or overlap.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, TimeoutError, sync_playwright

WIDTHS = (1280, 390)
LANGUAGES = ("zh", "en")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main(arguments: list[str]) -> int:
    """Take the pictures of one brief; prints the path of each and every problem found."""
    if not arguments or arguments[0] in ("-h", "--help"):
        print(__doc__)
        return 0 if arguments else 2
    brief = Path(arguments[0]).resolve()
    if not brief.is_file():
        print(f"screenshots: no such file: {brief}")
        return 2
    folder = Path(arguments[1]) if len(arguments) > 1 else brief.parent / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    problems: list[str] = []
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=installed(), args=["--no-sandbox"], env=with_font()
            )
        except Error as error:
            print(f"screenshots: skipped, no Chromium to start ({str(error).splitlines()[0]})")
            return 0
        for width in WIDTHS:
            for lang in LANGUAGES:
                problems += pictures(browser, brief, folder, width, lang)
        browser.close()
    for problem in problems:
        print(f"problem: {problem}")
    return 1 if problems else 0


def with_font() -> dict[str, str | float | bool]:
    """Environment of a browser that has our font beside the system's: Chinese is drawn, not boxes, on every machine."""
    config = Path(tempfile.mkdtemp()) / "fonts.conf"
    own = Path(__file__).resolve().parent.parent / "src" / "zopa" / "charts" / "fonts"
    config.write_text(
        f"<fontconfig><include ignore_missing='yes'>/etc/fonts/fonts.conf</include><dir>{own}</dir></fontconfig>",
        encoding="utf-8",
    )
    return {**os.environ, "FONTCONFIG_FILE": str(config)}


def installed() -> str | None:
    """Path of the system's Chromium; None leaves the choice to playwright."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def pictures(browser: Browser, brief: Path, folder: Path, width: int, lang: str) -> list[str]:
    """First screen and whole page in light and in dark, at one width and in one language; gives what is wrong."""
    problems: list[str] = []
    for scheme in ("light", "dark"):
        name = f"{brief.stem}-{lang}-{width}-{scheme}"
        page = browser.new_page(viewport={"width": width, "height": 800 if width > 600 else 844})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        faults = watched(page)
        page.goto(f"{brief.as_uri()}#{lang}-top")
        faults += settle(page) + too_wide(page) + chart_faults(page)
        for part, whole in (("first", False), ("page", True)):
            page.evaluate("window.scrollTo(0, 0)")
            shot = folder / f"{name}-{part}.png"
            page.screenshot(path=shot, full_page=whole)
            print(shot)
        page.close()
        problems += [f"{name}: {fault}" for fault in faults]
    return problems


def watched(page: Page) -> list[str]:
    """A list that fills with the page's errors and its requests for anything outside itself."""
    faults: list[str] = []

    def console(message: ConsoleMessage) -> None:
        if message.type == "error":
            faults.append(message.text)

    def request(asked: Request) -> None:
        if not asked.url.startswith(("file:", "data:", "blob:")):
            faults.append(f"asks for {asked.url[:80]}")

    page.on("console", console)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", request)
    return faults


def settle(page: Page) -> list[str]:
    """Wait until every chart of the shown language is live; says where one never comes to be."""
    try:
        page.wait_for_function(
            "[...document.querySelectorAll('figure')].filter(f => f.offsetParent)"
            ".every(f => f.querySelector('.tools') && !f.querySelector('.plot > svg'))",
            timeout=20_000,
        )
    except TimeoutError:
        return ["a chart was not drawn"]
    return []


def too_wide(page: Page) -> list[str]:
    """What sticks out of the window sideways."""
    found: list[str] = page.evaluate(
        """() => {
          if (document.documentElement.scrollWidth <= window.innerWidth) return [];
          return [...document.querySelectorAll('.edition *')]
            .filter(e => e.offsetParent && e.getBoundingClientRect().right > window.innerWidth + 1)
            .slice(0, 5)
            .map(e => `${e.tagName}.${e.className} is wider than the window`);
        }"""
    )
    return found


def chart_faults(page: Page) -> list[str]:
    """Labels of charts that are cut off or lie on one another, and charts without a mark."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('figure')].filter(f => f.offsetParent).flatMap(figure => {
          const name = figure.closest('section').id;
          const svg = figure.querySelector('.stage svg') || figure.querySelector('.plot svg');
          const out = [];
          if (!svg.querySelector('.role-mark path, .role-mark line, .role-mark text, .role-mark image'))
            out.push(`${name}: the chart is empty`);
          const plot = figure.querySelector('.plot');
          if (plot.scrollWidth > plot.clientWidth + 1) out.push(`${name}: the chart must be scrolled sideways`);
          const frame = svg.getBoundingClientRect();
          const texts = [...svg.querySelectorAll('text')]
            .filter(t => t.textContent.trim() && t.getAttribute('opacity') !== '0' && t.getAttribute('fill') !== 'none')
            .map(t => ({ words: t.textContent, box: t.getBoundingClientRect() }))
            .filter(t => t.box.width > 0);
          for (const { words, box } of texts)
            if (box.left < frame.left - 1.5 || box.right > frame.right + 1.5
                || box.top < frame.top - 1.5 || box.bottom > frame.bottom + 1.5)
              out.push(`${name}: label cut off: ${words}`);
          texts.forEach((a, k) => texts.slice(k + 1).forEach(b => {
            const wide = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
            const high = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
            // The same words at the same place are one label and its halo.
            const halo = a.words === b.words && Math.abs(a.box.x - b.box.x) < 1 && Math.abs(a.box.y - b.box.y) < 1;
            if (wide > 2 && high > 4 && !halo) out.push(`${name}: labels overlap: ${a.words} | ${b.words}`);
          }));
          return out;
        })"""
    )
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
