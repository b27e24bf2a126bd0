"""Draws after the moves: whole draws, each as often as it explains what was done; nothing else changes."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.case.test_draws import arrays, record, table
from tests.claims.cases import case
from zopa.case.case import Case
from zopa.case.draws import Draws
from zopa.case.moves import choices, explained, log_likelihoods
from zopa.methods.choice import rationality

N = 2000


def move(**changes: Any) -> dict[str, Any]:
    """The left side stays and signs for all the land, though it could have left."""
    made = {
        "id": "stay",
        "party": "left",
        "on": "2024-03-01",
        "name": "stays",
        "chosen": "stay",
        "over": [
            {"id": "stay", "leads_to": [{"package": {"land": "all"}, "chance": 0.9}], "assumed": True},
            {"id": "go", "leaves": True, "leads_to": [{"no_deal": True, "chance": 1.0}], "assumed": True},
        ],
        "because": ["c5"],
    }
    return {**made, **changes}


def with_moves(*moves: dict[str, Any], **changes: Any) -> Case:
    return case({**table(**changes), "moves": list(moves)}, *record())


def test_without_moves_the_draws_are_those_before():
    found = with_moves()
    assert found.draws(N, after_moves=True).pick is None


def test_at_total_ignorance_no_move_tells_anything():
    found = with_moves(move())
    assert found.draws(N, evidence="none", after_moves=True).pick is None or np.array_equal(
        found.draws(N, evidence="none", after_moves=True).pick, np.arange(N)
    )


def test_a_move_without_its_claim_tells_nothing():
    drawn = with_moves(move()).without(["c5"]).draws(N, after_moves=True)
    assert drawn.pick is not None
    assert np.array_equal(drawn.pick, np.arange(N))


@pytest.mark.parametrize("seed", [0, 5])
def test_whole_draws_are_picked(seed: int):
    found = with_moves(move())
    before, after = found.draws(N, seed=seed), found.draws(N, seed=seed, after_moves=True)
    assert after.pick is not None and len(np.unique(after.pick)) < N
    for name, value in arrays(before).items():
        assert np.array_equal(value[after.pick], arrays(after)[name]), name
    assert np.array_equal(before.reading("left")[after.pick], after.reading("left"))
    assert np.array_equal(before.group[after.pick], after.group)


def test_staying_lowers_the_walk_away_value_of_who_could_have_left_and_nobody_elses():
    found = with_moves(move())
    before, after = (found.draws(N, after_moves=a).table.reserve.mean(axis=0) for a in (False, True))
    assert after[0] < before[0] - 0.03
    assert after[1] == pytest.approx(before[1], abs=0.02)


def test_walk_away_values_are_learnt_only_where_leaving_was_possible():
    over = [
        {"id": "stay", "leads_to": [{"package": {"land": "all"}, "chance": 0.9}], "assumed": True},
        {"id": "go", "leads_to": [{"no_deal": True, "chance": 1.0}], "assumed": True},
    ]
    drawn = with_moves(move(over=over)).draws(N)
    (made,) = choices(drawn)
    # No agreement counts at one number in all draws: what is left of a draw is the package alone.
    gone = made.utilities[:, 1]
    assert np.ptp(gone) == 0.0
    assert gone[0] == pytest.approx(drawn.table.reserve[:, 0].mean())


def test_utilities_are_those_of_the_definition():
    drawn = with_moves(move()).draws(N)
    (made,) = choices(drawn)
    t = drawn.table
    worth = t.contributions[0][:, 0, 3] + t.contributions[1][:, 0, 0]
    expected = 0.9 * worth + 0.1 * t.reserve[:, 0]
    assert made.utilities[:, 0] == pytest.approx(expected)
    assert made.utilities[:, 1] == pytest.approx(t.reserve[:, 0])
    rational = rationality(drawn.uniforms("moves.left/rationality"))
    gap = rational * (made.utilities[:, 0] - made.utilities[:, 1])
    chance = np.where(made.stands, 1 / (1 + np.exp(-gap)), 0.5)
    assert np.exp(log_likelihoods(drawn, (made,))[0]) == pytest.approx(chance)


def test_what_lies_behind_an_absolute_red_line_is_worth_nothing_to_the_mover():
    over = [
        {"id": "sign", "leads_to": [{"package": {"land": "all"}, "chance": 1.0}], "assumed": True},
        {"id": "hold", "leads_to": [{"package": {"land": "none"}, "chance": 1.0}], "assumed": True},
    ]
    drawn = with_moves(move(party="right", chosen="hold", over=over)).draws(N)
    (made,) = choices(drawn)
    absolute = drawn.red_line("line")[1]
    assert absolute.any() and (made.utilities[absolute, 0] == 0).all()
    assert (made.utilities[~absolute, 0] != 0).all()
    # Refusing to sign makes the red line likelier to be absolute.
    after = with_moves(move(party="right", chosen="hold", over=over)).draws(N, after_moves=True)
    assert after.red_line("line")[1].mean() >= absolute.mean()


def test_a_bystanders_move_and_a_move_without_alternatives_tell_nothing():
    only = [{"id": "stay", "leads_to": [{"no_deal": True, "chance": 1.0}], "assumed": True}]
    assert with_moves(move(over=only)).draws(N, after_moves=True).pick is None
    assert explained(with_moves(move(over=only)).draws(N)).made == ()


@given(order=st.permutations(range(3)))
@settings(max_examples=6)
def test_the_order_of_moves_does_not_matter(order: list[int]):
    moves = [move(), move(id="again", chosen="go"), move(id="right", party="right")]
    first = with_moves(*moves).draws(N, after_moves=True).pick
    other = with_moves(*(moves[k] for k in order)).draws(N, after_moves=True).pick
    assert np.array_equal(first, other)


def test_a_doubled_alternative_of_one_nest_changes_nothing():
    twice = [
        *move()["over"],
        {**move()["over"][1], "id": "go-too", "nest": "leave"},
    ]
    twice[1] = {**twice[1], "nest": "leave"}
    twice = [{**a, "leads_to": a["leads_to"]} for a in twice]
    one = with_moves(move()).draws(N, after_moves=True)
    two = with_moves(move(over=twice)).draws(N, after_moves=True)
    assert np.array_equal(one.pick, two.pick)


def test_an_interval_follows_the_draws_that_are_picked():
    found = with_moves(move())
    drawn = found.draws(N, after_moves=True)
    series = drawn.table.reserve[:, 0]
    spread = drawn.interval(series)
    assert spread.mean == pytest.approx(series.mean())
    assert spread.low <= spread.mean <= spread.high
    assert spread.error > found.draws(N).interval(series).error
    assert drawn.effective < N


def test_the_same_draws_are_not_drawn_twice():
    found = with_moves(move())
    assert found.draws(N) is found.draws(N)
    assert found.draws(N, evidence="cited").switches is found.draws(N).switches
    assert isinstance(found.draws(N, after_moves=True), Draws)


def test_a_move_about_how_to_meet_is_worth_what_the_settings_are():
    settings = {
        "because": ["c0"],
        "options": [
            {"id": "here", "place": "here", "form": "direct", "because": ["c0"]},
            {"id": "there", "place": "there", "form": "direct", "because": ["c0"]},
        ],
        "criteria": [{"id": "ease", "name": "ease", "because": ["c0"]}],
        "views": {
            side: {
                "weights": {"ease": 1},
                "scores": {"here": {"ease": 0.9}, "there": {"ease": 0.2}},
                "not_meeting": "0.2 to 0.6",
                "assumed": True,
            }
            for side in ("left", "right")
        },
    }
    over = [
        {"id": "ask", "leads_to": [{"setting": "there", "chance": 0.8}], "assumed": True},
        {"id": "keep", "leads_to": [{"setting": "here", "chance": 0.8}], "assumed": True},
        {"id": "go", "leaves": True, "leads_to": [{"no_deal": True, "chance": 1.0}], "assumed": True},
    ]
    places = {p: {"name": p} for p in ("here", "there")}
    found = with_moves(move(chosen="ask", over=over), settings=settings, places=places)
    drawn = found.draws(N)
    (made,) = choices(drawn)
    staying = drawn.number("settings.views.left.not_meeting")
    assert made.utilities[:, 2] == pytest.approx(staying)
    assert made.utilities[:, 0] == pytest.approx(0.8 * 0.2 + 0.2 * staying)
    assert made.utilities[:, 1] == pytest.approx(0.8 * 0.9 + 0.2 * staying)


def test_alternatives_that_lead_to_the_very_same_are_one_without_being_told_so():
    twice = [*move()["over"], {**move()["over"][1], "id": "go-too"}]
    one = with_moves(move()).draws(N, after_moves=True)
    two = with_moves(move(over=twice)).draws(N, after_moves=True)
    assert np.array_equal(one.pick, two.pick)
