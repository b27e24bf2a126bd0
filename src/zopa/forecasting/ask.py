"""What should be asked, of whom, and what would the answer change? What should be watched, and what tells aims apart?

A question is worth what its answer would take off the expected Brier score of a conclusion (Howard 1966 for the value
of information). Candidates are the origins whose truth ``drivers`` values, contradictions between two of them, what the
case itself leaves open, the readings of each party, and numbers that the record does not settle. The five worth most
are told, no two about the same matter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from zopa.analysis.wants import wants
from zopa.case.case import DRAWS, Case
from zopa.case.draws import Draws
from zopa.case.end_state import horizon
from zopa.case.evidence import Bool
from zopa.charts.ask import Range, ask_chart
from zopa.charts.chart import Chart
from zopa.forecasting._ask_links import Links
from zopa.forecasting._ask_matters import Worths, bears_on, matters, unvalued
from zopa.forecasting._ask_rows import AskRow, Effect, Matter, chosen
from zopa.forecasting._ask_sides import EXISTS, further, number_on_zone, sides_of
from zopa.forecasting._ask_tables import answers, asked_table, conclusion, matrix_tables, signs_table
from zopa.forecasting._ask_words import Asking
from zopa.forecasting._indicators import IndicatorRow, indicator_rows
from zopa.forecasting._matrix import MatrixRow, matrix_rows
from zopa.forecasting._members import Members
from zopa.forecasting._whatif_rows import zone_measures
from zopa.forecasting.drivers import drivers as driven
from zopa.forecasting.forecast import forecast
from zopa.result import Chance, Result, Table, asked, chance_of, jsonable, percent
from zopa.words import Language, joined, say

PLAYS = 4
"""Worlds a draw by default."""
MOST = 5
"""Questions told at most: as many as a meeting has time for."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Ask(Result):
    """The questions worth putting, the signs worth watching, and what tells the readings of each party apart."""

    found: tuple[AskRow, ...]
    signs: tuple[IndicatorRow, ...]
    """Observable events of the next weeks, by the simulated talks alone."""
    matrix: tuple[MatrixRow, ...]
    """Readings × claims, party by party."""
    unvalued: tuple[str, ...]
    """Unknowns of the case that no number of the forecast hangs on."""
    played: bool
    asking: Asking = field(repr=False)

    def rows(self) -> tuple[AskRow, ...]:
        """The questions, the one worth most first."""
        return self.found

    def headline(self, lang: Language = "en") -> str:
        """The first question, whom to put it to, and what it would change; or that nothing would move anything."""
        if not self.found:
            return say(f"ask.{'nothing' if self.case.ledger.claims else 'nothing-silent'}", lang)
        first = self.found[0]
        return say(
            "ask.headline",
            lang,
            question=self.asking.question(first, lang),
            whom=self.asking.listed(first, lang),
            what=conclusion(self.case, first.effect, lang),
            now=percent(first.effect.now),
            answers=say("ask.in-points", lang, list=answers(self.asking, first, first.effect, lang)),
        )

    def table(self, lang: Language = "en") -> Table:
        """The questions, for whom, what each answer would change, and what that is worth."""
        return asked_table(self.asking, self.found, lang)

    def tables(self, lang: Language = "en") -> tuple[Table, ...]:
        """The questions; the signs; for each party, what tells its readings apart."""
        signs = (signs_table(self.case, self.signs, lang),) if self.signs else ()
        return (self.table(lang), *signs, *matrix_tables(self.asking, self.matrix, lang))

    def notes(self, lang: Language = "en") -> tuple[str, ...]:
        """What a worth is, what the words are, where each number comes from, and what the case leaves open besides."""
        kinds = {row.kind for row in self.found}
        keys = ["worth", "same", "words"] if self.found else []
        keys += ["readings"] if "reading" in kinds else []
        keys += ["numbers"] if "number" in kinds else []
        keys += ["signs"] if self.signs else []
        keys += ["moves"] if any(row.sign == "move" for row in self.signs) else []
        keys += [] if self.played else ["no-signs"]
        keys += ["matrix"] if self.matrix else []
        out = [say(f"ask.note-{key}", lang) for key in keys]
        if self.unvalued:
            texts = {u.id: u.text.get(lang) for u in self.case.file.unknowns}
            listed = ("" if lang == "zh" else " ").join(texts[unknown] for unknown in self.unvalued)
            out.append(say("ask.note-unvalued", lang, list=listed))
        return tuple(out)

    def plot(self, lang: Language = "en") -> Chart:
        """Each question as a range from its lowest to its highest answer, on what it moves most."""
        ranges = [
            Range(
                say(
                    "ask.chart-row",
                    lang,
                    rank=row.rank,
                    about=self.asking.about(row, lang),
                    what=conclusion(self.case, row.effect, lang),
                ),
                row.effect.now,
                [(self.asking.answer(row, row.effect, a, lang), a.forecast) for a in row.effect.answers],
            )
            for row in self.found
        ]
        told = [
            say(
                "ask.chart-range",
                lang,
                label=one.label.replace("\n", " "),
                low=percent(min(p for _, p in one.answers)),
                high=percent(max(p for _, p in one.answers)),
                now=percent(one.now),
            )
            for one in ranges
        ]
        key = "chart-description" if told else "chart-nothing"
        return ask_chart(ranges, say(f"ask.{key}", lang, list=joined(told, lang)), lang)

    def whole(self) -> Mapping[str, object]:
        """The case's unknowns that no number hangs on."""
        return {"unvalued": list(self.unvalued)}

    def to_json(self) -> dict[str, object]:
        """The one shape of all results; each row says its ``table``: questions, signs or matrix."""
        parts: dict[str, Sequence[object]] = {
            "questions": self.found,
            "signs": self.signs,
            "matrix": self.matrix,
        }
        rows = [{"table": name, **jsonable(row)} for name, part in parts.items() for row in part]
        return {**super().to_json(), "rows": rows}


def ask(
    case: Case,
    *,
    drivers: Worths | None = None,
    draws: int = DRAWS,
    plays: int = PLAYS,
    seed: int = 0,
    after_moves: bool = True,
    icb: Path | str | None = None,
) -> Ask:
    """The five questions worth putting to somebody, from ``draws`` draws of a case and ``plays`` worlds a draw.

    ``drivers``: what origins and numbers are worth, where it is known already, made with the same draws and seed;
    worked out otherwise. ``after_moves`` and ``icb`` as for ``forecast``.
    """
    asked("ask", case, draws=draws, seed=seed)
    if plays < 1:
        raise ValueError(f"ask: plays is {plays}, but must be at least 1")
    made = forecast(case, draws=draws, plays=plays, seed=seed, after_moves=after_moves, icb=icb)
    if drivers is None:
        drivers = driven(
            case, draws=draws, plays=plays, seed=seed, after_moves=after_moves, icb=icb, told=made
        )
    plain = case.draws(draws, seed=seed)
    links = Links(case)
    pairs = [links.pair(found) for found in links.rivals]
    zone = zone_measures(case, draws=draws, seed=seed).get(("exists", EXISTS))
    open_ = None if zone is None else np.asarray(zone.series["all"], dtype=bool)
    sides = sides_of(case, plain, open_, made, drivers.pool, pairs)
    stands = {row.name: row.chance for row in made.rows()}
    if zone is not None:
        stands[EXISTS] = chance_of(zone.series, zone.ways)
    every = matters(case, drivers, sides)
    asking = Asking(case)
    rows = tuple(
        _row(
            asking,
            k,
            first,
            others,
            stands=stands,
            also=_also(case, plain, open_, made.members, first),
            bears=bears_on(links, drivers, first),
        )
        for k, (first, others) in enumerate(chosen(every, MOST), start=1)
    )
    played = made.members.worlds.get("all")
    matrix = matrix_rows(case, plain, wants(case, draws=draws, seed=seed)) if _has_readings(case) else ()
    return Ask(
        case=case,
        method=say("ask.method", "en"),
        parameters={
            "draws": draws,
            "plays": plays,
            "after_moves": after_moves,
            "horizon": horizon(case.file).isoformat(),
            "matters": len(every),
        },
        seed=seed,
        found=rows,
        signs=()
        if played is None
        else indicator_rows(case, played, plain, made.members.grounds["simulate"].claims),
        matrix=matrix,
        unvalued=unvalued(case, every),
        played=played is not None,
        asking=asking,
    )


def _has_readings(case: Case) -> bool:
    return any(len(case.file.readings.get(party, ())) > 1 for party in case.negotiators)


def _row(
    asking: Asking,
    rank: int,
    first: Matter,
    others: Sequence[Matter],
    *,
    stands: Mapping[str, Chance],
    also: tuple[Effect, ...],
    bears: str | None,
) -> AskRow:
    if first.best is None:
        raise ValueError("a matter that moves nothing is not asked about")
    shared = dict.fromkeys(subject for other in others for subject in other.subject)
    return AskRow(
        rank=rank,
        kind=first.kind,
        subject=first.subject,
        whom=asking.whom(first, bears),
        stands=stands[first.best.question],
        effect=first.best,
        also=also,
        shared=tuple(subject for subject in shared if subject not in first.subject),
        bears_on=bears,
        because=first.because,
    )


def _also(
    case: Case, plain: Draws, open_: Bool | None, members: Members, first: Matter
) -> tuple[Effect, ...]:
    """What a question clearly moves beside what it moves most: the zone, and a reading of a party."""
    out = [e for e in first.effects if e.on == "zone" and e.clear and e is not first.best]
    if first.kind == "number" and first.subject[0].startswith(("preferences.", "red_lines.")):
        out += number_on_zone(plain, open_, first.subject[0])
    if first.kind in ("unknown", "contradiction", "origin") and members.worlds:
        origins = first.subject[1:] if first.kind == "unknown" else first.subject
        readings = {party: [r.id for r in known] for party, known in case.file.readings.items()}
        out += further(members.worlds["all"].draws, origins, readings)
    return tuple(out)
