"""The value of information: closed forms, Sobol's indices of known functions, and what noise must not add."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zopa.methods.sensitivity import (
    first_order,
    of_chance,
    of_difference,
    of_fact,
    of_number,
    of_switch,
    polynomials,
)

RNG = np.random.default_rng(20260205)


def test_polynomials_are_orthonormal():
    """Integrals over the unit interval, by Gauss's rule, exact for these degrees."""
    nodes, weights = np.polynomial.legendre.leggauss(12)
    basis = polynomials((nodes + 1) / 2)
    assert basis @ (basis * weights / 2).T == pytest.approx(np.eye(4), abs=1e-12)
    assert basis @ weights == pytest.approx(np.zeros(4), abs=1e-12)


def test_a_fact_is_worth_the_variance_of_the_conditional_means():
    """q(1−q)(p₁−p₀)² with q = .3, p₁ = .8, p₀ = .2: .0756."""
    n = 400_000
    holds = RNG.random(n) < 0.3
    y = (RNG.random(n) < np.where(holds, 0.8, 0.2)).astype(float)
    found = of_fact(y, holds)
    assert found.value == pytest.approx(0.3 * 0.7 * 0.36, abs=4 * found.error)
    assert found.error < 5e-4
    assert found.share == pytest.approx(0.0756 / (0.38 * 0.62), abs=0.01)


def test_the_same_by_forcing_a_switch_both_ways():
    """Common random numbers: the same value, from far fewer worlds."""
    u = RNG.random(4000)
    found = of_switch(0.3, (u < 0.8).astype(float), (u < 0.2).astype(float))
    assert found.value == pytest.approx(0.0756, abs=4 * found.error)
    assert found.share == pytest.approx(0.0756 / (0.38 * 0.62), abs=0.03)


@settings(max_examples=40)
@given(st.integers(0, 10**9), st.floats(0.05, 0.95))
def test_what_changes_nothing_is_worth_nothing(seed, q):
    """On average zero: the noise is taken out, so no fact is worth something by being drawn."""
    rng = np.random.default_rng(seed)
    y, holds, u = rng.random(3000), rng.random(3000) < q, rng.random(3000)
    assert of_fact(y, holds).value <= 5 * of_fact(y, holds).error + 1e-12
    assert of_number(y, u).information.value <= 6 * of_number(y, u).information.error
    assert of_switch(q, y, y) == of_switch(q, y, y.copy())
    assert of_switch(q, y, y).value == 0.0


def test_sobol_indices_of_ishigami():
    """Ishigami and Homma (1990), a = 7, b = .1: S₁ = .3139, S₂ = .4424, S₃ = 0; the second needs degree 8."""
    u = RNG.random((3, 200_000))
    x = np.pi * (2 * u - 1)
    y = np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])
    first = [of_number(y, own, degree=8).information for own in u]
    assert first[0].share == pytest.approx(0.3139, abs=0.01)
    assert first[1].share == pytest.approx(0.4424, abs=0.01)
    assert first[2].share == pytest.approx(0.0, abs=0.005)
    # Four degrees miss half of the wave of the second: a lower bound, never more.
    assert of_number(y, u[1]).information.share < 0.4424


def test_the_ends_of_a_straight_line():
    u = RNG.random(100_000)
    found = of_number(0.2 + 0.5 * u, u)
    assert (found.low, found.high) == pytest.approx((0.225, 0.675), abs=0.005)
    assert found.information.share == pytest.approx(1.0, abs=0.01)
    assert found.information.value == pytest.approx(0.25 / 12, abs=3e-4)


def test_chance_is_what_two_worlds_of_a_draw_do_not_share():
    """p uniform: Var p = 1/12 of the variance 1/4 is known, 1/6 is left to chance."""
    p = RNG.random(200_000)
    worlds = (RNG.random((2, len(p))) < p).astype(float)
    found = of_chance(*worlds)
    assert found.value == pytest.approx(1 / 6, abs=4 * found.error)
    assert found.share == pytest.approx(2 / 3, abs=0.01)
    assert of_chance(worlds[0], worlds[0]).value == 0.0


def test_a_fact_that_always_holds_cannot_be_learnt():
    assert of_fact(RNG.random(100), np.ones(100, dtype=bool)).value == 0.0


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: of_switch(1.2, np.zeros(3), np.ones(3)), "q is 1.2"),
        (lambda: of_switch(0.5, np.zeros(3), np.ones(4)), "shapes"),
        (lambda: of_number(np.zeros(3), np.zeros(3)), "at least 6"),
        (lambda: of_chance(np.zeros(1), np.zeros(1)), "at least two"),
    ],
)
def test_wrong_arguments(ask, message):
    with pytest.raises(ValueError, match=message):
        ask()


def test_first_order_shares_of_a_sum_are_known():
    """Y = u₁ + u₂/2 has variances 1/12 and 1/48 in its two terms, and none in a third number (Sobol 1993)."""
    rng = np.random.default_rng(1)
    u = rng.random((3, 50_000))
    values, errors = first_order(u[0] + u[1] / 2, u)
    np.testing.assert_allclose(values, [1 / 12, 1 / 48, 0], atol=0.002)
    assert (np.abs(values - [1 / 12, 1 / 48, 0]) < 4 * errors).all()


def test_first_order_of_noise_is_nothing_on_average():
    rng = np.random.default_rng(2)
    values, _ = first_order(rng.random(2000), rng.random((300, 2000)))
    assert abs(values.mean()) < 3 * values.std() / np.sqrt(300)


def test_of_difference_takes_noise_out():
    told = of_difference(0.25, 0.2, 0.05, 0.2)
    assert told.value == pytest.approx(0.1875 * (0.04 - 0.0025))
    assert told.share == pytest.approx(told.value / 0.2)
    assert of_difference(0.5, 0.01, 0.05, 0.2).value == 0
    with pytest.raises(ValueError, match="between 0 and 1"):
        of_difference(1.2, 0.1, 0.0, 0.2)
