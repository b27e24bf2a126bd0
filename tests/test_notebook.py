"""What a notebook shows: one answer with headline, picture and table, in the reader's language, safe and readable."""

import base64
import re
from typing import TYPE_CHECKING

import pytest

import zopa
from tests.analysis import tables
from tests.test_result import toy
from zopa.charts.chart import Chart
from zopa.charts.glyphs import FONT_FILES, FONT_FOLDER, text_width
from zopa.charts.still import still
from zopa.charts.style import FONT, base
from zopa.notebook import answer, grid, image, spoken
from zopa.result import Table

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HOSTILE = "</td><script>alert(1)</script><img src=x onerror=alert(2)> \" ' & 伊朗"


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ZOPA_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


def plain(shown: object) -> str:
    """Text as IPython asks for it."""

    class Printer:
        said = ""

        def text(self, text: str) -> None:
            self.said += text

    printer = Printer()
    shown._repr_pretty_(printer, False)
    return printer.said


def picture(html: str) -> str:
    """The SVG text of the one picture."""
    [data] = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', html)
    return base64.b64decode(data).decode()


# --- language


def test_the_language_is_that_of_the_variable_else_of_the_system(monkeypatch: pytest.MonkeyPatch):
    assert spoken() == "en"
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert spoken() == "zh"
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert spoken() == "en", "the first that is set decides"
    monkeypatch.setenv("ZOPA_LANG", "zh")
    assert spoken() == "zh"


def test_a_result_and_a_case_speak_it(monkeypatch: pytest.MonkeyPatch):
    case = zopa.open_case("muscat-2026")
    found = zopa.experts(case, draws=100)
    assert plain(found).startswith("Experts(muscat-2026, 5 February 2026: Will the United States")
    assert (
        plain(case)
        == "Case(muscat-2026 — US–Iran talks in Muscat, 5 February 2026: 130 claims of 67 origins)"
    )
    assert repr(case) == "Case(muscat-2026, 5 Feb 2026: 130 claims of 67 origins)"
    monkeypatch.setenv("ZOPA_LANG", "zh")
    assert plain(found).startswith("Experts（muscat-2026，2026年2月5日：到2026年5月6日")
    assert plain(case) == "Case（muscat-2026 — 美伊马斯喀特会谈，2026年2月5日：67个信源的130条主张）"
    html = found._repr_html_()
    assert 'lang="zh-Hans"' in html
    assert "使用这些数字须知" in html
    assert html == found.show("zh")._repr_html_()
    assert 'lang="en"' in found.show("en")._repr_html_()


# --- parts


def test_headline_picture_table_further_tables_and_notes_in_this_order():
    first = Table("first", ("what", "how"), (("a", "1"), ("b", "2")), (("c1",), ("c2",)))
    other = Table("second", ("x",), (("1",),), ((),))
    html = answer("It is so. And more.", "<p>PICTURE</p>", (first, other), ("mind this",), "toy", "en")
    parts = (
        "<strong>It is so.</strong> And more.",
        "PICTURE",
        "<summary>first (2 rows)",
        "1 more table",
        "second",
        "1 note",
    )
    places = [html.index(part) for part in parts]
    assert places == sorted(places)
    assert '<code>.tables("en")[1]</code> second' in html
    assert html.count("<table") == 1
    assert html.count("<details open>") == 1


def test_claims_stand_in_their_rows_or_once_below_where_all_rest_on_the_same():
    ids = tuple(f"c{k}" for k in range(6))
    each = grid(Table("t", ("a",), (("1",), ("2",)), (ids, ())), "en")
    assert ">claims</th>" in each
    assert ">c0 c1 c2 c3 and 2 more</td>" in each
    same = grid(Table("t", ("a",), (("1",), ("2",)), (ids, ids)), "zh")
    assert "<p>各行依据：c0 c1 c2 c3 另2条</p>" in same
    assert same.count("<th ") == 1
    none = grid(Table("t", ("a",), (("1",),), ((),)), "en")
    assert "claims" not in none
    assert "Every row" not in none
    assert "(1 row)" in none


def test_a_table_shows_itself():
    assert toy().table()._repr_html_() == grid(toy().table(), "en")


def test_names_are_shown_never_run():
    table = Table(HOSTILE, (HOSTILE,), ((HOSTILE,), (HOSTILE,)), ((HOSTILE,), ("c1",)))
    chart = Chart({**base(100, 40), "data": {"values": [{"x": HOSTILE}]}, "mark": "point"}, HOSTILE, HOSTILE)
    html = answer(HOSTILE, chart._repr_html_(), (table, table), (HOSTILE,), HOSTILE, "en")
    assert re.findall(r"<(?!/)([a-z]+)", html).count("img") == 1
    assert "<script" not in html
    assert set(re.findall(r"<(\w+)", html)) <= {
        *(
            "div",
            "p",
            "strong",
            "img",
            "details",
            "summary",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
            "ul",
            "li",
            "code",
        )
    }
    assert "onerror" not in re.sub(r"&lt;.*?&gt;", "", html)
    assert "<script" not in picture(html)


def test_what_a_page_that_trusts_nothing_takes_away_is_not_used():
    # JupyterLab lets img, inline styles and details stand in a notebook made elsewhere, not svg, style or script.
    html = zopa.experts(zopa.open_case("muscat-2026"), draws=100)._repr_html_()
    assert not re.search(
        r"<(?:svg|style|script|link|object|iframe)\b| on\w+=|https?:|class=\"(?!zopa-)", html
    )
    assert "background-color:#ffffff" in html


# --- pictures


def test_an_image_has_width_words_and_a_ground_of_its_own():
    html = image("<svg/>", 'a "b" <c>', "640")
    assert 'alt="a &quot;b&quot; &lt;c&gt;" width="640"' in html
    assert picture(html) == "<svg/>"


def test_a_chart_shows_itself_as_an_image_and_gives_its_svg_to_those_who_ask():
    chart = zopa.experts(zopa.open_case("muscat-2026"), draws=100).plot("en")
    assert repr(chart) == f"Chart({chart.title}: {chart.description})"
    assert chart._repr_svg_() == chart.to_svg()
    drawn = picture(chart._repr_html_())
    assert len(drawn) < 0.7 * len(chart.to_svg()), "what readers of elements need is of no use in an image"
    assert "aria-" not in drawn
    assert drawn.count(FONT) == 1


def test_lines_of_text_keep_the_width_that_they_were_laid_out_for():
    svg = (
        '<svg><g><text font-size="10px" transform="translate(-6,23.80000001)"><tspan>ab</tspan><tspan x="0" dy="17">伊朗</tspan>'
        '</text><text font-size="10px" font-weight="bold">a &amp; b</text><text font-size="10px">0</text></g></svg>'
    )
    drawn = still(svg)
    assert (
        f'<text y="0" textLength="{text_width("ab", 10):.1f}" lengthAdjust="spacingAndGlyphs">ab</text>'
        in drawn
    )
    assert '<text y="17">伊朗</text>' in drawn, "one em wide in every font"
    assert f'textLength="{text_width("a & b", 10, bold=True):.1f}"' in drawn
    assert '<text font-size="10px">0</text>' in drawn
    assert "translate(-6,23.80)" in drawn


def test_widths_are_those_fonttools_reads():
    from fontTools.ttLib import TTFont

    for bold in (False, True):
        font = TTFont(FONT_FOLDER / FONT_FILES[bold])
        glyphs, sizes, units = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
        for text in ("Iran: 13 %", "铀浓缩（限量）", "Δ–…"):
            expected = 13 * sum(sizes[glyphs[ord(c)]][0] for c in text) / units
            assert text_width(text, 13, bold=bold) == pytest.approx(expected)


@pytest.mark.parametrize("theme", ["#ffffff", "#111111"])
def test_labels_are_not_cut_off_and_wide_tables_scroll(browser: "Browser", theme: str):
    found = zopa.experts(zopa.open_case("muscat-2026"), draws=100)
    page = browser.new_page(viewport={"width": 420, "height": 900})
    page.set_content(f'<body style="background:{theme};color:#888">{found._repr_html_()}</body>')
    page.wait_for_function("document.images[0].complete && document.images[0].naturalWidth > 0")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    box = page.locator("details[open] > div")
    assert box.evaluate("e => e.scrollWidth > e.clientWidth"), "columns keep a width that words fit in"
    # The same picture as part of the page, in whatever font there is: no label starts left of it.
    page.set_content(picture(found._repr_html_()))
    cut = page.evaluate(
        "[...document.querySelectorAll('text')].filter(t => t.getBoundingClientRect().left"
        " < document.querySelector('svg').getBoundingClientRect().left - 1).map(t => t.textContent)"
    )
    assert cut == []
    page.close()


def test_every_result_of_a_made_up_case_shows_itself():
    found = zopa.zone(tables.debated(), draws=50)
    assert "<img " in found._repr_html_()
    assert found._repr_html_() == found._repr_html_(), "the same answer gives the same bytes"
