"""What would make a refused setting acceptable: one change of one party at a time, pairs where none is enough."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal

import numpy as np

from zopa.case.draws import Draws, Evidence
from zopa.case.evidence import Bool
from zopa.case.meeting import Meeting, crosses, process_lines
from zopa.case.settings import Setting as Place
from zopa.case.table import RedLine
from zopa.estimate import Array
from zopa.result import Share, share_of

LEVEL = 0.5
"""A side accepts "more often than not": the level that a remedy must lift it to."""
PAIRS = 3
"""Pairs shown at most, those that leave all sides content most often."""
SHOWN: tuple[Evidence, ...] = ("all", "none")
"""The case as it stands, and its zero line."""
GRID = 33
"""Sizes of a change looked at for the range of the least one that is enough."""

Kind = Literal["score", "weight", "red-line", "pair"]
Cited = Callable[[str, str | None], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class RemedyRow:
    """What would make a refused setting acceptable to a side that now turns it down more often than not.

    ``kind``: ``score``, a higher score on one of ``criteria``; ``weight``, a share ``change`` of all weight moved to
    it; ``red-line``, one of ``red_lines`` given up; ``pair``, two of these together, where no one change is enough: two
    scores higher by the same, two lines, or one of each. ``change`` is the least that is enough in half of the draws
    (None where a line is all that changes, or where nothing suffices), with its range over the grade table, where an
    end is None where even the largest change would not do, and the least that is enough without evidence
    (``change_zero``). ``now``: share of draws in which the side accepts as things are; ``accepts`` and ``joint``: in
    which it does, and all do, after the change; their zero lines are those of the same change without evidence.
    """

    setting: str
    party: str
    kind: Kind
    criteria: tuple[str, ...]
    red_lines: tuple[str, ...]
    change: float | None
    change_low: float | None
    change_high: float | None
    change_zero: float | None
    now: Share
    accepts: Share
    joint: Share
    because: tuple[str, ...]

    @property
    def enough(self) -> bool:
        """Whether the side would then accept at least as often as not."""
        return self.accepts.value >= LEVEL


def remedies(
    ways: Mapping[Evidence, Draws], made: Mapping[Evidence, Meeting], option: Place, cited: Cited
) -> Iterable[RemedyRow]:
    """For every party that turns a refused setting down more often than not, most promising first."""
    k = made["all"].settings.index(option.id)
    one = {e: _alone(made[e], k) for e in SHOWN}
    for p, party in enumerate(made["all"].parties):
        if one["all"].accepts[:, p, 0].mean() < LEVEL:
            yield from _Side(ways, one, p, option, cited(option.id, party)).rows()


def _alone(made: Meeting, k: int) -> Meeting:
    """A meeting with one setting only."""
    return replace(
        made,
        settings=(made.settings[k],),
        scores=made.scores[:, :, k : k + 1],
        blocked=made.blocked[:, :, k : k + 1],
        costs=made.costs[:, :, k : k + 1],
    )


@dataclass(frozen=True)
class _Side:
    """One party before one refused setting, the only one of ``made``."""

    ways: Mapping[Evidence, Draws]
    made: Mapping[Evidence, Meeting]
    p: int
    option: Place
    because: tuple[str, ...]

    @property
    def _names(self) -> tuple[str, ...]:
        return self.made["all"].criteria

    def rows(self) -> Iterable[RemedyRow]:
        lines = [line for line in process_lines(self.ways["all"]) if self._against(line)]
        criteria = range(len(self._names))
        singles = [
            self._row("score", {e: m.needed(self.p, 0, c) for e, m in self.made.items()}, (c,))
            for c in criteria
        ]
        singles += [
            self._row("red-line", self._needed_without([line], ()), (), (line.key,)) for line in lines
        ]
        weights = [self._row("weight", {e: self._weight(e, c) for e in SHOWN}, (c,)) for c in criteria]
        enough = [row for row in weights if row.enough]
        found = sorted(singles, key=_promise) + sorted(enough, key=lambda row: row.change or 0.0)[:1]
        if not any(row.enough for row in found):
            found = sorted((row for row in self._pairs(lines) if row.enough), key=_promise)[:PAIRS] + found
        return found

    def _against(self, line: RedLine) -> bool:
        return line.party == self.made["all"].parties[self.p] and crosses(line, self.option)

    def _pairs(self, lines: Sequence[RedLine]) -> Iterable[RemedyRow]:
        criteria = range(len(self._names))
        for pair in combinations(criteria, 2):
            yield self._row("pair", self._needed_without([], pair), pair)
        for line in lines:
            for c in criteria:
                yield self._row("pair", self._needed_without([line], (c,)), (c,), (line.key,))
        for two in combinations(lines, 2):
            yield self._row("pair", self._needed_without(two, ()), (), tuple(line.key for line in two))

    def _needed_without(self, lifted: Sequence[RedLine], criteria: Sequence[int]) -> dict[Evidence, Array]:
        return {e: self._rise(e, lifted, criteria) for e in SHOWN}

    def _rise(self, evidence: Evidence, lifted: Sequence[RedLine], criteria: Sequence[int]) -> Array:
        """The common rise of the scores on ``criteria`` that is enough with some lines given up, (D,); none rises
        beyond the best score; infinite where that is not enough."""
        blocked, costs = self._lines_less(evidence, {line.key for line in lifted})
        made, p = self.made[evidence], self.p
        short = made.not_meeting[:, p] - (made.values[:, p, 0] + made.costs[:, p, 0] - costs)
        chosen = list(criteria)
        room, weight = 1.0 - made.scores[:, p, 0, chosen], made.weights[:, p][:, chosen]
        order = np.argsort(room, axis=1)
        room, weight = np.take_along_axis(room, order, axis=1), np.take_along_axis(weight, order, axis=1)
        rise = np.where(short <= 1e-12, 0.0, np.inf)
        # The k scores with least room are at their best already, the others rise on together.
        for k in range(len(chosen)):
            full, slope = (weight[:, :k] * room[:, :k]).sum(axis=1), weight[:, k:].sum(axis=1)
            t = np.divide(short - full, slope, out=np.full_like(short, np.inf), where=slope > 0)
            rise = np.where(np.isinf(rise) & (t <= room[:, k] + 1e-12), np.maximum(t, 0.0), rise)
        return np.where(blocked, np.inf, rise)

    def _lines_less(self, evidence: Evidence, lifted: set[str]) -> tuple[Bool, Array]:
        """Where the setting is shut out, and what it costs, with some lines given up and the others in place."""
        made, drawn = self.made[evidence], self.ways[evidence]
        if not lifted:
            return made.blocked[:, self.p, 0], made.costs[:, self.p, 0]
        blocked, cost = np.zeros(drawn.n, dtype=bool), np.zeros(drawn.n)
        for line in process_lines(drawn):
            if self._against(line) and line.key not in lifted:
                present, absolute, loss = drawn.red_line(line.key)
                blocked |= absolute
                cost = np.maximum(cost, np.where(present & ~absolute, loss, 0.0))
        return blocked, cost

    def _weight(self, evidence: Evidence, c: int) -> Array:
        """The share of all weight that must move to a criterion, the others keeping their proportions, (D,)."""
        made, p = self.made[evidence], self.p
        value = made.values[:, p, 0]
        better = made.scores[:, p, 0, c] - made.costs[:, p, 0] - value
        short = made.not_meeting[:, p] - value
        share = np.divide(short, better, out=np.full_like(short, np.inf), where=better > 0)
        share = np.where(short <= 1e-12, 0.0, share)
        return np.where((share > 1 + 1e-12) | made.blocked[:, p, 0], np.inf, share)

    def _row(
        self,
        kind: Kind,
        needs: Mapping[Evidence, Array],
        criteria: Sequence[int],
        lines: tuple[str, ...] = (),
    ) -> RemedyRow:
        drawn, change = self.ways["all"], _least(needs["all"]) if criteria else None
        low, high = _range_of_least(drawn, needs["all"], change) if change is not None else (None, None)
        now = {e: made.accepts[:, self.p, 0] for e, made in self.made.items()}
        # Where no change is enough, the largest is made.
        accepts = {e: needs[e] <= (change if change is not None else 1.0) for e in SHOWN}
        joint = {
            e: accepts[e] & np.delete(made.accepts[:, :, 0], self.p, axis=1).all(axis=1)
            for e, made in self.made.items()
        }
        return RemedyRow(
            setting=self.option.id,
            party=self.made["all"].parties[self.p],
            kind=kind,
            criteria=tuple(self._names[c] for c in criteria),
            red_lines=lines,
            change=change,
            change_low=low,
            change_high=high,
            change_zero=_least(needs["none"]) if criteria else None,
            now=share_of(now, self.ways),
            accepts=share_of(accepts, self.ways),
            joint=share_of(joint, self.ways),
            because=self.because,
        )


def _promise(row: RemedyRow) -> tuple[bool, float, float]:
    return (not row.enough, -row.joint.value, row.change or 0.0)


def _least(needs: Array) -> float | None:
    """The smallest change after which the party accepts in ``LEVEL`` of the draws; None where none does."""
    at = float(np.sort(needs)[int(np.ceil(LEVEL * len(needs))) - 1])
    return at if np.isfinite(at) else None


def _range_of_least(drawn: Draws, needs: Array, change: float) -> tuple[float | None, float | None]:
    """Where the range of acceptance reaches ``LEVEL``: at its upper end first, at its lower end last."""
    finite = needs[np.isfinite(needs)]
    grid = np.quantile(finite, np.linspace(0.0, 1.0, GRID))
    spread = drawn.intervals(np.asarray(needs[:, None] <= grid))
    upper = [float(t) for t, found in zip(grid, spread, strict=True) if found.high >= LEVEL]
    lower = [float(t) for t, found in zip(grid, spread, strict=True) if found.low >= LEVEL]
    low = min(upper[0], change) if upper else change
    return low, max(lower[0], change) if lower else None
