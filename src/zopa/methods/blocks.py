"""Issues that hang together: every allowed combination visited once, with memory for the frontier only.

Blocks that share an issue are walked through together as one group, in C order of its issues. Each block is looked up
as soon as its last issue is decided, so that a forbidden beginning is never completed.
"""

from collections.abc import Sequence
from itertools import pairwise, product
from typing import NamedTuple

import numba
import numpy as np

from zopa.methods.problem import Block, BoolArray, FloatArray, IntArray, package_count

MAX_COMBINATIONS = 100_000_000
"""Combinations of one group of blocks that are walked through at most: a few seconds."""
TAIL = 64
"""Counting adds up this many combinations of the last issues beforehand, so that the inner loop is worth its start."""


class Tables(NamedTuple):
    """The issues of one group of blocks, flat, as the kernels read them.

    ``values`` (options, parties), issue i in rows ``starts[i]`` to ``starts[i + 1]``; ``strides`` (blocks, issues) turn
    a combination into a place in each block's table; ``last`` (blocks,) is the issue at which a block is complete;
    ``forbidden`` and ``extra`` hold the tables of all blocks, from ``forbidden_at`` and ``extra_at`` (-1: no table).
    """

    values: FloatArray
    starts: IntArray
    strides: IntArray
    last: IntArray
    forbidden: BoolArray
    forbidden_at: IntArray
    extra: FloatArray
    extra_at: IntArray


class Group(NamedTuple):
    """Issues joined by blocks, ascending; ``reach`` (parties,) is the largest size of what the blocks add together."""

    issues: tuple[int, ...]
    tables: Tables
    reach: FloatArray

    @property
    def counts(self) -> tuple[int, ...]:
        """Number of options of each issue."""
        return tuple(int(k) for k in np.diff(self.tables.starts))

    @property
    def combinations(self) -> int:
        """Number of combinations, forbidden ones included."""
        return package_count(self.counts)


def checked_block(block: Block, counts: Sequence[int], parties: int) -> Block:
    """The block with arrays of the right type; ValueError names the shape that does not fit the issues."""
    issues = tuple(int(i) for i in block.issues)
    if not issues or len(set(issues)) < len(issues) or min(issues) < 0 or max(issues) >= len(counts):
        raise ValueError(f"block {block.issues}: must list distinct issues between 0 and {len(counts) - 1}")
    shape = tuple(counts[i] for i in issues)
    forbidden = None if block.forbidden is None else np.asarray(block.forbidden, dtype=np.bool_)
    extra = None if block.extra is None else np.asarray(block.extra, dtype=np.float64)
    if forbidden is not None and forbidden.shape != shape:
        raise ValueError(f"block {issues}: forbidden has shape {forbidden.shape}, the issues ask for {shape}")
    if extra is not None and extra.shape != (parties, *shape):
        raise ValueError(f"block {issues}: extra has shape {extra.shape}, not {(parties, *shape)}")
    if extra is not None and not np.isfinite(extra).all():
        raise ValueError(f"block {issues}: extra holds a number that is not finite")
    return Block(issues, forbidden, extra)


def _joined_issues(blocks: Sequence[Block]) -> list[tuple[int, ...]]:
    """Issue sets of the groups: blocks that share an issue belong together."""
    groups: list[set[int]] = []
    for block in blocks:
        touching = [g for g in groups if g & set(block.issues)]
        groups = [g for g in groups if not g & set(block.issues)]
        groups.append(set(block.issues).union(*touching))
    return sorted(tuple(sorted(g)) for g in groups)


def _group(issues: tuple[int, ...], blocks: Sequence[Block], values: FloatArray, starts: IntArray) -> Group:
    parties = values.shape[1]
    mine = [b for b in blocks if set(b.issues) <= set(issues)]
    counts = [int(starts[i + 1] - starts[i]) for i in issues]
    strides = np.zeros((len(mine), len(issues)), dtype=np.int64)
    reach = np.zeros(parties)
    forbidden, extra = [np.zeros(0, np.bool_)], [np.zeros((0, parties))]
    forbidden_at, extra_at = [], []
    for t, block in enumerate(mine):
        size = 1
        for issue in reversed(block.issues):
            strides[t, issues.index(issue)] = size
            size *= counts[issues.index(issue)]
        forbidden_at.append(-1 if block.forbidden is None else sum(map(len, forbidden)))
        extra_at.append(-1 if block.extra is None else sum(map(len, extra)))
        if block.forbidden is not None:
            forbidden.append(block.forbidden.ravel())
        if block.extra is not None:
            extra.append(block.extra.reshape(parties, -1).T)
            reach += np.abs(extra[-1]).max(axis=0)
    tables = Tables(
        values=np.concatenate([values[starts[i] : starts[i + 1]] for i in issues]),
        starts=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        strides=strides,
        last=np.array([max(issues.index(i) for i in b.issues) for b in mine], dtype=np.int64),
        # one large table is passed on as it is, never copied
        forbidden=np.ascontiguousarray(forbidden[1]) if len(forbidden) == 2 else np.concatenate(forbidden),
        forbidden_at=np.array(forbidden_at, dtype=np.int64),
        extra=np.ascontiguousarray(np.concatenate(extra)),
        extra_at=np.array(extra_at, dtype=np.int64),
    )
    return Group(issues, tables, reach)


def groups(blocks: Sequence[Block], values: FloatArray, starts: IntArray) -> list[Group]:
    """The groups of one draw; ``values`` (options of all issues, parties), vetoed options at minus infinity.

    ValueError where a block does not fit the issues or a group has more than ``MAX_COMBINATIONS`` combinations.
    """
    counts = [int(k) for k in np.diff(starts)]
    checked = [checked_block(block, counts, values.shape[1]) for block in blocks]
    found = [_group(issues, checked, values, starts) for issues in _joined_issues(checked)]
    for group in found:
        if group.combinations > MAX_COMBINATIONS:
            raise ValueError(
                f"blocks over issues {group.issues} have {group.combinations:,} combinations, "
                f"more than the {MAX_COMBINATIONS:,} that can be walked through"
            )
    return found


@numba.njit(cache=True, nogil=True)
def _most_to_come(tables: Tables) -> FloatArray:
    """(issues + 1, parties): the most that issue i and all later ones can add, what blocks add included."""
    issues, parties = len(tables.starts) - 1, tables.values.shape[1]
    most = np.zeros((issues + 1, parties))
    for i in range(issues - 1, -1, -1):
        for p in range(parties):
            most[i, p] = most[i + 1, p] + tables.values[tables.starts[i] : tables.starts[i + 1], p].max()
    for t in range(len(tables.last)):
        at = tables.extra_at[t]
        if at < 0:
            continue
        stop = len(tables.extra)
        for other in tables.extra_at:
            if other > at:
                stop = min(stop, other)
        for p in range(parties):
            gain = tables.extra[at:stop, p].max()
            for i in range(tables.last[t] + 1):
                most[i, p] += gain
    return most


@numba.njit(cache=True, nogil=True)
def _beaten(rows: FloatArray, numbers: IntArray, count: int, u: FloatArray, tolerance: FloatArray) -> bool:
    """Whether a kept point reaches u for everybody; the one that does moves towards the front."""
    parties = len(u)
    for j in range(count):
        p = 0
        while p < parties and rows[j, p] >= u[p] - tolerance[p]:
            p += 1
        if p == parties:
            if j > 0:
                front = j // 2
                numbers[front], numbers[j] = numbers[j], numbers[front]
                for q in range(parties):
                    rows[front, q], rows[j, q] = rows[j, q], rows[front, q]
            return True
    return False


@numba.njit(cache=True, nogil=True)
def _keep(
    rows: FloatArray, numbers: IntArray, count: int, u: FloatArray, number: int, tolerance: FloatArray
) -> int:
    """Drops what u beats and adds u; gives the new number of kept points."""
    parties = len(u)
    j = 0
    while j < count:
        p = 0
        while p < parties and rows[j, p] <= u[p] + tolerance[p]:
            p += 1
        if p == parties:
            count -= 1
            numbers[j] = numbers[count]
            rows[j] = rows[count]
        else:
            j += 1
    rows[count] = u
    numbers[count] = number
    return count + 1


@numba.njit(cache=True, nogil=True)
def _step(depth: int, option: int, partial: FloatArray, places: IntArray, tables: Tables) -> bool:
    """Adds an option of issue ``depth``: fills the next row of ``partial`` and ``places``; False where forbidden."""
    for t in range(len(tables.last)):
        place = places[depth, t] + tables.strides[t, depth] * option
        places[depth + 1, t] = place
        at = tables.forbidden_at[t]
        if tables.last[t] == depth and at >= 0 and tables.forbidden[at + place]:
            return False
    for p in range(partial.shape[1]):
        partial[depth + 1, p] = partial[depth, p] + tables.values[tables.starts[depth] + option, p]
    for t in range(len(tables.last)):
        if tables.last[t] == depth and tables.extra_at[t] >= 0:
            row = tables.extra_at[t] + places[depth + 1, t]
            for p in range(partial.shape[1]):
                partial[depth + 1, p] += tables.extra[row, p]
    return True


@numba.njit(cache=True, nogil=True)
def _undominated(
    tables: Tables, order: IntArray, threshold: FloatArray, tolerance: FloatArray
) -> tuple[FloatArray, IntArray]:
    """One pass over the combinations, leaving out every beginning whose best completion is beaten or out of reach."""
    issues, parties = len(tables.starts) - 1, tables.values.shape[1]
    most = _most_to_come(tables)
    partial = np.zeros((issues + 1, parties))
    places = np.zeros((issues + 1, len(tables.last)), dtype=np.int64)
    number = np.zeros(issues + 1, dtype=np.int64)
    turn = np.zeros(issues + 1, dtype=np.int64)
    rows, numbers = np.empty((256, parties)), np.empty(256, dtype=np.int64)
    best = np.empty(parties)
    count, depth = 0, 0
    while depth >= 0:
        size = tables.starts[depth + 1] - tables.starts[depth]
        if turn[depth] == size:
            turn[depth] = 0
            depth -= 1
            continue
        option = order[tables.starts[depth] + turn[depth]]
        turn[depth] += 1
        if not _step(depth, option, partial, places, tables):
            continue
        reaches = True
        for p in range(parties):
            best[p] = partial[depth + 1, p] + most[depth + 1, p]
            reaches = reaches and best[p] >= threshold[p] and best[p] > -np.inf
        if not reaches or _beaten(rows, numbers, count, best, tolerance):
            continue
        number[depth + 1] = number[depth] * size + option
        if depth + 1 < issues:
            depth += 1
            continue
        if count == len(rows):
            wider, longer = np.empty((2 * count, parties)), np.empty(2 * count, dtype=np.int64)
            wider[:count], longer[:count] = rows, numbers
            rows, numbers = wider, longer
        count = _keep(rows, numbers, count, best, number[issues], tolerance)
    return rows[:count], numbers[:count]


@numba.njit(cache=True, nogil=True)
def _count_tail(
    depth: int,
    partial: FloatArray,
    places: IntArray,
    tables: Tables,
    tail: FloatArray,
    tail_places: IntArray,
    thresholds: FloatArray,
    state: IntArray,
    counted: IntArray,
) -> None:
    """Adds the combinations of one beginning with every tail to ``counted``: allowed, and reaching each threshold."""
    parties, ways = partial.shape[1], len(tail)
    state[:] = 1
    for t in range(len(tables.last)):
        if tables.last[t] >= depth and tables.forbidden_at[t] >= 0:
            at = tables.forbidden_at[t] + places[depth, t]
            for j in range(ways):
                state[j] &= not tables.forbidden[at + tail_places[t, j]]
    counted[0] += state.sum()
    added = np.zeros((ways, parties)) if (tables.extra_at >= 0).any() else tail[:0]
    for t in range(len(tables.last)):
        if tables.last[t] >= depth and tables.extra_at[t] >= 0:
            for j in range(ways):
                added[j] += tables.extra[tables.extra_at[t] + places[depth, t] + tail_places[t, j]]
    for level in range(len(thresholds)):
        total = 0
        for j in range(ways):
            reached = state[j]
            for p in range(parties):
                utility = partial[depth, p] + tail[j, p] + (added[j, p] if len(added) > 0 else 0.0)
                reached &= utility >= thresholds[level, p]
            total += reached
        counted[1 + level] += total


@numba.njit(cache=True, nogil=True)
def _count(
    tables: Tables, depth_of_tail: int, tail: FloatArray, tail_places: IntArray, thresholds: FloatArray
) -> IntArray:
    """Allowed combinations, then those that reach each row of ``thresholds`` (levels, parties)."""
    partial = np.zeros((len(tables.starts), tables.values.shape[1]))
    places = np.zeros((len(tables.starts), len(tables.last)), dtype=np.int64)
    turn = np.zeros(len(tables.starts), dtype=np.int64)
    counted = np.zeros(1 + len(thresholds), dtype=np.int64)
    state = np.empty(len(tail), dtype=np.int64)
    depth = 0
    while depth >= 0:
        if depth == depth_of_tail:
            _count_tail(depth, partial, places, tables, tail, tail_places, thresholds, state, counted)
            depth -= 1
            continue
        if turn[depth] == tables.starts[depth + 1] - tables.starts[depth]:
            turn[depth] = 0
            depth -= 1
            continue
        option = turn[depth]
        turn[depth] += 1
        if _step(depth, option, partial, places, tables):
            depth += 1
    return counted


def _tail(group: Group) -> tuple[int, FloatArray, IntArray]:
    """The last issues that make up at least ``TAIL`` combinations: first of them, their sums, their places."""
    counts, tables = group.counts, group.tables
    first = len(counts) - 1
    while first > 0 and package_count(counts[first:]) < TAIL:
        first -= 1
    options = np.array(list(product(*(range(k) for k in counts[first:]))), dtype=np.int64)
    sums = np.zeros((len(options), tables.values.shape[1]))
    for i in range(first, len(counts)):
        sums += tables.values[tables.starts[i] + options[:, i - first]]
    return first, sums, np.ascontiguousarray(tables.strides[:, first:] @ options.T)


@numba.njit(cache=True, nogil=True)
def _reaching(tables: Tables, threshold: FloatArray, limit: int) -> tuple[IntArray, int]:
    """Numbers of the first ``limit`` combinations that give everybody the threshold, and how many there are."""
    issues, parties = len(tables.starts) - 1, tables.values.shape[1]
    most = _most_to_come(tables)
    partial = np.zeros((issues + 1, parties))
    places = np.zeros((issues + 1, len(tables.last)), dtype=np.int64)
    number = np.zeros(issues + 1, dtype=np.int64)
    turn = np.zeros(issues + 1, dtype=np.int64)
    found = np.empty(limit, dtype=np.int64)
    count, depth = 0, 0
    while depth >= 0:
        size = tables.starts[depth + 1] - tables.starts[depth]
        if turn[depth] == size:
            turn[depth] = 0
            depth -= 1
            continue
        option = turn[depth]
        turn[depth] += 1
        if not _step(depth, option, partial, places, tables):
            continue
        reaches = True
        for p in range(parties):
            reaches = reaches and partial[depth + 1, p] + most[depth + 1, p] >= threshold[p]
        if not reaches:
            continue
        number[depth + 1] = number[depth] * size + option
        if depth + 1 < issues:
            depth += 1
            continue
        if count < limit:
            found[count] = number[issues]
        count += 1
    return found[: min(count, limit)], count


def _options(group: Group, numbers: IntArray) -> IntArray:
    return np.stack(np.unravel_index(numbers, group.counts), axis=1).astype(np.int64)


def undominated(group: Group, threshold: FloatArray, tolerance: FloatArray) -> tuple[FloatArray, IntArray]:
    """Undominated utility sums of a group at or above the threshold, and one combination behind each.

    ``threshold`` and ``tolerance`` (parties,). Gives (n, parties) and (n, issues of the group).
    """
    values, starts = group.tables.values, group.tables.starts
    size = np.where(np.isfinite(values), np.abs(values), 0.0).max(axis=0)
    worth = (values / np.where(size > 0.0, size, 1.0)).sum(axis=1)
    ranges = pairwise(starts)
    # good combinations first: the frontier is then nearly complete before most of the pass
    order = np.concatenate([np.argsort(-worth[a:b], kind="stable") for a, b in ranges]).astype(np.int64)
    points, numbers = _undominated(group.tables, order, threshold, tolerance)
    first = np.argsort(numbers)
    return points[first], _options(group, numbers[first])


def count_reaching(group: Group, thresholds: FloatArray) -> list[int]:
    """Number of allowed combinations, then of those that reach each row of ``thresholds`` (levels, parties)."""
    return [int(n) for n in _count(group.tables, *_tail(group), np.ascontiguousarray(thresholds))]


def reaching(group: Group, threshold: FloatArray, *, limit: int) -> tuple[IntArray, int]:
    """The first combinations that give everybody the threshold (n, issues of the group), and how many there are."""
    numbers, count = _reaching(group.tables, threshold, limit)
    return _options(group, numbers), int(count)


def upper_bound(group: Group) -> FloatArray:
    """(parties,): the most the group can give each party, reached or not."""
    return np.asarray(_most_to_come(group.tables)[0], dtype=np.float64)


def allowed_sums(group: Group, *, limit: int) -> FloatArray:
    """Utility sums of every allowed combination (n, parties); ValueError where there are more than ``limit``."""
    tables = group.tables
    numbers, count = _reaching(tables, np.full(tables.values.shape[1], -np.inf), limit)
    if count > limit:
        raise ValueError(
            f"blocks over issues {group.issues} allow {count:,} combinations, more than the {limit:,} that can be held"
        )
    options = _options(group, numbers)
    sums = np.zeros((len(options), tables.values.shape[1]))
    for i in range(len(group.issues)):
        sums += tables.values[tables.starts[i] + options[:, i]]
    for t in np.flatnonzero(tables.extra_at >= 0):
        sums += tables.extra[tables.extra_at[t] + options @ tables.strides[t]]
    return sums
