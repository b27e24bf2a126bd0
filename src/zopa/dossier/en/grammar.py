"""Patterns of English reported speech, compiled once from the word lists."""

import re
from collections.abc import Mapping

from zopa.dossier.lexicon import guarded, remembered, table, words

_DOUBLING = frozenset({"plan", "beg", "admit", "commit", "quip", "slam", "blog", "hint"})
WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|"
    r"jan\.|feb\.|mar\.|apr\.|aug\.|sept\.|oct\.|nov\.|dec\.)"
)
TIME = (
    rf"(?:(?:on|late|early|by|since)\s+)?(?:late\s+|early\s+)?(?:{WEEKDAY})(?:\s+(?:night|morning|"
    rf"afternoon|evening))?"
    rf"|(?:last|this|next|earlier this|later this|earlier that|later that)\s+(?:week|month|"
    rf"year|night|weekend|morning|afternoon|evening|summer|fall|spring|winter|day|{WEEKDAY}|"
    rf"{_MONTH})"
    rf"|(?:on|in|since|by)\s+{_MONTH}(?:\s+\d{{1,2}})?(?:,?\s+\d{{4}})?|yesterday|today|tonight|"
    rf"recently|at the time|at one point|in \d{{4}}|\w+ (?:days|weeks|months|years) ago"
    r"|earlier|later|again|once|repeatedly|publicly|flatly|bluntly|simply|too|himself|herself|"
    r"also|afterwards?|meanwhile"
)
# A place, an occasion, a medium: what may stand between a verb of saying and its content.
_OCCASION = (
    r"(?:in|at|during|on|after|before|following|via|through|from|by|to|of|with|as)\s+(?:an?|"
    r"the|his|her|their|its|one|that|this|another|another)?\s*"
    r"(?:[\w’'.-]+\s+){0,4}?(?:statement|interview|speech|tweet|tweets|letter|e-?mail|post|"
    r"briefing|conference|memo|report|rally|debate|call|meeting|hearing|article|column|editorial|"
    r"message|release|event|remarks|podcast|"
    r"facebook|twitter|television|tv|radio|cnn|nbc|cbs|abc|msnbc|fox news|testimony|court|"
    r"phone|telephone|telephone call|address|news show|program|show|video|blog|book|op-ed|"
    r"appearance|visit|reporters|journalists|supporters|lawmakers)"
    r"(?:\s+(?:with|on|to|in|at|from|for|by)\s+[\w’'.&-]+(?:\s+[\w’'.&-]+){0,3}?)?"
)
ADJUNCT = rf"(?:,?\s+(?:{TIME}|{_OCCASION})(?=[\s,.:“\"`]|$)){{1,3}}"


def forms(base: str) -> tuple[str, ...]:
    """The inflected forms of a verb, the particle after them: call on → call on, calls on, called on, calling on."""
    verb, _, particle = base.partition(" ")
    tail = f" {particle}" if particle else ""
    irregular: Mapping[str, str] = table("en", "cues")["irregular"]
    if verb in irregular:
        return tuple(f + tail for f in (verb, *irregular[verb].split()))
    if verb.endswith("e"):
        made = (verb, verb + "s", verb + "d", verb[:-1] + "ing")
    elif verb.endswith("y") and verb[-2] not in "aeiou":
        made = (verb, verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing")
    elif verb.endswith(("s", "sh", "ch", "x")):
        made = (verb, verb + "es", verb + "ed", verb + "ing")
    elif verb in _DOUBLING:
        made = (verb, verb + "s", verb + verb[-1] + "ed", verb + verb[-1] + "ing")
    else:
        made = (verb, verb + "s", verb + "ed", verb + "ing")
    return tuple(f + tail for f in made)


@remembered()
def classes() -> dict[str, dict[str, str]]:
    """For each list of verbs, every form and its base."""
    return {
        name: {form: base for base in words("en", "cues", name) for form in forms(base)}
        for name in ("strong", "clause", "infinitive", "phrase")
    }


@remembered()
def cue() -> re.Pattern[str]:
    """Any form of any verb of the lists, in lower-case text."""
    listed = {form for group in classes().values() for form in group}
    return re.compile(rf"\b{guarded(listed)}(?![\w’'-])")


@remembered()
def adjunct() -> re.Pattern[str]:
    """Times, places and occasions after a verb."""
    return re.compile(ADJUNCT)


@remembered()
def auxiliaries() -> re.Pattern[str]:
    """Adverbs and auxiliaries at the end of what stands before a verb."""
    return re.compile(rf"(?:\b(?:{guarded(words('en', 'cues', 'auxiliaries'))}|[a-z]{{2,}}ly|{TIME})\s*)+$")


@remembered()
def determiner_before() -> re.Pattern[str]:
    """What makes the next word a noun."""
    return re.compile(rf"(?:^|[\s“(\x00])(?:{guarded(words('en', 'cues', 'determiners'))})\s*$|[’']s\s*$")


@remembered()
def addressee() -> re.Pattern[str]:
    """Whom one tells: a word of the list, or up to five capitalised words (text in its own case)."""
    listed = guarded(words("en", "cues", "addressees"))
    return re.compile(
        rf"\s+(?:(?:the|a|an|his|her|their|its)\s+)?(?:{listed}\b|(?:[A-Z][\w.&’'-]*)(?:\s+(?:of|"
        rf"and|the|for|[A-Z][\w.&’'-]*)){{0,5}})(?:[’']s?\s+[A-Z]\w+(?:\s+[A-Z]\w+)?)?"
    )
