"""Where and how they would meet: places as agreed, asked for, refused or given up; who watches; direct or not."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from zopa.dossier.draft_names import Mention, ascii_id, mark
from zopa.dossier.draft_page import Line, Page
from zopa.dossier.draft_stances import holders, talks_words
from zopa.dossier.draft_survey import Survey
from zopa.dossier.draft_words import LANGUAGES, patterns, shared
from zopa.dossier.lexicon import Language, guarded

OBSERVERS = "observer-states"
"""The party that stands for observers who are not named."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of the draft: id, names, and the territory it lies in where that is known."""

    id: str
    names: Mapping[str, str]
    territory: str | None
    country: bool = False


@dataclass
class Meeting:
    """What the documents say about meeting in one place, summed up."""

    spot: Spot
    agreed: int = 0
    dropped: int = 0
    asked_by: list[str] = field(default_factory=list)
    """Who asked for this place."""
    moved_by: list[str] = field(default_factory=list)
    """Who asked to move the talks here from elsewhere."""
    refused_by: list[str] = field(default_factory=list)
    observers: list[str] = field(default_factory=list)
    claims: list[str] = field(default_factory=list)

    status: str = "open"
    form: str = "open"


def meetings(survey: Survey, table: Sequence[str]) -> tuple[Meeting, ...]:
    """The settings of the draft, the agreed one first; places that are only named are none.

    ``table`` holds the negotiators: "Iran talks" names no place.
    """
    found: dict[str, Meeting] = {}
    for page in survey.pages:
        for line in page.lines:
            for spot, at in _spots(line):
                _add(found.setdefault(spot.id, Meeting(spot)), line, at, survey)
    kept = [m for m in _with_cities(found) if not (m.spot.country and m.spot.id in table)]
    said = [m for m in kept if m.agreed or m.dropped or m.asked_by or m.moved_by or m.refused_by]
    _settle(said)
    form = _form(survey)
    for meeting in said:
        if meeting.status == "agreed":
            meeting.form = form
    rank = ("agreed", "proposed", "open", "refused", "dropped")
    return tuple(sorted(said, key=lambda m: (rank.index(m.status), -m.agreed, m.spot.id)))


# ---- places in a sentence ----------------------------------------------------------------------------------------


@cache
def _cities() -> tuple[Mapping[str, Spot], Mapping[Language, Mapping[str, str]]]:
    spots: dict[str, Spot] = {}
    forms: dict[Language, dict[str, str]] = {"zh": {}, "en": {}}
    for id_, entry in shared("venues")["cities"].items():
        spots[id_] = Spot(id_, {"en": entry["en"][0], "zh": entry["zh"][0]}, entry["in"])
        for language in LANGUAGES:
            forms[language].update(dict.fromkeys(entry[language], id_))
    return spots, forms


@cache
def _city_pattern(language: Language) -> re.Pattern[str]:
    body = guarded(_cities()[1][language])
    return re.compile(body if language == "zh" else rf"\b{body}\b")


def _spots(line: Line) -> Iterator[tuple[Spot, int]]:
    """Places at which a sentence says that people talk, each with where it is named."""
    page, language = line.page, line.page.language
    text = line.text
    if patterns(language, "setting", "past")[0].search(text):
        return
    spots: dict[str, Spot] = dict(_cities()[0])
    named = [
        Mention(line.start + m.start(), line.start + m.end(), _cities()[1][language][m[0]])
        for m in _city_pattern(language).finditer(text)
    ]
    for mention in line.mentions:
        side = page.names.sides[mention.side]
        if side.territory and not any(c.start < mention.stop and mention.start < c.stop for c in named):
            spots[side.id] = Spot(side.id, side.names, side.territory, country=True)
            named.append(mention)
    named.sort(key=lambda m: m.start)
    signs = {id_: chr(0xE000 + k) for k, id_ in enumerate(dict.fromkeys(m.side for m in named))}
    by_sign = {sign: id_ for id_, sign in signs.items()}
    marked = mark(text, named, signs, start=line.start)
    seen: set[str] = set()
    for pattern in patterns(language, "setting", "place"):
        for match in pattern.finditer(marked.text):
            groups = [match.groupdict().get(name) for name in ("v2", "v")]
            ids = [by_sign[g] for g in groups if g in by_sign]
            best = next((i for i in ids if not spots[i].country), ids[0] if ids else None)
            at = marked.origin(match.start())
            if best is not None and best not in seen and _about_talks(line):
                seen.add(best)
                yield spots[best], at
    if not seen:
        yield from _unlisted(line)


def _unlisted(line: Line) -> Iterator[tuple[Spot, int]]:
    language = line.page.language
    for match in patterns(language, "setting", "unknown")[0].finditer(line.text):
        name = match["place"]
        at = line.start + match.start("place")
        known = any(m.start < at + len(name) and at < m.stop for m in line.mentions)
        if not known and _about_talks(line) and not talks_words(language).search(name):
            yield Spot(ascii_id(name) or f"place-{at}", {language: name}, None), at


def _about_talks(line: Line) -> bool:
    """Whether the sentence speaks of talks or of their place."""
    return (
        bool(talks_words(line.page.language).search(line.text)) or "地点" in line.text or "venue" in line.text
    )


# ---- what is said of a place -------------------------------------------------------------------------------------


def _add(meeting: Meeting, line: Line, at: int, survey: Survey) -> None:
    language = line.page.language
    start, stop = line.clauses[line.clause(at)]
    clause = line.page.text[start:stop]

    def says(name: str, text: str = clause) -> bool:
        return bool(patterns(language, "setting", name)[0].search(text))

    who = [side for side in holders(line, survey.voices, at) if not survey.names.sides[side].group]
    moved, proposed, dropped = says("changed"), says("proposed"), says("dropped")
    if dropped and not moved:
        meeting.dropped += 1
    if (proposed and not says("agreed", clause.split("。")[0])) or moved or (proposed and dropped):
        meeting.asked_by += who
        if moved:
            meeting.moved_by += who
            # Moved by nobody in particular: that is where it is now.
            meeting.agreed += not who and not proposed
    elif says("refused"):
        meeting.refused_by += who
    elif not dropped and (says("agreed") or says("agreed", line.text)):
        meeting.agreed += 1
    for pattern in patterns(language, "sides", "observers"):
        if pattern.search(line.marked.text) and not says("bilateral"):
            meeting.observers.append(OBSERVERS)
    meeting.claims += line.claims_at(start, stop)


def _with_cities(found: Mapping[str, Meeting]) -> list[Meeting]:
    """A country in which only one city is named means that city."""
    out = dict(found)
    for id_, meeting in found.items():
        cities = [
            m for m in found.values() if not m.spot.country and m.spot.territory == meeting.spot.territory
        ]
        if meeting.spot.country and len(cities) == 1:
            city = cities[0]
            city.agreed += meeting.agreed
            city.dropped += meeting.dropped
            for name in ("asked_by", "moved_by", "refused_by", "observers", "claims"):
                getattr(city, name).extend(getattr(meeting, name))
            del out[id_]
    return list(out.values())


def _settle(said: Sequence[Meeting]) -> None:
    """One place is agreed at most; whoever asked to move away from a place refuses it."""
    for meeting in said:
        others = [side for m in said if m is not meeting for side in m.moved_by]
        if meeting.asked_by or meeting.dropped:
            meeting.refused_by += [side for side in others if side not in meeting.asked_by]
    best = max((m for m in said if m.agreed > m.dropped), key=lambda m: m.agreed - m.dropped, default=None)
    for meeting in said:
        for name in ("asked_by", "moved_by", "refused_by", "observers", "claims"):
            setattr(meeting, name, list(dict.fromkeys(getattr(meeting, name))))
        if meeting is best:
            meeting.status, meeting.refused_by = "agreed", []
        elif meeting.refused_by:
            meeting.status = "refused"
        elif meeting.dropped:
            meeting.status = "dropped"
        elif meeting.asked_by:
            meeting.status = "proposed"


def _form(survey: Survey) -> str:
    """Direct or indirect, where the text says so and nobody says that it is open; media alone do not settle it."""
    votes: Counter[str] = Counter()
    for page in survey.pages:
        for line in page.lines:
            language = page.language
            if patterns(language, "setting", "open_form")[0].search(line.text):
                return "open"
            if patterns(language, "setting", "past")[0].search(line.text):
                continue
            for form in ("direct", "indirect"):
                if patterns(language, "setting", form)[0].search(line.text) and not _of_media(page, line):
                    votes[form] += 1
    return next(iter(votes)) if len(votes) == 1 else "open"


def _of_media(page: Page, line: Line) -> bool:
    return any(c.type == "report" and c.outlet and c.outlet != page.source.header.outlet for c in line.claims)
