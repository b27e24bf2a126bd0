"""What packages add to leaving everything as it is, draw by draw: how many suit all, and what they are worth."""

from collections.abc import Sequence
from dataclasses import dataclass

import numba
import numpy as np

from zopa.methods.acceptance import in_threads
from zopa.methods.problem import BoolArray, FloatArray, IntArray, problem


@numba.njit(cache=True, nogil=True)
def _gains(
    values: FloatArray,
    barred: BoolArray,
    starts: IntArray,
    now: FloatArray,
    tolerance: FloatArray,
    better: FloatArray,
    joint: FloatArray,
    gain: FloatArray,
) -> None:
    """Fills the last three for every draw: see ``gains_over``."""
    draws, _, parties = values.shape
    total = 1
    for i in range(len(starts) - 1):
        total *= starts[i + 1] - starts[i]
    sums, ahead = np.zeros((total, parties)), np.zeros((total, parties))
    closed, closed_ahead = np.zeros(total, dtype=np.bool_), np.zeros(total, dtype=np.bool_)
    product = np.empty(total)
    for d in range(draws):
        size = 1
        sums[0] = -now[d]
        closed[0] = False
        for i in range(len(starts) - 1):
            at = 0
            for row in range(size):
                for column in range(starts[i], starts[i + 1]):
                    for p in range(parties):
                        ahead[at, p] = sums[row, p] + values[d, column, p]
                    closed_ahead[at] = closed[row] or barred[d, column]
                    at += 1
            sums, ahead, closed, closed_ahead, size = ahead, sums, closed_ahead, closed, at
        top, most, count = 0.0, 0.0, 0
        for row in range(size):
            product[row] = -1.0
            fits = not closed[row]
            p = 0
            while p < parties and fits:
                fits = sums[row, p] > tolerance[d, p]
                p += 1
            if not fits:
                continue
            count += 1
            product[row], together = 1.0, 0.0
            for p in range(parties):
                product[row] *= sums[row, p]
                together += sums[row, p]
            top, most = max(top, product[row]), max(most, together)
        better[d], joint[d] = count / size, most
        if count > 0:
            row = 0
            # of packages that are equal but for rounding the first is taken, on any machine
            while product[row] < top * (1.0 - 1e-9):
                row += 1
            gain[d] = sums[row]


@dataclass(frozen=True, slots=True, eq=False)
class Gains:
    """What the packages add to leaving everything as it is, draw by draw.

    ``better`` (draws,): share of packages from which every party gains; ``joint`` (draws,): the largest sum of gains
    among them, 0 where there is none; ``gain`` (draws, parties): gains at the Nash point among them, else 0.
    """

    better: FloatArray
    joint: FloatArray
    gain: FloatArray


def gains_over(
    values: Sequence[FloatArray], vetoes: Sequence[BoolArray], now: FloatArray, *, threads: int | None = None
) -> Gains:
    """Gains over ``now`` (draws, parties), package by package, for all draws; arrays as in ``agenda_table``.

    Nash (1950) with ``now`` as the point of disagreement, over the packages themselves.
    """
    checked = problem(values, None, now)
    barred = np.ascontiguousarray(np.concatenate([np.asarray(v).any(axis=1) for v in vetoes], axis=1))
    draws, parties = now.shape
    floor = np.ascontiguousarray(now, dtype=np.float64)
    out = Gains(np.zeros(draws), np.zeros(draws), np.zeros((draws, parties)))

    def work(start: int, stop: int) -> None:
        here = slice(start, stop)
        _gains(
            checked.values[here],
            barred[here],
            checked.starts,
            floor[here],
            checked.tolerance[here],
            out.better[here],
            out.joint[here],
            out.gain[here],
        )

    in_threads(work, draws, threads)
    return out
