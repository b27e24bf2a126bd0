"""Forecasts found in the documents, as a draft takes them down: who foresees what, in which words, with which stake.

A word of probability tells nothing about a deal until one knows what it is said of: "very likely to fail" makes a deal
unlikely. What is said of is read from the words around it (``lexicon/<language>/deal.toml``); where they leave it open
the forecast is set beside no question.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from zopa.claims.claim import Claim
from zopa.dossier.draft_parties import Part
from zopa.dossier.draft_survey import Survey
from zopa.dossier.lexicon import Language, bands, remembered, table
from zopa.dossier.tags import polarity, probable_words

Kind = Literal["skip", "negation", "fail", "break", "terms", "verb", "noun", "low", "other", "word"]
_KINDS: tuple[Kind, ...] = ("skip", "terms", "fail", "break", "negation", "verb", "noun")
"""In order of precedence at one place."""
_EVENTS = ("fail", "break", "terms", "verb", "noun")
UNLIKELY = 0.45
"""Words up to here say that something will rather not be."""


@dataclass(frozen=True, slots=True)
class JudgementDraft:
    """A forecast found in the documents.

    ``low`` and ``high`` are for a deal where ``deal`` is true, else for what the words themselves foresee.
    """

    claim: Claim
    who: str
    person: str | None
    party: str | None
    stake: str
    words: str
    low: float
    high: float
    deal: bool
    language: Language


def judgements(survey: Survey, parts: Sequence[Part]) -> tuple[JudgementDraft, ...]:
    """Forecasts in words of probability, with the speaker's stake."""
    own = {part.side: part.roles for part in parts}
    out: list[JudgementDraft] = []
    for page in survey.pages:
        for claim in page.claims:
            p = claim.probability
            if p is None or claim.type == "narrator" or claim.kind not in ("forecast", "assessment"):
                continue
            person = survey.voices.person(claim)
            sides = [s for s in survey.voices.sides(claim) if s in own]
            party = sides[0] if len(sides) == 1 else None
            roles = own.get(party or "", ())
            stake = "party" if "negotiator" in roles else "ally" if "outside" in roles else "none"
            who = claim.speaker_head or claim.speaker or claim.outlet or page.source.outlet
            of_deal = _of_claim(claim, page.language)
            low, high = of_deal or (p.low, p.high)
            out.append(
                JudgementDraft(
                    claim, who, person.id if person else None, party, stake, claim.quote, low, high,
                    of_deal is not None, page.language,
                )
            )  # fmt: skip
    return tuple(out)


def _of_claim(claim: Claim, language: Language) -> tuple[float, float] | None:
    """What a claim makes a deal's probability; None for what holds under a condition only or is itself denied."""
    p = claim.probability
    if p is None or claim.condition is not None or polarity(claim.quote, language) != claim.polarity:
        return None
    return chance_of_deal(claim.quote, p.word, p.low, p.high, language)


# ---- what the word is said of ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Token:
    """One word that bears on whether there is a deal; positions are those of the text."""

    start: int
    stop: int
    kind: Kind


def chance_of_deal(
    text: str, word: str, low: float, high: float, language: Language
) -> tuple[float, float] | None:
    """The range for a deal that a forecast in words gives; None where the words are not, or not clearly, about one.

    ``low`` and ``high`` are the range of ``word``; it is turned round once for every negation between it and the deal.
    """
    plain = text.lower() if language == "en" else text
    tokens = _tokens(plain, word, language)
    at = next((k for k, t in enumerate(tokens) if t.kind == "word"), None)
    if at is None or re.search(_entry(language, "question"), plain):
        return None
    here = tokens[at]
    denied = _denied(plain, tokens, at, language)
    if denied is None:
        return None
    if denied:
        # Not likely is unlikely, not unlikely is likely; but what is not certain may well be likely.
        if high > 0.8 or low < 0.2 or high - low > 0.4:
            return None
        low, high = 1 - high, 1 - low
    scope = _scope(plain, tokens, here, language)
    side = _sign(plain, scope, here, language) if scope is not None else None
    if side is None:
        return None
    sign, ended = side
    if ended and low + high < 1:
        # Talks that hardly collapse have no deal yet.
        return None
    return (round(1 - high, 4), round(1 - low, 4)) if sign < 0 else (round(low, 4), round(high, 4))


@remembered()
def _entry(language: Language, name: str) -> str:
    return str(table(language, "deal")[name])


@remembered()
def _any(language: Language, name: str) -> re.Pattern[str]:
    body = "|".join(table(language, "deal")[name]).replace("<noun>", _nouns(language))
    return re.compile(body if language == "zh" else rf"\b(?:{body})(?!\w)")


def _nouns(language: Language) -> str:
    noun = "(?:" + "|".join(table(language, "deal")["noun"]) + ")"
    return noun if language == "zh" else rf"\b{noun}\b"


@remembered()
def _bare(language: Language) -> re.Pattern[str]:
    return re.compile("|".join(table(language, "deal")["bare"]).replace("<noun>", _nouns(language)))


def _tokens(text: str, word: str, language: Language) -> list[_Token]:
    """The words that bear on it in order, none inside another; words of probability come first."""
    ranges = bands(language)
    found: list[_Token] = []
    chosen = False
    for start, stop in probable_words(text, language):
        same = text[start:stop] == word.lower() and not chosen
        chosen = chosen or same
        low = ranges[text[start:stop]][1] <= UNLIKELY
        found.append(_Token(start, stop, "word" if same else "low" if low else "other"))
    for kind in _KINDS:
        for match in _any(language, kind).finditer(text):
            if match[0] and all(match.end() <= t.start or t.stop <= match.start() for t in found):
                found.append(_Token(match.start(), match.end(), kind))
    return sorted((t for t in found if t.kind != "skip"), key=lambda t: t.start)


def _denied(text: str, tokens: list[_Token], at: int, language: Language) -> bool | None:
    """Whether a negation stands right before the word of probability; both then no longer count.  None: unclear."""
    gap = re.compile(_entry(language, "gap"))
    for k in range(len(tokens) - 1, 0, -1):
        one, other = tokens[k - 1], tokens[k]
        if (
            one.kind == "negation"
            and other.kind in ("word", "low", "other")
            and gap.fullmatch(text, one.stop, other.start)
        ):
            if other.kind == "word":
                del tokens[k - 1]
                return True
            # "Slim but not impossible": a second estimate, not a negation of the first.
            del tokens[k - 1 : k + 1]
    return False


def _clauses(text: str, language: Language) -> list[tuple[int, int]]:
    """Where the clauses stand, without the commas and conjunctions between them."""
    cuts = list(re.finditer(_entry(language, "clause"), text))
    starts = [0, *(m.end() for m in cuts)]
    stops = [*(m.start() for m in cuts), len(text)]
    return [(a, b) for a, b in zip(starts, stops, strict=True) if b > a]


@dataclass(frozen=True, slots=True)
class _Scope:
    """The clauses from the word of probability to what it is said of."""

    start: int
    stop: int
    tokens: tuple[_Token, ...]


def _scope(text: str, tokens: Sequence[_Token], word: _Token, language: Language) -> _Scope | None:
    """The word's own clause if it speaks of a deal, else on to the next that does, else back to the last."""
    clauses = _clauses(text, language)
    own = next(k for k, (_, stop) in enumerate(clauses) if word.start < stop)
    # "Will not, in all likelihood, sign": an aside belongs to the clause that it stands in.
    aside = own > 0 and text[slice(*clauses[own])].strip() == text[word.start : word.stop]
    back = re.compile(_entry(language, "resumes")).fullmatch(text, clauses[own][0], word.start) is not None
    for k in (*range(own, len(clauses)), *(range(own - 1, -1, -1) if back else ())):
        first, last = clauses[k]
        inside = [t for t in tokens if first <= t.start < last]
        if k != own and any(t.kind in ("low", "other") and not _governs(tokens, t) for t in inside):
            if k > own:
                continue
            return None
        said = text[first:last]
        if k == own:
            said = text[first : word.start] + "\x01" + text[word.stop : last]
        elif k < own:
            said = f"{said.strip()} {text[clauses[own][0] : word.start].strip()} \x01"
        whose = said if not back else text[:last]
        if any(t.kind in _EVENTS for t in inside) and _speaks(said, whose, inside, language):
            start = first if k <= own else clauses[own - 1][0] if aside else word.start
            return _Scope(start, last, tuple(t for t in tokens if start <= t.start < last))
    return None


def _governs(tokens: Sequence[_Token], token: _Token) -> bool:
    """Whether an unlikely-word stands before the deal like a negation: 很可能，…仍难以达成."""
    after = next((t for t in tokens if t.start > token.start and t.kind != "negation"), None)
    return token.kind == "low" and after is not None and after.kind in _EVENTS


def _speaks(said: str, whose: str, inside: Sequence[_Token], language: Language) -> bool:
    """Whether a clause speaks of a deal coming about or failing, not of what a deal would do or of another failure.

    ``said`` has a sign in place of the word of probability; ``whose`` is where the subject of a failure may stand.
    """
    kinds = {t.kind for t in inside}
    if "terms" in kinds or ("verb" in kinds and "noun" in kinds):
        return True
    if kinds & {"fail", "break"}:
        return _any(language, "subject").search(whose) is not None
    return _bare(language).search(said) is not None


def _sign(text: str, scope: _Scope, word: _Token, language: Language) -> tuple[int, bool] | None:
    """+1 where a deal, -1 where no deal is what the word is said of, and whether the talks themselves would end."""
    events = [t for t in scope.tokens if t.kind in _EVENTS]
    after = [t for t in events if t.start > word.start]
    if not after and any(first.start <= word.start for first in events):
        end = next(b for _, b in _clauses(text, language) if word.start < b)
        later = any(t.kind == "negation" and t.start > word.start for t in scope.tokens)
        if not later and not re.match(_entry(language, "tail"), text[word.stop : end]):
            # "A deal is likely to lower prices": the word is said of something else.
            return None
    groups = list(_groups(text, scope.tokens, word, language))
    signs = {sign for sign, _ in groups}
    if len(signs) != 1:
        return None
    return signs.pop(), all(ended for _, ended in groups)


def _groups(
    text: str, tokens: Sequence[_Token], word: _Token, language: Language
) -> Iterator[tuple[int, bool]]:
    """The sign of every statement about a deal: one more statement begins at "without" or after a failure."""
    sign, seen, ended = 1, False, False
    for k, token in enumerate(tokens):
        begins = text[token.start : token.stop] == "without" or (
            token.kind in ("negation", "low") and seen and _last_event(tokens, k) in ("fail", "break")
        )
        if begins and seen:
            yield sign, ended
            sign, seen, ended = 1, False, False
        if token.kind == "negation" or (token.kind == "low" and _turns(text, tokens, k, word, language)):
            sign = -sign
        elif token.kind in ("fail", "break"):
            if not seen or _last_event(tokens, k) not in ("fail", "break"):
                sign = -sign
            seen, ended = True, ended or token.kind == "break"
        elif token.kind in _EVENTS:
            seen = True
    if seen:
        yield sign, ended


def _last_event(tokens: Sequence[_Token], k: int) -> str:
    return next((t.kind for t in reversed(tokens[:k]) if t.kind in _EVENTS), "")


def _turns(text: str, tokens: Sequence[_Token], k: int, word: _Token, language: Language) -> bool:
    """Whether a second word for "unlikely" stands to the deal like a negation, not as an estimate beside the first."""
    token = tokens[k]
    following = next((t.kind for t in tokens[k + 1 :] if t.kind != "negation"), "")
    if following in _EVENTS:
        return True
    between = text[word.stop : token.start]
    return token.start > word.start and not re.search(_entry(language, "clause"), between)
