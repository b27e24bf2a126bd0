"""Which documents there are: single files, folders with all below them, and zip archives, without unpacking to disk."""

import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from zopa.claims.files import label, read_bytes, reason
from zopa.dossier.intake.formats import ARCHIVE, MOST_BYTES, SUFFIXES
from zopa.errors import DossierError, Place, Problem

MOST_ARCHIVE = 4_000_000_000
"""Bytes of an archive."""
MOST_MEMBERS = 200_000
"""Files in one archive; its directory alone takes a kilobyte of memory each."""
_BOMB = 200
"""Times its packed size that a large file may unpack to; texts reach about ten, tables of zeros a thousand."""
_LARGE = 5_000_000


@dataclass(frozen=True, slots=True)
class File:
    """A document that is there: its name below what was given, and how to get its bytes."""

    name: str
    read: Callable[[], bytes]
    """``CaseFileError`` or ``DossierError`` where it cannot be read."""


Found = File | Problem
"""A document, or what stands in the way of one."""


def found(paths: Sequence[Path]) -> Iterator[Found]:
    """The documents in files, folders and archives, in the order of their names; problems stand where they arose.

    Names that begin with a dot, and files of other kinds in folders and archives, are passed over. Links that lead out
    of a folder are not followed.
    """
    for path in paths:
        if path.is_dir():
            yield from _folder(path)
        else:
            yield from _single(path, path.name)


def other_kinds(paths: Sequence[Path]) -> int:
    """How many files of the folders given are of kinds that are not read."""
    return sum(
        _plain(path) and path.suffix.lower() not in (*SUFFIXES, ARCHIVE)
        for folder in paths
        if folder.is_dir()
        for path in folder.rglob("*")
        if not _hidden(path.relative_to(folder).parts)
    )


def _single(path: Path, name: str) -> Iterator[Found]:
    if path.suffix.lower() == ARCHIVE:
        yield from _archive(path, name)
    else:
        yield File(name, lambda: read_bytes(path, name, most=MOST_BYTES))


def _folder(folder: Path) -> Iterator[Found]:
    home = folder.resolve()
    for path in sorted(folder.rglob("*")):
        name = label(folder, path)
        if _hidden(path.relative_to(folder).parts) or path.suffix.lower() not in (*SUFFIXES, ARCHIVE):
            continue
        try:
            outside = path.is_symlink() and home not in path.resolve().parents
            if outside:
                yield Problem("file-outside", Place(name), {"name": name})
            elif stat.S_ISREG(path.stat().st_mode):
                yield from _single(path, name)
        except OSError as error:
            yield Problem("file-unreadable", Place(name), {"name": name, "reason": reason(error)})


def _hidden(parts: Sequence[str]) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in parts)


def _plain(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


# ---- archives --------------------------------------------------------------------------------------------------


def _archive(path: Path, name: str) -> Iterator[Found]:
    try:
        size = path.stat().st_size
        if size > MOST_ARCHIVE:
            values = {"size": f"{size / 1e6:,.1f}", "most": f"{MOST_ARCHIVE / 1e6:,.0f}"}
            yield Problem("file-size", Place(name), values)
            return
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) > MOST_MEMBERS:
                values = {"n": f"{len(members):,}", "most": f"{MOST_MEMBERS:,}"}
                yield Problem("archive-many", Place(name), values)
                return
            for member in sorted(members, key=_name):
                yield from _member(archive, member, name)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, UnicodeDecodeError, ValueError):
        yield Problem("archive-broken", Place(name), {"name": name})
    except OSError as error:
        yield Problem("file-unreadable", Place(name), {"name": name, "reason": reason(error)})


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, of: str) -> Iterator[Found]:
    inner = _name(member)
    parts = PurePosixPath(inner.replace("\\", "/")).parts
    suffix = PurePosixPath(inner).suffix.lower()
    if member.is_dir() or _hidden([part for part in parts if part != ".."]):
        return
    name = f"{of}/{inner}"
    place = Place(name)
    if not parts or ".." in parts or parts[0].startswith("/") or ":" in parts[0] or "\x00" in inner:
        yield Problem("archive-path", place, {"name": inner})
    elif suffix == ARCHIVE:
        yield Problem("archive-nested", place, {"name": inner})
    elif suffix in SUFFIXES:
        if member.flag_bits & 0x1:
            yield Problem("archive-locked", place, {"name": inner})
        elif stat.S_ISLNK(member.external_attr >> 16):
            yield Problem("file-not-regular", place, {"name": inner})
        else:
            yield File(name, lambda: _unpacked(archive, member, name))


def _name(member: zipfile.ZipInfo) -> str:
    """The name as its author wrote it: archives made on Chinese Windows name files in GBK and do not say so."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        raw = member.filename.encode("cp437")
    except UnicodeEncodeError:
        return member.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return member.filename


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> bytes:
    place = Place(name)
    packed = max(member.compress_size, 1)
    try:
        with archive.open(member) as handle:
            data = handle.read(MOST_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError):
        raise DossierError.of("archive-broken", place, name=name) from None
    if len(data) > MOST_BYTES or (len(data) > _LARGE and len(data) > _BOMB * packed):
        times = f"{max(len(data), member.file_size) / packed:,.0f}"
        raise DossierError.of("archive-bomb", place, times=times)
    return data
