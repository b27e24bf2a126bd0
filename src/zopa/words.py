"""Every word a user sees, in English and Chinese: field terms, sentences and names.

Sentences live in ``catalogue/<area>.json`` as ``{"key": {"en": "... {n} ...", "zh": "... {n} ..."}}``, both languages
side by side so that a translator reviews a pair, not two files. ``catalogue/terms.json`` holds the field terms with
one sentence of meaning and a source; it feeds labels, help and the glossary.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, cast

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")

_STOP = re.compile(r"(?<=。)\s*(?=.)|(?<=[.?!])\s+(?=[A-Z“0-9])")

Name = str | Mapping[str, str]
"""A name in a case file: one string for every language, or ``{en: ..., zh: ...}``."""


@dataclass(frozen=True, slots=True)
class Term:
    """A field term: its two names, one sentence of meaning in each language, and where the meaning comes from."""

    key: str
    en: str
    zh: str
    means_en: str
    means_zh: str
    source: str

    def name(self, lang: Language) -> str:
        """The term in one language."""
        return self.zh if lang == "zh" else self.en

    def meaning(self, lang: Language) -> str:
        """What the term means, in one sentence of that language."""
        return self.means_zh if lang == "zh" else self.means_en


@cache
def catalogue(area: str) -> Mapping[str, Mapping[str, object]]:
    """All sentences of one area, by key; ``KeyError`` names an area that does not exist."""
    path = files("zopa") / "catalogue" / f"{area}.json"
    if not path.is_file():
        raise KeyError(f"no catalogue '{area}'")
    return cast("Mapping[str, Mapping[str, object]]", json.loads(path.read_text(encoding="utf-8")))


def say(key: str, lang: Language, /, **values: object) -> str:
    """The sentence ``area.key`` in one language, with its values filled in.

    A sentence may be ``{"one": ..., "other": ...}``: the value ``n`` then chooses (Chinese needs one form only).
    """
    area, _, name = key.partition(".")
    entry = catalogue(area)[name][lang]
    if isinstance(entry, dict):
        entry = entry["one" if values.get("n") == 1 else "other"]
    return str(entry).format(**values)


def has(key: str) -> bool:
    """Whether the catalogue holds a sentence under ``area.key``."""
    area, _, name = key.partition(".")
    return name in catalogue(area)


def pick(name: Name, lang: Language) -> str:
    """A case's own name in the wanted language, or in the other where only that is given."""
    if isinstance(name, str):
        return name
    return name.get(lang) or next(iter(name.values()))


@cache
def terms() -> Mapping[str, Term]:
    """All field terms by key."""
    out: dict[str, Term] = {}
    for key, entry in catalogue("terms").items():
        means = cast("Mapping[str, str]", entry["means"])
        out[key] = Term(
            key=key,
            en=str(entry["en"]),
            zh=str(entry["zh"]),
            means_en=means["en"],
            means_zh=means["zh"],
            source=str(entry.get("source", "")),
        )
    return out


def term(key: str, lang: Language) -> str:
    """One field term in one language; ``KeyError`` names a term that does not exist."""
    return terms()[key].name(lang)


def joined(items: list[str] | tuple[str, ...], lang: Language) -> str:
    """A list as a reader would write it: "a, b and c", 「a、b和c」; empty for no items."""
    if len(items) < 2:
        return "".join(items)
    comma, last = ("、", "和") if lang == "zh" else (", ", " and ")
    return comma.join(items[:-1]) + last + items[-1]


def sentences(text: str) -> list[str]:
    """The sentences of a headline in either language; the first is the answer itself."""
    return _STOP.split(text.strip())
