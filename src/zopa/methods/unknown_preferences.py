"""Stability where some preferences are not known, or where some are strong.

Unknown pairs, four readings: Li, Hipel, Kilgour and Fang (2004), IEEE SMC-A. Strength: Hamouda, Kilgour and Hipel
(2004), Group Decision and Negotiation; Xu, Hipel and Kilgour (2009). A completion settles every unknown pair as better,
worse or tied, each pair by itself: what would follow by transitivity is not asked for.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from zopa.methods.graph_model import Bool, Graph, Lattice
from zopa.methods.legal_moves import stable_general

READINGS = ("a", "b", "c", "d")
"""a: leaves for what may be better, deterred only by what surely is not; b: leaves only for what is better, deterred
as in a; c: leaves as in a, deterred by what may be not better; d: leaves as in b, deterred as in c."""
MOST_PAIRS = 10
"""Unknown pairs with moves both ways up to which every direction is tried."""


@dataclass(frozen=True, eq=False)
class Completions:
    """By concept, (parties, S): stable however unknown pairs are settled (``necessary``), or for some way to settle
    them (``possible``); ``exact`` (parties,): whether ``possible`` is exact for the party, else it is an upper bound.
    """

    necessary: Mapping[str, Bool]
    possible: Mapping[str, Bool]
    exact: Mapping[str, Bool]


def reading(
    model: Graph | Lattice,
    better: Bool,
    unknown: Bool,
    which: str,
    *,
    concepts: Sequence[str] | None = None,
    unseen: Bool | None = None,
) -> dict[str, Bool]:
    """Stability under one of the ``READINGS``; ``unknown`` (parties, S, S) symmetric, overrules ``better``."""
    if which not in READINGS:
        raise ValueError(f"reading: {which!r} is none of {', '.join(READINGS)}")
    sure, may = _sure_and_may(better, unknown)
    leaves = may if which in "ac" else sure
    return stable_general(
        model,
        may if which in "ab" else sure,
        concepts=concepts,
        unseen=unseen,
        leaves=leaves,
        answers=leaves,
    )


def completions(
    model: Graph | Lattice,
    better: Bool,
    unknown: Bool,
    *,
    concepts: Sequence[str] | None = None,
    unseen: Bool | None = None,
) -> Completions:
    """Necessary and possible stability over all completions of the unknown pairs.

    A party is the more stable the less it finds better and the more its opponents can improve; its own pairs and
    theirs are settled apart. So the extremes are reached at once, except that an opponent's pair with moves both ways
    cannot improve both ways: for SEQ and SSEQ both directions are tried for up to ``MOST_PAIRS`` such pairs.
    """
    sure, may = _sure_and_may(better, unknown)
    necessary = stable_general(model, may, concepts=concepts, unseen=unseen, answers=sure)
    possible = stable_general(model, sure, concepts=concepts, unseen=unseen, answers=may)
    exact = {c: np.ones(model.parties, dtype=np.bool_) for c in possible}
    ahead = [c for c in possible if c in ("seq", "sseq")]
    both = _both_ways(model, unknown, unseen)
    if not both or not ahead:
        return Completions(necessary, possible, exact)
    if len(both) > MOST_PAIRS:
        for c in ahead:
            # A pair of the party itself says nothing about its opponents.
            exact[c] = np.array([all(p == i for p, _, _ in both) for i in range(model.parties)])
        return Completions(necessary, possible, exact)
    found = {c: np.zeros_like(possible[c]) for c in ahead}
    for directions in itertools.product((False, True), repeat=len(both)):
        answers = may.copy()
        for turned, (party, a, b) in zip(directions, both, strict=True):
            answers[party, *((a, b) if turned else (b, a))] = False
        tried = stable_general(model, sure, concepts=ahead, unseen=unseen, answers=answers)
        for c in ahead:
            found[c] |= tried[c]
    return Completions(necessary, {**possible, **found}, exact)


def strongly_stable(
    model: Graph | Lattice,
    better: Bool,
    strongly: Bool,
    *,
    concepts: Sequence[str] | None = None,
    unseen: Bool | None = None,
) -> dict[str, Bool]:
    """Where each improvement is deterred by a state much worse than the start, and no way out of it is less bad.

    ``strongly`` (parties, S, S): at [i, s, q] whether party i greatly prefers q to s.
    """
    if (strongly & ~better).any():
        raise ValueError("strongly_stable: a state greatly preferred must be preferred")
    mild = ~strongly.transpose(0, 2, 1)
    return stable_general(model, mild, concepts=concepts, unseen=unseen, leaves=better, answers=better)


def _sure_and_may(better: Bool, unknown: Bool) -> tuple[Bool, Bool]:
    if unknown.shape != better.shape or (unknown != unknown.transpose(0, 2, 1)).any():
        raise ValueError("unknown pairs must be symmetric, of the shape of the preferences")
    return better & ~unknown, better | unknown


def _both_ways(model: Graph | Lattice, unknown: Bool, unseen: Bool | None) -> list[tuple[int, int, int]]:
    """The unknown pairs between which their party can move in both directions."""
    graph = model.graph
    out = []
    for party, a, b in np.argwhere(unknown):
        seen = unseen is None or not (unseen[party, a] or unseen[party, b])
        if a < b and seen and b in graph.moves(party, a) and a in graph.moves(party, b):
            out.append((int(party), int(a), int(b)))
    return out
