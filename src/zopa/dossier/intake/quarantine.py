"""Files from strangers are taken apart in a process of their own, which may not write, grow or run without limit.

A file that makes a parser crash, loop or eat memory costs that process and no more: the caller gets a problem and a new
process. The process takes one document after the other: a line of JSON with the format and the size, then the bytes;
it answers with the size and the page as JSON.
"""

import atexit
import json
import os
import resource
import select
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import date
from typing import IO, Literal

from zopa.dossier.intake.page import Page
from zopa.errors import DossierError, Place

Format = Literal["html", "pdf", "docx"]
SECONDS = 60.0
"""Time that one document may take."""
MEMORY = 3_000_000_000
"""Bytes of address space of the process."""
MOST_PAGE = 60_000_000
"""Bytes of an answer."""


class Quarantine:
    """A process that takes files apart; started when first needed, and again after it was lost."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None

    def page(self, name: str, data: bytes, format_: Format) -> Page:
        """The page in these bytes. ``DossierError`` at ``name``: broken, locked, without text, or too slow."""
        place = Place(name)
        shown = format_.upper()
        try:
            answer = self._asked(data, format_)
        except TimeoutError:
            self.close()
            raise DossierError.of("document-slow", place, seconds=f"{self.seconds:g}") from None
        except OSError:
            self.close()
            raise DossierError.of("document-broken", place, format=shown) from None
        kind = answer.pop("problem", None)
        if kind is not None:
            raise DossierError.of(f"document-{kind}", place, format=shown)
        day = answer.pop("published", None)
        return Page(**answer, published=date.fromisoformat(day) if day else None)

    def close(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with suppress(OSError):
                        pipe.close()
            process.wait()

    def __enter__(self) -> "Quarantine":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _asked(self, data: bytes, format_: Format) -> dict[str, str]:
        process = self._started()
        assert process.stdin is not None and process.stdout is not None
        until = time.monotonic() + self.seconds
        head = json.dumps({"format": format_, "size": len(data)}).encode() + b"\n"
        _send(process.stdin, head + data, until)
        head = b""
        while not head.endswith(b"\n"):
            head += _receive(process.stdout, 1, until)
        size = int(head)
        if size > MOST_PAGE:
            raise OSError("answer too long")
        answer: dict[str, str] = json.loads(_receive(process.stdout, size, until))
        return answer

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "zopa.dossier.intake.quarantine"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
            )
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    os.set_blocking(pipe.fileno(), False)
        return self._process


_IDLE: list[Quarantine] = []
_LOCK = threading.Lock()


@contextmanager
def borrowed() -> Iterator[Quarantine]:
    """A quarantine that nobody else uses meanwhile; it stays ready for the next document."""
    with _LOCK:
        made = _IDLE.pop() if _IDLE else Quarantine()
    try:
        yield made
    finally:
        with _LOCK:
            _IDLE.append(made)


def close_all() -> None:
    """End the processes that nobody uses."""
    with _LOCK:
        while _IDLE:
            _IDLE.pop().close()


atexit.register(close_all)


def _send(pipe: IO[bytes], data: bytes, until: float) -> None:
    left = memoryview(data)
    while left:
        _wait([], [pipe.fileno()], until)
        left = left[os.write(pipe.fileno(), left[: 1 << 16]) :]


def _receive(pipe: IO[bytes], size: int, until: float) -> bytes:
    out = bytearray()
    while len(out) < size:
        _wait([pipe.fileno()], [], until)
        part = os.read(pipe.fileno(), size - len(out))
        if not part:
            raise OSError("the process has ended")
        out += part
    return bytes(out)


def _wait(reading: list[int], writing: list[int], until: float) -> None:
    left = until - time.monotonic()
    if left <= 0 or not any(select.select(reading, writing, [], left)):
        raise TimeoutError


# ---- inside the process ----------------------------------------------------------------------------------------


def _taken_apart(data: bytes, format_: Format) -> Page | None:
    # Imported one by one: a pile of web pages needs no PDF library.
    if format_ == "html":
        from zopa.dossier.intake.web import web_page

        return web_page(data)
    if format_ == "pdf":
        from zopa.dossier.intake.pdf import pdf_page

        return pdf_page(data)
    from zopa.dossier.intake.word import word_page

    return word_page(data)


def _answer(data: bytes, format_: Format) -> dict[str, object]:
    from zopa.dossier.intake.pdf import LockedError

    try:
        page = _taken_apart(data, format_)
    except LockedError:
        return {"problem": "locked"}
    except (ValueError, MemoryError, RecursionError):
        return {"problem": "broken"}
    if page is None:
        return {"problem": "no-text"}
    return {**asdict(page), "published": page.published.isoformat() if page.published else None}


def _serve() -> None:
    """Answers until the other end is closed."""
    for limit, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(limit)[1]
        resource.setrlimit(limit, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    asked, answers = sys.stdin.buffer, sys.stdout.buffer
    while line := asked.readline():
        head = json.loads(line)
        answer = json.dumps(_answer(asked.read(head["size"]), head["format"])).encode()
        answers.write(f"{len(answer)}\n".encode() + answer)
        answers.flush()


if __name__ == "__main__":
    _serve()
