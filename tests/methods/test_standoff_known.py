"""Known verdicts: published conflicts, two standard games, and what must hold of any conflict."""

import json
from typing import Any

import numpy as np
import pytest

from tests.methods.standoff_reference import better_of, random_graph, random_lattice, random_ranks
from tests.shared import shared_data
from zopa.methods.graph_model import Bool, Graph, Lattice, graph_of_pairs
from zopa.methods.legal_moves import stable_general
from zopa.methods.stability import stable

NAMES = (
    "Cuban",
    "Elmira",
    "Prisoners",
    "SI_misp",
    "SyriaIraq",
    "Elmira classic (9 states)",
    "Chicken",
    "Prisoner's Dilemma (graph form)",
    "legal-sequence SEQ regression (3 options)",
    "legal-sequence SEQ regression (4 options)",
    "SIM iterator regression",
)


def _matches(pattern: dict[str, Any], values: dict[str, bool]) -> bool:
    if "any" in pattern and not any(_matches(p, values) for p in pattern["any"]):
        return False
    return all(values[k] == (v == "Y") for k, v in pattern.items() if k != "any")


def _ranks(maker: dict[str, Any], count: int) -> list[int]:
    tiers = maker.get("ranking") or maker["ranking_computed"]
    out = [0] * count
    for worth, tier in enumerate(reversed(tiers)):
        for n in tier if isinstance(tier, list) else [tier]:
            out[n - 1] = worth
    return out


def _read(case: dict[str, Any]) -> tuple[Graph | Lattice, np.ndarray[Any, np.dtype[np.int32]], Bool | None]:
    makers = case["decision_makers"]
    if case["form"] == "graph":
        count = len(case["states"])
        moves = [np.array(m["moves"], dtype=np.int64).reshape(-1, 2) - 1 for m in makers]
        return (
            graph_of_pairs(count, moves),
            np.array([_ranks(m, count) for m in makers], dtype=np.int32),
            None,
        )
    options = [o["id"] for m in makers for o in m["options"]]
    owner = [i for i, m in enumerate(makers) for _ in m["options"]]
    every = [{o: bool(bits >> k & 1) for k, o in enumerate(options)} for bits in range(1 << len(options))]
    states = [b for b, values in enumerate(every) if not any(_matches(p, values) for p in case["infeasible"])]
    way = dict.fromkeys(options, 0)
    for entry in case["irreversible"]:
        way[entry["option"]] = 1 if entry["allowed"] == "N->Y only" else -1
    lattice = Lattice(
        np.array(states),
        np.array(owner, dtype=np.int8),
        np.array(list(way.values()), dtype=np.int8),
        len(makers),
    )
    ranks = np.array([_ranks(m, len(states)) for m in makers], dtype=np.int32)
    unseen = np.array(
        [[any(_matches(p, every[b]) for p in m.get("misperceived", [])) for b in states] for m in makers]
    )
    return lattice, ranks, unseen if unseen.any() else None


@pytest.mark.parametrize("name", NAMES)
def test_every_verdict_the_file_gives(name: str) -> None:
    cases = json.loads(shared_data("standoff/conflicts.json").read_text(encoding="utf-8"))["cases"]
    (case,) = [c for c in cases if c["name"] == name]
    model, ranks, unseen = _read(case)
    ways = [stable_general(model, better_of(ranks), unseen=unseen)]
    if isinstance(model, Lattice) and unseen is None:
        ways.append(stable(model, ranks))
    for found in ways:
        for concept, expected in case["equilibria_definition"].items():
            # Listed moves are no changes of options: simultaneous answers are not defined for them.
            if concept in found:
                assert list(np.flatnonzero(found[concept].all(axis=0)) + 1) == expected, concept
        for concept, each in case.get("stable_for_definition", {}).items():
            if concept in found:
                assert [list(np.flatnonzero(row) + 1) for row in found[concept]] == each, concept


# Two yes/no options, one a party: C is 0 and D is 1, so the states are CC, DC, CD, DD. Textbook verdicts.
DILEMMA = (
    [[2, 3, 0, 1], [2, 0, 3, 1]],
    {"nash": [3], "gmr": [0, 3], "smr": [0, 3], "seq": [0, 3], "sim": [0, 3]},
)
CHICKEN = (
    [[2, 3, 1, 0], [2, 1, 3, 0]],
    {"nash": [1, 2], "gmr": [0, 1, 2], "smr": [0, 1, 2], "seq": [1, 2], "sim": [0, 1, 2]},
)


@pytest.mark.parametrize("game", [DILEMMA, CHICKEN], ids=["dilemma", "chicken"])
def test_standard_games(game: tuple[list[list[int]], dict[str, list[int]]]) -> None:
    lattice = Lattice(np.arange(4), np.array([0, 1], dtype=np.int8), np.zeros(2, dtype=np.int8), 2)
    ranks = np.array(game[0], dtype=np.int32)
    for found in (stable_general(lattice, better_of(ranks)), stable(lattice, ranks)):
        assert {c: list(np.flatnonzero(found[c].all(axis=0))) for c in game[1]} == game[1]


def test_elmira_holds_in_three_states() -> None:
    """Hipel, Kilgour and Fang: 5, 8 and 9 are the equilibria; each is left by no improvement of anybody."""
    moves = [
        [(1, 2), (3, 4), (5, 6), (7, 8)],
        [(1, 3), (2, 4), (5, 7), (6, 8), *((n, 9) for n in range(1, 9))],
        [(a + d, b + d) for d in range(4) for a, b in ((1, 5), (5, 1))],
    ]
    orders = ([7, 3, 4, 8, 5, 1, 2, 6, 9], [1, 4, 8, 5, 9, 3, 7, 2, 6], [7, 3, 5, 1, 8, 6, 4, 2, 9])
    ranks = np.array([[-order.index(n) for n in range(1, 10)] for order in orders], dtype=np.int32)
    found = stable_general(graph_of_pairs(9, [np.array(own) - 1 for own in moves]), better_of(ranks))
    assert list(np.flatnonzero(found["nash"].all(axis=0)) + 1) == [5, 8, 9]
    assert list(np.flatnonzero(found["seq"].all(axis=0)) + 1) == [5, 8, 9]


@pytest.mark.parametrize("seed", range(10))
def test_what_holds_of_any_conflict(seed: int) -> None:
    """Inclusions among concepts; other names for states and other numbers for the same ranking change nothing."""
    rng = np.random.default_rng(seed)
    lattice, graph = random_lattice(rng), random_graph(rng)
    for model in (lattice, graph):
        ranks = random_ranks(rng, model.parties, len(model))
        found = stable_general(model, better_of(ranks))
        for pair in ("nash smr", "smr gmr", "nash seq", "seq gmr", "sseq smr", "sseq seq"):
            inner, outer = pair.split()
            assert (found[inner] <= found[outer]).all(), pair
        again = stable_general(model, better_of((ranks * 3 + 7).astype(np.int32)))
        assert all((again[c] == found[c]).all() for c in found)
    names = rng.permutation(len(graph))
    source = [np.repeat(np.arange(len(graph)), np.diff(row)) for row in graph.starts]
    target = [graph.targets[row[0] : row[-1]] for row in graph.starts]
    moves = [np.stack([names[a], names[b]], axis=1) for a, b in zip(source, target, strict=True)]
    turned = np.empty_like(ranks)
    turned[:, names] = ranks
    renamed = stable_general(graph_of_pairs(len(graph), moves), better_of(turned))
    assert all((renamed[c][:, names] == found[c]).all() for c in found)
