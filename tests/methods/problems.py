"""Random small problems for the property tests: whole numbers, so that sums are exact and ties frequent."""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from zopa.methods.problem import Block


@dataclass(frozen=True)
class Drawn:
    """One draw: values and vetoes per issue (parties, options), reserve (parties,), blocks."""

    values: list[np.ndarray]
    vetoes: list[np.ndarray] | None
    reserve: np.ndarray
    blocks: tuple[Block, ...] = ()


@st.composite
def one_draw(draw, *, parties=(1, 4), issues=(1, 4), options=(1, 3), vetoes=True, blocks=False):
    """A problem of one draw."""
    count = draw(st.integers(*parties))
    sizes = draw(st.lists(st.integers(*options), min_size=issues[0], max_size=issues[1]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    values = [rng.integers(0, 6, size=(count, k)).astype(float) for k in sizes]
    barred = [rng.random((count, k)) < 0.1 for k in sizes] if vetoes and draw(st.booleans()) else None
    reserve = rng.integers(0, 2 * len(sizes) + 2, size=count).astype(float)
    linked = ()
    if blocks:
        number = draw(st.integers(1, 2))
        linked = tuple(_block(rng, count, sizes) for _ in range(number))
    return Drawn(values, barred, reserve, linked)


def _block(rng, parties, sizes):
    issues = tuple(rng.permutation(len(sizes))[: rng.integers(1, len(sizes) + 1)].tolist())
    shape = tuple(sizes[i] for i in issues)
    forbidden = rng.random(shape) < 0.3 if rng.random() < 0.8 else None
    extra = rng.integers(-2, 3, size=(parties, *shape)).astype(float) if rng.random() < 0.5 else None
    return Block(issues, forbidden, extra)


@st.composite
def point_sets(draw, *, parties=(2, 3), size=(1, 9)):
    """One issue whose options are utility points (parties, options) of whole numbers."""
    count = draw(st.integers(*parties))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return rng.integers(0, 9, size=(count, draw(st.integers(*size)))).astype(float)


@st.composite
def many_draws(draw, *, parties=(1, 3), issues=(1, 4), options=(1, 3), draws=12):
    """Values, vetoes, reserves over several draws, and a status quo."""
    count = draw(st.integers(*parties))
    sizes = draw(st.lists(st.integers(*options), min_size=issues[0], max_size=issues[1]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    values = [rng.integers(0, 6, size=(draws, count, k)).astype(float) for k in sizes]
    vetoes = [rng.random((draws, count, k)) < 0.08 for k in sizes] if draw(st.booleans()) else None
    reserve = rng.integers(len(sizes), 3 * len(sizes) + 2, size=(draws, count)).astype(float)
    status_quo = [int(rng.integers(k)) for k in sizes]
    refuses = rng.random((draws, count, len(sizes))) < 0.1
    return values, vetoes, reserve, status_quo, refuses
