"""The page as a file: one file, both languages, nothing fetched, nothing run that a document says."""

import json
import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from tests.brief.samples import HOSTILE, sample_brief, sample_case, sample_zone
from zopa.brief import html
from zopa.brief.build import Answer, assemble
from zopa.charts.chart import Chart

VOID = {"meta", "input", "br", "img", "link", "hr", "path", "rect", "line"}


class Reader(HTMLParser):
    """Reads a page strictly: tags must nest; collects ids, links, headings, elements and the text of scripts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.stack: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.headings: list[tuple[int, str]] = []
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.stack.append(tag)
        for name, value in attrs:
            self.attributes.append((tag, name, value or ""))
        found = dict(attrs)
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        if tag == "script":
            self.scripts.append((found, ""))
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append((int(tag[1]), ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.stack.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self.stack, f"</{tag}> closes nothing"
        assert self.stack.pop() == tag, f"</{tag}> does not close what is open"

    def handle_data(self, data: str) -> None:
        if self.stack and self.stack[-1] == "script":
            found, text = self.scripts[-1]
            self.scripts[-1] = (found, text + data)
        elif self.stack and self.stack[-1] != "style":
            self.text.append(data)
            if self.headings and re.fullmatch(r"h[1-6]", self.stack[-1]):
                level, text = self.headings[-1]
                self.headings[-1] = (level, text + data)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.stack == [], "everything is closed"
    return reader


@pytest.fixture(scope="module")
def page() -> str:
    return html.render(sample_brief(), lang="zh")


@pytest.fixture(scope="module")
def parsed(page: str) -> Reader:
    return read(page)


def test_the_page_is_one_file_that_asks_for_nothing(page: str, parsed: Reader):
    assert page.startswith("<!doctype html>")
    for tag, name, value in parsed.attributes:
        if name in {"src", "srcset", "data", "action", "background", "poster"} or (
            tag == "link" and name == "href"
        ):
            pytest.fail(f"<{tag} {name}={value!r}> asks for something")
        assert not (name == "style" and "url(" in value)
    assert "@import" not in page
    assert all(link.startswith("#") for link in parsed.links)


def test_the_content_policy_lets_only_the_pages_own_scripts_run(parsed: Reader):
    policy = next(v for t, n, v in parsed.attributes if t == "meta" and n == "content" and "default-src" in v)
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy.split("style-src")[0]
    own = [text for attributes, text in parsed.scripts if "type" not in attributes]
    assert len(own) == 2
    for text in own:
        assert html._policy(text).split("'")[3] in policy


def test_the_page_is_small_enough_to_mail(page: str):
    assert len(page.encode()) < 1_500_000


def test_both_languages_stand_in_the_file_as_plain_text(page: str, parsed: Reader):
    text = "".join(parsed.text)
    assert "港湾会谈" in text
    assert "Talks <b>in</b> Port & Bay" in text
    assert "是否存在可能协议区间" in text
    assert "Is there a zone of possible agreement" in text
    assert not re.search(r"\\u[4-9][0-9a-f]{3}", page.split("<script>", maxsplit=1)[0])
    assert ("html", "lang", "zh-Hans") in parsed.attributes


def test_the_switch_needs_no_script(page: str, parsed: Reader):
    assert re.search(r'id="show-zh"[^>]* checked', page)
    assert not re.search(r'id="show-en"[^>]* checked', page)
    assert ":root:has(#show-zh:checked) .only-en" in page
    english = html.render(sample_brief(), lang="en")
    assert re.search(r'id="show-en"[^>]* checked', english)
    assert '<html lang="en">' in english


def test_ids_are_unique_and_every_link_within_the_page_arrives(parsed: Reader):
    assert len(parsed.ids) == len(set(parsed.ids))
    assert {link[1:] for link in parsed.links} <= set(parsed.ids)


def test_headings_go_down_one_level_at_a_time_in_each_edition(parsed: Reader):
    levels = [level for level, _ in parsed.headings]
    assert levels.count(1) == 2, "one title an edition"
    for before, after in pairwise(levels):
        assert after <= before + 1


def test_a_number_leads_to_its_claim_and_the_claim_to_its_source(page: str):
    row = re.search(
        r'<th scope="row"><span class="party p0"[^>]*></span>美国</th>.*?</tr>',
        page,
        re.DOTALL,
    )
    assert 'href="#zh-claim-c1"' in row[0]
    found = re.search(r'<article class="card" id="zh-claim-c1">.*?</article>', page, re.DOTALL)[0]
    assert "<mark>导弹问题不容谈判</mark>" in found
    assert 'href="#zh-source-feature"' in found


def test_a_row_without_a_claim_is_marked(page: str):
    assert re.search(r'伊朗</th>.*?<span class="no-claim">无主张</span>', page, re.DOTALL)


def test_mixed_text_says_which_language_it_is(page: str):
    english = page.split('class="edition only-en"')[1]
    assert '<blockquote class="quote" lang="zh-Hans">导弹问题不容谈判</blockquote>' in english
    assert '<blockquote class="quote" lang="en">the talks were off</blockquote>' in english


def test_drafts_are_marked_on_the_page_and_in_every_section():
    draft = html.render(sample_brief("draft"), lang="zh")
    for lang, word in (("zh", "草稿"), ("en", "Draft")):
        edition = draft.split(f'class="edition only-{lang}"')[1].split('class="edition')[0]
        assert f'role="note"><strong>{word}</strong>' in edition
        for head in re.findall(r"<section id=.*?<h[23]>(.*?)</h[23]>", edition, re.DOTALL):
            assert f'<span class="draft-mark">{word}</span>' in head
    assert 'draft-mark">' not in html.render(sample_brief(), lang="zh")


# --- what a document may not do


def test_hostile_text_is_shown_and_never_parsed(page: str, parsed: Reader):
    assert "<img src=x" not in page
    assert "".join(parsed.text).count(HOSTILE) >= 4, "quotation and context, in both editions"
    assert all("alert(1)" not in text for attributes, text in parsed.scripts if "type" not in attributes)
    assert ("a", "href", "javascript:alert(3)") not in parsed.attributes
    assert not any(name.startswith("on") for _, name, _ in parsed.attributes)


def test_chart_data_cannot_leave_their_block():
    case = sample_case()
    zone = sample_zone(case)
    plain = zone.plot("en")
    hostile = Chart({**plain.spec, "data": {"values": [{"label": HOSTILE, "value": 0.5}]}}, HOSTILE, HOSTILE)

    class Hostile(type(zone)):
        def plot(self, lang: str = "en") -> Chart:
            return hostile

        @property
        def name(self) -> str:
            return "zone"

    answer = Hostile(case=case, method="m", parameters={}, shares=zone.shares)
    parsed = read(html.render(assemble(case, [Answer("zone", answer)], seed=0, draws=1)))
    blocks = [text for attributes, text in parsed.scripts if attributes.get("type") == "application/json"]
    assert len(blocks) == 2
    assert all(json.loads(block)["data"]["values"][0]["label"] == HOSTILE for block in blocks)
    assert len([1 for attributes, _ in parsed.scripts if "type" not in attributes]) == 2


def test_json_for_a_script_block_is_json_and_ends_nothing():
    value = {"a": "</script><!--\u2028", "b": "中文"}
    text = str(html.safe_json(value))
    assert "<" not in text
    assert "中文" in text
    assert json.loads(text) == value


@pytest.mark.parametrize("name", ["c1", "c 1", 'c"1', "甲<1>", "a/b#c"])
def test_any_id_gives_an_address_within_the_page(name: str):
    assert re.fullmatch(r"[\w.~-]+", html.anchor(name))


def test_ids_that_differ_get_addresses_that_differ():
    names = ["a b", "a_b", "a~b", "a-b", "a", "b", "a~20~b"]
    assert len({html.anchor(n) for n in names}) == len(names)


# --- charts


def test_every_chart_has_a_still_a_live_specification_and_a_table(page: str):
    figures = re.findall(r"<figure>.*?</figure>", page, re.DOTALL)
    assert len(figures) == 2
    for figure in figures:
        assert re.search(r'<svg role="img" aria-label="[^"]+"', figure)
        assert '<script type="application/json" class="spec">' in figure
    assert len(re.findall(r'<table id="..-zone-table-1">', page)) == 2


def test_composed_charts_keep_their_width():
    assert html.fluid({"width": 500, "layer": [], "encoding": {"x": {}}})
    assert not html.fluid({"hconcat": []})
    assert not html.fluid({"width": 500, "encoding": {"row": {}}})
    assert not html.fluid({"width": {"step": 20}})


def test_the_page_is_the_same_byte_for_byte_each_time(page: str):
    assert html.render(sample_brief(), lang="zh") == page


def test_a_brief_without_answers_is_still_a_page():
    case = sample_case()
    parsed = read(
        html.render(assemble(case.without([c.id for c in case.ledger.claims]), [], seed=0, draws=1))
    )
    assert all(link[1:] in parsed.ids for link in parsed.links)
