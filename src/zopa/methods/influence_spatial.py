"""Influence on several issues at once: the spatial bargaining model of the KAPSARC Toolkit for Behavioral Analysis.

Wise, Lester and Efird (2015), *Multidimensional Bargaining Using KTAB*, KAPSARC; the toolkit's default rules are taken:
votes in proportion to the difference in utility, victory linear in the strength of coalitions, conditional central
positions, risk in the middle range and read at one third, third parties half committed, bargains weighed by the
squares of salience and probability and made by the challenger, the likeliest bargain carried out.

Actors i have a capability, a position and a salience in each dimension, from 0 to 1, saliences adding to at most one.
The distance of i from a position is d = |salience_i · (x_i − position)| / |salience_i|, its utility
u = (1 − d)(1 + R d) with risk attitude R. Positions compete by pairs: coalition (i over j) = Σ of capability × gain
over all who gain, P(i over j) = its share of the two, and a position's weight = Π_j P(i over j), rescaled to one.

In a step, R follows from these weights at R = 0; each actor challenges the one it expects most from, if anything, and
proposes a point between the two for both; each then looks at all proposals that name it, and at leaving things as
they are, lets all actors vote on the outcomes, and takes the heaviest.
"""

from dataclasses import dataclass

import numpy as np

from zopa.methods.problem import FloatArray

WORTH = 1e-5
"""A challenge must promise more than this."""
SAME = 1e-3
"""Positions closer than this are one."""
LITTLE, FAINT, TINY = 1e-6, 1e-8, 1e-10
"""Least weight of a side in a proposal, least strength of a coalition, and of a principal's own: against 0 / 0."""


@dataclass(frozen=True, slots=True, eq=False)
class _Step:
    """What holds in one step: inputs, each actor's total salience, and utilities (viewer, actor, position)."""

    capability: FloatArray
    salience: FloatArray
    positions: FloatArray
    risk: FloatArray
    seen: FloatArray

    @property
    def effort(self) -> FloatArray:
        """(actors,) capability × total salience."""
        return np.asarray(self.capability * self.salience.sum(axis=1))

    @property
    def own(self) -> FloatArray:
        """(actors, positions) each actor's utilities as it sees them itself."""
        n = len(self.capability)
        return np.asarray(self.seen[np.arange(n), np.arange(n)])


def spatial_rounds(
    capability: FloatArray, salience: FloatArray, positions: FloatArray, *, rounds: int
) -> tuple[FloatArray, FloatArray]:
    """Positions (rounds + 1, actors, dimensions) at the start and after each step, and the weight (rounds + 1, actors)
    of each actor's position; actors who share a position share its weight, each being given the whole.

    ``capability`` (actors,), ``salience`` and ``positions`` (actors, dimensions) from 0 to 1. ``ValueError`` for other
    shapes, numbers out of range, and saliences that add to nothing or to more than one.
    """
    c, s, x = (np.asarray(a, dtype=np.float64) for a in (capability, salience, positions))
    if x.ndim != 2 or s.shape != x.shape or c.shape != x.shape[:1] or len(x) < 2:
        raise ValueError(f"capability, salience and positions do not fit: {c.shape}, {s.shape}, {x.shape}")
    total = s.sum(axis=1)
    if (c <= 0).any() or (s < 0).any() or (total <= 0).any() or (total > 1 + FAINT).any():
        raise ValueError(
            "capabilities must be positive, and each actor's saliences add to more than 0, at most 1"
        )
    if (x < 0).any() or (x > 1).any():
        raise ValueError("positions must lie between 0 and 1")
    states, weights = [x], []
    for _ in range(rounds):
        here = _look(c, s, states[-1])
        weights.append(_standing(here))
        states.append(_moved(here))
    weights.append(_standing(_look(c, s, states[-1])))
    return np.array(states), np.array(weights)


def _look(c: FloatArray, s: FloatArray, x: FloatArray) -> _Step:
    """Risk attitudes and utilities at some positions. Viewers read another's risk as two thirds their own."""
    apart = np.stack([_distance(x[i], s[i], x) for i in range(len(x))])
    weight, _ = _contest(c, _utility(apart, np.zeros((len(x), 1))))
    width = weight.max() - weight.min()
    # The weightiest position makes bold, R = 1, the weightless cautious, R = −1/2; all alike: neutral.
    risk = (3 * (weight - weight.min()) / width - 1) / 2 if width > 0 else np.zeros(len(x))
    read = (2 * risk[:, None] + risk[None, :]) / 3
    return _Step(c, s, x, risk, _utility(apart[None], read[:, :, None]))


def _distance(ideal: FloatArray, salience: FloatArray, positions: FloatArray) -> FloatArray:
    """Distance of an actor with an ideal and saliences (dimensions,) from positions (…, dimensions)."""
    off = ((ideal - positions) * salience) ** 2
    return np.asarray(np.sqrt(off.sum(axis=-1) / (salience**2).sum()))


def _utility(apart: FloatArray, risk: FloatArray) -> FloatArray:
    # Rounding may drive a distance slightly beyond one.
    return np.asarray((1 - apart) * (1 + np.minimum(apart, 1.0) * risk))


def _contest(c: FloatArray, utilities: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Weight (options,) of options in a contest by pairs, and P(row over column), from utilities (actors, options)."""
    gain = utilities[:, :, None] - utilities[:, None, :]
    strength = FAINT + np.maximum(c[:, None, None] * gain, 0.0).sum(axis=0)
    over = strength / (strength + strength.T)
    alone = over.prod(axis=1)
    return np.asarray(alone / alone.sum()), np.asarray(over)


def _standing(here: _Step) -> FloatArray:
    """(actors,) the weight of each actor's position among the distinct positions: those further than ``SAME`` from all
    before them; the others count as the first one they are close to."""
    x = here.positions
    first: list[int] = []
    which = []
    for i in range(len(x)):
        close = [k for k, j in enumerate(first) if np.linalg.norm(x[i] - x[j]) < SAME]
        if not close:
            first.append(i)
        which.append(close[0] if close else len(first) - 1)
    weight, _ = _contest(here.capability, here.own[:, first])
    return np.asarray(weight[which])


def _promise(here: _Step, i: int, j: int) -> tuple[float, float]:
    """What ``i`` expects of challenging ``j``: its chance to prevail, and its gain over leaving things as they are."""
    u, effort = here.seen[i], here.effort
    mine = TINY + effort[i] * max(u[i, i] - u[i, j], 0.0)
    theirs = TINY + effort[j] * max(u[j, j] - u[j, i], 0.0)
    rest = np.array([m for m in range(len(effort)) if m not in (i, j)], dtype=np.int64)
    # A third party first weighs the little contest of the two and itself, then sides in proportion to what that brings.
    lean = effort[rest] * (u[rest, i] - u[rest, j])
    for_i, for_j = mine + np.maximum(lean, 0.0), theirs + np.maximum(-lean, 0.0)
    p = for_i / (for_i + for_j)
    stay = u[rest, rest]
    with_i = p * (2 * u[rest, i] + stay) + (1 - p) * 3 * u[rest, j]
    with_j = p * 3 * u[rest, i] + (1 - p) * (2 * u[rest, j] + stay)
    vote = effort[rest] * (with_i - with_j)
    all_i, all_j = mine + np.maximum(vote, 0.0).sum(), theirs + np.maximum(-vote, 0.0).sum()
    chance = float(all_i / (all_i + all_j))
    resists = float(here.salience[j].sum())
    won, lost = 2 * u[i, i], 2 * u[i, j]
    fought = chance * won + (1 - chance) * lost
    return chance, float((1 - resists) * won + resists * fought - u[i, i] - u[i, j])


def _proposals(here: _Step) -> list[tuple[int, int, FloatArray, FloatArray]]:
    """Each challenger's proposal: challenger, challenged, and where each of them is to go."""
    made = []
    for i in range(len(here.capability)):
        others = [j for j in range(len(here.capability)) if j != i]
        promised = {j: _promise(here, i, j) for j in others}
        j = max(others, key=lambda o: promised[o][1])
        chance, gain = promised[j]
        if gain <= WORTH:
            continue
        mine = (here.salience[i] * chance) ** 2
        theirs = (here.salience[j] * (1 - chance)) ** 2
        total = mine + LITTLE + theirs
        # Where neither cares both stay; the last digits are cut as the toolkit does, so that bargains meet.
        goes = ((mine + LITTLE) * here.positions[i] + theirs * here.positions[j]) / total
        comes = (mine * here.positions[i] + (LITTLE + theirs) * here.positions[j]) / total
        made.append((i, j, _cut(goes), _cut(comes)))
    return made


def _cut(x: FloatArray) -> FloatArray:
    return np.asarray(np.floor(0.5 + x * 1e4) / 1e4)


def _moved(here: _Step) -> FloatArray:
    """Where each actor goes after all have voted on the proposals that name it, or on leaving things as they are."""
    own, offers = here.own, _proposals(here)
    after = here.positions.copy()
    as_is = own.sum(axis=1)
    outcomes = []
    for i, j, goes, comes in offers:
        worth = [
            _utility(_distance(x, s, np.stack([goes, comes])), r).sum()
            for x, s, r in zip(here.positions, here.salience, here.risk, strict=True)
        ]
        outcomes.append(as_is - own[:, i] - own[:, j] + np.array(worth))
    for k in range(len(after)):
        named = [m for m, (i, j, _, _) in enumerate(offers) if k in (i, j)]
        utilities = np.stack([as_is, *(outcomes[m] for m in named)], axis=1) / len(after)
        taken = int(_contest(here.capability, utilities)[0].argmax())
        if taken:
            i, _, goes, comes = offers[named[taken - 1]]
            after[k] = goes if i == k else comes
    return after
