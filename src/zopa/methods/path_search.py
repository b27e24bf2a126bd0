"""Breadth-first searches over (state, party that moved last), compiled: the loops behind ``paths`` and ``slides``.

``pairs`` (k, 3) of party, better and worse state put single pairs above the rankings where ``on`` says so, later ones
above earlier ones; without any the rankings alone are looked at, at full speed.
"""

import numba
import numpy as np
from numpy.typing import NDArray

from zopa.methods.graph_model import Bool, Index

Ranks = NDArray[np.int32]
Steps = NDArray[np.int32]
Parties = NDArray[np.uint8]
"""Sets of parties as bits."""

NOBODY = -1
"""No party, or no way."""
_DONE = -2


@numba.njit(cache=True, nogil=True)
def improving(
    starts: Index, targets: NDArray[np.int32], ranks: Ranks, pairs: Index, on: Bool, out: Bool
) -> None:
    """Fills ``out`` (moves,): which moves improve their mover's position; ``ranks`` (parties, S), ``on`` (k,)."""
    parties, states = ranks.shape
    for i in range(parties):
        for s in range(states):
            for at in range(starts[i, s], starts[i, s + 1]):
                out[at] = ranks[i, targets[at]] > ranks[i, s]
    for k in range(len(pairs)):
        if on[k]:
            i, best, worst = pairs[k]
            for at in range(starts[i, worst], starts[i, worst + 1]):
                if targets[at] == best:
                    out[at] = True
            for at in range(starts[i, best], starts[i, best + 1]):
                if targets[at] == worst:
                    out[at] = False


@numba.njit(cache=True, nogil=True)
def prefers(ranks: Ranks, pairs: Index, on: Bool, i: int, s: int, q: int) -> bool:
    """Whether a party prefers state ``q`` to ``s``; ``ranks`` (parties, S), ``on`` (k,)."""
    for k in range(len(pairs) - 1, -1, -1):
        if on[k] and pairs[k, 0] == i:
            if pairs[k, 1] == q and pairs[k, 2] == s:
                return True
            if pairs[k, 1] == s and pairs[k, 2] == q:
                return False
    return bool(ranks[i, q] > ranks[i, s])


@numba.njit(cache=True, nogil=True)
def search(
    starts: Index, targets: NDArray[np.int32], allowed: Bool, closed: Bool, start: int, by: Steps
) -> None:
    """Breadth first over (state, last mover); fills ``by``.

    A state is opened for all parties but the first that arrives there, and for that one when a second arrives: every
    move is looked at once. The queue is in order of distance, so what is found first is shortest.
    """
    parties, states = by.shape
    by[:] = NOBODY
    left_out = np.full(states, NOBODY, dtype=np.int64)
    queue = np.empty((parties * states + 1, 2), dtype=np.int64)
    queue[0, 0], queue[0, 1] = start, NOBODY
    head, tail = 0, 1
    while head < tail:
        s, m = queue[head, 0], queue[head, 1]
        head += 1
        if left_out[s] == _DONE or (left_out[s] == m and m != NOBODY):
            continue
        ahead = 1 if m == NOBODY else by[m, s] + 1
        first, stop = 0, parties
        if left_out[s] != NOBODY:
            first, stop = left_out[s], left_out[s] + 1
        left_out[s] = m if left_out[s] == NOBODY and m != NOBODY else _DONE
        for j in range(first, stop):
            if j == m:
                continue
            for at in range(starts[j, s], starts[j, s + 1]):
                q = targets[at]
                if allowed[at] and not closed[q] and by[j, q] == NOBODY:
                    by[j, q] = ahead
                    queue[tail, 0], queue[tail, 1] = q, j
                    tail += 1


@numba.njit(cache=True, nogil=True)
def spread(starts: Index, targets: NDArray[np.int32], allowed: Bool, closed: Bool, last: Index) -> None:
    """Which parties (bits) can have made the last of h moves to each state, from h − 1 to h."""
    for h in range(1, len(last)):
        for i in range(starts.shape[0]):
            for s in range(last.shape[1]):
                if last[h - 1, s] & ~(1 << i):
                    for at in range(starts[i, s], starts[i, s + 1]):
                        if allowed[at] and not closed[targets[at]]:
                            last[h, targets[at]] |= 1 << i


@numba.njit(cache=True, nogil=True)
def search_all(
    starts: Index,
    targets: NDArray[np.int32],
    ranks: Ranks,
    pairs: Index,
    on: Bool,
    closed: Bool,
    start: int,
    out: NDArray[np.int16],
    last: Parties,
) -> None:
    """Fills ``out`` (draws, S): fewest moves of a path of improvements; and ``last`` of the same shape, unless it is
    empty: who can have made the last move of one, of at most eight parties."""
    draws, parties, states = ranks.shape
    allowed = np.empty(len(targets), dtype=np.bool_)
    by = np.empty((parties, states), dtype=np.int32)
    for d in range(draws):
        improving(starts, targets, ranks[d], pairs, on[d], allowed)
        search(starts, targets, allowed, closed, start, by)
        for s in range(states):
            out[d, s] = NOBODY
            for i in range(parties):
                if by[i, s] >= 0:
                    if out[d, s] < 0 or by[i, s] < out[d, s]:
                        out[d, s] = by[i, s]
                    if len(last):
                        last[d, s] |= np.uint8(1 << i)
        out[d, start] = 0


@numba.njit(cache=True, nogil=True)
def gateways_all(
    starts: Index,
    targets: NDArray[np.int32],
    ranks: Ranks,
    pairs: Index,
    on: Bool,
    closed: Bool,
    start: int,
    ends: Bool,
    out: Bool,
) -> None:
    """Fills ``out`` (draws, S) where every path of improvements into ``ends`` runs through a state."""
    draws, parties, states = ranks.shape
    allowed = np.empty(len(targets), dtype=np.bool_)
    by = np.empty((parties, states), dtype=np.int32)
    again = np.empty((parties, states), dtype=np.int32)
    shut = closed.copy()
    for d in range(draws):
        improving(starts, targets, ranks[d], pairs, on[d], allowed)
        search(starts, targets, allowed, closed, start, by)
        i, s = _nearest(by, ends)
        # Back along one shortest path: each state of it is shut in turn.
        while i != NOBODY and by[i, s] > 1:
            i, s = _before(starts, targets, allowed, by, i, s)
            if s != start:
                shut[s] = True
                search(starts, targets, allowed, shut, start, again)
                shut[s] = closed[s]
                out[d, s] = _nearest(again, ends)[0] == NOBODY


@numba.njit(cache=True, nogil=True)
def _nearest(by: Steps, ends: Bool) -> tuple[int, int]:
    """Last mover and state of a shortest path into ``ends``; −1 and −1 for none."""
    parties, states = by.shape
    best, i, s = -1, NOBODY, NOBODY
    for q in range(states):
        if ends[q]:
            for j in range(parties):
                if by[j, q] >= 0 and (best < 0 or by[j, q] < best):
                    best, i, s = by[j, q], j, q
    return i, s


@numba.njit(cache=True, nogil=True)
def _before(
    starts: Index, targets: NDArray[np.int32], allowed: Bool, by: Steps, i: int, s: int
) -> tuple[int, int]:
    """Last mover and state before party ``i`` moved to ``s`` on a shortest path that has such a state."""
    parties, states = by.shape
    for p in range(states):
        near = NOBODY
        for m in range(parties):
            if m != i and by[m, p] == by[i, s] - 1:
                near = m
        if near != NOBODY:
            for at in range(starts[i, p], starts[i, p + 1]):
                if targets[at] == s and allowed[at]:
                    return near, p
    return NOBODY, NOBODY
