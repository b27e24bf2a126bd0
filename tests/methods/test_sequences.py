"""Talks in sequence: by recursion over every course they can take, what order cannot change, and two known examples."""

from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.known import bargaining as known
from tests.methods import brute
from tests.methods.problems import many_draws
from zopa.methods import sequences
from zopa.methods.acceptance import exists
from zopa.methods.sequences import sequence


@st.composite
def talks(draw):
    """A problem of several draws, its issues in baskets in some order, and who will not discuss which."""
    values, vetoes, reserve, status_quo, refuses = draw(many_draws())
    order = draw(st.permutations(range(len(values))))
    cuts = sorted(draw(st.sets(st.integers(1, len(values) - 1)))) if len(values) > 1 else []
    baskets = [order[a:b] for a, b in zip([0, *cuts], [*cuts, len(values)], strict=True)]
    blocked = np.stack([refuses[:, :, basket].any(axis=(1, 2)) for basket in baskets], axis=1)
    return values, vetoes, reserve, list(status_quo), baskets, blocked & draw(st.booleans())


def courses(values, basket):
    return product(*(range(values[i].shape[1]) for i in basket))


def chosen(gains, must):
    """The place of the largest product of gains, then of the largest sum, the first of equals; None without any."""
    fit = [k for k, g in enumerate(gains) if g is not None and (not must or (g > 0).all())]
    return max(fit, key=lambda k: (np.maximum(gains[k], 0).prod(), gains[k].sum(), -k), default=None)


def ends(values, vetoes, reserve, package):
    """What a package gives everybody, and whether all accept it; else walking away."""
    total = brute.utilities(values, package)
    fine = bool((total >= reserve).all()) and not brute.vetoed(vetoes, package)
    return (total, True) if fine else (reserve, False)


def by_recursion(values, vetoes, reserve, quo, baskets, blocked, package=None, stage=0):
    """Looking ahead, one draw: every course of the talks from a stage on."""
    package = list(quo) if package is None else package
    if stage == len(baskets):
        return ends(values, vetoes, reserve, package)
    basket = baskets[stage]

    def after(options):
        there = list(package)
        for i, k in zip(basket, options, strict=True):
            there[i] = k
        return by_recursion(values, vetoes, reserve, quo, baskets, blocked, there, stage + 1)

    left = after([quo[i] for i in basket])
    if blocked[stage]:
        return left
    found = [after(options) for options in courses(values, basket)]
    gains = [u - left[0] if fine else None for u, fine in found]
    best = chosen(gains, must=left[1])
    return left if best is None else found[best]


def on_their_own(values, vetoes, reserve, quo, baskets, blocked):
    """Each basket at the Nash point over leaving it, one draw."""
    package = list(quo)
    for stage, basket in enumerate(baskets):
        options = list(courses(values, basket))
        gains = []
        for option in options:
            bar = vetoes is not None and any(
                vetoes[i][:, k].any() for i, k in zip(basket, option, strict=True)
            )
            added = sum(values[i][:, k] - values[i][:, quo[i]] for i, k in zip(basket, option, strict=True))
            gains.append(None if bar else added)
        best = None if blocked[stage] else chosen(gains, must=True)
        if best is not None:
            for i, k in zip(basket, options[best], strict=True):
                package[i] = k
    return ends(values, vetoes, reserve, package)


@given(talks(), st.booleans())
def test_a_sequence_is_its_definition(problem, ahead):
    values, vetoes, reserve, quo, baskets, blocked = problem
    found = sequence(values, vetoes, reserve, quo, baskets=baskets, blocked=blocked, ahead=ahead)
    for d in range(len(reserve)):
        barred = None if vetoes is None else [v[d] for v in vetoes]
        reference = by_recursion if ahead else on_their_own
        utilities, accepted = reference([v[d] for v in values], barred, reserve[d], quo, baskets, blocked[d])
        assert found.accepted[d] == accepted
        assert found.utilities[d].tolist() == utilities.tolist()


@given(talks(), st.booleans(), st.integers(0, 2**32 - 1))
def test_what_is_left_stays_where_each_draw_holds_it(problem, ahead, seed):
    values, vetoes, reserve, _, baskets, blocked = problem
    rng = np.random.default_rng(seed)
    homes = np.stack([rng.integers(v.shape[2], size=len(reserve)) for v in values], axis=1)
    found = sequence(values, vetoes, reserve, homes, baskets=baskets, blocked=blocked, ahead=ahead)
    for d in range(len(reserve)):
        barred = None if vetoes is None else [v[d] for v in vetoes]
        reference = by_recursion if ahead else on_their_own
        plain = [v[d] for v in values]
        utilities, accepted = reference(plain, barred, reserve[d], homes[d], baskets, blocked[d])
        assert found.accepted[d] == accepted
        assert found.utilities[d].tolist() == utilities.tolist()


@given(talks())
def test_looking_ahead_finds_what_all_accept_in_any_order(problem):
    values, vetoes, reserve, quo, baskets, _ = problem
    there = exists(values, vetoes, reserve)
    for order in permutations(baskets):
        found = sequence(values, vetoes, reserve, quo, baskets=order)
        assert (found.accepted == there).all()
        assert (found.utilities >= reserve - 1e-9).all()


@given(talks())
def test_on_their_own_merits_order_plays_no_part(problem):
    values, vetoes, reserve, quo, baskets, blocked = problem
    one = sequence(values, vetoes, reserve, quo, baskets=baskets, blocked=blocked, ahead=False)
    other = sequence(
        values, vetoes, reserve, quo, baskets=baskets[::-1], blocked=blocked[:, ::-1], ahead=False
    )
    assert (one.utilities == other.utilities).all() and (one.accepted == other.accepted).all()
    package = sequence(values, vetoes, reserve, quo, baskets=[range(len(values))])
    assert (
        sequence(values, vetoes, reserve, quo, baskets=baskets, ahead=False).accepted <= package.accepted
    ).all()


@given(talks(), st.booleans(), st.integers(0, 2**32 - 1))
def test_swapping_the_parties_swaps_their_utilities(problem, ahead, seed):
    values, _, reserve, quo, baskets, blocked = problem
    rng = np.random.default_rng(seed)  # without ties, of which the first package is taken
    values, reserve = (
        [v + 1e-3 * rng.random(v.shape) for v in values],
        reserve + 1e-3 * rng.random(reserve.shape),
    )
    one = sequence(values, None, reserve, quo, baskets=baskets, blocked=blocked, ahead=ahead)
    swapped = [v[:, ::-1] for v in values]
    other = sequence(swapped, None, reserve[:, ::-1], quo, baskets=baskets, blocked=blocked, ahead=ahead)
    assert (one.accepted == other.accepted).all()
    assert other.utilities == pytest.approx(one.utilities[:, ::-1], abs=1e-12)


LINKED = [np.array([[[0.0, -0.3], [0.0, 0.6]]]), np.array([[[0.0, 0.6], [0.0, -0.3]]])]
SPLITS = np.linspace(0.0, 1.0, 5)
PIES = [
    np.array([[[0.0, *(0.8 * SPLITS)], [0.0, *(0.2 * SPLITS[::-1])]]]),
    np.array([[[0.0, *(0.2 * SPLITS)], [0.0, *(0.8 * SPLITS[::-1])]]]),
]


def test_linkage():
    """Neither issue is settled on its own merits; who looks ahead takes a loss in one for a gain in the next."""
    walk = np.zeros((1, 2))
    assert sequence(LINKED, None, walk, [0, 0], baskets=[[0, 1]]).utilities[0] == pytest.approx(
        known.LINKAGE.answer
    )
    apart = sequence(LINKED, None, walk, [0, 0], baskets=[[0], [1]], ahead=False)
    assert apart.utilities[0].tolist() == [0.0, 0.0]
    ahead = sequence(LINKED, None, walk, [0, 0], baskets=[[0], [1]])
    assert ahead.utilities[0] == pytest.approx(known.LINKAGE.answer)


@pytest.mark.parametrize("ahead", [True, False])
def test_pie_by_pie(ahead):
    walk = np.zeros((1, 2))
    apart = sequence(PIES, None, walk, [0, 0], baskets=[[0], [1]], ahead=ahead)
    assert apart.utilities[0] == pytest.approx(known.PIE_BY_PIE.answer)
    together = sequence(PIES, None, walk, [0, 0], baskets=[[0, 1]], ahead=ahead)
    assert together.utilities[0] == pytest.approx(known.PACKAGE_NASH.answer)


def test_the_order_decides_who_gains():
    """One issue gives the right side 6, the other (3, 5); the right side needs 4. Whichever comes last closes the deal,
    and the first is let go: the left side does not gain from adding what is worth nothing to it."""
    values = [np.array([[[0.0, 0.0], [0.0, 6.0]]]), np.array([[[0.0, 3.0], [0.0, 5.0]]])]
    walk = np.array([[0.0, 4.0]])
    one = sequence(values, None, walk, [0, 0], baskets=[[0], [1]])
    other = sequence(values, None, walk, [0, 0], baskets=[[1], [0]])
    assert one.utilities[0].tolist() == [3.0, 5.0]
    assert other.utilities[0].tolist() == [0.0, 6.0]
    assert one.accepted.all() and other.accepted.all()


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("ahead", [True, False])
def test_threads_change_no_digit(threads, ahead):
    rng = np.random.default_rng(3)
    values, reserve = [rng.random((50, 2, 3)) for _ in range(4)], rng.uniform(1.0, 2.4, (50, 2))
    one = sequence(values, None, reserve, [0] * 4, baskets=[[3], [0, 1], [2]], ahead=ahead, threads=1)
    other = sequence(values, None, reserve, [0] * 4, baskets=[[3], [0, 1], [2]], ahead=ahead, threads=threads)
    assert (one.utilities == other.utilities).all()


def test_what_cannot_be_looked_through_is_named(monkeypatch):
    values, reserve = [np.zeros((4, 2, 2))] * 3, np.zeros((4, 2))
    with pytest.raises(ValueError, match="each of the 3 issues once"):
        sequence(values, None, reserve, [0, 0, 0], baskets=[[0], [1]])
    with pytest.raises(ValueError, match="none be empty"):
        sequence(values, None, reserve, [0, 0, 0], baskets=[[0, 1, 2], []])
    with pytest.raises(ValueError, match="homes must pick"):
        sequence(values, None, reserve, [0, 0, 2], baskets=[[0, 1, 2]])
    with pytest.raises(ValueError, match=r"homes must have shape \(3,\) or \(4, 3\)"):
        sequence(values, None, reserve, np.zeros((2, 3), dtype=int), baskets=[[0, 1, 2]])
    with pytest.raises(ValueError, match="blocked must have shape"):
        sequence(values, None, reserve, [0, 0, 0], baskets=[[0, 1, 2]], blocked=np.zeros((4, 2), dtype=bool))
    monkeypatch.setattr(sequences, "MAX_HISTORIES", 7)
    with pytest.raises(ValueError, match="8 courses of the talks"):
        sequence(values, None, reserve, [0, 0, 0], baskets=[[0], [1], [2]])
