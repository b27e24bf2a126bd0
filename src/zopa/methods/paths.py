"""Where a conflict can go from its status quo: by moves, by improvements only, over which states, and who moves.

Li, Kilgour and Hipel (2005), Status quo analysis in the graph model for conflict resolution, *Journal of the
Operational Research Society* 56(6), 699–707. A *legal path* is a chain of moves in which no party moves twice in
succession; it is a *path of improvements* where every move improves its mover's position on the state in which it is
made (Fang, Hipel and Kilgour 1993). Searched breadth first over (state, party that moved last), so that everything is
exact where moves do not compose: such a path may come through one state twice, by the moves of different parties.

``avoid`` (S,) names states that no path may enter; ``allowed`` (moves,) picks some of the graph's moves, in the order
of ``Graph.targets``. ``single`` pairs of states overrule the rankings, and may make preferences intransitive. Where
parties do not see every state, ask of ``seen.seen_graph``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from zopa.methods.acceptance import in_threads
from zopa.methods.coalitions import NO_PAIRS, Single
from zopa.methods.graph_model import Bool, Graph, Index, Lattice
from zopa.methods.path_search import (
    NOBODY,
    Parties,
    Ranks,
    Steps,
    gateways_all,
    improving,
    search,
    search_all,
    spread,
)

MOST_PATHS = 50
"""Paths told one by one at most; further ones are counted."""
MOST_PARTIES = 8
"""Parties whose set fits the bits of one byte."""


@dataclass(frozen=True, slots=True)
class Path:
    """A chain of moves: ``states`` from the first to the last, ``movers`` of the moves between them."""

    movers: tuple[int, ...]
    states: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.movers)


@dataclass(frozen=True, eq=False)
class Reach:
    """How far every state is from ``start``: ``by`` (parties, S) fewest moves of a legal path that a move of that
    party ends, −1 where there is none."""

    start: int
    by: Steps

    @cached_property
    def fewest(self) -> Steps:
        """(S,) fewest moves of a legal path to each state, 0 at the start, −1 where there is none."""
        far = np.iinfo(np.int32).max
        least = np.where(self.by < 0, far, self.by).min(axis=0)
        least[self.start] = 0
        return np.where(least == far, np.int32(NOBODY), least)

    @property
    def reached(self) -> Bool:
        """(S,) the states that some legal path leads to, the start among them."""
        return np.asarray(self.fewest >= 0)


@dataclass(frozen=True, slots=True)
class Shortest:
    """All legal paths of the fewest ``moves`` (None: there is none); ``paths`` the first of them by movers and states,
    ``count`` how many there are."""

    moves: int | None
    paths: tuple[Path, ...]
    count: int


def improvements(graph: Graph, ranks: Ranks, *, single: Single = NO_PAIRS) -> Bool:
    """(moves,) which moves improve their mover's position; ``ranks`` (parties, S), larger is better."""
    pairs, on = overruled(graph, ranks[None], single)
    out = np.empty(len(graph.targets), dtype=np.bool_)
    improving(graph.starts, graph.targets, np.ascontiguousarray(ranks), pairs, on[0], out)
    return out


def reach(graph: Graph, start: int, *, allowed: Bool | None = None, avoid: Bool | None = None) -> Reach:
    """Fewest moves from ``start`` to every state along legal paths."""
    allowed, closed = _given(graph, start, allowed, avoid)
    by = np.empty((graph.parties, len(graph)), dtype=np.int32)
    search(graph.starts, graph.targets, allowed, closed, start, by)
    return Reach(start, by)


def layers(
    graph: Graph, start: int, *, most: int, allowed: Bool | None = None, avoid: Bool | None = None
) -> Bool:
    """(most + 1, S) the states in which a legal path of exactly 0, 1, … ``most`` moves can end.

    ``np.logical_or.accumulate`` over axis 0 gives those of at most so many moves.
    """
    allowed, closed = _given(graph, start, allowed, avoid)
    last = np.zeros((most + 1, len(graph)), dtype=np.int64)
    last[0, start] = 1 << graph.parties  # nobody has moved: all may
    spread(graph.starts, graph.targets, allowed, closed, last)
    return np.asarray(last != 0)


def shortest_paths(
    graph: Graph,
    start: int,
    targets: Bool,
    *,
    allowed: Bool | None = None,
    avoid: Bool | None = None,
    not_last: int | None = None,
    most: int = MOST_PATHS,
) -> Shortest:
    """Every shortest legal path from ``start`` into ``targets`` (S,), the first ``most`` of them one by one.

    ``not_last``: a party that must not have made the last move, so that it may make the next.
    """
    if targets[start]:
        return Shortest(0, (Path((), (start,)),)[:most], 1)
    allowed, closed = _given(graph, start, allowed, avoid)
    by = reach(graph, start, allowed=allowed, avoid=closed).by
    ends = [(i, int(s)) for i in range(graph.parties) if i != not_last for s in np.flatnonzero(targets)]
    far = [int(by[end]) for end in ends]
    moves = min((h for h in far if h > 0), default=None)
    if moves is None:
        return Shortest(None, (), 0)
    last = {end for end, h in zip(ends, far, strict=True) if h == moves}
    after = _chains(graph, start, by, allowed, last, moves)
    return Shortest(moves, _told(after, start, last, most), _count(after, start, last))


def gateways(
    graph: Graph, start: int, targets: Bool, *, allowed: Bool | None = None, avoid: Bool | None = None
) -> Bool:
    """(S,) the states between ``start`` and ``targets`` that every legal path runs through; none where there is none.

    Exact: only states of one shortest path can be such, and each is one if the targets are out of reach without it.
    """
    allowed, closed = _given(graph, start, allowed, avoid)
    out = np.zeros(len(graph), dtype=np.bool_)
    found = shortest_paths(graph, start, targets, allowed=allowed, avoid=closed, most=1)
    for state in found.paths[0].states[1:-1] if found.paths else ():
        if state != start:
            without = closed.copy()
            without[state] = True
            out[state] = not reach(graph, start, allowed=allowed, avoid=without).reached[targets].any()
    return out


def needed(
    graph: Graph, start: int, targets: Bool, *, allowed: Bool | None = None, avoid: Bool | None = None
) -> Bool:
    """(parties,) those without whose moves no legal path leads into ``targets``; none where there is no path at all."""
    allowed, closed = _given(graph, start, allowed, avoid)
    out = np.zeros(graph.parties, dtype=np.bool_)
    if not reach(graph, start, allowed=allowed, avoid=closed).reached[targets].any():
        return out
    for party in range(graph.parties):
        others = allowed.copy()
        others[graph.starts[party, 0] : graph.starts[party, -1]] = False
        out[party] = not reach(graph, start, allowed=others, avoid=closed).reached[targets].any()
    return out


# -- over draws ----------------------------------------------------------------------------------------------------


def improvement_steps(
    graph: Graph,
    ranks: Ranks,
    start: int,
    *,
    avoid: Bool | None = None,
    single: Single = NO_PAIRS,
    threads: int | None = None,
) -> NDArray[np.int16]:
    """(draws, S) fewest moves of a path of improvements to each state in each draw, 0 at the start, −1 for none.

    ``ranks`` (draws, parties, S), larger is better. The number of threads changes nothing.
    """
    return _search_all(graph, ranks, start, avoid, single, threads)[0]


def last_movers(
    graph: Graph,
    ranks: Ranks,
    start: int,
    *,
    avoid: Bool | None = None,
    single: Single = NO_PAIRS,
    threads: int | None = None,
) -> Parties:
    """(draws, S) who, as bits, can have made the last move of a path of improvements to each state; for up to eight
    parties (``ValueError``)."""
    if graph.parties > MOST_PARTIES:
        raise ValueError(f"last_movers: {graph.parties} parties, at most {MOST_PARTIES}")
    last = np.zeros((len(ranks), len(graph)), dtype=np.uint8)
    return _search_all(graph, ranks, start, avoid, single, threads, last)[1]


def _search_all(
    graph: Graph,
    ranks: Ranks,
    start: int,
    avoid: Bool | None,
    single: Single,
    threads: int | None,
    last: Parties | None = None,
) -> tuple[NDArray[np.int16], Parties]:
    pairs, on = overruled(graph, ranks, single)
    _, closed = _given(graph, start, None, avoid)
    out = np.empty((len(ranks), len(graph)), dtype=np.int16)
    movers = np.zeros((0, len(graph)), dtype=np.uint8) if last is None else last

    def work(a: int, b: int) -> None:
        search_all(
            graph.starts, graph.targets, ranks[a:b], pairs, on[a:b], closed, start, out[a:b], movers[a:b]
        )

    in_threads(work, len(ranks), threads)
    return out, movers


def improvement_reach(
    graph: Graph,
    ranks: Ranks,
    start: int,
    *,
    avoid: Bool | None = None,
    single: Single = NO_PAIRS,
    threads: int | None = None,
) -> Bool:
    """(draws, S) the states that legal paths of improvements alone lead to in each draw, the start among them."""
    steps = improvement_steps(graph, ranks, start, avoid=avoid, single=single, threads=threads)
    return np.asarray(steps >= 0)


def improvement_gateways(
    graph: Graph,
    ranks: Ranks,
    start: int,
    targets: Bool,
    *,
    avoid: Bool | None = None,
    single: Single = NO_PAIRS,
    threads: int | None = None,
) -> Bool:
    """(draws, S) the states that every path of improvements into ``targets`` runs through, in each draw; see
    ``gateways``."""
    pairs, on = overruled(graph, ranks, single)
    _, closed = _given(graph, start, None, avoid)
    out = np.zeros((len(ranks), len(graph)), dtype=np.bool_)
    if targets[start]:
        return out

    def work(a: int, b: int) -> None:
        gateways_all(
            graph.starts, graph.targets, ranks[a:b], pairs, on[a:b], closed, start, targets, out[a:b]
        )

    in_threads(work, len(ranks), threads)
    return out


def steps_improve(ranks: Ranks, path: Path, *, single: Single = NO_PAIRS, unseen: Bool | None = None) -> Bool:
    """(draws, moves of the path) in which draws each move improves its mover's position; ``ranks`` (draws, parties,
    S). Where all do, it is a path of improvements. ``unseen`` (parties, S) states count as no improvement, nor does a
    move from one."""
    moves = zip(path.movers, path.states, path.states[1:], strict=False)
    made = [liked(ranks, i, s, q, single=single, unseen=unseen) for i, s, q in moves]
    return _columns(made, len(ranks))


def movers_gain(ranks: Ranks, path: Path, *, single: Single = NO_PAIRS, unseen: Bool | None = None) -> Bool:
    """(draws,) in which draws every party that moves on a path prefers its end to its start, whatever it thinks of
    the single moves."""
    first, last = path.states[0], path.states[-1]
    movers = sorted(set(path.movers))
    own = [liked(ranks, i, first, last, single=single, unseen=unseen) for i in movers]
    return np.asarray(_columns(own, len(ranks)).all(axis=1))


def liked(
    ranks: Ranks,
    party: int,
    start: int,
    end: int,
    *,
    single: Single = NO_PAIRS,
    unseen: Bool | None = None,
) -> Bool:
    """(draws,) in which draws a party prefers state ``end`` to ``start``; never where it does not see one of them."""
    if unseen is not None and (unseen[party, start] or unseen[party, end]):
        return np.zeros(len(ranks), dtype=np.bool_)
    out = np.asarray(ranks[:, party, end] > ranks[:, party, start])
    for (own, best, worst), on in zip(single.pairs, single.of(len(ranks))[1].T, strict=True):
        if own == party and {int(best), int(worst)} == {start, end}:
            out = np.where(on, best == end, out)
    return out


def _columns(series: Sequence[Bool], draws: int) -> Bool:
    return np.stack(series, axis=1) if series else np.zeros((draws, 0), dtype=np.bool_)


# -- what was done -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Walk:
    """Moves that were made, as states walked through: ``states`` one more than the moves that were possible;
    ``broken`` the first that was not, from 0 (None: all were)."""

    states: tuple[int, ...]
    broken: int | None


def walk(model: Lattice | Graph, start: int, moves: Sequence[tuple[int, int | Mapping[int, bool]]]) -> Walk:
    """The states that a record of moves runs through: each a party and the state it moves to, or, in a ``Lattice``,
    what it sets its options to.

    A move that changes nothing stays where it is. A party may move several times in succession: a record tells of
    every single step, and in a path such steps make one move.
    """
    states = [start]
    for at, (party, change) in enumerate(moves):
        to = _changed(model, states[-1], change)
        if to is None or (to != states[-1] and not _can_move(model, party, states[-1], to)):
            return Walk(tuple(states), at)
        states.append(to)
    return Walk(tuple(states), None)


def _changed(model: Lattice | Graph, state: int, change: int | Mapping[int, bool]) -> int | None:
    """The state after a change, None where it is not feasible."""
    if isinstance(change, int):
        return change
    if isinstance(model, Graph):
        raise ValueError("walk: a graph of moves has no options; say which state each move leads to")
    bits = int(model.states[state])
    for option, taken in change.items():
        bits = bits | 1 << option if taken else bits & ~(1 << option)
    to = int(model.place[bits])
    return to if to >= 0 else None


def _can_move(model: Lattice | Graph, party: int, state: int, to: int) -> bool:
    if isinstance(model, Graph):
        return to in model.moves(party, state)
    a, b = int(model.states[state]), int(model.states[to])
    if (a ^ b) & ~int(model.masks[party]):
        return False
    flipped = [o for o in range(model.options) if (a ^ b) >> o & 1]
    return all(model.one_way[o] != (1 if a >> o & 1 else -1) for o in flipped)


# -- searches ------------------------------------------------------------------------------------------------------


def overruled(graph: Graph, ranks: Ranks, single: Single) -> tuple[Index, Bool]:
    """The single pairs, and (draws, k) where each is on; ``ValueError`` for rankings or pairs of another graph."""
    if ranks.ndim != 3 or ranks.shape[1:] != (graph.parties, len(graph)):
        raise ValueError(
            f"ranks must be one number a party and state, {graph.parties} and {len(graph)}, not {ranks.shape}"
        )
    pairs, on = single.of(len(ranks))
    if len(pairs) and (
        pairs.min() < 0 or pairs[:, 0].max() >= graph.parties or pairs[:, 1:].max() >= len(graph)
    ):
        raise ValueError(
            f"single pairs must be of party, better and worse state, below {graph.parties} and {len(graph)}"
        )
    return pairs, on


def _given(graph: Graph, start: int, allowed: Bool | None, avoid: Bool | None) -> tuple[Bool, Bool]:
    if not 0 <= start < len(graph):
        raise ValueError(f"start is {start}, but there are states 0 to {len(graph) - 1}")
    every = np.ones(len(graph.targets), dtype=np.bool_) if allowed is None else allowed
    return every, np.zeros(len(graph), dtype=np.bool_) if avoid is None else avoid


Node = tuple[int, int]
"""A party that moved last (−1: nobody yet) and the state it moved to."""


def _chains(
    graph: Graph, start: int, by: Steps, allowed: Bool, last: set[Node], moves: int
) -> dict[Node, list[Node]]:
    """What may follow each node on a shortest path, found from the ends backwards: only what leads to an end."""
    origin, into = _arcs_into(graph, allowed)
    after: dict[Node, list[Node]] = {}
    layer = last
    for h in range(moves, 0, -1):
        before: set[Node] = set()
        for i, s in sorted(layer):
            for p in origin[i][into[i][s] : into[i][s + 1]]:
                # The start stands for itself only on the first move; later it is a state like any other.
                nodes = [(NOBODY, start)] if h == 1 and p == start else []
                if h > 1:
                    nodes = [(m, int(p)) for m in range(graph.parties) if m != i and by[m, p] == h - 1]
                for node in nodes:
                    after.setdefault(node, []).append((i, s))
                    before.add(node)
        layer = before
    return {node: sorted(nexts) for node, nexts in after.items()}


def _arcs_into(graph: Graph, allowed: Bool) -> tuple[list[Index], list[Index]]:
    """For each party, where its moves into every state come from: of state s at ``into[i][s] : into[i][s + 1]``."""
    origin, into = [], []
    for party in range(graph.parties):
        a, b = int(graph.starts[party, 0]), int(graph.starts[party, -1])
        here = allowed[a:b]
        sources = np.repeat(np.arange(len(graph)), np.diff(graph.starts[party]))[here]
        targets = graph.targets[a:b][here]
        order = np.argsort(targets, kind="stable")
        origin.append(sources[order])
        into.append(np.concatenate([[0], np.cumsum(np.bincount(targets, minlength=len(graph)))]))
    return origin, into


def _count(after: dict[Node, list[Node]], start: int, last: set[Node]) -> int:
    """How many chains lead from the start to an end, told forwards layer by layer."""
    ways: dict[Node, int] = {(NOBODY, start): 1}
    total = 0
    while ways:
        ahead: dict[Node, int] = {}
        for node, number in ways.items():
            for following in after.get(node, ()):
                ahead[following] = ahead.get(following, 0) + number
        total += sum(ahead.pop(node) for node in last & ahead.keys())
        ways = ahead
    return total


def _told(after: dict[Node, list[Node]], start: int, last: set[Node], most: int) -> tuple[Path, ...]:
    """The first chains in the order of movers and states, ``most`` at most."""
    told: list[Path] = []
    waiting = [((NOBODY, start), Path((), (start,)))]
    while waiting and len(told) < most:
        node, path = waiting.pop()
        if node in last:
            told.append(path)
            continue
        for i, s in reversed(after.get(node, [])):
            waiting.append(((i, s), Path((*path.movers, i), (*path.states, s))))
    return tuple(told)
