"""The smallest fixed change after which the best package suits all sides in ten points more of the draws."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from zopa.analysis._zone_empty import Part, share_cell, zero_cell
from zopa.analysis._zone_lines import Lined, claims_behind, line_name
from zopa.analysis._zone_packages import Fixed
from zopa.case.case import Case
from zopa.case.draws import Draws, Evidence
from zopa.case.evidence import Bool
from zopa.case.names import issue_name, option_name, package_ids, package_name, party_in_text
from zopa.estimate import Array
from zopa.methods.acceptance import acceptance_counts, package_hits
from zopa.methods.problem import IntArray, package_at
from zopa.methods.red_lines import with_lines
from zopa.methods.smallest_change import Change, smallest_change
from zopa.result import Table, footing
from zopa.words import Language, joined, say

GAIN = 0.10
"""What a change has to add to P(best)."""
WORK = 200_000_000
"""Packages times draws looked at for one set of red lines at most: some seconds. Of more packages the likeliest are."""
SOUGHT = 10_000_000
"""The same where the packages themselves were sought, too many to count each: the answer is not proven anyway."""


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One fixed change, the same in every draw, and P(best) after it.

    ``lines`` lifted for sure; ``party`` whose number moves by ``by`` on its own 0–1 scale, None where none does: the
    value of ``option`` of ``issue`` rises, or where they are None its walk-away value falls. ``size`` of all of it,
    lifted lines counted as 1 where absolute and as their cost where not. Where the walk-away values of two parties
    fall, ``also`` is the second, whose falls by ``also_by``. ``best`` P(best) then, ``gain`` over now;
    ``cited`` and ``zero`` P(best) after the same change with every assumed number at ignorance, and at total ignorance,
    the package chosen anew, None where there are too many to count;
    ``enough`` whether the gain reaches the aim; ``ties`` other options of the party that would do for the same;
    ``smallest`` the smallest of all, ``proven`` that none smaller exists among all sets of red lines with numbers of no
    more than two parties moved.
    """

    measure: Literal["change"]
    lines: tuple[str, ...]
    party: str | None
    issue: str | None
    option: str | None
    by: float
    also: str | None
    also_by: float
    size: float
    best: Part
    gain: Part
    cited: float | None
    zero: float | None
    enough: bool
    ties: int
    smallest: bool
    proven: bool
    package: Mapping[str, str]
    options: tuple[int, ...]
    because: tuple[str, ...]


Offer = tuple[int, int]
"""An issue of the case and one of its options."""


def changes(
    drawn: Draws, apart: Mapping[Evidence, Lined], packages: Fixed, hits: Bool
) -> tuple[ChangeRow, ...]:
    """Each kind of change alone, smallest first, those that do not reach the aim last; and the smallest of all.

    ``packages`` that are looked at, ``hits`` (D,) draws of the best one; ``apart`` the problem with its red lines by
    way to draw. Nothing where the best package is already within ``GAIN`` of every draw.
    """
    lined = apart["all"]
    offers = _offers(drawn, lined)
    found = smallest_change(
        lined.values,
        lined.vetoes,
        lined.lines,
        lined.problem.reserve,
        sizes=lined.sizes,
        offers=[columns for _, columns in offers],
        gain=GAIN,
        packages=packages.looked_at(max(1, (WORK if packages.listed is None else SOUGHT) // drawn.n)),
    )
    if found is None:
        return ()
    listed: list[tuple[Change, int]] = []
    for p in range(len(lined.problem.table.parties)):
        mine = [c for c in found.moves if c.party == p]
        tied = [c for c in mine if c.offer is not None]
        if tied:
            least = min(c.by for c in tied)
            tied = [c for c in tied if c.by == least]
            listed.append((tied[0], len(tied) - 1))
        listed += [(c, 0) for c in mine if c.offer is None]
    listed += [(c, 0) for c in found.lines]
    if found.smallest is not None and found.smallest not in [c for c, _ in listed]:
        listed.append((found.smallest, 0))
    listed.sort(key=lambda item: (not item[0].enough, item[0].size if item[0].enough else -item[0].hits))
    rows = []
    for change, ties in listed:
        smallest = change == found.smallest
        offer = None if change.offer is None else offers[change.offer]
        row = _row(drawn, apart, change, offer, hits)
        rows.append(replace(row, ties=ties, smallest=smallest, proven=smallest and found.proven))
    return tuple(rows)


def _offers(drawn: Draws, lined: Lined) -> list[tuple[Offer, IntArray]]:
    """Every option but the status quo's, and the columns of the arrays that hold it."""
    problem, out = lined.problem, []
    starts = np.concatenate([[0], np.cumsum(problem.sizes)])
    for i, quo in enumerate(problem.table.status_quo):
        g = next(g for g, group in enumerate(problem.joined) if i in group)
        chosen = problem.options[g][:, problem.joined[g].index(i)]
        for k in range(problem.table.values[i].shape[2]):
            if k != quo:
                out.append(((i, k), starts[g] + np.flatnonzero(chosen == k)))
    return out


def _changed(
    lined: Lined, lifted: Collection[int], change: Change, offer: tuple[Offer, IntArray] | None
) -> tuple[list[Array], list[Bool], Array]:
    """Values, vetoes and walk-away values after a change."""
    problem = lined.problem
    values, vetoes = with_lines(lined.values, lined.vetoes, lined.lines, lifted=lifted)
    reserve = problem.reserve.copy()
    if offer is not None:
        (i, _), columns = offer
        g = next(g for g, group in enumerate(problem.joined) if i in group)
        values[g][:, change.party, columns - sum(problem.sizes[:g])] += change.by
    elif change.party is not None:
        reserve[:, change.party] -= change.by
    if change.also is not None:
        reserve[:, change.also] -= change.also_by
    return values, vetoes, reserve


def _elsewhere(
    blank: Lined, keys: Sequence[str], change: Change, offer: tuple[Offer, IntArray] | None
) -> float | None:
    """P(best) after the change in another way to draw: only red lines that are there too can be lifted."""
    if blank.problem.packages * len(blank.problem.reserve) > WORK:
        return None
    lifted = frozenset(k for k, key in enumerate(blank.keys) if key in keys)
    return float(acceptance_counts(*_changed(blank, lifted, change, offer)).share().max())


def _row(
    drawn: Draws,
    apart: Mapping[Evidence, Lined],
    change: Change,
    offer: tuple[Offer, IntArray] | None,
    hits: Bool,
) -> ChangeRow:
    lined = apart["all"]
    problem, file = lined.problem, drawn.case.file
    values, vetoes, reserve = _changed(lined, change.lifted, change, offer)
    issue = option = None
    if offer is not None:
        i, k = offer[0]
        issue = problem.table.issues[i]
        option = file.issues[issue].options[k].id
    picked = package_at(change.package, problem.sizes)
    then: Bool = np.all(package_hits(values, vetoes, reserve, package=picked), axis=1)
    after = drawn.interval(then)
    gain = drawn.interval(then.astype(float) - hits, legal=None)
    keys = tuple(lined.keys[k] for k in sorted(change.lifted))
    party, also = (None if p is None else problem.table.parties[p] for p in (change.party, change.also))
    claims = claims_behind(drawn, keys) if keys else ()
    if party is not None:
        sections = [f"preferences.{party}.{'no_deal' if issue is None else issue}"]
        sections += [f"preferences.{also}.no_deal"] if also is not None else []
        claims = tuple(dict.fromkeys((*claims, *footing(drawn.case, sections).claims)))
    options = problem.package(picked)
    return ChangeRow(
        measure="change",
        lines=keys,
        party=party,
        issue=issue,
        option=option,
        by=change.by,
        also=also,
        also_by=change.also_by,
        size=change.size,
        best=Part(after.mean, after.low, after.high),
        gain=Part(gain.mean, gain.low, gain.high),
        cited=_elsewhere(apart["cited"], keys, change, offer),
        zero=_elsewhere(apart["none"], keys, change, offer),
        enough=change.enough,
        ties=0,
        smallest=False,
        proven=False,
        package=package_ids(file, options),
        options=options,
        because=claims,
    )


def change_name(case: Case, row: ChangeRow, lang: Language) -> str:
    """What changes, in words."""
    file, parts = case.file, []
    if row.lines:
        lines = joined([line_name(file, key, lang) for key in row.lines], lang)
        parts.append(say("zone.change-lift", lang, lines=lines))
    if row.party is not None:
        if row.issue is None or row.option is None:
            falls = {row.party: row.by, **({row.also: row.also_by} if row.also is not None else {})}
            parts += [
                say("zone.change-reserve", lang, party=party_in_text(file, p, lang), by=f"{by:.2f}")
                for p, by in falls.items()
            ]
        else:
            option = f"{issue_name(file, row.issue, lang)}{'：' if lang == 'zh' else ': '}"
            option += option_name(file, row.issue, row.option, lang)
            key = "change-offer-tied" if row.ties else "change-offer"
            party = party_in_text(file, row.party, lang, first=not parts)
            parts.append(say(f"zone.{key}", lang, party=party, option=option, by=f"{row.by:.2f}", n=row.ties))
    return joined(parts, lang)


def change_table(
    case: Case, rows: Sequence[ChangeRow], best: tuple[int, ...] | None, lang: Language
) -> Table:
    """Every change alone, what it counts as, and the best package after it, told beside the ``best`` one now if any."""
    columns = tuple(
        say(f"zone.column-{c}", lang)
        for c in ("change", "size", "best-then", "cited", "zero", "package-then")
    )
    cells = []
    for row in rows:
        name = change_name(case, row, lang)
        if row.smallest:
            name = say("zone.smallest-proven" if row.proven else "zone.smallest-unproven", lang, change=name)
        size = f"{row.size:.2f}" if row.enough else say("zone.not-enough", lang, size=f"{row.size:.2f}")
        package = say("zone.same-package", lang)
        if best is None:
            package = package_name(case.file, row.options, lang)
        elif row.options != best:
            package = say(
                "zone.other-row", lang, difference=package_name(case.file, row.options, lang, beside=best)
            )
        cells.append((name, size, share_cell(row.best), zero_cell(row.cited), zero_cell(row.zero), package))
    caption = say("zone.caption-change", lang, gain=f"{100 * GAIN:.0f}")
    return Table(caption, columns, tuple(cells), tuple(row.because for row in rows))
