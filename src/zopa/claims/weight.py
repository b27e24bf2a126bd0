"""Was it said, and does it tell: the weight of an origin, with the grade table's own uncertainty left in.

P(said) = 1 − ∏(1 − outlet weight) over independent outlets; an outlet's weight is the product of its source's
reliability (a letter) and its claim's credibility (a number), each an estimate of the grade table. Everything read
through one document (``via``) is capped by that document's reliability. Origin weight = P(said) × bearing, at most
.95, where bearing says how much a claim of this kind tells about what a side really wants.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import product
from math import prod

import numpy as np

from zopa.claims.claim import Claim
from zopa.claims.ledger import Ledger
from zopa.estimate import UNIT, Array, Estimate, parse, uniforms

CEILING = 0.95
"""No origin is ever certain to tell."""
ASSIGNMENTS = 256
"""So many ways to give outlets their routes are compared; beyond that every outlet takes its own best route."""
Route = tuple[str, ...]


@dataclass(frozen=True)
class GradeTable:
    """What each reliability letter, credibility number and kind of claim weighs, as estimates."""

    reliability: Mapping[str, Estimate]
    credibility: Mapping[str, Estimate]
    bearing: Mapping[str, Estimate]

    def override(
        self,
        reliability: Mapping[str, Estimate],
        credibility: Mapping[str, Estimate],
        bearing: Mapping[str, Estimate],
    ) -> "GradeTable":
        """The table with some of its entries replaced."""
        return GradeTable(
            {**self.reliability, **reliability},
            {**self.credibility, **credibility},
            {**self.bearing, **bearing},
        )


@cache
def shipped_grades() -> GradeTable:
    """The grade table that ships with zopa (``claims/grades.json``)."""
    data = json.loads((files("zopa") / "claims" / "grades.json").read_text(encoding="utf-8"))
    read = {part: {key: parse(text, UNIT) for key, text in entries.items()} for part, entries in data.items()}
    return GradeTable(read["reliability"], read["credibility"], read["bearing"])


@dataclass(frozen=True)
class Weigher:
    """Weights of origins in every outer group: ``groups`` draws of the grade table, one array entry each.

    With ``groups=None`` the grade table stands at its medians: one group, for tables that print a single weight.
    """

    ledger: Ledger
    grades: GradeTable
    seed: int = 0
    groups: int | None = None
    _drawn: dict[tuple[str, Estimate], Array] = field(default_factory=dict, compare=False, repr=False)

    def draw(self, name: str, estimate: Estimate) -> Array:
        """An outer quantity (a number between 0 and 1) in each group, from the stream of its name."""
        key = (name, estimate)
        if key not in self._drawn:
            u = np.array([0.5]) if self.groups is None else uniforms(self.seed, name, self.groups)
            self._drawn[key] = estimate.quantile(u, UNIT)
        return self._drawn[key]

    def reliability(self, source: str) -> Array:
        """The weight of a source's letter, by group; an unknown source weighs as F."""
        known = self.ledger.sources.get(source)
        letter = known.header.reliability if known else "F"
        return self.draw(f"grades/reliability/{letter}", self.grades.reliability[letter])

    def credibility(self, claim: Claim) -> Array:
        """The weight of a claim's number, by group."""
        number = str(claim.credibility)
        return self.draw(f"grades/credibility/{number}", self.grades.credibility[number])

    def bearing(self, claim: Claim, override: Estimate | None = None) -> Array:
        """How much the claim tells, by group: its kind's default or the citation's own estimate."""
        if override is not None:
            return self.draw(f"bearing/{claim.id}", override)
        return self.draw(f"grades/bearing/{claim.kind}", self.grades.bearing[claim.kind])

    def said(self, claims: Iterable[Claim]) -> Array:
        """P(said) of an origin from all its claims, by group.

        One outlet counts once, on the route that tells most: the same paper read through two digests is still one
        paper. With several outlets on several routes that is the best assignment of outlets to routes.
        """
        outlets = self._leaves(tuple(claims))
        choices = [list(routes.items()) for routes in outlets.values()]
        if prod(len(options) for options in choices) > ASSIGNMENTS:
            choices = [
                [max(options, key=lambda leaf: float(self._reach([leaf]).sum()))] for options in choices
            ]
        return np.asarray(np.max([self._reach(leaves) for leaves in product(*choices)], axis=0))

    def _leaves(self, claims: Sequence[Claim]) -> Mapping[str, Mapping[Route, Array]]:
        """By outlet and route (documents read through, outermost first): the outlet's weight there."""
        claims = self._without_copies(claims)
        through = {route for claim in claims for route in self.route(claim.source)}
        out: dict[str, dict[Route, Array]] = {}
        for claim in sorted(claims, key=lambda c: c.id):
            source = self.ledger.sources.get(claim.source)
            route = self.route(claim.source)
            # What a document itself says stands and falls with it, like everything read through it.
            if claim.source in through:
                route = (*route, claim.source)
            weight = self.reliability(claim.source) * self.credibility(claim)
            routes = out.setdefault(source.outlet if source else claim.source, {})
            routes[route] = np.maximum(routes[route], weight) if route in routes else weight
        return out

    def _without_copies(self, claims: Sequence[Claim]) -> Sequence[Claim]:
        """The claims, of copies of one text only the first: the others tell nothing beside it."""
        copied = self.ledger.copied
        if not copied:
            return claims
        first: dict[str, Claim] = {}
        for claim in sorted(claims, key=lambda c: (c.id in copied, c.id)):
            first.setdefault(copied.get(claim.id, claim.id), claim)
        return tuple(first.values())

    def route(self, source: str) -> Route:
        """The documents that a source was read through, outermost first."""
        out: list[str] = []
        at = self.ledger.sources.get(source)
        while at is not None and at.header.via and at.header.via not in (source, *out):
            out.append(at.header.via)
            at = self.ledger.sources.get(at.header.via)
        return tuple(reversed(out))

    def _reach(self, leaves: Sequence[tuple[Route, Array]]) -> Array:
        """P(said) of outlets on their routes: everything read through one document is capped by its reliability."""
        unsaid = np.ones(1 if self.groups is None else self.groups)
        inside: dict[str, list[tuple[Route, Array]]] = {}
        for route, weight in leaves:
            if route:
                inside.setdefault(route[0], []).append((route[1:], weight))
            else:
                unsaid = unsaid * (1 - weight)
        for document, within in sorted(inside.items()):
            unsaid = unsaid * (1 - np.minimum(self._reach(within), self.reliability(document)))
        return 1 - unsaid

    def weight(self, claims: Iterable[Claim], bearing: Callable[[Claim], Array] | None = None) -> Array:
        """Origin weight by group: P(said) × the largest bearing among its claims, at most .95."""
        claims = tuple(claims)
        if not claims:
            return np.zeros(1 if self.groups is None else self.groups)
        tells = np.max([(bearing or self.bearing)(claim) for claim in claims], axis=0)
        return np.asarray(np.minimum(self.said(claims) * tells, CEILING))
