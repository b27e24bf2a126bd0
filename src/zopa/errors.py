"""What can go wrong, and how a problem is shown: place, the author's own text, a caret, a remedy.

One tree of four exceptions; everything finer is a ``Problem`` code. Messages live in ``catalogue/problems.json``
under the code, remedies under ``<code>.hint``, in both languages.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Self

from zopa.words import Language, catalogue, say

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file: 1-based line, columns in code points (``stop`` is exclusive); None where unknown."""

    file: str | None = None
    line: int | None = None
    start: int | None = None
    stop: int | None = None

    def __str__(self) -> str:
        parts = [self.file or "", *(str(n) for n in (self.line, self.start) if n is not None)]
        return ":".join(p for p in parts if p)


def width(text: str) -> int:
    """Columns a terminal needs for the text: wide East Asian characters count two, combining ones none."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


@dataclass(frozen=True, slots=True)
class Problem:
    """One located problem: a code, the values its sentence needs, and the author's own line.

    Of a long line ``excerpt`` is a part; its columns then count ``shift`` less than those of the line.
    """

    code: str
    place: Place = Place()
    values: Mapping[str, object] = field(default_factory=dict)
    excerpt: str | None = None
    shift: int = 0
    severity: Severity = "error"

    def message(self, lang: Language = "en") -> str:
        """What is wrong, with the value shown."""
        return say(f"problems.{self.code}", lang, **self.values)

    def hint(self, lang: Language = "en") -> str | None:
        """What to do about it, or None."""
        key = f"{self.code}.hint"
        return say(f"problems.{key}", lang, **self.values) if key in catalogue("problems") else None

    def show(self, lang: Language = "en") -> str:
        """The problem as the terminal prints it: place, message, code, excerpt with carets, hint."""
        where = str(self.place)
        lines = [f"{where}: " if where else ""]
        lines[0] += f"{self.message(lang)} [{self.code}]"
        if self.excerpt is not None and self.place.line is not None:
            gutter = f"{self.place.line} | "
            lines.append(gutter + self.excerpt)
            if self.place.start is not None:
                start, stop = self.place.start, self.place.stop or self.place.start + 1
                before = self.excerpt[: start - self.shift - 1]
                marked = self.excerpt[start - self.shift - 1 : stop - self.shift - 1]
                lines.append(" " * (len(gutter) + width(before)) + "^" * max(1, width(marked)))
        hint = self.hint(lang)
        if hint:
            lines.append(f"  {say('problems.hint-label', lang)}{hint}")
        return "\n".join(lines)

    def to_json(self, lang: Language = "en") -> dict[str, object]:
        """The one shape of a failure on the command line and the web."""
        return {
            "code": self.code,
            "severity": self.severity,
            "file": self.place.file,
            "line": self.place.line,
            "start": self.place.start,
            "stop": self.place.stop,
            "message": self.message(lang),
            "hint": self.hint(lang),
        }


class ZopaError(Exception):
    """Anything zopa refuses to do for a reason that lies in the user's files; holds all problems at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__(self.problems)

    @classmethod
    def of(cls, code: str, place: Place | None = None, **values: object) -> Self:
        """An error with one problem."""
        return cls([Problem(code, place or Place(), values)])

    def show(self, lang: Language = "en") -> str:
        """Every problem, in file order."""
        return "\n".join(problem.show(lang) for problem in self.problems)

    def __str__(self) -> str:
        return self.show("en")


class CaseFileError(ZopaError):
    """The case folder has problems; all of them, in file order."""


class DossierError(ZopaError):
    """A document could not be read, or a claim does not match its text."""


class IncompleteCaseError(ZopaError):
    """An analysis needs a section that the case does not have; the message names it."""
