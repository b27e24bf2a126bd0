"""Where the names on a map stand: beside their points or on their territories, never on each other, never cut off."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from zopa.charts.glyphs import text_width
from zopa.charts.style import LINE, SIZE, wrap
from zopa.charts.views import Box, Line, Pixel, area, inside

PAD = 2.0
"""Pixels that stay free around a label."""


@dataclass(frozen=True)
class Label:
    """A name at its place, line by line; ``leader`` leads from it to what it names where that is not beside it."""

    lines: tuple[str, ...]
    box: Box
    bold: bool
    leader: tuple[Pixel, Pixel] | None = None

    def rows(self) -> Iterator[tuple[str, float, float]]:
        """Each line with the middle of where it stands."""
        x = (self.box.left + self.box.right) / 2
        for k, line in enumerate(self.lines):
            yield line, round(x, 1), round(self.box.top + LINE * (k + 0.5), 1)


@dataclass
class Labels:
    """The labels of one panel, placed one after the other: what matters most first."""

    frame: Box
    shaded: Sequence[Sequence[Line]] = ()
    """Polygons that a label of something else had better not stand on."""
    taken: list[Box] = field(default_factory=list)
    placed: list[Label] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    """Names that no place was found for."""

    def __post_init__(self) -> None:
        self._around = [_bounds(polygon) for polygon in self.shaded]

    def point(self, name: str, at: Pixel, radius: float, *, bold: bool = False) -> None:
        """Name a point, whose own mark must be among what is taken."""
        lines, wide, high = measured(name, bold=bold)
        best: tuple[float, Label] | None = None
        for away in (radius + 4, radius + 16, radius + 34, radius + 56):
            for turn, angle in enumerate((0, 180, -90, 90, -35, 35, -145, 145)):
                box = _beside(at, away, angle, wide, high)
                leader = _leader(at, box) if away > radius + 8 else None
                if self._free(box, leader):
                    cost = away + turn + 6 * self._upon(box)
                    if best is None or cost < best[0]:
                        best = cost, Label(lines, box, bold, leader)
        self._keep(name, best[1] if best else None)

    def area(self, name: str, polygons: Sequence[Sequence[Line]], wanted: Pixel | None) -> None:
        """Name a territory: on it where there is room, else near it with a line that leads there."""
        lines, wide, high = measured(name)
        largest = max(polygons, key=area)
        spots = _within(largest, wanted, self.frame)
        for x, y in spots:
            box = Box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
            if self._free(box, None) and _on(largest, box):
                self._keep(name, Label(lines, box, False))
                return
        bare = (spot for spot in spots if not any(label.box.has(spot) for label in self.placed))
        at = next(bare, spots[0] if spots else largest[0][0])
        best: tuple[float, Label] | None = None
        own = _bounds(largest)
        reach = min(max(own.width, own.height) / 2, 60.0)
        for away in (6, 14, 26, 40, 60, 85):
            for angle in range(0, 360, 20):
                box = _beside(at, away + reach * 0.6, angle, wide, high)
                leader = _leader(at, box)
                if self._free(box, leader):
                    cost = away + 12 * self._upon(box) + (4 if angle % 180 else 0)
                    if best is None or cost < best[0]:
                        best = cost, Label(lines, box, False, leader)
        self._keep(name, best[1] if best else None)

    def _keep(self, name: str, label: Label | None) -> None:
        if label is None:
            self.lost.append(name)
            return
        self.placed.append(label)
        self.taken.append(label.box.grown(PAD))
        if label.leader:
            self.taken += [Box(x - 1, y - 1, x + 1, y + 1) for x, y in _along(label.leader)]

    def _free(self, box: Box, leader: tuple[Pixel, Pixel] | None) -> bool:
        if not self.frame.grown(-3).holds(box) or any(box.meets(other) for other in self.taken):
            return False
        # A line may begin at its own mark, but lead across no other name.
        return not leader or not any(
            label.box.has(point) for label in self.placed for point in _along(leader)
        )

    def _upon(self, box: Box) -> int:
        x = np.linspace(box.left, box.right, 4)[None, :].repeat(2, axis=0)
        y = np.array([[box.top + 3], [box.bottom - 3]]).repeat(4, axis=1)
        near = (p for p, around in zip(self.shaded, self._around, strict=True) if around.meets(box))
        return int(sum(inside(polygon, x, y).sum() for polygon in near))


def measured(name: str, *, bold: bool = False) -> tuple[tuple[str, ...], float, float]:
    """A name in lines, with the width and height it takes."""
    lines = tuple(wrap(name, 24).split("\n"))
    return lines, max(text_width(line, SIZE, bold=bold) for line in lines) + 2, float(LINE * len(lines))


def _beside(at: Pixel, away: float, angle: float, wide: float, high: float) -> Box:
    """A box on the ray from a point whose nearest edge is so far from it."""
    dx, dy = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    # How far the middle of the box lies behind its edge on that ray.
    behind = min(wide / 2 / abs(dx) if abs(dx) > 1e-9 else 1e9, high / 2 / abs(dy) if abs(dy) > 1e-9 else 1e9)
    x, y = at[0] + dx * (away + behind), at[1] + dy * (away + behind)
    return Box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)


def _leader(at: Pixel, box: Box) -> tuple[Pixel, Pixel]:
    """From a point to the nearest place of a box's edge."""
    x, y = min(max(at[0], box.left), box.right), min(max(at[1], box.top + 3), box.bottom - 3)
    return at, (round(x, 1), round(y, 1))


def _along(leader: tuple[Pixel, Pixel]) -> list[Pixel]:
    (x1, y1), (x2, y2) = leader
    steps = max(2, int(math.hypot(x2 - x1, y2 - y1) / 3))
    # Both ends are where they belong: at the mark and at the name.
    return [(x1 + (x2 - x1) * k / steps, y1 + (y2 - y1) * k / steps) for k in range(1, steps)]


def _bounds(rings: Sequence[Line]) -> Box:
    x, y = zip(*rings[0], strict=True)
    return Box(min(x), min(y), max(x), max(y))


def _within(rings: Sequence[Line], wanted: Pixel | None, frame: Box) -> list[Pixel]:
    """Points inside a polygon: the wanted one first, then those farthest from its edges."""
    box = _bounds(rings)
    xs, ys = np.linspace(box.left, box.right, 19)[1:-1], np.linspace(box.top, box.bottom, 19)[1:-1]
    x, y = (part.ravel() for part in np.meshgrid(xs, ys))
    kept = inside(rings, x, y)
    x, y = x[kept], y[kept]
    ring = np.array(rings[0])
    depth = np.min(np.hypot(x[:, None] - ring[:, 0], y[:, None] - ring[:, 1]), axis=1) if len(x) else x
    order = np.argsort(-depth, kind="stable")
    found = [(float(x[k]), float(y[k])) for k in order]
    here = wanted is not None and frame.has(wanted)
    return [wanted, *found] if here and wanted is not None else found


def _on(rings: Sequence[Line], box: Box) -> bool:
    """Whether a label stands on a polygon, but for a corner."""
    x = np.linspace(box.left, box.right, 5)[None, :].repeat(2, axis=0)
    y = np.array([[box.top + 2], [box.bottom - 2]]).repeat(5, axis=1)
    return int(inside(rings, x, y).sum()) >= 8
