"""The moves that are left among the states that a party sees."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.methods.standoff_reference import moves_of, random_graph, random_unseen
from zopa.methods.seen import seen_graph


@given(st.integers(0, 10**9))
def test_moves_from_and_to_what_is_not_seen_are_gone_and_no_others(seed):
    rng = np.random.default_rng(seed)
    graph = random_graph(rng)
    blind = random_unseen(rng, graph.parties, len(graph))
    assert moves_of(seen_graph(graph, blind)) == moves_of(graph, blind)


def test_who_sees_everything_keeps_every_move():
    graph = random_graph(np.random.default_rng(1))
    assert seen_graph(graph, None) is graph
    nothing_hidden = np.zeros((graph.parties, len(graph)), dtype=np.bool_)
    assert moves_of(seen_graph(graph, nothing_hidden)) == moves_of(graph)
