"""What packages add to leaving everything as it is: known answers, and what does not change it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.known import bargaining as known
from tests.methods.problems import many_draws
from zopa.methods.gains import gains_over


def free(values):
    return [np.zeros(v.shape, dtype=bool) for v in values]


def test_linkage():
    """Two issues of which each costs one side .3 and gives the other .6 (tests/known/bargaining.py)."""
    values = [np.array([[[0.0, -0.3], [0.0, 0.6]]]), np.array([[[0.0, 0.6], [0.0, -0.3]]])]
    both = gains_over(values, free(values), np.zeros((1, 2)))
    assert both.gain[0] == pytest.approx(known.LINKAGE.answer)
    assert (both.better[0], both.joint[0]) == pytest.approx((1 / 4, 0.6))
    alone = gains_over(values[:1], free(values[:1]), np.zeros((1, 2)))
    assert (alone.better[0], alone.joint[0], alone.gain[0].tolist()) == (0.0, 0.0, [0.0, 0.0])


@given(many_draws(), st.integers(0, 2**32 - 1))
def test_the_nash_point_does_not_depend_on_the_scale_or_the_order_of_draws(problem, seed):
    values, _, _, status_quo, _ = problem
    rng = np.random.default_rng(seed)
    values = [v + 1e-3 * rng.random(v.shape) for v in values]  # without ties
    now = sum(v[:, :, k] for v, k in zip(values, status_quo, strict=True))
    scale = np.exp2(rng.integers(-2, 3, now.shape[1]))
    one = gains_over(values, free(values), now)
    other = gains_over([v * scale[:, None] for v in values], free(values), now * scale)
    assert other.gain == pytest.approx(one.gain * scale, abs=1e-9)
    assert (other.better == one.better).all()
    turned = gains_over([v[::-1] for v in values], free(values), now[::-1], threads=2)
    assert (turned.gain[::-1] == one.gain).all() and (turned.joint[::-1] == one.joint).all()
