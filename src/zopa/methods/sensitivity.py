"""What an answer turns on: the value of learning a yes-or-no fact, of learning a number, and what is left to chance.

The answer is a probability: the mean over worlds of Y, which is 0 or 1, or the chance of it in a world. Learning
something splits the worlds; a forecaster who is told scores better under Brier's rule by the variance of the
conditional means, Var E[Y | what is learnt], the numerator of Sobol's (1993) first-order index. For a fact that holds
with probability q it is q(1 − q)(p₁ − p₀)². For a number it is estimated from the worlds at hand, without running
others, by projecting Y on Legendre polynomials of the uniform that the number was drawn from (given-data estimates:
Strong and Oakley 2013; Plischke, Borgonovo and Smith 2013); the noise that every squared coefficient carries is taken
out. What chance alone decides is told apart by two worlds a draw, whose covariance is Var E[Y | draw] (Sobol's
pick-freeze).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

DEGREE = 4
"""Polynomials of a number up to this degree: bends and one wave, which is more than estimates cited by words tell."""


@dataclass(frozen=True, slots=True)
class Information:
    """What learning something is worth, as expected Brier reduction, and its Monte Carlo standard error; ``share`` of
    the variance of the answer."""

    value: float
    error: float
    share: float


def of_fact(y: FloatArray, holds: NDArray[np.bool_]) -> Information:
    """The value of learning whether a fact holds, from worlds (n,) in some of which it does.

    Zero where it holds in all or in none, or in one world only of either kind. The noise of the two conditional means
    is taken out, so the value may come out below zero; it is then reported as zero.
    """
    answer, held = np.asarray(y, dtype=np.float64), np.asarray(holds, dtype=np.bool_)
    n, m = len(answer), int(held.sum())
    if min(m, n - m) < 2:
        return Information(0.0, 0.0, 0.0)
    q = m / n
    yes, no = answer[held], answer[~held]
    noise = yes.var(ddof=1) / m + no.var(ddof=1) / (n - m)
    return _told(q * (1 - q), float(yes.mean() - no.mean()), noise, float(answer.var()))


def of_switch(q: float, on: FloatArray, off: FloatArray) -> Information:
    """The value of learning whether an origin holds: ``on`` and ``off`` (n,) are the answers of the same worlds with
    its switch forced either way, q its probability. ``ValueError`` for fewer than two worlds or a q outside 0 to 1."""
    with_, without = np.asarray(on, dtype=np.float64), np.asarray(off, dtype=np.float64)
    if with_.shape != without.shape or len(with_) < 2:
        raise ValueError(
            f"of_switch: answers of shapes {with_.shape} and {without.shape}, at least two of each"
        )
    if not 0.0 <= q <= 1.0:
        raise ValueError(f"of_switch: q is {q}, but must lie between 0 and 1")
    difference = with_ - without
    mixed = q * with_.var() + (1 - q) * without.var() + q * (1 - q) * difference.mean() ** 2
    noise = float(difference.var(ddof=1)) / len(difference)
    return _told(q * (1 - q), float(difference.mean()), noise, float(mixed))


def _told(weight: float, difference: float, noise: float, total: float) -> Information:
    """Of a difference of means with a squared standard error ``noise``."""
    value = max(0.0, weight * (difference**2 - noise))
    error = weight * float(np.sqrt(4 * difference**2 * noise + 2 * noise**2))
    return Information(value, error, value / total if total > 0 else 0.0)


def polynomials(u: FloatArray, degree: int = DEGREE) -> FloatArray:
    """(degree, n): Legendre polynomials 1 to ``degree`` on the unit interval, each of mean 0 and variance 1 there."""
    x = 2.0 * np.asarray(u, dtype=np.float64) - 1.0
    rows = np.empty((degree + 1, len(x)))
    rows[0] = 1.0
    rows[1] = x
    for k in range(1, degree):
        rows[k + 1] = ((2 * k + 1) * x * rows[k] - k * rows[k - 1]) / (k + 1)
    return np.asarray(rows[1:] * np.sqrt(2.0 * np.arange(1, degree + 1) + 1.0)[:, None])


@dataclass(frozen=True, slots=True)
class Response:
    """How the answer moves with a number: its value of information, and the answer's mean where the number stands at
    its 5th and at its 95th percentile."""

    information: Information
    low: float
    high: float


def of_number(y: FloatArray, u: FloatArray, *, degree: int = DEGREE) -> Response:
    """What learning a number is worth, from worlds (n,) and the uniforms (n,) it was drawn from in each."""
    answer = np.asarray(y, dtype=np.float64)
    n, total = len(answer), float(answer.var())
    if n <= degree + 1:
        raise ValueError(f"of_number: {n} worlds, at least {degree + 2}")
    basis = polynomials(u, degree)
    centred = answer - answer.mean()
    products = basis * centred
    found = products.mean(axis=1)
    noise = products.var(axis=1, ddof=1) / n
    value = max(0.0, float((found**2 - noise).sum()))
    error = float(np.sqrt((4 * found**2 * noise + 2 * noise**2).sum()))
    # Coefficients that are mostly noise would draw waves: each is shrunk by how much of its square is signal.
    kept = found * np.clip(1.0 - noise / np.maximum(found**2, 1e-300), 0.0, 1.0)
    ends = answer.mean() + kept @ polynomials(np.array([0.05, 0.95]), degree)
    low, high = (float(end) for end in np.clip(ends, answer.min(), answer.max()))
    return Response(Information(value, error, value / total if total > 0 else 0.0), low, high)


def of_chance(first: FloatArray, second: FloatArray) -> Information:
    """What is left to chance once everything about the draw is known: from two worlds (n,) of each draw."""
    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    if a.shape != b.shape or len(a) < 2:
        raise ValueError(f"of_chance: worlds of shapes {a.shape} and {b.shape}, at least two of each")
    mean = (a.mean() + b.mean()) / 2
    together = (a - mean) * (b - mean)
    total = float(((a - mean) ** 2 + (b - mean) ** 2).mean() / 2)
    value = max(0.0, total - float(together.mean()))
    error = float(np.std(((a - b) ** 2) / 2, ddof=1) / np.sqrt(len(a)))
    return Information(value, error, value / total if total > 0 else 0.0)


def of_difference(q: float, difference: float, error: float, total: float) -> Information:
    """The value of learning whether a fact of probability q holds, where the answer differs by ``difference`` with a
    standard ``error``, and ``total`` is the variance of the answer itself."""
    if not 0.0 <= q <= 1.0:
        raise ValueError(f"of_difference: q is {q}, but must lie between 0 and 1")
    return _told(q * (1 - q), difference, error**2, total)


def first_order(y: FloatArray, u: FloatArray, *, degree: int = DEGREE) -> tuple[FloatArray, FloatArray]:
    """(P,) the variance of the answer that each of P numbers decides by itself, from worlds (n,) and the uniforms
    (P, n) they were drawn from, and its standard error.

    Free of bias, so that it may come out below zero: sums over many numbers are then right on average.
    """
    centred = np.asarray(y, dtype=np.float64) - float(np.mean(y))
    values, errors = np.empty(len(u)), np.empty(len(u))
    for k, row in enumerate(u):
        products = polynomials(row, degree) * centred
        found, noise = products.mean(axis=1), products.var(axis=1, ddof=1) / len(centred)
        values[k] = (found**2 - noise).sum()
        errors[k] = np.sqrt((4 * found**2 * noise + 2 * noise**2).sum())
    return values, errors
