"""Scores: by hand, against what they are defined by, and the identities they keep."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from zopa.methods import scoring

PROBABILITIES = st.lists(st.floats(0, 1), min_size=2, max_size=60)


@pytest.fixture(scope="module")
def sample() -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(5)
    p = random.uniform(0.05, 0.95, 400)
    return p, random.random(400) < p


def test_brier_and_log_score_by_hand():
    p, came = np.array([0.9, 0.2, 0.5]), np.array([True, False, True])
    assert scoring.brier(p, came) == pytest.approx([0.01, 0.04, 0.25])
    assert scoring.log_score(p, came) == pytest.approx([-math.log(0.9), -math.log(0.8), math.log(2)])


def test_what_was_called_impossible_and_came_about_costs_much_but_not_everything():
    assert math.isfinite(scoring.log_score(np.array([0.0]), np.array([True]))[0])


def test_ranked_probability_score_by_hand():
    # Forecast .2 .5 .3 over three futures, the second came about: (.2 − 0)² + (.7 − 1)² over two steps.
    found = scoring.rps(np.array([[0.2, 0.5, 0.3]]), np.array([1]))
    assert found == pytest.approx([(0.04 + 0.09) / 2])


def test_over_two_categories_the_ranked_score_is_the_brier_score(sample):
    p, came = sample
    two = scoring.rps(np.stack([p, 1 - p], axis=1), np.where(came, 0, 1))
    assert two == pytest.approx(scoring.brier(p, came))


def test_near_misses_cost_less_than_far_ones():
    sure = np.array([[1.0, 0.0, 0.0]])
    assert scoring.rps(sure, np.array([1]))[0] < scoring.rps(sure, np.array([2]))[0]


@given(PROBABILITIES, st.data())
def test_murphy_parts_add_up_to_the_brier_score(values, data):
    p = np.array(values)
    came = np.array(data.draw(st.lists(st.booleans(), min_size=len(p), max_size=len(p))))
    parts = scoring.murphy(p, came)
    whole = parts.reliability - parts.resolution + parts.uncertainty + parts.within
    assert whole == pytest.approx(scoring.brier(p, came).mean(), abs=1e-12)


@given(PROBABILITIES)
def test_bins_keep_the_order_and_put_what_is_alike_together(values):
    p = np.array(values)
    at = scoring.bins_of(p)
    order = np.argsort(p, kind="stable")
    assert (np.diff(at[order]) >= 0).all()
    assert all(len(set(at[p == value])) == 1 for value in p)
    assert at.min() >= 0 and at.max() < scoring.BINS


def test_calibration_error_by_hand():
    # Five bins of two: each says .1, .3, .5, .7, .9; every first of a pair comes about, so that each rate is one half.
    p = np.repeat([0.1, 0.3, 0.5, 0.7, 0.9], 2)
    came = np.tile([True, False], 5)
    assert scoring.ece(p, came) == pytest.approx((0.4 + 0.2 + 0 + 0.2 + 0.4) / 5)


def test_a_calibrated_forecaster_stays_below_its_own_quantile_in_95_of_100_samples():
    random = np.random.default_rng(1)
    p = random.uniform(0.1, 0.9, 300)
    most = scoring.ece_of_the_calibrated(p, draws=4000, seed=3)
    below = np.mean([scoring.ece(p, random.random(300) < p) <= most for _ in range(1000)])
    assert 0.93 < below < 0.97


def test_slope_is_the_maximum_of_the_likelihood(sample):
    p, came = sample
    x = np.log(p / (1 - p))

    def loss(at: np.ndarray) -> float:
        score = at[0] + at[1] * x
        return float(np.logaddexp(0, -np.where(came, score, -score)).sum())

    best = minimize(loss, [0, 1], method="BFGS", options={"gtol": 1e-8}).x
    found = scoring.calibration_slope(p, came)
    assert [found.intercept, found.value] == pytest.approx(best.tolist(), abs=1e-4)
    assert found.low < 1 < found.high


def test_overconfidence_shows_as_a_slope_below_one():
    random = np.random.default_rng(2)
    p = random.uniform(0.2, 0.8, 2000)
    came = random.random(2000) < p
    sharper = 1 / (1 + ((1 - p) / p) ** 2)
    found = scoring.calibration_slope(sharper, came)
    assert found.high < 1 and found.value == pytest.approx(0.5, abs=0.1)


def test_forecasts_all_alike_tell_nothing_of_a_slope():
    found = scoring.calibration_slope(np.full(10, 0.3), np.arange(10) < 3)
    assert math.isnan(found.value) and found.low == -math.inf and found.high == math.inf


def test_with_a_prior_few_forecasts_leave_the_slope_near_one():
    found = scoring.calibration_slope(np.array([0.9, 0.1]), np.array([False, True]), prior=0.1)
    assert 0.9 < found.value < 1


def test_area_is_the_share_of_pairs_in_the_right_order(sample):
    p, came = sample
    p = np.round(p, 1)
    pairs = [(a > b) + 0.5 * (a == b) for a in p[came] for b in p[~came]]
    assert scoring.auc(p, came) == pytest.approx(np.mean(pairs))
    assert math.isnan(scoring.auc(p[:3], np.ones(3)))


def test_difference_of_the_bootstrap_holds_its_mean_and_widens_with_clusters():
    random = np.random.default_rng(4)
    shared = np.repeat(random.normal(0, 1, 20), 10)
    a, b = shared + random.normal(0.1, 0.1, 200), np.zeros(200)
    alone = scoring.bootstrap_difference(a, b)
    together = scoring.bootstrap_difference(a, b, clusters=np.repeat(np.arange(20), 10))
    assert alone.low < alone.mean < alone.high and alone.mean == pytest.approx(a.mean())
    assert together.high - together.low > 2 * (alone.high - alone.low)
    assert scoring.bootstrap_difference(a, a).low == 0.0


@pytest.mark.parametrize(("p", "came"), [([1.2], [True]), ([0.5], [0.5]), ([], []), ([0.5, 0.5], [True])])
def test_what_is_no_forecast_is_refused(p, came):
    with pytest.raises(ValueError, match="forecasts"):
        scoring.brier(np.array(p), np.array(came))
