"""Positions on an issue's scale: actors, and where models say that the weight balances."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from zopa.charts.chart import Chart
from zopa.charts.style import BLUE, INK, LINE, MUTED, SIZE, ZERO, base, rows, wrap
from zopa.words import Language, say

WIDTH = 440
COLUMN = 7.4
"""Width of one column of a label in pixels, for breaking option names."""
NARROW = 318
"""Width of the picture on a phone."""
NARROW_COLUMNS = 42
_ROW = 26
"""Pixels of a phone's row below the lines of its name."""


class HasRange(Protocol):
    """What the chart takes of a place on the scale."""

    @property
    def value(self) -> float:
        """Mean over draws."""
        ...

    @property
    def least(self) -> float:
        """5th percentile of the draws."""
        ...

    @property
    def most(self) -> float:
        """95th percentile of the draws."""
        ...

    @property
    def zero(self) -> float:
        """The mean at total ignorance."""
        ...


@dataclass(frozen=True, slots=True)
class Mark:
    """One row: an actor, or a model's outcome."""

    label: str
    at: HasRange
    kind: Literal["actor", "model"]


@dataclass(frozen=True, slots=True)
class Panel:
    """One issue: its name, the names of its options in order along the scale, and its rows."""

    title: str
    options: Sequence[str]
    marks: Sequence[Mark]


def influence_chart(panels: Sequence[Panel], described: str, lang: Language) -> Chart:
    """One picture an issue, one below the other; ``described`` says in words what is to be seen."""
    specs = [_stacked([make(panel, lang) for panel in panels]) for make in (_panel, _narrow)]
    title, note = say("influence.chart-title", lang), say("influence.chart-note", lang)
    return Chart(specs[0], title, described, note, narrow=specs[1])


def _stacked(made: Sequence[dict[str, Any]]) -> dict[str, Any]:
    spec = base()
    if len(made) == 1:
        return spec | made[0]
    del spec["width"]
    return spec | {"vconcat": list(made), "spacing": 30}


def _panel(panel: Panel, lang: Language) -> dict[str, Any]:
    labels = [wrap(mark.label, 26) for mark in panel.marks]
    values = [
        {"label": f"{k}|{label}", **row}
        for k, (label, row) in enumerate(zip(labels, _values(panel), strict=True))
    ]
    x = _axis(panel, lang)
    colour, shape = _kinds()
    # Room for a mark that stands at the very start of the scale.
    names = {
        "labelExpr": "split(slice(datum.label, indexof(datum.label, '|') + 1), '\\n')",
        "labelPadding": 14,
    }
    y = {"field": "label", "type": "nominal", "title": None, "sort": {"field": "row"}, "axis": names}
    return {
        "width": WIDTH,
        "height": rows(labels),
        "data": {"values": values},
        "encoding": {"y": y},
        "layer": [
            {
                "mark": {"type": "bar", "height": 10, "opacity": 0.28, "cornerRadius": 5},
                "encoding": {"x": {**x, "field": "least"}, "x2": {"field": "most"}, "color": colour},
            },
            {
                "transform": [{"filter": "isValid(datum.zero)"}],
                "mark": {"type": "tick", "thickness": 2, "height": 20, "color": ZERO},
                "encoding": {"x": {**x, "field": "zero"}},
            },
            {
                "mark": {"type": "point", "size": 90},
                "encoding": {"x": {**x, "field": "value"}, "color": colour, "shape": shape},
            },
        ],
    }


def _values(panel: Panel) -> list[dict[str, Any]]:
    return [
        {
            "row": k,
            "value": mark.at.value,
            "least": mark.at.least,
            "most": mark.at.most,
            # Ignorance puts every actor at the middle: only a model's zero line tells anything.
            **({"zero": mark.at.zero} if mark.kind == "model" else {}),
            "kind": mark.kind,
        }
        for k, mark in enumerate(panel.marks)
    ]


def _kinds() -> tuple[dict[str, Any], dict[str, Any]]:
    """Colour and shape of actors and of models."""
    kinds = ["actor", "model"]
    return (
        {"field": "kind", "scale": {"domain": kinds, "range": [MUTED, BLUE]}, "legend": None},
        {"field": "kind", "scale": {"domain": kinds, "range": ["square", "circle"]}, "legend": None},
    )


def _narrow(panel: Panel, lang: Language) -> dict[str, Any]:
    """The same picture for a phone: names above their marks, options numbered on the axis and named below it."""
    labels = [wrap(mark.label, NARROW_COLUMNS) for mark in panel.marks]
    values, top = [], 0
    for label, row in zip(labels, _values(panel), strict=True):
        name = LINE * (label.count("\n") + 1)
        values.append({**row, "label": label, "over": top, "y": top + name + _ROW / 2 - 2})
        top += name + _ROW
    x = _numbered(panel, lang)
    colour, shape = _kinds()
    y = {
        "field": "y",
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [0, top], "nice": False, "reverse": True},
    }
    named = {"type": "text", "align": "left", "baseline": "line-top", "dx": -6, "color": INK}
    return {
        "width": NARROW,
        "height": top,
        "data": {"values": values},
        "encoding": {"y": y},
        "layer": [
            {
                "mark": {"type": "rule", "strokeWidth": 10, "opacity": 0.28},
                "encoding": {"x": {**x, "field": "least"}, "x2": {"field": "most"}, "color": colour},
            },
            {
                "transform": [{"filter": "isValid(datum.zero)"}],
                "mark": {"type": "tick", "orient": "vertical", "thickness": 2, "height": 18, "color": ZERO},
                "encoding": {"x": {**x, "field": "zero"}},
            },
            {
                "mark": {"type": "point", "size": 90},
                "encoding": {"x": {**x, "field": "value"}, "color": colour, "shape": shape},
            },
            {
                "mark": {**named, "fontSize": SIZE, "lineHeight": LINE},
                "encoding": {
                    "x": {**x, "datum": 0},
                    "y": {**y, "field": "over"},
                    "text": {"field": "label"},
                },
            },
        ],
    }


def _numbered(panel: Panel, lang: Language) -> dict[str, Any]:
    """The scale with a number at each option's place; the numbers' meanings stand under the axis."""
    last = len(panel.options) - 1
    key = [
        line
        for k, name in enumerate(panel.options, 1)
        for line in wrap(f"{k} = {name}", NARROW_COLUMNS).split("\n")
    ]
    heads = [
        line
        for text in (panel.title, say("influence.axis", lang))
        for line in wrap(text, NARROW_COLUMNS).split("\n")
    ]
    return {
        "type": "quantitative",
        "title": [*heads, *key],
        "scale": {"domain": [0, 1], "nice": False, "clamp": True},
        "axis": {
            "values": [k / last for k in range(last + 1)],
            "labelExpr": f"'' + (round(datum.value * {last}) + 1)",
            "labelOverlap": False,
            "grid": True,
            "titleAnchor": "start",
            "titleAlign": "left",
        },
    }


def _axis(panel: Panel, lang: Language) -> dict[str, Any]:
    """The scale from the first option to the last, each option's name at its place."""
    last = len(panel.options) - 1
    columns = max(6, int(WIDTH / last / COLUMN) - 1)
    named = [wrap(name, columns) for name in panel.options]
    places = [k / last for k in range(len(named))]
    # Values come back from the axis as floating-point numbers: the name is found by the nearest place.
    shown = f"split({_array(named)}[round(datum.value * {last})], '\\n')"
    return {
        "type": "quantitative",
        "title": [panel.title, say("influence.axis", lang)],
        "scale": {"domain": [0, 1], "nice": False, "clamp": True},
        "axis": {"values": places, "labelExpr": shown, "labelOverlap": False, "grid": True},
    }


def _array(texts: Sequence[str]) -> str:
    """Texts as an array of a Vega expression."""
    escaped = (text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") for text in texts)
    return "[" + ", ".join(f"'{text}'" for text in escaped) + "]"
