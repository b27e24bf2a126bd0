"""Rankings of states as arrays: prioritised statements, option weights, direct rankings, and single pairs.

A ranking is int32, larger is better, equal numbers are ties; only the order of the numbers means anything.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Bool = NDArray[np.bool_]
Array = NDArray[np.float64]
Ranks = NDArray[np.int32]
Signs = NDArray[np.int8]
Places = NDArray[np.int64]

BITS = 31
"""Statements whose score fits an int32 with a sign."""
DIGITS = 12
"""Decimals to which scores of weights are told apart: sums of the same weights in another order are ties."""


def by_priority(truth: Bool, *, places: Places, signs: Signs) -> Ranks:
    """Rankings by prioritised statements, (draws, S): the first statement on which two states differ decides.

    ``truth`` (m, S) where each statement holds; ``places`` (draws, m) its place in the order, 0 first, all different;
    ``signs`` (draws, m): 1 the party would rather have it hold, −1 rather not, 0 it does not rank by it. Statement O_j
    adds 2^(m−j) to the score of a state that meets it, j counted from 1 (Hipel, Kilgour, Fang & Peng 1997, option
    prioritising); beyond 31 statements the scores are built up in blocks, exactly, whatever their number.
    """
    draws, m = places.shape
    ranks: Ranks | None = None
    for first in range(0, max(m, 1), BITS):
        at = first + BITS - 1 - places
        inside = (at >= 0) & (at < BITS)
        weights = np.where(inside, np.left_shift(1, np.where(inside, at, 0)) * signs, 0).astype(np.int32)
        score = np.zeros((draws, truth.shape[1]), dtype=np.int32)
        for j in np.flatnonzero(weights.any(axis=0)):
            # Most statements hold in a part of the states only, and the rest would add nothing.
            score[:, truth[j]] += weights[:, j, None]
        ranks = score if ranks is None else lexicographic([ranks, score])
    assert ranks is not None
    return ranks


def by_weights(truth: Bool, *, weights: Array) -> Ranks:
    """Rankings by weighted statements, (draws, S): a state is worth the sum of the weights of what holds in it.

    ``truth`` (m, S); ``weights`` (draws, m), negative where the party would rather not have it hold, 0 where it does
    not rank by it. Option weighting as in the graph model's decision support (Fang, Hipel, Kilgour & Peng 2003).
    """
    return dense(np.round(weights @ truth.astype(np.float64), DIGITS))


def direct(tiers: Sequence[Sequence[int]], *, states: int) -> Ranks:
    """The ranking (S,) that lists state indices, best first, each inner list a tie; states not listed come last,
    alike."""
    ranks = np.zeros(states, dtype=np.int32)
    for k, tier in enumerate(reversed(tiers), start=1):
        ranks[list(tier)] = k
    return ranks


def dense(scores: NDArray[np.generic]) -> Ranks:
    """Ranks from 0 along the last axis, without gaps, equal for equal scores."""
    order = np.argsort(scores, axis=-1)
    along = np.take_along_axis(scores, order, axis=-1)
    steps = np.zeros(scores.shape, dtype=np.int32)
    steps[..., 1:] = along[..., 1:] != along[..., :-1]
    out = np.empty(scores.shape, dtype=np.int32)
    np.put_along_axis(out, order, np.cumsum(steps, axis=-1, dtype=np.int32), axis=-1)
    return out


def lexicographic(criteria: Sequence[Ranks]) -> Ranks:
    """Rankings (…, S) by several rankings one after the other: a later one decides where all before it tie."""
    joint = dense(criteria[0])
    for later in criteria[1:]:
        below = dense(later)
        joint = dense(joint.astype(np.int64) * (int(below.max(initial=0)) + 1) + below)
    return joint


def random_extension(keys: Array, *, fixed: Bool) -> Places:
    """Places (draws, m) in an order in which the fixed ones keep their sequence and all others stand anywhere.

    ``keys`` (draws, m) uniform, one a statement. All orders that keep the fixed ones in sequence are equally likely:
    the fixed ones share out their own keys, smallest first.
    """
    # Sorting the fixed keys among themselves: those of the others are put out of the way, beyond all keys.
    own = np.sort(np.where(fixed, keys, 2.0), axis=1)
    turn = np.cumsum(fixed, axis=1) - 1
    used = np.where(fixed, np.take_along_axis(own, np.maximum(turn, 0), axis=1), keys)
    return np.argsort(np.argsort(used, axis=1, kind="stable"), axis=1, kind="stable")


def preferred(ranks: Ranks, *, prefers: NDArray[np.int64], unknown: NDArray[np.int64]) -> Bool:
    """Whether state q is preferred to state s, (…, S, S) at [s, q]: by rank, but where single pairs say otherwise.

    ``ranks`` (…, S); ``prefers`` (k, 2) pairs of indices, the better first; ``unknown`` (k, 2) pairs of which neither
    is known to be better. The relation need not be transitive; a pair that is both overridden and unknown is unknown.
    """
    better = np.asarray(ranks[..., None, :] > ranks[..., :, None])
    for good, bad in prefers:
        better[..., bad, good] = True
        better[..., good, bad] = False
    for a, b in unknown:
        better[..., a, b] = False
        better[..., b, a] = False
    return better
