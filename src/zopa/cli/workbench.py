"""``zopa open``: the workbench, as pages on this machine, or with a password for others."""

import getpass
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zopa.cli.terminal import DRAWS, DrawsOption, LangOption, add, speaking, spoken, whole
from zopa.cli.usage import WrongUse
from zopa.words import Language, joined, say

if TYPE_CHECKING:
    from zopa.web.serve import Door

PASSWORD = "ZOPA_PASSWORD"
"""Variable of the environment that may hold the password."""
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
    host: Annotated[str, typer.Option("--host", help="cli.open.host", metavar="ADDRESS")] = "127.0.0.1",
    name: Annotated[list[str] | None, typer.Option("--name", help="cli.open.name", metavar="NAME")] = None,
    password_file: Annotated[
        Path | None, typer.Option("--password-file", help="cli.open.password-file", metavar="FILE")
    ] = None,
    draws: DrawsOption = DRAWS,
    lang: LangOption = None,
) -> None:
    language = spoken(lang)
    with speaking(language, False):
        from zopa.case.examples import locate, names
        from zopa.web.desk import Desk
        from zopa.web.serve import serve

        folder = locate(case)
        door = _door(host, tuple(name or ()), password_file, language)
        example = not Path(case).exists() and case in names()
        serve(
            Desk(folder, example=example),
            port=port,
            browser=not no_browser,
            author=author or _user(),
            draws=draws,
            door=door,
        )


def _door(host: str, names: tuple[str, ...], file: Path | None, lang: Language) -> "Door":
    """Where to listen; for other machines only with a password, and with a word on what that means."""
    from zopa.web.password import Password
    from zopa.web.serve import ANY, Door, inward

    if inward(host):
        if names or file is not None:
            raise WrongUse("open-inward", option="--name" if names else "--password-file")
        return Door(host)
    if host in ANY and not names:
        raise WrongUse("open-any", host=host)
    text = _password(file, lang)
    sys.stderr.write(say("cli.open.exposed", lang, host=joined(names, lang) or host) + "\n")
    sys.stderr.flush()
    return Door(host, names, Password(text))


def _password(file: Path | None, lang: Language) -> str:
    """From the file, else the environment, else the keyboard: never from the command line, which others can read."""
    from zopa.web.password import LONGEST, SHORTEST

    if file is not None:
        text = _read(file)
    elif PASSWORD in os.environ:
        text = os.environ[PASSWORD]
    elif sys.stdin.isatty():
        text = getpass.getpass(say("cli.open.password", lang))
    else:
        raise WrongUse("open-password", variable=PASSWORD)
    if not SHORTEST <= len(text) <= LONGEST:
        raise WrongUse("open-short", low=SHORTEST, high=LONGEST)
    return text


def _read(file: Path) -> str:
    try:
        if os.name == "posix" and file.stat().st_mode & 0o077:
            raise WrongUse("open-file-mode", file=file.name)
        return file.read_text(encoding="utf-8").split("\n", 1)[0].rstrip("\r")
    except (OSError, UnicodeDecodeError):
        raise WrongUse("open-file", file=file.name) from None


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise WrongUse("author") from None
