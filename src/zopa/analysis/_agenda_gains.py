"""What an agenda adds to the status quo: medians over draws, their ranges, and the zero line of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from zopa.analysis._agenda_measure import Measured, over_status_quo, spaced, spread_of_part
from zopa.case.draws import Draws, Evidence
from zopa.estimate import Array


@dataclass(frozen=True, slots=True)
class Added:
    """Numbers of one agenda by name: ``mutual``, ``better``, ``joint_gain``, and ``nash.`` and ``gain.`` with a party.

    ``values`` as the case stands; ``ranges``: 5th and 95th percentile over draws, of ``mutual``, which is a share of
    them, its range over the grade table; ``zeros``: the same as ``values`` without any evidence. Names with a party are
    missing where fewer than half of the draws have a Nash point.
    """

    values: Mapping[str, float]
    ranges: Mapping[str, tuple[float, float]]
    zeros: Mapping[str, float]

    def by_party(self, name: str, parties: Sequence[str]) -> Mapping[str, float] | None:
        """One of the two numbers of the Nash point by party, None where it is missing."""
        found = {p: self.values[f"{name}.{p}"] for p in parties if f"{name}.{p}" in self.values}
        return found or None


def added(measured: Measured, parties: Sequence[str], drawn: Draws) -> Added:
    """What one agenda adds, as the case stands (``drawn``) and without any evidence."""
    values, series = _numbers(measured, "all", parties)
    zeros, _ = _numbers(measured, "none", parties)
    there = series["better"] > 0
    _, *ends = spread_of_part(drawn, there.astype(float), spaced(drawn.n, len(there)))
    ranges = {"mutual": (ends[0], ends[1])}
    for name, numbers in series.items():
        low, high = np.quantile(numbers, [0.05, 0.95])
        ranges[name] = float(low), float(high)
    return Added(values, ranges, zeros)


def _numbers(
    measured: Measured, evidence: Evidence, parties: Sequence[str]
) -> tuple[dict[str, float], dict[str, Array]]:
    """The numbers shown, and the series over draws behind those that are medians."""
    gains, now = over_status_quo(measured, evidence)
    there = gains.better > 0
    series = {"better": gains.better, "joint_gain": gains.joint}
    if 2 * int(there.sum()) >= len(there):
        gain, nash = gains.gain[there], (gains.gain + now)[there]
        series |= {f"nash.{p}": nash[:, k] for k, p in enumerate(parties)}
        series |= {f"gain.{p}": gain[:, k] for k, p in enumerate(parties)}
    return {"mutual": float(there.mean())} | {
        name: float(np.median(numbers)) for name, numbers in series.items()
    }, series
