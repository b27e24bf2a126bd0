"""What the standoff's analysis says of every state and of every named ending, as rows of numbers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, overload

import numpy as np

from zopa.analysis._stability_what import CONCEPT
from zopa.case.conflict import Conflict
from zopa.case.draws import Draws, Evidence
from zopa.case.evidence import Bool
from zopa.case.verdicts import TOLD, Central, Verdicts
from zopa.estimate import Array
from zopa.result import Chance, Share, chance_of, share_of

Ways = Mapping[Evidence, Verdicts]


@dataclass(frozen=True, slots=True)
class Hold:
    """A state under one concept: in the central rankings, ``stable_for`` which parties and whether an ``equilibrium``;
    over all draws, how often an equilibrium (``share``) and how often ``stable`` for each party."""

    stable_for: tuple[str, ...]
    equilibrium: bool
    share: Share
    stable: Mapping[str, Share]


@dataclass(frozen=True, slots=True)
class StateRow:
    """One feasible state: its number, which options are taken in it, the outcomes it is part of, and what holds it.

    ``name`` is empty in option form; ``sim`` is None where it is left out: not
    defined for the moves listed, or too many states. ``necessary`` and
    ``possible``: by concept, the parties for which it is stable whatever the unknown preferences turn out to be, and
    for which it may be (None where nothing is unknown); ``strong``: for which every improvement is deterred by
    something much worse (None where no preference is strong).
    """

    n: int
    options: Mapping[str, bool]
    name: str
    outcomes: tuple[str, ...]
    nash: Hold
    gmr: Hold
    smr: Hold
    seq: Hold
    sseq: Hold
    sim: Hold | None
    necessary: Mapping[str, tuple[str, ...]] | None
    possible: Mapping[str, tuple[str, ...]] | None
    strong: Mapping[str, tuple[str, ...]] | None
    because: tuple[str, ...]

    def under(self, concept: str) -> Hold | None:
        """What holds it under one concept."""
        found: Hold | None = getattr(self, concept)
        return found


@dataclass(frozen=True, slots=True)
class EndingRow:
    """A named outcome of the standoff: how often one of its ``states`` is an equilibrium, by concept; ``best``: the
    state that most often is one under sequential stability. ``outcome`` None: the status quo."""

    outcome: str | None
    states: int
    lasts: Chance
    shares: Mapping[str, Share]
    best: int
    because: tuple[str, ...]


def lasts(found: Verdicts, states: Bool, concept: str) -> Bool:
    """(D,) in which draws some of the states is an equilibrium."""
    return np.asarray(found.equilibrium(concept)[:, states].any(axis=1))


def ending_rows(
    conflict: Conflict, found: Ways, ways: Any, because: tuple[str, ...]
) -> tuple[EndingRow, ...]:
    """A row for the status quo and for every outcome that has a feasible state."""
    rows = []
    often = found["all"].equilibrium(CONCEPT).mean(axis=0)
    now = np.arange(len(conflict)) == conflict.status_quo
    named: list[tuple[str | None, Bool]] = [(None, now)] if conflict.outcomes else []
    for outcome, states in [*named, *conflict.outcomes.items()]:
        if not states.any():
            continue
        by = {
            c: {e: lasts(found[e], states, c) for e in ways if c in found[e].concepts}
            for c in found["all"].concepts
        }
        rows.append(
            EndingRow(
                outcome=outcome,
                states=int(states.sum()),
                lasts=chance_of(by[CONCEPT], ways),
                shares={c: share_of(hits, ways) for c, hits in by.items()},
                best=int(conflict.numbers[np.where(states, often, -1.0).argmax()]),
                because=because,
            )
        )
    return tuple(rows)


class Shares(Protocol):
    """Shares of draws of all states: ``value`` (S,), and value, range and zero line of one."""

    @property
    def value(self) -> Array:
        """(S,) the share of draws."""
        ...

    def at(self, state: int) -> Share:
        """The share of one state."""
        ...


@dataclass(frozen=True, slots=True)
class _Ranged:
    """Shares with the range of every state."""

    value: Array
    low: Array
    high: Array
    zero: Array

    def at(self, state: int) -> Share:
        return Share(*(float(series[state]) for series in (self.value, self.low, self.high, self.zero)))


@dataclass(frozen=True, slots=True)
class _OnDemand:
    """Shares of very many states, whose ranges take long to tell and are told where they are asked for."""

    value: Array
    zero: Array
    series: Callable[[], Bool]
    drawn: Draws

    def at(self, state: int) -> Share:
        span = self.drawn.interval(self.series()[:, state])
        return Share(span.mean, span.low, span.high, float(self.zero[state]))


@dataclass(frozen=True, slots=True)
class Holding:
    """One concept on every state: ``stable`` (P, S) in the central rankings, and shares over all draws."""

    parties: tuple[str, ...]
    stable: Bool
    whole: Shares
    sides: tuple[Shares, ...]

    @property
    def equilibrium(self) -> Bool:
        """(S,) whether a state is stable for every party in the central rankings."""
        return np.asarray(self.stable.all(axis=0))

    def at(self, state: int) -> Hold:
        """What holds one state."""
        stays = self.stable[:, state]
        return Hold(
            stable_for=tuple(p for p, on in zip(self.parties, stays, strict=True) if on),
            equilibrium=bool(stays.all()),
            share=self.whole.at(state),
            stable={p: own.at(state) for p, own in zip(self.parties, self.sides, strict=True)},
        )


@dataclass(frozen=True, eq=False, repr=False)
class StateRows(Sequence[StateRow]):
    """A row for every feasible state, by number; each is made when it is asked for, as there may be a million."""

    conflict: Conflict
    holding: Mapping[str, Holding]
    middle: Central
    because: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.conflict)

    @overload
    def __getitem__(self, at: int) -> StateRow: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[StateRow, ...]: ...

    def __getitem__(self, at: int | slice) -> StateRow | tuple[StateRow, ...]:
        places = range(len(self))[at]
        return self._row(places) if isinstance(places, int) else tuple(self._row(k) for k in places)

    def _row(self, k: int) -> StateRow:
        conflict, middle = self.conflict, self.middle
        holds = {concept: found.at(k) for concept, found in self.holding.items()}
        return StateRow(
            n=int(conflict.numbers[k]),
            options=conflict.taken(k),
            name="" if conflict.options else conflict.label(k, "en"),
            outcomes=tuple(name for name, states in conflict.outcomes.items() if states[k]),
            nash=holds["nash"],
            gmr=holds["gmr"],
            smr=holds["smr"],
            seq=holds["seq"],
            sseq=holds["sseq"],
            sim=holds.get("sim"),
            necessary=_parties(conflict, middle.necessary, k),
            possible=_parties(conflict, middle.possible, k),
            strong=_parties(conflict, middle.strong, k),
            because=self.because,
        )

    def numbers(self, states: Bool) -> list[int]:
        """The numbers of some of the states, in order."""
        return [int(n) for n in self.conflict.numbers[states]]

    def steadiest(self, count: int) -> list[int]:
        """Numbers of the states that are equilibria most often under the main concept, at most ``count``; none that
        never is one."""
        often = self.holding[CONCEPT].whole.value
        ranked = np.lexsort((self.conflict.numbers, -often))[:count]
        return [int(self.conflict.numbers[k]) for k in ranked if often[k] > 0]


def state_rows(
    conflict: Conflict, found: Ways, ways: Any, middle: Central, because: tuple[str, ...]
) -> StateRows:
    """A row for every feasible state, by number; ``middle``: what holds in the central rankings."""
    holding = {
        concept: Holding(
            conflict.parties,
            middle.stable[concept],
            _shares(found, ways, lambda verdicts, c=concept: verdicts.equilibrium(c)),  # type: ignore[misc]
            tuple(
                _shares(found, ways, lambda verdicts, c=concept, p=p: verdicts.stable(c, p))  # type: ignore[misc]
                for p in range(len(conflict.parties))
            ),
        )
        for concept in found["all"].concepts
    }
    return StateRows(conflict, holding, middle, because)


def _parties(
    conflict: Conflict, stable: Mapping[str, Bool], state: int
) -> Mapping[str, tuple[str, ...]] | None:
    """By concept, the parties for which a state is stable; None where nothing is asked."""
    named = {c: zip(conflict.parties, found[:, state], strict=True) for c, found in stable.items()}
    return {c: tuple(p for p, on in pairs if on) for c, pairs in named.items()} or None


def _shares(found: Ways, ways: Any, of: Callable[[Verdicts], Bool]) -> Shares:
    """In how many draws something is true of each state."""
    series, zero = of(found["all"]), of(found["none"]).mean(axis=0)
    if found["all"].certain:
        sure = series[0].astype(np.float64)
        return _Ranged(sure, sure, sure, zero)
    if series.shape[1] > TOLD:
        return _OnDemand(series.mean(axis=0), zero, lambda: of(found["all"]), ways["all"])
    spans = ways["all"].intervals(series)
    value, low, high = np.array([(i.mean, i.low, i.high) for i in spans]).T
    return _Ranged(value, low, high, zero)
