"""A standoff as arrays: states and their numbers, moves, merged states, outcomes, and what does not fit."""

from itertools import product
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.case.made import CASE, write
from tests.case.roadblock import OPTIONS, graph, made
from tests.docs.pages import fences
from tests.shared import ROOT
from zopa.case import conflict as module
from zopa.case.conflict import conflict_of, fitting, memory_needed
from zopa.case.examples import locate
from zopa.case.folder import problems, read_case
from zopa.case.remarks import remarks
from zopa.errors import IncompleteCaseError
from zopa.methods.graph_model import Graph, Lattice

SECTION = """\
standoff:
  assumed: true
  options: [{id: block, party: north, name: 封路}, {id: appeal, party: south, name: 上诉}]
"""


def arcs(conflict):
    """All moves as (party, number, number)."""
    n = conflict.numbers
    return {
        (party, int(n[s]), int(n[q]))
        for p, party in enumerate(conflict.parties)
        for s in range(len(conflict))
        for q in conflict.graph.moves(p, s)
    }


def codes(folder, section):
    return [p.code for p in problems(write(folder, CASE + section)) if p.place.file == "case.yaml"]


# ---- option form


def test_states_are_numbered_by_binary_value_the_first_option_lowest():
    conflict = conflict_of(made(infeasible=["block and pay"], status_quo=None).file)
    assert isinstance(conflict.model, Lattice)
    assert conflict.parties == ("left", "right")
    assert conflict.options == ("block", "pay", "appeal")
    assert conflict.model.states.tolist() == [0, 1, 2, 4, 5, 6]
    assert conflict.numbers.tolist() == [1, 2, 3, 4, 5, 6]
    assert conflict.status_quo == 0
    assert conflict.taken(4) == {"block": True, "pay": False, "appeal": True}
    assert [conflict.label(at, "en") for at in (0, 4)] == ["nothing is done", "block the road; appeal"]
    assert [conflict.label(at, "zh") for at in (0, 4)] == ["各方均未行动", "封路；上诉"]


def test_what_is_taken_now_is_the_status_quo():
    options = [{**OPTIONS[0], "now": True}, *OPTIONS[1:]]
    assert conflict_of(made(options=options).file).status_quo == 1
    impossible = made(options=options, infeasible=["block"])
    assert conflict_of(impossible.file).status_quo is None


def test_a_party_may_own_no_option_and_the_order_may_be_given():
    named = conflict_of(made(parties=["town", "right", "left"]).file)
    assert named.parties == ("town", "right", "left")
    assert named.model.owner.tolist() == [2, 2, 1]
    ranked = conflict_of(made({"town": {"statements": [{"holds": "pay"}]}}).file)
    assert ranked.parties == ("left", "right", "town")
    assert not {arc for arc in arcs(ranked) if arc[0] == "town"}


RULES = st.lists(
    st.sampled_from(["a and b", "b and not c", "c iff d", "a or d", "not a and not d", "d if a", "a and c"]),
    max_size=3,
)


@given(RULES)
def test_the_feasible_states_are_those_that_no_rule_forbids(rules):
    options = [{"id": o, "party": "left" if o < "c" else "right", "name": o} for o in "abcd"]
    python = {r: r.replace("c iff d", "c == d").replace("d if a", "d or not a") for r in rules}
    want = [
        n
        for n, (d, c, b, a) in enumerate(product([False, True], repeat=4))
        if not any(eval(text, {"a": a, "b": b, "c": c, "d": d}) for text in python.values())
    ]
    case = made(options=options, infeasible=rules)
    if want:
        with patch.object(module, "CHUNK", 3):
            in_parts = conflict_of(case.file)
        assert in_parts.model.states.tolist() == conflict_of(case.file).model.states.tolist() == want


def test_rules_of_three_parties_with_every_word_of_the_language():
    conflict = conflict_of(made(outcomes=[]).file)
    assert conflict.truth("非 block 且 pay").tolist() == [
        False,
        False,
        True,
        False,
        False,
        False,
        True,
        False,
    ]
    assert conflict.truth("block if appeal").sum() == 6
    assert conflict.truth("block iff appeal").sum() == 4


# ---- graph form


def test_a_graph_with_common_moves_facts_and_reasons():
    case = made(
        options=[],
        states=[
            {"n": 1, "name": {"en": "order", "zh": "命令"}, "holds": ["order"]},
            {"n": 4, "name": {"en": "deal", "zh": "协议"}, "holds": ["order", "deal"]},
            {"n": 9, "name": {"en": "closed", "zh": "关闭"}},
        ],
        arcs=[
            {"party": "left", "from": 1, "to": 4, "name": {"en": "by agreement", "zh": "经协商"}},
            {"party": "right", "from": 1, "to": 4, "assumed": True},
            {"party": "right", "from": 4, "to": 9},
        ],
        outcomes=[
            {"id": "deal", "name": "deal", "when": "deal", "kind": "deal"},
            {"id": "end", "name": "end", "states": [9]},
        ],
        status_quo=4,
    )
    conflict = conflict_of(case.file)
    assert isinstance(conflict.model, Graph)
    assert conflict.graph is conflict.model
    assert conflict.options == ()
    assert arcs(conflict) == {("left", 1, 4), ("right", 1, 4), ("right", 4, 9)}
    assert conflict.status_quo == 1
    assert conflict.label(2, "zh") == "关闭"
    assert {k: v.tolist() for k, v in conflict.outcomes.items()} == {
        "deal": [False, True, False],
        "end": [False, False, True],
    }
    assert conflict.kind("deal").tolist() == [False, True, False]
    assert conflict.taken(0) == {"order": True, "deal": False}


def test_facts_of_a_graph_are_names_for_its_rules(tmp_path):
    section = """\
standoff:
  assumed: true
  states: [{n: 1, name: 命令, holds: [order]}, {n: 2, name: 关闭}]
  arcs: [{party: north, from: 1, to: 2}, {party: south, from: 2, to: 1}]
  rankings:
    north: {statements: [{holds: order}, {holds: odrer}]}
"""
    assert codes(tmp_path, section) == ["dangling-id"]
    assert codes(tmp_path, section.replace("odrer", "not order")) == ["statement-opposite"]


@pytest.mark.parametrize("page", ["reference/case-file.md", "zh/reference/case-file.md"])
def test_the_graph_of_the_reference_page_is_a_case_without_fault(tmp_path, page):
    [text] = [
        f.text for f in fences(ROOT / "docs" / page) if f.text.startswith("standoff:\n") and "arcs:" in f.text
    ]
    assert codes(tmp_path, text) == []
    conflict = conflict_of(read_case(tmp_path).file)
    assert arcs(conflict) == {("north", 1, 2), ("north", 1, 3), ("south", 1, 3)}
    assert conflict.unseen.tolist() == [[False] * 3, [False, False, True]]


# ---- merged states


def test_elmira_with_the_closed_plant_as_one_state():
    """Hipel, Kilgour, Fang & Peng (1997): nine states, the last an end from which nobody comes back."""
    file = locate("elmira")
    case = read_case(file).file
    standoff = case.standoff.model_validate(
        {
            **case.standoff.model_dump(by_alias=True, exclude_unset=True),
            "merged": [{"states": [5, 6, 11, 12], "name": {"en": "the plant is closed", "zh": "工厂关闭"}}],
        }
    )
    conflict = conflict_of(case.model_copy(update={"standoff": standoff}))
    assert conflict.numbers.tolist() == [1, 2, 3, 4, 5, 7, 8, 9, 10]
    assert conflict.label(4, "en") == "the plant is closed"
    assert conflict.places[12] == 4
    assert conflict.outcomes["closure"].tolist() == [n == 5 for n in conflict.numbers]
    moves = arcs(conflict)
    assert {a for a in moves if a[0] == "moe"} == {
        ("moe", a, b) for a, b in ((1, 2), (3, 4), (7, 8), (9, 10))
    }
    assert {a[1] for a in moves if a[2] == 5} == {1, 2, 3, 4, 7, 8, 9, 10}
    assert not {a for a in moves if a[1] == 5}
    assert {a for a in moves if a[0] == "local-government"} == {
        ("local-government", a, b) for x, y in ((1, 7), (2, 8), (3, 9), (4, 10)) for a, b in ((x, y), (y, x))
    }


def test_merged_states_of_a_graph_keep_no_move_to_themselves():
    case = graph([("left", 1, 2), ("left", 2, 3), ("right", 3, 1)], merged=[{"states": [2, 3]}], status_quo=3)
    conflict = conflict_of(case.file)
    assert conflict.numbers.tolist() == [1, 2]
    assert arcs(conflict) == {("left", 1, 2), ("right", 2, 1)}
    assert conflict.status_quo == 1
    assert conflict.members == {2: (2, 3)}


@pytest.mark.parametrize(
    ("merged", "found"),
    [
        ("[{states: [1, 2]}]", []),
        ("[{states: [1, 5]}]", ["state-unknown"]),
        ("[{states: [1, 2]}, {states: [2, 3]}]", ["id-twice"]),
        ("[{states: [1]}]", ["too-few"]),
    ],
)
def test_states_to_merge_exist_and_are_merged_once(tmp_path, merged, found):
    assert codes(tmp_path, f"{SECTION}  merged: {merged}\n") == found


# ---- misperception


def test_states_a_party_does_not_see():
    case = made({"right": {"ranking": [[1], [2]], "misperceived": [3, 8]}})
    unseen = conflict_of(case.file).unseen
    assert unseen.shape == (2, 8)
    assert [tuple(x) for x in np.argwhere(unseen)] == [(1, 2), (1, 7)]
    assert conflict_of(made().file).unseen is None


# ---- what is refused


def test_without_a_standoff():
    for case in (made(options=[]), made()):
        file = case.file.model_copy(update={"standoff": None}) if case.file.standoff.options else case.file
        with pytest.raises(IncompleteCaseError, match="needs-standoff"):
            conflict_of(file)


def test_one_decision_maker_is_no_standoff():
    with pytest.raises(IncompleteCaseError, match="a single decision maker"):
        conflict_of(made(options=OPTIONS[:2]).file)


def test_a_conflict_without_room_is_refused_before_any_memory_is_taken():
    options = [{"id": f"o{k}", "party": "left" if k % 2 else "right", "name": f"o{k}"} for k in range(24)]
    case = made(options=options)
    with (
        patch.object(module, "memory_free", return_value=memory_needed(20, 2)),
        patch.object(module, "feasible_states", side_effect=AssertionError("memory was taken")),
        pytest.raises(IncompleteCaseError, match=r"2\^24 combinations.*11.1 GiB.*\n.*20 options fit"),
    ):
        conflict_of(case.file)


@given(st.integers(2, 8), st.integers(0, 27))
def test_what_fits_is_the_most_that_fits(parties, options):
    with patch.object(module, "memory_free", return_value=memory_needed(options, parties)):
        assert fitting(parties) == options


def test_memory_grows_with_parties_and_doubles_with_an_option():
    assert memory_needed(10, 3) > memory_needed(10, 2)
    assert memory_needed(21, 4) == 2 * memory_needed(20, 4)


def test_a_container_that_is_allowed_less_than_the_machine_has(tmp_path):
    before = module.memory_free()
    with patch.object(module, "CONTROL_GROUPS", tmp_path):
        (tmp_path / "memory.max").write_text("max\n", encoding="ascii")
        (tmp_path / "memory.current").write_text("1000\n", encoding="ascii")
        assert module.memory_free() > 1000 or before <= 1000
        (tmp_path / "memory.max").write_text("5000\n", encoding="ascii")
        assert module.memory_free() == 4000
        (tmp_path / "memory").mkdir()
        (tmp_path / "memory/memory.limit_in_bytes").write_text("700\n", encoding="ascii")
        (tmp_path / "memory/memory.usage_in_bytes").write_text("900\n", encoding="ascii")
        assert module.memory_free() == 0


def test_a_large_conflict_is_told_when_the_case_is_read_and_stops_nothing(tmp_path):
    with patch.object(module, "memory_free", return_value=100):
        case = read_case(write(tmp_path, CASE + SECTION))
    assert [p.code for p in case.warnings] == ["standoff-too-large"]


def test_a_list_of_states_needs_a_basis_like_any_statement(tmp_path):
    bare = SECTION.replace("  assumed: true\n", "") + "  rankings: {north: {ranking: [[1], [2], [3], [4]]}}\n"
    assert codes(tmp_path, bare) == ["entry-unbased"]
    assert codes(tmp_path, bare.replace("[4]]", "[4]], because: [c1]")) == []


# ---- statements that cannot matter


def test_remarks_name_the_statement_and_why():
    rankings = {
        "left": {
            "statements": [
                {"id": "road", "holds": "block"},
                {"holds": "block or not block"},
                {"id": "open", "holds": "not block"},
                {"id": "both", "holds": "block and pay"},
            ]
        },
        "right": {
            "statements": [{"holds": "appeal"}, {"id": "court", "holds": "appeal and not (block and pay)"}]
        },
    }
    found = remarks(conflict_of(made(rankings, infeasible=["block and pay"]).file))
    assert [(r.party, r.statement, r.code) for r in found] == [
        ("left", 1, "statement-always"),
        ("left", 2, "statement-opposite"),
        ("left", 3, "statement-never"),
        ("right", 1, "statement-repeated"),
    ]
    assert found[1].message("zh") == "陈述“open”与“road”相互矛盾：后者不成立时它才成立"


def test_examples_have_no_statement_without_effect():
    for name in ("muscat-2026", "elmira"):
        assert remarks(conflict_of(read_case(locate(name)).file)) == ()


def test_muscat_has_a_conflict_worth_judging():
    conflict = conflict_of(read_case(locate("muscat-2026")).file)
    assert conflict.parties == ("us", "iran", "israel", "oman")
    assert len(conflict) >= 64
    assert conflict.status_quo == 0
    assert all(states.any() for states in conflict.outcomes.values())
