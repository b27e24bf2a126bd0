"""What the standoff's analysis says of every state and of every named ending, as rows of numbers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from zopa.analysis._stability_what import CONCEPT
from zopa.case.conflict import Conflict
from zopa.case.draws import Evidence
from zopa.case.evidence import Bool
from zopa.case.verdicts import Central, Verdicts
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


def state_rows(
    conflict: Conflict, found: Ways, ways: Any, middle: Central, because: tuple[str, ...]
) -> tuple[StateRow, ...]:
    """A row for every feasible state, by number; ``middle``: what holds in the central rankings."""
    concepts = found["all"].concepts
    holds = {c: _holds(conflict, found, ways, middle.stable[c], c) for c in concepts}
    outcomes = list(conflict.outcomes.items())
    graph = not conflict.options
    return tuple(
        StateRow(
            n=int(n),
            options=conflict.taken(k),
            name=conflict.label(k, "en") if graph else "",
            outcomes=tuple(name for name, states in outcomes if states[k]),
            nash=holds["nash"][k],
            gmr=holds["gmr"][k],
            smr=holds["smr"][k],
            seq=holds["seq"][k],
            sseq=holds["sseq"][k],
            sim=holds["sim"][k] if "sim" in holds else None,
            necessary=_parties(conflict, middle.necessary, k),
            possible=_parties(conflict, middle.possible, k),
            strong=_parties(conflict, middle.strong, k),
            because=because,
        )
        for k, n in enumerate(conflict.numbers)
    )


def _parties(
    conflict: Conflict, stable: Mapping[str, Bool], state: int
) -> Mapping[str, tuple[str, ...]] | None:
    """By concept, the parties for which a state is stable; None where nothing is asked."""
    named = {c: zip(conflict.parties, found[:, state], strict=True) for c, found in stable.items()}
    return {c: tuple(p for p, on in pairs if on) for c, pairs in named.items()} or None


def _holds(conflict: Conflict, found: Ways, ways: Any, stable: Bool, concept: str) -> list[Hold]:
    """One concept on every state: ``stable`` (P, S) in the central rankings."""
    whole = _shares(found, ways, lambda verdicts: verdicts.equilibrium(concept))
    sides = [
        _shares(found, ways, lambda verdicts, p=p: verdicts.stable(concept, p))  # type: ignore[misc]
        for p in range(len(conflict.parties))
    ]
    return [
        Hold(
            stable_for=tuple(p for p, on in zip(conflict.parties, stable[:, k], strict=True) if on),
            equilibrium=bool(stable[:, k].all()),
            share=whole[k],
            stable={p: own[k] for p, own in zip(conflict.parties, sides, strict=True)},
        )
        for k in range(len(conflict))
    ]


def _shares(found: Ways, ways: Any, of: Callable[[Verdicts], Bool]) -> list[Share]:
    """In how many draws something is true of each state."""
    series, zero = of(found["all"]), of(found["none"]).mean(axis=0)
    if found["all"].certain:
        return [Share(float(v), float(v), float(v), float(z)) for v, z in zip(series[0], zero, strict=True)]
    spans = ways["all"].intervals(series)
    return [Share(i.mean, i.low, i.high, float(z)) for i, z in zip(spans, zero, strict=True)]
