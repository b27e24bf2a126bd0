"""What would have to change for a wished outcome to last, who could offer it, and, as a diagnosis, who wants what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from zopa.analysis._mediation_diagnosis import Need, least, looked_at, needs
from zopa.analysis._mediation_edits import EditRow, edit_rows
from zopa.analysis._mediation_measure import Bench, bench_of
from zopa.analysis._mediation_rows import (
    CONCEPT,
    MediationRow,
    Rooms,
    Searched,
    Wish,
    best_of,
    hits,
    searched,
)
from zopa.analysis._mediation_tables import (
    BEST,
    changes_name,
    changes_table,
    concepts_table,
    edits_table,
    needs_table,
    shown,
    signed,
    states_table,
    wish_name,
)
from zopa.case.case import DRAWS, Case
from zopa.case.conflict import Conflict, conflict_of
from zopa.case.draws import INNER, Draws, Evidence
from zopa.case.names import party_in_text
from zopa.case.rankings import pairs
from zopa.case.verdicts import Central, central, grounds
from zopa.charts.chart import Chart
from zopa.charts.mediation import Step, mediation_chart
from zopa.errors import IncompleteCaseError
from zopa.methods.graph_model import Bool, Lattice
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
FEW, LOOK = 200, 150
"""Draws for the concepts beside the main one, and for the first look at pairs."""
JUDGED, FOLLOWED = 400_000, 60_000
"""Draws × states a change, by the fast engine and where every legal sequence has to be followed."""
MOST_STATES = 1 << 14


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
    overlooked: bool
    """Whether the diagnosis leaves out single pairs and unseen states, which the verdicts count."""
    error: float

    def rows(self) -> tuple[MediationRow, ...]:
        """Wish by wish: the case as it stands, single changes, pairs, all assurances; by size, then by gain."""
        return self.found

    def main(self) -> tuple[MediationRow, ...]:
        """The changes of the main table."""
        return shown(self.of())

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
        return changes_table(self.case, self.conflict, shown(rows), len(rows), lang)

    def tables(self, lang: Language = "en") -> tuple[Table, ...]:
        """Changes wish by wish, under every concept, least changes of preference, statements, readings."""
        made = [self.table(lang)]
        for outcome, state in self.wishes[1:]:
            rows = self.of(outcome if outcome is not None else state)
            made.append(changes_table(self.case, self.conflict, shown(rows, 3), len(rows), lang))
        made.append(concepts_table(self.conflict, shown(self.of(), 3), lang))
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
        keys = ["gain", "zero", "offer", "force", "diagnosis", "distance", "picked"]
        keys += ["assurance"] if any(c.kind == "assurance" for r in self.found for c in r.changes) else []
        keys += ["overlooked"] if self.overlooked else []
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
                few=given["few"],
                look=given["look"],
            )
        ]
        out += [say(f"mediation.note-{key}", lang) for key in keys]
        if given["widest"] > most:
            out.append(say("mediation.note-looked", lang, n=most, most=given["widest"]))
        if given["draws"] < given["wanted"]:
            out.append(say("mediation.note-fewer", lang, draws=given["draws"], wanted=given["wanted"]))
        return (*out, say("mediation.note-error", lang, error=f"{100 * self.error:.1f}"))

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
    or names no outcome while nothing is wished; ``ValueError`` for a wish that the standoff does not have.
    """
    asked("mediation", case, draws=draws, seed=seed)
    conflict = conflict_of(case.file)
    if len(conflict) > MOST_STATES:
        raise IncompleteCaseError.of("standoff-too-many", states=len(conflict), most=MOST_STATES)
    wishes = _wishes(conflict, wish)
    union = np.any([w.states for w in wishes], axis=0)
    rooms, middle = _rooms(case, conflict, union, draws, seed, after_moves)
    rests = footing(case, (), entries=grounds(conflict))
    done = searched(conflict, wishes, rooms, rests.claims)
    found: list[Need] = []
    edits: list[EditRow] = []
    for one in wishes:
        found += needs(one, rooms.whole, rooms.few, middle, rests.claims, seed=seed)
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
        overlooked=not rooms.whole.plain and _special(rooms.whole),
        error=max(r.gained.error for r in done.rows if r.gained) if any(r.gained for r in done.rows) else 0.0,
    )


def _wishes(conflict: Conflict, wish: str | int | None) -> tuple[Wish, ...]:
    if isinstance(wish, int):
        if wish not in conflict.places:
            most = max(conflict.places)
            raise ValueError(f"mediation: wish is state {wish}, but the states run from 1 to {most}")
        return (Wish(None, wish, np.arange(len(conflict)) == conflict.places[wish]),)
    named = {k: states for k, states in conflict.outcomes.items() if states.any()}
    if wish is not None:
        if wish not in named:
            known = ", ".join(named) or "none"
            raise ValueError(
                f"mediation: wish is {wish!r}, but the outcomes with a feasible state are: {known}"
            )
        return (Wish(wish, None, named[wish]),)
    if not named:
        raise IncompleteCaseError.of("needs-outcome")
    deals = [o.id for o in conflict.standoff.outcomes if o.kind == "deal" and o.id in named]
    return tuple(Wish(k, None, named[k]) for k in deals or list(named)[:1])


def _rooms(
    case: Case, conflict: Conflict, union: Bool, draws: int, seed: int, after_moves: bool
) -> tuple[Rooms, Central]:
    one = case.draws(2 * INNER, seed=seed)
    plain = isinstance(conflict.model, Lattice) and conflict.unseen is None
    plain = plain and not any(pairs(one, conflict, party) for party in conflict.parties)
    room = max(2 * INNER, (JUDGED if plain else FOLLOWED) // len(conflict))
    n = min(draws, MOST_DRAWS, room)
    ways = three_ways(case, n, seed, after_moves=after_moves)
    few = three_ways(case, min(n, FEW), seed, after_moves=after_moves)
    look: dict[Evidence, Draws] = {"all": case.draws(min(n, LOOK), seed=seed, after_moves=after_moves)}
    middle = central(ways["all"], conflict)
    return (
        Rooms(
            whole=bench_of(conflict, ways, union),
            few=bench_of(conflict, _less(few, "cited"), union),
            look=bench_of(conflict, look, union),
            middle=bench_of(conflict, {"all": one}, union, middle=middle),
        ),
        middle,
    )


def _less(ways: Mapping[Evidence, Draws], evidence: Evidence) -> dict[Evidence, Draws]:
    return {e: drawn for e, drawn in ways.items() if e != evidence}


def _special(bench: Bench) -> bool:
    """Whether single pairs or unseen states count, which rankings alone do not tell."""
    drawn, conflict = bench.ways["all"], bench.conflict
    return conflict.unseen is not None or any(pairs(drawn, conflict, p) for p in conflict.parties)


def _readings(done: Searched, wishes: Sequence[Wish], bench: Bench) -> tuple[ReadingShare, ...]:
    after = done.after[0] if done.after[0] is not None else hits(bench, wishes[0], (), "all")
    return by_reading(after, bench.ways["all"])


def _parameters(
    conflict: Conflict, wishes: Sequence[Wish], rooms: Rooms, done: Searched
) -> dict[str, object]:
    return {
        "draws": rooms.whole.ways["all"].n,
        "few": rooms.few.ways["all"].n,
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
