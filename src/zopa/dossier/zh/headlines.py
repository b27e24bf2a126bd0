"""What Chinese headlines and speaker labels say: ``伊朗：…``, ``问：…``, ``发言人某某：…``."""

import re
from dataclasses import dataclass

from zopa.dossier.document import Block, Document, Sentence
from zopa.dossier.found import Found, Mention
from zopa.dossier.lexicon import alternation, guarded, remembered, words
from zopa.dossier.zh import grammar
from zopa.dossier.zh.mentions import noun_phrase

_PART = re.compile(
    r"(?:^|[\s\u3000])(?P<who>[^\s\u3000：:，。！？；“”]{1,16})[：:](?P<what>[^：:]+?)(?=$|[\s\u3000]+[^\s\u3000：:]{1,16}[：:])"
)
_LABEL = re.compile(r"(?P<who>[^，。：:；！？“”\s]{1,24})[：:](?!\s*[“「])[\s\u3000]*")


_TOLD = re.compile("了|[一二两三四五六七八九十几数][点项条个大]")
"""某某列举了三点关切： opens a list, not what somebody says."""


@remembered()
def _asker() -> re.Pattern[str]:
    asks = alternation(words("zh", "page", "askers"))
    return re.compile(
        rf"^(?:{asks}|[\u4e00-\u9fff《》]{{2,14}}(?:记者|主持人)(?:追?问|提问)?)(?:[（(][^）)]*[）)])?$"
    )


@remembered()
def _section() -> re.Pattern[str]:
    return re.compile(guarded(words("zh", "page", "sections")))


@dataclass(frozen=True, slots=True)
class Label:
    """Who speaks in a labelled paragraph: a mention, an unnamed answerer, or somebody who asks."""

    asks: bool
    mention: Mention | None
    content: int


def headline(document: Document, index: int, sentence: Sentence) -> list[Found]:
    """Positions in a headline: a party or person before a colon and what it is said to stand for."""
    text = document.text[sentence.start : sentence.stop]
    out: list[Found] = []
    for found in _PART.finditer(text):
        who = found["who"]
        if _section().search(who) or "？" in found["what"] or found["what"].strip().endswith("?"):
            continue
        a, b = sentence.start + found.start("who"), sentence.start + found.end("who")
        mention = noun_phrase(document.text, document.text[a:b], a, 0, b - a)
        if mention is None or not mention.known or mention.stop != b:
            continue
        span = _trimmed(
            document.text, sentence.start + found.start("what"), sentence.start + found.end("what")
        )
        if span[1] - span[0] >= 2:
            out.append(Found(index, (span,), "position", "zh-headline", "：", (b, b + 1), mention))
    return out


def label(document: Document, block: Block) -> Label | None:
    """The speaker label that opens a paragraph of a transcript, or None."""
    found = _LABEL.match(document.text, block.start, min(block.stop, block.start + 60))
    if found is None or found.end() >= block.stop:
        return None
    who = found["who"]
    if _asker().match(who):
        return Label(True, None, found.end())
    if who in words("zh", "page", "answers"):
        return Label(False, None, found.end())
    if _TOLD.search(who):
        return None
    spoken = any(found.end() == len(who) for found in grammar.cue().finditer(who))
    if spoken or _section().search(who):
        return None
    mention = noun_phrase(document.text, who, block.start, 0, len(who))
    if mention is None or not mention.known or mention.stop != block.start + len(who):
        return None
    return Label(False, mention, found.end())


def _trimmed(text: str, start: int, stop: int) -> tuple[int, int]:
    while start < stop and text[start].isspace():
        start += 1
    while stop > start and (text[stop - 1].isspace() or text[stop - 1] in "。！!"):
        stop -= 1
    return start, stop
