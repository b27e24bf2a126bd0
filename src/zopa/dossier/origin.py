"""The origin of a claim: the innermost voice on one matter, whose independence the weighing of evidence counts."""

from functools import lru_cache

from zopa.claims.claim import ClaimType, slug
from zopa.dossier.found import Heard
from zopa.dossier.lexicon import Language, as_words, table

GENERAL = "general"


def state_name(code: str, language: Language) -> str:
    """The first name listed for a state or territory."""
    return as_words(table(language, "places")["places"][code])[0]


def origin(heard: Heard, issues: tuple[str, ...], *, type: ClaimType, home: str, language: Language) -> str:
    """``voice/matter``. Unnamed officials of one side are one voice; so are all the names of one state's leadership.

    ``home`` is the document's outlet or id: the voice of what it states itself, and of what it heard from nobody named.
    """
    return f"{voice_slug(heard, type=type, home=home, language=language)}/{issues[0] if issues else GENERAL}"


_slug = lru_cache(maxsize=4096)(slug)


def voice_slug(heard: Heard, *, type: ClaimType, home: str, language: Language) -> str:
    """The voice part of an origin."""
    voice = heard.voice
    if type == "narrator" or voice.head is None:
        return _slug(home)
    if voice.kind in ("unspecified", "text"):
        return f"unspecified-{_slug(home)}"
    if voice.kind in ("person", "outlet"):
        return _slug(voice.head)
    if voice.side is not None and (voice.anonymous or voice.kind in ("official", "body", "unknown")):
        name = _slug(state_name(voice.side, language))
        return f"{name}-unnamed" if voice.anonymous else name
    return _slug(voice.head)
