"""Which states are stable for whom where the fast engine does not hold: listed moves, single pairs, unseen states.

Every legal sequence of the opponents is followed, from each improvement, by the state it has led to and who moved
last: no party moves twice in succession (Fang, Hipel and Kilgour 1993). Preferences are relations: ``better[i, s, q]``
says that party i prefers q to s, in any pattern. A sanction is whatever is not better than the start, the start itself
included. SIM (Fraser and Hipel 1984) adds up changes made at once: it is defined in option form, and for listed moves
where they show what is whose part of a state (``Graph.codes``).
"""

from collections.abc import Sequence

import numba
import numpy as np
from numpy.typing import NDArray

from zopa.methods.acceptance import in_threads
from zopa.methods.graph_model import CONCEPTS, Bool, Graph, Lattice

Words = NDArray[np.uint64]
Ints = NDArray[np.int32]
Bytes = NDArray[np.uint8]
Pairs = NDArray[np.int64]

MOST_PARTIES = 8
"""Parties whose verdicts fit the bits of one byte."""
_NASH, _GMR, _SMR = CONCEPTS.index("nash"), CONCEPTS.index("gmr"), CONCEPTS.index("smr")
_SEQ, _SSEQ, _SIM = CONCEPTS.index("seq"), CONCEPTS.index("sseq"), CONCEPTS.index("sim")
_ONE = np.uint64(1)


def relation(ranks: Ints, *, prefers: Sequence[Pairs] | None = None) -> Bool:
    """(parties, S, S): at [i, s, q] whether party i prefers q to s.

    ``ranks`` (parties, S), larger is better; ``prefers`` of each party (k, 2) single pairs, the better state first,
    which overrule the ranking and may make the relation intransitive; of a pair given both ways the last holds.
    """
    given = np.asarray(ranks)
    better = np.asarray(given[:, None, :] > given[:, :, None])
    for party, own in enumerate(prefers or ()):
        for best, worst in np.asarray(own, dtype=np.int64).reshape(-1, 2):
            if best == worst:
                raise ValueError(f"relation: party {party} cannot prefer state {best} to itself")
            better[party, worst, best] = True
            better[party, best, worst] = False
    return better


def seen_moves(graph: Graph, unseen: Bool | None) -> Words:
    """(parties, S, words) where each party can move to from each state, as bits: among the states it sees."""
    parties, count = graph.parties, len(graph)
    out = np.zeros((parties, count, (count + 63) // 64), dtype=np.uint64)
    for party in range(parties):
        source = np.repeat(np.arange(count), np.diff(graph.starts[party]))
        target = graph.targets[graph.starts[party, 0] : graph.starts[party, -1]].astype(np.int64)
        if unseen is not None:
            kept = ~(unseen[party, source] | unseen[party, target])
            source, target = source[kept], target[kept]
        np.bitwise_or.at(out[party], (source, target >> 6), _ONE << (target & 63).astype(np.uint64))
    return out


def stable_general(
    model: Graph | Lattice,
    better: Bool,
    *,
    concepts: Sequence[str] | None = None,
    unseen: Bool | None = None,
    leaves: Bool | None = None,
    answers: Bool | None = None,
) -> dict[str, Bool]:
    """Of each concept, (parties, S): in which states it keeps each party.

    ``better`` (parties, S, S) as from ``relation``. ``unseen`` (parties, S): states that a party does not see. It
    makes no move from or to them: it stays in such a state under every concept, is never drawn to one, and neither
    answers there nor threatens with it, while the others move through it as they see fit and what they reach there
    still deters (the rule of the program GMCR+). ``concepts``: by default all that are ``defined`` (asked for
    one that is not, ValueError). ``leaves`` in place of ``better`` for what a party would
    leave a state for, ``answers`` for what its opponents' improvements are; ``better`` then says only what fails to
    deter.
    """
    wanted = _concepts(model, concepts)
    _check(model, better.shape, unseen)
    graph, place, states, masks = _parts(model)
    moves = seen_moves(graph, unseen)
    codes = np.zeros((len(wanted), len(graph)), dtype=np.uint8)
    _judge(
        np.array([CONCEPTS.index(c) for c in wanted], dtype=np.int64),
        moves,
        _any_reach(moves),
        np.ascontiguousarray(better, dtype=np.bool_),
        np.ascontiguousarray(better if leaves is None else leaves, dtype=np.bool_),
        np.ascontiguousarray(better if answers is None else answers, dtype=np.bool_),
        place,
        states,
        masks,
        codes,
    )
    return {
        c: np.stack([(codes[at] >> i & 1).astype(np.bool_) for i in range(graph.parties)])
        for at, c in enumerate(wanted)
    }


def general_profiles(
    model: Graph | Lattice,
    ranks: Ints,
    *,
    pairs: Pairs | None = None,
    on: Bool | None = None,
    concepts: Sequence[str] | None = None,
    unseen: Bool | None = None,
    threads: int | None = None,
) -> Bytes:
    """Of many profiles of rankings, (B, concepts, S): bit i is set where a state is stable for party i.

    ``ranks`` (B, parties, S), larger is better; ``pairs`` (k, 3) of party, better and worse state overrule them in
    every profile, or in those where ``on`` (B, k) says so, later ones earlier ones; the rest as in ``stable_general``;
    the same for any number of ``threads``.
    """
    wanted = _concepts(model, concepts)
    given = np.require(ranks, dtype=np.int32, requirements=["C"])
    if given.ndim != 3:
        raise ValueError("general_profiles: ranks must be (profiles, parties, states)")
    _check(model, (*given.shape[1:], given.shape[2]), unseen)
    graph, place, states, masks = _parts(model)
    moves = seen_moves(graph, unseen)
    named = np.zeros((0, 3), dtype=np.int64) if pairs is None else np.ascontiguousarray(pairs, dtype=np.int64)
    shape = (len(given), len(named))
    holds = np.ones(shape, dtype=np.bool_) if on is None else np.ascontiguousarray(on, dtype=np.bool_)
    if holds.shape != shape:
        raise ValueError(f"general_profiles: on must be of shape {shape}, not {holds.shape}")
    which = np.array([CONCEPTS.index(c) for c in wanted], dtype=np.int64)
    reach = _any_reach(moves)
    out = np.zeros((len(given), len(wanted), len(graph)), dtype=np.uint8)

    def judge(start: int, stop: int) -> None:
        _judge_many(
            which,
            moves,
            reach,
            given[start:stop],
            named,
            holds[start:stop],
            place,
            states,
            masks,
            out[start:stop],
        )

    in_threads(judge, len(given), threads)
    return out


def defined(model: Graph | Lattice) -> tuple[str, ...]:
    """The concepts that are defined for a conflict."""
    return CONCEPTS if model.codes is not None else tuple(c for c in CONCEPTS if c != "sim")


def _concepts(model: Graph | Lattice, concepts: Sequence[str] | None) -> tuple[str, ...]:
    """The concepts asked for, or all that are defined."""
    known = defined(model)
    wanted = known if concepts is None else tuple(concepts)
    if missing := [c for c in wanted if c not in known]:
        raise ValueError(f"stability: {missing[0]!r} is none of {', '.join(known)} of this form")
    return wanted


def _check(model: Graph | Lattice, shape: tuple[int, ...], unseen: Bool | None) -> None:
    """ValueError for what does not fit the conflict."""
    if model.parties > MOST_PARTIES:
        raise ValueError(f"stability: {model.parties} parties, at most {MOST_PARTIES}")
    if shape != (model.parties, len(model), len(model)):
        raise ValueError(f"stability: preferences of {shape}, not for {model.parties} × {len(model)} states")
    if unseen is not None and unseen.shape != shape[:2]:
        raise ValueError(f"stability: unseen of shape {unseen.shape}, not {shape[:2]}")


def _parts(model: Graph | Lattice) -> tuple[Graph, Ints, Pairs, Pairs]:
    """The moves, and where changes add up the place of each combination, the combinations (both empty otherwise) and
    the bits of each party."""
    if isinstance(model, Lattice):
        return model.graph, model.place, model.states, model.masks
    codes = np.zeros(0, dtype=np.int64) if model.codes is None else model.codes
    place = np.full(1 << int(codes.max(initial=0)).bit_length(), -1, dtype=np.int32)
    place[codes] = np.arange(len(codes), dtype=np.int32)
    return model, place, codes, model.masks


@numba.njit(cache=True, nogil=True)
def _lowest(word: np.uint64) -> int:
    """The place of the lowest bit that is set."""
    at = 0
    while not word & np.uint64(255):
        word >>= np.uint64(8)
        at += 8
    while not word & np.uint64(1):
        word >>= np.uint64(1)
        at += 1
    return at


@numba.njit(cache=True, nogil=True)
def _follow(party: int, moves: Words, start: int, ahead: Ints, seen: Words, out: Words) -> None:
    """Fills ``out`` (words,) with where legal sequences of all but one party lead from a state.

    ``ahead`` (parties · S + 1, 2) and ``seen`` (parties, words) are working room.
    """
    parties, _, words = moves.shape
    seen[:] = 0
    out[:] = 0
    ahead[0, 0], ahead[0, 1] = start, -1
    waiting = 1
    while waiting:
        waiting -= 1
        state, last = ahead[waiting, 0], ahead[waiting, 1]
        for mover in range(parties):
            if mover == party or mover == last:  # noqa: SIM109, PLR1714 (compiled)
                continue
            for w in range(words):
                new = moves[mover, state, w] & ~seen[mover, w]
                seen[mover, w] |= new
                out[w] |= new
                while new:
                    ahead[waiting, 0], ahead[waiting, 1] = w * 64 + _lowest(new), mover
                    waiting += 1
                    new &= new - np.uint64(1)


@numba.njit(cache=True, nogil=True)
def _any_reach(moves: Words) -> Words:
    """(parties, S, words): where the opponents of each party get from each state by any legal moves."""
    parties, count, words = moves.shape
    out = np.zeros((parties, count, words), dtype=np.uint64)
    ahead = np.empty((parties * count + 1, 2), dtype=np.int32)
    seen = np.empty((parties, words), dtype=np.uint64)
    for party in range(parties):
        for state in range(count):
            _follow(party, moves, state, ahead, seen, out[party, state])
    return out


@numba.njit(cache=True, nogil=True)
def _meets(left: Words, right: Words) -> bool:
    """Whether two sets have a state in common."""
    for w in range(len(left)):  # noqa: SIM110 (compiled)
        if left[w] & right[w]:
            return True
    return False


@numba.njit(cache=True, nogil=True)
def _as_bits(flags: Bool, out: Words) -> None:
    """Fills ``out`` (S, words) with the rows of ``flags`` (S, S)."""
    out[:] = 0
    for s in range(flags.shape[0]):
        for q in range(flags.shape[1]):
            if flags[s, q]:
                out[s, q >> 6] |= np.uint64(1) << np.uint64(q & 63)


@numba.njit(cache=True, nogil=True)
def _judge(
    wanted: Pairs,
    moves: Words,
    any_reach: Words,
    better: Bool,
    leaves: Bool,
    answers: Bool,
    place: Ints,
    states: Pairs,
    masks: Pairs,
    out: Bytes,
) -> None:
    """Sets bit i of ``out`` (concepts, S) where party i stays."""
    parties, count, words = moves.shape
    likes = np.empty((3, parties, count, words), dtype=np.uint64)
    for i in range(parties):
        _as_bits(better[i], likes[0, i])
        _as_bits(leaves[i], likes[1, i])
        _as_bits(answers[i], likes[2, i])
    own, gains = moves & likes[1], moves & likes[2]
    ahead = np.empty((parties * count + 1, 2), dtype=np.int32)
    seen = np.empty((parties, words), dtype=np.uint64)
    improving = np.zeros((count, words), dtype=np.uint64)
    known = np.empty(count, dtype=np.bool_)
    bad, shut = np.empty(words, dtype=np.uint64), np.empty(words, dtype=np.uint64)
    for i in range(parties):
        known[:] = False
        bit = np.uint8(1 << i)
        for s in range(count):
            bad[:] = 0
            shut[:] = 0
            for x in range(count):
                if not better[i, s, x]:
                    bad[x >> 6] |= np.uint64(1) << np.uint64(x & 63)
                    if not _meets(moves[i, x], likes[0, i, s]):
                        shut[x >> 6] |= np.uint64(1) << np.uint64(x & 63)
            for at in range(len(wanted)):
                concept, stays = wanted[at], True
                for w in range(words):
                    left = own[i, s, w]
                    while left and stays:
                        q = w * 64 + _lowest(left)
                        left &= left - np.uint64(1)
                        if concept == _NASH:
                            stays = False
                        elif concept == _SIM:
                            stays = _met(i, s, q, gains, better, place, states, masks)
                        else:
                            worse = shut if concept in (_SMR, _SSEQ) else bad
                            if concept in (_SEQ, _SSEQ):
                                if not known[q]:
                                    _follow(i, gains, q, ahead, seen, improving[q])
                                    known[q] = True
                                stays = _meets(improving[q], worse)
                            else:
                                stays = _meets(any_reach[i, q], worse)
                if stays:
                    out[at, s] |= bit


@numba.njit(cache=True, nogil=True)
def _met(
    party: int, start: int, step: int, gains: Words, better: Bool, place: Ints, states: Pairs, masks: Pairs
) -> bool:
    """Whether some choice of the opponents, each staying or making one improvement from ``start`` while the party
    goes to ``step``, ends in a feasible state that is not better for the party."""
    # Choices multiply, their results do not: the states are gone through.
    for end in range(len(states)):
        if better[party, start, end]:
            continue
        change, made = states[step] ^ states[end], True
        for mover in range(len(masks)):
            part = change & masks[mover]
            if not part:
                continue
            to = place[states[start] ^ part] if mover != party else -1
            made = to >= 0 and gains[mover, start, to >> 6] >> np.uint64(to & 63) & np.uint64(1) != 0
            if not made:
                break
        if made:
            return True
    return False


@numba.njit(cache=True, nogil=True)
def _judge_many(
    wanted: Pairs,
    moves: Words,
    any_reach: Words,
    ranks: Ints,
    pairs: Pairs,
    on: Bool,
    place: Ints,
    states: Pairs,
    masks: Pairs,
    out: Bytes,
) -> None:
    """The verdicts of each profile, its single pairs put above its rankings."""
    profiles, parties, count = ranks.shape
    better = np.empty((parties, count, count), dtype=np.bool_)
    for b in range(profiles):
        for i in range(parties):
            for s in range(count):
                for q in range(count):
                    better[i, s, q] = ranks[b, i, q] > ranks[b, i, s]
        for at in range(len(pairs)):
            i, best, worst = pairs[at]
            if on[b, at]:
                better[i, worst, best] = True
                better[i, best, worst] = False
        _judge(wanted, moves, any_reach, better, better, better, place, states, masks, out[b])
