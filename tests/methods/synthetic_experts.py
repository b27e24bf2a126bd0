"""Made-up experts whose noise and overlap are known, so that the ideal pool of what they say is known too.

The truth is one of K cells, all equally likely. Expert m sees, for every cell, mark = [cell is the truth] · strength_m +
noise; the noise of two experts correlates by ``overlap``, that of two cells not at all. Each reports what Bayes' rule
makes of its own marks alone. Who saw all marks and knew strengths and overlap would give the ideal distribution.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zopa.methods.pooling import BOUNDS, clipped, learn_exponent, pool

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Study:
    """Mean log losses on questions that nothing was learnt from: the ideal, the pool with the exponent learnt from
    earlier questions, and the best exponent within the bounds (in hindsight); and the exponents."""

    ideal: float
    pooled: float
    best: float
    learnt: float
    best_exponent: float

    @property
    def over_ideal(self) -> float:
        """By what share the pool's loss exceeds the ideal's."""
        return self.pooled / self.ideal - 1

    @property
    def over_best(self) -> float:
        """By what share it exceeds that of the best exponent within the bounds."""
        return self.pooled / self.best - 1


def marks(
    rng: np.random.Generator, n: int, strengths: Array, cells: int, overlap: float
) -> tuple[NDArray[np.int64], Array]:
    """The truth (n,), and what each expert sees (n, experts, cells)."""
    truth = rng.integers(cells, size=n)
    shared = rng.standard_normal((n, 1, cells))
    own = rng.standard_normal((n, len(strengths), cells))
    seen = np.sqrt(overlap) * shared + np.sqrt(1 - overlap) * own
    seen[np.arange(n), :, truth] += strengths
    return truth, seen


def softmax(logs: Array) -> Array:
    raised = np.exp(logs - logs.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))


def reports(seen: Array, strengths: Array) -> Array:
    """What each expert makes of its own marks: log likelihood strength · mark, up to what all cells share."""
    return softmax(strengths[:, None] * seen)


def ideal(seen: Array, strengths: Array, overlap: float) -> Array:
    """Bayes' rule on all marks: log likelihood of a cell is s' C⁻¹ x, up to what all cells share."""
    covariance = (1 - overlap) * np.eye(len(strengths)) + overlap
    return softmax(np.einsum("m,nmk->nk", np.linalg.solve(covariance, strengths), seen))


def loss(p: Array, truth: NDArray[np.int64]) -> float:
    return float(-np.log(p[np.arange(len(truth)), truth]).mean())


def study(
    *,
    experts: int,
    overlap: float,
    cells: int = 2,
    noise: float = 1.2,
    uneven: float = 1.0,
    n: int = 20_000,
    seed: int = 0,
) -> Study:
    """Half of the questions to learn the exponent from, the other half to score; ``noise`` is the standard deviation of
    the noise where the mark of the truth is 1, and grows from expert to expert up to ``uneven`` times that."""
    rng = np.random.default_rng(seed)
    strengths = 1 / (noise * np.linspace(1.0, uneven, experts))
    truth, seen = marks(rng, n, strengths, cells, overlap)
    said = clipped(reports(seen, strengths))
    weights = np.full(experts, 1 / experts)
    early, late = slice(0, n // 2), slice(n // 2, n)
    learnt = learn_exponent(said[early], truth[early], weights)
    grid = np.linspace(*BOUNDS, 23)
    losses = [loss(pool(said[late], weights, exponent=a), truth[late]) for a in grid]
    return Study(
        ideal=loss(ideal(seen[late], strengths, overlap), truth[late]),
        pooled=loss(pool(said[late], weights, exponent=learnt), truth[late]),
        best=min(losses),
        learnt=learnt,
        best_exponent=float(grid[int(np.argmin(losses))]),
    )
