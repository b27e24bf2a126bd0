"""Which origins are about the same matter, and which party a claim or a number is about."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from pydantic import BaseModel

from zopa.case.case import Case
from zopa.case.fields import Citation
from zopa.case.quantities import Quantity, quantities
from zopa.claims.contradiction import Contradiction

MOSTLY = 0.5
"""More than this share of what two origins are cited for, or speak of, makes them one matter."""
SECTIONS = (
    "agendas",
    "readings",
    "preferences",
    "red_lines",
    "preconditions",
    "settings",
    "influence",
    "moves",
    "standoff",
    "assurances",
    "crisis",
    "talks",
)
"""Sections whose entries stand where any one of the claims that they cite does."""


@dataclass(frozen=True)
class Links:
    """What of a case's record hangs together."""

    case: Case

    @cached_property
    def quantities(self) -> Mapping[str, Quantity]:
        """Every estimate by path."""
        return quantities(self.case.file)

    @cached_property
    def open_pairs(self) -> tuple[Contradiction, ...]:
        """Contradictions of two origins that nothing has settled yet."""
        return tuple(pair for pair in self._pairs if pair.settled is None)

    @property
    def _pairs(self) -> Iterator[Contradiction]:
        by_id = self.case.ledger.by_id
        return (pair for pair in self.case.contradictions if by_id[pair.a].origin != by_id[pair.b].origin)

    @cached_property
    def overtaken(self) -> frozenset[str]:
        """Origins all of whose claims lost a contradiction that is settled: nobody need be asked about them."""
        settled = [pair for pair in self._pairs if pair.settled is not None]
        lost = {claim for pair in settled for claim in (pair.a, pair.b) if claim != pair.settled}
        origins = self.case.ledger.origins
        return frozenset(o for o, claims in origins.items() if all(claim.id in lost for claim in claims))

    @cached_property
    def rivals(self) -> tuple[Contradiction, ...]:
        """Those of which at most one can hold."""
        return tuple(pair for pair in self.open_pairs if pair.exclusive)

    def pair(self, found: Contradiction) -> tuple[str, str]:
        """The two origins of a contradiction."""
        by_id = self.case.ledger.by_id
        return by_id[found.a].origin, by_id[found.b].origin

    @cached_property
    def touches(self) -> Mapping[str, frozenset[str]]:
        """By origin, it and those that speak of the same matter: that contradict it; that more than half of the entries
        resting on it cite too, so that either suffices; and a voice of the same party on mostly the same issues."""
        out: dict[str, set[str]] = {origin: {origin} for origin in self.case.ledger.origins}
        pairs = [*(self.pair(found) for found in self._pairs), *self._together, *self._of_one_party]
        for a, b in pairs:
            out[a].add(b)
            out[b].add(a)
        return {origin: frozenset(found) for origin, found in out.items()}

    @cached_property
    def beside(self) -> Mapping[str, frozenset[str]]:
        """By origin, it and those that some entry cites beside it, so that either holds the entry up."""
        out: dict[str, set[str]] = {origin: {origin} for origin in self.case.ledger.origins}
        for cited in self._all_cited:
            origins = self.origins(cited)
            for origin in origins:
                out[origin].update(origins)
        return {origin: frozenset(found) for origin, found in out.items()}

    @property
    def _together(self) -> Iterator[tuple[str, str]]:
        alone: Counter[str] = Counter()
        both: Counter[tuple[str, str]] = Counter()
        for cited in self._all_cited:
            origins = sorted(self.origins(cited))
            alone.update(origins)
            both.update(combinations(origins, 2))
        for (a, b), n in both.items():
            if n > MOSTLY * min(alone[a], alone[b]):
                yield a, b

    @property
    def _of_one_party(self) -> Iterator[tuple[str, str]]:
        issues: dict[str, set[tuple[str, str]]] = {}
        for claim in self.case.ledger.claims:
            if claim.party is not None:
                found = issues.setdefault(claim.origin, set())
                found.update((claim.party, issue) for issue in claim.issues)
        for a, b in combinations(issues, 2):
            if len(issues[a] & issues[b]) > MOSTLY * len(issues[a] | issues[b]):
                yield a, b

    def origins(self, claims: Iterable[str]) -> tuple[str, ...]:
        """The origins of some claims that are in the record, each once."""
        by_id = self.case.ledger.by_id
        return tuple(dict.fromkeys(by_id[claim].origin for claim in claims if claim in by_id))

    def about(self, origins: Iterable[str]) -> tuple[str, ...]:
        """The parties that the estimates resting on some origins are about, most estimates first; else who spoke."""
        wanted = set(origins)
        counts: Counter[str] = Counter()
        for quantity in self.quantities.values():
            if quantity.party in self.case.file.parties and wanted & set(self.origins(quantity.basis.claims)):
                counts[str(quantity.party)] += 1
        spoke = [str(c.party) for o in wanted for c in self.case.ledger.origins.get(o, ()) if c.party]
        return tuple(party for party, _ in counts.most_common()) or tuple(sorted(set(spoke)))

    def weightiest(self, origin: str, *, number: str | None = None, question: str | None = None) -> str:
        """The claim of an origin by which it moves something: that a ``number`` (a path) cites, or a judgement on a
        ``question``; else the one that most of the case's entries cite, the first of equals."""
        claims = [claim.id for claim in self.case.ledger.origins[origin]]
        told = self.quantities[number].basis.claims if number is not None else ()
        if question is not None:
            judged = [j for j in self.case.file.judgements if j.on == question]
            told += tuple(c.claim for judgement in judged for c in judgement.because)
        for claim in told:
            if claim in claims:
                return claim
        counts = Counter(claim for cited in self._all_cited for claim in cited)
        return max(claims, key=lambda claim: (counts[claim], -claims.index(claim)))

    @cached_property
    def _all_cited(self) -> tuple[tuple[str, ...], ...]:
        file = self.case.file
        lists = [tuple(c.claim for c in cited) for s in SECTIONS for cited in _lists(getattr(file, s, None))]
        return tuple(lists)


def _lists(value: object) -> Iterator[tuple[Citation, ...]]:
    """Every list of citations under a value of the case."""
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _lists(getattr(value, name))
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _lists(inner)
    elif isinstance(value, tuple):
        if value and isinstance(value[0], Citation):
            yield value
        else:
            for inner in value:
                yield from _lists(inner)
    elif hasattr(value, "estimate") and hasattr(value, "because"):
        yield from _lists(value.because)
