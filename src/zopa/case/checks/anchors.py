"""Preferences that say what they mean: two different ends of the scale, and no option beyond them."""

from collections.abc import Iterator

from zopa.case.checks.common import Where
from zopa.case.model import CaseFile
from zopa.case.table import IssuePreference
from zopa.case.yaml_text import Path
from zopa.claims.ledger import Ledger
from zopa.errors import Problem
from zopa.estimate import UNIT


def anchors(file: CaseFile, ledger: Ledger, where: Where) -> Iterator[Problem]:
    """Problems of ``best``, ``worst`` and the values between; a warning where an anchor is moved on purpose."""
    for party, preferences in file.preferences.items():
        for issue, preference in preferences.issues.items():
            path = ("preferences", party, "issues", issue)
            if preference.best == preference.worst:
                yield where.problem(
                    "best-is-worst", (*path, "worst"), party=party, issue=issue, option=preference.best
                )
            else:
                yield from _moved(preference, path, where)
                yield from _beyond(preference, path, where)


def _moved(preference: IssuePreference, path: Path, where: Where) -> Iterator[Problem]:
    """Best is 1 and worst 0 by definition. A plain number elsewhere is an imported scale, an uncertain one a slip."""
    for end, option, anchor in (("best", preference.best, 1.0), ("worst", preference.worst, 0.0)):
        value = preference.values.get(option)
        if value is not None and value.estimate.known and value.estimate.shape != "point":
            yield where.warning(
                "anchor-value",
                (*path, "values", option),
                end=end,
                option=option,
                value=str(value.estimate),
                anchor=f"{anchor:g}",
            )


def _beyond(preference: IssuePreference, path: Path, where: Where) -> Iterator[Problem]:
    """No option may certainly be better than the best or worse than the worst: their middle 90 % lie apart."""
    spans = {k: v.estimate.span(UNIT) for k, v in preference.values.items() if v.estimate.known}
    spans = {preference.best: (1.0, 1.0), preference.worst: (0.0, 0.0), **spans}
    for option, (low, high) in spans.items():
        for end, anchor, beyond in (
            ("best", preference.best, low > spans[preference.best][1]),
            ("worst", preference.worst, high < spans[preference.worst][0]),
        ):
            if beyond and option != anchor:
                here = (*path, "values", option)
                shown = here if option in preference.values else (*path, "values", anchor)
                yield where.problem("anchor-order", shown, option=option, end=end, anchor=anchor)
