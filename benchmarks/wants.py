"""What moves tell about the parties that made them, on made-up parties whose truth is known, and how long it takes.

Time: likelihoods of ten moves of three alternatives in 100,000 draws, the posterior, and ten times the posterior
without one move; the arrays are at hand, no case is read. Coverage: in how many of the parties the 90 % interval holds
the truth. Gain: how much better the log score of the true weight is than the prior's, nats a weight. The parties and
their prior are described in ``tests/methods/synthetic_parties.py``.
"""

import sys
import time
from pathlib import Path

import numpy as np

# The made-up parties belong to the tests, which are no installed package.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.methods.synthetic_parties import BINARY, CONTINUOUS, WEIGHTS, Found, study
from zopa.methods.choice import log_choice, rationality
from zopa.methods.posterior import posterior

DRAWS, MOVES, ALTERNATIVES = 100_000, 10, 3
REPEATS = 5

WORLDS: dict[str, dict[str, float]] = {
    "as the model says": {},
    "true rationality 2": {"lam": 2.0},
    "true rationality 18": {"lam": 18.0},
    "one move mis-stated": {"wrong": 1},
}


def timed() -> tuple[float, float, float]:
    """CPU seconds of likelihoods, posterior and leaving out each move: the least of some repeats."""
    rng = np.random.default_rng(0)
    lam = rationality(rng.random(DRAWS))
    stands = (rng.random(DRAWS) < 0.9).astype(float)
    utilities = [rng.random((DRAWS, ALTERNATIVES)) for _ in range(MOVES)]
    best = [float("inf")] * 3
    for _ in range(REPEATS):
        marks = [time.process_time()]
        rows = np.stack(
            [log_choice(u, 0, rationality=lam, weight=stands, nests=range(ALTERNATIVES)) for u in utilities]
        )
        marks.append(time.process_time())
        found = posterior(rows, u=0.5)
        marks.append(time.process_time())
        for k in range(MOVES):
            found.without(k)
        marks.append(time.process_time())
        best = [min(b, step) for b, step in zip(best, np.diff(marks), strict=True)]
    return best[0], best[1], best[2]


def row(name: str, found: Found) -> str:
    """One line of the table."""
    weights = np.mean([found.coverage[w] for w in WEIGHTS])
    others = [found.coverage[p] for p in (*CONTINUOUS, *BINARY) if p not in (*WEIGHTS, "rationality")]
    return (
        f"{name:<22}{found.gain:>7.3f}{weights:>10.1%}{min(others):>14.1%}{max(others):>8.1%}"
        f"{found.coverage['rationality']:>13.1%}{np.mean(found.exponents < 1):>10.0%}"
    )


def main() -> None:
    """Print times, then coverage and gain."""
    likelihoods, weighed, left_out = timed()
    print(f"{DRAWS:,} draws, {MOVES} moves: CPU seconds, least of {REPEATS}")
    print(f"  likelihoods {likelihoods:.3f}   posterior {weighed:.3f}   leaving out each move {left_out:.3f}")
    print()
    print("200 parties, 10 moves each, 20,000 draws; coverage of 90 % intervals")
    print(
        f"{'':<22}{'gain':>7}{'weights':>10}{'others least':>14}{'most':>8}{'rationality':>13}{'tempered':>10}"
    )
    for name, change in WORLDS.items():
        print(row(name, study(seed=0, **change)), flush=True)


if __name__ == "__main__":
    main()
