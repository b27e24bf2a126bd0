"""A case: the file as data, the record it rests on, and the few ways to look at it otherwise."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from zopa.case.model import CaseFile
from zopa.claims.contradiction import Contradiction, contradictions
from zopa.claims.ledger import Ledger
from zopa.claims.weight import GradeTable, shipped_grades
from zopa.errors import Problem
from zopa.notebook import spoken
from zopa.words import say

if TYPE_CHECKING:
    from zopa.case.draws import Draws, Evidence

DRAWS = 12_000
"""Draws by default: the Monte Carlo error of a probability then stays below half a point, .0046 at most."""


@dataclass(frozen=True, repr=False)
class Case:
    """The negotiation as immutable data; ``private`` names the paths that only this desk knows."""

    file: CaseFile
    ledger: Ledger
    folder: Path | None = None
    private: frozenset[str] = frozenset()
    warnings: tuple[Problem, ...] = field(default=(), compare=False)
    _drawn: dict[tuple[object, ...], "Draws"] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    @property
    def name(self) -> str:
        """The folder's name, or the title where there is none."""
        return self.folder.name if self.folder else self.file.title.get("en")

    @property
    def negotiators(self) -> tuple[str, ...]:
        """The parties at the table: the party axis of every array."""
        return self.file.negotiators

    @cached_property
    def grades(self) -> GradeTable:
        """The shipped grade table with this case's own entries in it."""
        own = self.file.grades
        return shipped_grades().override(
            {k: v.estimate for k, v in own.reliability.items()},
            {k: v.estimate for k, v in own.credibility.items()},
            {k: v.estimate for k, v in own.bearing.items()},
        )

    @cached_property
    def contradictions(self) -> tuple[Contradiction, ...]:
        """Pairs of claims that cannot both stand, by rule and by the case's own notes."""
        return contradictions(self.ledger, self.file.contradictions, parties=self.negotiators)

    def __repr__(self) -> str:
        day, record = self.file.as_of, self.ledger
        size = f"{len(record.claims)} claims of {len(record.origins)} origins"
        return f"Case({self.name}, {day.day} {day:%b %Y}: {size})"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        from zopa.case.labels import day as day_words

        lang = spoken()
        told = {
            "name": type(self).__name__,
            "case": f"{self.name} — {self.file.title.get(lang)}",
            "day": day_words(self.file.as_of, lang),
            "claims": say("result.claims", lang, n=len(self.ledger.claims)),
            "origins": say("result.origins", lang, n=len(self.ledger.origins)),
        }
        printer.text(say("result.notebook-case", lang, **told))

    def as_of(self, day: date) -> Self:
        """Today's case on the record of an earlier day; the file's ``as_of`` says which."""
        return replace(self, ledger=self.ledger.as_of(day), file=self.file.model_copy(update={"as_of": day}))

    def without(self, claims: Iterable[str] = (), *, sources: Iterable[str] = ()) -> Self:
        """The case less some claims, and less everything read in some sources."""
        return replace(self, ledger=self.ledger.without(claims, sources=sources))

    def draws(
        self,
        n: int = DRAWS,
        *,
        seed: int = 0,
        evidence: "Evidence" = "all",
        force: Mapping[str, bool] | None = None,
        after_moves: bool = False,
    ) -> "Draws":
        """``n`` draws of everything uncertain in the case.

        ``evidence``: ``all``; ``cited`` puts every assumed number to ignorance; ``none`` is the zero line, total
        ignorance. ``force`` holds some origins' switches on or off and leaves every other draw as it is.
        ``after_moves`` takes each draw as often as it explains what the parties did.
        """
        from zopa.case.draws import Draws

        held = dict(force or {})
        made = (n, seed, tuple(sorted(held.items())))
        # Several analyses of one case take the same draws: those of the last two numbers and seeds are kept.
        kept = list(dict.fromkeys([*(key[:3] for key in self._drawn), made]))[-2:]
        for key in [key for key in self._drawn if key[:3] not in kept]:
            del self._drawn[key]
        key = (*made, evidence, after_moves)
        if key not in self._drawn:
            if after_moves:
                from zopa.case.moves import after

                drawn = after(self.draws(n, seed=seed, evidence=evidence, force=force))
            else:
                drawn = Draws(case=self, n=n, seed=seed, evidence=evidence, force=held)
            same = (other for k, other in self._drawn.items() if k[:3] == made)
            self._drawn[key] = drawn.sharing(next(same, None))
        return self._drawn[key]
