"""Which packages can no party improve on without another losing? The exact Pareto frontier of one draw.

Utilities that add up over issues need no enumeration: every part of an undominated package is undominated among the
parts, so that P(A + B) = P(P(A) + P(B)) gives the frontier issue by issue. Issues that hang together are walked
through once as one part (``blocks``), and the parts are then merged in the same way.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from zopa.methods import blocks as joint
from zopa.methods.pareto import merge, nondominated
from zopa.methods.problem import TOLERANCE, Block, BoolArray, FloatArray, IntArray, problem

NOTHING = -1e300
"""Bound of issues whose every option is vetoed: finite, so that it can be taken off a threshold of minus infinity."""
LISTED = 1000
"""Packages of the same utilities that are listed one by one; how many there are is always counted in full."""

COMPARED = 1_000_000
"""Pairs of points compared at once on the way back from a point to its packages."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One issue, or one group of issues that hang together: its undominated points and a choice behind each.

    ``points`` (n, parties), ``choices`` (n, issues of the part); ``options`` (options, parties) for a single issue.
    """

    issues: tuple[int, ...]
    points: FloatArray
    choices: IntArray
    options: FloatArray | None
    group: joint.Group | None

    def equal_choices(self, row: int, tolerance: FloatArray, limit: int) -> tuple[IntArray, int]:
        """All choices worth the same as point ``row``, at most ``limit`` of them, and how many there are."""
        threshold = self.points[row] - tolerance
        if self.group is not None:
            return joint.reaching(self.group, threshold, limit=limit)
        assert self.options is not None
        same = np.flatnonzero((self.options >= threshold).all(axis=1))
        return same[:limit, None].astype(np.int64), len(same)


@dataclass(frozen=True, slots=True, eq=False)
class Frontier:
    """Distinct undominated utility points of one draw, the best for the first party first.

    ``points`` (n, parties); ``packages`` (n, issues), one package behind each point; ``reserve`` (parties,) or None
    where the frontier is not cut off at the walk-away utilities; ``tolerance`` (parties,) tells points apart.
    """

    points: FloatArray
    packages: IntArray
    reserve: FloatArray | None
    tolerance: FloatArray
    parts: tuple[Part, ...]
    stages: tuple[FloatArray, ...]
    """The frontiers of the first part, the first two, …: the way back from a point to the packages behind it."""
    memory: dict[tuple[int, int, bytes], tuple[IntArray, int]] = field(default_factory=dict)
    """Ways back already found, by list limit, stage and point; it changes nothing but time."""

    def __len__(self) -> int:
        return len(self.points)

    def packages_behind(self, rows: Sequence[int], *, limit: int = LISTED) -> tuple[IntArray, int]:
        """All packages behind these points (packages, issues), lowest number first, and how many there are.

        Of more than ``limit`` packages the first ones found are listed.
        """
        issues = sum(len(part.issues) for part in self.parts)
        found: list[IntArray] = [np.empty((0, issues), dtype=np.int64)]
        total = 0
        for row in rows:
            listed, count = self._below(len(self.parts), self.points[row], limit)
            found.append(listed)
            total += count
        packages = np.concatenate(found)[:limit]
        return packages[np.lexsort(packages.T[::-1])], total

    def _below(self, stage: int, target: FloatArray, limit: int) -> tuple[IntArray, int]:
        """Packages of the first ``stage`` parts worth ``target`` (packages, issues), and how many there are."""
        if stage == 0:
            return np.zeros((1, sum(len(part.issues) for part in self.parts)), dtype=np.int64), 1
        key = (limit, stage, target.tobytes())
        if key not in self.memory:
            self.memory[key] = self._split(stage, target, limit)
        return self.memory[key]

    def _split(self, stage: int, target: FloatArray, limit: int) -> tuple[IntArray, int]:
        part, before = self.parts[stage - 1], self.stages[stage - 1]
        found: list[IntArray] = []
        total, listed = 0, 0
        for entry, row in _pairs_worth(target, part.points, before, self.tolerance):
            begun, ways = self._below(stage - 1, before[row], limit)
            choices, count = part.equal_choices(entry, self.tolerance, limit)
            total += ways * count
            if listed >= limit:
                continue
            packages = np.repeat(begun, len(choices), axis=0)
            packages[:, part.issues] = np.tile(choices, (len(begun), 1))
            found.append(packages)
            listed += len(packages)
        return np.concatenate(found)[:limit], total


def _pairs_worth(
    target: FloatArray, entries: FloatArray, points: FloatArray, tolerance: FloatArray
) -> Iterator[tuple[int, int]]:
    """Rows of ``entries`` and ``points`` that add up to ``target``."""
    width = max(1, COMPARED // len(points))
    for first in range(0, len(entries), width):
        rest = target - entries[first : first + width]
        close = (np.abs(points[None, :, :] - rest[:, None, :]) <= tolerance).all(axis=2)
        for entry, row in zip(*np.nonzero(close), strict=True):
            yield first + int(entry), int(row)


def _issue_part(issue: int, options: FloatArray, tolerance: FloatArray) -> Part:
    allowed = np.flatnonzero(np.isfinite(options).all(axis=1))
    kept = np.sort(allowed[nondominated(options[allowed], allowed, tolerance)])
    return Part((issue,), options[kept], kept[:, None], options, None)


def _parts(
    values: FloatArray,
    starts: IntArray,
    groups: Sequence[joint.Group],
    threshold: FloatArray,
    tolerance: FloatArray,
) -> list[Part]:
    """The parts in order of their first issue, each cut off where the others at their best cannot help it."""
    alone = sorted(set(range(len(starts) - 1)) - {i for g in groups for i in g.issues})
    parts = [_issue_part(i, values[starts[i] : starts[i + 1]], tolerance) for i in alone]
    most = np.zeros_like(tolerance)
    for part in parts:
        if len(part.points) > 0:
            most += part.points.max(axis=0)
    bounds = [np.maximum(joint.upper_bound(group), NOTHING) for group in groups]
    for g, group in enumerate(groups):
        others = sum(bounds[:g] + bounds[g + 1 :], most)
        points, choices = joint.undominated(group, threshold - others, tolerance)
        parts.append(Part(group.issues, points, choices, None, group))
    return sorted(parts, key=lambda part: part.issues[0])


def frontier(
    values: Sequence[FloatArray],
    *,
    reserve: FloatArray | None = None,
    vetoes: Sequence[BoolArray] | None = None,
    blocks: Sequence[Block] = (),
    strict: bool = False,
) -> Frontier:
    """Exact Pareto frontier of one draw: distinct undominated points, with a package behind each.

    ``values`` holds one (parties, options) array per issue, ``vetoes`` the same shapes. With ``reserve`` (parties,)
    only points at or above it (``strict``: above it) for every party; a package that some party vetoes is never on it.
    ValueError names the array at fault.
    """
    arrays = [np.asarray(v, dtype=np.float64)[None] for v in values]
    floor = np.zeros(arrays[0].shape[1:2]) if reserve is None else np.asarray(reserve, dtype=np.float64)
    checked = problem(
        arrays, None if vetoes is None else [np.asarray(v)[None] for v in vetoes], floor[None], strict=strict
    )
    groups = joint.groups(blocks, checked.values[0], checked.starts)
    tolerance = checked.tolerance[0] + TOLERANCE * sum((g.reach for g in groups), np.zeros(checked.parties))
    threshold = np.full(checked.parties, -np.inf)
    if reserve is not None:
        threshold = floor + tolerance if strict else floor - tolerance
    parts = _parts(checked.values[0], checked.starts, groups, threshold, tolerance)
    return _merged(parts, None if reserve is None else floor, threshold, tolerance)


def _merged(
    parts: list[Part], reserve: FloatArray | None, threshold: FloatArray, tolerance: FloatArray
) -> Frontier:
    parties = len(tolerance)
    points, ranks = np.zeros((1, parties)), np.zeros(1, dtype=np.int64)
    stages, origins, entries = [points], [], []
    rest = [np.zeros(parties)]
    for part in reversed(parts):
        most = part.points.max(axis=0) if len(part.points) > 0 else np.full(parties, -np.inf)
        rest.append(rest[-1] + most)
    for part, later in zip(parts, reversed(rest[:-1]), strict=True):
        points, origin, entry, ranks = merge(points, ranks, part.points, later, threshold, tolerance)
        stages.append(points)
        origins.append(origin)
        entries.append(entry)
    order = np.lexsort((-points).T[::-1])
    packages = np.empty((len(order), sum(len(part.issues) for part in parts)), dtype=np.int64)
    rows = order
    for part, origin, entry in zip(reversed(parts), reversed(origins), reversed(entries), strict=True):
        packages[:, part.issues] = part.choices[entry[rows]]
        rows = origin[rows]
    return Frontier(points[order], packages, reserve, tolerance, tuple(parts), tuple(stages))
