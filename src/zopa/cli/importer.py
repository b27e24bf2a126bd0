"""``zopa import``: case folders from other programs' files."""

from collections.abc import Callable
from datetime import date
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from zopa.cli.help import Command, Group
from zopa.cli.progress import working
from zopa.cli.terminal import (
    JsonOption,
    LangOption,
    add,
    answer_json,
    calendar_day,
    print_json,
    put,
    speaking,
    spoken,
    tell,
)
from zopa.cli.usage import USAGE, WrongUse
from zopa.words import say

FolderArgument = Annotated[Path, typer.Argument(help="cli.import.folder", metavar="FOLDER")]
DomainArgument = Annotated[Path, typer.Argument(help="export.import-folder", metavar="FOLDER")]
TableArgument = Annotated[Path, typer.Argument(help="export.import-table", metavar="TABLE.csv")]
FileArgument = Annotated[Path, typer.Argument(help="cli.import.file", metavar="FILE.json")]
GmcrArgument = Annotated[Path, typer.Argument(help="export.import-gmcr-file", metavar="FILE.gmcr")]
IntoArgument = Annotated[Path, typer.Argument(help="cli.import.into", metavar="CASE")]
DayOption = Annotated[
    date | None, typer.Option("--as-of", help="cli.import.as-of", metavar="YYYY-MM-DD", parser=calendar_day)
]


def register(app: typer.Typer) -> None:
    """Adds ``import`` with a command a format."""
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
    plain = (
        ("geniusweb", DomainArgument, "geniusweb"),
        ("negmas", DomainArgument, "negmas"),
        ("csv", TableArgument, "csv_table"),
        ("gmcr", GmcrArgument, "gmcr"),
    )
    for name, argument, module in plain:
        key = f"export.import-{name}"
        group.command(name, cls=Command, help=key, epilog=f"{key}.example")(_plain(name, argument, module))
    app.add_typer(group, name="import")


def _group(ctx: typer.Context, json: JsonOption = False, lang: LangOption = None) -> None:
    command: Any = ctx.command
    formats = command.list_commands(ctx)
    if json and ctx.invoked_subcommand is not None:
        # `zopa import --json csv …` means what `zopa import csv … --json` means.
        before = ctx.default_map or {}
        ctx.default_map = {**before, **{name: {**before.get(name, {}), "json": True} for name in formats}}
    elif json:
        raise WrongUse("import-format", ctx=ctx, formats=", ".join(formats))
    elif ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help(), err=True)
        raise typer.Exit(USAGE)


def _genius(
    source: FolderArgument,
    into: IntoArgument,
    raw: Annotated[bool, typer.Option("--raw", help="cli.import.raw")] = False,
    as_of: DayOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    from zopa.case.interop.genius import import_genius, without_domain

    made = partial(import_genius, source, into, raw=raw, as_of=as_of)
    _run("genius", source, made, json, lang, as_of, lacking=partial(without_domain, source), raw=raw)


def _conflict(
    source: FileArgument,
    into: IntoArgument,
    name: Annotated[str | None, typer.Option("--name", help="cli.import.name", metavar="NAME")] = None,
    as_of: DayOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    from zopa.case.interop.conflict import import_conflict

    made = partial(import_conflict, source, into, name=name, as_of=as_of)
    _run("conflict", source, made, json, lang, as_of, name=name)


def _plain(kind: str, argument: Any, module: str) -> Callable[..., None]:
    """The command of a format that needs to be told nothing but what to read; its reader is imported when it runs."""

    def command(
        source: Path,
        into: IntoArgument,
        as_of: DayOption = None,
        json: JsonOption = False,
        lang: LangOption = None,
    ) -> None:
        read = getattr(import_module(f"zopa.case.interop.{module}"), f"import_{kind}")
        _run(kind, source, partial(read, source, into, as_of=as_of), json, lang, as_of)

    command.__annotations__["source"] = argument
    return command


def _run(
    kind: str,
    source: Path,
    make: Callable[[], Path],
    as_json: bool,
    lang: str | None,
    as_of: date | None,
    lacking: Callable[[], str | None] = lambda: None,
    **parameters: object,
) -> None:
    language = spoken(lang)
    with speaking(language, as_json):
        with working(say("cli.reading", language, file=source.name), language, quiet=as_json):
            folder = make()
            instead = lacking()
        if as_json:
            row = {"folder": str(folder), **({} if instead is None else {"issues_from": instead})}
            told = {**parameters, "as_of": as_of.isoformat() if as_of else None}
            print_json(answer_json(f"import {kind}", folder.name, [row], parameters=told))
        else:
            # The next step with a domain is to bargain; with a standoff, to look it over.
            done = "conflict" if _is_standoff(folder) else "genius"
            put(say(f"cli.import.{done}.done", language, folder=folder))
            if instead is not None:
                tell(say("interop.genius-no-domain-told", language, file=instead), "  · ")


def _is_standoff(folder: Path) -> bool:
    text = (folder / "case.yaml").read_text(encoding="utf-8")
    return "\nstandoff:" in text
