"""The spatial bargaining model on several issues: by hand, by axioms, and against the toolkit's printed histories."""

import json
from typing import Any

import numpy as np
import pytest

from tests.shared import shared_data
from zopa.methods.influence_spatial import spatial_rounds

ALIKE = np.array([[0.4, 0.3]] * 3)


def at_random(seed: int, actors: int = 4, dimensions: int = 2) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    c, x = random.uniform(10, 200, actors), random.random((actors, dimensions))
    s = random.uniform(0.1, 1, (actors, dimensions))
    return c, s / s.sum(axis=1, keepdims=True) * 0.9, x


def test_two_actors_by_hand():
    """One issue, positions 0 and 1, salience .8: neither gets anything of the other's position.

    Capability 3 against 1: at R = 0 the stronger's position weighs 3 / 4, so R = 1 and −1/2. Each would prevail with
    its share of effort, seen alike by both. The stronger gains .2 · 2 + .8 · .75 · 2 − 1 = .6, the weaker −.2.
    Its proposal weighs .75² against .25²: 9 to 1, so both would go to 1 / 10. There a position is worth .1 · (1 − .45) =
    .055 to the weaker and .9 · 1.1 = .99 to the stronger; as things are the two positions are worth 1 to each. Votes for
    the bargain 3 · (1.98 − 1), against it 1 · (1 − .11): it carries.
    """
    found, weight = spatial_rounds(
        np.array([3.0, 1.0]), np.full((2, 1), 0.8), np.array([[0.0], [1.0]]), rounds=1
    )
    assert weight[0] == pytest.approx([0.75, 0.25], abs=1e-6)
    assert found[1].ravel() == pytest.approx([0.1, 0.1], abs=1e-4)
    # Both in one place: one position, which both are given whole.
    assert weight[1] == pytest.approx([1.0, 1.0])


def test_where_all_agree_nothing_moves():
    found, weight = spatial_rounds(np.array([1.0, 2.0, 3.0]), ALIKE, np.full((3, 2), 0.4), rounds=3)
    assert (found == 0.4).all()
    assert weight == pytest.approx(np.ones((4, 3)))


# Numbers of draws are fixed: where two bargains weigh almost alike, the least difference decides between them.
@pytest.mark.parametrize("seed", range(20))
def test_units_of_capability_and_names_of_actors_and_issues_do_not_matter(seed: int):
    c, s, x = at_random(seed)
    found, weight = spatial_rounds(c, s, x, rounds=1)
    louder, same = spatial_rounds(8 * c, s, x, rounds=1)
    assert louder == pytest.approx(found, abs=1e-4)
    assert same == pytest.approx(weight, abs=1e-4)
    order = np.random.default_rng(seed).permutation(len(c))
    renamed, moved = spatial_rounds(c[order], s[order], x[order], rounds=1)
    assert renamed == pytest.approx(found[:, order], abs=1e-9)
    assert moved[0] == pytest.approx(weight[0, order], abs=1e-9)
    turned, _ = spatial_rounds(c, s[:, ::-1], x[:, ::-1], rounds=1)
    assert turned == pytest.approx(found[..., ::-1], abs=1e-9)


@pytest.mark.parametrize("seed", range(20))
def test_nobody_leaves_the_box_that_the_positions_span(seed: int):
    c, s, x = at_random(seed, actors=5, dimensions=3)
    found, weight = spatial_rounds(c, s, x, rounds=4)
    assert (found >= x.min(axis=0) - 1e-4).all()
    assert (found <= x.max(axis=0) + 1e-4).all()
    assert ((weight >= 0) & (weight <= 1 + 1e-9)).all()
    assert weight[0].sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"capability": np.ones(2)}, "do not fit"),
        ({"capability": np.array([1.0, 0.0, 1.0])}, "positive"),
        ({"salience": np.full((3, 2), 0.6)}, "at most 1"),
        ({"salience": np.zeros((3, 2))}, "more than 0"),
        ({"positions": np.full((3, 2), 1.2)}, "between 0 and 1"),
    ],
)
def test_inputs_out_of_range_are_refused(change: dict[str, Any], words: str):
    given = {"capability": np.ones(3), "salience": ALIKE, "positions": ALIKE, **change}
    with pytest.raises(ValueError, match=words):
        spatial_rounds(**given, rounds=1)


@pytest.mark.parametrize("name", ["ktab-dummy-3dim", "ktab-china-soe-policy-competitive"])
def test_the_histories_printed_by_the_toolkit(name: str):
    """Positions are printed to one decimal on a scale of 100, weights to four: met to half of the last digit."""
    cases = json.loads(shared_data("influence/spatial_cases.json").read_text(encoding="utf-8"))["cases"]
    case = next(c for c in cases if c["id"] == name)
    actors, known = case["actors"], case["known"]
    power, salience, place = (np.array([a[k] for a in actors]) for k in ("power", "salience", "position"))
    found, weight = spatial_rounds(power, salience / 100, place / 100, rounds=known["states"] - 1)
    places, weights = known["position_history"], known["winning_probability_history"]
    printed = np.array([[places[a["name"]][d] for d in case["dimensions"]] for a in actors])
    assert 100 * found == pytest.approx(printed.transpose(2, 0, 1), abs=0.0501)
    assert weight == pytest.approx(np.array([weights[a["name"]] for a in actors]).T, abs=0.000051)
