"""The least change of rankings: against all rankings of small conflicts, and the Syria–Iraq counts."""

import json
from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.shared import shared_data
from zopa.methods import inverse_search
from zopa.methods.graph_model import Lattice, graph_of, graph_of_pairs
from zopa.methods.inverse import (
    INVERSE_CONCEPTS,
    distances_alone,
    is_stable_for,
    least_change,
    least_changes,
    ranking_distance,
)

# --- the definitions, with sets


def answers(graph, party, start, allowed):
    """Where the others get from a state by legal moves that are allowed, none of them moving twice in succession."""
    seen, waiting = set(), [(start, None)]
    while waiting:
        state, last = waiting.pop()
        for mover in set(range(graph.parties)) - {party, last}:
            for to in map(int, graph.moves(mover, state)):
                if (to, mover) not in seen and allowed(mover, state, to):
                    seen.add((to, mover))
                    waiting.append((to, mover))
    return {state for state, _ in seen}


def holds(graph, ranks, state, party, concept):
    own = ranks[party]
    improving = concept in {"seq", "sseq"}
    for gain in (int(q) for q in graph.moves(party, state) if own[q] > own[state]):
        if concept == "nash":
            return False
        reached = answers(graph, party, gain, lambda p, a, b: not improving or ranks[p][b] > ranks[p][a])
        bad = {x for x in reached if own[x] <= own[state]}
        if concept in {"smr", "sseq"}:
            bad = {x for x in bad if all(own[y] <= own[state] for y in graph.moves(party, x))}
        if not bad:
            return False
    return True


def equilibrium(graph, ranks, state, concept):
    return all(holds(graph, ranks, state, party, concept) for party in range(graph.parties))


def every_ranking(states):
    """All rankings of so many states, ties included: 75 of four, 541 of five."""
    return [r for r in product(range(states), repeat=states) if len(set(r)) == max(r) + 1]


def apart(first, second):
    """Pairs in another order: reversed one, tied in one of the two a half."""
    pairs = np.sign(first[:, None] - first), np.sign(second[:, None] - second)
    return np.abs(pairs[0] - pairs[1]).sum() / 4


def random_model(rng, parties, states):
    if rng.random() < 0.5:
        options = int(np.ceil(np.log2(states)))
        found = np.sort(rng.choice(1 << options, states, replace=False))
        one_way = rng.choice([0, 0, 0, 1, -1], options).astype(np.int8)
        return Lattice(found, rng.integers(0, parties, options).astype(np.int8), one_way, parties)
    return graph_of_pairs(
        states, [np.argwhere(rng.random((states, states)) < rng.choice([0.2, 0.4])) for _ in range(parties)]
    )


def drawn(seed, parties, states):
    """A conflict, its graph, rankings with or without ties, and a wished state."""
    rng = np.random.default_rng(seed)
    model = random_model(rng, parties, states)
    if rng.random() < 0.5:
        ranks = rng.integers(0, 3, (parties, states))
    else:
        ranks = np.argsort(rng.random((parties, states)), axis=1)
    graph = graph_of(model) if isinstance(model, Lattice) else model
    return model, graph, ranks.astype(np.int32), int(rng.integers(states))


# --- the exact minimum per party


@settings(max_examples=25)
@given(st.integers(0, 10**9), st.integers(2, 4), st.integers(2, 5))
def test_no_ranking_is_nearer(seed, parties, states):
    model, graph, ranks, state = drawn(seed, parties, states)
    found = least_changes(model, ranks, state, concepts=("nash", "gmr", "smr"))
    others = [np.array(r) for r in every_ranking(states)]
    for party in range(parties):
        far = np.array([apart(ranks[party].astype(int), r) for r in others])
        for concept, change in found.items():
            assert holds(graph, change.ranks, state, party, concept)
            for k in np.flatnonzero(far < change.distance[party]):
                tried = ranks.copy()
                tried[party] = others[k]
                assert not holds(graph, tried, state, party, concept), (concept, others[k])


@pytest.mark.parametrize("seed", range(3))
def test_no_ranking_of_six_states_is_nearer(seed):
    model, graph, ranks, state = drawn(seed, 3, 6)
    for concept in ("gmr", "smr"):
        change = least_change(model, ranks, state, concept=concept)
        assert change.proven
        for party in range(3):
            nearer = [
                r
                for r in inverse_search.weak_orders(6)
                if apart(ranks[party].astype(int), r.astype(int)) < change.distance[party]
            ]
            for order in nearer:
                tried = ranks.copy()
                tried[party] = order
                assert not holds(graph, tried, state, party, concept)


@given(st.integers(0, 10**9), st.integers(2, 4), st.integers(2, 9))
def test_only_the_wished_state_rises_and_another_could_fall_instead(seed, parties, states):
    model, graph, ranks, state = drawn(seed, parties, states)
    for concept, change in least_changes(model, ranks, state, concepts=("nash", "gmr", "smr")).items():
        assert change.proven and change.bound == change.total
        assert (np.delete(change.ranks, state, axis=1) == np.delete(ranks, state, axis=1)).all()
        assert (change.ranks[:, state] >= ranks[:, state]).all()
        for party in range(parties):
            stable = holds(graph, ranks, state, party, concept)
            assert (change.distance[party] == 0) == stable
            assert change.distance[party] == apart(ranks[party].astype(int), change.ranks[party].astype(int))
            if change.instead[party] >= 0:
                lowered = ranks.copy()
                lowered[party, change.instead[party]] = ranks[party, state]
                assert holds(graph, lowered, state, party, concept)
                assert ranking_distance(lowered[party], ranks[party]) == change.distance[party]


@given(st.integers(0, 10**9), st.integers(2, 4), st.integers(2, 9))
def test_distances_of_many_draws(seed, parties, states):
    model, graph, ranks, state = drawn(seed, parties, states)
    draws = np.stack([ranks, ranks[:, ::-1], np.roll(ranks, 1, axis=0)])
    found = distances_alone(model, draws, state, threads=2)
    for d, given_ranks in enumerate(draws):
        for c, concept in enumerate(INVERSE_CONCEPTS):
            stable = [holds(graph, given_ranks, state, p, concept) for p in range(parties)]
            assert (found[d, c] == 0).tolist() == stable
            if concept in {"nash", "gmr", "smr"}:
                change = least_change(model, given_ranks, state, concept=concept)
                np.testing.assert_array_equal(found[d, c], change.distance)
    # The others' rankings as they are: no better than if they could be bent too.
    assert (found[:, 3] >= found[:, 1]).all() and (found[:, 4] >= found[:, 2]).all()


@settings(max_examples=25)
@given(st.integers(0, 10**9), st.integers(2, 3), st.sampled_from(["seq", "sseq"]))
def test_no_ranking_of_one_party_alone_is_nearer(seed, parties, concept):
    model, graph, ranks, state = drawn(seed, parties, 4)
    found = distances_alone(model, ranks[None], state, concepts=(concept,))[0, 0]
    for party in range(parties):
        far = {}
        for order in every_ranking(4):
            tried = ranks.copy()
            tried[party] = order
            if holds(graph, tried, state, party, concept):
                far[order] = apart(ranks[party].astype(int), np.array(order))
        assert min(far.values()) == found[party]


def test_raise_the_state_or_lower_the_sanction():
    """Party 0 would go from 0 to 2; from there party 1 can go to 1, which party 0 likes a little better than 0."""
    graph = graph_of_pairs(4, [np.array([[0, 2]]), np.array([[2, 1]])])
    ranks = np.array([[0, 1, 3, 2], [0, 1, 0, 0]], dtype=np.int32)
    found = least_changes(graph, ranks, 0)
    assert found["nash"].total == 2.5 and found["nash"].instead.tolist() == [2, -1]
    for concept in ("gmr", "smr", "seq", "sseq"):
        assert found[concept].distance.tolist() == [0.5, 0.0]
        assert found[concept].proven
        assert found[concept].ranks[0].tolist() == [1, 1, 3, 2]
    assert found["gmr"].instead.tolist() == [1, -1]


def test_another_party_can_be_given_a_reason_to_answer():
    """As above, but party 1 would not go to 1, and 1 is bad for party 0: half a pair for party 1 does it."""
    graph = graph_of_pairs(4, [np.array([[0, 2]]), np.array([[2, 1]])])
    ranks = np.array([[1, 0, 3, 2], [2, 1, 1, 0]], dtype=np.int32)
    found = least_changes(graph, ranks, 0)
    assert found["gmr"].total == 0
    assert found["seq"].distance.tolist() == [0.0, 0.5] and found["seq"].proven
    assert found["seq"].ranks[1][1] > found["seq"].ranks[1][2]


# --- sanctions by improvements, all parties jointly


def nearest_by_force(graph, ranks, state, concept, limit):
    """The least total below ``limit`` over all combinations of all rankings; ``limit`` if there is none."""
    others = np.array(every_ranking(len(graph)))
    far = [np.array([apart(own.astype(int), r) for r in others]) for own in ranks]
    near = [np.argsort(f, kind="stable") for f in far]
    best = limit

    def search(party, chosen, so_far):
        nonlocal best
        if party == len(ranks):
            if equilibrium(graph, np.array(chosen), state, concept):
                best = so_far
            return
        for k in near[party]:
            if so_far + far[party][k] >= best:
                return
            search(party + 1, [*chosen, others[k]], so_far + far[party][k])

    search(0, [], 0.0)
    return best


@settings(max_examples=25)
@given(st.integers(0, 10**9), st.sampled_from([(2, 4), (3, 3), (2, 5)]), st.sampled_from(["seq", "sseq"]))
def test_no_rankings_together_are_nearer(seed, size, concept):
    model, graph, ranks, state = drawn(seed, *size)
    change = least_change(model, ranks, state, concept=concept)
    assert equilibrium(graph, change.ranks, state, concept)
    assert change.proven
    assert nearest_by_force(graph, ranks, state, concept, change.total) == change.total


@settings(max_examples=25)
@given(st.integers(0, 10**9), st.sampled_from([(2, 4), (3, 3)]), st.booleans())
def test_the_lower_bound_holds_without_looking_at_everything(seed, size, lasting):
    _, graph, ranks, state = drawn(seed, *size)
    concept = "sseq" if lasting else "seq"
    alone = least_change(graph, ranks, state, concept="smr" if lasting else "gmr")
    bound = inverse_search.joint_bound(graph, ranks, state, lasting=lasting, least=alone.distance)
    best = nearest_by_force(graph, ranks, state, concept, np.inf)
    assert alone.total <= bound <= best


@settings(max_examples=25)
@given(st.integers(0, 10**9), st.integers(2, 4), st.integers(7, 20))
def test_larger_conflicts_are_verified_and_bounded(seed, parties, states):
    model, graph, ranks, state = drawn(seed, parties, states)
    for concept, change in least_changes(model, ranks, state, tries=2).items():
        assert equilibrium(graph, change.ranks, state, concept)
        assert change.bound <= change.total
        assert change.total <= least_change(model, ranks, state, concept="nash").total
        assert (change.total == 0) == equilibrium(graph, ranks, state, concept)
        same = least_change(model, ranks, state, concept=concept, tries=2)
        np.testing.assert_array_equal(same.ranks, change.ranks)


@pytest.mark.parametrize("seed", range(2))
def test_a_thousand_states_by_the_other_engine(seed):
    stability = pytest.importorskip("zopa.methods.stability")
    rng = np.random.default_rng(seed)
    owner = np.array([0, 0, 0, 1, 1, 1, 2, 2, 3, 3], dtype=np.int8)
    model = Lattice(np.arange(1024), owner, np.zeros(10, dtype=np.int8), 4)
    ranks = rng.integers(0, 40, (4, 1024)).astype(np.int32)
    state = int(rng.integers(1024))
    for concept, change in least_changes(model, ranks, state).items():
        verdict = stability.stable(model, change.ranks, concepts=(concept,))[concept]
        assert verdict[:, state].all(), concept


@settings(max_examples=15)
@given(st.integers(0, 10**9), st.integers(2, 4))
def test_listed_moves_by_the_general_engine(seed, parties):
    engine = pytest.importorskip("zopa.methods.legal_moves")
    model, graph, ranks, state = drawn(seed, parties, 8)
    for concept, change in least_changes(model, ranks, state, tries=2).items():
        better = change.ranks[:, None, :] > change.ranks[:, :, None]
        assert engine.stable_general(graph, better, concepts=(concept,))[concept][:, state].all()


# --- distance and refusals


@given(st.integers(0, 10**9), st.integers(1, 12))
def test_distance_is_a_distance(seed, states):
    one, two, three = np.random.default_rng(seed).integers(0, 5, (3, states)).astype(np.int32)
    assert ranking_distance(one, 3 * one + 1) == 0
    assert ranking_distance(one, two) == ranking_distance(two, one) == apart(one, two)
    assert ranking_distance(one, three) <= ranking_distance(one, two) + ranking_distance(two, three)


def test_wrong_arguments_are_named():
    graph = graph_of_pairs(2, [np.array([[0, 1]])])
    with pytest.raises(
        ValueError, match=r"ranks must be \(1, 2\) and the state one of them; got \(1, 2\) and 5"
    ):
        least_change(graph, np.zeros((1, 2), dtype=np.int32), 5, concept="nash")
    with pytest.raises(ValueError, match="no such concept: sim"):
        least_change(graph, np.zeros((1, 2), dtype=np.int32), 0, concept="sim")
    big = Lattice(np.arange(1 << 20), np.arange(20, dtype=np.int8) % 2, np.zeros(20, dtype=np.int8), 2)
    with pytest.raises(ValueError, match="up to 2145386496 moves to list, at most 20000000"):
        least_change(big, np.zeros((2, 1 << 20), dtype=np.int32), 0, concept="nash")
    with pytest.raises(ValueError, match="rankings of 2 and 3 states"):
        ranking_distance(np.zeros(2, dtype=np.int32), np.zeros(3, dtype=np.int32))
    assert INVERSE_CONCEPTS == ("nash", "gmr", "smr", "seq", "sseq")


# --- Syria and Iraq 1975 (Kinsara 2014, section 4.2; the counts for SEQ corrected by the definitions)


@pytest.fixture(scope="module")
def syria_and_iraq():
    known = json.loads(shared_data("standoff/conflicts.json").read_text(encoding="utf-8"))
    case = next(case for case in known["cases"] if case["name"] == "SyriaIraq")
    ranks = np.zeros((2, 6), dtype=np.int32)
    for party, maker in enumerate(case["decision_makers"]):
        for level, tied in enumerate(reversed(maker["ranking_computed"])):
            ranks[party, [n - 1 for n in tied]] = level
    bits = np.array([state["bits"] for state in case["states"]])
    return Lattice(bits, np.array([0, 0, 1], dtype=np.int8), np.zeros(3, dtype=np.int8), 2), ranks


@pytest.mark.parametrize(("concept", "count"), [("nash", 240), ("seq", 384), ("gmr", 384), ("smr", 300)])
def test_in_how_many_of_720_rankings_of_syria_state_2_is_an_equilibrium(syria_and_iraq, concept, count):
    model, ranks = syria_and_iraq
    graph, wished, found = graph_of(model), 1, 0
    for order in permutations(range(6)):
        tried = np.array([order, ranks[1]], dtype=np.int32)
        found += all(is_stable_for(graph, tried, wished, party, concept=concept) for party in (0, 1))
    assert found == count


def test_what_syria_would_have_to_want(syria_and_iraq):
    """State 2, water released: Iraq's best. Syria would have to rank it as high as the best it can move to."""
    model, ranks = syria_and_iraq
    found = least_changes(model, ranks, 1)
    assert found["nash"].distance.tolist() == [2.5, 0.0]
    for concept, change in found.items():
        assert change.proven, concept
        assert change.total <= 2.5
