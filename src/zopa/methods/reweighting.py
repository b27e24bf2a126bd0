"""The range of a number over an outer layer, each draw put to use in every group that could have produced it.

Draws come in groups, and within a group what is uncertain about the evidence itself is fixed. A group's own few draws
tell its mean poorly. But a draw of one group could as well have come from another, with another probability; so every
group's mean is estimated from all draws, weighted by how likely each is there: multiple importance sampling with the
balance heuristic (Veach and Guibas 1995), whose weights never exceed the number of groups. What scatter of the groups'
means is still due to finitely many draws is estimated and taken out, as in ``intervals``.
"""

import numpy as np

from zopa.methods.intervals import Interval
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


def reweighted_interval(
    series: FloatArray,
    weights: FloatArray,
    sizes: IntArray,
    *,
    level: float = 0.90,
    legal: tuple[float, float] | None = (0.0, 1.0),
) -> Interval:
    """Mean of a series (draws,) and its central range over the groups; ``weights`` from ``balance_weights``.

    The noise of a group's deviation from the overall mean is Σ (w_gd − w̄_d)² (y_d − p_g)²; its mean over groups is
    taken out of the variance between groups by shrinking the deviations. ``legal`` clips both ends.
    """
    y = np.asarray(series, dtype=np.float64)
    share = sizes / sizes.sum()
    means = weights @ y
    centre = share @ weights
    noise = ((weights - centre) ** 2 @ (y**2)) - 2 * means * ((weights - centre) ** 2 @ y)
    noise += means**2 * ((weights - centre) ** 2).sum(axis=1)
    middle = float(share @ means)
    between = float(share @ (means - middle) ** 2)
    shrink = np.sqrt(max(0.0, between - float(share @ noise)) / between) if between > 0 else 0.0
    mean = float(y.mean())
    order = np.argsort(means, kind="stable")
    places = np.cumsum(share[order]) - share[order] / 2
    tail = (1 - level) / 2
    ends = np.interp([tail, 1 - tail], places, mean + (means[order] - middle) * shrink)
    low, high = float(ends[0]), float(ends[1])
    if legal is not None:
        low, high = max(low, legal[0]), min(high, legal[1])
    error = float(y.std(ddof=1) / np.sqrt(len(y))) if len(y) > 1 else float("nan")
    return Interval(mean, low, high, error, level)
