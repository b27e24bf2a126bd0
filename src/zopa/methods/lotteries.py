"""Would a lottery over packages suit everybody on average where no single package does?

A lottery gives each party the expectation of its utility, so the question is whether the convex hull of the packages
reaches the reserves. It does unless some weights on the parties make every package worth less than the reserves
(separation of convex sets). The best package for given weights is found issue by issue, whatever the number of
packages; packages enter one by one until a mixture of them suffices or the weights prove that none can (column
generation, Gilmore and Gomory 1961; the mixture is the value of a matrix game, von Neumann 1928).
"""

from collections.abc import Sequence

import numba
import numpy as np

from zopa.methods.acceptance import in_threads
from zopa.methods.problem import BoolArray, FloatArray, IntArray, problem

NEAR = 1e-9
"""Expected gains above minus this share of the largest number in play count as none."""
PIVOTS = 1000
"""Steps of one small linear program, and packages that enter one draw, at most."""


@numba.njit(cache=True, nogil=True)
def _game(gains: FloatArray) -> tuple[float, FloatArray]:
    """Value of the game in which the row player, the mixture, wants the least party's gain large; and the weights of
    the parties that keep it there.

    ``gains`` (packages, parties). The simplex method with Bland's rule on the game shifted to positive payoffs.
    """
    n, parties = gains.shape
    shift = 1.0 - gains.min()
    # Parties: maximise the sum of y with gains' · y at most 1 for every package; y / sum are the weights.
    rows, columns = n, parties + n
    table = np.zeros((rows + 1, columns + 1))
    basis = np.empty(rows, dtype=np.int64)
    for k in range(n):
        for p in range(parties):
            table[k, p] = gains[k, p] + shift
        table[k, parties + k] = 1.0
        table[k, columns] = 1.0
        basis[k] = parties + k
    table[rows, :parties] = -1.0
    for _ in range(PIVOTS):
        enter = 0
        while enter < columns and table[rows, enter] >= -1e-12:
            enter += 1
        if enter == columns:
            break
        leave, least = -1, np.inf
        for k in range(rows):
            if table[k, enter] > 1e-12:
                ratio = table[k, columns] / table[k, enter]
                if ratio < least - 1e-15 or (
                    ratio <= least + 1e-15 and leave >= 0 and basis[k] < basis[leave]
                ):
                    leave, least = k, ratio
        if leave < 0:
            break
        table[leave] /= table[leave, enter]
        for k in range(rows + 1):
            if k != leave and table[k, enter] != 0.0:
                table[k] -= table[k, enter] * table[leave]
        basis[leave] = enter
    weights = np.zeros(parties)
    for k in range(rows):
        if basis[k] < parties:
            weights[basis[k]] = max(0.0, table[k, columns])
    total = weights.sum()
    return 1.0 / total - shift, weights / total


@numba.njit(cache=True, nogil=True)
def _best_for(values: FloatArray, starts: IntArray, weights: FloatArray, reserve: FloatArray) -> FloatArray:
    """Gains over the reserves of the package with the largest weighted utility; options at minus infinity left out."""
    gains = -reserve
    for i in range(len(starts) - 1):
        best, most = -1, -np.inf
        for column in range(starts[i], starts[i + 1]):
            if values[column, 0] == -np.inf:
                continue
            worth = 0.0
            for p in range(len(weights)):
                worth += weights[p] * values[column, p]
            if worth > most:
                best, most = column, worth
        if best < 0:
            return np.full(len(weights), -np.inf)
        gains = gains + values[best]
    return gains


@numba.njit(cache=True, nogil=True)
def _some_lottery(values: FloatArray, starts: IntArray, reserve: FloatArray, near: float) -> bool:
    parties = values.shape[1]
    weights = np.full(parties, 1.0 / parties)
    packages = np.empty((0, parties))
    for _ in range(PIVOTS):
        gains = _best_for(values, starts, weights, reserve)
        bound = (weights * gains).sum()
        if not bound >= -near:
            return False
        longer = np.empty((len(packages) + 1, parties))
        longer[: len(packages)] = packages
        longer[len(packages)] = gains
        packages = longer
        value, weights = _game(packages)
        if value >= -near:
            return True
        if value >= bound - near / 10.0:
            return False
    return False


@numba.njit(cache=True, nogil=True)
def _fill(
    values: FloatArray, starts: IntArray, reserve: FloatArray, near: FloatArray, found: BoolArray
) -> None:
    for d in range(len(values)):
        found[d] = _some_lottery(values[d], starts, reserve[d], near[d])


def lottery_exists(
    values: Sequence[FloatArray],
    vetoes: Sequence[BoolArray] | None,
    reserve: FloatArray,
    *,
    threads: int | None = None,
) -> BoolArray:
    """(draws,): whether some lottery over packages gives every party at least its reserve on average.

    Arrays as in ``acceptance.exists``; a package that anybody vetoes takes no part in any lottery.
    """
    checked = problem(values, vetoes, reserve)
    checked.values[np.isneginf(checked.values).any(axis=2)] = -np.inf
    floor = np.ascontiguousarray(reserve, dtype=np.float64)
    finite = np.where(np.isfinite(checked.values), np.abs(checked.values), 0.0)
    near = NEAR * np.maximum(finite.max(axis=(1, 2), initial=0.0), np.abs(floor).max(axis=1))
    found = np.zeros(checked.draws, dtype=np.bool_)

    def work(a: int, b: int) -> None:
        _fill(checked.values[a:b], checked.starts, floor[a:b], near[a:b], found[a:b])

    if checked.draws:
        in_threads(work, checked.draws, threads)
    return found
