"""Differences that a change makes: each a dot on its range, with the difference of the zero lines as a tick."""

from collections.abc import Sequence
from dataclasses import dataclass

from zopa.charts.chances import COLUMNS
from zopa.charts.chart import Chart
from zopa.charts.style import BLUE, MUTED, base, chance_layers, rows, wrap
from zopa.words import Language, say

LEAST = 0.05
"""The axis reaches this far on either side at least: noise is not to fill it."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One difference of probabilities with its range, and that of its zero lines."""

    label: str
    value: float
    low: float
    high: float
    zero: float


def whatif_chart(bars: Sequence[Bar], described: str, lang: Language) -> Chart:
    """One row a number; ``described`` says in words what is to be seen."""
    labels = [wrap(bar.label, COLUMNS) for bar in bars]
    values = [
        {
            "label": f"{label}",
            "value": 100 * bar.value,
            "low": 100 * bar.low,
            "high": 100 * bar.high,
            "zero": 100 * bar.zero,
        }
        for bar, label in zip(bars, labels, strict=True)
    ]
    reach = 100 * max([LEAST, *(abs(end) for bar in bars for end in (bar.low, bar.high, bar.zero))])
    x = {
        "type": "quantitative",
        "title": say("whatif.axis", lang),
        "scale": {"domain": [-reach, reach], "nice": True},
        "axis": {"format": "+d", "tickMinStep": 1},
    }
    spec = base(440)
    spec["height"] = rows(labels)
    spec["data"] = {"values": values}
    spec["encoding"] = {"y": {"field": "label", "type": "nominal", "sort": labels, "title": None}}
    nothing = {"mark": {"type": "rule", "color": MUTED}, "encoding": {"x": {**x, "datum": 0}, "y": None}}
    spec["layer"] = [nothing, *chance_layers(x, colour=BLUE)]
    return Chart(spec, say("whatif.chart-title", lang), described, say("whatif.chart-note", lang))
