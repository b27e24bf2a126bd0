"""The rule-based reader: a news text in, attributed and dated candidate claims out, each verified at its ranges."""

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from zopa.claims.claim import Claim, quote_at, slug, text_digest
from zopa.claims.source import parse_header, split_header
from zopa.dossier import issues as matters
from zopa.dossier.dates import When, find_dates
from zopa.dossier.document import Document, Sentence, blocks, detect, plain, with_sentences
from zopa.dossier.events import event_of
from zopa.dossier.found import Found, Heard
from zopa.dossier.kinds import Said, classify
from zopa.dossier.lexicon import Language, remembered, words
from zopa.dossier.origin import origin
from zopa.dossier.quotes import Span
from zopa.dossier.tags import condition, modality, polarity, probability
from zopa.dossier.traditional import simplified

READER = "rules"
CONFIDENCE: Mapping[str, float] = {
    "say-comma": 0.9, "say-colon": 0.9, "say-quote": 0.9, "say-that": 0.9, "say": 0.8, "think-comma": 0.9,
    "think-colon": 0.85, "think-quote": 0.85, "think": 0.8, "after-quote": 0.9, "split-quote": 0.85, "according": 0.8,
    "view": 0.75, "in-words": 0.75, "object": 0.7, "phrase": 0.65, "infinitive": 0.7, "colon-quote": 0.75,
    "after-clause": 0.75, "label": 0.8, "position": 0.7, "listed": 0.75, "headline": 0.6, "continued": 0.55,
    "quote-alone": 0.6, "narrator": 0.5, "narrator-lead": 0.45, "narrator-item": 0.45, "title": 0.4,
    "said": 0.7, "relayed": 0.8,
}  # fmt: skip
"""How sure a rule is, before any review: rough shares of hits on the development texts, not measured on others."""


def read_text(
    text: str,
    *,
    language: Language | None = None,
    published: date | str | None = None,
    source: str = "text",
    outlet: str | None = None,
    extra: Mapping[str, Sequence[str]] | None = None,
) -> tuple[Claim, ...]:
    """Every claim that the rules find in the text, in its order, as candidates for review.

    ``ranges`` count code points of ``text``. Without ``published`` relative dates stay unresolved; without ``language``
    it is detected. ``extra`` adds a case's own words to issues, by issue id. Any text at all may be given.
    """
    document = parsed(text, language=language, published=published, outlet=outlet)
    more = {key: tuple(value) for key, value in (extra or {}).items()}
    return assembled(document, text, _found_by_rules(document), source=source, extra=more)


def parsed(
    text: str,
    *,
    language: Language | None = None,
    published: date | str | None = None,
    outlet: str | None = None,
) -> Document:
    """The text as rules look at it: in simplified characters, with its blocks and sentences."""
    day = date.fromisoformat(published) if isinstance(published, str) else published
    tongue = language if language is not None else detect(text)
    view = simplified(text) if tongue == "zh" else text
    return with_sentences(Document(view, tongue, day, outlet, blocks(view, tongue)))


def assembled(
    document: Document,
    text: str,
    found: list[Found],
    *,
    source: str,
    extra: Mapping[str, tuple[str, ...]],
    reader: str = READER,
) -> tuple[Claim, ...]:
    """The claims of attributions that somebody found in a document: speakers, dates and tags are told by the rules.

    ``text`` is the document as it was written, of the same length as its own.
    """
    made = _Assembly(document, text, source=source, extra=matters.as_extra(extra), reader=reader)
    return made.claims(found)


def _found_by_rules(document: Document) -> list[Found]:
    if document.language == "zh":
        from zopa.dossier.zh.reading import found_in
    else:
        from zopa.dossier.en.reading import found_in
    return found_in(document)


def read(
    path: str | Path, *, language: Language | None = None, published: date | str | None = None
) -> tuple[Claim, ...]:
    """The claims of a file: plain text as it stands, or a source with a header, used where no such fact is given.

    ``OSError`` where the file cannot be read, ``DossierError`` where it is no plain text;
    ``pydantic.ValidationError`` where the header does not fit.
    """
    from ruamel.yaml import YAML

    place = Path(path)
    content = plain(place.name, place.read_bytes())
    if place.suffix.lower() != ".md":
        return read_text(content, language=language, published=published, source=slug(place.stem))
    head, text, _ = split_header(content)
    header = parse_header(YAML(typ="safe").load(head) or {}) if head is not None else None
    if header is None:
        return read_text(text, language=language, published=published, source=slug(place.stem))
    tongue = language if language is not None else header.language
    name = header.outlet
    if isinstance(name, dict):
        name = name.get(tongue or "en") or next(iter(name.values()), None)
    return read_text(
        text,
        language=tongue,
        published=published if published is not None else header.published,
        source=slug(place.stem),
        outlet=name,
    )


_LONE = re.compile("[\ud800-\udfff]")


def _whole(text: str | None) -> str | None:
    return None if text is None else _LONE.sub("�", text)


@remembered()
def _experts(language: Language) -> re.Pattern[str]:
    listed = words(language, "roles", "experts")
    return re.compile("|".join(re.escape(word) for word in listed))


@remembered()
def _occasions(language: Language) -> re.Pattern[str]:
    return re.compile(
        "|".join(re.escape(word) for word in words(language, "roles", "occasions")), re.IGNORECASE
    )


def _holds(language: Language, name: str, text: str) -> bool:
    """Whether a text has a word of a list of roles."""
    return any(word in text for word in words(language, "roles", name))


class _Assembly:
    """Turns resolved attributions into claims: dates, tags, kind, origin, and the check of the quotation."""

    def __init__(
        self, document: Document, written: str, *, source: str, extra: matters.Extra, reader: str
    ) -> None:
        self.document = document
        self.reader = reader
        self.written = written
        self.text = document.text
        self.language = document.language
        self.source = source
        self.extra = extra
        self.digest = text_digest(written)
        self.whens = find_dates(document.text, published=document.published, language=document.language)
        self.starts = [when.start for when in self.whens]
        self.said: dict[str, date] = {}
        self.said_in_block: tuple[int, date] | None = None
        self.event: tuple[str, date] | None = None
        self.open_to_all = False
        self.noted = -1
        self.experts: set[str | None] = set()

    def claims(self, found: list[Found]) -> tuple[Claim, ...]:
        out: dict[str, Claim] = {}
        for heard in self._heard(found):
            self._note_events(heard.found.sentence)
            claim = self._claim(heard)
            if claim is not None:
                out.setdefault(claim.id, claim)
        return tuple(out.values())

    def _heard(self, found: list[Found]) -> list[Heard]:
        if self.language == "zh":
            from zopa.dossier.zh.speakers import resolve
        else:
            from zopa.dossier.en.speakers import resolve
        return resolve(self.document, found)

    def _claim(self, heard: Heard) -> Claim | None:
        found = heard.found
        quote = quote_at(self.written, found.ranges)
        if not quote.strip() or any(stop <= start for start, stop in found.ranges) or _LONE.search(quote):
            # Half a surrogate pair is no character: no claim can quote it.
            return None
        plain = quote.lower() if self.language == "en" else quote_at(self.text, found.ranges)
        start = found.ranges[0][0]
        modal = modality(plain, self.language)
        where = self._condition(quote, plain, found)
        tags = matters.tag(plain, self.language, self.extra)
        stance = polarity(plain, self.language, found.cue if found.type != "narrator" else "")
        said = Said(
            plain, self.language, found.type, found.cue.lower(), found.rule, self._expert(heard),
            conditional=where is not None, modal=modal, negated=stance == "negated",
        )  # fmt: skip
        kind = classify(said)
        home = self.document.outlet or self.source
        return Claim(
            id=f"{self.source}-{start}-{found.ranges[-1][1]}",
            source=self.source,
            sha256=self.digest,
            ranges=found.ranges,
            quote=quote,
            type=found.type,
            speaker=_whole(self._spoken(heard)),
            speaker_head=_whole(heard.voice.head),
            chain=tuple(_LONE.sub("�", name) for name in heard.chain),
            outlet=_whole(heard.outlet or self.document.outlet),
            origin=_LONE.sub("�", origin(heard, tags, type=found.type, home=home, language=self.language)),
            anonymous=heard.voice.anonymous,
            said_on=self._said_on(heard) if found.type != "narrator" else None,
            known_on=self.document.published,
            about=self._about(found),
            condition=where,
            polarity=stance,
            modality=modal,
            probability=probability(plain, self.language),
            kind=kind,
            event=event_of(plain, said.cue, kind, self.language),
            issues=tags,
            reader=self.reader,
            rule=found.rule,
            confidence=self._confidence(heard),
        )

    def _condition(self, quote: str, plain: str, found: Found) -> Span | None:
        if len(found.ranges) != 1:
            return None
        return condition(plain if self.language == "zh" else quote, self.language, found.ranges[0][0])

    def _spoken(self, heard: Heard) -> str | None:
        """Who speaks, in the characters of the text."""
        mention, speaker = heard.found.mention, heard.voice.speaker
        if mention is None or speaker != mention.text:
            return speaker
        written = self.written[mention.start : mention.stop]
        return written if len(written) == len(speaker) else speaker

    def _expert(self, heard: Heard) -> bool:
        voice = heard.voice
        if voice.kind in ("outlet", "unspecified", "text"):
            return True
        mention = heard.found.mention
        spoken = (mention.text if mention is not None else "") + (voice.speaker or "") + (voice.head or "")
        if _experts(self.language).search(spoken):
            self.experts.add(voice.head)
            return True
        return voice.head in self.experts

    def _confidence(self, heard: Heard) -> float:
        base = CONFIDENCE.get(heard.found.rule.split("-", 1)[1].removesuffix("-item"), 0.6)
        mention = heard.found.mention
        return round(base - (0.15 if mention is not None and not mention.known else 0.0), 2)

    # -- dates ---------------------------------------------------------------------------------------------------

    def _between(self, start: int, stop: int) -> list[When]:
        return list(self.whens[bisect_left(self.starts, start) : bisect_left(self.starts, stop)])

    def _about(self, found: Found) -> tuple[date, ...]:
        days = {
            day for start, stop in found.ranges for when in self._between(start, stop) for day in when.days
        }
        return tuple(sorted(days))

    def _said_on(self, heard: Heard) -> date | None:
        """The day of the utterance: beside the cue, else of the same speaker in the paragraph or the same report."""
        found = heard.found
        sentence = self.document.sentences[found.sentence]
        block = sentence.block
        day = self._beside_cue(found)
        head = heard.voice.head or ""
        if day is None:
            day = self.said.get(f"{block}:{head}")
        if day is None and heard.voice.speaker is not None and heard.voice.kind == "outlet":
            day = self.said.get(head) if heard.voice.speaker != head else None
        if day is None and heard.outlet is not None and len(heard.chain) > 1:
            day = self.said.get(heard.outlet)
        if (
            day is None
            and self.said_in_block is not None
            and block - self.said_in_block[0] <= 1
            and self._follows(found)
        ):
            day = self.said_in_block[1]
        if day is None and self.event is not None and head and heard.voice.kind == "person":
            # The meeting or press conference at which it was said was dated before.
            named = re.split("[·•]", head)[-1] in self.event[0]
            day = self.event[1] if named or self._attends(heard) else None
        if day is not None:
            self.said[f"{block}:{head}"] = day
            self.said_in_block = (block, day)
            for name in (heard.outlet, head if heard.voice.kind == "outlet" else None):
                if name:
                    self.said[name] = day
        return day

    def _note_events(self, upto: int) -> None:
        """Remember the last dated meeting, call or press conference, with the words that name who was there."""
        for index in range(self.noted + 1, upto + 1):
            sentence = self.document.sentences[index]
            if _occasions(self.language).search(sentence.mask):
                limit = self.document.published
                days = [
                    w.day
                    for w in self._between(self._behind_dateline(sentence), sentence.stop)
                    if w.day is not None and (limit is None or w.day <= limit)
                ]
                if days:
                    self.event = (self.text[sentence.start : sentence.stop], days[0])
                    self.open_to_all = _holds(self.language, "conferences", sentence.mask)
        self.noted = max(self.noted, upto)

    def _beside_cue(self, found: Found) -> date | None:
        if found.continued:
            return None
        sentence = self.document.sentences[found.sentence]
        limit = self.document.published
        low = self._behind_dateline(sentence)
        begin, stop = found.ranges[0][0], found.ranges[-1][1]
        cue = found.cue_span[0]
        best: tuple[int, date] | None = None
        for when in self._between(low, sentence.end):
            inside = any(a <= when.start < b for a, b in found.ranges)
            if inside or when.day is None or (limit is not None and when.day > limit):
                continue
            far = abs(when.start - cue)
            between = self.text[min(when.stop, cue) : max(when.start, cue)]
            if far > 90 or (when.start > cue and begin < when.start > stop + 60) or "。" in between:
                continue
            if found.mention is not None and when.stop < found.mention.start - 30:
                continue
            if best is None or far < best[0]:
                best = (far, when.day)
        return best[1] if best is not None else None

    def _behind_dateline(self, sentence: Sentence) -> int:
        """Where the sentence begins behind its dateline, whose day is that of the report."""
        if self.language == "zh" and sentence.first:
            from zopa.dossier.zh.line import DATELINE

            found = DATELINE.match(sentence.mask)
            return sentence.start + found.end() if found else sentence.start
        return sentence.start

    def _attends(self, heard: Heard) -> bool:
        """Whether somebody speaks at the press conference told of before: an official, and nowhere else."""
        sentence = self.document.sentences[heard.found.sentence]
        before = sentence.mask[: max(0, heard.found.cue_span[1] - sentence.start)]
        elsewhere = _holds(self.language, "elsewhere", before)
        return self.open_to_all and not elsewhere and not self._expert(heard)

    def _follows(self, found: Found) -> bool:
        sentence = self.document.sentences[found.sentence]
        around = self.text[max(sentence.start, found.cue_span[0] - 30) : found.cue_span[0]].lower()
        return any(word in around for word in words(self.language, "roles", "afterwards"))
