"""The tests of the base rate: what is trained on what, that leaks would show, and that missed bars end with 1."""

import json
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from tests.forecasting.made_history import write
from tests.shared import ROOT, shared_data
from zopa.cli.backtest import register
from zopa.forecasting import _backtest_runs as runs
from zopa.forecasting.backtest import PLACEBO, PUBLISHED, Backtest, Bar, backtest
from zopa.forecasting.features import Kin, kin
from zopa.forecasting.history import History, read_history, year_start
from zopa.forecasting.member import sample_of, settings


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three hundred crises in which violence follows the trigger and agreements follow nothing."""
    random = np.random.default_rng(8)
    crises = []
    for k in range(300):
        violent = random.random() < 0.5
        serious = random.random() < (0.75 if violent else 0.2)
        year = 1925 + int(92 * k / 300)
        crises.append(
            {
                "yrtrig": year, "yrterm": year + 1, "break": 9 if violent else 7, "pcid": 1 + k % 8, "geog": 12,
                "viol": random.choice([3, 4]) if serious else 1, "forout": random.choice([1, 4, 4]),
                "actors": [{"cracid": 2 + k % 11, "gravty": int(random.integers(0, 7))}],
            }
        )  # fmt: skip
    return write(tmp_path_factory.mktemp("icb"), crises)


@pytest.fixture(scope="module")
def found(made: Path) -> Backtest:
    return backtest(made, shuffles=4)


def test_every_test_stands_in_both_views(found: Backtest):
    assert {(r.view, r.test) for r in found.tests} == {
        (view, test)
        for view in ("onset", "in-crisis")
        for test in ("split", "rolling", "non-violent", "one-conflict-out")
    }
    assert {r.target for r in found.tests} == {"deal", "serious", "war", "scenarios"}


def test_what_can_be_told_is_told_and_what_cannot_is_not(found: Backtest):
    serious, deal = (found.of("onset", "rolling", target) for target in ("serious", "deal"))
    assert serious.gain_high < 0 and serious.skill > 0.1 and serious.area > 0.7
    assert deal.skill < 0.03


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_bars_and_scores_are_printed_with_their_baselines(found: Backtest, lang):
    tables = found.tables(lang)
    assert len(tables) == 3 and len(tables[0].rows) == len(found.bars)
    assert found.headline(lang) and all(found.notes(lang))


def test_that_agreements_are_not_told_better_is_in_the_headline(found: Backtest):
    assert "no skill beyond base rate" in found.headline("en") and "无超出基准率" in found.headline("zh")


def test_every_published_figure_and_every_calibration_has_a_bar(found: Backtest):
    placed = {(b.view, b.test, b.target) for b in found.bars if b.measure in ("brier", "rps")}
    assert placed == {(*place, target) for place, targets in PUBLISHED.items() for target in targets}
    assert sum(b.measure == "ece" for b in found.bars) == sum(b.measure == "slope" for b in found.bars) == 6
    assert sum(b.test == "placebo" for b in found.bars) == 3


@pytest.mark.parametrize(("value", "held"), [(0.26, True), (0.2708, True), (0.271, False)])
def test_a_bar_is_held_up_to_its_end(value: float, held: bool):
    assert Bar("onset", "split", "deal", "brier", value, 0.0, 0.2658 + 0.005).held == held


def test_the_same_seed_gives_the_same_tests(made: Path, found: Backtest):
    assert backtest(made, shuffles=4).to_json() == found.to_json()
    assert json.dumps(found.to_json(), ensure_ascii=False)


# -- no crisis is forecast by what came after it ------------------------------------------------------------------------


def test_endings_after_the_split_change_no_forecast_before_them(made: Path):
    history, own = read_history(made), settings("onset")
    before = runs.split(history, sample_of(history, own.columns), own)
    late = history.start >= year_start(runs.SPLIT)
    sample = sample_of(history, own.columns)
    changed = type(sample)(
        sample.names, sample.x, np.where(late, 5 - sample.ending, sample.ending), sample.year
    )
    assert runs.split(history, changed, own).forecast == pytest.approx(before.forecast, abs=1e-12)


def test_what_had_not_ended_before_the_origin_is_not_learnt_from(made: Path):
    history, own = read_history(made), settings("onset")
    sample = sample_of(history, own.columns)
    begun = (history.start < year_start(runs.SPLIT)) & ~history.before(year_start(runs.SPLIT))
    assert begun.any()
    changed = type(sample)(
        sample.names, sample.x, np.where(begun, 5 - sample.ending, sample.ending), sample.year
    )
    a, b = (runs.split(history, s, own).forecast for s in (sample, changed))
    assert a == pytest.approx(b, abs=1e-12)


def test_a_conflict_left_out_is_not_learnt_from(made: Path):
    history, own = read_history(made), settings("onset")
    sample = sample_of(history, own.columns)
    first = history.conflict == 1
    changed = type(sample)(
        sample.names, sample.x, np.where(first, 5 - sample.ending, sample.ending), sample.year
    )
    a, b = (runs.one_conflict_out(history, s, own) for s in (sample, changed))
    assert a.forecast[a.conflict == 1] == pytest.approx(b.forecast[b.conflict == 1], abs=1e-12)


def test_crises_set_off_by_violence_are_left_out_of_the_subset(made: Path):
    history, own = read_history(made), settings("onset")
    whole = runs.split(history, sample_of(history, own.columns), own)
    calm = runs.non_violent(history, whole)
    assert 0 < len(calm.which) < len(whole.which)
    assert {history.crises[k].system["break"] for k in calm.which} == {"7"}


def test_shuffled_endings_show_no_skill_and_a_column_that_leaks_its_own_ending_does(
    made: Path, monkeypatch: pytest.MonkeyPatch
):
    history, own = read_history(made), settings("onset")
    assert max(runs.placebo(history, own, shuffles=6).values()) <= PLACEBO

    def leaking(of: History) -> Kin:
        honest, itself = kin(of), np.eye(len(of), dtype=bool)
        return Kin(
            honest.conflict & False | itself,
            honest.pair | itself,
            honest.recent,
            honest.fresh + itself,
            honest.running,
        )

    monkeypatch.setattr(runs, "kin", leaking)
    assert runs.placebo(history, own, shuffles=6)["deal"] > PLACEBO


# -- the command -------------------------------------------------------------------------------------------------------


def run(*words: str) -> tuple[int, str]:
    app = typer.Typer()
    app.callback()(lambda: None)
    register(app)
    result = CliRunner().invoke(app, ["backtest", *words])
    return result.exit_code, result.stdout


def test_a_missed_bar_ends_with_one(made: Path, monkeypatch: pytest.MonkeyPatch):
    words = ("--icb", str(made), "--shuffles", "1", "--json")
    code, text = run(*words)
    answer = json.loads(text)
    assert code == (0 if answer["parameters"]["held"] else 1)
    monkeypatch.setattr("zopa.forecasting.backtest.ALLOWED", -1.0)
    assert run(*words)[0] == 1
    monkeypatch.setattr(Bar, "held", property(lambda self: True))
    assert run(*words)[0] == 0


def test_a_folder_without_the_data_ends_with_one_and_says_what_to_do(tmp_path: Path):
    code, text = run("--icb", str(tmp_path), "--json")
    failure = json.loads(text)["errors"][0]
    assert code == 1 and failure["code"] == "icb-file" and failure["hint"]


# -- the page ------------------------------------------------------------------------------------------------------------


def test_the_page_of_results_shows_what_the_data_gives():
    history = read_history(shared_data("crises"))
    page = (ROOT / "docs" / "reference" / "backtest.md").read_text(encoding="utf-8")
    own = settings("onset")
    sample = sample_of(history, own.columns)
    for made_run, n in ((runs.split(history, sample, own), 132), (runs.rolling(history, sample, own), 314)):
        assert len(made_run.which) == n
        for target in runs.TARGETS:
            score = np.mean((made_run.probability(target) - made_run.happened(target)) ** 2)
            assert f"| {score:.4f} |" in page
    count = len(json.loads((ROOT / "src/zopa/forecasting/tables/test_runs.json").read_text(encoding="utf-8")))
    assert f"Test runs on crises from 1985 on: {count}" in page
