"""Closed forms of bargaining theory: the published instances, and the games behind them played out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.known import closed_forms as known
from zopa.estimate import uniforms
from zopa.methods.closed_forms import (
    bargaining_range,
    impatience_split,
    nash_of_pies,
    risk_return,
    rubinstein,
    sealed_bid_buyer,
    sealed_bid_seller,
    threshold_surplus,
    threshold_trade,
)
from zopa.methods.frontier import frontier
from zopa.methods.solutions import nash

TO_THE_MILLIONTH = 1e-6
RUNS = 200_000
shares = st.floats(0.0, 1.0)


# ---- alternating offers with discounting --------------------------------------------------------------------------


@pytest.mark.parametrize("split", known.RUBINSTEIN, ids=str)
def test_rubinstein(split):
    assert rubinstein(*split.discounts, rounds=split.rounds) == pytest.approx(
        split.share, abs=TO_THE_MILLIONTH
    )


@given(st.floats(0.0, 0.99), st.floats(0.0, 0.99))
def test_nobody_gains_by_waiting(first, second):
    """What the first offers the second is exactly what the second could have by making the next offer."""
    assert 1 - rubinstein(first, second) == pytest.approx(second * rubinstein(second, first))


@given(st.floats(0.0, 0.95), st.floats(0.0, 0.95))
def test_a_distant_deadline_does_not_matter(first, second):
    for rounds in (600, 601):
        assert rubinstein(first, second, rounds=rounds) == pytest.approx(rubinstein(first, second), abs=1e-9)


@pytest.mark.parametrize(("interval", "shares"), known.IMPATIENCE.items())
def test_the_more_patient_gets_more(interval, shares):
    exact, digits = shares
    found = impatience_split(*known.RATES, interval=interval)
    assert found == pytest.approx(exact, abs=TO_THE_MILLIONTH)
    assert round(found, 4) == digits


def test_quick_offers_lead_to_nash_with_powers_of_patience():
    limit = impatience_split(*known.RATES)
    assert limit == pytest.approx(known.IMPATIENCE_LIMIT, abs=TO_THE_MILLIONTH)
    assert impatience_split(*known.RATES, interval=1e-7) == pytest.approx(limit, abs=TO_THE_MILLIONTH)
    x = np.linspace(0.0, 1.0, 300_001)
    pie = frontier([np.array([x, 1 - x])], reserve=np.zeros(2))
    power = [1 / rate for rate in known.RATES]
    assert nash(pie, weights=power).utilities == pytest.approx((limit, 1 - limit), abs=TO_THE_MILLIONTH)


def test_discounts_and_rates_agree():
    first, second = np.exp(-np.array(known.RATES) * 0.1)
    assert impatience_split(*known.RATES, interval=0.1) == pytest.approx(rubinstein(first, second))


# ---- two sides who do not know each other's walk-away point --------------------------------------------------------


def traders():
    return uniforms(0, "buyers", RUNS), uniforms(0, "sellers", RUNS)


def within_three_errors(sample, expected):
    return abs(sample.mean() - expected) <= 3 * sample.std() / np.sqrt(len(sample))


def test_sealed_bids():
    found = threshold_trade(known.SEALED_BID_THRESHOLD)
    for name, number in known.SEALED_BID.items():
        assert getattr(found, name) == pytest.approx(number, abs=TO_THE_MILLIONTH)
    assert sealed_bid_buyer(0.5) == pytest.approx(known.SEALED_BID_AT_HALF, abs=TO_THE_MILLIONTH)


def test_bids_meet_where_value_exceeds_cost_by_a_quarter():
    value, cost = traders()
    bid = np.array([sealed_bid_buyer(v) for v in value[:2000]])
    ask = np.array([sealed_bid_seller(c) for c in cost[:2000]])
    assert ((bid >= ask) == (value - cost >= known.SEALED_BID_THRESHOLD)[:2000]).all()


@pytest.mark.parametrize("threshold", [0.0, 0.25, 0.6])
def test_trade_simulated(threshold):
    value, cost = traders()
    trade = value - cost >= threshold
    found = threshold_trade(threshold)
    assert within_three_errors(trade.astype(float), found.trades)
    assert within_three_errors(trade * (value - cost), found.gain)
    assert within_three_errors(trade * (2 * value - 1 - 2 * cost), threshold_surplus(threshold))


@pytest.mark.parametrize("value", [0.4, 0.5, 0.8])
def test_the_buyers_bid_is_its_best_reply(value):
    """Against a seller who asks 2/3 c + 1/4, at a price halfway between the two: by grid over the bids."""
    bids = np.linspace(0.25, 11 / 12, 200_001)
    highest = np.clip(1.5 * (bids - 0.25), 0.0, 1.0)  # the seller's cost up to which there is trade
    # integral over c of value − (bid + 2/3 c + 1/4) / 2
    gain = highest * (value - bids / 2 - 0.125) - highest**2 / 6
    assert bids[gain.argmax()] == pytest.approx(sealed_bid_buyer(value), abs=1e-5)


def test_no_rule_without_subsidy_is_efficient():
    assert threshold_surplus(0.0) == pytest.approx(-known.EFFICIENT_SUBSIDY, abs=TO_THE_MILLIONTH)
    assert threshold_surplus(0.25) == pytest.approx(0.0, abs=TO_THE_MILLIONTH)
    affordable = [t for t in np.linspace(0.0, 1.0, 401) if threshold_surplus(t) >= -1e-12]
    best = max(affordable, key=lambda t: threshold_trade(t).gain)
    assert best == pytest.approx(0.25)
    assert threshold_trade(best).efficiency == pytest.approx(27 / 32, abs=TO_THE_MILLIONTH)


# ---- bargaining in the shadow of war -------------------------------------------------------------------------------


def test_fearons_range():
    low, high = bargaining_range(known.WAR["win"], *known.WAR["costs"])
    assert (low, high) == pytest.approx(known.WAR["range"], abs=TO_THE_MILLIONTH)
    assert high - low == pytest.approx(sum(known.WAR["costs"]))


@given(shares, shares, shares)
def test_the_range_is_what_both_prefer_to_war(win, cost_first, cost_second):
    low, high = bargaining_range(win, cost_first, cost_second)
    for share in (low, high):
        assert share >= win - cost_first - 1e-12 and 1 - share >= 1 - win - cost_second - 1e-12
    mirrored = bargaining_range(1 - win, cost_second, cost_first)
    assert mirrored == pytest.approx((1 - high, 1 - low))


@pytest.mark.parametrize(("game", "answer"), known.RISK_RETURN.items())
def test_risk_against_return(game, answer):
    assert risk_return(*game) == pytest.approx(answer, abs=TO_THE_MILLIONTH)


@given(shares, st.floats(0.0, 0.9), st.floats(0.01, 0.9))
def test_no_other_demand_does_better(win, cost, highest):
    demand, war = risk_return(win, cost, highest)
    x = np.linspace(win, 1.0, 2001)
    risk = np.clip((x - win) / highest, 0.0, 1.0)
    worth = x * (1 - risk) + (win - cost) * risk
    assert demand * (1 - war) + (win - cost) * war >= worth.max() - 1e-9
    assert war == pytest.approx(min(1.0, (demand - win) / highest))


# ---- several pies --------------------------------------------------------------------------------------------------


def test_a_package_against_pie_by_pie():
    together = nash_of_pies(known.PIES, together=True)
    apart = nash_of_pies(known.PIES, together=False)
    assert together == pytest.approx(known.PIES_TOGETHER, abs=TO_THE_MILLIONTH)
    assert apart == pytest.approx(known.PIES_APART, abs=TO_THE_MILLIONTH)
    assert 1 - apart / together == pytest.approx(known.PIES_LOST, abs=TO_THE_MILLIONTH)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_pies_one_after_the_other_lose_nothing_to_those_who_look_ahead(order):
    """The first pie is divided for the best product of total utilities, knowing how the second will be."""
    share = np.linspace(0.0, 1.0, 101)
    mine, theirs = np.array(known.PIES)[:, order]
    first = np.array([mine[0] * share, theirs[0] * (1 - share)])
    second = np.array([mine[1] * share, theirs[1] * (1 - share)])
    total = first[:, :, None] + second[:, None, :]
    then = total.prod(axis=0).argmax(axis=1)
    reached = total[:, np.arange(101), then]
    assert reached[:, reached.prod(axis=0).argmax()] == pytest.approx(known.PIES_TOGETHER)


@given(st.integers(0, 2**32 - 1), st.integers(1, 4))
def test_pies_together_are_nash_on_the_frontier_of_all_divisions(seed, pies):
    weights = np.random.default_rng(seed).uniform(0.05, 1.0, (2, pies))
    share = np.linspace(0.0, 1.0, 41)
    parts = [np.array([a * share, b * (1 - share)]) for a, b in weights.T]
    grid = nash(frontier(parts, reserve=np.zeros(2)))
    exact = nash_of_pies(weights, together=True)
    assert exact.prod() >= grid.utilities.prod() * (1 - 1e-12)
    assert exact.prod() == pytest.approx(grid.utilities.prod(), rel=5e-3)
    assert (nash_of_pies(weights, together=False) <= weights.sum(axis=1) / 2 + 1e-12).all()


@given(st.integers(0, 2**32 - 1))
def test_swapping_the_parties_mirrors_the_pies(seed):
    weights = np.random.default_rng(seed).uniform(0.05, 1.0, (2, 3))
    assert nash_of_pies(weights, together=True) == pytest.approx(
        nash_of_pies(weights[::-1], together=True)[::-1]
    )


# ---- what does not fit ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: rubinstein(1.2, 0.5), "discount_first is 1.2"),
        (lambda: rubinstein(1.0, 1.0), "somebody must be impatient"),
        (lambda: rubinstein(0.5, 0.5, rounds=0), "rounds is 0"),
        (lambda: impatience_split(0.0, 0.0), "nor both 0"),
        (lambda: sealed_bid_buyer(-0.1), "value is -0.1"),
        (lambda: sealed_bid_seller(1.1), "cost is 1.1"),
        (lambda: threshold_trade(2.0), "threshold is 2.0"),
        (lambda: threshold_surplus(-1.0), "threshold is -1.0"),
        (lambda: bargaining_range(1.5, 0.1, 0.1), "win is 1.5"),
        (lambda: bargaining_range(0.5, -0.1, 0.1), "must not be negative"),
        (lambda: risk_return(0.5, 0.1, 0.0), "the highest 0.0 above 0"),
        (lambda: nash_of_pies([[1.0], [0.0]], together=True), "weights must be positive"),
    ],
)
def test_a_number_out_of_range_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.integers(1, 30))
def test_with_a_last_round_all_discounts_are_allowed(first, second, rounds):
    assert -1e-12 <= rubinstein(first, second, rounds=rounds) <= 1 + 1e-12
