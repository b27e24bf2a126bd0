"""What is shared in any format: worked out from public files alone, marked on every page, and nothing beside it."""

import io
from dataclasses import replace

import pypdfium2
import pytest

from tests.brief.samples import HOSTILE, sample_brief
from tests.case.made import CASE, TEXT, claim_line, write
from zopa.brief import html, markdown, pdf
from zopa.brief.marking import LONGEST, marking_of
from zopa.brief.share import SHARE_FORMATS, Wish, as_files, left_behind, preview, share
from zopa.brief.share_words import remarks
from zopa.case.left_out import Without
from zopa.charts.marked import BAND, marked
from zopa.errors import CaseFileError
from zopa.words import LANGUAGES, say

MARKING = "内部资料 CONFIDENTIAL"
CASE_MORE = (
    CASE + "red_lines: [{party: north, issue: border, rejects: [open], because: [c1], firm: 0.6 to 0.9}]\n"
)
PRIVATE = "preferences: {{north: {{no_deal: {{value: {value}, assumed: true}}}}, south: {{border: {{weight: {weight}}}}}}}\n"


def made(folder, **files):
    second = claim_line("c2", TEXT.index("南方说"), TEXT.index("南方说") + 7, kind="threat")
    return write(folder, CASE_MORE, claims=claim_line() + second, **files)


def wish(lang, **more):
    return Wish(SHARE_FORMATS, marking=MARKING, lang=lang, draws=60, **more)


def files(folder, asked):
    return as_files(preview(folder, asked), "for-island", asked)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_cases_that_differ_only_in_private_values_give_the_same_bytes_in_every_format(tmp_path, lang):
    without = files(made(tmp_path / "a"), wish(lang))
    low = files(made(tmp_path / "b", private__yaml=PRIVATE.format(value=0.037, weight=3)), wish(lang))
    high = files(made(tmp_path / "c", private__yaml=PRIVATE.format(value=0.917, weight=91)), wish(lang))
    assert without == low == high
    kinds = {name.rpartition(".")[2] for name in without}
    assert {"html", "pdf", "md", "json", "csv", "svg", "yaml", "jsonl"} <= kinds
    assert {name.partition("/")[0] for name in without if "case.yaml" in name} == {"for-island"}


def test_the_private_case_itself_gives_other_answers(tmp_path):
    """Else the test above would say nothing."""
    from zopa import zone
    from zopa.case.folder import read_case

    low = made(tmp_path / "b", private__yaml=PRIVATE.format(value=0.037, weight=3))
    high = made(tmp_path / "c", private__yaml=PRIVATE.format(value=0.917, weight=91))
    low_zone, high_zone = (zone(read_case(f), draws=60).to_json()["rows"] for f in (low, high))
    assert low_zone != high_zone


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    home = made(tmp_path_factory.mktemp("share") / "a")
    asked = wish("zh", without=Without.of(claims=["c1"]))
    return files(home, asked)


def test_every_file_of_a_share_is_marked_and_says_that_it_is_redacted(shared):
    redacted = say("brief.redacted", "zh")
    for name, content in shared.items():
        if name.startswith("for-island/"):
            continue
        if name.endswith(".pdf"):
            document = pypdfium2.PdfDocument(content)
            for page in document:
                text = page.get_textpage().get_text_range()
                assert "CONFIDENTIAL" in text, name
                assert redacted in text, name
            continue
        text = content.decode("utf-8-sig")
        assert MARKING in text, name
        assert redacted in text, name
    assert shared["for-island/case.yaml"].decode().startswith(f"# {MARKING}\n")


def test_nothing_of_a_claim_left_out_stands_in_any_file(shared):
    quote = TEXT[6:12]
    for name, content in shared.items():
        if name.endswith(".pdf"):
            text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content))
        else:
            text = content.decode("utf-8")
        assert quote not in text, name
        assert '"c1"' not in text, name


def test_a_share_is_written_whole_and_tells_what_it_did(tmp_path):
    home = made(tmp_path / "a", private__yaml=PRIVATE.format(value=0.037, weight=3))
    (home / "briefs.jsonl").write_text("{}\n", encoding="utf-8")
    asked = Wish(("case", "md"), Without.of(claims=["c1"]), MARKING, "en", 60)
    told, paths = share(home, tmp_path / "for-island", asked)
    assert [p.name for p in paths] == ["for-island", "for-island.md"]
    assert all(p.exists() for p in paths)
    assert left_behind(home) == ("briefs.jsonl",)
    assert not list((tmp_path / "for-island").rglob("private*"))
    for lang in LANGUAGES:
        texts = [r.text for r in remarks(told, home, lang)]
        assert say("share.private", lang) == texts[0]
        assert any("briefs.jsonl" in t for t in texts)
        assert texts[-1] == say("share.not-searched", lang)


def test_a_format_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(ValueError, match="docx"):
        share(made(tmp_path / "a"), tmp_path / "b", Wish(("docx",)))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def brief():
    return sample_brief()


# ---- markings ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["a\nb", "a\r", "a\tb", "CONF\u202eIDENTIAL", "a\u200bb", "a\u2066b", "\x00", "a\u2028b", "x\ufeff", "\ud800", "سري"],
)  # fmt: skip
def test_a_marking_of_characters_that_deceive_or_cannot_be_drawn_is_refused(text):
    with pytest.raises(CaseFileError) as error:
        marking_of(text)
    assert error.value.problems[0].code == "marking-character"


@pytest.mark.parametrize("text", ["x" * 10_000, "密" * (LONGEST // 2 + 1)])
def test_a_marking_that_is_too_long_is_refused(text):
    with pytest.raises(CaseFileError) as error:
        marking_of(text)
    assert error.value.problems[0].code == "marking-long"


@pytest.mark.parametrize("text", ["", "  CONFIDENTIAL ", "内部资料", "密" * (LONGEST // 2), "x" * LONGEST])
def test_plain_markings_stand_as_typed(text):
    assert marking_of(text) == text.strip()


EVIL = [
    "</style><script>alert(1)</script>",
    '#panic() $x$ *b* `r` "q"',
    "'; } body {display:none",
    "![x](y) | # [a] <b>",
]


@pytest.mark.parametrize("evil", EVIL)
def test_a_marking_is_text_in_every_format(brief, evil):
    brief = replace(brief, marking=marking_of(evil))
    page = html.render(brief, lang="en")
    assert evil not in page.replace("&#39;", "'") or "<" not in evil
    assert "<script>alert(1)" not in page
    content = pdf.render(brief, lang="en")
    shown = "".join(pypdfium2.PdfDocument(io.BytesIO(content))[0].get_textpage().get_text_range().split())
    assert "".join(evil.split()) in shown
    first = markdown.render(brief, lang="en").splitlines()[0]
    assert first == f"**{markdown.escape(evil)}**"
    picture = marked(brief.en.sections[0].chart.to_svg(), evil)
    assert "<script>alert" not in picture
    assert "<b>" not in picture


def test_a_marked_picture_has_room_for_its_marking(brief):
    plain = brief.en.sections[0].chart.to_svg()
    made = marked(plain, MARKING)
    assert MARKING in made
    assert f'viewBox="0 -{BAND} ' in made
    assert marked(plain, "") == plain


def test_markdown_is_marked_at_top_and_bottom(brief):
    lines = markdown.render(replace(brief, marking=MARKING), lang="zh").rstrip().splitlines()
    assert lines[0] == lines[-1] == f"**{MARKING}**"


def test_a_page_without_marking_is_as_it_was(brief):
    assert 'class="marking"' not in html.render(brief, lang="en")
    assert HOSTILE not in html.render(replace(brief, marking=MARKING), lang="en")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_printed_sheet_of_the_page_is_marked_above_and_below(browser, brief, tmp_path, lang):
    path = tmp_path / "page.html"
    path.write_text(html.render(replace(brief, marking=MARKING), lang=lang), encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    document = pypdfium2.PdfDocument(page.pdf(format="A5"))
    page.close()
    assert len(document) > 2
    for sheet in document:
        assert sheet.get_textpage().get_text_range().count("CONFIDENTIAL") == 2
