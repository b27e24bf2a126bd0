"""One command an analysis, under its own name: ``zopa zone CASE`` is ``zopa.zone(case)``."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from inspect import Parameter, Signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zopa import ANALYSES, FORECASTS
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
    calendar_day,
    opened,
    own_folder,
    positive,
    put,
    show_result,
    speaking,
    spoken,
)
from zopa.cli.usage import WrongUse
from zopa.words import Language, say

if TYPE_CHECKING:
    from zopa.case.conflict import Conflict
    from zopa.case.model import CaseFile

AFTER_MOVES = frozenset(ANALYSES) - {"record", "wants"}
"""Analyses that can be asked on the draws after the moves of the parties."""

LotteriesOption = Annotated[bool, typer.Option("--lotteries", help="cli.lotteries")]
CombinationsOption = Annotated[bool, typer.Option("--combinations", help="cli.combinations")]
StateOption = Annotated[int | None, typer.Option("--state", help="cli.state", metavar="N", parser=positive)]
WishOption = Annotated[str | None, typer.Option("--wish", help="cli.wish", metavar="OUTCOME|N")]
BlocOption = Annotated[str | None, typer.Option("--bloc", help="cli.bloc", metavar="PARTY,PARTY")]
CsvOption = Annotated[Path | None, typer.Option("--csv", help="cli.csv", metavar="FILE.csv")]
StartOption = Annotated[list[str] | None, typer.Option("--start", help="cli.start", metavar="ISSUE=OPTION")]
PowerOption = Annotated[list[str] | None, typer.Option("--power", help="cli.power", metavar="PARTY=NUMBER")]
PlaysOption = Annotated[int, typer.Option("--plays", help="cli.plays", metavar="N", parser=positive)]
WithoutOption = Annotated[
    list[str] | None, typer.Option("--without", help="cli.without", metavar="MECHANISM")
]
ForesightOption = Annotated[bool, typer.Option("--foresight", help="cli.foresight")]
AsStatedOption = Annotated[bool, typer.Option("--as-stated", help="cli.as-stated")]
AllMembersOption = Annotated[bool, typer.Option("--all-members", help="cli.all-members")]
IcbOption = Annotated[Path | None, typer.Option("--icb", help="cli.icb", metavar="FOLDER")]
RecordOption = Annotated[bool, typer.Option("--record", help="cli.record-forecast")]
FromOption = Annotated[
    date | None, typer.Option("--from", help="cli.from", metavar="YYYY-MM-DD", parser=calendar_day)
]
ToOption = Annotated[
    date | None, typer.Option("--to", help="cli.to", metavar="YYYY-MM-DD", parser=calendar_day)
]
ThresholdOption = Annotated[
    float, typer.Option("--threshold", help="cli.threshold", metavar="P", min=0.01, max=1.0)
]


@dataclass(frozen=True)
class Own:
    """An option of one analysis alone; ``means`` turns what was written into what the analysis takes, for a case."""

    name: str
    kind: Any
    default: Any = None
    means: Callable[[Any, "CaseFile"], Any] = lambda written, _: written


def register(app: typer.Typer) -> None:
    """Adds a command for every analysis but the record, whose many tables have options of their own."""
    for name in (name for name in (*ANALYSES, *FORECASTS) if name != "record"):
        add(app, name, _command(name, OWN.get(name, ())))


def _command(name: str, own: Sequence[Own]) -> Callable[..., None]:
    """The command of an analysis: the options all have, and its own after the moves and the day."""

    def command(
        *,
        case: str,
        lang: str | None,
        json: bool,
        csv: Path | None = None,
        record: bool = False,
        **written: Any,
    ) -> None:
        import zopa

        language = spoken(lang)
        with speaking(language, json):
            if record:
                if written["as_of"] is not None:
                    raise WrongUse("record-as-of")
                own_folder(case)
            asked = opened(case, written.pop("as_of"))
            for option in own:
                if option.name in written:
                    written[option.name] = option.means(written[option.name], asked.file)
            with working(say("cli.working", language, what=name), language, quiet=json):
                result = getattr(zopa, name)(asked, **written)
            show_result(result, language, json)
            if csv is not None:
                made = result.to_csv(csv, language)
                if not json:
                    put(say("export.done", language, paths=made))
            if record:
                _recorded(result, language, quiet=json)

    options: list[tuple[str, Any, Any]] = [
        ("case", CaseArgument, Parameter.empty),
        ("as_of", AsOfOption, None),
        *([("after_moves", AfterMovesOption, False)] if name in AFTER_MOVES else []),
        *((option.name, option.kind, option.default) for option in own),
        ("draws", DrawsOption, DRAWS),
        ("seed", SeedOption, 0),
        ("json", JsonOption, False),
        ("lang", LangOption, None),
    ]
    # What typer reads the options of a command from.
    command.__signature__ = Signature(  # type: ignore[attr-defined]
        [
            Parameter(option, Parameter.KEYWORD_ONLY, annotation=kind, default=default)
            for option, kind, default in options
        ]
    )
    return command


def _recorded(result: Any, lang: Language, *, quiet: bool) -> None:
    """A forecast added to the case's ledger, and the seal to note."""
    from zopa.forecasting.forecast import record

    added = record(result, at=datetime.now(UTC))
    if not quiet:
        put(say("forecast.recorded", lang, n=len(added.records), seal=added.records[-1].seal))


# ---- what is written, as the analyses take it ------------------------------------------------------------------------


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


def _start(written: list[str] | None, file: "CaseFile") -> dict[str, str] | None:
    """The package a single text starts from."""
    text = dict(_pair(entry) for entry in written or ())
    for issue, option in text.items():
        if issue not in file.issues:
            raise WrongUse("unknown", name=issue, among=tuple(file.issues))
        known = tuple(o.id for o in file.issues[issue].options)
        if option not in known:
            raise WrongUse("unknown", name=option, among=known)
    return text or None


def _power(written: list[str] | None, file: "CaseFile") -> dict[str, float] | None:
    """Bargaining power of every negotiator; who is not named has 1."""
    powers = {party: _positive(entry) for party, entry in (_pair(text) for text in written or ())}
    for party in powers:
        if party not in file.negotiators:
            raise WrongUse("unknown", name=party, among=file.negotiators)
    return {party: powers.get(party, 1.0) for party in file.negotiators} if powers else None


def _conflict(file: "CaseFile") -> "Conflict":
    from zopa.case.conflict import conflict_of

    return conflict_of(file)


def _ranges(numbers: Iterable[int]) -> str:
    """Whole numbers in a line: ``1–3, 5, 8–9``."""
    runs: list[list[int]] = []
    for n in sorted(numbers):
        if runs and n == runs[-1][-1] + 1:
            runs[-1][1:] = [n]
        else:
            runs.append([n])
    return ", ".join("–".join(str(n) for n in run) for run in runs)


def _state(written: int | None, file: "CaseFile") -> int | None:
    """The number of a feasible state."""
    if written is not None and written not in (numbers := _conflict(file).places):
        raise WrongUse("state", n=written, states=_ranges(numbers))
    return written


def _wish(written: str | None, file: "CaseFile") -> str | int | None:
    """A named outcome, or a state by its number."""
    if written is None:
        return None
    if written.isdecimal():
        return _state(int(written), file)
    if written not in (outcomes := _conflict(file).outcomes):
        raise WrongUse("unknown", name=written, among=tuple(outcomes))
    return written


def _bloc(written: str | None, file: "CaseFile") -> tuple[str, ...] | None:
    """Two or more decision makers."""
    if written is None:
        return None
    named = tuple(part for text in written.split(",") if (part := text.strip()))
    parties = _conflict(file).parties
    for party in named:
        if party not in parties:
            raise WrongUse("unknown", name=party, among=parties)
    if len(set(named)) < 2:
        raise WrongUse("bloc", text=written)
    return named


def _without(written: list[str] | None, _: "CaseFile") -> tuple[str, ...]:
    """Mechanisms of the simulated talks that are switched off."""
    from zopa.methods.world_board import MECHANISMS

    for name in written or ():
        if name not in MECHANISMS:
            raise WrongUse("unknown", name=name, among=MECHANISMS)
    return tuple(written or ())


LOTTERIES = Own("lotteries", LotteriesOption, default=False)
OWN: Mapping[str, Sequence[Own]] = {
    "setting": (Own("combinations", CombinationsOption, default=False),),
    "agenda": (Own("threshold", ThresholdOption, default=0.5),),
    "zone": (LOTTERIES,),
    "bargain": (LOTTERIES, Own("start", StartOption, means=_start), Own("power", PowerOption, means=_power)),
    "stability": (Own("state", StateOption, means=_state), Own("csv", CsvOption)),
    "mediation": (Own("wish", WishOption, means=_wish),),
    "coalition": (Own("bloc", BlocOption, means=_bloc),),
    "forecast": (
        Own("after_moves", AsStatedOption, default=False, means=lambda stated, _: not stated),
        Own("plays", PlaysOption, default=4),
        Own("icb", IcbOption),
        Own("all_members", AllMembersOption, default=False),
        Own("record", RecordOption, default=False),
    ),
    "baserate": (Own("icb", IcbOption),),
    "drivers": (
        Own("after_moves", AsStatedOption, default=False, means=lambda stated, _: not stated),
        Own("plays", PlaysOption, default=4),
        Own("icb", IcbOption),
    ),
    "ask": (
        Own("after_moves", AsStatedOption, default=False, means=lambda stated, _: not stated),
        Own("plays", PlaysOption, default=4),
        Own("icb", IcbOption),
    ),
    "replay": (
        Own("after_moves", AsStatedOption, default=False, means=lambda stated, _: not stated),
        Own("start", FromOption),
        Own("end", ToOption),
        Own("plays", PlaysOption, default=4),
    ),
    "simulate": (
        # Worlds are played on the draws after the moves of the parties, unless told otherwise.
        Own("after_moves", AsStatedOption, default=False, means=lambda stated, _: not stated),
        Own("plays", PlaysOption, default=4),
        Own("without", WithoutOption, means=_without),
        Own("foresight", ForesightOption, default=False),
    ),
}
"""Options that one analysis alone has."""
