"""Mediation where single pairs overrule rankings, some are not known, and parties do not see every state."""

from typing import Any

import numpy as np
import pytest

import zopa
from tests.analysis.test_mediation import CONCEPTS, DEAL, LEFT, OPTIONS, RIGHT, _as_case, _changed, standoff
from tests.claims.cases import case
from tests.methods.standoff_reference import lattice_moves, random_lattice, random_ranks, reach, verdicts
from zopa.analysis._mediation_changes import Change
from zopa.analysis.mediation import mediation
from zopa.case.case import Case
from zopa.case.conflict import conflict_of
from zopa.case.rankings import overruling
from zopa.errors import IncompleteCaseError
from zopa.methods.graph_model import Lattice

DRAWS = 100


def better_with(ranks: Any, pairs: Any) -> Any:
    out = ranks[:, None, :] > ranks[:, :, None]
    for party, best, worst in pairs:
        out[party, worst, best], out[party, best, worst] = True, False
    return out


def with_rankings(made: Case, more: dict[str, dict[str, Any]]) -> Case:
    """The case with lines added to the rankings of some parties."""
    data = made.file.model_dump(mode="json", by_alias=True, exclude_unset=True)
    for party, lines in more.items():
        data["standoff"]["rankings"][party] |= {"assumed": True, **lines}
    return case({k: data[k] for k in ("parties", "standoff")})


def by_hand(left: dict[str, Any], right: dict[str, Any] | None = None) -> Case:
    """States 1 nothing, 2 ease, 3 limit, 4 both. Left ranks 3 > 1 > 4 > 2, Right 4 > 2 > 3 > 1."""
    return with_rankings(case(standoff()), {"left": left, "right": right or {}})


# -- worked by hand ------------------------------------------------------------------------------------------------


def test_a_pair_keeps_the_deal_and_a_pair_that_is_not_known_does_so_in_half_of_the_draws():
    assert mediation(by_hand({}), draws=DRAWS).of()[0].lasts.value == 0
    # Left would leave 4 for 3; if it prefers 4 to 3, whatever it ranks, nobody leaves the deal.
    kept = mediation(by_hand({"prefers": [[4, 3]]}), draws=DRAWS)
    assert kept.of()[0].lasts.value == 1
    assert kept.of()[0].central == CONCEPTS[:-1]
    assert all(n.total == 0 and n.blocked == () for n in kept.needs)
    half = mediation(by_hand({"unknown": [[3, 4]]}), draws=2000)
    assert half.of()[0].lasts.value == pytest.approx(0.5, abs=0.04)
    assert not half.certain
    # Neither state being known to be better, nothing is known to draw Left away in the central rankings.
    assert all(n.total == 0 for n in half.needs)
    assert any("single pairs" in note.lower() for note in half.notes("en"))


def test_a_pair_above_the_deal_cannot_be_ranked_away():
    # Right, which ranks the deal first, is drawn from it to 2 by a pair: from 2 only Left could answer, by 1.
    found = mediation(by_hand({}, {"prefers": [[2, 4]]}), draws=DRAWS)
    needs = {n.concept: n for n in found.needs}
    assert needs["nash"].blocked == ("right",) and np.isinf(needs["nash"].total)
    # For GMR 1 deters Right, which ranks it last; Left still has to see 4 no worse than 1.
    assert (needs["gmr"].total, needs["gmr"].blocked) == (0.5, ())
    assert found.to_json()["parameters"]["needs"][0]["total"] is None
    for lang in ("en", "zh"):
        told = [cell for t in found.tables(lang) for r in t.rows for cell in r]
        assert not any("inf" in cell for cell in told)
    for lang, words in (("en", "no ranking of Right would make state 4 last"), ("zh", "无论右方如何排序")):
        assert words in mediation(_without_answer(), draws=DRAWS).headline(lang)  # type: ignore[arg-type]


def _without_answer() -> Case:
    """Right is drawn from the deal to a state from which there is no answer: Left has no option."""
    options = [o | {"party": "right"} for o in OPTIONS]
    return with_rankings(case(standoff(options=options, outcomes=[DEAL])), {"right": {"prefers": [[2, 4]]}})


def test_a_state_that_a_side_does_not_see_holds_the_deal_and_closes_a_path():
    # Left does not see 3, where it would go from the deal: it stays.
    blind = mediation(by_hand({"misperceived": [3]}), draws=DRAWS)
    assert blind.of()[0].lasts.value == 1
    assert all(n.total == 0 for n in blind.needs)
    assert any("does not see" in note for note in blind.notes("en"))
    # Improvements lead 1 → 2 → 4 where Left likes easing; not if Right does not see 2, from where it would limit.
    eager = with_rankings(case(standoff(left=("limit", "ease"))), {})
    seen, unseen = (
        mediation(with_rankings(eager, {"right": lines}), draws=DRAWS).of()[0]
        for lines in ({}, {"misperceived": [2, 3]})
    )
    assert seen.reached is not None and unseen.reached is not None
    assert (seen.reached.value, unseen.reached.value) == (1, 0)
    assert (seen.lasts.value, unseen.lasts.value) == (1, 1)


def test_a_pair_opens_or_closes_a_path_of_improvements():
    # Left likes limits, then easing: 1 → 2 → 4. With 1 above 2 by a pair it does not ease first.
    eager = case(standoff(left=("limit", "ease"), right=("ease", "not limit")))
    plain = mediation(eager, draws=DRAWS).of()[0]
    # Right would not limit at all: 4 is never reached. A pair makes the one step good for it.
    opened = mediation(with_rankings(eager, {"right": {"prefers": [[4, 2]]}}), draws=DRAWS).of()[0]
    closed = mediation(
        with_rankings(eager, {"right": {"prefers": [[4, 2]]}, "left": {"prefers": [[1, 2]]}}), draws=DRAWS
    ).of()[0]
    assert [r.reached and r.reached.value for r in (plain, opened, closed)] == [0, 1, 0]


# -- against brute force -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(10))
def test_every_change_agrees_with_the_definitions(seed):
    """A random conflict with pairs, unknown pairs and unseen states: judged anew, draw by draw, with each change."""
    rng = np.random.default_rng(seed)
    made = (random_lattice(rng) for _ in range(1000))
    lattice = next(m for m in made if m.parties <= 3 and m.options <= 4 and len(m) >= 4)
    ranks = random_ranks(rng, lattice.parties, len(lattice))
    plain = _as_case(lattice, ranks, wished=int(rng.integers(len(lattice))))
    more = _special_lines(rng, lattice)
    given = with_rankings(plain, more)
    conflict = conflict_of(given.file)
    unseen = np.zeros((lattice.parties, len(lattice)), dtype=np.bool_)
    for p, party in enumerate(conflict.parties):
        unseen[p, [n - 1 for n in more[party]["misperceived"]]] = True
    found = mediation(given, draws=DRAWS)
    named = overruling(given.draws(DRAWS, seed=0), conflict)
    ways, times = np.unique(named.on, axis=0, return_counts=True)
    wish = conflict.outcomes["wish"]
    for one in found.of():
        changed, keep = _changed(lattice, {(c.kind, int(c.what[1:])) for c in one.changes})
        moves = lattice_moves(changed, unseen[:, keep])
        share, works = dict.fromkeys(CONCEPTS, 0.0), 0.0
        for on, often in zip(ways, times, strict=True):
            better = better_with(ranks, named.pairs[on])[:, keep][:, :, keep]
            stable = verdicts(moves, better, changed)
            for concept in CONCEPTS:
                share[concept] += often / DRAWS * bool((stable[concept].all(axis=0) & wish[keep]).any())
            start = conflict.status_quo
            if start is not None and start in keep:
                gains = [
                    {s: {q for q in own[s] if better[p, s, q]} for s in own} for p, own in enumerate(moves)
                ]
                at = int(np.flatnonzero(keep == start)[0])
                there = sorted(reach(gains, range(lattice.parties), at) | {at})
                works += often / DRAWS * bool(wish[keep][there].any())
        concepts = {"seq": one.lasts.value} | {c: s.value for c, s in one.shares.items()}
        assert concepts == pytest.approx({c: share[c] for c in concepts}), (one.changes, more)
        if one.reached is not None and start is not None and start in keep:
            assert one.reached.value == pytest.approx(works), (one.changes, more)


def _special_lines(rng: Any, lattice: Lattice) -> dict[str, dict[str, Any]]:
    out = {}
    for party in ["left", "right", "third"][: lattice.parties]:
        lines: dict[str, Any] = {
            "misperceived": (np.flatnonzero(rng.random(len(lattice)) < 0.15) + 1).tolist()
        }
        drawn = [sorted((rng.permutation(len(lattice))[:2] + 1).tolist()) for _ in range(3)]
        apart = [list(t) for t in dict.fromkeys(tuple(d) for d in drawn)]
        lines["unknown"], lines["prefers"] = apart[:1], [p[:: rng.choice([1, -1])] for p in apart[1:]]
        out[party] = lines
    return out


@pytest.mark.parametrize("seed", range(6))
def test_every_least_change_holds_with_the_pairs_in_place(seed):
    rng = np.random.default_rng(100 + seed)
    made = (random_lattice(rng) for _ in range(1000))
    lattice = next(m for m in made if m.parties <= 3 and m.options <= 4 and 4 <= len(m) <= 6)
    ranks = random_ranks(rng, lattice.parties, len(lattice))
    more = _special_lines(rng, lattice)
    for lines in more.values():
        lines["unknown"] = []
    given = with_rankings(_as_case(lattice, ranks, wished=int(rng.integers(len(lattice)))), more)
    found = mediation(given, draws=DRAWS)
    first = found.of()[0]
    for need in found.needs:
        # Where no side need change the state lasts already, in all draws as in the central rankings.
        assert (need.total == 0) == (need.nothing.value == 1)
        lasts = first.lasts if need.concept == "seq" else first.shares[need.concept]
        assert (need.nothing.value == 1) == (lasts.value == 1)
        assert need.bound <= need.total


# -- what is never asked -------------------------------------------------------------------------------------------


def _at_war() -> Case:
    options = [*OPTIONS, {"id": "strike", "party": "left", "name": "strike"}]
    outcomes = [
        DEAL,
        {"id": "war", "name": "war", "when": "strike", "kind": "violence"},
        {"id": "ease", "name": "easing", "when": "ease"},
    ]
    return case(standoff(left=("not strike", *LEFT), right=RIGHT, options=options, outcomes=outcomes))


@pytest.mark.parametrize("wish", ["war", 3, 4])
def test_nobody_is_helped_towards_violence(wish):
    # States: 1 nothing, 2 ease, 3 limit … in increasing binary value with strike the highest bit: 5 to 8 are war.
    made = _at_war()
    conflict = conflict_of(made.file)
    violent = [int(n) for n in conflict.numbers[conflict.outcomes["war"]]]
    if wish != "war":
        wish = violent[wish - 3]
    with pytest.raises(IncompleteCaseError) as caught:
        mediation(made, draws=DRAWS, wish=wish)
    (problem,) = caught.value.problems
    assert problem.code == "wish-violent"
    assert "deal or ease" in problem.show("en") and "“war”" in problem.show("en")
    assert str(wish) in problem.show("zh")


def test_violent_states_of_a_wish_are_left_out_and_named():
    found = mediation(_at_war(), draws=DRAWS, wish="ease")
    assert all(found.conflict.taken(found.conflict.places[n.n])["strike"] is False for n in found.needs)
    assert any("2 states in which there is violence" in note for note in found.notes("en"))


def test_with_nothing_but_violence_to_wish_for_the_answer_is_a_refusal():
    options = [*OPTIONS, {"id": "strike", "party": "left", "name": "strike"}]
    only = [{"id": "war", "name": "war", "when": "strike", "kind": "violence"}]
    with pytest.raises(IncompleteCaseError) as caught:
        mediation(case(standoff(options=options, outcomes=only)), draws=DRAWS)
    assert [p.code for p in caught.value.problems] == ["wish-violent"]


def test_the_muscat_strike_is_refused_at_its_line():
    with pytest.raises(IncompleteCaseError) as caught:
        mediation(zopa.open_case("muscat-2026"), wish="us-strike")
    (problem,) = caught.value.problems
    assert problem.place.line is not None and "us-strike" in (problem.excerpt or "")


# -- what is said --------------------------------------------------------------------------------------------------


def test_an_assurance_that_costs_nobody_anything_is_named_as_not_tried():
    bare = {"id": "word", "name": "a word of honour", "kind": "guarantee", "assumed": True}
    found = mediation(case(standoff() | {"assurances": [bare]}), draws=DRAWS)
    assert all(c != Change("assurance", "word") for r in found.rows() for c in r.changes)
    assert any("a word of honour" in note for note in found.notes("en"))


def test_what_is_stable_in_a_stricter_sense_is_never_stable_more_often():
    found = mediation(zopa.open_case("muscat-2026"), draws=300)
    for one in found.rows():
        shares = {c: s.value for c, s in one.shares.items()}
        assert shares["sseq"] <= one.lasts.value <= shares["gmr"]
        assert shares["nash"] <= shares["smr"] <= shares["gmr"]
        assert shares["sseq"] <= shares["smr"]
        if "sim" in shares:
            assert shares["nash"] <= shares["sim"]
    deal, narrow = (found.of(w)[0].lasts.value for w in ("deal", "narrow-deal"))
    assert narrow <= deal
