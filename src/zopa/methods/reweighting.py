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


def balance_weights(log_likelihood: FloatArray, sizes: IntArray) -> FloatArray:
    """(groups, draws): the weight of every draw in every group, each row summing to one.

    ``log_likelihood`` (groups, draws) of what a draw's outer layer decided, minus infinity where it cannot happen;
    ``sizes`` (groups,) draws that each group made. Constant factors of a draw drop out.
    """
    likelihood = np.exp(log_likelihood - log_likelihood.max(axis=0))
    mixture = (sizes / sizes.sum()) @ likelihood
    weights = likelihood / mixture
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


@dataclass(frozen=True, eq=False)
class Reweighting:
    """Weights of all draws in all groups, ready for many series: ``weights`` (groups, draws), ``sizes`` (groups,)."""

    weights: FloatArray
    sizes: IntArray

    @cached_property
    def share(self) -> FloatArray:
        """(groups,): share of draws that each group made."""
        return np.asarray(self.sizes / self.sizes.sum())

    @cached_property
    def _spread(self) -> FloatArray:
        """(groups, draws): squared distance of a group's weights from the mean over groups."""
        return np.asarray((self.weights - self.share @ self.weights) ** 2)

    def interval(
        self, series: FloatArray, *, level: float = 0.90, legal: tuple[float, float] | None = (0.0, 1.0)
    ) -> Interval:
        """Mean of a series (draws,) and its central range over the groups.

        The noise of a group's deviation from the overall mean is Σ (w_gd − w̄_d)² (y_d − p_g)²; its mean over groups is
        taken out of the variance between groups by shrinking the deviations. ``legal`` clips both ends.
        """
        y = np.asarray(series, dtype=np.float64)
        share, means = self.share, self.weights @ y
        first, second, none = (self._spread @ np.column_stack([y, y**2, np.ones_like(y)])).T
        noise = second - 2 * means * first + means**2 * none
        middle = float(share @ means)
        between = float(share @ (means - middle) ** 2)
        shrink = np.sqrt(max(0.0, between - float(share @ noise)) / between) if between > 0 else 0.0
        mean = float(y.mean())
        shrunk = mean + (means - middle) * shrink
        low, high = central_range(mean, shrunk, share, level=level, legal=legal)
        error = float(y.std(ddof=1) / np.sqrt(len(y))) if len(y) > 1 else float("nan")
        return Interval(mean, low, high, error, level)
