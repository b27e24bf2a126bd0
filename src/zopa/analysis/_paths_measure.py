"""What is asked of a standoff's graph from its status quo, and what every draw answers."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from zopa.case.conflict import Conflict
from zopa.case.draws import Draws
from zopa.case.rankings import crisp, overruling, profiles
from zopa.errors import IncompleteCaseError
from zopa.methods.coalitions import Single
from zopa.methods.graph_model import Bool, Graph, Lattice
from zopa.methods.paths import (
    Path,
    Shortest,
    gateways,
    improvement_gateways,
    improvement_reach,
    movers_gain,
    needed,
    shortest_paths,
    steps_improve,
)
from zopa.methods.seen import seen_graph
from zopa.methods.slides import Slides, exits, slides, sliding, stops, tempted

ROWS = 4_000_000
"""Draws × parties × states whose rankings lie in memory together."""
NEAREST = 60
"""Pairs of a state and a party that can use force there whose ways are told; those further away are counted."""
EACH = 4
"""Shortest ways to each such state that are told; the others are counted."""
WAYS = 20
"""Shortest ways to one kind of deal that are told; the others are counted."""


@dataclass(frozen=True, eq=False)
class Asked:
    """The questions that need no rankings: where deals and violence lie, shortest ways to the ones, slides to the
    other.

    ``deals`` (S,) by outcome; ``avoid`` violent states, none where the status quo is violent itself; ``pairs`` (state,
    striker) of the slides, in order.
    """

    conflict: Conflict
    start: int
    deals: Mapping[str, Bool]
    avoid: Bool
    violent: Bool
    ways: Mapping[str, Shortest]
    gates: Mapping[str, Bool]
    movers: Mapping[str, Bool]
    slides: Slides

    @property
    def graph(self) -> Graph:
        """Every move of the standoff."""
        return self.conflict.graph

    @cached_property
    def seen(self) -> Graph:
        """The moves that parties make on purpose: none from or to a state that the mover does not see."""
        return seen_graph(self.graph, self.conflict.unseen)

    @property
    def any_deal(self) -> Bool:
        """(S,) the states of some deal."""
        out = np.zeros_like(self.violent)
        for mask in self.deals.values():
            out |= mask
        return out

    @property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """State before the violence and striker of every slide, each once."""
        return tuple(dict.fromkeys((s.before, s.striker) for s in self.slides.found))

    @property
    def strikers(self) -> tuple[int, ...]:
        """The parties that can move into violence."""
        return tuple(sorted({s.striker for s in self.slides.found}))


@dataclass(frozen=True, eq=False)
class Answers:
    """Every draw's answers: D draws, P parties, S states.

    ``reach`` (D, outcomes) a path of improvements leads to each deal, ``any_deal`` (D,) to some; ``gates`` (D, S) every
    such path runs through a state; ``states`` (D, S) improvements alone lead to it; ``steps`` (D, moves) which steps of
    all ways are improvements, way after way, and ``gain`` (D, ways) all movers end better off. ``gains`` (D, P, S)
    force would improve a party's position, ``tempts`` and more than any move without force, ``hard`` and nobody else
    could change that; ``slid`` (D, P) improvements alone lead to where it tempts; ``along`` (D, slides) by that way;
    ``who`` and ``willing`` (D, states) who can stop each slide at each state of its way.
    """

    reach: Bool
    any_deal: Bool
    gates: Bool
    states: Bool
    steps: Bool
    gain: Bool
    gains: Bool
    tempts: Bool
    hard: Bool
    slid: Bool
    along: Bool
    who: NDArray[np.uint8]
    willing: NDArray[np.uint8]


def ask_of(conflict: Conflict) -> Asked:
    """What can be told from moves alone; ``IncompleteCaseError`` without a status quo, or without any deal or violence
    among the outcomes."""
    start = conflict.status_quo
    if start is None:
        raise IncompleteCaseError.of("needs-standoff-now")
    violent = conflict.kind("violence")
    deals = {
        o.id: conflict.outcomes[o.id]
        for o in conflict.standoff.outcomes
        if o.kind == "deal" and conflict.outcomes[o.id].any()
    }
    if not deals and not violent.any():
        raise IncompleteCaseError.of("needs-endings")
    graph = conflict.graph
    composed = isinstance(conflict.model, Lattice)
    # From within violence every way out is a way through it.
    avoid = np.zeros_like(violent) if violent[start] else violent
    none = Slides((), 0, 0)
    return Asked(
        conflict=conflict,
        start=start,
        deals=deals,
        avoid=avoid,
        violent=violent,
        ways={k: shortest_paths(graph, start, v, avoid=avoid, most=WAYS) for k, v in deals.items()},
        gates={k: gateways(graph, start, v, avoid=avoid) for k, v in deals.items()},
        movers={k: needed(graph, start, v, avoid=avoid) for k, v in deals.items()},
        slides=none
        if violent[start]
        else slides(graph, violent, start, composed=composed, most=EACH, nearest=NEAREST),
    )


def ways_of(ask: Asked) -> tuple[Path, ...]:
    """All ways to deals that are told one by one, each once."""
    return tuple(dict.fromkeys(path for found in ask.ways.values() for path in found.paths))


def answers(drawn: Draws, ask: Asked) -> Answers:
    """Every draw's answers; rankings that are the same in all draws are asked once."""
    named = overruling(drawn, ask.conflict)

    def block(rows: slice) -> Answers:
        return _block(profiles(drawn, ask.conflict, rows=rows), Single(named.pairs, named.on[rows]), ask)

    if crisp(drawn, ask.conflict):
        return _each(lambda a: np.broadcast_to(a, (drawn.n, *a.shape[1:])), [block(slice(1))])
    step = max(1, ROWS // (len(ask.conflict.parties) * len(ask.conflict)))
    found = [block(slice(at, min(at + step, drawn.n))) for at in range(0, drawn.n, step)]
    return _each(lambda *parts: np.concatenate(parts), found)


def _each(join: object, found: list[Answers]) -> Answers:
    assert callable(join)
    return Answers(**{f.name: join(*(getattr(a, f.name) for a in found)) for f in fields(Answers)})


def _block(ranks: NDArray[np.int32], single: Single, ask: Asked) -> Answers:
    graph, start, violent, unseen = ask.seen, ask.start, ask.violent, ask.conflict.unseen
    draws = len(ranks)
    states = improvement_reach(graph, ranks, start, avoid=ask.avoid, single=single)
    ways = ways_of(ask)
    tempts = tempted(graph, violent, ranks, best=True, single=single)
    leaves = exits(graph, violent, tempts)
    freely = exits(graph, violent, tempts, willing=ranks, single=single)
    found = ask.slides.found
    made = [steps_improve(ranks, way, single=single, unseen=unseen) for way in ways]
    along = [steps_improve(ranks, s.way, single=single, unseen=unseen).all(axis=1) for s in found]
    able = [stops(s, tempts, leaves).who for s in found]
    willing = [stops(s, tempts, freely, willing=ranks, single=single, unseen=unseen).who for s in found]
    return Answers(
        reach=_columns([_some(states, mask) for mask in ask.deals.values()], draws),
        any_deal=_some(states, ask.any_deal),
        gates=improvement_gateways(graph, ranks, start, ask.any_deal, avoid=ask.avoid, single=single),
        states=states,
        steps=np.concatenate([np.zeros((draws, 0), np.bool_), *made], 1),
        gain=_columns([movers_gain(ranks, way, single=single, unseen=unseen) for way in ways], draws),
        gains=tempted(graph, violent, ranks, single=single),
        tempts=tempts,
        hard=tempts & (leaves == 0),
        slid=sliding(graph, violent, ranks, start, best=True, single=single)
        if found
        else np.zeros(ranks.shape[:2], np.bool_),
        along=_columns(
            [a & tempts[:, s.striker, s.before] for a, s in zip(along, found, strict=True)], draws
        ),
        who=np.concatenate([np.zeros((draws, 0), np.uint8), *able], axis=1),
        willing=np.concatenate([np.zeros((draws, 0), np.uint8), *willing], axis=1),
    )


def _columns(series: list[Bool], draws: int) -> Bool:
    return np.stack(series, axis=1) if series else np.zeros((draws, 0), dtype=np.bool_)


def _some(states: Bool, mask: Bool) -> Bool:
    return np.asarray(states[:, mask].any(axis=1))


def places_of(ask: Asked) -> tuple[slice, ...]:
    """Where the states of each slide's way stand among the columns of ``who``."""
    ends = accumulate((len(s.way.states) for s in ask.slides.found), initial=0)
    return tuple(slice(a, b) for a, b in pairwise(ends))
