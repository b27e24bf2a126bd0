"""Paths of cases with single pairs, unknown pairs and states that parties do not see; and what is told of the ways."""

from typing import Any

import numpy as np
import pytest

from tests.analysis.test_paths import DRAWS, certain, standoff, uncertain
from tests.claims.cases import case
from tests.methods.standoff_reference import better_of, moves_of, reach
from zopa.analysis._paths_measure import answers, ask_of
from zopa.analysis.paths import paths
from zopa.case.case import Case
from zopa.case.conflict import conflict_of
from zopa.case.rankings import overruling, profiles
from zopa.errors import IncompleteCaseError

# -- against the definitions ---------------------------------------------------------------------------------------


def made(seed: int) -> Case:
    """A random graph with direct rankings, single and unknown pairs, and states that parties do not see."""
    rng = np.random.default_rng(seed)
    size, parties = int(rng.integers(4, 8)), ["left", "right"]
    numbers = list(range(1, size + 1))

    def pairs(most: int) -> list[list[int]]:
        return [rng.permutation(numbers)[:2].tolist() for _ in range(int(rng.integers(most + 1)))]

    arcs = [
        {"party": p, "from": a, "to": b}
        for p in parties
        for a in numbers
        for b in numbers
        if a != b and rng.random() < 0.4
    ]
    rankings = {
        p: {
            "ranking": [[int(n)] for n in rng.permutation(numbers)],
            "prefers": pairs(3),
            "unknown": pairs(2),
            "misperceived": [n for n in numbers if rng.random() < 0.2],
            "assumed": True,
        }
        for p in parties
    }
    outcomes = [
        {"id": "peace", "name": "peace", "states": [size], "kind": "deal"},
        {"id": "war", "name": "war", "states": [size - 1], "kind": "violence"},
    ]
    states = [{"n": n, "name": f"s{n}"} for n in numbers]
    written = {"states": states, "arcs": arcs, "status_quo": 1, "outcomes": outcomes, "rankings": rankings}
    return case({"standoff": {"parties": parties, **written}})


@pytest.mark.parametrize("seed", range(25))
def test_every_draw_follows_single_pairs_unknown_pairs_and_what_is_seen(seed):
    given = made(seed)
    conflict, drawn = conflict_of(given.file), given.draws(8, seed=seed)
    ask = ask_of(conflict)
    found = answers(drawn, ask)
    ranks, named = profiles(drawn, conflict), overruling(drawn, conflict)
    moves = moves_of(conflict.graph, conflict.unseen)
    target, violent = len(conflict) - 1, len(conflict) - 2
    told = [(w, k) for w in ask.ways["peace"].paths for k in range(len(w))]
    for d in range(drawn.n):
        better = better_of(ranks[d])
        for (i, best, worst), on in zip(named.pairs, named.on[d], strict=True):
            if on:
                better[i, worst, best], better[i, best, worst] = True, False
        steps = [
            {s: {q for q in to if better[i, s, q] and q != violent} for s, to in own.items()}
            for i, own in enumerate(moves)
        ]
        there = {0} | reach(steps, range(2), 0)
        assert set(np.flatnonzero(found.states[d]).tolist()) == there
        assert found.any_deal[d] == found.reach[d, 0] == (target in there)
        for column, (way, k) in enumerate(told):
            i, s, q = way.movers[k], way.states[k], way.states[k + 1]
            assert found.steps[d, column] == (q in moves[i][s] and better[i, s, q])
        for i in range(2):
            for s in range(len(conflict)):
                into = s != violent and violent in moves[i][s] and better[i, s, violent]
                calm = all(better[i, q, violent] for q in moves[i][s] if q != violent)
                assert found.gains[d, i, s] == into
                assert found.tempts[d, i, s] == (into and calm)


GRAPH: dict[str, Any] = {
    "parties": ["left", "right"],
    "states": [{"n": n, "name": f"s{n}"} for n in (1, 2)],
    "arcs": [{"party": "left", "from": 1, "to": 2, "name": {"en": "signs", "zh": "签字"}}],
    "status_quo": 1,
    "outcomes": [{"id": "peace", "name": "peace", "states": [2], "kind": "deal"}],
}


def graph(left: dict[str, Any], **more: Any) -> Case:
    rankings = {"left": {"assumed": True, **left}, "right": {"ranking": [[2], [1]], "assumed": True}}
    return case({"standoff": {**GRAPH, "rankings": rankings, **more}})


def test_a_single_pair_overrules_the_ranking_and_a_coin_settles_an_unknown_one():
    against = {"ranking": [[1], [2]]}
    assert paths(graph(against), draws=DRAWS).any_deal.value == 0
    assert paths(graph({**against, "prefers": [[2, 1]]}), draws=DRAWS).any_deal.value == 1
    assert paths(graph({**against, "strongly": [[2, 1]]}), draws=DRAWS).any_deal.value == 1
    coin = paths(graph({**against, "unknown": [[1, 2]]}), draws=4000)
    assert not coin.certain
    assert coin.any_deal.value == pytest.approx(0.5, abs=0.03)
    (way,) = coin.ways
    assert (way.steps[0].value, way.gain.value) == (coin.any_deal.value, coin.any_deal.value)
    for lang, word in (("en", "coin"), ("zh", "掷币")):
        assert any(word in note for note in coin.notes(lang))


def test_what_an_arc_is_called_stands_beside_the_step():
    found = paths(graph({"ranking": [[2], [1]]}), draws=DRAWS)
    assert found.way(found.ways[0], "en") == "Left: s2 (signs)"
    for lang, told in (("en", "Left: s2 (signs)"), ("zh", "（签字）")):
        ways, steps = found.tables(lang)[1:3]
        assert told in ways.rows[0][1]
        assert told in steps.rows[0][1]


# -- what is told --------------------------------------------------------------------------------------------------


def test_where_the_status_quo_is_the_deal_it_says_so():
    found = paths(graph({"ranking": [[2], [1]]}, status_quo=2), draws=DRAWS)
    assert (found.deals[0].moves, found.ways[0].movers) == (0, ())
    for lang, told in (("en", "already “peace”"), ("zh", "现状已是“peace”")):
        assert told.replace("already “peace”", "“peace” already") in found.headline(lang)
        deals, ways = found.tables(lang)[:2]
        assert deals.rows[0][1] == ways.rows[0][1] == {"en": "already there", "zh": "已在其中"}[lang]
    unsure = paths(graph({"ranking": [[2], [1]], "unknown": [[1, 2]]}, status_quo=2), draws=DRAWS)
    assert unsure.headline("en").startswith("The status quo is an agreement already: “peace”.")
    assert unsure.headline("zh").startswith("现状本身已是协议：“peace”。")


def test_one_way_and_one_move_are_told_in_the_singular():
    unsure = paths(graph({"ranking": [[2], [1]], "unknown": [[1, 2]]}), draws=DRAWS)
    assert "It takes 1 move: Left: s2 (signs)." in unsure.headline("en")
    assert "只需1步" in unsure.headline("zh")
    assert unsure.table("en").rows[0][1] == "1 (1 way)"
    assert "All states" in unsure.plot("en").note


def test_without_agreement_or_a_way_into_violence_the_headline_says_what_there_is():
    war = [{"id": "war", "name": "war", "states": [2], "kind": "violence"}]
    held = graph({"ranking": [[1], [2]], "unknown": [[1, 2]]}, outcomes=war, arcs=[])
    found = paths(held, draws=DRAWS)
    assert found.headline("en") == "No party can come to a use of force from where things stand."
    assert found.headline("zh") == "从现状出发，没有任何一方能走到动武。"
    under_way = paths(graph({"ranking": [[1], [2]]}, outcomes=war, status_quo=2), draws=DRAWS)
    assert under_way.headline("en") == "Violence is under way in the status quo."
    assert under_way.headline("zh") == "现状已是武力状态。"
    assert found.main() == ()
    assert found.plot("en").missing == ()


def test_slides_that_no_improvement_takes_are_still_listed_the_nearest_first():
    meek = {"left": ("not strike", "not ease"), "right": ("not accept", "not rebuild")}
    found = paths(case(standoff(**meek)), draws=DRAWS)
    assert not found.likely
    assert set(found.shown) == set(found.slides)
    table = next(t for t in found.tables("en") if "slide into violence" in t.caption)
    assert "improvements alone take none of them" in table.caption
    assert all(row[5:] == ("–",) * 5 for row in table.rows)


def test_every_slide_is_listed_or_counted_with_its_reason():
    found = paths(uncertain(), draws=DRAWS)
    rare = len(found.slides) - len(found.likely)
    notes = " ".join(found.notes("en"))
    assert (f"{rare} that improvements alone take in fewer" in notes) == (rare > 0)
    table = next(t for t in found.tables("en") if "slide into violence" in t.caption)
    assert f"({len(found.shown)} of {len(found.slides)}" in table.caption
    plain = paths(certain(), draws=DRAWS)
    assert [s.states for s in plain.shown] == [(1, 7)]
    assert any("not listed: 4 that improvements alone" in note for note in plain.notes("en"))
    assert any("4条仅凭改良" in note for note in plain.notes("zh"))


def test_one_decision_maker_is_no_standoff():
    options = [{"id": o, "party": "left", "name": o} for o in ("sign", "strike")]
    outcomes = [{"id": "deal", "name": "deal", "when": "sign", "kind": "deal"}]
    alone = {"parties": ["left"], "options": options, "outcomes": outcomes}
    with pytest.raises(IncompleteCaseError) as error:
        paths(case({"standoff": alone}), draws=DRAWS)
    assert [p.code for p in error.value.problems] == ["standoff-parties"]


def test_what_is_said_of_violence_fits_where_things_stand():
    war = [{"id": "war", "name": "war", "states": [1], "kind": "violence"}]
    from_war = paths(graph({"ranking": [[2], [1]]}, outcomes=[*GRAPH["outcomes"], *war]), draws=DRAWS)
    for lang, calm in (("en", "enter no state of violence"), ("zh", "不经过任何武力状态")):
        assert not any(calm in note for note in from_war.notes(lang))
        assert any(calm in note for note in paths(certain(), draws=DRAWS).notes(lang))


def test_shares_of_steps_and_of_who_can_stop_a_slide_have_ranges_and_zero_lines():
    found = paths(uncertain(), draws=2000)
    shares = [s for w in found.ways for s in w.steps]
    shares += [who.share for s in found.slides for stop in s.stops for who in stop.who]
    shares += list(found.between.values())
    assert all(s.low - 1e-9 <= s.value <= s.high + 1e-9 for s in shares)
    assert all(0 <= s.zero <= 1 for s in shares)
    assert any(s.low < s.value < s.high for s in shares)
    steps = found.tables("en")[2]
    assert steps.columns[-1] == "zero line"
    # Each state of each way: the parties' shares add up to what somebody can stop at least.
    for stop in (stop for s in found.slides for stop in s.stops):
        assert sum(w.share.value for w in stop.who) >= stop.open.value - 1e-9


def test_readings_have_zero_lines():
    path = "standoff.rankings.left.statements.left0.chance"
    readings = {
        "left": [
            {"id": name, "prior": 0.5, "sets": {path: chance}, "assumed": True}
            for name, chance in (("calm", 0.05), ("hard", 0.95))
        ]
    }
    found = paths(uncertain(readings=readings), draws=2000)
    assert found.readings["left"]
    assert all(
        s.zero is not None and s.weight_zero is not None for own in found.readings.values() for s in own
    )
