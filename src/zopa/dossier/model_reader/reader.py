"""Claims that a language model proposes, each tied to words that stand in the document; what is not there is listed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from pydantic import ValidationError

from zopa.claims.claim import Claim
from zopa.claims.source import Source
from zopa.dossier.dates import find_dates
from zopa.dossier.document import Document
from zopa.dossier.found import Found, Mention
from zopa.dossier.model_reader.aligning import stands_at
from zopa.dossier.model_reader.asking import Answer, Item, messages, pieces, schema
from zopa.dossier.model_reader.client import AnswerError, Endpoint
from zopa.dossier.read import assembled, parsed
from zopa.errors import Place

READER = "llm"
_TELLINGS = 2
"""Times that a piece is asked about where the answer has not the form that was asked for."""


@dataclass(frozen=True, slots=True)
class Unaligned:
    """What a model said and the text does not bear out: ``why`` is quote, speaker, day, overlap or answer."""

    source: str
    why: str
    said: str


@dataclass
class ModelReader:
    """A reader: ``reader(source)`` gives the claims; ``unaligned`` fills with what could not be verified."""

    endpoint: Endpoint
    extra: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unaligned: list[Unaligned] = field(default_factory=list)

    def __call__(self, source: Source) -> tuple[Claim, ...]:
        """The claims of a document. ``DossierError`` where the endpoint fails; nothing is kept of the document then."""
        header = source.header
        outlet = header.outlet
        if isinstance(outlet, dict):
            outlet = outlet.get(header.language or "en") or next(iter(outlet.values()), None)
        document = parsed(source.text, language=header.language, published=header.published, outlet=outlet)
        reading = _Reading(source, document, self.unaligned)
        for start, stop in pieces(document):
            for item in self._items(source, document, start, stop, reading.heard):
                reading.take(item, start, stop)
        claims = assembled(
            document, source.text, reading.found(), source=source.id, extra=self.extra, reader=READER
        )
        return tuple(reading.told(claim) for claim in claims)

    def _items(
        self, source: Source, document: Document, start: int, stop: int, heard: Sequence[str]
    ) -> list[Item]:
        published = document.published.isoformat() if document.published is not None else None
        asked = messages(source.text[start:stop], published=published, outlet=document.outlet, speakers=heard)
        why = ""
        for _ in range(_TELLINGS):
            try:
                content = self.endpoint.asked(asked, schema(), Place(source.id))
                return Answer.model_validate_json(content).claims
            except AnswerError as error:
                why = str(error)
            except ValidationError as error:
                why = f"{error.error_count()} x {error.errors()[0]['type']}"
        self.unaligned.append(Unaligned(source.id, "answer", f"{start}-{stop}: {why}"))
        return []


class _Reading:
    """What has been proposed for one document so far."""

    def __init__(self, source: Source, document: Document, unaligned: list[Unaligned]) -> None:
        self.source, self.document, self.unaligned = source, document, unaligned
        self.text = source.text
        self.items: dict[tuple[int, int], tuple[Found, Item]] = {}
        self.heard: list[str] = []
        whens = find_dates(document.text, published=document.published, language=document.language)
        self.days = {day for when in whens for day in when.days}
        if document.published is not None:
            self.days |= {document.published, document.published - timedelta(days=1)}

    def take(self, item: Item, start: int, stop: int) -> None:
        """Keep a proposal if its words stand in this piece of the text."""
        span = stands_at(item.quote, self.text, start=start, stop=stop, before=item.before)
        if span is None:
            self._refuse("quote", item.quote)
            return
        if any(a < span[1] and span[0] < b for a, b in self.items):
            self._refuse("overlap", item.quote)
            return
        mention = self._mention(item, span) if item.type != "narrator" else None
        if item.type != "narrator" and item.speaker and mention is None:
            self._refuse("speaker", f"{item.speaker}: {item.quote}")
            return
        number = next((k for k, s in enumerate(self.document.sentences) if s.start <= span[0] < s.end), None)
        if number is None:
            self._refuse("quote", item.quote)
            return
        cue = (mention.stop, mention.stop) if mention is not None else (span[0], span[0])
        self.items[span] = (
            Found(
                number, (span,), item.type, "model-said", "", cue, mention,
                unspecified=item.type != "narrator" and mention is None, continued=item.continued,
            ),
            item,
        )  # fmt: skip
        if mention is not None and mention.text not in self.heard[-1:]:
            self.heard.append(mention.text)

    def _mention(self, item: Item, span: tuple[int, int]) -> Mention | None:
        """The speaker's words nearest before the quotation, else anywhere in the text."""
        if not item.speaker:
            return None
        found = self._last(item.speaker, span[0]) or stands_at(item.speaker, self.text)
        if found is None:
            return None
        return Mention(*found, self.document.text[found[0] : found[1]])

    def _last(self, words: str, stop: int) -> tuple[int, int] | None:
        at = self.text.rfind(words, max(0, stop - 400), stop)
        return (at, at + len(words)) if at >= 0 else None

    def _refuse(self, why: str, said: str) -> None:
        self.unaligned.append(Unaligned(self.source.id, why, " ".join(said.split())[:500]))

    def found(self) -> list[Found]:
        """All that stands in the text, in its order."""
        return [found for _, (found, _) in sorted(self.items.items(), key=lambda pair: pair[0])]

    def told(self, claim: Claim) -> Claim:
        """The claim with what only the model could tell, as far as the text bears it out."""
        item = self.items[claim.ranges[0]][1]
        update: dict[str, object] = {"kind": item.kind}
        day = self._day(item)
        if day is not None and claim.type != "narrator":
            update["said_on"] = day
        return claim.model_copy(update=update)

    def _day(self, item: Item) -> date | None:
        if not item.said_on:
            return None
        try:
            day = date.fromisoformat(item.said_on)
        except ValueError:
            day = None
        published = self.document.published
        if day is None or day not in self.days or (published is not None and day > published):
            self._refuse("day", f"{item.said_on}: {item.quote}")
            return None
        return day
