"""By which ways could a conflict slide into violence, and up to where can each be stopped, by whom?

No path to violence is sought that would be cheap, quick or likely: slides are told in the order in which the chance to
stop them runs out. Definitions, for a conflict graph, a set V of violent states, a status quo outside V and, in each
draw, a ranking a party (the graph model has none of these notions; they are ours):

- A *slide* is a shortest legal path from the status quo to a state s outside V that enters no state of V (the *way*;
  no party moves twice in succession), together with a party i, the *striker*, that did not make its last move and has
  a move from s into V. All shortest ways to every such (s, i) count, as slides of their own.
- Party i is *tempted* in a state outside V if some move of its own from there into V improves its position; asked with
  ``best``, only if it improves it more than all its moves that stay outside V. (A violent move often takes back a
  concession in the same breath: it may improve a position only because taking that back does.)
- The slide *tempts* in a draw if i is tempted at s.
- It can be *stopped* at a state t of its way, by a party j other than the striker,
  (a) where i is tempted at t: if j has an *exit*, a move from t to a state outside V where i is not tempted, and nobody
  else is who was not tempted at t;
  (b) where i is not tempted at t: if the next move of the way is j's, which can leave it undone.
  The party that moved last may also take an exit: it then takes back or mends its own step.
- The *last exit* is the latest state of the way at which the slide can be stopped, the *first* the earliest, counted in
  moves from the status quo; where there is none, nobody but the striker can stop it.

Without rankings every move counts as an improvement: party i is tempted wherever it can strike at all, and an exit is a
move that takes the violent move itself away. Asked with ``willing``, only what suits the party that stops it counts:
(a) an exit that improves its position, (b) leaving undone a move that does not. ``single`` pairs of states overrule the
rankings. Where parties do not see every state, ask of ``seen.seen_graph``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numba
import numpy as np
from numpy.typing import NDArray

from zopa.methods.acceptance import in_threads
from zopa.methods.coalitions import NO_PAIRS, Single
from zopa.methods.graph_model import Bool, Graph, Index
from zopa.methods.path_search import Parties, Ranks, improving, prefers
from zopa.methods.paths import (
    MOST_PARTIES,
    MOST_PATHS,
    Path,
    last_movers,
    overruled,
    reach,
    shortest_paths,
    steps_improve,
)

MOST_PAIRS = 400
"""Pairs of state and striker whose ways are told one by one."""


@dataclass(frozen=True, slots=True)
class Slide:
    """One way to slide into violence: along ``way``, then ``striker`` moves into one of the violent states
    ``entered``."""

    way: Path
    striker: int
    entered: tuple[int, ...]

    @property
    def before(self) -> int:
        """The last state without violence."""
        return self.way.states[-1]


@dataclass(frozen=True, slots=True)
class Slides:
    """The slides from a status quo; ``count`` with those that were counted only, ``beyond``: pairs of state and
    striker, further away, whose ways were not looked at."""

    found: tuple[Slide, ...]
    count: int
    beyond: int


@dataclass(frozen=True, eq=False)
class Stops:
    """Where one slide can be stopped: ``tempts`` (draws,) whether the violent move improves the striker's position;
    ``who`` (draws, states of the way) the parties that can stop it there, as bits."""

    tempts: Bool
    who: Parties

    @property
    def last(self) -> NDArray[np.int16]:
        """(draws,) moves from the status quo to the last exit, −1 where there is none."""
        can, most = self.who != 0, self.who.shape[1] - 1
        found = most - can[:, ::-1].argmax(axis=1)
        return np.where(can.any(axis=1), found, -1).astype(np.int16)

    @property
    def first(self) -> NDArray[np.int16]:
        """(draws,) moves from the status quo to the first exit, −1 where there is none."""
        can = self.who != 0
        return np.where(can.any(axis=1), can.argmax(axis=1), -1).astype(np.int16)

    def open(self) -> NDArray[np.float64]:
        """(states of the way,) share of the draws in which the slide tempts that it can be stopped at each; 0 where
        it never tempts."""
        here = self.who[self.tempts] != 0
        return here.mean(axis=0) if len(here) else np.zeros(self.who.shape[1])

    def parties(self, count: int) -> NDArray[np.float64]:
        """(states of the way, parties) the same for each party that can stop it."""
        here = self.who[self.tempts]
        bits = (here[:, :, None] >> np.arange(count, dtype=np.uint8)) & 1
        return bits.mean(axis=0) if len(here) else np.zeros((self.who.shape[1], count))


def slides(
    graph: Graph,
    violent: Bool,
    start: int,
    *,
    composed: bool = False,
    most: int = MOST_PATHS,
    nearest: int = MOST_PAIRS,
) -> Slides:
    """Every slide from ``start``, at most ``most`` ways to each state and striker; ``violent`` (S,).

    ``composed``: consecutive moves of a party make one move, as in option form. A striker that came to a state itself
    could then have struck where it came from, and a detour that only lets another party move in between is left out.
    Looked at are the ``nearest`` pairs of state and striker, those within the fewest moves. In the order of striker,
    moves and states; see ``in_order``. ``ValueError`` if the status quo is violent already.
    """
    if violent[start]:
        raise ValueError(f"slides: state {start} is violent already")
    far = reach(graph, start, avoid=violent)
    pairs: list[tuple[int, int, int]] = []
    for striker in range(graph.parties):
        can = _strikes(graph, violent, striker)
        own = far.by[np.arange(graph.parties) != striker]
        least = np.where(own < 0, np.iinfo(np.int32).max, own).min(axis=0, initial=np.iinfo(np.int32).max)
        least[start] = 0
        near = (least <= far.fewest) if composed else (least < np.iinfo(np.int32).max)
        pairs += [(int(least[s]), striker, int(s)) for s in np.flatnonzero(can & near & far.reached)]
    found: list[Slide] = []
    count = 0
    for _, striker, state in sorted(pairs)[:nearest]:
        only = np.zeros(len(graph), dtype=np.bool_)
        only[state] = True
        moves = graph.moves(striker, state)
        ways = shortest_paths(graph, start, only, avoid=violent, not_last=striker, most=most)
        found += [Slide(way, striker, tuple(int(q) for q in moves[violent[moves]])) for way in ways.paths]
        count += ways.count
    found.sort(key=lambda s: (s.striker, len(s.way), s.way.states, s.way.movers))
    return Slides(tuple(found), count, max(0, len(pairs) - nearest))


def tempted(
    graph: Graph,
    violent: Bool,
    ranks: Ranks | None = None,
    *,
    best: bool = False,
    single: Single = NO_PAIRS,
    threads: int | None = None,
) -> Bool:
    """(draws, parties, S) where a violent move of its own would improve a party's position; False in violent states.

    ``ranks`` (draws, parties, S); without them one draw, True wherever a party can strike. ``best``: only where it
    improves it more than every move without violence: it prefers where that leads to where any of these does.
    """
    if ranks is None:
        ranks, single = _striking(graph, violent), NO_PAIRS
    drawn = ranks
    pairs, on = overruled(graph, drawn, single)
    out = np.zeros(drawn.shape, dtype=np.bool_)

    def work(a: int, b: int) -> None:
        _tempt(graph.starts, graph.targets, violent, drawn[a:b], pairs, on[a:b], best, out[a:b])

    in_threads(work, len(drawn), threads)
    return out


def exits(
    graph: Graph,
    violent: Bool,
    tempts: Bool,
    *,
    willing: Ranks | None = None,
    single: Single = NO_PAIRS,
    threads: int | None = None,
) -> Parties:
    """(draws, parties, S) who, as bits, has an exit from a state in which a party is tempted.

    ``tempts`` as from ``tempted``. ``willing``: rankings (draws, parties, S), so that only exits count that are
    improvements for those who take them. ``ValueError`` for more than 8 parties.
    """
    if graph.parties > MOST_PARTIES:
        raise ValueError(f"exits: {graph.parties} parties, at most {MOST_PARTIES}")
    out = np.zeros(tempts.shape, dtype=np.uint8)
    ranks = np.zeros((0, graph.parties, len(graph)), dtype=np.int32) if willing is None else willing
    pairs, on = overruled(graph, ranks, NO_PAIRS if willing is None else single)

    def work(a: int, b: int) -> None:
        _exit(graph.starts, graph.targets, violent, tempts[a:b], ranks[a:b], pairs, on[a:b], out[a:b])

    in_threads(work, len(tempts), threads)
    return out


def stops(
    slide: Slide,
    tempts: Bool,
    leaves: Parties,
    *,
    willing: Ranks | None = None,
    single: Single = NO_PAIRS,
    unseen: Bool | None = None,
) -> Stops:
    """Where a slide can be stopped in each draw; ``tempts`` and ``leaves`` as from ``tempted`` and ``exits``, the
    latter asked with the same ``willing`` and ``single``.

    ``unseen`` (parties, S): a step from or to a state that its mover does not see is never one that suits it.
    """
    states = np.array(slide.way.states, dtype=np.int64)
    at = tempts[:, slide.striker, states]
    who = leaves[:, slide.striker, states].copy()
    better = None if willing is None else steps_improve(willing, slide.way, single=single, unseen=unseen)
    for h, mover in enumerate(slide.way.movers):
        if mover != slide.striker:
            can = ~at[:, h] if better is None else ~at[:, h] & ~better[:, h]
            who[can, h] |= np.uint8(1 << mover)
    return Stops(at[:, -1], who)


def in_order(found: Sequence[Slide], last: Sequence[float]) -> tuple[int, ...]:
    """The slides as places in ``found``, those first whose chance to stop them runs out first.

    ``last``: moves from the status quo to each one's last exit, −1 for none; or their mean over draws. Of those alike,
    the ones with fewer moves first, then by striker and states: nothing asks how likely or how cheap a slide is.
    """
    return tuple(
        sorted(
            range(len(found)),
            key=lambda k: (
                last[k],
                len(found[k].way),
                found[k].striker,
                found[k].way.states,
                found[k].way.movers,
            ),
        )
    )


def sliding(
    graph: Graph,
    violent: Bool,
    ranks: Ranks,
    start: int,
    *,
    best: bool = False,
    single: Single = NO_PAIRS,
    threads: int | None = None,
) -> Bool:
    """(draws, parties) whether improvements alone lead to where each party is tempted: along some legal path of
    improvements through states without violence, the last move of which is not its own."""
    tempts = tempted(graph, violent, ranks, best=best, single=single, threads=threads)
    movers = last_movers(graph, ranks, start, avoid=violent, single=single, threads=threads)
    out = np.zeros(ranks.shape[:2], dtype=np.bool_)
    for i in range(graph.parties):
        there = (movers & ~np.uint8(1 << i)) != 0
        there[:, start] = True
        out[:, i] = (tempts[:, i] & there).any(axis=1)
    return out


def _strikes(graph: Graph, violent: Bool, striker: int) -> Bool:
    """(S,) the states without violence from which a party has a move into violence."""
    out = np.zeros(len(graph), dtype=np.bool_)
    source = np.repeat(np.arange(len(graph)), np.diff(graph.starts[striker]))
    into = graph.targets[graph.starts[striker, 0] : graph.starts[striker, -1]]
    out[source[violent[into]]] = True
    return out & ~violent


def _striking(graph: Graph, violent: Bool) -> Ranks:
    """One draw of rankings by which every violent move is an improvement."""
    return np.broadcast_to(violent.astype(np.int32), (1, graph.parties, len(graph))).copy()


@numba.njit(cache=True, nogil=True)
def _tempt(
    starts: Index,
    targets: NDArray[np.int32],
    violent: Bool,
    ranks: Ranks,
    pairs: Index,
    on: Bool,
    best: bool,
    out: Bool,
) -> None:
    draws, parties, states = ranks.shape
    named = np.zeros(states, dtype=np.bool_)
    for d in range(draws):
        for i in range(parties):
            # All that is asked of a violent state is whether it is preferred to others: rankings tell, unless some
            # pair names it.
            for k in range(len(pairs)):
                named[pairs[k, 1]] = named[pairs[k, 2]] = False
            for k in range(len(pairs)):
                if on[d, k] and pairs[k, 0] == i:
                    named[pairs[k, 1]] = named[pairs[k, 2]] = True
            for s in range(states):
                if violent[s]:
                    continue
                least = ranks[d, i, s]
                if best:
                    for at in range(starts[i, s], starts[i, s + 1]):
                        if not violent[targets[at]]:
                            least = max(least, ranks[d, i, targets[at]])
                for at in range(starts[i, s], starts[i, s + 1]):
                    q = targets[at]
                    if not violent[q]:
                        continue
                    better = ranks[d, i, q] > least
                    if named[q]:
                        better = _tops(starts, targets, violent, ranks[d], pairs, on[d], best, i, s, q)
                    if better:
                        out[d, i, s] = True
                        break


@numba.njit(cache=True, nogil=True)
def _tops(
    starts: Index,
    targets: NDArray[np.int32],
    violent: Bool,
    ranks: Ranks,
    pairs: Index,
    on: Bool,
    best: bool,
    i: int,
    s: int,
    q: int,
) -> bool:
    """Whether a party prefers a violent state to the one it is in and, asked for the ``best`` move, to all others
    without violence that it can move to."""
    if not prefers(ranks, pairs, on, i, s, q):
        return False
    if best:
        for at in range(starts[i, s], starts[i, s + 1]):
            if not violent[targets[at]] and not prefers(ranks, pairs, on, i, targets[at], q):
                return False
    return True


@numba.njit(cache=True, nogil=True)
def _exit(
    starts: Index,
    targets: NDArray[np.int32],
    violent: Bool,
    tempts: Bool,
    willing: Ranks,
    pairs: Index,
    on: Bool,
    out: Parties,
) -> None:
    draws, parties, states = tempts.shape
    mask = np.empty(states, dtype=np.int64)
    allowed = np.ones(len(targets), dtype=np.bool_)
    for d in range(draws):
        if len(willing):
            improving(starts, targets, willing[d], pairs, on[d], allowed)
        for s in range(states):
            mask[s] = 0
            for i in range(parties):
                if tempts[d, i, s]:
                    mask[s] |= 1 << i
        for j in range(parties):
            for s in range(states):
                if mask[s] & ~(1 << j) == 0:
                    continue
                for at in range(starts[j, s], starts[j, s + 1]):
                    t = targets[at]
                    if violent[t] or mask[t] & ~mask[s] or not allowed[at]:
                        continue
                    for i in range(parties):
                        if i != j and (mask[s] & ~mask[t]) >> i & 1:
                            out[d, i, s] |= np.uint8(1 << j)
