"""Tables of states: written with verdicts and reasons, read again to the same standoff, problems located."""

import csv
import io
import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.case.standoffs import DAY, case_of, exported, standoff, told
from tests.case.test_interop_conflict import CONFLICTS, DAM, GRAPH, load, ranked, states_of
from zopa.case.conflict import conflict_of
from zopa.case.folder import read_case
from zopa.case.interop import import_csv, write_standoff_csv
from zopa.case.interop.uncovered import uncovered
from zopa.errors import DossierError, ZopaError

TABLE = """状态,现状,北方：封锁道路,南方：诉诸法院,排序：北方,排序：南方
单向,,on,,,
1,,N,N,2,1
2,x,Y,N,1,4
3,,N,Y,3,2
4,,Y,Y,3,
"""


def imported(text: str, folder: Path) -> Any:
    file = folder / "table.csv"
    file.write_text(text, encoding="utf-8")
    return load(import_csv(file, folder / "case", as_of=DAY))


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


# ---- reading ---------------------------------------------------------------------------------------------------------


def test_a_table_of_states(tmp_path: Path) -> None:
    model = imported(TABLE, tmp_path).standoff
    assert [(o.id, o.party, o.name.get("zh"), o.one_way, o.now) for o in model.options] == [
        ("option_1", "party-1", "封锁道路", "on", True),
        ("option_2", "party-2", "诉诸法院", None, False),
    ]
    assert model.infeasible == ()
    assert model.rankings["party-1"].ranking == ((2,), (1,), (3, 4))
    assert model.rankings["party-2"].ranking == ((1,), (3,), (2,))
    assert model.rankings["party-2"].misperceived == (4,)
    assert "没有标出现状" not in (tmp_path / "case/case.yaml").read_text(encoding="utf-8")


def test_rows_and_columns_in_any_order_and_what_an_analysis_found_is_not_taken_over(tmp_path: Path) -> None:
    text = (
        "rank: South;n;South: Appeal: to the court;Nash: stable for;rank: North;North: Block;Nash: why;GMR: equilibrium\n"
        "1;7;no;South;2.5;no;because;yes\n3;9;yes;;4;no;;no\n4;8;no;North;1;yes;=1+1;yes\n"
    )
    model = imported(text, tmp_path).standoff
    # Options are numbered as their columns stand; parties as those of their ranks.
    assert [(o.party, o.name.get("en")) for o in model.options] == [
        ("south", "Appeal: to the court"),
        ("north", "Block"),
    ]
    assert [rule.when for rule in model.infeasible] == ["appeal_to_the_court and block"]
    # 1 nothing, 2 appeal, 3 block.
    assert ranked(model, "south") == [[1], [2], [3]]
    assert ranked(model, "north") == [[3], [1], [2]]
    assert "marks no status quo" in (tmp_path / "case/case.yaml").read_text(encoding="utf-8")


def test_a_graph(tmp_path: Path) -> None:
    text = "state,name,moves: North,rank: North,rank: South\n2,tense,1 3,1,2\n1,calm,2,2,1\n3,,,3,3\n"
    model = imported(text, tmp_path).standoff
    assert [(s.n, s.name.get("en")) for s in model.states] == [(1, "calm"), (2, "tense"), (3, "3")]
    assert [(a.party, a.from_, a.to) for a in model.arcs] == [
        ("north", 1, 2),
        ("north", 2, 1),
        ("north", 2, 3),
    ]
    assert model.rankings["south"].ranking == ((1,), (2,), (3,))


def test_a_graph_keeps_its_own_numbers(tmp_path: Path) -> None:
    text = "state,name,moves: North,moves: South,rank: North,rank: South\n30,war,,,3,3\n10,calm,20,,2,1\n20,,,10 30,1,2\n"
    model = imported(text, tmp_path).standoff
    assert [(s.n, s.name.get("en")) for s in model.states] == [(10, "calm"), (20, "20"), (30, "war")]
    assert [(a.party, a.from_, a.to) for a in model.arcs] == [
        ("north", 10, 20),
        ("south", 20, 10),
        ("south", 20, 30),
    ]
    assert model.rankings["north"].ranking == ((20,), (10,), (30,))
    assert model.status_quo == 10
    # Such numbers go out again as they are, in a table and in a graph; the neutral form counts from 1 and says so.
    case = read_case(tmp_path / "case")
    assert rows(exported(case, tmp_path / "t.csv", "states")[0])[1] == ["10", "x", "calm", "20", "", "2", "1"]
    assert 's20 -> s30 [label="South"' in exported(case, tmp_path / "g.dot", "dot")[0]
    written, notes = exported(case, tmp_path / "c.json", "conflict")
    assert json.loads(written)["decision_makers"][1]["moves"] == [[2, 1], [2, 3]]
    assert [note.partition(",")[0] for note in notes] == ["the states are numbered anew"]


@pytest.mark.parametrize(
    ("old", "new", "code", "place"),
    [
        ("南方：诉诸法院", "东方：诉诸法院", "import-states-column", "table.csv:1:15"),
        ("南方：诉诸法院", "南方：", "import-states-column", "table.csv:1:15"),
        ("南方：诉诸法院", "北方：封锁道路", "import-csv-twice", "table.csv:1:15"),
        ("排序：南方", "排序：北方", "import-csv-twice", "table.csv:1:29"),
        ("2,x,Y,N", "2,x,可能,N", "import-states-yes-no", "table.csv:4:5"),
        ("2,x,Y,N", "2,?,Y,N", "import-csv-mark", "table.csv:4:3"),
        ("1,,N,N", "1,x,N,N", "import-states-quo", "table.csv:4:3"),
        ("3,,N,Y", "3,,N,N", "import-states-twice", "table.csv:5:1"),
        ("单向,,on", "单向,,once", "import-states-one-way", "table.csv:2:5"),
        ("N,N,2,1", "N,N,second,1", "import-csv-number", "table.csv:3:8"),
        ("N,N,2,1", "N,N,nan,1", "import-csv-number", "table.csv:3:8"),
        ("N,N,2,1", "N,N,2", "import-csv-cells", "table.csv:3:1"),
    ],
)
def test_what_a_table_may_not_say(old: str, new: str, code: str, place: str, tmp_path: Path) -> None:
    assert old in TABLE
    with pytest.raises(DossierError) as caught:
        imported(TABLE.replace(old, new), tmp_path)
    assert (code, place) in [(p.code, str(p.place)) for p in caught.value.problems]
    assert not (tmp_path / "case").exists()


def test_a_table_without_rows_or_with_too_many_options_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DossierError, match="import-csv-empty"):
        imported(TABLE.splitlines()[0] + "\n", tmp_path)
    many = ",".join(f"A: {k}" for k in range(30))
    with pytest.raises(DossierError, match="import-conflict-options"):
        imported(f"state,{many},rank: A,rank: B\n1,{',' * 29},1,1\n", tmp_path)


@given(st.data())
@settings(max_examples=100)
def test_a_damaged_table_is_imported_or_refused_but_never_fails(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(TABLE)))
    stop = data.draw(st.integers(start, min(len(TABLE), start + 8)))
    text = TABLE[:start] + data.draw(st.text(alphabet=',"\n：=YNx19 甲', max_size=6)) + TABLE[stop:]
    folder = tmp_path_factory.mktemp("torn")
    (folder / "t.csv").write_text(text, encoding="utf-8")
    try:
        read_case(import_csv(folder / "t.csv", folder / "case", as_of=DAY))
        return
    except ZopaError as error:
        refused = error
    assert refused.problems
    assert all(p.code.startswith("import-") and p.place.line for p in refused.problems)


# ---- which combinations are infeasible -------------------------------------------------------------------------------


@given(
    st.integers(1, 6).flatmap(lambda k: st.tuples(st.just(k), st.sets(st.integers(0, 2**k - 1), min_size=1)))
)
def test_rules_leave_out_exactly_what_has_no_row(found: tuple[int, set[int]]) -> None:
    options, states = found
    cubes = uncovered(np.array(sorted(states), dtype=np.int64), options)
    out = {s for s in range(2**options) for cube in cubes if all((s >> k & 1) == on for k, on in cube)}
    assert out == set(range(2**options)) - states


def test_rules_come_back_as_they_were_thought() -> None:
    # Exactly one of three: no two together, and not none of them.
    cubes = uncovered(np.array([1, 2, 4]), 3)
    assert sorted(cubes) == [
        ((0, False), (1, False), (2, False)),
        ((0, True), (1, True)),
        ((0, True), (2, True)),
        ((1, True), (2, True)),
    ]


# ---- writing ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("data", [DAM, {**DAM, "status_quo": 5}, GRAPH])
def test_a_table_comes_back_as_it_went(data: dict[str, Any], lang: str, tmp_path: Path) -> None:
    case = case_of(data, tmp_path)
    text, notes = exported(case, tmp_path / "out.csv", "states", lang)
    assert notes == ()
    imported(text, tmp_path)
    again = read_case(tmp_path / "case")
    assert told(again) == told(case)
    assert exported(again, tmp_path / "twice.csv", "csv", lang)[0] == text


@pytest.mark.skipif(not CONFLICTS, reason="development data ../shared/data/standoff is not here")
@pytest.mark.parametrize("given_case", CONFLICTS, ids=lambda c: c["name"])
def test_the_shared_conflicts_come_back(given_case: dict[str, Any], tmp_path: Path) -> None:
    case = case_of(given_case, tmp_path)
    imported(exported(case, tmp_path / "out.csv", "states")[0], tmp_path)
    assert told(read_case(tmp_path / "case")) == told(case)


def test_verdicts_stand_beside_with_their_reasons(tmp_path: Path) -> None:
    conflict = conflict_of(case_of(GRAPH, tmp_path).file)
    ranks = np.array([[3, 4, 2, 1], [3, 2, 4, 1]], dtype=np.int32)
    nash = np.array([[False, True, True, False], [False, True, True, False]])
    gmr = np.array([[True, True, True, False], [True, True, True, False]])
    why = ["Row would rather swerve not.", "", "", '=HYPERLINK("x")']
    path = write_standoff_csv(conflict, ranks, {"nash": nash, "gmr": gmr}, {"nash": why}, tmp_path / "v.csv")
    header, *found = rows(path.read_text(encoding="utf-8"))
    assert header == [
        "state", "status quo", "name", "moves: Row", "moves: Col", "rank: Row", "rank: Col",
        "Nash: stable for", "Nash: equilibrium", "Nash: why", "GMR: stable for", "GMR: equilibrium",
    ]  # fmt: skip
    assert found[0] == ["1", "x", "CC", "2", "3", "2", "2", "", "no", why[0], "Row; Col", "yes"]
    assert found[1] == ["2", "", "DC", "1", "4", "1", "3", "Row; Col", "yes", "", "Row; Col", "yes"]
    # What a spreadsheet would run as a formula stands behind an apostrophe.
    assert found[3][9] == '\'=HYPERLINK("x")'
    with pytest.raises(DossierError, match="export-target-exists"):
        write_standoff_csv(conflict, ranks, {}, {}, path)
    zh = write_standoff_csv(conflict, ranks, {"sseq": nash}, {"sseq": why}, tmp_path / "zh.csv", lang="zh")
    header, first, *_ = rows(zh.read_text(encoding="utf-8"))
    assert header[-3:] == ["SSEQ：稳定方", "SSEQ：均衡", "SSEQ：理由"]
    assert first[-3:-1] == ["", "否"]
    # Read again, all that is passed over.
    assert told(read_case(import_csv(zh, tmp_path / "read", as_of=DAY)))["moves"] == [
        ("Col", 1, 3), ("Col", 2, 4), ("Col", 3, 1), ("Col", 4, 2),
        ("Row", 1, 2), ("Row", 2, 1), ("Row", 3, 4), ("Row", 4, 3),
    ]  # fmt: skip


HOSTILE = ["=1+1", "+1", "-1", "@cmd", 'a "b", c', "＝1", "; x", "<b>&"]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_that_are_formulas_stay_names(name: str, tmp_path: Path) -> None:
    data = json.loads(json.dumps(DAM))
    data["decision_makers"][0]["name"] = name
    data["decision_makers"][0]["options"][0]["name"] = name
    case = case_of(data, tmp_path)
    text, _ = exported(case, tmp_path / "out.csv", "states")
    for row in rows(text):
        for cell in row:
            assert cell[:1] not in ("=", "+", "-", "@", "＝", "\t", "\r")
    imported(text, tmp_path)
    assert told(read_case(tmp_path / "case")) == told(case)


def test_a_table_lists_every_feasible_state_once(tmp_path: Path) -> None:
    case = case_of(DAM, tmp_path)
    _, *found = rows(exported(case, tmp_path / "out.csv", "states")[0])
    assert found[0][:5] == ["one way", "", "on", "", "off"]
    expected = [["Y" if on else "N" for on in state.values()] for state in states_of(standoff(case))]
    assert [row[2:5] for row in found[1:]] == expected
    assert all(len(row) == len(found[0]) for row in found)
    assert list(itertools.chain(*(row[7:] for row in found[1:]))) == ["1", "2", "3", "(4)", "(5)", "6"]


def test_the_rank_of_a_state_that_is_not_seen_comes_back(tmp_path: Path) -> None:
    """What a party is brought to unawares still deters it, or does not: its rank there counts."""
    case = imported(TABLE.replace("3,,N,Y,3,2", "3,,N,Y,(3),2").replace("Y,3,\n", "Y,3,5\n"), tmp_path)
    ranking = case.standoff.rankings[case.standoff.parties[0]]
    assert len(ranking.misperceived) == 1
    assert set(ranking.misperceived) <= {n for tier in ranking.ranking for n in tier}
    kept = read_case(tmp_path / "case")
    again, _ = exported(kept, tmp_path / "again.csv", "states")
    assert [row[4] for row in rows(again)].count("(3)") == 1
    (tmp_path / "back").mkdir()
    imported(again, tmp_path / "back")
    assert told(read_case(tmp_path / "back" / "case")) == told(kept)
