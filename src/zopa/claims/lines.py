"""A text cut into lines as an editor counts them: where in a file something stands, and the author's own line."""

import difflib
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from zopa.errors import Place, Problem, width
from zopa.words import Language, joined, say

LONGEST_EXCERPT = 240
"""Columns of the longest line shown whole; wide characters count two."""
BEFORE, WINDOW = 32, 96
"""Of a longer line (a claim on one line), the columns shown before what is meant, and in all."""
_BREAK = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, eq=False)
class Lines:
    """A text with its file name; ``first`` is the number its first line has in that file."""

    file: str
    text: str = field(repr=False)
    first: int = 1

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Offset of each line's first character."""
        return (0, *(m.end() for m in _BREAK.finditer(self.text)))

    @cached_property
    def stops(self) -> tuple[int, ...]:
        """Offset of each line's end, its line break left out."""
        return (*(m.start() for m in _BREAK.finditer(self.text)), len(self.text))

    def index(self, offset: int) -> int:
        """Which line (from 0) holds the character at an offset."""
        return bisect_right(self.starts, offset) - 1

    def place(self, start: int, stop: int) -> Place:
        """The place of a stretch of the text; it ends with its first line, as carets do."""
        k = self.index(min(start, len(self.text)))
        begin, end = self.starts[k], self.stops[k]
        column = start - begin + 1
        marked = self.text[start : min(stop, end)].rstrip()
        return Place(self.file, self.first + k, column, column + max(1, len(marked)))

    def excerpt(self, place: Place) -> tuple[str | None, int]:
        """The author's own line at a place, or the part of a long one around it, with … where it is cut.

        The number says by how much a column of the excerpt is less than that of the line.
        """
        if place.line is None:
            return None, 0
        k = place.line - self.first
        begin, end = self.starts[k], self.stops[k]
        # A tab has no fixed width, so it would move the caret off its mark.
        if end - begin <= LONGEST_EXCERPT:
            line = self.text[begin:end].replace("\t", " ")
            if width(line) <= LONGEST_EXCERPT:
                return line, 0
        at = begin + (place.start or 1) - 1
        start = _reach(self.text, at, begin, BEFORE)
        stop = _reach(self.text, start, end, WINDOW)
        if stop == end:
            # Near the end of the line, what is not needed behind the mark shows more of what is before it.
            start = min(start, _reach(self.text, end, begin, WINDOW))
        part = self.text[start:stop].replace("\t", " ")
        left, right = "…" if start > begin else "", "…" if stop < end else ""
        return left + part + right, start - begin - len(left)

    def problem(self, code: str, span: tuple[int, int], /, **values: object) -> Problem:
        """A problem at a stretch of the text, with the author's line."""
        place = self.place(*span)
        excerpt, shift = self.excerpt(place)
        return Problem(code, place, values, excerpt, shift=shift)


def _reach(text: str, at: int, end: int, columns: int) -> int:
    """The place that so many columns lead to from ``at`` towards ``end``; never between a letter and its accent."""
    step = 1 if end >= at else -1
    k, room = at, columns
    while k != end:
        room -= width(text[k if step > 0 else k - 1])
        if room < 0:
            break
        k += step
    while k != end and unicodedata.combining(text[k]):
        k += step
    return k


class Said:
    """A part of a message that reads differently in each language; templates ask for ``{name:en}`` or ``{name:zh}``."""

    def __init__(self, key: str, **values: object) -> None:
        self.key = key
        self.values = values

    def text(self, lang: Language) -> str:
        """The part in one language."""
        return say(self.key, lang, **self.values)

    def __format__(self, spec: str) -> str:
        return self.text("zh" if spec == "zh" else "en")

    def __repr__(self) -> str:
        return f"Said({self.key!r}, {self.values!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Said) and (self.key, self.values) == (other.key, other.values)

    def __hash__(self) -> int:
        return hash(self.key)


class Several:
    """A list of ids, "a, b and c" or 「a、b、c」; templates ask for ``{name:en}``, ``{name:or}`` or ``{name:zh}``."""

    def __init__(self, items: Iterable[object]) -> None:
        self.items = tuple(str(item) for item in items)

    def __format__(self, spec: str) -> str:
        if spec == "zh":
            # Ids are Latin: 和 between them reads as part of one.
            return "、".join(self.items)
        if spec == "or" and len(self.items) > 1:
            return f"{', '.join(self.items[:-1])} or {self.items[-1]}"
        return joined(self.items, "en")

    def __repr__(self) -> str:
        return f"Several({self.items!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Several) and self.items == other.items

    def __hash__(self) -> int:
        return hash(self.items)


NOTHING = Said("checks.nothing")
"""A part that says nothing; a hint made of it alone is not shown."""


def closest(name: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Known names that look like the one written, best first; short and Chinese names need a lower bar."""
    wanted = _folded(name)
    lenient = len(wanted) <= 4 or not wanted.isascii()
    cutoff = 0.5 if lenient else 0.6
    scored = [(difflib.SequenceMatcher(None, wanted, _folded(k)).ratio(), k) for k in dict.fromkeys(known)]
    near = sorted((s for s in scored if s[0] >= cutoff), key=lambda s: -s[0])
    # A clear winner stands alone: what is much less like it is noise.
    return [k for ratio, k in near if ratio >= near[0][0] - 0.15][:most]


def _folded(name: str) -> str:
    return re.sub(r"[\s_-]+", "-", name.casefold())


def did_you_mean(name: str, known: Iterable[str]) -> Said:
    """The closest names, or nothing where none is close."""
    near = closest(name, known)
    return Said("checks.did-you-mean", names=Several(near)) if near else NOTHING


def suggestion(name: str, known: Sequence[str]) -> Said:
    """What to say about a name nobody knows: the closest ones, else all that are known if they are few."""
    near = closest(name, known)
    if near:
        return Said("checks.did-you-mean", names=Several(near))
    if known and len(known) <= 40:
        return Said("checks.known-here", names=Several(known))
    return Said("checks.none-here") if not known else NOTHING


def shown(text: str, most: int = 40) -> str:
    """What the author wrote, cut to fit a sentence."""
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"
