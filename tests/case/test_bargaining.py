"""The bargaining problem of a case: joined issues, exclusions, synergies, agendas, and what it is made of."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from tests.analysis import tables
from tests.claims.cases import case
from zopa.case.bargaining import Bargaining, bargaining, inputs
from zopa.case.case import Case
from zopa.errors import IncompleteCaseError

N = 60


def problem(file: dict[str, Any], *claims: Any, n: int = N) -> tuple[Case, Bargaining]:
    found = case(file, *claims)
    return found, bargaining(found.draws(n))


def utility(made_of: Bargaining, package: tuple[int, ...]) -> np.ndarray:
    """(D, P) utility of a package as the joined arrays have it."""
    rows = [
        int(np.flatnonzero((options == np.array(package)[list(group)]).all(axis=1))[0])
        for group, options in zip(made_of.joined, made_of.options, strict=True)
    ]
    return np.sum([v[:, :, k] for v, k in zip(made_of.values, rows, strict=True)], axis=0)


def test_issues_that_do_not_hang_together_stay_apart():
    found, plain = problem(tables.debate(), *tables.record())
    assert plain.joined == ((0,), (1,))
    assert plain.sizes == (3, 3)
    assert plain.packages == 9
    for mine, theirs in zip(plain.values, found.draws(N).table.contributions, strict=True):
        assert np.array_equal(mine, theirs)


def test_issues_linked_in_a_chain_are_joined_into_one():
    file = tables.debate()
    file["issues"]["trade"] = tables.issue("trade", "shut", "open")
    for side in ("left", "right"):
        file["preferences"][side]["trade"] = tables.preference(5, "open", "shut")
    _, loose = problem({**file, "exclusions": [{"not": {"trade": "open", "land": "all"}, "assumed": True}]})
    assert loose.joined == ((0, 2), (1,))
    assert loose.sizes == (6, 3)
    chain = [{"not": {"trade": "open", "land": "all"}, "assumed": True}]
    synergy = [{"party": "left", "when": {"water": "new", "trade": "open"}, "adds": 0.2, "assumed": True}]
    _, tight = problem({**file, "exclusions": chain, "synergies": synergy})
    assert tight.joined == ((0, 1, 2),)
    assert tight.packages == 18
    for package in product(range(3), range(3), range(2)):
        row = int(np.flatnonzero((tight.options[0] == package).all(axis=1))[0])
        assert tight.package([row]) == package


@given(file=tables.negotiations())
@settings(max_examples=40)
def test_utilities_and_refusals_are_those_of_the_definitions(file: dict[str, Any]):
    found, joined = problem(file)
    drawn = found.draws(N)
    fits = tables.accepted(found, drawn)
    for package, expected in tables.utilities(found, drawn).items():
        np.testing.assert_allclose(utility(joined, package), expected, atol=1e-12)
        rows = [
            int(np.flatnonzero((options == np.array(package)[list(group)]).all(axis=1))[0])
            for group, options in zip(joined.joined, joined.options, strict=True)
        ]
        barred = np.any([v[:, :, k] for v, k in zip(joined.vetoes, rows, strict=True)], axis=0)
        assert np.array_equal((expected >= joined.reserve - 1e-9) & ~barred, fits[package])


def test_an_exclusion_binds_everybody_in_the_draws_in_which_it_stands():
    exclusion = [{"not": {"land": "all", "water": "new"}, "because": ["c0"]}]
    _, joined = problem(tables.debate(exclusions=exclusion, red_lines=[]), *tables.record())
    row = int(np.flatnonzero((joined.options[0] == (2, 2)).all(axis=1))[0])
    barred = joined.vetoes[0][:, :, row]
    assert np.array_equal(barred[:, 0], barred[:, 1])
    assert 0 < barred[:, 0].mean() < 1
    assert not joined.vetoes[0][:, :, [k for k in range(9) if k != row]].any()


def test_a_synergy_changes_one_partys_utility_of_one_combination():
    synergy = [{"party": "left", "when": {"land": "all", "water": "new"}, "adds": -0.25, "assumed": True}]
    _, joined = problem(tables.debate(synergies=synergy), *tables.record())
    _, plain = problem(tables.debate(), *tables.record())
    for package in product(range(3), range(3)):
        change = utility(joined, package) - utility(plain, package)
        assert change[:, 0] == pytest.approx(-0.25 if package == (2, 2) else 0.0, abs=1e-12)
        assert change[:, 1] == pytest.approx(0.0, abs=1e-12)


def test_what_a_bystander_would_gain_is_no_part_of_the_problem():
    parties = {
        "left": tables.party("Left", "左方"),
        "right": tables.party("Right", "右方"),
        "host": tables.party("Host", "东道主", "host"),
    }
    synergy = [{"party": "host", "when": {"land": "all", "water": "new"}, "adds": 0.5, "assumed": True}]
    _, joined = problem(tables.debate(parties=parties, synergies=synergy), *tables.record())
    _, plain = problem(tables.debate(), *tables.record())
    for package in product(range(3), range(3)):
        np.testing.assert_allclose(utility(joined, package), utility(plain, package), atol=1e-12)


def test_an_agenda_holds_the_other_issues_where_they_are_or_where_they_are_frozen():
    exclusion = [{"not": {"land": "all", "water": "new"}, "assumed": True}]
    for file in (tables.debate(), tables.debate(exclusions=exclusion)):
        _, whole = problem(file, *tables.record())
        land = whole.on_agenda(frozenset([0]))
        assert land.packages == 3
        assert [land.package(p) for p in product(*map(range, land.sizes))] == [(0, 0), (1, 0), (2, 0)]
        frozen = whole.on_agenda(frozenset([0]), {1: 2})
        assert [frozen.package(p) for p in product(*map(range, frozen.sizes))] == [(0, 2), (1, 2), (2, 2)]
        for part in (land, frozen):
            assert np.array_equal(part.reserve, whole.reserve)
            for p in product(*map(range, part.sizes)):
                np.testing.assert_array_equal(
                    np.sum([v[:, :, k] for v, k in zip(part.values, p, strict=True)], axis=0),
                    utility(whole, part.package(p)),
                )


def test_the_status_quo_is_worth_what_it_is_worth_even_behind_a_red_line():
    line = {"party": "left", "issue": "land", "rejects": ["none"], "firm": 0.5, "cost": 0.3, "assumed": True}
    _, found = problem(tables.debate(red_lines=[line]), *tables.record())
    np.testing.assert_array_equal(found.now, utility(found, (0, 0)))


def test_of_equal_packages_the_first_that_moves_fewest_issues_is_taken():
    file = tables.debate()
    file["issues"]["land"]["status_quo"] = "some"
    _, found = problem(file, *tables.record())
    # In C order: (none, old) moves one issue, (some, old) none, (some, shared) one, (all, new) two.
    assert found.fewest_moves(np.array([0, 3, 4, 8])) == 3
    assert found.fewest_moves(np.array([8, 4, 0])) == 4
    assert found.fewest_moves(np.array([2, 8])) == 2


def test_a_problem_knows_whether_it_is_certain_and_whether_evidence_changes_it():
    _, sure = problem(tables.linkage())
    assert sure.certain
    found, unsure = problem(tables.debate(), *tables.record())
    assert not unsure.certain
    cited, none = (bargaining(found.draws(N, evidence=e)) for e in ("cited", "none"))
    assert not cited.same_as(none)
    assert none.same_as(bargaining(found.draws(N, evidence="none")))
    silent = found.without(found.ledger.by_id)
    assert bargaining(silent.draws(N, evidence="cited")).same_as(none)


def test_issues_too_many_to_join_are_refused_before_they_are_listed():
    names = [f"i{k}" for k in range(30)]
    ids = ["a", "b", "c", "d"]
    file = {
        "issues": {name: tables.issue(name, *ids) for name in names},
        "preferences": {
            side: {
                **{name: tables.preference(1, "a", "d") for name in names},
                "no_deal": {"value": 0.2, "assumed": True},
            }
            for side in ("left", "right")
        },
        "exclusions": [{"not": dict.fromkeys(names, "b"), "assumed": True}],
    }
    with pytest.raises(IncompleteCaseError) as caught:
        problem(file, n=2)
    (told,) = caught.value.problems
    assert told.code == "joined-too-large"
    assert told.values == {"n": 4**30, "most": 4096}


@pytest.mark.parametrize("negotiators", [0, 1])
def test_one_party_does_not_bargain(negotiators: int):
    roles = ["negotiator"] * negotiators + ["host"] * (2 - negotiators)
    parties = {p: tables.party(p, p, role) for p, role in zip(("left", "right"), roles, strict=True)}
    with pytest.raises(IncompleteCaseError) as caught:
        problem(tables.debate(parties=parties), *tables.record())
    (told,) = caught.value.problems
    assert told.code == ("needs-two-negotiators" if negotiators else "needs-negotiators")


# -- what it is made of ----------------------------------------------------------------------------------------------


def test_inputs_leave_out_what_the_problem_does_not_use():
    lines = [
        *tables.debate()["red_lines"],
        {
            "id": "not-there",
            "party": "left",
            "on": "venue",
            "rejects": ["town"],
            "firm": 0.5,
            "because": ["c2"],
        },
    ]
    readings = {
        "left": [
            {"id": "eager", "prior": 0.4, "sets": {"preferences.left.no_deal.value": 0.1}, "assumed": True},
            {"id": "other"},
        ],
        "right": [{"id": "shy", "prior": 0.4, "sets": {"talks.patience.right": 0.1}, "assumed": True}],
    }
    file = case(tables.debate(red_lines=lines, readings=readings), *tables.record()).file
    sections, bases = inputs(file)
    assert sections == ("preferences.left", "preferences.right", "red_lines.no-land", "readings.left")
    assert [b.claims for b in bases] == [("c4",), ()]
    with_agenda, more = inputs(file, agenda=True)
    assert set(with_agenda) - set(sections) == {"red_lines.no-water-talks"}
    assert [b.claims for b in more] == [("c4",), ("c5",), ()]
