"""The shapes of territories: Natural Earth at 1:50 million, as ``scripts/natural_earth.py`` derives it."""

import json
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Rings = tuple[tuple[int, ...], ...]
"""A polygon: its outer ring and its holes, each a list of arcs (``~n``: arc n backwards)."""

STEP = 1.0
"""Degrees from one point of a line to the next at most: a border along a parallel is no straight line on a map."""
APART = 20.0
"""Degrees from which a large part of a territory counts as overseas: Alaska is nearer, French Guiana is not."""


@dataclass(frozen=True)
class Shapes:
    """Every territory by its ISO 3166 code, and those without one; lines that two share are there once.

    ``lon`` and ``lat`` hold the points of all arcs one after the other, ``ends[k]`` to ``ends[k + 1]`` those of arc k.
    """

    lon: Array
    lat: Array
    ends: tuple[int, ...]
    polygons: Mapping[str, tuple[Rings, ...]]
    others: tuple[tuple[Rings, ...], ...]
    borders: frozenset[int]
    """Arcs between two territories; the rest are coasts."""

    @cached_property
    def rings(self) -> tuple[tuple[str | None, int, tuple[int, ...]], ...]:
        """Every ring with its territory's code and the number of its polygon."""
        owned = [*self.polygons.items(), *((None, parts) for parts in self.others)]
        every = [(code, polygon) for code, parts in owned for polygon in parts]
        return tuple((code, k, ring) for k, (code, polygon) in enumerate(every) for ring in polygon)

    @cached_property
    def arcs_of_rings(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The arcs of all rings one after the other, and where each ring begins."""
        plain = [[n if n >= 0 else ~n for n in ring] for _, _, ring in self.rings]
        return np.concatenate(plain), np.cumsum([0, *map(len, plain)])[:-1]

    def ring(self, arcs: tuple[int, ...]) -> tuple[Array, Array]:
        """Longitudes and latitudes of a ring, its first point also its last."""
        parts = [self.arc(n) for n in arcs]
        lon = np.concatenate([part[0][k > 0 :] for k, part in enumerate(parts)])
        return lon, np.concatenate([part[1][k > 0 :] for k, part in enumerate(parts)])

    def arc(self, n: int) -> tuple[Array, Array]:
        """Longitudes and latitudes of an arc."""
        k = n if n >= 0 else ~n
        part = slice(self.ends[k], self.ends[k + 1])
        step = 1 if n >= 0 else -1
        return self.lon[part][::step], self.lat[part][::step]

    def main(self, code: str) -> tuple[Array, Array]:
        """Where a territory mainly lies: the outlines of its largest part and of large ones near it."""
        return _main(code)


@cache
def shapes() -> Shapes:
    """The file, read once."""
    told = json.loads((files("zopa") / "charts" / "land" / "natural-earth.json").read_text(encoding="utf-8"))
    lines = [_line(arc, told["grid"]) for arc in told["arcs"]]
    polygons = {code: tuple(_rings(p) for p in parts) for code, parts in told["shapes"].items()}
    others = tuple(tuple(_rings(p) for p in parts) for parts in told["others"])
    used = Counter(
        n if n >= 0 else ~n
        for parts in (*polygons.values(), *others)
        for polygon in parts
        for ring in polygon
        for n in ring
    )
    return Shapes(
        np.concatenate([line[:, 0] for line in lines]),
        np.concatenate([line[:, 1] for line in lines]),
        tuple(int(end) for end in np.cumsum([0, *map(len, lines)])),
        polygons,
        others,
        frozenset(n for n, times in used.items() if times > 1),
    )


def has_shape(code: str) -> bool:
    """Whether Natural Earth draws a territory of this code by itself."""
    return code in shapes().polygons


def _rings(polygon: list[list[int]]) -> Rings:
    return tuple(tuple(ring) for ring in polygon)


def _line(steps: list[int], grid: int) -> Array:
    """The points of an arc in degrees, close enough to each other."""
    points = np.cumsum(np.array(steps, dtype=float).reshape(-1, 2), axis=0) / grid
    # A line across the antimeridian goes on beyond 180 degrees instead of round the Earth.
    points[:, 0] = np.unwrap(points[:, 0], period=360)
    apart = np.abs(np.diff(points, axis=0)).max(axis=1)
    if not (apart > STEP).any():
        return points
    parts = [
        np.linspace(a, b, int(np.ceil(d / STEP)), endpoint=False)
        for a, b, d in zip(points[:-1], points[1:], np.maximum(apart, 1e-9), strict=True)
    ]
    return np.concatenate([*parts, points[-1:]])


@cache
def _main(code: str) -> tuple[Array, Array]:
    found = shapes()
    outlines = [found.ring(polygon[0]) for polygon in found.polygons[code]]
    sizes = [_area(lon, lat) for lon, lat in outlines]
    largest = outlines[sizes.index(max(sizes))]
    kept = [
        o
        for o, size in zip(outlines, sizes, strict=True)
        if o is largest or (size >= 0.1 * max(sizes) and _near(o, largest))
    ]
    return np.concatenate([lon for lon, _ in kept]), np.concatenate([lat for _, lat in kept])


def _near(one: tuple[Array, Array], other: tuple[Array, Array]) -> bool:
    """Whether two outlines come within ``APART`` of each other."""
    a, b = (_vectors(lon[::5], lat[::5]) for lon, lat in (one, other))
    return float((a @ b.T).max()) > math.cos(math.radians(APART))


def _vectors(lon: Array, lat: Array) -> Array:
    x, y = np.radians(lon), np.radians(lat)
    return np.stack([np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)], axis=1)


def _area(lon: Array, lat: Array) -> float:
    """Area on a sphere of radius 1."""
    x, y = np.unwrap(np.radians(lon)), np.sin(np.radians(lat))
    return abs(float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]))) / 2
