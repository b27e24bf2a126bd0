"""The house style of all charts: colours that colour-blind readers tell apart, shapes, sizes, and line breaks.

Colours are Okabe and Ito's (2008); a party keeps its colour and its shape in every chart. Labels are never cut short:
long ones are broken into lines by ``wrap`` (a line break in any text of a chart is honoured).
"""

from collections.abc import Sequence
from typing import Any

from zopa.errors import width as columns_of

FAMILY = "Zopa Sans SC"
FONTS = (
    FAMILY,
    "PingFang SC",
    "Hiragino Sans GB",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "sans-serif",
)
"""Our font first: files are drawn with it. A reader's page does not have it and takes the system's font."""
FONT = ", ".join(FONTS)

BLUE, VERMILION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
ORANGE, SKY, BLACK, YELLOW = "#E69F00", "#56B4E9", "#000000", "#F0E442"
PALETTE = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, BLACK, YELLOW)
"""Okabe and Ito (2008), the ones that stand out best on white first."""
SHAPES = (
    "circle",
    "square",
    "triangle-up",
    "diamond",
    "cross",
    "triangle-down",
    "triangle-right",
    "triangle-left",
)

INK = "#22262B"
"""Text and the marks of main numbers."""
MUTED = "#5B6470"
"""Axis labels, notes, the zero line."""
FAINT = "#E4E6E9"
"""Grid lines."""
ZERO = "#8A929C"
"""The tick at a number's value under total ignorance."""
BAND = "#C9D9E6"
"""The band of an interval."""

SIZE = 13
"""Font size of labels in pixels; nothing in a chart is smaller."""
LINE = 17
"""Height of one line of a label in pixels."""

STAIRCASE = {"type": "line", "interpolate": "step-before"}
"""The mark of a Pareto frontier over finitely many packages, points in order of x: other steps, and straight lines,
take in packages that do not exist."""

_NO_START = frozenset("，。、；：？！）》〉」』”’】〕…—～·％%),.;:?!]}")
_NO_END = frozenset("（《〈「『“‘【〔([{")


def base(width: int = 560, height: int | None = None, title: str = "") -> dict[str, Any]:
    """A specification to start from: version, size in pixels, light theme, house style; add data, marks, encodings.

    Without ``height`` the chart sets it itself (``height: rows(labels)`` for a chart of rows).
    """
    spec: dict[str, Any] = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "background": "#FFFFFF",
        "padding": 8,
        "width": width,
        "config": config(),
    }
    if height is not None:
        spec["height"] = height
    if title:
        spec["title"] = wrap(title, 64)
    return spec


def config() -> dict[str, Any]:
    """The Vega-Lite configuration of the house style."""
    return {
        "font": FONT,
        "lineBreak": "\n",
        "view": {"stroke": None, "continuousWidth": 560, "continuousHeight": 280},
        "title": {
            "anchor": "start",
            "color": INK,
            "fontSize": 15,
            "lineHeight": 20,
            "offset": 12,
            "frame": "bounds",
        },
        "axis": {
            # Labels of axes break at line breaks like every other text; configuration alone does not reach them.
            "labelExpr": "split(datum.label, '\\n')",
            "labelColor": INK,
            "labelFontSize": SIZE,
            "labelLineHeight": LINE,
            "labelLimit": 0,
            "labelPadding": 6,
            "titleColor": MUTED,
            "titleFontSize": SIZE,
            "titleFontWeight": "normal",
            "titleLineHeight": LINE,
            "titleLimit": 0,
            "titlePadding": 10,
            "gridColor": FAINT,
            "domainColor": MUTED,
            "tickColor": FAINT,
        },
        # The first of several lines would stand at the middle of its row: half the others' height lifts it.
        "axisY": {
            "domain": False,
            "ticks": False,
            "labelOffset": {"expr": f"-{LINE / 2:g} * (length(split(datum.label, '\\n')) - 1)"},
        },
        "axisX": {"domain": False, "labelColor": MUTED, "labelFlush": False},
        "legend": {
            "orient": "top",
            "direction": "horizontal",
            "labelColor": INK,
            "labelFontSize": SIZE,
            "labelLimit": 0,
            "titleColor": MUTED,
            "titleFontSize": SIZE,
            "titleFontWeight": "normal",
            "titleLimit": 0,
            "symbolSize": 90,
            "columnPadding": 18,
            "offset": 10,
        },
        "header": {
            "labelColor": INK,
            "labelFontSize": SIZE,
            "labelFontWeight": "bold",
            "labelLimit": 0,
            "titleColor": MUTED,
            "titleFontSize": SIZE,
            "titleFontWeight": "normal",
        },
        "text": {"color": INK, "fontSize": SIZE, "lineHeight": LINE},
        "point": {"size": 80, "filled": True, "opacity": 1},
        "bar": {"color": BLUE},
        "line": {"strokeWidth": 2},
        "rule": {"color": MUTED},
        "range": {"category": list(PALETTE), "symbol": list(SHAPES)},
    }


def party_colour(index: int) -> str:
    """The colour of the party at this position among the negotiators; it stays the same in every chart."""
    return PALETTE[index % len(PALETTE)]


def party_shape(index: int) -> str:
    """The shape of the party at this position: nothing is told by colour alone."""
    return SHAPES[index % len(SHAPES)]


def by_party(names: Sequence[str], *, field: str = "party", title: str | None = None) -> dict[str, Any]:
    """``color`` and ``shape`` encodings of a field that holds party names, given in the order of the negotiators."""
    domain = list(names)
    return {
        "color": {
            "field": field,
            "type": "nominal",
            "title": title,
            "scale": {"domain": domain, "range": [party_colour(k) for k in range(len(domain))]},
        },
        "shape": {
            "field": field,
            "type": "nominal",
            "title": title,
            "scale": {"domain": domain, "range": [party_shape(k) for k in range(len(domain))]},
        },
    }


def percent(title: str, **axis: Any) -> dict[str, Any]:
    """Scale and axis of a probability, 0 to 100 %, never cut to where the data happen to lie."""
    return {
        "type": "quantitative",
        "title": title,
        "scale": {"domain": [0, 1], "nice": False, "clamp": True},
        "axis": {"format": ".0%", "values": [0, 0.2, 0.4, 0.6, 0.8, 1], **axis},
    }


def chance_layers(x: dict[str, Any], *, colour: Any = INK, offset: dict[str, Any] | None = None) -> list[Any]:
    """Layers of a probability on a common y: band of the interval, tick of the zero line, dot of the value.

    Data fields: ``value``, ``low``, ``high``, ``zero``. ``x`` is the encoding shared by the layers without its field,
    such as ``percent(…)``; ``colour`` a colour or an encoding of it; ``offset`` a ``yOffset`` encoding, if any.
    """
    shared = {"yOffset": offset} if offset else {}
    paint = {"color": colour if isinstance(colour, dict) else {"value": colour}}
    return [
        {
            "mark": {"type": "bar", "height": 10, "opacity": 0.28, "cornerRadius": 5},
            "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, **paint, **shared},
        },
        {
            "mark": {"type": "tick", "thickness": 2, "height": 20, "color": ZERO},
            "encoding": {"x": {**x, "field": "zero"}, **shared},
        },
        {
            "mark": {"type": "point", "size": 90},
            "encoding": {"x": {**x, "field": "value"}, **paint, **shared},
        },
    ]


def rows(labels: Sequence[str], *, least: int = 30) -> dict[str, Any]:
    """Height of a chart of rows: a step high enough that wrapped labels of neighbours do not touch.

    With a ``yOffset`` the step holds all marks of a label together: give ``least`` some 22 pixels a mark.
    """
    lines = max((label.count("\n") + 1 for label in labels), default=1)
    return {"step": max(least, LINE * lines + 10), "for": "position"}


def wrap(text: str, columns: int = 26) -> str:
    """The text broken into lines of at most ``columns`` columns (a Chinese character is two columns wide).

    Latin words stay whole where they fit; Chinese breaks between any two characters, but never before a closing mark
    nor after an opening one. Existing line breaks stay.
    """
    return "\n".join(line for part in text.split("\n") for line in _lines(part, columns))


def _lines(text: str, columns: int) -> list[str]:
    lines, current = [], ""
    for piece in _pieces(text, columns):
        if current and columns_of((current + piece).rstrip()) > columns:
            lines.append(current.rstrip())
            current = piece.lstrip()
        else:
            current += piece
    return [*lines, current.rstrip()] if current.strip() or not lines else lines


def _pieces(text: str, columns: int) -> list[str]:
    """Runs that may not be broken, each with the space that follows it."""
    pieces: list[str] = []
    for char in text:
        if pieces and _sticks(pieces[-1], char, columns):
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


def _sticks(piece: str, char: str, columns: int) -> bool:
    last = piece[-1]
    if char == " " or char in _NO_START or last in _NO_END:
        return True
    if last == " " or columns_of(piece) >= columns:
        return False
    return columns_of(last) == 1 and columns_of(char) == 1 and last not in "-/"
