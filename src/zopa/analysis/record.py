"""What do we know, from whom, how well, and what contradicts what? The record itself, weighed but not interpreted.

Who says what is a list; how well is the weight of each origin (P(said) × bearing, Admiralty grades) with the range that
the grade table's own uncertainty gives it; what contradicts what comes from typed rules and people's notes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from zopa.case.case import Case
from zopa.case.names import issue_name, party_name
from zopa.case.testimony import (
    SUPPORT,
    ConflictRow,
    EventRow,
    MatterRow,
    OriginRow,
    RecordRow,
    ShiftRow,
    Span,
    SupportRow,
    Testimony,
    VoiceRow,
)
from zopa.charts.chart import Chart
from zopa.charts.record import record_chart
from zopa.result import Result, Table, jsonable, percent
from zopa.words import Language, has, joined, say


@dataclass(frozen=True, kw_only=True, repr=False)
class Record(Result):
    """The record of a case on its day, with the weight of everything in it."""

    tabled: Testimony = field(repr=False)

    @property
    def day(self) -> date:
        """The day whose record this is."""
        return self.case.file.as_of

    def rows(self) -> tuple[RecordRow, ...]:
        """Every accepted claim, in file order."""
        return self.tabled.claims

    def origins(self) -> tuple[OriginRow, ...]:
        """Every origin with its weight, before and after what contradicts it."""
        return self.tabled.origins

    def conflicts(self) -> tuple[ConflictRow, ...]:
        """Every contradicting pair, with its resolution."""
        return self.tabled.conflicts

    def shifts(self) -> tuple[ShiftRow, ...]:
        """Positions that a side gave up or turned round on a later day."""
        return self.tabled.shifts

    def timeline(self) -> tuple[EventRow, ...]:
        """Claims and moves by day."""
        return self.tabled.timeline

    def voices(self) -> tuple[VoiceRow, ...]:
        """Every voice and what it said, most claims first."""
        return self.tabled.voices

    def matters(self) -> tuple[MatterRow, ...]:
        """Every issue that claims speak of, fewest origins first."""
        return self.tabled.matters

    def supports(self) -> tuple[SupportRow, ...]:
        """Per negotiator, on whose word the case's estimates about it rest."""
        return self.tabled.supports

    # -- for people --------------------------------------------------------------------------------------------------

    def headline(self, lang: Language = "en") -> str:
        """How much there is, from how many voices, what is contested, and how much rests on unnamed voices."""
        claims = self.case.ledger.claims
        day = _day(self.day, lang)
        if not claims:
            return say("record.silent", lang, day=day)
        conflicts = self.conflicts()
        routes = self.tabled.documents(claims)
        parts = [
            say(
                "record.size",
                lang,
                day=day,
                n=len(claims),
                origins=len(self.case.ledger.origins),
                route=say("record.one-route", lang) if len(routes) == 1 and len(claims) > 1 else "",
            ),
            say("record.contested", lang, n=len(conflicts), open=sum(c.settled is None for c in conflicts))
            if conflicts
            else say("record.uncontested", lang),
            say("record.unnamed", lang, share=percent(sum(c.anonymous for c in claims) / len(claims))),
        ]
        supports = [row for row in self.supports() if row.inputs]
        if supports:
            inputs = sum(row.inputs for row in supports)
            uncited, unnamed = (
                sum(row.inputs * getattr(row, key) for row in supports) for key in ("uncited", "unnamed")
            )
            shares = {"uncited": percent(uncited / inputs), "unnamed": percent(unnamed / inputs)}
            parts.append(say("record.estimates", lang, **shares))
        return (" " if lang == "en" else "").join(parts)

    def table(self, lang: Language = "en") -> Table:
        """Every claim: when, who, what, how graded, what it weighs, what contradicts it."""
        columns = ("claim", "day", "who", "what", "kind", "grade", "weight", "against")
        rows = tuple(self._cells(row, lang) for row in self.rows())
        return self._table("claims", columns, rows, [row.because for row in self.rows()], lang)

    def _cells(self, row: RecordRow, lang: Language) -> tuple[str, ...]:
        return (
            row.claim,
            _day(row.on, lang) if row.on else "—",
            self._voice(row.speaker, row.party, row.unnamed, lang),
            row.translation.get(lang, row.quote),
            say(f"record.kind-{row.kind.replace(' ', '-')}", lang),
            f"{row.letter}{row.number}",
            _range(row.weight),
            joined(row.contradicts, lang) or "—",
        )

    def _voice(self, voice: str | None, party: str | None, unnamed: bool, lang: Language) -> str:
        """A voice by the name the case gives it in the reader's language, with its side."""
        side = party_name(self.case.file, party, lang) if party else ""
        name = self._named.get(voice or "", {}).get(lang) or voice or say("record.no-voice", lang)
        if voice == "narrator":
            name = say("record.narrator", lang)
        elif side and lang == "en" and not name.isascii():
            # A name that the case does not give in English: the side says more to the reader.
            name = side
        marks = [m for m in (side, say("record.mark-unnamed", lang) if unnamed else "") if m and m != name]
        separator = "，" if lang == "zh" else ", "
        return name + (say("record.marks", lang, marks=separator.join(marks)) if marks else "")

    @cached_property
    def _named(self) -> Mapping[str, Mapping[str, str]]:
        """Names of people and bodies in both languages, by each of them."""
        out: dict[str, Mapping[str, str]] = {}
        file = self.case.file
        given = [*(p.name for p in file.people.values()), *(b.name for b in file.bodies.values())]
        for one in given:
            names = {"en": one.get("en"), "zh": one.get("zh")}
            for name in names.values():
                out.setdefault(name.strip("《》"), names)
        return out

    def _table(
        self,
        name: str,
        columns: Sequence[str],
        rows: Iterable[tuple[str, ...]],
        because: Iterable[tuple[str, ...]],
        lang: Language,
    ) -> Table:
        heads = tuple(say(f"record.column-{c}", lang) for c in columns)
        return Table(say(f"record.caption-{name}", lang), heads, tuple(rows), tuple(because))

    def tables(self, lang: Language = "en") -> tuple[Table, ...]:
        """Contradictions, shifts, on whose word each party's estimates rest, issues, origins, and every claim."""
        made = (
            self._conflicts_table(lang),
            self._shifts_table(lang),
            self._supports_table(lang),
            self._matters_table(lang),
            self._origins_table(lang),
            self.table(lang),
        )
        return tuple(table for table in made if table.rows)

    def _conflicts_table(self, lang: Language) -> Table:
        rows = tuple(
            (
                say(f"record.conflict-{c.kind}", lang),
                self._quoted(c.a, lang),
                self._quoted(c.b, lang),
                say("record.later", lang, claim=c.later) if c.later else "—",
                self._outcome(c, lang),
            )
            for c in self.conflicts()
        )
        columns = ("conflict", "one", "other", "later", "outcome")
        return self._table("conflicts", columns, rows, (c.because for c in self.conflicts()), lang)

    def _outcome(self, row: ConflictRow, lang: Language) -> str:
        if row.settled is None:
            return say("record.unsettled", lang)
        by = say("record.by", lang, claims=joined(row.settled_by, lang)) if row.settled_by else ""
        return say("record.settled", lang, claim=row.settled) + by

    def _quoted(self, claim: str, lang: Language) -> str:
        found = self.case.ledger.by_id[claim]
        who = self._voice(found.speaker_head or found.speaker, found.party, found.anonymous, lang)
        return say("record.quoted", lang, claim=claim, who=who, text=found.text(lang))

    def _shifts_table(self, lang: Language) -> Table:
        found = self.shifts()
        rows = tuple(
            (
                party_name(self.case.file, s.party, lang),
                self._quoted(s.before, lang),
                self._quoted(s.after, lang),
            )
            for s in found
        )
        return self._table("shifts", ("party", "before", "after"), rows, (s.because for s in found), lang)

    def _supports_table(self, lang: Language) -> Table:
        found = self.supports()
        rows = tuple(
            (
                party_name(self.case.file, row.party, lang),
                str(row.inputs),
                *(f"{percent(getattr(row, name))}%" for name in SUPPORT),
                f"{percent(row.single)}%",
            )
            for row in found
        )
        columns = ("party", "inputs", *SUPPORT, "single")
        return self._table("supports", columns, rows, (row.because for row in found), lang)

    def _matters_table(self, lang: Language) -> Table:
        found = self.matters()
        yes = say("record.yes", lang)
        rows = tuple(
            (
                self._issue(m.issue, lang),
                str(m.claims),
                str(m.origins),
                yes if m.single_origin else "—",
                yes if m.single_route else "—",
            )
            for m in found
        )
        columns = ("issue", "claims", "origins", "single-origin", "single-route")
        return self._table("matters", columns, rows, (m.because for m in found), lang)

    def _issue(self, issue: str, lang: Language) -> str:
        """An issue of the case, or a tag such as ``venue`` that claims carry beside it."""
        if issue not in self.case.file.issues and has(f"record.issue-{issue}"):
            return say(f"record.issue-{issue}", lang)
        return issue_name(self.case.file, issue, lang)

    def _origins_table(self, lang: Language) -> Table:
        found = self.origins()
        rows = tuple(
            (
                o.origin,
                self._voice(o.voice, o.party, o.unnamed, lang),
                str(o.claims),
                _range(o.said),
                _range(o.weight),
                _range(o.stands),
                str(o.inputs),
            )
            for o in found
        )
        columns = ("origin", "who", "claims", "said", "weight", "stands", "cited")
        return self._table("origins", columns, rows, (o.because for o in found), lang)

    def notes(self, lang: Language = "en") -> tuple[str, ...]:
        """What the weights are, and what a contradiction is."""
        return tuple(say(f"record.note-{name}", lang) for name in ("weight", "origin", "contradiction"))

    def plot(self, lang: Language = "en") -> Chart:
        """Claims by day and party, contradicting pairs joined."""
        names = {p: party_name(self.case.file, p, lang) for p in self.case.file.parties}
        links = [(c.a, c.b) for c in self.conflicts()]
        shown = {row.claim: row.translation.get(lang, row.quote) for row in self.rows()}
        return record_chart(self.rows(), links, names, shown, self.case.negotiators, lang)

    def to_json(self) -> dict[str, object]:
        """The rows in the one shape of all results, and every further table under its name."""
        further = {
            "day": self.day,
            "origins": self.origins(),
            "conflicts": self.conflicts(),
            "shifts": self.shifts(),
            "timeline": self.timeline(),
            "voices": self.voices(),
            "matters": self.matters(),
            "supports": self.supports(),
        }
        return {**super().to_json(), **{name: jsonable(value) for name, value in further.items()}}


def record(case: Case, *, draws: int = 2000, seed: int = 0) -> Record:
    """The record of a case on its day; ``draws`` is the number of draws of the grade table."""
    if draws < 1:
        raise ValueError(f"record: draws must be at least 1, not {draws}")
    return Record(
        case=case,
        method="origin weight = P(said) × bearing over draws of the grade table (Admiralty grades)",
        parameters={"draws": draws, "as_of": case.file.as_of},
        seed=seed,
        tabled=Testimony(case, seed, draws),
    )


def _range(span: Span) -> str:
    return f"{percent(span.mid)}% ({percent(span.low)}–{percent(span.high)})"


def _day(value: date, lang: Language) -> str:
    if lang == "zh":
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {value:%b %Y}"
