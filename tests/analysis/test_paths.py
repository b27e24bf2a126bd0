"""Paths: worked by hand, the record on the graph, without evidence, and what is asked of every analysis."""

import json
from typing import Any

import pytest

import zopa
from tests.claims.cases import case
from tests.claims.made import claim, ledger
from zopa.analysis.paths import paths
from zopa.case.case import Case
from zopa.case.checks import run
from zopa.errors import IncompleteCaseError

DRAWS = 400


def name(en: str, zh: str) -> dict[str, str]:
    return {"en": en, "zh": zh}


OPTIONS = [
    {"id": "strike", "party": "left", "name": name("Left strikes", "左方动武"), "one_way": "on"},
    {"id": "ease", "party": "left", "name": name("Left eases", "左方放松")},
    {"id": "accept", "party": "right", "name": name("Right accepts", "右方接受")},
    {"id": "rebuild", "party": "right", "name": name("Right rebuilds", "右方重建")},
]
OUTCOMES = [
    {"id": "deal", "name": name("a deal", "协议"), "when": "ease and accept", "kind": "deal"},
    {"id": "war", "name": name("war", "战争"), "when": "strike", "kind": "violence"},
]
LEFT = ("strike or not rebuild", "accept", "not strike", "not ease")
RIGHT = ("not strike", "ease", "not accept", "rebuild")


def standoff(left=LEFT, right=RIGHT, **more: Any) -> dict[str, Any]:
    """Left would rather strike than see Right rebuild, Right would rather rebuild than not; a trade suits both."""
    rankings = {
        party: {"statements": [s if isinstance(s, dict) else {"holds": s, "assumed": True} for s in given]}
        for party, given in (("left", left), ("right", right))
    }
    return {
        "standoff": {
            "parties": ["left", "right"],
            "options": OPTIONS,
            "infeasible": ["strike and ease", "accept and rebuild"],
            "outcomes": OUTCOMES,
            "rankings": rankings,
            **more,
        }
    }


def certain(**more: Any) -> Case:
    return case(standoff() | more)


def uncertain(**more: Any) -> Case:
    """Every statement rests on a claim of its own, and may not count."""
    given = {
        party: [
            {"id": f"{party}{k}", "holds": holds, "chance": "0.5 to 0.9", "because": [f"{party}{k}"]}
            for k, holds in enumerate(statements)
        ]
        for party, statements in (("left", LEFT), ("right", RIGHT))
    }
    claims = [claim(f"{p}{k}", f"said {p}{k}", kind="threat") for p in given for k in range(4)]
    return case(standoff(**given) | more, *claims)


# -- worked by hand ------------------------------------------------------------------------------------------------

# States by number: 1 nothing, 2 strike, 3 ease, 4 accept, 5 strike & accept, 6 ease & accept, 7 rebuild, 8 strike &
# rebuild, 9 ease & rebuild.


def test_the_trade_that_suits_both_has_no_first_step_that_does():
    found = paths(certain(), draws=DRAWS)
    (deal,) = found.deals
    assert (deal.moves, deal.paths, deal.needed, deal.gateways) == (2, 2, ("left", "right"), ())
    assert deal.chance.value == 0
    assert [(w.movers, w.states) for w in found.ways] == [
        (("left", "right"), (1, 3, 6)),
        (("right", "left"), (1, 4, 6)),
    ]
    # Easing costs Left something at once, accepting costs Right something; in the end both are better off.
    assert [[s.value for s in w.steps] for w in found.ways] == [[0, 0], [0, 0]]
    assert [w.gain.value for w in found.ways] == [1, 1]
    assert found.reached == {1: 1, 3: 0, 4: 0, 6: 0, 7: 1, 9: 0}


def test_the_slide_over_rebuilding_can_be_stopped_by_the_one_who_rebuilds():
    found = paths(certain(), draws=DRAWS)
    ways = {s.states: s for s in found.slides}
    assert set(ways) == {(1,), (1, 4), (1, 7), (1, 3, 6), (1, 3, 9)}
    assert {k: v.tempts.value for k, v in ways.items()} == {
        (1,): 0,
        (1, 4): 0,
        (1, 7): 1,
        (1, 3, 6): 0,
        (1, 3, 9): 1,
    }
    rebuilt = ways[1, 7]
    assert (rebuilt.striker, rebuilt.movers, rebuilt.outcomes) == ("left", ("right",), ("war",))
    assert (rebuilt.to_the_end.value, rebuilt.earlier.value, rebuilt.nowhere.value, rebuilt.last) == (
        1,
        0,
        0,
        1,
    )
    assert [
        (s.state, s.open.value, s.willing.value, [(w.party, w.share.value) for w in s.who])
        for s in rebuilt.stops
    ] == [
        (1, 1, 0, [("right", 1)]),
        (7, 1, 0, [("right", 1)]),
    ]
    # Rebuilding is an improvement for Right, and then striking for Left: improvements alone lead there.
    assert rebuilt.along.value == 1
    (striker,) = found.strikers
    assert (striker.party, striker.slides, striker.now.value, striker.chance.value) == ("left", 5, 0, 1)


def test_slides_stand_in_the_order_in_which_the_chance_to_stop_them_runs_out():
    found = paths(uncertain(), draws=DRAWS)
    last = [s.last for s in found.slides]
    assert last == sorted(last)
    for slide in found.slides:
        parts = slide.to_the_end.value + slide.earlier.value + slide.nowhere.value
        assert parts == pytest.approx(1)
        assert slide.tempts.value <= slide.improves.value
        assert all(stop.willing.value <= stop.open.value for stop in slide.stops)
        assert all(who.party != slide.striker for stop in slide.stops for who in stop.who)


def test_a_first_step_that_pays_opens_the_way():
    """Right no longer minds accepting: then it does so for what Left eases; and Left eases if easing is what it wants."""
    right = ("not strike", "accept", "ease")
    left = ("ease", "not strike")
    found = paths(case(standoff(left, right)), draws=DRAWS)
    assert found.deals[0].chance.value == 1
    assert [[s.value for s in w.steps] for w in found.ways] == [[1, 1], [1, 1]]
    assert "“a deal”" in found.headline("en")
    assert "“协议”" in found.headline("zh")


def test_states_all_paths_run_through_are_told_by_number():
    graph = {
        "parties": ["left", "right"],
        "states": [{"n": n, "name": f"s{n}"} for n in (1, 2, 3)],
        "arcs": [
            {"party": "left", "from": 1, "to": 2},
            {"party": "right", "from": 2, "to": 3},
        ],
        "status_quo": 1,
        "outcomes": [{"id": "peace", "name": "peace", "states": [3], "kind": "deal"}],
        "rankings": {
            "left": {"ranking": [[3], [2], [1]], "assumed": True},
            "right": {"ranking": [[3], [1], [2]], "assumed": True},
        },
    }
    found = paths(case({"standoff": graph}), draws=DRAWS)
    (deal,) = found.deals
    assert (deal.moves, deal.gateways, deal.needed, deal.chance.value) == (2, (2,), ("left", "right"), 1)
    assert (found.slides, found.strikers) == ((), ())
    assert {n: share.value for n, share in found.between.items()} == {1: 0, 2: 1, 3: 0}
    assert found.way(found.ways[0], "en") == "Left: s2 → Right: s3"
    assert any("state 2" in note for note in found.notes("en"))
    assert found.plot("en").missing == ()


def test_nobody_moves_on_purpose_to_a_state_it_does_not_see():
    graph = {
        "parties": ["left", "right"],
        "states": [{"n": n, "name": f"s{n}"} for n in (1, 2)],
        "arcs": [{"party": "left", "from": 1, "to": 2}],
        "status_quo": 1,
        "outcomes": [{"id": "peace", "name": "peace", "states": [2], "kind": "deal"}],
        "rankings": {
            "left": {"ranking": [[2], [1]], "misperceived": [2], "assumed": True},
            "right": {"ranking": [[2], [1]], "assumed": True},
        },
    }
    found = paths(case({"standoff": graph}), draws=DRAWS)
    assert (found.deals[0].moves, found.deals[0].chance.value) == (1, 0)
    assert found.ways[0].steps[0].value == 0
    assert any("does not see" in note for note in found.notes("en"))


# -- the record ----------------------------------------------------------------------------------------------------


def move(id_: str, party: str, day: int, *over: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": id_,
        "party": party,
        "on": f"2024-03-0{day}",
        "name": id_,
        "chosen": over[0]["id"] if over else "go",
        "over": list(over),
        "assumed": True,
    }


def choice(id_: str, **does: Any) -> dict[str, Any]:
    return {"id": id_, "assumed": True, **does}


def test_the_record_is_walked_on_the_same_graph():
    moves = [
        move("second", "left", 3, choice("ease", does=["ease"]), choice("hit", does=["strike"])),
        move(
            "first",
            "right",
            2,
            choice("rebuild", does=["rebuild"]),
            choice("wait"),
            choice("sign", does=["accept"]),
        ),
        move("third", "right", 4, choice("stop", undoes=["rebuild"])),
        move("said", "left", 5, choice("speak")),
    ]
    found = paths(certain(moves=moves), draws=DRAWS)
    assert [(r.move, r.state, r.possible) for r in found.record] == [
        ("first", 7, True),
        ("second", 9, True),
        ("third", 3, True),
        ("said", 3, True),
    ]
    assert found.record[0].passed_over == (("wait", 1), ("sign", 4))
    assert found.record[1].passed_over == (("hit", 8),)
    assert "The record has come" in json.dumps(found.plot("en").spec)
    assert not any("status quo: none of them" in note for note in found.notes("en"))


def test_the_record_is_walked_over_states_that_count_as_one():
    moves = [
        move("first", "right", 2, choice("rebuild", does=["rebuild"])),
        move("second", "left", 3, choice("hit", does=["strike"])),
        move("third", "left", 4, choice("ease", does=["ease"])),
    ]
    merged = standoff(merged=[{"states": [2, 5, 8], "name": "war"}])
    found = paths(case(merged | {"moves": moves}), draws=DRAWS)
    # To ease while it strikes is no feasible combination: the move stays where the record was.
    assert [(r.state, r.possible) for r in found.record] == [(7, True), (2, True), (2, False)]


def test_ways_beyond_those_told_are_counted():
    options = [{"id": f"o{k}", "party": ("left", "right")[k % 2], "name": f"o{k}"} for k in range(8)]
    outcomes = [{"id": "war", "name": "war", "when": "o0", "kind": "violence"}]
    rankings = {p: {"statements": [{"holds": "not o0", "assumed": True}]} for p in ("left", "right")}
    file = {"standoff": {"options": options, "outcomes": outcomes, "rankings": rankings}}
    found = paths(case(file), draws=DRAWS)
    # Left can strike from all 128 states without violence; from those where only Left has moved its blow is one move.
    assert found.slides_beyond == 128 - 7 - 60
    assert len({s.states[-1] for s in found.slides}) == 60
    assert any("from 61 pairs" in note for note in found.notes("en"))
    assert (found.deals, found.any_deal) == ((), None)
    assert found.table("en").rows[0][0] == "Left"


def test_a_record_that_takes_no_option_stays_where_things_stand():
    found = paths(certain(moves=[move("said", "left", 5, choice("speak"))]), draws=DRAWS)
    assert [r.state for r in found.record] == [1]
    assert any("none of them takes or drops" in note for note in found.notes("en"))
    assert "The record stays here" in json.dumps(found.plot("en").spec)


GRAPH = {
    "parties": ["left", "right"],
    "states": [{"n": n, "name": f"s{n}"} for n in (1, 2)],
    "arcs": [{"party": "left", "from": 1, "to": 2}],
    "status_quo": 1,
    "outcomes": [{"id": "peace", "name": "peace", "states": [2], "kind": "deal"}],
}


@pytest.mark.parametrize(
    ("moves", "code"),
    [
        ([move("m", "left", 2, choice("a", does=["eas"]))], "dangling-id"),
        ([move("m", "left", 2, choice("a", does=["accept"]))], "move-owner"),
        ([move("m", "left", 2, choice("a", moves_to=2))], "move-form"),
        (
            [
                move("m", "left", 2, choice("a", does=["strike"])),
                move("n", "left", 3, choice("a", undoes=["strike"])),
            ],
            "move-impossible",
        ),
        ([move("m", "left", 2, choice("a", does=["strike", "ease"]))], "move-impossible"),
    ],
)
def test_moves_that_the_standoff_does_not_have_are_problems(moves, code):
    told = run(certain(moves=moves).file, ledger())
    assert [p.code for p in told] == [code]


def test_moves_of_a_standoff_given_as_a_graph_name_states_that_are_there():
    good = case({"standoff": GRAPH, "moves": [move("m", "left", 2, choice("a", moves_to=2))]})
    assert [p.code for p in run(good.file, ledger())] == []
    assert [r.state for r in paths(good, draws=DRAWS).record] == [2]
    for to, party, code in ((3, "left", "state-unknown"), (2, "right", "move-impossible")):
        bad = case({"standoff": GRAPH, "moves": [move("m", party, 2, choice("a", moves_to=to))]})
        assert [p.code for p in run(bad.file, ledger())] == [code]


# -- what is asked of every analysis -------------------------------------------------------------------------------


def test_a_case_without_claims_cannot_say():
    found = paths(Case(uncertain().file, ledger()), draws=DRAWS)
    chances = [found.any_deal, *(w.chance for w in found.ways), *(s.tempts for s in found.slides)]
    assert {c.verdict for c in chances} == {"silent"}
    assert all(row.because == () for row in (*found.ways, *found.slides, *found.deals))
    assert "cannot say" in found.headline("en")
    assert "无从" in found.headline("zh")


def test_same_case_and_seed_same_numbers_and_rows_name_their_claims():
    one, other, third = (paths(uncertain(), draws=DRAWS, seed=s) for s in (0, 0, 1))
    assert one.rows() == other.rows()
    assert one.slides == other.slides
    assert one.rows() != third.rows()
    assert set(one.ways[0].because) == {f"{p}{k}" for p in ("left", "right") for k in range(4)}


def test_names_swapped_everything_is_mirrored():
    swap = {"left": "right", "right": "left"}
    file = standoff()["standoff"]
    options = [{**o, "party": swap[o["party"]]} for o in file["options"]]
    rankings = {swap[p]: r for p, r in file["rankings"].items()}
    mirrored = case(
        {"standoff": {**file, "options": options, "rankings": rankings, "parties": ["right", "left"]}}
    )
    one, other = paths(certain(), draws=DRAWS), paths(mirrored, draws=DRAWS)
    assert [tuple(swap[m] for m in w.movers) for w in one.ways] == [w.movers for w in other.ways]
    assert [(swap[s.striker], s.states, s.tempts.value) for s in one.slides] == [
        (s.striker, s.states, s.tempts.value) for s in other.slides
    ]


def test_taking_claims_away_moves_the_answer_towards_ignorance():
    full, less = (paths(c, draws=4000) for c in (uncertain(), uncertain().without(["left0", "left1"])))
    step = [f.ways[1].steps[1] for f in (full, less)]
    assert abs(step[1].value - step[1].zero) < abs(step[0].value - step[0].zero) + 0.02
    assert step[0].zero == pytest.approx(step[1].zero, abs=0.03)


def test_after_the_moves_and_per_reading_it_is_the_same_question():
    readings = {
        "left": [
            {
                "id": "calm",
                "prior": 0.5,
                "sets": {"standoff.rankings.left.statements.left0.chance": 0.05},
                "assumed": True,
            },
            {
                "id": "hard",
                "prior": 0.5,
                "sets": {"standoff.rankings.left.statements.left0.chance": 0.95},
                "assumed": True,
            },
        ]
    }
    found = paths(uncertain(readings=readings), draws=2000, after_moves=True)
    assert found.parameters["after_moves"] is True
    shares = {s.reading: s.value for s in found.readings["left"]}
    assert shares["hard"] > shares["calm"] + 0.1


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ({}, "needs-standoff"),
        ({"standoff": {**GRAPH, "status_quo": None}}, "needs-standoff-now"),
        ({"standoff": {**GRAPH, "outcomes": []}}, "needs-endings"),
    ],
)
def test_what_is_missing_is_named(file, code):
    with pytest.raises(IncompleteCaseError) as error:
        paths(case(file), draws=DRAWS)
    assert [p.code for p in error.value.problems] == [code]


def test_from_within_violence_paths_lead_out_and_nobody_slides():
    options = [{**o, "now": o["id"] == "strike", "one_way": None} for o in OPTIONS]
    found = paths(case(standoff(options=options)), draws=DRAWS)
    assert (found.start, found.deals[0].moves, found.slides) == (2, 2, ())
    assert any("under way" in note for note in found.notes("en"))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_tables_notes_and_chart_in_both_languages(lang):
    moves = [move("said", "left", 5, choice("speak"))]
    found = paths(uncertain(moves=moves), draws=DRAWS)
    tables = found.tables(lang)
    assert len(tables) == 7
    assert [len(t.rows) for t in tables[:4]] == [1, 2, 4, 1]
    assert len(tables[4].rows) == len(found.shown) > 0
    assert len(tables[5].rows) == 1
    assert all(cell for t in tables for row in t.rows for cell in row)
    assert len(found.notes(lang)) >= 6
    chart = found.plot(lang)
    assert chart.missing == ()
    svg = chart.to_svg()
    assert ("Right" if lang == "en" else "右方") in svg
    assert ("rebuilds" if lang == "en" else "重建") in svg
    assert chart.narrow is not None


def test_json_has_all_tables_and_repr_the_headline():
    found = paths(uncertain(moves=[move("said", "left", 5, choice("speak"))]), draws=DRAWS)
    printed = json.loads(json.dumps(found.to_json()))
    assert list(printed) == ["ok", "command", "case", "method", "parameters", "seed", "rows"]
    assert {row["table"] for row in printed["rows"]} == {"ways", "deals", "strikers", "slides", "record"}
    assert repr(found).startswith("Paths(A made-up case, 10 Mar 2024: ")


# -- the example ---------------------------------------------------------------------------------------------------


def test_in_the_example_a_trade_is_missing_and_rebuilding_is_what_makes_force_the_best_move():
    found = paths(zopa.open_case("muscat-2026"), draws=1000)
    assert {d.outcome: (d.moves, d.needed) for d in found.deals} == {
        "deal": (2, ("us", "iran")),
        "narrow-deal": (2, ("us", "iran")),
        "broad-deal": (2, ("us", "iran")),
    }
    # All four ways to a deal end better for both in more draws than improvements alone take them.
    assert all(w.gain.value > w.chance.value + 0.05 for w in found.ways)
    assert found.any_deal.value < found.any_deal.zero - 0.15
    us = {s.states: s for s in found.slides if s.striker == "us"}
    rebuild = next(
        n
        for n in found.reached
        if found.conflict.taken(found.conflict.places[n])
        == {o: o == "rebuild" for o in found.conflict.options}
    )
    assert us[1, rebuild].tempts.value > us[1,].tempts.value + 0.15
    assert us[1, rebuild].to_the_end.value > us[1,].to_the_end.value + 0.2
    assert us[1, rebuild].stops[-1].who[0].party == "iran"
    assert {r.state for r in found.record} == {1}
    assert sum(bool(r.passed_over) for r in found.record) == 6
