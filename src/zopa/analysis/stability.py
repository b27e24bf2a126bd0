"""Which states of the standoff can last, how surely, and what holds them: the graph model for conflict resolution."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zopa.analysis._stability_reasons import Asked, Lures, Reason, reason_at, said
from zopa.analysis._stability_rows import EndingRow, StateRow, StateRows, ending_rows, lasts, state_rows
from zopa.analysis._stability_tables import (
    assurances_table,
    ending_name,
    endings_table,
    other_endings,
    reasons_table,
    states_table,
    strong_table,
    threats_table,
    unknown_table,
)
from zopa.analysis._stability_what import CONCEPT, Assured, Due, assured, due
from zopa.case.case import DRAWS, Case
from zopa.case.conflict import Conflict, conflict_of
from zopa.case.draws import Evidence
from zopa.case.interop.standoff_csv import write_standoff_csv
from zopa.case.names import party_name
from zopa.case.rankings import profiles
from zopa.case.remarks import Remark, remarks
from zopa.case.verdicts import TOLD, Central, central, drawn_verdicts, enough, fewer_for_zero, grounds
from zopa.charts.chart import Chart
from zopa.charts.stability import SHOWN, Ending, Options, stability_chart
from zopa.errors import IncompleteCaseError
from zopa.methods.graph_model import CONCEPTS
from zopa.result import (
    Footing,
    ReadingShare,
    Result,
    Table,
    asked,
    by_reading,
    footing,
    headline,
    jsonable,
    percent,
    reading_table,
    three_ways,
)
from zopa.words import Language, joined, say


@dataclass(frozen=True, kw_only=True, repr=False)
class Stability(Result):
    """What would last in a standoff, and what holds it."""

    conflict: Conflict
    central: Central
    lures: Lures
    found: StateRows
    endings: tuple[EndingRow, ...]
    reasons: tuple[Reason, ...]
    assurances: tuple[Assured, ...]
    threats: tuple[Due, ...]
    readings: tuple[ReadingShare, ...]
    remarks: tuple[Remark, ...]
    footing: Footing
    certain: bool
    wanted: int
    for_zero: int
    error: float

    def rows(self) -> Sequence[StateRow]:
        """One row a feasible state, in the order of their numbers."""
        return self.found

    def main(self) -> Sequence[Any]:
        """The endings, whose probabilities a reader is told; the states where no ending is named."""
        return self.endings or self.found

    def state(self, n: int) -> StateRow:
        """The row of a state by its number; ``ValueError`` for a number that no feasible state has."""
        if n not in self.conflict.places:
            raise ValueError(_unknown_state(self.conflict, n))
        return self.found[self.conflict.places[n]]

    def ending(self, outcome: str | None) -> EndingRow:
        """The row of a named outcome, of the status quo for None."""
        return next(row for row in self.endings if row.outcome == outcome)

    @property
    def concepts(self) -> tuple[str, ...]:
        """The concepts answered."""
        return tuple(c for c in CONCEPTS if c in self.found.holding)

    def steadiest(self, count: int = SHOWN) -> tuple[StateRow, ...]:
        """The status quo, the steadiest state of each ending, and then those that are equilibria most often under
        sequential stability, in the order of their numbers; none that never is one but for the status quo."""
        places = sorted(self.conflict.places[n] for n in self._steady(count)[:count])
        return tuple(self.found[k] for k in places)

    def _steady(self, count: int) -> list[int]:
        """Numbers of states, those to be shown first first."""
        chosen = dict.fromkeys(row.best for row in self.endings)
        return list(chosen | dict.fromkeys(self.found.steadiest(count)))

    def headline(self, lang: Language = "en") -> str:
        """How likely the first kind of agreement is to last, and the other endings beside it."""
        if self.certain or not self.endings:
            return self._certain(lang)
        first = self._leading()
        name = ending_name(self.case, first.outcome, lang)
        conditions = [say("stability.condition", lang)] if self.footing.assumed > 0 else []
        told = headline(
            first.lasts,
            say("stability.what", lang, outcome=name),
            lang,
            conditions=conditions,
            rests=self.footing,
        )
        rest = [row for row in self.endings if row is not first]
        return told + (other_endings(self.case, rest, lang) if rest else "")

    def _leading(self) -> EndingRow:
        deals = [o.id for o in self.conflict.standoff.outcomes if o.kind == "deal"]
        return next((row for row in self.endings if row.outcome in deals), self.endings[-1])

    def _certain(self, lang: Language) -> str:
        """Equilibria of a case without uncertainty, concept by concept; elsewhere those in the central rankings."""
        parts = []
        for concept in self.concepts:
            numbers = self.found.numbers(self.found.holding[concept].equilibrium)
            told = joined([str(n) for n in numbers[:SHOWN]], lang) if numbers else say("stability.none", lang)
            if len(numbers) > SHOWN:
                told = say("stability.more", lang, states=told, n=len(numbers) - SHOWN)
            parts.append(
                say(
                    "stability.certain-part",
                    lang,
                    concept=say(f"stability.concept-{concept}", lang),
                    states=told,
                )
            )
        key = "certain" if self.certain else "middle"
        return say(f"stability.{key}", lang, list=("；" if lang == "zh" else "; ").join(parts))

    def table(self, lang: Language = "en") -> Table:
        """The endings, or the states where no ending is named."""
        if self.endings:
            return endings_table(self.case, self.endings, lang)
        return states_table(self.conflict, self.steadiest() or self.found[:SHOWN], len(self.found), lang)

    def tables(self, lang: Language = "en") -> tuple[Table, ...]:
        """Endings, steadiest states, reasons, assurances, threats, unknown preferences, readings."""
        state = self.parameters["state"]
        if state is not None:
            return (self.explain(state, lang), self.table(lang))
        made = [self.table(lang)]
        if self.endings:
            made.append(states_table(self.conflict, self.steadiest(), len(self.found), lang))
        made.append(reasons_table(self.conflict, self.reasons, lang))
        made.append(assurances_table(self.case, self.conflict, self.assurances, lang))
        made.append(threats_table(self.case, self.threats, lang))
        made.append(unknown_table(self.conflict, self.found if self.central.necessary else (), lang))
        made.append(strong_table(self.conflict, self.found if self.central.strong else (), lang))
        if self.readings and self.endings:
            what = say(
                "stability.what-caption", lang, outcome=ending_name(self.case, self._leading().outcome, lang)
            )
            made.append(reading_table(self.case, self.readings, what, lang, self.footing.claims))
        return (made[0], *(table for table in made[1:] if table.rows))

    def explain(self, n: int, lang: Language = "en") -> Table:
        """Why each side would stay in a state or leave it, concept by concept, in the central rankings.

        ``ValueError`` for a number that no feasible state has, ``IncompleteCaseError`` for more states than reasons are
        told for.
        """
        row = self.state(n)
        at = self.conflict.places[n]
        _can_tell(self.conflict)
        reasons = []
        for concept in self.concepts:
            hold = row.under(concept)
            if hold is None:
                continue
            reasons += [
                reason_at(
                    self.conflict,
                    self.central,
                    Asked(at, p, concept),
                    share=hold.stable[party],
                    lures=self.lures,
                )
                for p, party in enumerate(self.conflict.parties)
            ]
        return reasons_table(self.conflict, reasons, lang, state=n)

    def to_csv(self, path: str | Path, lang: Language = "en") -> Path:
        """All states as a CSV table: options, ranks in the central rankings, for whom each is stable, and why.

        Nothing that exists is overwritten; the path. ``IncompleteCaseError`` for more states than reasons are told for.
        """
        conflict = self.conflict
        _can_tell(conflict)
        reasons = {}
        for concept in self.concepts:
            told = [
                [
                    reason_at(conflict, self.central, Asked(at, p, concept))
                    for p in range(len(conflict.parties))
                ]
                for at in range(len(conflict))
            ]
            reasons[concept] = [
                "\n".join(
                    f"{party_name(conflict.file, r.party, lang)}: {said(conflict, r, lang)}" for r in state
                )
                for state in told
            ]
        return write_standoff_csv(conflict, self.central.ranks, self.central.stable, reasons, path, lang=lang)

    def notes(self, lang: Language = "en") -> tuple[str, ...]:
        """What the concepts mean, what a share is of, what ignorance is, and remarks on the statements."""
        keys = ["concepts", "tie", "slash"]
        keys += ["certain"] if self.certain else ["share", "ignorance", "central"]
        keys += ["size"] if self.endings and not self.certain else []
        keys += ["for-good"] if any(row.lasts.zero == 1 for row in self.endings) and not self.certain else []
        keys += ["assurance"] if self.assurances else []
        if "sim" not in self.concepts:
            keys += ["graph"] if self.conflict.model.codes is None else ["sim-slow"]
        keys += ["unseen"] if self.conflict.unseen is not None else []
        out = [say(f"stability.note-{key}", lang) for key in keys]
        out += self._left_out(lang)
        draws = self.parameters["draws"]
        if draws < self.wanted:
            states = len(self.found)
            out.append(say("stability.note-fewer", lang, states=states, draws=draws, wanted=self.wanted))
        if self.for_zero < draws:
            out.append(say("stability.note-zero", lang, n=self.for_zero))
        if not self.certain:
            out.append(say("stability.note-error", lang, error=f"{100 * self.error:.1f}"))
        return (*out, *(remark.message(lang) for remark in self.remarks))

    def _left_out(self, lang: Language) -> list[str]:
        """Assurances that bind nobody, and threats that no single move carries out."""
        file, told = self.case.file, []
        idle = [a.name.get(lang) for a in file.assurances if not a.cost_of_defecting]
        if idle and self.assurances:
            told.append(say("stability.note-idle", lang, list=joined(idle, lang)))
        known = {row.threat for row in self.threats}
        apart = [
            t.name.get(lang) if t.name else t.id for t in self.conflict.standoff.threats if t.id not in known
        ]
        if apart:
            told.append(say("stability.note-threats", lang, list=joined(apart, lang)))
        return told

    def plot(self, lang: Language = "en") -> Chart:
        """The endings with ranges and zero lines above the option table of the steadiest states."""
        endings = [Ending(ending_name(self.case, row.outcome, lang), row.lasts) for row in self.endings]
        table = self._options(lang)
        kind = table.kind if table and table.kind == "sides" else "states"
        said = say(f"stability.chart-description-{kind}", lang, n=len(table.states)) if table else ""
        if endings:
            told = joined([f"{e.label} {percent(e.chance.value)}%" for e in endings], lang)
            first = say("stability.chart-description", lang, list=told)
            said = first + (" " if lang == "en" else "") + said
        return stability_chart(endings, table, said, lang)

    def _options(self, lang: Language) -> Options | None:
        parties = self.conflict.parties
        if self.conflict.options:
            states = self.steadiest()
            names = [(o.name.get(lang), parties.index(o.party)) for o in self.conflict.standoff.options]
            taken = [frozenset(k for k, on in enumerate(r.options.values()) if on) for r in states]
        else:
            # A state's name does not fit over a column: who stays is shown, of all states if they fit.
            states = self.found[:] if len(self.found) <= SHOWN else self.steadiest()
            names = [(party_name(self.conflict.file, p, lang), k) for k, p in enumerate(parties)]
            taken = [frozenset(k for k, p in enumerate(parties) if p in r.seq.stable_for) for r in states]
        if not states:
            return None
        place = {row.n: k for k, row in enumerate(states)}
        order = dict.fromkeys([*(place[n] for n in self._steady(SHOWN) if n in place), *place.values()])
        return Options(
            "options" if self.conflict.options else "sides",
            names,
            [r.n for r in states],
            taken,
            shares=[f"{percent(r.seq.share.value)}%" for r in states],
            marked=[r.seq.equilibrium for r in states],
            order=list(order),
            all_states=len(self.found),
        )

    def whole(self) -> Mapping[str, Any]:
        """Endings, reasons, assurances, threats and readings, which are no rows of states."""
        return {
            "certain": self.certain,
            "endings": self.endings,
            "reasons": self.reasons,
            "assurances": self.assurances,
            "threats": self.threats,
            "readings": self.readings,
        }

    def to_json(self) -> dict[str, object]:
        """The one shape of all results, one row a feasible state; a concept that is not defined is left out."""
        rows = [
            {k: v for k, v in jsonable(row).items() if k not in EMPTY or v is not None} for row in self.found
        ]
        return {**super().to_json(), "rows": rows}


EMPTY = frozenset({"sim", "necessary", "possible", "strong"})
"""Fields left out of the JSON rows where they do not apply."""


def stability(
    case: Case, *, draws: int = DRAWS, seed: int = 0, after_moves: bool = False, state: int | None = None
) -> Stability:
    """Which states of the case's ``standoff`` are stable, for whom and how surely, with ``draws`` draws.

    ``state``: the number of a state whose verdicts are explained concept by concept in place of the tables. A conflict
    of many states is judged in fewer draws, as a note then says. ``IncompleteCaseError`` where the case has
    no standoff, or one too large for this machine; ``ValueError`` for a ``state`` that is not feasible.
    """
    asked("stability", case, draws=draws, seed=seed)
    conflict = conflict_of(case.file)
    if state is not None and state not in conflict.places:
        raise ValueError(_unknown_state(conflict, state))
    if state is not None:
        _can_tell(conflict)
    ways = three_ways(case, enough(conflict, draws), seed, after_moves=after_moves)
    # Without assumptions only the main concept is told.
    few = fewer_for_zero(conflict, ways["all"])
    found = {
        evidence: drawn_verdicts(
            drawn, conflict, concepts=(CONCEPT,) if evidence == "cited" else None, most=few
        )
        for evidence, drawn in ways.items()
    }
    middle = central(ways["all"], conflict)
    # Beyond so many states no reason is told, and nobody asks what would lure a side away.
    asked_of: tuple[Evidence, ...] = ("all", "none") if len(conflict) <= TOLD else ()
    lures = Lures(conflict, ways, {e: profiles(ways[e], conflict) for e in asked_of})
    rests = footing(case, (), entries=grounds(conflict))
    rows = state_rows(conflict, found, ways, middle, rests.claims)
    endings = ending_rows(conflict, found, ways, rests.claims)
    readings: tuple[ReadingShare, ...] = ()
    if endings:
        deals = [o.id for o in conflict.standoff.outcomes if o.kind == "deal"]
        lead = next((e.outcome for e in endings if e.outcome in deals), endings[-1].outcome)
        if lead is not None:
            readings = by_reading({e: lasts(found[e], conflict.outcomes[lead], CONCEPT) for e in ways}, ways)
    return Stability(
        case=case,
        method=say("stability.method", "en"),
        parameters={
            "draws": ways["all"].n,
            "after_moves": after_moves,
            "state": state,
            "states": len(conflict),
            "parties": list(conflict.parties),
            "concept": CONCEPT,
        },
        seed=seed,
        conflict=conflict,
        central=middle,
        found=rows,
        endings=endings,
        lures=lures,
        reasons=_reasons(conflict, middle, lures, endings, rows),
        assurances=assured(ways, conflict, found),
        threats=due(ways, conflict),
        readings=readings,
        remarks=remarks(conflict),
        footing=rests,
        certain=found["all"].certain,
        wanted=draws,
        for_zero=few,
        error=max((e.lasts.error for e in endings), default=0.0),
    )


def _unknown_state(conflict: Conflict, n: int) -> str:
    return (
        f"stability: state is {n}, but the states run from {min(conflict.places)} to {max(conflict.places)}"
    )


def _can_tell(conflict: Conflict) -> None:
    """``IncompleteCaseError`` for a conflict of more states than reasons are told for."""
    if len(conflict) > TOLD:
        raise IncompleteCaseError.of("standoff-reasons", states=len(conflict), most=TOLD)


def _reasons(
    conflict: Conflict,
    middle: Central,
    lures: Lures,
    endings: Sequence[EndingRow],
    rows: Sequence[StateRow],
) -> tuple[Reason, ...]:
    """Why each side would stay or leave: at the steadiest state of each ending, or of all where none is named."""
    if middle.better is None:
        return ()
    by_number = {row.n: row for row in rows}
    named: dict[int, list[str | None]] = {}
    for ending in endings:
        named.setdefault(ending.best, []).append(ending.outcome)
    if not endings:
        ranked = sorted(rows, key=lambda r: (-r.seq.share.value, r.n))
        named = {row.n: [] for row in ranked[:3]}
    # A party that can never move stays everywhere: nothing is to be told.
    movers = [
        p for p in range(len(conflict.parties)) if conflict.graph.starts[p, -1] > conflict.graph.starts[p, 0]
    ]
    return tuple(
        reason_at(
            conflict,
            middle,
            Asked(conflict.places[n], p, CONCEPT),
            share=by_number[n].seq.stable[conflict.parties[p]],
            lures=lures,
            outcomes=tuple(outcomes),
        )
        for n, outcomes in named.items()
        for p in movers
    )
