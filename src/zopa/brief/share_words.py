"""What a shared case does without, in sentences: for the desk that shares it, and for nobody else."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from zopa.brief.share import left_behind
from zopa.case.redacted import Shared
from zopa.words import Language, say

LISTED = 12
"""Names told in one sentence; the rest are counted."""


@dataclass(frozen=True)
class Remark:
    """One sentence: of what was done, or of what to look at before the files are handed on."""

    kind: Literal["done", "look"]
    text: str


def remarks(shared: Shared, folder: Path, lang: Language) -> tuple[Remark, ...]:
    """Everything that is left out and put back, then what is not taken care of."""
    done = (Remark("done", text) for text in _done(shared, folder, lang))
    look = (Remark("look", text) for text in _look(shared, lang))
    return (*done, *look)


def _done(shared: Shared, folder: Path, lang: Language) -> Iterator[str]:
    record, told = shared.record, shared.told
    yield say("share.private", lang)
    yield from _told("sources", record.gone_sources, lang)
    yield from _told("in-part", record.in_part, lang)
    yield from _told("claims", record.asked, lang)
    yield from _told("overlapping", record.overlapping, lang)
    yield from _told("removed", told.removed, lang)
    yield from _told("unknown", told.unknown, lang)
    yield from _told("notes", told.notes, lang)
    yield from _told("behind", left_behind(folder), lang)


def _look(shared: Shared, lang: Language) -> Iterator[str]:
    record, told = shared.record, shared.told
    yield from _told("partly", told.partly, lang)
    yield from _told("frame", told.frame, lang)
    yield from _told("companions", {c for them in record.companions.values() for c in them}, lang)
    yield from _told("related", record.related, lang)
    colon = "：" if lang == "zh" else ": "
    places = [f"{m.file}{f':{m.line}' if m.line else ''}{colon}{m.words[:40]}" for m in shared.mentions]
    yield from _told("mentions", dict.fromkeys(places), lang)
    yield say("share.not-searched", lang)


def _told(key: str, names: Iterable[str], lang: Language) -> Iterator[str]:
    every = list(names) if isinstance(names, dict | list | tuple) else sorted(names)
    if not every:
        return
    comma = "、" if lang == "zh" else ", "
    listed = comma.join(every[:LISTED])
    if len(every) > LISTED:
        listed += say("share.more", lang, n=len(every) - LISTED)
    yield say(f"share.{key}", lang, n=len(every), list=listed)
