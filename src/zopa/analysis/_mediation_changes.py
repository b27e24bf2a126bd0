"""Changes of circumstance that a third party can offer in a standoff, and the standoff with them in place."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from zopa.case.assurances import status_quo_with
from zopa.case.conflict import Conflict
from zopa.case.fields import Entry
from zopa.case.standoff import Assurance
from zopa.methods.graph_model import Bool, Graph, Index, Lattice, graph_of_pairs
from zopa.methods.seen import seen_graph

Kind = Literal["assurance", "rule-out", "bind"]


@dataclass(frozen=True, slots=True)
class Change:
    """One change of circumstance: an ``assurance`` of the case put in place, an option that nobody can take any more
    (``rule-out``), or one that cannot be undone once taken (``bind``); ``what`` is its id."""

    kind: Kind
    what: str


@dataclass(frozen=True, eq=False)
class Altered:
    """A standoff with options ruled out or bound: its states are the ``keep`` of those of the case."""

    conflict: Conflict
    keep: Index
    start: int | None
    """Index of the status quo among the kept states."""


def force(conflict: Conflict) -> frozenset[str]:
    """The options that are a use of force: wherever one is taken there is violence."""
    violent = conflict.kind("violence")
    return frozenset(
        name for name in conflict.facts if conflict.facts[name].any() and violent[conflict.facts[name]].all()
    )


def proposals(conflict: Conflict, wished: Bool) -> tuple[Change, ...]:
    """The single changes that are tried for some wished states (S,), in the order of the case.

    Assurances that cost something or give relief; options that are not taken now and without which some wished state is
    left, ruled out; options of a wished state, bound. Force is never bound, and nothing adds to it.
    """
    out = [
        Change("assurance", a.id)
        for a in conflict.file.assurances
        if a.cost_of_defecting or moves_the_start(conflict, a)
    ]
    now = conflict.status_quo
    for name in conflict.facts:
        taken = conflict.facts[name]
        if taken.any() and (now is None or not taken[now]) and (wished & ~taken).any():
            out.append(Change("rule-out", name))
    forced, way = force(conflict), {o.id: o.one_way for o in conflict.standoff.options}
    for name in conflict.facts:
        if (conflict.facts[name] & wished).any() and name not in forced and way.get(name) is None:
            out.append(Change("bind", name))
    return tuple(out)


def moves_the_start(conflict: Conflict, assurance: Assurance) -> bool:
    """Whether an assurance is relief that is given in advance."""
    return assurance.kind == "relief" and assurance.option in conflict.options


def altered(conflict: Conflict, changes: Sequence[Change], *, listed: bool) -> Altered:
    """The standoff with the changes of options in place; where moves are ``listed``, states stay and moves go."""
    out = frozenset(c.what for c in changes if c.kind == "rule-out")
    bound = frozenset(c.what for c in changes if c.kind == "bind")
    given = [c.what for c in changes if c.kind == "assurance"]
    start = status_quo_with(conflict, given)
    gone = np.zeros(len(conflict), dtype=np.bool_)
    for name in out:
        gone |= conflict.facts[name]
    every = np.arange(len(conflict), dtype=np.int64)
    if not out and not bound:
        return Altered(conflict, every, start)
    if listed or not isinstance(conflict.model, Lattice):
        # From a kept state no move leads to one that is gone: for the kept ones it is as if it were not there.
        left = replace(conflict, model=_cut(conflict, gone, bound))
        return Altered(left, every, None if start is None or gone[start] else start)
    keep = np.flatnonzero(~gone)
    model = conflict.model
    fixed = np.array([name in bound for name in conflict.options])
    one_way = np.where(fixed, 1, model.one_way).astype(np.int8)
    at = None if start is None or gone[start] else int(np.searchsorted(keep, start))
    left = replace(
        conflict,
        model=Lattice(model.states[keep], model.owner, one_way, model.parties),
        numbers=conflict.numbers[keep],
        status_quo=at,
        unseen=None if conflict.unseen is None else conflict.unseen[:, keep],
        facts={name: conflict.facts[name][keep] for name in conflict.facts},
    )
    return Altered(left, keep, at)


def _cut(conflict: Conflict, gone: Bool, bound: frozenset[str]) -> Graph:
    """The moves that are left: none into states that are gone, none that undoes what is bound."""
    graph, moves = conflict.graph, []
    for party in range(graph.parties):
        first, last = graph.starts[party, 0], graph.starts[party, -1]
        source = np.repeat(np.arange(len(graph)), np.diff(graph.starts[party]))
        target = graph.targets[first:last].astype(np.int64)
        allowed = ~gone[target]
        for name in bound:
            allowed &= ~(conflict.facts[name][source] & ~conflict.facts[name][target])
        moves.append(np.stack([source, target], axis=1)[allowed])
    return graph_of_pairs(len(graph), moves)


def entry_of(conflict: Conflict, change: Change) -> Entry | None:
    """The entry of the case that a change is about."""
    if change.kind == "assurance":
        return next(a for a in conflict.file.assurances if a.id == change.what)
    return next((o for o in conflict.standoff.options if o.id == change.what), None)


def offered_by(conflict: Conflict, change: Change) -> tuple[str, ...]:
    """Who has to offer a change: who the case says, or the parties whose option it is."""
    if change.kind == "assurance":
        found = next(a for a in conflict.file.assurances if a.id == change.what)
        return () if found.offered_by is None else (found.offered_by,)
    owner = next((o.party for o in conflict.standoff.options if o.id == change.what), None)
    return _movers(conflict, change.what) if owner is None else (owner,)


def _movers(conflict: Conflict, fact: str) -> tuple[str, ...]:
    """The parties with a move that makes something hold or not hold."""
    graph, holds, out = seen_graph(conflict.graph, conflict.unseen), conflict.facts[fact], []
    for at, party in enumerate(conflict.parties):
        first, last = graph.starts[at, 0], graph.starts[at, -1]
        source = np.repeat(np.arange(len(graph)), np.diff(graph.starts[at]))
        if (holds[source] != holds[graph.targets[first:last]]).any():
            out.append(party)
    return tuple(out)
