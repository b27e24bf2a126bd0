"""CSV read so that every cell knows its place: comma, semicolon or tab between cells, quoted after RFC 4180."""

from dataclasses import dataclass, field

from zopa.case.interop.layout import words
from zopa.case.interop.located import Document

SEPARATORS = (",", ";", "\t")
STATUS_QUO = ("status quo", "status_quo", "现状")
YES = ("x", "yes", "y", "1", "true", "是", "✓", "√")
NO = ("", "no", "n", "0", "false", "否", "-")
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def guarded(text: str) -> str:
    """A text that spreadsheets take as text: an apostrophe stands before what they would take for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _tidy(text: str) -> str:
    tidied = words(text)
    return tidied[1:] if tidied.startswith("'") and tidied[1:].startswith(_FORMULA) else tidied


@dataclass(frozen=True)
class Cell:
    """One cell: its text with white space tidied and no guard before it, and its range in the file."""

    text: str
    start: int
    stop: int
    document: Document = field(repr=False)

    def add(self, code: str, /, **values: object) -> None:
        """Note a problem at this cell."""
        self.document.add(code, self.start, max(self.stop, self.start + 1), **values)


Row = tuple[Cell, ...]


def read_rows(document: Document) -> list[Row]:
    """The rows that hold anything, the header first; unbalanced quotation marks are noted."""
    separator = _separator(document.text)
    out, at = [], 0
    while at < len(document.text):
        row, at = _row(document, at, separator)
        if any(cell.text for cell in row):
            out.append(row)
    return out


def _separator(text: str) -> str:
    """The separator that the first line has most of."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(SEPARATORS, key=first.count)


def _row(document: Document, at: int, separator: str) -> tuple[Row, int]:
    cells: list[Cell] = []
    text = document.text
    while True:
        cell, at = _cell(document, at, separator)
        cells.append(cell)
        if at < len(text) and text[at] == separator:
            at += 1
            continue
        if text.startswith("\r\n", at):
            return tuple(cells), at + 2
        return tuple(cells), at + 1


def _cell(document: Document, at: int, separator: str) -> tuple[Cell, int]:
    text, start = document.text, at
    while at < len(text) and text[at] == " ":
        at += 1
    if at < len(text) and text[at] == '"':
        return _quoted(document, start, at + 1, separator)
    end = at
    while end < len(text) and text[end] not in (separator, "\r", "\n"):
        end += 1
    written = text[at:end]
    return Cell(_tidy(written), at, at + len(written.rstrip(" ")), document), end


def _quoted(document: Document, start: int, at: int, separator: str) -> tuple[Cell, int]:
    text, parts, begin = document.text, [], at
    while True:
        end = text.find('"', at)
        if end < 0:
            document.add("import-csv-quote", start, start + 1)
            return Cell(_tidy(text[begin:]), start, len(text), document), len(text)
        parts.append(text[at:end])
        if not text.startswith('""', end):
            break
        parts.append('"')
        at = end + 2
    after = end + 1
    while after < len(text) and text[after] == " ":
        after += 1
    if after < len(text) and text[after] not in (separator, "\r", "\n"):
        document.add("import-csv-quote", end, end + 1)
        while after < len(text) and text[after] not in (separator, "\r", "\n"):
            after += 1
    return Cell(_tidy("".join(parts)), start, end + 1, document), after
