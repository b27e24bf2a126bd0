"""Which origins hold in each draw, and so which entries of the case stand on something.

A draw first decides which origins hold: one yes/no each, with its weight. A contradicting pair never both holds:
the switches of a group of contradicting origins are independent ones conditioned on no pair holding together, so for
two origins P(a) = a(1−b)/(1−ab) and neither (1−a)(1−b)/(1−ab). Each origin is decided by its own stream, one after the
other in order of name. Entries that cite one origin stand or fall together; where one of them says that the origin
tells less (a lower bearing), it never stands where the other falls.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from zopa.case.case import Case
from zopa.case.fields import Citation
from zopa.case.quantities import Basis
from zopa.claims.claim import Claim
from zopa.claims.weight import Weigher
from zopa.estimate import Array, uniforms
from zopa.methods.products import by_states
from zopa.methods.reweighting import Reweighting, balance_weights

Bool = NDArray[np.bool_]
EXACT = 12
"""Groups of contradicting origins up to this size are drawn by listing their independent sets."""
SWEEPS = 60
"""Gibbs sweeps for larger groups."""
IMPOSSIBLE = -1e4
"""Stands for the logarithm of zero: its exponential is zero."""


@dataclass(frozen=True)
class Switches:
    """The origin switches of a case: ``n`` draws in outer groups, ``group`` maps draws to groups.

    ``cited`` are all citations of the case's entries.
    ``force`` sets switches by hand, whatever their weight.
    """

    case: Case
    seed: int
    group: NDArray[np.int64]
    cited: tuple[Citation, ...]
    force: Mapping[str, bool]

    def forced(self, force: Mapping[str, bool]) -> "Switches":
        """The same switches with others held on or off: what those do not decide is shared, and not decided anew."""
        other = replace(self, force=force)
        for shared in ("weigher", "_said", "_strongest", "_pairs", "_groups", "_citations"):
            other.__dict__[shared] = getattr(self, shared)
        changed = {m for origin in {*self.force, *force} for m in self._groups.get(origin, (origin,))}
        by_id = self.case.ledger.by_id
        other.__dict__["_decided"] = {k: on for k, on in self._decided.items() if k not in changed}
        other.__dict__["_stand"] = {
            c: on for c, on in self._stand.items() if by_id[c.claim].origin not in changed
        }
        return other

    @cached_property
    def weigher(self) -> Weigher:
        """Origin weights in every outer group."""
        return Weigher(self.case.ledger, self.case.grades, self.seed, int(self.group[-1]) + 1)

    @cached_property
    def _said(self) -> dict[str, Array]:
        return {}

    def said(self, origin: str) -> Array:
        """P(said) of an origin by group."""
        if origin not in self._said:
            self._said[origin] = self.weigher.said(self.case.ledger.origins[origin])
        return self._said[origin]

    def threshold(self, citation: Citation) -> Array:
        """Weight of the cited claim's origin for this citation, by group; zero where the claim is not in the record."""
        claim = self.case.ledger.by_id.get(citation.claim)
        if claim is None:
            return np.zeros(int(self.group[-1]) + 1)
        tells = self.weigher.bearing(claim, citation.bearing)
        return np.minimum(self.said(claim.origin) * tells, 0.95)

    @cached_property
    def _strongest(self) -> Mapping[str, Array]:
        """The weight of each origin that matters: cited ones, and those that contradict others.

        It is the record's own weight, or that of the strongest citation where one says that the origin tells more.
        """
        ledger = self.case.ledger
        cited: dict[str, list[Array]] = {}
        for citation in self.cited:
            claim = ledger.by_id.get(citation.claim)
            if claim is not None:
                cited.setdefault(claim.origin, []).append(self.threshold(citation))
        for pair in self._pairs:
            for origin in pair:
                cited.setdefault(origin, [])
        return {
            origin: np.max([self.weigher.weight(ledger.origins[origin]), *weights], axis=0)
            for origin, weights in cited.items()
        }

    @cached_property
    def _pairs(self) -> tuple[tuple[str, str], ...]:
        by_id = self.case.ledger.by_id
        pairs = {
            tuple(sorted((by_id[c.a].origin, by_id[c.b].origin)))
            for c in self.case.contradictions
            if c.exclusive and by_id[c.a].origin != by_id[c.b].origin
        }
        return tuple((a, b) for a, b in sorted(pairs))

    @cached_property
    def _groups(self) -> Mapping[str, tuple[str, ...]]:
        """Per origin that matters the group of contradicting origins it is in, sorted."""
        components = _components(tuple(self._strongest), self._pairs)
        return {origin: members for members in components for origin in members}

    @cached_property
    def _decided(self) -> dict[str, Bool]:
        return {}

    @cached_property
    def _stand(self) -> dict[Citation, Bool]:
        return {}

    @cached_property
    def _citations(self) -> Mapping[str, tuple[Citation, ...]]:
        """Per origin the different citations of its claims."""
        by_id = self.case.ledger.by_id
        out: dict[str, dict[Citation, None]] = {}
        for citation in self.cited:
            if citation.claim in by_id:
                out.setdefault(by_id[citation.claim].origin, {})[citation] = None
        return {origin: tuple(citations) for origin, citations in out.items()}

    def _decide(self, members: tuple[str, ...], *further: Citation) -> None:
        """Draw a group of contradicting origins: whether each holds, and which of its citations stand, ``further`` ones
        than the case's own among them.

        An origin has its own uniform numbers, and a threshold below which it holds: its weight, or its conditional
        probability given which of the origins before it (in order of name) in its group hold. Each origin keeps its
        own stream whatever contradicts it, so that a claim that comes or goes moves no number but the thresholds.
        Only what they decide is kept.
        """
        groups = int(self.group[-1]) + 1
        by_group = [
            np.full(groups, float(self.force[m])) if m in self.force else self._strongest[m] for m in members
        ]
        edges = [(members.index(a), members.index(b)) for a, b in self._pairs if a in members]
        drawn = self._draw(members, np.stack([w[self.group] for w in by_group], axis=1), edges)
        by_id = self.case.ledger.by_id
        for origin, (u, below) in drawn.items():
            self._decided[origin] = _final(u < below)
            own = [citation for citation in further if by_id[citation.claim].origin == origin]
            for citation in (*self._citations.get(origin, ()), *own):
                self._stand[citation] = self._stands(citation, origin, u, below)

    def _stands(self, citation: Citation, origin: str, u: Array, below: Array) -> Bool:
        if origin in self.force:
            return self._decided[origin]
        ratio = self._ratio(citation, origin)
        # Weights that are the same need no second product.
        return self._decided[origin] if (ratio == 1.0).all() else _final(u < below * ratio[self.group])

    def _ratio(self, citation: Citation, origin: str) -> Array:
        """Given that the origin's strongest citation holds, a weaker one does with the ratio of their weights, by
        group. The number that decides is the origin's own: without contradictions the citation holds below its own
        weight, whatever else the case cites."""
        own, most = self.threshold(citation), self._strongest[origin]
        return np.divide(own, most, out=np.zeros_like(own), where=most > 0)

    @cached_property
    def holds(self) -> Mapping[str, Bool]:
        """Per origin, in which draws it holds."""
        return {origin: self._holds(origin) for origin in self._groups}

    def _holds(self, origin: str) -> Bool:
        if origin not in self._decided:
            self._decide(self._groups[origin])
        return self._decided[origin]

    def _draw(
        self, members: Sequence[str], w: Array, edges: Sequence[tuple[int, int]]
    ) -> dict[str, tuple[Array, Array]]:
        if len(members) > EXACT:
            return self._gibbs(members, w, edges)[0]
        own = [uniforms(self.seed, f"origin/{m}", len(w)) for m in members]
        below = _conditional(w, edges, np.stack(own, axis=1)) if edges else w
        return {m: (own[k], below[:, k]) for k, m in enumerate(members)}

    def _gibbs(
        self, members: Sequence[str], w: Array, edges: Sequence[tuple[int, int]], sweeps: int = SWEEPS
    ) -> tuple[dict[str, tuple[Array, Array]], Array]:
        """The last sweep's numbers and thresholds, and each member's threshold averaged over the later sweeps."""
        n, k = w.shape
        on = np.zeros((n, k), dtype=bool)
        neighbours = [[b if a == m else a for a, b in edges if m in (a, b)] for m in range(k)]
        out: dict[str, tuple[Array, Array]] = {}
        mean = np.zeros((n, k))
        for sweep in range(sweeps):
            for m, name in enumerate(members):
                u = uniforms(self.seed, f"origin/{name}/{sweep}", n)
                below = np.where(on[:, neighbours[m]].any(axis=1), 0.0, w[:, m])
                on[:, m] = u < below
                out[name] = (u, below)
                if 2 * sweep >= sweeps:
                    mean[:, m] += below / (sweeps - (sweeps + 1) // 2)
        return out, mean

    def apart(self) -> Mapping[str, Bool]:
        """Per origin, in which draws it would hold if nothing contradicted it: the primitive behind its switch. Those
        of groups of more than ``EXACT`` contradicting origins have none."""
        return {
            origin: uniforms(self.seed, f"origin/{origin}", len(self.group)) < weight[self.group]
            for origin, weight in self._strongest.items()
            if len(self._groups[origin]) <= EXACT
        }

    def standing(self) -> Mapping[str, Array]:
        """Per origin, the probability that it holds, by group: its weight, less what its contradictions take.

        Exact for groups of up to ``EXACT`` contradicting origins, else averaged over Gibbs sweeps.
        """
        weights = self._strongest
        out: dict[str, Array] = {}
        for members in _components(tuple(weights), self._pairs):
            if len(members) > EXACT:
                edges = [(members.index(a), members.index(b)) for a, b in self._pairs if a in members]
                w = np.stack([weights[m] for m in members], axis=1)
                shares = self._gibbs(members, w, edges, 4 * SWEEPS)[1]
            else:
                on, chance = self._sets(members)
                shares = chance @ on / chance.sum(axis=1, keepdims=True)
            out.update({m: shares[:, k] for k, m in enumerate(members)})
        return out

    def citation_holds(self, citation: Citation) -> Bool:
        """In which draws the entry's citation stands."""
        claim = self.case.ledger.by_id.get(citation.claim)
        if claim is None or claim.origin not in self._groups:
            return np.zeros(len(self.group), dtype=bool)
        if citation not in self._stand:
            self._decide(self._groups[claim.origin], citation)
        return self._stand[citation]

    def basis_holds(self, basis: Basis, draws: slice = slice(None)) -> Bool:
        """In which of some ``draws`` at least one citation of the basis stands."""
        out = np.zeros(len(self.group[draws]), dtype=bool)
        for citation in basis.because:
            out |= self.citation_holds(citation)[draws]
        return out

    @cached_property
    def in_groups(self) -> Reweighting:
        """The weight of every draw in every group, given what it decided about the origins."""
        sizes = np.bincount(self.group)
        return Reweighting.of(balance_weights(self.log_likelihood(), sizes), sizes)

    def log_likelihood(self) -> Array:
        """(groups, draws): how likely the grade table of each group makes what each draw decided about the origins.

        Of each origin counts whether it holds, and if so which of the thresholds of its citations its number passed.
        Groups of more than ``EXACT`` contradicting origins and forced switches are left out: their draws are not told
        apart, which costs precision and no more.
        """
        weights = self._strongest
        states: list[tuple[Array, Bool]] = []
        for members in _components(tuple(weights), self._pairs):
            if any(m in self.force for m in members) or len(members) > EXACT:
                continue
            on, chance = self._sets(members)
            held = np.stack([self.holds[m] for m in members])
            which = (held.T[:, None, :] == (on > 0)[None, :, :]).all(axis=2).T
            states.append((chance / chance.sum(axis=1, keepdims=True), which))
            states += [depth for member in members if (depth := self._depth(member)) is not None]
        if not states:
            return np.zeros((int(self.group[-1]) + 1, len(self.group)))
        # State 0 is that of draws that are in none of a list's: it says nothing.
        chances = np.concatenate([np.ones((len(states[0][0]), 1)), *(chance for chance, _ in states)], axis=1)
        logs = np.log(chances, out=np.full_like(chances, IMPOSSIBLE), where=chances > 0)
        first, places = 1, []
        for chance, which in states:
            places.append(np.where(which.any(axis=0), first + which.argmax(axis=0), 0))
            first += chance.shape[1]
        return by_states(logs, np.stack(places))

    def _sets(self, members: Sequence[str]) -> tuple[Array, Array]:
        edges = [(members.index(a), members.index(b)) for a, b in self._pairs if a in members]
        return _independent_sets(np.stack([self._strongest[m] for m in members], axis=1), edges)

    def _depth(self, origin: str) -> tuple[Array, Bool] | None:
        """Which weaker citations of an origin stand, given that it holds: the probability of each such state by group,
        and which draws are in it, (states, draws). None where all its citations are equally strong."""
        most = self._strongest[origin]
        ratios: dict[bytes, tuple[Array, Citation]] = {}
        for citation in self._citations.get(origin, ()):
            ratio = self._ratio(citation, origin)
            ratios[ratio.tobytes()] = ratio, citation
        found = [pair for pair in ratios.values() if not (pair[0] == 1.0).all()]
        if not found:
            return None
        weaker = [ratio for ratio, _ in found]
        stands = np.stack([self.citation_holds(citation) for _, citation in found], axis=1)
        states, which = np.unique(stands, axis=0, return_inverse=True)
        one, none = np.ones_like(most), np.zeros_like(most)
        chances = []
        for state in states:
            least = np.min([one, *(r for r, s in zip(weaker, state, strict=True) if s)], axis=0)
            last = np.max([none, *(r for r, s in zip(weaker, state, strict=True) if not s)], axis=0)
            chances.append(np.maximum(least - last, 0.0))
        in_state = which.ravel() == np.arange(len(states))[:, None]
        return np.stack(chances, axis=1), in_state & self.holds[origin]


def _final(decided: Bool) -> Bool:
    """What nobody may change: others read it too."""
    decided.flags.writeable = False
    return decided


def _components(nodes: Sequence[str], edges: Iterable[tuple[str, str]]) -> list[tuple[str, ...]]:
    """Connected components in sorted order, so that the naming of a group never depends on the file's order."""
    root = {node: node for node in nodes}

    def find(node: str) -> str:
        while root[node] != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    for a, b in edges:
        low, high = sorted((find(a), find(b)))
        root[high] = low
    groups: dict[str, list[str]] = {}
    for node in sorted(nodes):
        groups.setdefault(find(node), []).append(node)
    return [tuple(members) for members in groups.values()]


def _independent_sets(w: Array, edges: Sequence[tuple[int, int]]) -> tuple[Array, Array]:
    """All sets of members without a contradicting pair, (sets, members) of 0 and 1, and what each weighs, (rows, sets).

    ``w``: (rows, members). A set weighs ∏ w over its members × ∏ (1−w) over the others. A weight of exactly 1 on both
    sides of an edge (both forced) leaves no set: the row then has only the empty one.
    """
    k = w.shape[1]
    banned = frozenset(tuple(sorted(e)) for e in edges)
    sets = [
        members
        for size in range(k + 1)
        for members in combinations(range(k), size)
        if not any(pair in banned for pair in combinations(members, 2))
    ]
    on = np.zeros((len(sets), k))
    for row, members in enumerate(sets):
        on[row, list(members)] = 1.0
    chance = np.ones((len(w), len(sets)))
    for m in range(k):
        chance *= np.where(on[:, m] > 0, w[:, m : m + 1], 1 - w[:, m : m + 1])
    chance[chance.sum(axis=1) == 0, 0] = 1.0
    return on, chance


def _conditional(w: Array, edges: Sequence[tuple[int, int]], u: Array) -> Array:
    """Probability that each member holds given which members before it do, in draws decided by ``u`` one by one.

    ``w`` and ``u``: (draws, members). Together the draws follow the distribution of ``_independent_sets``.
    """
    on, chance = _independent_sets(w, edges)
    below = np.empty_like(w)
    for m in range(w.shape[1]):
        total = chance.sum(axis=1)
        below[:, m] = chance[:, on[:, m] > 0].sum(axis=1) / np.where(total > 0, total, 1.0)
        holds = u[:, m] < below[:, m]
        chance = np.where(holds[:, None] == (on[:, m] > 0), chance, 0.0)
    return below


def cited_claims(citations: Iterable[Citation], claims: Mapping[str, Claim]) -> tuple[str, ...]:
    """Ids of the cited claims that are in the record, each once, in order of first mention."""
    return tuple(dict.fromkeys(c.claim for c in citations if c.claim in claims))
