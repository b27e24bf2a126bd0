"""``paths`` in words: moves and states named, and the tables that people read."""

from collections.abc import Iterable, Sequence

from zopa.analysis._paths_rows import DealRow, RecordRow, SlideRow, Stopper, StrikerRow, WayRow
from zopa.case.conflict import Conflict
from zopa.case.names import party_name
from zopa.result import Share, Table, cell, percent
from zopa.words import Language, joined, say

SHOWN = 20
"""Slides that a table lists; the others are counted."""


def outcome_name(conflict: Conflict, outcome: str, lang: Language) -> str:
    """An outcome's name."""
    return next(o.name.get(lang) for o in conflict.standoff.outcomes if o.id == outcome)


def move_words(conflict: Conflict, party: str, before: int, after: int, lang: Language) -> str:
    """What a party does between two states (by number): options taken and dropped, or the state it moves to."""
    a, b = conflict.places[before], conflict.places[after]
    if not conflict.options:
        name, why = party_name(conflict.file, party, lang), _reason(conflict, party, a, b, lang)
        told = say("paths.moves-to", lang, party=name, state=conflict.label(b, lang))
        return say("paths.because", lang, move=told, why=why) if why else told
    names = {o.id: o.name.get(lang) for o in conflict.standoff.options}
    was, now = conflict.taken(a), conflict.taken(b)
    done = [names[o] for o in names if now[o] and not was[o]]
    done += [say("paths.no-longer", lang, option=names[o]) for o in names if was[o] and not now[o]]
    return say("paths.and", lang).join(done)


def _reason(conflict: Conflict, party: str, a: int, b: int, lang: Language) -> str:
    """What the case says of the move of a party between two states (by index): what it does, or why it can."""
    names = [
        arc.name.get(lang)
        for arc in conflict.standoff.arcs
        if arc.name is not None
        and arc.party == party
        and (conflict.places[arc.from_], conflict.places[arc.to]) == (a, b)
    ]
    return say("paths.semicolon", lang).join(dict.fromkeys(names))


def way_words(conflict: Conflict, movers: Sequence[str], states: Sequence[int], lang: Language) -> str:
    """The moves of a path one after the other."""
    steps = zip(movers, states, states[1:], strict=False)
    return " → ".join(move_words(conflict, p, a, b, lang) for p, a, b in steps)


def deal_table(conflict: Conflict, rows: Sequence[DealRow], lang: Language) -> Table:
    """The ways to agreement, one row a kind of deal."""
    heads = ("outcome", "moves", "gateways", "needed", "improvements", "zero")
    out = []
    for row in rows:
        none = say("paths.none", lang)
        gates = joined([str(n) for n in row.gateways], lang) or none
        movers = joined([party_name(conflict.file, p, lang) for p in row.needed], lang) or none
        moves = _moves(row, lang)
        name = outcome_name(conflict, row.outcome, lang)
        out.append((name, moves, gates, movers, cell(row.chance), f"{percent(row.chance.zero)}%"))
    return _table("deals", heads, out, [r.because for r in rows], lang)


def _moves(row: DealRow, lang: Language) -> str:
    """How many moves it takes to a deal, and over how many ways."""
    if row.moves is None:
        return say("paths.none", lang)
    if row.moves == 0:
        return say("paths.there", lang)
    return say("paths.moves-one" if row.paths == 1 else "paths.moves", lang, n=row.moves, paths=row.paths)


def way_table(conflict: Conflict, rows: Sequence[WayRow], lang: Language) -> Table:
    """Every shortest way to a deal, step by step."""
    heads = ("outcome", "way", "improvements", "zero", "gain", "zero")
    out = [
        (
            outcome_name(conflict, row.outcome, lang),
            way_words(conflict, row.movers, row.states, lang) or say("paths.there", lang),
            cell(row.chance),
            f"{percent(row.chance.zero)}%",
            cell(row.gain),
            f"{percent(row.gain.zero)}%",
        )
        for row in rows
    ]
    return _table("ways", heads, out, [r.because for r in rows], lang)


def step_table(conflict: Conflict, rows: Sequence[WayRow], lang: Language) -> Table:
    """Every single step of the shortest ways: how often it improves the position of the one who takes it."""
    found: dict[tuple[int, int, str], tuple[tuple[str, ...], tuple[str, ...]]] = {}
    for row in rows:
        for party, a, b, share in zip(row.movers, row.states, row.states[1:], row.steps, strict=False):
            move = move_words(conflict, party, a, b, lang)
            cells = (str(a), move, str(b), cell(share), f"{percent(share.zero)}%")
            found.setdefault((a, b, party), (cells, row.because))
    heads = ("before", "step", "after", "better", "zero")
    return _table("steps", heads, [c for c, _ in found.values()], [b for _, b in found.values()], lang)


def striker_table(conflict: Conflict, rows: Sequence[StrikerRow], lang: Language) -> Table:
    """Who can turn to force, and how often improvements alone end there."""
    heads = ("party", "slides", "now", "zero", "slid", "zero")
    out = [
        (
            party_name(conflict.file, row.party, lang),
            str(row.slides),
            cell(row.now) if row.now is not None else "–",
            f"{percent(row.now.zero)}%" if row.now is not None else "–",
            cell(row.chance),
            f"{percent(row.chance.zero)}%",
        )
        for row in rows
    ]
    return _table("strikers", heads, out, [r.because for r in rows], lang)


def slide_table(
    conflict: Conflict, rows: Sequence[SlideRow], every: int, lang: Language, *, taken: bool
) -> Table:
    """Slides into violence, those first whose chance to be stopped runs out first; ``taken``: improvements alone can
    take some, and only these are in it."""
    heads = ("striker", "slide", "tempts", "zero", "improves", "end", "earlier", "nowhere", "by", "willing")
    out = [
        (
            party_name(conflict.file, row.striker, lang),
            way_words(conflict, row.movers, row.states, lang) or say("paths.at-once", lang),
            cell(row.tempts),
            f"{percent(row.tempts.zero)}%",
            share_cell(row.improves),
            *_stopped(conflict, row, lang),
        )
        for row in rows
    ]
    because = [r.because for r in rows]
    caption = "slides" if taken else "slides-none"
    return _table(caption, heads, out, because, lang, shown=len(rows), all=every)


def _stopped(conflict: Conflict, row: SlideRow, lang: Language) -> tuple[str, ...]:
    """In which share of the draws in which a slide tempts it can be stopped, and by whom at the last."""
    if not row.tempts.value:
        return ("–",) * 5
    last = row.stops[-1]
    return (
        share_cell(row.to_the_end),
        share_cell(row.earlier) if row.movers else "–",
        share_cell(row.nowhere),
        _who(conflict, last.who, lang),
        share_cell(last.willing),
    )


def share_cell(value: Share) -> str:
    """A share in a table with its range, and its zero line after a slash: "45% (40–55) / 60%"."""
    return f"{cell(value)} / {percent(value.zero)}%"


def _who(conflict: Conflict, who: Sequence[Stopper], lang: Language) -> str:
    named = [(party_name(conflict.file, s.party, lang), share_cell(s.share)) for s in who]
    return joined([say("paths.who", lang, party=p, share=v) for p, v in named], lang) or "–"


def record_table(conflict: Conflict, rows: Sequence[RecordRow], lang: Language) -> Table:
    """The record walked on the graph."""
    heads = ("on", "move", "changes", "state", "over")
    file = conflict.file
    names = {m.id: m for m in file.moves}
    out = []
    for row in rows:
        move = names[row.move]
        over = {a.id: a.name.get(lang) if a.name is not None else a.id for a in move.over}
        passed = joined([say("paths.passed", lang, name=over[k], state=n) for k, n in row.passed_over], lang)
        out.append(
            (
                row.on.isoformat(),
                move.name.get(lang),
                _changes(conflict, row, lang),
                str(row.state) if row.possible else say("paths.impossible", lang),
                passed or "–",
            )
        )
    return _table("record", heads, out, [r.because for r in rows], lang)


def _changes(conflict: Conflict, row: RecordRow, lang: Language) -> str:
    names = {o.id: o.name.get(lang) for o in conflict.standoff.options}
    done = [names[o] for o in row.does if o in names]
    done += [say("paths.no-longer", lang, option=names[o]) for o in row.undoes if o in names]
    return say("paths.and", lang).join(done) or "–"


def state_table(conflict: Conflict, numbers: Iterable[int], lang: Language) -> Table:
    """What the states mentioned are, by number."""
    shown = sorted(set(numbers))
    out = [(str(n), conflict.label(conflict.places[n], lang), _endings(conflict, n, lang)) for n in shown]
    what = "what" if conflict.options else "what-graph"
    return _table("states", ("n", what, "ending"), out, [()] * len(shown), lang)


def _endings(conflict: Conflict, number: int, lang: Language) -> str:
    at = conflict.places[number]
    found = [o.name.get(lang) for o in conflict.standoff.outcomes if conflict.outcomes[o.id][at]]
    return joined(found, lang) or "–"


def _table(
    name: str,
    heads: Sequence[str],
    rows: Sequence[tuple[str, ...]],
    because: Sequence[tuple[str, ...]],
    lang: Language,
    **values: object,
) -> Table:
    columns = tuple(say(f"paths.column-{head}", lang) for head in heads)
    return Table(say(f"paths.caption-{name}", lang, **values), columns, tuple(rows), tuple(because))
