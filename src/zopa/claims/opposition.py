"""Typed rules by which two claims are opposed. Whether they are depends on these two alone."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product
from typing import Literal

from zopa.claims.claim import Claim
from zopa.claims.matter import (
    SAME_EVENT,
    Read,
    alike,
    by_issue,
    closeness,
    common_day,
    event,
    same_side,
    within,
)
from zopa.claims.wording import Wording, negated_beside, overlap, process

ContradictionKind = Literal["factual", "position", "agenda", "forecast"]

CLOSE: Mapping[ContradictionKind, int] = {"factual": 7, "position": 60, "agenda": 60, "forecast": 30}
"""Days within which two sayings speak of one state of affairs."""
STANCES = frozenset({"demand", "refusal", "offer", "intent"})
_SCOPED = STANCES | {"fact report"}
DENIED = 0.6
"""Share of a clause's words that its denial must repeat."""


@dataclass(frozen=True, eq=False, slots=True)
class Found:
    """An opposed pair: by which rule, how directly the two answer each other, whether both can be so."""

    a: Read
    b: Read
    kind: ContradictionKind
    rule: str
    score: float
    exclusive: bool

    @property
    def ids(self) -> frozenset[str]:
        """Ids of the two claims."""
        return frozenset((self.a.claim.id, self.b.claim.id))

    @property
    def origins(self) -> frozenset[str]:
        """Origins of the two claims."""
        return frozenset((self.a.claim.origin, self.b.claim.origin))

    @property
    def order(self) -> tuple[float, int, tuple[str, ...]]:
        """Best first; then what a document says first, for what follows repeats it; then by id, so that the order of
        the file decides nothing."""
        a, b = self.a.claim, self.b.claim
        last = max(a.ranges[0][0], b.ranges[0][0]) if a.source == b.source else sys.maxsize
        return (-round(self.score, 6), last, tuple(sorted(self.ids)))


def exclusive(a: Claim, b: Claim, kind: ContradictionKind) -> bool:
    """Whether at most one of the two can be so: facts always, positions and agendas only within one party."""
    return kind == "factual" or (
        kind in ("position", "agenda") and a.party is not None and a.party == b.party
    )


def opposed(reads: Iterable[Read]) -> tuple[Found, ...]:
    """All opposed pairs of different origins that share an issue, each once, in the record's order."""
    out: dict[tuple[int, int], Found] = {}
    done: set[tuple[int, int]] = set()
    for members in by_issue(reads).values():
        for a, b in _candidates(members):
            first, second = (a, b) if a.at < b.at else (b, a)
            key = (first.at, second.at)
            if key in done or a.claim.origin == b.claim.origin:
                continue
            done.add(key)
            found = _by_rule(first, second)
            if found is not None:
                out[key] = found
    return tuple(out[key] for key in sorted(out))


def _by_rule(a: Read, b: Read) -> Found | None:
    kinds = {a.claim.kind, b.claim.kind}
    if kinds == {"fact report"}:
        return _scope(a, b) or _facts(a, b) or _counted(a, b)
    if kinds == {"forecast"}:
        return _forecasts(a, b)
    if kinds & {"forecast", "motive", "threat"}:
        return None
    return _scope(a, b) or _stances(a, b) or _reason(a, b) or _reason(b, a)


# -- which pairs are worth a look ----------------------------------------------------------------------------------


def _candidates(members: list[Read]) -> Iterator[tuple[Read, Read]]:
    """Pairs of one issue that some rule could find: rules need opposite roles, so most pairs are never looked at."""
    facts = [r for r in members if r.claim.kind == "fact report"]
    for name in {"held": 0} | {n: 0 for r in facts for n in r.main.poles}:
        sides = {sign: [r for r in facts if r.side(name) == sign] for sign in (1, -1)}
        yield from product(sides[1], sides[-1])
    yield from _repeats(facts)
    yield from combinations([r for r in facts if any(w.counts for w in r.words)], 2)
    yield from combinations([r for r in members if r.claim.kind == "forecast"], 2)
    narrow = [r for r in members if r.marked("only") and r.claim.kind in _SCOPED]
    wide = [r for r in members if r.claim.kind == "demand" or r.marked("include")]
    yield from product(narrow, wide)
    demands = [r for r in members if _stance(r) == "demand"]
    refusals = [r for r in members if _stance(r) == "refusal"]
    yield from product(demands, refusals)
    yield from combinations(demands, 2)
    yield from product([r for r in members if r.marked("not-the-reason")], refusals)


def _repeats(facts: list[Read]) -> Iterator[tuple[Read, Read]]:
    """Reports of which one has a clause with "not" in it that repeats words of a clause without."""
    holders: dict[tuple[str, str], list[Read]] = {}
    for read in facts:
        for words in read.words:
            plain = frozenset().union(*(c.units for c in words.clauses if not c.negated))
            for unit in plain:
                holders.setdefault((words.script, unit), []).append(read)
    for read in facts:
        for words in read.words:
            for clause in words.clauses:
                if not clause.negated or len(clause.units) < 2:
                    continue
                hits = Counter(h for unit in clause.units for h in holders.get((words.script, unit), ()))
                yield from ((read, other) for other, n in hits.items() if n >= 2 and other is not read)


# -- facts ---------------------------------------------------------------------------------------------------------


def _facts(a: Read, b: Read) -> Found | None:
    """Reports of one event on either side of an opposition (held, cancelled), or one denying the other's words."""
    day = common_day(a, b)
    if not within(a, b, CLOSE["factual"]) or day < 0:
        return None
    for name in {**a.main.poles, **b.main.poles, "held": 0}:
        # "Restored" does not deny that it was cancelled.
        if a.side(name) * b.side(name) >= 0 or name in a.main.again or name in b.main.again:
            continue
        # One day spoken of by both is the same event; else the clauses that take sides must speak of the same thing.
        same = event(a, b, name)
        if (day > 0 and (name == "held" or same > 0)) or same >= SAME_EVENT:
            return Found(a, b, "factual", f"opposed:{name}", closeness(a, b), True)
    if any(_denies(x, y) for x, y in _same_script(a, b)):
        return Found(a, b, "factual", "denied", closeness(a, b), True)
    return None


def _same_script(a: Read, b: Read) -> Iterator[tuple[Wording, Wording]]:
    return ((x, y) for x, y in product(a.words, b.words) if x.script == y.script)


def _denies(x: Wording, y: Wording) -> bool:
    """Whether two clauses say the same, one of them with "not" in it."""
    return any(
        p.negated != q.negated
        and not (set(p.poles) ^ set(q.poles)) - {"true"}
        and min(len(p.units), len(q.units)) >= 2
        and overlap(p.units, q.units) >= DENIED
        for p, q in product(x.clauses, y.clauses)
    )


def _counted(a: Read, b: Read) -> Found | None:
    """Two reports of one matter with numbers of the same thing that no reading of either allows to agree."""
    if not within(a, b, CLOSE["factual"]) or common_day(a, b) < 0:
        return None
    for x, y in _same_script(a, b):
        mine = {unit: (low, high) for unit, low, high in x.counts}
        for unit, low, high in y.counts:
            if unit not in mine or overlap(x.units, y.units) < 0.5:
                continue
            if mine[unit][1] < low or high < mine[unit][0]:
                return Found(a, b, "factual", "counts", closeness(a, b), True)
    return None


def _reason(a: Read, b: Read) -> Found | None:
    """One says that something is not what divides them, while the other side refuses just that.

    Both may be so in their own eyes: it is a tension of the record, not an exclusion.
    """
    if not a.marked("not-the-reason") or b.claim.kind != "refusal" or same_side(a, b):
        return None
    if not (a.issues & b.issues) or not within(a, b, CLOSE["factual"]) or alike(a, b) <= 0:
        return None
    return Found(a, b, "factual", "not-the-reason", closeness(a, b), False)


# -- positions and agendas -----------------------------------------------------------------------------------------


def _scope(a: Read, b: Read) -> Found | None:
    """One wants to talk about "only this", the other about "that too": an issue which the first leaves out."""
    for narrow, wide in ((a, b), (b, a)):
        if not narrow.marked("only") or (wide.marked("only") and not wide.marked("include")):
            continue
        if wide.claim.kind == "refusal" or not (wide.marked("include") or wide.claim.kind == "demand"):
            continue
        outside = wide.issues - narrow.issues - process()
        if not outside or "agenda" not in a.issues & b.issues or not within(a, b, CLOSE["agenda"]):
            continue
        if not {a.claim.kind, b.claim.kind} <= _SCOPED:
            continue
        stances = {a.claim.kind, b.claim.kind} <= STANCES
        if stances and same_side(a, b):
            continue
        kind: ContradictionKind = "position" if stances else "agenda"
        # A flat "nothing else" is answered by an ultimatum rather than by a wish.
        score = closeness(a, b) + 0.05 * len(outside) + 0.2 * (stances and wide.marked("ultimatum"))
        return Found(a, b, kind, "scope", score, exclusive(a.claim, b.claim, kind))
    return None


def _stances(a: Read, b: Read) -> Found | None:
    """A demand of one side against a refusal by another, or demands that pull opposite ways."""
    # Beside sides that are known, a voice of none speaks of other people's stances.
    if same_side(a, b) or (a.claim.party is None) != (b.claim.party is None):
        return None
    if not within(a, b, CLOSE["position"]) or a.marked("points-back") or b.marked("points-back"):
        return None
    stances = {_stance(a), _stance(b)}
    shared, same = a.issues & b.issues, alike(a, b)
    against = any(a.pole(name) * b.pole(name) < 0 for name in a.main.poles)
    rule = ""
    if stances == {"demand", "refusal"}:
        # "Only this" refuses what lies beside it: that is the rule on scope.
        scope = any(r.marked("only") and _stance(r) == "refusal" for r in (a, b))
        if against or (not scope and (shared - process() or same >= 0.25)):
            rule = "refused"
    elif stances == {"demand"} and shared:
        reversed_ = any(_denies(x, y) for x, y in _same_script(a, b))
        rule = "demands" if reversed_ or (against and same >= SAME_EVENT) else ""
    if not rule:
        return None
    score = closeness(a, b) + (0.2 if against else 0.0)
    return Found(a, b, "position", rule, score, exclusive(a.claim, b.claim, "position"))


def _stance(read: Read) -> str:
    """``demand``, ``refusal`` or nothing: by the claim's kind, else by words that leave no room."""
    kind = read.claim.kind
    if kind in ("demand", "refusal"):
        return kind
    return "refusal" if kind in ("fact report", "assessment", "intent") and read.marked("closed") else ""


# -- forecasts -----------------------------------------------------------------------------------------------------


def _forecasts(a: Read, b: Read) -> Found | None:
    """Forecasts of one event on either side of even, or one that shuts out what the other leaves open."""
    if not within(a, b, CLOSE["forecast"]) or common_day(a, b) < 0 or alike(a, b) < 0.3:
        return None
    one, two = _range(a), _range(b)
    if one and two and (one[1] < 0.5 < two[0] or two[1] < 0.5 < one[0]):
        return Found(a, b, "forecast", "either side of even", closeness(a, b), False)
    for x, y in ((a, b), (b, a)):
        if x.marked("impossible") and y.marked("possible"):
            return Found(a, b, "forecast", "shut out, left open", closeness(a, b), False)
    return None


def _range(read: Read) -> tuple[float, float] | None:
    """The range for the event itself: "probably not" is a low probability of it."""
    p = read.claim.probability
    if p is None:
        return None
    # "Unlikely" and "not impossible" have their negation in the word that the range was written for.
    flipped = read.claim.polarity == "negated" and negated_beside(read.claim.quote, p.word)
    return (1 - p.high, 1 - p.low) if flipped else (p.low, p.high)
