"""The catalogue of matters that negotiations are about, with the words that find them in zh and en text.

Process matters (agenda, venue, format, talks on or off, force, mediation, prospects) are marked as such. A case adds
its own words by issue id.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from zopa.dossier.lexicon import Language, alternation, as_words, guarded, remembered, table


@dataclass(frozen=True, slots=True)
class Matter:
    """One issue of the catalogue: its id, its names, and whether it is about the process rather than the substance."""

    id: str
    zh: str
    en: str
    process: bool

    @property
    def name(self) -> dict[str, str]:
        """The names as a case file writes them."""
        return {"en": self.en, "zh": self.zh}


Extra = tuple[tuple[str, tuple[str, ...]], ...]


@remembered()
def catalogue() -> Mapping[str, Matter]:
    """Every matter by id, substance first, in the order of the word lists."""
    zh, en = table("zh", "issues"), table("en", "issues")
    listed = [
        Matter(key, str(zh[key]["name"]), str(en[key]["name"]), bool(zh[key].get("process", False)))
        for key in zh
    ]
    return {matter.id: matter for matter in sorted(listed, key=lambda matter: matter.process)}


@dataclass(frozen=True, slots=True)
class _Finder:
    words: re.Pattern[str]
    ids: Mapping[str, tuple[str, ...]]
    patterns: tuple[tuple[str, re.Pattern[str]], ...]
    fallback: tuple[tuple[str, re.Pattern[str]], ...]
    order: Mapping[str, int]
    process: frozenset[str]


@remembered(32)
def _finder(language: Language, extra: Extra) -> _Finder:
    ids: dict[str, list[str]] = {}
    patterns: list[tuple[str, re.Pattern[str]]] = []
    fallback: list[tuple[str, re.Pattern[str]]] = []
    for key, entry in table(language, "issues").items():
        for word in as_words(entry.get("not", "")):
            ids.setdefault(word, [])
        for word in as_words(entry["words"]):
            ids.setdefault(word, []).append(key)
        patterns.extend((key, re.compile(shape)) for shape in entry.get("patterns", ()))
        if "fallback" in entry:
            fallback.append((key, re.compile(_bounded(as_words(entry["fallback"]), language))))
    for key, more in extra:
        for word in more:
            # A case's own word counts as well as the catalogue's, never instead of it.
            ids.setdefault(word.lower() if language == "en" else word, []).append(key)
    order = {key: rank for rank, key in enumerate([*catalogue(), *(key for key, _ in extra)])}
    return _Finder(
        re.compile(_bounded(tuple(ids), language)),
        {word: tuple(dict.fromkeys(keys)) for word, keys in ids.items()},
        tuple(patterns),
        tuple(fallback),
        order,
        frozenset(key for key in order if catalogue_process(key)),
    )


def _bounded(listed: tuple[str, ...], language: Language) -> str:
    if language == "zh":
        return guarded(listed)
    # English words may take a plural or a possessive.
    return rf"\b{alternation(listed)}(?=(?:s|es|'s|’s)?\b)"


def as_extra(extra: Mapping[str, tuple[str, ...] | list[str]] | None) -> Extra:
    """A case's own words in a form that can be remembered."""
    return tuple(sorted((key, tuple(value)) for key, value in (extra or {}).items()))


def tag(content: str, language: Language, extra: Extra = ()) -> tuple[str, ...]:
    """Ids of the matters that the words speak of: substance before process, what is named more often first.

    English text is given in lower case.
    """
    finder = _finder(language, extra)
    counts: dict[str, int] = {}
    for found in finder.words.finditer(content):
        for key in finder.ids[found[0]]:
            counts[key] = counts.get(key, 0) + 1
    for key, pattern in finder.patterns:
        if pattern.search(content):
            counts[key] = counts.get(key, 0) + 1
    if not counts:
        for key, pattern in finder.fallback:
            if pattern.search(content):
                counts[key] = 1
    if len(counts) < 2:
        return tuple(counts)
    rank, process = finder.order, finder.process
    return tuple(sorted(counts, key=lambda key: (key in process, -counts[key], rank[key])))


def catalogue_process(key: str) -> bool:
    """Whether an id is one of the process matters; a case's own ids are substance."""
    matter = catalogue().get(key)
    return matter is not None and matter.process
