"""Where do weighted positions on one issue balance? Mean, median, compromise, and what each actor pulls.

Actors stand at positions on a scale, with a capability (what they could bring to bear) and a salience (how much of it
they would spend on this issue). The simplest forecasts weigh positions; nothing richer has yet been shown to do better
(Thomson, Stokman, Achen and König 2006, *The European Union Decides*, chapter 10; Schneider, Finke and Bailer 2010).
"""

import numpy as np

from zopa.methods.problem import FloatArray

EVEN = 1e-12
"""Weights that differ from one half of the total by less than this share of it are one half."""


def weighted_mean(positions: FloatArray, weights: FloatArray) -> FloatArray:
    """(…,) mean of ``positions`` (…, actors) by ``weights`` of the same shape; plain where all weights are zero."""
    w = _weights(positions, weights)
    return np.asarray((positions * w).sum(axis=-1) / w.sum(axis=-1))


def compromise(positions: FloatArray, capability: FloatArray, salience: FloatArray) -> FloatArray:
    """(…,) outcome of the compromise model: mean of positions by capability × salience.

    Van den Bos (1991), *Dutch EC Decision Making*; Achen (2006, in *The European Union Decides*, chapter 4) derives it
    as a first-order approximation of the Nash bargaining solution where no agreement is what all fear most.
    """
    return weighted_mean(positions, capability * salience)


def weighted_median(positions: FloatArray, weights: FloatArray) -> FloatArray:
    """(…,) position with at most half of the weight on either side: the one no other beats in a vote by distance.

    Black (1948), On the Rationale of Group Decision-making. Where a whole stretch qualifies, its middle, so that a
    scale written the other way round gives the same point.
    """
    w = _weights(positions, weights)
    order = np.argsort(positions, axis=-1, kind="stable")
    x, w = np.take_along_axis(positions, order, axis=-1), np.take_along_axis(w, order, axis=-1)
    total = np.cumsum(w, axis=-1)
    share = total / total[..., -1:]
    low = (share >= 0.5 - EVEN).argmax(axis=-1)
    high = (share > 0.5 + EVEN).argmax(axis=-1)
    ends = [np.take_along_axis(x, k[..., None], axis=-1)[..., 0] for k in (low, high)]
    return np.asarray((ends[0] + ends[1]) / 2)


def pulls(positions: FloatArray, weights: FloatArray) -> FloatArray:
    """(…, actors) how far the weighted mean stands from where it would be without each actor.

    Positive: the actor draws the outcome up the scale. Zero for a sole actor.
    """
    w = _weights(positions, weights)
    total, moment = w.sum(axis=-1, keepdims=True), (positions * w).sum(axis=-1, keepdims=True)
    rest = total - w
    others = positions.shape[-1] - 1
    # Without the only actor that weighs anything the rest weigh alike.
    plain = (positions.sum(axis=-1, keepdims=True) - positions) / max(others, 1)
    left = np.where(rest > EVEN * total, (moment - positions * w) / np.where(rest > 0, rest, 1.0), plain)
    return np.asarray(moment / total - left) if others else np.zeros_like(positions)


def _weights(positions: FloatArray, weights: FloatArray) -> FloatArray:
    """Weights checked against the positions; ones where a whole row is zero."""
    if positions.shape != weights.shape or positions.shape[-1] < 1:
        raise ValueError(
            f"positions and weights need one number an actor each, not {positions.shape} and {weights.shape}"
        )
    if not (np.isfinite(weights).all() and (weights >= 0).all()):
        raise ValueError("weights must be finite and not negative")
    return np.asarray(np.where(weights.sum(axis=-1, keepdims=True) > 0, weights, 1.0))
