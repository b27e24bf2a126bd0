"""Known answers of the Genius domain EnglandZimbabwe, first competition of automated negotiators (ANAC 2010).

The domain restates the exercise of Lin, Kraus, Wilkenfeld and Barry (2008), Negotiating with bounded rational agents in
environments with incomplete information, Artificial Intelligence 172, 823-851. Its profiles are published with Genius
(Lin et al. 2014, Computational Intelligence 30, 48-70) and NegMAS. The numbers were computed from the profiles by brute
force over the 576 packages: value of an option = evaluation over the largest of its issue, weights rescaled to sum one,
no deal worth 0 to both. England comes first in every pair.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Subset:
    """An agenda: packages strictly better than the status quo for both, of how many; Nash point above the status quo;
    largest sum of gains."""

    better: int
    packages: int
    nash: tuple[float, float] | None
    joint_gain: float


PARTIES = ("england", "zimbabwe")
PACKAGES = 576
FRONTIER = 25
"""Distinct utility points on the frontier, at or above no deal."""
SOLUTIONS = {
    "nash": (0.9109162864, 0.7332182801),
    "kalai_smorodinsky": (0.8222863965, 0.7865697963),
    "egalitarian": (0.8222863965, 0.7865697963),
    "utilitarian": (0.9109162864, 0.7332182801),
}
MAX_WELFARE = 1.6441345665
RATIONAL = (1.0, 1.0)
"""Share of packages better than no deal for both, and at least as good: every package is."""

STATUS_QUO = (0.159171793472, 0.232318048375)
SUBSETS = {
    "fund": Subset(3, 4, (0.36126928239, 0.363704583787), 0.357054342165),
    "other-aid": Subset(3, 4, (0.34876356837, 0.332989392456), 0.315764156897),
    "zimbabwe-trade": Subset(0, 3, None, 0.0),
    "england-trade": Subset(0, 3, None, 0.0),
    "forum": Subset(3, 4, (0.425061463221, 0.445724113265), 0.479295734639),
    "fund other-aid": Subset(15, 16, (0.504471821988, 0.496083924125), 0.672818499061),
    "fund zimbabwe-trade": Subset(9, 12, (0.404120635839, 0.388383284278), 0.40101407827),
    "fund england-trade": Subset(9, 12, (0.404112608018, 0.401002330842), 0.413625097012),
    "fund forum": Subset(15, 16, (0.627158952138, 0.577110648678), 0.836350076804),
    "other-aid zimbabwe-trade": Subset(8, 12, (0.400085802139, 0.35112793271), 0.359723893001),
    "other-aid england-trade": Subset(8, 12, (0.400077774317, 0.363746979274), 0.372334911744),
    "other-aid forum": Subset(15, 16, (0.614653238118, 0.546395457346), 0.795059891535),
    "zimbabwe-trade england-trade": Subset(0, 9, None, 0.0),
    "zimbabwe-trade forum": Subset(9, 12, (0.400546987031, 0.51419832556), 0.523255470744),
    "england-trade forum": Subset(9, 12, (0.40053895921, 0.526817372124), 0.535866489486),
    "fund other-aid zimbabwe-trade": Subset(44, 48, (0.593712410736, 0.489054628359), 0.716778235166),
    "fund other-aid england-trade": Subset(44, 48, (0.593704382915, 0.501673674923), 0.729389253909),
    "fund other-aid forum": Subset(63, 64, (0.816750727035, 0.677781992759), 1.1521142337),
    "fund zimbabwe-trade england-trade": Subset(25, 36, (0.379598131828, 0.469476543136), 0.457584833117),
    "fund zimbabwe-trade forum": Subset(45, 48, (0.670010305587, 0.601789349168), 0.880309812908),
    "fund england-trade forum": Subset(45, 48, (0.670002277766, 0.614408395732), 0.892920831651),
    "other-aid zimbabwe-trade england-trade": Subset(
        23, 36, (0.375563298128, 0.432221191568), 0.416294647849
    ),
    "other-aid zimbabwe-trade forum": Subset(44, 48, (0.665975471887, 0.5645339976), 0.83901962764),
    "other-aid england-trade forum": Subset(44, 48, (0.665967444066, 0.577153044164), 0.851630646383),
    "zimbabwe-trade england-trade forum": Subset(27, 36, (0.37602448302, 0.595291584419), 0.579826225591),
    "fund other-aid zimbabwe-trade england-trade": Subset(
        129, 144, (0.645026616684, 0.519812215177), 0.773348990014
    ),
    "fund other-aid zimbabwe-trade forum": Subset(188, 192, (0.859602080484, 0.70246069325), 1.196073969805),
    "fund other-aid england-trade forum": Subset(188, 192, (0.859594052663, 0.715079739813), 1.208684988548),
    "fund zimbabwe-trade england-trade forum": Subset(
        133, 144, (0.645487801576, 0.682882608027), 0.936880567756
    ),
    "other-aid zimbabwe-trade england-trade forum": Subset(
        131, 144, (0.641452967876, 0.645627256459), 0.895590382488
    ),
    "fund other-aid zimbabwe-trade england-trade forum": Subset(
        561, 576, (0.910916286432, 0.733218280068), 1.252644724653
    ),
}
"""All 31 agendas, issues off the agenda at the status quo, whose utility is the disagreement point."""
