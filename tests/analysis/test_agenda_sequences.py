"""Agendas one after the other: linkage gain, baskets, freeze levels along the way, and who looks ahead."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

import zopa
from tests.analysis import tables
from tests.claims.cases import case
from tests.known import bargaining as theory
from zopa.analysis._agenda_measure import spread_of_part
from zopa.case.bargaining import bargaining
from zopa.case.case import Case
from zopa.methods.sequences import sequence
from zopa.words import say

N = 100


def test_linkage_in_sequence():
    agenda = zopa.agenda(case(tables.linkage()), draws=50)
    package, apart, ahead = agenda.sequences
    assert [(s.kind, s.judged) for s in agenda.sequences] == [
        ("package", "whole"),
        ("issues", "apart"),
        ("issues", "ahead"),
    ]
    assert [0.9 * package.gain[p].value for p in ("left", "right")] == pytest.approx(theory.LINKAGE.answer)
    assert [apart.gain[p].value for p in ("left", "right")] == pytest.approx((0, 0))
    assert apart.linkage is not None and ahead.linkage is not None
    assert [0.9 * apart.linkage[p].value for p in ("left", "right")] == pytest.approx(theory.LINKAGE.answer)
    assert [ahead.linkage[p].value for p in ("left", "right")] == pytest.approx((0, 0))
    # Where walking away is worth more than the status quo, only who looks at the whole ends above it.
    rows = zopa.agenda(case(tables.linkage(no_deal=0.4)), draws=50).sequences
    assert [s.accepted.value for s in rows] == [1.0, 0.0, 1.0]


def freezing(level: Any, no_deal: float) -> Case:
    agendas = {"x-only": {"issues": ["x"], "freeze": {"y": level}, "assumed": True}}
    return case({**tables.linkage(no_deal=no_deal), "agendas": agendas})


def test_an_issue_left_in_sequence_stays_where_an_agenda_freezes_it():
    """The left side loses by ``x`` and gains by ``y``. With ``y`` frozen at yes that has been given already: on its own
    merits nothing more is agreed, and the left side's gain alone is what freezing gave it."""
    quo, frozen = (zopa.agenda(freezing(level, 0.0), draws=50) for level in ("no", "yes"))
    for plain, held in zip(quo.sequences, frozen.sequences, strict=True):
        assert (plain.kind, plain.judged) == (held.kind, held.judged)
    apart, level = (
        next(s for s in a.sequences if (s.kind, s.judged) == ("issues", "apart")) for a in (quo, frozen)
    )
    change = [level.gain[p].value - apart.gain[p].value for p in ("left", "right")]
    table = freezing("yes", 0.0).draws(1).table
    y = table.contributions[1][0]
    assert change == pytest.approx(list(y[:, 1] - y[:, 0]), abs=1e-9) and change != [0.0, 0.0]
    assert say("agenda.note-sequences-frozen", "en") in frozen.notes("en")
    assert say("agenda.note-sequences-frozen", "zh") not in quo.notes("zh")


def test_an_uncertain_freeze_level_is_drawn_as_for_its_agenda():
    found = freezing({"no": 0.5, "yes": 0.5}, 0.0)
    agenda = zopa.agenda(found, draws=400)
    apart = next(s for s in agenda.sequences if (s.kind, s.judged) == ("issues", "apart"))
    ends = [
        next(s for s in zopa.agenda(freezing(level, 0.0), draws=50).sequences if s.judged == "apart")
        for level in ("no", "yes")
    ]
    share = agenda.rows()[0].frozen["y"]["yes"].value
    assert 0.4 < share < 0.6
    for p in ("left", "right"):
        mixed = (1 - share) * ends[0].gain[p].value + share * ends[1].gain[p].value
        assert apart.gain[p].value == pytest.approx(mixed, abs=1e-9)


def test_of_several_freeze_levels_the_shortest_agenda_holds():
    agendas = {
        "both": {"issues": ["x", "z"], "freeze": {"y": "no"}, "assumed": True},
        "one": {"issues": ["x"], "freeze": {"y": "yes"}, "assumed": True},
    }
    file = tables.linkage(no_deal=0.0)
    file["issues"]["z"] = file["issues"]["x"]
    for side in ("left", "right"):
        file["preferences"][side]["z"] = file["preferences"][side]["x"]
    one = {"one": agendas["one"]}
    told = [
        {(s.kind, s.judged): s.gain for s in zopa.agenda(case({**file, "agendas": a}), draws=50).sequences}
        for a in (agendas, one)
    ]
    assert told[0]["issues", "apart"] == told[1]["issues", "apart"]


def test_pies_in_sequence():
    agenda = zopa.agenda(case(tables.pies()), draws=50)
    for row in agenda.sequences:
        expected = theory.PACKAGE_NASH if row.kind == "package" else theory.PIE_BY_PIE
        assert [row.gain[p].value for p in ("left", "right")] == pytest.approx(expected.answer, abs=1e-9)
    assert [o.orders for o in agenda.orders] == [2, 2]


def test_baskets_are_the_cases_agendas_one_after_the_other():
    agenda = zopa.agenda(zopa.open_case("muscat-2026"), draws=200)
    basket = next(s for s in agenda.sequences if s.kind == "baskets")
    assert basket.baskets == (("enrichment", "rebuild", "sanctions"), ("missiles", "partners"))
    # One refusal stops the package as a whole, baskets only in part.
    package = agenda.sequences[0]
    ahead = next(s for s in agenda.sequences if (s.kind, s.judged) == ("baskets", "ahead"))
    assert ahead.accepted.value > package.accepted.value
    assert {o.party for o in agenda.orders} == {"iran", "us"}
    assert agenda.orders[0].orders == 120
    for row in agenda.orders:
        assert row.difference.value > -3 * row.error
        assert row.draws == 200 and row.measured == 100
        assert sorted(row.best) == sorted(row.worst) == sorted(agenda.case.file.issues)


def test_orders_are_measured_on_all_draws_that_picked_none_beside_their_zero_lines():
    """What is picked on some draws is told from the others, with a range; without evidence from all."""
    whole = zopa.open_case("muscat-2026")
    agenda = zopa.agenda(whole, draws=1000)
    ways = {e: whole.draws(1000, evidence=e) for e in ("all", "none")}
    parties, issues = agenda.case.negotiators, list(agenda.case.file.issues)
    picked = np.arange(0, agenda.orders[0].draws, 2) * 1000 // agenda.orders[0].draws
    others = np.setdiff1d(np.arange(1000), picked)
    for row in agenda.orders:
        assert row.measured == len(others)
        p = parties.index(row.party)
        worth = {}
        for evidence, drawn in ways.items():
            found = bargaining(drawn)
            for order in (row.best, row.worst):
                plan = tuple((issues.index(i),) for i in order)
                blocked = drawn.table.refuses[:, :, [g for (g,) in plan]].any(axis=1)
                homes = np.tile(found.table.status_quo, (1000, 1))
                end = sequence(
                    found.values, found.vetoes, found.reserve, homes, baskets=plan, blocked=blocked
                )
                worth[evidence, order] = (end.utilities - found.reserve)[:, p]
        apart = (worth["all", row.best] - worth["all", row.worst])[others]
        assert row.best_gain.value == pytest.approx(worth["all", row.best][others].mean())
        assert row.difference.value == pytest.approx(apart.mean())
        assert row.difference.low <= row.difference.value <= row.difference.high
        assert row.error == pytest.approx(apart.std() / len(apart) ** 0.5)
        assert row.worst_zero == pytest.approx(worth["none", row.worst].mean())
        assert row.difference_zero == pytest.approx(row.best_zero - row.worst_zero)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_number_of_sequences_and_orders_stands_beside_its_zero_line(lang: str):
    agenda = zopa.agenda(zopa.open_case("muscat-2026"), draws=300)
    turns, orders = agenda.tables(lang)[-2:]
    zero = say("agenda.column-zero", lang)
    assert turns.columns.count(zero) == 3 and orders.columns[-1] == zero
    assert len(turns.rows) == 2 * len(agenda.sequences) and len(orders.rows) == 6
    assert not any("-" in text for table in (turns, orders) for row in table.rows for text in row)
    assert [row[0] for row in orders.rows[::3]] == [turns.rows[0][3], turns.rows[1][3]]


def test_the_range_of_numbers_known_of_some_draws_is_that_over_the_grade_table():
    drawn = zopa.open_case("muscat-2026").draws(1000)
    numbers = drawn.number("preferences.iran.no_deal.value")
    every = np.arange(1000)
    whole = drawn.interval(numbers, legal=None)
    told = spread_of_part(drawn, numbers, every, legal=None)
    assert told == pytest.approx((whole.mean, whole.low, whole.high))
    part = every[::2]
    value, low, high = spread_of_part(drawn, numbers[part], part)
    assert value == pytest.approx(numbers[part].mean()) and 0.0 <= low <= value <= high <= 1.0


@given(file=tables.negotiations(refusals=False))
@settings(max_examples=10)
def test_who_looks_ahead_finds_what_the_package_finds(file: dict[str, Any]):
    agenda = zopa.agenda(case(file), draws=N)
    whole = max(agenda.rows(), key=lambda row: len(row.issues))
    for row in agenda.sequences:
        if row.judged == "apart":
            assert row.accepted.value <= whole.exists.value + 1e-12
        else:
            assert row.accepted.value == pytest.approx(whole.exists.value)
