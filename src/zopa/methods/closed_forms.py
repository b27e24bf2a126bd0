"""Results of bargaining theory that a formula gives: the field's teaching instances, and yardsticks for simulations.

Utilities and probabilities are plain numbers; all pies have size one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zopa.methods.problem import FloatArray


def _unit(function: str, **given: float) -> None:
    for name, value in given.items():
        if not 0.0 <= value <= 1.0:
            raise ValueError(f"{function}: {name} is {value}, but must lie between 0 and 1")


# ---- alternating offers with discounting --------------------------------------------------------------------------


def rubinstein(discount_first: float, discount_second: float, *, rounds: int | None = None) -> float:
    """Share of the party that makes the first offer, in the one equilibrium that backward reasoning leaves.

    Rubinstein (1982), Econometrica 50, 97-109: (1 − δ₂) / (1 − δ₁ δ₂), where a pie agreed one round later is worth δ
    times as much. With ``rounds`` the game ends without agreement after so many offers, by turns (Ståhl 1972): the last
    to offer takes all, and each offer before gives the other what waiting would. Discounts lie between 0 and 1, and
    without a last round they are not both 1.
    """
    _unit("rubinstein", discount_first=discount_first, discount_second=discount_second)
    if rounds is None:
        if discount_first * discount_second == 1.0:
            raise ValueError(
                "rubinstein: with no last round somebody must be impatient, but both discounts are 1"
            )
        return (1.0 - discount_second) / (1.0 - discount_first * discount_second)
    if rounds < 1:
        raise ValueError(f"rubinstein: rounds is {rounds}, but there must be an offer")
    share = 1.0
    for offer in range(rounds - 1, 0, -1):
        # offers 1, 3, 5, … are the first party's; whoever answers offer number ``offer`` makes the next one
        share = 1.0 - share * (discount_second if offer % 2 == 1 else discount_first)
    return share


def impatience_split(rate_first: float, rate_second: float, *, interval: float = 0.0) -> float:
    """Share of the first party where offers follow each other quickly: r₂ / (r₁ + r₂) in the limit.

    Binmore, Rubinstein and Wolinsky (1986), RAND Journal of Economics 17, 176-188: with discount rates r a pie agreed
    ``interval`` later is worth exp(−r · interval) times as much; the limit is Nash's solution with powers 1 / r.
    """
    if not (rate_first >= 0.0 and rate_second >= 0.0 and rate_first + rate_second > 0.0 and interval >= 0.0):
        raise ValueError(
            f"impatience_split: rates {rate_first} and {rate_second} must not be negative, nor both 0, "
            f"and interval {interval} not negative"
        )
    if interval == 0.0:
        return rate_second / (rate_first + rate_second)
    return float(np.expm1(-rate_second * interval) / np.expm1(-(rate_first + rate_second) * interval))


# ---- two sides who do not know each other's walk-away point --------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SealedBid:
    """Trade where both bid at once, linear strategies, values and costs uniform on 0 to 1.

    ``trades``: probability of trade; ``gain``: expected gain from trade; ``possible``: what it would be if every
    beneficial trade took place.
    """

    trades: float
    gain: float
    possible: float

    @property
    def efficiency(self) -> float:
        """Share of the possible gain that is realised."""
        return self.gain / self.possible


def sealed_bid_buyer(value: float) -> float:
    """What a buyer who values the good at ``value`` bids: 2/3 v + 1/12 (Chatterjee and Samuelson 1983, example 1)."""
    _unit("sealed_bid_buyer", value=value)
    return 2.0 * value / 3.0 + 1.0 / 12.0


def sealed_bid_seller(cost: float) -> float:
    """What a seller to whom the good is worth ``cost`` asks: 2/3 c + 1/4 (Chatterjee and Samuelson 1983, example 1)."""
    _unit("sealed_bid_seller", cost=cost)
    return 2.0 * cost / 3.0 + 0.25


def threshold_trade(threshold: float) -> SealedBid:
    """What comes of trading exactly where the buyer's value exceeds the seller's cost by ``threshold``.

    Values and costs uniform on 0 to 1. Threshold 0 is full efficiency; 1/4 is the linear equilibrium of the sealed-bid
    double auction (Chatterjee and Samuelson 1983, Operations Research 31, 835-851), which no trading rule beats that
    both would enter and that needs no subsidy (Myerson and Satterthwaite 1983, Journal of Economic Theory 29, 265-281).
    """
    _unit("threshold_trade", threshold=threshold)
    rest = 1.0 - threshold
    return SealedBid(trades=rest**2 / 2.0, gain=rest**2 / 2.0 - rest**3 / 3.0, possible=1.0 / 6.0)


def threshold_surplus(threshold: float) -> float:
    """What a broker keeps, on average, who lets trade happen above ``threshold``; negative: the subsidy it takes.

    Myerson and Satterthwaite (1983), theorem 1, values and costs uniform on 0 to 1: E[(2 v − 1 − 2 c) · trade], the
    largest surplus under which both tell the truth and neither would rather stay away. Zero at 1/4; −1/6 at 0.
    """
    _unit("threshold_surplus", threshold=threshold)
    rest = 1.0 - threshold
    # over v − c = d with density 1 − d: the integral of (2 d − 1)(1 − d) from the threshold to 1
    return rest**2 / 2.0 - 2.0 * rest**3 / 3.0


# ---- bargaining in the shadow of war ------------------------------------------------------------------------------


def bargaining_range(win: float, cost_first: float, cost_second: float) -> tuple[float, float]:
    """The divisions, as the first side's share, that both prefer to war: from p − c₁ to p + c₂, kept within 0 and 1.

    Fearon (1995), International Organization 49, 379-414: the first side would win with probability ``win``; war costs
    the sides ``cost_first`` and ``cost_second`` in units of the pie. The range is as wide as both costs together.
    """
    _unit("bargaining_range", win=win)
    if cost_first < 0.0 or cost_second < 0.0:
        raise ValueError(f"bargaining_range: costs {cost_first} and {cost_second} must not be negative")
    return max(0.0, win - cost_first), min(1.0, win + cost_second)


def risk_return(win: float, cost_first: float, highest_cost: float) -> tuple[float, float]:
    """What the first side demands that does not know the other's cost of war, and the probability that it means war.

    The take-it-or-leave-it game of Fearon (1995): the other's cost is uniform between 0 and ``highest_cost``; it fights
    rather than leave more than ``win`` plus its cost. Demanding more wins more and risks more; the best demand is
    win + (highest_cost − cost_first)⁺ / 2, at most 1.
    """
    _unit("risk_return", win=win)
    if cost_first < 0.0 or not highest_cost > 0.0:
        raise ValueError(
            f"risk_return: cost {cost_first} must not be negative, and the highest {highest_cost} above 0"
        )
    stretch = max(0.0, highest_cost - cost_first)
    return min(1.0, win + stretch / 2.0), min(stretch / 2.0, 1.0 - win) / highest_cost


# ---- several pies --------------------------------------------------------------------------------------------------


def nash_of_pies(weights: Sequence[Sequence[float]], *, together: bool) -> FloatArray:
    """(2,): utilities of two parties who divide several unit pies by Nash's rule, as one package or pie by pie.

    ``weights`` (2, pies): what each pie is worth to each party; no agreement is worth 0. Pie by pie each is split in
    half. Together, the pies go to the first party in order of the ratio of weights, at most one of them shared: what
    one values more buys what the other does (Raiffa 1982 on trading across issues).
    """
    worth = np.asarray(weights, dtype=np.float64)
    if (
        worth.ndim != 2
        or len(worth) != 2
        or worth.shape[1] == 0
        or not (np.isfinite(worth) & (worth > 0.0)).all()
    ):
        raise ValueError(f"nash_of_pies: weights must be positive, of shape (2, pies), not {worth.shape}")
    if not together:
        return np.asarray(worth.sum(axis=1) / 2.0, dtype=np.float64)
    by_ratio = np.argsort(-worth[0] / worth[1], kind="stable")
    first, second = worth[:, by_ratio]
    had, left = 0.0, float(second.sum())
    best = np.zeros(2)
    for mine, theirs in zip(first, second, strict=True):
        # (had + s mine)(left − s theirs) is largest at s, kept within this pie
        share = min(1.0, max(0.0, (left / theirs - had / mine) / 2.0))
        here = np.array([had + share * mine, left - share * theirs])
        if here.prod() > best.prod():
            best = here
        had, left = had + float(mine), left - float(theirs)
    return best
