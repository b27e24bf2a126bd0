"""Where the words stand that somebody claims to have copied from a text: exactly, or but for blanks and punctuation."""

import unicodedata
from functools import lru_cache

Span = tuple[int, int]
SHORTEST = 2


@lru_cache(maxsize=8)
def _folded(text: str, *, marks: bool) -> tuple[str, tuple[int, ...]]:
    """The text without blanks (and with ``marks`` without punctuation), in one form and case, and where each character
    stood."""
    out: list[str] = []
    places: list[int] = []
    for k, character in enumerate(text):
        if character.isspace() or (marks and unicodedata.category(character)[0] in "PS"):
            continue
        for folded in unicodedata.normalize("NFKC", character).casefold():
            out.append(folded)
            places.append(k)
    return "".join(out), tuple(places)


def stands_at(
    words: str, text: str, *, start: int = 0, stop: int | None = None, before: str = ""
) -> Span | None:
    """Where ``words`` stand in ``text[start:stop]``; None where they do not.

    Blanks may differ, then case and punctuation too. Of several places the one behind the words ``before`` is meant,
    else the first.
    """
    end = len(text) if stop is None else stop
    if not words.strip():
        return None
    exact = _places(words, text[start:end])
    if exact:
        at = start + _best(exact, text[start:end], before)
        return at, at + len(words)
    for marks in (False, True):
        found = _loosely(words, text[start:end], before, marks=marks)
        if found is not None:
            return start + found[0], start + found[1]
    return None


def _loosely(words: str, text: str, before: str, *, marks: bool) -> Span | None:
    needle = _folded(words, marks=marks)[0]
    hay, places = _folded(text, marks=marks)
    if len(needle) < SHORTEST:
        return None
    found = _places(needle, hay)
    if not found:
        return None
    at = _best(found, hay, _folded(before, marks=marks)[0])
    span = places[at], places[at + len(needle) - 1] + 1
    return _with_marks(words.strip(), text, span) if marks else span


def _with_marks(words: str, text: str, span: Span) -> Span:
    """The span with the quotation marks right around it, where the words had some too."""
    start, stop = span
    if words[0] in '“”"「『' and text[start - 1 : start] in tuple('“"「『'):
        start -= 1
    if words[-1] in '“”"」』' and text[stop : stop + 1] in tuple('”"」』'):
        stop += 1
    return start, stop


def _places(words: str, text: str) -> list[int]:
    out: list[int] = []
    at = text.find(words)
    while at >= 0 and len(out) < 200:
        out.append(at)
        at = text.find(words, at + 1)
    return out


def _best(places: list[int], text: str, before: str) -> int:
    lead = before.strip()
    fitting = [at for at in places if lead and text[:at].rstrip().endswith(lead)]
    return (fitting or places)[0]
