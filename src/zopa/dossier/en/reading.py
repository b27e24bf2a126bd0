"""All attributions of an English document in order: reported, ascribed and narrated statements, with continuations."""

import re

from zopa.dossier.document import Document, Sentence
from zopa.dossier.en.mentions import looks_like_speaker, mention
from zopa.dossier.en.ranges import attributions
from zopa.dossier.found import Found

_DATELINE = re.compile(
    r"\s*[A-Z][A-Z .,'’-]{2,40}(?:,\s*[A-Z][\w. ]{1,20})?\s*(?:\([^)]{2,40}\))?\s*(?:—|–|--|"
    r"-)\s+|\s*[A-Z][a-z]+(?:,? [A-Z][\w.]*){0,2}\s+\([A-Z][\w /]{1,30}\)\s*(?:—|–|--|-)\s+"
)
_HEADLINE = re.compile(r"(?P<who>[A-Z][^:“”\"]{1,50}?)\s*:\s+(?P<what>.+)$")
_LABEL = re.compile(r"(?P<who>[A-Z][\w.’'-]*(?:\s[A-Z][\w.’'-]*){0,4}|Q|A|QUESTION|ANSWER)\s?:\s+(?=\S)")
_NOT_LABEL = re.compile(
    r"(?:Note|Editor|Update|Updated|Correction|Read|Photo|Source|Related|See|Watch|By|Story|"
    r"Analysis|Opinion|Live|Breaking|Video|Exclusive|Explainer|Factbox|Timeline|Here|There|"
    r"Example|Question)\b",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"\b(?:in|on|at|for|after|before|over)\b|\b[Tt]alks\b")
"""US-Iran talks in Muscat: called off: what a headline is about, and nobody who speaks."""
_QUESTION = re.compile(r"(?:Q|QUESTION|Reporter|Interviewer|Host)$")


class _State:
    def __init__(self) -> None:
        self.last: Found | None = None
        self.block = -1
        self.labelled: Found | None = None
        self.asking = False


def found_in(document: Document) -> list[Found]:
    """Every attribution, continued quotation and narrated statement of the document, in order of the text."""
    out: list[Found] = []
    state = _State()
    for index, sentence in enumerate(document.sentences):
        block = document.blocks[sentence.block]
        if block.kind != "text":
            fresh = _headline(document, index, sentence, title=block.kind == "title")
        else:
            fresh = _sentence(document, index, sentence, state)
            spoken = [found for found in fresh if found.type == "report"]
            if spoken:
                state.last = spoken[-1]
            state.block = sentence.block
        out.extend(fresh)
    return out


def _sentence(document: Document, index: int, sentence: Sentence, state: _State) -> list[Found]:
    if sentence.first:
        state.labelled, state.asking = None, False
        labelled = _labelled(document, index, sentence, state)
        if labelled is not None:
            return labelled
    if state.asking:
        return []
    if state.labelled is not None and not sentence.question:
        base = state.labelled
        return [
            Found(
                index,
                ((sentence.start, sentence.stop),),
                "report",
                "en-label",
                base.cue,
                base.cue_span,
                base.mention,
                continued=True,
            )
        ]
    skip = _dateline(document, sentence)
    fresh = attributions(document.text, index, sentence, skip=skip)
    if fresh:
        return fresh
    return _narrated(document, index, sentence)


def _labelled(document: Document, index: int, sentence: Sentence, state: _State) -> list[Found] | None:
    """``PARTICIPANT: …`` in a transcript."""
    found = _LABEL.match(document.text, sentence.start, min(sentence.stop, sentence.start + 60))
    if found is None or _NOT_LABEL.match(found["who"]) or found.end() >= sentence.stop:
        return None
    who = found["who"].strip()
    if _QUESTION.search(who):
        state.asking = True
        return []
    if not (who.isupper() or who == "A" or len(who.split()) >= 2) or not looks_like_speaker(who):
        return None
    place = (found.start("who") - sentence.start, found.start("who") + len(who) - sentence.start)
    speaker = mention(document.text, sentence.start, *place) if who not in ("A", "ANSWER") else None
    state.labelled = Found(
        index,
        ((found.end(), sentence.stop),),
        "report",
        "en-label",
        ":",
        (found.end("who"), found.end("who") + 1),
        speaker,
    )
    return [state.labelled]


def _headline(document: Document, index: int, sentence: Sentence, *, title: bool) -> list[Found]:
    text = document.text[sentence.start : sentence.stop]
    if sentence.question:
        return []
    found = _HEADLINE.match(text)
    about = found is None or _ABOUT.search(found["who"]) is not None
    if found and not about and not _NOT_LABEL.match(found["who"]) and len(found["what"].split()) >= 2:
        start = sentence.start + found.start("what")
        who = mention(document.text, sentence.start, found.start("who"), found.end("who"))
        at = sentence.start + found.end("who")
        return [Found(index, ((start, sentence.stop),), "position", "en-headline", ":", (at, at + 1), who)]
    if title and len(text.split()) >= 4:
        return [
            Found(
                index,
                ((sentence.start, sentence.stop),),
                "narrator",
                "en-title",
                "",
                (sentence.start, sentence.start),
            )
        ]
    return []


def _dateline(document: Document, sentence: Sentence) -> int:
    """How long the dateline is with which a paragraph begins."""
    if not sentence.first:
        return 0
    found = _DATELINE.match(document.text, sentence.start, min(sentence.stop, sentence.start + 120))
    return found.end() - sentence.start if found else 0


def _narrated(document: Document, index: int, sentence: Sentence) -> list[Found]:
    if sentence.question:
        return []
    start = sentence.start + _dateline(document, sentence)
    if len(document.text[start : sentence.stop].split()) < 4:
        return []
    return [Found(index, ((start, sentence.stop),), "narrator", "en-narrator", "", (start, start))]
