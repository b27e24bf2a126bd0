"""Reference points with lotteries: closed forms, the axioms, and brute force over fine mixtures."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from zopa.methods.hull_solutions import lottery_kalai_smorodinsky, lottery_nash

RULES = (lottery_nash, lottery_kalai_smorodinsky)
NONE = np.zeros(2)


def random_points(seed, parties, n):
    return np.random.default_rng(seed).random((n, parties))


def near(rule, parties):
    """What the module promises: exact for two, for more as far as linear programs go."""
    return 1e-9 if parties == 2 else 1e-3 if rule is lottery_nash else 1e-5


def test_nice_or_die_is_tossed_for():
    """Nash (1950): on the symmetric hull of (1, .16) and (.16, 1) both expect .58, which beats (.299, .299)."""
    points = np.array([[1.0, 0.16], [0.16, 1.0], [0.299, 0.299]])
    for rule in RULES:
        found = rule(points, NONE)
        assert found.utilities == pytest.approx((0.58, 0.58))
        assert sorted(found.rows) == [0, 1]
        assert found.shares == pytest.approx((0.5, 0.5))


def test_the_kink_of_kalai_and_smorodinsky():
    """Frontier min(1, 2 − 2u): Nash (1/2, 1), Kalai–Smorodinsky (2/3, 2/3); its three corners say it all."""
    points = np.array([[0.0, 1.0], [0.5, 1.0], [1.0, 0.0]])
    assert lottery_nash(points, NONE).utilities == pytest.approx((0.5, 1.0))
    assert lottery_kalai_smorodinsky(points, NONE).utilities == pytest.approx((2 / 3, 2 / 3))


def test_linear_frontier_with_bargaining_powers():
    """u_i = d_i + α_i (1 − Σd): d = (.2, .1), α = .7: (.69, .31)."""
    points = np.array([[1.0, 0.0], [0.0, 1.0]])
    found = lottery_nash(points, np.array([0.2, 0.1]), weights=(7, 3))
    assert found.utilities == pytest.approx((0.69, 0.31))


def test_three_who_share_one_cake():
    points, reserve = np.eye(3), np.array([0.1, 0.2, 0.3])
    for rule in RULES:
        assert rule(points, reserve).utilities == pytest.approx(reserve + 0.4 / 3, abs=near(rule, 3))
    assert lottery_nash(points, reserve, weights=(2, 1, 1)).utilities == pytest.approx(
        reserve + np.array([0.2, 0.1, 0.1]), abs=1e-3
    )


@pytest.mark.parametrize("parties", [2, 3])
def test_nobody_is_held_below_walking_away(parties):
    for rule in RULES:
        assert rule(np.eye(parties), np.full(parties, 0.6)) is None


@pytest.mark.parametrize("parties", [2, 3])
def test_a_lottery_opens_a_zone_where_no_package_does(parties):
    points, reserve = np.eye(parties), np.full(parties, 0.9 / parties)
    for rule in RULES:
        assert rule(points, reserve).utilities == pytest.approx(
            np.full(parties, 1 / parties), abs=near(rule, 3)
        )


@given(st.integers(0, 2**32 - 1), st.integers(1, 7))
@settings(max_examples=40)
def test_two_parties_against_all_pairs_mixed_finely(seed, n):
    points, reserve = random_points(seed, 2, n), np.array([0.3, 0.2])
    t = np.linspace(0.0, 1.0, 2001)[:, None]
    mixed = np.concatenate([(1 - t) * a + t * b for a in points for b in points]) - reserve
    mixed = mixed[(mixed >= 0).all(axis=1)]
    found = lottery_nash(points, reserve)
    assume(found is not None or len(mixed) == 0)
    if found is None:
        return
    assert found.shares @ points[found.rows] == pytest.approx(found.utilities)
    assume(len(mixed) > 0)
    gain = found.utilities - reserve
    assert gain.prod() >= mixed.prod(axis=1).max() - 1e-9
    assert gain.prod() <= mixed.prod(axis=1).max() + 1e-3
    equal = lottery_kalai_smorodinsky(points, reserve).utilities - reserve
    hope = mixed.max(axis=0)
    assume(hope.min() > 0.05)
    assert (equal / hope).min() >= (mixed / hope).min(axis=1).max() - 2e-2


@given(st.integers(0, 2**32 - 1), st.sampled_from([2, 3]), st.sampled_from(RULES))
@settings(max_examples=25)
def test_the_scales_do_not_matter(seed, parties, rule):
    points, reserve = random_points(seed, parties, 6), np.full(parties, 0.2)
    found = rule(points, reserve)
    assume(found is not None)
    scale, shift = np.arange(1.0, parties + 1) * 1.5, np.arange(parties) - 0.5
    other = rule(points * scale + shift, reserve * scale + shift)
    assert other.utilities == pytest.approx(found.utilities * scale + shift, abs=5 * near(rule, parties))


@given(st.integers(0, 2**32 - 1), st.sampled_from([2, 3]), st.sampled_from(RULES))
@settings(max_examples=25)
def test_swapping_the_parties_mirrors_the_answer(seed, parties, rule):
    points, reserve = random_points(seed, parties, 6), np.linspace(0.1, 0.3, parties)
    found = rule(points, reserve)
    assume(found is not None)
    mirrored = rule(points[:, ::-1], reserve[::-1])
    assert mirrored.utilities[::-1] == pytest.approx(found.utilities, abs=near(rule, parties))


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=20)
def test_two_ways_to_the_same_answer(seed):
    """A third party that always gains the same turns the two-party problem into one for linear programs."""
    points, reserve = random_points(seed, 2, 6), np.array([0.2, 0.2])
    for rule in RULES:
        two = rule(points, reserve)
        three = rule(np.column_stack([points, np.ones(6)]), np.append(reserve, 0.5))
        assert (two is None) == (three is None)
        if two is not None and (two.utilities - reserve).min() > 1e-3:
            assert three.utilities[:2] == pytest.approx(two.utilities, abs=near(rule, 3))


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=20)
def test_nash_ignores_packages_it_does_not_mix(seed):
    points, reserve = random_points(seed, 2, 7), np.array([0.2, 0.2])
    found = lottery_nash(points, reserve)
    assume(found is not None)
    assert lottery_nash(points[found.rows], reserve).utilities == pytest.approx(found.utilities, abs=1e-9)
