"""Mediation: worked by hand, against brute force, on Elmira, without evidence, and what it never proposes."""

import json
from itertools import product
from typing import Any

import numpy as np
import pytest

import zopa
from tests.claims.cases import case
from tests.claims.made import claim
from tests.methods.standoff_reference import better_of, lattice_moves, random_lattice, random_ranks, verdicts
from zopa.analysis._mediation_changes import Change, force, proposals
from zopa.analysis.mediation import Mediation, mediation
from zopa.case.case import Case
from zopa.case.conflict import conflict_of
from zopa.errors import IncompleteCaseError
from zopa.methods.graph_model import Lattice
from zopa.methods.inverse import ranking_distance
from zopa.result import flat

DRAWS = 400
CONCEPTS = ("nash", "gmr", "smr", "seq", "sseq", "sim")


def name(en: str, zh: str) -> dict[str, str]:
    return {"en": en, "zh": zh}


OPTIONS = [
    {"id": "ease", "party": "left", "name": name("Left eases", "左方放松")},
    {"id": "limit", "party": "right", "name": name("Right limits", "右方限制")},
]
DEAL = {"id": "deal", "name": name("a deal", "协议"), "when": "ease and limit", "kind": "deal"}
LEFT, RIGHT = ("not ease", "limit"), ("ease", "limit")
PENALTY = {
    "id": "penalty",
    "name": name("a penalty", "违约代价"),
    "kind": "penalty",
    "offered_by": "right",
    "option": "ease",
    "cost_of_defecting": {"left": {"is": 0.5, "range": [0, 1]}},
    "assumed": True,
}
# States by number: 1 nothing, 2 ease, 3 limit, 4 both. Left ranks 3 > 1 > 4 > 2, Right 4 > 2 > 3 > 1.


def standoff(left: Any = LEFT, right: Any = RIGHT, **more: Any) -> dict[str, Any]:
    rankings = {
        party: {
            "statements": [
                s if isinstance(s, dict) else {"id": f"s{k}", "holds": s, "assumed": True}
                for k, s in enumerate(given)
            ]
        }
        for party, given in (("left", left), ("right", right))
    }
    given = {"parties": ["left", "right"], "options": OPTIONS, "outcomes": [DEAL], "rankings": rankings}
    return {"standoff": {**given, **more}}


def certain(**more: Any) -> Case:
    return case(standoff() | more)


def uncertain(**more: Any) -> Case:
    """Every statement rests on a claim of its own."""
    given = {
        party: [
            {"id": f"s{k}", "holds": holds, "chance": "0.8 to 0.95", "because": [f"{party}{k}"]}
            for k, holds in enumerate(statements)
        ]
        for party, statements in (("left", LEFT), ("right", RIGHT))
    }
    claims = [claim(f"{p}{k}", f"said {p}{k}", kind="offer") for p in given for k in range(2)]
    return case(standoff(**given) | more, *claims)


def row(found: Mediation, *changes: tuple[str, str]) -> Any:
    wanted = tuple(Change(kind, what) for kind, what in changes)  # type: ignore[arg-type]
    return next(r for r in found.of() if r.changes == wanted)


# -- worked by hand ------------------------------------------------------------------------------------------------


def test_binding_the_one_step_that_would_be_undone_makes_the_deal_last():
    found = mediation(certain(), draws=DRAWS)
    assert [(r.changes, r.lasts.value) for r in found.of()[:2]] == [
        ((), 0.0),
        ((Change("bind", "ease"),), 1.0),
    ]
    best = found.best()
    assert best is not None and best.offered_by == ("left",)
    assert best.central == ("nash", "gmr", "smr", "seq", "sseq", "sim")
    # Left would move from the deal to state 3, and nothing Right could do there is worse for Left than the deal.
    assert found.of()[0].central == ()
    # Nobody improves by easing: the deal would last, but no improvements lead to it.
    assert best.reached is not None and best.reached.value == 0.0


def test_an_assurance_helps_in_the_draws_in_which_it_binds():
    found = mediation(certain(assurances=[PENALTY]), draws=2000)
    penalty = row(found, ("assurance", "penalty"))
    # Detected for sure, cost .5: more than a temptation drawn evenly from 0 to 1 in half of the draws.
    assert penalty.lasts.value == pytest.approx(0.5, abs=0.04)
    assert penalty.offered_by == ("right",)
    assert penalty.gained.value == penalty.lasts.value
    # Whether it binds is a matter of the draws, not of the rankings in their middle.
    assert penalty.central == ()


def test_relief_given_in_advance_moves_the_start():
    relief = {"id": "first", "name": "first relief", "kind": "relief", "option": "ease", "assumed": True}
    found = mediation(certain(assurances=[relief]), draws=DRAWS)
    # From state 2 Right improves by limiting: 2 → 4 is one step.
    given = row(found, ("assurance", "first"))
    assert (found.of()[0].reached.value, given.reached.value) == (0.0, 1.0)
    assert (given.lasts.value, given.gained.value) == (0.0, 0.0)
    both = row(found, ("assurance", "first"), ("bind", "ease")) if _has_pair(found) else None
    assert both is None or both.works.value == 1.0


def _has_pair(found: Mediation) -> bool:
    return any(r.size == 2 for r in found.of())


def test_the_least_change_of_preference_is_counted_by_hand():
    found = mediation(certain(), draws=DRAWS)
    needs = {n.concept: n for n in found.needs}
    # Nash: 4 level with 3, past 1. GMR and SMR: 4 level with 1, to which Right could answer.
    # SEQ: Right would not answer so, and 4 has to rise level with 3, or Right's 1 past its 3 besides.
    assert {c: (n.total, n.proven) for c, n in needs.items()} == {
        "nash": (1.5, True),
        "gmr": (0.5, True),
        "smr": (0.5, True),
        "seq": (1.5, True),
        "sseq": (1.5, True),
    }
    left = needs["nash"].sides[0]
    assert [(m.n, m.up, m.beside) for m in left.moved] == [(4, True, (1, 3))]
    assert needs["gmr"].sides[1].moved == () and needs["gmr"].nothing.value == 0.0


def test_the_statements_in_which_the_difference_lies():
    found = mediation(certain(), draws=DRAWS)
    edits = {(e.party, e.statement, e.turn) for r in found.edits for e in r.edits}
    # Putting "limit" first is not enough for Left: it would still rather have it without easing.
    assert edits == {("left", "s0", "drop"), ("left", "s0", "flip"), ("right", "s1", "flip")} & edits | {
        ("left", "s0", "drop"),
        ("left", "s0", "flip"),
    }
    assert all(r.n == (4,) and r.lasts.value == 1.0 for r in found.edits)


def test_a_deal_that_lasts_needs_nothing():
    found = mediation(case(standoff(left=("limit", "ease"))), draws=DRAWS)
    assert found.of()[0].lasts.value == 1.0
    assert all(n.total == 0 and n.reached for n in found.needs)
    assert [r.edits for r in found.edits] == [()]
    assert "as it is" in found.headline("en")


# -- against brute force -------------------------------------------------------------------------------------------


def _orders(count: int) -> list[np.ndarray]:
    """All weak orders of a few states."""
    found = {
        tuple(np.unique(r, return_inverse=True)[1].tolist()) for r in product(range(count), repeat=count)
    }
    return [np.array(r, dtype=np.int32) for r in sorted(found)]


def test_no_smaller_change_of_both_rankings_makes_the_deal_last():
    found = mediation(certain(), draws=DRAWS)
    conflict = found.conflict
    assert isinstance(conflict.model, Lattice)
    moves = lattice_moves(conflict.model)
    given = found.central.ranks
    least = dict.fromkeys(CONCEPTS, np.inf)
    for left, right in product(_orders(4), repeat=2):
        apart = ranking_distance(given[0], left) + ranking_distance(given[1], right)
        if apart > 2:
            continue
        stable = verdicts(moves, better_of(np.stack([left, right])))
        for concept in ("nash", "gmr", "smr", "seq", "sseq"):
            if stable[concept][:, 3].all():
                least[concept] = min(least[concept], apart)
    assert {n.concept: n.total for n in found.needs} == {c: v for c, v in least.items() if c != "sim"}


@pytest.mark.parametrize("seed", range(12))
def test_every_change_agrees_with_the_definitions(seed):
    """Rule out or bind each option of a random conflict and judge the whole anew from legal sequences."""
    rng = np.random.default_rng(seed)
    made = (random_lattice(rng) for _ in range(1000))
    lattice = next(m for m in made if m.parties <= 3 and m.options <= 5 and len(m) >= 3)
    ranks = random_ranks(rng, lattice.parties, len(lattice))
    given = _as_case(lattice, ranks, wished=int(rng.integers(len(lattice))))
    found = mediation(given, draws=100)
    wish = conflict_of(given.file).outcomes["wish"]
    assert len(found.conflict) == len(lattice)
    for one in found.of():
        changed, keep = _changed(lattice, {(c.kind, int(c.what[1:])) for c in one.changes})
        stable = verdicts(lattice_moves(changed), better_of(ranks[:, keep]), changed)
        for concept in CONCEPTS:
            expected = bool((stable[concept].all(axis=0) & wish[keep]).any())
            share = one.lasts.value if concept == "seq" else one.shares[concept].value
            assert (share, concept in one.central) == (float(expected), expected), (one.changes, concept)


def _as_case(lattice: Lattice, ranks: np.ndarray, *, wished: int) -> Case:
    ids = ["left", "right", "third"][: lattice.parties]
    way = {1: "on", -1: "off", 0: None}
    options = [
        {
            "id": f"o{k}",
            "party": ids[lattice.owner[k]],
            "name": f"option {k}",
            "one_way": way[int(lattice.one_way[k])],
        }
        for k in range(lattice.options)
    ]
    feasible = " or ".join(
        "(" + " and ".join(("" if s >> k & 1 else "not ") + f"o{k}" for k in range(lattice.options)) + ")"
        for s in lattice.states.tolist()
    )
    rankings = {
        party: {
            "ranking": [
                (np.flatnonzero(own == level) + 1).tolist()
                for level in sorted(set(own.tolist()), reverse=True)
            ],
            "assumed": True,
        }
        for party, own in zip(ids, ranks, strict=True)
    }
    return case(
        {
            "parties": {i: {"name": i.capitalize(), "role": "negotiator"} for i in ids},
            "standoff": {
                "parties": ids,
                "options": options,
                "infeasible": [f"not ({feasible})"],
                "rankings": rankings,
                "outcomes": [{"id": "wish", "name": "wish", "states": [wished + 1]}],
            },
        }
    )


def _changed(lattice: Lattice, changes: set[tuple[str, int]]) -> tuple[Lattice, np.ndarray]:
    out = sum(1 << k for kind, k in changes if kind == "rule-out")
    keep = np.array([at for at, s in enumerate(lattice.states.tolist()) if not s & out])
    way = [1 if ("bind", k) in changes else int(w) for k, w in enumerate(lattice.one_way)]
    return Lattice(lattice.states[keep], lattice.owner, np.array(way, dtype=np.int8), lattice.parties), keep


def test_moves_listed_one_by_one_give_the_same_as_options():
    arcs = [("left", 1, 2), ("left", 2, 1), ("left", 3, 4), ("left", 4, 3)]
    arcs += [("right", 1, 3), ("right", 3, 1), ("right", 2, 4), ("right", 4, 2)]
    holds = {1: [], 2: ["ease"], 3: ["limit"], 4: ["ease", "limit"]}
    given = standoff()
    given["standoff"] = {
        k: v for k, v in given["standoff"].items() if k in ("parties", "rankings", "outcomes")
    } | {
        "states": [{"n": n, "name": f"state {n}", "holds": h} for n, h in holds.items()],
        "arcs": [{"party": p, "from": a, "to": b} for p, a, b in arcs],
        "status_quo": 1,
    }
    listed, plain = (mediation(c, draws=DRAWS) for c in (case(given), certain()))
    assert [(r.changes, r.lasts.value, r.offered_by) for r in listed.of()] == [
        (r.changes, r.lasts.value, r.offered_by) for r in plain.of()
    ]
    assert [(n.concept, n.total) for n in listed.needs] == [(n.concept, n.total) for n in plain.needs]
    assert listed.best().central == ("nash", "gmr", "smr", "seq", "sseq")


# -- Elmira --------------------------------------------------------------------------------------------------------


def test_elmira_the_original_order_would_have_lasted_had_the_plant_been_bound_to_stay():
    found = mediation(zopa.open_case("elmira"), draws=DRAWS)
    assert found.certain and found.wishes == (("original-order", None), ("modified-order", None))
    helps = [r.changes for r in found.of("original-order") if r.size == 1 and r.lasts.value == 1]
    assert helps == [(Change("rule-out", "abandon"),), (Change("bind", "accept"),)]
    # Published: states 5, 6, 7, 10, 11 and 12 last, so the modified order does (10) and the original (3, 9) does not.
    assert [found.of(w)[0].lasts.value for w in ("original-order", "modified-order")] == [0.0, 1.0]
    assert found.need("original-order").proven and found.need("original-order").n == 3
    assert found.need("modified-order").total == 0
    assert found.headline("en").startswith("The rankings are given and certain.")


# -- evidence ------------------------------------------------------------------------------------------------------


def test_without_claims_nothing_can_be_said():
    bare = uncertain(assurances=[PENALTY]).without([f"{p}{k}" for p in ("left", "right") for k in range(2)])
    for made in (bare, case(standoff(left=[{"holds": "not ease", "chance": "0.2 to 0.9", "assumed": True}]))):
        found = mediation(made, draws=DRAWS)
        assert {r.lasts.verdict for r in found.rows()} == {"silent"}
        assert {r.gained.verdict for r in found.rows() if r.gained} == {"silent"}
        assert "cannot say" in found.headline("en")
        assert "无从回答" in found.headline("zh")


def test_taking_claims_away_moves_the_answer_towards_ignorance():
    full, less = (
        row(mediation(c, draws=2000), ("bind", "ease")).gained
        for c in (uncertain(), uncertain().without(["left0"]))
    )
    assert full.zero == pytest.approx(less.zero, abs=0.02)
    assert abs(less.value - less.zero) < abs(full.value - full.zero)


def test_what_the_claims_bear_out_helps_and_what_is_assumed_does_not_settle_it():
    found = mediation(uncertain(assurances=[PENALTY]), draws=2000)
    assert row(found, ("bind", "ease")).gained.verdict == "helps"
    assert row(found, ("assurance", "penalty")).gained.verdict == "assumed"
    bind = row(found, ("bind", "ease")).gained
    assert bind.low <= bind.value <= bind.high and bind.zero < bind.value
    assert "helps “a deal” to last most" in found.headline("en")


def test_a_gain_is_the_difference_of_the_shares():
    found = mediation(uncertain(assurances=[PENALTY]), draws=DRAWS)
    first = found.of()[0]
    for one in found.of()[1:]:
        assert one.gained.value == pytest.approx(one.lasts.value - first.lasts.value)
        assert one.gained.zero == pytest.approx(one.lasts.zero - first.lasts.zero)


def test_the_same_seed_gives_the_same_and_after_the_moves_it_is_the_same_question():
    made = uncertain(assurances=[PENALTY])
    one, two = (mediation(made, draws=DRAWS, seed=3).to_json() for _ in range(2))
    assert one == two
    assert mediation(made, draws=DRAWS, after_moves=True).of()[0].changes == ()


def test_swapped_names_mirror_every_sentence():
    swapped = {
        "left": {"name": name("Right", "右方"), "role": "negotiator"},
        "right": {"name": name("Left", "左方"), "role": "negotiator"},
    }
    turn = str.maketrans({"左": "右", "右": "左"})
    made = [OPTIONS[0] | {"name": name("easing", "放松")}, OPTIONS[1] | {"name": name("limiting", "限制")}]
    one, two = (mediation(case(standoff(options=made) | p), draws=DRAWS) for p in ({}, {"parties": swapped}))
    for a, b in zip(one.tables("zh"), two.tables("zh"), strict=True):
        assert a.rows == tuple(tuple(c.translate(turn) for c in r) for r in b.rows)
    assert one.headline("zh") == two.headline("zh").translate(turn)


# -- what is never proposed ----------------------------------------------------------------------------------------


def test_force_is_ruled_out_but_never_bound_loosened_or_put_first():
    options = [*OPTIONS, {"id": "strike", "party": "left", "name": "strike"}]
    war = {"id": "war", "name": "war", "when": "strike", "kind": "violence"}
    left = ("not strike", "strike or not limit", "not ease", "limit")
    made = case(standoff(left=left, options=options, outcomes=[DEAL | {"when": "ease and limit"}, war]))
    conflict = conflict_of(made.file)
    assert force(conflict) == {"strike"}
    tried = proposals(conflict, conflict.outcomes["deal"])
    assert Change("rule-out", "strike") in tried and Change("bind", "strike") not in tried
    found = mediation(made, draws=DRAWS)
    edits = {(e.statement, e.turn) for r in found.edits for e in r.edits if e.party == "left"}
    assert not edits & {("s0", "drop"), ("s0", "flip"), ("s1", "front")}


def test_the_muscat_case_never_proposes_force():
    found = mediation(zopa.open_case("muscat-2026"), draws=100)
    forced = force(found.conflict)
    assert forced == {"strike", "attack", "retaliate"}
    assert all(c.what not in forced for r in found.rows() for c in r.changes if c.kind == "bind")
    loosened = {"no-first-strike", "held-back", "no-force", "no-strike", "no-attack", "no-retaliation"}
    assert all(e.statement not in loosened for r in found.edits for e in r.edits if e.turn != "front")
    assert all(e.statement != "strike-itself" for r in found.edits for e in r.edits if e.turn == "front")


# -- the wish ------------------------------------------------------------------------------------------------------


def test_a_state_or_an_outcome_may_be_wished_for():
    found = mediation(certain(), draws=DRAWS, wish=3)
    assert found.wishes == ((None, 3),) and {n.n for n in found.needs} == {3}
    assert mediation(certain(), draws=DRAWS, wish="deal").wishes == (("deal", None),)
    with pytest.raises(ValueError, match="wish is state 9, but the states run from 1 to 4"):
        mediation(certain(), wish=9)
    with pytest.raises(ValueError, match="wish is 'peace', but the outcomes with a feasible state are: deal"):
        mediation(certain(), wish="peace")
    with pytest.raises(ValueError, match="nothing was asked about 'peace'"):
        found.of("peace")


@pytest.mark.parametrize(
    ("sections", "code"), [({}, "needs-standoff"), (standoff(outcomes=[]), "needs-outcome")]
)
def test_what_is_missing_is_named(sections, code):
    with pytest.raises(IncompleteCaseError) as caught:
        mediation(case(sections))
    assert [p.code for p in caught.value.problems] == [code]


# -- what is asked of every analysis -------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_tables_notes_chart_and_json_say_the_same(lang):
    found = mediation(uncertain(assurances=[PENALTY]), draws=DRAWS)
    assert len(found.table(lang).rows) == len(found.of())
    assert all(cell != "" or k for t in found.tables(lang) for r in t.rows for k, cell in enumerate(r))
    told = " ".join(
        [
            found.headline(lang),
            *found.notes(lang),
            *(c for t in found.tables(lang) for r in t.rows for c in r),
        ]
    )
    assert "{" not in told and "mediation." not in told
    chart = found.plot(lang)
    assert not chart.missing and chart.narrow is not None
    assert chart.description and "<svg" in chart.to_svg()
    made = json.loads(json.dumps(found.to_json()))
    assert len(made["rows"]) == len(found.rows()) and made["parameters"]["needs"]
    assert all("lasts.value" in flat(r) for r in found.rows())


def test_what_the_search_left_out_is_said():
    found = mediation(uncertain(), draws=5000)
    assert found.parameters["draws"] == 1500
    assert any("1500 draws were taken in place of 5000" in note for note in found.notes("en"))
    assert found.parameters["singles"] == len([r for r in found.of() if r.size == 1]) + _dropped(found)


def _dropped(found: Mediation) -> int:
    """Changes after which no wished state is left."""
    conflict = found.conflict
    return sum(
        not (conflict.outcomes["deal"] & ~conflict.facts[c.what]).any()
        for c in proposals(conflict, conflict.outcomes["deal"])
        if c.kind == "rule-out"
    )
