"""Reasons for verdicts: they say what the engine says, and every move in them can be checked."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.methods.standoff_reference import moves_of, random_graph, random_unseen, verdicts
from tests.methods.test_stability import combined, random_conflict
from zopa.methods.graph_model import CONCEPTS, Lattice, graph_of
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


def test_together_needs_options():
    model, ranks = random_conflict(2)
    with pytest.raises(ValueError, match="option form"):
        explain(graph_of(model), preferred(ranks), party=0, state=0, concept="sim")
    with pytest.raises(ValueError, match="'core' is none of nash"):
        explain(graph_of(model), preferred(ranks), party=0, state=0, concept="core")
