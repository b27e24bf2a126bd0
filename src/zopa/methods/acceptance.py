"""Which packages would each party rather have than no deal, in how many of the draws?

Everything is counted over all draws at once: whether some package suits everybody (the zone exists), how often each
fixed package does, and which fixed package does most often. Counts are whole numbers added up, so that the number of
threads changes no digit.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numba
import numpy as np
from numpy.typing import NDArray

from zopa.methods.pareto import zones
from zopa.methods.problem import (
    BoolArray,
    FloatArray,
    IntArray,
    Package,
    Problem,
    groups_of,
    package_at,
    package_count,
    problem,
)

CountArray = NDArray[np.int32]

MAX_PACKAGES = 5_000_000
"""Packages counted one by one at most."""
MAX_COUNTS = 60_000_000
"""Counts held at most, over packages, parties and groups: 240 MB."""
MAX_CHECKS = 200_000_000_000
"""Utilities compared with a reserve at most, over draws, packages and parties: some minutes."""
MAX_HELD = 8_000_000
"""Utilities of half packages held at once, 64 MB; more draws are taken in turns."""
STRIPE = 8
"""Rows of packages counted together, so that their counts and one draw's utilities stay in the processor's cache."""


@dataclass(frozen=True, slots=True, eq=False)
class Acceptance:
    """In how many draws each package is acceptable; packages in C order of ``options`` per issue.

    ``joint`` (groups, packages): to all parties at once; ``by_party`` (parties, packages): to each one, all draws
    together; ``group_sizes`` (groups,): draws in each group.
    """

    options: tuple[int, ...]
    joint: CountArray
    by_party: CountArray
    group_sizes: IntArray

    @property
    def draws(self) -> int:
        """Number of draws."""
        return int(self.group_sizes.sum())

    def share(self) -> FloatArray:
        """(packages,): share of draws in which each package is acceptable to all parties."""
        return np.asarray(self.joint.sum(axis=0) / self.draws, dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class FixedPackage:
    """The package acceptable to all parties in the largest share of draws, and those tied with it.

    ``share`` is that share, ``number`` and ``package`` the tied package with the lowest number, ``ties`` all their
    numbers; ``group_hits`` and ``group_sizes`` (groups,): draws that accept it and draws, by group.
    """

    share: float
    number: int
    package: Package
    ties: IntArray
    group_hits: IntArray
    group_sizes: IntArray


def in_threads(work: Callable[[int, int], None], count: int, threads: int | None) -> None:
    """Runs ``work(start, stop)`` over ranges that cover 0 to ``count``; None takes as many threads as numba has here,
    one a processor unless told otherwise."""
    number = max(1, min(count, numba.get_num_threads() if threads is None else threads))
    edges = [count * k // number for k in range(number + 1)]
    if number == 1:
        work(0, count)
        return
    with ThreadPoolExecutor(number) as pool:
        for job in [pool.submit(work, a, b) for a, b in pairwise(edges)]:
            job.result()


def exists(
    values: Sequence[FloatArray],
    vetoes: Sequence[BoolArray] | None,
    reserve: FloatArray,
    *,
    parties: Sequence[int] | None = None,
    strict: bool = False,
    threads: int | None = None,
) -> BoolArray:
    """(draws,): whether some package is acceptable to all parties, or to the listed ones.

    ``values`` and ``vetoes`` (draws, parties, options) per issue, ``reserve`` (draws, parties). Acceptable: no veto and
    utility at least the reserve, or above it if ``strict``. Exact for any number of packages: partial packages that
    are dominated or cannot reach the reserves any more are dropped.
    """
    checked = problem(values, vetoes, reserve, parties=parties, strict=strict)
    found = np.zeros(checked.draws, dtype=np.int64)

    def work(start: int, stop: int) -> None:
        zones(
            checked.values[start:stop],
            checked.starts,
            checked.threshold[start:stop],
            checked.tolerance[start:stop],
            found[start:stop],
        )

    in_threads(work, checked.draws, threads)
    return found.astype(np.bool_)


@numba.njit(cache=True, nogil=True)
def _count_rows(
    need: FloatArray, tail: FloatArray, group: IntArray, start: int, joint: CountArray, by_party: CountArray
) -> None:
    """Counts packages of head rows ``start`` … ``start + len(need[0]) - 1`` over all draws.

    ``need`` (draws, rows, parties) what the tail must still give, ``tail`` (draws, parties, ways).
    """
    draws, rows, parties = need.shape
    ways = tail.shape[2]
    suits = np.empty(ways, dtype=np.int32)
    for d in range(draws):
        for r in range(rows):
            at = (start + r) * ways
            suits[:] = 1
            for p in range(parties):
                least = need[d, r, p]
                counted = by_party[p, at : at + ways]
                given = tail[d, p]
                for j in range(ways):
                    fits = np.int32(given[j] >= least)
                    suits[j] &= fits
                    counted[j] += fits
            together = joint[group[d], at : at + ways]
            for j in range(ways):
                together[j] += suits[j]


def _sums(checked: Problem, drawn: slice, first: int, stop: int) -> FloatArray:
    """(draws, packages of issues ``first`` … ``stop - 1``, parties): utility sums, the last issue fastest."""
    values = checked.values[drawn]
    total = np.zeros((len(values), 1, checked.parties))
    for i in range(first, stop):
        options = values[:, checked.starts[i] : checked.starts[i + 1]]
        total = (total[:, :, None] + options[:, None]).reshape(len(values), -1, checked.parties)
    return total


class TooManyPackages(ValueError):
    """More packages than can be counted one by one."""


def _refuse_if_too_large(checked: Problem, groups: int) -> None:
    count = package_count(checked.counts)
    shape = " × ".join(str(k) for k in checked.counts)
    if count > MAX_PACKAGES:
        raise TooManyPackages(
            f"{count:,} packages ({shape} options) are more than the {MAX_PACKAGES:,} that can be counted one by one"
        )
    if count * (groups + checked.parties) > MAX_COUNTS:
        raise TooManyPackages(
            f"{count:,} packages × {groups} groups and {checked.parties} parties need more than the "
            f"{MAX_COUNTS:,} counts that can be held"
        )
    if count * checked.draws * checked.parties > MAX_CHECKS:
        raise TooManyPackages(
            f"{count:,} packages × {checked.draws:,} draws × {checked.parties} parties are more than the "
            f"{MAX_CHECKS:,} checks that can be made"
        )


def acceptance_counts(
    values: Sequence[FloatArray],
    vetoes: Sequence[BoolArray] | None,
    reserve: FloatArray,
    *,
    group: IntArray | None = None,
    parties: Sequence[int] | None = None,
    strict: bool = False,
    threads: int | None = None,
) -> Acceptance:
    """In how many draws every package is acceptable: to each party, and to all of them by group of draws.

    Arrays as in ``exists``; ``group`` (draws,) numbers the outer group of each draw from 0. ValueError names the sizes
    above ``MAX_PACKAGES``, ``MAX_COUNTS`` or ``MAX_CHECKS``.
    """
    checked = problem(values, vetoes, reserve, parties=parties, strict=strict)
    member, groups = groups_of(group, checked.draws)
    _refuse_if_too_large(checked, groups)
    counts = checked.counts
    # the tail is the longer half: its utilities of one draw are read in one stretch
    cut = 0
    while cut < len(counts) - 1 and package_count(counts[: cut + 1]) <= package_count(counts[cut + 1 :]):
        cut += 1
    rows, total = package_count(counts[:cut]), package_count(counts)
    joint = np.zeros((groups, total), dtype=np.int32)
    by_party = np.zeros((checked.parties, total), dtype=np.int32)
    width = max(1, MAX_HELD // ((rows + total // rows) * checked.parties))
    for first in range(0, checked.draws, width):
        drawn = slice(first, first + width)
        tail = np.ascontiguousarray(_sums(checked, drawn, cut, len(counts)).transpose(0, 2, 1))
        need = checked.threshold[drawn, None] - _sums(checked, drawn, 0, cut)
        _count_draws(need, tail, member[drawn], joint, by_party, threads)
    return Acceptance(counts, joint, by_party, np.bincount(member, minlength=groups))


def _count_draws(
    need: FloatArray,
    tail: FloatArray,
    member: IntArray,
    joint: CountArray,
    by_party: CountArray,
    threads: int | None,
) -> None:
    def work(start: int, stop: int) -> None:
        for row in range(start, stop, STRIPE):
            chosen = np.ascontiguousarray(need[:, row : min(row + STRIPE, stop)])
            _count_rows(chosen, tail, member, row, joint, by_party)

    in_threads(work, need.shape[1], threads)


def best_fixed_package(acceptance: Acceptance, *, allowed: BoolArray | None = None) -> FixedPackage:
    """The one package that suits all parties in the largest share of draws.

    ``allowed`` (packages,) leaves packages out. It is chosen on the same draws on which its share is counted, which
    flatters it by no more than the Monte Carlo error of a share. ValueError where no package is allowed.
    """
    totals = acceptance.joint.sum(axis=0, dtype=np.int64)
    if allowed is not None:
        if np.asarray(allowed).shape != totals.shape or not np.any(allowed):
            raise ValueError(f"allowed must be boolean of shape {totals.shape} with at least one True")
        totals = np.where(allowed, totals, -1)
    ties = np.flatnonzero(totals == totals.max())
    number = int(ties[0])
    return FixedPackage(
        share=int(totals[number]) / acceptance.draws,
        number=number,
        package=package_at(number, acceptance.options),
        ties=ties,
        group_hits=acceptance.joint[:, number].astype(np.int64),
        group_sizes=acceptance.group_sizes,
    )


def package_hits(
    values: Sequence[FloatArray],
    vetoes: Sequence[BoolArray] | None,
    reserve: FloatArray,
    *,
    package: Sequence[int],
    strict: bool = False,
) -> BoolArray:
    """(draws, parties): whether each party accepts this package in each draw; arrays as in ``exists``."""
    checked = problem(values, vetoes, reserve, strict=strict)
    if len(package) != checked.issues or any(
        not 0 <= k < n for k, n in zip(package, checked.counts, strict=True)
    ):
        raise ValueError(f"package {tuple(package)} does not pick one option of each issue: {checked.counts}")
    columns = checked.starts[:-1] + np.asarray(package, dtype=np.int64)
    return np.asarray(checked.values[:, columns].sum(axis=1) >= checked.threshold, dtype=np.bool_)
