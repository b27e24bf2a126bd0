"""The words of drafting: patterns over sentences with their sides as signs, the issue catalogue, options and titles.

Everything comes from tables under ``lexicon/`` that are meant to be edited: ``<language>/draft.toml``,
``<language>/issues.toml`` (the reader's), and the bilingual ``options.toml``, ``venues.toml``, ``bodies.toml`` and
``titles.toml``.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from zopa.dossier import issues as matters
from zopa.dossier.lexicon import Language, as_words, guarded, remembered, table

LANGUAGES: tuple[Language, ...] = ("zh", "en")
SIGN = "\ue000-\uf8ff"
"""Private-use characters: in marked text each side (or place) stands as one of them."""
_RUN: Mapping[Language, str] = {
    "zh": rf"[{SIGN}](?:(?:、|和|与|及|以及)[{SIGN}])*",
    "en": rf"[{SIGN}](?:(?:, and |, | and )(?:the )?[{SIGN}])*",
}
_CLAUSE: Mapping[Language, str] = {"zh": "，。；：！？,;!?\\n", "en": ",.;:!?\\n"}


@remembered()
def shared(name: str) -> Mapping[str, Any]:
    """One of the bilingual tables: ``shared("options")``."""
    path = files("zopa.dossier") / "lexicon" / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


@remembered()
def groups(language: Language, name: str) -> tuple[str, ...]:
    """The words of one group of ``draft.toml``."""
    return as_words(table(language, "draft")["groups"][name])


@remembered()
def listed(language: Language, section: str, name: str) -> tuple[str, ...]:
    """The words of a plain list of ``draft.toml``."""
    return as_words(table(language, "draft")[section][name])


def expand(text: str, language: Language) -> str:
    """A pattern of ``draft.toml`` as a regular expression."""
    stops = _CLAUSE[language]
    text = text.replace("<AA>", f"(?P<a>{_RUN[language]})")
    text = re.sub(
        r"<([A-Z])>",
        lambda m: {"N": f"[^{stops}]", "S": f"[{SIGN}]"}.get(m[1], f"(?P<{m[1].lower()}>[{SIGN}])"),
        text,
    )
    text = text.replace("<n>", f"[^{stops}{SIGN}]")
    return re.sub(r"(?<!P)<([a-z]+)>", lambda m: _any(groups(language, m[1]), language), text)


def _any(items: Sequence[str], language: Language) -> str:
    body = "|".join(re.escape(word) for word in sorted(items, key=len, reverse=True))
    return f"(?:{body})" if language == "zh" else rf"\b(?:{body})\b"


@remembered()
def patterns(language: Language, section: str, name: str) -> tuple[re.Pattern[str], ...]:
    """The compiled patterns of an entry; a single pattern stands as a plain string in the table."""
    entry = table(language, "draft")[section][name]
    items = [entry] if isinstance(entry, str) else list(entry)
    flags = re.IGNORECASE if language == "en" and name != "unknown" else 0
    return tuple(re.compile(_once(expand(item, language)), flags) for item in items)


def _once(text: str) -> str:
    """Names of groups may stand once in a pattern: a second <V> is the same kind of place, not the same place."""
    seen: set[str] = set()

    def rename(found: re.Match[str]) -> str:
        if found[1] in seen:
            return f"(?P<{found[1]}2>"
        seen.add(found[1])
        return found[0]

    return re.sub(r"\(\?P<([a-z]+)>", rename, text)


# ---- issues and their options ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Option:
    """One way an issue can be settled, as a draft opens it."""

    id: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Scale:
    """The options of an issue in order, and the words by which a side shows which end it wants."""

    options: tuple[Option, ...]
    toward: Mapping[Language, re.Pattern[str]]
    away: Mapping[Language, re.Pattern[str]]
    holder: bool
    """The side whose matter it is would leave it as it is."""
    target: bool
    """The side it is turned against would see it gone."""


@remembered()
def scale(issue: str) -> Scale:
    """The scale of an issue of the catalogue; one without an entry of its own takes the default."""
    options = shared("options")
    entry = options.get(issue, options["default"])
    return Scale(
        tuple(Option(o["id"], {"en": o["en"], "zh": o["zh"]}) for o in entry["options"]),
        {lang: _ends(entry["toward"][lang], lang) for lang in LANGUAGES},
        {lang: _ends(entry["away"][lang], lang) for lang in LANGUAGES},
        "holder" in entry,
        "target" in entry,
    )


def _ends(written: str, language: Language) -> re.Pattern[str]:
    if language == "zh":
        return re.compile(guarded(written.split()))
    return re.compile(rf"\b(?:{written})", re.IGNORECASE)


@remembered()
def substance() -> Mapping[str, Mapping[str, str]]:
    """The reader's issues that can be settled (not those about the process), with their names by language."""
    return {key: matter.name for key, matter in matters.catalogue().items() if not matter.process}


@remembered()
def _hidden(language: Language, issue: str) -> re.Pattern[str] | None:
    entry = table(language, "issues")[issue]
    return re.compile(_bounded(as_words(entry["not"]), language)) if "not" in entry else None


@remembered()
def _words_of(language: Language, issue: str) -> re.Pattern[str]:
    return re.compile(_bounded(as_words(table(language, "issues")[issue]["words"]), language))


def _bounded(items: Sequence[str], language: Language) -> str:
    return guarded(items) if language == "zh" else rf"\b{guarded(items)}(?=(?:s|es|'s|’s)?\b)"


def issue_spans(text: str, language: Language) -> tuple[tuple[int, int, str], ...]:
    """Where a text speaks of which substantive issue, in order: (start, stop, issue)."""
    plain = text if language == "zh" else text.lower()
    out: list[tuple[int, int, str]] = []
    for issue in substance():
        hidden = _hidden(language, issue)
        here = hidden.sub(lambda m: "\x00" * len(m[0]), plain) if hidden else plain
        out += ((m.start(), m.end(), issue) for m in _words_of(language, issue).finditer(here) if m[0])
    return tuple(sorted(out))


# ---- titles ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Title:
    """What somebody is called and what such a person usually does in a negotiation."""

    key: str
    role: str
    names: Mapping[str, str]


@remembered()
def titles(language: Language) -> Mapping[str, Title]:
    """All titles of one language by the form in which they stand in texts (lower case)."""
    out: dict[str, Title] = {}
    for key, entry in shared("titles")["titles"].items():
        title = Title(key, entry["role"], {"en": entry["en"][0], "zh": entry["zh"][0]})
        out.update({form.lower(): title for form in entry[language]})
    return out


@remembered()
def title_pattern(language: Language) -> re.Pattern[str]:
    """Finds the longest title at a place."""
    forms: Iterable[str] = titles(language)
    body = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
    return re.compile(body if language == "zh" else rf"\b(?:{body})\b", re.IGNORECASE)
