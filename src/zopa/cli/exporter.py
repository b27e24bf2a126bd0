"""``zopa export``: a case as another program's files."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from zopa.cli.help import Command
from zopa.cli.progress import working
from zopa.cli.terminal import (
    JsonOption,
    LangOption,
    answer_json,
    opened,
    print_json,
    put,
    speaking,
    spoken,
    tell,
)
from zopa.cli.usage import WrongUse
from zopa.words import say

if TYPE_CHECKING:
    from zopa.case.interop.export import ExportFormat

FORMATS = ("genius", "csv", "conflict", "gmcr", "states", "graphml", "dot")


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("export", cls=Command, help="export.help", epilog="export.example")(_export)


def _format(text: str) -> str:
    if text not in FORMATS:
        raise WrongUse("export-format", name=text, formats=", ".join(FORMATS), among=FORMATS)
    return text


def _export(
    first: Annotated[str, typer.Argument(help="export.first", metavar="[FORMAT]")],
    second: Annotated[str, typer.Argument(help="export.case", metavar="CASE")],
    third: Annotated[str | None, typer.Argument(help="export.out", metavar="OUT")] = None,
    format_: Annotated[
        str | None, typer.Option("--format", help="export.format", metavar="FORMAT", parser=_format)
    ] = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    from zopa.case.interop.export import export

    language = spoken(lang)
    with speaking(language, json):
        case, out, kind = _meant(first, second, third, format_)
        with working(say("cli.reading", language, file=case), language, quiet=json):
            found = opened(case)
            made = export(found, out, format=cast("ExportFormat", kind), lang=language)
        if json:
            row = {"paths": [str(path) for path in made.paths], "notes": list(made.warnings)}
            print_json(answer_json("export", found.name, [row], parameters={"format": kind}))
            return
        put(say("export.done", language, paths=", ".join(map(str, made.paths))))
        for text in made.told(language):
            tell(say("export.warning", language, text=text), "  ")


def _meant(first: str, second: str, third: str | None, option: str | None) -> tuple[str, Path, str]:
    """Case, target and format: ``gmcr CASE OUT``, or ``CASE OUT`` with the option, which came first and stays."""
    if third is None:
        return first, Path(second), option or "genius"
    if option is not None:
        raise WrongUse("extra", what=first)
    return second, Path(third), _format(first)
