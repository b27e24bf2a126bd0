"""Today's case on the record of each earlier day: what it equals, what it never knows, and what it says of itself."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest

import zopa
from zopa.errors import IncompleteCaseError
from zopa.forecasting._replay_days import MOST_DAYS, days_of
from zopa.forecasting.replay import replay
from zopa.result import jsonable

FEW = {"draws": 1000, "plays": 2}
FIRST, LAST = date(2026, 2, 3), date(2026, 2, 5)


@pytest.fixture(scope="module")
def case():
    return zopa.open_case("muscat-2026")


@pytest.fixture(scope="module")
def muscat(case):
    return replay(case, **FEW)


def test_it_starts_before_anything_was_known_and_ends_with_the_case(muscat):
    assert muscat.days == (FIRST, FIRST + timedelta(days=1), LAST)
    assert [row.question for row in muscat.rows()[:4]] == ["deal", "serious", "war", "open"]


def test_the_last_day_is_the_forecast_of_today(case, muscat):
    today = zopa.forecast(case, **FEW)
    for name, row in zip(muscat.questions, today.rows(), strict=False):
        last = muscat.of(name)[-1]
        assert last.chance == row.chance
        assert last.members == row.members


def test_without_some_evidence_the_last_day_is_the_forecast_without_it(case):
    less = case.without([claim.id for claim in case.ledger.claims[::3]])
    last = replay(less, start=LAST, **FEW)
    today = zopa.forecast(less, **FEW)
    assert [row.chance for row in last.rows()] == [row.chance for row in today.rows()[:4]]
    assert last.days == (LAST,) and last.rows()[0].change is None


def test_before_any_claim_nothing_can_be_said(muscat):
    for name in muscat.questions:
        first = muscat.of(name)[0]
        assert first.chance.verdict == "silent"
        assert first.chance.cited == pytest.approx(first.chance.zero, abs=1e-6)
    assert "cannot be said" in muscat.headline("en")
    assert "无从判断" in muscat.headline("zh")


def test_the_common_date_is_the_same_on_every_day(case):
    """A case that names none looks ninety days ahead from its own day, whatever day is replayed."""
    talks = case.file.talks.model_copy(update={"horizon": None})
    plain = replace(case, file=case.file.model_copy(update={"talks": talks}))
    made = replay(plain, **FEW)
    assert made.parameters["horizon"] == (LAST + timedelta(days=90)).isoformat()
    assert made.rows()[-1].chance == zopa.forecast(plain, **FEW).rows()[3].chance


def test_nothing_of_a_later_day_is_known(case, muscat):
    """Claims known later change no earlier day: the record of the 4th is the same with and without those of the 5th."""
    later = [c.id for c in case.ledger.claims if case.ledger.known_on(c) == LAST]
    without = replay(case.without(later), end=LAST - timedelta(days=1), start=FIRST, **FEW)
    ours = [row.chance for row in muscat.rows() if row.on < LAST]
    assert [row.chance for row in without.rows()] == ours


def test_what_came_in_is_told_with_its_moves(case, muscat):
    rows = muscat.of("deal")
    counts = {day: sum(case.ledger.known_on(c) == day for c in case.ledger.claims) for day in muscat.days}
    assert [len(row.claims) for row in rows] == [0, counts[muscat.days[1]], counts[LAST]]
    told = [move for row in rows for move in row.moves]
    assert len(told) == len(set(told))
    known = {c.id: case.ledger.known_on(c) for c in case.ledger.claims}
    by_id = {move.id: move for move in case.file.moves}
    for row in rows:
        for move in row.moves:
            assert by_id[move].on <= row.on
            assert by_id[move].assumed or any(known[c.claim] <= row.on for c in by_id[move].because)


def test_the_change_is_between_two_days_and_its_range_holds_it(muscat):
    for name in muscat.questions:
        rows = muscat.of(name)
        for before, now in pairwise(rows):
            assert now.change.value == pytest.approx(now.chance.value - before.chance.value)
            assert now.change.zero == pytest.approx(now.chance.zero - before.chance.zero)
            assert now.change.low <= now.change.value <= now.change.high


def test_what_an_origin_adds_is_told_of_those_that_came_in(muscat):
    for row in muscat.arrivals:
        came = next(r for r in muscat.of("deal") if r.on == row.on)
        assert row.because and set(row.because) <= set(came.claims)
        assert max(abs(a) for a in row.adds.values()) >= 0.002


def test_a_long_time_is_told_by_the_days_on_which_something_came(case):
    days = days_of(case, date(2020, 1, 1), None)
    assert len(days) <= MOST_DAYS
    assert (days[0], days[-1]) == (date(2020, 1, 1), LAST)
    assert LAST - timedelta(days=1) in days


@pytest.mark.parametrize(
    ("start", "end"),
    [(LAST, FIRST), (None, LAST + timedelta(days=1)), (LAST + timedelta(days=1), None)],
)
def test_days_out_of_order_are_refused(case, start, end):
    with pytest.raises(IncompleteCaseError) as error:
        replay(case, start=start, end=end, **FEW)
    assert [p.code for p in error.value.problems] == ["replay-days"]


def test_a_case_without_talks_is_replayed_without_worlds(case):
    plain = replace(
        case,
        file=case.file.model_copy(update={"talks": None, "questions": (), "scenarios": (), "judgements": ()}),
    )
    made = replay(plain, start=LAST - timedelta(days=1), **FEW)
    assert all("simulate" not in row.members for row in made.rows())
    assert any("no section talks" in note for note in made.notes("en"))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_is_titled_as_what_it_is(muscat, lang):
    words = {"en": "not what anybody would have forecast then", "zh": "并非当时任何人会作的预测"}[lang]
    assert words in muscat.headline(lang).replace("which is ", "")
    assert any("ledger" in note or "台账" in note for note in muscat.notes(lang))
    tables = muscat.tables(lang)
    assert len(tables) == 6
    assert len(tables[0].rows) == 3
    chart = muscat.plot(lang)
    assert words in chart.note.replace("Not what", "not what")
    assert "aria-label" in chart.to_svg()


def test_json_has_days_and_arrivals(muscat):
    made = muscat.to_json()
    assert {row["table"] for row in made["rows"]} == {"days", "arrivals"}
    assert made["rows"][0] == {"table": "days", **jsonable(muscat.rows()[0])}


def test_the_same_seed_gives_the_same_days(case, muscat):
    again = replay(case, **FEW)
    assert again.rows() == muscat.rows()
    values = np.array([row.chance.value for row in again.rows()])
    assert ((values > 0) & (values < 1)).all()


def test_it_refuses_worlds_that_are_none(case):
    with pytest.raises(ValueError, match="plays is 0"):
        replay(case, plays=0)
