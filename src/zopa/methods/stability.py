"""Which states of a conflict in option form are stable for whom: Nash, GMR, SMR, SEQ, SSEQ and SIM, exactly.

Changes of own options compose, and so do improvements along one ranking; what opponents reach by any legal sequence of
moves is therefore the plain closure of their moves, and no state needs to be searched from. For a party, let v be what
a state is worth to it after its own way out (SMR, SSEQ) or as it is (GMR, SEQ), and m the least v over what the
opponents reach, by moves or by improvements. A state is stable if m is no better than it at each of its improvements.
Definitions: Fang, Hipel and Kilgour (1993); Fraser and Hipel (1984) for SIM; Rêgo and Vieira (2017) for SSEQ.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numba
import numpy as np
from numpy.typing import NDArray

from zopa.methods.acceptance import in_threads
from zopa.methods.footprint import MOST_THREADS
from zopa.methods.graph_model import CONCEPTS, Bool, Lattice
from zopa.methods.lanes import (
    Tiles,
    by_tiles,
    judge_profiles,
    lists_of,
    settle_tiles,
    tiled_ranks,
    tiles_of,
)
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
from zopa.methods.simultaneous import MOST_TRIED, simultaneous, spans

Bytes = NDArray[np.uint8]

MOST_PARTIES = 8
"""Parties whose verdicts fit the bits of one byte."""
_SMALL = 1 << 15
# Parties × states up to which starting threads costs more than they save.
_TOGETHER = 1 << 13
# States up to which profiles are judged faster together, move by move: twice as fast at 4,096, half as fast at 16,384.
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
    tiles = tiles_of(conflict)
    tiled = np.empty((parties, count if tiles.used.any() else 0), dtype=np.int32)

    def prepare(party: int) -> None:
        _prepare(party, given[party], moves, tiles, orbits, tiled, first, tied)

    def judge(task: int) -> None:
        at, party = divmod(task, parties)
        own = out[at, party][None]
        _told(
            _judge_one(party, wanted[at : at + 1], given, moves, tiles, orbits, tiled, first, tied, own),
            count,
        )

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
    if given.shape[2] > _TOGETHER:
        return _one_by_one(conflict, given, concepts, threads)
    moves = orbits_of(conflict)
    wanted = np.array([CONCEPTS.index(c) for c in concepts], dtype=np.int64)
    out = np.zeros((len(given), len(wanted), given.shape[2]), dtype=np.uint8)
    lists = lists_of(moves)
    tiles = tiles_of(conflict)
    reacting = np.flatnonzero(wanted == _SIM)
    listed = np.flatnonzero(wanted != _SIM)

    def judge(start: int, stop: int) -> None:
        if lists is None:
            _told(_judge_many(wanted, given[start:stop], moves, tiles, out[start:stop]), given.shape[2])
            return
        if len(listed):
            judge_profiles(wanted, given[start:stop], lists, out[start:stop])
        for at in reacting:
            _told(_react_many(given[start:stop], moves, out[start:stop, at]), given.shape[2])

    in_threads(judge, len(given), threads)
    return out


def _one_by_one(conflict: Lattice, given: Ints, concepts: Sequence[str], threads: int | None) -> Bytes:
    out = np.zeros((len(given), len(concepts), given.shape[2]), dtype=np.uint8)
    for k, profile in enumerate(given):
        for at, found in enumerate(stable(conflict, profile, concepts=concepts, threads=threads).values()):
            for party in range(conflict.parties):
                out[k, at] |= found[party].view(np.uint8) << party
    return out


def _told(done: bool, states: int) -> None:
    """ValueError where a kernel gave simultaneous answers up: a verdict on part of them would be none."""
    if not done:
        raise ValueError(
            f"stability: simultaneous answers in a conflict of {states} states take more than {MOST_TRIED} "
            "combinations for one party; ask for the other concepts"
        )


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
    number = min(count, MOST_THREADS, numba.get_num_threads() if threads is None else threads)
    if number <= 1:
        for task in range(count):
            work(task)
        return
    with ThreadPoolExecutor(number) as pool:
        # Reading the results hands on what a task raised.
        for _ in pool.map(work, range(count)):
            pass


@numba.njit(cache=True, nogil=True)
def _prepare(
    party: int,
    ranks: Ints,
    moves: Orbits,
    tiles: Tiles,
    orbits: Ints,
    tiled: Ints,
    first: Ints,
    tied: Ints,
) -> None:
    """Fills a party's rows as ``_fill`` does."""
    keys = np.empty(moves.longest, dtype=np.int64)
    _fill(party, ranks, moves, tiles, orbits, tiled, first, tied, keys, np.empty_like(keys))


@numba.njit(cache=True, nogil=True)
def _fill(
    party: int,
    ranks: Ints,
    moves: Orbits,
    tiles: Tiles,
    orbits: Ints,
    tiled: Ints,
    first: Ints,
    tied: Ints,
    keys: NDArray[np.int64],
    spare: NDArray[np.int64],
) -> None:
    """Fills a party's row of its sorted orbits or of its ranks by tiles and, where wanted, of the orbits' spans."""
    if tiles.used[party]:
        tiled_ranks(party, ranks, tiles, tiled[party])
        if not first.shape[1]:
            return
    sort_orbits(moves.entries[party], ranks, orbits[party], keys, spare)
    if first.shape[1]:
        spans(orbits[party], first[party], tied[party])


@numba.njit(cache=True, nogil=True)
def _judge_one(
    party: int,
    wanted: NDArray[np.int64],
    ranks: Ints,
    moves: Orbits,
    tiles: Tiles,
    orbits: Ints,
    tiled: Ints,
    first: Ints,
    tied: Ints,
    out: Bytes,
) -> bool:
    """Sets the lowest bit of ``out`` (concepts, S) where a party stays; whether all was judged."""
    low = np.empty(moves.sizes.max(), dtype=np.int32)
    room = np.empty((2, ranks.shape[1]), dtype=np.int32)
    return bool(_judge(party, wanted, ranks, moves, tiles, orbits, tiled, first, tied, room, low, out, 1))


@numba.njit(cache=True, nogil=True)
def _judge_many(wanted: NDArray[np.int64], ranks: Ints, moves: Orbits, tiles: Tiles, out: Bytes) -> bool:
    """Sets bit i of ``out`` (B, concepts, S) where party i stays; whether all was judged."""
    parties, count = ranks.shape[1:]
    low = np.empty(moves.sizes.max(), dtype=np.int32)
    room = np.empty((2, count), dtype=np.int32)
    keys = np.empty(moves.longest, dtype=np.int64)
    spare = np.empty_like(keys)
    orbits = np.empty((parties, count), dtype=np.int32)
    tiled = np.empty((parties, count if tiles.used.any() else 0), dtype=np.int32)
    reacting = (wanted == _SIM).any()
    first = np.empty((parties, count if reacting else 0), dtype=np.int32)
    tied = np.empty_like(first)
    for b in range(len(ranks)):
        for party in range(parties):
            _fill(party, ranks[b, party], moves, tiles, orbits, tiled, first, tied, keys, spare)
        for party in range(parties):
            bit = 1 << party
            if not _judge(
                party, wanted, ranks[b], moves, tiles, orbits, tiled, first, tied, room, low, out[b], bit
            ):
                return False
    return True


@numba.njit(cache=True, nogil=True)
def _react_many(ranks: Ints, moves: Orbits, out: Bytes) -> bool:
    """The same by SIM alone, ``out`` (B, S): far sooner compiled than every concept once more."""
    parties, count = ranks.shape[1:]
    keys = np.empty(moves.longest, dtype=np.int64)
    spare = np.empty_like(keys)
    orbits = np.empty((parties, count), dtype=np.int32)
    first = np.empty((parties, count), dtype=np.int32)
    tied = np.empty((parties, count), dtype=np.int32)
    for b in range(len(ranks)):
        for party in range(parties):
            sort_orbits(moves.entries[party], ranks[b, party], orbits[party], keys, spare)
            spans(orbits[party], first[party], tied[party])
        for party in range(parties):
            bit = 1 << party
            if not simultaneous(party, ranks[b], moves, orbits, first, tied, out[b], bit, MOST_TRIED):
                return False
    return True


@numba.njit(cache=True, nogil=True)
def _judge(
    party: int,
    wanted: NDArray[np.int64],
    ranks: Ints,
    moves: Orbits,
    tiles: Tiles,
    orbits: Ints,
    tiled: Ints,
    first: Ints,
    tied: Ints,
    room: Ints,
    low: Ints,
    out: Bytes,
    bit: int,
) -> bool:
    """Sets ``bit`` of ``out`` (concepts, S) where a party stays; ``room`` (2, S) and ``low`` are overwritten.

    Whether all was judged: simultaneous answers may be too many.
    """
    own, value, after = ranks[party], room[0], room[1]
    if moves.moving[party] == 0:
        # Who has no move stays.
        out |= np.uint8(bit)
        return True
    if (wanted == _NASH).any() or (wanted == _SMR).any() or (wanted == _SSEQ).any():
        after[:] = -own
        _walk(party, False, moves, tiles, orbits, tiled, after, low)
        for state in range(len(own)):
            after[state] = -after[state]
    for at in range(len(wanted)):
        concept = wanted[at]
        if concept == _NASH:
            for state in range(len(own)):
                if after[state] == own[state]:
                    out[at, state] |= np.uint8(bit)
        elif concept == _SIM:
            if not simultaneous(party, ranks, moves, orbits, first, tied, out[at], bit, MOST_TRIED):
                return False
        else:
            value[:] = after if concept in (_SMR, _SSEQ) else own
            _close(party, concept in (_SEQ, _SSEQ), moves, tiles, orbits, tiled, value, low)
            if tiles.used[party]:
                settle_tiles(party, tiles, tiled[party], value, out[at], bit)
            else:
                slots, size, kinds = moves.slots[party], moves.sizes[party], moves.kinds[party]
                _settle(orbits[party], slots, size, kinds, own, value, low, out[at], bit)
    return True


@numba.njit(cache=True, nogil=True)
def _walk(
    party: int,
    improving: bool,
    moves: Orbits,
    tiles: Tiles,
    orbits: Ints,
    tiled: Ints,
    value: Ints,
    low: Ints,
) -> bool:
    """Lowers each value to the least that one party can or would move to; whether anything changed."""
    if tiles.used[party]:
        return bool(by_tiles(party, improving, tiles, tiled[party], value))
    orbit, slots = orbits[party, : moves.moving[party]], moves.slots[party]
    size, kinds = moves.sizes[party], moves.kinds[party]
    if improving:
        return bool(by_improvements(orbit, slots, size, kinds, value, low))
    return bool(by_moves(orbit, slots, size, kinds, value, low))


@numba.njit(cache=True, nogil=True)
def _close(
    party: int,
    improving: bool,
    moves: Orbits,
    tiles: Tiles,
    orbits: Ints,
    tiled: Ints,
    value: Ints,
    low: Ints,
) -> None:
    """Lowers each value to the least that the opponents of a party reach, by any moves or by improvements only."""
    parties = len(orbits)
    opponents = 0
    for j in range(parties):
        if j != party and moves.moving[j] > 0:
            opponents += 1
    unchanged, j = 0, 0
    while unchanged < opponents:
        if j != party and moves.moving[j] > 0:
            changed = _walk(j, improving, moves, tiles, orbits, tiled, value, low)
            # Its own moves compose: after its own walk it would change nothing more. With every combination
            # feasible, the order of moves is free, too: each needs to move once.
            unchanged = 1 if changed and (improving or len(moves.table) > 0) else unchanged + 1
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
