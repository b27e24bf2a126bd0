"""``zopa record``: the tables of the record, long ones cut unless one is asked for by name."""

import shlex
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from zopa.cli.progress import working
from zopa.cli.tables import draw_table
from zopa.cli.terminal import (
    DRAWS,
    AsOfOption,
    CaseArgument,
    DrawsOption,
    JsonOption,
    LangOption,
    SeedOption,
    add,
    opened,
    print_json,
    put,
    speaking,
    spoken,
    tell,
)
from zopa.cli.usage import WrongUse
from zopa.words import Language, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zopa.result import Table

ROWS = 15
"""Rows shown of a table that was not asked for by name."""
ALL = "all"


def register(app: typer.Typer) -> None:
    """Adds the command."""
    add(app, "record", _record)


def _table(text: str) -> str:
    from zopa.analysis.record import TABLES

    if text not in (*TABLES, ALL):
        raise WrongUse("table", name=text, tables=", ".join((*TABLES, ALL)), among=TABLES)
    return text


def _record(
    case: CaseArgument,
    table: Annotated[
        str | None, typer.Option("--table", help="cli.record.table", metavar="NAME", parser=_table)
    ] = None,
    as_of: AsOfOption = None,
    draws: DrawsOption = DRAWS,
    seed: SeedOption = 0,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    language = spoken(lang)
    with speaking(language, json):
        with working(say("cli.working", language, what="record"), language, quiet=json):
            import zopa

            result = zopa.record(opened(case, as_of), draws=draws, seed=seed)
            answer = result.to_json() if json else {}
            tables = {} if json else result.named_tables(language)
        if json:
            if table not in (None, ALL):
                answer["rows"] = [row for row in _rows(answer) if row["table"] == table]
            print_json(answer)
            return
        tell(result.headline(language))
        again = f"zopa record {shlex.quote(case)}" + (f" --as-of {as_of}" if as_of else "")
        _show(tables, table, again, language)
        for note in result.notes(language):
            tell(note, "  · ")


def _rows(answer: "Mapping[str, object]") -> "list[Mapping[str, object]]":
    rows = answer["rows"]
    return list(rows) if isinstance(rows, list) else []


def _show(tables: "Mapping[str, Table]", wanted: str | None, again: str, lang: Language) -> None:
    """The tables; where none was asked for, the first rows of each, and how to see the rest."""
    if wanted not in (None, ALL, *tables):
        put("")
        put(say("cli.record.empty", lang, name=wanted))
    for name, table in tables.items():
        if wanted not in (None, ALL, name):
            continue
        put("")
        cut = len(table.rows) if wanted else ROWS
        draw_table(replace(table, rows=table.rows[:cut], because=table.because[:cut]))
        left = len(table.rows) - cut
        if left > 0:
            put(say("cli.record.cut", lang, n=left, all=len(table.rows), command=f"{again} --table {name}"))
