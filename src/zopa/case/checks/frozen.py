"""An issue on the agenda is settled there: an agenda can freeze only what is off it."""

from collections.abc import Iterator

from zopa.case.checks.common import Where
from zopa.case.model import CaseFile
from zopa.claims.ledger import Ledger
from zopa.errors import Problem


def frozen(file: CaseFile, ledger: Ledger, where: Where) -> Iterator[Problem]:
    """A problem for each issue that an agenda both lists and freezes."""
    for key, agenda in file.agendas.items():
        for issue in agenda.freeze:
            if issue in agenda.issues:
                yield where.at_key(
                    "frozen-on-agenda", ("agendas", key, "freeze", issue), issue=issue, agenda=key
                )
