"""How good would it have been? The member that rests on history, tested on crises that it had not seen.

Out of time (fitted on what had ended before 1985, tested on what began from then on), rolling origin from 1960 to
2017, the crises that were not set off by violence, every protracted conflict by what all others tell, and a
placebo on shuffled endings; what is known at onset beside what is coded of the crisis' course
afterwards. Model class, columns and settings were chosen on crises that began before 1985 and fixed before each run of
these tests; the page of results counts the runs.
"""

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from zopa.forecasting._backtest_runs import SHUFFLES, SPLIT, TARGETS, Run, placebo, runs, scenarios, skill
from zopa.forecasting.history import read_history
from zopa.forecasting.member import settings
from zopa.methods import scoring
from zopa.methods.problem import FloatArray
from zopa.result import Table, jsonable
from zopa.words import Language, say

ALLOWED = 0.005
"""How much worse than the published figure a score may be."""
PUBLISHED = {
    ("onset", "split"): {"deal": 0.2658, "serious": 0.2058, "war": 0.1119},
    ("onset", "rolling"): {"deal": 0.2338, "serious": 0.1955, "war": 0.1208},
    ("in-crisis", "split"): {"deal": 0.2273, "serious": 0.2003, "war": 0.0979},
    ("in-crisis", "rolling"): {"deal": 0.2000, "serious": 0.1906, "war": 0.1126, "scenarios": 0.1726},
}
"""Figures to compare with, by view and test: Brier scores, for the scenarios the ranked probability score.
Those of the onset counted the number of actors and the gravest threat to any of them, which are coded
afterwards."""
PLACEBO = 0.01
"""Most mean skill that shuffled endings may show."""


@dataclass(frozen=True, slots=True)
class TestRow:
    """One target of one test: scores of the member beside the base rate known at the time, the rate of the last 20
    years and a coin; the difference to the base rate with its 90 % interval over conflicts; calibration."""

    __test__ = False

    view: str
    test: str
    target: str
    n: int
    rate: float
    brier: float
    log: float
    base: float
    recent: float
    coin: float
    skill: float
    gain: float
    gain_low: float
    gain_high: float
    area: float
    ece: float
    ece_perfect: float
    slope: float
    slope_low: float
    slope_high: float
    reliability: float
    resolution: float


@dataclass(frozen=True, slots=True)
class Bar:
    """What was asked, what was found, and whether it holds."""

    view: str
    test: str
    target: str
    measure: str
    found: float
    low: float
    high: float

    @property
    def held(self) -> bool:
        """Whether what was found lies within."""
        return self.low <= self.found <= self.high


@dataclass(frozen=True)
class Backtest:
    """All tests of the member that rests on history; ``held`` says whether every bar was."""

    version: str
    crises: int
    shuffles: int
    seed: int
    tests: tuple[TestRow, ...]
    bars: tuple[Bar, ...]

    @property
    def held(self) -> bool:
        """Whether every bar was held."""
        return all(bar.held for bar in self.bars)

    def of(self, view: str, test: str, target: str) -> TestRow:
        """One row."""
        return next(r for r in self.tests if (r.view, r.test, r.target) == (view, test, target))

    def headline(self, lang: Language = "en") -> str:
        """Whether the bars were held, and whether agreements can be told from what is known at onset."""
        missed = sum(not bar.held for bar in self.bars)
        deal = self.of("onset", "rolling", "deal")
        key = "deal-skill" if deal.gain_high < 0 else "deal-none"
        first = say(
            "backtest.headline-held" if not missed else "backtest.headline-missed",
            lang,
            bars=len(self.bars),
            missed=missed,
            crises=self.crises,
        )
        then = say(f"backtest.{key}", lang, brier=f"{deal.brier:.4f}", base=f"{deal.base:.4f}")
        return first + (" " if lang == "en" else "") + then

    def tables(self, lang: Language = "en") -> tuple[Table, ...]:
        """The bars, and the scores of every test."""
        return (self._bars(lang), *(self._scores(view, lang) for view in ("onset", "in-crisis")))

    def _bars(self, lang: Language) -> Table:
        columns = tuple(
            say(f"backtest.column-{c}", lang)
            for c in ("view", "test", "target", "measure", "found", "bar", "held")
        )
        rows = [
            (
                say(f"backtest.view-{b.view}", lang),
                say(f"backtest.test-{b.test}", lang),
                say(f"backtest.target-{b.target}", lang),
                say(f"backtest.measure-{b.measure}", lang),
                _interval(b) if b.measure == "slope" else f"{b.found:.4f}",
                say("backtest.contains-1", lang) if b.measure == "slope" else f"≤ {b.high:.4f}",
                say("backtest.yes" if b.held else "backtest.no", lang),
            )
            for b in self.bars
        ]
        return Table(say("backtest.caption-bars", lang), columns, tuple(rows), ((),) * len(rows))

    def _scores(self, view: str, lang: Language) -> Table:
        heads = (
            "test",
            "target",
            "n",
            "rate",
            "brier",
            "base",
            "recent",
            "log",
            "skill",
            "gain",
            "area",
            "ece",
            "slope",
        )
        columns = tuple(say(f"backtest.column-{c}", lang) for c in heads)
        rows = [
            (
                say(f"backtest.test-{r.test}", lang),
                say(f"backtest.target-{r.target}", lang),
                str(r.n),
                "—" if r.target == "scenarios" else f"{100 * r.rate:.0f}%",
                f"{r.brier:.4f}",
                f"{r.base:.4f}",
                f"{r.recent:.4f}",
                f"{r.log:.4f}",
                f"{r.skill:+.3f}",
                f"{r.gain:+.4f} ({r.gain_low:+.4f}, {r.gain_high:+.4f})",
                _number(r.area, "{:.2f}"),
                "—" if r.target == "scenarios" else f"{r.ece:.3f} (≤ {r.ece_perfect:.3f})",
                "—" if r.target == "scenarios" else f"{r.slope:.2f} ({r.slope_low:.2f}, {r.slope_high:.2f})",
            )
            for r in self.tests
            if r.view == view
        ]
        return Table(say(f"backtest.caption-{view}", lang), columns, tuple(rows), ((),) * len(rows))

    def notes(self, lang: Language = "en") -> tuple[str, ...]:
        """How the tests were made, and what they cannot say."""
        keys = ("honest", "onset", "in-crisis", "base", "ece", "placebo", "drift")
        return tuple(say(f"backtest.note-{key}", lang, shuffles=self.shuffles, split=SPLIT) for key in keys)

    def to_json(self) -> dict[str, object]:
        """The tests and bars in the one shape that ``--json`` prints."""
        rows = [{"table": "tests", **asdict(row)} for row in self.tests]
        bars = [{"table": "bars", **asdict(bar), "held": bar.held} for bar in self.bars]
        return {
            "ok": True,
            "command": "backtest",
            "case": "",
            "method": say("backtest.method", "en"),
            "parameters": {
                "version": self.version,
                "crises": self.crises,
                "shuffles": self.shuffles,
                "held": self.held,
            },
            "seed": self.seed,
            "rows": [jsonable(row) for row in [*bars, *rows]],
        }


def _number(value: float, form: str) -> str:
    return "—" if math.isnan(value) else form.format(value)


def _interval(bar: Bar) -> str:
    return f"{bar.low:.2f} – {bar.high:.2f}"


def backtest(
    folder: Path | str,
    *,
    seed: int = 0,
    shuffles: int = SHUFFLES,
    progress: Callable[[str], None] | None = None,
) -> Backtest:
    """Every test on the ICB data in ``folder`` (``icb1v*.csv``, ``icb2v*.csv``); the same seed gives the same
    numbers.

    ``progress`` is told the name of each test as it begins.
    """
    history = read_history(folder)
    rows: list[TestRow] = []
    for view, name, run in runs(history):
        if progress is not None:
            progress(name)
        rows += [_row(view, name, target, run, seed) for target in TARGETS]
        rows.append(_scenarios(view, name, run, seed))
    if progress is not None:
        progress("placebo")
    shuffled = placebo(history, settings("onset"), shuffles=shuffles, seed=seed)
    bars = [bar for row in rows for bar in _bars_of(row)]
    bars += [Bar("onset", "placebo", t, "skill", s, -1.0, PLACEBO) for t, s in shuffled.items()]
    return Backtest(history.version, len(history), shuffles, seed, tuple(rows), tuple(bars))


def _bars_of(row: TestRow) -> list[Bar]:
    """The bars on one row: its score, and where the origin rolls its calibration."""
    place = (row.view, row.test, row.target)
    out = []
    asked = PUBLISHED.get((row.view, row.test), {}).get(row.target)
    if asked is not None:
        measure = "rps" if row.target == "scenarios" else "brier"
        out.append(Bar(*place, measure, row.brier, 0.0, asked + ALLOWED))
    if row.test == "rolling" and row.target != "scenarios":
        out.append(Bar(*place, "ece", row.ece, 0.0, row.ece_perfect))
        out.append(Bar(*place, "slope", 1.0, row.slope_low, row.slope_high))
    return out


def _row(view: str, test: str, target: str, run: Run, seed: int) -> TestRow:
    p, came, at = run.probability(target), run.happened(target), TARGETS.index(target)
    own, base = scoring.brier(p, came), scoring.brier(run.base[:, at], came)
    gain = scoring.bootstrap_difference(own, base, clusters=run.conflict, seed=seed)
    slope, parts = scoring.calibration_slope(p, came), scoring.murphy(p, came)
    return TestRow(
        view=view,
        test=test,
        target=target,
        n=len(p),
        rate=float(came.mean()),
        brier=float(own.mean()),
        log=float(scoring.log_score(p, came).mean()),
        base=float(base.mean()),
        recent=float(scoring.brier(run.recent[:, at], came).mean()),
        coin=0.25,
        skill=skill(run, target),
        gain=gain.mean,
        gain_low=gain.low,
        gain_high=gain.high,
        area=scoring.auc(p, came),
        ece=scoring.ece(p, came),
        ece_perfect=scoring.ece_of_the_calibrated(p, seed=seed),
        slope=slope.value,
        slope_low=slope.low,
        slope_high=slope.high,
        reliability=parts.reliability,
        resolution=parts.resolution,
    )


def _scenarios(view: str, test: str, run: Run, seed: int) -> TestRow:
    """The three futures by their ranked probability score; baselines take deals and violence as independent."""
    forecast, outcome = scenarios(run)

    def plain(rates: FloatArray) -> FloatArray:
        deal, serious = rates[:, 0], rates[:, 1]
        return np.asarray(np.stack([deal * (1 - serious), (1 - deal) * (1 - serious), serious], axis=1))

    even = np.full_like(forecast, 1 / 3)
    own, base, recent, coin = (
        scoring.rps(f, outcome) for f in (forecast, plain(run.base), plain(run.recent), even)
    )
    gain = scoring.bootstrap_difference(own, base, clusters=run.conflict, seed=seed)
    given = forecast[np.arange(len(outcome)), outcome]
    missing = float("nan")
    return TestRow(
        view,
        test,
        "scenarios",
        len(outcome),
        missing,
        float(own.mean()),
        float(-np.log(given).mean()),
        float(base.mean()),
        float(recent.mean()),
        float(coin.mean()),
        float(1 - own.mean() / base.mean()),
        gain.mean,
        gain.low,
        gain.high,
        *(missing,) * 8,
    )
