"""Where there is no zone: which red lines keep it shut, which package comes nearest, and whether money would help."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from zopa.analysis._zone_lines import Lined, claims_behind, line_name
from zopa.case.bargaining import Bargaining
from zopa.case.case import Case
from zopa.case.draws import Draws
from zopa.case.evidence import Bool
from zopa.case.names import package_ids, package_name, party_name
from zopa.estimate import Array
from zopa.methods.empty_zone import Nearest, Transfers, least_transfers, nearest_packages
from zopa.methods.red_lines import openings
from zopa.result import FEW, Table, ends, footing, percent
from zopa.words import Language, joined, say

LISTED = 5
"""Sets of red lines, packages and payers listed: the most frequent ones."""


@dataclass(frozen=True, slots=True)
class Part:
    """A share of the draws without a zone, with its 5–95 % range over the grade table."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Spread:
    """A number over draws: its median, and what 5 and 95 % of the draws stay below."""

    mid: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class LiftRow:
    """Red lines whose lifting would open a zone, of the draws without one.

    ``lift``: ``smallest`` share in which they are a smallest set (no fewer of them do), ``opens`` share in which
    lifting them is enough. ``no-lift``: ``lines`` are all there are, and lifting all does not open a zone in the share
    ``smallest``; ``opens`` is the rest.
    """

    measure: Literal["lift", "no-lift"]
    lines: tuple[str, ...]
    smallest: Part
    opens: Part
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NearRow:
    """How near a package comes with all red lines kept, of the draws without a zone.

    ``nearest``: with the smallest largest shortfall; without a ``package`` over all these draws, with one over those in
    which it is the nearest. ``shortfall`` by party, on its own 0–1 scale. ``no-package``: red lines leave none.
    ``zero``: the same share of the draws without a zone at total ignorance, and ``shortfall_zero`` their median
    shortfall by party, both None where such draws are too few, the latter also on rows of single packages.
    """

    measure: Literal["nearest", "no-package"]
    package: Mapping[str, str] | None
    options: tuple[int, ...] | None
    share: Part
    shortfall: Mapping[str, Spread]
    zero: float | None
    shortfall_zero: Mapping[str, float] | None
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """Money that would open a zone, of the draws without one.

    ``pays`` and ``receives``: who does; empty for whoever it is. ``amount``: least money in the currency's own units;
    ``package`` most often the one that needs least.
    """

    measure: Literal["payment"]
    pays: tuple[str, ...]
    receives: tuple[str, ...]
    share: Part
    amount: Spread | None
    package: Mapping[str, str] | None
    because: tuple[str, ...]


EmptyRow = LiftRow | NearRow | PaymentRow


def emptiness(
    drawn: Draws,
    lined: Lined,
    zone: Bool,
    because: tuple[str, ...],
    *,
    blank: tuple[Bargaining, Bool],
) -> tuple[tuple[LiftRow, ...], tuple[NearRow, ...], tuple[PaymentRow, ...]]:
    """All there is to say of the draws without a ``zone``; nothing where they are fewer than ``FEW``.

    ``blank``: the problem at total ignorance, and in which of its draws there is a zone.
    """
    empty = ~zone
    if empty.sum() < FEW:
        return (), (), ()
    problem, near = lined.problem, _nearest_of(lined.problem, empty)
    zero = _nearest_of(blank[0], ~blank[1]) if (~blank[1]).sum() >= FEW else None
    money: tuple[PaymentRow, ...] = ()
    if drawn.case.file.currency is not None:
        at, (worth, most) = np.flatnonzero(empty), currency(drawn)
        values, vetoes = [v[at] for v in problem.values], [v[at] for v in problem.vetoes]
        paid = least_transfers(values, vetoes, problem.reserve[at], worth=worth[at], most=most[at])
        money = _payments(drawn, problem, paid, empty)
    return _lifts(drawn, lined, empty), _nearest(drawn, problem, near, empty, because, zero), money


def _nearest_of(problem: Bargaining, empty: Bool) -> Nearest:
    """The nearest packages of the draws without a zone."""
    at = np.flatnonzero(empty)
    values, vetoes = [v[at] for v in problem.values], [v[at] for v in problem.vetoes]
    return nearest_packages(values, vetoes, problem.reserve[at])


def currency(drawn: Draws) -> tuple[Array, Array]:
    """(D, P) worth of a unit of the case's currency, 0 for whom it names none; (D,) the most that can be paid."""
    file = drawn.case.file
    assert file.currency is not None
    worth = [
        drawn.number(f"currency.worth.{p}") if p in file.currency.worth else np.zeros(drawn.n)
        for p in drawn.table.parties
    ]
    most = np.full(drawn.n, np.inf) if file.currency.most is None else drawn.number("currency.most")
    return np.stack(worth, axis=1), most


def part(drawn: Draws, empty: Bool, within: Bool) -> Part:
    """The share of the empty draws, all told by ``empty``, that are ``within``, told by an array over the empty ones.

    The range is that of the ratio over the grade table, as for the share of a reading's draws.
    """
    value = float(within.mean())
    apart = np.zeros(drawn.n)
    apart[empty] = within - value
    spread, weight = drawn.interval(apart, legal=None), float(empty.mean())
    low, high = min(spread.low, 0.0) / weight, max(spread.high, 0.0) / weight
    return Part(value, max(0.0, value + low), min(1.0, value + high))


def _spread(series: Array) -> Spread:
    low, mid, high = (float(v) for v in np.quantile(series, (0.05, 0.5, 0.95)))
    return Spread(mid, low, high)


def _lifts(drawn: Draws, lined: Lined, empty: Bool) -> tuple[LiftRow, ...]:
    if not lined.lines:
        return ()
    at = np.flatnonzero(empty)
    lines = [replace(line, absolute=line.absolute[at], cost=line.cost[at]) for line in lined.lines]
    found = openings(
        [v[at] for v in lined.values], [v[at] for v in lined.vetoes], lines, lined.problem.reserve[at]
    )
    counts = Counter(lifted for row in found for lifted in row)
    rows = []
    for lifted, _ in sorted(counts.items(), key=lambda item: (-item[1], sorted(item[0])))[:LISTED]:
        keys = tuple(lined.keys[k] for k in sorted(lifted))
        smallest = np.array([lifted in row for row in found])
        opens = np.array([any(other <= lifted for other in row) for row in found])
        claims = claims_behind(drawn, keys)
        rows.append(LiftRow("lift", keys, part(drawn, empty, smallest), part(drawn, empty, opens), claims))
    shut = np.array([not row for row in found])
    claims = claims_behind(drawn, lined.keys)
    last = LiftRow("no-lift", lined.keys, part(drawn, empty, shut), part(drawn, empty, ~shut), claims)
    return (*rows, last)


def _nearest(
    drawn: Draws,
    problem: Bargaining,
    near: Nearest,
    empty: Bool,
    because: tuple[str, ...],
    zero: Nearest | None,
) -> tuple[NearRow, ...]:
    possible, file = near.possible, drawn.case.file
    left = None if zero is None else float(zero.possible.mean())
    rows = []
    if possible.any():
        share, short = part(drawn, empty, possible), _shortfalls(problem, near, possible)
        blank = None if zero is None or not left else _medians(problem, zero)
        rows.append(NearRow("nearest", None, None, share, short, left, blank, because))
        counts = Counter(tuple(int(k) for k in row) for row in near.packages[possible])
        for picked, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:LISTED]:
            mine = (near.packages == picked).all(axis=1)
            options = problem.package(picked)
            rows.append(
                NearRow(
                    "nearest",
                    package_ids(file, options),
                    options,
                    part(drawn, empty, mine),
                    _shortfalls(problem, near, mine),
                    None
                    if zero is None
                    else float((zero.possible & (zero.packages == picked).all(axis=1)).mean()),
                    None,
                    because,
                )
            )
    if not possible.all():
        share = part(drawn, empty, ~possible)
        rows.append(
            NearRow("no-package", None, None, share, {}, None if left is None else 1 - left, None, because)
        )
    return tuple(rows)


def _shortfalls(problem: Bargaining, near: Nearest, which: Bool) -> dict[str, Spread]:
    return {p: _spread(near.shortfall[which, k]) for k, p in enumerate(problem.table.parties)}


def _medians(problem: Bargaining, near: Nearest) -> dict[str, float]:
    middle = np.median(near.shortfall[near.possible], axis=0)
    return dict(zip(problem.table.parties, map(float, middle), strict=True))


def _payments(drawn: Draws, problem: Bargaining, paid: Transfers, empty: Bool) -> tuple[PaymentRow, ...]:
    parties, file = problem.table.parties, drawn.case.file
    claims = footing(drawn.case, ["currency"]).claims
    possible = paid.possible
    # Who pays whom, as two sets of parties, in the draws in which money helps.
    signs = [tuple(int(np.sign(round(v, 9))) for v in row) for row in paid.received[possible]]
    kinds = np.full(len(possible), "", dtype=object)
    kinds[possible] = ["".join("-0+"[s + 1] for s in row) for row in signs]
    counts = Counter(kind for kind in kinds if kind)
    order = ["", *sorted(counts, key=lambda kind: (-counts[kind], kind))[:LISTED]]
    rows = []
    for kind in order if possible.any() else [""]:
        mine = possible if kind == "" else np.array(kinds == kind, dtype=np.bool_)
        package, amount = None, None
        if mine.any():
            often = Counter(tuple(int(k) for k in row) for row in paid.packages[mine])
            picked = min(often, key=lambda p: (-often[p], p))
            package, amount = package_ids(file, problem.package(picked)), _spread(paid.amount[mine])
        pays, receives = (tuple(p for p, s in zip(parties, kind, strict=False) if s == sign) for sign in "-+")
        rows.append(PaymentRow("payment", pays, receives, part(drawn, empty, mine), amount, package, claims))
    return tuple(rows)


# -- tables ----------------------------------------------------------------------------------------------------------


def share_cell(share: Part) -> str:
    """A share of the empty draws in a table: "65% (55–80)"."""
    return f"{percent(share.value)}% ({ends(share.low, share.high)})"


def zero_cell(zero: float | None) -> str:
    """A zero line in a table; a dash where there is none."""
    return "—" if zero is None else f"{percent(zero)}%"


def spread_cell(spread: Spread) -> str:
    """A number over draws in a table: ".05 (.01–.12)"."""
    return f"{spread.mid:.2f} ({spread.low:.2f}–{spread.high:.2f})"


def lift_table(case: Case, rows: Sequence[LiftRow], lang: Language) -> Table:
    """Which red lines would have to go, in the draws without a zone."""
    columns = tuple(say(f"zone.column-{c}", lang) for c in ("lines", "smallest", "opens"))
    mark = "；" if lang == "zh" else "; "
    cells = []
    for row in rows:
        if row.measure == "no-lift":
            cells.append((say("zone.no-lift", lang), share_cell(row.smallest), "—"))
        else:
            named = mark.join(line_name(case.file, key, lang) for key in row.lines)
            cells.append((named, share_cell(row.smallest), share_cell(row.opens)))
    return Table(say("zone.caption-lift", lang), columns, tuple(cells), tuple(row.because for row in rows))


def near_table(case: Case, rows: Sequence[NearRow], lang: Language) -> Table:
    """Which package comes nearest, and how far each side is from accepting it."""
    parties = [party_name(case.file, p, lang) for p in case.negotiators]
    columns = (
        say("zone.column-nearest", lang),
        say("zone.column-of-empty", lang),
        say("zone.column-zero", lang),
        *(say("zone.column-short", lang, party=p) for p in parties),
    )
    cells = []
    for row in rows:
        name = say("zone.no-package" if row.measure == "no-package" else "zone.any-nearest", lang)
        if row.options is not None:
            name = package_name(case.file, row.options, lang)
        short = (_short(row, p, lang) for p in case.negotiators)
        cells.append((name, share_cell(row.share), zero_cell(row.zero), *short))
    return Table(say("zone.caption-nearest", lang), columns, tuple(cells), tuple(row.because for row in rows))


def _short(row: NearRow, party: str, lang: Language) -> str:
    if not row.shortfall:
        return "—"
    told = spread_cell(row.shortfall[party])
    if row.shortfall_zero is None:
        return told
    return say("zone.short", lang, short=told, zero=f"{row.shortfall_zero[party]:.2f}")


def payment_table(case: Case, rows: Sequence[PaymentRow], lang: Language) -> Table:
    """Who would have to pay whom, and how much at the least."""
    money = case.file.currency
    assert money is not None
    unit = money.name.get(lang)
    columns = tuple(say(f"zone.column-{c}", lang, unit=unit) for c in ("payment", "of-empty", "amount"))
    cells = []
    for row in rows:
        pays, gets = (
            joined([party_name(case.file, p, lang) for p in who], lang) for who in (row.pays, row.receives)
        )
        name = say("zone.pays", lang, pays=pays, gets=gets) if row.pays else say("zone.any-payment", lang)
        cells.append((name, share_cell(row.share), spread_cell(row.amount) if row.amount else "—"))
    return Table(say("zone.caption-payment", lang), columns, tuple(cells), tuple(row.because for row in rows))
