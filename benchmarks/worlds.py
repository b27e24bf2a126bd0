"""Simulated talks: full worlds of the Muscat case a second, beside the bar, and growth with worlds, parties and issues.

A full world: every mechanism on, from the day of the record to the common date ninety days on. Two threads by the
clock, and the same counted in processor time, which other work on the machine disturbs less. Growth: one thread,
processor time, random boards, every draw played once.

模拟会谈：以马斯喀特案例计每秒可推演的完整情形数（与目标并列），以及随情形数、当事方数与议题数的增长。

完整情形：全部机制都开，从记录之日推演到九十天后的共同期限。先按两个线程的实际用时计，再按处理器时间计（后者受机器上其他任务的影响较小）。增长部分：单线程，处理器时间，随机生成的局面，每次抽样推演一次。
"""

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from _measure import megabytes_above_start, milliseconds, number, seconds

import zopa
from zopa.forecasting._simulate_rows import played
from zopa.forecasting.simulate import simulate
from zopa.methods.world_board import Board
from zopa.methods.worlds import play, texts

BAR = 50_000
DRAWS, PLAYS = 12_000, 4


@dataclass(frozen=True)
class Row:
    """One line: what, how fast, what was asked for, and a remark."""

    what: str
    reached: str
    bar: str
    met: str
    remark: str = ""

    def __str__(self) -> str:
        return f"{self.what:58} {self.reached:>14}  {self.bar:>12}  {self.met:6}  {self.remark}"


def fastest(work: Callable[[], object], *, repeats: int = 5) -> float:
    """Seconds by the clock of the best of several runs, after one that is not counted."""
    work()
    took = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        took.append(time.perf_counter() - start)
    return min(took)


def muscat() -> Iterator[Row]:
    """The shipped case after its moves."""
    draws = zopa.open_case("muscat-2026").draws(DRAWS, after_moves=True)
    laid = played(draws).laid
    worlds = DRAWS * PLAYS

    def run(threads: int) -> Callable[[], object]:
        return lambda: played(draws, plays=PLAYS, laid=laid, threads=threads)

    rate = worlds / fastest(run(2))
    met = "met" if rate >= BAR else "MISSED"
    yield Row("full worlds, 2 threads, by the clock", f"{rate:,.0f} /s", f">= {BAR:,} /s", met)
    per_core = worlds / seconds(run(1))
    yield Row(
        "the same, 1 thread, processor time",
        f"{per_core:,.0f} /s",
        "",
        "",
        f"two cores of this speed: {2 * per_core:,.0f} /s",
    )
    once = DRAWS / seconds(lambda: played(draws, laid=laid, threads=1))
    yield Row("every draw played once, 1 thread, processor time", f"{once:,.0f} /s", "", "")
    yield Row("the board of 12,000 draws", milliseconds(seconds(lambda: played(draws).laid)), "", "")
    fresh = [zopa.open_case("muscat-2026") for _ in range(4)]
    took = seconds(lambda: simulate(fresh.pop(), plays=PLAYS), repeats=3)
    yield Row(
        "zopa.simulate, 12,000 draws × 4 worlds, processor time",
        milliseconds(took),
        "",
        "",
        "three ways, eight mechanisms off in turn, all tables",
    )


def board(draws: int, *, parties: int = 2, issues: int = 5, options: int = 3) -> Board:
    """A random board on which everything can happen."""
    rng = np.random.default_rng(1)
    size = issues * options
    starts = np.arange(0, size + 1, options, dtype=np.int64)
    weights = rng.dirichlet(np.ones(issues), (draws, parties))
    worth = np.sort(rng.random((draws, parties, issues, options)), axis=3)
    worth[:, 1::2] = worth[:, 1::2, :, ::-1]
    forces = min(parties, 7) + 1
    everything = (1 << issues) - 1
    made = Board(
        values=np.ascontiguousarray((weights[..., None] * worth).reshape(draws, parties, size)),
        starts=starts,
        vetoed=rng.random((draws, size)) < 0.03,
        moves=np.array([0 if k == 0 else 1 << i for i in range(issues) for k in range(options)]),
        reserve=rng.uniform(0.2, 0.5, (draws, parties)),
        agendas=np.array([everything >> 1, everything, everything], dtype=np.int64),
        closed=np.zeros((draws, 3), dtype=np.bool_),
        disputed=rng.random((draws, parties, 3)) < 0.3,
        exponents=rng.uniform(0.5, 4.0, (draws, parties)),
        due=np.full(parties, np.inf),
        patience=rng.uniform(90.0, 365.0, draws),
        impatience=np.zeros((draws, parties)),
        interval=rng.uniform(7.0, 35.0, draws),
        late=np.zeros(draws, dtype=np.uint8),
        direct=np.full(draws, 0.5),
        text=rng.uniform(0.1, 0.5, draws),
        texts=np.full((3, 1), -1, dtype=np.int64),
        breakdown=rng.uniform(0.1, 0.6, draws),
        resumption=rng.uniform(0.2, 1.5, draws),
        strike=rng.uniform(0.05, 0.5, (draws, forces)),
        answer=rng.uniform(0.5, 0.9, (draws, forces)),
        outside=rng.uniform(0.02, 0.2, (draws, forces)) * (np.arange(forces) == forces - 1),
        breaks=rng.uniform(0.01, 0.15, (draws, 1)),
        widens=rng.uniform(0.3, 0.8, draws),
        delay=rng.uniform(4.0, 40.0, draws),
        targets=~np.eye(forces, dtype=np.bool_),
        seat=np.array([*range(forces - 1), -1], dtype=np.int64),
        hits=np.ones((forces, 1), dtype=np.bool_),
        deadlines=np.array([1.0]),
        pressed=np.ones((1, forces), dtype=np.bool_),
        parties=np.arange(1, parties + 1, dtype=np.uint64),
        forces=np.arange(1, forces + 1, dtype=np.uint64),
        regimes=np.array([1], dtype=np.uint64),
        start=1.0,
        horizon=90.0,
    )
    return made._replace(texts=texts(made))


def growth() -> Iterator[str]:
    """One line a size."""
    sizes = (
        *(("worlds", draws, {}) for draws in (1_000, 10_000, 100_000)),
        *(("parties", 4_000, {"parties": n}) for n in (2, 3, 4, 6)),
        *(("issues", 4_000, {"issues": n}) for n in (2, 4, 6, 8)),
    )
    for what, draws, changes in sizes:
        made = board(draws, **changes)
        took = seconds(lambda made=made: play(made, threads=1), repeats=3)
        peak = megabytes_above_start(lambda made=made: play(made, threads=1))
        size = draws if what == "worlds" else next(iter(changes.values()))
        packages = 3 ** changes.get("issues", 5)
        yield (
            f"{what:10} {number(size):>10}  {milliseconds(took):>10}  {draws / took:>10,.0f} worlds/s  "
            f"{number(packages):>6} packages  {'' if peak is None else f'{peak:,.0f} MB'}"
        )


def main() -> None:
    """Print one line a task, then one a size."""
    for row in muscat():
        print(row, flush=True)
    print()
    for line in growth():
        print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
