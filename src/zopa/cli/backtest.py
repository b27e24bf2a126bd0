"""``zopa backtest``: the base rate's method, tested on crises that it had not seen."""

from pathlib import Path
from typing import Annotated

import typer

from zopa.cli.help import Command
from zopa.cli.progress import working
from zopa.cli.tables import draw_table
from zopa.cli.terminal import (
    PROBLEMS,
    JsonOption,
    LangOption,
    SeedOption,
    print_json,
    put,
    speaking,
    spoken,
    tell,
)
from zopa.words import say


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("backtest", cls=Command, help="backtest.help", epilog="backtest.example")(_backtest)


def _backtest(
    icb: Annotated[Path, typer.Option("--icb", help="backtest.icb", metavar="FOLDER")],
    shuffles: Annotated[
        int, typer.Option("--shuffles", help="backtest.shuffles", metavar="N", min=1, max=10_000)
    ] = 200,
    seed: SeedOption = 0,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    from zopa.forecasting.backtest import backtest

    language = spoken(lang)
    with speaking(language, json):
        with working(say("backtest.working", language, what=icb), language, quiet=json):
            made = backtest(icb, seed=seed, shuffles=shuffles)
        if json:
            print_json(made.to_json())
        else:
            tell(made.headline(language))
            for table in made.tables(language):
                put("")
                draw_table(table)
            for note in made.notes(language):
                tell(note, "  · ")
    if not made.held:
        raise typer.Exit(PROBLEMS)
