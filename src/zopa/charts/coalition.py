"""Who carries a deal, who refuses it, who gains by leaving it: one line a coalition, one column a question."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from zopa.charts.chances import HasChance, chance_rows
from zopa.charts.chart import Chart
from zopa.charts.style import BLUE, INK, LINE, MUTED, PURPLE, SIZE, VERMILION, base, chance_layers, rows, wrap
from zopa.words import Language, say

COLUMN = 168
"""Pixels of one question's column."""
DOT = 36
NAMES, HEADS = 26, 24
NARROW, NARROW_NAMES = 300, 42
ROW = 26
"""Pixels of a mark's row on a phone."""


@dataclass(frozen=True, slots=True)
class Line:
    """A coalition: that it ``carries`` a deal, ``refuses`` it though nothing leads there without it, and ``leaves``
    it; None where the question does not arise."""

    label: str
    carries: HasChance | None
    refuses: HasChance | None
    leaves: HasChance


@dataclass(frozen=True, slots=True)
class _Question:
    """A column: its heading, its colour, and by line its answer."""

    head: str
    colour: str
    answers: Sequence[HasChance | None]


def coalition_chart(lines: Sequence[Line], deal: str, state: int, described: str, lang: Language) -> Chart:
    """The coalitions of one deal, side by side under each question; below one another on a phone."""
    asked = [
        _Question(say("coalition.chart-carries", lang), BLUE, [line.carries for line in lines]),
        _Question(say("coalition.chart-refuses", lang), PURPLE, [line.refuses for line in lines]),
        _Question(say("coalition.chart-leaves", lang, n=state), VERMILION, [line.leaves for line in lines]),
    ]
    asked = [question for question in asked if any(a is not None for a in question.answers)]
    labels = [wrap(line.label, NAMES) for line in lines]
    title, note = say("coalition.chart-title", lang, outcome=deal), say("coalition.chart-note", lang)
    wide = base()
    del wide["width"]
    wide |= {
        "hconcat": [_column(question, labels, first=k == 0) for k, question in enumerate(asked)],
        "spacing": 18,
    }
    narrow = base()
    del narrow["width"]
    narrow |= {"vconcat": [_stacked(q, [line.label for line in lines]) for q in asked], "spacing": 22}
    return Chart(wide, title, described, note, narrow=narrow)


def lasting_chart(marks: Sequence[tuple[str, HasChance]], described: str, lang: Language) -> Chart:
    """How often each ending, or each state, is one that no coalition would leave."""
    labels, values = [label for label, _ in marks], [value for _, value in marks]
    spec = chance_rows(labels, values, axis=say("coalition.chart-axis", lang))
    return Chart(
        spec, say("coalition.chart-lasting-title", lang), described, say("coalition.chart-note", lang)
    )


def _scale(title: str, columns: int, **axis: Any) -> dict[str, Any]:
    return {
        "type": "quantitative",
        "title": wrap(title, columns).split("\n"),
        "scale": {"domain": [0, 1], "nice": False, "clamp": True},
        "axis": {"format": ".0%", "values": [0, 0.5, 1], **axis},
    }


def _layers(x: dict[str, Any], question: _Question) -> list[Any]:
    """Band, tick and dot; the dot is small enough to leave a narrow band to be seen on so short a scale."""
    layers = chance_layers(x, colour=question.colour)
    layers[2]["mark"]["size"] = DOT
    return layers


def _marks(question: _Question) -> list[tuple[int, HasChance]]:
    return [(k, answer) for k, answer in enumerate(question.answers) if answer is not None]


def _column(question: _Question, labels: Sequence[str], *, first: bool) -> dict[str, Any]:
    """One question; the names of the coalitions stand before the first."""
    keys = [f"{k}|{label}" for k, label in enumerate(labels)]
    values = [
        {"label": keys[k], "value": a.value, "low": a.low, "high": a.high, "zero": a.zero}
        for k, a in _marks(question)
    ]
    names = {
        "labelExpr": "split(slice(datum.label, indexof(datum.label, '|') + 1), '\\n')",
        "grid": True,
        "gridColor": "#F1F2F4",
    }
    y = {
        "field": "label",
        "type": "nominal",
        "title": None,
        "scale": {"domain": keys},
        "axis": names if first else {**names, "labels": False},
    }
    x = _scale(question.head, HEADS, orient="top", titleAnchor="start", titleAlign="left", titleColor=INK)
    return {
        "width": COLUMN,
        "height": rows(labels),
        "data": {"values": values},
        "encoding": {"y": y},
        "layer": _layers(x, question),
    }


def _stacked(question: _Question, labels: Sequence[str]) -> dict[str, Any]:
    """The same for a phone: each name on a line above its mark."""
    values, at = [], 0
    # Who never can, with or without evidence, is left out: the rest would not fit a screen.
    marks = [(k, a) for k, a in _marks(question) if a.value > 0 or a.zero > 0] or _marks(question)
    for k, answer in marks:
        label = wrap(labels[k], NARROW_NAMES)
        name = LINE * (label.count("\n") + 1)
        row = {"label": label, "over": at, "y": at + name + ROW / 2 - 2, "start": 0}
        values.append(
            row | {"value": answer.value, "low": answer.low, "high": answer.high, "zero": answer.zero}
        )
        at += name + ROW
    y = {
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [0, at], "nice": False, "reverse": True},
    }
    x = _scale(
        question.head, NARROW_NAMES, orient="top", titleAnchor="start", titleAlign="left", titleColor=INK
    )
    layers = _layers(x, question)
    # A bar has no height of its own on a scale of numbers: a rule as wide does.
    layers[0]["mark"] = {"type": "rule", "strokeWidth": 10, "opacity": 0.28}
    layers[1]["mark"]["orient"] = "vertical"
    named = {"x": {**x, "field": "start"}, "y": {**y, "field": "over"}, "text": {"field": "label"}}
    text = {
        "type": "text",
        "align": "left",
        "baseline": "line-top",
        "color": MUTED,
        "fontSize": SIZE,
        "lineHeight": LINE,
    }
    # The names stand on the lines of the scale: white around them keeps them to be read.
    halo = text | {"color": "white", "stroke": "white", "strokeWidth": 5}
    return {
        "width": NARROW,
        "height": at,
        "data": {"values": values},
        "encoding": {"y": {**y, "field": "y"}},
        "layer": [*layers, {"mark": halo, "encoding": named}, {"mark": text, "encoding": named}],
    }
