"""Does the order of talks matter? Issues settled as one package, in baskets one after the other, or one by one.

Fershtman (1990), Games and Economic Behavior 2, 224-238, and Busch and Horstmann (1997), Economica 64, 669-680, on
agendas in bargaining. Every basket of issues is settled at the Nash point over leaving all of it as it is; a basket
that somebody will not discuss is left as it is. What all baskets together come to is accepted if it gives everybody at
least the walk-away value and crosses no veto; otherwise everybody walks away. Two ways to judge a basket:

on its own merits   Only packages of the basket count from which every party gains over leaving that basket as it is.
                    Since utilities add up over issues the order of the baskets plays no part.
looking ahead       Every option is judged by what the whole comes to in the end, given how later baskets will be
                    settled after it (backward induction), the walk-away included. A loss in one basket can then be made
                    good in a later one. Some acceptable end is reached wherever there is one, in any order; who gains
                    how much depends on the order.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numba
import numpy as np

from zopa.methods.acceptance import in_threads
from zopa.methods.problem import BoolArray, FloatArray, IntArray, package_count, problem

MAX_HISTORIES = 2_000_000
"""Packages at most where every course of the talks is looked through."""


@dataclass(frozen=True, slots=True, eq=False)
class Ending:
    """What a sequence of talks comes to: ``utilities`` (draws, parties), those of walking away where somebody would not
    accept it; ``accepted`` (draws,): whether everybody does."""

    utilities: FloatArray
    accepted: BoolArray


@numba.njit(cache=True, nogil=True, inline="always")
def _better(gain: FloatArray, best: FloatArray, tolerance: FloatArray, must: bool) -> bool:
    """Whether gains (parties,) come before the best so far: by their product, then by their sum.

    ``must``: a gain within the tolerance is none, and everybody must have one.
    """
    product, kept, together, held, slack = 1.0, 1.0, 0.0, 0.0, 0.0
    for p in range(len(gain)):
        if must and gain[p] <= tolerance[p]:
            return False
        product *= max(gain[p], 0.0)
        kept *= max(best[p], 0.0)
        together += gain[p]
        held += best[p]
        slack += tolerance[p]
    # of packages that are equal but for rounding the first stays
    return product > kept * (1.0 + 1e-9) or (product >= kept * (1.0 - 1e-9) and together > held + slack)


@numba.njit(cache=True, nogil=True, inline="always")
def _reaches(ends: FloatArray, row: int, threshold: FloatArray) -> bool:
    p = 0
    while p < len(threshold) and ends[row, p] >= threshold[p]:
        p += 1
    return bool(p == len(threshold))


@numba.njit(cache=True, nogil=True, inline="always")
def _copy(ends: FloatArray, row: int, start: FloatArray, there: int) -> None:
    # taking rows out of arrays costs more than copying their few numbers
    for p in range(ends.shape[1]):
        ends[row, p] = start[there, p]


@numba.njit(cache=True, nogil=True)
def _spread(
    values: FloatArray,
    barred: BoolArray,
    starts: IntArray,
    order: IntArray,
    first: int,
    stop: int,
    ends: FloatArray,
    fine: BoolArray,
) -> int:
    """Fills the first rows of ``ends`` and ``fine`` with what all packages of the issues from ``first`` to before
    ``stop`` in the ``order`` give in one draw, in C order, and whether none of their options is barred; their number.
    """
    size = 1
    ends[0] = 0.0
    fine[0] = True
    for t in range(first, stop):
        i = order[t]
        count = starts[i + 1] - starts[i]
        # from the back, so that no row is written over before it has been read
        for row in range(size - 1, -1, -1):
            for k in range(count - 1, -1, -1):
                at, column = row * count + k, starts[i] + k
                for p in range(ends.shape[1]):
                    ends[at, p] = ends[row, p] + values[column, p]
                fine[at] = fine[row] and not barred[column]
        size *= count
    return size


@numba.njit(cache=True, nogil=True)
def _settled(
    ends: FloatArray,
    fine: BoolArray,
    base: int,
    size: int,
    left: int,
    must: bool,
    tolerance: FloatArray,
    gain: FloatArray,
    best: FloatArray,
) -> int:
    """The row of ``ends`` at the Nash point over leaving a basket, among ``size`` of them from ``base`` on.

    ``left`` is the row of leaving it; it stays where no other is fine and better. ``must``: everybody has to gain.
    """
    kept = base + left
    chosen = kept
    for p in range(len(best)):
        best[p] = 0.0
    for k in range(base, base + size):
        if k == kept or not fine[k]:
            continue
        for p in range(len(gain)):
            gain[p] = ends[k, p] - ends[kept, p]
        if (chosen == kept and not must) or _better(gain, best, tolerance, must):
            chosen = k
            for p in range(len(best)):
                best[p] = gain[p]
    return chosen


@numba.njit(cache=True, nogil=True)
def _sequence(
    values: FloatArray,
    barred: BoolArray,
    starts: IntArray,
    order: IntArray,
    bounds: IntArray,
    sizes: IntArray,
    left: IntArray,
    blocked: BoolArray,
    threshold: FloatArray,
    tolerance: FloatArray,
    reserve: FloatArray,
    looks_ahead: bool,
    rows: int,
    utilities: FloatArray,
    accepted: BoolArray,
) -> None:
    """Fills the last two for every draw; ``rows``: packages held at a time at most.

    ``sizes`` (baskets,): packages of each; ``left`` (draws, baskets): which of them is leaving it as it is.
    """
    draws, _, parties = values.shape
    baskets = len(bounds) - 1
    ends, fine = np.zeros((rows, parties)), np.zeros(rows, dtype=np.bool_)
    gain, best, total = np.zeros(parties), np.zeros(parties), np.zeros((1, parties))
    for d in range(draws):
        floor, slack = threshold[d], tolerance[d]
        if looks_ahead:
            size = _spread(values[d], barred[d], starts, order, 0, len(order), ends, fine)
            for row in range(size):
                fine[row] = fine[row] and _reaches(ends, row, floor)
                if not fine[row]:
                    _copy(ends, row, reserve, d)
            for b in range(baskets - 1, -1, -1):
                size //= sizes[b]
                for row in range(size):
                    base = row * sizes[b]
                    at = base + left[d, b]
                    if not blocked[d, b]:
                        # where leaving it ends in walking away, any end that all accept comes before that
                        must = fine[at]
                        at = _settled(ends, fine, base, sizes[b], left[d, b], must, slack, gain, best)
                    _copy(ends, row, ends, at)
                    fine[row] = fine[at]
            _copy(total, 0, ends, 0)
            accepted[d] = fine[0]
        else:
            total[:] = 0.0
            accepted[d] = True
            for b in range(baskets):
                size = _spread(values[d], barred[d], starts, order, bounds[b], bounds[b + 1], ends, fine)
                at = left[d, b]
                if not blocked[d, b]:
                    at = _settled(ends, fine, 0, size, left[d, b], True, slack, gain, best)
                for p in range(parties):
                    total[0, p] += ends[at, p]
                accepted[d] = accepted[d] and fine[at]
            accepted[d] = accepted[d] and _reaches(total, 0, floor)
        if accepted[d]:
            _copy(utilities, d, total, 0)
        else:
            _copy(utilities, d, reserve, d)


def _checked_baskets(baskets: Sequence[Sequence[int]], issues: int) -> tuple[IntArray, IntArray]:
    order = [int(i) for basket in baskets for i in basket]
    if sorted(order) != list(range(issues)) or not all(len(basket) for basket in baskets):
        raise ValueError(
            f"baskets must hold each of the {issues} issues once, and none be empty: {list(baskets)}"
        )
    bounds = np.concatenate([[0], np.cumsum([len(basket) for basket in baskets])])
    return np.asarray(order, dtype=np.int64), bounds.astype(np.int64)


def _checked_homes(homes: Sequence[int] | IntArray, draws: int, counts: Sequence[int]) -> IntArray:
    chosen = np.asarray(homes, dtype=np.int64)
    if chosen.shape not in ((len(counts),), (draws, len(counts))):
        raise ValueError(
            f"homes must have shape {(len(counts),)} or {(draws, len(counts))}, not {chosen.shape}"
        )
    outside = chosen[(chosen < 0) | (chosen >= np.asarray(counts))]
    if len(outside):
        raise ValueError(f"homes must pick one option of each issue: {tuple(counts)}, not {int(outside[0])}")
    return np.ascontiguousarray(np.broadcast_to(chosen, (draws, len(counts))))


def _left(homes: IntArray, counts: Sequence[int], baskets: Sequence[Sequence[int]]) -> IntArray:
    """(draws, baskets): which of a basket's packages is leaving it as it is."""
    out = np.zeros((len(homes), len(baskets)), dtype=np.int64)
    for b, basket in enumerate(baskets):
        for i in basket:
            out[:, b] = out[:, b] * counts[i] + homes[:, i]
    return out


def sequence(
    values: Sequence[FloatArray],
    vetoes: Sequence[BoolArray] | None,
    reserve: FloatArray,
    homes: Sequence[int] | IntArray,
    *,
    baskets: Sequence[Sequence[int]],
    blocked: BoolArray | None = None,
    ahead: bool = True,
    threads: int | None = None,
) -> Ending:
    """What talks come to that settle the ``baskets`` of issues one after the other; one basket is a package.

    ``values`` and ``vetoes`` (draws, parties, options) per issue, ``reserve`` (draws, parties), ``homes`` the option
    at which each issue stays that is left as it is: one per issue, or (draws, issues). ``blocked`` (draws, baskets)
    where somebody will not discuss the basket. ``ahead``: whether each is judged by what the whole comes to, or on its
    own merits. ValueError where the baskets do not hold every issue once, and above ``MAX_HISTORIES`` packages.
    """
    checked = problem(values, None, reserve)
    order, bounds = _checked_baskets(baskets, checked.issues)
    stays = _checked_homes(homes, checked.draws, checked.counts)
    counts = [package_count([checked.counts[i] for i in basket]) for basket in baskets]
    looked = package_count(counts) if ahead else max(counts)
    if looked > MAX_HISTORIES:
        raise ValueError(
            f"{looked:,} courses of the talks are more than the {MAX_HISTORIES:,} looked through"
        )
    sizes, left = np.asarray(counts, dtype=np.int64), _left(stays, checked.counts, baskets)
    barred = np.zeros(checked.values.shape[:2], dtype=np.bool_)
    if vetoes is not None:
        barred = np.ascontiguousarray(np.concatenate([np.asarray(v).any(axis=1) for v in vetoes], axis=1))
    stopped = (
        np.zeros((checked.draws, len(baskets)), dtype=np.bool_) if blocked is None else np.asarray(blocked)
    )
    if stopped.shape != (checked.draws, len(baskets)):
        raise ValueError(f"blocked must have shape {(checked.draws, len(baskets))}, not {stopped.shape}")
    floor = np.ascontiguousarray(reserve, dtype=np.float64)
    out = Ending(np.empty_like(floor), np.zeros(checked.draws, dtype=np.bool_))

    def work(start: int, stop: int) -> None:
        here = slice(start, stop)
        _sequence(
            checked.values[here],
            barred[here],
            checked.starts,
            order,
            bounds,
            sizes,
            left[here],
            stopped[here],
            checked.threshold[here],
            checked.tolerance[here],
            floor[here],
            ahead,
            looked,
            out.utilities[here],
            out.accepted[here],
        )

    in_threads(work, checked.draws, threads)
    return out
