"""Which criterion decides: what taking it out changes, for all sides together and for each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zopa.case.draws import Draws, Evidence
from zopa.case.evidence import Bool
from zopa.case.meeting import Meeting

MATERIAL = 0.025
"""A criterion that moves less than this decides nothing: it would not show in numbers printed to 5 points."""


@dataclass(frozen=True, slots=True)
class EffectRow:
    """What taking one criterion out does to how often a setting is acceptable: the change, with its range, and the same
    at total ignorance (``zero``).

    ``setting`` None: how often at least one of them is; ``party`` None: to all negotiators together. ``deciding``: the
    largest change, where it shows in print and neither the range nor twice the Monte Carlo ``error`` leaves room for
    none.
    """

    setting: str | None
    party: str | None
    criterion: str
    change: float
    low: float
    high: float
    zero: float
    error: float
    deciding: bool
    because: tuple[str, ...]


def accepts_without(made: Meeting, criterion: int) -> Bool:
    """Acceptance with one criterion taken out and the other weights in their proportions, (D, P, S).

    Where it had all the weight, the others share it alike.
    """
    weight = made.weights[:, :, criterion]
    rest = made.weights.sum(axis=2) - weight
    own = weight[:, :, None] * made.scores[:, :, :, criterion]
    lone = rest <= 1e-12
    values = (made.values + made.costs - own) / np.where(lone, 1.0, rest)[:, :, None]
    if lone.any():
        kept = [c for c in range(len(made.criteria)) if c != criterion]
        values = np.where(lone[:, :, None], made.scores[:, :, :, kept].mean(axis=3), values)
    return np.asarray((values - made.costs >= made.not_meeting[:, :, None] - 1e-12) & ~made.blocked)


def _changes(made: Meeting) -> NDArray[np.int8]:
    """(C, 1 + P, 1 + S, D): by criterion taken out, for all together and party by party, for any setting and each one,
    by how much acceptance changes."""
    sides = 1 + len(made.parties)
    changes = np.empty((len(made.criteria), sides, 1 + len(made.settings), len(made.weights)), dtype=np.int8)
    for c in range(len(made.criteria)):
        then = accepts_without(made, c)
        for at in range(sides):
            before = made.joint if at == 0 else made.accepts[:, at - 1]
            after = np.asarray(then.all(axis=1) if at == 0 else then[:, at - 1])
            changes[c, at, 0] = after.any(axis=1).astype(np.int8) - before.any(axis=1)
            changes[c, at, 1:] = (after.astype(np.int8) - before).T
    return changes


def effects(
    drawn: Draws, met: Mapping[Evidence, Meeting], order: Sequence[int], because: Sequence[tuple[str, ...]]
) -> Iterable[EffectRow]:
    """Any setting, then every setting in ``order``, for all together and party by party; ``because`` by setting.

    ``drawn``: the case as it stands.
    """
    made = met["all"]
    if len(made.criteria) < 2:
        return
    sides: tuple[str | None, ...] = (None, *made.parties)
    changes, zeros = _changes(made), _changes(met["none"]).mean(axis=3)
    every = tuple(dict.fromkeys(claim for k in order for claim in because[k]))
    # One product with the weights of all groups for all of them: read once.
    ranges = drawn.intervals(changes.reshape(-1, drawn.n).T.astype(float), legal=None)
    found_at = np.arange(len(ranges)).reshape(changes.shape[:3])
    for k in (-1, *order):
        for at, party in enumerate(sides):
            spread = [ranges[i] for i in found_at[:, at, 1 + k]]
            most = int(np.argmax([abs(found.mean) for found in spread]))
            for c, found in enumerate(spread):
                clear = found.excludes_zero and abs(found.mean) > max(MATERIAL, 2 * found.error)
                yield EffectRow(
                    setting=made.settings[k] if k >= 0 else None,
                    party=party,
                    criterion=made.criteria[c],
                    change=found.mean,
                    low=found.low,
                    high=found.high,
                    zero=float(zeros[c, at, 1 + k]),
                    error=found.error,
                    deciding=c == most and clear,
                    because=because[k] if k >= 0 else every,
                )
