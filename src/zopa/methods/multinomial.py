"""Regularised multinomial logit: probabilities of K classes from features, fitted by Newton's method.

All K classes have coefficients (softmax), with a ridge on all but the intercepts (Hoerl and Kennard 1970; le
Cessie and van Houwelingen 1992), so that no class is the reference and renaming classes changes nothing. For
two classes it is the binary logit with half the penalty on the difference of the two."""

from dataclasses import dataclass

import numpy as np

from zopa.methods.problem import FloatArray, IntArray

_GAUGE = 1e-4
"""Ridge on the intercepts: what all classes share is not told by data, and is kept at 0."""


@dataclass(frozen=True, eq=False)
class Logit:
    """Coefficients (features + 1, classes), the intercept first."""

    coefficients: FloatArray

    def scores(self, x: FloatArray) -> FloatArray:
        """(…, classes) log probabilities up to a shift, of features (…, features)."""
        return np.asarray(x @ self.coefficients[1:] + self.coefficients[0])

    def predict(self, x: FloatArray) -> FloatArray:
        """(…, classes) probabilities."""
        return softmax(self.scores(x))


def softmax(scores: FloatArray) -> FloatArray:
    """Probabilities along the last axis."""
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))


def fit_logit(
    x: FloatArray,
    y: IntArray,
    *,
    classes: int,
    penalty: float,
    weights: FloatArray | None = None,
    steps: int = 200,
) -> Logit:
    """Maximum of Σ wᵢ log p(yᵢ | xᵢ) − penalty/2 · Σ coefficients², the intercepts left out.

    ``x`` (n, features), ``y`` (n,) from 0 to classes − 1, ``weights`` (n,) not negative. ``ValueError`` for
    shapes that do not fit, a penalty that is not positive, or no convergence."""
    rows, label = np.asarray(x, dtype=np.float64), np.asarray(y)
    w = np.ones(len(label)) if weights is None else np.asarray(weights, dtype=np.float64)
    if rows.ndim != 2 or len(rows) != len(label) or w.shape != label.shape or not len(label):
        raise ValueError(f"fit_logit: features {rows.shape}, classes {label.shape}, weights {w.shape}")
    if penalty <= 0.0 or label.min() < 0 or label.max() >= classes:
        raise ValueError(f"fit_logit: penalty {penalty}, classes {label.min()} to {label.max()} of {classes}")
    design = np.concatenate([np.ones((len(rows), 1)), rows], axis=1)
    ridge = np.full((design.shape[1], classes), float(penalty))
    ridge[0] = _GAUGE
    target = np.eye(classes)[label]
    at = np.zeros((design.shape[1], classes))
    value = _objective(design, target, w, ridge, at)
    for _ in range(steps):
        p = softmax(design @ at)
        slope = design.T @ (w[:, None] * (target - p)) - ridge * at
        step = np.linalg.solve(_curvature(design, p, w, ridge), slope.ravel()).reshape(at.shape)
        length = 1.0
        while (found := _objective(design, target, w, ridge, at + length * step)) < value and length > 1e-8:
            length /= 2.0
        at, value = at + length * step, max(found, value)
        if float(np.abs(length * step).max()) < 1e-9:
            return Logit(at)
    raise ValueError(f"fit_logit: no convergence in {steps} steps")


def _objective(
    design: FloatArray, target: FloatArray, w: FloatArray, ridge: FloatArray, at: FloatArray
) -> float:
    scores = design @ at
    top = scores.max(axis=1)
    logs = (scores * target).sum(axis=1) - top - np.log(np.exp(scores - top[:, None]).sum(axis=1))
    return float(w @ logs - 0.5 * (ridge * at**2).sum())


def _curvature(design: FloatArray, p: FloatArray, w: FloatArray, ridge: FloatArray) -> FloatArray:
    """(P·K, P·K) minus the second derivative, parameters in the order of ``ravel``."""
    width, classes = ridge.shape
    out = np.zeros((width, classes, width, classes))
    for a in range(classes):
        for b in range(a, classes):
            inner = w * p[:, a] * ((a == b) - p[:, b])
            block = (design * inner[:, None]).T @ design
            out[:, a, :, b] = block
            out[:, b, :, a] = block
    flat = out.reshape(width * classes, width * classes)
    return np.asarray(flat + np.diag(ridge.ravel()))
