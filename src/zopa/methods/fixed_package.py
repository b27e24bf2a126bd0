"""Which fixed package suits everybody in most draws, where there are too many packages to count each?

The exact search of ``best_package`` is run on some of the draws, evenly spaced, and then on more and more of them, as
long as its budget lasts; what it finds is improved over all draws by changing one or two issues at a time until no such
change adds a draw (local search, Lin 1965). The answer is proven best where the search gets through all draws, or where
the package suits everybody in every draw in which any package does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numba
import numpy as np

from zopa.methods.acceptance import in_threads
from zopa.methods.best_package import NotProven, search_packages
from zopa.methods.problem import BoolArray, FloatArray, IntArray, Problem, problem

SAMPLES = (50, 200, 800, 3200)
"""Draws on which the exact search is tried in turn, before all of them."""
VISITS = 200_000_000
"""Draws looked at by the exact search over all samples: some five seconds."""
KEPT = 20_000
"""Packages kept of those that were counted over all draws: the ones that suit everybody most often."""


@dataclass(frozen=True, slots=True, eq=False)
class Sought:
    """The best fixed package found, and the others that were counted on the way.

    ``packages`` (n, issues) one option an issue, the best first, and ``hits`` (n,) draws in which each suits everybody;
    of equals the one that moves fewest issues comes first. ``proven``: no package suits everybody in more draws;
    ``draws``: on so many of them, evenly spaced, the exact search got through; ``looked`` packages were counted.
    """

    packages: IntArray
    hits: IntArray
    proven: bool
    draws: int
    looked: int


@numba.njit(cache=True, nogil=True)
def _count_pairs(
    values: FloatArray,
    starts: IntArray,
    threshold: FloatArray,
    package: IntArray,
    pairs: IntArray,
    at: IntArray,
    hits: IntArray,
) -> None:
    """Adds to ``hits`` the draws won by the package with every other choice on two issues, pair by pair.

    ``values`` (options of all issues, parties, draws), ``threshold`` (parties, draws); the choices of pair k, the
    second issue's fastest, are counted from ``at[k]`` on.
    """
    parties, draws = threshold.shape
    need = np.empty((parties, draws))
    for k in range(len(pairs)):
        i, j = pairs[k]
        need[:] = threshold
        for other in range(len(package)):
            if other != i and other != j:  # noqa: PLR1714 (compiled)
                column = starts[other] + package[other]
                for p in range(parties):
                    for d in range(draws):
                        need[p, d] -= values[column, p, d]
        place = at[k]
        fits = np.empty(draws, dtype=np.bool_)
        for a in range(starts[i], starts[i + 1]):
            for b in range(starts[j], starts[j + 1]):
                fits[:] = True
                for p in range(parties):
                    for d in range(draws):
                        fits[d] &= values[a, p, d] + values[b, p, d] >= need[p, d]
                hits[place] += fits.sum()
                place += 1


class _Field:
    """All packages reached by changing two issues at most, counted over all draws."""

    def __init__(self, checked: Problem, moved: IntArray, threads: int | None) -> None:
        self.checked, self.moved, self.threads = checked, moved, threads
        self.values = np.ascontiguousarray(checked.values.transpose(1, 2, 0))
        self.threshold = np.ascontiguousarray(checked.threshold.T)
        self.counts = checked.counts
        issues = range(checked.issues)
        self.pairs = np.array(list(combinations(issues, 2)), dtype=np.int64).reshape(-1, 2)
        sizes = [self.counts[i] * self.counts[j] for i, j in self.pairs]
        self.at = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        self.seen: dict[tuple[int, ...], int] = {}
        self.climbed: set[tuple[int, ...]] = set()

    def around(self, package: IntArray) -> tuple[IntArray, IntArray]:
        """Packages (n, issues), once each, and the draws each suits everybody in; the package itself is among them."""
        found = np.tile(package, (int(self.at[-1]), 1))
        hits = np.zeros(len(found), dtype=np.int64)

        def work(start: int, stop: int) -> None:
            _count_pairs(
                self.values,
                self.checked.starts,
                self.threshold,
                package,
                self.pairs[start:stop],
                self.at[start:stop],
                hits,
            )

        in_threads(work, len(self.pairs), self.threads)
        for k, (i, j) in enumerate(self.pairs):
            a, b = np.divmod(np.arange(self.at[k + 1] - self.at[k]), self.counts[j])
            found[self.at[k] : self.at[k + 1], i], found[self.at[k] : self.at[k + 1], j] = a, b
        kept, first = np.unique(found, axis=0, return_index=True)
        return kept, hits[first]

    def moves(self, packages: IntArray) -> IntArray:
        """(n,): issues that each package moves."""
        return np.asarray(self.moved[packages + self.checked.starts[:-1]].sum(axis=1), dtype=np.int64)

    def climb(self, package: IntArray) -> tuple[IntArray, int]:
        """Where the best change of two issues at most, made again and again, ends; and the draws won there."""
        won = -1
        while True:
            self.climbed.add(tuple(package.tolist()))
            packages, hits = self.around(package)
            self.seen.update(zip(map(tuple, packages.tolist()), hits.tolist(), strict=True))
            order = np.lexsort((self.moves(packages), -hits))
            best = packages[order[0]]
            if (best == package).all() or tuple(best.tolist()) in self.climbed:
                return package, max(won, int(hits[order[0]]))
            package, won = best, int(hits[order[0]])


def _whole(checked: Problem, rows: IntArray) -> Problem:
    return Problem(
        np.ascontiguousarray(checked.values[rows]),
        checked.starts,
        checked.threshold[rows],
        checked.tolerance[rows],
    )


def sought_package(
    values: Sequence[FloatArray],
    vetoes: Sequence[BoolArray] | None,
    reserve: FloatArray,
    *,
    status_quo: Sequence[int],
    moved: IntArray | None = None,
    exists: BoolArray | None = None,
    visits: int = VISITS,
    threads: int | None = None,
) -> Sought:
    """The fixed package that suits everybody in most draws, as far as it can be found, and whether that is proven.

    Arrays as in ``acceptance.exists``; ``status_quo`` one option an issue. ``moved`` (options of all issues,) says how
    many issues each option moves off the status quo, one for all but the status quo's own where it is None; ``exists``
    (draws,) where some package suits everybody, which no fixed one can exceed. The number of threads changes no digit.
    """
    checked = problem(values, vetoes, reserve)
    quo = np.asarray(status_quo, dtype=np.int64)
    if moved is None:
        moved = np.ones(int(checked.starts[-1]), dtype=np.int64)
        moved[checked.starts[:-1] + quo] = 0
    most = checked.draws if exists is None else int(np.count_nonzero(exists))
    if checked.issues == 1:
        return _of_one(checked, moved)
    field = _Field(checked, moved, threads)
    best, won = field.climb(quo)
    # A look takes four times as long with every party more: completions are not in order then.
    reached, left, used, proven = 0, visits // 4 ** max(0, checked.parties - 2), 0, won >= most
    for size in [*(s for s in SAMPLES if s < checked.draws), checked.draws]:
        # The looks grow with the draws at least: a sample that cannot be got through is not begun.
        if proven or won >= most or (reached and used * size > left * reached):
            break
        rows = np.arange(size, dtype=np.int64) * checked.draws // size
        part = checked if size == checked.draws else _whole(checked, rows)
        columns = checked.starts[:-1] + best
        known = int((part.values[:, columns].sum(axis=1) >= part.threshold).all(axis=1).sum())
        try:
            found, packages, used = search_packages(
                part, quo, every_agenda=False, at_least=known + 1, visits=left
            )
        except NotProven:
            break
        reached, left = size, left - used
        if found[0] > known:
            there, wins = field.climb(packages[0])
            if wins > won:
                best, won = there, wins
        proven = size == checked.draws
    proven = proven or won >= most
    return _ranked(field, checked.draws if proven else reached, proven)


def _of_one(checked: Problem, moved: IntArray) -> Sought:
    hits = (checked.values >= checked.threshold[:, None]).all(axis=2).sum(axis=0)
    order = np.lexsort((moved, -hits))[:KEPT]
    return Sought(
        order[:, None].astype(np.int64), hits[order].astype(np.int64), True, checked.draws, len(hits)
    )


def _ranked(field: _Field, draws: int, proven: bool) -> Sought:
    packages = np.array(list(field.seen), dtype=np.int64)
    hits = np.array(list(field.seen.values()), dtype=np.int64)
    # Packages in their own order last, so that neither threads nor the way there show.
    order = np.lexsort((*packages.T[::-1], field.moves(packages), -hits))[:KEPT]
    return Sought(packages[order], hits[order], proven, draws, len(packages))
