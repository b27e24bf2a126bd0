"""A meeting in one world: the agenda settled or not, the mediator's text, and a round of offers."""

import math

import numba
import numpy as np

from zopa.methods import world_random as draw
from zopa.methods.world_board import (
    AGENDA,
    AGENDA_TAKEN,
    AGREED,
    ANNOUNCED,
    BREAKDOWN,
    BROKEN,
    CAME_DEAL,
    DEADLINES,
    DEAL,
    END,
    FIRST,
    MEETINGS,
    MET,
    OFFERED,
    OFFERS,
    PACKAGE,
    READY,
    RESUMED,
    ROUND,
    SECOND,
    SPOKE,
    TALKING,
    TEXT,
    TEXTS_PUT,
    Board,
    Rules,
    Table,
    World,
)
from zopa.methods.world_offers import (
    TOLERANCE,
    accepted,
    asked,
    best_offer,
    bests,
    discounts,
    foreseen,
    marks,
    spread,
    zone,
)


@numba.njit(cache=True, nogil=True)
def lay(board: Board, table: Table, d: int) -> None:
    """Works out everything that all worlds of one draw share."""
    for p in range(len(board.parties)):
        spread(board.values[d, p], board.starts, table.utility[p])
    marks(board.vetoed[d], board.starts, table.vetoed)
    table.size[0] = zone(table.utility, table.vetoed, board.reserve[d], table.suits)
    bests(table.utility, table.vetoed, table.touched, board.agendas, table.best)


@numba.njit(cache=True, nogil=True)
def waiting(u: float, monthly: float) -> float:
    """Days until something happens that comes at a rate a month, from a uniform number; never at rate 0."""
    return -math.log(1.0 - u) / (monthly / 30.0) if monthly > 0.0 else math.inf


@numba.njit(cache=True, nogil=True)
def span(board: Board, rules: Rules, world: World, p: int) -> float:
    """Days from the first meeting to a party's deadline, or its patience where none presses on it."""
    first, due = float(world.days[MET]), float(board.due[p])
    if rules.switches & DEADLINES and due > first and due < np.inf:
        return due - first
    return float(board.patience[world.draw])


@numba.njit(cache=True, nogil=True)
def take_agenda(board: Board, rules: Rules, world: World) -> None:
    """Which agenda is settled first, and on which day: once everybody who is against it has given way."""
    d = world.draw
    last = len(board.agendas) - 1
    world.state[AGENDA_TAKEN], world.at[READY] = -1, np.inf
    if not rules.switches & AGENDA:
        world.state[AGENDA_TAKEN], world.at[READY] = last, world.days[MET]
        return
    for a in range(last):
        if board.closed[d, a]:
            continue
        ready = world.days[MET]
        for p in range(len(board.parties)):
            if board.disputed[d, p, a]:
                exponent = board.exponents[d, p]
                u = draw.uniform(world.key, draw.GIVES_WAY, board.parties[p], 0)
                gives = u ** (1.0 / exponent) if exponent > 0.0 else 0.0
                ready = max(ready, world.days[MET] + span(board, rules, world, p) * gives)
        if ready < world.at[READY]:
            world.state[AGENDA_TAKEN], world.at[READY] = a, ready


@numba.njit(cache=True, nogil=True)
def opener(board: Board, rules: Rules, world: World) -> int:
    """Who makes the first offer of all."""
    if rules.opens >= 0:
        return rules.opens
    found, least = 0, 2.0
    for p in range(len(board.parties)):
        u = draw.uniform(world.key, draw.FIRST, board.parties[p], 0)
        if u < least:
            found, least = p, u
    return found


@numba.njit(cache=True, nogil=True)
def text(board: Board, table: Table, world: World, day: float) -> int:
    """The mediator's text of this round where every side accepts it, else −1.

    A side accepts what gives it its reserve: a text is a third party's, and to accept it concedes nothing.
    """
    d = world.draw
    if not draw.uniform(world.key, draw.TEXT, np.uint64(0), 0) < board.text[d]:
        return -1
    first = world.days[MET]
    from_day = first + draw.uniform(world.key, draw.TEXT_DAY, np.uint64(0), 0) * (board.horizon - first)
    number = world.state[TEXTS_PUT]
    if day < from_day or number >= board.texts.shape[1]:
        return -1
    package = int(board.texts[world.state[AGENDA_TAKEN], number])
    world.state[TEXTS_PUT] += 1
    if package < 0 or table.vetoed[package]:
        return -1
    for p in range(len(board.parties)):
        if not table.utility[p, package] >= board.reserve[d, p] - TOLERANCE:
            return -1
    return package


@numba.njit(cache=True, nogil=True)
def offers(board: Board, rules: Rules, table: Table, world: World, day: float) -> int:
    """The package agreed on in this round of offers, −1 where none is."""
    d, parties = world.draw, len(board.parties)
    agenda_taken, number = world.state[AGENDA_TAKEN], world.state[OFFERED]
    agenda = board.agendas[agenda_taken]
    suits = table.suits[: table.size[0]]
    first = (opener(board, rules, world) + number) % parties
    world.state[OFFERED] += 1
    if rules.foresight:
        monthly = board.breakdown[d] if rules.switches & BREAKDOWN else 0.0
        discounts(monthly, board.impatience[d], board.interval[d], table.discount)
        rounds = int((board.horizon - day) / board.interval[d] + 1e-9) + 1
        return foreseen(
            table.utility,
            suits,
            table.touched,
            agenda,
            board.reserve[d],
            table.discount,
            rounds,
            rules.turns,
            first,
        )
    for p in range(parties):
        since = (day - world.days[MET]) / span(board, rules, world, p)
        table.least[p] = asked(board.reserve[d, p], table.best[agenda_taken, p], since, board.exponents[d, p])
    for turn in range(rules.turns):
        proposer = (first + turn) % parties
        package = best_offer(table.utility, suits, table.touched, agenda, proposer, table.least, False)
        if package >= 0 and accepted(table.utility, package, proposer, table.least):
            return package
    return -1


@numba.njit(cache=True, nogil=True)
def agree(world: World, package: int, day: float) -> None:
    """They agree: there is nothing left to talk about, and nothing left to strike for."""
    world.state[END], world.state[PACKAGE] = DEAL, package
    world.days[AGREED] = day
    if world.state[FIRST] == 0:
        world.state[FIRST] = CAME_DEAL
    world.state[TALKING] = 0


@numba.njit(cache=True, nogil=True)
def meet(board: Board, rules: Rules, table: Table, world: World, day: float) -> bool:
    """One meeting; whether it ends in agreement."""
    d = world.draw
    world.state[MEETINGS] += 1
    if world.state[MEETINGS] == 1:
        world.days[MET] = day
        if draw.uniform(world.key, draw.DIRECT, np.uint64(0), 0) < board.direct[d]:
            world.days[SPOKE] = day
        take_agenda(board, rules, world)
        gap = draw.uniform(world.key, draw.ANNOUNCE, np.uint64(0), 0) * board.interval[d]
        world.next[ANNOUNCED] = day + gap
    elif world.days[SECOND] == np.inf:
        world.days[SECOND] = day
    world.next[ROUND] = day + board.interval[d]
    if world.state[AGENDA_TAKEN] < 0 or world.at[READY] > day:
        return False
    package = text(board, table, world, day) if rules.switches & TEXT else -1
    if package < 0 and rules.switches & OFFERS:
        package = offers(board, rules, table, world, day)
    if package >= 0:
        agree(world, package, day)
    return package >= 0


@numba.njit(cache=True, nogil=True)
def stop(world: World) -> None:
    """No further meeting, announcement, break or resumption of the talks is to come."""
    world.next[ROUND] = world.next[ANNOUNCED] = world.next[BROKEN] = world.next[RESUMED] = np.inf
