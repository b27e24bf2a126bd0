"""Tables of ``drivers`` in words."""

from collections.abc import Mapping, Sequence

from zopa.case.case import Case
from zopa.case.labels import path_label
from zopa.forecasting._ask_words import Asking, quoted
from zopa.forecasting._drivers_rows import GROUPS, ContrastRow, EstimateValue, OriginValue, ShareRow
from zopa.forecasting._drivers_values import CLEAR
from zopa.result import Table, percent
from zopa.words import Language, say

SEEN = 0.0005
"""Differences below this would be told as nothing."""
TOP = 10
"""Origins, and numbers, told a question at most; all are in ``--json``."""


def ranked(row: OriginValue) -> tuple[float, str]:
    """Sorts origins of a question: those worth most first, equals by name."""
    return (-row.value.value, row.origin)


def origin_table(
    case: Case, leading: Mapping[str, Sequence[OriginValue]], names: Mapping[str, str], lang: Language
) -> Table:
    """By question its leading origins. Those that speak of the same matter are not ranked among each other: they
    share a rank."""
    asking = Asking(case)
    rows, because = [], []
    for question, found in leading.items():
        places: dict[str, int] = {}
        for k, row in enumerate(found[:TOP]):
            shared = [places[o] for o in row.overlaps if o in places]
            places[row.origin] = min(shared, default=k + 1)
            rows.append(
                (
                    names[question],
                    f"{places[row.origin]}" + ("=" if shared else ""),
                    asking.said(row.origin, lang),
                    f"{percent(row.holds)}%",
                    f"{percent(row.on)}%",
                    f"{percent(row.off)}%",
                    _signed(row.on - row.off),
                    _points(row.value.value, row.value.error),
                )
            )
            because.append(row.because)
    columns = ("question", "rank", "origin", "holds", "on", "off", "moves", "value")
    return _table("origins", columns, rows, because, lang)


def number_table(
    case: Case, estimates: Sequence[EstimateValue], names: Mapping[str, str], lang: Language
) -> Table:
    """By question the numbers worth most."""
    rows, because = [], []
    for question, name in names.items():
        found = [e for e in estimates if e.question == question and e.value.value > CLEAR * e.value.error]
        for row in found[:TOP]:
            rows.append(
                (
                    name,
                    path_label(case.file, row.path, lang),
                    f"{percent(row.low)}%",
                    f"{percent(row.high)}%",
                    _points(row.value.value, row.value.error),
                )
            )
            because.append(row.because)
    return _table("numbers", ("question", "number", "low", "high", "value"), rows, because, lang)


def contrast_table(
    case: Case,
    contrasts: Sequence[ContrastRow],
    questions: Sequence[str],
    names: Mapping[str, str],
    lang: Language,
) -> Table:
    """The forecast of the main questions on changed records."""
    rows, because = [], []
    for row in contrasts:
        if row.question in questions and max(abs(row.difference), abs(row.low), abs(row.high)) >= SEEN:
            rows.append(
                (
                    say(f"drivers.change-{row.kind}", lang, what=_subject(case, row, lang)),
                    names[row.question],
                    f"{percent(row.value)}%",
                    f"{_signed(row.difference)} ({_signed(row.low)} … {_signed(row.high)})",
                )
            )
            because.append(row.because)
    return _table("contrasts", ("change", "question", "then", "difference"), rows, because, lang)


def share_table(shares: Sequence[ShareRow], lang: Language) -> Table:
    """A row a question, a column a group of primitives."""
    questions = list(dict.fromkeys(row.question for row in shares))
    rows = []
    for question in questions:
        own = {row.group: row for row in shares if row.question == question}
        rows.append(
            (
                say(f"drivers.asks-{question}", lang),
                *(f"{100 * own[g].share:.0f}% (±{100 * own[g].error:.0f})" for g in GROUPS),
            )
        )
    columns = ("question", *(f"group-{group}" for group in GROUPS))
    return _table("shares", columns, rows, [()] * len(rows), lang)


def _subject(case: Case, row: ContrastRow, lang: Language) -> str:
    if row.kind == "voice":
        return Asking(case).called(row.subject[0], lang)
    claim = case.ledger.by_id[row.subject[0]]
    voice = Asking(case).voice(claim)
    text = quoted(claim, lang)
    if voice is None:
        return say("ask.said-unattributed", lang, text=text)
    return say("ask.said", lang, who=Asking(case).called(voice, lang), text=text)


def _points(value: float, error: float) -> str:
    """A Brier value in thousandths, with its standard error."""
    return f"{1000 * value:.2f} ± {1000 * error:.2f}"


def _signed(difference: float) -> str:
    return f"{100 * difference:+.1f}".replace("-", "−")


def _table(
    name: str,
    columns: Sequence[str],
    rows: Sequence[tuple[str, ...]],
    because: Sequence[tuple[str, ...]],
    lang: Language,
) -> Table:
    heads = tuple(say(f"drivers.column-{c}", lang) for c in columns)
    return Table(say(f"drivers.caption-{name}", lang), heads, tuple(rows), tuple(because))
