"""Who passes a statement on: 据X报道, X援引Y的话说, 在X看来, and demands that are listed after a colon."""

import re
from dataclasses import dataclass

from zopa.dossier.found import Mention
from zopa.dossier.lexicon import alternation, words
from zopa.dossier.zh import grammar
from zopa.dossier.zh.line import DATELINE, Line

_ACCORDING = re.compile(
    r"(?:另|又|而)?(?:综合|综据|据|根据|按照)(?!此|点|守|说法|理)(?P<who>[^，,。；：\n]{0,40}?)"
    r"(?P<verb>报道|报导|消息|显示|通报|公布|发布|证实|披露|透露|测定|测算|测量|估算|估计|预计|推算|统计|监测|判断|评估|回忆|描述|讲述|转述|称|悉|了解|介绍|分析|说|(?<=[社网台])报(?!报|道|导)|传|爆料|的?说法|的消息|转述|(?:调查|民调|统计|数据|研究|报告)(?=，)|"
    r"援引[^，。]{1,30}?(?:报道|的话说|的话)|电(?=[，,：:]|$))(?P<more>称|说|指出|显示|报道)?(?:[，,：:]|(?=[^，。》]{6}))"
)
_QUOTING = re.compile(
    r"(?:援引|引述|引用|转引|转述)(?:了)?(?P<who>[^，,。；：\n]{1,40}?)"
    r"(?P<of>的话|的消息|消息|的说法|的分析|的观点|的表态|的报道|报道|的声明)?"
    r"(?P<verb>报道说|报道称|报道|说道|说|称|指出|表示|透露)(?P<sep>[，,：:]?)"
)
_INTERVIEW = re.compile(
    r"(?:援引|引述|引用|转引|转述)(?:了)?(?P<by>[^，,。；：\n]{1,24}?)对(?P<who>[^，,。；：\n]{1,24}?)的(?:采访|专访)(?:内容)?"
    r"(?P<verb>报道说|报道称|说|称|指出|报道)(?P<sep>[，,：:]?)"
)
"""转述乙报对一名官员的采访称: the official's words, passed on twice."""
_NUMBER = re.compile("(?:[一二三四五六七八九十]{1,3}|[0-9]{1,2})[、.．](?![0-9])")
_VIEW = re.compile(r"在(?P<who>[^，,。；：\n]{1,40})看来[，,]?")
_LEARNT = re.compile(
    r"(?:[\u4e00-\u9fff]{0,6}记者)?(?:[0-9]{1,2}[日号])?从(?P<who>[^，,。；：\n]{2,30}?)(?P<verb>获悉|了解到|得知)[，,：:]?"
)
"""记者从县政府获悉: the reporter has it from there."""
_IN_WORDS = re.compile(
    r"(?:用|按|借用|套用)(?P<who>[^，,。；：\n]{1,30}?)(?:自己)?的(?:话(?:来)?(?:说|讲)|说法)[，,：:]?"
)
"""用村长的话说: whose words they are."""
_CHANNEL = re.compile("[\u4e00-\u9fff]{0,8}第?[0-9]{1,3}(?:频道|台|电视台|新闻台)")
_QUOTES = re.compile("(?:援引|引述|引用)")
LISTED = re.compile(
    rf"(?P<noun>{alternation(words('zh', 'cues', 'position_noun|concern_noun'))})"
    r"(?:，)?(?:包括|分别是|分别为|即|如下)?[：:]"
)
"""A noun such as 要求 or 条件 before a colon and what is listed there."""


_OUTLETS = alternation([w for w in words("zh", "outlets", "known") if len(w) > 2])
_OUTLET_HEAD = re.compile(rf"(?:{_OUTLETS})(?=[\u4e00-\u9fff]{{2,8}}(?:[0-9]{{1,2}}月)?[0-9]{{1,2}}日)")


@dataclass(frozen=True, slots=True)
class Opening:
    """What stands before the content at the head of a sentence; ``rule`` is None where it names no voice."""

    start: int
    stop: int
    rule: str | None = None
    words: str = ""
    mention: Mention | None = None
    outer: tuple[Mention, ...] = ()


def opening(line: Line, *, head_of_text: bool) -> Opening | None:
    """A dateline, 据X报道 or 在X看来 at the head of the sentence, or None."""
    lead = grammar.lead().match(line.mask)
    at = lead.end() if lead else 0
    numbered = _NUMBER.match(line.mask, at)
    at = numbered.end() if numbered else at
    dateline = DATELINE.match(line.mask)
    if dateline:
        at = dateline.end()
    found = _ACCORDING.match(line.mask, at)
    if found is not None:
        if head_of_text and _provenance(found):
            return Opening(at, found.end())
        return _according(line, found)
    learnt = _LEARNT.match(line.mask, at)
    if learnt is not None:
        return _according(line, learnt)
    view = _VIEW.match(line.mask, at)
    if view is not None:
        return Opening(
            view.start(), view.end(), "zh-view", _bare(view), line.phrase(view.start("who"), view.end("who"))
        )
    worded = _IN_WORDS.match(line.mask, at)
    if worded is not None:
        said = line.phrase(worded.start("who"), worded.end("who"))
        return Opening(worded.start(), worded.end(), "zh-in-words", _bare(worded), said)
    return Opening(0, at) if dateline else None


def _provenance(found: re.Match[str]) -> bool:
    """据X网站消息 at the head of a document says where the text comes from; what follows is narrated."""
    return found["verb"] in ("消息", "电") and bool(found["who"]) and "人士" not in found["who"]


def _bare(found: re.Match[str]) -> str:
    return found[0].rstrip("，,：:")


def _according(line: Line, found: re.Match[str]) -> Opening:
    a, b = found.span("who")
    mention: Mention | None = None
    outer: tuple[Mention, ...] = ()
    quoted = _QUOTES.search(found["who"])
    if quoted:
        mention = line.phrase(a + quoted.end(), b)
        carrier = line.phrase(a, a + quoted.start())
        outer = (carrier,) if carrier else ()
    elif found["who"]:
        b -= found["who"].endswith("的")
        mention = (
            _medium(line, a, b)
            or line.phrase(a, b)
            or Mention(
                line.start + a, line.start + b, line.text[line.start + a : line.start + b], known=False
            )
        )
    if found["verb"].startswith("援引"):
        inner = line.phrase(found.start("verb") + 2, found.end("verb") - 2)
        outer = (mention,) if mention else ()
        mention = inner or mention
    return Opening(found.start(), found.end(), "zh-according", _bare(found), mention, outer)


def _medium(line: Line, start: int, stop: int) -> Mention | None:
    """法新社亚的斯亚贝巴4月16日, 以色列第12频道: a medium with the place and day of its report, or with a number."""
    who = line.mask[start:stop]
    found = _OUTLET_HEAD.match(who) or _CHANNEL.match(who)
    if found is None:
        return None
    at = line.start + start
    return Mention(at, at + found.end(), line.text[at : at + found.end()], known=True)


def quoted_source(line: Line, start: int, stop: int) -> tuple[Mention | None, Mention | None] | None:
    """Source and carrier of ``X援引Y的话说`` in a clause whose verb ends at ``stop``; None where nothing is quoted."""
    asked = _INTERVIEW.search(line.mask, start, min(len(line.mask), stop + 1))
    if asked is not None and asked.end("verb") >= stop:
        return line.phrase(asked.start("who"), asked.end("who")), line.phrase(
            asked.start("by"), asked.end("by")
        )
    found = _QUOTING.search(line.mask, start, min(len(line.mask), stop + 1))
    if found is None or found.end("verb") < stop:
        return None
    return line.phrase(found.start("who"), found.end("who")), line.phrase(start, found.start())
