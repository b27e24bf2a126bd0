"""Shrunken reference classes: by hand, in their limits, and what weights mean."""

import numpy as np
import pytest

from zopa.methods.reference_class import recency, shrunken_class, weighted_counts

Y = np.array([0, 0, 0, 1, 1, 2, 0, 1])
ALL = np.ones(8, dtype=bool)
FEW = np.array([1, 0, 0, 1, 1, 0, 0, 0], dtype=bool)
ONES = np.ones(8)


def test_two_levels_by_hand():
    # Everything: counts 4 3 1 with a prior of one case spread over three; the class of three adds 1 2 0 to six of it.
    wide = (np.array([4, 3, 1]) + 1 / 3) / 9
    found = shrunken_class(Y, [ALL, FEW], ONES, classes=3, strength=6)
    assert found.mean == pytest.approx((np.array([1, 2, 0]) + 6 * wide) / 9)
    assert found.sizes == (8, 3) and found.effective == (8, 3)


def test_an_empty_class_is_the_one_around_it():
    wide = shrunken_class(Y, [ALL], ONES, classes=3, strength=6).mean
    assert shrunken_class(Y, [ALL, ~ALL], ONES, classes=3, strength=6).mean == pytest.approx(wide)


@pytest.mark.parametrize(("strength", "expected"), [(1e9, [4.33, 3.33, 1.33]), (1e-9, [3.0, 6.0, 0.0])])
def test_strength_goes_from_the_class_alone_to_the_one_around_it(strength, expected):
    found = shrunken_class(Y, [ALL, FEW], ONES, classes=3, strength=strength).mean
    assert found == pytest.approx(np.array(expected) / 9, abs=1e-3)


def test_draws_scatter_around_the_mean_the_less_the_more_cases():
    found = shrunken_class(Y, [ALL, FEW], ONES, classes=3, strength=6)
    many = shrunken_class(
        np.tile(Y, 50), [np.tile(ALL, 50), np.tile(FEW, 50)], np.ones(400), classes=3, strength=6
    )
    drawn = found.draws(20_000, seed=1)
    assert drawn.mean(axis=0) == pytest.approx(found.mean, abs=0.01)
    assert drawn.sum(axis=1) == pytest.approx(1.0)
    assert many.draws(2000).std(axis=0).max() < drawn.std(axis=0).max() / 3


def test_recency_halves_the_weight_every_half_life():
    assert recency(np.array([0, 20, 40]), 20) == pytest.approx([1, 0.5, 0.25])
    assert recency(np.array([0, 20, 40]), None) == pytest.approx([1, 1, 1])


def test_weights_leave_the_effective_number_of_cases():
    # Kish: (1 + 3)² / (1 + 9) = 1.6 cases, shared 1 to 3.
    counts, size = weighted_counts(np.array([0, 1]), np.array([1.0, 3.0]), classes=2)
    assert size == pytest.approx(1.6) and counts == pytest.approx([0.4, 1.2])


def test_without_any_level_nothing_can_be_said():
    with pytest.raises(ValueError, match="level"):
        shrunken_class(Y, [], ONES, classes=3, strength=1)
