"""The tutorial's walk through the Muscat case in a real browser, with a picture of each step: docs/images/walk.

    .venv/bin/python scripts/walkthrough.py [en|zh ...]

Copies the example, opens the workbench on the copy as a reader of the tutorial does, drops its article, and goes
on to the PDF. The pictures are 1280 pixels wide, in 128 colours. Needs a Chromium (``scripts/browser`` installs one).
"""

import io
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from screenshots import installed, with_font

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "images" / "walk"
ZOPA = str(Path(sys.executable).parent / "zopa")
PUBLISHED = "2026-02-05"
NUMBER = "influence.enrichment.actors.us.position"
LONG = 120_000

Shot = Callable[[str, Page, Locator | None], None]
"""What is done with a step: its name, the page, and the part of it that matters (None for the first screen)."""


def article(lang: str) -> Path:
    """The article that the tutorial drops: our own text, in the language of the tutorial."""
    return ROOT / "docs" / ("zh" if lang == "zh" else "") / "tutorial" / "muscat-article.txt"


@contextmanager
def opened(case: Path, draws: int) -> Iterator[str]:
    """The opening link of a workbench on a case, as ``zopa open`` prints it."""
    command = [ZOPA, "open", str(case), "--no-browser", "--draws", str(draws)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


def walk(browser: Browser, case: Path, link: str, lang: str, shot: Shot) -> Path:
    """All steps of the tutorial on a case of one's own; gives the PDF that the last one writes."""
    here = re.match(r"http://[^/]+", link)
    if here is None:
        raise SystemExit(f"no link: {link!r}")
    page = browser.new_page(viewport={"width": 1280, "height": 800}, locale=lang)

    def to(path: str) -> None:
        page.goto(here[0] + path)
        expect(page.locator(".working")).to_have_count(0, timeout=LONG)

    page.goto(f"{link}&lang={lang}")
    expect(page.locator(".working")).to_have_count(0, timeout=LONG)
    shot("overview", page, None)

    to("/dossier")
    page.locator("#files").set_input_files(article(lang))
    page.locator("#published").fill(PUBLISHED)
    page.locator("form.drop button").click()
    expect(page.locator("#reading h2")).to_be_visible(timeout=LONG)
    shot("read", page, page.locator("#reading"))
    page.locator("#reading table a").first.click()
    expect(page.locator(".document")).to_be_visible()
    shot("document", page, None)
    page.locator('button[value="accept"]').first.click()
    expect(page.locator(".document")).to_be_visible()

    to("/record")
    shot("record", page, page.locator("figure").first)
    to("/agenda")
    shot("agenda", page, page.locator("figure").first)
    to("/bargain")
    shot("bargain", page, page.locator("figure").first)
    to("/forecast")
    shot("forecast", page, page.locator("figure").first)

    to(f"/what-if?name=influence&path={NUMBER}&value=0.5")
    page.locator('.what-if input[type="range"]').first.focus()
    page.keyboard.press("End")
    expect(page).to_have_url(re.compile("value=1"), timeout=LONG)
    expect(page.locator(".working")).to_have_count(0, timeout=LONG)
    shot("what-if", page, None)

    to("/case/case.yaml/influence")
    field = page.locator(
        f'form:has(input[name="path"][value="{NUMBER.replace(".", "/")}"]) input[name="value"]'
    )
    field.evaluate(
        "node => { for (let e = node; e; e = e.parentElement) if (e.tagName === 'DETAILS') e.open = true; }"
    )
    field.fill("0.1 to 0.3")
    with page.expect_navigation():
        field.press("Enter")
    to("/case")
    expect(page.locator("pre.diff .plus")).not_to_have_count(0)
    shot("difference", page, page.locator("pre.diff"))
    page.locator('form[action*="/case/undo"] button').click()
    to("/case")
    expect(page.locator("pre.diff")).to_have_count(0)

    to("/share")
    page.locator("#share-marking").fill("内部资料" if lang == "zh" else "CONFIDENTIAL")
    page.locator('form.share button[type="submit"]').click()
    expect(page.locator(".told").first).to_be_visible(timeout=LONG)
    shot("share", page, page.locator(".told").first)
    page.close()

    out = case.parent / "out"
    command = [
        ZOPA,
        "brief",
        str(case),
        "--format",
        "pdf",
        "--out",
        str(out),
        "--lang",
        lang,
        "--draws",
        "300",
    ]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    (written,) = out.glob("*.pdf")
    return written


def save(lang: str) -> Shot:
    """Write the picture of a step."""

    def taken(name: str, page: Page, part: Locator | None) -> None:
        page.wait_for_timeout(600)
        if part is not None:
            part.scroll_into_view_if_needed()
        data = part.screenshot() if part is not None else page.screenshot()
        picture = Image.open(io.BytesIO(data)).convert("RGB").quantize(128, dither=Image.Dither.NONE)
        FOLDER.mkdir(parents=True, exist_ok=True)
        picture.save(FOLDER / f"{name}.{lang}.png", optimize=True)
        print(f"{name}.{lang}.png")

    return taken


def main(languages: list[str]) -> None:
    """Take all pictures."""
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=installed(), args=["--no-sandbox"], env=with_font())
        for lang in languages or ["en", "zh"]:
            with tempfile.TemporaryDirectory() as folder:
                case = Path(folder) / "talks"
                subprocess.run(
                    [ZOPA, "new", str(case), "--from", "muscat-2026"], check=True, stdout=subprocess.DEVNULL
                )
                with opened(case, 1000) as link:
                    print(walk(browser, case, link, lang, save(lang)).stat().st_size)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
