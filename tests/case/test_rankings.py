"""Drawn rankings: which statements count, what is drawn for one that does not stand, and what stays as it is."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.case.roadblock import OPTIONS, graph, made
from tests.claims.made import claim
from zopa.case.conflict import conflict_of
from zopa.case.examples import locate, names
from zopa.case.folder import read_case
from zopa.case.rankings import crisp, drawn_rankings, pairs, profiles, statements

N = 4_000
SPREAD = 0.035
"""Four and a half standard errors of a share of 4,000 draws."""
CITED = {
    "left": {
        "statements": [
            {"id": "no-court", "holds": "not appeal", "because": ["c1"]},
            {"id": "road", "holds": "block", "chance": "0.5 to 0.9", "because": ["c2"]},
            {"id": "thrift", "holds": "not pay", "chance": 0.7, "assumed": True},
        ]
    },
    "right": {"statements": [{"id": "open", "holds": "not block", "because": ["c2"]}, {"holds": "pay"}]},
}
CLAIMS = (claim("c1"), claim("c2"))


def order(ranks):
    return np.sign(ranks[..., None, :].astype(np.int64) - ranks[..., :, None])


def drawn(case, n=N, **given):
    return case.draws(n, **given), conflict_of(case.file)


# ---- what counts


def test_a_case_without_doubt_has_one_ranking():
    """Priorities 4 for not being taken to court, 2 for blocking, 1 for not paying."""
    case = made({"left": {"statements": [{"holds": h} for h in ("not appeal", "block", "not pay")]}})
    draws, conflict = drawn(case, 100)
    ranks = drawn_rankings(draws, conflict, "left")
    assert ranks.shape == (100, 8)
    assert (ranks == ranks[0]).all()
    assert np.array_equal(order(ranks[0]), order(np.array([5, 7, 4, 6, 1, 3, 0, 2])))
    assert not crisp(draws, conflict)  # the right says nothing
    both = made({p: {"statements": [{"holds": "block"}]} for p in ("left", "right")})
    assert crisp(*drawn(both, 50))
    assert not crisp(*drawn(both, 50, evidence="cited"))


@given(st.floats(0, 1))
@settings(max_examples=8, deadline=None)
def test_a_statement_counts_as_often_as_its_chance_says(chance):
    case = made({"left": {"statements": [{"id": "road", "holds": "block", "chance": chance}]}})
    counting = statements(*drawn(case), "left")
    assert counting.stands.all()
    assert abs(counting.signs.mean() - chance) < SPREAD
    assert set(np.unique(counting.signs)) <= {0, 1}


def test_a_statement_on_claims_stands_as_often_as_they_do():
    case = made(CITED, *CLAIMS, assumed=False)
    draws, conflict = drawn(case)
    counting = statements(draws, conflict, "left")
    assert counting.ids == ("no-court", "road", "thrift")
    for j, origin in enumerate(("o-c1", "o-c2")):
        assert np.array_equal(counting.stands[:, j], draws.switches.holds[origin])
    assert counting.stands[:, 2].all()
    other = statements(draws, conflict, "right")
    assert np.array_equal(other.stands[:, 0], counting.stands[:, 1])  # one origin, one switch
    assert not other.stands[:, 1].any()  # rests on nothing


def test_what_stands_keeps_its_way_and_its_place():
    case = made(CITED, *CLAIMS, assumed=False)
    counting = statements(*drawn(case), "left")
    assert (counting.signs[counting.stands] >= 0).all()
    assert (counting.signs[:, 0][counting.stands[:, 0]] == 1).all()  # no chance written: whenever it stands
    both = counting.stands[:, 0] & counting.stands[:, 2]
    assert (counting.places[both, 0] < counting.places[both, 2]).all()


def test_of_what_does_not_stand_nothing_is_known():
    """A fair coin for its way, and among three statements every place is as likely as any other."""
    case = made(CITED, *CLAIMS, assumed=False)
    draws, conflict = drawn(case, 12_000, evidence="none")
    counting = statements(draws, conflict, "left")
    assert not counting.stands.any()
    assert set(np.unique(counting.signs)) == {-1, 1}
    assert np.abs((counting.signs > 0).mean(axis=0) - 0.5).max() < 0.02
    _, often = np.unique(counting.places, axis=0, return_counts=True)
    assert len(often) == 6
    assert np.abs(often / 12_000 - 1 / 6).max() < 0.016
    assert (
        np.abs(
            np.corrcoef(np.concatenate([counting.signs, counting.places], axis=1).T)[:3, :3] - np.eye(3)
        ).max()
        < 0.04
    )


def test_with_all_evidence_off_nothing_tells_any_two_states_apart():
    case = made(CITED, *CLAIMS, assumed=False)
    ranks = profiles(*drawn(case, 12_000, evidence="none"))
    better = (order(ranks) > 0).mean(axis=0)
    assert np.abs(better - better.transpose(0, 2, 1)).max() < 0.03


def test_a_number_of_its_own_that_falls_is_unknown_but_the_statement_stands():
    chance = {"is": 1, "because": ["c1"]}
    case = made(
        {"left": {"statements": [{"id": "road", "holds": "block", "chance": chance, "assumed": True}]}},
        *CLAIMS,
    )
    draws, conflict = drawn(case)
    counting = statements(draws, conflict, "left")
    held = draws.switches.holds["o-c1"]
    assert counting.stands.all()
    assert (counting.signs[held] == 1).all()
    assert abs(counting.signs[~held].mean() - 0.5) < 2 * SPREAD


# ---- nothing else moves


def test_a_statement_more_changes_nothing_about_the_others():
    case = made(CITED, *CLAIMS, assumed=False)
    more = {"id": "deal", "holds": "pay or not block", "chance": 0.5, "because": ["c1"]}
    left = {"statements": [more, *CITED["left"]["statements"]]}
    longer = made({**CITED, "left": left}, *CLAIMS, assumed=False)
    a, b = statements(*drawn(case), "left"), statements(*drawn(longer), "left")
    assert np.array_equal(a.stands, b.stands[:, 1:])
    assert np.array_equal(a.signs, b.signs[:, 1:])
    kept = a.stands.all(axis=1)
    assert np.array_equal(a.places[kept], b.places[kept][:, 1:].argsort(axis=1).argsort(axis=1))
    one, other = (drawn_rankings(*drawn(c), "right") for c in (case, longer))
    assert np.array_equal(one, other)


def test_without_a_claim_its_statements_fall_to_ignorance_and_all_else_stays():
    case = made(CITED, *CLAIMS, assumed=False)
    less = case.without(["c1"])
    a, b = statements(*drawn(case), "left"), statements(*drawn(less), "left")
    assert not b.stands[:, 0].any()
    assert abs((b.signs[:, 0] > 0).mean() - 0.5) < SPREAD
    assert np.array_equal(a.signs[:, 1:], b.signs[:, 1:])
    assert np.array_equal(a.signs[~a.stands[:, 0], 0], b.signs[~a.stands[:, 0], 0])
    same = ~a.stands[:, 0]
    assert np.array_equal(a.places[same], b.places[same])


def test_less_evidence_never_makes_a_comparison_surer():
    """The share of draws in which one state is preferred to another comes closer to even, or stays."""
    case = made(CITED, *CLAIMS, assumed=False)

    def lean(some):
        better = (order(profiles(*drawn(some, 8_000))) > 0).mean(axis=0)
        return np.abs(better - better.transpose(0, 2, 1))

    full, nothing = lean(case), lean(case.without(["c1", "c2"]))
    right = 1
    assert (nothing[right] <= full[right] + 0.03).all()
    assert nothing[right].max() < 0.04
    assert full[right].max() > 0.3


def test_the_first_draws_of_many_are_those_of_few():
    case = made(CITED, *CLAIMS)
    few, many = profiles(*drawn(case, 200)), profiles(*drawn(case, 400))
    assert np.array_equal(few, many[:200])


def test_another_seed_gives_other_draws_and_the_same_seed_the_same():
    case = made(CITED, *CLAIMS)
    a, b, c = (profiles(*drawn(case, 200, seed=seed)) for seed in (0, 0, 1))
    assert np.array_equal(a, b)
    assert not np.array_equal(a, c)


@pytest.mark.parametrize("name", ["muscat-2026", "elmira"])
@pytest.mark.parametrize("evidence", ["all", "none"])
@pytest.mark.parametrize("after_moves", [False, True])
def test_some_draws_at_a_time_are_the_same_draws(name, evidence, after_moves):
    case = read_case(locate(name))
    draws, conflict = drawn(case, 600, evidence=evidence, after_moves=after_moves)
    every = profiles(draws, conflict)
    assert every.shape == (600, len(conflict.parties), len(conflict))
    parts = [profiles(draws, conflict, rows=slice(at, at + 170)) for at in range(0, 600, 170)]
    assert np.array_equal(np.concatenate(parts), every)
    assert len(profiles(draws, conflict, rows=slice(0, 0))) == 0


def test_draws_after_the_moves_are_picked_whole():
    case = read_case(locate("muscat-2026"))
    conflict = conflict_of(case.file)
    plain, after = case.draws(600), case.draws(600, after_moves=True)
    assert after.pick is not None
    assert np.array_equal(profiles(after, conflict), profiles(plain, conflict)[after.pick])


# ---- readings


def test_a_reading_sets_the_chance_and_makes_the_statement_stand():
    path = "standoff.rankings.left.statements.road.chance"
    readings = {
        "left": [
            {"id": "hard", "prior": 0.5, "sets": {path: 1}, "assumed": True},
            {"id": "soft", "prior": 0.5, "sets": {path: 0}, "assumed": True},
        ]
    }
    rankings = {"left": {"statements": [{"id": "road", "holds": "block", "chance": 0.5, "because": ["c9"]}]}}
    draws, conflict = drawn(made(rankings, readings=readings, assumed=False))
    counting = statements(draws, conflict, "left")
    assert counting.stands.all()
    assert np.array_equal(counting.signs[:, 0], (draws.reading("left") == 0).astype(int))
    off, conflict = drawn(made(rankings, readings=readings, assumed=False), evidence="none")
    assert not statements(off, conflict, "left").stands.any()


def test_a_reading_sets_a_chance_nobody_wrote():
    path = "standoff.rankings.left.statements.road.chance"
    readings = {
        "left": [
            {"id": "soft", "prior": 0.5, "sets": {path: 0}, "assumed": True},
            {"id": "other", "prior": 0.5, "assumed": True},
        ]
    }
    rankings = {"left": {"statements": [{"id": "road", "holds": "block"}]}}
    draws, conflict = drawn(made(rankings, readings=readings))
    signs = statements(draws, conflict, "left").signs[:, 0]
    assert np.array_equal(signs, (draws.reading("left") == 1).astype(int))


# ---- weights, lists, nothing


def test_weights_are_shares_of_what_is_stated():
    written = [{"holds": h, "weight": w} for h, w in (("block", 3), ("not appeal", 2), ("not pay", 1))]
    draws, conflict = drawn(made({"left": {"by": "weights", "statements": written}}), 60)
    ranks = drawn_rankings(draws, conflict, "left")
    assert np.array_equal(order(ranks[0]), order(np.array([3, 6, 2, 5, 1, 4, 0, 3])))
    assert (ranks == ranks[0]).all()
    off, _ = drawn(made({"left": {"by": "weights", "statements": written}}), 2_000, evidence="none")
    better = (order(drawn_rankings(off, conflict, "left")) > 0).mean(axis=0)
    assert np.abs(better - better.T).max() < 0.08


def test_a_ranking_as_listed_by_the_numbers_of_states():
    draws, conflict = drawn(made({"left": {"ranking": [[8], [1, 2], [3]]}}), 50)
    ranks = drawn_rankings(draws, conflict, "left")
    assert np.array_equal(order(ranks[7]), order(np.array([2, 2, 1, 0, 0, 0, 0, 3])))


@pytest.mark.parametrize("left", [{"ranking": [[3], [1], [2]]}, {}])
def test_a_ranking_that_does_not_stand_is_any_order(left):
    case = graph([("left", 1, 2), ("right", 2, 3)], rankings={"left": left})
    draws, conflict = drawn(case, 12_000, evidence="none")
    ranks = drawn_rankings(draws, conflict, "left")
    found, often = np.unique(ranks, axis=0, return_counts=True)
    assert len(found) == 6
    assert (np.sort(found, axis=1) == [0, 1, 2]).all()
    assert np.abs(often / 12_000 - 1 / 6).max() < 0.016


def test_a_listed_ranking_on_claims_stands_as_they_do():
    case = made({"left": {"ranking": [[3], [1, 2]], "because": ["c1"]}}, *CLAIMS)
    draws, conflict = drawn(case)
    held = draws.switches.holds["o-c1"]
    ranks = drawn_rankings(draws, conflict, "left")
    assert (ranks[held][:, 0] == ranks[held][:, 1]).all()
    assert (ranks[~held][:, 0] != ranks[~held][:, 1]).all()
    assert 0 < held.mean() < 1


def test_an_unknown_party():
    with pytest.raises(ValueError, match="'moon' is not in the standoff"):
        drawn_rankings(*drawn(made(), 50), "moon")


# ---- single pairs


def test_pairs_are_indices_and_know_when_they_stand():
    left = {
        "ranking": [[1], [2], [3]],
        "prefers": [[3, 1]],
        "unknown": [[1, 2]],
        "strongly": [[1, 3]],
        "because": ["c1"],
    }
    case = made({"left": left}, *CLAIMS)
    draws, conflict = drawn(case)
    found = pairs(draws, conflict, "left")
    assert found
    # What is much better is better: of a pair given both ways the last holds.
    assert found.prefers.tolist() == [[2, 0], [0, 2]]
    assert found.unknown.tolist() == [[0, 1]]
    assert found.strongly.tolist() == [[0, 2]]
    assert np.array_equal(found.stands, draws.switches.holds["o-c1"])
    assert not pairs(draws, conflict, "right")


def test_pairs_of_merged_states_are_pairs_of_what_they_became():
    case = graph(
        [("left", 1, 2), ("right", 2, 3)],
        rankings={"left": {"ranking": [[1], [2, 3]], "prefers": [[3, 1], [2, 3]]}},
        merged=[{"states": [2, 3]}],
    )
    draws, conflict = drawn(case, 50)
    assert pairs(draws, conflict, "left").prefers.tolist() == [[1, 0]]
    assert drawn_rankings(draws, conflict, "left")[0].tolist() == [2, 1]


# ---- no side is special


def test_swapping_the_names_of_the_parties_swaps_their_rankings():
    swap = {"left": "right", "right": "left"}
    mirrored = [{**o, "party": swap[o["party"]]} for o in OPTIONS]
    assumed = {p: {"statements": [{"id": "x", "holds": h, "chance": 1}, {"id": "y", "holds": "appeal"}]}
               for p, h in (("left", "block"), ("right", "not block"))}  # fmt: skip
    a, one = drawn(made(assumed, parties=["left", "right"]), 300)
    other = {swap[p]: r for p, r in assumed.items()}
    b, two = drawn(made(other, options=mirrored, parties=["right", "left"]), 300)
    assert np.array_equal(profiles(a, one), profiles(b, two))


def test_every_example_with_a_standoff_has_rankings():
    for name in names():
        case = read_case(locate(name))
        if case.file.standoff is not None:
            ranks = profiles(*drawn(case, 60))
            assert ranks.dtype == np.int32
            assert (ranks.max(axis=2) > ranks.min(axis=2)).any()
