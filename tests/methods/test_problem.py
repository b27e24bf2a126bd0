"""What counts as a problem, and how packages are numbered."""

from itertools import product

import numpy as np
import pytest

from zopa.methods.problem import package_at, package_count, package_number, problem, tolerances

VALUES = [np.zeros((2, 3, 2)), np.ones((2, 3, 4))]
RESERVE = np.zeros((2, 3))


def test_packages_are_numbered_with_the_last_issue_fastest():
    counts = (2, 3, 2)
    for number, package in enumerate(product(range(2), range(3), range(2))):
        assert package_number(package, counts) == number
        assert package_at(number, counts) == package


def test_numbers_stay_exact_beyond_64_bits():
    counts = (10,) * 30
    package = tuple(i % 10 for i in range(30))
    assert package_count(counts) == 10**30
    assert package_at(package_number(package, counts), counts) == package


def test_a_veto_takes_the_option_out_of_reach():
    vetoes = [np.zeros(v.shape, dtype=bool) for v in VALUES]
    vetoes[1][0, 2, 3] = True
    checked = problem(VALUES, vetoes, RESERVE)
    assert checked.counts == (2, 4)
    assert np.isneginf(checked.values[0, 5]).tolist() == [False, False, True]


def test_only_the_listed_parties_remain():
    checked = problem(VALUES, None, np.array([[1.0, 2.0, 3.0]] * 2), parties=[2, 0])
    assert checked.parties == 2
    assert checked.threshold[0] == pytest.approx([3.0, 1.0])


def test_the_tolerance_follows_the_scale_of_each_party():
    small, large = (tolerances([v * scale for v in VALUES], RESERVE) for scale in (1.0, 1000.0))
    assert large == pytest.approx(1000.0 * small)


@pytest.mark.parametrize(
    ("values", "vetoes", "reserve", "message"),
    [
        ([], None, RESERVE, "at least one issue"),
        ([np.zeros((2, 3))], None, RESERVE, r"values\[0\] has shape \(2, 3\)"),
        ([np.zeros((2, 3, 0))], None, RESERVE, r"values\[0\]"),
        ([VALUES[0], np.zeros((2, 2, 4))], None, RESERVE, r"values\[1\]"),
        ([np.full((2, 3, 2), np.nan)], None, RESERVE, "not finite"),
        (VALUES, None, np.zeros((2, 2)), r"reserve has shape \(2, 2\)"),
        (VALUES, None, np.full((2, 3), -np.inf), "an unknown reserve is a distribution"),
        (VALUES, [np.zeros((2, 3, 2), dtype=bool)], RESERVE, "vetoes: 1 issues"),
        (VALUES, [np.zeros(v.shape) for v in VALUES], RESERVE, r"vetoes\[0\] must be boolean"),
    ],
)
def test_what_is_no_problem_is_named(values, vetoes, reserve, message):
    with pytest.raises(ValueError, match=message):
        problem(values, vetoes, reserve)


@pytest.mark.parametrize("parties", [[], [0, 0], [3], [-1]])
def test_parties_must_exist_and_be_listed_once(parties):
    with pytest.raises(ValueError, match="distinct parties between 0 and 2"):
        problem(VALUES, None, RESERVE, parties=parties)


def test_a_package_outside_the_options_has_no_number():
    with pytest.raises(ValueError, match=r"package \(0, 5\) leaves the options \(2, 3\)"):
        package_number((0, 5), (2, 3))
