"""Who carries or blocks it? Where the weighted positions of all who bear on an issue balance, and who draws them there.

Capability-weighted mean and weighted median, the compromise model (mean by capability × salience: Van den Bos 1991,
Achen 2006), and the expected-utility rounds of Bueno de Mesquita (Scholz, Calbert and Smith 2011). The rounds are told
as a spread over rounds and over readings of the model, never as one round: in its own published example the forecast
jumps from one end of the scale to the other with the round one stops at.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from zopa.analysis._influence_rows import (
    MODELS,
    InfluenceRow,
    Level,
    Model,
    SpreadRow,
    actor_rows,
    model_rows,
    near,
    outcomes_of,
    percentiles,
    spread_rows,
)
from zopa.analysis._influence_tables import models_table, number, positions_table, pulls_table, rounds_table
from zopa.case.case import DRAWS, Case
from zopa.case.draws import Evidence
from zopa.case.names import issue_name, option_name, party_in_text, party_name
from zopa.case.standing import arenas, inputs
from zopa.charts.chart import Chart
from zopa.charts.influence import Mark, Panel, influence_chart
from zopa.methods.expected_utility import ROUNDS, VARIANTS
from zopa.result import (
    Chance,
    Footing,
    ReadingShare,
    Result,
    Table,
    asked,
    by_reading,
    ends,
    footing,
    headline,
    jsonable,
    percent,
    reading_table,
    three_ways,
)
from zopa.words import Language, say


@dataclass(frozen=True, kw_only=True, repr=False)
class Influence(Result):
    """Weighted positions on the issues of a case."""

    found: tuple[InfluenceRow, ...]
    spread: tuple[SpreadRow, ...]
    swings: Mapping[str, tuple[float, float, float]]
    """By issue: how far apart the winning positions of one draw's rounds lie, 5th, 50th and 95th percentile."""
    swings_zero: Mapping[str, tuple[float, float, float]]
    """The same without any evidence."""
    readings: Mapping[str, tuple[ReadingShare, ...]]
    footings: Mapping[str, Footing]

    def rows(self) -> tuple[InfluenceRow, ...]:
        """Issue by issue: outcomes of the models, how often each option is nearest, and the actors."""
        return self.found

    def of(self, issue: str, measure: str, *, option: str | None = None) -> InfluenceRow:
        """The row of a model on an issue: its outcome, or how often an option is nearest."""
        return next(
            r for r in self.found if (r.issue, r.measure, r.option, r.actor) == (issue, measure, option, None)
        )

    def nearest(self, issue: str, measure: Model = "compromise") -> InfluenceRow:
        """The row of the option that a model's outcome lies nearest to most often."""
        rows = [r for r in self.found if (r.issue, r.measure) == (issue, measure) and r.option]
        return max(rows, key=lambda r: cast("Chance", r.chance).value)

    def actors(self, issue: str) -> tuple[InfluenceRow, ...]:
        """The actors of an issue, those that pull hardest most often first."""
        rows = [r for r in self.found if r.issue == issue and r.actor]
        return tuple(sorted(rows, key=lambda r: -cast("Chance", r.chance).value))

    @property
    def issues(self) -> tuple[str, ...]:
        """The issues answered, in the order of the case."""
        return tuple(self.footings)

    def headline(self, lang: Language = "en") -> str:
        """Where the compromise outcome lies, over what stretch the rounds run, and who pulls hardest."""
        return (" " if lang == "en" else "").join(self._sentence(issue, lang) for issue in self.issues)

    def _sentence(self, issue: str, lang: Language) -> str:
        row, rests = self.nearest(issue), self.footings[issue]
        own = cast("Chance", row.chance)
        conditions = [say("influence.condition", lang)] if rests.assumed > 0 else []
        first = headline(own, self._what("what", row, lang), lang, conditions=conditions, rests=rests)
        if own.verdict == "silent":
            return first
        hardest = self.actors(issue)[0]
        pulled = cast("Chance", hardest.chance)
        spread = cast("Level", self.of(issue, "expected_utility").position)
        places = [self._place(issue, at, lang) for at in (spread.least, spread.most)]
        zero_ends = [self._place(issue, at, lang) for at in (spread.zero_least, spread.zero_most)]
        alike = "same" if zero_ends == places else "other"
        return first + say(
            "influence.after",
            lang,
            low=places[0],
            high=places[1],
            ignorance=say(f"influence.rounds-{alike}", lang, low=zero_ends[0], high=zero_ends[1]),
            actor=party_in_text(self.case.file, hardest.actor or "", lang, first=True),
            value=percent(pulled.value),
            range=ends(pulled.low, pulled.high),
            zero=percent(pulled.zero),
            verdict=say(f"influence.pull-{pulled.verdict}", lang),
        )

    def _what(self, key: str, row: InfluenceRow, lang: Language) -> str:
        file = self.case.file
        option = option_name(file, row.issue, row.option or "", lang)
        return say(f"influence.{key}", lang, issue=issue_name(file, row.issue, lang), option=option)

    def _place(self, issue: str, at: float, lang: Language) -> str:
        options = self.case.file.issues[issue].options
        return options[round(at * (len(options) - 1))].name.get(lang)

    def table(self, lang: Language = "en") -> Table:
        """The outcome of every model on every issue, and how often each option lies nearest."""
        pairs = [(self.of(i, model), self.nearest(i, model)) for i in self.issues for model in MODELS]
        return models_table(self.case, self.issues, pairs, lang)

    def tables(self, lang: Language = "en") -> tuple[Table, ...]:
        """The models, the actors, the rounds, and the main probability per reading."""
        actors = [row for issue in self.issues for row in self.actors(issue)]
        made = [
            self.table(lang),
            positions_table(self.case, self.issues, actors, lang),
            pulls_table(self.case, self.issues, actors, lang),
            rounds_table(self.case, self.issues, self.spread, lang),
        ]
        for issue, shares in self.readings.items():
            row = self.nearest(issue)
            made.append(
                reading_table(self.case, shares, self._what("what-caption", row, lang), lang, row.because)
            )
        return tuple(table for table in made if table.rows)

    def notes(self, lang: Language = "en") -> tuple[str, ...]:
        """How the scale is read, what each model is, and how little is known of their merit."""
        errors = [v.error for r in self.found for v in (r.position, r.pull, r.chance) if v is not None]
        widest = max(self.swings, key=lambda issue: self.swings[issue][2])
        swing, zero = (number(found[widest][2]) for found in (self.swings, self.swings_zero))
        return tuple(
            say(f"influence.note-{name}", lang, error=f"{100 * max(errors):.1f}", swing=swing, zero=zero)
            for name in ("scale", "models", "rounds", "pull", "merit", "error")
        )

    def plot(self, lang: Language = "en") -> Chart:
        """Actors and models on each issue's scale, with the range of the draws and the models' zero lines."""
        panels = []
        for issue in self.issues:
            marks = [
                Mark(party_name(self.case.file, r.actor or "", lang), cast("Level", r.position), "actor")
                for r in self.found
                if r.issue == issue and r.actor
            ]
            marks += [
                Mark(say(f"influence.model-{m}", lang), cast("Level", self.of(issue, m).position), "model")
                for m in MODELS
            ]
            options = [o.name.get(lang) for o in self.case.file.issues[issue].options]
            panels.append(Panel(issue_name(self.case.file, issue, lang), options, marks))
        first = self.of(self.issues[0], "compromise").position
        spread = self.of(self.issues[0], "expected_utility").position
        assert first is not None
        assert spread is not None
        described = say(
            "influence.chart-description",
            lang,
            issue=panels[0].title,
            value=f"{first.value:.2f}",
            least=f"{first.least:.2f}",
            most=f"{first.most:.2f}",
            low=f"{spread.least:.2f}",
            high=f"{spread.most:.2f}",
        )
        return influence_chart(panels, described, lang)

    def to_json(self) -> dict[str, object]:
        """The one shape of all results; each row says its ``table``: outcomes (and actors), spread (of the rounds) or
        readings (of each side's aims)."""
        readings = [{"issue": i, **jsonable(share)} for i, found in self.readings.items() for share in found]
        tables = {"outcomes": jsonable(self.found), "spread": jsonable(self.spread), "readings": readings}
        rows = [{"table": name, **row} for name, found in tables.items() for row in found]
        return {**super().to_json(), "rows": rows}


def influence(case: Case, *, draws: int = DRAWS, seed: int = 0, after_moves: bool = False) -> Influence:
    """Where weighted positions balance on every issue of the case's ``influence``, with ``draws`` draws."""
    asked("influence", case, draws=draws, seed=seed)
    issues = arenas(case.file)
    ways = three_ways(case, draws, seed, after_moves=after_moves)
    rows: list[InfluenceRow] = []
    spread: list[SpreadRow] = []
    swings: dict[Evidence, dict[str, tuple[float, float, float]]] = {"all": {}, "none": {}}
    readings: dict[str, tuple[ReadingShare, ...]] = {}
    footings: dict[str, Footing] = {}
    for issue in issues:
        made = {evidence: outcomes_of(drawn, issue) for evidence, drawn in ways.items()}
        sections, bases = inputs(case.file, issue)
        footings[issue] = footing(case, sections, entries=bases)
        rows += model_rows(case, issue, made, ways, footings[issue].claims)
        rows += actor_rows(case, issue, made, ways)
        for evidence, found in swings.items():
            winners = made[evidence].outcome["expected_utility"]
            found[issue] = percentiles(winners.max(axis=1) - winners.min(axis=1))
        spread += spread_rows(issue, made, footings[issue].claims)
        close = {e: near(m.outcome["compromise"], m.stand.options) for e, m in made.items()}
        top = int(close["all"].mean(axis=0).argmax())
        readings[issue] = by_reading({e: hits[:, top] for e, hits in close.items()}, ways)
    return Influence(
        case=case,
        method=say("influence.method", "en"),
        parameters={
            "draws": draws,
            "after_moves": after_moves,
            "issues": list(issues),
            "rounds": ROUNDS,
            "variants": len(VARIANTS),
            "swings": {issue: list(swing) for issue, swing in swings["all"].items()},
            "swings_zero": {issue: list(swing) for issue, swing in swings["none"].items()},
        },
        seed=seed,
        found=tuple(rows),
        spread=tuple(spread),
        swings=swings["all"],
        swings_zero=swings["none"],
        readings=readings,
        footings=footings,
    )
