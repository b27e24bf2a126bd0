"""The text of a drafted case file: house style, every entry assumed, comments that name the candidates behind it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from zopa.case.yaml_write import block, inline
from zopa.words import Language, say

MOST_IDS = 8
"""Candidates named in one comment."""


@dataclass
class Entry:
    """One entry of a section: its data, its key where the section is a mapping, and the comments above it."""

    data: object
    key: str | None = None
    comments: tuple[str, ...] = ()


@dataclass
class Section:
    """A section of the case file; an empty one is left out unless it has something to say."""

    name: str
    entries: list[Entry] = field(default_factory=list)
    comments: tuple[str, ...] = ()


def candidates(ids: Sequence[str], lang: Language) -> tuple[str, ...]:
    """The comment that names candidates; none where there are none."""
    if not ids:
        return ()
    shown = ", ".join(ids[:MOST_IDS])
    if len(ids) > MOST_IDS:
        shown = say("draft.from-more", lang, ids=shown, n=len(ids) - MOST_IDS)
    return (say("draft.from", lang, ids=shown),)


def written(head: Mapping[str, object], sections: Iterable[Section], remarks: Sequence[str]) -> str:
    """The whole file."""
    parts = ["\n".join([*(f"# {line}" for line in remarks), block(head)])]
    parts += [text for section in sections if (text := _section(section))]
    return "\n\n".join(parts) + "\n"


def _section(section: Section) -> str:
    comments = [f"# {line}" for line in section.comments]
    if not section.entries:
        return "\n".join(comments)
    lines = [*comments, f"{section.name}:"]
    for entry in section.entries:
        lines += [f"  # {line}" for line in entry.comments]
        if entry.key is not None:
            lines.append(block({entry.key: entry.data}, 2))
        else:
            # The writer knows lists below a key only: the key's line is taken off again.
            text = block({"_": [entry.data]})
            lines.append(text.partition("\n")[2] or f"  - {inline(entry.data)}")
    return "\n".join(lines)


def texts(key: str, **values: Mapping[str, str] | str | int) -> dict[str, str]:
    """A sentence of the catalogue in both languages; values that are names are given in the language of each."""
    out: dict[str, str] = {}
    for lang in ("en", "zh"):
        said = {k: pick(v, lang) if isinstance(v, Mapping) else v for k, v in values.items()}
        out[lang] = say(f"draft.{key}", lang, **said)
    return out


def pick(name: Mapping[str, str], lang: str) -> str:
    """A name in one language, or in the other where only that is known."""
    return name.get(lang) or next(iter(name.values()), "")


def ordered(name: Mapping[str, str]) -> dict[str, str]:
    """A name with its languages in the order a case file writes them."""
    return {lang: name[lang] for lang in ("en", "zh") if lang in name}


def entry(**values: object) -> dict[str, object]:
    """The data of an entry without what is empty, marked as assumed."""
    kept = {k.rstrip("_"): v for k, v in values.items() if v is not None and v not in ([], {})}
    return {**kept, "assumed": True}
