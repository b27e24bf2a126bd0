"""What simulated worlds are played with: the drawn case as arrays, and the rules of the play."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from zopa.methods.problem import BoolArray, FloatArray, IntArray

KeyArray = NDArray[np.uint64]

MECHANISMS = ("setting", "agenda", "offers", "text", "breakdown", "outside", "deadlines", "force")
"""The mechanisms in the order of their bits."""
SETTING, AGENDA, OFFERS, TEXT, BREAKDOWN, OUTSIDE, DEADLINES, FORCE = (1 << k for k in range(8))
EVERYTHING = (1 << len(MECHANISMS)) - 1
"""All mechanisms switched on."""
LAPSE = 30.0
"""Days after which talks broken off and not resumed count as over."""
MOST_EVENTS = 10_000
"""Events of one world at most: with rates beyond all reason it is left as it then is."""


class Board(NamedTuple):
    """The drawn case: D draws, P negotiators, O options of all issues, A agendas, F parties with force, G regimes.

    Days count from 0, the day of the record; rates are a month of thirty days.
    """

    values: FloatArray
    """(D, P, O) what each option adds to each party's utility; issue i holds columns ``starts[i]`` to ``[i + 1]``."""
    starts: IntArray
    """(issues + 1,)"""
    vetoed: BoolArray
    """(D, O) options behind an absolute red line of anybody."""
    moves: IntArray
    """(O,) bit mask of the matters that an option moves off the status quo."""
    reserve: FloatArray
    """(D, P) walk-away values."""
    agendas: IntArray
    """(A,) bit masks of matters; the last one, all of them, holds where the agenda is no mechanism."""
    closed: BoolArray
    """(D, A) agendas that cannot be: they hold something that somebody refuses to discuss."""
    disputed: BoolArray
    """(D, P, A) agendas that a party is against, yet may give way on."""
    exponents: FloatArray
    """(D, P) of the concession curves, at least 0: below 1 early, above 1 late."""
    due: FloatArray
    """(P,) day of the deadline that presses on a party; infinite where none does."""
    patience: FloatArray
    """(D,) days from the first meeting after which a party without a deadline asks for no more than its reserve."""
    impatience: FloatArray
    """(D, P) a month; only foresight knows it."""
    interval: FloatArray
    """(D,) days from one meeting to the next."""
    late: NDArray[np.uint8]
    """(D,) how to meet: 0 settled, 1 settled a round later, 2 not settled."""
    direct: FloatArray
    """(D,) chance that they speak directly."""
    text: FloatArray
    """(D,) chance that the mediator puts a text."""
    texts: IntArray
    """(A, texts) packages the mediator puts one after the other; −1 for no more."""
    breakdown: FloatArray
    """(D,) rate while talks last."""
    resumption: FloatArray
    """(D,) rate while they are broken off."""
    strike: FloatArray
    """(D, F) chance that a party uses force after a failure."""
    answer: FloatArray
    """(D, F) chance that it answers force in kind."""
    outside: FloatArray
    """(D, F) rate at which it acts on its own."""
    breaks: FloatArray
    """(D, G) chance that a regime breaks by itself before the common date, and again in a war."""
    widens: FloatArray
    """(D,) chance that an answer in kind widens into war."""
    delay: FloatArray
    """(D,) mean days from a failure to the use of force."""
    targets: BoolArray
    """(F, F) whom a party with force strikes."""
    seat: IntArray
    """(F,) its place among the negotiators; −1 for an outside actor."""
    hits: BoolArray
    """(F, G) regimes that a war begun by it may break."""
    deadlines: FloatArray
    """(M,) days, ascending."""
    pressed: BoolArray
    """(M, F) for whom a missed deadline is a failure."""
    parties: KeyArray
    """(P,) keys of the negotiators' random numbers: they go with the party, wherever it stands in the order."""
    forces: KeyArray
    """(F,)"""
    regimes: KeyArray
    """(G,)"""
    start: float
    """Day on which they are to meet first."""
    horizon: float
    """The common date."""


class Rules(NamedTuple):
    """How worlds are played: ``plays`` a draw; ``switches`` the mechanisms that are on, as a bit mask; ``turns`` offers
    a round; ``opens`` the party that makes the first, −1 by lot; ``foresight`` in place of concession."""

    seed: np.uint64
    plays: int
    switches: int
    turns: int
    opens: int
    foresight: bool


class Table(NamedTuple):
    """Scratch space for one draw: every package's ``utility`` (P, N) and whether it is ``vetoed`` (N,), the zone
    ``suits`` (N,) with its ``size`` (1,), the ``best`` (A, P) on every agenda; ``touched`` (N,) matters that a
    package moves, the same in all draws; ``least`` (P,) and ``discount`` (P,) for one round."""

    utility: FloatArray
    vetoed: BoolArray
    touched: IntArray
    suits: IntArray
    size: IntArray
    best: FloatArray
    least: FloatArray
    discount: FloatArray


class World(NamedTuple):
    """One world: its ``draw`` and ``key``; ``next`` the day of each event to come; ``days`` (8,) when things came
    about; ``state`` and ``at`` what else it remembers, by the places below."""

    draw: int
    key: np.uint64
    next: FloatArray
    days: FloatArray
    state: IntArray
    at: FloatArray


# places in ``next``; strikes, outside acts and regimes follow
ROUND, ANNOUNCED, ABSENT, MISSED, BROKEN, RESUMED, OTHERS = range(7)
# places in ``days``
MET, SPOKE, SECOND, AGREED, STRUCK, WAR, OVER, COLLAPSED = range(8)
DAYS = 8
# places in ``state``
(
    TALKING,
    MEETINGS,
    END,
    VIOLENCE,
    FIRST,
    ACTED,
    BREAKS,
    PACKAGE,
    AGENDA_TAKEN,
    OFFERED,
    TEXTS_PUT,
    SPELLS,
    RESUMPTIONS,
    FAILURES,
    ATTACKS,
    DEADLINE,
) = range(16)
STATES = 16
# places in ``at``: day from which the agenda is settled, day since which talks are broken off
READY, SINCE = range(2)
OPEN, DEAL, ENDED = range(3)
"""As in ``end_states.ENDS``."""
CAME_DEAL, CAME_SERIOUS, CAME_BREAK = 1, 2, 3
"""As in ``end_states.FIRSTS``."""
