"""What is believed after the moves: whole draws of the prior, each as often as it explains what was done.

Draws of the prior are weighted by the likelihood of all moves together (importance sampling with the prior as
proposal). Few draws may carry all the weight; how many equally weighted ones would tell as much is Kish's effective
sample size (Σw)² / Σw². Where it is too small the joint likelihood is tempered: raised to the largest exponent β in
(0, 1] that leaves enough (a fractional or power posterior: O'Hagan 1995; Neal 2001 for tempering). All moves are
tempered together, so none of them counts for more than another. The size falls as β grows: with K the convex cumulant
function of the log likelihood its logarithm is 2K(β) − K(2β) + const, whose slope 2(K′(β) − K′(2β)) is never positive;
so bisection finds β.

Whole draws are then picked by systematic resampling from a single uniform number: draw d is picked ⌊D·w_d⌋ or
⌈D·w_d⌉ times. What belongs together in a draw stays together.

Kish (1965), Survey Sampling; Kitagawa (1996), "Monte Carlo filter and smoother for non-Gaussian nonlinear state space
models", Journal of Computational and Graphical Statistics 5; O'Hagan (1995), "Fractional Bayes factors for model
comparison", Journal of the Royal Statistical Society B 57; Neal (2001), "Annealed importance sampling", Statistics and
Computing 11.
"""

from dataclasses import dataclass

import numpy as np

from zopa.methods.problem import FloatArray, IntArray

LEAST = 1000.0
"""Effective sample size below which the likelihood is tempered."""
HALVINGS = 60
"""Steps of the bisection: the exponent is exact to 1e-18."""


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """Draws of the prior weighed by what was done: ``log_likelihoods`` (moves, draws) as given, their sum ``joint``
    (draws,), the ``exponent`` it is raised to, ``weights`` (draws,) summing to one, and ``pick`` (draws,), ascending:
    the draws taken, as often as their weights say.

    ``effective`` is the effective sample size of the weights, ``untempered`` what it is at exponent 1; ``least`` what
    was asked for, at most half the draws; ``u`` the uniform number behind ``pick``.
    """

    log_likelihoods: FloatArray
    joint: FloatArray
    exponent: float
    weights: FloatArray
    effective: float
    untempered: float
    pick: IntArray
    least: float
    u: float

    @property
    def tempered(self) -> bool:
        """Whether the moves count for less than they say, for want of draws."""
        return self.exponent < 1.0

    def without(self, move: int) -> "Posterior":
        """The posterior had this move not been made, by its row in ``log_likelihoods``.

        The exponent is that of all moves, or smaller where the others alone leave too few draws: what changes is the
        move, not how much the others count.
        """
        moves = len(self.log_likelihoods)
        if not 0 <= move < moves:
            raise ValueError(f"move is {move}, but there are {moves} moves, from 0")
        others = np.delete(self.log_likelihoods, move, axis=0)
        return _posterior(others, u=self.u, least=self.least, most=self.exponent)

    def left_out(self) -> FloatArray:
        """(moves, draws): the weights had each move not been made, those of ``without`` at a fraction of the time."""
        out = np.empty_like(self.log_likelihoods)
        for move, row in enumerate(self.log_likelihoods):
            relative = self.joint - row
            relative -= relative.max()
            exponent = _exponent(relative, least=self.least, most=self.exponent)
            np.exp(exponent * relative, out=out[move])
            out[move] /= out[move].sum()
        return out


def posterior(log_likelihoods: FloatArray, *, u: float, least: float = LEAST) -> Posterior:
    """The draws as often as they explain all moves together, tempered to an effective sample size of ``least``.

    ``log_likelihoods`` (moves, draws), finite; no moves give the prior. ``u`` in [0, 1) places the systematic sample.
    ``least`` is at most half the draws. The order of the moves changes nothing, to the last bit; with equal weights
    every draw is picked once. ValueError otherwise.
    """
    rows = np.asarray(log_likelihoods, dtype=np.float64)
    if rows.ndim != 2 or rows.shape[1] == 0 or not np.isfinite(rows).all():
        raise ValueError(f"log_likelihoods must be finite, of shape (moves, draws), not {rows.shape}")
    if not 0.0 <= u < 1.0:
        raise ValueError(f"u is {u}, but must lie in [0, 1)")
    if not least >= 0.0:
        raise ValueError(f"least is {least}, but must not be negative")
    return _posterior(rows, u=u, least=min(least, rows.shape[1] / 2.0), most=1.0)


def _posterior(rows: FloatArray, *, u: float, least: float, most: float) -> Posterior:
    joint = np.zeros(rows.shape[1])
    # Each draw's terms from the smallest up: the sum then does not depend on the order of the moves.
    for row in np.sort(rows, axis=0):
        joint += row
    relative = joint - joint.max()
    exponent = _exponent(relative, least=least, most=most)
    raw = np.exp(exponent * relative)
    return Posterior(
        log_likelihoods=rows,
        joint=joint,
        exponent=exponent,
        weights=np.asarray(raw / raw.sum()),
        effective=effective_size(raw),
        untempered=effective_size(np.exp(relative)),
        pick=systematic(raw, u),
        least=least,
        u=u,
    )


def effective_size(weights: FloatArray) -> float:
    """How many equally weighted draws tell as much: (Σw)² / Σw² of ``weights`` (draws,). Kish (1965)."""
    w = np.asarray(weights, dtype=np.float64)
    return float(w.sum() ** 2 / np.square(w).sum())


def _exponent(relative: FloatArray, *, least: float, most: float) -> float:
    """The largest exponent up to ``most`` that leaves ``least`` of ``relative`` (draws,), whose maximum is 0."""
    if effective_size(np.exp(most * relative)) >= least:
        return most
    low, high = 0.0, most
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        if effective_size(np.exp(middle * relative)) >= least:
            low = middle
        else:
            high = middle
    return low


def systematic(weights: FloatArray, u: float) -> IntArray:
    """(draws,): as many draws as there are ``weights`` (draws,), ascending, each ⌊D·w⌋ or ⌈D·w⌉ times.

    ``u`` in [0, 1) places the first. Equal weights pick every draw once. Kitagawa (1996).
    """
    w = np.asarray(weights, dtype=np.float64)
    count = len(w)
    if (w == w[0]).all():
        return np.arange(count, dtype=np.int64)
    reached = np.cumsum(w)
    at = (np.arange(count) + u) * (reached[-1] / count)
    # Rounding may put the last place at the very end, past every draw that weighs something.
    last = int(np.flatnonzero(w)[-1])
    return np.asarray(np.minimum(np.searchsorted(reached, at, side="right"), last), dtype=np.int64)
