"""Stability by definition, from exact legal sequences, and by matrices: slow, plain, and independent of the package.

A legal sequence of a group is a chain of moves in which no party moves twice in succession (Fang, Hipel and Kilgour
1993). A sanction that returns exactly to where it started counts: it is not better. ``better[i][s][q]``: party i
prefers q to s. A party makes no move from or to a state that it does not see.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zopa.methods.graph_model import Bool, Graph, Lattice, graph_of_pairs

Moves = list[dict[int, set[int]]]


def moves_of(graph: Graph, unseen: Bool | None = None) -> Moves:
    """Of each party: where it can move to from each state, among the states it sees."""
    blind = np.zeros((graph.parties, len(graph)), dtype=np.bool_) if unseen is None else unseen
    return [
        {
            s: set() if blind[i, s] else {int(q) for q in graph.moves(i, s) if not blind[i, q]}
            for s in range(len(graph))
        }
        for i in range(graph.parties)
    ]


def lattice_moves(lattice: Lattice, unseen: Bool | None = None) -> Moves:
    """The same for a conflict in option form, from the options alone: compares every two states."""
    states = [int(s) for s in lattice.states]
    out: Moves = []
    for party in range(lattice.parties):
        own: dict[int, set[int]] = {s: set() for s in range(len(states))}
        for (a, x), (b, y) in itertools.permutations(enumerate(states), 2):
            changed = [o for o in range(lattice.options) if (x ^ y) >> o & 1]
            if any(lattice.owner[o] != party for o in changed):
                continue
            if any(lattice.one_way[o] == (1 if x >> o & 1 else -1) for o in changed):
                continue
            if unseen is None or not (unseen[party, a] or unseen[party, b]):
                own[a].add(b)
        out.append(own)
    return out


def reach(moves: Moves, group: Sequence[int], start: int) -> set[int]:
    """Where legal sequences of one or more moves of a group lead: every sequence is followed, by its last mover."""
    found: set[tuple[int, int]] = set()
    ahead = [(q, i) for i in group for q in moves[i][start]]
    while ahead:
        state, last = ahead.pop()
        if (state, last) in found:
            continue
        found.add((state, last))
        ahead += [(q, i) for i in group if i != last for q in moves[i][state]]
    return {state for state, _ in found}


def verdicts(moves: Moves, better: Bool, lattice: Lattice | None = None) -> dict[str, Bool]:
    """Of each concept, (parties, S): where each party stays, read off the definitions; ``sim`` with ``lattice`` only."""
    parties, count = better.shape[:2]
    gains = [{s: {q for q in own[s] if better[i, s, q]} for s in own} for i, own in enumerate(moves)]
    names = ["nash", "gmr", "smr", "seq", "sseq"] + ([] if lattice is None else ["sim"])
    out = {name: np.zeros((parties, count), dtype=np.bool_) for name in names}
    for i in range(parties):
        others = [j for j in range(parties) if j != i]
        by_moves = {s: reach(moves, others, s) for s in range(count)}
        by_gains = {s: reach(gains, others, s) for s in range(count)}
        for s in range(count):
            steps = gains[i][s]

            def bad(q: int, i: int = i, s: int = s) -> bool:
                return not better[i, s, q]

            def no_way_out(q: int, i: int = i, s: int = s) -> bool:
                return not better[i, s, q] and all(not better[i, s, x] for x in moves[i][q])

            out["nash"][i, s] = not steps
            out["gmr"][i, s] = all(any(bad(q) for q in by_moves[step]) for step in steps)
            out["smr"][i, s] = all(any(no_way_out(q) for q in by_moves[step]) for step in steps)
            out["seq"][i, s] = all(any(bad(q) for q in by_gains[step]) for step in steps)
            out["sseq"][i, s] = all(any(no_way_out(q) for q in by_gains[step]) for step in steps)
            if lattice is not None:
                out["sim"][i, s] = all(
                    any(bad(q) for q in _together(lattice, gains, others, s, step)) for step in steps
                )
    return out


def _together(lattice: Lattice, gains: Moves, others: Sequence[int], start: int, step: int) -> list[int]:
    """Where a move ends when each opponent, at the same time, stays or makes one improvement from the start."""
    states = [int(s) for s in lattice.states]
    place = {bits: at for at, bits in enumerate(states)}
    found = []
    for choice in itertools.product(*[[start, *sorted(gains[j][start])] for j in others]):
        bits = states[step]
        for q in choice:
            bits ^= states[start] ^ states[q]
        if bits in place:
            found.append(place[bits])
    return found


def by_matrices(moves: Moves, better: Bool) -> dict[str, Bool]:
    """The same in matrix form (Xu, Hipel and Kilgour 2009), with "not better" as everything but what is better."""
    parties, count = better.shape[:2]
    every = np.ones((count, count), dtype=np.int64)
    can = np.zeros((parties, count, count), dtype=np.int64)
    for i, own in enumerate(moves):
        for s, targets in own.items():
            can[i, s, sorted(targets)] = 1
    gain = can * better
    out = {name: np.zeros((parties, count), dtype=np.bool_) for name in ("nash", "gmr", "smr", "seq", "sseq")}
    for i in range(parties):
        others = [j for j in range(parties) if j != i]
        up = better[i].astype(np.int64)
        bad = (1 - up).T
        shut = bad * (every - np.sign(can[i] @ up.T))
        any_, improving = _matrix_reach(can, others), _matrix_reach(gain, others)
        out["nash"][i] = np.diag(gain[i] @ every) == 0
        for name, answers, worse in (
            ("gmr", any_, bad),
            ("smr", any_, shut),
            ("seq", improving, bad),
            ("sseq", improving, shut),
        ):
            out[name][i] = np.diag(gain[i] @ (every - np.sign(answers @ worse))) == 0
    return out


def _matrix_reach(step: NDArray[np.int64], group: Sequence[int]) -> NDArray[np.int64]:
    """Legal sequences of a group: by first mover, one move longer each round, until nothing is added."""
    nothing = np.zeros(step.shape[1:], dtype=np.int64)
    seen = {i: step[i] for i in group}
    while True:
        then = {i: sum((seen[j] for j in group if j != i), nothing) for i in group}
        grown = {i: np.maximum(step[i], np.sign(step[i] @ then[i])) for i in group}
        if all((grown[i] == seen[i]).all() for i in group):
            return np.asarray(np.sign(sum(seen.values(), nothing)), dtype=np.int64)
        seen = grown


def better_of(ranks: NDArray[np.int32]) -> Bool:
    """(parties, S, S): whether each party prefers one state to another, from ranks (larger is better)."""
    return np.asarray(ranks[:, None, :] > ranks[:, :, None])


@dataclass(frozen=True, eq=False)
class Random:
    """A random conflict: its moves, in option form where it has one, rankings, what is not seen, and unknown pairs."""

    graph: Graph
    lattice: Lattice | None
    ranks: NDArray[np.int32]
    unseen: Bool
    unknown: Bool


def random_lattice(
    rng: np.random.Generator, *, parties: int | None = None, options: int | None = None
) -> Lattice:
    """Option form: 2–4 parties, up to 5 options, infeasible states, one-way options; some parties may own none."""
    n = int(rng.integers(2, 5)) if parties is None else parties
    k = int(rng.integers(2, 6)) if options is None else options
    feasible = rng.random(1 << k) < rng.choice([0.5, 0.8, 1.0])
    feasible[int(rng.integers(1 << k))] = True
    way = rng.choice(np.array([0, 0, 0, 1, -1], dtype=np.int8), size=k) if rng.random() < 0.5 else np.zeros(k)
    return Lattice(
        states=np.flatnonzero(feasible).astype(np.int64),
        owner=rng.integers(0, n, size=k).astype(np.int8),
        one_way=np.asarray(way, dtype=np.int8),
        parties=n,
    )


def random_ranks(rng: np.random.Generator, parties: int, states: int) -> NDArray[np.int32]:
    """(parties, S): strict for some, with ties for others."""
    tiers = [states if rng.random() < 0.5 else int(rng.integers(1, states + 1)) for _ in range(parties)]
    rows = [rng.permutation(states) if t == states else rng.integers(0, t, size=states) for t in tiers]
    return np.stack(rows).astype(np.int32)


def random_graph(rng: np.random.Generator, *, parties: int | None = None, states: int | None = None) -> Graph:
    """Moves listed one by one, not transitive, common ones among them."""
    n = int(rng.integers(2, 5)) if parties is None else parties
    count = int(rng.integers(2, 10)) if states is None else states
    density = rng.choice([0.1, 0.2, 0.4])
    pairs = [np.argwhere(rng.random((count, count)) < density) for _ in range(n)]
    return graph_of_pairs(count, [p[p[:, 0] != p[:, 1]].astype(np.int64) for p in pairs])


def random_unseen(rng: np.random.Generator, parties: int, states: int) -> Bool:
    """(parties, S) states that a party does not see: each with a chance of one in five."""
    return rng.random((parties, states)) < 0.2


def random_unknown(rng: np.random.Generator, parties: int, states: int, *, most: int = 3) -> Bool:
    """(parties, S, S) symmetric: up to ``most`` pairs of states in all whose order for a party is not known."""
    out = np.zeros((parties, states, states), dtype=np.bool_)
    for _ in range(int(rng.integers(0, most + 1))):
        party = int(rng.integers(parties))
        a, b = (int(x) for x in rng.integers(states, size=2))
        if a != b:
            out[party, a, b] = out[party, b, a] = True
    return out


def agree(found: Mapping[str, Bool], expected: Mapping[str, Bool], concepts: Sequence[str]) -> int:
    """Asserts that two sets of verdicts are the same; how many verdicts were compared."""
    for concept in concepts:
        assert (found[concept] == expected[concept]).all(), concept
    return sum(expected[concept].size for concept in concepts)
