"""Sweeps on real workers: processes, Dask, Ray. A worker, or the sweep itself, is killed; nothing is lost or doubled."""

import json
import os
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from zopa.forecasting._sweep_store import CSV, JSON, ROWS
from zopa.forecasting.sweep import Sweep, sweep

ASKED = {"draws": 50, "plays": 1, "seeds": 12}
CASE = "elmira"
TOKEN = "ZOPA_SWEEP_TEST"


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Sweep:
    """The same forecasts by one process."""
    return sweep(CASE, out=tmp_path_factory.mktemp("alone"), on="threads", workers=1, **ASKED)


def same(made: Sweep, alone: Sweep) -> bool:
    """The tables of two sweeps are equal to the byte, and every job has one line."""
    keys = [json.loads(line)["key"] for line in (made.folder / ROWS).read_text("utf-8").splitlines()]
    assert len(keys) == len(set(keys)) == len(alone.done) == ASKED["seeds"]
    return all((made.folder / n).read_bytes() == (alone.folder / n).read_bytes() for n in (CSV, JSON))


def once(kill: Callable[[], None]) -> Callable[[int, int], None]:
    """Kills when the first forecast is done, while others are under way."""
    killed: list[int] = []

    def progress(n: int, total: int) -> None:
        if n and not killed:
            killed.append(n)
            assert n < total
            kill()

    return progress


def processes(of: Callable[[Path], bool]) -> list[int]:
    """Ids of the running processes, by their folder under /proc."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                if of(folder):
                    found.append(int(folder.name))
            except (OSError, ValueError):
                continue  # it ended meanwhile, or is somebody else's
    return found


def child_of(parent: int, word: bytes) -> Callable[[Path], bool]:
    def is_it(folder: Path) -> bool:
        ppid = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        return ppid == parent and word in (folder / "cmdline").read_bytes()

    return is_it


# ---- processes -------------------------------------------------------------------------------------------------------


def test_a_killed_process_takes_no_forecast_with_it(alone, tmp_path):
    def kill() -> None:
        workers = processes(child_of(os.getpid(), b"LokyProcess"))
        assert workers
        os.kill(workers[0], signal.SIGKILL)

    with warnings.catch_warnings():
        # joblib says of its own pool that a worker stopped; the sweep says it too.
        warnings.filterwarnings("ignore", message="A worker stopped while some jobs", category=UserWarning)
        made = sweep(CASE, out=tmp_path, on="processes", workers=2, progress=once(kill), **ASKED)
    assert same(made, alone)
    assert len(made.handed_again) == 1 and 0 < made.handed_again[0] < 12
    assert any("Workers were lost" in note for note in made.notes("en"))


def test_a_killed_sweep_goes_on_where_it_stopped(alone, tmp_path):
    code = f"from zopa.forecasting.sweep import sweep; sweep({CASE!r}, out={str(tmp_path)!r}, workers=2, **{ASKED!r})"
    path = tmp_path / ROWS
    started = subprocess.Popen([sys.executable, "-c", code], start_new_session=True)
    try:
        until = time.monotonic() + 60
        while not (path.exists() and path.read_bytes().count(b"\n") >= 2):
            assert started.poll() is None and time.monotonic() < until
            time.sleep(0.005)
    finally:
        os.killpg(started.pid, signal.SIGKILL)
        started.wait()
    there = path.read_bytes().count(b"\n")
    assert 2 <= there < 12
    told: list[int] = []
    made = sweep(
        CASE, out=tmp_path, on="threads", workers=2, progress=lambda n, total: told.append(n), **ASKED
    )
    assert made.kept == there == told[0]
    assert told == list(range(there, 13))
    assert same(made, alone)


# ---- dask ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def dask() -> Iterator[object]:
    """A Dask cluster of two worker processes."""
    distributed = pytest.importorskip("distributed", reason="the extra zopa[dask] is not installed")
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        dashboard_address=None,
        scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
    ) as cluster:
        yield cluster


def test_dask_gives_the_same(dask, alone, tmp_path):
    made = sweep(CASE, out=tmp_path, on="dask", address=dask.scheduler_address, **ASKED)
    assert same(made, alone)


def test_a_killed_dask_worker_takes_no_forecast_with_it(dask, alone, tmp_path):
    pids = [nanny.pid for nanny in dask.workers.values()]
    assert len(set(pids)) == 2 and os.getpid() not in pids
    made = sweep(
        CASE,
        out=tmp_path,
        on="dask",
        address=dask.scheduler_address,
        progress=once(lambda: os.kill(pids[0], signal.SIGKILL)),
        **ASKED,
    )
    assert same(made, alone)
    assert pids[0] not in {nanny.pid for nanny in dask.workers.values()}


# ---- ray -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ray() -> Iterator[str]:
    """A Ray cluster of two workers, whose processes carry a token of their own."""
    ray = pytest.importorskip("ray", reason="the extra zopa[ray] is not installed")
    token = uuid4().hex
    os.environ[TOKEN], os.environ["RAY_USAGE_STATS_ENABLED"] = token, "0"
    ray.init("local", num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="error")
    try:
        yield token
    finally:
        ray.shutdown()
        del os.environ[TOKEN], os.environ["RAY_USAGE_STATS_ENABLED"]


def test_ray_gives_the_same(ray, alone, tmp_path):
    assert same(sweep(CASE, out=tmp_path, on="ray", workers=2, **ASKED), alone)


def test_a_killed_ray_worker_takes_no_forecast_with_it(ray, alone, tmp_path):
    """Its rows come in bundles: the second of them is under way, or about to be, when the worker goes."""

    def is_worker(folder: Path) -> bool:
        ours = f"{TOKEN}={ray}".encode() in (folder / "environ").read_bytes()
        return ours and b"ray::PoolActor" in (folder / "cmdline").read_bytes()

    def kill() -> None:
        workers = processes(is_worker)
        assert len(workers) == 2
        os.kill(workers[0], signal.SIGKILL)

    made = sweep(CASE, out=tmp_path, on="ray", workers=2, progress=once(kill), **ASKED)
    assert same(made, alone)
    assert len(made.handed_again) == 1
