"""The map: parties' territories by role, venues by what became of them, in the regions that can be read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zopa.charts.chart import Chart
from zopa.charts.glyphs import text_width
from zopa.charts.map_labels import Labels
from zopa.charts.map_panels import Extent, groups, views
from zopa.charts.shapes import has_shape, shapes
from zopa.charts.style import (
    BLACK,
    GREEN,
    INK,
    LINE,
    MUTED,
    ORANGE,
    SIZE,
    base,
    party_colour,
    wrap,
)
from zopa.charts.views import Box, Line, Pixel, View, area, extent, hatched
from zopa.words import Language, say

WIDTH, NARROW = 860, 336
SEA, LAND, NAMED, PALE = "#EDF2F5", "#FAFAF7", "#DDDDD6", "#E9ECE6"
COAST, BORDER = "#9AA7AF", "#B9BDB9"
LARGE = 2.0
"""Times its width, the square pixels from which a territory that has another panel is named on the main one too."""
SMALL = 60.0
"""Square pixels below which a territory is ringed: its shading would not be seen."""
CROSS = "M-.65,-1L0,-.35L.65,-1L1,-.65L.35,0L1,.65L.65,1L0,.35L-.65,1L-1,.65L-.35,0L-1,-.65Z"

STATUS = {
    "agreed": ("circle", GREEN, 150),
    "proposed": ("diamond", ORANGE, 150),
    "open": ("triangle-up", "#FFFFFF", 130),
    "refused": (CROSS, BLACK, 150),
    "dropped": ("triangle-down", MUTED, 120),
    "venue": ("square", "#FFFFFF", 90),
    "capital": ("square", INK, 36),
    "site": ("circle", INK, 36),
    "region": ("circle", "#FFFFFF", 36),
}
"""Shape, colour and size of a place: by what became of a venue, else by its kind."""
LESSER = frozenset({"capital", "site", "region"})
ACROSS = {
    "host": (0.7071, 0.7071),
    "mediator": (0.7071, -0.7071),
    "outside": (0.0, 1.0),
    "lobby": (1.0, 0.0),
    "observer": (0.7071, 0.7071),
}
"""Direction across the lines that shade a role; an observer's are dashed."""
DRAWN = {"border": (BORDER, 0.9), "coast": (COAST, 0.7), "leader": (INK, 0.8)}
"""Colour and width of lines, the lowest first."""
AT = {axis: {"field": axis, "type": "quantitative", "scale": None, "axis": None} for axis in ("x", "y")}
"""Places in pixels, as they were laid out."""


@dataclass(frozen=True)
class Territory:
    """A territory that the case names: ``sides`` are the negotiators (by position) and ``roles`` the others it is of.

    ``told`` is what is said of it where one points at it; ``at`` where its name is wanted, in degrees.
    """

    code: str
    name: str
    told: str
    sides: tuple[int, ...] = ()
    roles: tuple[str, ...] = ()
    at: tuple[float, float] | None = None


@dataclass(frozen=True)
class Spot:
    """A place with its coordinates; ``mark`` is a key of ``STATUS``."""

    name: str
    told: str
    lon: float
    lat: float
    mark: str


def map_chart(
    territories: Sequence[Territory],
    spots: Sequence[Spot],
    sides: Sequence[str],
    called: Callable[[str], str],
    described: str,
    lang: Language,
) -> Chart | None:
    """The map, or None where there is nothing to draw. ``sides`` are the negotiators, ``called`` names a code.

    What matters most comes first among ``spots`` and ``territories``.
    """
    drawn = [t for t in territories if has_shape(t.code)]
    wanted = [
        *(Extent.point(s.lon, s.lat) for s in spots),
        *(Extent.territory(t.code) for t in drawn if t.sides or t.roles or not spots),
    ]
    if not wanted:
        return None
    grouped = groups(wanted)
    title = say("map.chart-title", lang)
    parts = [
        *(["sides"] if any(t.sides for t in drawn) else []),
        *(["roles"] if any(t.roles for t in drawn) else []),
        *(["panels"] if len(grouped) > 1 else []),
    ]
    note = ("" if lang == "zh" else " ").join(say(f"map.note-{part}", lang) for part in parts)
    wide, narrow = (
        _Sheet(drawn, spots, wanted, sides, called, lang, width).spec(
            views(wanted, grouped, width, narrow=width == NARROW), grouped
        )
        for width in (WIDTH, NARROW)
    )
    return Chart(wide, title, described, note, narrow=narrow)


class _Sheet:
    """Everything that is drawn at one width, layer by layer, in pixels."""

    def __init__(
        self,
        territories: Sequence[Territory],
        spots: Sequence[Spot],
        wanted: Sequence[Extent],
        sides: Sequence[str],
        called: Callable[[str], str],
        lang: Language,
        width: int,
    ) -> None:
        self._territories, self._spots, self._wanted, self._sides = territories, spots, wanted, sides
        self._called, self._lang, self._width = called, lang, width
        self._land: list[Any] = []
        self._lines: dict[str, list[Line]] = {"coast": [], "border": [], "leader": []}
        self._hatch: list[Any] = []
        self._marks: list[dict[str, Any]] = []
        self._rings: list[dict[str, Any]] = []
        self._texts: list[dict[str, Any]] = []
        self._told: list[dict[str, Any]] = []
        self._frames: list[dict[str, Any]] = []
        self.lost: list[str] = []

    def spec(self, panels: Sequence[View], grouped: Sequence[Sequence[int]]) -> dict[str, Any]:
        """The whole picture."""
        for k, (panel, group) in enumerate(zip(panels, grouped, strict=True)):
            own = {code for one in group if (code := self._wanted[one].code)}
            self._panel(
                panel, [self._spots[one] for one in group if self._wanted[one].code is None], own, main=not k
            )
        height = self._below(max(panel.box.bottom for panel in panels) + 12)
        made = base()
        del made["width"]
        plain = {"type": "identity", "scale": 1, "translate": [0, 0]}
        inner = {"width": self._width, "height": height, "projection": plain, "layer": self._layers()}
        # In a frame of its own a picture keeps its size: its pixels are laid out, not scaled.
        return made | {"vconcat": [inner]}

    # ---- one panel ---------------------------------------------------------------------------------------------

    def _panel(self, view: View, spots: Sequence[Spot], own: set[str], *, main: bool) -> None:
        """Spots and the territories ``own`` belong to this panel: others are shaded, but named on their own one."""
        box, ground = view.box, view.ground
        self._frames.append({"x": box.left, "y": box.top, "x2": box.right, "y2": box.bottom})
        all_codes = {t.code for t in self._territories}
        for code, polygons in ground.of.items():
            seen = [] if code in all_codes else [p for p in polygons if area(p) > 0.5]
            if seen:
                self._land.append(_feature(seen, LAND, self._called(code)))
        if ground.others:
            self._land.append(_feature(ground.others, LAND, ""))
        shown = [(t, ground.of[t.code]) for t in self._territories if t.code in ground.of]
        labels = Labels(box, [p for _, polygons in shown for p in polygons])
        for territory, polygons in shown:
            self._shade(territory, polygons)
        ringed = self._ringed(view, own, labels)
        self._lines["border"] += ground.lines(borders=True)
        self._lines["coast"] += ground.lines(borders=False)
        at = [view.spot(spot.lon, spot.lat) for spot in spots]
        for spot, (x, y) in zip(spots, at, strict=True):
            self._marks.append(_mark(spot.mark, x, y, spot.told))
            radius = _radius(spot.mark) + 1
            labels.taken.append(Box(x - radius, y - radius, x + radius, y + radius))
        for spot, point in zip(spots, at, strict=True):
            labels.point(spot.name, point, _radius(spot.mark), bold=spot.mark not in LESSER)
        for territory, point in ringed:
            labels.point(territory.name, point, 7)
        least = LARGE * self._width
        for territory, polygons in shown:
            size = sum(area(p) for p in polygons)
            named = not territory.sides and not territory.roles
            if size >= SMALL and (territory.code in own or (main and (size >= least or named))):
                wanted = view.spot(*territory.at) if territory.at else None
                labels.area(territory.name, polygons, wanted)
        self.lost += labels.lost
        for label in labels.placed:
            if label.leader:
                self._lines["leader"].append(list(label.leader))
            for text, x, y in label.rows():
                self._texts.append({"text": text, "x": x, "y": y, "bold": label.bold})

    def _ringed(self, view: View, own: set[str], labels: Labels) -> list[tuple[Territory, Pixel]]:
        """Rings round the panel's own territories that are too small for their shading to be seen."""
        out = []
        for territory in self._territories:
            if territory.code in own and sum(area(p) for p in view.ground.of.get(territory.code, ())) < SMALL:
                lon, lat, *_ = extent(*shapes().main(territory.code))
                x, y = view.spot(lon, lat)
                self._rings.append({"x": x, "y": y, "told": territory.told})
                labels.taken.append(Box(x - 7, y - 7, x + 7, y + 7))
                out.append((territory, (x, y)))
        return out

    def _shade(self, territory: Territory, polygons: list[list[Line]]) -> None:
        fill = NAMED if not territory.sides and not territory.roles else PALE
        self._land.append(_feature(polygons, fill, territory.told))
        if len(territory.sides) == 1:
            self._land[-1]["properties"] |= {"fill": party_colour(territory.sides[0]), "opacity": 0.55}
        lines = [
            *((ACROSS[role], 0.0, INK, role == "observer") for role in territory.roles if role in ACROSS),
            # Two sides that claim one territory share its lines.
            *(
                ((0.7071, 0.7071), 7.0 * k / len(territory.sides), party_colour(side), False)
                for k, side in enumerate(territory.sides)
                if len(territory.sides) > 1
            ),
        ]
        for across, shift, colour, dashed in lines:
            found = [line for p in polygons for line in hatched(p, 7, across, shift)]
            if found:
                self._hatch.append(_lines(found, colour, dashed=dashed))

    # ---- what explains it --------------------------------------------------------------------------------------

    def _below(self, top: float) -> float:
        """Key and notice under the panels; gives where they end."""
        x, y = 0.0, top + LINE / 2
        for draw, text in self._key():
            wide = 26 + text_width(text, SIZE) + 18
            if x and x + wide - 18 > self._width:
                x, y = 0.0, y + LINE + 5
            draw(x, y)
            for k, line in enumerate(fitted(text, self._width - 26)):
                y += LINE if k else 0
                self._text(line, x + 26, y)
            x += wide
        y += LINE + 7
        told = [say("map.notice", self._lang)]
        if self.lost:
            told.append(say("map.lost", self._lang, n=len(set(self.lost))))
        for text in told:
            for line in fitted(text, self._width):
                self._text(line, 0, y, colour=MUTED)
                y += LINE
        return round(y)

    def _text(self, text: str, x: float, y: float, *, colour: str = INK) -> None:
        self._told.append({"text": text, "x": round(x, 1), "y": round(y, 1), "colour": colour})

    def _key(self) -> list[tuple[Callable[[float, float], None], str]]:
        """Every mark on the picture with its words."""
        out: list[tuple[Callable[[float, float], None], str]] = []
        for k, name in enumerate(self._sides):
            if any(k in t.sides for t in self._territories):
                out.append((self._swatch(Territory("", "", "", (k,))), self._beside(name, "negotiator")))
        for role in ACROSS:
            if any(role in t.roles for t in self._territories):
                out.append(
                    (self._swatch(Territory("", "", "", (), (role,))), say(f"map.role-{role}", self._lang))
                )
        if any(not t.sides and not t.roles for t in self._territories):
            out.append((self._swatch(Territory("", "", "")), say("map.named", self._lang)))
        for mark in STATUS:
            if any(s.mark == mark for s in self._spots):
                out.append((self._sign(mark), say(f"map.mark-{mark}", self._lang)))
        if self._rings:
            out.append(
                (
                    lambda x, y: self._rings.append({"x": x + 9, "y": y, "told": ""}),
                    say("map.small", self._lang),
                )
            )
        return out

    def _beside(self, name: str, role: str) -> str:
        word = say(f"map.role-{role}", self._lang)
        return f"{name}（{word}）" if self._lang == "zh" else f"{name} ({word})"

    def _swatch(self, territory: Territory) -> Callable[[float, float], None]:
        def draw(x: float, y: float) -> None:
            ring = [(x, y - 6.5), (x + 19, y - 6.5), (x + 19, y + 6.5), (x, y + 6.5), (x, y - 6.5)]
            self._shade(territory, [[ring]])
            self._lines["coast"].append(ring)

        return draw

    def _sign(self, mark: str) -> Callable[[float, float], None]:
        return lambda x, y: self._marks.append(_mark(mark, x + 10, y, ""))

    # ---- layers ------------------------------------------------------------------------------------------------

    def _layers(self) -> list[dict[str, Any]]:
        """From the sea up to the names; what has nothing in it is left out."""
        frame = {"type": "rect", "tooltip": None}
        ends = {**AT, "x2": {"field": "x2"}, "y2": {"field": "y2"}}
        told = {"tooltip": {"field": "told", "type": "nominal"}}
        line = {"type": "geoshape", "filled": False, "tooltip": None}
        mark = {"type": "point", "filled": True, "opacity": 1, "strokeWidth": 1.3}
        drawn = {**_own("shape"), **_own("fill"), **_own("stroke"), **_own("size", "quantitative")}
        layers = [
            _layer(self._frames, {**frame, "color": SEA}, ends),
            _layer(
                self._land,
                {"type": "geoshape", "strokeWidth": 0},
                {
                    **_own("fill", field="properties.fill"),
                    **_own("fillOpacity", "quantitative", "properties.opacity"),
                    "tooltip": {"field": "properties.told", "type": "nominal"},
                },
            ),
            _layer(
                self._hatch,
                {**line, "strokeWidth": 1, "opacity": 0.75},
                {**_own("stroke", field="properties.stroke"), **_own("strokeDash", field="properties.dash")},
            ),
            *(
                _layer([_lines(lines, colour)], {**line, "stroke": colour, "strokeWidth": thick}, {})
                for name, (colour, thick) in DRAWN.items()
                if (lines := self._lines[name])
            ),
            _layer(self._frames, {**frame, "filled": False, "stroke": COAST, "strokeWidth": 1}, ends),
            _layer(
                self._rings,
                {"type": "point", "filled": False, "size": 140, "stroke": INK, "strokeWidth": 1.4},
                {**AT, **told},
            ),
            _layer(self._marks, mark, {**AT, **told, **drawn}),
            *self._words(),
        ]
        return [layer for layer in layers if layer["data"]["values"]]

    def _words(self) -> list[dict[str, Any]]:
        """Names with a halo, then key and notice."""
        halo = {"stroke": "#FFFFFF", "strokeWidth": 3.5, "strokeJoin": "round", "strokeOpacity": 0.85}
        text = {"type": "text", "baseline": "middle"}
        named = {**AT, "text": {"field": "text"}}
        out = []
        for weight in ("normal", "bold"):
            values = [t for t in self._texts if t["bold"] == (weight == "bold")]
            mark = {**text, "align": "center", "fontWeight": weight}
            out += [_layer(values, {**mark, **halo}, named), _layer(values, mark, named)]
        told = {**named, **_own("color", field="colour")}
        return [*out, _layer(self._told, {**text, "align": "left"}, told)]


def _layer(values: Sequence[Any], mark: Mapping[str, Any], encoding: Mapping[str, Any]) -> dict[str, Any]:
    # The picture is one image with one description; a screen reader is not told of its marks one by one.
    return {"data": {"values": list(values)}, "mark": {"aria": False, **mark}, "encoding": dict(encoding)}


def _own(channel: str, kind: str = "nominal", field: str = "") -> dict[str, Any]:
    """A channel that takes its value from the data as it is."""
    return {channel: {"field": field or channel, "type": kind, "scale": None, "legend": None}}


def fitted(text: str, room: float) -> list[str]:
    """The text in lines that are no wider than so many pixels."""
    columns = max(8, int(room / 6))
    lines = wrap(text, columns).split("\n")
    while columns > 8 and max(text_width(line, SIZE) for line in lines) > room:
        columns -= 1
        lines = wrap(text, columns).split("\n")
    return lines


def _feature(polygons: Sequence[Sequence[Line]], fill: str, told: str) -> dict[str, Any]:
    shape = {"type": "MultiPolygon", "coordinates": [list(p) for p in polygons]}
    return {"type": "Feature", "properties": {"fill": fill, "opacity": 1, "told": told}, "geometry": shape}


def _lines(lines: Sequence[Line], colour: str, *, dashed: bool = False) -> dict[str, Any]:
    shape = {"type": "MultiLineString", "coordinates": list(lines)}
    told = {"stroke": colour, "dash": [3, 3] if dashed else [1, 0]}
    return {"type": "Feature", "properties": told, "geometry": shape}


def _mark(mark: str, x: float, y: float, told: str) -> dict[str, Any]:
    shape, fill, size = STATUS[mark]
    edge = INK if fill == "#FFFFFF" else "#FFFFFF"
    return {"x": x, "y": y, "shape": shape, "fill": fill, "stroke": edge, "size": size, "told": told}


def _radius(mark: str) -> float:
    return float((STATUS[mark][2]) ** 0.5) / 2 + 1
