"""Which utility points does no other point beat? The compiled kernels behind frontiers, zones and agendas.

A point dominates another when it is at least as good for every party. Comparisons carry a tolerance per party, so that
two packages of the same worth whose floating-point sums differ in the last digit count as one point.

Every kernel of this file that other kernels call lives here: a compiled cache notices changes of its own file only.
"""

import numba
import numpy as np

from zopa.methods.problem import BoolArray, FloatArray, IntArray

QUICK = 8
"""Weights on the parties tried before frontiers are merged."""
LONGER = 40
"""Weights tried where those do not tell; the last ones go on to leave out what cannot reach the threshold."""
DEEP = 20_000
"""Steps looked ahead, option by option, before frontiers are merged: some milliseconds."""
SLACK = 1e-9
"""How far a weighed sum, of size 1, may fall short and still count as reaching: rounding is smaller."""
MANY = 32
"""Points of a frontier from which weights on the parties are used to leave out what cannot reach the threshold."""


@numba.njit(cache=True, nogil=True)
def _reached(
    values: FloatArray, chosen: IntArray, threshold: FloatArray, scale: FloatArray, gains: FloatArray
) -> bool:
    """Whether the package in columns ``chosen`` gives every party its threshold; fills what each gains over it."""
    reached = True
    for p in range(len(threshold)):
        total = 0.0
        for column in chosen:
            total += values[column, p]
        gains[p] = (total - threshold[p]) * scale[p]
        reached = reached and total >= threshold[p]
    return reached


@numba.njit(cache=True, nogil=True)
def _best_of_one(points: FloatArray, codes: IntArray, tolerance: FloatArray) -> IntArray:
    best = 0
    for i in range(1, len(points)):
        if points[i, 0] > points[best, 0]:
            best = i
    first = best
    for i in range(len(points)):
        if points[i, 0] >= points[best, 0] - tolerance[0] and codes[i] < codes[first]:
            first = i
    return np.full(1, first, dtype=np.int64)


@numba.njit(cache=True, nogil=True)
def _staircase(points: FloatArray, codes: IntArray, tolerance: FloatArray) -> IntArray:
    """Two parties: sweep from the best for the first party; only rises for the second survive."""
    kept = np.empty(len(points), dtype=np.int64)
    count = 0
    for i in np.argsort(-points[:, 0]):
        x, y = points[i, 0], points[i, 1]
        if count > 0:
            last = kept[count - 1]
            if y <= points[last, 1] + tolerance[1]:
                same = y >= points[last, 1] - tolerance[1] and x >= points[last, 0] - tolerance[0]
                if same and codes[i] < codes[last]:
                    kept[count - 1] = i
                continue
            while count > 0 and points[kept[count - 1], 0] <= x + tolerance[0]:
                count -= 1
        kept[count] = i
        count += 1
    return kept[:count].copy()


@numba.njit(cache=True, nogil=True)
def _sweep_of_three(points: FloatArray, codes: IntArray, tolerance: FloatArray) -> IntArray:
    """Three parties: sweep along the first, keeping the staircase of the other two (Kung, Luccio, Preparata 1975)."""
    n = len(points)
    alive = np.zeros(n, dtype=np.bool_)
    stair = np.empty(n, dtype=np.int64)
    count = 0
    for i in np.argsort(-points[:, 0]):
        x, y, z = points[i, 0], points[i, 1], points[i, 2]
        low, high = 0, count
        while low < high:  # first step whose second utility reaches y
            middle = (low + high) // 2
            if points[stair[middle], 1] >= y - tolerance[1]:
                high = middle
            else:
                low = middle + 1
        if low < count and points[stair[low], 2] >= z - tolerance[2]:
            j = stair[low]
            same = (
                x >= points[j, 0] - tolerance[0]
                and y >= points[j, 1] - tolerance[1]
                and z >= points[j, 2] - tolerance[2]
                and y <= points[j, 1] + tolerance[1]
                and z <= points[j, 2] + tolerance[2]
            )
            if same and codes[i] < codes[j]:
                alive[j], alive[i] = False, True
                stair[low] = i
            continue
        last = low
        while last < count and points[stair[last], 1] <= y + tolerance[1]:
            last += 1
        first = last
        while first > 0 and points[stair[first - 1], 2] <= z + tolerance[2]:
            first -= 1
            if points[stair[first], 0] <= x + tolerance[0]:  # equal for the first party, worse for the others
                alive[stair[first]] = False
        removed = last - first
        if removed == 0:
            for k in range(count, first, -1):
                stair[k] = stair[k - 1]
        elif removed > 1:
            for k in range(last, count):
                stair[k - removed + 1] = stair[k]
        stair[first] = i
        alive[i] = True
        count += 1 - removed
    return np.flatnonzero(alive)


@numba.njit(cache=True, nogil=True)
def _compare_all(points: FloatArray, codes: IntArray, tolerance: FloatArray) -> IntArray:
    """Any number of parties: in order of total utility, so that nobody is beaten by a later point."""
    n, parties = points.shape
    total = np.zeros(n)
    for p in range(parties):
        scale = 1.0 / tolerance[p] if tolerance[p] > 0.0 else 0.0
        for i in range(n):
            total[i] -= points[i, p] * scale
    kept = np.empty(n, dtype=np.int64)
    rows = np.empty((n, parties))
    count = 0
    for i in np.argsort(total):
        beaten = -1
        for j in range(count):
            p = 0
            while p < parties and rows[j, p] >= points[i, p] - tolerance[p]:
                p += 1
            if p == parties:
                beaten = j
                break
        if beaten < 0:
            kept[count] = i
            rows[count] = points[i]
            count += 1
            continue
        p = 0
        while p < parties and rows[beaten, p] <= points[i, p] + tolerance[p]:
            p += 1
        if p == parties and codes[i] < codes[kept[beaten]]:
            kept[beaten] = i
        if beaten > 0:  # the points that beat most are looked at first
            front = beaten // 2
            kept[front], kept[beaten] = kept[beaten], kept[front]
            for p in range(parties):
                rows[front, p], rows[beaten, p] = rows[beaten, p], rows[front, p]
    return kept[:count].copy()


@numba.njit(cache=True, nogil=True)
def nondominated(points: FloatArray, codes: IntArray, tolerance: FloatArray) -> IntArray:
    """Row numbers of the undominated points, one for every distinct point: the one with the lowest code.

    ``points`` (n, parties), ``codes`` (n,), ``tolerance`` (parties,). The order of the rows is not defined.
    """
    if len(points) == 0:
        return np.empty(0, dtype=np.int64)
    parties = points.shape[1]
    if parties == 1:
        return _best_of_one(points, codes, tolerance)
    if parties == 2:
        return _staircase(points, codes, tolerance)
    if parties == 3:
        return _sweep_of_three(points, codes, tolerance)
    return _compare_all(points, codes, tolerance)


@numba.njit(cache=True, nogil=True)
def sums_in_reach(
    points: FloatArray, entries: FloatArray, rest: FloatArray, threshold: FloatArray
) -> tuple[FloatArray, IntArray, IntArray]:
    """All sums of a point and an entry that can still reach the threshold when ``rest`` is added.

    ``points`` (f, parties), ``entries`` (m, parties), ``rest`` the most the remaining issues give each party. Gives the
    sums and, for each, the row of its point and of its entry.
    """
    f, m, parties = len(points), len(entries), points.shape[1]
    sums = np.empty((f * m, parties))
    origin = np.empty(f * m, dtype=np.int64)
    entry = np.empty(f * m, dtype=np.int64)
    count = 0
    for i in range(f):
        for k in range(m):
            p = 0
            while p < parties:
                total = points[i, p] + entries[k, p]
                if not total + rest[p] >= threshold[p]:
                    break
                sums[count, p] = total
                p += 1
            if p == parties:
                origin[count] = i
                entry[count] = k
                count += 1
    return sums[:count], origin[:count], entry[:count]


@numba.njit(cache=True, nogil=True)
def weighted_rest(values: FloatArray, starts: IntArray, order: IntArray, weights: FloatArray) -> FloatArray:
    """(issues + 1, rows of weights): the most that the issues ``order[t:]`` give together, weighed, for every t."""
    issues, parties = len(order), values.shape[1]
    rest = np.zeros((issues + 1, len(weights)))
    for t in range(issues - 1, -1, -1):
        for w in range(len(weights)):
            most = -np.inf
            for column in range(starts[order[t]], starts[order[t] + 1]):
                worth = 0.0
                for p in range(parties):
                    worth += weights[w, p] * values[column, p]
                most = max(most, worth)
            rest[t, w] = rest[t + 1, w] + most
    return rest


@numba.njit(cache=True, nogil=True)
def in_weighted_reach(
    sums: FloatArray, rest: FloatArray, threshold: FloatArray, weights: FloatArray
) -> IntArray:
    """Rows of sums that can still reach the threshold by every weighing of the parties; ``rest`` (rows of weights,).

    Weights are scaled so that what is compared is of size 1.
    """
    kept, count = np.empty(len(sums), dtype=np.int64), 0
    for n in range(len(sums)):
        w = 0
        while w < len(weights):
            worth = rest[w]
            for p in range(len(threshold)):
                worth += weights[w, p] * (sums[n, p] - threshold[p])
            if worth < -SLACK:
                break
            w += 1
        if w == len(weights):
            kept[count] = n
            count += 1
    return kept[:count]


@numba.njit(cache=True, nogil=True)
def merge(
    points: FloatArray,
    ranks: IntArray,
    entries: FloatArray,
    rest: FloatArray,
    threshold: FloatArray,
    tolerance: FloatArray,
) -> tuple[FloatArray, IntArray, IntArray, IntArray]:
    """P(A + B): the frontier of every sum of a point and an entry, with the row of each and a new rank.

    Ranks order the packages behind the points; of equal points the one with the lowest (rank, entry) stays.
    """
    none = np.empty((0, points.shape[1]))
    return merge_weighed(points, ranks, entries, rest, threshold, tolerance, none, none[:, 0])


@numba.njit(cache=True, nogil=True)
def merge_weighed(
    points: FloatArray,
    ranks: IntArray,
    entries: FloatArray,
    rest: FloatArray,
    threshold: FloatArray,
    tolerance: FloatArray,
    weights: FloatArray,
    weighed: FloatArray,
) -> tuple[FloatArray, IntArray, IntArray, IntArray]:
    """``merge`` without the sums that cannot reach the threshold by some row of ``weights`` on the parties; ``weighed``
    (rows of weights,) is the most that the remaining issues give, weighed."""
    sums, origin, entry = sums_in_reach(points, entries, rest, threshold)
    if len(weights) > 0:
        near = in_weighted_reach(sums, weighed, threshold, weights)
        sums, origin, entry = sums[near], origin[near], entry[near]
    codes = np.empty(len(sums), dtype=np.int64)
    for i in range(len(sums)):
        codes[i] = ranks[origin[i]] * len(entries) + entry[i]
    kept = nondominated(sums, codes, tolerance)
    order = np.argsort(codes[kept])
    kept = kept[order]
    return sums[kept], origin[kept], entry[kept], np.arange(len(kept))


@numba.njit(cache=True, nogil=True)
def quick_answer(values: FloatArray, starts: IntArray, threshold: FloatArray, used: FloatArray) -> int:
    """1 where a package is found at once that gives every party its threshold, -1 where weights on the parties prove
    that none does, 0 where neither is.

    The best package for some weights bounds what any package is worth with them (weak duality); the weights move to
    the parties that fall short, and the package is mended by one option at a time. Fills ``used`` (turns, parties) with
    the weights of every turn, scaled to what the parties compare.
    """
    issues, parties = len(starts) - 1, values.shape[1]
    scale = np.empty(parties)
    for p in range(parties):
        reach = abs(threshold[p])
        for i in range(issues):
            most = 0.0
            for column in range(starts[i], starts[i + 1]):
                if values[column, p] > -np.inf:
                    most = max(most, abs(values[column, p]))
            reach += most
        scale[p] = 1.0 / reach if reach > 0.0 else 1.0
    weights = np.full(parties, 1.0 / parties)
    used[:] = scale / parties
    chosen = np.empty(issues, dtype=np.int64)
    gains, tried = np.empty(parties), np.empty(parties)
    for turn in range(len(used)):
        bound, room = 0.0, 0.0
        for p in range(parties):
            used[turn, p] = weights[p] * scale[p]
            bound -= weights[p] * scale[p] * threshold[p]
        for i in range(issues):
            best, most = -1, -np.inf
            for column in range(starts[i], starts[i + 1]):
                worth = 0.0
                for p in range(parties):
                    worth += weights[p] * scale[p] * values[column, p]
                if worth > most:
                    best, most = column, worth
            if best < 0:
                return -1
            chosen[i] = best
            bound += most
        if bound < -SLACK:
            return -1
        if _reached(values, chosen, threshold, scale, gains):
            return 1
        for i in range(issues):
            kept, least = chosen[i], gains.min()
            for column in range(starts[i], starts[i + 1]):
                chosen[i] = column
                if _reached(values, chosen, threshold, scale, tried):
                    return 1
                if tried.min() > least:
                    kept, least = column, tried.min()
            chosen[i] = kept
            _reached(values, chosen, threshold, scale, gains)
        total = 0.0
        for p in range(parties):
            room = 0.0
            for i in range(issues):
                room += values[chosen[i], p] * scale[p]
            weights[p] *= np.exp(-8.0 / (1.0 + turn) * (room - threshold[p] * scale[p]))
            total += weights[p]
        weights /= total
    return 0


@numba.njit(cache=True, nogil=True)
def by_stakes(values: FloatArray, starts: IntArray, scale: FloatArray) -> IntArray:
    """Issues from the one in which options differ most to the one in which they differ least, parties together."""
    worth = np.zeros(len(starts) - 1)
    for i in range(len(worth)):
        for p in range(values.shape[1]):
            low, high = np.inf, -np.inf
            for column in range(starts[i], starts[i + 1]):
                if values[column, p] > -np.inf:
                    low, high = min(low, values[column, p]), max(high, values[column, p])
            if high > low:
                worth[i] -= (high - low) * scale[p]
    return np.argsort(worth, kind="mergesort")


@numba.njit(cache=True, nogil=True)
def _look_deep(
    values: FloatArray,
    starts: IntArray,
    order: IntArray,
    rest: FloatArray,
    threshold: FloatArray,
    weights: FloatArray,
    weighed: FloatArray,
) -> int:
    """1 where a package reaches the threshold, -1 where none does, 0 where ``DEEP`` steps do not tell.

    Issue after issue, the option first that is worth most as weighed last; ``rest`` and ``weighed`` are what later
    issues give at most.
    """
    issues, parties = len(order), values.shape[1]
    worth, last = np.zeros((len(weights), len(values))), len(weights) - 1
    partial, loose = np.zeros((issues + 1, parties)), np.zeros((issues + 1, len(weights)))
    for w in range(len(weights)):
        for p in range(parties):
            loose[0, w] -= weights[w, p] * threshold[p]
            for column in range(len(values)):
                worth[w, column] += weights[w, p] * values[column, p]
    columns = np.empty(len(values), dtype=np.int64)
    for i in range(issues):
        here = np.argsort(-worth[last, starts[i] : starts[i + 1]], kind="mergesort")
        columns[starts[i] : starts[i + 1]] = starts[i] + here
    turn = np.zeros(issues + 1, dtype=np.int64)
    depth, steps = 0, 0
    while depth >= 0:
        if depth == issues:
            return 1
        issue = order[depth]
        if turn[depth] == starts[issue + 1] - starts[issue]:
            turn[depth] = 0
            depth -= 1
            continue
        column = columns[starts[issue] + turn[depth]]
        turn[depth] += 1
        steps += 1
        if steps > DEEP:
            return 0
        p = 0
        while p < parties:
            partial[depth + 1, p] = partial[depth, p] + values[column, p]
            if not partial[depth + 1, p] + rest[depth + 1, p] >= threshold[p]:
                break
            p += 1
        if p < parties:
            continue
        w = last
        while w >= 0:
            loose[depth + 1, w] = loose[depth, w] + worth[w, column]
            if loose[depth + 1, w] + weighed[depth + 1, w] < -SLACK:
                break
            w -= 1
        if w < 0:
            depth += 1
    return -1


@numba.njit(cache=True, nogil=True)
def some_sum_reaches(
    values: FloatArray, starts: IntArray, threshold: FloatArray, tolerance: FloatArray
) -> bool:
    """Whether some package gives every party its threshold, by merging with everything out of reach dropped.

    ``values`` (options of all issues, parties); issue i holds rows ``starts[i]`` to ``starts[i + 1]``.
    """
    issues, parties = len(starts) - 1, values.shape[1]
    weights = np.ones((QUICK, parties))
    quick = quick_answer(values, starts, threshold, weights) if issues > 0 else 0
    if quick == 0 and issues > 0:
        longer = np.ones((LONGER, parties))
        quick = quick_answer(values, starts, threshold, longer)
        weights = longer[LONGER - QUICK :].copy()
    if quick != 0:
        return quick > 0
    # What is told apart most comes first: what is left then promises little.
    order = by_stakes(values, starts, weights[0])
    rest = np.zeros((issues + 1, parties))
    for t in range(issues - 1, -1, -1):
        for p in range(parties):
            rest[t, p] = rest[t + 1, p] + values[starts[order[t]] : starts[order[t] + 1], p].max()
    weighed = weighted_rest(values, starts, order, weights)
    found = _look_deep(values, starts, order, rest, threshold, weights, weighed) if issues > 0 else 0
    if found != 0:
        return found > 0
    points = np.zeros((1, parties))
    for t in range(issues):
        entries = values[starts[order[t]] : starts[order[t] + 1]]
        sums, origin, _ = sums_in_reach(points, entries, rest[t + 1], threshold)
        near = in_weighted_reach(sums, weighed[t + 1], threshold, weights)
        if len(near) == 0:
            return False
        sums, origin = sums[near], origin[near]
        points = sums[nondominated(sums, origin, tolerance)]
    return issues > 0 or bool((threshold <= 0.0).all())


@numba.njit(cache=True, nogil=True)
def zones(
    values: FloatArray, starts: IntArray, threshold: FloatArray, tolerance: FloatArray, exists: IntArray
) -> None:
    """Fills ``exists`` (draws,) with 1 where some package gives every party its threshold, by draw.

    ``values`` (draws, options of all issues, parties), ``threshold`` and ``tolerance`` (draws, parties).
    """
    for d in range(len(values)):
        exists[d] = some_sum_reaches(values[d], starts, threshold[d], tolerance[d])


@numba.njit(cache=True, nogil=True)
def _completions(
    values: FloatArray,
    starts: IntArray,
    order: IntArray,
    threshold: FloatArray,
    tolerance: FloatArray,
    most: int,
) -> tuple[FloatArray, IntArray]:
    """Frontiers of what the issues ``order[t:]`` can still give together, for every t from 0 to the number of issues.

    Gives all rows, and ``at`` (issues + 1, 2): those of t are ``at[t, 0]`` to ``at[t, 1]``. A frontier of more than
    ``most`` points is replaced by the one point that no completion exceeds.
    """
    issues, parties = len(order), values.shape[1]
    before = np.zeros((issues + 1, parties))  # the most that earlier issues give
    for t in range(issues):
        for p in range(parties):
            before[t + 1, p] = before[t, p] + values[starts[order[t]] : starts[order[t] + 1], p].max()
    weights, weighed = np.ones((0, parties)), np.zeros((issues + 1, 0))
    points = np.zeros((1, parties))
    rows, size = np.empty((64, parties)), 0
    at = np.zeros((issues + 1, 2), dtype=np.int64)
    for t in range(issues, -1, -1):
        if t < issues:
            entries = values[starts[order[t]] : starts[order[t] + 1]]
            sums, origin, _ = sums_in_reach(points, entries, before[t], threshold)
            if len(sums) > MANY and len(weights) == 0:
                weights = np.ones((QUICK, parties))
                quick_answer(values, starts, threshold, weights)
                weighed = weighted_rest(values, starts, order[::-1].copy(), weights)[::-1].copy()
            if len(weights) > 0:
                near = in_weighted_reach(sums, weighed[t], threshold, weights)
                sums, origin = sums[near], origin[near]
            points = sums[nondominated(sums, origin, tolerance)]
            if len(points) > most:
                top = np.empty((1, parties))
                for p in range(parties):
                    top[0, p] = points[:, p].max()
                points = top
        while size + len(points) > len(rows):
            longer = np.empty((2 * len(rows), parties))
            longer[:size] = rows[:size]
            rows = longer
        rows[size : size + len(points)] = points
        at[t, 0], at[t, 1] = size, size + len(points)
        size += len(points)
    return rows[:size], at


@numba.njit(cache=True, nogil=True)
def completions(
    values: FloatArray,
    starts: IntArray,
    order: IntArray,
    threshold: FloatArray,
    tolerance: FloatArray,
    most: int,
) -> tuple[FloatArray, IntArray]:
    """For every draw, frontiers of what the issues ``order[t:]`` can still give together.

    ``values`` (draws, options, parties). Gives rows (n, parties) and ``at`` (draws, issues + 1, 2): rows of draw d from
    t on are ``at[d, t, 0]`` to ``at[d, t, 1]``. A frontier of more than ``most`` points is replaced by the one point
    that no completion exceeds.
    """
    draws, parties = len(values), values.shape[2]
    rows, size = np.empty((1024, parties)), 0
    at = np.empty((draws, len(order) + 1, 2), dtype=np.int64)
    for d in range(draws):
        mine, places = _completions(values[d], starts, order, threshold[d], tolerance[d], most)
        while size + len(mine) > len(rows):
            longer = np.empty((2 * len(rows), parties))
            longer[:size] = rows[:size]
            rows = longer
        rows[size : size + len(mine)] = mine
        at[d] = places + size
        size += len(mine)
    return rows[:size], at


@numba.njit(cache=True, nogil=True)
def _some_pair_reaches(points: FloatArray, others: FloatArray, threshold: FloatArray) -> bool:
    for i in range(len(points)):
        for j in range(len(others)):
            p = 0
            while p < len(threshold) and points[i, p] + others[j, p] >= threshold[p]:
                p += 1
            if p == len(threshold):
                return True
    return False


@numba.njit(cache=True, nogil=True)
def _mark_agendas(
    values: FloatArray,
    starts: IntArray,
    status_quo: IntArray,
    order: IntArray,
    threshold: FloatArray,
    tolerance: FloatArray,
    found: BoolArray,
) -> None:
    """Sets ``found[mask]`` for the smallest agendas with an acceptable package, of one draw.

    Each issue in turn is kept at the status quo or put on the agenda. A branch ends as soon as the rest at the status
    quo is enough, for then every larger agenda has a package too, or the whole rest on the agenda is not enough.
    """
    issues, parties = len(order), values.shape[1]
    rows, at = _completions(values, starts, order, threshold, tolerance, len(values) << 20)
    rest, kept = np.zeros((issues + 1, parties)), np.zeros((issues + 1, 1, parties))
    for t in range(issues - 1, -1, -1):
        kept[t, 0] = kept[t + 1, 0] + values[starts[order[t]] + status_quo[order[t]]]
        for p in range(parties):
            rest[t, p] = rest[t + 1, p] + values[starts[order[t]] : starts[order[t] + 1], p].max()
    points = [np.zeros((1, parties)) for _ in range(issues + 1)]
    turn = np.zeros(issues + 1, dtype=np.int64)
    depth, mask = 0, 0
    while depth >= 0:
        if turn[depth] == 0:
            if _some_pair_reaches(points[depth], kept[depth], threshold):
                found[mask] = True
                depth -= 1
                continue
            a, b = at[depth]
            if depth == issues or not _some_pair_reaches(points[depth], rows[a:b], threshold):
                depth -= 1
                continue
        issue = order[depth]
        turn[depth] += 1
        if turn[depth] == 3:
            turn[depth] = 0
            mask &= ~(1 << issue)
            depth -= 1
            continue
        first, stop = starts[issue], starts[issue + 1]
        if turn[depth] == 1:
            first = starts[issue] + status_quo[issue]
            stop = first + 1
        else:
            mask |= 1 << issue
        sums, origin, _ = sums_in_reach(points[depth], values[first:stop], rest[depth + 1], threshold)
        if len(sums) > 0:
            points[depth + 1] = sums[nondominated(sums, origin, tolerance)]
            depth += 1


@numba.njit(cache=True, nogil=True)
def zones_by_agenda(
    values: FloatArray,
    starts: IntArray,
    status_quo: IntArray,
    order: IntArray,
    threshold: FloatArray,
    tolerance: FloatArray,
    refused: IntArray,
    group: IntArray,
    counts: IntArray,
) -> None:
    """Adds to ``counts`` (groups, agendas) the draws where an agenda has an acceptable package and nobody refuses it.

    ``refused`` (draws,) is the mask of issues that somebody will not discuss; ``group`` (draws,).
    """
    issues = len(starts) - 1
    found = np.empty(1 << issues, dtype=np.bool_)
    for d in range(len(values)):
        found[:] = False
        _mark_agendas(values[d], starts, status_quo, order, threshold[d], tolerance[d], found)
        for i in range(issues):  # whatever a smaller agenda allows, a larger one does
            bit = 1 << i
            for base in range(0, 1 << issues, 2 * bit):
                for mask in range(base, base + bit):
                    found[mask + bit] |= found[mask]
        for mask in range(1 << issues):
            counts[group[d], mask] += found[mask] and (mask & refused[d]) == 0
