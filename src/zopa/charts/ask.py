"""The questions worth putting: each a band from the lowest answer to the highest, on the probability that it moves."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from zopa.charts.chances import COLUMNS, even_lines
from zopa.charts.chart import Chart
from zopa.charts.style import BLUE, INK, base, percent, rows, wrap
from zopa.words import Language, say

WIDE, NARROW = (400, COLUMNS), (130, 22)
"""Width of the plot in pixels, and of a row's label in columns, on a page and on a phone."""


@dataclass(frozen=True, slots=True)
class Range:
    """One question: what it is about and moves, the probability ``now``, and given each answer, by its name."""

    label: str
    now: float
    answers: Sequence[tuple[str, float]]


def ask_chart(ranges: Sequence[Range], described: str, lang: Language) -> Chart:
    """One row a question, in order; ``described`` says in words what is to be seen."""
    wide, narrow = (_drawn(ranges, width, columns, lang) for width, columns in (WIDE, NARROW))
    title, note = say("ask.chart-title", lang), say("ask.chart-note", lang)
    return Chart(wide, title, described, note, narrow=narrow)


def _drawn(ranges: Sequence[Range], width: int, columns: int, lang: Language) -> dict[str, Any]:
    labels = [even_lines(one.label) if columns == COLUMNS else wrap(one.label, columns) for one in ranges]
    bands = [
        {
            "label": label,
            "low": min(p for _, p in one.answers),
            "high": max(p for _, p in one.answers),
            "now": one.now,
        }
        for one, label in zip(ranges, labels, strict=True)
    ]
    dots = [
        {"label": label, "answer": answer, "value": value}
        for one, label in zip(ranges, labels, strict=True)
        for answer, value in one.answers
    ]
    x = percent(say("ask.axis", lang))
    spec = base(width)
    spec["height"] = rows(labels)
    spec["data"] = {"values": bands}
    spec["encoding"] = {"y": {"field": "label", "type": "nominal", "sort": labels, "title": None}}
    spec["layer"] = [
        {
            "mark": {"type": "bar", "height": 12, "opacity": 0.28, "cornerRadius": 6, "color": BLUE},
            "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}},
        },
        {
            "mark": {"type": "tick", "thickness": 2, "height": 22, "color": INK},
            "encoding": {"x": {**x, "field": "now"}},
        },
        {
            "data": {"values": dots},
            "mark": {"type": "point", "size": 70, "color": BLUE},
            "encoding": {
                "x": {**x, "field": "value"},
                "tooltip": [
                    {"field": "answer", "type": "nominal"},
                    {"field": "value", "type": "quantitative", "format": ".0%"},
                ],
            },
        },
    ]
    return spec
