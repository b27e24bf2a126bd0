"""The progress bar: on standard error, after a second, and only where a person watches."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer
from time import monotonic
from typing import Any

from zopa.words import Language, say

PATIENCE = 1.0
"""Seconds from the start of the command that need no bar."""
_STARTED = monotonic()
Told = Callable[[float, str], None]
"""Told the share done (0 to 1) and what is being done."""


def watched() -> bool:
    """Whether both outputs go to a terminal: a piped answer needs no bar beside it."""
    return sys.stdout.isatty() and sys.stderr.isatty()


@contextmanager
def working(label: str, lang: Language, *, quiet: bool = False) -> Iterator[Told]:
    """A bar while something runs; nothing with ``quiet``, when piped, or where all is done within a second.

    The second counts from the start of the command, so that opening, computing and telling need not each take one.
    Gives a function to tell how far the work is. While methods are compiled, which happens on the first use only, the
    bar says so.
    """
    if quiet or not watched():
        yield lambda share, what: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(24), TimeElapsedColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task(label, total=None)
    shown, undo = [label], list[Callable[[], None]]()

    def told(share: float, what: str) -> None:
        shown[0] = what
        bar.update(task, total=1.0, completed=share, description=what)

    def compiling(begun: bool) -> None:
        bar.update(task, description=say("cli.compiling", lang) if begun else shown[0])

    def show() -> None:
        bar.start()
        undo.append(_tell_of_compiling(compiling))

    # After the first second a bar still waits a moment: one that is gone at once is only a flicker.
    later = Timer(max(PATIENCE - (monotonic() - _STARTED), PATIENCE / 4), show)
    later.daemon = True
    later.start()
    try:
        yield told
    finally:
        later.cancel()
        later.join()
        bar.stop()
        for forget in undo:
            forget()


def _tell_of_compiling(told: Callable[[bool], None]) -> Callable[[], None]:
    """Calls ``told`` when a method starts and ends being compiled, until the function that this gives is called."""
    event: Any = sys.modules.get("numba.core.event")
    if event is None:
        # Nothing that is compiled has been imported, and importing it here would only cost time.
        return lambda: None

    class Listener(event.Listener):  # type: ignore[misc]
        def on_start(self, event: Any) -> None:
            told(True)

        def on_end(self, event: Any) -> None:
            told(False)

    listener = Listener()
    event.register("numba:compile", listener)
    return lambda: event.unregister("numba:compile", listener)
