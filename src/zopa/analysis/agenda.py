"""What is the quarrel over scope, and does the agenda change the outcome? Every set of issues, measured alike.

An issue off the agenda stays at its status quo (or where the agenda freezes it); importance weights and walk-away
values are never renormalised to an agenda, so that all agendas are measured on one scale. Where nobody refuses to talk
and nothing is frozen elsewhere, a longer agenda can only raise P(exists) and P(best), evidence or not, since it may
still leave an issue as it is: so each stands beside its zero line, and refusals to discuss an issue count as failure.
What talks in baskets or issue by issue come to is set against one package. Fershtman (1990) on why agendas matter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from zopa.analysis._agenda_contrast import Contrast, contrast
from zopa.analysis._agenda_gains import added
from zopa.analysis._agenda_measure import (
    ALL_SUBSETS,
    LISTED,
    Measured,
    Scope,
    Search,
    looked_through,
    measure_all,
    scope_of,
    scopes_of,
    smallest_of_all,
    smallest_of_many,
)
from zopa.analysis._agenda_sequences import OrderRow, SequenceRow, Spread, draws_for, sequences_of
from zopa.analysis._agenda_tables import (
    agenda_name,
    contrast_table,
    measure_cell,
    nash_table,
    order_table,
    point_ends,
    points,
    reading_clause,
    refusal_table,
    sequence_table,
    smallest_table,
)
from zopa.case.bargaining import bargaining, inputs
from zopa.case.case import DRAWS, Case
from zopa.case.draws import Draws, Evidence
from zopa.case.evidence import Bool
from zopa.case.names import issues_named, option_name, package_ids, package_name, party_in_text, party_name
from zopa.charts.agenda import agenda_chart
from zopa.charts.chart import Chart
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
    footing,
    headline,
    percent,
    reading_table,
    rests_on,
    share_of,
    three_ways,
)
from zopa.words import Language, joined, say

CHARTED = 12


@dataclass(frozen=True, slots=True)
class AgendaRow:
    """One agenda.

    ``names``: agendas of the case with just these issues; ``frozen``: issues off it that they fix elsewhere than at
    the status quo, with the share of draws for each option; ``wanted_by`` and ``refused_by``: who is said to;
    ``refused`` by party, and ``refusal`` by anybody: share of draws in which it will not discuss one of the issues;
    ``willing``: P(best) where nobody refuses, None where somebody always does,
    and ``willing_zero`` its zero line. ``better``: share of packages strictly
    better than the status quo for everybody, ``mutual``: share of draws in which there is one; ``nash`` and ``gain`` by
    party: utilities of the Nash point among those, and what they add to the status quo, None where fewer than half of
    the draws have one; ``joint_gain``: the largest sum of gains. All but ``mutual`` are medians over draws; ``ranges``:
    their 5th and 95th percentiles, by ``better``, ``joint_gain``, ``nash.PARTY`` and ``gain.PARTY``, and the range of
    ``mutual`` over the grade table; ``zeros``: the zero lines of all five by the same names, missing where fewer than
    half of the draws without evidence have a Nash point.
    """

    issues: tuple[str, ...]
    names: tuple[str, ...]
    frozen: Mapping[str, Mapping[str, Share]]
    wanted_by: tuple[str, ...]
    refused_by: tuple[str, ...]
    exists: Chance
    best: Chance
    package: Mapping[str, str]
    options: tuple[int, ...]
    refused: Mapping[str, Share]
    refusal: Share
    willing: Spread | None
    willing_zero: float | None
    mutual: float
    better: float
    nash: Mapping[str, float] | None
    gain: Mapping[str, float] | None
    joint_gain: float
    ranges: Mapping[str, tuple[float, float]]
    zeros: Mapping[str, float]
    because: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class Agenda(Result):
    """The agendas of a case, the contrast between the ones the sides want, the smallest that do, and sequences."""

    found: tuple[AgendaRow, ...]
    contrast: Contrast | None
    smallest: tuple[int, ...]
    """Places of the rows from which no issue can be left out with P(best) still at the threshold."""
    search: Search
    sequences: tuple[SequenceRow, ...]
    orders: tuple[OrderRow, ...]
    readings: tuple[ReadingShare, ...]
    """P(best) of the longest agenda given each reading of a side's aims."""
    footing: Footing
    effective: float
    """How many draws that differ tell as much as these."""

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
                wanting=joined([party_in_text(file, p, lang) for p in takers], lang),
                others=joined([party_in_text(file, p, lang) for p in wanted if p not in takers], lang),
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
        low, high = point_ends(c.low, c.high)
        sentence = say(
            f"agenda.contrast-{c.verdict}",
            lang,
            more=self.name_of(self.found[c.more], lang),
            less=self.name_of(self.found[c.less], lang),
            value=points(c.value),
            low=low,
            high=high,
            cited=points(c.cited),
            zero=points(c.zero),
            told=reading_clause(self.case.file, c, lang),
        )
        return sentence + say("result.rests-sentence", lang, rests=rests_on(self.footing, lang))

    def table(self, lang: Language = "en") -> Table:
        """Every agenda with its two numbers, each beside its zero line, and who is for and against it."""
        sides = any(row.wanted_by or row.refused_by for row in self.found)
        heads = ("agenda", *["sides"] * sides, "best", "zero", "exists", "zero", "package", "joint", "zero")
        columns = tuple(say(f"agenda.column-{c}", lang) for c in heads)
        rows = tuple(self._cells(row, lang, sides=sides) for row in self.found)
        return Table(say("agenda.caption", lang), columns, rows, tuple(row.because for row in self.found))

    def tables(self, lang: Language = "en") -> tuple[Table, ...]:
        """The agendas, what each side gains, who blocks, the smallest ones, the contrast per reading, sequences."""
        case, claims = self.case, self.footing.claims
        made = [self.table(lang)]
        gaining = [
            row for row in self.found if any(name.startswith("gain.") for name in (*row.ranges, *row.zeros))
        ]
        if gaining:
            made.append(nash_table(case.file, case.negotiators, gaining, lang))
        blocked = [r for r in self.found if r.names or (len(r.issues) == 1 and r.refusal.value > 0)]
        if any(r.wanted_by or r.refused_by or r.refusal.value > 0 for r in blocked):
            made.append(refusal_table(case.file, blocked, lang))
        if self.smallest:
            threshold = percent(self.parameters["threshold"])
            made.append(smallest_table(case.file, [self.found[k] for k in self.smallest], threshold, lang))
        if self.contrast is not None and self.contrast.readings:
            less, more = (self.name_of(self.found[k], lang) for k in (self.contrast.less, self.contrast.more))
            made.append(contrast_table(case.file, self.contrast.readings, (less, more), lang, claims))
        elif self.readings:
            made.append(reading_table(case, self.readings, say("agenda.reading-best", lang), lang, claims))
        if self.sequences:
            made.append(sequence_table(case.file, self.sequences, lang))
        if self.orders:
            made.append(order_table(case.file, self.orders, lang, claims))
        return tuple(made)

    def _cells(self, row: AgendaRow, lang: Language, *, sides: bool) -> tuple[str, ...]:
        file = self.case.file
        told = [
            say(f"agenda.{key}", lang, parties=joined([party_name(file, p, lang) for p in parties], lang))
            for key, parties in (("for", row.wanted_by), ("against", row.refused_by))
            if parties
        ]
        return (
            self.name_of(row, lang),
            *[say("agenda.semicolon", lang).join(told) or "—"] * sides,
            cell(row.best),
            f"{percent(row.best.zero)}%",
            cell(row.exists),
            f"{percent(row.exists.zero)}%",
            package_name(file, row.options, lang),
            measure_cell(row.joint_gain, row.ranges["joint_gain"], lang),
            f"{row.zeros['joint_gain']:.2f}",
        )

    def name_of(self, row: AgendaRow, lang: Language) -> str:
        """The case's name of an agenda, or its issues."""
        return agenda_name(self.case.file, row.names, row.issues, lang)

    def notes(self, lang: Language = "en") -> tuple[str, ...]:
        """The conventions behind the comparison."""
        error = 100 * max(max(row.best.error, row.exists.error) for row in self.found)
        frozen = [self._frozen_note(row, lang) for row in self.found if row.frozen]
        told = [say(f"agenda.note-{name}", lang) for name in ("scale", "longer", "joint", "nash", "range")]
        key = "smallest" if self.search.found else "smallest-none"
        threshold = percent(self.parameters["threshold"])
        told.append(say(f"agenda.note-{key}", lang, threshold=threshold))
        quo = {key: issue.status_quo for key, issue in self.case.file.issues.items()}
        if any(self.found[k].package == quo for k in self.smallest):
            told.append(say("agenda.note-smallest-quo", lang))
        if len(self.case.file.issues) > ALL_SUBSETS:
            told.append(
                say(
                    "agenda.note-many",
                    lang,
                    shown=len(self.found),
                    measured=self.search.measured,
                    size=self.search.whole,
                    draws=self.search.draws,
                    found=self.search.found,
                    listed=len(self.smallest),
                )
            )
        if self.sequences:
            told.append(say("agenda.note-sequences", lang, draws=self.parameters["in_turn"]))
            told += [say("agenda.note-sequences-frozen", lang)] if frozen else []
        elif len(self.case.file.issues) > 1:
            told.append(say("agenda.note-no-sequences", lang))
        if self.orders:
            told.append(
                say(
                    "agenda.note-orders",
                    lang,
                    orders=self.orders[0].orders,
                    draws=self.orders[0].draws,
                    measured=self.orders[0].measured,
                    error=f"{max(row.error for row in self.orders):.4f}",
                )
            )
        if self.parameters["after_moves"]:
            told.append(say("result.after-moves-note", lang, effective=round(self.effective)))
        return (*told, *frozen, say("agenda.note-error", lang, error=f"{error:.1f}"))

    def _frozen_note(self, row: AgendaRow, lang: Language) -> str:
        file = self.case.file
        parts = [
            say(
                "agenda.frozen-at",
                lang,
                issue=file.issues[issue].name.get(lang),
                options=joined(
                    [
                        option_name(file, issue, o, lang) + (self._share(share, lang) if len(at) > 1 else "")
                        for o, share in at.items()
                    ],
                    lang,
                ),
            )
            for issue, at in row.frozen.items()
        ]
        listed = say("agenda.semicolon", lang).join(parts)
        return say("agenda.note-frozen", lang, agenda=self.name_of(row, lang), issues=listed)

    def _share(self, share: Share, lang: Language) -> str:
        return " " + say("agenda.frozen-share", lang, share=cell(share), zero=percent(share.zero))

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

    def whole(self) -> Mapping[str, Any]:
        """The contrast of the wanted agendas, the places of the smallest ones, the sequences, and what holds per
        reading."""
        further = ("contrast", "smallest", "search", "sequences", "orders", "readings")
        return {name: getattr(self, name) for name in further}


def agenda(
    case: Case, *, draws: int = DRAWS, seed: int = 0, after_moves: bool = False, threshold: float = 0.5
) -> Agenda:
    """The agendas of a case measured on the same ``draws`` draws: all of them up to ``ALL_SUBSETS`` issues.

    ``threshold``: the P(best) that a smallest agenda must reach. ValueError where it is not above 0 and at most 1.
    """
    asked("agenda", case, draws=draws, seed=seed)
    if not 0.0 < threshold <= 1.0:
        raise ValueError(f"threshold is {threshold}, but must lie above 0 and not above 1")
    ways = three_ways(case, draws, seed, after_moves=after_moves)
    problems = {evidence: bargaining(drawn) for evidence, drawn in ways.items()}
    sections, entries = inputs(case.file, agenda=True)
    shares = [f.path for name in case.file.agendas for f in scope_of(case, name).frozen if f.path]
    rests = footing(case, (*sections, *shares), entries=entries)
    many = len(case.file.issues) > ALL_SUBSETS
    sets: list[tuple[str, ...]] = []
    if many:
        sets, search = smallest_of_many(ways["all"], problems["all"], threshold)
    scopes = scopes_of(case, sets[:LISTED])
    measured = measure_all(ways, problems, scopes)
    build = _Rows(case, ways, rests)
    rows = tuple(build.row(m) for m in measured)
    if many:
        small = [k for s in sets[:LISTED] for k, m in enumerate(measured) if m.scope == Scope(s)]
    else:
        told = [(m.scope, row.best.value) for m, row in zip(measured, rows, strict=True)]
        least, search = smallest_of_all(tuple(case.file.issues), told, threshold, draws)
        small = [scopes.index(s) for s in least]
    wanted = _wanted(rows)
    courses = draws_for(problems["all"], draws)
    in_turn = ways, problems
    if 0 < courses < draws:
        fewer = three_ways(case, courses, seed, after_moves=after_moves)
        in_turn = fewer, {evidence: bargaining(drawn) for evidence, drawn in fewer.items()}
    sequences, orders = sequences_of(*in_turn, rests.claims) if courses else ((), ())
    most = max(m.problem["all"].packages for m in measured)
    longest = max(range(len(rows)), key=lambda k: len(rows[k].issues))
    return Agenda(
        case=case,
        method=say("agenda.method", "en"),
        parameters={
            "draws": draws,
            "after_moves": after_moves,
            "threshold": threshold,
            "agendas": len(rows),
            "packages": most,
            "solved": looked_through(draws, most),
            "in_turn": courses,
        },
        seed=seed,
        found=rows,
        contrast=None if wanted is None else contrast(ways, *((k, measured[k].best) for k in wanted)),
        smallest=tuple(small),
        search=search,
        sequences=sequences,
        orders=orders,
        readings=by_reading(measured[longest].best, ways),
        footing=rests,
        effective=ways["all"].effective,
    )


class _Rows:
    """Makes rows; shares of draws that refuse the same issues are worked out once."""

    def __init__(self, case: Case, ways: Mapping[Evidence, Draws], rests: Footing) -> None:
        self.case, self.ways, self.rests = case, ways, rests
        self._shares: dict[tuple[bytes, ...], Share] = {}
        self._own = {name: scope_of(case, name) for name in case.file.agendas}

    def row(self, measured: Measured) -> AgendaRow:
        """One agenda as it is shown."""
        case, file, scope, refuses = self.case, self.case.file, measured.scope, measured.refuses
        own = {name: entry for name, entry in file.agendas.items() if self._own[name] == scope}
        cited = [c.claim for a in own.values() for c in a.because if c.claim in case.ledger.by_id]
        best = chance_of(measured.best, self.ways)
        adds = added(measured, case.negotiators, self.ways["all"])
        return AgendaRow(
            issues=scope.issues,
            names=tuple(own),
            frozen=measured.frozen,
            wanted_by=tuple(dict.fromkeys(p for a in own.values() for p in a.wanted_by)),
            refused_by=tuple(dict.fromkeys(p for a in own.values() for p in a.refused_by)),
            exists=chance_of(measured.exists, self.ways),
            best=best,
            package=package_ids(file, measured.options),
            options=measured.options,
            refused={
                party: self._share({e: r[:, p] for e, r in refuses.items()})
                for p, party in enumerate(case.negotiators)
            },
            refusal=self._share({e: np.any(r, axis=1) for e, r in refuses.items()}),
            willing=self._willing(measured, best),
            willing_zero=_willing_zero(measured),
            mutual=adds.values["mutual"],
            better=adds.values["better"],
            nash=adds.by_party("nash", case.negotiators),
            gain=adds.by_party("gain", case.negotiators),
            joint_gain=adds.values["joint_gain"],
            ranges=adds.ranges,
            zeros=adds.zeros,
            because=tuple(dict.fromkeys([*cited, *self.rests.claims])),
        )

    def _share(self, hits: Mapping[Evidence, Bool]) -> Share:
        key = tuple(h.tobytes() for h in hits.values())
        if key not in self._shares:
            self._shares[key] = share_of(hits, self.ways)
        return self._shares[key]

    def _willing(self, measured: Measured, best: Chance) -> Spread | None:
        """P(best) where nobody refuses: a ratio, whose range is that of its numerator's distance from it."""
        drawn, hits = self.ways["all"], measured.best["all"]
        sits = ~measured.refuses["all"].any(axis=1)
        if sits.all():
            return Spread(best.value, best.low, best.high)
        if not sits.any():
            return None
        value, weight = float(hits[sits].mean()), float(sits.mean())
        spread = drawn.interval(np.where(sits, hits - value, 0.0), legal=None)
        low, high = value + spread.low / weight, value + spread.high / weight
        return Spread(value, max(0.0, low), min(1.0, high))


def _willing_zero(measured: Measured) -> float | None:
    """P(best) where nobody refuses, without any evidence."""
    sits = ~measured.refuses["none"].any(axis=1)
    return float(measured.best["none"][sits].mean()) if sits.any() else None


def _wanted(rows: Sequence[AgendaRow]) -> tuple[int, int] | None:
    """The longest agenda somebody wants and the shortest; where nobody is said to want any, of those named."""
    wanted = [k for k, row in enumerate(rows) if row.wanted_by]
    if len(wanted) < 2:
        wanted = [k for k, row in enumerate(rows) if row.names]
    if len(wanted) < 2:
        return None
    less, *_, more = sorted(wanted, key=lambda k: len(rows[k].issues))
    return more, less
