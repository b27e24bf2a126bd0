"""News sentences with marked dates: how many the reader finds, with the right place in the calendar."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from zopa.dossier.dates import find_dates
from zopa.dossier.lexicon import Language

FOLDER = Path(__file__).resolve().parent / "dates"
_MARK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")


@dataclass(frozen=True)
class Marked:
    """One expression, where it stands, and the values that are right for it."""

    start: int
    stop: int
    text: str
    values: tuple[str, ...]


def documents(name: str) -> Iterator[tuple[date, str, tuple[Marked, ...]]]:
    """Every document of a file: its day of publication, its text, and its marked dates."""
    for block in (FOLDER / f"{name}.txt").read_text(encoding="utf-8").strip().split("\n\n"):
        head, _, body = block.partition("\n")
        text, marks, done = "", [], 0
        for found in _MARK.finditer(body):
            text += body[done : found.start()]
            marks.append(Marked(len(text), len(text) + len(found[1]), found[1], tuple(found[2].split("|"))))
            text += found[1]
            done = found.end()
        yield date.fromisoformat(head.removeprefix("# ")), text + body[done:], tuple(marks)


@dataclass(frozen=True)
class Score:
    """How many are right, of how many found and how many marked; and what is wrong, in words."""

    right: int
    found: int
    marked: int
    wrong: tuple[str, ...]


def score(name: str) -> Score:
    """What the reader finds in the marked sentences; vague words and durations have no place in the calendar."""
    language: Language = "zh" if name.startswith("zh") else "en"
    right = total = marked = 0
    wrong: list[str] = []
    for published, text, marks in documents(name):
        found = [
            when
            for when in find_dates(text, published=published, language=language)
            if when.low is not None or re.fullmatch(r"\d{4}-(?:SP|SU|FA|WI)", when.value or "")
        ]
        total, marked = total + len(found), marked + len(marks)
        hit: set[int] = set()
        for when in found:
            here = next((m for m in marks if when.start < m.stop and m.start < when.stop), None)
            if here is not None and when.value in here.values and here.start not in hit:
                hit.add(here.start)
                right += 1
            else:
                wrong.append(
                    f"{published} {when.text!r} = {when.value}, not {here.values if here else 'a date'}"
                )
        wrong += [f"{published} {m.text!r} = {m.values} missed" for m in marks if m.start not in hit]
    return Score(right, total, marked, tuple(wrong))
