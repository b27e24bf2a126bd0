"""The exact frontier: equal to enumeration, with every package behind every point."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.methods import brute
from tests.methods.problems import one_draw
from zopa.methods.frontier import frontier
from zopa.methods.problem import Block


def same_as_enumeration(drawn, *, reserve, strict):
    found = frontier(drawn.values, reserve=reserve, vetoes=drawn.vetoes, blocks=drawn.blocks, strict=strict)
    best = brute.undominated(
        brute.table(drawn.values, reserve=reserve, vetoes=drawn.vetoes, blocks=drawn.blocks, strict=strict)
    )
    assert len(found) == len(brute.distinct(best.values()))
    assert brute.distinct(found.points) == brute.distinct(best.values())
    for point, package in zip(found.points, found.packages, strict=True):
        assert best[tuple(package)] == pytest.approx(point)
    for row, point in enumerate(found.points):
        behind = [package for package, u in best.items() if np.abs(u - point).max() < 1e-9]
        packages, count = found.packages_behind([row])
        assert count == len(behind)
        assert [tuple(p) for p in packages] == sorted(behind)


@given(one_draw(), st.booleans(), st.booleans())
def test_merging_issues_equals_enumeration(drawn, cut, strict):
    same_as_enumeration(drawn, reserve=drawn.reserve if cut else None, strict=strict)


@given(one_draw(blocks=True), st.booleans(), st.booleans())
def test_one_pass_over_linked_issues_equals_enumeration(drawn, cut, strict):
    same_as_enumeration(drawn, reserve=drawn.reserve if cut else None, strict=strict)


@given(one_draw(parties=(2, 4), blocks=True))
def test_swapping_the_parties_mirrors_the_frontier(drawn):
    turned = [v[::-1] for v in drawn.values]
    barred = None if drawn.vetoes is None else [v[::-1] for v in drawn.vetoes]
    blocks = [Block(b.issues, b.forbidden, None if b.extra is None else b.extra[::-1]) for b in drawn.blocks]
    one = frontier(drawn.values, reserve=drawn.reserve, vetoes=drawn.vetoes, blocks=drawn.blocks)
    other = frontier(turned, reserve=drawn.reserve[::-1], vetoes=barred, blocks=blocks)
    assert brute.distinct(one.points) == brute.distinct(other.points[:, ::-1])


@pytest.mark.parametrize("parties", [2, 3, 4, 5])
def test_large_frontiers_equal_enumeration(parties):
    rng = np.random.default_rng(parties)
    values = [rng.random((parties, 5)) for _ in range(5)]
    found = frontier(values)
    sums = np.zeros((1, parties))
    for v in values:
        sums = (sums[:, None] + v.T[None]).reshape(-1, parties)
    beaten = np.array([((sums >= s).all(axis=1) & (sums > s).any(axis=1)).any() for s in sums])
    assert brute.distinct(found.points) == brute.distinct(sums[~beaten])


def test_rounding_does_not_make_two_points_of_one():
    # 0.1 + 0.2 and 0.3 + 0.0 differ in the last digit; so do the second party's sums
    values = [np.array([[0.1, 0.3], [0.3, 0.1]]), np.array([[0.2, 0.0], [0.0, 0.2]])]
    found = frontier(values)
    assert len(found) == 3
    packages, count = found.packages_behind(range(3))
    assert count == 4
    assert [tuple(p) for p in packages] == [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_points_run_from_the_best_for_the_first_party():
    found = frontier([np.array([[0.0, 3.0, 1.0, 2.0], [3.0, 0.0, 2.0, 0.5]])])
    assert found.points.tolist() == [[3.0, 0.0], [2.0, 0.5], [1.0, 2.0], [0.0, 3.0]]


def test_one_party_has_one_point():
    found = frontier([np.array([[1.0, 2.0, 2.0]]), np.array([[5.0, 3.0]])])
    assert found.points.tolist() == [[7.0]]
    packages, count = found.packages_behind([0])
    assert (count, packages.tolist()) == (2, [[1, 0], [2, 0]])


def test_nothing_acceptable_gives_an_empty_frontier():
    found = frontier([np.array([[0.0, 1.0], [1.0, 0.0]])], reserve=np.array([0.8, 0.8]))
    assert len(found) == 0
    assert found.packages.shape == (0, 1)


def test_an_issue_vetoed_throughout_leaves_nothing():
    values = [np.zeros((2, 2)), np.zeros((2, 2))]
    vetoes = [np.array([[True, False], [False, True]]), np.zeros((2, 2), dtype=bool)]
    assert len(frontier(values, vetoes=vetoes)) == 0


def test_ten_to_the_twenty_packages():
    """Each issue offers (k, 9 − k): every total (n, 180 − n) is reached, in very many ways."""
    values = [np.array([np.arange(10.0), 9.0 - np.arange(10.0)])] * 20
    found = frontier(values, reserve=np.array([90.0, 80.0]))
    assert found.points.tolist() == [[n, 180.0 - n] for n in range(100, 89, -1)]
    packages, count = found.packages_behind([0], limit=5)
    ways = [1]  # by convolution: ways to add up to n from so many digits
    for _ in range(20):
        ways = [sum(ways[n - k] for k in range(10) if 0 <= n - k < len(ways)) for n in range(len(ways) + 9)]
    assert count == ways[100]
    assert packages.shape == (5, 20) and (packages.sum(axis=1) == 100).all()


def test_equal_packages_are_counted_beyond_those_listed():
    found = frontier([np.zeros((2, 10))] * 6)
    packages, count = found.packages_behind([0], limit=7)
    assert count == 10**6
    assert packages.shape == (7, 6)


def test_forbidding_a_combination_moves_the_frontier():
    """Raising enrichment limits and lifting sanctions only come together: the cheap half-deals disappear."""
    values = [np.array([[0.0, -0.3], [0.0, 0.6]]), np.array([[0.0, 0.6], [0.0, -0.3]])]
    apart = np.array([[False, True], [True, False]])
    assert len(frontier(values)) == 3
    together = frontier(values, blocks=[Block((0, 1), apart)])
    assert together.points == pytest.approx(np.array([[0.3, 0.3]]))


@pytest.mark.parametrize(
    ("block", "message"),
    [
        (Block((0, 2)), "distinct issues between 0 and 1"),
        (Block((0, 0)), "distinct issues"),
        (Block(()), "distinct issues"),
        (Block((0, 1), np.zeros((2, 3), dtype=bool)), r"forbidden has shape \(2, 3\)"),
        (Block((0, 1), None, np.zeros((2, 2))), r"extra has shape \(2, 2\)"),
        (Block((0,), None, np.full((2, 2), np.inf)), "not finite"),
    ],
)
def test_a_block_that_does_not_fit_is_named(block, message):
    with pytest.raises(ValueError, match=message):
        frontier([np.zeros((2, 2)), np.zeros((2, 2))], blocks=[block])


def test_a_block_too_large_to_walk_through_names_its_size():
    values = [np.zeros((2, 100))] * 5
    chain = [Block((i, i + 1), np.zeros((100, 100), dtype=bool)) for i in range(4)]
    with pytest.raises(ValueError, match="10,000,000,000 combinations"):
        frontier(values, blocks=chain)
