"""A case's brief: every analysis that has what it needs, then what was assumed, unknown, and not settled."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from zopa.brief.cards import claim_cards, source_cards
from zopa.brief.closing import assumed, unknowns, unsettled, verdicts
from zopa.brief.document import Brief, Edition, Section
from zopa.case.case import DRAWS, Case
from zopa.case.labels import day
from zopa.errors import IncompleteCaseError
from zopa.result import Result, Table
from zopa.words import Language, has, say

_FOLD = re.compile(
    r"(?<=[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]) (?=[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef])"
)

OPENING = "ask"
"""What a brief opens with: what should be asked, and of whom."""
LEFT_OUT = ("replay",)
"""Takes half a minute by itself, and tells of the days before this one."""

Progress = Callable[[float, str], None]
"""Told the share of the work done (0 to 1) and, in the reader's language, what is being done."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an analysis gave: its result, or the error that says what the case lacks."""

    name: str
    outcome: Result | IncompleteCaseError


def build(
    case: Case, *, seed: int = 0, draws: int = DRAWS, progress: Progress | None = None, lang: Language = "zh"
) -> Brief:
    """The brief on a case, in both languages; ``lang`` is the language that ``progress`` is told in."""
    return assemble(
        case, answers(case, seed=seed, draws=draws, progress=progress, lang=lang), seed=seed, draws=draws
    )


def answers(
    case: Case, *, seed: int, draws: int, progress: Progress | None, lang: Language
) -> tuple[Answer, ...]:
    """Every analysis run on the case, in the order in which a reader asks; what should be asked of whom comes first."""
    import zopa

    wanted = [*zopa.ANALYSES, *(name for name in zopa.FORECASTS if name not in LEFT_OUT and _foretold(case))]
    found: dict[str, Result | IncompleteCaseError] = {}
    for k, name in enumerate(wanted):
        if progress is not None:
            progress(k / len(wanted), say(f"brief.short-{name}", lang))
        try:
            found[name] = _run(case, name, found, draws=draws, seed=seed)
        except IncompleteCaseError as error:
            found[name] = error
    if progress is not None:
        progress(1.0, say("brief.writing", lang))
    hidden = getattr(found.get("forecast"), "hidden", ())
    order = sorted((name for name in found if name not in hidden), key=lambda name: name != OPENING)
    return tuple(Answer(name, found[name]) for name in order)


def _foretold(case: Case) -> bool:
    """Whether a case asks how it goes on at all: a quarrel over groundwater is no crisis among states."""
    file = case.file
    return bool(file.talks or file.crisis or file.questions or file.scenarios)


def _run(
    case: Case, name: str, found: Mapping[str, Result | IncompleteCaseError], *, draws: int, seed: int
) -> Result:
    """An analysis on the case, made of what others have found already where it is a part of that."""
    import zopa
    from zopa.forecasting.forecast import Forecast

    forecast, drivers = found.get("forecast"), found.get("drivers")
    if isinstance(forecast, Forecast) and name in ("baserate", "experts"):
        return forecast.members.base if name == "baserate" else forecast.members.experts
    given = {"drivers": drivers} if name == OPENING and isinstance(drivers, Result) else {}
    result: Result = getattr(zopa, name)(case, draws=draws, seed=seed, **given)
    return result


def assemble(case: Case, found: Sequence[Answer], *, seed: int, draws: int) -> Brief:
    """The brief made of answers that are there already."""
    return Brief(
        case=case.name,
        day=case.file.as_of,
        status=case.file.status,
        seed=seed,
        draws=draws,
        en=_edition(case, found, draws, "en"),
        zh=_edition(case, found, draws, "zh"),
        redacted=case.file.redacted,
    )


def _edition(case: Case, found: Sequence[Answer], draws: int, lang: Language) -> Edition:
    results = [a.outcome for a in found if isinstance(a.outcome, Result)]
    closing = (assumed(case, lang), unknowns(case, lang), unsettled(case, results, lang))
    sections = (
        *(section(answer, draws, lang) for answer in found),
        *(replace(s, claims=_cited(case, s.tables)) for s in closing),
    )
    claims = claim_cards(case, sections, lang)
    file = case.file
    return Edition(
        lang=lang,
        title=file.title.get(lang),
        summary=_flowing(file.summary.get(lang)) if file.summary else "",
        facts=facts(case, lang),
        sections=sections,
        claims=claims,
        sources=source_cards(case, claims, lang),
        cite=_flowing(file.cite.get(lang)) if file.cite else "",
        parties=tuple(file.parties[p].name.get(lang) for p in case.negotiators),
    )


def _flowing(text: str) -> str:
    # A folded block of YAML joins its lines with a space, which Chinese text does not have between characters.
    return _FOLD.sub("", " ".join(text.split()))


def section(answer: Answer, draws: int, lang: Language) -> Section:
    """One answer as a section, in one language."""
    question = say(f"brief.question-{answer.name}", lang)
    if isinstance(answer.outcome, IncompleteCaseError):
        problems = answer.outcome.problems
        told = [part for p in problems for part in (p.message(lang), p.hint(lang)) if part]
        return Section(
            key=answer.name,
            kind="incomplete",
            question=question,
            headline=say("brief.incomplete", lang),
            verdicts={},
            paragraphs=tuple(told),
        )
    result, tables = answer.outcome, answer.outcome.tables(lang)
    return Section(
        key=answer.name,
        kind="answer",
        question=question,
        headline=result.headline(lang),
        verdicts=verdicts(result),
        # A record without claims has nothing to draw: an empty frame would look like a fault.
        chart=result.plot(lang) if result.rows() else None,
        tables=tables,
        notes=result.notes(lang),
        reading=say("brief.made-by", lang, method=_method(result, lang), draws=draws, seed=result.seed),
        claims=_cited(result.case, tables),
    )


def _cited(case: Case, tables: Iterable[Table]) -> tuple[str, ...]:
    ids = (claim for table in tables for row in table.because for claim in row)
    return tuple(dict.fromkeys(claim for claim in ids if claim in case.ledger.by_id))


def facts(case: Case, lang: Language) -> tuple[tuple[str, str], ...]:
    """Day, parties and size of the record, each under its label."""
    file, ledger = case.file, case.ledger
    rows = [
        ("as-of", _day(case, lang)),
        ("parties", say("brief.versus", lang).join(file.parties[p].name.get(lang) for p in case.negotiators)),
        (
            "record",
            say(
                "brief.record-size",
                lang,
                claims=say("result.claims", lang, n=len(ledger.claims)),
                origins=say("result.origins", lang, n=len(ledger.origins)),
                documents=say("brief.documents", lang, n=len({c.source for c in ledger.claims})),
            ),
        ),
    ]
    return tuple((say(f"brief.fact-{key}", lang), value) for key, value in rows if value)


def _day(case: Case, lang: Language) -> str:
    on = day(case.file.as_of, lang)
    return say("brief.retrospective", lang, day=on) if case.file.retrospective else on


def _method(result: Result, lang: Language) -> str:
    """The method in the reader's language where the analysis has it, else as the result names it."""
    key = f"{result.name}.method"
    return say(key, lang) if has(key) else result.method
