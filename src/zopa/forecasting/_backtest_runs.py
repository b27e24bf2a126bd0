"""The tests of the member that rests on history, each on crises that had not begun when it was fitted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from zopa.forecasting.features import columns, kin
from zopa.forecasting.history import TRIGGERS, History, year_start
from zopa.forecasting.member import Fitted, Sample, Settings, View, fit, sample_of, settings
from zopa.methods import scoring
from zopa.methods.problem import BoolArray, FloatArray, IntArray

SPLIT = 1985
ORIGINS = tuple(range(1960, 2018, 5))
STEP = 5
LAST = 2018
"""Rolling origins every five years from 1960; the last window ends with 2017."""
RECENT = 20
"""Years of the baseline that looks back a short while."""
SHUFFLES = 200
TARGETS = ("deal", "serious", "war")
VIEWS: tuple[View, ...] = ("onset", "in-crisis")


@dataclass(frozen=True, eq=False)
class Run:
    """Forecasts made out of sample: (n, 6) endings, which crises, and what three baselines said (n, 3 targets)."""

    which: IntArray
    forecast: FloatArray
    ending: IntArray
    base: FloatArray
    recent: FloatArray
    conflict: IntArray

    def probability(self, target: str) -> FloatArray:
        """(n,) of a target."""
        return probability(self.forecast, target)

    def happened(self, target: str) -> BoolArray:
        """(n,) whether a target came about."""
        return happened(self.ending, target)

    def picked(self, where: BoolArray) -> "Run":
        """Some of the forecasts."""
        return Run(
            self.which[where],
            self.forecast[where],
            self.ending[where],
            self.base[where],
            self.recent[where],
            self.conflict[where],
        )


def probability(endings: FloatArray, target: str) -> FloatArray:
    """(n,) probability of a target, of forecasts of the six endings (n, 6)."""
    by_target = {"deal": (3, 4, 5), "serious": (1, 2, 4, 5), "war": (2, 5)}
    return np.asarray(endings[:, by_target[target]].sum(axis=1))


def happened(ending: IntArray, target: str) -> BoolArray:
    """(n,) whether a target came about, of endings 0 to 5."""
    found = {"deal": ending >= 3, "serious": ending % 3 >= 1, "war": ending % 3 == 2}
    return np.asarray(found[target])


def scenarios(run: Run) -> tuple[FloatArray, IntArray]:
    """Forecasts (n, 3) and outcomes (n,) of three futures in order: agreement without serious violence, contained,
    serious violence."""
    serious = run.probability("serious")
    forecast = np.stack([run.forecast[:, 3], run.forecast[:, 0], serious], axis=1)
    return forecast, np.where(run.happened("serious"), 2, np.where(run.happened("deal"), 0, 1)).astype(
        np.int64
    )


def _made(
    history: History, sample: Sample, fitted: Fitted, known: BoolArray, test: BoolArray, year: float
) -> Run:
    recent = known & (history.year >= year - RECENT)
    rates = [[happened(sample.ending[w], t).mean() for t in TARGETS] for w in (known, recent)]
    n = int(test.sum())
    return Run(
        np.flatnonzero(test),
        fitted.predict(sample.picked(test)),
        sample.ending[test],
        np.tile(rates[0], (n, 1)),
        np.tile(rates[1], (n, 1)),
        history.conflict[test],
    )


def split(history: History, sample: Sample, own: Settings, *, year: int = SPLIT) -> Run:
    """Fitted on what had ended before a year, tested on what began from then on."""
    known, test = history.before(year_start(year)), history.start >= year_start(year)
    return _made(history, sample, fit(sample.picked(known), year=year, own=own), known, test, year)


def rolling(history: History, sample: Sample, own: Settings) -> Run:
    """Fitted every five years on what had ended, tested on what began in the five years after."""
    made = []
    for origin in ORIGINS:
        known = history.before(year_start(origin))
        last = min(origin + STEP, LAST)
        test = (history.start >= year_start(origin)) & (history.start < year_start(last))
        if test.any():
            fitted = fit(sample.picked(known), year=origin, own=own)
            made.append(_made(history, sample, fitted, known, test, origin))
    parts = ("which", "forecast", "ending", "base", "recent", "conflict")
    return Run(*(np.concatenate([getattr(run, part) for run in made]) for part in parts))


def one_conflict_out(history: History, sample: Sample, own: Settings) -> Run:
    """Every protracted conflict forecast by a member fitted on all crises but its own."""
    made = []
    for conflict in np.unique(history.conflict[history.conflict < 1000]):
        test = history.conflict == conflict
        known = ~test & np.isfinite(history.end)
        fitted = fit(sample.picked(known), year=LAST, own=own)
        made.append(_made(history, sample, fitted, known, test, LAST))
    parts = ("which", "forecast", "ending", "base", "recent", "conflict")
    return Run(*(np.concatenate([getattr(run, part) for run in made]) for part in parts))


def non_violent(history: History, run: Run) -> Run:
    """The forecasts of crises that were not set off by violence."""
    violent = {code for name in ("violent", "indirect-violent") for code in TRIGGERS[name]}
    calm = np.array([c.system["break"] not in violent for c in history.crises])
    return run.picked(calm[run.which])


def placebo(
    history: History, own: Settings, *, shuffles: int = SHUFFLES, seed: int = 0
) -> Mapping[str, float]:
    """Mean skill over the base rate when the endings of all crises are shuffled among them, so that what earlier
    crises came to is shuffled with them: a column that leaks its own crisis' ending would show skill here."""
    names, who = own.columns, kin(history)
    known, test = history.before(year_start(SPLIT)), history.start >= year_start(SPLIT)
    random = np.random.default_rng(seed)
    ending = 3 * history.deal + history.violence
    skills = []
    for _ in range(shuffles):
        mixed = random.permutation(ending)
        x = columns(history, names, who=who, deal=mixed // 3, violence=mixed % 3)
        sample = Sample(names, x, mixed, history.year)
        run = _made(history, sample, fit(sample.picked(known), year=SPLIT, own=own), known, test, SPLIT)
        skills.append([skill(run, t) for t in TARGETS])
    return dict(zip(TARGETS, np.mean(skills, axis=0).tolist(), strict=True))


def skill(run: Run, target: str) -> float:
    """1 − Brier score over that of the base rate known at the time."""
    came = run.happened(target)
    base = scoring.brier(run.base[:, TARGETS.index(target)], came).mean()
    return float(1.0 - scoring.brier(run.probability(target), came).mean() / base)


def runs(history: History) -> Iterator[tuple[View, str, Run]]:
    """Every test but the placebo: view of the data, name of the test, forecasts."""
    for view in VIEWS:
        own = settings(view)
        sample = sample_of(history, own.columns)
        first = split(history, sample, own)
        yield view, "split", first
        yield view, "rolling", rolling(history, sample, own)
        yield view, "non-violent", non_violent(history, first)
        yield view, "one-conflict-out", one_conflict_out(history, sample, own)
