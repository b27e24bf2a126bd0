"""Zones of lotteries: against a linear program over every package."""

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.optimize import linprog

from tests.methods import brute
from tests.methods.problems import many_draws
from zopa.methods.acceptance import exists
from zopa.methods.lotteries import lottery_exists


def reaches(values, vetoes, reserve, d):
    """Whether some mixture of the packages nobody vetoes gives all their reserve: a linear program over packages."""
    points = [
        np.sum([v[d, :, k] for v, k in zip(values, p, strict=True)], axis=0)
        for p in brute.packages(values)
        if vetoes is None or not any(v[d, :, k].any() for v, k in zip(vetoes, p, strict=True))
    ]
    if not points:
        return False
    table = np.array(points).T
    n = table.shape[1]
    # maximise the least gain t
    found = linprog(
        [0.0] * n + [-1.0],
        A_ub=np.hstack([-table, np.ones((len(table), 1))]),
        b_ub=-reserve[d],
        A_eq=[[1.0] * n + [0.0]],
        b_eq=[1.0],
        bounds=[(0, None)] * n + [(None, None)],
    )
    return bool(-found.fun >= -1e-7)


@given(many_draws(parties=(1, 3)))
@settings(max_examples=50, deadline=None)
def test_lotteries_are_the_linear_program(problem):
    values, vetoes, reserve, *_ = problem
    found = lottery_exists(values, vetoes, reserve)
    assert found.tolist() == [reaches(values, vetoes, reserve, d) for d in range(len(reserve))]


@given(many_draws(parties=(1, 3)))
@settings(max_examples=30, deadline=None)
def test_a_zone_is_a_zone_of_lotteries(problem):
    values, vetoes, reserve, *_ = problem
    found = lottery_exists(values, vetoes, reserve, threads=1)
    assert (exists(values, vetoes, reserve) <= found).all()
    turned = [v[:, ::-1] for v in values], None if vetoes is None else [v[:, ::-1] for v in vetoes]
    assert lottery_exists(*turned, reserve[:, ::-1], threads=3).tolist() == found.tolist()


def test_a_coin_settles_what_no_package_does():
    """All or nothing for either side: half of it on average, and no more (the mixed battle of the sexes)."""
    values = [np.array([[[0.0, 1.0], [1.0, 0.0]]])]
    assert not exists(values, None, np.array([[0.4, 0.4]]))[0]
    assert lottery_exists(values, None, np.array([[0.5, 0.5]]))[0]
    assert not lottery_exists(values, None, np.array([[0.51, 0.5]]))[0]
    vetoed = [np.array([[[False, True], [False, False]]])]
    assert not lottery_exists(values, vetoed, np.array([[0.4, 0.4]]))[0]


@pytest.mark.parametrize("parties", [2, 3, 5])
def test_many_packages_take_no_enumeration(parties):
    rng = np.random.default_rng(1)
    values = [rng.random((40, parties, 10)) for _ in range(8)]
    reserve = np.full((40, parties), {2: 5.6, 3: 5.0, 5: 4.5}[parties]) + rng.random((40, parties))
    found = lottery_exists(values, None, reserve)
    # A mixture of packages is a mixture of options issue by issue.
    for d in range(40):
        counts = [v.shape[2] for v in values]
        table = np.concatenate([v[d] for v in values], axis=1)
        equal = np.zeros((8, sum(counts) + 1))
        for i in range(8):
            equal[i, 10 * i : 10 * i + 10] = 1.0
        solved = linprog(
            [0.0] * sum(counts) + [-1.0],
            A_ub=np.hstack([-table, np.ones((parties, 1))]),
            b_ub=-reserve[d],
            A_eq=equal,
            b_eq=np.ones(8),
            bounds=[(0, None)] * sum(counts) + [(None, None)],
        )
        assert found[d] == (-solved.fun >= -1e-8)
    assert 0 < found.sum() < 40
