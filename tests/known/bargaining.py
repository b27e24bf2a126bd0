"""Known answers of bargaining theory, each with its source.

The continuous ones are solved on a fine grid of packages by the tests. Where no page is given the number follows from
the cited definition in a line of algebra, shown here.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Known:
    """What is asked, the answer, and where it comes from."""

    question: str
    answer: tuple[float, ...]
    source: str


NASH_LINEAR = Known(
    "two parties split one unit, disagreement (.2, .1): each gets its own plus half of what is left",
    (0.55, 0.45),
    "Nash, J. F. (1950), The Bargaining Problem, Econometrica 18: u_i = d_i + (1 - d_1 - d_2) / 2",
)
NASH_WEIGHTED = Known(
    "the same with bargaining powers .7 and .3",
    (0.69, 0.31),
    "Kalai, E. (1977), Nonsymmetric Nash Solutions, Int. J. Game Theory 6: u_i = d_i + alpha_i (1 - d_1 - d_2)",
)
NASH_ROOT = Known(
    "frontier (x, sqrt(1 - x)) from (0, 0): x sqrt(1 - x) is largest where 2 (1 - x) = x",
    (2 / 3, (1 / 3) ** 0.5),
    "Nash (1950)",
)
NASH_PARABOLA = Known(
    "frontier (x, 1 - x^2) from (0, 0): x - x^3 is largest at 1 / sqrt 3",
    (3**-0.5, 2 / 3),
    "Nash (1950)",
)
NASH_KINK = Known(
    "frontier min(1, 2 - 2 u1) from (0, 0): the product grows up to the kink",
    (0.5, 1.0),
    "Nash (1950); the instance on which Kalai and Smorodinsky differ",
)
KALAI_SMORODINSKY_KINK = Known(
    "the same frontier: equal shares of the ideal point (1, 1) meet it where u = 2 - 2 u",
    (2 / 3, 2 / 3),
    "Kalai, E. and Smorodinsky, M. (1975), Other Solutions to Nash's Bargaining Problem, Econometrica 43",
)
KALAI_SMORODINSKY_GOLDEN = Known(
    "frontier u2 = sqrt(1 - u1) from (0, 0), ideal point (1, 1): u = sqrt(1 - u), the golden ratio less one",
    ((5**0.5 - 1) / 2, (5**0.5 - 1) / 2),
    "Kalai and Smorodinsky (1975)",
)
KALAI_SMORODINSKY_PARABOLA = Known(
    "frontier u2 = 1 - u1^2: u = 1 - u^2, the same number",
    ((5**0.5 - 1) / 2, (5**0.5 - 1) / 2),
    "Kalai and Smorodinsky (1975)",
)
RAIFFA_PARABOLA = Known(
    "frontier u2 = 1 - u1^2 from (0, 0): steps (.5, .5), (.60355, .625), (.60796, .63036), … converge here",
    (0.607971, 0.630371),
    "Raiffa, H. (1953), Arbitration Schemes for Generalized Two-Person Games; The Art and Science of Negotiation (1982)",
)
EGALITARIAN_LINEAR = Known(
    "two parties split one unit, disagreement (.2, .1): equal gains of .35",
    (0.55, 0.45),
    "Kalai, E. (1977), Proportional Solutions to Bargaining Situations, Econometrica 45",
)
PACKAGE_NASH = Known(
    "two pies; A values them (.8, .2), B (.2, .8): negotiated together each side takes the one it values",
    (0.8, 0.8),
    "Raiffa (1982) on trading across issues; the instance is our own",
)
PIE_BY_PIE = Known(
    "the same pies settled one after the other, each split in half: 37.5 % of what was possible is lost",
    (0.5, 0.5),
    "Fershtman, C. (1990), The Importance of the Agenda in Bargaining, Games and Economic Behavior 2, for the question",
)
LINKAGE = Known(
    "x costs A .3 and gives B .6, y the reverse: neither alone suits both, together each gains .3",
    (0.3, 0.3),
    "Tollison, R. and Willett, T. (1979), Issue Linkages, Int. Organization 33, for the argument; numbers our own",
)
NICE_OR_DIE_NASH = Known(
    "packages (1, .16), (.16, 1), (.299, .299) from (0, 0): the product is largest at the first two, .16 > .0894",
    (1.0, 0.16),
    "domain NiceOrDie of the ANAC 2011 competition",
)
NICE_OR_DIE_EGALITARIAN = Known(
    "the same: the lowest gain is largest at the third", (0.299, 0.299), "ANAC 2011, Kalai (1977)"
)
MIDDLE_GROUND = Known(
    "alternatives (1, 0), (0, 1), (.6, .6) on two criteria, any weights: first for w1 > .6, w1 < .4, and between",
    (0.4, 0.4, 0.2),
    "Lahdelma, R. and Salminen, P. (2001), SMAA-2, Operations Research 49, definition of the acceptability index",
)
CENTROID_WORTH = Known(
    "worth of ranks 1, 2, 3 in the holistic index: (1/3 + 1/2 + 1, 1/3 + 1/2, 1/3) over the first",
    (1.0, 5 / 11, 2 / 11),
    "Lahdelma and Salminen (2001), centroid meta-weights",
)
