"""Who the words for a Chinese speaker stand for: names, titles, 他/他们, 该官员, 这位部长, 报道, or nothing."""

import re
from collections.abc import Callable

from zopa.claims.voice import UNSPECIFIED
from zopa.dossier.document import Document
from zopa.dossier.found import Found, Heard, Mention, Voice, VoiceKind
from zopa.dossier.lexicon import as_words, guarded, remembered, table, words
from zopa.dossier.zh import grammar
from zopa.dossier.zh.mentions import deictic, head, noun_phrase, subject, titled_name
from zopa.dossier.zh.names import foreign_tail, is_name

_SINGULAR = frozenset({"他", "她", "其", "本人", "它", "我"})
_OWN = frozenset({"本报", "本社", "本台", "本刊", "本网", "本网站", "本报评论", "本报社论"})
_PLURAL = frozenset(
    {"他们", "她们", "它们", "双方", "两人", "二人", "三人", "两国", "两者", "三方", "各方", "他俩", "她俩"}
)
_MANY = re.compile(r"[和与及、]|们$|[两多数几]|一些|有的|双方|人士$|各")
_FULL = re.compile("[\u4e00-\u9fff]{1,8}(?:[·•・‧-][\u4e00-\u9fff]{1,10})+")
_JOIN = re.compile("(?<=[\u4e00-\u9fff]{2})[与和及](?=[\u4e00-\u9fff]{1,10}[·•・‧])")
"""甲·乙与丙·丁: two names."""
_WROTE = re.compile(
    r"(?:在|为|给)(?P<where>[^，。；]{0,6}?《(?P<name>[^》]{2,20})》)[^，。；]{0,10}(?:撰文|发表|刊文|刊登|写道|评论|发文|专栏)"
)
_SOCIAL = re.compile(
    r"(?:在|通过)(?:[^，。；]{0,10}?)(?P<name>社交媒体平台|社交媒体|社交平台|社交网站|推特|脸书|“?真实社交”?|微博|电报频道)"
)
_HOST = re.compile(
    "(?P<who>[\u4e00-\u9fff·]{2,24}?)(?:[0-9今昨]{1,3}[日天])?(?:主持|举行|召开)[^，。；\n]{0,12}(?:记者会|发布会)|"
    "(?P<other>[\u4e00-\u9fff·]{2,24}?)(?:[^，。；\n]{0,20})答记者问"
)
_REMEMBERED = 40


@remembered()
def _texts() -> frozenset[str]:
    return frozenset(words("zh", "cues", "texts"))


@remembered()
def _outlet_ends() -> re.Pattern[str]:
    known = guarded(words("zh", "outlets", "known"))
    ends = guarded(words("zh", "outlets", "endings"))
    return re.compile(rf"(?:{known}|{ends}|[\u4e00-\u9fff]媒)(?:网站)?$")


@remembered()
def _unnamed() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{guarded(words('zh', 'roles', 'unnamed'))})们?$|消息$|[0-9一二三四五六七八九十多]+个?[^的]{{0,6}}国家?$"
    )


@remembered()
def _office() -> re.Pattern[str]:
    return re.compile(rf"(?:{guarded(words('zh', 'roles', 'office_words'))})$")


@remembered()
def _places() -> tuple[re.Pattern[str], dict[str, str]]:
    sides: dict[str, str] = {}
    for code, names in table("zh", "places")["places"].items():
        for name in as_words(names):
            sides.setdefault(name, code)
    return re.compile(guarded([name for name in sides if len(name) > 1])), sides


@remembered(4096)
def side(text: str) -> str | None:
    """ISO code of the state that a name belongs to (美方, 白宫官员 → US), where exactly one is named."""
    pattern, sides = _places()
    codes = {sides[found] for found in pattern.findall(text)}
    return codes.pop() if len(codes) == 1 else None


def resolve(document: Document, found: list[Found]) -> list[Heard]:
    """Each attribution with its voice, its chain and the outlet that carried it."""
    return _Resolver(document).run(found)


class _Resolver:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.text
        self.stack: list[Voice] = []
        self.full = self._full_names()
        self.initials = frozenset(name[0] for name in self.full)
        self.outlets: dict[str, str] = {}
        self.seen = -1

    def _full_names(self) -> dict[str, str]:
        """Last parts of dotted names, by the full name: 莫拉 → 哈维尔·莫拉."""
        out: dict[str, str] = {}
        for found in (part for chain in _FULL.finditer(self.text) for part in _JOIN.split(chain[0])):
            name = head(found)
            parts = re.split("[·•・‧]", name)
            if len(parts) < 2:
                continue
            if len(parts[0]) > 5:
                # 接到约瑟·奥廷诺的电话: what stands before the first name is no part of it.
                parts[0] = foreign_tail(parts[0]) or parts[0]
            parts[-1] = parts[-1].split("的", maxsplit=1)[0] or parts[-1]
            name = "·".join(parts)
            last = parts[-1]
            for size in range(len(last), 1, -1):
                out.setdefault(last[:size], "·".join([*parts[:-1], last[:size]]))
        return out

    def run(self, found: list[Found]) -> list[Heard]:
        out: list[Heard] = []
        for item in found:
            self._subjects_before(item)
            out.append(self._heard(item, out[-1] if out else None))
        return out

    def _subjects_before(self, item: Found) -> None:
        """Subjects of the sentences in between also answer to 他 and 他们."""
        for index in range(max(self.seen + 1, item.sentence - 6), item.sentence):
            sentence = self.document.sentences[index]
            self._push_subject(sentence.mask, sentence.start)
        sentence = self.document.sentences[item.sentence]
        if item.type == "narrator" and self.seen < item.sentence:
            self._push_subject(sentence.mask, sentence.start)
        elif (
            item.mention is not None
            and item.mention.text in _SINGULAR
            and item.mention.start > sentence.start
        ):
            # 安妮卡10日接受采访时被问到此事，她表示…
            self._push_subject(sentence.mask[: item.mention.start - sentence.start], sentence.start)
        self.seen = max(self.seen, item.sentence)

    def _push_subject(self, mask: str, offset: int) -> None:
        begin = 0
        for _ in range(3):
            comma = mask.find("，", begin)
            stop = comma if comma >= 0 else len(mask)
            known = self._called_at(mask, begin)
            if known is not None:
                # 卡维尔转达了…: whoever the text names in full elsewhere.
                self._push(self._named(known))
                return
            mention = subject(self.text, mask, offset, begin, min(stop, begin + 80))
            if mention is None or not mention.known or mention.text.startswith("我"):
                # 我见到了计票员格蕾丝·班达，她…: whoever the clause ends with.
                mention = noun_phrase(self.text, mask, offset, begin, min(stop, begin + 80))
            if (
                mention is not None
                and mention.known
                and mention.text not in _SINGULAR | _PLURAL
                and not mention.text.endswith(("记者", "问题", "报道"))
            ):
                voice = self._named(mention.text)
                if voice.kind in ("person", "official", "group") and not self._doubtful(mention.text):
                    self._push(voice)
                    return
            if comma < 0:
                return
            begin = comma + 1

    def _doubtful(self, text: str) -> bool:
        """连日来, 强震: words that begin with a surname, but stand for nobody whom the text names again."""
        return (
            len(text) <= 4
            and is_name(text)
            and text not in self.full
            and grammar.recognised().search(text) is None
            and (self.text.count(text) < 2 or (len(text) == 2 and not self._titled(text)))
        ) or text.startswith(_OPINIONS)

    def _titled(self, name: str) -> bool:
        """Whether the text gives the name with a title anywhere."""
        return any(
            grammar.recognised().search(self.text, max(0, m.start() - 8), m.start()) is not None
            and any(
                t.end() == m.start()
                for t in grammar.recognised().finditer(self.text, max(0, m.start() - 8), m.start())
            )
            for m in re.finditer(re.escape(name), self.text)
        )

    def _called_at(self, mask: str, begin: int) -> str | None:
        """The longest name at a place that the text gives in full elsewhere."""
        if mask[begin : begin + 1] not in self.initials:
            return None
        return next(
            (mask[begin : begin + n] for n in range(8, 1, -1) if mask[begin : begin + n] in self.full), None
        )

    def _push(self, voice: Voice) -> None:
        if voice.head is None:
            return
        self.stack.append(voice)
        if len(self.stack) > _REMEMBERED:
            del self.stack[0]

    def _heard(self, item: Found, before: Heard | None) -> Heard:
        if item.type == "narrator":
            return Heard(item, Voice(None, None, "unknown"), (), None)
        if (
            item.continued
            and before is not None
            and before.found.type != "narrator"
            and item.rule != "zh-label"
        ):
            voice = before.voice
            heard = Heard(
                item,
                Voice(None, voice.head, voice.kind, voice.anonymous, voice.side),
                before.chain,
                before.outlet,
            )
            return heard
        if item.mention is not None and item.mention.text in _SINGULAR and item.outer:
            voice = self._told_of(item.mention, item.outer[0])
        else:
            voice = self._voice(item.mention, item.unspecified)
        if item.rule == "zh-label" and item.mention is None:
            voice = self._answerer(voice)
        outer = [self._voice(mention, unspecified=False) for mention in item.outer]
        outer = [v for v in outer if v.head and v.head != voice.head]
        if voice.kind == "text" and outer:
            voice = outer.pop()
        if voice.kind not in ("unspecified", "text"):
            self._push(voice)
        for carrier in outer:
            if carrier.kind == "outlet":
                self.stack.insert(max(0, len(self.stack) - 1), carrier)
        heads = [v.head for v in outer if v.head] + ([voice.head] if voice.head else [])
        return Heard(
            item,
            voice,
            tuple(dict.fromkeys([*heads, *self._inner(item, voice)])),
            self._outlet(item, voice, outer),
        )

    def _told_of(self, mention: Mention, carrier: Mention) -> Voice:
        """调解员转述她的话说: somebody named before the one who passes the words on."""
        teller = self._voice(carrier, unspecified=False)
        return self._back(
            mention.text,
            lambda v: (
                v.kind in ("person", "official") and v.head != teller.head and not _MANY.search(v.head or "")
            ),
        )

    def _answerer(self, voice: Voice) -> Voice:
        """答：: whoever holds the press conference, where the text names one."""
        host = _HOST.search(self.text)
        if host is None:
            return voice
        key = "who" if host["who"] else "other"
        mention = noun_phrase(self.text, host[key], host.start(key), 0, len(host[key]))
        return self._named(mention.text) if mention is not None and mention.known else voice

    # -- one mention ---------------------------------------------------------------------------------------------

    def _voice(self, mention: Mention | None, unspecified: bool) -> Voice:
        if unspecified or (mention is None and not self.stack):
            return Voice(None, UNSPECIFIED, "unspecified", anonymous=True)
        if mention is None:
            last = self.stack[-1]
            return Voice(None, last.head, last.kind, last.anonymous, last.side)
        text = mention.text.strip()
        if _WHILE.fullmatch(text):
            text = text[-1]
        if text == "对方":
            other = self._other(mention.start)
            if other is not None:
                return Voice(text, other, "person")
        if text in ("后者", "前者"):
            return self._of_two(text, mention)
        if text in _SINGULAR:
            return self._back(
                text, lambda v: v.kind in ("person", "official") and not _MANY.search(v.head or "")
            )
        if text in ("双方", "各方", "两国", "三方"):
            return self._joint(text)
        if text in _PLURAL or text in ("一人", "其中一人", "一位", "其中一位"):
            return self._back(
                text,
                lambda v: (
                    v.kind in ("group", "official", "person")
                    and bool(_MANY.search(v.head or "") or v.anonymous)
                ),
            )
        if text in _OWN and self.document.outlet is not None:
            # 本报获悉: the paper that the text stands in.
            return Voice(text, self.document.outlet, "outlet")
        joint = _JOINT.search(text)
        if joint is not None:
            return self._joint(joint[0])
        if _THIS_PAPER.fullmatch(text):
            text = text[2:]
        if _LETTER.fullmatch(text):
            return self._writer(text, mention.start)
        if text in _texts() or text in ("声明", "文章"):
            return self._document_voice(text, mention.start)
        kin = _KIN.fullmatch(text)
        if kin is not None and grammar.recognised().fullmatch(kin["who"]):
            owner = self._back(kin["of"], lambda v: v.kind in ("person", "official"))
            return Voice(text, f"{owner.head}的{kin['who']}", "official", anonymous=True)
        office = _OFFICE_OF.fullmatch(text)
        if office is not None and _PERSONAL.search(office["who"]) and not is_name(head(text)):
            return self._of_body(text, office["body"], head(office["who"]))
        pointed = deictic(text)
        if pointed is not None and not is_name(head(text)) and "·" not in text:
            return self._pointed(text, pointed)
        return self._named(text)

    def _of_body(self, text: str, body: str, office: str) -> Voice:
        """该团发言人: the office at the body of that kind that was named last."""
        for voice in reversed(self.stack):
            whole = voice.head or ""
            if voice.kind in ("body", "unknown", "group") and whole.endswith(body):
                return Voice(text, whole + office, "official", anonymous=True, side=voice.side)
        before = self.text[: max(0, self.text.find(text))]
        named = [
            m for m in re.finditer(rf"[\u4e00-\u9fff]{{2,12}}?{body}", before) if m[0][-3:-2] not in "该这那"
        ]
        whole = head(named[-1][0]) if named else ""
        return Voice(text, whole + office if len(whole) > len(body) else office, "official", anonymous=True)

    def _of_two(self, text: str, mention: Mention) -> Voice:
        """后者: who was named last before it in the sentence, 前者 the one before that; else the voice of before."""
        clause = self.text.rfind("，", 0, mention.start)
        begin = max(self.text.rfind(mark, 0, max(0, clause)) for mark in "。！？；\n，") + 1
        joined = _TWO.search(self.text, begin, max(begin, clause))
        if clause > begin and joined is not None:
            key = "last" if text == "后者" else "first"
            named = noun_phrase(self.text, joined[key], joined.start(key), 0, len(joined[key]))
            if named is not None and named.known:
                voice = self._named(named.text)
                return Voice(text, voice.head, voice.kind, voice.anonymous, voice.side)
        if clause > begin and text == "后者":
            # 他找到了外交官约瑟法特·奥廷诺，后者告诉他…: whom the clause before ends with.
            ended = noun_phrase(self.text, self.text[begin:clause], begin, 0, clause - begin)
            if ended is not None and ended.known and ended.clean and "·" in ended.text:
                voice = self._named(ended.text)
                return Voice(text, voice.head, voice.kind, voice.anonymous, voice.side)
        pair = self._pair(max(0, mention.start - 200), mention.start)
        if pair is not None:
            voice = self._named(pair[text == "后者"])
            return Voice(text, voice.head, voice.kind, voice.anonymous, voice.side)
        return self._back(text, lambda v: v.kind in ("person", "official", "body"))

    def _other(self, start: int) -> str | None:
        """对方 after 接到某人的电话: the person named last in the clause or two before, by the name in full."""
        near = self.text[max(0, start - 30) : start]
        places = [(near.rfind(name), len(name), name) for name in self.full if len(name) > 1 and name in near]
        return self.full[max(places)[2]] if places else None

    def _pair(self, start: int, stop: int) -> tuple[str, str] | None:
        """The last two people whom the text joins in a stretch (甲与乙在某地会面), by the names that it has in full."""
        last = None
        for found in re.finditer("[与和同跟]", self.text[start:stop]):
            at = start + found.start()
            names = (
                [self.text[at - n : at] for n in range(2, 9)],
                [self.text[at + 1 : at + 1 + n] for n in range(8, 1, -1)],
            )
            first, second = (next((name for name in tried if name in self.full), None) for tried in names)
            if first is not None and second is not None:
                last = (first, second)
        return last

    def _back(self, text: str, fits: Callable[[Voice], bool]) -> Voice:
        for voice in reversed(self.stack):
            if fits(voice):
                return Voice(text, voice.head, voice.kind, voice.anonymous, voice.side)
        for voice in reversed(self.stack):
            if voice.kind != "outlet":
                return Voice(text, voice.head, voice.kind, voice.anonymous, voice.side)
        return Voice(text, text, "unknown")

    def _joint(self, text: str) -> Voice:
        """双方 and 联合公报 are nobody's alone, unless several were named together."""
        for voice in reversed(self.stack):
            if voice.kind == "group" and _JOINED.search(voice.head or ""):
                return Voice(text, voice.head, voice.kind, voice.anonymous, voice.side)
        return Voice(text, text, "group")

    def _issuer(self, text: str, start: int) -> Voice | None:
        """声明还说: whoever the text says last to have issued one."""
        paper = _ISSUED_PAPER.search(text)
        if paper is None:
            return None
        last = None
        for found in re.finditer(
            rf"(?:发表|发布|出具|签署|公布|发出|刊登|刊发|发回)(?:了|的)?[^，。；：]{{0,12}}{paper[0]}",
            self.text[max(0, start - 200) : start],
        ):
            last = found
        if last is None:
            return None
        at = max(0, start - 200) + last.start()
        begin = max(self.text.rfind(mark, 0, at) for mark in "。！？；\n") + 1
        named = subject(self.text, self.text[begin:at], begin, 0, at - begin)
        if named is None or not named.known or named.text in _SINGULAR or self._doubtful(named.text):
            return None
        voice = (
            self._voice(named, unspecified=False)
            if named.text not in _PLURAL
            else Voice(named.text, named.text, "group")
        )
        return Voice(text, voice.head, voice.kind, voice.anonymous, voice.side)

    def _writer(self, text: str, start: int) -> Voice:
        """信中写道: whoever sent the letter that was told of last; the letter itself where nobody is named."""
        low = max(0, start - 160)
        sent = None
        for found in _SENT.finditer(self.text, low, start):
            sent = found
        if sent is not None:
            begin = max(self.text.rfind(mark, 0, sent.start()) for mark in "。！？；\n") + 1
            named = subject(self.text, self.text[begin : sent.start()], begin, 0, sent.start() - begin)
            if named is not None and named.known and not self._doubtful(named.text):
                voice = self._voice(named, unspecified=False)
                return Voice(text, voice.head, voice.kind, voice.anonymous, voice.side)
        return self._document_voice(text, start)

    def _document_voice(self, text: str, start: int) -> Voice:
        """报道, 文章, 声明: the outlet, author or body named before; 有报道 is anybody's."""
        if self.text[start - 1 : start] != "有":
            issued = self._issuer(text, start)
            if issued is not None:
                return issued
            wanted: tuple[VoiceKind, ...] = (
                ("outlet", "person")
                if any(w in text for w in ("报", "文", "社", "台", "媒", "网", "刊", "评论"))
                else ("body", "group", "outlet", "person")
            )
            if "报" in text:
                # A report is a medium's, whoever was quoted in it meanwhile.
                told = next((v for v in reversed(self.stack) if v.kind == "outlet"), None)
                if told is not None:
                    return Voice(text, told.head, told.kind, told.anonymous, told.side)
            for kinds in (wanted, ("outlet", "body", "person", "group", "official")):
                for voice in reversed(self.stack[-8:]):
                    if voice.kind in kinds:
                        return Voice(text, voice.head, voice.kind, voice.anonymous, voice.side)
            return Voice(text, text, "text", anonymous=True)
        return Voice(None, UNSPECIFIED, "unspecified", anonymous=True)

    def _pointed(self, text: str, pointed: str) -> Voice:
        core = head(pointed)
        if not _unnamed().search(core):
            # 这位发言人: by name, where one was named with that office.
            for voice in reversed(self.stack[-12:]):
                if voice.kind == "person" and core in (voice.speaker or ""):
                    return Voice(text, voice.head, voice.kind, voice.anonymous, voice.side)
        for voice in reversed(self.stack):
            spoken = (voice.speaker or "") + (voice.head or "")
            if core in spoken or core[-2:] in spoken:
                return Voice(text, voice.head, voice.kind, voice.anonymous, voice.side)
        for voice in reversed(self.stack[-6:]):
            if (voice.kind in ("person", "official")) == bool(_PERSONAL.search(core)):
                return Voice(text, voice.head, voice.kind, voice.anonymous, voice.side)
        return Voice(
            text,
            pointed,
            "official" if _PERSONAL.search(core) else "body",
            anonymous=bool(_unnamed().search(pointed)),
        )

    def _named(self, text: str) -> Voice:
        core = head(text.removesuffix("本人"))
        family = next((core[:k] for k in range(len(core) - 2, 1, -1) if core[:k] in self.full), None)
        if family is not None and grammar.recognised().fullmatch(core, len(family)):
            # 雅各布森部长: the family name with what he is.
            core = family
        if (core == text and core in self.full and not _outlet_ends().search(core)) or (
            core in self.full and len(core) <= 6
        ):
            core = self.full[core]
        kind = self._kind(text, core)
        if core == text and len(core) <= 4 and kind not in ("group", "body", "outlet"):
            whole = self._in_full(core)
            core, kind = (whole, "person") if whole != core else (core, kind)
        if kind == "official" and len(core) <= 6 and not _unnamed().search(core):
            known = self._by_title(core)
            if known is not None:
                return Voice(text, known.head, known.kind, known.anonymous, known.side)
        if kind == "body" and len(core) <= 4 and core == text:
            body = self._by_body(core)
            if body is not None:
                return Voice(text, body.head, body.kind, body.anonymous, body.side)
        anonymous = (kind in ("official", "group") and bool(_unnamed().search(core))) or (
            core in words("zh", "roles", "outlets_generic") and not side(core)
        )
        if text in ("媒体", "外媒", "分析", "专家") or core in ("分析", "专家"):
            anonymous = True
        return Voice(text, core, kind, anonymous, side(text))

    def _in_full(self, core: str) -> str:
        """萩生田, 安倍: the person of that family name who was named in full before."""
        for voice in reversed(self.stack):
            whole = voice.head or ""
            if (
                voice.kind == "person"
                and len(whole) > len(core) >= 2
                and whole.startswith(core)
                and "·" not in whole
            ):
                return whole
        return titled_name(self.text, core)

    def _by_title(self, core: str) -> Voice | None:
        """发言人说: the spokesman named before; 李教授: the professor of that surname."""
        for voice in reversed(self.stack):
            if voice.head == core:
                return voice
            if voice.kind == "person" and voice.speaker and (core in voice.speaker):
                return voice
        if len(core) >= 3 and not grammar.recognised().match(core):
            for voice in reversed(self.stack):
                if (
                    voice.kind == "person"
                    and voice.head
                    and voice.head[0] == core[0]
                    and grammar.recognised().search(core)
                ):
                    return voice
        return None

    def _by_body(self, core: str) -> Voice | None:
        """委员会, 公司, 工会: the body of that kind named in full before."""
        if core in _places()[1]:
            return None
        for voice in reversed(self.stack):
            whole = voice.head or ""
            if voice.kind in ("body", "unknown") and whole != core and whole.endswith(core):
                return voice
        return None

    def _kind(self, text: str, core: str) -> VoiceKind:
        if "·" in core or (is_name(core) and not grammar.recognised().search(core)):
            return "person"
        if core != text and text.endswith(core) and is_name(core) and len(core) <= 4:
            return "person"
        if re.search(r"《[^》]+》", text) and not grammar.recognised().search(text[text.rfind("》") :]):
            return "outlet"
        if _outlet_ends().search(core) and not _office().search(core):
            return "outlet"
        if _MANY.search(core):
            return "group"
        if _PERSONAL.search(core) or _unnamed().search(core):
            return "official"
        if grammar.recognised().search(core):
            return "body"
        return "unknown"

    # -- chain and outlet ----------------------------------------------------------------------------------------

    def _inner(self, item: Found, voice: Voice) -> tuple[str, ...]:
        """Voices inside the content: 在伊朗看来, 以方认为…"""
        start, stop = item.ranges[0]
        content = self.text[start : min(stop, start + 40)]
        view = _VIEW.match(content)
        if view:
            return (head(view["who"]),)
        said = _INNER.match(content)
        if said:
            mention = noun_phrase(self.text, content, start, 0, said.start("verb"))
            if mention is not None and mention.known and mention.clean and mention.start == start:
                name = head(mention.text)
                return (name,) if name not in _SINGULAR and name != voice.head else ()
        return ()

    def _outlet(self, item: Found, voice: Voice, outer: list[Voice]) -> str | None:
        for carrier in outer:
            if carrier.kind == "outlet" and carrier.head:
                if voice.head:
                    self.outlets[voice.head] = carrier.head
                return carrier.head
        if voice.kind == "outlet":
            return voice.head
        sentence = self.document.sentences[item.sentence]
        around = self.text[sentence.start : item.cue_span[1]]
        wrote = _WROTE.search(around)
        social = None if wrote else _SOCIAL.search(around)
        name = wrote["name"] if wrote else social["name"] if social else None
        if voice.head is None:
            return name
        key = f"{sentence.block}:{voice.head}"
        if name is not None:
            self.outlets[key] = name
        return self.outlets.get(key)


_OPINIONS = ("看法", "观点", "声音", "意见", "说法", "舆论", "外界", "声明", "报告", "文章", "公报")
_JOINED = re.compile("[和与及、]")
_LETTER = re.compile(
    "(?:这封|该)?(?:短|公开|联名)?(?:信|函|邮件|短信|字条|纸条)(?:中|末|里|尾|上|的末尾|的结尾|的开头)"
)
_SENT = re.compile(
    "致信|致函|发信|去信|写信|发函|(?:发去|发出|寄出|寄去|递交|写下|写了|写给|留下)[^，。；]{0,12}(?:信|函|邮件|短信|字条|纸条)|的[^，。；]{0,6}(?:信|函|邮件)[^，。；]{0,4}$"
)
_WHILE = re.compile("[\u4e00-\u9fff]{1,5}[时后][他她]")
"""休庭时他说: the circumstance before the pronoun."""
_THIS_PAPER = re.compile("[这那该][份篇封则项](?:声明|公报|公告|通告|通报|宣言|报告|文章|社论|评论|信)")
_ISSUED_PAPER = re.compile("(?:声明|公报|公告|通告|通报|宣言|社论|特稿|评论)$")
_KIN = re.compile("(?P<of>[他她])的(?P<who>[\u4e00-\u9fff]{2,4})")
"""他的妻子: whose wife, where the text says no name."""
_OFFICE_OF = re.compile(
    "该(?P<body>团|部|司|局|署|院|校|厂|行|会|所|党|社|组|公司|集团|机构|组织|委员会|协会|联盟|工会|银行|大学)(?P<who>[\u4e00-\u9fff]{2,8})"
)
"""该团发言人: somebody of a body named before."""
_JOINT = re.compile("联合(?:公报|声明|宣言)$")
_TWO = re.compile(
    "(?P<first>[^，。；]{2,30}?)(?:与|同|和|向|对|会见|约见|致电|告诉|邀请|会晤)(?:了)?(?P<last>[^，。；]{2,30})"
)
_VIEW = re.compile("在(?P<who>[^，。]{1,12})看来")
_INNER = re.compile("[^，。]{2,12}?(?P<verb>认为|表示|要求|声称|称|告知|希望|主张|坚称|强调|承诺)")
_PERSONAL = re.compile(
    "(?:人|员|官|长|者|家|手|士|师|使|理|相|王|席|记|统|表|民|授|生|工|客|卿|帅|首|伯|亲|妇|臣|事|导|监|裁|问|子|夫|妻|友|军|校|尉|将)$"
)
