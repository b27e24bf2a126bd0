"""What a reviewer types for a field of a claim: words, days, lists, and places of the document."""

import json
import re
from collections.abc import Sequence
from typing import Any, get_args

from zopa.claims.claim import Claim, EventType, Kind, Modality, Polarity
from zopa.words import LANGUAGES, Language, has, say

LISTS, DAYS = ("issues", "chain", "about"), ("said_on", "known_on")
CHOICES: dict[str, tuple[str, ...]] = {
    "kind": get_args(Kind),
    "event": get_args(EventType),
    "polarity": get_args(Polarity),
    "modality": get_args(Modality),
}
"""Fields with a fixed choice."""
_DIVIDED = re.compile(r"[\s,，、;；]+")
_CHAINED = re.compile(r"\s*[,，、;；>＞→]\s*")
_PLACES = re.compile(r"\d+\s*[-–~～至]\s*\d+(?:[\s,，、;；]+\d+\s*[-–~～至]\s*\d+)*")
_ENDS = re.compile(r"(?:[<＜]\s*(?P<start>[+-]\d+))?\s*(?:[>＞]?\s*(?P<stop>[+-]\d+))?")
_CUT = re.compile(r"…+|\.{3,}")


def meant(field: str, word: str, lang: Language) -> str | None:
    """What a word of a fixed choice means in a language; None where the catalogue has no other word for it."""
    name = word.replace(" ", "-")
    keys = {
        "kind": f"brief.kind-{name}",
        "event": f"cli.event-{name}",
        "issues": f"record.issue-{name}",
        "polarity": f"cli.polarity-{name}",
        "modality": f"cli.modality-{name}",
    }
    key = keys.get(field)
    return say(key, lang) if key is not None and has(key) else None


def typed(field: str, text: str, *, claim: Claim | None, document: str | None) -> object:
    """The value that was typed: JSON where it is JSON (numbers, lists, null), else as people write it.

    Lists are words divided by commas, a chain also by ``>``; a choice may be named in either language; places are
    ``120-148``, the words themselves, or a move of one end (``+3``, ``<-2``) as :func:`places` reads them.
    """
    if field == "ranges" and document is not None and claim is not None:
        found = places(text, claim.ranges, document)
        return _json(text) if found is None else found
    for word in CHOICES.get(field, ()):
        if text in {meant(field, word, lang) for lang in LANGUAGES}:
            return word
    value = _json(text)
    if field in LISTS and isinstance(value, str | int | float) and not isinstance(value, bool):
        return [word for word in (_CHAINED if field == "chain" else _DIVIDED).split(text) if word]
    # 20260205 is JSON too, but nobody means a number.
    return text if field in DAYS and isinstance(value, int) else value


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def places(text: str, now: Sequence[tuple[int, int]], document: str) -> list[list[int]] | None:
    """The ranges that were typed, or None where the text is none of the forms.

    ``120-148 160-170`` are places; ``+3`` and ``-3`` move the end, ``<+2`` and ``<-2`` the start; words of the
    document stand for their place nearest to the claim, with … between pieces that do not touch.
    """
    text = text.strip()
    if _PLACES.fullmatch(text):
        numbers = [int(number) for number in re.findall(r"\d+", text)]
        return [list(pair) for pair in zip(numbers[::2], numbers[1::2], strict=True)]
    ends = _ENDS.fullmatch(text)
    if text and ends is not None:
        moved = [[start, stop] for start, stop in now]
        moved[0][0] += int(ends["start"] or 0)
        moved[-1][1] += int(ends["stop"] or 0)
        return moved
    return None if text.startswith("[") else _words(text, now[0][0], document)


def _words(text: str, near: int, document: str) -> list[list[int]] | None:
    out: list[list[int]] = []
    for piece in _CUT.split(text):
        if not piece.strip():
            continue
        # The screen shows blanks and line breaks of the document as it likes.
        pattern = re.compile(r"\s*".join(map(re.escape, "".join(piece.split()))))
        spans = [found.span() for found in pattern.finditer(document, out[-1][1] if out else 0)]
        if not spans:
            return None
        nearest = min(range(len(spans)), key=lambda k: abs(spans[k][0] - near))
        out.append(list(spans[0 if out else nearest]))
    return out or None
