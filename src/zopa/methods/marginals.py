"""From what is said of single questions to a distribution over joint cells: the least change that fits what was said.

A forecaster says how likely a deal is, another how likely serious violence. Neither says anything of the two together.
Of all distributions that have these marginals the one nearest to a prior is taken, by relative entropy (Kullback's
minimum discrimination information; Csiszár 1975, Annals of Probability 3): it adds nothing that nobody said. It has the
form p ∝ prior · exp(Σ θ_q [cell in q]), and θ is found by Newton's method on the convex dual.

Statements that cannot hold together (war likelier than serious violence) have no such distribution. Then the marginals
come as near to what was said as they can, in least squares: the dual carries a quadratic term so weak that it does not
show otherwise.
"""

import numpy as np

from zopa.methods.problem import BoolArray, FloatArray

_WEAK = 1e-7
"""Weight of the quadratic term: where statements fit together it moves no marginal by more than some 1e-6."""
_STEPS = 200
_ENOUGH = 1e-12


def marginals_to_cells(
    prior: FloatArray, questions: BoolArray, stated: FloatArray, said: BoolArray | None = None
) -> FloatArray:
    """(..., K): the cells nearest to ``prior`` (K,) or (..., K) in which each question has its stated probability.

    ``questions`` (Q, K) say which cells make each question; ``stated`` (..., Q) its probability, above 0 and below 1;
    ``said`` (..., Q) is False where nothing was said of it. A cell that the prior rules out stays so.
    """
    rules = np.asarray(questions, dtype=np.float64)
    goal = np.asarray(stated, dtype=np.float64)
    on = np.ones(goal.shape, dtype=bool) if said is None else np.broadcast_to(said, goal.shape)
    if not ((goal[on] > 0) & (goal[on] < 1)).all():
        raise ValueError("stated probabilities must lie above 0 and below 1")
    base = np.asarray(prior, dtype=np.float64)
    if (base < 0).any() or not np.allclose(base.sum(axis=-1), 1.0, atol=1e-6):
        raise ValueError("the prior must be probabilities that sum to one")
    shape = goal.shape[:-1]
    logs = np.log(base, out=np.full_like(base, -np.inf), where=base > 0)
    logs = np.broadcast_to(logs, (*shape, base.shape[-1])).reshape(-1, base.shape[-1])
    found = _solve(logs, rules, np.where(on, goal, 0.0).reshape(len(logs), -1), on.reshape(len(logs), -1))
    return found.reshape(*shape, base.shape[-1])


def _solve(logs: FloatArray, rules: FloatArray, goal: FloatArray, on: BoolArray) -> FloatArray:
    theta = np.zeros_like(goal)
    cells, value = _dual(theta, logs, rules, goal)
    left = np.arange(len(theta))  # rows that have not settled yet
    for _ in range(_STEPS):
        p, here = cells[left], on[left]
        reached = p @ rules.T
        slope = np.where(here, reached - goal[left] + _WEAK * theta[left], 0.0)
        curve = np.einsum("dk,qk,rk->dqr", p, rules, rules) - reached[:, :, None] * reached[:, None, :]
        pair = here[:, :, None] & here[:, None, :]
        curve = np.where(pair, curve, 0.0) + np.eye(len(rules)) * np.where(here, _WEAK, 1.0)[:, :, None]
        step = -np.linalg.solve(curve, slope[..., None])[..., 0]
        fall = -(slope * step).sum(axis=1)
        open_ = fall > _ENOUGH
        left, step, fall = left[open_], step[open_], fall[open_]
        if not len(left):
            break
        moved = _shortened(theta[left], step, fall, value[left], logs[left], rules, goal[left])
        theta[left] = moved
        cells[left], value[left] = _dual(moved, logs[left], rules, goal[left])
    return cells


def _dual(
    theta: FloatArray, logs: FloatArray, rules: FloatArray, goal: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """The cells of some θ, and the value of the dual there."""
    raised = logs + theta @ rules
    top = raised.max(axis=1, keepdims=True)
    out = np.exp(raised - top)
    total = out.sum(axis=1, keepdims=True)
    value = (top + np.log(total))[:, 0] - (theta * goal).sum(axis=1) + _WEAK / 2 * (theta**2).sum(axis=1)
    return np.asarray(out / total), np.asarray(value)


def _shortened(
    theta: FloatArray,
    step: FloatArray,
    fall: FloatArray,
    value: FloatArray,
    logs: FloatArray,
    rules: FloatArray,
    goal: FloatArray,
) -> FloatArray:
    """θ after a Newton step, halved in each row until the dual falls as a convex function should (Armijo)."""
    length = np.ones(len(theta))
    for _ in range(60):
        moved = theta + length[:, None] * step
        _, new = _dual(moved, logs, rules, goal)
        # Rounding of the value itself must not stop a step that is right.
        short = new > value - 1e-4 * length * fall + 1e-13 * (1 + np.abs(value))
        if not short.any():
            break
        length[short] /= 2
    return np.asarray(theta + length[:, None] * step)
