"""The mediator's single negotiating text: one draft, changed only in ways to which no party objects.

Raiffa (1982), The Art and Science of Negotiation, on Roger Fisher's procedure as used at Camp David: a mediator keeps
one text and amends it; a party objects to an amendment that is worse for it than the text as it stands. ``proposals``
simulates a mediator who does not know what the parties want and proposes blindly (after Klein, Faratin, Sayama and
Bar-Yam 2003, IEEE Intelligent Systems 18(6), 32-38). ``improvements`` gives the amendments of one who knows, each
chosen to maximise the smallest gain (Thiessen and Loucks 1992, Water Resources Bulletin 28, 163-177; the rule of
Smartsettle). No amendment puts in an option that a party vetoes; one that the text starts with may stay.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numba
import numpy as np

from zopa.methods.frontier import LISTED, frontier
from zopa.methods.problem import (
    Block,
    BoolArray,
    FloatArray,
    IntArray,
    Package,
    option_counts,
    package_number,
    problem,
)


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One amendment: the new text and what it gives.

    ``utilities`` (parties,) of the new text; ``gains`` (parties,) over the text before, as shares of each party's
    range; ``changed`` the issues it touches; ``ties`` how many packages do equally well and touch as few issues.
    """

    package: Package
    utilities: FloatArray
    gains: FloatArray
    changed: tuple[int, ...]
    ties: int

    @property
    def smallest_gain(self) -> float:
        """What the party that gains least gains, as a share of its range."""
        return float(self.gains.min())


def improvements(
    values: Sequence[FloatArray],
    vetoes: Sequence[BoolArray] | None,
    start: Sequence[int],
    *,
    at_most: int | None = 2,
    blocks: Sequence[Block] = (),
) -> tuple[Step, ...]:
    """The amendments, from ``start`` on, by which a single text becomes one that no package improves on for everybody.

    ``values`` and ``vetoes`` (parties, options) per issue, one draw. Each amendment is worse for nobody, better for
    somebody, and of all such touches at most ``at_most`` issues; where there is none, as few as there must be, and with
    None any number, which leads to the end in one step. Of these it has the largest smallest gain, the second smallest
    next, and so on; gains are shares of a party's range, the sum over issues of best less worst. Among equals the one
    that touches fewest issues comes first, then the lowest number. Empty where the starting text is efficient already.
    """
    if at_most is not None and at_most < 1:
        raise ValueError(f"at_most is {at_most}, but an amendment touches at least one issue")
    arrays = [np.asarray(v, dtype=np.float64) for v in values]
    package_number(start, option_counts(arrays))
    span = sum((v.max(axis=1) - v.min(axis=1) for v in arrays), np.zeros(arrays[0].shape[0]))
    text = tuple(int(k) for k in start)
    steps: list[Step] = []
    while (step := _best_amendment(arrays, vetoes, blocks, text, span, at_most)) is not None:
        steps.append(step)
        text = step.package
    return tuple(steps)


def worth(
    values: Sequence[FloatArray], package: Sequence[int], *, blocks: Sequence[Block] = ()
) -> FloatArray:
    """(parties,): utilities of a package, what combinations of options add included."""
    total = np.zeros(np.asarray(values[0]).shape[0])
    for array, option in zip(values, package, strict=True):
        total += np.asarray(array)[:, option]
    for block in blocks:
        if block.extra is not None:
            cell: tuple[slice | int, ...] = (slice(None), *(package[i] for i in block.issues))
            total += block.extra[cell]
    return total


def _best_amendment(
    arrays: list[FloatArray],
    vetoes: Sequence[BoolArray] | None,
    blocks: Sequence[Block],
    text: Package,
    span: FloatArray,
    at_most: int | None,
) -> Step | None:
    """The next amendment, or None where the text is efficient.

    Leaving the text alone counts as the wish of one party more, who gives one point for every issue left untouched: on
    the frontier with that party every trade-off between gains and number of issues is seen in one go.
    """
    parties, issues = len(span), len(text)
    here = worth(arrays, text, blocks=blocks)
    keeper = [np.arange(v.shape[1])[None] == k for v, k in zip(arrays, text, strict=True)]
    found = frontier(
        [np.concatenate([v, k.astype(np.float64)]) for v, k in zip(arrays, keeper, strict=True)],
        reserve=np.append(here, 0.0),
        vetoes=None
        if vetoes is None
        else [np.concatenate([v & ~k, np.zeros_like(k)]) for v, k in zip(vetoes, keeper, strict=True)],
        blocks=[
            Block(
                b.issues,
                b.forbidden,
                None if b.extra is None else np.concatenate([b.extra, np.zeros_like(b.extra[:1])]),
            )
            for b in blocks
        ],
    )
    gains = found.points[:, :parties] - here
    touched = issues - np.rint(found.points[:, parties]).astype(np.int64)
    tolerance = found.tolerance[:parties]
    better = np.flatnonzero((gains > tolerance).any(axis=1))
    if len(better) == 0:
        return None
    if at_most is not None:
        better = better[touched[better] <= max(at_most, touched[better].min())]
    scale = np.where(span > tolerance, span, 1.0)
    rows = _most_even(np.where(gains > tolerance, gains / scale, 0.0), tolerance / scale, better)
    rows = rows[touched[rows] == touched[rows].min()]
    packages, ties = found.packages_behind([int(row) for row in rows], limit=LISTED)
    package = tuple(int(k) for k in packages[0])
    after = worth(arrays, package, blocks=blocks)
    changed = tuple(i for i in range(issues) if package[i] != text[i])
    return Step(package, after, np.asarray((after - here) / scale, dtype=np.float64), changed, ties)


def _most_even(gains: FloatArray, slack: FloatArray, rows: IntArray) -> IntArray:
    """Those of ``rows`` whose smallest gain is largest, of these the second smallest, and so on."""
    by_size = np.argsort(gains, axis=1)
    ordered = np.take_along_axis(gains, by_size, axis=1)
    room = slack[by_size]
    for place in range(gains.shape[1]):
        best = rows[int(np.argmax(ordered[rows, place]))]
        rows = rows[ordered[rows, place] >= ordered[best, place] - room[rows, place] - room[best, place]]
    return rows


@numba.njit(cache=True, nogil=True)
def _keep_unless_objected(
    values: FloatArray,
    barred: BoolArray,
    starts: IntArray,
    tolerance: FloatArray,
    uniforms: FloatArray,
    whole: bool,
    texts: IntArray,
    changes: IntArray,
) -> None:
    """Amends ``texts`` (runs, issues); ``values`` (options of all issues, parties), ``barred`` (the same options,)."""
    issues = len(starts) - 1
    proposed = np.empty(issues, dtype=np.int64)
    for run in range(len(uniforms)):
        for number in range(uniforms.shape[1]):
            drawn = uniforms[run, number]
            proposed[:] = texts[run]
            if whole:
                for issue in range(issues):
                    proposed[issue] = np.int64(drawn[issue] * (starts[issue + 1] - starts[issue]))
            else:
                one = np.int64(drawn[0] * issues)
                proposed[one] = np.int64(drawn[1] * (starts[one + 1] - starts[one]))
            kept = True
            for issue in range(issues):
                if proposed[issue] != texts[run, issue]:
                    kept = kept and not barred[starts[issue] + proposed[issue]]
            for p in range(values.shape[1]):
                gain = 0.0
                for issue in range(issues):
                    first = starts[issue]
                    gain += values[first + proposed[issue], p] - values[first + texts[run, issue], p]
                kept = kept and gain >= -tolerance[p]
            if kept:
                changes[run] += (proposed != texts[run]).any()
                texts[run] = proposed


def proposals(
    values: Sequence[FloatArray],
    vetoes: Sequence[BoolArray] | None,
    start: Sequence[int],
    uniforms: FloatArray,
    *,
    whole: bool = False,
) -> tuple[IntArray, IntArray]:
    """Where a text ends to which a mediator proposes amendments blindly, each kept unless some party objects.

    ``values`` and ``vetoes`` (parties, options) per issue. ``uniforms`` (runs, proposals, numbers) in [0, 1) say what
    is proposed: with ``whole`` a package at random, one number an issue; otherwise one issue and an option of it, two
    numbers. Nobody objects to what makes no difference to it. Gives the texts (runs, issues) and how often each
    changed (runs,). ValueError names the argument at fault.
    """
    arrays = [np.asarray(v, dtype=np.float64) for v in values]
    counts = option_counts(arrays)
    package_number(start, counts)
    drawn = np.ascontiguousarray(uniforms, dtype=np.float64)
    numbers = len(counts) if whole else 2
    if drawn.ndim != 3 or drawn.shape[2] != numbers or not ((drawn >= 0.0) & (drawn < 1.0)).all():
        raise ValueError(
            f"uniforms must be (runs, proposals, {numbers}) numbers in [0, 1), not {drawn.shape}"
        )
    none = np.zeros((1, arrays[0].shape[0]))
    checked = problem([v[None] for v in arrays], None if vetoes is None else [v[None] for v in vetoes], none)
    texts = np.tile(np.asarray(start, dtype=np.int64), (len(drawn), 1))
    changes = np.zeros(len(drawn), dtype=np.int64)
    _keep_unless_objected(
        np.ascontiguousarray(np.concatenate(arrays, axis=1).T),
        np.isinf(checked.values[0]).any(axis=1),
        checked.starts,
        checked.tolerance[0],
        drawn,
        whole,
        texts,
        changes,
    )
    return texts, changes
