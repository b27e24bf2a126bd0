"""The record: sources and accepted claims, and the record as it stood on an earlier day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Self

from zopa.claims.claim import Claim
from zopa.claims.source import Source


@dataclass(frozen=True)
class Ledger:
    """Sources by id and accepted claims in file order; immutable, every change gives a new one."""

    sources: Mapping[str, Source]
    claims: tuple[Claim, ...] = ()
    copied: Mapping[str, str] = field(default_factory=dict)
    """By claim that is a copy, the claim it is a copy of (:mod:`zopa.claims.copies`)."""

    @cached_property
    def by_id(self) -> Mapping[str, Claim]:
        """Claims by id."""
        return {claim.id: claim for claim in self.claims}

    @cached_property
    def origins(self) -> Mapping[str, tuple[Claim, ...]]:
        """Claims grouped by the innermost voice on one matter: the unit that evidence is counted in."""
        out: dict[str, list[Claim]] = {}
        for claim in self.claims:
            out.setdefault(claim.origin, []).append(claim)
        return {origin: tuple(claims) for origin, claims in out.items()}

    def known_on(self, claim: Claim) -> date | None:
        """The first day a reader could know the claim: its own date, else its source's; None where neither is given."""
        if claim.known_on is not None:
            return claim.known_on
        source = self.sources.get(claim.source)
        return None if source is None else source.header.published or source.header.captured

    def as_of(self, day: date) -> Self:
        """The record as it stood at the end of a day; a claim with no date at all counts as known throughout."""
        known = (self.known_on(claim) for claim in self.claims)
        kept = tuple(c for c, on in zip(self.claims, known, strict=True) if on is None or on <= day)
        return replace(self, claims=kept)

    def without(self, claims: Iterable[str] = (), *, sources: Iterable[str] = ()) -> Self:
        """The record less some claims and less everything read in some sources."""
        out, gone = frozenset(claims), frozenset(sources)
        return replace(self, claims=tuple(c for c in self.claims if c.id not in out and c.source not in gone))
