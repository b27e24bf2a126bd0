"""The fixed packages worth telling of: all counted where that can be done, else the best ones that are found."""

from dataclasses import dataclass

import numpy as np

from zopa.case.bargaining import Bargaining
from zopa.case.evidence import Bool
from zopa.estimate import Array
from zopa.methods.acceptance import MAX_PACKAGES, TooManyPackages, acceptance_counts, package_hits
from zopa.methods.fixed_package import sought_package
from zopa.methods.problem import IntArray, package_at

Combinations = tuple[int, ...]
"""A package as one combination a group of joined issues."""


@dataclass(frozen=True, slots=True)
class Search:
    """How the best package was sought where there are too many to count each.

    ``proven``, also without assumptions and at the zero line: that no package suits all sides more often. ``looked``
    packages were counted in every draw; ``draws``: on so many of them, evenly spaced, the exact search got through.
    ``empty`` of ``of_empty`` draws without a zone were looked into.
    """

    proven: bool
    proven_cited: bool
    proven_zero: bool
    looked: int
    draws: int
    empty: int
    of_empty: int


@dataclass(frozen=True, eq=False)
class Fixed:
    """Fixed packages of one way to draw, and the share of draws in which each suits all sides, ``shares`` (n,).

    ``listed`` (n, groups) are those that were counted, the best first; None where all were, in C order. ``proven``:
    that no package suits all sides more often; ``draws``: on so many of them the exact search got through.
    """

    problem: Bargaining
    shares: Array
    listed: IntArray | None
    proven: bool
    draws: int
    looked: int

    @property
    def best(self) -> Combinations:
        """The package that suits all sides most often; of equals the one that moves fewest issues."""
        if self.listed is not None:
            return tuple(map(int, self.listed[0]))
        equal = np.flatnonzero(self.shares == self.shares.max())
        return package_at(self.problem.fewest_moves(equal), self.problem.sizes)

    def ties(self, share: float) -> int:
        """How many of them suit all sides in this share of the draws, at least one."""
        return max(1, int(np.count_nonzero(np.isclose(self.shares, share, rtol=0.0, atol=1e-9))))

    def top(self, most: int) -> list[Combinations]:
        """Those that suit all sides most often, of the packages that do in some draw."""
        if self.listed is not None:
            chosen = self.listed[:most][self.shares[:most] > 0.0]
            return [tuple(map(int, row)) for row in chosen]
        order = np.argsort(-self.shares, kind="stable")[:most]
        return [package_at(int(k), self.problem.sizes) for k in order if self.shares[k] > 0.0]

    def looked_at(self, most: int) -> IntArray:
        """The likeliest of them, at most so many, those that move fewest issues first: (n,) by number, or (n, groups)
        where not all were counted."""
        problem = self.problem
        moved = moves(problem)
        if self.listed is not None:
            chosen = self.listed[:most]
            steps = np.sum([m[k] for m, k in zip(moved, chosen.T, strict=True)], axis=0)
            return np.ascontiguousarray(chosen[np.argsort(steps, kind="stable")])
        numbers = np.arange(len(self.shares))
        if len(numbers) > most:
            numbers = np.sort(np.argsort(-self.shares, kind="stable")[:most])
        picked = np.unravel_index(numbers, problem.sizes)
        steps = np.sum([m[k] for m, k in zip(moved, picked, strict=True)], axis=0)
        return np.asarray(numbers[np.argsort(steps, kind="stable")], dtype=np.int64)


def moves(problem: Bargaining) -> list[IntArray]:
    """By group: how many issues each combination moves off the status quo."""
    quo = np.array(problem.table.status_quo)
    return [
        np.asarray((rows != quo[list(g)]).sum(axis=1), dtype=np.int64)
        for g, rows in zip(problem.joined, problem.options, strict=True)
    ]


def fixed(problem: Bargaining, there: Bool) -> Fixed:
    """The packages of a problem: every one counted, or the best ones sought; ``there`` (D,) where there is a zone."""
    draws = len(problem.reserve)
    if problem.packages <= MAX_PACKAGES:
        try:
            shares = acceptance_counts(problem.values, problem.vetoes, problem.reserve).share()
            return Fixed(problem, shares, None, True, draws, len(shares))
        except TooManyPackages:
            pass
    moved = moves(problem)
    found = sought_package(
        problem.values,
        problem.vetoes,
        problem.reserve,
        status_quo=[int(m.argmin()) for m in moved],
        moved=np.concatenate(moved),
        exists=there,
    )
    return Fixed(problem, found.hits / draws, found.packages, found.proven, found.draws, found.looked)


def accepted(problem: Bargaining, package: Combinations) -> Bool:
    """(D, P) whether each party accepts a package."""
    return package_hits(problem.values, problem.vetoes, problem.reserve, package=package)
