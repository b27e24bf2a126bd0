"""A separable bargaining problem in arrays: its checks, its tolerance, and how packages are numbered.

``values``    list over issues of (draws, parties, options): what each option adds to each party's utility
``vetoes``    list over issues of the same shape, boolean: True where the party never accepts that option
``reserve``   (draws, parties): the utility of walking away, the disagreement point
A package is one option per issue; packages are numbered in C order, the last issue fastest.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
Package = tuple[int, ...]

TOLERANCE = 1e-12
"""Two utilities closer than this share of the party's largest possible utility are equal.

Sums of up to some twenty terms carry rounding errors near 1e-15 of their size, in an order that depends on the method;
a stated difference is never below 1e-9. Anything between tells the two apart.
"""
SMALLEST_SCALE = 1e-280
"""Scale of a party to whom nothing matters: even then more than the reserve is more than equal to it."""


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Issues that hang together: combinations that cannot be agreed, and what a combination adds.

    ``forbidden`` has one axis per issue of ``issues``; ``extra`` the parties' axis before those. Either may be None.
    """

    issues: tuple[int, ...]
    forbidden: BoolArray | None = None
    extra: FloatArray | None = None


def option_counts(values: Sequence[FloatArray]) -> tuple[int, ...]:
    """Number of options of every issue."""
    return tuple(int(v.shape[-1]) for v in values)


def package_count(counts: Sequence[int]) -> int:
    """Number of packages, exact however large."""
    return math.prod(counts)


def package_at(number: int, counts: Sequence[int]) -> Package:
    """The package with this number: one option per issue."""
    options: list[int] = []
    for count in reversed(counts):
        number, option = divmod(number, count)
        options.append(option)
    return tuple(reversed(options))


def package_number(package: Sequence[int], counts: Sequence[int]) -> int:
    """The number of a package in C order, the last issue fastest."""
    number = 0
    for option, count in zip(package, counts, strict=True):
        if not 0 <= option < count:
            raise ValueError(f"package {tuple(package)} leaves the options {tuple(counts)}")
        number = number * count + int(option)
    return number


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """A checked problem over all draws: options of all issues side by side, vetoed ones at minus infinity.

    ``values`` (draws, options of all issues, parties); issue i holds columns ``starts[i]`` to ``starts[i + 1]``;
    ``threshold`` (draws, parties) is the least acceptable utility with the tolerance inside it.
    """

    values: FloatArray
    starts: IntArray
    threshold: FloatArray
    tolerance: FloatArray

    @property
    def draws(self) -> int:
        """Number of draws."""
        return len(self.values)

    @property
    def parties(self) -> int:
        """Number of parties."""
        return int(self.values.shape[2])

    @property
    def issues(self) -> int:
        """Number of issues."""
        return len(self.starts) - 1

    @property
    def counts(self) -> tuple[int, ...]:
        """Number of options of every issue."""
        return tuple(int(k) for k in np.diff(self.starts))


def _checked_values(values: Sequence[FloatArray]) -> list[FloatArray]:
    if len(values) == 0:
        raise ValueError("values: a problem needs at least one issue")
    arrays = [np.asarray(v, dtype=np.float64) for v in values]
    for i, array in enumerate(arrays):
        if array.ndim != 3 or array.shape[:2] != arrays[0].shape[:2] or 0 in array.shape:
            raise ValueError(
                f"values[{i}] has shape {array.shape}, but every issue needs (draws, parties, options), "
                f"none of them zero and the first two as in values[0]: {arrays[0].shape}"
            )
        if not np.isfinite(array).all():
            raise ValueError(f"values[{i}] holds a number that is not finite")
    return arrays


def _with_vetoes(arrays: list[FloatArray], vetoes: Sequence[BoolArray] | None) -> FloatArray:
    if vetoes is not None:
        if len(vetoes) != len(arrays):
            raise ValueError(f"vetoes: {len(vetoes)} issues, but values has {len(arrays)}")
        for i, (array, veto) in enumerate(zip(arrays, vetoes, strict=True)):
            if np.asarray(veto).shape != array.shape or np.asarray(veto).dtype != np.bool_:
                raise ValueError(
                    f"vetoes[{i}] must be boolean of shape {array.shape}, "
                    f"not {np.asarray(veto).dtype} of shape {np.asarray(veto).shape}"
                )
        arrays = [np.where(veto, -np.inf, array) for array, veto in zip(arrays, vetoes, strict=True)]
    return np.ascontiguousarray(np.concatenate(arrays, axis=2).transpose(0, 2, 1))


def tolerances(values: Sequence[FloatArray], reserve: FloatArray) -> FloatArray:
    """(draws, parties): the difference below which two utilities of a party are equal."""
    largest = np.maximum(np.abs(reserve), SMALLEST_SCALE)
    reach = np.zeros_like(largest)
    for array in values:
        # Option by option: NumPy reduces a short last axis slowly.
        reach += reduce(np.maximum, np.moveaxis(np.abs(array), 2, 0))
    return np.asarray(TOLERANCE * np.maximum(largest, reach), dtype=np.float64)


def problem(
    values: Sequence[FloatArray],
    vetoes: Sequence[BoolArray] | None,
    reserve: FloatArray,
    *,
    parties: Sequence[int] | None = None,
    strict: bool = False,
) -> Problem:
    """The checked problem, restricted to the listed parties.

    ``strict`` asks for more than the reserve, otherwise reaching it is enough. ValueError names the array at fault.
    """
    arrays = _checked_values(values)
    floor = np.asarray(reserve, dtype=np.float64)
    if floor.shape != arrays[0].shape[:2]:
        raise ValueError(f"reserve has shape {floor.shape}, but values ask for {arrays[0].shape[:2]}")
    if not np.isfinite(floor).all():
        raise ValueError("reserve holds a number that is not finite; an unknown reserve is a distribution")
    if parties is not None:
        chosen = checked_parties(parties, floor.shape[1])
        arrays = [array[:, chosen] for array in arrays]
        vetoes = None if vetoes is None else [np.asarray(veto)[:, chosen] for veto in vetoes]
        floor = floor[:, chosen]
    tolerance = tolerances(arrays, floor)
    starts = np.concatenate([[0], np.cumsum([a.shape[2] for a in arrays])]).astype(np.int64)
    threshold = floor + tolerance if strict else floor - tolerance
    return Problem(_with_vetoes(arrays, vetoes), starts, threshold, tolerance)


def checked_parties(parties: Sequence[int], count: int) -> list[int]:
    """The listed parties as they stand; ValueError where one does not exist, is listed twice, or none is listed."""
    chosen = [int(p) for p in parties]
    if not chosen or len(set(chosen)) < len(chosen) or min(chosen) < 0 or max(chosen) >= count:
        raise ValueError(
            f"parties is {tuple(parties)}, but must list distinct parties between 0 and {count - 1}"
        )
    return chosen


def groups_of(group: IntArray | None, draws: int) -> tuple[IntArray, int]:
    """Group of each draw as 0, 1, 2, … and the number of groups; one group where none is given."""
    if group is None:
        return np.zeros(draws, dtype=np.int64), 1
    labels = np.asarray(group)
    if labels.shape != (draws,) or not np.issubdtype(labels.dtype, np.integer):
        raise ValueError(f"group must be {draws} integers, not {labels.dtype} of shape {labels.shape}")
    if labels.min() < 0:
        raise ValueError(f"group numbers start at 0, but {labels.min()} is among them")
    return labels.astype(np.int64), int(labels.max()) + 1
