"""One package, baskets or issue by issue: what all accept in the end, and what linking the issues is worth to each."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from zopa.analysis._agenda_measure import Scope, held, scope_of, spaced, spread_of_part
from zopa.case.bargaining import Bargaining
from zopa.case.case import Case
from zopa.case.draws import Draws, Evidence
from zopa.case.evidence import Bool
from zopa.estimate import Array
from zopa.methods.sequences import MAX_HISTORIES, Ending, sequence
from zopa.result import Chance, chance_of

COURSES = 12_000_000
"""Packages times draws up to which every course of the talks is looked through; with more packages on fewer draws."""
LEAST_DRAWS = 150
"""Draws below which nothing is said of sequences."""
ORDERED = 20_000_000
"""Packages times draws times orders for the comparison of orders, and the fewest draws it is made on."""
ENOUGH = 200

Kind = Literal["package", "baskets", "issues"]
Judged = Literal["whole", "apart", "ahead"]


@dataclass(frozen=True, slots=True)
class Spread:
    """A mean over draws with its 5–95 % range over the grade table."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class SequenceRow:
    """One way to take the issues in turn.

    ``judged``: each basket on its own merits (``apart``), by what the whole comes to (``ahead``), or all at once
    (``whole``). ``accepted``: all sides at or above their walk-away value in the end. ``gain`` by party: expected
    utility above walking away; ``linkage``: how much more one package would give, None for the package itself;
    ``gain_zero`` and ``linkage_zero``: both without any evidence.
    """

    kind: Kind
    judged: Judged
    baskets: tuple[tuple[str, ...], ...]
    accepted: Chance
    gain: Mapping[str, Spread]
    gain_zero: Mapping[str, float]
    linkage: Mapping[str, Spread] | None
    linkage_zero: Mapping[str, float] | None
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrderRow:
    """What the order of issues means to a party that looks ahead: its best and worst order, its gain in both, and the
    difference draw by draw with its Monte Carlo standard ``error``; each beside its zero line. The two are picked among
    all ``orders`` on half of ``draws`` draws, and ``measured`` on so many others.
    """

    party: str
    best: tuple[str, ...]
    best_gain: Spread
    best_zero: float
    worst: tuple[str, ...]
    worst_gain: Spread
    worst_zero: float
    difference: Spread
    difference_zero: float
    error: float
    orders: int
    draws: int
    measured: int


Groups = tuple[tuple[int, ...], ...]
"""Baskets of groups of joined issues, by their places."""


def draws_for(whole: Bargaining, draws: int) -> int:
    """On how many draws sequences can be looked through; 0 where issues are too many, or all hang together."""
    able = min(draws, COURSES // whole.packages)
    enough = able >= min(draws, LEAST_DRAWS) and whole.packages <= MAX_HISTORIES
    return able if enough and len(whole.joined) > 1 else 0


def sequences_of(
    ways: Mapping[Evidence, Draws], problems: Mapping[Evidence, Bargaining], because: tuple[str, ...]
) -> tuple[tuple[SequenceRow, ...], tuple[OrderRow, ...]]:
    """All sequences, the package first, and what the order of single issues means where orders are few enough."""
    whole, drawn = problems["all"], ways["all"]
    groups = range(len(whole.joined))
    ranked = _by_importance(drawn, whole)
    single: Groups = tuple((g,) for g in ranked)
    plans: list[tuple[Kind, Judged, Groups]] = [("package", "whole", (tuple(groups),))]
    baskets = _baskets(drawn, whole, ranked)
    if baskets is not None:
        plans += [("baskets", "apart", baskets), ("baskets", "ahead", baskets)]
    plans += [("issues", "apart", single), ("issues", "ahead", single)]
    ended = [
        {e: _ending(ways[e], problems[e], plan, ahead=judged != "apart") for e in ways}
        for _, judged, plan in plans
    ]
    first = ended[0]
    rows = []
    for (kind, judged, plan), ends in zip(plans, ended, strict=True):
        one, end = kind == "package", {e: ends[e].utilities for e in ways}
        rows.append(
            SequenceRow(
                kind=kind,
                judged=judged,
                baskets=tuple(_named(whole, basket) for basket in plan),
                accepted=chance_of({e: end.accepted for e, end in ends.items()}, ways),
                gain=_spreads(drawn, end["all"] - whole.reserve),
                gain_zero=_means(drawn, end["none"] - problems["none"].reserve),
                linkage=None if one else _spreads(drawn, first["all"].utilities - end["all"]),
                linkage_zero=None if one else _means(drawn, first["none"].utilities - end["none"]),
                because=because,
            )
        )
    return tuple(rows), _orders(ways, problems)


def _spreads(drawn: Draws, series: np.ndarray) -> dict[str, Spread]:
    out = {}
    for p, party in enumerate(drawn.table.parties):
        found = drawn.interval(series[:, p], legal=None)
        out[party] = Spread(found.mean, found.low, found.high)
    return out


def _means(drawn: Draws, series: np.ndarray) -> dict[str, float]:
    return dict(zip(drawn.table.parties, map(float, series.mean(axis=0)), strict=True))


def _named(whole: Bargaining, basket: Sequence[int]) -> tuple[str, ...]:
    return tuple(whole.table.issues[i] for i in sorted(i for g in basket for i in whole.joined[g]))


def _own(case: Case) -> list[Scope]:
    """The case's own agendas, the shortest first."""
    return sorted((scope_of(case, name) for name in case.file.agendas), key=lambda s: len(s.issues))


def _homes(drawn: Draws, whole: Bargaining) -> NDArray[np.int64]:
    """(D, groups): where each stays that is left as it is. An issue stays where the shortest agenda that freezes it
    says, and at its status quo where none does."""
    fixed: dict[int, NDArray[np.int64]] = {}
    for scope in _own(drawn.case):
        fixed = held(drawn, scope) | fixed
    out = np.empty((drawn.n, len(whole.joined)), dtype=np.int64)
    for g, (group, options) in enumerate(zip(whole.joined, whole.options, strict=True)):
        stays = np.stack([fixed.get(i, np.full(drawn.n, whole.table.status_quo[i])) for i in group], axis=1)
        cases, which = np.unique(stays, axis=0, return_inverse=True)
        places = [int((options == case).all(axis=1).argmax()) for case in cases]
        out[:, g] = np.array(places)[which.ravel()]
    return out


def _blocked(drawn: Draws, whole: Bargaining, plan: Groups) -> Bool:
    """(D, baskets): whether somebody will not discuss an issue of the basket."""
    parts = [[i for g in basket for i in whole.joined[g]] for basket in plan]
    return np.stack([drawn.table.refuses[:, :, part].any(axis=(1, 2)) for part in parts], axis=1)


def _ending(drawn: Draws, whole: Bargaining, plan: Groups, *, ahead: bool) -> Ending:
    return sequence(
        whole.values,
        whole.vetoes,
        whole.reserve,
        _homes(drawn, whole),
        baskets=plan,
        blocked=_blocked(drawn, whole, plan),
        ahead=ahead,
        threads=1,
    )


def _by_importance(drawn: Draws, whole: Bargaining) -> list[int]:
    """Groups from the one that matters most to the parties on average."""
    weights = drawn.table.weights.mean(axis=(0, 1))
    worth = [sum(float(weights[i]) for i in group) for group in whole.joined]
    return sorted(range(len(worth)), key=lambda g: (-round(worth[g], 12), g))


def _baskets(drawn: Draws, whole: Bargaining, ranked: Sequence[int]) -> Groups | None:
    """The case's agendas one after the other, the shortest first, then the rest; without agendas that part the issues
    the weightier half first. None where that is the package, or issue by issue."""
    case, left = drawn.case, list(range(len(whole.joined)))
    out: list[tuple[int, ...]] = []
    for scope in _own(case):
        here = tuple(g for g in left if any(whole.table.issues[i] in scope.issues for i in whole.joined[g]))
        out += [here] if here else []
        left = [g for g in left if g not in here]
    out += [tuple(left)] if left else []
    if len(out) == 1:
        half = math.ceil(len(ranked) / 2)
        out = [tuple(sorted(ranked[:half])), tuple(sorted(ranked[half:]))]
    return None if all(len(basket) == 1 for basket in out) else tuple(out)


def _orders(ways: Mapping[Evidence, Draws], problems: Mapping[Evidence, Bargaining]) -> tuple[OrderRow, ...]:
    """Every order of single issues for those who look ahead; nothing where orders are too many."""
    drawn, whole = ways["all"], problems["all"]
    count = math.factorial(len(whole.joined))
    draws = min(drawn.n, ORDERED // (whole.packages * count))
    if draws < min(ENOUGH, drawn.n):
        return ()
    rows = spaced(drawn.n, draws)
    values, vetoes = [v[rows] for v in whole.values], [v[rows] for v in whole.vetoes]
    reserve, homes = whole.reserve[rows], _homes(drawn, whole)[rows]
    orders = list(permutations(range(len(whole.joined))))
    gains = np.empty((len(orders), *reserve.shape))
    for k, order in enumerate(orders):
        plan = tuple((g,) for g in order)
        blocked = _blocked(drawn, whole, plan)[rows]
        end = sequence(values, vetoes, reserve, homes, baskets=plan, blocked=blocked, threads=1)
        gains[k] = end.utilities - reserve
    # Picked on half of these draws and measured on all others: the best of many orders is flattered by chance.
    half = gains[:, ::2]
    others = np.setdiff1d(np.arange(drawn.n), rows[::2])
    in_order = _InOrder(ways, problems, others if len(others) else rows)
    out = []
    for p, party in enumerate(drawn.table.parties):
        # Of orders that differ by rounding alone the first in the case's own order is named.
        told = np.round(half[:, :, p].mean(axis=1), 12)
        picked = [orders[int(told.argmax())], orders[int(told.argmin())]]
        out.append(in_order.row(p, party, picked, orders=len(orders), draws=len(rows)))
    return tuple(out)


@dataclass
class _InOrder:
    """Measures what an order of the issues is worth, on some ``rows`` of the draws."""

    ways: Mapping[Evidence, Draws]
    problems: Mapping[Evidence, Bargaining]
    rows: NDArray[np.int64]

    def __post_init__(self) -> None:
        self._known: dict[tuple[int, ...], dict[Evidence, Array]] = {}

    def gains(self, order: tuple[int, ...]) -> dict[Evidence, Array]:
        """(D, P) utility above walking away, as the case stands and without any evidence."""
        if order not in self._known:
            plan = tuple((g,) for g in order)
            ways: tuple[Evidence, ...] = ("all", "none")
            self._known[order] = {
                e: _ending(self.ways[e], self.problems[e], plan, ahead=True).utilities
                - self.problems[e].reserve
                for e in ways
            }
        return self._known[order]

    def row(
        self, p: int, party: str, picked: Sequence[tuple[int, ...]], *, orders: int, draws: int
    ) -> OrderRow:
        """What the best and the worst order are worth to one party."""
        drawn, whole = self.ways["all"], self.problems["all"]
        found = [self.gains(order) for order in picked]
        series = [gains["all"][self.rows, p] for gains in found]
        apart = series[0] - series[1]
        spreads = [Spread(*spread_of_part(drawn, part, self.rows, legal=None)) for part in (*series, apart)]
        zeros = [float(gains["none"][:, p].mean()) for gains in found]
        names = [tuple(i for g in order for i in _named(whole, (g,))) for order in picked]
        return OrderRow(
            party=party,
            best=names[0],
            best_gain=spreads[0],
            best_zero=zeros[0],
            worst=names[1],
            worst_gain=spreads[1],
            worst_zero=zeros[1],
            difference=spreads[2],
            difference_zero=zeros[0] - zeros[1],
            error=float(apart.std() / np.sqrt(len(apart))),
            orders=orders,
            draws=draws,
            measured=len(self.rows),
        )
