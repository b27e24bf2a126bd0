"""Everything that could be asked of a case, with what each answer would make of each conclusion.

Values of origins and of numbers are those of ``drivers``. A contradiction, of which at most one side holds, is put
together from its two origins: the forecast if neither holds is what the two and the whole leave for it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from zopa.case.case import Case
from zopa.claims.contradiction import Contradiction
from zopa.forecasting._ask_links import Links
from zopa.forecasting._ask_rows import Answer, Effect, Matter
from zopa.methods.sensitivity import Information

LEFT_OUT = ("readings", "judgements", "moves")
"""Sections whose numbers nobody is asked for: readings are asked about as such; what somebody foresees, or thought an
alternative would lead to, is no fact about the conflict."""
UNLIKELY = 0.02
"""Chance of neither side of a contradiction below which it is no answer of its own."""


class OriginWorth(Protocol):
    """What an origin is worth to a question, as ``drivers`` tells it."""

    @property
    def origin(self) -> str: ...
    @property
    def question(self) -> str: ...
    @property
    def holds(self) -> float: ...
    @property
    def on(self) -> float: ...
    @property
    def off(self) -> float: ...
    @property
    def value(self) -> Information: ...
    @property
    def because(self) -> tuple[str, ...]: ...


class NumberWorth(Protocol):
    """What a number is worth to a question, as ``drivers`` tells it."""

    @property
    def path(self) -> str: ...
    @property
    def question(self) -> str: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...
    @property
    def value(self) -> Information: ...
    @property
    def because(self) -> tuple[str, ...]: ...


class Worths(Protocol):
    """What ``ask`` takes of ``drivers``."""

    @property
    def origins(self) -> Sequence[OriginWorth]: ...
    @property
    def estimates(self) -> Sequence[NumberWorth]: ...
    @property
    def pool(self) -> Mapping[str, float]: ...


@dataclass(frozen=True)
class Sides:
    """What is known beside ``drivers``: effects on the zone by origin and by pair of origins, and those of readings."""

    zone: Mapping[tuple[str, ...], Effect]
    readings: Mapping[str, tuple[Effect, ...]]


def matters(case: Case, worths: Worths, sides: Sides) -> list[Matter]:
    """Everything that could be asked, in no order."""
    links = Links(case)
    by_origin: dict[str, dict[str, OriginWorth]] = {}
    for row in worths.origins:
        by_origin.setdefault(row.origin, {})[row.question] = row
    pairs = [_pair(links, found, by_origin, worths.pool, sides) for found in links.rivals]
    disputed = [matter for matter in pairs if matter is not None]
    single = [
        _origin(links, origin, by_origin[origin], worths.pool, sides)
        for origin in by_origin
        if origin not in links.overtaken
    ]
    return [
        *_unknowns(links, [*disputed, *single]),
        *disputed,
        *single,
        *_readings(links, sides),
        *_numbers(links, worths),
    ]


def _origin(
    links: Links, origin: str, rows: Mapping[str, OriginWorth], pool: Mapping[str, float], sides: Sides
) -> Matter:
    effects = [
        Effect(
            "forecast",
            question,
            pool[question],
            (Answer("holds", row.holds, row.on), Answer("fails", 1 - row.holds, row.off)),
            row.value,
        )
        for question, row in rows.items()
    ]
    effects += [sides.zone[(origin,)]] if (origin,) in sides.zone else []
    because = next(iter(rows.values())).because
    touches = links.touches.get(origin, frozenset({origin}))
    beside = links.beside.get(origin, frozenset())
    return Matter("origin", (origin,), tuple(effects), frozenset({origin}), touches, beside, because)


def _pair(
    links: Links,
    found: Contradiction,
    by_origin: Mapping[str, Mapping[str, OriginWorth]],
    pool: Mapping[str, float],
    sides: Sides,
) -> Matter | None:
    a, b = links.pair(found)
    if a not in by_origin or b not in by_origin:
        return None
    effects = [
        _settled(by_origin[a][question], by_origin[b][question], pool[question])
        for question in by_origin[a]
        if question in by_origin[b]
    ]
    effects += [sides.zone[(a, b)]] if (a, b) in sides.zone else []
    touches, beside = links.touches[a] | links.touches[b], links.beside[a] | links.beside[b]
    core = frozenset({a, b})
    return Matter("contradiction", (a, b), tuple(effects), core, touches, beside, (found.a, found.b))


def _settled(one: OriginWorth, other: OriginWorth, now: float) -> Effect:
    """What it makes of a question to learn which of two that exclude each other holds, if either."""
    neither = max(0.0, 1.0 - one.holds - other.holds)
    answers = [Answer("first", one.holds, one.on), Answer("second", other.holds, other.on)]
    if neither > UNLIKELY:
        # Where the first does not hold, the second does or neither; and the other way round.
        told = [
            (1 - x.holds) * x.off - y.holds * y.on for x, y in ((one, other), (other, one)) if x.holds < 1
        ]
        answers.append(Answer("neither", neither, float(np.clip(np.mean(told) / neither, 0.0, 1.0))))
    shares = np.array([answer.share for answer in answers], dtype=np.float64)
    given = np.array([answer.forecast for answer in answers])
    shares = shares / shares.sum()
    raw = float(shares @ (given - shares @ given) ** 2)
    # The noise in either origin's difference is the noise here.
    noise = sum(max(0.0, x.holds * (1 - x.holds) * (x.on - x.off) ** 2 - x.value.value) for x in (one, other))
    value = max(raw - noise, one.value.value, other.value.value)
    error = float(np.hypot(one.value.error, other.value.error))
    spread = now * (1 - now)
    worth = Information(value, error, value / spread if spread > 0 else 0.0)
    return Effect("forecast", one.question, now, tuple(answers), worth)


def _unknowns(links: Links, known: Sequence[Matter]) -> Iterator[Matter]:
    """What the record itself leaves open, worth what the claims that show it open are worth."""
    for unknown in links.case.file.unknowns:
        origins = frozenset(links.origins(c.claim for c in unknown.because))
        inside = [m for m in known if m.best is not None and m.core <= origins]
        if inside:
            first = max(inside, key=_worth)
            touches = frozenset().union(*(links.touches[o] for o in origins))
            subject = (unknown.id, *first.subject)
            yield Matter("unknown", subject, first.effects, first.core, touches, first.beside, first.because)


def _worth(matter: Matter) -> float:
    return matter.best.value.value if matter.best is not None else 0.0


def unvalued(case: Case, found: Iterable[Matter]) -> tuple[str, ...]:
    """The unknowns that no number of the case hangs on, by id."""
    told = {matter.subject[0] for matter in found if matter.kind == "unknown"}
    return tuple(unknown.id for unknown in case.file.unknowns if unknown.id not in told)


def bears_on(links: Links, worths: Worths, matter: Matter) -> str | None:
    """The number resting on a claim that moves the same conclusion most, by path; None where no number does."""
    if matter.kind != "origin" or matter.best is None:
        return None
    origins = set(matter.subject)
    found = [
        row
        for row in worths.estimates
        if row.value.value > 0
        and row.path.partition(".")[0] not in LEFT_OUT
        and row.path in links.quantities
        and origins & set(links.origins(links.quantities[row.path].basis.claims))
    ]
    same = [row for row in found if row.question == matter.best.question] or found
    return max(same, key=lambda row: row.value.value).path if same else None


def _readings(links: Links, sides: Sides) -> Iterator[Matter]:
    for party, effects in sides.readings.items():
        readings = links.case.file.readings[party]
        cited = [c.claim for r in readings for c in (*r.because, *r.prior.because)]
        claims = tuple(dict.fromkeys(c for c in cited if c in links.case.ledger.by_id))
        core = {f"readings.{party}", *(path for r in readings for path in r.sets), *links.origins(claims)}
        about = frozenset(core)
        yield Matter("reading", (party,), effects, about, about, frozenset(), claims)


def _numbers(links: Links, worths: Worths) -> Iterator[Matter]:
    rows: dict[str, list[NumberWorth]] = {}
    for row in worths.estimates:
        if row.path.partition(".")[0] not in LEFT_OUT and row.path in links.quantities:
            rows.setdefault(row.path, []).append(row)
    for path, found in rows.items():
        effects = tuple(
            Effect(
                "forecast",
                row.question,
                worths.pool[row.question],
                (Answer("low", None, row.low), Answer("high", None, row.high)),
                row.value,
            )
            for row in found
        )
        core = frozenset({path})
        touches = core | set(links.origins(found[0].because))
        yield Matter("number", (path,), effects, core, touches, frozenset(), found[0].because)
