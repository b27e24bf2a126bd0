"""The people of a draft: who has which title, for which side, and what such a person does; and whose a claim is."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from zopa.claims.claim import Claim
from zopa.dossier.draft_names import Names, ascii_id
from zopa.dossier.draft_page import Page
from zopa.dossier.draft_words import Title, groups, title_pattern, titles
from zopa.dossier.lexicon import Language, words
from zopa.words import LANGUAGES


@dataclass(frozen=True, slots=True)
class Person:
    """A voice: name as its language writes it, the side it speaks for (None for a commentator), title, role."""

    id: str
    names: Mapping[str, str]
    side: str | None
    title: Title | None
    role: str
    claims: tuple[str, ...] = ()
    unnamed: bool = False


@dataclass(frozen=True)
class Voices:
    """All people, and to which sides a claim's speaker belongs."""

    people: tuple[Person, ...]
    names: Names
    languages: Mapping[str, Language]
    """The language of each source."""

    def person(self, claim: Claim) -> Person | None:
        """The named person who speaks in a claim."""
        head = claim.speaker_head
        if head is None or claim.anonymous:
            return None
        return next(
            (p for p in self.people if not p.unnamed and any(_same_name(n, head) for n in p.names.values())),
            None,
        )

    def sides(self, claim: Claim) -> tuple[str, ...]:
        """The sides for which a claim's speaker speaks; none for commentators, media and narrators."""
        if claim.party is not None and claim.party in self.names.sides:
            return (claim.party,)
        if claim.type == "narrator":
            return ()
        person = self.person(claim)
        if person is not None and (person.side is not None or person.role == "comments"):
            return () if person.side is None else (person.side,)
        language = self.languages.get(claim.source, "zh")
        for mention in (claim.speaker, claim.speaker_head):
            found = spoken_for(mention or "", self.names, language)
            if found:
                return found
        return ()


def spoken_for(mention: str, names: Names, language: Language) -> tuple[str, ...]:
    """The sides that a speaker's words name: 伊朗高官 → Iran; nobody where a medium or a commentator speaks."""
    low = mention.lower()
    media = groups(language, "media")
    if (
        any(word in mention if language == "zh" else re.search(rf"\b{word}\b", low) for word in media)
        or "《" in mention
    ):
        return ()
    title = title_pattern(language).search(mention)
    if title and titles(language)[title[0].lower()].role == "comments":
        return ()
    return tuple(dict.fromkeys(m.side for m in names.mentions(mention, language)))


def _same_name(name: str, head: str) -> bool:
    """A full name and its last part are one person: 哈勒凡·图基 and 图基, Kim Ghattas and Ghattas."""
    if name == head:
        return True
    parts = re.split(r"[·•\s]+", name)
    other = re.split(r"[·•\s]+", head)
    return (len(parts) > 1 and head == parts[-1]) or (len(other) > 1 and name == other[-1])


# ---- finding them ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Sighting:
    """One place where a name stands with a title."""

    name: str
    title: Title
    written: str
    side: str | None
    language: Language
    leads: bool


def voices(pages: Sequence[Page], names: Names) -> Voices:
    """Everybody these pages name with a title, and everybody who speaks in their claims."""
    merged: dict[str, _Sighting] = {}
    for page in pages:
        for seen in _sightings(page):
            home = next((key for key in merged if _same_name(key, seen.name)), None)
            if home is None:
                merged[seen.name] = seen
            else:
                merged[max(home, seen.name, key=len)] = _joined(merged.pop(home), seen)
    languages = {page.source.id: page.language for page in pages}
    people = _numbered(merged)
    first = Voices(people, names, languages)
    claims = [claim for page in pages for claim in page.claims]
    spoken = tuple(
        replace(p, claims=tuple(c.id for c in claims if (who := first.person(c)) and who.id == p.id))
        for p in people
    )
    return Voices((*spoken, *_unnamed(first, claims)), names, languages)


def _joined(a: _Sighting, b: _Sighting) -> _Sighting:
    """What two places say of one person: the side from either, the better placed title, a delegation from either."""
    rank = {"decides": 0, "negotiates": 1, "speaks": 2, "comments": 3}
    first = a if a.side is not None or b.side is None else b
    best = min((a, b), key=lambda s: (s.side is None, rank[s.title.role], -len(s.written)))
    return replace(best, name=max(a.name, b.name, key=len), side=first.side, leads=a.leads or b.leads)


def _numbered(merged: Mapping[str, _Sighting]) -> tuple[Person, ...]:
    out: list[Person] = []
    taken: set[str] = set()
    for name, seen in merged.items():
        comments = seen.title.role == "comments"
        side = None if comments else seen.side
        stem = ascii_id(name) or "-".join(filter(None, (side, seen.title.key)))
        id_, k = stem, 2
        while id_ in taken:
            id_, k = f"{stem}-{k}", k + 1
        taken.add(id_)
        role = (
            "negotiates" if seen.leads and not comments and seen.title.role != "decides" else seen.title.role
        )
        title = replace(seen.title, names={**seen.title.names, seen.language: seen.written})
        out.append(Person(id_, {seen.language: name}, side, title, role))
    return tuple(out)


def _unnamed(first: Voices, claims: Sequence[Claim]) -> Iterator[Person]:
    """The unnamed officials of a side: one voice, for nothing shows that two of them differ."""
    heard: dict[str, list[str]] = {}
    for claim in claims:
        sides = first.sides(claim)
        if claim.anonymous and len(sides) == 1:
            heard.setdefault(sides[0], []).append(claim.id)
    for side, ids in heard.items():
        yield Person(f"{side}-unnamed", {}, side, None, "speaks", tuple(ids), unnamed=True)


def _sightings(page: Page) -> Iterator[_Sighting]:
    yield from _zh(page) if page.language == "zh" else _en(page)


_HAN = "\u4e00-\u9fff"
_LEADS_ZH = re.compile("(?:率团|率领|带队|率代表团|首席谈判|任团长)")
_STOP_NAME = (
    "(?!当天|当日|当地|当晚|于[0-9]|今天|今日|昨天|近日|会见|会谈|会晤|分别|表示|认为|指出|强调"
    "|日前|此前|随后|同时|也|则|曾|将|已)"
)


def _zh(page: Page) -> Iterator[_Sighting]:
    """Title and name stand together: 美国国务卿鲁比奥."""
    translit = "".join(words("zh", "names", "transliteration"))
    name = f"(?:{_STOP_NAME}[{re.escape(translit)}]){{2,8}}"
    foreign = re.compile(f"{name}(?:[·•]{name})*")
    heads = {c.speaker_head for c in page.claims if c.speaker_head and not c.anonymous}
    heads |= {part for head in heads for part in [head.split("·")[-1]] if len(part) >= 2}
    known = sorted((h for h in heads if re.fullmatch(f"[{_HAN}·•A-Za-z]{{2,20}}", h)), key=len, reverse=True)
    by_head = re.compile("|".join(map(re.escape, known))) if known else None
    text = page.text
    for found in title_pattern("zh").finditer(text):
        at = found.end()
        who = (by_head.match(text, at) if by_head else None) or foreign.match(text, at)
        if who is None or title_pattern("zh").match(who[0]):
            continue
        title = titles("zh")[found[0]]
        side = _owner_zh(page, found.start(), at)
        after = text[who.end() : who.end() + 30].split("。")[0]
        yield _Sighting(who[0], title, found[0], side, "zh", bool(_LEADS_ZH.search(after)))


def _owner_zh(page: Page, start: int, stop: int) -> str | None:
    """The side named last before a title in the same phrase, or in the title itself (工会主席)."""
    best: str | None = None
    for mention in page.mentions_in(start - 30, stop):
        between = page.text[mention.stop : start] if mention.stop <= start else ""
        if len(between) <= 12 and re.fullmatch(f"[{_HAN}“”·、]*", between) and mention.stop > start - 14:
            best = mention.side
    return best if best is not None else _side_of_paragraph(page, start)


_NAME_EN = r"[A-Z][\w'’-]+(?: (?:(?:al|el|von|van|de|da|bin|ibn)[ -])?[A-Z][\w'’-]+){0,3}"
_LEADS_EN = re.compile(
    r"(?:lead|led|head)\w* (?:the|its|his|her|a)? ?[\w' -]{0,30}(?:delegation|team)", re.IGNORECASE
)


def _en(page: Page) -> Iterator[_Sighting]:
    """Title before the name (Foreign Minister Kari Halvorsen) or after it (Liu Fang, an economist at …)."""
    text = page.text
    heads = {c.speaker_head for c in page.claims if c.speaker_head and not c.anonymous}
    for found in title_pattern("en").finditer(text):
        title = titles("en")[found[0].lower()]
        ahead = re.compile(rf",? ({_NAME_EN})").match(text, found.end())
        behind = re.compile(rf"({_NAME_EN}), (?:[\w'’ -]{{0,40}} )?$").search(
            text[max(0, found.start() - 90) : found.start()]
        )
        for who in (ahead, None if ahead else behind):
            if who is None:
                continue
            name = _person_name(who[1], heads)
            if name is None:
                continue
            at = text.find(name, max(0, found.start() - 90))
            if any(m.start <= at < m.stop for m in page.mentions_in(at - 40, at + 80)):
                continue
            around = text[found.end() : found.end() + 120].split(".")[0]
            side = _owner_en(page, found.start(), found.end())
            yield _Sighting(name, title, found[0], side, "en", bool(_LEADS_EN.search(around)))


def _person_name(written: str, heads: set[str]) -> str | None:
    """The name without what else is capitalised; a single word counts only where somebody of that name speaks."""
    parts = written.replace("’s", "").replace("'s", "").split()
    name = " ".join(parts)
    if len(parts) >= 2:
        return name
    return name if any(_same_name(head, name) for head in heads) else None


_BEFORE_TITLE = re.compile(r"(?:['’]s?)?(?: [\w'’-]+){0,3} ?")
_APART = re.compile(r" (?:and|to|with|for) ")
_AFTER_TITLE = re.compile(r"(?:[\w ]{0,30})? (?:of|for) (?:the )?")


def _owner_en(page: Page, start: int, stop: int) -> str | None:
    """The side named just before a title, or after it with "of"; "its" means the side the sentence before is about."""
    text = page.text
    best: str | None = None
    for mention in page.mentions_in(start - 60, stop + 60):
        between = text[mention.stop : start] if mention.stop <= start else None
        if between is not None and _BEFORE_TITLE.fullmatch(between) and not _APART.search(between):
            best = mention.side
        if mention.start >= stop and _AFTER_TITLE.fullmatch(text[stop : mention.start]):
            return best or mention.side
    if best is None and _ITS.search(text[max(0, start - 20) : start]):
        line = page.line_at(start)
        here = page.mentions_in(line.start, start) if line is not None else ()
        best = here[-1].side if here else None
    return best if best is not None else _side_of_paragraph(page, start)


_ITS = re.compile(r"\b(?:[Ii]ts|[Tt]heir) (?:[\w-]+ )?$")


def _side_of_paragraph(page: Page, position: int) -> str | None:
    """The side that the sentence before is about: "the president" of no named state is that side's."""
    line = page.line_at(position)
    before = page.lines[line.number - 1] if line is not None and line.number else None
    if before is None or line is None or "\n" in page.text[before.stop : line.start] or not before.mentions:
        return None
    return before.mentions[0].side


def person_forms(voices: Voices) -> Mapping[Language, Mapping[str, str]]:
    """The names of people that stand for their side in a sentence, by language."""
    out: dict[Language, dict[str, str]] = {"zh": {}, "en": {}}
    for person in voices.people:
        if person.side is None or person.unnamed:
            continue
        for language in LANGUAGES:
            name = person.names.get(language)
            if name is None:
                continue
            last = re.split(r"[·•\s]+", name)[-1]
            for form in (name, last):
                if len(form) >= (2 if language == "zh" else 3) and form not in voices.names.forms[language]:
                    out[language][form] = person.side
    return out
