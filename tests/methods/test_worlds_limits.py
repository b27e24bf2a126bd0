"""In its limits the engine of worlds is the theory of bargaining: what a formula gives, the worlds give too."""

import numpy as np
import pytest

from tests.methods.worlds_made import pie, quiet, split
from zopa.methods.closed_forms import impatience_split, risk_return, rubinstein, threshold_trade
from zopa.methods.world_board import OFFERS
from zopa.methods.worlds import Worlds, play

WORLDS = 20_000
FAIR = 3.0
"""Standard errors within which a share must lie."""


def close(hits: np.ndarray, expected: float) -> bool:
    """Whether the mean of a series lies within three standard errors of what it should be."""
    return abs(hits.mean() - expected) <= FAIR * hits.std() / np.sqrt(len(hits)) + 1e-12


# ---- Rubinstein and Nash: foresight ----------------------------------------------------------------------------------


def foreseen(rates: tuple[float, float], *, opens: int = 0, days: float = 1.0, rounds: int = 101) -> float:
    """Share of the first party of a pie, rates of impatience a month, one offer every so many days."""
    shares = np.linspace(0.0, 1.0, 4001)
    board = pie(
        shares,
        np.zeros((1, 2)),
        impatience=np.array([rates]),
        interval=np.array([days]),
        horizon=days * (rounds - 1) + days / 2,
    )
    worlds = play(board, switches=OFFERS, foresight=True, opens=opens)
    assert worlds.agreed[0] == 0.0  # with foresight the first offer is accepted
    return float(shares[worlds.package[0]])


@pytest.mark.parametrize(("first", "second"), [(0.9, 0.8), (0.9, 0.9), (0.5, 0.95)])
@pytest.mark.parametrize("rounds", [1, 2, 10, 101])
def test_foresight_gives_rubinsteins_shares(first: float, second: float, rounds: int):
    rates = tuple(-30.0 * np.log(d) for d in (first, second))
    expected = rubinstein(first, second, rounds=rounds)
    # A pie cut into 4,000 pieces: every round may round once, and discounting shrinks what came before.
    assert foreseen(rates, rounds=rounds) == pytest.approx(expected, abs=0.003)


def test_rubinsteins_shares_as_printed():
    assert foreseen((-30 * np.log(0.9), -30 * np.log(0.8))) == pytest.approx(0.714286, abs=0.001)
    assert foreseen((-30 * np.log(0.9), -30 * np.log(0.9))) == pytest.approx(0.526316, abs=0.003)
    assert foreseen((-30 * np.log(0.9), -30 * np.log(0.8)), rounds=10) == pytest.approx(0.576077, abs=0.003)


def test_quick_offers_split_by_impatience():
    # Binmore, Rubinstein and Wolinsky 1986: rates .05 and .10 give 2/3 in the limit, .6683 at a tenth of the unit.
    got = foreseen((0.05 * 30, 0.10 * 30), days=0.5, rounds=301)
    assert got == pytest.approx(impatience_split(0.05, 0.10, interval=0.5), abs=0.01)
    assert got == pytest.approx(2 / 3, abs=0.02)


@pytest.mark.parametrize("opens", [0, 1])
def test_a_risk_of_breakdown_leads_to_nashs_solution(opens: int):
    # u = (x, sqrt(1 − x)): Nash (1950) has x = 2/3. Who opens makes no difference in the limit.
    x = np.linspace(0.0, 1.0, 3001)
    board = split(
        np.stack([x, np.sqrt(1.0 - x)]),
        np.zeros((1, 2)),
        breakdown=np.array([0.6]),
        interval=np.array([1.0]),
        horizon=400.0,
    )
    worlds = play(board, foresight=True, opens=opens, seed=3)
    assert worlds.agreed[0] == 0.0
    assert x[worlds.package[0]] == pytest.approx(2 / 3, abs=0.02)


def test_nashs_solution_gives_each_its_reserve_and_half_the_rest():
    # d = (.2, .1), a pie: (.55, .45).
    shares = np.linspace(0.0, 1.0, 2001)
    board = pie(
        shares, np.array([[0.2, 0.1]]), breakdown=np.array([0.6]), interval=np.array([1.0]), horizon=400.0
    )
    worlds = play(board, foresight=True, opens=0)
    assert shares[worlds.package[0]] == pytest.approx(0.55, abs=0.02)


def test_even_concession_gives_equal_shares_of_what_each_hopes_for():
    # Both ask for less at the same pace: Kalai and Smorodinsky (1975), (.6, .6) of frontier min(1, 2 − 2 x) at (2/3, 2/3).
    x = np.linspace(0.0, 1.0, 3001)
    board = split(np.stack([x, np.minimum(1.0, 2.0 - 2.0 * x)]), np.zeros((1, 2)), interval=np.array([0.2]))
    worlds = play(board, switches=OFFERS)
    assert x[worlds.package[0]] == pytest.approx(2 / 3, abs=0.01)


# ---- Chatterjee and Samuelson, and Fearon: one offer that counts ------------------------------------------------------


def second_meeting(board_shares: np.ndarray, reserve: np.ndarray, at: float, **changes: object) -> Worlds:
    """Two meetings: at the first both ask for all there is, at the second, at relative time ``at``, once more."""
    board = pie(
        board_shares,
        reserve,
        interval=np.full(len(reserve), 10.0),
        patience=np.full(len(reserve), 10.0 / at),
        horizon=15.0,
        **changes,
    )
    return play(board, opens=1)


def test_halfway_offers_trade_as_in_the_sealed_bid_auction():
    # Bids of 2 v / 3 + 1 / 12 against 2 c / 3 + 1 / 4 are a concession by two thirds of the way from the best price
    # at which anything is ever traded (3/4 and 1/4) to one's own: Chatterjee and Samuelson (1983), example 1.
    rng = np.random.default_rng(7)
    value, cost = rng.random((2, WORLDS))
    prices = np.linspace(0.25, 0.75, 2001)
    worlds = second_meeting(prices, np.stack([cost, 1.0 - value], axis=1), 2 / 3)
    traded = worlds.states.end == 1
    expected = threshold_trade(0.25)
    assert expected.trades == pytest.approx(9 / 32)
    assert close(traded.astype(float), expected.trades)
    assert close(np.where(traded, value - cost, 0.0), expected.gain)
    # Nobody trades at a loss, and nothing is traded that gains less than a quarter (but for the steps of the price).
    price = prices[worlds.package[traded]]
    assert (price >= cost[traded] - 1e-9).all() and (price <= value[traded] + 1e-9).all()
    assert (value - cost)[traded].min() >= 0.25 - 1e-9
    assert (value - cost)[~traded].max() <= 0.25 + 0.001


@pytest.mark.parametrize(("win", "cost", "highest"), [(0.5, 0.1, 0.4), (0.6, 0.1, 0.3), (0.4, 0.0, 0.5)])
def test_a_demand_under_uncertainty_means_war_as_often_as_in_fearons_game(
    win: float, cost: float, highest: float
):
    # The best demand, win + (highest − cost) / 2, lies halfway between what war is worth to the first side and the most
    # it could hope for, win + highest: a concession by half. The other's costs are its own; refused, they fight.
    rng = np.random.default_rng(11)
    other = highest * rng.random(WORLDS)
    reserve = np.stack([np.full(WORLDS, win - cost), 1.0 - win - other], axis=1)
    shares = np.linspace(0.0, win + highest, 2001)
    worlds = second_meeting(
        shares,
        reserve,
        0.5,
        exponents=np.tile([1.0, 0.0], (WORLDS, 1)),
        due=np.array([np.inf, np.inf]),
        deadlines=np.array([14.0]),
        pressed=np.array([[True, False, False]]),
        strike=np.tile([1.0, 0.0, 0.0], (WORLDS, 1)),
        widens=np.ones(WORLDS),
        delay=np.zeros(WORLDS),
    )
    demand, war = risk_return(win, cost, highest)
    assert close((worlds.states.violence == 2).astype(float), war)
    agreed = worlds.states.end == 1
    assert (agreed ^ (worlds.states.violence == 2)).all()
    assert np.abs(shares[worlds.package[agreed]] - demand).max() <= 0.001


def test_no_war_where_the_demand_suits_every_type():
    # Fearon's (.5, .3, .2): the first side's own costs are above all the other could have, so it demands no more than .5.
    rng = np.random.default_rng(12)
    reserve = np.stack([np.full(4000, 0.2), 0.5 - 0.2 * rng.random(4000)], axis=1)
    shares = np.linspace(0.0, 0.7, 1401)
    worlds = second_meeting(shares, reserve, 0.4, exponents=np.tile([1.0, 0.0], (4000, 1)))
    assert risk_return(0.5, 0.3, 0.2) == (0.5, 0.0)
    assert (worlds.states.end == 1).all()


# ---- nothing and everything -------------------------------------------------------------------------------------------


def apart(draws: int = 200, **changes: object):
    """A board on which nothing can be agreed: each asks for more than half."""
    return pie(np.linspace(0.0, 1.0, 11), np.full((draws, 2), 0.6), **changes)


def test_without_hazards_nothing_happens():
    worlds = play(apart())
    states = worlds.states
    for found in (states.end, states.violence, states.first, states.acted, states.breaks):
        assert not found.any()
    assert (worlds.met == 0.0).all()
    for day in (worlds.spoke, worlds.agreed, worlds.struck, worlds.war, worlds.over, worlds.collapsed):
        assert (day == np.inf).all()


def test_certain_breakdown_comes_at_once_and_lapses():
    worlds = play(apart(breakdown=np.full(200, np.inf)))
    assert (worlds.states.end == 2).all()
    assert (worlds.over == 30.0).all()


def test_a_certain_act_from_outside_comes_at_once():
    outside = np.tile([0.0, 0.0, np.inf], (200, 1))
    worlds = play(apart(outside=outside))
    assert (worlds.struck == 0.0).all()
    assert (worlds.states.violence == 1).all()
    assert (worlds.states.acted == 0b110).all()  # the actor, and the one it struck, which answers
    assert (worlds.states.first == 2).all()


def test_a_regime_that_must_break_breaks_at_once():
    worlds = play(apart(breaks=np.ones((200, 1))))
    assert (worlds.collapsed == 0.0).all()
    assert (worlds.states.first == 3).all() and (worlds.states.end == 2).all()


def test_what_is_best_for_all_is_agreed_at_once():
    board = quiet(np.tile([[[0.0, 1.0], [0.0, 1.0]]], (50, 1, 1)), (2,), np.zeros((50, 2)))
    worlds = play(board)
    assert (worlds.agreed == 0.0).all() and (worlds.package == 1).all()


@pytest.mark.parametrize(("rate", "days"), [(0.3, 100.0), (1.0, 30.0), (0.05, 100.0)])
def test_a_rate_a_month_is_a_rate_a_month(rate: float, days: float):
    outside = np.tile([0.0, 0.0, rate], (WORLDS, 1))
    worlds = play(apart(WORLDS, outside=outside, horizon=days))
    assert close(np.isfinite(worlds.struck).astype(float), 1.0 - np.exp(-rate * days / 30.0))


def test_a_regimes_chance_is_its_chance_by_the_common_date():
    worlds = play(apart(WORLDS, breaks=np.full((WORLDS, 1), 0.15)))
    assert close(worlds.states.breaks.astype(float), 0.15)


def test_time_to_talk_is_shared_as_rates_say():
    # Alternating spells of rates b and r a day: talking a share r / (b + r) + b / (b + r) exp(−(b + r) t) of worlds at t.
    b, r, day = 1.5, 2.5, 80.0
    rates = {"breakdown": np.full(WORLDS, b), "resumption": np.full(WORLDS, r)}
    worlds = play(apart(WORLDS, horizon=day + 30.0, **rates))
    # Over without agreement: not talking at day 80 and not resumed in the thirty days after it.
    away = b / (b + r) * (1.0 - np.exp(-(b + r) * day / 30.0))
    assert close((worlds.states.end == 2).astype(float), away * np.exp(-r))


def test_the_side_struck_yields_answers_or_widens_as_often_as_it_is_said():
    always = {
        "deadlines": np.array([1.0]),
        "pressed": np.array([[True, False, False]]),
        "strike": np.tile([1.0, 0.0, 0.0], (WORLDS, 1)),
        "answer": np.full((WORLDS, 3), 0.7),
        "widens": np.full(WORLDS, 0.4),
        "delay": np.zeros(WORLDS),
    }
    worlds = play(apart(WORLDS, horizon=20.0, **always))
    assert (worlds.struck == 1.0).all()
    yields = worlds.states.end == 2
    assert close(yields.astype(float), 0.3)
    assert close((worlds.states.violence == 2).astype(float), 0.28)
    assert (worlds.states.acted[yields] == 0b001).all() and (worlds.states.acted[~yields] == 0b011).all()


def test_whoever_would_not_strike_does_not_strike_after_many_failures():
    # Whether a party is one that would use force is decided once: many breakdowns do not add up to certain force.
    rates = {"breakdown": np.full(WORLDS, 30.0), "resumption": np.full(WORLDS, 0.0)}
    strike = np.tile([0.25, 0.0, 0.0], (WORLDS, 1))
    once = play(apart(WORLDS, strike=strike, delay=np.zeros(WORLDS), horizon=20.0, **rates), seed=1)
    assert close((once.states.violence > 0).astype(float), 0.25)
    rates |= {"resumption": np.full(WORLDS, 30.0)}
    often = play(apart(WORLDS, strike=strike, delay=np.zeros(WORLDS), horizon=20.0, **rates), seed=1)
    assert (often.struck == once.struck).all()


def test_who_prepares_to_strike_holds_back_when_talks_are_resumed():
    hazards = {
        "breakdown": np.full(WORLDS, np.inf),
        "strike": np.tile([1.0, 0.0, 0.0], (WORLDS, 1)),
        "answer": np.zeros((WORLDS, 3)),
        "delay": np.full(WORLDS, 10.0),
    }
    # Broken off on day 0; resumed at .1 a day, struck at .1 a day: whichever comes first, and then they break off again.
    worlds = play(apart(WORLDS, horizon=20.0, resumption=np.full(WORLDS, 3.0), **hazards), seed=2)
    assert close((worlds.states.violence > 0).astype(float), 1.0 - np.exp(-20.0 / 10.0))
    # Resumed at once each time they break off, they are never apart long enough to strike.
    hurried = {name: value[:20] for name, value in hazards.items()}
    never = play(apart(20, horizon=20.0, resumption=np.full(20, np.inf), **hurried), seed=2)
    assert (never.states.violence == 0).all()
