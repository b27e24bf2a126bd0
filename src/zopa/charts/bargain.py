"""The bargaining set: what each side could have together, and where the reference points lie."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from zopa.charts.chart import Chart
from zopa.charts.style import BAND, FAINT, INK, MUTED, PALETTE, SHAPES, STAIRCASE, base, by_party, rows, wrap
from zopa.words import Language, joined, say, term

Pair = tuple[float, float]
CROSS = "M-.6,-.6L.6,.6M.6,-.6L-.6,.6"
"""The walk-away values: not a package, hence a shape of its own."""


@dataclass(frozen=True, slots=True)
class BandPoint:
    """What the second party can have at most when the first has at least ``x``: 5th, 50th, 95th percentile."""

    x: float
    low: float | None
    mid: float | None
    high: float | None


class ReferencePoint(Protocol):
    """What the chart takes of a rule: its name and utilities with their range."""

    @property
    def solution(self) -> str:
        """Key of the rule."""
        ...

    @property
    def utilities(self) -> Mapping[str, float]:
        """Utility by party."""
        ...

    @property
    def low(self) -> Mapping[str, float] | None:
        """5th percentile by party."""
        ...

    @property
    def high(self) -> Mapping[str, float] | None:
        """95th percentile by party."""
        ...


def rule_name(solution: str, lang: Language) -> str:
    """A rule in the field's words."""
    return say("bargain.rule-nash_weighted", lang) if solution == "nash_weighted" else term(solution, lang)


def bargain_chart(
    found: Sequence[ReferencePoint],
    curve: Sequence[BandPoint],
    cloud: Sequence[Pair],
    walk_away: Mapping[str, float],
    names: Sequence[str],
    lang: Language,
) -> Chart:
    """Two parties: the plane of utilities with frontier and reference points; more: a row a rule and party.

    ``walk_away`` holds the parties in the order of their ``names``.
    """
    there = [row for row in found if row.utilities]
    points = [
        f"{rule_name(row.solution, lang)} " + ", ".join(f"{row.utilities[p]:.2f}" for p in walk_away)
        for row in there
    ]
    described = say(
        "bargain.chart-description",
        lang,
        parties=joined(list(names), lang),
        points=say("bargain.semicolon", lang).join(points) or "—",
    )
    if len(names) == 2:
        spec = _plane(there, curve, cloud, walk_away, names, lang)
        note = "chart-note" if cloud else "chart-note-certain"
    else:
        spec, note = _lines(there, list(walk_away), names, lang), "chart-note-many"
    return Chart(spec, say("bargain.chart-title", lang), described, say(f"bargain.{note}", lang))


def _axis(field: str, title: str, most: float) -> dict[str, Any]:
    """An axis from 0 to 1, or as far as utilities go where options that strengthen each other exceed it."""
    top = 1 if most <= 1 + 1e-9 else math.ceil(5 * most) / 5
    return {
        "field": field,
        "type": "quantitative",
        "title": title,
        "scale": {"domain": [0, top], "nice": False, "clamp": True},
        "axis": {"values": [k / 5 for k in range(round(5 * top) + 1)], "format": ".1f", "labelPadding": 10},
    }


def _plane(
    found: Sequence[ReferencePoint],
    curve: Sequence[BandPoint],
    cloud: Sequence[Pair],
    walk_away: Mapping[str, float],
    names: Sequence[str],
    lang: Language,
) -> dict[str, Any]:
    titles = [say("bargain.axis", lang, party=name) for name in names]
    drawn = [(p.x, p.high) for p in curve if p.high is not None]
    reach = [max([pair[k] for pair in (*drawn, *cloud)], default=1.0) for k in (0, 1)]
    x, y = _axis("u0", titles[0], reach[0]), _axis("u1", titles[1], reach[1])
    records = [
        {
            "rule": rule_name(row.solution, lang),
            **{f"u{k}": row.utilities[p] for k, p in enumerate(walk_away)},
        }
        for row in found
    ]
    away = term("walk_away", lang)
    records.append({"rule": away, **{f"u{k}": v for k, v in enumerate(walk_away.values())}})
    domain = [str(record["rule"]) for record in records]
    colours, shapes = [*PALETTE[: len(found)], INK], [*SHAPES[: len(found)], CROSS]
    legend = {"columns": 3, "symbolFillColor": "transparent", "symbolStrokeWidth": 2.2}
    colour = _scale(domain, colours) | {"legend": legend}
    # Drawn as outlines of different sizes, so that points in one place can be told apart.
    size = _scale(domain, [*(330 - 55 * k for k in range(len(found))), 120]) | {"legend": None}
    spec = base(460, 420)
    spec["layer"] = [
        *_frontier(curve, x, y),
        {
            "data": {"values": [{"u0": a, "u1": b} for a, b in cloud]},
            "mark": {"type": "point", "shape": "circle", "size": 14, "color": PALETTE[0], "opacity": 0.45},
            "encoding": {"x": x, "y": y},
        },
        {
            "data": {"values": records},
            "mark": {"type": "point", "filled": False, "strokeWidth": 2.2, "opacity": 1},
            "encoding": {"x": x, "y": y, "color": colour, "shape": _scale(domain, shapes), "size": size},
        },
    ]
    return spec


def _scale(domain: Sequence[str], values: Sequence[Any]) -> dict[str, Any]:
    return {
        "field": "rule",
        "type": "nominal",
        "title": None,
        "scale": {"domain": list(domain), "range": list(values)},
    }


def _frontier(curve: Sequence[BandPoint], x: dict[str, Any], y: dict[str, Any]) -> list[dict[str, Any]]:
    """One draw: the staircase and its packages. Many: the band and the median of what can be had."""
    points = [{"u0": p.x, "u1": p.mid} for p in curve if p.mid is not None]
    line = {"data": {"values": points}, "encoding": {"x": x, "y": y}}
    stairs = {**line, "mark": {**STAIRCASE, "color": MUTED}}
    if all(p.low == p.high for p in curve):
        return [stairs, {**line, "mark": {"type": "point", "size": 26, "color": MUTED}}]
    band = [{"u0": p.x, "low": p.low or 0.0, "u1": p.high} for p in curve if p.high is not None]
    area = {"type": "area", "color": BAND, "opacity": 0.55, "interpolate": "step-before"}
    return [
        {"data": {"values": band}, "mark": area, "encoding": {"x": x, "y": y, "y2": {"field": "low"}}},
        stairs,
    ]


def _lines(
    found: Sequence[ReferencePoint], parties: Sequence[str], names: Sequence[str], lang: Language
) -> dict[str, Any]:
    records: list[dict[str, Any]] = []
    for row in found:
        for party, name in zip(parties, names, strict=True):
            value = row.utilities[party]
            low, high = (row.low or row.utilities)[party], (row.high or row.utilities)[party]
            record = {"rule": wrap(rule_name(row.solution, lang)), "party": name}
            records.append({**record, "value": value, "low": low, "high": high})
    labels = [wrap(rule_name(row.solution, lang)) for row in found]
    most = max((record["high"] for record in records), default=1.0)
    x = _axis("value", say("bargain.axis-all", lang), most)
    y = {"field": "rule", "type": "nominal", "title": None, "sort": labels}
    offset = {"field": "party", "type": "nominal", "sort": list(names)}
    looks = by_party(names)
    spec = base(460)
    spec["data"] = {"values": records}
    spec["height"] = rows(labels, least=22 * len(names))
    spec["layer"] = [
        {
            "mark": {"type": "rule", "strokeWidth": 2, "opacity": 0.5},
            "encoding": {
                "x": {**x, "field": "low"},
                "x2": {"field": "high"},
                "y": y,
                "yOffset": offset,
                "color": looks["color"],
            },
        },
        {"mark": {"type": "point"}, "encoding": {"x": x, "y": y, "yOffset": offset, **looks}},
    ]
    spec["config"] = {
        **spec["config"],
        "axisY": {"grid": True, "gridColor": FAINT, "domain": False, "ticks": False},
    }
    return spec
