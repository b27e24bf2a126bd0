"""Skill against a forecaster without any: how much better, how surely, and from when on that is called proven."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from zopa.methods.problem import FloatArray, IntArray
from zopa.methods.scoring import bootstrap_difference

ENOUGH = 30
"""Resolved questions below which no skill is called proven."""
Proof = Literal["better", "worse", "not-yet"]


@dataclass(frozen=True, slots=True)
class Against:
    """Skill against a forecaster without any: mean Brier difference (below 0: better) with its 90 % interval, the share
    of its Brier score that is saved, on the ``n`` questions that have it, and whether that is proven."""

    baseline: str
    n: int
    difference: float | None
    low: float | None
    high: float | None
    skill: float | None
    proof: Proof


def unknown(name: str) -> Against:
    """Where no question has come out that both forecast."""
    return Against(name, 0, None, None, None, None, "not-yet")


def compared(name: str, mine: FloatArray, other: FloatArray, cases: Sequence[str], seed: int) -> Against:
    """The mean difference and its interval: the wider one of those over questions and over whole cases."""
    found = bootstrap_difference(mine, other, seed=seed)
    low, high = found.low, found.high
    _, member = np.unique(np.array(cases), return_inverse=True)
    clusters: IntArray = np.asarray(member, dtype=np.int64)
    if clusters.max() > 0:
        whole = bootstrap_difference(mine, other, clusters=clusters, seed=seed)
        low, high = min(low, whole.low), max(high, whole.high)
    proof: Proof = "not-yet"
    if len(mine) >= ENOUGH and (high < 0 or low > 0):
        proof = "better" if high < 0 else "worse"
    usual = float(other.mean())
    skill = 1 - float(mine.mean()) / usual if usual > 0 else None
    return Against(name, len(mine), found.mean, low, high, skill, proof)
