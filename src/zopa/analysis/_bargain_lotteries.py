"""Lotteries between packages, a named mode: the Nash and Kalai–Smorodinsky solutions on the convex hull."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from zopa.analysis._bargain_common import by_party, evenly, one_draw
from zopa.case.bargaining import Bargaining
from zopa.case.case import Case
from zopa.case.names import package_ids, package_name, party_name
from zopa.estimate import Array
from zopa.methods.frontier import frontier
from zopa.methods.hull_solutions import Lottery, lottery_kalai_smorodinsky, lottery_nash
from zopa.result import Table
from zopa.words import Language, say, term

FOR_TWO, FOR_MORE = 300, 60
"""Draws solved, evenly spread: for two parties, and for more, where each takes some thirty linear programs."""

RULES: Mapping[str, Callable[[Array, Array], Lottery | None]] = {
    "nash": lottery_nash,
    "kalai_smorodinsky": lottery_kalai_smorodinsky,
}


@dataclass(frozen=True, slots=True)
class LotteryRow:
    """A reference point with lotteries between packages.

    Expected ``utilities`` by party: the number itself where nothing is uncertain, else the median over solved draws
    in which some lottery suits all, with the 5th and 95th percentile. ``mixed``: packages with their shares, where
    nothing is uncertain. ``zones`` of ``draws`` solved draws have such a lottery.
    """

    solution: str
    utilities: Mapping[str, float]
    low: Mapping[str, float] | None
    high: Mapping[str, float] | None
    mixed: tuple[tuple[Mapping[str, str], float], ...]
    options: tuple[tuple[int, ...], ...]
    draws: int
    zones: int
    because: tuple[str, ...]


def lottery_rows(case: Case, problem: Bargaining, because: tuple[str, ...]) -> tuple[LotteryRow, ...]:
    """The solutions on the convex hull of all packages that nobody vetoes, one row a rule."""
    draws, parties = problem.reserve.shape
    at = evenly(draws, 1 if problem.certain else FOR_TWO if parties == 2 else FOR_MORE).at
    curves = []
    for d in at:
        values, vetoes = one_draw(problem, int(d))
        # Not cut off at the walk-away values: a package below them may be part of a lottery above them.
        curves.append(frontier(values, vetoes=vetoes))
    rows = []
    for name, rule in RULES.items():
        answers = [rule(c.points, problem.reserve[d]) for c, d in zip(curves, at, strict=True)]
        found = [a for a in answers if a is not None]
        if not found:
            rows.append(LotteryRow(name, {}, None, None, (), (), len(at), 0, because))
            continue
        points = np.array([a.utilities for a in found])
        low, mid, high = (
            by_party(case.negotiators, q) for q in np.quantile(points, [0.05, 0.5, 0.95], axis=0)
        )
        sure = problem.certain
        options = tuple(problem.package(curves[0].packages[r]) for r in found[0].rows) if sure else ()
        shares = found[0].shares.tolist() if sure else []
        mixed = [(package_ids(case.file, o), float(s)) for o, s in zip(options, shares, strict=True)]
        least, most = (None, None) if sure else (low, high)
        rows.append(LotteryRow(name, mid, least, most, tuple(mixed), options, len(at), len(found), because))
    return tuple(rows)


def lottery_table(
    case: Case,
    found: Sequence[LotteryRow],
    number: Callable[[LotteryRow, str, Language], str],
    lang: Language,
) -> Table:
    """Rule, expected utilities, and what is mixed where nothing is uncertain."""
    parties = case.negotiators
    columns = (
        say("bargain.column-rule", lang),
        *(say("bargain.column-expected", lang, party=party_name(case.file, p, lang)) for p in parties),
        say("bargain.column-mixed", lang),
        say("bargain.column-zones", lang),
    )
    rows = []
    for row in found:
        numbers = [number(row, p, lang) if row.utilities else "—" for p in parties]
        mixed = [
            say("bargain.mixed", lang, share=f"{100 * share:.1f}", package=package_name(case.file, o, lang))
            for o, (_, share) in zip(row.options, row.mixed, strict=True)
        ]
        told = say("bargain.semicolon", lang).join(mixed) or "—"
        rows.append((term(row.solution, lang), *numbers, told, f"{row.zones} / {row.draws}"))
    return Table(
        say("bargain.caption-lotteries", lang), columns, tuple(rows), tuple(r.because for r in found)
    )
