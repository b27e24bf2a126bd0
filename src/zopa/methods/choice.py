"""How likely was it to choose this? One move of a party as a choice among alternatives, by what each was worth to it.

A party of rationality λ chooses in proportion to exp(λ·u), u the expected utility on its own 0–1 scale: the logit of
Luce (1959) and McFadden (1974). λ = 0 is a choice by lot, a large λ always takes the best. With w the weight of the
report, one move has probability
    P = w · P(nest) · P(alternative | nest) + (1 − w) · 1/(nests) · 1/(members of the nest),
so that a doubted move counts like one made by lot.

Near-identical alternatives form one nest, or the count of ways in which a choice is written down would change its
probability (Debreu 1960: the red bus and the blue bus). A nest is worth the logarithm of the mean of exp(λ·u) over its
members: the nested logit of McFadden (1978) with the term for the number of members taken out, so that saying an
alternative twice lends it no weight. Within a nest the choice is a logit again. Members of one nest that are worth the
same in every draw cannot be told apart by a choice; they are one member. Saying an alternative twice in its nest
therefore changes nothing at all, and members that differ a little change P by a factor common to all draws.

Debreu (1960), review of Luce's Individual Choice Behavior, American Economic Review 50; McFadden (1974), "Conditional
logit analysis of qualitative choice behavior"; McFadden (1978), "Modelling the choice of residential location".
"""

from collections.abc import Sequence
from functools import reduce

import numpy as np

from zopa.methods.problem import FloatArray, IntArray

MEDIAN = 6.0
"""Median rationality: of two alternatives a fifth of the party's scale apart the better one is taken three times in
four (1 / (1 + exp(−6 · 0.2)) = 0.77)."""
FACTOR = 3.0
"""The 5 and 95 % points lie this factor below and above the median, at 2 and 18."""
SPREAD = float(np.log(FACTOR) / 1.6448536269514722)
"""Standard deviation of the logarithm of rationality; below it stands the 95 % point of the standard normal."""
OPEN = 1e-12
"""Uniform numbers are kept this far from 0 and 1, where the normal quantile has no value."""


def rationality(u: FloatArray) -> FloatArray:
    """(draws,): rationality λ, lognormal with median 6 and 5–95 % range 2–18, from uniform numbers (draws,).

    Per unit of the party's own 0–1 scale. ValueError where a number lies outside [0, 1].
    """
    from scipy.special import ndtri

    p = np.asarray(u, dtype=np.float64)
    if not ((p >= 0.0) & (p <= 1.0)).all():
        raise ValueError("u must lie between 0 and 1")
    return np.asarray(MEDIAN * np.exp(SPREAD * ndtri(np.clip(p, OPEN, 1.0 - OPEN))), dtype=np.float64)


def log_choice(
    utilities: FloatArray,
    chosen: int,
    *,
    rationality: FloatArray | float,
    weight: FloatArray | float,
    nests: IntArray | Sequence[int],
) -> FloatArray:
    """(draws,): log probability of one move in every draw.

    ``utilities`` (draws, alternatives) expected utility to the mover on its own 0–1 scale, ``chosen`` the index of the
    alternative taken, ``rationality`` (draws,) at least 0, ``weight`` (draws,) or one number from 0 to 1: how sure it
    is that the move was made as reported; ``nests`` (alternatives,) any whole numbers, equal within a nest. Where
    rationality or weight is 0 the result is the same number to the last bit, whatever the utilities. ValueError
    otherwise.
    """
    (found,) = log_choices(utilities, [chosen], rationality=rationality, weight=weight, nests=nests)
    return found


def log_choices(
    utilities: FloatArray,
    chosen: Sequence[int],
    *,
    rationality: FloatArray | float,
    weight: FloatArray | float,
    nests: IntArray | Sequence[int],
) -> tuple[FloatArray, ...]:
    """``log_choice`` of each alternative in ``chosen``, had it been taken; what they share is worked out once."""
    u, rational, sure, labels = _checked(utilities, chosen, rationality, weight, nests)
    columns = [np.ascontiguousarray(u[:, alternative]) for alternative in range(len(labels))]
    scaled = [rational * column for column in columns]
    members: dict[int, list[int]] = {}
    for alternative, label in enumerate(labels):
        nest = members.setdefault(label, [])
        if not any(np.array_equal(columns[alternative], columns[other]) for other in nest):
            nest.append(alternative)
    worth = {label: _log_mean_exp([scaled[k] for k in nest]) for label, nest in members.items()}
    every = _log_mean_exp(list(worth.values()))
    out = []
    for alternative in chosen:
        own = labels[alternative]
        ratio = scaled[alternative] - worth[own] + (worth[own] - every)
        by_lot = -np.log(float(len(members))) - np.log(float(len(members[own])))
        out.append(np.asarray(by_lot + _doubted(ratio, sure), dtype=np.float64))
    return tuple(out)


def _checked(
    utilities: FloatArray,
    chosen: Sequence[int],
    rationality: FloatArray | float,
    weight: FloatArray | float,
    nests: IntArray | Sequence[int],
) -> tuple[FloatArray, FloatArray, FloatArray, list[int]]:
    u = np.asarray(utilities, dtype=np.float64)
    if u.ndim != 2 or 0 in u.shape or not np.isfinite(u).all():
        raise ValueError(f"utilities must be finite, of shape (draws, alternatives), not {u.shape}")
    draws, count = u.shape
    for alternative in chosen:
        if not 0 <= alternative < count:
            raise ValueError(f"chosen is {alternative}, but there are {count} alternatives, from 0")
    labels = [int(label) for label in nests]
    if len(labels) != count:
        raise ValueError(f"nests needs one label an alternative, {count}, not {len(labels)}")
    rational, sure = (np.asarray(a, dtype=np.float64) for a in (rationality, weight))
    if rational.shape not in {(), (draws,)} or sure.shape not in {(), (draws,)}:
        raise ValueError(f"rationality and weight must be numbers or of shape ({draws},)")
    if not (np.isfinite(rational).all() and (rational >= 0.0).all()):
        raise ValueError("rationality must be finite and not negative")
    if not ((sure >= 0.0) & (sure <= 1.0)).all():
        raise ValueError("weight must lie between 0 and 1")
    return u, np.broadcast_to(rational, (draws,)), np.broadcast_to(sure, (draws,)), labels


def _log_mean_exp(columns: Sequence[FloatArray]) -> FloatArray:
    """log of the mean of exp over the columns, (draws,); exactly 0 where all are 0."""
    if len(columns) == 1:
        return columns[0]
    peak = reduce(np.maximum, columns)
    total = reduce(np.add, [np.exp(column - peak) for column in columns])
    return np.asarray(peak + np.log(total / len(columns)))


def _doubted(ratio: FloatArray, sure: FloatArray) -> FloatArray:
    """log(w·exp(ratio) + 1 − w), exactly 0 where w or ``ratio`` is 0; the ratio is that to a choice by lot."""
    certain = sure == 1.0
    if (certain | (sure == 0.0)).all():
        return np.where(certain, ratio, 0.0)
    # Far below a choice by lot exp(ratio) is lost beside the 1 of log1p; near it the sum of logarithms is not exact.
    found = np.log1p(sure * np.expm1(np.maximum(ratio, -1.0)))
    far = ratio <= -1.0
    with np.errstate(divide="ignore"):
        found[far] = np.logaddexp(np.log(sure[far]) + ratio[far], np.log1p(-sure[far]))
    return found
