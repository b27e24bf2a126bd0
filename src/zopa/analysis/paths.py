"""Which steps lead from where things stand to an agreement, and by which could it slide into violence?

The status quo analysis of the graph model (Li, Kilgour and Hipel 2005): legal paths, by moves and by improvements only,
with the states that all of them run through. Slides into violence stand in the order in which the chance to stop them
runs out; no path to violence is sought for being cheap, short or likely.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zopa.analysis._paths_chart import drawn_chart
from zopa.analysis._paths_measure import answers, ask_of
from zopa.analysis._paths_rows import (
    DealRow,
    Force,
    RecordRow,
    SlideRow,
    StrikerRow,
    WayRow,
    bases,
    between,
    deal_rows,
    force_everywhere,
    record_rows,
    slide_rows,
    striker_rows,
    way_rows,
)
from zopa.analysis._paths_words import (
    SHOWN,
    deal_table,
    move_words,
    outcome_name,
    record_table,
    slide_table,
    state_table,
    step_table,
    striker_table,
    way_table,
    way_words,
)
from zopa.case.case import DRAWS, Case
from zopa.case.conflict import Conflict, conflict_of
from zopa.case.names import party_in_text
from zopa.case.rankings import crisp
from zopa.case.verdicts import enough
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
    chance_of,
    ends,
    footing,
    headline,
    jsonable,
    percent,
    reading_table,
    three_ways,
)
from zopa.words import Language, joined, say

LEAST = 0.025
"""A slide that improvements alone take in fewer draws than print as 5 % is counted in tables, not listed."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Paths(Result):
    """Ways from the status quo of a standoff to agreement, and into violence."""

    conflict: Conflict
    start: int
    """Number of the status quo's state."""
    any_deal: Chance | None
    """Improvements alone lead to some agreement; None where no outcome is one."""
    deals: tuple[DealRow, ...]
    ways: tuple[WayRow, ...]
    strikers: tuple[StrikerRow, ...]
    slides: tuple[SlideRow, ...]
    slides_beyond: int
    """Pairs of a state and a party that can use force there, further away, whose ways were not told."""
    slides_more: int
    """Ways to the states nearer by that were counted only."""
    force: tuple[Force, ...]
    record: tuple[RecordRow, ...]
    reached: Mapping[int, float]
    """By state without violence: share of draws in which improvements alone lead there."""
    between: Mapping[int, Share]
    """By state: share of the draws with a path of improvements to an agreement in which all of them run through it."""
    readings: Mapping[str, tuple[ReadingShare, ...]]
    rests: Footing
    certain: bool
    draws: int

    def rows(self) -> tuple[WayRow, ...]:
        """Every shortest way to every kind of agreement; ``deals``, ``slides``, ``strikers`` and ``record`` hold the
        rest."""
        return self.ways

    def main(self) -> tuple[Any, ...]:
        """The agreements by outcome; without any, who can turn to force."""
        return self.deals or self.strikers

    def headline(self, lang: Language = "en") -> str:
        """How often improvements alone lead to an agreement, what it takes, and how often they end in violence."""
        if self.certain:
            return self._certain(lang)
        parts = []
        if any(row.moves == 0 for row in self.deals):
            parts.append(say("paths.at-deal", lang, list=self._held(lang)))
        elif self.any_deal is not None:
            conditions = [say("paths.condition", lang)] if self.rests.assumed > 0 else []
            what = say("paths.what-any", lang)
            parts.append(headline(self.any_deal, what, lang, conditions=conditions, rests=self.rests))
            parts.append(self._shortest(lang))
        parts += [self._slid(row, lang) for row in self.strikers]
        if not self.strikers:
            parts.append(self._no_slide(lang))
        return "".join(parts).strip()

    def _held(self, lang: Language) -> str:
        """The agreements that the status quo is."""
        held = [outcome_name(self.conflict, row.outcome, lang) for row in self.deals if row.moves == 0]
        return joined([say("paths.quoted", lang, name=name) for name in held], lang)

    def _no_slide(self, lang: Language) -> str:
        """Why nobody slides into violence: it is there already, or no party has a way there; nothing where the case
        names no violence."""
        violent = self.conflict.kind("violence")
        if not violent.any():
            return ""
        return say("paths.under-way" if violent[self.conflict.places[self.start]] else "paths.no-slide", lang)

    def _certain(self, lang: Language) -> str:
        parts = [
            say(f"paths.certain-{_end(row)}", lang, outcome=outcome_name(self.conflict, row.outcome, lang))
            for row in self.deals
        ]
        parts += [
            say(
                f"paths.certain-blow-{'yes' if row.chance.value else 'no'}",
                lang,
                party=party_in_text(self.case.file, row.party, lang),
            )
            for row in self.strikers
        ]
        told = say("paths.certain", lang, list=say("paths.semicolon", lang).join(parts)) if parts else ""
        return (told + ("" if self.strikers else self._no_slide(lang))).strip()

    def _shortest(self, lang: Language) -> str:
        """The shortest way that improvements alone take most often, and its hardest step."""
        if not self.ways:
            return say("paths.no-way", lang)
        best = max(self.ways, key=lambda w: (-len(w.movers), w.chance.value, w.gain.value))
        n = len(best.movers)
        told = say("paths.shortest-one" if n == 1 else "paths.shortest", lang, n=n, way=self.way(best, lang))
        at = min(range(len(best.steps)), key=lambda k: best.steps[k].value)
        step = best.steps[at]
        move = move_words(self.conflict, best.movers[at], best.states[at], best.states[at + 1], lang)
        return told + say(
            "paths.step-only" if n == 1 else "paths.step-hard", lang, move=move, **_numbers(step)
        )

    def way(self, row: WayRow | SlideRow, lang: Language = "en") -> str:
        """The moves of a way in words."""
        return way_words(self.conflict, row.movers, row.states, lang)

    def _slid(self, row: StrikerRow, lang: Language) -> str:
        """How often improvements alone end in one party's use of force, and whether others can still stop it now."""
        told = say(
            "paths.slid",
            lang,
            party=party_in_text(self.case.file, row.party, lang),
            **_numbers(row.chance),
            verdict=say(f"paths.slid-{row.chance.verdict}", lang),
        )
        at_once = next((s for s in self.slides if s.striker == row.party and not s.movers), None)
        if at_once is None or not at_once.tempts.value:
            return told
        return told + say("paths.slid-now", lang, **_numbers(at_once.to_the_end))

    @property
    def likely(self) -> tuple[SlideRow, ...]:
        """The slides that improvements alone can take."""
        return tuple(row for row in self.slides if row.along.value >= LEAST)

    @property
    def shown(self) -> tuple[SlideRow, ...]:
        """The slides that a table lists: the nearest of those that improvements alone can take, in their order; where
        they can take none, the nearest of all."""
        likely = self.likely or self.slides
        near = sorted(range(len(likely)), key=lambda k: len(likely[k].movers))[:SHOWN]
        return tuple(likely[k] for k in sorted(near))

    def table(self, lang: Language = "en") -> Table:
        """Agreements by outcome; without any, who can turn to force."""
        if self.deals:
            return deal_table(self.conflict, self.deals, lang)
        return striker_table(self.conflict, self.strikers, lang)

    def tables(self, lang: Language = "en") -> tuple[Table, ...]:
        """Agreements, the ways there, who can turn to force, slides, the record, the states, and all per reading."""
        conflict = self.conflict
        made = [
            deal_table(conflict, self.deals, lang),
            way_table(conflict, self.ways, lang),
            step_table(conflict, self.ways, lang),
            striker_table(conflict, self.strikers, lang),
            slide_table(conflict, self.shown, len(self.slides), lang, taken=bool(self.likely)),
            record_table(conflict, self.record, lang),
            state_table(conflict, self._mentioned(), lang),
        ]
        for name, shares in self.readings.items():
            row = next((r for r in self.strikers if r.party == name), None)
            if row is None:
                what = say("paths.what-caption", lang, outcome=say("paths.some-deal", lang))
            else:
                what = say("paths.what-slid", lang, party=party_in_text(self.case.file, name, lang))
            made.append(reading_table(self.case, shares, what, lang, self.rests.claims))
        return tuple(table for table in made if table.rows)

    def _mentioned(self) -> set[int]:
        """The states that tables name by number."""
        out = {self.start}
        for way in self.ways:
            out.update(way.states)
        for slide in self.shown:
            out.update(slide.states)
        for deal in self.deals:
            out.update(deal.gateways)
        for move in self.record:
            out.update((move.state, *(n for _, n in move.passed_over)))
        return out

    def notes(self, lang: Language = "en") -> tuple[str, ...]:
        """What a path is, what an improvement is, where a slide can be stopped, and what was left out."""
        conflict = self.conflict
        keys = ["legal", "steps"] if self.deals else ["legal"]
        violent = conflict.kind("violence")
        if self.deals and violent.any() and not violent[conflict.places[self.start]]:
            keys.insert(1, "calm")
        if self.strikers:
            keys += ["stop", "order"]
        told = [say(f"paths.note-{key}", lang) for key in keys]
        held = [
            say("paths.note-held", lang, n=n, **_numbers(v)) for n, v in self.between.items() if v.value > 0.5
        ]
        if held:
            told.append(say("paths.note-between", lang, list=joined(held, lang)))
        told += self._not_listed(lang)
        if self.record and all(row.state == self.start for row in self.record):
            told.append(say("paths.note-record", lang))
        if conflict.unseen is not None:
            told.append(say("paths.note-unseen", lang))
        if any(r.prefers or r.unknown or r.strongly for r in conflict.standoff.rankings.values()):
            told.append(say("paths.note-pairs", lang))
        if violent[conflict.places[self.start]]:
            told.append(say("paths.note-violent", lang))
        wanted = self.parameters["draws"]
        if self.draws < wanted:
            told.append(say("paths.note-draws", lang, states=len(conflict), draws=self.draws, wanted=wanted))
        chances = [r.chance for r in self.deals] + [r.chance for r in self.ways]
        chances += [r.chance for r in self.strikers]
        error = f"{100 * max((c.error for c in chances), default=0.0):.1f}"
        return (*told, say("paths.note-error", lang, error=error))

    def _not_listed(self, lang: Language) -> list[str]:
        """How many ways into violence no table lists, and why."""
        if not self.strikers:
            return []
        rare = len(self.slides) - len(self.likely) if self.likely else 0
        far = len(self.likely or self.slides) - len(self.shown)
        counts = {"far": far, "rare": rare, "ways": self.slides_more, "beyond": self.slides_beyond}
        parts = [
            say(f"paths.left-{key}{'-one' if n == 1 else ''}", lang, n=n) for key, n in counts.items() if n
        ]
        return [say("paths.note-left", lang, list=say("paths.semicolon", lang).join(parts))] if parts else []

    def plot(self, lang: Language = "en") -> Chart:
        """The graph around the status quo: ways to agreement, ways by which a blow is near, and the record."""
        return drawn_chart(self, lang)

    def to_json(self) -> dict[str, object]:
        """The one shape of all results; each row says its ``table``: ways, deals, strikers, slides, record or
        readings."""
        readings = [{"of": of, **jsonable(share)} for of, found in self.readings.items() for share in found]
        tables: Mapping[str, Sequence[Mapping[str, object]]] = {
            "ways": jsonable(self.ways),
            "deals": jsonable(self.deals),
            "strikers": jsonable(self.strikers),
            "slides": jsonable(self.slides),
            "record": jsonable(self.record),
            "readings": readings,
        }
        rows = [{"table": name, **row} for name, found in tables.items() for row in found]
        return {**super().to_json(), "rows": rows}


def _end(row: DealRow) -> str:
    """Whether rankings that are certain lead to an agreement, or need not."""
    return "at" if row.moves == 0 else "yes" if row.chance.value else "no"


def _numbers(value: Chance | Share) -> dict[str, str]:
    """A share, its range and zero line as sentences have them."""
    return {
        "share": percent(value.value),
        "range": ends(value.low, value.high),
        "zero": percent(value.zero),
    }


def paths(case: Case, *, draws: int = DRAWS, seed: int = 0, after_moves: bool = False) -> Paths:
    """Ways from the status quo of the case's standoff to agreement and into violence, with ``draws`` draws.

    ``IncompleteCaseError`` for a case without a standoff, without a status quo, or without an outcome of kind deal or
    violence.
    """
    asked("paths", case, draws=draws, seed=seed)
    conflict = conflict_of(case.file)
    ask = ask_of(conflict)
    taken = enough(conflict, draws)
    ways = three_ways(case, taken, seed, after_moves=after_moves)
    found = {e: answers(drawn, ask) for e, drawn in ways.items()}
    full, numbers = found["all"], conflict.numbers
    strikers = striker_rows(case, ask, found, ways)
    readings: dict[str, tuple[ReadingShare, ...]] = {}
    if ask.deals:
        readings["deal"] = by_reading({e: a.any_deal for e, a in found.items()}, ways)
    for row in strikers:
        own = conflict.parties.index(row.party)
        readings[row.party] = by_reading({e: a.slid[:, own] for e, a in found.items()}, ways)
    calm = [s for s in range(len(conflict)) if not ask.avoid[s]]
    return Paths(
        case=case,
        method=say("paths.method", "en"),
        parameters={"draws": draws, "after_moves": after_moves},
        seed=seed,
        conflict=conflict,
        start=int(numbers[ask.start]),
        any_deal=chance_of({e: a.any_deal for e, a in found.items()}, ways) if ask.deals else None,
        deals=deal_rows(case, ask, found, ways),
        ways=way_rows(case, ask, found, ways),
        strikers=strikers,
        slides=slide_rows(case, ask, found, ways),
        slides_beyond=ask.slides.beyond,
        slides_more=ask.slides.count - len(ask.slides.found),
        force=force_everywhere(ask, full),
        record=record_rows(case, ask),
        reached={int(numbers[s]): float(full.states[:, s].mean()) for s in calm},
        between=between(ask, found, ways),
        readings=readings,
        rests=footing(case, (), entries=bases(conflict, conflict.parties)),
        certain=crisp(ways["all"], conflict),
        draws=taken,
    )
