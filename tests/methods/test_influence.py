"""Weighted positions and the expected-utility rounds: by hand, against a slow reference, by axioms, against data."""

import json
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.known.influence import ROUNDS, Rounds
from tests.shared import shared_data
from zopa.methods.expected_utility import REPLICATION, VARIANTS, Variant, challenge_rounds
from zopa.methods.influence import compromise, pulls, weighted_mean, weighted_median

POSITION = st.floats(0, 1).map(lambda v: round(v, 3))
WEIGHT = st.floats(0, 1).map(lambda v: round(v, 3))
ACTORS = st.lists(st.tuples(POSITION, WEIGHT), min_size=1, max_size=7)


def arrays(actors: list[tuple[float, float]]) -> tuple[np.ndarray, np.ndarray]:
    x, w = np.array(actors).T
    return x, w


# -- weighted positions --------------------------------------------------------------------------------------------


def test_three_actors_by_hand():
    # 32, 30 and 10 of 72: compromise 36 / 72; half of the weight is passed at .6; without the first 36 / 40.
    x, c, s = np.array([0.0, 1.0, 0.6]), np.array([40.0, 30.0, 20.0]), np.array([0.8, 1.0, 0.5])
    assert compromise(x, c, s) == pytest.approx(0.5)
    assert weighted_mean(x, c) == pytest.approx(42 / 90)
    assert weighted_median(x, c * s) == 0.6
    assert pulls(x, c * s) == pytest.approx([0.5 - 0.9, 0.5 - 6 / 42, 0.5 - 30 / 62])


def test_a_median_that_is_a_stretch_is_its_middle():
    assert weighted_median(np.array([0.0, 0.2, 0.8, 1.0]), np.ones(4)) == pytest.approx(0.5)
    assert weighted_median(np.array([0.9, 0.1]), np.array([0.1 + 0.2, 0.3])) == pytest.approx(0.5)


def test_where_nobody_weighs_anything_all_weigh_alike():
    x, none = np.array([0.0, 0.2, 1.0]), np.zeros(3)
    assert weighted_mean(x, none) == pytest.approx(0.4)
    assert weighted_median(x, none) == 0.2
    assert pulls(x, none) == pytest.approx([0.4 - 0.6, 0.4 - 0.5, 0.4 - 0.1])
    # The only actor that weighs anything: without it the rest weigh alike.
    assert pulls(x, np.array([0.0, 3.0, 0.0])) == pytest.approx([0.0, 0.2 - 0.5, 0.0])
    assert pulls(np.array([0.7]), np.array([2.0])) == [0.0]


@pytest.mark.parametrize("bad", [np.array([1.0, -0.1]), np.array([1.0, np.inf]), np.ones(3)])
def test_weights_that_are_none_are_refused(bad: np.ndarray):
    with pytest.raises(ValueError, match="weights"):
        weighted_mean(np.array([0.1, 0.2]), bad)


@given(ACTORS)
def test_no_position_beats_the_median_in_a_vote_by_distance(actors: list[tuple[float, float]]):
    x, w = arrays(actors)
    w = w if w.sum() > 0 else np.ones(len(x))
    middle = weighted_median(x, w)

    def cost(p: float) -> float:
        return float((w * np.abs(x - p)).sum())

    assert all(cost(middle) <= cost(p) + 1e-9 for p in x)


@given(ACTORS)
def test_the_other_way_round_everything_is_mirrored(actors: list[tuple[float, float]]):
    x, w = arrays(actors)
    assert weighted_mean(1 - x, w) == pytest.approx(1 - weighted_mean(x, w))
    assert weighted_median(1 - x, w) == pytest.approx(1 - weighted_median(x, w))
    assert pulls(1 - x, w) == pytest.approx(-pulls(x, w))


@given(ACTORS, st.floats(0.1, 9), st.randoms(use_true_random=False))
def test_units_and_order_do_not_matter(actors: list[tuple[float, float]], unit: float, random: Any):
    x, w = arrays(actors)
    shuffled = arrays(random.sample(actors, len(actors)))
    for model in (weighted_mean, weighted_median):
        assert model(x, w * unit) == pytest.approx(model(x, w))
        assert model(*shuffled) == pytest.approx(model(x, w))
        assert x.min() - 1e-12 <= model(x, w) <= x.max() + 1e-12


@given(ACTORS)
def test_a_pull_is_what_leaving_the_actor_out_changes(actors: list[tuple[float, float]]):
    x, w = arrays(actors)
    w = w if w.sum() > 0 else np.ones(len(x))
    found = pulls(x, w)
    for k in range(len(x)) if len(x) > 1 else ():
        rest = np.delete(w, k)
        if 0 < rest.sum() < 1e-9 * w.sum():
            continue
        assert found[k] == pytest.approx(weighted_mean(x, w) - weighted_mean(np.delete(x, k), rest), abs=1e-9)


# -- rounds --------------------------------------------------------------------------------------------------------


def play(capability: Any, salience: Any, position: Any, **given: Any) -> np.ndarray:
    """One draw: (rounds + 1, actors)."""
    one = (np.array([v], dtype=float) for v in (capability, salience, position))
    return challenge_rounds(*one, **given)[0]


@pytest.mark.parametrize("known", ROUNDS)
def test_rounds_worked_out_in_decimal_arithmetic(known: Rounds):
    variant = Variant(*known.reading)  # type: ignore[arg-type]
    found = play(
        known.capability, known.salience, known.position, rounds=len(known.after), variants=[variant]
    )
    assert found[0] == pytest.approx(known.position)
    assert found[1:] == pytest.approx(np.array(known.after), abs=1e-8)


def slow_round(c: Any, s: Any, x: Any, width: float, variant: Variant) -> list[float]:
    """One round as the docstring of the module states it, actor by actor."""
    actors = range(len(x))

    def apart(a: float, b: float) -> float:
        return abs(a - b) / width

    def prevails(i: int, j: int, r: list[float]) -> float:
        if x[i] == x[j]:
            return 0.0

        def likes(a: int, p: float) -> float:
            return float(-c[a] * s[a] * apart(x[a], p) ** r[a])

        pairs = [(k, m) for k in actors for m in actors] if variant.votes == "all" else [(i, j)]
        total = sum(abs(likes(a, x[k]) - likes(a, x[m])) for a in actors for k, m in pairs)
        won = sum(max(likes(a, x[i]) - likes(a, x[j]), 0.0) for a in actors)
        return won / total if total else 0.0

    def expects(i: int, j: int, r: list[float], seen: float) -> float:
        success, failure = (2 - 4 * (0.5 + sign * 0.5 * apart(x[i], x[j])) ** seen for sign in (-1, 1))
        p = prevails(i, j, r)
        return s[j] * (p * success + (1 - p) * failure) + (1 - s[j]) * success - (2 - 4 * 0.5**seen)

    flat = [1.0] * len(x)
    threats = [sum(expects(o, a, flat, 1.0) for o in actors if o != a) for a in actors]
    low, high = min(threats), max(threats)
    secure = [(2 * t - high - low) / (high - low) if high > low else 0.0 for t in threats]
    r = [(1 - v / 3) / (1 + v / 3) for v in secure]
    new = []
    for i in actors:
        offers: list[tuple[int, float, float]] = []
        for j in actors:
            if x[i] == x[j]:
                continue
            e, f = expects(i, j, r, r[i]), expects(j, i, r, r[i])
            if f > e > 0:
                offers.append((0, abs(x[j] - x[i]), x[j]))
            elif f > 0 > e and f > -e:
                to = x[i] + (x[j] - x[i]) * -e / f
                middle = (-e * x[i] + f * x[j]) / (f - e)
                keys = {"lowest": middle, "highest": -middle, "nearest": abs(to - x[i])}
                offers.append((1, keys[variant.compromise], to))
            elif variant.capitulation and f > 0 > e and f < -e:
                offers.append((2, abs(x[j] - x[i]), x[j]))
        new.append(min(offers, key=lambda o: o[:2])[2] if offers else x[i])
    return new


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda v: "-".join(map(str, v.codes)))
def test_rounds_are_those_of_a_slow_reference(variant: Variant):
    random = np.random.default_rng(7)
    for actors in (2, 3, 5, 6):
        c, s, x = random.random((3, 12, actors))
        found = challenge_rounds(c, s, x, rounds=2, variants=[variant])
        for d in range(len(x)):
            here = list(x[d])
            for t in (1, 2):
                here = slow_round(c[d], s[d], here, float(np.ptp(x[d])), variant)
                assert found[d, t] == pytest.approx(here, abs=1e-7)


def test_twelve_readings_and_the_published_one_is_the_first():
    assert len(set(VARIANTS)) == 12
    assert VARIANTS[0] == REPLICATION == Variant("all", "lowest", False)


@given(st.integers(0, 10_000), st.integers(2, 6))
@settings(max_examples=40)
def test_units_do_not_matter_nobody_leaves_the_scale_and_draws_do_not_meet(seed: int, actors: int):
    random = np.random.default_rng(seed)
    c, s, x = random.random((3, 5, actors))
    which = random.integers(0, 12, 5)
    found = challenge_rounds(c, s, x, rounds=3, variants=VARIANTS, which=which)
    assert found.shape == (5, 4, actors)
    low, high = x.min(axis=1)[:, None, None], x.max(axis=1)[:, None, None]
    assert ((found >= low - 1e-12) & (found <= high + 1e-12)).all()
    for d in range(5):
        alone = play(c[d], s[d], x[d], rounds=3, variants=[VARIANTS[which[d]]])
        assert (alone == found[d]).all()
    # Another unit of capability and of the scale: powers of two, which no rounding touches.
    scaled = challenge_rounds(8 * c, s, 4 * x, rounds=3, variants=VARIANTS, which=which)
    assert scaled == pytest.approx(4 * found, abs=1e-9)


@given(st.integers(0, 10_000))
@settings(max_examples=40)
def test_the_highest_compromise_is_the_lowest_the_other_way_round(seed: int):
    c, s, x = np.random.default_rng(seed).random((3, 4, 5))
    for votes in ("all", "pair"):
        low, high = (Variant(votes, take, True) for take in ("lowest", "highest"))  # type: ignore[arg-type]
        there = challenge_rounds(c, s, 1 - x, rounds=1, variants=[high])
        assert 1 - there == pytest.approx(challenge_rounds(c, s, x, rounds=1, variants=[low]), abs=1e-9)


@given(st.integers(0, 10_000))
@settings(max_examples=40)
def test_renaming_the_actors_renames_the_answer(seed: int):
    random = np.random.default_rng(seed)
    c, s, x = random.random((3, 1, 5))
    order = random.permutation(5)
    for variant in VARIANTS:
        plain = challenge_rounds(c, s, x, rounds=1, variants=[variant])
        renamed = challenge_rounds(c[:, order], s[:, order], x[:, order], rounds=1, variants=[variant])
        assert renamed == pytest.approx(plain[..., order], abs=1e-9)


def test_where_all_agree_or_one_stands_alone_nothing_moves():
    assert (play([1, 2, 3], [0.5, 0.5, 0.5], [0.4, 0.4, 0.4]) == 0.4).all()
    assert (play([1], [1], [0.3]) == 0.3).all()
    # Nobody brings anything to bear: no chance to win, and no division by nothing.
    assert np.isfinite(play([0, 0], [0.5, 0.5], [0, 1], variants=VARIANTS[-1:])).all()


def test_arrays_of_different_shapes_and_rounds_below_zero_are_refused():
    one = np.ones((2, 3))
    with pytest.raises(ValueError, match="one number a draw and actor"):
        challenge_rounds(one, one, np.ones((2, 2)))
    with pytest.raises(ValueError, match="rounds must not be negative"):
        challenge_rounds(one, one, one, rounds=-1)


# -- data ----------------------------------------------------------------------------------------------------------

CASES = ("eu-emission-standards", "sultan-oil-price", "ww1", "iran-election", "litigation-46")


@pytest.mark.parametrize("name", CASES)
def test_the_published_rounds_to_all_printed_decimals(name: str):
    cases = json.loads(shared_data("influence/spatial_cases.json").read_text(encoding="utf-8"))["cases"]
    found = next(c for c in cases if c["id"] == name)
    c, s, x = (np.array([a[k] for a in found["actors"]]) for k in ("capability", "salience", "position"))
    known = found["known"]
    assert compromise(x, c, s) == pytest.approx(known["initial_weighted_mean"], abs=1e-12)
    assert weighted_median(x, c * s) == known["initial_cumulative_weight_median"]
    after = play(c, s, x, rounds=known["rounds"], q=known["q"])[1:]
    weights = np.broadcast_to(c * s, after.shape)
    assert weighted_median(after, weights) == pytest.approx(known["round_median"], abs=1e-6)
    assert weighted_mean(after, weights) == pytest.approx(known["round_mean"], abs=1e-6)


def test_one_run_jumps_over_half_the_scale():
    """What makes one round no answer, on a case of our own: winners of successive rounds far apart."""
    known = ROUNDS[0]
    weights = np.array(known.capability) * np.array(known.salience)
    winners = [float(weighted_median(np.array(after), weights)) for after in known.after]
    assert max(abs(a - b) for a, b in pairwise(winners)) > 3
