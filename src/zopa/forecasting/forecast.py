"""How does it go on? The forecast: history, judgement and simulated talks, pooled once over how it ends.

Members give joint cells of end and violence at one common date; they are pooled in the cells, so that every question is
a sum of the same numbers (see ``methods.pooling``). What the cells do not say — who acted, what came first, whether a
regime broke — is the simulation's alone, given the cell; events on the way are the simulation's alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Literal

import numpy as np

from zopa.case.case import DRAWS, Case
from zopa.case.end_state import horizon
from zopa.case.labels import day as day_words
from zopa.charts.chart import Chart
from zopa.charts.forecast import Bar, forecast_chart
from zopa.forecasting import ledger
from zopa.forecasting._against import ENOUGH
from zopa.forecasting._chain import Appended
from zopa.forecasting._member_record import SIMULATION, simulation_proof
from zopa.forecasting._members import MEMBERS, Members, members_of
from zopa.forecasting._pooled import Pooled, pooled
from zopa.forecasting._simulate_rows import Played, told
from zopa.forecasting._voices import cell_questions
from zopa.forecasting.baserate import NAMES
from zopa.methods.end_states import CELLS
from zopa.methods.pooling import QUESTIONS
from zopa.methods.problem import BoolArray, FloatArray
from zopa.result import (
    Chance,
    Footing,
    Result,
    Table,
    asked,
    cell,
    chance_of,
    headline,
    percent,
    together,
    word_of,
)
from zopa.words import Language, joined, say

PLAYS = 4
"""Worlds a draw by default."""
Rests = Literal["pool", "given", "simulation"]
"""A sum of the pooled cells; the simulation's share of each cell, by the pooled cells; the simulation alone."""
Kind = Literal["fact", "question", "scenario", "event"]


@dataclass(frozen=True, slots=True)
class ForecastRow:
    """One answer: a question or scenario of the case (a fact where it asks for none), its day, the pooled chance, and
    what each member says; ``rests`` on what."""

    kind: Kind
    name: str
    by: date
    chance: Chance
    members: Mapping[str, float]
    rests: Rests
    because: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class Forecast(Result):
    """How likely each ending is, by the pool and by each of its members."""

    found: tuple[ForecastRow, ...]
    cells: FloatArray
    """(9,) the pooled joint cells of end and violence."""
    outer: FloatArray = field(repr=False)
    """(groups, 9) the same in every outer group."""
    weights: Mapping[str, float]
    exponent: float
    rests: Footing
    members: Members = field(repr=False)
    resolved: int
    hidden: frozenset[str] = frozenset()
    """Members whose own numbers are not shown: simulated talks that do not beat the reference class."""

    def rows(self) -> tuple[ForecastRow, ...]:
        """Agreement, serious violence, war and still open first, then the case's other questions and scenarios."""
        return self.found

    def of(self, name: str) -> ForecastRow:
        """The row of a question, scenario or fact; ``ValueError`` where there is none."""
        for row in self.found:
            if row.name == name:
                return row
        raise ValueError(f"forecast: no row is called {name!r}; there are {[row.name for row in self.found]}")

    def headline(self, lang: Language = "en") -> str:
        """How likely an agreement is by the date, and serious violence."""
        day = day_words(horizon(self.case.file), lang)
        conditions = [say("forecast.condition", lang)] if self.rests.assumed > 0 else []
        sentences = [
            headline(
                row.chance,
                say(f"forecast.what-{name}", lang, day=day),
                lang,
                conditions=conditions if k == 0 else (),
                rests=self.rests if k == 0 else None,
            )
            for k, (name, row) in enumerate(zip(("deal", "serious"), self.found, strict=False))
        ]
        return (" " if lang == "en" else "").join(sentences)

    def table(self, lang: Language = "en") -> Table:
        """Every question: the pool in a range and a word, its zero line, and each member beside it."""
        names = [name for name in MEMBERS if name in self.weights and name not in self.hidden]
        heads = ("question", "by", "chance", "word", "cited", "zero")
        columns = tuple(say(f"forecast.column-{c}", lang) for c in (*heads, *names))
        rows = tuple(
            (
                self.name_of(row, lang),
                day_words(row.by, lang),
                cell(row.chance),
                word_of(row.chance.value, lang),
                f"{percent(row.chance.cited)}%",
                f"{percent(row.chance.zero)}%",
                *(f"{percent(row.members[n])}%" if n in row.members else "—" for n in names),
            )
            for row in self.found
        )
        caption = say(
            "forecast.caption-retrospective" if self.case.file.retrospective else "forecast.caption", lang
        )
        return Table(caption, columns, rows, tuple(row.because for row in self.found))

    def name_of(self, row: ForecastRow, lang: Language) -> str:
        """What a row is about, in words."""
        file = self.case.file
        named = {q.id: q.text for q in file.questions} | {s.id: s.name for s in file.scenarios}
        if row.kind == "fact":
            return say(f"baserate.asks-{row.name}", lang, day=day_words(row.by, lang))
        text = named[row.name].get(lang)
        return text + ("" if row.rests == "pool" else say(f"forecast.mark-{row.rests}", lang))

    def notes(self, lang: Language = "en") -> tuple[str, ...]:
        """Weights, the exponent, what rests on the simulation alone, the record so far, and mediation's two faces."""
        shares = [
            say("forecast.weight", lang, member=say(f"forecast.column-{n}", lang), share=f"{100 * w:.0f}")
            for n, w in self.weights.items()
        ]
        marks = {row.rests for row in self.found}
        out = [say("forecast.note-retrospective", lang)] if self.case.file.retrospective else []
        out.append(
            say("forecast.note-weights", lang, list=joined(shares, lang), exponent=f"{self.exponent:.2g}")
        )
        if "experts" in self.weights:
            heard = self.members.experts
            unheard = np.isclose(heard.by_draw["all"], heard.prior).all(axis=1).mean()
            out.append(say("forecast.note-judgement", lang, share=percent(float(unheard))))
        out += [say(f"forecast.note-{mark}", lang) for mark in ("given", "simulation") if mark in marks]
        if "simulate" not in self.weights:
            out.append(say("forecast.note-no-talks", lang))
        record = "no-record" if self.resolved == 0 else "record"
        out.append(say(f"forecast.note-{record}", lang, n=self.resolved))
        if SIMULATION in self.weights:
            proof, n = simulation_proof(self.members.records)
            key = "hidden" if self.hidden else proof if n else "untried"
            out.append(say(f"forecast.note-talks-{key}", lang, n=n, enough=ENOUGH))
        error = max(row.chance.error for row in self.found)
        out.append(say("forecast.note-error", lang, error=f"{100 * error:.1f}"))
        return (*out, *self.members.base.comparable(lang))

    def plot(self, lang: Language = "en") -> Chart:
        """Each question's pooled chance with its range and zero line, the members as marks of their own."""
        bars = [
            Bar(
                self.name_of(row, lang),
                row.chance,
                {_member(n, lang): v for n, v in row.members.items() if n not in self.hidden},
            )
            for row in self.found
        ]
        described = joined([f"{bar.label} {percent(bar.chance.value)}%" for bar in bars], lang)
        return forecast_chart(bars, described, lang)

    def whole(self) -> Mapping[str, object]:
        """The cells, the members' weights, and the exponent."""
        return {"cells": self.cells, "weights": dict(self.weights), "exponent": self.exponent}

    def entries(self, *, by: str = "forecast") -> list[ledger.Forecast]:
        """The forecasts to be recorded: of every question that is dated and decided by the case's own wording."""
        base = self.members.named("baserate")
        rules = {q.id: q for q in self.case.file.questions}
        out = []
        for row in self.found:
            if row.name in rules:
                at = row.members.get("baserate") if base is not None else None
                out.append(ledger.forecast_of(row.name, row.chance, by=by, base=at, members=row.members))
        shares = {row.name: row.chance.value for row in self.found if row.kind == "scenario"}
        if shares:
            zero = {row.name: row.chance.zero for row in self.found if row.kind == "scenario"}
            past = {
                r.name: r.members["baserate"]
                for r in self.found
                if r.name in shares and "baserate" in r.members
            }
            out.append(
                ledger.Forecast(
                    question=ledger.SCENARIOS,
                    by=by,
                    shares=_even(shares),
                    # The class rate speaks of scenarios only where all of them are told by the pooled cells.
                    base_shares=_even(past) if len(past) == len(shares) else {},
                    zero_shares=_even(zero),
                )
            )
        return out


def forecast(
    case: Case,
    *,
    draws: int = DRAWS,
    plays: int = PLAYS,
    seed: int = 0,
    after_moves: bool = True,
    icb: Path | str | None = None,
    all_members: bool = False,
) -> Forecast:
    """How likely each ending of a case is at its common date: the pool of its members over ``draws`` draws.

    ``plays`` worlds of the simulated talks a draw, on the draws after the moves of the parties unless ``after_moves``
    is off; ``icb``: a folder with the user's own history. A case without ``talks`` is forecast without them. Where
    enough questions of the case came out and the simulated talks are not proven better than the reference class, their
    own numbers are not shown unless ``all_members`` is on; in the pool they keep a third at most.
    """
    asked("forecast", case, draws=draws, seed=seed)
    if plays < 1:
        raise ValueError(f"forecast: plays is {plays}, but must be at least 1")
    found = members_of(case, draws=draws, plays=plays, seed=seed, after_moves=after_moves, icb=icb)
    pool = pooled(found.all_, learnt=found.learnt)
    rests = together(case, list(found.grounds.values()))
    rows = tuple(_rows(case, found, pool, rests.claims))
    return Forecast(
        case=case,
        method=say("forecast.method", "en"),
        parameters={
            "draws": draws,
            "plays": plays,
            "worlds": draws * plays if found.worlds else 0,
            "after_moves": after_moves,
            "horizon": horizon(case.file).isoformat(),
        },
        seed=seed,
        found=rows,
        cells=pool.mean["all"],
        outer=pool.outer["all"],
        weights=pool.weights,
        exponent=pool.exponent,
        rests=rests,
        members=found,
        resolved=_resolved(case),
        hidden=frozenset() if all_members else _unproven(found),
    )


def record(result: Forecast, *, at: datetime) -> Appended:
    """Add a forecast to the case's ledger; see ``ledger.record``."""
    return ledger.record(result.case, result.entries(), at=at)


def _rows(case: Case, members: Members, pool: Pooled, because: tuple[str, ...]) -> Iterator[ForecastRow]:
    file, day = case.file, horizon(case.file)
    sums = cell_questions(case)
    ids = {q.when: q.id for q in file.questions if q.when is not None}
    main: dict[str, BoolArray] = {
        ids.get(name, name): rule for name, rule in zip(NAMES, QUESTIONS, strict=True)
    }
    for name, rule in {**main, **sums}.items():
        kind: Kind = "fact" if name in NAMES and name not in sums else "question"
        kind = "scenario" if name in {s.id for s in file.scenarios} else kind
        given = dict.fromkeys(pool.mean, rule.astype(np.float64))
        each: dict[str, float] = {m.name: float(m.mean("all")[rule].sum()) for m in members.all_}
        yield ForecastRow(kind, name, day, pool.chance(given), each, "pool", because)
    if not members.worlds:
        return
    simulated = next(m for m in members.all_ if m.name == "simulate")
    for kind_, name, by, happens in told(case, members.worlds["all"].laid.violent):
        if kind_ in ("question", "scenario") and name not in sums:
            hits = {e: happens(p.worlds) for e, p in members.worlds.items()}
            given = {e: share_of_cells(p, hits[e]) for e, p in members.worlds.items()}
            each = {"simulate": float(simulated.mean("all") @ given["all"])}
            yield ForecastRow(_kind(kind_), name, by, pool.chance(given), each, "given", because)
        elif kind_ == "event":
            series = {e: p.share(happens(p.worlds)) for e, p in members.worlds.items()}
            chance = chance_of(series, {e: p.draws for e, p in members.worlds.items()})
            own = members.grounds["simulate"].claims
            yield ForecastRow("event", name, by, chance, {"simulate": chance.value}, "simulation", own)


def _kind(kind: str) -> Kind:
    return "scenario" if kind == "scenario" else "question"


def share_of_cells(played: Played, happens: BoolArray) -> FloatArray:
    """(9,) in which share of the worlds of each cell something happens; in a cell without worlds, of all worlds."""
    at = played.worlds.states.cell
    size = np.bincount(at, minlength=CELLS)
    hits = np.bincount(at, weights=happens, minlength=CELLS)
    return np.asarray(np.where(size > 0, hits / np.maximum(size, 1), happens.mean()))


def _even(shares: Mapping[str, float]) -> dict[str, float]:
    total = sum(shares.values())
    return {name: share / total for name, share in shares.items()}


def _resolved(case: Case) -> int:
    """Questions of this case's ledger that are resolved."""
    return len(ledger.read_book(case.folder).outcomes) if case.folder is not None else 0


def _unproven(members: Members) -> frozenset[str]:
    """The simulation, where enough questions have come out and it is not proven better than the reference class."""
    proof, n = simulation_proof(members.records)
    return frozenset({SIMULATION}) if n >= ENOUGH and proof != "better" else frozenset()


def _member(name: str, lang: Language) -> str:
    return say(f"forecast.column-{name}", lang)
