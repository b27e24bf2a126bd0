"""Draws without a zone: red lines, nearest packages and money against every package and every set of lines."""

import json
from collections.abc import Iterable
from itertools import chain, combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

import zopa
from tests.analysis import tables
from tests.claims.cases import case
from zopa.analysis import _zone_empty
from zopa.analysis.zone import Zone
from zopa.case.case import Case
from zopa.case.draws import Evidence
from zopa.result import FEW

N = 120


@pytest.fixture(autouse=True)
def _however_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even one draw without a zone is told of, so that few draws are enough for a test."""
    monkeypatch.setattr(_zone_empty, "FEW", 1)


def subsets(keys: Iterable[str]) -> list[frozenset[str]]:
    listed = sorted(keys)
    sets = chain.from_iterable(combinations(listed, n) for n in range(len(listed) + 1))
    return [frozenset(s) for s in sets]


def without_lines(file: dict[str, Any], lifted: Iterable[str]) -> Case:
    """The case as if somebody had never drawn some red lines: all other draws stay as they are."""
    kept = [line for line in file.get("red_lines", []) if line["id"] not in lifted]
    return case({**file, "red_lines": kept})


def opened(file: dict[str, Any], lifted: Iterable[str], *, evidence: Evidence = "all") -> np.ndarray:
    """(D,) whether some package suits everybody once the lines are struck out of the file."""
    found = without_lines(file, lifted)
    fits = tables.accepted(found, found.draws(N, evidence=evidence))
    return np.any([hits.all(axis=1) for hits in fits.values()], axis=0)


CHECKS = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@given(file=tables.negotiations(refusals=False))
@CHECKS
def test_red_lines_to_lift_are_those_whose_deletion_opens_a_zone(file: dict[str, Any]):
    zone = zopa.zone(case(file), draws=N)
    keys = [line["id"] for line in file["red_lines"]]
    opens = {lifted: opened(file, lifted) for lifted in subsets(keys)}
    empty = ~opens[frozenset()]
    assert zone.exists.value == pytest.approx(1 - empty.mean())
    if not empty.any() or not keys:
        assert zone.lifts == ()
        return
    counted = {}
    for lifted, hits in opens.items():
        fewer = np.any([opens[less] for less in opens if less < lifted] or [np.zeros(N, bool)], axis=0)
        counted[lifted] = (hits & ~fewer)[empty].mean()
    for row in zone.lifts[:-1]:
        assert row.smallest.value == pytest.approx(counted[frozenset(row.lines)])
        assert row.opens.value == pytest.approx(opens[frozenset(row.lines)][empty].mean())
        assert 0 <= row.smallest.low <= row.smallest.value <= row.smallest.high <= 1
        assert row.smallest.value <= row.opens.value
    ranked = sorted((v for k, v in counted.items() if k and v > 0), reverse=True)
    assert [row.smallest.value for row in zone.lifts[:-1]] == pytest.approx(ranked[: _zone_empty.LISTED])
    last = zone.lifts[-1]
    assert last.measure == "no-lift"
    assert last.smallest.value == pytest.approx(1 - opens[frozenset(keys)][empty].mean())
    without = {lifted: opened(file, lifted, evidence="cited") for lifted in subsets(keys)}
    shut = ~without[frozenset()]
    if not shut.any():
        assert last.cited is None
        assert last.opens_cited is None
        return
    assert last.cited == pytest.approx(1 - without[frozenset(keys)][shut].mean())
    for row in zone.lifts[:-1]:
        assert row.opens_cited == pytest.approx(without[frozenset(row.lines)][shut].mean())
        assert row.cited is not None
        assert row.cited <= row.opens_cited


@given(file=tables.negotiations())
@CHECKS
def test_nearest_packages_are_those_of_the_definition(file: dict[str, Any]):
    found = case(file)
    zone, drawn = zopa.zone(found, draws=N), found.draws(N)
    utilities, barred = tables.utilities(found, drawn), tables.barred(found, drawn)
    reserve = drawn.table.reserve
    best = np.full((N, reserve.shape[1]), np.inf)
    for package, utility in utilities.items():
        gap = reserve - utility
        short = np.sort(np.where(gap > 1e-9, gap, 0.0), axis=1)[:, ::-1]
        short[barred[package].any(axis=1)] = np.inf
        # Compared with room for rounding: equal shortfalls of equal packages differ in their last digits.
        keys = np.round(short, 9).tolist(), np.round(best, 9).tolist()
        before = np.array([a < b for a, b in zip(*keys, strict=True)])
        best = np.where(before[:, None], short, best)
    empty = best[:, 0] > 0
    assert zone.exists.value == pytest.approx(1 - empty.mean())
    if not empty.any():
        assert zone.nearest == ()
        return
    none = np.isinf(best[:, 0])
    rows = {row.options: row for row in zone.nearest if row.measure == "nearest"}
    shares = [row.share.value for row in zone.nearest if row.measure == "no-package"]
    assert shares == ([pytest.approx(none[empty].mean())] if none.any() else [])
    if (empty & ~none).any():
        overall = rows.pop(None)
        assert overall.share.value == pytest.approx(1 - none[empty].mean())
        if reserve.shape[1] == 2:
            # Shortfalls in order, whoever they belong to.
            largest = np.median(best[empty & ~none, 0])
            assert max(s.mid for s in overall.shortfall.values()) <= largest + 1e-9
        listed = [row.share.value for row in rows.values()]
        assert listed == sorted(listed, reverse=True)
        assert sum(listed) <= overall.share.value + 1e-9
    for row in rows.values():
        for spread in row.shortfall.values():
            assert 0 <= spread.low <= spread.mid <= spread.high


def bazaar(most: float | None = None, **worth: float) -> dict[str, Any]:
    """Left can cede land worth .6 to it and 1 to right; nothing else is on the table, and left wants more than nothing.

    Walking away is worth .5 to left (land kept: 1) and .3 to right.
    """
    currency: dict[str, Any] = {"name": {"en": "fund", "zh": "基金"}, "worth": worth, "assumed": True}
    if most is not None:
        currency["most"] = {"is": most, "range": [0, 9]}
    return {
        "issues": {"land": tables.issue("land", "kept", "ceded")},
        "preferences": {
            "left": {
                "land": tables.preference(1, "kept", "ceded"),
                "no_deal": {"value": 0.5, "assumed": True},
            },
            "right": {
                "land": tables.preference(1, "ceded", "kept"),
                "no_deal": {"value": 0.3, "assumed": True},
            },
        },
        **({"currency": currency} if worth else {}),
    }


def test_money_buys_what_nobody_would_give():
    """Ceding costs left .5 below its walk-away value: at .1 a unit, 5 units; right could spare .7, 7 units.

    Keeping costs right .3, 3 units of what left could spare, 5: the least is 3 units from left to right.
    """
    zone = zopa.zone(case(bazaar(left=0.1, right=0.1)), draws=N)
    assert zone.exists.value == 0.0
    first, second = zone.payments
    assert first.share.value == second.share.value == 1.0
    assert (second.pays, second.receives) == (("left",), ("right",))
    assert first.amount is not None
    assert first.amount.mid == pytest.approx(3.0)
    assert first.package == {"land": "kept"}
    table = next(t for t in zone.tables("en") if "side payment" in t.caption)
    assert table.rows[1][0] == "Left to Right"
    assert table.columns[-1] == "fund, units"
    # All numbers of this case are assumed: without them it is the same as at total ignorance.
    drawn = zone.case.draws(N, evidence="none")
    worth, most = _zone_empty.currency(drawn)
    utilities = tables.utilities(zone.case, drawn)
    spare = np.stack(list(utilities.values())) - drawn.table.reserve
    shut = ~(spare >= -1e-9).all(axis=2).any(axis=0)
    # What one side lacks the other must be able to spare, in units of money.
    lack = np.maximum(-spare, 0) / worth
    rich = np.maximum(spare, 0) / worth
    needs = lack.sum(axis=2)
    helps = (needs <= np.minimum(rich.sum(axis=2), most) + 1e-9) & (lack.min(axis=2) <= 1e-12)
    share = helps.any(axis=0)[shut].mean()
    assert first.zero == pytest.approx(share)
    assert first.cited == first.zero
    least = np.where(helps, needs, np.inf).min(axis=0)[shut & helps.any(axis=0)]
    assert first.amount_zero == pytest.approx(np.median(least))
    assert f"zero line {first.amount_zero:.2f}" in table.rows[0][-1]
    assert any("左方付给右方" in row[0] for t in zone.tables("zh") for row in t.rows)


def test_money_has_its_limits():
    def share(**given: Any) -> float:
        return zopa.zone(case(bazaar(**given)), draws=N).payments[0].share.value

    assert share(left=0.1, right=0.1, most=3.0) == 1.0
    assert share(left=0.1, right=0.1, most=2.9) == 0.0
    # Whom the currency is worth nothing to cannot be paid in it.
    assert share(left=0.1) == 0.0
    # Where a unit is worth twice as much to left, left is the one to be paid: 2.5 units, and 3 would be too much for it.
    bought = zopa.zone(case(bazaar(left=0.2, right=0.1)), draws=N).payments
    assert [row.share.value for row in bought] == [1.0, 1.0]
    assert bought[1].pays == ("right",)
    assert bought[1].amount is not None
    assert bought[1].amount.mid == pytest.approx(2.5)
    assert zopa.zone(case(bazaar()), draws=N).payments == ()


def test_a_zone_leaves_nothing_to_say():
    zone = zopa.zone(zopa.open_case("england-zimbabwe"), draws=N)
    assert zone.exists.value == 1.0
    assert zone.lifts == zone.nearest == zone.payments == ()
    assert zone.changes == ()
    assert len(zone.tables("en")) == 1


def test_too_few_draws_without_a_zone_are_not_told_of(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(_zone_empty, "FEW", FEW)
    file = tables.linkage(no_deal=0.9)
    assert zopa.zone(case(file), draws=FEW - 1).nearest == ()
    assert zopa.zone(case(file), draws=FEW).nearest != ()


def test_no_red_line_no_table_of_them():
    zone = zopa.zone(case(tables.linkage(no_deal=0.9)), draws=N)
    assert zone.exists.value == 0.0
    assert zone.lifts == ()
    # x and y agreed give each side 2/3 of its scale, .23 short of .9; nothing does better for the worse off.
    overall = zone.nearest[0]
    assert [s.mid for s in overall.shortfall.values()] == pytest.approx([0.9 - 2 / 3] * 2)
    assert zone.nearest[1].package == {"x": "yes", "y": "yes"}


def test_swapping_the_sides_mirrors_the_shortfalls():
    file = tables.linkage(no_deal=0.9)
    file["preferences"]["left"]["no_deal"]["value"] = 0.95
    sides = file["preferences"]
    one = zopa.zone(case(file), draws=N)
    two = zopa.zone(case({**file, "preferences": {"left": sides["right"], "right": sides["left"]}}), draws=N)
    left, right = one.nearest[0].shortfall.values()
    assert (right, left) == tuple(two.nearest[0].shortfall.values())
    assert [c.size for c in one.changes] == [c.size for c in two.changes]
    other = {"left": "right", "right": "left"}
    for a, b in zip(one.changes, two.changes, strict=True):
        assert {a.party, a.also} == {other.get(b.party), other.get(b.also)}


@pytest.fixture(scope="module")
def muscat() -> Zone:
    return zopa.zone(zopa.open_case("muscat-2026"), draws=2000)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_muscat_reads_as_it_should(muscat: Zone, lang: str):
    tables_ = {t.caption: t for t in muscat.tables(lang)}
    lift, near, change = list(tables_.values())[-3:]
    iran, us = ("Iran", "United States") if lang == "en" else ("伊朗", "美国")
    assert lift.rows[-1][3:] == ("—", "—")
    assert all("%" in row[2] for row in lift.rows)
    assert any(row[0].startswith(iran) for row in lift.rows)
    assert any(row[0].startswith(us) for row in lift.rows)
    assert all(claims for claims in lift.because)
    # US and Iranian red lines on enrichment reject every option between them: some draws leave no package at all.
    assert near.rows[-1][0] == (
        "None: the red lines leave no package" if lang == "en" else "无：红线之下没有任何方案"
    )
    (told,) = [
        row
        for row in change.rows
        if ("the smallest, proven" if lang == "en" else "幅度最小，已证明") in row[0]
    ]
    assert float(told[1]) == min(r.size for r in muscat.changes if r.enough)
    # No sentence of one language in the other.
    text = "".join(cell for table in tables_.values() for row in (table.columns, *table.rows) for cell in row)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in text) == (lang == "zh")


def test_muscat_json_holds_every_measure(muscat: Zone):
    out = json.loads(json.dumps(muscat.to_json()))
    measures = [row["measure"] for row in out["rows"]]
    assert measures[:2] == ["exists", "best"]
    assert set(measures) == {
        "exists",
        "best",
        "package",
        "lift",
        "no-lift",
        "nearest",
        "no-package",
        "change",
        "reading",
    }
    lift = next(row for row in out["rows"] if row["measure"] == "lift")
    assert set(lift) == {"measure", "lines", "smallest", "opens", "cited", "opens_cited", "because"}
    assert set(lift["smallest"]) == {"value", "low", "high"}


@given(file=tables.negotiations())
@CHECKS
def test_zero_lines_of_nearest_packages_are_those_without_any_evidence(file: dict[str, Any]):
    found = case(file)
    zone, drawn = zopa.zone(found, draws=N), found.draws(N, evidence="none")
    utilities, reserve = tables.utilities(found, drawn), drawn.table.reserve
    barred = tables.barred(found, drawn)
    gaps = np.stack(
        [np.where(barred[p].any(axis=1)[:, None], np.inf, reserve - u) for p, u in utilities.items()]
    )
    largest = np.where(gaps > 1e-9, gaps, 0.0).max(axis=2).min(axis=0)
    empty = largest > 0
    rows = [row for row in zone.nearest if row.measure == "nearest"]
    if not empty.any():
        assert all(row.zero is None and row.shortfall_zero is None for row in rows)
        return
    for row in rows[1:]:
        assert row.zero is not None
        assert row.shortfall_zero is None
    if rows:
        assert rows[0].zero == pytest.approx(np.isfinite(largest[empty]).mean())
        assert sum(row.zero or 0.0 for row in rows[1:]) <= rows[0].zero + 1e-9
        short = [max(0.0, v) for v in (rows[0].shortfall_zero or {}).values()]
        assert max(short, default=0.0) <= np.median(largest[empty & np.isfinite(largest)]) + 1e-9
        shown = zone.tables("zh")
        assert any("零线" in table.columns for table in shown[1:])


def test_notes_say_that_smallest_sets_add_up_to_more_and_have_no_zero_line():
    zone = zopa.zone(zopa.open_case("muscat-2026"), draws=600)
    assert zone.lifts
    assert any("more than 100 %" in note and "no zero line" in note for note in zone.notes("en"))
    assert any("超过100%" in note and "没有零线" in note for note in zone.notes("zh"))
