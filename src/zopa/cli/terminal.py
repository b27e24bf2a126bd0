"""What every command shares: its options, the one JSON shape, tables, and the exit code of a problem."""

import json
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zopa.cli.help import WIDEST, Command, wrapped
from zopa.cli.language import language
from zopa.cli.progress import working
from zopa.cli.tables import draw_table
from zopa.cli.usage import WrongUse
from zopa.errors import Problem, ZopaError, width
from zopa.words import LANGUAGES, Language, say

if TYPE_CHECKING:
    from zopa.case.case import Case
    from zopa.result import Result

PROBLEMS = 1
"""Exit code where problems were found in the user's files."""
DRAWS, FEWEST_DRAWS, MOST_DRAWS = 12_000, 50, 1_000_000
"""Draws by default, as in Python; an interval needs two outer groups of them; more than the most fit no memory."""
DOCUMENTS = (".txt", ".md", ".html", ".htm", ".xhtml", ".pdf", ".docx")
"""Kinds of files that can be read."""
ARCHIVE = ".zip"
"""The kind of file that holds many of them."""


def add(app: typer.Typer, name: str, command: Any, *, key: str | None = None) -> None:
    """Adds a command under a name; its help and example are the catalogue's ``cli.KEY`` and ``cli.KEY.example``."""
    key = key or name
    app.command(name, cls=Command, help=f"cli.{key}", epilog=f"cli.{key}.example")(command)


# -- options ---------------------------------------------------------------------------------------------------------


def _known_language(text: str) -> str:
    if text not in LANGUAGES:
        raise WrongUse("lang", name=text, among=LANGUAGES)
    return text


def calendar_day(text: str) -> date:
    """A day given on the command line."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongUse("day", day=text) from None


def _seed(text: str) -> int:
    return whole(text, low=0, high=2**63 - 1)


def _draws(text: str) -> int:
    return whole(text, low=FEWEST_DRAWS, high=MOST_DRAWS)


def positive(text: str) -> int:
    """A whole number from 1 on."""
    return whole(text, low=1, high=2**31 - 1)


def whole(text: str, *, low: int, high: int) -> int:
    """A whole number between two others."""
    # Typer hands a default through the parser too.
    value = int(text) if str(text).isdecimal() and len(str(text)) < 20 else -1
    if not low <= value <= high:
        raise WrongUse("number", text=text, low=low, high=high)
    return value


CaseArgument = Annotated[str, typer.Argument(help="cli.case", metavar="CASE")]
JsonOption = Annotated[bool, typer.Option("--json", help="cli.json")]
LangOption = Annotated[
    str | None, typer.Option("--lang", help="cli.lang", metavar="zh|en", parser=_known_language)
]
SeedOption = Annotated[int, typer.Option("--seed", help="cli.seed", metavar="N", parser=_seed)]
DrawsOption = Annotated[int, typer.Option("--draws", help="cli.draws", metavar="N", parser=_draws)]
AfterMovesOption = Annotated[bool, typer.Option("--after-moves", help="cli.after-moves")]
AsOfOption = Annotated[
    date | None, typer.Option("--as-of", help="cli.as-of", metavar="YYYY-MM-DD", parser=calendar_day)
]
PublishedOption = Annotated[
    date | None, typer.Option("--published", help="cli.published", metavar="YYYY-MM-DD", parser=calendar_day)
]


def spoken(lang: str | None) -> Language:
    """The language of the answer: the one asked for, else the environment's."""
    return "zh" if lang == "zh" else "en" if lang == "en" else language(())


def opened(case: str, as_of: date | None = None) -> "Case":
    """The case meant on the command line, on the record of an earlier day where one is given."""
    from zopa.case.examples import open_case

    found = open_case(case)
    return found if as_of is None else found.as_of(as_of)


def own_folder(case: str) -> Path:
    """The case folder meant, to be written to; a shipped example is refused, so that it stays what it is."""
    from zopa.case.examples import locate, names

    if not Path(case).exists() and case in names():
        raise WrongUse("example", name=case)
    return locate(case)


# -- answers ---------------------------------------------------------------------------------------------------------


def put(text: str) -> None:
    """One line of the answer."""
    sys.stdout.write(f"{text}\n")


def tell(text: str, indent: str = "") -> None:
    """A sentence of the answer: wrapped on a terminal, in one line when piped."""
    columns = min(shutil.get_terminal_size().columns, WIDEST) if sys.stdout.isatty() else 0
    first, rest = indent, " " * width(indent)
    for k, line in enumerate(wrapped(text, columns - width(indent)) if columns else [text]):
        put((rest if k else first) + line)


def print_json(value: object) -> None:
    """One JSON document on standard output, readable as it stands in both languages."""
    put(json.dumps(value, ensure_ascii=False, indent=2))


def answer_json(
    command: str,
    case: str,
    rows: Sequence[object],
    *,
    parameters: Mapping[str, object] | None = None,
    method: str = "",
    seed: int = 0,
) -> dict[str, object]:
    """The one shape of an answer, for commands that are no analysis."""
    shape = {
        "ok": True,
        "command": command,
        "case": case,
        "method": method,
        "parameters": dict(parameters or {}),
    }
    return {**shape, "seed": seed, "rows": list(rows)}


def failure_json(problems: Iterable[Problem], lang: Language) -> dict[str, object]:
    """The one shape of a failure."""
    return {"ok": False, "errors": [problem.to_json(lang) for problem in problems]}


def misuse_json(message: str, hint: str) -> dict[str, object]:
    """Wrong use, or a refusal of the system, in the one shape of a failure."""
    place = dict.fromkeys(("file", "line", "start", "stop"))
    return {
        "ok": False,
        "errors": [{"code": "usage", "severity": "error", **place, "message": message, "hint": hint}],
    }


@contextmanager
def speaking(lang: Language, as_json: bool) -> Iterator[None]:
    """Turns problems of the user's files into the one failure shape or located text, and exit code 1."""
    try:
        yield
    except ZopaError as error:
        _tell(error.problems, lang, as_json)
        raise typer.Exit(PROBLEMS) from None
    except BrokenPipeError:
        # The reader went away (`zopa record … | head`): nothing is wrong.
        hush()
        raise typer.Exit(0) from None
    except OSError as error:
        if error.filename is None:
            raise
        from zopa.claims.files import reason
        from zopa.errors import Place

        name = str(error.filename)
        problem = Problem("file-unreadable", Place(name), {"name": Path(name).name, "reason": reason(error)})
        _tell((problem,), lang, as_json)
        raise typer.Exit(PROBLEMS) from None


def _tell(problems: Sequence[Problem], lang: Language, as_json: bool) -> None:
    if as_json:
        print_json(failure_json(problems, lang))
    else:
        sys.stderr.write("\n".join(problem.show(lang) for problem in problems) + "\n")


def hush() -> None:
    """Lets what is still to be written to a closed pipe go nowhere."""
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


def show_result(result: "Result", lang: Language, as_json: bool) -> None:
    """A result as a person or a program wants it."""
    if as_json:
        print_json(result.to_json())
        return
    with working(say("cli.working", lang, what=result.name), lang):
        headline, tables, notes = result.headline(lang), result.tables(lang), result.notes(lang)
    tell(headline)
    for table in tables:
        put("")
        draw_table(table)
    for note in notes:
        tell(note, "  · ")
