"""The least change of rankings beneath single pairs of states, against every ranking and the definitions."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.methods.standoff_reference import (
    moves_of,
    random_graph,
    random_ranks,
    random_unseen,
    reach,
    verdicts,
)
from zopa.methods.graph_model import graph_of_pairs
from zopa.methods.inverse import INVERSE_CONCEPTS, least_changes, ranking_distance
from zopa.methods.inverse_pairs import Fixed, improving_reach, least_changes_beneath, stays_with
from zopa.methods.inverse_search import weak_orders
from zopa.methods.seen import seen_graph


def made(seed, *, parties=2, states=4):
    """A random conflict with pairs, some of them open, and states that are not seen: graph, rankings, what is fixed."""
    rng = np.random.default_rng(seed)
    graph = random_graph(rng, parties=parties, states=states)
    ranks = random_ranks(rng, parties, states)
    blind = random_unseen(rng, parties, states)
    pairs = [
        (int(rng.integers(parties)), *rng.permutation(states)[:2].tolist()) for _ in range(rng.integers(4))
    ]
    open_ones = None
    if rng.random() < 0.4:
        open_ones = np.zeros((parties, states, states), dtype=np.bool_)
        p, (a, b) = int(rng.integers(parties)), rng.permutation(states)[:2]
        open_ones[p, a, b] = open_ones[p, b, a] = True
    fixed = Fixed(np.array(pairs, dtype=np.int64).reshape(-1, 3), open_ones)
    return rng, graph, ranks, blind, fixed


def better_of(ranks, fixed):
    out = ranks[:, None, :] > ranks[:, :, None]
    for party, best, worst in fixed.pairs:
        out[party, worst, best], out[party, best, worst] = True, False
    return out if fixed.open is None else out & ~fixed.open


@settings(max_examples=40)
@given(st.integers(0, 10**9))
def test_no_nearer_ranking_keeps_a_party_there(seed):
    rng, graph, ranks, blind, fixed = made(seed)
    state, moves = int(rng.integers(4)), moves_of(graph, blind)
    found = least_changes_beneath(seen_graph(graph, blind), ranks, state, fixed)
    orders = weak_orders(4)
    for party in range(2):
        least = dict.fromkeys(("nash", "gmr", "smr"), np.inf)
        for order in orders:
            other = ranks.copy()
            other[party] = order
            stable = verdicts(moves, better_of(other, fixed))
            apart = ranking_distance(ranks[party], order)
            for concept, so_far in least.items():
                if apart < so_far and stable[concept][party, state]:
                    least[concept] = apart
        assert {c: found[c].distance[party] for c in least} == least
        assert all((party in found[c].blocked) == np.isinf(v) for c, v in least.items())


@settings(max_examples=40)
@given(st.integers(0, 10**9))
def test_answers_by_improvements_lie_between_their_bound_and_the_truth(seed):
    rng, graph, ranks, blind, fixed = made(seed, states=3)
    state, moves = int(rng.integers(3)), moves_of(graph, blind)
    found = least_changes_beneath(seen_graph(graph, blind), ranks, state, fixed)
    least = dict.fromkeys(INVERSE_CONCEPTS, np.inf)
    for orders in product(weak_orders(3), repeat=2):
        other = np.stack(orders)
        stable = verdicts(moves, better_of(other, fixed))
        apart = sum(ranking_distance(a, b) for a, b in zip(ranks, other, strict=True))
        for concept, so_far in least.items():
            if apart < so_far and stable[concept][:, state].all():
                least[concept] = apart
    for concept, truth in least.items():
        one = found[concept]
        assert one.bound <= truth <= one.total
        if concept in ("nash", "gmr", "smr"):
            assert one.total == truth
        if np.isfinite(one.total):
            assert verdicts(moves, better_of(one.ranks, fixed))[concept][:, state].all()
            assert one.total == sum(ranking_distance(a, b) for a, b in zip(ranks, one.ranks, strict=True))


@settings(max_examples=40)
@given(st.integers(0, 10**9))
def test_without_pairs_it_is_what_rankings_give(seed):
    rng, graph, ranks, blind, _ = made(seed, parties=3, states=5)
    state, seen = int(rng.integers(5)), seen_graph(graph, blind)
    fixed = Fixed(np.zeros((0, 3), dtype=np.int64))
    beneath, plain = (
        least_changes_beneath(seen, ranks, state, fixed),
        least_changes(seen, ranks, state),
    )
    for concept in INVERSE_CONCEPTS:
        if concept in ("nash", "gmr", "smr"):
            np.testing.assert_array_equal(beneath[concept].ranks, plain[concept].ranks)
        assert (
            beneath[concept].total >= plain[concept].bound and plain[concept].total >= beneath[concept].bound
        )
        for party in range(3):
            better = better_of(ranks, fixed)
            assert (
                stays_with(seen, better, state, party, concept=concept)
                == verdicts(moves_of(graph, blind), better)[concept][party, state]
            )


@settings(max_examples=40)
@given(st.integers(0, 10**9))
def test_where_improvements_lead_is_followed_move_by_move(seed):
    rng, graph, ranks, blind, fixed = made(seed, parties=3, states=6)
    start, seen = int(rng.integers(6)), seen_graph(graph, blind)
    drawn = np.stack([ranks, random_ranks(rng, 3, 6)])
    on = rng.random((2, len(fixed.pairs))) < 0.6
    closed = rng.random(6) < 0.2
    closed[start] = False
    found = improving_reach(seen, drawn, start, fixed, on=on, avoid=closed)
    for d in range(2):
        better = better_of(drawn[d], Fixed(fixed.pairs[on[d]], fixed.open))
        gains = [
            {s: {q for q in own[s] if better[p, s, q] and not closed[q]} for s in own}
            for p, own in enumerate(moves_of(graph, blind))
        ]
        assert set(np.flatnonzero(found[d])) == reach(gains, range(3), start) | {start}


def test_by_hand_a_pair_above_the_wished_state_cannot_be_ranked_away():
    """Two states, one party that may go from 0 to 1 and ranks 0 first; a pair puts 1 above 0."""
    graph = graph_of_pairs(2, [np.array([[0, 1]]), np.zeros((0, 2), dtype=np.int64)])
    ranks = np.array([[1, 0], [0, 0]], dtype=np.int32)
    free = least_changes_beneath(graph, ranks, 0, Fixed(np.zeros((0, 3), dtype=np.int64)))
    assert all(change.total == 0 and change.blocked == () for change in free.values())
    held = least_changes_beneath(graph, ranks, 0, Fixed(np.array([(0, 1, 0)])))
    assert all(change.blocked == (0,) and np.isinf(change.total) for change in held.values())
    # The other way round: the ranking would have it leave, the pair holds it, and nothing need change.
    keeps = least_changes_beneath(graph, 1 - ranks, 0, Fixed(np.array([(0, 0, 1)])))
    assert all(change.total == 0 for change in keeps.values())


def test_pairs_that_do_not_fit_are_refused():
    graph = graph_of_pairs(2, [np.array([[0, 1]])])
    with pytest.raises(ValueError, match="pairs on in"):
        improving_reach(
            graph, np.zeros((1, 1, 2)), 0, Fixed(np.array([(0, 1, 0)])), on=np.ones((2, 1), dtype=np.bool_)
        )
