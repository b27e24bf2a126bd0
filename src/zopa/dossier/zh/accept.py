"""Whether a verb is one of saying at its place, and whether it opens a claim or goes on with one."""

import re

from zopa.dossier.found import Mention
from zopa.dossier.lexicon import alternation, guarded, remembered, words
from zopa.dossier.zh import grammar
from zopa.dossier.zh.carriers import LISTED, quoted_source
from zopa.dossier.zh.cues import Cue
from zopa.dossier.zh.line import CLAUSE, Line, enumeration

_TEMPORAL = re.compile(r"(?:之?后|之?前|[时下中]|之际|的同时|期间|背景下|情况下|以来)$")
_TEMPORAL_HEADS = ("在", "当", "自", "就在", "由于", "随着")
_AGAIN = re.compile("随后|也|则|随即|同日|当天|媒体|记者|[0-9]日")
_ADDRESSEE = re.compile("[^，,。；：:“]{1,12}[。！]?$")
_NOBODYS = re.compile(
    "(?:我们?(?![国方])|本人|咱们)|(?:约|近|超过|逾)?[0-9.]+%的|(?:过半|半数|多数|大多数)(?:受访|民众|选民)"
)
"""Outside quotation marks the speaker's own words run on in the first person; a share of those asked is a finding."""
_TOLD = re.compile(r"[^，,。；：:“]{1,18}[，,：:]")
_COLON_LIST = re.compile("[^，,。；：:“]{1,24}[：:]")


_DEED = re.compile(
    "[^，。；：“的]{2,14}?(?:以(?!色列|来|及|外|下|上|前|后)|将|把|没有|未|正在|仍|继续|企图|试图|一再|多次|故意|蓄意|违反|破坏|阻挠|干涉|侵犯|利用|滥用)"
    "[^，。；：]{4,}"
)


@remembered()
def behaviour(name: str) -> frozenset[str]:
    """Verbs of one behaviour, as the word list has them."""
    return frozenset(words("zh", "cues", "behaviour", name))


@remembered()
def _pattern(name: str) -> re.Pattern[str]:
    listed = alternation(words("zh", "cues", "behaviour", name))
    shapes = {
        "unsaid": rf"{listed}(?:就此|对此|公开|具体|详细|进一步|直接|正面|明确|立即)?$",
        "inner": rf"{listed}(?![，。；、]|$)",
        "nobody": rf"{listed}[^，。]{{0,12}}$",
        "links": rf"(?:但|不过|而)?{listed}(?:[\u4e00-\u9fff]{{0,4}})",
        "turns": rf"[\s\u3000]*{listed}",
        "topics": rf"\s*(?:而|但)?(?:{listed}|在[^，]{{1,16}}问题上)",
    }
    return re.compile(shapes.get(name, guarded(words("zh", "cues", "behaviour", name))))


@remembered()
def silent() -> re.Pattern[str]:
    """``，但拒绝透露…``: the text goes back to telling about the speaker."""
    unsaid = alternation(words("zh", "cues", "behaviour", "unsaid"))
    kept = alternation(words("zh", "cues", "behaviour", "kept_back"))
    mute = alternation(words("zh", "cues", "behaviour", "mute"))
    return re.compile(
        rf"[，,](?:(?:但却?|不过|并|却|而)?{unsaid}(?:就此|对此)?(?:进一步)?{kept}|[^，。；：“]{{0,16}}?(?:则|却|对此)?{mute})"
    )


def asks(line: Line, start: int, stop: int) -> bool:
    """Whether the stretch puts a question."""
    return _pattern("questions").search(line.mask, start, stop) is not None


def inner(line: Line, start: int, stop: int) -> bool:
    """Whether somebody else's saying or demanding is part of what is reported there."""
    return _pattern("inner").search(line.mask, start, stop) is not None


def unsaid(line: Line, cue: Cue) -> bool:
    """拒绝透露, 没有说明: nothing was said."""
    return _pattern("unsaid").search(line.mask, max(0, cue.start - 8), cue.start) is not None


def addresses(cue: Cue) -> bool:
    """Whether the verb takes whom it is said to as its object."""
    return any(word in cue.word for word in grammar.classes()["addressed"])


def only_addressee(line: Line, cue: Cue) -> bool:
    """“……。”他告诉记者。"""
    quoted = 0 < line.lead_quote <= cue.start
    return (
        quoted and cue.mark == "none" and addresses(cue) and _ADDRESSEE.match(line.mask, cue.stop) is not None
    )


def mark_ahead(line: Line, cue: Cue) -> int | None:
    """Where content begins after an object: 告诉记者，… and 分析了三种前景：一是…; None where no mark follows."""
    listed = _COLON_LIST.match(line.mask, cue.stop)
    if listed and not _demand(listed[0]) and len(enumeration(line.mask, listed.end(), line.length)) > 1:
        return listed.end()
    found = _TOLD.match(line.mask, cue.stop) if addresses(cue) else None
    return found.end() if found and _person_told(found[0]) else None


def _person_told(words_before_mark: str) -> bool:
    """Whether these words only name whom something is said to: 警告若…，… has a clause there already."""
    told = words_before_mark.rstrip("，,：: ")
    last = max((found.end() for found in grammar.recognised().finditer(told)), default=0)
    return last == len(told) or (len(told) <= 5 and grammar.stops().match(told) is None)


def quotes_soon(line: Line, cue: Cue) -> bool:
    """批评总理“一再推翻条款”: the verb takes an object, and then words of the speaker's own."""
    begin = next((a for a, b in line.quotes if a >= cue.stop and b - a >= 6), None)
    if begin is None or cue.mark != "none":
        return False
    return begin - cue.stop <= 14 and CLAUSE.search(line.mask, cue.stop, begin) is None


def accuses(line: Line, cue: Cue) -> bool:
    """谴责对方以谈判为掩护重新部署: the verb takes a clause with a subject and a deed of its own."""
    if cue.mark != "none" or cue.word not in behaviour("accusing"):
        return False
    return _DEED.match(line.mask, cue.stop) is not None


def calls(line: Line, cue: Cue) -> bool:
    """她提醒家长查看证明, 他提出由五国组成委员会: what somebody is called to do, without a comma."""
    if cue.mark != "none" or line.clause_end(cue.stop) - cue.stop < 8:
        return False
    return cue.word in behaviour("calling") or (
        cue.word == "提出" and line.mask[cue.stop : cue.stop + 1] in "由将把应"
    )


def _demand(words_before_colon: str) -> bool:
    found = LISTED.search(words_before_colon)
    return found is not None and found.end() == len(words_before_colon)


def temporal(line: Line, cue: Cue) -> bool:
    """A clause like 在美国拒绝…后，: a circumstance, not a statement."""
    stop = CLAUSE.search(line.mask, cue.stop)
    if stop is None:
        return False
    head = line.mask[line.clause_start(cue.start) : cue.start].lstrip(" \u3000")
    return (
        head.startswith(_TEMPORAL_HEADS) and _TEMPORAL.search(line.mask, cue.stop, stop.start()) is not None
    )


def linked(between: str) -> bool:
    """Whether only 并, 还, 但… stands before the verb, so that the speaker is the one before."""
    pronoun = "他" in between or "她" in between
    return not pronoun and len(between) <= 6 and _pattern("links").fullmatch(between) is not None


def topic_start(line: Line, at: int) -> int:
    """Where a clause like 至于检举案， begins that belongs to the next speaker; ``at`` where there is none."""
    before = line.clause_start(at - 1) if at > 1 else at
    return before if _pattern("topics").match(line.mask, before, at) else at


def plausible(line: Line, cue: Cue, mention: Mention | None, clause: int, *, marked: bool) -> bool:
    """Whether the word is a verb of saying here at all."""
    nobody = _pattern("nobody")
    inside = line.mask[clause : cue.start]
    if nobody.search(inside):
        return False
    if mention is not None:
        if _NOBODYS.match(mention.text) or _pattern("questions").match(mention.text):
            return False
        begin = mention.start - line.start
        if nobody.search(line.mask, max(0, begin - 14), begin):
            return False
    if cue.word.endswith("获悉") and (mention is None or grammar.outlet().search(mention.text) is None):
        # 记者从X获悉: what is learnt is X's.
        return False
    if cue.word in ("报道", "报导") and quoted_source(line, clause, cue.stop) is not None:
        return marked
    if cue.careful and not (mention is not None and mention.clean and _strictly(line, mention, cue, clause)):
        return marked and cue.mark in ("colon", "quote") and mention is not None and mention.known
    if marked:
        alone = mention is None and bool(inside.strip()) and not grammar.gap().fullmatch(inside)
        return not alone or cue.mark in ("colon", "quote")
    if mention is None or not mention.clean or temporal(line, cue):
        return False
    if cue.word in behaviour("guesses") and mention.stop - line.start < clause:
        return False
    return mention.known or cue.mark != "none"


def _strictly(line: Line, mention: Mention, cue: Cue, clause: int) -> bool:
    """Whether nothing but adverbials stands between subject and verb, so that the word must be a verb."""
    begin = max(mention.stop - line.start, clause)
    while begin < cue.start and line.mask[begin] in "”」":
        begin += 1
    return cue.start - begin <= 80 and grammar.strict_gap().fullmatch(line.mask, begin, cue.start) is not None


def anew(
    line: Line,
    cue: Cue,
    mention: Mention | None,
    clause: int,
    *,
    marked: bool,
    weak: bool,
    running: Mention | None,
) -> bool:
    """Whether a cue with a subject of its own, inside running content, starts a new claim.

    ``weak``: the running content was only passed on by a medium, so that any named voice in it speaks for itself.
    """
    own = mention is not None and mention.known and mention.clean and mention.start >= line.start + clause
    if not own or mention is None:
        return False
    if weak:
        return marked or not cue.needs_mark
    if cue.object_phrase and mention.text != (running.text if running is not None else None):
        return _AGAIN.search(line.mask, clause, cue.start) is not None
    earlier = line.clause_start(clause - 1) if clause > 1 else clause
    turned = any(_pattern("turns").match(line.mask, at, cue.start) is not None for at in (clause, earlier))
    if turned and cue.kind == "think" and mention.text not in ("他", "她"):
        return True
    if mention.text in ("他", "她") and (cue.word in behaviour("telling") or turned):
        return True
    before = line.mask[max(0, clause - 1) : clause]
    contrast = "则" in line.mask[clause : cue.start]
    if before in ("；", ";") and (contrast or not cue.needs_mark):
        return True
    return marked and (before in ("；", ";") or turned or contrast)
