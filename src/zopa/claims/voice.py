"""The name of a voice as a reader sees it; what the data calls a voice that nobody names."""

from typing import overload

from zopa.words import LANGUAGES, Language, say

UNSPECIFIED = "unspecified report"
"""Head of a voice that the text does not name at all (据报道, "it is reported"), in the data of every language."""


@overload
def voice_name(head: str, lang: Language) -> str: ...
@overload
def voice_name(head: None, lang: Language) -> None: ...
@overload
def voice_name(head: str | None, lang: Language) -> str | None: ...
def voice_name(head: str | None, lang: Language) -> str | None:
    """A speaker as shown to a reader: a voice that nobody names is called so in his language, all others as written."""
    return say("checks.unspecified-voice", lang) if unspecified(head) else head


def unspecified(head: str | None) -> bool:
    """Whether this head means that nobody is named: as the reader writes it, or a person in either language."""
    return head is not None and (
        head == UNSPECIFIED or any(head == say("checks.unspecified-voice", lang) for lang in LANGUAGES)
    )
