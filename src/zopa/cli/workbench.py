"""``zopa open``: the workbench, as pages on this machine."""

import getpass
from pathlib import Path
from typing import Annotated

import typer

from zopa.cli.terminal import DRAWS, DrawsOption, LangOption, add, speaking, spoken, whole
from zopa.cli.usage import WrongUse

EXAMPLE = "muscat-2026"


def register(app: typer.Typer) -> None:
    """Adds the command."""
    add(app, "open", _open)


def _port(text: str) -> int:
    return whole(text, low=1, high=65535)


def _open(
    case: Annotated[str, typer.Argument(help="cli.open.case", metavar="[CASE]")] = EXAMPLE,
    port: Annotated[
        int | None, typer.Option("--port", help="cli.open.port", metavar="N", parser=_port)
    ] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="cli.open.no-browser")] = False,
    author: Annotated[str | None, typer.Option("--author", help="cli.review.author", metavar="NAME")] = None,
    draws: DrawsOption = DRAWS,
    lang: LangOption = None,
) -> None:
    language = spoken(lang)
    with speaking(language, False):
        from zopa.case.examples import locate, names
        from zopa.web.desk import Desk
        from zopa.web.serve import serve

        folder = locate(case)
        example = not Path(case).exists() and case in names()
        serve(
            Desk(folder, example=example),
            port=port,
            browser=not no_browser,
            author=author or _user(),
            draws=draws,
        )


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise WrongUse("author") from None
