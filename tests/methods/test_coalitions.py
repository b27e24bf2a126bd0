"""Coalition and bloc stability against the definitions read off word by word, and the Elmira conflict."""

import json
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.shared import shared_data
from zopa.methods.coalitions import (
    COALITION_CONCEPTS,
    blockers,
    blocs,
    coalitions,
    group_profiles,
    group_stable,
    joint_improvements,
    leavers,
    listed_coalitions,
    memory_needed,
    smallest,
)
from zopa.methods.graph_model import Lattice, graph_of, graph_of_pairs

# --- the definitions, with sets


def legal(moves, movers, start, allowed=lambda mover, a, b: True):
    """All states reached from ``start`` by sequences in which no mover moves twice in succession."""
    reached, seen, waiting = set(), set(), [(start, None)]
    while waiting:
        state, last = waiting.pop()
        for mover in movers:
            if mover == last:
                continue
            for to in moves[mover][state]:
                if (to, mover) not in seen and allowed(mover, state, to):
                    seen.add((to, mover))
                    waiting.append((to, mover))
                    reached.add(to)
    return reached


def compose(moves):
    """Whether two moves of a party in a row are always one move, or lead back."""
    return all(
        to in own[start] | {start}
        for own in moves.values()
        for start in own
        for over in own[start]
        for to in own[over]
    )


def joint_answers(moves, coalitions, ranks, start):
    """States reached by improvements of coalitions, one after the other; the whole must be legal.

    Where moves compose, whoever moved last may begin the next step: its two moves are one.
    """
    free = compose(moves)
    seen, waiting = set(), [(start, None)]
    while waiting:
        state, last = waiting.pop()
        for members in coalitions:
            inner, open_ones = set(), [(state, None if free else last)]
            while open_ones:
                at, before = open_ones.pop()
                for mover in members:
                    if mover != before:
                        new = {(to, mover) for to in moves[mover][at]} - inner
                        inner |= new
                        open_ones += new
            new = {(to, mover) for to, mover in inner if all_gain(ranks, members, state, to)} - seen
            seen |= new
            waiting += new
    return {state for state, _ in seen}


def all_gain(ranks, members, a, b):
    return all(ranks[p][b] > ranks[p][a] for p in members)


def judge(ranks, members, own, answers, improved, s):
    """Stable or not for each concept; ``own``, ``answers``, ``improved`` are functions of a state."""
    gains = [q for q in own(s) if all_gain(ranks, members, s, q)]
    bad = {q: {x for x in answers(q) if not all_gain(ranks, members, s, x)} for q in gains}
    stays = {q: {x for x in bad[q] if not any(all_gain(ranks, members, s, y) for y in own(x))} for q in gains}
    answered = {q: {x for x in improved(q) if not all_gain(ranks, members, s, x)} for q in gains}
    return {
        "nash": not gains,
        "gmr": all(bad[q] for q in gains),
        "smr": all(stays[q] for q in gains),
        "seq": all(answered[q] for q in gains),
    }


def single_moves(graph):
    return {
        p: {s: {int(q) for q in graph.moves(p, s)} for s in range(len(graph))} for p in range(graph.parties)
    }


def subsets(parties):
    parties = list(parties)
    return [c for size in range(1, len(parties) + 1) for c in combinations(parties, size)]


def coalition_oracle(graph, ranks):
    """Verdicts by concept, members and state, of every coalition."""
    moves, everybody = single_moves(graph), range(graph.parties)
    states = range(len(graph))
    joint = {c: {s: legal(moves, c, s) for s in states} for c in subsets(everybody)}
    found = {}
    for members in joint:
        others = [p for p in everybody if p not in members]
        for s in states:
            found[members, s] = judge(
                ranks,
                members,
                lambda q, c=members: joint[c][q],
                lambda q, o=others: legal(moves, o, q),
                lambda q, o=others: joint_answers(moves, subsets(o), ranks, q),
                s,
            )
    return found


def bloc_oracle(moves, partition, ranks, states):
    """The same for blocs; ``moves[bloc][state]``."""
    found = {}

    def gain(bloc, a, b):
        return all_gain(ranks, partition[bloc], a, b)

    for at, members in enumerate(partition):
        others = [b for b in range(len(partition)) if b != at]
        for s in range(states):
            found[at, s] = judge(
                ranks,
                members,
                lambda q, b=at: moves[b][q],
                lambda q, o=others: legal(moves, o, q),
                lambda q, o=others: legal(moves, o, q, gain),
                s,
            )
    return found


def random_lattice(rng, parties):
    options = int(rng.integers(max(2, parties - 1), 6))
    states = np.flatnonzero(rng.random(1 << options) < rng.choice([0.6, 1.0]))
    if not len(states):
        states = np.array([0])
    return Lattice(
        states.astype(np.int64),
        rng.integers(0, parties, options).astype(np.int8),
        rng.choice([0, 0, 0, 1, -1], options).astype(np.int8),
        parties,
    )


def random_graph(rng, parties):
    states = int(rng.integers(2, 9))
    return graph_of_pairs(
        states,
        [np.argwhere(rng.random((states, states)) < rng.choice([0.15, 0.3])) for _ in range(parties)],
    )


def random_ranks(rng, parties, states):
    return rng.integers(0, rng.choice([3, 50]), (parties, states)).astype(np.int32)


def agrees(groups, found, keys, ranks):
    verdicts = group_stable(groups, ranks)
    for concept in COALITION_CONCEPTS:
        for g, key in enumerate(keys):
            for s in range(groups.states):
                assert verdicts[concept][g, s] == found[key, s][concept], (concept, key, s)


@settings(max_examples=60)
@given(st.integers(0, 10**9), st.integers(2, 4), st.booleans())
def test_coalition_verdicts_are_those_of_the_definitions(seed, parties, listed):
    rng = np.random.default_rng(seed)
    model = random_graph(rng, parties) if listed else random_lattice(rng, parties)
    ranks = random_ranks(rng, parties, len(model))
    groups = coalitions(model)
    graph = graph_of(model) if isinstance(model, Lattice) else model
    keys = [groups.parties_of(g) for g in range(len(groups))]
    assert keys == subsets(range(parties))
    agrees(groups, coalition_oracle(graph, ranks), keys, ranks)


@settings(max_examples=60)
@given(st.integers(0, 10**9), st.integers(2, 4), st.booleans())
def test_bloc_verdicts_are_those_of_the_definitions(seed, parties, listed):
    rng = np.random.default_rng(seed)
    model = random_graph(rng, parties) if listed else random_lattice(rng, parties)
    ranks = random_ranks(rng, parties, len(model))
    of = rng.integers(0, parties, parties)
    partition = [tuple(int(p) for p in np.flatnonzero(of == b)) for b in np.unique(of)]
    if isinstance(model, Lattice):
        reachable = combined_options(model, partition)
    else:
        single = single_moves(model)
        reachable = {
            b: {s: legal(single, m, s) - {s} for s in range(len(model))} for b, m in enumerate(partition)
        }
    groups = blocs(model, partition)
    agrees(groups, bloc_oracle(reachable, partition, ranks, len(model)), range(len(partition)), ranks)


def combined_options(lattice, partition):
    """Where a bloc gets that changes all its members' options at once."""
    moves = {}
    for b, members in enumerate(partition):
        moves[b] = {s: set() for s in range(len(lattice))}
        for s, x in enumerate(lattice.states):
            for q, y in enumerate(lattice.states):
                changed = [o for o in range(lattice.options) if (x ^ y) >> o & 1]
                own = all(lattice.owner[o] in members for o in changed)
                # One way 1: it may only be taken, so it must be off before; −1: it must be on before.
                ways = all(lattice.one_way[o] != (1 if x >> o & 1 else -1) for o in changed)
                if s != q and own and ways:
                    moves[b][s].add(q)
    return moves


@settings(max_examples=30)
@given(st.integers(0, 10**9), st.integers(2, 4))
def test_parties_on_their_own_are_blocs_of_one(seed, parties):
    stability = pytest.importorskip("zopa.methods.stability")
    rng = np.random.default_rng(seed)
    model = random_lattice(rng, parties)
    ranks = random_ranks(rng, parties, len(model))
    alone = group_stable(blocs(model, [(p,) for p in range(parties)]), ranks)
    single = stability.stable(model, ranks, concepts=COALITION_CONCEPTS)
    together = group_stable(coalitions(model), ranks)
    for concept in COALITION_CONCEPTS:
        np.testing.assert_array_equal(alone[concept], single[concept])
        if concept != "seq":
            np.testing.assert_array_equal(together[concept][:parties], single[concept])
    # Coalitions of the others may answer as well, so a single party is deterred at least as often.
    assert (together["seq"][:parties] >= single["seq"]).all()


@settings(max_examples=20)
@given(st.integers(0, 10**9), st.integers(2, 4))
def test_parties_with_listed_moves_are_blocs_of_one(seed, parties):
    engine = pytest.importorskip("zopa.methods.legal_moves")
    rng = np.random.default_rng(seed)
    model = random_graph(rng, parties)
    ranks = random_ranks(rng, parties, len(model))
    better = ranks[:, None, :] > ranks[:, :, None]
    single = engine.stable_general(model, better, concepts=COALITION_CONCEPTS)
    alone = group_stable(blocs(model, [(p,) for p in range(parties)]), ranks)
    for concept in COALITION_CONCEPTS:
        np.testing.assert_array_equal(alone[concept], single[concept])


# --- properties


@given(st.integers(0, 10**9), st.integers(2, 5))
def test_inclusions_and_what_changes_nothing(seed, parties):
    rng = np.random.default_rng(seed)
    model = random_lattice(rng, parties)
    ranks = np.stack([random_ranks(rng, parties, len(model)) for _ in range(5)])
    groups = coalitions(model)
    nash, gmr, smr, seq = np.moveaxis(group_profiles(groups, ranks, threads=1), 1, 0)
    assert not (nash & ~smr).any() and not (smr & ~gmr).any()
    assert not (nash & ~seq).any() and not (seq & ~gmr).any()
    np.testing.assert_array_equal(group_profiles(groups, 7 * ranks - 3, threads=3)[:, 2], smr)
    np.testing.assert_array_equal(group_profiles(groups, ranks, concepts=("seq", "nash"))[:, 0], seq)
    # All together have nobody against them: what they would leave, they leave under every concept.
    everybody = np.uint64(1) << np.uint64(len(groups) - 1)
    np.testing.assert_array_equal(nash & everybody, gmr & everybody)


def test_more_than_64_states_and_many_draws_in_any_number_of_threads():
    rng = np.random.default_rng(5)
    model = Lattice(np.arange(128), np.arange(7, dtype=np.int8) % 3, np.zeros(7, dtype=np.int8), 3)
    ranks = np.argsort(rng.random((6, 3, 128)), axis=2).astype(np.int32)
    groups = coalitions(model)
    one = group_profiles(groups, ranks, threads=1)
    np.testing.assert_array_equal(one, group_profiles(groups, ranks, threads=4))
    found = coalition_oracle(graph_of(model), ranks[0])
    for g in range(len(groups)):
        for s in range(0, 128, 9):
            verdict = found[groups.parties_of(g), s]
            assert [bool(one[0, c, s] >> np.uint64(g) & np.uint64(1)) for c in range(4)] == list(
                verdict.values()
            )


def test_who_carries_who_blocks_and_who_defects():
    """Three parties with one option each, for: 0 wants 0 and 1 on; 1 the same; 2 wants its own off, always."""
    model = Lattice(np.arange(8), np.arange(3, dtype=np.int8), np.zeros(3, dtype=np.int8), 3)
    on = (model.states[:, None] >> np.arange(3)) & 1
    both = on[:, 0] & on[:, 1]
    # Both on is best; alone it costs whoever is on; 0 gains most by letting 1 go on alone.
    first = 3 * both - on[:, 0] + 4 * (on[:, 1] & ~on[:, 0] & 1)
    second = 3 * both - on[:, 1]
    ranks = np.stack([first, second, -on[:, 2]])[None].astype(np.int32)
    groups = coalitions(model)
    names = [groups.parties_of(g) for g in range(len(groups))]

    def those(bits):
        return {names[g] for g in range(len(groups)) if int(bits) >> g & 1}

    carrying = joint_improvements(groups, ranks, 0)
    assert those(carrying[0, 3]) == {(0, 1)}
    assert those(blockers(groups, carrying)[0, 3]) == {(0,), (1,), (0, 1), (0, 2), (1, 2), (0, 1, 2)}
    assert those(smallest(groups, blockers(groups, carrying))[0, 3]) == {(0,), (1,)}
    # Nobody gains by going from nothing to 1 alone except 0, who cannot do it.
    assert those(carrying[0, 2]) == set() == those(blockers(groups, carrying)[0, 2])
    assert those(leavers(groups, ranks, 3)[0]) == {(0,)}
    assert those(joint_improvements(groups, ranks, 3)[0, 2]) == {(0,)}
    stays = group_profiles(groups, ranks)
    # 1 answers by leaving too, which is worse for 0 than both on: the deal is held by the answer.
    assert those(stays[0, 0, 3]) == set(names) - {(0,)}
    assert those(stays[0, 3, 3]) == set(names)


def test_beyond_six_parties_pairs_and_all_together():
    assert len(listed_coalitions(6)) == 63
    assert len(listed_coalitions(8)) == 8 + 28 + 1
    with pytest.raises(ValueError, match="11 parties, at most 10"):
        listed_coalitions(11)
    assert memory_needed(1 << 16, 15) > 2**31
    big = Lattice(np.arange(1 << 16), np.arange(16, dtype=np.int8) % 4, np.zeros(16, dtype=np.int8), 4)
    with pytest.raises(ValueError, match="65536 states and 15 groups"):
        coalitions(big)
    with pytest.raises(ValueError, match="exactly one bloc"):
        blocs(big, [(0, 1), (1, 2, 3)])


# --- Elmira (Hipel, Kilgour, Fang and Peng 1997), as the development data give it


@pytest.fixture(scope="module")
def cases():
    known = json.loads(shared_data("standoff/conflicts.json").read_text(encoding="utf-8"))
    return {case["name"]: case for case in known["cases"]}


def ranks_of(case, numbers):
    ranks = np.zeros((len(case["decision_makers"]), len(numbers)), dtype=np.int32)
    for p, party in enumerate(case["decision_makers"]):
        for level, tied in enumerate(reversed(party["ranking"])):
            ranks[p, [numbers.index(n) for n in tied]] = level
    return ranks


def elmira(case):
    """The conflict in option form: 5 options of 3 parties; modify and abandon for good, delay once dropped dropped."""
    numbers = [state["n"] for state in case["states"]]
    bits = np.array([state["bits"] for state in case["states"]])
    one_way = np.array([1, -1, 0, 1, 0], dtype=np.int8)
    return Lattice(bits, np.array([0, 1, 1, 1, 2], dtype=np.int8), one_way, 3), ranks_of(case, numbers)


def test_elmira_with_the_ministry_and_the_company_as_one_bloc(cases):
    model, ranks = elmira(cases["Elmira"])
    verdicts = group_stable(blocs(model, [(0, 1), (2,)]), ranks)
    equilibria = {name: [int(s) + 1 for s in np.flatnonzero(v.all(axis=0))] for name, v in verdicts.items()}
    assert equilibria["nash"] == [5, 6, 9, 10, 11, 12]
    assert equilibria["gmr"] == equilibria["smr"] == [1, 3, 4, 5, 6, 9, 10, 11, 12]
    assert equilibria["seq"] == [1, 5, 6, 9, 10, 11, 12]


def test_elmira_equilibrium_jump(cases):
    """From the equilibrium s5 ministry and company can get together to s8, better for both, as neither can alone."""
    case = cases["Elmira classic (9 states)"]
    moves = [np.array(party["moves"]) - 1 for party in case["decision_makers"]]
    model = graph_of_pairs(9, moves)
    ranks = ranks_of(case, list(range(1, 10)))
    groups = coalitions(model)
    jump = joint_improvements(groups, ranks[None], 4)[0]
    assert [groups.parties_of(g) for g in range(len(groups)) if int(jump[7]) >> g & 1] == [(0, 1)]
    stable = group_stable(groups, ranks)["nash"]
    assert stable[:3, 4].all() and not stable[3, 4]
    universally = np.flatnonzero(stable.all(axis=0)) + 1
    assert 8 in universally and 5 not in universally
