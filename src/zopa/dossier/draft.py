"""A case drafted from documents: parties, people, issues, agendas, settings, red lines and what was done and foreseen.

A draft proposes structure, never numbers: whatever could be a number stands at ignorance. Claims read from the
documents stay candidates; the draft names them in comments and cites none.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from zopa.case.folder import CASE
from zopa.case.new import write_case
from zopa.claims.claim import Claim
from zopa.claims.files import write_text_atomic
from zopa.claims.source import Header, Source
from zopa.dossier.draft_case import Drafting
from zopa.dossier.into import claims_of, document
from zopa.dossier.lexicon import Language


def draft(
    sources: Sequence[Source], claims: Sequence[Claim], *, title: str | None = None, as_of: date | None = None
) -> str:
    """The text of a commented ``case.yaml`` (status: draft) with what the rules find in these documents.

    ``as_of`` is the latest publication day where none is given, else the latest day on which a claim was said;
    ``ValueError`` where the documents give neither.
    """
    return Drafting(sources, claims, title, _day(sources, claims, as_of)).text()


def draft_folder(
    documents: Sequence[Path], into: Path, *, published: date | None = None, language: Language | None = None
) -> Path:
    """A new case folder drafted from documents: sources, candidates for review, and the drafted ``case.yaml``.

    ``published`` holds for a single document, and in a pile for those whose header gives no day. ``CaseFileError``
    where a document cannot be read or the folder already holds a case; ``ValueError`` where nothing gives a day.
    """
    sources = _read(documents, published, language)
    claims = [claim for source in sources for claim in claims_of(source)]
    made = Drafting(sources, claims, None, _day(sources, claims, None))
    folder = write_case(into, made.head(), sources=sources, candidates=made.with_parties())
    write_text_atomic(folder / CASE, made.text())
    return folder


_NOT_SAID = date.min
"""Stands for the day of capture where the document does not tell it: a draft looks at no clock."""


def _read(documents: Sequence[Path], published: date | None, language: Language | None) -> list[Source]:
    out: list[Source] = []
    taken: set[str] = set()
    for path in documents:
        # One document: what is said of it counts; of a pile, what each of them says of itself.
        source = document(path, published=published if len(documents) == 1 else None, today=_NOT_SAID)
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
        out.append(Source(id=id_, header=Header(**kept), text=source.text))
    return out


def _day(sources: Sequence[Source], claims: Sequence[Claim], as_of: date | None) -> date:
    if as_of is not None:
        return as_of
    published = [d for s in sources if (d := s.header.published or s.header.captured) is not None]
    said = [c.said_on for c in claims if c.said_on is not None]
    days = published or said
    if not days:
        raise ValueError("draft: as_of (or published) is needed, because no document and no claim has a date")
    return max(days)
