"""Names for people to read: of what an id stands for, of an estimate's path, of days."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel

from zopa.case.course import Consequence
from zopa.case.fields import Localised, Number
from zopa.case.model import CaseFile
from zopa.case.table import Issue, Preferences, RedLine
from zopa.words import Language, has, joined, say


def day(value: date, lang: Language) -> str:
    """A calendar day as a reader writes it: 2026年2月5日, 5 February 2026."""
    from babel.dates import format_date

    return format_date(
        value, "long" if lang == "zh" else "d MMMM y", locale="zh_Hans" if lang == "zh" else "en"
    )


def territory_name(code: str, lang: Language) -> str:
    """What a territory is called in Unicode's CLDR; its code where that has none."""
    from babel import Locale

    return str(Locale(lang).territories.get(code, code))


def names(file: CaseFile, lang: Language) -> Mapping[str, str]:
    """Names of what rows of results refer to by id; where two things share an id the first section wins."""
    out: dict[str, str] = {}
    for key, name in _named(file):
        text = name.get(lang) if name is not None else ""
        if text:
            out.setdefault(key, text)
    return out


def _named(file: CaseFile) -> Iterator[tuple[str, Localised | None]]:
    for section in (file.parties, file.issues, file.people, file.places, file.bodies, file.agendas):
        yield from ((key, entry.name) for key, entry in section.items())
    if file.standoff is not None:
        yield from ((o.id, o.name) for o in file.standoff.outcomes)
        yield from ((o.id, o.name) for o in file.standoff.options)
        yield from ((t.id, t.name) for t in file.standoff.threats)
    yield from ((a.id, a.name) for a in file.assurances)
    if file.settings is not None:
        yield from ((s.id, s.name) for s in file.settings.options)
        yield from ((c.id, c.name) for c in file.settings.criteria)
    for group in file.readings.values():
        yield from ((r.id, r.name) for r in group)


def section_name(section: str, lang: Language) -> str:
    """A section of the case file in words."""
    return say(f"brief.section-{section}", lang) if has(f"brief.section-{section}") else section


def path_label(file: CaseFile, path: str, lang: Language) -> str:
    """An estimate's path in words: ``preferences.us.missiles.weight`` → "United States · Ballistic missiles · weight".

    The section itself is left out: lists of numbers are grouped by it. What has no name keeps its id.
    """
    section, *parts = path.split(".")
    words = _Walk(file, lang).words(getattr(file, section), parts)
    return " · ".join(word for word in words if word)


@dataclass(frozen=True, slots=True)
class _Walk:
    """Follows a path through the case as ``quantities`` made it, naming each step by what stands there.

    Ids are looked up where they belong: ``none`` may be an option of one issue and an observer rule of a setting.
    """

    file: CaseFile
    lang: Language

    def words(self, value: object, parts: list[str], issue: Issue | None = None) -> list[str]:
        if not parts or isinstance(value, Number):
            return [self._fixed(part) for part in parts]
        step, rest = parts[0], parts[1:]
        if isinstance(value, tuple):
            k, item = next((k, i) for k, i in enumerate(value) if step in (_key(i), str(k)))
            return [self._item(item, k), *self.words(item, rest, issue)]
        if isinstance(value, Mapping):
            if step not in value and rest:
                # Ids hold no dot, but features such as "place:muscat" may stand beside them.
                return self.words(value, [f"{step}.{rest[0]}", *rest[1:]], issue)
            return [self._id(step, issue), *self.words(value[step], rest, issue)]
        if isinstance(value, Preferences) and step in value.issues:
            here = self.file.issues.get(step)
            return [self._id(step, None), *self.words(value.issues[step], rest, here)]
        if isinstance(value, BaseModel):
            name = next(n for n, f in type(value).model_fields.items() if step in (n, f.alias))
            return [self._fixed(step), *self.words(getattr(value, name), rest, issue)]
        return [self._fixed(part) for part in parts]

    def _fixed(self, part: str) -> str:
        return say(f"brief.path-{part}", self.lang) if has(f"brief.path-{part}") else part

    def _id(self, key: str, issue: Issue | None) -> str:
        options = {o.id: o.name for o in issue.options} if issue is not None else {}
        if key in options:
            return options[key].get(self.lang)
        feature, colon, value = key.partition(":")
        if colon:
            names_value = names(self.file, self.lang).get(value) if feature in ("place", "host") else None
            return (
                self._fixed(feature)
                + ("：" if self.lang == "zh" else ": ")
                + (names_value or self._fixed(value))
            )
        return names(self.file, self.lang).get(key) or self._fixed(key)

    def _item(self, item: object, k: int) -> str:
        if isinstance(item, RedLine):
            return self._red_line(item)
        if isinstance(item, Consequence):
            return self._consequence(item, k)
        for field in ("name", "text", "who"):
            name = getattr(item, field, None)
            if isinstance(name, Localised):
                return name.get(self.lang)
        return str(getattr(item, "id", None) or k + 1)

    def _red_line(self, line: RedLine) -> str:
        known = names(self.file, self.lang)
        issue = self.file.issues.get(line.issue or "")
        shut = joined(tuple(self._id(r, issue) for r in line.rejects), self.lang)
        matter = (
            known[line.issue]
            if line.issue is not None and line.issue in known
            else self._fixed(line.on or "")
        )
        party = known.get(line.party, line.party)
        return say("brief.red-line", self.lang, party=party, matter=matter, shut=shut)

    def _consequence(self, outcome: Consequence, k: int) -> str:
        if outcome.no_deal:
            return say("brief.path-no_deal", self.lang)
        if outcome.package is not None:
            chosen = (self._id(o, self.file.issues.get(i)) for i, o in outcome.package.items())
            return say("brief.package", self.lang, options=joined(tuple(chosen), self.lang))
        if outcome.setting is not None:
            return names(self.file, self.lang).get(outcome.setting, outcome.setting)
        return self._fixed(outcome.event) if outcome.event else str(k + 1)


def _key(item: object) -> str | None:
    return getattr(item, "key", None) or getattr(item, "id", None)
