"""When does it end, and how? Cause-specific hazards, and what they say given the age already reached.

Hazards are constant within pieces of the time axis, each a count of ends over days at risk, shrunken to those
of a wider class by a gamma prior (Ibrahim, Chen and Sinha, Bayesian Survival Analysis, 2001, chapter 3). The
share that has ended by cause e up to t, its cumulative incidence, is the integral of survival × hazard
(Prentice et al. 1978); without pieces it is the Aalen–Johansen estimator (1978). All times in days."""

from dataclasses import dataclass

import numpy as np

from zopa.methods.problem import FloatArray, IntArray

EDGES: tuple[float, ...] = (0, 7, 14, 30, 60, 90, 120, 180, 270, 365, 545, 730, 1095)
"""Where pieces begin, days; the last is open."""


@dataclass(frozen=True, eq=False)
class LifeTable:
    """Ends by piece and cause (pieces, causes), and days at risk (pieces,)."""

    ends: FloatArray
    exposure: FloatArray
    edges: tuple[float, ...] = EDGES

    def shrunken(self, wider: "LifeTable", strength: float) -> "LifeTable":
        """The table with a ``wider`` one counted as ``strength`` ends in every piece."""
        rate = wider.hazards()
        whole = np.maximum(rate.sum(axis=1), 1e-9)
        return LifeTable(
            self.ends + strength * rate / whole[:, None], self.exposure + strength / whole, self.edges
        )

    def hazards(self) -> FloatArray:
        """(pieces, causes) ends a day. Beyond the last piece at risk its hazard goes on."""
        return self._carried(self.ends / np.maximum(self.exposure, 1e-9)[:, None])

    def draws(self, n: int, *, seed: int = 0) -> FloatArray:
        """(n, pieces, causes) draws of the hazards: gamma, with the ends and the days at risk as its counts."""
        random = np.random.default_rng(seed)
        drawn = random.standard_gamma(np.maximum(self.ends, 1e-3), size=(n, *self.ends.shape))
        return self._carried(drawn / np.maximum(self.exposure, 1e-9)[:, None])

    def _carried(self, found: FloatArray) -> FloatArray:
        at_risk = np.flatnonzero(self.exposure > 0)
        if not len(at_risk):
            raise ValueError("LifeTable: nothing was ever at risk")
        found[..., at_risk[-1] + 1 :, :] = found[..., at_risk[-1] : at_risk[-1] + 1, :]
        return np.asarray(found)


def life_table(
    days: FloatArray,
    cause: IntArray,
    *,
    causes: int,
    weights: FloatArray | None = None,
    edges: tuple[float, ...] = EDGES,
) -> LifeTable:
    """The life table of durations ``days`` (n,) that ended by ``cause`` (n,): 0 to causes − 1, −1 not yet
    (censored)."""
    t, c = np.asarray(days, dtype=np.float64), np.asarray(cause)
    w = np.ones(len(t)) if weights is None else np.asarray(weights, dtype=np.float64)
    if t.shape != c.shape or (t < 0).any() or (c >= causes).any():
        raise ValueError(
            f"life_table: durations {t.shape} must not be negative, causes {c.shape} below {causes}"
        )
    starts = np.array(edges, dtype=np.float64)
    stops = np.append(starts[1:], np.inf)
    spent = np.clip(np.minimum(t[:, None], stops) - starts, 0.0, None)
    # An end on an edge belongs to the piece it closes: its days were spent there.
    piece = np.maximum(np.searchsorted(starts, t, side="left") - 1, 0)
    ends = np.zeros((len(starts), causes))
    done = c >= 0
    np.add.at(ends, (piece[done], c[done]), w[done])
    return LifeTable(ends, w @ spent, edges)


def incidence(hazards: FloatArray, at: FloatArray, *, edges: tuple[float, ...] = EDGES) -> FloatArray:
    """(times, causes) share ended by each cause up to times ``at`` (times,), of hazards (pieces, causes) a day."""
    starts = np.array(edges, dtype=np.float64)
    stops = np.append(starts[1:], np.inf)
    t = np.asarray(at, dtype=np.float64)
    spent = np.clip(np.minimum(t[:, None], stops) - starts, 0.0, None)
    rate = np.asarray(hazards, dtype=np.float64)
    total = rate.sum(axis=1)
    before = np.concatenate([[0.0], np.cumsum(total[:-1] * (stops - starts)[:-1])])
    gone = np.exp(-before) * -np.expm1(-total * spent)
    split = np.divide(rate, total[:, None], out=np.zeros_like(rate), where=total[:, None] > 0)
    return np.asarray(gone @ split)


def eventually(hazards: FloatArray, *, edges: tuple[float, ...] = EDGES) -> FloatArray:
    """(causes,) share that ends by each cause in the end."""
    return (
        incidence(hazards, np.array([np.inf]), edges=edges)[0]
        if hazards[-1].sum() > 0
        else np.asarray(incidence(hazards, np.array([edges[-1] + 1.0]), edges=edges)[0])
    )


def within(hazards: FloatArray, age: float, window: float, *, edges: tuple[float, ...] = EDGES) -> FloatArray:
    """(causes + 1,) of what is open at ``age``: the share ended by each cause within ``window`` days, last
    still open."""
    before, after = incidence(hazards, np.array([age, age + window]), edges=edges)
    alive = 1.0 - float(before.sum())
    if alive <= 1e-12:
        raise ValueError(f"within: nothing is open at {age} days")
    ended = (after - before) / alive
    return np.append(ended, 1.0 - ended.sum())


def aalen_johansen(days: FloatArray, cause: IntArray, at: FloatArray, *, causes: int) -> FloatArray:
    """(times, causes) share ended by each cause up to ``at``, without pieces; −1 is not yet (censored)."""
    t, c = np.asarray(days, dtype=np.float64), np.asarray(cause)
    when = np.unique(t[c >= 0])
    at_risk = (t[None, :] >= when[:, None]).sum(axis=1)
    counts = np.stack([((t[None, :] == when[:, None]) & (c == e)).sum(axis=1) for e in range(causes)], axis=1)
    rate = counts / at_risk[:, None]
    alive = np.concatenate([[1.0], np.cumprod(1.0 - rate.sum(axis=1))[:-1]])
    grown = np.concatenate([np.zeros((1, causes)), np.cumsum(alive[:, None] * rate, axis=0)])
    return np.asarray(grown[np.searchsorted(when, np.asarray(at, dtype=np.float64), side="right")])


FARTHEST = 6000.0
"""Days; what has not ended by the last time looked at ends then."""


def standing(
    hazards: FloatArray, age: float, window: float, *, front: float = 1.0, so_far: int = 0
) -> FloatArray:
    """(6, 9): of each way a whole thing can end, the share that is open at ``age``, by how it stands ``window`` later.

    Endings are 3 · agreement + violence; ``hazards`` (pieces, 2) of ends by agreement and otherwise. How long each
    takes is its cumulative incidence, scaled to one (Larson and Dinse 1985: how it ends is drawn first, then when).
    Standings are 3 · (open, agreement, over without one) + violence. Nothing is known of when violence comes: the
    first of it is *assumed* to fall at D · U, with D the days it takes and U from Beta(1, ``front``), 1 being any
    moment alike and more being earlier. ``so_far``: violence that has come already, 0 to 2; where none has, endings
    with violence count only as far as it is still to come.
    """
    near = age + window * np.linspace(0.0, 1.0, 41)
    times = np.concatenate([near, np.geomspace(max(near[-1], 1.0) + 1.0, FARTHEST, 60)])
    grown = incidence(hazards, times) / np.maximum(eventually(hazards), 1e-12)
    mass = np.diff(np.concatenate([grown, np.ones((1, 2))]), axis=0)
    took = np.concatenate([(times[1:] + times[:-1]) / 2.0, [FARTHEST]])
    over = took <= age + window
    calm = np.clip(1.0 - age / took, 0.0, 1.0) ** front
    later = np.clip(1.0 - (age + window) / took, 0.0, 1.0) ** front
    comes = np.where(over, 1.0, 1.0 - later / np.maximum(calm, 1e-12))
    out = np.zeros((6, 9))
    for ending in range(6):
        deal, violence = divmod(ending, 3)
        if violence < so_far:
            continue
        here = mass[:, 1 - deal] if violence == 0 else mass[:, 1 - deal] * (1.0 - calm if so_far else calm)
        rise = np.ones_like(comes) if violence == so_far else comes
        for end, where in ((0, ~over), (2 - deal, over)):
            out[ending, 3 * end + violence] += (here * rise)[where].sum()
            out[ending, 3 * end + so_far] += (here * (1.0 - rise))[where].sum()
    return out
