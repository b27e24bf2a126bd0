"""The marking of a brief or a shared case, such as CONFIDENTIAL or 内部资料: one short line of plain characters."""

import unicodedata

from zopa.charts.glyphs import missing_glyphs
from zopa.claims.lines import shown
from zopa.errors import CaseFileError, width

LONGEST = 60
"""Columns of a marking: more does not fit above a chart or beside the title of a page."""
_SHOWN = frozenset({"L", "M", "N", "P", "S"})


def marking_of(text: str) -> str:
    """The marking as it stands on every page; ``CaseFileError`` where it is too long or holds what no page can show.

    Line ends and characters that turn the direction of writing or cannot be seen could make the line say something
    else than what was typed; what the font lacks would be boxes on paper.
    """
    line = text.strip(" ")
    if width(line) > LONGEST:
        raise CaseFileError.of("marking-long", most=LONGEST, n=width(line))
    for char in line:
        if char != " " and unicodedata.category(char)[0] not in _SHOWN:
            raise CaseFileError.of("marking-character", character=f"U+{ord(char):04X}")
    if lacking := missing_glyphs(line):
        raise CaseFileError.of("marking-character", character=shown(" ".join(lacking)))
    return line
