"""``zopa roles``: an exercise made of a case, and what pairs agreed on in it."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from zopa.cli.help import Command
from zopa.cli.progress import working
from zopa.cli.tables import draw_table
from zopa.cli.terminal import (
    CaseArgument,
    JsonOption,
    LangOption,
    SeedOption,
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

NAMES = ("real", "fictional")


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("roles", cls=Command, help="roles.help", epilog="roles.example")(_roles)


def _names(text: str) -> str:
    if text not in NAMES:
        raise WrongUse("names", name=text, among=NAMES)
    return text


def _roles(
    case: CaseArgument,
    out: Annotated[Path, typer.Option("--out", help="roles.out", metavar="FOLDER")] = Path("roles"),
    names: Annotated[
        str, typer.Option("--names", help="roles.names", metavar="real|fictional", parser=_names)
    ] = "real",
    results: Annotated[
        Path | None, typer.Option("--results", help="roles.results-option", metavar="RESULTS.csv")
    ] = None,
    seed: SeedOption = 0,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    from zopa.brief.roles_results import cells, summary
    from zopa.brief.roles_write import roles
    from zopa.result import Table

    language = spoken(lang)
    with speaking(language, json):
        with working(say("cli.working", language, what=case), language, quiet=json):
            found = opened(case)
            made = roles(
                found, out, lang=language, fictional=names == "fictional", results=results, seed=seed
            )
        if json:
            rows = [asdict(result) for result in made.results] or [{"path": str(p)} for p in made.paths]
            parameters = {"names": names, "files": [str(path) for path in made.paths]}
            print_json(answer_json("roles", found.name, rows, parameters=parameters, seed=seed))
            return
        if made.results:
            tell(summary(made.results, language))
            heads, rows_ = cells(made.game, made.results, language)
            put("")
            caption = say("roles.results", language)
            draw_table(Table(caption, tuple(heads), tuple(rows_), tuple(() for _ in rows_)))
        for path in made.paths:
            put(say("roles.written", language, path=path))
