"""Alternating offers: equal to the protocol written out in plain Python, and what must hold whatever the numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.methods import brute
from zopa.methods.acceptance import exists
from zopa.methods.alternating import NO_DEAL, alternating_offers
from zopa.methods.problem import package_at

SLACK = 1e-12


def talk(values, vetoes, reserve, exponents, steps, first):
    """The protocol in plain Python: package, step, proposer; one draw, values (2, options) per issue."""
    packages = brute.packages(values)
    own = []
    for p in (0, 1):
        allowed = [
            vetoes is None or not any(v[p, k] for v, k in zip(vetoes, x, strict=True)) for x in packages
        ]
        own.append(
            [
                float(brute.utilities(values, x)[p]) if ok else -np.inf
                for x, ok in zip(packages, allowed, strict=True)
            ]
        )
    if max(own[0]) < reserve[0] or max(own[1]) < reserve[1]:
        return NO_DEAL, steps, NO_DEAL
    offer, me = None, first
    for step in range(steps):
        for _ in (0, 1):
            time = step / (steps - 1)
            ask = reserve[me] + (max(own[me]) - reserve[me]) * (1 - time ** exponents[me])
            if offer is not None and own[me][offer] >= ask - SLACK:
                return offer, step, 1 - me
            offer = min((u, k) for k, u in enumerate(own[me]) if u >= ask - SLACK)[1]
            me = 1 - me
    if own[me][offer] >= reserve[me] - SLACK:
        return offer, steps - 1, 1 - me
    return NO_DEAL, steps, NO_DEAL


@st.composite
def runs(draw, *, count=8, whole=None):
    """Values, vetoes, reserves, exponents of some runs; ``whole`` numbers bring ties."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    whole = draw(st.booleans()) if whole is None else whole
    values = [
        rng.integers(0, 5, (count, 2, k)).astype(float) if whole else rng.random((count, 2, k)) for k in sizes
    ]
    vetoes = [rng.random((count, 2, k)) < 0.12 for k in sizes] if draw(st.booleans()) else None
    top = sum(v.max(axis=2) for v in values)
    reserve = np.floor(top * rng.random((count, 2))) if whole else top * rng.random((count, 2))
    exponents = np.exp(rng.uniform(-1.5, 2.5, (count, 2)))
    if whole:
        exponents[rng.random((count, 2)) < 0.3] = 1.0
    return values, vetoes, reserve, exponents


@given(runs(), st.integers(2, 20), st.integers(0, 1))
def test_the_kernel_is_the_protocol(drawn, steps, first):
    values, vetoes, reserve, exponents = drawn
    found = alternating_offers(values, vetoes, reserve, exponents, steps=steps, first=first)
    for i in range(len(reserve)):
        barred = None if vetoes is None else [v[i] for v in vetoes]
        expected = talk([v[i] for v in values], barred, reserve[i], exponents[i], steps, first)
        assert (found.package[i], found.step[i], found.proposer[i]) == expected


@given(runs(), st.integers(2, 12))
def test_one_draw_for_all_runs_is_that_draw_in_every_run(drawn, steps):
    values, vetoes, reserve, exponents = drawn
    one = [v[:1] for v in values], None if vetoes is None else [v[:1] for v in vetoes]
    all_runs = [np.repeat(v, len(reserve), axis=0) for v in one[0]]
    barred = None if one[1] is None else [np.repeat(v, len(reserve), axis=0) for v in one[1]]
    shared = alternating_offers(*one, reserve, exponents, steps=steps)
    each = alternating_offers(all_runs, barred, reserve, exponents, steps=steps)
    for name in ("package", "step", "proposer", "zone", "utilities"):
        assert (getattr(shared, name) == getattr(each, name)).all()


@given(runs(), st.integers(2, 12), st.integers(0, 1))
def test_what_is_agreed_suits_both(drawn, steps, first):
    values, vetoes, reserve, exponents = drawn
    found = alternating_offers(values, vetoes, reserve, exponents, steps=steps, first=first)
    assert (found.zone == exists(values, vetoes, reserve)).all()
    assert found.zone[found.agreed].all()
    assert (found.utilities >= reserve - SLACK).all()
    counts = [v.shape[2] for v in values]
    for i in np.flatnonzero(found.agreed):
        package = package_at(int(found.package[i]), counts)
        assert brute.utilities([v[i] for v in values], package) == pytest.approx(found.utilities[i])
        assert not brute.vetoed(None if vetoes is None else [v[i] for v in vetoes], package)
    assert (found.step[~found.agreed] == steps).all() and (found.step[found.agreed] < steps).all()


@given(runs(), st.integers(2, 12), st.integers(0, 1))
def test_swapping_the_parties_mirrors_the_talks(drawn, steps, first):
    values, vetoes, reserve, exponents = drawn
    one = alternating_offers(values, vetoes, reserve, exponents, steps=steps, first=first)
    barred = None if vetoes is None else [v[:, ::-1] for v in vetoes]
    other = alternating_offers(
        [v[:, ::-1] for v in values],
        barred,
        reserve[:, ::-1],
        exponents[:, ::-1],
        steps=steps,
        first=1 - first,
    )
    assert (one.package == other.package).all() and (one.step == other.step).all()
    assert (one.utilities == other.utilities[:, ::-1]).all()


@pytest.mark.parametrize("threads", [2, 3])
def test_threads_change_no_digit(threads):
    rng = np.random.default_rng(1)
    values, reserve = [rng.random((101, 2, 5)) for _ in range(3)], rng.uniform(0.8, 1.9, (101, 2))
    exponents = rng.uniform(0.3, 6.0, (101, 2))
    one = alternating_offers(values, None, reserve, exponents, threads=1)
    other = alternating_offers(values, None, reserve, exponents, threads=threads)
    assert 0 < one.agreed.sum() < 101
    assert (one.package == other.package).all() and (one.step == other.step).all()


def test_one_unit_split_by_two_linear_conceders():
    """Shares in hundredths, eleven steps: at step 5 both ask for half; who opens offers it and the other accepts."""
    share = np.linspace(0.0, 1.0, 101)
    found = alternating_offers(
        [np.array([[share, 1 - share]])], None, np.zeros((1, 2)), np.ones((1, 2)), steps=11
    )
    assert found.step.tolist() == [5] and found.proposer.tolist() == [0]
    assert found.utilities[0] == pytest.approx([0.5, 0.5])


def test_who_holds_out_longer_gets_more():
    """Faratin, Sierra and Jennings (1998): against the same opponent Boulware ends late and high, Conceder the reverse."""
    share = np.linspace(0.0, 1.0, 1001)
    exponents = np.array([[0.2, 1.0], [1.0, 1.0], [5.0, 1.0]])
    found = alternating_offers([np.array([[share, 1 - share]])], None, np.zeros((1, 2)), exponents)
    assert (np.diff(found.utilities[:, 0]) > 0.1).all()
    assert (np.diff(found.step) > 5).all()


def test_a_veto_is_neither_offered_nor_accepted():
    """The only package that suits both is one that the second party will not sign."""
    values = [np.array([[[1.0, 0.6, 0.0], [0.0, 0.6, 1.0]]])]
    vetoes = [np.array([[[False] * 3, [False, True, False]]])]
    reserve, exponents = np.full((1, 2), 0.5), np.ones((1, 2))
    assert alternating_offers(values, None, reserve, exponents).package.tolist() == [1]
    barred = alternating_offers(values, vetoes, reserve, exponents)
    assert barred.package.tolist() == [NO_DEAL] and not barred.zone[0]
    assert barred.utilities.tolist() == [[0.5, 0.5]]


def test_a_zone_is_no_promise():
    """At the deadline each offers the worst package it can live with, and neither is the one that suits both."""
    values = [np.array([[[1.0, 0.5, 0.4, 0.0, 0.0], [0.0, 0.5, 0.0, 0.45, 1.0]]])]
    found = alternating_offers(values, None, np.array([[0.4, 0.45]]), np.ones((1, 2)), steps=2)
    assert found.zone[0] and not found.agreed[0]
    assert found.step.tolist() == [2] and found.utilities.tolist() == [[0.4, 0.45]]


@pytest.mark.parametrize("spread", [1.0, 1e-9])
def test_utilities_that_crowd_together_are_still_put_in_order(spread):
    """One option is worth a million times the rest: all other packages fall into one class of utility."""
    rng = np.random.default_rng(3)
    values = [rng.random((1, 2, 6)) * spread for _ in range(3)]
    values[0][:, :, 0] = 1e6
    reserve, exponents = np.zeros((1, 2)), np.array([[2.0, 0.5]])
    found = alternating_offers(values, None, reserve, exponents, steps=40)
    # with one draw, the tolerance of a utility of a million is a millionth of a millionth of it
    assert found.agreed[0]
    assert found.package[0] < 36


def test_ties_go_to_the_lowest_number():
    values = [np.array([[[1.0, 1.0], [1.0, 1.0]]]), np.array([[[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]])]
    assert alternating_offers(values, None, np.zeros((1, 2)), np.ones((1, 2))).package.tolist() == [0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"exponents": np.zeros((4, 2))}, "exponents must be positive"),
        ({"exponents": np.ones((4, 3))}, r"shape \(runs, 2\)"),
        ({"steps": 1}, "steps is 1"),
        ({"first": 2}, "first must be 0 or 1"),
        ({"values": [np.zeros((3, 2, 2))], "reserve": np.zeros((3, 2))}, "values has 3 draws"),
        ({"reserve": np.zeros((3, 2))}, "reserve has 3 draws"),
        (
            {"values": [np.zeros((4, 3, 2))], "reserve": np.zeros((4, 3))},
            "between two parties, but values has 3",
        ),
        ({"values": [np.zeros((1, 2, 128))] * 3}, "2,097,152 packages"),
        ({"reserve": np.full((4, 2), np.nan)}, "reserve holds a number that is not finite"),
    ],
)
def test_what_does_not_fit_is_named(change, message):
    given_ = {
        "values": [np.zeros((4, 2, 2))],
        "reserve": np.zeros((4, 2)),
        "exponents": np.ones((4, 2)),
        **change,
    }
    with pytest.raises(ValueError, match=message):
        alternating_offers(
            given_.pop("values"), None, given_.pop("reserve"), given_.pop("exponents"), **given_
        )
