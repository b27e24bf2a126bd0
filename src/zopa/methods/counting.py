"""What share of all packages would every party rather have than no deal? Counted, never sampled.

Separable problems are cut into two halves of about the square root of the number of packages each (Horowitz and Sahni
1974); pairs of half packages that suit everybody are then counted by dominance (Bentley 1980). Packages within rounding
of a walk-away utility are looked at one by one, so that the answer is that of a plain count over all packages: sums in
the order of the issues, compared as they come.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numba
import numpy as np

from zopa.methods import blocks as joint
from zopa.methods.frontier import frontier
from zopa.methods.problem import (
    TOLERANCE,
    Block,
    BoolArray,
    FloatArray,
    IntArray,
    Problem,
    package_count,
    problem,
)

MAX_HALF = 4_000_000
"""Half packages that are held in memory at most: 32 MB a party."""
MAX_PAIRS = 20_000_000_000
"""Pairs of half packages compared one by one at most, with three parties and more: about half a minute."""


MAX_CLOSE = 50_000_000
"""Steps at most to look at packages within rounding of a walk-away utility; beyond them all count as equal."""


@dataclass(frozen=True, slots=True)
class Rational:
    """Number of packages, and of those that every party rates at least (``weak``) or above (``strict``) no deal."""

    outcomes: int
    weak: int
    strict: int


@numba.njit(cache=True, nogil=True)
def _pairs_of_two_parties(left: FloatArray, right: FloatArray, threshold: FloatArray) -> int:
    """Sweep on the first party, a Fenwick tree over the second."""
    second = np.sort(right[:, 1])
    rank = np.searchsorted(second, right[:, 1])
    level = np.searchsorted(second, threshold[1] - left[:, 1])
    tree = np.zeros(len(right) + 1, dtype=np.int64)
    by_right = np.argsort(-right[:, 0])
    total, entered = 0, 0
    for i in np.argsort(left[:, 0]):
        while entered < len(right) and right[by_right[entered], 0] >= threshold[0] - left[i, 0]:
            at = rank[by_right[entered]] + 1
            while at <= len(right):
                tree[at] += 1
                at += at & -at
            entered += 1
        total += entered
        at = level[i]
        while at > 0:
            total -= tree[at]
            at -= at & -at
    return total


@numba.njit(cache=True, nogil=True)
def _pairs_compared(left: FloatArray, right: FloatArray, threshold: FloatArray) -> int:
    """Any number of parties: ``right`` (parties, m) sorted from the best for the first party."""
    parties, width = right.shape
    losses = -right[0]
    suits = np.empty(width, dtype=np.uint8)
    total = 0
    for i in range(len(left)):
        good = np.searchsorted(losses, left[i, 0] - threshold[0], side="right")
        suits[:good] = 1
        for p in range(1, parties):
            need = threshold[p] - left[i, p]
            for j in range(good):
                suits[j] &= right[p, j] >= need
        for j in range(good):
            total += suits[j]
    return total


@numba.njit(cache=True, nogil=True)
def _close_calls(
    values: FloatArray, starts: IntArray, floor: FloatArray, levels: FloatArray, limit: int
) -> tuple[int, int, int]:
    """Of the packages between two ``levels`` (2, parties) those at least at, and above, ``floor``, and the steps taken.

    Sums run in the order of the issues. A beginning is left when it is clearly above or clearly below for good.
    """
    issues, parties = len(starts) - 1, len(floor)
    most, least = np.zeros((issues + 1, parties)), np.zeros((issues + 1, parties))
    for i in range(issues - 1, -1, -1):
        for p in range(parties):
            options = values[starts[i] : starts[i + 1], p]
            most[i, p], least[i, p] = most[i + 1, p] + options.max(), least[i + 1, p] + options.min()
    partial, turn = np.zeros((issues + 1, parties)), np.zeros(issues + 1, dtype=np.int64)
    weak, strict, depth, steps = 0, 0, 0, 0
    while depth >= 0 and steps <= limit:
        if turn[depth] == starts[depth + 1] - starts[depth]:
            turn[depth] = 0
            depth -= 1
            continue
        steps += 1
        option = values[starts[depth] + turn[depth]]
        turn[depth] += 1
        possible, certain = True, True
        for p in range(parties):
            partial[depth + 1, p] = partial[depth, p] + option[p]
            possible = possible and partial[depth + 1, p] + most[depth + 1, p] >= levels[0, p]
            certain = certain and partial[depth + 1, p] + least[depth + 1, p] >= levels[1, p]
        if certain or not possible:
            continue
        if depth + 1 < issues:
            depth += 1
            continue
        weak += (partial[issues] >= floor).all()
        strict += (partial[issues] > floor).all()
    return weak, strict, steps


def _pairs(left: FloatArray, right: FloatArray, threshold: FloatArray) -> int:
    """Pairs of rows of ``left`` (n, parties) and ``right`` (m, parties) whose sum reaches the threshold (parties,)."""
    if len(left) == 0 or len(right) == 0:
        return 0
    parties = len(threshold)
    if parties == 1:
        ordered = np.sort(right[:, 0])
        return int((len(right) - np.searchsorted(ordered, threshold[0] - left[:, 0])).sum())
    if parties == 2:
        return int(_pairs_of_two_parties(left, right, threshold))
    if len(left) * len(right) > MAX_PAIRS:
        raise ValueError(
            f"counting {len(left) * len(right):,} packages for {parties} parties is more than the "
            f"{MAX_PAIRS:,} that can be compared"
        )
    best_first = np.ascontiguousarray(right[np.argsort(-right[:, 0])].T)
    return int(_pairs_compared(left, best_first, threshold))


def _halves(parts: Sequence[FloatArray]) -> tuple[FloatArray, FloatArray]:
    """Sums over two halves of the parts, as even in size as the largest-first rule makes them."""
    halves: list[list[FloatArray]] = [[], []]
    for part in sorted(parts, key=len, reverse=True):
        smaller = min(halves, key=lambda half: package_count([len(p) for p in half]))
        smaller.append(part)
    sums = []
    for half in halves:
        size = package_count([len(p) for p in half])
        if size > MAX_HALF:
            raise ValueError(
                f"half of the issues already make {size:,} packages, more than the {MAX_HALF:,} that can be held"
            )
        total = np.zeros((1, parts[0].shape[1]))
        for part in half:
            total = (total[:, None, :] + part[None, :, :]).reshape(-1, total.shape[1])
        sums.append(np.ascontiguousarray(total))
    return sums[0], sums[1]


def _levels(checked: Problem, groups: Sequence[joint.Group], floor: FloatArray) -> FloatArray:
    tolerance = checked.tolerance[0] + TOLERANCE * sum((g.reach for g in groups), np.zeros(checked.parties))
    return np.stack([floor - tolerance, floor + tolerance])


def count_rational(
    values: Sequence[FloatArray],
    reserve: FloatArray,
    *,
    vetoes: Sequence[BoolArray] | None = None,
    blocks: Sequence[Block] = (),
) -> Rational:
    """Number of packages of one draw, and of those at least as good and better than no deal for every party.

    ``values`` one (parties, options) array per issue, ``reserve`` (parties,). Combinations forbidden by a block are no
    packages; packages with a vetoed option are packages that do not suit. With blocks, and beyond ``MAX_CLOSE``,
    utilities within rounding of the reserve count as equal to it. ValueError above ``MAX_HALF`` and ``MAX_PAIRS``.
    """
    floor = np.asarray(reserve, dtype=np.float64)
    arrays = [np.asarray(v, dtype=np.float64)[None] for v in values]
    checked = problem(arrays, None if vetoes is None else [np.asarray(v)[None] for v in vetoes], floor[None])
    groups = joint.groups(blocks, checked.values[0], checked.starts)
    levels = _levels(checked, groups, floor)
    if groups and len(groups[0].issues) == checked.issues:
        return Rational(*joint.count_reaching(groups[0], levels))
    grouped = {i for group in groups for i in group.issues}
    starts = checked.starts
    parts = [checked.values[0][starts[i] : starts[i + 1]] for i in range(checked.issues) if i not in grouped]
    outcomes = package_count([len(part) for part in parts])
    for group in groups:
        sums = joint.allowed_sums(group, limit=MAX_HALF)
        outcomes *= len(sums)
        parts.append(sums)
    left, right = _halves([part[np.isfinite(part).all(axis=1)] for part in parts])
    at_least, above = _pairs(left, right, levels[0]), _pairs(left, right, levels[1])
    if at_least == above or groups:
        return Rational(outcomes, at_least, above)
    weak, strict, steps = _close_calls(checked.values[0], starts, floor, levels, MAX_CLOSE)
    if steps > MAX_CLOSE:
        return Rational(outcomes, at_least, above)
    return Rational(outcomes, above + weak, above + strict)


def rational_fraction(
    values: Sequence[FloatArray],
    reserve: FloatArray,
    *,
    vetoes: Sequence[BoolArray] | None = None,
    blocks: Sequence[Block] = (),
    strict: bool = False,
) -> float:
    """Share of all packages that give every party at least (``strict``: more than) its utility of no deal."""
    counted = count_rational(values, reserve, vetoes=vetoes, blocks=blocks)
    return (counted.strict if strict else counted.weak) / counted.outcomes if counted.outcomes > 0 else 0.0


def max_welfare(
    values: Sequence[FloatArray],
    *,
    vetoes: Sequence[BoolArray] | None = None,
    blocks: Sequence[Block] = (),
) -> float | None:
    """Largest sum of utilities over all packages that nobody vetoes, acceptable or not; None where there is none."""
    total = [np.asarray(v, dtype=np.float64).sum(axis=0, keepdims=True) for v in values]
    barred = None if vetoes is None else [np.any(np.asarray(v), axis=0)[None] for v in vetoes]
    summed = [
        Block(
            b.issues, b.forbidden, None if b.extra is None else np.asarray(b.extra).sum(axis=0, keepdims=True)
        )
        for b in blocks
    ]
    best = frontier(total, vetoes=barred, blocks=summed)
    return float(best.points[0, 0]) if len(best) > 0 else None
