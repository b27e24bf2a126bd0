"""What the parts of the bargaining analysis share: which draws are solved, and packages written by people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zopa.case.bargaining import Bargaining
from zopa.case.case import Case
from zopa.case.evidence import Bool
from zopa.errors import IncompleteCaseError
from zopa.estimate import Array

ENOUGH = 300
"""Draws solved, evenly spread over all, where solving every one would take too long."""
MOST: Mapping[int, int] = {2: 10_000_000, 3: 1_000_000}
"""Packages up to which every draw is solved, by number of parties: some ten seconds for 12,000 draws."""
MOST_FOR_MORE = 20_000
"""The same for four parties and more, whose frontiers are longer."""
LARGEST: Mapping[int, int] = {4: 1_000_000, 5: 250_000}
"""Packages at most, by number of parties: ``ENOUGH`` draws in each of the three ways take about a minute there."""
LARGEST_FOR_MORE = 100_000
"""The same for six parties and more."""


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """Which draws are solved, and for every draw the one that stands for it."""

    at: NDArray[np.int64]
    stand: NDArray[np.int64]

    def spread(self, series: Array | Bool) -> Bool:
        """A yes or no of the solved draws as one of all draws."""
        return np.asarray(series, dtype=bool)[self.stand]


def evenly(draws: int, some: int) -> Solved:
    """``some`` draws in even steps: draws after the moves are sorted, so that the first ones would not do."""
    at = np.unique(np.round(np.linspace(0, draws - 1, min(some, draws))).astype(np.int64))
    return Solved(at, np.searchsorted((at[1:] + at[:-1]) / 2, np.arange(draws)))


def refuse_if_too_large(problem: Bargaining) -> None:
    """``IncompleteCaseError`` where the frontiers of many parties would be too long to be worked out."""
    parties = problem.reserve.shape[1]
    if parties <= max(MOST):
        return
    most = LARGEST.get(parties, LARGEST_FOR_MORE)
    if problem.packages > most:
        raise IncompleteCaseError.of(
            "too-many-packages",
            packages=f"{problem.packages:,}",
            issues=len(problem.table.issues),
            parties=parties,
            most=f"{most:,}",
        )


def which(problem: Bargaining) -> Solved:
    """Every draw where that can be afforded; one where all are the same; else ``ENOUGH``."""
    draws, parties = problem.reserve.shape
    if problem.certain:
        return evenly(draws, 1)
    most = MOST.get(parties, MOST_FOR_MORE)
    return evenly(draws, draws if problem.packages <= most else ENOUGH)


def one_draw(problem: Bargaining, d: int) -> tuple[list[Array], list[Bool]]:
    """Values and vetoes of one draw."""
    return [v[d] for v in problem.values], [v[d] for v in problem.vetoes]


def by_party(parties: Sequence[str], values: Array) -> Mapping[str, float]:
    """Numbers in the order of the parties under their names."""
    return dict(zip(parties, map(float, values), strict=True))


def combinations(problem: Bargaining, options: Sequence[int]) -> tuple[int, ...]:
    """One combination a group, from one option an issue."""
    return tuple(
        int(np.flatnonzero((rows == [options[i] for i in group]).all(axis=1))[0])
        for group, rows in zip(problem.joined, problem.options, strict=True)
    )


def written(case: Case, package: Mapping[str, str] | None) -> tuple[int, ...]:
    """A text written as ``{issue: option}``, what it leaves out at the status quo; ValueError for what is no option."""
    issues, given = case.file.issues, package or {}
    for key, option in given.items():
        if key not in issues or option not in [o.id for o in issues[key].options]:
            raise ValueError(f"bargain: start names {key}: {option}, which is no option of the case")
    return tuple(issue.index(given.get(key, issue.status_quo)) for key, issue in issues.items())
