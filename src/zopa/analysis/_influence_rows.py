"""The numbers of the influence analysis: the models' outcomes, what each actor weighs and pulls, how rounds spread."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from zopa.case.case import Case
from zopa.case.draws import Draws, Evidence
from zopa.case.standing import Standing, standing
from zopa.estimate import Array
from zopa.methods.expected_utility import ROUNDS, VARIANTS, challenge_rounds
from zopa.methods.influence import compromise, pulls, weighted_mean, weighted_median
from zopa.result import Chance, Verdict, chance_of, verdict

Model = Literal["mean", "median", "compromise", "expected_utility"]
MODELS: tuple[Model, ...] = ("mean", "median", "compromise", "expected_utility")
NEAR = 1e-9
"""Two options nearer to each other's distance than this are equally near."""


@dataclass(frozen=True, slots=True)
class Level:
    """A place on an issue's scale from 0 to 1, or a shift along it: the mean over draws with its 5–95 % range over the
    grade table; ``least``–``most``: 5–95 % of the draws themselves; zero line with that of the draws' range
    (``zero_least``–``zero_most``), without assumptions, and verdict."""

    value: float
    low: float
    high: float
    least: float
    most: float
    zero: float
    zero_least: float
    zero_most: float
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
    that make one ``choice``: 5th, 50th and 95th percentile of the winning position and of the weighted mean, and the
    same without any evidence."""

    issue: str
    round: int | None
    choice: str | None
    winner: tuple[float, float, float]
    winner_zero: tuple[float, float, float]
    mean: tuple[float, float, float]
    mean_zero: tuple[float, float, float]
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The outcomes of all models in one way to draw: (D,) each, of the expected-utility model (D, rounds)."""

    stand: Standing
    outcome: Mapping[Model, Array]
    means: Array
    which: NDArray[np.int64]
    pull: Array


def outcomes_of(drawn: Draws, issue: str) -> Outcomes:
    """The outcomes of all models on one issue in one way to draw."""
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
    return Outcomes(
        stand=stand,
        outcome=outcome,
        means=weighted_mean(played, weights),
        which=which,
        pull=pulls(stand.positions, stand.weights),
    )


Made = Mapping[Evidence, Outcomes]
Ways = Mapping[Evidence, Draws]


def spread_rows(issue: str, made: Made, because: tuple[str, ...]) -> list[SpreadRow]:
    """The winning positions and means by round, and by each choice between readings of the model."""
    choices = [
        [f"votes-{v.votes}", f"compromise-{v.compromise}", f"capitulation-{str(v.capitulation).lower()}"]
        for v in VARIANTS
    ]
    parts: list[tuple[int | None, str | None]] = [(t + 1, None) for t in range(ROUNDS)]
    for at in range(len(choices[0])):
        parts += [(None, choice) for choice in dict.fromkeys(chosen[at] for chosen in choices)]
    rows = []
    for nth, choice in parts:
        taken = np.array([choice is None or choice in chosen for chosen in choices])
        told = {}
        for e in ("all", "none"):
            here = taken[made[e].which]
            played = slice(None) if nth is None else nth - 1
            told[e] = made[e].outcome["expected_utility"][here, played], made[e].means[here, played]
        if told["all"][0].size and told["none"][0].size:
            winner, mean = (percentiles(numbers) for numbers in told["all"])
            winner_zero, mean_zero = (percentiles(numbers) for numbers in told["none"])
            rows.append(SpreadRow(issue, nth, choice, winner, winner_zero, mean, mean_zero, because))
    return rows


def model_rows(
    case: Case, issue: str, made: Made, ways: Ways, because: tuple[str, ...]
) -> list[InfluenceRow]:
    """The outcome of each model, and how often it lies nearest to each option."""
    rows = []
    for model in MODELS:
        outcomes = {e: m.outcome[model] for e, m in made.items()}
        at = _level(outcomes, ways)
        rows.append(InfluenceRow(issue, model, None, None, at, None, None, None, because))
        close = {e: near(m.outcome[model], m.stand.options) for e, m in made.items()}
        for k, option in enumerate(case.file.issues[issue].options):
            own = _chance({e: hits[:, k] for e, hits in close.items()}, ways)
            rows.append(InfluenceRow(issue, model, option.id, None, None, None, None, own, because))
    return rows


def actor_rows(case: Case, issue: str, made: Made, ways: Ways) -> list[InfluenceRow]:
    """Where each actor stands, what it weighs, how far it pulls, and how often nobody pulls harder."""
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


def near(outcome: Array, options: Array) -> Array:
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
    least, _, most = percentiles(series["all"])
    zero_least, _, zero_most = percentiles(series["none"])
    return Level(
        value=float(spread.mean),
        low=float(spread.low),
        high=float(spread.high),
        least=least,
        most=most,
        zero=float(by_draw["none"].mean()),
        zero_least=zero_least,
        zero_most=zero_most,
        cited=float(by_draw["cited"].mean()),
        error=float(spread.error),
        verdict=verdict(by_draw, ways),
    )


def percentiles(values: Array) -> tuple[float, float, float]:
    """5th, 50th and 95th percentile of all numbers."""
    low, mid, high = np.quantile(values, [0.05, 0.5, 0.95])
    return float(low), float(mid), float(high)
