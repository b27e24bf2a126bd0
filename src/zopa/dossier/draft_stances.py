"""What each side wants, as its words show: demands, refusals, what it will not negotiate, what it would talk about.

Read sentence by sentence with every side marked. A stance belongs to the side named last before it as a speaker or
actor, else to the side for which the claim's speaker speaks; a commentator's own wishes belong to nobody.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from zopa.dossier.draft_page import Line, Page
from zopa.dossier.draft_people import Voices
from zopa.dossier.draft_words import groups, listed, patterns, scale, substance
from zopa.dossier.lexicon import Language, remembered

Sort = Literal["nonneg", "exclude", "narrow", "wide", "refuse", "demand", "offer", "keep", "admit"]
SORTS: tuple[Sort, ...] = ("nonneg", "narrow", "exclude", "wide", "refuse", "demand", "offer", "keep")
"""In order of precedence where two are read from the same words; ``admit``, being ready to talk about something, is an
offer in form."""
WEIGHT: dict[Sort, float] = {
    "nonneg": 2.0, "exclude": 1.0, "narrow": 0.0, "wide": 0.5, "refuse": 2.0, "demand": 2.0, "offer": 0.5, "keep": 1.0,
    "admit": 0.0,
}  # fmt: skip
"""How much a stance of a sort tells about which end of an issue a side wants; only their order matters."""


@dataclass(frozen=True, slots=True)
class Stance:
    """One stance of one side (None where nobody can be named) on one issue (None where it names none).

    ``direction``: 1 toward the issue's last option, -1 toward its first, 0 where the words do not tell. ``rest``: what
    is refused is everything beside the issue. ``entire``: only the last option is meant.
    """

    side: str | None
    sort: Sort
    issue: str | None
    direction: int
    source: str
    line: int
    start: int
    stop: int
    claims: tuple[str, ...]
    rest: bool = False
    entire: bool = False


@dataclass(frozen=True, slots=True)
class _Cue:
    """Words that show a stance."""

    start: int
    stop: int
    sort: Sort


def stances(pages: Sequence[Page], voices: Voices) -> tuple[Stance, ...]:
    """Every stance these pages show, in their order."""
    out: list[Stance] = []
    for page in pages:
        found = _completed([stance for line in page.lines for stance in _line(line, voices)])
        out += found
        out += _by_kind(page, voices, found)
    return tuple(out)


def _completed(found: Sequence[Stance]) -> list[Stance]:
    """ "This is not open to discussion": what is meant is what the same side spoke of just before."""
    out: list[Stance] = []
    for stance in found:
        if stance.issue is None and stance.sort == "nonneg" and stance.side is not None:
            before = [
                s
                for s in out
                if s.side == stance.side and s.issue is not None and 0 <= stance.line - s.line <= 1
            ]
            last = [s for s in before if s.line == before[-1].line]
            out += (replace(stance, issue=s.issue, direction=s.direction) for s in last if s.direction)
            if last:
                continue
        asked = stance.sort == "nonneg" and any(
            s.side == stance.side
            and s.issue == stance.issue
            and s.direction > 0
            and 0 <= stance.line - s.line <= 1
            for s in out
        )
        # What one has just asked for and calls not negotiable is the demand, not the state of things.
        out.append(replace(stance, direction=1) if asked else stance)
    return out


# ---- one sentence ------------------------------------------------------------------------------------------------


def _cues(line: Line) -> tuple[_Cue, ...]:
    marked = line.marked
    used = bytearray(len(marked.text) + 1)
    taken: list[_Cue] = []
    for sort in SORTS:
        for pattern in patterns(line.page.language, "stance", sort):
            for match in pattern.finditer(marked.text):
                if not any(used[match.start() : match.end()]):
                    used[match.start() : match.end()] = b"\1" * (match.end() - match.start())
                    taken.append(_Cue(marked.origin(match.start()), marked.origin(match.end() - 1) + 1, sort))
    return tuple(sorted(taken, key=lambda cue: cue.start))


def holders(line: Line, voices: Voices, position: int) -> tuple[str, ...]:
    """The sides whose stance stands at a position of the sentence."""
    before = [sides for at, sides in line.subjects if at <= position]
    if before:
        return before[-1]
    spoken_of = _pronoun(line, position)
    if spoken_of:
        return spoken_of
    for claim in line.claims:
        if any(a <= position < b for a, b in claim.ranges) or claim.type == "position":
            sides = voices.sides(claim)
            if sides:
                return sides
    after = [sides for at, sides in line.subjects if at > position]
    return after[0] if after and line.page.language == "en" else ()


_PRONOUNS = frozenset(("他", "她", "他们", "她们", "he", "she", "they"))


def _pronoun(line: Line, position: int) -> tuple[str, ...]:
    """Whom "he" or "she" means as a speaker: the side that the sentence before is about."""
    said = [c for c in line.claims if any(a <= position < b for a, b in c.ranges)]
    if line.number == 0 or not any((c.speaker or "").lower() in _PRONOUNS for c in said):
        return ()
    before = line.page.lines[line.number - 1]
    if "\n" in line.page.text[before.stop : line.start].strip(" "):
        return ()
    found = before.subjects
    return found[0][1] if found else ()


def _line(line: Line, voices: Voices) -> Iterator[Stance]:
    cues = _cues(line)
    turns = [at for at, _ in line.subjects]
    for k, cue in enumerate(cues):
        if (
            cue.sort == "offer"
            and k
            and _same_clause(line, cues[k - 1], cue)
            and cues[k - 1].sort == "demand"
        ):
            # 要求对方承诺: the promise is what is demanded.
            continue
        following = cues[k + 1].start if k + 1 < len(cues) else line.stop
        previous = cues[k - 1].stop if k else line.start
        start, stop = _region(line, cue, previous, following, turns)
        sides = holders(line, voices, cue.start) or (None,)
        language = line.page.language
        rest = bool(_rest(language).search(line.page.text[cue.start : stop]))
        leads = cue.sort == "demand" and k + 1 < len(cues) and _same_clause(line, cue, cues[k + 1])
        spans = _issues_in(line, start, stop) or ({} if leads else _issues_before(line, cue, previous, turns))
        claims = line.claims_at(cue.start, cue.stop)
        place = (line.page.source.id, line.number, cue.start, cue.stop, claims)
        for side in sides:
            if not spans:
                yield Stance(side, cue.sort, None, 0, *place)
            for issue, at in spans.items():
                if cue.sort == "offer" and _talking(language).search(
                    line.page.text, cue.stop, max(at, cue.stop)
                ):
                    # Ready to talk about it is no offer of it.
                    yield Stance(side, "admit", issue, 0, *place)
                    continue
                clause = _clause_text(line, at, cue)
                yield Stance(
                    side, cue.sort, issue, direction(cue.sort, issue, clause, language), *place,
                    rest=rest, entire=is_entire(clause, language),
                )  # fmt: skip


def _same_clause(line: Line, a: _Cue, b: _Cue) -> bool:
    return line.clause(a.start) == line.clause(b.start)


def _region(line: Line, cue: _Cue, previous: int, following: int, turns: Sequence[int]) -> tuple[int, int]:
    """What a cue speaks about: its clause (after an earlier cue), then on until another side or another cue."""
    first, last = line.clauses[line.clause(cue.start)]
    start = max(first, previous if previous > first else first)
    stop = max(min([following, *(at for at in turns if at > cue.stop)], default=line.stop), cue.stop)
    if following < last and cue.sort == "demand":
        # 要求谈判只谈X: what is demanded is said by the cue that follows.
        return start, min(stop, cue.stop)
    # A clause that names its matter goes on after the comma; one that names another (a place, a day) does not.
    goes_on = (
        bool(_issues_in(line, start, min(stop, last))) or len(line.page.text[cue.stop : last].strip()) <= 5
    )
    return start, stop if goes_on else min(stop, max(last, cue.stop))


def _issues_in(line: Line, start: int, stop: int) -> dict[str, int]:
    out: dict[str, int] = {}
    for a, _, issue in line.issues:
        if start <= a < stop:
            out.setdefault(issue, a)
    return out


def _issues_before(line: Line, cue: _Cue, previous: int, turns: Sequence[int]) -> dict[str, int]:
    """The matter of a predicate stands before it: 弹道导弹射程属于国防能力，“不可谈判”."""
    floor = max(
        [line.start, *(at for at in turns if at <= cue.start), *([previous] if previous <= cue.start else [])]
    )
    for k in range(line.clause(cue.start), -1, -1):
        first, last = line.clauses[k]
        found = _issues_in(line, max(first, floor), min(last, cue.start))
        if found or first <= floor:
            return found
    return {}


def _clause_text(line: Line, at: int, cue: _Cue) -> str:
    """The words that tell the direction: the clause of the issue and, where that is another one, the cue itself."""
    first, last = line.clauses[line.clause(at)]
    own = line.page.text[first:last]
    cue_text = line.page.text[cue.start : cue.stop]
    return own if first <= cue.start < last else f"{cue_text} {own}"


@remembered()
def _rest(language: Language) -> re.Pattern[str]:
    words = {"zh": "之外|以外", "en": r"other than|beyond|outside|apart from|\bexcept\b"}
    return re.compile(words[language])


@remembered()
def _talking(language: Language) -> re.Pattern[str]:
    """What is done with a matter that is only talked about."""
    if language == "zh":
        return re.compile(f"{talks_words('zh').pattern}|讨论|商谈|谈论|商议|商讨|纳入|列入|谈")
    return re.compile(rf"{talks_words('en').pattern}|\b(?:discuss|talk|negotiat|includ)", re.IGNORECASE)


@remembered()
def _any_of(language: Language, name: str) -> re.Pattern[str]:
    words = listed(language, "stance", name)
    body = "|".join(re.escape(word.strip()) for word in words)
    return re.compile(body if language == "zh" else rf"\b(?:{body})", re.IGNORECASE)


def is_entire(clause: str, language: Language) -> bool:
    """Whether only the whole is meant: giving up *entirely*, a *right*."""
    return bool(_any_of(language, "entire").search(clause) or _any_of(language, "rights").search(clause))


def direction(sort: Sort, issue: str, clause: str, language: Language) -> int:
    """Which end of an issue a stance points to, from the words of its clause: 1 last option, -1 first, 0 unknown."""
    measure = scale(issue)
    # "Will not withdraw": the negation is the refusal, not part of what is refused.
    change = _change(issue, clause, language, negated=sort not in ("refuse", "nonneg"))
    if sort == "narrow":
        return 0
    if sort == "wide":
        return 1
    if sort == "nonneg":
        return 1 if change > 0 and _any_of(language, "bottom").search(clause) else -1
    if sort in ("exclude", "keep"):
        return -1
    if sort == "offer":
        return -1 if change >= 0 else 1
    if sort == "refuse":
        return -change if change else 1 if measure.target else -1
    return change or 1


def _change(issue: str, clause: str, language: Language, *, negated: bool) -> int:
    """Toward which end the words of a clause point, whoever wants or refuses it; 0 where they do not tell."""
    measure = scale(issue)
    votes: list[int] = []
    for sign, pattern in ((-1, measure.away[language]), (1, measure.toward[language])):
        for found in pattern.finditer(clause):
            near, far = (3, 8) if language == "zh" else (16, 30)
            turned = negated and _any_of(language, "negation").search(
                clause, max(0, found.start() - near), found.start()
            )
            if turned and language == "zh" and re.match("[^，。]{0,6}就", clause[found.end() :]):
                # 不加薪就停工 asks for the rise.
                turned = False
            if sign < 0 and not turned:
                turned = _any_of(language, "stop").search(clause, max(0, found.start() - far), found.start())
            votes.append(-sign if turned else sign)
    # Where both ends are named the change that is asked for outweighs the thing it is asked of.
    return 1 if 1 in votes else -1 if votes else 0


# ---- what the reader saw and no cue shows ------------------------------------------------------------------------

_KINDS: dict[str, Sort] = {"demand": "demand", "refusal": "refuse", "offer": "offer"}


def _by_kind(page: Page, voices: Voices, found: Sequence[Stance]) -> Iterator[Stance]:
    """Claims of a kind that is a stance, in which no cue was found."""
    sorts: dict[str, set[str]] = {}
    for stance in found:
        for id_ in stance.claims:
            sorts.setdefault(id_, set()).add(stance.sort if stance.issue is None else "")
    lines = {c.id: line for line in page.lines for c in line.claims}
    for claim in page.claims:
        sort = _KINDS.get(claim.kind)
        if sort is None or claim.type == "narrator" or sorts.get(claim.id, {sort}) - {sort}:
            continue
        if sort == "offer" and talks_words(page.language).search(claim.quote):
            continue
        line = lines.get(claim.id)
        for side in voices.sides(claim):
            for issue in claim.issues:
                if issue in substance():
                    start, stop = claim.ranges[0][0], claim.ranges[-1][1]
                    place = (page.source.id, line.number if line else -1, start, stop, (claim.id,))
                    end = direction(sort, issue, claim.quote, page.language)
                    yield Stance(side, sort, issue, end, *place, entire=is_entire(claim.quote, page.language))


def talks_words(language: Language) -> re.Pattern[str]:
    """Finds words for talks."""
    words = groups(language, "meet")
    return re.compile(
        "|".join(map(re.escape, words)) if language == "zh" else rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE
    )
