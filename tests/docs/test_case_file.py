"""The page on the case file: it names everything a case may hold, and what it shows is a case without fault."""

import re
from pathlib import Path

import pytest

import zopa
from tests.docs.pages import fences
from tests.shared import ROOT
from zopa.case.folder import problems
from zopa.case.model import CaseFile
from zopa.claims.claim import Claim
from zopa.claims.source import Header

PAGES = {
    "en": ROOT / "docs" / "reference" / "case-file.md",
    "zh": ROOT / "docs" / "zh" / "reference" / "case-file.md",
}
EACH = pytest.mark.parametrize("lang", PAGES)


def written_case(lang: str, folder: Path) -> Path:
    """The case that the page's pieces form."""
    pieces = fences(PAGES[lang])
    own = [f.text for f in pieces if f.language == "yaml" and not f.text.startswith("# private.yaml")]
    [private] = [f.text for f in pieces if f.text.startswith("# private.yaml")]
    [source] = [f.text for f in pieces if f.language == "markdown"]
    [claims] = [f.text for f in pieces if f.language == "json"]
    (folder / "sources").mkdir(parents=True)
    (folder / "case.yaml").write_text("".join(own), encoding="utf-8")
    (folder / "private.yaml").write_text(private, encoding="utf-8")
    (folder / "sources" / "gazette.md").write_text(source, encoding="utf-8")
    (folder / "claims.jsonl").write_text(claims, encoding="utf-8")
    return folder


@EACH
def test_the_pieces_form_a_case_without_fault(lang: str, tmp_path: Path):
    folder = written_case(lang, tmp_path / "case")
    assert [problem.show("en") for problem in problems(folder)] == []
    case = zopa.open_case(folder)
    assert zopa.zone(case, draws=50).rows()
    assert case.private


@EACH
def test_every_section_has_a_piece_and_a_word(lang: str):
    text = PAGES[lang].read_text(encoding="utf-8")
    own = "".join(f.text for f in fences(PAGES[lang]) if f.language == "yaml")
    for section in CaseFile.model_fields:
        assert re.search(rf"^{section}:", own, re.MULTILINE), f"{section} has no example"
        singular = section.removesuffix("s")
        assert f"`{section}`" in text or f"`{singular}`" in text or f"`{section}." in text, section


@EACH
@pytest.mark.parametrize("model", [Claim, Header])
def test_every_field_of_a_claim_and_of_a_header_is_named(lang: str, model: type):
    text = PAGES[lang].read_text(encoding="utf-8")
    assert [name for name in model.model_fields if f"`{name}`" not in text] == []


def test_both_languages_show_the_same_case():
    shown = [[f.text for f in fences(page) if f.language != "text"] for page in PAGES.values()]
    assert shown[0] == shown[1]


@pytest.mark.parametrize("folder", ["docs/how-to", "docs/zh/how-to"])
def test_the_piece_for_beginners_is_a_case_too(folder: str, tmp_path: Path):
    [text] = [f.text for f in fences(ROOT / folder / "new-case.md") if f.language == "yaml"]
    (tmp_path / "case.yaml").write_text(text, encoding="utf-8")
    assert problems(tmp_path) == ()
    assert "cannot say" in zopa.zone(zopa.open_case(tmp_path), draws=50).headline("en")
