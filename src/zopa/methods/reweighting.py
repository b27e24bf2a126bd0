"""The range of a number over an outer layer, each draw put to use in every group that could have produced it.

Draws come in groups, and within a group what is uncertain about the evidence itself is fixed. A group's own few draws
tell its mean poorly. But a draw of one group could as well have come from another, with another probability; so every
group's mean is estimated from all draws, weighted by how likely each is there: multiple importance sampling with the
balance heuristic (Veach and Guibas 1995), whose weights never exceed the number of groups. What scatter of the groups'
means is still due to finitely many draws is estimated and taken out, as in ``intervals``.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from zopa.methods.intervals import Interval, central_range
from zopa.methods.problem import FloatArray, IntArray
from zopa.methods.products import by_groups, by_rows, mixed


def balance_weights(log_likelihood: FloatArray, sizes: IntArray) -> FloatArray:
    """(groups, draws): the weight of every draw in every group, each row summing to one.

    ``log_likelihood`` (groups, draws) of what a draw's outer layer decided, minus infinity where it cannot happen;
    ``sizes`` (groups,) draws that each group made. Constant factors of a draw drop out.
    """
    likelihood = np.exp(log_likelihood - log_likelihood.max(axis=0))
    mixture = mixed(sizes / sizes.sum(), likelihood)
    weights = likelihood / mixture
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """What is known of a series by group: its ``mean`` with its Monte Carlo ``error``; the groups' ``means`` (groups,)
    with their ``share`` (groups,) of the whole; ``noise``: how much of the means' variance is due to finitely many
    draws."""

    mean: float
    error: float
    means: FloatArray
    share: FloatArray
    noise: float

    def minus(self, other: "Moments") -> "Moments":
        """The difference of two series over the same groups that were drawn apart: what is noise in either adds up."""
        share = (self.share + other.share) / 2
        return Moments(
            self.mean - other.mean,
            float(np.hypot(self.error, other.error)),
            self.means - other.means,
            share / share.sum(),
            self.noise + other.noise,
        )

    def interval(self, *, level: float = 0.90, legal: tuple[float, float] | None = (0.0, 1.0)) -> Interval:
        """The mean and the central range of the groups' means, their noise taken out of the variance between groups by
        shrinking the deviations. ``legal`` clips both ends."""
        middle = float(self.share @ self.means)
        between = float(self.share @ (self.means - middle) ** 2)
        shrink = np.sqrt(max(0.0, between - self.noise) / between) if between > 0 else 0.0
        shrunk = self.mean + (self.means - middle) * shrink
        low, high = central_range(self.mean, shrunk, self.share, level=level, legal=legal)
        return Interval(self.mean, low, high, self.error, level)


@dataclass(frozen=True, eq=False)
class Reweighting:
    """Weights of all draws in all groups, ready for many series: ``weights`` (groups, draws), ``share`` (groups,) of
    the whole; ``times`` (draws,) how often each draw counts in the whole, once unless it was picked more often."""

    weights: FloatArray
    share: FloatArray
    times: FloatArray

    @classmethod
    def of(cls, weights: FloatArray, sizes: IntArray) -> "Reweighting":
        """Every draw once; ``sizes`` (groups,) draws that each group made."""
        return cls(weights, np.asarray(sizes / sizes.sum()), np.ones(weights.shape[1]))

    def picked(self, draws: IntArray, times: IntArray) -> "Reweighting":
        """Some of the draws (m,), each counted some ``times``: what a group weighs shifts with what it explains."""
        weights = self.weights[:, draws] * times
        mass = weights.sum(axis=1)
        share = self.share * mass
        scale = np.where(mass > 0, mass, 1.0)[:, None]
        return Reweighting(weights / scale, np.asarray(share / share.sum()), times.astype(np.float64))

    @cached_property
    def _apart(self) -> FloatArray:
        """(draws,): squared distance of the groups' weights from their mean, averaged over the groups."""
        middle = mixed(self.share, self.weights)
        squares = np.einsum("g,gd,gd->d", self.share, self.weights, self.weights)
        return np.asarray(squares - middle**2)

    def moments(self, series: FloatArray) -> Moments:
        """Mean and groups' means of a series (draws,); see ``many``."""
        return self.many(np.asarray(series, dtype=np.float64)[:, None])[0]

    def many(self, series: FloatArray) -> tuple[Moments, ...]:
        """Mean and groups' means of every column of ``series`` (draws, columns): one product reads the weights once.

        The noise of a group's deviation from the overall mean is Σ (w_gd − w̄_d)² (y_d − ȳ)², averaged over the groups.
        """
        y = np.ascontiguousarray(series, dtype=np.float64)
        part = self.times / self.times.sum()
        # Sums of whole numbers are exact: a share that is everything stays 1.
        mean = (self.times[:, None] * y).sum(axis=0) / self.times.sum()
        squares = (y - mean) ** 2
        alike = float((part**2).sum())
        variance = (
            (part[:, None] * squares).sum(axis=0) / (1.0 - alike) if alike < 1 else np.full(len(mean), np.nan)
        )
        error = np.sqrt(variance * alike)
        # Of what never changes no group differs, whatever rounding does to the weights.
        means, noise = mean + by_rows(self.weights, y - mean), (self._apart[:, None] * squares).sum(axis=0)
        return tuple(
            Moments(float(mean[k]), float(error[k]), means[:, k], self.share, float(noise[k]))
            for k in range(y.shape[1])
        )

    def interval(
        self, series: FloatArray, *, level: float = 0.90, legal: tuple[float, float] | None = (0.0, 1.0)
    ) -> Interval:
        """Mean of a series (draws,) and its central range over the groups."""
        return self.moments(series).interval(level=level, legal=legal)


def moments_of_groups(
    series: FloatArray, group: IntArray, groups: int, *, effective: float | None = None
) -> Moments:
    """Mean and groups' means of a series (draws,) told from each group's own draws only; a group without draws has no
    share, one with a single draw no variance of its own. ``effective``: as how many draws they count for noise."""
    y = np.asarray(series, dtype=np.float64)
    sizes, means, squares = by_groups(y, np.asarray(group), groups)
    share = sizes / sizes.sum()
    variance = squares / np.maximum(sizes - 1, 1)
    noise = float((share * (1 - share)) @ (variance / np.maximum(sizes, 1)))
    counts = len(y) if effective is None else effective
    error = float(y.std(ddof=1) / np.sqrt(counts)) if len(y) > 1 else float("nan")
    return Moments(float(y.mean()), error, means, share, noise * len(y) / counts)
