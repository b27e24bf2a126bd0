"""How did it go before? The base rate of a case: crises like it, and a model fitted to all of them, as one vote.

Whole crises by a shrunken Dirichlet–multinomial class and a regularised logit, pooled as one member since both rest on
the same data; agreement by the date from cause-specific hazards given the age reached; violence by the date as the
whole-crisis rate times a timing that is assumed, since the history codes violence for whole crises. International
Crisis Behavior data: Brecher, Wilkenfeld, Beardsley, James and Quinn; Brecher and Wilkenfeld (2000).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from zopa.case.case import DRAWS, Case
from zopa.case.draws import Draws, Evidence
from zopa.case.end_state import horizon
from zopa.case.labels import day as day_words
from zopa.case.quantities import Basis
from zopa.charts.baserate import Mark, baserate_chart
from zopa.charts.chart import Chart
from zopa.forecasting._base_cells import Engine, Patterns, Standing, patterns
from zopa.forecasting._base_rows import (
    ClassRow,
    KnownRow,
    NearRow,
    class_rows,
    known_rows,
    mediated_words,
    nearest,
    no_class,
)
from zopa.forecasting._base_tables import (
    classes_table,
    known_table,
    nearest_table,
    questions_table,
)
from zopa.forecasting._case_columns import Course, course, known_columns
from zopa.forecasting.history import read_history
from zopa.forecasting.shipped import Tables, build, shipped, tables_of
from zopa.methods.intervals import central_range
from zopa.methods.pooling import QUESTIONS
from zopa.methods.problem import BoolArray, FloatArray
from zopa.result import (
    Chance,
    Footing,
    Result,
    Table,
    asked,
    chance_of,
    footing,
    headline,
    jsonable,
    percent,
    three_ways,
)
from zopa.words import Language, joined, say

NAMES = ("deal", "serious", "war", "open")
"""The four questions, in the order of the pool's rules."""


@dataclass(frozen=True, slots=True)
class BaserateRow:
    """One question at the date: the vote, and in it what the class alone and the model alone say; ``whole`` is the
    vote on the whole crisis, however long it takes (None for what is still open)."""

    question: str
    chance: Chance
    by_class: float
    by_model: float
    whole: float | None
    because: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class Baserate(Result):
    """The base rate of a case."""

    found: tuple[BaserateRow, ...]
    classes: tuple[ClassRow, ...]
    near: tuple[NearRow, ...]
    known: tuple[KnownRow, ...]
    cells: FloatArray
    """(9,) the joint cells of end and violence."""
    outer: FloatArray
    """(groups, 9) the same in every outer group: parameters and grades."""
    by_draw: Mapping[Evidence, FloatArray] = field(repr=False)
    """(draws, 9) by way to draw, the parameters of the history averaged over."""
    by_group: Mapping[Evidence, FloatArray] = field(repr=False)
    """(groups, 9) by way to draw."""
    silent: tuple[str, ...]
    """Ids of the case's questions and scenarios that no class of the history speaks of."""
    tables_used: Tables
    course: Course
    rests: Footing
    window: int

    def rows(self) -> tuple[BaserateRow, ...]:
        """Agreement, serious violence and war by the date, and still open at it."""
        return self.found

    def of(self, question: str) -> BaserateRow:
        """The row of a question."""
        return next(row for row in self.found if row.question == question)

    def headline(self, lang: Language = "en") -> str:
        """How likely an agreement is by the date, and serious violence, by crises of the past."""
        day = day_words(horizon(self.case.file), lang)
        sentences = [
            headline(
                self.of(question).chance,
                say(f"baserate.what-{question}", lang, day=day),
                lang,
                conditions=[say(f"baserate.condition-{question}", lang)],
                rests=self.rests if question == "deal" else None,
            )
            for question in ("deal", "serious")
        ]
        return (" " if lang == "en" else "").join(sentences)

    def table(self, lang: Language = "en") -> Table:
        """The four questions: the vote, its two halves, the zero line, and the whole crisis."""
        return questions_table(self.found, horizon(self.case.file), lang)

    def tables(self, lang: Language = "en") -> tuple[Table, ...]:
        """The questions, the classes, the ten nearest crises by name, and what is known of this one."""
        made = (
            self.table(lang),
            classes_table(self.classes, lang),
            nearest_table(self.near, lang),
            known_table(self.known, lang),
        )
        return tuple(table for table in made if table.rows)

    def notes(self, lang: Language = "en") -> tuple[str, ...]:
        """Mediation on one line, whether the case is a crisis, what is assumed and has no class, how little is known
        of agreements."""
        keys = [
            "skill",
            "timing",
            "age-told" if self.course.days is not None else "age-assumed",
            "missing",
            "vote",
        ]
        told = [say(f"baserate.note-{key}", lang, days=self.course.days, window=self.window) for key in keys]
        silent = [*self._silent(lang), say("baserate.regime", lang)]
        return (
            *self.comparable(lang),
            *told,
            say("baserate.note-no-class", lang, what=joined(silent, lang)),
            say("baserate.note-source", lang, citation=self.tables_used.citation),
        )

    def comparable(self, lang: Language = "en") -> tuple[str, ...]:
        """What goes with every number made of these crises: mediation, and whether the case is one of them."""
        unsaid = () if self.case.file.crisis is not None else (say("baserate.note-no-crisis", lang),)
        return (mediated_words(self.tables_used, lang), *unsaid)

    def _silent(self, lang: Language) -> list[str]:
        named = {q.id: q.text for q in self.case.file.questions} | {
            s.id: s.name for s in self.case.file.scenarios
        }
        return [say("baserate.quoted", lang, text=named[i].get(lang)) for i in self.silent]

    def plot(self, lang: Language = "en") -> Chart:
        """Each question's chance with its range and zero line."""
        day = day_words(horizon(self.case.file), lang)
        marks = [
            Mark(
                say(f"baserate.asks-{r.question}", lang, day=day),
                r.chance.value,
                r.chance.low,
                r.chance.high,
                r.chance.zero,
            )
            for r in self.found
        ]
        described = "; ".join(f"{m.label}: {percent(m.value)} %" for m in marks)
        return baserate_chart(marks, described, lang)

    def whole(self) -> Mapping[str, object]:
        """The cells, the data they rest on, and the questions without a class."""
        return {"cells": self.cells, "history": self.tables_used.citation, "no_class": list(self.silent)}

    def to_json(self) -> dict[str, object]:
        """The one shape of all results; each row says its ``table``: questions, classes, nearest or known."""
        parts = {"questions": self.found, "classes": self.classes, "nearest": self.near, "known": self.known}
        rows = [{"table": name, **row} for name, part in parts.items() for row in jsonable(part)]
        return {**super().to_json(), "rows": rows}


def baserate(case: Case, *, draws: int = DRAWS, seed: int = 0, icb: Path | str | None = None) -> Baserate:
    """How crises like this one went, by the case's common date, over ``draws`` draws of what stands of it.

    ``icb``: a folder with the user's own ICB files, to which everything is fitted afresh (with the settings that
    ship); the derived tables that ship otherwise.
    """
    asked("baserate", case, draws=draws, seed=seed)
    tables = shipped() if icb is None else tables_of(build(read_history(icb), seed=seed))
    things, came = known_columns(case.file), course(case.file)
    window = max(0, (horizon(case.file) - case.file.as_of).days)
    engine = Engine(tables, things, came, float(window), seed)
    ways = three_ways(case, draws, seed)
    stands = {evidence: patterns(drawn, things, came) for evidence, drawn in ways.items()}
    cells = {e: engine.cells(found) for e, (found, _) in stands.items()}
    by_group = {e: _by_group(ways[e], stands[e][1], cells[e]) for e in ways}
    outer = by_group["all"]
    fullest = Standing(tuple(range(len(things))), True, True)
    values = engine.values(fullest)
    endings, by_class, by_model = engine.endings(values)
    halves = [
        engine.to_cells(part, engine.key(values), fullest).mean(axis=0) for part in (by_class, by_model)
    ]
    # The timing of violence is assumed in every case, its age where the case does not tell it.
    bases = [*(known.basis for known in things), came.since, came.fought, Basis(assumed=True)]
    rests = footing(case, (), entries=bases)
    rows = tuple(
        BaserateRow(
            question=name,
            chance=_chance(rule, cells, stands, ways, outer),
            by_class=float(halves[0][rule].sum()),
            by_model=float(halves[1][rule].sum()),
            whole=_whole(name, endings),
            because=rests.claims,
        )
        for name, rule in zip(NAMES, QUESTIONS, strict=True)
    )
    return Baserate(
        case=case,
        method=say("baserate.method", "en"),
        parameters={
            "draws": draws,
            "window": window,
            "version": tables.version,
            "crises": tables.crises,
            "age": came.days,
            "own_data": icb is not None,
        },
        seed=seed,
        found=rows,
        classes=class_rows(tables, engine, values),
        near=nearest(tables, things, case.file.as_of.year),
        known=known_rows(things, came),
        cells=np.asarray(stands["all"][1].mean(axis=0) @ cells["all"].mean(axis=1)),
        outer=outer,
        by_draw={e: np.asarray(stands[e][1] @ cells[e].mean(axis=1)) for e in ways},
        by_group=by_group,
        silent=no_class(case.file),
        tables_used=tables,
        course=came,
        rests=rests,
        window=window,
    )


def _by_group(drawn: Draws, shares: FloatArray, cells: FloatArray) -> FloatArray:
    """(groups, 9): every outer group's shares of the patterns, by its own set of parameters."""
    moments = drawn.many(shares)
    weight = np.stack([m.means for m in moments], axis=1)
    weight = np.maximum(weight, 0.0)
    weight /= weight.sum(axis=1, keepdims=True)
    sets = np.arange(len(weight)) % cells.shape[1]
    return np.asarray(np.einsum("gp,pgc->gc", weight, cells[:, sets]))


def _chance(
    rule: BoolArray,
    cells: Mapping[Evidence, FloatArray],
    stands: Mapping[Evidence, Patterns],
    ways: Mapping[Evidence, Draws],
    outer: FloatArray,
) -> Chance:
    """A sum of cells with its range over outer groups: the parameters of the history and the grades of the record."""
    series = {e: stands[e][1] @ cells[e][..., rule].sum(axis=-1).mean(axis=1) for e in cells}
    plain = chance_of(series, ways)
    spread = outer[:, rule].sum(axis=1)
    low, high = central_range(
        plain.value, spread, np.full(len(spread), 1 / len(spread)), level=0.90, legal=(0.0, 1.0)
    )
    return replace(plain, low=low, high=high)


def _whole(question: str, endings: FloatArray) -> float | None:
    by_question = {"deal": [3, 4, 5], "serious": [1, 2, 4, 5], "war": [2, 5]}
    return float(endings[:, by_question[question]].sum(axis=1).mean()) if question in by_question else None
