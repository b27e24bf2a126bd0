"""One command an analysis, under its own name: ``zopa zone CASE`` is ``zopa.zone(case)``."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from zopa import ANALYSES
from zopa.cli.progress import working
from zopa.cli.terminal import (
    DRAWS,
    AfterMovesOption,
    AsOfOption,
    CaseArgument,
    DrawsOption,
    JsonOption,
    LangOption,
    SeedOption,
    add,
    opened,
    put,
    show_result,
    speaking,
    spoken,
)
from zopa.cli.usage import WrongUse
from zopa.words import say

AFTER_MOVES = frozenset(ANALYSES) - {"record", "wants"}
"""Analyses that can be asked on the draws after the moves of the parties."""

LotteriesOption = Annotated[bool, typer.Option("--lotteries", help="cli.lotteries")]
CombinationsOption = Annotated[bool, typer.Option("--combinations", help="cli.combinations")]
StateOption = Annotated[int | None, typer.Option("--state", help="cli.state", metavar="N", min=1)]
WishOption = Annotated[str | None, typer.Option("--wish", help="cli.wish", metavar="OUTCOME|N")]
BlocOption = Annotated[str | None, typer.Option("--bloc", help="cli.bloc", metavar="PARTY,PARTY")]
CsvOption = Annotated[Path | None, typer.Option("--csv", help="cli.csv", metavar="FILE.csv")]
StartOption = Annotated[list[str] | None, typer.Option("--start", help="cli.start", metavar="ISSUE=OPTION")]
PowerOption = Annotated[list[str] | None, typer.Option("--power", help="cli.power", metavar="PARTY=NUMBER")]
ThresholdOption = Annotated[
    float, typer.Option("--threshold", help="cli.threshold", metavar="P", min=0.01, max=1.0)
]


def register(app: typer.Typer) -> None:
    """Adds a command for every analysis but the record, whose many tables have options of their own."""
    own = {
        "agenda": _agenda,
        "setting": _setting,
        "zone": _zone,
        "bargain": _bargain,
        "stability": _stability,
        "mediation": _mediation,
        "coalition": _coalition,
    }
    for name in (name for name in ANALYSES if name != "record"):
        plain = _command_after(name) if name in AFTER_MOVES else _command(name)
        add(app, name, own.get(name, plain))


def _command(name: str) -> Callable[..., None]:
    def command(
        case: CaseArgument,
        as_of: AsOfOption = None,
        draws: DrawsOption = DRAWS,
        seed: SeedOption = 0,
        json: JsonOption = False,
        lang: LangOption = None,
    ) -> None:
        _answer(name, case, as_of, lang, json, draws=draws, seed=seed)

    return command


def _command_after(name: str) -> Callable[..., None]:
    def command(
        case: CaseArgument,
        as_of: AsOfOption = None,
        after_moves: AfterMovesOption = False,
        draws: DrawsOption = DRAWS,
        seed: SeedOption = 0,
        json: JsonOption = False,
        lang: LangOption = None,
    ) -> None:
        _answer(name, case, as_of, lang, json, draws=draws, seed=seed, after_moves=after_moves)

    return command


def _zone(
    case: CaseArgument,
    as_of: AsOfOption = None,
    after_moves: AfterMovesOption = False,
    lotteries: LotteriesOption = False,
    draws: DrawsOption = DRAWS,
    seed: SeedOption = 0,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    more = {"after_moves": after_moves, "lotteries": lotteries}
    _answer("zone", case, as_of, lang, json, draws=draws, seed=seed, **more)


def _bargain(
    case: CaseArgument,
    as_of: AsOfOption = None,
    after_moves: AfterMovesOption = False,
    lotteries: LotteriesOption = False,
    start: StartOption = None,
    power: PowerOption = None,
    draws: DrawsOption = DRAWS,
    seed: SeedOption = 0,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    text = dict(_pair(entry) for entry in start or ())
    powers = {party: _positive(entry) for entry in power or () for party, entry in [_pair(entry)]}
    language = spoken(lang)
    with speaking(language, json):
        file = opened(case, as_of).file
        for issue, option in text.items():
            known = tuple(o.id for o in file.issues[issue].options) if issue in file.issues else ()
            if not known:
                raise WrongUse("unknown", name=issue, among=tuple(file.issues))
            if option not in known:
                raise WrongUse("unknown", name=option, among=known)
        for party in powers:
            if party not in file.negotiators:
                raise WrongUse("unknown", name=party, among=file.negotiators)
        if powers:
            # Who is not named has the power 1.
            powers = {party: powers.get(party, 1.0) for party in file.negotiators}
    more = {
        "after_moves": after_moves,
        "lotteries": lotteries,
        "start": text or None,
        "power": powers or None,
    }
    _answer("bargain", case, as_of, lang, json, draws=draws, seed=seed, **more)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (equals and name.strip() and value.strip()):
        raise WrongUse("pair", text=text)
    return name.strip(), value.strip()


def _positive(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise WrongUse("power", text=text) from None
    if not 0.0 < value < float("inf"):
        raise WrongUse("power", text=text)
    return value


def _setting(
    case: CaseArgument,
    as_of: AsOfOption = None,
    after_moves: AfterMovesOption = False,
    combinations: CombinationsOption = False,
    draws: DrawsOption = DRAWS,
    seed: SeedOption = 0,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    more = {"after_moves": after_moves, "combinations": combinations}
    _answer("setting", case, as_of, lang, json, draws=draws, seed=seed, **more)


def _agenda(
    case: CaseArgument,
    as_of: AsOfOption = None,
    after_moves: AfterMovesOption = False,
    threshold: ThresholdOption = 0.5,
    draws: DrawsOption = DRAWS,
    seed: SeedOption = 0,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    more = {"after_moves": after_moves, "threshold": threshold}
    _answer("agenda", case, as_of, lang, json, draws=draws, seed=seed, **more)


def _stability(
    case: CaseArgument,
    as_of: AsOfOption = None,
    after_moves: AfterMovesOption = False,
    state: StateOption = None,
    csv: CsvOption = None,
    draws: DrawsOption = DRAWS,
    seed: SeedOption = 0,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    if state is not None:
        with speaking(spoken(lang), json):
            from zopa.case.conflict import conflict_of

            numbers = conflict_of(opened(case, as_of).file).places
            if state not in numbers:
                raise WrongUse("state", n=state, first=min(numbers), last=max(numbers))
    more = {"after_moves": after_moves, "state": state}
    result = _answer("stability", case, as_of, lang, json, draws=draws, seed=seed, **more)
    if csv is not None:
        language = spoken(lang)
        with speaking(language, json):
            made = result.to_csv(csv, language)
            if not json:
                put(say("export.done", language, paths=made))


def _mediation(
    case: CaseArgument,
    as_of: AsOfOption = None,
    after_moves: AfterMovesOption = False,
    wish: WishOption = None,
    draws: DrawsOption = DRAWS,
    seed: SeedOption = 0,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    wanted: str | int | None = int(wish) if wish is not None and wish.isdecimal() else wish
    if wanted is not None:
        with speaking(spoken(lang), json):
            from zopa.case.conflict import conflict_of

            conflict = conflict_of(opened(case, as_of).file)
            if isinstance(wanted, int) and wanted not in conflict.places:
                raise WrongUse("state", n=wanted, first=min(conflict.places), last=max(conflict.places))
            if isinstance(wanted, str) and wanted not in conflict.outcomes:
                raise WrongUse("unknown", name=wanted, among=tuple(conflict.outcomes))
    more = {"after_moves": after_moves, "wish": wanted}
    _answer("mediation", case, as_of, lang, json, draws=draws, seed=seed, **more)


def _coalition(
    case: CaseArgument,
    as_of: AsOfOption = None,
    after_moves: AfterMovesOption = False,
    bloc: BlocOption = None,
    draws: DrawsOption = DRAWS,
    seed: SeedOption = 0,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    named = None if bloc is None else tuple(part.strip() for part in bloc.split(","))
    if named is not None:
        with speaking(spoken(lang), json):
            from zopa.case.conflict import conflict_of

            parties = conflict_of(opened(case, as_of).file).parties
            for party in named:
                if party not in parties:
                    raise WrongUse("unknown", name=party, among=parties)
            if len(set(named)) < 2:
                raise WrongUse("bloc", text=bloc)
    more = {"after_moves": after_moves, "bloc": named}
    _answer("coalition", case, as_of, lang, json, draws=draws, seed=seed, **more)


def _answer(name: str, case: str, as_of: date | None, lang: str | None, json: bool, **parameters: Any) -> Any:
    import zopa

    language = spoken(lang)
    with speaking(language, json):
        with working(say("cli.working", language, what=name), language, quiet=json):
            result = getattr(zopa, name)(opened(case, as_of), **parameters)
        show_result(result, language, json)
    return result
