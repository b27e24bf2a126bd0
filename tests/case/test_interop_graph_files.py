"""The state graph as GraphML and DOT: every state and move, improvements where they are certain, names as data only."""

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.case.standoffs import case_of, exported
from tests.case.test_interop_conflict import DAM, GRAPH
from zopa.case.conflict import conflict_of
from zopa.case.examples import open_case

SPACE = "{http://graphml.graphdrawing.org/xmlns}"


def graphml(text: str) -> tuple[dict[str, dict[str, str]], list[dict[str, str]]]:
    """Nodes and edges by the names of their attributes, as a program that knows nothing of zopa reads them."""
    root = ET.fromstring(text)
    assert root.tag == f"{SPACE}graphml"
    keys = {k.get("id"): k.get("attr.name") for k in root.findall(f"{SPACE}key")}
    of = {
        d: [k.get("attr.name") for k in root.findall(f"{SPACE}key") if k.get("for") == d]
        for d in ("node", "edge")
    }
    assert all(len(names) == len(set(names)) for names in of.values())

    def held(element: Any) -> dict[str, str]:
        return {str(keys[d.get("key")]): d.text or "" for d in element.findall(f"{SPACE}data")}

    graph = root.find(f"{SPACE}graph")
    assert graph is not None
    assert graph.get("edgedefault") == "directed"
    nodes = {str(n.get("id")): held(n) for n in graph.findall(f"{SPACE}node")}
    edges = [{**e.attrib, **held(e)} for e in graph.findall(f"{SPACE}edge")]
    assert all(e["source"] in nodes and e["target"] in nodes for e in edges)
    return nodes, edges


QUOTED = r'"((?:[^"\\]|\\.)*)"'
NODE = re.compile(rf"  (s\d+) \[label={QUOTED}(, peripheries=2)?\];")
EDGE = re.compile(rf'  (s\d+) -> (s\d+) \[label={QUOTED}, style=(\w+), color="#[0-9a-f]{{6}}"\];')


def dot(text: str) -> tuple[dict[str, str], list[tuple[str, str, str, str]]]:
    """Nodes and edges of the file; a line that is neither is one of the four that open and close it."""
    nodes, edges, other = {}, [], []
    for line in text.splitlines():
        if found := NODE.fullmatch(line):
            nodes[found[1]] = plain(found[2])
        elif found := EDGE.fullmatch(line):
            edges.append((found[1], found[2], plain(found[3]), found[4]))
        else:
            other.append(line)
    assert [line.strip().partition(" ")[0] for line in other] == ["digraph", "node", "edge", "}"]
    return nodes, edges


def plain(quoted: str) -> str:
    return re.sub(r"\\(.)", r"\1", quoted)


def test_every_state_and_move_of_a_graph(tmp_path: Path) -> None:
    case = case_of(GRAPH, tmp_path)
    nodes, edges = graphml(exported(case, tmp_path / "g.graphml", "graphml")[0])
    assert {k: v["label"] for k, v in nodes.items()} == {"s1": "CC", "s2": "DC", "s3": "CD", "s4": "DD"}
    assert [v["status quo"] for v in nodes.values()] == ["true", "false", "false", "false"]
    assert [(e["source"], e["target"], e["party"], e["improvement"]) for e in edges] == [
        ("s1", "s2", "Row", "true"), ("s2", "s1", "Row", "false"), ("s3", "s4", "Row", "false"), ("s4", "s3", "Row", "true"),
        ("s1", "s3", "Col", "true"), ("s2", "s4", "Col", "false"), ("s3", "s1", "Col", "false"), ("s4", "s2", "Col", "true"),
    ]  # fmt: skip
    lines, arrows = dot(exported(case, tmp_path / "g.dot", "dot")[0])
    assert lines == {"s1": "1  CC", "s2": "2  DC", "s3": "3  CD", "s4": "4  DD"}
    style = {"true": "solid", "false": "dashed"}
    assert arrows == [(e["source"], e["target"], e["party"], style[e["improvement"]]) for e in edges]


@pytest.mark.parametrize("name", ["elmira", "muscat-2026"])
def test_every_state_and_move_of_the_examples(name: str, tmp_path: Path) -> None:
    case = open_case(name)
    conflict = conflict_of(case.file)
    nodes, edges = graphml(exported(case, tmp_path / "g.graphml", "graphml", "zh")[0])
    lines, arrows = dot(exported(case, tmp_path / "g.dot", "dot", "zh")[0])
    expected = [
        (f"s{conflict.numbers[s]}", f"s{conflict.numbers[q]}")
        for i in range(len(conflict.parties))
        for s in range(len(conflict))
        for q in conflict.graph.moves(i, s)
    ]
    assert [(e["source"], e["target"]) for e in edges] == expected == [(a, b) for a, b, _, _ in arrows]
    assert list(nodes) == list(lines) == [f"s{n}" for n in conflict.numbers]
    for s, values in enumerate(nodes.values()):
        for option in conflict.standoff.options:
            # An option and an outcome of one name are told apart by their keys.
            named = [
                values[k]
                for k in values
                if k == option.name.get("zh") or k.startswith(f"{option.name.get('zh')} (o")
            ]
            assert named == [str(conflict.taken(s)[option.id]).lower()]


def test_improvements_are_left_open_where_an_order_is_not_certain(tmp_path: Path) -> None:
    text, notes = exported(open_case("muscat-2026"), tmp_path / "g.graphml", "graphml")
    assert not any("improvement" in edge for edge in graphml(text)[1])
    assert notes[0].startswith(
        "whether a move is an improvement is left open for United States, Iran, Israel and Oman"
    )
    text, _ = exported(open_case("muscat-2026"), tmp_path / "g.dot", "dot")
    assert {style for *_, style in dot(text)[1]} == {"dotted"}
    text, notes = exported(open_case("elmira"), tmp_path / "e.dot", "dot")
    assert {style for *_, style in dot(text)[1]} == {"solid", "dashed"}
    assert notes == ()


HOSTILE = [
    'a" shape=none URL="javascript:alert(1)',
    "a\\",
    "\\N \\G \\l",
    "<b>bold</b>&amp;",
    "<![CDATA[x]]>",
    "]]>",
    "=1+1",
    "甲\u2028乙\x07丙",
    'a\\\\"b',
]


@given(st.one_of(st.sampled_from(HOSTILE), st.text(min_size=1, max_size=12)))
@settings(max_examples=60)
def test_names_are_data(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    folder = tmp_path_factory.mktemp("names")
    data = json.loads(json.dumps(DAM))
    data["decision_makers"][0]["name"] = data["decision_makers"][0]["options"][0]["name"] = f"x{name}"
    case = case_of(data, folder)
    nodes, edges = graphml(exported(case, folder / "g.graphml", "graphml")[0])
    lines, arrows = dot(exported(case, folder / "g.dot", "dot")[0])
    assert (len(nodes), len(edges)) == (len(lines), len(arrows)) == (6, len(arrows))
    shown = {party for _, _, party, _ in arrows} - {"下游国"}
    assert len(shown) == 1
    if name.isprintable():
        assert shown == {" ".join(f"x{name}".split())}
        assert {e["party"] for e in edges} - {"下游国"} == shown
