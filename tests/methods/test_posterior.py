"""Weighing whole draws by what was done: against a plain reference, and on made-up parties whose truth is known."""

import itertools
import math
from functools import cache
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.methods import synthetic_parties
from zopa.methods import intervals
from zopa.methods.choice import log_choice, rationality
from zopa.methods.intervals import weighted_quantiles
from zopa.methods.posterior import effective_size, posterior, systematic

DRAWS = 4_000


def likelihoods(moves, *, draws=DRAWS, strength=1.0, seed=0):
    return strength * np.random.default_rng(seed).normal(size=(moves, draws))


def plain_weights(rows, exponent):
    """Weights one draw at a time, in plain Python."""
    joint = [math.fsum(float(row[d]) for row in rows) for d in range(len(rows[0]))]
    top = max(joint)
    raw = [math.exp(exponent * (value - top)) for value in joint]
    total = math.fsum(raw)
    return [value / total for value in raw]


def plain_systematic(weights, u):
    """Kitagawa (1996): step through the cumulative weights with a fixed stride."""
    total, count = sum(weights), len(weights)
    found, at, reached = [], 0, weights[0]
    for i in range(count):
        while reached <= (i + u) / count * total and at < count - 1:
            at += 1
            reached += weights[at]
        found.append(at)
    return found


# --- weights


@pytest.mark.parametrize("strength", [0.2, 1.0, 5.0])
def test_one_draw_at_a_time(strength):
    rows = likelihoods(5, draws=500, strength=strength)
    found = posterior(rows, u=0.25, least=100)
    plain = plain_weights(rows, found.exponent)
    assert found.weights == pytest.approx(plain, abs=1e-14)
    assert found.effective == pytest.approx(1 / math.fsum(w * w for w in plain))
    assert found.pick.tolist() == plain_systematic(list(map(float, found.weights)), 0.25)


def test_moves_that_tell_nothing_return_the_prior_exactly():
    rng = np.random.default_rng(3)
    u, lam = rng.random((DRAWS, 3)), rationality(rng.random(DRAWS))
    for lam_, w in ((np.zeros(DRAWS), rng.random(DRAWS)), (lam, 0.0)):
        rows = np.stack([log_choice(u, k, rationality=lam_, weight=w, nests=[0, 1, 2]) for k in (0, 1, 1, 2)])
        found = posterior(rows, u=0.7)
        assert np.array_equal(found.pick, np.arange(DRAWS))
        assert np.array_equal(found.weights, np.full(DRAWS, 1 / DRAWS))
        assert (found.exponent, found.effective, found.tempered) == (1.0, DRAWS, False)


def test_no_moves_are_the_prior():
    assert np.array_equal(posterior(np.zeros((0, 7)), u=0.999).pick, np.arange(7))


@pytest.mark.parametrize("strength", [0.3, 3.0])
def test_the_order_of_moves_does_not_matter_to_the_last_bit(strength):
    rows = likelihoods(5, draws=300, strength=strength)
    first = posterior(rows, u=0.4, least=50)
    for order in itertools.permutations(range(5)):
        other = posterior(rows[list(order)], u=0.4, least=50)
        assert np.array_equal(first.weights, other.weights)
        assert np.array_equal(first.pick, other.pick)
        assert (first.exponent, first.effective) == (other.exponent, other.effective)


def test_an_alternative_said_twice_leaves_the_posterior_alone():
    rng = np.random.default_rng(4)
    u, lam, w = rng.random((DRAWS, 3)), rationality(rng.random(DRAWS)), rng.random(DRAWS)
    plain = log_choice(u, 0, rationality=lam, weight=w, nests=[0, 1, 2])
    twice = log_choice(np.column_stack([u, u[:, 0]]), 0, rationality=lam, weight=w, nests=[0, 1, 2, 0])
    a, b = posterior(plain[None], u=0.1), posterior(twice[None], u=0.1)
    assert a.weights == pytest.approx(b.weights, rel=1e-12)
    assert np.array_equal(a.pick, b.pick)


def test_a_normal_mean_is_found_exactly():
    # Prior N(0, 1), three observations of variance 1 with mean 1: posterior N(3/4, 1/4).
    from scipy.special import ndtri

    theta = ndtri((np.arange(20_000) + 0.5) / 20_000)
    rows = np.stack([-0.5 * (theta - x) ** 2 for x in (0.5, 1.0, 1.5)])
    found = posterior(rows, u=0.5)
    assert found.exponent == 1.0
    assert found.weights @ theta == pytest.approx(0.75, abs=1e-3)
    assert found.weights @ theta**2 - 0.75**2 == pytest.approx(0.25, abs=2e-3)
    assert theta[found.pick].mean() == pytest.approx(0.75, abs=1e-3)
    ends = weighted_quantiles(theta, found.weights, (0.05, 0.5, 0.95))
    assert ends == pytest.approx([0.75 - 0.822427, 0.75, 0.75 + 0.822427], abs=2e-3)


# --- too few draws left


def test_kish():
    assert effective_size(np.ones(40)) == pytest.approx(40)
    assert effective_size(np.array([1.0, 0.0, 0.0])) == pytest.approx(1)
    # (1 + 2 + 3)² / (1 + 4 + 9)
    assert effective_size(np.array([1.0, 2.0, 3.0])) == pytest.approx(36 / 14)


def test_tempering_leaves_exactly_as_many_as_asked_for_and_no_more():
    rows = likelihoods(10, draws=20_000)
    found = posterior(rows, u=0.0)
    assert found.tempered and 0 < found.exponent < 1
    assert found.untempered < 1000 <= found.effective < 1000.001
    sharper = np.exp((found.exponent + 1e-6) * (found.joint - found.joint.max()))
    assert effective_size(sharper) < 1000


def test_all_moves_are_tempered_together():
    rows = likelihoods(10, draws=20_000)
    found = posterior(rows, u=0.0)
    assert found.weights == pytest.approx(plain_weights(found.exponent * rows, 1.0), rel=1e-9)


def test_enough_draws_are_left_alone():
    rows = likelihoods(1, strength=0.5)
    found = posterior(rows, u=0.0)
    assert not found.tempered and found.effective == found.untempered >= 1000


def test_no_more_than_half_the_draws_can_be_asked_for():
    found = posterior(likelihoods(20, draws=600), u=0.0)
    assert found.least == 300
    assert 300 <= found.effective < 300.001


def test_a_single_draw_is_its_own_posterior():
    found = posterior(np.array([[-3.0]]), u=0.3)
    assert found.pick.tolist() == [0] and found.exponent == 1.0


def test_extreme_likelihoods_still_leave_enough():
    rows = np.zeros((1, DRAWS))
    rows[0, 1:] = -1e8 * np.arange(1, DRAWS)
    found = posterior(rows, u=0.0)
    assert found.effective >= 1000 and 0 < found.exponent < 1e-6


# --- leaving one out


def test_without_a_move_is_the_posterior_of_the_others():
    rows = likelihoods(4, strength=0.3)
    found = posterior(rows, u=0.2)
    for k in range(4):
        other = posterior(np.delete(rows, k, axis=0), u=0.2)
        assert np.array_equal(found.without(k).weights, other.weights)
        assert np.array_equal(found.without(k).pick, other.pick)


@pytest.mark.parametrize("strength", [0.2, 1.0, 3.0])
def test_all_that_are_left_out_at_once_are_each_left_out_by_itself(strength):
    found = posterior(likelihoods(6, strength=strength), u=0.3)
    for k, weights in enumerate(found.left_out()):
        assert weights == pytest.approx(found.without(k).weights, rel=1e-9, abs=1e-300)
    assert posterior(likelihoods(0), u=0.3).left_out().shape == (0, DRAWS)


def test_without_a_move_the_others_count_no_more_than_before():
    rows = likelihoods(10, draws=20_000)
    found = posterior(rows, u=0.2)
    assert found.without(3).exponent == found.exponent
    # Two moves that cancel: without one of them the other leaves fewer draws, and is tempered more.
    against = np.vstack(
        [likelihoods(1, draws=20_000, strength=3.0), -likelihoods(1, draws=20_000, strength=3.0)]
    )
    alone = posterior(against, u=0.2).without(1)
    assert alone.exponent < 1 and alone.effective >= 1000


# --- picking draws


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=60).filter(lambda w: sum(w) > 1e-3),
    st.floats(0, 1, exclude_max=True),
)
def test_every_draw_is_picked_as_often_as_its_weight_says(weights, u):
    w = np.array(weights)
    found = systematic(w, u)
    assert (np.diff(found) >= 0).all()
    times = np.bincount(found, minlength=len(w))
    expected = len(w) * w / w.sum()
    assert (times >= np.floor(expected - 1e-9)).all() and (times <= np.ceil(expected + 1e-9)).all()
    assert (times[w == 0] == 0).all()


@pytest.mark.parametrize("u", [0.0, 0.5, 1 - 2**-53])
@pytest.mark.parametrize("count", [1, 3, 12_000, 99_999])
def test_equal_weights_pick_every_draw_once(u, count):
    assert np.array_equal(systematic(np.full(count, 0.1), u), np.arange(count))


def test_rounding_never_picks_a_draw_without_weight():
    weights = np.r_[np.full(99_999, 0.1), 0.2, 0.0]
    assert systematic(weights, 1 - 2**-53).max() == 99_999


# --- quantiles


def test_quantiles_of_equal_weights_are_those_of_hazen():
    values = np.random.default_rng(0).random(101)
    levels = (0.05, 0.3, 0.5, 0.95)
    assert weighted_quantiles(values, np.ones(101), levels) == pytest.approx(
        np.quantile(values, levels, method="hazen")
    )


@given(
    seed=st.integers(0, 10_000),
    shape=st.sampled_from(["uniform", "heavy", "few", "apart", "one"]),
    levels=st.lists(st.floats(0, 1), min_size=1, max_size=5),
)
@settings(max_examples=60, deadline=None)
def test_of_many_values_only_some_are_sorted_and_the_quantiles_are_the_same(seed, shape, levels):
    rng = np.random.default_rng(seed)
    n = intervals.SORTED + 1000
    values = {
        "uniform": rng.random(n),
        "heavy": np.exp(4 * rng.normal(size=n)),
        "few": rng.integers(0, 4, n).astype(float),
        "apart": np.where(rng.random(n) < 0.3, -1e6, 1e6) + rng.random(n),
        "one": np.full(n, 0.25),
    }[shape]
    weights = np.stack(
        [np.ones(n), rng.random(n) ** 8, np.where(values > np.median(values), rng.random(n), 0.0)]
    )
    weights[2, 0] += 0.1
    found = weighted_quantiles(values, weights, levels)
    with patch.object(intervals, "SORTED", n):
        expected = weighted_quantiles(values, weights, levels)
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_values_without_weight_play_no_part():
    found = weighted_quantiles(
        np.array([-9.0, 1.0, 2.0, 9.0]), np.array([0.0, 1.0, 1.0, 0.0]), (0.0, 0.5, 1.0)
    )
    assert found.tolist() == [1.0, 1.5, 2.0]


@given(st.lists(st.integers(1, 5), min_size=2, max_size=12))
@settings(max_examples=50)
def test_quantiles_grow_with_their_level_and_do_not_depend_on_order(weights):
    w = np.array(weights, dtype=float)
    values = np.random.default_rng(len(w)).random(len(w))
    found = weighted_quantiles(values, w, np.linspace(0, 1, 21))
    assert (np.diff(found) >= 0).all()
    assert found == pytest.approx(weighted_quantiles(values[::-1], w[::-1], np.linspace(0, 1, 21)))


# --- what is refused


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: posterior(np.zeros(3), u=0.0), "shape"),
        (lambda: posterior(np.zeros((2, 0)), u=0.0), "shape"),
        (lambda: posterior(np.array([[np.nan]]), u=0.0), "finite"),
        (lambda: posterior(np.zeros((1, 3)), u=1.0), "u is 1.0"),
        (lambda: posterior(np.zeros((1, 3)), u=0.0, least=-1.0), "least"),
        (lambda: posterior(np.zeros((1, 3)), u=0.0).without(1), "move is 1"),
        (lambda: posterior(np.zeros((1, 3)), u=0.0).without(-1), "move is -1"),
        (lambda: weighted_quantiles(np.zeros(2), np.zeros(3), (0.5,)), "shapes"),
        (lambda: weighted_quantiles(np.zeros(2), np.zeros(2), (0.5,)), "not all zero"),
        (lambda: weighted_quantiles(np.zeros(2), np.ones(2), (1.5,)), "levels"),
    ],
)
def test_what_cannot_be_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# --- parties whose truth is known


@cache
def learnt():
    return synthetic_parties.study(parties=200, moves=10, draws=20_000, seed=0)


@pytest.mark.parametrize("name", [*synthetic_parties.CONTINUOUS, *synthetic_parties.BINARY])
def test_ninety_percent_intervals_hold_the_truth_of_nine_parties_in_ten(name):
    assert 0.85 <= learnt().coverage[name] <= 0.95


def test_the_score_of_true_weights_beats_that_of_the_prior():
    # Logarithm of the posterior's share of the true weight's bin against the prior's, mean over parties and weights.
    assert learnt().gain >= 0.2


def test_enough_draws_were_left_for_every_party():
    assert (learnt().sizes >= 1000 - 1e-6).all()


def test_parties_that_do_not_choose_as_the_model_says_are_still_not_learnt_backwards():
    # The figures themselves are on the results page; here only that nothing breaks down.
    for change in ({"lam": 2.0}, {"lam": 18.0}, {"wrong": 1}):
        found = synthetic_parties.study(parties=40, draws=8_000, seed=1, **change)
        assert found.gain > 0.0
        assert min(found.coverage[name] for name in synthetic_parties.WEIGHTS) >= 0.7
