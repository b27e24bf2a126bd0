"""How one side ranks the settings: SMAA-2's measures, each with its range over the grade table and its zero line.

Rank acceptabilities, central weights and confidence factors as Lahdelma and Salminen (2001) define them are single
numbers. Their ranges are those of the shares and of the mean of some draws that they are; central weights are held
where they are while the range of the confidence factor is told.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from zopa.case.draws import Draws, Evidence
from zopa.case.meeting import Meeting
from zopa.estimate import Array
from zopa.methods.intervals import Interval
from zopa.methods.problem import TOLERANCE
from zopa.methods.smaa import Acceptability, acceptability, ranks_of, weighted_utilities
from zopa.result import Share


@dataclass(frozen=True, slots=True)
class Ranked:
    """One setting as one side ranks it: shares of the draws with rank 1, 2, …; mean weights by criterion of the draws
    that rank it first, empty where none does; share of draws in which it is first with these. The zero line of the
    last two is not a number where it is never first without evidence."""

    ranks: tuple[Share, ...]
    central: Mapping[str, Share]
    confidence: Share | None


def ranked(
    ways: Mapping[Evidence, Draws], made: Mapping[Evidence, Meeting], party: int
) -> tuple[Ranked, ...]:
    """Every setting as one party ranks it."""
    drawn, met = ways["all"], made["all"]
    found, blank = (
        acceptability(made[e].criteria_of(party), made[e].weights[:, party]) for e in ("all", "none")
    )
    scores, weights = met.criteria_of(party), met.weights[:, party]
    ranks = ranks_of(weighted_utilities(scores, weights))
    out = []
    for k in range(len(met.settings)):
        spread = drawn.intervals(_series(scores, weights, ranks, found, k))
        out.append(_of(met, blank, spread, k))
    return tuple(out)


def _series(scores: Array, weights: Array, ranks: np.ndarray, found: Acceptability, k: int) -> Array:
    """(D, columns): whether a setting has each rank; its central weights as ratios, whose deviations are those to
    first order; whether it is first with these. Without central weights the ranks alone."""
    count = scores.shape[1]
    held = (ranks[:, k, None] == np.arange(1, count + 1)).astype(float)
    central = found.central_weights[k]
    if not np.isfinite(central).all():
        return np.asarray(held)
    first = held[:, :1] > 0
    ratio = central + np.where(first, weights - central, 0.0) / first.mean()
    utility = scores @ central
    best = utility[:, k] >= utility.max(axis=1) - TOLERANCE * np.maximum(1.0, np.abs(utility).max(axis=1))
    return np.concatenate([held, ratio, best[:, None]], axis=1)


def _of(met: Meeting, blank: Acceptability, spread: tuple[Interval, ...], k: int) -> Ranked:
    count = len(met.settings)
    ranks = [_share(s, zero) for s, zero in zip(spread[:count], blank.ranks[k], strict=True)]
    if len(spread) == count:
        return Ranked(tuple(ranks), {}, None)
    weights = blank.central_weights[k]
    central = {
        criterion: _share(s, zero)
        for criterion, s, zero in zip(met.criteria, spread[count:-1], weights, strict=True)
    }
    ever = bool(np.isfinite(weights).all())
    last = _share(spread[-1], float(blank.confidence[k]) if ever else float("nan"))
    return Ranked(tuple(ranks), central, last)


def _share(found: Interval, zero: float) -> Share:
    return Share(found.mean, found.low, found.high, float(zero))
