"""The standoff: stability by five concepts in large conflicts and in sampled profiles, beside its bars; on one thread
and on two, seconds by the clock, so only a quiet machine gives the figures. Then growth with states and parties.

僵局：大规模冲突与抽样偏好下五种稳定性的计算时间，与其目标并列；分别为单线程与双线程的实际用时，机器空闲时方可比较。随后是用时随状态数与当事方数的增长。

Conflicts are random: options spread evenly, independent rankings with ties from rank arrays at hand, preparation
included. Figures of gmcr-py 0.4.1 are quoted from a measurement on another day: no registry has it to install.
"""

import sys
import time
from collections.abc import Callable

import numpy as np
from _measure import in_new_process, megabytes_above_start, milliseconds
from numpy.typing import NDArray

from zopa.methods.footprint import memory_needed
from zopa.methods.graph_model import CONCEPTS, Lattice
from zopa.methods.stability import stable, stable_profiles

FIVE = tuple(c for c in CONCEPTS if c != "sim")
FOUR = ("nash", "gmr", "smr", "seq")
FREE, HALF, ALL = "free", "half one-way", "all one-way"
GMCR = {10: "gmcr-py 3.4 s", 12: "gmcr-py 81 s"}


def conflict(options: int, parties: int = 4, *, way: str = FREE, states: int | None = None) -> Lattice:
    """A random conflict with every combination feasible, or ``states`` of them."""
    rng = np.random.default_rng(1)
    share = {FREE: [0.0, 1.0, 0.0], HALF: [0.25, 0.5, 0.25], ALL: [0.5, 0.0, 0.5]}[way]
    ways = rng.choice(np.array([-1, 0, 1], dtype=np.int8), options, p=share)
    owner = (np.arange(options) * parties // options).astype(np.int8)
    every = 1 << options
    kept = np.arange(every) if states is None else np.sort(rng.choice(every, states, replace=False))
    return Lattice(kept.astype(np.int64), owner, ways, parties)


def weak_orders(model: Lattice, draws: int | None = None) -> NDArray[np.int32]:
    """Independent random rankings; some 63 % of the states share their rank with others."""
    rng, count = np.random.default_rng(2), len(model)
    shape = (model.parties, count) if draws is None else (draws, model.parties, count)
    return rng.integers(0, count, shape, dtype=np.int32)


def clock(work: Callable[[], object], *, repeats: int) -> float:
    """Seconds by the clock of the best of ``repeats`` runs, after one that is not counted."""
    work()
    took = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        took.append(time.perf_counter() - start)
    return min(took)


def line(what: str, one: str, two: str, bar: str, met: bool | None, remark: str = "") -> str:
    """One line of the table of bars."""
    judged = "" if met is None else "met" if met else "MISSED"
    return f"{what:52} {one:>11} {two:>11}  {bar:>14}  {judged:6}  {remark}".rstrip()


def single(
    what: str, model: Lattice, concepts: tuple[str, ...], bar: float, *, repeats: int, remark: str = ""
) -> str:
    """Time of one conflict."""
    ranks = weak_orders(model)
    one, two = (
        clock(lambda t=threads: stable(model, ranks, concepts=concepts, threads=t), repeats=repeats)  # type: ignore[misc]
        for threads in (1, 2)
    )
    bar_text = f"<= {milliseconds(bar)}"
    return line(what, milliseconds(one), milliseconds(two), bar_text, min(one, two) <= bar, remark)


def sampled(
    what: str, model: Lattice, draws: int, bar: float | None, concepts: tuple[str, ...] = FIVE
) -> str:
    """Profile-states a second."""
    ranks = weak_orders(model, draws)
    one, two = (
        draws
        * len(model)
        / clock(lambda t=threads: stable_profiles(model, ranks, concepts=concepts, threads=t), repeats=3)  # type: ignore[misc]
        / 1e6
        for threads in (1, 2)
    )
    bar_text = "" if bar is None else f">= {bar} M/s"
    met = None if bar is None else max(one, two) >= bar
    return line(what, f"{one:.2f} M/s", f"{two:.2f} M/s", bar_text, met)


def grown(options: int, parties: int, way: str) -> str:
    """Seconds on one thread and on two, and megabytes, of one size."""
    model = conflict(options, parties, way=way)
    ranks = weak_orders(model)
    small = conflict(8, parties, way=way)
    stable(small, weak_orders(small), concepts=FIVE)
    # First: what an earlier run has given back may not all have gone back to the system.
    peak = megabytes_above_start(lambda: stable(model, ranks, concepts=FIVE, threads=2))
    took = []
    for threads in (1, 2):
        start = time.perf_counter()
        stable(model, ranks, concepts=FIVE, threads=threads)
        took.append(time.perf_counter() - start)
    return f"{took[0]} {took[1]} {'nan' if peak is None else peak}"


def growth() -> None:
    """Print one line a size, each measured in a process of its own."""
    print()
    print(f"{'five concepts':32} {'one thread':>11} {'two':>11} {'above start-up':>15} {'told before':>13}")
    sizes = [(k, 4, FREE) for k in (10, 12, 14, 16, 18, 20, 22, 24)]
    sizes += [(20, p, FREE) for p in (2, 3, 6, 8)] + [
        (k, 4, w) for w in (HALF, ALL) for k in (12, 16, 20, 22)
    ]
    for options, parties, way in sizes:
        one, two, peak = in_new_process(__file__, str(options), str(parties), way).split()
        memory = "-" if peak == "nan" else f"{float(peak):,.0f} MB"
        told = memory_needed(options, parties, concepts=FIVE) / 1e6
        label = f"2^{options} states, {parties} parties, {way}"
        figures = f"{milliseconds(float(one)):>11} {milliseconds(float(two)):>11} {memory:>15}"
        print(f"{label:32} {figures} {told:>10,.0f} MB", flush=True)


def main() -> None:
    """Print the bars, then growth."""
    if len(sys.argv) == 4:
        print(grown(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))
        return
    print(f"{'':52} {'one thread':>11} {'two':>11}  {'bar':>14}")
    quoted = GMCR[12]
    print(single("5 concepts, 2^20 states, 4 parties", conflict(20), FIVE, 1.5, repeats=3), flush=True)
    peak = in_new_process(__file__, "20", "4", FREE).split()[2]
    if peak != "nan":
        print(line("  memory", "", f"{float(peak):,.0f} MB", "<= 512 MB", float(peak) <= 512), flush=True)
    for way in (HALF, ALL):
        print(
            single(f"5 concepts, 2^20 states, {way}", conflict(20, way=way), FIVE, 3.0, repeats=2), flush=True
        )
    print(
        single("4 concepts, 4,096 states", conflict(12), FOUR, 0.0025, repeats=50, remark=quoted), flush=True
    )
    print(sampled("profiles of 1,024 states, 5 concepts", conflict(10), 2000, 1.28), flush=True)
    for states in (64, 128, 200):
        model = conflict(9, states=states)
        print(
            sampled(f"profiles of {states} states feasible of 512", model, 400_000 // states, 1.28),
            flush=True,
        )
    print(sampled("profiles of 1,024 states, SIM alone", conflict(10), 100, None, ("sim",)), flush=True)
    growth()


if __name__ == "__main__":
    main()
