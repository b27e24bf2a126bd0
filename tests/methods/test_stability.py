"""Stability of states in option form against the definitions, read straight off and played move by move."""

from itertools import product
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zopa.methods import lanes, orbits, simultaneous, stability
from zopa.methods.footprint import memory_needed
from zopa.methods.graph_model import CONCEPTS, Lattice, graph_of
from zopa.methods.stability import stable, stable_profiles

SEEDS = st.integers(0, 10**9)


def random_conflict(seed, *, options=(1, 6), parties=(2, 4)):
    """Options of any party, perhaps none of one; some one way, some combinations infeasible, ranks with ties."""
    rng = np.random.default_rng(seed)
    count, sides = (
        int(rng.integers(options[0], options[1] + 1)),
        int(rng.integers(parties[0], parties[1] + 1)),
    )
    feasible = rng.random(1 << count) < rng.choice([0.3, 0.7, 1.0])
    feasible[rng.integers(1 << count)] = True
    way = rng.choice([-1, 0, 1], count, p=[[0.0, 1.0, 0.0], [0.3, 0.4, 0.3]][rng.integers(2)])
    owner = rng.integers(0, sides, count).astype(np.int8)
    model = Lattice(np.flatnonzero(feasible), owner, way.astype(np.int8), sides)
    levels = int(rng.choice([2, 5, 1000]))
    return model, rng.integers(-levels, levels, (sides, len(model)), dtype=np.int32)


def reached(moves, start, parties):
    """Where some parties get from a state by legal sequences: nobody moves twice in succession."""
    found, waiting = set(), [(start, None)]
    seen = set(waiting)
    while waiting:
        state, last = waiting.pop()
        for j in parties:
            if j != last:
                for to in moves[j][state]:
                    found.add(to)
                    if (to, j) not in seen:
                        seen.add((to, j))
                        waiting.append((to, j))
    return found


def by_definition(model, ranks):
    """(concept) → (parties, S), each definition in a line."""
    graph, parties, states = graph_of(model), range(model.parties), range(len(model))
    all_moves = [[[int(t) for t in graph.moves(j, s)] for s in states] for j in parties]
    better = [[[t for t in all_moves[j][s] if ranks[j, t] > ranks[j, s]] for s in states] for j in parties]
    number = {int(bits): s for s, bits in enumerate(model.states)}
    out = {c: np.zeros((model.parties, len(model)), dtype=bool) for c in CONCEPTS}
    for i in parties:
        others = [j for j in parties if j != i]
        by_any = [reached(all_moves, s, others) for s in states]
        by_better = [reached(better, s, others) for s in states]
        for s in states:
            worse = {x for x in states if ranks[i, x] <= ranks[i, s]}
            final = {x for x in worse if all(y in worse for y in all_moves[i][x])}
            ui = better[i][s]
            out["nash"][i, s] = not ui
            out["gmr"][i, s] = all(by_any[q] & worse for q in ui)
            out["smr"][i, s] = all(by_any[q] & final for q in ui)
            out["seq"][i, s] = all(by_better[q] & worse for q in ui)
            out["sseq"][i, s] = all(by_better[q] & final for q in ui)
            out["sim"][i, s] = all(
                any(
                    number.get(combined(model, s, (q, *c))) in worse
                    for c in product(*([s, *better[j][s]] for j in others))
                )
                for q in ui
            )
    return out


def combined(model, start, ends):
    """The combination of options where the changes from one state to several others are all made together."""
    bits = int(model.states[start])
    for end in ends:
        bits ^= int(model.states[start]) ^ int(model.states[end])
    return bits


def agrees(model, ranks):
    expected, found = by_definition(model, ranks), stable(model, ranks, threads=1)
    for concept in CONCEPTS:
        np.testing.assert_array_equal(found[concept], expected[concept], err_msg=concept)
    return found


@settings(max_examples=150)
@given(SEEDS)
def test_as_the_definitions_say(seed):
    agrees(*random_conflict(seed))


@settings(max_examples=15)
@given(SEEDS)
def test_as_the_definitions_say_for_more_parties(seed):
    agrees(*random_conflict(seed, options=(5, 7), parties=(5, 8)))


@settings(max_examples=60)
@given(SEEDS)
def test_few_feasible_states_are_searched_and_their_places_listed(seed):
    """More combinations than there is a table for, more places on one-way options than states."""
    rng = np.random.default_rng(seed)
    count = 18
    core = rng.integers(1 << count)
    near = core ^ (rng.integers(0, 2, (60, 5)) << rng.choice(count, 5, replace=False)).sum(axis=1)
    way = rng.choice([-1, 0, 1], count).astype(np.int8)
    model = Lattice(np.unique(near), rng.integers(0, 3, count).astype(np.int8), way, 3)
    assert orbits.orbits_of(model).table.tolist() == [-2]
    agrees(model, rng.integers(0, 20, (3, len(model)), dtype=np.int32))


@settings(max_examples=40)
@given(SEEDS)
def test_profiles_are_single_conflicts_in_any_number_of_threads(seed):
    model, ranks = random_conflict(seed)
    rng = np.random.default_rng(seed)
    many = np.stack([rng.permutation(ranks, axis=1) for _ in range(5)])
    bits = stable_profiles(model, many, threads=1)
    np.testing.assert_array_equal(bits, stable_profiles(model, many, threads=2))
    for b, one in enumerate(many):
        alone, again = stable(model, one, threads=1), stable(model, one, threads=2)
        for c, concept in enumerate(CONCEPTS):
            np.testing.assert_array_equal(alone[concept], again[concept])
            for i in range(model.parties):
                np.testing.assert_array_equal(bits[b, c] >> i & 1, alone[concept][i])
    np.testing.assert_array_equal(stable_profiles(model, many, concepts=("seq", "nash")), bits[:, [3, 0]])
    with patch.object(stability, "_TOGETHER", 0):
        np.testing.assert_array_equal(stable_profiles(model, many), bits)


@settings(max_examples=60)
@given(SEEDS)
def test_inclusions_and_what_changes_nothing(seed):
    model, ranks = random_conflict(seed, options=(4, 8))
    found = stable(model, ranks)
    for inside, outside in (
        ("nash", "smr"), ("smr", "gmr"), ("nash", "seq"), ("seq", "gmr"), ("sseq", "smr"), ("sseq", "seq"), ("nash", "sim")
    ):  # fmt: skip
        assert not (found[inside] & ~found[outside]).any(), (inside, outside)
    scaled, rng = stable(model, 3 * ranks + 7), np.random.default_rng(seed)
    # Parties in another order, options in another order, and every option said the other way round.
    party, option = rng.permutation(model.parties), rng.permutation(model.options)
    bits = sum(((model.states >> int(o) & 1) ^ 1) << new for new, o in enumerate(option))
    order = np.argsort(bits)
    other = Lattice(
        bits[order],
        np.argsort(party)[model.owner[option]].astype(np.int8),
        -model.one_way[option],
        model.parties,
    )
    renamed = stable(other, ranks[party][:, order])
    for concept in CONCEPTS:
        np.testing.assert_array_equal(scaled[concept], found[concept])
        np.testing.assert_array_equal(renamed[concept], found[concept][party][:, order])


def test_opponents_may_move_more_than_once():
    """A sanction that needs one opponent twice: one moves, the other undoes what barred it, the first moves again."""
    # Options: a of party 0; b, c of party 1; d of party 2. From {a}, the only way on is b, then d, then c with b dropped.
    states = np.array([0b0000, 0b0001, 0b0011, 0b1011, 0b1101])
    model = Lattice(states, np.array([0, 1, 1, 2], dtype=np.int8), np.zeros(4, dtype=np.int8), 3)
    ranks = np.array([[1, 2, 3, 4, 0], [0, 1, 2, 3, 4], [0, 0, 1, 2, 0]], dtype=np.int32)
    found = agrees(model, ranks)
    assert not found["nash"][0, 0]
    assert found["gmr"][0, 0] and found["seq"][0, 0] and found["sseq"][0, 0]


def test_orbits_of_hundreds_of_tied_states():
    rng = np.random.default_rng(3)
    model = Lattice(np.arange(256), np.array([0] * 7 + [1], dtype=np.int8), np.zeros(8, dtype=np.int8), 2)
    agrees(model, rng.integers(0, 40, (2, 256), dtype=np.int32))


def test_prisoners_dilemma():
    """Textbook: defecting is the one Nash equilibrium; who looks ahead may also stay with cooperation."""
    model = Lattice(np.arange(4), np.array([0, 1], dtype=np.int8), np.zeros(2, dtype=np.int8), 2)
    found = stable(model, np.array([[3, 4, 1, 2], [3, 1, 4, 2]], dtype=np.int32))
    both = {c: np.flatnonzero(found[c].all(axis=0)).tolist() for c in CONCEPTS}
    assert both == {"nash": [3]} | {c: [0, 3] for c in CONCEPTS[1:]}


def test_what_does_not_fit_is_refused():
    model, ranks = random_conflict(1)
    with pytest.raises(ValueError, match="'core' is none of nash"):
        stable(model, ranks, concepts=("core",))
    with pytest.raises(ValueError, match="one for each party and state"):
        stable(model, ranks[:, :-1])
    with pytest.raises(ValueError, match="not whole numbers"):
        stable(model, ranks / 2)
    with pytest.raises(ValueError, match="beyond 32 bits"):
        stable(model, np.full(ranks.shape, 2**31))
    nine = Lattice(np.arange(2), np.zeros(1, dtype=np.int8), np.zeros(1, dtype=np.int8), 9)
    with pytest.raises(ValueError, match="9 parties, at most 8"):
        stable(nine, np.zeros((9, 2), dtype=np.int32))


def test_memory_is_told_before_it_is_taken():
    assert memory_needed(21, 4) == 2 * memory_needed(20, 4)
    assert memory_needed(20, 5) > memory_needed(20, 4)
    assert memory_needed(20, 4, concepts=CONCEPTS[:5]) < min(512 << 20, memory_needed(20, 4))


@settings(max_examples=12)
@given(SEEDS)
def test_orbits_in_lockstep_as_sorted_one_by_one(seed):
    """Enough combinations of the others that one-way options are taken many orbits at a time."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(8, 11))
    way = rng.choice([-1, 0, 1], count).astype(np.int8)
    model = Lattice(np.arange(1 << count), (np.arange(count) % 4).astype(np.int8), way, 4)
    ranks = rng.integers(0, int(rng.choice([3, 50, 5000])), (4, len(model)), dtype=np.int32)
    assert lanes.tiles_of(model).used.tolist() == [bool(way[p::4].any()) for p in range(4)]
    together = stable(model, ranks)
    many = stable_profiles(model, ranks[None])[0]
    with patch.object(lanes, "MOST_LISTED", 0):
        assert not lanes.tiles_of(model).used.any()
        alone, profile = stable(model, ranks), stable_profiles(model, ranks[None])[0]
    np.testing.assert_array_equal(many, profile)
    for at, concept in enumerate(CONCEPTS):
        np.testing.assert_array_equal(together[concept], alone[concept])
        np.testing.assert_array_equal(many[at] >> np.arange(4)[:, None] & 1, alone[concept])


def test_simultaneous_answers_are_never_tried_more_often_than_there_are_states():
    """Three opponents with seven improvements each, and no answer that helps: 512 combinations, few states feasible."""
    states = np.sort(np.random.default_rng(5).choice(1 << 10, 150, replace=False))
    owner = np.array([0, 1, 1, 1, 2, 2, 2, 3, 3, 3], dtype=np.int8)
    model = Lattice(np.union1d(states, [0, 1]), owner, np.zeros(10, dtype=np.int8), 4)
    ranks = np.random.default_rng(6).permutation(4 * len(model)).reshape(4, -1).astype(np.int32)
    ranks[0] = model.states + 1
    agrees(model, ranks)
    full = Lattice(np.arange(1 << 10), owner, np.zeros(10, dtype=np.int8), 4)
    bits = np.arange(1 << 10)
    averse = np.stack([bits & 1, bits >> 1, bits >> 4, bits >> 7]).astype(np.int32)
    found = stable(full, averse, concepts=("sim",))["sim"]
    assert found[0].tolist() == [bool(n & 1) for n in bits]


def test_simultaneous_answers_beyond_count_are_refused():
    model = Lattice(np.arange(64), np.arange(6, dtype=np.int8) % 3, np.zeros(6, dtype=np.int8), 3)
    ranks = np.random.default_rng(1).integers(0, 64, (3, 64), dtype=np.int32)
    moves, orbit = orbits.orbits_of(model), np.empty((3, 64), dtype=np.int32)
    first, tied = np.empty_like(orbit), np.empty_like(orbit)
    keys = np.empty(moves.longest, dtype=np.int64)
    for party in range(3):
        orbits.sort_orbits(moves.entries[party], ranks[party], orbit[party], keys, np.empty_like(keys))
        simultaneous.spans(orbit[party], first[party], tied[party])
    out = np.zeros(64, dtype=np.uint8)
    assert simultaneous.simultaneous(0, ranks, moves, orbit, first, tied, out, 1, 1 << 20)
    assert not simultaneous.simultaneous(0, ranks, moves, orbit, first, tied, out, 1, 5)
    with (
        patch.object(stability, "_judge_one", return_value=False),
        pytest.raises(ValueError, match="64 states take more than"),
    ):
        stable(model, ranks, concepts=("sim",), threads=1)
