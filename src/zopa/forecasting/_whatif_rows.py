"""The rows of ``whatif``: each number as the case stands and with the changes, and the paired difference."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from zopa.analysis._stability_rows import lasts
from zopa.analysis._stability_what import CONCEPT
from zopa.analysis._zone_packages import accepted, fixed
from zopa.case.bargaining import bargaining, inputs
from zopa.case.case import Case
from zopa.case.conflict import conflict_of
from zopa.case.draws import Draws, Evidence
from zopa.case.evidence import Bool
from zopa.case.verdicts import drawn_verdicts, enough, grounds
from zopa.errors import IncompleteCaseError
from zopa.estimate import Array
from zopa.forecasting._points import Difference, by_groups, difference
from zopa.forecasting._simulate_rows import told
from zopa.forecasting._voices import cell_questions
from zopa.forecasting.baserate import NAMES
from zopa.forecasting.forecast import Forecast, ForecastRow, share_of_cells
from zopa.methods.acceptance import exists
from zopa.methods.pooling import QUESTIONS
from zopa.methods.problem import FloatArray
from zopa.result import Chance, chance_of, footing, three_ways
from zopa.words import Language

Kind = Literal["fact", "question", "scenario", "event", "exists", "best", "lasts"]
Series = Mapping[Evidence, Bool | Array]
Ways = Mapping[Evidence, Draws]


@dataclass(frozen=True, slots=True)
class WhatifRow:
    """One number: of the forecast (a fact, question, scenario, or event on the way), that a zone ``exists`` or what the
    ``best`` fixed package reaches, or that an agreement ``lasts`` (``name`` the outcome)."""

    kind: Kind
    name: str
    before: Chance
    after: Chance
    change: Difference
    because: tuple[str, ...]


# ---- the forecast ----------------------------------------------------------------------------------------------------


def forecast_rows(before: Forecast, after: Forecast) -> Iterator[WhatifRow]:
    """Every answer that both forecasts have, by its number in each outer group."""
    later = {row.name: row for row in after.rows()}
    for row in before.rows():
        other = later.get(row.name)
        if other is not None:
            apart = _in_groups(after, other) - _in_groups(before, row)
            change = by_groups(
                other.chance.value - row.chance.value, apart, other.chance.zero - row.chance.zero
            )
            because = tuple(dict.fromkeys([*row.because, *other.because]))
            yield WhatifRow(row.kind, row.name, row.chance, other.chance, change, because)


def _in_groups(made: Forecast, row: ForecastRow) -> FloatArray:
    """(groups,) an answer in every outer group."""
    if row.rests == "pool":
        return np.asarray(made.outer @ _rule(made, row.name))
    played = made.members.worlds["all"]
    happens = next(
        holds
        for kind, name, _, holds in told(made.case, played.laid.violent)
        if (kind, name) == (row.kind, row.name)
    )(played.worlds)
    if row.rests == "given":
        return np.asarray(made.outer @ share_of_cells(played, happens))
    return np.asarray(played.draws.moments(played.share(happens)).means)


def _rule(made: Forecast, name: str) -> FloatArray:
    """(9,) 1 in the cells whose sum an answer is."""
    ids = {q.when: q.id for q in made.case.file.questions if q.when is not None}
    main = {ids.get(fact, fact): rule for fact, rule in zip(NAMES, QUESTIONS, strict=True)}
    return np.asarray({**main, **cell_questions(made.case)}[name], dtype=np.float64)


# ---- the zone and what lasts -----------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Measured:
    """Something told draw by draw, of one case."""

    ways: Ways
    series: Series
    because: tuple[str, ...]


def zone_measures(case: Case, *, draws: int, seed: int) -> Mapping[tuple[Kind, str], Measured]:
    """Whether a zone exists, and whether the best fixed package suits all; nothing where the case has no table."""
    ways = three_ways(case, draws, seed)
    try:
        problems = {e: bargaining(drawn) for e, drawn in ways.items()}
    except IncompleteCaseError:
        return {}
    sections, entries = inputs(case.file)
    because = footing(case, sections, entries=entries).claims
    open_ = {e: exists(p.values, p.vetoes, p.reserve) for e, p in problems.items()}
    suits = {e: np.all(accepted(p, fixed(p, open_[e]).best), axis=1) for e, p in problems.items()}
    return {
        ("exists", "exists"): Measured(ways, open_, because),
        ("best", "best"): Measured(ways, suits, because),
    }


def stability_measures(case: Case, *, draws: int, seed: int) -> Mapping[tuple[Kind, str], Measured]:
    """Whether some state of each outcome that is an agreement lasts; nothing where the case has no standoff."""
    try:
        conflict = conflict_of(case.file)
    except IncompleteCaseError:
        return {}
    ways = three_ways(case, enough(conflict, draws), seed)
    deals = [o.id for o in conflict.standoff.outcomes if o.kind == "deal" and conflict.outcomes[o.id].any()]
    if not deals:
        return {}
    found = {e: drawn_verdicts(drawn, conflict, concepts=(CONCEPT,)) for e, drawn in ways.items()}
    because = footing(case, (), entries=grounds(conflict)).claims
    return {
        ("lasts", deal): Measured(
            ways, {e: lasts(found[e], conflict.outcomes[deal], CONCEPT) for e in ways}, because
        )
        for deal in deals
    }


MEASURES: tuple[Callable[..., Mapping[tuple[Kind, str], Measured]], ...] = (zone_measures, stability_measures)


def measured_rows(before: Case, after: Case, *, draws: int, seed: int) -> Iterator[WhatifRow]:
    """What both cases have of the zone and of what lasts, paired draw by draw."""
    for measure in MEASURES:
        first = measure(before, draws=draws, seed=seed)
        second = measure(after, draws=draws, seed=seed) if first else {}
        for key, one in first.items():
            other = second.get(key)
            if other is not None and other.ways["all"].n == one.ways["all"].n:
                yield _paired(*key, one, other)


def _paired(kind: Kind, name: str, one: Measured, other: Measured) -> WhatifRow:
    apart = {e: np.subtract(other.series[e], one.series[e], dtype=np.float64) for e in one.series}
    found = one.ways["all"].interval(apart["all"], legal=None)
    return WhatifRow(
        kind=kind,
        name=name,
        before=chance_of(one.series, one.ways),
        after=chance_of(other.series, other.ways),
        change=difference(found.mean, found.low, found.high, float(apart["none"].mean())),
        because=tuple(dict.fromkeys([*one.because, *other.because])),
    )


def label_of(row: WhatifRow, made: Forecast, lang: Language) -> str:
    """What a row of the forecast is about, in words."""
    return made.name_of(made.of(row.name), lang)
