"""Documents dropped on the dossier: read into the case in the background, then what they moved, and why."""

import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from zopa.dossier.intake.files import found
from zopa.dossier.moved import Moved, moved_in
from zopa.dossier.pile import Reading, read_pile
from zopa.errors import Problem, ZopaError
from zopa.web.pages import drawn

if TYPE_CHECKING:
    from zopa.web.app import Workbench

KEPT = 20
"""Readings that are remembered, the newest."""
MOST_MOVED = 100
"""New documents up to which it is told what they moved: this reads the whole case again."""


@dataclass
class Upload:
    """Some documents on their way into the case."""

    number: int
    whole: int = 0
    done: int = 0
    readings: list[Reading] = field(default_factory=list)
    moved: tuple[Moved, ...] = ()
    problems: tuple[Problem, ...] = ()
    finished: bool = False


class Uploads:
    """The readings of one workbench, one after the other."""

    def __init__(self) -> None:
        self._number = count(1)
        self._kept: dict[int, Upload] = {}
        self._turn = threading.Lock()

    def get(self, number: int) -> Upload | None:
        """A reading by its number."""
        return self._kept.get(number)

    def begin(self, folder: Path, files: Sequence[tuple[str, bytes]], published: date | None) -> Upload:
        """Start to read these files into a case; it goes on by itself."""
        upload = Upload(next(self._number))
        self._kept[upload.number] = upload
        for number in sorted(self._kept)[:-KEPT]:
            del self._kept[number]
        threading.Thread(
            target=self._read, args=(upload, folder, tuple(files), published), daemon=True
        ).start()
        return upload

    def _read(
        self, upload: Upload, folder: Path, files: Sequence[tuple[str, bytes]], published: date | None
    ) -> None:
        with self._turn, tempfile.TemporaryDirectory() as scratch:
            try:
                paths = [_kept(Path(scratch), k, name, content) for k, (name, content) in enumerate(files)]
                upload.whole = sum(1 for _ in found(paths))
                for reading in read_pile(paths, folder, published=published, on="threads", workers=1):
                    upload.readings.append(reading)
                    upload.done += 1
                new = {r.source for r in upload.readings if r.claims and r.source is not None}
                if 0 < len(new) <= MOST_MOVED:
                    upload.moved = moved_in(folder, new)
            except ZopaError as error:
                upload.problems = error.problems
            finally:
                upload.finished = True


def _kept(scratch: Path, k: int, name: str, content: bytes) -> Path:
    """A file as it came, under its own last name in a folder of its own: two may be called the same."""
    own = scratch / str(k)
    own.mkdir()
    last = PurePath(name.replace("\\", "/")).name.replace("\0", "") or "document.txt"
    path = own / (last if last not in (".", "..") else "document.txt")
    path.write_bytes(content)
    return path


async def receive(bench: "Workbench", request: Request) -> Response:
    """Take dropped files, and show how their reading goes."""
    page = await run_in_threadpool(bench.page, request)
    form = await bench.form(request)
    if form is None:
        return PlainTextResponse(page.word("foreign-origin"), 403)
    if bench.desk.example:
        return drawn("refused.html.jinja", page, 409, here="dossier", told=[page.word("example-closed")])
    sent = [item for item in form.getlist("files") if isinstance(item, UploadFile) and item.filename]
    files = [(item.filename or "", await item.read()) for item in sent]
    if not files:
        return drawn("refused.html.jinja", page, 422, here="dossier", told=[page.word("no-file")])
    written = str(form.get("published") or "")
    try:
        published = date.fromisoformat(written) if written else None
    except ValueError:
        return drawn("refused.html.jinja", page, 422, here="dossier", told=[page.word("no-day", day=written)])
    upload = bench.uploads.begin(bench.desk.folder, files, published)
    return RedirectResponse(page.to(f"/dossier/reading/{upload.number}"), 303)


async def progress(bench: "Workbench", request: Request) -> Response:
    """How a reading goes, and once it is done what it gave and moved."""
    page = await run_in_threadpool(bench.page, request)
    written = request.path_params["number"]
    upload = bench.uploads.get(int(written)) if written.isdecimal() and len(written) < 10 else None
    if upload is None:
        return PlainTextResponse(page.word("missing"), 404)
    template = "reading-part.html.jinja" if "part" in request.query_params else "reading.html.jinja"
    return drawn(template, page, here="dossier", upload=upload)


ROUTES = (
    ("/dossier/read", receive, "POST"),
    ("/dossier/reading/{number}", progress),
)
