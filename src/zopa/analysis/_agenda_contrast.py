"""Does the quarrel over scope change the outcome? One agenda against another, draw by draw, and reading by reading."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from zopa.case.draws import Draws, Evidence
from zopa.case.evidence import Bool
from zopa.result import FEW, LEAST, ReadingShare, Share, Verdict, by_reading, gap, verdict


@dataclass(frozen=True, slots=True)
class ReadingContrast:
    """The contrast of two agendas given that one reading of a party's aims is the right one; ``weight``: how often it
    is; ``more`` and ``less``: P(best) of each agenda then; ``cited``: the contrast with every assumed number at
    ignorance, None where the reading then hardly ever holds; ``clear``: whether its whole range lies beyond what shows
    in print."""

    party: str
    reading: str
    weight: Share
    more: Share
    less: Share
    value: float
    low: float
    high: float
    cited: float | None
    zero: float
    clear: bool


@dataclass(frozen=True, slots=True)
class Contrast:
    """How much more often the best package of one agenda suits all than that of another, paired draw by draw.

    ``more`` and ``less`` are places of rows: the longest agenda and the shortest one that somebody wants; ``readings``:
    the same under each reading of a party's aims.
    """

    more: int
    less: int
    value: float
    low: float
    high: float
    zero: float
    cited: float
    verdict: Verdict
    readings: tuple[ReadingContrast, ...]


def contrast(
    ways: Mapping[Evidence, Draws],
    more: tuple[int, Mapping[Evidence, Bool]],
    less: tuple[int, Mapping[Evidence, Bool]],
) -> Contrast:
    """The contrast of two agendas, each by its place and the draws in which its best package suits all."""
    change = {e: more[1][e].astype(float) - less[1][e].astype(float) for e in ways}
    spread = gap(more[1]["all"], ways["all"], less[1]["all"], ways["all"])
    says = verdict(change, ways)
    if says == "shows" and not (spread.low > LEAST or spread.high < -LEAST):
        # Unlike ignorance, yet no difference between the agendas that would show in print.
        says = "open"
    return Contrast(
        more=more[0],
        less=less[0],
        value=spread.mean,
        low=spread.low,
        high=spread.high,
        zero=float(change["none"].mean()),
        cited=float(change["cited"].mean()),
        verdict=says,
        readings=_by_reading(ways, more[1], less[1]),
    )


def _by_reading(
    ways: Mapping[Evidence, Draws], more: Mapping[Evidence, Bool], less: Mapping[Evidence, Bool]
) -> tuple[ReadingContrast, ...]:
    out = []
    change = {e: more[e].astype(float) - less[e].astype(float) for e in ways}
    drawn, zero = ways["all"], float(change["none"].mean())
    for longer, shorter in zip(by_reading(more, ways), by_reading(less, ways), strict=True):
        names = [reading.id for reading in drawn.case.file.readings[longer.party]]
        k = names.index(longer.reading)
        here, off = (ways[e].reading(longer.party) == k for e in ("all", "cited"))
        value, weight = float(change["all"][here].mean()), longer.weight
        # The mean over the reading's draws of what differs from its value tells how far the ratio may differ.
        spread = drawn.interval(np.where(here, change["all"] - value, 0.0), legal=None)
        # Its mean is nought but for rounding.
        low, high = value + min(0.0, spread.low) / weight, value + max(0.0, spread.high) / weight
        out.append(
            ReadingContrast(
                party=longer.party,
                reading=longer.reading,
                weight=Share(weight, longer.weight_low, longer.weight_high, longer.weight_zero or 0.0),
                more=_share(longer),
                less=_share(shorter),
                value=value,
                low=max(-1.0, low),
                high=min(1.0, high),
                cited=float(change["cited"][off].mean()) if off.sum() >= FEW else None,
                # Without evidence a reading sets nothing: the zero line of the whole is that of each reading.
                zero=zero,
                # The range is that over the grade table: what the draws cannot tell is not clear either.
                clear=(low > LEAST or high < -LEAST)
                and abs(value) > 2 * float(change["all"][here].std()) / float(here.sum()) ** 0.5,
            )
        )
    return tuple(out)


def _share(found: ReadingShare) -> Share:
    return Share(found.value, found.low, found.high, found.zero or 0.0)
