"""Moves against the rest of the case: one scale for what they lead to, and a place for them in the standoff."""

from collections.abc import Iterator, Sequence

import numpy as np

from zopa.case.checks.common import Where
from zopa.case.course import Alternative, Move
from zopa.case.expressions import Expression, ExpressionError, evaluate, names, parse
from zopa.case.model import CaseFile
from zopa.case.standoff import Standoff
from zopa.case.yaml_text import Path
from zopa.claims.ledger import Ledger
from zopa.claims.lines import Said, suggestion
from zopa.errors import Problem


def moves(file: CaseFile, ledger: Ledger, where: Where) -> Iterator[Problem]:
    """Problems of moves: consequences on several scales, options of others, and steps the standoff does not allow."""
    yield from _scales(file, where)
    yield from _owners(file, where)
    yield from _record(file, where)


def _scales(file: CaseFile, where: Where) -> Iterator[Problem]:
    """A problem at the first package of each move that is about how to meet."""
    for k, move in enumerate(file.moves):
        ends = [
            (("moves", k, "over", j, "leads_to", i), end)
            for j, alternative in enumerate(move.over)
            for i, end in enumerate(alternative.leads_to)
        ]
        if any(end.setting is not None for _, end in ends):
            for path, end in ends:
                if end.package is not None:
                    yield where.at_key("move-scales", (*path, "package"), move=move.id)
                    break


def _owners(file: CaseFile, where: Where) -> Iterator[Problem]:
    """Options that the standoff does not have, or that are another party's, and states of a standoff with options."""
    options = file.standoff.options if file.standoff is not None else ()
    owner = {option.id: option.party for option in options}
    for k, move in enumerate(file.moves):
        for j, alternative in enumerate(move.over):
            here: Path = ("moves", k, "over", j)
            if alternative.moves_to is not None and options:
                yield where.at_key("move-form", (*here, "moves_to"))
            for key in ("does", "undoes"):
                for i, option in enumerate(getattr(alternative, key)):
                    path = (*here, key, i)
                    if option in where.gone:
                        continue
                    if option not in owner:
                        close = suggestion(option, tuple(owner))
                        said = {"kind": Said("checks.kind-course"), "name": option, "closest": close}
                        yield where.problem("dangling-id", path, **said)
                    elif owner[option] != move.party:
                        said = {"option": option, "party": move.party, "owner": owner[option]}
                        yield where.problem("move-owner", path, **said)


def _record(file: CaseFile, where: Where) -> Iterator[Problem]:
    """The first move of the record that the standoff does not allow where the moves before it have led."""
    standoff = file.standoff
    if standoff is None:
        return
    made = sorted(range(len(file.moves)), key=lambda k: file.moves[k].on)
    if standoff.options:
        yield from _taken(file.moves, made, standoff, where)
    else:
        yield from _walked(file.moves, made, standoff, where)


def _chosen(move: Move) -> tuple[int, Alternative] | None:
    return next(((j, a) for j, a in enumerate(move.over) if a.id == move.chosen), None)


def _taken(moves: Sequence[Move], made: Sequence[int], standoff: Standoff, where: Where) -> Iterator[Problem]:
    rules = _rules(standoff)
    one_way = {option.id: option.one_way for option in standoff.options}
    state = {option.id: option.now for option in standoff.options}
    for k in made:
        found = _chosen(moves[k])
        if found is None or not {*found[1].does, *found[1].undoes} <= state.keys():
            continue
        j, alternative = found
        key = "does" if alternative.does else "undoes"
        after = {**state, **dict.fromkeys(alternative.does, True), **dict.fromkeys(alternative.undoes, False)}
        changed = [option for option in state if state[option] != after[option]]
        back = [o for o in changed if one_way[o] == ("on" if state[o] else "off")]
        broken = [
            when for when, rule in rules if evaluate(rule, {o: np.array([v]) for o, v in after.items()})[0]
        ]
        if changed and (back or broken):
            why = (
                Said("checks.move-back", option=back[0]) if back else Said("checks.move-rule", rule=broken[0])
            )
            yield where.at_key("move-impossible", ("moves", k, "over", j, key), move=moves[k].id, why=why)
            return
        state = after


def _rules(standoff: Standoff) -> list[tuple[str, Expression]]:
    """The infeasible combinations that can be read; the others are told elsewhere."""
    options = {option.id for option in standoff.options}
    out = []
    for rule in standoff.infeasible:
        try:
            expression = parse(rule.when)
        except ExpressionError:
            continue
        if {name.id for name in names(expression)} <= options:
            out.append((rule.when, expression))
    return out


def _walked(
    moves: Sequence[Move], made: Sequence[int], standoff: Standoff, where: Where
) -> Iterator[Problem]:
    arcs = {(arc.party, arc.from_, arc.to) for arc in standoff.arcs}
    known = {state.n for state in standoff.states}
    state = standoff.status_quo
    for k in made:
        found = _chosen(moves[k])
        if found is None or found[1].moves_to is None:
            continue
        j, to = found[0], found[1].moves_to
        path = ("moves", k, "over", j, "moves_to")
        if to not in known:
            yield where.problem("state-unknown", path, n=to, most=len(known))
            return
        if state is not None and to != state and (moves[k].party, state, to) not in arcs:
            why = Said("checks.move-arc", party=moves[k].party, state=state, to=to)
            yield where.problem("move-impossible", path, move=moves[k].id, why=why)
            return
        state = to
