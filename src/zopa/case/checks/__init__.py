"""Checks that compare the parts of a case with each other, one file a check.

Each is a pure function of the case file, the record and where their parts stand; all of them run, so that every
problem is told at once.
"""

from zopa.case.checks.anchors import anchors
from zopa.case.checks.basis import basis
from zopa.case.checks.common import Check, Where
from zopa.case.checks.cycles import cycles
from zopa.case.checks.dates import dates
from zopa.case.checks.endings import endings
from zopa.case.checks.evidence_twice import evidence_twice
from zopa.case.checks.frozen import frozen
from zopa.case.checks.ignorance import open_ranges
from zopa.case.checks.moves import moves
from zopa.case.checks.references import references
from zopa.case.checks.rules import rules
from zopa.case.checks.sets import sets
from zopa.case.checks.standoff import standoff
from zopa.case.checks.states import states
from zopa.case.checks.status_quo import status_quo
from zopa.case.checks.twice import ids_twice
from zopa.case.model import CaseFile
from zopa.claims.ledger import Ledger
from zopa.errors import Problem

CHECKS: tuple[Check, ...] = (
    references,
    ids_twice,
    cycles,
    dates,
    basis,
    open_ranges,
    evidence_twice,
    anchors,
    status_quo,
    frozen,
    moves,
    rules,
    endings,
    sets,
    states,
    standoff,
)


def run(file: CaseFile, ledger: Ledger, where: Where | None = None) -> tuple[Problem, ...]:
    """All problems and warnings of a case, each told once, in the order of the checks."""
    places = where or Where()
    out: list[Problem] = []
    for check in CHECKS:
        out += (problem for problem in check(file, ledger, places) if problem not in out)
    return tuple(out)


__all__ = ["CHECKS", "Check", "Where", "run"]
