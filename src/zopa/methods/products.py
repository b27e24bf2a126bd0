"""Sums of products in one fixed order: the same to the last bit for any number of threads.

A linear algebra library splits long sums among its threads, and how it splits them shows in the last digit.
"""

import numba
import numpy as np

from zopa.methods.problem import FloatArray, IntArray


@numba.njit(cache=True, nogil=True)
def by_rows(weights: FloatArray, series: FloatArray) -> FloatArray:
    """(rows, columns): sums over draws of ``weights`` (rows, draws) times ``series`` (draws, columns)."""
    out = np.zeros((weights.shape[0], series.shape[1]))
    for row in range(weights.shape[0]):
        for draw in range(weights.shape[1]):
            weight = weights[row, draw]
            for column in range(series.shape[1]):
                out[row, column] += weight * series[draw, column]
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
