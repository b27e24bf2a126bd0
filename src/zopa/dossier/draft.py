"""A case drafted from documents: parties, people, issues, agendas, settings, red lines and what was done and foreseen.

A draft proposes structure, never numbers: whatever could be a number stands at ignorance. Claims read from the
documents stay candidates; the draft names them in comments and cites none.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Literal

from zopa.case.folder import CASE
from zopa.case.new import write_case
from zopa.claims.claim import Claim
from zopa.claims.files import write_text_atomic
from zopa.claims.source import Header, Source
from zopa.dossier.draft_case import Drafting
from zopa.dossier.intake.files import found
from zopa.dossier.intake.formats import ARCHIVE
from zopa.dossier.intake.quarantine import borrowed
from zopa.dossier.into import claims_of, source_of
from zopa.dossier.lexicon import Language, adding
from zopa.dossier.own_words import added, words_of
from zopa.errors import CaseFileError, Problem, ZopaError


class NothingToDraftError(ValueError):
    """There is nothing to draft from: ``kind`` is ``empty`` (no document) or ``undated`` (nothing gives a day)."""

    def __init__(self, kind: Literal["empty", "undated"], message: str) -> None:
        super().__init__(message)
        self.kind = kind


def draft(
    sources: Sequence[Source], claims: Sequence[Claim], *, title: str | None = None, as_of: date | None = None
) -> str:
    """The text of a commented ``case.yaml`` (status: draft) with what the rules find in these documents.

    ``as_of`` is the latest publication day where none is given, else the latest day on which a claim was said;
    ``ValueError`` where the documents give neither.
    """
    return Drafting(sources, claims, title, _day(sources, claims, as_of)).text()


def draft_folder(
    documents: Sequence[Path],
    into: Path,
    *,
    published: date | None = None,
    language: Language | None = None,
    problems: list[Problem] | None = None,
) -> Path:
    """A new case folder drafted from documents: sources, candidates for review, and the drafted ``case.yaml``.

    ``documents``: files, folders and archives. ``published`` holds for a single document, and in a pile for those that
    do not tell their day. What cannot be read is put into ``problems`` where that is given, and the others are drafted;
    else ``CaseFileError`` or ``DossierError``. ``CaseFileError`` where the folder already holds a case; ``ValueError``
    where nothing gives a day, or nothing could be read.
    """
    sources = _read(documents, published, language, problems)
    if not sources:
        raise NothingToDraftError("empty", "draft: there is no document that can be read")
    # Words may lie there before there is a case.
    with adding(added(words_of(into) if into.is_dir() else "")):
        claims = [claim for source in sources for claim in claims_of(source)]
        made = Drafting(sources, claims, None, _day(sources, claims, None))
        folder = write_case(into, made.head(), sources=sources, candidates=made.with_parties())
        write_text_atomic(folder / CASE, made.text())
    return folder


_NOT_SAID = date.min
"""Stands for the day of capture where the document does not tell it: a draft looks at no clock."""


def _read(
    documents: Sequence[Path],
    published: date | None,
    language: Language | None,
    problems: list[Problem] | None,
) -> list[Source]:
    out: list[Source] = []
    taken: set[str] = set()
    single = len(documents) == 1 and documents[0].is_file() and documents[0].suffix.lower() != ARCHIVE
    for item in found(documents):
        try:
            if isinstance(item, Problem):
                raise CaseFileError([item])
            # One document: what is said of it counts; of a pile, what each of them says of itself.
            with borrowed() as quarantine:
                source = source_of(
                    item.name,
                    item.read(),
                    quarantine,
                    published=published if single else None,
                    today=_NOT_SAID,
                )
        except ZopaError as error:
            if problems is None:
                raise
            problems += error.problems
            continue
        if any(source.repeats(other) for other in out):
            continue
        out.append(_dated(source, published, language, taken))
    return out


def _dated(source: Source, published: date | None, language: Language | None, taken: set[str]) -> Source:
    """The source under an id of its own, with the days that are known."""
    header = source.header
    day = header.published or published
    captured = header.captured if header.captured != _NOT_SAID else day
    update = {"published": day, "captured": captured, "language": language or header.language}
    fields = {
        "kind": header.kind,
        "reliability": header.reliability,
        **header.model_dump(exclude_unset=True),
        **update,
    }
    id_, k = source.id, 2
    while id_ in taken:
        id_, k = f"{source.id}-{k}", k + 1
    taken.add(id_)
    kept = {key: value for key, value in fields.items() if value is not None}
    return Source(id=id_, header=Header(**kept), text=source.text)


def _day(sources: Sequence[Source], claims: Sequence[Claim], as_of: date | None) -> date:
    if as_of is not None:
        return as_of
    published = [d for s in sources if (d := s.header.published or s.header.captured) is not None]
    said = [c.said_on for c in claims if c.said_on is not None]
    days = published or said
    if not days:
        message = "draft: as_of (or published) is needed, because no document and no claim has a date"
        raise NothingToDraftError("undated", message)
    return max(days)
