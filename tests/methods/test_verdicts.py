"""Reasons for verdicts: they say what the engine says, and every move in them can be checked."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.methods.standoff_reference import moves_of, random_graph, random_unseen, verdicts
from tests.methods.test_stability import combined, random_conflict
from zopa.methods.graph_model import CONCEPTS, Lattice, graph_of, graph_of_pairs
from zopa.methods.legal_moves import defined, stable_general
from zopa.methods.stability import stable
from zopa.methods.verdicts import explain, preferred


@settings(max_examples=60)
@given(st.integers(0, 10**9), st.sampled_from(CONCEPTS))
def test_reasons_agree_with_the_engine_and_can_be_followed(seed, concept):
    model, ranks = random_conflict(seed)
    graph, better = graph_of(model), preferred(ranks)
    found = stable(model, ranks, concepts=(concept,), threads=1)[concept]
    for party in range(model.parties):
        for state in range(len(model)):
            verdict = explain(model, better, party=party, state=state, concept=concept)
            assert verdict.stable == found[party, state]
            ends = [to for to in graph.moves(party, state) if better[party, state, to]]
            assert [answer.to for answer in verdict.improvements] == ends
            for answer in verdict.improvements:
                if answer.sanction is not None:
                    follow(model, graph, better, party, state, concept, answer)


def follow(model, graph, better, party, state, concept, answer):
    """Every move is one, by another party, none twice in succession, to where the sanction is."""
    at, last = answer.to, None
    for mover, start, end in answer.sanction:
        assert mover not in (party, last) and end in graph.moves(mover, start)
        assert start == (state if concept == "sim" else at)
        assert concept in ("gmr", "smr") or better[mover, start, end]
        at, last = end, mover
    if concept == "sim":
        bits = combined(model, state, (answer.to, *(end for _, _, end in answer.sanction)))
        at = int(np.searchsorted(model.states, bits))
        assert model.states[at] == bits
    assert not better[party, state, at]
    outs = [y for y in graph.moves(party, at) if better[party, state, y]]
    if concept in ("smr", "sseq"):
        assert answer.escape == (outs[0] if outs else None)
    else:
        assert answer.escape is None


def test_the_reason_in_the_prisoners_dilemma():
    """Both keep quiet: confessing is answered by the other's confession, from which there is no way out."""
    model = Lattice(np.arange(4), np.array([0, 1], dtype=np.int8), np.zeros(2, dtype=np.int8), 2)
    better = preferred(np.array([[3, 4, 1, 2], [3, 1, 4, 2]], dtype=np.int32))
    verdict = explain(graph_of(model), better, party=0, state=0, concept="sseq")
    assert verdict.stable
    [answer] = verdict.improvements
    assert (answer.to, answer.sanction, answer.escape) == (1, ((1, 1, 3),), None)
    nash = explain(graph_of(model), better, party=0, state=0, concept="nash")
    assert not nash.stable and nash.improvements[0].sanction is None


@settings(max_examples=40)
@given(st.integers(0, 10**9))
def test_listed_moves_single_pairs_and_unseen_states(seed):
    """Moves and preferences that do not compose, against sequences played one by one."""
    rng = np.random.default_rng(seed)
    graph = random_graph(rng)
    better = rng.random((graph.parties, len(graph), len(graph))) < 0.5
    better &= ~better.transpose(0, 2, 1)
    unseen = random_unseen(rng, graph.parties, len(graph))
    expected = verdicts(moves_of(graph, unseen), better)
    for concept in CONCEPTS[:-1]:
        for party in range(graph.parties):
            for state in range(len(graph)):
                found = explain(graph, better, party=party, state=state, concept=concept, unseen=unseen)
                assert found.stable == expected[concept][party, state], concept


def test_a_party_that_does_not_see_a_state_does_not_answer_there():
    model = Lattice(np.arange(4), np.array([0, 1], dtype=np.int8), np.zeros(2, dtype=np.int8), 2)
    better = preferred(np.array([[3, 4, 1, 2], [3, 1, 4, 2]], dtype=np.int32))
    unseen = np.array([[False] * 4, [False, False, False, True]])
    blind = explain(model, better, party=0, state=0, concept="gmr", unseen=unseen)
    assert not blind.stable and blind.improvements[0].sanction is None
    assert explain(model, better, party=1, state=3, concept="nash", unseen=unseen).stable


@settings(max_examples=60)
@given(st.integers(0, 10**9))
def test_moves_alone_show_what_simultaneous_answers_add_up_to(seed):
    """Every combination feasible: the same verdicts from listed moves whose states are numbered in any order."""
    rng = np.random.default_rng(seed)
    options, sides = int(rng.integers(2, 5)), int(rng.integers(2, 4))
    owner, way = rng.integers(0, sides, options).astype(np.int8), rng.choice([-1, 0, 0, 1], options)
    model = Lattice(np.arange(1 << options), owner, way.astype(np.int8), sides)
    ranks = rng.integers(0, 6, (sides, len(model)), dtype=np.int32)
    renamed = rng.permutation(len(model))
    moves = [
        [(renamed[s], renamed[t]) for s in range(len(model)) for t in model.graph.moves(p, s)]
        for p in range(sides)
    ]
    graph = graph_of_pairs(len(model), [np.array(own, dtype=np.int64).reshape(-1, 2) for own in moves])
    again = np.zeros_like(ranks)
    again[:, renamed] = ranks
    better = preferred(again)
    expected = stable(model, ranks, concepts=("sim",), threads=1)["sim"]
    found = stable_general(graph, better, concepts=("sim",))["sim"]
    np.testing.assert_array_equal(found[:, renamed], expected)
    for party in range(sides):
        for state in range(len(model)):
            told = explain(graph, better, party=party, state=state, concept="sim")
            assert told.stable == found[party, state]


def test_moves_that_do_not_show_whose_part_is_whose_have_no_simultaneous_answers():
    """Either side can make the same move: what both of them together would lead to is not said."""
    shared = np.array([[0, 1]])
    graph = graph_of_pairs(3, [shared, np.concatenate([shared, [[1, 2]]])])
    better = preferred(np.array([[0, 1, 2], [0, 1, 2]], dtype=np.int32))
    assert graph.codes is None
    assert defined(graph) == CONCEPTS[:-1]
    with pytest.raises(ValueError, match="do not show what simultaneous answers add up to"):
        explain(graph, better, party=0, state=0, concept="sim")
    with pytest.raises(ValueError, match="'sim' is none of nash"):
        stable_general(graph, better, concepts=("sim",))
    with pytest.raises(ValueError, match="'core' is none of nash"):
        explain(graph, better, party=0, state=0, concept="core")
