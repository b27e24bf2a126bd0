"""Why a state is stable for a party or not: each improvement, the answer of the others to it, and the way out of that.

For conflicts small enough to be read. Preferences are relations, so single pairs may be turned round and an order need
not be transitive; answers are legal sequences, nobody moving twice in succession (Fang, Hipel and Kilgour 1993).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from zopa.methods.graph_model import CONCEPTS, Bool, Graph, Index, Lattice

Move = tuple[int, int, int]
"""Who moves, from which state, to which."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What follows an improvement to the state ``to``.

    ``sanction``: the others' moves to a state no better than the first, None where they have no such answer; under SIM
    all of them start from the first state and are made together. ``escape``: where the party itself gets away to, where
    every answer leaves it a way out (SMR, SSEQ); the answer given is then the shortest of those.
    """

    to: int
    sanction: tuple[Move, ...] | None
    escape: int | None = None

    @property
    def holds(self) -> bool:
        """Whether the answer takes the improvement away."""
        return self.sanction is not None and self.escape is None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a state keeps a party, and what follows each of its improvements, by ascending state."""

    stable: bool
    improvements: tuple[Answer, ...]


def preferred(ranks: NDArray[np.int32]) -> Bool:
    """(parties, S, S): whether a party prefers the second state to the first, by ``ranks`` (parties, S)."""
    return np.asarray(ranks[:, None, :] > ranks[:, :, None])


def explain(
    model: Graph | Lattice,
    better: Bool,
    *,
    party: int,
    state: int,
    concept: str,
    unseen: Bool | None = None,
) -> Verdict:
    """The verdict of one concept on one state for one party, with its reasons.

    ``better`` (parties, S, S) as ``preferred`` gives it; ``unseen`` (parties, S): states that a party does
    not see, so that it makes no move from or to them. SIM needs ``model.codes``. Of several answers the shortest is
    given, then the one with the lowest parties and states, move by move.
    """
    if concept not in CONCEPTS:
        raise ValueError(f"explain: {concept!r} is none of {', '.join(CONCEPTS)}")
    codes = model.codes if concept == "sim" else None
    if concept == "sim" and codes is None:
        raise ValueError("explain: the moves do not show what simultaneous answers add up to")
    view = _View(model.graph, better, party, unseen)
    answers = []
    for to in view.improvements(party, state):
        if concept == "nash":
            answers.append(Answer(to, None))
        elif codes is not None:
            answers.append(_together(view, codes, state, to))
        else:
            answers.append(
                _in_turn(
                    view,
                    state,
                    to,
                    improving=concept in ("seq", "sseq"),
                    final=concept in ("smr", "sseq"),
                )
            )
    return Verdict(all(answer.holds for answer in answers), tuple(answers))


@dataclass(frozen=True, eq=False, slots=True)
class _View:
    """A conflict and the party whose verdict is asked for."""

    graph: Graph
    better: Bool
    party: int
    unseen: Bool | None

    def moves(self, mover: int, state: int) -> list[int]:
        """Where a party can move to among the states it sees, ascending."""
        ends = [int(to) for to in self.graph.moves(mover, state)]
        if self.unseen is None:
            return ends
        return [] if self.unseen[mover, state] else [to for to in ends if not self.unseen[mover, to]]

    def improvements(self, mover: int, state: int) -> list[int]:
        """Where a party would move to, ascending."""
        return [to for to in self.moves(mover, state) if self.better[mover, state, to]]


def _in_turn(view: _View, state: int, to: int, *, improving: bool, final: bool) -> Answer:
    """The shortest answer one after another, and if none is without a way out, the shortest and its way out."""
    spare: Answer | None = None
    for end, path in _sequences(view, to, improving=improving):
        if view.better[view.party, state, end]:
            continue
        ways = [y for y in view.moves(view.party, end) if view.better[view.party, state, y]] if final else []
        if not ways:
            return Answer(to, path)
        if spare is None:
            spare = Answer(to, path, escape=ways[0])
    return Answer(to, None) if spare is None else spare


def _sequences(view: _View, start: int, *, improving: bool) -> Iterator[tuple[int, tuple[Move, ...]]]:
    """Every state the others reach from a state, with the shortest way, breadth first over (state, last mover)."""
    others = [j for j in range(view.graph.parties) if j != view.party]
    level: list[tuple[int, int, tuple[Move, ...]]] = [(start, -1, ())]
    seen = {(start, -1)}
    while level:
        following = []
        for state, last, path in level:
            for mover in others:
                if mover == last:
                    continue
                ends = view.improvements(mover, state) if improving else view.moves(mover, state)
                for end in ends:
                    if (end, mover) not in seen:
                        seen.add((end, mover))
                        following.append((end, mover, (*path, (mover, state, end))))
        yield from ((state, path) for state, _, path in following)
        level = following


def _together(view: _View, number: Index, state: int, to: int) -> Answer:
    """The answer of the fewest others that move at the same time, each by an improvement from the first state."""
    place = {int(code): at for at, code in enumerate(number)}
    own = {j: view.improvements(j, state) for j in range(view.graph.parties) if j != view.party}
    for size in range(1, len(own) + 1):
        for movers in combinations(own, size):
            for ends in product(*(own[j] for j in movers)):
                bits = int(number[to])
                for end in ends:
                    bits ^= int(number[state]) ^ int(number[end])
                joint = place.get(bits)
                if joint is not None and not view.better[view.party, state, joint]:
                    return Answer(to, tuple((j, state, e) for j, e in zip(movers, ends, strict=True)))
    return Answer(to, None)
