"""One day of a replay: today's case on that day's record, its pooled cells, and what had come in since another day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from zopa.case.case import Case
from zopa.case.course import Move
from zopa.case.draws import Draws
from zopa.case.end_state import horizon
from zopa.claims.claim import Claim
from zopa.forecasting._members import Members, members_of
from zopa.forecasting._pooled import Pooled, pooled
from zopa.methods.problem import BoolArray, FloatArray
from zopa.result import three_ways

MOST_DAYS = 62
"""Days that are all told; of a longer time those on which something came in."""
SMALL = 0.002
"""Effect of an origin below which it is not listed: a fifth of a point."""


@dataclass(frozen=True, eq=False)
class Standing:
    """The case as it stood on the record of a day, its members and their pool; ``drawn`` its draws."""

    on: date
    case: Case
    members: Members
    pool: Pooled
    drawn: Draws


@dataclass(frozen=True, slots=True)
class Arrived:
    """What came in after one day and by another: claims, and moves of the parties."""

    claims: tuple[Claim, ...]
    moves: tuple[Move, ...]


def fixed_date(case: Case) -> Case:
    """The case with its common date written down, so that it does not move with the day of the record."""
    talks = case.file.talks
    if talks is None:
        return case
    fixed = talks.model_copy(update={"horizon": horizon(case.file)})
    return replace(case, file=case.file.model_copy(update={"talks": fixed}))


def on_day(case: Case, day: date) -> Case:
    """Today's case on the record of a day: claims known by then, and moves made by then."""
    then = case.as_of(day)
    moves = tuple(move for move in case.file.moves if move.on <= day)
    return replace(then, file=then.file.model_copy(update={"moves": moves}))


def days_of(case: Case, start: date | None, end: date | None) -> tuple[date, ...]:
    """The days replayed; by default from the day before anything was known to the case's own."""
    last = case.file.as_of if end is None else end
    news = sorted({day for claim in case.ledger.claims if (day := case.ledger.known_on(claim)) is not None})
    first = start
    if first is None:
        first = min([*(day for day in news if day <= last), last]) - timedelta(days=bool(news))
    span = (last - first).days + 1
    if span <= MOST_DAYS:
        return tuple(first + timedelta(days=k) for k in range(span))
    telling = [*news, *(move.on for move in case.file.moves)]
    days = sorted({first, last, *(day for day in telling if first < day < last)})
    if len(days) > MOST_DAYS:
        step = (len(days) - 1) / (MOST_DAYS - 1)
        days = [days[round(k * step)] for k in range(MOST_DAYS)]
    return tuple(days)


def stood(
    case: Case, day: date, *, draws: int, plays: int, seed: int, after_moves: bool, before: Standing | None
) -> Standing:
    """The forecast on the record of a day; random numbers and stated values are those of the day ``before``."""
    then = on_day(case, day)
    plain = three_ways(then, draws, seed)["all"]
    if before is not None:
        # Keyed by seed and name alone: the record of the day changes none of them.
        plain.streams.update(before.drawn.streams)
        plain.worked.update(before.drawn.worked)
    members = members_of(then, draws=draws, plays=plays, seed=seed, after_moves=after_moves)
    return Standing(day, then, members, pooled(members.all_, learnt=members.learnt), plain)


def arrived(case: Case, before: Standing, now: Standing) -> Arrived:
    """What is on the later record and not on the earlier one: a move on the day that it can first stand."""
    known = before.case.ledger.by_id
    claims = tuple(claim for claim in now.case.ledger.claims if claim.id not in known)
    moves = tuple(m for m in case.file.moves if _stands(m, now.case) and not _stands(m, before.case))
    return Arrived(claims, moves)


def _stands(move: Move, case: Case) -> bool:
    """Whether a move has been made, and the record that tells of it is there."""
    told = move.assumed or any(citation.claim in case.ledger.by_id for citation in move.because)
    return told and any(move.id == other.id for other in case.file.moves)


def effects(
    now: Standing, came: Sequence[Claim], rules: Mapping[str, BoolArray]
) -> dict[str, dict[str, float]]:
    """By origin that came in, what it adds to each question on the day: the forecast less the same without it."""
    there = {origin: k for k, origin in enumerate(now.drawn.switches.holds)}
    out: dict[str, dict[str, float]] = {}
    for origin in dict.fromkeys(claim.origin for claim in came):
        if origin in there:
            less: FloatArray = now.pool.mean["all"] - now.pool.without[there[origin]]
            added = {name: float(less[rule].sum()) for name, rule in rules.items()}
            if max(abs(a) for a in added.values()) >= SMALL:
                out[origin] = added
    return out
