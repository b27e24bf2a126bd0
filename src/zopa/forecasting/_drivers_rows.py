"""Rows of ``drivers``: what learning an origin, a number or a group of primitives is worth, and what changes make."""

from dataclasses import dataclass
from typing import Literal

from zopa.methods.sensitivity import Information

Contrast = Literal["claim", "voice", "settled"]
"""The record without a claim; everything a voice said doubted; a contradiction settled for one side."""
Group = Literal["origins", "numbers", "readings", "grades", "chance", "rest"]
"""Independent primitives: switches before contradictions condition them, quantiles of numbers, the choice among
readings, the grade table, chance within a world, and what only several of them together decide."""
GROUPS: tuple[Group, ...] = ("origins", "numbers", "readings", "grades", "chance", "rest")


@dataclass(frozen=True, slots=True)
class OriginValue:
    """What learning whether an origin holds is worth to one question: ``holds`` how likely it does, the forecast with
    its switch ``on`` and ``off``, and the expected Brier reduction; ``overlaps`` with other origins listed."""

    origin: str
    question: str
    holds: float
    on: float
    off: float
    value: Information
    overlaps: tuple[str, ...]
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EstimateValue:
    """What learning a number of the case is worth to one question: the forecast with it at its 5th (``low``) and at its
    95th percentile (``high``), and the variance of the forecast over all its values."""

    path: str
    question: str
    low: float
    high: float
    value: Information
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ContrastRow:
    """The forecast of a question on a changed record, and its ``difference`` from the forecast as it stands with the
    5–95 % range over the grade table and the Monte Carlo ``error``; ``subject``: a claim, a voice, or the two claims of
    a contradiction, the one that is taken to hold first."""

    kind: Contrast
    subject: tuple[str, ...]
    question: str
    value: float
    difference: float
    low: float
    high: float
    error: float
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShareRow:
    """Which share of the variance of a question in the simulated worlds a group of primitives decides by itself."""

    group: Group
    question: str
    share: float
    error: float
    because: tuple[str, ...] = ()
