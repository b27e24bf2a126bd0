"""The case on the desk: its folder as it is at this moment, read anew whenever a file of it has changed."""

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Self

from zopa.case.case import Case
from zopa.case.folder import CASE, read
from zopa.case.private import PRIVATE
from zopa.case.sources import FOLDER as SOURCES
from zopa.case.variants import FOLDER as VARIANTS
from zopa.claims.jsonl import CANDIDATES, CLAIMS
from zopa.claims.reviews import REVIEWS
from zopa.errors import CaseFileError, Problem

FILES = (CASE, PRIVATE, CLAIMS, CANDIDATES, REVIEWS, "forecasts.jsonl", "judgements.jsonl")
KEPT = 12
"""Days of the record that are kept in memory."""


@dataclass(frozen=True)
class Opened:
    """What the folder holds: the case (None where it cannot be read), all problems, and a stamp of its files."""

    stamp: str
    case: Case | None
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep the case from being worked with."""
        return tuple(p for p in self.problems if p.severity == "error")

    def showing(self, case: Case) -> Self:
        """The same folder with the case as it was on another day."""
        return replace(self, case=case)


class Desk:
    """One case folder, as the pages see it. ``example``: a case that ships with zopa, which nobody writes to."""

    def __init__(self, folder: Path, *, example: bool = False) -> None:
        self.folder = folder
        self.example = example
        self.writing = threading.Lock()
        """Held while something is written: one change at a time."""
        self._lock = threading.Lock()
        self._now: Opened | None = None
        self._days: OrderedDict[tuple[str, date], Case] = OrderedDict()

    def now(self) -> Opened:
        """The folder as it is; read only where a file has changed since."""
        with self._lock:
            stamp = stamp_of(self.folder)
            if self._now is None or self._now.stamp != stamp:
                case, found = read(self.folder)
                self._now = Opened(stamp, case, found)
            return self._now

    def case(self, as_of: date | None = None) -> Case:
        """The case, on the record of an earlier day where one is asked for; ``CaseFileError`` if it has errors."""
        opened = self.now()
        if opened.case is None or opened.errors:
            raise CaseFileError(opened.errors)
        if as_of is None or as_of == opened.case.file.as_of:
            return opened.case
        key = (opened.stamp, as_of)
        with self._lock:
            if key not in self._days:
                self._days[key] = opened.case.as_of(as_of)
                while len(self._days) > KEPT:
                    self._days.popitem(last=False)
            return self._days[key]


def stamp_of(folder: Path) -> str:
    """A digest of names, sizes and times of a case's files: another one means that something was written."""
    told = hashlib.sha256()
    paths = [folder / name for name in FILES]
    for below in (SOURCES, VARIANTS):
        home = folder / below
        paths += sorted(home.iterdir()) if home.is_dir() else []
    for path in paths:
        try:
            found = path.stat()
        except OSError:
            continue
        told.update(f"{path.name}\0{found.st_size}\0{found.st_mtime_ns}\0".encode())
    return told.hexdigest()[:20]
