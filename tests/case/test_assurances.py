"""What assurances change in the rankings, what counts as defecting, and which threats are credible."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.case.roadblock import made
from tests.claims.made import claim
from zopa.case.assurances import (
    binds,
    credibility,
    defections,
    status_quo_with,
    with_assurances,
)
from zopa.case.conflict import conflict_of
from zopa.case.examples import locate
from zopa.case.folder import read_case
from zopa.case.rankings import profiles
from zopa.methods.graph_model import Lattice
from zopa.methods.preferences import dense

OPTIONS = [
    {"id": "limits", "party": "left", "name": "limits"},
    {"id": "strike", "party": "left", "name": "strike"},
    {"id": "relief", "party": "right", "name": "relief"},
]
DEAL = [{"id": "deal", "name": "deal", "when": "limits and relief and not strike", "kind": "deal"}]
RANKINGS = {
    "left": {"statements": [{"holds": "not limits"}, {"holds": "relief"}]},
    "right": {"statements": [{"holds": "limits"}, {"holds": "not relief"}]},
}
COST = {"is": 0.6, "range": [0, 1]}


def standoff(assurances, *claims, rankings=None, **given):
    given.setdefault("outcomes", DEAL)
    return made(rankings or RANKINGS, *claims, options=OPTIONS, assurances=assurances, **given)


def assurance(id_="watch", option="limits", **given):
    return {
        "id": id_,
        "name": id_,
        "kind": "verification",
        **({"option": option} if option else {}),
        "cost_of_defecting": {"left": COST},
        **({} if "because" in given else {"assumed": True}),
        **given,
    }


def drawn(case, n=4_000, **given):
    return case.draws(n, **given), conflict_of(case.file)


def held(conflict, states):
    return {"".join(o[0] for o, on in conflict.taken(s).items() if on) for s in np.flatnonzero(states)}


# ---- whom an assurance binds


@given(st.floats(0, 1), st.floats(0, 1))
@settings(max_examples=10, deadline=None)
def test_it_binds_as_often_as_the_cost_that_is_detected_exceeds_a_uniform_temptation(cost, detects):
    case = standoff([assurance(detects=detects, cost_of_defecting={"left": {"is": cost, "range": [0, 1]}})])
    assert abs(binds(*drawn(case), "watch", "left").mean() - cost * detects) < 0.035


def test_without_a_word_on_detection_nothing_goes_unseen():
    case = standoff([assurance()])
    assert abs(binds(*drawn(case), "watch", "left").mean() - 0.6) < 0.035
    assert not binds(*drawn(case), "watch", "right").any()


def test_the_temptation_of_a_draw_is_one_for_all_assurances():
    dear = assurance("dear", cost_of_defecting={"left": {"is": 0.9, "range": [0, 1]}})
    draws, conflict = drawn(standoff([assurance(), dear]))
    cheap = binds(draws, conflict, "watch", "left")
    assert (binds(draws, conflict, "dear", "left") | ~cheap).all()


def test_an_assurance_on_claims_binds_only_where_they_stand():
    case = standoff([assurance(because=["c1"])], claim("c1"))
    draws, conflict = drawn(case)
    bound = binds(draws, conflict, "watch", "left")
    assert bound.any()
    assert not (bound & ~draws.switches.holds["o-c1"]).any()
    assert not binds(*drawn(case.without(["c1"])), "watch", "left").any()
    assert not binds(*drawn(case, evidence="none"), "watch", "left").any()


# ---- what defecting is


def test_undoing_a_part_of_the_deal_and_doing_what_no_deal_has():
    case = standoff(
        [assurance(), assurance("calm", "strike"), assurance("vow", "relief"), assurance("pact", None)]
    )
    conflict = conflict_of(case.file)
    # From the deal (limits, relief) the left can drop the limits, strike, or both.
    assert held(conflict, defections(conflict, "watch", "left")) == {"r", "sr"}
    assert held(conflict, defections(conflict, "calm", "left")) == {"s", "ls", "sr", "lsr"}
    assert held(conflict, defections(conflict, "pact", "left")) == {"r", "sr", "lsr"}
    # Relief is not the left's to undo: any departure from its own part is meant.
    assert held(conflict, defections(conflict, "vow", "left")) == {"r", "sr", "lsr"}
    assert held(conflict, defections(conflict, "vow", "right")) == {"l"}


def test_what_cannot_be_undone_is_no_defection():
    options = [{**OPTIONS[0], "one_way": "on"}, *OPTIONS[1:]]
    case = made(RANKINGS, options=options, assurances=[assurance()], outcomes=DEAL)
    assert not defections(conflict_of(case.file), "watch", "left").any()


def test_without_a_deal_there_is_nothing_to_defect_from():
    conflict = conflict_of(standoff([assurance("calm", "strike"), assurance()], outcomes=[]).file)
    assert not defections(conflict, "calm", "left").any()
    assert not defections(conflict, "watch", "left").any()


@given(st.integers(0, 2**31))
def test_departures_are_the_moves_of_the_graph(seed):
    """The short way of the option form against every move listed."""
    r = np.random.default_rng(seed)
    way = [None, "on", "off"]
    options = [
        {"id": f"o{k}", "party": str(r.choice(["left", "right"])), "name": "x", **({"one_way": w} if (w := way[r.integers(3)]) else {})}
        for k in range(5)
    ]  # fmt: skip
    options[0]["party"], options[1]["party"] = "left", "right"
    rules = [f"o{a} and not o{b}" for a, b in r.integers(0, 5, size=(2, 2)) if a != b]
    deal = [{"id": "d", "name": "d", "when": "o2 or (o0 and o1)", "kind": "deal"}]
    case = made({}, options=options, infeasible=rules, outcomes=deal, assurances=[assurance(option=None)])
    conflict = conflict_of(case.file)
    assert isinstance(conflict.model, Lattice)
    want = np.zeros(len(conflict), dtype=bool)
    for state in np.flatnonzero(conflict.outcomes["d"]):
        want[conflict.graph.moves(conflict.parties.index("left"), int(state))] = True
    found = defections(conflict, "watch", "left")
    assert np.array_equal(found, want & ~conflict.outcomes["d"])


# ---- what changes


def test_a_party_that_is_bound_would_first_of_all_not_defect():
    draws, conflict = drawn(standoff([assurance()]))
    before, after = profiles(draws, conflict), with_assurances(draws, conflict, ["watch"])
    bound, gone = binds(draws, conflict, "watch", "left"), defections(conflict, "watch", "left")
    assert np.array_equal(after[:, 1], before[:, 1])
    assert np.array_equal(dense(after[~bound, 0]), dense(before[~bound, 0]))
    assert (after[bound, 0][:, gone].max(axis=1) < after[bound, 0][:, ~gone].min(axis=1)).all()
    for part in (gone, ~gone):
        assert np.array_equal(dense(after[bound, 0][:, part]), dense(before[bound, 0][:, part]))


def test_the_deal_holds_where_it_binds():
    """Left alone, the left drops its limits: a prisoner's dilemma. Bound, it has no improvement from the deal."""
    draws, conflict = drawn(standoff([assurance()]))
    after = with_assurances(draws, conflict, ["watch"])[:, 0]
    deal = int(np.flatnonzero(conflict.outcomes["deal"])[0])
    leaves = after[:, conflict.graph.moves(0, deal)].max(axis=1) > after[:, deal]
    assert np.array_equal(leaves, ~binds(draws, conflict, "watch", "left"))


def test_none_of_them_changes_nothing_and_order_in_the_list_decides_between_two():
    both = [assurance(), assurance("calm", "strike")]
    draws, conflict = drawn(standoff(both), 500)
    assert np.array_equal(with_assurances(draws, conflict, []), profiles(draws, conflict))
    bound = binds(draws, conflict, "watch", "left") & binds(draws, conflict, "calm", "left")
    after = with_assurances(draws, conflict, ["calm", "watch"])[bound, 0]
    struck, dropped = (defections(conflict, a, "left") for a in ("calm", "watch"))
    assert (after[:, struck].max(axis=1) < after[:, ~struck].min(axis=1)).all()
    calm = after[:, ~struck]
    assert (calm[:, dropped[~struck]].max(axis=1) < calm[:, ~dropped[~struck]].min(axis=1)).all()


def test_many_statements_leave_no_room_for_sums_and_the_order_is_the_same():
    long = {
        "left": {"statements": [*RANKINGS["left"]["statements"], *({"holds": "strike"} for _ in range(30))]}
    }
    draws, conflict = drawn(standoff([assurance()], rankings=long), 300)
    before, after = profiles(draws, conflict)[:, 0], with_assurances(draws, conflict, ["watch"])[:, 0]
    bound, gone = binds(draws, conflict, "watch", "left"), defections(conflict, "watch", "left")
    assert (after[bound][:, gone].max(axis=1) < after[bound][:, ~gone].min(axis=1)).all()
    assert np.array_equal(dense(after[~bound]), dense(before[~bound]))


def test_some_draws_at_a_time_are_the_same_draws():
    case = read_case(locate("muscat-2026"))
    draws, conflict = drawn(case, 400)
    every = [a.id for a in case.file.assurances]
    order = np.sign(np.diff(with_assurances(draws, conflict, every), axis=2))
    parts = [with_assurances(draws, conflict, every, rows=slice(at, at + 150)) for at in range(0, 400, 150)]
    assert np.array_equal(np.sign(np.diff(np.concatenate(parts), axis=2)), order)


def test_an_assurance_the_case_does_not_have():
    with pytest.raises(ValueError, match="'moon' is no assurance of the case, which has watch"):
        with_assurances(*drawn(standoff([assurance()]), 50), ["moon"])


def test_relief_that_is_given_is_another_status_quo():
    given = {"id": "first", "name": "first", "kind": "relief", "option": "relief", "assumed": True}
    conflict = conflict_of(standoff([given, assurance()]).file)
    assert conflict.status_quo == 0
    assert conflict.taken(status_quo_with(conflict, ["first", "watch"])) == {
        "limits": False,
        "strike": False,
        "relief": True,
    }
    assert status_quo_with(conflict, ["watch"]) == 0
    forbidden = conflict_of(standoff([given], infeasible=["relief and not limits"]).file)
    assert status_quo_with(forbidden, ["first"]) is None


# ---- threats


def test_a_threat_is_credible_where_carrying_it_out_is_an_improvement():
    threats = [
        {"id": "stop", "by": "right", "if": "strike", "then": "not relief"},
        {"id": "force", "by": "left", "if": "not relief", "then": "strike"},
    ]
    draws, conflict = drawn(standoff([], threats=threats), 50)
    stop, force = credibility(conflict, profiles(draws, conflict))
    assert (stop.threat, stop.by) == ("stop", "right")
    assert held(conflict, np.isin(np.arange(8), stop.states)) == {"sr", "lsr"}
    assert stop.can.all()
    assert stop.improves.all()  # the right would rather keep relief back
    assert held(conflict, np.isin(np.arange(8), force.states)) == {"", "l"}
    assert force.can.all()
    # From the limits the left also drops them as it strikes, which it likes; from nothing it gains nothing.
    assert force.improves.mean(axis=0).tolist() == [0.0, 1.0]


def test_a_threat_that_cannot_be_carried_out():
    threats = [{"id": "beyond", "by": "right", "if": "limits", "then": "strike"}]
    draws, conflict = drawn(standoff([], threats=threats), 50)
    (found,) = credibility(conflict, profiles(draws, conflict))
    assert not found.can.any()
    assert found.improves.shape == (50, 2)
    assert not found.improves.any()
