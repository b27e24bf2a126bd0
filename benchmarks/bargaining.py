"""The table, on one core: frontier and solutions, alternating offers, all agendas, posterior, each beside its bar.

谈判桌（单核）：有效边界与各解、轮流出价、全部议程、后验，各与其目标并列。
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from _measure import (
    FloatArray,
    additive,
    in_new_process,
    megabytes_above_start,
    milliseconds,
    on_one_core,
    seconds,
)

import zopa
from zopa.estimate import uniforms
from zopa.methods import solutions
from zopa.methods.agendas import agenda_table
from zopa.methods.alternating import Talks, alternating_offers
from zopa.methods.choice import log_choice, rationality
from zopa.methods.frontier import frontier
from zopa.methods.posterior import posterior
from zopa.methods.problem import Block

RULES = (
    solutions.nash,
    solutions.kalai_smorodinsky,
    solutions.egalitarian,
    solutions.utilitarian,
    solutions.raiffa,
)
RUNS, DRAWS = 200_000, 20_000
STEPS = 100


@dataclass(frozen=True)
class Row:
    """One line: what, how fast, what was asked for, and a remark."""

    what: str
    reached: str
    bar: str
    met: bool
    remark: str = ""

    def __str__(self) -> str:
        return f"{self.what:58} {self.reached:>14}  {self.bar:>12}  {'met' if self.met else 'MISSED':6}  {self.remark}"


def solve(values: Sequence[FloatArray], blocks: Sequence[Block] = ()) -> int:
    """The exact frontier above walk-away utilities of .3 and all five solutions; the number of points."""
    found = frontier(values, reserve=np.full(len(values[0]), 0.3), blocks=blocks)
    for rule in RULES:
        rule(found)
    return len(found)


def constrained(issues: int, parties: int) -> tuple[list[FloatArray], list[Block]]:
    """Ten options an issue, a fifth of the packages forbidden one by one across all issues."""
    forbidden = np.random.default_rng(2).random((10,) * issues, dtype=np.float32) < 0.2
    return additive(parties, issues, 10), [Block(tuple(range(issues)), forbidden)]


def frontiers() -> Iterator[Row]:
    """Ten options an issue, 10^6 packages."""
    for parties, bar in ((2, 0.002), (3, 0.005)):
        values = additive(parties, 6, 10)
        took = seconds(lambda values=values: solve(values), repeats=50)
        yield Row(
            f"frontier and 5 solutions, 10^6 packages, {parties} parties",
            milliseconds(took),
            f"< {bar * 1000:.0f} ms",
            took < bar,
            f"{solve(values)} points",
        )
    for parties, issues, bar in ((2, 6, 0.04), (2, 7, 0.5), (3, 6, 0.04), (3, 7, 0.5)):
        values, blocks = constrained(issues, parties)
        took = seconds(lambda values=values, blocks=blocks: solve(values, blocks), repeats=10)
        peak = in_new_process(__file__, "memory", str(issues), str(parties))
        yield Row(
            f"the same across a constraint, 10^{issues} packages, {parties} parties",
            milliseconds(took),
            f"< {milliseconds(bar)}",
            took < bar and (peak == "None" or float(peak) < 100),
            f"{solve(values, blocks)} points; {peak} MB above start-up (bar 100)",
        )


def memory(issues: int, parties: int) -> None:
    """Prints the memory that the constrained problem takes above start-up, the constraint itself included."""
    solve(*constrained(2, parties))
    peak = megabytes_above_start(lambda: solve(*constrained(issues, parties)))
    print(None if peak is None else f"{peak:.0f}")


def opposed() -> list[FloatArray]:
    """Four issues of six options, (2, options) each: what is better for the one is worse for the other, not evenly."""
    scale = np.linspace(0.0, 1.0, 6)
    bend = 1.0 + uniforms(0, "bend", 8).reshape(4, 2)
    return [np.array([scale**one, (1.0 - scale) ** other]) for one, other in bend]


def fixed_pair(runs: int) -> tuple[list[FloatArray], FloatArray, FloatArray]:
    """Fixed weights, walk-away .2, both Boulware with exponents from 2 to 10, drawn for every run."""
    exponents = 2.0 + 8.0 * uniforms(0, "exponents", 2 * runs).reshape(runs, 2)
    weights = np.array([[0.4, 0.3, 0.2, 0.1], [0.25, 0.35, 0.15, 0.25]])
    values = [(weights[:, i, None] * worth)[None] for i, worth in enumerate(opposed())]
    return values, np.full((1, 2), 0.2), exponents


def full_draws(draws: int) -> tuple[list[FloatArray], FloatArray, FloatArray]:
    """The same pair with weights, walk-away values and exponents drawn for every run, from keyed streams."""

    def stream(name: str) -> FloatArray:
        return uniforms(0, name, draws)

    parts = np.array([[stream(f"weight {p} {i}") for i in range(4)] for p in range(2)])
    parts = -np.log1p(-parts)
    weights = parts / parts.sum(axis=1, keepdims=True)
    values = [weights[:, i].T[:, :, None] * worth for i, worth in enumerate(opposed())]
    reserve = np.stack([0.2 + 0.5 * stream(f"walk-away {p}") for p in range(2)], axis=1)
    exponents = np.stack([2.0 + 8.0 * stream(f"exponent {p}") for p in range(2)], axis=1)
    return values, reserve, exponents


def talk(problem: tuple[list[FloatArray], FloatArray, FloatArray]) -> Talks:
    """One thread, a hundred steps."""
    values, reserve, exponents = problem
    return alternating_offers(values, None, reserve, exponents, steps=STEPS, threads=1)


def negotiations() -> Iterator[Row]:
    """1,296 packages; a step is a turn of both parties."""
    pair = fixed_pair(RUNS)
    found = talk(pair)
    rate = RUNS / seconds(lambda: talk(pair))
    mean = float(np.minimum(found.step + 1, STEPS).mean())
    yield Row(
        "alternating offers, 1,296 packages, Boulware on both sides",
        f"{rate:,.0f} /s",
        ">= 200,000 /s",
        rate >= 200_000 and mean >= 80,
        f"{mean:.0f} of {STEPS} steps on average; agreed {found.agreed.mean():.1%}",
    )
    found = talk(full_draws(DRAWS))
    rate = DRAWS / seconds(lambda: talk(full_draws(DRAWS)))
    yield Row(
        "the same, all drawn anew for every run, zone tested",
        f"{rate:,.0f} /s",
        ">= 15,000 /s",
        rate >= 15_000,
        f"stretch 20,000; zone in {found.zone.mean():.1%}, agreed {found.agreed.mean():.1%}",
    )


def agendas() -> Iterator[Row]:
    """Five issues of five options, uncertain weights and walk-away values."""
    values = additive(2, 5, 5, draws=1000)
    reserve = np.random.default_rng(3).uniform(0.3, 0.8, (1000, 2))
    took = seconds(lambda: agenda_table(values, None, reserve, [0] * 5, threads=1))
    yield Row("all 32 agendas of 5 issues, 1,000 draws", milliseconds(took), "< 2 s", took < 2)


def learning() -> Iterator[Row]:
    """Ten moves among three alternatives each, their utilities drawn before; then a whole analysis."""
    draws = 100_000
    worth = np.random.default_rng(4).random((10, draws, 3))

    def learn() -> object:
        rational = rationality(uniforms(0, "rationality", draws))
        rows = [
            log_choice(u, 0, rationality=rational, weight=uniforms(0, f"move {m}", draws), nests=[0, 1, 2])
            for m, u in enumerate(worth)
        ]
        return posterior(np.array(rows), u=0.5)

    took = seconds(learn)
    yield Row("posterior of 100,000 draws after 10 moves", milliseconds(took), "< 3 s", took < 3)
    moves = len(zopa.open_case("muscat-2026").file.moves)
    # A case keeps what it has drawn: every run needs one of its own, opened before.
    fresh = [zopa.open_case("muscat-2026") for _ in range(8)]
    took = seconds(lambda: zopa.wants(fresh.pop(), draws=draws), repeats=3)
    yield Row(
        "wants on the Muscat case, 100,000 draws",
        milliseconds(took),
        "< 3 s",
        took < 3,
        f"{moves} moves; three ways: as it stands, without assumptions, zero line",
    )


def main() -> None:
    """Print one line a task."""
    on_one_core()
    if sys.argv[1:2] == ["memory"]:
        memory(int(sys.argv[2]), int(sys.argv[3]))
        return
    sections: tuple[Callable[[], Iterator[Row]], ...] = (frontiers, negotiations, agendas, learning)
    print(f"{'':58} {'best run':>14}  {'bar':>12}")
    for section in sections:
        for row in section():
            print(row, flush=True)


if __name__ == "__main__":
    main()
