"""The folder of a sweep: a line a finished job, on disk as soon as it is done, and the tables made of them.

One sweep at a time holds the folder's lock. A row counts by its key, once, however often its job was done; a line that
a killed sweep left without its end is cut off, and its job done again.
"""

import csv
import fcntl
import io
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zopa.claims.files import MOST_LINES, append_line, read_bytes, reason, write_text_atomic
from zopa.claims.lines import Lines
from zopa.errors import CaseFileError, Place, Problem
from zopa.forecasting._chain import canonical
from zopa.workers import Row

ROWS, LOCK, CSV, JSON = "rows.jsonl", "sweep.lock", "sweep.csv", "sweep.json"
COLUMNS = ("case", "digest", "day", "variant", "seed", "question", "fact", "kind", "by")
NUMBERS = ("value", "low", "high", "zero", "verdict")


@dataclass(frozen=True, slots=True)
class Store:
    """A folder held by this sweep: the rows it had, by key."""

    folder: Path
    kept: dict[str, Row]

    def add(self, row: Row) -> bool:
        """Put a row on disk; False where its job had been done already."""
        if row["key"] in self.kept:
            return False
        append_line(self.folder / ROWS, canonical(row))
        self.kept[row["key"]] = row
        return True


@contextmanager
def opened(folder: Path) -> Iterator[Store]:
    """The folder, made where it is missing, for this sweep alone; ``CaseFileError`` where another one holds it, or a
    line that had been finished is no row any more."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        place = Place(folder.name)
        raise CaseFileError.of("file-write", place, name=folder.name, reason=reason(error)) from None
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CaseFileError.of("sweep-busy", Place(f"{folder.name}/{LOCK}"), folder=folder.name) from None
        for left in folder.glob(".sweep.*.part"):
            left.unlink()  # a killed sweep's: nobody else writes while the lock is held
        yield Store(folder, _rows(folder))
    finally:
        os.close(handle)


def _rows(folder: Path) -> dict[str, Row]:
    path = folder / ROWS
    if not path.exists():
        return {}
    data = read_bytes(path, ROWS, most=MOST_LINES)
    whole = data.rfind(b"\n") + 1
    if whole < len(data):
        _cut(path, whole)
    lines = Lines(ROWS, data[:whole].decode("utf-8", "replace"))
    found: dict[str, Row] = {}
    problems: list[Problem] = []
    for span in zip(lines.starts, lines.stops, strict=True):
        text = lines.text[slice(*span)]
        row = _row(text)
        if row is not None:
            found.setdefault(row["key"], row)
        elif text:
            problems.append(lines.problem("sweep-row", span))
    if problems:
        raise CaseFileError(problems)
    return found


def _cut(path: Path, size: int) -> None:
    try:
        handle = os.open(path, os.O_RDWR)
        try:
            os.ftruncate(handle, size)
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise CaseFileError.of("file-write", Place(ROWS), name=ROWS, reason=reason(error)) from None


def _row(text: str) -> Row | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    whole = isinstance(found, dict) and isinstance(found.get("key"), str)
    lists = whole and all(isinstance(found.get(name), list) for name in ("questions", "problems"))
    return found if lists else None


# ---- tables ----------------------------------------------------------------------------------------------------------


def order(row: Row) -> tuple[str, str, str, str, int]:
    """By case, day, variant, seed: the order of every table, whatever was done first."""
    return row["case"], row["digest"], row["day"] or "", row["variant"] or "", row["seed"] or 0


def write_tables(folder: Path, rows: Sequence[Row], parameters: Mapping[str, Any]) -> None:
    """``sweep.csv``, a line a question, and ``sweep.json``, each replaced as a whole."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow((*COLUMNS, *NUMBERS, "problem"))
    for row in rows:
        job = [row["case"], row["digest"], row["day"], row["variant"] or "", row["seed"]]
        for q in row["questions"]:
            named = [q["name"], q["fact"] or "", q["kind"], q["by"]]
            table.writerow([*job, *named, *(q[name] for name in NUMBERS), ""])
        for p in row["problems"]:
            blank = [""] * (len(COLUMNS) - len(job) + len(NUMBERS))
            at = f"{p['place']}: " if p["place"] else ""
            table.writerow([*job, *blank, f"{at}{p['message']['en']} [{p['code']}]"])
    write_text_atomic(folder / CSV, text.getvalue())
    whole = {"parameters": dict(parameters), "rows": list(rows)}
    write_text_atomic(folder / JSON, json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
