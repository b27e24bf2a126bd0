"""The search over changes of circumstance, and what each gains for each wish, over all draws."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal

import numpy as np

from zopa.analysis._mediation_changes import Change, entry_of, offered_by, proposals
from zopa.analysis._mediation_measure import Bench, Changes, Ways
from zopa.case.conflict import Conflict
from zopa.case.draws import Evidence
from zopa.case.quantities import basis_of
from zopa.case.verdicts import concepts_of
from zopa.estimate import Array
from zopa.methods.graph_model import Bool
from zopa.methods.intervals import Interval
from zopa.result import LEAST, Chance, Share, Verdict, chance_of, gap, share_of, verdict

CONCEPT = "seq"
"""The concept of headlines: answers count only where they are better for who gives them."""
PAIRS = 3
"""Pairs of changes that are worked out over all draws, a wish: those that gain most in the first look."""

LOOKED = 6_000_000
"""Draws × states that are judged at most in the first look at pairs."""
SLOWEST = "sim"
"""The concept that takes longer to judge than all others together."""
TAKEN = 3_000_000
"""Draws × states that it is judged in at most, a way to draw."""
NAMED = 3
"""Single changes beside each other under every concept."""
SLOW = 20
"""How many times longer it takes to follow every legal sequence."""

Help = Literal["helps", "hurts", "assumed", "open", "silent"]


@dataclass(frozen=True, slots=True)
class Gain:
    """What a change adds to a share of draws, paired draw by draw, with its 5–95 % range over the grade table.

    ``zero``: what it adds at total ignorance; ``cited``: with every assumption at ignorance; ``error``: Monte Carlo
    standard error. ``verdict``: ``helps`` or ``hurts`` where the range is clear of 0, and of the claims alone too,
    ``assumed`` where only the assumptions say so, ``open``, or ``silent`` where no claim bears on it. ``record``: what
    the record says of the difference from the gain at total ignorance.
    """

    value: float
    low: float
    high: float
    zero: float
    cited: float
    error: float
    verdict: Help
    record: Verdict


@dataclass(frozen=True, slots=True)
class MediationRow:
    """One set of changes of circumstance for one wish; no ``changes``: the case as it stands.

    ``outcome`` or ``state`` (a number): what is wished. ``lasts``: one of the wished states is an equilibrium under
    sequential stability; ``shares``: the same under the other concepts, SIM, slow to judge, for the rows shown first.
    ``reached``: improvements without force lead to a wished state from the status quo (None: there is no status quo);
    ``works``: to one that lasts. Each has its gain over the case as it stands. ``central``: the concepts under which a
    wished state is an equilibrium in the central rankings.
    """

    outcome: str | None
    state: int | None
    changes: Changes
    size: int
    offered_by: tuple[str, ...]
    lasts: Chance
    gained: Gain | None
    shares: Mapping[str, Share]
    reached: Share | None
    reached_gained: Gain | None
    works: Share | None
    works_gained: Gain | None
    central: tuple[str, ...]
    because: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Wish:
    """What is wished: an outcome or a state by number, and (S,) the states that fulfil it."""

    outcome: str | None
    state: int | None
    states: Bool


@dataclass(frozen=True, eq=False)
class Searched:
    """The rows of all wishes; how many single changes, and how many pairs ``among`` the most promising of them, were
    tried."""

    rows: tuple[MediationRow, ...]
    singles: int
    pairs: int
    among: int


@dataclass(frozen=True, eq=False)
class Rooms:
    """Where changes are tried: in all draws, in few to look at pairs, and centrally."""

    whole: Bench
    look: Bench
    middle: Bench


def searched(conflict: Conflict, wishes: Sequence[Wish], rooms: Rooms, because: tuple[str, ...]) -> Searched:
    """Every single change, all assurances together, and the pairs that gain most, for each wish."""
    union = np.any([w.states for w in wishes], axis=0)
    singles = proposals(conflict, union)
    given = tuple(c for c in singles if c.kind == "assurance")
    chosen, tried, among = _look(rooms.look, wishes, singles)
    rows: list[MediationRow] = []
    for k, wish in enumerate(wishes):
        sets: list[Changes] = [(), *((c,) for c in singles), *chosen[k]]
        if len(given) > 2:
            sets.append(given)
        sets = [s for s in sets if _left(conflict, wish, s)]
        found = [_row(conflict, wish, s, rooms, because) for s in sets]
        rows += [found[0], *sorted(found[1:], key=_order)]
    rows = _with_slow(rows, wishes, rooms.whole)
    return Searched(tuple(rows), len(singles), tried, among)


def shown(rows: Sequence[MediationRow], best: int) -> tuple[MediationRow, ...]:
    """The case as it stands, the best single changes, and what was tried together."""
    single = [r for r in rows if r.size == 1]
    return (rows[0], *single[:best], *(r for r in rows if r.size > 1))


def _with_slow(rows: list[MediationRow], wishes: Sequence[Wish], whole: Bench) -> list[MediationRow]:
    """The rows with what is slow to judge told of as many as there is time for, those that are shown before others."""
    if SLOWEST not in _concepts(whole):
        return rows
    by_wish = [(w, [r for r in rows if (r.outcome, r.state) == (w.outcome, w.state)]) for w in wishes]
    first = [(w, r) for w, own in by_wish for r in shown(own, NAMED)]
    known = {id(r) for _, r in first}
    order = first + [(w, r) for w, own in by_wish for r in own if id(r) not in known]
    most = TAKEN // (whole.ways["all"].n * len(whole.conflict))
    told = {id(r): _slow(whole, w, r) for w, r in order[: max(1, most)]}
    return [replace(r, shares={**r.shares, SLOWEST: told[id(r)]}) if id(r) in told else r for r in rows]


def _slow(whole: Bench, wish: Wish, row: MediationRow) -> Share:
    own = _own(whole, wish, row.changes)
    ways = [e for e in whole.ways if e != "cited"]
    found = {e: whole.lasts(e, row.changes, (SLOWEST,))[0] & own for e in ways}
    return share_of({e: np.asarray(f.any(axis=1)) for e, f in found.items()}, whole.ways)


def best_of(rows: Sequence[MediationRow], size: int | None = None) -> MediationRow | None:
    """The change of some ``size`` that gains most; of those that help where one does, else of all."""
    changed = [r for r in rows if r.gained is not None and size in (None, r.size)]
    helping = [r for r in changed if r.gained is not None and r.gained.verdict == "helps"]
    return max(helping or changed, key=lambda r: r.gained.value if r.gained else 0.0, default=None)


def _order(row: MediationRow) -> tuple[int, float]:
    assert row.gained is not None
    return row.size, -row.gained.value


def _left(conflict: Conflict, wish: Wish, changes: Changes) -> bool:
    """Whether a wished state is left once the options are ruled out."""
    return bool((wish.states & ~_gone(conflict, changes)).any())


def _gone(conflict: Conflict, changes: Changes) -> Bool:
    out = np.zeros(len(conflict), dtype=np.bool_)
    for change in changes:
        if change.kind == "rule-out":
            out |= conflict.facts[change.what]
    return out


def _look(
    bench: Bench, wishes: Sequence[Wish], singles: Sequence[Change]
) -> tuple[list[list[Changes]], int, int]:
    """Of pairs of changes, for each wish those under which it lasts most often in a few draws, and more often than with
    either; how many pairs were looked at, and among how many single changes."""
    alone = {c: [_share(bench, w, (c,)) for w in wishes] for c in singles}
    cost = bench.ways["all"].n * len(bench.conflict) * (1 if bench.plain else SLOW)
    most = max(2, int((1 + math.sqrt(1 + 8 * LOOKED / cost)) / 2))
    ranked = sorted(singles, key=lambda c: -max(alone[c]))[:most]
    tried = [(a, b) for a, b in combinations([c for c in singles if c in ranked], 2) if not _clash(a, b)]
    scores: list[list[tuple[float, int]]] = [[] for _ in wishes]
    for at, (a, b) in enumerate(tried):
        for k, wish in enumerate(wishes):
            share = _share(bench, wish, (a, b))
            if share > max(alone[a][k], alone[b][k]):
                scores[k].append((-share, at))
    chosen: list[list[Changes]] = [[tried[at] for _, at in sorted(own)[:PAIRS]] for own in scores]
    return chosen, len(tried), len(ranked)


def _clash(a: Change, b: Change) -> bool:
    """Whether an option would be ruled out and bound at once, which is only ruling it out."""
    return a.what == b.what and {a.kind, b.kind} == {"rule-out", "bind"}


def _share(bench: Bench, wish: Wish, changes: Changes) -> float:
    return float(hits(bench, wish, changes, "all").mean()) if _left(bench.conflict, wish, changes) else -1.0


def hits(bench: Bench, wish: Wish, changes: Changes, evidence: Evidence) -> Bool:
    """(D,) in which draws one of the wished states is an equilibrium with the changes in place."""
    found = bench.lasts(evidence, changes, _asked(bench, evidence))[0]
    return np.asarray((found & _own(bench, wish, changes)).any(axis=1))


def _own(bench: Bench, wish: Wish, changes: Changes) -> Bool:
    """(U,) the wished states of one wish that are left."""
    return np.asarray((wish.states & ~_gone(bench.conflict, changes))[bench.wished])


def _row(
    conflict: Conflict, wish: Wish, changes: Changes, rooms: Rooms, because: tuple[str, ...]
) -> MediationRow:
    whole, ways = rooms.whole, rooms.whole.ways
    own, first = _own(whole, wish, changes), _own(whole, wish, ())
    now = {e: hits(whole, wish, (), e) for e in ways}
    then = {e: hits(whole, wish, changes, e) for e in ways}
    reached = {e: _come(whole, e, changes, own, False) for e in ways}
    works = {e: _come(whole, e, changes, own, True) for e in ways}
    before = [{e: _come(whole, e, (), first, lasting) for e in ways} for lasting in (False, True)]
    entries = [entry for c in changes if (entry := entry_of(conflict, c)) is not None]
    cited = (*because, *(c for entry in entries for c in basis_of(entry).claims))
    there = _known(reached)
    return MediationRow(
        outcome=wish.outcome,
        state=wish.state,
        changes=changes,
        size=len(changes),
        offered_by=tuple(dict.fromkeys(who for c in changes for who in offered_by(conflict, c))),
        lasts=chance_of(then, ways),
        gained=gain(then, now, ways) if changes else None,
        shares=_other_shares(whole, own, changes),
        reached=share_of(_sure(reached), ways) if there else None,
        reached_gained=_gained(reached, before[0], ways) if changes else None,
        works=share_of(_sure(works), ways) if there else None,
        works_gained=_gained(works, before[1], ways) if changes else None,
        central=_central(rooms.middle, own, changes),
        because=tuple(dict.fromkeys(cited)),
    )


Series = Mapping[Evidence, Bool]
Maybe = Mapping[Evidence, Bool | None]


def _come(bench: Bench, evidence: Evidence, changes: Changes, own: Bool, lasting: bool) -> Bool | None:
    found = bench.reached(evidence, changes)
    if found is None:
        return None
    if lasting:
        found = found & bench.lasts(evidence, changes, _asked(bench, evidence))[0]
    return np.asarray((found & own).any(axis=1))


def _known(series: Maybe) -> bool:
    return all(s is not None for s in series.values())


def _sure(series: Maybe) -> Series:
    return {e: s for e, s in series.items() if s is not None}


def _gained(after: Maybe, before: Maybe, ways: Ways) -> Gain | None:
    return gain(_sure(after), _sure(before), ways) if _known(after) and _known(before) else None


def gain(after: Series, before: Series, ways: Ways) -> Gain:
    """What a change adds, from the draws in which something happens with and without it, by way to draw."""
    spread = gap(after["all"], ways["all"], before["all"], ways["all"])
    record = gap(after["cited"], ways["cited"], before["cited"], ways["cited"])
    added: dict[Evidence, Array] = {e: after[e].astype(float) - before[e].astype(float) for e in ways}
    return Gain(
        value=float(spread.mean),
        low=float(spread.low),
        high=float(spread.high),
        zero=float(added["none"].mean()),
        cited=float(added["cited"].mean()),
        error=float(spread.error),
        verdict=_helps(after, before, spread, record),
        record=verdict(added, ways),
    )


def _helps(after: Series, before: Series, whole: Interval, record: Interval) -> Help:
    if all(bool((s["cited"] == s["none"]).all()) for s in (after, before)):
        return "silent"
    if not _clear(whole):
        return "open"
    if not _clear(record) or (record.mean > 0) != (whole.mean > 0):
        return "assumed"
    return "helps" if whole.mean > 0 else "hurts"


def _clear(found: Interval) -> bool:
    """Whether the whole range of a difference shows in numbers printed to 5 points, and its mean exceeds chance."""
    return (found.low > LEAST or found.high < -LEAST) and abs(found.mean) > 2 * found.error


def _other_shares(whole: Bench, own: Bool, changes: Changes) -> Mapping[str, Share]:
    found = {e: whole.lasts(e, changes, _asked(whole, e)) & own for e in whole.ways if e != "cited"}
    return {
        c: share_of({e: np.asarray(f[k].any(axis=1)) for e, f in found.items()}, whole.ways)
        for k, c in enumerate(_asked(whole, "all"))
        if c != CONCEPT
    }


def _asked(bench: Bench, evidence: Evidence) -> tuple[str, ...]:
    """The main concept first; the others where a share of theirs is told, in the same draws."""
    told = len(bench.ways) > 1 and evidence != "cited"
    return (CONCEPT, *(c for c in _concepts(bench) if c not in (CONCEPT, SLOWEST))) if told else (CONCEPT,)


def _concepts(bench: Bench) -> tuple[str, ...]:
    """The concepts that every changed standoff has, too: none with simultaneous answers where moves are listed."""
    return tuple(c for c in concepts_of(bench.conflict) if bench.plain or c != "sim")


def _central(middle: Bench, own: Bool, changes: Changes) -> tuple[str, ...]:
    """The concepts under which a wished state is an equilibrium in the central rankings, assurances not counted."""
    concepts = _concepts(middle)
    options = tuple(c for c in changes if c.kind != "assurance")
    found = middle.lasts("all", options, concepts)[:, 0] & own
    return tuple(c for c, on in zip(concepts, np.asarray(found.any(axis=1)), strict=True) if on)
