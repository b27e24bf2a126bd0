"""``zopa export``: a case as another program's files."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from zopa.cli.help import Command
from zopa.cli.progress import working
from zopa.cli.terminal import (
    CaseArgument,
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

FORMATS = ("genius", "csv")


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("export", cls=Command, help="export.help", epilog="export.example")(_export)


def _format(text: str) -> str:
    if text not in FORMATS:
        raise WrongUse("export-format", name=text, among=FORMATS)
    return text


def _export(
    case: CaseArgument,
    out: Annotated[Path, typer.Argument(help="export.out", metavar="OUT")],
    format_: Annotated[
        str, typer.Option("--format", help="export.format", metavar="genius|csv", parser=_format)
    ] = "genius",
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    from zopa.case.interop.export import export

    language = spoken(lang)
    with speaking(language, json):
        with working(say("cli.reading", language, file=case), language, quiet=json):
            found = opened(case)
            made = export(found, out, format=cast("ExportFormat", format_), lang=language)
        if json:
            row = {"paths": [str(path) for path in made.paths], "notes": list(made.warnings)}
            print_json(answer_json("export", found.name, [row], parameters={"format": format_}))
            return
        put(say("export.done", language, paths=", ".join(map(str, made.paths))))
        for text in made.told(language):
            tell(say("export.warning", language, text=text), "  ")
