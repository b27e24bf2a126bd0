"""What the forecast hangs on: closed forms, brute force, nothing where nothing hangs, the same for any threads."""

from pathlib import Path

import numpy as np
import pytest

import zopa
from tests.case import made
from tests.forecasting.ledgers import QUESTIONS
from zopa.case.case import Case
from zopa.case.folder import read_case
from zopa.forecasting._drivers_rows import GROUPS
from zopa.forecasting._drivers_runs import BLOCKS, Runs, jackknife, left_out
from zopa.forecasting._drivers_values import CLEAR
from zopa.forecasting._members import members_of
from zopa.forecasting._pooled import pooled
from zopa.forecasting.drivers import SIDE_PLAYS, Drivers, drivers
from zopa.methods.scoring import logit

DRAWS, PLAYS = 400, 2
SAID = 0.1


def judged(folder: Path) -> Case:
    """No talks; one forecast quoted from one voice, and another voice that nothing but a weight rests on."""
    claims = made.claim_line("c1", 6, 12, origin="o-said", kind="forecast", credibility=1)
    claims += made.claim_line("c2", 13, 20, origin="o-other")
    base = made.CASE.replace("because: [c1]", "because: [c2]")
    entry = (
        f"judgements:\n  - {{id: one, who: 某人, stake: none, words: 如此, probability: {SAID}, on: deal, "
        "because: [c1]}\n"
    )
    return read_case(made.write(folder, base + QUESTIONS + entry, claims=claims))


@pytest.fixture(scope="module")
def case() -> Case:
    return zopa.open_case("muscat-2026")


@pytest.fixture(scope="module")
def found(case) -> Drivers:
    return drivers(case, draws=DRAWS, plays=PLAYS)


def runs_of(case: Case, draws: int = DRAWS) -> Runs:
    members = members_of(case, draws=draws, plays=PLAYS, seed=0, after_moves=True)
    pool = pooled(members.all_, learnt=members.learnt)
    return Runs(case.draws(draws, seed=0), members, pool, True, SIDE_PLAYS)


# ---- closed forms


def test_an_origin_that_alone_carries_a_judgement_is_worth_what_the_pool_of_two_says(tmp_path):
    """History h and a judgement of 10 %, in even weights: the geometric mean of their odds; without it, h."""
    small = judged(tmp_path)
    [row] = [r for r in drivers(small, draws=DRAWS).origins if (r.origin, r.question) == ("o-said", "deal")]
    history = zopa.baserate(small, draws=DRAWS).of("deal").chance.value
    on = 1 / (1 + np.exp(-(logit(np.array(history)) + logit(np.array(SAID))) / 2))
    assert row.on - row.off == pytest.approx(float(on) - history, abs=2e-3)
    assert row.value.value == pytest.approx(row.holds * (1 - row.holds) * (row.on - row.off) ** 2, rel=1e-6)
    # The same in every draw: nothing is left to chance.
    assert row.value.error == pytest.approx(0.0, abs=1e-5)
    # The pool of averages is nearly the average of pools: the forecast lies where q puts it between the two.
    assert row.holds * row.on + (1 - row.holds) * row.off == pytest.approx(
        zopa.forecast(small, draws=DRAWS).of("deal").chance.value, abs=5e-3
    )


def test_an_origin_that_touches_nothing_is_worth_exactly_nothing(tmp_path):
    rows = [r for r in drivers(judged(tmp_path), draws=DRAWS).origins if r.origin == "o-other"]
    assert rows
    for row in rows:
        assert (row.value.value, row.value.error, row.value.share) == (0.0, 0.0, 0.0)
        assert row.on == row.off


def test_a_case_without_talks_tells_what_it_can(tmp_path):
    small = drivers(judged(tmp_path), draws=DRAWS)
    assert small.shares == ()
    assert {r.question for r in small.origins} == {"deal", "serious", "war", "open"} & set(small.questions)
    assert small.of("deal")[0].origin == "o-said"


# ---- brute force


def test_forced_runs_are_the_forecast_made_anew_with_the_switch_forced(case, found, monkeypatch):
    """Every member read again from draws with the switch held, as ``forecast`` does."""
    runs = runs_of(case)
    origin = next(r.origin for r in found.origins if r.question == "deal-by-t")
    as_drawn = Case.draws
    made_anew = []
    for side in (True, False):

        def held(self, n=DRAWS, *, seed=0, evidence="all", force=None, after_moves=False, on=side):
            forced = {origin: on} | dict(force or {})
            return as_drawn(self, n, seed=seed, evidence=evidence, force=forced, after_moves=after_moves)

        with monkeypatch.context() as patched:
            patched.setattr(Case, "draws", held)
            members = members_of(case, draws=DRAWS, plays=SIDE_PLAYS, seed=0, after_moves=True)
        cells = np.stack([m.cells["all"].mean(axis=0) for m in members.all_])
        quick = runs.forced({origin: side})
        # The worlds are the same to the last one; what history says differs by its parameters being averaged first.
        named = [m.name for m in members.all_]
        assert quick.cells[named.index("simulate"), 0] == pytest.approx(
            cells[named.index("simulate")], abs=1e-12
        )
        assert quick.cells[:, 0] == pytest.approx(cells, abs=0.01)
        made_anew.append(runs.join(cells[:, None])[0])
    for question, rule in runs.sums.items():
        slow = (made_anew[0] - made_anew[1]) @ rule
        quick_difference = [runs.told(runs.forced({origin: s}))[question][0] for s in (True, False)]
        assert quick_difference[0] - quick_difference[1] == pytest.approx(slow, abs=2e-3)


def test_without_its_claims_the_forecast_moves_as_with_the_switch_off(case, found):
    """The record without the claims of an origin, and the origin held to be wrong, move the same way."""
    runs = runs_of(case, 1000)
    before = runs.told(runs.base)
    leading = [r for r in found.origins if r.question == "serious-by-t"][:2]
    for row in leading:
        off = runs.told(runs.forced({row.origin: False}))[row.question][0] - before[row.question][0]
        gone = case.without(row.because)
        deleted = runs._run(gone.draws(1000, seed=0), runs.base)
        difference = runs.told(deleted)[row.question][0] - before[row.question][0]
        assert abs(off) < 0.001 or np.sign(off) == np.sign(difference)


# ---- every row


def test_values_are_never_below_nothing_and_come_sorted(found):
    for question in found.questions:
        values = [r.value.value for r in found.origins if r.question == question]
        assert len(values) == len({r.origin for r in found.origins})
        assert values == sorted(values, reverse=True)
        assert min(values) >= 0.0
    for row in (*found.origins, *found.estimates):
        assert row.value.error >= 0.0 and 0.0 <= row.value.share <= 1.0
    for r in found.origins:
        assert min(r.on, r.off) >= 0.0 and max(r.on, r.off) <= 1.0
        assert set(r.because) <= set(found.case.ledger.by_id)
        assert r.origin not in r.overlaps


def test_what_is_told_of_is_told_apart_from_nothing(found):
    for question in found.questions:
        assert all(r.value.value > CLEAR * r.value.error for r in found.of(question))


def test_the_shares_of_a_question_add_up(found):
    assert {row.group for row in found.shares} == set(GROUPS)
    for question in {row.question for row in found.shares}:
        own = [row for row in found.shares if row.question == question]
        # Each is clipped to what a share can be: noise alone moves the sum off one.
        slack = 4 * sum(row.error for row in own)
        assert sum(row.share for row in own) == pytest.approx(1.0, abs=max(0.02, slack))


def test_a_contradiction_is_settled_either_way(found):
    settled = [r for r in found.contrasts if r.kind == "settled" and r.question == found.questions[0]]
    pairs = [r.subject for r in settled]
    assert pairs and all((b, a) in pairs for a, b in pairs)
    for row in found.contrasts:
        assert row.low <= row.difference <= row.high
        assert 0.0 <= row.value <= 1.0


@pytest.mark.parametrize("threads", [1, 3])
def test_it_is_the_same_for_any_number_of_threads(case, monkeypatch, threads):
    """The worlds of a forced switch, to the last one."""
    runs = runs_of(case, 200)
    force = {next(iter(runs.plain.switches.holds)): False}
    before = runs.told(runs.forced(force))
    monkeypatch.setattr("os.cpu_count", lambda: threads)
    again = runs_of(case, 200)
    after = again.told(again.forced(force))
    for question, values in before.items():
        assert np.array_equal(values, after[question])


def test_the_words_come_in_both_languages(found):
    for lang in ("en", "zh"):
        assert found.headline(lang)
        for table in found.tables(lang):
            assert all(len(row) == len(table.columns) for row in table.rows)
            assert len(table.because) == len(table.rows)
        assert found.notes(lang)
    first = found.of(found.questions[0])
    assert not first or set(first[0].because) <= {c for cells in found.table("en").because for c in cells}


# ---- the noise of a difference


def test_leaving_blocks_out_gives_the_error_of_a_mean():
    rng = np.random.default_rng(5)
    errors = []
    for _ in range(60):
        rows = rng.normal(size=(2000, 1))
        errors.append(jackknife(left_out(rows, np.arange(2000) % BLOCKS)[:, 0]))
    assert np.mean(errors) == pytest.approx(1 / np.sqrt(2000), rel=0.1)


def test_on_england_zimbabwe_it_answers_or_says_what_is_missing():
    found = drivers(zopa.open_case("england-zimbabwe"), draws=200, plays=1)
    assert found.questions and found.headline("zh") and found.headline("en")
