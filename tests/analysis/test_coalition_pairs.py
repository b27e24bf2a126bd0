"""Coalition where single pairs overrule rankings, some are not known, and parties do not see every state."""

from typing import Any

import numpy as np
import pytest

from tests.analysis.test_coalition import certain, numbers, sections
from tests.analysis.test_mediation import _as_case
from tests.analysis.test_mediation_pairs import _special_lines, better_with, with_rankings
from tests.claims.cases import case
from tests.methods.standoff_reference import lattice_moves, random_lattice, random_ranks, reach, verdicts
from tests.methods.test_coalitions_pairs import expected, sees
from zopa.analysis.coalition import coalition
from zopa.case.case import Case
from zopa.case.conflict import conflict_of
from zopa.case.rankings import overruling

DRAWS = 100
CONCEPTS = ("nash", "gmr", "smr", "seq")


def race(**lines: dict[str, Any]) -> Case:
    """States: 1 nobody stops, 2 East, 3 West, 4 both. East ranks 3 > 4 > 1 > 2, West 2 > 4 > 1 > 3, the host 4 first."""
    made = sections()
    for party, more in lines.items():
        made["standoff"]["rankings"][party] |= {"assumed": True, **more}
    return case(made)


def test_a_pair_decides_who_carries_and_who_leaves_the_treaty():
    free = coalition(certain(), draws=DRAWS)
    assert (free.deals[0].carried.value, free.of(["east"]).leaves.value) == (1, 1)  # type: ignore[union-attr]
    # East prefers the race to the treaty by a pair: the two do not go there together, and East refuses.
    held = coalition(race(east={"prefers": [[1, 4]]}), draws=DRAWS)
    assert held.deals[0].carried is not None and held.deals[0].carried.value == 0
    refuses = held.of(["east"]).refuses
    assert refuses is not None and refuses.value == 1
    assert held.jumps == ()
    assert numbers(held, "nash", "universal") == [1]
    # East prefers the treaty to arming alone by a pair: only West gains by leaving.
    kept = coalition(race(east={"prefers": [[4, 3]]}), draws=DRAWS)
    assert (kept.of(["east"]).leaves.value, kept.of(["west"]).leaves.value) == (0, 1)
    assert any("Single pairs that override a ranking are followed" in note for note in kept.notes("en"))


def test_a_pair_that_is_not_known_is_settled_by_a_coin():
    found = coalition(race(east={"unknown": [[1, 4]]}), draws=2000)
    carried = found.deals[0].carried
    assert carried is not None and carried.value == pytest.approx(0.5, abs=0.04)
    assert not found.certain


def test_a_state_that_a_side_does_not_see():
    # East does not see 3, where it would go from the treaty; West still would go to 2.
    found = coalition(race(east={"misperceived": [3]}), draws=DRAWS)
    assert (found.of(["east"]).leaves.value, found.of(["west"]).leaves.value) == (0, 1)
    # The bloc of the two does not go where one of them does not see.
    blind = coalition(race(east={"misperceived": [4]}), draws=DRAWS, bloc=["east", "west"])
    assert blind.deals[0].carried is not None and blind.deals[0].carried.value == 0
    assert blind.of(["east", "west"]).gains is not None and blind.of(["east", "west"]).gains.value == 0  # type: ignore[union-attr]
    assert numbers(blind, "nash", "merged") == [1, 2, 3, 4]
    assert any("does not see" in note for note in blind.notes("en"))


@pytest.mark.parametrize("seed", range(10))
def test_everything_agrees_with_the_definitions(seed):
    """Random conflicts with pairs, unknown pairs and unseen states, draw by draw, from the definitions alone."""
    rng = np.random.default_rng(seed)
    made = (random_lattice(rng) for _ in range(1000))
    lattice = next(m for m in made if m.parties <= 3 and m.options <= 4 and len(m) >= 4)
    ranks = random_ranks(rng, lattice.parties, len(lattice))
    plain = _as_case(lattice, ranks, wished=int(rng.integers(len(lattice))))
    data = plain.file.model_dump(mode="json", by_alias=True, exclude_unset=True)
    data["standoff"]["outcomes"][0]["kind"] = "deal"
    more = _special_lines(rng, lattice)
    given = with_rankings(case({k: data[k] for k in ("parties", "standoff")}), more)
    conflict = conflict_of(given.file)
    blind = np.zeros((lattice.parties, len(lattice)), dtype=np.bool_)
    for p, party in enumerate(conflict.parties):
        blind[p, [n - 1 for n in more[party]["misperceived"]]] = True
    found = coalition(given, draws=DRAWS)
    named = overruling(given.draws(DRAWS, seed=0), conflict)
    ways, times = np.unique(named.on, axis=0, return_counts=True)
    moves = lattice_moves(lattice, blind)
    groups = [tuple(conflict.parties.index(m) for m in row.members) for row in found.rows()]
    deal, (row,) = np.flatnonzero(conflict.outcomes["wish"]), found.deals
    lasts = {c: np.zeros(len(lattice)) for c in CONCEPTS}
    single = {c: np.zeros(len(lattice)) for c in CONCEPTS}
    carries, leaves = np.zeros(len(groups)), np.zeros(len(groups))
    for on, often in zip(ways, times, strict=True):
        better, share = better_with(ranks, named.pairs[on]), often / DRAWS
        told = expected(moves, blind, better, groups)
        alone = verdicts(moves, better)
        for c in CONCEPTS:
            lasts[c] += share * np.array(
                [all(told[g, s][c] for g in groups) for s in range(len(lattice))], dtype=float
            )
            single[c] += share * alone[c].all(axis=0)

        def improves(group: Any, start: int, ends: Any, better: Any = better) -> bool:
            return any(
                sees(blind, group, start, q) and all(better[p, start, q] for p in group)
                for q in reach(moves, group, start) & set(ends) - {start}
            )

        start, at = conflict.status_quo, conflict.places[row.state]
        for k, group in enumerate(groups):
            outside = set(range(len(lattice))) - set(deal.tolist())
            leaves[k] += share * improves(group, at, outside)
            if start is not None and start not in deal:
                carries[k] += share * improves(group, start, deal.tolist())
    for c in CONCEPTS:
        assert [s.universal[c].value for s in found.states] == pytest.approx(lasts[c].tolist()), c
        assert [s.single[c].value for s in found.states] == pytest.approx(single[c].tolist()), c
    assert [r.leaves.value for r in found.rows()] == pytest.approx(leaves.tolist())
    if row.carried is not None:
        assert [r.carries.value for r in found.rows() if r.carries] == pytest.approx(carries.tolist())
