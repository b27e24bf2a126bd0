"""Paths: hand-made conflicts, and legal sequences written out one by one in random ones."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zopa.methods.graph_model import Graph, Lattice, graph_of, graph_of_pairs
from zopa.methods.paths import (
    Path,
    Walk,
    gateways,
    improvement_gateways,
    improvement_reach,
    improvement_steps,
    improvements,
    layers,
    movers_gain,
    needed,
    reach,
    shortest_paths,
    steps_improve,
    walk,
)

# -- written out ---------------------------------------------------------------------------------------------------


def arcs(graph: Graph) -> list[tuple[int, int, int]]:
    return [
        (i, s, int(q)) for i in range(graph.parties) for s in range(len(graph)) for q in graph.moves(i, s)
    ]


def sequences(graph: Graph, start: int, most: int, *, avoid=(), only=None) -> Iterator[Path]:
    """Every legal path of at most so many moves, as definitions have it."""
    moves = [m for m in arcs(graph) if m[2] not in avoid and (only is None or m in only)]
    layer = [Path((), (start,))]
    for _ in range(most + 1):
        yield from layer
        layer = [
            Path((*p.movers, i), (*p.states, q))
            for p in layer
            for i, s, q in moves
            if s == p.states[-1] and (not p.movers or p.movers[-1] != i)
        ]


def simple_paths(graph: Graph, start: int, end: int) -> Iterator[Path]:
    """Every legal path that comes by no pair of state and last mover twice: any other contains one of these."""
    moves = arcs(graph)
    waiting = [Path((), (start,))]
    while waiting:
        p = waiting.pop()
        if p.movers and p.states[-1] == end:
            yield p
            continue
        been = set(zip(p.movers, p.states[1:], strict=True))
        waiting += [
            Path((*p.movers, i), (*p.states, q))
            for i, s, q in moves
            if s == p.states[-1] and (not p.movers or p.movers[-1] != i) and (i, q) not in been
        ]


def improving_arcs(graph: Graph, ranks) -> set[tuple[int, int, int]]:
    return {(i, s, q) for i, s, q in arcs(graph) if ranks[i, q] > ranks[i, s]}


@st.composite
def graphs(draw, *, states=6, parties=3):
    """Few moves, in no way transitive; some belong to several parties."""
    n, size = draw(st.integers(1, parties)), draw(st.integers(2, states))
    pair = st.tuples(st.integers(0, size - 1), st.integers(0, size - 1))
    moves = [draw(st.lists(pair, max_size=size + 1)) for _ in range(n)]
    return graph_of_pairs(size, [np.array(m, dtype=np.int64).reshape(-1, 2) for m in moves])


@st.composite
def lattices(draw):
    """Two or three parties, infeasible combinations, one-way options."""
    parties, options = draw(st.integers(2, 3)), draw(st.integers(2, 4))
    owner = np.array(
        draw(st.lists(st.integers(0, parties - 1), min_size=options, max_size=options)), dtype=np.int8
    )
    one_way = np.array(
        draw(st.lists(st.sampled_from([-1, 0, 0, 1]), min_size=options, max_size=options)), dtype=np.int8
    )
    feasible = draw(st.sets(st.integers(0, 2**options - 1), min_size=2))
    return Lattice(np.array(sorted(feasible), dtype=np.int64), owner, one_way, parties)


def drawn_ranks(graph: Graph, seed: int, draws: int = 4):
    return np.random.default_rng(seed).integers(0, 4, (draws, graph.parties, len(graph))).astype(np.int32)


ENOUGH = 8
"""Moves beyond which nothing new turns up in the graphs above, or is not asked."""

# -- a conflict to be followed by hand -----------------------------------------------------------------------------

# Two parties. 0 → 1 (A), 1 → 2 (B), 2 → 3 (A); round about 0 → 4 (B), 4 → 2 (A), and A's 1 → 3 that A may make only
# where B has come to 1 last: B's 5 → 1, after A's 0 → 5.
HAND = graph_of_pairs(
    6, [np.array([[0, 1], [2, 3], [4, 2], [1, 3], [0, 5]]), np.array([[1, 2], [0, 4], [5, 1]])]
)


def only(*states: int, size: int = 6):
    out = np.zeros(size, dtype=np.bool_)
    out[list(states)] = True
    return out


def test_nobody_moves_twice_in_succession():
    found = reach(HAND, 0)
    assert found.fewest.tolist() == [0, 1, 2, 3, 1, 1]
    # A came to 1 itself with the first move; so it cannot go on to 3. After 0 → 5 and B's 5 → 1 it can.
    ways = shortest_paths(HAND, 0, only(3))
    assert ways.moves == 3
    assert ways.paths == (Path((0, 1, 0), (0, 1, 2, 3)), Path((0, 1, 0), (0, 5, 1, 3)))
    assert ways.count == 2
    assert shortest_paths(HAND, 0, only(3), most=1) == type(ways)(3, ways.paths[:1], 2)


def test_a_party_that_is_to_move_next_has_not_moved_last():
    found = shortest_paths(HAND, 0, only(2), not_last=1)
    assert found.moves == 2
    assert found.paths == (Path((1, 0), (0, 4, 2)),)
    assert shortest_paths(HAND, 0, only(3), not_last=0).moves is None
    assert shortest_paths(HAND, 0, only(0), not_last=0).paths == (Path((), (0,)),)


def test_a_path_may_come_through_a_state_twice():
    """A's move from 1 is open only once B has come back to 1 from 2: over 1, 2 and 1 again."""
    graph = graph_of_pairs(4, [np.array([[0, 1], [1, 3]]), np.array([[1, 2]]), np.array([[2, 1]])])
    assert shortest_paths(graph, 0, only(3, size=4)).paths == (Path((0, 1, 2, 0), (0, 1, 2, 1, 3)),)
    assert reach(graph, 0).fewest.tolist() == [0, 1, 2, 4]
    assert gateways(graph, 0, only(3, size=4)).tolist() == [False, True, True, False]


def test_gateways_and_needed_parties_by_hand():
    # To 3 over 1 and 2, over 5 and 1, or over 4 and 2 (from where A, that has just moved, cannot go on): always over 1.
    assert gateways(HAND, 0, only(3)).tolist() == [False, True, False, False, False, False]
    assert needed(HAND, 0, only(3)).tolist() == [True, True]
    assert gateways(HAND, 0, only(3), avoid=only(1)).tolist() == [False] * 6
    assert not gateways(HAND, 3, only(0)).any()
    assert not needed(HAND, 3, only(0)).any()
    assert not gateways(HAND, 0, only(0, 3)).any()
    assert not needed(HAND, 0, only(0, 3)).any()


def test_layers_by_hand():
    found = layers(HAND, 0, most=3)
    assert [np.flatnonzero(row).tolist() for row in found] == [[0], [1, 4, 5], [1, 2], [3]]
    at_most = np.logical_or.accumulate(found, axis=0)
    assert np.flatnonzero(at_most[2]).tolist() == [0, 1, 2, 4, 5]


def test_an_improvement_is_one_for_its_mover_where_it_is_made():
    ranks = np.array([[[0, 1, 5, 6, 0, 0], [5, 3, 4, 0, 6, 1]]], dtype=np.int32)
    assert improvement_steps(HAND, ranks, 0).tolist() == [[0, 1, 2, 3, 1, -1]]
    assert improvement_reach(HAND, ranks, 0).tolist() == [[True, True, True, True, True, False]]
    path = shortest_paths(HAND, 0, only(3), allowed=improvements(HAND, ranks[0])).paths[0]
    assert path.states == (0, 1, 2, 3)
    assert steps_improve(ranks, path).tolist() == [[True, True, True]]
    # B improves on 1 by moving to 2, and yet ends worse off than it began.
    assert movers_gain(ranks, path).tolist() == [False]
    assert movers_gain(ranks, Path((0,), (0, 1))).tolist() == [True]
    assert improvement_gateways(HAND, ranks, 0, only(3)).tolist() == [
        [False, True, True, False, False, False]
    ]


def test_states_to_avoid_are_never_entered():
    ranks = np.array([[[0, 1, 5, 6, 0, 0], [5, 3, 4, 0, 6, 1]]], dtype=np.int32)
    assert improvement_steps(HAND, ranks, 0, avoid=only(1)).tolist() == [[0, -1, 2, -1, 1, -1]]
    assert reach(HAND, 0, avoid=only(1)).fewest.tolist() == [0, -1, 2, -1, 1, 1]


def test_wrong_arguments_are_named():
    with pytest.raises(ValueError, match="start is 6"):
        reach(HAND, 6)
    with pytest.raises(ValueError, match="2 and 6"):
        improvement_steps(HAND, np.zeros((3, 6, 2), dtype=np.int32), 0)


# -- against everything written out --------------------------------------------------------------------------------


def check_against_sequences(graph: Graph, start: int, targets, avoid: set[int]) -> None:
    shut = np.zeros(len(graph), dtype=np.bool_)
    shut[list(avoid)] = True
    written = list(sequences(graph, start, ENOUGH, avoid=avoid))
    found = reach(graph, start, avoid=shut)
    fewest = [min((len(p) for p in written if p.states[-1] == s), default=-1) for s in range(len(graph))]
    assert [h if h <= ENOUGH else -1 for h in found.fewest] == fewest
    exactly = layers(graph, start, most=4, avoid=shut)
    for h in range(5):
        assert set(np.flatnonzero(exactly[h])) == {p.states[-1] for p in written if len(p) == h}
    ends = [p for p in written if targets[p.states[-1]]]
    ways = shortest_paths(graph, start, targets, avoid=shut)
    least = min((len(p) for p in ends), default=None)
    if ways.moves is not None and ways.moves > ENOUGH:
        return
    assert ways.moves == least
    expected = sorted(
        (p for p in ends if len(p) == least), key=lambda p: list(zip(p.movers, p.states[1:], strict=True))
    )
    assert ways.count == len(expected)
    assert list(ways.paths) == expected[:50]


@settings(max_examples=60, deadline=None)
@given(graphs(), st.data())
def test_reach_layers_and_shortest_paths_are_those_written_out(graph, data):
    size = len(graph)
    start = data.draw(st.integers(0, size - 1))
    targets = np.array(data.draw(st.lists(st.booleans(), min_size=size, max_size=size)))
    avoid = data.draw(st.sets(st.integers(0, size - 1), max_size=2)) - {start}
    check_against_sequences(graph, start, targets, avoid)


@settings(max_examples=25, deadline=None)
@given(lattices(), st.data())
def test_the_same_in_option_form(lattice, data):
    graph = graph_of(lattice)
    start = data.draw(st.integers(0, len(graph) - 1))
    targets = np.zeros(len(graph), dtype=np.bool_)
    targets[data.draw(st.integers(0, len(graph) - 1))] = True
    found, ways = reach(graph, start), shortest_paths(graph, start, targets)
    # Moves of one party compose: within four moves everything of two or three parties can be tried.
    written = list(sequences(graph, start, 4))
    for s in range(len(graph)):
        least = min((len(p) for p in written if p.states[-1] == s), default=-1)
        assert found.fewest[s] == least or (least == -1 and found.fewest[s] > 4)
    shortest = [p for p in written if targets[p.states[-1]] and len(p) == ways.moves]
    if ways.moves is not None and ways.moves <= 4:
        assert set(ways.paths) == set(shortest[:50]) or ways.count > 50
        assert ways.count == len(shortest)


@settings(max_examples=60, deadline=None)
@given(graphs(states=4), st.data())
def test_a_gateway_is_on_every_legal_path_and_nothing_else_is(graph, data):
    size = len(graph)
    start = data.draw(st.integers(0, size - 1))
    end = data.draw(st.integers(0, size - 1).filter(lambda s: s != start))
    written = list(simple_paths(graph, start, end))
    states, movers = set(range(size)) if written else set(), set(range(graph.parties)) if written else set()
    for p in written:
        states &= set(p.states)
        movers &= set(p.movers)
    targets = only(end, size=size)
    assert set(np.flatnonzero(gateways(graph, start, targets))) == states - {start, end}
    assert set(np.flatnonzero(needed(graph, start, targets))) == movers


@settings(max_examples=60, deadline=None)
@given(graphs(states=5), st.integers(0, 10_000), st.data())
def test_over_draws_it_is_draw_by_draw_what_it_is_alone(graph, seed, data):
    size = len(graph)
    start = data.draw(st.integers(0, size - 1))
    targets = np.array(data.draw(st.lists(st.booleans(), min_size=size, max_size=size)))
    ranks = drawn_ranks(graph, seed)
    steps = improvement_steps(graph, ranks, start)
    cuts = improvement_gateways(graph, ranks, start, targets)
    for d, own in enumerate(ranks):
        allowed = improvements(graph, own)
        better = improving_arcs(graph, own)
        listed = [m for m, a in zip(arcs(graph), allowed, strict=True) if a]
        assert set(listed) == better
        assert steps[d].tolist() == reach(graph, start, allowed=allowed).fewest.tolist()
        written = {p.states[-1] for p in sequences(graph, start, ENOUGH, only=better)}
        assert written <= set(np.flatnonzero(steps[d] >= 0))
        assert set(np.flatnonzero((steps[d] >= 0) & (steps[d] <= ENOUGH))) == written
        assert cuts[d].tolist() == gateways(graph, start, targets, allowed=allowed).tolist()
        for path in shortest_paths(graph, start, targets, allowed=allowed).paths:
            assert steps_improve(ranks, path)[d].all()


def test_the_number_of_threads_changes_nothing():
    rng = np.random.default_rng(3)
    graph = graph_of_pairs(30, [rng.integers(0, 30, (80, 2)) for _ in range(4)])
    ranks = rng.integers(0, 10, (101, 4, 30)).astype(np.int32)
    one, three = (improvement_steps(graph, ranks, 0, threads=t) for t in (1, 3))
    assert (one == three).all()
    targets = only(7, 8, 9, size=30)
    one, three = (improvement_gateways(graph, ranks, 0, targets, threads=t) for t in (1, 3))
    assert (one == three).all()


@settings(max_examples=30, deadline=None)
@given(graphs(), st.integers(0, 1000))
def test_other_numbers_in_the_same_order_change_nothing(graph, seed):
    ranks = drawn_ranks(graph, seed)
    stretched = (ranks**3 * 7 - 11).astype(np.int32)
    assert (improvement_steps(graph, ranks, 0) == improvement_steps(graph, stretched, 0)).all()


@settings(max_examples=30, deadline=None)
@given(graphs(), st.integers(0, 1000))
def test_other_names_for_the_states_change_only_the_names(graph, seed):
    order = np.random.default_rng(seed).permutation(len(graph))
    place = np.argsort(order)
    moved = [
        np.array([[place[s], place[q]] for i, s, q in arcs(graph) if i == party], dtype=np.int64).reshape(
            -1, 2
        )
        for party in range(graph.parties)
    ]
    ranks = drawn_ranks(graph, seed)
    other = improvement_steps(graph_of_pairs(len(graph), moved), ranks[:, :, order], int(place[0]))
    assert (other == improvement_steps(graph, ranks, 0)[:, order]).all()


def test_many_paths_are_counted_and_a_few_told():
    """Two parties take turns over eleven stages of three states: 3¹⁰ paths to any one state of the last stage."""
    stages = 11
    moves: list[list[list[int]]] = [[], []]
    for k in range(stages):
        sources = [0] if k == 0 else [1 + 3 * (k - 1) + a for a in range(3)]
        moves[k % 2] += [[s, 1 + 3 * k + b] for s in sources for b in range(3)]
    graph = graph_of_pairs(1 + 3 * stages, [np.array(m) for m in moves])
    found = shortest_paths(graph, 0, only(3 * stages, size=1 + 3 * stages), most=4)
    assert found.count == 3 ** (stages - 1)
    assert len(found.paths) == 4
    assert found.paths[0].states[:3] == (0, 1, 4)


# -- what was done -------------------------------------------------------------------------------------------------

# Options 0 and 1 of A, 2 of B; 1 is one-way on; 0 and 2 exclude each other.
OPTIONS = Lattice(
    np.array([0, 1, 2, 3, 4, 6]), np.array([0, 0, 1], dtype=np.int8), np.array([0, 1, 0], dtype=np.int8), 2
)


def test_recorded_moves_are_a_walk_on_the_graph():
    moves = [(0, {0: True}), (0, {1: True}), (1, {2: False}), (0, {0: False}), (1, {2: True})]
    assert walk(OPTIONS, 0, moves) == Walk((0, 1, 3, 3, 2, 5), None)
    graph = graph_of(OPTIONS)
    assert walk(graph, 0, [(0, 1), (0, 3), (0, 2), (1, 5)]) == Walk((0, 1, 3, 2, 5), None)


@pytest.mark.parametrize(
    ("moves", "told"),
    [
        ([(0, {0: True}), (1, {2: True})], Walk((0, 1), 1)),  # infeasible
        ([(0, {1: True}), (0, {1: False})], Walk((0, 2), 1)),  # one-way
        ([(1, {0: True})], Walk((0,), 0)),  # not its own
    ],
)
def test_a_record_that_the_graph_does_not_allow_says_where(moves, told):
    assert walk(OPTIONS, 0, moves) == told


def test_a_state_to_which_no_move_leads_breaks_a_record():
    assert walk(graph_of(OPTIONS), 0, [(0, 1), (1, 4)]) == Walk((0, 1), 1)
    assert walk(OPTIONS, 0, [(0, 1), (1, 4)]) == Walk((0, 1), 1)


def test_options_are_asked_of_a_lattice_only():
    with pytest.raises(ValueError, match="no options"):
        walk(HAND, 0, [(0, {0: True})])


@settings(max_examples=40, deadline=None)
@given(lattices(), st.data())
def test_a_walk_by_options_is_a_walk_by_moves(lattice, data):
    graph = graph_of(lattice)
    state, steps = 0, []
    for _ in range(4):
        party = data.draw(st.integers(0, lattice.parties - 1))
        moves = graph.moves(party, state)
        if len(moves):
            to = int(data.draw(st.sampled_from(moves.tolist())))
            before, after = int(lattice.states[state]), int(lattice.states[to])
            change = {o: bool(after >> o & 1) for o in range(lattice.options) if (before ^ after) >> o & 1}
            steps.append((party, change, to))
            state = to
    states = (0, *(to for _, _, to in steps))
    assert walk(lattice, 0, [(p, c) for p, c, _ in steps]) == Walk(states, None)
    assert walk(graph, 0, [(p, to) for p, _, to in steps]) == Walk(states, None)
    for (a, b), (party, _, _) in zip(pairwise(states), steps, strict=True):
        assert b in graph.moves(party, a)
