"""What would make a deal hold: assurances as costs of defecting in the drawn rankings, and credibility of threats.

An assurance binds a party in a draw where it stands and where detection × cost of defecting exceeds what the party is
tempted by: a number uniform from 0 to 1 on its own scale, an assumption, the same for all assurances of a draw. A
party that is bound would, before anything else, rather not defect.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zopa.case.conflict import Conflict
from zopa.case.draws import Draws
from zopa.case.rankings import ALL, Rows, profiles
from zopa.case.standoff import Assurance, Threat
from zopa.methods.graph_model import Bool, Index, Lattice
from zopa.methods.preferences import Ranks, lexicographic


@dataclass(frozen=True, eq=False)
class Credibility:
    """Of one threat: ``states`` (A,) indices where its condition holds and its consequence does not yet; ``can`` (A,)
    whether the threatener can bring the consequence about from there by one move; ``improves`` (D, A) whether some
    such move leaves it better off in a draw."""

    threat: str
    by: str
    states: Index
    can: Bool
    improves: Bool


def with_assurances(drawn: Draws, conflict: Conflict, which: Sequence[str], *, rows: Rows = ALL) -> Ranks:
    """(D, P, S) every party's ranking in each draw with some assurances in place, by id; ``rows`` takes some draws.

    Among the states it can tell apart by an assurance that binds it, a party prefers those where it does not defect,
    earlier assurances first; all else is as without. ``ValueError`` for an id that is no assurance of the case.
    """
    out = profiles(drawn, conflict, rows=rows)
    chosen = [_named(conflict, id_) for id_ in which]
    for at, party in enumerate(conflict.parties):
        above = []
        for assurance in chosen:
            if party in assurance.cost_of_defecting:
                holds = binds(drawn, conflict, assurance.id, party)[rows]
                kept = ~defections(conflict, assurance.id, party)
                if holds.any() and not kept.all():
                    above.append((holds[:, None] & kept).astype(np.int32))
        if above:
            out[:, at] = _lifted(out[:, at], above)
    return out


def _lifted(ranks: Ranks, above: Sequence[Ranks]) -> Ranks:
    """The ranking below criteria of 0 and 1, the first of which goes first."""
    low = int(ranks.min(initial=0))
    span = int(ranks.max(initial=0)) - low + 1
    if span << len(above) > np.iinfo(np.int32).max:
        return lexicographic([*above, ranks])
    # Each criterion is worth more than all that comes after it, and nothing need be sorted.
    levels = sum(2**k * criterion for k, criterion in enumerate(reversed(above)))
    return np.asarray(ranks - low + span * levels, dtype=np.int32)


def binds(drawn: Draws, conflict: Conflict, assurance: str, party: str) -> Bool:
    """(D,) in which draws an assurance that is in place keeps a party from defecting; nowhere for one it costs
    nothing."""
    found = _named(conflict, assurance)
    if party not in found.cost_of_defecting:
        return np.zeros(drawn.n, dtype=np.bool_)
    path = f"assurances.{found.id}"
    cost = drawn.number(f"{path}.cost_of_defecting.{party}")
    detected = drawn.number(f"{path}.detects") if found.detects.estimate.known else 1.0
    tempted = drawn.uniforms(f"assurances/temptation/{party}")
    return np.asarray(drawn.entry_stands(found) & (detected * cost > tempted))


def defections(conflict: Conflict, assurance: str, party: str) -> Bool:
    """(S,) states in which a party has defected from what an assurance is about.

    Its own option that no deal has taken (a strike): wherever it is taken. Any other option (limits, relief): states
    off the deal that the party can move to from a deal, by dropping the option where it is its own, else by any
    departure from its own part. None where the case names no deal.
    """
    option = _named(conflict, assurance).option
    deal = conflict.kind("deal")
    own = option is not None and _owner(conflict, option) == party
    if option is not None and own and deal.any() and not (conflict.facts[option] & deal).any():
        return np.asarray(conflict.facts[option])
    left = _departures(conflict, party, deal)
    return left & ~conflict.facts[option] if option is not None and own else left


def status_quo_with(conflict: Conflict, which: Sequence[str]) -> int | None:
    """Index of the state in which the relief that is offered has been given and all else is as now; None where the
    status quo is not known or that state is infeasible."""
    given = [a for a in (_named(conflict, id_) for id_ in which) if a.kind == "relief" and a.option]
    if conflict.status_quo is None or not isinstance(conflict.model, Lattice):
        return conflict.status_quo
    bits = int(conflict.model.states[conflict.status_quo])
    for assurance in given:
        if assurance.option in conflict.options:
            bits |= 1 << conflict.options.index(assurance.option)
    at = int(conflict.model.place[bits])
    return at if at >= 0 else None


def credibility(conflict: Conflict, rankings: Ranks) -> tuple[Credibility, ...]:
    """How credible each threat of the case is, in file order; ``rankings`` (D, P, S) as drawn."""
    return tuple(_credible(conflict, rankings, threat) for threat in conflict.standoff.threats)


def _credible(conflict: Conflict, rankings: Ranks, threat: Threat) -> Credibility:
    done = conflict.truth(threat.then)
    states = np.flatnonzero(conflict.truth(threat.if_) & ~done)
    by = conflict.parties.index(threat.by)
    can = np.zeros(len(states), dtype=np.bool_)
    improves = np.zeros((len(rankings), len(states)), dtype=np.bool_)
    for at, state in enumerate(states):
        moves = conflict.graph.moves(by, int(state))
        reached = moves[done[moves]]
        can[at] = len(reached) > 0
        if can[at]:
            improves[:, at] = rankings[:, by, reached].max(axis=1) > rankings[:, by, state]
    return Credibility(threat.id, threat.by, states, can, improves)


def _named(conflict: Conflict, id_: str) -> Assurance:
    for assurance in conflict.file.assurances:
        if assurance.id == id_:
            return assurance
    known = ", ".join(a.id for a in conflict.file.assurances)
    raise ValueError(f"with_assurances: '{id_}' is no assurance of the case, which has {known}")


def _owner(conflict: Conflict, option: str) -> str | None:
    return next((o.party for o in conflict.standoff.options if o.id == option), None)


def _departures(conflict: Conflict, party: str, deal: Bool) -> Bool:
    """(S,) states off the deal to which the party can move from some deal."""
    out = np.zeros(len(conflict), dtype=np.bool_)
    at = conflict.parties.index(party)
    model = conflict.model
    if not isinstance(model, Lattice):
        for state in np.flatnonzero(deal):
            out[model.moves(at, int(state))] = True
        return out & ~deal
    # Only moves that start from a deal are wanted: far fewer than all moves of a large conflict.
    states = model.states[deal]
    fixed_on = sum(1 << o for o, way in enumerate(model.one_way) if way == 1)
    fixed_off = sum(1 << o for o, way in enumerate(model.one_way) if way == -1)
    mask = int(model.masks[at])
    change = mask
    while change:
        allowed = ((states & change & fixed_on) == 0) & ((~states & change & fixed_off) == 0)
        to = model.place[states[allowed] ^ change]
        out[to[to >= 0]] = True
        change = (change - 1) & mask
    return out & ~deal
