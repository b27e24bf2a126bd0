"""What the words of a claim commit it to: sides of an opposition, marks such as "only", counts, content to compare.

Words stand in ``claims/lexicon.json``, Chinese and English side by side, as regular expressions. Nothing here compares
two claims, and nothing depends on any other claim: the reading of a text is a function of the text.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Literal

Script = Literal["zh", "en"]
Count = tuple[str, float, float]
"""What was counted, and the least and greatest number that the words allow."""

_CLAUSE = re.compile(r"[，。；：！？、,;:!?\n]|\. |\.$")
_HAN = re.compile(r"[\u3400-\u9fff]")
_NEAR = {"zh": 5, "en": 26}
"""How many characters before a word a negation still reaches it."""
_DIGITS = {c: k for k, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_TENS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
_NUMBER_ZH = re.compile(
    r"(\d[\d,]*(?:\.\d+)?|[零一二三四五六七八九十百千万两〇]+)\s*(%|[\u3400-\u9fff]{1,2})"
)
_NUMBER_EN = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*(%|percent|[a-z]+)")
_CALENDAR = frozenset("年月日号时分点世纪周")
_CALENDAR_EN = re.compile(
    "january|february|march|april|may|june|july|august|september|october|november|december|[ap]m|st|nd|rd|th"
)
_DAY = re.compile(r"\d{1,2}[日号月]")
_WORD = re.compile(r"[a-z][a-z'’-]*")
_ENDINGS = re.compile(r"(?:ations?|ings?|ed|es|s|ly)$")


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: the sides it takes (opposition → +1 or −1), and its content words without those of the sides."""

    poles: Mapping[str, int]
    units: frozenset[str]
    negated: bool


@dataclass(frozen=True, slots=True)
class Wording:
    """What one text commits to. ``again`` names the oppositions that it says came back to their first side; ``stale``:
    it speaks of what was once intended."""

    script: Script
    clauses: tuple[Clause, ...]
    poles: Mapping[str, int]
    again: frozenset[str]
    marks: frozenset[str]
    units: frozenset[str]
    counts: tuple[Count, ...]
    stale: bool


@dataclass(frozen=True)
class Lexicon:
    """The compiled word lists of one script."""

    poles: Mapping[str, Mapping[str, re.Pattern[str]]]
    marks: Mapping[str, re.Pattern[str]]
    negation: re.Pattern[str]
    stale: re.Pattern[str]
    against: re.Pattern[str]
    stop: frozenset[str]


@cache
def _data() -> Mapping[str, Any]:
    data: Mapping[str, Any] = json.loads(
        (files("zopa") / "claims" / "lexicon.json").read_text(encoding="utf-8")
    )
    return data


def _pattern(words: Sequence[str], script: Script) -> re.Pattern[str]:
    either = "|".join(words)
    return re.compile(either if script == "zh" else rf"(?<![\w-])(?:{either})(?![\w-])")


@cache
def lexicon(script: Script) -> Lexicon:
    """The word lists of one script."""
    data = _data()
    poles = {
        name: {side: _pattern(words[script], script) for side, words in sides.items()}
        for name, sides in data["poles"].items()
    }
    marks = {name: _pattern(words[script], script) for name, words in data["marks"].items()}
    negation, stale, against = (
        _pattern(data[key][script], script) for key in ("negation", "stale", "against")
    )
    return Lexicon(poles, marks, negation, stale, against, frozenset(data["stop"][script]))


@cache
def process() -> frozenset[str]:
    """Issues that are about the talks themselves rather than about what divides the sides."""
    return frozenset(_data()["process"])


@lru_cache(maxsize=65536)
def wording(text: str) -> Wording:
    """The reading of one text."""
    plain = unicodedata.normalize("NFKC", text).casefold() if not _HAN.search(text) else text
    script: Script = "zh" if _HAN.search(text) else "en"
    words = lexicon(script)
    again: set[str] = set()
    clauses = tuple(_clause(part, script, words, again) for part in _CLAUSE.split(plain) if part.strip())
    marks = frozenset(name for name in words.marks if _marked(name, plain.strip(), script, words))
    units = frozenset().union(*(c.units for c in clauses)) if clauses else frozenset()
    poles: dict[str, int] = {}
    for clause in clauses:
        for name, side in clause.poles.items():
            # "Was to be held … is cancelled" is cancelled; "cancelled … restored" is on again.
            poles[name] = 1 if name in again else min(side, poles.get(name, 1))
    return Wording(
        script,
        clauses,
        poles,
        frozenset(again),
        marks,
        units,
        tuple(_counts(plain, script, marks)),
        bool(words.stale.search(plain)),
    )


def _marked(name: str, text: str, script: Script, words: Lexicon) -> bool:
    """Whether the text carries a mark; to be against including something is not to include it."""
    for found in words.marks[name].finditer(text):
        before = _CLAUSE.split(text[: found.start()])[-1]
        if name != "include" or not (words.against.search(before) or words.against.match(found[0])):
            return True
    return False


def _clause(text: str, script: Script, words: Lexicon, again: set[str]) -> Clause:
    poles: dict[str, int] = {}
    rest = text
    for name, sides in words.poles.items():
        for side, pattern in sides.items():
            for found in pattern.finditer(text):
                sign = -1 if side == "minus" else 1
                if side == "plus" and words.stale.search(text[: found.start()]):
                    # What was once to be held is not said to be held.
                    continue
                if _negated(text, found.start(), script, words):
                    sign = -sign
                elif side == "again":
                    again.add(name)
                poles[name] = 1 if name in again else min(sign, poles.get(name, 1))
            rest = pattern.sub(" ", rest)
    # "Denies that it struck" says that it did not.
    negated = bool(words.negation.search(rest)) != (poles.get("true", 1) < 0)
    return Clause(poles, _units(rest, script, words), negated)


def _negated(text: str, at: int, script: Script, words: Lexicon) -> bool:
    before = text[max(0, at - _NEAR[script]) : at]
    # Two negations in a row say yes: "cannot but", 不得不.
    return len(words.negation.findall(before)) % 2 == 1


def negated_beside(text: str, word: str) -> bool:
    """Whether a text says "not" outside a word of probability in it."""
    plain = unicodedata.normalize("NFKC", text).casefold() if not _HAN.search(text) else text
    rest = plain.replace(word.casefold(), " ")
    return len(lexicon("zh" if _HAN.search(text) else "en").negation.findall(rest)) % 2 == 1


def _units(text: str, script: Script, words: Lexicon) -> frozenset[str]:
    if script == "en":
        found = (w for w in _WORD.findall(text) if w not in words.stop and not words.negation.fullmatch(w))
        return frozenset(_stem(w) for w in found)
    # Other numbers are no content: they are compared as counts.
    out: set[str] = set(_DAY.findall(text))
    for run in re.findall(r"[\u3400-\u9fff]+", words.negation.sub(" ", text)):
        pairs = (run[k : k + 2] for k in range(len(run) - 1))
        out.update(p for p in pairs if not (p[0] in words.stop or p[1] in words.stop))
    return frozenset(out)


def _stem(word: str) -> str:
    bare = _ENDINGS.sub("", word)
    return bare if len(bare) >= 3 else word


def _counts(text: str, script: Script, marks: frozenset[str]) -> Iterator[Count]:
    for found in (_NUMBER_ZH if script == "zh" else _NUMBER_EN).finditer(text):
        unit = found[2]
        if unit[0] in _CALENDAR or _CALENDAR_EN.fullmatch(unit):
            continue
        value = _value(found[1])
        low = high = value
        if "at-least" in marks:
            high = float("inf")
        if "at-most" in marks:
            low = 0.0
        if "about" in marks:
            low, high = 0.8 * low, 1.2 * high
        yield unit, low, high


def _value(text: str) -> float:
    if text[0].isdigit():
        return float(text.replace(",", "").rstrip("."))
    total = section = digit = 0
    for c in text:
        if c in _DIGITS:
            digit = _DIGITS[c]
        elif _TENS[c] == 10_000:
            total, section, digit = (total + section + digit) * 10_000, 0, 0
        else:
            section, digit = section + max(digit, 1) * _TENS[c], 0
    return float(total + section + digit)


def overlap(a: frozenset[str], b: frozenset[str], padding: int = 0) -> float:
    """Shared content as a share of the shorter text's, 0 to 1; 0 where either has none.

    ``padding`` is added to the length: a few words in common then count for less in a very short text.
    """
    return len(a & b) / (min(len(a), len(b)) + padding) if a and b else 0.0
