"""One English sentence as the rules see it: its verbs of saying with what they are, its quotations, trimmed ranges."""

import re
from dataclasses import dataclass

from zopa.dossier.document import Sentence
from zopa.dossier.en import grammar
from zopa.dossier.en.mentions import fold, mention, subject
from zopa.dossier.found import Mention
from zopa.dossier.lexicon import alternation, remembered, words
from zopa.dossier.quotes import Span

_CAPITALS = re.compile(r"\b[A-Za-z]{4,}")
_QUOTE_MARKS = "“”\"‘’«»`' "
_EDGES = ",;:—-"
_SHORTEST = 2
_UNCLOSED = 60
_NEVER_NOUNS = frozenset({"said", "says", "told", "believes", "believed", "thinks", "insisted", "added"})
"""Forms that are verbs whatever stands before them: "the two said"."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A form of a verb of saying; places count from the sentence's start."""

    start: int
    stop: int
    base: str
    lists: frozenset[str]
    form: str

    @property
    def gerund(self) -> bool:
        """saying, adding, calling on."""
        return self.form.split()[0].endswith("ing")


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation: its words, and whether it ends like a sentence or a clause."""

    start: int
    stop: int
    words: int
    ended: bool


@remembered()
def behaviour(name: str) -> frozenset[str]:
    """Verbs or forms of one behaviour, as the word list has them."""
    return frozenset(words("en", "cues", "behaviour", name))


@remembered()
def _bases() -> dict[str, tuple[str, frozenset[str]]]:
    out: dict[str, tuple[str, set[str]]] = {}
    for name, listed in grammar.classes().items():
        for form, base in listed.items():
            out.setdefault(form, (base, set()))[1].add(name)
    return {form: (base, frozenset(names)) for form, (base, names) in out.items()}


@remembered()
def _finite() -> re.Pattern[str]:
    listed = alternation(words("en", "cues", "behaviour", "finite"))
    return re.compile(rf"\b(?:{listed}|['’](?:s|re|ve|ll|d)|n['’]t|\w{{2,}}n['’]t|\w{{3,}}ed)\b|n 't\b")


class Line:
    """A sentence; places count from its start, spans are ranges of the text."""

    def __init__(self, text: str, sentence: Sentence) -> None:
        self.text = text
        self.start = sentence.start
        self.raw = sentence.mask
        self.low = fold(sentence.mask)
        self.length = max(sentence.stop - sentence.start, 0)
        self.hits = self._hits()
        self.quotes = [self._quote(a, b, sentence.end) for a, b in sentence.quotes]

    def _hits(self) -> list[Hit]:
        out = []
        for found in grammar.cue().finditer(self.low):
            at = found.start()
            if found[0] not in _NEVER_NOUNS and grammar.determiner_before().search(
                self.low, max(0, at - 16), at
            ):
                continue
            if at > 0 and self.raw[at].isupper() and not self.in_capitals():
                continue
            base, lists = _bases()[found[0]]
            out.append(Hit(at, found.end(), base, lists, found[0]))
        return out

    def _quote(self, begin: int, end: int, last: int) -> Quote:
        inside = self.text[begin:end].strip(_QUOTE_MARKS)
        ended = inside[-1:] in ",.?!…-—" or (end >= last and end - begin > _UNCLOSED)
        return Quote(begin - self.start, end - self.start, len(inside.split()), ended)

    def in_capitals(self) -> bool:
        """Whether the sentence is written like a headline, every word with a capital."""
        letters = _CAPITALS.findall(self.raw)
        return bool(letters) and sum(w[0].isupper() for w in letters) >= 0.7 * len(letters)

    def span(self, start: int, stop: int) -> Span | None:
        """The range in the text without marks and blanks at its ends, or None where nothing is left."""
        low, high = self.start + max(0, start), self.start + min(stop, self.length)
        while low < high and (self.text[low].isspace() or self.text[low] in _EDGES):
            low += 1
        while high > low and (self.text[high - 1].isspace() or self.text[high - 1] in _EDGES):
            high -= 1
        return (low, high) if high - low >= _SHORTEST else None

    def who(self, hit: Hit, floor: int) -> Mention | None:
        """The subject of a verb, or None where it has none of its own after ``floor``."""
        place = subject(self.raw, self.low, floor, hit.start)
        return self.mention(place) if place else None

    def mention(self, place: tuple[int, int]) -> Mention:
        """The mention at a place of the sentence."""
        return mention(self.text, self.start, *place)

    def words(self, start: int, stop: int) -> int:
        """How many words a stretch has, quoted ones estimated."""
        return len(self.low[start:stop].split()) + 3 * self.low.count("\x00", start, stop)

    def finite(self, start: int, stop: int) -> bool:
        """Whether a finite verb stands in the stretch."""
        return _finite().search(self.low, start, min(stop, self.length)) is not None
