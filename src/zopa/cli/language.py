"""The language of a call: ``--lang``, else ``ZOPA_LANG``, else the locale, else English."""

import sys
from collections.abc import Sequence
from typing import Any

from zopa.notebook import spoken
from zopa.words import LANGUAGES, Language


def language(arguments: Sequence[str] | None = None) -> Language:
    """The language to speak, known before any argument has been checked."""
    words = sys.argv[1:] if arguments is None else arguments
    for k, word in enumerate(words):
        option, _, value = word.partition("=")
        if option == "--lang" and not value:
            value = next(iter(words[k + 1 : k + 2]), "")
        if option == "--lang" and value in LANGUAGES:
            return value
    return spoken()


def of_context(ctx: Any) -> Language:
    """The language that the call's context carries."""
    return ctx.obj if ctx.obj in LANGUAGES else language()
