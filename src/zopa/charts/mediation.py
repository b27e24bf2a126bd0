"""What changes of circumstance gain: each a dot on the band of its range, with a tick at its gain without evidence."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from zopa.charts.chances import HasChance, even_lines
from zopa.charts.chart import Chart
from zopa.charts.style import BLUE, INK, LINE, MUTED, SIZE, base, chance_layers, rows, wrap
from zopa.words import Language, say

NARROW, NARROW_COLUMNS = 318, 42
"""Width of the picture on a phone, and columns of a name there."""
_ROW = 26
"""Pixels of a phone's row below the lines of its name."""
LEAST = 0.1
"""Gains that the axis shows at least, either way."""


@dataclass(frozen=True, slots=True)
class Step:
    """A change in words, what it gains, and whether it stands out."""

    label: str
    gain: HasChance
    strong: bool


def mediation_chart(steps: Sequence[Step], wish: str, described: str, lang: Language) -> Chart:
    """Gains of a wish, one row a change, in the order given."""
    title, note = say("mediation.chart-title", lang, wish=wish), say("mediation.chart-note", lang)
    return Chart(_wide(steps, lang), title, described, note, narrow=_narrow(steps, lang))


def _x(steps: Sequence[Step], lang: Language) -> dict[str, Any]:
    found = [v for s in steps for v in (s.gain.low, s.gain.high, s.gain.zero)]
    low, high = min([-LEAST / 2, *found]), max([LEAST, *found])
    return {
        "type": "quantitative",
        "title": say("mediation.chart-axis", lang),
        "scale": {"domain": [1.05 * low, 1.05 * high], "nice": False},
        "axis": {"labelExpr": "datum.value == 0 ? '0' : format(100 * datum.value, '+.0f')", "tickCount": 6},
    }


def _colour() -> dict[str, Any]:
    return {
        "field": "strong",
        "type": "nominal",
        "scale": {"domain": [True, False], "range": [BLUE, MUTED]},
        "legend": None,
    }


def _values(steps: Sequence[Step]) -> list[dict[str, Any]]:
    return [
        {
            "row": k,
            "value": s.gain.value,
            "low": s.gain.low,
            "high": s.gain.high,
            "zero": s.gain.zero,
            "strong": s.strong,
        }
        for k, s in enumerate(steps)
    ]


def _nothing() -> dict[str, Any]:
    """A line where nothing is gained."""
    return {
        "data": {"values": [{"at": 0}]},
        "mark": {"type": "rule", "color": MUTED, "strokeWidth": 1},
        "encoding": {"x": {"field": "at", "type": "quantitative"}, "y": None},
    }


def _wide(steps: Sequence[Step], lang: Language) -> dict[str, Any]:
    labels = [even_lines(s.label) for s in steps]
    spec = base(400)
    values = [{**row, "label": f"{row['row']}|{labels[row['row']]}"} for row in _values(steps)]
    names = {"labelExpr": "split(slice(datum.label, indexof(datum.label, '|') + 1), '\\n')"}
    y = {"field": "label", "type": "nominal", "title": None, "sort": {"field": "row"}, "axis": names}
    spec |= {"data": {"values": values}, "height": rows(labels), "encoding": {"y": y}}
    spec["layer"] = [_nothing(), *chance_layers(_x(steps, lang), colour=_colour())]
    return spec


def _narrow(steps: Sequence[Step], lang: Language) -> dict[str, Any]:
    """The same for a phone: each name on a line above its mark."""
    x = _x(steps, lang)
    values, top = [], 0
    for step, row in zip(steps, _values(steps), strict=True):
        label = wrap(step.label, NARROW_COLUMNS)
        name = LINE * (label.count("\n") + 1)
        start = x["scale"]["domain"][0]
        values.append(row | {"label": label, "over": top, "y": top + name + _ROW / 2 - 2, "start": start})
        top += name + _ROW
    y = {
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [0, max(top, _ROW)], "nice": False, "reverse": True},
    }
    layers = chance_layers(x, colour=_colour())
    # A bar has no height of its own on a scale of numbers: a rule as wide does.
    layers[0]["mark"] = {"type": "rule", "strokeWidth": 10, "opacity": 0.28}
    layers[1]["mark"]["orient"] = "vertical"
    named: dict[str, Any] = {
        "mark": {
            "type": "text",
            "align": "left",
            "baseline": "line-top",
            "color": INK,
            "fontSize": SIZE,
            "lineHeight": LINE,
        },
        "encoding": {"x": {**x, "field": "start"}, "y": {**y, "field": "over"}, "text": {"field": "label"}},
    }
    # The names stand on the lines of the scale: white around them keeps them to be read.
    halo = named | {"mark": {**named["mark"], "color": "white", "stroke": "white", "strokeWidth": 5}}
    return base(NARROW) | {
        "height": max(top, _ROW),
        "data": {"values": values},
        "encoding": {"y": {**y, "field": "y"}},
        "layer": [_nothing(), *layers, halo, named],
    }
