"""Problems of sweeps: each maker brings one about and gives what is shown."""

import fcntl
import importlib.util
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from unittest.mock import patch

from zopa.case.folder import read_case
from zopa.errors import Problem, ZopaError
from zopa.forecasting._sweep_jobs import Job, Row, done, packed
from zopa.forecasting._sweep_store import LOCK, ROWS, opened
from zopa.forecasting.sweep import days_between, sweep
from zopa.workers import PATIENCE, TRIES, Backend, LostWorkersError, stream

DAY = date(2026, 2, 5)


def _caught(action: Callable[[], object]) -> tuple[Problem, ...]:
    try:
        action()
    except ZopaError as error:
        return error.problems
    return ()


def _swept(**given: object) -> Callable[[Path], Iterable[Problem]]:
    return lambda folder: _caught(
        lambda: sweep(read_case(folder), out=folder / "out", draws=50, plays=1, **{"on": "threads", **given})
    )


def _job(folder: Path) -> Job:
    return Job(packed(read_case(folder)), DAY, None, (), 0, 50, 1, True, "1")


def _busy(folder: Path) -> Iterable[Problem]:
    out = folder / "out"
    out.mkdir()
    with (out / LOCK).open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        return _swept()(folder)


def _row(folder: Path) -> Iterable[Problem]:
    out = folder / "out"
    out.mkdir()
    (out / ROWS).write_text("no row\n", encoding="utf-8")

    def entered() -> None:
        with opened(out):
            pass

    return _caught(entered)


def _extra(folder: Path) -> Iterable[Problem]:
    with patch.object(importlib.util, "find_spec", return_value=None):
        return _swept(on="dask")(folder)


def _workers(folder: Path) -> Iterable[Problem]:
    def run(jobs: Sequence[Job]) -> Generator[Row, None, None]:
        raise LostWorkersError
        yield

    jobs = [replace(_job(folder), seed=seed) for seed in range(4)]
    backend = Backend(run, (LostWorkersError,))
    return _caught(lambda: list(stream(jobs, backend, lambda n: None, lambda job: None)))


SWEEPS: dict[str, Callable[[Path], Iterable[Problem]]] = {
    "sweep-day": lambda folder: _caught(
        lambda: sweep("muscat-2026", out=folder / "out", days=[date(2020, 1, 1)], draws=50, on="threads")
    ),
    "sweep-days": lambda folder: _caught(lambda: days_between(DAY, date(2026, 2, 3))),
    "sweep-variant": _swept(variants=["hard"]),
    "sweep-busy": _busy,
    "sweep-row": _row,
    "workers-extra": _extra,
    "workers-address": _swept(on="dask", address="nowhere"),
    "sweep-version": lambda folder: _caught(lambda: done(replace(_job(folder), version="0.0.0"))),
    "workers-lost": _workers,
    # Brought about by a cluster without workers, and by a forecast that ends every worker it is given to.
    "workers-none": lambda folder: [
        Problem("workers-none", values={"address": "host:8786", "seconds": f"{PATIENCE:g}"})
    ],
    "sweep-lost": lambda folder: [Problem("sweep-lost", values={"n": TRIES})],
}
