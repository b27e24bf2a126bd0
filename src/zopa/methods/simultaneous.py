"""Stability where everybody else may react at the same moment (Fraser and Hipel 1984): SIM, compiled.

A state is stable for a party if each of its improvements can be met by a choice, for every opponent, of staying or of
one of its own improvements from that same state, so that all the changes together lead to a feasible state that is no
better for the party. Options are needed to say what changes together are: there is no such thing in graph form.

Choices of the opponents multiply, but there are never more of their results than states. Combinations are tried one by
one, most often with an early end; after as many as there are states, the states are gone through instead.
"""

import numba
import numpy as np
from numpy.typing import NDArray

from zopa.methods.orbits import FIRST, NEW, STATE, Ints, Orbits, placed

MOST_TRIED = 1 << 32
"""Combinations and states looked at for one party at most, some tens of seconds; beyond them nothing is told."""


@numba.njit(cache=True, nogil=True)
def spans(orbit: Ints, first: Ints, tied: Ints) -> None:
    """Of each state: where its orbit starts in a party's sorted orbits (``first``), and its tied group (``tied``)."""
    start = group = 0
    for t in range(len(orbit)):
        if orbit[t] & FIRST:
            start = t
        if orbit[t] & NEW:
            group = t
        first[orbit[t] & STATE], tied[orbit[t] & STATE] = start, group


@numba.njit(cache=True, nogil=True)
def _changes(
    state: int, party: int, moves: Orbits, orbit: Ints, first: Ints, tied: Ints, out: NDArray[np.int64]
) -> int:
    """Notes in ``out`` the bits that each improvement of a party from a state changes; how many there are."""
    count, used = 0, moves.sizes[party] > 1
    kinds, slot = moves.kinds[party], 0
    bare = len(kinds) == 0 or kinds[0] < 0
    if used:
        slot = moves.slots[party, state]
        if not bare:
            slot = kinds[slot]
    for t in range(first[state], tied[state]):
        to = orbit[t] & STATE
        if used:
            place = moves.slots[party, to]
            if slot & ~(place if bare else kinds[place]):
                continue
        out[count] = moves.states[state] ^ moves.states[to]
        count += 1
    return count


@numba.njit(cache=True, nogil=True)
def _met(
    combination: int,
    most: int,
    own: Ints,
    moves: Orbits,
    changes: NDArray[np.int64],
    counts: NDArray[np.int64],
    chosen: NDArray[np.int64],
) -> tuple[bool, int]:
    """Whether some choice of the opponents' changes leads from a combination to a state ranked ``most`` at best, and
    how many combinations and states were looked at for it."""
    parties, start, tried = len(counts), combination, 0
    chosen[:] = 0
    while tried < len(own):
        tried += 1
        to = placed(moves.states, moves.table, combination)
        if to >= 0 and own[to] <= most:
            return True, tried
        j = 0
        while j < parties:
            if chosen[j] > 0:
                combination ^= changes[j, chosen[j] - 1]
            if chosen[j] < counts[j]:
                combination ^= changes[j, chosen[j]]
                chosen[j] += 1
                break
            chosen[j] = 0
            j += 1
        if j == parties:
            return False, tried
    for to in range(len(own)):
        if own[to] <= most and _together(moves.states[to] ^ start, moves.masks, changes, counts):
            return True, tried + to + 1
    return False, tried + len(own)


@numba.njit(cache=True, nogil=True)
def _together(
    difference: int, masks: NDArray[np.int64], changes: NDArray[np.int64], counts: NDArray[np.int64]
) -> bool:
    """Whether a difference is made of one change at most of each party."""
    for j in range(len(counts)):
        part = difference & masks[j]
        found = part == 0
        for t in range(counts[j]):
            if changes[j, t] == part:
                found = True
                break
        if not found:
            return False
    return True


@numba.njit(cache=True, nogil=True)
def simultaneous(
    party: int,
    ranks: Ints,
    moves: Orbits,
    orbits: Ints,
    first: Ints,
    tied: Ints,
    out: NDArray[np.uint8],
    bit: int,
    most_tried: int,
) -> bool:
    """Sets ``bit`` of ``out`` (S,) where a state is SIM stable for a party; ``first`` and ``tied`` are the spans.

    False, and nothing to be read from ``out``, where that would take more than ``most_tried`` looks.
    """
    parties, count = ranks.shape
    changes = np.empty((parties, moves.longest), dtype=np.int64)
    counts = np.zeros(parties, dtype=np.int64)
    chosen = np.zeros(parties, dtype=np.int64)
    mine = np.empty(moves.longest, dtype=np.int64)
    looked = 0
    for state in range(count):
        improvements = _changes(state, party, moves, orbits[party], first[party], tied[party], mine)
        if improvements:
            for j in range(parties):
                if j != party:
                    counts[j] = _changes(state, j, moves, orbits[j], first[j], tied[j], changes[j])
        stable = True
        for k in range(improvements):
            to = moves.states[state] ^ mine[k]
            stable, tried = _met(to, ranks[party, state], ranks[party], moves, changes, counts, chosen)
            looked += tried
            if not stable:
                break
        if looked > most_tried:
            return False
        if stable:
            out[state] |= np.uint8(bit)
    return True
