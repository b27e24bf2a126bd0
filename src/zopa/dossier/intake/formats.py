"""What a file holds, told by its first bytes more than by its name, and the text in it."""

import re
from pathlib import PurePath

from zopa.claims.files import MOST_TEXT
from zopa.dossier.document import plain
from zopa.dossier.intake.marked import markdown_page
from zopa.dossier.intake.page import Page
from zopa.dossier.intake.quarantine import Format, Quarantine
from zopa.errors import DossierError, Place

SUFFIXES = (".txt", ".md", ".html", ".htm", ".xhtml", ".pdf", ".docx")
"""Files that are read as documents."""
ARCHIVE = ".zip"
MOST_BYTES = 100_000_000
"""Bytes of a web page, PDF or Word document."""
_PDF = b"%PDF-"
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_MARKUP = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*(?:<!--.{0,400}?-->\s*)*"
    rb"<(?:!doctype\s+html|html|head|\?xml[^>]*>\s*<(?:!doctype\s+html|html))",
    re.IGNORECASE | re.DOTALL,
)


def format_of(name: str, data: bytes) -> Format | None:
    """The format that needs taking apart; None for plain text and Markdown."""
    suffix = PurePath(name).suffix.lower()
    if _PDF in data[:1024]:
        return "pdf"
    if data.startswith(_ZIP) and suffix == ".docx":
        return "docx"
    if suffix in (".html", ".htm", ".xhtml") or _MARKUP.match(data[:4096]):
        return "html"
    return None


def page_of(name: str, data: bytes, quarantine: Quarantine) -> Page:
    """The text in a file. ``DossierError`` at ``name``: empty, broken, locked, without text, too large or too slow."""
    place = Place(name)
    if not data.strip(b"\x00 \t\r\n"):
        raise DossierError.of("document-empty", place, name=name)
    format_ = format_of(name, data)
    suffix = PurePath(name).suffix.lower()
    most = MOST_TEXT if format_ is None else MOST_BYTES
    if len(data) > most:
        raise DossierError.of("file-size", place, size=f"{len(data) / 1e6:,.1f}", most=f"{most / 1e6:,.0f}")
    if suffix == ".docx" and data.startswith(_OLE):
        # A Word document with a password is wrapped in the container of old Word files.
        raise DossierError.of("document-locked", place, format="DOCX")
    if format_ is None and suffix in (".pdf", ".docx"):
        raise DossierError.of("document-broken", place, format=suffix[1:].upper())
    if format_ is not None:
        return quarantine.page(name, data, format_)
    text = plain(name, data)
    page = markdown_page(text) if suffix == ".md" else None
    return page or Page(text)
