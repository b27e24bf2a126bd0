"""The ``zopa`` command: exit code 0, 1 (problems found in the user's files) or 2 (wrong use)."""

import io
import sys
from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import typer
from typer.main import get_command

from zopa import __version__
from zopa.cli import (
    analyses,
    backtest,
    brief,
    case,
    draft,
    exporter,
    importer,
    ledger,
    read,
    record,
    review,
    roles,
    score_reader,
    share,
    sweep,
    whatif,
    workbench,
)
from zopa.cli.help import Group
from zopa.cli.language import language
from zopa.cli.terminal import LangOption, hush, misuse_json, print_json
from zopa.cli.usage import USAGE, UsageError, sentence, where_to_look
from zopa.words import say

STOPPED = 130
"""Exit code after Ctrl-C, as a shell gives it."""


def _version(asked: bool) -> None:
    if asked:
        sys.stdout.write(f"zopa {__version__}\n")
        raise typer.Exit


def _root(
    ctx: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="cli.version")
    ] = False,
    lang: LangOption = None,
) -> None:
    if ctx.invoked_subcommand is None:
        sys.stderr.write(ctx.get_help())
        raise typer.Exit(USAGE)


def build() -> typer.Typer:
    """The application with all its commands."""
    app = typer.Typer(
        name="zopa",
        cls=Group,
        help="cli.zopa",
        epilog="cli.zopa.example",
        invoke_without_command=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    # After the analyses: the record has a command of its own, which takes the place of the common one.
    for module in (
        brief,
        case,
        draft,
        read,
        review,
        score_reader,
        workbench,
        record,
        analyses,
        backtest,
        sweep,
        whatif,
        ledger,
        importer,
        exporter,
        share,
        roles,
    ):
        module.register(app)
    return app


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point; ``arguments`` are those of the shell unless given."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that lacks a character shows its number: better than to stop with an error.
            stream.reconfigure(errors="backslashreplace")
    sys.exit(_run(words))


def _names(command: Any) -> Iterator[tuple[str, list[str]]]:
    """Of every command its name and the names of the commands below it."""
    for name, inner in command.commands.items():
        yield name, list(getattr(inner, "commands", ()))


def _run(words: list[str]) -> int:
    lang = language(words)
    command = get_command(build())
    # The language stands as default of every command's own --lang, so that `zopa --lang zh zone …` works too.
    defaults = {name: {"lang": lang, **{k: {"lang": lang} for k in inner}} for name, inner in _names(command)}
    try:
        code = command.main(words, prog_name="zopa", obj=lang, default_map=defaults, standalone_mode=False)
        sys.stdout.flush()
    except UsageError as error:
        called = next((word for word in words if word in defaults), "")
        message, look = sentence(error, lang), where_to_look(error, called)
        if "--json" in words:
            print_json(misuse_json(message, look))
        else:
            sys.stderr.write(say("cli.wrong", lang, message=message, help=look) + "\n")
        return USAGE
    except BrokenPipeError:
        hush()
        return 0
    except typer.Abort:
        code = STOPPED
    if code == STOPPED:
        sys.stderr.write("\n" + say("cli.stopped", lang) + "\n")
    return code if isinstance(code, int) else 0
