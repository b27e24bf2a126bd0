"""What do those who know the matter expect? Every forecast found, by voice and stake, and what the stakeless add up to.

Words are read as ranges, by the one table of probability words. A forecast of a party or of its ally is a move: it is
shown and never pooled. The rest is pooled on each question by the geometric mean of odds, each voice once, alike until
somebody's own record of at least 20 resolved questions says otherwise, and taken into joint cells by the least change
of a prior that gives them (minimum relative entropy).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from zopa.case.case import DRAWS, Case
from zopa.case.draws import Evidence
from zopa.case.names import party_name
from zopa.charts.chart import Chart
from zopa.charts.experts import Mark, experts_chart
from zopa.claims.lines import Said, shown, suggestion
from zopa.dossier.lexicon import word_ranges
from zopa.errors import CaseFileError
from zopa.estimate import UNIT, EstimateError, parse
from zopa.forecasting._judged_cells import Asked, by_group, chance_of_cells, judged_cells
from zopa.forecasting._scored import POOL, tally, weights_by_record
from zopa.forecasting._voices import (
    Foreseen,
    Judged,
    add_judgement,
    cell_questions,
    foreseen,
    read_judgements,
)
from zopa.forecasting.ledger import read_book
from zopa.methods.end_states import CELLS
from zopa.methods.problem import FloatArray
from zopa.result import Chance, Result, Table, asked, chance_words, ends, percent, three_ways
from zopa.words import LANGUAGES, Language, joined, say


@dataclass(frozen=True, slots=True)
class ExpertsRow:
    """What the disinterested expect of one question: its chance, the same ``at_their_word`` (were all rightly quoted),
    and of how many voices that is made."""

    question: str
    chance: Chance
    at_their_word: float
    voices: int
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ForecastRow:
    """One forecast as it was found; ``use`` is ``pooled`` or says why it is shown only. ``weight`` among the pooled."""

    id: str
    source: str
    who: Mapping[str, str]
    voice: str
    party: str | None
    stake: str
    question: str | None
    words: Mapping[str, str]
    low: float | None
    high: float | None
    on: str | None
    use: str
    weight: float | None
    because: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class Experts(Result):
    """Forecasts that people made, and the pool of those without a stake."""

    found: tuple[ExpertsRow, ...]
    forecasts: tuple[ForecastRow, ...]
    cells: FloatArray
    """(9,) the joint cells of end and violence."""
    outer: FloatArray
    """(groups, 9) the same in every outer group: readings of words and grades."""
    by_draw: Mapping[Evidence, FloatArray] = field(repr=False)
    """(draws, 9) by way to draw."""
    by_group: Mapping[Evidence, FloatArray] = field(repr=False)
    """(groups, 9) by way to draw."""
    prior: FloatArray

    @property
    def takes_part(self) -> bool:
        """Whether any forecast can be pooled; without one the cells are the prior."""
        return bool(self.found)

    def rows(self) -> tuple[ExpertsRow, ...]:
        """The questions that a disinterested forecast speaks of, in the order of the case."""
        return self.found

    def headline(self, lang: Language = "en") -> str:
        """What the disinterested expect of the first question, and how many forecasts are moves."""
        moves = sum(f.use in ("party", "ally") for f in self.forecasts)
        apart = say("experts.moves", lang, n=moves) if moves else ""
        if not self.forecasts:
            return say("experts.nothing", lang)
        if not self.found:
            return say("experts.none-pooled", lang, n=len(self.forecasts)) + apart
        row = self.found[0]
        key = f"experts.headline-{row.chance.verdict}"
        return say(key, lang, **self._values(row, lang)) + apart

    def _values(self, row: ExpertsRow, lang: Language) -> Mapping[str, object]:
        return {
            "question": self._question(row.question, lang),
            "chance": chance_words(row.chance, lang),
            "value": percent(row.chance.value),
            "word": percent(row.at_their_word),
            "voices": say("experts.voices", lang, n=row.voices),
            "zero": percent(row.chance.zero),
        }

    def _question(self, id_: str | None, lang: Language) -> str:
        file = self.case.file
        named = {q.id: q.text for q in file.questions} | {s.id: s.name for s in file.scenarios}
        return named[id_].get(lang) if id_ in named else "—"

    def table(self, lang: Language = "en") -> Table:
        """Each question with what is expected of it."""
        columns = ("question", "chance", "word", "at-their-word", "zero", "cited", "out", "voices")
        rows = tuple(
            (
                self._question(r.question, lang),
                f"{percent(r.chance.value)}% ({ends(r.chance.low, r.chance.high)})",
                say(f"result.{r.chance.band}", lang),
                f"{percent(r.at_their_word)}%",
                f"{percent(r.chance.zero)}%",
                f"{percent(r.chance.cited)}%",
                ends(r.chance.lowest, r.chance.highest) + "%",
                str(r.voices),
            )
            for r in self.found
        )
        return _table("pooled", columns, rows, [r.because for r in self.found], lang)

    def tables(self, lang: Language = "en") -> tuple[Table, ...]:
        """The questions, then every forecast, those that are moves or otherwise only shown with the reason."""
        columns = ("who", "words", "range", "question", "on", "use", "weight")
        rows = tuple(
            (
                f.who[lang] + (f" ({party_name(self.case.file, f.party, lang)})" if f.party else ""),
                f.words[lang],
                "—" if f.low is None or f.high is None else _range(f.low, f.high),
                self._question(f.question, lang),
                f.on or "—",
                say(f"experts.use-{f.use}", lang),
                "—" if f.weight is None else f"{f.weight:.2f}",
            )
            for f in self.forecasts
        )
        every = _table("all", columns, rows, [f.because for f in self.forecasts], lang)
        return tuple(table for table in (self.table(lang), every) if table.rows) or (self.table(lang),)

    def notes(self, lang: Language = "en") -> tuple[str, ...]:
        """How words are read, what is pooled and how, and what is not known of the forecasters."""
        return tuple(
            say(f"experts.note-{name}", lang) for name in ("words", "moves", "voices", "date", "prior")
        )

    def plot(self, lang: Language = "en") -> Chart:
        """Each question's chance, and below it every forecast that speaks of it."""
        marks: list[Mark] = []
        for row in self.found:
            c = row.chance
            label = self._question(row.question, lang)
            marks.append(Mark(label, c.value, c.low, c.high, c.zero, strong=True))
            for f in self.forecasts:
                if f.question == row.question and f.low is not None and f.high is not None:
                    use = (
                        ""
                        if f.use == "pooled"
                        else say("experts.chart-use", lang, use=say(f"experts.use-{f.use}", lang))
                    )
                    middle = (f.low + f.high) / 2
                    marks.append(Mark(f"{f.who[lang]}{use}", middle, f.low, f.high, c.zero, strong=False))
        described = "; ".join(say("experts.described", lang, **self._values(r, lang)) for r in self.found)
        return experts_chart(marks, described or say("experts.nothing", lang), lang)

    def whole(self) -> Mapping[str, object]:
        """The cells, and the prior they started from."""
        return {"cells": self.cells, "prior": self.prior}

    def to_json(self) -> dict[str, object]:
        """The one shape of all results; each row says its ``table``: pooled (questions) or forecasts."""
        from zopa.result import jsonable

        tables = {"pooled": jsonable(self.found), "forecasts": jsonable(self.forecasts)}
        rows = [{"table": name, **row} for name, found in tables.items() for row in found]
        return {**super().to_json(), "rows": rows}


def _range(low: float, high: float) -> str:
    first, last = f"{100 * low:.0f}", f"{100 * high:.0f}"
    return f"{first}%" if first == last else f"{first}–{last}%"


def _table(
    name: str,
    columns: Sequence[str],
    rows: tuple[tuple[str, ...], ...],
    because: Sequence[tuple[str, ...]],
    lang: Language,
) -> Table:
    heads = tuple(say(f"experts.column-{c}", lang) for c in columns)
    return Table(say(f"experts.caption-{name}", lang), heads, rows, tuple(because))


def experts(
    case: Case,
    *,
    draws: int = DRAWS,
    seed: int = 0,
    prior: Sequence[float] | FloatArray | None = None,
    own: Sequence[Judged] | None = None,
    weights: Mapping[str, float] | None = None,
) -> Experts:
    """Every forecast that people made, and the pool of those without a stake, over ``draws`` draws.

    ``prior``: the nine joint cells that what is said moves, all alike unless given. ``own``: users' own forecasts,
    those of the case folder unless given; ``weights`` of users by name, from the case's ledger unless given.
    """
    asked("experts", case, draws=draws, seed=seed)
    base = np.full(CELLS, 1 / CELLS) if prior is None else np.asarray(prior, dtype=np.float64)
    if base.shape != (CELLS,) or (base <= 0).any() or abs(base.sum() - 1) > 1e-6:
        raise ValueError(
            f"experts: prior must be {CELLS} probabilities above 0 that sum to one, not {prior!r}"
        )
    if own is None:
        own = read_judgements(case.folder)
    if weights is None:
        weights = _weights(case)
    every, cells = foreseen(case, own), cell_questions(case)
    pooled = [entry for entry in every if entry.use == "pooled"]
    heard = {f"desk/{name}": weight for name, weight in weights.items()}
    questions = Asked.about(pooled, cells)
    ways = three_ways(case, draws, seed)
    made: dict[Evidence, FloatArray] = {
        way: judged_cells(drawn, pooled, questions, prior=base, weights=heard) for way, drawn in ways.items()
    }
    by_id = case.ledger.by_id
    origins = dict.fromkeys(by_id[c].origin for entry in pooled for c in entry.because)
    without = [
        judged_cells(ways["all"], pooled, questions, prior=base, weights=heard, off=origin)
        for origin in origins
    ]
    trusted = judged_cells(
        ways["all"], pooled, questions, prior=base, weights=heard, at_their_word=True
    ).mean(axis=0)
    rows = []
    for question, rule in cells.items():
        here = [entry for entry in pooled if entry.question == question]
        if here:
            rows.append(
                ExpertsRow(
                    question=question,
                    chance=chance_of_cells(rule, made, without, ways["all"]),
                    at_their_word=float(trusted[rule].sum()),
                    voices=len({entry.voice for entry in here}),
                    because=tuple(dict.fromkeys(c for entry in here for c in entry.because)),
                )
            )
    grouped = {e: by_group(cells_, ways[e]) for e, cells_ in made.items()}
    return Experts(
        case=case,
        method=say("experts.method", "en"),
        parameters={"draws": draws, "forecasts": len(every), "pooled": len(pooled), "weights": dict(weights)},
        seed=seed,
        found=tuple(rows),
        forecasts=tuple(_row(entry, heard) for entry in every),
        cells=made["all"].mean(axis=0),
        outer=grouped["all"],
        by_draw=made,
        by_group=grouped,
        prior=base,
    )


def _weights(case: Case) -> Mapping[str, float]:
    """Weights of users by their record in the case's own ledger, as it stood on the day of the case."""
    if case.folder is None:
        return {}
    book = read_book(case.folder).as_of(case.file.as_of)
    return weights_by_record(tally({case.name: book}).questions)


def _row(entry: Foreseen, weights: Mapping[str, float]) -> ForecastRow:
    return ForecastRow(
        id=entry.id,
        source=entry.source,
        who={lang: entry.who.get(lang) for lang in LANGUAGES},
        voice=entry.voice,
        party=entry.party,
        stake=entry.stake,
        question=entry.question,
        words={lang: entry.words.get(lang) for lang in LANGUAGES},
        low=entry.low,
        high=entry.high,
        on=entry.on.isoformat() if entry.on is not None else None,
        use=entry.use,
        weight=weights.get(entry.voice, 1.0) if entry.use == "pooled" else None,
        because=entry.because,
    )


# ---- a user's own forecast -------------------------------------------------------------------------------------------


TAKEN = frozenset({POOL, "baserate", "experts", "simulate"})
"""Names under which the ledger keeps forecasts of zopa's own."""


def judge(case: Case, question: str, probability: float | str, *, by: str, at: datetime) -> Judged:
    """Write down a user's own forecast of a question, made at a time (with its zone); on disk when this returns.

    ``probability``: a number, ``"0.1 to 0.3"``, or a word of the table of probability words, such as ``"unlikely"`` or
    「很可能」, which stands for its range. ``CaseFileError`` tells a question the case does not ask, or no probability.
    """
    if case.folder is None:
        raise ValueError("judge: a case without a folder keeps no judgements: open it with zopa.open_case")
    if at.tzinfo is None or not by.strip():
        raise ValueError(f"judge: by must name somebody and at say its time zone, not {by!r} and {at!r}")
    if by.strip().casefold() in TAKEN:
        raise CaseFileError.of("judge-name", name=by.strip())
    known = (*(q.id for q in case.file.questions), *(s.id for s in case.file.scenarios))
    if question not in known:
        raise CaseFileError.of(
            "dangling-id",
            kind=Said("checks.kind-prediction"),
            name=question,
            closest=suggestion(question, known),
        )
    low, high, words = range_of(probability)
    judged = Judged(by=by.strip(), at=at, question=question, low=low, high=high, words=words)
    read_judgements(case.folder)
    add_judgement(case.folder, judged)
    return judged


def range_of(probability: float | str) -> tuple[float, float, str | None]:
    """The range that a number, an estimate or a word of probability stands for, and the word where it is one."""
    text = probability.strip() if isinstance(probability, str) else probability
    if isinstance(text, str):
        for lang in LANGUAGES:
            found = word_ranges(lang).get(text.casefold())
            if found is not None:
                return (*found, text)
    try:
        estimate = parse(text, UNIT)
    except EstimateError:
        raise CaseFileError.of("judge-probability", value=shown(str(text))) from None
    if not estimate.known:
        raise CaseFileError.of("judge-probability", value=shown(str(text)))
    low, high = estimate.params if estimate.shape == "range" else estimate.span(UNIT)
    return low, high, None


def told(judged: Judged, lang: Language) -> str:
    """A user's forecast in one phrase: its words where it was given in words, and its range."""
    return joined([*([judged.words] if judged.words else []), _range(judged.low, judged.high)], lang)
