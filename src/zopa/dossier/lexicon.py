"""The reader's words: TOML tables under ``lexicon/<language>/``, loaded when first needed and turned into patterns.

A table's entry is a list of strings, or one string of words between blanks. Every table is meant to be edited.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Language = Literal["zh", "en"]
Table = Mapping[str, Any]


@cache
def table(language: Language, name: str) -> Table:
    """One table of words; ``FileNotFoundError`` where the language has none of that name."""
    path = files("zopa.dossier") / "lexicon" / language / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def as_words(entry: str | Iterable[object]) -> tuple[str, ...]:
    """The words of one entry, in order, without repetitions."""
    items = entry.split() if isinstance(entry, str) else [str(item) for item in entry]
    return tuple(dict.fromkeys(items))


@cache
def words(language: Language, name: str, *path: str) -> tuple[str, ...]:
    """The words of ``path`` in a table: ``words("zh", "cues", "say")``; several entries with ``"a|b"``."""
    entry: Any = table(language, name)
    for step in path[:-1]:
        entry = entry[step]
    return tuple(dict.fromkeys(word for key in path[-1].split("|") for word in as_words(entry[key])))


def alternation(items: Iterable[str]) -> str:
    """A pattern that matches the longest of the words at a place, built as a tree so that it fails fast."""
    tree: dict[str, Any] = {}
    for word in items:
        node = tree
        for char in word:
            node = node.setdefault(char, {})
        node[""] = {}
    return _branch(tree)


def _branch(node: dict[str, Any]) -> str:
    ends = "" in node
    single = sorted(c for c, below in node.items() if c and set(below) == {""})
    longer = sorted(c for c, below in node.items() if c and set(below) != {""})
    parts = [re.escape(c) + _branch(node[c]) for c in longer]
    if single:
        chars = "".join(re.escape(c) for c in single)
        parts.append(f"[{chars}]" if len(single) > 1 else chars)
    if not parts:
        return ""
    body = parts[0] if len(parts) == 1 and not ends and not (longer and single) else f"(?:{'|'.join(parts)})"
    if ends:
        return f"(?:{'|'.join(parts)})?"
    # A set of first characters lets the engine leave most places at once.
    return body


def guarded(items: Iterable[str]) -> str:
    """``alternation`` behind a look at the first character."""
    listed = [word for word in items if word]
    heads = "".join(re.escape(c) for c in sorted({word[0] for word in listed}))
    return f"(?=[{heads}]){alternation(listed)}" if listed else r"(?!)"


@cache
def pattern(language: Language, name: str, *path: str) -> re.Pattern[str]:
    """A compiled pattern of the words of an entry; English words match whole words in lower-case text."""
    body = guarded(words(language, name, *path))
    return re.compile(rf"\b{body}(?![\w-])" if language == "en" else body)


@cache
def bands(language: Language) -> Mapping[str, tuple[float, float]]:
    """Words of probability that are searched for in texts, with the range documented for each."""
    out: dict[str, tuple[float, float]] = {}
    for band in table(language, "probability")["bands"]:
        for word in as_words(band["words"]):
            out.setdefault(word, (float(band["low"]), float(band["high"])))
    return out


@cache
def word_ranges(language: Language) -> Mapping[str, tuple[float, float]]:
    """All words of probability with their ranges: those searched for, and the plain "will" that people write down."""
    stated = table(language, "probability")["stated"]
    plain = (float(stated["low"]), float(stated["high"]))
    return {**dict.fromkeys(as_words(stated["words"]), plain), **bands(language)}
