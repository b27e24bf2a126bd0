"""Simulated talks of a case: cells add up, evidence and silence, mechanisms one by one, days, both languages."""

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import zopa
from tests.analysis.tables import debate, issue, negotiations, preference, record
from tests.claims.cases import case
from zopa.case.case import Case
from zopa.case.end_state import horizon
from zopa.errors import IncompleteCaseError
from zopa.estimate import parse
from zopa.forecasting._simulate_board import lay, places
from zopa.forecasting._simulate_defaults import DEFAULTS
from zopa.forecasting._simulate_rows import CELL_NAMES, played
from zopa.forecasting.simulate import Simulate, simulate
from zopa.methods.world_board import MECHANISMS
from zopa.result import three_ways

DRAWS = 400
TALKS: dict[str, Any] = {
    "starts": "2024-03-12",
    "horizon": "2024-06-08",
    "deadlines": [
        {"id": "opening", "name": "opening", "on": "2024-03-12", "presses": ["left"]},
        {"id": "harvest", "name": "harvest", "month": "2024-07", "presses": ["right"]},
    ],
    "round_days": {"is": "5 to 20", "range": [1, 60], "because": ["c0"]},
    "breakdown": {"is": "0.2 to 0.8", "range": [0, 2], "because": ["c1"]},
    "resumption": {"is": "0.5 to 2", "range": [0, 4], "assumed": True},
    "outside_action": {"friend": {"is": "0.05 to 0.2", "range": [0, 1], "because": ["c2"]}},
    "strike": {
        "left": {"is": "0.2 to 0.5", "because": ["c3"]},
        "right": {"is": "0.1 to 0.3", "assumed": True},
        "friend": {"is": "0.1 to 0.3", "assumed": True},
    },
    "regime_breaks": {"right": {"is": "0.05 to 0.2", "assumed": True}},
    "assumed": True,
}
PARTIES = {
    "left": {"name": {"en": "Left", "zh": "左方"}, "role": "negotiator"},
    "right": {"name": {"en": "Right", "zh": "右方"}, "role": "negotiator"},
    "friend": {"name": {"en": "Friend", "zh": "友方"}, "role": "outside"},
    "broker": {"name": {"en": "Broker", "zh": "调停方"}, "role": "mediator"},
}
ENDINGS: dict[str, Any] = {
    "questions": [
        {"id": "deal", "text": "Deal?", "by": "2024-06-08", "resolves": "x", "when": "deal", "assumed": True},
        {
            "id": "violent",
            "text": "Force?",
            "by": "2024-06-08",
            "resolves": "x",
            "when": "serious",
            "assumed": True,
        },
        {
            "id": "friend",
            "text": "Friend?",
            "by": "2024-06-08",
            "resolves": "x",
            "when": "friend-acts",
            "assumed": True,
        },
        {
            "id": "held",
            "text": "Met?",
            "by": "2024-03-12",
            "resolves": "x",
            "event": "meeting",
            "assumed": True,
        },
        {
            "id": "next",
            "text": "Again?",
            "by": "2024-04-01",
            "resolves": "x",
            "event": "second-round",
            "assumed": True,
        },
        {
            "id": "direct",
            "text": "Direct?",
            "by": "2024-03-13",
            "resolves": "x",
            "event": "direct",
            "assumed": True,
        },
        {"id": "outside-the-model", "text": "?", "by": "2024-04-01", "resolves": "x", "assumed": True},
    ],
    "scenarios": [
        {"id": "agreed", "name": "agreed", "when": "deal", "assumed": True},
        {"id": "fought", "name": "fought", "when": "serious and not deal", "assumed": True},
        {"id": "other", "name": "other", "when": "not deal and not serious", "assumed": True},
    ],
}


def talked(*, claims: Any = None, **changes: Any) -> Case:
    file = {**debate(), "parties": PARTIES, "talks": TALKS, **ENDINGS, **changes}
    return case(file, *(record() if claims is None else claims))


FOUND = simulate(talked(), draws=DRAWS)


def value(found: Simulate, name: str) -> float:
    return found.of(name).chance.value


# ---- cells, questions, scenarios --------------------------------------------------------------------------------------


def test_cells_add_up_and_questions_are_sums_of_them():
    assert sum(FOUND.cells) == pytest.approx(1.0, abs=1e-12)
    assert [row.name for row in FOUND.found if row.kind == "cell"] == list(CELL_NAMES)
    cells = dict(zip(CELL_NAMES, FOUND.cells, strict=True))
    assert value(FOUND, "deal") == pytest.approx(sum(v for k, v in cells.items() if k.startswith("deal")))
    serious = sum(v for k, v in cells.items() if not k.endswith("none"))
    assert value(FOUND, "violent") == pytest.approx(serious)
    assert value(FOUND, "war") <= value(FOUND, "violent")
    assert value(FOUND, "friend") <= value(FOUND, "violent")
    for name in CELL_NAMES:
        assert value(FOUND, name) == pytest.approx(cells[name])


def test_scenarios_exclude_each_other_and_leave_nothing_out():
    assert sum(value(FOUND, name) for name in ("agreed", "fought", "other")) == pytest.approx(1.0)


def test_what_the_model_cannot_answer_is_not_answered():
    assert "outside-the-model" not in [row.name for row in FOUND.found]
    with pytest.raises(ValueError, match="no row is called 'outside-the-model'"):
        FOUND.of("outside-the-model")


def test_the_pools_cells_come_with_their_groups():
    for evidence, moments in FOUND.moments.items():
        assert len(moments) == 9
        assert sum(m.mean for m in moments) == pytest.approx(1.0)
        assert np.sum([m.means for m in moments], axis=0) == pytest.approx(1.0), evidence


def test_days_are_shares_and_end_where_the_cells_do():
    by_day = {}
    for row in FOUND.days:
        by_day.setdefault(row.day, {})[row.status] = row.share
    assert list(by_day) == [*range(0, 90), 90]
    assert all(sum(shares.values()) == pytest.approx(1.0) for shares in by_day.values())
    last = by_day[90]
    assert last["war"] == pytest.approx(value(FOUND, "war"))
    assert last["war"] + last["serious"] == pytest.approx(value(FOUND, "violent"))
    assert last["deal"] == pytest.approx(value(FOUND, "deal-none"))
    assert last["ended"] == pytest.approx(value(FOUND, "ended-none"))
    violent = [shares["war"] + shares["serious"] for shares in by_day.values()]
    assert violent == sorted(violent)
    assert FOUND.days[0].on == date(2024, 3, 10) and FOUND.days[-1].on == date(2024, 6, 8)


# ---- evidence ---------------------------------------------------------------------------------------------------------


def test_a_case_without_claims_cannot_say():
    found = simulate(talked(claims=()), draws=DRAWS)
    assert {row.chance.verdict for row in found.found} == {"silent"}
    assert "cannot say" in found.headline("en") and "无从回答" in found.headline("zh")
    for row in found.found:
        assert row.chance.cited == row.chance.zero


def test_the_zero_line_knows_no_moves_and_no_claims():
    without = simulate(talked(), draws=DRAWS, after_moves=False)
    assert [r.chance.zero for r in without.found] == [r.chance.zero for r in FOUND.found]
    silent = simulate(talked(claims=()), draws=DRAWS, after_moves=False)
    assert [r.chance.zero for r in silent.found] == [r.chance.zero for r in FOUND.found]


def test_doubting_a_claim_sends_its_number_to_ignorance():
    # Without c2 the friend's rate is anything from 0 to 1 a month, not .05 to .2.
    doubted = simulate(talked().without(["c2"]), draws=DRAWS)
    assert value(doubted, "friend") > value(FOUND, "friend") + 0.05


def test_what_is_not_in_the_case_is_assumed_and_said():
    assert FOUND.assumed == ("concession", "patience", "mediator_text", "retaliation", "widens", "force_days")
    assert set(FOUND.assumed) <= set(DEFAULTS)
    assert any("0.3 to 0.8" in note for note in FOUND.notes("en"))
    assert any("0.3至0.8" in note for note in FOUND.notes("zh"))
    written = {
        **TALKS,
        "concession": {p: {"is": 1, "range": [0.2, 5], "because": ["c4"]} for p in ("left", "right")},
    }
    less = simulate(talked(talks=written), draws=50)
    assert "concession" not in less.assumed
    assert less.rests.assumed < FOUND.rests.assumed


@pytest.mark.parametrize("name", DEFAULTS)
def test_a_default_is_an_estimate_within_its_range(name: str):
    default = DEFAULTS[name]
    low, high = parse(default.estimate, default.bounds).span(default.bounds)
    assert default.bounds.finite and default.bounds.low <= low < high <= default.bounds.high
    assert default.source


# ---- the same worlds --------------------------------------------------------------------------------------------------


def test_the_same_arguments_give_the_same_numbers():
    again = simulate(talked(), draws=DRAWS)
    assert again.to_json() == FOUND.to_json()
    assert simulate(talked(), draws=DRAWS, seed=1).cells != FOUND.cells


def test_the_order_of_the_parties_changes_nothing():
    parties = {name: PARTIES[name] for name in ("right", "broker", "left", "friend")}
    other = simulate(talked(parties=parties), draws=DRAWS)
    assert other.cells == pytest.approx(FOUND.cells, abs=1e-12)
    for row in FOUND.found:
        assert value(other, row.name) == pytest.approx(row.chance.value, abs=1e-12)


def test_a_number_that_bears_on_nothing_else_changes_no_other_world():
    calmer = {**TALKS, "regime_breaks": {"right": {"is": "0 to 0.01", "assumed": True}}}
    ways = [talked(talks=t).draws(DRAWS) for t in (TALKS, calmer)]
    one, other = (played(d, plays=2).worlds for d in ways)
    kept = (one.states.breaks == 0) & (other.states.breaks == 0)
    assert kept.mean() > 0.7
    assert (one.states.cell == other.states.cell)[kept].all()
    assert np.array_equal(one.agreed[kept], other.agreed[kept])


def test_draws_after_the_moves_play_their_own_worlds():
    draws = zopa.open_case("muscat-2026").draws(500, after_moves=True)
    identity, again = places(draws)
    assert (identity == draws.pick).all()
    assert len({*zip(identity.tolist(), again.tolist(), strict=True)}) == 500
    assert (
        again.max() > 0
        and (again[identity == identity[-1]] == np.arange((identity == identity[-1]).sum())).all()
    )


def test_threads_change_no_number():
    draws = talked().draws(DRAWS)
    one, many = (played(draws, plays=3, threads=n) for n in (1, 5))
    assert np.array_equal(one.cells(), many.cells())


# ---- mechanisms -------------------------------------------------------------------------------------------------------


def test_every_mechanism_is_told_for_every_outcome():
    assert {row.mechanism for row in FOUND.mechanisms} == set(MECHANISMS)
    assert {row.outcome for row in FOUND.mechanisms} == {"deal", "serious", "war", "open", "regime_breaks"}
    by = {(row.mechanism, row.outcome): row for row in FOUND.mechanisms}
    assert by["force", "war"].off == 0.0 and by["force", "regime_breaks"].off == 0.0
    assert by["outside", "serious"].change > 0.0
    for row in FOUND.mechanisms:
        assert row.change == pytest.approx(row.on - row.off, abs=1e-12)
        assert row.low <= row.change <= row.high


def test_a_mechanism_switched_off_is_off():
    quiet = simulate(talked(), draws=DRAWS, without=["force", "outside"])
    assert value(quiet, "violent") == 0.0 and value(quiet, "regime_breaks") == 0.0
    assert {row.mechanism for row in quiet.mechanisms} == set(MECHANISMS) - {"force", "outside"}
    assert any("Switched off" in note for note in quiet.notes("en"))
    one = simulate(talked(), draws=DRAWS, plays=1)
    off = simulate(talked(), draws=DRAWS, plays=1, without=["text"])
    row = next(r for r in one.mechanisms if (r.mechanism, r.outcome) == ("text", "deal"))
    assert row.change == pytest.approx(value(one, "deal") - value(off, "deal"), abs=1e-12)


def test_foresight_stands_in_for_concession():
    found = simulate(talked(), draws=DRAWS, foresight=True)
    assert value(found, "deal") > value(FOUND, "deal")
    assert any("reason back" in note for note in found.notes("en"))


# ---- what is certain --------------------------------------------------------------------------------------------------


def certain(**changes: Any) -> dict[str, Any]:
    """Two sides who both want everything on the table, with fixed numbers and no hazard."""
    both = {"x": preference(1, "yes", "no"), "no_deal": {"value": 0.5, "assumed": True}}
    talks = {
        "starts": "2024-03-20",
        "horizon": "2024-06-08",
        "round_days": {"is": 10, "range": [1, 60]},
        "breakdown": {"is": 0, "range": [0, 2]},
        "resumption": {"is": 0, "range": [0, 2]},
        "mediator_text": 0,
        "concession": {p: {"is": 1, "range": [0.2, 5]} for p in ("left", "right")},
        "assumed": True,
        **changes,
    }
    return {
        "issues": {"x": issue("x", "no", "yes")},
        "preferences": {"left": both, "right": both},
        "talks": talks,
    }


def test_what_both_want_is_agreed_on_the_first_day():
    made = case(certain())
    found = played(made.draws(60))
    assert (found.worlds.agreed == 10.0).all()
    result = simulate(made, draws=60)
    assert value(result, "deal") == 1.0 and result.serious is None
    assert [row.name for row in result.found] == ["deal", "open", "open-none", "deal-none", "ended-none"]
    assert any("nobody who might use force" in note for note in result.notes("en"))
    assert result.mechanisms and {row.outcome for row in result.mechanisms} == {"deal", "open"}


def test_a_refusal_takes_an_issue_off_the_table():
    refused = {"party": "left", "on": "agenda", "rejects": ["x"], "firm": 1, "cost": 0.1, "assumed": True}
    found = played(case({**certain(), "red_lines": [refused]}).draws(60))
    assert not found.worlds.states.end.any()


def test_a_setting_that_suits_nobody_keeps_them_apart():
    place = {"id": "there", "place": "hall", "form": "direct", "status": "proposed", "assumed": True}
    settings = {
        "options": [place],
        "criteria": [{"id": "trust", "name": "trust"}],
        "views": {
            p: {"scores": {"there": {"trust": 0.2}}, "not_meeting": 0.6, "assumed": True}
            for p in ("left", "right")
        },
        "assumed": True,
    }
    places_ = {"places": {"hall": {"name": "hall", "assumed": True}}}
    apart = played(case({**certain(), **places_, "settings": settings}).draws(60)).worlds
    assert (
        np.isinf(apart.met).all() and (apart.over == 40.0).all()
    )  # called off on the day, over thirty days later
    settings["views"]["right"]["not_meeting"] = settings["views"]["left"]["not_meeting"] = 0.1
    late = played(case({**certain(), **places_, "settings": settings}).draws(60)).worlds
    assert (late.met == 20.0).all() and (
        late.spoke == 20.0
    ).all()  # found a round later, and direct as it says
    settings["options"] = [{**place, "status": "agreed"}]
    assert (played(case({**certain(), **places_, "settings": settings}).draws(60)).worlds.met == 10.0).all()


@given(negotiations(), st.integers(0, 3))
@settings(max_examples=25, deadline=None)
def test_any_negotiation_can_be_played(file: dict[str, Any], seed: int):
    talks = {
        "horizon": "2024-05-01",
        "strike": {"left": {"is": 0.3}},
        "breakdown": {"is": "0.1 to 2", "range": [0, 4]},
        "assumed": True,
    }
    made = case({**file, "talks": talks}, *record())
    found = played(made.draws(60, seed=seed), plays=2)
    assert found.cells().sum(axis=1) == pytest.approx(1.0)
    worlds = found.worlds
    agreed = np.flatnonzero(worlds.package >= 0)
    board = found.laid.board
    sizes = np.diff(board.starts)
    for w in agreed[:20]:
        columns = board.starts[:-1] + np.unravel_index(worlds.package[w], sizes)
        assert (board.values[w // 2][:, columns].sum(axis=1) >= board.reserve[w // 2] - 1e-9).all()


# ---- the shipped example ----------------------------------------------------------------------------------------------


def test_the_board_of_muscat_is_what_the_case_says():
    muscat = zopa.open_case("muscat-2026")
    laid = lay(muscat.draws(200))
    board = laid.board
    assert laid.forces == ("us", "iran", "israel") and laid.regimes == ("iran",)
    assert laid.missing == ("patience", "widens", "force_days")
    assert board.start == 1.0 and board.horizon == 90.0 and board.deadlines.tolist() == [1.0]
    assert board.due[0] == (date(2026, 11, 3) - date(2026, 2, 5)).days and np.isinf(board.due[1])
    assert board.targets.tolist() == [[False, True, False], [True, False, True], [False, True, False]]
    assert board.seat.tolist() == [0, 1, -1] and board.hits.tolist() == [[True]] * 3
    issues = list(muscat.file.issues)
    narrow = sum(1 << issues.index(i) for i in ("enrichment", "rebuild", "sanctions"))
    assert board.agendas.tolist() == [narrow, 0b11111, 0b11111]
    # Each side is against the other's agenda; Iran's absolute refusals close the wide one.
    assert board.disputed[:, 0, 0].any() and not board.disputed[:, 1, 0].any()
    assert board.disputed[:, 1, 1].any() and not board.disputed[:, 0, 1].any()
    assert 0 < board.closed[:, 1].mean() < 0.6 and not board.closed[:, [0, 2]].any()
    assert not board.outside[:, :2].any() and board.outside[:, 2].all()


def test_both_languages_say_everything():
    found = simulate(zopa.open_case("muscat-2026"), draws=600)
    for lang in ("en", "zh"):
        for table in found.tables(lang):
            assert table.rows
        chart = found.plot(lang)
        assert chart.description and chart.title
        assert found.notes(lang)
    assert "6 May 2026" in found.headline("en") and "2026年5月6日" in found.headline("zh")
    assert repr(found).startswith("Simulate(muscat-2026, 5 Feb 2026: ")
    assert {row["table"] for row in found.to_json()["rows"]} == {"endings", "mechanisms", "days", "readings"}


def test_readings_of_the_sides_are_told_apart():
    found = simulate(zopa.open_case("muscat-2026"), draws=2000, plays=2)
    by = {(s.party, s.reading): s.value for s in found.readings["deal"]}
    assert by["us", "deal-seeker"] > by["us", "regime-change"] + 0.05
    assert by["iran", "focused-deal"] > by["iran", "playing-for-time"]


# ---- what is missing --------------------------------------------------------------------------------------------------


def code(made: Case) -> str:
    with pytest.raises(IncompleteCaseError) as caught:
        simulate(made, draws=60)
    return caught.value.problems[0].code


def test_what_is_missing_is_named():
    without = {k: v for k, v in certain().items() if k != "talks"}
    assert code(case(without)) == "needs-talks"
    assert code(case(certain()).as_of(date(2024, 6, 8))) == "horizon-passed"
    assert horizon(case(certain()).file) == date(2024, 6, 8)
    many = {f"i{k}": issue(f"i{k}", *(f"o{j}" for j in range(4))) for k in range(10)}
    sides = {
        p: {**{i: preference(1, "o3", "o0") for i in many}, "no_deal": {"value": 0.5, "assumed": True}}
        for p in ("left", "right")
    }
    assert code(case({**certain(), "issues": many, "preferences": sides})) == "simulate-too-large"


def test_wrong_arguments_are_named():
    with pytest.raises(TypeError, match="simulate: case must be a Case"):
        simulate("muscat-2026", draws=60)
    with pytest.raises(ValueError, match="simulate: plays is 0, but must be at least 1"):
        simulate(talked(), draws=60, plays=0)
    with pytest.raises(ValueError, match="no mechanism is called 'war'"):
        simulate(talked(), draws=60, without=["war"])


def test_ways_to_draw_share_their_worlds():
    ways = three_ways(talked(), DRAWS, 0)
    made = {e: played(d) for e, d in ways.items()}
    same = made["all"].worlds.states.cell == made["cited"].worlds.states.cell
    assert same.mean() > 0.3
