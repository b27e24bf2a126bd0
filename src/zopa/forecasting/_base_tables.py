"""The base rate's tables, for people."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from zopa.case.labels import day as day_words
from zopa.forecasting._base_rows import ClassRow, KnownRow, NearRow, rate_words
from zopa.result import Table, ends, percent
from zopa.words import Language, has, say

if TYPE_CHECKING:
    from zopa.forecasting.baserate import BaserateRow


def questions_table(rows: Sequence["BaserateRow"], day: date, lang: Language) -> Table:
    """The four questions: the vote, its two halves, the zero line, and the whole crisis."""
    cells = tuple(
        (
            say(f"baserate.asks-{r.question}", lang, day=day_words(day, lang)),
            f"{percent(r.chance.value)}% ({ends(r.chance.low, r.chance.high)})",
            say(f"result.{r.chance.band}", lang),
            f"{percent(r.by_class)}%",
            f"{percent(r.by_model)}%",
            f"{percent(r.chance.zero)}%",
            f"{percent(r.chance.cited)}%",
            "—" if r.whole is None else f"{percent(r.whole)}%",
        )
        for r in rows
    )
    heads = ("question", "chance", "word", "class", "model", "zero", "cited", "whole")
    return _table("questions", heads, cells, [r.because for r in rows], lang)


def classes_table(rows: Sequence[ClassRow], lang: Language) -> Table:
    """The classes: how many crises, and how they went."""
    cells = tuple(
        (
            class_name(r.name, lang),
            str(r.n),
            rate_words(r.deal),
            rate_words(r.serious),
            rate_words(r.war),
            "—" if r.days is None else f"{r.days:.0f}",
        )
        for r in rows
    )
    return _table(
        "classes", ("class-name", "n", "deal", "serious", "war", "days"), cells, [()] * len(rows), lang
    )


def class_name(name: str, lang: Language) -> str:
    """A class in words; that in the vote by the values of its covariates."""
    if not name.startswith("vote"):
        return say(f"baserate.class-{name}", lang)
    covariates = ("within-war", "trigger-violent", "protracted")
    parts = [
        say(f"baserate.is-{n}" if v == "1" else f"baserate.not-{n}", lang)
        for n, v in zip(covariates, name.removeprefix("vote"), strict=False)
    ]
    what = say("baserate.and", lang).join(parts) or say("baserate.any", lang)
    return say("baserate.class-vote", lang, what=what)


def nearest_table(rows: Sequence[NearRow], lang: Language) -> Table:
    """The nearest crises by name, as the data calls them."""
    cells = tuple(
        (
            r.name,
            str(r.year),
            say(f"baserate.ended-{'deal' if r.deal else 'other'}", lang),
            say(f"baserate.violence-{r.violence}", lang),
            "—" if r.days is None else str(r.days),
            say("baserate.alike", lang, alike=r.alike, of=r.of),
        )
        for r in rows
    )
    heads = ("name", "year", "ended", "violence", "days-taken", "alike")
    return _table("nearest", heads, cells, [r.because for r in rows], lang)


def known_table(rows: Sequence[KnownRow], lang: Language) -> Table:
    """What the case yields in the history's terms, and what it rests on."""
    cells = tuple(
        (
            say(f"baserate.column-of-{r.name}", lang),
            say(f"baserate.value-{r.value}", lang) if has(f"baserate.value-{r.value}") else r.value,
            say(f"baserate.section-{r.section}", lang),
            ", ".join(r.because) or say("baserate.assumed" if r.assumed else "baserate.unsaid", lang),
        )
        for r in rows
    )
    return _table("known", ("term", "value", "section", "rests"), cells, [r.because for r in rows], lang)


def _table(
    name: str,
    heads: Sequence[str],
    cells: tuple[tuple[str, ...], ...],
    because: Sequence[tuple[str, ...]],
    lang: Language,
) -> Table:
    columns = tuple(say(f"baserate.column-{h}", lang) for h in heads)
    return Table(say(f"baserate.caption-{name}", lang), columns, cells, tuple(because))
