"""``zopa import``: case folders from other programs' files."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from zopa.cli.help import Group
from zopa.cli.terminal import JsonOption, LangOption, add, answer_json, print_json, put, speaking, spoken
from zopa.cli.usage import USAGE
from zopa.words import say

FolderArgument = Annotated[Path, typer.Argument(help="cli.import.folder", metavar="FOLDER")]
FileArgument = Annotated[Path, typer.Argument(help="cli.import.file", metavar="FILE.json")]
IntoArgument = Annotated[Path, typer.Argument(help="cli.import.into", metavar="CASE")]


def register(app: typer.Typer) -> None:
    """Adds ``import genius`` and ``import conflict``."""
    group = typer.Typer(
        cls=Group,
        help="cli.import",
        epilog="cli.import.example",
        invoke_without_command=True,
        rich_markup_mode=None,
    )
    group.callback()(_group)
    add(group, "genius", _genius, key="import.genius")
    add(group, "conflict", _conflict, key="import.conflict")
    app.add_typer(group, name="import")


def _group(ctx: typer.Context, lang: LangOption = None) -> None:
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help(), err=True)
        raise typer.Exit(USAGE)


def _genius(
    source: FolderArgument,
    into: IntoArgument,
    raw: Annotated[bool, typer.Option("--raw", help="cli.import.raw")] = False,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    from zopa.case.interop.genius import import_genius

    _run("genius", lambda: import_genius(source, into, raw=raw), json, lang, raw=raw)


def _conflict(
    source: FileArgument,
    into: IntoArgument,
    name: Annotated[str | None, typer.Option("--name", help="cli.import.name", metavar="NAME")] = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    from zopa.case.interop.conflict import import_conflict

    _run("conflict", lambda: import_conflict(source, into, name=name), json, lang, name=name)


def _run(kind: str, make: Callable[[], Path], as_json: bool, lang: str | None, **parameters: object) -> None:
    language = spoken(lang)
    with speaking(language, as_json):
        folder = make()
        if as_json:
            row = {"folder": str(folder)}
            print_json(answer_json(f"import {kind}", folder.name, [row], parameters=parameters))
        else:
            put(say(f"cli.import.{kind}.done", language, folder=folder))
