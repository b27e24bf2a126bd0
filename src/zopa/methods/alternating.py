"""Two parties who concede with time: do they find a package before the deadline, which one, and when?

Alternating offers with time-dependent tactics (Faratin, Sierra and Jennings 1998, Robotics and Autonomous Systems 24,
159-182), run for very many draws. At relative time t a party asks for at least
    reserve + (best − reserve) · (1 − t^e),
e = 1 / β of the paper: above 1 it holds out and concedes late (Boulware), 1 is linear, below 1 it concedes early
(Conceder). Conventions:
- In each of n steps first the one, then the other has a turn; t runs from 0 in the first step to 1 in the last. In its
  turn a party accepts the offer on the table if it gives at least what it would now ask for, and otherwise makes its
  own: the package that is worst for itself among those that give at least that. Of several such packages it offers the
  one with the lowest number. The very last offer is still answered, at the walk-away utility.
- ``best`` is a party's best package among those it does not veto. A party neither offers nor accepts what it vetoes;
  it does not know what the other vetoes, and offers it.
- At least means within the tolerance of ``methods/problem.py``. Utilities are sums in the order of the issues.
- A party to which no package is worth the reserve has nothing to offer, and there are no talks.
The packages are put in order by counting into narrow classes of utility, which takes a pass and not a sort.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numba
import numpy as np
from numpy.typing import NDArray

from zopa.methods.acceptance import in_threads
from zopa.methods.problem import BoolArray, FloatArray, IntArray, Problem, package_count, problem

MAX_PACKAGES = 2_000_000
"""Packages at most: every thread holds some 50 bytes for each."""
CROWDED = 16
"""Places that packages move on average, from their class of utility to their own, before a plain sort takes over."""
NO_DEAL = -1
"""Package number, and proposer, of talks that end without agreement."""


@dataclass(frozen=True, slots=True, eq=False)
class Talks:
    """How each run of the talks ended.

    ``package`` (runs,): number of the package agreed on, ``NO_DEAL`` where none was; ``step`` (runs,): the step in
    which it was accepted, from 0, and the number of steps where none was; ``proposer`` (runs,): who had offered it;
    ``zone`` (runs,): whether some package gives both at least their reserve and is vetoed by neither; ``utilities``
    (runs, 2): what the parties end up with, their reserve without agreement.
    """

    package: IntArray
    step: IntArray
    proposer: IntArray
    zone: BoolArray
    utilities: FloatArray

    @property
    def agreed(self) -> BoolArray:
        """(runs,): whether there was an agreement."""
        return np.asarray(self.package != NO_DEAL, dtype=np.bool_)


@numba.njit(cache=True, nogil=True)
def _utilities(values: FloatArray, starts: IntArray, out: FloatArray) -> None:
    """One party's utility of every package, in order of their numbers; ``values`` (options of all issues,)."""
    out[0] = 0.0
    size = 1
    for i in range(len(starts) - 1):
        count = starts[i + 1] - starts[i]
        # from the back, so that no beginning is overwritten before it is read
        for k in range(size - 1, -1, -1):
            begun = out[k]
            for j in range(count - 1, -1, -1):
                out[k * count + j] = begun + values[starts[i] + j]
        size *= count


@numba.njit(cache=True, nogil=True)
def _ordered(
    utility: FloatArray,
    floor: float,
    falling: FloatArray,
    order: NDArray[np.int32],
    begins: NDArray[np.int32],
) -> int:
    """Puts the packages worth at least ``floor`` in falling order, of equal ones the lowest number last; their number.

    ``falling`` and ``order`` take their utilities and numbers, ``begins`` (classes + 1,) is scratch space.
    """
    classes = len(begins) - 1
    best, worst = -np.inf, np.inf
    for u in utility:
        if u >= floor:
            best, worst = max(best, u), min(worst, u)
    if not best >= floor:
        return 0
    scale = (classes - 1) / (best - worst) if best > worst else 0.0
    if not scale < np.inf:
        scale = 0.0
    begins[:] = 0
    for u in utility:
        if u >= floor:
            begins[np.int64((best - u) * scale) + 1] += 1
    for below in range(classes):
        begins[below + 1] += begins[below]
    count = int(begins[classes])
    for number in range(len(utility) - 1, -1, -1):
        u = utility[number]
        if u >= floor:
            k = np.int64((best - u) * scale)
            falling[begins[k]] = u
            order[begins[k]] = number
            begins[k] += 1
    # What is left to do is within the classes, a few places at most, unless the utilities crowd into few of them.
    moves = CROWDED * count
    for i in range(1, count):
        u = falling[i]
        if falling[i - 1] < u:
            number, j = order[i], i
            while j > 0 and falling[j - 1] < u:
                falling[j], order[j] = falling[j - 1], order[j - 1]
                j -= 1
            falling[j], order[j] = u, number
            moves -= i - j
            if moves < 0:
                sorted_places = np.argsort(-falling[:count], kind="mergesort")
                falling[:count] = falling[:count][sorted_places]
                order[:count] = order[:count][sorted_places]
                break
    return count


@numba.njit(cache=True, nogil=True)
def _any_zone(falling: FloatArray, order: NDArray[np.int32], least: FloatArray, other: FloatArray) -> bool:
    """Whether a package of ``order`` worth at least ``least[0]`` is worth ``least[1]`` to the other party."""
    for i in range(len(falling)):
        if falling[i] < least[0]:
            break
        if other[order[i]] >= least[1]:
            return True
    return False


@numba.njit(cache=True, nogil=True)
def _talk(
    utility: FloatArray,
    falling: FloatArray,
    order: NDArray[np.int32],
    count: IntArray,
    reserve: FloatArray,
    tolerance: FloatArray,
    exponents: FloatArray,
    first: int,
    log_time: FloatArray,
) -> tuple[int, int, int]:
    """Package, step and proposer of one run; arrays as in ``_run``, one row a party."""
    offered, me = -1, first
    place = np.zeros(2, dtype=np.int64)
    for step in range(len(log_time)):
        for _ in range(2):
            share = 1.0 - math.exp(exponents[me] * log_time[step])
            ask = reserve[me] + (falling[me, 0] - reserve[me]) * share - tolerance[me]
            if offered >= 0 and utility[me, offered] >= ask:
                return offered, step, 1 - me
            at = place[me]
            while at + 1 < count[me] and falling[me, at + 1] >= ask:
                at += 1
            place[me] = at
            offered = order[me, at]
            me = 1 - me
    if utility[me, offered] >= reserve[me] - tolerance[me]:
        return offered, len(log_time) - 1, 1 - me
    return -1, len(log_time), -1


@numba.njit(cache=True, nogil=True)
def _run(
    values: FloatArray,
    starts: IntArray,
    floor: FloatArray,
    reserve: FloatArray,
    tolerance: FloatArray,
    exponents: FloatArray,
    first: IntArray,
    log_time: FloatArray,
    begin: int,
    package: IntArray,
    step: IntArray,
    proposer: IntArray,
    zone: BoolArray,
    utilities: FloatArray,
) -> None:
    """Runs ``begin`` and following: as many as ``package`` has room for.

    ``values`` (draws, 2, options) and ``floor`` (draws, 2), the least that matters: one draw for all, or one a run.
    """
    packages = 1
    for i in range(len(starts) - 1):
        packages *= starts[i + 1] - starts[i]
    utility, falling = np.empty((2, packages)), np.empty((2, packages))
    order = np.empty((2, packages), dtype=np.int32)
    begins = np.empty(packages + 1, dtype=np.int32)
    count = np.zeros(2, dtype=np.int64)
    least = np.empty(2)
    for i in range(len(package)):
        run = begin + i
        if i == 0 or len(values) > 1:
            draw = run if len(values) > 1 else 0
            for p in range(2):
                _utilities(values[draw, p], starts, utility[p])
                count[p] = _ordered(utility[p], floor[draw, p], falling[p], order[p], begins)
        for p in range(2):
            least[p] = reserve[run, p] - tolerance[run, p]
        zone[i] = (
            count[0] > 0 and count[1] > 0 and _any_zone(falling[0, : count[0]], order[0], least, utility[1])
        )
        package[i], step[i], proposer[i] = -1, len(log_time), -1
        if zone[i]:
            package[i], step[i], proposer[i] = _talk(
                utility,
                falling,
                order,
                count,
                reserve[run],
                tolerance[run],
                exponents[run],
                first[run],
                log_time,
            )
        for p in range(2):
            utilities[i, p] = utility[p, package[i]] if package[i] >= 0 else reserve[run, p]


def alternating_offers(
    values: Sequence[FloatArray],
    vetoes: Sequence[BoolArray] | None,
    reserve: FloatArray,
    exponents: FloatArray,
    *,
    steps: int = 100,
    first: IntArray | int = 0,
    threads: int | None = None,
) -> Talks:
    """How talks between two parties end in each run.

    ``values`` and ``vetoes`` (draws, 2, options) per issue and ``reserve`` (draws, 2): one draw for all runs, or one a
    run. ``exponents`` (runs, 2), positive: above 1 concedes late, below 1 early. ``first``, for all or (runs,), opens.
    ValueError names the argument at fault.
    """
    power = np.ascontiguousarray(exponents, dtype=np.float64)
    if power.ndim != 2 or power.shape[1] != 2 or not (np.isfinite(power).all() and (power > 0.0).all()):
        raise ValueError(f"exponents must be positive numbers of shape (runs, 2), not of shape {power.shape}")
    if steps < 2:
        raise ValueError(f"steps is {steps}, but time needs a first and a last step")
    runs = len(power)
    opens = np.broadcast_to(np.asarray(first, dtype=np.int64), (runs,))
    if not ((opens == 0) | (opens == 1)).all():
        raise ValueError("first must be 0 or 1: the party that opens")
    checked, least = _checked(values, vetoes, np.asarray(reserve, dtype=np.float64), runs)
    log_time = np.full(steps, -np.inf)
    log_time[1:] = np.log(np.arange(1, steps) / (steps - 1))
    return _talks(checked, least, power, np.ascontiguousarray(opens), log_time, threads)


def _checked(
    values: Sequence[FloatArray], vetoes: Sequence[BoolArray] | None, reserve: FloatArray, runs: int
) -> tuple[Problem, FloatArray]:
    """The checked problem of one draw or of one a run, and the reserves (runs, 2)."""
    draws = len(np.asarray(values[0])) if len(values) > 0 else 1
    for name, count in (("values", draws), ("reserve", len(reserve))):
        if count not in (1, runs):
            raise ValueError(
                f"{name} has {count} draws, but must have one for all, or one for each of {runs} runs"
            )
    least = np.ascontiguousarray(np.broadcast_to(reserve, (runs, *reserve.shape[1:])))
    # One draw of utilities may meet a reserve a run: the largest of these sets the tolerance of all.
    floor = least if draws > 1 else np.take_along_axis(least, np.abs(least).argmax(axis=0)[None], axis=0)
    checked = problem(values, vetoes, floor)
    if checked.parties != 2:
        raise ValueError(f"alternating offers are between two parties, but values has {checked.parties}")
    if package_count(checked.counts) > MAX_PACKAGES:
        raise ValueError(
            f"{package_count(checked.counts):,} packages are more than the {MAX_PACKAGES:,} that can be held"
        )
    return checked, least


def _talks(
    checked: Problem,
    reserve: FloatArray,
    exponents: FloatArray,
    first: IntArray,
    log_time: FloatArray,
    threads: int | None,
) -> Talks:
    runs = len(exponents)
    values = np.ascontiguousarray(checked.values.transpose(0, 2, 1))
    floor = (reserve if len(values) > 1 else reserve.min(axis=0)[None]) - checked.tolerance
    tolerance = np.ascontiguousarray(np.broadcast_to(checked.tolerance, reserve.shape))
    package, step, proposer = (np.empty(runs, dtype=np.int64) for _ in range(3))
    zone, utilities = np.empty(runs, dtype=np.bool_), np.empty((runs, 2))

    def work(start: int, stop: int) -> None:
        _run(
            values,
            checked.starts,
            floor,
            reserve,
            tolerance,
            exponents,
            first,
            log_time,
            start,
            package[start:stop],
            step[start:stop],
            proposer[start:stop],
            zone[start:stop],
            utilities[start:stop],
        )

    in_threads(work, runs, threads)
    return Talks(package, step, proposer, zone, utilities)
