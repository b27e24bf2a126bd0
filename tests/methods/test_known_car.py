"""The egalitarian point of the Car domain, which differs from Nash's in the third digit: by rule and by enumeration."""

import itertools

import numpy as np
import pytest

from tests.known import car
from zopa.methods.frontier import frontier
from zopa.methods.solutions import egalitarian, kalai_smorodinsky, nash, utilitarian

EXACT = 1e-9
VALUES = [np.array(worth) for worth in car.VALUES]


@pytest.fixture(scope="module")
def every():
    """Utilities of all packages, (packages, 2)."""
    choices = itertools.product(*(range(v.shape[1]) for v in VALUES))
    return np.array([[sum(v[p, k] for v, k in zip(VALUES, c, strict=True)) for p in (0, 1)] for c in choices])


@pytest.mark.parametrize(
    ("rule", "answer"),
    [
        (nash, car.NASH),
        (kalai_smorodinsky, car.KALAI_SMORODINSKY),
        (egalitarian, car.EGALITARIAN),
        (utilitarian, car.UTILITARIAN),
    ],
)
def test_reference_points(rule, answer):
    found = frontier(VALUES, reserve=np.zeros(2))
    assert len(found) == car.FRONTIER
    assert rule(found).utilities == pytest.approx(answer, abs=EXACT)


def test_the_egalitarian_point_has_the_largest_lowest_gain_of_all_packages(every):
    assert len(every) == car.PACKAGES
    lowest = every.min(axis=1)
    assert lowest.max() == pytest.approx(min(car.EGALITARIAN), abs=EXACT)
    assert every[lowest.argmax()] == pytest.approx(car.EGALITARIAN, abs=EXACT)
    # Nash's package has the larger product and the smaller lowest gain.
    product = every.prod(axis=1)
    assert every[product.argmax()] == pytest.approx(car.NASH, abs=EXACT)
    assert min(car.NASH) < min(car.EGALITARIAN)
