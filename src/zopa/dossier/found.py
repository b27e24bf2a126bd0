"""What the range stage hands on: an attribution found in the text, before its speaker is resolved."""

from dataclasses import dataclass
from typing import Literal

from zopa.claims.claim import ClaimType
from zopa.dossier.quotes import Span

Shape = Literal["before", "after", "none"]


@dataclass(frozen=True, slots=True)
class Mention:
    """The words that name a speaker: where they stand, the head without titles and quantifiers, how sure.

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

    ``voices`` are the words for the speakers, outermost first (empty for a speaker left implicit, None in the list
    never); ``chained`` carries the words for those who only pass it on. ``cue`` is where the cue stands.
    """

    sentence: int
    ranges: tuple[Span, ...]
    type: ClaimType
    rule: str
    cue: str
    cue_span: Span
    mention: Mention | None = None
    outer: tuple[Mention, ...] = ()
    inner: tuple[str, ...] = ()
    unspecified: bool = False
    continued: bool = False
    about_to_quote: bool = False

    @property
    def start(self) -> int:
        """Where the claim begins."""
        return self.ranges[0][0]


UNSPECIFIED = "unspecified report"
"""Head of a voice that the text does not name at all (据报道, "it is reported")."""

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
