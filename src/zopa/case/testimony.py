"""Who says what in a case, tabulated: claims and origins with weights, voices, matters, whose word supports what."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

import numpy as np

from zopa.case.case import Case
from zopa.case.evidence import Switches
from zopa.case.fields import Citation
from zopa.case.quantities import Quantity, quantities
from zopa.claims.claim import Claim
from zopa.claims.contradiction import Contradiction, shifts
from zopa.claims.weight import CEILING, Weigher
from zopa.estimate import TAIL, Array

Standing = Literal["uncontradicted", "settled", "open"]
"""``open``: contradicted, and nothing says how it came out."""
SUPPORT = ("own", "opponents", "third", "unnamed", "uncited")


@dataclass(frozen=True, slots=True)
class Span:
    """Median and 5–95 % range of a weight over the grade table."""

    low: float
    mid: float
    high: float


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One claim: who said it, when, through what, how well graded, and what contradicts it.

    ``said``: probability that its origin said it; ``weight``: what citing this claim weighs, P(said) × bearing of its
    kind, at most .95, before contradictions.
    """

    claim: str
    said_on: date | None
    known_on: date | None
    speaker: str | None
    party: str | None
    unnamed: bool
    outlet: str | None
    origin: str
    kind: str
    issues: tuple[str, ...]
    letter: str
    number: int
    said: Span
    weight: Span
    quote: str
    translation: Mapping[str, str]
    standing: Standing
    contradicts: tuple[str, ...]
    because: tuple[str, ...]

    @property
    def on(self) -> date | None:
        """The day it stands at: when it was said, else when it could first be known."""
        return self.said_on or self.known_on


@dataclass(frozen=True, slots=True)
class OriginRow:
    """One origin: the innermost voice on one matter, the unit that evidence is counted in.

    ``routes``: documents all was read through (their reliability caps ``said``); ``weight`` before and ``stands`` after
    contradictions; ``inputs``: estimates of the case that cite it.
    """

    origin: str
    voice: str | None
    party: str | None
    unnamed: bool
    claims: int
    outlets: tuple[str, ...]
    routes: tuple[str, ...]
    said: Span
    weight: Span
    stands: Span
    contradicted_by: tuple[str, ...]
    inputs: int
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """Two claims that contradict each other, which was said later, which stood, and which claims say so."""

    a: str
    b: str
    kind: str
    exclusive: bool
    rule: str
    later: str | None
    settled: str | None
    settled_by: tuple[str, ...]
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """A side's position and its departure from it on a later day."""

    party: str
    before: str
    after: str
    rule: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CopyRow:
    """One text that several outlets carried: the claim as it came first, and who passed it on, in the order of days.

    ``path``: the voices from the outlet that had it first to the one that spoke. ``carriers``: outlet and day of each
    copy, None where no day is known. All of it counts as one voice.
    """

    origin: str
    first: str
    path: tuple[str, ...]
    outlet: str
    on: date | None
    carriers: tuple[tuple[str, date | None], ...]
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EventRow:
    """Something on the timeline: a claim that was made, or a move of the case."""

    on: date
    what: Literal["claim", "move"]
    name: str
    party: str | None
    text: Mapping[str, str]
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VoiceRow:
    """One voice and what it said."""

    voice: str | None
    party: str | None
    unnamed: bool
    claims: int
    origins: int
    kinds: Mapping[str, int]
    issues: tuple[str, ...]
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MatterRow:
    """One issue and how many independent voices speak on it; ``single_route``: all was read through one document."""

    issue: str
    claims: int
    origins: int
    outlets: int
    single_origin: bool
    single_route: bool
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SupportRow:
    """On whose word the case's estimates about a party rest, as shares that sum to one.

    Each estimate counts once, in equal parts for the origins it cites: the party's ``own`` named voices, its
    ``opponents`` (other negotiators), ``third`` parties (outsiders, commentators, the text itself), ``unnamed``
    voices of anybody; ``uncited`` is assumed or not stated. ``single``: share of the cited ones with one origin only.
    """

    party: str
    inputs: int
    own: float
    opponents: float
    third: float
    unnamed: float
    uncited: float
    single: float
    because: tuple[str, ...]


@dataclass(frozen=True)
class Testimony:
    """Everything the record of a case says of itself; weights over ``groups`` draws of the grade table."""

    case: Case
    seed: int = 0
    groups: int = 2000

    @cached_property
    def weigher(self) -> Weigher:
        """Weights of origins."""
        return Weigher(self.case.ledger, self.case.grades, self.seed, self.groups)

    @cached_property
    def said(self) -> Mapping[str, Array]:
        """P(said) of every origin, by draw of the grade table."""
        return {name: self.weigher.said(claims) for name, claims in self.case.ledger.origins.items()}

    # -- claims ------------------------------------------------------------------------------------------------------

    @cached_property
    def claims(self) -> tuple[RecordRow, ...]:
        """Every accepted claim, in file order."""
        against: dict[str, list[Contradiction]] = {}
        for pair in self.case.contradictions:
            against.setdefault(pair.a, []).append(pair)
            against.setdefault(pair.b, []).append(pair)
        return tuple(self._claim(claim, against.get(claim.id, ())) for claim in self.case.ledger.claims)

    def _claim(self, claim: Claim, against: Sequence[Contradiction]) -> RecordRow:
        source = self.case.ledger.sources.get(claim.source)
        said = self.said[claim.origin]
        standing: Standing = "uncontradicted"
        if against:
            standing = "settled" if all(pair.settled for pair in against) else "open"
        return RecordRow(
            claim=claim.id,
            said_on=claim.said_on,
            known_on=self.case.ledger.known_on(claim),
            speaker=claim.speaker_head or claim.speaker,
            party=claim.party,
            unnamed=claim.anonymous,
            outlet=claim.outlet or (source.outlet if source else None),
            origin=claim.origin,
            kind=claim.kind,
            issues=claim.issues,
            letter=source.header.reliability if source else "F",
            number=claim.credibility,
            said=_span(said),
            weight=_span(np.minimum(said * self.weigher.bearing(claim), CEILING)),
            quote=claim.quote,
            translation=dict(claim.translation or {}),
            standing=standing,
            contradicts=tuple(dict.fromkeys(p.b if p.a == claim.id else p.a for p in against)),
            because=(claim.id,),
        )

    # -- origins -----------------------------------------------------------------------------------------------------

    @cached_property
    def origins(self) -> tuple[OriginRow, ...]:
        """Every origin with its weight, before and after what contradicts it."""
        ledger = self.case.ledger
        cited = tuple(Citation(claim=claim.id) for claim in ledger.claims)
        stands = Switches(self.case, self.seed, np.arange(self.groups), cited, {}).standing() if cited else {}
        inputs = Counter(origin for q in self._quantities for origin in self._cited(q))
        rivals: dict[str, dict[str, None]] = {}
        for pair in self.case.contradictions:
            a, b = ledger.by_id[pair.a].origin, ledger.by_id[pair.b].origin
            if a != b:
                rivals.setdefault(a, {})[b] = rivals.setdefault(b, {})[a] = None
        return tuple(
            OriginRow(
                origin=name,
                voice=_common(c.speaker_head or c.speaker for c in claims),
                party=_common(c.party for c in claims),
                unnamed=all(c.anonymous for c in claims),
                claims=len(claims),
                outlets=self._outlets(claims),
                routes=tuple(dict.fromkeys(route for c in claims for route in self.weigher.route(c.source))),
                said=_span(self.said[name]),
                weight=_span(self.weigher.weight(claims)),
                stands=_span(stands[name]),
                contradicted_by=tuple(rivals.get(name, ())),
                inputs=inputs[name],
                because=tuple(c.id for c in claims),
            )
            for name, claims in ledger.origins.items()
        )

    def _outlets(self, claims: Iterable[Claim]) -> tuple[str, ...]:
        sources = self.case.ledger.sources
        return tuple(
            dict.fromkeys(sources[c.source].outlet if c.source in sources else c.source for c in claims)
        )

    def documents(self, claims: Iterable[Claim]) -> frozenset[str]:
        """The documents by which the claims reached us, the outermost of each; one read itself is its own."""
        return frozenset((*self.weigher.route(c.source), c.source)[0] for c in claims)

    # -- contradictions and time ---------------------------------------------------------------------------------------

    @cached_property
    def conflicts(self) -> tuple[ConflictRow, ...]:
        """Every contradicting pair, with its resolution."""
        return tuple(
            ConflictRow(
                a=c.a,
                b=c.b,
                kind=c.kind,
                exclusive=c.exclusive,
                rule=c.rule,
                later=c.later,
                settled=c.settled,
                settled_by=c.settled_by,
                because=(c.a, c.b, *c.settled_by),
            )
            for c in self.case.contradictions
        )

    @cached_property
    def shifts(self) -> tuple[ShiftRow, ...]:
        """Positions that a side gave up or turned round on a later day."""
        found = shifts(self.case.ledger)
        return tuple(ShiftRow(s.party, s.before, s.after, s.rule, (s.before, s.after)) for s in found)

    @cached_property
    def copies(self) -> tuple[CopyRow, ...]:
        """Texts that several outlets carried, most carried first, each as a way back to its first voice."""
        ledger = self.case.ledger
        groups: dict[str, list[Claim]] = {}
        for claim in ledger.claims:
            if claim.id in ledger.copied:
                groups.setdefault(ledger.copied[claim.id], []).append(claim)
        out: list[CopyRow] = []
        for id_, found in groups.items():
            first = ledger.by_id.get(id_)
            if first is None:
                continue
            outlet = self._outlets([first])[0]
            speaker = first.speaker_head or first.speaker
            path = tuple(dict.fromkeys((outlet, *first.chain, *((speaker,) if speaker else ()))))
            known = sorted(
                ((self._outlets([c])[0], ledger.known_on(c)) for c in found),
                key=lambda carrier: (carrier[1] or date.max, carrier[0]),
            )
            because = (id_, *(c.id for c in found))
            out.append(
                CopyRow(first.origin, id_, path, outlet, ledger.known_on(first), tuple(known), because)
            )
        return tuple(sorted(out, key=lambda row: (-len(row.carriers), row.first)))

    @cached_property
    def timeline(self) -> tuple[EventRow, ...]:
        """Claims and moves by day; what has no day is left out."""
        out: list[EventRow] = []
        for row in self.claims:
            if row.on is not None:
                text = {"quote": row.quote, **row.translation}
                out.append(EventRow(row.on, "claim", row.claim, row.party, text, row.because))
        known = self.case.ledger.by_id
        for move in self.case.file.moves:
            if move.on <= self.case.file.as_of:
                name = {"en": move.name.get("en"), "zh": move.name.get("zh")}
                because = tuple(c.claim for c in move.because if c.claim in known)
                out.append(EventRow(move.on, "move", move.id, move.party, name, because))
        return tuple(sorted(out, key=lambda event: event.on))

    # -- voices and matters --------------------------------------------------------------------------------------------

    @cached_property
    def voices(self) -> tuple[VoiceRow, ...]:
        """Every voice, most claims first."""
        heard: dict[tuple[str | None, str | None, bool], list[Claim]] = {}
        for c in self.case.ledger.claims:
            heard.setdefault((c.speaker_head or c.speaker, c.party, c.anonymous), []).append(c)
        rows = (
            VoiceRow(
                voice=voice,
                party=party,
                unnamed=unnamed,
                claims=len(claims),
                origins=len({c.origin for c in claims}),
                kinds=dict(Counter(c.kind for c in claims).most_common()),
                issues=tuple(dict.fromkeys(i for c in claims for i in c.issues)),
                because=tuple(c.id for c in claims),
            )
            for (voice, party, unnamed), claims in heard.items()
        )
        return tuple(sorted(rows, key=lambda row: -row.claims))

    @cached_property
    def matters(self) -> tuple[MatterRow, ...]:
        """Every issue that claims speak of, fewest origins first: what rests on one voice stands on top."""
        by_issue: dict[str, list[Claim]] = {}
        for c in self.case.ledger.claims:
            for issue in c.issues:
                by_issue.setdefault(issue, []).append(c)
        rows = (
            MatterRow(
                issue=issue,
                claims=len(claims),
                origins=len({c.origin for c in claims}),
                outlets=len(self._outlets(claims)),
                single_origin=len({c.origin for c in claims}) == 1,
                single_route=len(self.documents(claims)) == 1,
                because=tuple(c.id for c in claims),
            )
            for issue, claims in by_issue.items()
        )
        return tuple(sorted(rows, key=lambda row: row.origins))

    # -- whose word ----------------------------------------------------------------------------------------------------

    @cached_property
    def supports(self) -> tuple[SupportRow, ...]:
        """Per negotiator, on whose word the case's estimates about it rest."""
        return tuple(self._support(party) for party in self.case.negotiators)

    @cached_property
    def _quantities(self) -> tuple[Quantity, ...]:
        return tuple(quantities(self.case.file).values())

    def _cited(self, quantity: Quantity) -> tuple[str, ...]:
        """Origins that a stated estimate cites."""
        known = self.case.ledger.by_id
        if not quantity.number.estimate.known:
            return ()
        return tuple(dict.fromkeys(known[c].origin for c in quantity.basis.claims if c in known))

    def _support(self, party: str) -> SupportRow:
        shares = dict.fromkeys(SUPPORT, 0.0)
        cited = single = inputs = 0
        because: dict[str, None] = {}
        for quantity in self._quantities:
            if quantity.party != party:
                continue
            inputs += 1
            origins = self._cited(quantity)
            cited, single = cited + bool(origins), single + (len(origins) == 1)
            because |= dict.fromkeys(c for c in quantity.basis.claims if c in self.case.ledger.by_id)
            for origin in origins:
                shares[self._whose(party, origin)] += 1 / len(origins)
            shares["uncited"] += not origins
        total = {name: value / inputs if inputs else 0.0 for name, value in shares.items()}
        alone = single / cited if cited else 0.0
        return SupportRow(party=party, inputs=inputs, **total, single=alone, because=tuple(because))

    def _whose(self, party: str, origin: str) -> str:
        claims = self.case.ledger.origins[origin]
        if all(c.anonymous for c in claims):
            return "unnamed"
        speaker = _common(c.party for c in claims)
        if speaker == party:
            return "own"
        return "opponents" if speaker in self.case.negotiators else "third"


def _span(values: Array) -> Span:
    low, mid, high = np.quantile(values, [TAIL, 0.5, 1 - TAIL])
    return Span(float(low), float(mid), float(high))


def _common(values: Iterable[str | None]) -> str | None:
    """The one value that all share, else None."""
    found = set(values)
    return found.pop() if len(found) == 1 else None
