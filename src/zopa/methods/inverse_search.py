"""Rankings near the given ones under which nobody leaves a wished state, where sanctions must be improvements.

A solution is a list of *steps*: moves of one party from a to b that are to become improvements, by lifting b to where a
is or dropping a to where b is. After the steps the wished state is raised, party by party, to the lowest
rank at which it is stable. Steps are proposed by cheapest paths (Dijkstra 1959) from what a party would move to, to
states that would sanction it; a proposal is kept if the whole costs less then. With few states every solution is looked
at instead.
"""

import heapq
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numba
import numpy as np
from numpy.typing import NDArray

from zopa.methods.graph_model import Bool, Graph, Index
from zopa.methods.inverse_cuts import Ranks, all_stay, least_level, nash_level, pair_distance, stays

ALL_ORDERS = 6
"""States up to which all weak orders are looked at: 4,683 of six."""

MOST_COMBINATIONS = 1_000_000
"""Combinations of the parties' orders that are looked at in full at most."""

_ROUNDS = 60
_LEVELS = 3
_RANGES = 17

Step = tuple[int, int, int, bool]
"""Party, from, to, and whether the target is lifted to the start (or the start dropped to the target)."""


@dataclass(frozen=True, eq=False)
class _Task:
    """What is to be solved: the graph, its moves reversed, the given rankings, the wished state, what each must pay."""

    graph: Graph
    sources: Graph
    ranks: Ranks
    state: int
    lasting: bool
    least: NDArray[np.float64]

    @property
    def bound(self) -> float:
        """What all must pay together at least."""
        return float(self.least.sum())


@dataclass(frozen=True, eq=False)
class _Found:
    """Steps, the rankings right after them (``base``) and completed, and how far these are from the given ones."""

    steps: tuple[Step, ...]
    base: Ranks
    ranks: Ranks
    total: float


def reversed_graph(graph: Graph) -> Graph:
    """The same moves, listed by where they lead."""
    states, starts, targets = len(graph), np.zeros_like(graph.starts), np.empty_like(graph.targets)
    for party in range(graph.parties):
        low, high = graph.starts[party, 0], graph.starts[party, -1]
        froms = np.repeat(np.arange(states, dtype=np.int32), np.diff(graph.starts[party]))
        order = np.argsort(graph.targets[low:high], kind="stable")
        targets[low:high] = froms[order]
        counts = np.bincount(graph.targets[low:high], minlength=states)
        starts[party] = low + np.concatenate([[0], np.cumsum(counts)])
    return Graph(starts, targets)


@numba.njit(cache=True, nogil=True)
def _step_cost(one: int, two: int, below: Index) -> float:
    """The least distance at which a state of level ``two`` can come above one of level ``one`` >= ``two``.

    ``below`` (levels + 1,): states under each level. Whatever lies between is passed by one of the two, whatever is
    tied with one of them is left by it, and that is enough: they meet in a gap between two levels.
    """
    tied = below[one + 1] - below[one] - 1
    if one == two:
        return float(tied / 2)
    tied += below[two + 1] - below[two] - 1
    return float(1 + below[one] - below[two + 1] + tied / 2)


@numba.njit(cache=True, nogil=True)
def _cheapest_ways(
    starts: Index,
    sources: Ranks,
    levels: Ranks,
    below: Index,
    party: int,
    good: Bool,
    state: int,
    spare: NDArray[np.float64],
) -> tuple[NDArray[np.float64], Index]:
    """(S,) what it costs to give the others a path of improvements from each state to a ``good`` one, and (S, 2) the
    first move of it: who, and where to. Moves away from the wished ``state`` are never made improvements.

    With ``state`` −1 any move may be, and the cost is that of the dearest move, less what its party has to ``spare``.
    """
    parties, states = levels.shape
    cost = np.full(states, np.inf)
    way = np.full((states, 2), -1, dtype=np.int64)
    heap = [(0.0, np.int64(0))]
    heap.pop()
    for k in range(states):
        if good[k]:
            cost[k] = 0.0
            heap.append((0.0, np.int64(k)))
    heapq.heapify(heap)
    while len(heap) > 0:
        so_far, to = heapq.heappop(heap)
        if so_far > cost[to]:
            continue
        for mover in range(parties):
            if mover == party:
                continue
            for at in range(starts[mover, to], starts[mover, to + 1]):
                source = np.int64(sources[at])
                one, two = levels[mover, source], levels[mover, to]
                price = so_far
                if two <= one and source == state:
                    continue
                if two <= one and state >= 0:
                    price += _step_cost(one, two, below[mover])
                elif two <= one:
                    price = max(price, _step_cost(one, two, below[mover]) - spare[mover])
                if price < cost[source]:
                    cost[source] = price
                    way[source, 0], way[source, 1] = mover, to
                    heapq.heappush(heap, (price, source))
    return cost, way


def _levels(ranks: Ranks) -> tuple[Ranks, Index]:
    """Rankings as levels 0, 1, … without gaps, and for each party how many states are under each level."""
    parties, states = ranks.shape
    dense, below = np.empty_like(ranks), np.full((parties, states + 1), states, dtype=np.int64)
    for party, own in enumerate(ranks):
        _, dense[party], counts = np.unique(own, return_inverse=True, return_counts=True)
        below[party, : len(counts) + 1] = np.concatenate([[0], np.cumsum(counts)])
    return dense, below


def _step_taken(own: Ranks, step: Step) -> Ranks:
    """A party's ranking with one move made an improvement; as it is where the move is one already."""
    _, start, to, lift = step
    if own[to] > own[start]:
        return own
    _, dense = np.unique(own, return_inverse=True)
    # Three gaps between levels. Both leave their levels for a gap at one end; if tied, one alone leaves.
    levels = 4 * dense.astype(np.int32)
    high, low = levels[start], levels[to]
    if high == low:
        levels[to if lift else start] += 1 if lift else -1
    else:
        levels[start], levels[to] = (high - 2, high - 1) if lift else (low + 1, low + 2)
    return levels


def _completed(task: _Task, steps: tuple[Step, ...]) -> _Found:
    """The steps taken, then the wished state raised for each party until none leaves it."""
    ranks = task.ranks.copy()
    for step in steps:
        ranks[step[0]] = _step_taken(ranks[step[0]], step)
    base = ranks.copy()
    starts, targets = task.graph.starts, task.graph.targets
    for turn in range(_ROUNDS):
        before = ranks[:, task.state].copy()
        for party in range(len(ranks)):
            if turn < _ROUNDS - 2:
                level = least_level(starts, targets, ranks, task.state, party, True, task.lasting)
            else:
                # Raising for one undoes sanctions for another: above all it could move to, no sanction is needed.
                level = nash_level(starts, targets, ranks[party], task.state, party)
            ranks[party, task.state] = max(level, ranks[party, task.state])
        if (ranks[:, task.state] == before).all():
            break
    total = sum(float(pair_distance(a, b)) for a, b in zip(task.ranks, ranks, strict=True))
    return _Found(steps, base, ranks, total)


def _sanctions(task: _Task, own: Ranks, party: int, level: int) -> Bool:
    """(S,) what would sanction a party at a rank of the wished state: no better, and no way out if that is asked."""
    good: Bool = own <= level
    if task.lasting:
        moves = np.repeat(np.arange(len(own)), np.diff(task.graph.starts[party]))
        low, high = task.graph.starts[party, 0], task.graph.starts[party, -1]
        good[moves[own[task.graph.targets[low:high]] > level]] = False
    return good


def _raise_price(below: Index, start: int, level: int) -> float:
    """What it costs to raise one state of level ``start`` to another level."""
    if level == start:
        return 0.0
    tied = (below[start + 1] - below[start] - 1) + (below[level + 1] - below[level])
    return float(below[level] - below[start + 1] + tied / 2)


def joint_bound(
    graph: Graph, ranks: Ranks, state: int, *, lasting: bool, least: NDArray[np.float64]
) -> float:
    """A total distance below which no rankings make ``state`` a SEQ (``lasting``: SSEQ) equilibrium.

    Every party pays what its own stability takes at ``least`` (parties,). Moreover, whatever rank t a party grants the
    wished state, raising it there is paid (see ``inverse``), and from every gain above t the others must be able to get
    by improvements to a sanction at t: on any path there, the party whose move is the dearest to turn into an
    improvement pays for it at least. The best t for the party in question bounds the whole; where there are many,
    ranges of them are looked at, each with the lowest price that either part can have within it.
    """
    task = _Task(graph, reversed_graph(graph), ranks, state, lasting, least)
    sources = task.sources
    dense, below = _levels(ranks)
    extra = 0.0
    for party, own in enumerate(dense):
        floor = least_level(graph.starts, graph.targets, dense, state, party, False, lasting)
        roof = least_level(graph.starts, graph.targets, dense, state, party, True, lasting)
        start = int(own[state])
        price = _raise_price(below[party], start, roof)
        for low, high in pairwise(sorted({round(k) for k in np.linspace(floor, roof, _RANGES)})):
            good = _sanctions(task, own, party, high - 1)
            ways, _ = _cheapest_ways(sources.starts, sources.targets, dense, below, party, good, -1, least)
            gains = graph.moves(party, state)
            dearest = max((ways[gain] for gain in gains if own[gain] >= high), default=0.0)
            price = min(price, _raise_price(below[party], start, low) + dearest)
        extra = max(extra, price - least[party])
    return task.bound + float(extra)


def _path_steps(
    task: _Task, found: _Found, party: int, level: int, rng: np.random.Generator | None
) -> tuple[Step, ...]:
    """Steps that would let a party's rank of the wished state be ``level`` only; () where there are none."""
    ranks = found.ranks.copy()
    own = ranks[party]
    own[task.state] = level
    good = _sanctions(task, own, party, level)
    dense, below = _levels(ranks)
    sources = task.sources
    cost, way = _cheapest_ways(
        sources.starts, sources.targets, dense, below, party, good, task.state, task.least
    )
    steps: list[Step] = []
    for gain in task.graph.moves(party, task.state):
        if own[gain] <= level:
            continue
        if not np.isfinite(cost[gain]):
            return ()
        at = int(gain)
        while not good[at]:
            mover, to = int(way[at, 0]), int(way[at, 1])
            if dense[mover, to] <= dense[mover, at]:
                lift = rng is None or bool(rng.integers(2))
                steps.append((mover, at, to, lift))
            at = to
    return tuple(dict.fromkeys(steps))


def _levels_to_try(task: _Task, found: _Found, party: int) -> list[int]:
    """Ranks of the wished state from what no answers of the others can spare the party to below what it has: a few."""
    own, state = found.base[party], task.state
    starts, targets = task.graph.starts, task.graph.targets
    floor = least_level(starts, targets, found.base, state, party, False, task.lasting)
    between = np.unique(own[(own >= floor) & (own < found.ranks[party, state])])
    if not len(between):
        return []
    return [int(between[k]) for k in sorted({round(k) for k in np.linspace(0, len(between) - 1, _LEVELS)})]


def _climbed(task: _Task, found: _Found, rng: np.random.Generator | None) -> _Found:
    """The best that is reached by adding paths, leaving steps out and turning them round, each time the best of all."""
    while found.total > task.bound:
        nearby = [
            found.steps + steps
            for party in range(len(task.ranks))
            for level in _levels_to_try(task, found, party)
            if (steps := _path_steps(task, found, party, level, rng))
        ]
        for k, (mover, start, to, lift) in enumerate(found.steps):
            rest = found.steps[:k], found.steps[k + 1 :]
            nearby += [rest[0] + rest[1], (*rest[0], (mover, start, to, not lift), *rest[1])]
        best = min((_completed(task, steps) for steps in nearby), key=lambda f: f.total, default=found)
        if best.total >= found.total:
            break
        found = best
    return found


def _shaken(task: _Task, found: _Found, rng: np.random.Generator) -> _Found:
    """A solution further off to start again from: some steps dropped, a path added for some party, at any price."""
    steps = tuple(step for step in found.steps if rng.integers(2))
    again = _completed(task, steps)
    raised = [p for p in range(len(task.ranks)) if _levels_to_try(task, again, p)]
    if raised:
        party = raised[int(rng.integers(len(raised)))]
        levels = _levels_to_try(task, again, party)
        level = levels[int(rng.integers(len(levels)))]
        steps += _path_steps(task, again, party, level, rng)
    return _completed(task, steps)


@lru_cache(maxsize=ALL_ORDERS + 1)
def weak_orders(states: int) -> Ranks:
    """(orders, states) every ranking of a few states, ties included, as levels without gaps."""
    levels = np.stack(np.meshgrid(*[np.arange(states)] * states, indexing="ij"), axis=-1).reshape(-1, states)
    gapless = [len(np.unique(row)) == row.max() + 1 for row in levels]
    return levels[gapless].astype(np.int32)


@numba.njit(cache=True, nogil=True)
def _nearest_combination(
    starts: Index,
    targets: Ranks,
    orders: Ranks,
    distances: NDArray[np.float64],
    counts: Index,
    state: int,
    lasting: bool,
    limit: float,
    most: int,
) -> tuple[float, Index, bool]:
    """The least total below ``limit`` of one order for each party, nearest first, so that nobody leaves the state.

    ``orders`` (parties, orders, S). Also which orders, and whether all that had to be looked at were.
    """
    parties, _, states = orders.shape
    rest = np.zeros(parties + 1)
    for party in range(parties - 1, -1, -1):
        rest[party] = rest[party + 1] + (distances[party, 0] if counts[party] else np.inf)
    best, chosen = limit, np.full(parties, -1, dtype=np.int64)
    turn, sums, ranks = (
        np.zeros(parties, np.int64),
        np.zeros(parties + 1),
        np.empty((parties, states), np.int32),
    )
    depth, looked = 0, 0
    while depth >= 0:
        if turn[depth] >= counts[depth] or (
            sums[depth] + distances[depth, turn[depth]] + rest[depth + 1] >= best
        ):
            turn[depth] = 0
            depth -= 1
            continue
        ranks[depth] = orders[depth, turn[depth]]
        sums[depth + 1] = sums[depth] + distances[depth, turn[depth]]
        turn[depth] += 1
        if depth < parties - 1:
            depth += 1
            continue
        looked += 1
        if looked > most:
            return best, chosen, False
        if all_stay(starts, targets, ranks, state, False, True, lasting):
            best = float(sums[parties])
            chosen[:] = turn - 1
    return best, chosen, True


def _exhausted(task: _Task, found: _Found) -> tuple[_Found, bool]:
    """The nearest of all rankings, looked at one combination after the other, and whether that could be finished."""
    starts, targets = task.graph.starts, task.graph.targets
    every = weak_orders(len(task.graph))
    ranked: list[Ranks] = []
    apart: list[NDArray[np.float64]] = []
    for party, own in enumerate(task.ranks):
        distance: NDArray[np.float64] = np.array([pair_distance(own, order) for order in every])
        # No party can be spared what it must pay alone; so much is left for this one at most.
        close: Index = np.flatnonzero(distance < found.total - (task.bound - task.least[party]))
        alone = [
            k
            for k in close[np.argsort(distance[close], kind="stable")]
            if stays(
                starts,
                targets,
                _with(task.ranks, party, every[k]),
                task.state,
                party,
                False,
                False,
                task.lasting,
            )
        ]
        ranked.append(every[alone])
        apart.append(distance[alone])
    counts = np.array([len(r) for r in ranked], dtype=np.int64)
    width = max(1, int(counts.max()))
    orders = np.zeros((len(ranked), width, len(task.graph)), dtype=np.int32)
    distances = np.zeros((len(ranked), width))
    for party, rows in enumerate(ranked):
        orders[party, : len(rows)], distances[party, : len(rows)] = rows, apart[party]
    total, chosen, whole = _nearest_combination(
        starts, targets, orders, distances, counts, task.state, task.lasting, found.total, MOST_COMBINATIONS
    )
    if chosen[0] < 0:
        return found, whole
    ranks = np.stack([orders[party, k] for party, k in enumerate(chosen)])
    same = distances[np.arange(len(chosen)), chosen] == 0
    ranks[same] = task.ranks[same]
    return _Found((), ranks, ranks, float(total)), whole


def _with(ranks: Ranks, party: int, own: Ranks) -> Ranks:
    out = ranks.copy()
    out[party] = own
    return out


def nearest_joint(
    graph: Graph,
    ranks: Ranks,
    state: int,
    *,
    lasting: bool,
    least: NDArray[np.float64],
    seed: int = 0,
    tries: int = 8,
) -> tuple[Ranks, float]:
    """Rankings near ``ranks`` (parties, S) under which ``state`` is a SEQ (``lasting``: SSEQ) equilibrium, and a total
    distance below which none do it. ``least`` (parties,): the distance no party can be spared."""
    task = _Task(graph, reversed_graph(graph), ranks, state, lasting, least)
    best = _climbed(task, _completed(task, ()), None)
    if best.total <= task.bound:
        return best.ranks, task.bound
    bound = joint_bound(graph, ranks, state, lasting=lasting, least=least)
    rng = np.random.default_rng(seed)
    for _ in range(tries - 1):
        if best.total <= bound:
            return best.ranks, bound
        again = _climbed(task, _shaken(task, best, rng), rng)
        best = again if again.total < best.total else best
    if best.total > bound and len(graph) <= ALL_ORDERS:
        best, whole = _exhausted(task, best)
        bound = best.total if whole else bound
    return best.ranks, bound
