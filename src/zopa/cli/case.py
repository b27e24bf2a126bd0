"""``zopa new``, ``check``, ``format`` and ``schema``: making a case file and keeping it in order."""

import json as json_module
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from zopa.cli.progress import working
from zopa.cli.terminal import (
    PROBLEMS,
    CaseArgument,
    JsonOption,
    LangOption,
    add,
    answer_json,
    failure_json,
    own_folder,
    print_json,
    put,
    speaking,
    spoken,
)
from zopa.cli.usage import WrongUse
from zopa.words import say


def register(app: typer.Typer) -> None:
    """Adds the four commands."""
    add(app, "new", _new)
    add(app, "check", _check)
    add(app, "format", _format)
    add(app, "schema", _schema)


def _new(
    name: Annotated[str, typer.Argument(help="cli.new.folder", metavar="FOLDER")],
    title: Annotated[str | None, typer.Option("--title", help="cli.new.title", metavar="TEXT")] = None,
    from_: Annotated[str | None, typer.Option("--from", help="cli.new.from", metavar="CASE")] = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    if not name.strip():
        raise WrongUse("no-folder")
    if from_ is not None and title is not None:
        raise WrongUse("copy-title")
    language, folder = spoken(lang), Path(name)
    with speaking(language, json):
        from zopa.case.examples import locate
        from zopa.case.new import copy_case, new_case

        if from_ is not None:
            made = copy_case(locate(from_), folder)
        else:
            made = new_case(folder, title=title or folder.resolve().name, as_of=date.today())
        if json:
            parameters = {"title": title, "from": from_}
            print_json(answer_json("new", made.name, [{"folder": str(made)}], parameters=parameters))
        else:
            put(say("cli.new.done", language, folder=made))


def _check(case: CaseArgument, json: JsonOption = False, lang: LangOption = None) -> None:
    language = spoken(lang)
    with speaking(language, json):
        from zopa.case.examples import locate
        from zopa.case.folder import problems
        from zopa.dossier import own_words
        from zopa.forecasting.ledger import verify

        folder = locate(case)
        with working(say("cli.checking", language, what=case), language, quiet=json):
            found = (*problems(folder), *own_words.problems(folder), *verify(folder))
        wrong = sum(problem.severity == "error" for problem in found)
        if json and wrong:
            print_json(failure_json(found, language))
        elif json:
            print_json(answer_json("check", folder.name, [problem.to_json(language) for problem in found]))
        else:
            for problem in found:
                put(problem.show(language) + "\n")
            put(_verdict(case, wrong, len(found) - wrong, language))
        if wrong:
            raise typer.Exit(PROBLEMS)


def _verdict(case: str, wrong: int, warnings: int, lang: str) -> str:
    language = spoken(lang)
    first = say("cli.check.found", language, case=case, n=wrong) if wrong else ""
    if not wrong:
        first = say("cli.check.clean", language, case=case)
    return first + (say("cli.check.warnings", language, n=warnings) if warnings else "")


def _format(
    case: CaseArgument,
    check: Annotated[bool, typer.Option("--check", help="cli.format.check")] = False,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    language = spoken(lang)
    with speaking(language, json):
        from zopa.case.format import format_case

        folder = own_folder(case)
        with working(say("cli.reading", language, file=case), language, quiet=json):
            changed = format_case(folder, write=not check)
        if json:
            print_json(
                answer_json(
                    "format", folder.name, [{"file": name} for name in changed], parameters={"check": check}
                )
            )
        else:
            for name in changed:
                put(say("cli.format.differs" if check else "cli.format.done", language, file=folder / name))
            if not changed:
                put(say("cli.format.same", language, case=case))
        if check and changed:
            raise typer.Exit(PROBLEMS)


def _schema(json: JsonOption = False, lang: LangOption = None) -> None:
    with speaking(spoken(lang), json):
        from zopa.case.schema import schema

        # The schema is JSON already: --json only puts it into the shape of every other answer.
        if json:
            print_json(answer_json("schema", "", [schema()]))
        else:
            put(json_module.dumps(schema(), ensure_ascii=False, indent=2))
