"""Stability of many orbits, or of many profiles, in lockstep: arrays (states, lanes) whose rows are compared whole.

What one party can do from a state is a short list of rows that is the same for every lane, whatever the rankings: so
no lane is sorted, and one-way options and infeasible states cost less than none. The lanes are profiles of rankings
over the same states, or, of one large conflict, combinations of what the others do.
"""

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from zopa.methods.graph_model import CONCEPTS, Lattice
from zopa.methods.orbits import FIRST, NONE, STATE, Ints, Orbits

Bytes = NDArray[np.uint8]

LANES = 32
"""Orbits or profiles compared at once."""
MOST_LISTED = 64
"""Moves a state up to which looking at each costs less than sorting."""
_NASH, _SIM = CONCEPTS.index("nash"), CONCEPTS.index("sim")
_SMR, _SEQ, _SSEQ = CONCEPTS.index("smr"), CONCEPTS.index("seq"), CONCEPTS.index("sseq")


class Lists(NamedTuple):
    """Moves by row: those of party i from row r are ``targets[starts[i, r] : starts[i, r + 1]]``."""

    starts: NDArray[np.int64]
    targets: NDArray[np.uint32]


class Tiles(NamedTuple):
    """Parties whose orbits in a conflict without infeasible states are taken in lockstep.

    ``used`` (parties,) whether they are; ``lists`` moves among the combinations of a party's own options, ``inner``
    (parties, combinations) the bits of each; ``steps`` (parties, options) 1 and −1 for one-way options, 0 for free
    ones, 2 for none; ``masks`` (parties,) the bits each party controls.
    """

    used: NDArray[np.bool_]
    lists: Lists
    inner: NDArray[np.int64]
    steps: NDArray[np.int8]
    masks: NDArray[np.int64]


def lists_of(moves: Orbits) -> Lists | None:
    """The moves of every party from every state; None where they are too many to look at one by one."""
    parties, count = moves.entries.shape
    starts = np.zeros((parties, count + 1), dtype=np.int64)
    total = 0
    for party in range(parties):
        found = np.zeros(count, dtype=np.int64)
        total_own = _count(moves.entries[party, : moves.moving[party]], _slots(moves, party), found)
        starts[party, 0] = total
        starts[party, 1:] = total + np.cumsum(found)
        total += total_own
    if total > MOST_LISTED * parties * count:
        return None
    targets = np.empty(total, dtype=np.uint32)
    for party in range(parties):
        entries = moves.entries[party, : moves.moving[party]]
        _list(entries, _slots(moves, party), starts[party].copy(), targets)
    return Lists(starts, targets)


def _slots(moves: Orbits, party: int) -> NDArray[np.int64]:
    """(S,) which one-way options of a party are used up, as bits; no entry where it has none."""
    if moves.sizes[party] == 1:
        return np.zeros(0, dtype=np.int64)
    own = moves.slots[party].astype(np.int64)
    kinds = moves.kinds[party]
    return own if not len(kinds) or kinds[0] < 0 else np.asarray(kinds[own], dtype=np.int64)


def tiles_of(conflict: Lattice) -> Tiles:
    """Which parties' orbits are compared in lockstep, and how: those with one-way options, where all is feasible."""
    parties, options = conflict.parties, conflict.options
    own = [np.flatnonzero(conflict.owner == party) for party in range(parties)]
    ways = [conflict.one_way[o] for o in own]
    full = len(conflict) == 1 << options
    used = np.array(
        [
            full
            and len(o) > 0
            and bool(way.any())
            and options - len(o) >= LANES.bit_length() - 1
            and 3 ** int(np.count_nonzero(way)) * 4 ** int(np.count_nonzero(way == 0))
            <= MOST_LISTED << len(o)
            for o, way in zip(own, ways, strict=True)
        ]
    )
    longest = max((len(o) for o, u in zip(own, used, strict=True) if u), default=0)
    inner = np.zeros((parties, 1 << longest), dtype=np.int64)
    steps = np.full((parties, longest), 2, dtype=np.int8)
    starts = np.zeros((parties, (1 << longest) + 1), dtype=np.int64)
    targets: list[int] = []
    for party in np.flatnonzero(used):
        bits, way = own[party], ways[party]
        rows = np.arange(1 << len(bits))
        for at, option in enumerate(bits):
            inner[party, : len(rows)] |= (rows >> at & 1) << option
        steps[party, : len(bits)] = way
        once = sum(1 << at for at, w in enumerate(way) if w == 1)
        dropped = sum(1 << at for at, w in enumerate(way) if w == -1)
        starts[party, 0] = len(targets)
        for row in range(len(rows)):
            # What is one way and used up in the row must stay as it is.
            fixed = (row & once) | (~row & dropped)
            targets += [int(to) for to in rows[((rows ^ row) & fixed == 0) & (rows != row)]]
            starts[party, row + 1] = len(targets)
    return Tiles(used, Lists(starts, np.array(targets, dtype=np.uint32)), inner, steps, conflict.masks)


@numba.njit(cache=True, nogil=True)
def _count(entries: Ints, slots: NDArray[np.int64], out: NDArray[np.int64]) -> int:
    """Adds to ``out`` (S,) how many moves each state has; how many there are in all."""
    start, total = 0, 0
    while start < len(entries):
        stop = start + 1
        while stop < len(entries) and not entries[stop] & FIRST:
            stop += 1
        if len(slots) == 0:
            for t in range(start, stop):
                out[entries[t] & STATE] = stop - start - 1
            total += (stop - start) * (stop - start - 1)
        else:
            for t in range(start, stop):
                state = entries[t] & STATE
                for u in range(start, stop):
                    if u != t and slots[state] & ~slots[entries[u] & STATE] == 0:
                        out[state] += 1
                        total += 1
        start = stop
    return total


@numba.njit(cache=True, nogil=True)
def _list(
    entries: Ints, slots: NDArray[np.int64], starts: NDArray[np.int64], targets: NDArray[np.uint32]
) -> None:
    """Notes the moves; ``starts`` (S + 1,) are moved on."""
    start = 0
    while start < len(entries):
        stop = start + 1
        while stop < len(entries) and not entries[stop] & FIRST:
            stop += 1
        for t in range(start, stop):
            state = entries[t] & STATE
            for u in range(start, stop):
                to = entries[u] & STATE
                if u != t and (len(slots) == 0 or slots[state] & ~slots[to] == 0):
                    targets[starts[state]] = to
                    starts[state] += 1
        start = stop


# ---- what one party does, rows of lanes at a time --------------------------------------------------------------------


@numba.njit(cache=True, nogil=True)
def _best(starts: NDArray[np.int64], targets: NDArray[np.uint32], own: Ints, after: Ints) -> None:
    """``after`` (rows, lanes): the best of each row and of where it can be moved to."""
    for row in range(len(starts) - 1):
        best = after[row]
        best[:] = own[row]
        for t in range(starts[row], starts[row + 1]):
            there = own[targets[t]]
            for k in range(LANES):
                best[k] = max(best[k], there[k])


@numba.njit(cache=True, nogil=True)
def _moved(starts: NDArray[np.int64], targets: NDArray[np.uint32], values: Ints, least: Ints) -> bool:
    """Lowers each value to the least of where it can be moved to; whether any changed. ``least`` is overwritten."""
    changed = 0
    for row in range(len(starts) - 1):
        if starts[row] == starts[row + 1]:
            continue
        here = values[row]
        for k in range(LANES):
            least[k] = here[k]
        for t in range(starts[row], starts[row + 1]):
            there = values[targets[t]]
            for k in range(LANES):
                least[k] = min(least[k], there[k])
        for k in range(LANES):
            changed |= here[k] ^ least[k]
            here[k] = least[k]
    return changed != 0


@numba.njit(cache=True, nogil=True)
def _improved(
    starts: NDArray[np.int64], targets: NDArray[np.uint32], ranks: Ints, values: Ints, least: Ints
) -> bool:
    """The same by what the party would move to."""
    changed = 0
    for row in range(len(starts) - 1):
        if starts[row] == starts[row + 1]:
            continue
        here, rank = values[row], ranks[row]
        for k in range(LANES):
            least[k] = here[k]
        for t in range(starts[row], starts[row + 1]):
            to = targets[t]
            there, better = values[to], ranks[to]
            for k in range(LANES):
                least[k] = min(least[k], there[k] if better[k] > rank[k] else NONE)
        for k in range(LANES):
            changed |= here[k] ^ least[k]
            here[k] = least[k]
    return changed != 0


@numba.njit(cache=True, nogil=True)
def _tempted(
    starts: NDArray[np.int64],
    targets: NDArray[np.uint32],
    own: Ints,
    values: Ints,
    row: int,
    most: Ints,
) -> None:
    """``most`` (lanes,): the greatest value of an improvement from a row, the row's own rank where there is none."""
    rank = own[row]
    for k in range(LANES):
        most[k] = rank[k]
    for t in range(starts[row], starts[row + 1]):
        to = targets[t]
        there, better = values[to], own[to]
        for k in range(LANES):
            most[k] = max(most[k], there[k] if better[k] > rank[k] else -NONE)


# ---- profiles as lanes -----------------------------------------------------------------------------------------------


@numba.njit(cache=True, nogil=True)
def _close(party: int, improving: bool, lists: Lists, ranks: Ints, values: Ints, least: Ints) -> None:
    """Lowers each value to the least that the opponents of a party reach, by any moves or by improvements only."""
    parties = len(ranks)
    unchanged, j = 0, 0
    while unchanged < parties - 1:
        if j != party:
            if improving:
                changed = _improved(lists.starts[j], lists.targets, ranks[j], values, least)
            else:
                changed = _moved(lists.starts[j], lists.targets, values, least)
            # Its own moves compose: after its own turn it would change nothing more.
            unchanged = 1 if changed else unchanged + 1
        j = (j + 1) % parties


@numba.njit(cache=True, nogil=True)
def judge_profiles(wanted: NDArray[np.int64], given: Ints, lists: Lists, out: Bytes) -> None:
    """Sets bit i of ``out`` (B, concepts, S) where party i stays, by every concept but SIM."""
    parties, count = given.shape[1:]
    ranks = np.zeros((parties, count, LANES), dtype=np.int32)
    after = np.empty((count, LANES), dtype=np.int32)
    values = np.empty((count, LANES), dtype=np.int32)
    least = np.empty(LANES, dtype=np.int32)
    for first in range(0, len(given), LANES):
        number = min(LANES, len(given) - first)
        for k in range(number):
            for party in range(parties):
                for s in range(count):
                    ranks[party, s, k] = given[first + k, party, s]
        for party in range(parties):
            starts, targets, own = lists.starts[party], lists.targets, ranks[party]
            _best(starts, targets, own, after)
            for at in range(len(wanted)):
                concept = wanted[at]
                if concept == _SIM:
                    continue
                if concept != _NASH:
                    values[:] = after if concept in (_SMR, _SSEQ) else own
                    _close(party, concept in (_SEQ, _SSEQ), lists, ranks, values, least)
                for s in range(count):
                    if concept == _NASH:
                        least[:] = after[s]
                    else:
                        _tempted(starts, targets, own, values, s, least)
                    for k in range(number):
                        out[first + k, at, s] |= np.uint8(least[k] <= own[s, k]) << party


# ---- orbits of one conflict as lanes ---------------------------------------------------------------------------------


@numba.njit(cache=True, nogil=True)
def tiled_ranks(party: int, ranks: Ints, tiles: Tiles, out: Ints) -> None:
    """``out`` (S,): a party's ranks tile by tile, as the other walks over its tiles want them."""
    mask = tiles.masks[party]
    others, rows = (len(ranks) - 1) & ~mask, 1
    while rows < tiles.inner.shape[1] and tiles.inner[party, rows] != 0:
        rows += 1
    outer = np.empty(LANES, dtype=np.int64)
    for tile in range(len(ranks) // (rows * LANES)):
        _next(outer, others, tile)
        for row in range(rows):
            for k in range(LANES):
                out[(tile * rows + row) * LANES + k] = ranks[outer[k] | tiles.inner[party, row]]


@numba.njit(cache=True, nogil=True)
def _next(outer: NDArray[np.int64], others: int, tile: int) -> None:
    """The next combinations of what the others do, one a lane; ``tile`` 0 starts anew."""
    last = -1 if tile == 0 else outer[LANES - 1]
    for k in range(LANES):
        last = 0 if last < 0 else (last - others) & others
        outer[k] = last


@numba.njit(cache=True, nogil=True)
def _shifted(steps: NDArray[np.int8], tile: Ints) -> bool:
    """Lowers the values of a tile to the least of where each can be moved to, an option at a time; whether any did."""
    changed = 0
    for option in range(len(steps)):
        way, bit = steps[option], 1 << option
        if way == 2:
            break
        for row in range(len(tile)):
            if row & bit:
                continue
            without, taken = tile[row], tile[row | bit]
            for k in range(LANES):
                least = min(without[k], taken[k])
                changed |= (without[k] ^ least) if way >= 0 else 0
                changed |= (taken[k] ^ least) if way <= 0 else 0
                without[k] = least if way >= 0 else without[k]
                taken[k] = least if way <= 0 else taken[k]
    return changed != 0


@numba.njit(cache=True, nogil=True)
def by_tiles(party: int, improving: bool, tiles: Tiles, tiled: Ints, values: Ints) -> bool:
    """Lowers each value to the least that a party can or would move to; whether anything changed."""
    mask = tiles.masks[party]
    others, rows = (len(values) - 1) & ~mask, 1
    while rows < tiles.inner.shape[1] and tiles.inner[party, rows] != 0:
        rows += 1
    inner, starts = tiles.inner[party, :rows], tiles.lists.starts[party, : rows + 1]
    outer, least = np.empty(LANES, dtype=np.int64), np.empty(LANES, dtype=np.int32)
    tile = np.empty((rows, LANES), dtype=np.int32)
    changed = False
    for number in range(len(values) // tile.size):
        _next(outer, others, number)
        for row in range(rows):
            for k in range(LANES):
                tile[row, k] = values[outer[k] | inner[row]]
        if improving:
            ranks = tiled[number * tile.size : (number + 1) * tile.size].reshape(rows, LANES)
            here = _improved(starts, tiles.lists.targets, ranks, tile, least)
        else:
            here = _shifted(tiles.steps[party], tile)
        if here:
            changed = True
            for row in range(rows):
                for k in range(LANES):
                    values[outer[k] | inner[row]] = tile[row, k]
    return changed


@numba.njit(cache=True, nogil=True)
def settle_tiles(party: int, tiles: Tiles, tiled: Ints, values: Ints, out: Bytes, bit: int) -> None:
    """Sets ``bit`` where no improvement of a party leads to a value above its rank of the state."""
    mask = tiles.masks[party]
    others, rows = (len(values) - 1) & ~mask, 1
    while rows < tiles.inner.shape[1] and tiles.inner[party, rows] != 0:
        rows += 1
    inner, starts = tiles.inner[party, :rows], tiles.lists.starts[party, : rows + 1]
    outer, most = np.empty(LANES, dtype=np.int64), np.empty(LANES, dtype=np.int32)
    tile = np.empty((rows, LANES), dtype=np.int32)
    for number in range(len(values) // tile.size):
        _next(outer, others, number)
        own = tiled[number * tile.size : (number + 1) * tile.size].reshape(rows, LANES)
        for row in range(rows):
            for k in range(LANES):
                tile[row, k] = values[outer[k] | inner[row]]
        for row in range(rows):
            _tempted(starts, tiles.lists.targets, own, tile, row, most)
            for k in range(LANES):
                if most[k] <= own[row, k]:
                    out[outer[k] | inner[row]] |= np.uint8(bit)
