"""A document goes into a case: itself as a source, its claims as candidates for review."""

import hashlib
import unicodedata
from collections.abc import Container
from datetime import date
from pathlib import Path, PurePath

from zopa.case.folder import read_record
from zopa.case.new import write_source
from zopa.case.record import put_candidates
from zopa.case.shape import shape
from zopa.case.yaml_text import parse
from zopa.claims.claim import Claim, slug
from zopa.claims.files import MOST_TEXT, read_bytes
from zopa.claims.lines import Lines
from zopa.claims.source import Header, Source, split_header
from zopa.dossier.document import detect, plain
from zopa.dossier.intake.formats import MOST_BYTES, page_of
from zopa.dossier.intake.quarantine import Quarantine, borrowed
from zopa.dossier.lexicon import adding
from zopa.dossier.own_words import added, words_of
from zopa.dossier.read import read_text
from zopa.errors import CaseFileError

LONGEST_NAME = 80
"""Characters of a source's id made of a file's name; the folder's own limit leaves room for a number behind it."""


def read_into(
    case_folder: str | Path, file: str | Path, *, published: date | None = None, today: date | None = None
) -> tuple[Claim, ...]:
    """The claims of a document, put before a reviewer as candidates of a case; the document becomes one of its sources.

    Gives the candidates that are new: none where this very text of this outlet has been read before. Accepted claims
    are never touched. ``CaseFileError`` where the document or the record cannot be read; nothing is written then.
    """
    words = words_of(case_folder)
    source = document(file, published=published, today=today)
    known, _ = read_record(case_folder)
    same = next((other for other in known.values() if source.repeats(other)), None)
    if same is None:
        source = source.model_copy(update={"id": _free(source.id, known)})
        write_source(case_folder, source)
    with adding(added(words)):
        claims = claims_of(same or source)
    return put_candidates(case_folder, claims)


def claims_of(source: Source) -> tuple[Claim, ...]:
    """The claims that the rules find in a source, read with the facts of its header."""
    header = source.header
    outlet = header.outlet
    if isinstance(outlet, dict):
        outlet = outlet.get(header.language or "en") or next(iter(outlet.values()), None)
    return read_text(
        source.text, language=header.language, published=header.published, source=source.id, outlet=outlet
    )


def document(file: str | Path, *, published: date | None = None, today: date | None = None) -> Source:
    """A file as a source of a case: a header it has is kept, and what that lacks is filled in.

    Plain text, Markdown, web pages, PDF and Word documents. ``published`` goes before what the file says, ``today`` is
    the day it was captured. ``CaseFileError`` where the file or its header cannot be read, ``DossierError`` where there
    is no text to be had from it.
    """
    path = Path(file)
    content = read_bytes(path, path.name, most=MOST_BYTES)
    with borrowed() as quarantine:
        return source_of(path.name, content, quarantine, published=published, today=today)


def source_of(
    name: str,
    content: bytes,
    quarantine: Quarantine,
    *,
    published: date | None = None,
    today: date | None = None,
) -> Source:
    """The bytes of a file as a source, as :func:`document` makes it; what needs taking apart is, in quarantine."""
    path = PurePath(name)
    header, text = Header(), None
    if path.suffix.lower() == ".md" and len(content) <= MOST_TEXT:
        header, text = header_of(name, plain(name, content))
    if text is None or header == Header():
        page = page_of(name, content, quarantine)
        text = page.text
        told = {key: getattr(page, key) for key in ("outlet", "via", "published", "link", "title")}
        header = Header(**{key: value for key, value in told.items() if value is not None})
    filled = {
        "published": published or header.published,
        "captured": header.captured or today or date.today(),
        "language": header.language or detect(text),
        "file": header.file or path.name,
        "bytes_sha256": header.bytes_sha256 or hashlib.sha256(content).hexdigest(),
    }
    values = {key: value for key, value in filled.items() if value is not None}
    return Source(id=source_id(name), header=header.model_copy(update=values), text=text)


def source_id(name: str) -> str:
    """The id of a source by its file's name."""
    return unicodedata.normalize("NFC", slug(PurePath(name).stem))[:LONGEST_NAME]


def header_of(name: str, content: str) -> tuple[Header, str]:
    """The header and the text of a source file; ``CaseFileError`` shows what is wrong with the header."""
    top, text, _ = split_header(content)
    if top is None:
        return Header(), text
    root, problems = parse(Lines(name, top, first=2))
    if problems:
        raise CaseFileError(problems)
    if root is None or root.is_null:
        return Header(), text
    shaped = shape(root, Header, stand_ins={})
    if shaped.problems or shaped.value is None:
        raise CaseFileError(shaped.problems)
    return shaped.value, text


def _free(name: str, taken: Container[str]) -> str:
    """The name, with a number behind it where it is taken."""
    out, k = name, 1
    while out in taken:
        k += 1
        out = f"{name}-{k}"
    return out
