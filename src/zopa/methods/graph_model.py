"""A conflict as arrays: who can move from which state to which (graph model, Kilgour, Hipel & Fang 1987).

Two forms. A ``Lattice`` is a conflict in option form: states are combinations of yes/no options, a party moves by
changing its own. A ``Graph`` lists every move; it serves where moves are no product of options: common moves, merged
states, moves with reasons of their own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Bool = NDArray[np.bool_]
Index = NDArray[np.int64]

CONCEPTS = ("nash", "gmr", "smr", "seq", "sseq", "sim")
"""Ways to look ahead, each with its own foresight and its own belief about the answers of the others."""

MOST_OPTIONS = 28
"""Options up to which every combination can have a place in memory."""


@dataclass(frozen=True, eq=False)
class Lattice:
    """A conflict in option form.

    ``states`` (S,) option values of each feasible state as bits, ascending, the first option lowest; ``owner`` (k,)
    party of each option; ``one_way`` (k,): 1 once taken never undone, −1 once dropped never taken up again, 0 free.
    """

    states: Index
    owner: NDArray[np.int8]
    one_way: NDArray[np.int8]
    parties: int

    def __post_init__(self) -> None:
        options = len(self.owner)
        if options > MOST_OPTIONS:
            raise ValueError(f"Lattice: {options} options, at most {MOST_OPTIONS}")
        if len(self.one_way) != options or (
            options and not 0 <= self.owner.min() <= self.owner.max() < self.parties
        ):
            raise ValueError("Lattice: every option needs an owner among the parties, and its way")
        if not len(self.states) or (np.diff(self.states) <= 0).any() or self.states[-1] >> options:
            raise ValueError("Lattice: states must be ascending combinations of the options, at least one")

    @property
    def options(self) -> int:
        """Number of options."""
        return len(self.owner)

    def __len__(self) -> int:
        return len(self.states)

    @cached_property
    def masks(self) -> Index:
        """(parties,) the bits each party controls."""
        out = np.zeros(self.parties, dtype=np.int64)
        for option, owner in enumerate(self.owner):
            out[owner] |= 1 << option
        return out

    @cached_property
    def place(self) -> NDArray[np.int32]:
        """(2^k,) where each combination stands among the states, −1 where it is infeasible."""
        out = np.full(1 << self.options, -1, dtype=np.int32)
        out[self.states] = np.arange(len(self.states), dtype=np.int32)
        return out

    @property
    def codes(self) -> Index:
        """(S,) the states as numbers in which a move changes its mover's bits alone."""
        return self.states

    @cached_property
    def graph(self) -> "Graph":
        """Every move, listed."""
        return graph_of(self)

    def taken(self, option: int) -> Bool:
        """(S,) in which states an option is taken."""
        return np.asarray(self.states >> option & 1, dtype=np.bool_)


@dataclass(frozen=True, eq=False)
class Graph:
    """A conflict as lists of moves: those of party i from state s are ``targets[starts[i, s] : starts[i, s + 1]]``.

    ``starts`` (parties, S + 1), ``targets`` (moves,) ascending for each party and state, no move to where it starts.
    """

    starts: Index
    targets: NDArray[np.int32]

    @property
    def parties(self) -> int:
        """Number of parties."""
        return len(self.starts)

    @property
    def graph(self) -> "Graph":
        """Itself: every move is listed."""
        return self

    def __len__(self) -> int:
        return int(self.starts.shape[1]) - 1

    @property
    def codes(self) -> Index | None:
        """(S,) the states as numbers in which a move changes its mover's bits alone; None where moves do not show them.

        A party's own part of a state is what no other party's moves change: the component it lies in when that
        party's moves are left out. The parts are the numbers' fields if together they tell all states apart. Where
        infeasible states keep others from moving, parts that are the same count as different: option form knows better.
        """
        return self._fields[0]

    @property
    def masks(self) -> Index:
        """(parties,) the bits of ``codes`` that each party controls."""
        return self._fields[1]

    @cached_property
    def _fields(self) -> tuple[Index | None, Index]:
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        size, used = len(self), 0
        codes, masks = np.zeros(size, dtype=np.int64), np.zeros(self.parties, dtype=np.int64)
        start = np.concatenate([np.repeat(np.arange(size), np.diff(own)) for own in self.starts])
        mover = np.repeat(np.arange(self.parties), np.diff(self.starts[:, [0, -1]], axis=1)[:, 0])
        for party in range(self.parties):
            others = mover != party
            arcs = (np.ones(others.sum()), (start[others], self.targets[others]))
            parts, part = connected_components(coo_array(arcs, shape=(size, size)), directed=False)
            width = (int(parts) - 1).bit_length()
            if used + width > MOST_OPTIONS:
                return None, masks
            codes |= part.astype(np.int64) << used
            masks[party] = ((1 << width) - 1) << used
            used += width
        return (codes if len(np.unique(codes)) == size else None), masks

    def moves(self, party: int, state: int) -> NDArray[np.int32]:
        """Where a party can move to from a state."""
        return self.targets[self.starts[party, state] : self.starts[party, state + 1]]


def graph_of_pairs(states: int, moves: Sequence[NDArray[np.int64]]) -> Graph:
    """The graph of ``states`` states from each party's moves, (moves, 2) of from and to; repeated moves count once."""
    starts = np.zeros((len(moves), states + 1), dtype=np.int64)
    targets, before = [], 0
    for party, own in enumerate(moves):
        pairs = np.unique(np.asarray(own, dtype=np.int64).reshape(-1, 2), axis=0)
        if len(pairs) and not (pairs.min() >= 0 and pairs.max() < states):
            raise ValueError(f"graph_of_pairs: a move of party {party} leads out of the {states} states")
        pairs = pairs[pairs[:, 0] != pairs[:, 1]]
        counts = np.bincount(pairs[:, 0], minlength=states)
        starts[party] = before + np.concatenate([[0], np.cumsum(counts)])
        targets.append(pairs[:, 1].astype(np.int32))
        before += len(pairs)
    return Graph(starts, np.concatenate(targets) if targets else np.zeros(0, dtype=np.int32))


def graph_of(lattice: Lattice) -> Graph:
    """Every move of a conflict in option form, listed: a party changes any of its own options at once, as far as the
    one-way options allow, to a feasible state."""
    moves = []
    for party in range(lattice.parties):
        own = [o for o in range(lattice.options) if lattice.owner[o] == party]
        found = []
        for change in range(1, 1 << len(own)):
            flipped = [o for at, o in enumerate(own) if change >> at & 1]
            bits = sum(1 << o for o in flipped)
            allowed = np.ones(len(lattice), dtype=np.bool_)
            for o in flipped:
                if lattice.one_way[o]:
                    # Once taken it stays (1): only those where it is off may flip it; and the other way round.
                    allowed &= lattice.taken(o) != (lattice.one_way[o] == 1)
            to = lattice.place[lattice.states ^ bits]
            allowed &= to >= 0
            found.append(np.stack([np.flatnonzero(allowed), to[allowed]], axis=1))
        moves.append(np.concatenate(found) if found else np.zeros((0, 2), dtype=np.int64))
    return graph_of_pairs(len(lattice), moves)
