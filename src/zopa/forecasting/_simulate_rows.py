"""Rows of the simulated talks: what came of the worlds, what each mechanism does to it, and how it stood day by day."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from math import ceil
from typing import Literal

import numpy as np

from zopa.case.bargaining import inputs
from zopa.case.case import Case
from zopa.case.draws import Draws, Evidence
from zopa.case.end_state import at_the_date, horizon, questions, scenarios
from zopa.case.evidence import Bool
from zopa.case.meeting import PROCESS
from zopa.case.model import CaseFile
from zopa.case.quantities import Basis, basis_of
from zopa.estimate import Array
from zopa.forecasting._simulate_board import Laid, lay, places
from zopa.methods.end_states import CELLS, ENDS, VIOLENCE, EndStates
from zopa.methods.world_board import EVERYTHING, MECHANISMS
from zopa.methods.worlds import Worlds, play, switched_off
from zopa.result import Chance, Footing, chance_of, footing

Kind = Literal["fact", "question", "event", "scenario", "cell"]
FACTS = ("deal", "serious", "war", "open", "regime_breaks")
STATUSES = ("open", "ended", "deal", "serious", "war")
"""How a world stands on a day; force counts before whatever became of the talks."""
MOST_DAYS = 120
"""Days that the course of the worlds is told for at most; a longer one is told in steps."""
CELL_NAMES = tuple(f"{end}-{violence}" for end in ENDS for violence in VIOLENCE)


@dataclass(frozen=True, slots=True)
class EndingRow:
    """How likely something is in the simulated worlds: a fact of the end state or a question, an event on the way by
    its own day, a scenario, or a joint cell; ``by`` the day it is asked for."""

    kind: Kind
    name: str
    by: date
    chance: Chance
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MechanismRow:
    """What a mechanism does to an outcome: its share of worlds with everything ``on`` and with the mechanism ``off``,
    and the ``change`` that switching it on makes, world by world, with its 5–95 % range over the grade table and its
    Monte Carlo ``error``."""

    mechanism: str
    outcome: str
    on: float
    off: float
    change: float
    low: float
    high: float
    error: float
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DayRow:
    """Share of the worlds that stand somehow on a day, ``day`` days after the record's."""

    day: int
    on: date
    status: str
    share: float


@dataclass(frozen=True, eq=False)
class Played:
    """Draws of a case with the board made of them and the worlds played on it."""

    draws: Draws
    laid: Laid
    worlds: Worlds

    def share(self, happens: Bool) -> Array:
        """(draws,) share of each draw's worlds in which something happens, from (worlds,)."""
        return self.worlds.by_draw(happens)

    def cells(self) -> Array:
        """(draws, 9) share of each draw's worlds in each joint cell of end and violence."""
        plays = self.worlds.plays
        at = np.repeat(np.arange(self.draws.n), plays) * CELLS + self.worlds.states.cell
        counts = np.bincount(at, minlength=self.draws.n * CELLS).reshape(self.draws.n, CELLS)
        return np.asarray(counts / plays)


def played(
    draws: Draws,
    *,
    plays: int = 1,
    switches: int = EVERYTHING,
    foresight: bool = False,
    laid: Laid | None = None,
    threads: int | None = None,
) -> Played:
    """The worlds of some draws of a case, each played ``plays`` times; ``laid`` where the board is known already."""
    known = lay(draws) if laid is None else laid
    identity, again = places(draws)
    worlds = play(
        known.board,
        seed=draws.seed,
        plays=plays,
        switches=switches,
        identity=identity,
        again=again,
        foresight=foresight,
        threads=threads,
    )
    return Played(draws, known, worlds)


Told = tuple[Kind, str, date, Callable[[Worlds], Bool]]


def told(case: Case, violent: bool) -> Iterator[Told]:
    """Everything that is asked of the worlds: kind, name, day, and in which worlds it happens."""
    file, day = case.file, horizon(case.file)
    asked = {q.when for q in file.questions if q.when is not None}
    for fact in FACTS:
        if fact not in asked and (violent or fact in ("deal", "open")):
            yield "fact", fact, day, partial(_holds, at_the_date, file, fact)
    for q in file.questions:
        if q.when is not None:
            yield "question", q.id, day, partial(_holds, questions, file, q.id)
        elif q.event is not None:
            yield "event", q.id, q.by, partial(_by, q.event, (q.by - file.as_of).days)
    for s in file.scenarios:
        yield "scenario", s.id, day, partial(_holds, scenarios, file, s.id)
    for k, name in enumerate(CELL_NAMES):
        if violent or k % len(VIOLENCE) == 0:
            yield "cell", name, day, partial(_stands, k)


def _holds(
    rules: Callable[[CaseFile, EndStates], Mapping[str, Bool]], file: CaseFile, name: str, worlds: Worlds
) -> Bool:
    return rules(file, worlds.states)[name]


def _stands(cell: int, worlds: Worlds) -> Bool:
    return np.asarray(worlds.states.cell == cell)


def _by(event: str, after: int, worlds: Worlds) -> Bool:
    """Where an event on the way came about by the end of a day."""
    day = {"meeting": worlds.met, "direct": worlds.spoke, "second-round": worlds.second}[event]
    return np.asarray(day < after + 1)


def ending_rows(
    case: Case, ways: Mapping[Evidence, Played], because: tuple[str, ...]
) -> tuple[EndingRow, ...]:
    """One row for everything that is asked."""
    draws = {e: p.draws for e, p in ways.items()}
    violent = ways["all"].laid.violent
    rows = []
    for kind, name, by, happens in told(case, violent):
        hits = {e: p.share(happens(p.worlds)) for e, p in ways.items()}
        rows.append(EndingRow(kind, name, by, chance_of(hits, draws), because))
    return tuple(rows)


def outcomes(played: Played) -> tuple[str, ...]:
    """The facts that a mechanism can change in this case."""
    if not played.laid.violent:
        return ("deal", "open")
    return FACTS if played.laid.regimes else FACTS[:-1]


def mechanism_rows(
    case: Case, base: Played, off: Sequence[str], foresight: bool, because: tuple[str, ...]
) -> tuple[MechanismRow, ...]:
    """Every mechanism that is on, switched off in turn: the first play of every draw, paired world by world.

    ``off`` are those that are off anyway.
    """
    first = np.arange(base.draws.n) * base.worlds.plays
    names = outcomes(base)
    before = _facts(case, base, names)[first]
    made, columns = [], []
    for mechanism in MECHANISMS:
        if mechanism in off:
            continue
        switches = switched_off([*off, mechanism])
        other = played(base.draws, switches=switches, foresight=foresight, laid=base.laid)
        after = _facts(case, other, names)
        columns.append(before - after)
        made += [
            (mechanism, name, float(before[:, k].mean()), float(after[:, k].mean()))
            for k, name in enumerate(names)
        ]
    if not columns:
        return ()
    found = base.draws.intervals(np.concatenate(columns, axis=1), legal=None)
    return tuple(
        MechanismRow(mechanism, name, on, without, f.mean, f.low, f.high, f.error, because)
        for (mechanism, name, on, without), f in zip(made, found, strict=True)
    )


def _facts(case: Case, found: Played, names: Sequence[str]) -> Array:
    """(worlds, names) 1 where a fact holds at the common date."""
    columns = at_the_date(case.file, found.worlds.states)
    return np.stack([columns[name] for name in names], axis=1).astype(np.float64)


def day_rows(case: Case, found: Played) -> tuple[DayRow, ...]:
    """How the worlds stand day by day, from the day of the record to the common date."""
    file, worlds = case.file, found.worlds
    last = (horizon(file) - file.as_of).days
    step = ceil(last / MOST_DAYS)
    days = sorted({*range(0, last, step), last})
    rows = []
    for day in days:
        war, struck = worlds.war <= day, worlds.struck <= day
        agreed, over = worlds.agreed <= day, worlds.over <= day
        calm = ~struck
        shares = {
            "war": war,
            "serious": struck & ~war,
            "deal": agreed & calm,
            "ended": over & ~agreed & calm,
            "open": calm & ~agreed & ~over,
        }
        on = file.as_of + timedelta(days=day)
        rows += [DayRow(day, on, status, float(shares[status].mean())) for status in STATUSES]
    return tuple(rows)


def ground_of(case: Case, base: Played) -> Footing:
    """What the worlds rest on: talks, preferences, red lines, how to meet and what about; defaults count as assumed."""
    file = case.file
    sections, bases = inputs(file, agenda=True)
    lines = [line for line in file.red_lines if line.on in PROCESS and line.party in file.negotiators]
    entries: Iterable[Basis] = (
        *bases,
        *(basis_of(agenda) for agenda in file.agendas.values()),
        *(basis_of(option) for option in (file.settings.options if file.settings else ())),
        *(basis_of(line) for line in lines),
        *(Basis(assumed=True) for _ in base.laid.missing),
    )
    every = ("talks", "settings", *sections, *(f"red_lines.{line.key}" for line in lines))
    return footing(case, tuple(dict.fromkeys(every)), entries=entries)
