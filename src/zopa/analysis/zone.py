"""Is there a zone of possible agreement, how sure is that, and what would open or widen it?

P(exists): the share of draws in which some package suits every negotiator. P(best): the largest share in which one
*fixed* package does, for a mediator has to put one on the table. And both again at total ignorance. A package suits a
party when it crosses none of its absolute red lines and is worth at least walking away (Raiffa 1982). Of the draws
without a zone: which red lines keep it shut, which package comes nearest, what money would do. And the smallest fixed
change that raises P(best) by ten points.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from zopa.analysis._zone_change import ChangeRow, change_table, changes
from zopa.analysis._zone_empty import (
    LiftRow,
    NearRow,
    PaymentRow,
    Way,
    emptiness,
    lift_table,
    near_table,
    payment_table,
)
from zopa.analysis._zone_lines import lined
from zopa.case.bargaining import Bargaining, bargaining, inputs
from zopa.case.case import DRAWS, Case
from zopa.case.evidence import Bool
from zopa.case.names import package_ids, package_name, party_name
from zopa.charts.chart import Chart
from zopa.charts.zone import zone_chart
from zopa.errors import IncompleteCaseError
from zopa.estimate import Array
from zopa.methods.acceptance import TooManyPackages, acceptance_counts, exists, package_hits
from zopa.methods.lotteries import lottery_exists
from zopa.methods.problem import package_at, package_number
from zopa.result import (
    Chance,
    Footing,
    ReadingShare,
    Result,
    Share,
    Table,
    asked,
    by_reading,
    cell,
    chance_of,
    ends,
    footing,
    headline,
    jsonable,
    percent,
    reading_table,
    share_of,
    three_ways,
)
from zopa.words import Language, say

SHOWN = 6
"""Packages listed: the ones that suit all sides most often."""


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """One number of the zone.

    ``measure``: ``exists`` (some package), ``best`` (the best fixed package), ``lottery`` (some lottery over packages)
    or ``package`` (one of the next best).
    ``ties``: how many packages suit all sides in as many draws; of the best, one that moves fewest issues is taken.
    ``accepted`` by party: share of draws in which it alone accepts the package.
    """

    measure: Literal["exists", "best", "lottery", "package"]
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
    lifts: tuple[LiftRow, ...]
    """Red lines that keep a zone shut, where there is none."""
    nearest: tuple[NearRow, ...]
    """Packages that come nearest there, red lines kept."""
    payments: tuple[PaymentRow, ...]
    """Money that would open a zone there; none where the case gives no currency."""
    changes: tuple[ChangeRow, ...]
    """Fixed changes and what they do to the best package; none where it already suits all sides nearly always."""
    readings: Mapping[str, tuple[ReadingShare, ...]]
    """``exists`` and ``best`` given each reading of a side's aims."""
    effective: float
    """How many draws that differ tell as much as these."""

    def rows(self) -> tuple[ZoneRow, ...]:
        """P(exists), P(best), P(lottery) if asked for, then the packages that suit all sides most often."""
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
            return say(f"zone.{row.measure}", lang)
        if row.measure == "best":
            key = "best-row-tied" if row.ties > 1 else "best-row"
            return say(
                f"zone.{key}", lang, package=package_name(self.case.file, row.options, lang), n=row.ties
            )
        difference = package_name(self.case.file, row.options, lang, beside=self.best.options)
        return say("zone.other-row", lang, difference=difference)

    def tables(self, lang: Language = "en") -> tuple[Table, ...]:
        """The main table; what holds per reading; of the draws without a zone, red lines, nearest packages and money;
        what would raise P(best)."""
        case, because = self.case, self.footing.claims
        made = [self.table(lang)]
        for key, shares in self.readings.items():
            made.append(reading_table(case, shares, say(f"zone.reading-{key}", lang), lang, because))
        if self.lifts:
            made.append(lift_table(case, self.lifts, lang))
        if self.nearest:
            made.append(near_table(case, self.nearest, lang))
        if self.payments:
            made.append(payment_table(case, self.payments, lang))
        if self.changes:
            assert self.best.options is not None
            made.append(change_table(case, self.changes, self.best.options, lang))
        return tuple(table for table in made if table.rows)

    def to_json(self) -> dict[str, object]:
        """The one shape of all results; every row says its ``measure``."""
        given = [
            {"measure": "reading", "of": key, **jsonable(share)}
            for key, shares in self.readings.items()
            for share in shares
        ]
        further = (*self.lifts, *self.nearest, *self.payments, *self.changes)
        rows = [*map(jsonable, (*self.found, *further)), *given]
        return {**super().to_json(), "rows": rows}

    def notes(self, lang: Language = "en") -> tuple[str, ...]:
        """What the numbers mean and how they were made."""
        error = 100 * max(row.chance.error for row in self.found)
        size = say("zone.note-size", lang, packages=self.parameters["packages"], error=f"{error:.1f}")
        parts = {
            "lottery": self.parameters["lotteries"],
            "lift": self.lifts,
            "nearest": self.nearest,
            "payment": self.payments,
            "change": self.changes,
        }
        told = ("meaning", "best", "range", *(name for name, there in parts.items() if there))
        notes = (*(say(f"zone.note-{name}", lang) for name in told), size)
        if self.parameters["after_moves"]:
            return (*notes, say("result.after-moves-note", lang, effective=round(self.effective)))
        return notes

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


def zone(
    case: Case,
    *,
    draws: int = DRAWS,
    seed: int = 0,
    after_moves: bool = False,
    lotteries: bool = False,
    packages: Sequence[Mapping[str, str]] = (),
) -> Zone:
    """Whether a zone exists, with ``draws`` draws of everything uncertain in the case.

    ``lotteries`` adds how often some lottery over packages gives every side at least its walk-away value on average.
    ``packages``, each ``{issue: option}`` with every issue it leaves out at its status quo, are listed beside the best
    ones; ValueError names an issue or option the case does not have.
    """
    asked("zone", case, draws=draws, seed=seed)
    wanted = [_options(case, package) for package in packages]
    ways = three_ways(case, draws, seed, after_moves=after_moves)
    drawn = ways["all"]
    problems = {evidence: bargaining(d) for evidence, d in ways.items()}
    try:
        shares = {evidence: _joint(problem) for evidence, problem in problems.items()}
    except TooManyPackages as error:
        raise IncompleteCaseError.of(
            "too-many-packages",
            packages=f"{math.prod(problems['all'].sizes):,}",
            issues=len(case.file.issues),
        ) from error
    sections, entries = inputs(case.file)
    rests = footing(case, sections, entries=entries)
    open_ = {e: exists(p.values, p.vetoes, p.reserve) for e, p in problems.items()}
    # The best package is chosen anew for every way to draw: its zero line is the best of total ignorance.
    tops = {evidence: _best(problems[evidence], found) for evidence, found in shares.items()}
    suits = {e: np.all(_hits(problems[e], top), axis=1) for e, top in tops.items()}
    rows = [ZoneRow("exists", None, None, chance_of(open_, ways), 0, {}, rests.claims)]
    likely = (int(k) for k in np.argsort(-shares["all"], kind="stable")[:SHOWN])
    order = [tops["all"], *likely, *(_number(problems["all"], options) for options in wanted)]
    for number in dict.fromkeys(order):
        hits = {e: _hits(problem, number) for e, problem in problems.items()}
        is_best = number == tops["all"]
        package = problems["all"].package(package_at(number, problems["all"].sizes))
        joint = suits if is_best else {e: np.all(h, axis=1) for e, h in hits.items()}
        rows.append(
            ZoneRow(
                measure="best" if is_best else "package",
                package=package_ids(case.file, package),
                options=package,
                chance=chance_of(joint, ways),
                ties=int((shares["all"] == shares["all"][number]).sum()),
                accepted={
                    party: share_of({e: h[:, p] for e, h in hits.items()}, ways)
                    for p, party in enumerate(case.negotiators)
                },
                because=rests.claims,
            )
        )
    if lotteries:
        mixed = {e: open_[e] | lottery_exists(p.values, p.vetoes, p.reserve) for e, p in problems.items()}
        rows.insert(2, ZoneRow("lottery", None, None, chance_of(mixed, ways), 0, {}, rests.claims))
    apart = {e: lined(d, problems[e]) for e, d in ways.items()}
    lifts, nearest, payments = emptiness(
        {e: Way(d, apart[e], ~open_[e]) for e, d in ways.items()}, rests.claims
    )
    return Zone(
        case=case,
        method=say("zone.method", "en"),
        parameters={
            "draws": draws,
            "after_moves": after_moves,
            "lotteries": lotteries,
            "packages": problems["all"].packages,
            "parties": list(case.negotiators),
        },
        seed=seed,
        found=tuple(rows),
        footing=rests,
        lifts=lifts,
        nearest=nearest,
        payments=payments,
        changes=changes(drawn, apart, shares["all"], suits["all"]),
        readings={"exists": by_reading(open_["all"], drawn), "best": by_reading(suits["all"], drawn)},
        effective=drawn.effective,
    )


def _options(case: Case, package: Mapping[str, str]) -> tuple[int, ...]:
    """A package written as ``{issue: option}`` as one option an issue."""
    issues = case.file.issues
    for key, option in package.items():
        if key not in issues or option not in [o.id for o in issues[key].options]:
            raise ValueError(f"zone: packages names {key}: {option}, which is no option of the case")
    return tuple(issue.index(package.get(key, issue.status_quo)) for key, issue in issues.items())


def _number(problem: Bargaining, options: tuple[int, ...]) -> int:
    """The number of a package given by one option an issue, in C order over the joined issues."""
    picked = [
        int(np.flatnonzero((rows == [options[i] for i in group]).all(axis=1))[0])
        for group, rows in zip(problem.joined, problem.options, strict=True)
    ]
    return package_number(picked, problem.sizes)


def _joint(problem: Bargaining) -> Array:
    """(packages,) share of draws in which each package suits everybody."""
    return acceptance_counts(problem.values, problem.vetoes, problem.reserve).share()


def _best(problem: Bargaining, shares: Array) -> int:
    return problem.fewest_moves(np.flatnonzero(shares == shares.max()))


def _hits(problem: Bargaining, number: int) -> Bool:
    """(D, P) whether each party accepts the package with this number."""
    picked = package_at(number, problem.sizes)
    return package_hits(problem.values, problem.vetoes, problem.reserve, package=picked)
