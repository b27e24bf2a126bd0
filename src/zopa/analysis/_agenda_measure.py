"""The agendas of a case as arrays: which there are, what suits everybody on each, what it adds to the status quo."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from zopa.case.bargaining import Bargaining
from zopa.case.case import Case
from zopa.case.draws import Draws, Evidence
from zopa.case.evidence import Bool
from zopa.estimate import Array
from zopa.methods.acceptance import MAX_PACKAGES, acceptance_counts, exists, package_hits
from zopa.methods.agendas import MAX_SPREAD, Smallest, agenda_issues, agenda_mask, smallest_agendas
from zopa.methods.agendas import inclusion_minimal as minimal_masks
from zopa.methods.best_package import best_packages
from zopa.methods.counting import count_rational
from zopa.methods.frontier import frontier
from zopa.methods.gains import Gains, gains_over
from zopa.methods.problem import package_at, package_number, problem
from zopa.methods.solutions import nash
from zopa.result import Share, share_of

ALL_SUBSETS = 5
"""Up to so many issues every agenda is listed; beyond it the named ones, every single issue, all, and the smallest."""
COUNTED = 800_000_000
"""Packages times draws counted at most to find the package that suits everybody in most draws."""
SEARCHED = 50
"""Draws on which that package is sought where there are too many packages to count each."""
WORK = 40_000_000
"""Packages times draws looked through for what an agenda adds to the status quo."""
FEWEST = 25
"""Draws looked through at least, however many packages there are."""
LARGE = 1_000_000_000
"""Packages times draws from which on one agenda is shared among threads."""
SHORT, SHORTER = 1000, 300
"""Draws on which the smallest agendas of many issues are sought: of few packages, and of many."""
LISTED = 12
"""Smallest agendas of many issues measured at most."""


@dataclass(frozen=True, slots=True)
class Freeze:
    """An issue off an agenda that does not stay at its status quo: the options it may end at, and the path of their
    shares where there are several."""

    issue: str
    options: tuple[str, ...]
    path: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """Issues on the agenda, and where issues off it are frozen elsewhere than at their status quo."""

    issues: tuple[str, ...]
    frozen: tuple[Freeze, ...] = ()

    def within(self, other: "Scope") -> bool:
        """Whether every package of this agenda is one of the other, longer one."""
        rest = tuple(f for f in self.frozen if f.issue not in other.issues)
        return set(self.issues) < set(other.issues) and rest == other.frozen


def scope_of(case: Case, name: str) -> Scope:
    """The scope of one of the case's own agendas."""
    entry = case.file.agendas[name]
    frozen = []
    for issue, found in case.file.issues.items():
        outcomes = tuple(entry.freeze.get(issue, {}))
        if not outcomes or issue in entry.issues or outcomes == (found.status_quo,):
            continue
        frozen.append(Freeze(issue, outcomes, f"agendas.{name}.freeze.{issue}" if len(outcomes) > 1 else ""))
    return Scope(tuple(i for i in case.file.issues if i in entry.issues), tuple(frozen))


def scopes_of(case: Case, smallest: Sequence[tuple[str, ...]]) -> list[Scope]:
    """Agendas to be measured, each once: the case's own, then the other sets of issues in the case's order."""
    issues = tuple(case.file.issues)
    own = [scope_of(case, name) for name in case.file.agendas]
    if len(issues) <= ALL_SUBSETS:
        others = [s for k in range(1, len(issues) + 1) for s in combinations(issues, k)]
    else:
        others = [*smallest, *((i,) for i in issues), issues]
    return list(dict.fromkeys([*own, *(Scope(s) for s in others)]))


def spaced(draws: int, wanted: int) -> NDArray[np.int64]:
    """Some of the draws, evenly spaced, so that all groups of draws are among them."""
    return np.arange(draws) if wanted >= draws else np.arange(wanted, dtype=np.int64) * draws // wanted


def spread_of_part(
    drawn: Draws, part: Array, rows: NDArray[np.int64], *, legal: tuple[float, float] | None = (0.0, 1.0)
) -> tuple[float, float, float]:
    """Mean of numbers (n,) known of some ``rows`` of the draws, with its range over the grade table.

    The range is that of a series over all draws whose deviations are those of the mean to first order.
    """
    value = float(part.mean())
    series = np.zeros(drawn.n)
    series[rows] = (part - value) * (drawn.n / len(rows))
    spread = drawn.interval(series, legal=None)
    low, high = value + min(0.0, spread.low - spread.mean), value + max(0.0, spread.high - spread.mean)
    return value, low if legal is None else max(low, legal[0]), high if legal is None else min(high, legal[1])


# -- freeze levels ---------------------------------------------------------------------------------------------------


def held(drawn: Draws, scope: Scope) -> dict[int, NDArray[np.int64]]:
    """By place of the issue: the option at which each draw freezes it."""
    file, out = drawn.case.file, {}
    for frozen in scope.frozen:
        issue = file.issues[frozen.issue]
        numbers = np.array([issue.index(option) for option in frozen.options])
        at = np.zeros(drawn.n, dtype=np.int64)
        if frozen.path:
            shares = drawn.shares([f"{frozen.path}.{option}" for option in frozen.options])
            edges = np.cumsum(shares, axis=1)[:, :-1]
            at = np.asarray((drawn.uniforms(f"{frozen.path}/which")[:, None] >= edges).sum(axis=1))
        out[list(file.issues).index(frozen.issue)] = numbers[at]
    return out


def on_agenda(whole: Bargaining, on: frozenset[int], frozen: Mapping[int, NDArray[np.int64]]) -> Bargaining:
    """The problem of an agenda; its ``options`` show frozen issues where most draws freeze them."""
    if not frozen:
        return whole.on_agenda(on)
    places = list(frozen)
    cases, which, times = np.unique(
        np.stack([frozen[i] for i in places], axis=1), axis=0, return_inverse=True, return_counts=True
    )
    most = int(times.argmax())
    out = whole.on_agenda(on, dict(zip(places, cases[most].tolist(), strict=True)))
    values, vetoes = list(out.values), list(out.vetoes)
    for k in range(len(cases)):
        if k == most:
            continue
        part = whole.on_agenda(on, dict(zip(places, cases[k].tolist(), strict=True)))
        here = which.ravel() == k
        for g in range(len(values)):
            values[g][here], vetoes[g][here] = part.values[g][here], part.vetoes[g][here]
    return replace(out, values=values, vetoes=vetoes)


# -- what suits everybody --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Measured:
    """One agenda: in which draws some package suits everybody, and in which the best fixed one does, by way to draw.

    ``options`` is that package as the case stands; ``problem`` the case on this agenda and ``now`` what the status quo
    is worth there (D, P), as it stands (``all``) and without evidence (``none``); ``frozen`` by issue and
    option: share of draws that freeze it there.
    """

    scope: Scope
    exists: Mapping[Evidence, Bool]
    best: Mapping[Evidence, Bool]
    refuses: Mapping[Evidence, Bool]
    options: tuple[int, ...]
    problem: Mapping[Evidence, Bargaining]
    now: Mapping[Evidence, Array]
    frozen: Mapping[str, Mapping[str, Share]]


Some = Mapping[Evidence, Bool]


def measure_all(
    ways: Mapping[Evidence, Draws], problems: Mapping[Evidence, Bargaining], scopes: Sequence[Scope]
) -> list[Measured]:
    """Every agenda, the longest first and then from the shortest up, so that most draws are settled already: what
    suits everybody on an agenda is open to them on a longer one, unless an issue is frozen elsewhere."""
    most = max(len(s.issues) for s in scopes)
    settled: dict[Scope, Some] = {}
    found: dict[Scope, Measured] = {}
    for scope in sorted(scopes, key=lambda s: (len(s.issues) != most, len(s.issues))):
        found[scope] = _measure(ways, problems, scope, settled)
    return [found[scope] for scope in scopes]


def _some(there: Bargaining, sure: Sequence[Bool], out_of_reach: Sequence[Bool]) -> Bool:
    """In which draws some package suits everybody; looked for only where no other agenda has settled it."""
    out = np.zeros(len(there.reserve), dtype=bool)
    for known in sure:
        out |= known
    rows = ~out
    for known in out_of_reach:
        rows &= ~known
    if rows.any():
        values, vetoes = [v[rows] for v in there.values], [v[rows] for v in there.vetoes]
        # Most problems are small ones, where starting threads would take longer than they save.
        threads = 1 if there.packages * len(out) < LARGE else None
        out[rows] = exists(values, vetoes, there.reserve[rows], threads=threads)
    return out


def _measure(
    ways: Mapping[Evidence, Draws],
    problems: Mapping[Evidence, Bargaining],
    scope: Scope,
    settled: dict[Scope, Some],
) -> Measured:
    file = ways["all"].case.file
    on = [list(file.issues).index(i) for i in scope.issues]
    some: dict[Evidence, Bool] = {}
    best: dict[Evidence, Bool] = {}
    refuses: dict[Evidence, Bool] = {}
    options: dict[Evidence, tuple[int, ...]] = {}
    there: dict[Evidence, Bargaining] = {}
    fixed: dict[Evidence, dict[int, NDArray[np.int64]]] = {}
    for evidence, drawn in ways.items():
        fixed[evidence] = held(drawn, scope)
        there[evidence] = on_agenda(problems[evidence], frozenset(on), fixed[evidence])
        refuses[evidence] = np.any(drawn.table.refuses[:, :, on], axis=2)
        sits = ~np.any(refuses[evidence], axis=1)
        shorter = [known[evidence] for s, known in settled.items() if s.within(scope)]
        longer = [~known[evidence] for s, known in settled.items() if scope.within(s)]
        some[evidence] = _some(there[evidence], shorter, longer)
        number = _best(there[evidence], sits)
        picked = package_at(number, there[evidence].sizes)
        hits = package_hits(
            there[evidence].values, there[evidence].vetoes, there[evidence].reserve, package=picked
        )
        best[evidence], options[evidence] = np.all(hits, axis=1) & sits, there[evidence].package(picked)
    settled[scope] = some
    places = {f.issue: list(file.issues).index(f.issue) for f in scope.frozen}
    frozen = {
        f.issue: {
            option: share_of({e: fixed[e][places[f.issue]] == number for e in ways}, ways)
            for option in f.options
            for number in [file.issues[f.issue].index(option)]
        }
        for f in scope.frozen
    }
    exist = {e: known & ~np.any(refuses[e], axis=1) for e, known in some.items()}
    shown: tuple[Evidence, ...] = ("all", "none")
    return Measured(
        scope=scope,
        exists=exist,
        best=best,
        refuses=refuses,
        options=options["all"],
        problem={e: there[e] for e in shown},
        now={e: problems[e].now for e in shown},
        frozen=frozen,
    )


def _best(there: Bargaining, sits: Bool) -> int:
    """Number of the package that suits everybody in most of the draws that sit down; where none does, any will do.

    Where packages times draws are too many to count, it is sought on some of the draws.
    """
    rows = np.flatnonzero(sits if sits.any() else ~sits)
    counted = there.packages <= MAX_PACKAGES
    rows = rows[spaced(len(rows), max(SEARCHED, COUNTED // there.packages) if counted else SEARCHED)]
    values, vetoes = [v[rows] for v in there.values], [v[rows] for v in there.vetoes]
    if counted:
        shares = acceptance_counts(values, vetoes, there.reserve[rows], threads=1).share()
        return there.fewest_moves(np.flatnonzero(shares == shares.max()))
    quo = np.array(there.table.status_quo)
    homes = [
        int((options != quo[list(group)]).sum(axis=1).argmin())
        for group, options in zip(there.joined, there.options, strict=True)
    ]
    checked = problem(values, vetoes, there.reserve[rows])
    _, packages = best_packages(checked, np.array(homes, dtype=np.int64), every_agenda=False)
    return package_number(packages[0].tolist(), there.sizes)


# -- the smallest agendas --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Search:
    """How the smallest agendas were sought: all agendas of up to ``whole`` issues, ``measured`` in all, on so many
    ``draws``; ``found``: how many there are."""

    whole: int
    measured: int
    draws: int
    found: int


def smallest_of_many(
    drawn: Draws, whole: Bargaining, threshold: float
) -> tuple[list[tuple[str, ...]], Search]:
    """The inclusion-minimal agendas of a case with many issues, and how they were sought.

    Issues that exclusions or synergies join come on the agenda together here.
    """
    issues = tuple(drawn.case.file.issues)
    rows = spaced(drawn.n, SHORT if whole.packages <= MAX_SPREAD else SHORTER)
    refuses = np.stack([drawn.table.refuses[rows][:, :, list(g)].any(axis=2) for g in whole.joined], axis=2)
    quo = np.array(whole.table.status_quo)
    homes = [
        int((options == quo[list(g)]).all(axis=1).argmax())
        for g, options in zip(whole.joined, whole.options, strict=True)
    ]
    found: Smallest = smallest_agendas(
        [v[rows] for v in whole.values],
        [v[rows] for v in whole.vetoes],
        whole.reserve[rows],
        homes,
        threshold=threshold,
        refuses=refuses,
    )
    sets = [tuple(issues[i] for g in agenda_issues(mask) for i in whole.joined[g]) for mask in found.masks]
    in_order = [tuple(i for i in issues if i in chosen) for chosen in sets]
    size = sum(len(g) for g in whole.joined) if found.whole == len(whole.joined) else found.whole
    return in_order, Search(size, found.measured, len(rows), len(in_order))


def smallest_of_all(
    issues: Sequence[str], measured: Sequence[tuple[Scope, float]], threshold: float, draws: int
) -> tuple[list[Scope], Search]:
    """The inclusion-minimal agendas where every one has been measured."""
    plain = {
        agenda_mask([issues.index(i) for i in scope.issues]): scope
        for scope, best in measured
        if not scope.frozen and best >= threshold - 1e-9
    }
    found = [plain[mask] for mask in minimal_masks(list(plain))]
    number = sum(not scope.frozen for scope, _ in measured)
    return found, Search(len(issues), number, draws, len(found))


# -- what it adds ----------------------------------------------------------------------------------------------------


def looked_through(draws: int, packages: int) -> int:
    """How many of the draws are looked through package by package."""
    return min(draws, max(FEWEST, WORK // packages))


def over_status_quo(measured: Measured, evidence: Evidence) -> tuple[Gains, Array]:
    """What the agenda adds to the status quo, on the draws looked through, and the status quo's worth there."""
    there = measured.problem[evidence]
    rows = spaced(len(there.reserve), looked_through(len(there.reserve), there.packages))
    values, vetoes, now = (
        [v[rows] for v in there.values],
        [v[rows] for v in there.vetoes],
        measured.now[evidence][rows],
    )
    if there.packages <= MAX_PACKAGES:
        return gains_over(values, vetoes, now, threads=1), now
    out = Gains(np.zeros(len(rows)), np.zeros(len(rows)), np.zeros(now.shape))
    for d in range(len(rows)):
        here, lines = [v[d] for v in values], [v[d] for v in vetoes]
        counted = count_rational(here, now[d], vetoes=lines)
        best = frontier(here, reserve=now[d], vetoes=lines, strict=True)
        point = nash(best)
        out.better[d] = counted.strict / counted.outcomes
        if point is not None:
            out.joint[d] = float(best.points.sum(axis=1).max() - now[d].sum())
            out.gain[d] = point.utilities - now[d]
    return out, now
