"""A source as drafting sees it: its sentences with every side marked, and the claims and dates that stand in them."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise

from zopa.claims.claim import Claim
from zopa.claims.source import Source
from zopa.dossier.dates import When, find_dates
from zopa.dossier.document import Document, blocks, detect, with_sentences
from zopa.dossier.draft_names import Marked, Mention, Names, mark
from zopa.dossier.draft_words import issue_spans, patterns
from zopa.dossier.lexicon import Language

_CLAUSE_ENDS = {"zh": "，。；：！？,;!?：\n \u3000", "en": ",;:.!?\n—"}
_JOINTS = (" while ", " but ", " although ", " whereas ")
"""English clauses that no comma divides."""


@dataclass(frozen=True)
class Page:
    """One source, read for drafting."""

    source: Source
    language: Language
    names: Names
    claims: tuple[Claim, ...]

    @property
    def text(self) -> str:
        """The source's text."""
        return self.source.text

    @property
    def published(self) -> date | None:
        """The day that vague days in it hang on."""
        return self.source.header.published or self.source.header.captured

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """Every mention of a side."""
        return self.names.mentions(self.text, self.language)

    @cached_property
    def dates(self) -> tuple[When, ...]:
        """Every expression of time."""
        return find_dates(self.text, published=self.published, language=self.language)

    @cached_property
    def lines(self) -> tuple["Line", ...]:
        """Its sentences in order, headings among them, captions not."""
        document = Document(self.text, self.language, self.published, blocks=blocks(self.text, self.language))
        sentences = with_sentences(document).sentences
        starts = [sentence.start for sentence in sentences]
        claims: list[list[Claim]] = [[] for _ in sentences]
        for claim in self.claims:
            for start, stop in claim.ranges:
                first = max(0, bisect_right(starts, start) - 1)
                for k in range(first, bisect_left(starts, stop)):
                    if claim not in claims[k] and sentences[k].end > start:
                        claims[k].append(claim)
        return tuple(
            Line(self, k, s.start, s.end, tuple(sorted(claims[k], key=_length)))
            for k, s in enumerate(sentences)
        )

    @cached_property
    def _line_starts(self) -> list[int]:
        return [line.start for line in self.lines]

    def line_at(self, position: int) -> "Line | None":
        """The sentence a position stands in."""
        k = bisect_right(self._line_starts, position) - 1
        return self.lines[k] if k >= 0 and position < self.lines[k].stop else None

    @cached_property
    def _mention_starts(self) -> list[int]:
        return [mention.start for mention in self.mentions]

    def mentions_in(self, start: int, stop: int) -> tuple[Mention, ...]:
        """The mentions that begin and end between two positions."""
        starts = self._mention_starts
        inside = self.mentions[bisect_left(starts, start) : bisect_left(starts, stop)]
        return tuple(mention for mention in inside if mention.stop <= stop)

    @cached_property
    def _date_starts(self) -> list[int]:
        return [when.start for when in self.dates]

    def dates_in(self, start: int, stop: int) -> tuple[When, ...]:
        """The expressions of time that begin between two positions."""
        starts = self._date_starts
        return self.dates[bisect_left(starts, start) : bisect_left(starts, stop)]


def _length(claim: Claim) -> tuple[int, str]:
    return sum(stop - start for start, stop in claim.ranges), claim.id


@dataclass(frozen=True)
class Line:
    """A sentence; all positions are those of the source's text."""

    page: Page
    number: int
    start: int
    stop: int
    claims: tuple[Claim, ...]
    """The claims that stand in it, the shortest first: that is the innermost voice."""

    @property
    def text(self) -> str:
        """The sentence as it stands."""
        return self.page.text[self.start : self.stop]

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """The sides it names."""
        return self.page.mentions_in(self.start, self.stop)

    @cached_property
    def marked(self) -> Marked:
        """It with every side as one sign."""
        return mark(self.text, self.mentions, self.page.names.signs, start=self.start)

    @cached_property
    def subjects(self) -> tuple[tuple[int, tuple[str, ...]], ...]:
        """Where a side begins to speak or act in it, in order."""
        found: dict[int, tuple[str, ...]] = {}
        for pattern in patterns(self.page.language, "stance", "who"):
            for match in pattern.finditer(self.marked.text):
                sides = self.page.names.of(match["a"])
                if sides:
                    found.setdefault(self.marked.origin(match.start("a")), sides)
        return tuple(sorted(found.items()))

    @cached_property
    def clauses(self) -> tuple[tuple[int, int], ...]:
        """Where its clauses stand; blanks divide those of Chinese headlines, conjunctions those of English."""
        ends = _CLAUSE_ENDS[self.page.language]
        marked = self.marked.text
        cuts = [k + 1 for k, c in enumerate(marked) if c in ends and not _inside_number(marked, k)]
        if self.page.language == "en":
            low = marked.lower()
            cuts += [at for joint in _JOINTS for at in _places(low, joint)]
        points = [0, *sorted(cuts), len(marked)]
        return tuple(
            (self.marked.origin(a), self.marked.origin(b - 1) + 1) for a, b in pairwise(points) if b > a
        )

    @cached_property
    def issues(self) -> tuple[tuple[int, int, str], ...]:
        """Where it speaks of which substantive issue; what is part of an unlisted side's name (a union's) is none."""
        spans = (
            (self.start + a, self.start + b, issue)
            for a, b, issue in issue_spans(self.text, self.page.language)
        )
        own = [m for m in self.mentions if m.side in self.page.names.unlisted]
        return tuple(s for s in spans if not any(m.start <= s[0] and s[1] <= m.stop for m in own))

    @cached_property
    def dates(self) -> tuple[When, ...]:
        """The expressions of time that stand in it."""
        return self.page.dates_in(self.start, self.stop)

    def clause(self, position: int) -> int:
        """Which of its clauses a position stands in."""
        return next((k for k, (_, stop) in enumerate(self.clauses) if position < stop), len(self.clauses) - 1)

    def claims_at(self, start: int, stop: int) -> tuple[str, ...]:
        """Ids of the claims that overlap a stretch; of the whole sentence where none does."""
        found = tuple(c.id for c in self.claims if any(a < stop and b > start for a, b in c.ranges))
        return found or tuple(c.id for c in self.claims)


def _inside_number(text: str, at: int) -> bool:
    return text[at] in ".,:" and 0 < at < len(text) - 1 and text[at - 1].isdigit() and text[at + 1].isdigit()


def _places(text: str, part: str) -> list[int]:
    out: list[int] = []
    at = text.find(part)
    while at >= 0:
        out.append(at + 1)
        at = text.find(part, at + 1)
    return out


def language_of(source: Source) -> Language:
    """The language its header states, else the one its characters show."""
    return source.header.language or detect(source.text)


def pages(sources: Sequence[Source], claims: Sequence[Claim], names: Names) -> tuple[Page, ...]:
    """One page a source, each with the claims read in it."""
    return tuple(
        Page(source, language_of(source), names, tuple(c for c in claims if c.source == source.id))
        for source in sources
    )
