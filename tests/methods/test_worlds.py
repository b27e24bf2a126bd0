"""Worlds: the same whatever the threads, batches and order of the parties; a switch removes its mechanism alone."""

import subprocess
import sys
from dataclasses import fields
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.methods.worlds_made import busy, digest, pie, quiet
from tests.shared import ROOT
from zopa.methods.world_board import EVERYTHING, MECHANISMS, Board
from zopa.methods.worlds import Worlds, packages, play, switched_off, texts, touched

DRAWS = 400
BOARD = busy(1, DRAWS)


def same(a: Worlds, b: Worlds) -> bool:
    """Whether worlds are alike to the last bit."""
    parts = [f.name for f in fields(Worlds) if f.name not in ("plays", "states")]
    states = all(
        np.array_equal(getattr(a.states, f.name), getattr(b.states, f.name)) for f in fields(a.states)
    )
    return states and all(np.array_equal(getattr(a, name), getattr(b, name)) for name in parts)


def cut(board: Board, which: slice) -> Board:
    """Some of the draws."""
    by_draw = {name for name in board._fields if _first_axis_is_draws(board, name)}
    return board._replace(**{name: getattr(board, name)[which] for name in by_draw})


def _first_axis_is_draws(board: Board, name: str) -> bool:
    value = getattr(board, name)
    return isinstance(value, np.ndarray) and value.ndim > 0 and len(value) == len(board.reserve)


def joined(parts: list[Worlds]) -> Worlds:
    """Batches as one."""
    states = type(parts[0].states)(
        *(np.concatenate([getattr(p.states, f.name) for p in parts]) for f in fields(parts[0].states))
    )
    rest = {
        f.name: np.concatenate([getattr(p, f.name) for p in parts])
        for f in fields(Worlds)
        if f.name not in ("plays", "states")
    }
    return Worlds(plays=parts[0].plays, states=states, **rest)


def test_everything_happens_on_the_busy_board():
    worlds = play(BOARD, plays=3)
    assert len(np.unique(worlds.states.cell)) == 9
    assert set(np.unique(worlds.states.first)) == {0, 1, 2, 3}
    assert worlds.states.breaks.any() and np.isfinite(worlds.spoke).any() and np.isfinite(worlds.second).any()
    assert len(np.unique(worlds.agenda)) == 3


@pytest.mark.parametrize("threads", [2, 3, 7])
def test_threads_change_nothing(threads: int):
    assert same(play(BOARD, plays=3, threads=1), play(BOARD, plays=3, threads=threads))


@given(st.lists(st.integers(0, DRAWS), max_size=4))
@settings(max_examples=20, deadline=None)
def test_batches_may_be_split_anywhere(edges: list[int]):
    at = sorted({0, DRAWS, *edges})
    named = np.arange(DRAWS)
    parts = [play(cut(BOARD, slice(a, b)), plays=2, identity=named[a:b]) for a, b in pairwise(at)]
    assert same(joined(parts), play(BOARD, plays=2))


def test_another_process_plays_the_same_worlds():
    script = (
        "from tests.methods.worlds_made import busy, digest\n"
        "from zopa.methods.worlds import play\n"
        f"print(digest(play(busy(1, {DRAWS}), plays=3, threads=2)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == digest(play(BOARD, plays=3, threads=1))


def test_more_plays_add_worlds_and_change_none():
    few, many = play(BOARD, plays=1), play(BOARD, plays=4)
    assert (many.states.cell.reshape(-1, 4)[:, 0] == few.states.cell).all()
    assert (many.struck.reshape(-1, 4)[:, 0] == few.struck).all()


def test_a_draw_plays_the_same_worlds_wherever_it_stands():
    order = np.random.default_rng(5).permutation(DRAWS)
    shuffled = cut(BOARD, order)
    there = play(shuffled, identity=order)
    assert (there.states.cell == play(BOARD).states.cell[order]).all()
    # Taken again it plays other worlds.
    again = play(BOARD, again=np.ones(DRAWS, dtype=np.int64))
    assert (again.states.cell != play(BOARD).states.cell).any()


def test_seeds_give_other_worlds_and_zero_is_one():
    assert not same(play(BOARD, seed=0), play(BOARD, seed=1))
    assert same(play(BOARD, seed=0), play(BOARD))
    assert not same(play(BOARD, seed=-1), play(BOARD))


def test_swapping_the_parties_mirrors_everything():
    swapped = BOARD._replace(
        values=np.ascontiguousarray(BOARD.values[:, ::-1]),
        reserve=np.ascontiguousarray(BOARD.reserve[:, ::-1]),
        disputed=np.ascontiguousarray(BOARD.disputed[:, ::-1]),
        exponents=np.ascontiguousarray(BOARD.exponents[:, ::-1]),
        due=BOARD.due[::-1].copy(),
        impatience=np.ascontiguousarray(BOARD.impatience[:, ::-1]),
        parties=BOARD.parties[::-1].copy(),
        strike=np.ascontiguousarray(BOARD.strike[:, [1, 0, 2]]),
        answer=np.ascontiguousarray(BOARD.answer[:, [1, 0, 2]]),
        outside=np.ascontiguousarray(BOARD.outside[:, [1, 0, 2]]),
        forces=BOARD.forces[[1, 0, 2]],
        targets=BOARD.targets[[1, 0, 2]][:, [1, 0, 2]],
        hits=BOARD.hits[[1, 0, 2]],
        pressed=BOARD.pressed[:, [1, 0, 2]],
        seat=np.array([0, 1, -1]),
    )
    for foresight in (False, True):
        one, other = (play(b, plays=2, foresight=foresight) for b in (BOARD, swapped))
        acted = other.states.acted
        mirrored = (acted & 0b100) | (acted & 1) << 1 | (acted >> 1 & 1)
        assert (one.states.acted == mirrored).all()
        assert (one.states.cell == other.states.cell).all() and (one.package == other.package).all()
        for name in ("met", "spoke", "second", "agreed", "struck", "war", "over", "collapsed"):
            assert np.array_equal(getattr(one, name), getattr(other, name))


# ---- switches ---------------------------------------------------------------------------------------------------------


def without(name: str) -> Worlds:
    return play(BOARD, plays=2, switches=switched_off([name]))


@pytest.mark.parametrize(
    ("name", "inert"),
    [
        ("setting", {"late": np.zeros(DRAWS, dtype=np.uint8)}),
        ("outside", {"outside": np.zeros((DRAWS, 3))}),
        ("text", {"text": np.zeros(DRAWS)}),
        ("breakdown", {"breakdown": np.zeros(DRAWS), "resumption": np.zeros(DRAWS)}),
        (
            "deadlines",
            {"deadlines": np.zeros(0), "pressed": np.zeros((0, 3), bool), "due": np.full(2, np.inf)},
        ),
        (
            "force",
            {
                "strike": np.zeros((DRAWS, 3)),
                "answer": np.zeros((DRAWS, 3)),
                "breaks": np.zeros((DRAWS, 1)),
                "seat": np.full(3, -1),
            },
        ),
        (
            "agenda",
            {"closed": np.zeros((DRAWS, 2), bool), "disputed": np.zeros((DRAWS, 2, 2), bool)},
        ),
    ],
)
def test_a_switch_removes_its_mechanism_alone(name: str, inert: dict[str, np.ndarray]):
    """Switched off is the same as a board on which the mechanism has nothing to do, world by world."""
    board = BOARD._replace(**inert)
    if name == "agenda":
        board = board._replace(agendas=BOARD.agendas[1:], texts=BOARD.texts[1:])
    there = play(board, plays=2)
    off = without(name)
    assert (off.states.cell == there.states.cell).all()
    for part in ("met", "agreed", "struck", "war", "over", "collapsed"):
        assert np.array_equal(getattr(off, part), getattr(there, part))
    assert not same(off, play(BOARD, plays=2))


def test_without_offers_only_the_mediators_text_is_agreed():
    assert (play(BOARD, switches=switched_off(["offers", "text"])).states.end != 1).all()
    agreed = without("offers").package
    assert set(agreed[agreed >= 0]) <= set(BOARD.texts.ravel())


def test_with_everything_off_they_meet_and_nothing_comes_of_it():
    worlds = play(BOARD, switches=0)
    assert not worlds.states.cell.any() and (worlds.met == BOARD.start).all()


def test_mechanisms_are_eight_and_have_a_name_each():
    assert len(set(MECHANISMS)) == 8 and switched_off(MECHANISMS) == 0 and switched_off([]) == EVERYTHING
    with pytest.raises(ValueError, match="no mechanism is called 'war'"):
        switched_off(["war"])


# ---- the contract of end states ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_states_and_days_say_the_same(seed: int):
    worlds = play(busy(seed, 300), plays=2, foresight=seed == 3)
    s = worlds.states
    assert ((s.end == 1) == np.isfinite(worlds.agreed)).all() and (
        (s.end == 1) == (worlds.package >= 0)
    ).all()
    assert ((s.end == 2) == np.isfinite(worlds.over)).all()
    assert ((s.violence > 0) == np.isfinite(worlds.struck)).all() and (
        (s.violence > 0) == (s.acted > 0)
    ).all()
    assert ((s.violence == 2) == np.isfinite(worlds.war)).all() and (worlds.war >= worlds.struck).all()
    assert ((s.breaks == 1) == np.isfinite(worlds.collapsed)).all()
    days = np.stack([np.full(len(s), np.inf), worlds.agreed, worlds.struck, worlds.collapsed])
    earliest = days.min(axis=0)
    assert ((s.first == 0) == np.isinf(earliest)).all()
    assert (days[s.first, np.arange(len(s))] == earliest).all()
    assert (earliest[np.isfinite(earliest)] <= 90.0).all()


def test_every_state_is_one_of_those_listed():
    from zopa.methods.end_states import possible

    listed = possible(3)
    known = {
        tuple(row)
        for row in np.stack([listed.end, listed.violence, listed.first, listed.acted, listed.breaks], axis=1)
    }
    s = play(BOARD, plays=5).states
    assert {tuple(row) for row in np.stack([s.end, s.violence, s.first, s.acted, s.breaks], axis=1)} <= known


@given(st.integers(0, 10_000), st.integers(2, 4))
@settings(max_examples=15, deadline=None)
def test_what_is_agreed_suits_everybody(seed: int, parties: int):
    board = busy(seed, 40, parties=parties, counts=(2, 3))
    worlds = play(board, plays=2)
    at = np.flatnonzero(worlds.package >= 0)
    for w in at:
        d, options = w // 2, np.unravel_index(worlds.package[w], (2, 3))
        columns = [board.starts[i] + k for i, k in enumerate(options)]
        assert not board.vetoed[d, columns].any()
        assert (board.values[d][:, columns].sum(axis=1) >= board.reserve[d] - 1e-9).all()
        moved = np.bitwise_or.reduce(board.moves[columns])
        assert moved & ~board.agendas[worlds.agenda[w]] == 0


# ---- the mediator's texts ---------------------------------------------------------------------------------------------


def test_texts_suit_most_draws_and_learn_from_refusals():
    # Option 1 suits draws 0 to 5, option 2 draws 4 to 8, option 3 draws 0 to 6 but one: after the first text a refusal
    # points to option 2, whatever else was popular.
    suits = np.zeros((10, 4), dtype=bool)
    suits[:7, 1], suits[:6, 3], suits[4:9, 2] = True, True, True
    values = np.where(suits, 1.0, 0.0)[:, None, :].repeat(2, axis=1)
    board = quiet(values, (4,), np.full((10, 2), 0.5))
    assert texts(board, most=4).tolist() == [[1, 2, -1, -1]] * 2


def test_texts_stay_on_the_agenda():
    for a, agenda in enumerate(BOARD.agendas):
        found = BOARD.texts[a][BOARD.texts[a] >= 0]
        assert len(found) and (touched(BOARD)[found] & ~agenda == 0).all()


def test_a_text_may_bring_what_offers_do_not():
    # Both hold out to the end: only a text is accepted at the walk-away value.
    board = pie(
        np.linspace(0, 1, 11), np.full((500, 2), 0.3), exponents=np.full((500, 2), 50.0), text=np.ones(500)
    )
    board = board._replace(texts=texts(board), patience=np.full(500, 1000.0))
    worlds = play(board)
    assert (worlds.states.end == 1).mean() > 0.8
    assert (play(board, switches=switched_off(["text"])).states.end == 0).all()


# ---- what does not fit ------------------------------------------------------------------------------------------------


def test_what_does_not_fit_is_named():
    with pytest.raises(ValueError, match=r"board.strike has shape \(400, 2\), but must have \(400, 3\)"):
        play(BOARD._replace(strike=BOARD.strike[:, :2]))
    with pytest.raises(ValueError, match="plays is 0"):
        play(BOARD, plays=0)
    with pytest.raises(ValueError, match="identity and again"):
        play(BOARD, identity=np.arange(3))
    with pytest.raises(ValueError, match="must be positive"):
        play(BOARD._replace(interval=np.zeros(DRAWS)))
    assert packages(BOARD) == 18
