"""The member of the pool that rests on history: a shrunken reference class and a regularised logit, one vote
together.

Both say how a whole crisis goes: with or without an agreement, and with no or minor clashes, serious clashes,
or war. The logit takes violence first and then the agreement given the violence; the class is a
Dirichlet–multinomial over the same six endings. Their odds are pooled by settings that were chosen on crises
that ended before 1985 alone."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import numpy as np

from zopa.forecasting.features import FEATURES, columns, live
from zopa.forecasting.history import History
from zopa.methods.multinomial import Logit, fit_logit, softmax
from zopa.methods.problem import BoolArray, FloatArray, IntArray
from zopa.methods.reference_class import recency, shrunken_class

ENDINGS = 6
"""Whole-crisis endings: 3 · agreement + violence (none or minor, serious, war)."""
View = Literal["onset", "in-crisis"]
TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Part:
    """One logit: its columns, its ridge, and the years after which a crisis counts half (None: all alike)."""

    features: tuple[str, ...]
    penalty: float
    half_life: float | None


@dataclass(frozen=True, slots=True)
class Settings:
    """What was chosen: two logits, the class' nested covariates with their strength, and how much the class
    counts."""

    violence: Part
    deal: Part
    levels: tuple[str, ...]
    strength: float
    half_life: float | None
    class_violence: float
    class_deal: float

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that is used, in the order of the table of features."""
        used = {*self.violence.features, *self.deal.features, *self.levels}
        return tuple(name for name in FEATURES if name in used)


@cache
def settings(view: View) -> Settings:
    """The settings that ship; those of the live claim hold nothing that is coded later than onset."""
    text = (files("zopa.forecasting") / "tables" / "settings.json").read_text(encoding="utf-8")
    return settings_of(json.loads(text)[view], view)


def settings_of(raw: Mapping[str, Any], view: View) -> Settings:
    """Settings from their JSON form; ``LeakError`` where the live claim would use a later column."""
    parts = {
        name: Part(tuple(raw[name]["features"]), float(raw[name]["penalty"]), raw[name]["half_life"])
        for name in ("violence", "deal")
    }
    made = Settings(
        violence=parts["violence"],
        deal=parts["deal"],
        levels=tuple(raw["class"]["levels"]),
        strength=float(raw["class"]["strength"]),
        half_life=raw["class"]["half_life"],
        class_violence=float(raw["class"]["share_violence"]),
        class_deal=float(raw["class"]["share_deal"]),
    )
    if view == "onset":
        live(made.columns)
    return made


@dataclass(frozen=True, eq=False)
class Sample:
    """Crises as numbers: columns (n, names) with NaN where nothing is coded, endings (n,), and years (n,)."""

    names: tuple[str, ...]
    x: FloatArray
    ending: IntArray
    year: FloatArray

    def of(self, names: Sequence[str]) -> FloatArray:
        """(n, names) some of the columns."""
        return self.x[:, [self.names.index(n) for n in names]]

    def picked(self, which: IntArray | BoolArray) -> "Sample":
        """Some of the crises."""
        return Sample(self.names, self.x[which], self.ending[which], self.year[which])


def sample_of(history: History, names: Sequence[str], *, x: FloatArray | None = None) -> Sample:
    """A history as numbers; ``x`` (n, names) where the columns are known already."""
    found = columns(history, names) if x is None else x
    return Sample(tuple(names), found, 3 * history.deal + history.violence, history.year)


@dataclass(frozen=True, eq=False)
class Fitted:
    """Everything a forecast needs: standardisation, the two logits, and the class counts by covariate pattern.

    ``rates`` maps the values of the class' covariates, widest first (() is everything), to pseudo-counts (6,).
    """

    settings: Settings
    centre: Mapping[str, float]
    scale: Mapping[str, float]
    violence: Logit
    deal: Logit
    counts: Mapping[tuple[int, ...], FloatArray]

    def standard(self, names: Sequence[str], x: FloatArray) -> FloatArray:
        """(n, names) columns in standard units; 0, their mean, where nothing is coded."""
        centre, scale = (np.array([known[n] for n in names]) for known in (self.centre, self.scale))
        return np.asarray(np.nan_to_num((x - centre) / scale))

    def logit_violence(self, z: FloatArray) -> FloatArray:
        """(…, 3) by the logit, of standardised columns."""
        return self.violence.predict(z)

    def logit_deal(self, z: FloatArray) -> FloatArray:
        """(…, 3) chance of an agreement given each level of violence, of standardised columns (…, features)."""
        levels = []
        for v in range(3):
            marks = np.broadcast_to(np.array([v >= 1, v == 2], dtype=np.float64), (*z.shape[:-1], 2))
            levels.append(self.deal.predict(np.concatenate([z, marks], axis=-1))[..., 1])
        return np.stack(levels, axis=-1)

    def class_counts(self, values: Sequence[float]) -> FloatArray:
        """(6,) pseudo-counts of the narrowest class for values of the covariates; those unknown end the
        nesting."""
        key: tuple[int, ...] = ()
        for value in values:
            if np.isnan(value):
                break
            key = (*key, int(value > 0.5))
        return self.counts[key]

    def predict(self, sample: Sample) -> FloatArray:
        """(n, 6) the vote on whole crises."""
        own = self.settings
        zv = self.standard(own.violence.features, sample.of(own.violence.features))
        zd = self.standard(own.deal.features, sample.of(own.deal.features))
        counts = np.stack([self.class_counts(row) for row in sample.of(own.levels)])
        return vote(own, self.logit_violence(zv), self.logit_deal(zd), counts / counts.sum(1, keepdims=True))


def vote(own: Settings, violence: FloatArray, deal: FloatArray, rates: FloatArray) -> FloatArray:
    """(…, 6) logit and class as one: violence (…, 3) and agreement given violence (…, 3), odds pooled by their
    shares."""
    joint = np.maximum(rates, TINY).reshape(*rates.shape[:-1], 2, 3)
    by_class = joint.sum(axis=-2)
    given = joint[..., 1, :] / by_class
    share = own.class_violence
    v = softmax((1 - share) * np.log(np.maximum(violence, TINY)) + share * np.log(by_class))
    share = own.class_deal
    odds = (1 - share) * _odds(deal) + share * _odds(given)
    d = 1.0 / (1.0 + np.exp(-odds))
    return np.concatenate([v * (1 - d), v * d], axis=-1)


def _odds(p: FloatArray) -> FloatArray:
    inside = np.clip(p, TINY, 1 - TINY)
    return np.asarray(np.log(inside) - np.log1p(-inside))


def fit(sample: Sample, *, year: float, own: Settings, weights: FloatArray | None = None) -> Fitted:
    """The member fitted to crises, as known at the start of ``year``; ``weights`` (n,) repeat crises
    (bootstrap)."""
    times = np.ones(len(sample.ending)) if weights is None else weights
    used = tuple(dict.fromkeys((*own.violence.features, *own.deal.features)))
    x = sample.of(used)
    known = ~np.isnan(x)
    size = np.maximum(known.sum(axis=0), 1)
    centre = np.where(known, x, 0.0).sum(axis=0) / size
    spread = np.sqrt(np.where(known, (x - centre) ** 2, 0.0).sum(axis=0) / size)
    scale = np.where(spread < 1e-9, 1.0, spread)
    made = Fitted(
        own,
        dict(zip(used, centre.tolist(), strict=True)),
        dict(zip(used, scale.tolist(), strict=True)),
        Logit(np.zeros((1, 3))),
        Logit(np.zeros((1, 2))),
        {},
    )
    violence, deal = sample.ending % 3, sample.ending // 3
    ago = year - sample.year
    zv = made.standard(own.violence.features, sample.of(own.violence.features))
    zd = made.standard(own.deal.features, sample.of(own.deal.features))
    marks = np.stack([violence >= 1, violence == 2], axis=1).astype(np.float64)
    return Fitted(
        own,
        made.centre,
        made.scale,
        fit_logit(
            zv,
            violence,
            classes=3,
            penalty=own.violence.penalty,
            weights=_effective(ago, own.violence, times),
        ),
        fit_logit(
            np.concatenate([zd, marks], axis=1),
            deal,
            classes=2,
            penalty=own.deal.penalty,
            weights=_effective(ago, own.deal, times),
        ),
        class_tables(sample, own, recency(ago, own.half_life) * times),
    )


def _effective(ago: FloatArray, part: Part, times: FloatArray) -> FloatArray:
    """Weights by recency that sum to the effective number of crises (Kish 1965)."""
    w = recency(ago, part.half_life)
    return np.asarray(times * w * w.sum() / (w**2).sum())


def class_tables(sample: Sample, own: Settings, weights: FloatArray) -> dict[tuple[int, ...], FloatArray]:
    """Pseudo-counts (6,) of every class, by the values of its covariates."""
    values = (sample.of(own.levels) > 0.5).astype(np.int64)
    found: dict[tuple[int, ...], FloatArray] = {}
    for depth in range(len(own.levels) + 1):
        for key in np.ndindex(*(2,) * depth):
            masks = [np.ones(len(values), dtype=bool)]
            for at, value in enumerate(key):
                masks.append(masks[-1] & (values[:, at] == value))
            found[tuple(int(v) for v in key)] = shrunken_class(
                sample.ending, masks, weights, classes=ENDINGS, strength=own.strength
            ).counts
    return found
