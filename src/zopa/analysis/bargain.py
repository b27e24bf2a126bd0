"""Which packages would no side refuse, and where do the classical rules of division point? The bargaining set.

In every draw the exact Pareto frontier at or above the walk-away values is found, and on it the solution each rule
picks. They are reference points for a mediator, not predictions. Sources: Nash (1950), Kalai and Smorodinsky (1975),
Kalai (1977), Raiffa (1953); conventions in ``methods/solutions.py``.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from zopa.case.bargaining import Bargaining, bargaining, inputs
from zopa.case.case import Case
from zopa.case.draws import Draws, Evidence
from zopa.case.names import issue_name, option_name, package_ids, package_name, party_name
from zopa.charts.bargain import BandPoint, Pair, bargain_chart
from zopa.charts.chart import Chart
from zopa.estimate import Array
from zopa.methods import solutions
from zopa.methods.acceptance import exists
from zopa.methods.counting import count_rational
from zopa.methods.frontier import Frontier, frontier
from zopa.methods.solutions import Solution
from zopa.result import (
    Chance,
    Footing,
    Result,
    Share,
    Table,
    Verdict,
    cell,
    chance_of,
    ends,
    footing,
    jsonable,
    percent,
    rests_on,
    share_of,
    three_ways,
)
from zopa.words import Language, joined, say, term

RULES: Mapping[str, Callable[[Frontier], Solution | None]] = {
    "nash": solutions.nash,
    "kalai_smorodinsky": solutions.kalai_smorodinsky,
    "egalitarian": solutions.egalitarian,
    "utilitarian": solutions.utilitarian,
    "raiffa": solutions.raiffa,
}
GRID = np.linspace(0.0, 1.0, 51)
"""Shares of the first party's range at which the frontier's band is given."""
ENOUGH = 300
"""Draws whose frontiers are solved one by one: beyond it, medians move by about a hundredth."""
CLOUD = 150
"""Draws whose Nash solution is shown in the chart."""


@dataclass(frozen=True, slots=True)
class BargainRow:
    """One rule's reference point.

    ``utilities`` by party: the number itself where nothing is uncertain, else the median over draws that have a zone,
    with the 5th and 95th percentile in ``low`` and ``high``. ``package`` is the one picked most often, in ``share`` of
    all draws (None where no draw has a zone). ``ties``: how many packages do equally well in the draw that picked it
    first, ``tied`` their utilities where these differ and nothing is uncertain.
    """

    solution: str
    utilities: Mapping[str, float]
    low: Mapping[str, float] | None
    high: Mapping[str, float] | None
    package: Mapping[str, str] | None
    options: tuple[int, ...] | None
    share: Share | None
    ties: int
    tied: tuple[Mapping[str, float], ...]
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NashOption:
    """How often there is a zone and the Nash solution in it holds an option; ``moved``: it is not the status quo."""

    issue: str
    option: str
    chance: Chance
    moved: bool


@dataclass(frozen=True, kw_only=True, repr=False)
class Bargain(Result):
    """Reference points on the frontier; ``certain`` where every draw is the same.

    ``exists``: that some package suits everybody, without which there is nothing to point at; ``held``: how often the
    Nash solution holds each option.
    """

    found: tuple[BargainRow, ...]
    held: tuple[NashOption, ...]
    exists: Chance
    silent: bool
    certain: bool
    footing: Footing
    curve: tuple[BandPoint, ...] = field(repr=False)
    """What two sides can have together, over the draws; empty for more than two."""
    cloud: tuple[Pair, ...] = field(repr=False)
    """Nash solutions of single draws, for two sides."""
    walk_away: Mapping[str, float] = field(repr=False)
    """Median walk-away value by party."""

    def rows(self) -> tuple[BargainRow, ...]:
        """One row a rule."""
        return self.found

    @property
    def mostly(self) -> tuple[NashOption, ...]:
        """Options off the status quo that the Nash solution holds in more than half of the draws that have a zone."""
        return tuple(o for o in self.held if o.moved and o.chance.value > self.exists.value / 2)

    @property
    def verdict(self) -> Verdict:
        """What the record says of the Nash solution: it shows it where it shows every option mostly held."""
        if self.silent:
            return "silent"
        mostly = self.mostly
        return "shows" if mostly and all(o.chance.verdict == "shows" for o in mostly) else "open"

    def headline(self, lang: Language = "en") -> str:
        """Where the Nash solution points, how surely, and how often there is nothing to point at."""
        nash = self.found[0]
        opening = say(f"bargain.{self.verdict}", lang)
        rests = say("result.rests-sentence", lang, rests=rests_on(self.footing, lang))
        if nash.options is None:
            return opening + say("bargain.headline-empty", lang, zero=percent(1 - self.exists.zero)) + rests
        mostly = [self._often(o, lang) for o in self.mostly]
        key = "certain" if self.certain else "mostly" if mostly else "spread"
        sentence = say(
            f"bargain.headline-{key}",
            lang,
            package=package_name(self.case.file, nash.options, lang),
            mostly=say("bargain.semicolon", lang).join(mostly),
            utilities=self._utilities(nash, lang),
            empty=percent(1 - self.exists.value),
            range=ends(1 - self.exists.high, 1 - self.exists.low),
            zero=percent(1 - self.exists.zero),
            n=self.parameters["frontier_size"],
        )
        return opening + sentence + rests

    def _often(self, held: NashOption, lang: Language) -> str:
        file, chance = self.case.file, held.chance
        return say(
            "bargain.often",
            lang,
            issue=issue_name(file, held.issue, lang),
            option=option_name(file, held.issue, held.option, lang),
            value=percent(chance.value),
            range=ends(chance.low, chance.high),
            cited=percent(chance.cited),
            zero=percent(chance.zero),
        )

    def _utilities(self, row: BargainRow, lang: Language) -> str:
        space = "" if lang == "zh" else " "
        names = {p: party_name(self.case.file, p, lang) for p in self.case.negotiators}
        return joined([f"{name}{space}{_number(row, p, lang)}" for p, name in names.items()], lang)

    def table(self, lang: Language = "en") -> Table:
        """Rule, package, utilities, how often, ties."""
        parties = [party_name(self.case.file, p, lang) for p in self.case.negotiators]
        columns = (
            say("bargain.column-rule", lang),
            say("bargain.column-package-certain" if self.certain else "bargain.column-package", lang),
            *(say("bargain.column-utility", lang, party=p) for p in parties),
            say("bargain.column-share", lang),
            say("bargain.column-ties", lang),
        )
        rows = tuple(self._cells(row, lang) for row in self.found)
        return Table(say("bargain.caption", lang), columns, rows, tuple(row.because for row in self.found))

    def _cells(self, row: BargainRow, lang: Language) -> tuple[str, ...]:
        rule = term(row.solution, lang)
        if row.options is None or row.share is None:
            return (rule, "—", *("—" for _ in self.case.negotiators), "0%", "0")
        share = say("bargain.share", lang, share=cell(row.share), zero=percent(row.share.zero))
        numbers = (_number(row, p, lang) for p in self.case.negotiators)
        return (rule, package_name(self.case.file, row.options, lang), *numbers, share, str(row.ties))

    def tables(self, lang: Language = "en") -> tuple[Table, ...]:
        """The rules, then how often the Nash solution holds each option."""
        if self.certain or not self.held:
            return (self.table(lang),)
        file = self.case.file
        rows = tuple(
            (
                issue_name(file, o.issue, lang),
                option_name(file, o.issue, o.option, lang),
                cell(o.chance),
                f"{percent(o.chance.cited)}%",
                f"{percent(o.chance.zero)}%",
            )
            for o in self.held
        )
        heads = ("issue", "option", "chance", "cited", "zero")
        columns = tuple(say(f"bargain.column-{head}", lang) for head in heads)
        caption = say("bargain.caption-options", lang)
        return (self.table(lang), Table(caption, columns, rows, tuple(self.footing.claims for _ in rows)))

    def notes(self, lang: Language = "en") -> tuple[str, ...]:
        """The conventions behind the numbers."""
        size = say(
            "bargain.note-size",
            lang,
            outcomes=self.parameters["outcomes"],
            frontier=self.parameters["frontier_size"],
            solved=self.parameters["solved"],
        )
        told = ("reference", "conventions", "scales", *(() if self.certain else ("medians",)))
        return (*(say(f"bargain.note-{name}", lang) for name in told), size)

    def plot(self, lang: Language = "en") -> Chart:
        """The frontier with the reference points on it."""
        names = [party_name(self.case.file, p, lang) for p in self.case.negotiators]
        return bargain_chart(self.found, self.curve, self.cloud, self.walk_away, names, lang)

    def to_json(self) -> dict[str, object]:
        """The rows in the one shape of all results; how often there is a zone and what Nash holds beside them."""
        return {**super().to_json(), "exists": jsonable(self.exists), "held": jsonable(self.held)}


def bargain(case: Case, *, draws: int = 2000, seed: int = 0) -> Bargain:
    """The reference points of a case, drawn ``draws`` times (at most ``ENOUGH`` of them are solved one by one)."""
    ways = three_ways(case, draws, seed)
    problems = {evidence: bargaining(drawn) for evidence, drawn in ways.items()}
    some = min(draws, ENOUGH)
    # Without assumptions only the Nash solution is asked for.
    rules: Mapping[Evidence, Sequence[str]] = {"all": tuple(RULES), "cited": ("nash",), "none": tuple(RULES)}
    solved = {evidence: _solve(problems[evidence], some, names) for evidence, names in rules.items()}
    full, problem = solved["all"], problems["all"]
    sections, entries = inputs(case.file)
    rests = footing(case, sections, entries=entries)
    # The first draws are the same however many there are.
    few = case.draws(some, seed=seed)
    rows = tuple(_row(case, problem, rule, solved, few, rests) for rule in RULES)
    return Bargain(
        case=case,
        method=say("bargain.method", "en"),
        parameters={"draws": draws, "solved": full.draws, **_sizes(case, problem, full)},
        seed=seed,
        found=rows,
        held=_held(case, solved, few),
        exists=chance_of(
            {e: exists(p.values, p.vetoes, p.reserve) for e, p in problems.items()}, ways["all"]
        ),
        silent=problems["cited"].same_as(problems["none"]),
        certain=problem.certain,
        footing=rests,
        curve=_band(full.frontiers, problem.certain),
        cloud=_cloud(full, problem.certain),
        walk_away=dict(zip(case.negotiators, map(float, np.median(problem.reserve, axis=0)), strict=True)),
    )


@dataclass(frozen=True, slots=True)
class _Solved:
    """Draws solved one by one: frontiers, and by rule the package picked (D, issues), −1 without a zone, its utilities
    (D, P), and the solution itself with all that ties."""

    draws: int
    frontiers: Sequence[Frontier]
    packages: Mapping[str, NDArray[np.int64]]
    utilities: Mapping[str, Array]
    solutions: Mapping[str, Sequence[Solution | None]]


def _solve(problem: Bargaining, draws: int, rules: Sequence[str]) -> _Solved:
    singles = 1 if problem.certain else draws
    frontiers = [
        frontier(
            [v[d] for v in problem.values], reserve=problem.reserve[d], vetoes=[v[d] for v in problem.vetoes]
        )
        for d in range(singles)
    ]
    packages, utilities, found = {}, {}, {}
    for name in rules:
        found[name] = [RULES[name](curve) for curve in frontiers]
        picked = [_pick(problem, d, solution) for d, solution in enumerate(found[name])]
        # Draws that are all the same are solved once.
        packages[name] = np.resize([package for package, _ in picked], (draws, len(problem.table.issues)))
        utilities[name] = np.array([utility for _, utility in picked])
    return _Solved(singles, frontiers, packages, utilities, found)


def _pick(problem: Bargaining, d: int, solution: Solution | None) -> tuple[Sequence[int], Array]:
    """The first of the tied packages, whoever is named first in the case, and its utilities in the draw."""
    if solution is None:
        return [-1] * len(problem.table.issues), np.full(problem.reserve.shape[1], np.nan)
    first = min(tuple(int(k) for k in row) for row in solution.packages)
    return problem.package(first), np.sum(
        [v[d, :, k] for v, k in zip(problem.values, first, strict=True)], axis=0
    )


def _row(
    case: Case,
    problem: Bargaining,
    rule: str,
    solved: Mapping[Evidence, _Solved],
    drawn: Draws,
    rests: Footing,
) -> BargainRow:
    full, parties = solved["all"], case.negotiators
    there = ~np.isnan(full.utilities[rule]).any(axis=1)
    if not there.any():
        return BargainRow(rule, {}, None, None, None, None, None, 0, (), rests.claims)
    points = full.utilities[rule][there]
    picked = Counter(map(tuple, full.packages[rule][: full.draws][there].tolist()))
    # Equally frequent ones: the first in the case's order of options, so that no draw is more equal than others.
    package = min(picked, key=lambda p: (-picked[p], p))
    first = next(k for k in range(full.draws) if tuple(full.packages[rule][k]) == package)
    solution = full.solutions[rule][first]
    assert solution is not None
    low, mid, high = (_by_party(parties, q) for q in np.quantile(points, [0.05, 0.5, 0.95], axis=0))
    certain = problem.certain
    return BargainRow(
        solution=rule,
        utilities=_by_party(parties, points[0]) if certain else mid,
        low=None if certain else low,
        high=None if certain else high,
        package=package_ids(case.file, package),
        options=package,
        share=share_of(
            {e: (solved[e].packages[rule] == package).all(axis=1) for e in ("all", "none")}, drawn
        ),
        ties=solution.ties,
        tied=tuple(_by_party(parties, p) for p in solution.points)
        if certain and len(solution.points) > 1
        else (),
        because=rests.claims,
    )


def _by_party(parties: Sequence[str], values: Array) -> Mapping[str, float]:
    return dict(zip(parties, map(float, values), strict=True))


def _held(case: Case, solved: Mapping[Evidence, _Solved], drawn: Draws) -> tuple[NashOption, ...]:
    return tuple(
        NashOption(
            issue=key,
            option=option.id,
            chance=chance_of({e: s.packages["nash"][:, i] == k for e, s in solved.items()}, drawn),
            moved=option.id != issue.status_quo,
        )
        for i, (key, issue) in enumerate(case.file.issues.items())
        for k, option in enumerate(issue.options)
    )


def _sizes(case: Case, problem: Bargaining, full: _Solved) -> Mapping[str, int | float | None]:
    """Counts of packages: all, on the frontier, better (or as good) for everybody, and the largest sum; medians."""
    counts = [
        count_rational(
            [v[d] for v in problem.values], problem.reserve[d], vetoes=[v[d] for v in problem.vetoes]
        )
        for d in range(full.draws)
    ]
    sums = [float(curve.points.sum(axis=1).max()) for curve in full.frontiers if len(curve) > 0]
    return {
        "outcomes": math.prod(len(issue.options) for issue in case.file.issues.values()),
        "frontier_size": int(np.median([len(curve) for curve in full.frontiers])),
        "rational_fraction_strict": float(np.median([c.strict / c.outcomes for c in counts])),
        "rational_fraction_weak": float(np.median([c.weak / c.outcomes for c in counts])),
        "max_welfare": float(np.median(sums)) if sums else None,
    }


def _band(curves: Sequence[Frontier], certain: bool) -> tuple[BandPoint, ...]:
    """What the second party can have at most when the first has at least ``x``: its spread over draws.

    Attainment curves (Grunert da Fonseca et al. 2001). One draw gives its own points; draws without a zone are left
    out, and an end of the band is None where that share of draws gives nothing at ``x``.
    """
    there = [curve.points for curve in curves if len(curve) > 0]
    if not there or there[0].shape[1] != 2:
        return ()
    if certain:
        return tuple(BandPoint(float(x), float(y), float(y), float(y)) for x, y in there[0][::-1])
    grid = GRID * max(1.0, *(float(points[:, 0].max()) for points in there))
    best = np.full((len(there), len(grid)), -np.inf)
    for row, points in zip(best, there, strict=True):
        for x, y in points:
            np.maximum(row, np.where(x >= grid, y, -np.inf), out=row)
    bands = np.quantile(best, [0.05, 0.5, 0.95], axis=0, method="lower")
    columns = np.where(np.isfinite(bands), bands, np.nan).T
    return tuple(
        BandPoint(float(x), *(None if np.isnan(v) else float(v) for v in column))
        for x, column in zip(grid, columns, strict=True)
    )


def _cloud(full: _Solved, certain: bool) -> tuple[Pair, ...]:
    points = full.utilities["nash"]
    if certain or points.shape[1] != 2:
        return ()
    there = points[~np.isnan(points).any(axis=1)][:CLOUD]
    return tuple((float(x), float(y)) for x, y in there)


def _number(row: BargainRow, party: str, lang: Language) -> str:
    value = row.utilities[party]
    if row.low is None or row.high is None:
        return f"{value:.3f}"
    return say(
        "bargain.number",
        lang,
        value=f"{value:.2f}",
        low=f"{row.low[party]:.2f}",
        high=f"{row.high[party]:.2f}",
    )
