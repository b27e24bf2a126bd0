"""The states among which one party moves, kept sorted by its own ranking: moves as walks along them, compiled.

An orbit of a party holds the states that differ only in its options. Walked from its best state down, everything that
the party would improve to has been passed before: a running minimum does the work of looking at every pair. One-way
options cut an orbit into places (which of them are already used up); a move leads only to places that include its own.
"""

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from zopa.methods.graph_model import Lattice

Ints = NDArray[np.int32]

FIRST, NEW, STATE = 1 << 30, 1 << 29, (1 << 28) - 1
"""Marks on an entry of an orbit: first of its orbit, first of its tied group; the rest is the state."""
NONE = np.iinfo(np.int32).max
_INSERTED = 32
_SPARSE = 16


class Orbits(NamedTuple):
    """What moves of a conflict look like before anybody's ranking is known.

    ``entries`` (parties, S) the states orbit by orbit, the first of each marked; those alone in theirs, where the party
    has no move, come last, ``moving`` (parties,) entries before them; ``longest`` orbit of any party;
    ``slots`` (parties, S or 0) place of each state on the party's one-way options, ``sizes`` (parties,) how many places
    there are (1 without such options); ``kinds`` (parties, places) the places as bits where only those that occur are
    counted, no column where places are the bits themselves; ``states`` as in the lattice; ``table`` where each
    combination of options stands, empty where every one is feasible, one −2 where the states must be searched.
    """

    entries: Ints
    moving: NDArray[np.int64]
    longest: int
    slots: Ints
    sizes: NDArray[np.int64]
    kinds: NDArray[np.int64]
    masks: NDArray[np.int64]
    states: NDArray[np.int64]
    table: Ints


def orbits_of(conflict: Lattice) -> Orbits:
    """The orbits of every party of a conflict in option form."""
    count, parties = len(conflict), conflict.parties
    combinations = 1 << conflict.options
    if count == combinations:
        table = np.zeros(0, dtype=np.int32)
    elif combinations <= max(_SPARSE * count, 1 << 16):
        table = conflict.place
    else:
        table = np.full(1, -2, dtype=np.int32)
    entries = np.empty((parties, count), dtype=np.int32)
    for party in range(parties):
        mask = int(conflict.masks[party])
        if len(table) == 1 and table[0] == -2:
            others = conflict.states & ~mask
            order = np.argsort(others, kind="stable")
            first = np.append(True, np.diff(others[order]) != 0)
            entries[party] = order.astype(np.int32) | np.where(first, FIRST, 0).astype(np.int32)
        else:
            _enumerate(mask, combinations - 1, table, entries[party])
    moving = np.array([_alone_last(own) for own in entries], dtype=np.int64)
    slots, sizes, kinds = _places(conflict)
    longest = max(int(_longest(own)) for own in entries)
    # Compiled once for arrays that may be written to, so none may come in read-only.
    states = np.require(conflict.states, dtype=np.int64, requirements=["C", "W"])
    return Orbits(entries, moving, longest, slots, sizes, kinds, conflict.masks, states, table)


def _alone_last(entries: Ints) -> int:
    """Puts the orbits of one state last, in place; how many entries stand before them."""
    first = entries & FIRST != 0
    alone = first & np.append(first[1:], True)
    if alone.any():
        entries[:] = np.concatenate([entries[~alone], entries[alone]])
    return int(np.count_nonzero(~alone))


def _places(conflict: Lattice) -> tuple[Ints, NDArray[np.int64], NDArray[np.int64]]:
    """``slots``, ``sizes`` and ``kinds`` of the orbits."""
    count, parties = len(conflict), conflict.parties
    sizes = np.ones(parties, dtype=np.int64)
    if not conflict.one_way.any():
        return np.zeros((parties, 0), dtype=np.int32), sizes, np.zeros((parties, 0), dtype=np.int64)
    slots = np.zeros((parties, count), dtype=np.int32)
    listed: dict[int, NDArray[np.int64]] = {}
    for party in range(parties):
        own = np.flatnonzero((conflict.owner == party) & (conflict.one_way != 0))
        for bit, option in enumerate(own):
            used = conflict.taken(int(option)) == (conflict.one_way[option] == 1)
            slots[party] |= used.astype(np.int32) << np.int32(bit)
        sizes[party] = 1 << len(own)
        if sizes[party] > 4 * count:
            # More places than states: only those that occur count.
            listed[party], place = np.unique(slots[party], return_inverse=True)
            slots[party] = place
            sizes[party] = len(listed[party])
    kinds = np.full((parties, max((len(k) for k in listed.values()), default=0)), -1, dtype=np.int64)
    for party, own in listed.items():
        kinds[party, : len(own)] = own
    return slots, sizes, kinds


@numba.njit(cache=True, nogil=True)
def _enumerate(mask: int, every: int, table: Ints, entries: Ints) -> None:
    """The feasible states orbit by orbit: over the bits of the others, and within, over a party's own."""
    others = every & ~mask
    outer, at = 0, 0
    while True:
        inner, first = 0, FIRST
        while True:
            state = outer | inner if len(table) == 0 else table[outer | inner]
            if state >= 0:
                entries[at] = state | first
                at += 1
                first = 0
            inner = (inner - mask) & mask
            if inner == 0:
                break
        outer = (outer - others) & others
        if outer == 0:
            break


@numba.njit(cache=True, nogil=True)
def _longest(entries: Ints) -> int:
    longest, start = 1, 0
    for t in range(1, len(entries)):
        if entries[t] & FIRST:
            start = t
        longest = max(longest, t + 1 - start)
    return longest


@numba.njit(cache=True, nogil=True)
def placed(states: NDArray[np.int64], table: Ints, combination: int) -> int:
    """Where a combination of options stands among the states, −1 where it is infeasible."""
    if len(table) == 0:
        return combination
    if len(table) > 1 or table[0] != -2:
        return int(table[combination])
    low, high = 0, len(states)
    while low < high:
        middle = (low + high) >> 1
        if states[middle] < combination:
            low = middle + 1
        else:
            high = middle
    return low if low < len(states) and states[low] == combination else -1


@numba.njit(cache=True, nogil=True)
def _merge_sort(keys: NDArray[np.int64], spare: NDArray[np.int64], count: int) -> None:
    """Sorts the first ``count`` keys."""
    for start in range(0, count, _INSERTED):
        for t in range(start + 1, min(start + _INSERTED, count)):
            key, at = keys[t], t
            while at > start and keys[at - 1] > key:
                keys[at] = keys[at - 1]
                at -= 1
            keys[at] = key
    width = _INSERTED
    while width < count:
        for start in range(0, count, 2 * width):
            middle, stop = min(start + width, count), min(start + 2 * width, count)
            a, b = start, middle
            for t in range(start, stop):
                if a < middle and (b >= stop or keys[a] <= keys[b]):
                    spare[t] = keys[a]
                    a += 1
                else:
                    spare[t] = keys[b]
                    b += 1
        keys[:count] = spare[:count]
        width *= 2


@numba.njit(cache=True, nogil=True)
def sort_orbits(
    entries: Ints, ranks: Ints, out: Ints, keys: NDArray[np.int64], spare: NDArray[np.int64]
) -> None:
    """``out`` (S,): each orbit from its best state down, tied groups marked; ``entries`` may be ``out`` itself."""
    start, count = 0, len(entries)
    while start < count:
        stop = start
        while stop == start or (stop < count and not entries[stop] & FIRST):
            state = entries[stop] & STATE
            keys[stop - start] = -np.int64(ranks[state]) * 4294967296 + state
            stop += 1
        _merge_sort(keys, spare, stop - start)
        mark = FIRST | NEW
        for t in range(start, stop):
            key = keys[t - start]
            if t > start:
                mark = NEW if key >> 32 != keys[t - start - 1] >> 32 else 0
            out[t] = (key & STATE) | mark
        start = stop


@numba.njit(cache=True, nogil=True)
def lower(low: Ints, slot: int, value: int, kinds: NDArray[np.int64]) -> None:
    """Notes a value for every place from which a place can be moved to."""
    if len(kinds) == 0 or kinds[0] < 0:
        # Unsigned: an index that may be negative costs a test each time.
        bits = np.uint32(slot)
        below = bits
        while True:
            low[below] = min(low[below], value)
            if below == 0:
                break
            below = (below - np.uint32(1)) & bits
    else:
        own = kinds[slot]
        for k in range(len(kinds)):
            if kinds[k] >= 0 and kinds[k] & ~own == 0:
                low[k] = min(low[k], value)


@numba.njit(cache=True, nogil=True)
def by_moves(orbit: Ints, slots: Ints, size: int, kinds: NDArray[np.int64], values: Ints, low: Ints) -> bool:
    """Lowers each value to the least among the states the party can move to; whether anything changed."""
    changed = False
    start, count = 0, len(orbit)
    while start < count:
        stop = start + 1
        while stop < count and not orbit[stop] & FIRST:
            stop += 1
        if size == 1:
            least = values[orbit[start] & STATE]
            for t in range(start + 1, stop):
                least = min(least, values[orbit[t] & STATE])
            for t in range(start, stop):
                state = orbit[t] & STATE
                changed |= values[state] > least
                values[state] = least
        else:
            low[:size] = NONE
            for t in range(start, stop):
                state = orbit[t] & STATE
                if values[state] < low[slots[state]]:
                    lower(low, slots[state], values[state], kinds)
            for t in range(start, stop):
                state = orbit[t] & STATE
                least = low[slots[state]]
                changed |= values[state] > least
                values[state] = least
        start = stop
    return changed


@numba.njit(cache=True, nogil=True)
def by_improvements(
    orbit: Ints, slots: Ints, size: int, kinds: NDArray[np.int64], values: Ints, low: Ints
) -> bool:
    """Lowers each value to the least among the states the party would improve to; whether anything changed."""
    changed = False
    count = len(orbit)
    if size == 1:
        better = passed = NONE
        for t in range(count):
            entry = orbit[t]
            if entry & NEW:
                better = passed
                if entry & FIRST:
                    better = passed = NONE
            value = values[entry & STATE]
            if better < value:
                value = better
                values[entry & STATE] = value
                changed = True
            passed = min(passed, value)
        return changed
    start = 0
    while start < count:
        if orbit[start] & FIRST:
            low[:size] = NONE
        stop = start
        while stop == start or (stop < count and not orbit[stop] & NEW):
            state = orbit[stop] & STATE
            if low[slots[state]] < values[state]:
                values[state] = low[slots[state]]
                changed = True
            stop += 1
        for t in range(start, stop):
            state = orbit[t] & STATE
            if values[state] < low[slots[state]]:
                lower(low, slots[state], values[state], kinds)
        start = stop
    return changed
