"""The section ``influence``: what is refused, what it says as estimates, and how it is drawn."""

import numpy as np
import pytest

from tests.case.made import CASE, write
from tests.claims.cases import case
from tests.claims.made import claim
from zopa.case.folder import problems, read_case
from zopa.case.quantities import quantities
from zopa.case.standing import arenas, inputs, standing
from zopa.errors import IncompleteCaseError

SECTION = """\
influence:
  border:
    actors:
      north: {option: closed, capability: 10 to 30, salience: 0.6 to 0.9, because: [c1]}
      island: {position: 0.3 to 0.7, capability: 5, salience: 0.2, assumed: true}
"""
ISSUE = {
    "name": {"en": "Border", "zh": "边界"},
    "status_quo": "closed",
    "options": [{"id": o, "name": o} for o in ("closed", "gates", "open")],
}


def codes(folder, section):
    told = problems(write(folder, CASE + section))
    return [(p.code, p.place.line - CASE.count("\n")) for p in told if p.place.file == "case.yaml"]


def made(actors, *claims, **sections):
    file = {"issues": {"border": ISSUE}, "influence": {"border": {"actors": actors}}, **sections}
    return case(file, *claims)


def stake(**given):
    return {"capability": 1, "salience": 0.5, "assumed": True, **given}


# ---- what is refused


def test_a_section_without_fault(tmp_path):
    assert codes(tmp_path, SECTION) == []


@pytest.mark.parametrize(
    ("written", "found"),
    [
        (("  border:", "  boarder:"), [("dangling-id", 2)]),
        (("      island", "      iland"), [("dangling-id", 5)]),
        (("option: closed", "option: ajar"), [("dangling-id", 4)]),
        (("because: [c1]", "because: [c8]"), [("dangling-id", 4)]),
        (("0.3 to 0.7", "0.3 to 1.7"), [("estimate-range", 5)]),
        (("salience: 0.2", "salience: 2"), [("estimate-range", 5)]),
        (("capability: 5", "capability: -5"), [("estimate-range", 5)]),
        (("position: 0.3", "option: open, position: 0.3"), [("stake-place", 5)]),
        ((", assumed: true", ""), [("estimate-unbased", 5)] * 3),
        (("influence:\n  border:", "influence:\n  border:\n    rounds: 3"), [("unknown-key", 3)]),
    ],
)
def test_faults_are_told_at_their_place(tmp_path, written, found):
    assert codes(tmp_path, SECTION.replace(*written)) == found


def test_an_option_without_a_basis_would_never_hold(tmp_path):
    bare = SECTION.replace(
        "option: closed, capability: 10 to 30, salience: 0.6 to 0.9, because: [c1]", "option: closed"
    )
    assert codes(tmp_path, bare) == [("entry-unbased", 4)]
    whole = bare.replace("    actors:", "    assumed: true\n    actors:")
    assert codes(tmp_path / "whole", whole) == []


def test_one_actor_is_too_few(tmp_path):
    section = "influence: {border: {actors: {north: {option: open, assumed: true}}}}\n"
    assert codes(tmp_path, section) == [("too-few", 1)]


def test_a_claim_behind_a_move_is_no_evidence_for_the_same_party_here(tmp_path):
    move = "moves: [{id: m, party: PARTY, on: 2026-02-01, name: x, chosen: go, over: [{id: go}, {id: stay}], because: [c1]}]\n"
    assert [c for c, _ in codes(tmp_path / "a", SECTION + move.replace("PARTY", "north"))] == [
        "evidence-twice"
    ]
    assert codes(tmp_path / "b", SECTION + move.replace("PARTY", "south")) == []


def test_a_private_file_lies_over_it(tmp_path):
    over = "influence: {border: {actors: {island: {capability: 50}, south: {option: open, salience: 1, assumed: true}}}}\n"
    found = read_case(write(tmp_path, CASE + SECTION, private__yaml=over))
    actors = found.file.influence["border"].actors
    assert list(actors) == ["north", "island", "south"]
    assert actors["island"].capability.estimate.middle() == 50
    assert "influence.border.actors.island.capability" in found.private


# ---- what it says


def test_every_number_has_a_path_a_party_and_a_basis(tmp_path):
    found = quantities(read_case(write(tmp_path, CASE + SECTION)).file)
    own = {path: q for path, q in found.items() if path.startswith("influence.")}
    parts = ("position", "capability", "salience")
    assert list(own) == [f"influence.border.actors.{a}.{p}" for a in ("north", "island") for p in parts]
    assert [q.party for q in own.values()] == ["north"] * 3 + ["island"] * 3
    assert own["influence.border.actors.north.salience"].basis.claims == ("c1",)
    assert own["influence.border.actors.island.salience"].basis.assumed


def test_the_unwritten_number_behind_an_option_is_no_input(tmp_path):
    paths, bases = inputs(read_case(write(tmp_path, CASE + SECTION)).file, "border")
    assert "influence.border.actors.north.position" not in paths
    assert "influence.border.actors.island.position" in paths
    assert [b.claims for b in bases] == [("c1",)]


def test_a_case_without_it_says_what_to_add(tmp_path):
    with pytest.raises(IncompleteCaseError) as error:
        arenas(read_case(write(tmp_path)).file)
    assert [p.code for p in error.value.problems] == ["needs-influence"]


# ---- how it is drawn


def test_options_lie_evenly_and_points_are_shares():
    found = made(
        {
            "left": stake(option="gates", capability=30, salience=0.5),
            "right": stake(option="open", capability=10, salience=1),
        }
    )
    drawn = standing(found.draws(50), "border")
    assert drawn.actors == ("left", "right")
    assert drawn.options.tolist() == [0, 0.5, 1]
    assert np.allclose(drawn.positions, [0.5, 1])
    assert np.allclose(drawn.capability, [0.75, 0.25])
    assert np.allclose(drawn.weights, [0.6, 0.4])


def test_without_evidence_positions_and_saliences_are_uniform_and_capabilities_flat():
    found = made({"left": stake(option="open"), "right": stake(position=0.2, capability=9)})
    drawn = standing(found.draws(4000, evidence="none"), "border")
    for part in (drawn.positions, drawn.salience, drawn.capability):
        assert np.allclose(part.mean(axis=0), 0.5, atol=0.02)
    assert np.allclose(drawn.capability.sum(axis=1), 1)
    assert np.quantile(drawn.positions, 0.25) == pytest.approx(0.25, abs=0.02)


def test_an_option_holds_where_its_claim_does():
    cited = {"option": "open", "capability": 1, "salience": 0.5, "because": ["c0"]}
    found = made({"left": cited, "right": stake(option="closed")}, claim("c0", "for opening", kind="offer"))
    drawn = found.draws(2000)
    holds = drawn.stands(drawn.quantity("influence.border.actors.left.position").basis)
    place = standing(drawn, "border").positions[:, 0]
    assert 0.1 < holds.mean() < 0.95
    assert (place[holds] == 1).all()
    assert place[~holds].mean() == pytest.approx(0.5, abs=0.06)


def test_a_reading_may_place_an_actor_elsewhere():
    path = "influence.border.actors.left.position"
    readings = {
        "left": [
            {"id": "soft", "prior": 0.5, "sets": {path: 0.25}, "assumed": True},
            {"id": "hard", "prior": 0.5, "assumed": True},
        ]
    }
    found = made({"left": stake(option="open"), "right": stake(option="closed")}, readings=readings)
    drawn = found.draws(400)
    place, reading = standing(drawn, "border").positions[:, 0], drawn.reading("left")
    assert (place[reading == 0] == 0.25).all()
    assert (place[reading == 1] == 1).all()
    paths, bases = inputs(found.file, "border")
    assert "readings.left" in paths
    assert len(bases) == 3


def test_nobody_who_cares_leaves_all_alike():
    found = made({"left": stake(option="open", salience=0), "right": stake(option="closed", salience=0)})
    assert np.allclose(standing(found.draws(5), "border").weights, 0.5)
