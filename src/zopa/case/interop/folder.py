"""A folder of foreign files: which of them are read, and everything wrong in any of them told at once."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from zopa.case.interop.located import Document, read_document
from zopa.claims.files import reason
from zopa.errors import DossierError, Place, Problem


def documents(folder: Path, endings: Sequence[str]) -> list[Document]:
    """The folder's files with one of the endings, by name with numbers in their order; hidden ones are left out."""
    if not folder.is_dir():
        raise DossierError.of("import-not-found", Place(str(folder)), path=str(folder))
    try:
        paths = [path for path in folder.iterdir() if path.is_file()]
    except OSError as error:
        raise DossierError.of(
            "file-unreadable", Place(str(folder)), name=folder.name, reason=reason(error)
        ) from None
    kept = [p for p in paths if p.suffix.casefold() in endings and not p.name.startswith((".", "_"))]
    return [read_document(path) for path in sorted(kept, key=lambda path: natural(path.name))]


def natural(name: str) -> list[tuple[int, str]]:
    """What sorts file names as people do: ``prof2`` before ``prof10``."""
    stem = name.rpartition(".")[0] or name
    return [(int(p), "") if p.isdecimal() else (-1, p) for p in re.split(r"(\d{1,9})", stem.casefold())]


def check(found: Iterable[Document]) -> None:
    """Raise what was noted in any of the files, file by file."""
    problems: list[Problem] = []
    for document in found:
        try:
            document.check()
        except DossierError as error:
            problems.extend(error.problems)
    if problems:
        raise DossierError(problems)


def two_profiles(folder: Path, n: int) -> None:
    """Refuse a folder with fewer than two parties' files."""
    if n < 2:
        raise DossierError.of("import-profiles", Place(str(folder)), n=n)
