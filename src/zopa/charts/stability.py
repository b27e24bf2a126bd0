"""The standoff: how often each ending can last, and what is done in the states that last most often."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from zopa.charts.chances import HasChance, chance_rows
from zopa.charts.chart import Chart
from zopa.charts.style import BAND, BLUE, INK, LINE, SIZE, base, chance_layers, party_colour, percent, wrap
from zopa.words import Language, say

COLUMN = 34
"""Pixels of a state's column."""
NARROW_COLUMN = 38
ROW = 26
NAMES, NARROW_NAMES = 40, 42
SHOWN, NARROW_SHOWN = 12, 8
"""Most states side by side that can still be read."""


_OWN_AXIS = {"type": "quantitative", "axis": None}
_NAMED = {
    "type": "text",
    "align": "left",
    "baseline": "line-top",
    "color": INK,
    "fontSize": SIZE,
    "lineHeight": LINE,
}


@dataclass(frozen=True, slots=True)
class Ending:
    """A named set of states and how often one of them is an equilibrium."""

    label: str
    chance: HasChance


@dataclass(frozen=True, slots=True)
class Options:
    """The option table: ``names`` with the place of their party, ``states`` by number with what is taken in each;
    of ``kind`` sides, who stays in each.

    ``taken[k]`` are the places among ``names`` of the options taken in state k; ``shares[k]`` how often it is an
    equilibrium, in words; ``marked[k]`` whether it is one in the central rankings. ``order``: the places of the states,
    the first to be shown first; ``all_states``: how many there are.
    """

    kind: Literal["options", "sides"]
    names: Sequence[tuple[str, int]]
    states: Sequence[int]
    taken: Sequence[frozenset[int]]
    shares: Sequence[str]
    marked: Sequence[bool]
    order: Sequence[int]
    all_states: int

    def first(self, count: int) -> "Options":
        """The table with at most so many states, the most important ones, in the order of their numbers."""
        kept = sorted(self.order[:count])
        return replace(
            self,
            states=[self.states[k] for k in kept],
            taken=[self.taken[k] for k in kept],
            shares=[self.shares[k] for k in kept],
            marked=[self.marked[k] for k in kept],
            order=range(len(kept)),
        )


def stability_chart(
    endings: Sequence[Ending], table: Options | None, described: str, lang: Language
) -> Chart:
    """Endings with their intervals and zero lines above the option table; either may be missing."""
    shown = [*(["endings"] if endings else []), *([table.kind] if table else [])]
    note = (" " if lang == "en" else "").join(say(f"stability.chart-note-{part}", lang) for part in shown)
    kind = "sides" if table and table.kind == "sides" else "states"
    title = say("stability.chart-title" if endings else f"stability.chart-title-{kind}", lang)
    wide = [*_endings(endings, lang), *([_wide(table, lang)] if table else [])]
    narrow = [*_narrow_endings(endings, lang), *([_narrow(table, lang)] if table else [])]
    return Chart(_stacked(wide), title, described, note, narrow=_stacked(narrow))


def _stacked(made: Sequence[dict[str, Any]]) -> dict[str, Any]:
    spec = base()
    del spec["width"]
    apart = {"spacing": 26, "align": "none", "resolve": {"scale": {"color": "independent"}}}
    return spec | {"vconcat": list(made)} | apart


def _endings(endings: Sequence[Ending], lang: Language) -> list[dict[str, Any]]:
    if not endings:
        return []
    axis = say("stability.chart-axis", lang)
    made = chance_rows([e.label for e in endings], [e.chance for e in endings], axis=axis)
    return [{k: v for k, v in made.items() if k in ("data", "encoding", "layer", "height")} | {"width": 400}]


def _narrow_endings(endings: Sequence[Ending], lang: Language) -> list[dict[str, Any]]:
    """The same for a phone: each name on a line above its mark."""
    if not endings:
        return []
    values, at = [], 0
    for ending in endings:
        label, found = wrap(ending.label, NARROW_NAMES), ending.chance
        name = LINE * (label.count("\n") + 1)
        row = {"label": label, "over": at, "y": at + name + ROW / 2 - 2, "start": 0}
        values.append(row | {"value": found.value, "low": found.low, "high": found.high, "zero": found.zero})
        at += name + ROW
    y = {**_OWN_AXIS, "scale": {"domain": [0, at], "nice": False, "reverse": True}}
    x = percent(say("stability.chart-axis", lang))
    layers = chance_layers(x, colour=BLUE)
    # A bar has no height of its own on a scale of numbers: a rule as wide does.
    layers[0]["mark"] = {"type": "rule", "strokeWidth": 10, "opacity": 0.28}
    layers[1]["mark"]["orient"] = "vertical"
    named = {"x": {**x, "field": "start"}, "y": {**y, "field": "over"}, "text": {"field": "label"}}
    return [
        {
            "width": NARROW_COLUMN * NARROW_SHOWN,
            "height": at,
            "data": {"values": values},
            "encoding": {"y": {**y, "field": "y"}},
            "layer": [*layers, {"mark": _NAMED, "encoding": named}],
        }
    ]


def _wide(table: Options, lang: Language) -> dict[str, Any]:
    """Names on the axis, one column a state."""
    labels = [wrap(name, NAMES) for name, _ in table.names]
    height = max(ROW, LINE * max(label.count("\n") + 1 for label in labels) + 6)
    values = [
        {**cell, "label": f"{cell['option']}|{labels[cell['option']]}", "y": cell["option"]}
        for cell in _cells(table)
    ]
    y = {
        "field": "label",
        "type": "nominal",
        "title": None,
        "sort": {"field": "option"},
        "axis": {
            "labelExpr": "split(slice(datum.label, indexof(datum.label, '|') + 1), '\\n')",
            "domain": False,
            "ticks": False,
            "labelPadding": 10,
        },
    }
    return {
        "width": {"step": COLUMN},
        "height": {"step": height},
        "data": {"values": values},
        "encoding": {"x": _states(table, lang), "y": y},
        "layer": _squares(table, 15),
    }


def _narrow(table: Options, lang: Language) -> dict[str, Any]:
    """The same for a phone: fewer states, each option's name on a line above its squares."""
    table = table.first(NARROW_SHOWN)
    labels = [wrap(name, NARROW_NAMES) for name, _ in table.names]
    tops, at = [], 0
    for label in labels:
        tops.append(at)
        at += LINE * (label.count("\n") + 1) + ROW
    values = [
        {**cell, "y": tops[cell["option"]] + LINE * (labels[cell["option"]].count("\n") + 1) + ROW / 2 - 2}
        for cell in _cells(table)
    ]
    first = {"state": str(table.states[0])}
    named = [{"label": label, "over": top, **first} for label, top in zip(labels, tops, strict=True)]
    y = {**_OWN_AXIS, "scale": {"domain": [0, at], "nice": False, "reverse": True}}
    squares = [
        {**layer, "encoding": {**layer["encoding"], "y": {**y, "field": "y"}}}
        for layer in _squares(table, 15)
    ]
    return {
        "width": {"step": NARROW_COLUMN},
        "height": at,
        "data": {"values": values},
        "encoding": {"x": _states(table, lang)},
        "layer": [
            *squares,
            {
                "data": {"values": named},
                "mark": {**_NAMED, "dx": -8},
                "encoding": {"y": {**y, "field": "over"}, "text": {"field": "label"}},
            },
        ],
    }


def _cells(table: Options) -> list[dict[str, Any]]:
    return [
        {
            "state": str(n),
            "column": k,
            "option": o,
            "party": party,
            "taken": o in taken,
        }
        for k, (n, taken) in enumerate(zip(table.states, table.taken, strict=True))
        for o, (_, party) in enumerate(table.names)
    ]


def _states(table: Options, lang: Language) -> dict[str, Any]:
    """The axis of states, above the table: each number with its share below it, and a mark."""
    mark = say("stability.chart-mark", lang)
    lines = {
        str(n): [str(n), share, *([mark] if marked else [])]
        for n, share, marked in zip(table.states, table.shares, table.marked, strict=True)
    }
    cases = " : ".join(f"datum.label == '{n}' ? {json.dumps(told)}" for n, told in lines.items())
    title = say("stability.chart-states", lang, shown=len(table.states), all=table.all_states)
    return {
        "field": "state",
        "type": "nominal",
        "sort": {"field": "column"},
        "title": title,
        "axis": {
            "orient": "top",
            "labelAngle": 0,
            "labelExpr": f"{cases} : datum.label",
            "labelFontSize": 11,
            "offset": 36 if any(table.marked) else 18,
            "domain": False,
            "ticks": False,
        },
    }


def _squares(table: Options, side: int) -> list[dict[str, Any]]:
    parties = sorted({party for _, party in table.names})
    colour = {
        "field": "party",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": parties, "range": [party_colour(p) for p in parties]},
    }
    return [
        {
            "transform": [{"filter": "!datum.taken"}],
            "mark": {
                "type": "square",
                "size": side * side,
                "filled": False,
                "color": BAND,
                "strokeWidth": 1.5,
            },
            "encoding": {},
        },
        {
            "transform": [{"filter": "datum.taken"}],
            "mark": {"type": "square", "size": side * side, "filled": True, "opacity": 1},
            "encoding": {"color": colour},
        },
    ]
