"""The standoff's answers as tables for people."""

from collections.abc import Sequence

from zopa.analysis._stability_reasons import Reason, change, said
from zopa.analysis._stability_rows import EndingRow, StateRow
from zopa.analysis._stability_what import CONCEPT, Assured, Due
from zopa.case.case import Case
from zopa.case.conflict import Conflict
from zopa.case.names import party_name
from zopa.result import Share, Table, cell, ends, percent
from zopa.words import Language, joined, say

OTHERS = ("nash", "gmr")
"""The concepts beside the main one: the strictest, and the one that believes every answer."""


def _columns(names: Sequence[str], lang: Language) -> tuple[str, ...]:
    return tuple(say(f"stability.column-{name}", lang) for name in names)


def _with_zero(share: Share) -> str:
    """A probability beside others, where a range and a column of zero lines each would be too many numbers."""
    return f"{percent(share.value)}% / {percent(share.zero)}%"


def ending_name(case: Case, outcome: str | None, lang: Language) -> str:
    """An outcome's name; that of the status quo for None."""
    standoff = case.file.standoff
    assert standoff is not None
    names = (o.name.get(lang) for o in standoff.outcomes if o.id == outcome)
    return next(names, say("stability.now", lang))


def other_endings(case: Case, rows: Sequence[EndingRow], lang: Language) -> str:
    """The endings beside the first in one sentence, and those that cannot be undone in another."""
    for_good = [ending_name(case, row.outcome, lang) for row in rows if row.lasts.zero == 1]
    after = say("stability.for-good", lang, list=joined(for_good, lang)) if for_good else ""
    told = [
        say(
            "stability.other",
            lang,
            outcome=ending_name(case, row.outcome, lang),
            share=percent(row.lasts.value),
            range=ends(row.lasts.low, row.lasts.high),
            zero=percent(row.lasts.zero),
        )
        for row in rows
        if row.lasts.zero < 1
    ]
    if not told:
        return after
    return say("stability.others", lang, list=("；" if lang == "zh" else "; ").join(told)) + after


def endings_table(case: Case, rows: Sequence[EndingRow], lang: Language) -> Table:
    """How often each ending has an equilibrium, with its zero line, and under the strictest and the loosest concept."""
    columns = (
        *_columns(("outcome", "states", "share", "zero", "cited"), lang),
        *(say(f"stability.concept-{c}", lang) for c in OTHERS),
        say("stability.column-verdict", lang),
    )
    cells = tuple(
        (
            ending_name(case, row.outcome, lang),
            str(row.states),
            cell(row.lasts),
            f"{percent(row.lasts.zero)}%",
            f"{percent(row.lasts.cited)}%",
            *(_with_zero(row.shares[c]) for c in OTHERS),
            say(f"stability.{row.lasts.verdict if row.lasts.zero < 1 else 'by-nature'}", lang),
        )
        for row in rows
    )
    return Table(say("stability.caption", lang), columns, cells, tuple(row.because for row in rows))


def state_label(conflict: Conflict, n: int, lang: Language) -> str:
    """A state in words: the options taken, or its name."""
    return conflict.label(conflict.places[n], lang)


def states_table(conflict: Conflict, rows: Sequence[StateRow], all_states: int, lang: Language) -> Table:
    """States that are equilibria most often: what is done in them, and under which concepts they last."""
    concepts = [c for c in ("seq", "nash", "gmr", "smr", "sseq", "sim") if rows and rows[0].under(c)]
    columns = (
        *_columns(("n", "options"), lang),
        *(say(f"stability.short-{c}", lang) for c in concepts),
        say("stability.column-zero-seq", lang),
    )
    cells = []
    for row in rows:
        holds = [hold for c in concepts if (hold := row.under(c)) is not None]
        label = state_label(conflict, row.n, lang)
        shares = [_with_zero(h.share) for h in holds]
        # The range stands with the main concept alone: six ranges side by side cannot be read.
        shares[0] = cell(holds[0].share)
        cells.append((str(row.n), label, *shares, f"{percent(row.seq.share.zero)}%"))
    caption = say("stability.caption-states", lang, shown=len(rows), all=all_states)
    return Table(caption, columns, tuple(cells), tuple(row.because for row in rows))


def reasons_table(
    conflict: Conflict, reasons: Sequence[Reason], lang: Language, *, state: int | None = None
) -> Table:
    """Reasons side by side, of the steadiest state of each ending; of one state concept by concept with ``state``."""
    names: dict[str | None, str] = {o.id: o.name.get(lang) for o in conflict.standoff.outcomes}
    names[None] = say("stability.now", lang)
    # Where no ending is named there is nothing to tell rows apart by but the number of the state.
    first = ("concept",) if state is not None else ("outcome", "n") if conflict.outcomes else ("n",)
    columns = _columns((*first, "party", "reason", "stays", "zero", "tempted"), lang)
    cells = []
    for reason in reasons:
        head = (
            (say(f"stability.short-{reason.concept}", lang),)
            if state is not None
            else (("；" if lang == "zh" else "; ").join(names[o] for o in reason.outcomes), str(reason.n))[
                -len(first) :
            ]
        )
        party = party_name(conflict.file, reason.party, lang)
        tempted = ""
        if reason.tempting is not None:
            to, often = reason.tempting
            where = change(conflict, reason.n, to, lang)
            tempted = say("stability.tempted", lang, to=where, share=_with_zero(often))
        stays, zero = (
            ("", "") if reason.share is None else (cell(reason.share), f"{percent(reason.share.zero)}%")
        )
        cells.append((*head, party, said(conflict, reason, lang), stays, zero, tempted))
    caption = (
        say("stability.caption-reasons", lang)
        if state is None
        else say("stability.caption-state", lang, n=state)
    )
    return Table(caption, columns, tuple(cells), ((),) * len(cells))


def assurances_table(case: Case, conflict: Conflict, rows: Sequence[Assured], lang: Language) -> Table:
    """Whether an agreement would hold, with each assurance in force."""
    names = {a.id: a for a in case.file.assurances}
    cells = []
    for row in rows:
        offered = names[row.assurance].offered_by if row.assurance in names else None
        own = row.assurance is not None and row.assurance in names
        name = (
            names[row.assurance].name.get(lang)
            if own and row.assurance
            else say(f"stability.{'all-assurances' if row.assurance else 'no-assurance'}", lang)
        )
        bound = [
            say("stability.binds", lang, party=party_name(case.file, party, lang), share=_with_zero(share))
            for party, share in row.binds.items()
        ]
        gained = "" if row.gained is None else say("stability.points", lang, **_points(row.gained))
        cells.append(
            (
                name,
                _body(case, offered, lang),
                joined(bound, lang),
                cell(row.share),
                f"{percent(row.share.zero)}%",
                gained,
            )
        )
    deals = [o.name.get(lang) for o in conflict.standoff.outcomes if o.kind == "deal"]
    caption = say("stability.caption-assurances", lang, outcome=deals[0] if deals else "")
    columns = _columns(("assurance", "offered", "binds", "share", "zero", "gained"), lang)
    return Table(caption, columns, tuple(cells), tuple(row.because for row in rows))


def _points(gained: tuple[float, float, float]) -> dict[str, str]:
    names = ("value", "low", "high")
    return {name: f"{100 * value:+.1f}".replace("-", "−") for name, value in zip(names, gained, strict=True)}


def _body(case: Case, who: str | None, lang: Language) -> str:
    if who is None:
        return ""
    if who in case.file.bodies:
        return case.file.bodies[who].name.get(lang)
    return party_name(case.file, who, lang)


def threats_table(case: Case, rows: Sequence[Due], lang: Language) -> Table:
    """How often carrying out a threat is better for who made it."""
    standoff = case.file.standoff
    assert standoff is not None
    names = {t.id: t.name.get(lang) if t.name else t.id for t in standoff.threats}
    columns = _columns(("threat", "by", "somewhere", "everywhere", "zero", "verdict"), lang)
    cells = tuple(
        (
            names[row.threat],
            party_name(case.file, row.by, lang),
            cell(row.somewhere),
            cell(row.everywhere),
            f"{percent(row.somewhere.zero)}%, {percent(row.everywhere.zero)}%",
            say(f"stability.{row.everywhere.verdict}", lang),
        )
        for row in rows
    )
    return Table(say("stability.caption-threats", lang), columns, cells, tuple(row.because for row in rows))


def unknown_table(conflict: Conflict, rows: Sequence[StateRow], lang: Language) -> Table:
    """States whose stability hangs on unknown preferences, under the main concept."""
    cells = []
    for row in rows:
        if row.necessary is None or row.possible is None or row.necessary == row.possible:
            continue
        sides = [
            joined([party_name(conflict.file, p, lang) for p in found[CONCEPT]], lang)
            or say("stability.none", lang)
            for found in (row.necessary, row.possible)
        ]
        cells.append((str(row.n), state_label(conflict, row.n, lang), *sides))
    columns = _columns(("n", "options", "necessary", "possible"), lang)
    return Table(say("stability.caption-unknown", lang), columns, tuple(cells), ((),) * len(cells))


def strong_table(conflict: Conflict, rows: Sequence[StateRow], lang: Language) -> Table:
    """States that are stable, and for whom strongly so, under the main concept."""
    cells = []
    for row in rows:
        if row.strong is None or not row.seq.stable_for:
            continue
        sides = [
            joined([party_name(conflict.file, p, lang) for p in found], lang) or say("stability.none", lang)
            for found in (
                row.strong[CONCEPT],
                tuple(p for p in row.seq.stable_for if p not in row.strong[CONCEPT]),
            )
        ]
        cells.append((str(row.n), state_label(conflict, row.n, lang), *sides))
    columns = _columns(("n", "options", "strongly", "weakly"), lang)
    return Table(say("stability.caption-strong", lang), columns, tuple(cells), ((),) * len(cells))
