"""The brief on the shipped example: what a reader of it gets, and how its pages look."""

import dataclasses
import importlib
import re
from pathlib import Path

import pytest

import zopa
from tests.brief.pages import look, opened
from tests.brief.test_html import read
from zopa.brief import html
from zopa.brief.build import build
from zopa.brief.document import Brief
from zopa.case.case import Case
from zopa.case.labels import path_label
from zopa.case.quantities import quantities
from zopa.result import Chance
from zopa.words import LANGUAGES, has


@pytest.fixture(scope="module")
def case() -> Case:
    return zopa.open_case("muscat-2026")


@pytest.fixture(scope="module")
def brief(case: Case) -> Brief:
    return build(case, draws=150)


@pytest.fixture(scope="module")
def page(brief: Brief) -> str:
    return html.render(brief, lang="zh")


@pytest.fixture(scope="module")
def address(page: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("muscat") / "muscat-2026.html"
    path.write_text(page, encoding="utf-8")
    return path.as_uri()


def test_every_question_is_answered_in_both_languages(brief: Brief):
    asked = [name for name in (*zopa.ANALYSES, *zopa.FORECASTS) if name != "replay"]
    for lang in LANGUAGES:
        edition = brief.edition(lang)
        # What should be asked, and of whom, stands first.
        assert [s.key for s in edition.answers] == sorted(asked, key=lambda name: name != "ask")
        for section in edition.answers:
            assert section.kind == "answer", f"{section.key} lacks something"
            assert section.headline
            assert section.claims
            assert section.chart is not None
            assert section.chart.missing == ()
            assert section.tables


def test_the_page_is_whole_and_of_a_sane_size(page: str):
    parsed = read(page)
    assert len(page.encode()) < 5_500_000
    assert len(parsed.ids) == len(set(parsed.ids))
    assert {link[1:] for link in parsed.links if link.startswith("#")} <= set(parsed.ids)


def test_every_claim_leads_to_its_words_in_its_source(brief: Brief, case: Case):
    assert len(brief.zh.claims) == len(case.ledger.claims), "the record cites every claim"
    for card in brief.zh.claims:
        quoted = "".join(text for text, is_quote in card.excerpt.parts if is_quote)
        assert quoted == card.quote
        assert card.source in {s.id for s in brief.zh.sources}


def test_no_number_is_named_by_a_bare_id(case: Case):
    for path in quantities(case.file):
        label = path_label(case.file, path, "zh")
        assert not re.search(r"[a-z]{3,}|_", label), f"{path}: {label}"


def test_what_is_not_settled_is_said_in_words(brief: Brief):
    for lang in LANGUAGES:
        section = next(s for s in brief.edition(lang).closing if s.key == "unsettled")
        for row in section.tables[0].rows:
            assert not re.search(r"\b[a-z]+[-_][a-z]+\b|\.", row[1]) or lang == "en", row


def test_rows_with_several_probabilities_say_which_is_which():
    for name in zopa.ANALYSES:
        module = importlib.import_module(f"zopa.analysis.{name}")
        for row in vars(module).values():
            if dataclasses.is_dataclass(row) and row.__module__ == module.__name__:
                several = [f.name for f in dataclasses.fields(row) if f.type in (Chance, Chance | None)]
                for field in several if len(several) > 1 else ():
                    assert has(f"brief.measure-{field}"), f"{name}: {field}"


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_label_is_cut_off_or_overlaps(browser, address: str, width: int, lang: str):
    page, faults = opened(browser, f"{address}#{lang}-top", width=width)
    assert faults + look.too_wide(page) + look.chart_faults(page) == []
    page.close()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_brief_prints_on_less_than_seventy_pages(browser, address: str, lang: str):
    page, _ = opened(browser, f"{address}#{lang}-top")
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) < 70
    page.close()
