"""Claims that cannot both stand, found by typed rules or noted by a person; and shifts of one side's position.

A rule asks for the same matter (a shared issue, shared words, the same day spoken of) and for opposed words: two sides
of an opposition (held or cancelled), a demand and a refusal, "only this" and "that too", forecasts on either side of
even. Opposed *positions* would pair everybody with everybody: of those each claim keeps its closest counterpart.
Contradicting *facts* are kept between any two origins, since they tie the origins' switches.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Protocol

from zopa.claims.claim import Claim
from zopa.claims.ledger import Ledger
from zopa.claims.matter import (
    SAME_EVENT,
    Read,
    alike,
    by_issue,
    closeness,
    common_day,
    event,
    read_claims,
    said,
)
from zopa.claims.opposition import STANCES, ContradictionKind, Found, exclusive, opposed

SAME_WORDS = 0.6
"""Share of the shorter text's words that the longer one repeats where a side says something again."""


class Note(Protocol):
    """A person's word on a pair of claims, as the case file gives it."""

    @property
    def a(self) -> str:
        """Id of one claim."""

    @property
    def b(self) -> str:
        """Id of the other."""

    @property
    def kind(self) -> ContradictionKind:
        """What they contradict each other on."""

    @property
    def contradict(self) -> bool:
        """False where a person says that they do not."""

    @property
    def settled(self) -> str | None:
        """Id of the one that stood."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two claims that contradict each other; ``later`` was said later, ``settled`` is the one that stood.

    ``exclusive``: not both can be so, which ties the switches of their origins. Opposed *positions* of two sides
    are a quarrel, not an error of the record: both sides may well hold them. ``settled_by`` names the later claims,
    of a third voice or of both sides, that say how it came out.
    """

    a: str
    b: str
    kind: ContradictionKind
    exclusive: bool
    later: str | None = None
    settled: str | None = None
    rule: str = "note"
    settled_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shift:
    """One side's position, and what the same side said on the same matter on a later day: a change, not an error."""

    party: str
    before: str
    after: str
    rule: str


def contradictions(
    ledger: Ledger, notes: Iterable[Note] = (), *, parties: Sequence[str] = ()
) -> tuple[Contradiction, ...]:
    """All contradicting pairs of accepted claims, each once, in claim order.

    ``notes`` are people's own words on pairs: where a person spoke of two claims or two origins, no rule adds to it.
    With ``parties`` (the negotiators) opposed positions count only where one of them is among the two.
    """
    reads = read_claims(ledger)
    endings = _Endings(reads.values())
    out: list[Contradiction] = []
    struck: set[frozenset[str]] = set()
    told: set[frozenset[str]] = set()
    for note in notes:
        if not note.contradict:
            struck.add(frozenset((note.a, note.b)))
        if not note.contradict or note.a not in reads or note.b not in reads:
            continue
        a, b = reads[note.a], reads[note.b]
        told.add(frozenset((a.claim.origin, b.claim.origin)))
        by = endings.settlers(a, b, note.settled) if note.settled in (note.a, note.b) else ()
        only_one = exclusive(a.claim, b.claim, note.kind)
        last = later(ledger, a.claim, b.claim)
        out.append(Contradiction(note.a, note.b, note.kind, only_one, last, note.settled, settled_by=by))
    found = (f for f in opposed(reads.values()) if f.ids not in struck and _concerns(f, parties))
    for f in _closest(f for f in found if not endings.came_between(f)):
        if f.origins not in told:
            a, b = f.a, f.b
            settled, by = endings.decide(f)
            last = later(ledger, a.claim, b.claim)
            out.append(Contradiction(a.claim.id, b.claim.id, f.kind, f.exclusive, last, settled, f.rule, by))
    return tuple(sorted(out, key=lambda c: sorted((reads[c.a].at, reads[c.b].at))))


def shifts(ledger: Ledger) -> tuple[Shift, ...]:
    """Where a side's later words depart from its earlier ones on the same matter, in the order of the later claims.

    Each later claim is set against the closest earlier one of the same party.
    """
    best: dict[str, tuple[tuple[float, str], Shift]] = {}
    reads = read_claims(ledger)
    stances = (r for r in reads.values() if r.claim.kind in STANCES and r.claim.party and r.on)
    for members in by_issue(stances).values():
        for a, b in combinations(members, 2):
            if a.claim.party != b.claim.party or a.on == b.on or a.on is None or b.on is None:
                continue
            before, after = (a, b) if a.on < b.on else (b, a)
            rule = _departs(before, after)
            key = (-closeness(before, after), before.claim.id)
            if rule and (after.claim.id not in best or key < best[after.claim.id][0]):
                shift = Shift(str(a.claim.party), before.claim.id, after.claim.id, rule)
                best[after.claim.id] = (key, shift)
    return tuple(best[name][1] for name in sorted(best, key=lambda name: reads[name].at))


def later(ledger: Ledger, a: Claim, b: Claim) -> str | None:
    """The id of the claim said later, or None where the dates do not tell."""
    on_a, on_b = said(ledger, a), said(ledger, b)
    if on_a is None or on_b is None or on_a == on_b:
        return None
    return a.id if on_a > on_b else b.id


def _departs(before: Read, after: Read) -> str | None:
    """How a later stance departs from an earlier one of the same side, or None."""
    if alike(before, after) <= 0:
        return None
    refused = before.claim.kind == "refusal" or before.marked("closed")
    if refused and (after.claim.kind == "offer" or after.pole("agreed") > 0):
        return "refused, then agreed"
    agreed = before.claim.kind == "offer" or before.pole("agreed") > 0
    if agreed and after.claim.kind == "refusal":
        return "agreed, then refused"
    for name in before.main.poles:
        if before.pole(name) * after.pole(name) < 0 and event(before, after, name) >= SAME_EVENT:
            return "opposed"
    return None


# -- of many, the closest ------------------------------------------------------------------------------------------


def _concerns(found: Found, parties: Sequence[str]) -> bool:
    if not parties or found.kind in ("factual", "forecast"):
        return True
    return found.a.claim.party in parties or found.b.claim.party in parties


def _closest(found: Iterable[Found]) -> list[Found]:
    """Of what excludes each other, one pair for two origins and a kind. Of opposed stances and forecasts, where
    everybody is against everybody, the pairs that answer each other best: each claim once against one side, and
    nothing twice.
    """
    ranked = sorted(found, key=lambda f: f.order)
    best: dict[tuple[str, ContradictionKind], Found] = {}
    for f in ranked:
        for read in (f.a, f.b):
            best.setdefault((read.claim.id, f.kind), f)
    excluding: dict[tuple[frozenset[str], ContradictionKind], Found] = {}
    answered: set[tuple[str, str, bool]] = set()
    kept: dict[frozenset[str], list[Found]] = {}
    for f in ranked:
        if f.exclusive:
            excluding.setdefault((f.origins, f.kind), f)
            continue
        forecast = f.kind == "forecast"
        ends = {(x.claim.id, _side(y), forecast) for x, y in ((f.a, f.b), (f.b, f.a))}
        earlier = kept.setdefault(frozenset((_side(f.a), _side(f.b))), [])
        closest = any(best[read.claim.id, f.kind] is f for read in (f.a, f.b))
        if closest and not ends & answered and not any(_restates(f, other) for other in earlier):
            answered |= ends
            earlier.append(f)
    return [*excluding.values(), *(f for pairs in kept.values() for f in pairs)]


def _side(read: Read) -> str:
    return read.claim.party or read.claim.origin


def _restates(f: Found, earlier: Found) -> bool:
    """Whether a pair says again, by the same two sides, what an earlier one says."""
    if f.kind != earlier.kind:
        return False
    mine = {_side(read): read for read in (f.a, f.b)}
    theirs = {_side(read): read for read in (earlier.a, earlier.b)}
    return all(alike(mine[side], theirs[side]) >= SAME_WORDS for side in mine)


# -- how it came out -----------------------------------------------------------------------------------------------


class _Endings:
    """Claims that could say how something came out, by issue: reports by the side they take, and who agreed to it."""

    def __init__(self, reads: Iterable[Read]) -> None:
        self.reports: dict[tuple[str, str, int], list[Read]] = {}
        self.agreed: dict[tuple[str, str], list[Read]] = {}
        for read in reads:
            reports = read.claim.kind in ("fact report", "offer")
            for issue in read.issues:
                for name, side in read.main.poles.items() if reports else ():
                    self.reports.setdefault((issue, name, side), []).append(read)
                if read.claim.party and (read.claim.kind == "offer" or read.pole("agreed") > 0):
                    self.agreed.setdefault((issue, read.claim.party), []).append(read)

    def came_between(self, found: Found) -> bool:
        """Whether the later of two opposed reports was made when others had told that the thing was on again: it then
        continues the story and denies nothing."""
        name = found.rule.removeprefix("opposed:")
        first, last = sorted((found.a, found.b), key=lambda read: (str(read.on), read.at))
        if name == found.rule or first.on is None or last.on is None or first.side(name) > 0:
            return False
        return any(
            read.on is not None and first.on < read.on <= last.on and name in read.main.again
            for issue in first.issues
            for read in self.reports.get((issue, name, 1), ())
        )

    def decide(self, found: Found) -> tuple[str | None, tuple[str, ...]]:
        """Which of the two stood and by which later claims; nothing where none tells, or where they tell both."""
        ids = (found.a.claim.id, found.b.claim.id)
        told = {claim: by for claim in ids if (by := self.settlers(found.a, found.b, claim))}
        return next(iter(told.items())) if len(told) == 1 else (None, ())

    def settlers(self, a: Read, b: Read, stood: str) -> tuple[str, ...]:
        """Later claims that say that one of the two stood: a third voice's, both sides', or of whoever gave way."""
        winner, loser = (a, b) if a.claim.id == stood else (b, a)
        names = dict.fromkeys((*winner.main.poles, *loser.main.poles, "held"))
        told: dict[str, Read] = {}
        gave_way: dict[str, Read] = {}
        for issue in winner.issues & loser.issues:
            for name in names:
                side = winner.side(name)
                if side * loser.side(name) < 0:
                    reports = self.reports.get((issue, name, side), ())
                    told |= {r.claim.id: r for r in reports if _comes_out(r, winner, loser, name)}
            if loser.claim.kind == "refusal" and winner.claim.kind == "demand":
                agreed = self.agreed.get((issue, loser.claim.party or ""), ())
                gave_way |= {r.claim.id: r for r in agreed if _gives_way(r, winner, loser)}
        # The word of one of two quarrelling sides in its own favour settles nothing.
        own = {a.claim.party, b.claim.party} - {None}
        voices = {read.claim.party for read in told.values()}
        if gave_way or voices - own or (len(own) > 1 and voices == own):
            every = sorted((told | gave_way).values(), key=lambda r: (str(r.on), r.at))
            return tuple(read.claim.id for read in every)
        return ()


def _comes_out(read: Read, winner: Read, loser: Read, name: str) -> bool:
    """Whether a report on the winner's side tells how it came out: in words that look back, or on a later day."""
    if read.claim.origin in (winner.claim.origin, loser.claim.origin) or common_day(winner, read) < 0:
        return False
    if read.on is None or winner.on is None or loser.on is None or read.on < max(winner.on, loser.on):
        return False
    if name in read.main.again or read.marked("came-out"):
        return True
    # Else it must speak of the same event: of its day where that is told, and in its words.
    day = common_day(read, winner) > 0 or not winner.days
    return read.on > max(winner.on, loser.on) and day and event(read, winner, name) >= SAME_EVENT


def _gives_way(read: Read, winner: Read, loser: Read) -> bool:
    """Whether words in which the refusing side agrees are later than its refusal and on what was demanded."""
    if read.on is None or loser.on is None or read.on <= loser.on:
        return False
    return read.claim.origin not in (winner.claim.origin, loser.claim.origin) and alike(read, winner) > 0
