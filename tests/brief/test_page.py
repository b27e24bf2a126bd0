"""The page in a browser: switch, live charts, claims beside numbers, keyboard, phone, no scripts, paper."""

from pathlib import Path

import pytest

from tests.brief.pages import look, opened
from tests.brief.samples import HOSTILE, sample_brief
from zopa.brief import html


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("brief") / "brief.html"
    path.write_text(html.render(sample_brief("draft"), lang="zh"), encoding="utf-8")
    return path.as_uri()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_is_cut_off_overlaps_or_is_fetched(browser, address: str, width: int, lang: str):
    page, faults = opened(browser, f"{address}#{lang}-top", width=width)
    assert page.locator(f".edition.only-{lang}").is_visible()
    assert faults + look.too_wide(page) + look.chart_faults(page) == []
    page.close()


def test_the_switch_changes_language_charts_and_address(browser, address: str):
    page, faults = opened(browser, address)
    assert page.title() == "港湾会谈"
    page.locator(".switch label", has_text="English").click()
    look.settle(page)
    assert page.title() == "Talks <b>in</b> Port & Bay"
    assert page.locator("html").get_attribute("lang") == "en"
    assert not page.locator(".edition.only-zh").is_visible()
    assert "Probability" in page.locator("#en-zone-plot svg").text_content()
    assert page.url.endswith("#en-top")
    page.reload()
    assert page.locator(".edition.only-en").is_visible(), "the address keeps the language"
    assert faults == []
    page.close()


def test_without_scripts_the_page_switches_shows_stills_and_leads_to_claims(browser, address: str):
    page, _ = opened(browser, address, scripts=False)
    assert page.locator("#zh-zone-plot > svg").is_visible()
    page.locator(".switch label", has_text="English").click()
    assert page.locator("#en-zone-plot > svg").is_visible()
    assert not page.locator(".edition.only-zh").is_visible()
    page.locator("#en-zone .rests .ref").first.click()
    assert page.url.endswith("#en-claim-c1")
    page.close()


def test_a_claim_opens_beside_its_number_with_its_place_in_the_source(browser, address: str):
    page, faults = opened(browser, address)
    page.locator("#zh-zone .rests .ref").first.click()
    dialog = page.locator("dialog#card")
    assert dialog.is_visible()
    assert dialog.locator("mark").inner_text() == "导弹问题不容谈判"
    assert "他还说，铀浓缩是伊朗的权利" in dialog.inner_text()
    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    page.locator("#zh-zone .rests .ref").nth(2).click()
    assert HOSTILE in dialog.locator("blockquote.quote").inner_text()
    dialog.locator(".to-list").click()
    assert not dialog.is_visible()
    assert page.url.endswith("#zh-claim-c5")
    assert faults == []
    page.close()


def test_everything_is_reached_by_keyboard(browser, address: str):
    page, _ = opened(browser, address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip only-zh"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "show-zh"
    page.keyboard.press("ArrowRight")
    assert page.locator(".edition.only-en").is_visible()
    page.locator("#en-zone details.data > summary").focus()
    page.keyboard.press("Enter")
    assert page.locator("#en-zone-table-1").is_visible()
    page.locator("#en-zone .because .ref").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("dialog#card").is_visible()
    page.close()


def test_chart_and_table_can_be_saved(browser, address: str):
    page, faults = opened(browser, address)
    with page.expect_download() as picture:
        page.locator("#zh-zone figcaption button", has_text="SVG").click()
    assert "美国" in Path(picture.value.path()).read_text(encoding="utf-8")
    page.locator("#zh-zone details.data > summary").click()
    with page.expect_download() as table:
        page.locator("#zh-zone details.data button", has_text="CSV").click()
    rows = Path(table.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert [row for row in rows if row] == [
        "谈判方,存在,零线,主张",
        "美国,60%,35%,c1 c2 c5",
        "伊朗,40%,35%,无主张",
    ]
    assert faults == []
    page.close()


def test_paper_has_the_tables_open_and_the_draft_mark(browser, address: str):
    page, _ = opened(browser, address)
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#zh-zone-table-1").is_visible()
    assert page.locator(".edition.only-zh .running").is_visible()
    assert not page.locator(".switch").is_visible()
    page.close()


def test_a_chart_drawn_for_a_wide_screen_fits_the_paper(browser, address: str):
    page, _ = opened(browser, address)
    page.emulate_media(media="print")
    # A4 less its margins, in pixels of the page. The chart stays as it was drawn.
    page.evaluate("document.querySelector('#zh-zone').style.width = '300px'")
    plot, svg = page.locator("#zh-zone-plot"), page.locator("#zh-zone-plot .stage svg")
    assert svg.bounding_box()["width"] <= plot.bounding_box()["width"] + 1
    page.close()
