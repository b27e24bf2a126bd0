"""The record as a picture: every claim a mark under its day, beside its side; contradicting claims joined by lines."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from zopa.charts.chart import Chart
from zopa.charts.style import FAINT, INK, LINE, SIZE, SKY, VERMILION, ZERO, base, wrap
from zopa.errors import width as columns_of
from zopa.words import Language, say

STEP = 13
"""Pixels from one mark to the next."""
ROOM = 44
"""Marks that fit side by side in the whole chart."""
NARROW_ROOM = 25
"""The same on a phone 390 pixels wide, where names stand above their marks."""
NARROW_COLUMNS = 42
"""Columns of text that fit there."""
PERIODS = 9
"""Columns of time at most: days, else months, else years."""
STANDINGS = ("open", "settled", "uncontradicted")


class HasClaim(Protocol):
    """What the chart takes of a claim."""

    @property
    def claim(self) -> str:
        """Its id."""
        ...

    @property
    def on(self) -> date | None:
        """The day it was said or could first be known."""
        ...

    @property
    def party(self) -> str | None:
        """Whose voice it is."""
        ...

    @property
    def unnamed(self) -> bool:
        """Whether the voice has no name."""
        ...

    @property
    def standing(self) -> str:
        """``uncontradicted``, ``settled`` or ``open``."""
        ...


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where marks stand: ``width`` marks side by side in a column of time, ``tops`` the first line of each side.

    ``above`` holds the lines that the name of each side takes over its marks: none where it stands beside them.
    """

    periods: tuple[str, ...]
    width: int
    gap: int
    tops: tuple[int, ...]
    above: tuple[int, ...]
    lines: int

    @property
    def columns(self) -> int:
        return len(self.periods) * (self.width + self.gap)

    def x(self, period: int, k: int) -> int:
        return period * (self.width + self.gap) + k % self.width

    def y(self, side: int, k: int) -> int:
        return self.tops[side] + self.above[side] + k // self.width


def record_chart(
    claims: Sequence[HasClaim],
    links: Iterable[tuple[str, str]],
    names: Mapping[str, str],
    texts: Mapping[str, str],
    first: Sequence[str],
    lang: Language,
) -> Chart:
    """Claims by day and side; ``names`` of parties, ``texts`` of claims, ``first`` the parties that stand on top."""
    periods = _periods([c.on for c in claims], lang)
    sides = _sides(claims, first)
    cells: dict[tuple[int, int], list[HasClaim]] = {}
    order = sorted(dict.fromkeys(periods.values()))
    for c in claims:
        cells.setdefault((order.index(periods[c.on]), sides.index(c.party)), []).append(c)
    shown = [names.get(side or "", "") or say("record.chart-others", lang) for side in sides]
    there = {c.claim for c in claims}
    pairs = [(a, b) for a, b in links if a in there and b in there]
    specs = []
    for narrow in (False, True):
        labels = [wrap(name, NARROW_COLUMNS if narrow else 22) for name in shown]
        grid = _grid(cells, tuple(label for _, label in order), labels, narrow=narrow)
        marks = list(_marks(cells, grid, texts, lang))
        specs.append((_narrow if narrow else _wide)(marks, _ends(marks, pairs), grid, labels, lang))
    counts = {s: sum(c.standing == s for c in claims) for s in STANDINGS}
    described = say(
        "record.chart-description", lang, claims=len(claims), pairs=len(pairs), open=counts["open"]
    )
    return Chart(specs[0], say("record.chart-title", lang), described, narrow=specs[1])


def _periods(days: Sequence[date | None], lang: Language) -> dict[date | None, tuple[int, str]]:
    """Column and label of each day: days where few, else months, else years; what has no day stands last."""
    known = sorted({day for day in days if day is not None})
    by_day = [
        (d.toordinal(), say("record.chart-day", lang, d=d.day, m=d.month, month=f"{d:%b}")) for d in known
    ]
    by_month = [
        (12 * d.year + d.month, say("record.chart-month", lang, y=d.year, m=d.month, month=f"{d:%b}"))
        for d in known
    ]
    by_year = [(d.year, say("record.chart-year", lang, y=d.year)) for d in known]
    chosen = next((p for p in (by_day, by_month) if len(set(p)) <= PERIODS), by_year)
    out: dict[date | None, tuple[int, str]] = dict(zip(known, chosen, strict=True))
    if None in days:
        out[None] = (10**9, say("record.chart-undated", lang))
    return out


def _sides(claims: Sequence[HasClaim], first: Sequence[str]) -> tuple[str | None, ...]:
    found = dict.fromkeys(c.party for c in claims)
    others = [party for party in found if party is not None and party not in first]
    return (*(p for p in first if p in found), *others, *([None] if None in found else []))


def _grid(
    cells: Mapping[tuple[int, int], list[HasClaim]],
    periods: tuple[str, ...],
    labels: Sequence[str],
    *,
    narrow: bool,
) -> _Grid:
    room, gap, least = (NARROW_ROOM, 1, 1) if narrow else (ROOM, 2, 2)
    width = max(least, min(NARROW_ROOM if narrow else 16, room // max(1, len(periods)) - gap))
    names = [-(-LINE * (label.count("\n") + 1) // STEP) for label in labels]
    tops: list[int] = []
    line = 0
    for k, name in enumerate(names):
        tops.append(line)
        most = max((len(found) for (_, side), found in cells.items() if side == k), default=0)
        marks = -(-most // width)
        # A side is as high as its marks or its name; where the name stands above them, as both.
        line += (name + marks if narrow else max(name, marks)) + 1
    return _Grid(periods, width, gap, tuple(tops), tuple(names if narrow else [0] * len(names)), line)


def _marks(
    cells: Mapping[tuple[int, int], list[HasClaim]], grid: _Grid, texts: Mapping[str, str], lang: Language
) -> Iterable[dict[str, Any]]:
    for (period, side), found in sorted(cells.items()):
        # Contradicted ones first, so that what is contested stands together.
        for k, c in enumerate(sorted(found, key=lambda c: STANDINGS.index(c.standing))):
            yield {
                "claim": c.claim,
                "x": grid.x(period, k),
                "y": grid.y(side, k),
                "standing": say(f"record.chart-{c.standing}", lang),
                "voice": say("record.chart-unnamed" if c.unnamed else "record.chart-named", lang),
                "text": wrap(f"{c.claim}: {texts.get(c.claim, '')}", 60),
            }


def _ends(marks: Sequence[dict[str, Any]], pairs: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
    """Both ends of the line that joins each pair of claims."""
    at = {mark["claim"]: mark for mark in marks}
    return [{"x": at[a]["x"], "y": at[a]["y"], "x2": at[b]["x"], "y2": at[b]["y"]} for a, b in pairs]


def _wide(
    marks: Sequence[dict[str, Any]],
    lines: Sequence[dict[str, Any]],
    grid: _Grid,
    labels: Sequence[str],
    lang: Language,
) -> dict[str, Any]:
    columns = grid.columns
    spec = base(columns * STEP, max(1, grid.lines) * STEP)
    spec["layer"] = [_bands(grid), _links(lines), _points(marks, lang)]
    middles = dict(zip(grid.tops, labels, strict=True))
    starts = {grid.x(k, 0): label for k, label in enumerate(grid.periods)}
    spec["encoding"] = {
        "x": _axis("x", [-1, columns - 1], starts, orient="top", labelAlign="left", labelFontWeight="bold"),
        "y": _axis("y", [grid.lines - 0.5, -1], middles, labelBaseline="line-top", labelOffset=-7),
    }
    return spec


def _narrow(
    marks: Sequence[dict[str, Any]],
    lines: Sequence[dict[str, Any]],
    grid: _Grid,
    labels: Sequence[str],
    lang: Language,
) -> dict[str, Any]:
    """The same marks for a phone: names of sides above their marks, the key in lines of their own."""
    spec = base(NARROW_ROOM * STEP, max(1, grid.lines) * STEP)
    names = {
        "data": {"values": [{"x": -0.5, "y": y, "name": n} for y, n in zip(grid.tops, labels, strict=True)]},
        "mark": {
            "type": "text",
            "align": "left",
            "baseline": "line-top",
            "dy": -8,
            "color": INK,
            "fontSize": SIZE,
            "lineHeight": LINE,
        },
        "encoding": {"text": {"field": "name"}},
    }
    points = _points(marks, lang)
    key = wrap(say("record.chart-key", lang), NARROW_COLUMNS).split("\n")
    for channel in ("fill", "stroke", "shape"):
        found = points["encoding"][channel]
        points["encoding"][channel] = {**found, "title": key, "legend": {**found["legend"], "columns": 1}}
    spec["layer"] = [_bands(grid), _links(lines), points, names]
    spec["encoding"] = {
        "x": _axis(
            "x",
            [-0.6, grid.columns - 0.4],
            _apart(grid),
            orient="top",
            labelAlign="left",
            labelFontWeight="bold",
        ),
        "y": _axis("y", [grid.lines - 0.5, -1], {}),
    }
    return spec


def _apart(grid: _Grid) -> dict[float, str]:
    """Labels of the columns of time that find room: the last one always, others where they do not touch the next."""
    step = NARROW_ROOM * STEP / max(grid.columns, 1)
    out: dict[float, str] = {}
    end = float(NARROW_ROOM * STEP)
    for k, label in reversed(list(enumerate(grid.periods))):
        # Bold letters are about eight pixels a column of text.
        need = 8 * columns_of(label)
        at = step * grid.x(k, 0)
        if not out:
            # What would stick out of the picture moves to the left.
            at = max(0, min(at, end - need))
        elif at + need + 8 > end:
            continue
        out[round(at / step, 2)] = label
        end = at
    return out


def _axis(
    channel: str, domain: list[float], labels: Mapping[int, str] | Mapping[float, str], **axis: Any
) -> dict[str, Any]:
    """A scale in marks, with a label at each of some places."""
    # Labels stand in the expression as JSON text: names may hold quotation marks and line breaks.
    texts = {at: json.dumps(label, ensure_ascii=False) for at, label in labels.items()}
    chosen = "".join(f"datum.value == {at} ? {text} : " for at, text in texts.items()) + "''"
    return {
        "field": channel,
        "type": "quantitative",
        "title": None,
        "scale": {"domain": domain, "nice": False, "zero": False},
        "axis": {
            "values": list(labels),
            "labelExpr": f"split({chosen}, '\\n')",
            "grid": False,
            "ticks": False,
            "domain": False,
            **axis,
        },
    }


def _bands(grid: _Grid) -> dict[str, Any]:
    """A thin line between two sides."""
    return {
        "data": {"values": [{"y": top - 1} for top in grid.tops[1:]]},
        "mark": {"type": "rule", "color": FAINT},
        "encoding": {"y": {"field": "y", "type": "quantitative"}, "x": None},
    }


def _links(lines: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        "data": {"values": list(lines)},
        "mark": {"type": "rule", "color": VERMILION, "opacity": 0.35, "strokeWidth": 1.2},
        "encoding": {"x2": {"field": "x2"}, "y2": {"field": "y2"}},
    }


def _points(marks: Sequence[dict[str, Any]], lang: Language) -> dict[str, Any]:
    standings = [say(f"record.chart-{s}", lang) for s in STANDINGS]
    voices = [say("record.chart-named", lang), say("record.chart-unnamed", lang)]
    legend = {"titleOrient": "bottom", "titlePadding": 6}
    field = {"field": "standing", "type": "nominal", "title": say("record.chart-key", lang), "legend": legend}
    colours = {"domain": standings, "range": [VERMILION, SKY, ZERO]}
    return {
        "data": {"values": list(marks)},
        "mark": {"type": "point", "filled": True, "size": 72, "strokeWidth": 1.6},
        "encoding": {
            "fill": {**field, "scale": colours},
            "stroke": {**field, "scale": colours},
            "shape": {**field, "scale": {"domain": standings, "range": ["diamond", "triangle-up", "square"]}},
            "fillOpacity": {
                "field": "voice",
                "type": "nominal",
                "title": None,
                "scale": {"domain": voices, "range": [1, 0.12]},
                "legend": None,
            },
            "tooltip": {"field": "text"},
        },
    }
