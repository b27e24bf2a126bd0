"""Slides into violence: a conflict followed by hand, and the definitions read out state by state in random ones."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zopa.methods.graph_model import Graph, Lattice, graph_of, graph_of_pairs
from zopa.methods.paths import Path
from zopa.methods.slides import Slide, exits, in_order, slides, sliding, stops, tempted

# -- by hand -------------------------------------------------------------------------------------------------------

# Options: 0 the striker's blow, 1 the other side's rebuilding, 2 a third party's guarantee, which rules the blow out.
# States by options taken: 0 nothing, 1 blow, 2 rebuilding, 3 blow and rebuilding, 4 guarantee, 5 rebuilding under it.
CRISIS = Lattice(
    np.array([0, 1, 2, 3, 4, 6]), np.array([0, 1, 2], dtype=np.int8), np.array([1, 0, 0], dtype=np.int8), 3
)
GRAPH = graph_of(CRISIS)
VIOLENT = CRISIS.taken(0)
# The striker answers rebuilding and would else rather not strike; the other side would rebuild; the third party would
# rather see neither, yet give its guarantee only where there is a blow to fear.
RANKS = np.array([[[5, 1, 2, 3, 4, 0], [1, 0, 3, 2, 4, 5], [4, 0, 2, 1, 3, 5]]], dtype=np.int32)


def test_every_way_into_the_blow_by_hand():
    found = slides(GRAPH, VIOLENT, 0)
    assert found.count == 2
    assert found.found == (
        Slide(Path((), (0,)), 0, (1,)),
        Slide(Path((1,), (0, 2)), 0, (3,)),
    )
    # From "nothing" the third party can rule the blow out by its guarantee; once the other side rebuilds, it still can,
    # and the other side can go back on its step, which takes nothing away: the blow is open from "nothing" too.
    tempts = tempted(GRAPH, VIOLENT)
    assert tempts[0].tolist() == [[True, False, True, False, False, False], [False] * 6, [False] * 6]
    leaves = exits(GRAPH, VIOLENT, tempts)
    assert leaves[0, 0].tolist() == [0b100, 0, 0b100, 0, 0, 0]
    assert [stops(s, tempts, leaves).last.tolist() for s in found.found] == [[0], [1]]


def test_what_tempts_and_who_can_stop_it_under_rankings():
    tempts = tempted(GRAPH, VIOLENT, RANKS)
    assert tempts[0, 0].tolist() == [False, False, True, False, False, False]
    leaves = exits(GRAPH, VIOLENT, tempts)
    assert leaves[0, 0].tolist() == [0, 0, 0b110, 0, 0, 0]
    at_once, after_rebuilding = (stops(s, tempts, leaves) for s in slides(GRAPH, VIOLENT, 0).found)
    assert at_once.tempts.tolist() == [False]
    assert after_rebuilding.tempts.tolist() == [True]
    # At the start the other side can leave its step undone; afterwards it can go back on it, or the third party vouch.
    assert after_rebuilding.who.tolist() == [[0b010, 0b110]]
    assert (after_rebuilding.first.tolist(), after_rebuilding.last.tolist()) == ([0], [1])
    assert after_rebuilding.open().tolist() == [1, 1]
    assert after_rebuilding.parties(3).tolist() == [[0, 1, 0], [0, 1, 1]]
    # It would rather rebuild than not, so it is the third party alone that would take an exit of its own accord.
    freely = exits(GRAPH, VIOLENT, tempts, willing=RANKS)
    assert freely[0, 0].tolist() == [0, 0, 0b100, 0, 0, 0]
    slide = slides(GRAPH, VIOLENT, 0).found[1]
    assert stops(slide, tempts, freely, willing=RANKS).who.tolist() == [[0, 0b100]]
    assert sliding(GRAPH, VIOLENT, RANKS, 0).tolist() == [[True, False, False]]


def test_a_slide_that_nobody_else_can_stop():
    """One party, that talks itself into its own blow."""
    graph = graph_of_pairs(3, [np.array([[1, 2]]), np.array([[0, 1]])])
    violent = np.array([False, False, True])
    (slide,) = slides(graph, violent, 0).found
    ranks = np.array([[[0, 0, 1], [0, 1, 0]], [[0, 2, 1], [0, 1, 0]]], dtype=np.int32)
    tempts = tempted(graph, violent, ranks)
    made = stops(slide, tempts, exits(graph, violent, tempts))
    assert made.tempts.tolist() == [True, False]
    assert made.last.tolist() == [
        0,
        0,
    ]  # the other party can leave its step undone; after that there is no exit
    assert made.open().tolist() == [1, 0]
    (alone,) = slides(graph, violent, 1).found
    none = stops(alone, tempts, exits(graph, violent, tempts))
    assert (none.first.tolist(), none.last.tolist()) == ([-1, -1], [-1, -1])
    assert none.open().tolist() == [0]


def test_an_exit_that_tempts_somebody_else_is_none():
    """From 0 party 1 can move to 2, where party 0 is calm but party 2 would strike."""
    moves = [np.array([[0, 1]]), np.array([[0, 2]]), np.array([[2, 1]])]
    graph = graph_of_pairs(3, moves)
    violent = np.array([False, True, False])
    tempts = tempted(graph, violent)
    assert exits(graph, violent, tempts)[0, 0].tolist() == [0, 0, 0]
    calm = tempted(graph, violent, np.array([[[0, 1, 0], [0, 0, 0], [0, 0, 1]]], dtype=np.int32))
    assert exits(graph, violent, calm)[0, 0].tolist() == [0b010, 0, 0]


def test_the_one_that_moved_last_does_not_strike_in_the_same_breath():
    graph = graph_of_pairs(3, [np.array([[0, 1], [1, 2]]), np.zeros((0, 2))])
    violent = np.array([False, False, True])
    assert slides(graph, violent, 0).found == ()
    assert not sliding(graph, violent, np.array([[[0, 1, 2], [0, 0, 0]]], dtype=np.int32), 0).any()


def test_in_option_form_no_detour_stands_between_a_party_and_its_own_blow():
    """Parties 0 and 1 with an option each, and the blow of party 0: it takes up its option, 1 stirs, it strikes."""
    both = Lattice(np.arange(8), np.array([0, 0, 1], dtype=np.int8), np.array([0, 1, 0], dtype=np.int8), 2)
    graph, violent = graph_of(both), both.taken(1)
    every, plain = slides(graph, violent, 0), slides(graph, violent, 0, composed=True)
    # To "its option alone", and 1 having moved last: 1 moves, 0 takes it up, 1 moves back.
    assert [slide.way.states for slide in plain.found] == [(0,), (0, 4), (0, 1, 5)]
    assert [slide.way.states for slide in every.found] == [(0,), (0, 4), (0, 1, 5), (0, 4, 5, 1)]


def test_force_that_only_takes_back_a_concession_in_the_same_breath_is_not_the_best_move():
    """Options of the striker: a concession, which excludes the blow, and the blow; it would rather have neither."""
    table = Lattice(np.array([0, 1, 2]), np.array([0, 0], dtype=np.int8), np.array([0, 1], dtype=np.int8), 2)
    graph, violent = graph_of(table), table.taken(1)
    ranks = np.array([[[2, 0, 1], [0, 1, 0]], [[1, 0, 2], [0, 1, 0]]], dtype=np.int32)
    assert tempted(graph, violent, ranks)[:, 0].tolist() == [[False, True, False], [True, True, False]]
    assert tempted(graph, violent, ranks, best=True)[:, 0].tolist() == [[False] * 3, [True, True, False]]


def test_slides_are_told_in_the_order_in_which_the_chance_to_stop_them_runs_out():
    found = [
        Slide(Path((1,), (0, 3)), 0, (9,)),
        Slide(Path((), (0,)), 2, (9,)),
        Slide(Path((1, 2), (0, 4, 5)), 0, (9,)),
        Slide(Path((), (0,)), 0, (9,)),
    ]
    assert in_order(found, [1, 0, -1, 0]) == (2, 3, 1, 0)


def test_a_status_quo_in_violence_and_too_many_parties_are_refused():
    with pytest.raises(ValueError, match="violent already"):
        slides(GRAPH, VIOLENT, 1)
    many = graph_of_pairs(2, [np.array([[0, 1]])] * 9)
    with pytest.raises(ValueError, match="9 parties"):
        exits(many, np.array([False, True]), np.zeros((1, 9, 2), dtype=np.bool_))


# -- against the definitions, read out ---------------------------------------------------------------------------------


@st.composite
def crises(draw):
    """A random graph of moves in no way transitive, its violent states, and rankings with ties."""
    n, size = draw(st.integers(2, 3)), draw(st.integers(3, 6))
    pair = st.tuples(st.integers(0, size - 1), st.integers(0, size - 1))
    moves = [draw(st.lists(pair, max_size=size + 2)) for _ in range(n)]
    graph = graph_of_pairs(size, [np.array(m, dtype=np.int64).reshape(-1, 2) for m in moves])
    violent = np.zeros(size, dtype=np.bool_)
    violent[list(draw(st.sets(st.integers(1, size - 1), min_size=1, max_size=3)))] = True
    seed = draw(st.integers(0, 10_000))
    ranks = np.random.default_rng(seed).integers(0, 4, (3, n, size)).astype(np.int32)
    return graph, violent, ranks


def targets(graph: Graph, party: int, state: int) -> list[int]:
    return [int(q) for q in graph.moves(party, state)]


MOST = 9
"""Moves up to which ways are written out."""


def ways(graph: Graph, violent, u=None) -> list[Path]:
    """Every legal path from state 0 that enters no violence and comes by no pair of state and last mover twice; under
    rankings ``u``, of improvements only, whatever its length."""
    out, waiting = [], [Path((), (0,))]
    while waiting:
        p = waiting.pop()
        out.append(p)
        been = set(zip(p.movers, p.states[1:], strict=True))
        waiting += [
            Path((*p.movers, i), (*p.states, q))
            for i in range(graph.parties)
            if (not p.movers or p.movers[-1] != i) and (u is not None or len(p) < MOST)
            for q in targets(graph, i, p.states[-1])
            if not violent[q] and (i, q) not in been and (u is None or u[i][q] > u[i][p.states[-1]])
        ]
    return out


def is_tempted(graph: Graph, violent, u, party: int, state: int, best: bool = False) -> bool:
    moves = [state, *targets(graph, party, state)]
    calm = max(u[party][q] for q in (moves if best else [state]) if not violent[q] or q == state)
    return not violent[state] and any(violent[q] and u[party][q] > calm for q in moves)


def who_can_stop(graph: Graph, violent, u, slide: Slide, h: int, willing: bool, best: bool) -> set[int]:
    i, t = slide.striker, slide.way.states[h]
    if not is_tempted(graph, violent, u, i, t, best):
        if h == len(slide.way) or slide.way.movers[h] == i:
            return set()
        j, q = slide.way.movers[h], slide.way.states[h + 1]
        return set() if willing and u[j][q] > u[j][t] else {j}
    out = set()
    for j in set(range(graph.parties)) - {i}:
        for q in targets(graph, j, t):
            calm = not violent[q] and not is_tempted(graph, violent, u, i, q, best)
            nobody_new = all(
                is_tempted(graph, violent, u, k, t, best) or not is_tempted(graph, violent, u, k, q, best)
                for k in range(graph.parties)
            )
            if calm and nobody_new and (u[j][q] > u[j][t] or not willing):
                out.add(j)
    return out


@settings(max_examples=80, deadline=None)
@given(crises())
def test_slides_are_all_shortest_ways_to_a_party_that_can_strike(crisis):
    graph, violent, _ = crisis
    written = ways(graph, violent)
    expected = []
    for i in range(graph.parties):
        for s in np.flatnonzero(~violent).tolist():
            entered = tuple(q for q in targets(graph, i, s) if violent[q])
            here = [p for p in written if p.states[-1] == s and p.movers[-1:] != (i,)]
            least = min((len(p) for p in here), default=0)
            if entered:
                expected += [Slide(p, i, entered) for p in here if len(p) == least]
    found = slides(graph, violent, 0)
    assert {slide for slide in found.found if len(slide.way) <= MOST} == set(expected)
    assert (found.count, found.beyond) == (len(found.found), 0)
    few = slides(graph, violent, 0, nearest=2)
    pairs = {(len(slide.way), slide.striker, slide.before) for slide in found.found}
    assert {(len(slide.way), slide.striker, slide.before) for slide in few.found} == set(sorted(pairs)[:2])
    assert few.beyond == max(0, len(pairs) - 2)


@settings(max_examples=80, deadline=None)
@given(crises(), st.booleans(), st.booleans())
def test_where_and_by_whom_a_slide_can_be_stopped_is_as_defined(crisis, willing, best):
    graph, violent, ranks = crisis
    tempts = tempted(graph, violent, ranks, best=best)
    leaves = exits(graph, violent, tempts, willing=ranks if willing else None)
    for slide in slides(graph, violent, 0).found:
        made = stops(slide, tempts, leaves, willing=ranks if willing else None)
        for d, u in enumerate(ranks):
            assert made.tempts[d] == is_tempted(graph, violent, u, slide.striker, slide.before, best)
            who = [
                who_can_stop(graph, violent, u, slide, h, willing, best) for h in range(len(slide.way) + 1)
            ]
            assert [{j for j in range(8) if bits >> j & 1} for bits in made.who[d]] == who
            at = [h for h, parties in enumerate(who) if parties]
            assert (made.first[d], made.last[d]) == ((at[0], at[-1]) if at else (-1, -1))


@settings(max_examples=60, deadline=None)
@given(crises(), st.booleans())
def test_sliding_by_improvements_is_some_path_of_improvements_to_a_tempted_party(crisis, best):
    graph, violent, ranks = crisis
    found = sliding(graph, violent, ranks, 0, best=best)
    for d, u in enumerate(ranks):
        better = ways(graph, violent, u)
        for i in range(graph.parties):
            assert found[d, i] == any(
                p.movers[-1:] != (i,) and is_tempted(graph, violent, u, i, p.states[-1], best) for p in better
            )


@settings(max_examples=30, deadline=None)
@given(crises())
def test_without_rankings_whoever_can_strike_is_tempted(crisis):
    graph, violent, ranks = crisis
    can = tempted(graph, violent)
    assert not (tempted(graph, violent, ranks) & ~can).any()
    for i in range(graph.parties):
        for s in range(len(graph)):
            assert can[0, i, s] == (not violent[s] and any(violent[q] for q in targets(graph, i, s)))


def test_the_number_of_threads_changes_nothing():
    rng = np.random.default_rng(5)
    graph = graph_of_pairs(25, [rng.integers(0, 25, (70, 2)) for _ in range(4)])
    violent = np.arange(25) > 18
    ranks = rng.integers(0, 10, (101, 4, 25)).astype(np.int32)
    answers = []
    for threads in (1, 3):
        tempts = tempted(graph, violent, ranks, threads=threads)
        leaves = exits(graph, violent, tempts, willing=ranks, threads=threads)
        answers.append((tempts, leaves, sliding(graph, violent, ranks, 0, threads=threads)))
    assert all((a == b).all() for a, b in zip(*answers, strict=True))
