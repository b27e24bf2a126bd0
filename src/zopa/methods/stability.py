"""Which states of a conflict in option form are stable for whom: Nash, GMR, SMR, SEQ, SSEQ and SIM, exactly.

Changes of own options compose, and so do improvements along one ranking; what opponents reach by any legal sequence of
moves is therefore the plain closure of their moves, and no state needs to be searched from. For a party, let v be what
a state is worth to it after its own way out (SMR, SSEQ) or as it is (GMR, SEQ), and m the least v over what the
opponents reach, by moves or by improvements. A state is stable if m is no better than it at each of its improvements.
Definitions: Fang, Hipel and Kilgour (1993); Fraser and Hipel (1984) for SIM; Rêgo and Vieira (2017) for SSEQ.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numba
import numpy as np
from numpy.typing import NDArray

from zopa.methods.acceptance import in_threads
from zopa.methods.graph_model import CONCEPTS, Bool, Lattice
from zopa.methods.orbits import (
    FIRST,
    NEW,
    NONE,
    STATE,
    Ints,
    Orbits,
    by_improvements,
    by_moves,
    lower,
    orbits_of,
    sort_orbits,
)
from zopa.methods.simultaneous import simultaneous, spans

Bytes = NDArray[np.uint8]

MOST_PARTIES = 8
"""Parties whose verdicts fit the bits of one byte."""
_SMALL = 1 << 15
# Parties × states up to which starting threads costs more than they save.
_NASH, _SIM = CONCEPTS.index("nash"), CONCEPTS.index("sim")
_SMR, _SEQ, _SSEQ = CONCEPTS.index("smr"), CONCEPTS.index("seq"), CONCEPTS.index("sseq")


def stable(
    conflict: Lattice, ranks: Ints, *, concepts: Sequence[str] = CONCEPTS, threads: int | None = None
) -> dict[str, Bool]:
    """Of each concept, (parties, S): in which states it keeps each party.

    ``ranks`` (parties, S), larger is better and equal is tied; the same for any number of ``threads``.
    """
    given = _checked(conflict, np.asarray(ranks)[None], concepts)[0]
    moves = orbits_of(conflict)
    parties, count = given.shape
    if threads is None and parties * count <= _SMALL:
        threads = 1
    wanted = np.array([CONCEPTS.index(c) for c in concepts], dtype=np.int64)
    # A byte for each verdict: two threads never share one.
    out = np.zeros((len(wanted), parties, count), dtype=np.uint8)
    orbits = np.empty((parties, count), dtype=np.int32)
    first = np.empty((parties, count if _SIM in wanted else 0), dtype=np.int32)
    tied = np.empty_like(first)

    def prepare(party: int) -> None:
        _prepare(party, given[party], moves, orbits, first, tied)

    def judge(task: int) -> None:
        at, party = divmod(task, parties)
        _judge_one(party, wanted[at : at + 1], given, moves, orbits, first, tied, out[at, party][None])

    _each(prepare, parties, threads)
    _each(judge, len(wanted) * parties, threads)
    return {c: out[at].view(np.bool_) for at, c in enumerate(concepts)}


def stable_profiles(
    conflict: Lattice, ranks: Ints, *, concepts: Sequence[str] = CONCEPTS, threads: int | None = None
) -> Bytes:
    """Of many profiles of rankings, (B, concepts, S): bit i is set where a state is stable for party i.

    ``ranks`` (B, parties, S), larger is better and equal is tied; the same for any number of ``threads``.
    """
    given = _checked(conflict, np.asarray(ranks), concepts)
    moves = orbits_of(conflict)
    wanted = np.array([CONCEPTS.index(c) for c in concepts], dtype=np.int64)
    out = np.zeros((len(given), len(wanted), given.shape[2]), dtype=np.uint8)

    def judge(start: int, stop: int) -> None:
        _judge_many(wanted, given[start:stop], moves, out[start:stop])

    in_threads(judge, len(given), threads)
    return out


def memory_needed(options: int, parties: int, *, concepts: Sequence[str] = CONCEPTS) -> int:
    """Most bytes that a conflict of so many options takes while it is judged, its rankings included."""
    # A state: its number, its place, two running values a thread; a party: its rank, its place in an orbit, its
    # place on one-way options, a verdict a concept, and for simultaneous answers two spans.
    reacting = 8 if "sim" in concepts else 0
    working = 8 * min(os.cpu_count() or 1, parties * max(1, len(concepts)))
    return (8 + 4 + working + parties * (12 + len(concepts) + reacting)) << options


def _checked(conflict: Lattice, ranks: Ints, concepts: Sequence[str]) -> Ints:
    """The profiles as the kernels read them; ValueError for what does not fit the conflict."""
    if unknown := [c for c in concepts if c not in CONCEPTS]:
        raise ValueError(f"stability: {unknown[0]!r} is none of {', '.join(CONCEPTS)}")
    if conflict.parties > MOST_PARTIES:
        raise ValueError(f"stability: {conflict.parties} parties, at most {MOST_PARTIES}")
    if ranks.ndim != 3 or ranks.shape[1:] != (conflict.parties, len(conflict)):
        raise ValueError(
            f"stability: ranks of shape {ranks.shape[1:]}, not {(conflict.parties, len(conflict))}: "
            "one for each party and state"
        )
    if not np.issubdtype(ranks.dtype, np.integer):
        raise ValueError(f"stability: ranks of type {ranks.dtype}, not whole numbers")
    bound = np.iinfo(np.int32).max
    if ranks.size and (int(ranks.max()) >= bound or int(ranks.min()) <= -bound):
        raise ValueError("stability: a rank is beyond 32 bits")
    return np.require(ranks, dtype=np.int32, requirements=["C", "W"])


def _each(work: Callable[[int], None], count: int, threads: int | None) -> None:
    """Runs ``work`` for every number below ``count``, the next one wherever a thread is free."""
    number = min(count, (os.cpu_count() or 1) if threads is None else threads)
    if number <= 1:
        for task in range(count):
            work(task)
        return
    with ThreadPoolExecutor(number) as pool:
        # Reading the results hands on what a task raised.
        for _ in pool.map(work, range(count)):
            pass


@numba.njit(cache=True, nogil=True)
def _prepare(party: int, ranks: Ints, moves: Orbits, orbits: Ints, first: Ints, tied: Ints) -> None:
    """Fills a party's row of its sorted orbits and, where wanted, of their spans."""
    keys = np.empty(moves.longest, dtype=np.int64)
    sort_orbits(moves.entries[party], ranks, orbits[party], keys, np.empty_like(keys))
    if first.shape[1]:
        spans(orbits[party], first[party], tied[party])


@numba.njit(cache=True, nogil=True)
def _judge_one(
    party: int,
    wanted: NDArray[np.int64],
    ranks: Ints,
    moves: Orbits,
    orbits: Ints,
    first: Ints,
    tied: Ints,
    out: Bytes,
) -> None:
    """Sets the lowest bit of ``out`` (concepts, S) where a party stays."""
    low = np.empty(moves.sizes.max(), dtype=np.int32)
    room = np.empty((2, ranks.shape[1]), dtype=np.int32)
    _judge(party, wanted, ranks, moves, orbits, first, tied, room, low, out, 1)


@numba.njit(cache=True, nogil=True)
def _judge_many(wanted: NDArray[np.int64], ranks: Ints, moves: Orbits, out: Bytes) -> None:
    """Sets bit i of ``out`` (B, concepts, S) where party i stays."""
    parties, count = ranks.shape[1:]
    low = np.empty(moves.sizes.max(), dtype=np.int32)
    room = np.empty((2, count), dtype=np.int32)
    keys = np.empty(moves.longest, dtype=np.int64)
    spare = np.empty_like(keys)
    orbits = np.empty((parties, count), dtype=np.int32)
    reacting = (wanted == _SIM).any()
    first = np.empty((parties, count if reacting else 0), dtype=np.int32)
    tied = np.empty_like(first)
    for b in range(len(ranks)):
        for party in range(parties):
            sort_orbits(moves.entries[party], ranks[b, party], orbits[party], keys, spare)
            if reacting:
                spans(orbits[party], first[party], tied[party])
        for party in range(parties):
            _judge(party, wanted, ranks[b], moves, orbits, first, tied, room, low, out[b], 1 << party)


@numba.njit(cache=True, nogil=True)
def _judge(
    party: int,
    wanted: NDArray[np.int64],
    ranks: Ints,
    moves: Orbits,
    orbits: Ints,
    first: Ints,
    tied: Ints,
    room: Ints,
    low: Ints,
    out: Bytes,
    bit: int,
) -> None:
    """Sets ``bit`` of ``out`` (concepts, S) where a party stays; ``room`` (2, S) and ``low`` are overwritten."""
    own, value, after = ranks[party], room[0], room[1]
    if moves.moving[party] == 0:
        # Who has no move stays.
        out |= np.uint8(bit)
        return
    orbit, slots, size = orbits[party], moves.slots[party], moves.sizes[party]
    kinds = moves.kinds[party]
    if (wanted == _NASH).any() or (wanted == _SMR).any() or (wanted == _SSEQ).any():
        after[:] = -own
        by_moves(orbit[: moves.moving[party]], slots, size, kinds, after, low)
        for state in range(len(own)):
            after[state] = -after[state]
    for at in range(len(wanted)):
        concept = wanted[at]
        if concept == _NASH:
            for state in range(len(own)):
                if after[state] == own[state]:
                    out[at, state] |= np.uint8(bit)
        elif concept == _SIM:
            simultaneous(party, ranks, moves, orbits, first, tied, out[at], bit)
        else:
            value[:] = after if concept in (_SMR, _SSEQ) else own
            _close(party, concept in (_SEQ, _SSEQ), moves, orbits, value, low)
            _settle(orbit, slots, size, kinds, own, value, low, out[at], bit)


@numba.njit(cache=True, nogil=True)
def _close(party: int, improving: bool, moves: Orbits, orbits: Ints, value: Ints, low: Ints) -> None:
    """Lowers each value to the least that the opponents of a party reach, by any moves or by improvements only."""
    parties = len(orbits)
    opponents = 0
    for j in range(parties):
        if j != party and moves.moving[j] > 0:
            opponents += 1
    unchanged, j = 0, 0
    while unchanged < opponents:
        if j != party and moves.moving[j] > 0:
            if improving:
                changed = by_improvements(
                    orbits[j, : moves.moving[j]], moves.slots[j], moves.sizes[j], moves.kinds[j], value, low
                )
                # Its own improvements compose: after its own walk it would change nothing more.
                unchanged = 1 if changed else unchanged + 1
            else:
                changed = by_moves(
                    orbits[j, : moves.moving[j]], moves.slots[j], moves.sizes[j], moves.kinds[j], value, low
                )
                # With every combination feasible, the order of moves is free: each needs to move once.
                unchanged = 1 if changed and len(moves.table) > 0 else unchanged + 1
        j = (j + 1) % parties


@numba.njit(cache=True, nogil=True)
def _settle(
    orbit: Ints,
    slots: Ints,
    size: int,
    kinds: NDArray[np.int64],
    own: Ints,
    value: Ints,
    low: Ints,
    out: Bytes,
    bit: int,
) -> None:
    """Sets ``bit`` where no improvement of a party leads to a value above its rank of the state."""
    start, count = 0, len(orbit)
    while start < count:
        if orbit[start] & FIRST:
            low[:size] = NONE
        stop = start
        while stop == start or (stop < count and not orbit[stop] & NEW):
            state = orbit[stop] & STATE
            place = slots[state] if size > 1 else 0
            # Least of the values turned round: the greatest value is its opposite.
            if -low[place] <= own[state]:
                out[state] |= np.uint8(bit)
            stop += 1
        for t in range(start, stop):
            state = orbit[t] & STATE
            if size == 1:
                low[0] = min(low[0], -value[state])
            elif -value[state] < low[slots[state]]:
                lower(low, slots[state], -value[state], kinds)
        start = stop
