"""The forecast as a function of what is forced: the members on the same draws with some switches held on or off.

Everything that is not forced keeps its random numbers, in the draws and in the worlds, so that two runs differ by what
was forced alone. Each run keeps the means over all draws and over all but one block of them at a time, from which the
noise of any difference follows (the jackknife, Efron and Stein 1981).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np

from zopa.case.case import Case
from zopa.case.draws import Draws
from zopa.case.end_state import horizon
from zopa.case.moves import after
from zopa.forecasting._base_cells import Engine, Standing, patterns
from zopa.forecasting._case_columns import course, known_columns
from zopa.forecasting._judged_cells import Asked, judged_cells
from zopa.forecasting._member_record import HISTORY, SIMULATION
from zopa.forecasting._members import Members, distribution
from zopa.forecasting._pooled import Pooled
from zopa.forecasting._simulate_board import Laid, lay
from zopa.forecasting._simulate_rows import Played, played, told
from zopa.forecasting._voices import Judged, cell_questions, foreseen, read_judgements
from zopa.forecasting.baserate import NAMES
from zopa.forecasting.shipped import Tables
from zopa.methods.end_states import CELLS
from zopa.methods.pooling import QUESTIONS, clipped, pool, smoothed
from zopa.methods.problem import BoolArray, FloatArray, IntArray

BLOCKS = 20
"""Blocks left out in turn: enough for an error good to a sixth."""


class Run(NamedTuple):
    """Means over all draws (row 0) and over all but one block (rows 1 and on), by how the forecast is made of them:
    ``cells`` (members, 1 + blocks, 9); by question the share of simulated worlds in each cell and with it, ``joint``
    (1 + blocks, 9), and that of an event, ``events`` (1 + blocks,). ``by_draw`` are the members' cells, each with its
    draws."""

    cells: FloatArray
    joint: Mapping[str, FloatArray]
    events: Mapping[str, FloatArray]
    by_draw: tuple[tuple[Draws, FloatArray], ...]
    talks: tuple[Laid, Played] | None


@dataclass(eq=False)
class Runs:
    """Runs of one case's forecast; ``plain`` are the draws before the moves of the parties."""

    plain: Draws
    members: Members
    pooled: Pooled
    after_moves: bool
    plays: int
    _patterns: dict[Standing, FloatArray] = field(default_factory=dict)

    @property
    def case(self) -> Case:
        """The case as it stands."""
        return self.plain.case

    @cached_property
    def base(self) -> Run:
        """The run with nothing forced."""
        return self._run(self.plain, None)

    def forced(self, force: Mapping[str, bool]) -> Run:
        """With the switches of some origins held on or off."""
        return self._run(self.plain.forced(force), self.base)

    def without(self, claim: str) -> Run:
        """On the record without a claim."""
        case = self.case.without([claim])
        return self._run(case.draws(self.plain.n, seed=self.plain.seed), self.base)

    def _run(self, plain: Draws, like: Run | None) -> Run:
        found: list[tuple[Draws, FloatArray]] = []
        talks = None
        for member in self.members.all_:
            if member.name == HISTORY:
                found.append((plain, self._history(plain)))
            elif member.name == SIMULATION:
                talks = self._talks(plain, None if like is None else like.talks)
                found.append((talks[1].draws, talks[1].cells()))
            else:
                found.append((plain, self._judged(plain, found[0][1])))
        means = np.stack([left_out(cells, blocks_of(drawn)) for drawn, cells in found])
        joint, events = ({}, {}) if talks is None else self._on_the_way(talks[1])
        return Run(means, joint, events, tuple(found), talks)

    # -- the members ---------------------------------------------------------------------------------------------------

    @cached_property
    def _engine(self) -> Engine:
        case = self.case
        window = max(0, (horizon(case.file) - case.file.as_of).days)
        tables: Tables = self.members.base.tables_used
        return Engine(tables, known_columns(case.file), course(case.file), float(window), self.plain.seed)

    def _history(self, plain: Draws) -> FloatArray:
        """(draws, 9): the parameters of the history averaged over."""
        engine = self._engine
        found, shares = patterns(plain, engine.things, engine.course)
        new = [pattern for pattern in found if pattern not in self._patterns]
        if new:
            self._patterns.update(zip(new, engine.cells(new).mean(axis=1), strict=True))
        return np.asarray(np.stack([self._patterns[pattern] for pattern in found])[shares.argmax(axis=1)])

    def _judged(self, plain: Draws, history: FloatArray) -> FloatArray:
        case = plain.case
        pooled = [e for e in foreseen(case, self._own) if e.use == "pooled"]
        asked = Asked.about(pooled, cell_questions(case))
        prior = distribution(np.maximum(history.mean(axis=0), 1e-9))
        weights: Mapping[str, float] = self.members.experts.parameters["weights"]
        heard = {f"desk/{name}": weight for name, weight in weights.items()}
        return judged_cells(plain, pooled, asked, prior=prior, weights=heard)

    @cached_property
    def _own(self) -> tuple[Judged, ...]:
        return tuple(read_judgements(self.case.folder))

    @cached_property
    def judging(self) -> frozenset[str]:
        """The origins of forecasts that are pooled."""
        pooled = [e for e in foreseen(self.case, self._own) if e.use == "pooled"]
        by_id = self.case.ledger.by_id
        return frozenset(by_id[claim].origin for entry in pooled for claim in entry.because)

    def _talks(self, plain: Draws, like: tuple[Laid, Played] | None) -> tuple[Laid, Played]:
        drawn = after(plain) if self.after_moves else plain
        laid = lay(drawn)
        if like is not None and _alike(like, laid, drawn):
            # The same board is played to the same worlds.
            return like
        return laid, played(drawn, plays=self.plays, laid=laid)

    def _on_the_way(self, worlds: Played) -> tuple[dict[str, FloatArray], dict[str, FloatArray]]:
        blocks = blocks_of(worlds.draws)
        joint, events = {}, {}
        for kind, name, _, happens in told(self.case, worlds.laid.violent):
            if kind in ("question", "scenario") and name not in self.sums:
                joint[name] = left_out(jointly(worlds, happens(worlds.worlds)), blocks)
            elif kind == "event":
                events[name] = left_out(worlds.share(happens(worlds.worlds))[:, None], blocks)[:, 0]
        return joint, events

    # -- the forecast of them ------------------------------------------------------------------------------------------

    @cached_property
    def sums(self) -> Mapping[str, BoolArray]:
        """Rows of the forecast that are sums of cells."""
        return {**dict(zip(self.main, QUESTIONS, strict=True)), **cell_questions(self.case)}

    @cached_property
    def main(self) -> tuple[str, ...]:
        """Agreement, serious violence, war and still open, as the case's own questions where it asks them."""
        ids = {q.when: q.id for q in self.case.file.questions if q.when is not None}
        return tuple(ids.get(name, name) for name in NAMES)

    def join(self, cells: FloatArray) -> FloatArray:
        """(…, 9) the pool of the members' cells (members, …, 9)."""
        said = [
            smoothed(own * member.counted) if member.counted is not None else own
            for member, own in zip(self.members.all_, cells, strict=True)
        ]
        weights = np.array([self.pooled.weights[member.name] for member in self.members.all_])
        return pool(clipped(np.stack(said, axis=-2), QUESTIONS), weights, exponent=self.pooled.exponent)

    def answers(
        self, cells: FloatArray, joint: Mapping[str, FloatArray], events: Mapping[str, FloatArray]
    ) -> dict[str, FloatArray]:
        """By row of the forecast its probability (…,), of means as in ``Run``."""
        together = self.join(cells)
        out = {name: np.asarray(together @ rule.astype(np.float64)) for name, rule in self.sums.items()}
        at = next((k for k, m in enumerate(self.members.all_) if m.name == SIMULATION), None)
        if at is not None:
            for name, hits in joint.items():
                share = np.divide(hits, cells[at], out=np.zeros_like(hits), where=cells[at] > 0)
                out[name] = np.asarray((together * np.clip(share, 0.0, 1.0)).sum(axis=-1))
        return out | {name: np.clip(share, 0.0, 1.0) for name, share in events.items()}

    def told(self, run: Run) -> dict[str, FloatArray]:
        """By row of the forecast (1 + blocks,) its probability in a run."""
        return self.answers(run.cells, run.joint, run.events)


def blocks_of(drawn: Draws) -> IntArray:
    """(draws,) the block of each draw: copies of one draw are in one block, grade tables spread over all."""
    which = np.arange(drawn.n) if drawn.pick is None else drawn.pick
    return np.asarray(which % BLOCKS, dtype=np.int64)


def left_out(rows: FloatArray, blocks: IntArray) -> FloatArray:
    """(1 + blocks, columns) the means of ``rows`` (n, columns): of all, and of all but one block at a time."""
    mass = np.bincount(blocks, minlength=BLOCKS).astype(np.float64)
    sums = np.stack([np.bincount(blocks, weights=column, minlength=BLOCKS) for column in rows.T], axis=1)
    whole, total = mass.sum(), sums.sum(axis=0)
    left = (total - sums) / np.maximum(whole - mass, 1.0)[:, None]
    return np.concatenate([(total / whole)[None], left])


def jackknife(values: FloatArray) -> float:
    """The standard error of ``values[0]`` from those with one block left out, ``values[1:]``."""
    left = values[1:]
    return float(np.sqrt((len(left) - 1) / len(left) * ((left - left.mean()) ** 2).sum()))


def jointly(worlds: Played, happens: BoolArray) -> FloatArray:
    """(draws, 9) share of each draw's worlds that are in a cell and in which something happens."""
    n, plays = worlds.draws.n, worlds.worlds.plays
    at = np.repeat(np.arange(n), plays) * CELLS + worlds.worlds.states.cell
    counts = np.bincount(at, weights=happens, minlength=n * CELLS)
    return np.asarray(counts.reshape(n, CELLS) / plays)


def _alike(known: tuple[Laid, Played], laid: Laid, drawn: Draws) -> bool:
    """Whether the worlds of a board are known: every number on it and every draw behind it is the same."""
    before = known[1].draws.pick
    if (before is None) != (drawn.pick is None):
        return False
    if before is not None and drawn.pick is not None and not np.array_equal(before, drawn.pick):
        return False
    boards = zip(known[0].board, laid.board, strict=True)
    return all(np.array_equal(np.asarray(a), np.asarray(b)) for a, b in boards)
