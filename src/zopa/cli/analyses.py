"""One command an analysis, under its own name: ``zopa zone CASE`` is ``zopa.zone(case)``."""

from collections.abc import Callable

import typer

from zopa import ANALYSES
from zopa.cli.progress import working
from zopa.cli.terminal import (
    AsOfOption,
    CaseArgument,
    DrawsOption,
    JsonOption,
    LangOption,
    SeedOption,
    add,
    opened,
    show_result,
    speaking,
    spoken,
)
from zopa.words import say


def register(app: typer.Typer) -> None:
    """Adds a command for every analysis."""
    for name in ANALYSES:
        add(app, name, _command(name))


def _command(name: str) -> Callable[..., None]:
    def command(
        case: CaseArgument,
        as_of: AsOfOption = None,
        draws: DrawsOption = 2000,
        seed: SeedOption = 0,
        json: JsonOption = False,
        lang: LangOption = None,
    ) -> None:
        import zopa

        language = spoken(lang)
        with speaking(language, json):
            with working(say("cli.working", language, what=name), language, quiet=json):
                result = getattr(zopa, name)(opened(case, as_of), draws=draws, seed=seed)
            show_result(result, language, json)

    return command
