"""``zopa sweep``: many forecasts at once, here or on a cluster."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from zopa.cli.help import Command
from zopa.cli.progress import working
from zopa.cli.tables import draw_table
from zopa.cli.terminal import (
    DRAWS,
    PROBLEMS,
    DrawsOption,
    JsonOption,
    LangOption,
    calendar_day,
    positive,
    print_json,
    put,
    speaking,
    spoken,
    tell,
)
from zopa.cli.usage import UsageError, WrongUse
from zopa.words import Language, say

if TYPE_CHECKING:
    from zopa.forecasting.sweep import Sweep
    from zopa.workers import On

KINDS = ("threads", "processes", "dask", "ray")
CLUSTERS = ("dask", "ray")


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("sweep", cls=Command, help="sweep.help", epilog="sweep.example")(_sweep)


def _sweep(
    cases: Annotated[list[str], typer.Argument(help="sweep.cases", metavar="CASE...")],
    out: Annotated[Path, typer.Option("--out", help="sweep.out", metavar="FOLDER")],
    day: Annotated[
        list[date] | None,
        typer.Option("--day", help="sweep.day", metavar="YYYY-MM-DD", parser=calendar_day),
    ] = None,
    first: Annotated[
        date | None, typer.Option("--from", help="sweep.from", metavar="YYYY-MM-DD", parser=calendar_day)
    ] = None,
    last: Annotated[
        date | None, typer.Option("--to", help="sweep.to", metavar="YYYY-MM-DD", parser=calendar_day)
    ] = None,
    step: Annotated[int, typer.Option("--step", help="sweep.step", metavar="N", parser=positive)] = 1,
    variant: Annotated[
        list[str] | None, typer.Option("--variant", help="sweep.variant", metavar="NAME")
    ] = None,
    variants: Annotated[bool, typer.Option("--variants", help="sweep.variants")] = False,
    seeds: Annotated[int, typer.Option("--seeds", help="sweep.seeds", metavar="N", parser=positive)] = 1,
    on: Annotated[str, typer.Option("--on", help="sweep.on", metavar="|".join(KINDS))] = "processes",
    address: Annotated[str | None, typer.Option("--address", help="sweep.address", metavar="ADDRESS")] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", help="sweep.workers", metavar="N", parser=positive)
    ] = None,
    as_stated: Annotated[bool, typer.Option("--as-stated", help="cli.as-stated")] = False,
    plays: Annotated[int, typer.Option("--plays", help="cli.plays", metavar="N", parser=positive)] = 4,
    draws: DrawsOption = DRAWS,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    language = spoken(lang)
    if on not in KINDS:
        raise UsageError(say("sweep.wrong-on", language, name=on, kinds=", ".join(KINDS)))
    if address is not None and on not in CLUSTERS:
        raise UsageError(say("sweep.wrong-address", language, on=on))
    with speaking(language, json):
        days = _days(day or (), first, last, step)
        from zopa.forecasting.sweep import ALL, sweep

        with working(say("sweep.working", language, on=on), language, quiet=json) as told:
            made = sweep(
                cases,
                out=out,
                days=days,
                variants=ALL if variants else tuple(variant or ()),
                seeds=seeds,
                draws=draws,
                plays=plays,
                after_moves=not as_stated,
                on=cast("On", on),
                address=address,
                workers=workers,
                progress=lambda n, total: told(
                    n / max(total, 1), say("sweep.progress", language, n=n, total=total)
                ),
            )
        _show(made, language, json)
    if not made.whole:
        raise typer.Exit(PROBLEMS)


def _days(
    single: Sequence[date], first: date | None, last: date | None, step: int
) -> tuple[date, ...] | None:
    """The days asked for, in order, each once; None where none is named."""
    if (first is None) != (last is None):
        raise WrongUse("missing", what="--to" if last is None else "--from")
    days = set(single)
    if first is not None and last is not None:
        from zopa.forecasting.sweep import days_between

        days |= set(days_between(first, last, step))
    return tuple(sorted(days)) or None


def _show(made: "Sweep", lang: Language, as_json: bool) -> None:
    if as_json:
        print_json(made.to_json())
        return
    tell(made.headline(lang))
    for table in made.tables(lang):
        put("")
        draw_table(table)
    for note in made.notes(lang):
        tell(note, "  · ")
