"""The peer's side: NegMAS on the tasks it is sent, one JSON line a task, run by its own Python in its own environment.

Nothing of zopa is imported here, and nothing of NegMAS anywhere else.
"""

import json
import sys
import time

import negmas
from negmas import AspirationNegotiator, SAOMechanism, make_issue
from negmas.preferences import (
    LinearAdditiveUtilityFunction,
    kalai_points,
    ks_points,
    max_welfare_points,
    nash_points,
    pareto_frontier,
)

Table = list[list[float]]


def scenario(task: dict[str, object]) -> tuple[list[object], list[object]]:
    """Issues and one additive utility function a party; ``values`` [issue][party][option]."""
    values: list[Table] = task["values"]  # type: ignore[assignment]
    reserve: list[float] = task["reserve"]  # type: ignore[assignment]
    issues = [make_issue(len(worth[0]), name=f"issue {i}") for i, worth in enumerate(values)]
    functions = [
        LinearAdditiveUtilityFunction(
            values=[dict(enumerate(worth[party])) for worth in values],
            weights=[1.0] * len(values),
            issues=issues,
            reserved_value=least,
        )
        for party, least in enumerate(reserve)
    ]
    return issues, functions


def frontier(task: dict[str, object]) -> dict[str, object]:
    """The frontier and the points that NegMAS computes on it."""
    issues, functions = scenario(task)
    start = time.process_time()
    points, _ = pareto_frontier(functions, issues=issues)
    nash = nash_points(functions, points, issues=issues)
    for rule in (kalai_points, ks_points, max_welfare_points):
        rule(functions, points, issues=issues)
    took = time.process_time() - start
    return {"seconds": took, "nash": list(nash[0][0]), "points": len(points)}


def negotiations(task: dict[str, object]) -> dict[str, object]:
    """Alternating offers of two aspiration negotiators, one run for each pair of exponents."""
    issues, functions = scenario(task)
    exponents: list[list[float]] = task["exponents"]  # type: ignore[assignment]
    steps, agreed = 0, 0
    start = time.process_time()
    for pair in exponents:
        mechanism = SAOMechanism(issues=issues, n_steps=task["steps"])
        for function, exponent in zip(functions, pair, strict=True):
            mechanism.add(AspirationNegotiator(aspiration_type=exponent), ufun=function)
        state = mechanism.run()
        steps += state.step
        agreed += state.agreement is not None
    took = time.process_time() - start
    return {"seconds": took, "steps": steps / len(exponents), "agreed": agreed / len(exponents)}


def main() -> None:
    """Answer tasks line by line."""
    print(json.dumps({"version": negmas.__version__}), flush=True)
    for line in sys.stdin:
        task = json.loads(line)
        answer = {"frontier": frontier, "negotiations": negotiations}[task["task"]](task)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
