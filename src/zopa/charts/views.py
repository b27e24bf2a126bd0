"""Panels of a map: which part of the Earth each shows, in Lambert's azimuthal equal-area projection, clipped to it.

The projection is centred on what a panel shows. It knows no edge of the map: what lies across the antimeridian is drawn
like everything else.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np

from zopa.charts.shapes import Array, shapes

RADIUS = 6371.0
"""Of the Earth, in kilometres."""
LEAST, AROUND = 700.0, 1500.0
"""Kilometres that a panel shows at least, side to side: of territories, and around single places."""
CLOSE, COARSE, FAR = 1.0, 1.5, 8.0
"""Pixels that points of a line lie apart at least: on a large panel, on a small one, and where they are not seen."""
DOT = 1.5
"""Pixels across below which an island has no coast of its own."""

Pixel = tuple[float, float]
Line = list[Pixel]


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels, y downwards."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top

    def grown(self, by: float) -> "Box":
        """The same with a margin; a negative one shrinks it."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def meets(self, other: "Box") -> bool:
        """Whether two have a point inside both."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def holds(self, other: "Box") -> bool:
        """Whether another lies inside."""
        return (
            self.left <= other.left
            and other.right <= self.right
            and self.top <= other.top
            and other.bottom <= self.bottom
        )

    def has(self, point: Pixel) -> bool:
        """Whether a point lies inside."""
        return self.left <= point[0] <= self.right and self.top <= point[1] <= self.bottom


@dataclass(frozen=True)
class View:
    """A panel: the point of the Earth at its centre, pixels a kilometre, and where on the picture it stands."""

    lon: float
    lat: float
    scale: float
    box: Box

    @classmethod
    def fitted(cls, lon: Array, lat: Array, box: Box, margin: float) -> Self:
        """The view in which all these points lie within a box, a margin in pixels around them."""
        lon0, lat0, width, height = extent(lon, lat)
        least = LEAST if len(lon) > 3 else AROUND
        room = max(box.width - 2 * margin, 40.0), max(box.height - 2 * margin, 40.0)
        scale = min(room[0] / max(width, least), room[1] / max(height, least))
        return cls(lon0, lat0, scale, box)

    def at(self, lon: Array, lat: Array) -> tuple[Array, Array]:
        """Where points of the Earth stand on the picture."""
        x, y = projected(self.lon, self.lat, lon, lat)
        middle = (self.box.left + self.box.right) / 2, (self.box.top + self.box.bottom) / 2
        return middle[0] + self.scale * x, middle[1] - self.scale * y

    def spot(self, lon: float, lat: float) -> Pixel:
        """Where one point stands."""
        x, y = self.at(np.array([lon]), np.array([lat]))
        return round(float(x[0]), 1), round(float(y[0]), 1)

    def moved(self, box: Box) -> "View":
        """The same view elsewhere on the picture."""
        return replace(self, box=box)

    @cached_property
    def ground(self) -> "Ground":
        """What is seen in it."""
        return Ground(self)


def projected(lon0: float, lat0: float, lon: Array, lat: Array) -> tuple[Array, Array]:
    """Kilometres east and north of a centre (Lambert 1772; Snyder 1987, equations 24-2 to 24-4)."""
    a, b, b0 = np.radians(lon - lon0), np.radians(lat), math.radians(lat0)
    cosine = math.sin(b0) * np.sin(b) + math.cos(b0) * np.cos(b) * np.cos(a)
    k = RADIUS * np.sqrt(2 / np.maximum(1 + cosine, 1e-9))
    return (
        k * np.cos(b) * np.sin(a),
        k * (math.cos(b0) * np.sin(b) - math.sin(b0) * np.cos(b) * np.cos(a)),
    )


def unprojected(lon0: float, lat0: float, x: float, y: float) -> tuple[float, float]:
    """The point of the Earth so many kilometres east and north of a centre."""
    rho = math.hypot(x, y)
    if rho < 1e-9:
        return lon0, lat0
    c, b0 = 2 * math.asin(min(1.0, rho / (2 * RADIUS))), math.radians(lat0)
    lat = math.asin(math.cos(c) * math.sin(b0) + y * math.sin(c) * math.cos(b0) / rho)
    east = math.atan2(x * math.sin(c), rho * math.cos(b0) * math.cos(c) - y * math.sin(b0) * math.sin(c))
    return (lon0 + math.degrees(east) + 180) % 360 - 180, math.degrees(lat)


def extent(lon: Array, lat: Array) -> tuple[float, float, float, float]:
    """The middle of some points (longitude, latitude), and how many kilometres they spread east and north."""
    a, b = np.radians(lon), np.radians(lat)
    x, y, z = (np.cos(b) * np.cos(a)).mean(), (np.cos(b) * np.sin(a)).mean(), np.sin(b).mean()
    lon0 = math.degrees(math.atan2(y, x))
    lat0 = math.degrees(math.atan2(z, math.hypot(x, y)))
    for _ in range(3):
        east, north = projected(lon0, lat0, lon, lat)
        lon0, lat0 = unprojected(
            lon0, lat0, float(east.min() + east.max()) / 2, float(north.min() + north.max()) / 2
        )
    east, north = projected(lon0, lat0, lon, lat)
    return lon0, lat0, float(np.ptp(east)), float(np.ptp(north))


class Ground:
    """The shapes that are seen in a view, cut to it, and the lines between them."""

    def __init__(self, view: View) -> None:
        self._all = shapes()
        self._cut = view.box
        self._x, self._y = view.at(self._all.lon, self._all.lat)
        a, b = np.radians(self._all.lon - view.lon), np.radians(self._all.lat)
        b0 = math.radians(view.lat)
        near = math.sin(b0) * np.sin(b) + math.cos(b0) * np.cos(b) * np.cos(a) > 0
        first = np.array(self._all.ends[:-1])
        self._near = np.logical_or.reduceat(near, first)
        self._boxes = np.stack(
            [
                np.minimum.reduceat(self._x, first),
                np.minimum.reduceat(self._y, first),
                np.maximum.reduceat(self._x, first),
                np.maximum.reduceat(self._y, first),
            ]
        )
        self._close = CLOSE if view.box.width * view.box.height > 120_000 else COARSE
        self._kept: dict[int, list[int]] = {}
        self.of: dict[str, list[list[Line]]] = {}
        """By code: polygons as rings, closed."""
        self.others: list[list[Line]] = []
        """Polygons of the territories that have no code."""
        self._fill()

    def lines(self, *, borders: bool) -> list[Line]:
        """Borders, or coasts."""
        out: list[Line] = []
        size = (self._boxes[2:] - self._boxes[:2]).max(axis=0)
        for n in np.flatnonzero(self._near & self._meets(self._boxes) & (size > DOT)):
            if (int(n) in self._all.borders) is borders:
                out += self._pieces(int(n))
        return out

    def _meets(self, boxes: Array) -> "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]":
        cut = self._cut
        found: np.ndarray[tuple[int, ...], np.dtype[np.bool_]] = (
            (boxes[0] < cut.right) & (boxes[2] > cut.left) & (boxes[1] < cut.bottom) & (boxes[3] > cut.top)
        )
        return found

    def _pieces(self, n: int) -> list[Line]:
        kept = self._thinned(n)
        points = list(zip(self._x[kept].tolist(), self._y[kept].tolist(), strict=True))
        return clipped_line(points, self._cut)

    def _fill(self) -> None:
        """Cut every ring that is seen to the view."""
        arcs, first = self._all.arcs_of_rings
        low = np.minimum.reduceat(self._boxes[:2, arcs], first, axis=1)
        high = np.maximum.reduceat(self._boxes[2:, arcs], first, axis=1)
        # Beyond a quarter of the way round nothing is shown, and what surrounds the other end would turn inside out.
        seen = np.logical_or.reduceat(self._near[arcs], first) & self._meets(np.concatenate([low, high]))
        last = -1
        for k in np.flatnonzero(seen):
            code, polygon, parts = self._all.rings[k]
            ring = self._ring(parts)
            if not ring:
                continue
            home = self.others if code is None else self.of.setdefault(code, [])
            if polygon == last:
                home[-1].append(ring)
            else:
                home.append([ring])
            last = polygon

    def _ring(self, arcs: tuple[int, ...]) -> Line:
        """A ring cut to the view; empty where nothing of it is seen."""
        points: Line = []
        for n in arcs:
            kept = self._thinned(n if n >= 0 else ~n)
            part = list(zip(self._x[kept].tolist(), self._y[kept].tolist(), strict=True))
            points += part[1 if points else 0 :] if n >= 0 else part[::-1][1 if points else 0 :]
        return clipped_ring(points, self._cut)

    def _thinned(self, n: int) -> list[int]:
        """Points of an arc that can be told apart; the same for all shapes that share it."""
        if n not in self._kept:
            first, last = self._all.ends[n], self._all.ends[n + 1] - 1
            seen = bool(self._meets(self._boxes[:, n]))
            least = (self._close if seen else FAR) ** 2
            x, y = self._x[first : last + 1].tolist(), self._y[first : last + 1].tolist()
            kept = [0]
            for k in range(1, last - first):
                at = kept[-1]
                if (x[k] - x[at]) ** 2 + (y[k] - y[at]) ** 2 >= least:
                    kept.append(k)
            if last > first:
                kept.append(last - first)
            self._kept[n] = [first + k for k in kept]
        return self._kept[n]


# ---- cutting -----------------------------------------------------------------------------------------------------


def clipped_ring(points: Sequence[Pixel], box: Box) -> Line:
    """A closed ring cut to a box (Sutherland and Hodgman 1974); empty where less than a triangle is left."""
    ring = list(points[:-1] if points and points[0] == points[-1] else points)
    for axis, limit, low in (
        (0, box.left, True),
        (0, box.right, False),
        (1, box.top, True),
        (1, box.bottom, False),
    ):
        out: Line = []
        for k, end in enumerate(ring):
            start = ring[k - 1]
            inside, before = (
                (end[axis] >= limit, start[axis] >= limit)
                if low
                else (end[axis] <= limit, start[axis] <= limit)
            )
            if inside != before:
                share = (limit - start[axis]) / (end[axis] - start[axis])
                other = start[1 - axis] + share * (end[1 - axis] - start[1 - axis])
                out.append((limit, other) if axis == 0 else (other, limit))
            if inside:
                out.append(end)
        ring = out
    tidy: Line = []
    for x, y in ring:
        point = round(x, 1), round(y, 1)
        if not tidy or point != tidy[-1]:
            tidy.append(point)
    if tidy and tidy[0] == tidy[-1]:
        tidy.pop()
    return [*tidy, tidy[0]] if len(tidy) > 2 else []


def clipped_line(points: Sequence[Pixel], box: Box) -> list[Line]:
    """The stretches of a line within a box (Liang and Barsky 1984)."""
    out: list[Line] = []
    for start, end in itertools.pairwise(points):
        stretch = _within(start, end, box)
        if stretch is None:
            continue
        a, b = ((round(p[0], 1), round(p[1], 1)) for p in stretch)
        if out and out[-1][-1] == a:
            if a != b:
                out[-1].append(b)
        else:
            out.append([a, b])
    return [line for line in out if len(line) > 2 or line[0] != line[-1]]


def _within(start: Pixel, end: Pixel, box: Box) -> tuple[Pixel, Pixel] | None:
    if box.has(start) and box.has(end):
        return start, end
    first, last = 0.0, 1.0
    dx, dy = end[0] - start[0], end[1] - start[1]
    for step, room in (
        (-dx, start[0] - box.left),
        (dx, box.right - start[0]),
        (-dy, start[1] - box.top),
        (dy, box.bottom - start[1]),
    ):
        if step == 0:
            if room < 0:
                return None
        elif step < 0:
            first = max(first, room / step)
        else:
            last = min(last, room / step)
    if first > last:
        return None
    return (start[0] + first * dx, start[1] + first * dy), (start[0] + last * dx, start[1] + last * dy)


def area(rings: Sequence[Line]) -> float:
    """Area of a polygon in square pixels, its holes taken off."""
    sizes = [abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring))) / 2 for ring in rings]
    return sizes[0] - sum(sizes[1:])


def inside(rings: Sequence[Line], x: Array, y: Array) -> "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]":
    """Which points lie in a polygon (even-odd rule)."""
    found = np.zeros(x.shape, dtype=bool)
    for ring in rings:
        p = np.array(ring)
        x1, y1, x2, y2 = p[:-1, 0], p[:-1, 1], p[1:, 0], p[1:, 1]
        crosses = (y1 > y[..., None]) != (y2 > y[..., None])
        with np.errstate(divide="ignore", invalid="ignore"):
            at = x1 + (y[..., None] - y1) * (x2 - x1) / (y2 - y1)
        found ^= (crosses & (x[..., None] < at)).sum(axis=-1) % 2 == 1
    return found


def hatched(rings: Sequence[Line], step: float, slope: tuple[float, float], shift: float = 0.0) -> list[Line]:
    """Parallel lines across a polygon: ``slope`` is the direction across them, ``step`` how far they are apart."""
    u, v = slope
    edges = [(a, b) for ring in rings for a, b in itertools.pairwise(ring)]
    level = [p[0] * u + p[1] * v for ring in rings for p in ring]
    out: list[Line] = []
    for k in range(math.ceil((min(level) - shift) / step), math.floor((max(level) - shift) / step) + 1):
        c = k * step + shift
        cuts = []
        for a, b in edges:
            da, db = a[0] * u + a[1] * v - c, b[0] * u + b[1] * v - c
            if (da > 0) != (db > 0):
                t = da / (da - db)
                cuts.append((a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])))
        cuts.sort(key=lambda p: p[1] * u - p[0] * v)
        for a, b in zip(cuts[::2], cuts[1::2], strict=False):
            out.append([(round(a[0], 1), round(a[1], 1)), (round(b[0], 1), round(b[1], 1))])
    return out
