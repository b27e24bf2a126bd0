"""All draws at once give what the one-by-one solver gives, for any number of threads."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.methods.problems import many_draws
from zopa.methods import solutions
from zopa.methods.batch_solutions import RULES, batch_rational, batch_solutions
from zopa.methods.counting import count_rational
from zopa.methods.frontier import frontier

POWER = (3.0, 1.0, 2.0)


def one_by_one(values, vetoes, reserve, d):
    """Frontier, and rule by rule the lowest of the tied packages with its utilities, of one draw."""
    found = frontier(
        [v[d] for v in values], reserve=reserve[d], vetoes=None if vetoes is None else [v[d] for v in vetoes]
    )
    power = POWER[: reserve.shape[1]]
    picked = []
    for rule in RULES:
        solution = (
            solutions.nash(found, weights=power)
            if rule == "nash_weighted"
            else getattr(solutions, rule)(found)
        )
        picked.append(None if solution is None else min(map(tuple, solution.packages.tolist())))
    return found, picked


def agrees(values, vetoes, reserve):
    batch = batch_solutions(values, vetoes, reserve, power=POWER[: reserve.shape[1]], threads=1)
    for d in range(len(reserve)):
        found, picked = one_by_one(values, vetoes, reserve, d)
        assert batch.frontier[d] == len(found)
        if len(found) == 0:
            assert (batch.packages[d] == -1).all()
            assert np.isnan(batch.utilities[d]).all() and np.isnan(batch.welfare[d])
            continue
        assert batch.welfare[d] == pytest.approx(found.points.sum(axis=1).max(), abs=1e-12)
        for k, package in enumerate(picked):
            assert tuple(batch.packages[d, k]) == package, RULES[k]
            worth = sum(v[d, :, j] for v, j in zip(values, package, strict=True))
            assert batch.utilities[d, k] == pytest.approx(worth, abs=1e-12)


@given(many_draws())
@settings(max_examples=60)
def test_whole_numbers_with_many_ties(drawn):
    values, vetoes, reserve, *_ = drawn
    agrees(values, vetoes, reserve)


@given(st.integers(2, 3), st.integers(0, 2**32 - 1))
@settings(max_examples=15)
def test_real_numbers(parties, seed):
    rng = np.random.default_rng(seed)
    values = [rng.random((6, parties, k)) for k in (4, 3, 5, 2)]
    agrees(values, None, rng.random((6, parties)) * 2.5)


@given(many_draws())
@settings(max_examples=30)
def test_packages_are_counted_as_one_draw_is(drawn):
    values, vetoes, reserve, *_ = drawn
    counted = batch_rational(values, vetoes, reserve, threads=1)
    for d in range(len(reserve)):
        barred = None if vetoes is None else [v[d] for v in vetoes]
        alone = count_rational([v[d] for v in values], reserve[d], vetoes=barred)
        assert tuple(counted[d]) == (alone.weak, alone.strict)


def test_what_the_second_can_have_when_the_first_has_so_much():
    rng = np.random.default_rng(3)
    values, reserve = [rng.random((20, 2, 4)) for _ in range(3)], np.full((20, 2), 0.5)
    levels = np.linspace(0.0, 3.0, 13)
    found = batch_solutions(values, None, reserve, levels=levels).attained
    for d in range(20):
        points = frontier([v[d] for v in values], reserve=reserve[d]).points
        for level, most in zip(levels, found[d], strict=True):
            reach = points[points[:, 0] >= level, 1]
            assert most == pytest.approx(reach.max() if len(reach) else -np.inf)


def test_threads_change_nothing():
    rng = np.random.default_rng(5)
    values, reserve = [rng.random((101, 3, 4)) for _ in range(4)], rng.random((101, 3))
    one, four = (batch_solutions(values, None, reserve, threads=k) for k in (1, 4))
    for name in ("packages", "utilities", "frontier", "welfare"):
        assert np.array_equal(getattr(one, name), getattr(four, name), equal_nan=True)


@pytest.mark.parametrize("power", [(1.0,), (1.0, 0.0), (1.0, np.inf), (1.0, -1.0)])
def test_bargaining_powers_must_be_positive(power):
    with pytest.raises(ValueError, match="power must be 2 positive numbers"):
        batch_solutions([np.ones((1, 2, 2))], None, np.zeros((1, 2)), power=power)
