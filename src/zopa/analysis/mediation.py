"""What would have to change for a wished outcome to last, who could offer it, and, as a diagnosis, who wants what."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from zopa.analysis._mediation_changes import moves_the_start
from zopa.analysis._mediation_diagnosis import Need, least, looked_at, needs
from zopa.analysis._mediation_edits import EditRow, edit_rows
from zopa.analysis._mediation_measure import Bench, bench_of
from zopa.analysis._mediation_rows import (
    CONCEPT,
    NAMED,
    MediationRow,
    Rooms,
    Searched,
    Wish,
    best_of,
    hits,
    searched,
    shown,
)
from zopa.analysis._mediation_tables import (
    BEST,
    change_name,
    changes_name,
    changes_table,
    concepts_table,
    edits_table,
    needs_table,
    signed,
    states_table,
    wish_name,
)
from zopa.analysis._mediation_wishes import refuse_if_too_many, wishes_of
from zopa.case.case import DRAWS, Case
from zopa.case.conflict import Conflict, conflict_of
from zopa.case.draws import INNER, Draws, Evidence
from zopa.case.names import party_in_text
from zopa.case.rankings import pairs
from zopa.case.verdicts import Central, central, closes, grounds
from zopa.charts.chart import Chart
from zopa.charts.mediation import Step, mediation_chart
from zopa.methods.graph_model import Bool
from zopa.result import (
    Footing,
    ReadingShare,
    Result,
    Table,
    asked,
    by_reading,
    ends,
    footing,
    percent,
    reading_table,
    rests_on,
    three_ways,
)
from zopa.words import Language, joined, say

MOST_DRAWS = 1500
"""Draws that a change is tried in: there are many changes."""
LOOK = 150
"""Draws for the first look at pairs."""
JUDGED, FOLLOWED = 400_000, 60_000
"""Draws × states a change, by the fast engine and where every legal sequence has to be followed."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Mediation(Result):
    """What would have to change for a wished outcome of the standoff to last."""

    conflict: Conflict
    central: Central
    found: tuple[MediationRow, ...]
    needs: tuple[Need, ...]
    edits: tuple[EditRow, ...]
    readings: tuple[ReadingShare, ...]
    footing: Footing
    certain: bool
    overruled: bool
    """Whether single pairs overrule the rankings that the diagnosis changes."""
    error: float
    """The largest Monte Carlo error of a gain, or of the share in which the wish lasts."""

    def rows(self) -> tuple[MediationRow, ...]:
        """Wish by wish: the case as it stands, single changes, pairs, all assurances; by size, then by gain."""
        return self.found

    def main(self) -> tuple[MediationRow, ...]:
        """The changes of the main table."""
        return shown(self.of(), BEST)

    @property
    def wishes(self) -> tuple[tuple[str | None, int | None], ...]:
        """What was wished: outcome or state number, in the order answered."""
        return tuple(dict.fromkeys((r.outcome, r.state) for r in self.found))

    def of(self, wish: str | int | None = None) -> tuple[MediationRow, ...]:
        """The rows of one wish, by default of the first; ``ValueError`` for one that was not asked."""
        first = self.wishes[0] if wish is None else wish
        out = tuple(r for r in self.found if first in ((r.outcome, r.state), r.outcome or r.state))
        if not out:
            raise ValueError(f"mediation: nothing was asked about {wish!r}")
        return out

    def best(self, wish: str | int | None = None, *, size: int | None = 1) -> MediationRow | None:
        """The change of some size that gains most for a wish: of those that help where one does, else of all."""
        return best_of(self.of(wish), size)

    def need(self, wish: str | int | None = None, *, concept: str = CONCEPT) -> Need:
        """The least change of preferences for a wish under a concept."""
        row = self.of(wish)[0]
        own = [n for n in self.needs if (n.outcome, n.state) == (row.outcome, row.state)]
        return least(own, concept)

    def headline(self, lang: Language = "en") -> str:
        """What helps most and by how much, or that the record does not settle it; and what stands in the way."""
        first, row = self.of()[0], self.best()
        name = wish_name(self.conflict, first.outcome, first.state, lang)
        if row is None or row.gained is None:
            told = say("mediation.headline-nothing", lang, wish=name)
        else:
            key: str = row.gained.verdict if row.gained.verdict != "hurts" else "open"
            if self.certain:
                done = first.lasts.value == 1
                key = "certain-now" if done else "certain" if row.gained.value > 0 else "certain-none"
            told = say(f"mediation.headline-{key}", lang, wish=name, **self._numbers(first, row, lang))
        return told + self._arrival(lang) + self._diagnosis(lang)

    def _arrival(self, lang: Language) -> str:
        """The single change after which the wish is most often both reached and lasting."""
        first, rows = self.of()[0], [r for r in self.of() if r.size == 1 and r.works is not None]
        best = max(rows, key=lambda r: r.works.value if r.works else 0.0, default=None)
        if first.works is None or best is None or best.works is None or best.works_gained is None:
            return ""
        if best.works_gained.verdict == "silent" or best.works_gained.value <= 0:
            return ""
        if best.works_gained.verdict != "helps" and best is self.best():
            return ""
        return say(
            "mediation.headline-works",
            lang,
            change=changes_name(self.conflict, best.changes, lang),
            now=percent(first.works.value),
            then=percent(best.works.value),
            range=ends(best.works.low, best.works.high),
            zero=percent(best.works.zero),
            verdict=say(f"mediation.verdict-{best.works_gained.verdict}", lang),
        )

    def _numbers(self, first: MediationRow, row: MediationRow, lang: Language) -> dict[str, str]:
        assert row.gained is not None
        gained = row.gained
        return {
            "change": changes_name(self.conflict, row.changes, lang),
            "now": percent(first.lasts.value),
            "now_range": ends(first.lasts.low, first.lasts.high),
            "then": percent(row.lasts.value),
            "then_range": ends(row.lasts.low, row.lasts.high),
            "now_zero": percent(first.lasts.zero),
            "then_zero": percent(row.lasts.zero),
            "points": signed(gained.value),
            "low": signed(gained.low),
            "high": signed(gained.high),
            "zero": signed(gained.zero),
            "cited": signed(gained.cited),
            "rests": rests_on(self.footing, lang),
        }

    def _diagnosis(self, lang: Language) -> str:
        need = self.need()
        if not math.isfinite(need.total):
            names = [party_in_text(self.case.file, p, lang) for p in need.blocked]
            key = "headline-need-blocked" if names else "headline-need-none"
            return say(f"mediation.{key}", lang, n=need.n, sides=joined(names, lang), bound=f"{need.bound:g}")
        sides = [s.party for s in need.sides if s.moved]
        if not sides:
            return say("mediation.headline-no-need", lang, n=need.n)
        names = [party_in_text(self.case.file, p, lang) for p in sides]
        key = "headline-need" if need.proven else "headline-need-found"
        key = "headline-need-force" if need.force else key
        return say(f"mediation.{key}", lang, n=need.n, total=f"{need.total:g}", sides=joined(names, lang))

    def table(self, lang: Language = "en") -> Table:
        """The changes that gain most for the first wish, beside the case as it stands."""
        rows = self.of()
        return changes_table(self.case, self.conflict, shown(rows, BEST), len(rows), lang)

    def tables(self, lang: Language = "en") -> tuple[Table, ...]:
        """Changes wish by wish, under every concept, least changes of preference, statements, readings."""
        made = [self.table(lang)]
        for outcome, state in self.wishes[1:]:
            rows = self.of(outcome if outcome is not None else state)
            made.append(changes_table(self.case, self.conflict, shown(rows, NAMED), len(rows), lang))
        made.append(concepts_table(self.conflict, shown(self.of(), NAMED), lang))
        made.append(needs_table(self.case, self.conflict, self.needs, lang))
        made.append(states_table(self.conflict, self.needs, lang))
        made.append(edits_table(self.case, self.conflict, self.edits, lang))
        row = self.best(size=None)
        if self.readings and row is not None:
            name = wish_name(self.conflict, row.outcome, row.state, lang)
            change = changes_name(self.conflict, row.changes, lang)
            what = say("mediation.what-caption", lang, wish=name, change=change)
            made.append(reading_table(self.case, self.readings, what, lang, self.footing.claims))
        return (made[0], *(table for table in made[1:] if table.rows))

    def notes(self, lang: Language = "en") -> tuple[str, ...]:
        """How far was searched, what the numbers are of, what is not proposed, and what a diagnosis is."""
        given = self.parameters
        keys = ["slash", "gain", "zero", "offer", "force", "diagnosis", "distance", "picked"]
        keys += ["assurance"] if any(c.kind == "assurance" for r in self.found for c in r.changes) else []
        keys += ["overruled"] if self.overruled else []
        keys += ["unseen"] if self.conflict.unseen is not None else []
        keys += ["certain"] if self.certain else []
        most = looked_at(len(self.conflict))
        out = [
            say(
                "mediation.note-search",
                lang,
                singles=given["singles"],
                pairs=given["pairs"],
                among=given["among"],
                draws=given["draws"],
                look=given["look"],
            )
        ]
        out += [say(f"mediation.note-{key}", lang) for key in keys]
        if given["widest"] > most:
            out.append(say("mediation.note-looked", lang, n=most, most=given["widest"]))
        if given["draws"] < given["wanted"]:
            out.append(say("mediation.note-fewer", lang, draws=given["draws"], wanted=given["wanted"]))
        out += self._which(lang)
        error = f"{100 * self.error:.1f}"
        return (*out, say("mediation.note-error", lang, draws=given["draws"], error=error))

    def _which(self, lang: Language) -> list[str]:
        """The assurances that change nothing as written, which the others are, and violent states of a wish."""
        costless = [
            a.name.get(lang)
            for a in self.conflict.file.assurances
            if not a.cost_of_defecting and not moves_the_start(self.conflict, a)
        ]
        out = [say("mediation.note-costless", lang, list=joined(costless, lang))] if costless else []
        together = next((r.changes for r in self.found if r.size > 2), ())
        if together:
            names = joined([change_name(self.conflict, c, lang) for c in together], lang)
            out.append(say("mediation.note-together", lang, n=len(together), list=names))
        violent = self.conflict.kind("violence")
        for outcome, _ in self.wishes:
            if outcome is not None and (n := int((self.conflict.outcomes[outcome] & violent).sum())):
                name = wish_name(self.conflict, outcome, None, lang)
                out.append(say("mediation.note-violent", lang, wish=name, n=n))
        return out

    def plot(self, lang: Language = "en") -> Chart:
        """What each change gains for the first wish, with its range and what it gains at total ignorance."""
        rows = [r for r in shown(self.of(), BEST) if r.gained is not None]
        steps = [
            Step(changes_name(self.conflict, r.changes, lang), r.gained, r.gained.verdict == "helps")
            for r in rows
            if r.gained is not None
        ]
        first = self.of()[0]
        name = wish_name(self.conflict, first.outcome, first.state, lang)
        told = joined([f"{s.label} {signed(s.gain.value)}" for s in steps], lang)
        described = say(
            "mediation.chart-description", lang, wish=name, list=told or say("mediation.none", lang)
        )
        return mediation_chart(steps, name, described, lang)

    def whole(self) -> Mapping[str, Any]:
        """The diagnosis and the readings, which are no changes of circumstance."""
        return {
            "certain": self.certain,
            "needs": self.needs,
            "edits": self.edits,
            "readings": self.readings,
        }


def mediation(
    case: Case,
    *,
    draws: int = DRAWS,
    seed: int = 0,
    after_moves: bool = False,
    wish: str | int | None = None,
) -> Mediation:
    """What would have to change for a wished outcome of the case's ``standoff`` to last, and who could offer it.

    ``wish``: an outcome's id or a state's number; by default every outcome of kind ``deal``, else the first. Changes
    are tried in at most 1,500 of the ``draws``. ``IncompleteCaseError`` where the case has no standoff, one too large,
    names no outcome while nothing is wished, or where only violence is wished for; ``ValueError`` for a wish that the
    standoff does not have.
    """
    asked("mediation", case, draws=draws, seed=seed)
    conflict = conflict_of(case.file)
    refuse_if_too_many(conflict)
    wishes = wishes_of(case, conflict, wish)
    union = np.any([w.states for w in wishes], axis=0)
    rooms, middle = _rooms(case, conflict, union, draws, seed, after_moves)
    rests = footing(case, (), entries=grounds(conflict))
    done = searched(conflict, wishes, rooms, rests.claims)
    found: list[Need] = []
    edits: list[EditRow] = []
    for one in wishes:
        found += needs(one, rooms.whole, rooms.middle, middle, rests.claims, seed=seed)
        edits += edit_rows(one, rooms.whole, rooms.look, rooms.middle, middle, rests.claims)
    return Mediation(
        case=case,
        method=say("mediation.method", "en"),
        parameters=_parameters(conflict, wishes, rooms, done) | {"after_moves": after_moves, "wanted": draws},
        seed=seed,
        conflict=conflict,
        central=middle,
        found=done.rows,
        needs=tuple(found),
        edits=tuple(edits),
        readings=_readings(done, wishes, rooms.whole),
        footing=rests,
        certain=rooms.whole.certain["all"],
        overruled=any(pairs(rooms.whole.ways["all"], conflict, party) for party in conflict.parties),
        error=max(e for r in done.rows for e in (r.lasts.error, r.gained.error if r.gained else 0.0)),
    )


def _rooms(
    case: Case, conflict: Conflict, union: Bool, draws: int, seed: int, after_moves: bool
) -> tuple[Rooms, Central]:
    one = case.draws(2 * INNER, seed=seed)
    room = max(2 * INNER, (JUDGED if closes(conflict) else FOLLOWED) // len(conflict))
    n = min(draws, MOST_DRAWS, room)
    ways = three_ways(case, n, seed, after_moves=after_moves)
    look: dict[Evidence, Draws] = {"all": case.draws(min(n, LOOK), seed=seed, after_moves=after_moves)}
    middle = central(ways["all"], conflict)
    return (
        Rooms(
            whole=bench_of(conflict, ways, union),
            look=bench_of(conflict, look, union),
            middle=bench_of(conflict, {"all": one}, union, middle=middle),
        ),
        middle,
    )


def _readings(done: Searched, wishes: Sequence[Wish], bench: Bench) -> tuple[ReadingShare, ...]:
    """How often the first wish lasts with its best change in place, reading by reading."""
    best = best_of([r for r in done.rows if (r.outcome, r.state) == (wishes[0].outcome, wishes[0].state)])
    changes = () if best is None else best.changes
    return by_reading({e: hits(bench, wishes[0], changes, e) for e in bench.ways}, bench.ways)


def _parameters(
    conflict: Conflict, wishes: Sequence[Wish], rooms: Rooms, done: Searched
) -> dict[str, object]:
    return {
        "draws": rooms.whole.ways["all"].n,
        "look": rooms.look.ways["all"].n,
        "wishes": [w.outcome if w.outcome is not None else w.state for w in wishes],
        "widest": max(int(w.states.sum()) for w in wishes),
        "concept": CONCEPT,
        "singles": done.singles,
        "pairs": done.pairs,
        "among": done.among,
        "states": len(conflict),
        "parties": list(conflict.parties),
    }
