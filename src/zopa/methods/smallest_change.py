"""What is the smallest fixed change after which one package suits everybody in so many more draws?

A fixed change is the same in every draw: some red lines lifted for sure, and a number of one party or of two moved, a
walk-away value lowered or the value of an option to a party raised. All moves of one number are measured in one pass
over draws and packages: where a single party falls short of a package, by how much; those of two in a second pass, as
far as they are smaller than the best change known. For the package that wins, an offer on one of its options and a
lower walk-away value of that party are the same, and two numbers of one party do no more than one that moves by their
sum: pairs of parties are all pairs of numbers. Sets of red lines are taken in order of their size (uniform-cost
search), so that the search ends, proven, when the next set alone is as large as the best change known.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import numba
import numpy as np

from zopa.methods.acceptance import in_threads
from zopa.methods.problem import (
    BoolArray,
    FloatArray,
    IntArray,
    Problem,
    package_count,
    package_number,
    problem,
)
from zopa.methods.red_lines import RedLine, with_lines

STEP = 0.01
"""Moves of a number are told apart to this much of the party's own scale."""
STEPS = 100
"""A number moves by the whole scale at most."""
CHUNK = 256
"""Packages counted together, so that their counts stay in the processor's cache."""
MAX_LOOKS = 3_000_000_000
"""Packages times draws looked at in one search: about a minute. What is left then is left unproven."""


@dataclass(frozen=True, slots=True)
class Change:
    """One fixed change and what it does.

    ``lifted`` red lines by number; ``party`` whose number moves by ``by``, None where none does; ``offer`` the number
    of the option that gains, None for a walk-away value that falls; ``size`` of all of it; ``hits`` draws in which the
    best package, ``package`` by number, then suits everybody; ``enough`` whether that reaches the aim. Where the
    numbers of two parties move, both walk-away values fall, that of ``also``, the second, by ``also_by``.
    """

    lifted: frozenset[int]
    party: int | None
    offer: int | None
    by: float
    size: float
    hits: int
    package: int
    enough: bool
    also: int | None = None
    also_by: float = 0.0


@dataclass(frozen=True, slots=True)
class Search:
    """Every change of one thing, and the smallest change of all.

    ``hits`` draws in which the best package suits everybody as things are; ``aim`` draws aimed at; ``lines`` what
    lifting each red line alone does; ``moves`` the smallest sufficient move of every number; ``smallest`` None where no
    change looked at is enough; ``proven`` whether no smaller one exists among all sets of red lines with numbers of no
    more than two parties moved.
    """

    hits: int
    aim: int
    lines: tuple[Change, ...]
    moves: tuple[Change, ...]
    smallest: Change | None
    proven: bool


@numba.njit(cache=True, nogil=True)
def _count_gaps(
    values: FloatArray, threshold: FloatArray, columns: IntArray, step: float, steps: int, counts: IntArray
) -> None:
    """Adds to ``counts`` (parties, packages, steps + 1) the draws in which only that party falls short, by its gap in
    steps; draws that suit everybody are at 0 for every party."""
    draws, parties = threshold.shape
    packages, issues = columns.shape
    for d in range(draws):
        for k in range(packages):
            short, gap = -1, 0.0
            for p in range(parties):
                total = -threshold[d, p]
                for i in range(issues):
                    total += values[d, columns[k, i], p]
                if total < 0.0:
                    if short >= 0:
                        short = parties
                        break
                    short, gap = p, -total
            if short < 0:
                for p in range(parties):
                    counts[p, k, 0] += 1
            elif short < parties and gap <= step * steps + step:
                at = int(np.ceil(gap / step - 1e-10))
                if at <= steps:
                    counts[short, k, at] += 1


@numba.njit(cache=True, nogil=True)
def _raise_tops(counts: IntArray, columns: IntArray, first: int, tops: IntArray, ranks: IntArray) -> None:
    """Raises ``tops`` (parties, options, steps + 1): most draws won by a package with that option when the party's gap
    of so many steps is closed; and ``ranks``, the first such package. Package k has rank ``first + k``."""
    parties, packages, width = counts.shape
    for p in range(parties):
        for k in range(packages):
            won = 0
            for step in range(width):
                won += counts[p, k, step]
                for i in range(columns.shape[1]):
                    if won > tops[p, columns[k, i], step]:
                        tops[p, columns[k, i], step] = won
                        ranks[p, columns[k, i], step] = first + k


class Tops(NamedTuple):
    """Most draws that one package with some option wins when a party's gaps up to some size are closed.

    ``hits`` (parties, options of all issues, ``STEPS`` + 1), and ``ranks`` of the same shape: the first package that
    does, by its place among those looked at. ``first`` options belong to the first issue, one is in any package.
    """

    hits: IntArray
    ranks: IntArray
    first: int

    def best(self, party: int, columns: IntArray, step: int) -> tuple[int, int]:
        """Draws won and rank of the best package with one of the options."""
        hits = self.hits[party, columns, step]
        most = int(hits.max())
        return most, int(self.ranks[party, columns, step][hits == most].min())

    def as_is(self) -> tuple[int, int]:
        """Draws won and rank of the best package of all, no gap closed."""
        return self.best(0, np.arange(self.first), 0)


def _columns(checked: Problem, packages: IntArray) -> IntArray:
    """(n, issues) columns of the packages' options; packages by number, or as one option an issue."""
    options = np.stack(np.unravel_index(packages, checked.counts), axis=1) if packages.ndim == 1 else packages
    return np.ascontiguousarray(options + checked.starts[:-1], dtype=np.int64)


def _number(packages: IntArray, rank: int, counts: Sequence[int]) -> int:
    """The number of a package by its place among those looked at."""
    return int(packages[rank]) if packages.ndim == 1 else package_number(packages[rank].tolist(), counts)


def closed_gaps(checked: Problem, packages: IntArray, *, threads: int | None = None) -> Tops:
    """What closing one party's gaps does; ``packages`` looked at, by number or as one option an issue, those to be
    preferred first."""
    made: dict[int, tuple[IntArray, IntArray]] = {}

    def work(start: int, stop: int) -> None:
        tops = np.full((checked.parties, int(checked.starts[-1]), STEPS + 1), -1, dtype=np.int64)
        ranks = np.zeros_like(tops)
        for first in range(start, stop, CHUNK):
            last = min(first + CHUNK, stop)
            columns = _columns(checked, packages[first:last])
            counts = np.zeros((checked.parties, last - first, STEPS + 1), dtype=np.int64)
            _count_gaps(checked.values, checked.threshold, columns, STEP, STEPS, counts)
            _raise_tops(counts, columns, first, tops, ranks)
        made[start] = tops, ranks

    in_threads(work, len(packages), threads)
    order = sorted(made)
    hits, ranks = made[order[0]]
    for start in order[1:]:
        better = made[start][0] > hits
        hits, ranks = (
            np.where(better, new, old) for new, old in zip(made[start], (hits, ranks), strict=True)
        )
    return Tops(hits, ranks, checked.counts[0])


def _moves(
    tops: Tops,
    offers: Sequence[IntArray],
    aim: int,
    lifted: frozenset[int],
    size: float,
    packages: IntArray,
    counts: Sequence[int],
) -> list[Change]:
    """The smallest sufficient move of every number, offers before walk-away values."""
    out = []
    for party in range(len(tops.hits)):
        for offer, columns in [*enumerate(offers), (None, np.arange(tops.first))]:
            enough = np.flatnonzero(tops.hits[party, columns].max(axis=0) >= aim)
            if len(enough) and enough[0] > 0:
                won, rank = tops.best(party, columns, int(enough[0]))
                by = round(int(enough[0]) * STEP, 10)
                out.append(
                    Change(lifted, party, offer, by, size + by, won, _number(packages, rank, counts), True)
                )
    return out


@numba.njit(cache=True, nogil=True)
def _count_both(
    values: FloatArray,
    threshold: FloatArray,
    columns: IntArray,
    pair: tuple[int, int],
    step: float,
    below: int,
    counts: IntArray,
) -> None:
    """Adds to ``counts`` (packages, steps, steps) the draws in which nobody but the two parties of a pair falls short,
    by the gaps of both in steps, fewer than ``below`` together."""
    draws, parties = threshold.shape
    packages, issues = columns.shape
    steps = counts.shape[1]
    for d in range(draws):
        for k in range(packages):
            i, j, fits = 0, 0, True
            for p in range(parties):
                total = -threshold[d, p]
                for c in range(issues):
                    total += values[d, columns[k, c], p]
                if total < 0.0:
                    if (p != pair[0] and p != pair[1]) or -total > step * STEPS + step:
                        fits = False
                        break
                    at = int(np.ceil(-total / step - 1e-10))
                    if p == pair[0]:
                        i = at
                    else:
                        j = at
            if fits and i < steps and j < steps and i + j < below:
                counts[k, i, j] += 1


@numba.njit(cache=True, nogil=True)
def _least_both(counts: IntArray, aim: int, below: int) -> tuple[int, int, int, int]:
    """Steps of both, draws won and package of the smallest pair of moves that wins ``aim`` draws, the more even one and
    then the first package of equals; all -1 where none within ``counts`` does."""
    packages, steps = counts.shape[0], counts.shape[1]
    found, least, spread = (-1, -1, -1, -1), below, steps
    for k in range(packages):
        won = np.zeros((steps, steps), dtype=np.int64)
        for i in range(steps):
            for j in range(min(steps, below - i)):
                # Draws won by closing gaps of up to i and j: the sum over a rectangle from those of its parts.
                won[i, j] = counts[k, i, j]
                if i > 0:
                    won[i, j] += won[i - 1, j]
                if j > 0:
                    won[i, j] += won[i, j - 1]
                if i > 0 and j > 0:
                    won[i, j] -= won[i - 1, j - 1]
                better = i + j < least or (i + j == least and abs(i - j) < spread)
                if i > 0 and j > 0 and won[i, j] >= aim and better:
                    found, least, spread = (i, j, won[i, j], k), i + j, abs(i - j)
    return found


def closed_pairs(
    checked: Problem,
    packages: IntArray,
    aim: int,
    below: int,
    lifted: frozenset[int],
    size: float,
    *,
    threads: int | None = None,
) -> Change | None:
    """The smallest change that closes gaps of two parties, by fewer than ``below`` steps together, so that one of the
    ``packages`` wins ``aim`` draws; ``lifted`` red lines and their ``size`` go into the change."""
    pairs = list(combinations(range(checked.parties), 2))
    # As much memory at a time as the counts of one party's gaps take.
    width = min(below, STEPS + 1)
    chunk = max(1, CHUNK * (STEPS + 1) // width**2)
    made: list[tuple[int, int, int, int, tuple[int, int], int]] = []

    def work(start: int, stop: int) -> None:
        for first in range(start, stop, chunk):
            columns = _columns(checked, packages[first : first + chunk])
            for pair in pairs:
                counts = np.zeros((len(columns), width, width), dtype=np.int64)
                _count_both(checked.values, checked.threshold, columns, pair, STEP, below, counts)
                i, j, won, k = _least_both(counts, aim, below)
                if k >= 0:
                    made.append((i + j, abs(i - j), first + k, i, pair, won))

    in_threads(work, len(packages), threads)
    if not made:
        return None
    steps, _, rank, i, (party, also), won = min(made)
    by, also_by = round(i * STEP, 10), round((steps - i) * STEP, 10)
    whole = size + round(steps * STEP, 10)
    number = _number(packages, rank, checked.counts)
    return Change(lifted, party, None, by, whole, won, number, True, also, also_by)


def smallest_change(
    values: Sequence[FloatArray],
    vetoes: Sequence[BoolArray],
    lines: Sequence[RedLine],
    reserve: FloatArray,
    *,
    sizes: Sequence[float],
    offers: Sequence[IntArray],
    gain: float = 0.1,
    packages: IntArray | None = None,
    threads: int | None = None,
) -> Search | None:
    """The smallest change after which one package suits everybody in ``gain`` (a share) more of the draws.

    ``values`` and ``vetoes`` (draws, parties, options) free of red lines, ``lines`` and what lifting each one counts as
    (``sizes``), ``reserve`` (draws, parties); ``offers`` columns, over the options of all issues, that gain together
    when one option is made better for a party; ``packages`` looked at, by number or as one option an issue, those
    to be named first of equals first, None for all. Gives None where the best package is already within ``gain`` of all
    draws. Equal changes: offers before walk-away values, in their order.
    """
    if len(sizes) != len(lines):
        raise ValueError(f"sizes: {len(sizes)} numbers for {len(lines)} red lines")
    counts = [v.shape[2] for v in values]
    total = package_count(counts)
    looked = np.arange(total) if packages is None else np.asarray(packages, dtype=np.int64)

    def without(lifted: frozenset[int]) -> Problem:
        return problem(*with_lines(values, vetoes, lines, lifted=lifted), reserve)

    def both(checked: Problem, lifted: frozenset[int], size: float) -> Change | None:
        """Two parties' numbers moved by less together than the best change known leaves."""
        most = 2 * STEPS + 1
        room = most if best is None else int(np.ceil((best.size - size) / STEP - 1e-7))
        if room < 3:
            return None
        return closed_pairs(checked, looked, aim, min(room, most), lifted, size, threads=threads)

    best: Change | None = None
    as_it_is = without(frozenset())
    start = closed_gaps(as_it_is, looked, threads=threads)
    hits, _ = start.as_is()
    aim = int(np.ceil(hits + gain * len(reserve) - 1e-9))
    if aim > len(reserve):
        return None
    moves = _moves(start, offers, aim, frozenset(), 0.0, looked, counts)
    best = min(moves, key=lambda change: change.size, default=None)
    best = both(as_it_is, frozenset(), 0.0) or best
    waiting: list[tuple[float, tuple[int, ...]]] = [(float(size), (k,)) for k, size in enumerate(sizes)]
    heapq.heapify(waiting)
    alone: dict[int, Change] = {}
    each = len(reserve) * len(looked)
    # Either pass looks at every package in every draw.
    looks, proven = 2 * each, len(looked) == total
    while waiting:
        size, chosen = heapq.heappop(waiting)
        worse = best is not None and size >= best.size - 1e-9
        if worse and len(chosen) > 1:
            continue
        if looks + 2 * each > MAX_LOOKS and len(chosen) > 1:
            proven = False
            continue
        looks += 2 * each
        lifted = frozenset(chosen)
        checked = without(lifted)
        found = closed_gaps(checked, looked, threads=threads)
        won, rank = found.as_is()
        change = Change(lifted, None, None, 0.0, size, won, _number(looked, rank, counts), won >= aim)
        if len(chosen) == 1:
            alone[chosen[0]] = change
        if worse:
            continue
        more = [change] if change.enough else _moves(found, offers, aim, lifted, size, looked, counts)
        best = min([*([best] if best else []), *more], key=lambda c: c.size, default=None)
        if not change.enough:
            best = both(checked, lifted, size) or best
        for k in range(chosen[-1] + 1, len(lines)):
            heapq.heappush(waiting, (size + float(sizes[k]), (*chosen, k)))
    return Search(hits, aim, tuple(alone[k] for k in sorted(alone)), tuple(moves), best, proven)
