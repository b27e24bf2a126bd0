"""Answers worked out beside the server, in processes of their own: pages stay quick, and a run can be stopped.

A process holds the case it was last asked about, so that its draws are shared by the questions that follow. What comes
back is plain data in both languages, pictures drawn. Nothing is kept on disk.
"""

import heapq
import multiprocessing
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from zopa.brief.document import Section
from zopa.brief.html import Picture
from zopa.errors import Problem
from zopa.words import LANGUAGES, Language

if TYPE_CHECKING:
    from zopa.case.case import Case

PROCESSES = 2
KEPT = 300
"""Answers kept in memory."""
TOGETHER = 0.5
"""Seconds within which questions count as asked for together."""
ROUGH = 600
"""Draws of the answer that is shown first, while the full one is worked out."""
State = Literal["waiting", "working", "done", "failed", "stopped"]


@dataclass(frozen=True)
class Order:
    """One question to a case as it stands on disk: the same order gives the same answer."""

    folder: Path
    stamp: str
    name: str
    draws: int
    seed: int = 0
    as_of: date | None = None
    numbers: tuple[tuple[str, str], ...] = ()
    """Estimates supposed to be others, by their paths."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a question gave: a section a language with its picture, and the result as ``--json`` prints it."""

    sections: dict[Language, Section]
    pictures: dict[Language, Picture | None]
    json: str


@dataclass
class Run:
    """An order on its way, and what came of it."""

    order: Order
    state: State = "waiting"
    asked: float = field(default_factory=time.monotonic)
    seconds: float = 0.0
    """How long it has taken, or took."""
    answer: Answered | None = None
    problems: tuple[Problem, ...] = ()
    fault: str = ""
    """What a run that broke off says of itself, for a report."""
    _began: float | None = None
    _over: threading.Event = field(default_factory=threading.Event)

    @property
    def elapsed(self) -> float:
        """Seconds of work so far."""
        return self.seconds if self._began is None else time.monotonic() - self._began

    @property
    def finished(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state in ("done", "failed", "stopped")

    def wait(self, seconds: float) -> bool:
        """Wait for its end, this long at most; whether it has come."""
        return self._over.wait(seconds)


class Runs:
    """The questions under way and the answers there are."""

    def __init__(self, processes: int = PROCESSES) -> None:
        self._changed = threading.Condition()
        self._runs: OrderedDict[Order, Run] = OrderedDict()
        self._queue: list[tuple[int, int, int, Run]] = []
        self._number = count()
        self._took: dict[tuple[str, int], float] = {}
        self._workers = [_Worker(self) for _ in range(processes)]

    def ask(self, order: Order, *, urgent: bool = False) -> Run:
        """The run of an order: the one there is, or a new one.

        ``urgent`` goes before what waits. Of the others those that were asked for last are answered first, asked for
        anew or not: a page that somebody looks at asks again and again, one that was left does not.
        """
        with self._changed:
            run = self._runs.get(order)
            if run is None or run.state == "stopped":
                run = self._runs[order] = Run(order)
            if run.state == "waiting":
                heapq.heappush(self._queue, (0 if urgent else 1, -self._turn(), next(self._number), run))
                self._changed.notify()
            self._runs.move_to_end(order)
            self._forget()
            return run

    def _turn(self) -> int:
        """A number that grows with time; what is asked for together is answered in its order."""
        return int(time.monotonic() / TOGETHER)

    def get(self, order: Order) -> Run | None:
        """The run of an order, if it was asked for."""
        with self._changed:
            return self._runs.get(order)

    def expected(self, order: Order) -> float | None:
        """Seconds that the same question took last, at as many draws; None where it was never asked."""
        return self._took.get((order.name, order.draws))

    def stop(self, order: Order) -> None:
        """Give an order up: the process that works on it ends, and another takes its place when it is needed."""
        with self._changed:
            run = self._runs.get(order)
            if run is None or run.finished:
                return
            run.state = "stopped"
            run._over.set()
            self._queue = [entry for entry in self._queue if entry[-1] is not run]
            heapq.heapify(self._queue)
        for worker in self._workers:
            worker.leave(run)

    def close(self) -> None:
        """End all processes."""
        for worker in self._workers:
            worker.end()

    def _forget(self) -> None:
        over = [order for order, run in self._runs.items() if run.finished]
        for order in over[: max(0, len(self._runs) - KEPT)]:
            del self._runs[order]

    def _next(self, ended: threading.Event) -> Run | None:
        with self._changed:
            run = self._first()
            while run is None:
                self._changed.wait(0.5)
                if ended.is_set():
                    return None
                run = self._first()
            run.state, run._began = "working", time.monotonic()
            return run

    def _first(self) -> Run | None:
        """The next that waits; one asked for several times stands there several times."""
        while self._queue:
            run = heapq.heappop(self._queue)[-1]
            if run.state == "waiting":
                return run
        return None

    def _over(self, run: Run, told: object) -> None:
        with self._changed:
            if run.state == "stopped":
                return
            run.seconds, run._began = run.elapsed, None
            if isinstance(told, Answered):
                run.answer, run.state = told, "done"
                self._took[run.order.name, run.order.draws] = run.seconds
            elif isinstance(told, tuple):
                run.problems, run.state = told, "failed"
            else:
                run.fault, run.state = str(told), "failed"
            run._over.set()


class _Worker:
    """A process, started when there is work, and the thread that hands it orders."""

    def __init__(self, runs: Runs) -> None:
        self._runs = runs
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._run: Run | None = None
        self._process: multiprocessing.process.BaseProcess | None = None
        self._line: Connection | None = None
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while not self._ended.is_set():
            run = self._runs._next(self._ended)
            if run is None:
                return
            with self._lock:
                self._run = run
                line = self._started()
            try:
                line.send(run.order)
                told = line.recv()
            except (EOFError, OSError):
                # It was stopped, or died: of memory, of a signal.
                self._gone()
                told = "the process ended"
            with self._lock:
                self._run = None
            self._runs._over(run, told)

    def _started(self) -> Connection:
        if self._line is None or self._process is None or not self._process.is_alive():
            context = multiprocessing.get_context("spawn")
            ours, theirs = context.Pipe()
            self._process = context.Process(target=work, args=(theirs,), daemon=True)
            self._process.start()
            theirs.close()
            self._line = ours
        return self._line

    def _gone(self) -> None:
        with self._lock:
            if self._process is not None:
                self._process.kill()
                self._process.join(5)
            if self._line is not None:
                self._line.close()
            self._process = self._line = None

    def leave(self, run: Run) -> None:
        """Stop working on a run, if it is this one's."""
        with self._lock:
            if self._run is run and self._process is not None:
                self._process.kill()

    def end(self) -> None:
        """End the process for good."""
        self._ended.set()
        with self._lock:
            if self._process is not None:
                self._process.kill()


# ---- the other side ----------------------------------------------------------------------------------------------


def work(line: Connection) -> None:
    """What a process does: answer orders until the line is closed."""
    import signal
    import traceback

    from zopa.errors import ZopaError

    # Ctrl-C in the terminal is for the server, which ends its processes itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    shelf = _Shelf()
    while True:
        try:
            order = line.recv()
        except EOFError:
            return
        told: object
        try:
            told = shelf.answer(order)
        except ZopaError as error:
            told = error.problems
        except Exception:
            # Whatever it was: the page says so, and the next question is answered.
            told = traceback.format_exc()
        line.send(told)


class _Shelf:
    """The case of the last orders, so that its draws are made once."""

    def __init__(self) -> None:
        self._key: object = None
        self._case: Case | None = None
        self._supposed: tuple[object, Case] | None = None

    def answer(self, order: Order) -> Answered:
        """One answer in both languages."""
        import json

        import zopa
        from zopa.brief.build import Answer, section
        from zopa.brief.html import picture
        from zopa.result import Result

        result: Result = getattr(zopa, order.name)(self._opened(order), draws=order.draws, seed=order.seed)
        sections = {lang: section(Answer(order.name, result), order.draws, lang) for lang in LANGUAGES}
        pictures = {lang: picture(s.chart) if s.chart is not None else None for lang, s in sections.items()}
        return Answered(sections, pictures, json.dumps(result.to_json(), ensure_ascii=False, indent=1))

    def _opened(self, order: Order) -> "Case":
        from zopa.case.folder import read_case
        from zopa.case.supposed import supposed

        key = (order.folder, order.stamp, order.as_of)
        if self._case is None or key != self._key:
            case = read_case(order.folder)
            self._case = case if order.as_of is None else case.as_of(order.as_of)
            self._key, self._supposed = key, None
        if not order.numbers:
            return self._case
        if self._supposed is None or self._supposed[0] != order.numbers:
            self._supposed = (order.numbers, supposed(self._case, dict(order.numbers)))
        return self._supposed[1]
