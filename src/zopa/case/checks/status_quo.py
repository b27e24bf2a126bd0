"""An issue's status quo must be one of its options: off the agenda, that is what stands."""

from collections.abc import Iterator

from zopa.case.checks.common import Where
from zopa.case.model import CaseFile
from zopa.claims.ledger import Ledger
from zopa.claims.lines import suggestion
from zopa.errors import Problem


def status_quo(file: CaseFile, ledger: Ledger, where: Where) -> Iterator[Problem]:
    """A problem for each issue whose status quo is no option of it."""
    for key, issue in file.issues.items():
        options = tuple(option.id for option in issue.options)
        if issue.status_quo not in options and issue.status_quo not in where.gone:
            values = {
                "issue": key,
                "name": issue.status_quo,
                "closest": suggestion(issue.status_quo, options),
            }
            yield where.problem("status-quo", ("issues", key, "status_quo"), **values)
