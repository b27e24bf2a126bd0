"""Is there a zone of possible agreement, how sure is that, and what would open or widen it?

P(exists): the share of draws in which some package suits every negotiator. P(best): the largest share in which one
*fixed* package does, for a mediator has to put one on the table. And both again at total ignorance. A package suits a
party when it crosses none of its absolute red lines and is worth at least walking away (Raiffa 1982). Of the draws
without a zone: which red lines keep it shut, which package comes nearest, what money would do. And the smallest fixed
change that raises P(best) by ten points.
"""

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
from zopa.analysis._zone_packages import Fixed, Search, accepted, fixed
from zopa.case.bargaining import Bargaining, bargaining, inputs
from zopa.case.case import DRAWS, Case
from zopa.case.draws import Draws, Evidence
from zopa.case.evidence import Bool
from zopa.case.names import package_ids, package_name, party_name
from zopa.charts.chart import Chart
from zopa.charts.zone import zone_chart
from zopa.methods.acceptance import MAX_PACKAGES, exists
from zopa.methods.lotteries import lottery_exists
from zopa.result import (
    FEW,
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

FEWER = 500
"""Draws without a zone looked into, where there are too many packages to count; half as many with every side more than
three, for each of them takes longer."""
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
    search: Search | None
    """How the best package was sought where there are too many to count each; None where each was counted."""
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

    @property
    def nothing(self) -> bool:
        """Whether no fixed package suits every negotiator in any draw."""
        return self.best.chance.value == 0

    def headline(self, lang: Language = "en") -> str:
        """Whether some package suits all, and how far the best single one gets."""
        conditions = [say("zone.condition", lang)] if self.footing.assumed > 0 else []
        what = say("zone.what-exists", lang)
        first = headline(self.exists, what, lang, conditions=conditions, rests=self.footing)
        best = self.best
        assert best.options is not None
        kind = "-none" if self.nothing else "-tied" if best.ties > 1 else ""
        key = f"best{kind}"
        if self.search is not None:
            key = f"best-{'proven' if self.search.proven else 'found'}{kind}"
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
        about_it = row.accepted and not (row.measure == "best" and self.nothing)
        accepted = (self._accepted(row.accepted[p], lang) if about_it else "—" for p in self.case.negotiators)
        zero, cited = percent(row.chance.zero), percent(row.chance.cited)
        without = f"{ends(row.chance.lowest, row.chance.highest)}%"
        return (self.name_of(row, lang), cell(row.chance), without, f"{cited}%", f"{zero}%", *accepted)

    def _accepted(self, share: Share, lang: Language) -> str:
        return say("zone.accepts", lang, share=cell(share), zero=percent(share.zero))

    def name_of(self, row: ZoneRow, lang: Language) -> str:
        """What a row is about, in words; lesser packages by what sets them apart from the best."""
        if row.options is None:
            return say(f"zone.{row.measure}", lang)
        if row.measure == "best" and self.nothing:
            return say("zone.best-row-none", lang)
        if self.nothing:
            return package_name(self.case.file, row.options, lang)
        if row.measure == "best":
            kind = "-tied" if row.ties > 1 else ""
            key = f"best-row{kind}{'' if self.search is None else '-found'}"
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
            made.append(change_table(case, self.changes, None if self.nothing else self.best.options, lang))
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
        packages = self.parameters["packages"]
        told_size = f"{packages:,}" if packages > MAX_PACKAGES else str(packages)
        size = say("zone.note-size", lang, packages=told_size, error=f"{error:.1f}")
        parts = {
            "lottery": self.parameters["lotteries"],
            "lift": self.lifts,
            "nearest": self.nearest,
            "payment": self.payments,
            "change": self.changes,
        }
        told = ("meaning", "best", "range", *(name for name, there in parts.items() if there))
        notes = (*(say(f"zone.note-{name}", lang) for name in told), *self._left_out(lang), size)
        if self.parameters["after_moves"]:
            return (*notes, say("result.after-moves-note", lang, effective=round(self.effective)))
        return notes

    def _left_out(self, lang: Language) -> tuple[str, ...]:
        """What is not listed or not proven, and why."""
        notes = []
        if sum(row.measure in ("best", "package") for row in self.found) < SHOWN and (
            self.nothing or self.parameters["packages"] > len(self.found) - 1
        ):
            notes.append(say("zone.note-nothing" if self.nothing else "zone.note-zero", lang))
        search = self.search
        if search is None:
            return tuple(notes)
        told = {"looked": f"{search.looked:,}", "draws": f"{search.draws:,}"}
        all_ = f"{self.parameters['draws']:,}"
        notes.append(
            say(f"zone.note-search{'-proven' if search.proven else ''}", lang, all=all_, **told)
            + say(f"zone.note-search-beside{_proof(search)}", lang)
        )
        if search.empty < search.of_empty:
            empty = {"empty": f"{search.empty:,}", "all": f"{search.of_empty:,}"}
            notes.append(say("zone.note-some-empty", lang, **empty))
        return tuple(notes)

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
    sections, entries = inputs(case.file)
    rests = footing(case, sections, entries=entries)
    open_ = {e: exists(p.values, p.vetoes, p.reserve) for e, p in problems.items()}
    # The best package is chosen anew for every way to draw: its zero line is the best of total ignorance.
    known = {e: fixed(problem, open_[e]) for e, problem in problems.items()}
    suits = {e: np.all(accepted(problems[e], found.best), axis=1) for e, found in known.items()}
    rows = [ZoneRow("exists", None, None, chance_of(open_, ways), 0, {}, rests.claims)]
    order = [
        known["all"].best,
        *known["all"].top(SHOWN),
        *(_combinations(problems["all"], options) for options in wanted),
    ]
    rows += [
        _row(case, picked, problems, known["all"], suits, ways, rests.claims)
        for picked in dict.fromkeys(order)
    ]
    if lotteries:
        mixed = {e: open_[e] | lottery_exists(p.values, p.vetoes, p.reserve) for e, p in problems.items()}
        rows.insert(2, ZoneRow("lottery", None, None, chance_of(mixed, ways), 0, {}, rests.claims))
    apart = {e: lined(d, problems[e]) for e, d in ways.items()}
    empty = {e: _looked_into(problems[e], ~there) for e, there in open_.items()}
    lifts, nearest, payments = emptiness(
        {e: Way(d, apart[e], empty[e]) for e, d in ways.items()}, rests.claims
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
        changes=changes(drawn, apart, known["all"], suits["all"]),
        search=_search(known, empty["all"], ~open_["all"]),
        readings={"exists": by_reading(open_, ways), "best": by_reading(suits, ways)},
        effective=drawn.effective,
    )


def _options(case: Case, package: Mapping[str, str]) -> tuple[int, ...]:
    """A package written as ``{issue: option}`` as one option an issue."""
    issues = case.file.issues
    for key, option in package.items():
        if key not in issues or option not in [o.id for o in issues[key].options]:
            raise ValueError(f"zone: packages names {key}: {option}, which is no option of the case")
    return tuple(issue.index(package.get(key, issue.status_quo)) for key, issue in issues.items())


def _combinations(problem: Bargaining, options: tuple[int, ...]) -> tuple[int, ...]:
    """One combination a group, from one option an issue."""
    return tuple(
        int(np.flatnonzero((rows == [options[i] for i in group]).all(axis=1))[0])
        for group, rows in zip(problem.joined, problem.options, strict=True)
    )


def _row(
    case: Case,
    picked: tuple[int, ...],
    problems: Mapping[Evidence, Bargaining],
    known: Fixed,
    suits: Mapping[Evidence, Bool],
    ways: Mapping[Evidence, Draws],
    because: tuple[str, ...],
) -> ZoneRow:
    hits = {e: accepted(problem, picked) for e, problem in problems.items()}
    is_best = picked == known.best
    package = problems["all"].package(picked)
    joint = suits if is_best else {e: np.all(h, axis=1) for e, h in hits.items()}
    return ZoneRow(
        measure="best" if is_best else "package",
        package=package_ids(case.file, package),
        options=package,
        chance=chance_of(joint, ways),
        ties=known.ties(float(np.mean(hits["all"].all(axis=1)))),
        accepted={
            party: share_of({e: h[:, p] for e, h in hits.items()}, ways)
            for p, party in enumerate(case.negotiators)
        },
        because=because,
    )


def _looked_into(problem: Bargaining, empty: Bool) -> Bool:
    """The draws without a zone that are looked into: all, or some of them, evenly spaced, where there are too many
    packages to count."""
    at, few = np.flatnonzero(empty), max(FEW, FEWER >> max(0, problem.reserve.shape[1] - 3))
    if problem.packages <= MAX_PACKAGES or len(at) <= few:
        return empty
    out = np.zeros_like(empty)
    out[at[np.arange(few) * len(at) // few]] = True
    return out


def _proof(search: Search) -> str:
    """Which of the numbers beside P(best) are proven."""
    if search.proven_cited and search.proven_zero:
        return ""
    return "-zero" if search.proven_zero else "-cited" if search.proven_cited else "-neither"


def _search(known: Mapping[Evidence, Fixed], told: Bool, empty: Bool) -> Search | None:
    found = known["all"]
    if found.listed is None:
        return None
    return Search(
        proven=found.proven,
        proven_cited=known["cited"].proven,
        proven_zero=known["none"].proven,
        looked=found.looked,
        draws=found.draws,
        empty=int(told.sum()),
        of_empty=int(empty.sum()),
    )
