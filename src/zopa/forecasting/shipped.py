"""The history as it ships: derived tables and fitted numbers with their citation, and the same made of a user's copy.

``build`` makes them of a history, ``shipped`` reads those in ``tables/history.json``, which ``scripts/fit_history.py``
writes. No row of the data is in them: rates, counts of ends by days, coefficients, means and covariances of columns,
and of each crisis since 1946 its name, year, covariates of the class, how it ended and how long it took, which is what
naming the nearest crises needs.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from zopa.forecasting.features import columns
from zopa.forecasting.history import REGIONS, TRIGGERS, History, year_start
from zopa.forecasting.member import Fitted, Sample, Settings, fit, sample_of, settings
from zopa.methods.hazards import EDGES, LifeTable, life_table
from zopa.methods.multinomial import Logit
from zopa.methods.problem import BoolArray, FloatArray
from zopa.methods.reference_class import recency

CITATION = (
    "Derived from International Crisis Behavior data, version {version}: Brecher, Wilkenfeld, Beardsley, James and "
    "Quinn, International Crisis Behavior Data; Brecher and Wilkenfeld, A Study of Crisis (2000)."
)
RESAMPLED = 100
"""Refits on resampled protracted conflicts: how uncertain the fitted model is."""
SINCE = 1946
"""Crises from then on are named, described by their covariates, and make the means and covariances."""
CLOSE = ("within-war", "trigger-violent", "protracted", "great-power", "nuclear", "neighbours", "unrest")
"""Covariates, beside region and trigger, by which crises are near each other."""
DIGITS = 4


@dataclass(frozen=True, slots=True)
class Named:
    """A crisis by name: when, what it was like (columns by name), how it ended, how many days it took."""

    name: str
    year: int
    deal: bool
    violence: int
    days: int | None
    columns: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Rates:
    """A class as counted, without shrinkage: crises, agreements, serious violence, wars, median days."""

    n: int
    deal: int
    serious: int
    war: int
    days: float


@dataclass(frozen=True, eq=False)
class Tables:
    """Everything the base rate of a case needs."""

    citation: str
    version: str
    crises: int
    own: Settings
    fitted: Fitted
    resampled: tuple[Fitted, ...]
    life: Mapping[tuple[int, ...], LifeTable]
    """Life tables by values of the class' covariates: ends by agreement and otherwise."""
    mean: FloatArray
    covariance: FloatArray
    """Of the model's columns in standard units among crises since 1946, in the order of ``columns``."""
    sizes: Mapping[tuple[int, ...], int]
    """Crises in each class, as counted."""
    counted: Mapping[str, Rates]
    named: tuple[Named, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The model's columns, in the order of ``mean``."""
        return tuple(self.fitted.centre)


def build(history: History, *, seed: int = 0) -> dict[str, Any]:
    """The tables of a history as plain JSON types; the same history and seed give the same tables."""
    own = settings("onset")
    names = tuple(dict.fromkeys((*own.columns, *(n for n in _close() if n not in own.columns))))
    everything = sample_of(history, names)
    year = 1.0 + np.ceil(history.year.max())
    known = np.isfinite(history.end)
    sample = everything.picked(known)
    fitted = fit(sample, year=year, own=own)
    modern = sample.picked(sample.year >= SINCE)
    z = fitted.standard(tuple(fitted.centre), modern.of(tuple(fitted.centre)))
    return {
        "citation": CITATION.format(version=history.version),
        "version": history.version,
        "crises": len(history),
        "fitted_for": year,
        "settings": "settings.json, onset",
        "fit": _logits(fitted),
        "centre": {n: round(v, 6) for n, v in fitted.centre.items()},
        "scale": {n: round(v, 6) for n, v in fitted.scale.items()},
        "class": {_key(k): _rounded(v) for k, v in fitted.counts.items()},
        "sizes": _sizes(sample, own),
        "resampled": [_logits(f) for f in _refits(history, sample, known, year, own, seed)],
        "life": _life(history, sample, known, own, year),
        "mean": _rounded(z.mean(axis=0)),
        "covariance": [_rounded(row) for row in np.cov(z.T, bias=True)],
        "counted": _counted(history),
        "named": _named(history, everything),
    }


def _close() -> tuple[str, ...]:
    return (*CLOSE, *(f"region-{r}" for r in REGIONS), *(f"trigger-{t}" for t in TRIGGERS))


def _rounded(values: FloatArray) -> list[float]:
    return [round(float(v), DIGITS) for v in np.asarray(values).ravel()]


def _key(key: tuple[int, ...]) -> str:
    return "".join(map(str, key))


def _logits(fitted: Fitted) -> dict[str, list[list[float]]]:
    return {
        "violence": [_rounded(row) for row in fitted.violence.coefficients],
        "deal": [_rounded(row) for row in fitted.deal.coefficients],
    }


def _sizes(sample: Sample, own: Settings) -> dict[str, int]:
    values = (sample.of(own.levels) > 0.5).astype(np.int64)
    keys = [key for depth in range(len(own.levels) + 1) for key in np.ndindex(*(2,) * depth)]
    return {
        _key(k): int((values[:, : len(k)] == np.array(k, dtype=np.int64)).all(axis=1).sum()) for k in keys
    }


def _refits(
    history: History, sample: Sample, known: BoolArray, year: float, own: Settings, seed: int
) -> list[Fitted]:
    """Refits in the same standard units, whole protracted conflicts drawn with replacement."""
    conflicts, member = np.unique(history.conflict[known], return_inverse=True)
    random = np.random.default_rng(seed)
    found = []
    for _ in range(RESAMPLED):
        times = np.bincount(random.integers(0, len(conflicts), len(conflicts)), minlength=len(conflicts))
        found.append(fit(sample, year=year, own=own, weights=times[member].astype(np.float64)))
    return found


def _life(
    history: History, sample: Sample, known: BoolArray, own: Settings, year: float
) -> dict[str, dict[str, Any]]:
    """Life tables by class, crises weighing by recency as in the class."""
    days, cause = history.days[known], np.where(history.deal[known] == 1, 0, 1)
    values = (sample.of(own.levels) > 0.5).astype(np.int64)
    weights = recency(year - sample.year, own.half_life)
    weights = weights * weights.sum() / (weights**2).sum()
    found = {}
    for depth in range(len(own.levels) + 1):
        for key in np.ndindex(*(2,) * depth):
            here = (values[:, :depth] == np.array(key, dtype=np.int64)).all(axis=1)
            if here.any():
                table = life_table(days[here], cause[here], causes=2, weights=weights[here])
                found[_key(key)] = {
                    "ends": [_rounded(r) for r in table.ends],
                    "days": _rounded(table.exposure),
                }
    return found


def _counted(history: History) -> dict[str, dict[str, float]]:
    """Classes as people know them, of crises since 1946, without shrinkage or weights."""
    names = ("trigger-violent", "trigger-indirect-violent", "protracted", "within-war", "mediated")
    x = dict(zip(names, columns(history, names).T, strict=True))
    since = history.start >= year_start(SINCE)
    calm = since & (x["trigger-violent"] == 0) & (x["trigger-indirect-violent"] == 0)
    masks = {
        "all": since,
        "calm": calm,
        "calm-protracted": calm & (x["protracted"] == 1),
        "mediated": since & (x["mediated"] == 1),
        "not-mediated": since & (x["mediated"] == 0),
        "calm-mediated": calm & (x["mediated"] == 1),
        "calm-not-mediated": calm & (x["mediated"] == 0),
    }
    return {
        name: {
            "n": int(m.sum()),
            "deal": int(history.deal[m].sum()),
            "serious": int((history.violence[m] >= 1).sum()),
            "war": int((history.violence[m] == 2).sum()),
            "days": float(np.median(history.days[m & np.isfinite(history.end)])),
        }
        for name, m in masks.items()
    }


def _named(history: History, sample: Sample) -> list[list[Any]]:
    """Name, year, agreement, violence, days and covariates of every crisis since 1946."""
    x = sample.of(_close())
    return [
        [
            crisis.name,
            int(history.year[k]),
            int(crisis.deal),
            crisis.violence,
            None if crisis.end is None else int(history.days[k]),
            "".join("-" if np.isnan(v) else str(int(v > 0.5)) for v in x[k]),
        ]
        for k, crisis in enumerate(history.crises)
        if history.start[k] >= year_start(SINCE)
    ]


# -- reading ---------------------------------------------------------------------------------------------------------


@cache
def shipped() -> Tables:
    """The tables that ship with the package."""
    text = (files("zopa.forecasting") / "tables" / "history.json").read_text(encoding="utf-8")
    return tables_of(json.loads(text))


def tables_of(raw: Mapping[str, Any]) -> Tables:
    """Tables from their JSON form."""
    own = settings("onset")
    counts = {_unkey(k): np.array(v) for k, v in raw["class"].items()}
    made = [_fitted(own, raw, logits, counts) for logits in (raw["fit"], *raw["resampled"])]
    life = {
        _unkey(k): LifeTable(np.array(v["ends"]), np.array(v["days"]), EDGES) for k, v in raw["life"].items()
    }
    close = _close()
    named = tuple(
        Named(
            name,
            year,
            bool(deal),
            violence,
            days,
            {n: float("nan") if c == "-" else float(c) for n, c in zip(close, codes, strict=True)},
        )
        for name, year, deal, violence, days, codes in raw["named"]
    )
    return Tables(
        citation=raw["citation"],
        version=raw["version"],
        crises=raw["crises"],
        own=own,
        fitted=made[0],
        resampled=tuple(made[1:]),
        life=life,
        mean=np.array(raw["mean"]),
        covariance=np.array(raw["covariance"]),
        sizes={_unkey(k): int(n) for k, n in raw["sizes"].items()},
        counted={k: Rates(**v) for k, v in raw["counted"].items()},
        named=named,
    )


def _unkey(key: str) -> tuple[int, ...]:
    return tuple(int(c) for c in key)


def _fitted(
    own: Settings, raw: Mapping[str, Any], logits: Mapping[str, Sequence[Sequence[float]]], counts: Any
) -> Fitted:
    return Fitted(
        own,
        raw["centre"],
        raw["scale"],
        Logit(np.array(logits["violence"])),
        Logit(np.array(logits["deal"])),
        counts,
    )
