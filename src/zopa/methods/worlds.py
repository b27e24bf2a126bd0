"""Simulated talks: world by world from the day of the record to one common date.

A world takes one draw of the case and plays eight mechanisms, each of which can be switched off: how to meet is settled
or not; what to talk about is settled or not; rounds of offers with concession (or foresight); a mediator's texts;
breakdown and resumption; outside actors who act on their own; deadlines; and force after a failure, to which the other
side yields, answers in kind or widens, and in which regimes may break. ``world_board`` says what each takes,
``world_talks`` what a meeting does, ``world_kernel`` what happens between meetings, ``world_offers`` what is offered.

Every random number is keyed by seed, draw, play, stream and step (``world_random``): the same world comes out whatever
the number of threads, processes or machines of one kind, and wherever a batch is split.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from zopa.methods.acceptance import in_threads
from zopa.methods.end_states import MOST_FORCES, EndStates
from zopa.methods.problem import BoolArray, FloatArray, IntArray, package_count
from zopa.methods.world_board import DAYS, EVERYTHING, MECHANISMS, Board, Rules
from zopa.methods.world_kernel import run
from zopa.methods.world_offers import TOLERANCE

MOST_PACKAGES = 200_000
"""Packages at most: every thread holds some fifty bytes for each, and a draw takes a pass over all."""
BLOCK = 4_096
"""Draws a thread takes at a time."""
TEXT_DRAWS, TEXT_CELLS = 1_000, 4_000_000
"""Draws from which the mediator's texts are told, at most, and packages × draws held for it."""


@dataclass(frozen=True, slots=True, eq=False)
class Worlds:
    """How worlds went; world w is the play w mod ``plays`` of draw w // ``plays``.

    ``states`` how they stand at the common date. Days on which something came about first, infinite where it did not:
    they ``met``, ``spoke`` directly, a ``second`` round was announced, they ``agreed``, force was used (``struck``), it
    widened into ``war``, it was ``over`` without agreement, a regime ``collapsed``. ``package`` agreed on, −1 for none;
    ``agenda`` that was or would first be settled, −1 for none.
    """

    plays: int
    states: EndStates
    met: FloatArray
    spoke: FloatArray
    second: FloatArray
    agreed: FloatArray
    struck: FloatArray
    war: FloatArray
    over: FloatArray
    collapsed: FloatArray
    package: IntArray
    agenda: IntArray

    def __len__(self) -> int:
        return len(self.states)

    def by_draw(self, happens: BoolArray | FloatArray) -> FloatArray:
        """(draws,) share of each draw's worlds in which something happens, from (worlds,)."""
        return np.asarray(np.asarray(happens, dtype=np.float64).reshape(-1, self.plays).mean(axis=1))


def play(
    board: Board,
    *,
    seed: int = 0,
    plays: int = 1,
    switches: int = EVERYTHING,
    identity: IntArray | None = None,
    again: IntArray | None = None,
    foresight: bool = False,
    turns: int | None = None,
    opens: int | None = None,
    threads: int | None = None,
) -> Worlds:
    """Every draw of the board played ``plays`` times.

    ``identity`` (D,) names each draw and ``again`` (D,) how often it came before: a draw that another board holds too
    plays the same worlds there; more plays add worlds and change none. ``turns`` offers a round: unless told otherwise
    one of every party, but one in all between two, where the second could agree on nothing that the first could not.
    ``opens`` makes the first offer, by lot where None. ``threads``: one a processor where None. ``ValueError`` names
    what does not fit.
    """
    draws, parties = board.reserve.shape
    _check(board, plays, switches)
    named = np.arange(draws) if identity is None else np.asarray(identity, dtype=np.int64)
    before = np.zeros(draws, dtype=np.int64) if again is None else np.asarray(again, dtype=np.int64)
    if named.shape != (draws,) or before.shape != (draws,):
        raise ValueError(f"play: identity and again need one entry a draw, {draws}")
    rules = Rules(
        seed=np.uint64(seed % 2**64),
        plays=plays,
        switches=switches,
        turns=(1 if parties == 2 else parties) if turns is None else turns,
        opens=-1 if opens is None else opens,
        foresight=foresight,
    )
    states = np.empty((draws * plays, 7), dtype=np.int64)
    days = np.empty((draws * plays, DAYS))
    moved = touched(board)

    def work(start: int, stop: int) -> None:
        # A thread takes whole draws: what their worlds share is worked out once.
        for at in range(start, stop, BLOCK):
            here = slice(at * plays, min(at + BLOCK, stop) * plays)
            run(board, rules, moved, named, before, here.start, states[here], days[here])

    in_threads(work, draws, threads)
    return _worlds(plays, states, days)


def _worlds(plays: int, states: IntArray, days: FloatArray) -> Worlds:
    """What the kernel wrote, by name."""
    end, violence, first, acted, breaks = states[:, :5].astype(np.uint8).T
    met, spoke, second, agreed, struck, war, over, collapsed = np.ascontiguousarray(days.T)
    return Worlds(
        plays=plays,
        states=EndStates(end, violence, first, acted, breaks),
        met=met,
        spoke=spoke,
        second=second,
        agreed=agreed,
        struck=struck,
        war=war,
        over=over,
        collapsed=collapsed,
        package=states[:, 5].copy(),
        agenda=states[:, 6].copy(),
    )


def switched_off(names: Sequence[str]) -> int:
    """The bit mask of all mechanisms but some; ``ValueError`` for a name that none has."""
    mask = EVERYTHING
    for name in names:
        if name not in MECHANISMS:
            raise ValueError(f"no mechanism is called {name!r}; there are {', '.join(MECHANISMS)}")
        mask &= ~(1 << MECHANISMS.index(name))
    return mask


def touched(board: Board) -> IntArray:
    """(packages,) bit mask of the matters that each package moves off the status quo."""
    out = np.zeros(1, dtype=np.int64)
    for i in range(len(board.starts) - 1):
        out = (out[:, None] | board.moves[board.starts[i] : board.starts[i + 1]]).ravel()
    return out


def packages(board: Board) -> int:
    """How many packages there are."""
    return package_count([int(k) for k in np.diff(board.starts)])


def texts(board: Board, *, most: int = 8) -> IntArray:
    """(A, most) the texts of a mediator who knows no more than the record tells: packages one after the other, −1 for
    no more.

    The first suits all sides in most of the draws; each next one in most of those in which none before it does, so that
    a refusal teaches something. Told from at most ``TEXT_DRAWS`` draws, evenly spread. Ties go to the lowest number.
    """
    count, draws = packages(board), len(board.reserve)
    some = max(1, min(TEXT_DRAWS, draws, TEXT_CELLS // count))
    suits = np.concatenate(list(_zones(board, np.arange(some) * draws // some)))
    moved = touched(board)
    out = np.full((len(board.agendas), most), -1, dtype=np.int64)
    for a, agenda in enumerate(board.agendas):
        there = np.flatnonzero(moved & ~agenda == 0)
        left = suits[:, there]
        for k in range(most):
            counts = left.sum(axis=0)
            best = int(counts.argmax())
            if not counts[best]:
                break
            out[a, k] = there[best]
            left = left[~left[:, best]]
    return out


def _zones(board: Board, chosen: IntArray) -> Iterator[BoolArray]:
    """Draw by draw (1, packages): which packages suit all sides."""
    for d in chosen:
        suits = np.ones(1, dtype=np.bool_)
        utility = np.zeros((board.reserve.shape[1], 1))
        for i in range(len(board.starts) - 1):
            here = slice(board.starts[i], board.starts[i + 1])
            suits = (suits[:, None] & ~board.vetoed[d, here]).ravel()
            utility = (utility[:, :, None] + board.values[d, :, None, here]).reshape(len(utility), -1)
        yield (suits & (utility >= board.reserve[d, :, None] - TOLERANCE).all(axis=0))[None]


def _check(board: Board, plays: int, switches: int) -> None:
    draws, parties = board.reserve.shape
    forces, regimes = len(board.forces), len(board.regimes)
    wanted = {
        "values": (draws, parties, int(board.starts[-1])),
        "vetoed": (draws, int(board.starts[-1])),
        "closed": (draws, len(board.agendas)),
        "disputed": (draws, parties, len(board.agendas)),
        "exponents": (draws, parties),
        "impatience": (draws, parties),
        "strike": (draws, forces),
        "answer": (draws, forces),
        "outside": (draws, forces),
        "breaks": (draws, regimes),
        "targets": (forces, forces),
        "hits": (forces, regimes),
        "pressed": (len(board.deadlines), forces),
        **dict.fromkeys(("patience", "interval", "late", "direct", "text"), (draws,)),
        **dict.fromkeys(("breakdown", "resumption", "widens", "delay"), (draws,)),
    }
    for name, shape in wanted.items():
        found = getattr(board, name).shape
        if found != shape:
            raise ValueError(f"board.{name} has shape {found}, but must have {shape}")
    if not parties >= 2 or forces > MOST_FORCES:
        raise ValueError(
            f"{parties} negotiators and {forces} parties with force: at least 2, at most {MOST_FORCES}"
        )
    if packages(board) > MOST_PACKAGES:
        raise ValueError(f"{packages(board):,} packages are more than the {MOST_PACKAGES:,} that can be held")
    if not ((board.interval > 0.0).all() and (board.patience > 0.0).all() and board.horizon > 0.0):
        raise ValueError("board: interval, patience and horizon must be positive")
    if plays < 1 or not 0 <= switches <= EVERYTHING:
        raise ValueError(f"play: plays is {plays} and switches {switches}: at least 1, at most {EVERYTHING}")
