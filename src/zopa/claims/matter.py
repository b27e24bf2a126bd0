"""Whether two claims speak of the same matter, and how closely: shared issues, shared words, the day spoken of."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import product

from zopa.claims.claim import Claim
from zopa.claims.ledger import Ledger
from zopa.claims.wording import Wording, overlap, wording

SAME_EVENT = 0.34
"""Share of a clause's words that two clauses must have in common to speak of one event, where no day tells."""


@dataclass(frozen=True, eq=False)
class Read:
    """A claim with its day, its place in the record, and the reading of its words in each language it is given in."""

    claim: Claim
    on: date | None
    at: int
    words: tuple[Wording, ...]

    @property
    def main(self) -> Wording:
        """The reading of the quotation itself."""
        return self.words[0]

    @cached_property
    def issues(self) -> frozenset[str]:
        """The claim's issues."""
        return frozenset(self.claim.issues)

    @cached_property
    def days(self) -> frozenset[date]:
        """The days that the claim speaks of."""
        return frozenset(self.claim.about)

    def pole(self, name: str) -> int:
        """The side it takes on an opposition: 1, −1, or 0 for none."""
        return self.main.poles.get(name, 0)

    def side(self, name: str) -> int:
        """The same, where "will be" on a day says that it is held; what a meeting will be about does not."""
        side = self.pole(name)
        if (
            side
            or name != "held"
            or not self.days
            or self.main.stale
            or self.marked("only")
            or self.marked("include")
        ):
            return side
        return 1 if self.claim.modality == "will" and self.claim.polarity == "affirmed" else 0

    def marked(self, name: str) -> bool:
        """Whether its words carry a mark such as ``only``."""
        return name in self.main.marks


def read_claims(ledger: Ledger) -> Mapping[str, Read]:
    """Every claim of the record with its reading, by id, in file order."""
    out: dict[str, Read] = {}
    for k, claim in enumerate(ledger.claims):
        texts = (claim.quote, *(claim.translation or {}).values())
        out[claim.id] = Read(claim, said(ledger, claim), k, tuple(wording(text) for text in texts))
    return out


def said(ledger: Ledger, claim: Claim) -> date | None:
    """The day of a claim: when it was said, else when it could first be known."""
    return claim.said_on or ledger.known_on(claim)


def by_issue(reads: Iterable[Read]) -> Mapping[str, list[Read]]:
    """Claims by issue; those without any stand under the empty name."""
    out: dict[str, list[Read]] = {}
    for read in reads:
        for issue in dict.fromkeys(read.claim.issues) or ("",):
            out.setdefault(issue, []).append(read)
    return out


def within(a: Read, b: Read, days: int) -> bool:
    """Whether the two were said within so many days of each other; a claim without a day is near every other."""
    return a.on is None or b.on is None or abs((a.on - b.on).days) <= days


def common_day(a: Read, b: Read) -> int:
    """1 where both speak of a common day, −1 where of different ones, 0 where one of them speaks of none."""
    if not a.days or not b.days:
        return 0
    return 1 if a.days & b.days else -1


def alike(a: Read, b: Read, padding: int = 0) -> float:
    """Shared content of the two texts, in the language that shows most of it."""
    best = 0.0
    for x, y in product(a.words, b.words):
        if x.script == y.script:
            best = max(best, overlap(x.units, y.units, padding))
    return best


def same_side(a: Read, b: Read) -> bool:
    """Whether two voices are of one party; where a claim names none, whether the speakers begin with the same name, as
    "Iranian official" and "Iranian media" do."""
    if a.claim.party is not None and b.claim.party is not None:
        return a.claim.party == b.claim.party
    one, two = (_name(read.claim.speaker_head or read.claim.origin) for read in (a, b))
    return one == two


def _name(head: str) -> str:
    return head[:2] if "\u3400" <= head[:1] <= "\u9fff" else re.split(r"[ /]", head, maxsplit=1)[0].casefold()


def closeness(a: Read, b: Read) -> float:
    """How directly one answers the other: shared words first, then shared issues."""
    union = a.issues | b.issues
    return alike(a, b, padding=2) + 0.3 * (len(a.issues & b.issues) / len(union) if union else 0.0)


def event(a: Read, b: Read, name: str) -> float:
    """Shared content of the clauses in which the two take sides on an opposition."""
    best = 0.0
    for x, y in product(a.words, b.words):
        if x.script == y.script:
            mine = [c.units for c in x.clauses if name in c.poles] or [x.units]
            theirs = [c.units for c in y.clauses if name in c.poles] or [y.units]
            best = max([best, *(overlap(p, q) for p, q in product(mine, theirs))])
    return best
