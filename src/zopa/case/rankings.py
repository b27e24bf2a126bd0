"""Rankings of a standoff's states, drawn: which statements a party ranks by in each draw, and what it then prefers.

A statement whose basis stands counts in a draw with its ``chance``; one without a chance counts whenever it stands. A
statement whose basis does not stand is one of which nothing is known, not one that is absent: a party that ranks by
nothing is indifferent, never moves, and would make every state stable for sure. So a fair coin decides whether the
party would rather have it hold or not, and its place in the order is drawn anew. A direct ranking that does not stand,
and a party of which the case says nothing, take any strict order, all equally likely.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zopa.case.conflict import Conflict
from zopa.case.draws import Draws
from zopa.case.fields import Entry
from zopa.case.quantities import Basis, basis_of
from zopa.case.standoff import Ranking
from zopa.estimate import Array, uniforms
from zopa.methods.graph_model import Bool
from zopa.methods.preferences import Ranks, by_priority, by_weights, dense, direct, random_extension

Pair = NDArray[np.int64]
Rows = slice | NDArray[np.int64]
"""Some of the draws: a stretch of them, or ascending indices."""
ALL = slice(None)


@dataclass(frozen=True, eq=False)
class Counting:
    """The statements of one party, drawn: m statements, D draws.

    ``ids`` (m,); ``truth`` (m, S) where each holds; ``stands`` (D, m) whether its basis does; ``signs`` (D, m): 1 the
    party would rather have it hold, −1 rather not (never where it stands), 0 it does not rank by it; ``places`` (D, m)
    in the order, 0 first.
    """

    ids: tuple[str, ...]
    truth: Bool
    stands: Bool
    signs: NDArray[np.int8]
    places: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Pairs:
    """Single pairs of states of one party, (k, 2) indices: ``prefers`` and ``strongly`` the better first, ``unknown``
    in either order; ``stands`` (D,) in which draws they are known."""

    prefers: Pair
    unknown: Pair
    strongly: Pair
    stands: Bool

    def __bool__(self) -> bool:
        return bool(len(self.prefers) or len(self.unknown) or len(self.strongly))


def drawn_rankings(drawn: Draws, conflict: Conflict, party: str, *, rows: Rows = ALL) -> Ranks:
    """(D, S) the party's ranking in each draw, larger is better, equal numbers are ties; ``rows`` takes some draws.

    ``ValueError`` for a party that is not in the standoff.
    """
    ranking = _ranking(conflict, party)
    if ranking.ranking:
        return _direct(drawn, conflict, party, ranking, rows)
    if not ranking.statements:
        return _any_order(drawn, conflict, party, rows)
    counting = statements(drawn, conflict, party)
    signs = counting.signs[rows]
    if ranking.by == "priority":
        return by_priority(counting.truth, places=counting.places[rows], signs=signs)
    weights = drawn.shares([f"{path}.weight" for path in _paths(party, ranking)])[rows]
    return by_weights(counting.truth, weights=weights * signs)


def mean_weights(drawn: Draws, conflict: Conflict, party: str) -> Array:
    """(m,) mean weight of each of the party's statements over draws, for ranking by weights."""
    return np.asarray(
        drawn.shares([f"{path}.weight" for path in _paths(party, _ranking(conflict, party))]).mean(axis=0)
    )


def profiles(drawn: Draws, conflict: Conflict, *, rows: Rows = ALL) -> Ranks:
    """(D, P, S) every party's ranking in each draw; ``rows`` takes some draws, where all at once would fill memory."""
    return np.stack([drawn_rankings(drawn, conflict, p, rows=rows) for p in conflict.parties], axis=1)


def statements(drawn: Draws, conflict: Conflict, party: str) -> Counting:
    """The party's statements in each draw: which stand, which count and which way round, and in what order."""
    ranking = _ranking(conflict, party)
    stands, signs, keys = [], [], []
    for path, basis, on in _on(drawn, party, ranking, _outer(conflict, ranking)):
        coin = np.where(drawn.uniforms(f"{path}/direction") < 0.5, 1, -1)
        counts = drawn.uniforms(f"{path}/counts") < on
        stands.append(basis)
        signs.append(np.where(basis, counts, coin))
        keys.append(drawn.uniforms(f"{path}/place"))
    m = len(stands)
    holds = np.stack(stands, axis=1) if m else np.zeros((drawn.n, 0), dtype=np.bool_)
    truth = np.zeros((m, len(conflict)), dtype=np.bool_)
    for j, statement in enumerate(ranking.statements):
        truth[j] = conflict.truth(statement.holds)
    return Counting(
        ids=tuple(s.id or str(k) for k, s in enumerate(ranking.statements)),
        truth=truth,
        stands=holds,
        signs=np.stack(signs, axis=1).astype(np.int8) if m else np.zeros((drawn.n, 0), dtype=np.int8),
        places=random_extension(np.stack(keys, axis=1) if m else np.zeros((drawn.n, 0)), fixed=holds),
    )


def pairs(drawn: Draws, conflict: Conflict, party: str) -> Pairs:
    """The pairs of states a party's ranking names one by one, and in which draws they are known."""
    ranking = _ranking(conflict, party)

    def placed(written: tuple[tuple[int, int], ...]) -> Pair:
        found = [(conflict.places[a], conflict.places[b]) for a, b in written]
        return np.array([pair for pair in found if pair[0] != pair[1]], dtype=np.int64).reshape(-1, 2)

    return Pairs(
        # What is much better is better, whatever the ranking says.
        prefers=placed((*ranking.prefers, *ranking.strongly)),
        unknown=placed(ranking.unknown),
        strongly=placed(ranking.strongly),
        stands=drawn.stands(_outer(conflict, ranking)),
    )


@dataclass(frozen=True, eq=False)
class Overruling:
    """Pairs of states that overrule the rankings: ``pairs`` (k, 3) of party, better and worse state by index; ``on``
    (D, k) in which draws each does. Later ones overrule earlier ones."""

    pairs: Pair
    on: Bool


def overruling(drawn: Draws, conflict: Conflict) -> Overruling:
    """The single pairs of all parties, settled: of an unknown pair a coin says in every draw which state is better."""
    rows: list[tuple[int, int, int]] = []
    on: list[Bool] = []
    for p, party in enumerate(conflict.parties):
        own = pairs(drawn, conflict, party)
        for better, worse in own.prefers:
            rows.append((p, int(better), int(worse)))
            on.append(own.stands)
        for k, (a, b) in enumerate(own.unknown):
            coin = drawn.uniforms(f"standoff.rankings.{party}.unknown.{k}") < HALF
            rows += [(p, int(a), int(b)), (p, int(b), int(a))]
            on += [own.stands & coin, own.stands & ~coin]
    held = np.stack(on, axis=1) if on else np.zeros((drawn.n, 0), dtype=np.bool_)
    return Overruling(np.array(rows, dtype=np.int64).reshape(-1, 3), held)


HALF = 0.5


def crisp(drawn: Draws, conflict: Conflict) -> bool:
    """Whether every party has one and the same ranking in all draws, as in a case taken over from the literature."""
    return all(_crisp(drawn, conflict, party) for party in conflict.parties)


def _crisp(drawn: Draws, conflict: Conflict, party: str) -> bool:
    ranking = _ranking(conflict, party)
    if ranking.unknown:
        # A coin settles each unknown pair in every draw.
        return False
    named = pairs(drawn, conflict, party)
    if named and not named.stands.all():
        return False
    if ranking.ranking:
        return bool(drawn.stands(_outer(conflict, ranking)).all())
    if not ranking.statements:
        return False
    counting = statements(drawn, conflict, party)
    same = bool(counting.stands.all() and (counting.signs == counting.signs[0]).all())
    if ranking.by == "priority" or not same:
        return same
    weights = drawn.shares([f"{path}.weight" for path in _paths(party, ranking)])
    return bool((weights == weights[0]).all())


# ---- statements ----------------------------------------------------------------------------------------------------


def _ranking(conflict: Conflict, party: str) -> Ranking:
    if party not in conflict.parties:
        raise ValueError(
            f"drawn_rankings: party '{party}' is not in the standoff, which has {conflict.parties}"
        )
    return conflict.standoff.rankings.get(party) or Ranking()


def _paths(party: str, ranking: Ranking) -> tuple[str, ...]:
    prefix = f"standoff.rankings.{party}.statements"
    return tuple(f"{prefix}.{s.id or k}" for k, s in enumerate(ranking.statements))


def _own(entry: Entry, outer: Basis) -> Basis:
    """The basis written on an entry, else that of what it stands in."""
    return basis_of(entry) if entry.because or entry.assumed else outer


def _outer(conflict: Conflict, ranking: Ranking) -> Basis:
    return _own(ranking, basis_of(conflict.standoff))


def _on(drawn: Draws, party: str, ranking: Ranking, outer: Basis) -> Iterator[tuple[str, Bool, Array]]:
    """Of each statement its path, in which draws it stands, and the chance that the party then ranks by it."""
    for path, statement in zip(_paths(party, ranking), ranking.statements, strict=True):
        chance = f"{path}.chance"
        # A reading says what the party wants, on claims of its own: what it sets stands where the reading does.
        set_by = _set(drawn, chance)
        values = drawn.number(chance)
        if not statement.chance.estimate.known:
            values = np.where(set_by, values, 1.0)
        yield path, drawn.stands(_own(statement, outer)) | set_by, values


def _set(drawn: Draws, path: str) -> Bool:
    """In which draws a reading sets an estimate."""
    out = np.zeros(drawn.n, dtype=np.bool_)
    for party, readings in drawn.case.file.readings.items():
        for k, reading in enumerate(readings):
            if path in reading.sets:
                out |= (drawn.reading(party) == k) & drawn.entry_stands(reading)
    return out


# ---- orders of states ----------------------------------------------------------------------------------------------


def _direct(drawn: Draws, conflict: Conflict, party: str, ranking: Ranking, rows: Rows) -> Ranks:
    tiers = [[conflict.places[n] for n in tier] for tier in ranking.ranking]
    stated = direct(tiers, states=len(conflict))
    stands = drawn.stands(_outer(conflict, ranking))[rows]
    if stands.all():
        return np.repeat(stated[None], len(stands), axis=0)
    return np.where(stands[:, None], stated, _any_order(drawn, conflict, party, rows)).astype(np.int32)


def _any_order(drawn: Draws, conflict: Conflict, party: str, rows: Rows) -> Ranks:
    """A strict order of all states, any of them equally likely, from the party's own stream."""
    which = (np.arange(drawn.n) if drawn.pick is None else drawn.pick)[rows]
    first, last = (int(which[0]), int(which[-1])) if len(which) else (0, -1)
    size = len(conflict)
    stream = f"standoff.rankings.{party}/states"
    keys = uniforms(drawn.seed, stream, (last - first + 1) * size, start=first * size)
    return dense(keys.reshape(-1, size)[which - first])


__all__ = ["Counting", "Pairs", "Ranks", "crisp", "drawn_rankings", "pairs", "profiles", "statements"]
