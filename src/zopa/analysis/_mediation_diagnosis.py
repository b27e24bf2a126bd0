"""What the sides would have to want otherwise for a wished state to last: a diagnosis, not advice to anybody."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zopa.analysis._mediation_measure import Bench, fixed_pairs, judged_profiles
from zopa.analysis._mediation_rows import Wish
from zopa.case.verdicts import Central
from zopa.methods.graph_model import Bool, Graph, Index
from zopa.methods.inverse import INVERSE_CONCEPTS, LeastChange, least_changes
from zopa.methods.inverse_pairs import Fixed, improving_reach, least_changes_beneath
from zopa.methods.paths import improvement_reach
from zopa.methods.preferences import Ranks
from zopa.methods.seen import seen_graph
from zopa.result import Share, share_of

STATES, ROOM = 12, 2400
"""Wished states looked at, a wish, and those times all states: those that are equilibria most often."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A state, by number, that a side would have to see no worse (``up``) or no better than the states ``beside`` it,
    which it now sees the other way round."""

    n: int
    up: bool
    beside: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """One side's part: the ``distance`` its ranking would have to go (pairs of states, halves for ties), which states
    would move, and ``stays``: the share of draws in which nothing of it need change."""

    party: str
    distance: float
    moved: tuple[Moved, ...]
    stays: Share


@dataclass(frozen=True, slots=True)
class Need:
    """The least change of the central rankings that makes state ``n`` stable for every side under a concept.

    ``total`` over all sides, infinite where none was found; no change below ``bound`` does it, ``proven`` where they
    are equal. ``blocked``: sides that no ranking of theirs would keep there, as single pairs of states stand.
    ``reached``: whether improvements without force then lead to it from the status quo (None: there is no status quo,
    or no such change). ``nothing``: the share of draws in which no side need change. ``force``: some side would have to
    think better of a violent state, so that nobody should seek it. ``because`` is that of the rankings.
    """

    outcome: str | None
    state: int | None
    concept: str
    n: int
    total: float
    bound: float
    proven: bool
    blocked: tuple[str, ...]
    reached: bool | None
    sides: tuple[Side, ...]
    nothing: Share
    force: bool
    because: tuple[str, ...]


def looked_at(states: int) -> int:
    """How many wished states of a conflict are looked at."""
    return max(1, min(STATES, ROOM // states))


@dataclass(frozen=True, eq=False)
class _Ground:
    """Where a diagnosis stands: all draws, the central rankings, what may not change in them, and who moves where."""

    whole: Bench
    middle: Bench
    ranks: Ranks
    fixed: Fixed
    graph: Graph


def needs(
    wish: Wish, whole: Bench, middle: Bench, central: Central, because: tuple[str, ...], *, seed: int
) -> tuple[Need, ...]:
    """The least change for each concept, and where that state would not be reached, the least for one that would."""
    conflict = whole.conflict
    often = whole.lasts("all", (), ("seq",))[0].mean(axis=0)
    own = np.flatnonzero(wish.states[whole.wished])
    looked = whole.wished[own[np.argsort(-often[own], kind="stable")][: looked_at(len(conflict))]]
    ground = _Ground(
        whole,
        middle,
        central.ranks,
        Fixed(np.zeros((0, 3), dtype=np.int64)) if whole.plain else fixed_pairs(whole.ways["all"], conflict),
        seen_graph(conflict.graph, conflict.unseen),
    )
    found = {int(state): _least_changes(ground, int(state), seed) for state in np.sort(looked)}
    out = []
    for concept in INVERSE_CONCEPTS:
        near = {state: change[concept] for state, change in found.items()}
        reach = {state: _reached(ground, change, state) for state, change in near.items()}
        # Of equally small changes, the one after which the state can also be reached.
        ranked = [s for _, _, s in sorted((near[s].total, not reach[s], s) for s in near)]
        chosen = ranked[:1]
        if reach[chosen[0]] is False:
            chosen += [s for s in ranked if reach[s]][:1]
        out += [_need(wish, near[s], reach[s], ground, because) for s in chosen]
    return tuple(out)


def _least_changes(ground: _Ground, state: int, seed: int) -> dict[str, LeastChange]:
    if not len(ground.fixed.pairs) and ground.fixed.open is None:
        return least_changes(ground.graph, ground.ranks, state, seed=seed)
    return least_changes_beneath(ground.graph, ground.ranks, state, ground.fixed, seed=seed)


def _reached(ground: _Ground, change: LeastChange, state: int) -> bool | None:
    conflict = ground.whole.conflict
    if conflict.status_quo is None or not np.isfinite(change.total):
        return None
    violent = conflict.kind("violence")
    avoid = np.zeros_like(violent) if violent[conflict.status_quo] else violent
    ranks, start = change.ranks[None], conflict.status_quo
    if ground.whole.plain:
        return bool(improvement_reach(ground.graph, ranks, start, avoid=avoid)[0, state])
    return bool(improving_reach(ground.graph, ranks, start, ground.fixed, avoid=avoid)[0, state])


def _need(
    wish: Wish, change: LeastChange, reached: bool | None, ground: _Ground, because: tuple[str, ...]
) -> Need:
    whole, before = ground.whole, ground.ranks
    conflict = whole.conflict
    violent = conflict.kind("violence")
    done = bool(np.isfinite(change.total))
    if done and not _verified(ground.middle, change):
        raise ArithmeticError(f"mediation: {change.concept} of state {change.state} fails its check")
    stays = {e: whole.stays(e, change.concept, change.state) for e in whole.ways}
    sides = [
        Side(
            party=party,
            distance=float(change.distance[p]),
            moved=moved(before[p], change.ranks[p], conflict.numbers) if done else (),
            stays=share_of({e: s[:, p] for e, s in stays.items()}, whole.ways),
        )
        for p, party in enumerate(conflict.parties)
    ]
    return Need(
        outcome=wish.outcome,
        state=wish.state,
        concept=change.concept,
        n=int(conflict.numbers[change.state]),
        total=change.total,
        bound=float(change.bound),
        proven=change.proven,
        blocked=tuple(conflict.parties[p] for p in change.blocked),
        reached=reached,
        sides=tuple(sides),
        nothing=share_of({e: np.asarray(s.all(axis=1)) for e, s in stays.items()}, whole.ways),
        force=done and any(_dearer(before[p], change.ranks[p], violent) for p in range(len(sides))),
        because=because,
    )


def _verified(middle: Bench, change: LeastChange) -> bool:
    """Whether the engine that judges stability finds the same, single pairs and unseen states included."""
    at = int(np.searchsorted(middle.wished, change.state))
    return bool(judged_profiles(middle, change.ranks[None], (change.concept,))[0, 0, at])


def _dearer(before: Ranks, after: Ranks, violent: Bool) -> bool:
    """Whether some violent state has risen against one without violence."""
    was, now = (np.sign(r[violent][:, None].astype(np.int64) - r[~violent][None, :]) for r in (before, after))
    return bool((now > was).any())


def moved(before: Ranks, after: Ranks, numbers: Index) -> tuple[Moved, ...]:
    """Which states have moved between two rankings (S,), and past which others; those in most changed pairs first."""
    was, now = (np.sign(r[:, None].astype(np.int64) - r[None, :]) for r in (before, after))
    changed = was != now
    out = []
    while changed.any():
        at = int(changed.sum(axis=1).argmax())
        others = np.flatnonzero(changed[at])
        rose = now[at, others] > was[at, others]
        for up in (True, False):
            beside = others[rose == up]
            if len(beside):
                out.append(Moved(int(numbers[at]), up, tuple(int(n) for n in numbers[beside])))
        changed[at, :] = changed[:, at] = False
    return tuple(out)


def least(found: Sequence[Need], concept: str = "seq") -> Need:
    """The first answer under a concept: that of the least change."""
    return next(n for n in found if n.concept == concept)
