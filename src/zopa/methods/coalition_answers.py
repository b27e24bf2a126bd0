"""Where answers to an improvement lead: improvements of coalitions, one after the other: compiled.

A set of states is a row of 64-bit words, state 0 the lowest bit of the first.
"""

import numba
import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]
Bool = NDArray[np.bool_]
Room = tuple[Words, Words, NDArray[np.int64], NDArray[np.int64]]
"""Working room of a search by groups, made once."""

ONE, ZERO, _TOP = np.uint64(1), np.uint64(0), np.uint64(58)
_MAGIC = np.uint64(0x03F79D71B4CB0A89)
# A lone bit times a de Bruijn word has six bits on top that tell its place (Leiserson, Prokop and Randall 1998).
_PLACE = np.zeros(64, dtype=np.int64)
for _bit in range(64):
    _PLACE[((0x03F79D71B4CB0A89 << _bit) & (2**64 - 1)) >> 58] = _bit


@numba.njit(cache=True, nogil=True, inline="always")
def lowest(word: np.uint64) -> int:
    """Place of the lowest bit of a word that is not zero."""
    return int(_PLACE[((word & (~word + ONE)) * _MAGIC) >> _TOP])


@numba.njit(cache=True, nogil=True)
def least_after(
    came: Words, ranks: NDArray[np.int32], order: NDArray[np.int64], least: NDArray[np.int32]
) -> None:
    """Fills the least rank among each state and what follows from it: backwards along ``came`` from the worst."""
    states, words = came.shape
    unseen = np.full(words, ~ZERO, dtype=np.uint64)
    waiting = np.empty(states, dtype=np.int64)
    for worst in order:
        if not unseen[worst >> 6] >> np.uint64(worst & 63) & ONE:
            continue
        unseen[worst >> 6] &= ~(ONE << np.uint64(worst & 63))
        count = 1
        waiting[0] = worst
        while count > 0:
            count -= 1
            state = waiting[count]
            least[state] = ranks[worst]
            for w in range(words):
                new = came[state, w] & unseen[w]
                unseen[w] &= ~new
                while new:
                    waiting[count] = 64 * w + lowest(new)
                    count += 1
                    new &= new - ONE


@numba.njit(cache=True, nogil=True)
def answers_by_turns(
    turns: Words, liked: Words, answering: NDArray[np.int64], start: int, out: Words
) -> None:
    """Fills where improvements of the ``answering`` groups lead, no party moving twice in succession on the way.

    ``turns`` (groups, 1 + movers, S, movers, words), see ``reach_by_turns``.
    """
    movers, words = turns.shape[3], turns.shape[4]
    seen = np.zeros((movers, words), dtype=np.uint64)
    waiting = np.empty((movers * turns.shape[2] + 1, 2), dtype=np.int64)
    waiting[0, 0], waiting[0, 1] = start, -1
    count = 1
    while count > 0:
        count -= 1
        state, last = waiting[count]
        for group in answering:
            for mover in range(movers):
                for w in range(words):
                    new = turns[group, last + 1, state, mover, w] & liked[group, state, w] & ~seen[mover, w]
                    seen[mover, w] |= new
                    while new:
                        waiting[count, 0], waiting[count, 1] = 64 * w + lowest(new), mover
                        count += 1
                        new &= new - ONE
    out[:] = ZERO
    for mover in range(movers):
        out |= seen[mover]


@numba.njit(cache=True, nogil=True)
def answers_by_groups(
    own: Words, liked: Words, single: Bool, answering: NDArray[np.int64], start: int, out: Words, room: Room
) -> None:
    """Fills where improvements of the ``answering`` groups lead, no group twice in succession.

    For groups whose moves compose. ``single`` (groups,): some member's ranking is overruled by a pair; two steps in a
    row of any other group are one step, so that nothing is to be remembered of who came. A state is left by every
    group once: by all at once, or, come to by a group with pairs, by that one only when another group comes too.
    """
    seen, full, came, waiting = room
    words = own.shape[2]
    seen[:] = ZERO
    full[:] = ZERO
    full[start >> 6] |= ONE << np.uint64(start & 63)
    came[:] = -1
    waiting[0, 0], waiting[0, 1], waiting[0, 2] = start, -1, -1
    count = 1
    while count > 0:
        count -= 1
        state, skipped, only = waiting[count]
        for group in answering:
            if group == skipped or (only >= 0 and group != only):
                continue
            for w in range(words):
                new = own[group, state, w] & liked[group, state, w] & ~full[w] & ~seen[group, w]
                seen[group, w] |= new
                while new:
                    bit = new & (~new + ONE)
                    to = 64 * w + lowest(new)
                    new &= new - ONE
                    before = came[to]
                    if before < 0 and single[group]:
                        came[to] = group
                        waiting[count, 0], waiting[count, 1], waiting[count, 2] = to, group, -1
                    else:
                        full[w] |= bit
                        waiting[count, 0], waiting[count, 1], waiting[count, 2] = to, -1, before
                    count += 1
    for w in range(words):
        out[w] = full[w]
    for group in answering:
        out |= seen[group]
