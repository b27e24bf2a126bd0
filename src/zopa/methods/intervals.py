"""How uncertain is a probability? The range over the outer layer, with the noise of the inner draws taken out.

Draws come in groups: within a group everything that is uncertain about the record itself (the grade table, parameters)
is fixed, and worlds are drawn inside. A group's share p_g scatters for two reasons: the groups differ, and each share
rests on finitely many inner draws. Only the first is uncertainty about the answer. With the observed variance between
groups V_between and the mean sampling variance of a group's share V_inner, the deviations from the mean are shrunk to
    mean + (p_g − mean) · sqrt(max(0, V_between − V_inner) / V_between),
whose variance is the estimate of the between-group component by analysis of variance (Searle, Casella and McCulloch,
Variance Components, 1992, chapter 3: one-way random model). The interval is the central range of these. What remains
of drawing finitely is the Monte Carlo error of the mean, sqrt(V_between / groups), and stays a number of its own.
Groups of unequal size weigh by their draws. Where a few groups stand far apart the mean can fall outside the central
range; the range is then widened to hold it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zopa.methods.problem import BoolArray, FloatArray, IntArray

UNIT = (0.0, 1.0)
"""Legal range of a share."""
DIFFERENCE = (-1.0, 1.0)
"""Legal range of the difference of two shares."""
SORTED = 5_000
"""Values up to which all are sorted for a quantile; of more only those near it are."""
BINS = 2_000
"""Bins that tell which are near it."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over all draws, its range over the outer groups, and apart from them the mean's Monte Carlo ``error``."""

    mean: float
    low: float
    high: float
    error: float
    level: float

    @property
    def excludes_zero(self) -> bool:
        """Whether the whole range lies on one side of zero."""
        return self.low > 0.0 or self.high < 0.0


def weighted_quantiles(values: FloatArray, weights: FloatArray, levels: Sequence[float]) -> FloatArray:
    """(levels,): quantiles of ``values`` (draws,) by ``weights`` (draws,), between the middles of their weights.

    Weights (rows, draws) give (rows, levels), sorted once. For equal weights those of Hazen (1914). Values without
    weight play no part. ValueError where none has any.
    """
    v, w = np.asarray(values, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    if v.ndim != 1 or w.shape[-1:] != v.shape or w.ndim > 2:
        raise ValueError(f"values and weights need one entry a draw, not shapes {v.shape} and {w.shape}")
    if not (np.isfinite(w).all() and (w >= 0.0).all() and w.any(axis=-1).all()):
        raise ValueError("weights must be finite, not negative and not all zero")
    p = np.asarray(levels, dtype=np.float64)
    if not ((p >= 0.0) & (p <= 1.0)).all():
        raise ValueError("levels must lie between 0 and 1")
    rows = np.atleast_2d(w)
    low, high = (v.min(), v.max()) if len(v) > SORTED else (0.0, 0.0)
    if 0.0 < high - low < np.inf:
        found = _binned_quantiles(v, rows, p, np.asarray((v - low) * (BINS / (high - low)), dtype=np.intp))
    else:
        order = np.argsort(v, kind="stable")
        found = [_sorted_quantiles(v[order], row[order], p) for row in rows]
    return np.asarray(found[0] if w.ndim == 1 else found)


def _binned_quantiles(
    values: FloatArray, rows: FloatArray, levels: FloatArray, bins: IntArray
) -> list[FloatArray]:
    """The same without sorting all values: those of the bins in which a quantile lies, and of the next ones with any
    weight on either side, are all it is told from. ``bins`` (draws,) never fall as values rise."""
    masses = [np.bincount(bins, weights=row, minlength=BINS + 1) for row in rows]
    wanted = np.zeros(BINS + 1, dtype=bool)
    for mass in masses:
        heavy = np.flatnonzero(mass)
        at = np.searchsorted(np.cumsum(mass[heavy]), levels * mass.sum())
        wanted[heavy[np.clip(at[:, None] + (-1, 0, 1), 0, len(heavy) - 1)]] = True
    some = np.flatnonzero(wanted[bins])
    some = some[np.argsort(values[some], kind="stable")]
    v, b = values[some], bins[some]
    first = np.searchsorted(b, b)
    found = []
    for row, mass in zip(rows, masses, strict=True):
        w = row[some]
        before, start = np.cumsum(w) - w, np.cumsum(mass) - mass
        middles = start[b] + (before - before[first]) + w / 2.0
        heavy = w > 0.0
        found.append(np.interp(levels * mass.sum(), middles[heavy], v[heavy]))
    return found


def _sorted_quantiles(values: FloatArray, weights: FloatArray, levels: FloatArray) -> FloatArray:
    some = weights > 0.0
    v, w = values[some], weights[some]
    middles = np.cumsum(w) - w / 2.0
    return np.asarray(np.interp(levels * w.sum(), middles, v), dtype=np.float64)


def central_range(
    mean: float,
    values: FloatArray,
    weights: FloatArray,
    *,
    level: float,
    legal: tuple[float, float] | None,
) -> tuple[float, float]:
    """The central range of the groups' values (groups,) by weight, widened to hold the mean, clipped to ``legal``."""
    tail = (1.0 - level) / 2.0
    low, high = (float(q) for q in weighted_quantiles(values, weights, (tail, 1.0 - tail)))
    low, high = min(low, mean), max(high, mean)
    if legal is not None:
        low, high = max(low, legal[0]), min(high, legal[1])
    return low, high


def interval_from_moments(
    means: FloatArray,
    variances: FloatArray,
    sizes: IntArray,
    *,
    level: float = 0.90,
    legal: tuple[float, float] | None = UNIT,
) -> Interval:
    """The interval from each group's mean, variance and number of draws, (groups,) each.

    ``variances`` are those of single draws within a group, with n − 1 below. Groups weigh by their draws. ``legal``
    clips both ends. ValueError for fewer than two groups, or a group with fewer than two draws, whose inner variance
    cannot be known.
    """
    if not 0.0 < level < 1.0:
        raise ValueError(f"level is {level}, but must lie between 0 and 1")
    p, within, n = (np.asarray(a, dtype=np.float64) for a in (means, variances, sizes))
    if len(p) < 2 or p.shape != within.shape or p.shape != n.shape:
        raise ValueError(
            f"an outer interval needs at least two groups, each with mean, variance and size, not {len(p)}"
        )
    if (n < 2).any():
        raise ValueError("every group needs at least two draws: its inner variance cannot be known otherwise")
    weight = n / n.sum()
    mean = float(n @ p / n.sum())
    # for groups of one size 1 / freedom is G / (G - 1); both variances are then unbiased for any sizes
    freedom = float(weight @ (1.0 - weight))
    between = float(weight @ (p - mean) ** 2) / freedom
    inner = float((weight * (1.0 - weight)) @ (within / n)) / freedom
    shrink = np.sqrt(max(0.0, between - inner) / between) if between > 0.0 else 0.0
    low, high = central_range(mean, mean + (p - mean) * shrink, weight, level=level, legal=legal)
    return Interval(mean, low, high, float(np.sqrt(between * (weight @ weight))), level)


def interval_from_counts(hits: IntArray, sizes: IntArray, *, level: float = 0.90) -> Interval:
    """The interval of a probability from the hits and the draws of each group, (groups,) each."""
    k, n = np.asarray(hits, dtype=np.float64), np.asarray(sizes, dtype=np.float64)
    if k.shape != n.shape or (k < 0).any() or (k > n).any() or (n < 2).any():
        raise ValueError(
            "hits and sizes need the same shape, at least two draws a group, and no more hits than draws"
        )
    p = k / n
    return interval_from_moments(p, p * (1.0 - p) * n / (n - 1.0), np.asarray(sizes), level=level)


def outer_interval(
    hits: FloatArray | BoolArray,
    group: IntArray,
    *,
    level: float = 0.90,
    legal: tuple[float, float] | None = UNIT,
) -> Interval:
    """Mean of ``hits`` (draws,) and its central range over the groups, the inner variance taken out.

    ``hits`` are yes/no, or numbers of any kind with ``legal=None``; ``group`` (draws,) holds any whole numbers.
    """
    values, labels = np.asarray(hits, dtype=np.float64), np.asarray(group)
    if values.ndim != 1 or labels.shape != values.shape or len(values) == 0:
        raise ValueError(
            f"hits and group need one entry a draw, not shapes {values.shape} and {labels.shape}"
        )
    if not np.isfinite(values).all():
        raise ValueError("hits holds a number that is not finite")
    if legal is not None and (values.min() < legal[0] or values.max() > legal[1]):
        raise ValueError(f"hits leave the legal range {legal}; pass legal=None for numbers of any kind")
    _, member = np.unique(labels, return_inverse=True)
    sizes = np.bincount(member)
    means = np.bincount(member, weights=values) / sizes
    squares = np.bincount(member, weights=(values - means[member]) ** 2)
    variances = squares / np.maximum(sizes - 1, 1)
    return interval_from_moments(means, variances, sizes, level=level, legal=legal)


def paired_difference(
    hits_a: FloatArray | BoolArray,
    hits_b: FloatArray | BoolArray,
    group: IntArray,
    *,
    level: float = 0.90,
    legal: tuple[float, float] | None = DIFFERENCE,
) -> Interval:
    """Interval of the mean of a − b, draw by draw so that what both share drops out; else as ``outer_interval``."""
    a, b = np.asarray(hits_a, dtype=np.float64), np.asarray(hits_b, dtype=np.float64)
    if a.shape != b.shape:
        raise ValueError(
            f"a paired difference needs the same draws on both sides, not {a.shape} and {b.shape}"
        )
    return outer_interval(a - b, group, level=level, legal=legal)
