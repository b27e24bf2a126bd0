"""Who would challenge whom, and who would give way? The expected-utility model of Bueno de Mesquita, in rounds.

Bueno de Mesquita (1985, The War Trap Revisited; 1994, in *European Community Decision Making*) as reconstructed by
Scholz, Calbert and Smith (2011), Unravelling Bueno de Mesquita's group decision model, *Journal of Theoretical
Politics* 23(4). Actors a have capability c, salience s, position x on a scale of width R; d(a, p) = |x_a − p| / R.

- *Votes.* U_a(p) = −c_a s_a d(a, p)^r_a with risk exponent r_a. The chance that i prevails over j is the sum of
  max(U_a(x_i) − U_a(x_j), 0) over a, by the sum of |U_a(x_k) − U_a(x_l)| over a and *all* ordered pairs (k, l)
  (``all``: as in the published programs; the chances of i over j and of j over i are then small and do not add to one),
  or over a and the pair (i, j) alone (``pair``: as the papers have it). Zero where x_i = x_j.
- *Challenge*, as k sees it: success 2 − 4 (½ − ½ d_ij)^r_k, failure 2 − 4 (½ + ½ d_ij)^r_k, status quo 2 − 4 · ½^r_k;
  E^k_ij = s_j (P_ij success + (1 − P_ij) failure) + (1 − s_j) success − Q status quo, Q = 1.
- *Risk.* With all r = 1, the threat to a is T_a = Σ_o≠a E^a_oa; R_a = (2 T_a − max T − min T) / (max T − min T);
  r_a = (1 − R_a / 3) / (1 + R_a / 3). Where all are threatened alike r = 1.
- *Offers* to i from each j at another position, as i sees it, e = E^i_ij and f = E^i_ji: a confrontation if f > e > 0
  (i goes to x_j); a compromise if f > 0 > e and f > |e| (i goes |e / f| of the way); a capitulation if f > 0 > e and
  f < |e| (i goes to x_j). Confrontations come before compromises, these before capitulations; of confrontations and of
  capitulations i takes the nearest. All move at once; then the next round, with R of the start.

The published programs never capitulate (they compare f with itself) and of several compromises take the one with the
*lowest* (|e| x_i + |f| x_j) / (|e| + |f|), which makes the answer depend on the direction in which a scale is written;
the papers say: the one that moves i least. ``Variant`` names each choice. Ties go to the first actor in the order
given.

Actors that compromise draw together so fast that after a few rounds the difference between e and f is lost in rounding,
and the next move is decided by it: in the 1914 case of the tests the mean jumps in rounds 5 and 10 in double precision
and stays where it is in exact arithmetic. One more reason to take the spread over rounds, never one round.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numba
import numpy as np

from zopa.methods.problem import FloatArray, IntArray

ROUNDS = 10
_VOTES = ("all", "pair")
_COMPROMISE = ("lowest", "highest", "nearest")


@dataclass(frozen=True, slots=True)
class Variant:
    """One reading of the model: against which votes a win is counted, which compromise is taken, and whether actors
    give in."""

    votes: Literal["all", "pair"] = "all"
    compromise: Literal["lowest", "highest", "nearest"] = "lowest"
    capitulation: bool = False

    @property
    def codes(self) -> tuple[int, int, int]:
        """The choices as numbers, for the kernel."""
        return _VOTES.index(self.votes), _COMPROMISE.index(self.compromise), int(self.capitulation)


REPLICATION = Variant()
"""The published programs, to all printed decimals."""
VARIANTS: tuple[Variant, ...] = tuple(
    Variant(votes, taken, gives_in)
    for votes in ("all", "pair")
    for taken in ("lowest", "highest", "nearest")
    for gives_in in (False, True)
)
"""All readings; ``highest`` is ``lowest`` on the scale written the other way round."""


def challenge_rounds(
    capability: FloatArray,
    salience: FloatArray,
    positions: FloatArray,
    *,
    rounds: int = ROUNDS,
    variants: Sequence[Variant] = (REPLICATION,),
    which: IntArray | None = None,
    q: float = 1.0,
) -> FloatArray:
    """(draws, rounds + 1, actors) positions at the start and after every round; all inputs (draws, actors).

    ``which`` (draws,) says which of the ``variants`` each draw is played by, the first where it is not given. ``q`` is
    the weight of the status quo. The scale may have any unit. ``ValueError`` for arrays of different shapes.
    """
    c, s, x = (np.ascontiguousarray(a, dtype=np.float64) for a in (capability, salience, positions))
    if x.ndim != 2 or c.shape != x.shape or s.shape != x.shape:
        raise ValueError(f"one number a draw and actor each, not {c.shape}, {s.shape} and {x.shape}")
    if rounds < 0:
        raise ValueError(f"rounds must not be negative, but is {rounds}")
    taken = np.zeros(len(x), dtype=np.int64) if which is None else np.asarray(which, dtype=np.int64)
    codes = np.array([v.codes for v in variants], dtype=np.int64)[taken]
    out = np.empty((len(x), rounds + 1, x.shape[1]))
    out[:, 0] = x
    _play_all(c, s, codes, q, out)
    return out


@numba.njit(cache=True, nogil=True)
def _play_all(c: FloatArray, s: FloatArray, codes: IntArray, q: float, out: FloatArray) -> None:
    actors = c.shape[1]
    prevails = np.empty((actors, actors))
    risk = np.empty(actors)
    for d in range(len(c)):
        start = out[d, 0]
        width = start.max() - start.min()
        for t in range(1, out.shape[1]):
            x = out[d, t - 1]
            if width == 0.0 or actors < 2:
                out[d, t] = x
                continue
            risk[:] = 1.0
            _prevail(c[d], s[d], x, risk, width, codes[d, 0], prevails)
            _risks(s[d], x, width, prevails, risk)
            _prevail(c[d], s[d], x, risk, width, codes[d, 0], prevails)
            for i in range(actors):
                out[d, t, i] = _moved(i, s[d], x, width, q, prevails, risk[i], codes[d])


@numba.njit(cache=True, nogil=True)
def _power(base: float, exponent: float) -> float:
    # Where two positions have all but met, rounding decides the next move. Written out, the power does not hang on
    # which of several power functions a machine has: their last digits differ.
    if exponent == 1.0 or base == 0.0:
        return base
    return math.exp(exponent * math.log(base))


@numba.njit(cache=True, nogil=True)
def _prevail(
    c: FloatArray, s: FloatArray, x: FloatArray, risk: FloatArray, width: float, votes: int, out: FloatArray
) -> None:
    """(actors, actors) the chance that the row's actor prevails over the column's."""
    actors = len(x)
    likes = np.empty((actors, actors))
    for a in range(actors):
        for p in range(actors):
            likes[a, p] = -c[a] * s[a] * _power(abs(x[a] - x[p]) / width, risk[a])
    every = 0.0
    for i in range(actors):
        for j in range(actors):
            won = 0.0
            for a in range(actors):
                won += max(likes[a, i] - likes[a, j], 0.0)
            out[i, j] = won
            every += won
    for i in range(actors):
        for j in range(i + 1, actors):
            # What one side wins by is what the other loses by: over all ordered pairs |difference| counts twice.
            total = 2 * every if votes == 0 else out[i, j] + out[j, i]
            same = x[i] == x[j] or total == 0.0
            out[i, j] = 0.0 if same else out[i, j] / total
            out[j, i] = 0.0 if same else out[j, i] / total
        out[i, i] = 0.0


@numba.njit(cache=True, nogil=True)
def _ends(apart: float, risk: float) -> tuple[float, float]:
    """Utility of a challenge that succeeds, and of one that fails, at a distance in scale widths."""
    success = 2.0 - 4.0 * _power(max(0.5 - 0.5 * apart, 0.0), risk)
    return success, 2.0 - 4.0 * _power(0.5 + 0.5 * apart, risk)


@numba.njit(cache=True, nogil=True)
def _expected(chance: float, resists: float, success: float, failure: float, quo: float) -> float:
    """Expected utility of a challenge to one who fights back with chance ``resists``, less that of the status quo."""
    fought = chance * success + (1.0 - chance) * failure
    return resists * fought + (1.0 - resists) * success - quo


@numba.njit(cache=True, nogil=True)
def _risks(s: FloatArray, x: FloatArray, width: float, prevails: FloatArray, risk: FloatArray) -> None:
    # At r = 1 the status quo is worth nothing, whatever its weight.
    actors = len(x)
    threat = np.zeros(actors)
    for a in range(actors):
        for o in range(actors):
            if o != a:
                success, failure = _ends(abs(x[o] - x[a]) / width, 1.0)
                threat[a] += _expected(prevails[o, a], s[a], success, failure, 0.0)
    low, high = threat.min(), threat.max()
    for a in range(actors):
        secure = (2.0 * threat[a] - high - low) / (high - low) if high > low else 0.0
        risk[a] = (1.0 - secure / 3.0) / (1.0 + secure / 3.0)


@numba.njit(cache=True, nogil=True)
def _moved(
    i: int,
    s: FloatArray,
    x: FloatArray,
    width: float,
    q: float,
    prevails: FloatArray,
    risk: float,
    codes: IntArray,
) -> float:
    """Where an actor stands after it took the best offer made to it."""
    quo = q * (2.0 - 4.0 * _power(0.5, risk))
    best_rank, best_key, goes = 9, 0.0, x[i]
    for j in range(len(x)):
        if x[j] == x[i]:
            continue
        success, failure = _ends(abs(x[i] - x[j]) / width, risk)
        own = _expected(prevails[i, j], s[j], success, failure, quo)
        other = _expected(prevails[j, i], s[i], success, failure, quo)
        if other > own > 0.0:
            rank, key, to = 0, abs(x[j] - x[i]), x[j]
        elif other > 0.0 > own and other > abs(own):
            rank, to = 1, x[i] + (x[j] - x[i]) * abs(own / other)
            middle = (abs(own) * x[i] + abs(other) * x[j]) / (abs(own) + abs(other))
            key = middle if codes[1] == 0 else -middle if codes[1] == 1 else abs(to - x[i])
        elif codes[2] == 1 and other > 0.0 > own and other < abs(own):
            rank, key, to = 2, abs(x[j] - x[i]), x[j]
        else:
            continue
        if rank < best_rank or (rank == best_rank and key < best_key):
            best_rank, best_key, goes = rank, key, to
    return float(goes)
