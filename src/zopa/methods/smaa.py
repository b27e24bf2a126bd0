"""Which alternatives could be somebody's best, and for which weights? Multicriteria acceptability analysis.

SMAA-2 (Lahdelma and Salminen 2001): instead of asking for weights, it says for every alternative how large a part of
the possible weights and criteria values puts it on each rank, and which weights a supporter of it typically has.
Criteria values and weights are drawn; utility is their weighted sum.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zopa.methods.problem import TOLERANCE, FloatArray, IntArray, checked_parties, groups_of

CELLS = 20_000_000
"""Utilities held at once while ranks and confidence factors are counted, 160 MB; more draws are taken in turns."""


@dataclass(frozen=True, slots=True, eq=False)
class Acceptability:
    """SMAA-2's descriptive measures, one row per alternative.

    ``ranks`` (alternatives, ranks): share of draws in which the alternative has rank 1, 2, …; alternatives that are
    equal share the better rank, so a column may sum to more than one. ``central_weights`` (alternatives, criteria):
    mean weights of the draws that rank it first, not a number where none does. ``confidence`` (alternatives,): share of
    the draws of criteria values in which it is first if its central weights are the weights; 0 where it has none.
    """

    ranks: FloatArray
    central_weights: FloatArray
    confidence: FloatArray

    @property
    def first(self) -> FloatArray:
        """(alternatives,): the acceptability index, the share of draws that rank the alternative first."""
        return self.ranks[:, 0]


@dataclass(frozen=True, slots=True, eq=False)
class JointAcceptability:
    """Share of draws in which each alternative is at least as good as not meeting.

    ``by_party`` (parties, alternatives), ``joint`` (alternatives,) for all parties in the same draw; ``some`` the share
    of draws in which at least one alternative suits all; ``joint_hits`` (groups, alternatives), ``some_hits`` and
    ``group_sizes`` (groups,) the draws behind them.
    """

    by_party: FloatArray
    joint: FloatArray
    some: float
    joint_hits: IntArray
    some_hits: IntArray
    group_sizes: IntArray


def flat_weights(uniforms: FloatArray) -> FloatArray:
    """Weights that are equally likely to be anything adding up to one, from uniforms in (0, 1) of the same shape.

    −log u is a unit exponential; exponentials over their sum are flat Dirichlet. The last axis runs over criteria; one
    criterion always has weight 1. Equal streams give equal ratios whatever other criteria are there.
    """
    u = np.asarray(uniforms, dtype=np.float64)
    if u.ndim == 0 or u.shape[-1] == 0 or not ((u > 0.0) & (u < 1.0)).all():
        raise ValueError("uniforms must lie strictly between 0 and 1, with at least one criterion")
    shares = -np.log(u)
    return np.asarray(shares / shares.sum(axis=-1, keepdims=True), dtype=np.float64)


def weighted_utilities(criteria: FloatArray, weights: FloatArray) -> FloatArray:
    """(draws, alternatives): ``criteria`` (draws, alternatives, criteria) added up by ``weights`` (draws, criteria)."""
    x, w = np.asarray(criteria, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    if x.ndim != 3 or w.shape != (x.shape[0], x.shape[2]) or 0 in x.shape:
        raise ValueError(
            f"criteria of shape {x.shape} need weights of shape (draws, criteria), not {w.shape}; none may be empty"
        )
    if not (np.isfinite(x).all() and np.isfinite(w).all()) or (w < 0.0).any():
        raise ValueError("criteria and weights must be finite, and weights not negative")
    return np.asarray(np.matmul(x, w[:, :, None])[:, :, 0], dtype=np.float64)


def ranks_of(utilities: FloatArray) -> IntArray:
    """(draws, alternatives): one plus the number of alternatives that are better in that draw."""
    utilities = np.asarray(utilities, dtype=np.float64)
    draws, count = utilities.shape
    room = TOLERANCE * np.maximum(1.0, np.abs(utilities).max(axis=1, initial=0.0))
    ranks = np.ones((draws, count), dtype=np.int64)
    for other in range(count):
        ranks += utilities[:, other, None] > utilities + room[:, None]
    return ranks


def acceptability(criteria: FloatArray, weights: FloatArray) -> Acceptability:
    """Rank acceptability, central weights and confidence factors of each alternative for one party.

    ``criteria`` (draws, alternatives, criteria), larger is better; ``weights`` (draws, criteria). Lahdelma and Salminen
    (2001), "SMAA-2: stochastic multicriteria acceptability analysis for group decision making", Operations Research 49.
    """
    utilities = weighted_utilities(criteria, weights)
    x, w = np.asarray(criteria, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    draws, count = utilities.shape
    ranks = ranks_of(utilities)
    shares = np.stack([np.bincount(ranks[:, a] - 1, minlength=count) for a in range(count)]) / draws
    central = np.full((count, w.shape[1]), np.nan)
    confidence = np.zeros(count)
    width = max(1, CELLS // count)
    for a in range(count):
        first = ranks[:, a] == 1
        if not first.any():
            continue
        central[a] = w[first].mean(axis=0)
        held = 0
        for start in range(0, draws, width):
            held += int((ranks_of(x[start : start + width] @ central[a])[:, a] == 1).sum())
        confidence[a] = held / draws
    return Acceptability(shares, central, confidence)


def holistic(ranks: FloatArray, meta_weights: Sequence[float] | None = None) -> FloatArray:
    """(alternatives,): rank acceptabilities added up by the worth of each rank, from 1 for the first.

    ``ranks`` (alternatives, ranks). Without ``meta_weights`` the centroid weights of the paper are taken: rank r of m
    is worth the sum of 1/i for i = r … m, over the same sum from 1. Given ones must not grow with the rank.
    """
    shares = np.asarray(ranks, dtype=np.float64)
    count = shares.shape[1]
    if meta_weights is None:
        tails = np.cumsum(1.0 / np.arange(count, 0, -1))[::-1]
        worth = tails / tails[0]
    else:
        worth = np.asarray(meta_weights, dtype=np.float64)
        if worth.shape != (count,) or (np.diff(worth) > 0.0).any() or (worth < 0.0).any():
            raise ValueError(
                f"meta_weights must be {count} numbers, none negative and none larger than the one before"
            )
    return np.asarray(shares @ worth, dtype=np.float64)


def joint_acceptability(
    utilities: FloatArray,
    no_meeting: FloatArray,
    *,
    group: IntArray | None = None,
    parties: Sequence[int] | None = None,
    strict: bool = False,
) -> JointAcceptability:
    """Share of draws in which an alternative is worth meeting for each party, and for all of them in the same draw.

    ``utilities`` (draws, parties, alternatives), ``no_meeting`` (draws, parties) the value of not meeting, ``group``
    (draws,) the outer group of each draw from 0. Acceptable at that value, above it if ``strict``.
    """
    u, floor = np.asarray(utilities, dtype=np.float64), np.asarray(no_meeting, dtype=np.float64)
    if u.ndim != 3 or 0 in u.shape or floor.shape != u.shape[:2]:
        raise ValueError(
            f"utilities of shape {u.shape} need no_meeting of shape (draws, parties), not {floor.shape}, nothing empty"
        )
    if not (np.isfinite(u).all() and np.isfinite(floor).all()):
        raise ValueError("utilities and no_meeting must be finite")
    if parties is not None:
        chosen = checked_parties(parties, u.shape[1])
        u, floor = u[:, chosen], floor[:, chosen]
    room = TOLERANCE * np.maximum(np.abs(u).max(axis=2), np.abs(floor))
    accepts = u >= (floor + room if strict else floor - room)[:, :, None]
    together = accepts.all(axis=1)
    member, groups = groups_of(group, len(u))
    hits = np.zeros((groups, u.shape[2]), dtype=np.int64)
    np.add.at(hits, member, together)
    any_hits = np.bincount(member, weights=together.any(axis=1), minlength=groups).astype(np.int64)
    return JointAcceptability(
        by_party=accepts.mean(axis=0),
        joint=together.mean(axis=0),
        some=float(together.any(axis=1).mean()),
        joint_hits=hits,
        some_hits=any_hits,
        group_sizes=np.bincount(member, minlength=groups),
    )
