"""One job of a sweep: one forecast, from files that travel with it, so that any machine works out the same.

A job holds everything that determines its row; its key is the digest of that. It is worked out on a copy of the case's
files made for it alone: what is on the worker's own disk, and what is written into the case meanwhile, plays no part.
"""

import hashlib
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from zopa.case.case import Case
from zopa.case.folder import CASE, read_case
from zopa.case.private import PRIVATE
from zopa.case.variants import Change, varied
from zopa.claims.files import MOST_LINES, inside, read_bytes
from zopa.claims.jsonl import CANDIDATES, CLAIMS
from zopa.claims.reviews import REVIEWS
from zopa.errors import CaseFileError, Problem, ZopaError
from zopa.forecasting._chain import FORECASTS, LAST, canonical
from zopa.forecasting._replay_days import fixed_date, on_day
from zopa.forecasting.baserate import NAMES
from zopa.forecasting.forecast import forecast
from zopa.forecasting.ledger import SALT, digest
from zopa.words import LANGUAGES
from zopa.workers import Row

VERSION = version("zopa")
SOURCES = "sources"
_FILES = (CASE, PRIVATE, SALT, CLAIMS, CANDIDATES, REVIEWS, FORECASTS, LAST)
_KEPT: dict[str, Case] = {}
"""The case read last in this process: the jobs of a case follow each other."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A case as it travels: its name, the digest of what it says, and its files, compressed."""

    name: str
    digest: str
    files: Mapping[str, bytes] = field(repr=False)

    @contextmanager
    def folder(self) -> Iterator[Path]:
        """The files in a folder that only this user can read, and that is gone afterwards."""
        with TemporaryDirectory(prefix="zopa-sweep-") as home:
            folder = Path(home, self.name)
            folder.mkdir()
            for name, data in self.files.items():
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(zlib.decompress(data))
            yield folder


@dataclass(frozen=True, slots=True)
class Job:
    """One forecast to be made: of which case, on the record of which day, with which changes, from which seed."""

    packed: Packed = field(repr=False)
    day: date
    variant: str | None
    changes: tuple[Change, ...]
    seed: int
    draws: int
    plays: int
    after_moves: bool
    version: str

    def names(self) -> dict[str, Any]:
        """What a row says of its job."""
        return {
            "case": self.packed.name,
            "digest": self.packed.digest,
            "day": self.day.isoformat(),
            "variant": self.variant,
            "seed": self.seed,
            "draws": self.draws,
            "plays": self.plays,
            "after_moves": self.after_moves,
            "version": self.version,
        }

    @property
    def key(self) -> str:
        """Digest of everything that determines the row."""
        changes = [change.model_dump(mode="json", exclude_unset=True) for change in self.changes]
        return hashlib.sha256(canonical({**self.names(), "changes": changes}).encode()).hexdigest()


def packed(case: Case) -> Packed:
    """The files of a case that a forecast reads; what only this desk knows enters the digest with its secret salt."""
    folder = case.folder
    if folder is None:
        raise ValueError("sweep: a case has no folder: save it as one first")
    marks = digest(case)
    found = {name: path for name in _FILES if (path := inside(folder, name)).exists()}
    for path in sorted((folder / SOURCES).rglob("*")):
        if path.is_file():
            name = path.relative_to(folder).as_posix()
            found[name] = inside(folder, name)
    files = {name: read_bytes(path, name, most=MOST_LINES) for name, path in found.items()}
    more = {
        name: hashlib.sha256(files[name]).hexdigest() for name in (CANDIDATES, FORECASTS) if name in files
    }
    whole = hashlib.sha256(canonical({**marks, **more}).encode()).hexdigest()
    return Packed(folder.resolve().name, whole, {name: zlib.compress(data) for name, data in files.items()})


def done(job: Job, threads: int = 0) -> Row:
    """The row of a job, on so many ``threads`` (0: as they are); what stands in the way of it is its row's problems.

    ``CaseFileError`` where this machine has another version of zopa: its numbers would not be those asked for.
    """

    if job.version != VERSION:
        raise CaseFileError.of("sweep-version", ours=job.version, theirs=VERSION)
    row = {"key": job.key, **job.names()}
    try:
        with job.packed.folder() as folder, _on_threads(threads):
            return {**row, "questions": _questions(job, folder), "problems": []}
    except ZopaError as error:
        return {**row, "questions": [], "problems": told(error.problems)}


def told(problems: Sequence[Problem]) -> list[dict[str, Any]]:
    """Problems as a row holds them: code, place and message, in both languages."""
    return [
        {"code": p.code, "place": str(p.place), "message": {lang: p.message(lang) for lang in LANGUAGES}}
        for p in problems
        if p.severity == "error"
    ]


def _questions(job: Job, folder: Path) -> list[dict[str, Any]]:
    whole = _read(job.packed.digest, folder)
    meant = varied(whole, job.changes) if job.changes else whole
    then = on_day(fixed_date(meant), job.day)
    made = forecast(then, draws=job.draws, plays=job.plays, seed=job.seed, after_moves=job.after_moves)
    out = []
    for k, row in enumerate(made.rows()):
        # The first four are the same facts in every case, whatever its own questions call them.
        fact = NAMES[k] if k < len(NAMES) else None
        numbers = {name: asdict(row.chance)[name] for name in ("value", "low", "high", "zero", "verdict")}
        out.append({"name": row.name, "fact": fact, "kind": row.kind, "by": row.by.isoformat(), **numbers})
    return out


def _read(mark: str, folder: Path) -> Case:
    case = _KEPT.get(mark)
    if case is None:
        case = read_case(folder)
        _KEPT.clear()
        _KEPT[mark] = case
    return replace(case, folder=folder)


@contextmanager
def _on_threads(threads: int) -> Iterator[None]:
    """Compiled work of this thread on its share of the machine; the number changes no digit of any result."""
    if not threads:
        yield
        return
    import numba

    before = numba.get_num_threads()
    most: int = vars(numba.config)["NUMBA_NUM_THREADS"]
    numba.set_num_threads(min(threads, most))
    try:
        yield
    finally:
        numba.set_num_threads(before)
