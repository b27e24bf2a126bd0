"""A rate, a cost or a duration has no natural range: the case must give the one that ignorance is drawn from."""

from collections.abc import Iterator

from zopa.case.checks.common import Where, numbers
from zopa.case.model import CaseFile
from zopa.claims.ledger import Ledger
from zopa.errors import Problem

_POINTS = frozenset({"weight", "weights", "capability"})
"""Relative points: only their proportions count, and ignorance of them is a flat Dirichlet share."""


def open_ranges(file: CaseFile, ledger: Ledger, where: Where) -> Iterator[Problem]:
    """A problem for each open-ended number without a range of its own."""
    for step, number in numbers(file):
        if not number.span.finite and not _POINTS & set(step.path[-2:]):
            key = next(str(part) for part in reversed(step.path) if isinstance(part, str))
            yield where.problem("ignorance-open", step.path, key=key, value=str(number.estimate))
