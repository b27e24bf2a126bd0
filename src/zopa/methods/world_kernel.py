"""The events of one world, the earliest first, until the common date."""

import math

import numba
import numpy as np

from zopa.methods import world_random as draw
from zopa.methods.problem import FloatArray, IntArray
from zopa.methods.world_board import (
    ABSENT,
    ACTED,
    AGENDA_TAKEN,
    ANNOUNCED,
    ATTACKS,
    BREAKDOWN,
    BREAKS,
    BROKEN,
    CAME_BREAK,
    CAME_SERIOUS,
    COLLAPSED,
    DAYS,
    DEADLINE,
    DEADLINES,
    END,
    ENDED,
    FAILURES,
    FIRST,
    FORCE,
    LAPSE,
    MEETINGS,
    MISSED,
    MOST_EVENTS,
    OPEN,
    OTHERS,
    OUTSIDE,
    OVER,
    PACKAGE,
    RESUMED,
    RESUMPTIONS,
    ROUND,
    SECOND,
    SETTING,
    SINCE,
    SPELLS,
    STATES,
    STRUCK,
    TALKING,
    VIOLENCE,
    WAR,
    Board,
    Rules,
    Table,
    World,
)
from zopa.methods.world_talks import lay, meet, stop, waiting


@numba.njit(cache=True, nogil=True)
def _begin(board: Board, rules: Rules, world: World) -> None:
    """The world as it stands on the day of the record, and the first event of every kind."""
    d, forces = world.draw, len(board.forces)
    world.next[:], world.days[:], world.state[:], world.at[:] = np.inf, np.inf, 0, np.inf
    world.state[TALKING], world.state[PACKAGE], world.state[AGENDA_TAKEN] = 1, -1, -1
    late = board.late[d] if rules.switches & SETTING else 0
    if late < 2:
        world.next[ROUND] = board.start + late * board.interval[d]
    else:
        world.next[ABSENT] = board.start
    if rules.switches & DEADLINES and len(board.deadlines):
        world.next[MISSED] = board.deadlines[0]
    _may_break(board, rules, world, 0.0)
    for f in range(forces):
        if rules.switches & OUTSIDE:
            u = draw.uniform(world.key, draw.OUTSIDE, board.forces[f], 0)
            world.next[OTHERS + forces + f] = waiting(u, board.outside[d, f])
    for g in range(len(board.regimes)):
        if rules.switches & FORCE and board.breaks[d, g] > 0.0:
            u = draw.uniform(world.key, draw.REGIME, board.regimes[g], 0)
            within = math.log(1.0 - board.breaks[d, g]) if board.breaks[d, g] < 1.0 else -np.inf
            world.next[OTHERS + 2 * forces + g] = board.horizon * math.log(1.0 - u) / within


@numba.njit(cache=True, nogil=True)
def _may_break(board: Board, rules: Rules, world: World, day: float) -> None:
    """Talks go on from this day: when they break off, if nothing else happens."""
    if rules.switches & BREAKDOWN:
        u = draw.uniform(world.key, draw.BREAK, np.uint64(0), world.state[SPELLS])
        world.next[BROKEN] = day + waiting(u, board.breakdown[world.draw])
        world.state[SPELLS] += 1


@numba.njit(cache=True, nogil=True)
def _break_off(board: Board, rules: Rules, world: World, day: float) -> None:
    """Talks are broken off from this day: when they are taken up again, if nothing else happens.

    Where nothing is settled on how to meet they cannot be.
    """
    world.state[TALKING], world.at[SINCE] = 0, day
    stop(world)
    settled = board.late[world.draw] < 2 or not rules.switches & SETTING
    if rules.switches & BREAKDOWN and settled:
        u = draw.uniform(world.key, draw.RESUME, np.uint64(0), world.state[RESUMPTIONS])
        world.next[RESUMED] = day + waiting(u, board.resumption[world.draw])
        world.state[RESUMPTIONS] += 1


@numba.njit(cache=True, nogil=True)
def _resume(board: Board, rules: Rules, world: World, day: float) -> None:
    """They meet again, or as first planned where they have not met yet; who prepared to strike holds back."""
    world.state[TALKING] = 1
    world.next[RESUMED] = np.inf
    planned = board.start
    if rules.switches & SETTING:
        planned += board.late[world.draw] * board.interval[world.draw]
    world.next[ROUND] = day if world.state[MEETINGS] else max(day, planned)
    _hold_back(board, world)
    _may_break(board, rules, world, day)


@numba.njit(cache=True, nogil=True)
def _hold_back(board: Board, world: World) -> None:
    world.next[OTHERS : OTHERS + len(board.forces)] = np.inf


@numba.njit(cache=True, nogil=True)
def _fail(board: Board, rules: Rules, world: World, day: float, deadline: int) -> None:
    """A failure: those with force whom it concerns weigh it against waiting. ``deadline``: the one missed, or −1.

    Whether a party is one that would use force is decided once a world, so that many failures do not add up to certain
    force; it strikes some days later, unless talks are resumed or it has struck before.
    """
    if not rules.switches & FORCE:
        return
    d, failure = world.draw, world.state[FAILURES]
    world.state[FAILURES] += 1
    for f in range(len(board.forces)):
        if deadline >= 0 and not board.pressed[deadline, f]:
            continue
        idle = world.next[OTHERS + f] == np.inf and not world.state[ACTED] >> f & 1
        if idle and draw.uniform(world.key, draw.STRIKE, board.forces[f], 0) < board.strike[d, f]:
            u = draw.uniform(world.key, draw.DELAY, board.forces[f], failure)
            world.next[OTHERS + f] = day - board.delay[d] * math.log(1.0 - u)


@numba.njit(cache=True, nogil=True)
def _over(board: Board, world: World, day: float) -> None:
    """The quarrel ends without agreement."""
    world.state[END], world.state[TALKING], world.days[OVER] = ENDED, 0, day
    stop(world)
    _hold_back(board, world)


@numba.njit(cache=True, nogil=True)
def _collapse(board: Board, world: World, g: int, day: float) -> None:
    """A regime breaks; whatever was not agreed by then is over."""
    world.next[OTHERS + 2 * len(board.forces) + g] = np.inf
    world.state[BREAKS] = 1
    world.days[COLLAPSED] = min(world.days[COLLAPSED], day)
    if world.state[FIRST] == 0:
        world.state[FIRST] = CAME_BREAK
    if world.state[END] == OPEN:
        _over(board, world, day)


@numba.njit(cache=True, nogil=True)
def _answers(board: Board, rules: Rules, world: World, f: int, day: float) -> bool:
    """Those struck answer in kind or widen, or none of them does: whether anybody answers."""
    d, attack = world.draw, world.state[ATTACKS]
    world.state[ATTACKS] += 1
    answered, widened = False, False
    for g in range(len(board.forces)):
        if not board.targets[f, g] or not rules.switches & FORCE:
            continue
        if draw.uniform(world.key, draw.ANSWER, board.forces[g], attack) < board.answer[d, g]:
            answered = True
            world.state[ACTED] |= 1 << g
            widened |= draw.uniform(world.key, draw.WIDEN, board.forces[g], attack) < board.widens[d]
    if widened:
        world.state[VIOLENCE] = 2
        world.days[WAR] = min(world.days[WAR], day)
        for g in range(len(board.regimes)):
            u = draw.uniform(world.key, draw.REGIME_WAR, board.regimes[g], attack)
            if board.hits[f, g] and u < board.breaks[d, g]:
                _collapse(board, world, g, day)
    return answered


@numba.njit(cache=True, nogil=True)
def _attack(board: Board, rules: Rules, world: World, f: int, day: float) -> None:
    """A party uses force: the other side yields, answers in kind or widens, and talks break off."""
    world.state[ACTED] |= 1 << f
    world.state[VIOLENCE] = max(world.state[VIOLENCE], 1)
    world.days[STRUCK] = min(world.days[STRUCK], day)
    if world.state[FIRST] == 0:
        world.state[FIRST] = CAME_SERIOUS
    answered = _answers(board, rules, world, f, day)
    if world.state[END] != OPEN:
        return
    struck = board.seat[f] >= 0 and bool(board.targets[f].any())
    if struck and not answered and rules.switches & FORCE != 0:
        _over(board, world, day)
    elif world.state[TALKING]:
        _break_off(board, rules, world, day)


@numba.njit(cache=True, nogil=True)
def _deadline(board: Board, rules: Rules, world: World, day: float) -> None:
    """A deadline passes: one up to the first planned meeting is kept by meeting, a later one by agreement only."""
    number = world.state[DEADLINE]
    world.state[DEADLINE] += 1
    after = number + 1
    world.next[MISSED] = board.deadlines[after] if after < len(board.deadlines) else np.inf
    kept = day <= board.start and world.state[MEETINGS] > 0
    if world.state[END] == OPEN and not kept:
        _fail(board, rules, world, day, number)


@numba.njit(cache=True, nogil=True)
def _event(board: Board, rules: Rules, table: Table, world: World, which: int, day: float) -> None:
    """One event, by its place among those to come."""
    forces = len(board.forces)
    if which == ROUND:
        if meet(board, rules, table, world, day):
            stop(world)
            _hold_back(board, world)
    elif which == ANNOUNCED:
        world.days[SECOND] = day
        world.next[ANNOUNCED] = np.inf
    elif which == ABSENT:
        world.next[ABSENT] = np.inf
        if world.state[TALKING]:
            _break_off(board, rules, world, day)
            _fail(board, rules, world, day, -1)
    elif which == MISSED:
        _deadline(board, rules, world, day)
    elif which == BROKEN:
        _break_off(board, rules, world, day)
        _fail(board, rules, world, day, -1)
    elif which == RESUMED:
        _resume(board, rules, world, day)
    elif which < OTHERS + 2 * forces:
        world.next[which] = np.inf
        f = which - OTHERS
        _attack(board, rules, world, f if f < forces else f - forces, day)
    else:
        _collapse(board, world, which - OTHERS - 2 * forces, day)


@numba.njit(cache=True, nogil=True)
def _play(board: Board, rules: Rules, table: Table, world: World) -> None:
    """One world from the day of the record to the common date."""
    _begin(board, rules, world)
    for _ in range(MOST_EVENTS):
        which = 0
        for k in range(1, len(world.next)):
            if world.next[k] < world.next[which]:
                which = k
        day = world.next[which]
        if not day <= board.horizon:
            break
        _event(board, rules, table, world, which, day)
    lapsed = world.at[SINCE] + LAPSE
    if world.state[END] == OPEN and not world.state[TALKING] and lapsed <= board.horizon:
        world.state[END], world.days[OVER] = ENDED, lapsed


@numba.njit(cache=True, nogil=True)
def run(
    board: Board,
    rules: Rules,
    touched: IntArray,
    identity: IntArray,
    again: IntArray,
    begin: int,
    states: IntArray,
    days: FloatArray,
) -> None:
    """Worlds ``begin`` and following, as many as ``states`` (worlds, 7) and ``days`` (worlds, 8) have room for.

    World w is the play w mod ``plays`` of draw w // ``plays``. ``states``: end, violence, first, acted, breaks,
    package, agenda.
    """
    packages, parties = len(touched), len(board.parties)
    table = Table(
        np.empty((parties, packages)),
        np.empty(packages, dtype=np.bool_),
        touched,
        np.empty(packages, dtype=np.int64),
        np.zeros(1, dtype=np.int64),
        np.empty((len(board.agendas), parties)),
        np.empty(parties),
        np.empty(parties),
    )
    events = OTHERS + 2 * len(board.forces) + len(board.regimes)
    following, came = np.empty(events), np.empty(DAYS)
    state, at = np.empty(STATES, dtype=np.int64), np.empty(2)
    laid = -1
    for i in range(len(states)):
        d, play = (begin + i) // rules.plays, (begin + i) % rules.plays
        if d != laid:
            lay(board, table, d)
            laid = d
        key = draw.world_key(rules.seed, np.uint64(identity[d]), np.uint64(again[d]), np.uint64(play))
        world = World(d, key, following, came, state, at)
        _play(board, rules, table, world)
        # END to PACKAGE stand side by side, the agenda after them
        states[i] = state[END : END + states.shape[1]]
        days[i] = came
