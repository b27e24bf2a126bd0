"""A forecast over the days of its record: a line a question on its range, the zero line, marks where something came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from zopa.charts.chances import HasChance
from zopa.charts.chart import Chart
from zopa.charts.style import MUTED, ZERO, base, by_party, percent
from zopa.words import Language, say

WIDTH, HEIGHT, NARROW = 560, 300, 300


@dataclass(frozen=True, slots=True)
class DayMark:
    """One question on one day; ``came``: what came in, in words, empty where nothing did."""

    on: date
    question: str
    chance: HasChance
    came: str


def replay_chart(marks: Sequence[DayMark], questions: Sequence[str], described: str, lang: Language) -> Chart:
    """Lines with bands over the days; ``described`` says in words what is to be seen."""
    values = [
        {
            "on": mark.on.isoformat(),
            "question": mark.question,
            "value": mark.chance.value,
            "low": mark.chance.low,
            "high": mark.chance.high,
            "zero": mark.chance.zero,
            "came": mark.came,
        }
        for mark in marks
    ]
    wide, narrow = (_picture(values, list(questions), width, lang) for width in (WIDTH, NARROW))
    narrow["resolve"] = {"legend": {"color": "shared"}}
    title, note = say("replay.chart-title", lang), say("replay.chart-note", lang)
    return Chart(wide, title, described, note, narrow=narrow)


def _picture(
    values: list[dict[str, Any]], questions: list[str], width: int, lang: Language
) -> dict[str, Any]:
    days = sorted({v["on"] for v in values})
    shown = days if len(days) <= 6 else [days[round(k * (len(days) - 1) / 5)] for k in range(6)]
    x = {
        "field": "on",
        "type": "temporal",
        "title": say("replay.axis-days", lang),
        "axis": {
            "format": "%-m-%-d" if lang == "zh" else "%-d %b",
            "values": shown,
            "ticks": True,
            "labelExpr": "timeFormat(datum.value, '" + ("%-m月%-d日" if lang == "zh" else "%-d %b") + "')",
        },
    }
    y = percent(say("replay.axis", lang))
    paint = by_party(questions, field="question")
    paint["color"]["legend"] = paint["shape"]["legend"] = {
        "columns": 2 if width < WIDTH else 4,
        "symbolOpacity": 1,
    }
    colour = {"color": paint["color"]}
    spec = base(width, HEIGHT)
    spec["data"] = {"values": values}
    spec["encoding"] = {"x": x}
    came = [v for v in values if v["came"] and v["question"] == questions[0]]
    spec["layer"] = [
        {
            "data": {"values": came},
            "mark": {"type": "rule", "strokeDash": [2, 3], "color": MUTED},
            "encoding": {"tooltip": {"field": "came", "type": "nominal"}},
        },
        {
            "mark": {"type": "area", "opacity": 0.16},
            "encoding": {"y": {**y, "field": "low"}, "y2": {"field": "high"}, **colour},
        },
        {
            "mark": {"type": "line", "strokeDash": [4, 3], "strokeWidth": 1, "color": ZERO},
            "encoding": {"y": {**y, "field": "zero"}, "detail": {"field": "question", "type": "nominal"}},
        },
        {"mark": {"type": "line"}, "encoding": {"y": {**y, "field": "value"}, **colour}},
        {
            "mark": {"type": "point", "size": 55},
            "encoding": {"y": {**y, "field": "value"}, **paint},
        },
    ]
    return spec
