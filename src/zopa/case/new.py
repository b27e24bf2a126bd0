"""Making case folders: an empty one to fill in, or one written from data."""

import shutil
from collections.abc import Iterable, Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path

from zopa.case.folder import CASE
from zopa.case.private import PRIVATE
from zopa.case.sources import FOLDER, source_name
from zopa.case.yaml_write import block, inline
from zopa.claims.claim import Claim
from zopa.claims.files import inside, reason, write_text_atomic
from zopa.claims.jsonl import CANDIDATES, CLAIMS, write_claims
from zopa.claims.lines import shown
from zopa.claims.source import RULE, Source
from zopa.errors import CaseFileError, Place
from zopa.words import Name

IGNORED = (PRIVATE, "private.salt", ".zopa/")
"""What must not be published: the desk's own knowledge, and the cache made from it."""
LEFT_BEHIND = frozenset({".git", ".zopa", PRIVATE, "private.salt", "forecasts.jsonl", "briefs.jsonl"})
"""What a copy of a case does without: what only the other desk knows, and what was issued there."""


def new_case(folder: Path | str, *, title: Name, as_of: date) -> Path:
    """A new case folder: ``case.yaml`` with explained examples in both languages, an empty record, a ``.gitignore``."""
    text = (files("zopa") / "case" / "skeleton.yaml").read_text(encoding="utf-8")
    text = text.replace("title: TITLE", f"title: {inline(title)}").replace("AS_OF", as_of.isoformat())
    return _folder(Path(folder), text)


def copy_case(case: Path | str, folder: Path | str) -> Path:
    """A case folder of one's own with all that another one holds, but for forecasts and briefs that were issued.

    Those are a record of what was said then and from there. ``CaseFileError`` where the folder holds a case already or
    a file cannot be read or written; the case file comes last, so that nothing half copied counts as a case.
    """
    home, target = Path(case), Path(folder)
    if (target / CASE).exists() or (target.exists() and not target.is_dir()):
        raise CaseFileError.of("case-exists", Place(CASE), folder=target.name)
    _make(target)
    files = sorted(p for p in home.rglob("*") if p.is_file() and not p.is_symlink())
    kept = [p for p in files if p.relative_to(home).parts[0] not in LEFT_BEHIND]
    for path in sorted(kept, key=lambda p: p.name == CASE):
        inner = target / path.relative_to(home)
        _make(inner.parent)
        try:
            part = inner.with_name(f".{inner.name}.part")
            shutil.copyfile(path, part)
            part.replace(inner)
        except OSError as error:
            where = path.relative_to(home)
            raise CaseFileError.of(
                "file-unreadable", Place(str(where)), name=path.name, reason=reason(error)
            ) from None
    _ignore(target / ".gitignore")
    return target


def write_case(
    folder: Path | str,
    data: Mapping[str, object],
    *,
    sources: Iterable[Source] = (),
    claims: Iterable[Claim] = (),
    candidates: Iterable[Claim] = (),
    remarks: Iterable[str] = (),
) -> Path:
    """A case folder from plain data, with its documents and claims; ``remarks`` become comment lines at the top."""
    head = "".join(f"# {' '.join(remark.split())}\n" for remark in remarks)
    path = _folder(Path(folder), f"{head}{block(data)}\n")
    for source in sources:
        write_source(path, source)
    write_claims(path / CLAIMS, claims)
    proposed = tuple(candidates)
    if proposed:
        write_claims(path / CANDIDATES, proposed)
    return path


def write_source(folder: Path | str, source: Source) -> Path:
    """Write one document with its header; its text reads back code point for code point."""
    if not source_name(source.id):
        raise CaseFileError.of("source-name", Place(f"{FOLDER}/{source.id}.md"), name=shown(source.id))
    path = inside(Path(folder), f"{FOLDER}/{source.id}.md")
    _make(path.parent)
    header = source.header.model_dump(exclude_unset=True)
    lines = "".join(f"{key}: {inline(value)}\n" for key, value in header.items())
    write_text_atomic(path, f"{RULE}\n{lines}{RULE}\n\n{source.text}")
    return path


def _folder(folder: Path, text: str) -> Path:
    if (folder / CASE).exists() or (folder.exists() and not folder.is_dir()):
        raise CaseFileError.of("case-exists", Place(CASE), folder=folder.name)
    _make(folder / FOLDER)
    _ignore(folder / ".gitignore")
    if not (folder / CLAIMS).exists():
        write_text_atomic(folder / CLAIMS, "")
    # Last, because a folder counts as a case once it has this file.
    write_text_atomic(folder / CASE, text)
    return folder


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CaseFileError.of(
            "file-write", Place(folder.name), name=folder.name, reason=reason(error)
        ) from None


def _ignore(path: Path) -> None:
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    missing = [name for name in IGNORED if name not in old.splitlines()]
    if missing:
        start = old if not old or old.endswith("\n") else f"{old}\n"
        write_text_atomic(path, start + "".join(f"{name}\n" for name in missing))
