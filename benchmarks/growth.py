"""How time and memory grow with packages, parties and draws: one core, making the data included, up to a quarter of the
memory that is free.

时间与内存如何随方案数、当事方数与抽样数增长：单核，含生成数据的时间，直到占用可用内存的四分之一为止。
"""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from _measure import additive, in_new_process, megabytes_above_start, milliseconds, number, on_one_core

from zopa.methods.acceptance import exists
from zopa.methods.agendas import agenda_table
from zopa.methods.alternating import alternating_offers
from zopa.methods.frontier import frontier
from zopa.methods.problem import Block

Work = Callable[[int], object]


@dataclass(frozen=True)
class Curve:
    """A task at growing sizes: ``count`` of ``unit`` at each, and the memory it may take, ``bytes_at``."""

    task: str
    unit: str
    work: Work
    sizes: tuple[int, ...]
    count: Callable[[int], float]
    bytes_at: Callable[[int], float]


def separable(parties: int) -> Work:
    """The frontier of issues of ten options."""
    return lambda issues: frontier(additive(parties, issues, 10), reserve=np.full(parties, 0.3))


def linked(parties: int) -> Work:
    """The same with a fifth of the packages forbidden one by one."""

    def work(issues: int) -> object:
        forbidden = np.random.default_rng(2).integers(0, 5, (10,) * issues, dtype=np.uint8) == 0
        return frontier(
            additive(parties, issues, 10),
            reserve=np.full(parties, 0.3),
            blocks=[Block(tuple(range(issues)), forbidden)],
        )

    return work


def zone(draws: int) -> object:
    """Whether there is a zone, five issues of five options, two parties."""
    reserve = np.random.default_rng(3).uniform(0.3, 0.9, (draws, 2))
    return exists(additive(2, 5, 5, draws=draws), None, reserve, threads=1)


def talks_by_packages(issues: int) -> object:
    """Twenty negotiations, everything drawn anew, issues of six options."""
    exponents = np.random.default_rng(5).uniform(2.0, 10.0, (20, 2))
    values = additive(2, issues, 6, draws=20)
    return alternating_offers(values, None, np.full((20, 2), 0.3), exponents, threads=1)


def talks_by_draws(draws: int) -> object:
    """Negotiations over 1,296 packages, everything drawn anew."""
    exponents = np.random.default_rng(5).uniform(2.0, 10.0, (draws, 2))
    values = additive(2, 4, 6, draws=draws)
    return alternating_offers(values, None, np.full((draws, 2), 0.3), exponents, threads=1)


def agendas(issues: int) -> object:
    """Every agenda, issues of three options, a hundred draws."""
    reserve = np.random.default_rng(3).uniform(0.5, 0.8, (100, 2))
    return agenda_table(additive(2, issues, 3, draws=100), None, reserve, [0] * issues, threads=1)


CURVES = (
    Curve(
        "frontier, 2 parties", "packages", separable(2), (3, 6, 9, 12, 20), lambda n: 10.0**n, lambda n: 1e6
    ),
    Curve("frontier, 3 parties", "packages", separable(3), (3, 6, 9, 12), lambda n: 10.0**n, lambda n: 1e8),
    Curve("frontier, 4 parties", "packages", separable(4), (3, 6, 8), lambda n: 10.0**n, lambda n: 1e8),
    Curve("frontier, 5 parties", "packages", separable(5), (3, 5, 6), lambda n: 10.0**n, lambda n: 1e8),
    Curve(
        "across a constraint, 2",
        "packages",
        linked(2),
        (5, 6, 7, 8),
        lambda n: 10.0**n,
        lambda n: 3 * 10.0**n,
    ),
    Curve(
        "across a constraint, 3",
        "packages",
        linked(3),
        (5, 6, 7, 8),
        lambda n: 10.0**n,
        lambda n: 3 * 10.0**n,
    ),
    Curve("is there a zone", "draws", zone, (10**3, 10**4, 10**5, 10**6, 10**7), float, lambda n: 2000.0 * n),
    Curve("all agendas, 100 draws", "agendas", agendas, (4, 8, 12), lambda n: 2.0**n, lambda n: 1e8),
    Curve("20 talks", "packages", talks_by_packages, (2, 4, 6, 8), lambda n: 6.0**n, lambda n: 100.0 * 6**n),
    Curve(
        "talks over 1,296",
        "draws",
        talks_by_draws,
        (10**3, 10**4, 10**5, 10**6, 10**7),
        float,
        lambda n: 2000.0 * n,
    ),
)


def free_memory() -> float:
    """Bytes that new work could take; a GB where the system does not tell."""
    info = Path("/proc/meminfo")
    if not info.is_file():
        return 1e9
    line = next(line for line in info.read_text().splitlines() if line.startswith("MemAvailable"))
    return int(line.split()[1]) * 1024.0


def measure(curve: Curve, size: int) -> str:
    """Seconds and megabytes of one run; made ready by the smallest size."""
    curve.work(curve.sizes[0])
    took: list[float] = []

    def once() -> None:
        start = time.process_time()
        curve.work(size)
        took.append(time.process_time() - start)

    peak = megabytes_above_start(once)
    while sum(took) < 1.0 and len(took) < 20:
        once()
    return f"{min(took)} {'nan' if peak is None else peak}"


def main() -> None:
    """Print one line a size, each measured in a process of its own."""
    os.environ["OMP_NUM_THREADS"] = "1"
    on_one_core()
    if len(sys.argv) == 3:
        print(measure(CURVES[int(sys.argv[1])], int(sys.argv[2])))
        return
    print(f"{'task':24} {'size':>22} {'time':>10} {'above start-up':>15}")
    for index, curve in enumerate(CURVES):
        for size in curve.sizes:
            label = f"{number(curve.count(size)):>13} {curve.unit:8}"
            if curve.bytes_at(size) > free_memory() / 4:
                print(f"{curve.task:24} {label:>22} {'':>10} {'too large here':>15}")
                continue
            took, peak = in_new_process(__file__, str(index), str(size)).split()
            memory = "-" if peak == "nan" else f"{float(peak):,.0f} MB"
            print(f"{curve.task:24} {label:>22} {milliseconds(float(took)):>10} {memory:>15}", flush=True)


if __name__ == "__main__":
    main()
