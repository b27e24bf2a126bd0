"""Days in an order that can be: nothing ends before it starts, nothing done is dated after the case's own day."""

from collections.abc import Iterator
from datetime import date

from zopa.case.checks.common import Where
from zopa.case.model import CaseFile
from zopa.case.yaml_text import Path
from zopa.claims.ledger import Ledger
from zopa.claims.lines import Said
from zopa.errors import Problem


def dates(file: CaseFile, ledger: Ledger, where: Where) -> Iterator[Problem]:
    """Problems of the order of days; warnings for what became known only after the case's day."""
    yield from _spans(file, where)
    yield from _record(ledger, where)
    # Without a readable day of its own the case has nothing to compare with.
    if where.has(("as_of",)) and "as_of" not in where.gone:
        yield from _against_as_of(file, ledger, where)


def _order(
    where: Where, path: Path, later: date | None, earlier: date | None, rule: str
) -> Iterator[Problem]:
    """``later`` stands under the path and must not lie before ``earlier``."""
    if later is not None and earlier is not None and later < earlier:
        said = Said(f"checks.rule-{rule}", day=later.isoformat(), other=earlier.isoformat())
        yield where.problem("date-order", path, rule=said)


def _spans(file: CaseFile, where: Where) -> Iterator[Problem]:
    for k, episode in enumerate(file.history):
        yield from _order(where, ("history", k, "end"), episode.end, episode.start, "end-start")
    if file.talks is not None:
        yield from _order(
            where, ("talks", "horizon"), file.talks.horizon, file.talks.starts, "horizon-starts"
        )


def _record(ledger: Ledger, where: Where) -> Iterator[Problem]:
    for id_, source in ledger.sources.items():
        header = source.header
        path = ("sources", id_, "captured")
        yield from _order(where, path, header.captured, header.published, "captured-published")
    for claim in ledger.claims:
        yield from _order(
            where, ("claims", claim.id, "known_on"), claim.known_on, claim.said_on, "known-said"
        )


def _against_as_of(file: CaseFile, ledger: Ledger, where: Where) -> Iterator[Problem]:
    day = file.as_of
    for k, move in enumerate(file.moves):
        yield from _not_after(where, ("moves", k, "on"), move.on, day, "move")
    for k, episode in enumerate(file.history):
        yield from _not_after(where, ("history", k, "start"), episode.start, day, "episode")
    for k, relation in enumerate(file.relations):
        yield from _not_after(where, ("relations", k, "on"), relation.on, day, "relation")
    for k, demand in enumerate(file.preconditions):
        yield from _not_after(where, ("preconditions", k, "since"), demand.since, day, "precondition")
    for k, question in enumerate(file.questions):
        if question.by < day:
            values = {"by": question.by.isoformat(), "day": day.isoformat()}
            yield where.warning("question-past", ("questions", k, "by"), **values)
    for id_, source in ledger.sources.items():
        published = source.header.published
        if published is not None and published > day:
            values = {"id": id_, "published": published.isoformat(), "day": day.isoformat()}
            yield where.warning("known-later", ("sources", id_, "published"), **values)


def _not_after(where: Where, path: Path, done: date | None, day: date, rule: str) -> Iterator[Problem]:
    if done is not None and done > day:
        said = Said(f"checks.rule-after-{rule}", day=done.isoformat(), other=day.isoformat())
        yield where.problem("date-order", path, rule=said)
