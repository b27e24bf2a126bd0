"""Files of a case folder: read within limits, written whole or not at all, never outside the folder."""

import errno
import os
import secrets
import stat
from pathlib import Path

from zopa.claims.lines import Lines, Said
from zopa.errors import CaseFileError, Place

MOST_YAML = 4_000_000
"""Bytes of a YAML file: a case of 500 entries has about 100,000."""
MOST_TEXT = 20_000_000
"""Bytes of a source text."""
MOST_LINES = 200_000_000
"""Bytes of a file with one record a line."""


def label(folder: Path, path: Path) -> str:
    """How a file of the case is named in a problem: its path below the folder."""
    try:
        return path.relative_to(folder).as_posix()
    except ValueError:
        return path.name


def inside(folder: Path, name: str) -> Path:
    """The path of a file of the case; a name or a link that leads out of the folder is refused."""
    path = folder / name
    try:
        home, where = folder.resolve(), path.resolve()
    except (OSError, RuntimeError):
        raise CaseFileError.of(
            "file-unreadable", Place(name), name=name, reason=Said("checks.link-loop")
        ) from None
    if where != home and home not in where.parents:
        raise CaseFileError.of("file-outside", Place(name), name=name)
    return path


def read_lines(folder: Path, name: str, *, most: int) -> Lines:
    """A file of the case as UTF-8 text, line ends untouched; ``CaseFileError`` says what stands in the way."""
    path = inside(folder, name)
    data = read_bytes(path, name, most=most)
    try:
        return Lines(name, data.decode("utf-8"))
    except UnicodeDecodeError as error:
        before = len(data[: error.start].decode("utf-8"))
        lines = Lines(name, data.decode("utf-8", "replace"))
        guess = _guess(data)
        hint = Said("checks.encoding-guess", name=guess) if guess else Said("checks.encoding-any")
        raise CaseFileError(
            [
                lines.problem(
                    "file-encoding", (before, before + 1), byte=f"{data[error.start]:02X}", guess=hint
                )
            ]
        ) from None


def read_bytes(path: Path, name: str, *, most: int) -> bytes:
    """The bytes of a regular file no larger than ``most``."""
    place = Place(name)
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise CaseFileError.of("file-not-regular", place, name=name)
        if found.st_size > most:
            raise CaseFileError.of(
                "file-size", place, size=f"{found.st_size / 1e6:,.1f}", most=f"{most / 1e6:,.0f}"
            )
        with path.open("rb") as handle:
            return handle.read(most + 1)
    except OSError as error:
        raise CaseFileError.of("file-unreadable", place, name=name, reason=reason(error)) from None


def _guess(data: bytes) -> str | None:
    """The encoding a text probably has, from its mark or because it decodes to Chinese."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    for encoding in ("gb18030", "big5"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        wide = [c for c in text if not c.isascii()]
        if wide and sum(
            "\u4e00" <= c <= "\u9fff" or c in "，。：；、“”《》（）？！" for c in wide
        ) > 0.9 * len(wide):
            return encoding.upper()
    return None


def reason(error: OSError) -> Said:
    """Why the system refused, in words."""
    kinds = {
        errno.ENOSPC: "disk-full",
        errno.EDQUOT: "disk-full",
        errno.EACCES: "no-permission",
        errno.EPERM: "no-permission",
        errno.EROFS: "read-only",
        errno.ENOENT: "vanished",
        errno.ENOTDIR: "vanished",
        errno.EISDIR: "is-folder",
        errno.ELOOP: "link-loop",
        errno.ENAMETOOLONG: "name-too-long",
    }
    kind = kinds.get(error.errno or 0)
    if kind is not None:
        return Said(f"checks.{kind}")
    return Said("checks.system-says", name=errno.errorcode.get(error.errno or 0, str(error.errno)))


# ---- writing -----------------------------------------------------------------------------------------------------


def write_text_atomic(path: Path, text: str, *, mode: int = 0o666) -> None:
    """Replace a file by a new text so that a reader sees the old one or the new one, never a part.

    ``mode`` holds for new files, less the umask; an existing file keeps its own.
    """
    # A link keeps pointing where it did: its target is what is replaced.
    path = path.resolve()
    part = path.with_name(f".{path.name}.{secrets.token_hex(6)}.part")
    try:
        try:
            keep = stat.S_IMODE(path.stat().st_mode)
        except FileNotFoundError:
            keep = None
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        try:
            _write_all(handle, text.encode("utf-8"))
            if keep is not None:
                os.chmod(part, keep)
            os.fsync(handle)
        finally:
            os.close(handle)
        os.replace(part, path)
        _sync_folder(path.parent)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise CaseFileError.of("file-write", Place(path.name), name=path.name, reason=reason(error)) from None


def append_line(path: Path, line: str) -> None:
    """Add one record to a file with one record a line: on disk when this returns, or not there at all.

    A file whose last line was torn off is refused, so that the torn record is not glued to the new one.
    """
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o666)
        try:
            size = os.fstat(handle).st_size
            if size and os.pread(handle, 1, size - 1) != b"\n":
                raise CaseFileError.of("line-torn", Place(path.name), name=path.name)
            try:
                _write_all(handle, f"{line}\n".encode())
                os.fsync(handle)
            except OSError:
                os.ftruncate(handle, size)
                raise
        finally:
            os.close(handle)
        if not size:
            _sync_folder(path.parent)
    except OSError as error:
        raise CaseFileError.of("file-write", Place(path.name), name=path.name, reason=reason(error)) from None


def _write_all(handle: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(handle, left) :]


def _sync_folder(folder: Path) -> None:
    """Make a new name last through a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
