"""Verdicts under unknown pairs against every way to settle them, one by one."""

import itertools

import numpy as np
import pytest

from tests.methods.standoff_reference import (
    better_of,
    moves_of,
    random_graph,
    random_ranks,
    random_unknown,
    verdicts,
)
from zopa.methods.legal_moves import stable_general
from zopa.methods.unknown_preferences import READINGS, completions, reading, strongly_stable


@pytest.mark.parametrize("seed", range(30))
def test_possible_and_necessary_over_every_completion(seed: int) -> None:
    rng = np.random.default_rng(seed)
    graph = random_graph(rng, states=5)
    better = better_of(random_ranks(rng, graph.parties, 5))
    unknown = random_unknown(rng, graph.parties, 5)
    pairs = [(p, a, b) for p, a, b in np.argwhere(unknown) if a < b]
    every = []
    for settled in itertools.product((-1, 0, 1), repeat=len(pairs)):
        tried = better & ~unknown
        for way, (p, a, b) in zip(settled, pairs, strict=True):
            tried[p, a, b], tried[p, b, a] = way == 1, way == -1
        every.append(verdicts(moves_of(graph), tried))
    found = completions(graph, better, unknown)
    for concept in every[0]:
        assert found.exact[concept].all()
        assert (found.possible[concept] == np.any([v[concept] for v in every], axis=0)).all()
        assert (found.necessary[concept] == np.all([v[concept] for v in every], axis=0)).all()


def test_readings_are_one_where_nothing_is_unknown() -> None:
    rng = np.random.default_rng(1)
    graph = random_graph(rng, parties=3, states=8)
    better = better_of(random_ranks(rng, 3, 8))
    plain = stable_general(graph, better)
    for which in READINGS:
        found = reading(graph, better, np.zeros_like(better), which)
        assert all((found[c] == plain[c]).all() for c in plain)


def test_strong_stability_is_stability_where_every_preference_is_strong() -> None:
    rng = np.random.default_rng(2)
    graph = random_graph(rng, parties=2, states=8)
    better = better_of(np.stack([rng.permutation(8), rng.permutation(8)]).astype(np.int32))
    # Only a sanction that is exactly the start, no better and no worse, deters weakly and not strongly.
    strong, weak = strongly_stable(graph, better, better), stable_general(graph, better)
    assert all((strong[c] <= weak[c]).all() for c in weak)
    none = strongly_stable(graph, better, np.zeros_like(better))
    assert all((none[c] == weak["nash"]).all() for c in none)
