"""Shares of acceptable packages are counts: equal to going through all of them."""

import numpy as np
import pytest
from hypothesis import given

from tests.methods import brute
from tests.methods.problems import one_draw
from zopa.methods import counting
from zopa.methods.counting import count_rational, max_welfare, rational_fraction
from zopa.methods.problem import Block


def agrees_with_enumeration(drawn):
    shared = {"vetoes": drawn.vetoes, "blocks": drawn.blocks}
    counted = count_rational(drawn.values, drawn.reserve, **shared)
    outcomes = [p for p in brute.packages(drawn.values) if brute.allowed(p, drawn.blocks)]
    assert counted.outcomes == len(outcomes)
    assert counted.weak == len(brute.table(drawn.values, reserve=drawn.reserve, **shared))
    assert counted.strict == len(brute.table(drawn.values, reserve=drawn.reserve, strict=True, **shared))
    open_to_all = brute.table(drawn.values, **shared)
    best = max((u.sum() for u in open_to_all.values()), default=None)
    assert max_welfare(drawn.values, **shared) == (None if best is None else pytest.approx(best))


@given(one_draw())
def test_separable_counts(drawn):
    agrees_with_enumeration(drawn)


@given(one_draw(blocks=True))
def test_counts_with_linked_issues(drawn):
    agrees_with_enumeration(drawn)


@pytest.mark.parametrize("parties", [1, 2, 3, 4])
def test_many_packages(parties):
    rng = np.random.default_rng(parties)
    values = [rng.random((parties, 6)) for _ in range(6)]
    reserve = np.full(parties, 3.0)
    sums = np.zeros((1, parties))
    for v in values:
        sums = (sums[:, None] + v.T[None]).reshape(-1, parties)
    assert count_rational(values, reserve).weak == (sums >= reserve).all(axis=1).sum()


def test_many_linked_packages():
    rng = np.random.default_rng(7)
    values = [rng.random((2, 6)) for _ in range(5)]
    chain = [Block((i, i + 1), rng.random((6, 6)) < 0.3) for i in range(4)]
    drawn = brute.table(values, blocks=chain)
    counted = count_rational(values, np.array([2.5, 2.5]), blocks=chain)
    assert counted.outcomes == len(drawn)
    assert counted.weak == sum((u >= 2.5).all() for u in drawn.values())


def test_packages_at_the_walk_away_utility_are_acceptable_but_no_gain():
    values = [np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([[0.0, 1.0], [1.0, 0.0]])]
    reserve = np.array([1.0, 1.0])
    assert rational_fraction(values, reserve) == 0.5
    assert rational_fraction(values, reserve, strict=True) == 0.0


def test_ten_to_the_ten_packages():
    """Both sides of 180 / 2 on a symmetric scale: just over half are at least even for the first party."""
    values = [np.arange(10.0)[None]] * 10
    counted = count_rational(values, np.array([45.0]))
    assert counted.outcomes == 10**10
    assert counted.weak + counted.strict == 10**10  # what is at least 45 mirrors what is at most 45


def test_sizes_beyond_the_limits_are_named(monkeypatch):
    monkeypatch.setattr(counting, "MAX_HALF", 50)
    monkeypatch.setattr(counting, "MAX_PAIRS", 50)
    with pytest.raises(ValueError, match="already make 100 packages, more than the 50"):
        count_rational([np.zeros((2, 10))] * 4, np.zeros(2))
    with pytest.raises(ValueError, match="counting 100 packages for 3 parties"):
        count_rational([np.zeros((3, 10))] * 2, np.zeros(3))


def test_more_close_calls_than_can_be_looked_at_count_as_equal(monkeypatch):
    # 0.1 + 0.2 is above 0.3 in the last digit: a plain count calls it a gain, a count that knows rounding does not
    values, reserve = [np.array([[0.1]]), np.array([[0.2]])], np.array([0.3])
    assert count_rational(values, reserve).strict == 1
    monkeypatch.setattr(counting, "MAX_CLOSE", 1)
    assert count_rational(values, reserve).strict == 0
