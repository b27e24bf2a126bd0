"""Sums of products in one fixed order: the same to the last bit for any number of threads.

A linear algebra library splits long sums among its threads, and how it splits them shows in the last digit.
"""

import numba
import numpy as np

from zopa.methods.problem import FloatArray, IntArray

FEW = 8
"""Columns below which each is summed by itself, its sums kept in registers."""
TOGETHER = 4
"""Rows that are summed side by side: a draw's numbers are read once for all of them."""


def by_rows(weights: FloatArray, series: FloatArray) -> FloatArray:
    """(rows, columns): sums over draws of ``weights`` (rows, draws) times ``series`` (draws, columns).

    A column's sums do not depend on the columns beside it.
    """
    if series.shape[1] >= FEW:
        return np.asarray(_of_many(weights, series))
    out = np.empty((series.shape[1], len(weights)))
    for column, own in zip(out, np.ascontiguousarray(series.T), strict=True):
        _of_one(weights, own, column)
    return np.ascontiguousarray(out.T)


@numba.njit(cache=True, nogil=True)
def _of_one(weights: FloatArray, series: FloatArray, out: FloatArray) -> None:
    """The sums of one column, ``series`` (draws,), into ``out`` (rows,)."""
    rows, draws = weights.shape
    done = rows - rows % TOGETHER
    for row in range(0, done, TOGETHER):
        # An addition waits for the one before it: four sums side by side keep the processor busy.
        a = b = c = d = 0.0
        for draw in range(draws):
            y = series[draw]
            a += weights[row, draw] * y
            b += weights[row + 1, draw] * y
            c += weights[row + 2, draw] * y
            d += weights[row + 3, draw] * y
        out[row], out[row + 1], out[row + 2], out[row + 3] = a, b, c, d
    for row in range(done, rows):
        a = 0.0
        for draw in range(draws):
            a += weights[row, draw] * series[draw]
        out[row] = a


@numba.njit(cache=True, nogil=True)
def _of_many(weights: FloatArray, series: FloatArray) -> FloatArray:
    rows, draws = weights.shape
    out = np.zeros((rows, series.shape[1]))
    done = rows - rows % TOGETHER
    for row in range(0, done, TOGETHER):
        first, second, third, fourth = out[row], out[row + 1], out[row + 2], out[row + 3]
        for draw in range(draws):
            a, b = weights[row, draw], weights[row + 1, draw]
            c, d = weights[row + 2, draw], weights[row + 3, draw]
            own = series[draw]
            for column in range(len(own)):
                y = own[column]
                first[column] += a * y
                second[column] += b * y
                third[column] += c * y
                fourth[column] += d * y
    for row in range(done, rows):
        for draw in range(draws):
            for column in range(series.shape[1]):
                out[row, column] += weights[row, draw] * series[draw, column]
    return out


@numba.njit(cache=True, nogil=True)
def by_states(values: FloatArray, states: IntArray) -> FloatArray:
    """(rows, draws): sums of ``values`` (rows, states) over the states a draw is in, one of each of the lists
    ``states`` (lists, draws)."""
    out = np.zeros((values.shape[0], states.shape[1]))
    for row in range(values.shape[0]):
        for one in range(states.shape[0]):
            for draw in range(states.shape[1]):
                out[row, draw] += values[row, states[one, draw]]
    return out


@numba.njit(cache=True, nogil=True)
def by_groups(series: FloatArray, group: IntArray, groups: int) -> tuple[IntArray, FloatArray, FloatArray]:
    """(groups,) each: number of draws, their mean in ``series`` (draws,), and the sum of squares about it."""
    sizes = np.zeros(groups, dtype=np.int64)
    means, squares = np.zeros(groups), np.zeros(groups)
    for draw in range(len(series)):
        sizes[group[draw]] += 1
        means[group[draw]] += series[draw]
    means /= np.maximum(sizes, 1)
    for draw in range(len(series)):
        squares[group[draw]] += (series[draw] - means[group[draw]]) ** 2
    return sizes, means, squares


def mixed(shares: FloatArray, rows: FloatArray) -> FloatArray:
    """(draws,): mean of ``rows`` (rows, draws) by their ``shares`` (rows,)."""
    return np.asarray(np.einsum("g,gd->d", shares, rows))
