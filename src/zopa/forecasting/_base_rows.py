"""What stands beside the base rate: the classes with their counts, the nearest crises by name, what is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from zopa.case.end_state import ATOMS
from zopa.case.expressions import names, parse
from zopa.case.model import CaseFile
from zopa.case.quantities import Basis
from zopa.forecasting._base_cells import Engine
from zopa.forecasting._case_columns import LEVELS, Course, Known
from zopa.forecasting.shipped import CLOSE, Rates, Tables
from zopa.methods.problem import FloatArray
from zopa.words import Language, say

NEAREST = 10
HALF = 0.5
"""Jeffreys' prior of a share: half a case on either side."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of a class with its 5–95 % range."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ClassRow:
    """A class of crises: how many, how they went, and the days half of them were over by (None for the vote's own,
    whose rates are shrunken and weighted by recency)."""

    name: str
    n: int
    deal: Rate
    serious: Rate
    war: Rate
    days: float | None


@dataclass(frozen=True, slots=True)
class NearRow:
    """A crisis by name: how it ended, how long it took, in how many of the covariates known it is alike."""

    name: str
    year: int
    deal: bool
    violence: str
    days: int | None
    alike: int
    of: int
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KnownRow:
    """Something of the history's terms that the case yields, where it was read, and what it rests on."""

    name: str
    value: str
    section: str
    assumed: bool
    because: tuple[str, ...]


def class_rows(tables: Tables, engine: Engine, values: Mapping[str, float]) -> tuple[ClassRow, ...]:
    """All crises since 1946, the narrower ones the case is known to belong to, and the class in the vote."""
    wider = ["all"]
    calm = values.get("trigger-violent") == 0.0 and values.get("trigger-indirect-violent") == 0.0
    if calm:
        wider.append("calm")
        if values.get("protracted") == 1.0:
            wider.append("calm-protracted")
    rows = [_counted(name, tables.counted[name]) for name in wider]
    key = engine.key(values)
    drawn = engine.rates(key)
    targets = ([3, 4, 5], [1, 2, 4, 5], [2, 5])
    deal, serious, war = (_spread(drawn[:, cells].sum(axis=1)) for cells in targets)
    name = "vote" + "".join(map(str, key))
    rows.append(ClassRow(name, tables.sizes[key], deal, serious, war, None))
    return tuple(rows)


def _counted(name: str, rates: Rates) -> ClassRow:
    deal, serious, war = (_jeffreys(count, rates.n) for count in (rates.deal, rates.serious, rates.war))
    return ClassRow(name, rates.n, deal, serious, war, rates.days)


def _jeffreys(count: int, n: int) -> Rate:
    from scipy.special import betaincinv

    low, high = (float(betaincinv(count + HALF, n - count + HALF, q)) for q in (0.05, 0.95))
    return Rate(count / n if n else float("nan"), low, high)


def _spread(drawn: FloatArray) -> Rate:
    low, high = np.quantile(drawn, [0.05, 0.95])
    return Rate(float(drawn.mean()), float(low), float(high))


def nearest(tables: Tables, things: Sequence[Known], before: int) -> tuple[NearRow, ...]:
    """The ten crises since 1946 and ``before`` a year that are alike in most covariates the case is known by, the
    latest first among those that are equally so; none where nothing is known."""
    by_thing = {
        known.name: (known.columns, known.basis.claims)
        for known in things
        if known.name in ("region", "trigger", *CLOSE)
    }
    if not by_thing:
        return ()
    because = tuple(dict.fromkeys(c for _, claims in by_thing.values() for c in claims))
    found = []
    for crisis in (crisis for crisis in tables.named if crisis.year < before):
        alike = sum(
            all(crisis.columns.get(n) == v for n, v in columns.items()) for columns, _ in by_thing.values()
        )
        found.append((alike, crisis.year, crisis))
    found.sort(key=lambda f: (-f[0], -f[1], f[2].name))
    return tuple(
        NearRow(c.name, c.year, c.deal, LEVELS[c.violence], c.days, alike, len(by_thing), because)
        for alike, _, c in found[:NEAREST]
    )


def known_rows(things: Sequence[Known], came: Course) -> tuple[KnownRow, ...]:
    """What is known, with its claims; the day it began and the violence so far last."""
    rows = [_known(k.name, k.value, k.section, k.basis) for k in things]
    if came.days is not None:
        rows.append(_known("days", str(came.days), "crisis", came.since))
    rows.append(_known("violence", LEVELS[came.violence], "crisis", came.fought))
    return tuple(rows)


def _known(name: str, value: str, section: str, basis: Basis) -> KnownRow:
    return KnownRow(name, value, section, basis.assumed, basis.claims)


def no_class(file: CaseFile) -> tuple[str, ...]:
    """Questions and scenarios that no class speaks of: about a regime, one party's acts, or the talks on the way."""
    spoken = frozenset(ATOMS) - {"regime_breaks"}
    silent = [q.id for q in file.questions if q.when is None or not _names(q.when) <= spoken]
    return (*silent, *(s.id for s in file.scenarios if not _names(s.when) <= spoken))


def _names(rule: str) -> set[str]:
    return {name.id for name in names(parse(rule))}


def mediated_words(tables: Tables, lang: Language) -> str:
    """That mediation goes with more agreements and marks hard cases: both, on one line, always."""
    with_, without = tables.counted["mediated"], tables.counted["not-mediated"]
    return say(
        "baserate.mediated",
        lang,
        n=with_.n,
        deal=f"{100 * with_.deal / with_.n:.0f}",
        war=f"{100 * with_.war / with_.n:.0f}",
        other_n=without.n,
        other_deal=f"{100 * without.deal / without.n:.0f}",
        other_war=f"{100 * without.war / without.n:.0f}",
    )


def rate_words(rate: Rate) -> str:
    """A share of a class: "36% (32–40)"."""
    return f"{100 * rate.value:.0f}% ({100 * rate.low:.0f}–{100 * rate.high:.0f})"
