"""Conflicts in .gmcr files into cases: options numbered as their owners stand, conditions, older keys, problems located."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.case.standoffs import DAY, standoff, told
from tests.case.test_interop_conflict import changed, jsons, load, places, ranked, states_of
from zopa.case.folder import read_case
from zopa.case.interop import import_gmcr
from zopa.errors import DossierError, ZopaError

# Made for these tests. In the list the protest stands before the dam; by owner it comes after.
DAM: dict[str, Any] = {
    "decisionMakers": [
        {
            "name": "Upper State",
            "options": [1, 2],
            "preferences": [
                [[1, "Y"], [0, "N"]],
                {"compound": True, "members": [[[2, "Y"]], [[1, "N"], [0, "Y"]]]},
            ],
        },
        {"name": "下游国", "options": [0], "preferences": [[[1, "N"]], [[0, "Y"]]], "misperceptions": []},
        {"name": "Observer", "options": [], "preferences": [], "misperceptions": [[[0, "Y"], [2, "N"]]]},
    ],
    "coalitions": [0, 1, 2],
    "options": [
        {"name": "抗议", "permittedDirection": "back"},
        {"name": "Fill the dam", "permittedDirection": "fwd"},
        {"name": "Divert", "permittedDirection": "both"},
    ],
    "infeasibles": [[[1, "Y"], [2, "Y"]]],
    "useManualPreferenceRanking": False,
    "program": "made for a test",
}


def imported(data: object, folder: Path) -> Any:
    file = folder / "dam.gmcr"
    file.write_text(data if isinstance(data, str) else json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return load(import_gmcr(file, folder / "case", as_of=DAY))


def test_a_file(tmp_path: Path) -> None:
    case = imported(DAM, tmp_path)
    model = case.standoff
    assert case.title.get("en") == "dam"
    assert [(o.id, o.party, o.one_way) for o in model.options] == [
        ("fill_the_dam", "upper-state", "on"),
        ("divert", "upper-state", None),
        ("option_3", "party-2", "off"),
    ]
    assert [rule.when for rule in model.infeasible] == ["fill_the_dam and divert"]
    assert [s.holds for s in model.rankings["upper-state"].statements] == [
        "fill_the_dam and not option_3",
        "divert or (not fill_the_dam and option_3)",
    ]
    # 1 nothing, 2 fill, 3 divert, 4 protest, 5 fill and protest, 6 divert and protest.
    assert ranked(model, "upper-state") == [[2], [3, 4, 6], [1, 5]]
    assert ranked(model, "party-2") == [[4, 6], [1, 3], [5], [2]]
    assert model.rankings["observer"].ranking == ((1, 2, 3, 4, 5, 6),)
    assert model.rankings["observer"].misperceived == (4, 5)
    text = (tmp_path / "case/case.yaml").read_text(encoding="utf-8")
    assert "State" in text
    assert "coalitions" not in text


def test_states_ranked_by_hand_under_either_name(tmp_path: Path) -> None:
    rankings = ([[1, 2], 3, 4, [5, 6]], [6, 5, 4, 3, 2, 1], [[6, 3, 2, 1]])
    makers = [
        {**maker, "preferenceVector": ranking}
        for maker, ranking in zip(DAM["decisionMakers"], rankings, strict=True)
    ]
    old = {
        **{k: v for k, v in DAM.items() if k not in ("useManualPreferenceRanking", "coalitions")},
        "decisionMakers": makers,
        "useManualPreferenceVectors": True,
    }
    model = imported(old, tmp_path).standoff
    assert model.rankings["upper-state"].ranking == ((1, 2), (3,), (4,), (5, 6))
    # What a party does not see it need not rank.
    assert model.rankings["observer"].ranking == ((6, 3, 2, 1),)
    new = json.loads(
        json.dumps(old).replace("preferenceVector", "preferenceRanking").replace("Vectors", "Ranking")
    )
    (tmp_path / "new").mkdir()
    assert imported(new, tmp_path / "new").standoff == model


def test_coalitions_are_no_part_of_the_conflict(tmp_path: Path) -> None:
    imported({**DAM, "coalitions": [[0, 2], 1]}, tmp_path)
    text = (tmp_path / "case/case.yaml").read_text(encoding="utf-8")
    assert "groups decision makers into coalitions" in text
    assert "并为联盟" in text


@pytest.mark.parametrize(
    ("path", "value", "code", "where"),
    [
        ("options", ..., "import-conflict-missing", "$"),
        ("options", [], "import-gmcr-position", "decisionMakers[0].options[0]"),
        ("options.1.name", 5, "import-conflict-text", "options[1].name"),
        ("options.1.permittedDirection", "up", "import-gmcr-direction", "options[1].permittedDirection"),
        ("options.1.permittedDirection", ["fwd"], "import-gmcr-direction", "options[1].permittedDirection"),
        ("decisionMakers", [], "import-conflict-no-makers", "decisionMakers"),
        ("decisionMakers.2.name", "Upper State", "import-conflict-repeated", "decisionMakers[2].name"),
        ("decisionMakers.2.options", [2], "import-gmcr-owner-twice", "decisionMakers[2].options[0]"),
        ("decisionMakers.1.options", [], "import-gmcr-no-owner", "options[0]"),
        ("decisionMakers.1.options.0", True, "import-gmcr-position", "decisionMakers[1].options[0]"),
        ("decisionMakers.1.options.0", -1, "import-gmcr-position", "decisionMakers[1].options[0]"),
        ("decisionMakers.1.preferences", ..., "import-conflict-missing", "decisionMakers[1]"),
        ("decisionMakers.1.preferences.0", [], "import-conflict-empty-pattern", "decisionMakers[1].preferences[0]"),
        ("decisionMakers.1.preferences.0", "x", "import-gmcr-condition", "decisionMakers[1].preferences[0]"),
        ("decisionMakers.0.preferences.1.members", 3, "import-conflict-list", "decisionMakers[0].preferences[1].members"),
        ("decisionMakers.2.misperceptions.0.0", [0, "y"], "import-gmcr-condition", "decisionMakers[2].misperceptions[0][0]"),
        ("infeasibles.0.0", [1], "import-gmcr-condition", "infeasibles[0][0]"),
        ("infeasibles.0.0.0", 3, "import-gmcr-position", "infeasibles[0][0][0]"),
        ("infeasibles", [[[0, "Y"]], [[0, "N"]]], "import-conflict-infeasible", "infeasibles"),
        ("useManualPreferenceRanking", True, "import-conflict-missing", "decisionMakers[0]"),
        ("useManualPreferenceRanking", 1, "import-gmcr-manual", "useManualPreferenceRanking"),
    ],
)  # fmt: skip
def test_what_a_file_may_not_say(path: str, value: object, code: str, where: str, tmp_path: Path) -> None:
    text = json.dumps(changed(path, value, DAM), ensure_ascii=False, indent=1)
    with pytest.raises(DossierError) as caught:
        imported(text, tmp_path)
    assert not (tmp_path / "case").exists()
    assert (code, where) in [(p.code, p.values.get("path")) for p in caught.value.problems]
    for problem in caught.value.problems:
        assert problem.excerpt == text.splitlines()[(problem.place.line or 0) - 1]


def test_too_many_options_are_refused_before_states_are_listed(tmp_path: Path) -> None:
    options = [{"name": f"o{k}", "permittedDirection": "both"} for k in range(40)]
    maker = {"name": "A", "options": list(range(40)), "preferences": []}
    with pytest.raises(DossierError, match="import-conflict-options"):
        imported({"decisionMakers": [maker], "options": options, "infeasibles": []}, tmp_path)


@given(st.data())
@settings(max_examples=120)
def test_a_damaged_file_is_imported_or_refused_but_never_fails(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    way = data.draw(st.sampled_from(places(DAM)))
    damaged: Any = json.loads(json.dumps(DAM))
    value = data.draw(jsons)
    if way:
        at = damaged
        for step in way[:-1]:
            at = at[step]
        at[way[-1]] = value
    else:
        damaged = value
    folder = tmp_path_factory.mktemp("torn")
    (folder / "dam.gmcr").write_text(json.dumps(damaged), encoding="utf-8")
    try:
        read_case(import_gmcr(folder / "dam.gmcr", folder / "case", as_of=DAY))
        return
    except ZopaError as error:
        refused = error
    assert refused.problems
    assert all(problem.code.startswith("import-") and problem.place.line for problem in refused.problems)


def test_the_same_conflict_in_both_forms_is_one(tmp_path: Path) -> None:
    from tests.case.standoffs import case_of

    neutral = {
        "name": "dam",
        "decision_makers": [
            {
                "name": "Upper State",
                "options": [{"id": "a", "name": "Fill the dam"}, {"id": "b", "name": "Divert"}],
                "preference_priorities": [{"a": "Y", "c": "N"}, {"any": [{"b": "Y"}, {"a": "N", "c": "Y"}]}],
            },
            {
                "name": "下游国",
                "options": [{"id": "c", "name": "抗议"}],
                "preference_priorities": [{"a": "N"}, {"c": "Y"}],
            },
            {
                "name": "Observer",
                "options": [],
                "preference_priorities": [],
                "misperceived": [{"c": "Y", "b": "N"}],
            },
        ],
        "infeasible": [{"a": "Y", "b": "Y"}],
        "irreversible": [{"option": "a", "allowed": "N->Y only"}, {"option": "c", "allowed": "Y->N only"}],
    }
    imported(DAM, tmp_path)
    case = read_case(tmp_path / "case")
    assert told(case) == told(case_of(neutral, tmp_path))
    assert len(states_of(standoff(case))) == 6
