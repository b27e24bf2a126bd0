"""The words that name a Chinese speaker: noun phrases before a verb of saying, and their heads."""

import re

from zopa.dossier.found import Mention
from zopa.dossier.lexicon import guarded, remembered, words
from zopa.dossier.zh import grammar
from zopa.dossier.zh.names import (
    DOTTED,
    HAN,
    chinese_name,
    foreign_run,
    foreign_tail,
    is_name,
    japanese_families,
    japanese_name,
    not_names,
    surnames,
    transliterated_end,
    transliteration,
)

_IN_NAMES = frozenset("为向成正从让达平才真刚")
_LATIN = re.compile(r"[A-Z][\w.'’-]*(?:[ ·][A-Z][\w.'’-]*){0,4}")
_LONGEST = 60
_WEEKDAY = re.compile("(?:上|本|下|这)?(?:周|星期|礼拜)[一二三四五六日天末]|今[天日]|昨[天日]|明[天日]")
"""周三 after a title is a day, not somebody called 周."""
_TOPICAL = frozenset(
    {"对", "对于", "就", "针对", "关于", "围绕", "面对", "由于", "随着", "鉴于", "因", "因为", "为", "为了"}
)


@remembered()
def _titles() -> re.Pattern[str]:
    """A title of one person at the end of a stretch: what follows it is a name."""
    return re.compile(rf"(?:{guarded([w for w in words('zh', 'roles', 'titles') if w not in _plurals()])})$")


@remembered()
def _plurals() -> frozenset[str]:
    return frozenset(words("zh", "roles", "unnamed"))


def noun_phrase(text: str, mask: str, offset: int, start: int, stop: int) -> Mention | None:
    """The subject at the head of ``mask[start:stop]``, or None; positions in the mention are those of the text.

    ``clean`` tells whether only adverbials stand between it and ``stop``.
    """
    found = _forward(text, mask, offset, start, stop)
    if found is not None and found.known and found.clean:
        return found
    return _before_verb(text, mask, offset, start, stop) or found


def subject(text: str, mask: str, offset: int, start: int, stop: int) -> Mention | None:
    """The subject at the head of ``mask[start:stop]`` where no verb of saying follows at ``stop``, or None."""
    return _forward(text, mask, offset, start, stop)


def _before_verb(text: str, mask: str, offset: int, start: int, stop: int) -> Mention | None:
    """A title with a name, or a name that the document gives with a title elsewhere, right before the verb: whatever
    stands before it belongs to it (急得住院输液的于学君)."""
    low = max(start, stop - 80)
    places = [m.start() for m in doc_names(text).finditer(mask, low, stop)]
    places += [m.end() for m in _personal().finditer(mask, low, stop)]
    for at in sorted(set(places), reverse=True):
        known = doc_names(text).match(mask, at, stop)
        raw = mask[at : _end_of_phrase(mask, at + 1, stop)] if known is None else ""
        size = (
            len(known[0])
            if known
            else _fitted(text, offset, mask, at, stop) or _name_after(text, at + offset, raw)
        )
        if size and grammar.gap().fullmatch(mask, at + size, stop):
            begin = max((m.start() for m in _personal().finditer(mask, low, at) if m.end() == at), default=at)
            return Mention(
                begin + offset, at + size + offset, mask[begin : at + size], clean=True, known=True
            )
    return None


@remembered()
def _personal() -> re.Pattern[str]:
    return re.compile(guarded([w for w in words("zh", "roles", "titles") if len(w) > 1]))


def _personal_ends(mask: str, start: int, end: int) -> bool:
    """Whether a title of a person ends here."""
    return any(m.end() == end for m in _personal().finditer(mask, max(start, end - 8), end))


@remembered(8)
def doc_names(text: str) -> re.Pattern[str]:
    """The personal names of three and more characters, or of two that come again, that follow a title in a text."""
    kept: set[str] = set()
    tried: set[str] = set()
    for title in _personal().finditer(text):
        raw = HAN.match(text, title.end(), title.end() + 6)
        if raw is None or raw[0] in tried:
            continue
        word = raw[0]
        tried.add(word)
        size = japanese_name(word) or (
            chinese_name(text, title.end(), word) if word[0] in surnames() or word[:2] in surnames() else 0
        )
        name = word[:size] if 2 <= size <= 5 and not _WEEKDAY.match(word) else ""
        if name and name not in kept and is_name(name) and text.find(name) != text.rfind(name):
            kept.add(name)
    return re.compile(guarded(sorted(kept)) if kept else r"(?!)")


_DESCRIBED = re.compile(
    "(?P<count>(?:多|数|几|一|两|二|三|四|五|六|七|八|九|十|数十|另一|另外一|[0-9]{1,2})[名位](?=[^，。的]{1,18}的))?"
    "(?:(?:总部)?(?:位于|设在|设于|来自|身在|身处|驻扎?在?|接近|熟悉|知晓|了解|参与|负责|不愿|不具|不便|未获|未经|"
    "拒绝|要求|希望|因|在)[^，。的]{1,18}的|(?<=[名位])[^，。的]{1,18}的)"
)
"""一名在前线的…, 总部位于伦敦的…, 多名不愿具名的…: what describes a speaker before the noun comes."""
_VOICES = ("分析", "舆论", "评论")


@remembered(256)
def titled_name(text: str, family: str) -> str:
    """The whole name of somebody whose Japanese family name stands alone, where a title gives it: 首相安倍晋三."""
    if japanese_families().fullmatch(family) is None:
        return family
    for found in re.finditer(re.escape(family) + "[\u4e00-\u9fff]{1,3}", text):
        if _personal_ends(text, 0, found.start()):
            given = found[0][len(family) :]
            size = max((2, 1, 3), key=lambda n: text.count(family + given[:n]) if n <= len(given) else 0)
            return family + given[:size]
    return family


def _forward(text: str, mask: str, offset: int, start: int, stop: int) -> Mention | None:
    start = max(start, stop - 400)
    at = _skip(mask, start, stop)
    described = _DESCRIBED.match(mask, at, stop)
    if described:
        later = _candidate(text, mask, offset, described.end(), stop)
        if later is not None and later.known:
            begin = described.end() if described[0].startswith("总部") else at
            return Mention(
                begin + offset, later.stop, text[begin + offset : later.stop], later.clean, known=True
            )
    first = _candidate(text, mask, offset, at, stop)
    if first is not None and first.known and first.clean:
        return first
    if mask.startswith(_VOICES, at) and grammar.gap().fullmatch(mask, at + 2, stop):
        return Mention(at + offset, at + 2 + offset, mask[at : at + 2], clean=True, known=True)
    opened = grammar.prepositions().match(mask, at, stop)
    if opened:
        for tries, found in enumerate(grammar.LOCATIVE.finditer(mask, opened.end(), stop)):
            later = _candidate(text, mask, offset, _skip(mask, found.end(), stop), stop)
            if later is not None and later.known:
                return later
            if tries == 5:
                break
    if opened and opened[0] in _TOPICAL:
        return first
    relative = _after_relative(text, mask, offset, at, stop, taken=first)
    if relative is not None and (first is None or not first.known or relative.clean):
        return relative
    return first


def _skip(mask: str, start: int, stop: int) -> int:
    """Past blanks, connectives and times at the head of a clause."""
    at = start
    for _ in range(12):
        found = grammar.lead().match(mask, at, stop)
        after = found.end() if found else grammar.time_at(mask, at, stop)
        if after == at or after >= stop:
            break
        at = after
    return at


def _after_relative(
    text: str, mask: str, offset: int, start: int, stop: int, *, taken: Mention | None
) -> Mention | None:
    """``…的X``: the noun phrase after a relative clause, with the clause in the mention where it is short."""
    at = mask.rfind("的", start, stop)
    for _ in range(3):
        if at < 0:
            return None
        found = _candidate(text, mask, offset, at + 1, stop)
        if (
            found is not None
            and found.known
            and (taken is None or not taken.known or at + offset < taken.stop + 1)
        ):
            begin = start + offset if found.stop - (start + offset) <= 40 else found.start
            return Mention(begin, found.stop, text[begin : found.stop], found.clean, known=True)
        at = mask.rfind("的", start, at)
    return None


_DOES = re.compile(
    "(?:压低|提高|放低|清了|摇|点|耸|叹|皱|摊|挥|指|望|看|笑|哭|擦|拍|敲|掏|拿|放下|转|站|坐|靠|顿|停|沉默|犹豫|想)"
)


def _candidate(text: str, mask: str, offset: int, start: int, stop: int) -> Mention | None:
    end = _end_of_phrase(mask, start, min(stop, start + _LONGEST))
    if end <= start:
        return None
    if mask[start] in "他她" and _DOES.match(mask, start + 1, end):
        # 她压低声音说: what somebody does while speaking.
        return _mention(text, mask, offset, start, start + 1, stop, known=True)
    known_end = start
    dotted = DOTTED.search(mask, start, end)
    limit = end
    if dotted:
        limit = start + transliterated_end(mask[start:end], dotted.end() - start)
        tail = mask[start:limit]
        tail = tail[max(tail.rfind(mark) for mark in "·•・‧-") + 1 :]
        if mask[limit : limit + 1] in ("在", "着", "了") and foreign_run(tail) == len(tail) - 1 >= 2:
            # 玛图·贝洛躺在帐篷里: the last character is a verb.
            limit -= 1
    for found in grammar.recognised().finditer(mask, start, end):
        known_end = found.end()
    if limit < known_end and mask[limit : limit + 1] not in ("的", "、", "和", "与", "等"):
        # 欧麦尔·哈姆丹准将: a rank behind the name belongs to it.
        ranked = mask[limit:known_end] in words("zh", "roles", "titles")
        whole = _mention(text, mask, offset, start, known_end if ranked else limit, stop, known=True)
        if whole is None or not ranked:
            return whole
        end_of_name = limit + offset
        return Mention(whole.start, end_of_name, text[whole.start : end_of_name], whole.clean, known=True)
    known_end = _with_title(mask, known_end, end)
    raw = text[known_end + offset : end + offset]
    described = _DESCRIBED.match(mask, known_end, stop) if known_end > start else None
    if described and described["count"]:
        later = _candidate(text, mask, offset, described.end(), stop)
        if later is not None and later.known:
            begin = start + offset
            return Mention(begin, later.stop, text[begin : later.stop], later.clean, known=True)
    if known_end > start:
        if _personal_ends(mask, start, known_end):
            size = _fitted(text, offset, mask, known_end, stop)
            if size:
                return _mention(text, mask, offset, start, known_end + size, stop, known=True)
        named = doc_names(text).match(mask, known_end, stop)
        if named is not None and _personal_ends(mask, start, known_end):
            return _mention(text, mask, offset, start, named.end(), stop, known=True)
        if raw.startswith(("之一", "的一员")):
            beyond = known_end + (2 if raw.startswith("之一") else 3)
            size = _name_after(text, beyond + offset, text[beyond + offset : end + offset])
            if size:
                return _mention(text, mask, offset, start, beyond + size, stop, known=True)
        extra = 0 if raw.startswith("的") else _name_after(text, known_end + offset, raw)
        if raw.startswith("的"):
            # 美国的盟友说: the noun is on no list, but the verb follows at once.
            if end < stop or len(raw) > 12:
                return _mention(text, mask, offset, start, end, stop, known=False)
            extra = len(raw)
        finish = known_end + extra
        return _mention(text, mask, offset, start, finish, stop, known=True)
    size = _bare_name(text, start + offset, raw)
    if size:
        return _mention(text, mask, offset, start, start + size, stop, known=True)
    return _mention(text, mask, offset, start, end, stop, known=False)


def _with_title(mask: str, end: int, limit: int) -> int:
    """A bracketed abbreviation belongs to the name before it: 有线电视新闻网（CNN）."""
    if mask[end : end + 1] in ("（", "(") and end < limit:
        closing = min(
            (k for k in (mask.find("）", end, end + 20), mask.find(")", end, end + 20)) if k > 0), default=-1
        )
        return closing + 1 if closing > 0 else end
    return end


def _mention(
    text: str, mask: str, offset: int, start: int, end: int, stop: int, *, known: bool
) -> Mention | None:
    rest = end
    while end > start and mask[end - 1] in "“，、 \u3000":
        end -= 1
    if end <= start or (end == start + 1 and mask[start] not in "他她它其"):
        return None
    while rest < stop and mask[rest] in "”」":
        rest += 1
    clean = stop - rest <= 80 and grammar.gap().fullmatch(mask, rest, stop) is not None
    return Mention(start + offset, end + offset, text[start + offset : end + offset], clean, known)


def _end_of_phrase(mask: str, start: int, stop: int) -> int:
    """Where the noun phrase that begins here ends at the latest: at an adverbial, a verb or a time."""
    at = start
    while at < stop:
        found = grammar.stops().search(mask, at, stop)
        if found is None:
            return stop
        if found["stop"] is None:
            at = found.end()
            continue
        title = mask.rfind("《", start, found.start())
        closed = mask.find("》", title, stop) if title >= 0 else -1
        if closed >= found.start():
            # 《法兰克福信使报》: no word of a title ends the phrase.
            at = closed + 1
            continue
        inside = _inside_name(mask, start, found.start(), found.end(), stop)
        if inside is None:
            return found.start()
        at = inside
    return stop


def _inside_name(mask: str, start: int, at: int, end: int, stop: int) -> int | None:
    """Where a name ends that only happens to hold such a word (让-皮埃尔, 罗大为, 市长曾国荣); None for no name."""
    dotted = DOTTED.match(mask, at, stop)
    plain = re.sub("[·•・‧-]", "", dotted[0]) if dotted else ""
    if dotted and sum(char in transliteration() for char in plain[1:]) >= len(plain) - 2:
        tail = max(dotted[0].rfind(sep) for sep in "·•・‧-") + at + 3
        beyond = grammar.stops().search(mask, tail, dotted.end())
        return beyond.start() if beyond and beyond["stop"] else dotted.end()
    if end - at != 1:
        return None
    if mask[at - 1] in "·•・‧" or (
        mask[at] == "尚"
        and (foreign_run(mask[start:at]) >= 2 or "·" in mask[start:at])
        and mask[end : end + 1] not in "未无不在需待"
    ):
        # 奥尔汗·恰拉尔, 德尼·马尔尚: the first character of a part, or one that is an adverb only before a negation.
        return end
    after = grammar.stops().match(mask, end, stop)
    followed = (
        end >= stop
        or (after is not None and after["stop"] is not None)
        or grammar.cue().match(mask, end, stop) is not None
    )
    char = mask[at]
    if (
        char in _IN_NAMES
        and followed
        and at - start >= 2
        and (mask[at - 2] in surnames() or mask[at - 1] in surnames())
    ):
        return end
    titled = _last(grammar.recognised(), mask, max(start, at - 12), at)
    if (
        titled is not None
        and titled.end() == at
        and char in "曾成全应常"
        and not followed
        and not grammar.recognised().match(mask, end, stop)
    ):
        # Past the first character of the given name, so that it is not read as an adverbial itself.
        return (
            min(stop, end + 1)
            if not mask[end : end + 1].isdigit() and grammar.time_at(mask, end, stop) == end
            else None
        )
    return None


def _last(pattern: re.Pattern[str], text: str, start: int, stop: int) -> re.Match[str] | None:
    """The last match in a stretch."""
    last = None
    for found in pattern.finditer(text, start, stop):
        last = found
    return last


def _name_after(text: str, at: int, rest: str) -> int:
    """Length of the personal name that follows a title; 0 where what follows is none."""
    if not rest or _WEEKDAY.match(rest):
        return 0
    for shape in (DOTTED, _LATIN):
        found = shape.match(rest)
        if found:
            return transliterated_end(rest, found.end()) if shape is DOTTED else found.end()
    run = HAN.match(rest)
    if run is None:
        return 0
    word = run[0]
    foreign = foreign_run(word)
    if foreign == len(word) and foreign >= 2:
        return foreign
    japanese = japanese_name(word)
    if japanese:
        return japanese
    if word[0] in surnames() or word[:2] in surnames():
        return chinese_name(text, at, word)
    if foreign >= 2:
        return foreign
    return 0


_PREPOSITIONS = "向于和与从为自对就"


def _fitted(text: str, offset: int, mask: str, at: int, stop: int) -> int:
    """Length of a Chinese or Japanese name after a title, such that only adverbials follow it up to the verb: this
    keeps 刘为民, 石田隆至 and 周为民 whole, which hold words that would end the phrase; 0 where none fits."""
    run = HAN.match(mask, at, min(stop, at + 7))
    if (
        run is None
        or _WEEKDAY.match(run[0])
        or run[0][:2] in not_names()
        or grammar.gap().fullmatch(mask, at, stop)
    ):
        return 0
    word = run[0]
    foreign = foreign_run(word)
    if foreign >= 2 and grammar.strict_gap().fullmatch(mask, at + foreign, stop):
        return foreign
    japanese = japanese_families().match(word)
    if japanese and len(word) > japanese.end():
        sizes = range(japanese.end() + 1, min(len(word), japanese.end() + 3) + 1)
    elif word[:2] in surnames():
        sizes = range(3, min(len(word), 4) + 1)
    elif word[0] in surnames():
        sizes = range(2, min(len(word), 3) + 1)
    else:
        sizes = range(2, min(len(word), 3) + 1)
    fitting = [size for size in sizes if grammar.strict_gap().fullmatch(mask, at + size, stop)]
    if fitting and word[0] in _PREPOSITIONS and text.count(word[: fitting[0]]) < 2:
        return 0
    if fitting and word[0] not in surnames() and not japanese and word[:2] not in surnames():
        # 菅义伟, 泽连斯基: only a title of one person vouches for a name that is on no list.
        return fitting[-1] if _titles().search(mask, max(0, at - 8), at) else 0
    if len(fitting) > 1 and not japanese and (word[0] in surnames() or word[:2] in surnames()):
        usual = chinese_name(text, at + offset, word)
        return usual if usual in fitting else fitting[0]
    return fitting[0] if fitting else 0


def _bare_name(text: str, at: int, raw: str) -> int:
    """Length of a name without any title at the head of a clause; 0 where it does not look like one."""
    found = DOTTED.match(raw) or _LATIN.match(raw)
    if found:
        return found.end() if found.re is _LATIN else transliterated_end(raw, found.end())
    run = HAN.match(raw)
    if run is None:
        return 0
    word = run[0]
    foreign = foreign_run(word)
    if japanese_name(word):
        return len(word)
    if (
        len(word) == 4
        and word[0] in surnames()
        and foreign < 4
        and text.count(word[:3]) > text.count(word) + 1
    ):
        # 沈嘉禾先通报了…, who is 沈嘉禾 wherever else he is named.
        return 3
    if 2 <= len(word) <= 4 and (word[0] in surnames() or foreign == len(word)):
        return len(word)
    if foreign >= 3:
        return foreign
    if 2 <= len(word) <= 8 and foreign >= len(word) - 1:
        return len(word)
    return 0


# ---- heads -----------------------------------------------------------------------------------------------------


@remembered()
def _quantified() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{guarded(words('zh', 'roles', 'quantifiers'))}|(?:不愿|不便|要求|拒绝)[^的]{{0,12}}(?:姓名|"
        rf"身份|名)的|匿名的?|另?[0-9一二两三四五六七八九十]+[名位家封篇份](?!于|族|庭|长)|一(?=知情|消息|目击|官员|专家|学者|议员|高官|外交官|负责人|分析))"
    )


@remembered()
def _deictic() -> re.Pattern[str]:
    return re.compile(rf"(?:{guarded(words('zh', 'roles', 'deictic'))})[位名个家些]?")


def deictic(mention: str) -> str | None:
    """What a pointing phrase points at (该官员 → 官员), or None where it does not point back."""
    found = _deictic().match(mention)
    rest = mention[found.end() :] if found else ""
    return rest if found and rest and grammar.recognised().search(rest) else None


@remembered(4096)
def head(mention: str) -> str:
    """The person or body without titles, quantifiers and relative clauses: 外交部发言人毛某 → 毛某."""
    text = mention.strip('"\u3000 ，、').removesuffix("的")
    if text.count("“") != text.count("”") or text[:1] == "“":
        text = text.strip("“”")
    for _ in range(3):
        found = _quantified().match(text)
        if not found or found.end() >= len(text):
            break
        text = text[found.end() :]
    text = re.sub(r"(?<!刚果)（[^）]*）|(?<!刚果)\([^)]*\)", "", text) or text
    text = _SHARE.sub("", text) or text
    named = _outlet_name(text)
    if named:
        return named
    called = re.search(r"(?<=[\u4e00-\u9fff])[“「]([^”」]{1,12})[”」]?$", text)
    if called and grammar.recognised().search(text[: called.start()]):
        return called[1]
    one_of = re.search(r"(?:之一|的一员)([\u4e00-\u9fff·]{2,12})$", text)
    if one_of and ("·" in one_of[1] or is_name(one_of[1])):
        return one_of[1]
    kind = _APPOSED.search(text)
    if kind and grammar.recognised().search(kind["own"]):
        text = kind["own"]
    person = _person(text)
    return person if person else _uncounted(_without_relative(text))


_SHARE = re.compile(
    "^(?:近|约|逾|超过|超|有)?[一二三四五六七八九十两0-9.]+成(?:的|以上的?)?|^驻(?:当地|地)的?"
)
"""近七成受访者: a share of them."""
_APPOSED = re.compile(
    "(?:执政党|在野党|反对党|智库|民调机构|咨询公司|研究机构|评级机构|人权组织|环保组织|武装组织)(?P<own>[\u4e00-\u9fff]{2,14})$"
)
"""最大在野党自由韩国党: what kind of body it is, and its own name."""


def _uncounted(text: str) -> str:
    """国防部一名高级官员 → 国防部高级官员."""
    return _INNER_COUNT.sub("", text)


_COUNTED_RELATIVE = re.compile(
    "([\u4e00-\u9fff]{2,12})[一二两三四五六七八九十数多几][名位][^的]{1,24}的([\u4e00-\u9fff]{2,10})"
)
_INNER_COUNT = re.compile(
    "(?<![和与及、对])(?<=[\u4e00-\u9fff]{2})(?:[一二两三四五六七八九十数多几][名位]|某)(?=[\u4e00-\u9fff]{2})"
)


def _outlet_name(text: str) -> str | None:
    found = re.search(
        r"《([^》]+)》的?(?:周刊|杂志|月刊|报)?(?:网站|官网|客户端|报道|文章|社论|评论|援引|周刊|杂志|报|新闻)?$",
        text,
    )
    return found[1] if found else None


def _without_relative(text: str) -> str:
    counted = _COUNTED_RELATIVE.fullmatch(text)
    if counted:
        return counted[1] + counted[2]
    at = text.rfind("的")
    while at > 0:
        after = text[at + 1 :]
        before = text[:at]
        if len(after) >= 2 and (
            (grammar.recognised().search(after) or (len(after) > 2 and is_name(after)))
            and (
                grammar.stops().search(before)
                or len(before) > 6
                or (len(before) > 3 and not grammar.recognised().search(before))
                or (len(after) == 3 and is_name(after))
            )
        ):
            text = after
            break
        at = text.rfind("的", 0, at)
    quantified = _quantified().match(text)
    return text[quantified.end() :] if quantified and quantified.end() < len(text) else text


def _person(text: str) -> str | None:
    """The personal name at the end of a mention, if it ends with one."""
    dotted = _last(DOTTED, text, 0, len(text))
    if dotted is not None and dotted.end() == len(text):
        named = _from_title(dotted[0])
        # 玛图·贝洛躺: a verb of posture at the end.
        return named[:-1] if named[-1] in "躺站坐蹲跪哭笑" else named
    latin = re.search(r"[A-Z][\w.'’-]*(?:[ ·][A-Z][\w.'’-]*)*$", text)
    if latin and latin.start() > 0:
        return latin[0]
    end = 0
    for found in grammar.recognised().finditer(text):
        # 项目经理葛长林: the name may itself have what looks like a title in it.
        if found.start() == end > 0 and found.end() < len(text) <= end + 3 and is_name(text[end:]):
            return text[end:]
        end = found.end()
    rest = text[end:]
    if rest and 2 <= len(rest) <= 12 and "的" not in rest:
        return rest if is_name(rest) else None
    if end == 0 and "的" not in text and len(text) > 4:
        return _trailing_name(text)
    run = len(rest) - len(foreign_tail(rest))
    # 六十三岁的棉农别克博拉特: four characters of foreign names after one that is none.
    return rest[run:] if 0 < run <= len(rest) - 4 and rest[run - 1] in _OCCUPIED else None


_OCCUPIED = "娘农工生家员师手妇者官商民匠客长人女士一主友亲"
"""Last characters of what people do."""


def _from_title(word: str) -> str:
    """``发言人安娜·贝`` → ``安娜·贝``: a dotted name without the title glued to it."""
    end = 0
    dot = min(k for k in (word.find(mark) for mark in "·•・‧-") if k >= 0)
    for found in grammar.recognised().finditer(word, 0, dot):
        if found.end() == dot:
            break
        end = found.end()
        # 发言人马里奥·… : the first name may itself begin like the name of a state.
        if foreign_run(word[end:dot]) == dot - end:
            break
    of = word.rfind("的", end, dot)
    name = (word[of + 1 :] if of >= 0 else word[end:]).removeprefix("名叫").removeprefix("叫")
    # 老板娘玛尔塔·…, 法官之一埃利奥·…: what no list has as a title ends where the characters of names begin.
    first = re.split("[·•・‧-]", name, maxsplit=1)[0]
    run = len(first) - len(foreign_tail(first))
    return name[run:] if 0 < run <= len(first) - 2 and first[run - 1] in _OCCUPIED else name


def _trailing_name(text: str) -> str | None:
    """A name after a title that no list has: the last two or three characters, if they begin with a surname."""
    for size in (3, 2):
        tail = text[-size:]
        if tail[0] in surnames() and HAN.fullmatch(tail) and len(text) > size + 1:
            return tail
    return None


_AND = re.compile("[和与及、]")


def personal(mention: str) -> bool:
    """Whether a mention is one person: a pronoun, or a name with or without a title."""
    core = head(mention)
    pointed = deictic(mention)
    if pointed is not None and len(pointed) <= 6 and _titles().search(pointed):
        return True
    if _titles().search(mention) or (len(parts := _AND.split(mention)) > 1 and all(map(personal, parts))):
        return True
    return mention in ("他", "她") or "·" in core or (is_name(core) and not grammar.recognised().search(core))
