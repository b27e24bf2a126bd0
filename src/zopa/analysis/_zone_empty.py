"""Where there is no zone: which red lines keep it shut, which package comes nearest, and whether money would help."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from zopa.analysis._zone_lines import Lined, claims_behind, line_name
from zopa.case.bargaining import Bargaining
from zopa.case.case import Case
from zopa.case.draws import Draws, Evidence
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
    ``smallest``; ``opens`` is the rest. ``cited`` and ``opens_cited``: the same shares with every assumed number at
    ignorance, of the draws without a zone then, None where those are too few.
    """

    measure: Literal["lift", "no-lift"]
    lines: tuple[str, ...]
    smallest: Part
    opens: Part
    cited: float | None
    opens_cited: float | None
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NearRow:
    """How near a package comes with all red lines kept, of the draws without a zone.

    ``nearest``: with the smallest largest shortfall; without a ``package`` over all these draws, with one over those in
    which it is the nearest. ``shortfall`` by party, on its own 0–1 scale. ``no-package``: red lines leave none.
    ``cited`` and ``zero``: the same share of the draws without a zone with every assumed number at ignorance, and at
    total ignorance; ``shortfall_zero`` the median shortfall by party of the latter; each None where such draws are too
    few, shortfalls also on rows of single packages.
    """

    measure: Literal["nearest", "no-package"]
    package: Mapping[str, str] | None
    options: tuple[int, ...] | None
    share: Part
    shortfall: Mapping[str, Spread]
    cited: float | None
    zero: float | None
    shortfall_zero: Mapping[str, float] | None
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """Money that would open a zone, of the draws without one.

    ``pays`` and ``receives``: who does; empty for whoever it is. ``amount``: least money in the currency's own units;
    ``package`` most often the one that needs least. ``cited``, ``zero`` and ``amount_zero``, a median, as for packages.
    """

    measure: Literal["payment"]
    pays: tuple[str, ...]
    receives: tuple[str, ...]
    share: Part
    amount: Spread | None
    package: Mapping[str, str] | None
    cited: float | None
    zero: float | None
    amount_zero: float | None
    because: tuple[str, ...]


EmptyRow = LiftRow | NearRow | PaymentRow


@dataclass(frozen=True, eq=False)
class Way:
    """One way to draw the case: its draws, its problem with the red lines apart, and the draws without a zone."""

    drawn: Draws
    lined: Lined
    empty: Bool


@dataclass(frozen=True, eq=False)
class _Found:
    """What there is to say of the draws without a zone of one way: the nearest package, the smallest sets of red lines
    to lift, by key, and money, where the case gives a currency."""

    near: Nearest
    sets: tuple[frozenset[frozenset[str]], ...]
    paid: Transfers | None


def emptiness(
    ways: Mapping[Evidence, Way], because: tuple[str, ...]
) -> tuple[tuple[LiftRow, ...], tuple[NearRow, ...], tuple[PaymentRow, ...]]:
    """All there is to say of the draws without a zone; nothing where they are fewer than ``FEW``."""
    told = {e: _found(way) for e, way in ways.items() if way.empty.sum() >= FEW}
    if "all" not in told:
        return (), (), ()
    way = ways["all"]
    return _lifts(way, told), _nearest(way, told, because), _payments(way, told)


def _found(way: Way) -> _Found:
    at, problem, lined = np.flatnonzero(way.empty), way.lined.problem, way.lined
    values, vetoes, reserve = (
        [v[at] for v in problem.values],
        [v[at] for v in problem.vetoes],
        problem.reserve[at],
    )
    paid = None
    if way.drawn.case.file.currency is not None:
        worth, most = currency(way.drawn)
        paid = least_transfers(values, vetoes, reserve, worth=worth[at], most=most[at])
    sets: tuple[frozenset[frozenset[str]], ...] = (frozenset(),) * len(at)
    if lined.lines:
        lines = [replace(line, absolute=line.absolute[at], cost=line.cost[at]) for line in lined.lines]
        open_ = openings([v[at] for v in lined.values], [v[at] for v in lined.vetoes], lines, reserve)
        sets = tuple(frozenset(frozenset(lined.keys[k] for k in lifted) for lifted in row) for row in open_)
    return _Found(nearest_packages(values, vetoes, reserve), sets, paid)


def _share(found: _Found | None, within: Callable[[_Found], Bool]) -> float | None:
    """A share of the draws without a zone of another way; None where they are too few."""
    return None if found is None else float(within(found).mean())


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


def _lifts(way: Way, told: Mapping[Evidence, _Found]) -> tuple[LiftRow, ...]:
    lined, found = way.lined, told["all"]
    if not lined.lines:
        return ()
    counts = Counter(lifted for row in found.sets for lifted in row)
    place = {key: k for k, key in enumerate(lined.keys)}
    order = sorted(counts, key=lambda lifted: (-counts[lifted], sorted(place[key] for key in lifted)))[
        :LISTED
    ]
    rows = []
    for lifted in order:
        keys = tuple(sorted(lifted, key=place.__getitem__))
        smallest, opens = partial(_is_smallest, lifted=lifted), partial(_opens, lifted=lifted)
        rows.append(_lift_row("lift", way, told, keys, smallest, opens))
    every = frozenset(lined.keys)
    return (*rows, _lift_row("no-lift", way, told, lined.keys, _shut, partial(_opens, lifted=every)))


def _lift_row(
    measure: Literal["lift", "no-lift"],
    way: Way,
    told: Mapping[Evidence, _Found],
    keys: tuple[str, ...],
    smallest: Callable[[_Found], Bool],
    opens: Callable[[_Found], Bool],
) -> LiftRow:
    cited = told.get("cited")
    return LiftRow(
        measure,
        keys,
        part(way.drawn, way.empty, smallest(told["all"])),
        part(way.drawn, way.empty, opens(told["all"])),
        _share(cited, smallest),
        _share(cited, opens),
        claims_behind(way.drawn, keys),
    )


def _is_smallest(found: _Found, *, lifted: frozenset[str]) -> Bool:
    return np.array([lifted in row for row in found.sets])


def _opens(found: _Found, *, lifted: frozenset[str]) -> Bool:
    return np.array([any(other <= lifted for other in row) for row in found.sets])


def _shut(found: _Found) -> Bool:
    return np.array([not row for row in found.sets])


def _nearest(way: Way, told: Mapping[Evidence, _Found], because: tuple[str, ...]) -> tuple[NearRow, ...]:
    drawn, problem, empty, near = way.drawn, way.lined.problem, way.empty, told["all"].near
    cited, zero = told.get("cited"), told.get("none")

    def row(
        measure: Literal["nearest", "no-package"],
        options: tuple[int, ...] | None,
        within: Callable[[_Found], Bool],
    ) -> NearRow:
        mine = within(told["all"])
        there, whole = measure == "nearest", options is None
        return NearRow(
            measure,
            None if options is None else package_ids(drawn.case.file, options),
            options,
            part(drawn, empty, mine),
            _shortfalls(problem, near, mine) if there else {},
            _share(cited, within),
            _share(zero, within),
            _medians(problem, zero.near) if there and whole and zero and zero.near.possible.any() else None,
            because,
        )

    rows = []
    if near.possible.any():
        rows.append(row("nearest", None, lambda found: found.near.possible))
        counts = Counter(tuple(int(k) for k in picked) for picked in near.packages[near.possible])
        for picked, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:LISTED]:
            rows.append(row("nearest", problem.package(picked), partial(_comes_nearest, picked=picked)))
    if not near.possible.all():
        rows.append(row("no-package", None, lambda found: ~found.near.possible))
    return tuple(rows)


def _comes_nearest(found: _Found, *, picked: tuple[int, ...]) -> Bool:
    return np.asarray(found.near.possible & (found.near.packages == picked).all(axis=1))


def _shortfalls(problem: Bargaining, near: Nearest, which: Bool) -> dict[str, Spread]:
    return {p: _spread(near.shortfall[which, k]) for k, p in enumerate(problem.table.parties)}


def _medians(problem: Bargaining, near: Nearest) -> dict[str, float]:
    middle = np.median(near.shortfall[near.possible], axis=0)
    return dict(zip(problem.table.parties, map(float, middle), strict=True))


def _payments(way: Way, told: Mapping[Evidence, _Found]) -> tuple[PaymentRow, ...]:
    drawn, problem, paid = way.drawn, way.lined.problem, told["all"].paid
    if paid is None:
        return ()
    parties, file = problem.table.parties, drawn.case.file
    claims = footing(drawn.case, ["currency"]).claims
    kinds = _kinds(told["all"])
    counts = Counter(kind for kind in kinds if kind)
    order = ["", *sorted(counts, key=lambda kind: (-counts[kind], kind))[:LISTED]]
    zero = told.get("none")
    rows = []
    for kind in order if paid.possible.any() else [""]:
        within = partial(_is_paid, kind=kind)
        mine = within(told["all"])
        package, amount = None, None
        if mine.any():
            often = Counter(tuple(int(k) for k in row) for row in paid.packages[mine])
            picked = min(often, key=lambda p: (-often[p], p))
            package, amount = package_ids(file, problem.package(picked)), _spread(paid.amount[mine])
        pays, receives = (tuple(p for p, s in zip(parties, kind, strict=False) if s == sign) for sign in "-+")
        blank = None
        if kind == "" and zero is not None and zero.paid is not None and zero.paid.possible.any():
            blank = float(np.median(zero.paid.amount[zero.paid.possible]))
        share, cited = part(drawn, way.empty, mine), _share(told.get("cited"), within)
        row = PaymentRow(
            "payment", pays, receives, share, amount, package, cited, _share(zero, within), blank, claims
        )
        rows.append(row)
    return tuple(rows)


def _kinds(found: _Found) -> NDArray[np.object_]:
    """Who pays whom in every draw, as a sign a party: "-+"; empty where money does not help."""
    paid = found.paid
    assert paid is not None
    kinds = np.full(len(paid.possible), "", dtype=object)
    signs = [tuple(int(np.sign(round(v, 9))) for v in row) for row in paid.received[paid.possible]]
    kinds[paid.possible] = ["".join("-0+"[s + 1] for s in row) for row in signs]
    return kinds


def _is_paid(found: _Found, *, kind: str) -> Bool:
    """Draws in which money of some kind opens a zone; of any kind for an empty one."""
    assert found.paid is not None
    return found.paid.possible if kind == "" else np.asarray(_kinds(found) == kind, dtype=np.bool_)


# -- tables ----------------------------------------------------------------------------------------------------------


def share_cell(share: Part) -> str:
    """A share of the empty draws in a table: "65% (55–80)"."""
    return f"{percent(share.value)}% ({ends(share.low, share.high)})"


def zero_cell(zero: float | None) -> str:
    """A zero line, or a value without assumptions, in a table; a dash where there is none."""
    return "—" if zero is None else f"{percent(zero)}%"


def spread_cell(spread: Spread) -> str:
    """A number over draws in a table: ".05 (.01–.12)"."""
    return f"{spread.mid:.2f} ({spread.low:.2f}–{spread.high:.2f})"


def lift_table(case: Case, rows: Sequence[LiftRow], lang: Language) -> Table:
    """Which red lines would have to go, in the draws without a zone."""
    columns = tuple(
        say(f"zone.column-{c}", lang) for c in ("lines", "smallest", "cited", "opens", "opens-cited")
    )
    mark = "；" if lang == "zh" else "; "
    cells = []
    for row in rows:
        if row.measure == "no-lift":
            name, opens = say("zone.no-lift", lang), ("—", "—")
        else:
            name = mark.join(line_name(case.file, key, lang) for key in row.lines)
            opens = (share_cell(row.opens), zero_cell(row.opens_cited))
        cells.append((name, share_cell(row.smallest), zero_cell(row.cited), *opens))
    return Table(say("zone.caption-lift", lang), columns, tuple(cells), tuple(row.because for row in rows))


def near_table(case: Case, rows: Sequence[NearRow], lang: Language) -> Table:
    """Which package comes nearest, and how far each side is from accepting it."""
    parties = [party_name(case.file, p, lang) for p in case.negotiators]
    columns = (
        say("zone.column-nearest", lang),
        *(say(f"zone.column-{c}", lang) for c in ("of-empty", "cited", "zero")),
        *(say("zone.column-short", lang, party=p) for p in parties),
    )
    cells = []
    for row in rows:
        name = say("zone.no-package" if row.measure == "no-package" else "zone.any-nearest", lang)
        if row.options is not None:
            name = package_name(case.file, row.options, lang)
        short = (_short(row, p, lang) for p in case.negotiators)
        cells.append((name, share_cell(row.share), zero_cell(row.cited), zero_cell(row.zero), *short))
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
    columns = tuple(
        say(f"zone.column-{c}", lang, unit=unit) for c in ("payment", "of-empty", "cited", "zero", "amount")
    )
    cells = []
    for row in rows:
        pays, gets = (
            joined([party_name(case.file, p, lang) for p in who], lang) for who in (row.pays, row.receives)
        )
        name = say("zone.pays", lang, pays=pays, gets=gets) if row.pays else say("zone.any-payment", lang)
        amount = spread_cell(row.amount) if row.amount else "—"
        if row.amount and row.amount_zero is not None:
            amount = say("zone.short", lang, short=amount, zero=f"{row.amount_zero:.2f}")
        cells.append((name, share_cell(row.share), zero_cell(row.cited), zero_cell(row.zero), amount))
    return Table(say("zone.caption-payment", lang), columns, tuple(cells), tuple(row.because for row in rows))
