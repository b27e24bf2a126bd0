"""What is the quarrel over scope, and does the agenda change the outcome? Every set of issues, measured alike.

An issue off the agenda stays at its status quo (or where the agenda freezes it); importance weights and walk-away
values are never renormalised to an agenda, so that all agendas are measured on one scale. Where nobody refuses to talk
and nothing is frozen elsewhere, a longer agenda can only raise P(exists) and P(best), evidence or not, since it may
still leave an issue as it is: so each stands beside its zero line, and refusals to discuss an issue count as failure.
Fershtman (1990) on why agendas matter.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from zopa.case.bargaining import Bargaining, bargaining, inputs
from zopa.case.case import Case
from zopa.case.draws import Draws, Evidence
from zopa.case.evidence import Bool
from zopa.case.names import issue_name, issues_named, package_ids, package_name, party_name
from zopa.charts.agenda import agenda_chart
from zopa.charts.chart import Chart
from zopa.estimate import Array
from zopa.methods.acceptance import acceptance_counts, exists, package_hits
from zopa.methods.problem import package_at, tolerances
from zopa.result import (
    EXACT,
    LEAST,
    Chance,
    Footing,
    Result,
    Share,
    Table,
    Verdict,
    cell,
    chance_of,
    footing,
    headline,
    jsonable,
    percent,
    rests_on,
    share_of,
    three_ways,
    verdict,
)
from zopa.words import Language, joined, say

ALL_SUBSETS = 5
"""Up to so many issues every agenda is listed; beyond it the named ones, every single issue, and all together."""
WORK = 2_000_000
"""Packages times draws looked through for what an agenda adds to the status quo."""
HELD = 1_000_000
"""Packages times draws held at once meanwhile."""
FEWEST = 25
"""Draws looked through at least, however many packages there are."""
CHARTED = 12


@dataclass(frozen=True, slots=True)
class AgendaRow:
    """One agenda.

    ``names``: agendas of the case with just these issues; ``frozen``: issues off it that they fix elsewhere than at
    the status quo; ``wanted_by`` and ``refused_by``: who is said to; ``refused`` by party: share of draws in which it
    will not discuss one of the issues. ``better``: share of packages strictly better than the status quo for everybody;
    ``nash`` and ``gain`` by party: utilities of the Nash point among those, and what they add to the status quo, None
    where fewer than half of the draws have one; ``joint_gain``: the largest sum of gains. These four are medians over
    draws, with the 5th and 95th percentiles of the last three in ``ranges``.
    """

    issues: tuple[str, ...]
    names: tuple[str, ...]
    frozen: Mapping[str, str]
    wanted_by: tuple[str, ...]
    refused_by: tuple[str, ...]
    exists: Chance
    best: Chance
    package: Mapping[str, str]
    options: tuple[int, ...]
    refused: Mapping[str, Share]
    better: float
    nash: Mapping[str, float] | None
    gain: Mapping[str, float] | None
    joint_gain: float
    ranges: Mapping[str, tuple[float, float]]
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contrast:
    """How much more often the best package of one agenda suits all than that of another, paired draw by draw.

    ``more`` and ``less`` are places of rows: the longest agenda and the shortest one that somebody wants.
    """

    more: int
    less: int
    value: float
    low: float
    high: float
    zero: float
    cited: float
    verdict: Verdict


@dataclass(frozen=True, kw_only=True, repr=False)
class Agenda(Result):
    """All agendas of a case, and the contrast between the ones the sides want."""

    found: tuple[AgendaRow, ...]
    contrast: Contrast | None
    footing: Footing

    def rows(self) -> tuple[AgendaRow, ...]:
        """One row an agenda: the case's own first, then the others, fewer issues first."""
        return self.found

    def headline(self, lang: Language = "en") -> str:
        """What the quarrel over scope is, and whether the scope changes the outcome."""
        return self._quarrel(lang) + self._outcome(lang)

    def _quarrel(self, lang: Language) -> str:
        """Which issues are wanted by some and not by others, of those who want an agenda at all."""
        wanted: dict[str, set[str]] = {}
        for row in self.found:
            for party in row.wanted_by:
                wanted.setdefault(party, set()).update(row.issues)
        if len(wanted) < 2:
            return ""
        file = self.case.file
        sides: dict[tuple[str, ...], list[str]] = {}
        for issue in file.issues:
            takers = tuple(p for p in wanted if issue in wanted[p])
            sides.setdefault(takers, []).append(issue)
        parts = [
            say(
                "agenda.wanted-by",
                lang,
                issues=issues_named(file, issues, lang),
                wanting=joined([party_name(file, p, lang) for p in takers], lang),
                others=joined([party_name(file, p, lang) for p in wanted if p not in takers], lang),
            )
            for takers, issues in sides.items()
            if 0 < len(takers) < len(wanted)
        ]
        if not parts:
            return say("agenda.no-quarrel", lang)
        return say("agenda.quarrel", lang, parts=say("agenda.semicolon", lang).join(parts))

    def _outcome(self, lang: Language) -> str:
        c = self.contrast
        if c is None:
            whole = max(self.found, key=lambda row: len(row.issues))
            what = say("agenda.what-whole", lang)
            return say("agenda.one-agenda", lang) + headline(whole.best, what, lang, rests=self.footing)
        sentence = say(
            f"agenda.contrast-{c.verdict}",
            lang,
            more=self.name_of(self.found[c.more], lang),
            less=self.name_of(self.found[c.less], lang),
            value=_points(c.value),
            low=_points(math.floor(20 * c.low + EXACT) / 20),
            high=_points(math.ceil(20 * c.high - EXACT) / 20),
            cited=_points(c.cited),
            zero=_points(c.zero),
        )
        return sentence + say("result.rests-sentence", lang, rests=rests_on(self.footing, lang))

    def table(self, lang: Language = "en") -> Table:
        """Every agenda with its two numbers, each beside its zero line, and who is for and against it."""
        heads = ("agenda", "sides", "best", "zero", "exists", "zero", "package", "joint", "refuses")
        columns = tuple(say(f"agenda.column-{c}", lang) for c in heads)
        rows = tuple(self._cells(row, lang) for row in self.found)
        return Table(say("agenda.caption", lang), columns, rows, tuple(row.because for row in self.found))

    def _cells(self, row: AgendaRow, lang: Language) -> tuple[str, ...]:
        file = self.case.file
        sides = [
            say(f"agenda.{key}", lang, parties=joined([party_name(file, p, lang) for p in parties], lang))
            for key, parties in (("for", row.wanted_by), ("against", row.refused_by))
            if parties
        ]
        refusing = [f"{party_name(file, p, lang)} {cell(s)}" for p, s in row.refused.items() if s.value > 0]
        low, high = row.ranges["joint_gain"]
        return (
            self.name_of(row, lang),
            say("agenda.semicolon", lang).join(sides) or "—",
            cell(row.best),
            f"{percent(row.best.zero)}%",
            cell(row.exists),
            f"{percent(row.exists.zero)}%",
            package_name(file, row.options, lang),
            f"{row.joint_gain:.2f} ({low:.2f}–{high:.2f})",
            joined(refusing, lang) or "—",
        )

    def name_of(self, row: AgendaRow, lang: Language) -> str:
        """The case's name of an agenda, or its issues."""
        entries = (self.case.file.agendas[name] for name in row.names)
        names = [entry.name.get(lang) for entry in entries if entry.name is not None]
        return names[0] if names else issues_named(self.case.file, row.issues, lang)

    def notes(self, lang: Language = "en") -> tuple[str, ...]:
        """The conventions behind the comparison."""
        error = 100 * max(max(row.best.error, row.exists.error) for row in self.found)
        frozen = [
            say(
                "agenda.note-frozen",
                lang,
                agenda=self.name_of(row, lang),
                issues=joined([issue_name(self.case.file, i, lang) for i in row.frozen], lang),
            )
            for row in self.found
            if row.frozen
        ]
        told = [say(f"agenda.note-{name}", lang) for name in ("scale", "longer", "joint", "range")]
        return (*told, *frozen, say("agenda.note-error", lang, error=f"{error:.1f}"))

    def plot(self, lang: Language = "en") -> Chart:
        """P(best) of the case's own agendas and the best of the others."""
        own = [row for row in self.found if row.names]
        others = sorted((r for r in self.found if not r.names), key=lambda r: -r.best.value)
        shown = [*own, *others[: max(CHARTED - len(own), 0)]]
        top = max(shown, key=lambda row: row.best.value)
        described = say(
            "agenda.chart-description",
            lang,
            n=len(shown),
            best=self.name_of(top, lang),
            value=percent(top.best.value),
            zero=percent(top.best.zero),
        )
        return agenda_chart(shown, [self.name_of(row, lang) for row in shown], described, lang)

    def to_json(self) -> dict[str, object]:
        """The rows in the one shape of all results; the contrast of the wanted agendas beside them."""
        return {**super().to_json(), "contrast": jsonable(self.contrast)}


def agenda(case: Case, *, draws: int = 2000, seed: int = 0) -> Agenda:
    """Every agenda of a case measured on the same ``draws`` draws."""
    ways = three_ways(case, draws, seed)
    problems = {evidence: bargaining(drawn) for evidence, drawn in ways.items()}
    sections, entries = inputs(case.file, agenda=True)
    rests = footing(case, sections, entries=entries)
    measured = [_measure(case, ways, problems, scope) for scope in _scopes(case)]
    rows = tuple(_row(case, ways["all"], m, rests) for m in measured)
    most = max(m.problem.packages for m in measured)
    return Agenda(
        case=case,
        method=say("agenda.method", "en"),
        parameters={
            "draws": draws,
            "agendas": len(rows),
            "packages": most,
            "solved": _looked_through(draws, most),
        },
        seed=seed,
        found=rows,
        contrast=_contrast(ways["all"], measured, rows),
        footing=rests,
    )


@dataclass(frozen=True, slots=True)
class _Scope:
    """Issues on the agenda, and options at which issues off it are frozen."""

    issues: tuple[str, ...]
    frozen: tuple[tuple[str, str], ...] = ()


def _scope(case: Case, name: str) -> _Scope:
    entry = case.file.agendas[name]
    issues = tuple(i for i in case.file.issues if i in entry.issues)
    quo = {i: issue.status_quo for i, issue in case.file.issues.items()}
    off = ((i, entry.freeze[i]) for i in quo if i in entry.freeze and i not in issues)
    return _Scope(issues, tuple((i, option) for i, option in off if option != quo[i]))


def _scopes(case: Case) -> Sequence[_Scope]:
    """Agendas to be measured, each once: the case's own, then the other sets of issues in the case's order."""
    issues = tuple(case.file.issues)
    own = [_scope(case, name) for name in case.file.agendas]
    if len(issues) <= ALL_SUBSETS:
        others = [s for k in range(1, len(issues) + 1) for s in combinations(issues, k)]
    else:
        others = [*((i,) for i in issues), issues]
    return list(dict.fromkeys([*own, *(_Scope(s) for s in others)]))


@dataclass(frozen=True, slots=True)
class _Measured:
    """One agenda: in which draws some package suits everybody, and in which the best fixed one does, by way to draw.

    ``options`` is that package as the case stands; ``problem`` the case as it stands on this agenda, ``now`` what the
    status quo is worth there (D, P).
    """

    scope: _Scope
    on: tuple[int, ...]
    exists: Mapping[Evidence, Bool]
    best: Mapping[Evidence, Bool]
    refuses: Mapping[Evidence, Bool]
    options: tuple[int, ...]
    problem: Bargaining
    now: Array


def _measure(
    case: Case, ways: Mapping[Evidence, Draws], problems: Mapping[Evidence, Bargaining], scope: _Scope
) -> _Measured:
    keys = list(case.file.issues)
    on = tuple(keys.index(i) for i in scope.issues)
    held = {keys.index(i): case.file.issues[i].index(option) for i, option in scope.frozen}
    some: dict[Evidence, Bool] = {}
    best: dict[Evidence, Bool] = {}
    refuses: dict[Evidence, Bool] = {}
    options: dict[Evidence, tuple[int, ...]] = {}
    for evidence, drawn in ways.items():
        problem = problems[evidence].on_agenda(frozenset(on), held)
        refuses[evidence] = np.any(drawn.table.refuses[:, :, on], axis=2)
        sits = ~np.any(refuses[evidence], axis=1)
        # One thread: there are many small problems, and starting threads would take longer than they save.
        some[evidence] = exists(problem.values, problem.vetoes, problem.reserve, threads=1) & sits
        number = _best(problem, sits)
        picked = package_at(number, problem.sizes)
        hits = package_hits(problem.values, problem.vetoes, problem.reserve, package=picked)
        best[evidence], options[evidence] = np.all(hits, axis=1) & sits, problem.package(picked)
    there = problems["all"]
    return _Measured(
        scope, on, some, best, refuses, options["all"], there.on_agenda(frozenset(on), held), there.now
    )


def _best(problem: Bargaining, sits: Bool) -> int:
    """Number of the package that suits everybody in most of the draws that sit down; where none does, any will do."""
    rows = sits if sits.any() else ~sits
    values, vetoes = [v[rows] for v in problem.values], [v[rows] for v in problem.vetoes]
    shares = acceptance_counts(values, vetoes, problem.reserve[rows], threads=1).share()
    return problem.fewest_moves(np.flatnonzero(shares == shares.max()))


def _row(case: Case, drawn: Draws, measured: _Measured, rests: Footing) -> AgendaRow:
    file, scope = case.file, measured.scope
    own = {name: entry for name, entry in file.agendas.items() if _scope(case, name) == scope}
    cited = [c.claim for a in own.values() for c in a.because if c.claim in case.ledger.by_id]
    added = _over_status_quo(case, measured)
    return AgendaRow(
        issues=scope.issues,
        names=tuple(own),
        frozen=dict(scope.frozen),
        wanted_by=tuple(dict.fromkeys(p for a in own.values() for p in a.wanted_by)),
        refused_by=tuple(dict.fromkeys(p for a in own.values() for p in a.refused_by)),
        exists=chance_of(measured.exists, drawn),
        best=chance_of(measured.best, drawn),
        package=package_ids(file, measured.options),
        options=measured.options,
        refused={
            party: share_of({e: r[:, p] for e, r in measured.refuses.items()}, drawn)
            for p, party in enumerate(case.negotiators)
        },
        better=added.better,
        nash=added.nash,
        gain=added.gain,
        joint_gain=added.joint_gain,
        ranges=added.ranges,
        because=tuple(dict.fromkeys([*cited, *rests.claims])),
    )


def _looked_through(draws: int, packages: int) -> int:
    """How many of the draws are looked through package by package."""
    return min(draws, max(FEWEST, WORK // packages))


@dataclass(frozen=True, slots=True)
class _Added:
    """What an agenda adds to the status quo: the fields of these names of ``AgendaRow``."""

    better: float
    nash: Mapping[str, float] | None
    gain: Mapping[str, float] | None
    joint_gain: float
    ranges: Mapping[str, tuple[float, float]]


def _over_status_quo(case: Case, measured: _Measured) -> _Added:
    """What the agenda adds to the status quo, which is the point of disagreement here."""
    problem, parties = measured.problem, case.negotiators
    rows = _looked_through(len(problem.reserve), problem.packages)
    step = max(1, HELD // problem.packages)
    parts = [_gains(problem, measured.now, slice(k, min(k + step, rows))) for k in range(0, rows, step)]
    better, joint, gain = (np.concatenate(part) for part in zip(*parts, strict=True))
    there = better > 0
    gain, nash = gain[there], (gain + measured.now[:rows])[there]
    known = 2 * len(gain) >= rows
    ranges = {"joint_gain": _range(joint)}
    if known:
        ranges |= {
            f"{name}.{p}": _range(v[:, k])
            for name, v in (("nash", nash), ("gain", gain))
            for k, p in enumerate(parties)
        }
    return _Added(
        better=float(np.median(better)),
        nash=_medians(case, nash) if known else None,
        gain=_medians(case, gain) if known else None,
        joint_gain=float(np.median(joint)),
        ranges=ranges,
    )


def _gains(problem: Bargaining, now: Array, drawn: slice) -> tuple[Array, Array, Array]:
    """For some draws: share of packages better for everybody (D,), largest sum of gains (D,), gains at the Nash point
    (D, P), which mean nothing where no package is better."""
    now = now[drawn]
    utility, barred = np.zeros((*now.shape, 1)), np.zeros((len(now), 1), dtype=bool)
    for values, vetoes in zip(problem.values, problem.vetoes, strict=True):
        utility = (utility[..., None] + values[drawn, :, None, :]).reshape(*now.shape, -1)
        barred = (barred[..., None] | np.any(vetoes[drawn], axis=1, keepdims=True)).reshape(len(now), -1)
    gains = utility - now[..., None]
    slack = tolerances([v[drawn] for v in problem.values], now)
    better = (gains > slack[..., None]).all(axis=1) & ~barred
    product = np.where(better, gains.prod(axis=1), -1.0)
    # Of packages that are equal but for rounding the first is taken, on any machine.
    first = (product >= product.max(axis=1, keepdims=True) * (1 - EXACT)).argmax(axis=1)
    gain = np.take_along_axis(gains, first[:, None, None], axis=2)[:, :, 0]
    return better.mean(axis=1), np.where(better, gains.sum(axis=1), 0.0).max(axis=1), gain


def _range(values: Array) -> tuple[float, float]:
    low, high = np.quantile(values, [0.05, 0.95])
    return float(low), float(high)


def _medians(case: Case, values: Array) -> Mapping[str, float]:
    return dict(zip(case.negotiators, map(float, np.median(values, axis=0)), strict=True))


def _contrast(drawn: Draws, measured: Sequence[_Measured], rows: Sequence[AgendaRow]) -> Contrast | None:
    """The longest agenda somebody wants against the shortest one; where nobody is said to want any, of those named."""
    wanted = [k for k, row in enumerate(rows) if row.wanted_by]
    if len(wanted) < 2:
        wanted = [k for k, row in enumerate(rows) if row.names]
    if len(wanted) < 2:
        return None
    less, *_, more = sorted(wanted, key=lambda k: len(rows[k].issues))
    full, cited, none = (
        measured[more].best[e].astype(float) - measured[less].best[e].astype(float)
        for e in ("all", "cited", "none")
    )
    spread = drawn.interval(full, legal=None)
    says = verdict(full, cited, none, drawn)
    if says == "shows" and not (spread.low > LEAST or spread.high < -LEAST):
        # Unlike ignorance, yet no difference between the agendas that would show in print.
        says = "open"
    return Contrast(
        more=more,
        less=less,
        value=spread.mean,
        low=spread.low,
        high=spread.high,
        zero=float(none.mean()),
        cited=float(cited.mean()),
        verdict=says,
    )


def _points(value: float) -> str:
    """A difference of probabilities in percentage points, to 5 points, with its sign: "+10", "−5", "0"."""
    points = 5 * math.floor(abs(20 * value) + 0.5 + EXACT)
    return f"{'+' if value > 0 else '−'}{points}" if points else "0"
