"""Statements of a standoff that cannot matter: nothing hinders the work, but the author may have meant something
else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from zopa.case.conflict import Conflict
from zopa.words import Language, say


@dataclass(frozen=True, slots=True)
class Remark:
    """One statement that cannot matter: its party, its position in the ranking, and why, as a problem code."""

    code: str
    party: str
    statement: int
    values: Mapping[str, object]

    def message(self, lang: Language) -> str:
        """The remark as a sentence."""
        return say(f"problems.{self.code}", lang, **self.values)


def remarks(conflict: Conflict) -> tuple[Remark, ...]:
    """Inert statements (true in all or in no feasible state), and those that repeat or contradict an earlier one of
    the same party; in file order."""
    return tuple(found for party in conflict.standoff.rankings for found in _of(conflict, party))


def _of(conflict: Conflict, party: str) -> Iterator[Remark]:
    first: dict[bytes, int] = {}
    ranking = conflict.standoff.rankings[party]
    written = ranking.statements
    for k, statement in enumerate(written):
        truth = conflict.truth(statement.holds)
        name = statement.id or statement.holds
        if truth.all() or not truth.any():
            code = "statement-always" if truth.all() else "statement-never"
            yield Remark(code, party, k, {"name": name})
            continue
        if ranking.by == "weights":
            # Weights add up: said twice counts twice, and its opposite counts against it.
            continue
        for code, same in (("statement-repeated", truth), ("statement-opposite", ~truth)):
            if (j := first.get(same.tobytes())) is not None:
                earlier = written[j].id or written[j].holds
                yield Remark(code, party, k, {"name": name, "earlier": earlier})
        first.setdefault(truth.tobytes(), k)
