"""Cues of Chinese reported speech in one sentence: verbs of saying, thinking and stance, with what follows them."""

import re
from dataclasses import dataclass
from typing import Literal

from zopa.dossier.document import Sentence
from zopa.dossier.zh import grammar

Mark = Literal["comma", "colon", "quote", "none", "end", "of"]
CueClass = Literal["say", "think", "position", "ask"]


@dataclass(frozen=True, slots=True)
class Cue:
    """One cue (possibly of several verbs: 报道说, 坦言道); places count from the sentence's start.

    ``mark`` tells what follows: comma, colon, quotation, nothing (content at once), the end of the clause, or 的.
    ``content`` is where content would begin.
    """

    start: int
    stop: int
    word: str
    kind: CueClass
    mark: Mark
    content: int
    careful: bool
    needs_mark: bool
    object_phrase: bool = False


_ASPECT = re.compile("[了着到]|过(?![高低多少度快慢早晚重轻大小于])")
_PUNCT: dict[str, Mark] = {
    "，": "comma",
    ",": "comma",
    "：": "colon",
    ":": "colon",
    "“": "quote",
    "「": "quote",
    "『": "quote",
    '"': "quote",
}
_NOUN_BEFORE = re.compile(
    r"(?:的|该|此|这一|这些|提出|作出|做出|发出|给出|发表|进行|履行|受到|遭到|引发|无视|不顾|各项|三[点项条]|两[点项条]|几[点项条])$"
)


_AGENT = re.compile("家(?![长庭里乡人属中园电具务境])|师(?![生长范傅])|员(?!工)|者(?!们?会)")
"""分析家, 评论员, 报告者: the verb is part of what somebody is."""

_MANNER = re.compile("得[^，。；：“]{1,8}[：:]")
"""把话说得很谨慎：…"""
_PAPERS = ("报告", "声明", "通报", "报道", "评论")
"""承认报告删去了两段: what is admitted is about a report."""
_NOUNS = re.compile("反对(?:派|党|者|票|声|意见)|要求书|指着|建议[书稿]|(?:抗议|支持|反对)者")
"""反对派, 指着地图: the word is part of a noun, or a gesture."""


def cues(sentence: Sentence) -> list[Cue]:
    """All cues outside quotations, in order."""
    mask = sentence.mask
    out: list[Cue] = []
    taken = 0
    for found in grammar.cue().finditer(mask):
        start, stop = found.start(), found.end()
        if (
            start < taken
            or grammar.compound(mask, start, stop)
            or _AGENT.match(mask, stop)
            or _NOUNS.match(mask, start)
        ):
            continue
        start, stop = _cluster(mask, start, stop)
        taken = stop
        cue = _classified(mask, start, stop, first=found[0], last_end=found.end())
        if cue is not None:
            out.append(cue)
    return out


def _cluster(mask: str, start: int, stop: int) -> tuple[int, int]:
    """Verbs that follow each other at once are one cue: 撰文预测, 报道说, 强调指出; so is an object verb with 认为."""
    for _ in range(3):
        found = grammar.cue().match(mask, stop)
        if not found or grammar.compound(mask, found.start(), found.end(), joined=True):
            break
        if found[0] in _PAPERS and _mark(mask, found.end()) == "none":
            break
        if found[0] in grammar.classes()["position"] or mask[start:stop] in grammar.classes()["position"]:
            break
        stop = found.end()
    return start, stop


def _classified(mask: str, start: int, stop: int, *, first: str, last_end: int) -> Cue | None:
    lists = grammar.classes()
    word = mask[start:stop]
    last = word if last_end == stop else mask[last_end:stop]
    if word == "问" and mask[stop : stop + 1] not in ("：", ":", "，", "“"):
        return None
    if (
        word in lists["asking"]
        or last in lists["asking"]
        or word.endswith(("提问", "问道"))
        or last in ("追问", "发问", "询问")
    ):
        return Cue(start, stop, word, "ask", "none", stop, careful=False, needs_mark=False)
    kind: CueClass = "say"
    if last in lists["position"]:
        kind = "position"
    elif last in lists["think"] and last not in lists["say"]:
        kind = "think"
    aspect = _ASPECT.match(mask, stop)
    after = aspect.end() if aspect else stop
    while mask[after : after + 1] in (" ", "\u3000") and after < len(mask):
        after += 1
    manner = _MANNER.match(mask, stop) if last in ("说", "讲") else None
    if manner:
        after = manner.end() - 1
    mark = _mark(mask, after)
    content = after
    if mark in ("comma", "colon"):
        content = after + 1
        while mask[content : content + 1] in (" ", "\u3000", "\n") and content < len(mask):
            content += 1
    careful = word in lists["careful"] or kind == "position" or (mark == "none" and word in ("称", "说"))
    needs = word in lists["needs_mark"] or (last in lists["needs_mark"] and word == last)
    return Cue(
        start, stop, word, kind, mark, content, careful, needs and mark not in ("comma", "colon", "quote"),
        object_phrase=aspect is not None and last in lists["noun_phrase"],
    )  # fmt: skip


def _mark(mask: str, at: int) -> Mark:
    char = mask[at : at + 1]
    if not char or char in "。！？!?；;)）、】”」』\x01":
        return "end"
    if char == "的":
        return "of"
    return _PUNCT.get(char, "none")


def nominal(mask: str, cue: Cue) -> bool:
    """Whether the word is used as a noun here: 的要求, 发出警告, 三点建议."""
    return cue.careful and _NOUN_BEFORE.search(mask, max(0, cue.start - 4), cue.start) is not None


def attitude(mask: str, cue: Cue) -> bool:
    """Whether 表示 takes an attitude rather than content: 对此表示欢迎."""
    if not cue.word.endswith(("表示", "表达")) or cue.mark != "none":
        return False
    words = grammar.classes()["attitude"]
    return mask[cue.content : cue.content + 2] in words
