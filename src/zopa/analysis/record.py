"""What do we know, from whom, how well, and what contradicts what? The record itself, weighed but not interpreted.

Who says what is a list; how well is the weight of each origin (P(said) × bearing, Admiralty grades) with the range that
the grade table's own uncertainty gives it; what contradicts what comes from typed rules and people's notes.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from zopa.case.case import DRAWS, Case
from zopa.case.names import issue_name, party_name
from zopa.case.testimony import (
    SUPPORT,
    ConflictRow,
    CopyRow,
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
from zopa.claims.voice import voice_name
from zopa.result import Result, Table, asked, ends, jsonable, percent
from zopa.words import Language, has, joined, say

TABLES = ("conflicts", "voices", "timeline", "shifts", "supports", "matters", "copies", "origins", "claims")
"""The names of the record's tables, most important first, the longest last."""


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

    def copies(self) -> tuple[CopyRow, ...]:
        """Texts that several outlets carried: who had it first, and who passed it on; each is one voice."""
        return self.tabled.copies

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
        routes = self.tabled.documents(claims)
        parts = [
            say(
                "record.size",
                lang,
                day=day,
                claims=say("result.claims", lang, n=len(claims)),
                origins=say("result.origins", lang, n=len(self.case.ledger.origins)),
                route=say("record.one-route", lang) if len(routes) == 1 and len(claims) > 1 else "",
            ),
            self._contested(lang),
            self._unnamed(lang),
        ]
        supports = [row for row in self.supports() if row.inputs]
        if supports:
            inputs = sum(row.inputs for row in supports)
            uncited, unnamed = (
                sum(row.inputs * getattr(row, key) for row in supports) / inputs
                for key in ("uncited", "unnamed")
            )
            kind = "none-cited" if uncited == 1 else "estimates" if unnamed else "estimates-named"
            parts.append(say(f"record.{kind}", lang, uncited=percent(uncited), unnamed=percent(unnamed)))
        return (" " if lang == "en" else "").join(parts)

    def _contested(self, lang: Language) -> str:
        """How many claims contradict each other, and how many of these quarrels the record leaves open."""
        conflicts = self.conflicts()
        if not conflicts:
            return say("record.uncontested", lang)
        n = sum(c.settled is None for c in conflicts)
        kind = "open-none" if n == 0 else "open-all" if n == len(conflicts) else "open-some"
        return say("record.contested", lang, n=len(conflicts), open=say(f"record.{kind}", lang, open=n))

    def _unnamed(self, lang: Language) -> str:
        """How much of the record voices made that nobody can be held to."""
        claims = self.case.ledger.claims
        unnamed = sum(c.anonymous for c in claims)
        kind = "all-unnamed" if unnamed == len(claims) else "unnamed" if unnamed else "none-unnamed"
        return say(f"record.{kind}", lang, share=percent(unnamed / len(claims)))

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
            _ids(row.contradicts, lang) or "—",
        )

    def _voice(self, voice: str | None, party: str | None, unnamed: bool, lang: Language) -> str:
        """A voice by the name the case gives it in the reader's language, with its side."""
        side = party_name(self.case.file, party, lang) if party else ""
        written = voice_name(voice, lang) or say("record.no-voice", lang)
        name = self._named.get(voice or "", {}).get(lang) or written
        if voice == "narrator":
            name = say("record.narrator", lang)
        elif side and lang == "en" and not name.isascii():
            # A name that the case does not give in English: the side says more to the reader.
            name = side
        mark = say("record.mark-unnamed", lang) if unnamed else ""
        # "unnamed analysts" need no mark that they are unnamed.
        marks = [m for m in (side if side != name else "", mark if mark not in name else "") if m]
        separator = "，" if lang == "zh" else ", "
        return name + (say("record.marks", lang, marks=separator.join(marks)) if marks else "")

    @cached_property
    def _named(self) -> Mapping[str, Mapping[str, str]]:
        """Names of people and bodies in both languages, by each of them."""
        out: dict[str, Mapping[str, str]] = {}
        file = self.case.file
        sections = (file.people, file.bodies, file.parties)
        given = [entry.name for section in sections for entry in section.values()]
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
        """Contradictions, who says what, the days, and so on: all of ``named_tables``."""
        return tuple(self.named_tables(lang).values())

    def named_tables(self, lang: Language = "en") -> Mapping[str, Table]:
        """The tables that have rows, by the names of their rows in ``to_json``; most important first."""
        makers = {
            "conflicts": self._conflicts_table,
            "voices": self._voices_table,
            "timeline": self._timeline_table,
            "shifts": self._shifts_table,
            "supports": self._supports_table,
            "matters": self._matters_table,
            "copies": self._copies_table,
            "origins": self._origins_table,
            "claims": self.table,
        }
        made = {name: makers[name](lang) for name in TABLES}
        return {name: table for name, table in made.items() if table.rows}

    def _voices_table(self, lang: Language) -> Table:
        found = self.voices()
        rows = tuple(
            (
                self._voice(v.voice, v.party, v.unnamed, lang),
                str(v.claims),
                str(v.origins),
                self._kinds(v.kinds, lang),
                _listed([self._issue(issue, lang) for issue in v.issues], lang) or "—",
            )
            for v in found
        )
        columns = ("who", "claims", "origins", "kinds", "on")
        return self._table("voices", columns, rows, (v.because for v in found), lang)

    def _kinds(self, kinds: Mapping[str, int], lang: Language) -> str:
        """The kinds of a voice's claims, most frequent first, with their number where it is more than one."""
        parts = []
        for kind, n in sorted(kinds.items(), key=lambda item: -item[1]):
            name = say(f"record.kind-{kind.replace(' ', '-')}", lang)
            parts.append(name if n == 1 else say("record.count", lang, what=name, n=n))
        return _listed(parts, lang)

    def _timeline_table(self, lang: Language) -> Table:
        """One row a day: the moves in words, and how many claims each side made."""
        days: dict[date, list[EventRow]] = {}
        for event in self.timeline():
            days.setdefault(event.on, []).append(event)
        semicolon = "；" if lang == "zh" else "; "
        rows = []
        for day, events in days.items():
            moves = [e for e in events if e.what == "move"]
            said = Counter(e.party for e in events if e.what == "claim")
            did = semicolon.join(self._move(e, lang) for e in moves)
            rows.append((_day(day, lang), did or "—", self._heard(said, lang) or "—"))
        because = (tuple(dict.fromkeys(c for e in events for c in e.because)) for events in days.values())
        return self._table("timeline", ("day", "did", "saying"), rows, because, lang)

    def _move(self, event: EventRow, lang: Language) -> str:
        """A move in words, with its side where the words do not name it."""
        text = event.text.get(lang) or event.text.get("zh") or event.text.get("en") or event.name
        side = party_name(self.case.file, event.party, lang) if event.party else ""
        colon = "：" if lang == "zh" else ": "
        return text if side in text else f"{side}{colon}{text}"

    def _heard(self, said: Mapping[str | None, int], lang: Language) -> str:
        """How many claims each side made, most first; voices of no side last."""
        parts = []
        for party, n in sorted(said.items(), key=lambda item: (item[0] is None, -item[1])):
            key = "nobody" if party is None else "party"
            name = "" if party is None else party_name(self.case.file, party, lang)
            parts.append(say(f"record.events-{key}", lang, party=name, n=n))
        return _listed(parts, lang)

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
        by = say("record.by", lang, claims=_ids(row.settled_by, lang)) if row.settled_by else ""
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

    def _copies_table(self, lang: Language) -> Table:
        """A line a text: back to the first voice, and every outlet that carried it."""

        def carrier(outlet: str, on: date | None) -> str:
            name = voice_name(outlet, lang) or outlet
            return name if on is None else say("record.carrier", lang, outlet=name, day=_day(on, lang))

        found = self.copies()
        rows = tuple(
            (
                self._quoted(row.first, lang),
                " ← ".join(voice_name(name, lang) or name for name in row.path),
                carrier(row.outlet, row.on),
                _listed([carrier(*each) for each in row.carriers], lang),
            )
            for row in found
        )
        columns = ("one", "path", "first", "carriers")
        return self._table("copies", columns, rows, (row.because for row in found), lang)

    def _issue(self, issue: str, lang: Language) -> str:
        """An issue of the case, or a tag such as ``venue`` that claims carry beside it."""
        if issue not in self.case.file.issues and has(f"record.issue-{issue}"):
            return say(f"record.issue-{issue}", lang)
        return issue_name(self.case.file, issue, lang)

    def _mostly(self, row: OriginRow) -> str | None:
        """What an origin is called most often: it is one voice, even where claims name it in several ways."""
        claims = (self.case.ledger.by_id[c] for c in row.because)
        heads = Counter(head for c in claims if (head := c.speaker_head or c.speaker))
        return heads.most_common(1)[0][0] if heads else None

    def _origins_table(self, lang: Language) -> Table:
        found = self.origins()
        rows = tuple(
            (
                o.origin,
                self._voice(o.voice or self._mostly(o), o.party, o.unnamed, lang),
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
        """The one shape of all results; each row says its ``table``: claims, origins, conflicts and so on."""
        tables: dict[str, Sequence[object]] = {
            "claims": self.rows(),
            "origins": self.origins(),
            "conflicts": self.conflicts(),
            "shifts": self.shifts(),
            "timeline": self.timeline(),
            "voices": self.voices(),
            "matters": self.matters(),
            "supports": self.supports(),
            "copies": self.copies(),
        }
        rows = [{"table": name, **jsonable(row)} for name, found in tables.items() for row in found]
        return {**super().to_json(), "rows": rows}


def record(case: Case, *, draws: int = DRAWS, seed: int = 0) -> Record:
    """The record of a case on its day; ``draws`` is the number of draws of the grade table."""
    asked("record", case, draws=draws, seed=seed)
    return Record(
        case=case,
        method="origin weight = P(said) × bearing over draws of the grade table (Admiralty grades)",
        parameters={"draws": draws, "as_of": case.file.as_of},
        seed=seed,
        tabled=Testimony(case, seed, draws),
    )


def _range(span: Span) -> str:
    return f"{percent(span.mid)}% ({ends(span.low, span.high)})"


def _listed(parts: Sequence[str], lang: Language) -> str:
    return ("、" if lang == "zh" else ", ").join(parts)


def _ids(claims: Sequence[str], lang: Language) -> str:
    # Ids are Latin: 和 between them reads as part of one.
    return "、".join(claims) if lang == "zh" else joined(tuple(claims), lang)


def _day(value: date, lang: Language) -> str:
    if lang == "zh":
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {value:%b %Y}"
