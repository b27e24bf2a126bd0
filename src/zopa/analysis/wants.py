"""Which readings of each side's aims fit what it said and did? What it stated is the prior, what it did the evidence.

Every dated move of a negotiator was a choice over alternatives; each draw says how likely the choice was, given what
the alternatives were worth to the party in that draw. Draws count by how well they explain all moves together (Bayes'
rule by importance sampling; the choice model is in ``methods/choice.py``, the weighing in ``methods/posterior.py``).
What is learnt: shares of readings, weights of issues, whether a red line is absolute and what crossing it costs
otherwise, and walk-away values.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from zopa.analysis._wants_facts import facts, questions
from zopa.analysis._wants_rows import (
    AlternativeRow,
    MoveRow,
    Spread,
    WantRow,
    move_row,
    want_rows,
)
from zopa.case.bargaining import inputs
from zopa.case.case import DRAWS, Case
from zopa.case.moves import LEAST, picked, telling, weighed
from zopa.case.names import issue_name, party_name, reading_name, red_line_name
from zopa.charts.chart import Chart
from zopa.charts.wants import wants_chart
from zopa.result import (
    Footing,
    Result,
    Table,
    Verdict,
    asked,
    cell,
    ends,
    footing,
    percent,
    rests_on,
    three_ways,
)
from zopa.words import Language, joined, say


@dataclass(frozen=True, kw_only=True, repr=False)
class Wants(Result):
    """Stated against revealed aims of every negotiator."""

    found: tuple[WantRow, ...]
    moves: tuple[MoveRow, ...]
    """What each move tells."""
    footing: Footing
    effective: float
    exponent: float = field(repr=False)
    """1, or less where the likelihood of all moves together had to be tempered."""
    least: float = field(repr=False)
    """As how many independent draws those after the moves must count at least; ``LEAST``, or half of fewer draws."""

    def rows(self) -> tuple[WantRow, ...]:
        """One row for each thing asked about each party."""
        return self.found

    def readings(self, party: str) -> tuple[WantRow, ...]:
        """The rows of a party's readings, the likeliest after the moves first."""
        rows = [row for row in self.found if row.party == party and row.kind == "reading"]
        return tuple(sorted(rows, key=lambda row: -row.revealed.value))

    @property
    def verdict(self) -> Verdict:
        """What the record says of the readings together: it shows them where it shows one of each party."""
        seen = [[r.chance.verdict for r in self.readings(p) if r.chance] for p in self._parties]
        if all(v == "silent" for party in seen for v in party):
            return "silent"
        return "shows" if all("shows" in party for party in seen) else "open"

    @property
    def _parties(self) -> tuple[str, ...]:
        return tuple(p for p in self.case.negotiators if self.readings(p))

    def headline(self, lang: Language = "en") -> str:
        """Per party the reading that fits best, and whether the moves tell readings apart."""
        rests = say("result.rests-sentence", lang, rests=rests_on(self.footing, lang))
        opening = say(f"wants.{self.verdict}", lang)
        if not self._parties:
            learnt = sum(row.learnt for row in self.found)
            return say(f"wants.{'no-readings' if learnt else 'nothing-learnt'}", lang, n=learnt) + rests
        best = "".join(self._best(p, lang) for p in self._parties)
        return (opening + best).rstrip() + rests

    def _best(self, party: str, lang: Language) -> str:
        first = self.readings(party)[0]
        learnt = any(row.learnt for row in self.readings(party))
        return say(
            f"wants.headline-{'learnt' if learnt else 'not-learnt'}",
            lang,
            party=party_name(self.case.file, party, lang),
            reading=reading_name(self.case.file, party, first.item, lang),
            value=percent(first.revealed.value),
            range=ends(first.revealed.low, first.revealed.high),
            stated=percent(first.stated.value),
            zero=percent(first.zero),
        )

    def name_of(self, row: WantRow, lang: Language) -> str:
        """What a row is about, in words."""
        file = self.case.file
        names: Mapping[str, Callable[[], str]] = {
            "reading": lambda: reading_name(file, row.party, row.item, lang),
            "weight": lambda: issue_name(file, row.item, lang),
            "absolute": lambda: red_line_name(file, row.item, lang),
            "firm": lambda: red_line_name(file, row.item, lang),
            "cost": lambda: red_line_name(file, row.item, lang),
            "no_deal": lambda: "",
        }
        return say(f"wants.row-{row.kind}", lang, name=names[row.kind]())

    def table(self, lang: Language = "en") -> Table:
        """Party, what, stated, revealed, zero line, and the move that moved it most."""
        columns = tuple(
            say(f"wants.column-{c}", lang)
            for c in ("party", "what", "stated", "revealed", "cited", "zero", "moved")
        )
        rows = tuple(self._cells(row, lang) for row in self.found)
        return Table(say("wants.caption", lang), columns, rows, tuple(row.because for row in self.found))

    def _cells(self, row: WantRow, lang: Language) -> tuple[str, ...]:
        moved = say("wants.not-learnt", lang)
        if row.learnt and row.moved_by:
            moved = self._move_name(row.moved_by[0].move, lang)
        cited = f"{percent(row.chance.cited)}%" if row.chance is not None else "—"
        return (
            party_name(self.case.file, row.party, lang),
            self.name_of(row, lang),
            _shown(row, row.stated),
            cell(row.chance) if row.chance is not None else _shown(row, row.revealed),
            cited,
            f"{percent(row.zero)}%" if row.chance is not None else f"{row.zero:.2f}",
            moved,
        )

    def _move_name(self, move: str, lang: Language) -> str:
        return next(m.name.get(lang) for m in self.case.file.moves if m.id == move)

    def tables(self, lang: Language = "en") -> tuple[Table, ...]:
        """Stated against revealed, then what each move tells."""
        columns = tuple(say(f"wants.column-{c}", lang) for c in ("move", "alternative", "likely", "readings"))
        rows, because = [], []
        for move in self.moves:
            for alternative in move.alternatives:
                rows.append(self._alternative(move, alternative, lang))
                because.append(move.because)
        if not rows:
            return (self.table(lang),)
        told = Table(say("wants.caption-moves", lang), columns, tuple(rows), tuple(because))
        return (self.table(lang), told)

    def _alternative(self, move: MoveRow, row: AlternativeRow, lang: Language) -> tuple[str, ...]:
        source = next(m for m in self.case.file.moves if m.id == move.move)
        over = next(a for a in source.over if a.id == row.alternative)
        name = over.name.get(lang) if over.name is not None else over.id
        fits = [
            say(
                "wants.fits",
                lang,
                reading=reading_name(self.case.file, move.party, reading, lang),
                share=percent(share),
            )
            for reading, share in sorted(row.by_reading.items(), key=lambda item: -item[1])
        ]
        return (
            say("wants.move", lang, day=move.on, name=source.name.get(lang)),
            say("wants.chosen", lang, name=name) if row.chosen else name,
            f"{percent(row.likelihood)}%",
            say("wants.semicolon", lang).join(fits),
        )

    def notes(self, lang: Language = "en") -> tuple[str, ...]:
        """What the numbers mean; that moves are a selection; how many draws carry them."""
        out = [say(f"wants.note-{n}", lang) for n in ("selection", "model", "learnt", "read")]
        left = [self._move_name(m.move, lang) for m in self.moves if not m.weighed]
        if left:
            out.append(say("wants.note-left", lang, moves=joined(left, lang)))
        effective, least = say("wants.note-effective", lang, n=round(self.effective)), f"{self.least:g}"
        if self.least < LEAST:
            draws, usual = self.parameters["draws"], f"{LEAST:g}"
            effective += say("wants.note-effective-lowered", lang, draws=draws, least=least, usual=usual)
        out.append(effective)
        if self.exponent < 1:
            out.append(say("wants.note-tempered", lang, exponent=f"{self.exponent:.2f}", least=least))
        return tuple(out)

    def plot(self, lang: Language = "en") -> Chart:
        """Stated and revealed side by side."""
        parties = [party_name(self.case.file, row.party, lang) for row in self.found]
        labels = [
            reading_name(self.case.file, row.party, row.item, lang)
            if row.kind == "reading"
            else self.name_of(row, lang)
            for row in self.found
        ]
        learnt = sum(row.learnt for row in self.found)
        described = say("wants.chart-description", lang, n=len(self.found), learnt=learnt)
        return wants_chart(self.found, parties, labels, described, lang)


def _shown(row: WantRow, spread: Spread) -> str:
    if row.chance is not None:
        return f"{percent(spread.value)}% ({ends(spread.low, spread.high)})"
    return f"{spread.value:.2f} ({spread.low:.2f}–{spread.high:.2f})"


def wants(case: Case, *, draws: int = DRAWS, seed: int = 0) -> Wants:
    """Stated against revealed aims of every negotiator of a case, from ``draws`` draws."""
    asked("wants", case, draws=draws, seed=seed)
    before = three_ways(case, draws, seed)
    questioned = tuple(questions(case, before["all"]))
    found = facts(before, questioned)
    told = {e: weighed(drawn, telling(drawn), found.logs[e]) for e, drawn in before.items()}
    made, full = told["all"].made, told["all"].posterior
    after = {e: picked(drawn, told[e].posterior) if told[e].made else drawn for e, drawn in before.items()}
    weights = np.concatenate([full.weights[None], full.left_out()])
    sections, entries = inputs(case.file)
    return Wants(
        case=case,
        method=say("wants.method", "en"),
        parameters={
            "draws": draws,
            "moves": len(made),
            "exponent": full.exponent,
            "effective": full.effective,
        },
        seed=seed,
        found=want_rows(questioned, found, before, after, [move.id for move in made], weights),
        moves=tuple(move_row(case, found, move, draws) for move in case.file.moves),
        footing=footing(case, (*sections, "moves", "readings"), entries=entries),
        effective=full.effective,
        exponent=full.exponent,
        least=full.least if made else LEAST,
    )
