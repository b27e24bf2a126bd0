"""No package suits everybody: which one comes nearest with the red lines kept, and would money close the gap?

Both answers lie on the frontier of packages, whatever their number: a package that is at least as good for every party
falls short by no more, and needs no larger payment. The frontier is merged issue by issue, with everything dropped
that can no longer beat a package already known; how good a one there is is told first, by halving what is asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numba
import numpy as np

from zopa.methods.acceptance import in_threads
from zopa.methods.pareto import QUICK, merge_weighed, quick_answer, some_sum_reaches, weighted_rest
from zopa.methods.problem import BoolArray, FloatArray, IntArray, Problem, problem

EQUAL = 1e-12
"""Shortfalls and payments closer than this are equal: sums of some twenty terms of size 1 carry less."""
CLOSE = 0.001
"""How close to the least largest shortfall one is sought before frontiers are merged."""
HALVINGS = 12
"""How often the room for the least shortfall, or the least payment, is halved before frontiers are merged."""


@dataclass(frozen=True, slots=True, eq=False)
class Nearest:
    """Of every draw the package with the smallest largest shortfall.

    ``packages`` (draws, issues) options, -1 where vetoes leave no package; ``shortfall`` (draws, parties) reserve less
    utility, 0 where it is reached, NaN where there is no package.
    """

    packages: IntArray
    shortfall: FloatArray

    @property
    def possible(self) -> BoolArray:
        """(draws,): where vetoes leave some package."""
        return np.asarray((self.packages >= 0).all(axis=1), dtype=np.bool_)


@dataclass(frozen=True, slots=True, eq=False)
class Transfers:
    """Of every draw the package that needs the least money to suit everybody.

    ``packages`` (draws, issues) options, -1 where no payment is enough; ``amount`` (draws,) units of money that change
    hands, ``received`` (draws, parties) units each receives, below 0 where it pays; both NaN where none is enough.
    """

    packages: IntArray
    amount: FloatArray
    received: FloatArray

    @property
    def possible(self) -> BoolArray:
        """(draws,): where some payment is enough."""
        return np.asarray((self.packages >= 0).all(axis=1), dtype=np.bool_)


@numba.njit(cache=True, nogil=True)
def _frontier(
    values: FloatArray,
    starts: IntArray,
    threshold: FloatArray,
    tolerance: FloatArray,
    weights: FloatArray,
    weighed: FloatArray,
) -> tuple[FloatArray, IntArray]:
    """Undominated utilities at or above the threshold (n, parties) and a package behind each (n, issues).

    ``weights`` and ``weighed`` as in ``merge_weighed``, the latter by issue from which on it is what the rest gives.
    """
    issues, parties = len(starts) - 1, values.shape[1]
    rest = np.zeros((issues + 1, parties))
    for i in range(issues - 1, -1, -1):
        for p in range(parties):
            rest[i, p] = rest[i + 1, p] + values[starts[i] : starts[i + 1], p].max()
    points, ranks = np.zeros((1, parties)), np.zeros(1, dtype=np.int64)
    packages = np.zeros((1, issues), dtype=np.int64)
    for i in range(issues):
        entries = values[starts[i] : starts[i + 1]]
        points, origin, entry, ranks = merge_weighed(
            points, ranks, entries, rest[i + 1], threshold, tolerance, weights, weighed[i + 1]
        )
        longer = np.empty((len(points), issues), dtype=np.int64)
        for k in range(len(points)):
            longer[k] = packages[origin[k]]
            longer[k, i] = entry[k]
        packages = longer
    return points, packages


@numba.njit(cache=True, nogil=True)
def _least_shortfall(
    values: FloatArray, starts: IntArray, reserve: FloatArray, tolerance: FloatArray, known: float
) -> float:
    """A largest shortfall that some package has, ``CLOSE`` to the least one; ``known`` is that of some package."""
    low, high = 0.0, known
    weights = np.ones((QUICK, values.shape[1]))
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        if quick_answer(values, starts, reserve - middle, weights) > 0:
            high = middle
        else:
            low = middle
    # What weights and mending did not find is looked for in full, below what they did.
    low = 0.0
    while high - low > CLOSE:
        middle = (low + high) / 2.0
        if some_sum_reaches(values, starts, reserve - middle, tolerance):
            high = middle
        else:
            low = middle
    return high


@numba.njit(cache=True, nogil=True)
def _some_package(values: FloatArray, starts: IntArray) -> tuple[FloatArray, bool]:
    """Utilities of the package with the largest sum, and whether vetoes leave any."""
    total = np.zeros(values.shape[1])
    for i in range(len(starts) - 1):
        best, most = -1, -np.inf
        for column in range(starts[i], starts[i + 1]):
            worth = values[column].sum()
            if worth > most:
                best, most = column, worth
        if best < 0:
            return total, False
        total += values[best]
    return total, True


@numba.njit(cache=True, nogil=True)
def _comes_before(a: FloatArray, b: FloatArray) -> bool:
    """Whether sorted shortfalls ``a`` beat ``b``: the largest first, then the next."""
    for j in range(len(a) - 1, -1, -1):
        if a[j] < b[j] - EQUAL:
            return True
        if a[j] > b[j] + EQUAL:
            return False
    return False


@numba.njit(cache=True, nogil=True)
def _fill_nearest(
    values: FloatArray,
    starts: IntArray,
    reserve: FloatArray,
    tolerance: FloatArray,
    packages: IntArray,
    shortfall: FloatArray,
) -> None:
    parties = values.shape[2]
    short, weights, order = np.empty(parties), np.ones((QUICK, parties)), np.arange(len(starts) - 1)
    for d in range(len(values)):
        total, possible = _some_package(values[d], starts)
        if not possible:
            continue
        known = max(0.0, (reserve[d] - total).max())
        if known > 0.0:
            known = _least_shortfall(values[d], starts, reserve[d], tolerance[d], known)
        # Sums made in another order may differ by a tolerance, on either side.
        threshold = reserve[d] - known - 2.0 * tolerance[d]
        quick_answer(values[d], starts, threshold, weights)
        weighed = weighted_rest(values[d], starts, order, weights)
        points, behind = _frontier(values[d], starts, threshold, tolerance[d], weights, weighed)
        best = np.full(parties, np.inf)
        for k in range(len(points)):
            for p in range(parties):
                gap = reserve[d, p] - points[k, p]
                short[p] = gap if gap > tolerance[d, p] else 0.0
            ordered = np.sort(short)
            if _comes_before(ordered, best):
                best = ordered
                packages[d] = behind[k]
                shortfall[d] = short


@numba.njit(cache=True, nogil=True)
def _need(gains: FloatArray, worth: FloatArray) -> tuple[float, float]:
    """Money that those who fall short need, and money that the others can spare; no need is met without worth."""
    needed, spare = 0.0, 0.0
    for p in range(len(gains)):
        if gains[p] < -EQUAL:
            needed += -gains[p] / worth[p] if worth[p] > 0.0 else np.inf
        elif worth[p] > 0.0:
            spare += gains[p] / worth[p]
    return needed, spare


@numba.njit(cache=True, nogil=True)
def _rates(worth: FloatArray) -> FloatArray:
    """Money a unit of utility is worth to each party, 1 for the largest; 0 for who neither pays nor is paid."""
    rates, unit = np.zeros(len(worth)), np.inf
    for p in range(len(worth)):
        if worth[p] > 0.0:
            unit = min(unit, worth[p])
    for p in range(len(worth)):
        if worth[p] > 0.0:
            rates[p] = unit / worth[p]
    return rates


@numba.njit(cache=True, nogil=True)
def _with_money(values: FloatArray, reserve: FloatArray, worth: FloatArray) -> FloatArray:
    """(options, parties + 1): the values, and last what they are worth together in money, scaled."""
    rates, parties = _rates(worth), values.shape[1]
    out = np.zeros((len(values), parties + 1))
    for column in range(len(values)):
        for p in range(parties):
            out[column, p] = values[column, p]
            if values[column, p] == -np.inf:
                out[column, parties] = -np.inf
            elif rates[p] > 0.0:
                out[column, parties] += rates[p] * values[column, p]
    return out


@numba.njit(cache=True, nogil=True)
def _enough_money(
    values: FloatArray,
    starts: IntArray,
    reserve: FloatArray,
    tolerance: FloatArray,
    worth: FloatArray,
    most: float,
) -> float:
    """Money with which some package suits everybody, close to the least; ``most`` where none is found.

    ``values`` (options, parties + 1) of ``_with_money``. At least one party pays: where each of the others falls short
    by no more than its part and there is enough in all, the money is enough.
    """
    parties, rates = len(reserve), _rates(worth)
    others = max(1, int((worth > 0.0).sum()) - 1)
    asked, close = np.empty(parties + 1), np.empty(parties + 1)
    asked[parties] = (rates * reserve).sum()
    close[:parties], close[parties] = tolerance, (rates * tolerance).sum()
    weights = np.ones((QUICK, parties + 1))
    low, high, found = 0.0, most, most
    for turn in range(2 * HALVINGS):
        if turn == HALVINGS:
            low = 0.0
        middle = high if turn == 0 else (low + high) / 2.0
        asked[:parties] = reserve - worth * (middle / others)
        enough = quick_answer(values, starts, asked, weights) > 0
        if not enough and turn >= HALVINGS:
            enough = some_sum_reaches(values, starts, asked, close)
        if enough:
            high, found = middle, middle
        elif turn == 0:
            return most
        else:
            low = middle
    return found


@numba.njit(cache=True, nogil=True)
def _cuts(
    values: FloatArray, starts: IntArray, threshold: FloatArray, reserve: FloatArray, worth: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Weights and what the rest gives, weighed, for ``_frontier``; the last ones say that there must be enough money
    in all."""
    rates = _rates(worth)
    weights = np.ones((QUICK + 1, len(reserve)))
    quick_answer(values, starts, threshold, weights[:QUICK])
    size = 1.0
    for p in range(len(reserve)):
        size += rates[p] * (abs(reserve[p]) + abs(threshold[p]))
    for p in range(len(reserve)):
        # Next to nothing for who has no money: an option that is ruled out stays so.
        weights[QUICK, p] = max(rates[p] / size, 1e-300)
    weighed = weighted_rest(values, starts, np.arange(len(starts) - 1), weights)
    if rates.max() > 0.0:
        for p in range(len(reserve)):
            weighed[:, QUICK] -= weights[QUICK, p] * (reserve[p] - threshold[p])
        weighed[:, QUICK] += 2.0 * EQUAL * worth.max()
    else:
        weighed[:, QUICK] = np.inf
    return weights, weighed


@numba.njit(cache=True, nogil=True)
def _fill_transfers(
    values: FloatArray,
    starts: IntArray,
    reserve: FloatArray,
    tolerance: FloatArray,
    worth: FloatArray,
    most: FloatArray,
    packages: IntArray,
    amount: FloatArray,
    received: FloatArray,
) -> None:
    issues, parties = len(starts) - 1, values.shape[2]
    for d in range(len(values)):
        top = np.zeros(parties)
        for i in range(issues):
            for p in range(parties):
                top[p] += values[d, starts[i] : starts[i + 1], p].max()
        spare = np.zeros(parties)
        for p in range(parties):
            if worth[d, p] > 0.0:
                spare[p] = max(0.0, (top[p] - reserve[d, p]) / worth[d, p])
        threshold = np.empty(parties)
        for p in range(parties):
            offered = min(most[d], spare.sum() - spare[p])
            threshold[p] = reserve[d, p] - tolerance[d, p] - EQUAL
            if worth[d, p] > 0.0 and offered > 0.0:
                threshold[p] -= worth[d, p] * offered
        money = _with_money(values[d], reserve[d], worth[d])
        cap = _enough_money(money, starts, reserve[d], tolerance[d], worth[d], min(most[d], spare.sum()))
        for p in range(parties):
            if worth[d, p] > 0.0:
                least_worth = reserve[d, p] - tolerance[d, p] - EQUAL - worth[d, p] * cap
                threshold[p] = max(threshold[p], least_worth)
        weights, weighed = _cuts(values[d], starts, threshold, reserve[d], worth[d])
        points, behind = _frontier(values[d], starts, threshold, tolerance[d], weights, weighed)
        least, chosen = np.inf, -1
        for k in range(len(points)):
            needed, there = _need(points[k] - reserve[d], worth[d])
            if needed <= most[d] + EQUAL and needed <= there + EQUAL and needed < least - EQUAL:
                least, chosen = needed, k
        if chosen < 0:
            continue
        packages[d], amount[d] = behind[chosen], least
        gains = points[chosen] - reserve[d]
        _, there = _need(gains, worth[d])
        for p in range(parties):
            received[d, p] = 0.0
            if worth[d, p] > 0.0 and gains[p] < -EQUAL:
                received[d, p] = -gains[p] / worth[d, p]
            elif worth[d, p] > 0.0 and there > 0.0:
                # Who can spare more pays more: with two parties, the one pays all.
                received[d, p] = -least * (gains[p] / worth[d, p]) / there


def _separate(
    values: Sequence[FloatArray], vetoes: Sequence[BoolArray] | None, reserve: FloatArray
) -> tuple[Problem, FloatArray]:
    """The checked problem, an option that anybody vetoes at minus infinity for all, and the reserves."""
    checked = problem(values, vetoes, reserve)
    barred = np.isneginf(checked.values).any(axis=2)
    checked.values[barred] = -np.inf
    return checked, np.ascontiguousarray(reserve, dtype=np.float64)


def nearest_packages(
    values: Sequence[FloatArray],
    vetoes: Sequence[BoolArray] | None,
    reserve: FloatArray,
    *,
    threads: int | None = None,
) -> Nearest:
    """Of every draw the package without a veto whose largest shortfall is smallest, then the next largest, and so on.

    Arrays as in ``acceptance.exists``. Of packages that fall equally short for everybody, one that no other beats is
    given, with the lowest number. A shortfall of 0 for all: a zone exists.
    """
    checked, floor = _separate(values, vetoes, reserve)
    packages = np.full((checked.draws, checked.issues), -1, dtype=np.int64)
    shortfall = np.full(floor.shape, np.nan)

    def work(a: int, b: int) -> None:
        tolerance = checked.tolerance[a:b]
        _fill_nearest(
            checked.values[a:b], checked.starts, floor[a:b], tolerance, packages[a:b], shortfall[a:b]
        )

    if checked.draws:
        in_threads(work, checked.draws, threads)
    return Nearest(packages, shortfall)


def least_transfers(
    values: Sequence[FloatArray],
    vetoes: Sequence[BoolArray] | None,
    reserve: FloatArray,
    *,
    worth: FloatArray,
    most: FloatArray,
    threads: int | None = None,
) -> Transfers:
    """Of every draw the package that suits everybody for the least money changing hands, and who pays whom.

    ``worth`` (draws, parties) utility of a unit of money, 0 for a party that neither pays nor is paid; ``most``
    (draws,) units that can be paid in all, infinite for no limit. Several who could pay share in proportion to what
    they can spare. An amount of 0: a zone exists without money.
    """
    checked, floor = _separate(values, vetoes, reserve)
    rates, limit = np.ascontiguousarray(worth, dtype=np.float64), np.asarray(most, dtype=np.float64)
    if rates.shape != floor.shape or not (np.isfinite(rates).all() and (rates >= 0.0).all()):
        raise ValueError(f"worth must be finite, not negative and of shape {floor.shape}")
    if limit.shape != (checked.draws,) or not (limit >= 0.0).all():
        raise ValueError(f"most must be {checked.draws} numbers that are not negative")
    packages = np.full((checked.draws, checked.issues), -1, dtype=np.int64)
    amount, received = np.full(checked.draws, np.nan), np.full(floor.shape, np.nan)

    def work(a: int, b: int) -> None:
        _fill_transfers(
            checked.values[a:b],
            checked.starts,
            floor[a:b],
            checked.tolerance[a:b],
            rates[a:b],
            limit[a:b],
            packages[a:b],
            amount[a:b],
            received[a:b],
        )

    if checked.draws:
        in_threads(work, checked.draws, threads)
    return Transfers(packages, amount, received)
