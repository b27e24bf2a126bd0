"""A source: a document as read, with a small header that says where it comes from.

``sources/<id>.md`` holds a YAML header between two ``---`` lines, one blank line, then the text. Offsets of claims
count code points of the text, that is of everything after the closing line and the one blank line. A plain ``.txt``
has no header: its whole content is the text.
"""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from pydantic import Field

from zopa.claims.claim import Frozen, text_digest

Letter = Literal["A", "B", "C", "D", "E", "F"]
RULE = "---"


class Header(Frozen):
    """What is known about a document: who published it, through what it reached us, when, and how reliable."""

    outlet: str | dict[str, str] | None = None
    via: str | None = None
    kind: Literal["original", "summary"] = "original"
    reliability: Letter = "F"
    published: date | None = None
    captured: date | None = None
    language: Literal["zh", "en"] | None = None
    link: str | None = None
    title: str | dict[str, str] | None = None
    file: str | None = None
    """The original's file name, where this text was taken out of one."""
    bytes_sha256: str | None = None
    """Digest of the original file's bytes."""
    translation_of: str | None = None


class Source(Frozen):
    """A document of the case: id (file stem), header, and the text that claims point into."""

    id: str
    header: Header = Header()
    text: str = Field(repr=False)

    @property
    def sha256(self) -> str:
        """Digest of the text."""
        return text_digest(self.text)

    @property
    def outlet(self) -> str:
        """A stable name of who published it: two sources of one outlet are not independent."""
        name = self.header.outlet
        if name is None:
            return self.id
        return name if isinstance(name, str) else name.get("en") or next(iter(name.values()))

    def repeats(self, other: "Source") -> bool:
        """Whether this is a document that is there already: its very text, from nobody else.

        A text that another outlet carries is a document of its own: who carried it belongs to the record.
        """
        return self.sha256 == other.sha256 and (self.header.outlet is None or self.outlet == other.outlet)


def split_header(content: str) -> tuple[str | None, str, int]:
    """Header text (None where there is none), body text, and the line number on which the body starts (1-based)."""
    lines = content.splitlines(keepends=True)
    if not lines or lines[0].strip("\ufeff\r\n ") != RULE:
        return None, content, 1
    for k in range(1, len(lines)):
        if lines[k].rstrip("\r\n ") == RULE:
            after = k + 1
            if after < len(lines) and lines[after].strip("\r\n") == "":
                after += 1
            return "".join(lines[1:k]), "".join(lines[after:]), after + 1
    return None, content, 1


def parse_header(values: Mapping[str, object]) -> Header:
    """The header from its YAML mapping; pydantic's ``ValidationError`` where a value is wrong."""
    return Header.model_validate(values)
