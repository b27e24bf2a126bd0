"""The pool of a case's members, once, in the joint cells, and every question as a sum of them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from zopa.case.draws import Evidence
from zopa.forecasting._members import Member
from zopa.methods.intervals import central_range
from zopa.methods.pooling import QUESTIONS, capped, clipped, exponent_of, pool
from zopa.methods.problem import FloatArray
from zopa.result import LEAST, Chance, Verdict

ROUNDING = 1e-6


@dataclass(frozen=True, eq=False)
class Pooled:
    """The pool by way to draw: ``outer`` (G, 9), ``mean`` (9,), and ``without`` (origins, 9) less each origin.

    ``weights`` by member as the case stands; ``error`` (9,) the Monte Carlo error of the simulation's part.
    """

    outer: Mapping[Evidence, FloatArray]
    mean: Mapping[Evidence, FloatArray]
    without: FloatArray
    weights: Mapping[str, float]
    exponent: float
    error: FloatArray

    def chance(self, given: Mapping[Evidence, FloatArray]) -> Chance:
        """The probability of something from its probability ``given`` (9,) each cell, by way to draw; 0 and 1 where
        it is a sum of cells."""
        series = {e: outer @ given[e] for e, outer in self.outer.items()}
        middle = {e: float(mean @ given[e]) for e, mean in self.mean.items()}
        low, high = _range(middle["all"], series["all"], legal=True)
        gain = middle["cited"] - middle["none"]
        gain_low, gain_high = _range(gain, series["cited"] - series["none"])
        apart = [float(cells @ given["all"]) for cells in self.without]
        return Chance(
            value=middle["all"],
            low=low,
            high=high,
            zero=middle["none"],
            cited=middle["cited"],
            gain=gain,
            gain_low=gain_low,
            gain_high=gain_high,
            error=float(np.sqrt((self.error**2) @ given["all"] ** 2)),
            verdict=_verdict(middle, series),
            lowest=min([middle["all"], *apart]),
            highest=max([middle["all"], *apart]),
        )


def pooled(members: tuple[Member, ...], *, learnt: float = 1.0) -> Pooled:
    """The geometric pool of the members with even weights, the simulation's at most a third; ``learnt`` is the exponent
    that holds where all of them rest on history."""
    ways: tuple[Evidence, ...] = ("all", "cited", "none")
    weights = {e: _weights(members, e) for e in ways}
    exponent = exponent_of(learnt, weights["all"], [m.history for m in members])

    def joined(cells: list[FloatArray], evidence: Evidence) -> FloatArray:
        # Who does not take part says nothing: its place is filled so that the arrays fit.
        stacked = clipped(np.stack(cells, axis=-2), QUESTIONS)
        return pool(stacked, weights[evidence], exponent=exponent)

    outer = {e: joined([m.outer[e] for m in members], e) for e in ways}
    simulation = next((k for k, m in enumerate(members) if m.name == "simulate"), None)
    error = np.zeros(outer["all"].shape[-1])
    if simulation is not None:
        drawn, cells = members[simulation].drawn["all"], members[simulation].cells["all"]
        share = float(weights["all"][simulation])
        error = share * np.array([moment.error for moment in drawn.many(cells)])
    return Pooled(
        outer=outer,
        mean={e: np.asarray(o.mean(axis=0)) for e, o in outer.items()},
        without=joined([m.without_each() for m in members], "all"),
        weights={m.name: float(w) for m, w in zip(members, weights["all"], strict=True)},
        exponent=exponent,
        error=error,
    )


def _weights(members: tuple[Member, ...], evidence: Evidence) -> FloatArray:
    even = np.array([float(evidence in m.votes) for m in members])
    at = next((k for k, m in enumerate(members) if m.name == "simulate" and even[k]), None)
    return np.asarray(even / even.sum()) if at is None else capped(even, at)


def _range(middle: float, series: FloatArray, *, legal: bool = False) -> tuple[float, float]:
    even = np.full(len(series), 1 / len(series))
    return central_range(middle, series, even, level=0.90, legal=(0.0, 1.0) if legal else None)


def _verdict(middle: Mapping[Evidence, float], series: Mapping[Evidence, FloatArray]) -> Verdict:
    """The record alone, and the case as it stands, must differ from the zero line alike, over the whole range."""
    # Weights of groups are sums in another order: what no claim bears on differs by rounding alone.
    if np.allclose(series["cited"], series["none"], rtol=0, atol=ROUNDING):
        return "silent"
    signs = []
    for evidence in ("cited", "all"):
        difference = middle[evidence] - middle["none"]
        low, high = _range(difference, series[evidence] - series["none"])
        signs.append(1 if low > LEAST else -1 if high < -LEAST else 0)
    return "shows" if signs[0] and signs[0] == signs[1] else "open"
