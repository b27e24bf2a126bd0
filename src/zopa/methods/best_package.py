"""The one package that suits everybody in most draws, for every agenda at once, with proof that none is better.

A package is reached by deciding issue after issue; at each step the draws in which some completion still suits
everybody bound what any completion can reach. A branch is left when that bound does not beat the best package known
that moves no other issues than the branch has moved so far, for such a package is open to every agenda to which the
branch could lead (branch and bound, Land and Doig 1960, over all agendas together).
"""

from typing import NamedTuple

import numba
import numpy as np

from zopa.methods.pareto import completions
from zopa.methods.problem import FloatArray, IntArray, Problem

MAX_VISITS = 20_000_000_000
"""Draws looked at over all steps of one search: a few minutes. Beyond it the search gives up with an error."""
COMPLETIONS = 200
"""Points of a frontier of completions kept for one draw; larger ones are replaced by a looser bound."""
RANK = 64
"""A package scores draws won × RANK + (RANK - 1 - issues moved): of equals the one that moves fewest issues wins."""


class NotProven(ValueError):
    """The best package was not proven within the draws that could be looked at."""


@numba.njit(cache=True, nogil=True)
def _spread(best: IntArray, agenda: int, score: int, bits: IntArray) -> None:
    """Raises ``best`` to ``score`` for an agenda and every larger one; larger ones are never below smaller ones."""
    if best[agenda] >= score:
        return
    waiting = [agenda]
    while len(waiting) > 0:
        mask = waiting.pop()
        if best[mask] >= score:
            continue
        best[mask] = score
        for bit in bits:
            if best[mask | bit] < score:
                waiting.append(mask | bit)


class Race(NamedTuple):
    """What the search reads: the problem, the order of issues, and per draw what is still to come.

    ``values`` (options, draws, parties), for an option is added in one draw after the other; ``bits`` (issues,) make up
    an agenda; ``rows`` and ``at`` are those of ``pareto.completions``; ``kept``
    (issues + 1, draws, parties) is what the issues ``order[t:]`` give at the status quo.
    """

    values: FloatArray
    starts: IntArray
    status_quo: IntArray
    order: IntArray
    bits: IntArray
    threshold: FloatArray
    rows: FloatArray
    at: IntArray
    kept: FloatArray


@numba.njit(cache=True, nogil=True)
def _reaches(utilities: FloatArray, threshold: FloatArray, d: int, rest: FloatArray, row: int) -> bool:
    """Whether draw d is won when ``rest[row]`` is added; whole arrays, since cutting out rows costs more than sums."""
    p, parties = 0, threshold.shape[1]
    while p < parties and utilities[d, p] + rest[row, p] >= threshold[d, p]:
        p += 1
    return bool(p == parties)


@numba.njit(cache=True, nogil=True)
def _some_reaches(race: Race, utilities: FloatArray, d: int, depth: int) -> bool:
    """Whether some completion from ``depth`` on wins draw d.

    Of two parties completions stand in order, better for the one and worse for the other: the last one that is good
    enough for the first party is the only one to be looked at.
    """
    first, stop = race.at[d, depth, 0], race.at[d, depth, 1]
    if utilities.shape[1] != 2:
        for j in range(first, stop):  # noqa: SIM110 (compiled)
            if _reaches(utilities, race.threshold, d, race.rows, j):
                return True
        return False
    start, have, least = first, utilities[d, 0], race.threshold[d, 0]
    while first < stop:
        middle = (first + stop) // 2
        if have + race.rows[middle, 0] >= least:
            first = middle + 1
        else:
            stop = middle
    if first == start:
        return False
    return bool(utilities[d, 1] + race.rows[first - 1, 1] >= race.threshold[d, 1])


@numba.njit(cache=True, nogil=True)
def _survey(
    race: Race,
    depth: int,
    column: int,
    partial: FloatArray,
    alive: IntArray,
    living: IntArray,
    least: int,
) -> tuple[int, int]:
    """Draws that can still be won after adding the option in ``column``, and those won with the rest kept.

    Fills ``alive`` and ``partial`` one step deeper. Stops early, with the bound 0, at ``least`` draws or fewer.
    """
    left, still, won = living[depth], 0, 0
    utilities, kept = partial[depth + 1], race.kept[depth + 1]
    for n in range(living[depth]):
        d = alive[depth, n]
        for p in range(utilities.shape[1]):
            utilities[d, p] = partial[depth, d, p] + race.values[column, d, p]
        if not _some_reaches(race, utilities, d, depth + 1):
            left -= 1
            if left <= least:
                return 0, 0
            continue
        alive[depth + 1, still] = d
        still += 1
        won += _reaches(utilities, race.threshold, d, kept, d)
    living[depth + 1] = still
    return still, won


@numba.njit(cache=True, nogil=True)
def _search(race: Race, best: IntArray, packages: IntArray, scores: IntArray, limit: int) -> int:
    """Fills best score by agenda, and package and score of the best package found that moves exactly the agenda.

    Gives the draws looked at, more than ``limit`` where it stopped for that.
    """
    draws, parties = race.threshold.shape
    issues = len(race.order)
    partial = np.zeros((issues + 1, draws, parties))
    alive, living = np.empty((issues + 1, draws), dtype=np.int64), np.zeros(issues + 1, dtype=np.int64)
    turn, agenda, moved = (
        np.zeros(issues + 1, np.int64),
        np.zeros(issues + 1, np.int64),
        np.zeros(issues + 1, np.int64),
    )
    package = race.status_quo.copy()
    scores[0] = RANK - 1
    for d in range(draws):
        scores[0] += RANK * _reaches(partial[0], race.threshold, d, race.kept[0], d)
        if race.at[d, 0, 1] > race.at[d, 0, 0]:
            alive[0, living[0]] = d
            living[0] += 1
    _spread(best, 0, scores[0], race.bits)
    depth, visits = 0, 0
    while depth >= 0:
        issue = race.order[min(depth, issues - 1)] if issues > 0 else 0
        if depth == issues or turn[depth] == race.starts[issue + 1] - race.starts[issue]:
            turn[depth] = 0
            if depth < issues:
                package[issue] = race.status_quo[issue]
            depth -= 1
            continue
        option = turn[depth] - 1  # the status quo first, then the other options in their order
        if turn[depth] == 0:
            option = race.status_quo[issue]
        elif option >= race.status_quo[issue]:
            option += 1
        turn[depth] += 1
        visits += living[depth]
        if visits > limit:
            return int(visits)
        moves = option != race.status_quo[issue]
        mask = agenda[depth] | race.bits[issue] if moves else agenda[depth]
        fewest = moved[depth] + moves
        least = (best[mask] - (RANK - 1 - fewest)) // RANK  # so many draws, moving so few issues, are no gain
        package[issue] = option
        bound, won = _survey(race, depth, race.starts[issue] + option, partial, alive, living, least)
        if bound <= least:
            continue
        if won > least:
            score = won * RANK + RANK - 1 - fewest
            _spread(best, mask, score, race.bits)
            packages[mask], scores[mask] = package, score
        if bound > won and depth + 1 < issues:
            agenda[depth + 1], moved[depth + 1] = mask, fewest
            depth += 1
    return int(visits)


def stakes(checked: Problem, status_quo: IntArray) -> IntArray:
    """Issues from the one with most to win over the status quo to the one with least: the order that prunes best."""
    scale = np.where(checked.tolerance > 0.0, checked.tolerance, 1.0)
    worth = np.zeros(checked.issues)
    for i in range(checked.issues):
        options = checked.values[:, checked.starts[i] : checked.starts[i + 1]]
        with np.errstate(invalid="ignore"):
            gain = (options.max(axis=1) - options[:, status_quo[i]]) / scale
        worth[i] = gain[np.isfinite(gain)].sum()
    return np.argsort(-worth, kind="stable").astype(np.int64)


def best_packages(
    checked: Problem, status_quo: IntArray, *, every_agenda: bool, at_least: int = 0
) -> tuple[IntArray, IntArray]:
    """Most draws that one package wins, and that package, by agenda: (agendas,) and (agendas, issues).

    With ``every_agenda`` the agendas are all sets of issues, as masks 0, 1, 2, …; otherwise there is one, all issues.
    Of packages that win as many draws the one that moves fewest issues off the status quo is given, and of these the
    first found. Packages that win fewer than ``at_least`` draws are not sought: where none wins as many, the number
    given is smaller than that, and no more is known. ``NotProven``, with the sizes, after ``MAX_VISITS`` looks at a
    draw.
    """
    won, packages, _ = search_packages(
        checked, status_quo, every_agenda=every_agenda, at_least=at_least, visits=MAX_VISITS
    )
    return won, packages


def search_packages(
    checked: Problem,
    status_quo: IntArray,
    *,
    every_agenda: bool,
    at_least: int,
    visits: int,
) -> tuple[IntArray, IntArray, int]:
    """What ``best_packages`` gives, and how many looks at a draw it took; ``NotProven`` after ``visits`` of them."""
    agendas = 1 << checked.issues if every_agenda else 1
    bits = np.zeros(checked.issues, dtype=np.int64)
    if every_agenda:
        bits = 1 << np.arange(checked.issues, dtype=np.int64)
    order = stakes(checked, status_quo)
    rows, at = completions(
        checked.values, checked.starts, order, checked.threshold, checked.tolerance, COMPLETIONS
    )
    best, scores = np.full((2, agendas), -1, dtype=np.int64)
    best += RANK * at_least
    packages = np.tile(status_quo, (agendas, 1)).astype(np.int64)
    quo = status_quo.astype(np.int64)
    kept = np.zeros((checked.issues + 1, checked.draws, checked.parties))
    for t in range(checked.issues - 1, -1, -1):
        kept[t] = kept[t + 1] + checked.values[:, checked.starts[order[t]] + quo[order[t]]]
    by_option = np.ascontiguousarray(checked.values.transpose(1, 0, 2))
    race = Race(by_option, checked.starts, quo, order, bits, checked.threshold, rows, at, kept)
    looks = int(_search(race, best, packages, scores, visits))
    if looks > visits:
        shape = " × ".join(str(k) for k in checked.counts)
        raise NotProven(
            f"the best package of {shape} options over {checked.draws:,} draws was not proven within {visits:,} "
            "looks at a draw: take fewer draws, or only some agendas"
        )
    owner = np.arange(agendas)
    for bit in bits:  # each agenda's package is that of the smallest agenda with the same score
        mask = np.flatnonzero(np.arange(agendas) & bit)
        smaller = owner[mask ^ bit]
        owner[mask] = np.where(
            (scores[smaller] == best[mask]) & ((scores[owner[mask]] < best[mask]) | (smaller < owner[mask])),
            smaller,
            owner[mask],
        )
    return best // RANK, packages[owner], looks
