"""A command run in a real terminal, with a person at the keys."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Sequence
from dataclasses import dataclass

PATIENCE = 60.0
"""Seconds to wait for what is expected on the screen."""


@dataclass(frozen=True)
class Seen:
    """What stood on the screen, and the exit code."""

    code: int
    text: str


def at_the_keys(
    arguments: Sequence[object], keys: Sequence[tuple[str, str]] = (), *, columns: int = 90
) -> Seen:
    """Runs ``zopa`` in a terminal; each key is typed once the text before it stands on the screen."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    environment = {**os.environ, "TERM": "xterm", "PYTHONIOENCODING": "utf-8"}
    for name in ("COLUMNS", "NO_COLOR"):
        environment.pop(name, None)
    child = subprocess.Popen(
        [sys.executable, "-c", _START, *map(str, arguments)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment,
        start_new_session=True,
    )
    os.close(theirs)
    screen = _Screen(ours)
    try:
        for expected, typed in keys:
            screen.wait_for(expected)
            # A person does not press Ctrl-C within the millisecond in which the line editor starts.
            time.sleep(0.1)
            os.write(ours, typed.encode())
        screen.wait_for(None)
        return Seen(child.wait(timeout=PATIENCE), screen.text.replace("\r\n", "\n"))
    finally:
        child.kill()
        child.wait()
        os.close(ours)


# Ctrl-C reaches only a process whose controlling terminal this is.
_START = "import fcntl, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); from zopa.cli.main import main; main(sys.argv[1:])"


class _Screen:
    """Everything that has been written to the terminal, and how much of it has been looked at."""

    def __init__(self, fd: int) -> None:
        self.fd, self.seen, self.read = fd, b"", 0

    @property
    def text(self) -> str:
        return self.seen.decode("utf-8", "replace")

    def wait_for(self, expected: str | None) -> None:
        """Reads until the text stands after what was waited for before; None waits for the end."""
        until = time.monotonic() + PATIENCE
        while expected is None or expected.encode() not in self.seen[self.read :]:
            assert time.monotonic() < until, f"{expected!r} never came; the screen shows:\n{self.text}"
            if not select.select([self.fd], [], [], 0.1)[0]:
                continue
            try:
                part = os.read(self.fd, 65536)
            except OSError:
                part = b""
            if not part:
                assert expected is None, f"{expected!r} never came; the screen shows:\n{self.text}"
                return
            self.seen += part
        self.read = self.seen.index(expected.encode(), self.read) + len(expected.encode())
