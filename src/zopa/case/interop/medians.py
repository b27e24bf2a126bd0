"""A case with every uncertain number at its median: what files and sheets hold that know no uncertainty."""

from collections.abc import Sequence
from dataclasses import dataclass

from zopa.case.fields import Number
from zopa.case.model import CaseFile
from zopa.case.table import IssuePreference
from zopa.errors import IncompleteCaseError

UNSTATED = 0.5
"""Middle of a walk-away value that nobody has estimated."""


@dataclass(frozen=True)
class PartyMedians:
    """A party at its medians: weights that sum to one, values from 0 to 1 an issue and option, its walk-away value."""

    weights: tuple[float, ...]
    values: tuple[tuple[float, ...], ...]
    no_deal: float

    def contribution(self, issue: int, option: int) -> float:
        """What an option adds to the party's utility."""
        return self.weights[issue] * self.values[issue][option]


@dataclass(frozen=True)
class Medians:
    """All negotiators at their medians.

    ``uncertain`` are the paths of numbers that were more than a point; ``unstated`` those that nobody has estimated,
    for which the middle of ignorance stands.
    """

    parties: dict[str, PartyMedians]
    uncertain: tuple[str, ...]
    unstated: tuple[str, ...]


def medians(file: CaseFile) -> Medians:
    """The negotiators' numbers at their medians; ``IncompleteCaseError`` names the section that is missing.

    Between an issue's known values the unknown ones are spread evenly along its scale; an unknown weight is the mean
    of the party's known ones.
    """
    if len(file.negotiators) < 2:
        raise IncompleteCaseError.of("needs-two-negotiators", n=len(file.negotiators))
    if not file.issues:
        raise IncompleteCaseError.of("needs-issues")
    noted = _Noted([], [])
    out = {party: _party(file, party, noted) for party in file.negotiators}
    return Medians(out, tuple(noted.uncertain), tuple(noted.unstated))


@dataclass
class _Noted:
    uncertain: list[str]
    unstated: list[str]

    def middle(self, number: Number | None, path: str) -> float | None:
        """The median of a number, None where nobody has estimated it; noted either way."""
        if number is None or not number.estimate.known:
            self.unstated.append(path)
            return None
        if number.estimate.shape != "point":
            self.uncertain.append(path)
        return number.estimate.middle(number.bounds)


def _party(file: CaseFile, party: str, noted: _Noted) -> PartyMedians:
    stated = file.preferences.get(party)
    points: list[float | None] = []
    values = []
    for issue in file.issues:
        preference = stated.issues.get(issue) if stated is not None else None
        if preference is None:
            raise IncompleteCaseError.of("needs-preference", party=party, issue=issue)
        points.append(noted.middle(preference.weight, f"preferences.{party}.{issue}.weight"))
        values.append(_values(file, party, issue, preference, noted))
    no_deal = stated.no_deal if stated is not None else None
    value = noted.middle(no_deal.value if no_deal else None, f"preferences.{party}.no_deal.value")
    return PartyMedians(_shares(points), tuple(values), UNSTATED if value is None else value)


def _shares(points: Sequence[float | None]) -> tuple[float, ...]:
    known = [p for p in points if p is not None]
    mean = sum(known) / len(known) if known and sum(known) > 0 else 1.0
    filled = [mean if p is None else p for p in points]
    total = sum(filled)
    # Stated points that are all zero carry no proportions: every issue counts alike.
    return tuple(p / total if total > 0 else 1 / len(filled) for p in filled)


def _values(
    file: CaseFile, party: str, issue: str, preference: IssuePreference, noted: _Noted
) -> tuple[float, ...]:
    options = [option.id for option in file.issues[issue].options]
    anchors = {preference.worst: 0.0, preference.best: 1.0}
    known: list[float | None] = []
    for option in options:
        number = preference.values.get(option)
        if number is None and option in anchors:
            known.append(anchors[option])
            continue
        path = f"preferences.{party}.{issue}.values.{option}"
        value = noted.middle(number, path)
        known.append(anchors.get(option) if value is None else value)
    low, high = sorted((options.index(preference.worst), options.index(preference.best)))
    return tuple(
        value if value is not None else _between(known, k) if low < k < high else UNSTATED
        for k, value in enumerate(known)
    )


def _between(known: Sequence[float | None], at: int) -> float:
    """The value on the straight line between the nearest known options on both sides."""
    before = next(k for k in range(at, -1, -1) if known[k] is not None)
    after = next(k for k in range(at, len(known)) if known[k] is not None)
    start, end = known[before], known[after]
    assert start is not None
    assert end is not None
    return start + (end - start) * (at - before) / (after - before)
