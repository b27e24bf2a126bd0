"""The least change of what the parties want that would make a wished state stable (inverse graph model).

Kinsara, Kilgour and Hipel (2015) ask which rankings make a state stable; here the nearest ones are found.

*Distance* of two rankings: over all pairs of states, 1 where the order is reversed and ½ where one ranking ties what
the other does not (Kemeny and Snell 1962, halved; Kendall's distance where nothing is tied). Ties are allowed in what
is found.

*Nash, GMR, SMR, exactly.* Whether s is stable for a party with ranking u depends on u only through the set of states
that are not better than s, and more states in it never hurt: a condition asks that moves from s, sanctions, or ways
out of sanctions lie in it. So any stable ranking v is stable because v(x) ≤ v(s) for the states x of some set T that
were better than s. Let t be the highest rank in T. Then the distance of v from u is at least what raising s alone to
rank t costs: charge the pairs to states as follows.

* k with u(s) < u(k) < t: charge (s, k), and (k, x) for one x in T of rank t. If v(s) > v(k) the first costs 1; if they
  are tied, it costs ½ and, as v(x) ≤ v(s), the second at least ½; if v(s) < v(k), then v(x) < v(k) and the second
  costs 1. At least 1 each, and raising s pays 1.
* k tied with s: the same pairs. If v(s) > v(k), or < , the first costs ½ ; if still tied, v(x) ≤ v(k) costs at least ½.
  At least ½ each, and raising s pays ½.
* k of rank t: in T, (s, k) costs at least ½. Otherwise (s, k) and (k, x): v(s) ≥ v(k) costs at least ½ at once, and
  v(s) < v(k) gives v(x) < v(k), which costs ½. At least ½ each, and raising s pays ½.

With one and the same x no pair is charged twice. Raising s to t makes every state up to rank t not better than s, T
among them, so it is stable as well. The least change is therefore s alone raised to the lowest rank at which it is
stable: for a move to q that is the lower of q's own rank and the lowest rank at which some sanction of it bites, and
over all moves the highest of these. Where one single sanction decides, lowering that state to s is a change of the same
size; ``instead`` names it.

*SEQ and SSEQ.* Sanctions must be improvements of those who make them, which ties the parties' rankings together; to
find the least total change is hard in general. ``inverse_search`` looks for the best it can. What is stable so is
stable in GMR (SSEQ: SMR), so the sum of those minima is a lower bound, and ``inverse_search.joint_bound`` a higher one;
with at most six states every combination that could be nearer is looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zopa.methods.acceptance import in_threads
from zopa.methods.graph_model import Graph, Lattice, graph_of
from zopa.methods.inverse_cuts import Ranks, least_level, nash_level, pair_distance, stays
from zopa.methods.inverse_cuts import distances_alone as _distances_alone
from zopa.methods.inverse_search import nearest_joint

INVERSE_CONCEPTS = ("nash", "gmr", "smr", "seq", "sseq")
"""Concepts that a wished state can be made stable under."""

MOST_MOVES = 20_000_000
"""Moves that are listed at most: 2^17 states of 17 options among four parties are half of it."""

_IMPROVING = {"seq", "sseq"}
_LASTING = {"smr", "sseq"}


@dataclass(frozen=True, eq=False)
class LeastChange:
    """Rankings near the given ones under which a wished state is stable for every party.

    ``ranks`` (parties, S), larger better, the given ones where nothing has to change; ``distance`` (parties,) from the
    given ones, ``total`` their sum; ``bound``: no rankings with a smaller total do it; ``proven``: none nearer exist.
    ``instead`` (parties,): the state that could be lowered to the wished one instead of raising that one, for the same
    distance, −1 where there is none (always −1 for SEQ and SSEQ). ``blocked``: parties that no ranking of theirs would
    keep there, because of single pairs above it (``inverse_pairs``); their distance is infinite.
    """

    concept: str
    state: int
    ranks: Ranks
    distance: NDArray[np.float64]
    bound: float
    instead: NDArray[np.int64]
    blocked: tuple[int, ...] = ()

    @property
    def total(self) -> float:
        """Distance of all parties together."""
        return float(self.distance.sum())

    @property
    def proven(self) -> bool:
        """Whether no nearer rankings do it."""
        return self.total <= self.bound


def ranking_distance(first: Ranks, second: Ranks) -> float:
    """Over all pairs of states, 1 where the order of two rankings (S,) is reversed, ½ where only one of them ties."""
    if first.shape != second.shape:
        raise ValueError(f"ranking_distance: rankings of {len(first)} and {len(second)} states")
    return float(pair_distance(np.asarray(first, dtype=np.int32), np.asarray(second, dtype=np.int32)))


def improves(concept: str) -> bool:
    """Whether sanctions must be improvements of those who make them."""
    return concept in _IMPROVING


def lasts(concept: str) -> bool:
    """Whether there must be no way out of a sanction."""
    return concept in _LASTING


def _rules(concept: str) -> tuple[bool, bool, bool]:
    """Nash or not; sanctions by improvements only; no way out of a sanction."""
    return concept == "nash", improves(concept), lasts(concept)


def moves_needed(lattice: Lattice) -> int:
    """Moves that have to be listed at most for a conflict in option form: 4 bytes each, and more while listing."""
    return len(lattice) * sum((1 << int(mask).bit_count()) - 1 for mask in lattice.masks)


def _listed(model: Lattice | Graph) -> Graph:
    if isinstance(model, Graph):
        return model
    if moves_needed(model) > MOST_MOVES:
        raise ValueError(f"least_change: up to {moves_needed(model)} moves to list, at most {MOST_MOVES}")
    return graph_of(model)


def _check(model: Lattice | Graph, ranks: NDArray[np.generic], state: int, concepts: Sequence[str]) -> None:
    unknown = set(concepts) - set(INVERSE_CONCEPTS)
    if unknown:
        raise ValueError(f"least_change: no such concept: {', '.join(sorted(unknown))}")
    if np.shape(ranks) != (model.parties, len(model)) or not 0 <= state < len(model):
        raise ValueError(
            f"least_change: ranks must be ({model.parties}, {len(model)}) and the state one of them; "
            f"got {np.shape(ranks)} and {state}"
        )


def is_stable_for(graph: Graph, ranks: Ranks, state: int, party: int, *, concept: str) -> bool:
    """Whether one state is stable for one party, from the definition; ``ranks`` (parties, S)."""
    return bool(stays(graph.starts, graph.targets, ranks, state, party, *_rules(concept)))


def distances_alone(
    model: Lattice | Graph,
    ranks: Ranks,
    state: int,
    *,
    concepts: Sequence[str] = INVERSE_CONCEPTS,
    threads: int | None = None,
) -> NDArray[np.float64]:
    """(draws, concepts, parties) how far each party's ranking is from one under which it would not leave a state.

    ``ranks`` (draws, parties, S). The exact least distance if nobody else's ranking changes; for Nash, GMR and SMR
    those of the others do not matter. 0 where the state is stable for the party already. The same for any ``threads``.
    """
    _check(model, ranks[0] if len(ranks) else np.zeros((model.parties, len(model))), state, concepts)
    graph = _listed(model)
    given = np.ascontiguousarray(ranks, dtype=np.int32)
    rules = np.array([_rules(concept) for concept in concepts])
    out = np.zeros((len(given), len(concepts), model.parties))

    def work(start: int, stop: int) -> None:
        _distances_alone(graph.starts, graph.targets, given[start:stop], state, rules, out[start:stop])

    in_threads(work, len(given), threads)
    return out


def _instead(graph: Graph, ranks: Ranks, state: int, party: int, level: int, concept: str) -> int:
    """A state that could be lowered to the wished one for the same distance; −1 if there is none."""
    for other in np.flatnonzero(ranks[party] == level):
        lowered = ranks.copy()
        lowered[party, other] = ranks[party, state]
        if is_stable_for(graph, lowered, state, party, concept=concept):
            return int(other)
    return -1


def _one_by_one(graph: Graph, ranks: Ranks, state: int, concept: str) -> LeastChange:
    """The exact minimum where a party's stability depends on its own ranking alone."""
    found, instead = ranks.copy(), np.full(len(ranks), -1, dtype=np.int64)
    for party, own in enumerate(ranks):
        if concept == "nash":
            level = nash_level(graph.starts, graph.targets, own, state, party)
        else:
            level = least_level(graph.starts, graph.targets, ranks, state, party, False, concept in _LASTING)
        found[party, state] = level
        if level > own[state]:
            instead[party] = _instead(graph, ranks, state, party, level, concept)
    distance = np.array([pair_distance(a, b) for a, b in zip(ranks, found, strict=True)])
    return LeastChange(concept, state, found, distance, float(distance.sum()), instead)


def _jointly(graph: Graph, ranks: Ranks, state: int, concept: str, seed: int, tries: int) -> LeastChange:
    """The best found where the sanctions of one party are the improvements of others."""
    alone = _one_by_one(graph, ranks, state, "smr" if concept in _LASTING else "gmr")
    found, bound = nearest_joint(
        graph, ranks, state, lasting=concept in _LASTING, least=alone.distance, seed=seed, tries=tries
    )
    distance = np.array([pair_distance(a, b) for a, b in zip(ranks, found, strict=True)])
    return LeastChange(concept, state, found, distance, bound, np.full(len(ranks), -1, dtype=np.int64))


def least_change(
    model: Lattice | Graph, ranks: Ranks, state: int, *, concept: str, seed: int = 0, tries: int = 8
) -> LeastChange:
    """The least change of rankings (parties, S) that makes a state stable for every party under a concept.

    Every verdict is checked once more by the definition. ``tries``: how often the search for SEQ and SSEQ starts, the
    first time from the given rankings; it stops early once the lower bound is reached. The same for the same ``seed``.
    """
    return least_changes(model, ranks, state, concepts=(concept,), seed=seed, tries=tries)[concept]


def least_changes(
    model: Lattice | Graph,
    ranks: Ranks,
    state: int,
    *,
    concepts: Sequence[str] = INVERSE_CONCEPTS,
    seed: int = 0,
    tries: int = 8,
) -> dict[str, LeastChange]:
    """``least_change`` for several concepts."""
    _check(model, ranks, state, concepts)
    graph = _listed(model)
    given = np.ascontiguousarray(ranks, dtype=np.int32)
    found = {}
    for concept in concepts:
        if concept in _IMPROVING:
            change = _jointly(graph, given, state, concept, seed, tries)
        else:
            change = _one_by_one(graph, given, state, concept)
        for party in range(len(given)):
            if not is_stable_for(graph, change.ranks, state, party, concept=concept):
                raise ArithmeticError(f"least_change: {concept} of state {state} fails its check for {party}")
        found[concept] = change
    return found
