"""What learning which part one is in is worth: against closed forms, other estimators, and nothing at all."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zopa.forecasting._ask_split import BLOCKS, split
from zopa.methods.sensitivity import of_fact


def blocks(n: int) -> np.ndarray:
    return np.arange(n) % BLOCKS


def test_without_noise_it_is_the_variance_of_the_parts():
    part = np.tile(np.repeat([0, 1, 2], [20, 40, 40]), 5)
    y = np.array([0.9, 0.2, 0.4])[part]
    found = split(part == np.arange(3)[:, None], y, blocks(len(y)))
    assert found is not None
    assert found.shares == pytest.approx((0.2, 0.4, 0.4))
    assert found.answers == pytest.approx((0.9, 0.2, 0.4))
    middle = 0.2 * 0.9 + 0.4 * 0.2 + 0.4 * 0.4
    assert found.mean == pytest.approx(middle)
    truth = 0.2 * (0.9 - middle) ** 2 + 0.4 * (0.2 - middle) ** 2 + 0.4 * (0.4 - middle) ** 2
    assert found.value.value == pytest.approx(truth)


def test_of_a_fact_it_is_what_the_plain_estimate_says():
    rng = np.random.default_rng(0)
    holds = rng.random(40_000) < 0.3
    y = (rng.random(40_000) < np.where(holds, 0.6, 0.4)).astype(float)
    found, plain = split(np.stack([holds, ~holds]), y, blocks(40_000)), of_fact(y, holds)
    assert found is not None
    assert found.value.value == pytest.approx(plain.value, abs=2 * plain.error)
    assert found.value.value == pytest.approx(0.3 * 0.7 * 0.2**2, abs=4 * found.value.error)
    assert found.value.error == pytest.approx(plain.error, rel=0.6)


def test_what_tells_nothing_is_worth_nothing_on_average():
    rng = np.random.default_rng(1)
    values = []
    for _ in range(200):
        y, holds = (rng.random((2, 1000)) < 0.5).astype(float)
        found = split(np.stack([holds, 1 - holds]), y, blocks(1000))
        assert found is not None
        values.append(found.value.value)
    # Without the bias taken out the mean would be 2.5e-4; what is cut off at nothing leaves less than half of it.
    assert np.mean(values) < 1.5e-4


def test_copies_of_a_draw_are_no_fresh_evidence():
    rng = np.random.default_rng(2)
    y, holds = (rng.random((2, 400)) < 0.5).astype(float)
    once = split(np.stack([holds, 1 - holds]), y, blocks(400))
    again = split(np.stack([holds, 1 - holds]).repeat(9, axis=1), y.repeat(9), blocks(400).repeat(9))
    assert once is not None and again is not None
    assert again.value.error == pytest.approx(once.value.error)


def test_a_part_that_is_hardly_ever_seen_is_not_told():
    holds = np.zeros(100, dtype=bool)
    holds[3] = True
    assert split(np.stack([holds, ~holds]), np.ones(100), blocks(100)) is None


def test_an_answer_may_be_any_function_of_the_means():
    part = np.tile([0, 1], 200)
    columns = np.stack([np.where(part, 0.25, 0.81), np.ones(400)], axis=1)
    found = split(part == np.arange(2)[:, None], columns, blocks(400) // 2, lambda m: np.sqrt(m[..., 0]))
    assert found is not None
    assert found.answers == pytest.approx((0.9, 0.5))


@given(st.integers(0, 2**32 - 1), st.integers(2, 4))
def test_shares_sum_to_one_and_the_whole_is_their_mean(seed, parts):
    rng = np.random.default_rng(seed)
    weights = rng.random((parts, 300))
    y = rng.random(300)
    found = split(weights / weights.sum(axis=0), y, blocks(300))
    assert found is not None
    assert sum(found.shares) == pytest.approx(1)
    assert found.mean == pytest.approx(y.mean())
    assert found.value.value >= 0 and found.value.error >= 0
