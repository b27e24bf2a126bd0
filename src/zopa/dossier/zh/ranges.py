"""From cues to ranges: what exactly is reported in a Chinese sentence, and which words name the speaker."""

import re
from dataclasses import dataclass, replace

from zopa.claims.claim import ClaimType
from zopa.dossier.document import Sentence
from zopa.dossier.found import Found, Mention
from zopa.dossier.lexicon import words
from zopa.dossier.quotes import Span
from zopa.dossier.zh import accept, grammar
from zopa.dossier.zh.carriers import LISTED, opening, quoted_source
from zopa.dossier.zh.cues import Cue, attitude, cues, nominal
from zopa.dossier.zh.line import Line
from zopa.dossier.zh.mentions import head, personal

_RESUMED = re.compile("[，,](?:故|遂|于是|因而决定|并因此决定)")
_ADDING = ("并", "且", "以及", "和", "或者", "否则", "而不", "不得", "不要")
_TAIL = re.compile(r"(?:一事|的要求|的立场|的做法|之后|后|时)(?:进行.*|$)")
_MARKS = ("comma", "colon", "quote")
_QUOTE_HEADS = ("“", "「", "『", '"')
_OCCASIONS = ("时", "后", "环节", "中", "之后", "之际")
"""回答提问时: the question is the occasion of what is said, not what is reported."""
_EARLIER_CLAUSES = 5
_ASIDE = 30
_COUNTED = re.compile("[一二两三四五六七八九十多数几][项份次个]")
_OF_PAPERS = re.compile("(?<=..)的?[一二两三四五六七八九十多数几][份项篇次个]$")
_PAPER = re.compile("(?:发表|发布|签署|通过|公布)的(?P<paper>(?:联合)?(?:公报|声明|宣言))$")
_ABOUT = re.compile("(?:^|[，。； ]|发言人[\u4e00-\u9fff]{2,4})(?:就|针对|关于|对于)")
"""就某某日前要求…一事: what is talked about."""
_CAUSED = re.compile("[，,][^，,]{0,12}(?:令|让|使|使得|导致)[^，,]*$")
"""令团友惊慌，要求旅行社协助: those who are made to do it demand it."""
_TURNED = ("但", "但也", "但同时", "不过", "不过也", "同时", "同时也")
"""承认…，但认为…: whoever turns round speaks for himself again."""


_CIRCUMSTANCE = re.compile(
    "(?:[0-9]{1,2}[日号]|当天|当日|当晚|同日|随后|此前|日前)?"
    "(?:(?:在|就|对|针对|谈到|谈及|被问及|当被问及|接受)[^，。；]{0,40}?|[^，。；]{0,10}?)(?:上|中|时|后|前|下|问题|一事|期间|之际)"
)


@dataclass(slots=True)
class _Open:
    """An attribution whose content is still running on to the right."""

    found: Found
    begin: int
    cue: Cue | None
    weak: bool


def attributions(text: str, index: int, sentence: Sentence) -> list[Found]:
    """The attributions of one sentence, in order; none where it only narrates."""
    return _Pass(Line(text, sentence), index).run()


class _Pass:
    """The work on one sentence: takes its cues from left to right and closes each range where the next begins."""

    def __init__(self, line: Line, index: int) -> None:
        self.line = line
        self.mask = line.mask
        self.index = index
        self.out: list[Found] = []
        self.open: _Open | None = None
        self.last: Mention | None = None
        self.outer: tuple[Mention, ...] = ()
        self.floor = 0

    def run(self) -> list[Found]:
        """All attributions of the sentence."""
        self._opening()
        for cue in cues(self.line.sentence):
            if cue.start >= self.floor:
                self._take(cue)
        self._close(self.line.length)
        if not self.out:
            self._colon_quote()
        if not self.out:
            self._listed()
        return self.out

    def _found(
        self, cue: Cue, rule: str, mention: Mention | None, *, words: str = "", type: ClaimType = "report"
    ) -> Found:
        here = (self.line.start + cue.start, self.line.start + cue.stop)
        return Found(self.index, (here,), type, rule, words or cue.word, here, mention, self.outer)

    def _emit(self, found: Found, start: int, stop: int) -> bool:
        """Add a claim for a stretch, one for each item where it lists some; False where nothing is left of it."""
        span = self.line.span(start, stop)
        if span is None:
            return False
        items = self.line.items(span[0] - self.line.start, span[1] - self.line.start)
        if items:
            self.out.extend(replace(found, ranges=(item,), rule=found.rule + "-item") for item in items)
        else:
            self.out.append(replace(found, ranges=(span,)))
        return True

    # -- running content -----------------------------------------------------------------------------------------

    def _opening(self) -> None:
        """据X报道，… or 在X看来，… at the head of the sentence."""
        found = opening(self.line, head_of_text=self.index <= 1)
        if found is None:
            return
        self.floor = found.stop
        if found.rule is not None:
            self.outer = found.outer
            span = (self.line.start + found.start, self.line.start + found.stop)
            base = Found(
                self.index, (span,), "report", found.rule, found.words, span, found.mention, found.outer,
                unspecified=found.mention is None,
            )  # fmt: skip
            self.open = _Open(base, found.stop, None, weak=found.rule == "zh-according")

    def _close(self, at: int) -> None:
        """End the running content here, earlier where the text goes back to telling about the speaker."""
        if self.open is None:
            return
        running, self.open = self.open, None
        stop = at
        if self.line.sentence.question and at >= self.line.length:
            stop = self._before_question(running.begin, at)
        silent = accept.silent().search(self.mask, running.begin, stop)
        resumed = silent or _RESUMED.search(self.mask, running.begin, stop)
        thought = running.cue is not None and running.cue.kind == "think"
        if resumed and (silent or thought):
            stop = resumed.start()
        span = self.line.span(running.begin, stop)
        bare = span is not None and running.weak and at < self.line.length and self._adverbial(span)
        if span is None or bare or (running.weak and span[1] - span[0] < 4):
            if running.weak and running.found.mention is not None:
                self.outer = (*running.found.outer, running.found.mention)
            return
        self._emit(running.found, running.begin, stop)

    def _adverbial(self, span: Span) -> bool:
        """当天在首都的一次集会上，: a circumstance before the next speaker, not content of its own."""
        words = self.line.text[span[0] : span[1]]
        return "，" not in words and _CIRCUMSTANCE.fullmatch(words) is not None

    def _before_question(self, begin: int, at: int) -> int:
        """A question put at the end belongs to who asks, not to who is quoted in it."""
        cut = at
        while True:
            comma = max(self.mask.rfind("，", begin, cut), self.mask.rfind(",", begin, cut))
            if comma < 0 or not accept.asks(self.line, comma, cut):
                return cut
            cut = comma

    # -- one cue -------------------------------------------------------------------------------------------------

    def _take(self, cue: Cue) -> None:
        if cue.kind == "ask" and self.mask.startswith(_OCCASIONS, cue.stop):
            return
        if cue.kind == "ask":
            clause = self.line.clause_start(cue.start)
            if "被" not in self.mask[clause : cue.start]:
                self._close(clause)
                self.floor = cue.stop
            return
        object_only = cue.object_phrase and cue.mark == "none"
        named = self.line.quote_end(cue.content) if cue.mark == "quote" else None
        if named is not None and self.mask[named : named + 1] == "的" and named - cue.content <= 12:
            # 自称“某司令”的男子: what somebody is called, not what was said.
            return
        closing = cue.mark == "end" and 0 < self.line.lead_quote <= cue.start
        unfit = cue.mark == "of" or (cue.needs_mark and not object_only and not closing)
        if unfit and (cue.mark != "none" or accept.mark_ahead(self.line, cue) is None):
            if cue.kind == "say" and (
                self._added(cue)
                or accept.quotes_soon(self.line, cue)
                or accept.accuses(self.line, cue)
                or accept.calls(self.line, cue)
            ):
                self._report(replace(cue, needs_mark=False))
            return
        if nominal(self.mask, cue) or attitude(self.mask, cue) or accept.unsaid(self.line, cue):
            return
        if cue.mark == "end" or accept.only_addressee(self.line, cue):
            self._after_content(cue)
        elif cue.kind == "position" and not self._urged(cue):
            self._position(cue)
        else:
            self._report(cue)

    def _mention(self, cue: Cue) -> tuple[Mention | None, int]:
        """The speaker before a cue and where its clause begins: in this clause, else in an earlier one."""
        start = max(self.line.clause_start(cue.start), self.floor)
        quoted = quoted_source(self.line, start, cue.stop)
        if quoted is not None:
            source, carrier = quoted
            self.outer = (carrier,) if carrier is not None else self.outer
            return source, start
        mention = self.line.phrase(start, cue.start)
        if mention is not None and (mention.known or (mention.clean and cue.mark != "none")):
            return mention, start
        begin = start
        for _ in range(_EARLIER_CLAUSES):
            if begin <= self.floor or (self.open is not None and begin <= self.open.begin):
                break
            before = begin - 1
            begin = max(self.line.clause_start(before), self.floor)
            if self.open is not None and begin < self.open.begin:
                break
            earlier = self.line.phrase(begin, before)
            if earlier is not None and earlier.known:
                clean = grammar.gap().fullmatch(self.mask, start, cue.start) is not None
                return replace(earlier, clean=clean), begin
        return None, start

    def _passed_on(self, begin: int) -> bool:
        """Whether the speaker stands at the very head of what a medium only passes on: 据甲社报道，乙予以否认，称…"""
        return self.open is not None and self.open.weak and self.open.cue is None and begin == self.open.begin

    def _in_cue(self, cue: Cue) -> Mention | None:
        """分析认为, 报道称: the cue begins with its own subject."""
        word = next((w for w in accept.behaviour("subjects") if cue.word.startswith(w)), None)
        if word is None or word == cue.word:
            return None
        at = self.line.start + cue.start
        return Mention(at, at + len(word), word)

    def _paper(self, clause: int, cue: Cue) -> Mention | None:
        """会见后发表的联合公报称: the paper, whatever the clause tells of it."""
        found = _PAPER.search(self.mask, clause, cue.start)
        if found is None:
            return None
        a, b = self.line.start + found.start("paper"), self.line.start + found.end("paper")
        return Mention(a, b, self.line.text[a:b], clean=True, known=True)

    def _report(self, cue: Cue) -> None:
        ahead = accept.mark_ahead(self.line, cue) if cue.mark not in _MARKS else None
        marked = ahead is not None or cue.mark in _MARKS
        content = ahead if ahead is not None else cue.content
        clause = max(self.line.clause_start(cue.start), self.floor)
        more = self._same_speaker(cue, clause)
        mention, begin = self._mention(cue)
        if mention is None:
            mention = self._paper(clause, cue)
        if mention is None or _COUNTED.fullmatch(mention.text):
            # 一项面向企业的调查显示: what speaks is in the verb.
            mention = self._in_cue(cue) or mention
        elif _OF_PAPERS.search(mention.text) and self._in_cue(cue) is not None:
            # 管理人的一份报告显示: the paper is in the verb, with whose it is before it.
            size = len(_OF_PAPERS.sub("", mention.text))
            mention = replace(mention, stop=mention.start + size, text=mention.text[:size])
        if self.open is not None and not self._opens_anew(
            cue, mention, begin, clause, marked=marked, more=more
        ):
            return
        if not more and not accept.plausible(self.line, cue, mention, clause, marked=marked):
            return
        if self.open is not None:
            at = begin if begin > self.open.begin and not more else clause
            self._close(begin if self._passed_on(begin) else accept.topic_start(self.line, at))
        elsewhere = mention is None or not mention.clean or mention.start < self.line.start + clause
        if more and self.last is not None and (elsewhere or clause == cue.start):
            mention = self.last
        rule = f"zh-{'think' if cue.kind == 'think' else 'say'}"
        rule += f"-{cue.mark}" if marked and ahead is None else ""
        words = self.mask[cue.start : content].rstrip("，,：: ") if ahead is not None else cue.word
        quoted = self._quoted_before(begin)
        found = self._found(cue, rule, mention, words=words)
        self.last = mention
        if cue.object_phrase and not marked:
            self._object(found, content)
        elif quoted is None or not self._split_quotation(found, quoted, content):
            told = mention is not None and (
                mention.text in grammar.classes()["texts"]
                or grammar.outlet().search(mention.text) is not None
            )
            self.open = _Open(found, content, cue, weak=told)
            self._close_at_quote(cue, content)

    def _same_speaker(self, cue: Cue, clause: int) -> bool:
        """，并强调… / ，还说…: a second verb of the same speaker."""
        if self.last is None or clause == 0:
            return False
        between = self.mask[clause : cue.start].strip()
        if not between:
            # ，重申…: nobody else can be the subject unless what is said has verbs of saying of its own.
            caused = cue.kind == "position" and _CAUSED.search(self.mask, 0, max(0, clause - 1)) is not None
            chained = self.open is not None and self._chained(cue) and not caused
            return (self.open is None and bool(self.out)) or chained
        return accept.linked(between)

    def _added(self, cue: Cue) -> bool:
        """…，并威胁加征关税: a second thing the same speaker does with words, without a comma after the verb."""
        clause = max(self.line.clause_start(cue.start), self.floor)
        between = self.mask[clause : cue.start].strip()
        return (
            cue.mark == "none"
            and self.open is not None
            and bool(between)
            and accept.linked(between)
            and self.line.clause_end(cue.stop) - cue.stop >= 6
        )

    def _chained(self, cue: Cue) -> bool:
        """，重申…, and after what somebody did with words (否认受贿，坚称…) any verb that takes the same speaker up."""
        running = self.open.cue if self.open is not None else None
        deed = running is not None and running.mark == "none" and running.kind == "say"
        return cue.word in accept.behaviour("chained") or (deed and cue.word in accept.behaviour("taking_up"))

    def _opens_anew(
        self, cue: Cue, mention: Mention | None, begin: int, clause: int, *, marked: bool, more: bool
    ) -> bool:
        """Whether a cue inside running content starts a new attribution rather than being part of what is said."""
        running = self.open
        if self._passed_on(begin) and mention is not None and mention.known and marked:
            return True
        if running is None or (clause < running.begin and begin < running.begin):
            return more
        if more:
            chained = clause == cue.start and self._chained(cue)
            thought = running.cue is not None and running.cue.kind == cue.kind == "think"
            turned = self.mask[clause : cue.start].strip() in _TURNED and cue.kind == "think"
            return (
                chained or turned or thought or cue.word not in accept.behaviour("stances")
            ) and not accept.inner(self.line, running.begin, clause)
        return accept.anew(
            self.line, cue, mention, clause, marked=marked, weak=running.weak, running=running.found.mention
        )

    def _object(self, found: Found, content: int) -> None:
        """证实了该地点: the content is the phrase up to the next comma."""
        end = self.line.clause_end(content)
        span = self.line.span(content, end)
        if span is not None:
            self.out.append(replace(found, ranges=(span,), rule="zh-object"))
            self.floor = end

    # -- quotations ----------------------------------------------------------------------------------------------

    def _close_at_quote(self, cue: Cue, content: int) -> None:
        """After 说：“……。” the content ends with the quotation, if something else follows."""
        end = self.line.quote_end(content) if self.mask[content : content + 1] in _QUOTE_HEADS else None
        if end is None or cue.mark != "colon" or end - content <= 8:
            return
        rest = self.mask[end : self.line.length].lstrip("，,。 \u3000")
        if rest and self.mask[end - 2] == "\x01":
            self._close(end)
            self.floor = end

    def _quoted_before(self, clause: int) -> tuple[int, int] | None:
        """The quotation with which the sentence begins, where the speaker's clause follows it."""
        if not self.line.quotes or self.out or self.open is not None:
            return None
        first, end = self.line.quotes[0]
        if (
            self.mask[:first].strip()
            or end - first < 5
            or end > clause
            or self.mask[end:clause].strip("，, \u3000")
        ):
            return None
        return first, end

    def _split_quotation(self, found: Found, before: tuple[int, int], content: int) -> bool:
        """“甲，”他说，“乙。”: one claim in two ranges; where the first part ended with a full stop, two claims."""
        start = self.line.start
        first = (start + before[0], start + before[1])
        end = self.line.quote_end(content)
        if end is None:
            self.out.append(replace(found, ranges=(first,), rule="zh-after-quote"))
            return False
        second = (start + content, start + end)
        if self.line.text[first[1] - 2] in "，,、":
            self.out.append(replace(found, ranges=(first, second), rule="zh-split-quote"))
        else:
            self.out.append(replace(found, ranges=(first,), rule="zh-after-quote"))
            self.out.append(replace(found, ranges=(second,), rule="zh-split-quote"))
        self.floor = end
        return True

    def _after_content(self, cue: Cue) -> None:
        """“……。”他说。 and ……，某某说。"""
        clause = self.line.clause_start(cue.start)
        quotes = [(a, b) for a, b in self.line.quotes if b <= cue.start]
        first, end = (quotes[0][0], quotes[-1][1]) if quotes else (0, 0)
        lead = self.mask[:first].strip(" \u3000")
        between = self.mask[end : max(end, clause)].strip("，, \u3000")
        if lead or len(between) > _ASIDE or end - first < 5:
            self._after_clause(cue, clause)
            return
        mention = self.line.phrase(max(end, clause), cue.start)
        self._close(first)
        span = (self.line.start + first, self.line.start + end)
        self.out.append(replace(self._found(cue, "zh-after-quote", mention), ranges=(span,)))
        self.last = mention

    def _after_clause(self, cue: Cue, clause: int) -> None:
        """……，某某说。"""
        last = cue.stop >= self.line.length - 1 and cue.word in accept.behaviour("plain")
        if self.open is not None or self.out or not last or clause - self.floor < 8:
            return
        mention = self.line.phrase(clause, cue.start)
        span = self.line.span(self.floor, clause - 1)
        if mention is not None and mention.known and mention.clean and span is not None:
            self.out.append(replace(self._found(cue, "zh-after-clause", mention), ranges=(span,)))
            self.last = mention

    def _colon_quote(self) -> None:
        """X…：“……”: a verb no list has, but a speaker before it and a quotation after the colon."""
        for begin, end in self.line.quotes:
            if begin < self.floor or self.mask[begin - 1 : begin] not in ("：", ":") or end - begin < 8:
                continue
            colon = _at(begin - 1, "：")
            mention, _ = self._mention(colon)
            if mention is not None and mention.known:
                span = (self.line.start + begin, self.line.start + end)
                self.out.append(replace(self._found(colon, "zh-colon-quote", mention), ranges=(span,)))
                self.last = mention

    # -- stances -------------------------------------------------------------------------------------------------

    def _position(self, cue: Cue) -> None:
        """美方要求…: a stance that the narrator ascribes."""
        if cue.mark != "none" or accept.temporal(self.line, cue):
            return
        mention, begin = self._mention(cue)
        if self.open is not None and self._answers(mention, begin):
            self._close(begin)
        if self.open is not None and cue.word in accept.behaviour("urging"):
            clause = self.line.clause_start(cue.start)
            if self._same_speaker(cue, clause):
                # …，同时敦促双方接受仲裁: a second thing the same speaker says.
                self._report(cue)
                return
        if self.open is not None:
            return
        if mention is None or not mention.known or not mention.clean:
            return
        stop = self._position_end(cue)
        if begin > self.floor + 8 and stop < self.line.length - 1 and not self.out:
            # In the middle of a story the demand is one of its events.
            return
        if self._emit(self._found(cue, "zh-position", mention, type="position"), cue.content, stop):
            self.last = mention
            self.floor = stop

    def _answers(self, mention: Mention | None, begin: int) -> bool:
        """甲方主张…，乙方反对…: the stance of another side ends what the first one holds."""
        running = self.open
        if running is None or running.cue is None or running.cue.mark != "none" or mention is None:
            return False
        first = running.found.mention
        sides = first is not None and first.text.endswith("方") and mention.text.endswith("方")
        return (
            sides
            and first is not None
            and mention.clean
            and mention.text != first.text
            and begin > running.begin
        )

    def _urged(self, cue: Cue) -> bool:
        """她敦促政府…: a person's call is something said; a state's or a body's is its stance."""
        if cue.word not in accept.behaviour("urging") or cue.mark != "none" or self.open is not None:
            return False
        mention, _ = self._mention(cue)
        if mention is None or not mention.known or not mention.clean or not personal(mention.text):
            return False
        if _ABOUT.search(self.mask, self.line.clause_start(cue.start), mention.start - self.line.start):
            return False
        # 要求 is what states do as well: a bare name may be one's.
        return (
            cue.word != "要求"
            or mention.text in ("他", "她")
            or "·" in mention.text
            or head(mention.text) != mention.text
        )

    def _position_end(self, cue: Cue) -> int:
        """A demand runs to the end of its clause, and on where the next one only adds to it."""
        end = self._listed_end(cue)
        while end < self.line.length and self.mask[end] in "，," and self.mask.startswith(_ADDING, end + 1):
            if grammar.cue().search(self.mask, end + 1, end + 7):
                break
            end = self.line.clause_end(end + 1)
        tail = _TAIL.search(self.mask, cue.content, end)
        return tail.start() if tail and tail.start() > cue.content + 2 else end

    def _listed_end(self, cue: Cue) -> int:
        """要求伊朗放弃甲，限制乙，并停止丙: of several demands, the last with 并, the end of the one before it."""
        first = end = self.line.clause_end(cue.content)
        for _ in range(4):
            if end >= self.line.length or self.mask[end] not in "，,":
                return first
            if self.mask.startswith(_ADDING, end + 1):
                return end
            stop = self.line.clause_end(end + 1)
            own = self.line.phrase(end + 1, stop)
            if grammar.cue().search(self.mask, end + 1, stop) or (own is not None and own.known):
                return first
            end = stop
        return first

    def _listed(self) -> None:
        """X提出三项要求：一是…；二是…"""
        found = LISTED.search(self.mask, self.floor)
        if found is None:
            return
        spans = self.line.items(found.end(), self.line.length)
        noun = _at(found.start("noun"), found["noun"])
        mention, _ = self._mention(noun)
        if mention is not None and mention.known:
            told: ClaimType = "report" if noun.word in words("zh", "cues", "concern_noun") else "position"
            base = self._found(noun, "zh-listed", mention, type=told)
            self.out.extend(replace(base, ranges=(span,)) for span in spans)


def _at(place: int, word: str) -> Cue:
    """Something that does the work of a verb at a place: a colon, a noun of demand."""
    return Cue(place, place + len(word), word, "say", "colon", place, careful=False, needs_mark=False)
