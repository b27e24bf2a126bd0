"""Graph-model conflicts in JSON into cases: states and rankings worked out again, problems located."""

import itertools
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.shared import SHARED
from zopa.case.folder import read_case
from zopa.case.format import format_case
from zopa.case.interop import import_conflict
from zopa.case.model import CaseFile
from zopa.case.standoff import Standoff
from zopa.errors import DossierError, ZopaError

DAY = date(2020, 1, 2)


def load(folder: Path, remarks: str = "") -> CaseFile:
    """The imported case through all checks of a case folder, in the house format; remarks only of a kind expected."""
    case = read_case(folder)
    assert all(remarks and problem.code.startswith(remarks) for problem in case.warnings)
    assert format_case(folder, write=False) == ()
    return case.file


def imported(data: object, folder: Path, remarks: str = "", **more: Any) -> CaseFile:
    file = folder / "file.json"
    file.write_text(data if isinstance(data, str) else json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return load(import_conflict(file, folder / "case", as_of=DAY, **more), remarks)


def standoff(case: CaseFile) -> Standoff:
    assert case.standoff is not None
    return case.standoff


# An independent reading of what was written: expressions of not, and, or are Python's own, states are listed naively.


def truth(expression: str, state: dict[str, bool]) -> bool:
    return bool(eval(expression, {"__builtins__": {}}, dict(state)))


def states_of(model: Standoff) -> list[dict[str, bool]]:
    ids = [option.id for option in model.options]
    # The first option is the lowest bit, so it changes fastest.
    every = (
        dict(zip(ids, reversed(bits), strict=True))
        for bits in itertools.product((False, True), repeat=len(ids))
    )
    return [s for s in every if not any(truth(rule.when, s) for rule in model.infeasible)]


def ranked(model: Standoff, party: str) -> list[list[int]]:
    """State numbers best first: a direct ranking, or prioritised statements compared from the first on."""
    ranking = model.rankings[party]
    if ranking.ranking:
        return [sorted(tier) for tier in ranking.ranking]
    scores: dict[tuple[bool, ...], list[int]] = {}
    for n, state in enumerate(states_of(model), start=1):
        scores.setdefault(tuple(truth(s.holds, state) for s in ranking.statements), []).append(n)
    return [scores[key] for key in sorted(scores, reverse=True)]


DAM: dict[str, Any] = {
    "name": "Dam",
    "form": "option",
    "source": "made for this test",
    "decision_makers": [
        {
            "name": "Upper State",
            "options": [{"id": "o1", "name": "Fill the dam"}, {"id": "o2", "name": "Not"}],
            "preference_priorities": [{"o1": "Y", "o3": "N"}, {"any": [{"o2": "Y"}, {"o1": "N", "o3": "Y"}]}],
        },
        {"name": "下游国", "options": [{"id": "o3", "name": "抗议"}], "ranking": [[1, 3], [2], [4], [5, 6]]},
        {
            "name": "Observer",
            "options": [],
            "ranking": [1, 2, 3, 4, 5, 6],
            "misperceived": [{"o3": "Y", "o2": "N"}],
        },
    ],
    "infeasible": [{"o1": "Y", "o2": "Y"}],
    "irreversible": [{"option": "o1", "allowed": "N->Y only"}, {"option": "o3", "allowed": "Y->N only"}],
    # Wrong on purpose: what a file says about states and equilibria is never taken over.
    "states": [{"n": 1, "pattern": "YYY"}],
    "counts": {"feasible_states": 99},
    "equilibria_definition": {"nash": [99]},
}


def test_option_form(tmp_path: Path) -> None:
    case = imported(DAM, tmp_path)
    model = standoff(case)
    assert case.title.get("en") == "Dam"
    assert case.cite is not None
    assert case.cite.get("en") == "made for this test"
    assert (case.status, case.as_of) == ("draft", DAY)
    assert case.negotiators == model.parties == ("upper-state", "party-2", "observer")
    assert case.parties["party-2"].name.get("zh") == "下游国"
    # Ids can stand in an expression: no reserved word, no leading digit, only letters, digits and underscores.
    assert [(o.id, o.party, o.name.get("en"), o.one_way) for o in model.options] == [
        ("fill_the_dam", "upper-state", "Fill the dam", "on"),
        ("not_2", "upper-state", "Not", None),
        ("option_3", "party-2", "抗议", "off"),
    ]
    assert [rule.when for rule in model.infeasible] == ["fill_the_dam and not_2"]
    assert [s.holds for s in model.rankings["upper-state"].statements] == [
        "fill_the_dam and not option_3",
        "not_2 or (not fill_the_dam and option_3)",
    ]
    assert all(
        s.chance.estimate.params == (1.0,) and s.assumed for s in model.rankings["upper-state"].statements
    )
    assert model.rankings["party-2"].ranking == ((1, 3), (2,), (4,), (5, 6))
    assert model.rankings["party-2"].assumed
    # Feasible: 000, 100, 010, 001, 101, 011 as (fill, not, protest); the observer does not see states 4 and 5.
    assert len(states_of(model)) == 6
    assert model.rankings["observer"].ranking == ((1,), (2,), (3,), (4,), (5,), (6,))
    assert model.rankings["observer"].misperceived == (4, 5)
    # (fill and not protest) ranks 2 first; then 3, 4, 6 satisfy the second statement; then 1, 5.
    assert ranked(model, "upper-state") == [[2], [3, 4, 6], [1, 5]]
    assert not any(o.now for o in model.options)


def test_the_first_feasible_state_stands_for_the_status_quo(tmp_path: Path) -> None:
    data = {**DAM, "infeasible": [{"o1": "N", "o2": "N"}, {"o1": "Y", "o2": "Y"}]}
    data["decision_makers"] = [
        DAM["decision_makers"][0],
        {**DAM["decision_makers"][1], "ranking": [[1, 2, 3, 4]]},
    ]
    model = standoff(imported(data, tmp_path))
    assert [o.id for o in model.options if o.now] == ["fill_the_dam"]


GRAPH: dict[str, Any] = {
    "name": "Chicken",
    "form": "graph",
    "decision_makers": [
        {"name": "Row", "moves": [[1, 2], [2, 1], [3, 4], [4, 3]], "ranking": [[2], [1], [3], [4]]},
        {"name": "Col", "moves": [[1, 3], [3, 1], [2, 4], [4, 2], [4, 2]], "ranking": [3, [1], [2], [4]]},
    ],
    "states": [{"n": n, "label": label} for n, label in enumerate(("CC", "DC", "CD", "DD"), start=1)],
}


def test_graph_form(tmp_path: Path) -> None:
    model = standoff(imported(GRAPH, tmp_path))
    assert [(s.n, s.name.get("en")) for s in model.states] == [(1, "CC"), (2, "DC"), (3, "CD"), (4, "DD")]
    arcs = [(a.party, a.from_, a.to) for a in model.arcs]
    assert arcs == [*(("row", *m) for m in [(1, 2), (2, 1), (3, 4), (4, 3)]),
                    *(("col", *m) for m in [(1, 3), (3, 1), (2, 4), (4, 2)])]  # fmt: skip
    assert model.rankings["col"].ranking == ((3,), (1,), (2,), (4,))
    assert model.status_quo == 1
    assert model.options == ()


def test_states_of_a_graph_are_optional_and_so_is_the_word_for_its_form(tmp_path: Path) -> None:
    data = {k: v for k, v in GRAPH.items() if k not in ("states", "form")}
    assert [s.name.get("en") for s in standoff(imported(data, tmp_path)).states] == ["1", "2", "3", "4"]


def test_choosing_among_several(tmp_path: Path) -> None:
    file = {"format": "graph-model cases, version 1", "cases": [DAM, GRAPH]}
    (tmp_path / "a").mkdir()
    assert imported(file, tmp_path / "a", name=" chicken ").title.get("zh") == "Chicken"
    for name, code in ((None, "import-conflict-choose"), ("Chick", "import-conflict-unknown-name")):
        with pytest.raises(DossierError) as caught:
            imported(file, tmp_path, name=name)
        assert [p.code for p in caught.value.problems] == [code]
        assert "Chicken" in caught.value.show("en")
        assert "Chicken" in caught.value.show("zh")
    (tmp_path / "b").mkdir()
    # A single case needs no name.
    assert imported({"cases": [GRAPH]}, tmp_path / "b").title.get("en") == "Chicken"


def test_a_case_is_never_overwritten(tmp_path: Path) -> None:
    imported(DAM, tmp_path)
    before = (tmp_path / "case/case.yaml").read_bytes()
    with pytest.raises(DossierError, match="import-target-exists"):
        imported(GRAPH, tmp_path)
    assert (tmp_path / "case/case.yaml").read_bytes() == before


def test_a_file_may_name_its_status_quo(tmp_path: Path) -> None:
    # State 5 is fill and protest.
    model = standoff(imported({**DAM, "status_quo": 5}, tmp_path))
    assert [o.id for o in model.options if o.now] == ["fill_the_dam", "option_3"]
    assert "names no status quo" not in (tmp_path / "case/case.yaml").read_text(encoding="utf-8")
    (tmp_path / "graph").mkdir()
    assert standoff(imported({**GRAPH, "status_quo": 4}, tmp_path / "graph")).status_quo == 4


def test_who_wants_nothing_in_particular_is_indifferent(tmp_path: Path) -> None:
    data = changed("decision_makers.0.preference_priorities", [], DAM)
    # A party without a ranking would be one whose preference nobody knows.
    assert standoff(imported(data, tmp_path)).rankings["upper-state"].ranking == ((1, 2, 3, 4, 5, 6),)


# ---- what is refused -----------------------------------------------------------------------------------------------


def changed(path: str, value: object, data: dict[str, Any]) -> dict[str, Any]:
    """The data with one place changed; ``...`` removes it."""
    out = json.loads(json.dumps(data))
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    at = out
    for step in way:
        at = at[step]
    if value is ...:
        del at[last]
    else:
        at[last] = value
    return out


@pytest.mark.parametrize(
    ("path", "value", "code", "where"),
    [
        ("decision_makers", ..., "import-conflict-missing", "$"),
        ("decision_makers", {}, "import-conflict-list", "decision_makers"),
        ("decision_makers", [], "import-conflict-no-makers", "decision_makers"),
        ("decision_makers.0", "x", "import-conflict-object", "decision_makers[0]"),
        ("decision_makers.0.name", ..., "import-conflict-missing", "decision_makers[0]"),
        ("decision_makers.0.name", 7, "import-conflict-text", "decision_makers[0].name"),
        ("decision_makers.0.name", "Observer", "import-conflict-repeated", "decision_makers[2].name"),
        ("decision_makers.0.options", ..., "import-conflict-missing", "decision_makers[0]"),
        ("decision_makers.0.options.0.id", "o3", "import-conflict-repeated", "decision_makers[1].options[0].id"),
        ("decision_makers.0.options.0.id", ..., "import-conflict-missing", "decision_makers[0].options[0]"),
        ("decision_makers.0.preference_priorities", ..., "import-conflict-no-preference", "decision_makers[0]"),
        ("decision_makers.0.preference_priorities.0", {}, "import-conflict-empty-pattern", "decision_makers[0].preference_priorities[0]"),
        ("decision_makers.0.preference_priorities.0", {"o9": "Y"}, "import-conflict-unknown-option", "decision_makers[0].preference_priorities[0]"),
        ("decision_makers.0.preference_priorities.0.o1", True, "import-conflict-yes-no", "decision_makers[0].preference_priorities[0].o1"),
        ("decision_makers.0.preference_priorities.1.any", [], "import-conflict-list", "decision_makers[0].preference_priorities[1].any"),
        ("decision_makers.0.prefernce_priorities", [], "import-conflict-key", "decision_makers[0]"),
        ("decision_makers.1.ranking", [[1, 3], [2], [4], [5]], "import-conflict-left-out", "decision_makers[1].ranking"),
        ("decision_makers.1.ranking.0", [1, 2], "import-conflict-repeated", "decision_makers[1].ranking[1][0]"),
        ("decision_makers.1.ranking.3", [5, 7], "import-conflict-unknown-state", "decision_makers[1].ranking[3][1]"),
        ("decision_makers.1.ranking.3", [5, "6"], "import-conflict-number", "decision_makers[1].ranking[3][1]"),
        ("decision_makers.1.ranking.3", [5, True], "import-conflict-number", "decision_makers[1].ranking[3][1]"),
        ("infeasible.0.o2", "y", "import-conflict-yes-no", "infeasible[0].o2"),
        ("infeasible", [{"o1": "Y"}, {"o1": "N"}], "import-conflict-infeasible", "infeasible"),
        ("irreversible.0.option", "o7", "import-conflict-unknown-option", "irreversible[0].option"),
        ("irreversible.0.allowed", "never", "import-conflict-one-way", "irreversible[0].allowed"),
        ("form", "tree", "import-conflict-form", "form"),
        ("status_quo", 7, "import-conflict-unknown-state", "status_quo"),
    ],
)  # fmt: skip
def test_what_an_option_form_may_not_say(
    path: str, value: object, code: str, where: str, tmp_path: Path
) -> None:
    data = changed(path, value, DAM)
    if code == "import-conflict-key":
        del data["decision_makers"][0]["preference_priorities"]
    text = json.dumps(data, ensure_ascii=False, indent=2)
    with pytest.raises(DossierError) as caught:
        imported(text, tmp_path)
    assert not (tmp_path / "case").exists()
    found = [(p.code, p.values.get("path")) for p in caught.value.problems]
    assert (code, where) in found
    for problem in caught.value.problems:
        assert problem.place.file == "file.json"
        assert problem.excerpt == text.splitlines()[(problem.place.line or 0) - 1]


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("decision_makers.0.moves", ..., "import-conflict-missing"),
        ("decision_makers.0.ranking", ..., "import-conflict-missing"),
        ("decision_makers.0.moves.0", [1, 2, 3], "import-conflict-pair"),
        ("decision_makers.0.moves.0", [1, 1], "import-conflict-loop"),
        ("decision_makers.0.moves.0", [1, 5], "import-conflict-unknown-state"),
        ("decision_makers.0.moves.0", [0, 1], "import-conflict-number"),
        ("decision_makers.0.ranking.3", [9], "import-conflict-unknown-state"),
        ("states.1.n", 1, "import-conflict-repeated"),
        ("states.1.n", 9, "import-conflict-numbering"),
    ],
)
def test_what_a_graph_form_may_not_say(path: str, value: object, code: str, tmp_path: Path) -> None:
    with pytest.raises(DossierError) as caught:
        imported(changed(path, value, GRAPH), tmp_path)
    assert code in [p.code for p in caught.value.problems]


def test_all_problems_at_once_in_file_order(tmp_path: Path) -> None:
    data = changed("decision_makers.1.ranking.0", [1, 9], DAM)
    data["decision_makers"][0]["preference_priorities"][0] = {"o1": "maybe"}
    with pytest.raises(DossierError) as caught:
        imported(json.dumps(data, indent=1), tmp_path)
    assert [p.code for p in caught.value.problems] == [
        "import-conflict-yes-no",
        "import-conflict-unknown-state",
    ]


def test_too_many_options_are_refused_before_states_are_listed(tmp_path: Path) -> None:
    options = [{"id": f"o{k}"} for k in range(40)]
    data = {"decision_makers": [{"name": "A", "options": options, "preference_priorities": [{"o1": "Y"}]}]}
    with pytest.raises(DossierError, match="import-conflict-options"):
        imported(data, tmp_path)


def test_a_huge_state_number_is_refused_without_counting_to_it(tmp_path: Path) -> None:
    data = {"decision_makers": [{"name": "A", "moves": [[1, 10**15]], "ranking": [[1], [2]]}]}
    with pytest.raises(DossierError, match=r"import-conflict-left-out"):
        imported(data, tmp_path)


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("", "import-json-broken", "file.json:1:1"),
        ('{"name": "x",\n "form": option}', "import-json-broken", "file.json:2:10"),
        ('{"name": "x"} {}', "import-json-broken", "file.json:1:15"),
        ('{"a": [1, 2,]}', "import-json-broken", "file.json:1:13"),
        ('{"a": 01}', "import-json-broken", "file.json:1:8"),
        ('{"a": NaN}', "import-json-broken", "file.json:1:7"),
        ('{"a": "\\x"}', "import-json-broken", "file.json:1:8"),
        ('{"a": "x\n"}', "import-json-broken", "file.json:1:7"),
        ("[" * 5000, "import-nesting", "file.json:1:62"),
        ("[1]", "import-conflict-object", "file.json:1:1"),
        ('{"名": 1, "名": 2, "decision_makers": []}', "import-json-repeated", "file.json:1:10"),
    ],
)
def test_what_is_no_json(text: str, code: str, place: str, tmp_path: Path) -> None:
    with pytest.raises(DossierError) as caught:
        imported(text, tmp_path)
    assert (code, place) in [(p.code, str(p.place)) for p in caught.value.problems]


def test_messages_show_the_authors_own_text_in_both_languages(tmp_path: Path) -> None:
    text = '{"decision_makers": [{"name": "甲", "options": [{"id": "开战"}],\n  "ranking": [["一"], [2]]}]}'
    with pytest.raises(DossierError) as caught:
        imported(text, tmp_path)
    shown = '2 |   "ranking": [["一"], [2]]}]}\n' + " " * 19 + "^^^^"
    assert caught.value.show("zh").startswith(
        f"file.json:2:16: decision_makers[0].ranking[0][0] 应为状态编号：1、2、3…… [import-conflict-number]\n{shown}"
    )
    assert caught.value.show("en").startswith(
        f"file.json:2:16: decision_makers[0].ranking[0][0] must be a state number: 1, 2, 3 … [import-conflict-number]\n{shown}"
    )


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DossierError, match="import-not-found"):
        import_conflict(tmp_path / "none.json", tmp_path / "case")


# ---- properties ----------------------------------------------------------------------------------------------------

OPTIONS = ("o1", "o2", "o3", "o4")
wishes = st.dictionaries(st.sampled_from(OPTIONS), st.sampled_from("YN"), min_size=1)
patterns = st.recursive(
    wishes,
    lambda inner: st.builds(
        lambda own, several: {**own, "any": several},
        st.one_of(st.just({}), wishes),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=6,
)


def matches(pattern: dict[str, Any], state: dict[str, bool]) -> bool:
    """The neutral form as it is defined: a conjunction, with ``any`` for OR."""
    return all(
        any(matches(p, state) for p in want) if key == "any" else state[key] == (want == "Y")
        for key, want in pattern.items()
    )


@given(st.lists(patterns, max_size=2), st.lists(patterns, min_size=1, max_size=3))
@settings(max_examples=60)
def test_expressions_say_what_the_patterns_say(
    tmp_path_factory: pytest.TempPathFactory,
    infeasible: list[dict[str, Any]],
    priorities: list[dict[str, Any]],
) -> None:
    every = [dict(zip(OPTIONS, reversed(b), strict=True)) for b in itertools.product((False, True), repeat=4)]
    kept = [s for s in every if not any(matches(p, s) for p in infeasible)]
    makers = [
        {"name": "A", "options": [{"id": o} for o in OPTIONS[:2]], "preference_priorities": priorities},
        {
            "name": "B",
            "options": [{"id": o} for o in OPTIONS[2:]],
            "ranking": [list(range(1, len(kept) + 1))],
        },
    ]
    data = {"name": "random", "decision_makers": makers, "infeasible": infeasible}
    folder = tmp_path_factory.mktemp("random")
    if not kept:
        with pytest.raises(DossierError, match="import-conflict-infeasible"):
            imported(data, folder)
        return
    # Random statements repeat, contradict or decide nothing, and that is remarked on.
    model = standoff(imported(data, folder, "statement-"))
    assert states_of(model) == kept
    for statement, pattern in zip(model.rankings["a"].statements, priorities, strict=True):
        assert [truth(statement.holds, s) for s in every] == [matches(pattern, s) for s in every]


scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 9), st.floats(allow_nan=False), st.text(max_size=3)
)
jsons = st.recursive(
    scalars,
    lambda x: st.lists(x, max_size=3) | st.dictionaries(st.text(max_size=3), x, max_size=3),
    max_leaves=4,
)


def places(data: object, path: tuple = ()) -> list[tuple]:
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(p for key, value in inner for p in places(value, (*path, key)))]


@given(st.sampled_from([DAM, GRAPH]), st.data())
@settings(max_examples=150)
def test_a_damaged_conflict_is_imported_or_refused_but_never_fails(
    tmp_path_factory: pytest.TempPathFactory, original: dict[str, Any], data: st.DataObject
) -> None:
    way = data.draw(st.sampled_from(places(original)))
    value = data.draw(jsons)
    damaged: Any = json.loads(json.dumps(original))
    if way:
        at = damaged
        for step in way[:-1]:
            at = at[step]
        at[way[-1]] = value
    else:
        damaged = value
    try:
        imported(damaged, tmp_path_factory.mktemp("torn"), "statement-")
        return
    except ZopaError as error:
        refused = error
    assert refused.problems
    assert all(problem.code.startswith("import-") for problem in refused.problems)
    assert all(problem.place.line for problem in refused.problems)


# ---- the eleven conflicts of ../shared/data/standoff ---------------------------------------------------------------

CONFLICTS = json.loads((SHARED / "standoff/conflicts.json").read_text())["cases"] if SHARED.exists() else []


@pytest.mark.skipif(not CONFLICTS, reason="development data ../shared/data/standoff is not here")
@pytest.mark.parametrize("given_case", CONFLICTS, ids=lambda c: c["name"])
def test_the_shared_conflicts(given_case: dict[str, Any], tmp_path: Path) -> None:
    case = load(
        import_conflict(
            SHARED / "standoff/conflicts.json", tmp_path / "case", name=given_case["name"], as_of=DAY
        )
    )
    model = standoff(case)
    makers = given_case["decision_makers"]
    assert [case.parties[p].name.get("en") for p in model.parties] == [m["name"] for m in makers]
    for party, maker in zip(model.parties, makers, strict=True):
        expected = maker.get("ranking") or maker["ranking_computed"]
        assert ranked(model, party) == [sorted(tier) for tier in expected]
    if given_case["form"] == "graph":
        assert [(a.from_, a.to) for a in model.arcs] == [tuple(m) for maker in makers for m in maker["moves"]]
        assert len(model.states) == given_case["counts"]["feasible_states"]
        return
    found = ["".join("Y" if on else "N" for on in s.values()) for s in states_of(model)]
    assert found == [s["pattern"] for s in given_case["states"]]
    one_way = {
        i["option"]: {"N->Y only": "on", "Y->N only": "off"}[i["allowed"]] for i in given_case["irreversible"]
    }
    keys = [o["id"] for maker in makers for o in maker["options"]]
    assert [o.one_way for o in model.options] == [one_way.get(key) for key in keys]
    for party, maker in zip(model.parties, makers, strict=True):
        states = [dict(zip(keys, s["pattern"], strict=True)) for s in given_case["states"]]
        unseen = [
            n
            for n, s in enumerate(states, 1)
            for p in maker.get("misperceived", [])
            if all(s[k] == v for k, v in p.items())
        ]
        assert list(model.rankings[party].misperceived) == unseen


def test_known_states_of_the_water_dispute(tmp_path: Path) -> None:
    """Syria and Iraq 1975: six states and the ranking table of the GMCR+ handout, section 4.2 (Table 3)."""
    data = {
        "name": "Syria and Iraq",
        "decision_makers": [
            {
                "name": "Syria",
                "options": [{"id": "release"}, {"id": "escalate"}],
                "preference_priorities": [
                    {"release": "N", "escalate": "N", "attack": "N"}, {"escalate": "Y"}, {"attack": "N"}, {"release": "N"},
                ],
            },
            {
                "name": "Iraq",
                "options": [{"id": "attack"}],
                "preference_priorities": [
                    {"release": "Y", "escalate": "N", "attack": "N"}, {"release": "N", "escalate": "N", "attack": "Y"},
                    {"release": "N", "escalate": "Y", "attack": "Y"}, {"release": "N", "escalate": "N", "attack": "N"},
                    {"release": "Y", "escalate": "N", "attack": "Y"},
                ],
            },
        ],
        "infeasible": [{"release": "Y", "escalate": "Y"}],
    }  # fmt: skip
    model = standoff(imported(data, tmp_path))
    assert len(states_of(model)) == 6
    assert ranked(model, "syria") == [[1], [3], [6], [2], [4], [5]]
    assert ranked(model, "iraq") == [[2], [4], [6], [1], [5], [3]]
