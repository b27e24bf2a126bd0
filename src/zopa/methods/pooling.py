"""One forecast out of several: a geometric pool over joint cells, so that every question is a sum of the same numbers.

Members give a distribution over K exclusive cells each. They are pooled once, in the cells: a cell's probability is
proportional to ∏ p_m^(a w_m), with weights w that sum to one and an exponent a (Genest and Zidek 1986, Statistical
Science 1, for logarithmic pools; Satopää et al. 2014, International Journal of Forecasting 30, for the exponent). What
implies something else, such as war serious violence, can then never be the likelier of the two.

The exponent makes up for information that the members do not share: a > 1 moves the pool away from even, a < 1 towards
it. It is learnt from forecasts whose outcome is known, with a normal prior at 1, and bounded: an exponent fixed at a
larger value does harm where members share data. It is 1 where a member without a history takes part.
"""

from collections.abc import Sequence

import numpy as np

from zopa.methods.end_states import CELLS, ENDS, VIOLENCE
from zopa.methods.problem import BoolArray, FloatArray, IntArray

LEAST, MOST = 0.02, 0.98
"""No member may call a question less likely or surer than this: an error there would outweigh everything else."""
SIMULATION = 1 / 3
"""Most weight of a member that has no record of its own, before the exponent."""
BOUNDS = (0.7, 1.8)
"""Least and greatest exponent."""
SPREAD = 0.25
"""Standard deviation of the exponent's prior around 1; with little history the exponent stays near 1."""


def _end_questions() -> BoolArray:
    end, violence = np.divmod(np.arange(CELLS), len(VIOLENCE))
    rules = [end == ENDS.index("deal"), violence > 0, violence == VIOLENCE.index("war")]
    return np.stack([*rules, end == ENDS.index("open")])


QUESTIONS = _end_questions()
"""(4, cells): which joint cells of end and violence make a deal, serious violence, war, and talks still open."""


def smoothed(counts: FloatArray | IntArray) -> FloatArray:
    """(..., K): probabilities from counts, (k + ½) / (n + 1) in each cell and scaled to sum to one.

    That is the mean of a Dirichlet distribution with Jeffreys' prior: (k + ½) / (n + K / 2).
    """
    k = np.asarray(counts, dtype=np.float64)
    if (k < 0).any() or not np.isfinite(k).all():
        raise ValueError("counts must be finite and not negative")
    raised = k + 0.5
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))


def clipped(
    cells: FloatArray, questions: BoolArray | None = None, *, least: float = LEAST, most: float = MOST
) -> FloatArray:
    """(..., K): the cells drawn towards even just as far as it takes for no question to lie outside 2 to 98 %.

    ``questions`` (Q, K) are sums of cells; without them every cell is one. Cells are floored through the questions they
    make: a floor of 2 % under each of many cells would make sums of them likelier than anybody said.
    """
    p = _distributions(cells)
    rules = np.eye(p.shape[-1], dtype=bool) if questions is None else np.asarray(questions, dtype=bool)
    even = rules.mean(axis=1)
    rules, even = rules[(even > 0) & (even < 1)], even[(even > 0) & (even < 1)]
    if (even < least).any() or (even > most).any():
        raise ValueError(f"even odds over {p.shape[-1]} cells leave {least} to {most} for some question")
    asked = p @ rules.T.astype(np.float64)
    short, over = least - asked, asked - most
    share = np.zeros_like(asked)
    np.divide(short, even - asked, out=share, where=short > 0)
    np.divide(over, asked - even, out=share, where=over > 0)
    eased = share.max(axis=-1, keepdims=True, initial=0.0)
    return np.asarray((1 - eased) * p + eased / p.shape[-1])


def capped(weights: Sequence[float] | FloatArray, member: int, *, most: float = SIMULATION) -> FloatArray:
    """(M,): weights that sum to one, ``member``'s at most ``most``; what it loses goes to the others in proportion.

    A member that stands alone keeps the whole weight: there is nobody to give it to.
    """
    w = _weights(np.asarray(weights, dtype=np.float64))
    rest = 1.0 - w[member]
    if w[member] <= most or rest <= 0:
        return w
    out = w * (1.0 - most) / rest
    out[member] = most
    return np.asarray(out)


def pool(members: FloatArray, weights: FloatArray, *, exponent: float | FloatArray = 1.0) -> FloatArray:
    """(..., K): the geometric pool of ``members`` (..., M, K) with ``weights`` (M,) or (..., M), scaled to sum to one.

    ``exponent`` is a number or (...). A member without weight plays no part, whatever it says; ``ValueError`` where
    nobody has weight, or where one with weight calls a cell impossible (smooth and clip first).
    """
    p, w = _distributions(members), _weights(weights)
    if ((p <= 0) & (w[..., None] > 0)).any():
        raise ValueError("a member with weight calls a cell impossible: smooth and clip it first")
    return _powered(_logs(p, w), np.asarray(exponent, dtype=np.float64))


def mean_odds(chances: FloatArray, weights: FloatArray) -> FloatArray:
    """(...): weighted geometric mean of the odds of ``chances`` (..., M), each kept within 2 to 98 % first."""
    p = np.clip(np.asarray(chances, dtype=np.float64), LEAST, MOST)
    return pool(np.stack([p, 1 - p], axis=-1), weights)[..., 0]


def _distributions(cells: FloatArray) -> FloatArray:
    p = np.asarray(cells, dtype=np.float64)
    if not (np.isfinite(p).all() and (p >= 0).all() and np.allclose(p.sum(axis=-1), 1.0, atol=1e-6)):
        raise ValueError("cells must be probabilities that sum to one")
    return p


def _weights(weights: FloatArray) -> FloatArray:
    w = np.asarray(weights, dtype=np.float64)
    if not (np.isfinite(w).all() and (w >= 0).all() and (w.sum(axis=-1) > 0).all()):
        raise ValueError("weights must be finite, not negative and not all zero")
    return np.asarray(w / w.sum(axis=-1, keepdims=True))


def _logs(p: FloatArray, w: FloatArray) -> FloatArray:
    """(..., K): weighted mean of the members' logarithms; what has no weight may be zero."""
    logs = np.log(p, out=np.zeros_like(p), where=(p > 0) & (w[..., None] > 0))
    return np.asarray((w[..., None] * logs).sum(axis=-2))


def _powered(logs: FloatArray, exponent: FloatArray) -> FloatArray:
    raised = exponent[..., None] * logs
    raised -= raised.max(axis=-1, keepdims=True)
    out = np.exp(raised)
    return np.asarray(out / out.sum(axis=-1, keepdims=True))


# ---- the exponent ------------------------------------------------------------------------------------------------


def learn_exponent(
    members: FloatArray,
    outcomes: IntArray,
    weights: FloatArray,
    *,
    spread: float = SPREAD,
    bounds: tuple[float, float] = BOUNDS,
) -> float:
    """The exponent that makes what happened likeliest, given a normal prior at 1, within bounds.

    ``members`` (N, M, K) as they were forecast, ``outcomes`` (N,) the cells that came about. The log score of the pool
    is concave in the exponent, so there is one best value. Without history it is 1.
    """
    cells = np.asarray(outcomes)
    if len(cells) == 0:
        return 1.0
    logs = _logs(_distributions(members), _weights(weights))
    return _best(logs, logs[np.arange(len(cells)), cells], spread, bounds)


def forward_exponents(
    members: FloatArray,
    outcomes: IntArray,
    weights: FloatArray,
    *,
    issued: FloatArray,
    known: FloatArray,
    spread: float = SPREAD,
    bounds: tuple[float, float] = BOUNDS,
) -> FloatArray:
    """(N,): for each forecast the exponent learnt from those alone whose outcome was known before it was issued.

    ``issued`` and ``known`` (N,) are times on one scale. The first forecasts have exponent 1.
    """
    cells, when = np.asarray(outcomes), np.asarray(issued, dtype=np.float64)
    if len(cells) == 0:
        return np.ones(0)
    logs = _logs(_distributions(members), _weights(weights))
    hit = logs[np.arange(len(cells)), cells]
    times, place = np.unique(when, return_inverse=True)
    earlier = np.asarray(known, dtype=np.float64)[None, :] < times[:, None]
    found = [_best(logs[row], hit[row], spread, bounds) for row in earlier]
    return np.asarray(found, dtype=np.float64)[place]


def _best(logs: FloatArray, hit: FloatArray, spread: float, bounds: tuple[float, float]) -> float:
    """The zero of the slope of Σ (a · hit − log Σ exp(a · logs)) − (a − 1)² / (2 spread²), by bisection."""
    low, high = bounds
    for _ in range(50):
        a = (low + high) / 2
        p = _powered(logs, np.full(len(logs), a))
        slope = float((hit - (p * logs).sum(axis=-1)).sum()) - (a - 1) / spread**2
        low, high = (a, high) if slope > 0 else (low, a)
    return (low + high) / 2


def exponent_of(
    learnt: float, weights: Sequence[float] | FloatArray, history: Sequence[bool] | BoolArray
) -> float:
    """The exponent to pool with: the learnt one where every member that has weight has a history, else 1."""
    part = np.asarray(weights, dtype=np.float64) > 0
    return learnt if bool(np.asarray(history, dtype=bool)[part].all()) else 1.0
