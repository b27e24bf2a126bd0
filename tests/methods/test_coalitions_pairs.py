"""Coalitions and blocs where single pairs overrule rankings and parties do not see every state, against definitions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.methods.standoff_reference import (
    lattice_moves,
    moves_of,
    random_graph,
    random_lattice,
    random_ranks,
    reach,
    verdicts,
)
from tests.methods.test_coalitions import combined_options, compose, legal, subsets
from zopa.methods.coalitions import (
    COALITION_CONCEPTS,
    Single,
    blocs,
    coalitions,
    group_profiles,
    group_stable,
    joint_improvements,
    leavers,
    liked_better,
)
from zopa.methods.graph_model import Lattice


def random_pairs(rng, parties, states):
    """(k, 3) of party, better and worse state, up to five, some both ways round."""
    found = [
        (int(rng.integers(parties)), *rng.permutation(states)[:2].tolist()) for _ in range(rng.integers(6))
    ]
    return np.array(found, dtype=np.int64).reshape(-1, 3)


def better_with(ranks, pairs):
    """(parties, S, S) whether a party prefers the second state to the first, later pairs above earlier ones."""
    out = ranks[:, None, :] > ranks[:, :, None]
    for party, best, worst in pairs:
        out[party, worst, best], out[party, best, worst] = True, False
    return out


def all_better(better, members, a, b):
    return all(better[p, a, b] for p in members)


def judged(better, members, own, answers, improved, s):
    """Whether a state keeps a group, for each concept; the functions say where moves lead from a state."""
    gains = [q for q in own(s) if all_better(better, members, s, q)]
    bad = {q: {x for x in answers(q) if not all_better(better, members, s, x)} for q in gains}
    shut = {
        q: {x for x in bad[q] if not any(all_better(better, members, s, y) for y in own(x))} for q in gains
    }
    return {
        "nash": not gains,
        "gmr": all(bad[q] for q in gains),
        "smr": all(shut[q] for q in gains),
        "seq": all(any(not all_better(better, members, s, x) for x in improved(q)) for q in gains),
    }


def in_steps(own, better, answering, start):
    """Where improvements of groups lead, no group stepping twice in succession; ``own(group, state)``."""
    seen, waiting = set(), [(start, None)]
    while waiting:
        state, last = waiting.pop()
        for members in answering:
            if members == last:
                continue
            new = {(q, members) for q in own(members, state) if all_better(better, members, state, q)} - seen
            seen |= new
            waiting += new
    return {state for state, _ in seen}


def in_moves(moves, blind, better, answering, start):
    """The same where moves do not compose: no party moves twice in succession, from one step to the next either."""
    seen, waiting = set(), [(start, None)]
    while waiting:
        state, last = waiting.pop()
        for members in answering:
            inner, ahead = set(), [(state, last)]
            while ahead:
                at, before = ahead.pop()
                new = {(q, p) for p in members if p != before for q in moves[p][at]} - inner
                inner |= new
                ahead += new
            new = {
                (q, p)
                for q, p in inner
                if q != state and all_better(better, members, state, q) and sees(blind, members, state, q)
            } - seen
            seen |= new
            waiting += new
    return {state for state, _ in seen}


def sees(blind, members, *states):
    return not any(blind[p, s] for p in members for s in states)


def expected(moves, blind, better, groups):
    """Verdicts of groups that partly overlap (all coalitions), by definition."""
    parties, count = better.shape[:2]

    def own(members, s):
        return {q for q in reach(moves, members, s) - {s} if sees(blind, members, s, q)}

    free = compose(dict(enumerate(moves)))
    found = {}
    for members in groups:
        others = [p for p in range(parties) if p not in members]

        def improved(q, others=others):
            if free:
                return in_steps(own, better, subsets(others), q)
            return in_moves(moves, blind, better, subsets(others), q)

        for s in range(count):
            found[members, s] = judged(
                better,
                members,
                lambda q, c=members: own(c, q),
                lambda q, o=others: reach(moves, o, q),
                improved,
                s,
            )
    return found


def made(seed, listed):
    """A random conflict: its model, rankings, pairs, what is not seen, and the moves that are left."""
    rng = np.random.default_rng(seed)
    model = random_graph(rng) if listed else random_lattice(rng)
    while len(model) < 2:
        model = random_lattice(rng)
    ranks = random_ranks(rng, model.parties, len(model))
    pairs = random_pairs(rng, model.parties, len(model))
    blind = rng.random((model.parties, len(model))) < rng.choice([0.0, 0.2])
    moves = lattice_moves(model, blind) if isinstance(model, Lattice) else moves_of(model, blind)
    return rng, model, ranks, pairs, blind, moves


def same(groups, found, keys, ranks, pairs):
    stable = group_stable(groups, ranks, single=Single(pairs))
    for concept in COALITION_CONCEPTS:
        for g, key in enumerate(keys):
            for s in range(groups.states):
                assert stable[concept][g, s] == found[key, s][concept], (concept, key, s)


@settings(max_examples=80)
@given(st.integers(0, 10**9), st.booleans())
def test_coalitions_follow_pairs_and_what_is_seen(seed, listed):
    _, model, ranks, pairs, blind, moves = made(seed, listed)
    groups = coalitions(model, unseen=blind)
    keys = [groups.parties_of(g) for g in range(len(groups))]
    same(groups, expected(moves, blind, better_with(ranks, pairs), keys), keys, ranks, pairs)


@settings(max_examples=60)
@given(st.integers(0, 10**9), st.booleans())
def test_single_parties_are_judged_as_the_oracle_judges_them(seed, listed):
    _, model, ranks, pairs, blind, moves = made(seed, listed)
    alone = group_stable(
        blocs(model, [(p,) for p in range(model.parties)], unseen=blind), ranks, single=Single(pairs)
    )
    found = verdicts(moves, better_with(ranks, pairs))
    for concept in COALITION_CONCEPTS:
        np.testing.assert_array_equal(alone[concept], found[concept])


@settings(max_examples=60)
@given(st.integers(0, 10**9), st.booleans())
def test_blocs_follow_pairs_and_what_is_seen(seed, listed):
    rng, model, ranks, pairs, blind, moves = made(seed, listed)
    of = rng.integers(0, model.parties, model.parties)
    partition = [tuple(int(p) for p in np.flatnonzero(of == b)) for b in np.unique(of)]
    if isinstance(model, Lattice):
        joint = combined_options(model, partition)
    else:
        joint = {b: {s: legal(moves, m, s) for s in range(len(model))} for b, m in enumerate(partition)}
    left = {
        b: {s: {q for q in joint[b][s] - {s} if sees(blind, m, s, q)} for s in range(len(model))}
        for b, m in enumerate(partition)
    }
    better = better_with(ranks, pairs)

    def gains(bloc, a, b):
        return all_better(better, partition[bloc], a, b)

    found = {}
    for b, members in enumerate(partition):
        others = [o for o in range(len(partition)) if o != b]
        for s in range(len(model)):
            found[b, s] = judged(
                better,
                members,
                lambda q, b=b: left[b][q],
                lambda q, o=others: legal(left, o, q),
                lambda q, o=others: legal(left, o, q, gains),
                s,
            )
    same(blocs(model, partition, unseen=blind), found, range(len(partition)), ranks, pairs)


@settings(max_examples=40)
@given(st.integers(0, 10**9))
def test_pairs_count_in_the_draws_in_which_they_are_on(seed):
    rng, model, ranks, pairs, blind, _ = made(seed, False)
    drawn = np.stack([ranks, rng.permutation(ranks.T).T, ranks])
    on = rng.random((3, len(pairs))) < 0.5
    on[2] = False
    groups = coalitions(model, unseen=blind)
    found = group_profiles(groups, drawn, single=Single(pairs, on), threads=2)
    for d in range(3):
        alone = group_profiles(groups, drawn[d : d + 1], single=Single(pairs[on[d]]), threads=1)
        np.testing.assert_array_equal(found[d], alone[0])
    np.testing.assert_array_equal(found[2], group_profiles(groups, ranks[None])[0])
    state = int(rng.integers(len(model)))
    prefer = liked_better(drawn, state, single=Single(pairs, on))
    for d in range(3):
        np.testing.assert_array_equal(prefer[d], better_with(drawn[d], pairs[on[d]])[:, state])


def test_what_pairs_say_more_than_once_changes_nothing():
    """Pairs that repeat a ranking go the way of pairs and must give what rankings alone give."""
    rng = np.random.default_rng(3)
    for _ in range(25):
        model = random_lattice(rng)
        ranks = random_ranks(rng, model.parties, len(model))
        groups = coalitions(model)
        party = int(rng.integers(model.parties))
        order = np.argsort(ranks[party])
        if ranks[party, order[0]] == ranks[party, order[-1]]:
            continue
        again = Single(np.array([(party, order[-1], order[0])]))
        np.testing.assert_array_equal(
            group_profiles(groups, ranks[None], single=again), group_profiles(groups, ranks[None])
        )


def test_by_hand_a_pair_and_an_unseen_state_change_who_leaves_together():
    """Two parties, an option each, states 0 nothing, 1 first, 2 second, 3 both; both rank both first, nothing last."""
    model = Lattice(np.arange(4), np.arange(2, dtype=np.int8), np.zeros(2, dtype=np.int8), 2)
    ranks = np.array([[0, 1, 1, 2], [0, 1, 1, 2]], dtype=np.int32)
    groups = coalitions(model)
    assert [bin(int(b)).count("1") for b in joint_improvements(groups, ranks[None], 0)[0]] == [0, 2, 2, 1]
    # The pair 0 over 3 of the first party keeps the two from going to 3 together; to 1 and 2 they still leave 0.
    pair = Single(np.array([(0, 0, 3)]))
    assert int(joint_improvements(groups, ranks[None], 0, single=pair)[0, 3]) == 0
    assert int(leavers(groups, ranks[None], 0, single=pair)[0]) == 0b111
    # From 3 the first party alone would only get to 2, which is worse; to 0 the other would not go with it.
    assert int(leavers(groups, ranks[None], 3, single=pair)[0]) == 0
    # The second party does not see 3: nobody goes there together, and it stays in 3 whatever it wants.
    blind = np.zeros((2, 4), dtype=np.bool_)
    blind[1, 3] = True
    half = coalitions(model, unseen=blind)
    assert int(joint_improvements(half, ranks[None], 0)[0, 3]) == 0
    assert int(joint_improvements(half, ranks[None], 2)[0, 3]) == 0b001
    assert int(joint_improvements(half, ranks[None], 1)[0, 3]) == 0
    nash = group_stable(half, ranks)["nash"]
    assert nash.all(axis=0).tolist() == [False, True, False, True]


def test_pairs_that_do_not_fit_the_draws_are_refused():
    model = Lattice(np.arange(4), np.arange(2, dtype=np.int8), np.zeros(2, dtype=np.int8), 2)
    with pytest.raises(ValueError, match="single pairs must be on in"):
        group_profiles(
            coalitions(model),
            np.zeros((2, 2, 4), dtype=np.int32),
            single=Single(np.array([(0, 0, 3)]), np.ones((1, 1), dtype=np.bool_)),
        )
