"""Tables of ``ask`` for people: the questions, the signs, and a matrix for each party."""

from collections.abc import Mapping, Sequence

from zopa.case.case import Case
from zopa.case.end_state import horizon
from zopa.case.labels import day as day_words
from zopa.case.names import party_in_text, party_name, reading_name
from zopa.forecasting._ask_rows import AskRow, Effect
from zopa.forecasting._ask_words import Asking
from zopa.forecasting._indicators import IndicatorRow
from zopa.forecasting._matrix import MatrixRow
from zopa.forecasting._points import points
from zopa.forecasting.baserate import NAMES
from zopa.result import Table, cell, percent
from zopa.words import Language, say

QUESTIONS = ("rank", "question", "whom", "moves", "now", "zero", "answers", "worth", "also")
SIGNS = ("sign", "share", "moves", "talks", "seen", "unseen", "worth")


def asked_table(asking: Asking, rows: Sequence[AskRow], lang: Language) -> Table:
    """The questions, for whom, what each answer would change, and what that is worth."""
    cells = tuple(
        (
            str(row.rank),
            asking.question(row, lang) + asking.decides(row, lang),
            asking.listed(row, lang),
            conclusion(asking.case, row.effect, lang),
            cell(row.stands),
            f"{percent(row.stands.zero)}%",
            answers(asking, row, row.effect, lang),
            worth(row.effect.value.value, row.effect.value.error, lang),
            say("ask.semicolon", lang).join(_also(asking, row, effect, lang) for effect in row.also) or "—",
        )
        for row in rows
    )
    columns = tuple(say(f"ask.column-{c}", lang) for c in QUESTIONS)
    return Table(say("ask.caption", lang), columns, cells, tuple(row.because for row in rows))


def worth(value: float, error: float, lang: Language) -> str:
    """A value of information with its error."""
    return say("ask.worth", lang, value=f"{value:.4f}", error=f"{error:.4f}")


def answers(asking: Asking, row: AskRow, effect: Effect, lang: Language) -> str:
    """What each answer would change, in points."""
    parts = []
    for answer in effect.answers:
        told = {
            "answer": asking.answer(row, effect, answer, lang),
            "points": points(answer.forecast - effect.now),
        }
        if answer.share is None:
            parts.append(say("ask.answered", lang, **told))
        else:
            parts.append(say("ask.answered-likely", lang, share=percent(answer.share), **told))
    return say("ask.semicolon", lang).join(parts)


def _also(asking: Asking, row: AskRow, effect: Effect, lang: Language) -> str:
    return say(
        "ask.moved-also",
        lang,
        what=conclusion(asking.case, effect, lang),
        now=percent(effect.now),
        answers=answers(asking, row, effect, lang),
    )


def conclusion(case: Case, effect: Effect, lang: Language) -> str:
    """What an effect is on, in words."""
    if effect.on == "zone":
        return say("ask.zone-exists", lang)
    if effect.on == "wants":
        party, reading = effect.question.split(".", 1)
        return say(
            "ask.wants-reading",
            lang,
            party=party_in_text(case.file, party, lang),
            reading=reading_name(case.file, party, reading, lang),
        )
    return asked_of(case, effect.question, lang)


def asked_of(case: Case, name: str, lang: Language) -> str:
    """A question, scenario or fact of the forecast, in words."""
    file = case.file
    named = {q.id: q.text for q in file.questions} | {s.id: s.name for s in file.scenarios}
    if name in named:
        return named[name].get(lang)
    if name in NAMES:
        return say(f"baserate.asks-{name}", lang, day=day_words(horizon(file), lang))
    return say(f"simulate.fact-{name}", lang, party="")


# ---- signs -----------------------------------------------------------------------------------------------------------


def signs_table(case: Case, rows: Sequence[IndicatorRow], lang: Language) -> Table:
    """What to watch: how likely it is seen, what it moves, if seen and if not."""
    columns = tuple(say(f"ask.column-{c}", lang) for c in SIGNS)
    cells = tuple(
        (
            sign_words(case, row, lang),
            say("ask.sign-if-again", lang, share=percent(row.share))
            if row.sign == "move"
            else f"{percent(row.share)}%",
            asked_of(case, row.question, lang),
            f"{percent(row.now)}%",
            points(row.seen - row.now),
            points(row.unseen - row.now),
            worth(row.value.value, row.value.error, lang),
        )
        for row in rows
    )
    return Table(say("ask.caption-signs", lang), columns, cells, tuple(row.because for row in rows))


def sign_words(case: Case, row: IndicatorRow, lang: Language) -> str:
    """A sign in words."""
    file = case.file
    day = day_words(row.by, lang) if row.by is not None else ""
    if row.sign == "question":
        text = next(q.text.get(lang) for q in file.questions if q.id == row.name)
        return say("ask.sign-question", lang, text=text, day=day)
    if row.sign == "deadline":
        deadlines = file.talks.deadlines if file.talks is not None else ()
        name = next(d.name.get(lang) for d in deadlines if d.id == row.name)
        return say("ask.sign-deadline", lang, name=name, day=day)
    if row.sign == "event":
        return say(f"ask.sign-{row.name}", lang, day=day)
    move = next(m for m in file.moves if m.id == row.name)
    over = next(a for a in move.over if a.id == row.alternative)
    return say(
        "ask.sign-move",
        lang,
        party=party_in_text(file, move.party, lang),
        day=day_words(move.on, lang),
        move=move.name.get(lang),
        alternative=over.name.get(lang) if over.name is not None else over.id,
    )


# ---- readings × claims -----------------------------------------------------------------------------------------------


def matrix_tables(asking: Asking, rows: Sequence[MatrixRow], lang: Language) -> tuple[Table, ...]:
    """One table a party: each move or claim under each reading, what tells them apart first."""
    by_party: dict[str, list[MatrixRow]] = {}
    for row in rows:
        by_party.setdefault(row.party, []).append(row)
    return tuple(_matrix(asking, party, found, lang) for party, found in by_party.items())


def _matrix(asking: Asking, party: str, rows: Sequence[MatrixRow], lang: Language) -> Table:
    file = asking.case.file
    readings = [reading.id for reading in file.readings[party]]
    columns = (
        say("ask.column-evidence", lang),
        say("ask.column-grade", lang),
        say("ask.column-stands", lang),
        *(reading_name(file, party, reading, lang) for reading in readings),
        say("ask.column-ratio", lang),
    )
    cells = tuple(
        (
            _evidence(asking, row, lang),
            ", ".join(row.grades) or "—",
            f"{percent(row.stands)}%" if row.by_reading else "—",
            *(_under(row, reading, row.by_reading, lang) for reading in readings),
            say("ask.times", lang, ratio=f"{row.ratio:.1f}") if row.tells else say("ask.tells-nothing", lang),
        )
        for row in rows
    )
    caption = say("ask.caption-matrix", lang, party=party_name(file, party, lang))
    return Table(caption, columns, cells, tuple(row.because for row in rows))


def _evidence(asking: Asking, row: MatrixRow, lang: Language) -> str:
    if row.kind == "move":
        move = next(m for m in asking.case.file.moves if m.id == row.item)
        return say("ask.evidence-move", lang, day=day_words(move.on, lang), name=move.name.get(lang))
    return asking.said(row.item, lang)


def _under(row: MatrixRow, reading: str, by: Mapping[str, float], lang: Language) -> str:
    share = f"{percent(by[reading])}%" if reading in by else "—"
    return say("ask.cited", lang, share=share) if reading in row.cited_for else share
