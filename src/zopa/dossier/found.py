"""What the range stage hands on: an attribution found in the text, before its speaker is resolved."""

from dataclasses import dataclass
from typing import Literal

from zopa.claims.claim import ClaimType
from zopa.dossier.quotes import Span


@dataclass(frozen=True, slots=True)
class Mention:
    """The words that name a speaker: where they stand, and how sure it is that they do.

    ``clean``: nothing unexplained stands between the mention and its cue. ``known``: it ends like a noun phrase that
    can speak (title, body, state, outlet, pronoun, or a name).
    """

    start: int
    stop: int
    text: str
    clean: bool = True
    known: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """One attribution: its ranges, who is said to say it, and the rule that fired.

    ``mention`` holds the words for the speaker (None for one left out), ``outer`` those for who passed it on, outermost
    first; ``unspecified``: nobody is named at all; ``continued``: it goes on for the speaker before.
    """

    sentence: int
    ranges: tuple[Span, ...]
    type: ClaimType
    rule: str
    cue: str
    cue_span: Span
    mention: Mention | None = None
    outer: tuple[Mention, ...] = ()
    unspecified: bool = False
    continued: bool = False


VoiceKind = Literal["person", "official", "group", "body", "outlet", "text", "unspecified", "unknown"]


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks: the words in the text, the head, what kind of voice it is, and whether nobody can be held to it."""

    speaker: str | None
    head: str | None
    kind: VoiceKind
    anonymous: bool = False
    side: str | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """An attribution with its speaker resolved: the chain runs from the outermost voice to the innermost."""

    found: Found
    voice: Voice
    chain: tuple[str, ...]
    outlet: str | None
