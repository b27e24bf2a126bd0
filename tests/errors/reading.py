"""Problems of files that cannot be read: each maker brings one about and gives what is shown."""

import fcntl
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from unittest.mock import patch

from tests.dossier.making import archive, locked_archive, locked_pdf, pdf, word
from zopa.dossier import pile
from zopa.dossier.intake import files
from zopa.dossier.intake.quarantine import Quarantine
from zopa.dossier.model_reader.client import Endpoint
from zopa.dossier.pile import READINGS, read_pile
from zopa.errors import Place, Problem, ZopaError
from zopa.workers import Backend, Job, LostWorkersError, Row

DAY = date(2026, 2, 5)


def _told(folder: Path, into: Path | None = None) -> tuple[Problem, ...]:
    home = folder / "papers"
    home.mkdir(exist_ok=True)
    try:
        readings = list(read_pile([home], into, published=DAY, today=DAY, on="threads", workers=1))
    except ZopaError as error:
        return tuple(error.problems)
    return tuple(problem for reading in readings for problem in reading.problems)


def _file(name: str, data: bytes) -> Callable[[Path], Iterable[Problem]]:
    def made(folder: Path) -> Iterable[Problem]:
        home = folder / "papers"
        home.mkdir()
        (home / name).write_bytes(data)
        return _told(folder)

    return made


def _slow(folder: Path) -> Iterable[Problem]:
    with Quarantine(seconds=0.0) as quarantine:
        try:
            quarantine.page("article.docx", word(), "docx")
        except ZopaError as error:
            return [replace(problem, values={"seconds": 60}) for problem in error.problems]
    return ()


def _many(folder: Path) -> Iterable[Problem]:
    with patch.object(files, "MOST_MEMBERS", 2):
        return _file("articles.zip", archive({f"{k}.txt": b"x" for k in range(3)}))(folder)


def _line(folder: Path) -> Iterable[Problem]:
    (folder / READINGS).write_text('{"source": "gazette"}\n', encoding="utf-8")
    return _told(folder, folder)


def _busy(folder: Path) -> Iterable[Problem]:
    case = folder / "talks"
    case.mkdir()
    with (case / READINGS).open("a") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        return _told(folder, case)


def _gave_up(folder: Path) -> Iterable[Problem]:
    def run(jobs: Sequence[Job]) -> Generator[Row, None, None]:
        if any(job.key == "0" for job in jobs):
            raise LostWorkersError
        yield from ({"key": job.key, "problems": ()} for job in jobs)

    class Made:
        def __enter__(self) -> Backend[Job]:
            return Backend(run, (LostWorkersError,))

        def __exit__(self, *_: object) -> None: ...

    with patch.object(pile, "backend", lambda *_, **__: Made()):
        (folder / "papers").mkdir()
        (folder / "papers" / "other.txt").write_bytes(b"She said so.")
        return _file_beside(folder, "article.txt", b"The minister said that talks would go on.")


def _file_beside(folder: Path, name: str, data: bytes) -> Iterable[Problem]:
    (folder / "papers" / name).write_bytes(data)
    return _told(folder)


def _endpoint(folder: Path) -> Iterable[Problem]:
    endpoint = Endpoint("http://127.0.0.1:9/v1", "model", None, 0.5, lambda seconds: None)
    try:
        endpoint.asked([], {}, Place("article"))
    except ZopaError as error:
        return error.problems
    return ()


READING: dict[str, Callable[[Path], Iterable[Problem]]] = {
    "document-broken": _file("article.pdf", b"%PDF-1.7\n"),
    "document-locked": _file("article.pdf", locked_pdf()),
    "document-no-text": _file("scan.pdf", pdf([[]])),
    "document-slow": _slow,
    "archive-broken": _file("articles.zip", b"PK\x03\x04"),
    "archive-locked": _file("articles.zip", locked_archive({"article.txt": b"x"})),
    "archive-path": _file("articles.zip", archive({"../article.txt": b"x"})),
    "archive-nested": _file("articles.zip", archive({"more.zip": b"x"})),
    "archive-bomb": _file("articles.zip", archive({"article.txt": b"0" * 20_000_000})),
    "archive-many": _many,
    "model-endpoint": _endpoint,
    "reading-line": _line,
    "reading-busy": _busy,
    "workers-gave-up": _gave_up,
}
