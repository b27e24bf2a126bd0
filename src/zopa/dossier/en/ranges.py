"""From cues to ranges: what exactly is reported in an English sentence, and which words name the speaker."""

import re
from dataclasses import replace

from zopa.claims.claim import ClaimType
from zopa.dossier.document import Sentence
from zopa.dossier.en import grammar
from zopa.dossier.en.line import Hit, Line, Quote, behaviour
from zopa.dossier.en.mentions import after, looks_like_speaker, opening_subject, subject
from zopa.dossier.en.verbs import (
    ACCORDING,
    agrees,
    circumstance,
    conjoined,
    content,
    content_end,
    main_clause,
)
from zopa.dossier.found import Found, Mention
from zopa.dossier.quotes import Span

_DAY = r"(?:\s+(?:on|late on|early on)?\s*(?:mon|tues|wednes|thurs|fri|satur|sun)day)?"
_AS_SAYING = re.compile(
    rf"\b(?P<how>quot(?:ed|es|ing)|cit(?:ed|es|ing))\s+(?P<who>[^“”\";:]{{3,120}}?),?\s+as\s+(?P<verb>saying){_DAY}(?:\s+that\b)?[,:]?\s+"
)
_CITING = re.compile(
    rf",\s+(?P<how>citing|quoting)\s+(?P<who>[^,“”\";:]{{3,90}}),\s+(?P<verb>reported|said|wrote){_DAY}(?:\s+that\b)?\s+"
)
_ENDS = re.compile(r"\s*(?:[.;,!?—)]|--|$|[”’]|''|\band\b|\bbut\b|\bas\b|\bwhile\b|\bwhen\b)")
_AFTER_ACCORDING = re.compile(r"[,;.]|\s+(?:which|who|that)\s|$")
_INVERTED_NEXT = re.compile(r"\s+(?:[A-Z]|the\s|an?\s)")
_ASIDE = re.compile(r"\s*,?\s*(?:according|citing|who|which|as|while|when|after|adding|in|at|on)\b")
_LEADING_NAME = re.compile(
    r"\s*(?:[^,“]{0,80},\s+)?(?!(?:On|In|At|By|After|Before|During|For|With|From|As|When|While|If|But|And)\s)"
    r"((?:[Tt]he |[Aa]n? )?(?:[A-Z][\w’'.-]*)(?:\s+(?:of|and|the|for|[A-Z][\w’'.-]*)){0,6}|"
    r"[Hh]e|[Ss]he|[Tt]hey)\b"
)
_NOUN_NEXT = re.compile(r"\s+[a-z]+(?=\s)")
_THAT = re.compile(r"\s+that\b")
_LEAST_WORDS = 4
_ALONE_WORDS = 6
_FAR_SPEAKER = 24


def attributions(text: str, index: int, sentence: Sentence, *, skip: int = 0) -> list[Found]:
    """The attributions of one sentence, in order, past its dateline (``skip``); none where it only narrates."""
    return _Pass(Line(text, sentence), index, skip).run()


class _Pass:
    """The work on one sentence: quotations first, then verbs of saying, each taking what belongs to it."""

    def __init__(self, line: Line, index: int, skip: int) -> None:
        self.line = line
        self.skip = skip
        self.low = line.low
        self.index = index
        self.out: list[Found] = []
        self.last: Mention | None = None
        self.used: list[tuple[int, int]] = []

    def run(self) -> list[Found]:
        """All attributions of the sentence."""
        self._according()
        self._relayed()
        self._quotations()
        self._closing_speaker()
        floor = self.skip
        done = {found.cue_span[0] - self.line.start for found in self.out if found.cue}
        for k, hit in enumerate(self.line.hits):
            if hit.start not in done and not self._taken(hit.start, hit.stop):
                floor = max(floor, self._take(k, hit, floor))
        self.out.sort(key=lambda found: found.ranges[0][0])
        return self.out

    def _add(
        self,
        rule: str,
        stretches: list[tuple[int, int]],
        hit: Hit | None,
        who: Mention | None,
        type: ClaimType = "report",
    ) -> bool:
        spans = (self.line.span(a, b) for a, b in stretches)
        ranges: tuple[Span, ...] = tuple(span for span in spans if span is not None)
        if not ranges:
            return False
        start = self.line.start
        at = (start + hit.start, start + hit.stop) if hit else (ranges[0][0], ranges[0][0])
        self.out.append(Found(self.index, ranges, type, rule, hit.form if hit else "", at, who))
        self.used.extend((a - start, b - start) for a, b in ranges)
        self.last = who if who is not None else self.last
        return True

    def _taken(self, start: int, stop: int) -> bool:
        return any(a < stop and start < b for a, b in self.used)

    def _according(self) -> None:
        """According to X, …  and  …, according to X."""
        found = ACCORDING.search(self.low)
        if found is None:
            return
        at, name = found.span()
        hit = Hit(at, name, "according", frozenset(), "according to")
        if not self.low[:at].strip(' “"`'):
            comma = self.low.find(",", name)
            if comma > 0:
                who = self.line.mention((name, comma))
                self._add("en-according", [(comma + 1, content_end(self.line, comma + 1))], hit, who)
            return
        stop = _AFTER_ACCORDING.search(self.low, name)
        end = stop.start() if stop else self.line.length
        begin = max(self.low.rfind(";", 0, at), self.low.rfind(" -- ", 0, at), -1) + 1
        self._add("en-according", [(begin, at)], hit, self.line.mention((name, end)))

    def _relayed(self) -> None:
        """The Courier quoted aides as saying that …; the Ledger, citing an official, reported that …"""
        for found in (*_AS_SAYING.finditer(self.low), *_CITING.finditer(self.low)):
            at, verb = found.start("how"), found.start("verb")
            if self._taken(at, found.end()):
                continue
            carrier = subject(self.line.raw, self.low, self.skip, at) if found.re is _AS_SAYING else None
            if found.re is _CITING:
                comma = self.low[:at].rstrip().rfind(",")
                carrier = subject(self.line.raw, self.low, self.skip, max(comma, 0)) if comma > 0 else None
            hit = Hit(
                verb, found.end("verb"), "say", frozenset({"strong"}), self.low[verb : found.end("verb")]
            )
            outer = (self.line.mention(carrier),) if carrier else ()
            who = self.line.mention(found.span("who"))
            if self._add("en-relayed", [(found.end(), content_end(self.line, found.end()))], hit, who):
                self.out[-1] = replace(self.out[-1], outer=outer)
                self.used.append((at, found.end()))

    # -- quotations ----------------------------------------------------------------------------------------------

    def _quotations(self) -> None:
        done = 0
        for k, quote in enumerate(self.line.quotes):
            said = quote.ended or quote.words >= _LEAST_WORDS
            if said and not self._taken(quote.start, quote.stop):
                if self.low[done : quote.start].strip(" ,"):
                    self._introduced(quote, done)
                else:
                    self._leading_quote(k, quote)
            done = quote.stop

    def _leading_quote(self, k: int, quote: Quote) -> None:
        """“…,” he said. and “…,” said the minister. and a quotation that stands alone."""
        line = self.line
        limit = min(line.length, quote.stop + 240)
        following = line.quotes[k + 1].start if k + 1 < len(line.quotes) else limit
        hit = next(
            (h for h in line.hits if quote.stop <= h.start < min(limit, following) and _speaks(h)), None
        )
        if hit is not None and len(self.low[quote.stop : hit.start].split()) <= _FAR_SPEAKER:
            if self.low[quote.stop : hit.start].strip(" ,-—"):
                place = subject(line.raw, self.low, quote.stop, hit.start)
            else:
                place = after(line.raw, self.low, hit.stop, min(following, line.length))
            who = line.mention(place) if place else None
            self._add("en-after-quote", [(quote.start, quote.stop), *self._resumed(k, quote, hit)], hit, who)
            return
        rest = self.low[quote.stop : line.length].strip(" .,”'")
        alone = quote.ended and quote.words >= _ALONE_WORDS and not rest[:1].islower()
        if not rest or alone:
            self._add("en-quote-alone", [(quote.start, quote.stop)], None, None)

    def _resumed(self, k: int, quote: Quote, hit: Hit) -> list[tuple[int, int]]:
        """The second part of a quotation that the speaker interrupts."""
        if k + 1 >= len(self.line.quotes):
            return []
        second = self.line.quotes[k + 1]
        between = self.low[hit.stop : second.start]
        end = self.line.start + quote.stop
        paused = self.line.text[end - 2 : end].strip("”\"' ")[-1:] in (",", "")
        going_on = between.rstrip().endswith(",") and "." not in between and len(between) <= 60
        return [(second.start, second.stop)] if paused and going_on and second.words > 1 else []

    def _introduced(self, quote: Quote, done: int) -> None:
        """X said, “…” / X said: “…” / X told reporters “…”; a colon alone will do."""
        before = self.low[done : quote.start].rstrip()
        hit = None
        for found in self.line.hits:
            if done <= found.start and found.stop <= quote.start:
                hit = found
        if hit is not None and hit.lists & {"strong", "clause"}:
            between = self.low[hit.stop : quote.start]
            size = len(between.split())
            plain = "strong" in hit.lists and hit.base not in behaviour("ambiguous")
            near = (
                size <= 14 and not _THAT.match(between)
                if before.endswith((",", ":"))
                else plain and size <= 4 and quote.ended and not _THAT.search(between)
            )
            rest = self.low[quote.stop : self.line.length].strip(" .,")
            if near and (quote.ended or not rest):
                who = self.line.who(hit, done) or self.last
                self._add("en-say-quote", [(quote.start, quote.stop)], hit, who)
        elif before.endswith(":") and quote.words >= _LEAST_WORDS:
            who = self.line.who(hit, done) if hit else None
            self._add("en-colon-quote", [(quote.start, quote.stop)], hit, who)

    # -- verbs ---------------------------------------------------------------------------------------------------

    def _take(self, k: int, hit: Hit, floor: int) -> int:
        """Read one verb; returns where the next may begin."""
        if self._postposed(hit, floor):
            return hit.stop
        line = self.line
        who = line.who(hit, floor)
        if (who is None and not conjoined(line, hit)) or (who is not None and not agrees(line, hit, who)):
            return floor
        taken = content(line, hit, who)
        if taken is None:
            return floor
        start, rule, kind = taken
        stop = main_clause(line, hit, start, content_end(line, start, after_hit=k))
        speaker = who or self.last or self._sentence_subject()
        enough = line.words(start, stop) >= (1 if rule == "en-phrase" else 2)
        return stop if enough and self._add(rule, [(start, stop)], hit, speaker, kind) else floor

    def _sentence_subject(self) -> Mention | None:
        """The name with which the sentence begins, for participles that have no subject of their own."""
        group = opening_subject(self.line.raw, self.low)
        if group is not None:
            return self.line.mention(group)
        found = _LEADING_NAME.match(self.line.raw)
        if found is None:
            return None
        # A Western diplomat …: the noun that the name goes with.
        noun = _NOUN_NEXT.match(self.line.raw, found.end(1))
        whole = noun is not None and looks_like_speaker(noun[0].strip())
        return self.line.mention((found.start(1), noun.end() if noun is not None and whole else found.end(1)))

    def _closing_speaker(self) -> None:
        """“X told Y that Z, officials said.”: the speaker at the end has said all of it."""
        hit = next((h for h in reversed(self.line.hits) if "strong" in h.lists and not h.gerund), None)
        if hit is None or self.out:
            return
        rest = self.low[self._past_adjuncts(hit) : self.line.length].strip(" .\"”'")
        if not rest:
            self._postposed(hit, self.skip)

    # -- speaker after content -----------------------------------------------------------------------------------

    def _postposed(self, hit: Hit, floor: int) -> bool:
        """“…, he said.”, “…, said the minister.”, “…, he said, …” without quotation marks."""
        if "strong" not in hit.lists or hit.gerund:
            return False
        if self._inverted(hit, floor):
            return True
        line = self.line
        end = self._past_adjuncts(hit)
        place = subject(line.raw, self.low, floor, hit.start) if _ENDS.match(self.low, end) else None
        if place is None or any(place[0] == other.start for other in line.hits):
            return False
        before = self.low[floor : place[0]].rstrip()
        paused = self.low[end : end + 1] == ","
        if before.endswith(",") and paused and line.words(floor, place[0]) < 3:
            # “Now, they say, …”
            return self._add(
                "en-after-clause", [(end + 1, content_end(line, end + 1))], hit, line.mention(place)
            )
        said = before.endswith((",", "—", "--")) and line.words(floor, place[0]) >= 3
        if not said or self._circumstance(floor, place[0]):
            return False
        spans = [(floor, place[0])]
        if paused and not _ASIDE.match(self.low, end):
            stop = content_end(line, end + 1)
            if line.words(end, stop) >= 3:
                spans.append((end + 1, stop))
        return self._add("en-after-clause", spans, hit, line.mention(place))

    def _inverted(self, hit: Hit, floor: int) -> bool:
        """“…, said the minister”."""
        line = self.line
        before = self.low[floor : hit.start].rstrip()
        if (
            hit.form not in behaviour("inverted")
            or not before.endswith(",")
            or line.words(floor, hit.start) < 3
        ):
            return False
        if not _INVERTED_NEXT.match(line.raw, hit.stop) or subject(line.raw, self.low, floor, hit.start):
            return False
        place = after(line.raw, self.low, hit.stop, line.length)
        return place is not None and self._add(
            "en-after-clause", [(floor, hit.start)], hit, line.mention(place)
        )

    def _past_adjuncts(self, hit: Hit) -> int:
        """Past whom it is said to, when and where."""
        told = grammar.addressee().match(self.line.raw, hit.stop) if hit.base == "tell" else None
        end = told.end() if told else hit.stop
        adjunct = grammar.adjunct().match(self.low, end)
        return adjunct.end() if adjunct else end

    def _circumstance(self, start: int, stop: int) -> bool:
        """Whether what stands before the comma is only a circumstance: In an interview on Monday, Obama said…"""
        return circumstance().match(self.low, start, stop) is not None and not self.line.finite(start, stop)


def _speaks(hit: Hit) -> bool:
    return "strong" in hit.lists or hit.base in behaviour("after_quotes")
