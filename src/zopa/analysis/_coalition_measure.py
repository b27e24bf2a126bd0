"""What coalitions can do in a standoff, measured in every draw: whom a deal carries, who leaves it, what lasts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np

from zopa.case.conflict import Conflict
from zopa.case.draws import INNER, Draws
from zopa.case.rankings import Ranks, crisp, overruling, profiles
from zopa.errors import IncompleteCaseError
from zopa.methods.coalition_answers import Words
from zopa.methods.coalitions import (
    COALITION_CONCEPTS,
    MOST_BYTES,
    Groups,
    Single,
    blocs,
    coalitions,
    group_profiles,
    joint_improvements,
    liked_better,
    listed_coalitions,
    memory_needed,
)
from zopa.methods.graph_model import Bool

CONCEPT = "seq"
"""The concept of headlines: answers count only where they are better for who gives them."""
WORK = 14_000_000
"""Draws × states × coalitions that are judged at most, a way to draw: some seconds on two cores."""
FOLLOWED = 100_000_000_000
"""Steps that are followed at most where single pairs overrule rankings: what follows from one improvement then has to
be looked for state by state, coalition by coalition."""
MOST_STATES = 2_048
"""States up to which the moves of every coalition are found in seconds: the work grows with their third power."""

FIRST = 8
"""States looked at for joint moves where no ending is named."""

T = TypeVar("T", Bool, Words)


@dataclass(frozen=True, eq=False)
class Asked:
    """What is asked and needs no rankings: every coalition, the parties one by one, and the parties with a bloc.

    ``deals`` (S,) by outcome of kind deal that has a feasible state; ``bloc`` the places of the parties acting as one.
    """

    conflict: Conflict
    groups: Groups
    singles: Groups
    bloc: tuple[int, ...]
    merged: Groups | None
    deals: Mapping[str, Bool]

    @property
    def start(self) -> int | None:
        """Index of the status quo."""
        return self.conflict.status_quo

    @cached_property
    def endings(self) -> dict[str | None, Bool]:
        """(S,) by outcome, the status quo first under None; outcomes without a feasible state are left out."""
        out: dict[str | None, Bool] = {}
        if self.start is not None and self.conflict.outcomes:
            out[None] = np.arange(len(self.conflict)) == self.start
        return out | {name: states for name, states in self.conflict.outcomes.items() if states.any()}

    def needed(self, party: int, states: Bool) -> bool:
        """Whether the others, by whatever legal moves, cannot get from the status quo to any of some states."""
        assert self.start is not None
        # The coalitions of one party stand first, in the order of the parties.
        row = self.groups.answers[party, self.start]
        reached = np.unpackbits(row.view(np.uint8), bitorder="little")[: len(states)].astype(np.bool_)
        return not bool((reached & states).any())


@dataclass(frozen=True, eq=False)
class Wants:
    """What the parties want, drawn: ``ranks`` (D or 1, P, S), and the ``single`` pairs that overrule them."""

    ranks: Ranks
    single: Single

    def only(self, rows: Bool) -> "Wants":
        """Of some of the draws (D or 1,)."""
        on = None if self.single.on is None else self.single.on[rows]
        return Wants(self.ranks[rows], Single(self.single.pairs, on))


@dataclass(frozen=True, eq=False)
class Answers:
    """One way to draw, D draws: ``now`` (D, S) bits of the coalitions that improve together on the status quo by going
    to a state; by concept, (D, S) which states are stable for all coalitions (``universal``), for all parties
    (``single``), for the bloc and the rest (``merged``). All have one row where all draws agree, as ``wants`` does."""

    wants: Wants
    now: Words | None
    universal: Mapping[str, Bool]
    single: Mapping[str, Bool]
    merged: Mapping[str, Bool]
    draws: int

    def spread(self, found: T) -> T:
        """Something of every draw, where all draws have the same rankings and it was asked once."""
        return np.broadcast_to(found, (self.draws, *found.shape[1:]))


def posed(conflict: Conflict, bloc: Sequence[str] | None) -> Asked:
    """What can be told from moves alone; ``IncompleteCaseError`` for more states than coalitions can be followed in,
    ``ValueError`` for a bloc that is none."""
    places = _places(conflict, bloc)
    parties = len(conflict.parties)
    count = len(listed_coalitions(parties))
    if len(conflict) > MOST_STATES or memory_needed(len(conflict), count) > MOST_BYTES:
        raise IncompleteCaseError.of("coalitions-too-large", states=len(conflict), most=MOST_STATES)
    alone = [[p] for p in range(parties)]
    rest = [[p] for p in range(parties) if p not in places]
    return Asked(
        conflict=conflict,
        groups=coalitions(conflict.model, unseen=conflict.unseen),
        singles=blocs(conflict.model, alone, unseen=conflict.unseen),
        bloc=places,
        merged=blocs(conflict.model, [list(places), *rest], unseen=conflict.unseen) if places else None,
        deals={
            o.id: conflict.outcomes[o.id]
            for o in conflict.standoff.outcomes
            if o.kind == "deal" and conflict.outcomes[o.id].any()
        },
    )


def _places(conflict: Conflict, bloc: Sequence[str] | None) -> tuple[int, ...]:
    if bloc is None:
        return ()
    known = ", ".join(conflict.parties)
    if isinstance(bloc, str):
        raise TypeError(f"coalition: bloc must be a list of parties, not {bloc!r}")
    for party in bloc:
        if party not in conflict.parties:
            raise ValueError(f"coalition: bloc names '{party}', but the decision makers are {known}")
    if len(set(bloc)) < 2:
        raise ValueError(f"coalition: bloc is {list(bloc)}, but it takes two of the decision makers {known}")
    return tuple(sorted(conflict.parties.index(p) for p in set(bloc)))


def enough(ask: Asked, draws: int) -> int:
    """How many draws are judged: as many as asked for, or as there is time for."""
    states, groups = len(ask.conflict), len(ask.groups)
    most = WORK // (states * groups)
    if any(r.prefers or r.unknown or r.strongly for r in ask.conflict.standoff.rankings.values()):
        most = min(most, FOLLOWED // (states * groups) ** 2 // ask.groups.own.shape[2])
    return min(draws, max(2 * INNER, most))


def answers(drawn: Draws, ask: Asked) -> Answers:
    """Every draw's answers; rankings that are the same in all draws are asked once."""
    # Without the assumptions only the main concept is told of coalitions; the rest has its zero line beside it.
    whole = drawn.evidence != "cited"
    concepts = COALITION_CONCEPTS if whole else (CONCEPT,)
    once = crisp(drawn, ask.conflict)
    rows = slice(1) if once else slice(None)
    named = overruling(drawn, ask.conflict)
    wants = Wants(profiles(drawn, ask.conflict, rows=rows), Single(named.pairs, named.on[rows]))

    def stable(groups: Groups | None) -> dict[str, Bool]:
        if groups is None:
            return {}
        bits = group_profiles(groups, wants.ranks, single=wants.single, concepts=concepts)
        return {c: np.asarray(bits[:, k] == groups.all_of_them) for k, c in enumerate(concepts)}

    return Answers(
        wants=wants,
        now=None if ask.start is None else improving(ask, wants, ask.start),
        universal=stable(ask.groups),
        single=stable(ask.singles) if whole else {},
        merged=stable(ask.merged) if whole else {},
        draws=drawn.n,
    )


def improving(ask: Asked, wants: Wants, state: int) -> Words:
    """(D, S) bits of the coalitions that improve together on a state by going to another one."""
    return joint_improvements(ask.groups, wants.ranks, state, single=wants.single)


def better(ask: Asked, wants: Wants, states: Bool) -> Words:
    """(D,) bits of the coalitions all of whose members prefer one and the same of some states to the status quo, and
    see both, whether or not they can get there."""
    assert ask.start is not None
    gains = liked_better(wants.ranks, ask.start, single=wants.single)[:, :, states]
    out = np.zeros(len(wants.ranks), dtype=np.uint64)
    for g in range(len(ask.groups)):
        seen = ~(ask.groups.hidden[g, states] | ask.groups.hidden[g, ask.start])
        some = np.asarray((gains[:, ask.groups.parties_of(g)].all(axis=1) & seen).any(axis=1))
        out |= some.astype(np.uint64) << np.uint64(g)
    return out


def any_of(bits: Words, states: Bool) -> Words:
    """(D,) bits set at some of some states."""
    found: Words = np.bitwise_or.reduce(bits[:, states], axis=1)
    return found


def has(bits: Words, group: int) -> Bool:
    """Where the bit of a coalition is set."""
    return np.asarray(bits >> np.uint64(group) & np.uint64(1), dtype=np.bool_)


def at_some(found: Mapping[str, Bool], concept: str, states: Bool) -> Bool:
    """(D,) where some of some states is stable for all."""
    return np.asarray(found[concept][:, states].any(axis=1))


def most_often(series: Bool, among: Bool, *then: Bool) -> int:
    """Index of the state among some at which something happens most often; of equals the one at which the next thing
    does, the first where all are equal."""
    found = np.flatnonzero(among)
    for each in (series, *then):
        share = each.mean(axis=0)[found]
        found = found[share == share.max()]
    return int(found[0])


def members_of(ask: Asked, group: int) -> tuple[str, ...]:
    """The parties of a coalition."""
    return tuple(ask.conflict.parties[p] for p in ask.groups.parties_of(group))


def single_states(ask: Asked, found: Answers) -> tuple[int, ...]:
    """The states that are equilibria of single parties most often: one of each ending, else the first of all; none
    that never is one."""
    often = found.single[CONCEPT]
    if ask.endings:
        chosen = [most_often(often, states) for states in ask.endings.values()]
    else:
        chosen = [int(k) for k in np.argsort(-often.mean(axis=0), kind="stable")[:FIRST]]
    return tuple(dict.fromkeys(s for s in chosen if often[:, s].any()))
