"""The least change of rankings that makes a wished state stable where single pairs of states overrule the rankings.

The pairs stay as they are; the rankings beneath them change. What ``inverse`` proves for Nash, GMR and SMR holds as it
stands: whether a party stays in s turns only on the set of states that are no better than s for it, a larger set never
hurts, and what pairs with s put into the set or keep out of it is so whatever the ranking. If s raised alone to any
rank below t is not enough, then under every ranking that is enough some state of rank t or above, in no pair with s, is
no better than s, and that ranking is at least as far away as s raised to t. So s raised alone to the lowest rank at
which it is stable is the least change. There may be none: a pair can put a state above s for good.

For SEQ and SSEQ the best of a few candidates is taken, each completed by raising s; the bound is the sum of what GMR
(SSEQ: SMR) takes. Every answer is checked by the definition, pairs included.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numba
import numpy as np
from numpy.typing import NDArray

from zopa.methods.acceptance import in_threads
from zopa.methods.graph_model import Bool, Graph, Index
from zopa.methods.inverse import INVERSE_CONCEPTS, LeastChange, improves, lasts, least_change
from zopa.methods.inverse_cuts import Ranks, pair_distance

_ROUNDS = 60


@dataclass(frozen=True, eq=False)
class Fixed:
    """What rankings of S states cannot change: ``pairs`` (k, 3) of party, better and worse state, later ones above
    earlier ones, and ``open`` (parties, S, S) pairs of which neither is preferred, None where there are none."""

    pairs: Index
    open: Bool | None = None

    def better(self, ranks: Ranks) -> Bool:
        """(parties, S, S): whether each party prefers the second state to the first, under rankings (parties, S)."""
        out = np.asarray(ranks[:, None, :] > ranks[:, :, None])
        for party, best, worst in self.pairs:
            out[party, worst, best], out[party, best, worst] = True, False
        return out if self.open is None else out & ~self.open


@numba.njit(cache=True, nogil=True)
def _followed(
    starts: Index,
    targets: Ranks,
    better: Bool,
    party: int,
    start: int,
    improving: bool,
    closed: Bool,
    seen: Bool,
    waiting: Index,
) -> None:
    """Fills ``seen`` (parties, S) with who arrives where by legal moves of all but ``party``, by improvements only if
    asked, never into a ``closed`` state."""
    parties = len(starts)
    seen[:] = False
    waiting[0, 0], waiting[0, 1] = start, -1
    count = 1
    while count > 0:
        count -= 1
        state, last = waiting[count]
        for mover in range(parties):
            if mover in (last, party):
                continue
            for at in range(starts[mover, state], starts[mover, state + 1]):
                to = targets[at]
                if seen[mover, to] or closed[to] or (improving and not better[mover, state, to]):
                    continue
                seen[mover, to] = True
                waiting[count, 0], waiting[count, 1] = to, mover
                count += 1


@numba.njit(cache=True, nogil=True)
def _stays(
    starts: Index,
    targets: Ranks,
    better: Bool,
    state: int,
    party: int,
    nash: bool,
    improving: bool,
    lasting: bool,
) -> bool:
    """Whether a state is stable for a party, straight from the definition."""
    parties, states = better.shape[:2]
    seen = np.empty((parties, states), dtype=np.bool_)
    waiting, closed = np.empty((parties * states + 1, 2), np.int64), np.zeros(states, dtype=np.bool_)
    for at in range(starts[party, state], starts[party, state + 1]):
        gain = targets[at]
        if not better[party, state, gain]:
            continue
        if nash:
            return False
        _followed(starts, targets, better, party, gain, improving, closed, seen, waiting)
        sanctioned = False
        for sanction in range(states):
            reached = False
            for mover in range(parties):
                reached = reached or seen[mover, sanction]
            holds = reached and not better[party, state, sanction]
            if lasting and holds:
                for out in range(starts[party, sanction], starts[party, sanction + 1]):
                    holds = holds and not better[party, state, targets[out]]
            sanctioned = sanctioned or holds
        if not sanctioned:
            return False
    return True


@numba.njit(cache=True, nogil=True)
def _reach_all(
    starts: Index,
    targets: Ranks,
    ranks: Ranks,
    pairs: Index,
    on: Bool,
    open_ones: Bool,
    closed: Bool,
    start: int,
    out: Bool,
) -> None:
    """Fills ``out`` (draws, S) with where legal paths of improvements lead, single pairs above the rankings."""
    draws, parties, states = ranks.shape
    better = np.empty((parties, states, states), dtype=np.bool_)
    seen = np.empty((parties, states), dtype=np.bool_)
    waiting = np.empty((parties * states + 1, 2), dtype=np.int64)
    for draw in range(draws):
        for p in range(parties):
            for s in range(states):
                for q in range(states):
                    better[p, s, q] = ranks[draw, p, q] > ranks[draw, p, s]
        for k in range(len(pairs)):
            if on[draw, k]:
                party, best, worst = pairs[k, 0], pairs[k, 1], pairs[k, 2]
                better[party, worst, best] = True
                better[party, best, worst] = False
        if len(open_ones):
            better &= ~open_ones
        _followed(starts, targets, better, -1, start, True, closed, seen, waiting)
        for s in range(states):
            for p in range(parties):
                out[draw, s] |= seen[p, s]
        out[draw, start] = True


def improving_reach(
    graph: Graph,
    ranks: Ranks,
    start: int,
    fixed: Fixed,
    *,
    on: Bool | None = None,
    avoid: Bool | None = None,
    threads: int | None = None,
) -> Bool:
    """(draws, S) the states that legal paths of improvements alone lead to in each draw, the start among them.

    ``ranks`` (draws, parties, S), overruled by the pairs of ``fixed`` in the draws in which they are ``on`` (draws, k);
    no path enters a state to ``avoid`` (S,). The number of threads changes nothing.
    """
    given, pairs = (
        np.ascontiguousarray(ranks, dtype=np.int32),
        np.ascontiguousarray(fixed.pairs, dtype=np.int64),
    )
    holds = np.ones((len(given), len(pairs)), dtype=np.bool_) if on is None else np.ascontiguousarray(on)
    if given.ndim != 3 or holds.shape != (len(given), len(pairs)):
        raise ValueError(f"improving_reach: ranks of {given.shape}, pairs on in {holds.shape}")
    closed = np.zeros(len(graph), dtype=np.bool_) if avoid is None else avoid
    open_ones = np.zeros((0, 0, 0), dtype=np.bool_) if fixed.open is None else fixed.open
    out = np.zeros((len(given), len(graph)), dtype=np.bool_)

    def work(a: int, b: int) -> None:
        _reach_all(
            graph.starts,
            graph.targets,
            given[a:b],
            pairs,
            holds[a:b],
            open_ones,
            closed,
            start,
            out[a:b],
        )

    in_threads(work, len(given), threads)
    return out


def stays_with(graph: Graph, better: Bool, state: int, party: int, *, concept: str) -> bool:
    """Whether one state is stable for one party, from the definition; ``better`` (parties, S, S)."""
    return bool(
        _stays(
            graph.starts,
            graph.targets,
            better,
            state,
            party,
            concept == "nash",
            improves(concept),
            lasts(concept),
        )
    )


def least_changes_beneath(
    graph: Graph,
    ranks: Ranks,
    state: int,
    fixed: Fixed,
    *,
    concepts: Sequence[str] = INVERSE_CONCEPTS,
    seed: int = 0,
) -> dict[str, LeastChange]:
    """``inverse.least_changes`` where some pairs are ``fixed``: rankings that make the state stable with them in place.

    Where there are none the distance of the parties ``blocked`` is infinite: their pairs hold a state above the wished
    one. For SEQ and SSEQ an infinite distance without that says that none were found.
    """
    given = np.ascontiguousarray(ranks, dtype=np.int32)
    found = {}
    for concept in concepts:
        answered = {"seq": "gmr", "sseq": "smr"}.get(concept, concept)
        change = _alone(graph, given, state, fixed, answered)
        if concept != answered and not change.blocked:
            change = _together(graph, given, state, fixed, concept, change, seed)
        found[concept] = replace(change, concept=concept)
    return found


def _alone(graph: Graph, ranks: Ranks, state: int, fixed: Fixed, concept: str) -> LeastChange:
    """The exact minimum where a party's stability depends on its own preferences alone."""
    out, blocked = ranks.copy(), []
    for party in range(len(ranks)):
        level = _lowest(graph, ranks, state, fixed, party, concept)
        if level is None:
            blocked.append(party)
        else:
            out[party, state] = level
    distance = _distances(ranks, out)
    distance[blocked] = np.inf
    none = np.full(len(ranks), -1, dtype=np.int64)
    return LeastChange(concept, state, out, distance, float(distance.sum()), none, tuple(blocked))


def _lowest(graph: Graph, ranks: Ranks, state: int, fixed: Fixed, party: int, concept: str) -> int | None:
    """The lowest rank of the state, from its own, at which a party stays there; None if it never does."""
    levels = np.unique(ranks[party, ranks[party] >= ranks[party, state]])
    better = fixed.better(ranks)

    def stays(level: int) -> bool:
        raised = ranks.copy()
        raised[party, state] = level
        better[party, state] = fixed.better(raised)[party, state]
        return stays_with(graph, better, state, party, concept=concept)

    if not stays(int(levels[-1])):
        return None
    low, high = 0, len(levels) - 1
    # A higher rank leaves fewer states better than this one, which never undoes what keeps the party.
    while low < high:
        middle = (low + high) // 2
        if stays(int(levels[middle])):
            high = middle
        else:
            low = middle + 1
    return int(levels[low])


def _together(
    graph: Graph, ranks: Ranks, state: int, fixed: Fixed, concept: str, alone: LeastChange, seed: int
) -> LeastChange:
    """The best found where the sanctions of one party are improvements of others."""
    without = least_change(graph, ranks, state, concept=concept, seed=seed).ranks
    best, least = ranks, np.inf
    for start in (ranks, alone.ranks, without):
        made = _completed(graph, start, state, fixed, concept)
        if made is not None and (total := float(_distances(ranks, made).sum())) < least:
            best, least = made, total
    distance = _distances(ranks, best)
    if not np.isfinite(least):
        distance[:] = np.inf
    return LeastChange(concept, state, best, distance, alone.bound, alone.instead)


def _completed(graph: Graph, ranks: Ranks, state: int, fixed: Fixed, concept: str) -> Ranks | None:
    """Rankings with the state raised for each party until none leaves it; None where that does not come about."""
    out = ranks.copy()
    for _ in range(_ROUNDS):
        before = out[:, state].copy()
        for party in range(len(out)):
            level = _lowest(graph, out, state, fixed, party, concept)
            # Where no rank is enough now, it may be once the others' answers have changed.
            out[party, state] = out[party].max() if level is None else level
        if (out[:, state] == before).all():
            break
    better = fixed.better(out)
    stable = all(stays_with(graph, better, state, p, concept=concept) for p in range(len(out)))
    return out if stable else None


def _distances(before: Ranks, after: Ranks) -> NDArray[np.float64]:
    return np.array([float(pair_distance(a, b)) for a, b in zip(before, after, strict=True)])
