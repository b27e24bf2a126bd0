"""No number without a claim or the mark *assumed*, and never both: one cannot know and suppose the same thing."""

from collections.abc import Iterator

from pydantic import BaseModel

from zopa.case.checks.common import Where, entries, numbers
from zopa.case.fields import Entry
from zopa.case.model import CaseFile
from zopa.case.standoff import Statement
from zopa.case.table import RedLine
from zopa.case.yaml_text import Path
from zopa.claims.ledger import Ledger
from zopa.errors import Problem


def basis(file: CaseFile, ledger: Ledger, where: Where) -> Iterator[Problem]:
    """Numbers and positions that rest on nothing, and those that claim to rest on two different things."""
    yield from _unbased(file, where)
    yield from _unbased_sets(file, where)
    yield from _unbased_entries(file, where)
    yield from _both(file, where)


def _unbased(file: CaseFile, where: Where) -> Iterator[Problem]:
    for step, number in numbers(file):
        # The grade table is the method's own; ``unknown`` claims nothing and so needs no basis.
        if step.section == "grades" or not number.estimate.known or number.because or number.assumed:
            continue
        if not any(_based(owner) for _, owner in step.owners):
            key = next(str(part) for part in reversed(step.path) if isinstance(part, str))
            yield where.problem("estimate-unbased", step.path, key=key, value=str(number.estimate))


def _based(owner: BaseModel) -> bool:
    return isinstance(owner, Entry) and bool(owner.because or owner.assumed)


def _unbased_sets(file: CaseFile, where: Where) -> Iterator[Problem]:
    for party, readings in file.readings.items():
        for k, reading in enumerate(readings):
            if reading.sets and not _based(reading):
                path: Path = ("readings", party, k, "sets")
                yield where.at_key("estimate-unbased", path, key="sets", value=reading.id)


def _unbased_entries(file: CaseFile, where: Where) -> Iterator[Problem]:
    """Red lines, options stood for and statements of preference hold only where their basis does: without one never."""
    for k, line in enumerate(file.red_lines):
        if not _based(line):
            yield _entry(where, ("red_lines", k), line)
    for issue, arena in file.influence.items():
        for actor, stake in arena.actors.items():
            if stake.option is not None and not _based(arena) and not _based(stake):
                path = ("influence", issue, "actors", actor, "option")
                yield where.problem("entry-unbased", path, name=f"{actor}: {stake.option}")
    if file.standoff is None or _based(file.standoff):
        return
    for party, ranking in file.standoff.rankings.items():
        for k, statement in enumerate(ranking.statements):
            if not _based(ranking) and not _based(statement):
                yield _entry(where, ("standoff", "rankings", party, "statements", k), statement)


def _entry(where: Where, path: Path, entry: RedLine | Statement) -> Problem:
    name = entry.key if isinstance(entry, RedLine) else entry.id or entry.holds
    return where.problem("entry-unbased", path, name=name)


def _both(file: CaseFile, where: Where) -> Iterator[Problem]:
    for path, entry in entries(file):
        if entry.because and entry.assumed:
            yield where.at_key("basis-both", (*path, "assumed"))
    for step, number in numbers(file):
        if number.because and number.assumed:
            yield where.at_key("basis-both", (*step.path, "assumed"))
