"""How does it go on? Simulated talks: every world takes one draw of the case and plays it to one common date.

Eight mechanisms, each of which can be switched off (``methods/worlds.py``): how to meet, what to talk about, rounds of
offers, a mediator's texts, breakdown and resumption, outside actors, deadlines, and force after a failure. Every number
is an estimate of the case or a default marked as assumed. Until it has a record the simulation says less how likely
something is than what bears on it: that is how its results are to be read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from zopa.case.case import DRAWS, Case
from zopa.case.draws import Evidence
from zopa.case.end_state import at_the_date, horizon
from zopa.case.labels import day as day_words
from zopa.charts.chart import Chart
from zopa.charts.simulate import simulate_chart
from zopa.forecasting._simulate_defaults import DEFAULTS
from zopa.forecasting._simulate_rows import (
    DayRow,
    EndingRow,
    MechanismRow,
    Played,
    day_rows,
    ending_rows,
    ground_of,
    mechanism_rows,
    played,
)
from zopa.forecasting._simulate_tables import cells_table, endings_table, mechanisms_table
from zopa.methods.reweighting import Moments
from zopa.methods.world_board import MECHANISMS
from zopa.methods.worlds import switched_off
from zopa.result import (
    Chance,
    Footing,
    ReadingShare,
    Result,
    Table,
    asked,
    by_reading,
    ends,
    headline,
    jsonable,
    percent,
    reading_table,
    three_ways,
)
from zopa.words import Language, joined, say

PLAYS = 4
"""Worlds a draw by default: 48,000 in all, whose scatter within a draw adds little to that between draws."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Simulate(Result):
    """How the simulated worlds end, what each mechanism does to it, and how it stands day by day."""

    found: tuple[EndingRow, ...]
    mechanisms: tuple[MechanismRow, ...]
    days: tuple[DayRow, ...]
    readings: Mapping[str, tuple[ReadingShare, ...]]
    """Of an agreement, and of serious violence: the share of worlds given each reading of each side's aims."""
    moments: Mapping[Evidence, tuple[Moments, ...]] = field(repr=False)
    """Of the nine joint cells of end and violence, over the grade table, by way to draw: what is pooled."""
    assumed: tuple[str, ...]
    """Numbers that the case does not give and a default stands for."""
    effective: float
    rests: Footing
    deal: Chance
    serious: Chance | None
    """None where the case names nobody who might use force."""
    open: Chance

    def rows(self) -> tuple[EndingRow, ...]:
        """Facts, questions, events, scenarios and cells; ``mechanisms`` and ``days`` hold the rest."""
        return self.found

    def main(self) -> tuple[EndingRow, ...]:
        """All but the cells."""
        return tuple(row for row in self.found if row.kind != "cell")

    def of(self, name: str) -> EndingRow:
        """The row of a fact, question, scenario or cell by its name; ``ValueError`` where there is none."""
        for row in self.found:
            if row.name == name:
                return row
        raise ValueError(f"simulate: no row is called {name!r}; there are {[row.name for row in self.found]}")

    @property
    def cells(self) -> tuple[float, ...]:
        """Shares of the nine joint cells of end and violence; they sum to one."""
        return tuple(m.mean for m in self.moments["all"])

    def headline(self, lang: Language = "en") -> str:
        """How likely an agreement is in the simulated talks; then serious violence, and talks still open."""
        day = day_words(horizon(self.case.file), lang)
        conditions = [say("simulate.condition", lang)] if self.rests.assumed > 0 else []
        what = say("simulate.what-deal", lang, day=day)
        said = headline(self.deal, what, lang, conditions=conditions, rests=self.rests)
        if self.deal.verdict == "silent":
            return said
        told = {
            name: say(
                f"simulate.after-{name}",
                lang,
                value=percent(c.value),
                range=ends(c.low, c.high),
                zero=percent(c.zero),
            )
            for name, c in (("serious", self.serious), ("open", self.open))
            if c is not None
        }
        return said + say(f"simulate.{'after' if 'serious' in told else 'after-calm'}", lang, **told)

    def table(self, lang: Language = "en") -> Table:
        """Questions, events on the way and scenarios."""
        return endings_table(self.case, self.main(), lang)

    def tables(self, lang: Language = "en") -> tuple[Table, ...]:
        """The answers; the joint cells; what each mechanism does; agreement and violence per reading."""
        made = [
            self.table(lang),
            cells_table(self.case, [row for row in self.found if row.kind == "cell"], lang),
            mechanisms_table(self.mechanisms, lang),
        ]
        for name, shares in self.readings.items():
            what = say(f"simulate.caption-{name}", lang)
            made.append(reading_table(self.case, shares, what, lang, self.rests.claims))
        return (made[0], *(table for table in made[1:] if table.rows))

    def notes(self, lang: Language = "en") -> tuple[str, ...]:
        """What a world is, that it has no record, what was assumed, and how exact the shares are."""
        told = self.parameters
        notes = [
            say("simulate.note-worlds", lang, worlds=f"{told['worlds']:,}", draws=f"{told['draws']:,}"),
            say("simulate.note-record", lang),
            say("simulate.note-mechanisms", lang),
        ]
        if self.serious is None:
            notes.append(say("simulate.note-no-force", lang))
        if told["without"]:
            names = [say(f"simulate.mechanism-{name}", lang) for name in told["without"]]
            notes.append(say("simulate.note-without", lang, mechanisms=joined(names, lang)))
        if told["foresight"]:
            notes.append(say("simulate.note-foresight", lang))
        if self.assumed:
            names = [
                say(
                    "simulate.default",
                    lang,
                    name=say(f"simulate.number-{n}", lang),
                    value=DEFAULTS[n].estimate.replace(" to ", say("simulate.to", lang)),
                )
                for n in self.assumed
            ]
            notes.append(say("simulate.note-assumed", lang, numbers=joined(names, lang)))
        if told["after_moves"]:
            notes.append(say("result.after-moves-note", lang, effective=round(self.effective)))
        error = f"{100 * max(row.chance.error for row in self.main()):.1f}"
        return (*notes, say("simulate.note-error", lang, error=error))

    def plot(self, lang: Language = "en") -> Chart:
        """How the worlds stand day by day."""
        last = {row.status: row.share for row in self.days if row.day == self.days[-1].day}
        shown = [(name, share) for name, share in last.items() if share > 0]
        parts = [
            say("simulate.stands", lang, status=say(f"simulate.status-{name}", lang), share=percent(share))
            for name, share in shown
        ]
        described = say(
            "simulate.chart-description",
            lang,
            day=day_words(horizon(self.case.file), lang),
            list=joined(parts, lang),
        )
        return simulate_chart(self.days, day_words(self.case.file.as_of, lang), described, lang)

    def to_json(self) -> dict[str, object]:
        """The one shape of all results; each row says its ``table``: endings, mechanisms, days or readings."""
        tables: dict[str, Sequence[object]] = {
            "endings": self.found,
            "mechanisms": self.mechanisms,
            "days": self.days,
        }
        rows = [{"table": name, **jsonable(row)} for name, found in tables.items() for row in found]
        for name, shares in self.readings.items():
            rows += [{"table": "readings", "outcome": name, **jsonable(share)} for share in shares]
        return {**super().to_json(), "rows": rows}

    def whole(self) -> Mapping[str, Any]:
        """Which numbers were assumed, and of how many draws that differ there is information."""
        return {"assumed": self.assumed, "effective": self.effective}


def simulate(
    case: Case,
    *,
    draws: int = DRAWS,
    plays: int = PLAYS,
    seed: int = 0,
    after_moves: bool = True,
    without: Sequence[str] = (),
    foresight: bool = False,
) -> Simulate:
    """How the simulated talks of a case end: ``draws`` draws of everything uncertain, each played ``plays`` times.

    ``without`` names mechanisms to switch off; with ``foresight`` the parties reason back from the last round in place
    of conceding with time. ``IncompleteCaseError`` where the case has no ``talks``.
    """
    asked("simulate", case, draws=draws, seed=seed)
    if plays < 1:
        raise ValueError(f"simulate: plays is {plays}, but must be at least 1")
    switches = switched_off(without)
    ways = three_ways(case, draws, seed, after_moves=after_moves)
    # The ways to draw without evidence are for comparison: one world a draw is enough.
    made = {
        e: played(d, plays=plays if e == "all" else 1, switches=switches, foresight=foresight)
        for e, d in ways.items()
    }
    base = made["all"]
    rests = ground_of(case, base)
    rows = ending_rows(case, made, rests.claims)
    facts = {name: _fact(case, made, name) for name in ("deal", "serious", "open")}
    forces = base.laid.violent
    main = {row.name: row.chance for row in rows if row.kind != "cell"}
    when = {q.when: q.id for q in case.file.questions if q.when is not None}
    chances = {name: main[when.get(name, name)] for name in facts if forces or name != "serious"}
    return Simulate(
        case=case,
        method="simulated talks of eight mechanisms on draws of the case (see docs/explanation/simulate.md)",
        parameters={
            "draws": draws,
            "plays": plays,
            "worlds": draws * plays,
            "after_moves": after_moves,
            "without": [name for name in MECHANISMS if name in without],
            "foresight": foresight,
        },
        seed=seed,
        found=rows,
        mechanisms=mechanism_rows(case, base, without, foresight, rests.claims),
        days=day_rows(case, base),
        readings={
            name: by_reading(facts[name], ways) for name in ("deal", "serious") if forces or name == "deal"
        },
        moments={e: p.draws.many(p.cells()) for e, p in made.items()},
        assumed=base.laid.missing,
        effective=ways["all"].effective,
        rests=rests,
        deal=chances["deal"],
        serious=chances.get("serious"),
        open=chances["open"],
    )


def _fact(case: Case, made: Mapping[Evidence, Played], name: str) -> dict[Evidence, np.ndarray[Any, Any]]:
    """The share of each draw's worlds in which a fact holds at the common date, by way to draw."""
    return {e: p.share(at_the_date(case.file, p.worlds.states)[name]) for e, p in made.items()}
