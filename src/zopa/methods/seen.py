"""The moves that are left to parties that do not see every state."""

import numpy as np

from zopa.methods.graph_model import Bool, Graph, graph_of_pairs


def seen_graph(graph: Graph, unseen: Bool | None) -> Graph:
    """The graph without the moves of a party from or to a state that it does not see; ``unseen`` (parties, S)."""
    if unseen is None or not unseen.any():
        return graph
    moves = []
    for party in range(graph.parties):
        source = np.repeat(np.arange(len(graph), dtype=np.int64), np.diff(graph.starts[party]))
        target = graph.targets[graph.starts[party, 0] : graph.starts[party, -1]].astype(np.int64)
        kept = ~(unseen[party, source] | unseen[party, target])
        moves.append(np.stack([source, target], axis=1)[kept])
    return graph_of_pairs(len(graph), moves)
