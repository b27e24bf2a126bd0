"""The tables of the influence analysis, in words."""

from collections.abc import Sequence
from typing import cast

from zopa.analysis._influence_rows import InfluenceRow, Level, SpreadRow
from zopa.case.case import Case
from zopa.case.names import issue_name, option_name, party_name
from zopa.result import Chance, Table, cell, percent
from zopa.words import Language, say

Cells = tuple[str, ...]


def models_table(
    case: Case, issues: Sequence[str], rows: Sequence[tuple[InfluenceRow, InfluenceRow]], lang: Language
) -> Table:
    """Each model's outcome, and the option it lies nearest to most often: both from its rows."""

    def cells(pair: tuple[InfluenceRow, InfluenceRow]) -> Cells:
        row, near = pair
        at, own = cast("Level", row.position), cast("Chance", near.chance)
        return (
            say(f"influence.model-{row.measure}", lang),
            f"{number(at.value)} ({number(at.low)}–{number(at.high)})",
            number(at.zero),
            f"{number(at.least)}–{number(at.most)}",
            f"{number(at.zero_least)}–{number(at.zero_most)}",
            f"{option_name(case.file, row.issue, near.option or '', lang)} {cell(own)}",
            f"{percent(own.zero)}%",
        )

    heads = ("model", "position", "zero", "draws", "zero", "nearest", "zero")
    told = [(row.issue, cells((row, near)), row.because) for row, near in rows]
    return _table(case, "", issues, heads, told, lang)


def positions_table(case: Case, issues: Sequence[str], rows: Sequence[InfluenceRow], lang: Language) -> Table:
    """Who stands where, and with what share of the weight."""

    def cells(row: InfluenceRow) -> Cells:
        levels = (*_level_cells(row.position, lang), *_level_cells(row.weight, lang))
        return (party_name(case.file, row.actor or "", lang), *levels)

    heads = ("actor", "stands", "zero", "weight", "zero")
    told = [(row.issue, cells(row), row.because) for row in rows]
    return _table(case, "-actors", issues, heads, told, lang)


def pulls_table(case: Case, issues: Sequence[str], rows: Sequence[InfluenceRow], lang: Language) -> Table:
    """How far each actor pulls the compromise outcome, and how often nobody pulls harder."""

    def cells(row: InfluenceRow) -> Cells:
        own, pull = cast("Chance", row.chance), _level_cells(row.pull, lang, "+")
        return (party_name(case.file, row.actor or "", lang), *pull, cell(own), f"{percent(own.zero)}%")

    heads = ("actor", "pull", "zero", "hardest", "zero")
    told = [(row.issue, cells(row), row.because) for row in rows]
    return _table(case, "-pulls", issues, heads, told, lang)


def _level_cells(at: Level | None, lang: Language, sign: str = "") -> tuple[str, str]:
    """The mean of the draws with their range, and its zero line."""
    assert at is not None
    mark = say("influence.to", lang) if sign else "–"
    ends = f"{number(at.least, sign)}{mark}{number(at.most, sign)}"
    return f"{number(at.value, sign)} ({ends})", number(at.zero, sign)


def rounds_table(case: Case, issues: Sequence[str], rows: Sequence[SpreadRow], lang: Language) -> Table:
    """The expected-utility model by round and by reading of the model."""

    def cells(row: SpreadRow) -> Cells:
        name = f"influence.{row.choice}" if row.choice else "influence.round"
        bands = (row.winner, row.winner_zero, row.mean, row.mean_zero)
        return (say(name, lang, n=row.round), *(band(found) for found in bands))

    heads = ("round", "winner", "zero", "round-mean", "zero")
    told = [(row.issue, cells(row), row.because) for row in rows]
    return _table(case, "-rounds", issues, heads, told, lang)


def number(value: float, sign: str = "") -> str:
    """A place on the scale, or with ``sign`` "+" a shift along it: "0.54", "+0.02", "−0.05", "0.00"."""
    told = round(value, 2)
    return "0.00" if told == 0 else format(told, f"{sign}.2f").replace("-", "−")


def band(found: tuple[float, float, float]) -> str:
    """A median with the range of the draws: "0.60 (0.10–0.94)"."""
    return f"{number(found[1])} ({number(found[0])}–{number(found[2])})"


def _table(
    case: Case,
    name: str,
    issues: Sequence[str],
    heads: Sequence[str],
    rows: Sequence[tuple[str, Cells, tuple[str, ...]]],
    lang: Language,
) -> Table:
    """One table on all issues; the issue stands in the caption where there is one, else in a column of its own."""
    columns = tuple(say(f"influence.column-{head}", lang) for head in heads)
    because = tuple(claims for _, _, claims in rows)
    caption = say(f"influence.caption{name}", lang)
    if len(issues) > 1:
        columns = (say("influence.column-issue", lang), *columns)
        cells = tuple((issue_name(case.file, issue, lang), *told) for issue, told, _ in rows)
        return Table(caption, columns, cells, because)
    options = case.file.issues[issues[0]].options
    told_of = say(
        "influence.caption-issue",
        lang,
        issue=issue_name(case.file, issues[0], lang),
        caption=caption,
        first=options[0].name.get(lang),
        last=options[-1].name.get(lang),
    )
    return Table(told_of, columns, tuple(told for _, told, _ in rows), because)
