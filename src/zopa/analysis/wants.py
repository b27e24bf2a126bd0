"""Which readings of each side's aims fit what it said and did? What it stated is the prior, what it did the evidence.

Every dated move of a negotiator was a choice over alternatives; each draw says how likely the choice was, given what
the alternatives were worth to the party in that draw. Draws count by how well they explain all moves together (Bayes'
rule by importance sampling; the choice model is in ``methods/choice.py``, the weighing in ``methods/posterior.py``).
What is learnt: shares of readings, weights of issues, whether a red line is absolute and what crossing it costs
otherwise, and walk-away values.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from zopa.case.bargaining import inputs
from zopa.case.case import DRAWS, Case
from zopa.case.course import Move
from zopa.case.draws import Draws, Evidence
from zopa.case.evidence import Bool
from zopa.case.moves import LEAST, Choice, explained, picked, tells
from zopa.case.names import issue_name, party_name, reading_name, red_line_name
from zopa.charts.chart import Chart
from zopa.charts.wants import wants_chart
from zopa.estimate import Array
from zopa.methods.choice import log_choice, rationality
from zopa.methods.intervals import weighted_quantiles
from zopa.methods.products import by_rows
from zopa.result import LEAST as SHOWN
from zopa.result import (
    Chance,
    Footing,
    Result,
    Table,
    Verdict,
    asked,
    cell,
    chance_of,
    ends,
    footing,
    gap,
    given,
    percent,
    rests_on,
    three_ways,
)
from zopa.words import Language, joined, say

Kind = Literal["reading", "weight", "absolute", "firm", "cost", "no_deal"]
_OF_LINES: tuple[Kind, ...] = ("absolute", "firm", "cost")
LEARNT = 0.10
"""A number whose interval shrinks by less than this share is not learnt."""
RANGE = (0.05, 0.5, 0.95)


@dataclass(frozen=True, slots=True)
class Spread:
    """A number with its central 90 % range."""

    value: float
    low: float
    high: float

    @property
    def width(self) -> float:
        """Width of the range."""
        return self.high - self.low


@dataclass(frozen=True, slots=True)
class MovedBy:
    """How much the value would differ had the party not made a move: value with all moves less value without it."""

    move: str
    change: float


@dataclass(frozen=True, slots=True)
class WantRow:
    """One thing that is asked about a party's aims.

    ``kind``: ``reading`` (share of a reading), ``weight`` (of an issue), ``absolute`` (that a red line is there and
    absolute), ``firm`` (that it is absolute, given that it is there), ``cost`` (of crossing it if it is not, where it
    is there), ``no_deal`` (walk-away value). ``stated`` as it stands before the moves, ``revealed`` after them,
    ``zero`` at total ignorance. For probabilities the ranges are over the grade table and ``chance`` has all that
    belongs to ``revealed``; for the other numbers they are quantiles.
    ``shrink``: by which share the range of a number has become smaller. ``moved_by``: the moves by effect.
    """

    party: str
    kind: Kind
    item: str
    stated: Spread
    revealed: Spread
    zero: float
    shrink: float | None
    learnt: bool
    chance: Chance | None
    moved_by: tuple[MovedBy, ...]
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AlternativeRow:
    """How likely an alternative was under each reading of the mover's aims, before anything is learnt."""

    alternative: str
    chosen: bool
    likelihood: float
    by_reading: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class MoveRow:
    """One move: who, when, in which share of draws it stands as reported, and how its alternatives tell readings apart.

    ``weighed`` is false where it can tell nothing: its party does not negotiate, or there was nothing to choose from.
    """

    move: str
    party: str
    on: str
    stands: float
    weighed: bool
    alternatives: tuple[AlternativeRow, ...]
    because: tuple[str, ...]


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
        out.append(say("wants.note-effective", lang, n=round(self.effective)))
        if self.exponent < 1:
            out.append(say("wants.note-tempered", lang, exponent=f"{self.exponent:.2f}", least=round(LEAST)))
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
    told = {evidence: explained(drawn) for evidence, drawn in before.items()}
    made, full = told["all"].made, told["all"].posterior
    after = {e: picked(drawn, told[e].posterior) if told[e].made else drawn for e, drawn in before.items()}
    ids = [choice.move.id for choice in made]
    weights = np.stack([full.weights, *(full.without(m).weights for m in range(len(ids)))])
    sections, entries = inputs(case.file)
    questions = tuple(_questions(case, before["all"]))
    rows = tuple(_row(q, before, after, ids, weights) for q in questions)
    return Wants(
        case=case,
        method=say("wants.method", "en"),
        parameters={
            "draws": draws,
            "moves": len(ids),
            "exponent": full.exponent,
            "effective": full.effective,
        },
        seed=seed,
        found=rows,
        moves=tuple(_move_row(before["all"], made, move) for move in case.file.moves),
        footing=footing(case, (*sections, "moves", "readings"), entries=entries),
        effective=full.effective,
        exponent=full.exponent,
    )


@dataclass(frozen=True, slots=True)
class _Question:
    """Something asked about a party's aims; ``item`` is a reading, an issue or a red line."""

    party: str
    kind: Kind
    item: str
    because: tuple[str, ...]


def _questions(case: Case, drawn: Draws) -> Iterable[_Question]:
    file = case.file
    for party in case.negotiators:
        for reading in file.readings.get(party, ()):
            cited = [c.claim for c in (*reading.because, *reading.prior.because)]
            yield _Question(party, "reading", reading.id, _known(case, cited))
        for issue in drawn.table.issues:
            cited = list(drawn.quantities[f"preferences.{party}.{issue}.weight"].basis.claims)
            yield _Question(party, "weight", issue, _known(case, cited))
        for line in file.red_lines:
            if line.party == party and line.issue is not None:
                known = _known(case, [c.claim for c in line.because])
                yield from (_Question(party, kind, line.key, known) for kind in _OF_LINES)
        path = f"preferences.{party}.no_deal.value"
        cited = list(drawn.quantities[path].basis.claims) if path in drawn.quantities else []
        yield _Question(party, "no_deal", "no_deal", _known(case, cited))


def _yes(asked: _Question, drawn: Draws) -> Bool:
    """In which draws a reading holds, or a red line is there and absolute, or absolute if it is there."""
    if asked.kind == "absolute":
        return drawn.red_line(asked.item)[1]
    if asked.kind == "firm":
        # Drawn whether the line is there or not: that at ignorance no line is there leaves its firmness open.
        path = f"red_lines.{asked.item}"
        return np.asarray(drawn.uniforms(f"{path}/absolute") < drawn.number(f"{path}.firm"))
    ids = [reading.id for reading in drawn.case.file.readings[asked.party]]
    return np.asarray(drawn.reading(asked.party) == ids.index(asked.item))


def _where(asked: _Question, drawn: Draws) -> Bool:
    """In which draws the question means anything: of a red line's firmness, where the line is there, if anywhere."""
    everywhere = np.ones(drawn.n, dtype=bool)
    if asked.kind not in ("firm", "cost"):
        return everywhere
    there, _, _ = drawn.red_line(asked.item)
    return there if there.any() else everywhere


def _picked(series: Bool, drawn: Draws) -> Bool:
    return series if drawn.pick is None else series[drawn.pick]


def _number(asked: _Question, drawn: Draws) -> tuple[Array, Bool]:
    """A weight, a cost or a walk-away value in every draw, and in which draws it means anything."""
    p = drawn.case.negotiators.index(asked.party)
    where = _where(asked, drawn)
    if asked.kind == "weight":
        return drawn.table.weights[:, p, drawn.table.issues.index(asked.item)], where
    if asked.kind == "no_deal":
        return drawn.table.reserve[:, p], where
    return drawn.red_line(asked.item)[2], where


def _known(case: Case, claims: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(c for c in claims if c in case.ledger.by_id))


def _row(
    asked: _Question,
    before: Mapping[Evidence, Draws],
    after: Mapping[Evidence, Draws],
    ids: Sequence[str],
    weights: Array,
) -> WantRow:
    prior = before["all"]
    if asked.kind in ("reading", "absolute", "firm"):
        stated_hits, where = _yes(asked, prior), _where(asked, prior)
        said = given(stated_hits, where)
        # What holds in a draw holds wherever the draw is picked.
        hits = {
            e: given(_picked(_yes(asked, drawn), after[e]), _picked(_where(asked, drawn), after[e]))
            for e, drawn in before.items()
        }
        stated, found = prior.interval(said), chance_of(hits, after)
        change = gap(hits["all"], after["all"], said, prior)
        clear = change.excludes_zero and abs(change.mean) > max(SHOWN, 2 * change.error)
        return WantRow(
            party=asked.party,
            kind=asked.kind,
            item=asked.item,
            stated=Spread(stated.mean, stated.low, stated.high),
            revealed=Spread(found.value, found.low, found.high),
            zero=found.zero,
            shrink=None,
            learnt=clear,
            chance=found,
            moved_by=_moved(stated_hits.astype(float), where.astype(float), ids, weights),
            because=asked.because,
        )
    series, where = _number(asked, prior)
    here = where.astype(float)
    by_words, by_deeds = _spreads(series, np.stack([here, weights[0] * here]))
    shrink = 1 - by_deeds.width / by_words.width if by_words.width > 0 else 0.0
    return WantRow(
        party=asked.party,
        kind=asked.kind,
        item=asked.item,
        stated=by_words,
        revealed=by_deeds,
        zero=float(np.median(_number(asked, before["none"])[0])),
        shrink=shrink,
        learnt=shrink >= LEARNT,
        chance=None,
        moved_by=_moved(series, here, ids, weights),
        because=asked.because,
    )


def _spreads(series: Array, weights: Array) -> tuple[Spread, ...]:
    """The median and the central range of a series by each row of ``weights`` (rows, draws)."""
    found = weighted_quantiles(series, weights, RANGE)
    return tuple(Spread(float(mid), float(low), float(high)) for low, mid, high in found)


def _moved(series: Array, here: Array, ids: Sequence[str], weights: Array) -> tuple[MovedBy, ...]:
    """Every move's effect on the mean of a series where it means anything, the largest first.

    ``weights`` (1 + moves, draws): with all moves, then without each.
    """
    sums, masses = by_rows(weights, np.stack([series * here, here], axis=1)).T
    means = np.divide(sums, masses, out=np.zeros_like(sums), where=masses > 0)
    found = [MovedBy(i, float(means[0] - mean)) for i, mean in zip(ids, means[1:], strict=True)]
    return tuple(sorted(found, key=lambda moved: -abs(moved.change)))


def _move_row(drawn: Draws, made: Sequence[Choice], move: Move) -> MoveRow:
    case = drawn.case
    cited = _known(case, [c.claim for c in move.because])
    choice = next((c for c in made if c.move.id == move.id), None)
    stands = float(drawn.entry_stands(move).mean())
    if choice is None or not tells(move, drawn):
        return MoveRow(move.id, move.party, move.on.isoformat(), stands, False, (), cited)
    rational = rationality(drawn.uniforms(f"moves.{move.party}/rationality"))
    readings = case.file.readings.get(move.party, ())
    taken = drawn.reading(move.party)
    rows = []
    for k, alternative in enumerate(move.over):
        likely = np.exp(log_choice(choice.utilities, k, rationality=rational, weight=1.0, nests=choice.nests))
        by = {r.id: float(likely[taken == j].mean()) for j, r in enumerate(readings) if (taken == j).any()}
        rows.append(AlternativeRow(alternative.id, k == choice.chosen, float(likely.mean()), by))
    return MoveRow(move.id, move.party, move.on.isoformat(), stands, True, tuple(rows), cited)
