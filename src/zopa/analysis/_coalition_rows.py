"""The rows of ``coalition``: who carries, blocks and leaves each deal, what lasts, what a bloc changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from zopa.analysis._coalition_measure import (
    CONCEPT,
    Answers,
    Asked,
    any_of,
    at_some,
    better,
    has,
    improving,
    members_of,
    most_often,
    single_states,
)
from zopa.case.case import Case
from zopa.case.conflict import Conflict
from zopa.case.draws import Draws, Evidence
from zopa.case.quantities import basis_of
from zopa.methods.coalition_answers import Words
from zopa.methods.coalitions import COALITION_CONCEPTS, Groups, blockers, smallest
from zopa.methods.graph_model import Bool
from zopa.result import Chance, Share, Verdict, chance_of, gap, given, share_of, verdict

Ways = Mapping[Evidence, Draws]
Found = Mapping[Evidence, Answers]

PAIR: tuple[Evidence, ...] = ("all", "none")
"""The ways to draw that a share with its zero line needs."""
JUMPS = 2
"""Coalitions told of at most whose joint move leaves one state."""
LEAST = 0.025
"""A joint move that happens in fewer draws than print as 5 % is not listed."""


@dataclass(frozen=True, slots=True)
class DealRow:
    """A deal as a whole: ``states`` in it, ``state`` the number of the one that is carried most often.

    ``carried``: some coalition improves together on the status quo by going there (None where there is no status quo,
    or it is this deal). ``kept``: to a state of it that no coalition would leave (SEQ). ``left``: from ``state`` some
    coalition gains by leaving the deal. ``needed``: parties without which no moves lead there.
    """

    outcome: str
    states: int
    state: int
    carried: Chance | None
    kept: Chance
    left: Chance
    needed: tuple[str, ...]
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CoalitionRow:
    """One coalition and one deal.

    ``carries``: it improves together on the status quo by going there; ``smallest``: and no part of it does;
    ``gains``: all its members prefer some state of the deal to the status quo. ``blocks``: of the draws in which
    somebody carries the deal, nobody does without a member of it. ``refuses`` (a single party without which no moves
    lead there): no state of the deal is better for it than the status quo. ``leaves``: from the deal's ``state`` it
    gains by going out of the deal; ``jointly``: and no part of it does; ``verdict`` on its leaving.
    """

    outcome: str
    members: tuple[str, ...]
    carries: Share | None
    smallest: Share | None
    gains: Share | None
    blocks: Share | None
    refuses: Chance | None
    leaves: Share
    jointly: Share
    verdict: Verdict
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LastingRow:
    """An outcome (None: the status quo): how often some state of it is stable for every coalition (``universal``, SEQ;
    ``shares`` by concept), and for every single party (``single``); ``state`` is so for coalitions most often."""

    outcome: str | None
    states: int
    universal: Chance
    shares: Mapping[str, Share]
    single: Mapping[str, Share]
    state: int
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JumpRow:
    """A joint move that single stability does not see: ``n`` is an equilibrium of single parties (SEQ) in ``holds`` of
    the draws, and in ``share`` of all draws it is one that ``members`` gain by leaving together for ``to``."""

    n: int
    to: int
    members: tuple[str, ...]
    holds: Share
    share: Share
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StateRow:
    """A feasible state: by concept, how often stable for every coalition (``universal``), for every single party
    (``single``) and, with a bloc, for the bloc and every other party (``merged``)."""

    n: int
    options: Mapping[str, bool]
    name: str
    outcomes: tuple[str, ...]
    universal: Mapping[str, Share]
    single: Mapping[str, Share]
    merged: Mapping[str, Share] | None
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BlocRow:
    """An outcome (None: the status quo): how often some state of it is an equilibrium with every party on its own
    (``before``) and with the bloc acting as one (``after``), by concept; ``gained`` by it (SEQ): mean, low, high."""

    outcome: str | None
    before: Mapping[str, Share]
    after: Mapping[str, Share]
    gained: tuple[float, float, float]
    because: tuple[str, ...]


# -- what they rest on ---------------------------------------------------------------------------------------------


def claims(case: Case, conflict: Conflict, parties: Iterable[str]) -> tuple[str, ...]:
    """The claims behind the preferences of some parties: a coalition's own gain turns on no others."""
    wanted, outer, found = set(parties), basis_of(conflict.standoff), []
    for party, ranking in conflict.standoff.rankings.items():
        if party not in wanted:
            continue
        own = basis_of(ranking) if ranking.because or ranking.assumed else outer
        if ranking.ranking or not ranking.statements:
            found.append(own)
        else:
            found += [basis_of(s) if s.because or s.assumed else own for s in ranking.statements]
    told = (c for basis in found for c in basis.claims)
    return tuple(c for c in dict.fromkeys(told) if c in case.ledger.by_id)


def _chance(hits: Mapping[Evidence, Bool], ways: Ways) -> Chance:
    """The probability; at once where nothing varies, as most coalitions can never do most things."""
    values = {e: float(h[0]) for e, h in hits.items()}
    if not all((h == h[0]).all() for h in hits.values()):
        return chance_of(hits, ways)
    own, zero, cited = values["all"], values["none"], values["cited"]
    apart = cited - zero
    told: Verdict = "silent" if not apart else "shows" if apart * (own - zero) > 0 else "open"
    return Chance(own, own, own, zero, cited, apart, apart, apart, 0.0, told, own, own)


def _share(hits: Mapping[Evidence, Bool], ways: Ways) -> Share:
    first = float(hits["all"][0])
    if (hits["all"] == hits["all"][0]).all():
        return Share(first, first, first, float(np.mean(hits["none"])))
    return share_of(hits, ways)


# -- deals ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class DealFound:
    """What is known of one deal in every draw, by way to draw: bits of the coalitions that carry it, gain by it, block
    it, leave it. ``at``: index of its state that is carried most often; ``asked``: it has to be carried at all."""

    outcome: str
    states: Bool
    at: int
    asked: bool
    carries: Mapping[Evidence, Words]
    gains: Mapping[Evidence, Words]
    leaves: Mapping[Evidence, Words]
    kept: Mapping[Evidence, Bool]


def deals_found(ask: Asked, found: Found) -> tuple[DealFound, ...]:
    """Every deal in every draw."""
    return tuple(_deal_found(ask, found, outcome, states) for outcome, states in ask.deals.items())


def _deal_found(ask: Asked, found: Found, outcome: str, states: Bool) -> DealFound:
    start = ask.start
    wanted = start is not None and not states[start]
    full = found["all"]
    at = start if start is not None and states[start] else _focal(full, states)
    nobody = {e: np.zeros(a.draws, dtype=np.uint64) for e, a in found.items()}
    lasting = {e: a.universal[CONCEPT][:, states] for e, a in found.items()}
    kept = {
        e: (lasting[e] & (a.now[:, states] != 0) if wanted and a.now is not None else lasting[e]).any(axis=1)
        for e, a in found.items()
    }
    return DealFound(
        outcome=outcome,
        states=states,
        at=at,
        asked=wanted,
        carries={e: a.spread(any_of(a.now, states)) for e, a in found.items() if a.now is not None}
        if wanted
        else nobody,
        gains={e: a.spread(better(ask, a.wants, states)) for e, a in found.items()} if wanted else nobody,
        leaves={e: a.spread(any_of(improving(ask, a.wants, at), ~states)) for e, a in found.items()},
        kept={e: found[e].spread(np.asarray(k)) for e, k in kept.items()},
    )


def _focal(full: Answers, states: Bool) -> int:
    """The state of a deal that is carried most often; of equals the one that is likeliest to last."""
    lasting = full.universal[CONCEPT], full.single[CONCEPT]
    return most_often(lasting[0] if full.now is None else full.now != 0, states, *lasting)


def deal_rows(case: Case, ask: Asked, deals: Iterable[DealFound], ways: Ways) -> tuple[DealRow, ...]:
    """A row a deal, in the order of the file."""
    conflict = ask.conflict
    because = claims(case, conflict, conflict.parties)
    return tuple(
        DealRow(
            outcome=deal.outcome,
            states=int(deal.states.sum()),
            state=int(conflict.numbers[deal.at]),
            carried=_chance({e: bits != 0 for e, bits in deal.carries.items()}, ways) if deal.asked else None,
            kept=_chance(deal.kept, ways),
            left=_chance({e: bits != 0 for e, bits in deal.leaves.items()}, ways),
            needed=_needed(ask, deal),
            because=because,
        )
        for deal in deals
    )


def _needed(ask: Asked, deal: DealFound) -> tuple[str, ...]:
    if not deal.asked:
        return ()
    return tuple(p for at, p in enumerate(ask.conflict.parties) if ask.needed(at, deal.states))


def coalition_rows(
    case: Case, ask: Asked, deals: Iterable[DealFound], ways: Ways
) -> tuple[CoalitionRow, ...]:
    """Deal by deal a row for every coalition, smaller ones first."""
    return tuple(row for deal in deals for row in _rows_of(case, ask, deal, ways))


def _rows_of(case: Case, ask: Asked, deal: DealFound, ways: Ways) -> list[CoalitionRow]:
    groups, needed = ask.groups, _needed(ask, deal)
    least = {e: smallest(groups, bits) for e, bits in deal.carries.items()}
    joint = {e: smallest(groups, bits) for e, bits in deal.leaves.items()}
    blocking = {e: blockers(groups, bits) for e, bits in deal.carries.items()}
    carried = {e: bits != 0 for e, bits in deal.carries.items()}
    told = (deal.carries, least, deal.gains, deal.leaves, joint)
    carries, at_least, gains, leaves, jointly = (_by_coalition(groups, bits, ways) for bits in told)
    rows = []
    for g in range(len(groups)):
        members = members_of(ask, g)
        leaving = {e: has(bits, g) for e, bits in deal.leaves.items()}
        refusing = deal.asked and len(members) == 1 and members[0] in needed
        rows.append(
            CoalitionRow(
                outcome=deal.outcome,
                members=members,
                carries=carries[g] if deal.asked else None,
                smallest=at_least[g] if deal.asked else None,
                gains=gains[g] if deal.asked else None,
                blocks=_of_carried({e: has(b, g) for e, b in blocking.items()}, carried, ways)
                if carried["all"].any()
                else None,
                refuses=_chance({e: ~has(b, g) for e, b in deal.gains.items()}, ways) if refusing else None,
                leaves=leaves[g],
                jointly=jointly[g],
                verdict=verdict(leaving, ways),
                because=claims(case, ask.conflict, members),
            )
        )
    return rows


def _by_coalition(groups: Groups, bits: Mapping[Evidence, Words], ways: Ways) -> list[Share]:
    """The share of draws in which the bit of each coalition is set."""
    series = {e: np.stack([has(bits[e], g) for g in range(len(groups))], axis=1) for e in PAIR}
    return _columns(series, ways)


def _of_carried(hits: Mapping[Evidence, Bool], carried: Mapping[Evidence, Bool], ways: Ways) -> Share:
    """Share of the draws in which somebody carries the deal; of ignorance too."""
    if (hits["all"] == carried["all"]).all() or not hits["all"].any():
        value = float(hits["all"].any())
        spread = (value, value, value)
    else:
        found = ways["all"].interval(given(hits["all"], carried["all"]))
        spread = (found.mean, found.low, found.high)
    return Share(*spread, float(given(hits["none"], carried["none"]).mean()))


# -- what lasts ----------------------------------------------------------------------------------------------------


def lasting_rows(case: Case, ask: Asked, found: Found, ways: Ways) -> tuple[LastingRow, ...]:
    """A row for the status quo and for every outcome that has a feasible state."""
    full = found["all"]
    because = claims(case, ask.conflict, ask.conflict.parties)
    rows = []
    universal, single = (_by_concept(found, whose, ask, ways) for whose in ("universal", "single"))
    for k, (outcome, states) in enumerate(ask.endings.items()):
        hits = {e: a.spread(at_some(a.universal, CONCEPT, states)) for e, a in found.items()}
        rows.append(
            LastingRow(
                outcome=outcome,
                states=int(states.sum()),
                universal=_chance(hits, ways),
                shares=universal[k],
                single=single[k],
                state=int(ask.conflict.numbers[most_often(full.universal[CONCEPT], states)]),
                because=because,
            )
        )
    return tuple(rows)


def _series(answers: Answers, whose: str) -> Mapping[str, Bool]:
    found: Mapping[str, Bool] = getattr(answers, whose)
    return found


def _by_concept(found: Found, whose: str, ask: Asked, ways: Ways) -> list[dict[str, Share]]:
    """Ending by ending and concept by concept, how often some state of it is stable for all."""
    sets = list(ask.endings.values())
    if not sets:
        return []
    series = {
        e: np.stack(
            [at_some(_series(found[e], whose), c, states) for states in sets for c in COALITION_CONCEPTS],
            axis=1,
        )
        for e in PAIR
    }
    told = iter(_columns(series, ways))
    return [{c: next(told) for c in COALITION_CONCEPTS} for _ in sets]


def state_rows(case: Case, ask: Asked, found: Found, ways: Ways) -> tuple[StateRow, ...]:
    """A row for every feasible state."""
    conflict = ask.conflict
    because = claims(case, conflict, conflict.parties)
    kinds = ("universal", "single", *(("merged",) if ask.merged else ()))
    told = {
        (w, c): _columns({e: _series(found[e], w)[c] for e in PAIR}, ways)
        for w in kinds
        for c in COALITION_CONCEPTS
    }
    outcomes = list(conflict.outcomes.items())

    def at(whose: str, k: int) -> dict[str, Share]:
        return {c: told[whose, c][k] for c in COALITION_CONCEPTS}

    return tuple(
        StateRow(
            n=int(n),
            options=conflict.taken(k),
            name="" if conflict.options else conflict.label(k, "en"),
            outcomes=tuple(name for name, states in outcomes if states[k]),
            universal=at("universal", k),
            single=at("single", k),
            merged=at("merged", k) if ask.merged else None,
            because=because,
        )
        for k, n in enumerate(conflict.numbers)
    )


def _columns(series: Mapping[Evidence, Bool], ways: Ways) -> list[Share]:
    """The share of every column of series (D, columns), at a fraction of the time of one by one."""
    full, zero = series["all"], series["none"].mean(axis=0)
    value = full.mean(axis=0)
    out = [Share(float(v), float(v), float(v), float(z)) for v, z in zip(value, zero, strict=True)]
    varying = np.flatnonzero((value > 0) & (value < 1))
    if len(varying):
        for k, span in zip(varying, ways["all"].intervals(full[:, varying]), strict=True):
            out[k] = Share(span.mean, span.low, span.high, float(zero[k]))
    return out


def jump_rows(case: Case, ask: Asked, found: Found, ways: Ways) -> tuple[JumpRow, ...]:
    """Joint moves out of the states that single parties keep most often: one of each ending, else the first of all."""
    conflict = ask.conflict
    rows = []
    for s in single_states(ask, found["all"]):
        holds = {e: found[e].spread(found[e].single[CONCEPT][:, s]) for e in PAIR}
        moves = {e: _joint_moves(ask, found[e], s) for e in PAIR}
        for g, q in _likeliest_moves(ask, moves["all"]):
            members = members_of(ask, g)
            rows.append(
                JumpRow(
                    n=int(conflict.numbers[s]),
                    to=int(conflict.numbers[q]),
                    members=members,
                    holds=_share(holds, ways),
                    share=_share({e: found[e].spread(has(m[:, q], g)) for e, m in moves.items()}, ways),
                    because=claims(case, conflict, members),
                )
            )
    return tuple(sorted(rows, key=lambda r: -r.share.value))


def _joint_moves(ask: Asked, answers: Answers, state: int) -> Words:
    """(D, S) bits of the coalitions that leave an equilibrium of single parties for a state, and no part of them."""
    keeps = answers.single[CONCEPT][:, state]
    out = np.zeros((len(keeps), len(ask.conflict)), dtype=np.uint64)
    # Where the state does not hold anyway nothing needs to be looked for.
    out[keeps] = smallest(ask.groups, improving(ask, answers.wants.only(keeps), state))
    return out


def _likeliest_moves(ask: Asked, moves: Words) -> list[tuple[int, int]]:
    """The coalitions of several that leave most often, each with the state that it most often leaves for."""
    found = []
    for g in range(len(ask.groups)):
        often = has(moves, g).mean(axis=0)
        q = int(often.argmax())
        if len(ask.groups.parties_of(g)) > 1 and often[q] >= LEAST:
            found.append((float(often[q]), g, q))
    return [(g, q) for _, g, q in sorted(found, key=lambda f: (-f[0], f[1]))[:JUMPS]]


def bloc_rows(case: Case, ask: Asked, found: Found, ways: Ways) -> tuple[BlocRow, ...]:
    """What the bloc changes of every ending."""
    if ask.merged is None:
        return ()
    because = claims(case, ask.conflict, ask.conflict.parties)
    rows = []
    alone, joined = (_by_concept(found, whose, ask, ways) for whose in ("single", "merged"))
    for k, (outcome, states) in enumerate(ask.endings.items()):
        full = found["all"]
        before = full.spread(at_some(full.single, CONCEPT, states))
        after = full.spread(at_some(full.merged, CONCEPT, states))
        gained = gap(after, ways["all"], before, ways["all"])
        rows.append(
            BlocRow(
                outcome=outcome,
                before=alone[k],
                after=joined[k],
                gained=(gained.mean, gained.low, gained.high),
                because=because,
            )
        )
    return tuple(rows)
