"""The pool of a case's members: what the numbers mean, by hand and by axiom."""

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

import zopa
from tests.cli.run import zopa as run
from zopa.case.case import Case
from zopa.case.examples import locate
from zopa.claims.ledger import Ledger
from zopa.forecasting import ledger
from zopa.forecasting.forecast import record
from zopa.forecasting.ledger import read_book, verify
from zopa.methods.pooling import QUESTIONS, clipped
from zopa.result import percent
from zopa.words import say


@pytest.fixture(scope="module")
def muscat():
    return zopa.forecast(zopa.open_case("muscat-2026"), draws=600, plays=2)


def test_cells_are_a_distribution_and_every_question_a_sum_of_them(muscat):
    assert muscat.cells.sum() == pytest.approx(1)
    for row, rule in zip(muscat.rows(), QUESTIONS, strict=False):
        assert row.chance.value == pytest.approx(muscat.cells[rule].sum())
        assert row.chance.low <= row.chance.value <= row.chance.high
    deal, serious, war, still = muscat.rows()[:4]
    assert (deal.name, serious.name, war.name, still.name) == (
        "deal-by-t",
        "serious-by-t",
        "war-by-t",
        "open-at-t",
    )
    assert war.chance.value <= serious.chance.value


def test_scenarios_share_out_everything(muscat):
    shares = [row.chance for row in muscat.rows() if row.kind == "scenario"]
    assert len(shares) == 4
    for way in ("value", "zero", "cited"):
        assert sum(getattr(c, way) for c in shares) == pytest.approx(1, abs=1e-9)


def test_the_pool_is_the_weighted_geometric_mean_of_the_members(muscat):
    """By hand, in one outer group: logarithms of the clipped cells, averaged with the weights, scaled to one."""
    members = muscat.members.all_
    assert [m.name for m in members] == ["baserate", "experts", "simulate"]
    logs = sum(muscat.weights[m.name] * np.log(clipped(m.outer["all"][3], QUESTIONS)) for m in members)
    expected = np.exp(logs) / np.exp(logs).sum()
    np.testing.assert_allclose(muscat.outer[3], expected)
    assert muscat.exponent == 1
    assert muscat.weights["simulate"] <= 1 / 3 + 1e-12
    assert sum(muscat.weights.values()) == pytest.approx(1)


def test_members_stand_beside_the_pool(muscat):
    row = muscat.rows()[0]
    low, high = min(row.members.values()), max(row.members.values())
    assert low - 0.03 <= row.chance.value <= high + 0.03
    given = next(r for r in muscat.rows() if r.name == "us-strike-by-t")
    assert given.rests == "given" and set(given.members) == {"simulate"}
    assert next(r for r in muscat.rows() if r.name == "second-round").rests == "simulation"


def test_one_origin_less_moves_it_no_further_than_the_members_do(muscat):
    for row in muscat.rows():
        assert row.chance.lowest <= row.chance.value <= row.chance.highest


def test_each_row_rests_on_the_claims_of_the_members_that_make_it(muscat):
    grounds = {name: set(found.claims) for name, found in muscat.members.grounds.items()}
    assert set(grounds) == {"baserate", "experts", "simulate"} and all(grounds.values())
    assert set(grounds["baserate"]) == set(muscat.members.base.rests.claims)
    for row in muscat.rows():
        own = grounds["simulate"] if row.rests == "simulation" else set.union(*grounds.values())
        assert set(row.because) == own
    assert set(muscat.rests.claims) == set.union(*grounds.values())
    assert 0 < muscat.rests.assumed < 1


def test_it_says_where_judgement_is_the_base_rate(muscat):
    share = np.isclose(muscat.members.experts.by_draw["all"], muscat.members.experts.prior).all(axis=1).mean()
    assert 0 < share < 1
    assert any(f"in {percent(float(share))} % of the draws no forecast" in n for n in muscat.notes("en"))


def test_without_claims_nothing_is_claimed():
    case = zopa.open_case("muscat-2026")
    bare = Case(case.file, Ledger({}), case.folder)
    found = zopa.forecast(bare, draws=300, plays=1)
    assert "experts" not in found.weights
    assert {row.chance.verdict for row in found.rows()} == {"silent"}
    for lang in ("en", "zh"):
        assert found.headline(lang)


def test_a_case_without_talks_is_forecast_by_history_and_judgement_alone():
    case = zopa.open_case("muscat-2026")
    silent = Case(case.file.model_copy(update={"talks": None, "questions": (), "scenarios": ()}), case.ledger)
    found = zopa.forecast(silent, draws=300)
    assert "simulate" not in found.weights
    assert [row.kind for row in found.rows()] == ["fact"] * 4
    assert any("not simulated" in note for note in found.notes("en"))


def test_words_of_both_languages(muscat):
    for lang in ("en", "zh"):
        table = muscat.table(lang)
        assert len(table.rows) == len(muscat.rows())
        assert all(cells[3] for cells in table.rows)
        assert all(muscat.notes(lang))
    assert "很不可能" in muscat.table("zh").rows[0][3]
    marks = [layer for layer in muscat.plot("en").spec["layer"] if "data" in layer]
    assert len(marks[0]["data"]["values"]) == sum(len(row.members) for row in muscat.rows())


def test_a_forecast_is_recorded_once_and_found_again(tmp_path: Path):
    shutil.copytree(locate("muscat-2026"), tmp_path / "case")
    case = zopa.open_case(tmp_path / "case")
    found = zopa.forecast(case, draws=300, plays=1)
    record(found, at=datetime(2026, 2, 5, 12, tzinfo=UTC))
    book = read_book(case.folder)
    assert verify(case.folder) == ()
    asked = {entry.question for entry in book.forecasts}
    assert {"deal-by-t", "war-by-t", "us-strike-by-t", "second-round", "scenarios"} <= asked
    kept = next(entry for entry in book.forecasts if entry.question == "deal-by-t")
    assert kept.forecast.probability == pytest.approx(found.of("deal-by-t").chance.value)


def test_the_example_is_not_written_to():
    ran = run("forecast", "muscat-2026", "--record", "--draws", "300", "--plays", "1")
    assert ran.code == 2
    assert "example" in ran.err


def test_wrong_arguments():
    with pytest.raises(ValueError, match="plays is 0"):
        zopa.forecast(zopa.open_case("muscat-2026"), draws=100, plays=0)


def settled(folder: Path, *, simulate: float) -> Case:
    """The Muscat case weeks later, with forty further questions recorded and come out: all of them yes."""
    shutil.copytree(locate("muscat-2026"), folder)
    file = folder / "case.yaml"
    text = file.read_text(encoding="utf-8")
    asked = "".join(f"  - {{id: q{k}, text: 问{k}, by: 2026-05-06, resolves: 答}}\n" for k in range(40))
    assert "\nquestions:\n" in text
    text = text.replace("\nquestions:\n", "\nquestions:\n" + asked, 1)
    file.write_text(text.replace("\nretrospective: true\n", "\n"), encoding="utf-8")
    case = zopa.open_case(folder)
    said = {"baserate": 0.6, "simulate": simulate}
    at = datetime(2026, 2, 6, tzinfo=UTC)
    ledger.record(
        case,
        [ledger.Forecast(question=f"q{k}", by="forecast", probability=0.5, members=said) for k in range(40)],
        at=at,
    )
    for k in range(40):
        later = datetime(2026, 6, 1, tzinfo=UTC)
        ledger.resolve(case, f"q{k}", "yes", on=date(2026, 3, 1), because="c1", by="李四", at=later)
    return replace(case, file=case.file.model_copy(update={"as_of": date(2026, 4, 1)}))


@pytest.mark.parametrize(("simulate", "hidden"), [(0.1, True), (0.9, False)])
def test_simulated_talks_that_do_not_beat_the_reference_class_are_hidden(tmp_path, simulate, hidden):
    case = settled(tmp_path / "talks", simulate=simulate)
    found = zopa.forecast(case, draws=200, plays=1)
    assert bool(found.hidden) is hidden
    shown = zopa.forecast(case, draws=200, plays=1, all_members=True)
    assert not shown.hidden
    for lang in ("en", "zh"):
        column = say("forecast.column-simulate", lang)
        assert (column in found.table(lang).columns) is not hidden
        assert column in shown.table(lang).columns
        key = "forecast.note-talks-hidden" if hidden else "forecast.note-talks-better"
        assert say(key, lang, n=40, enough=30) in found.notes(lang)
    # It keeps its say in the pool, which is the same either way.
    np.testing.assert_array_equal(found.cells, shown.cells)


def test_the_example_is_marked_retrospective_and_never_scored(muscat, tmp_path):
    for lang in ("en", "zh"):
        assert muscat.table(lang).caption == say("forecast.caption-retrospective", lang)
        assert say("forecast.note-retrospective", lang) in muscat.notes(lang)
    shutil.copytree(locate("muscat-2026"), tmp_path / "muscat")
    case = zopa.open_case(tmp_path / "muscat")
    record(replace(muscat, case=case), at=datetime(2026, 2, 6, tzinfo=UTC))
    assert all(made.retrospective for made in read_book(case.folder).forecasts)
    live = replace(case, file=case.file.model_copy(update={"retrospective": False}))
    record(replace(muscat, case=live), at=datetime(2026, 2, 6, tzinfo=UTC))
    assert not read_book(case.folder).forecasts[-1].retrospective


def test_without_a_record_it_is_not_known_and_said(muscat):
    assert not muscat.hidden
    assert say("forecast.note-talks-untried", "zh") in muscat.notes("zh")
