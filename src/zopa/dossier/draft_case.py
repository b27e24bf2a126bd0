"""The drafted case file, section by section, from what was found in the documents."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from zopa.claims.claim import Claim
from zopa.claims.source import Source
from zopa.dossier import draft_course as course
from zopa.dossier import draft_forecasts as forecasts
from zopa.dossier import draft_table as table
from zopa.dossier.draft_parties import deeds, negotiators, parties
from zopa.dossier.draft_people import Person
from zopa.dossier.draft_positions import positions
from zopa.dossier.draft_settings import OBSERVERS, Meeting, meetings
from zopa.dossier.draft_survey import Survey, survey
from zopa.dossier.draft_words import scale, shared, substance
from zopa.dossier.draft_write import Entry, Section, candidates, entry, ordered, pick, texts, written
from zopa.dossier.lexicon import Language
from zopa.words import joined, say

HORIZON = timedelta(days=90)
"""By when the drafted question asks for a deal."""


class Drafting:
    """One draft in the making: what was found, then section by section as text."""

    def __init__(
        self, sources: Sequence[Source], claims: Sequence[Claim], title: str | None, as_of: date
    ) -> None:
        self.sources = sources
        self.title = title
        self.found: Survey = survey(sources, claims, as_of=as_of)
        self.lang: Language = self.found.language
        mediates = Counter(deed.side for page in self.found.pages for deed in deeds(page, "mediator"))
        self.table = negotiators(self.found, mediates)
        self.meetings = meetings(self.found, self.table)
        agreed = [m for m in self.meetings if m.status == "agreed"]
        self.parts = parties(self.found, {host: m.claims for m in agreed if (host := self._host(m))})
        self.issues = table.issues(self.found, self.table)
        self.ids = [part.side for part in self.parts]
        if any(OBSERVERS in m.observers for m in self.meetings):
            self.ids.append(OBSERVERS)

    def _host(self, meeting: Meeting) -> str | None:
        """The side in whose territory a place lies."""
        if meeting.spot.territory is None:
            return None
        sides = self.found.names.sides.values()
        return next((s.id for s in sides if s.territory == meeting.spot.territory), None)

    def with_parties(self) -> list[Claim]:
        """The candidates, each with the drafted party whose voice it is."""
        out: list[Claim] = []
        for claim in self.found.claims:
            sides = [side for side in self.found.voices.sides(claim) if side in self.ids]
            out.append(claim.model_copy(update={"party": sides[0]}) if len(sides) == 1 else claim)
        return out

    def name(self, side: str) -> dict[str, str]:
        """A side's names by language."""
        if side == OBSERVERS:
            return texts("observers")
        return ordered(self.found.names.sides[side].names)

    def names(self, sides: Sequence[str]) -> dict[str, str]:
        """Several sides as a list in words, by language."""
        return {lang: joined([pick(self.name(s), lang) for s in sides], lang) for lang in ("en", "zh")}

    def note(self, ids: Sequence[str]) -> tuple[str, ...]:
        """The comment that names candidates."""
        return candidates(self.found.claim_ids(ids), self.lang)

    # -- the file ------------------------------------------------------------------------------------------------

    def head(self) -> dict[str, object]:
        """What stands at the top of the file."""
        title: object = self.title
        if title is None and len(self.table) >= 2:
            title = texts("title", parties=self.names(self.table))
        if title is None:
            title = texts(
                "title-unknown",
                source=self.sources[0].header.file or self.sources[0].id if self.sources else "?",
            )
        return {"zopa": 1, "title": title, "status": "draft", "as_of": self.found.as_of}

    def text(self) -> str:
        """The whole file."""
        remarks = (say("draft.head", self.lang, n=len(self.sources)), say("draft.head-how", self.lang))
        return written(self.head(), self._sections(), remarks)

    def _sections(self) -> list[Section]:
        return [
            self._parties(), self._people(), self._places(), self._relations(), self._issues(), self._agendas(),
            self._preferences(), self._red_lines(), self._preconditions(), *self._settings(), self._influence(),
            self._moves(),
            *self._questions(), self._judgements(), self._unknowns(),
        ]  # fmt: skip

    def _parties(self) -> Section:
        out = Section("parties")
        if len(self.table) < 2:
            out.comments = (say("draft.no-parties", self.lang),)
        for part in self.parts:
            side = self.found.names.sides[part.side]
            data = entry(name=self.name(part.side), role=_one_or_many(part.roles), territory=side.territory)
            out.entries.append(Entry(data, part.side, self.note(part.claims)))
        if OBSERVERS in self.ids:
            ids = [i for m in self.meetings if m.observers for i in m.claims]
            out.entries.append(
                Entry(entry(name=self.name(OBSERVERS), role="observer"), OBSERVERS, self.note(ids))
            )
        return out

    def _people(self) -> Section:
        out = Section("people")
        for person in self._people_kept():
            out.entries.append(Entry(self._person(person), person.id, self.note(person.claims)))
        return out

    def _people_kept(self) -> list[Person]:
        """The voices of parties, and commentators who are heard."""
        people = self.found.voices.people
        return [p for p in people if (p.side in self.ids if p.side is not None else bool(p.claims))]

    def _own(self, sides: Sequence[str]) -> list[str]:
        return [side for side in sides if side in self.ids]

    def _person(self, person: Person) -> dict[str, object]:
        if person.unnamed:
            return entry(
                party=person.side, name=texts("unnamed", party=self.name(person.side or "")), role="speaks"
            )
        title = ordered(person.title.names) if person.title is not None else None
        return entry(party=person.side, name=ordered(person.names), title=title, role=person.role)

    def _places(self) -> Section:
        out = Section("places")
        for m in self.meetings:
            data = entry(
                name=ordered(m.spot.names),
                kind="country" if m.spot.country else "venue",
                territory=m.spot.territory,
            )
            out.entries.append(Entry(data, m.spot.id, self.note(m.claims)))
        return out

    def _relations(self) -> Section:
        out = Section("relations")
        for r in course.relations(self.found, self.parts):
            out.entries.append(
                Entry({"from": r.side, **entry(to=r.to, kind=r.kind, on=r.on)}, None, self.note(r.claims))
            )
        return out

    # -- the table -----------------------------------------------------------------------------------------------

    def _issues(self) -> Section:
        out = Section(
            "issues", comments=(say("draft.options" if self.issues else "draft.no-issues", self.lang),)
        )
        for issue in self.issues:
            options = [{"id": o.id, "name": ordered(o.names)} for o in scale(issue).options]
            data = entry(
                name=ordered(substance()[issue]), status_quo=options[0]["id"], options=options, tags=[issue]
            )
            ids = [i for s in self.found.stances if s.issue == issue for i in s.claims]
            out.entries.append(Entry(data, issue, self.note(ids)))
        return out

    def _agendas(self) -> Section:
        out = Section("agendas")
        for agenda in table.agendas(self.found, self.table, self.issues):
            listed = {
                lang: joined([pick(substance()[i], lang).lower() for i in agenda.issues], lang)
                for lang in ("en", "zh")
            }
            name = texts("agenda-all") if agenda.id == "broad" else texts("agenda-only", issues=listed)
            data = entry(
                name=name,
                issues=list(agenda.issues),
                wanted_by=list(agenda.wanted_by),
                refused_by=list(agenda.refused_by),
                status="open",
            )
            out.entries.append(Entry(data, agenda.id, self.note(agenda.claims)))
        return out

    def _preferences(self) -> Section:
        out = Section("preferences")
        wants = table.wants(self.found, self.table, self.issues)
        for side in self.table:
            data: dict[str, object] = {}
            comments: list[str] = []
            for want in wants:
                if want.side != side:
                    continue
                ids = [o.id for o in scale(want.issue).options]
                best, worst = (ids[-1], ids[0]) if want.direction > 0 else (ids[0], ids[-1])
                between = dict.fromkeys(ids[1:-1], "unknown")
                data[want.issue] = entry(weight="unknown", best=best, worst=worst, values=between)
                basis = say(f"draft.basis-{'mixed' if want.mixed else want.basis}", self.lang)
                comments.append(
                    ("；" if self.lang == "zh" else "; ").join(
                        (f"{want.issue}: {basis}", *self.note(want.claims))
                    )
                )
            if data:
                data["no_deal"] = {"value": "unknown", "assumed": True}
                out.entries.append(Entry(data, side, tuple(comments)))
        return out

    def _red_lines(self) -> Section:
        out = Section("red_lines")
        for line in table.red_lines(self.found, self.table, self.issues):
            on = None if line.issue is not None else "agenda"
            out.entries.append(self._red_line(line.party, line.issue, on, line.rejects, line.claims))
        for m in self.meetings:
            for side in m.refused_by:
                if side in self.table:
                    out.entries.append(self._red_line(side, None, "venue", (m.spot.id,), m.claims))
        return out

    def _red_line(
        self, side: str, issue: str | None, on: str | None, rejects: Sequence[str], ids: Sequence[str]
    ) -> Entry:
        id_ = "-".join((side, issue or on or "", *(rejects if on == "venue" else ())))
        listed = list(rejects)
        data = entry(id=id_, party=side, issue=issue, on=on, rejects=listed, firm="unknown", cost="unknown")
        return Entry(data, None, self.note(ids))

    def _preconditions(self) -> Section:
        out = Section("preconditions")
        for k, p in enumerate(table.preconditions(self.found, self.table, self.issues), start=1):
            data = entry(id=f"precondition-{k}", by=p.by, on=p.on, text={p.language: p.text}, status="open")
            out.entries.append(Entry(data, None, self.note(p.claims)))
        return out

    def _settings(self) -> list[Section]:
        if not self.meetings:
            return []
        options: list[Entry] = []
        for m in self.meetings:
            host = self._host(m)
            data = entry(
                id=f"{m.spot.id}-{'observed' if m.observers else 'two-sides'}", place=m.spot.id,
                observers=self._own(m.observers), form=m.form, host=host if host in self.ids else None, status=m.status,
                proposed_by=self._own(m.asked_by), refused_by=self._own(m.refused_by),
            )  # fmt: skip
            unsettled = m.form == "open" and m.status == "agreed"
            form = (say("draft.setting-form-open", self.lang),) if unsettled else ()
            notes = tuple(f"{data['id']}: {note}" for note in (*form, *self.note(m.claims)))
            options.append(Entry(data, None, notes))
        said = tuple(comment for option in options for comment in option.comments)
        out = Section("settings", [Entry([option.data for option in options], "options", said)])
        ready = shared("venues")["criteria"]
        criteria = [entry(id=id_, name=ordered(name)) for id_, name in ready.items()]
        out.entries.append(Entry(criteria, "criteria", (say("draft.criteria", self.lang),)))
        weights = dict.fromkeys(ready, "unknown")
        views = {side: entry(weights=weights, not_meeting="unknown") for side in self.table}
        if views:
            out.entries.append(Entry(views, "views"))
        return [out]

    def _influence(self) -> Section:
        """Where the sides stand: what their words leave open; what they could bring to bear nobody has said."""
        out = Section("influence")
        heard = {s.side for s in self.found.stances if s.issue in self.issues and s.direction}
        sides = [*self.table, *(side for side in self.ids if side in heard and side not in self.table)]
        found = positions(self.found, self.sources, sides, self.issues) if len(sides) >= 2 else ()
        for issue in dict.fromkeys(p.issue for p in found):
            here = [p for p in found if p.issue == issue and (p.told or p.side in self.table)]
            stakes = {
                p.side: entry(
                    position=f"{p.low:g} to {p.high:g}" if p.told else "unknown",
                    capability="unknown",
                    salience="unknown",
                )
                for p in here
            }
            notes = tuple(f"{p.side}: {note}" for p in here for note in self.note(p.claims))
            out.entries.append(Entry(entry(actors=stakes), issue, notes))
        if out.entries:
            out.comments = (say("draft.positions", self.lang),)
        return out

    # -- the course ----------------------------------------------------------------------------------------------

    def _moves(self) -> Section:
        out = Section("moves")
        taken: set[str] = set()
        for move in course.moves(self.found, self.parts):
            id_, k = f"{move.party}-{move.kind}", 2
            while id_ in taken:
                id_, k = f"{move.party}-{move.kind}-{k}", k + 1
            taken.add(id_)
            what = texts(f"move-{move.kind}", party=self.name(move.party))
            name = (
                texts("move-matter", what=what, matter=course.matter_names(move.matter))
                if move.matter
                else what
            )
            data = entry(
                id=id_,
                party=move.party,
                on=move.on,
                name=name,
                chosen=move.kind,
                note={move.language: move.quote},
            )
            out.entries.append(Entry(data, None, self.note(move.claims)))
        return out

    def _questions(self) -> list[Section]:
        if len(self.table) < 2:
            return []
        by = self.found.as_of + HORIZON
        data = entry(
            id="deal", text=texts("question-deal", parties=self.names(self.table), day=by.isoformat()), by=by,
            resolves=texts("question-resolves"), when="deal",
        )  # fmt: skip
        return [Section("questions", [Entry(data)])]

    def _judgements(self) -> Section:
        out = Section("judgements")
        known = {person.id for person in self._people_kept()}
        asked = len(self.table) >= 2
        for k, j in enumerate(forecasts.judgements(self.found, self.parts), start=1):
            data = entry(
                id=f"judgement-{k}", who={j.language: j.who}, person=j.person if j.person in known else None,
                party=j.party, stake=j.stake, words={j.language: j.words}, probability=f"{j.low:g} to {j.high:g}",
                on="deal" if j.deal and asked else None, said_on=_past(j.claim.said_on, self.found.as_of),
            )  # fmt: skip
            out.entries.append(Entry(data, None, self.note((j.claim.id,))))
        return out

    def _unknowns(self) -> Section:
        out = Section("unknowns")
        for k, u in enumerate(course.unknowns(self.found, self.parts), start=1):
            data = entry(id=f"unknown-{k}", text={u.language: u.text}, answer_from=list(u.answer_from))
            out.entries.append(Entry(data, None, self.note(u.claims)))
        return out


def _past(day: date | None, as_of: date) -> date | None:
    """A day that is not after the case's own."""
    return day if day is not None and day <= as_of else None


def _one_or_many(roles: Sequence[str]) -> object:
    return roles[0] if len(roles) == 1 else list(roles)
