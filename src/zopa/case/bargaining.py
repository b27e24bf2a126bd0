"""The bargaining problem of a case as the arrays that methods take.

Issues whose options exclude or strengthen each other are joined into one whose options are their combinations; what
remains adds up over issues, which is what makes exact answers cheap.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray

from zopa.case.draws import Draws, Table
from zopa.case.evidence import Bool
from zopa.case.model import CaseFile
from zopa.case.quantities import Basis, basis_of
from zopa.errors import IncompleteCaseError
from zopa.estimate import Array

MOST_COMBINATIONS = 4096
"""Options of one joined issue at most: beyond that the joined arrays outgrow what joining saves."""


@dataclass(frozen=True)
class Bargaining:
    """A case's draws as arrays over joined issues.

    ``joined[g]`` lists the issues (positions in the case) of group g; ``options[g]`` (K, issues of g) the option of
    each for every combination; ``values[g]``, ``vetoes[g]`` (D, P, K). A package is one combination a group; in the
    case's own terms it is one option an issue.
    """

    table: Table
    joined: tuple[tuple[int, ...], ...]
    options: tuple[NDArray[np.int64], ...]
    values: list[Array]
    vetoes: list[Bool]

    @property
    def reserve(self) -> Array:
        """(D, P) walk-away values."""
        return self.table.reserve

    @property
    def sizes(self) -> tuple[int, ...]:
        """Combinations of every group."""
        return tuple(len(rows) for rows in self.options)

    @property
    def packages(self) -> int:
        """How many packages there are, exact however many."""
        return math.prod(self.sizes)

    @cached_property
    def certain(self) -> bool:
        """Whether every draw is the same."""
        return all(bool((a == a[:1]).all()) for a in (*self.values, *self.vetoes, self.reserve))

    @cached_property
    def now(self) -> Array:
        """(D, P) utility of leaving everything as it is; a red line against it costs, and does not forbid."""
        return self._utility([self._row(g, self.table.status_quo) for g in range(len(self.joined))])

    def package(self, combinations: Sequence[int]) -> tuple[int, ...]:
        """The option of every issue of the case, from one combination a group."""
        out = [0] * len(self.table.issues)
        for group, rows, k in zip(self.joined, self.options, combinations, strict=True):
            for issue, option in zip(group, rows[k], strict=True):
                out[issue] = int(option)
        return tuple(out)

    def fewest_moves(self, numbers: NDArray[np.int64]) -> int:
        """Of packages by number (in C order over the groups), the first that moves fewest issues off the status quo."""
        quo = np.array(self.table.status_quo)
        moved = [
            (rows != quo[list(g)]).sum(axis=1) for g, rows in zip(self.joined, self.options, strict=True)
        ]
        picked = np.unravel_index(numbers, self.sizes)
        return int(numbers[np.argmin(sum(m[k] for m, k in zip(moved, picked, strict=True)))])

    def on_agenda(self, issues: frozenset[int], held: Mapping[int, int] | None = None) -> "Bargaining":
        """The same problem with every issue off the agenda held where it is, or at its option in ``held``.

        Weights and walk-away values stay: an agenda changes what can be agreed, not what it is worth.
        """
        fixed = np.array([(held or {}).get(i, quo) for i, quo in enumerate(self.table.status_quo)])
        keep = []
        for group, rows in zip(self.joined, self.options, strict=True):
            off = [k for k, issue in enumerate(group) if issue not in issues]
            keep.append((rows[:, off] == fixed[[group[k] for k in off]]).all(axis=1))
        return replace(
            self,
            options=tuple(rows[k] for rows, k in zip(self.options, keep, strict=True)),
            values=[np.ascontiguousarray(v[:, :, k]) for v, k in zip(self.values, keep, strict=True)],
            vetoes=[np.ascontiguousarray(v[:, :, k]) for v, k in zip(self.vetoes, keep, strict=True)],
        )

    def same_as(self, other: "Bargaining") -> bool:
        """Whether both are one problem, number for number."""
        mine, theirs = (
            (*problem.values, *problem.vetoes, problem.reserve, problem.table.refuses)
            for problem in (self, other)
        )
        return all(np.array_equal(a, b) for a, b in zip(mine, theirs, strict=True))

    def _row(self, group: int, package: Sequence[int]) -> int:
        chosen = np.array(package)[list(self.joined[group])]
        return int(np.flatnonzero((self.options[group] == chosen).all(axis=1))[0])

    def _utility(self, combinations: Sequence[int]) -> Array:
        return np.asarray(sum(v[:, :, k] for v, k in zip(self.values, combinations, strict=True)))


def bargaining(draws: Draws) -> Bargaining:
    """The bargaining problem of the draws; ``IncompleteCaseError`` names the section that is missing."""
    table = draws.table
    if len(table.parties) < 2:
        raise IncompleteCaseError.of("needs-two-negotiators", n=len(table.parties))
    joined = _joined(draws)
    options, values, vetoes = [], [], []
    for group in joined:
        sizes = [table.values[i].shape[2] for i in group]
        if math.prod(sizes) > MOST_COMBINATIONS:
            raise IncompleteCaseError.of("joined-too-large", n=math.prod(sizes), most=MOST_COMBINATIONS)
        rows = np.array(list(product(*map(range, sizes))), dtype=np.int64)
        options.append(rows)
        values.append(np.sum([table.contributions[i][:, :, rows[:, k]] for k, i in enumerate(group)], axis=0))
        vetoes.append(np.any([table.vetoes[i][:, :, rows[:, k]] for k, i in enumerate(group)], axis=0))
    out = Bargaining(table, joined, tuple(options), values, vetoes)
    _exclude(draws, out)
    _add_synergies(draws, out)
    return out


def _joined(draws: Draws) -> tuple[tuple[int, ...], ...]:
    file, issues = draws.case.file, draws.table.issues
    together = [frozenset(e.not_) for e in file.exclusions] + [frozenset(s.when) for s in file.synergies]
    groups: list[frozenset[str]] = [frozenset([i]) for i in issues]
    for linked in together:
        touched = [g for g in groups if g & linked]
        groups = [g for g in groups if not g & linked] + [frozenset().union(*touched)]
    ordered = sorted(tuple(sorted(issues.index(i) for i in g)) for g in groups)
    return tuple(ordered)


def _where(draws: Draws, out: Bargaining, chosen: Mapping[str, str]) -> tuple[int, Bool]:
    """The group of a combination of options, and which of its rows hold them all."""
    file, issues = draws.case.file, draws.table.issues
    at = {issues.index(i): file.issues[i].index(option) for i, option in chosen.items()}
    g = next(k for k, group in enumerate(out.joined) if set(at) <= set(group))
    group, rows = out.joined[g], out.options[g]
    return g, np.all([rows[:, group.index(i)] == option for i, option in at.items()], axis=0)


def _exclude(draws: Draws, out: Bargaining) -> None:
    for exclusion in draws.case.file.exclusions:
        g, rows = _where(draws, out, exclusion.not_)
        there = draws.entry_stands(exclusion)
        out.vetoes[g] |= there[:, None, None] & rows[None, None, :]


def _add_synergies(draws: Draws, out: Bargaining) -> None:
    for k, synergy in enumerate(draws.case.file.synergies):
        if synergy.party not in out.table.parties:
            continue
        g, rows = _where(draws, out, synergy.when)
        values, holds = draws.stated(f"synergies.{k}.adds")
        out.values[g][:, out.table.parties.index(synergy.party), :] += (
            np.where(holds, values, 0.0)[:, None] * rows
        )


def inputs(file: CaseFile, *, agenda: bool = False) -> tuple[tuple[str, ...], tuple[Basis, ...]]:
    """What the problem is made of: sections of estimates, and the bases of what is there or not there at all.

    Red lines on the process (venue, format, …) are no part of it; those on the agenda only if ``agenda``.
    """
    sections = [f"preferences.{party}" for party in file.negotiators]
    lines = [
        line
        for line in file.red_lines
        if line.party in file.negotiators and (line.issue is not None or (agenda and line.on == "agenda"))
    ]
    sections += [f"red_lines.{line.key}" for line in lines]
    sections += [f"synergies.{k}" for k, s in enumerate(file.synergies) if s.party in file.negotiators]
    bases = [basis_of(entry) for entry in (*lines, *file.exclusions)]
    for party, readings in file.readings.items():
        told = [basis_of(r) for r in readings for path in r.sets if _under(path, sections)]
        if told:
            sections.append(f"readings.{party}")
            bases += told
    return tuple(sections), tuple(bases)


def _under(path: str, sections: Sequence[str]) -> bool:
    return any(path.startswith(section + ".") for section in sections)
