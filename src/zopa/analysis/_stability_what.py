"""What the standoff's assurances would change, and whether its threats would be carried out."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from zopa.case.assurances import binds, credibility, with_assurances
from zopa.case.conflict import Conflict
from zopa.case.draws import Draws, Evidence
from zopa.case.evidence import Bool
from zopa.case.quantities import basis_of
from zopa.case.rankings import profiles
from zopa.case.verdicts import Verdicts, judged
from zopa.result import Chance, Share, chance_of, gap, share_of

CONCEPT = "seq"
"""The concept of headlines and of what changes them: answers count only where they are better for who gives them."""

Ways = Mapping[Evidence, Draws]


@dataclass(frozen=True, slots=True)
class Assured:
    """How often an agreement is an equilibrium with some assurances in force (``assurance`` None: with none, ``all``:
    with every one), what that gains in probability (mean, low, high), and how often each side is bound."""

    assurance: str | None
    share: Share
    gained: tuple[float, float, float] | None
    binds: Mapping[str, Share]
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Due:
    """A threat: how often carrying it out is better for who made it, in some state where it would be due and in all;
    ``states``: in how many such states it could be carried out at once, by number."""

    threat: str
    by: str
    states: tuple[int, ...]
    somewhere: Chance
    everywhere: Chance
    because: tuple[str, ...]


def assured(ways: Ways, conflict: Conflict, found: Mapping[Evidence, Verdicts]) -> tuple[Assured, ...]:
    """Whether an agreement would hold: as the case stands, with each assurance, and with all of them together."""
    deal = conflict.kind("deal")
    offered = conflict.file.assurances
    if not offered or not deal.any():
        return ()
    before = {e: _lasts(found[e], deal) for e in ways}
    every = tuple(dict.fromkeys(c for a in offered for c in basis_of(a).claims))
    rows = [Assured(None, share_of(before, ways), None, {}, ())]
    choices: list[tuple[tuple[str, ...], tuple[str, ...]]] = [
        ((a.id,), basis_of(a).claims) for a in offered if a.cost_of_defecting
    ]
    if len(choices) > 1:
        choices.append((tuple(ids[0] for ids, _ in choices), every))
    for ids, because in choices:
        bound = {e: _bound(way, conflict, ids) for e, way in ways.items()}
        after = {e: _with(way, conflict, ids, deal, before[e], bound[e]) for e, way in ways.items()}
        gained = gap(after["all"], ways["all"], before["all"], ways["all"])
        rows.append(
            Assured(
                assurance=ids[0] if len(ids) == 1 else "all",
                share=share_of(after, ways),
                gained=(gained.mean, gained.low, gained.high),
                binds={
                    party: share_of({e: bound[e][:, p] for e in ways}, ways)
                    for p, party in enumerate(conflict.parties)
                    if bound["all"][:, p].any()
                },
                because=because,
            )
        )
    return tuple(rows)


def _bound(drawn: Draws, conflict: Conflict, ids: tuple[str, ...]) -> Bool:
    """(D, P) in which draws some of the assurances binds each party."""
    return np.stack(
        [np.any([binds(drawn, conflict, i, party) for i in ids], axis=0) for party in conflict.parties],
        axis=1,
    )


def _lasts(found: Verdicts, states: Bool) -> Bool:
    return np.asarray(found.equilibrium(CONCEPT)[:, states].any(axis=1))


def _with(
    drawn: Draws, conflict: Conflict, ids: tuple[str, ...], deal: Bool, before: Bool, bound: Bool
) -> Bool:
    """(D,) whether an agreement lasts with assurances in force; where nobody is bound nothing changes."""
    after = before.copy()
    rows = np.flatnonzero(bound.any(axis=1))
    if len(rows):
        rankings = with_assurances(drawn, conflict, ids, rows=rows)
        codes = judged(conflict, rankings, (CONCEPT,), drawn, rows)[:, 0, deal]
        after[rows] = (codes == (1 << len(conflict.parties)) - 1).any(axis=1)
    return after


def due(ways: Ways, conflict: Conflict) -> tuple[Due, ...]:
    """Whether each threat would be carried out, where it can be in one move."""
    if not conflict.standoff.threats:
        return ()
    found = {e: credibility(conflict, profiles(way, conflict)) for e, way in ways.items()}
    rows = []
    for k, threat in enumerate(conflict.standoff.threats):
        can = found["all"][k].can
        if not can.any():
            continue
        improves = {e: found[e][k].improves[:, can] for e in ways}
        rows.append(
            Due(
                threat=threat.id,
                by=threat.by,
                states=tuple(int(n) for n in conflict.numbers[found["all"][k].states[can]]),
                somewhere=chance_of({e: np.asarray(i.any(axis=1)) for e, i in improves.items()}, ways),
                everywhere=chance_of({e: np.asarray(i.all(axis=1)) for e, i in improves.items()}, ways),
                because=basis_of(threat).claims,
            )
        )
    return tuple(rows)
