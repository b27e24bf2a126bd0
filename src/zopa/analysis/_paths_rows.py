"""The rows of ``paths``: ways to deals, slides into violence, and the record, each with what it rests on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from zopa.analysis._paths_measure import Answers, Asked, places_of, ways_of
from zopa.case.case import Case
from zopa.case.conflict import Conflict, feasible_states
from zopa.case.course import Alternative, Move
from zopa.case.draws import Draws, Evidence
from zopa.case.quantities import Basis, basis_of
from zopa.estimate import Array
from zopa.methods.graph_model import Bool, Index
from zopa.methods.intervals import Interval
from zopa.methods.paths import walk
from zopa.methods.slides import Stops, in_order
from zopa.result import Chance, Share, chance_of, share_of

Ways = Mapping[Evidence, Draws]
Found = Mapping[Evidence, Answers]
COLUMNS = 100
"""Series over draws whose intervals are told together."""


@dataclass(frozen=True, slots=True)
class DealRow:
    """Whether the parties could walk to one kind of deal.

    ``moves``: fewest moves of a legal path that avoids violence (None: there is none), ``paths`` how many such paths;
    ``needed`` parties without which there is no path; ``gateways`` numbers of the states that every path runs through.
    ``chance``: a path of improvements alone leads there.
    """

    outcome: str
    moves: int | None
    paths: int
    needed: tuple[str, ...]
    gateways: tuple[int, ...]
    chance: Chance
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WayRow:
    """One shortest way to a deal: ``movers`` and ``states`` (numbers) one after the other; ``outcomes`` the kinds of
    deal its end is, ``outcome`` the narrowest of them. ``steps``: how often each
    move improves its mover's position; ``chance``: all of them do; ``gain``: all movers prefer the end to the start."""

    outcome: str
    outcomes: tuple[str, ...]
    movers: tuple[str, ...]
    states: tuple[int, ...]
    steps: tuple[Share, ...]
    chance: Chance
    gain: Chance
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StrikerRow:
    """A party that can use force, over ``slides`` ways. ``now``: that would be its best move from the status quo (None
    where it has none there); ``chance``: improvements alone lead to where it is."""

    party: str
    slides: int
    now: Chance | None
    chance: Chance
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stopper:
    """A party that can stop a slide at one state of its way, in which share of the draws in which the slide tempts."""

    party: str
    share: Share


@dataclass(frozen=True, slots=True)
class Stop:
    """One state of a slide's way: shares of the draws in which the slide tempts. ``open``: somebody other than the
    striker can stop it there; ``willing``: and would be better off by it; ``who``: by party, most often first."""

    state: int
    open: Share
    willing: Share
    who: tuple[Stopper, ...]


@dataclass(frozen=True, slots=True)
class SlideRow:
    """One way to slide into violence: along ``movers`` and ``states`` (numbers), then ``striker`` uses force, which
    leads into ``outcomes``.

    ``tempts``: that is its best move there; ``improves``: it improves its position, whatever else would; ``along``: it
    tempts, and every move of the way improves its mover's position. Of the draws in which it tempts, others can stop it
    right up to the use of force (``to_the_end``), only at an earlier state (``earlier``), or at none (``nowhere``);
    ``stops`` state by state. ``last``: mean number of moves from the status quo to the last exit, counting none as −1.
    """

    striker: str
    movers: tuple[str, ...]
    states: tuple[int, ...]
    outcomes: tuple[str, ...]
    tempts: Chance
    improves: Share
    along: Share
    to_the_end: Share
    earlier: Share
    nowhere: Share
    stops: tuple[Stop, ...]
    last: float
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Force:
    """In one state, the share of draws in which force would be a party's best move, and nobody else could change that
    (``hard``)."""

    state: int
    party: str
    tempts: float
    hard: float


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A dated move as a step on the graph: what it took and dropped, the ``state`` after it, and the states that the
    alternatives passed over would have led to (by alternative). ``possible``: the graph has such a move."""

    move: str
    party: str
    on: date
    does: tuple[str, ...]
    undoes: tuple[str, ...]
    state: int
    possible: bool
    passed_over: tuple[tuple[str, int], ...]
    because: tuple[str, ...]


# -- what they rest on ---------------------------------------------------------------------------------------------


def bases(conflict: Conflict, parties: Iterable[str]) -> tuple[Basis, ...]:
    """What the preferences of some parties rest on: statement by statement, a ranking as a whole, or nothing."""
    out = []
    for party in parties:
        ranking = conflict.standoff.rankings.get(party)
        if ranking is None or not (ranking.statements or ranking.ranking):
            out.append(Basis())
            continue
        for statement in ranking.statements:
            own = basis_of(statement)
            out.append(own if own.because or own.assumed else basis_of(ranking))
        if ranking.ranking or ranking.prefers or ranking.unknown or ranking.strongly:
            out.append(basis_of(ranking))
    return tuple(out)


def claims(case: Case, conflict: Conflict, parties: Iterable[str]) -> tuple[str, ...]:
    """The claims behind the preferences of some parties."""
    found = (c for basis in bases(conflict, parties) for c in basis.claims)
    return tuple(c for c in dict.fromkeys(found) if c in case.ledger.by_id)


# -- deals ---------------------------------------------------------------------------------------------------------


def deal_rows(case: Case, ask: Asked, found: Found, ways: Ways) -> tuple[DealRow, ...]:
    """Every kind of deal, in the order of the case."""
    parties, numbers = ask.conflict.parties, ask.conflict.numbers
    rows = []
    for k, outcome in enumerate(ask.deals):
        rows.append(
            DealRow(
                outcome=outcome,
                moves=ask.ways[outcome].moves,
                paths=ask.ways[outcome].count,
                needed=tuple(parties[i] for i in np.flatnonzero(ask.movers[outcome])),
                gateways=tuple(int(n) for n in numbers[ask.gates[outcome]]),
                chance=chance_of({e: a.reach[:, k] for e, a in found.items()}, ways),
                because=claims(case, ask.conflict, _movers(ask)),
            )
        )
    return tuple(rows)


def _movers(ask: Asked) -> tuple[str, ...]:
    """The parties that have any move at all."""
    starts = ask.graph.starts
    return tuple(p for i, p in enumerate(ask.conflict.parties) if starts[i, -1] > starts[i, 0])


def way_rows(case: Case, ask: Asked, found: Found, ways: Ways) -> tuple[WayRow, ...]:
    """Every shortest way to every kind of deal."""
    parties, numbers = ask.conflict.parties, ask.conflict.numbers
    rows, at = [], 0
    for k, path in enumerate(ways_of(ask)):
        ends = tuple(o for o, mask in ask.deals.items() if mask[path.states[-1]])
        columns = range(at, at + len(path))
        at += len(path)
        movers = tuple(parties[i] for i in path.movers)
        rows.append(
            WayRow(
                outcome=min(ends, key=lambda o: int(ask.deals[o].sum())),
                outcomes=ends,
                movers=movers,
                states=tuple(int(numbers[s]) for s in path.states),
                steps=tuple(share_of({e: a.steps[:, c] for e, a in found.items()}, ways) for c in columns),
                chance=chance_of(
                    {e: np.asarray(a.steps[:, columns].all(axis=1)) for e, a in found.items()}, ways
                ),
                gain=chance_of({e: a.gain[:, k] for e, a in found.items()}, ways),
                because=claims(case, ask.conflict, dict.fromkeys(movers)),
            )
        )
    return tuple(rows)


# -- violence ------------------------------------------------------------------------------------------------------


def striker_rows(case: Case, ask: Asked, found: Found, ways: Ways) -> tuple[StrikerRow, ...]:
    """Every party that can turn to force, in the order of the standoff."""
    rows = []
    for striker in ask.strikers:
        own = [s for s in ask.slides.found if s.striker == striker]
        can = any(not s.way.movers for s in own)
        now = chance_of({e: a.tempts[:, striker, ask.start] for e, a in found.items()}, ways) if can else None
        rows.append(
            StrikerRow(
                party=ask.conflict.parties[striker],
                slides=len(own),
                now=now,
                chance=chance_of({e: a.slid[:, striker] for e, a in found.items()}, ways),
                because=claims(case, ask.conflict, _movers(ask)),
            )
        )
    return tuple(rows)


def force_everywhere(ask: Asked, found: Answers) -> tuple[Force, ...]:
    """How near force is in every state without violence, party by party."""
    parties, numbers = ask.conflict.parties, ask.conflict.numbers
    tempts, hard = found.tempts.mean(axis=0), found.hard.mean(axis=0)
    return tuple(
        Force(int(numbers[s]), parties[i], float(tempts[i, s]), float(hard[i, s]))
        for s in np.flatnonzero(~ask.violent)
        for i in ask.strikers
    )


def slide_rows(case: Case, ask: Asked, found: Found, ways: Ways) -> tuple[SlideRow, ...]:
    """Every slide, those first whose chance to be stopped runs out first."""
    slides = ask.slides.found
    tempts = {(s, i): chance_of({e: a.tempts[:, i, s] for e, a in found.items()}, ways) for s, i in ask.pairs}
    along = _shares({e: a.along for e, a in found.items()}, ways)
    # Shares are of the draws in which a slide tempts.
    here = {e: _tempting(ask, a) for e, a in found.items()}
    last = {e: _last(ask, a) for e, a in found.items()}
    end = np.array(_lengths(ask), dtype=np.int64) - 1
    states, by = [s.before for s in slides], [s.striker for s in slides]
    improves = _shares({e: np.asarray(a.gains[:, by, states]) for e, a in found.items()}, ways)
    to_the_end = _given({e: v == end for e, v in last.items()}, here, ways)
    earlier = _given({e: (v >= 0) & (v < end) for e, v in last.items()}, here, ways)
    nowhere = _given({e: v < 0 for e, v in last.items()}, here, ways)
    stops = _stops(ask, found, here, ways)
    rows = []
    for k, slide in enumerate(slides):
        tempting = here["all"][:, k]
        rows.append(
            SlideRow(
                **_told(case, ask, k),
                tempts=tempts[slide.before, slide.striker],
                improves=improves[k],
                along=along[k],
                to_the_end=to_the_end[k],
                earlier=earlier[k],
                nowhere=nowhere[k],
                stops=stops[k],
                last=float(last["all"][tempting, k].mean()) if tempting.any() else -1.0,
            )
        )
    return tuple(rows[k] for k in in_order(slides, [row.last for row in rows]))


def _told(case: Case, ask: Asked, k: int) -> dict[str, Any]:
    """What a slide is, apart from its numbers."""
    slide, conflict = ask.slides.found[k], ask.conflict
    striker, movers = conflict.parties[slide.striker], tuple(conflict.parties[i] for i in slide.way.movers)
    entered = list(slide.entered)
    return {
        "striker": striker,
        "movers": movers,
        "states": tuple(int(conflict.numbers[s]) for s in slide.way.states),
        "outcomes": tuple(
            o.id
            for o in conflict.standoff.outcomes
            if o.kind == "violence" and conflict.outcomes[o.id][entered].any()
        ),
        "because": claims(case, conflict, dict.fromkeys((*movers, striker))),
    }


def _last(ask: Asked, found: Answers) -> Index:
    """(D, slides) the last state of each way at which others can stop it, −1 where there is none."""
    out = [Stops(found.any_deal, found.who[:, place]).last for place in places_of(ask)]
    return np.stack(out, axis=1).astype(np.int64) if out else np.zeros((len(found.who), 0), dtype=np.int64)


def _stops(ask: Asked, found: Found, here: Mapping[Evidence, Bool], ways: Ways) -> list[tuple[Stop, ...]]:
    """State by state, how often and by whom each slide can be stopped there."""
    each = {e: np.repeat(h, _lengths(ask), axis=1) for e, h in here.items()}
    able = _given({e: a.who != 0 for e, a in found.items()}, each, ways)
    willing = _given({e: a.willing != 0 for e, a in found.items()}, each, ways)
    own = [
        _given({e: (a.who >> i & 1).astype(np.bool_) for e, a in found.items()}, each, ways)
        for i in range(len(ask.conflict.parties))
    ]
    numbers = ask.conflict.numbers
    return [
        tuple(
            Stop(int(numbers[state]), able[c], willing[c], _by_party(ask, [shares[c] for shares in own]))
            for c, state in zip(range(place.start, place.stop), slide.way.states, strict=True)
        )
        for slide, place in zip(ask.slides.found, places_of(ask), strict=True)
    ]


def _lengths(ask: Asked) -> list[int]:
    return [len(s.way.states) for s in ask.slides.found]


def _tempting(ask: Asked, found: Answers) -> Bool:
    """(D, slides) whether each slide tempts."""
    slides = ask.slides.found
    return np.asarray(found.tempts[:, [s.striker for s in slides], [s.before for s in slides]])


def _by_party(ask: Asked, shares: Sequence[Share]) -> tuple[Stopper, ...]:
    """Who can stop a slide at one state of its way, those first who can most often."""
    able = [Stopper(p, s) for p, s in zip(ask.conflict.parties, shares, strict=True) if s.value > 0]
    return tuple(sorted(able, key=lambda stopper: -stopper.share.value))


def _shares(hits: Mapping[Evidence, Bool], ways: Ways) -> tuple[Share, ...]:
    """The share of draws in every column, with its range and zero line."""
    if not hits["all"].shape[1]:
        return ()
    spread = _intervals(hits["all"], ways, legal=(0.0, 1.0))
    zero = hits["none"].mean(axis=0)
    return tuple(Share(s.mean, s.low, s.high, float(z)) for s, z in zip(spread, zero, strict=True))


def _given(hits: Mapping[Evidence, Bool], here: Mapping[Evidence, Bool], ways: Ways) -> tuple[Share, ...]:
    """The share of some draws (``here``) in every column, with the range of that ratio over the grade table; all zero
    where there are no such draws."""
    weight = here["all"].mean(axis=0)
    value, zero = _ratio(hits["all"], here["all"]), _ratio(hits["none"], here["none"])
    low, high = np.zeros_like(value), np.zeros_like(value)
    # What never happens has no range; the mean of hit − value over those draws, by group, is how far the ratio differs
    # from its value in the others.
    some = np.flatnonzero(value)
    if len(some):
        apart = _intervals(hits["all"][:, some], ways, about=value[some], where=here["all"][:, some])
        low[some] = np.maximum(0.0, value[some] + np.array([a.low for a in apart]) / weight[some])
        high[some] = np.minimum(1.0, value[some] + np.array([a.high for a in apart]) / weight[some])
    return tuple(Share(*map(float, row)) for row in zip(value, low, high, zero, strict=True))


def _intervals(
    hits: Bool,
    ways: Ways,
    *,
    legal: tuple[float, float] | None = None,
    about: Array | None = None,
    where: Bool | None = None,
) -> list[Interval]:
    """The interval of every column, some columns at a time: numbers for all of them would fill memory."""
    out: list[Interval] = []
    for at in range(0, hits.shape[1], COLUMNS):
        some = slice(at, at + COLUMNS)
        series = hits[:, some].astype(np.float64)
        if about is not None and where is not None:
            series = np.where(where[:, some], series - about[some], 0.0)
        out += ways["all"].intervals(series, legal=legal)
    return out


def _ratio(hits: Bool, here: Bool) -> Array:
    number = here.sum(axis=0)
    return np.asarray((hits & here).sum(axis=0) / np.maximum(number, 1))


def between(ask: Asked, found: Found, ways: Ways) -> dict[int, Share]:
    """By state without violence: of the draws with a path of improvements to an agreement, the share in which all of
    them run through it."""
    calm = np.flatnonzero(~ask.avoid)
    some = {e: np.broadcast_to(a.any_deal[:, None], (len(a.any_deal), len(calm))) for e, a in found.items()}
    shares = _given({e: a.gates[:, calm] for e, a in found.items()}, some, ways)
    return {int(ask.conflict.numbers[s]): share for s, share in zip(calm, shares, strict=True)}


# -- the record ----------------------------------------------------------------------------------------------------


def record_rows(case: Case, ask: Asked) -> tuple[RecordRow, ...]:
    """The dated moves in order, walked on the graph from the status quo; a move that the graph does not have stays."""
    conflict, at, rows = ask.conflict, ask.start, []
    for move in sorted(case.file.moves, key=lambda m: m.on):
        chosen = next((a for a in move.over if a.id == move.chosen), None)
        to = at if chosen is None else _after(conflict, at, move, chosen)
        others = [(a.id, _after(conflict, at, move, a)) for a in move.over if a is not chosen]
        rows.append(
            RecordRow(
                move=move.id,
                party=move.party,
                on=move.on,
                does=chosen.does if chosen else (),
                undoes=chosen.undoes if chosen else (),
                state=int(conflict.numbers[at if to is None else to]),
                possible=to is not None,
                passed_over=tuple((k, int(conflict.numbers[s])) for k, s in others if s not in (None, to)),
                because=tuple(c.claim for c in move.because if c.claim in case.ledger.by_id),
            )
        )
        at = at if to is None else to
    return tuple(rows)


def _after(conflict: Conflict, at: int, move: Move, taken: Alternative) -> int | None:
    """The state that a party's choice leads to; None where the graph has no such move."""
    if conflict.options:
        to = _with_options(conflict, at, taken)
    else:
        to = at if taken.moves_to is None else conflict.places[taken.moves_to]
    if to is None or to == at:
        return to
    if move.party not in conflict.parties:
        return None
    walked = walk(conflict.model, at, [(conflict.parties.index(move.party), to)])
    return to if walked.broken is None else None


def _with_options(conflict: Conflict, at: int, taken: Alternative) -> int | None:
    """The state with some options taken and dropped; None where it is not feasible."""
    held = {**conflict.taken(at), **dict.fromkeys(taken.does, True), **dict.fromkeys(taken.undoes, False)}
    bits = sum(1 << k for k, option in enumerate(conflict.options) if held[option])
    states = feasible_states(conflict.standoff)
    place = int(np.searchsorted(states, bits))
    if place == len(states) or states[place] != bits:
        return None
    # Merged states are known by the numbers of all of them.
    return conflict.places[place + 1]
