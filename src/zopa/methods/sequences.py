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


@numba.njit(cache=True, nogil=True)
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


@numba.njit(cache=True, nogil=True)
def _apart(
    values: FloatArray,
    barred: BoolArray,
    starts: IntArray,
    quo: IntArray,
    order: IntArray,
    bounds: IntArray,
    blocked: BoolArray,
    threshold: FloatArray,
    tolerance: FloatArray,
    reserve: FloatArray,
    utilities: FloatArray,
    accepted: BoolArray,
) -> None:
    draws, _, parties = values.shape
    turn = np.zeros(len(order), dtype=np.int64)
    gain, best, total = np.zeros(parties), np.zeros(parties), np.zeros(parties)
    for d in range(draws):
        fits = True
        total[:] = 0.0
        for i in range(len(quo)):
            total += values[d, starts[i] + quo[i]]
        for b in range(len(bounds) - 1):
            first, stop = bounds[b], bounds[b + 1]
            best[:] = 0.0
            clear, found = True, False
            for t in range(first, stop):
                clear = clear and not barred[d, starts[order[t]] + quo[order[t]]]
                turn[t] = 0
            while not blocked[d, b]:
                bar = False
                for p in range(parties):
                    gain[p] = 0.0
                for t in range(first, stop):
                    i = order[t]
                    column, stays = starts[i] + turn[t], starts[i] + quo[i]
                    bar = bar or barred[d, column]
                    for p in range(parties):
                        gain[p] += values[d, column, p] - values[d, stays, p]
                if not bar and _better(gain, best, tolerance[d], True):
                    best[:] = gain
                    found = True
                t = stop - 1
                while t >= first:
                    turn[t] += 1
                    if turn[t] < starts[order[t] + 1] - starts[order[t]]:
                        break
                    turn[t] = 0
                    t -= 1
                if t < first:
                    break
            total += best
            fits = fits and (found or clear)
        p = 0
        while p < parties and fits:
            fits = total[p] >= threshold[d, p]
            p += 1
        accepted[d] = fits
        utilities[d] = total if fits else reserve[d]


@numba.njit(cache=True, nogil=True)
def _ahead(
    values: FloatArray,
    barred: BoolArray,
    starts: IntArray,
    quo: IntArray,
    order: IntArray,
    bounds: IntArray,
    blocked: BoolArray,
    threshold: FloatArray,
    tolerance: FloatArray,
    reserve: FloatArray,
    utilities: FloatArray,
    accepted: BoolArray,
) -> None:
    draws, _, parties = values.shape
    total = 1
    for i in range(len(quo)):
        total *= starts[i + 1] - starts[i]
    ends, ahead = np.zeros((total, parties)), np.zeros((total, parties))
    fine, fine_ahead = np.ones(total, dtype=np.bool_), np.ones(total, dtype=np.bool_)
    baskets = len(bounds) - 1
    sizes, left = np.ones(baskets, dtype=np.int64), np.zeros(baskets, dtype=np.int64)
    for b in range(baskets):
        for t in range(bounds[b], bounds[b + 1]):
            count = starts[order[t] + 1] - starts[order[t]]
            sizes[b] *= count
            left[b] = left[b] * count + quo[order[t]]
    gain, best = np.zeros(parties), np.zeros(parties)
    for d in range(draws):
        size = 1
        ends[0] = 0.0
        fine[0] = True
        for t in range(len(order)):
            at = 0
            for row in range(size):
                for column in range(starts[order[t]], starts[order[t] + 1]):
                    for p in range(parties):
                        ahead[at, p] = ends[row, p] + values[d, column, p]
                    fine_ahead[at] = fine[row] and not barred[d, column]
                    at += 1
            ends, ahead, fine, fine_ahead, size = ahead, ends, fine_ahead, fine, at
        for row in range(size):
            p = 0
            while p < parties and fine[row]:
                fine[row] = ends[row, p] >= threshold[d, p]
                p += 1
            if not fine[row]:
                for p in range(parties):
                    ends[row, p] = reserve[d, p]
        for b in range(baskets - 1, -1, -1):
            size //= sizes[b]
            for row in range(size):
                base = row * sizes[b]
                kept = base + left[b]
                chosen = kept
                for p in range(parties):
                    best[p] = 0.0
                # where leaving it ends in walking away, any end that all accept comes before that
                must = fine[kept]
                for k in range(base, base + sizes[b]):
                    if blocked[d, b] or k == kept or not fine[k]:
                        continue
                    for p in range(parties):
                        gain[p] = ends[k, p] - ends[kept, p]
                    if (chosen == kept and not must) or _better(gain, best, tolerance[d], must):
                        chosen = k
                        for p in range(parties):
                            best[p] = gain[p]
                for p in range(parties):
                    ends[row, p] = ends[chosen, p]
                fine[row] = fine[chosen]
        accepted[d] = fine[0]
        utilities[d] = ends[0]


def _checked_baskets(baskets: Sequence[Sequence[int]], issues: int) -> tuple[IntArray, IntArray]:
    order = [int(i) for basket in baskets for i in basket]
    if sorted(order) != list(range(issues)) or not all(len(basket) for basket in baskets):
        raise ValueError(
            f"baskets must hold each of the {issues} issues once, and none be empty: {list(baskets)}"
        )
    bounds = np.concatenate([[0], np.cumsum([len(basket) for basket in baskets])])
    return np.asarray(order, dtype=np.int64), bounds.astype(np.int64)


def sequence(
    values: Sequence[FloatArray],
    vetoes: Sequence[BoolArray] | None,
    reserve: FloatArray,
    status_quo: Sequence[int],
    *,
    baskets: Sequence[Sequence[int]],
    blocked: BoolArray | None = None,
    ahead: bool = True,
    threads: int | None = None,
) -> Ending:
    """What talks come to that settle the ``baskets`` of issues one after the other; one basket is a package.

    ``values`` and ``vetoes`` (draws, parties, options) per issue, ``reserve`` (draws, parties), ``status_quo`` one
    option per issue, ``blocked`` (draws, baskets) where somebody will not discuss the basket. ``ahead``: whether each
    is judged by what the whole comes to, or on its own merits. ValueError where the baskets do not hold every issue
    once, and above ``MAX_HISTORIES`` packages.
    """
    checked = problem(values, None, reserve)
    order, bounds = _checked_baskets(baskets, checked.issues)
    quo = np.asarray(status_quo, dtype=np.int64)
    if quo.shape != (checked.issues,) or not ((quo >= 0) & (quo < np.asarray(checked.counts))).all():
        raise ValueError(
            f"status_quo must pick one option of each issue: {checked.counts}, not {quo.tolist()}"
        )
    counts = [package_count([checked.counts[i] for i in basket]) for basket in baskets]
    looked = package_count(counts) if ahead else max(counts)
    if looked > MAX_HISTORIES:
        raise ValueError(
            f"{looked:,} courses of the talks are more than the {MAX_HISTORIES:,} looked through"
        )
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
    run = _ahead if ahead else _apart

    def work(start: int, stop: int) -> None:
        here = slice(start, stop)
        run(
            checked.values[here],
            barred[here],
            checked.starts,
            quo,
            order,
            bounds,
            stopped[here],
            checked.threshold[here],
            checked.tolerance[here],
            floor[here],
            out.utilities[here],
            out.accepted[here],
        )

    in_threads(work, checked.draws, threads)
    return out
