"""The event type of a claim or headline: the sixteen types of PLOVER, by word lists and the first verb that counts.

PLOVER, Political Language Ontology for Verifiable Event Records, Open Event Data Alliance (2018), codes what one side
does to another: AGREE, CONSULT, SUPPORT, CONCEDE, COOPERATE, AID, RETREAT; REQUEST, ACCUSE, REJECT, THREATEN, PROTEST,
SANCTION, MOBILIZE, COERCE, ASSAULT. The lists are written from the definitions of the types.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from zopa.claims.claim import EventType, Kind
from zopa.dossier.lexicon import Language, as_words, guarded, remembered, table

REACH = 5
"""Words after a verb (three characters each in Chinese) among which the word must be that makes it of a type."""

OF_KIND: Mapping[Kind, EventType] = {
    "demand": "REQUEST", "refusal": "REJECT", "threat": "THREATEN", "offer": "AGREE",
}  # fmt: skip
"""What saying such a thing is. A report of fact, a forecast or an assessment is an event only by its words."""


@dataclass(frozen=True, slots=True)
class _Entry:
    type: EventType
    rest: tuple[str, ...]
    tail: tuple[str, ...]

    @property
    def weight(self) -> int:
        return len(self.rest) + 2 * bool(self.tail)


def event_type(text: str, language: Language) -> EventType | None:
    """The type of what a headline or statement tells, or None where no word of the lists stands in it."""
    return _english(text) if language == "en" else _chinese(text)


def event_of(content: str, cue: str, kind: Kind, language: Language) -> EventType | None:
    """The event that a claim is or tells: what is said does where it demands, refuses, threatens or offers."""
    if kind in OF_KIND:
        return OF_KIND[kind]
    told = event_type(content, language) if kind in ("fact report", "intent") else None
    return told or (event_type(cue, language) if cue and kind != "fact report" else None)


# ---- English -----------------------------------------------------------------------------------------------------

_WORD = re.compile(r"[a-z]+(?:['’-][a-z]+)*")


@remembered()
def _forms(verb: str) -> frozenset[str]:
    """All forms of a verb in spelling: built by rule, with those that break it."""
    out = {verb, *as_words(table("en", "verbs")["irregular"].get(verb, ""))}
    if verb.endswith("e"):
        out |= {verb + "s", verb + "d", verb[:-1] + "ing"}
    elif verb.endswith("y") and verb[-2:-1] not in "aeiou":
        out |= {verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"}
    else:
        s = "es" if verb.endswith(("s", "x", "z", "ch", "sh", "o")) else "s"
        out |= {verb + s, verb + "ed", verb + "ing"}
        if re.fullmatch(r"[a-z]*[^aeiou]?[aeiou][bdglmnprt]", verb):
            out |= {verb + verb[-1] + "ed", verb + verb[-1] + "ing"}
    return frozenset(out)


@remembered()
def _heads() -> Mapping[str, tuple[_Entry, ...]]:
    """By each form of a first word, the entries that begin with it."""
    out: dict[str, list[_Entry]] = {}
    for type_, lists in table("en", "events").items():
        for entry in as_words(lists["verbs"]):
            phrase, _, tail = entry.partition(" ~ ")
            first, *rest = phrase.split()
            for form in _forms(first):
                out.setdefault(form, []).append(
                    _Entry(cast("EventType", type_), tuple(rest), tuple(tail.split()))
                )
    return {form: tuple(sorted(e, key=lambda entry: -entry.weight)) for form, e in out.items()}


@remembered()
def _nouns() -> Mapping[str, tuple[_Entry, ...]]:
    out: dict[str, list[_Entry]] = {}
    for type_, lists in table("en", "events").items():
        for entry in as_words(lists["nouns"]):
            first, *rest = entry.split()
            plural = {first, first + "s"} if not rest else {first}
            ends = [tuple(rest)] if not rest else [tuple(rest), (*rest[:-1], rest[-1] + "s")]
            for form in plural:
                for end in ends:
                    out.setdefault(form, []).append(_Entry(cast("EventType", type_), end, ()))
    return {form: tuple(sorted(e, key=lambda entry: -entry.weight)) for form, e in out.items()}


@remembered()
def _agents() -> frozenset[str]:
    return frozenset(as_words(table("en", "events")["PROTEST"]["agents"]))


@remembered()
def _days() -> frozenset[str]:
    """Words of time that stand between a verb and what belongs to it."""
    return frozenset(as_words(table("en", "events")["CONSULT"]["days"]))


@remembered()
def _future() -> frozenset[str]:
    return frozenset(as_words(table("en", "events")["AGREE"]["future"]))


_YIELDING = frozenset({"RETREAT", "CONCEDE"})
_HOSTILE = frozenset({"SANCTION", "COERCE", "ASSAULT", "MOBILIZE", "PROTEST"})
_COMING = _YIELDING | _HOSTILE
_FRIENDLY = frozenset({"CONSULT", "SUPPORT", "COOPERATE", "AID"})


def _promised(type_: EventType) -> EventType:
    """What an event becomes that is only promised or planned, by the manual: a concession, a promise, a threat."""
    if type_ in _YIELDING:
        return "CONCEDE"
    return "AGREE" if type_ in _FRIENDLY else "THREATEN" if type_ in _HOSTILE else type_


def _english(text: str) -> EventType | None:
    words = [word for word in _WORD.findall(text.lower()) if word not in _days()]
    ahead = must = False
    agreed: EventType | None = None
    for k, word in enumerate(words):
        if word in _agents() and agreed is None:
            return "PROTEST"
        ahead = ahead or word in _future()
        must = must or word == "must"
        type_ = next((entry.type for entry in _heads().get(word, ()) if _fits(entry, words, k)), None)
        if type_ is None:
            continue
        if must:
            return "REQUEST"
        if agreed is not None:
            # What is agreed to or promised decides whether it is a concession, or a threat.
            return _promised(type_) if type_ in _COMING else agreed
        if type_ != "AGREE":
            return _promised(type_) if ahead else type_
        agreed = type_
    named = _by_noun(words)
    return "CONCEDE" if agreed and named in _YIELDING else agreed or named


def _by_noun(words: list[str]) -> EventType | None:
    for k, word in enumerate(words):
        for entry in _nouns().get(word, ()):
            if _fits(entry, words, k):
                return entry.type
    return None


def _fits(entry: _Entry, words: list[str], k: int) -> bool:
    stop = k + 1 + len(entry.rest)
    if tuple(words[k + 1 : stop]) != entry.rest:
        return False
    ahead = words[stop : stop + REACH]
    return not entry.tail or any(_same(word, tail) for word in ahead for tail in entry.tail)


def _same(word: str, tail: str) -> bool:
    """The word, its plural or another form with a short ending."""
    return word.startswith(tail) and len(word) - len(tail) <= 3


# ---- Chinese -----------------------------------------------------------------------------------------------------


@remembered()
def _chinese_agents() -> re.Pattern[str]:
    return re.compile(guarded(as_words(table("zh", "events")["PROTEST"]["agents"])))


@remembered()
def _chinese_future() -> tuple[str, ...]:
    return as_words(table("zh", "events")["AGREE"]["future"])


@remembered()
def _chinese_pattern() -> re.Pattern[str]:
    return re.compile(guarded(_chinese_entries()))


@remembered()
def _chinese_entries() -> Mapping[str, tuple[_Entry, ...]]:
    out: dict[str, list[_Entry]] = {}
    for type_, lists in table("zh", "events").items():
        for entry in as_words(lists["verbs"]):
            phrase, _, tail = entry.partition(" ~ ")
            out.setdefault(phrase, []).append(_Entry(cast("EventType", type_), (), tuple(tail.split())))
    return {word: tuple(sorted(e, key=lambda entry: -entry.weight)) for word, e in out.items()}


def _chinese(text: str) -> EventType | None:
    agreed: EventType | None = None
    agents = _chinese_agents().search(text)
    for word, start in _found(text):
        ahead = text[start + len(word) : start + len(word) + 3 * REACH]
        fitting = (e for e in _chinese_entries()[word] if not e.tail or any(tail in ahead for tail in e.tail))
        type_ = next((entry.type for entry in fitting), None)
        if type_ is None:
            continue
        if agents is not None and agents.start() < start and agreed is None:
            return "PROTEST"
        if agreed is not None:
            return _promised(type_) if type_ in _COMING else agreed
        if type_ != "AGREE":
            planned = any(text[max(0, start - 6) : start].find(sign) >= 0 for sign in _chinese_future())
            return _promised(type_) if planned else type_
        agreed = type_
    return agreed


def _found(text: str) -> Iterator[tuple[str, int]]:
    """Each place where an entry begins, with the longest entry there first, and where it begins."""
    for found in _chinese_pattern().finditer(text):
        word = found[0]
        for size in range(len(word), 0, -1):
            if word[:size] in _chinese_entries():
                yield word[:size], found.start()
