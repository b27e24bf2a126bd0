"""Which states coalitions would leave together, who can carry a state, who can block it, who would defect from it.

Two questions that are often mixed up:

* *Coalition stability* (Kilgour, Hipel, Fang and Peng 2001; Inohara and Hipel 2008). A coalition H improves on s by q
  if its members, moving in any legal order, get to q and q is better than s for all of them. Nash: no such q. GMR: for
  every q the others can get (legal moves, R_{N−H}) to some x that is not better than s for some member. SMR: and from x
  H cannot get to anything better than s for all. SEQ: x is reached by improvements one after the
  other, each by some coalition among the others that gains by its own step; so even for a single party SEQ reckons
  with joint answers, and more states are stable than in the SEQ of single parties. As a whole the steps must be a legal
  sequence of moves: where every party's moves compose, as with options, two in a row of one party count as one move;
  else no party may move twice in succession from one step to the next either. What leads back to s is a sanction.
* *Bloc analysis*. Some parties act as one: the bloc replaces its members, controls all their options, improves only if
  every member gains, and is sanctioned by whatever leaves some member no better off. Single parties stay as they are.

*Single pairs* of states may overrule a party's ranking, so that its preferences need not be transitive. No party moves
twice in succession then either: where moves compose, answers by improvements are a sequence of steps in which no
coalition steps twice in succession, which says the same as above wherever preferences are rankings. *States that a
party does not see*: it makes no move from or to them. A coalition, and a bloc, goes together only from and to states
that all its members see; what others do with such a state, and how it is liked there, counts as ever.

Both are the same computation over groups of parties: ``coalitions`` or ``blocs`` makes the groups of a conflict once,
everything else takes them and rankings. Verdicts come as bits: bit g of a number stands for group g.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from zopa.methods.acceptance import in_threads
from zopa.methods.coalition_answers import Words
from zopa.methods.coalition_kernels import (
    composes,
    legal_reach,
    reach_by_turns,
    reversed_rows,
    rows_of,
    stable_groups,
)
from zopa.methods.graph_model import Bool, Graph, Index, Lattice, graph_of, graph_of_pairs
from zopa.methods.seen import seen_graph

COALITION_CONCEPTS = ("nash", "gmr", "smr", "seq")
"""What is asked of coalitions; the order of axis 1 of ``group_profiles``."""

ALL_COALITIONS = 6
"""Parties up to which every coalition is looked at: 63 of them. Beyond: single parties, pairs, and all together."""

MOST_PARTIES = 10
"""Parties whose pairs still fit the bits of one number."""

MOST_BYTES = 2**31
"""Memory that the sets of states of all groups may take."""


@dataclass(frozen=True, eq=False)
class Single:
    """Single pairs that overrule rankings: ``pairs`` (k, 3) of party, better and worse state; ``on`` (draws, k) in
    which draws each does, None: in all. Later ones overrule earlier ones."""

    pairs: Index
    on: Bool | None = None

    def of(self, draws: int) -> tuple[Index, Bool]:
        """The pairs, and (draws, k) where each is on."""
        shape = (draws, len(self.pairs))
        on = np.ones(shape, dtype=np.bool_) if self.on is None else np.ascontiguousarray(self.on)
        if on.shape != shape:
            raise ValueError(
                f"coalitions: single pairs must be on in {shape} draws and pairs, not {on.shape}"
            )
        return np.ascontiguousarray(self.pairs, dtype=np.int64), on


NO_PAIRS = Single(np.zeros((0, 3), dtype=np.int64))


@dataclass(frozen=True, eq=False)
class Groups:
    """Groups of parties ready for any rankings: who belongs to each, where it gets and where the others get.

    ``members`` (groups,) parties as bits; ``own`` where a group gets, ``back`` from where it comes, ``answers`` where
    the others get, (groups, S, words) sets of states; group g is answered by the groups
    ``answer_groups[answer_starts[g] : answer_starts[g + 1]]``; ``turns``: where a group gets by who moved before and
    who arrives, of no groups where two moves in a row make one anyway, as with options; ``hidden`` (groups, S) states
    that some member does not see.
    """

    members: Index
    own: Words
    back: Words
    answers: Words
    answer_starts: Index
    answer_groups: Index
    turns: Words
    parties: int
    hidden: Bool

    @property
    def states(self) -> int:
        """Number of states."""
        return int(self.own.shape[1])

    def __len__(self) -> int:
        return len(self.members)

    @property
    def all_of_them(self) -> np.uint64:
        """The number with the bit of every group."""
        return np.uint64((1 << len(self)) - 1)

    def parties_of(self, group: int) -> tuple[int, ...]:
        """The parties that belong to a group."""
        return tuple(p for p in range(self.parties) if self.members[group] >> p & 1)

    def reaches(self, group: int) -> Bool:
        """(S, S): whether a group can get from one state to another."""
        bits = np.unpackbits(self.own[group].view(np.uint8), axis=-1, bitorder="little")
        return np.asarray(bits[:, : self.states], dtype=np.bool_)


def listed_coalitions(parties: int) -> Index:
    """(coalitions,) the coalitions looked at, parties as bits: smaller ones first, in the order of their members."""
    if parties > MOST_PARTIES:
        raise ValueError(f"coalitions: {parties} parties, at most {MOST_PARTIES}")
    sizes = range(1, parties + 1) if parties <= ALL_COALITIONS else (1, 2, parties)
    return np.array([sum(1 << p for p in c) for size in sizes for c in combinations(range(parties), size)])


def memory_needed(states: int, groups: int) -> int:
    """Bytes that the sets of states of so many groups take."""
    return 3 * 8 * groups * states * ((states + 63) // 64)


def _refuse_if_too_large(states: int, groups: int) -> None:
    if memory_needed(states, groups) > MOST_BYTES:
        raise ValueError(
            f"coalitions: {states} states and {groups} groups take {memory_needed(states, groups)} bytes, "
            f"at most {MOST_BYTES}"
        )


def _groups(
    members: Index,
    own: Words,
    moves: Words,
    movers: Sequence[tuple[Index, Index]],
    answering: Sequence[list[int]],
    parties: int,
    hidden: Bool,
) -> Groups:
    """``movers`` (groups): rows of ``moves`` that belong to each group and that answer it; ``answering``: by groups;
    ``hidden`` (groups, S): states that some member of a group does not see."""
    turns = np.zeros((0, 0, 0, 0, 0), dtype=np.uint64)
    shown = _as_words(~hidden)
    own = np.where(hidden[:, :, None], np.uint64(0), own & shown[:, None, :])
    if not all(composes(rows) for rows in own):
        _refuse_if_too_large(own.shape[1], len(own) * len(moves) * (1 + len(moves)))
        turns = np.stack([reach_by_turns(moves, inside) for inside, _ in movers])
        turns &= shown[:, None, None, None, :]
        turns *= ~hidden[:, None, :, None, None]
    return Groups(
        members=members,
        own=own,
        back=np.stack([reversed_rows(rows) for rows in own]),
        answers=np.stack([legal_reach(moves, others) for _, others in movers]),
        answer_starts=np.concatenate([[0], np.cumsum([len(a) for a in answering])]).astype(np.int64),
        answer_groups=np.array([g for groups in answering for g in groups], dtype=np.int64),
        turns=turns,
        parties=parties,
        hidden=hidden,
    )


def _as_words(flags: Bool) -> Words:
    """(groups, words) rows of flags (groups, S) as sets of states."""
    groups, states = flags.shape
    padded = np.zeros((groups, 64 * ((states + 63) // 64)), dtype=np.bool_)
    padded[:, :states] = flags
    return np.packbits(padded, axis=1, bitorder="little").view(np.uint64)


def _hidden(members: Index, states: int, unseen: Bool | None) -> Bool:
    """(groups, S) states that some member of a group does not see."""
    out = np.zeros((len(members), states), dtype=np.bool_)
    for party, own in enumerate(() if unseen is None else unseen):
        out[members >> party & 1 == 1] |= own
    return out


def coalitions(model: Lattice | Graph, *, unseen: Bool | None = None) -> Groups:
    """Every coalition of a conflict as a group of its own (``listed_coalitions``), for coalition stability.

    ``unseen`` (parties, S): states that a party does not see.
    """
    members = listed_coalitions(model.parties)
    _refuse_if_too_large(len(model), len(members))
    graph = seen_graph(model.graph, unseen)
    moves = rows_of(graph.starts, graph.targets)

    def inside(mask: int) -> Index:
        return np.array([p for p in range(model.parties) if mask >> p & 1], dtype=np.int64)

    everybody, hidden = (1 << model.parties) - 1, _hidden(members, len(model), unseen)
    own = np.stack([legal_reach(moves, inside(int(mask))) for mask in members])
    answering = [[g for g, other in enumerate(members) if not other & mask] for mask in members]
    movers = [(inside(int(m)), inside(everybody & ~int(m))) for m in members]
    return _groups(members, own, moves, movers, answering, model.parties, hidden)


def blocs(
    model: Lattice | Graph, partition: Sequence[Sequence[int]], *, unseen: Bool | None = None
) -> Groups:
    """The parties of a conflict with some of them acting as one: ``partition`` names every party in exactly one bloc.

    In option form a bloc changes all its options at once; with listed moves it gets where its members' legal moves do.
    ``unseen`` (parties, S): states that a party does not see; a bloc sees what all its members see.
    """
    if sorted(p for bloc in partition for p in bloc) != list(range(model.parties)):
        raise ValueError("blocs: every party must belong to exactly one bloc")
    _refuse_if_too_large(len(model), len(partition))
    members = np.array([sum(1 << p for p in bloc) for bloc in partition], dtype=np.int64)
    if isinstance(model, Lattice):
        of = np.array(
            [next(b for b, bloc in enumerate(partition) if p in bloc) for p in range(model.parties)]
        )
        merged = graph_of(
            Lattice(model.states, of[model.owner].astype(np.int8), model.one_way, len(partition))
        )
    else:
        graph = seen_graph(model, unseen)
        rows = rows_of(graph.starts, graph.targets)
        reach = [legal_reach(rows, np.array(bloc, dtype=np.int64)) for bloc in partition]
        bits = [np.unpackbits(r.view(np.uint8), axis=-1, bitorder="little") for r in reach]
        merged = graph_of_pairs(len(model), [np.argwhere(b[:, : len(model)]) for b in bits])
    hidden = _hidden(members, len(model), unseen)
    merged = seen_graph(merged, hidden)
    own = rows_of(merged.starts, merged.targets)
    others = [[b for b in range(len(partition)) if b != bloc] for bloc in range(len(partition))]
    movers = [(np.array([b]), np.array(o, dtype=np.int64)) for b, o in enumerate(others)]
    return _groups(members, own, own, movers, others, model.parties, hidden)


def _checked(groups: Groups, ranks: NDArray[np.int32]) -> NDArray[np.int32]:
    if ranks.ndim != 3 or ranks.shape[1:] != (groups.parties, groups.states):
        raise ValueError(
            f"coalitions: ranks must be (draws, {groups.parties}, {groups.states}), not {ranks.shape}"
        )
    return np.ascontiguousarray(ranks, dtype=np.int32)


def group_profiles(
    groups: Groups,
    ranks: NDArray[np.int32],
    *,
    single: Single = NO_PAIRS,
    concepts: Sequence[str] = COALITION_CONCEPTS,
    threads: int | None = None,
) -> Words:
    """(draws, concepts, S): bit g set where a state is stable for group g in a draw.

    ``ranks`` (draws, parties, S), larger better, equal ones tied, overruled by ``single`` pairs. A state stable for
    every group, ``profiles == groups.all_of_them``, is universally stable if the groups are coalitions, an equilibrium
    of the blocs if they are blocs. The same for any number of ``threads``.
    """
    unknown = set(concepts) - set(COALITION_CONCEPTS)
    if unknown:
        raise ValueError(f"group_profiles: no such concept: {', '.join(sorted(unknown))}")
    checked = _checked(groups, ranks)
    pairs, on = single.of(len(checked))
    wanted = np.array([name in concepts for name in COALITION_CONCEPTS])
    at = [COALITION_CONCEPTS.index(name) for name in concepts]
    out = np.zeros((len(checked), len(COALITION_CONCEPTS), groups.states), dtype=np.uint64)

    def work(start: int, stop: int) -> None:
        stable_groups(
            checked[start:stop],
            groups.members,
            groups.own,
            groups.back,
            groups.answers,
            groups.turns,
            groups.answer_starts,
            groups.answer_groups,
            pairs,
            on[start:stop],
            wanted,
            out[start:stop],
        )

    in_threads(work, len(checked), threads)
    return out if at == list(range(len(COALITION_CONCEPTS))) else out[:, at]


def group_stable(
    groups: Groups,
    ranks: NDArray[np.int32],
    *,
    single: Single = NO_PAIRS,
    concepts: Sequence[str] = COALITION_CONCEPTS,
) -> dict[str, Bool]:
    """(groups, S) by concept: whether a state is stable for a group. ``ranks`` (parties, S)."""
    bits = group_profiles(groups, np.asarray(ranks)[None], single=single, concepts=concepts, threads=1)[0]
    each = np.arange(len(groups), dtype=np.uint64)[:, None]
    return {
        name: np.asarray(row >> each & np.uint64(1), dtype=np.bool_)
        for name, row in zip(concepts, bits, strict=True)
    }


def liked_better(ranks: NDArray[np.int32], state: int, *, single: Single = NO_PAIRS) -> Bool:
    """(draws, parties, S): whether a party prefers each state to ``state``."""
    better = np.asarray(ranks > ranks[:, :, state, None])
    for (party, best, worst), on in zip(single.pairs, single.of(len(ranks))[1].T, strict=True):
        if worst == state:
            better[on, party, best] = True
        elif best == state:
            better[on, party, worst] = False
    return better


def joint_improvements(
    groups: Groups, ranks: NDArray[np.int32], state: int, *, single: Single = NO_PAIRS
) -> Words:
    """(draws, S): bit g set where group g can get from ``state`` to another one that is better for all its members.

    From the status quo: who can carry each state. From a deal: who would defect from it, and to what. Whoever has no
    such move at all leaves the state alone (Nash).
    """
    checked = _checked(groups, ranks)
    better = liked_better(checked, state, single=single)
    out = np.zeros((len(checked), groups.states), dtype=np.uint64)
    for group in range(len(groups)):
        gain = better[:, groups.parties_of(group)].all(axis=1) & groups.reaches(group)[state]
        out |= gain.astype(np.uint64) << np.uint64(group)
    return out


def blockers(groups: Groups, carrying: Words) -> Words:
    """Bit g set where group g can block: somebody can carry the state, but nobody without a member of group g.

    ``carrying``: bits of the groups that can carry a state, as ``joint_improvements`` from the status quo gives them.
    """
    out = np.zeros_like(carrying)
    for group, members in enumerate(groups.members):
        without = sum(1 << g for g, other in enumerate(groups.members) if not other & members)
        blocks = (carrying & np.uint64(without) == 0) & (carrying != 0)
        out |= blocks.astype(np.uint64) << np.uint64(group)
    return out


def leavers(groups: Groups, ranks: NDArray[np.int32], state: int, *, single: Single = NO_PAIRS) -> Words:
    """(draws,): bit g set where group g gains by leaving a state, whatever the others do then."""
    found: Words = np.bitwise_or.reduce(joint_improvements(groups, ranks, state, single=single), axis=1)
    return found


def smallest(groups: Groups, bits: Words) -> Words:
    """Of the groups whose bits are set, those of which no smaller part is set: the coalitions that it really takes."""
    out = bits.copy()
    for group, members in enumerate(groups.members):
        parts = sum(1 << g for g, m in enumerate(groups.members) if m != members and m & members == m)
        covered = bits & np.uint64(parts) != 0
        out &= ~(covered.astype(np.uint64) << np.uint64(group))
    return out
