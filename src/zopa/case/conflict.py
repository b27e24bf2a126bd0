"""The standoff of a case as arrays: feasible states, who can move where, named outcomes, and what a party overlooks."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from zopa.case.expressions import evaluate, parse
from zopa.case.model import CaseFile
from zopa.case.standoff import Standoff
from zopa.errors import IncompleteCaseError, Problem
from zopa.methods import footprint
from zopa.methods.graph_model import CONCEPTS, MOST_OPTIONS, Bool, Graph, Lattice, graph_of_pairs
from zopa.words import Language, say

Index = NDArray[np.int64]

MOST_PARTIES = 8
"""Verdicts of all parties on a state fit one byte."""
CONTROL_GROUPS = Path("/sys/fs/cgroup")
"""Where Linux tells what a container may take."""
CHUNK = 1 << 18
"""Combinations whose rules are looked at together: what lies in memory while the feasible ones are found."""


@dataclass(frozen=True, eq=False)
class Conflict:
    """A standoff with P decision makers and S states, ascending by number.

    ``numbers`` (S,) as people know the states; ``outcomes`` (S,) by id in file order; ``unseen`` (P, S) states that a
    party does not see, None where every party sees all. ``options`` are empty in graph form. Where states are merged,
    each is known by the first of its numbers and has that one's options.
    """

    file: CaseFile
    parties: tuple[str, ...]
    options: tuple[str, ...]
    model: Lattice | Graph
    numbers: Index
    status_quo: int | None
    unseen: Bool | None
    facts: Mapping[str, Bool]
    members: Mapping[int, tuple[int, ...]]
    """Numbers of all states behind a merged one, by its number."""

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def standoff(self) -> Standoff:
        """The section of the case it is made from."""
        assert self.file.standoff is not None
        return self.file.standoff

    @property
    def graph(self) -> Graph:
        """Every move, listed."""
        return self.model.graph

    @cached_property
    def places(self) -> Mapping[int, int]:
        """Index of each state by number; numbers of merged states all lead to the one."""
        found = {int(n): at for at, n in enumerate(self.numbers)}
        return found | {n: found[first] for first, all_ in self.members.items() for n in all_}

    @cached_property
    def outcomes(self) -> Mapping[str, Bool]:
        """(S,) by outcome, in file order."""
        out: dict[str, Bool] = {}
        for outcome in self.standoff.outcomes:
            own = np.zeros(len(self), dtype=np.bool_)
            own[[self.places[n] for n in outcome.states]] = True
            out[outcome.id] = own if outcome.when is None else own | self.truth(outcome.when)
        return out

    def kind(self, kind: str) -> Bool:
        """(S,) states in some outcome of a kind: ``deal``, ``violence``, ``talks`` or ``other``."""
        out = np.zeros(len(self), dtype=np.bool_)
        for outcome in self.standoff.outcomes:
            if outcome.kind == kind:
                out |= self.outcomes[outcome.id]
        return out

    def truth(self, rule: str) -> Bool:
        """(S,) where a rule over the options (in graph form: over what holds in the states) is true."""
        value = evaluate(parse(rule), self.facts)
        return np.asarray(np.broadcast_to(value, len(self)), dtype=np.bool_)

    def taken(self, index: int) -> dict[str, bool]:
        """Each option (in graph form: each fact), and whether it is taken in a state."""
        if isinstance(self.model, Lattice):
            bits = int(self.model.states[index])
            return {name: bool(bits >> at & 1) for at, name in enumerate(self.options)}
        return {name: bool(self.facts[name][index]) for name in self.facts}

    def label(self, index: int, lang: Language) -> str:
        """A state in words: its name, or the options taken."""
        n = int(self.numbers[index])
        for merged in self.standoff.merged:
            if merged.name is not None and n in merged.states:
                return merged.name.get(lang)
        for state in self.standoff.states:
            if state.n == n:
                return state.name.get(lang)
        name = {option.id: option.name for option in self.standoff.options}
        held = [name[o].get(lang) for o, on in self.taken(index).items() if on]
        return say("standoff.and", lang).join(held) if held else say("standoff.nothing", lang)


def conflict_of(file: CaseFile) -> Conflict:
    """The conflict of a case; ``IncompleteCaseError`` where there is none, or it is too large for this machine."""
    standoff = file.standoff
    if standoff is None or not (standoff.options or standoff.states):
        raise IncompleteCaseError.of("needs-standoff")
    parties = decision_makers(standoff)
    if not 2 <= len(parties) <= MOST_PARTIES:
        raise IncompleteCaseError.of("standoff-parties", n=len(parties), most=MOST_PARTIES)
    refuse_too_large(len(standoff.options), len(parties))
    conflict = _option_form(file, parties) if standoff.options else _graph_form(file, parties)
    return _merged(conflict) if standoff.merged else conflict


def decision_makers(standoff: Standoff) -> tuple[str, ...]:
    """The decision makers in order: as listed, then in order of first option, move and ranking."""
    own = (option.party for option in standoff.options)
    moving = (arc.party for arc in standoff.arcs)
    return tuple(dict.fromkeys([*standoff.parties, *own, *moving, *standoff.rankings]))


# ---- size ----------------------------------------------------------------------------------------------------------


def memory_needed(options: int, parties: int) -> int:
    """Bytes that the combinations of so many options take, known to people and judged by every concept: numbers,
    rankings, and for every concept the share of draws and its zero line, joint and by party."""
    told = 8 + 8 * parties + len(CONCEPTS) * (3 * 8 * (1 + parties) + 20)
    return footprint.memory_needed(options, parties) + (told << options)


def memory_free() -> int:
    """Bytes of memory this process can still take: of the machine's, and of what its control groups are allowed."""
    limits = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")] if hasattr(os, "sysconf") else []
    information = Path("/proc/meminfo")
    if information.is_file():
        lines = (line.split() for line in information.read_text(encoding="ascii").splitlines())
        limits += [int(line[1]) * 1024 for line in lines if line[0] == "MemAvailable:"]
    return min([*limits, *_allowed(CONTROL_GROUPS)], default=4 << 30)


def _allowed(folder: Path) -> list[int]:
    """Bytes left under a control group's limit, in either version's files; empty where it has none."""
    left = []
    for limit, used in (
        ("memory.max", "memory.current"),
        ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"),
    ):
        try:
            most, now = ((folder / name).read_text(encoding="ascii").strip() for name in (limit, used))
        except OSError:
            continue
        # "max" stands for no limit.
        if most.isdigit() and now.isdigit():
            left.append(max(0, int(most) - int(now)))
    return left


def fitting(parties: int) -> int:
    """Most options whose combinations this machine has room for."""
    room = memory_free()
    return max(k for k in range(MOST_OPTIONS + 1) if k == 0 or memory_needed(k, parties) <= room)


def refuse_too_large(options: int, parties: int) -> None:
    """``IncompleteCaseError`` for more combinations than there is room for, told before any memory is taken."""
    most = fitting(parties)
    if options > most:
        problem = Problem("standoff-too-large", values=size_values(options, parties, most))
        raise IncompleteCaseError([problem])


def size_values(options: int, parties: int, most: int) -> dict[str, object]:
    """What the sentence about a conflict that is too large says."""
    return {
        "options": options,
        "parties": parties,
        "states": f"2^{options}",
        "most": most,
        "needed": _size(memory_needed(options, parties)),
    }


def _size(needed: int) -> str:
    unit = min(max(needed.bit_length() - 1, 0) // 10, 4)
    return f"{needed / 1024**unit:.3g} {('B', 'KiB', 'MiB', 'GiB', 'TiB')[unit]}"


# ---- option form ---------------------------------------------------------------------------------------------------


class _Columns(Mapping[str, Bool]):
    """Where each option is taken, worked out when asked for: of 24 options nobody wants all columns at once."""

    def __init__(self, ids: tuple[str, ...], states: Index) -> None:
        self.ids = ids
        self.states = states

    def __getitem__(self, name: str) -> Bool:
        if name not in self.ids:
            raise KeyError(name)
        return np.asarray(self.states >> self.ids.index(name) & 1, dtype=np.bool_)

    def __iter__(self) -> Iterator[str]:
        return iter(self.ids)

    def __len__(self) -> int:
        return len(self.ids)


def feasible_states(standoff: Standoff) -> Index:
    """(S,) feasible combinations of the options as bits, ascending, the first option lowest."""
    ids = tuple(option.id for option in standoff.options)
    rules = [parse(rule.when) for rule in standoff.infeasible]
    found = []
    for start in range(0, 1 << len(ids), CHUNK):
        states = np.arange(start, min(start + CHUNK, 1 << len(ids)), dtype=np.int64)
        columns = _Columns(ids, states)
        possible = np.ones(len(states), dtype=np.bool_)
        for rule in rules:
            possible &= ~evaluate(rule, columns)
        found.append(states[possible])
    return np.concatenate(found)


def _option_form(file: CaseFile, parties: tuple[str, ...]) -> Conflict:
    standoff = file.standoff
    assert standoff is not None
    ids = tuple(option.id for option in standoff.options)
    states = feasible_states(standoff)
    if not len(states):
        raise IncompleteCaseError.of("standoff-infeasible")
    way = {"on": 1, "off": -1, None: 0}
    model = Lattice(
        states=states,
        owner=np.array([parties.index(o.party) for o in standoff.options], dtype=np.int8),
        one_way=np.array([way[o.one_way] for o in standoff.options], dtype=np.int8),
        parties=len(parties),
    )
    now = sum(1 << bit for bit, option in enumerate(standoff.options) if option.now)
    at = int(np.searchsorted(states, now))
    return Conflict(
        file=file,
        parties=parties,
        options=ids,
        model=model,
        numbers=np.arange(1, len(states) + 1, dtype=np.int64),
        status_quo=at if at < len(states) and states[at] == now else None,
        unseen=_unseen(standoff, parties, range(1, len(states) + 1)),
        facts=_Columns(ids, states),
        members={},
    )


# ---- graph form ----------------------------------------------------------------------------------------------------


def _graph_form(file: CaseFile, parties: tuple[str, ...]) -> Conflict:
    standoff = file.standoff
    assert standoff is not None
    states = sorted(standoff.states, key=lambda state: state.n)
    place = {state.n: at for at, state in enumerate(states)}
    moves = [
        np.array([(place[a.from_], place[a.to]) for a in standoff.arcs if a.party == party], dtype=np.int64)
        for party in parties
    ]
    facts = dict.fromkeys(fact for state in standoff.states for fact in state.holds)
    return Conflict(
        file=file,
        parties=parties,
        options=(),
        model=graph_of_pairs(len(states), moves),
        numbers=np.array([state.n for state in states], dtype=np.int64),
        status_quo=None if standoff.status_quo is None else place[standoff.status_quo],
        unseen=_unseen(standoff, parties, [state.n for state in states]),
        facts={fact: np.array([fact in state.holds for state in states]) for fact in facts},
        members={},
    )


# ---- both ----------------------------------------------------------------------------------------------------------


def _unseen(standoff: Standoff, parties: tuple[str, ...], numbers: Sequence[int]) -> Bool | None:
    if not any(ranking.misperceived for ranking in standoff.rankings.values()):
        return None
    out = np.zeros((len(parties), len(numbers)), dtype=np.bool_)
    for party, ranking in standoff.rankings.items():
        out[parties.index(party), [numbers.index(n) for n in ranking.misperceived]] = True
    return out


def _merged(conflict: Conflict) -> Conflict:
    """The conflict with some of its states as one: it can be entered and left wherever one of them can."""
    to = np.arange(len(conflict), dtype=np.int64)
    members: dict[int, tuple[int, ...]] = {}
    for merged in conflict.standoff.merged:
        places = [conflict.places[n] for n in merged.states]
        to[places] = places[0]
        members[merged.states[0]] = merged.states
    keep, new = np.unique(to, return_inverse=True)
    graph, moves = conflict.graph, []
    for party in range(graph.parties):
        first, last = graph.starts[party, 0], graph.starts[party, -1]
        source = np.repeat(np.arange(len(graph)), np.diff(graph.starts[party]))
        moves.append(np.stack([new[source], new[graph.targets[first:last]]], axis=1))
    return replace(
        conflict,
        model=graph_of_pairs(len(keep), moves),
        numbers=conflict.numbers[keep],
        status_quo=None if conflict.status_quo is None else int(new[conflict.status_quo]),
        unseen=None if conflict.unseen is None else conflict.unseen[:, keep],
        facts={name: conflict.facts[name][keep] for name in conflict.facts},
        members=members,
    )
