"""How far the forecast could move: for each question a bar from one end to the other for what it hangs on most."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from zopa.charts.chart import Chart
from zopa.charts.style import BLUE, INK, MUTED, VERMILION, base, rows, wrap
from zopa.words import Language, say

KINDS = ("origin", "number")
WIDE, NARROW = (380, 40), (105, 20)
"""Width of a panel in pixels, and of a row's label in columns, on a page and on a phone."""
MOST_LINES = 4


@dataclass(frozen=True, slots=True)
class Bar:
    """One thing to learn: the forecast at one end (an origin that fails, a number at its 5th percentile) and at the
    other; its ``kind``, and what learning it is worth."""

    label: str
    low: float
    high: float
    kind: str
    value: float


Panel = tuple[str, float, Sequence[Bar]]
"""A question, its forecast as it stands, and its bars."""


def drivers_chart(panels: Sequence[Panel], described: str, lang: Language) -> Chart:
    """One panel a question, one below the other."""
    shown = [panel for panel in panels if panel[2]]
    ends = [100 * end for _, now, bars in shown for bar in bars for end in (bar.low, bar.high, now)]
    reach = [max(0.0, min(ends, default=0.0) - 2), min(100.0, max(ends, default=100.0) + 2)]
    specs = []
    for width, columns in (WIDE, NARROW):
        spec = base(width)
        for part in ("width", "height"):
            spec.pop(part, None)
        spec["vconcat"] = [
            _panel(panel, reach, width, columns, last=k == len(shown) - 1, lang=lang)
            for k, panel in enumerate(shown)
        ]
        specs.append(spec)
    title, note = say("drivers.chart-title", lang), say("drivers.chart-note", lang)
    return Chart(specs[0], title, described, note, narrow=specs[1])


def _cut(text: str, columns: int) -> str:
    lines = wrap(text, columns).split("\n")
    more = "…" if len(lines) > MOST_LINES else ""
    return "\n".join(lines[:MOST_LINES]).rstrip(",;，；、 ") + more


def _panel(
    panel: Panel, reach: Sequence[float], width: int, columns: int, *, last: bool, lang: Language
) -> dict[str, Any]:
    question, now, bars = panel
    names = [say(f"drivers.kind-{kind}", lang) for kind in KINDS]
    labels = [f"{k}|{_cut(bar.label, columns)}" for k, bar in enumerate(bars)]
    values = [
        {
            "label": label,
            "low": 100 * bar.low,
            "high": 100 * bar.high,
            "kind": names[KINDS.index(bar.kind)],
        }
        for label, bar in zip(labels, bars, strict=True)
    ]
    x = {
        "field": "low",
        "type": "quantitative",
        "title": say("drivers.axis", lang) if last else None,
        "scale": {"domain": list(reach), "nice": False},
        "axis": {"labelExpr": "datum.value + '%'", "tickCount": max(3, width // 70)},
    }
    there = {key: value for key, value in x.items() if key != "field"}
    colour = {
        "field": "kind",
        "type": "nominal",
        "title": None,
        "scale": {"domain": names, "range": [BLUE, VERMILION]},
        "legend": {"orient": "top", "columns": 2 if width > 200 else 1},
    }
    y = {
        "field": "label",
        "type": "nominal",
        "sort": labels,
        "title": None,
        "axis": {"labelExpr": "split(slice(datum.label, indexof(datum.label, '|') + 1), '\\n')"},
    }
    marks = {
        "low": {"type": "point", "filled": False, "size": 60, "fill": "white"},
        "high": {"type": "circle", "size": 75, "opacity": 1},
    }
    ends = [
        {"mark": mark, "encoding": {"y": y, "x": {**x, "field": field}, "color": colour}}
        for field, mark in marks.items()
    ]
    return {
        "title": {
            "text": wrap(question, 88 if width > 200 else 40).split("\n"),
            "anchor": "start",
            "frame": "group" if width > 200 else "bounds",
            "fontSize": 13,
            "color": INK,
            "fontWeight": "normal",
        },
        "width": width,
        "height": rows([label.split("|", 1)[1] for label in labels]),
        "data": {"values": values},
        "layer": [
            {
                "mark": {"type": "rule", "color": MUTED},
                "encoding": {"x": {**there, "datum": 100 * now}},
            },
            {
                "mark": {"type": "bar", "height": 6, "opacity": 0.55},
                "encoding": {"y": y, "x": x, "x2": {"field": "high"}, "color": colour},
            },
            *ends,
        ],
    }
