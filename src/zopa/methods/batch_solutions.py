"""The reference points of ``solutions``, for all draws at once.

Draw by draw the exact frontier is merged issue by issue as in ``frontier``, and every rule picks from it with the
tolerances of ``solutions``: the answers are those of the one-by-one solver, compiled. Each draw is written to its own
place, so that the number of threads changes no digit.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numba
import numpy as np

from zopa.methods.acceptance import in_threads
from zopa.methods.pareto import MANY, QUICK, merge_weighed, nondominated, quick_answer, weighted_rest
from zopa.methods.problem import BoolArray, FloatArray, IntArray, Problem, problem
from zopa.methods.solutions import FLAT

RULES = ("nash", "kalai_smorodinsky", "egalitarian", "utilitarian", "raiffa", "nash_weighted")
"""The rules in the order of the arrays; the last is Nash with bargaining powers."""


@dataclass(frozen=True, slots=True, eq=False)
class BatchSolutions:
    """What every rule picks in every draw.

    ``packages`` (draws, rules, issues): the tied package with the lowest number, −1 where nothing suits everybody;
    ``utilities`` (draws, rules, parties), NaN there; ``frontier`` (draws,): distinct frontier points; ``welfare``
    (draws,): largest sum of utilities, NaN there; ``attained`` (draws, levels): see ``levels`` of ``batch_solutions``,
    −inf where nothing reaches the level.
    """

    packages: IntArray
    utilities: FloatArray
    frontier: IntArray
    welfare: FloatArray
    attained: FloatArray


@numba.njit(cache=True, nogil=True)
def _frontier(
    values: FloatArray, starts: IntArray, threshold: FloatArray, tolerance: FloatArray
) -> tuple[FloatArray, IntArray]:
    """Frontier points, the best for the first party first, and the lowest package behind each."""
    issues, parties = len(starts) - 1, values.shape[1]
    kept, at = np.empty(starts[-1], dtype=np.int64), np.zeros(issues + 1, dtype=np.int64)
    rest = np.zeros((issues + 1, parties))
    for i in range(issues):
        allowed = np.empty(starts[i + 1] - starts[i], dtype=np.int64)
        count = 0
        for k in range(starts[i + 1] - starts[i]):
            if (values[starts[i] + k] > -np.inf).all():
                allowed[count] = k
                count += 1
        if count == 0:
            return np.empty((0, parties)), np.empty((0, issues), dtype=np.int64)
        options = allowed[:count]
        good = np.sort(options[nondominated(values[starts[i] + options], options, tolerance)])
        kept[at[i] : at[i] + len(good)] = good
        at[i + 1] = at[i] + len(good)
    for i in range(issues - 1, -1, -1):
        for p in range(parties):
            rest[i, p] = rest[i + 1, p] + values[starts[i] + kept[at[i] : at[i + 1]], p].max()
    points, ranks = np.zeros((1, parties)), np.zeros(1, dtype=np.int64)
    packages = np.zeros((1, issues), dtype=np.int64)
    weights, weighed = np.ones((0, parties)), np.zeros((issues + 1, 0))
    for i in range(issues):
        mine = kept[at[i] : at[i + 1]]
        if len(points) > MANY and len(weights) == 0:
            # Weights on the parties leave out what cannot reach the threshold, which pays where frontiers are long.
            weights = np.ones((QUICK, parties))
            quick_answer(values, starts, threshold, weights)
            weighed = weighted_rest(values, starts, np.arange(issues), weights)
        points, origin, entry, ranks = merge_weighed(
            points,
            ranks,
            values[starts[i] + mine],
            rest[i + 1],
            threshold,
            tolerance,
            weights,
            weighed[i + 1],
        )
        packages = packages[origin]
        packages[:, i] = mine[entry]
    order = np.arange(len(points))
    for p in range(parties - 1, -1, -1):
        order = order[np.argsort(-points[order, p], kind="mergesort")]
    return points[order], packages[order]


@numba.njit(cache=True, nogil=True)
def _leximin(scores: FloatArray, slack: FloatArray, alive: BoolArray) -> None:
    """Leaves alive the rows whose lowest score is highest, of these the second lowest, and so on."""
    n, parties = scores.shape
    ordered, room = scores.copy(), np.empty((n, parties))
    for r in range(n):
        room[r] = slack
        for p in range(1, parties):
            q = p
            while q > 0 and ordered[r, q] < ordered[r, q - 1]:
                ordered[r, q], ordered[r, q - 1] = ordered[r, q - 1], ordered[r, q]
                room[r, q], room[r, q - 1] = room[r, q - 1], room[r, q]
                q -= 1
    for place in range(parties):
        best = -1
        for r in range(n):
            if alive[r] and (best < 0 or ordered[r, place] > ordered[best, place]):
                best = r
        least = ordered[best, place] - room[best, place]
        for r in range(n):
            alive[r] = alive[r] and ordered[r, place] >= least - room[r, place]


@numba.njit(cache=True, nogil=True)
def _shares(gains: FloatArray, hope: FloatArray, tolerance: FloatArray, alive: BoolArray) -> None:
    """Leaves alive what gives the largest equal share of ``hope``; a party without hope is left out."""
    parties = gains.shape[1]
    shares, slack = np.ones(gains.shape), np.zeros(parties)
    for p in range(parties):
        if hope[p] > 0.0:
            slack[p] = tolerance[p] / hope[p]
            shares[:, p] = gains[:, p] / hope[p]
    _leximin(shares, slack, alive)


@numba.njit(cache=True, nogil=True)
def _nash(gains: FloatArray, power: FloatArray, tolerance: FloatArray, alive: BoolArray) -> None:
    """Leaves alive the largest products of gains, of every largest set of parties that can gain at once."""
    n, parties = gains.shape
    score, noise = np.zeros(n), np.zeros(n)
    number, who = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    for r in range(n):
        for p in range(parties):
            if gains[r, p] > 0.0:
                number[r] += 1
                who[r] += 1 << p
                score[r] += np.log(gains[r, p]) * power[p]
                noise[r] += tolerance[p] / gains[r, p] * power[p] * FLAT
    most = number.max()
    for r in range(n):
        best = r
        for s in range(n):
            if who[s] == who[r] and score[s] > score[best]:
                best = s
        alive[r] = number[r] == most and score[r] >= score[best] - noise[r] - noise[best]


@numba.njit(cache=True, nogil=True)
def _raiffa(points: FloatArray, reserve: FloatArray, tolerance: FloatArray, alive: BoolArray) -> None:
    """Leaves alive where halving the way ends."""
    n, parties = points.shape
    here, best = reserve.copy(), np.empty(parties)
    still = np.empty(n, dtype=np.bool_)
    while True:
        best[:] = -np.inf
        for r in range(n):
            if alive[r]:
                best = np.maximum(best, points[r])
        reached = False
        for r in range(n):
            still[r] = alive[r] and (points[r] >= best - tolerance).all()
            reached = reached or still[r]
        if reached:
            alive[:] = still
            return
        step = here + (best - here) / parties
        some = False
        for r in range(n):
            still[r] = alive[r] and (points[r] >= step - tolerance).all()
            some = some or still[r]
        if not some:
            break
        here = step
        alive[:] = still
    way = best - here
    for p in range(parties):
        if way[p] <= tolerance[p]:
            way[p] = 0.0
    _shares(points - here, way, tolerance, alive)


@numba.njit(cache=True, nogil=True)
def _apply(
    rule: int,
    points: FloatArray,
    gains: FloatArray,
    reserve: FloatArray,
    tolerance: FloatArray,
    power: FloatArray,
    alive: BoolArray,
) -> None:
    alive[:] = True
    if rule == 0:
        _nash(gains, np.ones(len(reserve)), tolerance, alive)
    elif rule == 1:
        hope = np.zeros(len(reserve))
        for p in range(len(reserve)):
            hope[p] = gains[:, p].max()
        _shares(gains, hope, tolerance, alive)
    elif rule == 2:
        _leximin(gains, tolerance, alive)
    elif rule == 3:
        total = points.sum(axis=1)
        alive[:] = total >= total.max() - 2.0 * FLAT * tolerance.sum()
    elif rule == 4:
        _raiffa(points, reserve, tolerance, alive)
    else:
        _nash(gains, power, tolerance, alive)


@numba.njit(cache=True, nogil=True)
def _lowest(packages: IntArray, alive: BoolArray) -> int:
    best = -1
    for r in range(len(packages)):
        if not alive[r]:
            continue
        if best < 0:
            best = r
            continue
        i = 0
        while i < packages.shape[1] and packages[r, i] == packages[best, i]:
            i += 1
        if i < packages.shape[1] and packages[r, i] < packages[best, i]:
            best = r
    return best


@numba.njit(cache=True, nogil=True)
def _fill(
    values: FloatArray,
    starts: IntArray,
    reserve: FloatArray,
    threshold: FloatArray,
    tolerance: FloatArray,
    power: FloatArray,
    levels: FloatArray,
    packages: IntArray,
    utilities: FloatArray,
    size: IntArray,
    welfare: FloatArray,
    attained: FloatArray,
) -> None:
    issues = len(starts) - 1
    for d in range(len(values)):
        points, behind = _frontier(values[d], starts, threshold[d], tolerance[d])
        size[d] = len(points)
        if len(points) == 0:
            continue
        welfare[d] = points.sum(axis=1).max()
        for k in range(len(levels)):
            for r in range(len(points)):
                if points[r, 0] >= levels[k] and points[r, 1] > attained[d, k]:
                    attained[d, k] = points[r, 1]
        gains = points - reserve[d]
        for r in range(len(gains)):
            for p in range(gains.shape[1]):
                if gains[r, p] <= tolerance[d, p]:
                    gains[r, p] = 0.0
        alive = np.empty(len(points), dtype=np.bool_)
        for rule in range(packages.shape[1]):
            _apply(rule, points, gains, reserve[d], tolerance[d], power, alive)
            row = _lowest(behind, alive)
            packages[d, rule] = behind[row]
            utilities[d, rule] = 0.0
            for i in range(issues):
                utilities[d, rule] += values[d, starts[i] + behind[row, i]]


def batch_solutions(
    values: Sequence[FloatArray],
    vetoes: Sequence[BoolArray] | None,
    reserve: FloatArray,
    *,
    power: Sequence[float] | None = None,
    levels: FloatArray | None = None,
    threads: int | None = None,
) -> BatchSolutions:
    """The packages and utilities that the rules of ``solutions`` pick, in every draw.

    Arrays as in ``acceptance.exists``. ``power`` (parties,) adds the Nash solution with these bargaining powers.
    ``levels`` asks, for two parties and more, what the second can have at most when the first has at least a level.
    ValueError names the array at fault.
    """
    checked = problem(values, vetoes, reserve)
    parties = checked.parties
    weights = np.ones(parties) if power is None else np.asarray(power, dtype=np.float64)
    if weights.shape != (parties,) or not (np.isfinite(weights).all() and (weights > 0).all()):
        raise ValueError(f"power must be {parties} positive numbers, not {power}")
    floor = np.ascontiguousarray(reserve, dtype=np.float64)
    asked = np.zeros(0) if levels is None else np.ascontiguousarray(levels, dtype=np.float64)
    rules = len(RULES) - (power is None)
    out = _empty(checked, rules, len(asked))

    def work(a: int, b: int) -> None:
        _fill(
            checked.values[a:b],
            checked.starts,
            floor[a:b],
            checked.threshold[a:b],
            checked.tolerance[a:b],
            weights / weights.max(),
            asked,
            out.packages[a:b],
            out.utilities[a:b],
            out.frontier[a:b],
            out.welfare[a:b],
            out.attained[a:b],
        )

    if checked.draws:
        in_threads(work, checked.draws, threads)
    return out


def _empty(checked: Problem, rules: int, levels: int) -> BatchSolutions:
    draws = checked.draws
    return BatchSolutions(
        packages=np.full((draws, rules, checked.issues), -1, dtype=np.int64),
        utilities=np.full((draws, rules, checked.parties), np.nan),
        frontier=np.zeros(draws, dtype=np.int64),
        welfare=np.full(draws, np.nan),
        attained=np.full((draws, levels), -np.inf),
    )


@numba.njit(cache=True, nogil=True)
def _count(values: FloatArray, starts: IntArray, reserve: FloatArray, counted: IntArray) -> None:
    """Fills ``counted`` (draws, 2) with packages at, and above, all reserves; sums in the order of the issues."""
    issues, parties = len(starts) - 1, values.shape[2]
    partial, turn = np.zeros((issues + 1, parties)), np.zeros(issues + 1, dtype=np.int64)
    for d in range(len(values)):
        depth = 0
        while depth >= 0:
            if turn[depth] == starts[depth + 1] - starts[depth]:
                turn[depth] = 0
                depth -= 1
                continue
            option = starts[depth] + turn[depth]
            turn[depth] += 1
            for p in range(parties):
                partial[depth + 1, p] = partial[depth, p] + values[d, option, p]
            if depth + 1 < issues:
                depth += 1
                continue
            weak, strict = 1, 1
            for p in range(parties):
                weak &= partial[issues, p] >= reserve[d, p]
                strict &= partial[issues, p] > reserve[d, p]
            counted[d, 0] += weak
            counted[d, 1] += strict


def batch_rational(
    values: Sequence[FloatArray],
    vetoes: Sequence[BoolArray] | None,
    reserve: FloatArray,
    *,
    threads: int | None = None,
) -> IntArray:
    """(draws, 2): packages that all parties rate at least, and above, no deal; those of ``counting``, one by one."""
    checked = problem(values, vetoes, reserve)
    floor = np.ascontiguousarray(reserve, dtype=np.float64)
    counted = np.zeros((checked.draws, 2), dtype=np.int64)

    def work(a: int, b: int) -> None:
        _count(checked.values[a:b], checked.starts, floor[a:b], counted[a:b])

    if checked.draws:
        in_threads(work, checked.draws, threads)
    return counted
