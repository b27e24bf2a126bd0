"""Known answers of the Genius domain Car, second competition of automated negotiators (ANAC 2011), profiles "deal".

Numbers only, derived from the profiles published with Genius (Lin et al. 2014, Computational Intelligence 30, 48-70) and
NegMAS: worth of an option = weight x evaluation over the largest of its issue, no deal worth 0 to both. The answers were
computed by brute force over the 15,625 packages. The Nash package and the egalitarian one (Kalai 1977) differ here, and
only in the third digit.
"""

VALUES = (
    ((0.16, 0.1568, 0.1472, 0.12, 0.0), (0.0, 0.306, 0.3276, 0.3528, 0.36)),
    ((0.16, 0.1584, 0.1488, 0.128, 0.0), (0.0, 0.16, 0.192, 0.186, 0.2)),
    ((0.17, 0.1683, 0.1632, 0.1411, 0.0), (0.0, 0.16, 0.182, 0.198, 0.2)),
    ((0.17, 0.1683, 0.1581, 0.1445, 0.0), (0.0, 0.16, 0.18, 0.196, 0.2)),
    ((0.17, 0.1683, 0.1615, 0.136, 0.0), (0.0, 0.016, 0.018, 0.019, 0.02)),
    ((0.17, 0.1683, 0.1615, 0.136, 0.0), (0.0, 0.016, 0.018, 0.019, 0.02)),
)
"""By issue, for either party the worth of every option."""
PACKAGES = 15_625
FRONTIER = 53
"""Distinct utility points that neither party could improve on without loss to the other."""
NASH = (0.9403, 0.9296)
EGALITARIAN = (0.9335, 0.9316)
KALAI_SMORODINSKY = EGALITARIAN
UTILITARIAN = NASH
