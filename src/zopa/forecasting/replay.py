"""What moved the forecast? Today's case on the record of each earlier day.

Not what anybody would have forecast then: parties, issues and numbers are those written down today, and only the record
is that of the day (claims known by then, with contradictions, origins, grades, moves and what they reveal, and the base
rate). So it is never scored. The common date is that of the case on every day. Random numbers are keyed by seed and
name, so that two days differ by their record and by the time that is left, and by nothing else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from zopa.case.case import DRAWS, Case
from zopa.case.end_state import horizon
from zopa.case.labels import day as day_words
from zopa.case.names import party_name
from zopa.charts.chart import Chart
from zopa.charts.replay import DayMark, replay_chart
from zopa.claims.voice import voice_name
from zopa.errors import IncompleteCaseError
from zopa.forecasting._points import Difference, by_groups, points, points_cell
from zopa.forecasting._replay_days import (
    Arrived,
    Standing,
    arrived,
    days_of,
    effects,
    fixed_date,
    stood,
)
from zopa.forecasting.baserate import NAMES
from zopa.methods.pooling import QUESTIONS
from zopa.methods.problem import BoolArray
from zopa.result import Chance, Result, Table, asked, cell, chance_words, jsonable, percent
from zopa.words import Language, joined, say

PLAYS = 4
"""Worlds a draw by default."""
SHOWN = 6
"""Origins told of a day: those without which the day's forecast would be most different."""
RULES: Mapping[str, BoolArray] = dict(zip(NAMES, QUESTIONS, strict=True))


@dataclass(frozen=True, slots=True)
class ReplayRow:
    """One question on the record of one day: the pooled chance, what each member says, and by how much it differs from
    the day told before (None for the first). ``claims`` and ``moves``: ids of what came in between the two."""

    on: date
    question: str
    chance: Chance
    members: Mapping[str, float]
    change: Difference | None
    claims: tuple[str, ...]
    moves: tuple[str, ...]
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ArrivalRow:
    """An origin that came in: what it adds to each question on that day, the same forecast less the one without it.

    Origins overlap: what they add does not sum to the change, and they are no ranking.
    """

    on: date
    origin: str
    adds: Mapping[str, float]
    because: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class Replay(Result):
    """Today's case on the record of each earlier day."""

    found: tuple[ReplayRow, ...]
    arrivals: tuple[ArrivalRow, ...]
    days: tuple[date, ...]
    questions: tuple[str, ...]

    def rows(self) -> tuple[ReplayRow, ...]:
        """Day by day, each of the four questions."""
        return self.found

    def of(self, question: str) -> tuple[ReplayRow, ...]:
        """The days of one question; ``ValueError`` where there is none of that name."""
        if question not in self.questions:
            raise ValueError(f"replay: no question is called {question!r}; there are {list(self.questions)}")
        return tuple(row for row in self.found if row.question == question)

    def headline(self, lang: Language = "en") -> str:
        """The agreement on the first day's record and on the last one's, and the day it moved most."""
        told = self.of("deal")
        first, last = told[0], told[-1]
        day = day_words(horizon(self.case.file), lang)
        out = [say("replay.headline", lang, day=day)]
        shown = (first, last) if len(told) > 1 else (last,)
        out += [self._on(row, lang) for row in shown]
        moved = [row for row in told if row.change is not None and row.change.clear]
        if moved:
            most = max(moved, key=lambda row: abs(row.change.value) if row.change else 0.0)
            assert most.change is not None
            out.append(
                say(
                    "replay.most",
                    lang,
                    on=day_words(most.on, lang),
                    change=points(most.change.value),
                    came=_came(len(most.claims), len(most.moves), lang),
                )
            )
        elif len(told) > 1:
            out.append(say("replay.still", lang))
        return (" " if lang == "en" else "").join(out)

    def _on(self, row: ReplayRow, lang: Language) -> str:
        key = "silent" if row.chance.verdict == "silent" else "on"
        chance = chance_words(row.chance, lang)
        zero = percent(row.chance.zero)
        return say(f"replay.{key}", lang, on=day_words(row.on, lang), chance=chance, zero=zero)

    def table(self, lang: Language = "en") -> Table:
        """The agreement day by day."""
        return self._table("deal", lang)

    def _table(self, question: str, lang: Language) -> Table:
        heads = ("day", "chance", "zero", "cited", "change", "came")
        rows = self.of(question)
        cells = tuple(
            (
                day_words(row.on, lang),
                cell(row.chance),
                f"{percent(row.chance.zero)}%",
                f"{percent(row.chance.cited)}%",
                "—" if row.change is None else points_cell(row.change),
                _came(len(row.claims), len(row.moves), lang) if row.change is not None else "—",
            )
            for row in rows
        )
        asks = say(f"baserate.asks-{question}", lang, day=day_words(horizon(self.case.file), lang))
        return Table(
            say("replay.caption", lang, question=asks),
            tuple(say(f"replay.column-{c}", lang) for c in heads),
            cells,
            tuple(row.claims for row in rows),
        )

    def tables(self, lang: Language = "en") -> tuple[Table, ...]:
        """Each question day by day; the moves that came in; the origins that came in and what each adds."""
        made = [self._table(question, lang) for question in self.questions]
        made += [self._moves(lang), self._arrivals(lang)]
        return (made[0], *(table for table in made[1:] if table.rows))

    def _moves(self, lang: Language) -> Table:
        by_id = {move.id: move for move in self.case.file.moves}
        told = [(row.on, by_id[m]) for row in self.of("deal") for m in row.moves]
        known = self.case.ledger.by_id
        return Table(
            say("replay.caption-moves", lang),
            tuple(say(f"replay.column-{c}", lang) for c in ("day", "party", "move", "made")),
            tuple(
                (
                    day_words(on, lang),
                    party_name(self.case.file, m.party, lang),
                    m.name.get(lang),
                    day_words(m.on, lang),
                )
                for on, m in told
            ),
            tuple(tuple(c.claim for c in m.because if c.claim in known) for _, m in told),
        )

    def _arrivals(self, lang: Language) -> Table:
        by_id = self.case.ledger.by_id
        heads = [say(f"replay.column-{c}", lang) for c in ("day", "said")]
        heads += [say(f"replay.column-adds-{q}", lang) for q in self.questions]
        rows = []
        for row in self.arrivals:
            claim = by_id[row.because[0]]
            # A narrator is nobody: what the text says itself is told by its outlet.
            head = None if claim.type == "narrator" else claim.speaker_head or claim.speaker
            who = voice_name(head or claim.outlet, lang)
            text = claim.text(lang)
            said = say("replay.said", lang, who=who, text=text) if who else text
            adds = (points(row.adds[q]) for q in self.questions)
            rows.append((day_words(row.on, lang), said, *adds))
        because = tuple(row.because for row in self.arrivals)
        return Table(say("replay.caption-arrivals", lang), tuple(heads), tuple(rows), because)

    def notes(self, lang: Language = "en") -> tuple[str, ...]:
        """What a replay is and is not, what the days have in common, and how its differences are to be read."""
        out = [say(f"replay.note-{key}", lang) for key in ("not-then", "never-scored", "time", "paired")]
        if self.case.file.talks is None:
            out.append(say("replay.note-no-date", lang))
        if self.arrivals:
            out.append(say("replay.note-arrivals", lang, most=SHOWN))
        if len(self.days) < (self.days[-1] - self.days[0]).days + 1:
            out.append(say("replay.note-days", lang, n=len(self.days)))
        error = max(row.chance.error for row in self.found)
        return (*out, say("replay.note-error", lang, error=f"{100 * error:.1f}"))

    def plot(self, lang: Language = "en") -> Chart:
        """Each question over the days, with its range, its zero line, and marks where something came in."""
        names = {q: say(f"replay.line-{q}", lang) for q in self.questions}
        marks = [
            DayMark(
                row.on,
                names[row.question],
                row.chance,
                _came(len(row.claims), len(row.moves), lang) if row.claims or row.moves else "",
            )
            for row in self.found
        ]
        ends = [
            say(
                "replay.described",
                lang,
                question=names[q],
                first=percent(self.of(q)[0].chance.value),
                last=percent(self.of(q)[-1].chance.value),
            )
            for q in self.questions
        ]
        described = say(
            "replay.chart-description",
            lang,
            start=day_words(self.days[0], lang),
            end=day_words(self.days[-1], lang),
            list=joined(ends, lang),
        )
        return replay_chart(marks, list(names.values()), described, lang)

    def to_json(self) -> dict[str, object]:
        """The one shape of all results; each row says its ``table``: days or arrivals."""
        parts: dict[str, Sequence[object]] = {"days": self.found, "arrivals": self.arrivals}
        rows = [{"table": name, **jsonable(row)} for name, part in parts.items() for row in part]
        return {**super().to_json(), "rows": rows}


def replay(
    case: Case,
    *,
    start: date | None = None,
    end: date | None = None,
    draws: int = DRAWS,
    plays: int = PLAYS,
    seed: int = 0,
    after_moves: bool = True,
) -> Replay:
    """The forecast of today's case on the record of each day from ``start`` to ``end``, ``draws`` draws a day.

    By default from the day before anything was known to the case's own day. Of more than two months only the days are
    told on which something came in. ``IncompleteCaseError`` for days that do not lie in order up to the case's own.
    """
    asked("replay", case, draws=draws, seed=seed)
    if plays < 1:
        raise ValueError(f"replay: plays is {plays}, but must be at least 1")
    days = days_of(case, start, end) if _in_order(case, start, end) else ()
    if not days:
        first, last = ("—" if day is None else day for day in (start, end))
        raise IncompleteCaseError.of("replay-days", start=first, end=last, as_of=case.file.as_of)
    whole = fixed_date(case)
    found: list[ReplayRow] = []
    arrivals: list[ArrivalRow] = []
    before: Standing | None = None
    for day in days:
        now = stood(whole, day, draws=draws, plays=plays, seed=seed, after_moves=after_moves, before=before)
        came = Arrived((), ()) if before is None else arrived(whole, before, now)
        found += _rows(before, now, came)
        arrivals += _arrivals(now, came)
        before = now
    return Replay(
        case=case,
        method=say("replay.method", "en"),
        parameters={
            "draws": draws,
            "plays": plays,
            "after_moves": after_moves,
            "start": days[0].isoformat(),
            "end": days[-1].isoformat(),
            "days": len(days),
            "horizon": horizon(whole.file).isoformat(),
        },
        seed=seed,
        found=tuple(found),
        arrivals=tuple(arrivals),
        days=days,
        questions=tuple(NAMES),
    )


def _in_order(case: Case, start: date | None, end: date | None) -> bool:
    last = case.file.as_of if end is None else end
    return last <= case.file.as_of and (start is None or start <= last)


def _rows(before: Standing | None, now: Standing, came: Arrived) -> list[ReplayRow]:
    claims, moves = tuple(c.id for c in came.claims), tuple(m.id for m in came.moves)
    out = []
    for name, rule in RULES.items():
        chance = now.pool.chance(dict.fromkeys(now.pool.mean, rule.astype(float)))
        change = None if before is None else _change(before, now, rule)
        members: dict[str, float] = {m.name: float(m.mean("all")[rule].sum()) for m in now.members.all_}
        out.append(ReplayRow(now.on, name, chance, members, change, claims, moves, claims))
    return out


def _change(before: Standing, now: Standing, rule: BoolArray) -> Difference:
    """The later day less the earlier one, both in the same outer group."""
    means, outer = [], []
    for stand in (before, now):
        means.append({e: float(cells[rule].sum()) for e, cells in stand.pool.mean.items()})
        outer.append(stand.pool.outer["all"][:, rule].sum(axis=1))
    zero = means[1]["none"] - means[0]["none"]
    return by_groups(means[1]["all"] - means[0]["all"], outer[1] - outer[0], zero)


def _arrivals(now: Standing, came: Arrived) -> list[ArrivalRow]:
    """The origins that came in and move a question of the day most, told in the order in which the record has them."""
    added = effects(now, came.claims, RULES)
    kept = sorted(added, key=lambda origin: -max(abs(a) for a in added[origin].values()))[:SHOWN]
    return [
        ArrivalRow(now.on, origin, added[origin], tuple(c.id for c in came.claims if c.origin == origin))
        for origin in added
        if origin in kept
    ]


def _came(claims: int, moves: int, lang: Language) -> str:
    """What came in, in a few words."""
    counts = (("claims", claims), ("moves", moves))
    parts = [say(f"replay.{kind}", lang, n=n) for kind, n in counts if n]
    return joined(parts, lang) if parts else say("replay.nothing", lang)
