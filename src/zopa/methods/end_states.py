"""How it stands at one common date: the finite tuple that questions and scenarios are rules over."""

from dataclasses import dataclass, fields
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]

End = Literal["open", "deal", "ended"]
ENDS: tuple[End, ...] = ("open", "deal", "ended")
"""Nothing concluded and nothing broken off for good; an agreement, formal or semi-formal; over without one."""
VIOLENCE = ("none", "serious", "war")
"""None or minor clashes; serious clashes; full-scale war, which is serious too."""
FIRSTS = ("nothing", "deal", "serious", "breaks")
"""Which came about first: an agreement, serious violence, the break of a regime."""
CELLS = len(ENDS) * len(VIOLENCE)
"""Joint cells of end and violence: what forecasts are pooled over."""
MOST_FORCES = 8
"""Parties with force whose acts fit one byte."""


@dataclass(frozen=True, eq=False)
class EndStates:
    """End states, one entry each, all uint8: places in ``ENDS``, ``VIOLENCE`` and ``FIRSTS``; ``acted`` has bit k set
    where the k-th party with force used it; ``breaks`` is 1 where a regime broke."""

    end: Bytes
    violence: Bytes
    first: Bytes
    acted: Bytes
    breaks: Bytes

    def __len__(self) -> int:
        return len(self.end)

    @property
    def cell(self) -> Bytes:
        """(N,) the joint cell of end and violence, 0 to ``CELLS`` − 1."""
        return (len(VIOLENCE) * self.end + self.violence).astype(np.uint8)

    def picked(self, which: NDArray[np.generic]) -> "EndStates":
        """Those at some places."""
        return EndStates(*(getattr(self, field.name)[which] for field in fields(self)))


def possible(forces: int) -> EndStates:
    """Every end state that can come about where ``forces`` parties have force; ``ValueError`` for more than 8.

    Nobody acted if and only if there was no serious violence, and what came first did come about.
    """
    if not 0 <= forces <= MOST_FORCES:
        raise ValueError(f"possible: {forces} parties with force, at most {MOST_FORCES}")
    shape = (len(ENDS), len(VIOLENCE), len(FIRSTS), 1 << forces, 2)
    end, violence, first, acted, breaks = (axis.ravel().astype(np.uint8) for axis in np.indices(shape))
    came = np.stack([end == ENDS.index("deal"), violence > 0, breaks == 1])
    sound = (violence > 0) == (acted > 0)
    sound &= np.where(first == 0, ~came.any(axis=0), came[np.maximum(first, 1) - 1, np.arange(len(end))])
    return EndStates(end, violence, first, acted, breaks).picked(np.flatnonzero(sound))
