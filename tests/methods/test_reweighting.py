"""Ranges over an outer layer told from all draws: against the exact answer, and against groups on their own."""

import numpy as np
import pytest

from zopa.methods.intervals import outer_interval
from zopa.methods.reweighting import Reweighting, balance_weights

GROUPS, INNER = 80, 25
SIZES = np.full(GROUPS, INNER)
GROUP = np.repeat(np.arange(GROUPS), INNER)


def world(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """One switch with a chance of its own in every group; the event needs the switch in nine worlds of ten."""
    rng = np.random.default_rng(seed)
    chance = rng.uniform(0.3, 0.7, GROUPS)
    on = rng.random(GROUPS * INNER) < chance[GROUP]
    event = np.where(on, rng.random(len(on)) < 0.9, rng.random(len(on)) < 0.2)
    log = np.where(on[None, :], np.log(chance)[:, None], np.log(1 - chance)[:, None])
    return log, event.astype(float), chance


def test_rows_sum_to_one_and_never_exceed_the_bound() -> None:
    log, _, _ = world(1)
    weights = balance_weights(log, SIZES)
    assert weights.sum(axis=1) == pytest.approx(np.ones(GROUPS))
    # Balance heuristic: the likelihood ratio to the mixture is at most the number of groups.
    assert weights.max() <= GROUPS / (GROUPS * INNER) * 1.5


def test_equal_groups_have_no_range() -> None:
    weights = balance_weights(np.zeros((GROUPS, GROUPS * INNER)), SIZES)
    found = Reweighting.of(weights, SIZES).interval(np.random.default_rng(2).random(GROUPS * INNER))
    assert found.low == pytest.approx(found.mean) and found.high == pytest.approx(found.mean)


def test_constant_factors_of_a_draw_drop_out() -> None:
    log, _, _ = world(3)
    shifted = log + np.random.default_rng(4).normal(size=log.shape[1])
    assert np.allclose(balance_weights(log, SIZES), balance_weights(shifted, SIZES))


def test_nearer_to_the_truth_than_groups_on_their_own() -> None:
    ours, theirs = [], []
    for seed in range(30):
        log, event, chance = world(100 + seed)
        truth = np.quantile(0.2 + 0.7 * chance, [0.05, 0.95])
        a = Reweighting.of(balance_weights(log, SIZES), SIZES).interval(event)
        b = outer_interval(event, GROUP)
        ours.append(np.abs(np.array([a.low, a.high]) - truth).mean())
        theirs.append(np.abs(np.array([b.low, b.high]) - truth).mean())
    assert np.mean(ours) < 0.02
    assert np.mean(ours) < np.mean(theirs) / 2


def test_a_draw_that_cannot_happen_elsewhere_counts_in_its_own_group_only() -> None:
    log = np.full((2, 4), -np.inf)
    log[0, :2], log[1, 2:] = 0.0, 0.0
    weights = balance_weights(log, np.array([2, 2]))
    assert weights.tolist() == [[0.5, 0.5, 0.0, 0.0], [0.0, 0.0, 0.5, 0.5]]


def test_clipped_to_the_legal_range_unless_told_otherwise() -> None:
    log, event, _ = world(5)
    weights = balance_weights(log, SIZES)
    whole = Reweighting.of(weights, SIZES).interval(event * 2 - 1, legal=None)
    assert whole.low < Reweighting.of(weights, SIZES).interval(event).low
    assert -1 <= whole.low <= whole.mean <= whole.high <= 1
