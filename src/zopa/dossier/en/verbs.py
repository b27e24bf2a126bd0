"""What an English verb of saying takes as its content: a clause, an infinitive, a phrase; and where that ends."""

import re

from zopa.claims.claim import ClaimType
from zopa.dossier.en import grammar
from zopa.dossier.en.line import Hit, Line, behaviour
from zopa.dossier.en.mentions import fold, subject
from zopa.dossier.found import Mention
from zopa.dossier.lexicon import remembered

_THAT = re.compile(r"\s+that\b")
_FAR_THAT = re.compile(
    r"(?:\s+(?!(?:and|but|or|who|which|as|he|she|they|it|would|will|was|were|is|are|has|have|had)\b)[\w’'.&-]+){1,7}?\s+that\b"
)
_TO = re.compile(r"\s+to\s+(?=[a-z])")
_OBJECT_TO = re.compile(r"(?:\s+(?:not\s+)?[\w’'.,&-]+){1,8}?\s+(?:not\s+)?to\s+(?=[a-z])")
_OPEN_QUOTE = re.compile(r"\s*[,:]?\s*(?=[“\"‘«]|``)")
_NUMBER = (
    r"(?:\d|\$|half|two|three|four|five|six|seven|eight|nine|ten|a (?:third|quarter|dozen)|"
    r"dozens|hundreds|thousands|one in)"
)
_CLAUSE_NEXT = re.compile(
    rf"\s+(?=(?:about|around|more than|fewer than|less than|at least|at most|over|up to)\s+{_NUMBER})|"
    r"\s+(?!(?:of|in|on|for|to|about|at|with|by|from|as|into|over|and|or|but|than|against|"
    r"the same|because|after|before|"
    r"during|while|when|through|via|nothing|little|much|goodbye|hello|yes|no(?=\s*[,.;]|$)|so\b|more|in)\b)(?=[\w“\"‘$`])"
)
_PHRASE_NEXT = re.compile(
    r"\s+(?=[\w“\"‘`$])(?!(?:in|on|at|by|as|and|or|but|from|with|during|after|before|to|that|"
    r"than|because|while|when|of)\b)"
)
_NAMED = re.compile(r"[^,.;]{2,50}?\s(?:“|``|\"|an?\s|the\s)")
_INDIRECT = re.compile(r"\s+(?:whether|if|why|how|what|who|when|where)\b")
_CONJOINED = re.compile(r"[,;]?\s+(?:and|but)(?:\s+(?:also|then|later|has|had|\w+ly))*\s*$")
_GOES_ON = re.compile(r"\b(?:and|but|or|then)(?:\s+(?:also|then|later|has|had|\w+ly))*$")
_PARTICIPLE = re.compile(r"(?:[,—]|--|\s(?:before|while|by|after|without))$")
_TURN = re.compile(
    r"[,;]\s+(?:but|and|while|as|although|though|whereas|even as|yet|when)\s|;\s|\s(?:while|but)\s"
)
_HELPED = re.compile(r"\b(?:did|does|do|will|would|could|can|may|might|must|should|to|n['’]t|not)\b|n 't")
_MANY = re.compile(
    r"(?:[a-z’']{3,}s|people|police|many|some|both|others|few|most|all|they|we|i|you|who|which|those|these|media|men|"
    r"women|data|half|majority|percent|two|three|four|public|staff)$|"
    r"\b(?:people|officials|members|majority|number|group|percent)\b"
)
_SUBORDINATE = re.compile(
    r"\s*(?:but |and |even )?(?:when|while|as|after|before|although|though|since|because|if|once|until)\s"
)
_ASIDE = re.compile(r",\s[^,;.“\"]{2,40},(?=\s+that\b)")
"""said, in an email, that …"""
_WITH = re.compile(r"\s*(?:but |and )?with\s")
ACCORDING = re.compile(r"\baccording\s+to\s+")

Content = tuple[int, str, ClaimType]
"""Where content begins, the rule that found it, and the type of claim it makes."""


def agrees(line: Line, hit: Hit, who: Mention) -> bool:
    """Whether subject and verb can belong together: a bare form (say, claim) needs a plural, a pronoun or a "did"."""
    if not who.known and hit.base != "say":
        return False
    bare = hit.form == hit.base or (" " in hit.form and hit.base.split()[0] == hit.form.split()[0])
    if not bare or _HELPED.search(line.low, who.stop - line.start, hit.start):
        return True
    return " and " in who.text or _MANY.search(fold(who.text).split(",", maxsplit=1)[0]) is not None


def conjoined(line: Line, hit: Hit) -> bool:
    """“, and added that”, “, saying”: the subject is that of the verb before."""
    before = line.low[max(0, hit.start - 24) : hit.start].rstrip()
    if hit.gerund:
        return not before or _PARTICIPLE.search(before) is not None
    return _GOES_ON.search(before) is not None


def content(line: Line, hit: Hit, who: Mention | None = None) -> Content | None:
    """What the verb takes as its content, or None where it takes nothing that is said."""
    return _clause(line, hit) or _infinitive(line, hit) or _phrase(line, hit) or _finding(line, hit, who)


def _finding(line: Line, hit: Hit, who: Mention | None) -> Content | None:
    """Polls show little movement: what evidence shows, be it a clause or not."""
    if who is None or hit.base not in behaviour("shows") or not _PHRASE_NEXT.match(line.low, hit.stop):
        return None
    told = set(fold(who.text).split()) & behaviour("evidence")
    return (hit.stop + 1, "en-say", "report") if told else None


def _clause(line: Line, hit: Hit) -> Content | None:
    if not hit.lists & {"strong", "clause"}:
        return None
    at = hit.stop
    if hit.base in behaviour("tells"):
        told = grammar.addressee().match(line.raw, at)
        at = told.end() if told else at
    aside = _ASIDE.match(line.low, at)
    at = aside.end() if aside else at
    direct = _THAT.match(line.low, at)
    if direct:
        return direct.start() + 1, "en-say-that", "report"
    skipped = grammar.adjunct().match(line.low, at)
    after_skip = skipped.end() if skipped else at
    far = _THAT.match(line.low, after_skip) or _FAR_THAT.match(line.low, at)
    if far and "," not in line.low[at : far.end()]:
        return far.end() - len("that"), "en-say-that", "report"
    if "strong" not in hit.lists and hit.base not in behaviour("bare"):
        return None
    return _bare_clause(line, hit, after_skip)


def _bare_clause(line: Line, hit: Hit, at: int) -> Content | None:
    if not _CLAUSE_NEXT.match(line.low, at):
        return None
    if hit.base in behaviour("wondering") and not _INDIRECT.match(line.low, at):
        return None
    if hit.base in behaviour("ambiguous") and not line.finite(at, at + 110):
        return None
    if hit.base in behaviour("infinitive_first") and _TO.match(line.low, at):
        return None
    while at < line.length and line.low[at].isspace():
        at += 1
    return at, "en-say", "report"


def _infinitive(line: Line, hit: Hit) -> Content | None:
    if "infinitive" not in hit.lists:
        return None
    kind: ClaimType = "position" if hit.base in behaviour("ascribed") else "report"
    direct = _TO.match(line.low, hit.stop)
    if direct:
        return direct.start() + 1, "en-infinitive", kind
    if hit.base in behaviour("own_infinitive"):
        return None
    found = _OBJECT_TO.match(line.low, hit.stop, min(line.length, hit.stop + 90))
    if found is None or "," in found[0] or ";" in found[0]:
        return None
    return hit.stop + 1, "en-infinitive", kind


def _phrase(line: Line, hit: Hit) -> Content | None:
    if "phrase" not in hit.lists or not _PHRASE_NEXT.match(line.low, hit.stop):
        return None
    if hit.base == "call" and not _NAMED.match(line.low, hit.stop, hit.stop + 60):
        return None
    return hit.stop + 1, "en-phrase", "position" if hit.base in behaviour("ascribed") else "report"


# ---- where content ends ----------------------------------------------------------------------------------------


def content_end(line: Line, start: int, *, after_hit: int = -1) -> int:
    """Where content that begins here ends: with the sentence, or where the text goes on to another attribution."""
    best = line.length
    for hit in line.hits[after_hit + 1 :]:
        if start < hit.start < best:
            cut = _cut_before(line, hit, start)
            best = min(best, cut) if cut is not None else best
    according = ACCORDING.search(line.low, start, best)
    if according and line.low[: according.start()].rstrip().endswith(","):
        best = line.low.rfind(",", start, according.start())
    return best if best > start else line.length


def main_clause(line: Line, hit: Hit, start: int, stop: int) -> int:
    """“When X said …, Y …”: the content ends where the main clause begins."""
    opened = _SUBORDINATE.match(line.low, 0, hit.start) or (
        hit.gerund and _WITH.match(line.low, 0, hit.start)
    )
    subordinate = bool(opened) and "," not in line.low[: hit.start]
    comma = line.low.find(",", start, stop) if subordinate else -1
    return comma if comma > 0 else stop


def _cut_before(line: Line, hit: Hit, start: int) -> int | None:
    """The place before a later verb where the running content stops; None where that verb is part of the content."""
    window = max(start, hit.start - 120)
    before = line.low[window : hit.start]
    if hit.gerund:
        comma = before.rstrip()
        return window + len(comma) - 1 if comma.endswith(",") else None
    if not hit.lists & {"strong", "infinitive", "phrase"} or not _takes_content(line, hit):
        return None
    joined = _CONJOINED.search(before)
    if joined:
        said = line.low[window : window + joined.start()].strip()
        return window + joined.start() if said and not _OPEN_QUOTE.match(line.low, hit.stop) else None
    turn = None
    for found in _TURN.finditer(before):
        turn = found
    if turn is None:
        return None
    who = subject(line.raw, line.low, window + turn.end(), hit.start)
    near = who is not None and who[0] - (window + turn.end()) <= 24
    return window + turn.start() if near else None


def _takes_content(line: Line, hit: Hit) -> bool:
    return any(shape.match(line.low, hit.stop) for shape in (_CLAUSE_NEXT, _THAT, _OPEN_QUOTE, _TO))


@remembered()
def circumstance() -> re.Pattern[str]:
    """Words that open a circumstance at the head of a sentence."""
    return re.compile(rf"\s*(?:{'|'.join(sorted(behaviour('circumstances'), key=len, reverse=True))})\b")
