"""One Chinese sentence as the rules see it: text with quotations blanked, clauses, trimmed ranges, enumerations."""

import re
from bisect import bisect_right

from zopa.dossier.document import Sentence
from zopa.dossier.found import Mention
from zopa.dossier.quotes import Span
from zopa.dossier.zh.mentions import noun_phrase

CLAUSE = re.compile("[，,；;：:。！？!?\n]")
DATELINE = re.compile(
    r"[\s\u3000]*(?:【[^】]{1,20}】)?(?:据)?(?:[\u4e00-\u9fff·]{2,20}?)(?:[0-9]{4}年)?[0-9]{1,2}月[0-9]{1,2}日"
    r"(?:电|讯|消息|报道(?=[\s\u3000]))[：:]?(?:—{1,2}|-{2})?[\s\u3000]*(?:[（(](?:[^）)]{0,40})[）)])?[\s\u3000]*"
    r"|[\s\u3000]*[\u4e00-\u9fff]{2,8}讯[\s\u3000]+(?:[（(](?:[^）)]{0,40})[）)])?"
)
_ENUMERATED = (
    re.compile("(?:其)?(?:[一二三四五六七八九](?:是|则)|其[一二三四五六]是?[，：]?)"),
    re.compile("第[一二三四五六七八九][，,、是：]"),
    re.compile("(?:首先|其次|再次|然后|最后)(?:是)?[，,]?"),
    re.compile("[（(][一二三四五六七八九1-9][）)]|[①②③④⑤⑥⑦⑧⑨]"),
)
_EDGES = "，,；;：:、。"
_SHORTEST = 2
_SHORTEST_SPOKEN = 6
_LONG_QUOTE = 14


class Line:
    """A sentence; places count from its start, spans are ranges of the text."""

    def __init__(self, text: str, sentence: Sentence) -> None:
        self.text = text
        self.sentence = sentence
        self.mask = sentence.mask
        self.start = sentence.start
        self.length = sentence.stop - sentence.start
        self.quotes = [(a - self.start, b - self.start) for a, b in sentence.quotes]
        self.lead_quote = self._lead_quote()
        self.clauses = [found.end() for found in CLAUSE.finditer(self.mask)]

    def _lead_quote(self) -> int:
        """Where the quotation ends with which the sentence begins; 0 where it does not begin with something said."""
        if not self.quotes or self.mask[: self.quotes[0][0]].strip():
            return 0
        end = self.quotes[0][1]
        spoken = self.text[self.start + end - 2] in "，,。！？!?…、；" or end >= _LONG_QUOTE
        return (
            end
            if end >= _SHORTEST_SPOKEN and spoken and self.mask[end : end + 1] not in ("的", "、", "和")
            else 0
        )

    def span(self, start: int, stop: int) -> Span | None:
        """The range in the text without marks and blanks at its ends, or None where nothing is left."""
        low, high = self.start + start, self.start + min(stop, self.length)
        while low < high and (self.text[low].isspace() or self.text[low] in _EDGES):
            low += 1
        while high > low and (self.text[high - 1].isspace() or self.text[high - 1] in _EDGES):
            high -= 1
        return (low, high) if high - low >= _SHORTEST else None

    def clause_start(self, at: int) -> int:
        """Where the clause that holds this place begins."""
        before = bisect_right(self.clauses, at)
        last = self.clauses[before - 1] if before else 0
        return max(last, self.lead_quote if self.lead_quote <= at else 0)

    def clause_end(self, at: int) -> int:
        """Where the clause that holds this place ends, at the latest with the sentence."""
        stop = CLAUSE.search(self.mask, at)
        return stop.start() if stop is not None and stop.start() < self.length else self.length

    def phrase(self, start: int, stop: int) -> Mention | None:
        """The subject at the head of a stretch."""
        return noun_phrase(self.text, self.mask, self.start, start, stop)

    def quote_end(self, at: int) -> int | None:
        """Where the quotation ends that begins exactly here."""
        return next((end for begin, end in self.quotes if begin == at), None)

    def items(self, start: int, stop: int) -> list[Span]:
        """The items of an enumeration in a stretch, as ranges of the text; nothing where there is none."""
        spans = (self.span(a, b) for a, b in enumeration(self.mask, start, stop))
        return [span for span in spans if span is not None]


def enumeration(mask: str, start: int, stop: int) -> list[tuple[int, int]]:
    """The items of 一是…；二是…；三是… in a stretch, or nothing where it lists fewer than two."""
    for pattern in _ENUMERATED:
        marks = [
            m
            for m in pattern.finditer(mask, start, stop)
            if m.start() == start or mask[m.start() - 1] in "，,；;：:。 \u3000"
        ]
        if len(marks) > 1:
            ends = [m.start() for m in marks[1:]] + [stop]
            return [(m.end(), end) for m, end in zip(marks, ends, strict=True)]
    return []
