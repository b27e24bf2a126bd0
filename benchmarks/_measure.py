"""How the benchmarks measure: on one core, in seconds of processor time, the best of several runs.

The best run is the one that other work on the machine disturbed least; processor time leaves out the time spent waiting
for a core. Memory is what a run needs above what the process held when it was ready to start.
"""

import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
STATUS = Path("/proc/self/status")


def on_one_core() -> None:
    """Keeps this process on one processor core, where the system can do so."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def seconds(work: Callable[[], object], *, repeats: int = 5) -> float:
    """Processor time of the best of ``repeats`` runs, after one that is not counted."""
    work()
    took = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        took.append(time.process_time() - start)
    return min(took)


def _held(field: str) -> float:
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith(field))
    return int(line.split()[1]) / 1000


def megabytes_above_start(work: Callable[[], object]) -> float | None:
    """Most memory held while ``work`` ran, in MB above what was held before; None where the system does not tell."""
    reset = Path("/proc/self/clear_refs")
    if not STATUS.is_file() or not os.access(reset, os.W_OK):
        return None
    reset.write_text("5")  # the peak starts afresh
    before = _held("VmRSS")
    work()
    return _held("VmHWM") - before


def in_new_process(script: str, *arguments: str) -> str:
    """What a benchmark prints when it is run again by itself with these arguments."""
    done = subprocess.run(
        [sys.executable, script, *arguments], capture_output=True, text=True, encoding="utf-8", check=True
    )
    return done.stdout.strip()


def additive(parties: int, issues: int, options: int, *, draws: int | None = None) -> list[FloatArray]:
    """A random additive problem: one array an issue, (parties, options) or (draws, parties, options).

    Weights are uniform among those that sum to one; the best option of an issue is worth its whole weight.
    """
    rng = np.random.default_rng(1)
    shape = (parties,) if draws is None else (draws, parties)
    weights = rng.dirichlet(np.ones(issues), size=shape)
    values = []
    for i in range(issues):
        worth = rng.random((parties, options))
        worth /= worth.max(axis=1, keepdims=True)
        values.append(weights[..., i, None] * worth)
    return values


def number(count: float) -> str:
    """A large number with thousands set apart, a very large one as a power of ten."""
    if count >= 1e10:
        return f"10^{np.log10(count):.0f}"
    return f"{count:,.0f}"


def milliseconds(took: float) -> str:
    """Seconds, or milliseconds below one, to three digits."""
    size, unit = (took * 1000, "ms") if took < 1 else (took, "s")
    return f"{size:.3g} {unit}" if size >= 100 else f"{size:#.3g} {unit}"


def machine() -> str:
    """Processor, cores, memory, system and Python."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        names = [
            line.partition(":")[2].strip() for line in info.read_text().splitlines() if "model name" in line
        ]
        model = names[0] if names else model
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB; {platform.system()}, Python {platform.python_version()}"


def versions() -> str:
    """zopa and what its speed depends on."""
    return ", ".join(f"{name} {version(name)}" for name in ("zopa", "numpy", "numba", "scipy"))
