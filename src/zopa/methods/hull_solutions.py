"""Reference points when packages may be mixed by lottery: the solutions on the convex hull of the packages.

Nash (1950) and Kalai and Smorodinsky (1975) state theirs for convex sets, which lotteries with expected utilities
make of any packages. For two parties the hull is a chain of straight pieces and the answer is exact; for more, linear
programs give equal shares (lexicographic as in Imai 1983) to a hundred-thousandth, and Nash, by tangents to the
logarithm from above (Kelley 1960), to a thousandth of a utility: near its top the product is flat. Lotteries are over
packages only: walking away is no prize.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from zopa.methods.problem import FloatArray, IntArray

NEAR = 1e-9
"""Gains below this share of the largest utility are none."""
TANGENTS = 60
"""Rounds of tangents at most."""


@dataclass(frozen=True, slots=True, eq=False)
class Lottery:
    """``utilities`` (parties,) expected; ``rows`` (n,) the points that are mixed; ``shares`` (n,) how often each."""

    utilities: FloatArray
    rows: IntArray
    shares: FloatArray


Chain = list[tuple[FloatArray, int, int, float]]
"""Corners of the hull's upper right edge: the point, and the rows it mixes with the second one's share."""


def lottery_nash(
    points: FloatArray, reserve: FloatArray, *, weights: Sequence[float] | None = None
) -> Lottery | None:
    """The lottery over ``points`` (n, parties) with the largest product of expected gains over ``reserve``.

    ``weights`` are bargaining powers. None where no lottery gives everybody the reserve; a party that can gain nothing
    is left out of the product.
    """
    power = np.ones(len(reserve)) if weights is None else np.asarray(weights, dtype=np.float64)
    if len(reserve) == 2:
        return _on_chain(points, reserve, lambda chain: _nash_on(chain, power))
    return _nash_by_tangents(points, reserve, power)


def lottery_kalai_smorodinsky(points: FloatArray, reserve: FloatArray) -> Lottery | None:
    """The lottery over ``points`` (n, parties) that gives all the largest equal share of what they could hope for.

    What a party could hope for is its largest expected gain among lotteries nobody would refuse; a party that can gain
    nothing is left out, and the next lowest share is raised as far as it goes.
    """
    if len(reserve) == 2:
        return _on_chain(points, reserve, _equal_shares_on)
    return _shares_by_programs(points, reserve)


# two parties ----------------------------------------------------------------------------------------------------------


def _hull(points: FloatArray) -> list[int]:
    """Rows of the upper right corners, the first party's utility rising."""
    order = np.lexsort((-points[:, 1], -points[:, 0]))
    corners: list[int] = []
    for row in order:
        x, y = points[row]
        if corners and y <= points[corners[-1], 1]:
            continue
        while len(corners) > 1:
            (ax, ay), (bx, by) = points[corners[-2]], points[corners[-1]]
            if (bx - ax) * (y - ay) - (by - ay) * (x - ax) > 0.0:
                break
            corners.pop()
        corners.append(int(row))
    return corners[::-1]


def _on_chain(
    points: FloatArray, reserve: FloatArray, pick: Callable[[Chain], tuple[int, float]]
) -> Lottery | None:
    if len(points) == 0:
        return None
    chain = _cut(points - reserve, _hull(points), NEAR * max(float(np.abs(points).max()), 1e-280))
    if not chain:
        return None
    at, way = pick(chain)
    share: dict[int, float] = {}
    for corner, part in ((at, 1.0 - way), (min(at + 1, len(chain) - 1), way)):
        _, first, second, mixed = chain[corner]
        for row, weight in ((first, part * (1.0 - mixed)), (second, part * mixed)):
            share[row] = share.get(row, 0.0) + weight
    rows = np.array([row for row, weight in share.items() if weight > NEAR], dtype=np.int64)
    shares = np.array([share[int(row)] for row in rows])
    shares /= shares.sum()
    return Lottery(np.asarray(shares @ points[rows], dtype=np.float64), rows, shares)


def _cut(gains: FloatArray, corners: list[int], near: float) -> Chain:
    """The part of the chain on which nobody loses, its ends mixed from two corners where it is cut."""
    found: Chain = []
    for k, row in enumerate(corners):
        if (gains[row] >= -near).all():
            found.append((np.maximum(gains[row], 0.0), row, row, 0.0))
        if k + 1 == len(corners):
            break
        a, b = gains[row], gains[corners[k + 1]]
        cuts = sorted(float(a[p] / (a[p] - b[p])) for p in (0, 1) if (a[p] < -near) != (b[p] < -near))
        for t in cuts:
            there = (1.0 - t) * a + t * b
            if (there >= -near).all():
                found.append((np.maximum(there, 0.0), row, corners[k + 1], t))
    return found


def _nash_on(chain: Chain, power: FloatArray) -> tuple[int, float]:
    gains = np.array([corner[0] for corner in chain])
    if gains[:, 0].max() <= 0.0 or gains[:, 1].max() <= 0.0:
        return int(np.argmax(gains.sum(axis=1))), 0.0
    best, most = (0, 0.0), -np.inf
    for k in range(len(gains)):
        a = gains[k]
        step = gains[min(k + 1, len(gains) - 1)] - a
        bend = step[0] * step[1] * power.sum()
        t = 0.0 if bend == 0.0 else -(power[0] * step[0] * a[1] + power[1] * step[1] * a[0]) / bend
        t = min(1.0, max(0.0, float(t)))
        here = a + t * step
        worth = float(power @ np.log(here)) if (here > 0.0).all() else -np.inf
        if worth > most:
            best, most = (k, t), worth
    return best


def _equal_shares_on(chain: Chain) -> tuple[int, float]:
    gains = np.array([corner[0] for corner in chain])
    hope = gains.max(axis=0)
    if hope.min() <= 0.0:
        return int(np.argmax(gains.sum(axis=1))), 0.0
    lead = gains[:, 0] / hope[0] - gains[:, 1] / hope[1]
    at = int(np.flatnonzero(lead >= 0.0)[0]) if (lead >= 0.0).any() else len(lead) - 1
    if at == 0:
        return 0, 0.0
    return at - 1, float(-lead[at - 1] / (lead[at] - lead[at - 1]))


# more parties ---------------------------------------------------------------------------------------------------------


def _program(
    objective: FloatArray, above: FloatArray, least: FloatArray, mixed: int, free: int
) -> FloatArray | None:
    """Maximises over ``mixed`` shares that add up to one and ``free`` further numbers; ``above @ x >= least``."""
    from scipy.optimize import linprog

    found = linprog(
        -objective,
        A_ub=-above,
        b_ub=-least,
        A_eq=np.concatenate([np.ones(mixed), np.zeros(free)])[None],
        b_eq=[1.0],
        bounds=[(0.0, 1.0)] * mixed + [(None, None)] * free,
        method="highs",
    )
    return None if found.x is None else np.asarray(found.x, dtype=np.float64)


def _hopes(gains: FloatArray) -> FloatArray | None:
    """(parties,): the most each can expect in a lottery from which nobody loses; None where there is none."""
    n, parties = gains.shape
    hope = np.zeros(parties)
    for p in range(parties):
        shares = _program(gains[:, p], gains.T, np.zeros(parties), n, 0)
        if shares is None:
            return None
        hope[p] = max(0.0, float(shares @ gains[:, p]))
    return hope


def _mixture(points: FloatArray, x: FloatArray) -> Lottery:
    shares = np.where(x[: len(points)] > NEAR, x[: len(points)], 0.0)
    shares /= shares.sum()
    rows = np.flatnonzero(shares)
    return Lottery(np.asarray(shares @ points, dtype=np.float64), rows, shares[rows])


def _shares_by_programs(points: FloatArray, reserve: FloatArray) -> Lottery | None:
    gains = points - reserve
    hope = _hopes(gains) if len(points) else None
    if hope is None:
        return None
    n, parties = gains.shape
    scaled = gains / np.where(hope > NEAR, hope, 1.0)
    least = np.zeros(parties)
    rising = [p for p in range(parties) if hope[p] > NEAR]
    x = np.full(n, 1.0 / n)
    while rising:
        above = np.concatenate([scaled.T, np.zeros((parties, 1))], axis=1)
        above[rising, n] = -1.0
        among = np.isin(range(parties), rising)
        top = _program(np.append(np.zeros(n), 1.0), above, np.where(among, 0.0, least), n, 1)
        if top is None:
            break
        x, level = top[:n], float(top[n])
        floor = np.where(among, level - NEAR, least)
        stuck = []
        for p in rising:
            best = _program(scaled[:, p], scaled.T, floor, n, 0)
            if best is None or float(best @ scaled[:, p]) <= level + 1e-7:
                stuck.append(p)
        for p in stuck or rising:
            least[p] = level - NEAR
            rising = [q for q in rising if q != p]
    return _mixture(points, x)


def _nash_by_tangents(points: FloatArray, reserve: FloatArray, power: FloatArray) -> Lottery | None:
    gains = points - reserve
    start = _shares_by_programs(points, reserve)
    if start is None:
        return None
    n, parties = gains.shape
    here = start.utilities - reserve
    who = [p for p in range(parties) if here[p] > NEAR]
    if not who:
        return start
    rows, least = [np.concatenate([gains.T, np.zeros((parties, len(who)))], axis=1)], [np.zeros(parties)]
    x = None
    for _ in range(TANGENTS):
        cuts = np.zeros((len(who), n + len(who)))
        for k, p in enumerate(who):
            # z_p <= log g0 + (g_p - g0) / g0
            cuts[k, :n], cuts[k, n + k] = gains[:, p] / here[p], -1.0
        rows.append(cuts)
        least.append(1.0 - np.log(here[who]))
        found = _program(
            np.concatenate([np.zeros(n), power[who]]),
            np.concatenate(rows),
            np.concatenate(least),
            n,
            len(who),
        )
        if found is None:
            break
        x = found
        reached = np.maximum(x[:n] @ gains, NEAR)
        gap = float(power[who] @ (x[n:] - np.log(reached[who])))
        here = reached
        if gap <= 1e-12:
            break
    return start if x is None else _mixture(points, x)
