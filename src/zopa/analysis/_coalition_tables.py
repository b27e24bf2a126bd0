"""Who carries, blocks and leaves, as tables for people."""

from collections.abc import Sequence

from zopa.analysis._coalition_measure import CONCEPT
from zopa.analysis._coalition_rows import BlocRow, CoalitionRow, DealRow, JumpRow, LastingRow, StateRow
from zopa.case.conflict import Conflict
from zopa.case.names import party_in_text, party_name
from zopa.methods.coalitions import COALITION_CONCEPTS
from zopa.result import Share, Table, cell, percent
from zopa.words import Language, joined, say

SHOWN = 12
"""Most coalitions or states side by side that can still be read."""
LEAST = 0.025
"""A coalition of several that does something in fewer draws than print as 5 % is not listed, but in the data."""
NONE = "–"


def outcome_name(conflict: Conflict, outcome: str | None, lang: Language) -> str:
    """An outcome's name; that of the status quo for None."""
    names = (o.name.get(lang) for o in conflict.standoff.outcomes if o.id == outcome)
    return next(names, say("coalition.now", lang))


def coalition_name(conflict: Conflict, members: Sequence[str], lang: Language) -> str:
    """The members of a coalition, short, for a table or a chart."""
    return say("coalition.plus", lang).join(party_name(conflict.file, p, lang) for p in members)


def coalition_in_text(conflict: Conflict, members: Sequence[str], lang: Language) -> str:
    """The members of a coalition within a sentence."""
    return joined([party_in_text(conflict.file, p, lang) for p in members], lang)


def state_name(conflict: Conflict, n: int, lang: Language) -> str:
    """A state in words: the options taken, or its name."""
    return conflict.label(conflict.places[n], lang)


def states_named(numbers: Sequence[int], lang: Language) -> str:
    """State numbers in a row, not more than can be read."""
    told = joined([str(n) for n in numbers[:SHOWN]], lang) if numbers else say("coalition.none", lang)
    return say("coalition.more", lang, states=told, n=len(numbers) - SHOWN) if len(numbers) > SHOWN else told


def shown(rows: Sequence[CoalitionRow]) -> tuple[CoalitionRow, ...]:
    """The coalitions of a deal worth a line: every single party, and of several those that carry it or that leave it
    where no part of them would."""
    single = [row for row in rows if len(row.members) == 1]
    several = [row for row in rows if len(row.members) > 1 and max(_carries(row), row.jointly.value) >= LEAST]
    several.sort(key=lambda r: (-_carries(r), -r.jointly.value))
    return tuple((single + several)[: max(SHOWN, len(single))])


def _carries(row: CoalitionRow) -> float:
    return 0.0 if row.carries is None else row.carries.value


def likeliest(rows: Sequence[CoalitionRow]) -> CoalitionRow | None:
    """The coalition that carries a deal most often where no part of it does; None where nobody ever carries it."""
    found = [row for row in rows if row.smallest is not None and row.smallest.value > 0]
    return max(found, key=lambda r: r.smallest.value if r.smallest else 0.0) if found else None


def leaver(rows: Sequence[CoalitionRow]) -> CoalitionRow | None:
    """Who gains most often by leaving a deal, alone if that is as often; None where nobody ever does."""
    found = [row for row in rows if row.leaves.value > 0]
    return max(found, key=lambda r: (r.leaves.value, -len(r.members))) if found else None


def _columns(names: Sequence[str], lang: Language) -> tuple[str, ...]:
    return tuple(say(f"coalition.column-{name}", lang) for name in names)


def _cell(value: Share | None) -> str:
    """A share with its range and, after the slash, its zero line, where there is no column for that."""
    return NONE if value is None else f"{cell(value)} / {percent(value.zero)}%"


def deals_table(
    conflict: Conflict, deals: Sequence[DealRow], rows: Sequence[CoalitionRow], lang: Language
) -> Table:
    """Deal by deal: how often it is carried, by whom at least, who is needed, how often it is left, and kept."""
    heads = (
        "deal",
        "state",
        "carried",
        "zero",
        "smallest",
        "needed",
        "left",
        "zero",
        "kept",
        "zero",
        "verdict",
    )
    cells = []
    for deal in deals:
        least = likeliest([row for row in rows if row.outcome == deal.outcome])
        by = NONE
        if least is not None and least.smallest is not None:
            by = f"{coalition_name(conflict, least.members, lang)} {_cell(least.smallest)}"
        carried = deal.carried
        cells.append(
            (
                outcome_name(conflict, deal.outcome, lang),
                str(deal.state),
                NONE if carried is None else cell(carried),
                NONE if carried is None else f"{percent(carried.zero)}%",
                by,
                joined([party_name(conflict.file, p, lang) for p in deal.needed], lang) or NONE,
                cell(deal.left),
                f"{percent(deal.left.zero)}%",
                cell(deal.kept),
                f"{percent(deal.kept.zero)}%",
                say(f"coalition.{(carried or deal.kept).verdict}", lang),
            )
        )
    because = tuple(deal.because for deal in deals)
    return Table(say("coalition.caption", lang), _columns(heads, lang), tuple(cells), because)


def coalition_table(conflict: Conflict, deal: DealRow, rows: Sequence[CoalitionRow], lang: Language) -> Table:
    """One deal, coalition by coalition."""
    heads = ("coalition", "carries", "zero", "gains", "blocks", "refuses", "leaves", "zero", "verdict-leaves")
    told = shown([row for row in rows if row.outcome == deal.outcome])
    cells = tuple(
        (
            coalition_name(conflict, row.members, lang),
            NONE if row.carries is None else cell(row.carries),
            NONE if row.carries is None else f"{percent(row.carries.zero)}%",
            _cell(row.gains),
            _cell(row.blocks),
            NONE if row.refuses is None else f"{cell(row.refuses)} / {percent(row.refuses.zero)}%",
            cell(row.leaves),
            f"{percent(row.leaves.zero)}%",
            say(f"coalition.{row.verdict}", lang),
        )
        for row in told
    )
    caption = say(
        "coalition.caption-deal",
        lang,
        outcome=outcome_name(conflict, deal.outcome, lang),
        n=deal.state,
    )
    return Table(caption, _columns(heads, lang), cells, tuple(row.because for row in told))


def lasting_table(conflict: Conflict, rows: Sequence[LastingRow], lang: Language) -> Table:
    """How often each ending has a state that no coalition would leave, beside that no single party would."""
    others = [c for c in COALITION_CONCEPTS if c != CONCEPT]
    columns = (
        *_columns(("outcome", "states", "universal", "zero", "single"), lang),
        *(say("coalition.column-concept", lang, concept=_short(c, lang)) for c in others),
        *_columns(("best", "verdict"), lang),
    )
    cells = tuple(
        (
            outcome_name(conflict, row.outcome, lang),
            str(row.states),
            cell(row.universal),
            f"{percent(row.universal.zero)}%",
            _cell(row.single[CONCEPT]),
            *(_cell(row.shares[c]) for c in others),
            str(row.state) if row.universal.value > 0 else NONE,
            say(f"coalition.{row.universal.verdict}", lang),
        )
        for row in rows
    )
    return Table(say("coalition.caption-lasting", lang), columns, cells, tuple(row.because for row in rows))


def _short(concept: str, lang: Language) -> str:
    return say("coalition.nash", lang) if concept == "nash" else concept.upper()


def steadiest(rows: Sequence[StateRow]) -> tuple[StateRow, ...]:
    """The states that no coalition would leave most often; the first of all where there never is one."""
    ranked = sorted(rows, key=lambda r: (-r.universal[CONCEPT].value, r.n))
    return tuple(row for row in ranked[:SHOWN] if row.universal[CONCEPT].value > 0) or tuple(ranked[:SHOWN])


def states_table(
    conflict: Conflict, rows: Sequence[StateRow], lasting: Sequence[LastingRow], lang: Language
) -> Table:
    """The state of each ending that no coalition would leave most often; without endings those that lead all."""
    named = {row.state for row in lasting if row.universal.value > 0}
    told = [row for row in rows if row.n in named] if lasting else steadiest(rows)
    others = [c for c in COALITION_CONCEPTS if c != CONCEPT]
    columns = (
        *_columns(("state", "options", "universal", "zero", "single"), lang),
        *(say("coalition.column-concept", lang, concept=_short(c, lang)) for c in others),
    )
    cells = tuple(
        (
            str(row.n),
            state_name(conflict, row.n, lang),
            cell(row.universal[CONCEPT]),
            f"{percent(row.universal[CONCEPT].zero)}%",
            _cell(row.single[CONCEPT]),
            *(_cell(row.universal[c]) for c in others),
        )
        for row in told
    )
    key = "caption-best" if lasting else "caption-states"
    caption = say(f"coalition.{key}", lang, shown=len(told), all=len(rows))
    return Table(caption, columns, cells, tuple(row.because for row in told))


def jump_table(conflict: Conflict, rows: Sequence[JumpRow], lang: Language) -> Table:
    """Joint moves out of equilibria of single parties."""
    heads = ("state", "options", "holds", "together", "to", "to-options", "jump", "zero")
    cells = tuple(
        (
            str(row.n),
            state_name(conflict, row.n, lang),
            _cell(row.holds),
            coalition_name(conflict, row.members, lang),
            str(row.to),
            state_name(conflict, row.to, lang),
            cell(row.share),
            f"{percent(row.share.zero)}%",
        )
        for row in rows[:SHOWN]
    )
    because = tuple(row.because for row in rows[:SHOWN])
    return Table(say("coalition.caption-jumps", lang), _columns(heads, lang), cells, because)


def bloc_table(conflict: Conflict, bloc: Sequence[str], rows: Sequence[BlocRow], lang: Language) -> Table:
    """What a bloc changes of every ending."""
    heads = ("outcome", "before", "zero", "after", "zero", "gained", "nash-before", "nash-after")
    cells = tuple(
        (
            outcome_name(conflict, row.outcome, lang),
            cell(row.before[CONCEPT]),
            f"{percent(row.before[CONCEPT].zero)}%",
            cell(row.after[CONCEPT]),
            f"{percent(row.after[CONCEPT].zero)}%",
            points(row.gained, lang),
            _cell(row.before["nash"]),
            _cell(row.after["nash"]),
        )
        for row in rows
    )
    caption = say("coalition.caption-bloc", lang, bloc=coalition_in_text(conflict, bloc, lang))
    return Table(caption, _columns(heads, lang), cells, tuple(row.because for row in rows))


def points(gained: tuple[float, float, float], lang: Language) -> str:
    """A difference of two probabilities in points with its range."""
    value, low, high = (signed(v) for v in gained)
    return say("coalition.points", lang, value=value, low=low, high=high)


def signed(value: float) -> str:
    """A difference of two probabilities in points to one place, with its sign; nothing has none."""
    told = f"{100 * value:+.1f}"
    return "0" if float(told) == 0 else told.replace("-", "−")


def equilibria(rows: Sequence[StateRow], concept: str, whose: str) -> tuple[int, ...]:
    """Numbers of the states that are equilibria in over half of the draws."""
    return tuple(row.n for row in rows if getattr(row, whose)[concept].value > 0.5)


def bloc_states_table(
    conflict: Conflict, bloc: Sequence[str], rows: Sequence[StateRow], certain: bool, lang: Language
) -> Table:
    """Equilibria with and without a bloc: concept by concept where rankings are certain, else where most changes."""
    named = coalition_in_text(conflict, bloc, lang)
    if certain:
        cells = tuple(
            (
                _short(c, lang),
                *(states_named(equilibria(rows, c, whose), lang) for whose in ("single", "merged")),
            )
            for c in COALITION_CONCEPTS
        )
        caption = say("coalition.caption-bloc-certain", lang, bloc=named)
        return Table(caption, _columns(("concept-name", "before", "after"), lang), cells, ((),) * len(cells))

    def apart(row: StateRow) -> float:
        assert row.merged is not None
        return row.merged[CONCEPT].value - row.single[CONCEPT].value

    told = [
        row for row in sorted(rows, key=lambda r: (-abs(apart(r)), r.n))[:SHOWN] if abs(apart(row)) >= LEAST
    ]
    cells = tuple(
        (
            str(row.n),
            state_name(conflict, row.n, lang),
            cell(row.single[CONCEPT]),
            f"{percent(row.single[CONCEPT].zero)}%",
            NONE if row.merged is None else cell(row.merged[CONCEPT]),
            NONE if row.merged is None else f"{percent(row.merged[CONCEPT].zero)}%",
        )
        for row in told
    )
    columns = _columns(("state", "options", "before", "zero", "after", "zero"), lang)
    caption = say("coalition.caption-bloc-states", lang, bloc=named)
    return Table(caption, columns, cells, tuple(row.because for row in told))
