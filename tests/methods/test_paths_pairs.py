"""Paths and slides where single pairs overrule rankings and parties do not see every state, against the definitions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.methods.standoff_reference import (
    Moves,
    better_of,
    moves_of,
    random_graph,
    random_ranks,
    random_unseen,
    reach,
)
from zopa.methods.coalitions import Single
from zopa.methods.graph_model import Bool, Graph, graph_of_pairs
from zopa.methods.paths import (
    Path,
    improvement_gateways,
    improvement_reach,
    improvements,
    liked,
    movers_gain,
    steps_improve,
)
from zopa.methods.seen import seen_graph
from zopa.methods.slides import exits, slides, sliding, stops, tempted

DRAWS = 3


def relation(ranks, single: Single, draw: int) -> Bool:
    """(parties, S, S) who prefers the second state to the first: the ranking, then pair after pair."""
    better = better_of(ranks[draw])
    on = np.ones(len(single.pairs), dtype=bool) if single.on is None else single.on[draw]
    for (i, best, worst), held in zip(single.pairs, on, strict=True):
        if held:
            better[i, worst, best], better[i, best, worst] = True, False
    return better


def gains(moves: Moves, better: Bool, closed: Bool) -> Moves:
    """The moves that are improvements and enter no closed state."""
    return [
        {s: {q for q in to if better[i, s, q] and not closed[q]} for s, to in own.items()}
        for i, own in enumerate(moves)
    ]


def random_single(rng: np.random.Generator, parties: int, states: int) -> Single:
    pairs = [
        (int(rng.integers(parties)), *rng.permutation(states)[:2]) for _ in range(int(rng.integers(1, 7)))
    ]
    return Single(np.array(pairs, dtype=np.int64), rng.random((DRAWS, len(pairs))) < 0.7)


def crisis(seed: int) -> tuple[Graph, np.ndarray, Single, Bool, Bool]:
    """A random graph, rankings, single pairs, what is not seen, and the violent states; 0 is not."""
    rng = np.random.default_rng(seed)
    graph = random_graph(rng, states=int(rng.integers(3, 8)))
    n, size = graph.parties, len(graph)
    ranks = np.stack([random_ranks(rng, n, size) for _ in range(DRAWS)])
    violent = rng.random(size) < 0.3
    violent[0] = False
    return graph, ranks, random_single(rng, n, size), random_unseen(rng, n, size), violent


SEEDS = st.integers(0, 100_000)


@settings(max_examples=80, deadline=None)
@given(SEEDS)
def test_reach_by_improvements_follows_single_pairs_and_what_is_seen(seed):
    graph, ranks, single, unseen, violent = crisis(seed)
    seen, everyone = seen_graph(graph, unseen), range(graph.parties)
    found = improvement_reach(seen, ranks, 0, avoid=violent, single=single)
    through = improvement_gateways(seen, ranks, 0, ~violent & (np.arange(len(graph)) > 1), single=single)
    open_ = np.zeros(len(graph), dtype=bool)
    for d in range(DRAWS):
        better = relation(ranks, single, d)
        steps = gains(moves_of(graph, unseen), better, violent)
        assert set(np.flatnonzero(found[d]).tolist()) == {0} | reach(steps, everyone, 0)
        ends = set(np.flatnonzero(~violent & (np.arange(len(graph)) > 1)).tolist())
        free = gains(moves_of(graph, unseen), better, open_)
        for state in range(1, len(graph)):
            around = [{s: to - {state} if s != state else set() for s, to in own.items()} for own in free]
            there, without = reach(free, everyone, 0) & ends, reach(around, everyone, 0) & ends
            if state not in ends:
                assert through[d, state] == bool(there and not without)


@settings(max_examples=80, deadline=None)
@given(SEEDS)
def test_steps_and_what_movers_gain_follow_single_pairs_and_what_is_seen(seed):
    graph, ranks, single, unseen, _ = crisis(seed)
    for i in range(graph.parties):
        for s in range(len(graph)):
            for q in graph.moves(i, s).tolist():
                path = Path((i,), (s, q))
                sees = not (unseen[i, s] or unseen[i, q])
                expected = [bool(relation(ranks, single, d)[i, s, q]) for d in range(DRAWS)]
                assert steps_improve(ranks, path, single=single)[:, 0].tolist() == expected
                assert movers_gain(ranks, path, single=single).tolist() == expected
                assert liked(ranks, i, s, q, single=single).tolist() == expected
                blind = steps_improve(ranks, path, single=single, unseen=unseen)[:, 0].tolist()
                assert blind == [sees and e for e in expected]
                assert movers_gain(ranks, path, single=single, unseen=unseen).tolist() == blind
    for d in range(DRAWS):
        own = Single(single.pairs, None if single.on is None else single.on[d : d + 1])
        better = relation(ranks, single, d)
        told = [
            better[i, s, q]
            for i in range(graph.parties)
            for s in range(len(graph))
            for q in graph.moves(i, s)
        ]
        assert improvements(graph, ranks[d], single=own).tolist() == told


def is_tempted(moves: Moves, violent: Bool, better: Bool, i: int, s: int, best: bool) -> bool:
    calm = [t for t in moves[i][s] if not violent[t]] if best else []
    return not violent[s] and any(
        better[i, s, q] and all(better[i, t, q] for t in calm) for q in moves[i][s] if violent[q]
    )


def who_can_stop(moves: Moves, violent: Bool, better: Bool, slide, h: int, willing: bool) -> set[int]:
    i, t, n = slide.striker, slide.way.states[h], len(moves)
    if not is_tempted(moves, violent, better, i, t, True):
        if h == len(slide.way) or slide.way.movers[h] == i:
            return set()
        j, q = slide.way.movers[h], slide.way.states[h + 1]
        suits = q in moves[j][t] and better[j, t, q]
        return set() if willing and suits else {j}
    return {
        j
        for j in set(range(n)) - {i}
        for q in moves[j][t]
        if not violent[q]
        and not is_tempted(moves, violent, better, i, q, True)
        and all(
            is_tempted(moves, violent, better, k, t, True)
            or not is_tempted(moves, violent, better, k, q, True)
            for k in range(n)
        )
        and (better[j, t, q] or not willing)
    }


@settings(max_examples=80, deadline=None)
@given(SEEDS, st.booleans())
def test_slides_follow_single_pairs_and_what_is_seen(seed, willing):
    graph, ranks, single, unseen, violent = crisis(seed)
    seen, moves = seen_graph(graph, unseen), moves_of(graph, unseen)
    asked = {"willing": ranks, "single": single} if willing else {}
    both = {best: tempted(seen, violent, ranks, best=best, single=single) for best in (False, True)}
    leaves = exits(seen, violent, both[True], **asked)
    slid = sliding(seen, violent, ranks, 0, best=True, single=single)
    for d in range(DRAWS):
        better = relation(ranks, single, d)
        for best, found in both.items():
            for i in range(graph.parties):
                here = [is_tempted(moves, violent, better, i, s, best) for s in range(len(graph))]
                assert found[d, i].tolist() == here
        for slide in slides(graph, violent, 0).found:
            made = stops(slide, both[True], leaves, **asked, unseen=unseen)
            for h in range(len(slide.way) + 1):
                who = who_can_stop(moves, violent, better, slide, h, willing)
                assert {j for j in range(8) if made.who[d, h] >> j & 1} == who
        steps = gains(moves, better, violent)
        for i in range(graph.parties):
            assert slid[d, i] == any(both[True][d, i, s] for s in came_by_others(steps, i))


def came_by_others(steps: Moves, party: int) -> set[int]:
    """The start, and where legal sequences lead whose last move is not the party's."""
    found, ahead = set(), [(q, i) for i, own in enumerate(steps) for q in own[0]]
    while ahead:
        state, last = ahead.pop()
        if (state, last) not in found:
            found.add((state, last))
            ahead += [(q, i) for i, own in enumerate(steps) if i != last for q in own[state]]
    return {0} | {state for state, last in found if last != party}


def test_a_circle_of_single_pairs_is_walked_round():
    """0 → 1 → 2 → 0 by two parties in turn, each next state better by a pair of its own: no ranking has that."""
    graph = graph_of_pairs(3, [np.array([[0, 1], [2, 0]]), np.array([[1, 2], [0, 1]])])
    ranks = np.zeros((1, 2, 3), dtype=np.int32)
    circle = Single(np.array([[0, 1, 0], [1, 1, 0], [1, 2, 1], [0, 0, 2]]))
    assert not improvement_reach(graph, ranks, 0)[0, 1:].any()
    assert improvement_reach(graph, ranks, 0, single=circle).all()
    assert improvement_reach(graph, ranks, 2, single=circle).all()


def test_later_pairs_overrule_earlier_ones_and_pairs_of_another_conflict_are_refused():
    graph = graph_of_pairs(2, [np.array([[0, 1]])])
    ranks = np.array([[[0, 1]]], dtype=np.int32)
    turned = Single(np.array([[0, 0, 1], [0, 1, 0]]))
    assert improvements(graph, ranks[0], single=Single(turned.pairs[:1])).tolist() == [False]
    assert improvements(graph, ranks[0], single=turned).tolist() == [True]
    for pair in ([1, 0, 1], [0, 0, 2], [0, -1, 0]):
        with pytest.raises(ValueError, match="single pairs"):
            improvement_reach(graph, ranks, 0, single=Single(np.array([pair])))
