"""What does the forecast hang on? The value of every origin and number, shares of variance, and changed records.

The value of an origin is what a forecaster who is told whether it holds gains under Brier's rule: q(1 − q)(p₁ − p₀)²,
with p₁ and p₀ the pooled forecast with its switch held on and off, on the same random numbers. That of a number is the
variance of the forecast over its values. Shares of variance are Sobol's (1993), over the independent primitives of the
simulated worlds alone. See ``methods.sensitivity``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from zopa.case.case import DRAWS, Case
from zopa.case.end_state import horizon
from zopa.case.labels import path_label
from zopa.charts.chart import Chart
from zopa.charts.drivers import Bar, drivers_chart
from zopa.forecasting._ask_links import Links
from zopa.forecasting._ask_words import Asking
from zopa.forecasting._drivers_numbers import estimate_values, share_rows
from zopa.forecasting._drivers_rows import GROUPS, ContrastRow, EstimateValue, OriginValue, ShareRow
from zopa.forecasting._drivers_runs import Runs
from zopa.forecasting._drivers_tables import contrast_table, number_table, origin_table, ranked, share_table
from zopa.forecasting._drivers_values import CLEAR, SMALL, contrasts, origin_values
from zopa.forecasting._members import Members
from zopa.forecasting._pooled import Pooled, pooled
from zopa.forecasting.forecast import PLAYS, Forecast, forecast
from zopa.result import Footing, Result, Table, asked, jsonable, percent
from zopa.words import Language, joined, say

SIDE_DRAWS, SIDE_PLAYS = 3000, 4
"""Draws, and worlds a draw, with each switch held on and off at most: 12,000 worlds a side."""
SHOWN = 8
"""Bars a question in the chart."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Drivers(Result):
    """What the forecast of a case hangs on."""

    origins: tuple[OriginValue, ...]
    estimates: tuple[EstimateValue, ...]
    contrasts: tuple[ContrastRow, ...]
    shares: tuple[ShareRow, ...]
    pool: Mapping[str, float]
    """By row of the forecast, how likely it is as the case stands."""
    told: Forecast = field(repr=False)
    rests: Footing

    @property
    def questions(self) -> tuple[str, ...]:
        """Rows of the forecast by name, in its order."""
        return tuple(self.pool)

    def rows(self) -> tuple[OriginValue, ...]:
        """Every origin on every question, those worth most to it first."""
        return self.origins

    def of(self, question: str) -> tuple[OriginValue, ...]:
        """The origins of one question whose value is told apart from nothing, those worth most first."""
        return tuple(
            r
            for r in self.origins
            if r.question == question and r.value.value > CLEAR * r.value.error and abs(r.on - r.off) >= SMALL
        )

    def headline(self, lang: Language = "en") -> str:
        """The claim that the agreement hangs on most, and the one that serious violence does."""
        out = []
        for question in self.questions[:2]:
            first = next(iter(self.of(question)), None)
            name = self.told.name_of(self.told.of(question), lang)
            if first is None:
                out.append(say("drivers.headline-nothing", lang, question=name))
                continue
            out.append(
                say(
                    "drivers.headline",
                    lang,
                    question=name,
                    said=Asking(self.case).said(first.origin, lang),
                    on=percent(first.on),
                    off=percent(first.off),
                    moves=f"{100 * abs(first.on - first.off):.0f}",
                    now=percent(self.pool[question]),
                    holds=percent(first.holds),
                )
            )
        return (" " if lang == "en" else "").join(out)

    def table(self, lang: Language = "en") -> Table:
        """By question the origins worth most: how likely each holds, the forecast if it does and if not, the value."""
        return origin_table(self.case, self._leading, self._names(lang), lang)

    def tables(self, lang: Language = "en") -> tuple[Table, ...]:
        """Origins, numbers, changed records, and shares of variance."""
        names = self._names(lang)
        made = (
            self.table(lang),
            number_table(self.case, self.estimates, names, lang),
            contrast_table(self.case, self.contrasts, self.questions[:2], names, lang),
            share_table(self.shares, lang),
        )
        return tuple(table for table in made if table.rows) or (self.table(lang),)

    @property
    def _leading(self) -> Mapping[str, Sequence[OriginValue]]:
        return {question: self.of(question) for question in self.questions}

    def _names(self, lang: Language) -> Mapping[str, str]:
        return {question: self.told.name_of(self.told.of(question), lang) for question in self.questions}

    def notes(self, lang: Language = "en") -> tuple[str, ...]:
        """What a value is, how the runs are made, what overlaps, and what the numbers cannot say."""
        keys = (
            ["value", "runs", "overlap", "numbers", "shares"] if self.shares else ["value", "runs", "overlap"]
        )
        return tuple(
            say(
                f"drivers.note-{key}",
                lang,
                draws=self.parameters["side_draws"],
                plays=self.parameters["side_plays"],
            )
            for key in keys
        )

    def plot(self, lang: Language = "en") -> Chart:
        """For agreement and serious violence, how far learning an origin or a number could move the forecast."""
        panels = []
        names, asking = self._names(lang), Asking(self.case)
        for question in self.questions[:2]:
            bars = [
                Bar(asking.said(r.origin, lang), r.off, r.on, "origin", r.value.value)
                for r in self.of(question)
            ]
            bars += [
                Bar(path_label(self.case.file, e.path, lang), e.low, e.high, "number", e.value.value)
                for e in self.estimates
                if e.question == question and e.value.value > CLEAR * e.value.error
            ]
            bars.sort(key=lambda bar: -bar.value)
            panels.append((names[question], self.pool[question], bars[:SHOWN]))
        told = [
            say("drivers.described", lang, label=bar.label, low=percent(bar.low), high=percent(bar.high))
            for _, _, bars in panels
            for bar in bars[:3]
        ]
        return drivers_chart(panels, joined(told, lang) or self.headline(lang), lang)

    def whole(self) -> Mapping[str, object]:
        """The forecast as it stands, by row."""
        return {"pool": dict(self.pool)}

    def to_json(self) -> dict[str, object]:
        """The one shape of all results; each row says its ``table``: origins, estimates, contrasts or shares."""
        parts = {
            "origins": self.origins,
            "estimates": self.estimates,
            "contrasts": self.contrasts,
            "shares": self.shares,
        }
        rows = [{"table": name, **row} for name, part in parts.items() for row in jsonable(part)]
        return {**super().to_json(), "rows": rows}


def drivers(
    case: Case,
    *,
    draws: int = DRAWS,
    plays: int = PLAYS,
    seed: int = 0,
    after_moves: bool = True,
    icb: Path | str | None = None,
    told: Forecast | None = None,
) -> Drivers:
    """What the forecast of a case hangs on; parameters as for ``forecast``, ``told`` being that where it is there.

    Each switch is held on and off over at most 3,000 draws of 4 worlds; everything else keeps its random numbers.
    """
    asked("drivers", case, draws=draws, seed=seed)
    if told is None:
        told = forecast(case, draws=draws, plays=plays, seed=seed, after_moves=after_moves, icb=icb)
    members: Members = told.members
    pool: Pooled = pooled(members.all_, learnt=members.learnt)
    side = min(draws, SIDE_DRAWS)
    runs = Runs(case.draws(side, seed=seed), members, pool, after_moves, SIDE_PLAYS)
    now = {row.name: row.chance.value for row in told.rows()}
    now = {name: value for name, value in now.items() if name in runs.told(runs.base)}
    values = origin_values(runs, now, Links(case).touches)
    order = {name: k for k, name in enumerate(now)}
    values.sort(key=lambda row: (order[row.question], *ranked(row)))
    numbers = estimate_values(runs, now)
    numbers.sort(key=lambda row: (order[row.question], -row.value.value, row.path))
    return Drivers(
        case=case,
        method=say("drivers.method", "en"),
        parameters={
            "draws": draws,
            "plays": plays,
            "after_moves": after_moves,
            "side_draws": side,
            "side_plays": SIDE_PLAYS,
            "horizon": horizon(case.file).isoformat(),
            "groups": list(GROUPS),
        },
        seed=seed,
        origins=tuple(values),
        estimates=tuple(numbers),
        contrasts=tuple(contrasts(runs, now, values)),
        shares=tuple(share_rows(members, case.draws(draws, seed=seed))),
        pool=now,
        told=told,
        rests=told.rests,
    )
