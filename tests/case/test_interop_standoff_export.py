"""A standoff written in the neutral form and as .gmcr: read again it is the same, and what is lost is told."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.case.standoffs import DAY, case_of, exported, standoff, told
from tests.case.test_interop_conflict import CONFLICTS, DAM, GRAPH, patterns
from zopa.case.examples import open_case
from zopa.case.folder import read_case
from zopa.case.interop import export, import_conflict, import_gmcr
from zopa.errors import DossierError, IncompleteCaseError


def again(text: str, folder: Path, format_: str = "conflict") -> Any:
    """The case that a file just written makes."""
    file = folder / f"again.{format_}"
    file.write_text(text, encoding="utf-8")
    read = import_gmcr if format_ == "gmcr" else import_conflict
    return read_case(read(file, folder / f"again-{format_}", as_of=DAY))


@pytest.mark.parametrize("data", [DAM, {**DAM, "status_quo": 5}, GRAPH, {**GRAPH, "status_quo": 3}])
def test_the_neutral_form_comes_back_as_it_went(data: dict[str, Any], tmp_path: Path) -> None:
    case = case_of(data, tmp_path)
    text, notes = exported(case, tmp_path / "out.json", "conflict")
    assert notes == ()
    once = again(text, tmp_path)
    assert told(once) == told(case)
    # From then on nothing changes at all.
    assert exported(once, tmp_path / "twice.json", "conflict")[0] == text


def test_what_is_written_reads_like_the_form_itself(tmp_path: Path) -> None:
    text, _ = exported(case_of({**DAM, "status_quo": 5}, tmp_path), tmp_path / "out.json", "conflict")
    written = json.loads(text)
    upper, lower, observer = written["decision_makers"]
    assert upper["preference_priorities"] == [
        {"o1": "Y", "o3": "N"},
        {"any": [{"o2": "Y"}, {"o1": "N", "o3": "Y"}]},
    ]
    assert lower == {
        "name": "下游国",
        "options": [{"id": "o3", "name": "抗议"}],
        "ranking": [[1, 3], [2], [4], [5, 6]],
    }
    # States 4 (protest) and 5 (fill and protest) are those the observer does not see.
    assert observer["ranking"] == [[1], [2], [3], [4], [5], [6]]
    assert observer["misperceived"] == [
        {"o1": "N", "o2": "N", "o3": "Y"},
        {"o1": "Y", "o2": "N", "o3": "Y"},
    ]
    assert written["infeasible"] == [{"o1": "Y", "o2": "Y"}]
    assert written["irreversible"] == DAM["irreversible"]
    assert written["status_quo"] == 5
    assert [s["pattern"] for s in written["states"]] == ["NNN", "YNN", "NYN", "NNY", "YNY", "NYY"]


@pytest.mark.skipif(not CONFLICTS, reason="development data ../shared/data/standoff is not here")
@pytest.mark.parametrize("given_case", CONFLICTS, ids=lambda c: c["name"])
def test_the_shared_conflicts_come_back(given_case: dict[str, Any], tmp_path: Path) -> None:
    case = case_of(given_case, tmp_path)
    text, notes = exported(case, tmp_path / "out.json", "conflict")
    assert notes == ()
    assert told(again(text, tmp_path)) == told(case)
    if given_case["form"] == "option":
        text, notes = exported(case, tmp_path / "out.gmcr", "gmcr")
        assert notes == ()
        assert told(again(text, tmp_path, "gmcr")) == told(case)


@given(
    st.lists(patterns, max_size=2),
    st.lists(patterns, max_size=3),
    st.lists(patterns, max_size=2),
    st.sampled_from(
        [[], [{"option": "o2", "allowed": "N->Y only"}, {"option": "o4", "allowed": "Y->N only"}]]
    ),
)
@settings(max_examples=40)
def test_random_conflicts_come_back_in_both_formats(
    tmp_path_factory: pytest.TempPathFactory,
    infeasible: list[dict[str, Any]],
    priorities: list[dict[str, Any]],
    unseen: list[dict[str, Any]],
    ways: list[dict[str, Any]],
) -> None:
    makers = [
        {"name": "甲", "options": [{"id": "o1"}, {"id": "o2"}], "preference_priorities": priorities},
        {"name": "B", "options": [{"id": "o3"}, {"id": "o4"}], "preference_priorities": [{"o1": "N"}]},
        {"name": "C", "options": [], "preference_priorities": [{"o4": "Y"}], "misperceived": unseen},
    ]
    folder = tmp_path_factory.mktemp("random")
    data = {"name": "random", "decision_makers": makers, "infeasible": infeasible, "irreversible": ways}
    try:
        case = case_of(data, folder)
    except DossierError as refused:
        assert [p.code for p in refused.problems] == ["import-conflict-infeasible"]  # noqa: PT017
        return
    for format_ in ("conflict", "gmcr"):
        text, _ = exported(case, folder / f"out.{format_}", format_)
        assert told(again(text, folder, format_)) == told(case)


# ---- what stands at its middle, and what is lost ---------------------------------------------------------------------

CASE = """zopa: 1
title: {en: Dam, zh: 水坝}
status: draft
as_of: 2026-02-05
cite: made for this test
parties:
  north: {name: {en: North, zh: 北方}, role: negotiator}
  south: {name: {en: South, zh: 南方}, role: negotiator}
  east: {name: {en: East, zh: 东方}, role: negotiator}
standoff:
  assumed: true
  parties: [north, south, east]
  options:
    - {id: protest, party: south, name: {en: protest, zh: 抗议}, now: true}
    - {id: fill, party: north, name: {en: fill, zh: 蓄水}}
  infeasible: []
  threats: []
  rankings:
    north:
      statements:
        - {id: surely, holds: fill, chance: 1, assumed: true}
        - {id: likely, holds: fill 若 protest, chance: 0.5 to 0.9, assumed: true}
        - {id: unlikely, holds: protest, chance: 0.1 to 0.3, assumed: true}
      assumed: true
    south:
      by: weights
      statements:
        - {id: one, holds: not fill, weight: 3, chance: 1, assumed: true}
        - {id: two, holds: not protest, weight: 1, chance: 1, assumed: true}
        - {id: three, holds: fill and protest, weight: 2, chance: 1, assumed: true}
      prefers: [[1, 2]]
      assumed: true
  outcomes:
    - {id: quiet, name: {en: quiet, zh: 平静}, when: not fill and not protest, kind: talks}
"""


@pytest.fixture
def doubtful(tmp_path: Path) -> Any:
    folder = tmp_path / "doubtful"
    folder.mkdir()
    (folder / "case.yaml").write_text(CASE, encoding="utf-8")
    (folder / "claims.jsonl").touch()
    return read_case(folder)


def test_what_is_uncertain_stands_at_its_middle_and_is_told(doubtful: Any, tmp_path: Path) -> None:
    text, notes = exported(doubtful, tmp_path / "out.json", "conflict")
    north, south, east = json.loads(text)["decision_makers"]
    assert north["preference_priorities"] == [{"o1": "Y"}, {"any": [{"o1": "Y"}, {"o2": "N"}]}]
    # Options stand by owner now: 1 nothing, 2 fill, 3 protest, 4 both. Weights: 4, 1, 3, 2.
    assert south["ranking"] == [[1], [3], [4], [2]]
    assert east["ranking"] == [[1, 2, 3, 4]]
    assert json.loads(text)["status_quo"] == 3
    assert notes == (
        "one preference that is not certain is written as if it were: its chance is at least one half.",
        "one preference is left out, its chance being below one half: north.unlikely.",
        "single pairs of states (South: preferred in spite of the rest, unknown, or strongly preferred) are left out.",
        "the weights of South are written as the ranking of states that follows from them.",
        "nobody has said what East prefers: all states stand as equally good for it.",
        "left out too: named outcomes.",
        "the states are numbered anew, as such files number them (from 1, options in the order of their owners).",
    )
    zh = export(doubtful, tmp_path / "zh.json", format="conflict", lang="zh").told("zh")
    assert len(zh) == len(notes)
    assert zh[1] == "未写出 1 条可能性不到一半的偏好：north.unlikely。"


def test_a_statement_too_long_to_be_written_becomes_the_ranking_that_follows(tmp_path: Path) -> None:
    options = "".join(f"    - {{id: a{k}, party: north, name: a{k}}}\n" for k in range(11))
    # Whether an odd number of eleven options is taken: 1,024 alternatives, none of which covers another.
    rule = "a0"
    for k in range(1, 11):
        rule = f"({rule}) iff a{k}"
    text = CASE[: CASE.index("  options:")].replace("[north, south, east]", "[north, south]") + (
        f"  options:\n{options}  rankings:\n"
        f"    north: {{statements: [{{holds: {rule}, chance: 1, assumed: true}}], assumed: true}}\n"
        "    south: {statements: [{holds: not a0, chance: 1, assumed: true}], assumed: true}\n"
    )
    folder = tmp_path / "long"
    folder.mkdir()
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    (folder / "claims.jsonl").touch()
    written, notes = exported(read_case(folder), tmp_path / "out.json", "conflict")
    assert notes == (
        "a statement of North is too long for the format: the ranking of states that follows stands instead.",
    )
    north, south = json.loads(written)["decision_makers"]
    odd = [n for n in range(1, 2049) if (n - 1).bit_count() % 2 == 1]
    assert north["ranking"] == [odd, [n for n in range(1, 2049) if n not in set(odd)]]
    assert south["preference_priorities"] == [{"o1": "N"}]


def test_merged_states_are_written_as_a_graph(tmp_path: Path) -> None:
    # 1 nothing, 2 protest; 3 fill and 4 fill and protest count as one.
    merged = "  merged:\n    - {states: [3, 4], name: {en: filled, zh: 已蓄水}}\n"
    folder = tmp_path / "merged"
    folder.mkdir()
    (folder / "case.yaml").write_text(CASE.replace("  threats: []\n", merged), encoding="utf-8")
    (folder / "claims.jsonl").touch()
    text, notes = exported(read_case(folder), tmp_path / "out.json", "conflict")
    assert notes[-1] == (
        "left out too: the options and the single states behind merged ones and named outcomes."
    )
    found = told(again(text, tmp_path))
    assert found["states"] == ["nothing is done", "protest", "filled"]
    assert found["moves"] == [
        ("North", 1, 3), ("North", 2, 3), ("North", 3, 1), ("North", 3, 2), ("South", 1, 2), ("South", 2, 1),
    ]  # fmt: skip
    assert found["quo"] == 2


def test_one_ranking_by_hand_makes_all_of_a_gmcr_file_such(doubtful: Any, tmp_path: Path) -> None:
    text, notes = exported(doubtful, tmp_path / "out.gmcr", "gmcr", "zh")
    written = json.loads(text)
    assert written["useManualPreferenceRanking"] is True
    assert [m["preferenceRanking"] for m in written["decisionMakers"]] == [
        [[2, 4], 1, 3],
        [1, 3, 4, 2],
        [[1, 2, 3, 4]],
    ]
    assert [(o["name"], o["permittedDirection"]) for o in written["options"]] == [
        ("蓄水", "both"),
        ("抗议", "both"),
    ]
    assert notes[-1] == "未写出现状，读入时会以状态 1 为现状。"


def test_a_format_that_cannot_hold_a_graph_says_so(tmp_path: Path) -> None:
    case = case_of(GRAPH, tmp_path)
    with pytest.raises(DossierError, match="export-gmcr-graph"):
        export(case, tmp_path / "x.gmcr", format="gmcr")
    assert not (tmp_path / "x.gmcr").exists()


@pytest.mark.parametrize("format_", ["conflict", "gmcr", "states", "graphml", "dot"])
def test_nothing_is_overwritten_and_a_case_without_a_standoff_is_refused(
    format_: Any, tmp_path: Path
) -> None:
    (tmp_path / "there").write_text("mine")
    with pytest.raises(DossierError, match="export-target-exists"):
        export(open_case("elmira"), tmp_path / "there", format=format_)
    assert (tmp_path / "there").read_text() == "mine"
    with pytest.raises(IncompleteCaseError, match="needs-standoff"):
        export(open_case("england-zimbabwe"), tmp_path / "new", format=format_)
    assert not (tmp_path / "new").exists()


def test_the_muscat_case_keeps_its_states_and_orders(tmp_path: Path) -> None:
    case = open_case("muscat-2026")
    text, notes = exported(case, tmp_path / "out.json", "conflict")
    once = again(text, tmp_path)
    for format_ in ("conflict", "gmcr"):
        out, lost = exported(once, tmp_path / f"once.{format_}", format_)
        assert lost == ()
        folder = tmp_path / format_
        folder.mkdir()
        assert told(again(out, folder, format_)) == told(once)
    assert [o.one_way for o in standoff(once).options] == [o.one_way for o in standoff(case).options]
    assert told(once)["states"] == told(case)["states"]
    assert any("us.strike-itself" in sentence for sentence in notes)
