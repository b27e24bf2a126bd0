"""Which statements of preference, dropped, turned round or put first, would make a wished state last.

Statements are what people can talk about: where a state of the conflict would have to rank otherwise, this says in
which sentence the difference lies. A diagnosis, not advice to work on anybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

from zopa.analysis._mediation_changes import force
from zopa.analysis._mediation_measure import Bench, fixed_pairs, judged_profiles
from zopa.analysis._mediation_rows import CONCEPT, Gain, Wish, gain, hits
from zopa.case.draws import Evidence
from zopa.case.quantities import basis_of
from zopa.case.rankings import Counting, statements
from zopa.case.verdicts import Central
from zopa.estimate import Array
from zopa.methods.graph_model import Bool, Lattice
from zopa.methods.inverse import INVERSE_CONCEPTS
from zopa.methods.preferences import Places, Ranks, Signs, by_priority, by_weights
from zopa.result import Share, share_of

SHOWN = 3
"""Edits that are worked out over the draws, a wish."""
MOST_EDITS = 24
"""Edits that are enough of which a few draws tell the best."""
MOST_PAIRS = 4000
"""Pairs of edits that are tried where no single one is enough."""
MOST_OPEN = 400
"""The same where the order of some pairs of states is not known: rankings alone do not say so, and it takes longer."""
HALF = 0.5

Turn = Literal["drop", "flip", "front"]
TURNS: tuple[Turn, ...] = ("drop", "flip", "front")


@dataclass(frozen=True, slots=True)
class Edit:
    """A statement of a party, by id: taken out, turned into its opposite, or put before all others."""

    party: str
    statement: str
    turn: Turn


@dataclass(frozen=True, slots=True)
class EditRow:
    """The least edits of statements that make a wished state last in the central rankings; none: it does so already.

    ``n``: the states that then last, ``concepts``: under which concepts one does; ``lasts``: the share of draws in
    which one does (sequential stability) with the edit made in every draw, ``gained``: what that adds.
    """

    outcome: str | None
    state: int | None
    edits: tuple[Edit, ...]
    n: tuple[int, ...]
    concepts: tuple[str, ...]
    lasts: Share
    gained: Gain | None
    because: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Order:
    """A party's statements as it ranks by them: ``signs`` and ``places`` (D, m), ``truth`` (m, S), ``weights`` (D, m)
    where it ranks by weights."""

    truth: Bool
    signs: Signs
    places: Places
    weights: Array | None

    def ranks(self) -> Ranks:
        """(D, S)."""
        if self.weights is not None:
            return by_weights(self.truth, weights=self.weights * self.signs)
        return by_priority(self.truth, places=self.places, signs=self.signs)

    def edited(self, at: int, turn: Turn) -> "Order":
        """With one statement dropped, turned round, or put first."""
        signs, places = self.signs.copy(), self.places.copy()
        if turn == "drop":
            signs[:, at] = 0
        elif turn == "flip":
            signs[:, at] = -signs[:, at]
        else:
            places += places < places[:, [at]]
            places[:, at] = 0
        return Order(self.truth, signs, places, self.weights)


def edit_rows(
    wish: Wish, whole: Bench, look: Bench, middle: Bench, central: Central, because: tuple[str, ...]
) -> tuple[EditRow, ...]:
    """The smallest edits that make the wish last under sequential stability, by the share of draws they add."""
    orders = {p: _order(whole, p, "all") for p in whole.conflict.parties if _stated(whole, p)}
    now = judged_profiles(middle, central.ranks[None], (CONCEPT,))[0, 0] & wish.states[middle.wished]
    if now.any():
        return (_row(wish, whole, middle, central, (), {}, because),)
    centres = {p: _centre(order) for p, order in orders.items()}
    found = _least(wish, whole, middle, central, centres)
    found.sort(key=lambda edits: -float(_drawn(wish, look, edits, "all").mean()))
    found = found[:SHOWN]
    rows = [_row(wish, whole, middle, central, edits, centres, because) for edits in found]
    rows.sort(key=lambda r: -(r.gained.value if r.gained else 0.0))
    return tuple(rows)


def _stated(bench: Bench, party: str) -> bool:
    ranking = bench.conflict.standoff.rankings.get(party)
    return ranking is not None and bool(ranking.statements) and not ranking.ranking


def _order(bench: Bench, party: str, evidence: Evidence) -> Order:
    drawn, ranking = bench.ways[evidence], bench.conflict.standoff.rankings[party]
    counting: Counting = statements(drawn, bench.conflict, party)
    paths = [f"standoff.rankings.{party}.statements.{id_}.weight" for id_ in counting.ids]
    weights = drawn.shares(paths) if ranking.by == "weights" else None
    return Order(counting.truth, counting.signs, counting.places, weights)


def _centre(order: Order) -> Order:
    """The statements that count in over half of the draws, in the order written, at their mean weights."""
    liked, disliked = ((order.signs == way).mean(axis=0) > HALF for way in (1, -1))
    signs = (liked.astype(np.int8) - disliked.astype(np.int8))[None]
    weights = None if order.weights is None else order.weights.mean(axis=0)[None]
    return Order(order.truth, signs, np.arange(signs.shape[1], dtype=np.int64)[None], weights)


def _singles(bench: Bench, centres: dict[str, Order]) -> list[Edit]:
    out = []
    for party, order in centres.items():
        ids = [s.id or str(k) for k, s in enumerate(bench.conflict.standoff.rankings[party].statements)]
        for at, id_ in enumerate(ids):
            if order.signs[0, at] == 0:
                continue
            calls, restrains, own = _on_force(bench, party, order.truth[at])
            loosening = restrains and not own
            out += [Edit(party, id_, turn) for turn in TURNS[:2] if not loosening]
            if order.weights is None and order.places[0, at] > 0 and not calls:
                out.append(Edit(party, id_, "front"))
    return out


def _on_force(bench: Bench, party: str, truth: Bool) -> tuple[bool, bool, bool]:
    """Whether a use of force makes a statement true, whether one makes it false, and whether the party's own makes it
    true: statements that restrain force are not loosened, and none that calls for it is put first."""
    conflict, model = bench.conflict, bench.conflict.model
    violent = conflict.kind("violence")
    if not isinstance(model, Lattice):
        return not (truth & ~violent).any(), not (~truth & ~violent).any(), False
    calls = restrains = own = False
    owners = {o.id: o.party for o in conflict.standoff.options}
    for name in force(conflict):
        bit = conflict.options.index(name)
        without = np.flatnonzero(~model.taken(bit))
        taken = model.place[model.states[without] | 1 << bit]
        here, there = truth[without[taken >= 0]], truth[taken[taken >= 0]]
        calls |= bool((there & ~here).any())
        restrains |= bool((here & ~there).any())
        own |= owners[name] == party and bool((there & ~here).any())
    return calls, restrains, own


def _least(
    wish: Wish, whole: Bench, middle: Bench, central: Central, centres: dict[str, Order]
) -> list[tuple[Edit, ...]]:
    """The single edits that are enough; where none is, the pairs that are."""
    singles = _singles(whole, centres)
    own = wish.states[middle.wished]
    pairs: list[tuple[Edit, ...]] = [
        (a, b) for a, b in combinations(singles, 2) if (a.party, a.statement) != (b.party, b.statement)
    ]
    alone: list[tuple[Edit, ...]] = [(e,) for e in singles]
    unknown = not middle.plain and fixed_pairs(middle.ways["all"], middle.conflict).open is not None
    for tried in (alone, pairs[: MOST_OPEN if unknown else MOST_PAIRS]):
        if not tried:
            continue
        profiles = np.stack([_profile(whole, central, edits, centres) for edits in tried])
        enough = (judged_profiles(middle, profiles, (CONCEPT,))[0] & own).any(axis=1)
        if enough.any():
            return [tried[k] for k in np.flatnonzero(enough)][:MOST_EDITS]
    return []


def _profile(bench: Bench, central: Central, edits: Sequence[Edit], centres: dict[str, Order]) -> Ranks:
    """(P, S) the central rankings with the edits made."""
    ranks, changed = central.ranks.copy(), dict(centres)
    for edit in edits:
        changed[edit.party] = changed[edit.party].edited(_at(bench, edit), edit.turn)
        ranks[bench.conflict.parties.index(edit.party)] = changed[edit.party].ranks()[0]
    return ranks


def _at(bench: Bench, edit: Edit) -> int:
    written = bench.conflict.standoff.rankings[edit.party].statements
    return [s.id or str(k) for k, s in enumerate(written)].index(edit.statement)


def _row(
    wish: Wish,
    whole: Bench,
    middle: Bench,
    central: Central,
    edits: tuple[Edit, ...],
    centres: dict[str, Order],
    because: tuple[str, ...],
) -> EditRow:
    conflict = whole.conflict
    own = wish.states[middle.wished]
    stable = (
        judged_profiles(middle, _profile(whole, central, edits, centres)[None], INVERSE_CONCEPTS)[:, 0] & own
    )
    now = {e: hits(whole, wish, (), e) for e in whole.ways}
    then = {e: _drawn(wish, whole, edits, e) for e in whole.ways} if edits else now
    cited = [
        c
        for edit in edits
        for c in basis_of(conflict.standoff.rankings[edit.party].statements[_at(whole, edit)]).claims
    ]
    return EditRow(
        outcome=wish.outcome,
        state=wish.state,
        edits=edits,
        n=tuple(int(n) for n in conflict.numbers[middle.wished[stable[INVERSE_CONCEPTS.index(CONCEPT)]]]),
        concepts=tuple(
            c for c, on in zip(INVERSE_CONCEPTS, np.asarray(stable.any(axis=1)), strict=True) if on
        ),
        lasts=share_of(then, whole.ways),
        gained=gain(then, now, whole.ways) if edits else None,
        because=tuple(dict.fromkeys(cited)) or because,
    )


def _drawn(wish: Wish, whole: Bench, edits: Sequence[Edit], evidence: Evidence) -> Bool:
    """(D,) in which draws the wish lasts with the edits made in every one of them."""
    ranks = whole.ranks[evidence].copy()
    orders: dict[str, Order] = {}
    for edit in edits:
        order = orders.get(edit.party) or _order(whole, edit.party, evidence)
        orders[edit.party] = order.edited(_at(whole, edit), edit.turn)
        ranks[:, whole.conflict.parties.index(edit.party)] = orders[edit.party].ranks()
    found = whole.with_ranks(evidence, ranks, (CONCEPT,))[0]
    return np.asarray((found & wish.states[whole.wished]).any(axis=1))
