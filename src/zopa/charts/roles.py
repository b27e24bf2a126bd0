"""What pairs agreed on in an exercise, against what was possible."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from zopa.charts.chart import Chart
from zopa.charts.style import (
    BLUE,
    GREEN,
    INK,
    MUTED,
    ORANGE,
    PURPLE,
    SKY,
    STAIRCASE,
    VERMILION,
    base,
    by_party,
    rows,
    wrap,
)
from zopa.words import Language, joined, say, term

FULL = 100
RULE_COLOURS = [PURPLE, ORANGE, SKY, INK]
RULE_SHAPES = ["circle", "square", "triangle-up", "diamond"]


class Pair(Protocol):
    """What the chart takes of a pair: its name, its points, whether it agreed, and what it broke."""

    @property
    def pair(self) -> str:
        """Name of the pair."""
        ...

    @property
    def package(self) -> Sequence[int] | None:
        """What it agreed on; None for no agreement."""
        ...

    @property
    def points(self) -> Sequence[float]:
        """Points by party."""
        ...

    @property
    def below(self) -> Sequence[str]:
        """Parties under their walk-away value."""
        ...

    @property
    def crossed(self) -> Sequence[str]:
        """Parties whose red line was crossed."""
        ...


def roles_chart(
    pairs: Sequence[Pair],
    frontier: Sequence[Sequence[float]],
    walk_away: Sequence[float],
    references: Mapping[str, Sequence[float]],
    names: Sequence[str],
    lang: Language,
) -> Chart:
    """Two parties: the plane of points with the frontier; more: a row a pair with a mark for every party.

    ``frontier`` and ``references`` hold points by party in the order of ``names``; references go by their term.
    """
    title = say("roles.chart-title" if pairs else "roles.chart-title-empty", lang)
    told = [f"{p.pair} " + ", ".join(f"{v:.0f}" for v in p.points) for p in pairs]
    mark = "；" if lang == "zh" else "; "
    description = say(
        "roles.chart-description", lang, parties=joined(list(names), lang), points=mark.join(told) or "—"
    )
    if len(names) == 2:
        spec = _plane(pairs, frontier, walk_away, references, names, lang)
        return Chart(spec, title, description, say("roles.chart-note", lang))
    spec = _lines(pairs, walk_away, references, names, lang)
    return Chart(spec, title, description, say("roles.chart-note-many", lang))


def _axis(field: str, title: str, values: Sequence[float]) -> dict[str, Any]:
    low = min(0, *(20 * (int(v) // 20) for v in values))
    high = max(FULL, *(20 * -(-int(v + 0.999) // 20) for v in values))
    return {
        "field": field,
        "type": "quantitative",
        "title": title,
        "scale": {"domain": [low, high], "nice": False},
        "axis": {"values": list(range(low, high + 1, 20)), "labelPadding": 10},
    }


def _kind(pair: Pair) -> str:
    if pair.package is None:
        return "none"
    return "broken" if pair.below or pair.crossed else "agreed"


def _plane(
    pairs: Sequence[Pair],
    frontier: Sequence[Sequence[float]],
    walk_away: Sequence[float],
    references: Mapping[str, Sequence[float]],
    names: Sequence[str],
    lang: Language,
) -> dict[str, Any]:
    every = [*frontier, *(p.points for p in pairs), walk_away]
    x, y = (
        _axis(f"u{k}", say("roles.axis", lang, party=names[k]), [float(point[k]) for point in every])
        for k in (0, 1)
    )
    curve = sorted(({"u0": float(p[0]), "u1": float(p[1])} for p in frontier), key=lambda r: r["u0"])
    line = {"data": {"values": curve}, "encoding": {"x": x, "y": y}}
    away = {"data": {"values": [{"u0": walk_away[0], "u1": walk_away[1]}]}}
    rule = {"type": "rule", "strokeDash": [5, 4], "color": MUTED}
    spec = base(480, 440)
    spec["layer"] = [
        {**away, "mark": rule, "encoding": {"x": x}},
        {**away, "mark": rule, "encoding": {"y": y}},
        {**line, "mark": {**STAIRCASE, "color": MUTED}},
        {**line, "mark": {"type": "point", "size": 26, "color": MUTED}},
        _references(references, x, y, lang),
        *_pairs(pairs, x, y, lang),
    ]
    spec["resolve"] = {"scale": {"color": "independent", "shape": "independent", "size": "independent"}}
    return spec


def _references(
    references: Mapping[str, Sequence[float]], x: dict[str, Any], y: dict[str, Any], lang: Language
) -> dict[str, Any]:
    """The reference points as outlines of different sizes, so that several in one place can be told apart."""
    values = [
        {"u0": float(at[0]), "u1": float(at[1]), "rule": term(key, lang)} for key, at in references.items()
    ]
    domain = [str(value["rule"]) for value in values]
    field = {"field": "rule", "type": "nominal", "title": None}
    legend = {"columns": 2, "symbolFillColor": "transparent", "symbolStrokeWidth": 2.2}
    sizes = [420 - 90 * k for k in range(len(domain))]
    return {
        "data": {"values": values},
        "mark": {"type": "point", "filled": False, "strokeWidth": 2.2, "opacity": 1},
        "encoding": {
            "x": x,
            "y": y,
            "color": {
                **field,
                "scale": {"domain": domain, "range": RULE_COLOURS[: len(domain)]},
                "legend": legend,
            },
            "shape": {**field, "scale": {"domain": domain, "range": RULE_SHAPES[: len(domain)]}},
            "size": {**field, "scale": {"domain": domain, "range": sizes}, "legend": None},
        },
    }


def _pairs(
    pairs: Sequence[Pair], x: dict[str, Any], y: dict[str, Any], lang: Language
) -> list[dict[str, Any]]:
    """Pairs by how they ended; pairs in one place share a label."""
    if not pairs:
        return []
    kinds = ("agreed", "broken", "none")
    labels = [say(f"roles.kind-{kind}", lang) for kind in kinds]
    places: dict[tuple[float, float, str], list[str]] = {}
    for pair in pairs:
        a, b = pair.points
        places.setdefault((float(a), float(b), _kind(pair)), []).append(pair.pair)
    mark = "、" if lang == "zh" else ", "
    values: list[dict[str, Any]] = [
        {"u0": a, "u1": b, "kind": labels[kinds.index(kind)], "name": wrap(mark.join(n), 24)}
        for (a, b, kind), n in places.items()
    ]
    colours, shapes = [BLUE, VERMILION, GREEN], ["circle", "cross", "triangle-down"]
    field = {"field": "kind", "type": "nominal", "title": None}
    return [
        {
            "data": {"values": values},
            "mark": {"type": "point", "size": 110, "filled": True, "opacity": 0.9},
            "encoding": {
                "x": x,
                "y": y,
                "color": {
                    **field,
                    "scale": {"domain": labels, "range": colours},
                    "legend": {"orient": "bottom", "columns": 1},
                },
                "shape": {**field, "scale": {"domain": labels, "range": shapes}},
            },
        },
        # Near the left edge a name stands to the right of its mark, elsewhere to the left, under the frontier.
        _labels([v for v in values if v["u0"] >= 30], x, y, "right"),
        _labels([v for v in values if v["u0"] < 30], x, y, "left"),
    ]


def _labels(
    values: Sequence[Mapping[str, Any]], x: dict[str, Any], y: dict[str, Any], align: str
) -> dict[str, Any]:
    dx, dy = (-10, 6) if align == "right" else (10, -20)
    return {
        "data": {"values": list(values)},
        "mark": {"type": "text", "align": align, "dx": dx, "dy": dy, "baseline": "top"},
        "encoding": {"x": x, "y": y, "text": {"field": "name"}},
    }


def _lines(
    pairs: Sequence[Pair],
    walk_away: Sequence[float],
    references: Mapping[str, Sequence[float]],
    names: Sequence[str],
    lang: Language,
) -> dict[str, Any]:
    told = [(p.pair, p.points) for p in pairs]
    told += [(term(key, lang), at) for key, at in references.items()]
    told.append((say("roles.walk-away-short", lang), walk_away))
    labels = list(dict.fromkeys(wrap(name) for name, _ in told))
    records = [
        {"row": wrap(name), "party": party, "value": float(value)}
        for name, at in told
        for party, value in zip(names, at, strict=True)
    ]
    x = _axis("value", say("roles.axis-all", lang), [float(value) for _, at in told for value in at])
    spec = base(480)
    spec["data"] = {"values": records}
    spec["height"] = rows(labels, least=20 * len(names))
    spec["mark"] = {"type": "point"}
    spec["encoding"] = {
        "x": x,
        "y": {"field": "row", "type": "nominal", "title": None, "sort": labels},
        "yOffset": {"field": "party", "type": "nominal", "sort": list(names)},
        **by_party(names),
    }
    return spec
