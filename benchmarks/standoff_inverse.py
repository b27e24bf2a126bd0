"""The standoff turned round, on one core: least changes of rankings for a wished state, and coalitions over many draws.

对峙的反问题（单核）：使期望状态稳定所需的最小偏好改变，以及多次抽取下的联盟稳定性，各与其目标并列。
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from _measure import milliseconds, on_one_core, seconds
from numpy.typing import NDArray

from zopa.methods.coalitions import blocs, coalitions, group_profiles, joint_improvements
from zopa.methods.graph_model import Lattice
from zopa.methods.inverse import LeastChange, distances_alone, least_changes

DRAWS = 12_000


@dataclass(frozen=True)
class Row:
    """One line: what, how fast, what was asked for, and a remark."""

    what: str
    reached: str
    bar: str
    met: bool | None
    remark: str = ""

    def __str__(self) -> str:
        verdict = "" if self.met is None else "met" if self.met else "MISSED"
        return f"{self.what:72} {self.reached:>10}  {self.bar:>10}  {verdict:6}  {self.remark}"


def lattice(options: int, parties: int) -> Lattice:
    """Every combination of options that are dealt out evenly."""
    owner = np.sort(np.arange(options) % parties).astype(np.int8)
    return Lattice(np.arange(1 << options), owner, np.zeros(options, dtype=np.int8), parties)


def random_ranks(rng: np.random.Generator, model: Lattice) -> NDArray[np.int32]:
    """Strict rankings of which each is as likely as any other."""
    return np.argsort(rng.random((model.parties, len(model))), axis=1).astype(np.int32)


def stated_ranks(rng: np.random.Generator, model: Lattice, statements: int) -> NDArray[np.int32]:
    """Rankings from prioritised statements on one or two options: with ties, and with few improvements to answer by."""
    scores = np.zeros((model.parties, len(model)), dtype=np.int64)
    for party in range(model.parties):
        for _ in range(statements):
            first, second = rng.choice(model.options, 2, replace=False)
            holds = model.taken(int(first)) == bool(rng.integers(2))
            if rng.integers(2):
                holds &= model.taken(int(second)) == bool(rng.integers(2))
            scores[party] = 2 * scores[party] + holds
    return np.stack([np.unique(s, return_inverse=True)[1] for s in scores]).astype(np.int32)


def inverse() -> Iterator[Row]:
    """1,024 states, four parties, Nash, GMR, SMR, SEQ and SSEQ; the slowest of several wished states counts."""
    model, rng = lattice(10, 4), np.random.default_rng(1)
    tasks = [
        ("strict random rankings", [(random_ranks(rng, model), int(rng.integers(1024))) for _ in range(6)]),
        (
            "prioritised statements",
            [(stated_ranks(rng, model, 8), int(rng.integers(1024))) for _ in range(6)],
        ),
    ]
    for name, problems in tasks:
        took, changes = 0.0, list[LeastChange]()
        for ranks, state in problems:
            took = max(took, seconds(lambda r=ranks, s=state: least_changes(model, r, s), repeats=2))
            changes += least_changes(model, ranks, state).values()
        proven = sum(change.proven for change in changes)
        yield Row(
            f"inverse, 1,024 states, 4 parties, 5 concepts: {name}",
            milliseconds(took),
            "<= 5 s",
            took <= 5,
            f"slowest of {len(problems)} states; {proven} of {len(changes)} answers proven least",
        )


def together() -> Iterator[Row]:
    """Four parties, four concepts."""
    rng = np.random.default_rng(2)
    for states, options in ((64, 6), (200, 8)):
        found = np.sort(rng.choice(1 << options, states, replace=False))
        owner = np.sort(np.arange(options) % 4).astype(np.int8)
        model = Lattice(found, owner, np.zeros(options, dtype=np.int8), 4)
        ranks = np.argsort(rng.random((DRAWS, 4, states)), axis=2).astype(np.int32)
        tasks: list[tuple[str, Callable[[], object]]] = [
            ("all 15 coalitions", lambda m=model, r=ranks: group_profiles(coalitions(m), r, threads=1)),
            (
                "one bloc of two",
                lambda m=model, r=ranks: group_profiles(blocs(m, [(0, 1), (2,), (3,)]), r, threads=1),
            ),
            (
                "how far each party is from staying, 5 concepts",
                lambda m=model, r=ranks: distances_alone(m, r, 0, threads=1),
            ),
            ("who carries each state", lambda m=model, r=ranks: joint_improvements(coalitions(m), r, 0)),
        ]
        for name, work in tasks:
            took = seconds(work, repeats=2)
            yield Row(
                f"{name}, {DRAWS:,} draws, {states} states",
                milliseconds(took),
                "none",
                None,
                f"{DRAWS * states / took:,.0f} profile-states/s",
            )


def main() -> None:
    """Print one line a task."""
    on_one_core()
    print(f"{'':72} {'best run':>10}  {'bar':>10}")
    for section in (inverse, together):
        for row in section():
            print(row, flush=True)


if __name__ == "__main__":
    main()
