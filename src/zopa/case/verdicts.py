"""Which states of a standoff are stable for whom, in every draw of a case, by the engine that fits its form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from zopa.case.conflict import Conflict
from zopa.case.draws import INNER, Draws
from zopa.case.quantities import Basis, basis_of
from zopa.case.rankings import (
    HALF,
    Pairs,
    Rows,
    crisp,
    drawn_rankings,
    mean_weights,
    overruling,
    pairs,
    profiles,
    statements,
)
from zopa.errors import IncompleteCaseError
from zopa.methods.graph_model import Bool, Lattice
from zopa.methods.legal_moves import defined, general_profiles, relation, stable_general
from zopa.methods.preferences import Ranks, by_priority, by_weights
from zopa.methods.simultaneous import MOST_TRIED
from zopa.methods.stability import stable, stable_profiles
from zopa.methods.unknown_preferences import completions, strongly_stable

TOLD = 1500
"""States up to which relations between all pairs of states are kept, and reasons told."""
WORK = 2_000_000
"""Draws × states that are judged at most, a way to draw: some seconds on two cores."""
ROWS = 4_000_000
"""Draws × parties × states whose rankings lie in memory together."""


@dataclass(frozen=True, eq=False)
class Verdicts:
    """Verdicts on all states in all draws; where every draw has the same rankings, they are kept once.

    ``codes`` (D or fewer, concepts, S): bit i is set where the state is stable for party i. Fewer than ``draws`` stand
    for all of them in turn.
    """

    conflict: Conflict
    concepts: tuple[str, ...]
    codes: NDArray[np.uint8]
    draws: int

    @property
    def certain(self) -> bool:
        """Whether all draws agree because all their rankings are the same."""
        return len(self.codes) == 1

    @cached_property
    def _all(self) -> int:
        return (1 << len(self.conflict.parties)) - 1

    def equilibrium(self, concept: str) -> Bool:
        """(D, S) where a state is stable for every party."""
        return self._spread(self.codes[:, self.concepts.index(concept)] == self._all)

    def stable(self, concept: str, party: int) -> Bool:
        """(D, S) where a state is stable for one party."""
        return self._spread((self.codes[:, self.concepts.index(concept)] >> party & 1).astype(np.bool_))

    def _spread(self, found: Bool) -> Bool:
        if len(found) in (1, self.draws):
            return np.broadcast_to(found, (self.draws, found.shape[1]))
        return found[np.arange(self.draws) % len(found)]


def closes(conflict: Conflict) -> bool:
    """Whether the fast engine holds: moves are changes of options that every party sees, preferences are rankings."""
    single = any(r.prefers or r.unknown or r.strongly for r in conflict.standoff.rankings.values())
    return isinstance(conflict.model, Lattice) and conflict.unseen is None and not single


def enough(conflict: Conflict, draws: int) -> int:
    """How many draws a conflict of this size is judged in: as many as asked for, or as there is time for.

    ``IncompleteCaseError`` for one that must be followed move by move and has too many states for that.
    """
    if len(conflict) > TOLD and not closes(conflict):
        raise IncompleteCaseError.of("standoff-too-many", states=len(conflict), most=TOLD)
    return min(draws, max(2 * INNER, WORK // len(conflict)))


def fewer_for_zero(conflict: Conflict, drawn: Draws) -> int:
    """How many draws zero lines rest on: all, but where the rankings are certain and the states very many, fewer."""
    return max(8, 4 * WORK // len(conflict)) if crisp(drawn, conflict) else drawn.n


def concepts_of(conflict: Conflict) -> tuple[str, ...]:
    """The concepts that are defined for a conflict, and answered in time: simultaneous answers are the slow ones."""
    widest = max(int(mask).bit_count() for mask in conflict.model.masks)
    fits = 2 * len(conflict) ** 2 << widest <= MOST_TRIED
    return tuple(c for c in defined(conflict.model) if c != "sim" or fits)


def drawn_verdicts(
    drawn: Draws,
    conflict: Conflict,
    rankings: Ranks | None = None,
    *,
    concepts: Sequence[str] | None = None,
    most: int | None = None,
) -> Verdicts:
    """The verdicts on every state in every draw; ``rankings`` (D, P, S) in place of those of the case, ``concepts`` in
    place of all that are defined; with ``most``, at most so many draws are judged and stand for the others."""
    concepts = concepts_of(conflict) if concepts is None else tuple(concepts)
    if rankings is None and crisp(drawn, conflict):
        codes = judged(conflict, profiles(drawn, conflict, rows=slice(1)), concepts, drawn, slice(1))
        return Verdicts(conflict, concepts, codes, drawn.n)
    step = max(1, ROWS // (len(conflict.parties) * len(conflict)))
    last = drawn.n if most is None else min(most, drawn.n)
    blocks = [slice(at, min(at + step, last)) for at in range(0, last, step)]
    codes = np.concatenate(
        [
            judged(
                conflict,
                profiles(drawn, conflict, rows=rows) if rankings is None else rankings[rows],
                concepts,
                drawn,
                rows,
            )
            for rows in blocks
        ]
    )
    return Verdicts(conflict, concepts, codes, drawn.n)


def judged(
    conflict: Conflict, rankings: Ranks, concepts: Sequence[str], drawn: Draws, rows: Rows
) -> NDArray[np.uint8]:
    """(rows, concepts, S) of some draws, bit i set where a state is stable for party i.

    By the fast engine where its conditions hold, else by following every legal sequence.
    """
    model = conflict.model
    if isinstance(model, Lattice) and closes(conflict):
        return stable_profiles(model, rankings, concepts=concepts)
    named = overruling(drawn, conflict)
    return general_profiles(
        model,
        rankings,
        pairs=named.pairs,
        on=named.on[rows],
        concepts=concepts,
        unseen=conflict.unseen,
    )


# ---- the middle of the draws -----------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Central:
    """The rankings in the middle of the draws: ``ranks`` (P, S), of each side the statements that count in over half.

    ``better`` (P, S, S) at [i, s, q]: whether party i prefers q to s, single pairs included; None for more states than
    can be told one by one. ``unknown`` of the same shape: pairs of which neither is known to be preferred. By concept,
    ``stable`` (P, S), ``necessary`` and ``possible`` where preferences are unknown, ``strong`` where some are strong.
    """

    ranks: Ranks
    better: Bool | None
    unknown: Bool | None
    stable: Mapping[str, Bool]
    necessary: Mapping[str, Bool]
    possible: Mapping[str, Bool]
    strong: Mapping[str, Bool]


def central(drawn: Draws, conflict: Conflict) -> Central:
    """The central rankings of a conflict and what is stable under them."""
    ranks = np.stack([_central(drawn, conflict, party) for party in conflict.parties])
    model, concepts = conflict.model, concepts_of(conflict)
    if isinstance(model, Lattice) and closes(conflict):
        told = len(conflict) <= TOLD
        verdicts = stable(model, ranks, concepts=concepts)
        return Central(ranks, relation(ranks) if told else None, None, verdicts, {}, {}, {})
    found = [known(pairs(drawn, conflict, party)) for party in conflict.parties]
    better = relation(ranks, prefers=[own.prefers for own in found])
    strong = _strong(conflict, better, found, concepts)
    if not any(len(own.unknown) for own in found):
        verdicts = stable_general(model, better, concepts=concepts, unseen=conflict.unseen)
        return Central(ranks, better, None, verdicts, {}, {}, strong)
    unknown = np.zeros_like(better)
    for p, own in enumerate(found):
        unknown[p, own.unknown[:, 0], own.unknown[:, 1]] = True
        unknown[p, own.unknown[:, 1], own.unknown[:, 0]] = True
    settled = completions(model, better, unknown, concepts=concepts, unseen=conflict.unseen)
    verdicts = stable_general(model, better & ~unknown, concepts=concepts, unseen=conflict.unseen)
    return Central(ranks, better & ~unknown, unknown, verdicts, settled.necessary, settled.possible, strong)


def known(own: Pairs) -> Pairs:
    """The pairs of a party if they are known in over half of the draws, else none."""
    none = np.zeros((0, 2), dtype=np.int64)
    return own if own.stands.mean() > HALF else Pairs(none, none, none, own.stands)


def _strong(
    conflict: Conflict, better: Bool, found: Sequence[Pairs], concepts: Sequence[str]
) -> Mapping[str, Bool]:
    """Where each improvement is deterred by something much worse, by concept; empty where nothing is strong."""
    if not any(len(own.strongly) for own in found):
        return {}
    much = np.zeros_like(better)
    for p, own in enumerate(found):
        much[p, own.strongly[:, 1], own.strongly[:, 0]] = True
    return strongly_stable(conflict.model, better, much, concepts=concepts, unseen=conflict.unseen)


def _central(drawn: Draws, conflict: Conflict, party: str) -> Ranks:
    ranking = conflict.standoff.rankings.get(party)
    if ranking is None or ranking.ranking or not ranking.statements:
        drawings = (
            drawn_rankings(drawn, conflict, party, rows=slice(1)) if ranking and ranking.ranking else None
        )
        stands = pairs(drawn, conflict, party).stands
        if drawings is None or not stands[0] or stands.mean() <= HALF:
            return np.zeros(len(conflict), dtype=np.int32)
        return np.asarray(drawings[0], dtype=np.int32)
    counting = statements(drawn, conflict, party)
    liked, disliked = ((counting.signs == way).mean(axis=0) > HALF for way in (1, -1))
    signs = (liked.astype(np.int8) - disliked.astype(np.int8))[None]
    if ranking.by == "weights":
        drawings = by_weights(counting.truth, weights=signs * mean_weights(drawn, conflict, party))
    else:
        drawings = by_priority(counting.truth, places=np.arange(signs.shape[1])[None], signs=signs)
    return np.asarray(drawings[0], dtype=np.int32)


def grounds(conflict: Conflict) -> tuple[Basis, ...]:
    """What the rankings rest on: the basis of every statement, and of every direct ranking."""
    outer = basis_of(conflict.standoff)
    out = []
    for ranking in conflict.standoff.rankings.values():
        own = basis_of(ranking) if ranking.because or ranking.assumed else outer
        if ranking.ranking or not ranking.statements:
            out.append(own)
        else:
            out += [basis_of(s) if s.because or s.assumed else own for s in ranking.statements]
    return tuple(out)
