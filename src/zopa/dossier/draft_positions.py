"""Where each side stands on an issue, as an interval that its words and their grades leave.

Every origin (one voice on one matter) that shows a side at one end of the scale supports that end with its weight, and
leaves the rest open. Combined by Dempster's rule (Shafer, G. (1976). A Mathematical Theory of Evidence), the interval
runs from the lower to the upper expectation of the position: from the belief in the last option to one less the belief
in the first. Without a word it is the whole scale; words both ways leave a middle.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, prod

from zopa.claims.copies import copies, regrouped
from zopa.claims.ledger import Ledger
from zopa.claims.source import Source
from zopa.claims.weight import Weigher, shipped_grades
from zopa.dossier.draft_stances import Stance
from zopa.dossier.draft_survey import Survey


@dataclass(frozen=True, slots=True)
class PositionDraft:
    """One side on one issue: ``low`` to ``high`` on the scale from the first option (0) to the last (1)."""

    side: str
    issue: str
    low: float
    high: float
    claims: tuple[str, ...]

    @property
    def told(self) -> bool:
        """Whether any claim narrows the scale."""
        return (self.low, self.high) != (0.0, 1.0)


def positions(
    survey: Survey, sources: Sequence[Source], sides: Sequence[str], on: Sequence[str]
) -> tuple[PositionDraft, ...]:
    """Issue by issue what the words of each of these sides leave open; issues on which nobody is heard are left out."""
    by_id = {source.id: source for source in sources}
    copied = copies(by_id, survey.claims)
    ledger = Ledger(by_id, regrouped(survey.claims, copied), copied)
    weigher = Weigher(ledger, shipped_grades())
    out: list[PositionDraft] = []
    for issue in on:
        found = [_position(survey, weigher, side, issue) for side in sides]
        if any(position.told for position in found):
            out += found
    return tuple(out)


def _position(survey: Survey, weigher: Weigher, side: str, issue: str) -> PositionDraft:
    mine = [s for s in survey.stances if s.side == side and s.issue == issue and s.direction]
    first, last = (_support(weigher, [s for s in mine if s.direction == end]) for end in (-1, 1))
    low, high = interval(first, last)
    return PositionDraft(side, issue, low, high, survey.claim_ids([i for s in mine for i in s.claims]))


def _support(weigher: Weigher, found: Sequence[Stance]) -> float:
    """1 − ∏(1 − weight) over the origins of these stances: the grade table at its medians."""
    ids = {i for stance in found for i in stance.claims}
    groups = {weigher.ledger.by_id[i].origin for i in ids}
    told = [[c for c in weigher.ledger.origins[origin] if c.id in ids] for origin in sorted(groups)]
    return 1 - prod(1 - float(weigher.weight(claims)[0]) for claims in told)


def interval(first: float, last: float) -> tuple[float, float]:
    """Lower and upper expectation of a position, rounded outward to hundredths.

    ``first`` and ``last`` (0 to 1, not both 1) support either end, each leaving the rest to the whole scale.
    """
    both = 1 - first * last
    low, high = last * (1 - first) / both, 1 - first * (1 - last) / both
    # A tail of floating point would push an exact hundredth one further out.
    return floor(100 * low + 1e-9) / 100, ceil(100 * high - 1e-9) / 100
