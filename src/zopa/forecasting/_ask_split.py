"""What learning which of several things holds is worth: the answer given each, and what of it is noise.

The value is the variance of the conditional answers, the expected Brier reduction of a forecaster who is told (see
``methods.sensitivity``). Draws that a posterior takes more than once, and worlds of one draw, are no fresh evidence:
they share a block, and the bias and the error of the value come from leaving one block out at a time (Quenouille 1956;
Efron and Stein 1981).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zopa.case.draws import Draws
from zopa.methods.problem import FloatArray, IntArray
from zopa.methods.sensitivity import Information

BLOCKS = 20
"""Blocks left out in turn: enough for an error good to a sixth."""
NOTHING = Information(0.0, 0.0, 0.0)
Told = Callable[[FloatArray], FloatArray]
"""Answers (...,) from means (..., columns)."""


@dataclass(frozen=True, slots=True)
class Split:
    """The answer given each part: how likely the part is, the answer there, and what learning it is worth."""

    shares: tuple[float, ...]
    answers: tuple[float, ...]
    value: Information

    @property
    def mean(self) -> float:
        """The answer over all parts."""
        return sum(share * answer for share, answer in zip(self.shares, self.answers, strict=True))


def blocks_of(drawn: Draws) -> IntArray:
    """(draws,) the block of each draw: copies of one draw are in one block, grade tables spread over all."""
    which = np.arange(drawn.n) if drawn.pick is None else drawn.pick
    return np.asarray(which % BLOCKS, dtype=np.int64)


def first_column(means: FloatArray) -> FloatArray:
    """The answer where it is a plain mean."""
    return means[..., 0]


def split(
    parts: FloatArray | NDArray[np.bool_],
    columns: FloatArray | NDArray[np.bool_],
    blocks: IntArray,
    told: Told = first_column,
) -> Split | None:
    """The answer given each of ``parts`` (K, n), weights of the rows of ``columns`` (n, C) or (n,).

    None where a part is not seen in every set of all blocks but one: too little is then known of it.
    """
    rows = np.asarray(columns, dtype=np.float64)
    rows = rows[:, None] if rows.ndim == 1 else rows
    weights = np.asarray(parts, dtype=np.float64)
    n = int(blocks.max()) + 1 if len(blocks) else 0
    mass = np.stack([np.bincount(blocks, weights=w, minlength=n) for w in weights])
    sums = np.stack(
        [[np.bincount(blocks, weights=w * column, minlength=n) for column in rows.T] for w in weights]
    )
    whole, total = mass.sum(axis=1), sums.sum(axis=2)
    if n < 3 or (whole[:, None] - mass <= 0).any():
        return None
    shares, answers, value = _valued(whole, total, told)
    left = np.array([_valued(whole - mass[:, b], total - sums[:, :, b], told)[2] for b in range(n)])
    freed = n * value - (n - 1) * left.mean()
    error = float(np.sqrt((n - 1) / n * ((left - left.mean()) ** 2).sum()))
    mean = float(shares @ answers)
    spread = mean * (1 - mean)
    kept = max(0.0, float(freed))
    return Split(
        tuple(map(float, shares)),
        tuple(map(float, answers)),
        Information(kept, error, kept / spread if spread > 0 else 0.0),
    )


def _valued(mass: FloatArray, sums: FloatArray, told: Told) -> tuple[FloatArray, FloatArray, float]:
    shares = mass / mass.sum()
    answers = told(sums / mass[:, None])
    return shares, answers, float(shares @ (answers - shares @ answers) ** 2)
