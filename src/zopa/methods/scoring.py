"""How good were probabilities? Proper scores, their parts, calibration, and whether a difference can be told
from chance.

Brier (1950) with the three parts of Murphy (1973), the logarithmic score (Good 1952), the ranked probability score
(Epstein 1969), the expected calibration error over five bins of equal size, the slope of a logistic
recalibration (Cox 1958), and the area under the ROC curve (Hanley and McNeil 1982). Lower is better except for
the area."""

from dataclasses import dataclass

import numpy as np

from zopa.methods.problem import BoolArray, FloatArray, IntArray

BINS = 5
CLIP = 1e-6
"""Probabilities nearer to 0 or 1 count as this far from them where a logarithm is taken."""
Z90 = 1.6448536269514722
"""Of a standard normal number 90 % lies within this of 0."""


def _checked(p: FloatArray, happened: BoolArray | FloatArray) -> tuple[FloatArray, FloatArray]:
    forecast, outcome = np.asarray(p, dtype=np.float64), np.asarray(happened, dtype=np.float64)
    if forecast.ndim != 1 or forecast.shape != outcome.shape or not len(forecast):
        raise ValueError(f"forecasts and outcomes need one entry each, not {forecast.shape}, {outcome.shape}")
    if not ((forecast >= 0) & (forecast <= 1)).all() or not np.isin(outcome, (0.0, 1.0)).all():
        raise ValueError("forecasts must lie between 0 and 1, outcomes must be yes or no")
    return forecast, outcome


def logit(p: FloatArray) -> FloatArray:
    """Log odds, of probabilities kept ``CLIP`` away from 0 and 1."""
    inside = np.clip(np.asarray(p, dtype=np.float64), CLIP, 1.0 - CLIP)
    return np.asarray(np.log(inside) - np.log1p(-inside))


def brier(p: FloatArray, happened: BoolArray | FloatArray) -> FloatArray:
    """(n,) squared error of each forecast."""
    forecast, outcome = _checked(p, happened)
    return np.asarray((forecast - outcome) ** 2)


def log_score(p: FloatArray, happened: BoolArray | FloatArray) -> FloatArray:
    """(n,) minus the natural logarithm of what was given to what came about."""
    forecast, outcome = _checked(p, happened)
    given = np.where(outcome == 1.0, forecast, 1.0 - forecast)
    return np.asarray(-np.log(np.clip(given, CLIP, 1.0)))


def rps(p: FloatArray, category: IntArray) -> FloatArray:
    """(n,) ranked probability score of forecasts (n, K) over ordered categories, divided by K − 1: 0 to 1."""
    forecast = np.asarray(p, dtype=np.float64)
    reached = np.asarray(category)[:, None] <= np.arange(forecast.shape[1])[None, :]
    gaps = (np.cumsum(forecast, axis=1) - reached)[:, :-1]
    return np.asarray((gaps**2).sum(axis=1) / (forecast.shape[1] - 1))


@dataclass(frozen=True, slots=True)
class Murphy:
    """Parts of the Brier score over bins: ``reliability − resolution + uncertainty``, plus ``within``, which is
    what forecasts of one bin differ by (Stephenson, Coelho and Jolliffe 2008) and is 0 where they are alike."""

    reliability: float
    resolution: float
    uncertainty: float
    within: float


def bins_of(p: FloatArray, bins: int = BINS) -> IntArray:
    """(n,) bin of each forecast: equally many in each by rank, and forecasts that are alike in the same one."""
    forecast = np.asarray(p, dtype=np.float64)
    values, which, counts = np.unique(forecast, return_inverse=True, return_counts=True)
    middles = np.cumsum(counts) - counts / 2.0
    place = np.minimum((middles * bins / len(forecast)).astype(np.int64), bins - 1)
    return np.asarray(place[which.reshape(-1)] if len(values) else which, dtype=np.int64)


def murphy(p: FloatArray, happened: BoolArray | FloatArray, *, bins: int = BINS) -> Murphy:
    """The parts of the mean Brier score over ``bins`` bins of equal size."""
    forecast, outcome = _checked(p, happened)
    _, at = np.unique(bins_of(forecast, bins), return_inverse=True)
    size = np.bincount(at)
    mean, rate = np.bincount(at, forecast) / size, np.bincount(at, outcome) / size
    share, base = size / len(forecast), float(outcome.mean())
    apart, came = forecast - mean[at], outcome - rate[at]
    return Murphy(
        reliability=float(share @ (mean - rate) ** 2),
        resolution=float(share @ (rate - base) ** 2),
        uncertainty=base * (1.0 - base),
        within=float((apart**2 - 2.0 * apart * came).mean()),
    )


def ece(p: FloatArray, happened: BoolArray | FloatArray, *, bins: int = BINS) -> float:
    """Expected calibration error: how far the bins' mean forecasts lie from what happened, by size of bin."""
    forecast, outcome = _checked(p, happened)
    at = bins_of(forecast, bins)
    return float(np.abs(np.bincount(at, forecast - outcome)).sum() / len(forecast))


def ece_of_the_calibrated(
    p: FloatArray, *, level: float = 0.95, draws: int = 2000, seed: int = 0, bins: int = BINS
) -> float:
    """The ``level`` quantile of the calibration error of a forecaster whose every probability here is the true
    one."""
    forecast = np.asarray(p, dtype=np.float64)
    at = bins_of(forecast, bins)
    member = (at[:, None] == np.arange(bins)[None, :]).astype(np.float64)
    came = np.random.default_rng(seed).random((draws, len(forecast))) < forecast
    gaps = np.abs((forecast - came) @ member).sum(axis=1) / len(forecast)
    return float(np.quantile(gaps, level))


@dataclass(frozen=True, slots=True)
class Slope:
    """Logistic recalibration: log odds of what happened = ``intercept + value · log odds forecast``; 90 %
    interval."""

    value: float
    low: float
    high: float
    intercept: float


def calibration_slope(
    p: FloatArray, happened: BoolArray | FloatArray, *, prior: float | None = None
) -> Slope:
    """Slope and intercept by maximum likelihood, with the slope's 90 % interval by its curvature (Wald).

    ``prior``: standard deviation of a normal prior around slope 1 and intercept 0, for few forecasts. Forecasts
    that are all alike tell nothing of a slope: NaN, with an interval that is everything."""
    forecast, outcome = _checked(p, happened)
    x = logit(forecast)
    if prior is None and float(np.ptp(x)) < 1e-9:
        return Slope(float("nan"), float("-inf"), float("inf"), float("nan"))
    design = np.stack([np.ones_like(x), x], axis=1)
    strength = 0.0 if prior is None else 1.0 / prior**2
    at = np.array([0.0, 1.0])
    for _ in range(100):
        q = 1.0 / (1.0 + np.exp(-np.clip(design @ at, -40.0, 40.0)))
        slope = design.T @ (outcome - q) - strength * (at - np.array([0.0, 1.0]))
        curve = (design * (q * (1.0 - q))[:, None]).T @ design + (strength + 1e-9) * np.eye(2)
        step = np.linalg.solve(curve, slope)
        at = at + step * min(1.0, 5.0 / max(float(np.abs(step).max()), 1e-12))
        if float(np.abs(step).max()) < 1e-10:
            break
    spread = Z90 * float(np.sqrt(np.linalg.inv(curve)[1, 1]))
    return Slope(float(at[1]), float(at[1]) - spread, float(at[1]) + spread, float(at[0]))


def auc(p: FloatArray, happened: BoolArray | FloatArray) -> float:
    """Chance that what happened was given more than what did not, ties half; NaN where only one of the two
    occurs."""
    forecast, outcome = _checked(p, happened)
    values, which, counts = np.unique(forecast, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2.0)[which.reshape(-1)] if len(values) else forecast
    yes = float(outcome.sum())
    no = len(outcome) - yes
    if not yes or not no:
        return float("nan")
    return float((ranks @ outcome - yes * (yes + 1.0) / 2.0) / (yes * no))


@dataclass(frozen=True, slots=True)
class Difference:
    """A mean difference of scores with its 90 % bootstrap interval."""

    mean: float
    low: float
    high: float


def bootstrap_difference(
    a: FloatArray,
    b: FloatArray,
    *,
    clusters: IntArray | None = None,
    draws: int = 2000,
    seed: int = 0,
    level: float = 0.90,
) -> Difference:
    """Mean of a − b (n,) and its interval over resampled entries, or over whole ``clusters`` (n,) of them."""
    gaps = np.asarray(a, dtype=np.float64) - np.asarray(b, dtype=np.float64)
    labels = np.arange(len(gaps)) if clusters is None else np.asarray(clusters)
    _, member = np.unique(labels, return_inverse=True)
    sums, sizes = np.bincount(member, gaps), np.bincount(member).astype(np.float64)
    picks = np.random.default_rng(seed).integers(0, len(sums), size=(draws, len(sums)))
    means = sums[picks].sum(axis=1) / sizes[picks].sum(axis=1)
    tail = (1.0 - level) / 2.0
    low, high = np.quantile(means, [tail, 1.0 - tail])
    return Difference(float(gaps.mean()), float(low), float(high))
