"""A move's consequences must be worth something on one scale: packages and no deal on one, settings on another."""

from collections.abc import Iterator

from zopa.case.checks.common import Where
from zopa.case.model import CaseFile
from zopa.claims.ledger import Ledger
from zopa.errors import Problem


def moves(file: CaseFile, ledger: Ledger, where: Where) -> Iterator[Problem]:
    """A problem at the first package of each move that is about how to meet."""
    for k, move in enumerate(file.moves):
        ends = [
            (("moves", k, "over", j, "leads_to", i), end)
            for j, alternative in enumerate(move.over)
            for i, end in enumerate(alternative.leads_to)
        ]
        if any(end.setting is not None for _, end in ends):
            for path, end in ends:
                if end.package is not None:
                    yield where.at_key("move-scales", (*path, "package"), move=move.id)
                    break
