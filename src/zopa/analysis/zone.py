"""Is there a zone of possible agreement, and how sure is that? Three numbers and the packages behind them.

P(exists): the share of draws in which some package suits every negotiator. P(best): the largest share in which one
*fixed* package does, for a mediator has to put one on the table. And both again at total ignorance. A package suits a
party when it crosses none of its absolute red lines and is worth at least walking away (Raiffa 1982).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from zopa.case.bargaining import Bargaining, bargaining, inputs
from zopa.case.case import Case
from zopa.case.evidence import Bool
from zopa.case.names import package_ids, package_name, party_name
from zopa.charts.chart import Chart
from zopa.charts.zone import zone_chart
from zopa.estimate import Array
from zopa.methods.acceptance import acceptance_counts, exists, package_hits
from zopa.methods.problem import package_at
from zopa.result import (
    Chance,
    Footing,
    Result,
    Share,
    Table,
    cell,
    chance_of,
    ends,
    footing,
    headline,
    percent,
    share_of,
    three_ways,
)
from zopa.words import Language, say

SHOWN = 6
"""Packages listed: the ones that suit all sides most often."""


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """One number of the zone.

    ``measure``: ``exists`` (some package), ``best`` (the best fixed package) or ``package`` (one of the next best).
    ``ties``: how many packages suit all sides in as many draws; of the best, one that moves fewest issues is taken.
    ``accepted`` by party: share of draws in which it alone accepts the package.
    """

    measure: Literal["exists", "best", "package"]
    package: Mapping[str, str] | None
    options: tuple[int, ...] | None
    chance: Chance
    ties: int
    accepted: Mapping[str, Share]
    because: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class Zone(Result):
    """The zone of possible agreement of a case."""

    found: tuple[ZoneRow, ...]
    footing: Footing

    def rows(self) -> tuple[ZoneRow, ...]:
        """P(exists), P(best), then the packages that suit all sides most often."""
        return self.found

    @property
    def exists(self) -> Chance:
        """The probability that some package suits every negotiator."""
        return self.found[0].chance

    @property
    def best(self) -> ZoneRow:
        """The fixed package that suits all sides most often."""
        return self.found[1]

    def headline(self, lang: Language = "en") -> str:
        """Whether some package suits all, and how far the best single one gets."""
        conditions = [say("zone.condition", lang)] if self.footing.assumed > 0 else []
        what = say("zone.what-exists", lang)
        first = headline(self.exists, what, lang, conditions=conditions, rests=self.footing)
        best = self.best
        assert best.options is not None
        key = "best-none" if best.chance.value == 0 else "best-tied" if best.ties > 1 else "best"
        return first + say(
            f"zone.{key}",
            lang,
            package=package_name(self.case.file, best.options, lang),
            value=percent(best.chance.value),
            range=ends(best.chance.low, best.chance.high),
            cited=percent(best.chance.cited),
            zero=percent(best.chance.zero),
            n=best.ties,
        )

    def table(self, lang: Language = "en") -> Table:
        """The number, its interval, the zero line, and who accepts what."""
        parties = [party_name(self.case.file, p, lang) for p in self.case.negotiators]
        columns = (
            *(say(f"zone.column-{c}", lang) for c in ("what", "chance", "without", "cited", "zero")),
            *(say("zone.column-accepts", lang, party=p) for p in parties),
        )
        rows = tuple(self._cells(row, lang) for row in self.found)
        return Table(say("zone.caption", lang), columns, rows, tuple(row.because for row in self.found))

    def _cells(self, row: ZoneRow, lang: Language) -> tuple[str, ...]:
        accepted = (
            self._accepted(row.accepted[p], lang) if row.accepted else "—" for p in self.case.negotiators
        )
        zero, cited = percent(row.chance.zero), percent(row.chance.cited)
        without = f"{ends(row.chance.lowest, row.chance.highest)}%"
        return (self.name_of(row, lang), cell(row.chance), without, f"{cited}%", f"{zero}%", *accepted)

    def _accepted(self, share: Share, lang: Language) -> str:
        return say("zone.accepts", lang, share=cell(share), zero=percent(share.zero))

    def name_of(self, row: ZoneRow, lang: Language) -> str:
        """What a row is about, in words; lesser packages by what sets them apart from the best."""
        if row.options is None:
            return say("zone.exists", lang)
        if row.measure == "best":
            key = "best-row-tied" if row.ties > 1 else "best-row"
            return say(
                f"zone.{key}", lang, package=package_name(self.case.file, row.options, lang), n=row.ties
            )
        difference = package_name(self.case.file, row.options, lang, beside=self.best.options)
        return say("zone.other-row", lang, difference=difference)

    def notes(self, lang: Language = "en") -> tuple[str, ...]:
        """What the numbers mean and how they were made."""
        error = 100 * max(row.chance.error for row in self.found)
        size = say("zone.note-size", lang, packages=self.parameters["packages"], error=f"{error:.1f}")
        return (*(say(f"zone.note-{n}", lang) for n in ("meaning", "best", "range")), size)

    def plot(self, lang: Language = "en") -> Chart:
        """Every number with its interval and its zero line."""
        some, best = self.exists, self.best.chance
        described = say(
            "zone.chart-description",
            lang,
            exists=percent(some.value),
            zero=percent(some.zero),
            best=percent(best.value),
            best_zero=percent(best.zero),
        )
        return zone_chart(self.found, [self.name_of(row, lang) for row in self.found], described, lang)


def zone(case: Case, *, draws: int = 2000, seed: int = 0) -> Zone:
    """Whether a zone exists, with ``draws`` draws of everything uncertain in the case."""
    ways = three_ways(case, draws, seed)
    full = ways["all"]
    problems = {evidence: bargaining(drawn) for evidence, drawn in ways.items()}
    shares = {evidence: _joint(problem) for evidence, problem in problems.items()}
    sections, entries = inputs(case.file)
    rests = footing(case, sections, entries=entries)
    some = chance_of({e: exists(p.values, p.vetoes, p.reserve) for e, p in problems.items()}, full)
    # The best package is chosen anew for every way to draw: its zero line is the best of total ignorance.
    tops = {evidence: _best(problems[evidence], found) for evidence, found in shares.items()}
    best = chance_of({e: np.all(_hits(problems[e], top), axis=1) for e, top in tops.items()}, full)
    rows = [ZoneRow("exists", None, None, some, 0, {}, rests.claims)]
    order = [tops["all"], *(int(k) for k in np.argsort(-shares["all"], kind="stable")[:SHOWN])]
    for number in dict.fromkeys(order):
        hits = {e: _hits(problem, number) for e, problem in problems.items()}
        is_best = number == tops["all"]
        package = problems["all"].package(package_at(number, problems["all"].sizes))
        rows.append(
            ZoneRow(
                measure="best" if is_best else "package",
                package=package_ids(case.file, package),
                options=package,
                chance=best if is_best else chance_of({e: np.all(h, axis=1) for e, h in hits.items()}, full),
                ties=int((shares["all"] == shares["all"][number]).sum()),
                accepted={
                    party: share_of({e: h[:, p] for e, h in hits.items()}, full)
                    for p, party in enumerate(case.negotiators)
                },
                because=rests.claims,
            )
        )
    return Zone(
        case=case,
        method=say("zone.method", "en"),
        parameters={"draws": draws, "packages": problems["all"].packages, "parties": list(case.negotiators)},
        seed=seed,
        found=tuple(rows),
        footing=rests,
    )


def _joint(problem: Bargaining) -> Array:
    """(packages,) share of draws in which each package suits everybody."""
    return acceptance_counts(problem.values, problem.vetoes, problem.reserve).share()


def _best(problem: Bargaining, shares: Array) -> int:
    return problem.fewest_moves(np.flatnonzero(shares == shares.max()))


def _hits(problem: Bargaining, number: int) -> Bool:
    """(D, P) whether each party accepts the package with this number."""
    picked = package_at(number, problem.sizes)
    return package_hits(problem.values, problem.vetoes, problem.reserve, package=picked)
