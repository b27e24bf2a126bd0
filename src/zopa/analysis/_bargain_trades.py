"""Logrolling: which concession of one side on one issue could be traded for one of another side on another issue?

Raiffa (1982): two sides that do not mind the same issues most gain by each giving way where it minds less. A trade is
judged against meeting half-way on both issues, or tossing a coin for each: it is worth more to a side than it gives
where the issue it wins matters more to it than the issue it leaves.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations, permutations

import numpy as np
from numpy.typing import NDArray

from zopa.analysis._bargain_common import by_party
from zopa.case.bargaining import Bargaining
from zopa.case.case import Case
from zopa.case.draws import Draws, Evidence
from zopa.case.evidence import Bool
from zopa.case.names import issues_named, option_name, party_name
from zopa.estimate import Array
from zopa.result import Chance, Table, cell, chance_of, percent
from zopa.words import Language, joined, say

SHOWN = 5
"""Trades listed: those that are worth it most often."""
LEAST = 1e-9
"""Stakes and differences below this are none."""


@dataclass(frozen=True, slots=True)
class Trade:
    """Two concessions for each other: ``first`` gives way on ``yields``, ``second`` on ``takes`` in return.

    Each issue goes all the way to what the other side wants there, of what nobody rejects for good; ``yields`` and
    ``takes`` name the options that this most often is. ``chance``: that both get more than they give. ``gains`` by
    party: what winning the one issue is worth more than leaving the other, the median of the draws in which it holds.
    """

    first: str
    yields: Mapping[str, str]
    second: str
    takes: Mapping[str, str]
    chance: Chance
    gains: Mapping[str, float]
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Stakes:
    """By group and party: the best combination that nobody rejects (D, P), and what every party has of it (D, P, P):
    ``worth[g][:, p, q]`` is what p has where q gets its way; NaN where everything is rejected."""

    best: list[NDArray[np.int64]]
    worth: list[Array]

    def at_stake(self, group: int, p: int, q: int) -> Array:
        """(D,): what p has more when it gets its way than when q does."""
        return np.asarray(self.worth[group][:, p, p] - self.worth[group][:, p, q])


def _stakes(problem: Bargaining) -> _Stakes:
    best, worth = [], []
    for v, veto in zip(problem.values, problem.vetoes, strict=True):
        closed: Bool = np.asarray(veto.any(axis=1))
        open_values = np.where(closed[:, None, :], -np.inf, v)
        wanted = open_values.argmax(axis=2)
        found = np.take_along_axis(v, wanted[:, None, :], axis=2)
        best.append(wanted)
        worth.append(np.where(np.asarray(closed.all(axis=1))[:, None, None], np.nan, found))
    return _Stakes(best, worth)


def _surplus(stakes: _Stakes, x: int, y: int, p: int, q: int) -> tuple[Array, Array, Bool]:
    """Of p leaving x for y: what it adds for each, and whether both want opposite things and gain."""
    for_p = stakes.at_stake(y, p, q) - stakes.at_stake(x, p, q)
    for_q = stakes.at_stake(x, q, p) - stakes.at_stake(y, q, p)
    least = np.minimum(stakes.at_stake(x, p, q), stakes.at_stake(y, q, p))
    # NaN, where everything on an issue is rejected, compares as no.
    return for_p, for_q, (least > LEAST) & (for_p > LEAST) & (for_q > LEAST)


def trades(
    case: Case,
    problems: Mapping[Evidence, Bargaining],
    ways: Mapping[Evidence, Draws],
    because: tuple[str, ...],
) -> tuple[Trade, ...]:
    """The trades that are worth it most often, at most ``SHOWN``."""
    stakes = {e: _stakes(p) for e, p in problems.items()}
    problem, full = problems["all"], stakes["all"]
    pairs = [
        (x, y, p, q)
        for x, y in permutations(range(len(problem.joined)), 2)
        for p, q in combinations(range(len(case.negotiators)), 2)
    ]
    rank = {pair: _rank(full, pair) for pair in pairs}
    top = sorted((pair for pair in pairs if rank[pair][0] < 0), key=lambda pair: rank[pair])[:SHOWN]
    return tuple(_trade(case, problem, stakes, ways, pair, because) for pair in top)


def _rank(stakes: _Stakes, pair: tuple[int, int, int, int]) -> tuple[float, float]:
    """The trades that hold most often come first, of equals the one whose smaller gain is larger on average."""
    for_p, for_q, holds = _surplus(stakes, *pair)
    least = np.minimum(for_p, for_q)[holds]
    return -float(holds.mean()), -float(np.round(least.mean(), 9)) if len(least) else 0.0


def _trade(
    case: Case,
    problem: Bargaining,
    stakes: Mapping[Evidence, _Stakes],
    ways: Mapping[Evidence, Draws],
    pair: tuple[int, int, int, int],
    because: tuple[str, ...],
) -> Trade:
    x, y, p, q = pair
    full = stakes["all"]
    for_p, for_q, holds = _surplus(full, *pair)
    chosen = np.stack([full.best[x][holds, q], full.best[y][holds, p]], axis=1)
    counted = Counter(map(tuple, chosen.tolist()))
    k, j = min(counted, key=lambda both: (-counted[both], both))
    parties = [case.negotiators[p], case.negotiators[q]]
    middle = np.median(np.stack([for_p[holds], for_q[holds]]), axis=1)
    return Trade(
        first=parties[0],
        yields=_settled(case, problem, x, k),
        second=parties[1],
        takes=_settled(case, problem, y, j),
        chance=chance_of({e: _surplus(s, *pair)[2] for e, s in stakes.items()}, ways),
        gains=by_party(parties, middle),
        because=because,
    )


def _settled(case: Case, problem: Bargaining, group: int, combination: int) -> Mapping[str, str]:
    """The issues of a group with the option that each has in a combination."""
    issues = list(case.file.issues.items())
    picked = zip(problem.joined[group], problem.options[group][combination], strict=True)
    return {issues[i][0]: issues[i][1].options[int(k)].id for i, k in picked}


def sentence(case: Case, trade: Trade, lang: Language) -> str:
    """The trade in words."""
    file = case.file
    named = {}
    for key, settled in (("x", trade.yields), ("y", trade.takes)):
        named[f"issue_{key}"] = issues_named(file, list(settled), lang)
        named[f"option_{key}"] = joined([option_name(file, i, o, lang) for i, o in settled.items()], lang)
    sides = {k: party_name(file, p, lang) for k, p in (("first", trade.first), ("second", trade.second))}
    return say("bargain.trade", lang, **sides, **named)


def trade_table(case: Case, found: tuple[Trade, ...], lang: Language) -> Table:
    """The trades in words, how often each is worth it, and what it adds."""
    columns = tuple(say(f"bargain.column-{c}", lang) for c in ("trade", "worth", "cited", "zero", "adds"))
    space = "" if lang == "zh" else " "
    rows = tuple(
        (
            sentence(case, trade, lang),
            cell(trade.chance),
            f"{percent(trade.chance.cited)}%",
            f"{percent(trade.chance.zero)}%",
            joined(
                [f"{party_name(case.file, p, lang)}{space}+{g:.2f}" for p, g in trade.gains.items()], lang
            ),
        )
        for trade in found
    )
    return Table(say("bargain.caption-trades", lang), columns, rows, tuple(t.because for t in found))
