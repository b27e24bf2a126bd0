"""The nearest package and the least payment: against every package written out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.methods import brute
from tests.methods.problems import many_draws
from zopa.methods.acceptance import exists
from zopa.methods.empty_zone import least_transfers, nearest_packages


def allowed(values, vetoes, d):
    return [
        p
        for p in brute.packages(values)
        if vetoes is None or not any(v[d, :, k].any() for v, k in zip(vetoes, p, strict=True))
    ]


def utility(values, d, package):
    return np.sum([v[d, :, k] for v, k in zip(values, package, strict=True)], axis=0)


@given(many_draws(parties=(1, 3)))
@settings(max_examples=60, deadline=None)
def test_nearest_is_the_definition(problem):
    values, vetoes, reserve, *_ = problem
    found = nearest_packages(values, vetoes, reserve)
    zone = exists(values, vetoes, reserve)
    for d in range(len(reserve)):
        packages = allowed(values, vetoes, d)
        assert found.possible[d] == bool(packages)
        if not packages:
            assert np.isnan(found.shortfall[d]).all()
            continue
        short = {p: np.maximum(reserve[d] - utility(values, d, p), 0.0) for p in packages}
        best = min(sorted(s, reverse=True) for s in short.values())
        mine = tuple(int(k) for k in found.packages[d])
        assert mine in short
        assert found.shortfall[d] == pytest.approx(short[mine])
        assert sorted(found.shortfall[d], reverse=True) == pytest.approx(best)
        assert (found.shortfall[d].max() == 0.0) == zone[d]


@given(many_draws(parties=(2, 3)))
@settings(max_examples=30, deadline=None)
def test_lower_reserves_never_leave_a_larger_shortfall(problem):
    values, vetoes, reserve, *_ = problem
    before, after = (
        nearest_packages(values, vetoes, r).shortfall.max(axis=1) for r in (reserve, reserve - 1)
    )
    assert np.array_equal(np.isnan(before), np.isnan(after))
    told = ~np.isnan(before)
    assert (after[told] <= before[told] + 1e-9).all()


@given(many_draws(parties=(2, 3)))
@settings(max_examples=20, deadline=None)
def test_swapping_the_parties_mirrors_and_threads_change_nothing(problem):
    values, vetoes, reserve, *_ = problem
    one = nearest_packages(values, vetoes, reserve, threads=1)
    turned = [v[:, ::-1] for v in values], None if vetoes is None else [v[:, ::-1] for v in vetoes]
    other = nearest_packages(*turned, reserve[:, ::-1], threads=3)
    assert np.allclose(np.sort(one.shortfall), np.sort(other.shortfall), equal_nan=True)
    worth, most = np.full(reserve.shape, 0.5), np.full(len(reserve), np.inf)
    paid = least_transfers(values, vetoes, reserve, worth=worth, most=most, threads=1)
    back = least_transfers(*turned, reserve[:, ::-1], worth=worth, most=most, threads=3)
    assert np.allclose(paid.amount, back.amount, equal_nan=True)


def test_a_million_packages_take_no_enumeration():
    rng = np.random.default_rng(0)
    values = [rng.random((3, 3, 10)) for _ in range(6)]
    found = nearest_packages(values, None, np.full((3, 3), 4.6))
    for d in range(3):
        total = sum(
            v[d].reshape(3, *(10 if i == j else 1 for j in range(6))) for i, v in enumerate(values)
        ).reshape(3, -1)
        assert found.shortfall[d].max() == pytest.approx(np.maximum(4.6 - total, 0.0).max(axis=0).min())


@given(many_draws(parties=(2, 3)), st.sampled_from([0.5, 3.0, np.inf]), st.integers(0, 99))
@settings(max_examples=80, deadline=None)
def test_least_transfer_is_the_definition(problem, most, seed):
    values, vetoes, reserve, *_ = problem
    draws, parties = reserve.shape
    rng = np.random.default_rng(seed)
    worth = rng.choice([0.0, 0.5, 1.0, 2.0], size=reserve.shape)
    found = least_transfers(values, vetoes, reserve, worth=worth, most=np.full(draws, most))
    for d in range(draws):
        least = np.inf
        for package in allowed(values, vetoes, d):
            gain = utility(values, d, package) - reserve[d]
            if any(g < 0 and w == 0 for g, w in zip(gain, worth[d], strict=True)):
                continue
            money = [g / w for g, w in zip(gain, worth[d], strict=True) if w > 0]
            need = -sum(m for m in money if m < 0)
            if (need <= most + 1e-9 and sum(money) >= -1e-9) or need == 0:
                least = min(least, need)
        assert found.possible[d] == np.isfinite(least)
        if found.possible[d]:
            assert found.amount[d] == pytest.approx(least)
            assert found.received[d].sum() == pytest.approx(0.0, abs=1e-9)
            assert np.maximum(found.received[d], 0).sum() == pytest.approx(least, abs=1e-9)
            after = utility(values, d, found.packages[d]) + worth[d] * found.received[d]
            assert (after >= reserve[d] - 1e-9).all()
            assert (found.received[d][worth[d] == 0] == 0).all()
    zone = exists(values, vetoes, reserve)
    assert (found.amount[zone] == 0).all()
    assert parties == found.received.shape[1]


def test_one_side_buys_what_it_cannot_trade():
    """A house worth .9 to the buyer and .4 to the seller, who needs .3 more: at .1 a unit, 3 of 5 units."""
    values = [np.array([[[0.0, 0.9], [0.4, 0.1]]])]
    reserve, worth = np.array([[0.2, 0.4]]), np.full((1, 2), 0.1)
    found = least_transfers(values, None, reserve, worth=worth, most=np.array([5.0]))
    assert found.packages.tolist() == [[1]]
    assert found.amount.tolist() == pytest.approx([3.0])
    assert found.received[0].tolist() == pytest.approx([-3.0, 3.0])
    assert not least_transfers(values, None, reserve, worth=worth, most=np.array([2.9])).possible[0]
    assert not exists(values, None, reserve)[0]


def test_wrong_money_is_refused():
    values, reserve = [np.ones((2, 2, 2))], np.ones((2, 2))
    with pytest.raises(ValueError, match="worth must be finite"):
        least_transfers(values, None, reserve, worth=np.full((2, 2), -1.0), most=np.ones(2))
    with pytest.raises(ValueError, match="most must be 2 numbers"):
        least_transfers(values, None, reserve, worth=np.ones((2, 2)), most=-np.ones(2))
