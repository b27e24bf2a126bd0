"""A standoff as files hold it that know no doubt: one order of states a party, states numbered as readers number them.

A statement counts where the median of its chance is at least one half. What could not be kept is noted, to be told.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from zopa.case.conflict import Conflict, conflict_of
from zopa.case.expressions import parse
from zopa.case.fields import Entry
from zopa.case.interop.export_words import Told, note, told_apart
from zopa.case.interop.terms import Term, TooManyError, terms
from zopa.case.model import CaseFile
from zopa.case.names import party_name
from zopa.case.quantities import Basis, basis_of
from zopa.case.standoff import Ranking, Standoff, StandoffOption, Statement
from zopa.errors import DossierError, Place
from zopa.methods.graph_model import Lattice
from zopa.methods.preferences import by_priority, by_weights, direct
from zopa.words import Language, joined, say

Bool = NDArray[np.bool_]
Ranks = NDArray[np.int32]
GRAPHS = ("graphml", "dot")
"""Formats of the state graph: they hold named outcomes, and no preferences but whether a move improves things."""


@dataclass(frozen=True, eq=False)
class PlainParty:
    """A party: its name, ``ranks`` (S,) by state index, larger better, and the states it does not see (S,).

    ``priorities`` are the statements its ranks follow from, each as its alternatives; None where there are none to
    write. ``certain``: nothing in the case leaves its order of states open.
    """

    id: str
    name: str
    ranks: Ranks
    unseen: Bool
    priorities: tuple[tuple[Term, ...], ...] | None
    certain: bool


@dataclass(frozen=True, eq=False)
class PlainStandoff:
    """A standoff with every doubt at its middle.

    ``options`` stand in the order of their owners, since that order numbers the states in such files; ``bits`` (S,)
    has the first of them lowest, and ``order`` lists the state indices in the order of their numbers here.
    """

    conflict: Conflict
    lang: Language
    parties: tuple[PlainParty, ...]
    options: tuple[StandoffOption, ...]
    names: Mapping[str, str]
    bits: NDArray[np.int64]
    order: NDArray[np.int64]
    infeasible: tuple[Term, ...]
    on_preferences: tuple[Told, ...]
    """What stands at its middle, and what is left out of preferences."""
    on_sections: tuple[Told, ...]
    """What else of the standoff is left out."""

    @property
    def file(self) -> CaseFile:
        """The case's file."""
        return self.conflict.file

    @property
    def number(self) -> NDArray[np.int64]:
        """(S,) the number of each state in files, from 1."""
        out = np.empty(len(self.order), dtype=np.int64)
        out[self.order] = np.arange(1, len(self.order) + 1)
        return out

    @property
    def ranks(self) -> Ranks:
        """(parties, S), larger better."""
        return np.stack([party.ranks for party in self.parties])

    def tiers(self, party: PlainParty) -> list[list[int]]:
        """State numbers best first, ties together; with those the party does not see: they deter it or do not by their
        rank, too."""
        number = self.number
        # By rank from the best on, and by number within a tie.
        ranked = self.order[np.argsort(-party.ranks[self.order].astype(np.int64), kind="stable")]
        cuts = np.flatnonzero(np.diff(party.ranks[ranked])) + 1
        return [[int(n) for n in number[tier]] for tier in np.split(ranked, cuts)]

    def exactly(self, states: NDArray[np.int64]) -> tuple[Term, ...]:
        """Conjunctions that hold in these states (indices) and in no others: one a state, every option named."""
        return tuple(
            tuple((option.id, bool(self.bits[s] >> k & 1)) for k, option in enumerate(self.options))
            for s in states
        )


def plain(file: CaseFile, lang: Language, *, format_: str) -> PlainStandoff:
    """The standoff of a case at its middle, names in ``lang``, with notes on what a format cannot hold.

    ``IncompleteCaseError`` where the case has none; ``DossierError`` where a rule is too long to be written out.
    """
    conflict = conflict_of(file)
    standoff = conflict.standoff
    noted = _Noted(file)
    names = told_apart({party: party_name(file, party, lang) for party in conflict.parties})
    found = tuple(
        _party(conflict, i, names[p], standoff.rankings.get(p), noted) for i, p in enumerate(conflict.parties)
    )
    options = _by_owner(conflict, standoff)
    bits = np.zeros(len(conflict), dtype=np.int64)
    for bit, option in enumerate(options):
        bits |= conflict.facts[option.id].astype(np.int64) << bit
    order = np.argsort(bits, kind="stable") if options else np.arange(len(conflict))
    # Only some formats write rules out; the others are none the worse for a long one.
    rules = standoff.infeasible if options and format_ in ("conflict", "gmcr") else ()
    return PlainStandoff(
        conflict,
        lang,
        found,
        options,
        titles(standoff, lang),
        bits,
        order,
        tuple(term for rule in rules for term in _terms(rule.when)),
        tuple(noted.told()),
        tuple(_left_out(standoff, file, format_)),
    )


def titles(standoff: Standoff, lang: Language) -> dict[str, str]:
    """Names of the options by id; of two that a party calls the same, each has its id behind it."""
    named: dict[str, dict[str, str]] = {}
    for option in standoff.options:
        named.setdefault(option.party, {})[option.id] = option.name.get(lang)
    return {id_: name for own in named.values() for id_, name in told_apart(own).items()}


@dataclass
class _Noted:
    """What files cannot hold, collected while it is met."""

    file: CaseFile
    sentences: list[Told] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    kept: int = 0

    def add(self, key: str, **values: object) -> None:
        self.sentences.append(note(key, **values))

    def party(self, key: str, party: str) -> None:
        self.add(key, party=lambda g: party_name(self.file, party, g))

    def told(self) -> Iterator[Told]:
        if self.kept:
            yield note("export.counted", n=self.kept)
        if self.left:
            yield note("export.not-counted", n=len(self.left), statements=", ".join(self.left))
        yield from self.sentences


# ---- states and options ------------------------------------------------------------------------------------------


def _by_owner(conflict: Conflict, standoff: Standoff) -> tuple[StandoffOption, ...]:
    """The options in the order of their owners; none where moves are listed, as those of merged states are."""
    if not isinstance(conflict.model, Lattice):
        return ()
    return tuple(o for party in conflict.parties for o in standoff.options if o.party == party)


def _terms(text: str) -> tuple[Term, ...]:
    try:
        return terms(parse(text))
    except TooManyError:
        raise DossierError.of("export-rule-large", Place("case.yaml"), rule=text) from None


# ---- preferences -------------------------------------------------------------------------------------------------


def _party(
    conflict: Conflict,
    at: int,
    name: str,
    ranking: Ranking | None,
    noted: _Noted,
) -> PlainParty:
    party, states = conflict.parties[at], len(conflict)
    unseen = np.zeros(states, dtype=np.bool_) if conflict.unseen is None else conflict.unseen[at]
    priorities: tuple[tuple[Term, ...], ...] | None = None
    if ranking is None or not (ranking.ranking or ranking.statements):
        noted.party("export.no-preference", party)
        return PlainParty(party, name, np.zeros(states, dtype=np.int32), unseen, None, certain=False)
    outer = _within(ranking, basis_of(conflict.standoff))
    pairs = ranking.prefers or ranking.unknown or ranking.strongly
    if pairs:
        noted.party("export.pairs", party)
    if ranking.ranking:
        tiers = [[conflict.places[n] for n in tier if n in conflict.places] for tier in ranking.ranking]
        ranks, sure = direct(tiers, states=states), [_sure(outer)]
    else:
        sure = [_sure_statement(s, outer) for s in ranking.statements]
        counted = [s for s in ranking.statements if _counts(s)]
        noted.kept += sum(not known and _counts(s) for s, known in zip(ranking.statements, sure, strict=True))
        noted.left += [f"{party}.{s.id or s.holds}" for s in ranking.statements if not _counts(s)]
        truth = np.array([conflict.truth(s.holds) for s in counted], dtype=np.bool_).reshape(-1, states)
        if ranking.by == "weights":
            ranks = by_weights(truth, weights=_weights(counted))[0]
            sure += [s.weight.estimate.shape == "point" and not s.weight.because for s in counted]
            noted.party("export.weights", party)
        else:
            m = len(counted)
            ranks = by_priority(truth, places=np.arange(m)[None], signs=np.ones((1, m), dtype=np.int8))[0]
            priorities = _priorities(counted, party, noted) if isinstance(conflict.model, Lattice) else None
    read = any(path.startswith(f"standoff.rankings.{party}.") for path in _read_differently(conflict.file))
    return PlainParty(party, name, ranks, unseen, priorities, certain=all(sure) and not (pairs or read))


def _read_differently(file: CaseFile) -> Iterator[str]:
    """Paths of what is otherwise under some reading of somebody's aims."""
    return (path for own in file.readings.values() for reading in own for path in reading.sets)


def _within(entry: Entry, outer: Basis) -> Basis:
    """The basis written on an entry, else that of what it stands in."""
    return basis_of(entry) if entry.because or entry.assumed else outer


def _sure(basis: Basis) -> bool:
    """Whether what has this basis stands in every draw: what rests on claims may fall with them."""
    return basis.assumed and not basis.because


def _sure_statement(statement: Statement, outer: Basis) -> bool:
    chance = statement.chance.estimate
    return _sure(_within(statement, outer)) and (not chance.known or chance.params == (1.0,))


def _counts(statement: Statement) -> bool:
    """Whether a statement counts at the median of its chance; one without a chance does."""
    chance = statement.chance
    return not chance.estimate.known or chance.estimate.middle(chance.bounds) >= 0.5


def _weights(counted: Sequence[Statement]) -> NDArray[np.float64]:
    """(1, m) the weights as shares; one that nobody has stated is the mean of the others."""
    stated = [s.weight.estimate.middle(s.weight.bounds) if s.weight.estimate.known else None for s in counted]
    known = [weight for weight in stated if weight is not None]
    mean = sum(known) / len(known) if known else 1.0
    filled = np.array([[mean if weight is None else weight for weight in stated]])
    return filled / (filled.sum() or 1.0)


def _priorities(
    counted: Sequence[Statement], party: str, noted: _Noted
) -> tuple[tuple[Term, ...], ...] | None:
    """The statements as alternatives, less those that hold always or never; None where one is too long, or none is
    left, so that the ranking that follows is written instead."""
    try:
        found = [terms(parse(statement.holds)) for statement in counted]
    except TooManyError:
        noted.party("export.long-statement", party)
        return None
    return tuple(own for own in found if own and () not in own) or None


# ---- what is left out --------------------------------------------------------------------------------------------


def _left_out(standoff: Standoff, file: CaseFile, format_: str) -> Iterator[Told]:
    sections = {
        "merged": standoff.merged if format_ not in GRAPHS else (),
        "threats": standoff.threats,
        "outcomes": standoff.outcomes if format_ not in GRAPHS else (),
        "assurances": file.assurances,
        "readings": file.readings,
    }
    left = [key for key, held in sections.items() if held]
    if left:
        yield note(
            "export.sections", sections=lambda g: joined([say(f"export.section-{k}", g) for k in left], g)
        )
