"""Which red lines would have to be lifted, at the least, for a zone to open? All smallest answers of every draw.

Lifting more red lines never closes a zone, so the answers of a draw are the minimal sets of a monotone property. They
are found exactly by dualize and advance (Gunopulos et al. 2003): every set that opens the zone must meet the complement
of every largest set that does not. As long as a smallest set that meets all complements known so far does not open the
zone, it is grown to a largest such set, which adds a complement.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numba
import numpy as np

from zopa.methods.acceptance import in_threads
from zopa.methods.pareto import some_sum_reaches
from zopa.methods.problem import BoolArray, FloatArray, IntArray, problem

MAX_LINES = 62
"""Red lines at most: a set of them is kept in the bits of one number."""
MAX_SETS = 4096
"""Smallest sets followed in one draw at most: three to the power of a third of the lines is the most there can be."""


@dataclass(frozen=True, slots=True, eq=False)
class RedLine:
    """A line one party draws at some options of an issue.

    ``party`` and ``issue`` are positions in the arrays; ``rejects`` (options,) the options behind the line;
    ``absolute`` (draws,) where it is a veto; ``cost`` (draws,) utility lost behind it where it is there without being
    absolute, else 0. Of lines of one party and one ``matter`` that meet on an option the largest cost counts; those of
    different matters add up.
    """

    party: int
    issue: int
    rejects: BoolArray
    absolute: BoolArray
    cost: FloatArray
    matter: int = 0

    @property
    def there(self) -> BoolArray:
        """(draws,): where lifting it would change anything."""
        return np.asarray(self.absolute | (self.cost > 0.0), dtype=np.bool_)


def with_lines(
    values: Sequence[FloatArray],
    vetoes: Sequence[BoolArray],
    lines: Sequence[RedLine],
    *,
    lifted: Collection[int] = (),
) -> tuple[list[FloatArray], list[BoolArray]]:
    """Values and vetoes with every line drawn but the lifted ones, which lose both their veto and their cost.

    ``values`` and ``vetoes`` (draws, parties, options) per issue, free of red lines.
    """
    out, barred = [v.copy() for v in values], [v.copy() for v in vetoes]
    charged: dict[tuple[int, int, int], FloatArray] = {}
    for number, line in enumerate(lines):
        if number in lifted:
            continue
        barred[line.issue][:, line.party] |= line.absolute[:, None] & line.rejects
        cost = line.cost[:, None] * line.rejects
        place = (line.party, line.issue, line.matter)
        charged[place] = np.maximum(charged.get(place, 0.0), cost)
    for (party, issue, _), cost in charged.items():
        out[issue][:, party] -= cost
    return out, barred


@numba.njit(cache=True, nogil=True)
def _draw_lines(
    bare: FloatArray,
    lifted: int,
    order: IntArray,
    party: IntArray,
    matter: IntArray,
    rejects: BoolArray,
    absolute: BoolArray,
    cost: FloatArray,
    charged: FloatArray,
    out: FloatArray,
) -> None:
    """Fills ``out`` (options of all issues, parties) with one draw's values behind every line but the lifted ones."""
    out[:] = bare
    charged[:] = 0.0
    for bit in range(len(order)):
        if lifted >> bit & 1:
            continue
        line = order[bit]
        p, m = party[line], matter[line]
        for column in range(len(bare)):
            if not rejects[line, column]:
                continue
            if absolute[line]:
                out[column, p] = -np.inf
            elif cost[line] > charged[m, column]:
                out[column, p] -= cost[line] - charged[m, column]
                charged[m, column] = cost[line]


@numba.njit(cache=True, nogil=True)
def _smallest(sets: IntArray, count: int, open_: BoolArray, complement: int) -> tuple[IntArray, BoolArray]:
    """Smallest sets that meet ``complement`` too, and which of them are known to open (Berge multiplication)."""
    size = 0
    while complement >> size:
        size += 1
    out, known = np.empty(count * (size + 1), dtype=np.int64), np.zeros(count * (size + 1), dtype=np.bool_)
    n = 0
    for k in range(count):
        if sets[k] & complement:
            out[n], known[n] = sets[k], open_[k]
            n += 1
    for k in range(count):
        if sets[k] & complement:
            continue
        for bit in range(size):
            if complement >> bit & 1:
                out[n] = sets[k] | (1 << bit)
                n += 1
    kept, fresh = np.empty(n, dtype=np.int64), np.zeros(n, dtype=np.bool_)
    m = 0
    for k in range(n):
        j = 0
        while j < n and (j == k or out[j] & out[k] != out[j] or (out[j] == out[k] and j > k)):
            j += 1
        if j == n:
            kept[m], fresh[m] = out[k], known[k]
            m += 1
    return kept[:m], fresh[:m]


@numba.njit(cache=True, nogil=True)
def _openings(
    bare: FloatArray,
    starts: IntArray,
    threshold: FloatArray,
    tolerance: FloatArray,
    party: IntArray,
    matter: IntArray,
    rejects: BoolArray,
    absolute: BoolArray,
    cost: FloatArray,
) -> tuple[IntArray, bool]:
    """All smallest sets of one draw as masks over all lines, and whether there were few enough to follow."""
    order = np.flatnonzero(absolute | (cost > 0.0))
    charged, out = np.empty((matter.max() + 1, len(bare))), np.empty_like(bare)
    full = (1 << len(order)) - 1
    _draw_lines(bare, full, order, party, matter, rejects, absolute, cost, charged, out)
    if not some_sum_reaches(out, starts, threshold, tolerance):
        return np.empty(0, dtype=np.int64), True
    sets, known = np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.bool_)
    while not known.all():
        k = 0
        while known[k]:
            k += 1
        closed = sets[k]
        _draw_lines(bare, closed, order, party, matter, rejects, absolute, cost, charged, out)
        if some_sum_reaches(out, starts, threshold, tolerance):
            known[k] = True
            continue
        for bit in range(len(order)):
            larger = closed | (1 << bit)
            if larger == closed:
                continue
            _draw_lines(bare, larger, order, party, matter, rejects, absolute, cost, charged, out)
            if not some_sum_reaches(out, starts, threshold, tolerance):
                closed = larger
        sets, known = _smallest(sets, len(sets), known, full & ~closed)
        if len(sets) > MAX_SETS:
            return sets, False
    masks = np.zeros(len(sets), dtype=np.int64)
    for k in range(len(sets)):
        for bit in range(len(order)):
            if sets[k] >> bit & 1:
                masks[k] |= 1 << order[bit]
    return np.sort(masks), True


@numba.njit(cache=True, nogil=True)
def _fill(
    bare: FloatArray,
    starts: IntArray,
    threshold: FloatArray,
    tolerance: FloatArray,
    party: IntArray,
    matter: IntArray,
    rejects: BoolArray,
    absolute: BoolArray,
    cost: FloatArray,
    found: list[IntArray],
) -> bool:
    for d in range(len(bare)):
        masks, complete = _openings(
            bare[d],
            starts,
            threshold[d],
            tolerance[d],
            party,
            matter,
            rejects,
            absolute[d],
            cost[d],
        )
        if not complete:
            return False
        found.append(masks)
    return True


def openings(
    values: Sequence[FloatArray],
    vetoes: Sequence[BoolArray],
    lines: Sequence[RedLine],
    reserve: FloatArray,
    *,
    threads: int | None = None,
) -> list[tuple[frozenset[int], ...]]:
    """For every draw, all inclusion-minimal sets of lines whose lifting lets some package suit every party.

    ``values`` and ``vetoes`` as in ``with_lines``, ``reserve`` (draws, parties). The empty set alone where a zone is
    open already; no set at all where lifting every line would not open one. ValueError for more than ``MAX_LINES``
    lines, or more than ``MAX_SETS`` sets to follow in one draw.
    """
    if len(lines) > MAX_LINES:
        raise ValueError(f"openings: {len(lines)} red lines, but at most {MAX_LINES} can be told apart")
    # Equal utilities are told by the size of what the parties compare with the lines drawn.
    drawn_values, _ = with_lines(values, vetoes, lines)
    tolerance = problem(drawn_values, None, reserve).tolerance
    checked = problem(values, vetoes, reserve)
    if not lines:
        lines = [RedLine(0, 0, np.zeros(checked.counts[0], np.bool_), *_absent(checked.draws))]
    places = {place: k for k, place in enumerate(dict.fromkeys((a.party, a.issue, a.matter) for a in lines))}
    rejects = np.zeros((len(lines), int(checked.starts[-1])), dtype=np.bool_)
    for k, line in enumerate(lines):
        rejects[k, checked.starts[line.issue] : checked.starts[line.issue + 1]] = line.rejects
    party = np.array([line.party for line in lines], dtype=np.int64)
    matter = np.array([places[a.party, a.issue, a.matter] for a in lines], dtype=np.int64)
    absolute = np.stack([line.absolute for line in lines], axis=1)
    cost = np.stack([np.where(line.absolute, 0.0, line.cost) for line in lines], axis=1)
    parts: dict[int, list[IntArray]] = {}

    def work(start: int, stop: int) -> None:
        found = numba.typed.List.empty_list(numba.int64[::1])
        complete = _fill(
            checked.values[start:stop],
            checked.starts,
            reserve[start:stop] - tolerance[start:stop],
            tolerance[start:stop],
            party,
            matter,
            rejects,
            absolute[start:stop],
            cost[start:stop],
            found,
        )
        if not complete:
            raise ValueError(f"openings: a draw has more than {MAX_SETS:,} smallest sets of red lines")
        parts[start] = list(found)

    if checked.draws:
        in_threads(work, checked.draws, threads)
    masks = [mask for start in sorted(parts) for mask in parts[start]]
    return [
        tuple(frozenset(k for k in range(len(lines)) if m >> k & 1) for m in map(int, row)) for row in masks
    ]


def _absent(draws: int) -> tuple[BoolArray, FloatArray]:
    return np.zeros(draws, dtype=np.bool_), np.zeros(draws)
