"""Coalition: worked by hand, Elmira, a reference of plain sets, without evidence, and what is asked of every analysis."""

import json
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import zopa
from tests.claims.cases import case
from tests.claims.made import claim
from tests.shared import shared_data
from zopa.analysis.coalition import Coalition, coalition
from zopa.case.case import Case
from zopa.errors import IncompleteCaseError

DRAWS = 400
CONCEPTS = ("nash", "gmr", "smr", "seq")


def name(en: str, zh: str) -> dict[str, str]:
    return {"en": en, "zh": zh}


OPTIONS = [
    {"id": "east-stops", "party": "east", "name": name("East stops arming", "东方停止扩军")},
    {"id": "west-stops", "party": "west", "name": name("West stops arming", "西方停止扩军")},
]
OUTCOMES = [
    {
        "id": "race",
        "name": name("the race goes on", "军备竞赛继续"),
        "when": "not east-stops and not west-stops",
    },
    {"id": "treaty", "name": name("treaty", "条约"), "when": "east-stops and west-stops", "kind": "deal"},
]
PARTIES = {
    "east": {"name": name("East", "东方"), "role": "negotiator"},
    "west": {"name": name("West", "西方"), "role": "negotiator"},
    "host": {"name": name("Host", "东道国"), "role": "host"},
}
WANTS = {
    "east": ("west-stops", "not east-stops"),
    "west": ("east-stops", "not west-stops"),
    "host": ("east-stops and west-stops",),
}


def sections(wants: Any = WANTS, **more: Any) -> dict[str, Any]:
    """A prisoner's dilemma over arms: each would rather the other stopped than stop itself; a host wants both to."""
    rankings = {
        party: {"statements": [s if isinstance(s, dict) else {"holds": s, "assumed": True} for s in given]}
        for party, given in wants.items()
    }
    standoff = {"parties": list(wants), "options": OPTIONS, "outcomes": OUTCOMES, "rankings": rankings}
    return {"parties": PARTIES, "standoff": standoff | more}


def certain(**more: Any) -> Case:
    return case(sections(**more))


def uncertain(**more: Any) -> Case:
    """Every statement rests on a claim of its own, and may not count."""
    wants = {
        party: [
            {"id": f"{party}{k}", "holds": s, "chance": "0.5 to 0.9", "because": [f"{party}{k}"]}
            for k, s in enumerate(given)
        ]
        for party, given in WANTS.items()
    }
    claims = [claim(f"{p}{k}", f"said {p}{k}", kind="offer") for p, g in WANTS.items() for k in range(len(g))]
    return case(sections(wants) | more, *claims)


def numbers(found: Coalition, concept: str, whose: str) -> list[int]:
    return [row.n for row in found.states if getattr(row, whose)[concept].value == 1]


# -- worked by hand ------------------------------------------------------------------------------------------------


def test_the_treaty_takes_both_and_each_gains_by_leaving_it():
    # States: 1 nobody stops, 2 East, 3 West, 4 both. East ranks 3 > 4 > 1 > 2, West 2 > 4 > 1 > 3, the host 4 first.
    found = coalition(certain(), draws=DRAWS)
    assert found.certain
    (deal,) = found.deals
    assert (deal.outcome, deal.state, deal.states, deal.needed) == ("treaty", 4, 1, ("east", "west"))
    assert deal.carried.value == 1
    carries = {row.members: row.carries.value for row in found.rows()}
    assert [m for m, v in carries.items() if v] == [("east", "west"), ("east", "west", "host")]
    assert [row.members for row in found.rows() if row.smallest.value] == [("east", "west")]
    assert {row.members[0]: row.blocks.value for row in found.rows() if len(row.members) == 1} == {
        "east": 1,
        "west": 1,
        "host": 0,
    }
    assert {row.members[0]: row.refuses and row.refuses.value for row in found.rows()[:3]} == {
        "east": 0,
        "west": 0,
        "host": None,
    }
    # Alone each gains by arming again; together they do not.
    assert {row.members: row.leaves.value for row in found.rows() if row.leaves.value} == {
        ("east",): 1,
        ("west",): 1,
    }
    assert deal.left.value == 1


def test_no_single_party_leaves_the_race_but_the_two_together_do():
    found = coalition(certain(), draws=DRAWS)
    assert numbers(found, "nash", "single") == [1]
    assert numbers(found, "nash", "universal") == []
    assert numbers(found, "seq", "single") == [1, 4]
    assert numbers(found, "seq", "universal") == [4]
    (jump,) = found.jumps
    assert (jump.n, jump.to, jump.members, jump.share.value) == (1, 4, ("east", "west"), 1)
    kept = {row.outcome: row.universal.value for row in found.lasting}
    assert kept == {None: 0, "race": 0, "treaty": 1}
    assert found.deals[0].kept.value == 1


def test_as_one_bloc_the_two_keep_the_treaty():
    found = coalition(certain(), draws=DRAWS, bloc=["west", "east"])
    assert found.bloc == ("east", "west")
    assert numbers(found, "nash", "single") == [1]
    # 2 and 3 are the best states of one of the two: the bloc moves only where both gain.
    assert numbers(found, "nash", "merged") == [2, 3, 4]
    before, after = (
        {r.outcome: getattr(r, w)["nash"].value for r in found.blocs} for w in ("before", "after")
    )
    assert (before["treaty"], after["treaty"]) == (0, 1)
    assert (before["race"], after["race"]) == (1, 0)
    for lang in ("en", "zh"):
        assert found.headline(lang).count("1") >= 1
        assert any("1" in cell for table in found.tables(lang) for row in table.rows for cell in row)


def test_a_deal_that_is_there_already_needs_no_carrying():
    now = [{**option, "now": True} for option in OPTIONS]
    found = coalition(certain(options=now), draws=DRAWS)
    (deal,) = found.deals
    assert (deal.carried, deal.needed, deal.state) == (None, (), 4)
    assert (deal.left.value, deal.kept.value) == (1, 1)
    assert all(row.carries is None and row.refuses is None for row in found.rows())
    assert "–" in found.table("en").rows[0]
    assert "zero line" in found.tables("en")[1].columns


# -- Elmira --------------------------------------------------------------------------------------------------------

ELMIRA = {
    # Hipel, Kilgour, Fang and Peng (1997); the bloc as in Kinsara, "A Simple Guide to GMCR+" (2014).
    "single": {
        "nash": [5, 6, 7, 10, 11, 12],
        "gmr": [1, 4, 5, 6, 7, 10, 11, 12],
        "smr": [1, 4, 5, 6, 7, 10, 11, 12],
        "seq": [5, 6, 7, 10, 11, 12],
    },
    "merged": {
        "nash": [5, 6, 9, 10, 11, 12],
        "gmr": [1, 3, 4, 5, 6, 9, 10, 11, 12],
        "smr": [1, 3, 4, 5, 6, 9, 10, 11, 12],
        "seq": [1, 5, 6, 9, 10, 11, 12],
    },
}


def test_elmira_with_the_ministry_and_the_company_as_one():
    found = coalition(zopa.open_case("elmira"), draws=DRAWS, bloc=["moe", "uniroyal"])
    for whose, by_concept in ELMIRA.items():
        assert {c: numbers(found, c, whose) for c in CONCEPTS} == by_concept


def test_elmira_the_joint_move_that_single_stability_does_not_see():
    found = coalition(zopa.open_case("elmira"), draws=DRAWS)
    # s5 to s8 in the form of nine states.
    assert [(j.n, j.to, j.members) for j in found.jumps] == [(7, 10, ("moe", "uniroyal"))]
    assert found.jumps[0].share.value == 1
    assert found.state(7).single["seq"].value == 1
    assert found.state(7).universal["nash"].value == 0
    assert all(found.state(n).universal[c].value == 1 for n in (5, 10, 11) for c in CONCEPTS)
    assert "7" in found.headline("en")
    assert "状态10" in found.headline("zh")


def test_elmira_in_nine_states_and_arcs(tmp_path: Path):
    conflicts = shared_data("standoff/conflicts.json")
    folder = zopa.import_conflict(conflicts, tmp_path / "classic", name="Elmira classic (9 states)")
    found = coalition(zopa.read_case(folder), draws=60)
    assert [(j.n, j.to, j.members) for j in found.jumps] == [(5, 8, ("moe", "uniroyal"))]
    assert numbers(found, "seq", "single") == [5, 8, 9]
    assert numbers(found, "nash", "universal") == [8, 9]


# -- against plain sets --------------------------------------------------------------------------------------------


class Plain:
    """The definitions word by word, with sets: states as tuples of options, legal sequences move by move.

    ``teams``: parties that act as one each; a team changes any options of its members at once.
    """

    def __init__(
        self,
        owner: list[int],
        ways: list[str | None],
        states: list[tuple[int, ...]],
        ranks: list[list[int]],
        teams: list[list[int]],
    ):
        self.owner, self.ways, self.states, self.ranks, self.teams = owner, ways, states, ranks, teams
        self.moves = [
            [{k for k, to in enumerate(states) if self.may(team, state, to)} for state in states]
            for team in teams
        ]

    def may(self, team: list[int], state: tuple[int, ...], to: tuple[int, ...]) -> bool:
        changed = [o for o, (a, b) in enumerate(zip(state, to, strict=True)) if a != b]
        back = {"on": 0, "off": 1, None: -1}
        return bool(changed) and all(self.owner[o] in team and to[o] != back[self.ways[o]] for o in changed)

    def merged(self, *teams: list[int]) -> "Plain":
        return Plain(self.owner, self.ways, self.states, self.ranks, list(teams))

    def reach(self, members: frozenset[int], start: int) -> set[int]:
        seen: set[tuple[int, int]] = set()
        waiting = [(start, -1)]
        while waiting:
            state, last = waiting.pop()
            for p in members - {last}:
                for to in self.moves[p][state]:
                    if (to, p) not in seen:
                        seen.add((to, p))
                        waiting.append((to, p))
        return {state for state, _ in seen} - {start}

    def gains(self, members: frozenset[int], here: int, there: int) -> bool:
        return all(self.ranks[p][there] > self.ranks[p][here] for t in members for p in self.teams[t])

    def improvements(self, members: frozenset[int], start: int) -> set[int]:
        return {q for q in self.reach(members, start) if self.gains(members, start, q)}

    def answers(self, groups: list[frozenset[int]], start: int) -> set[int]:
        """Where improvements of some groups lead, one after the other."""
        seen, waiting = set(), [start]
        while waiting:
            state = waiting.pop()
            for group in groups:
                for to in self.improvements(group, state) - seen:
                    seen.add(to)
                    waiting.append(to)
        return seen

    def stable(self, concept: str, group: frozenset[int], others: list[frozenset[int]], state: int) -> bool:
        rest = frozenset(range(len(self.teams))) - group

        def met(q: int) -> bool:
            reached = self.answers(others, q) if concept == "seq" else self.reach(rest, q) if rest else set()
            bad = [x for x in reached if not self.gains(group, state, x)]
            if concept == "smr":
                bad = [x for x in bad if not any(self.gains(group, state, y) for y in self.reach(group, x))]
            return bool(bad)

        found = self.improvements(group, state)
        return not found if concept == "nash" else all(met(q) for q in found)

    def all_stable(self, concept: str, groups: list[frozenset[int]], joint: bool) -> list[int]:
        """Numbers of the states stable for all; ``joint``: all groups apart from one answer it, not its complement."""

        def others(group: frozenset[int]) -> list[frozenset[int]]:
            return [g for g in groups if not g & group] if joint else [g for g in groups if g != group]

        return [
            k + 1
            for k in range(len(self.states))
            if all(self.stable(concept, g, others(g), k) for g in groups)
        ]


@st.composite
def conflicts(draw: st.DrawFn) -> tuple[Case, Plain, list[str]]:
    parties = draw(st.integers(2, 3))
    owner = [*range(parties), *draw(st.lists(st.integers(0, parties - 1), max_size=4 - parties))]
    ways = draw(
        st.lists(st.sampled_from([None, None, "on", "off"]), min_size=len(owner), max_size=len(owner))
    )
    combos = [bits[::-1] for bits in product((0, 1), repeat=len(owner))]
    out = draw(st.sets(st.sampled_from(combos[1:]), max_size=min(3, len(combos) - 2)))
    feasible = [c for c in combos if c not in out]
    ranks = [
        draw(st.lists(st.integers(0, 5), min_size=len(feasible), max_size=len(feasible)))
        for _ in range(parties)
    ]
    ids = [f"p{p}" for p in range(parties)]
    options = [f"o{k}" for k in range(len(owner))]
    rules = [
        " and ".join(o if bit else f"not {o}" for o, bit in zip(options, c, strict=True)) for c in sorted(out)
    ]
    tiers = [
        [[k + 1 for k, r in enumerate(rank) if r == level] for level in sorted(set(rank), reverse=True)]
        for rank in ranks
    ]
    deal = draw(st.sets(st.integers(2, len(feasible)), min_size=1, max_size=2))
    file = {
        "parties": {p: {"name": p, "role": "negotiator"} for p in ids},
        "standoff": {
            "parties": ids,
            "options": [
                {"id": o, "party": ids[p], "name": o, "one_way": w}
                for o, p, w in zip(options, owner, ways, strict=True)
            ],
            "infeasible": rules,
            "rankings": {p: {"ranking": t, "assumed": True} for p, t in zip(ids, tiers, strict=True)},
            "outcomes": [{"id": "deal", "name": "deal", "states": sorted(deal), "kind": "deal"}],
        },
    }
    return case(file), Plain(owner, ways, feasible, ranks, [[p] for p in range(parties)]), ids


@settings(max_examples=40, deadline=None)
@given(conflicts())
def test_everything_agrees_with_plain_sets(made: tuple[Case, Plain, list[str]]):
    given_case, plain, ids = made
    found = coalition(given_case, draws=60, bloc=ids[:2])
    everybody = range(len(ids))
    groups = [frozenset(c) for n in range(1, len(ids) + 1) for c in combinations(everybody, n)]
    deal = found.deals[0]
    inside = {k for k, row in enumerate(found.states) if "deal" in row.outcomes}
    carry = {g: bool(plain.improvements(g, 0) & inside) for g in groups}
    leave = {g: bool(plain.improvements(g, deal.state - 1) - inside) for g in groups}
    somebody = any(carry.values())
    assert deal.carried.value == somebody
    assert deal.left.value == any(leave.values())
    for row in found.rows():
        g = frozenset(ids.index(m) for m in row.members)
        assert row.carries.value == carry[g]
        assert row.leaves.value == leave[g]
        assert row.smallest.value == (carry[g] and not any(carry[h] for h in groups if h < g))
        assert row.jointly.value == (leave[g] and not any(leave[h] for h in groups if h < g))
        assert row.gains.value == any(plain.gains(g, 0, q) for q in inside)
        if somebody:
            assert row.blocks.value == (not any(carry[h] for h in groups if not h & g))
        else:
            assert row.blocks is None
    rest = frozenset(everybody)
    assert deal.needed == tuple(p for k, p in enumerate(ids) if not plain.reach(rest - {k}, 0) & inside)
    single = [frozenset({p}) for p in everybody]
    # A bloc changes all its options at once, whatever lies between.
    as_one = plain.merged([0, 1], *([p] for p in everybody[2:]))
    teams = [frozenset({t}) for t in range(len(as_one.teams))]
    for concept in CONCEPTS:
        assert numbers(found, concept, "universal") == plain.all_stable(concept, groups, True)
        assert numbers(found, concept, "single") == plain.all_stable(concept, single, False)
        assert numbers(found, concept, "merged") == as_one.all_stable(concept, teams, False)


# -- evidence ------------------------------------------------------------------------------------------------------


def test_without_claims_the_record_cannot_say():
    silent = uncertain().without([f"{p}{k}" for p, g in WANTS.items() for k in range(len(g))])
    found = coalition(silent, draws=DRAWS)
    assert {deal.carried.verdict for deal in found.deals} == {"silent"}
    assert {row.universal.verdict for row in found.lasting} == {"silent"}
    assert {r.verdict for r in found.rows()} == {"silent"}
    assert {r.refuses.verdict for r in found.rows() if r.refuses} == {"silent"}
    assert "cannot say" in found.headline("en")
    assert "无从回答" in found.headline("zh")
    assert "at least" not in found.headline("en")


def test_evidence_moves_the_answer_and_without_it_there_is_the_zero_line():
    full = coalition(uncertain(), draws=4000)
    less = coalition(uncertain().without(["east0", "east1", "west0", "west1"]), draws=4000)
    both = ("east", "west")
    assert full.of(both).carries.value > full.of(both).carries.zero + 0.03
    # Who else wants what does not bear on what the two gain.
    assert less.of(both).carries.value == pytest.approx(less.of(both).carries.zero, abs=0.001)
    assert less.of(both).carries.zero == full.of(both).carries.zero
    assert full.of(both).because == ("east0", "east1", "west0", "west1")
    assert full.of(["host"]).because == ("host0",)


def test_every_share_lies_in_its_range_and_parts_do_not_exceed_the_whole():
    found = coalition(uncertain(), draws=1000, bloc=["east", "west"])
    for row in found.rows():
        for value in (row.carries, row.smallest, row.gains, row.blocks, row.refuses, row.leaves, row.jointly):
            if value is not None:
                assert 0 <= value.low <= value.value + 1e-9 <= value.high + 2e-9 <= 1 + 1e-8
        assert row.smallest.value <= row.carries.value <= row.gains.value
        assert row.jointly.value <= row.leaves.value
    for row in found.states:
        for whose in (row.universal, row.single, row.merged):
            assert whose["nash"].value <= whose["smr"].value <= whose["gmr"].value
            assert whose["nash"].value <= whose["seq"].value <= whose["gmr"].value
        # Every single party is a coalition; in SEQ it reckons with more answers there.
        assert all(row.universal[c].value <= row.single[c].value for c in ("nash", "gmr", "smr"))


def test_swapped_names_mirror_every_number():
    swap = {"east": "west", "west": "east", "host": "host"}
    options = [{**o, "party": swap[o["party"]]} for o in OPTIONS]
    wants = {swap[p]: g for p, g in WANTS.items()}
    parties = ["west", "east", "host"]
    one = coalition(certain(), draws=DRAWS, bloc=["east", "host"])
    other = coalition(
        case(sections(wants, options=options, parties=parties)), draws=DRAWS, bloc=["west", "host"]
    )
    for row in one.rows():
        twin = other.of([swap[m] for m in row.members])
        assert [row.carries.value, row.leaves.value, row.blocks.value] == [
            twin.carries.value,
            twin.leaves.value,
            twin.blocks.value,
        ]
    assert [r.merged for r in one.states] == [
        {c: type(s)(s.value, s.low, s.high, r.merged[c].zero) for c, s in t.merged.items()}
        for r, t in zip(one.states, other.states, strict=True)
    ]
    told = one.headline("en").replace("East", "#").replace("West", "East").replace("#", "West")
    assert sorted(told.split()) == sorted(other.headline("en").split())


def test_after_the_moves_and_per_reading_it_is_the_same_question():
    readings = {
        "east": [
            {
                "id": "calm",
                "prior": 0.5,
                "sets": {"standoff.rankings.east.statements.east1.chance": 0.05},
                "assumed": True,
            },
            {"id": "other", "prior": 0.5, "assumed": True},
        ]
    }
    found = coalition(uncertain(readings=readings), draws=2000)
    assert set(found.readings) == {"carried", "kept"}
    assert {share.reading for share in found.readings["carried"]} == {"calm", "other"}
    picked = coalition(uncertain(readings=readings), draws=2000, after_moves=True)
    assert picked.parameters["after_moves"] is True


# -- forms and limits ----------------------------------------------------------------------------------------------


def test_a_standoff_given_as_a_graph_with_no_ending_named():
    states = [{"n": n, "name": name(f"state {n}", f"状态{n}")} for n in range(1, 4)]
    arcs = [{"party": p, "from": a, "to": b} for p, a, b in (("left", 1, 2), ("right", 2, 3), ("left", 3, 1))]
    rankings = {"left": {"ranking": [[3], [1], [2]]}, "right": {"ranking": [[3], [2], [1]]}}
    found = coalition(
        case({"standoff": {"states": states, "arcs": arcs, "rankings": rankings, "assumed": True}}),
        draws=DRAWS,
    )
    assert (found.deals, found.rows(), found.lasting) == ((), (), ())
    # Left alone would not go from 1 to 2; both together go on to 3, the best of all.
    assert numbers(found, "nash", "single") == [1, 3]
    assert numbers(found, "nash", "universal") == [3]
    assert [(j.n, j.to, j.members) for j in found.jumps] == [(1, 3, ("left", "right"))]
    for lang in ("en", "zh"):
        assert found.headline(lang)
        assert found.plot(lang).to_svg()
        assert len(found.table(lang).rows) == 1
    assert any("kind deal" in note for note in found.notes("en"))


def test_nobody_goes_together_to_a_state_that_a_member_does_not_see():
    blind = sections()
    blind["standoff"]["rankings"]["west"]["misperceived"] = [4]
    found = coalition(case(blind), draws=DRAWS)
    assert found.deals[0].carried.value == 0
    assert any("does not see" in note for note in found.notes("en"))


def test_beyond_six_parties_pairs_and_everybody_are_looked_at():
    ids = [f"p{k}" for k in range(7)]
    options = [{"id": f"o{k}", "party": p, "name": p} for k, p in enumerate(ids[:3])]
    wants = {p: [{"holds": "o0 and o1", "assumed": True}] for p in ids}
    file = {
        "parties": {p: {"name": p, "role": "negotiator"} for p in ids},
        "standoff": {
            "parties": ids,
            "options": options,
            "rankings": {p: {"statements": s} for p, s in wants.items()},
            "outcomes": [{"id": "deal", "name": "deal", "when": "o0 and o1", "kind": "deal"}],
        },
    }
    found = coalition(case(file), draws=60)
    assert len(found.rows()) == 7 + 21 + 1
    assert found.of(["p0", "p1"]).carries.value == 1
    assert found.deals[0].needed == ("p0", "p1")
    assert any("pairs" in note for note in found.notes("en"))


def test_wrong_blocs_are_named_and_too_many_states_are_refused(monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(ValueError, match="bloc names 'north'"):
        coalition(certain(), draws=DRAWS, bloc=["east", "north"])
    with pytest.raises(ValueError, match="takes two"):
        coalition(certain(), draws=DRAWS, bloc=["east", "east"])
    with pytest.raises(TypeError, match="bloc must be a list"):
        coalition(certain(), draws=DRAWS, bloc="east")
    with pytest.raises(TypeError, match="coalition: case must be a Case"):
        coalition("elmira")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="state is 9"):
        coalition(certain(), draws=DRAWS).state(9)
    with pytest.raises(ValueError, match="no row"):
        coalition(certain(), draws=DRAWS).of(["nobody"])
    with pytest.raises(IncompleteCaseError) as caught:
        coalition(case({}), draws=DRAWS)
    assert caught.value.problems[0].code == "needs-standoff"
    monkeypatch.setattr("zopa.analysis._coalition_measure.MOST_STATES", 3)
    with pytest.raises(IncompleteCaseError) as caught:
        coalition(certain(), draws=DRAWS)
    assert caught.value.problems[0].code == "coalitions-too-large"


def test_many_states_take_fewer_draws_and_say_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("zopa.analysis._coalition_measure.WORK", 4 * 7 * 100)
    found = coalition(uncertain(), draws=DRAWS)
    assert found.draws == 100
    assert any("100" in note and "400" in note for note in found.notes("zh"))


# -- what is asked of every analysis -------------------------------------------------------------------------------


def test_the_same_for_the_same_seed_and_in_the_one_shape():
    one, two = (coalition(uncertain(), draws=DRAWS, seed=3, bloc=["east", "west"]) for _ in range(2))
    assert one.to_json() == two.to_json()
    assert coalition(uncertain(), draws=DRAWS, seed=4).to_json() != one.to_json()
    made = json.loads(json.dumps(one.to_json()))
    assert (made["ok"], made["command"], made["seed"]) == (True, "coalition", 3)
    tables = {row["table"] for row in made["rows"]}
    assert tables == {"coalitions", "deals", "outcomes", "states", "jumps", "bloc"}
    states = [row for row in made["rows"] if row["table"] == "states"]
    assert [row["n"] for row in states] == [1, 2, 3, 4]
    assert set(states[0]["merged"]) == set(CONCEPTS)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_words_tables_and_picture_in_both_languages(lang: str):
    for found in (
        coalition(uncertain(), draws=DRAWS, bloc=["east", "west"]),
        coalition(certain(), draws=DRAWS),
        coalition(certain(outcomes=[]), draws=DRAWS),
    ):
        chart = found.plot(lang)
        texts = [found.headline(lang), *found.notes(lang), chart.title, chart.description]
        for table in found.tables(lang):
            texts += [table.caption, *table.columns, *(cell for row in table.rows for cell in row)]
        assert all(texts)
        assert not any("{" in text for text in texts)
        if lang == "zh":
            assert not any("East" in text or "coalition" in text for text in texts)
        assert chart.to_svg()
        assert not chart.missing


def test_the_chart_has_a_layout_for_phones_without_those_who_never_can():
    chart = coalition(uncertain(), draws=DRAWS).plot("en")
    assert chart.narrow is not None
    labels = {v["label"] for part in chart.narrow["vconcat"] for v in part["data"]["values"]}
    assert {"East", "West", "East + West"} <= labels
    assert "Host" not in labels
