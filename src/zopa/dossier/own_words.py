"""The words that a case adds to the reader's: ``lexicon.toml`` in its folder, in the shape of the reader's own tables.

    [zh.cues]
    say = "撂话 放出话来"
    [en.issues.fishing]
    name = "Fishing rights"
    words = ["fishing", "trawler"]

Words stand beside those of the reader, never instead of them.
"""

import difflib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from zopa.claims.files import inside, read_lines
from zopa.claims.lines import Lines
from zopa.dossier.lexicon import Added, Language, own_table
from zopa.errors import CaseFileError, Problem

FILE = "lexicon.toml"
OPEN: Mapping[str, tuple[str, ...]] = {
    "zh": ("cues", "roles", "outlets", "names", "places", "issues", "kinds", "tags", "probability"),
    "en": ("cues", "roles", "places", "issues", "kinds", "tags", "probability"),
}
"""Tables that a case may add to."""
MOST_BYTES = 1_000_000
LONGEST = 60
"""Characters of a word."""
_AT = re.compile(r"\(at line (\d+), column (\d+)\)")
_CAPITALS = frozenset({"places", "names"})


def words_of(folder: Path | str) -> str:
    """The words of a case as one text that ``added`` understands, empty where it has none.

    ``CaseFileError`` holds every problem of the file.
    """
    text = _text(Path(folder))
    if text is None:
        return ""
    reading = _read(text)
    if reading.problems:
        raise CaseFileError(reading.problems)
    return json.dumps(reading.tables, ensure_ascii=False, sort_keys=True) if reading.tables else ""


def problems(folder: Path | str) -> tuple[Problem, ...]:
    """What is wrong with the words of a case, in the order of the file."""
    try:
        text = _text(Path(folder))
    except CaseFileError as error:
        return tuple(error.problems)
    return tuple(_read(text).problems) if text is not None else ()


@lru_cache(maxsize=8)
def added(words: str) -> Added | None:
    """The words of a case, for ``adding``; None where there are none."""
    return Added(json.loads(words)) if words else None


def _text(folder: Path) -> Lines | None:
    path = inside(folder, FILE)
    return read_lines(folder, FILE, most=MOST_BYTES) if path.exists() else None


@dataclass
class _Reading:
    lines: Lines
    tables: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, code: str, path: tuple[str, ...], **values: object) -> None:
        self.problems.append(self.lines.problem(code, self._span(path), **values))

    def _span(self, path: tuple[str, ...]) -> tuple[int, int]:
        """Where the last key of a path stands: in a heading, at the beginning of a line, or between braces."""
        at, span = 0, (0, 0)
        for before, key in zip(("", *path), path, strict=False):
            name = rf"[\"']?{re.escape(key)}[\"']?"
            shapes = (
                rf"^\s*\[+[^\]\n]*?(?<![\w-])({name})(?![\w-])",
                rf"^\s*({name})\s*[=.]",
                rf"\{{[^}}\n]*?({name})\s*=",
            )
            # Keys of one heading stand in one line; a key of the same name as its table stands behind it.
            at = span[1] if key == before else at
            found = re.compile("|".join(shapes), re.MULTILINE).search(self.lines.text, at)
            if found is not None:
                span = found.span(found.lastindex or 0)
                at = found.start()
        return span


def _read(lines: Lines) -> _Reading:
    out = _Reading(lines)
    try:
        given = tomllib.loads(lines.text)
    except tomllib.TOMLDecodeError as error:
        found = _AT.search(str(error))
        start = len(lines.text)
        if found is not None:
            start = lines.starts[min(int(found[1]) - 1, len(lines.starts) - 1)] + int(found[2]) - 1
        out.problems.append(
            lines.problem("words-toml", (start, start + 1), why=_AT.sub("", str(error)).strip())
        )
        return out
    for language, tables in given.items():
        if language not in OPEN or not isinstance(tables, dict):
            out.wrong("words-language", (language,), name=language)
            continue
        for name, entries in tables.items():
            if name not in OPEN[language] or not isinstance(entries, dict):
                known = OPEN[language]
                out.wrong("words-table", (language, name), name=name, known=", ".join(known))
                continue
            own = own_table(cast("Language", language), name)
            table = _checked(out, (language, name), entries, own)
            if table:
                out.tables.setdefault(language, {})[name] = table
    if not out.problems:
        _paired(out.tables)
    return out


def _checked(
    out: _Reading, path: tuple[str, ...], given: Mapping[str, Any], own: Mapping[str, Any]
) -> dict[str, Any]:
    """The entries of a table as they are added; what is wrong with them is noted."""
    language, table = path[0], path[1]
    made: dict[str, Any] = {}
    for key, value in given.items():
        here = (*path, key)
        entry: Any
        if table == "issues" and len(path) == 2:
            entry = _issue(out, here, value)
        elif key not in own:
            near = difflib.get_close_matches(key, list(own), n=1)
            code = "words-entry-near" if near else "words-entry"
            out.wrong(code, here, name=key, near=near[0] if near else "", known=", ".join(list(own)[:20]))
            continue
        elif isinstance(own[key], dict):
            if not isinstance(value, dict):
                out.wrong("words-words", here, name=key)
                continue
            entry = _checked(out, here, value, own[key])
        elif table == "probability" and key == "bands":
            entry = list(_bands(out, here, value))
        else:
            entry = _listed(out, here, value)
        if entry:
            made[key] = entry
    return made if language == "zh" or table in _CAPITALS else _lower(made)


def _issue(out: _Reading, path: tuple[str, ...], value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        out.wrong("words-words", path, name=path[-1])
        return {}
    made: dict[str, Any] = {}
    for key, entry in value.items():
        here = (*path, key)
        if key == "name" and isinstance(entry, str) and entry.strip():
            made[key] = entry.strip()
        elif key in ("words", "not", "fallback"):
            made[key] = _listed(out, here, entry)
        else:
            out.wrong("words-entry", here, name=key, known="name, words, not, fallback")
    if path[-1] not in own_table("zh", "issues"):
        # A new issue; without a name it is called by its id.
        made.setdefault("name", path[-1])
        made.setdefault("words", [])
    else:
        made.pop("name", None)
    return made


def _listed(out: _Reading, path: tuple[str, ...], value: object) -> list[str]:
    items = value.split() if isinstance(value, str) else value
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        out.wrong("words-words", path, name=path[-1])
        return []
    words = [" ".join(item.split()) for item in items]
    for word in words:
        if not 0 < len(word) <= LONGEST:
            out.wrong("words-long", path, name=path[-1], word=word[:20], most=LONGEST)
    return [word for word in words if 0 < len(word) <= LONGEST]


def _bands(out: _Reading, path: tuple[str, ...], value: object) -> Iterator[dict[str, Any]]:
    for row in value if isinstance(value, list) else [value]:
        if (
            not isinstance(row, dict)
            or set(row) != {"low", "high", "words"}
            or not _range(row["low"], row["high"])
        ):
            out.wrong("words-band", path)
        else:
            yield {"low": row["low"], "high": row["high"], "words": _listed(out, path, row["words"])}


def _range(low: object, high: object) -> bool:
    """Whether two values are probabilities in their order."""
    if isinstance(low, bool) or isinstance(high, bool):
        return False
    return isinstance(low, (int, float)) and isinstance(high, (int, float)) and 0 <= low <= high <= 1


def _lower(made: Any) -> Any:
    """English words are looked for in small letters."""
    if isinstance(made, dict):
        return {key: value if key == "name" else _lower(value) for key, value in made.items()}
    if isinstance(made, list):
        return [_lower(item) for item in made]
    return made.lower() if isinstance(made, str) else made


def _paired(tables: dict[str, Any]) -> None:
    """A new issue stands in both languages, if only by its name."""
    issues = {language: tables.get(language, {}).get("issues", {}) for language in OPEN}
    new = {key for each in issues.values() for key in each if key not in own_table("zh", "issues")}
    for language, other in (("zh", "en"), ("en", "zh")):
        for key in new:
            known = issues[other].get(key)
            if known is not None and key not in issues[language]:
                home = tables.setdefault(language, {}).setdefault("issues", {})
                home[key] = {"name": known["name"], "words": []}
