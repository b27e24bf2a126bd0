"""Random numbers of simulated worlds, by counter: each depends on seed, world, stream, party and step, on nothing else.

The output function of SplitMix64 (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators",
OOPSLA; constants of Stafford's variant 13) is applied to a counter in place of a running state. Whoever asks first, in
which order, on which thread or machine makes no difference, and a mechanism that is switched off shifts no number of
another.
"""

import numba
import numpy as np

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_STREAM = np.uint64(0xD1342543DE82EF95)
_STEP = np.uint64(0xAF251AF3B0F025B5)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_30, _27, _31, _11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
_UNIT = 2.0**-53

FIRST = 0
"""Who makes the first offer: the party with the smallest number."""
DIRECT = 1
"""Whether they speak directly."""
ANNOUNCE = 2
"""When between two meetings the next one is announced."""
GIVES_WAY = 3
"""When a party gives way on the agenda."""
TEXT = 4
"""Whether the mediator puts a text."""
TEXT_DAY = 5
"""From when on."""
BREAK = 6
"""How long talks last; a step a spell."""
RESUME = 7
"""How long they stay broken off; a step a spell."""
OUTSIDE = 8
"""When a party acts on its own."""
STRIKE = 9
"""Whether a party would use force after a failure."""
DELAY = 10
"""How long after it; a step a failure."""
ANSWER = 11
"""Whether a party answers in kind; a step an attack."""
WIDEN = 12
"""Whether its answer widens into war; a step an attack."""
REGIME = 13
"""When a regime breaks by itself."""
REGIME_WAR = 14
"""Whether a war breaks it; a step an attack."""


@numba.njit(cache=True, nogil=True)
def mix(z: np.uint64) -> np.uint64:
    """The output function of SplitMix64: a bijection of 64-bit numbers."""
    z = (z ^ (z >> _30)) * _FIRST
    z = (z ^ (z >> _27)) * _SECOND
    return z ^ (z >> _31)


@numba.njit(cache=True, nogil=True)
def world_key(seed: np.uint64, draw: np.uint64, again: np.uint64, play: np.uint64) -> np.uint64:
    """The key of one world: a play of a draw of the case that was taken ``again`` times before, under a seed.

    More plays add worlds and change none.
    """
    drawn = mix(mix(seed + _GOLDEN) + draw * _GOLDEN)
    return mix(drawn + again * _STREAM + play * _STEP)


@numba.njit(cache=True, nogil=True)
def uniform(key: np.uint64, stream: int, name: np.uint64, step: int) -> float:
    """A number in [0, 1) of one stream of a world: ``name`` the key of a party, 0 where it is nobody's."""
    counter = name + np.uint64(stream + 1) * _STREAM + np.uint64(step + 1) * _STEP
    return float(mix(key + mix(counter)) >> _11) * _UNIT
