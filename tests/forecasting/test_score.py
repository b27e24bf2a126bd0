"""Scores of the ledger: what counts, every number against a plain computation, and when skill is called proven."""

import json
import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.case import made
from tests.forecasting.ledgers import AT, DUE, case_in, forecast
from zopa.case.case import Case
from zopa.case.folder import read_case
from zopa.errors import CaseFileError
from zopa.forecasting._against import ENOUGH, compared
from zopa.forecasting._member_record import known_by, learnt_exponent
from zopa.forecasting._scored import REASONS, tally
from zopa.forecasting.ledger import Forecast, read_book, record, resolve
from zopa.forecasting.score import Score, score
from zopa.words import LANGUAGES, say

AFTER = datetime(2026, 6, 1, tzinfo=UTC)


def settle(case: Case, question: str, outcome: str, *, on: date = DUE, at: datetime = AFTER) -> None:
    resolve(case, question, outcome, on=on, because="c1", by="李四", at=at)


def fates(case: Case, by: str = "forecast") -> dict[str, int]:
    return {k: v for k, v in tally({"talks": read_book(case.folder)}).fates[by].items() if v}


def many(folder: Path, p: list[float], happened: list[bool], *, name: str = "talks", **given: object) -> Case:
    """A case with one recorded and resolved question a forecast."""
    questions = "".join(
        f"  - {{id: q{k}, text: 问题{k}, by: 2026-05-06, resolves: 答}}\n" for k in range(len(p))
    )
    case = read_case(made.write(folder / name, made.CASE + "questions:\n" + questions))
    record(case, [forecast(f"q{k}", x, low=None, high=None, **given) for k, x in enumerate(p)], at=AT)
    for k, came in enumerate(happened):
        settle(case, f"q{k}", "yes" if came else "no")
    return case


# ---- what counts


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return case_in(tmp_path / "talks")


def test_a_forecast_counts_once_its_question_is_settled(case):
    record(case, [forecast("deal", 0.2)], at=AT)
    assert fates(case) == {"open": 1}
    settle(case, "deal", "no")
    assert fates(case) == {"scored": 1}
    [row] = score(case).rows()
    assert (row.n, row.brier, row.log) == (1, pytest.approx(0.04), pytest.approx(-math.log(0.8)))


def test_what_was_forecast_after_the_day_is_never_scored(case):
    record(case, [forecast("deal", 0.01)], at=datetime(2026, 5, 7, tzinfo=UTC))
    settle(case, "deal", "no")
    assert fates(case) == {"retrospective": 1}
    [row] = score(case).rows()
    assert (row.n, row.brier) == (0, None)


def test_nor_is_what_was_forecast_when_the_answer_was_known(case):
    settled = date(2026, 3, 20)
    record(case, [forecast("deal", 0.9, by="before")], at=datetime(2026, 3, 19, 23, tzinfo=UTC))
    record(case, [forecast("deal", 0.9, by="same day")], at=datetime(2026, 3, 20, 1, tzinfo=UTC))
    record(case, [forecast("deal", 0.9, by="after")], at=datetime(2026, 4, 1, tzinfo=UTC))
    settle(case, "deal", "yes", on=settled)
    assert [fates(case, by) for by in ("before", "same day", "after")] == [
        {"scored": 1},
        {"known": 1},
        {"known": 1},
    ]


def test_nor_what_stands_behind_the_outcome_in_the_ledger_whatever_its_clock_says(case):
    record(case, [forecast("deal", 0.5, by="first")], at=AT)
    settle(case, "deal", "yes", on=date(2026, 3, 20), at=datetime(2026, 3, 21, tzinfo=UTC))
    record(case, [forecast("deal", 0.99, by="sly")], at=AT)
    assert fates(case, "sly") == {"known": 1}
    assert fates(case, "first") == {"scored": 1}


def test_nor_does_a_clock_set_back_make_a_forecast_older_than_what_stands_before_it(case):
    record(case, [forecast("war", 0.5, by="first")], at=datetime(2026, 5, 7, tzinfo=UTC))
    record(case, [forecast("deal", 0.01, by="sly")], at=AT)
    settle(case, "deal", "no")
    assert fates(case, "sly") == {"retrospective": 1}


def test_of_several_the_last_one_of_the_first_day_counts(case):
    record(case, [forecast("deal", 0.5), forecast("deal", 0.3)], at=AT)
    record(case, [forecast("deal", 0.01)], at=AT + timedelta(days=3))
    settle(case, "deal", "no")
    assert fates(case) == {"scored": 1, "repeated": 2}
    assert score(case).rows()[0].brier == pytest.approx(0.09)


def test_a_void_question_is_never_scored_and_a_correction_counts(case):
    record(case, [forecast("deal", 0.2), forecast("war", 0.05)], at=AT)
    settle(case, "deal", "void")
    settle(case, "war", "yes")
    assert fates(case) == {"scored": 1, "void": 1}
    assert score(case).rows()[0].brier == pytest.approx(0.95**2)
    settle(case, "war", "no")
    assert score(case).rows()[0].brier == pytest.approx(0.05**2)


def test_every_recorded_forecast_has_one_fate(case):
    record(case, [forecast("deal", 0.2), forecast("war", 0.1), forecast("serious", 0.3)], at=AT)
    settle(case, "deal", "no")
    found = tally({"talks": read_book(case.folder)}).fates["forecast"]
    assert tuple(found) == REASONS
    assert sum(found.values()) == 3


# ---- the members of the pool


def test_members_are_scored_beside_the_reference_class(tmp_path):
    came = [k % 3 == 0 for k in range(40)]
    case = many(tmp_path, [0.4] * 40, came, members={"baserate": 0.3, "simulate": 0.9})
    [row] = score(case).members
    assert (row.name, row.n) == ("simulate", 40)
    share = sum(came) / 40
    assert row.brier == pytest.approx(share * 0.01 + (1 - share) * 0.81)
    usual = share * 0.49 + (1 - share) * 0.09
    assert row.beside.difference == pytest.approx(row.brier - usual)
    assert row.beside.proof == "worse"
    for lang in LANGUAGES:
        captions = [table.caption for table in score(case).tables(lang)]
        assert say("score.caption-members", lang) in captions


def test_forecasts_of_others_say_nothing_of_the_members(tmp_path):
    case = many(tmp_path, [0.4], [True], by="王五", members={"baserate": 0.3, "simulate": 0.9})
    assert score(case).members == ()


def test_the_exponent_is_learnt_from_the_reference_class_alone(tmp_path):
    """It said 20 %, and three in five came so: too sure of itself, so the exponent falls below 1."""
    wrong = [k % 5 < 3 for k in range(40)]
    case = many(tmp_path, [0.2] * 40, wrong, members={"baserate": 0.2, "simulate": 0.9})
    later = replace(case, file=case.file.model_copy(update={"as_of": date(2026, 6, 1)}))
    known = known_by(later, later.file.as_of)
    assert len(known) == 40
    assert 0.7 <= learnt_exponent(known) < 1
    assert learnt_exponent(()) == 1
    # On the day of the case itself none of it was known yet.
    assert known_by(case, case.file.as_of) == ()


# ---- the numbers


def test_scores_are_those_of_a_plain_computation(tmp_path):
    rng = np.random.default_rng(2)
    p = rng.uniform(0.05, 0.95, 40).round(3)
    came = rng.random(40) < p
    [row] = score(many(tmp_path, list(p), list(came))).rows()
    y = came.astype(float)
    assert row.n == 40
    assert row.brier == pytest.approx(((p - y) ** 2).mean())
    assert row.log == pytest.approx(-np.log(np.where(came, p, 1 - p)).mean())
    assert row.reliability - row.resolution + row.uncertainty + row.within == pytest.approx(row.brier)
    assert row.uncertainty == pytest.approx(y.mean() * (1 - y.mean()))
    against = {a.baseline: a for a in row.against}
    for name, base in (("class", 0.2), ("even", 0.5), ("zero", 0.33)):
        other = ((base - y) ** 2).mean()
        assert against[name].n == 40
        assert against[name].difference == pytest.approx(row.brier - other)
        assert against[name].skill == pytest.approx(1 - row.brier / other)
        assert against[name].low < against[name].difference < against[name].high
    curve = score(many(tmp_path, list(p), list(came), name="again")).curve
    assert sum(c.n for c in curve) == 40
    assert all(c.low <= c.happened <= c.high for c in curve)


def test_scenarios_are_scored_by_rank_in_their_order(case):
    # Of peace, fight, drift: cumulated .2, .5 against 0, 1 for the middle one: (.04 + .25) / 2.
    shares = {"peace": 0.2, "fight": 0.3, "drift": 0.5}
    base = {"peace": 0.25, "fight": 0.25, "drift": 0.5}
    own = Forecast(question="scenarios", by="forecast", shares=shares, base_shares=base)
    record(case, [own], at=AT)
    [back] = read_book(case.folder).forecasts
    assert list(back.forecast.shares) == ["peace", "fight", "drift"]
    settle(case, "scenarios", "fight")
    [row] = score(case).rows()
    assert (row.n, row.scenarios) == (0, 1)
    assert row.rps == pytest.approx((0.2**2 + 0.5**2) / 2)
    against = {a.baseline: a for a in row.against_scenarios}
    assert against["class"].difference == pytest.approx(row.rps - (0.25**2 + 0.5**2) / 2)
    assert against["even"].difference == pytest.approx(row.rps - ((1 / 3) ** 2 + (1 / 3) ** 2) / 2)
    assert against["zero"].n == 0


# ---- when skill is proven


def skilled(n: int) -> tuple[list[float], list[bool]]:
    """A forecaster that is usually right: says 10 or 90 %, and errs once in ten."""
    came = [k % 2 == 0 for k in range(n)]
    return [0.9 if c != (k % 10 == 3) else 0.1 for k, c in enumerate(came)], came


def proofs(result: Score) -> dict[str, str]:
    return {a.baseline: a.proof for a in result.rows()[0].against}


def test_no_skill_is_proven_before_thirty_questions(tmp_path):
    for n, expected in ((ENOUGH - 1, "not-yet"), (ENOUGH, "better")):
        found = score(many(tmp_path, *skilled(n), name=f"n{n}"))
        assert set(proofs(found).values()) == {expected}
        assert found.proven == (expected == "better")
        assert found.headline("en").startswith("Proven skill" if found.proven else "No proven skill yet")
        assert found.headline("zh").startswith("预测能力得到证明" if found.proven else "预测能力尚未得到证明")


def test_nor_while_the_interval_contains_nothing(tmp_path):
    rng = np.random.default_rng(0)
    came = list(rng.random(60) < 0.5)
    found = score(many(tmp_path, [0.45 + 0.1 * (k % 2) for k in range(60)], came))
    assert proofs(found)["even"] == "not-yet"
    assert not found.proven
    assert "cannot be told from" in found.headline("en") or "did worse" in found.headline("en")


def test_a_forecaster_worse_than_none_is_told_so(tmp_path):
    p, came = skilled(40)
    found = score(many(tmp_path, [1 - x for x in p], came))
    assert proofs(found)["even"] == "worse"
    assert found.headline("en").startswith("No skill")
    assert found.headline("zh").startswith("没有预测能力")


def test_a_forecaster_without_skill_is_seldom_proven(tmp_path):
    """Of 60 forecasters whose forecasts have nothing to do with what happens about one in twenty may seem better."""

    rng = np.random.default_rng(7)
    better = 0
    for seed in range(60):
        came = rng.random(80) < 0.5
        mine = (np.full(80, 0.5) + rng.choice([-0.02, 0.02], 80) - came) ** 2
        better += compared("even", mine, (0.5 - came) ** 2, ["talks"] * 80, seed).proof == "better"
    assert better <= 9


def test_questions_of_one_case_come_out_together(tmp_path):
    """Four questions that come out alike in each of ten cases are ten questions rather than forty."""
    rng = np.random.default_rng(3)
    cases = []
    for k in range(10):
        right = rng.random() < 0.65
        cases.append(many(tmp_path, [0.8] * 4, [right] * 4, name=f"talks-{k}"))
    found = score(cases[0], also=cases[1:])
    [row] = found.rows()
    assert (row.n, row.cases) == (40, 10)
    [even] = [a for a in row.against if a.baseline == "even"]
    from zopa.methods.scoring import bootstrap_difference

    own = np.array(
        [(0.8 - s.happened) ** 2 for s in tally({c.name: read_book(c.folder) for c in cases}).questions]
    )
    alone = bootstrap_difference(own, np.full(40, 0.25))
    assert even.high - even.low > 1.5 * (alone.high - alone.low)
    assert "one case" not in " ".join(found.notes("en"))
    assert "one case" in " ".join(score(cases[0]).notes("en"))


def test_the_same_seed_gives_the_same_interval_and_the_class_rate_may_be_missing(tmp_path):
    case = many(tmp_path, *skilled(12), base=None)
    one, other = score(case), score(case)
    assert one.rows() == other.rows()
    [row] = one.rows()
    assert [a.n for a in row.against] == [0, 12, 12]
    assert row.against[0].difference is None


# ---- what is printed


@pytest.mark.parametrize("lang", LANGUAGES)
def test_tables_and_chart(tmp_path, lang):
    case = many(tmp_path, *skilled(35))
    record(case, [forecast("q1", 0.3, by="张三")], at=AT)
    found = score(case)
    scores, skill, curve, fate = found.tables(lang)
    assert [row[0] for row in scores.rows] == [{"en": "the pooled forecast", "zh": "综合预测"}[lang], "张三"]
    assert len(skill.rows) == 6
    assert len(curve.rows) == 2
    assert fate.rows[0][1] == "35"
    found.plot(lang).to_svg()
    texts = [
        found.headline(lang),
        *found.notes(lang),
        *(c for t in found.tables(lang) for row in t.rows for c in row),
    ]
    assert not any("{" in text for text in texts)
    json.dumps(found.to_json(), allow_nan=False)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_empty_ledger(case, lang):
    found = score(case)
    assert found.rows() == ()
    assert not found.proven
    assert found.headline(lang) == {"en": found.headline("en"), "zh": found.headline("zh")}[lang]
    assert found.tables(lang)[0].rows == ()
    found.plot(lang).to_svg()


def test_a_changed_ledger_is_not_scored(case):
    record(case, [forecast("deal", 0.2)], at=AT)
    path = case.folder / "forecasts.jsonl"
    path.write_text(path.read_text("utf-8").replace('"probability":0.2', '"probability":0.1'), "utf-8")
    with pytest.raises(CaseFileError) as refused:
        score(case)
    assert [(p.code, p.place.line) for p in refused.value.problems] == [("ledger-changed", 1)]


def test_a_case_without_a_folder_has_nothing_to_score(case):
    with pytest.raises(ValueError, match="without a folder"):
        score(replace(case, folder=None))
