"""Offers in one draw of the case: what packages are worth, what a party asks for, what it offers, what it foresees.

Concession (Faratin, Sierra and Jennings 1998): at relative time s, from 0 at the first meeting to 1 at a party's
deadline, it asks for reserve + (best − reserve)(1 − s^e). It offers the package that is best for the others among those
that give it what it asks for, so that no gain is left lying (their trade-off tactic of 2002); ties go to the package
better for itself, then to the lowest number.

Foresight: from the last offer back, each proposer takes the best for itself that gives the others what waiting would
(Rubinstein 1982; Ståhl 1972). Waiting a round is worth less by the chance that talks break off in it, and by
impatience: reserve + δ (v − reserve). With breakdown as the only reason to hurry that is Binmore, Rubinstein and
Wolinsky (1986), whose limit for short rounds is Nash's solution.
"""

import math

import numba
import numpy as np

from zopa.methods.problem import BoolArray, FloatArray, IntArray

TOLERANCE = 1e-10
"""Utilities, on scales from 0 to 1, closer than this are equal."""


@numba.njit(cache=True, nogil=True)
def spread(values: FloatArray, starts: IntArray, out: FloatArray) -> None:
    """One party's utility of every package in order of their numbers; ``values`` (options of all issues,)."""
    out[0] = 0.0
    size = 1
    for i in range(len(starts) - 1):
        count = starts[i + 1] - starts[i]
        # from the back, so that no beginning is overwritten before it is read
        for k in range(size - 1, -1, -1):
            begun = out[k]
            for j in range(count - 1, -1, -1):
                out[k * count + j] = begun + values[starts[i] + j]
        size *= count


@numba.njit(cache=True, nogil=True)
def marks(marked: BoolArray, starts: IntArray, out: BoolArray) -> None:
    """Whether a package holds any marked option, in order of their numbers; ``marked`` (options of all issues,)."""
    out[0] = False
    size = 1
    for i in range(len(starts) - 1):
        count = starts[i + 1] - starts[i]
        for k in range(size - 1, -1, -1):
            begun = out[k]
            for j in range(count - 1, -1, -1):
                out[k * count + j] = begun or marked[starts[i] + j]
        size *= count


@numba.njit(cache=True, nogil=True)
def zone(utility: FloatArray, vetoed: BoolArray, reserve: FloatArray, out: IntArray) -> int:
    """Writes the packages that nobody vetoes and that give every party its reserve into ``out``; their number."""
    parties, packages = utility.shape
    found = 0
    for k in range(packages):
        if vetoed[k]:
            continue
        suits = True
        for p in range(parties):
            suits &= utility[p, k] >= reserve[p] - TOLERANCE
        if suits:
            out[found] = k
            found += 1
    return found


@numba.njit(cache=True, nogil=True)
def bests(
    utility: FloatArray, vetoed: BoolArray, touched: IntArray, agendas: IntArray, out: FloatArray
) -> None:
    """``out`` (agendas, parties): the best package nobody vetoes that moves no issue off the agenda."""
    parties, packages = utility.shape
    out[:] = -np.inf
    for a in range(len(agendas)):
        off = ~agendas[a]
        for k in range(packages):
            if not vetoed[k] and touched[k] & off == 0:
                for p in range(parties):
                    out[a, p] = max(out[a, p], utility[p, k])


@numba.njit(cache=True, nogil=True)
def asked(reserve: float, best: float, since: float, exponent: float) -> float:
    """What a party asks for at relative time ``since``; infinite where nothing on the agenda is worth its reserve."""
    if best < reserve - TOLERANCE:
        return np.inf
    at = min(max(since, 0.0), 1.0)
    conceded = at**exponent if exponent > 0.0 else 1.0
    return reserve + (best - reserve) * (1.0 - conceded)


@numba.njit(cache=True, nogil=True)
def best_offer(
    utility: FloatArray,
    suits: IntArray,
    touched: IntArray,
    agenda: int,
    proposer: int,
    least: FloatArray,
    selfish: bool,
) -> int:
    """The package that a proposer offers out of the zone ``suits``, −1 where it has none.

    It gives the proposer ``least`` of its own; a ``selfish`` one also gives the others theirs, and is best for the
    proposer rather than for the others.
    """
    parties = len(least)
    off = ~agenda
    found, top, second = -1, -np.inf, -np.inf
    for i in range(len(suits)):
        k = suits[i]
        if touched[k] & off != 0 or not utility[proposer, k] >= least[proposer] - TOLERANCE:
            continue
        others, fits = 0.0, True
        for p in range(parties):
            if p != proposer:
                others += utility[p, k]
                fits &= utility[p, k] >= least[p] - TOLERANCE
        if selfish and not fits:
            continue
        own = utility[proposer, k]
        first, then = (own, others) if selfish else (others, own)
        if first > top or (first == top and then > second):
            found, top, second = k, first, then
    return found


@numba.njit(cache=True, nogil=True)
def accepted(utility: FloatArray, package: int, proposer: int, least: FloatArray) -> bool:
    """Whether a package gives every party but the proposer what it asks for."""
    fits = True
    for p in range(len(least)):
        fits &= p == proposer or utility[p, package] >= least[p] - TOLERANCE
    return fits


@numba.njit(cache=True, nogil=True)
def foreseen(
    utility: FloatArray,
    suits: IntArray,
    touched: IntArray,
    agenda: int,
    reserve: FloatArray,
    discount: FloatArray,
    rounds: int,
    turns: int,
    opens: int,
) -> int:
    """The package of the first offer of ``rounds`` to come, ``turns`` offers a round; −1 where nothing can be agreed.

    ``opens`` makes the first offer of all, and the next party opens the next round; ``discount`` (parties,) a round.
    """
    parties = len(reserve)
    waiting = reserve.copy()
    package = -1
    for offer in range(rounds * turns - 1, -1, -1):
        proposer = (opens + offer // turns + offer % turns) % parties
        package = best_offer(utility, suits, touched, agenda, proposer, waiting, True)
        if package >= 0:
            for p in range(parties):
                waiting[p] = utility[p, package]
        if offer % turns == 0 and offer > 0:
            for p in range(parties):
                waiting[p] = reserve[p] + discount[p] * (waiting[p] - reserve[p])
    return package


@numba.njit(cache=True, nogil=True)
def discounts(monthly: float, impatience: FloatArray, days: float, out: FloatArray) -> None:
    """What a gain one round later is worth now, by party, for rates a month of breakdown and of impatience."""
    for p in range(len(impatience)):
        out[p] = math.exp(-(monthly + impatience[p]) * days / 30.0)
