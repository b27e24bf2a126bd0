"""A file of sealed records that is only ever added to: every change to what stands in it is found, and where.

Each line is one record as canonical JSON with its number, the seal of the line before and its own seal: the sha256 of
that seal and of the record. Beside the file a small note holds number and seal of the last record confirmed as saved,
so that lines cut off the end are missed. Who can write both files can make a new history; against that only a seal
noted elsewhere helps. One writer at a time holds the file's lock. What a killed writer left of a line without its end
was never confirmed: it is kept in a file of its own, and the next record begins on a line of its own.
"""

import fcntl
import hashlib
import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zopa.claims.files import MOST_LINES, append_line, inside, read_bytes, reason, write_text_atomic
from zopa.claims.lines import Lines
from zopa.errors import CaseFileError, Place, Problem

FORECASTS, LAST, TORN = "forecasts.jsonl", "forecasts.last", "forecasts.torn"
START = "0" * 64
"""Stands for the seal before the first record."""
WAIT = 10.0
"""Seconds a writer waits for another one to finish; a record takes some thousandths."""
_OWN = ("n", "before", "seal")


def canonical(value: object) -> str:
    """The one text of a record: keys in order, no blanks, Chinese readable, and no character that cuts a line."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("\x85", "\\u0085")


def seal(before: str, n: int, content: Mapping[str, Any]) -> str:
    """sha256 of the seal before, and of number and content of a record."""
    return hashlib.sha256(f"{before}\n{canonical({'n': n, **content})}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Sealed:
    """One record as it stands in the file: its number, its seal, what it says."""

    n: int
    seal: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Chain:
    """What a file holds: records in order, what is wrong with them, and the bytes of a line that was torn off."""

    records: tuple[Sealed, ...] = ()
    problems: tuple[Problem, ...] = ()
    torn: bytes = b""

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Problems that mean that the file is not what was saved."""
        return tuple(p for p in self.problems if p.severity == "error")


@dataclass(frozen=True, slots=True)
class Appended:
    """The records added, and whether something that a killed writer had left was set aside before."""

    records: tuple[Sealed, ...]
    torn: bool


def read_chain(folder: Path) -> Chain:
    """The records of a case's ledger, each checked; an empty chain where there is no ledger."""
    path = inside(folder, FORECASTS)
    if not path.exists():
        return _checked(Lines(FORECASTS, ""), b"", _last(folder))
    with _locked(path, write=False):
        return _read(folder, path)


def append(folder: Path, contents: Sequence[Mapping[str, Any]]) -> Appended:
    """Add records; they are on disk when this returns. ``CaseFileError`` where the ledger is not what was saved."""
    path = inside(folder, FORECASTS)
    with _locked(path, write=True):
        chain = _read(folder, path)
        if chain.errors:
            raise CaseFileError(chain.errors)
        if chain.torn:
            _set_aside(folder, path, chain.torn)
        for name in (LAST, TORN):
            for left in folder.glob(f".{name}.*.part"):
                left.unlink()  # a killed writer's: nobody else writes while the lock is held
        made: list[Sealed] = []
        n, before = (chain.records[-1].n, chain.records[-1].seal) if chain.records else (0, START)
        lines: list[str] = []
        for content in contents:
            n, at = n + 1, before
            before = seal(at, n, content)
            made.append(Sealed(n, before, content))
            lines.append(canonical({**content, "n": n, "before": at, "seal": before}))
        if lines:
            append_line(path, "\n".join(lines))
            # Killed before this, the note lags behind: it must be true of the file, not name its end.
            write_text_atomic(folder / LAST, canonical({"n": n, "seal": before}) + "\n")
    return Appended(tuple(made), bool(chain.torn))


@contextmanager
def _locked(path: Path, *, write: bool) -> Iterator[None]:
    """Hold the lock of the ledger: alone to write, with other readers to read."""
    place = Place(path.name)
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT if write else os.O_RDONLY, 0o666)
    except OSError as error:
        code = "file-write" if write else "file-unreadable"
        raise CaseFileError.of(code, place, name=path.name, reason=reason(error)) from None
    try:
        until = time.monotonic() + WAIT
        while True:
            try:
                fcntl.flock(handle, (fcntl.LOCK_EX if write else fcntl.LOCK_SH) | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise CaseFileError.of("ledger-busy", place, seconds=f"{WAIT:g}") from None
                time.sleep(0.01)
        yield
    finally:
        os.close(handle)


def _read(folder: Path, path: Path) -> Chain:
    data = read_bytes(path, FORECASTS, most=MOST_LINES)
    whole = data.rfind(b"\n") + 1
    # A byte that is no UTF-8 changes its line, and so is found with its seal.
    return _checked(Lines(FORECASTS, data[:whole].decode("utf-8", "replace")), data[whole:], _last(folder))


def _last(folder: Path) -> tuple[int, str] | Problem | None:
    """Number and seal of the last record confirmed as saved; None where nothing was noted."""
    path = inside(folder, LAST)
    if not path.exists():
        return None
    try:
        found = json.loads(read_bytes(path, LAST, most=1000))
        return int(found["n"]), str(found["seal"])
    except (ValueError, KeyError, TypeError):
        return Problem("ledger-note", Place(LAST), {"name": LAST})


def _set_aside(folder: Path, path: Path, torn: bytes) -> None:
    """Keep what was torn off in a file of its own, then cut it off the ledger: killed between, it is kept twice."""
    aside = inside(folder, TORN)
    kept = read_bytes(aside, TORN, most=MOST_LINES) if aside.exists() else b""
    write_text_atomic(aside, (kept + torn).decode("utf-8", "replace") + "\n")
    size = path.stat().st_size - len(torn)
    handle = os.open(path, os.O_RDWR)
    try:
        os.ftruncate(handle, size)
        os.fsync(handle)
    except OSError as error:
        raise CaseFileError.of("file-write", Place(path.name), name=path.name, reason=reason(error)) from None
    finally:
        os.close(handle)


# ---- checking --------------------------------------------------------------------------------------------------------


def _checked(lines: Lines, torn: bytes, last: tuple[int, str] | Problem | None) -> Chain:
    records: list[Sealed] = []
    problems: list[Problem] = []
    spans = {
        start: stop for start, stop in zip(lines.starts, lines.stops, strict=True) if start < len(lines.text)
    }
    n, before = 0, START
    where: dict[int, tuple[int, int]] = {}
    for span in spans.items():
        text = lines.text[slice(*span)]
        found = _record(text)
        if found is None:
            problems.append(lines.problem("ledger-form", span))
            n, before = n + 1, ""  # what follows it can be told by its number only
            where[n] = span
            continue
        content = {key: value for key, value in found.items() if key not in _OWN}
        ended = lines.text[span[1] : span[1] + 1]
        if (
            ended == "\r"
            or canonical(found) != text
            or seal(found["before"], found["n"], content) != found["seal"]
        ):
            problems.append(lines.problem("ledger-changed", span, n=found["n"]))
        elif found["n"] != n + 1 or before not in ("", found["before"]):
            code = "ledger-link" if n else "ledger-first"
            problems.append(lines.problem(code, span, n=found["n"], before=n))
        n, before = found["n"], found["seal"]
        where[n] = span
        records.append(Sealed(n, before, content))
    problems += _against(last, records, lines, where)
    if torn:
        tail = Lines(FORECASTS, torn.decode("utf-8", "replace"), first=len(spans) + 1)
        found_torn = tail.problem("ledger-torn", (0, len(tail.text)), name=TORN)
        problems.append(
            Problem(
                "ledger-torn",
                found_torn.place,
                found_torn.values,
                found_torn.excerpt,
                found_torn.shift,
                "warning",
            )
        )
    return Chain(tuple(records), tuple(problems), torn)


def _record(text: str) -> dict[str, Any] | None:
    """The record on a line, or None where there is none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not isinstance(found.get("n"), int):
        return None
    return found if all(isinstance(found.get(key), str) for key in ("before", "seal")) else None


def _against(
    last: tuple[int, str] | Problem | None,
    records: Sequence[Sealed],
    lines: Lines,
    where: Mapping[int, tuple[int, int]],
) -> Iterator[Problem]:
    """What the note of the last confirmed record finds: lines cut off the end, or another end."""
    if isinstance(last, Problem):
        yield last
    elif last is None:
        if len(records) > 1:
            # After the first record alone a killed writer may not have come to note it.
            yield Problem("ledger-note-missing", Place(LAST), {"name": LAST}, severity="warning")
    elif last[0] not in where:
        end = records[-1].n if records else 0
        place = lines.problem("ledger-short", where[end]).place if records else Place(FORECASTS)
        yield Problem("ledger-short", place, {"n": last[0], "end": end})
    elif any(r.n == last[0] and r.seal != last[1] for r in records):
        yield lines.problem("ledger-end", where[last[0]], n=last[0])
