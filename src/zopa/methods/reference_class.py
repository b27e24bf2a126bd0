"""Reference classes that borrow from the classes around them: shrunken Dirichlet–multinomial rates with recency
weight.

Classes are nested: everything, then those alike in a first covariate, then those alike in the first and the
second. Each level's rates are those of the level above, counted as ``strength`` cases, with its own cases added
(Gelman et al., Bayesian Data Analysis, 3rd ed. 2013, chapter 5). Cases weigh ½ every ``half_life`` years."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zopa.methods.problem import BoolArray, FloatArray, IntArray

BASE_STRENGTH = 1.0
"""Cases that the flat prior of the widest class counts as, in all (Perks 1947)."""


def recency(age_years: FloatArray, half_life: float | None) -> FloatArray:
    """Weight of cases by how long ago they were, in years; 1 for all where there is no half-life."""
    ages = np.asarray(age_years, dtype=np.float64)
    return np.ones_like(ages) if half_life is None else np.asarray(0.5 ** (ages / half_life))


@dataclass(frozen=True, eq=False)
class ShrunkenClass:
    """The narrowest class: its mean rates (K,), the pseudo-counts (K,) of its posterior, and each level's cases.

    ``sizes`` and ``effective`` count the cases of each level as they are and by weight (Kish 1965), widest first.
    """

    mean: FloatArray
    counts: FloatArray
    sizes: tuple[int, ...]
    effective: tuple[float, ...]

    def draws(self, n: int, *, seed: int = 0) -> FloatArray:
        """(n, K) draws of the rates."""
        gamma = np.random.default_rng(seed).standard_gamma(
            np.maximum(self.counts, 1e-9), size=(n, len(self.counts))
        )
        return np.asarray(gamma / gamma.sum(axis=1, keepdims=True))


def weighted_counts(y: IntArray, weights: FloatArray, *, classes: int) -> tuple[FloatArray, float]:
    """(K,) weighted counts scaled to the effective number of cases, and that number."""
    w = np.asarray(weights, dtype=np.float64)
    total, squares = float(w.sum()), float((w**2).sum())
    if not total:
        return np.zeros(classes), 0.0
    effective = total**2 / squares
    return np.bincount(y, w, minlength=classes) / total * effective, effective


def shrunken_class(
    y: IntArray, levels: Sequence[BoolArray], weights: FloatArray, *, classes: int, strength: float
) -> ShrunkenClass:
    """Rates of the narrowest of nested ``levels`` (n,), each inside the one before it; the first is everything.

    ``y`` (n,) classes from 0; ``weights`` (n,); ``strength``: cases that the level above counts as. Missing levels
    (a covariate that is not known) are simply not in the list. ``ValueError`` for no level.
    """
    if not levels:
        raise ValueError("shrunken_class: at least one level is needed")
    label, w = np.asarray(y), np.asarray(weights, dtype=np.float64)
    mean, prior = np.full(classes, 1.0 / classes), BASE_STRENGTH
    sizes, effective = [], []
    for level in levels:
        here = np.asarray(level, dtype=bool)
        counts, size = weighted_counts(label[here], w[here], classes=classes)
        posterior = counts + prior * mean
        mean, prior = posterior / posterior.sum(), strength
        sizes.append(int(here.sum()))
        effective.append(size)
    return ShrunkenClass(mean, posterior, tuple(sizes), tuple(effective))
