"""The document model of a brief: what stands on the pages, in one language, before any format is chosen.

Every format is made of this and of nothing else, so that they cannot tell different stories. All texts are plain
text: each format escapes them in its own way.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from zopa.charts.chart import Chart
from zopa.result import Table, Verdict
from zopa.words import Language, say, sentences

Kind = Literal["answer", "incomplete", "closing"]
"""``answer``: a question with its result; ``incomplete``: the case lacks a section for it; ``closing``: what the
brief itself must tell, such as what was assumed."""


@dataclass(frozen=True, slots=True)
class Section:
    """One question and its answer.

    ``verdicts`` counts the section's probabilities by what the record says of them; ``reading`` says how the numbers
    were made (method, seed), in one line.
    """

    key: str
    kind: Kind
    question: str
    headline: str
    verdicts: Mapping[Verdict, int]
    paragraphs: tuple[str, ...] = ()
    chart: Chart | None = None
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    reading: str = ""
    claims: tuple[str, ...] = ()

    @property
    def lead(self) -> str:
        """The first sentence of the headline: the answer itself."""
        return sentences(self.headline)[0]

    @property
    def second(self) -> str:
        """The second sentence, which the first screen shows too: how likely, under which conditions."""
        return next(iter(sentences(self.headline)[1:]), "")

    @property
    def rest(self) -> str:
        """All the headline says after its first sentence."""
        return self.headline.removeprefix(self.lead).strip()


def shared_claims(table: Table) -> tuple[str, ...]:
    """The claims that every row rests on, where all rest on the same ones: they are told once, not row by row."""
    every = set(table.because)
    return next(iter(every)) if len(every) == 1 and len(table.rows) > 1 else ()


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A quotation where it stands: text before, parts (text, whether it is quoted), text after."""

    before: str
    parts: tuple[tuple[str, bool], ...]
    after: str


@dataclass(frozen=True, slots=True)
class ClaimCard:
    """A claim with everything a reader needs to judge it; ``rivals`` are claims it contradicts, each with a
    remark; ``said_lang`` is the language of the words for the speaker."""

    id: str
    quote: str
    quote_lang: str
    translation: str | None
    kind: str
    said: str
    said_lang: str
    chain: tuple[str, ...]
    outlet: str | None
    dates: tuple[tuple[str, str], ...]
    grade: str
    grade_words: str
    origin: str
    companions: tuple[str, ...]
    rivals: tuple[tuple[str, str], ...]
    source: str
    excerpt: Excerpt | None
    used_in: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SourceCard:
    """A document of the record; ``about`` is its header in labelled parts, ``link`` only ever a web address."""

    id: str
    name: str
    letter: str
    letter_words: str
    about: tuple[tuple[str, str], ...]
    link: str | None
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edition:
    """The whole brief in one language."""

    lang: Language
    title: str
    summary: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    claims: tuple[ClaimCard, ...]
    sources: tuple[SourceCard, ...]
    cite: str
    parties: tuple[str, ...]

    @property
    def answers(self) -> tuple[Section, ...]:
        """The sections that answer, or cannot answer, a question."""
        return tuple(s for s in self.sections if s.kind != "closing")

    @property
    def closing(self) -> tuple[Section, ...]:
        """The sections on what the answers stand on and leave open."""
        return tuple(s for s in self.sections if s.kind == "closing")


@dataclass(frozen=True, slots=True)
class Brief:
    """A brief on a case: the same content in both languages. ``day`` is the day of the record, not of printing."""

    case: str
    day: date
    status: Literal["draft", "reviewed"]
    seed: int
    draws: int
    en: Edition
    zh: Edition
    redacted: bool = False
    """Whether it is made of a case that was made to be shared."""
    marking: str = ""
    """A line for every page, such as CONFIDENTIAL."""

    def mark(self, lang: Language) -> str:
        """What stands on every page and every picture: the marking, and that it is redacted."""
        parts = [self.marking, say("brief.redacted", lang) if self.redacted else ""]
        return " · ".join(part for part in parts if part)

    def edition(self, lang: Language) -> Edition:
        """The brief in one language."""
        return self.zh if lang == "zh" else self.en
