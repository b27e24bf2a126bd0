"""All attributions of a Chinese document in order: reported, ascribed and narrated statements, with continuations."""

import re
from dataclasses import replace

from zopa.dossier.document import Document, Sentence
from zopa.dossier.found import Found, Mention
from zopa.dossier.zh.continuing import asks, comments, goes_on, only_quotation
from zopa.dossier.zh.headlines import Label, headline, label
from zopa.dossier.zh.line import DATELINE, enumeration
from zopa.dossier.zh.mentions import deictic, head, personal, subject
from zopa.dossier.zh.ranges import attributions

_LINK = re.compile("(?:而且|并且|此外|另外|同时|但是?|不过|然而)[，,]")
_SHORTEST_STORY = 8
_SHORTEST_LEAD = 16


class _State:
    """What a sentence without a cue may go on with."""

    def __init__(self) -> None:
        self.last: Found | None = None
        self.block = -1
        self.broken = True
        self.label: Label | None = None
        self.transcript = False
        self.answerer: Mention | None = None


def found_in(document: Document) -> list[Found]:
    """Every attribution, continuation and narrated statement of the document, in order of the text."""
    out: list[Found] = []
    state = _State()
    for index, sentence in enumerate(document.sentences):
        block = document.blocks[sentence.block]
        if sentence.first:
            state.label = label(document, block) if block.kind == "text" else None
            state.transcript = state.transcript or state.label is not None
        if block.kind == "text":
            fresh = _sentence(document, index, sentence, state)
            _note(state, sentence, fresh)
        else:
            fresh = headline(document, index, sentence)
            if not fresh and block.kind == "title":
                fresh = _title(document, index, sentence)
            state.broken, state.block, state.last = True, sentence.block, None
        out.extend(fresh)
    return out


def _note(state: _State, sentence: Sentence, fresh: list[Found]) -> None:
    spoken = [found for found in fresh if found.type == "report"]
    if spoken:
        state.last, state.broken = spoken[-1], False
    elif any(found.type == "narrator" for found in fresh):
        state.broken = True
    state.block = sentence.block


def _continues(document: Document, sentence: Sentence, state: _State) -> bool:
    last = state.last
    if last is None or state.broken:
        return False
    return goes_on(document, sentence, last, same_block=sentence.block == state.block)


def _sentence(document: Document, index: int, sentence: Sentence, state: _State) -> list[Found]:
    if state.label is not None:
        return _labelled(index, sentence, state, state.label)
    fresh = attributions(document.text, index, sentence)
    stances = bool(fresh) and all(found.type == "position" for found in fresh)
    if (
        stances
        and not _own(fresh[0], state)
        and comments(state.last)
        and _continues(document, sentence, state)
    ):
        # What a commentator goes on to say may itself speak of demands.
        fresh = []
    if fresh:
        lead = _narrated_lead(index, sentence, fresh)
        return [lead, *fresh] if lead is not None else fresh
    last = state.last
    if state.transcript and last is not None and last.rule == "zh-label" and not sentence.question:
        return [] if state.broken else [_whole(document, index, sentence, "zh-label", last)]
    if last is not None and _continues(document, sentence, state):
        return _going_on(document, index, sentence, last)
    alone = _alone(document, index, sentence) if state.broken or last is None else None
    if alone is not None:
        return [alone]
    if sentence.question or asks(document.text[sentence.start : sentence.stop]):
        return []
    return _narrated(document, index, sentence)


def _own(found: Found, state: _State) -> bool:
    """Whether a demand is the running speaker's own (他要求…) rather than told about others."""
    if found.mention is None or state.last is None or state.last.mention is None:
        return False
    pronoun = found.mention.text in ("他", "她", "他们", "她们") or deictic(found.mention.text) is not None
    return pronoun or head(found.mention.text) == head(state.last.mention.text)


def _alone(document: Document, index: int, sentence: Sentence) -> Found | None:
    """A quotation that stands alone after a sentence about one person (他掏出一沓工资单。“……”), as that person's."""
    if not only_quotation(sentence) or sentence.first or sentence.stop - sentence.start < _SHORTEST_STORY:
        return None
    before = document.sentences[index - 1]
    told = subject(document.text, before.mask, before.start, 0, len(before.mask))
    if told is None or not told.known or not personal(told.text):
        return None
    span = (sentence.start, sentence.stop)
    return Found(index, (span,), "report", "zh-quote-alone", "", (span[0], span[0]), told)


def _labelled(index: int, sentence: Sentence, state: _State, said: Label) -> list[Found]:
    """A paragraph of a transcript: every statement is the labelled speaker's, a question nobody's."""
    if said.asks:
        state.last, state.broken = None, True
        return []
    state.answerer = said.mention or state.answerer
    start = max(sentence.start, said.content)
    if start >= sentence.stop or sentence.question:
        return []
    colon = (said.content - 1, said.content)
    span = (start, sentence.stop)
    mention = said.mention or state.answerer
    return [Found(index, (span,), "report", "zh-label", "：", colon, mention, continued=not sentence.first)]


# ---- narrated --------------------------------------------------------------------------------------------------


def _title(document: Document, index: int, sentence: Sentence) -> list[Found]:
    text = document.text[sentence.start : sentence.stop]
    if len(text) < _SHORTEST_STORY or sentence.question or asks(text):
        return []
    return [_narrator(index, sentence.start, sentence.stop, "zh-title")]


def _narrator(index: int, start: int, stop: int, rule: str) -> Found:
    return Found(index, ((start, stop),), "narrator", rule, "", (start, start))


def _narrated(document: Document, index: int, sentence: Sentence) -> list[Found]:
    """The sentence as the text's own statement, without its dateline."""
    start = sentence.start
    if sentence.first:
        dateline = DATELINE.match(sentence.mask)
        start += dateline.end() if dateline else 0
    if len(document.text[start : sentence.stop].strip()) < _SHORTEST_STORY:
        return []
    items = _items(document, sentence, start)
    if items:
        return [_narrator(index, a, b, "zh-narrator-item") for a, b in items]
    return [_narrator(index, start, sentence.stop, "zh-narrator")]


def _items(document: Document, sentence: Sentence, start: int) -> list[tuple[int, int]]:
    """The items of an enumeration in the rest of a sentence, as ranges of the text."""
    out = []
    for a, b in enumeration(sentence.mask, start - sentence.start, sentence.stop - sentence.start):
        stop = sentence.start + b
        while stop > sentence.start + a and document.text[stop - 1] in "；;，,。 \u3000":
            stop -= 1
        if stop - sentence.start - a >= 2:
            out.append((sentence.start + a, stop))
    return out


def _narrated_lead(index: int, sentence: Sentence, fresh: list[Found]) -> Found | None:
    """What the text itself states before an ascribed demand in the same sentence."""
    first = fresh[0]
    if first.type != "position" or first.mention is None:
        return None
    stop = first.cue_span[0] - sentence.start
    comma = max(sentence.mask.rfind(mark, 0, stop) for mark in "，；,;")
    if comma < _SHORTEST_LEAD or first.mention.start - sentence.start > comma:
        return None
    return _narrator(index, sentence.start, sentence.start + comma, "zh-narrator-lead")


# ---- continued -------------------------------------------------------------------------------------------------


def _going_on(document: Document, index: int, sentence: Sentence, last: Found) -> list[Found]:
    base = _whole(document, index, sentence, "zh-continued", last)
    items = _items(document, sentence, base.ranges[0][0])
    return [replace(base, ranges=(item,)) for item in items] if items else [base]


def _whole(document: Document, index: int, sentence: Sentence, rule: str, last: Found) -> Found:
    start = sentence.start
    link = _LINK.match(document.text, start, min(start + 6, sentence.stop))
    if link:
        start = link.end()
    return replace(
        last, sentence=index, ranges=((start, sentence.stop),), type="report", rule=rule, continued=True
    )
