"""``zopa judge``, ``resolve`` and ``score``: one's own forecasts, how questions came out, and who was right."""

import getpass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from zopa.cli.progress import working
from zopa.cli.terminal import (
    CaseArgument,
    JsonOption,
    LangOption,
    SeedOption,
    add,
    answer_json,
    calendar_day,
    opened,
    own_folder,
    print_json,
    put,
    show_result,
    speaking,
    spoken,
)
from zopa.cli.usage import WrongUse
from zopa.words import Language, say

if TYPE_CHECKING:
    from zopa.case.case import Case
    from zopa.forecasting._chain import Appended

QuestionArgument = Annotated[str, typer.Argument(help="cli.judge.question", metavar="QUESTION")]
ByOption = Annotated[str | None, typer.Option("--by", help="cli.judge.by", metavar="NAME")]


def register(app: typer.Typer) -> None:
    """Adds the three commands."""
    add(app, "judge", _judge)
    add(app, "resolve", _resolve)
    add(app, "score", _score)


def _judge(
    case: CaseArgument,
    question: QuestionArgument,
    probability: Annotated[str, typer.Argument(help="cli.judge.probability", metavar="P")],
    by: ByOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    language, now = spoken(lang), datetime.now(UTC)
    with speaking(language, json):
        from zopa.forecasting.experts import judge, told
        from zopa.forecasting.ledger import Forecast, record

        meant = _own(case)
        name = _name(by)
        judged = judge(meant, question, probability, by=name, at=now)
        appended = None
        if question in {q.id for q in meant.file.questions}:
            # The ledger keeps whole questions: a forecast of one scenario alone cannot be scored.
            middle = (judged.low + judged.high) / 2
            own = Forecast(question=question, by=name, probability=middle, low=judged.low, high=judged.high)
            appended = record(meant, [own], at=now)
        if json:
            row = {**judged.model_dump(mode="json"), "entry": appended.records[-1].n if appended else None}
            print_json(answer_json("judge", meant.name, [row]))
            return
        text = _text(meant, question, language)
        put(say("cli.judge.done", language, by=name, question=text, told=told(judged, language)))
        _added(appended, language)
        if now.date() > meant.file.as_of:
            put(say("cli.judge.later", language, as_of=meant.file.as_of.isoformat()))
        due = next((q.by for q in meant.file.questions if q.id == question), date.max)
        if now.date() > due:
            put(say("cli.judge.late", language, due=due.isoformat()))


def _resolve(
    case: CaseArgument,
    question: QuestionArgument,
    outcome: Annotated[str, typer.Argument(help="cli.resolve.outcome", metavar="OUTCOME")],
    because: Annotated[str, typer.Option("--because", help="cli.resolve.because", metavar="TEXT")],
    on: Annotated[
        date | None, typer.Option("--on", help="cli.resolve.on", metavar="YYYY-MM-DD", parser=calendar_day)
    ] = None,
    by: ByOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    language, now = spoken(lang), datetime.now(UTC)
    with speaking(language, json):
        from zopa.case.end_state import horizon
        from zopa.case.labels import day
        from zopa.forecasting.ledger import VOID, YES, resolve

        meant = _own(case)
        settled = on or now.date()
        appended = resolve(meant, question, outcome, on=settled, because=because, by=_name(by), at=now)
        if json:
            rows = [{"entry": made.n, **made.content} for made in appended.records]
            print_json(answer_json("resolve", meant.name, rows))
            return
        text = _text(meant, question, language)
        put(
            say(
                "cli.resolve.done",
                language,
                question=text,
                outcome=_outcome(meant, outcome, language),
                day=settled,
            )
        )
        due = next((q.by for q in meant.file.questions if q.id == question), horizon(meant.file))
        if outcome not in (VOID, YES) and settled < due:
            put(say("cli.resolve.early", language, due=day(due, language)))
        _added(appended, language)


def _score(
    case: CaseArgument,
    also: Annotated[list[str] | None, typer.Argument(help="cli.score.also", metavar="[CASE …]")] = None,
    seed: SeedOption = 0,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    language = spoken(lang)
    with speaking(language, json):
        with working(say("cli.working", language, what="score"), language, quiet=json):
            from zopa.forecasting.score import score

            result = score(opened(case), also=[opened(other) for other in also or ()], seed=seed)
        show_result(result, language, json)
        if not json:
            for name, seal in result.parameters["seals"].items():
                entries = result.parameters["entries"][name]
                if entries:
                    put(say("cli.score.seal", language, case=name, n=entries, seal=seal))


def _own(case: str) -> "Case":
    """The case meant, in a folder of the user's own: a shipped example is refused."""
    from zopa.case.folder import read_case

    return read_case(own_folder(case))


def _name(by: str | None) -> str:
    if by is not None and by.strip():
        return by.strip()
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise WrongUse("by") from None


def _text(case: "Case", question: str, lang: Language) -> str:
    file = case.file
    named = {q.id: q.text for q in file.questions} | {s.id: s.name for s in file.scenarios}
    return named[question].get(lang) if question in named else say("cli.resolve.scenarios", lang)


def _outcome(case: "Case", outcome: str, lang: Language) -> str:
    names = {s.id: s.name.get(lang) for s in case.file.scenarios}
    return names.get(outcome) or say(f"cli.resolve.{outcome}", lang)


def _added(appended: "Appended | None", lang: Language) -> None:
    """Which entry of the ledger it is, and what a stopped writer had left."""
    if appended is None:
        put(say("cli.judge.unscored", lang))
        return
    made = appended.records[-1]
    put(say("cli.resolve.entry", lang, n=made.n, seal=made.seal[:16]))
    if appended.torn:
        put(say("cli.resolve.torn", lang))
