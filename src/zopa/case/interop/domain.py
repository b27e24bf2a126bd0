"""A bargaining domain between any two formats: issues with options, and what each option is worth to each party.

Additive utilities of any program come as contributions, one number an option; here they are put on the scale of a
case: relative weights, and values from 0 to 1 an issue.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from zopa.case.interop.layout import safe_id

STATUS_QUO = (
    "no agreement", "no deal", "status quo", "no change", "unchanged",
    "无协议", "维持现状", "现状", "不变", "no", "none",
)  # fmt: skip
"""Names of options that read like "nothing is agreed"."""
STEPS = 21
"""Values a real-valued issue is cut into: Genius' own number (``IssueReal``)."""
MOST_VALUES = 1000
"""An issue with more values than this is refused."""


@dataclass(frozen=True)
class DomainIssue:
    """An issue: its name, its options in order, and which of them is the status quo where the file says so."""

    name: str
    options: tuple[str, ...]
    status_quo: int | None = None


@dataclass(frozen=True)
class DomainParty:
    """A party on the scale of a case: relative weights, values from 0 to 1 an issue, and what no deal is worth."""

    name: str
    weights: tuple[float, ...]
    values: tuple[tuple[float, ...], ...]
    no_deal: float
    note: dict[str, object]


@dataclass(frozen=True)
class Scale:
    """Contributions on the scale of a case: utility = (sum of contributions − ``zero``) / ``unit``."""

    weights: tuple[float, ...]
    values: tuple[tuple[float, ...], ...]
    zero: float
    unit: float
    worst: float
    """The lowest utility of a package, as the file has it."""

    def on_case(self, utility: float) -> float:
        """A utility of the file on the scale of the case."""
        share = (utility - self.zero) / self.unit
        # Sums in another order differ in the last digit: just outside the scale is its end.
        return min(1.0, max(0.0, share)) if -1e-12 <= share <= 1 + 1e-12 else share


def scale(contributions: Sequence[Sequence[float]]) -> Scale:
    """The scale of a party from what each option adds to its utility; ``unit`` 0 where all packages are worth alike.

    Each issue starts at 0, or at its lowest contribution where that is negative, so that values lie from 0 to 1.
    """
    weights, values, zeros = [], [], []
    for issue in contributions:
        zero = min(0.0, *issue)
        most = max(issue) - zero
        weights.append(most)
        values.append(tuple((c - zero) / most if most > 0 else 0.0 for c in issue))
        zeros.append(zero)
    worst = math.fsum(min(issue) for issue in contributions)
    return Scale(tuple(weights), tuple(values), math.fsum(zeros), math.fsum(weights), worst)


def keys(issues: Sequence[DomainIssue]) -> list[tuple[str, tuple[str, ...]]]:
    """Ids of each issue and of its options."""
    # "issues" and "no_deal" beside a party's issues have meanings of their own in the case file.
    taken = {"issues", "no_deal"}
    out = []
    for n, issue in enumerate(issues, start=1):
        key = safe_id(issue.name, f"issue-{n}", taken)
        taken.add(key)
        options: dict[str, None] = {}
        for k, option in enumerate(issue.options, start=1):
            options[safe_id(option, f"option-{k}", options)] = None
        out.append((key, tuple(options)))
    return out


def case_data(issues: Sequence[DomainIssue], parties: Sequence[DomainParty]) -> dict[str, object]:
    """Parties, issues and preferences as the case file holds them; every number is marked ``assumed``."""
    ids: dict[str, str] = {}
    for party in parties:
        ids[safe_id(party.name, f"party-{len(ids) + 1}", ids)] = party.name
    named = keys(issues)
    return {
        "parties": {party: {"name": name, "role": "negotiator"} for party, name in ids.items()},
        "issues": {key: _issue(issue, options) for (key, options), issue in zip(named, issues, strict=True)},
        "preferences": {key: _preferences(party, named) for key, party in zip(ids, parties, strict=True)},
    }


def _issue(issue: DomainIssue, options: Sequence[str]) -> dict[str, object]:
    return {
        "name": issue.name,
        "status_quo": options[status_quo(issue)],
        "assumed": True,
        "options": [
            {"id": option, "name": name} for option, name in zip(options, issue.options, strict=True)
        ],
    }


def status_quo(issue: DomainIssue) -> int:
    """Position of the status quo: the one the file names, else one that reads like no agreement, else the first."""
    if issue.status_quo is not None:
        return issue.status_quo
    folded = [option.casefold() for option in issue.options]
    return next((folded.index(word) for word in STATUS_QUO if word in folded), 0)


def _preferences(party: DomainParty, named: Sequence[tuple[str, tuple[str, ...]]]) -> dict[str, object]:
    out: dict[str, object] = {}
    for (key, options), weight, values in zip(named, party.weights, party.values, strict=True):
        best = max(range(len(options)), key=lambda k: values[k])
        # Where all options are worth the same, any two may be named: the stated values say what they are worth.
        worst = min((k for k in range(len(options)) if k != best), key=lambda k: values[k])
        out[key] = {
            "weight": weight,
            "best": options[best],
            "worst": options[worst],
            "values": dict(zip(options, values, strict=True)),
            "assumed": True,
        }
    return {**out, "no_deal": {"value": party.no_deal, "assumed": True, "note": party.note}}
