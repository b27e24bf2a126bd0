"""The words that name an English speaker: noun phrases before or after a verb of saying, and their heads."""

import re

from zopa.dossier.en import grammar
from zopa.dossier.found import Mention
from zopa.dossier.lexicon import guarded, remembered, words

_BOUNDARY = re.compile(
    r"[;:—–“”\"()\[\]]|--|``|''|\b(?:that|but|when|while|as|if|because|after|before|since|"
    r"although|though|whether|where|why|how|so|until|which|whom|what|than|"
    r"yet|then|even as|and then|whereas|unless|hours after|days after)\b(?!\s+(?:said|says)\b)"
)
_ASIDE = re.compile(
    r"\s*(?:(?:based|known|located|headquartered|founded|speaking|born|raised|formerly|former|an?|the|its|his|her|who|whose|"
    r"where|president|chairman|head|director|leader)\s|\d{1,3}$|[A-Z]?[a-z]+\s*$)"
)
_WHEN = re.compile(r"\s*(?:on|in|at|by|after|before|during|since|until|for|from|to|late|early)\s")
_NAMED_END = re.compile(
    r"[A-Z][\w’'-]+(?:\s+(?:[A-Z]\.|de|van|von|der|den|al|el|bin))*\s+[A-Z][\w’'-]+$|^[A-Z][\w’'-]+$"
)
_NAMED_NEXT = re.compile(r",\s+(?=[A-Z])[\w’'. -]{2,40}?(?=[,.;]?\s*$|[.,;]\s)")
_CONJUNCTION = re.compile(r"[\s,]*(?:(?:and|but|or|yet|then|so|also)\b)?[\s,]*$")
_SECOND_VERB = re.compile(r"\s(?:and|or|but|then)(?:\s+(?:also|then|later|even))?\s*$")
_CLAUSE_AND = re.compile(r"\b(?:and|or)\s+(?=(?:he|she|they|it|we|i|one)\b)")
_LEADING = re.compile(
    rf"\s*(?:(?:{grammar.TIME})\s+|(?:and|or|yet|so|instead|meanwhile|moreover|still|indeed|"
    rf"however|nevertheless|in fact|for example|for instance|even|also|now|with|despite|amid)\s+)+"
)
_WORD = re.compile(r"[^\s,]+")
_MOST_WORDS = 16
_NAME = re.compile(
    r"[A-Z][\w’'.-]*(?:\s+(?:(?:de|da|van|von|der|den|bin|ibn|al|el|la|le|di|du|dos|of the)\s+)?[A-Z][\w’'-]*\.?)*"
)


def fold(text: str) -> str:
    """Lower case of the same length, whatever the script."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def subject(raw: str, low: str, floor: int, at: int) -> tuple[int, int] | None:
    """Where the subject of the verb at ``at`` stands in the sentence; None where the verb has none of its own.

    A phrase between commas after the name belongs to it: ``Mira Solano, president of the union, said``.
    """
    floor = max(floor, at - 400)
    end = _before_auxiliaries(low, floor, at)
    if end <= floor:
        return None
    start = _phrase_start(low, floor, end)
    if low[end - 1] == ",":
        opened = low.rfind(",", floor, end - 1)
        if opened < 0:
            return None
        start = _phrase_start(low, floor, opened)
        end -= 1
        if start >= opened or not _apposition(raw[opened + 1 : end]):
            return None
        # The company, based in Dayton, Ohio, …; Joyce Ploeg, 71, who farms near Ames, …: asides in a row.
        for _ in range(3):
            comma = len(low[:start].rstrip()) - 1
            if comma <= floor or low[comma] != "," or not _ASIDE.match(low, start, opened):
                break
            before = _phrase_start(low, floor, comma)
            named = _NAMED_END.search(raw, before, comma) or low.startswith(("the ", "a "), before)
            if not named or _WHEN.match(low, before, comma):
                break
            start = before
    lead = _LEADING.match(low, start, end)
    start = lead.end() if lead else start
    while start < end and raw[start] in " ,\t\n‘'`":
        start += 1
    if start < end and (_CONJUNCTION.fullmatch(low, start, end) or _SECOND_VERB.search(low, start, end)):
        # … contacted the White House and urged …: the subject is that of the first verb.
        return None
    size = len(_WORD.findall(low, start, end))
    if start >= end or size > _MOST_WORDS + (12 if "," in low[start:end] else 0):
        return None
    return start, end


def opening_subject(raw: str, low: str) -> tuple[int, int] | None:
    """The people, or the person by name, with whom the sentence begins; None where it begins otherwise."""
    lead = _LEADING.match(low)
    at = lead.end() if lead else 0
    while at < len(raw) and raw[at] in " ,\t\n":
        at += 1
    dated = _DATED_LEAD.match(low, at)
    at = dated.end() if dated else at
    many = _OPENING_GROUP.match(low, at)
    if many is not None:
        return at, many.end()
    named = _NAME.match(raw, at)
    return (at, named.end()) if named is not None and " " in named[0] and _person(named[0]) else None


_DATED_LEAD = re.compile(
    r"(?:on|in|at|by|during)\s[^,.;]{0,24}?(?:day|week|month|year|time|evening|morning|night|afternoon),?\s+"
)
_OPENING_GROUP = re.compile(
    r"(?:at least |more than |about |nearly |some |several |many |both |two |three |four |five |six |seven |eight |"
    r"nine |ten )*"
    r"(?:[\w’'-]+ ){0,4}?(?:officials|diplomats|sources|people|analysts|experts|lawmakers|aides|advisers|residents|"
    r"witnesses|mediators|negotiators|countries|governments|states|envoys|researchers|scientists|authors|workers|farmers|prosecutors)\b"
)


def _before_auxiliaries(low: str, floor: int, at: int) -> int:
    found = grammar.auxiliaries().search(low, max(floor, at - 80), at)
    end = found.start() if found and found.end() == at else at
    while end > floor and low[end - 1].isspace():
        end -= 1
    return end


def _phrase_start(low: str, floor: int, end: int) -> int:
    start = max(floor, low.rfind(",", floor, end) + 1)
    for found in _BOUNDARY.finditer(low, start, end):
        start = found.end()
    for found in _CLAUSE_AND.finditer(low, start, end):
        start = found.end()
    return start


def _apposition(words_between: str) -> bool:
    text = words_between.strip()
    return (
        bool(text)
        and len(text) <= 220
        and re.match(
            r"(?:(?:meanwhile|however|though|too|instead|in turn|for (?:his|her|its|their) part)$"
            r"|the|a|an|in|on|at|during|speaking|asked|who|whose|which|his|her|its|their|one|former|now|then|"
            r"[A-Z0-9]|[a-z-]+(?:'s)? )",
            text,
        )
        is not None
    )


def after(raw: str, low: str, at: int, stop: int) -> tuple[int, int] | None:
    """The noun phrase after an inverted verb: ``said Chris Low at FTN Financial``."""
    start = at
    while start < stop and raw[start].isspace():
        start += 1
    found = re.compile(
        rf"(?:(?<!\bmaj)(?<!\bgen)(?<!\blt)(?<!\bcol)(?<!\bsgt)(?<!\bgov)(?<!\bsen)(?<!\brep)(?<!\bmr)(?<!\bmrs)(?<!\bms)(?<!\bdr)"
        rf"(?<!\bprof)(?<!\bst)(?<!\bu\.s)(?<!\bu\.k)(?<!\bu\.n)(?<!\bcapt)(?<!\bcmdr)[,;:.“\"](?=\s|$|“)|\s+(?:{grammar.TIME})(?=[\s,.]|$)|\s+(?:in|during|at)\s+an?\s|"
        rf"\s+(?:as|while|when|after|before|but|who|adding|referring)\s|$)"
    ).search(low, start, min(stop, start + 200))
    end = found.start() if found else min(stop, start + 200)
    # said the town's mayor, Anton Vero.
    named = _NAMED_NEXT.match(raw, end, stop) if not re.search("[A-Z]", raw[start + 1 : end]) else None
    end = named.end() if named else end
    return (start, end) if end > start and raw[start:end].strip() else None


def mention(text: str, offset: int, start: int, stop: int) -> Mention:
    """The mention at a place of the sentence."""
    while stop > start and text[offset + stop - 1] in " ,.\n\t":
        stop -= 1
    words_there = text[offset + start : offset + stop]
    return Mention(
        offset + start, offset + stop, words_there, clean=True, known=looks_like_speaker(words_there)
    )


def looks_like_speaker(words_there: str) -> bool:
    """Whether the phrase has a name, a pronoun, or a word for people and bodies that speak."""
    if re.search(r"[A-Z]", words_there[1:] or words_there):
        return True
    low = fold(words_there)
    return _groups().search(low) is not None or _PEOPLE.search(low) is not None or words_there[:1].isupper()


_PEOPLE = re.compile(
    r"\b[a-z]{3,}(?:ators|itors|ists|ians|men|women|eers|ographers|leaders|makers|holders|owners)$"
)


@remembered()
def _groups() -> re.Pattern[str]:
    return re.compile(rf"\b{guarded(words('en', 'roles', 'groups') + words('en', 'roles', 'titles'))}(?!\w)")


# ---- heads -----------------------------------------------------------------------------------------------------


@remembered()
def _title() -> re.Pattern[str]:
    return re.compile(rf"(?:^|(?<=[\s-])){guarded(words('en', 'roles', 'titles'))}(?=\s)")


@remembered()
def _leading() -> re.Pattern[str]:
    return re.compile(rf"(?:{guarded(words('en', 'roles', 'quantifiers'))})\s+")


_THEIRS = re.compile(r"[’']s?\s+[a-z][a-z -]+$")
"""Ms. Petersen's spokesman, Eli Tran: a role by somebody else's name."""
_AFTER_NAME = re.compile(r"(?<=[a-z])\s+(?:KC|QC|MP|MEP|MSP|PhD|MD|Jr\.?|Sr\.?)$")


@remembered(4096)
def head(phrase: str) -> str:
    """The person or body without titles, articles and apposition: ``secretary Helen Marsh`` → ``Helen Marsh``."""
    text = " ".join(phrase.strip(" ,.“”\"'`").split())
    first, _, rest = text.partition(",")
    first = _AFTER_NAME.sub("", first)
    name = _person(first)
    if name is None and rest:
        other = _person(rest.strip().split(",")[0])
        if other is not None and (not re.search(r"[A-Z]", first[1:]) or _THEIRS.search(first)):
            return other
        alone = re.match(r"\s*([A-Z][\w’'-]+)(?=,|$)", rest)
        if alone is not None and re.match(r"(?:[Hh]is|[Hh]er|[Tt]heir|[Mm]y)\s[a-z ]+$", first):
            return alone[1]
    if name is not None:
        return name
    return _bare(first)


def _bare(text: str) -> str:
    for _ in range(3):
        found = _leading().match(fold(text))
        if not found or found.end() >= len(text) or fold(text).startswith("of ", found.end()):
            # One of them is not "of them".
            break
        text = text[found.end() :]
    return re.sub(r"[’']s?$", "", text).strip() or text


def _person(text: str) -> str | None:
    """The personal name in a phrase of title and name, or None where the phrase names none."""
    for found in _title().finditer(fold(text)):
        # Secretary of State Marco Rubio: the title itself has an "of" in it.
        rest = text[found.end() :].strip()
        if " of " in found[0] and _NAME.fullmatch(rest) and not _body_like(rest, found.end()):
            return re.sub(r"[’']s?$", "", rest)
    core = re.split(r"\s+(?:of|from|at|with|for|in|who|the)\s+", text, maxsplit=1)[0]
    core = re.sub(r"^(?:(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Tt]heir)\s+)", "", core)
    low = fold(core)
    end = 0
    for found in _title().finditer(low):
        end = found.end()
    rest = core[end:].strip()
    named = _NAME.fullmatch(rest)
    if named and (end or 2 <= len(rest.split()) <= 4) and not _body_like(rest, end):
        return re.sub(r"[’']s?$", "", rest)
    tail = re.search(r"(?:^|\s)[a-z][\w-]*\s+([A-Z][\w’'-]+(?:\s+[A-Z]\.)?(?:\s+[A-Z][\w’'-]+){1,2})$", rest)
    if tail:
        return re.sub(r"[’']s?$", "", tail[1])
    return None


_BODY_WORDS = re.compile(
    r"\b(?:House|Party|Ministry|Department|Committee|Council|Union|Association|Institute|University|"
    r"College|Company|Corp|Group|Bank|Court|Senate|Congress|Office|Agency|"
    r"Commission|Board|Fund|Foundation|States|Nations|Times|Post|Journal|News|Press|Campaign|"
    r"Republicans?|Democrats?|Army|Forces|Service|Center|Centre|Organization|Organisation|"
    r"Authority|Government|Administration|Council|Federation|Alliance|Front|Movement|Network|"
    r"League|Bureau|Tribune|Ledger|Parliament|Pentagon|Kremlin|Guardian|Officials?)\b"
)


def _body_like(name: str, titled: int) -> bool:
    return not titled and (_BODY_WORDS.search(name) is not None or name.isupper())
