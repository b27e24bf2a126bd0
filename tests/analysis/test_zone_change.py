"""The smallest fixed change, carried out in the case file itself and counted anew."""

import copy
from typing import Any

import numpy as np
import pytest

import zopa
from tests.analysis import tables
from tests.claims.cases import case
from zopa.analysis import _zone_change
from zopa.analysis.zone import Zone
from zopa.case.case import Case

N = 400


def land(**changes: Any) -> dict[str, Any]:
    """Two sides, red lines, all assumed: numbers that can be moved in the file and drawn again."""
    file = tables.debate(**changes)
    for line in file["red_lines"]:
        line.pop("because")
        line["assumed"] = True
    for side in file["preferences"].values():
        for entry in side.values():
            entry.pop("because", None)
            entry["assumed"] = True
        side["no_deal"]["value"] = "0.4 to 0.8"
    return file


def hits(
    found: Case, lower: dict[str, float] | None = None, better: tuple[int, int, str, float] | None = None
) -> int:
    """Draws the best package suits all in, with walk-away values lowered or an option made better for a party."""
    drawn = found.draws(N)
    utilities, barred = tables.utilities(found, drawn), tables.barred(found, drawn)
    reserve = drawn.table.reserve.copy()
    for party, by in (lower or {}).items():
        reserve[:, found.negotiators.index(party)] -= by
    best = 0
    for package, utility in utilities.items():
        mine = utility.copy()
        if better is not None and package[better[0]] == better[1]:
            mine[:, found.negotiators.index(better[2])] += better[3]
        fits = ((mine >= reserve - 1e-9) & ~barred[package]).all(axis=1)
        best = max(best, int(fits.sum()))
    return best


@pytest.fixture(scope="module")
def zone() -> Zone:
    return zopa.zone(case(land()), draws=N)


def test_every_change_does_what_it_says_and_a_hundredth_less_does_not(zone: Zone):
    found = zone.case
    now = hits(found)
    assert zone.best.chance.value == pytest.approx(now / N)
    aim = now + N // 10
    numbers = [row for row in zone.changes if not row.lines]
    assert {row.party for row in numbers} == {"left", "right"}
    for row in numbers:
        for by, enough in ((row.by, True), (row.by - 0.01, False)):
            if row.issue is None:
                reached = hits(found, {row.party: by})
            else:
                at = list(found.file.issues).index(row.issue)
                option = found.file.issues[row.issue].index(row.option)
                reached = hits(found, None, (at, option, row.party, by))
            assert (reached >= aim) == enough
            if enough:
                assert row.best.value == pytest.approx(reached / N)
                assert row.gain.value == pytest.approx((reached - now) / N)


def test_a_lifted_line_counts_as_in_a_file_without_it(zone: Zone):
    (row,) = [row for row in zone.changes if row.lines]
    assert row.lines == ("no-land",)
    file = land()
    file["red_lines"] = [line for line in file["red_lines"] if line["id"] != "no-land"]
    assert row.best.value == pytest.approx(hits(case(file)) / N)
    present, absolute, cost = zone.case.draws(N).red_line("no-land")
    assert row.size == pytest.approx(np.where(absolute, 1.0, cost)[present].mean())


def test_one_change_is_the_smallest_and_enough_ones_come_first(zone: Zone):
    enough = [row for row in zone.changes if row.enough]
    assert list(zone.changes[: len(enough)]) == enough
    assert [row.size for row in enough] == sorted(row.size for row in enough)
    (smallest,) = [row for row in zone.changes if row.smallest]
    assert smallest.size == enough[0].size
    assert smallest.proven
    assert all(row.gain.value >= 0.10 for row in enough)


def test_fewer_packages_looked_at_prove_nothing(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(_zone_change, "WORK", 3 * N)
    some = zopa.zone(case(land()), draws=N)
    (smallest,) = [row for row in some.changes if row.smallest]
    assert not smallest.proven
    assert "not proven" in some.tables("en")[-1].rows[0][0]
    assert "未证明" in some.tables("zh")[-1].rows[0][0]


def test_linked_issues_are_offered_option_by_option():
    """Land and water joined by an exclusion: an offer on one of them holds whatever the other is."""
    file = land(exclusions=[{"not": {"land": "some", "water": "new"}, "assumed": True}])
    found = zopa.zone(case(file), draws=N)
    aim = hits(found.case) + N // 10
    offered = [row for row in found.changes if row.issue is not None]
    assert offered
    for row in offered:
        at = list(found.case.file.issues).index(row.issue)
        option = found.case.file.issues[row.issue].index(row.option)
        assert hits(found.case, None, (at, option, row.party, row.by)) >= aim
        assert hits(found.case, None, (at, option, row.party, row.by - 0.01)) < aim


def test_nothing_is_looked_for_where_nearly_every_draw_has_it():
    assert zopa.zone(case(tables.linkage(no_deal=0.1)), draws=100).changes == ()


def test_three_sides():
    file = copy.deepcopy(land())
    file["parties"] = {n: tables.party(n.capitalize(), f"{n}方") for n in ("left", "right", "third")}
    file["preferences"]["third"] = {
        "land": tables.preference("10 to 20", "some", "none"),
        "water": tables.preference("10 to 30", "shared", "old"),
        "no_deal": {"value": "0.3 to 0.7", "assumed": True},
    }
    found = zopa.zone(case(file), draws=N)
    aim = hits(found.case) + N // 10
    for row in found.changes:
        if row.party is not None and row.issue is None and not row.lines:
            falls = {p: by for p, by in ((row.party, row.by), (row.also, row.also_by)) if p is not None}
            assert hits(found.case, falls) >= aim
            for party, by in falls.items():
                assert hits(found.case, {**falls, party: by - 0.01}) < aim
    (both,) = [row for row in found.changes if row.also is not None]
    assert both.smallest
    assert both.proven
    assert both.size == pytest.approx(both.by + both.also_by)
    assert both.size < min(row.size for row in found.changes if row.enough and row.also is None)
    for lang, words in (("en", "walking away is worth"), ("zh", "的退出价值降低")):
        assert [row[0].count(words) for row in found.tables(lang)[-1].rows].count(2) == 1
    assert {row.party for row in found.changes if row.party} <= {"left", "right", "third"}


def test_zero_lines_are_the_same_change_without_any_evidence(zone: Zone, monkeypatch: pytest.MonkeyPatch):
    found = zone.case
    drawn = found.draws(N, evidence="none")
    utilities, barred = tables.utilities(found, drawn), tables.barred(found, drawn)
    assert not np.any([b.any() for b in barred.values()])
    for row in zone.changes:
        best = 0.0
        for package, utility in utilities.items():
            mine, reserve = utility.copy(), drawn.table.reserve.copy()
            if row.party is not None and row.issue is None:
                reserve[:, found.negotiators.index(row.party)] -= row.by
            elif row.party is not None and row.issue is not None:
                at = list(found.file.issues).index(row.issue)
                if package[at] == found.file.issues[row.issue].index(row.option):
                    mine[:, found.negotiators.index(row.party)] += row.by
            best = max(best, float((mine >= reserve - 1e-9).all(axis=1).mean()))
        assert row.zero == pytest.approx(best)
        # Every number of this file is assumed.
        assert row.cited == row.zero
    monkeypatch.setattr(_zone_change, "WORK", 3 * N)
    assert all(row.zero is None for row in zopa.zone(case(land()), draws=N).changes)
