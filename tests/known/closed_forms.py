"""Known answers of closed forms in bargaining theory and of the single negotiating text, each with its source.

Where an instance is not the paper's own, the number follows from the cited formula by the arithmetic shown.
"""

from dataclasses import dataclass
from math import exp


@dataclass(frozen=True)
class Split:
    """Discounts, number of rounds (None: no last one), share of the first to offer."""

    discounts: tuple[float, float]
    rounds: int | None
    share: float


RUBINSTEIN = (
    Split((0.9, 0.8), None, 0.2 / 0.28),
    Split((0.9, 0.9), None, 0.1 / 0.19),
    Split((0.9, 0.8), 10, 0.576077),
    Split((0.9, 0.8), 101, 0.714286),
    Split((0.9, 0.8), 1, 1.0),
    Split((0.9, 0.8), 2, 0.2),  # the other could take all one round later, which is worth .8 to it now
)
"""Rubinstein, A. (1982), Perfect Equilibrium in a Bargaining Model, Econometrica 50; finite rounds by going backwards
(Ståhl, I. 1972, Bargaining Theory): x(n) = 1 - delta x(n + 1), x(last) = 1."""

RATES = (0.05, 0.10)
IMPATIENCE = {
    1.0: ((1 - exp(-0.10)) / (1 - exp(-0.15)), 0.6832),
    0.1: ((1 - exp(-0.010)) / (1 - exp(-0.015)), 0.6683),
}
"""Share of the first party at these discount rates, by the time between offers, and the same to four digits: Binmore, K.,
Rubinstein, A. and Wolinsky, A. (1986), The Nash Bargaining Solution in Economic Modelling, RAND Journal of Economics 17,
(1 - delta_2) / (1 - delta_1 delta_2) with delta = exp(-rate x time)."""
IMPATIENCE_LIMIT = 2 / 3
"""The same where offers follow each other at once: rate_2 / (rate_1 + rate_2)."""

SEALED_BID = {"trades": 9 / 32, "gain": 9 / 64, "possible": 1 / 6, "efficiency": 27 / 32}
SEALED_BID_AT_HALF = 5 / 12
SEALED_BID_THRESHOLD = 0.25
"""Chatterjee, K. and Samuelson, W. (1983), Bargaining under Incomplete Information, Operations Research 31, example 1:
bid 2v/3 + 1/12, ask 2c/3 + 1/4, which meet where v - c >= 1/4."""

EFFICIENT_SUBSIDY = 1 / 6
"""What it takes, on average, to have every beneficial trade: Myerson, R. and Satterthwaite, M. (1983), Efficient
Mechanisms for Bilateral Trading, Journal of Economic Theory 29, for values and costs uniform on 0 to 1."""

WAR = {"win": 0.6, "costs": (0.1, 0.15), "range": (0.5, 0.75)}
"""Fearon, J. (1995), Rationalist Explanations for War, International Organization 49: p - c_A to p + c_B."""

RISK_RETURN = {
    (0.5, 0.1, 0.4): (0.65, 0.375),
    (0.6, 0.1, 0.3): (0.70, 1 / 3),
    (0.5, 0.3, 0.2): (0.50, 0.0),
    (0.8, 0.05, 0.6): (1.0, 1 / 3),
}
"""(p, c_A, highest c_B): demand and probability of war. From Fearon's game by maximising over the demand x
x (1 - w) + (p - c_A) w with w = (x - p) / C: x = p + (C - c_A) / 2, or the corner 1."""

PIES = ((0.8, 0.2), (0.2, 0.8))
PIES_TOGETHER = (0.8, 0.8)
PIES_APART = (0.5, 0.5)
PIES_LOST = 0.375
"""Two unit pies valued in opposite proportions; the question is Fershtman's (1990, The Importance of the Agenda in
Bargaining, Games and Economic Behavior 2), the instance our own."""


@dataclass(frozen=True)
class SingleText:
    """Where blind proposals end: share of runs that end efficient, mean sum of utilities."""

    efficient: float
    welfare: float


SINGLE_TEXT_PROPOSALS = 200
SINGLE_TEXT_RUNS = 2000
SINGLE_TEXT = {
    "one issue at a time": SingleText(0.053, 1.473),
    "packages": SingleText(0.749, 1.578),
}
SINGLE_TEXT_BEST = 1.6441345665
"""England-Zimbabwe from the status quo, 200 proposals, as measured once over 2,000 runs with another program. The
procedure: Raiffa, H. (1982), The Art and Science of Negotiation; Klein, M., Faratin, P., Sayama, H. and Bar-Yam, Y.
(2003), Protocols for Negotiating Complex Contracts, IEEE Intelligent Systems 18(6)."""
SINGLE_TEXT_EXACT = {
    "one issue at a time": SingleText(0.05555556, 1.47264336),
    "packages": SingleText(0.7377316, 1.57826717),
}
"""The same as a Markov chain over the 576 texts, to the power of 200: what the simulations estimate."""
