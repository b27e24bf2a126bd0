"""The brief on paper: short, tagged, legible in both languages, the same bytes each time, and no text of a document in charge."""

import io
import re
from dataclasses import replace

import pypdfium2
import pytest

from zopa.brief import pdf
from zopa.brief.build import build
from zopa.brief.document import Brief
from zopa.case.examples import open_case
from zopa.words import LANGUAGES, say


@pytest.fixture(scope="module")
def brief() -> Brief:
    return build(open_case("muscat-2026"), draws=150)


@pytest.fixture(scope="module")
def made(brief: Brief) -> dict[str, bytes]:
    return {lang: pdf.render(brief, lang=lang) for lang in LANGUAGES}


def words(content: bytes, page: int | None = None) -> str:
    document = pypdfium2.PdfDocument(content)
    pages = range(len(document)) if page is None else [page]
    return "\n".join(document[k].get_textpage().get_text_range() for k in pages)


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u00ad\ufffe-]", "", text)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_is_short_and_its_first_page_has_every_answer_and_what_is_not_settled(made, brief, lang):
    assert len(pypdfium2.PdfDocument(made[lang])) < 10
    first = squeezed(words(made[lang], 0))
    for section in brief.edition(lang).answers:
        assert squeezed(section.lead) in first, section.key
    assert squeezed(say("brief.question-unsettled", lang)) in first
    assert first.index(squeezed(brief.edition(lang).answers[0].lead)) < first.index(
        squeezed(brief.edition(lang).answers[1].lead)
    )
    assert brief.edition(lang).answers[0].key == "ask"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_is_tagged_and_says_its_language_and_title(made, brief, lang):
    content = made[lang]
    assert b"pdfuaid" in content, "PDF/UA"
    assert b"/MarkInfo" in content or b"/StructTreeRoot" in content
    document = pypdfium2.PdfDocument(content)
    assert document.get_metadata_value("Title") == brief.edition(lang).title
    assert re.search(rb"/Lang ?\((zh|en)", content)


def test_the_same_brief_gives_the_same_bytes(made, brief):
    assert pdf.render(brief, lang="en") == made["en"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_has_ink_and_a_marking_stands_on_each(brief, lang):
    content = pdf.render(replace(brief, marking="机密 CONFIDENTIAL"), lang=lang)
    document = pypdfium2.PdfDocument(content)
    for k in range(len(document)):
        assert "CONFIDENTIAL" in words(content, k)
        image = document[k].render(scale=0.4).to_pil().convert("L")
        assert sum(image.histogram()[:160]) > 200, f"page {k + 1} is empty"


def test_what_a_case_says_is_text_and_never_markup(brief):
    evil = '#import "x" #panic() $ x $ *b* _i_ @ref <label> `raw` \\ // // /* */ = H - item ~ \n== Head'
    edition = replace(
        brief.en,
        title=evil,
        summary=evil,
        sections=(replace(brief.en.sections[0], headline=evil, chart=None, tables=()),),
    )
    shown = squeezed(words(pdf.render(replace(brief, en=edition), lang="en")))
    assert squeezed('#import "x" #panic() $ x $ *b*') in shown
    assert squeezed("<label> `raw`") in shown


def test_charts_too_small_to_read_give_way_to_their_tables(brief):
    told = pdf.pages(brief, "en")
    for answer, section in zip(told["answers"], brief.en.answers, strict=True):
        assert (answer["chart"] is None) != (answer["table"] is None), section.key
    assert any(a["chart"] for a in told["answers"])
    table = next(a["table"] for a in told["answers"] if a["table"])
    assert len(table["rows"]) <= pdf.FIRST
    assert len(table["shares"]) == len(table["columns"])


def test_a_draft_says_so_on_every_page(brief):
    content = pdf.render(replace(brief, status="draft"), lang="en")
    for k in range(len(pypdfium2.PdfDocument(content))):
        assert say("brief.draft", "en") in words(content, k)
    assert io.BytesIO(content).read(5) == b"%PDF-"
