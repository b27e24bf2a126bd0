"""Four and five parties that hardly agree: where weights and mending do not tell, the answers are still exact."""

from itertools import product

import numpy as np
import pytest

from zopa.methods.acceptance import exists
from zopa.methods.empty_zone import least_transfers, nearest_packages

ISSUES, OPTIONS, DRAWS = 7, 3, 25


@pytest.fixture(params=[3, 4, 5])
def contested(request: pytest.FixtureRequest) -> tuple[list[np.ndarray], np.ndarray, np.ndarray]:
    """Values by issue, reserves about as high as can just be met, and the utilities of all packages."""
    parties = request.param
    rng = np.random.default_rng(parties)
    values = [rng.random((DRAWS, parties, OPTIONS)) / ISSUES for _ in range(ISSUES)]
    packages = list(product(range(OPTIONS), repeat=ISSUES))
    whole = np.stack(
        [sum(v[:, :, k] for v, k in zip(values, package, strict=True)) for package in packages], axis=1
    )
    # The best smallest utility of any package, a little less or a little more: one side of the edge or the other.
    edge = whole.min(axis=2).max(axis=1)
    reserve = np.repeat((edge + rng.uniform(-0.01, 0.01, DRAWS))[:, None], parties, axis=1)
    return values, reserve, whole


def test_whether_there_is_a_zone(contested: tuple[list[np.ndarray], np.ndarray, np.ndarray]):
    values, reserve, whole = contested
    wanted = (whole >= reserve[:, None]).all(axis=2).any(axis=1)
    assert 0 < wanted.sum() < DRAWS
    assert (exists(values, None, reserve) == wanted).all()


def test_the_nearest_package(contested: tuple[list[np.ndarray], np.ndarray, np.ndarray]):
    values, reserve, whole = contested
    reserve = reserve + 0.1
    short = np.sort(np.maximum(reserve[:, None] - whole, 0.0), axis=2)[:, :, ::-1]
    found = np.sort(nearest_packages(values, None, reserve).shortfall, axis=1)[:, ::-1]
    for d in range(DRAWS):
        wanted = short[d][np.lexsort(np.round(short[d], 10).T[::-1])[0]]
        assert found[d] == pytest.approx(wanted, abs=1e-9)


def test_the_least_money(contested: tuple[list[np.ndarray], np.ndarray, np.ndarray]):
    values, reserve, whole = contested
    parties = reserve.shape[1]
    worth = np.tile(np.linspace(0.5, 2.0, parties), (DRAWS, 1))
    gains = (whole - reserve[:, None] - 0.02) / worth[:, None]
    needed, spare = np.maximum(-gains, 0.0).sum(axis=2), np.maximum(gains, 0.0).sum(axis=2)
    wanted = np.where(needed <= spare, needed, np.inf).min(axis=1)
    found = least_transfers(values, None, reserve + 0.02, worth=worth, most=np.full(DRAWS, np.inf))
    assert (found.possible == np.isfinite(wanted)).all()
    assert found.possible.any()
    assert found.amount[found.possible] == pytest.approx(wanted[found.possible], abs=1e-9)
