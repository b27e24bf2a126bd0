"""``zopa draft``: documents to a drafted case folder."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zopa.cli.progress import working
from zopa.cli.terminal import (
    ARCHIVE,
    DOCUMENTS,
    PROBLEMS,
    JsonOption,
    LangOption,
    PublishedOption,
    add,
    answer_json,
    print_json,
    put,
    speaking,
    spoken,
    tell,
)
from zopa.cli.usage import WrongUse
from zopa.words import Language, say

if TYPE_CHECKING:
    from zopa.errors import Problem

COUNTED = ("parties", "people", "issues", "agendas", "red_lines", "moves", "judgements", "unknowns")


def register(app: typer.Typer) -> None:
    """Adds the command."""
    add(app, "draft", _draft)


def _draft(
    files: Annotated[list[Path], typer.Argument(help="cli.draft.files", metavar="FILE...")],
    into: Annotated[Path, typer.Option("--into", help="cli.draft.into", metavar="FOLDER")],
    published: PublishedOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    language = spoken(lang)
    for file in files:
        if file.suffix.lower() not in (*DOCUMENTS, ARCHIVE) and not file.is_dir():
            raise WrongUse("no-document", file=file, suffixes=" ".join((*DOCUMENTS, ARCHIVE)))
    with speaking(language, json):
        from zopa.case.folder import read_case
        from zopa.dossier.draft import NothingToDraftError, draft_folder

        unread: list[Problem] = []
        with working(say("cli.draft.working", language), language, quiet=json):
            try:
                folder = draft_folder(files, into, published=published, problems=unread)
            except NothingToDraftError as error:
                _say(unread, language)
                raise WrongUse(f"draft-{error.kind}") from None
            case = read_case(folder)
        found = {name: len(getattr(case.file, name)) for name in COUNTED}
        if json:
            rows = [{"section": name, "entries": n} for name, n in found.items()]
            day = published.isoformat() if published else None
            parameters = {"files": [str(f) for f in files], "published": day, "into": str(into)}
            answer = answer_json("draft", folder.name, rows, parameters=parameters, method="rules")
            print_json({**answer, "ok": not unread, "unread": [p.to_json(language) for p in unread]})
        else:
            _say(unread, language)
            documents = say("cli.read.documents", language, n=len(case.ledger.sources))
            put(say("cli.draft.done", language, folder=folder, documents=documents))
            for name, n in found.items():
                tell(say(f"cli.draft.{name}", language, n=n), "  · ")
            put(say("cli.draft.next", language, folder=folder))
    if unread:
        raise typer.Exit(PROBLEMS)


def _say(problems: "list[Problem]", lang: Language) -> None:
    for problem in problems:
        typer.echo(problem.show(lang), err=True)
