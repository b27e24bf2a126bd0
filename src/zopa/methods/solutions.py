"""Reference points of a bargaining problem: what a fair division rule would pick from the packages on the table.

They are reference points, not predictions. All share these conventions:
- The disagreement point is the walk-away utility (``reserve``) as given, never replaced by a party's worst utility.
- Only packages at or above it for every party count; where none is, the answer is None.
- The set is the packages themselves, without lotteries between them. Every rule picks from the Pareto frontier.
- All packages that do equally well are given. Where their utilities differ, the point best for the first party comes
  first: a matter of order only, no rule prefers it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zopa.methods.frontier import LISTED, Frontier
from zopa.methods.problem import FloatArray, IntArray, Package

FLAT = 0.01
"""Share of the tolerance within which two products, or sums, of utilities tie.

Near its top a product hardly changes from one package to the next: packages a millionth apart would tie at 1e-12.
"""


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """The utility points that a rule picks, and the packages behind them.

    ``points`` (tied points, parties), the best for the first party first; ``packages`` (listed, issues) point by point,
    the lowest number first; ``ties`` is the number of all tied packages, listed or not.
    """

    points: FloatArray
    packages: IntArray
    ties: int

    @property
    def utilities(self) -> FloatArray:
        """(parties,): the first of the tied points."""
        return np.asarray(self.points[0], dtype=np.float64)

    @property
    def package(self) -> Package:
        """The first package behind the first of the tied points."""
        return tuple(int(k) for k in self.packages[0])


def _reserve(frontier: Frontier) -> FloatArray:
    if frontier.reserve is None:
        raise ValueError("a solution needs the walk-away utilities: make the frontier with reserve=…")
    return frontier.reserve


def _gains(frontier: Frontier) -> FloatArray:
    """(n, parties): what each point gives above walking away; differences within the tolerance are no gain."""
    gains = frontier.points - _reserve(frontier)
    return np.asarray(np.where(gains > frontier.tolerance, gains, 0.0), dtype=np.float64)


def _solution(frontier: Frontier, rows: IntArray, limit: int) -> Solution:
    behind = [frontier.packages_behind([int(row)], limit=limit) for row in rows]
    listed = np.concatenate([packages for packages, _ in behind])[:limit]
    return Solution(frontier.points[rows], listed, sum(count for _, count in behind))


def _leximin(scores: FloatArray, slack: FloatArray) -> IntArray:
    """Rows whose lowest score is highest, among those whose second lowest is highest, and so on.

    ``scores`` (n, parties); ``slack`` (parties,) below which two scores are equal.
    """
    rows = np.arange(len(scores))
    by_size = np.argsort(scores, axis=1)
    ordered = np.take_along_axis(scores, by_size, axis=1)
    room = slack[by_size]
    for place in range(scores.shape[1]):
        column = ordered[rows, place]
        best = int(np.argmax(column))
        rows = rows[column >= column[best] - room[rows, place] - room[rows[best], place]]
    return rows


def nash(
    frontier: Frontier, *, weights: Sequence[float] | None = None, limit: int = LISTED
) -> Solution | None:
    """The package with the largest product of gains over walking away; ``weights`` are bargaining powers.

    Nash (1950); weighted as in Kalai (1977a) with positive exponents, of which only the proportions matter. Where no
    package lets everybody gain, the largest number of parties that can gain at once comes first, then the product of
    their gains, for every such set of parties (Caragiannis et al. 2016).
    """
    gains = _gains(frontier)
    if len(gains) == 0:
        return None
    power = np.ones(gains.shape[1]) if weights is None else np.asarray(weights, dtype=np.float64)
    if power.shape != (gains.shape[1],) or not (np.isfinite(power).all() and (power > 0).all()):
        raise ValueError(f"weights must be {gains.shape[1]} positive numbers, not {weights}")
    power = power / power.max()
    gaining = gains > 0.0
    most = gaining.sum(axis=1).max()
    candidates = np.flatnonzero(gaining.sum(axis=1) == most)
    safe = np.where(gaining, gains, 1.0)
    score = np.log(safe) @ power
    noise = np.where(gaining, frontier.tolerance / safe, 0.0) @ power * FLAT
    sets = [np.ones(gains.shape[1], dtype=np.bool_)]
    if most < gains.shape[1]:
        sets = list(np.unique(gaining[candidates], axis=0))
    rows = []
    for gainers in sets:
        members = candidates[(gaining[candidates] == gainers).all(axis=1)]
        best = members[int(np.argmax(score[members]))]
        rows.append(members[score[members] >= score[best] - noise[members] - noise[best]])
    return _solution(frontier, np.sort(np.concatenate(rows)), limit)


def kalai_smorodinsky(frontier: Frontier, *, limit: int = LISTED) -> Solution | None:
    """The package that gives everybody the largest equal share of what they could at best hope for.

    Kalai and Smorodinsky (1975), for separate packages: the lowest share is maximised, then the second lowest, and so
    on. The best a party could hope for is its highest utility among packages nobody would refuse. A party that can gain
    nothing is left out.
    """
    gains = _gains(frontier)
    if len(gains) == 0:
        return None
    hope = gains.max(axis=0)
    hopeful = hope > 0.0
    scale = np.where(hopeful, hope, 1.0)
    shares = np.where(hopeful, gains / scale, 1.0)
    return _solution(frontier, _leximin(shares, np.where(hopeful, frontier.tolerance / scale, 0.0)), limit)


def egalitarian(frontier: Frontier, *, limit: int = LISTED) -> Solution | None:
    """The package whose lowest gain over walking away is highest, then the second lowest, and so on.

    Kalai (1977b), lexicographic as in Imai (1983) so that nothing is left on the table. It compares the parties'
    scales as they stand.
    """
    gains = _gains(frontier)
    return None if len(gains) == 0 else _solution(frontier, _leximin(gains, frontier.tolerance), limit)


def utilitarian(frontier: Frontier, *, limit: int = LISTED) -> Solution | None:
    """The package with the largest sum of utilities that nobody would refuse; it compares scales as they stand."""
    _reserve(frontier)
    if len(frontier) == 0:
        return None
    total = frontier.points.sum(axis=1)
    return _solution(
        frontier, np.flatnonzero(total >= total.max() - 2.0 * FLAT * frontier.tolerance.sum()), limit
    )


def raiffa(frontier: Frontier, *, limit: int = LISTED) -> Solution | None:
    """The package reached by halving the way to what each could get, step by step (Raiffa 1953, sequential).

    From the walk-away point every party in turn is given the best it could get with the others held where they are; the
    next point is the mean of these (for two, the midpoint). For separate packages: the steps go on while some package
    still gives everybody at least the new point; of the packages left, the one with the largest equal share of the way
    that remains is taken, lexicographic as in ``kalai_smorodinsky``.
    """
    points = frontier.points
    here = _reserve(frontier)
    if len(points) == 0:
        return None
    parties = points.shape[1]
    left = np.arange(len(points))
    while True:
        best = points[left].max(axis=0)
        reaches_best = (points[left] >= best - frontier.tolerance).all(axis=1)
        if reaches_best.any():
            return _solution(frontier, left[reaches_best], limit)
        step = here + (best - here) / parties
        still = left[(points[left] >= step - frontier.tolerance).all(axis=1)]
        if len(still) == 0:
            break
        here, left = step, still
    way = best - here
    hopeful = way > frontier.tolerance
    scale = np.where(hopeful, way, 1.0)
    shares = np.where(hopeful, (points[left] - here) / scale, 1.0)
    rows = _leximin(shares, np.where(hopeful, frontier.tolerance / scale, 0.0))
    return _solution(frontier, left[rows], limit)
