"""A pile of documents into a case: any number of them, in parallel, taken up where it stopped, in constant memory.

What a document gave is on disk before the next batch is begun: the document under ``sources/``, its claims behind
those that wait in ``candidates.jsonl``, and a line in ``readings.jsonl`` that says so. A document with such a line is
not read again. Where it ran changes nothing: the same files give the same claims in the same order.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from zopa.case.new import write_source
from zopa.case.record import put_candidates
from zopa.case.sources import FOLDER, SUFFIXES
from zopa.claims.claim import Claim
from zopa.claims.files import append_line, inside, reason
from zopa.claims.jsonl import CANDIDATES, claim_lines
from zopa.claims.source import Source, split_header
from zopa.dossier.intake.files import File, found
from zopa.dossier.intake.quarantine import borrowed, close_all
from zopa.dossier.into import source_id, source_of
from zopa.dossier.own_words import words_of
from zopa.dossier.readers import BY_RULES, KEY, Asked, reader_of, unaligned_of
from zopa.errors import CaseFileError, Place, Problem, ZopaError
from zopa.workers import TRIES, On, Row, backend, stream

READINGS = "readings.jsonl"
UNALIGNED = "unaligned.jsonl"
"""What a language model said of the documents and their texts do not bear out; never part of a case."""
BATCH_BYTES = 32_000_000
"""Bytes of documents that are under way at a time."""
BATCH = 32
"""Documents a worker that are under way at a time."""
Told = Callable[[int, int], None]
"""Told how many documents and how many bytes of them are done."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One document of a pile: what came of it. ``claims`` are new ones; ``known`` was read before."""

    name: str
    source: str | None = None
    language: str | None = None
    published: date | None = None
    characters: int = 0
    claims: int = 0
    known: bool = False
    unaligned: int = 0
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """One document on its way to a worker."""

    key: str
    name: str
    id: str
    data: bytes = field(repr=False)
    published: date | None
    today: date
    asked: Asked


def read_pile(
    paths: Sequence[Path],
    into: Path | None = None,
    *,
    published: date | None = None,
    today: date | None = None,
    reader: Asked = BY_RULES,
    on: On = "processes",
    address: str | None = None,
    workers: int | None = None,
    progress: Told | None = None,
) -> Iterator[Reading]:
    """Reads files, folders and archives, and gives what came of each document as soon as it is on disk.

    ``into`` is the case that gets the documents and their claims as candidates; without it nothing is written.
    ``reader`` says which readers read. ``published`` counts for documents that do not say themselves when they
    appeared. A file that cannot be read is given with its ``problems``, and the others are read. ``CaseFileError``:
    another reading of the same case is under way, its files cannot be written, a cluster does not answer.
    """
    if workers is not None and workers < 1:
        raise ValueError(f"read_pile: workers is {workers}, but must be at least 1")
    day = today or date.today()
    if into is not None:
        reader = replace(reader, words=words_of(into))
    with (
        _shelf(into, reader) as shelf,
        _closing_quarantines(),
        backend(_read, on, address=address, workers=workers) as made,
    ):
        done = size = 0
        for batch in _batches(paths, shelf, published, day, BATCH * (workers or 2)):
            jobs = [item for item in batch if isinstance(item, Job)]
            lost: list[Row] = []
            rows: dict[str, Row] = {}

            def given_up(job: Job, lost: list[Row] = lost) -> None:
                problem = Problem("workers-gave-up", Place(job.name), {"n": TRIES})
                lost.append({"key": job.key, "problems": (problem,)})

            if jobs:
                with closing(stream(jobs, made, lambda n: None, given_up)) as answers:
                    rows = {row["key"]: row for row in answers}
                rows |= {row["key"]: row for row in lost}
            for item in batch:
                reading = shelf.put(item, rows[item.key]) if isinstance(item, Job) else item
                done, size = done + 1, size + (len(item.data) if isinstance(item, Job) else 0)
                if progress is not None:
                    progress(done, size)
                yield reading


@contextmanager
def _closing_quarantines() -> Iterator[None]:
    try:
        yield
    finally:
        close_all()


def _batches(
    paths: Sequence[Path], shelf: "_Shelf", published: date | None, today: date, most: int
) -> Iterator[list[Job | Reading]]:
    """What is there, in its order: jobs for documents to read, and readings of those that need none."""
    batch: list[Job | Reading] = []
    size = jobs = 0
    for item in found(paths):
        made = _asked(item, shelf, published, today, len(batch))
        batch.append(made)
        if isinstance(made, Job):
            size, jobs = size + len(made.data), jobs + 1
        if jobs >= most or size >= BATCH_BYTES or len(batch) >= 8 * most:
            yield batch
            batch, size, jobs = [], 0, 0
    if batch:
        yield batch


def _asked(
    item: File | Problem, shelf: "_Shelf", published: date | None, today: date, number: int
) -> Job | Reading:
    if isinstance(item, Problem):
        return Reading(item.place.file or "", problems=(item,))
    try:
        data = item.read()
    except ZopaError as error:
        return Reading(item.name, problems=tuple(error.problems))
    if shelf.seen(data):
        return Reading(item.name, known=True)
    id_ = shelf.id_for(item.name, data)
    return Job(str(number), item.name, id_, data, published, today, shelf.asked)


# ---- in a worker -----------------------------------------------------------------------------------------------


def _read(job: Job, threads: int) -> Row:
    """The source and the claims of a document, or the problems with it."""
    try:
        with borrowed() as quarantine:
            source = source_of(job.name, job.data, quarantine, today=job.today)
        header = source.header
        if header.published is None and job.published is not None:
            header = header.model_copy(update={"published": job.published})
        source = source.model_copy(update={"id": job.id, "header": header})
        read = reader_of(job.asked, key=os.environ.get(KEY))
        claims = read(source)
        unaligned = tuple(asdict(said) for said in unaligned_of(read))
        return {"key": job.key, "source": source, "claims": claims, "unaligned": unaligned}
    except ZopaError as error:
        problems = tuple(_at(problem, job.name) for problem in error.problems)
        return {"key": job.key, "problems": problems}


def _at(problem: Problem, name: str) -> Problem:
    """The problem at its document, also where only its file name was known."""
    place = problem.place
    moved = Place(name, place.line, place.start, place.stop)
    return Problem(problem.code, moved, problem.values, problem.excerpt, problem.shift, problem.severity)


# ---- on disk ---------------------------------------------------------------------------------------------------


class _Shelf:
    """Where the documents of a pile go, and which are there already. Digests are kept by their first eight bytes."""

    def __init__(self, folder: Path | None, asked: Asked) -> None:
        self.folder = folder
        self.asked = asked
        self.digests: set[int] = set()
        self.texts: set[int] = set()
        self.unfinished: dict[int, str] = {}
        self.taken: set[str] = set()
        if folder is not None:
            self._load(folder)

    def _load(self, folder: Path) -> None:
        path = inside(folder, READINGS)
        if path.exists():
            with path.open(encoding="utf-8") as lines:
                for number, line in enumerate(lines, 1):
                    self._note(line, number)
        # Sources without such a line were read by other means, or the reading was cut off between the two.
        home = inside(folder, FOLDER)
        for source in sorted(home.iterdir()) if home.is_dir() else ():
            if source.suffix in SUFFIXES:
                digest = _digest_of(source)
                if digest is not None and digest not in self.digests:
                    self.unfinished[digest] = source.stem

    def _note(self, line: str, number: int) -> None:
        try:
            told = json.loads(line)
            if told["reader"] == self.asked.name:
                self.digests.add(_short(told["bytes_sha256"]))
                self.texts |= _carried(told["sha256"], told.get("outlet"))
        except (ValueError, KeyError, TypeError):
            raise CaseFileError.of("reading-line", Place(READINGS, number)) from None

    def seen(self, data: bytes) -> bool:
        """Whether these bytes have been read, or are being read in this pile; from now on they are."""
        digest = _short(hashlib.sha256(data).hexdigest())
        if digest in self.digests:
            return True
        self.digests.add(digest)
        return False

    def put(self, job: Job, row: Row) -> Reading:
        """Put a document and its claims into the case, in this order: whatever happens, none is claimed to be read
        that is not."""
        if "source" not in row:
            return Reading(job.name, problems=row["problems"])
        source: Source = row["source"]
        claims: tuple[Claim, ...] = row["claims"]
        # What another outlet carries word for word is read as its own: who carried it belongs to the record.
        carried = _carried(source.sha256, None if source.header.outlet is None else source.outlet)
        known = carried <= self.texts
        self.texts |= carried
        if self.folder is not None:
            self._keep(self.folder, source, claims, row["unaligned"], known=known)
        header = source.header
        return Reading(
            name=job.name,
            source=source.id,
            language=header.language,
            published=header.published,
            characters=len(source.text),
            claims=0 if known else len(claims),
            known=known,
            unaligned=len(row["unaligned"]),
        )

    def _keep(
        self,
        folder: Path,
        source: Source,
        claims: tuple[Claim, ...],
        unaligned: tuple[Mapping[str, str], ...],
        *,
        known: bool,
    ) -> None:
        if not known:
            if self.unfinished.get(_short(source.header.bytes_sha256 or "")) == source.id:
                put_candidates(folder, claims)
            else:
                write_source(folder, source)
                if claims:
                    append_line(inside(folder, CANDIDATES), claim_lines(claims).rstrip("\n"))
            if unaligned:
                lines = "\n".join(json.dumps(said, ensure_ascii=False) for said in unaligned)
                append_line(inside(folder, UNALIGNED), lines)
        line = {
            "source": source.id,
            "bytes_sha256": source.header.bytes_sha256,
            "sha256": source.sha256,
            "outlet": None if source.header.outlet is None else source.outlet,
            "reader": self.asked.name,
            "claims": 0 if known else len(claims),
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        append_line(inside(folder, READINGS), json.dumps(line, ensure_ascii=False))

    def id_for(self, name: str, data: bytes) -> str:
        """The id of a document's source: made of its name, with a number behind it where that is taken."""
        unfinished = self.unfinished.get(_short(hashlib.sha256(data).hexdigest()))
        if unfinished is not None:
            return unfinished
        stem = source_id(name)
        out, k = stem, 1
        while out in self.taken or self._there(out):
            k += 1
            out = f"{stem}-{k}"
        self.taken.add(out)
        return out

    def _there(self, id_: str) -> bool:
        home = self.folder
        return home is not None and any((home / FOLDER / f"{id_}{suffix}").exists() for suffix in SUFFIXES)


@contextmanager
def _shelf(folder: Path | None, asked: Asked) -> Iterator[_Shelf]:
    if folder is None:
        yield _Shelf(None, asked)
        return
    path = inside(folder, READINGS)
    try:
        with path.open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise CaseFileError.of("reading-busy", Place(READINGS), folder=folder.name) from None
            yield _Shelf(folder, asked)
    except OSError as error:
        raise CaseFileError.of("file-write", Place(READINGS), name=READINGS, reason=reason(error)) from None


def _carried(text: str, outlet: str | None) -> set[int]:
    """Keys of a text and, where that is told, of the outlet with it; a text is known if all its keys are."""
    return {_short(text)} | (
        {_short(hashlib.sha256(f"{text} {outlet}".encode()).hexdigest())} if outlet else set()
    )


def _short(digest: str) -> int:
    return int(digest[:16] or "0", 16)


def _digest_of(path: Path) -> int | None:
    """The digest of a source's original bytes, from its header; None where it has none."""
    with path.open("rb") as handle:
        head = handle.read(8_192).decode("utf-8", "replace")
    top, _, _ = split_header(head)
    for line in (top or "").splitlines():
        key, _, value = line.partition(":")
        if key == "bytes_sha256":
            return _short(value.strip().strip("\"'"))
    return None
