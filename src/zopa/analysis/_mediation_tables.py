"""What mediation answers, as tables for people."""

import math
from collections.abc import Sequence

from zopa.analysis._mediation_changes import Change
from zopa.analysis._mediation_diagnosis import Moved, Need, Side
from zopa.analysis._mediation_edits import Edit, EditRow
from zopa.analysis._mediation_rows import Gain, MediationRow
from zopa.case.case import Case
from zopa.case.conflict import Conflict
from zopa.case.names import party_in_text, party_name
from zopa.result import Chance, Share, Table, cell, ends, percent
from zopa.words import Language, joined, say

BEST = 8
"""Single changes in the table of a wish."""
NAMED = 3
"""States named in a sentence; further ones are counted."""


def columns(names: Sequence[str], lang: Language) -> tuple[str, ...]:
    """Heads of a table."""
    return tuple(say(f"mediation.column-{name}", lang) for name in names)


def wish_name(conflict: Conflict, outcome: str | None, state: int | None, lang: Language) -> str:
    """What is wished: an outcome's name, or a state with what is done in it."""
    if outcome is not None:
        return next(o.name.get(lang) for o in conflict.standoff.outcomes if o.id == outcome)
    return say("mediation.state", lang, n=state, label=conflict.label(conflict.places[state or 0], lang))


def change_name(conflict: Conflict, change: Change, lang: Language) -> str:
    """One change in words."""
    if change.kind == "assurance":
        return next(a.name.get(lang) for a in conflict.file.assurances if a.id == change.what)
    names = {o.id: o.name.get(lang) for o in conflict.standoff.options}
    return say(f"mediation.{change.kind}", lang, option=names.get(change.what, change.what))


def changes_name(conflict: Conflict, changes: Sequence[Change], lang: Language) -> str:
    """Several changes in words."""
    if not changes:
        return say("mediation.as-is", lang)
    if len(changes) > 2:
        return say("mediation.all-assurances", lang, n=len(changes))
    return " + ".join(change_name(conflict, c, lang) for c in changes)


def points(found: Gain | None, lang: Language) -> str:
    """A gain in points with its range."""
    if found is None:
        return ""
    values = {"value": found.value, "low": found.low, "high": found.high}
    return say("mediation.points", lang, **{k: signed(v) for k, v in values.items()})


def signed(value: float) -> str:
    """A difference of shares in whole points with its sign; nothing is never negative."""
    whole = round(100 * value)
    return "0" if whole == 0 else f"{whole:+d}".replace("-", "−")


def _both(share: Share | Chance) -> str:
    """A share with its range and, after the slash, its zero line, where there is no column for that."""
    return f"{cell(share)} / {percent(share.zero)}%"


def _who(case: Case, ids: Sequence[str], lang: Language) -> str:
    names = [
        case.file.bodies[i].name.get(lang) if i in case.file.bodies else party_name(case.file, i, lang)
        for i in ids
    ]
    return joined(names, lang) or say("mediation.nobody", lang)


def changes_table(
    case: Case, conflict: Conflict, rows: Sequence[MediationRow], all_rows: int, lang: Language
) -> Table:
    """How often the wish lasts with each change, what that gains, and how often it is reached."""
    first = rows[0]
    there = first.reached is not None
    heads = ["change", "offered", "lasts", "zero", "gained", "gained-zero"]
    heads += ["reached", "works"] if there else []
    cells = [_cells(case, conflict, row, lang) for row in rows]
    name = wish_name(conflict, first.outcome, first.state, lang)
    caption = say("mediation.caption", lang, wish=name, shown=len(rows) - 1, all=all_rows - 1)
    return Table(caption, columns((*heads, "helps"), lang), tuple(cells), tuple(r.because for r in rows))


def _cells(case: Case, conflict: Conflict, row: MediationRow, lang: Language) -> tuple[str, ...]:
    gained = row.gained
    extra = () if row.reached is None or row.works is None else (_both(row.reached), _both(row.works))
    return (
        changes_name(conflict, row.changes, lang),
        _who(case, row.offered_by, lang) if row.changes else "",
        cell(row.lasts),
        f"{percent(row.lasts.zero)}%",
        points(gained, lang),
        "" if gained is None else say("mediation.bare-points", lang, value=signed(gained.zero)),
        *extra,
        "" if gained is None else say(f"mediation.verdict-{gained.verdict}", lang),
    )


def concepts_table(conflict: Conflict, rows: Sequence[MediationRow], lang: Language) -> Table:
    """The same changes under every concept, and what the central rankings say."""
    names = tuple(rows[0].shares)
    cells = [
        (
            changes_name(conflict, row.changes, lang),
            _both(row.lasts),
            *(_both(row.shares[c]) if c in row.shares else "–" for c in names),
            joined([say(f"stability.short-{c}", lang) for c in row.central], lang)
            or say("mediation.none", lang),
        )
        for row in rows
    ]
    heads = (
        *columns(("change",), lang),
        *(say(f"stability.short-{c}", lang) for c in ("seq", *names)),
        *columns(("central",), lang),
    )
    name = wish_name(conflict, rows[0].outcome, rows[0].state, lang)
    caption = say("mediation.caption-concepts", lang, wish=name)
    return Table(caption, heads, tuple(cells), tuple(r.because for r in rows))


def needs_table(case: Case, conflict: Conflict, found: Sequence[Need], lang: Language) -> Table:
    """Who would have to see which states otherwise, concept by concept."""
    cells, because = [], []
    seen = set()
    for need in found:
        # A wish within a wider one often has the same answer.
        if (key := (need.concept, need.n, need.total)) in seen:
            continue
        seen.add(key)
        head = (
            wish_name(conflict, need.outcome, need.state, lang),
            say(f"stability.short-{need.concept}", lang),
            str(need.n),
            distance(need, lang),
        )
        tail = (
            say(f"mediation.reached-{str(need.reached).lower()}", lang) if math.isfinite(need.total) else "–",
            _both(need.nothing),
        )
        sides = [s for s in need.sides if s.moved]
        told = [_side(case, conflict, s, lang) for s in sides] or _nobody_moves(case, need, lang)
        if need.force:
            told[-1] += (" " if lang == "en" else "") + say("mediation.dearer-force", lang)
        for text in told:
            cells.append((*head, text, *tail))
            because.append(need.because)
    heads = columns(("wish", "concept", "n", "distance", "otherwise", "then-reached", "nothing"), lang)
    return Table(say("mediation.caption-needs", lang), heads, tuple(cells), tuple(because))


def _nobody_moves(case: Case, need: Need, lang: Language) -> list[str]:
    """Nothing need change, or no ranking would do."""
    if math.isfinite(need.total):
        return [say("mediation.no-need", lang)]
    named = [party_in_text(case.file, p, lang, first=True) for p in need.blocked]
    return [say("mediation.blocked", lang, party=n) for n in named] or [say("mediation.none-found", lang)]


def distance(need: Need, lang: Language) -> str:
    """How far the rankings would have to go, and whether nothing less would do."""
    if not math.isfinite(need.total):
        return "–" if need.blocked else say("mediation.none-found-bound", lang, bound=f"{need.bound:g}")
    if need.proven:
        return f"{need.total:g}"
    return say("mediation.not-proven", lang, total=f"{need.total:g}", bound=f"{need.bound:g}")


def _side(case: Case, conflict: Conflict, side: Side, lang: Language) -> str:
    told = [_moved(m, lang) for m in side.moved[:NAMED]]
    if len(side.moved) > NAMED:
        told.append(say("mediation.more-moved", lang, n=len(side.moved) - NAMED))
    return say(
        "mediation.side",
        lang,
        party=party_in_text(case.file, side.party, lang, first=True),
        what=("；" if lang == "zh" else "; ").join(told),
        share=percent(side.stays.value),
        range=ends(side.stays.low, side.stays.high),
    )


def _moved(found: Moved, lang: Language) -> str:
    beside = joined([str(n) for n in found.beside[:NAMED]], lang)
    if len(found.beside) > NAMED:
        beside = say("mediation.more-states", lang, states=beside, n=len(found.beside) - NAMED)
    return say(f"mediation.{'up' if found.up else 'down'}", lang, n=found.n, states=beside)


def states_table(conflict: Conflict, found: Sequence[Need], lang: Language) -> Table:
    """What is done in the states that the diagnosis names."""
    numbers: dict[int, None] = {}
    for need in found:
        numbers[need.n] = None
        for side in need.sides:
            for m in side.moved[:NAMED]:
                numbers.update(dict.fromkeys((m.n, *m.beside[:NAMED])))
    cells = tuple((str(n), conflict.label(conflict.places[n], lang)) for n in sorted(numbers))
    return Table(
        say("mediation.caption-states", lang), columns(("n", "options"), lang), cells, ((),) * len(cells)
    )


def edits_table(case: Case, conflict: Conflict, found: Sequence[EditRow], lang: Language) -> Table:
    """The statements in which the difference lies."""
    cells = []
    for row in found:
        told = [_edit(case, conflict, e, lang) for e in row.edits] or [say("mediation.no-edit", lang)]
        cells.append(
            (
                wish_name(conflict, row.outcome, row.state, lang),
                " + ".join(told),
                joined([say(f"stability.short-{c}", lang) for c in row.concepts], lang),
                cell(row.lasts),
                f"{percent(row.lasts.zero)}%",
                points(row.gained, lang),
            )
        )
    heads = columns(("wish", "edit", "holds-under", "lasts", "zero", "gained"), lang)
    return Table(
        say("mediation.caption-edits", lang), heads, tuple(cells), tuple(row.because for row in found)
    )


def _edit(case: Case, conflict: Conflict, edit: Edit, lang: Language) -> str:
    written = conflict.standoff.rankings[edit.party].statements
    found = next(s for k, s in enumerate(written) if (s.id or str(k)) == edit.statement)
    return say(
        f"mediation.edit-{edit.turn}",
        lang,
        party=party_in_text(case.file, edit.party, lang, first=True),
        statement=found.name.get(lang) if found.name is not None else found.holds,
    )
