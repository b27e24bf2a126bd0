"""What was done and what is open, as a draft takes it down: dated moves, relations, questions the texts leave open."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from zopa.dossier.dates import When
from zopa.dossier.draft_names import Mention
from zopa.dossier.draft_page import Line
from zopa.dossier.draft_parties import Part, deeds
from zopa.dossier.draft_stances import holders, talks_words
from zopa.dossier.draft_survey import Survey
from zopa.dossier.draft_words import patterns
from zopa.dossier.issues import catalogue, tag
from zopa.dossier.lexicon import Language, table

KINDS = (
    "called-off", "restored", "refused", "demanded", "threatened", "attacked", "deployed", "released", "agreed",
    "offered", "confirmed",
)  # fmt: skip
"""Kinds of moves; where two verbs could be meant the earlier in this list is taken."""


_EDGES = "，。；,;.\n \u3000"


@dataclass(frozen=True, slots=True)
class MoveDraft:
    """What a party did on a day, and on which matter of the catalogue."""

    party: str
    kind: str
    on: date
    matter: str | None
    quote: str
    language: Language
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RelationDraft:
    """What stands between two parties."""

    kind: str
    side: str
    to: str
    on: date | None
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnknownDraft:
    """What the documents themselves leave open, and who could answer."""

    text: str
    language: Language
    answer_from: tuple[str, ...]
    claims: tuple[str, ...]


# ---- moves -------------------------------------------------------------------------------------------------------


def moves(survey: Survey, parts: Sequence[Part]) -> tuple[MoveDraft, ...]:
    """Dated acts of the parties, oldest first: only where the day and the party stand beside the verb."""
    own = frozenset(part.side for part in parts)
    found = [
        m for page in survey.pages for line in page.lines for m in _moves(line, survey) if m.party in own
    ]
    first: dict[tuple[str, str, date, str | None], MoveDraft] = {}
    for move in found:
        first.setdefault((move.party, move.kind, move.on, move.matter), move)
    return tuple(sorted(first.values(), key=lambda m: (m.on, KINDS.index(m.kind))))


def _moves(line: Line, survey: Survey) -> Iterator[MoveDraft]:
    language, text = line.page.language, line.page.text
    verbs = _verbs(line)
    for start, stop, kind in verbs:
        first, last = line.clauses[line.clause(start)]
        process = kind in ("called-off", "restored")
        if _names_a_thing(text, start, stop, language) or _only_said(line, start, kind):
            continue
        if process and not talks_words(language).search(text, first, last):
            # To cancel a tariff is not to call off talks.
            continue
        by = _mover(
            line, start, survey, talks_off=process, after=[b for a, b, _ in verbs if first <= a < start]
        )
        if by is None and kind == "threatened":
            by = _threat(line, survey)
        if by is not None and by[1] <= survey.as_of:
            quote = text[first:last].strip(_EDGES)
            for side in by[0]:
                yield MoveDraft(
                    side, kind, by[1], _matter(quote, language), quote, language, line.claims_at(start, stop)
                )


def _verbs(line: Line) -> list[tuple[int, int, str]]:
    """The verbs of acting in a sentence, in order, none inside another."""
    found: list[tuple[int, int, str]] = []
    for kind in KINDS:
        for pattern in patterns(line.page.language, "moves", kind):
            for match in pattern.finditer(line.marked.text):
                start, stop = line.marked.origin(match.start()), line.marked.origin(match.end() - 1) + 1
                if all(stop <= a or b <= start for a, b, _ in found):
                    found.append((start, stop, kind))
    return sorted(found)


def _names_a_thing(text: str, start: int, stop: int, language: Language) -> bool:
    """Whether a verb is here a noun or part of one: 取消会谈的原因, 退出谈判的威胁, the demand."""
    if language == "zh":
        return (
            text[start - 1 : start] == "的"
            or re.match("[^，。；]{0,6}的(?:原因|消息|理由|可能|威胁|要求|说法|决定|计划)", text[stop:])
            is not None
        )
    return (
        re.search(r"\b(?:the|a|an|any|its|his|her|their|further)\s+$", text[max(0, start - 10) : start])
        is not None
    )


def _matter(text: str, language: Language) -> str | None:
    tags = tag(text if language == "zh" else text.lower(), language)
    return next(
        (t for t in tags if t not in ("talks", "force", "prospects", "mediation")), tags[0] if tags else None
    )


def _mover(
    line: Line, verb: int, survey: Survey, *, talks_off: bool, after: Sequence[int]
) -> tuple[tuple[str, ...], date] | None:
    """Who did it and when: the side before the verb in its clause, with a day beside it; or who says so, that day.

    ``after`` are the ends of earlier verbs of the clause: the first verb after a side is what it did.
    """
    page = line.page
    start, _ = line.clauses[line.clause(verb)]
    beside = list(page.mentions_in(start, verb))
    reach = 24 if page.language == "zh" else 60
    actor = beside[-1] if beside and not _of_talks(page.text[beside[-1].stop : verb], page.language) else None
    pair = len(beside) > 1 and beside[-1].start == beside[-2].stop
    if (
        actor is None
        or pair
        or verb - actor.stop > reach
        or any(actor.stop <= end <= verb for end in after)
        or _is_object(page.text, start, actor.start, actor.stop, page.language)
    ):
        return _speaker(line, verb, survey) if talks_off else None
    days = [w for w in line.dates if w.day is not None]
    near = [w for w in days if actor.stop <= w.start and w.stop <= verb]
    before = [w for w in days if w.stop <= actor.start and _opens(line, w, start)]
    behind = [w for w in days if w.start >= verb and page.language == "en" and _follows(page.text, verb, w)]
    for found in (near, before[-1:], behind[:1]):
        if found and found[0].day is not None:
            return _together(page.text, beside), found[0].day
    return None


def _together(text: str, beside: Sequence[Mention]) -> tuple[str, ...]:
    """The last side before a verb and those named with it: 甲和乙."""
    sides = [beside[-1].side]
    for before, after in zip(reversed(beside[:-1]), reversed(beside[1:]), strict=True):
        if text[before.stop : after.start].strip() not in (
            "和",
            "与",
            "、",
            "及",
            "and",
            ",",
            ", and",
            "and the",
        ):
            break
        sides.insert(0, before.side)
    return tuple(dict.fromkeys(sides))


_ASKED = {
    "zh": re.compile("(?:游说|要求|敦促|迫使|呼吁|警告|告诉|让|使|对|向|被|遭)$"),
    "en": re.compile(
        r"\b(?:urged|asked|told|pressed|warned|with|against|on|of|to|for|from|between|by|over) (?:the )?$",
        re.IGNORECASE,
    ),
}


def _is_object(text: str, clause: int, start: int, stop: int, language: Language) -> bool:
    """Whether a side is only spoken to or about: 游说甲方…, 甲方的…."""
    if language == "zh" and text[stop : stop + 1] == "的":
        return True
    return _ASKED[language].search(text, max(clause, start - 24), start) is not None


def _of_talks(between: str, language: Language) -> bool:
    """Whether a side's name only says whose talks are meant."""
    found = talks_words(language).search(between)
    return found is not None and found.start() <= (3 if language == "zh" else 8)


def _opens(line: Line, when: When, clause: int) -> bool:
    """Whether a day stands at the head of the sentence or of the clause, and so dates what follows."""
    text = line.page.text
    heads = [at for at in (line.start, clause) if at <= when.start]
    return any(len(text[at : when.start].strip()) <= 6 for at in heads)


def _follows(text: str, verb: int, when: When) -> bool:
    """ "demanded on Friday": the day follows the verb at once."""
    return re.fullmatch(r"[a-z ]{0,24}? ?(?:on|late on|early on)? ?", text[verb : when.start]) is not None


def _speaker(line: Line, verb: int, survey: Survey) -> tuple[tuple[str, ...], date] | None:
    sides = holders(line, survey.voices, verb)
    days = {
        c.said_on for c in line.claims if c.said_on is not None and any(a <= verb < b for a, b in c.ranges)
    }
    return (sides, days.pop()) if len(sides) == 1 and len(days) == 1 else None


def _only_said(line: Line, verb: int, kind: str) -> bool:
    """Whether a verb stands in what is threatened or in the "if" of a sentence: not, or not yet, done."""
    if any(c.condition is not None and c.condition[0] <= verb < c.condition[1] for c in line.claims):
        return True
    threats = (c for c in line.claims if c.kind == "threat" and c.type == "report")
    return kind != "threatened" and any(a <= verb < b for c in threats for a, b in c.ranges)


def _threat(line: Line, survey: Survey) -> tuple[tuple[str, ...], date] | None:
    """Who threatens in a sentence and when the threat was uttered, where the reader knows both."""
    found = {
        (survey.voices.sides(c), c.said_on)
        for c in line.claims
        if c.kind == "threat" and c.said_on is not None
    }
    if len(found) != 1:
        return None
    ((sides, day),) = found
    return (tuple(sides), day) if len(sides) == 1 and day is not None else None


# ---- relations ---------------------------------------------------------------------------------------------------


def relations(survey: Survey, parts: Sequence[Part]) -> tuple[RelationDraft, ...]:
    """Who hosts, mediates, urges and asks whom to hold back."""
    own = {part.side: part.roles for part in parts}
    table = [side for side, roles in own.items() if "negotiator" in roles]
    out: dict[tuple[str, str, str], RelationDraft] = {}
    for part in parts:
        for role, kind in (("host", "hosts"), ("mediator", "mediates-for")):
            if role in part.roles:
                for side in table:
                    out.setdefault(
                        (kind, part.side, side), RelationDraft(kind, part.side, side, None, part.claims)
                    )
    for page in survey.pages:
        for deed in deeds(page, "lobby"):
            if "lobby" in own.get(deed.side, ()):
                ids = deed.line.claims_at(deed.start, deed.start + 1)
                for side in deed.others:
                    if side in table:
                        out.setdefault(
                            ("lobbies", deed.side, side), RelationDraft("lobbies", deed.side, side, None, ids)
                        )
        for deed in deeds(page, "refrain"):
            asker = next(
                (s for s in holders(deed.line, survey.voices, deed.start - 1) if s != deed.side), None
            )
            if deed.side in own and deed.side not in table and asker in own and asker is not None:
                ids = deed.line.claims_at(deed.start, deed.start + 1)
                key = ("asked-to-refrain", asker, deed.side)
                out.setdefault(key, RelationDraft("asked-to-refrain", asker, deed.side, None, ids))
    return tuple(out.values())


# ---- unknowns ----------------------------------------------------------------------------------------------------


def unknowns(survey: Survey, parts: Sequence[Part]) -> tuple[UnknownDraft, ...]:
    """What the documents say is not known, not said or not confirmed."""
    own = [part.side for part in parts]
    out: dict[str, UnknownDraft] = {}
    for page in survey.pages:
        for line in page.lines:
            for pattern in patterns(page.language, "unknown", "patterns"):
                found = pattern.search(line.marked.text)
                if found is None:
                    continue
                at = line.marked.origin(found.start())
                named = page.names.of(line.marked.text)
                text = re.sub(r"\s+", " ", line.text).strip(" 　")
                answer = tuple(side for side in own if side in named)
                out.setdefault(text, UnknownDraft(text, page.language, answer, line.claims_at(at, at + 1)))
                break
    return tuple(out.values())


def matter_names(matter: str) -> dict[str, str]:
    """The names of an issue or process matter of the catalogue."""
    return catalogue()[matter].name


def kinds_known(language: Language) -> frozenset[str]:
    """The kinds of moves a language has verbs for."""
    return frozenset(table(language, "draft")["moves"])
