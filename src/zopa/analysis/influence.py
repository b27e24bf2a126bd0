"""Who carries or blocks it? Where the weighted positions of all who bear on an issue balance, and who draws them there.

Capability-weighted mean and weighted median, the compromise model (mean by capability × salience: Van den Bos 1991,
Achen 2006), and the expected-utility rounds of Bueno de Mesquita (Scholz, Calbert and Smith 2011). The rounds are told
as a spread over rounds and over readings of the model, never as one round: in its own published example the forecast
jumps from one end of the scale to the other with the round one stops at.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from zopa.case.case import DRAWS, Case
from zopa.case.draws import Draws, Evidence
from zopa.case.names import issue_name, option_name, party_in_text, party_name
from zopa.case.standing import Standing, arenas, inputs, standing
from zopa.charts.chart import Chart
from zopa.charts.influence import Mark, Panel, influence_chart
from zopa.estimate import Array
from zopa.methods.expected_utility import ROUNDS, VARIANTS, challenge_rounds
from zopa.methods.influence import compromise, pulls, weighted_mean, weighted_median
from zopa.result import (
    Chance,
    Footing,
    ReadingShare,
    Result,
    Table,
    Verdict,
    asked,
    by_reading,
    cell,
    chance_of,
    ends,
    footing,
    headline,
    jsonable,
    percent,
    reading_table,
    three_ways,
    verdict,
)
from zopa.words import Language, say

Model = Literal["mean", "median", "compromise", "expected_utility"]
MODELS: tuple[Model, ...] = ("mean", "median", "compromise", "expected_utility")
NEAR = 1e-9
"""Two options nearer to each other's distance than this are equally near."""


@dataclass(frozen=True, slots=True)
class Level:
    """A place on an issue's scale from 0 to 1, or a shift along it: the mean over draws with its 5–95 % range over the
    grade table; ``least``–``most``: 5–95 % of the draws themselves; zero line, without assumptions, and verdict."""

    value: float
    low: float
    high: float
    least: float
    most: float
    zero: float
    cited: float
    error: float
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class InfluenceRow:
    """One answer on one issue.

    ``measure``: a model's outcome (``mean``, ``median``, ``compromise``, ``expected_utility``), or ``actor``. A model's
    row with an ``option`` holds the ``chance`` that its outcome lies nearest to it (of the expected-utility model: in
    a round taken at random), the one without holds the outcome's ``position``. An actor's row: its ``position``, its
    ``weight`` (share of capability × salience), its ``pull`` (how far the compromise outcome stands from where it would
    be without the actor) and the ``chance`` that nobody pulls harder.
    """

    issue: str
    measure: Literal["mean", "median", "compromise", "expected_utility", "actor"]
    option: str | None
    actor: str | None
    position: Level | None
    weight: Level | None
    pull: Level | None
    chance: Chance | None
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SpreadRow:
    """The expected-utility model after one ``round`` by all readings of the model, or in all rounds by those readings
    that make one ``choice``: 5th, 50th and 95th percentile of the winning position and of the weighted mean."""

    issue: str
    round: int | None
    choice: str | None
    winner: tuple[float, float, float]
    mean: tuple[float, float, float]
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Outcomes:
    """The outcomes of all models in one way to draw: (D,) each, of the expected-utility model (D, rounds)."""

    stand: Standing
    outcome: Mapping[Model, Array]
    means: Array
    which: NDArray[np.int64]
    pull: Array


@dataclass(frozen=True, kw_only=True, repr=False)
class Influence(Result):
    """Weighted positions on the issues of a case."""

    found: tuple[InfluenceRow, ...]
    spread: tuple[SpreadRow, ...]
    swings: Mapping[str, tuple[float, float, float]]
    """By issue: how far apart the winning positions of one draw's rounds lie, 5th, 50th and 95th percentile."""
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
        return first + say(
            "influence.after",
            lang,
            low=self._place(issue, spread.least, lang),
            high=self._place(issue, spread.most, lang),
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
        heads = ("issue", "model", "position", "draws", "zero", "nearest")
        rows, because = [], []
        for issue in self.issues:
            for model in MODELS:
                row, near = self.of(issue, model), self.nearest(issue, model)
                at, own = cast("Level", row.position), cast("Chance", near.chance)
                rows.append(
                    (
                        issue_name(self.case.file, issue, lang),
                        say(f"influence.model-{model}", lang),
                        _shown(at),
                        f"{at.least:.2f}–{at.most:.2f}",
                        f"{at.zero:.2f}",
                        say(
                            "influence.nearest",
                            lang,
                            option=option_name(self.case.file, issue, near.option or "", lang),
                            share=cell(own),
                            zero=percent(own.zero),
                        ),
                    )
                )
                because.append(row.because)
        columns = tuple(say(f"influence.column-{head}", lang) for head in heads)
        return Table(say("influence.caption", lang), columns, tuple(rows), tuple(because))

    def tables(self, lang: Language = "en") -> tuple[Table, ...]:
        """The models, the actors, the rounds, and the main probability per reading."""
        made = [self.table(lang), self._actors_table(lang), self._rounds_table(lang)]
        for issue, shares in self.readings.items():
            row = self.nearest(issue)
            made.append(
                reading_table(self.case, shares, self._what("what-caption", row, lang), lang, row.because)
            )
        return tuple(table for table in made if table.rows)

    def _actors_table(self, lang: Language) -> Table:
        heads = ("issue", "actor", "stands", "weight", "pull", "hardest", "zero")
        rows, because = [], []
        for issue in self.issues:
            for row in self.actors(issue):
                at, weight, pull = (cast("Level", v) for v in (row.position, row.weight, row.pull))
                own = cast("Chance", row.chance)
                rows.append(
                    (
                        issue_name(self.case.file, issue, lang),
                        party_name(self.case.file, row.actor or "", lang),
                        f"{at.value:.2f} ({at.least:.2f}–{at.most:.2f})",
                        f"{weight.value:.2f} ({weight.least:.2f}–{weight.most:.2f})",
                        f"{pull.value:+.2f} ({pull.low:+.2f} … {pull.high:+.2f})",
                        cell(own),
                        f"{percent(own.zero)}%",
                    )
                )
                because.append(row.because)
        columns = tuple(say(f"influence.column-{head}", lang) for head in heads)
        return Table(say("influence.caption-actors", lang), columns, tuple(rows), tuple(because))

    def _rounds_table(self, lang: Language) -> Table:
        heads = ("issue", "round", "winner", "round-mean")
        rows = tuple(
            (
                issue_name(self.case.file, r.issue, lang),
                say(f"influence.{r.choice}", lang) if r.choice else say("influence.round", lang, n=r.round),
                _band(r.winner),
                _band(r.mean),
            )
            for r in self.spread
        )
        because = tuple(r.because for r in self.spread)
        columns = tuple(say(f"influence.column-{head}", lang) for head in heads)
        return Table(say("influence.caption-rounds", lang), columns, rows, because)

    def notes(self, lang: Language = "en") -> tuple[str, ...]:
        """How the scale is read, what each model is, and how little is known of their merit."""
        errors = [v.error for r in self.found for v in (r.position, r.pull, r.chance) if v is not None]
        swing = max((s[2] for s in self.swings.values()), default=0.0)
        return tuple(
            say(f"influence.note-{name}", lang, error=f"{100 * max(errors):.1f}", swing=f"{swing:.2f}")
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
    swings: dict[str, tuple[float, float, float]] = {}
    readings: dict[str, tuple[ReadingShare, ...]] = {}
    footings: dict[str, Footing] = {}
    for issue in issues:
        made = {evidence: _outcomes(drawn, issue) for evidence, drawn in ways.items()}
        sections, bases = inputs(case.file, issue)
        footings[issue] = footing(case, sections, entries=bases)
        rows += _model_rows(case, issue, made, ways, footings[issue].claims)
        rows += _actor_rows(case, issue, made, ways)
        full = made["all"]
        winners = full.outcome["expected_utility"]
        swings[issue] = _percentiles(winners.max(axis=1) - winners.min(axis=1))
        spread += _spread(issue, full, footings[issue].claims)
        near = _near(full.outcome["compromise"], full.stand.options)
        top = int(near.mean(axis=0).argmax())
        readings[issue] = by_reading(cast("NDArray[np.bool_]", near[:, top]), ways["all"])
    return Influence(
        case=case,
        method=say("influence.method", "en"),
        parameters={
            "draws": draws,
            "after_moves": after_moves,
            "issues": list(issues),
            "rounds": ROUNDS,
            "variants": len(VARIANTS),
            "swings": {issue: list(swing) for issue, swing in swings.items()},
        },
        seed=seed,
        found=tuple(rows),
        spread=tuple(spread),
        swings=swings,
        readings=readings,
        footings=footings,
    )


def _outcomes(drawn: Draws, issue: str) -> _Outcomes:
    stand = standing(drawn, issue)
    # What reading of the model is right is not known either: each draw plays one, picked by a stream of its own.
    which = (drawn.uniforms(f"influence.{issue}/variant") * len(VARIANTS)).astype(np.int64)
    played = challenge_rounds(
        stand.capability, stand.salience, stand.positions, variants=VARIANTS, which=which
    )[:, 1:]
    weights = np.broadcast_to(stand.weights[:, None, :], played.shape)
    outcome: dict[Model, Array] = {
        "mean": weighted_mean(stand.positions, stand.capability),
        "median": weighted_median(stand.positions, stand.weights),
        "compromise": compromise(stand.positions, stand.capability, stand.salience),
        "expected_utility": weighted_median(played, weights),
    }
    return _Outcomes(
        stand=stand,
        outcome=outcome,
        means=weighted_mean(played, weights),
        which=which,
        pull=pulls(stand.positions, stand.weights),
    )


Made = Mapping[Evidence, _Outcomes]
Ways = Mapping[Evidence, Draws]


def _spread(issue: str, made: _Outcomes, because: tuple[str, ...]) -> list[SpreadRow]:
    """The winning positions and means by round, and by each choice between readings of the model."""
    winners, means = made.outcome["expected_utility"], made.means
    rows = [
        SpreadRow(issue, t + 1, None, _percentiles(winners[:, t]), _percentiles(means[:, t]), because)
        for t in range(ROUNDS)
    ]
    choices = [
        [f"votes-{v.votes}", f"compromise-{v.compromise}", f"capitulation-{str(v.capitulation).lower()}"]
        for v in VARIANTS
    ]
    for at in range(len(choices[0])):
        for choice in dict.fromkeys(chosen[at] for chosen in choices):
            here = np.array([chosen[at] == choice for chosen in choices])[made.which]
            if here.any():
                rows.append(
                    SpreadRow(
                        issue, None, choice, _percentiles(winners[here]), _percentiles(means[here]), because
                    )
                )
    return rows


def _model_rows(
    case: Case, issue: str, made: Made, ways: Ways, because: tuple[str, ...]
) -> list[InfluenceRow]:
    rows = []
    for model in MODELS:
        outcomes = {e: m.outcome[model] for e, m in made.items()}
        at = _level(outcomes, ways)
        rows.append(InfluenceRow(issue, model, None, None, at, None, None, None, because))
        near = {e: _near(m.outcome[model], m.stand.options) for e, m in made.items()}
        for k, option in enumerate(case.file.issues[issue].options):
            own = _chance({e: hits[:, k] for e, hits in near.items()}, ways)
            rows.append(InfluenceRow(issue, model, option.id, None, None, None, None, own, because))
    return rows


def _actor_rows(case: Case, issue: str, made: Made, ways: Ways) -> list[InfluenceRow]:
    rows = []
    hardest = {e: _hardest(m.pull) for e, m in made.items()}
    quantities = ways["all"].quantities
    for k, actor in enumerate(made["all"].stand.actors):
        prefix = f"influence.{issue}.actors.{actor}"
        cited = [
            c
            for part in ("position", "capability", "salience")
            for c in quantities[f"{prefix}.{part}"].basis.claims
        ]
        rows.append(
            InfluenceRow(
                issue=issue,
                measure="actor",
                option=None,
                actor=actor,
                position=_level({e: m.stand.positions[:, k] for e, m in made.items()}, ways),
                weight=_level({e: m.stand.weights[:, k] for e, m in made.items()}, ways),
                pull=_level({e: m.pull[:, k] for e, m in made.items()}, ways, signed=True),
                chance=_chance({e: hits[:, k] for e, hits in hardest.items()}, ways),
                because=tuple(c for c in dict.fromkeys(cited) if c in case.ledger.by_id),
            )
        )
    return rows


def _near(outcome: Array, options: Array) -> Array:
    """(D, K) 1 for the option nearest to an outcome (D,), shared where several are; for outcomes (D, rounds) the share
    of rounds."""
    apart = np.abs(outcome[..., None] - options)
    hits = (apart <= apart.min(axis=-1, keepdims=True) + NEAR).astype(np.float64)
    hits /= hits.sum(axis=-1, keepdims=True)
    return np.asarray(hits if outcome.ndim == 1 else hits.mean(axis=1))


def _hardest(pull: Array) -> Array:
    """(D, N) 1 for the actor that pulls hardest either way, shared between those that pull alike."""
    strength = np.abs(pull)
    hits = (strength >= strength.max(axis=1, keepdims=True) - NEAR).astype(np.float64)
    return np.asarray(hits / hits.sum(axis=1, keepdims=True))


def _chance(series: Mapping[Evidence, Array], ways: Ways) -> Chance:
    # Shared hits and shares of rounds are numbers from 0 to 1; a probability is their mean like that of yes and no.
    return chance_of(cast("Mapping[Evidence, NDArray[np.bool_]]", series), ways)


def _level(series: Mapping[Evidence, Array], ways: Ways, *, signed: bool = False) -> Level:
    """A level from its series by way to draw: (D,), or (D, rounds) of which the draws' range takes in all rounds."""
    by_draw = {e: s if s.ndim == 1 else s.mean(axis=1) for e, s in series.items()}
    spread = ways["all"].interval(by_draw["all"], legal=None if signed else (0.0, 1.0))
    least, _, most = _percentiles(series["all"].ravel())
    return Level(
        value=float(spread.mean),
        low=float(spread.low),
        high=float(spread.high),
        least=least,
        most=most,
        zero=float(by_draw["none"].mean()),
        cited=float(by_draw["cited"].mean()),
        error=float(spread.error),
        verdict=verdict(by_draw, ways),
    )


def _percentiles(values: Array) -> tuple[float, float, float]:
    low, mid, high = np.quantile(values, [0.05, 0.5, 0.95])
    return float(low), float(mid), float(high)


def _shown(at: Level) -> str:
    return f"{at.value:.2f} ({at.low:.2f}–{at.high:.2f})"


def _band(found: tuple[float, float, float]) -> str:
    return f"{found[1]:.2f} ({found[0]:.2f}–{found[2]:.2f})"
