"""The documentation as a site: built without a warning, every page found from every other, nothing from outside."""

import json
import re
import subprocess
import sys
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest
from playwright.sync_api import Browser, Page

from tests.brief.pages import look
from tests.shared import ROOT, no_browser

DOCS = ROOT / "docs"
BUILD = ROOT / "scripts" / "site" / "build.py"
AXE = ROOT / ".venv" / "axe-core-4.11.0.js"
SOURCES = sorted(
    path.relative_to(DOCS).with_suffix("").as_posix()
    for path in DOCS.rglob("*")
    if path.suffix in (".md", ".ipynb")
)
KINDS = ("tutorial", "how-to", "reference", "explanation")
# What makes a browser fetch something without a click.
LOADS = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "video": "src",
    "audio": "src",
    "embed": "src",
    "object": "data",
    "use": "href",
    "image": "href",
}
SEEN = (
    "index.html",
    "zh/index.html",
    "reference/commands.html",
    "zh/reference/case-file.html",
    "explanation/zone.html",
    "zh/how-to/export.html",
    "zh/search.html?q=红线",
    *(f"{page}.html" for page in SOURCES if "tutorial/" in page),
)


def build(out: Path, docs: Path = DOCS) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, BUILD, out, docs], capture_output=True, text=True, encoding="utf-8", check=False
    )


@dataclass
class Read(HTMLParser):
    """What the tests ask of a built page."""

    lang: str = ""
    links: list[str] = field(default_factory=list)
    navigation: list[str] = field(default_factory=list)
    switch: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    here: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.lang = given["lang"]
        if "id" in given:
            self.ids.add(given["id"])
        if tag in ("details", "header"):
            self.within.append(given.get("class", tag))
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
            if "pages" in self.within:
                self.navigation.append(given["href"])
                if given.get("aria-current") == "page":
                    self.here.append(given["href"])
            if "bar" in self.within and "hreflang" in given:
                self.switch.append(given["href"])
        if tag in LOADS and given.get(LOADS[tag]):
            self.loaded.append(given[LOADS[tag]])
        if tag == "link" and given.get("rel") not in ("alternate", "canonical"):
            self.loaded.append(given["href"])

    def handle_endtag(self, tag: str) -> None:
        if tag in ("details", "header") and self.within:
            self.within.pop()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site") / "docs"
    ran = build(out)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.strip() == f"{out / 'index.html'}: {len(SOURCES)} pages"
    return out


@pytest.fixture(scope="session")
def pages(site: Path) -> dict[str, Read]:
    out = {}
    for path in sorted(site.rglob("*.html")):
        read = Read()
        read.feed(path.read_text(encoding="utf-8"))
        out[path.relative_to(site).as_posix()] = read
    return out


def lead_to(page: str, links: list[str]) -> list[str]:
    """Where the links of a page lead within the site, the page itself among them."""
    out = []
    for link in links:
        if not link.startswith(("https://", "http://")):
            path = unquote(urldefrag(link).url)
            out.append((Path("/", page).parent / path).resolve().as_posix()[1:] if path else page)
    return out


def test_every_page_is_there_and_reached_from_the_first(pages):
    assert {f"{page}.html" for page in SOURCES} | {"search.html", "zh/search.html"} == set(pages)
    seen: set[str] = set()
    waiting = ["index.html"]
    while waiting:
        page = waiting.pop()
        if page not in seen:
            seen.add(page)
            waiting += [there for there in lead_to(page, pages[page].links) if there in pages]
    assert set(pages) - seen <= {"search.html", "zh/search.html"}


def test_every_page_is_in_its_trees_navigation_once(pages):
    for page in SOURCES:
        tree = "zh/index.html" if page.startswith("zh/") else "index.html"
        listed = lead_to(tree, pages[tree].navigation)
        assert len(listed) == len(set(listed))
        if not page.endswith("index"):
            assert f"{page}.html" in listed
            assert len(pages[f"{page}.html"].here) == 1


def test_the_navigation_goes_by_kind_and_chinese_readers_begin_with_the_case_file(pages):
    def kinds(tree: str) -> list[str]:
        found = [re.search("|".join(KINDS), page)[0] for page in lead_to(tree, pages[tree].navigation)]
        return [kind for k, kind in enumerate(found) if k == 0 or found[k - 1] != kind]

    assert kinds("index.html") == [kind for kind in KINDS if (DOCS / kind).is_dir()]
    listed = [p for p in lead_to("zh/index.html", pages["zh/index.html"].navigation) if "tutorial" not in p]
    assert listed[:2] == ["zh/reference/case-file.html", "zh/reference/glossary.html"]


def test_every_page_is_in_both_languages_or_says_that_it_is_not():
    chinese = {page.removeprefix("zh/") for page in SOURCES if page.startswith("zh/")}
    english = {page for page in SOURCES if not page.startswith("zh/")}
    assert chinese <= english
    index = (DOCS / "zh" / "index.md").read_text(encoding="utf-8")
    for page in english - chinese:
        assert re.search(rf"\]\(\.\./{page}\.\w+\)（(英文|中英对照)）", index), page


def test_every_page_says_its_language_and_leads_to_the_other(pages):
    for page, read in pages.items():
        chinese = page.startswith("zh/")
        assert read.lang == ("zh-Hans" if chinese else "en")
        twin = page.removeprefix("zh/") if chinese else f"zh/{page}"
        [there] = lead_to(page, read.switch)
        assert there == (twin if twin in pages else "index.html" if chinese else "zh/index.html")


def test_every_link_and_anchor_leads_somewhere(site, pages):
    for page, read in pages.items():
        for link, there in zip(
            [link for link in read.links if not link.startswith(("https://", "http://"))],
            lead_to(page, read.links),
            strict=True,
        ):
            assert (site / there).is_file(), f"{page} links to {link}"
            anchor = unquote(urldefrag(link).fragment)
            assert not anchor or anchor in pages[there].ids, f"{page} links to {link}"


def test_nothing_comes_from_elsewhere(site, pages):
    for page, read in pages.items():
        for address in read.loaded:
            assert not re.match(r"(https?:)?//", address), f"{page} loads {address}"
            if not address.startswith(("data:", "#")):
                assert (site / lead_to(page, [address])[0]).is_file(), f"{page} loads {address}"
        styles = re.findall(r"<style.*?</style>", (site / page).read_text(encoding="utf-8"), re.DOTALL)
        assert re.findall(r"@import|url\((?!\W?(?:#|data:))[^)]*\)", "".join(styles)) == [], page
    for sheet in site.rglob("*.css"):
        assert re.findall(r"@import|url\(", sheet.read_text(encoding="utf-8")) == [], sheet.name
    for script in site.rglob("*.js"):
        if script.name != "search-index.js":
            assert "http" not in script.read_text(encoding="utf-8"), script.name


def test_code_is_highlighted(site):
    shown = {
        "yaml": "zh/reference/case-file.html",
        "python": "explanation/zone.html",
        "sh": "how-to/new-case.html",
        "json": "how-to/import.html",
        "text": "reference/commands.html",
    }
    for lang, page in shown.items():
        html = (site / page).read_text(encoding="utf-8")
        [piece, *_] = re.findall(rf'<div class="highlight-{lang} .*?</pre>', html, re.DOTALL)
        assert ('<span class="' in piece) or lang in ("text", "sh"), page


def test_chinese_wrapped_in_the_source_has_no_gaps(site):
    """正文折行处两个汉字之间没有空格。"""
    for path in sorted((site / "zh").rglob("*.html")):
        for block in re.findall(r"<p>.*?</p>", path.read_text(encoding="utf-8"), re.DOTALL):
            words = re.sub(r"<[^>]*>", "", block)
            assert re.findall(r"[\u4e00-\u9fff，。、；：]\n[\u4e00-\u9fff]", words) == [], path.name


# --- the search


def test_the_index_has_chinese_words_and_terms_of_their_own(site):
    text = (site / "search-index.js").read_text(encoding="utf-8")
    places = json.loads(text.removeprefix("var PLACES=").rstrip(";\n"))
    with_word = {address for _, address, _, head, said in places if "红线" in head + said}
    assert "zh/reference/glossary.html#红线" in with_word
    assert any(address.startswith("zh/explanation/zone.html") for address in with_word)
    serves = {address.partition("#")[0]: lang for lang, address, *_ in places}
    assert serves["zh/explanation/zone.html"] == "zh"
    assert serves["reference/commands.html"] == "both"
    assert set(serves) == {f"{page}.html" for page in SOURCES}


def opened(
    browser: Browser, address: str, width: int = 1280, scheme: str = "light"
) -> tuple[Page, list[str]]:
    page = browser.new_page(viewport={"width": width, "height": 844}, color_scheme=scheme)
    faults = look.watched(page)
    page.goto(address)
    return page, faults


@pytest.mark.parametrize(
    ("tree", "typed", "first"),
    [
        ("zh/", "红线", "zh/reference/glossary.html#"),
        ("zh/", "案例", "zh/reference/glossary.html#"),
        ("zh/", "核查安排", "zh/"),
        ("", "red lines", "reference/glossary.html#"),
        ("", "yaml-tab", "reference/errors.html#yaml-tab"),
        ("zh/", "yaml-tab", "reference/errors.html#yaml-tab"),
        ("", "忠诚的红线", ""),
    ],
)
def test_the_search_finds(browser, site, tree, typed, first):
    page, faults = opened(browser, f"{(site / tree / 'index.html').as_uri()}")
    page.fill("header input[type=search]", typed)
    page.press("header input[type=search]", "Enter")
    page.wait_for_url("**/search.html?q=*")
    page.wait_for_function("document.querySelector('#found [role=status]').textContent.length > 0")
    links = page.locator("#found a")
    if first:
        assert f"/{first}" in unquote(links.first.evaluate("link => link.href"))
        assert page.locator("#found mark").count() > 0
        links.first.click()
        page.wait_for_load_state()
        assert page.locator("main h1").count() == 1
    else:
        assert links.count() == 0
    assert faults == []
    page.close()


# --- as a reader sees it


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_is_wider_than_the_window(browser, site, width):
    for seen in SEEN:
        path, _, query = seen.partition("?")
        page, faults = opened(browser, f"{(site / path).as_uri()}?{query}", width)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), seen
        assert faults == [], seen
        page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible(browser, site, scheme):
    if not AXE.is_file():
        no_browser("axe-core is not there: scripts/browser fetches it (npm)")
    for seen in SEEN:
        path, _, query = seen.partition("?")
        page, _ = opened(browser, f"{(site / path).as_uri()}?{query}", scheme=scheme)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        serious = [
            (v["id"], v["nodes"][0]["html"][:160])
            for v in found["violations"]
            if v["impact"] in ("serious", "critical")
        ]
        assert serious == [], seen
        page.close()


def test_the_list_of_pages_unfolds_on_a_phone(browser, site):
    page, _ = opened(browser, (site / "zh" / "index.html").as_uri(), 390)
    link = page.get_by_role("link", name="术语表", exact=True).first
    assert not page.locator(".pages nav").is_visible()
    page.locator(".pages summary").click()
    assert link.is_visible()
    page.close()


# --- what is not in order stops it


@pytest.fixture
def little(tmp_path: Path) -> Path:
    docs = tmp_path / "pages"
    for folder in ("how-to", "zh/tutorial"):
        (docs / folder).mkdir(parents=True)
    (docs / "index.md").write_text("# First\n\n[A](how-to/a.md)\n", encoding="utf-8")
    (docs / "zh" / "index.md").write_text("# 首页\n\n[英文](../index.md)\n", encoding="utf-8")
    (docs / "how-to" / "a.md").write_text("# A\n\n## One head\n\nText.\n", encoding="utf-8")
    (docs / "zh" / "tutorial" / "a.md").write_text("# 甲\n\n正文。\n", encoding="utf-8")
    return docs


def test_a_page_that_no_index_names_is_in_the_navigation_by_its_folder(little, tmp_path):
    ran = build(tmp_path / "out", little)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert '<a href="tutorial/a.html">甲</a>' in (tmp_path / "out/zh/index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("page", "text", "said"),
    [
        ("how-to/a.md", "[x](nowhere.md)", "'nowhere.md'"),
        ("how-to/a.md", "[x](../zh/tutorial/a.md#nowhere)", "'nowhere'"),
        ("how-to/a.md", "[x](#nowhere)", "'nowhere'"),
        ("how-to/a.md", "![x](no.svg)", "image file not readable"),
        ("how-to/a.md", "```json\n{a: 1,,\n```", 'as "json"'),
        ("how-to/a.md", "```nosuch\nx\n```", "'nosuch' is not known"),
        ("elsewhere/b.md", "# B", "isn't included in any toctree"),
    ],
)
def test_what_is_not_in_order_stops_it(little, tmp_path, page, text, said):
    (little / page).parent.mkdir(exist_ok=True)
    with (little / page).open("a", encoding="utf-8") as file:
        file.write(f"\n{text}\n")
    ran = build(tmp_path / "out", little)
    assert ran.returncode == 1
    assert page in ran.stderr
    assert said in ran.stderr


def test_it_clears_no_folder_that_is_not_its_own(little, tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "letter.txt").write_text("keep", encoding="utf-8")
    ran = build(mine, little)
    assert ran.returncode == 1
    assert "holds something else" in ran.stderr
    assert (mine / "letter.txt").read_text(encoding="utf-8") == "keep"


NOTEBOOK = {
    "cells": [
        {"cell_type": "markdown", "source": ["# 笔记\n", "\n", "正文，\n", "续行。"]},
        {
            "cell_type": "code",
            "source": "%env A=b\nprint('```')",
            "outputs": [
                {"output_type": "stream", "name": "stdout", "text": ["```\n"]},
                {"output_type": "execute_result", "data": {"text/html": "<b>drawn</b>", "text/plain": "no"}},
            ],
        },
    ]
}


def test_a_notebook_is_a_page_with_what_its_cells_showed(little, tmp_path):
    (little / "zh" / "tutorial" / "n.ipynb").write_text(json.dumps(NOTEBOOK), encoding="utf-8")
    ran = build(tmp_path / "out", little)
    assert (ran.returncode, ran.stderr) == (0, "")
    html = (tmp_path / "out/zh/tutorial/n.html").read_text(encoding="utf-8")
    assert "正文，续行。" in html
    assert '<div class="highlight-python' in html
    assert '<div class="shown"><b>drawn</b></div>' in html
    assert ">no<" not in html
