"""The reader's words: TOML tables under ``lexicon/<language>/``, loaded when first needed and turned into patterns.

A table's entry is a list of strings, or one string of words between blanks. Every table is meant to be edited.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache, lru_cache, wraps
from importlib.resources import files
from typing import Any, Literal, TypeVar, cast

Language = Literal["zh", "en"]
Table = Mapping[str, Any]
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, eq=False)
class Added:
    """Words that go beside those of the tables: language → table → entries, in the shape of the tables.

    ``memory`` holds what was worked out with them, so that it goes when they do.
    """

    tables: Mapping[str, Mapping[str, Table]]
    memory: dict[Callable[..., Any], Callable[..., Any]] = field(default_factory=dict, repr=False)


_ADDED: ContextVar[Added | None] = ContextVar("zopa_words", default=None)


@contextmanager
def adding(words_: Added | None) -> Iterator[None]:
    """Everything read inside knows these words too."""
    token = _ADDED.set(words_)
    try:
        yield
    finally:
        _ADDED.reset(token)


def remembered(most: int | None = None) -> Callable[[F], F]:
    """``functools.lru_cache`` for what depends on the words: worked out anew where words were added."""

    def decorate(function: F) -> F:
        plain, asked = lru_cache(maxsize=most)(function), _ADDED.get

        @wraps(function)
        def inner(*args: Any) -> Any:
            added = asked()
            if added is None:
                return plain(*args)
            known = added.memory.get(inner)
            if known is None:
                known = added.memory.setdefault(inner, lru_cache(maxsize=most)(function))
            return known(*args)

        return cast("F", inner)

    return decorate


@cache
def own_table(language: Language, name: str) -> Table:
    """One table of words as it is shipped; ``FileNotFoundError`` where the language has none of that name."""
    path = files("zopa.dossier") / "lexicon" / language / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def table(language: Language, name: str) -> Table:
    """One table of words, with those that were added; ``FileNotFoundError`` where there is none of that name."""
    added = _ADDED.get()
    more = added.tables.get(language, {}).get(name) if added is not None else None
    return own_table(language, name) if more is None else _merged(own_table(language, name), more)


def _merged(entry: Any, more: Any) -> Any:
    """An entry with what is added to it: words behind words, tables key by key."""
    if isinstance(entry, Mapping) and isinstance(more, Mapping):
        return {
            **entry,
            **{key: _merged(entry[key], value) if key in entry else value for key, value in more.items()},
        }
    if isinstance(entry, list) and entry and isinstance(entry[0], Mapping):
        return [*more, *entry]
    return [*as_words(entry), *as_words(more)] if isinstance(entry, (str, list)) else more


def as_words(entry: str | Iterable[object]) -> tuple[str, ...]:
    """The words of one entry, in order, without repetitions."""
    items = entry.split() if isinstance(entry, str) else [str(item) for item in entry]
    return tuple(dict.fromkeys(items))


@remembered()
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


@remembered()
def pattern(language: Language, name: str, *path: str) -> re.Pattern[str]:
    """A compiled pattern of the words of an entry; English words match whole words in lower-case text."""
    body = guarded(words(language, name, *path))
    return re.compile(rf"\b{body}(?![\w-])" if language == "en" else body)


@remembered()
def bands(language: Language) -> Mapping[str, tuple[float, float]]:
    """Words of probability that are searched for in texts, with the range documented for each."""
    out: dict[str, tuple[float, float]] = {}
    for band in table(language, "probability")["bands"]:
        for word in as_words(band["words"]):
            out.setdefault(word, (float(band["low"]), float(band["high"])))
    return out


@remembered()
def word_ranges(language: Language) -> Mapping[str, tuple[float, float]]:
    """All words of probability with their ranges: those searched for, and the plain "will" that people write down."""
    stated = table(language, "probability")["stated"]
    plain = (float(stated["low"]), float(stated["high"]))
    return {**dict.fromkeys(as_words(stated["words"]), plain), **bands(language)}
