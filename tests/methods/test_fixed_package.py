"""The best fixed package where there are too many to count each: what is called proven, and what is found."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.methods.problems import many_draws
from zopa.methods.acceptance import acceptance_counts, exists
from zopa.methods.fixed_package import sought_package
from zopa.methods.problem import package_number


@given(drawn=many_draws(), visits=st.sampled_from([0, 50, 10**9]))
@settings(max_examples=60)
def test_what_is_proven_is_the_best_of_all_packages_counted(drawn, visits):
    values, vetoes, reserve, status_quo, _ = drawn
    counted = acceptance_counts(values, vetoes, reserve)
    hits = counted.joint.sum(axis=0)
    there = exists(values, vetoes, reserve)
    found = sought_package(
        values, vetoes, reserve, status_quo=status_quo, exists=there, visits=visits, threads=1
    )
    numbers = [package_number(row.tolist(), counted.options) for row in found.packages]
    assert len(set(numbers)) == len(numbers)
    assert (hits[numbers] == found.hits).all()
    assert (np.diff(found.hits) <= 0).all()
    assert found.hits[0] <= hits.max()
    if found.proven:
        assert found.hits[0] == hits.max()
        assert found.draws == len(reserve)
    if visits == 10**9:
        assert found.proven


def test_no_change_of_two_issues_does_better():
    rng = np.random.default_rng(4)
    values = [rng.random((60, 2, 3)) for _ in range(5)]
    reserve = np.full((60, 2), 2.6)
    found = sought_package(values, None, reserve, status_quo=[0] * 5, visits=0)
    assert not found.proven
    assert found.draws == 0
    best = found.packages[0]

    def won(package: tuple[int, ...]) -> int:
        total = sum(v[:, :, k] for v, k in zip(values, package, strict=True))
        return int((total >= reserve - 1e-9).all(axis=1).sum())

    near = [p for p in product(range(3), repeat=5) if sum(a != b for a, b in zip(p, best, strict=True)) <= 2]
    assert max(map(won, near)) == won(tuple(best)) == found.hits[0]


def test_a_package_that_suits_all_in_every_draw_with_a_zone_is_proven_without_a_search():
    values = [np.full((20, 2, 2), 0.5) for _ in range(3)]
    there = np.ones(20, dtype=bool)
    found = sought_package(values, None, np.ones((20, 2)), status_quo=[0, 0, 0], exists=there, visits=0)
    assert found.proven
    assert tuple(found.packages[0]) == (0, 0, 0)


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_threads_change_nothing(threads: int):
    rng = np.random.default_rng(7)
    values = [rng.random((300, 2, 3)) for _ in range(6)]
    answers = [
        sought_package(values, None, np.full((300, 2), 3.2), status_quo=[1] * 6, threads=n)
        for n in (1, threads)
    ]
    assert (answers[0].packages == answers[1].packages).all()
    assert (answers[0].hits == answers[1].hits).all()
    assert answers[0].proven == answers[1].proven


def test_one_issue_is_counted():
    values = [np.array([[[0.0, 1.0], [1.0, 0.0]], [[0.0, 1.0], [1.0, 1.0]]])]
    found = sought_package(values, None, np.full((2, 2), 0.5), status_quo=[0])
    assert found.proven
    assert found.packages.tolist() == [[1], [0]]
    assert found.hits.tolist() == [1, 0]
