"""Zones and acceptable packages over many draws: counts that no number of threads changes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.methods import brute
from tests.methods.problems import many_draws
from zopa.methods import acceptance
from zopa.methods.acceptance import acceptance_counts, best_fixed_package, exists, package_hits


def accepts(values, vetoes, reserve, package, *, strict=False):
    """(draws, parties): the definition."""
    u = brute.utilities(values, package)
    fits = u > reserve + 1e-9 if strict else u >= reserve - 1e-9
    for i, k in enumerate(package):
        if vetoes is not None:
            fits = fits & ~vetoes[i][:, :, k]
    return fits


@given(many_draws(), st.booleans())
def test_counts_are_the_definition(problem, strict):
    values, vetoes, reserve, _, _ = problem
    group = np.arange(len(reserve)) % 3
    counted = acceptance_counts(values, vetoes, reserve, group=group, strict=strict, threads=1)
    hits = np.array([accepts(values, vetoes, reserve, p, strict=strict) for p in brute.packages(values)])
    joint = hits.all(axis=2)
    assert counted.by_party.tolist() == hits.sum(axis=1).T.tolist()
    assert counted.joint.tolist() == [joint[:, group == g].sum(axis=1).tolist() for g in range(3)]
    assert counted.share() == pytest.approx(joint.mean(axis=1))
    assert exists(values, vetoes, reserve, strict=strict).tolist() == joint.any(axis=0).tolist()
    best = best_fixed_package(counted)
    assert best.share == joint.mean(axis=1).max()
    assert best.ties.tolist() == np.flatnonzero(joint.sum(axis=1) == joint.sum(axis=1).max()).tolist()
    assert best.number == best.ties[0]
    assert best.group_hits.tolist() == counted.joint[:, best.number].tolist()
    own = package_hits(values, vetoes, reserve, package=best.package, strict=strict)
    assert own.tolist() == hits[best.number].tolist()


@given(many_draws(parties=(2, 3)))
def test_fewer_parties_accept_at_least_as_often(problem):
    values, vetoes, reserve, _, _ = problem
    some, everybody = exists(values, vetoes, reserve, parties=[1]), exists(values, vetoes, reserve)
    assert (some >= everybody).all()
    alone = acceptance_counts(values, vetoes, reserve, parties=[1])
    together = acceptance_counts(values, vetoes, reserve)
    assert alone.joint[0].tolist() == together.by_party[1].tolist()


@given(many_draws(parties=(2, 3)))
def test_swapping_the_parties_changes_no_joint_count(problem):
    values, vetoes, reserve, _, _ = problem
    turned = [v[:, ::-1] for v in values], None if vetoes is None else [v[:, ::-1] for v in vetoes]
    one, other = acceptance_counts(values, vetoes, reserve), acceptance_counts(*turned, reserve[:, ::-1])
    assert one.joint.tolist() == other.joint.tolist()
    assert one.by_party.tolist() == other.by_party[::-1].tolist()


@pytest.mark.parametrize("threads", [1, 2, 3, 7, 50])
def test_threads_change_no_digit(threads):
    rng = np.random.default_rng(4)
    values = [rng.random((101, 3, 5)) for _ in range(4)]
    reserve = rng.uniform(1.5, 2.5, (101, 3))
    group = np.arange(101) // 10
    alone = acceptance_counts(values, None, reserve, group=group, threads=1)
    shared = acceptance_counts(values, None, reserve, group=group, threads=threads)
    assert (alone.joint == shared.joint).all() and (alone.by_party == shared.by_party).all()
    zone = exists(values, None, reserve, threads=1)
    assert (zone == exists(values, None, reserve, threads=threads)).all()
    sums = values[0][..., :, None, None, None] + values[1][..., None, :, None, None]
    sums = sums + values[2][..., None, None, :, None] + values[3][..., None, None, None, :]
    assert (zone == (sums.reshape(101, 3, -1) >= reserve[:, :, None]).all(axis=1).any(axis=1)).all()


def test_draws_taken_in_turns_count_the_same(monkeypatch):
    rng = np.random.default_rng(5)
    values, reserve = [rng.random((50, 2, 4)) for _ in range(3)], rng.uniform(1.0, 2.0, (50, 2))
    whole = acceptance_counts(values, None, reserve)
    monkeypatch.setattr(acceptance, "MAX_HELD", 100)
    assert (acceptance_counts(values, None, reserve).joint == whole.joint).all()


def test_a_zone_among_ten_to_the_twelve_packages():
    """Twelve issues of ten options, (k, 9 − k) each: whatever the parties ask for together may not exceed 108."""
    values = [np.tile(np.array([np.arange(10.0), 9.0 - np.arange(10.0)]), (3, 1, 1))] * 12
    reserve = np.array([[60.0, 48.0], [60.0, 49.0], [108.0, 0.0]])
    assert exists(values, None, reserve).tolist() == [True, False, True]
    assert exists(values, None, reserve, strict=True).tolist() == [False, False, False]


def test_the_best_fixed_package_may_leave_every_draw_some_other():
    """A zone in every draw, and yet no single package that suits both in more than half of them."""
    values = [np.array([[[1.0, 0.0], [1.0, 0.0]], [[0.0, 1.0], [0.0, 1.0]]])]
    reserve = np.full((2, 2), 0.5)
    assert exists(values, None, reserve).all()
    best = best_fixed_package(acceptance_counts(values, None, reserve))
    assert best.share == 0.5 and best.ties.tolist() == [0, 1]


def test_packages_can_be_left_out():
    counted = acceptance_counts([np.array([[[1.0, 1.0, 0.0]]])], None, np.array([[0.5]]))
    assert best_fixed_package(counted, allowed=np.array([False, True, True])).package == (1,)
    with pytest.raises(ValueError, match="at least one True"):
        best_fixed_package(counted, allowed=np.zeros(3, dtype=bool))


def test_rounding_does_not_lose_a_package_at_the_reserve():
    assert exists([np.full((1, 1, 1), 0.1)] * 3, None, np.array([[0.1 + 0.1 + 0.1]])).all()
    assert exists([np.full((1, 1, 1), 0.1)] * 3, None, np.array([[0.3]])).all()


@pytest.mark.parametrize(
    ("limit", "message"),
    [
        ("MAX_PACKAGES", r"27 packages \(3 × 3 × 3 options\) are more than the 5"),
        ("MAX_COUNTS", "27 packages × 2 groups and 2 parties need more than the 5 counts"),
        ("MAX_CHECKS", "27 packages × 4 draws × 2 parties are more than the 5 checks"),
    ],
)
def test_sizes_beyond_the_limits_are_named(monkeypatch, limit, message):
    monkeypatch.setattr(acceptance, limit, 5)
    with pytest.raises(ValueError, match=message):
        acceptance_counts([np.zeros((4, 2, 3))] * 3, None, np.zeros((4, 2)), group=np.array([0, 0, 1, 1]))


@pytest.mark.parametrize("group", [np.array([0, 1]), np.array([0.0, 1.0, 1.0, 0.0]), np.array([0, -1, 0, 0])])
def test_groups_must_be_numbered(group):
    with pytest.raises(ValueError, match="group"):
        acceptance_counts([np.zeros((4, 2, 3))], None, np.zeros((4, 2)), group=group)


def test_a_package_must_pick_an_option_of_each_issue():
    with pytest.raises(ValueError, match=r"package \(0, 3\) does not pick"):
        package_hits([np.zeros((4, 2, 3))] * 2, None, np.zeros((4, 2)), package=(0, 3))
