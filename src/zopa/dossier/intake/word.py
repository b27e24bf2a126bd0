"""Word documents (DOCX): paragraphs and tables in their order, without headers and footers."""

import io
import zipfile
from collections.abc import Iterator

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml import etree

from zopa.dossier.intake.page import Page

MOST_UNPACKED = 400_000_000
"""Bytes that the parts of a document may unpack to."""
_DEEPEST = 8


def word_page(data: bytes) -> Page | None:
    """The text of a Word document; None where it holds none.

    ``ValueError`` where the file is broken or unpacks to too much.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED:
                raise ValueError("unpacks to too much")
        document = docx.Document(io.BytesIO(data))
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, etree.XMLSyntaxError) as error:
        raise ValueError(str(error)) from error
    text = "\n\n".join(line for line in _lines(document) if line)
    title = " ".join((document.core_properties.title or "").split())
    return Page(text=text, title=title or None) if text else None


def _lines(holder: "Document | Table", depth: int = 0) -> Iterator[str]:
    if isinstance(holder, Table):
        seen: set[int] = set()
        for row in holder.rows:
            for cell in row.cells:
                # A merged cell comes back once for each column it spans.
                if id(cell._tc) not in seen and depth < _DEEPEST:
                    seen.add(id(cell._tc))
                    for item in cell.iter_inner_content():
                        yield from _item(item, depth + 1)
        return
    for item in holder.iter_inner_content():
        yield from _item(item, depth)


def _item(item: "Paragraph | Table", depth: int) -> Iterator[str]:
    if isinstance(item, Paragraph):
        yield item.text.replace("\x00", "").strip()
    else:
        yield from _lines(item, depth)
