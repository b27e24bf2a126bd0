"""Rankings from statements, weights, lists and single pairs, against comparisons written out one by one."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zopa.methods.preferences import (
    by_priority,
    by_weights,
    dense,
    direct,
    lexicographic,
    preferred,
    random_extension,
)


def order(ranks):
    """All comparisons of a ranking: −1, 0, 1 at [s, q]."""
    return np.sign(ranks[None, :].astype(np.int64) - ranks[:, None].astype(np.int64))


def first_difference(truth, places, signs, s, q):
    """Which of two states a party prefers, by the first statement that tells them apart: 1 for q, −1 for s, 0 a tie."""
    for j in sorted(range(len(truth)), key=lambda j: places[j]):
        if signs[j] and truth[j][s] != truth[j][q]:
            return int(signs[j]) * (1 if truth[j][q] else -1)
    return 0


def drawn(seed, m, states, draws):
    r = np.random.default_rng(seed)
    places = np.argsort(r.random((draws, m)), axis=1).astype(np.int64)
    signs = r.choice(np.array([-1, 0, 1], dtype=np.int8), size=(draws, m), p=[0.2, 0.2, 0.6])
    return r.random((m, states)) < r.random((m, 1)), places, signs


# ---- prioritised statements


@given(st.integers(0, 2**31), st.integers(0, 9), st.integers(1, 9))
def test_the_first_statement_that_tells_two_states_apart_decides(seed, m, states):
    truth, places, signs = drawn(seed, m, states, 3)
    ranks = by_priority(truth, places=places, signs=signs)
    assert ranks.dtype == np.int32
    assert ranks.shape == (3, states)
    for d in range(3):
        want = [
            [first_difference(truth, places[d], signs[d], s, q) for q in range(states)] for s in range(states)
        ]
        assert np.array_equal(order(ranks[d]), want)


@pytest.mark.parametrize("m", [31, 32, 62, 63, 64, 65, 100])
def test_any_number_of_statements_is_ranked_exactly(m):
    """Each statement is what tells one state from the next: not a single one may get lost."""
    truth = np.triu(np.ones((m, m + 1), dtype=bool), 1)
    ranks = by_priority(truth, places=np.arange(m)[None], signs=np.ones((1, m), dtype=np.int8))[0]
    assert (np.diff(ranks.astype(np.int64)) > 0).all()
    truth, places, signs = drawn(m, m, 7, 2)
    truth[: m - 2] = truth[: m - 2, :1]  # only the last two in the list differ at all
    ranks = by_priority(truth, places=places, signs=signs)
    for d in range(2):
        want = [[first_difference(truth, places[d], signs[d], s, q) for q in range(7)] for s in range(7)]
        assert np.array_equal(order(ranks[d]), want)


def test_the_score_of_a_state_is_that_of_option_prioritising():
    """Hipel, Kilgour, Fang & Peng (1997): O_1 adds 4, O_2 adds 2, O_3 adds 1; all are met by the last state."""
    truth = np.array([[1, 0, 0, 1], [0, 1, 1, 1], [0, 1, 0, 1]], dtype=bool)
    ranks = by_priority(truth, places=np.array([[0, 1, 2]]), signs=np.ones((1, 3), dtype=np.int8))[0]
    assert np.array_equal(order(ranks), order(np.array([4, 3, 2, 7])))


def test_statements_put_another_way_round_turn_the_ranking_over():
    truth, places, signs = drawn(5, 6, 12, 4)
    forth = by_priority(truth, places=places, signs=signs)
    back = by_priority(truth, places=places, signs=-signs)
    assert np.array_equal(forth, -back)


@given(st.integers(0, 2**31), st.integers(1, 8))
def test_a_statement_nobody_ranks_by_is_as_good_as_none(seed, m):
    truth, places, signs = drawn(seed, m, 6, 1)
    signs[0, 0] = 0
    left = places[0, 1:]
    alone = by_priority(truth[1:], places=np.argsort(np.argsort(left))[None], signs=signs[:, 1:])
    assert np.array_equal(order(by_priority(truth, places=places, signs=signs)[0]), order(alone[0]))


# ---- weights, lists


def test_weights_add_up():
    truth = np.array([[1, 1, 0, 0], [0, 1, 1, 0]], dtype=bool)
    ranks = by_weights(truth, weights=np.array([[0.7, 0.3], [0.5, -0.5], [0.0, 1.0]]))
    assert ranks.tolist() == [[2, 3, 1, 0], [2, 1, 0, 1], [0, 1, 1, 0]]


def test_sums_of_the_same_weights_in_another_order_are_ties():
    truth = np.array([[1, 0], [1, 0], [0, 1]], dtype=bool)
    ranks = by_weights(truth, weights=np.array([[0.1, 0.2, 0.3]]))
    assert ranks[0, 0] == ranks[0, 1]


def test_powers_of_two_as_weights_are_priorities():
    truth, places, signs = drawn(3, 8, 20, 5)
    weights = 2.0 ** (7 - places) * signs / 255
    ours = by_priority(truth, places=places, signs=signs)
    for a, b in zip(by_weights(truth, weights=weights), ours, strict=True):
        assert np.array_equal(order(a), order(b))


def test_a_list_with_ties_and_a_state_left_out():
    assert direct([[2], [0, 3], [1]], states=5).tolist() == [2, 1, 3, 2, 0]


@given(st.lists(st.integers(-3, 3), min_size=1, max_size=9))
def test_ranks_have_no_gaps(values):
    ranks = dense(np.array(values))
    assert sorted(set(ranks.tolist())) == list(range(len(set(values))))
    assert np.array_equal(order(ranks), order(np.array(values)))


@given(st.lists(st.tuples(*[st.integers(-(2**31), 2**31 - 1)] * 3), min_size=1, max_size=9))
def test_one_criterion_after_the_other(rows):
    found = lexicographic([np.array([row[k] for row in rows], dtype=np.int32) for k in range(3)])
    want = {row: k for k, row in enumerate(sorted(set(rows)))}
    assert found.tolist() == [want[row] for row in rows]


# ---- places of statements of which nothing is known


@given(st.integers(0, 2**31), st.integers(0, 7))
def test_fixed_statements_keep_their_sequence(seed, m):
    r = np.random.default_rng(seed)
    fixed = r.random((5, m)) < 0.5
    places = random_extension(r.random((5, m)), fixed=fixed)
    for row, kept in zip(places, fixed, strict=True):
        assert sorted(row) == list(range(m))
        assert list(row[kept]) == sorted(row[kept])


def test_every_order_that_keeps_the_sequence_is_equally_likely():
    """Four statements, the second and the last fixed: 4!/2! orders."""
    fixed = np.array([False, True, False, True])
    n = 60_000
    places = random_extension(np.random.default_rng(1).random((n, 4)), fixed=np.tile(fixed, (n, 1)))
    found, counts = np.unique(places, axis=0, return_counts=True)
    assert {tuple(row) for row in found} == {p for p in permutations(range(4)) if p[1] < p[3]}
    assert np.abs(counts / n - 1 / 12).max() < 0.005


def test_a_failed_statement_moves_no_other():
    """Whether the first one stands or not, the others keep their places among themselves."""
    keys = np.random.default_rng(2).random((200, 4))
    fixed = np.tile([True, True, False, True], (200, 1))
    without = fixed & [False, True, True, True]
    a, b = random_extension(keys, fixed=fixed), random_extension(keys, fixed=without)
    assert np.array_equal(a[:, [1, 3]].argsort(axis=1), b[:, [1, 3]].argsort(axis=1))


# ---- single pairs


def test_single_pairs_override_a_ranking_and_may_be_unknown():
    better = preferred(
        np.array([[2, 1, 0, 0]], dtype=np.int32), prefers=np.array([[2, 0]]), unknown=np.array([[1, 2]])
    )[0]
    # [s, q]: q is preferred to s.
    assert better[0, 2]  # the override turned 0 > 2 round
    assert not better[2, 0]
    assert better[1, 0]
    assert not better[1, 2]
    assert not better[2, 1]
    assert better[3, 1]
    assert not better[2, 3]


@given(st.lists(st.integers(0, 3), min_size=1, max_size=6))
def test_without_pairs_the_relation_is_the_ranking(values):
    none = np.zeros((0, 2), dtype=np.int64)
    better = preferred(np.array(values, dtype=np.int32), prefers=none, unknown=none)
    assert np.array_equal(better, order(np.array(values)) > 0)


def test_the_same_ranking_for_every_order_of_states():
    truth, places, signs = drawn(9, 7, 15, 3)
    turn = np.random.default_rng(4).permutation(15)
    ranks = by_priority(truth, places=places, signs=signs)
    assert np.array_equal(by_priority(truth[:, turn], places=places, signs=signs), ranks[:, turn])
