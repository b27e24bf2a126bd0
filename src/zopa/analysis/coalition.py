"""Who can carry a deal together, who can block it, who gains by leaving it, and which states no coalition would leave.

Coalition analysis of the graph model: coalitional stability (Kilgour, Hipel, Fang and Peng 2001; Inohara and Hipel
2008), and what changes where some parties act as one (bloc analysis).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zopa.analysis._coalition_measure import CONCEPT, answers, enough, posed
from zopa.analysis._coalition_rows import (
    BlocRow,
    CoalitionRow,
    DealRow,
    JumpRow,
    LastingRow,
    StateRow,
    bloc_rows,
    coalition_rows,
    deal_rows,
    deals_found,
    jump_rows,
    lasting_rows,
    state_rows,
)
from zopa.analysis._coalition_tables import (
    bloc_states_table,
    bloc_table,
    coalition_in_text,
    coalition_name,
    coalition_table,
    deals_table,
    equilibria,
    jump_table,
    lasting_table,
    leaver,
    likeliest,
    outcome_name,
    points,
    shown,
    states_named,
    states_table,
    steadiest,
)
from zopa.case.case import DRAWS, Case
from zopa.case.conflict import Conflict, conflict_of
from zopa.case.rankings import crisp
from zopa.case.verdicts import grounds
from zopa.charts.chart import Chart
from zopa.charts.coalition import Line, coalition_chart, lasting_chart
from zopa.methods.coalitions import ALL_COALITIONS
from zopa.result import (
    Chance,
    Footing,
    ReadingShare,
    Result,
    Share,
    Table,
    asked,
    by_reading,
    ends,
    footing,
    headline,
    jsonable,
    percent,
    reading_table,
    three_ways,
)
from zopa.words import Language, joined, say


@dataclass(frozen=True, kw_only=True, repr=False)
class Coalition(Result):
    """Who carries, blocks and leaves the deals of a standoff, and what no coalition would leave."""

    conflict: Conflict
    deals: tuple[DealRow, ...]
    found: tuple[CoalitionRow, ...]
    lasting: tuple[LastingRow, ...]
    states: tuple[StateRow, ...]
    jumps: tuple[JumpRow, ...]
    bloc: tuple[str, ...]
    """Parties that act as one, none where no bloc was asked for."""
    blocs: tuple[BlocRow, ...]
    readings: Mapping[str, tuple[ReadingShare, ...]]
    """Of the first deal, per reading of each side's aims: that it is ``carried``, and ``kept``."""
    rests: Footing
    certain: bool
    draws: int

    def rows(self) -> tuple[CoalitionRow, ...]:
        """Deal by deal every coalition; ``deals``, ``lasting``, ``states``, ``jumps`` and ``blocs`` hold the rest."""
        return self.found

    def main(self) -> tuple[Any, ...]:
        """The rows whose probabilities a reader is told first: deals, else outcomes, else states."""
        return self.deals or self.lasting or self.states

    def of(self, members: Sequence[str], outcome: str | None = None) -> CoalitionRow:
        """The row of a coalition, of the first deal unless told otherwise; ``ValueError`` where there is none."""
        wanted = outcome or (self.deals[0].outcome if self.deals else None)
        for row in self.found:
            if row.outcome == wanted and set(row.members) == set(members):
                return row
        raise ValueError(f"coalition: no row of {list(members)} for the deal {wanted!r}")

    def state(self, n: int) -> StateRow:
        """The row of a state by its number; ``ValueError`` for a number that no feasible state has."""
        row = next((row for row in self.states if row.n == n), None)
        if row is None:
            raise ValueError(
                f"coalition: state is {n}, but the states run from {self.states[0].n} to {self.states[-1].n}"
            )
        return row

    def headline(self, lang: Language = "en") -> str:
        """How likely it is that some coalition carries the first deal, which one, and who would leave it."""
        if self.certain:
            told = self._certain(lang)
        elif self.deals:
            told = self._uncertain(lang)
        elif self.lasting:
            row = self.lasting[-1]
            what = say("coalition.what-lasts", lang, outcome=outcome_name(self.conflict, row.outcome, lang))
            told = headline(row.universal, what, lang, conditions=self._conditions(lang), rests=self.rests)
        else:
            numbers = equilibria(self.states, CONCEPT, "universal")
            told = say("coalition.middle", lang, states=states_named(numbers, lang))
        return told + self._with_bloc(lang)

    def _conditions(self, lang: Language) -> list[str]:
        return [say("coalition.condition", lang)] if self.rests.assumed > 0 else []

    def _uncertain(self, lang: Language) -> str:
        deal = self.deals[0]
        name = outcome_name(self.conflict, deal.outcome, lang)
        lead = deal.kept if deal.carried is None else deal.carried
        key = "what-kept" if deal.carried is None else "what"
        told = headline(
            lead,
            say(f"coalition.{key}", lang, outcome=name),
            lang,
            conditions=self._conditions(lang),
            rests=self.rests,
        )
        return told if lead.verdict == "silent" else told + self._after(deal, lang)

    def _after(self, deal: DealRow, lang: Language) -> str:
        """Whom it takes, who gains by leaving, and how often it goes to a state that no coalition would leave."""
        rows = [row for row in self.found if row.outcome == deal.outcome]
        least, leaving = likeliest(rows), leaver(rows)
        told = []
        if least is not None:
            told.append(
                say("coalition.takes", lang, members=coalition_in_text(self.conflict, least.members, lang))
            )
        if leaving is not None:
            told.append(
                say(
                    "coalition.leaving",
                    lang,
                    members=coalition_in_text(self.conflict, leaving.members, lang),
                    **_range(leaving.leaves),
                )
            )
        if deal.carried is not None:
            told.append(say("coalition.kept", lang, **_range(deal.kept)))
        return say("coalition.after", lang, list=say("coalition.semicolon", lang).join(told)) if told else ""

    def _certain(self, lang: Language) -> str:
        """Who carries each deal, what no coalition would leave, and the first joint move."""
        parts, nobody = [], []
        for deal in self.deals:
            rows = [row for row in self.found if row.outcome == deal.outcome]
            by = [row.members for row in rows if row.smallest is not None and row.smallest.value]
            name = say("coalition.quoted", lang, outcome=outcome_name(self.conflict, deal.outcome, lang))
            if deal.carried is not None and not by:
                nobody.append(name)
            if by:
                named = [coalition_in_text(self.conflict, members, lang) for members in by]
                members = say("coalition.or", lang).join(named)
                parts.append(say("coalition.certain-by", lang, outcome=name, members=members))
        if nobody:
            names = say("coalition.or", lang).join(nobody)
            parts.append(say("coalition.certain-nobody", lang, outcomes=names))
        numbers = equilibria(self.states, CONCEPT, "universal")
        parts.append(say("coalition.certain-states", lang, states=states_named(numbers, lang)))
        if self.jumps:
            first = self.jumps[0]
            members = coalition_in_text(self.conflict, first.members, lang)
            parts.append(say("coalition.certain-jump", lang, members=members, n=first.n, to=first.to))
        return say("coalition.certain", lang, list=say("coalition.semicolon", lang).join(parts))

    def _with_bloc(self, lang: Language) -> str:
        if not self.bloc:
            return ""
        named = coalition_in_text(self.conflict, self.bloc, lang)
        if self.certain or not self.blocs:
            numbers = [equilibria(self.states, CONCEPT, whose) for whose in ("merged", "single")]
            after, before = (states_named(found, lang) for found in numbers)
            return say("coalition.bloc-states", lang, bloc=named, after=after, before=before)
        lead = self.deals[0].outcome if self.deals else self.blocs[-1].outcome
        row = next(row for row in self.blocs if row.outcome == lead)
        return say(
            "coalition.bloc-outcome",
            lang,
            bloc=named,
            outcome=outcome_name(self.conflict, row.outcome, lang),
            after=percent(row.after[CONCEPT].value),
            before=percent(row.before[CONCEPT].value),
            gained=points(row.gained, lang),
            zero_after=percent(row.after[CONCEPT].zero),
            zero_before=percent(row.before[CONCEPT].zero),
        )

    def table(self, lang: Language = "en") -> Table:
        """The deals; without any, the outcomes; without those, the states."""
        if self.deals:
            return deals_table(self.conflict, self.deals, self.found, lang)
        if self.lasting:
            return lasting_table(self.conflict, self.lasting, lang)
        return states_table(self.conflict, self.states, (), lang)

    def tables(self, lang: Language = "en") -> tuple[Table, ...]:
        """Deals, the bloc, each deal coalition by coalition, what lasts, joint moves, states, and all per reading."""
        conflict, made = self.conflict, [self.table(lang)]
        if self.bloc:
            made.append(bloc_table(conflict, self.bloc, self.blocs, lang))
            made.append(bloc_states_table(conflict, self.bloc, self.states, self.certain, lang))
        made += [coalition_table(conflict, deal, self.found, lang) for deal in self.deals]
        if self.deals:
            made.append(lasting_table(conflict, self.lasting, lang))
        made.append(jump_table(conflict, self.jumps, lang))
        if self.lasting:
            made.append(states_table(conflict, self.states, self.lasting, lang))
        for key, shares in self.readings.items():
            name = outcome_name(conflict, self.deals[0].outcome, lang)
            what = say(f"coalition.caption-{key}", lang, outcome=name)
            made.append(reading_table(self.case, shares, what, lang, self.rests.claims))
        return (made[0], *(table for table in made[1:] if table.rows))

    def notes(self, lang: Language = "en") -> tuple[str, ...]:
        """What carrying, blocking and leaving mean, what coalitional stability is, and what was left out."""
        conflict, parties = self.conflict, len(self.conflict.parties)
        keys = ["carry", "block", "leave"] if self.deals else ["no-deal"]
        keys += ["slash"]
        keys += ["stability", "size"] if self.lasting else ["stability"]
        keys += ["bloc"] if self.bloc else []
        keys += ["certain"] if self.certain else []
        keys += ["no-start"] if conflict.status_quo is None and self.deals else []
        keys += (
            ["there"]
            if conflict.status_quo is not None and any(d.carried is None for d in self.deals)
            else []
        )
        rankings = conflict.standoff.rankings.values()
        keys += ["pairs"] if any(r.prefers or r.unknown or r.strongly for r in rankings) else []
        keys += ["unseen"] if conflict.unseen is not None else []
        told = [say(f"coalition.note-{key}", lang) for key in keys]
        if parties > ALL_COALITIONS:
            told.append(say("coalition.note-many", lang, n=parties, most=ALL_COALITIONS))
        wanted = self.parameters["draws"]
        if self.draws < wanted:
            told.append(
                say("coalition.note-fewer", lang, states=len(conflict), draws=self.draws, wanted=wanted)
            )
        if not self.certain:
            chances = [c for d in self.deals for c in (d.carried, d.kept, d.left) if c is not None]
            chances += [row.universal for row in self.lasting]
            chances += [row.refuses for row in self.found if row.refuses is not None]
            error = f"{100 * max((c.error for c in chances), default=0.0):.1f}"
            told.append(say("coalition.note-error", lang, error=error))
        return tuple(told)

    def plot(self, lang: Language = "en") -> Chart:
        """The first deal, coalition by coalition: carries it, refuses it, leaves it; without deals, what lasts."""
        if not self.deals:
            return self._plot_lasting(lang)
        deal, rows = self.deals[0], [row for row in self.found if row.outcome == self.deals[0].outcome]
        lines = [
            Line(coalition_name(self.conflict, row.members, lang), row.carries, row.refuses, row.leaves)
            for row in shown(rows)
        ]
        name = outcome_name(self.conflict, deal.outcome, lang)
        told = [
            say(
                "coalition.chart-line",
                lang,
                members=line.label,
                carries="–" if line.carries is None else f"{percent(line.carries.value)}%",
                leaves=f"{percent(line.leaves.value)}%",
            )
            for line in lines
        ]
        described = say("coalition.chart-description", lang, outcome=name, list="；".join(told))
        if lang == "en":
            described = described.replace("；", "; ")
        return coalition_chart(lines, name, deal.state, described, lang)

    def _plot_lasting(self, lang: Language) -> Chart:
        marks: list[tuple[str, Chance | Share]] = [
            (outcome_name(self.conflict, r.outcome, lang), r.universal) for r in self.lasting
        ]
        if not marks:
            states = steadiest(self.states)
            marks = [(say("coalition.state", lang, n=r.n), r.universal[CONCEPT]) for r in states]
        told = joined([f"{label} {percent(value.value)}%" for label, value in marks], lang)
        return lasting_chart(marks, say("coalition.chart-lasting-description", lang, list=told), lang)

    def whole(self) -> Mapping[str, Any]:
        """Whether the rankings are certain, and how many draws were judged."""
        return {"certain": self.certain, "judged": self.draws}

    def to_json(self) -> dict[str, object]:
        """The one shape of all results; each row says its ``table``: coalitions, deals, outcomes, states, jumps, bloc
        or readings."""
        readings = [{"of": of, **jsonable(share)} for of, found in self.readings.items() for share in found]
        tables: Mapping[str, list[dict[str, Any]]] = {
            "coalitions": jsonable(self.found),
            "deals": jsonable(self.deals),
            "outcomes": jsonable(self.lasting),
            "states": jsonable(self.states),
            "jumps": jsonable(self.jumps),
            "bloc": jsonable(self.blocs),
            "readings": readings,
        }
        rows = [{"table": name, **row} for name, found in tables.items() for row in found]
        return {**super().to_json(), "rows": rows}


def _range(value: Chance | Share) -> dict[str, str]:
    return {
        "share": percent(value.value),
        "range": ends(value.low, value.high),
        "zero": percent(value.zero),
    }


def coalition(
    case: Case,
    *,
    draws: int = DRAWS,
    seed: int = 0,
    after_moves: bool = False,
    bloc: Sequence[str] | None = None,
) -> Coalition:
    """Who carries, blocks and leaves each deal of the case's ``standoff``, and which states no coalition would leave.

    ``bloc``: two or more decision makers that act as one, compared with each acting for itself. A conflict of many
    states is judged in fewer draws, as a note then says. ``IncompleteCaseError`` where the case has no standoff, or one
    with too many states for coalitions; ``ValueError`` for a ``bloc`` of fewer than two decision makers.
    """
    asked("coalition", case, draws=draws, seed=seed)
    conflict = conflict_of(case.file)
    ask = posed(conflict, bloc)
    ways = three_ways(case, enough(ask, draws), seed, after_moves=after_moves)
    found = {e: answers(drawn, ask) for e, drawn in ways.items()}
    deals = deals_found(ask, found)
    readings: dict[str, tuple[ReadingShare, ...]] = {}
    if deals:
        if deals[0].asked:
            readings["carried"] = by_reading({e: bits != 0 for e, bits in deals[0].carries.items()}, ways)
        readings["kept"] = by_reading(deals[0].kept, ways)
    return Coalition(
        case=case,
        method=say("coalition.method", "en"),
        parameters={
            "draws": draws,
            "after_moves": after_moves,
            "bloc": list(bloc) if bloc is not None else None,
            "states": len(conflict),
            "parties": list(conflict.parties),
            "concept": CONCEPT,
        },
        seed=seed,
        conflict=conflict,
        deals=deal_rows(case, ask, deals, ways),
        found=coalition_rows(case, ask, deals, ways),
        lasting=lasting_rows(case, ask, found, ways),
        states=state_rows(case, ask, found, ways),
        jumps=jump_rows(case, ask, found, ways),
        bloc=tuple(conflict.parties[p] for p in ask.bloc),
        blocs=bloc_rows(case, ask, found, ways),
        readings=readings,
        rests=footing(case, (), entries=grounds(conflict)),
        certain=crisp(ways["all"], conflict),
        draws=ways["all"].n,
    )
