"""SMAA-2: acceptability, central weights and confidence, from weights that could be anything."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.known import bargaining as known
from zopa.methods import smaa
from zopa.methods.smaa import acceptability, flat_weights, holistic, joint_acceptability, ranks_of

MIDDLE_GROUND = np.array([[1.0, 0.0], [0.0, 1.0], [0.6, 0.6]])


def uniforms(draws, criteria, seed=0):
    return np.random.default_rng(seed).uniform(1e-12, 1 - 1e-12, (draws, criteria))


def spread(matrix, draws):
    return np.repeat(np.asarray(matrix)[None], draws, axis=0)


@st.composite
def drawn(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    alternatives, criteria = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    x = rng.integers(0, 4, (15, alternatives, criteria)).astype(float)
    return x, flat_weights(rng.uniform(0.01, 0.99, (15, criteria)))


def test_the_middle_ground_is_best_for_middling_weights():
    """Alternative three wins where the first weight lies between .4 and .6; means are the middles of each range."""
    n = 40_000
    found = acceptability(spread(MIDDLE_GROUND, n), flat_weights(uniforms(n, 2)))
    error = 3 * np.sqrt(0.25 / n)
    assert found.first == pytest.approx(known.MIDDLE_GROUND.answer, abs=error)
    middles = np.array([[0.8, 0.2], [0.2, 0.8], [0.5, 0.5]])
    assert found.central_weights == pytest.approx(middles, abs=3 * 0.4 / np.sqrt(12 * 0.2 * n))
    assert found.confidence.tolist() == [1.0, 1.0, 1.0]
    assert found.ranks.sum(axis=1) == pytest.approx([1.0, 1.0, 1.0])


def test_confidence_is_the_chance_to_win_with_its_own_central_weights():
    """One alternative is worth 1 or 0 at even odds, the other .5 for certain, whatever the weights."""
    x = np.zeros((1000, 2, 2))
    x[::2, 0] = 1.0
    x[:, 1] = 0.5
    assert acceptability(x, flat_weights(uniforms(1000, 2))).confidence.tolist() == [0.5, 0.5]


def test_uncertain_criteria_by_integral():
    """One alternative (U, 0), the other (0, V), U and V uniform, any weights.

    The first wins where w·U > (1 − w)·V. Integrating P(U > r·V) = 1 − r/2 for r ≤ 1, 1/(2r) beyond, with
    r = (1 − w)/w: acceptability 1/2, central weight of its own criterion ∫ w·P dw / (1/2) = ln 2, confidence
    1 − (1 − ln 2)/(2 ln 2) = 3/2 − 1/(2 ln 2).
    """
    n = 200_000
    rng = np.random.default_rng(11)
    x = np.zeros((n, 2, 2))
    x[:, 0, 0], x[:, 1, 1] = rng.random(n), rng.random(n)
    found = acceptability(x, flat_weights(uniforms(n, 2, seed=12)))
    error = 3 * np.sqrt(0.25 / n)
    assert found.first == pytest.approx([0.5, 0.5], abs=error)
    central = np.array([[np.log(2), 1 - np.log(2)], [1 - np.log(2), np.log(2)]])
    assert found.central_weights == pytest.approx(central, abs=3 * 0.3 / np.sqrt(n / 2))
    # The confidence factor varies with the estimate of the central weight as well; its slope there is about one.
    assert found.confidence == pytest.approx([1.5 - 0.5 / np.log(2)] * 2, abs=2 * error)


def test_each_specialist_s_central_weight_is_the_mean_of_the_largest_of_three():
    """Alternatives that are best on one criterion each and worthless on the others: u = w. The largest of three flat
    Dirichlet shares has mean (1 + 1/2 + 1/3)/3 = 11/18, each of the others 7/36; every rank falls to each as often."""
    n = 60_000
    found = acceptability(spread(np.eye(3), n), flat_weights(uniforms(n, 3, seed=8)))
    assert found.ranks == pytest.approx(np.full((3, 3), 1 / 3), abs=3 * np.sqrt(2 / 9 / n))
    central = np.full((3, 3), 7 / 36) + np.eye(3) * (11 / 18 - 7 / 36)
    assert found.central_weights == pytest.approx(central, abs=3 * 0.15 / np.sqrt(n / 3))


@given(drawn())
def test_ranks_sum_to_one_and_a_dominated_alternative_is_never_first(problem):
    x, w = problem
    found = acceptability(x, w)
    assert found.ranks.sum(axis=1) == pytest.approx(np.ones(x.shape[1]))
    worse = acceptability(np.concatenate([x, x[:, :1] - 0.5], axis=1), w)
    assert worse.first[-1] == 0.0
    # What is dominated takes no first rank from anybody.
    assert worse.first[:-1] == pytest.approx(found.first)
    # Without ties every rank is taken once a draw.
    untied = (
        x[:, :, :1] * 0
        + np.random.default_rng(1).permuted(np.tile(np.arange(x.shape[1]), (len(x), 1)), axis=1)[:, :, None]
    )
    assert acceptability(untied, np.ones((len(x), 1))).ranks.sum(axis=0) == pytest.approx(np.ones(x.shape[1]))


def test_an_alternative_that_is_never_first_has_no_central_weights():
    found = acceptability(spread([[1.0, 1.0], [0.9, 0.9]], 50), flat_weights(uniforms(50, 2)))
    assert found.first.tolist() == [1.0, 0.0]
    assert np.isnan(found.central_weights[1]).all() and found.confidence[1] == 0.0


def test_equals_share_the_better_rank():
    found = acceptability(spread([[1.0], [1.0], [0.0]], 4), np.ones((4, 1)))
    assert found.ranks.tolist() == [[1.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]


@given(drawn())
def test_ranks_are_one_plus_those_that_are_better(problem):
    x, w = problem
    utilities = np.einsum("dac,dc->da", x, w)
    better = (utilities[:, None, :] > utilities[:, :, None] + 1e-9).sum(axis=2)
    assert ranks_of(utilities).tolist() == (better + 1).tolist()
    found = acceptability(x, w)
    for a in range(x.shape[1]):
        first = better[:, a] == 0
        assert found.first[a] == pytest.approx(first.mean())
        if first.any():
            assert found.central_weights[a] == pytest.approx(w[first].mean(axis=0))
            held = np.array([(row @ found.central_weights[a]) for row in x])
            assert found.confidence[a] == pytest.approx((held[:, [a]] >= held - 1e-9).all(axis=1).mean())


@given(drawn(), st.integers(0, 2**32 - 1))
def test_the_order_of_alternatives_and_criteria_does_not_matter(problem, seed):
    x, w = problem
    rng = np.random.default_rng(seed)
    rows, columns = rng.permutation(x.shape[1]), rng.permutation(x.shape[2])
    one, other = acceptability(x, w), acceptability(x[:, rows][:, :, columns], w[:, columns])
    assert other.ranks == pytest.approx(one.ranks[rows])
    assert other.confidence == pytest.approx(one.confidence[rows])


def test_large_tables_are_taken_in_turns(monkeypatch):
    x, w = np.random.default_rng(3).random((500, 4, 3)), flat_weights(uniforms(500, 3))
    whole = acceptability(x, w)
    monkeypatch.setattr(smaa, "CELLS", 16)
    assert acceptability(x, w).confidence.tolist() == whole.confidence.tolist()


def test_flat_weights_have_the_moments_of_the_flat_dirichlet():
    """Mean 1/k and variance (k − 1) / (k² (k + 1))."""
    n, k = 60_000, 4
    w = flat_weights(uniforms(n, k, seed=5))
    assert w.sum(axis=1) == pytest.approx(np.ones(n))
    variance = (k - 1) / (k**2 * (k + 1))
    assert w.mean(axis=0) == pytest.approx(np.full(k, 1 / k), abs=4 * np.sqrt(variance / n))
    assert w.var(axis=0) == pytest.approx(np.full(k, variance), rel=0.05)


def test_flat_weights_keep_their_proportions_when_a_criterion_is_added():
    u = uniforms(20, 4)
    more, fewer = flat_weights(u), flat_weights(u[:, :3])
    assert more[:, 0] / more[:, 2] == pytest.approx(fewer[:, 0] / fewer[:, 2])


def test_one_criterion_has_all_the_weight():
    assert flat_weights(np.array([[0.3], [0.9]])).tolist() == [[1.0], [1.0]]


def test_holistic_acceptability():
    ranks = np.array([[0.5, 0.5, 0.0], [0.5, 0.0, 0.5], [0.0, 0.5, 0.5]])
    worth = known.CENTROID_WORTH.answer
    assert holistic(np.eye(3)) == pytest.approx(worth)
    assert holistic(ranks) == pytest.approx(ranks @ np.array(worth))
    assert holistic(ranks, [1.0, 0.0, 0.0]) == pytest.approx(ranks[:, 0])
    with pytest.raises(ValueError, match="none larger than the one before"):
        holistic(ranks, [1.0, 0.2, 0.3])


def test_joint_acceptability_is_within_one_draw():
    """Each setting suits each party half of the time, the second never both at once."""
    u = np.array([[[1.0, 1.0], [1.0, 0.0]], [[0.0, 0.0], [0.0, 1.0]]])
    found = joint_acceptability(u, np.full((2, 2), 0.5), group=np.array([0, 1]))
    assert found.by_party.tolist() == [[0.5, 0.5], [0.5, 0.5]]
    assert found.joint.tolist() == [0.5, 0.0]
    assert found.some == 0.5
    assert found.joint_hits.tolist() == [[1, 0], [0, 0]] and found.some_hits.tolist() == [1, 0]
    assert found.group_sizes.tolist() == [1, 1]


def test_meeting_for_the_value_of_not_meeting_is_acceptable_but_no_gain():
    u, floor = np.full((3, 2, 1), 0.3), np.full((3, 2), 0.1 + 0.2)
    assert joint_acceptability(u, floor).joint.tolist() == [1.0]
    assert joint_acceptability(u, floor, strict=True).joint.tolist() == [0.0]
    assert joint_acceptability(u, np.array([[0.0, 1.0]] * 3), parties=[0]).joint.tolist() == [1.0]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: flat_weights(np.array([[0.0, 0.5]])), "strictly between 0 and 1"),
        (lambda: flat_weights(np.zeros((3, 0))), "at least one criterion"),
        (lambda: acceptability(np.zeros((2, 3, 2)), np.zeros((2, 3))), "need weights of shape"),
        (lambda: acceptability(np.full((2, 3, 2), np.nan), np.ones((2, 2))), "finite"),
        (lambda: acceptability(np.zeros((2, 3, 2)), -np.ones((2, 2))), "not negative"),
        (lambda: joint_acceptability(np.zeros((2, 2, 3)), np.zeros((2, 3))), "need no_meeting of shape"),
        (lambda: joint_acceptability(np.zeros((2, 2, 3)), np.full((2, 2), np.nan)), "must be finite"),
    ],
)
def test_what_does_not_fit_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
