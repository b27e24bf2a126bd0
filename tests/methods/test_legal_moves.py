"""The engine by legal sequences agrees with the definitions, read off one by one, and with the matrix form."""

import numpy as np
import pytest

from tests.methods.standoff_reference import (
    agree,
    better_of,
    by_matrices,
    lattice_moves,
    moves_of,
    random_graph,
    random_lattice,
    random_ranks,
    random_unseen,
    verdicts,
)
from zopa.methods.graph_model import CONCEPTS
from zopa.methods.legal_moves import general_profiles, relation, stable_general
from zopa.methods.stability import stable

FIVE = CONCEPTS[:5]


@pytest.mark.parametrize("seed", range(20))
def test_listed_moves_with_any_relation(seed: int) -> None:
    rng = np.random.default_rng(seed)
    for _ in range(4):
        graph = random_graph(rng)
        n, count = graph.parties, len(graph)
        better = better_of(random_ranks(rng, n, count)) if seed % 2 else rng.random((n, count, count)) < 0.5
        unseen = random_unseen(rng, n, count) if seed % 3 else None
        moves = moves_of(graph, unseen)
        expected = verdicts(moves, better)
        agree(stable_general(graph, better, unseen=unseen), expected, FIVE)
        agree(by_matrices(moves, better), expected, FIVE)


@pytest.mark.parametrize("seed", range(20))
def test_option_form(seed: int) -> None:
    rng = np.random.default_rng(seed)
    lattice = random_lattice(rng)
    ranks = random_ranks(rng, lattice.parties, len(lattice))
    unseen = random_unseen(rng, lattice.parties, len(lattice))
    better = better_of(ranks)
    expected = verdicts(lattice_moves(lattice), better, lattice)
    agree(stable_general(lattice, better), expected, CONCEPTS)
    agree(stable(lattice, ranks), expected, CONCEPTS)
    blind = verdicts(lattice_moves(lattice, unseen), better, lattice)
    agree(stable_general(lattice, better, unseen=unseen), blind, CONCEPTS)


def test_profiles_are_the_verdicts_one_by_one() -> None:
    rng = np.random.default_rng(3)
    lattice = random_lattice(rng, parties=3, options=4)
    ranks = np.stack([random_ranks(rng, 3, len(lattice)) for _ in range(7)])
    prefers = [np.array([[0, 1]]), np.zeros((0, 2), dtype=np.int64), np.array([[2, 1], [1, 3]])]
    pairs = np.array([(p, a, b) for p, own in enumerate(prefers) for a, b in own])
    codes = general_profiles(lattice, ranks, pairs=pairs, threads=2)
    assert (codes == general_profiles(lattice, ranks, pairs=pairs, threads=1)).all()
    none = general_profiles(lattice, ranks, pairs=pairs, on=np.zeros((7, len(pairs)), dtype=bool))
    assert (none == general_profiles(lattice, ranks)).all()
    for profile, own in zip(ranks, codes, strict=True):
        found = stable_general(lattice, relation(profile, prefers=prefers))
        for at, concept in enumerate(CONCEPTS):
            for party in range(3):
                assert ((own[at] >> party & 1) == found[concept][party]).all()


def test_no_simultaneous_answers_without_options() -> None:
    graph = random_graph(np.random.default_rng(0), parties=2, states=3)
    better = np.zeros((2, 3, 3), dtype=np.bool_)
    assert "sim" not in stable_general(graph, better)
    with pytest.raises(ValueError, match="sim"):
        stable_general(graph, better, concepts=("sim",))
