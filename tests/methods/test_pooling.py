"""Pooling over joint cells: axioms, what is kept within bounds, the exponent, and experts whose ideal pool is known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.methods.synthetic_experts import study
from zopa.methods import pooling
from zopa.methods.end_states import CELLS, possible
from zopa.methods.marginals import marginals_to_cells
from zopa.methods.pooling import (
    BOUNDS,
    QUESTIONS,
    capped,
    clipped,
    exponent_of,
    forward_exponents,
    learn_exponent,
    mean_odds,
    pool,
    smoothed,
)

DEAL, SERIOUS, WAR, OPEN = QUESTIONS


def cells(members: int, k: int = CELLS) -> st.SearchStrategy[np.ndarray]:
    """Distributions over k cells, none of them zero."""
    raw = arrays(np.float64, (members, k), elements=st.floats(0.01, 1))
    return raw.map(lambda a: a / a.sum(axis=1, keepdims=True))


def weights(members: int) -> st.SearchStrategy[np.ndarray]:
    return arrays(np.float64, members, elements=st.floats(0.05, 1))


exponents = st.floats(*BOUNDS)


def test_the_questions_are_those_of_the_end_states():
    states = possible(2)
    for rule, holds in zip(
        QUESTIONS, (states.end == 1, states.violence > 0, states.violence == 2, states.end == 0), strict=True
    ):
        assert (rule[states.cell] == holds).all()


# ---- members


def test_counts_are_smoothed_by_half_a_case():
    # (k + ½) / (n + 1) for a yes and a no: 0 of 9 → .05; with K cells (k + ½) / (n + K / 2).
    assert smoothed(np.array([0, 9])) == pytest.approx([0.05, 0.95])
    assert smoothed(np.array([3, 0, 1])) == pytest.approx([3.5 / 5.5, 0.5 / 5.5, 1.5 / 5.5])
    assert smoothed(np.zeros((2, 4))) == pytest.approx(np.full((2, 4), 0.25))
    with pytest.raises(ValueError, match="not negative"):
        smoothed(np.array([-1, 2]))


@given(cells(3))
def test_no_question_of_a_clipped_member_lies_outside_2_to_98_percent(p: np.ndarray):
    p = p**6 / (p**6).sum(axis=1, keepdims=True)
    out = clipped(p, QUESTIONS)
    asked = out @ QUESTIONS.T
    assert out.sum(axis=1) == pytest.approx(1)
    assert (asked >= 0.02 - 1e-12).all()
    assert (asked <= 0.98 + 1e-12).all()
    assert clipped(out, QUESTIONS) == pytest.approx(out)


def test_clipping_moves_no_further_than_it_must():
    inside = np.full(9, 1 / 9)
    assert clipped(inside, QUESTIONS) == pytest.approx(inside)
    sure = np.eye(9)[0]
    assert (clipped(sure, QUESTIONS) @ DEAL, clipped(sure, QUESTIONS) @ WAR) == pytest.approx((0.02, 0.02))
    # A floor under each of the nine cells would call war 6 % likely at the least.
    assert clipped(sure)[1:] == pytest.approx(0.02)
    assert clipped(sure) @ WAR == pytest.approx(0.06)


def test_a_question_about_everything_or_nothing_needs_no_clipping():
    rules = np.array([[True, True, True], [False, False, False], [True, False, False]])
    assert clipped(np.array([1.0, 0.0, 0.0]), rules) == pytest.approx([0.98, 0.01, 0.01])


def test_so_many_cells_that_even_odds_are_below_the_floor_are_refused():
    with pytest.raises(ValueError, match="even odds over 60 cells"):
        clipped(np.full(60, 1 / 60))


# ---- weights


def test_the_simulation_has_a_third_at_most_and_the_others_share_what_it_loses():
    assert capped([2, 1, 1], 0) == pytest.approx([1 / 3, 1 / 3, 1 / 3])
    assert capped([6, 3, 1], 0) == pytest.approx([1 / 3, 1 / 2, 1 / 6])
    assert capped([1, 1, 2], 0) == pytest.approx([0.25, 0.25, 0.5])
    assert capped([1, 0, 0], 0) == pytest.approx([1, 0, 0])
    assert capped([1, 1], 1) == pytest.approx([2 / 3, 1 / 3])


@given(weights(4), st.integers(0, 3))
def test_capped_weights_sum_to_one(w: np.ndarray, member: int):
    out = capped(w, member)
    assert out.sum() == pytest.approx(1)
    assert out[member] <= 1 / 3 + 1e-12


def test_weights_that_are_none_are_refused():
    for wrong in ([0, 0], [-1, 2], [np.nan, 1]):
        with pytest.raises(ValueError, match="weights must be"):
            pool(np.full((2, 3), 1 / 3), np.array(wrong, dtype=float))


# ---- axioms


@given(cells(3), weights(3), exponents)
def test_the_pool_is_a_distribution_and_war_is_never_likelier_than_serious_violence(p, w, a):
    out = pool(p, w, exponent=a)
    assert out.sum() == pytest.approx(1)
    assert (out > 0).all()
    assert out @ WAR <= out @ SERIOUS + 1e-12
    assert out @ DEAL + out @ OPEN <= 1 + 1e-12


@given(cells(3), weights(3), exponents, st.permutations(range(3)), st.permutations(range(CELLS)))
def test_neither_the_order_of_members_nor_that_of_cells_matters(p, w, a, members, order):
    out = pool(p, w, exponent=a)
    assert pool(p[list(members)], w[list(members)], exponent=a) == pytest.approx(out)
    assert pool(p[:, list(order)], w, exponent=a) == pytest.approx(out[list(order)])


@given(cells(1), weights(4))
def test_what_all_say_the_pool_says(p, w):
    assert pool(np.repeat(p, 4, axis=0), w) == pytest.approx(p[0])


@given(cells(3), exponents)
def test_a_weight_of_one_is_dictatorship_and_a_weight_of_nothing_silence(p, a):
    alone = pool(p[:1], np.ones(1), exponent=a)
    assert pool(p, np.array([1.0, 0.0, 0.0]), exponent=a) == pytest.approx(alone)
    silent = p.copy()
    silent[2] = np.eye(CELLS)[4]
    assert pool(silent, np.array([1.0, 1.0, 0.0]), exponent=a) == pytest.approx(
        pool(p, np.array([1.0, 1.0, 0.0]), exponent=a)
    )
    assert pool(p[:1], np.ones(1)) == pytest.approx(p[0])


@given(cells(3), weights(3), exponents, st.integers(0, CELLS - 1), st.floats(1.1, 5))
def test_a_member_that_raises_a_cell_raises_it_in_the_pool(p, w, a, cell, by):
    more = p.copy()
    more[0, cell] *= by
    more[0] /= more[0].sum()
    before, after = pool(p, w, exponent=a), pool(more, w, exponent=a)
    assert after[cell] > before[cell]
    others = np.arange(CELLS) != cell
    # The odds among the other cells are nobody's business.
    assert after[others] / after[others].sum() == pytest.approx(before[others] / before[others].sum())


@given(cells(3), weights(3), st.floats(1.05, 1.8))
def test_an_exponent_above_one_moves_the_pool_away_from_even_and_keeps_its_order(p, w, a):
    plain, sharp = pool(p, w), pool(p, w, exponent=a)
    assert sharp.max() >= plain.max() - 1e-12
    assert (np.argsort(plain, kind="stable") == np.argsort(sharp, kind="stable")).all() or np.ptp(
        plain
    ) < 1e-9


@given(cells(2), weights(2), exponents, st.floats(0.2, 5))
def test_pooling_and_updating_on_a_fact_all_share_commute_at_exponent_one(p, w, a, lift):
    # External Bayesianity (Genest 1984): a likelihood that all members take in may come before the pool or after it.
    likelihood = np.ones(CELLS)
    likelihood[:3] = lift

    def updated(q: np.ndarray) -> np.ndarray:
        return q * likelihood / (q * likelihood).sum(axis=-1, keepdims=True)

    assert pool(updated(p), w) == pytest.approx(updated(pool(p, w)))


def test_all_draws_at_once_are_each_draw_alone():
    rng = np.random.default_rng(1)
    p, w = rng.dirichlet(np.ones(9), (20, 3)), rng.random((20, 3)) + 0.1
    a = rng.uniform(0.7, 1.8, 20)
    together = pool(p, w, exponent=a)
    for k in range(20):
        assert together[k] == pytest.approx(pool(p[k], w[k], exponent=a[k]))


def test_cells_called_impossible_are_refused():
    with pytest.raises(ValueError, match="calls a cell impossible"):
        pool(np.eye(2), np.ones(2))
    with pytest.raises(ValueError, match="sum to one"):
        pool(np.ones((2, 2)), np.ones(2))


def test_the_mean_of_odds_is_the_pool_of_a_yes_and_a_no():
    # √(1/9 · 4) = 2/3 to one.
    assert mean_odds(np.array([0.1, 0.8]), np.ones(2)) == pytest.approx(0.4)
    assert mean_odds(np.array([0.1, 0.8]), np.array([1.0, 0.0])) == pytest.approx(0.1)
    assert mean_odds(np.array([0.0, 1.0]), np.ones(2)) == pytest.approx(0.5)
    assert mean_odds(np.array([0.0]), np.ones(1)) == pytest.approx(0.02)


# ---- the exponent


def drawn(a: float, n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Members over four cells, and outcomes that follow their pool with exponent ``a``."""
    rng = np.random.default_rng(seed)
    p = rng.dirichlet(np.ones(4), (n, 2)) * 0.9 + 0.025
    truth = pool(p, np.ones(2), exponent=a)
    return p, (rng.random((n, 1)) < truth.cumsum(axis=1)).argmax(axis=1)


@pytest.mark.parametrize("a", [0.8, 1.0, 1.3, 1.6])
def test_the_exponent_that_made_the_outcomes_is_learnt(a: float):
    p, outcome = drawn(a, 20_000)
    assert learn_exponent(p, outcome, np.ones(2)) == pytest.approx(a, abs=0.04)


def test_the_exponent_stays_within_its_bounds_and_near_one_with_little_history():
    p, outcome = drawn(4.0, 5_000)
    assert learn_exponent(p, outcome, np.ones(2)) == pytest.approx(1.8)
    few = learn_exponent(p[:10], outcome[:10], np.ones(2))
    assert 1.0 < few < 1.5
    assert learn_exponent(p[:0], outcome[:0], np.ones(2)) == 1.0
    against = np.argmin(pool(p, np.ones(2)), axis=1)
    assert learn_exponent(p, against, np.ones(2)) == pytest.approx(0.7)


def test_the_learnt_exponent_is_the_best_of_a_fine_grid():
    p, outcome = drawn(1.2, 60)
    grid = np.linspace(*BOUNDS, 2201)
    value = [
        np.log(pool(p, np.ones(2), exponent=a)[np.arange(60), outcome]).sum()
        - (a - 1) ** 2 / (2 * pooling.SPREAD**2)
        for a in grid
    ]
    assert learn_exponent(p, outcome, np.ones(2)) == pytest.approx(grid[int(np.argmax(value))], abs=6e-4)


def test_forward_exponents_know_only_what_was_known():
    p, outcome = drawn(1.5, 120)
    issued = np.arange(120.0)
    known = issued + 10
    found = forward_exponents(p, outcome, np.ones(2), issued=issued, known=known)
    assert found[:11] == pytest.approx(1.0)
    for k in (11, 40, 119):
        earlier = known < issued[k]
        assert found[k] == pytest.approx(learn_exponent(p[earlier], outcome[earlier], np.ones(2)))
    later = outcome.copy()
    later[60:] = 0
    changed = forward_exponents(p, later, np.ones(2), issued=issued, known=known)
    assert changed[:70] == pytest.approx(found[:70])


def test_the_exponent_is_one_where_a_member_without_history_takes_part():
    assert exponent_of(1.4, [0.5, 0.5, 0.0], [True, True, False]) == 1.4
    assert exponent_of(1.4, [0.4, 0.4, 0.2], [True, True, False]) == 1.0


# ---- experts whose ideal pool is known


@pytest.mark.parametrize("k", [2, 9])
@pytest.mark.parametrize("experts", [2, 3, 5, 10])
@pytest.mark.parametrize("overlap", [0.0, 0.25, 0.5, 0.75, 0.9])
def test_the_pool_is_near_the_ideal_or_near_the_best_exponent(k: int, experts: int, overlap: float):
    found = study(experts=experts, overlap=overlap, cells=k, noise=1.2, n=10_000)
    assert found.over_best <= 0.02
    if overlap >= 0.5:
        assert found.over_ideal <= 0.02


@pytest.mark.parametrize("noise", [0.8, 2.0])
@pytest.mark.parametrize("experts", [2, 10])
def test_it_is_so_for_sharp_and_for_dim_experts(noise: float, experts: int):
    found = study(experts=experts, overlap=0.5, cells=9, noise=noise, n=10_000)
    assert found.over_ideal <= 0.02
    assert found.over_best <= 0.02


def test_the_learnt_exponent_is_the_ideal_one_for_experts_alike():
    # m experts whose noise overlaps by ρ hold m / (1 + (m − 1) ρ) times the information of one of them.
    for experts, overlap in ((2, 0.5), (3, 0.5), (5, 0.75)):
        found = study(experts=experts, overlap=overlap, noise=2.0)
        assert found.learnt == pytest.approx(experts / (1 + (experts - 1) * overlap), abs=0.12)


# ---- from questions to cells

EVEN = np.full(CELLS, 1 / CELLS)


def distance(p: np.ndarray, prior: np.ndarray) -> float:
    return float((p * np.log(p / prior)).sum())


@given(cells(2), st.lists(st.booleans(), min_size=4, max_size=4))
@settings(max_examples=50)
def test_stated_marginals_are_met_and_nothing_else_is_added(p, said):
    prior, truth = p
    said = np.array(said)
    goal = QUESTIONS @ truth
    out = marginals_to_cells(prior, QUESTIONS, goal, said)
    assert out.sum() == pytest.approx(1)
    assert QUESTIONS[said] @ out == pytest.approx(goal[said], abs=1e-5)
    # The truth has these marginals too: the nearest to the prior is no further than it.
    assert distance(out, prior) <= distance(truth, prior) + 1e-6
    # Cells that no stated question tells apart keep their odds.
    kind = (QUESTIONS[said].T @ (1 << np.arange(said.sum()))) if said.any() else np.zeros(CELLS, dtype=int)
    for name in np.unique(kind):
        here = kind == name
        assert out[here] / out[here].sum() == pytest.approx(prior[here] / prior[here].sum(), abs=1e-6)


def test_one_question_scales_its_cells():
    out = marginals_to_cells(EVEN, np.array([DEAL]), np.array([0.1]))
    assert out[DEAL] == pytest.approx(0.1 / 3, abs=1e-6)
    assert out[~DEAL] == pytest.approx(0.9 / 6, abs=1e-6)


def test_against_scipy():
    from scipy.optimize import minimize

    rng = np.random.default_rng(3)
    prior, goal = rng.dirichlet(np.ones(9)), QUESTIONS @ rng.dirichlet(np.ones(9))
    found = minimize(
        lambda p: distance(np.maximum(p, 1e-12), prior),
        EVEN,
        constraints=[
            {"type": "eq", "fun": lambda p: QUESTIONS @ p - goal},
            {"type": "eq", "fun": lambda p: p.sum() - 1},
        ],
        bounds=[(1e-12, 1)] * 9,
        options={"ftol": 1e-14, "maxiter": 500},
    )
    assert marginals_to_cells(prior, QUESTIONS, goal) == pytest.approx(found.x, abs=1e-5)


def test_statements_that_cannot_hold_together_are_met_halfway():
    # War at 50 %, serious violence at 30 %: the nearest that can be is both at 40 %.
    out = marginals_to_cells(EVEN, QUESTIONS[1:3], np.array([0.3, 0.5]))
    assert (out @ SERIOUS, out @ WAR) == pytest.approx((0.4, 0.4), abs=1e-5)
    # A deal at 70 % and still open at 60 %: 30 % too much, shared.
    out = marginals_to_cells(EVEN, QUESTIONS[[0, 3]], np.array([0.7, 0.6]))
    assert (out @ DEAL, out @ OPEN) == pytest.approx((0.55, 0.45), abs=1e-5)


def test_all_draws_at_once_with_their_own_prior_and_their_own_silences():
    rng = np.random.default_rng(5)
    prior = rng.dirichlet(np.ones(9), (6, 4))
    goal = rng.dirichlet(np.ones(9), (6, 4)) @ QUESTIONS.T
    said = rng.random((6, 4, 4)) < 0.5
    together = marginals_to_cells(prior, QUESTIONS, goal, said)
    for at in np.ndindex(6, 4):
        assert together[at] == pytest.approx(marginals_to_cells(prior[at], QUESTIONS, goal[at], said[at]))
    assert marginals_to_cells(prior, QUESTIONS, goal, np.zeros(4, dtype=bool)) == pytest.approx(prior)


def test_certainties_are_refused():
    with pytest.raises(ValueError, match="above 0 and below 1"):
        marginals_to_cells(EVEN, QUESTIONS, np.array([0.0, 0.5, 0.2, 0.3]))
    with pytest.raises(ValueError, match="the prior must be probabilities"):
        marginals_to_cells(np.ones(9), QUESTIONS, np.full(4, 0.5))
