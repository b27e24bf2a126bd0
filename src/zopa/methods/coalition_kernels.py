"""Sets of states as bits, who reaches what by legal moves, and which states groups of parties would leave: compiled.

A set of states is a row of 64-bit words, state 0 the lowest bit of the first.
"""

import numba
import numpy as np
from numpy.typing import NDArray

from zopa.methods.coalition_answers import (
    ONE,
    ZERO,
    Bool,
    Room,
    Words,
    answers_by_groups,
    answers_by_turns,
    least_after,
    lowest,
)


@numba.njit(cache=True, nogil=True)
def rows_of(starts: NDArray[np.int64], targets: NDArray[np.int32]) -> Words:
    """(parties, S, words): the moves of every party from every state, as sets."""
    parties, states = starts.shape[0], starts.shape[1] - 1
    out = np.zeros((parties, states, (states + 63) // 64), dtype=np.uint64)
    for party in range(parties):
        for state in range(states):
            for at in range(starts[party, state], starts[party, state + 1]):
                to = targets[at]
                out[party, state, to >> 6] |= ONE << np.uint64(to & 63)
    return out


@numba.njit(cache=True, nogil=True)
def _spread(
    moves: Words, movers: NDArray[np.int64], start: int, last: int, seen: Words, waiting: NDArray[np.int64]
) -> None:
    """Fills who arrives where, (movers, words), by legal moves from a state where mover ``last`` has just moved."""
    seen[:] = ZERO
    count = 1
    waiting[0, 0], waiting[0, 1] = start, last
    while count > 0:
        count -= 1
        state, before = waiting[count]
        for k in range(len(movers)):
            if movers[k] == before:
                continue
            for w in range(moves.shape[2]):
                new = moves[movers[k], state, w] & ~seen[k, w]
                seen[k, w] |= new
                while new:
                    waiting[count, 0], waiting[count, 1] = 64 * w + lowest(new), movers[k]
                    count += 1
                    new &= new - ONE


@numba.njit(cache=True, nogil=True)
def legal_reach(moves: Words, movers: NDArray[np.int64]) -> Words:
    """(S, words): where some movers get together from each state, none moving twice in succession.

    Breadth first over (state, last mover) (Fang, Hipel and Kilgour 1993). The state itself is left out.
    """
    states, words = moves.shape[1], moves.shape[2]
    out = np.zeros((states, words), dtype=np.uint64)
    seen = np.zeros((len(movers), words), dtype=np.uint64)
    waiting = np.empty((states * max(1, len(movers)), 2), dtype=np.int64)
    for start in range(states):
        _spread(moves, movers, start, -1, seen, waiting)
        for k in range(len(movers)):
            for w in range(words):
                out[start, w] |= seen[k, w]
        out[start, start >> 6] &= ~(ONE << np.uint64(start & 63))
    return out


@numba.njit(cache=True, nogil=True)
def reach_by_turns(moves: Words, movers: NDArray[np.int64]) -> Words:
    """(1 + all movers, S, all movers, words): who of some movers arrives where, by who has moved just before.

    Axis 0: nobody, then each mover; axis 2: who arrives.
    """
    everybody, states, words = moves.shape
    out = np.zeros((1 + everybody, states, everybody, words), dtype=np.uint64)
    seen = np.zeros((len(movers), words), dtype=np.uint64)
    waiting = np.empty((states * max(1, len(movers)) + 1, 2), dtype=np.int64)
    for last in range(-1, everybody):
        for start in range(states):
            _spread(moves, movers, start, last, seen, waiting)
            for k in range(len(movers)):
                out[last + 1, start, movers[k]] = seen[k]
    return out


@numba.njit(cache=True, nogil=True)
def reversed_rows(rows: Words) -> Words:
    """(S, words): from where each state is reached."""
    states, words = rows.shape
    out = np.zeros((states, words), dtype=np.uint64)
    for state in range(states):
        bit, place = ONE << np.uint64(state & 63), state >> 6
        for w in range(words):
            left = rows[state, w]
            while left:
                out[64 * w + lowest(left), place] |= bit
                left &= left - ONE
    return out


@numba.njit(cache=True, nogil=True)
def composes(rows: Words) -> bool:
    """Whether two moves in a row lead nowhere that one move does not, but back."""
    states, words = rows.shape
    for state in range(states):
        for w in range(words):
            left = rows[state, w]
            while left:
                over = 64 * w + lowest(left)
                left &= left - ONE
                for v in range(words):
                    more = rows[over, v] & ~rows[state, v]
                    if v == state >> 6:
                        more &= ~(ONE << np.uint64(state & 63))
                    if more:
                        return False
    return True


@numba.njit(cache=True, nogil=True)
def _sides(ranks: NDArray[np.int32], order: NDArray[np.int64], up: Words, down: Words) -> None:
    """Fills what each party likes better (``up``) and worse (``down``) than each state, (parties, S, words)."""
    parties, states = ranks.shape
    words = up.shape[2]
    below, level = np.zeros(words, dtype=np.uint64), np.zeros(words, dtype=np.uint64)
    for party in range(parties):
        order[party] = np.argsort(ranks[party])
        below[:] = ZERO
        first = 0
        while first < states:
            stop = first
            level[:] = ZERO
            while stop < states and ranks[party, order[party, stop]] == ranks[party, order[party, first]]:
                state = order[party, stop]
                level[state >> 6] |= ONE << np.uint64(state & 63)
                stop += 1
            for at in range(first, stop):
                state = order[party, at]
                for w in range(words):
                    down[party, state, w] = below[w]
                    # Bits beyond the last state are set too; they always meet moves, which have none there.
                    up[party, state, w] = ~(below[w] | level[w])
            below |= level
            first = stop


@numba.njit(cache=True, nogil=True)
def _overruled(pairs: NDArray[np.int64], on: NDArray[np.bool_], up: Words, down: Words) -> bool:
    """Puts the single pairs (k, 3) of party, better and worse state that are ``on`` (k,) above what the rankings say;
    whether there is any."""
    some = False
    for k in range(len(pairs)):
        if not on[k]:
            continue
        some = True
        party, best, worst = pairs[k, 0], pairs[k, 1], pairs[k, 2]
        up[party, worst, best >> 6] |= ONE << np.uint64(best & 63)
        up[party, best, worst >> 6] &= ~(ONE << np.uint64(worst & 63))
        down[party, best, worst >> 6] |= ONE << np.uint64(worst & 63)
        down[party, worst, best >> 6] &= ~(ONE << np.uint64(best & 63))
    return some


@numba.njit(cache=True, nogil=True)
def _overruled_groups(
    pairs: NDArray[np.int64], on: NDArray[np.bool_], members: NDArray[np.int64], single: Bool
) -> None:
    """Fills (groups,) whether a pair that is on overrules the ranking of some member."""
    single[:] = False
    for k in range(len(pairs)):
        for group in range(len(members)):
            single[group] = single[group] or (on[k] and bool(members[group] >> pairs[k, 0] & 1))


@numba.njit(cache=True, nogil=True)
def _for_all_members(sides: Words, members: NDArray[np.int64], moves: Words, out: Words, clip: bool) -> None:
    """Fills (groups, S, words) what is on that side of each state for every member, of ``moves`` alone if ``clip``."""
    groups, states, words = moves.shape
    for group in range(groups):
        flat, first = out[group].reshape(states * words), True
        for party in range(len(sides)):
            if members[group] >> party & 1:
                side = sides[party].reshape(states * words)
                for k in range(states * words):
                    flat[k] = side[k] if first else flat[k] & side[k]
                first = False
        if clip:
            row = moves[group].reshape(states * words)
            for k in range(states * words):
                flat[k] &= row[k]


# The next ones take whole arrays and say where to look: a view made millions of times costs more than what it shows.


@numba.njit(cache=True, nogil=True)
def _gains(own: Words, liked: Words, group: int, state: int, found: Words) -> bool:
    """Fills what of the better a group reaches; whether there is any."""
    some = ZERO
    for w in range(len(found)):
        some |= own[group, state, w] & liked[group, state, w]
    if some == ZERO:
        return False
    for w in range(len(found)):
        found[w] = own[group, state, w] & liked[group, state, w]
    return True


@numba.njit(cache=True, nogil=True)
def _answered(found: Words, answers: Words, which: int, liked: Words, group: int, state: int) -> bool:
    """Whether after every state of ``found`` ``answers[which]`` lead to one that ``group`` does not like better."""
    words = len(found)
    for w in range(words):
        left = found[w]
        while left:
            reached = 64 * w + lowest(left)
            left &= left - ONE
            met = ZERO
            for v in range(words):
                met |= answers[which, reached, v] & ~liked[group, state, v]
            if not met:
                return False
    return True


@numba.njit(cache=True, nogil=True)
def _answered_sequentially(
    found: Words, least: NDArray[np.int32], ranks: NDArray[np.int32], draw: int, state: int, members: int
) -> bool:
    """Whether after every state of ``found`` improvements of the others leave some member no better off."""
    for w in range(len(found)):
        left = found[w]
        while left:
            reached = 64 * w + lowest(left)
            left &= left - ONE
            met = False
            for party in range(len(least)):
                if members >> party & 1 and least[party, reached] <= ranks[draw, party, state]:
                    met = True
            if not met:
                return False
    return True


@numba.njit(cache=True, nogil=True)
def _answered_for_good(
    found: Words, answers: Words, own: Words, liked: Words, group: int, state: int, tried: Words
) -> bool:
    """Whether after every state of ``found`` the others get to one no better, from where nothing better is left.

    ``tried`` (2, words) remembers which states are known to hold, and which not.
    """
    words = len(found)
    for w in range(words):
        tried[0, w] = tried[1, w] = ZERO
    for w in range(words):
        left = found[w]
        while left:
            reached = 64 * w + lowest(left)
            left &= left - ONE
            met = False
            for v in range(words):
                met = met or (answers[group, reached, v] & tried[0, v]) != ZERO
            for v in range(words):
                open_ones = answers[group, reached, v] & ~liked[group, state, v] & ~tried[1, v]
                while open_ones and not met:
                    sanction = 64 * v + lowest(open_ones)
                    bit = open_ones & (~open_ones + ONE)
                    open_ones &= open_ones - ONE
                    out = ZERO
                    for u in range(words):
                        out |= own[group, sanction, u] & liked[group, state, u]
                    met = out == ZERO
                    tried[0 if met else 1, v] |= bit
            if not met:
                return False
    return True


@numba.njit(cache=True, nogil=True)
def _fill_in_turns(
    found: Words,
    turns: Words,
    own: Words,
    liked: Words,
    single: Bool,
    answering: NDArray[np.int64],
    known: Words,
    done: Words,
    room: Room,
) -> None:
    """Fills ``known`` (1, S, words) with what improvements in turn lead to from ``found``, unless ``done`` already."""
    for w in range(len(found)):
        left = found[w] & ~done[w]
        done[w] |= left
        while left:
            state = 64 * w + lowest(left)
            left &= left - ONE
            if len(turns):
                answers_by_turns(turns, liked, answering, state, known[0, state])
            else:
                answers_by_groups(own, liked, single, answering, state, known[0, state], room)


@numba.njit(cache=True, nogil=True)
def _fill_least(
    improving: Words,
    answering: NDArray[np.int64],
    members: int,
    ranks: NDArray[np.int32],
    order: NDArray[np.int64],
    least: NDArray[np.int32],
    came: Words,
) -> None:
    """Fills for each member the least rank that improvements of the ``answering`` groups can lead to."""
    came[:] = ZERO
    for group in answering:
        came |= improving[group]
    for party in range(len(ranks)):
        if members >> party & 1:
            least_after(came, ranks[party], order[party], least[party])


@numba.njit(cache=True, nogil=True)
def stable_groups(
    ranks: NDArray[np.int32],
    members: NDArray[np.int64],
    own: Words,
    back: Words,
    answers: Words,
    turns: Words,
    answer_starts: NDArray[np.int64],
    answer_groups: NDArray[np.int64],
    pairs: NDArray[np.int64],
    on: NDArray[np.bool_],
    wanted: NDArray[np.bool_],
    out: Words,
) -> None:
    """Sets bit g of ``out`` (draws, 4, S) where a state is stable for group g: Nash, GMR, SMR, SEQ as ``wanted`` (4,).

    ``ranks`` (draws, parties, S); ``own``, ``back``, ``answers`` (groups, S, words): where a group gets, from where it
    comes, where the others get; ``turns`` of every group, of no groups where two moves make one; the groups that answer
    by improvements are listed from ``answer_starts``; ``pairs`` (k, 3) overrule the rankings where they are ``on``
    (draws, k).
    """
    draws, parties, states = ranks.shape
    groups, _, words = own.shape
    further = wanted[1:].any()
    up, down = np.empty((parties, states, words), np.uint64), np.empty((parties, states, words), np.uint64)
    order, least = np.empty((parties, states), np.int64), np.empty((parties, states), np.int32)
    improving, follows = np.empty_like(own), np.empty((1, states, words), np.uint64)
    liked, found, tried = np.empty_like(own), np.empty(words, np.uint64), np.empty((2, words), np.uint64)
    done, single = np.empty(words, np.uint64), np.zeros(groups, np.bool_)
    # Every state waits at most twice: to be left by all, or by all but one and then by that one.
    room = (
        np.empty((groups, words), np.uint64),
        np.empty(words, np.uint64),
        np.empty(states, np.int64),
        np.empty((2 * states + 2, 3), np.int64),
    )
    for draw in range(draws):
        _sides(ranks[draw], order, up, down)
        # What follows from improvements is the closure of single ones only where preferences are rankings.
        composing = not _overruled(pairs, on[draw], up, down) and len(turns) == 0
        _overruled_groups(pairs, on[draw], members, single)
        _for_all_members(up, members, own, liked, False)
        if wanted[3]:
            _for_all_members(down, members, back, improving, True)
        for group in range(groups):
            bit, ready = ONE << np.uint64(group), False
            chosen = answer_groups[answer_starts[group] : answer_starts[group + 1]]
            for state in range(states):
                if not _gains(own, liked, group, state, found):
                    for concept in range(4):
                        out[draw, concept, state] |= bit
                    continue
                # Whatever is sanctioned at all is sanctioned in GMR: the other two need not be asked otherwise.
                if not further or not _answered(found, answers, group, liked, group, state):
                    continue
                out[draw, 1, state] |= bit
                if wanted[2] and _answered_for_good(found, answers, own, liked, group, state, tried):
                    out[draw, 2, state] |= bit
                if not wanted[3]:
                    continue
                if not ready and composing:
                    _fill_least(improving, chosen, members[group], ranks[draw], order, least, follows[0])
                elif not ready:
                    done[:] = ZERO
                ready = True
                if composing:
                    held = _answered_sequentially(found, least, ranks, draw, state, members[group])
                else:
                    _fill_in_turns(found, turns, own, liked, single, chosen, follows, done, room)
                    held = _answered(found, follows, 0, liked, group, state)
                if held:
                    out[draw, 3, state] |= bit
