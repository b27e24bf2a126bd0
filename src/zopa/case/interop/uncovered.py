"""What a list of feasible combinations leaves out, in few and short conjunctions."""

import numpy as np
from numpy.typing import NDArray

from zopa.case.interop.patterns import Masks

MOST = 500
"""Conjunctions beyond which the list is no model of options: nobody could read the rules."""

Cube = tuple[tuple[int, bool], ...]


class TooScatteredError(ValueError):
    """Feasible combinations with no pattern in them."""

    most = MOST


def uncovered(states: Masks, options: int) -> list[Cube]:
    """Conjunctions of (option, taken) that hold in every combination not among ``states`` and in none of them.

    ``states`` ascending, option k as bit k. Of what is left out, the lowest combination that no conjunction holds in
    yet is widened as far as it goes, option by option from the last; in the end those go that the others make needless.
    """
    missing = np.setdiff1d(np.arange(1 << options, dtype=np.int64), states, assume_unique=True)
    every = (1 << options) - 1
    left, found = missing, list[tuple[int, int]]()
    while len(left):
        if len(found) == MOST:
            raise TooScatteredError
        mask, value = _widened(states, every, int(left[0]), options)
        found.append((mask, value))
        left = left[(left & mask) != value]
    kept = _needed(found, missing)
    return [tuple((k, bool(v >> k & 1)) for k in range(options) if m >> k & 1) for m, v in kept]


def _widened(states: Masks, mask: int, value: int, options: int) -> tuple[int, int]:
    for bit in reversed(range(options)):
        wider = mask & ~(1 << bit)
        if not ((states & wider) == (value & wider)).any():
            mask, value = wider, value & wider
    return mask, value


def _needed(found: list[tuple[int, int]], missing: Masks) -> list[tuple[int, int]]:
    """Less those, the longest first, whose combinations are all in others too."""
    times: NDArray[np.int16] = np.zeros(len(missing), dtype=np.int16)
    for mask, value in found:
        times += (missing & mask) == value
    kept = list(found)
    for mask, value in sorted(found, key=lambda cube: -cube[0].bit_count()):
        own = (missing & mask) == value
        if (times[own] > 1).all():
            times -= own
            kept.remove((mask, value))
    return kept
