"""Questions and scenarios as rules over the end state."""

import numpy as np
import pytest

import zopa
from tests.case.test_checks import found, with_
from zopa.case.end_state import atoms, forces, horizon, questions, scenarios, told
from zopa.methods.end_states import possible


@pytest.fixture(scope="module")
def file():
    return zopa.open_case("muscat-2026").file


def test_the_example_shares_out_all_endings(file):
    states = possible(len(forces(file)))
    assert forces(file) == ("us", "iran", "israel")
    held = np.stack(list(scenarios(file, states).values()))
    assert (held.sum(axis=0) == 1).all()
    assert horizon(file).isoformat() == "2026-05-06"


def test_what_comes_first_decides_scenarios_and_the_end_decides_questions(file):
    """An agreement, then war: a compromise by scenario; by the questions both an agreement and a war."""
    states = possible(3)
    at = next(
        k for k in range(len(states)) if (states.end[k], states.violence[k], states.first[k]) == (1, 2, 1)
    )
    assert scenarios(file, states)["forced-compromise"][at]
    assert not scenarios(file, states)["contained-war"][at]
    asked = questions(file, states)
    assert asked["deal-by-t"][at] and asked["war-by-t"][at] and asked["serious-by-t"][at]
    assert not asked["open-at-t"][at]
    assert "the agreement first" in told(file, states, at, "en")
    assert "协议在先" in told(file, states, at, "zh")


def test_a_war_is_always_serious_and_no_question_is_always_answered(file):
    states = possible(3)
    asked = questions(file, states)
    assert (asked["war-by-t"] <= asked["serious-by-t"]).all()
    assert all(0 < answer.sum() < len(states) for answer in asked.values())
    assert (asked["us-strike-by-t"] == (states.acted & 1).astype(bool)).all()
    assert "israel-acts" in atoms(file)


@pytest.mark.parametrize(
    ("section", "codes"),
    [
        (
            "questions: [{id: q, text: t, by: 2026-05-06, resolves: r, when: deal or violence}]",
            ["dangling-id"],
        ),
        ("questions: [{id: q, text: t, by: 2026-05-06, resolves: r, when: open and deal}]", ["ending-never"]),
        ("questions: [{id: q, text: t, by: 2026-05-07, resolves: r, when: deal}]", ["question-horizon"]),
        (
            "questions: [{id: q, text: t, by: 2026-05-06, resolves: r, when: deal, event: direct}]",
            ["question-both"],
        ),
        ("scenarios: [{id: a, name: A, when: deal}, {id: b, name: B, when: not deal}]", []),
        ("scenarios: [{id: a, name: A, when: deal}, {id: b, name: B, when: serious}]", ["scenarios-gap"]),
        (
            "scenarios: [{id: a, name: A, when: not serious}, {id: b, name: B, when: not deal}]",
            ["scenarios-overlap"],
        ),
        ("scenarios: [{id: a, name: A, when: peace}, {id: b, name: B, when: not deal}]", ["dangling-id"]),
        ("scenarios: [{id: a, name: A, when: north-acts}, {id: b, name: B, when: not north-acts}]", []),
    ],
)
def test_rules_that_cannot_be(tmp_path, section, codes):
    assert [code for code, _ in found(tmp_path, with_(section))] == codes
