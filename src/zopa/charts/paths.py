"""Steps between the states of a standoff: from the status quo to agreement, and where force is near."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from unicodedata import east_asian_width

from zopa.charts.chart import Chart
from zopa.charts.style import GREEN, INK, LINE, MUTED, SIZE, base, party_colour, wrap
from zopa.words import Language, say

COLUMN = 275
"""Pixels from one column of states to the next."""
CARD = 178
"""Pixels of a state's number and name at most; steps leave on its right."""
GLYPH = 7.2
"""Pixels of one column of text at most: a Chinese character has two."""
NAMES = 21
"""Columns of text beside a state."""
NARROW = 318
"""Width of the picture on a phone."""
NARROW_NAMES = 38
INDENT = 30
"""Pixels of a state's number where its name stands below the picture."""
GAP = 20
"""Pixels between two states of a column."""
DOT = 13
"""Radius of a state."""
TOP = 30
BAR = 100
"""Pixels of a bar that stands for all draws."""
PRINTED = 40
"""Pixels of the number behind a bar."""
THICK = 7
SMALL = 11
HALO: dict[str, Any] = {"stroke": "#FFFFFF", "strokeWidth": 4, "strokeJoin": "round"}
"""Drawn under numbers that stand on lines."""
BOTH: tuple[dict[str, Any], ...] = (HALO, {})


@dataclass(frozen=True, slots=True)
class Bar:
    """Share of draws in which force would be the best move of the party at a place; ``hard``: and nobody else could
    change that. ``printed``: the share as people read it."""

    party: int
    tempts: float
    hard: float
    printed: str


@dataclass(frozen=True, slots=True)
class Spot:
    """One state: ``layer`` moves from the status quo; ``record``: the recorded moves have come here."""

    number: int
    label: str
    layer: int
    kind: Literal["start", "state", "deal"]
    record: bool
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """One step between two states by the party at a place; ``share`` of the draws in which it is an improvement, as
    people read it, nothing where it is not told.

    ``kind``: on a shortest way to agreement, one that the record tells of, or another.
    """

    start: int
    stop: int
    party: int
    share: str
    kind: Literal["deal", "record", "other"]


@dataclass(frozen=True, slots=True)
class _Placed:
    """A spot's circle, and where steps leave."""

    spot: Spot
    x: float
    y: float
    out: float


Places = Mapping[int, _Placed]


def paths_chart(
    spots: Sequence[Spot],
    links: Sequence[Link],
    parties: Sequence[str],
    described: str,
    more: str,
    lang: Language,
) -> Chart:
    """The states in columns by how many moves lead there; ``more`` says how many are not drawn."""
    title, note = say("paths.chart-title", lang), _note(spots, links, more, lang)
    ordered = _ordered(spots, links)
    wide, narrow = (make(ordered, links, parties, lang) for make in (_wide, _narrow))
    return Chart(wide, title, described, note, narrow=narrow)


def _note(spots: Sequence[Spot], links: Sequence[Link], more: str, lang: Language) -> str:
    """How to read the marks that are in the picture."""
    kinds = [k for k in ("deal", "other", "record") if any(link.kind == k for link in links)]
    marks = [say(f"paths.chart-{kind}", lang) for kind in kinds]
    told = [say("paths.chart-marks", lang, list=say("paths.semicolon", lang).join(marks))] if marks else []
    told += [say("paths.chart-shares", lang)] if "deal" in kinds else []
    told += [say("paths.chart-bars", lang)] if any(s.bars for s in spots) else []
    return ("" if lang == "zh" else " ").join([*told, more])


def _ordered(spots: Sequence[Spot], links: Sequence[Link]) -> list[Spot]:
    """Each column in the order of what its states lead to, from the last column back, so that fewer steps cross."""
    place: dict[int, float] = {}
    out: list[Spot] = []
    for h in range(max(s.layer for s in spots), -1, -1):
        own = [s for s in spots if s.layer == h]
        ahead = {
            s.number: [place[k.stop] for k in links if k.start == s.number and k.stop in place] for s in own
        }
        own.sort(key=lambda s: sum(ahead[s.number]) / len(ahead[s.number]) if ahead[s.number] else len(spots))
        place |= {s.number: float(k) for k, s in enumerate(own)}
        out = own + out
    return out


def _wide(
    spots: Sequence[Spot], links: Sequence[Link], parties: Sequence[str], lang: Language
) -> dict[str, Any]:
    labels = {s.number: wrap(_text(s, lang), NAMES) for s in spots}
    lines = {n: label.count("\n") + 1 for n, label in labels.items()}
    heights = {s.number: max(2.0 * DOT, LINE * lines[s.number] + _bars_height(s)) + GAP for s in spots}
    cards = {s.number: _card(s, labels[s.number]) for s in spots}
    placed, height = _places(spots, heights, COLUMN, cards)
    names, bars = [], []
    for n, p in placed.items():
        top = p.y - (LINE * lines[n] + _bars_height(p.spot)) / 2
        left = p.x + DOT + 9
        names.append({"x": left, "y": top + LINE / 2, "label": labels[n], "bold": p.spot.kind != "state"})
        bars += _bars(p.spot, left, top + LINE * lines[n] + 4)
    width = COLUMN * max(s.layer for s in spots) + CARD + 2 * DOT
    layers = [
        *_steps(placed, links, parties, width),
        *_circles(placed),
        _names(names),
        *_bar_marks(bars),
        _heads(spots, COLUMN, lang),
    ]
    return base(width, round(height)) | {"layer": layers}


def _narrow(
    spots: Sequence[Spot], links: Sequence[Link], parties: Sequence[str], lang: Language
) -> dict[str, Any]:
    """The same picture for a phone: numbers and steps in the picture, what is in the states below it."""
    heights = {s.number: 2.0 * DOT + GAP for s in spots}
    column = (NARROW - 4 * DOT) / max([1, *(s.layer for s in spots)])
    placed, height = _places(spots, heights, column, dict.fromkeys(heights, DOT))
    names: list[dict[str, Any]] = []
    bars: list[dict[str, Any]] = []
    at = height + LINE
    for spot in spots:
        bold = spot.kind != "state"
        label = wrap(_text(spot, lang), NARROW_NAMES)
        names.append({"x": 0, "y": at + LINE / 2, "label": str(spot.number), "bold": True})
        names.append({"x": INDENT, "y": at + LINE / 2, "label": label, "bold": bold})
        at += LINE * (label.count("\n") + 1)
        bars += _bars(spot, INDENT, at + 4)
        at += _bars_height(spot) + 8
    heads = _heads(spots, column, lang)
    layers = [
        *_steps(placed, links, parties, NARROW),
        *_circles(placed),
        *_bar_marks(bars),
        _names(names),
        heads,
    ]
    return base(NARROW, round(at)) | {"layer": layers}


def _card(spot: Spot, label: str) -> float:
    """Pixels from the middle of a state's circle to where steps leave: behind what stands beside it."""
    text = GLYPH * max(_columns(line) for line in label.split("\n"))
    return min(CARD, DOT + 9 + max(text, BAR + PRINTED if spot.bars else 0) + 4)


def _columns(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def _text(spot: Spot, lang: Language) -> str:
    if not spot.record:
        return spot.label
    key = "paths.chart-stays" if spot.kind == "start" else "paths.chart-record-end"
    return f"{spot.label}\n{say(key, lang)}"


def _bars_height(spot: Spot) -> float:
    return 4 + (THICK + 6) * len(spot.bars) if spot.bars else 0


def _places(
    spots: Sequence[Spot], heights: Mapping[int, float], column: float, cards: Mapping[int, float]
) -> tuple[dict[int, _Placed], float]:
    """Every spot's place: columns by layer, each spread over the height of the tallest."""
    by_layer: dict[int, list[Spot]] = {}
    for spot in spots:
        by_layer.setdefault(spot.layer, []).append(spot)
    total = {h: sum(heights[s.number] for s in own) for h, own in by_layer.items()}
    most = max(total.values())
    placed = {}
    for h, own in by_layer.items():
        spare = (most - total[h]) / (len(own) + 1)
        y = TOP + spare
        for spot in own:
            x = 2 * DOT + h * column
            placed[spot.number] = _Placed(spot, x, y + heights[spot.number] / 2, x + cards[spot.number])
            y += heights[spot.number] + spare
    return placed, TOP + most


def _scale(field: str) -> dict[str, Any]:
    """A place in pixels: no scale between the data and the picture."""
    return {"field": field, "type": "quantitative", "scale": None, "axis": None}


def _steps(
    placed: Places, links: Sequence[Link], parties: Sequence[str], width: float
) -> list[dict[str, Any]]:
    bars = {bar.party for p in placed.values() for bar in p.spot.bars}
    shown = sorted({link.party for link in links} | bars)
    # Names that do not fit into one line stand one below the other.
    below = {"columns": 1} if sum(40 + GLYPH * _columns(parties[k]) for k in shown) > width else {}
    colour = {
        "field": "party",
        "type": "nominal",
        "title": None,
        "scale": {"domain": [parties[k] for k in shown], "range": [party_colour(k) for k in shown]},
        "legend": {"symbolType": "stroke", "symbolStrokeWidth": 3, "symbolOpacity": 1, **below},
    }
    values = []
    for link in links:
        a, b = placed[link.start], placed[link.stop]
        # A step back, or within its column, leaves from the circle: the other side of the name is the wrong way.
        out = a.out if b.x > a.out else a.x
        long = ((b.x - out) ** 2 + (b.y - a.y) ** 2) ** 0.5 or 1.0
        ux, uy = (b.x - out) / long, (b.y - a.y) / long
        end = long - DOT - 2
        values.append(
            {
                "x": out,
                "y": a.y,
                "x2": out + ux * end,
                "y2": a.y + uy * end,
                "tx": out + ux * end * 0.6,
                "ty": a.y + uy * end * 0.6,
                "party": parties[link.party],
                "kind": link.kind,
                "share": link.share,
            }
        )
    where = {"x": _scale("x"), "y": _scale("y"), "x2": {"field": "x2"}, "y2": {"field": "y2"}}
    marks: dict[str, dict[str, Any]] = {
        "record": {"type": "rule", "strokeWidth": 9, "opacity": 0.35},
        "other": {"type": "rule", "strokeDash": [5, 4], "strokeWidth": 1.4},
        "deal": {"type": "rule", "strokeWidth": 2.6},
    }
    lines = [
        {
            "data": {"values": [v for v in values if v["kind"] == kind]},
            "mark": mark,
            "encoding": {**where, "color": colour},
        }
        for kind, mark in marks.items()
    ]
    text = {"x": _scale("tx"), "y": _scale("ty"), "text": {"field": "share"}}
    shares = [
        {
            "data": {"values": [v for v in values if v["share"]]},
            "mark": {"type": "text", "fontSize": SMALL, "color": INK, **more},
            "encoding": text,
        }
        for more in BOTH
    ]
    return [*lines, *shares]


def _circles(placed: Places) -> list[dict[str, Any]]:
    fills = {"start": INK, "deal": GREEN, "state": "#FFFFFF"}
    values = [
        {
            "x": p.x,
            "y": p.y,
            "fill": fills[p.spot.kind],
            "ink": INK if p.spot.kind == "state" else "#FFFFFF",
            "number": str(p.spot.number),
            "record": p.spot.record,
        }
        for p in placed.values()
    ]
    where = {"x": _scale("x"), "y": _scale("y")}
    plain = {"type": "nominal", "scale": None, "legend": None}
    # The size of a point is that of the square around it.
    ring = {"type": "point", "size": (2 * DOT + 9) ** 2, "filled": False, "color": INK, "strokeWidth": 2.5}
    circle = {"type": "point", "size": (2 * DOT) ** 2, "stroke": MUTED, "strokeWidth": 1.5, "opacity": 1}
    number = {"type": "text", "fontWeight": "bold", "fontSize": SIZE}
    coloured = {"text": {"field": "number"}, "color": {"field": "ink", **plain}}
    return [
        {"data": {"values": [v for v in values if v["record"]]}, "mark": ring, "encoding": where},
        {
            "data": {"values": values},
            "mark": circle,
            "encoding": {**where, "fill": {"field": "fill", **plain}},
        },
        {"data": {"values": values}, "mark": number, "encoding": {**where, **coloured}},
    ]


def _bars(spot: Spot, left: float, top: float) -> list[dict[str, Any]]:
    out = []
    for k, bar in enumerate(spot.bars):
        y = top + k * (THICK + 6) + THICK / 2
        shares = {"all": 1.0, "tempts": bar.tempts, "hard": bar.hard}
        ends = {name: left + BAR * share for name, share in shares.items()}
        out.append(
            {
                "x": left,
                "y": y,
                **ends,
                "after": left + BAR + 5,
                "share": bar.printed,
                "colour": party_colour(bar.party),
            }
        )
    return out


def _bar_marks(values: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    paint = {"field": "colour", "type": "nominal", "scale": None, "legend": None}
    place = {"x": _scale("x"), "y": _scale("y")}
    marks = [
        {
            "mark": {"type": "rule", "strokeWidth": THICK, "opacity": opacity},
            "encoding": {**place, "x2": {"field": end}, "color": paint},
        }
        for end, opacity in (("all", 0.1), ("tempts", 0.38), ("hard", 1.0))
    ]
    text = {"type": "text", "align": "left", "baseline": "middle", "fontSize": SMALL, "color": MUTED}
    shown = {**place, "x": _scale("after"), "text": {"field": "share"}}
    shares = [{"mark": {**text, **more}, "encoding": shown} for more in BOTH]
    layers: list[dict[str, Any]] = [*marks, *shares]
    return [{"data": {"values": list(values)}, **layer} for layer in layers]


def _names(values: Sequence[dict[str, Any]]) -> dict[str, Any]:
    text = {
        "type": "text",
        "align": "left",
        "baseline": "middle",
        "color": INK,
        "fontSize": SIZE,
        "lineHeight": LINE,
    }
    weights: dict[bool, dict[str, Any]] = {False: {}, True: {"fontWeight": "bold"}}
    return {
        "data": {"values": list(values)},
        "layer": [
            {
                "transform": [{"filter": f"datum.bold === {str(bold).lower()}"}],
                "mark": {**text, **weight},
                "encoding": {"x": _scale("x"), "y": _scale("y"), "text": {"field": "label"}},
            }
            for bold, weight in weights.items()
        ],
    }


def _heads(spots: Sequence[Spot], column: float, lang: Language) -> dict[str, Any]:
    """What the columns are."""
    values = []
    for h in sorted({s.layer for s in spots} - {0}):
        text = say("paths.chart-move" if h == 1 else "paths.chart-moves", lang, n=h)
        values.append({"x": DOT + h * column, "y": 8, "label": text})
    return {
        "data": {"values": values},
        "mark": {"type": "text", "align": "left", "baseline": "middle", "color": MUTED, "fontSize": SIZE},
        "encoding": {"x": _scale("x"), "y": _scale("y"), "text": {"field": "label"}},
    }
