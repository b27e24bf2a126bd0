"""The likelihood of one move: by hand, against a plain reference, and what must not change it."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zopa.methods.choice import log_choice, log_choices, rationality

DRAWS = 40


def by_hand(u, chosen, lam, w, nests):
    """Probability of one move in one draw; all alternatives are taken to be told apart."""
    groups = {}
    for k, nest in enumerate(nests):
        groups.setdefault(nest, []).append(k)
    top = max(lam * x for x in u)
    size = {
        nest: sum(math.exp(lam * u[k] - top) for k in inside) / len(inside) for nest, inside in groups.items()
    }
    own = groups[nests[chosen]]
    between = size[nests[chosen]] / sum(size.values())
    within = math.exp(lam * u[chosen] - top) / sum(math.exp(lam * u[k] - top) for k in own)
    return w * between * within + (1 - w) / (len(groups) * len(own))


def made(seed, alternatives=4):
    rng = np.random.default_rng(seed)
    return rng.random((DRAWS, alternatives)), rationality(rng.random(DRAWS)), rng.random(DRAWS)


alternatives = st.integers(1, 5).flatmap(
    lambda k: st.tuples(
        st.integers(0, 10_000), st.lists(st.integers(0, 2), min_size=k, max_size=k), st.integers(0, k - 1)
    )
)


@given(alternatives)
def test_one_draw_at_a_time(case):
    seed, nests, chosen = case
    u, lam, w = made(seed, len(nests))
    found = log_choice(u, chosen, rationality=lam, weight=w, nests=nests)
    expected = [
        math.log(by_hand(list(map(float, u[d])), chosen, float(lam[d]), float(w[d]), nests))
        for d in range(DRAWS)
    ]
    assert found == pytest.approx(expected, abs=1e-12)


@given(alternatives)
def test_several_alternatives_at_once_are_each_by_itself(case):
    seed, nests, chosen = case
    u, lam, w = made(seed, len(nests))
    found = log_choices(u, [chosen, 0], rationality=lam, weight=w, nests=nests)
    for k, one in zip([chosen, 0], found, strict=True):
        assert np.array_equal(one, log_choice(u, k, rationality=lam, weight=w, nests=nests))


@given(alternatives)
def test_reports_that_are_certain_are_the_limit_of_those_that_nearly_are(case):
    seed, nests, chosen = case
    u, lam, w = made(seed, len(nests))
    stands = (w > 0.5).astype(float)
    found = log_choice(u, chosen, rationality=lam, weight=stands, nests=nests)
    nearly = log_choice(u, chosen, rationality=lam, weight=np.clip(stands, 1e-13, 1 - 1e-13), nests=nests)
    assert np.exp(found) == pytest.approx(np.exp(nearly), abs=1e-9)


def test_a_fifth_of_the_scale_is_taken_three_times_in_four():
    # 1 / (1 + exp(-6 · 0.2)) = 0.768525
    found = log_choice(np.array([[0.5, 0.3]]), 0, rationality=6.0, weight=1.0, nests=[0, 1])
    assert np.exp(found) == pytest.approx([0.768525], abs=1e-6)


@given(alternatives)
def test_chances_of_all_alternatives_add_up_to_one(case):
    seed, nests, _ = case
    u, lam, w = made(seed, len(nests))
    total = sum(np.exp(log_choice(u, k, rationality=lam, weight=w, nests=nests)) for k in range(len(nests)))
    assert total == pytest.approx(np.ones(DRAWS))


@given(alternatives)
def test_a_move_that_tells_nothing_is_equally_likely_in_all_draws(case):
    seed, nests, chosen = case
    u, lam, w = made(seed, len(nests))
    by_lot = log_choice(u, chosen, rationality=0.0, weight=w, nests=nests)
    doubted = log_choice(u, chosen, rationality=lam, weight=0.0, nests=nests)
    assert len(set(by_lot)) == 1
    assert np.array_equal(by_lot, doubted)
    assert by_lot[0] == pytest.approx(-math.log(len(set(nests)) * nests.count(nests[chosen])))


def test_some_draws_doubt_the_move_and_some_do_not():
    u, lam, _ = made(5, 3)
    stands = (np.arange(DRAWS) % 2).astype(float)
    found = log_choice(u, 1, rationality=lam, weight=stands, nests=[0, 1, 2])
    sure = log_choice(u, 1, rationality=lam, weight=1.0, nests=[0, 1, 2])
    assert np.array_equal(found, np.where(stands == 1.0, sure, -math.log(3)))


@given(alternatives, st.integers(0, 4), st.booleans())
def test_an_alternative_said_twice_in_its_nest_changes_nothing(case, which, first):
    seed, nests, chosen = case
    u, lam, w = made(seed, len(nests))
    twice = which % len(nests)
    plain = log_choice(u, chosen, rationality=lam, weight=w, nests=nests)
    order = [twice, *range(len(nests))] if first else [*range(len(nests)), twice]
    again = log_choice(
        u[:, order], chosen + first, rationality=lam, weight=w, nests=[nests[k] for k in order]
    )
    assert again == pytest.approx(plain, abs=1e-12)
    taken_twin = log_choice(
        u[:, order], order.index(chosen), rationality=lam, weight=w, nests=[nests[k] for k in order]
    )
    assert taken_twin == pytest.approx(plain, abs=1e-12)


def test_the_blue_bus():
    # Debreu (1960): two buses that differ in colour take nothing from the car if they share a nest, and a third of its
    # share if they do not.
    u = np.full((1, 3), 0.5)
    car = log_choice(u, 0, rationality=6.0, weight=1.0, nests=[0, 1, 1])
    assert np.exp(car) == pytest.approx([1 / 2])
    alone = log_choice(u, 0, rationality=6.0, weight=1.0, nests=[0, 1, 2])
    assert np.exp(alone) == pytest.approx([1 / 3])


def test_near_identical_members_change_the_likelihood_by_a_common_factor():
    u, lam, w = made(7, 3)
    near = np.column_stack([u, u[:, 0] + 1e-9])
    ratio = log_choice(near, 0, rationality=lam, weight=w, nests=[0, 1, 2, 0]) - log_choice(
        u, 0, rationality=lam, weight=w, nests=[0, 1, 2]
    )
    assert ratio == pytest.approx(np.full(DRAWS, -math.log(2)), abs=1e-6)


@given(st.integers(0, 10_000), st.permutations(range(4)), st.floats(-5, 5))
def test_order_and_zero_point_do_not_matter(seed, order, shift):
    u, lam, w = made(seed)
    nests = [0, 1, 1, 2]
    plain = log_choice(u, 1, rationality=lam, weight=w, nests=nests)
    moved = log_choice(
        u[:, order] + shift, order.index(1), rationality=lam, weight=w, nests=[9 - nests[k] for k in order]
    )
    assert moved == pytest.approx(plain, abs=1e-10)


def test_extremes_stay_finite_and_right():
    u = np.array([[-1000.0, 1.0, 0.0], [1.0, -1000.0, 0.0]])
    sure = log_choice(u, 0, rationality=1e4, weight=1.0, nests=[0, 1, 2])
    assert sure == pytest.approx([-1.001e7, 0.0])
    doubted = log_choice(u, 0, rationality=1e4, weight=0.9, nests=[0, 1, 2])
    assert np.exp(doubted) == pytest.approx([0.1 / 3, 0.9 + 0.1 / 3])
    nearly = log_choice(u, 0, rationality=1e4, weight=1 - 1e-16, nests=[0, 1, 2])
    assert nearly[0] == pytest.approx(math.log(2.0**-53 / 3))


def test_a_more_rational_party_takes_the_best_more_often():
    u = np.tile([0.7, 0.5, 0.2], (30, 1))
    found = log_choice(u, 0, rationality=np.linspace(0, 60, 30), weight=1.0, nests=[0, 1, 2])
    assert (np.diff(found) > 0).all()
    assert found[-1] == pytest.approx(0.0, abs=1e-5)


def test_rationality_has_its_median_and_range():
    assert rationality(np.array([0.05, 0.5, 0.95])) == pytest.approx([2.0, 6.0, 18.0])
    ends = rationality(np.array([0.0, 1.0]))
    assert np.isfinite(ends).all() and ends[0] > 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"utilities": np.array([[np.inf, 0.0]])}, "finite"),
        ({"utilities": np.zeros(3)}, "shape"),
        ({"chosen": 2}, "chosen is 2"),
        ({"chosen": -1}, "chosen is -1"),
        ({"rationality": -1.0}, "rationality"),
        ({"rationality": np.ones(3)}, "rationality"),
        ({"weight": 1.5}, "weight"),
        ({"weight": np.nan}, "weight"),
        ({"nests": [0]}, "nests"),
    ],
)
def test_what_cannot_be_is_refused(change, message):
    given_ = {"utilities": np.zeros((1, 2)), "chosen": 0, "rationality": 1.0, "weight": 1.0, "nests": [0, 1]}
    given_.update(change)
    with pytest.raises(ValueError, match=message):
        log_choice(given_.pop("utilities"), given_.pop("chosen"), **given_)


@pytest.mark.parametrize("u", [-0.1, 1.1, np.nan])
def test_uniform_numbers_outside_their_range_are_refused(u):
    with pytest.raises(ValueError, match="between 0 and 1"):
        rationality(np.array([u]))
