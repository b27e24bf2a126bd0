"""Differences of probabilities: paired over outer groups, and as people read them, in whole points."""

from dataclasses import dataclass
from math import ceil, floor

import numpy as np

from zopa.methods.intervals import central_range
from zopa.methods.problem import FloatArray

EXACT = 1e-9


@dataclass(frozen=True, slots=True)
class Difference:
    """By how much a probability differs, ``low``–``high`` its 5–95 % range, both sides taken with the same grades;
    ``zero`` the difference of the two zero lines; ``clear``: whether the whole range lies on one side of nothing."""

    value: float
    low: float
    high: float
    zero: float
    clear: bool


def by_groups(value: float, series: FloatArray, zero: float) -> Difference:
    """A difference whose value in every outer group is ``series`` (groups,), each group as likely as any other."""
    even = np.full(len(series), 1 / len(series))
    low, high = central_range(value, series, even, level=0.90, legal=None)
    return difference(value, low, high, zero)


def difference(value: float, low: float, high: float, zero: float) -> Difference:
    """A difference with its range."""
    return Difference(value, low, high, zero, low > 0.0 or high < 0.0)


def points(value: float) -> str:
    """A difference in whole points with its sign: "+4", "−2", "0"."""
    return _signed(floor(100 * value + 0.5 + EXACT))


def points_cell(found: Difference) -> str:
    """A difference with its range: "+4 (+1…+8)"; the range is rounded outwards."""
    low, high = floor(100 * found.low + EXACT), ceil(100 * found.high - EXACT)
    if low == high == 0:
        return "0"
    return f"{points(found.value)} ({_signed(low)}…{_signed(high)})"


def _signed(whole: int) -> str:
    return "0" if whole == 0 else f"+{whole}" if whole > 0 else f"−{-whole}"
