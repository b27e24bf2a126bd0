"""The workbench in a real browser: no errors, nothing from outside, nothing wider than the window, accessible, keyboard alone."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.shared import ROOT, no_browser
from tests.web.conftest import Client
from zopa.case.folder import read_record
from zopa.web.pages import GROUPS
from zopa.words import LANGUAGES

AXE = ROOT / ".venv" / "axe-core-4.11.0.js"
PATHS = (
    "/",
    "/dossier",
    "/record",
    "/case",
    "/map",
    "/wants",
    "/setting",
    "/bargain",
    "/forecast",
    "/what-if",
    "/share",
    "/problems",
)


def entered(
    browser: Browser, client: Client, *, width: int = 1280, lang: str = "en", scheme: str = "light"
) -> BrowserContext:
    made = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, locale=lang)
    made.new_page().goto(f"{client.here}/?token={client.bench.keys.token}&lang={lang}")
    return made


def opened(context: BrowserContext, address: str) -> tuple[Page, list[str]]:
    """A page once every answer is there and every chart drawn, and the list that fills with its faults."""
    page = context.pages[0]
    faults: list[str] = []
    here = re.match(r"http://[^/]+", address)[0]
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "request",
        lambda asked: None if asked.url.startswith((here, "data:", "blob:")) else faults.append(asked.url),
    )
    page.goto(address)
    expect(page.locator(".working")).to_have_count(0, timeout=90_000)
    page.wait_for_function(
        "[...document.querySelectorAll('figure')].every(f => f.querySelector('.tools'))", timeout=30_000
    )
    return page, faults


def too_wide(page: Page) -> list[str]:
    return page.evaluate(
        """() => document.documentElement.scrollWidth <= window.innerWidth ? [] :
          [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > window.innerWidth + 1)
            .slice(0, 5).map(e => `${e.tagName}.${e.className} is wider than the window`)"""
    )


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [1280, 390])
def test_pages_have_no_faults_and_fit_the_window(browser, example, lang, width):
    context = entered(browser, example, width=width, lang=lang)
    for path in PATHS:
        page, faults = opened(context, example.here + path)
        assert faults == [], path
        assert too_wide(page) == [], path
        assert page.locator("h1").count() == 1, path
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible(browser, example, scheme):
    if not AXE.is_file():
        no_browser("axe-core is not there: scripts/browser fetches it (npm)")
    context = entered(browser, example, scheme=scheme)
    for path in (
        *PATHS,
        "/claim/c58",
        "/case/case.yaml/influence",
        "/case/case.yaml/text",
        f"/dossier/{source(example)}",
    ):
        page, _ = opened(context, example.here + path)
        # The policy of the pages lets no script in; this one is the test's own.
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        serious = [
            (v["id"], v["nodes"][0]["html"][:160])
            for v in found["violations"]
            if v["impact"] in ("serious", "critical")
        ]
        assert serious == [], path
    context.close()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_share_is_chosen_by_keyboard_and_looked_at(browser, example, lang):
    context = entered(browser, example, width=390, lang=lang)
    page, faults = opened(context, f"{example.here}/share")
    page.locator("#share-search").focus()
    page.keyboard.type("c58")
    expect(page.locator('input[name="claim"]:visible')).to_have_count(1)
    page.locator('input[name="claim"]:visible').focus()
    page.keyboard.press("Space")
    page.locator("#share-marking").focus()
    page.keyboard.type("内部资料")
    page.locator('form.share button[type="submit"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator(".told")).to_have_count(2)
    expect(page.locator(".told").first).to_contain_text("c58")
    expect(page.locator(".told").first).to_contain_text("内部资料")
    assert too_wide(page) == []
    if AXE.is_file():
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
        assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []
    assert faults == []
    context.close()


def test_a_share_is_made_without_scripts(browser, example):
    context = browser.new_context(java_script_enabled=False, locale="en", accept_downloads=True)
    page = context.new_page()
    page.goto(f"{example.here}/?token={example.bench.keys.token}&lang=en")
    page.goto(f"{example.here}/share")
    page.fill("#share-search", "c58")
    page.get_by_role("button", name="Find").click()
    page.check('input[name="claim"][value="c58"]')
    page.uncheck('input[name="format"][value="html"]')
    page.get_by_role("button", name="See what is left out").click()
    page.get_by_role("button", name="Make it").click()
    for _ in range(60):
        if page.get_by_role("link", name="Save").count():
            break
        page.wait_for_timeout(500)
        page.reload()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save").click()
    assert saved.value.suggested_filename == "muscat-2026-shared.zip"
    context.close()


def source(client: Client) -> str:
    return sorted(read_record(client.bench.desk.folder)[0])[0]


def test_a_claim_opens_beside_its_number_and_closes_with_escape(browser, example):
    context = entered(browser, example)
    page, faults = opened(context, f"{example.here}/wants")
    page.locator(".rests a.ref").first.click()
    dialog = page.locator("dialog")
    expect(dialog).to_be_visible()
    expect(dialog.locator("blockquote.quote")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert faults == []
    context.close()


def test_the_day_is_turned_back_with_the_keyboard_and_the_back_button_undoes_it(browser, example):
    context = entered(browser, example)
    page, _ = opened(context, f"{example.here}/record")
    page.locator('.as-of input[type="range"]').focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**as_of=2026-02-0**")
    expect(page.locator(".earlier")).to_be_visible()
    page.go_back()
    expect(page.locator(".earlier")).to_have_count(0)
    context.close()


def test_a_candidate_is_accepted_and_another_edited_with_the_keyboard_alone(browser, mine, own):
    context = entered(browser, mine)
    page, faults = opened(context, f"{mine.here}/dossier/gazette")
    before = len(read_record(own)[1].waiting)
    page.locator('button[value="accept"]').first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert len(read_record(own)[1].waiting) == before - 1
    name = read_record(own)[1].waiting[0].id
    page, faults = opened(context, f"{mine.here}/claim/{name}")
    shown = page.locator(".preview").inner_text()
    page.locator('[data-end="end"][data-by="-1"]').focus()
    page.keyboard.press("Enter")
    assert page.locator(".preview").inner_text() == shown[:-1]
    page.locator('button[value="edit"]').focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    # A page shows a line break inside a claim as a blank.
    assert any("".join(c.quote.split()) == "".join(shown[:-1].split()) for c in read_record(own)[1].accepted)
    assert faults == []
    context.close()


def test_a_claim_is_added_by_selecting_its_words(browser, mine, own):
    context = entered(browser, mine)
    page, faults = opened(context, f"{mine.here}/dossier/gazette")
    page.evaluate(
        """() => {
          const walker = document.createTreeWalker(document.querySelector('.document'), NodeFilter.SHOW_TEXT);
          let node;
          while ((node = walker.nextNode()) && !node.data.includes('地区代理人'));
          const at = node.data.indexOf('地区代理人');
          getSelection().setBaseAndExtent(node, at, node, at + 5);
        }"""
    )
    expect(page.locator("#words")).to_have_value("地区代理人")
    page.locator("#add-speaker").fill("鲁比奥")
    with page.expect_navigation():
        page.locator("form.add button").click()
    (made,) = [c for c in read_record(own)[1].accepted if c.reader == "hand"]
    assert (made.quote, made.speaker_head) == ("地区代理人", "鲁比奥")
    assert faults == []
    context.close()


def test_a_file_is_dropped_read_and_told(browser, mine, own, tmp_path):
    later = tmp_path / "later.txt"
    later.write_text("伊朗外长阿拉格齐9日表示，伊朗愿意讨论导弹问题。\n", encoding="utf-8")
    context = entered(browser, mine)
    page, faults = opened(context, f"{mine.here}/dossier")
    page.locator("#files").set_input_files(later)
    page.locator("#published").fill("2026-02-09")
    page.locator("form.drop button").click()
    expect(page.locator(".moved")).to_be_visible(timeout=60_000)
    assert "later.md" in os.listdir(own / "sources")
    assert faults == []
    context.close()


def test_a_slider_writes_the_interval_and_saving_changes_the_file(browser, own, mine):
    case = own / "case.yaml"
    if "position: " not in case.read_text(encoding="utf-8"):
        pytest.fail("the draft has no position")
    context = entered(browser, mine)
    page, faults = opened(context, f"{mine.here}/case/case.yaml/influence")
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    slider = page.locator('.sliders input[type="range"]').first
    field = slider.locator("xpath=ancestor::form").locator('input[name="value"]')
    was = field.input_value()
    slider.focus()
    page.keyboard.press("ArrowRight")
    now = field.input_value()
    assert now != was
    with page.expect_navigation():
        field.press("Enter")
    assert now in case.read_text(encoding="utf-8")
    assert faults == []
    context.close()


def test_the_answer_follows_the_slider(browser, example):
    context = entered(browser, example)
    path = "influence.enrichment.actors.us.position"
    page, faults = opened(context, f"{example.here}/what-if?name=influence&path={path}&value=0.5")
    page.locator('.what-if input[type="range"]').first.focus()
    page.keyboard.press("End")
    expect(page.locator("#what-if h2").nth(1)).to_contain_text("1", timeout=30_000)
    page.wait_for_function("location.search.includes('value=1')")
    assert faults == []
    context.close()


def test_pages_read_without_scripts(browser, example):
    made = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page = made.new_page()
    page.goto(f"{example.here}/?token={example.bench.keys.token}&lang=en")
    for name in GROUPS["setting"]:
        page.goto(f"{example.here}/{name}")
        page.reload()
        assert page.locator(".plot > svg").count() + page.locator(".working").count() > 0
    page.goto(f"{example.here}/case/case.yaml/parties")
    assert page.locator("form.value").count() > 5
    made.close()
    assert Path(AXE).parent.name == ".venv"
