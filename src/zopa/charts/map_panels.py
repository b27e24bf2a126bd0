"""What stands together on one panel of a map: a region in which its places can be read, distant parties beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zopa.charts.shapes import Array, shapes
from zopa.charts.views import Box, View, extent, inside, projected

REGION = 6000.0
"""Kilometres that a panel of several places and territories spans at most."""
GAP = 10.0
"""Pixels between panels."""


@dataclass(frozen=True)
class Extent:
    """Something to be shown: where it lies, and the territory it is, or None for a point."""

    lon: Array
    lat: Array
    code: str | None = None

    @classmethod
    def point(cls, lon: float, lat: float) -> "Extent":
        """A place."""
        return cls(np.array([lon]), np.array([lat]))

    @classmethod
    def territory(cls, code: str) -> "Extent":
        """Where a territory mainly lies."""
        lon, lat = shapes().main(code)
        step = max(1, len(lon) // 150)
        return cls(lon[::step], lat[::step], code)


def groups(wanted: Sequence[Extent]) -> list[list[int]]:
    """Positions of what stands together, the main region first; what matters most comes first among ``wanted``.

    A panel begins with the first place that stands on none yet, takes in other places as near, then territories; where
    no place is left, with the territory that has most others near. Nothing is added that would make a region wider than
    can be read, save the one territory in which all its places lie.
    """
    left = list(range(len(wanted)))
    out: list[list[int]] = []
    while left:
        if wanted[left[0]].code is None:
            found = _grown(wanted, left[0], left)
        else:
            found = max((_grown(wanted, k, left) for k in left), key=len)
        out.append(sorted(found))
        left = [k for k in left if k not in found]
    return out


def _grown(wanted: Sequence[Extent], seed: int, left: Sequence[int]) -> list[int]:
    group = [seed]
    lon0, lat0, *_ = extent(wanted[seed].lon, wanted[seed].lat)

    def away(k: int) -> tuple[bool, float]:
        east, north = projected(lon0, lat0, wanted[k].lon, wanted[k].lat)
        return wanted[k].code is not None, float(np.hypot(east, north).min())

    for k in sorted((k for k in left if k != seed), key=away):
        code = wanted[k].code
        around = code is not None and all(wanted[j].code is None and _holds(code, wanted[j]) for j in group)
        now, then = _span(wanted, group), _span(wanted, [*group, k])
        if then <= REGION or around or (then <= 1.15 * now and now > REGION):
            group.append(k)
    return group


def _span(wanted: Sequence[Extent], group: Sequence[int]) -> float:
    lon, lat = _joined(wanted, group)
    return max(extent(lon, lat)[2:])


def _joined(wanted: Sequence[Extent], group: Sequence[int]) -> tuple[Array, Array]:
    return np.concatenate([wanted[k].lon for k in group]), np.concatenate([wanted[k].lat for k in group])


def _holds(code: str, place: Extent) -> bool:
    """Whether a place lies in a territory."""
    lat = place.lat
    for polygon in shapes().polygons[code]:
        rings = [list(zip(*(part.tolist() for part in shapes().ring(arcs)), strict=True)) for arcs in polygon]
        if any(inside(rings, place.lon + turn, lat).any() for turn in (-360, 0, 360)):
            return True
    return False


def views(
    wanted: Sequence[Extent], grouped: Sequence[Sequence[int]], width: float, *, narrow: bool
) -> list[View]:
    """A view a group: the main region large, the others beside it or, where they are many or the page narrow, below."""
    beside = not narrow and 1 < len(grouped) <= 4
    side = 0.27 * width if beside else 0.0
    lon, lat = _joined(wanted, grouped[0])
    _, _, across, up = extent(lon, lat)
    room = width - (side + GAP if beside else 0)
    shape = (up + 300) / (across + 300)
    height = round(min(max(room * shape, 0.6 * room), 0.9 * room, 560.0))
    out = [View.fitted(lon, lat, Box(0, 0, room, height), 0.08 * room)]
    rest = grouped[1:]
    each = 2 if narrow else 4
    high = 150.0 if narrow else 170.0
    for k, group in enumerate(rest):
        if beside:
            tall = min((height - GAP * (len(rest) - 1)) / len(rest), 0.8 * side)
            box = Box(width - side, k * (tall + GAP), width, k * (tall + GAP) + tall)
        else:
            wide = (width - GAP * (each - 1)) / each
            left, top = (k % each) * (wide + GAP), height + GAP + (k // each) * (high + GAP)
            box = Box(left, top, left + wide, top + high)
        out.append(View.fitted(*_joined(wanted, group), box, 16))
    return out
