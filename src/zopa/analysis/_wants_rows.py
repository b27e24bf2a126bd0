"""The rows of ``wants``: stated against revealed, what moved it, and what each move tells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from zopa.analysis._wants_facts import OF_SHARES, Facts, Kind, Question, Ways, known
from zopa.case.case import Case
from zopa.case.course import Move
from zopa.case.draws import Draws
from zopa.case.evidence import Bool
from zopa.estimate import Array
from zopa.methods.intervals import weighted_quantiles
from zopa.result import LEAST, Chance, chance_of, gap, given

LEARNT = 0.10
"""A number whose interval shrinks by less than this share is not learnt."""
RANGE = (0.05, 0.5, 0.95)


@dataclass(frozen=True, slots=True)
class Spread:
    """A number with its central 90 % range."""

    value: float
    low: float
    high: float

    @property
    def width(self) -> float:
        """Width of the range."""
        return self.high - self.low


@dataclass(frozen=True, slots=True)
class MovedBy:
    """How much the value would differ had the party not made a move: value with all moves less value without it."""

    move: str
    change: float


@dataclass(frozen=True, slots=True)
class WantRow:
    """One thing that is asked about a party's aims.

    ``kind``: ``reading`` (share of a reading), ``weight`` (of an issue), ``absolute`` (that a red line is there and
    absolute), ``firm`` (that it is absolute, given that it is there), ``cost`` (of crossing it if it is not, where it
    is there), ``no_deal`` (walk-away value). ``stated`` as it stands before the moves, ``revealed`` after them,
    ``zero`` at total ignorance. For probabilities the ranges are over the grade table and ``chance`` has all that
    belongs to ``revealed``; for the other numbers they are quantiles.
    ``shrink``: by which share the range of a number has become smaller. ``moved_by``: the moves by effect.
    """

    party: str
    kind: Kind
    item: str
    stated: Spread
    revealed: Spread
    zero: float
    shrink: float | None
    learnt: bool
    chance: Chance | None
    moved_by: tuple[MovedBy, ...]
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AlternativeRow:
    """How likely an alternative was under each reading of the mover's aims, before anything is learnt."""

    alternative: str
    chosen: bool
    likelihood: float
    by_reading: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class MoveRow:
    """One move: who, when, in which share of draws it stands as reported, and how its alternatives tell readings apart.

    ``weighed`` is false where it can tell nothing: its party does not negotiate, or there was nothing to choose from.
    """

    move: str
    party: str
    on: str
    stands: float
    weighed: bool
    alternatives: tuple[AlternativeRow, ...]
    because: tuple[str, ...]


def want_rows(
    asked: Sequence[Question], found: Facts, before: Ways, after: Ways, ids: Sequence[str], weights: Array
) -> tuple[WantRow, ...]:
    """One row a question; ``ids`` of the moves that can tell something, ``weights`` (1 + moves, draws): with all moves,
    then without each."""
    moved = _Moved(ids, weights)
    return tuple(
        _share_row(q, found, before, after, moved) if q.kind in OF_SHARES else _number_row(q, found, moved)
        for q in asked
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Moved:
    """By how much each move changes a mean."""

    ids: Sequence[str]
    weights: Array

    def by(self, series: Array | Bool, where: Bool) -> tuple[MovedBy, ...]:
        """Every move's effect on the mean of a series where it means anything, the largest first."""
        here = where.astype(np.float64)
        # In one fixed order, whatever the number of threads.
        sums = np.einsum("md,d->m", self.weights, series * here)
        masses = np.einsum("md,d->m", self.weights, here)
        means = np.divide(sums, masses, out=np.zeros_like(sums), where=masses > 0)
        found = [MovedBy(i, float(means[0] - mean)) for i, mean in zip(self.ids, means[1:], strict=True)]
        return tuple(sorted(found, key=lambda moved: -abs(moved.change)))


def _share_row(asked: Question, found: Facts, before: Ways, after: Ways, moved: _Moved) -> WantRow:
    prior = before["all"]
    yes, where = found.yes["all"][asked], found.where["all"][asked]
    said = given(yes, where)
    # What holds in a draw holds wherever the draw is picked.
    hits = {
        e: given(_picked(found.yes[e][asked], drawn), _picked(found.where[e][asked], drawn))
        for e, drawn in after.items()
    }
    stated, chance = prior.interval(said), chance_of(hits, after)
    change = gap(hits["all"], after["all"], said, prior)
    return WantRow(
        party=asked.party,
        kind=asked.kind,
        item=asked.item,
        stated=Spread(stated.mean, stated.low, stated.high),
        revealed=Spread(chance.value, chance.low, chance.high),
        zero=chance.zero,
        shrink=None,
        learnt=change.excludes_zero and abs(change.mean) > max(LEAST, 2 * change.error),
        chance=chance,
        moved_by=moved.by(yes, where),
        because=asked.because,
    )


def _picked(series: Bool, drawn: Draws) -> Bool:
    return series if drawn.pick is None else series[drawn.pick]


def _number_row(asked: Question, found: Facts, moved: _Moved) -> WantRow:
    series, where = found.numbers[asked], found.where["all"][asked]
    here = where.astype(np.float64)
    by_words, by_deeds = _spreads(series, np.stack([here, moved.weights[0] * here]))
    shrink = 1 - by_deeds.width / by_words.width if by_words.width > 0 else 0.0
    return WantRow(
        party=asked.party,
        kind=asked.kind,
        item=asked.item,
        stated=by_words,
        revealed=by_deeds,
        zero=found.blank[asked],
        shrink=shrink,
        learnt=shrink >= LEARNT,
        chance=None,
        moved_by=moved.by(series, where),
        because=asked.because,
    )


def _spreads(series: Array, weights: Array) -> tuple[Spread, ...]:
    """The median and the central range of a series by each row of ``weights`` (rows, draws)."""
    found = weighted_quantiles(series, weights, RANGE)
    return tuple(Spread(float(mid), float(low), float(high)) for low, mid, high in found)


def move_row(case: Case, found: Facts, move: Move, draws: int) -> MoveRow:
    """What one move tells of the readings of its party."""
    cited = known(case, [c.claim for c in move.because])
    stands, told = found.standing[move.id] / draws, found.told.get(move.id)
    if told is None:
        return MoveRow(move.id, move.party, move.on.isoformat(), stands, False, (), cited)
    chosen = [alternative.id for alternative in move.over].index(move.chosen)
    rows = []
    for k, alternative in enumerate(move.over):
        by = {
            reading.id: float(told.by_reading[k, j] / told.taken[j])
            for j, reading in enumerate(case.file.readings.get(move.party, ()))
            if told.taken[j] > 0
        }
        rows.append(AlternativeRow(alternative.id, k == chosen, float(told.likely[k] / draws), by))
    return MoveRow(move.id, move.party, move.on.isoformat(), stands, True, tuple(rows), cited)
