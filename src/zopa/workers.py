"""Where many jobs run: threads, processes, a Dask or a Ray cluster, all through joblib.

Every job is determined by itself, so that who does it, when, and how often changes nothing. A worker that dies takes no
row with it: Dask runs its jobs again by itself; where joblib's backend gives up instead, the jobs left are handed out
again, as long as some get done.
"""

import importlib.util
import logging
import os
import queue
import re
import socket
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Generic, Literal, Protocol, TypeVar, get_args

import joblib
from joblib.externals.loky.process_executor import TerminatedWorkerError

from zopa.errors import CaseFileError

On = Literal["threads", "processes", "dask", "ray"]
KINDS: tuple[On, ...] = get_args(On)
PATIENCE = 10.0
"""Seconds a cluster has to answer, and to show a worker."""
TRIES = 2
"""Workers that one job alone may end before it is given up."""
IN_VAIN = 2
"""Jobs in a row that may be given up: then the workers are at fault, not the jobs."""
_WATCHED: list[int] = []
"""The process that this worker process works for."""
AT_ONCE = 4
"""Jobs a worker that are handed to Ray together: their rows come back together."""
_ADDRESS = re.compile(r"(?:[a-z0-9]+://)?\[?(?P<host>[^\s\[\]/]+?)\]?:(?P<port>\d{1,5})/?")

Row = Mapping[str, Any]
"""One job and what came of it; under ``key`` the key of its job."""


class Job(Protocol):
    """What is handed out; it is pickled with all it needs."""

    @property
    def key(self) -> str:
        """A name no other job has."""


J = TypeVar("J", bound=Job)
Work = Callable[[Any, int], Row]
"""Works out the row of a job on so many threads; a function of a module, so that it can travel."""


class LostWorkersError(RuntimeError):
    """Workers are gone, and their jobs with them."""


@dataclass(frozen=True)
class Backend(Generic[J]):
    """``run`` gives the rows of jobs as they are done; ``lost`` are the exceptions that mean that workers are gone."""

    run: Callable[[Sequence[J]], Generator[Row, None, None]]
    lost: tuple[type[BaseException], ...]


@contextmanager
def backend(work: Work, on: On, *, address: str | None, workers: int | None) -> Iterator[Backend[Any]]:
    """Workers that stand ready to do ``work``; a cluster started here is gone afterwards, also where something failed.

    ``CaseFileError``: an extra that is not installed, an address where nothing answers, a cluster without workers.
    """
    if on == "dask":
        _extra("dask", "distributed")
        with _dask(work, address, workers) as made:
            yield made
    elif on == "ray":
        _extra("ray", "ray")
        with _ray(work, address, workers) as made:
            yield made
    else:
        yield _here(work, on, workers)


def stream(
    jobs: Sequence[J], made: Backend[J], said: Callable[[int], None], given_up: Callable[[J], None]
) -> Generator[Row, None, None]:
    """A row a job, as they are done; where workers are lost the jobs left are handed out again, and ``said`` how many.

    Where that gets none done they are handed out one by one, so that one that ends every worker, as one that needs too
    much memory does, is found and ``given_up``. ``CaseFileError`` where several in a row come to that.
    """
    left = {job.key: job for job in jobs}
    lost: dict[str, int] = {}
    singly, vain = False, 0
    while left:
        batch = tuple(left.values())[: 1 if singly else None]
        before = len(left)
        try:
            # Closed at once when the caller stops early, so that no worker goes on for nobody.
            with closing(made.run(batch)) as rows:
                for row in rows:
                    left.pop(row["key"], None)
                    vain = 0
                    yield row
        except made.lost as error:
            said(len(left))
            if len(batch) > 1:
                singly = len(left) == before
                continue
            job = batch[0]
            lost[job.key] = lost.get(job.key, 0) + 1
            if lost[job.key] >= TRIES:
                del left[job.key]
                given_up(job)
                singly, vain = False, vain + 1
            if vain >= IN_VAIN:
                raise CaseFileError.of("workers-lost", n=len(left) + vain) from error


def _extra(extra: str, module: str) -> None:
    if importlib.util.find_spec(module) is None:
        raise CaseFileError.of("workers-extra", extra=extra, module=module)


# ---- on this machine -------------------------------------------------------------------------------------------------


def _here(work: Work, on: On, workers: int | None) -> Backend[Any]:
    processors = os.cpu_count() or 1
    number = processors if workers is None else workers
    share = max(1, processors // number)

    def run(jobs: Sequence[Job]) -> Generator[Row, None, None]:
        limit = {"inner_max_num_threads": share} if on == "processes" else {}
        kind = "loky" if on == "processes" else "threading"
        with joblib.parallel_config(backend=kind, n_jobs=number, **limit):
            parallel = joblib.Parallel(return_as="generator_unordered", batch_size=1)
            alone = on == "processes" and number > 1
            done = joblib.delayed(_done_for if alone else _done_here)
            yield from parallel(done(work, job, share, os.getpid()) for job in jobs)

    return Backend(run, (TerminatedWorkerError,))


def _done_here(work: Work, job: Job, threads: int, _: int) -> Row:
    return work(job, threads)


def _done_for(work: Work, job: Job, threads: int, parent: int) -> Row:
    """The row of a job, in a process that ends with the one it works for: joblib's own would wait for more."""
    if parent not in _WATCHED and parent == os.getppid():
        _WATCHED.append(parent)
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    return work(job, threads)


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1.0)
    os._exit(1)


# ---- dask ------------------------------------------------------------------------------------------------------------


@contextmanager
def _dask(work: Work, address: str | None, workers: int | None) -> Iterator[Backend[Any]]:
    from distributed import Client, LocalCluster
    from distributed.scheduler import KilledWorker

    with ExitStack() as stack:
        if address is None:
            number = (os.cpu_count() or 1) if workers is None else workers
            cluster = stack.enter_context(
                LocalCluster(
                    n_workers=number,
                    threads_per_worker=1,
                    processes=True,
                    dashboard_address=None,
                    # Any free port: by default a second cluster on this machine would want the first one's.
                    scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
                    silence_logs=logging.CRITICAL,
                    protocol="tcp",
                )
            )
            client = stack.enter_context(Client(cluster, set_as_default=False))
        else:
            _answers(address)
            try:
                client = stack.enter_context(Client(address, timeout=PATIENCE, set_as_default=False))
            except (OSError, ValueError):
                raise CaseFileError.of("workers-address", address=address, seconds=f"{PATIENCE:g}") from None
            try:
                client.wait_for_workers(1, timeout=PATIENCE)
            except TimeoutError:
                raise CaseFileError.of("workers-none", address=address, seconds=f"{PATIENCE:g}") from None

        def run(jobs: Sequence[Job]) -> Generator[Row, None, None]:
            yield from _watched(lambda: _dask_rows(client, work, jobs), lambda: _dask_sound(client))

        yield Backend(run, (KilledWorker, LostWorkersError))


def _dask_rows(client: Any, work: Work, jobs: Sequence[Job]) -> Iterator[Row]:
    from joblib._dask import DaskDistributedBackend

    class Cluster(DaskDistributedBackend):  # type: ignore[misc]
        def effective_n_jobs(self, n_jobs: int) -> int:
            # For one worker joblib would do the work here, though it is the others that were just lost.
            return max(2, int(super().effective_n_jobs(n_jobs)))

    with joblib.parallel_config(backend=Cluster(client=client, wait_for_workers_timeout=PATIENCE)):
        parallel = joblib.Parallel(n_jobs=-1, return_as="generator_unordered", batch_size=1)
        yield from parallel(joblib.delayed(work)(job, 1) for job in jobs)


def _dask_sound(client: Any) -> bool:
    """Whether every job handed out may still come back: joblib waits for ever for one that Dask has given up."""
    given_up = {"error", "lost", "cancelled"}
    return client.status == "running" and all(
        future.status not in given_up for future in tuple(client.futures.values())
    )


def _watched(rows: Callable[[], Iterator[Row]], sound: Callable[[], bool]) -> Generator[Row, None, None]:
    """Rows made in a thread of their own, so that this one can see that no more will come."""
    made: queue.Queue[Row | BaseException | None] = queue.Queue()
    stop = threading.Event()

    def work() -> None:
        try:
            with closing(rows()) as found:  # type: ignore[type-var]
                for row in found:
                    made.put(row)
                    if stop.is_set():
                        return
        except BaseException as error:  # handed on to the thread that asked
            made.put(error)
        else:
            made.put(None)

    threading.Thread(target=work, name="zopa-workers", daemon=True).start()
    doubts = 0
    try:
        while True:
            try:
                found = made.get(timeout=0.5)
            except queue.Empty:
                # A future is in error for a moment before joblib has taken its exception.
                doubts = 0 if sound() else doubts + 1
                if doubts > 4:
                    raise LostWorkersError("dask gave up some jobs") from None
                continue
            if found is None:
                return
            if isinstance(found, BaseException):
                raise found
            yield found
    finally:
        stop.set()


# ---- ray -------------------------------------------------------------------------------------------------------------


@contextmanager
def _ray(work: Work, address: str | None, workers: int | None) -> Iterator[Backend[Any]]:
    # Nobody is told that it ran.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    import ray
    from ray.exceptions import ObjectLostError, RayActorError, WorkerCrashedError
    from ray.util.joblib import register_ray

    ours = not ray.is_initialized()
    if ours:
        _ray_start(ray, address, workers)
    try:
        register_ray()
        number = int(ray.cluster_resources().get("CPU", 0)) if workers is None else workers
        if number < 1:
            raise CaseFileError.of("workers-none", address=address or "", seconds=f"{PATIENCE:g}")

        def run(jobs: Sequence[Job]) -> Generator[Row, None, None]:
            # Its backend gives a whole call at a time; within the block all calls have the same workers.
            with (
                joblib.parallel_config(backend="ray", n_jobs=number),
                joblib.Parallel(batch_size=1) as parallel,
            ):
                for k in range(0, len(jobs), AT_ONCE * number):
                    yield from parallel(
                        joblib.delayed(work)(job, 1) for job in jobs[k : k + AT_ONCE * number]
                    )

        yield Backend(run, (RayActorError, WorkerCrashedError, ObjectLostError))
    finally:
        if ours:
            ray.shutdown()


def _ray_start(ray: Any, address: str | None, workers: int | None) -> None:
    quiet = {"include_dashboard": False, "num_cpus": workers} if address is None else {}
    if address is not None:
        _answers(address)
    try:
        # "local": a cluster of its own, also where the environment names another.
        ray.init(address=address or "local", log_to_driver=False, logging_level="error", **quiet)
    except (ConnectionError, RuntimeError, ValueError):
        if address is None:
            raise
        raise CaseFileError.of("workers-address", address=address, seconds=f"{PATIENCE:g}") from None


def _answers(address: str) -> None:
    """That something listens at an address: cluster libraries themselves may wait for minutes."""
    found = _ADDRESS.fullmatch(address)
    if found is not None:
        with suppress(OSError), socket.create_connection((found["host"], int(found["port"])), PATIENCE):
            return
    elif address == "auto":
        return
    raise CaseFileError.of("workers-address", address=address, seconds=f"{PATIENCE:g}")
