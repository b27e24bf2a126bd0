"""Ranges over the outer layer: the noise of the inner draws taken out, and not a bit more."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zopa.methods.intervals import interval_from_counts, outer_interval, paired_difference

# scipy.stats.beta.ppf([.05, .95], 4, 6) and (.05, .95) of a normal: 1.6448536269514722 standard deviations
BETA_4_6 = (0.1687505, 0.6550586)
Z95 = 1.6448536269514722


def two_stage(rng, *, groups, draws):
    """A probability drawn from Beta(4, 6) for each group, and yes/no draws with it inside."""
    p = rng.beta(4, 6, groups)
    return (rng.random((groups, draws)) < p[:, None]).ravel(), np.repeat(np.arange(groups), draws)


def test_the_range_is_that_of_the_outer_layer_alone():
    """Thirty draws a group would widen Beta(4, 6) by a quarter; the interval does not see that."""
    rng = np.random.default_rng(1)
    found = [outer_interval(*two_stage(rng, groups=400, draws=30)) for _ in range(60)]
    low, high = np.mean([i.low for i in found]), np.mean([i.high for i in found])
    assert (low, high) == pytest.approx(BETA_4_6, abs=0.015)
    raw = []
    for _ in range(60):
        hits, _ = two_stage(rng, groups=400, draws=30)
        raw.append(np.quantile(hits.reshape(400, 30).mean(axis=1), [0.05, 0.95]))
    assert np.mean(raw, axis=0)[1] - np.mean(raw, axis=0)[0] > high - low + 0.03


def test_nine_in_ten_of_new_outer_worlds_lie_inside():
    rng = np.random.default_rng(2)
    inside = []
    for _ in range(200):
        interval = outer_interval(*two_stage(rng, groups=100, draws=20))
        inside.append(((new := rng.beta(4, 6, 200)) >= interval.low) & (new <= interval.high))
    assert np.mean(inside) == pytest.approx(0.90, abs=0.02)


def test_the_monte_carlo_error_is_that_of_the_mean():
    rng = np.random.default_rng(3)
    found = [outer_interval(*two_stage(rng, groups=60, draws=15)) for _ in range(400)]
    assert np.mean([i.error for i in found]) == pytest.approx(np.std([i.mean for i in found]), rel=0.1)


def test_groups_that_differ_by_chance_alone_have_no_range():
    rng = np.random.default_rng(4)
    widths = []
    for _ in range(100):
        hits = rng.random(4000) < 0.4
        interval = outer_interval(hits, np.repeat(np.arange(100), 40))
        assert interval.low <= interval.mean <= interval.high
        widths.append(interval.high - interval.low)
    assert np.median(widths) < 0.08  # a tenth of the groups' own spread would be .25
    assert outer_interval([0, 1] * 20, np.repeat(np.arange(10), 4)).low == 0.5


def test_real_numbers():
    rng = np.random.default_rng(5)
    outer = rng.normal(3.0, 2.0, 600)
    series = (outer[:, None] + rng.normal(0.0, 4.0, (600, 10))).ravel()
    interval = outer_interval(series, np.repeat(np.arange(600), 10), legal=None)
    assert interval.low == pytest.approx(3.0 - 2.0 * Z95, abs=0.5)
    assert interval.high == pytest.approx(3.0 + 2.0 * Z95, abs=0.5)


def test_without_inner_noise_the_range_is_the_groups_own():
    p = np.linspace(0.0, 10.0, 101)
    interval = outer_interval(np.repeat(p, 2), np.repeat(np.arange(101), 2), legal=None, level=0.8)
    assert (interval.low, interval.mean, interval.high) == pytest.approx((1.0, 5.0, 9.0), abs=0.06)


def test_what_both_sides_share_drops_out_of_a_difference():
    """Both shares swing with the group; the second is one in ten draws lower throughout."""
    rng = np.random.default_rng(6)
    level = rng.uniform(0.3, 0.9, 200)
    u = rng.random((200, 50))
    a, b = u < level[:, None], u < level[:, None] - 0.1
    group = np.repeat(np.arange(200), 50)
    difference = paired_difference(a.ravel(), b.ravel(), group)
    assert difference.mean == pytest.approx(0.1, abs=0.01)
    assert difference.high - difference.low < 0.05
    assert difference.excludes_zero
    apart = outer_interval(a.ravel(), group)
    assert apart.high - apart.low > 0.4


@given(st.integers(0, 2**32 - 1), st.integers(2, 8), st.integers(2, 6), st.sampled_from([0.5, 0.8, 0.9]))
def test_ranges_are_legal_and_hold_together(seed, groups, draws, level):
    rng = np.random.default_rng(seed)
    a, b = (rng.random(groups * draws) < rng.random() for _ in range(2))
    group = rng.permutation(np.repeat(np.arange(groups) * 7 - 3, draws))
    interval = outer_interval(a, group, level=level)
    assert 0.0 <= interval.low <= interval.mean <= interval.high <= 1.0
    assert interval.mean == pytest.approx(a.mean())
    mirrored = outer_interval(~a, group, level=level)
    assert (mirrored.low, mirrored.high) == pytest.approx((1 - interval.high, 1 - interval.low))
    difference = paired_difference(a, b, group, level=level)
    assert -1.0 <= difference.low <= difference.high <= 1.0
    turned = paired_difference(b, a, group, level=level)
    assert (turned.low, turned.mean, turned.high) == pytest.approx(
        (-difference.high, -difference.mean, -difference.low)
    )
    order = rng.permutation(len(a))
    again = outer_interval(a[order], group[order], level=level)
    assert (again.low, again.high, again.error) == pytest.approx(
        (interval.low, interval.high, interval.error)
    )


@given(st.integers(0, 2**32 - 1))
def test_counts_are_enough(seed):
    rng = np.random.default_rng(seed)
    sizes = rng.integers(2, 9, 6)
    hits = np.array([int(rng.integers(0, n + 1)) for n in sizes])
    draws = np.concatenate([np.arange(n) < k for k, n in zip(hits, sizes, strict=True)])
    whole = outer_interval(draws, np.repeat(np.arange(6), sizes))
    counted = interval_from_counts(hits, sizes)
    assert (counted.low, counted.mean, counted.high) == pytest.approx((whole.low, whole.mean, whole.high))


def test_unequal_groups_weigh_by_their_draws():
    hits = np.array([1] * 90 + [0] * 10 + [0, 1, 0, 0, 0, 0, 0, 0, 0, 0])
    interval = outer_interval(hits, np.array([0] * 100 + [1] * 10))
    assert interval.mean == pytest.approx(91 / 110)


def test_a_few_groups_far_apart_widen_the_range_to_the_mean():
    series = np.repeat([0.0] * 39 + [40.0], 2)
    interval = outer_interval(series, np.repeat(np.arange(40), 2), legal=None)
    assert (interval.low, interval.mean, interval.high) == (0.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: outer_interval([0, 1, 1], np.zeros(3, dtype=int)), "at least two groups"),
        (lambda: outer_interval([0, 1, 1], np.array([0, 0, 1])), "at least two draws"),
        (lambda: outer_interval([0, 1, 1], np.array([0, 1])), "one entry a draw"),
        (lambda: outer_interval([0.0, 2.0, 1.0, 0.0], np.array([0, 0, 1, 1])), "leave the legal range"),
        (lambda: outer_interval([0.0, np.nan], np.array([0, 0])), "not finite"),
        (lambda: outer_interval([0, 1, 1, 0], np.array([0, 0, 1, 1]), level=1.0), "level is 1.0"),
        (lambda: paired_difference([0, 1], [1], np.array([0, 0])), "same draws on both sides"),
        (lambda: interval_from_counts([3, 1], [2, 4]), "no more hits than draws"),
    ],
)
def test_what_has_no_interval_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
