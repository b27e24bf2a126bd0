"""How far a wished state must rise in one party's ranking so that the party stays there: compiled.

Legal moves of the others are followed breadth first over (state, last mover), none moving twice in succession (Fang,
Hipel and Kilgour 1993), so any graph will do.
"""

import numba
import numpy as np
from numpy.typing import NDArray

Ranks = NDArray[np.int32]
Index = NDArray[np.int64]


@numba.njit(cache=True, nogil=True)
def pair_distance(first: Ranks, second: Ranks) -> float:
    """Pairs of states whose order differs: 1 where it is reversed, ½ where one ranking has a tie and the other not."""
    halves = 0
    for a in range(len(first)):
        for b in range(a):
            one = int(first[a] > first[b]) - int(first[a] < first[b])
            two = int(second[a] > second[b]) - int(second[a] < second[b])
            halves += abs(one - two)
    return halves / 2


@numba.njit(cache=True, nogil=True)
def _followed(
    starts: Index,
    targets: Ranks,
    ranks: Ranks,
    party: int,
    start: int,
    improving: bool,
    marks: NDArray[np.int64],
    waiting: Index,
    reached: Index,
) -> int:
    """Fills where the others get from a state, by improvements only if asked; how many. ``marks`` holds who came where
    for which ``start``, and its last row what is listed already."""
    parties = len(starts)
    count, found = 1, 0
    waiting[0, 0], waiting[0, 1] = start, -1
    while count > 0:
        count -= 1
        state, last = waiting[count]
        for mover in range(parties):
            if mover in (last, party):
                continue
            for at in range(starts[mover, state], starts[mover, state + 1]):
                to = targets[at]
                if marks[mover, to] == start + 1 or (improving and ranks[mover, to] <= ranks[mover, state]):
                    continue
                marks[mover, to] = start + 1
                waiting[count, 0], waiting[count, 1] = to, mover
                count += 1
                if marks[parties, to] != start + 1:
                    marks[parties, to] = start + 1
                    reached[found] = to
                    found += 1
    return found


@numba.njit(cache=True, nogil=True)
def least_level(
    starts: Index, targets: Ranks, ranks: Ranks, state: int, party: int, improving: bool, lasting: bool
) -> int:
    """The lowest rank at which a party would leave a state no more, as ``inverse`` proves; its own if it stays anyway.

    ``improving``: the others sanction by improvements only; ``lasting``: the party must have no way out of a sanction.
    Neither: GMR; lasting: SMR; improving: SEQ; both: SSEQ.
    """
    parties, states = ranks.shape
    own = ranks[party]
    marks = np.zeros((parties + 1, states), dtype=np.int64)
    waiting, reached = np.empty((parties * states + 1, 2), np.int64), np.empty(states, np.int64)
    level = own[state]
    for at in range(starts[party, state], starts[party, state + 1]):
        gain = targets[at]
        if own[gain] <= level:
            continue
        found = _followed(starts, targets, ranks, party, gain, improving, marks, waiting, reached)
        best = own[gain]
        for k in range(found):
            worst = own[reached[k]]
            if lasting and worst < best:
                for out in range(starts[party, reached[k]], starts[party, reached[k] + 1]):
                    worst = max(worst, own[targets[out]])
            best = min(best, worst)
        level = max(level, best)
    return int(level)


@numba.njit(cache=True, nogil=True)
def nash_level(starts: Index, targets: Ranks, own: Ranks, state: int, party: int) -> int:
    """The lowest rank at which a party has nothing better to move to."""
    level = own[state]
    for at in range(starts[party, state], starts[party, state + 1]):
        level = max(level, own[targets[at]])
    return int(level)


@numba.njit(cache=True, nogil=True)
def stays(
    starts: Index,
    targets: Ranks,
    ranks: Ranks,
    state: int,
    party: int,
    nash: bool,
    improving: bool,
    lasting: bool,
) -> bool:
    """Whether a state is stable for a party, straight from the definition: the check of what is found otherwise."""
    parties, states = ranks.shape
    own = ranks[party]
    marks = np.zeros((parties + 1, states), dtype=np.int64)
    waiting, reached = np.empty((parties * states + 1, 2), np.int64), np.empty(states, np.int64)
    for at in range(starts[party, state], starts[party, state + 1]):
        gain = targets[at]
        if own[gain] <= own[state]:
            continue
        if nash:
            return False
        sanctioned = False
        for k in range(_followed(starts, targets, ranks, party, gain, improving, marks, waiting, reached)):
            sanction = reached[k]
            holds = own[sanction] <= own[state]
            if lasting and holds:
                for out in range(starts[party, sanction], starts[party, sanction + 1]):
                    holds = holds and own[targets[out]] <= own[state]
            sanctioned = sanctioned or holds
        if not sanctioned:
            return False
    return True


@numba.njit(cache=True, nogil=True)
def all_stay(
    starts: Index, targets: Ranks, ranks: Ranks, state: int, nash: bool, improving: bool, lasting: bool
) -> bool:
    """Whether a state is an equilibrium."""
    stable = True
    for party in range(len(ranks)):
        stable = stable and stays(starts, targets, ranks, state, party, nash, improving, lasting)
    return stable


@numba.njit(cache=True, nogil=True)
def distances_alone(
    starts: Index,
    targets: Ranks,
    ranks: Ranks,
    state: int,
    rules: NDArray[np.bool_],
    out: NDArray[np.float64],
) -> None:
    """Fills (draws, concepts, parties): what it costs each party to raise a state to where it stays.

    ``ranks`` (draws, parties, S); ``rules`` (concepts, 3): Nash or not, answers by improvements, no way out.
    """
    for draw in range(len(ranks)):
        for party in range(ranks.shape[1]):
            own = ranks[draw, party]
            for concept in range(len(rules)):
                if rules[concept, 0]:
                    level = nash_level(starts, targets, own, state, party)
                else:
                    level = least_level(
                        starts, targets, ranks[draw], state, party, rules[concept, 1], rules[concept, 2]
                    )
                halves = 0
                if level > own[state]:
                    # Passed altogether: two halves; left or joined: one; the state itself is not its own neighbour.
                    for other in range(len(own)):
                        halves += int(own[other] > own[state]) + int(own[other] >= own[state])
                        halves -= int(own[other] > level) + int(own[other] >= level)
                    halves -= 1
                out[draw, concept, party] = halves / 2
