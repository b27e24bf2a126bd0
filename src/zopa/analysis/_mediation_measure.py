"""How often a wished state lasts, and is reached by improvements alone, with changes of circumstance in place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from zopa.analysis._mediation_changes import Altered, Change, altered
from zopa.case.assurances import binds, with_assurances
from zopa.case.conflict import Conflict
from zopa.case.draws import Draws, Evidence
from zopa.case.rankings import Overruling, crisp, overruling, pairs, profiles
from zopa.case.verdicts import Central, closes, judged, known
from zopa.methods.graph_model import Bool, Graph, Index, Lattice
from zopa.methods.inverse import INVERSE_CONCEPTS
from zopa.methods.inverse_pairs import Fixed, improving_reach
from zopa.methods.legal_moves import general_profiles, stable_general
from zopa.methods.paths import improvement_reach
from zopa.methods.preferences import Ranks
from zopa.methods.seen import seen_graph
from zopa.methods.stability import stable_profiles

Codes = NDArray[np.uint8]
Ways = Mapping[Evidence, Draws]
Changes = tuple[Change, ...]
Models = tuple[frozenset[str], frozenset[str]]


@dataclass(frozen=True, eq=False)
class Bench:
    """Where changes are tried: one standoff, its draws, and the ``wished`` states (U,) as indices.

    What does not depend on an assurance is worked out once; an assurance is judged in the draws in which it binds.
    """

    conflict: Conflict
    ways: Ways
    wished: Index
    plain: bool
    ranks: Mapping[Evidence, Ranks]
    certain: Mapping[Evidence, bool]
    better: Bool | None = None
    """(P, S, S) the one relation of each party where there is one profile only and single pairs count."""
    _models: dict[Models, Altered] = field(default_factory=dict)
    _lasting: dict[tuple[Evidence, Models, tuple[str, ...]], Codes] = field(default_factory=dict)
    _found: dict[tuple[Evidence, Changes, tuple[str, ...]], Bool] = field(default_factory=dict)
    _reached: dict[tuple[Evidence, Changes], Bool | None] = field(default_factory=dict)
    _assured: dict[tuple[Evidence, tuple[str, ...]], tuple[Bool, Ranks]] = field(default_factory=dict)
    _graphs: dict[Models, Graph] = field(default_factory=dict)
    _named: dict[Evidence, Overruling] = field(default_factory=dict)

    def lasts(self, evidence: Evidence, changes: Changes, concepts: tuple[str, ...]) -> Bool:
        """(concepts, D, U) in which draws each wished state is an equilibrium."""
        key = (evidence, changes, concepts)
        if key not in self._found:
            codes = self._base(evidence, changes, concepts)
            bound, ranks = self._bound(evidence, changes)
            if bound.any():
                codes = codes.copy()
                codes[:, bound] = self._judged(evidence, self.model(changes), ranks, concepts, bound)
            self._found[key] = np.asarray(codes == (1 << len(self.conflict.parties)) - 1)
        return self._found[key]

    def stays(self, evidence: Evidence, concept: str, state: int) -> Bool:
        """(D, P) in which draws one wished state keeps each party, as the case stands."""
        codes = self._base(evidence, (), INVERSE_CONCEPTS)[INVERSE_CONCEPTS.index(concept)]
        own = codes[:, int(np.searchsorted(self.wished, state))]
        return np.asarray(own[:, None] >> np.arange(len(self.conflict.parties)) & 1, dtype=np.bool_)

    def reached(self, evidence: Evidence, changes: Changes) -> Bool | None:
        """(D, U) in which draws a path of improvements without force leads to each; None without a status quo."""
        if (evidence, changes) not in self._reached:
            self._reached[evidence, changes] = self._searched(evidence, changes)
        return self._reached[evidence, changes]

    def _searched(self, evidence: Evidence, changes: Changes) -> Bool | None:
        place = self.model(changes)
        start = self._start(changes, place)
        if start is None:
            return None
        avoid = self.conflict.kind("violence")[place.keep]
        avoid = np.zeros_like(avoid) if avoid[start] else avoid
        at, ranks = self._places(place), self.ranks[evidence]

        def reach(own: Ranks, rows: Bool | slice) -> Bool:
            graph = self._graph(changes, place)
            if self.plain:
                return _at(improvement_reach(graph, own[:, :, place.keep], start, avoid=avoid), at)
            named = self._pairs(evidence)
            fixed = Fixed(named.pairs)
            return _at(improving_reach(graph, own, start, fixed, on=named.on[rows], avoid=avoid), at)

        rows = slice(1 if self.certain[evidence] else None)
        out = self._spread(reach(ranks[rows], rows), len(ranks)).copy()
        bound, lifted = self._bound(evidence, changes)
        if bound.any():
            out[bound] = reach(lifted, bound)
        return out

    def _graph(self, changes: Changes, place: Altered) -> Graph:
        """The moves that are left with changes in place, among the states that each party sees."""
        key = _key(changes)
        if key not in self._graphs:
            self._graphs[key] = seen_graph(place.conflict.graph, place.conflict.unseen)
        return self._graphs[key]

    def _pairs(self, evidence: Evidence) -> Overruling:
        """The single pairs that overrule the rankings, in every draw."""
        if evidence not in self._named:
            self._named[evidence] = overruling(self.ways[evidence], self.conflict)
        return self._named[evidence]

    def with_ranks(self, evidence: Evidence, ranks: Ranks, concepts: tuple[str, ...]) -> Bool:
        """(concepts, D, U) in which draws each wished state is an equilibrium under other rankings (D, P, S)."""
        every = np.ones(len(ranks), dtype=np.bool_)
        codes = self._judged(evidence, self.model(()), ranks, concepts, every)
        return np.asarray(codes == (1 << len(self.conflict.parties)) - 1)

    def model(self, changes: Sequence[Change]) -> Altered:
        """The standoff with the changes of options in place."""
        key = _key(changes)
        if key not in self._models:
            options = [c for c in changes if c.kind != "assurance"]
            self._models[key] = altered(self.conflict, options, listed=not self.plain)
        return self._models[key]

    def _start(self, changes: Changes, place: Altered) -> int | None:
        moved = altered(self.conflict, [c for c in changes if c.kind == "assurance"], listed=True).start
        if moved is None or place.start is None:
            return None
        at = int(np.searchsorted(place.keep, moved))
        return at if at < len(place.keep) and place.keep[at] == moved else None

    def _base(self, evidence: Evidence, changes: Changes, concepts: tuple[str, ...]) -> Codes:
        key = (evidence, _key(changes), concepts)
        if key not in self._lasting:
            place, ranks = self.model(changes), self.ranks[evidence]
            if self.certain[evidence]:
                found = self._judged(evidence, place, ranks[:1], concepts, None)
                self._lasting[key] = np.repeat(found, len(ranks), axis=1)
            else:
                self._lasting[key] = self._judged(evidence, place, ranks, concepts, None)
        return self._lasting[key]

    def _bound(self, evidence: Evidence, changes: Changes) -> tuple[Bool, Ranks]:
        """In which draws an assurance binds somebody, and the rankings of those draws."""
        ids = tuple(c.what for c in changes if c.kind == "assurance")
        if (evidence, ids) not in self._assured:
            drawn = self.ways[evidence]
            bound = np.zeros(drawn.n, dtype=np.bool_)
            for id_ in ids:
                for party in self.conflict.parties:
                    bound |= binds(drawn, self.conflict, id_, party)
            lifted = (
                with_assurances(drawn, self.conflict, ids)[bound] if bound.any() else self.ranks[evidence][:0]
            )
            self._assured[evidence, ids] = bound, lifted
        return self._assured[evidence, ids]

    def _judged(
        self, evidence: Evidence, place: Altered, ranks: Ranks, concepts: tuple[str, ...], rows: Bool | None
    ) -> Codes:
        """(concepts, rows, U) for whom each wished state is stable, by the engine that fits; ``ranks`` are those of the
        ``rows``."""
        at, model = self._places(place), place.conflict.model
        if self.plain and isinstance(model, Lattice):
            codes = stable_profiles(model, ranks[:, :, place.keep], concepts=concepts)
        elif self.better is not None:
            alone = stable_general(model, self.better, concepts=concepts, unseen=self.conflict.unseen)
            bits = (1 << np.arange(len(self.conflict.parties)))[:, None]
            codes = np.stack([(alone[c] * bits).sum(axis=0) for c in concepts])[None].astype(np.uint8)
        else:
            which = slice(len(ranks)) if rows is None else np.flatnonzero(rows)
            codes = judged(place.conflict, ranks, concepts, self.ways[evidence], which)
        here = np.where(at >= 0, codes[:, :, np.maximum(at, 0)], 0)
        return np.asarray(here.swapaxes(0, 1), dtype=np.uint8)

    def _places(self, place: Altered) -> Index:
        """(U,) where each wished state stands among the kept ones, −1 where it is gone."""
        at = np.searchsorted(place.keep, self.wished)
        inside = at < len(place.keep)
        there = inside & (place.keep[np.where(inside, at, 0)] == self.wished)
        return np.where(there, at, -1)

    def _spread(self, found: Bool, draws: int) -> Bool:
        return np.broadcast_to(found, (draws, found.shape[1]))


def bench_of(conflict: Conflict, ways: Ways, wished: Bool, *, middle: Central | None = None) -> Bench:
    """The place where changes are tried for some wished states (S,); of the central rankings with ``middle``."""
    plain = closes(conflict)
    if middle is not None:
        return Bench(
            conflict=conflict,
            ways=ways,
            wished=np.flatnonzero(wished),
            plain=plain,
            ranks=dict.fromkeys(ways, middle.ranks[None]),
            certain=dict.fromkeys(ways, True),
            better=middle.better,
        )
    return Bench(
        conflict=conflict,
        ways=ways,
        wished=np.flatnonzero(wished),
        plain=plain,
        ranks={e: profiles(drawn, conflict) for e, drawn in ways.items()},
        certain={e: crisp(drawn, conflict) for e, drawn in ways.items()},
    )


def judged_profiles(middle: Bench, profiles: Ranks, concepts: tuple[str, ...]) -> Bool:
    """(concepts, B, U) which wished states are equilibria under each of some certain profiles (B, P, S)."""
    conflict, model = middle.conflict, middle.conflict.model
    if middle.plain and isinstance(model, Lattice):
        codes = stable_profiles(model, profiles, concepts=concepts)
        every = codes[:, :, middle.wished] == (1 << len(conflict.parties)) - 1
        return np.asarray(every.swapaxes(0, 1))
    fixed = fixed_pairs(middle.ways["all"], conflict)
    if fixed.open is None:
        codes = general_profiles(
            model, profiles, pairs=fixed.pairs, concepts=concepts, unseen=conflict.unseen
        )
        every = codes[:, :, middle.wished] == (1 << len(conflict.parties)) - 1
        return np.asarray(every.swapaxes(0, 1))
    out = np.zeros((len(concepts), len(profiles), len(middle.wished)), dtype=np.bool_)
    for k, own in enumerate(profiles):
        found = stable_general(model, fixed.better(own), concepts=concepts, unseen=conflict.unseen)
        out[:, k] = np.stack([np.asarray(found[c].all(axis=0))[middle.wished] for c in concepts])
    return out


def fixed_pairs(drawn: Draws, conflict: Conflict) -> Fixed:
    """The single pairs that hold in the middle of the draws, and those of which neither state is known to be better."""
    rows: list[tuple[int, int, int]] = []
    open_ones = np.zeros((len(conflict.parties), len(conflict), len(conflict)), dtype=np.bool_)
    for p, party in enumerate(conflict.parties):
        own = known(pairs(drawn, conflict, party))
        rows += [(p, int(better), int(worse)) for better, worse in own.prefers]
        for a, b in own.unknown:
            open_ones[p, a, b] = open_ones[p, b, a] = True
    named = np.array(rows, dtype=np.int64).reshape(-1, 3)
    return Fixed(named, open_ones if open_ones.any() else None)


def _key(changes: Sequence[Change]) -> Models:
    return (
        frozenset(c.what for c in changes if c.kind == "rule-out"),
        frozenset(c.what for c in changes if c.kind == "bind"),
    )


def _at(found: Bool, at: Index) -> Bool:
    """(rows, U) of (rows, S), False where there is no such state."""
    return np.asarray(found[:, np.maximum(at, 0)] & (at >= 0))
