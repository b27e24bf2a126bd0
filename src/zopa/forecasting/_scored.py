"""Which recorded forecasts count: those made before their answer was known, one a question and forecaster.

Of several forecasts of one forecaster on one question the first day's last one counts: it is made with the least
knowledge, and recording again and again betters nobody's score.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date

import numpy as np

from zopa.forecasting.ledger import NO, SCENARIOS, VOID, YES, Book, Recorded, Resolved

POOL = "forecast"
"""The forecaster that is the pool of all members."""
RECORD = 20
"""Resolved questions from which on a forecaster's own record weighs."""
REASONS = ("scored", "open", "retrospective", "known", "void", "repeated")
"""What becomes of a recorded forecast: it is ``scored``, its question is still ``open``, it was made after its question
was due or after the answer was ``known``, the question was ``void``, or an earlier one stands for it."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A forecast whose question came out: of a case, by whom, how likely, and what happened; ``base`` and ``zero`` are
    the class rate and the zero line at the time, ``members`` what each member of the pool said, ``known`` the day on
    which it came out."""

    case: str
    question: str
    by: str
    n: int
    made: date
    p: float
    happened: bool
    base: float | None
    zero: float | None
    members: Mapping[str, float]
    known: date


@dataclass(frozen=True, slots=True)
class Ranked:
    """A forecast of all scenarios of which one came about: shares in their order, and the place of that one."""

    case: str
    by: str
    n: int
    shares: tuple[float, ...]
    base: tuple[float, ...] | None
    zero: tuple[float, ...] | None
    came: int


@dataclass(frozen=True, slots=True)
class Tally:
    """All that counts, and by forecaster how many forecasts became what."""

    questions: tuple[Scored, ...]
    scenarios: tuple[Ranked, ...]
    fates: Mapping[str, Mapping[str, int]]


def tally(books: Mapping[str, Book]) -> Tally:
    """What counts in the ledgers of some cases, by name."""
    questions: list[Scored] = []
    ranked: list[Ranked] = []
    fates: dict[str, dict[str, int]] = {}
    for case, book in books.items():
        days = {n: at.astimezone(UTC).date() for n, at in book.written.items()}
        standing = _standing(book.forecasts, days)
        for made in book.forecasts:
            fate = _fate(made, book, days[made.n], standing)
            counts = fates.setdefault(made.forecast.by, dict.fromkeys(REASONS, 0))
            counts[fate] += 1
            if fate != "scored":
                continue
            told = book.outcomes[made.question]
            if made.question == SCENARIOS:
                ranked.append(_ranked(case, made, told.outcome))
            else:
                questions.append(_scored(case, made, days[made.n], told))
    return Tally(tuple(questions), tuple(ranked), fates)


def _standing(forecasts: Sequence[Recorded], days: Mapping[int, date]) -> Mapping[tuple[str, str], int]:
    """By question and forecaster, the number of the forecast that counts."""
    first: dict[tuple[str, str], Recorded] = {}
    for made in forecasts:
        key = made.question, made.forecast.by
        if key not in first or days[made.n] <= days[first[key].n]:
            first[key] = made
    return {key: made.n for key, made in first.items()}


def _fate(made: Recorded, book: Book, day: date, standing: Mapping[tuple[str, str], int]) -> str:
    # What the entry says of itself is not relied on.
    if made.retrospective or day > made.due:
        return "retrospective"
    resolved = book.outcomes.get(made.question)
    if resolved is not None and (day >= resolved.on or made.n > _first_told(book, made.question)):
        return "known"
    if standing[made.question, made.forecast.by] != made.n:
        return "repeated"
    if resolved is None:
        return "open"
    known = tuple(made.forecast.shares) if made.question == SCENARIOS else (YES, NO)
    return "scored" if resolved.outcome != VOID and resolved.outcome in known else "void"


def _first_told(book: Book, question: str) -> int:
    """The number of the first resolution of a question: whoever wrote after it could read it."""
    return next(r.n for r in book.resolutions if r.question == question)


def _scored(case: str, made: Recorded, day: date, told: Resolved) -> Scored:
    own = made.forecast
    assert own.probability is not None
    return Scored(
        case=case,
        question=made.question,
        by=own.by,
        n=made.n,
        made=day,
        p=own.probability,
        happened=told.outcome == YES,
        base=own.base,
        zero=own.zero,
        members=own.members,
        known=told.on,
    )


def _ranked(case: str, made: Recorded, outcome: str) -> Ranked:
    own, names = made.forecast, tuple(made.forecast.shares)
    line = [
        tuple(s[k] for k in names) if set(names) <= set(s) else None
        for s in (own.base_shares, own.zero_shares)
    ]
    return Ranked(case, own.by, made.n, tuple(own.shares.values()), line[0], line[1], names.index(outcome))


def weights_by_record(scored: Sequence[Scored]) -> Mapping[str, float]:
    """By forecaster with at least 20 resolved questions, how much its word weighs beside that of one without a record.

    The weight is the inverse of its Brier score relative to all forecasters' mean on the same questions (so that easy
    questions help nobody), shrunk by 20 questions of that mean, and kept between a third and three.
    """
    by_question: dict[tuple[str, str], list[float]] = {}
    for s in scored:
        by_question.setdefault((s.case, s.question), []).append((s.p - s.happened) ** 2)
    usual = {key: float(np.mean(found)) for key, found in by_question.items()}
    whole = float(np.mean(list(usual.values()))) if usual else 0.0
    out: dict[str, float] = {}
    for name in dict.fromkeys(s.by for s in scored):
        own = [s for s in scored if s.by == name]
        if len(own) < RECORD or whole == 0:
            continue
        missed = sum((s.p - s.happened) ** 2 for s in own) + RECORD * whole
        expected = sum(usual[s.case, s.question] for s in own) + RECORD * whole
        out[name] = float(np.clip(expected / missed, 1 / 3, 3))
    return out
