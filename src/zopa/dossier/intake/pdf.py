"""PDF: the text of the pages, without what is printed on every page, and with words put together again."""

import re
from collections import Counter

import pypdfium2 as pdfium

from zopa.dossier.intake.page import Page
from zopa.errors import width

MOST_PAGES = 5_000
_EDGE = 3
"""Lines at the top and at the bottom of a page that may be furniture."""
_FEWEST = 3
"""Pages from which on it can be told what is printed on every page."""
_OFTEN = 0.5
_SOFT = "\ufffe"
"""pdfium's sign for a hyphen that only divides a word at the end of a line."""
_DIGITS = re.compile(r"\d+")
_NUMBER = re.compile(
    r"[\s\-–—·.()（）/第页頁共Pageof]*\d{1,4}[\s\-–—·.()（）/第页頁共Pageof\d]*", re.IGNORECASE
)
_DIVIDING = "-\u2010\u2011\ufffe"
_ENDS = '。！？…”」』.!?:：；;"'
_FULL = 0.8
"""Share of the width of a full line from which on a line counts as full."""


class LockedError(ValueError):
    """The file asks for a password."""


def pdf_page(data: bytes) -> Page | None:
    """The text of a PDF; None where its pages hold none, as scans do.

    ``LockedError`` where it asks for a password, ``ValueError`` where it is broken.
    """
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise LockedError from error
        raise ValueError(str(error)) from error
    try:
        pages = [_lines(document, number) for number in range(min(len(document), MOST_PAGES))]
        title = " ".join((document.get_metadata_dict().get("Title") or "").split()) or None
    except pdfium.PdfiumError as error:
        raise ValueError(str(error)) from error
    finally:
        document.close()
    text = joined(without_furniture(pages))
    return Page(text=text, title=title) if text.strip() else None


def _lines(document: pdfium.PdfDocument, number: int) -> list[str]:
    page = document[number]
    try:
        written = page.get_textpage()
        try:
            text = written.get_text_range()
        finally:
            written.close()
    finally:
        page.close()
    return [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]


def without_furniture(pages: list[list[str]]) -> list[list[str]]:
    """The lines of the pages less page numbers, and less what stands at an edge of at least half of them.

    Numbers in such a line may differ from page to page.
    """
    trimmed = [_trimmed(page) for page in pages]
    seen = Counter(key for page in trimmed for key in {_key(line) for line in _edges(page)})
    often = {
        key for key, n in seen.items() if key and len(pages) >= _FEWEST and n >= max(2, _OFTEN * len(pages))
    }
    return [_cut(page, often) for page in trimmed]


def _trimmed(page: list[str]) -> list[str]:
    start, stop = 0, len(page)
    while start < stop and not page[start].strip():
        start += 1
    while stop > start and not page[stop - 1].strip():
        stop -= 1
    return page[start:stop]


def _edges(page: list[str]) -> list[str]:
    return page if len(page) <= 2 * _EDGE else [*page[:_EDGE], *page[-_EDGE:]]


def _key(line: str) -> str:
    return _DIGITS.sub("#", " ".join(line.split()))


def _cut(page: list[str], often: set[str]) -> list[str]:
    edge = {*range(_EDGE), *range(len(page) - _EDGE, len(page))}
    kept = [
        line
        for k, line in enumerate(page)
        if not (k in edge and (_key(line) in often or (line.strip() and _NUMBER.fullmatch(line.strip()))))
    ]
    return kept


def joined(pages: list[list[str]]) -> str:
    """One text of the pages' lines: a sentence that runs on over the end of a full line, or of a page, is in one piece
    again, and so is a word divided there; other lines stand by themselves."""
    lines = [_plain(line) for page in pages for line in page]
    full = _FULL * _usual([width(line) for line in lines if line])
    out: list[str] = []
    runs_on = False
    for line in lines:
        if not line:
            # A blank line ends a paragraph, unless it only stands for the end of a page.
            continue
        if runs_on and out:
            out[-1] = _put_together(out[-1], line)
        else:
            out.append(line)
        divided = line[-1] in _DIVIDING and len(line) > 1 and line[-2].islower()
        runs_on = divided or (width(line) >= full and line[-1] not in _ENDS)
    return "\n".join(line.replace(_SOFT, "") for line in out)


def _plain(line: str) -> str:
    return line.replace("\x00", "").replace("\xa0", " ").strip()


def _usual(widths: list[int]) -> int:
    """The width of a full line: nine of ten lines are no wider."""
    return sorted(widths)[9 * (len(widths) - 1) // 10] if widths else 0


def _put_together(line: str, following: str) -> str:
    if line[-1] == _SOFT:
        return line[:-1] + following
    if line[-1] in _DIVIDING:
        return (line[:-1] if following[0].islower() else line) + following
    spaced = line[-1].isascii() and following[0].isascii()
    return f"{line} {following}" if spaced else line + following
