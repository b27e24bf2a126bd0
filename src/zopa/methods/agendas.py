"""Does it matter what is talked about? Every set of issues as an agenda, with the other issues left at the status quo.

Weights and walk-away utilities stay what they are: an agenda changes what can be agreed, not what things are worth.
Agendas are bit masks: bit i is set where issue i is on the agenda, so that a larger agenda holds every package of a
smaller one. The zone can therefore only grow with the agenda, unless somebody refuses to discuss an issue.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import ceil, prod

import numba
import numpy as np

from zopa.methods.acceptance import in_threads
from zopa.methods.best_package import best_packages, stakes
from zopa.methods.counting import count_rational
from zopa.methods.frontier import frontier
from zopa.methods.pareto import zones, zones_by_agenda
from zopa.methods.problem import BoolArray, FloatArray, IntArray, Package, Problem, groups_of, problem
from zopa.methods.solutions import nash

MAX_ISSUES = 20
"""Issues of which all agendas are tabled at most: a million agendas."""
MAX_LISTED_ISSUES = 60
"""Issues at most where the agendas are listed: masks are 64-bit numbers."""
MAX_COUNTS = 60_000_000
"""Counts held at most, over agendas and groups of draws."""


@dataclass(frozen=True, slots=True, eq=False)
class AgendaTable:
    """What each agenda makes possible; row m is the agenda ``masks[m]``.

    ``exists`` and ``best`` (agendas,): share of draws with some acceptable package, and largest share that accepts one
    fixed package; ``packages`` (agendas, issues) that package; ``exists_hits`` and ``best_hits`` (agendas, groups): the
    draws behind both, by group; ``group_sizes`` (groups,).
    """

    masks: IntArray
    exists: FloatArray
    best: FloatArray
    packages: IntArray
    exists_hits: IntArray
    best_hits: IntArray
    group_sizes: IntArray

    def issues(self, row: int) -> tuple[int, ...]:
        """Issues on the agenda of this row."""
        return agenda_issues(int(self.masks[row]))


def agenda_issues(mask: int) -> tuple[int, ...]:
    """Issues of an agenda, ascending."""
    return tuple(i for i in range(mask.bit_length()) if mask >> i & 1)


def agenda_mask(issues: Sequence[int]) -> int:
    """The mask of an agenda."""
    return sum(1 << i for i in set(issues))


def _checked_status_quo(status_quo: Sequence[int], counts: Sequence[int]) -> IntArray:
    chosen = np.asarray(status_quo, dtype=np.int64)
    if chosen.shape != (len(counts),) or not ((chosen >= 0) & (chosen < np.asarray(counts))).all():
        raise ValueError(
            f"status_quo is {tuple(status_quo)}, but must pick one option of each issue: {tuple(counts)}"
        )
    return chosen


def _checked_masks(subsets: Sequence[int] | None, issues: int) -> IntArray:
    if subsets is None:
        if issues > MAX_ISSUES:
            raise ValueError(
                f"{issues} issues have more agendas than can be tabled ({MAX_ISSUES} issues): list subsets"
            )
        return np.arange(1 << issues, dtype=np.int64)
    if issues > MAX_LISTED_ISSUES:
        raise ValueError(f"{issues} issues are more than the {MAX_LISTED_ISSUES} that a mask can hold")
    masks = np.asarray([int(s) for s in subsets], dtype=np.int64)
    if len(masks) == 0 or masks.min() < 0 or masks.max() >= 1 << issues:
        raise ValueError(f"subsets must be masks between 0 and {(1 << issues) - 1}")
    return masks


def _refused(refuses: BoolArray | None, draws: int, parties: int, issues: int) -> IntArray:
    """(draws,): mask of the issues that somebody will not discuss."""
    if refuses is None:
        return np.zeros(draws, dtype=np.int64)
    array = np.asarray(refuses)
    if array.shape != (draws, parties, issues) or array.dtype != np.bool_:
        raise ValueError(f"refuses must be boolean of shape {(draws, parties, issues)}, not {array.shape}")
    return np.asarray(array.any(axis=1) @ (1 << np.arange(issues, dtype=np.int64)), dtype=np.int64)


def _on_agenda(checked: Problem, status_quo: IntArray, mask: int, draws: BoolArray) -> Problem:
    """The problem of the issues on the agenda in some draws, the others' status quo taken off the thresholds."""
    on = agenda_issues(mask)
    off = [i for i in range(checked.issues) if i not in on]
    kept = checked.values[draws][:, checked.starts[off] + status_quo[off]].sum(axis=1)
    columns = [np.arange(checked.starts[i], checked.starts[i + 1]) for i in on]
    sizes = [len(c) for c in columns]
    return replace(
        checked,
        values=np.ascontiguousarray(
            checked.values[draws][:, np.concatenate([*columns, np.zeros(0, np.int64)])]
        ),
        starts=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        threshold=checked.threshold[draws] - kept,
        tolerance=checked.tolerance[draws],
    )


@numba.njit(cache=True, nogil=True)
def _hits_by_group(
    values: FloatArray,
    columns: IntArray,
    threshold: FloatArray,
    masks: IntArray,
    refused: IntArray,
    group: IntArray,
    hits: IntArray,
) -> None:
    """Adds to ``hits`` (agendas, groups) the draws that accept each agenda's package, its options in ``columns``."""
    draws, parties = threshold.shape
    for d in range(draws):
        for m in range(len(masks)):
            if masks[m] & refused[d]:
                continue
            p, fits = 0, True
            while p < parties and fits:
                total = 0.0
                for column in columns[m]:
                    total += values[d, column, p]
                fits = total >= threshold[d, p]
                p += 1
            hits[m, group[d]] += fits


def _exists_hits(
    checked: Problem,
    status_quo: IntArray,
    masks: IntArray,
    refused: IntArray,
    member: IntArray,
    groups: int,
    *,
    listed: bool,
    threads: int | None,
) -> IntArray:
    if not listed:
        counts: list[IntArray] = []

        def work(start: int, stop: int) -> None:
            mine = np.zeros((groups, len(masks)), dtype=np.int64)
            zones_by_agenda(
                checked.values[start:stop],
                checked.starts,
                status_quo,
                stakes(checked, status_quo),
                checked.threshold[start:stop],
                checked.tolerance[start:stop],
                refused[start:stop],
                member[start:stop],
                mine,
            )
            counts.append(mine)

        in_threads(work, checked.draws, threads)
        return np.asarray(np.sum(counts, axis=0).T, dtype=np.int64)
    hits = np.zeros((len(masks), groups), dtype=np.int64)
    for row, mask in enumerate(masks):
        willing = (refused & mask) == 0
        part = _on_agenda(checked, status_quo, int(mask), willing)
        found = np.zeros(part.draws, dtype=np.int64)
        zones(part.values, part.starts, part.threshold, part.tolerance, found)
        hits[row] = np.bincount(member[willing], weights=found, minlength=groups)
    return hits


def _best_of(
    checked: Problem,
    status_quo: IntArray,
    masks: IntArray,
    refused: IntArray,
    *,
    listed: bool,
    at_least: int = 0,
) -> tuple[IntArray, IntArray]:
    """Most draws that one package wins, and that package, for every mask; fewer than ``at_least`` are not told."""
    won, packages = np.zeros(len(masks), dtype=np.int64), np.tile(status_quo, (len(masks), 1))
    if listed:
        for row, mask in enumerate(masks):
            on = list(agenda_issues(int(mask)))
            part = _on_agenda(checked, status_quo, int(mask), (refused & mask) == 0)
            best, package = best_packages(part, status_quo[on], every_agenda=False, at_least=at_least)
            won[row], packages[row, on] = best[0], package[0]
        return won, packages
    everything = len(masks) - 1
    contested = int(np.bitwise_or.reduce(refused))
    # who sits at the table depends only on the contested issues of an agenda: one search for each set of these
    for sat in [m for m in range(contested + 1) if m & contested == m]:
        on = list(agenda_issues((everything & ~contested) | sat))
        part = _on_agenda(checked, status_quo, agenda_mask(on), (refused & sat) == 0)
        best, package = best_packages(part, status_quo[on], every_agenda=True, at_least=at_least)
        small = np.arange(1 << len(on), dtype=np.int64)
        full = sum(((small >> k & 1) << i for k, i in enumerate(on)), np.zeros_like(small))
        mine = full & contested == sat
        won[full[mine]] = best[mine]
        packages[np.ix_(full[mine], on)] = package[mine]
    return won, packages


def agenda_table(
    values: Sequence[FloatArray],
    vetoes: Sequence[BoolArray] | None,
    reserve: FloatArray,
    status_quo: Sequence[int],
    *,
    subsets: Sequence[int] | None = None,
    group: IntArray | None = None,
    refuses: BoolArray | None = None,
    strict: bool = False,
    threads: int | None = None,
) -> AgendaTable:
    """What every agenda, or each of the masks in ``subsets``, makes possible over all draws; exact.

    ``values`` and ``vetoes`` (draws, parties, options) per issue, ``reserve`` (draws, parties), ``status_quo`` one
    option per issue, ``group`` (draws,) from 0. ``refuses`` (draws, parties, issues): the party does not sit down in
    that draw if that issue is on the agenda; such draws count as failed. A package is acceptable at the reserve, or
    above it if ``strict``. ValueError for more than ``MAX_ISSUES`` issues without ``subsets``, and where the best
    package cannot be proven (``best_package.MAX_VISITS``).

    Every agenda is a branch of one tree, so that 16 issues of 2 options and 1,000 draws take seconds and of 4 options
    some three minutes; the time goes with the draws.
    """
    checked = problem(values, vetoes, reserve, strict=strict)
    start = _checked_status_quo(status_quo, checked.counts)
    masks = _checked_masks(subsets, checked.issues)
    refused = _refused(refuses, checked.draws, checked.parties, checked.issues)
    member, groups = groups_of(group, checked.draws)
    if len(masks) * groups > MAX_COUNTS:
        raise ValueError(
            f"{len(masks):,} agendas × {groups:,} groups are more than the {MAX_COUNTS:,} counts held"
        )
    listed = subsets is not None
    exists_hits = _exists_hits(checked, start, masks, refused, member, groups, listed=listed, threads=threads)
    won, packages = _best_of(checked, start, masks, refused, listed=listed)
    best_hits = won[:, None]
    if groups > 1:
        best_hits = np.zeros((len(masks), groups), dtype=np.int64)
        columns = checked.starts[:-1] + packages
        _hits_by_group(checked.values, columns, checked.threshold, masks, refused, member, best_hits)
    return AgendaTable(
        masks=masks,
        exists=exists_hits.sum(axis=1) / checked.draws,
        best=won / checked.draws,
        packages=packages,
        exists_hits=exists_hits,
        best_hits=best_hits,
        group_sizes=np.bincount(member, minlength=groups),
    )


@dataclass(frozen=True, slots=True, eq=False)
class AgendaPoint:
    """One agenda of one draw, measured from the status quo; only packages from which all gain count.

    ``zopa_fraction`` is their share of ``outcomes``; ``nash`` (parties,) and ``package`` are None where there is none;
    ``max_joint_gain`` is the largest sum of gains, 0 where there is none.
    """

    mask: int
    outcomes: int
    zopa_fraction: float
    nash: FloatArray | None
    package: Package | None
    max_joint_gain: float


def agenda_point(
    values: Sequence[FloatArray],
    status_quo: Sequence[int],
    *,
    mask: int,
    vetoes: Sequence[BoolArray] | None = None,
) -> AgendaPoint:
    """Packages of one agenda from which every party gains over the status quo, and the Nash point among them.

    ``values`` and ``vetoes`` (parties, options) per issue; the status quo's utility is the disagreement point.
    """
    arrays = [np.asarray(v, dtype=np.float64) for v in values]
    barred = (
        [np.zeros(v.shape, dtype=np.bool_) for v in arrays]
        if vetoes is None
        else [np.asarray(v) for v in vetoes]
    )
    start = _checked_status_quo(status_quo, [v.shape[1] for v in arrays])
    on = agenda_issues(int(_checked_masks([mask], len(arrays))[0]))
    now = [v[:, k] for v, k in zip(arrays, start, strict=True)]
    outcomes = int(np.prod([arrays[i].shape[1] for i in on], dtype=object))
    stuck = any(barred[i][:, start[i]].any() for i in range(len(arrays)) if i not in on)
    if not on or stuck:
        return AgendaPoint(mask, outcomes, 0.0, None, None, 0.0)
    chosen, lines = [arrays[i] for i in on], [barred[i] for i in on]
    floor = np.sum([now[i] for i in on], axis=0)
    counted = count_rational(chosen, floor, vetoes=lines)
    best = frontier(chosen, reserve=floor, vetoes=lines, strict=True)
    point = nash(best)
    if point is None:
        return AgendaPoint(mask, outcomes, 0.0, None, None, 0.0)
    package = list(start)
    for i, option in zip(on, point.package, strict=True):
        package[i] = option
    utilities = np.sum([v[:, k] for v, k in zip(arrays, package, strict=True)], axis=0)
    gain = float((best.points.sum(axis=1) - floor.sum()).max())
    return AgendaPoint(
        mask, outcomes, counted.strict / counted.outcomes, utilities, tuple(int(k) for k in package), gain
    )


@dataclass(frozen=True, slots=True)
class Smallest:
    """The agendas of which no smaller part reaches a threshold as they do.

    ``masks``: fewer issues first; ``whole``: agendas of up to so many issues have all been looked at; ``measured``: how
    many agendas were measured for it.
    """

    masks: tuple[int, ...]
    whole: int
    measured: int


MAX_SPREAD = 1 << 17
"""Packages up to which all agendas are measured as one tree."""
LOOKS = 400_000_000
"""Checks of a package in a draw at most where agendas are measured one by one."""
ONE_BY_ONE = 4_000
"""Agendas at most that are measured one by one."""


def inclusion_minimal(masks: Sequence[int]) -> tuple[int, ...]:
    """Of some agendas those that hold no other of them, fewer issues first."""
    out: list[int] = []
    for mask in sorted(set(masks), key=lambda m: (m.bit_count(), m)):
        if not any(smaller & mask == smaller for smaller in out):
            out.append(mask)
    return tuple(out)


def smallest_agendas(
    values: Sequence[FloatArray],
    vetoes: Sequence[BoolArray] | None,
    reserve: FloatArray,
    status_quo: Sequence[int],
    *,
    threshold: float,
    refuses: BoolArray | None = None,
) -> Smallest:
    """Every inclusion-minimal agenda whose best fixed package suits all in at least the share ``threshold`` of draws.

    Arrays as in ``agenda_table``. Exact: up to ``MAX_SPREAD`` packages over all agendas at once; beyond that size by
    size, until every larger agenda holds one that was found, or ``LOOKS`` or ``ONE_BY_ONE`` are used up (``whole`` says
    up to which size). ValueError where ``threshold`` is not above 0 and at most 1.
    """
    if not 0.0 < threshold <= 1.0:
        raise ValueError(f"threshold is {threshold}, but must lie above 0 and not above 1")
    checked = problem(values, vetoes, reserve)
    start = _checked_status_quo(status_quo, checked.counts)
    refused = _refused(refuses, checked.draws, checked.parties, checked.issues)
    issues, least = checked.issues, max(1, ceil(threshold * checked.draws - 1e-9))
    if prod(checked.counts) <= MAX_SPREAD and issues <= MAX_ISSUES:
        masks = _checked_masks(None, issues)
        won, _ = _best_of(checked, start, masks, refused, listed=False, at_least=least)
        reached = [int(m) for m in masks[1:][won[1:] >= least]]
        return Smallest(inclusion_minimal(reached), issues, len(masks) - 1)
    return _size_by_size(checked, start, refused, least)


def _size_by_size(checked: Problem, start: IntArray, refused: IntArray, least: int) -> Smallest:
    found: list[int] = []
    looks = measured = 0
    for size in range(1, checked.issues + 1):
        waiting = [
            mask
            for mask in map(agenda_mask, combinations(range(checked.issues), size))
            if not any(smaller & mask == smaller for smaller in found)
        ]
        if not waiting:
            return Smallest(tuple(found), checked.issues, measured)
        looks += checked.draws * sum(prod(checked.counts[i] for i in agenda_issues(m)) for m in waiting)
        if looks > LOOKS or measured + len(waiting) > ONE_BY_ONE:
            return Smallest(tuple(found), size - 1, measured)
        measured += len(waiting)
        asked = np.asarray(waiting, dtype=np.int64)
        won, _ = _best_of(checked, start, asked, refused, listed=True, at_least=least)
        found += [mask for mask, hits in zip(waiting, won, strict=True) if hits >= least]
    return Smallest(tuple(found), checked.issues, measured)
