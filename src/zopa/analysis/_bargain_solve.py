"""Solves the draws of a case: what every rule picks, how many packages there are, and the frontier's band."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zopa.analysis._bargain_common import Solved, evenly, one_draw, which
from zopa.case.bargaining import Bargaining
from zopa.case.case import Case
from zopa.charts.bargain import BandPoint, Pair
from zopa.estimate import Array
from zopa.methods import solutions
from zopa.methods.batch_solutions import RULES as BATCH
from zopa.methods.batch_solutions import BatchSolutions, batch_rational, batch_solutions
from zopa.methods.counting import count_rational
from zopa.methods.frontier import Frontier, frontier
from zopa.methods.solutions import Solution

RULES: Mapping[str, Callable[[Frontier], Solution | None]] = {
    "nash": solutions.nash,
    "kalai_smorodinsky": solutions.kalai_smorodinsky,
    "egalitarian": solutions.egalitarian,
    "utilitarian": solutions.utilitarian,
    "raiffa": solutions.raiffa,
}
GRID = np.linspace(0.0, 1.0, 51)
"""Shares of the first party's range at which the frontier's band is given."""
CLOUD = 150
"""Draws whose Nash solution is shown in the chart."""
COUNTED = 5_000_000_000
"""Packages counted one by one at most, over draws: some ten seconds."""


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Draws solved: by rule the package picked (solved, issues), −1 without a zone, and its utilities (solved, P)."""

    which: Solved
    rules: tuple[str, ...]
    batch: BatchSolutions
    levels: Array
    packages: Mapping[str, NDArray[np.int64]]
    utilities: Mapping[str, Array]


def solve(problem: Bargaining, weights: Sequence[float] | None) -> Points:
    which_ = which(problem)
    at = which_.at
    values, vetoes = [v[at] for v in problem.values], [v[at] for v in problem.vetoes]
    # Utilities exceed one only where options strengthen each other.
    levels = GRID * max(1.0, float(sum(v[:, 0].max(axis=1) for v in values).max()))
    batch = batch_solutions(values, vetoes, problem.reserve[at], power=weights, levels=levels)
    rules = BATCH if weights is not None else BATCH[:-1]
    packages, utilities = {}, {}
    for k, rule in enumerate(rules):
        out = np.full((len(at), len(problem.table.issues)), -1, dtype=np.int64)
        there = batch.packages[:, k, 0] >= 0
        for g, (group, options) in enumerate(zip(problem.joined, problem.options, strict=True)):
            out[np.ix_(np.flatnonzero(there), np.array(group))] = options[batch.packages[there, k, g]]
        packages[rule], utilities[rule] = out, batch.utilities[:, k]
    return Points(which_, rules, batch, levels, packages, utilities)


def alone(problem: Bargaining, d: int, rule: str, weights: Sequence[float] | None) -> Solution:
    """One draw's solution with all that ties."""
    values, vetoes = one_draw(problem, d)
    curve = frontier(values, reserve=problem.reserve[d], vetoes=vetoes)
    found = solutions.nash(curve, weights=weights) if rule == "nash_weighted" else RULES[rule](curve)
    assert found is not None
    return found


def sizes(case: Case, problem: Bargaining, full: Points) -> Mapping[str, int | float | None]:
    """Counts of packages: all, on the frontier, better (or as good) for everybody, and the largest sum.

    Medians over the draws solved, the sum's over those with a zone; beside them under ``_low`` and ``_high`` the 5th
    and 95th percentile where the draws differ.
    """
    counts = _rational(problem, full.which.at) / problem.packages
    series: Mapping[str, Array] = {
        "rational_fraction_strict": counts[:, 1],
        "rational_fraction_weak": counts[:, 0],
        "max_welfare": full.batch.welfare[~np.isnan(full.batch.welfare)],
    }
    size = full.batch.frontier
    found: dict[str, int | float | None] = {
        "outcomes": math.prod(len(issue.options) for issue in case.file.issues.values()),
        "frontier_size": int(np.median(size)),
    }
    if not problem.certain:
        # Sizes that occur, rounded outwards: a count between two counts is none.
        found["frontier_size_low"] = int(np.quantile(size, 0.05, method="lower"))
        found["frontier_size_high"] = int(np.quantile(size, 0.95, method="higher"))
    for name, numbers in series.items():
        found[name] = float(np.median(numbers)) if len(numbers) else None
        if not problem.certain:
            for end, level in (("low", 0.05), ("high", 0.95)):
                found[f"{name}_{end}"] = float(np.quantile(numbers, level)) if len(numbers) else None
    return found


def _rational(problem: Bargaining, at: NDArray[np.int64]) -> NDArray[np.int64]:
    """(draws, 2): packages at, and above, the walk-away values of all; cleverly where there are too many to look at."""
    if len(at) * problem.packages <= COUNTED:
        values, vetoes = [v[at] for v in problem.values], [v[at] for v in problem.vetoes]
        return batch_rational(values, vetoes, problem.reserve[at])
    counted = []
    for d in at[evenly(len(at), 30).at]:
        values, vetoes = one_draw(problem, int(d))
        found = count_rational(values, problem.reserve[d], vetoes=vetoes)
        counted.append((found.weak, found.strict))
    return np.array(counted)


def band(problem: Bargaining, full: Points) -> tuple[BandPoint, ...]:
    """What the second party can have at most when the first has at least ``x``: its spread over draws.

    Attainment curves (Grunert da Fonseca et al. 2001). One draw gives its own points; draws without a zone are left
    out, and an end of the band is None where that share of draws gives nothing at ``x``.
    """
    there = full.batch.frontier > 0
    if not there.any() or problem.reserve.shape[1] != 2:
        return ()
    if problem.certain:
        values, vetoes = one_draw(problem, 0)
        points = frontier(values, reserve=problem.reserve[0], vetoes=vetoes).points
        return tuple(BandPoint(float(x), float(y), float(y), float(y)) for x, y in points[::-1])
    bands = np.quantile(full.batch.attained[there], [0.05, 0.5, 0.95], axis=0, method="lower")
    columns = np.where(np.isfinite(bands), bands, np.nan).T
    return tuple(
        BandPoint(float(x), *(None if np.isnan(v) else float(v) for v in column))
        for x, column in zip(full.levels, columns, strict=True)
    )


def cloud(full: Points, certain: bool) -> tuple[Pair, ...]:
    points = full.utilities["nash"]
    if certain or points.shape[1] != 2:
        return ()
    there = points[~np.isnan(points).any(axis=1)]
    if len(there) == 0:
        return ()
    return tuple((float(x), float(y)) for x, y in there[evenly(len(there), CLOUD).at])
