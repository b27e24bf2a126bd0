"""The simulated talks as tables for people."""

from collections.abc import Sequence

from zopa.case.case import Case
from zopa.case.labels import day as day_words
from zopa.case.names import party_name
from zopa.forecasting._simulate_rows import EndingRow, MechanismRow
from zopa.methods.world_board import MECHANISMS
from zopa.result import Table, cell, percent
from zopa.words import Language, say


def row_name(case: Case, row: EndingRow, lang: Language) -> str:
    """What a row is about, in words."""
    file = case.file
    if row.kind in ("question", "event"):
        return next(q.text.get(lang) for q in file.questions if q.id == row.name)
    if row.kind == "scenario":
        return next(s.name.get(lang) for s in file.scenarios if s.id == row.name)
    if row.kind == "cell":
        end, violence = row.name.split("-")
        parts = say(f"simulate.end-{end}", lang), say(f"simulate.violence-{violence}", lang)
        return say("simulate.cell", lang, end=parts[0], violence=parts[1])
    return say(f"simulate.fact-{row.name}", lang, party=", ".join(_regimes(case, lang)))


def _regimes(case: Case, lang: Language) -> list[str]:
    talks = case.file.talks
    return [party_name(case.file, p, lang) for p in (talks.regime_breaks if talks is not None else ())]


def endings_table(case: Case, rows: Sequence[EndingRow], lang: Language) -> Table:
    """What is asked, by when, how likely, without assumptions, without any evidence."""
    columns = tuple(
        say(f"simulate.column-{c}", lang) for c in ("what", "kind", "by", "likely", "cited", "zero")
    )
    cells = tuple(
        (
            row_name(case, row, lang),
            say(f"simulate.kind-{row.kind}", lang),
            day_words(row.by, lang),
            cell(row.chance),
            f"{percent(row.chance.cited)}%",
            f"{percent(row.chance.zero)}%",
        )
        for row in rows
    )
    return Table(say("simulate.caption", lang), columns, cells, tuple(row.because for row in rows))


def cells_table(case: Case, rows: Sequence[EndingRow], lang: Language) -> Table:
    """The joint cells of how it ended and how far violence went."""
    columns = tuple(say(f"simulate.column-{c}", lang) for c in ("cell", "likely", "cited", "zero"))
    cells = tuple(
        (
            row_name(case, row, lang),
            cell(row.chance),
            f"{percent(row.chance.cited)}%",
            f"{percent(row.chance.zero)}%",
        )
        for row in rows
    )
    return Table(say("simulate.caption-cells", lang), columns, cells, tuple(row.because for row in rows))


def mechanisms_table(rows: Sequence[MechanismRow], lang: Language) -> Table:
    """By mechanism, in points, what it adds to every outcome."""
    outcomes = list(dict.fromkeys(row.outcome for row in rows))
    columns = (
        say("simulate.column-mechanism", lang),
        *(say(f"simulate.column-{outcome}", lang) for outcome in outcomes),
    )
    by = {(row.mechanism, row.outcome): row for row in rows}
    there = [name for name in MECHANISMS if (name, *outcomes[:1]) in by]
    cells = tuple(
        (say(f"simulate.mechanism-{name}", lang), *(_points(by[name, outcome]) for outcome in outcomes))
        for name in there
    )
    because = tuple(by[name, outcomes[0]].because for name in there)
    return Table(say("simulate.caption-mechanisms", lang), columns, cells, because)


def _points(row: MechanismRow) -> str:
    """A change in points with its range, "+12 (+9 to +14)" in the neutral form of both languages."""
    return f"{_signed(row.change)} ({_signed(row.low)} … {_signed(row.high)})"


def _signed(value: float) -> str:
    points = round(100 * value)
    return "0" if points == 0 else f"{points:+d}".replace("-", "−")
