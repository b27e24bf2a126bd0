"""Draws of a case: everything uncertain as arrays whose first axis is the draw.

Two layers: the grade table is drawn once an outer group of draws, everything else in every draw. The spread of a
probability over groups (its inner variance taken out) is its interval.

After the moves of the parties the same draws are looked at again, each as often as it explains what they did:
``pick`` says which of the first draws each one is. It is whole draws that are picked, so that all numbers of a draw
stay together.

Ignorance by kind: importance weights take flat Dirichlet shares; option values keep the order between worst and
best; bounded numbers are uniform; red lines, agenda demands and statements are absent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from zopa.case.case import Case
from zopa.case.evidence import Bool, Switches
from zopa.case.fields import Citation, Entry, Number
from zopa.case.quantities import Basis, Quantity, basis_of, quantities
from zopa.case.table import Issue, IssuePreference
from zopa.errors import IncompleteCaseError
from zopa.estimate import UNIT, Array, Estimate, ignorance, parse, uniforms
from zopa.methods.intervals import Interval
from zopa.methods.reweighting import Moments, Reweighting, moments_of_groups

INNER = 25
"""Least draws a group: enough groups remain at 1,000 draws for a 5–95 % range over the grade table."""
GROUPS = 200
"""Most groups: the ends of a 5–95 % range over so many grade tables are no longer what limits its precision."""

MOST_WEIGHTS = 5_000_000
"""Groups × draws up to which every draw is weighed in every group: with more, a group has over a hundred of its own."""

MOST_KEPT = 100_000
"""Draws up to which streams are kept for the other ways to draw the same case: some 2 MB a thousand draws."""

Evidence = Literal["all", "cited", "none"]
"""``all``; ``cited``: assumed numbers at ignorance; ``none``: the zero line."""


@dataclass(frozen=True)
class Table:
    """What is on the table, drawn: D draws, P negotiators, I issues, K options of an issue.

    ``weights`` (D, P, I) sum to one over issues; ``values[i]`` (D, P, K) from 0 to 1; ``vetoes[i]`` (D, P, K) options
    behind an absolute red line; ``costs[i]`` (D, P, K) utility lost at a red line that is not absolute; ``refuses``
    (D, P, I) issues a party will not discuss; ``reserve`` (D, P) walk-away values; ``status_quo`` option indices.
    """

    parties: tuple[str, ...]
    issues: tuple[str, ...]
    weights: Array
    values: list[Array]
    vetoes: list[Bool]
    costs: list[Array]
    refuses: Bool
    reserve: Array
    status_quo: tuple[int, ...]

    @cached_property
    def contributions(self) -> list[Array]:
        """Utility of each option: weight × value − cost, (D, P, K) an issue; a package's utility is their sum."""
        return [self.weights[:, :, i, None] * v - self.costs[i] for i, v in enumerate(self.values)]


@dataclass(frozen=True, eq=False)
class Draws:
    """All draws of a case; numbers are drawn when asked for, each from its own stream."""

    case: Case
    n: int
    seed: int = 0
    evidence: Evidence = "all"
    force: Mapping[str, bool] = field(default_factory=dict)
    pick: NDArray[np.int64] | None = None
    """Which draw each one is, ascending; None where every draw is taken once."""
    streams: dict[str, Array] = field(default_factory=dict, compare=False, repr=False)
    memo: dict[str, NDArray[Any]] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.n < 1:
            raise ValueError(f"draws: n must be at least 1, not {self.n}")

    @property
    def inner(self) -> int:
        """Draws a group."""
        return max(INNER, -(-self.n // GROUPS))

    @property
    def groups(self) -> int:
        """Number of outer groups."""
        return -(-self.n // self.inner)

    @cached_property
    def group(self) -> NDArray[np.int64]:
        """Outer group of each draw."""
        return self._picked(np.arange(self.n) // self.inner)

    def _picked(self, drawn: NDArray[Any]) -> NDArray[Any]:
        """Something of every draw, of those that are picked."""
        return drawn if self.pick is None else drawn[self.pick]

    def uniforms(self, name: str) -> Array:
        """The numbers of one named stream, (draws,)."""
        if self.n > MOST_KEPT:
            return np.asarray(self._picked(uniforms(self.seed, name, self.n)))
        if name not in self.streams:
            drawn = self.streams[name] = uniforms(self.seed, name, self.n)
            drawn.flags.writeable = False  # others read it too
        return np.asarray(self._picked(self.streams[name]))

    @cached_property
    def _times(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Where each draw that is picked stands first, which it is, and how often it is picked."""
        assert self.pick is not None
        which, first, times = np.unique(self.pick, return_index=True, return_counts=True)
        return first, which, times

    @cached_property
    def effective(self) -> float:
        """How many draws that differ tell as much as these (Kish 1965)."""
        if self.pick is None:
            return float(self.n)
        times = self._times[2]
        return float(self.n**2 / (times**2).sum())

    def moments(self, series: Array | Bool) -> Moments:
        """Mean of a series over draws, and its mean in every outer group; see ``many``."""
        return self.many(np.asarray(series, dtype=np.float64)[:, None])[0]

    def many(self, series: Array | Bool) -> tuple[Moments, ...]:
        """Mean over draws, and in every outer group, of every column of ``series`` (draws, columns).

        Every group's mean is told from all draws, weighted by how likely they are under its grade table; beyond
        ``MOST_WEIGHTS`` weights a group's own draws tell enough. ``ValueError`` for fewer than two full groups: no
        range can be told from one.
        """
        if self.n < 2 * INNER:
            raise ValueError(f"draws is {self.n}, but an interval needs at least {2 * INNER}")
        values = np.asarray(series, dtype=np.float64)
        if self.groups * self.n > MOST_WEIGHTS:
            return tuple(
                moments_of_groups(column, self.group, self.groups, effective=self.effective)
                for column in values.T
            )
        if self.pick is None:
            return self.switches.in_groups.many(values)
        return self._in_groups.many(values[self._times[0]])

    @cached_property
    def _in_groups(self) -> Reweighting:
        _, which, times = self._times
        return self.switches.in_groups.picked(which, times)

    def interval(self, series: Array | Bool, *, legal: tuple[float, float] | None = (0.0, 1.0)) -> Interval:
        """Mean of a series over draws and its 5–95 % range over the grade table; ``legal=None`` for a difference."""
        return self.moments(series).interval(legal=legal)

    def intervals(
        self, series: Array | Bool, *, legal: tuple[float, float] | None = (0.0, 1.0)
    ) -> tuple[Interval, ...]:
        """The interval of every column of ``series`` (draws, columns), at a fraction of the time."""
        return tuple(found.interval(legal=legal) for found in self.many(series))

    def sharing(self, other: "Draws | None") -> "Draws":
        """These draws with the switches and streams of others of the same case, number, seed and force: they are the
        same."""
        if other is not None:
            self.__dict__["switches"] = other.switches
            self.__dict__["streams"] = other.streams
        return self

    @cached_property
    def quantities(self) -> Mapping[str, Quantity]:
        """Every estimate of the case by path."""
        return quantities(self.case.file)

    @cached_property
    def switches(self) -> Switches:
        """The origin switches behind all entries."""
        group = np.arange(self.n) // self.inner
        return Switches(self.case, self.seed, group, tuple(_citations(self.case)), self.force)

    @cached_property
    def held(self) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """(origins, draws): 1 where an origin that matters holds, and (origins,) in how many draws it does."""
        rows = [self._picked(on) for on in self.switches.holds.values()]
        on = np.stack(rows) if rows else np.zeros((0, self.n), dtype=bool)
        return on.astype(np.float32), on.sum(axis=1)

    # -- evidence ------------------------------------------------------------------------------------------------

    def stands(self, basis: Basis) -> Bool:
        """In which draws a basis stands: assumed ones as long as assumptions are on, cited ones by their origins."""
        if self.evidence == "none":
            return np.zeros(self.n, dtype=bool)
        if basis.assumed:
            return np.full(self.n, self.evidence == "all")
        return self._picked(self.switches.basis_holds(basis))

    def entry_stands(self, entry: Entry) -> Bool:
        """In which draws an entry of the case stands."""
        return self.stands(basis_of(entry))

    # -- single numbers ------------------------------------------------------------------------------------------

    def quantity(self, path: str) -> Quantity:
        """The estimate at a path; ``KeyError`` names a path the case does not have."""
        return self.quantities[path]

    def stated(self, path: str) -> tuple[Array, Bool]:
        """Stated values of an estimate, and in which draws they stand; readings override both."""
        quantity = self.quantities[path]
        number = quantity.number
        u = self.uniforms(path)
        if number.estimate.known:
            values, holds = number.estimate.quantile(u, number.bounds), self.stands(quantity.basis)
        else:
            values, holds = np.zeros(self.n), np.zeros(self.n, dtype=bool)
        for chosen, estimate in self._overrides(path):
            values = np.where(chosen, estimate.quantile(u, number.bounds), values)
            holds = holds | chosen
        return values, holds

    def number(self, path: str) -> Array:
        """A bounded number: as stated where its basis stands, else uniform on its legal (or given) range."""
        if path not in self.memo:
            quantity = self.quantities[path]
            values, holds = self.stated(path)
            blank = ignorance(self.uniforms(f"{path}/ignorance"), quantity.number.span)
            self.memo[path] = np.where(holds, values, blank)
        return self.memo[path]

    def exponentials(self, path: str) -> Array:
        """−log u of a quantity's ignorance stream: normalised over a list they are a flat Dirichlet."""
        return np.asarray(-np.log1p(-self.uniforms(f"{path}/ignorance")))

    def shares(self, paths: Sequence[str]) -> Array:
        """Relative numbers as shares, (draws, paths): failed ones take their flat Dirichlet shares, the stated ones
        split the rest in their proportions. A path that nobody wrote counts as not stated."""
        never = np.zeros(self.n), np.zeros(self.n, dtype=bool)
        pairs = [self.stated(path) if path in self.quantities else never for path in paths]
        # Paths in axis 0 until the end: sums over a short last axis are slow.
        values = np.stack([np.where(holds, v, 0.0) for v, holds in pairs])
        holds = np.stack([h for _, h in pairs])
        blank = np.stack([self.exponentials(path) for path in paths])
        blank /= blank.sum(axis=0)
        total = values.sum(axis=0)
        # Stated points that are all zero carry no proportions: those entries share alike.
        even = holds / np.maximum(holds.sum(axis=0), 1)
        proportions = np.where(total > 0, values / np.where(total > 0, total, 1.0), even)
        failed = np.where(holds, 0.0, blank).sum(axis=0)
        return np.ascontiguousarray(np.where(holds, (1 - failed) * proportions, blank).T)

    # -- readings ------------------------------------------------------------------------------------------------

    def reading(self, party: str) -> NDArray[np.int64]:
        """Which of the party's readings each draw takes (index in file order)."""
        key = f"readings.{party}"
        if key not in self.memo:
            self.memo[key] = self._reading(party)
        return self.memo[key]

    def _reading(self, party: str) -> NDArray[np.int64]:
        readings = self.case.file.readings.get(party, ())
        if not readings:
            return np.zeros(self.n, dtype=np.int64)
        shares = self.shares([f"readings.{party}.{reading.id}.prior" for reading in readings])
        u = self.uniforms(f"readings.{party}/which")
        edges = np.cumsum(shares, axis=1)
        edges[:, -1] = 1.0
        return np.asarray((u[:, None] >= edges).sum(axis=1), dtype=np.int64)

    @cached_property
    def _reading_sets(self) -> Mapping[str, list[tuple[str, int, Entry, object]]]:
        out: dict[str, list[tuple[str, int, Entry, object]]] = {}
        for party, readings in self.case.file.readings.items():
            for k, reading in enumerate(readings):
                for path, value in reading.sets.items():
                    out.setdefault(path, []).append((party, k, reading, value))
        return out

    def _overrides(self, path: str) -> list[tuple[Bool, Estimate]]:
        bounds = self.quantities[path].number.bounds
        return [
            ((self.reading(party) == k) & self.entry_stands(entry), parse(value, bounds))
            for party, k, entry, value in self._reading_sets.get(path, [])
        ]

    # -- the table -----------------------------------------------------------------------------------------------

    @cached_property
    def table(self) -> Table:
        """Weights, values, red lines and walk-away values of all negotiators on all issues."""
        file = self.case.file
        parties, issues = self.case.negotiators, tuple(file.issues)
        if len(parties) < 1:
            raise IncompleteCaseError.of("needs-negotiators")
        if not issues:
            raise IncompleteCaseError.of("needs-issues")
        weights = np.stack([self._weights(party, issues) for party in parties], axis=1)
        values = [np.stack([self._values(p, i) for p in parties], axis=1) for i in issues]
        vetoes, costs = self._red_lines(parties, issues)
        reserve = np.stack([self._reserve(party) for party in parties], axis=1)
        quo = tuple(issue.index(issue.status_quo) for issue in file.issues.values())
        return Table(
            parties, issues, weights, values, vetoes, costs, self._refuses(parties, issues), reserve, quo
        )

    def _preference(self, party: str, issue: str) -> IssuePreference:
        preferences = self.case.file.preferences.get(party)
        found = preferences.issues.get(issue) if preferences else None
        if found is None:
            raise IncompleteCaseError.of("needs-preference", party=party, issue=issue)
        return found

    def _weights(self, party: str, issues: Sequence[str]) -> Array:
        for issue in issues:
            self._preference(party, issue)
        return self.shares([f"preferences.{party}.{issue}.weight" for issue in issues])

    def _reserve(self, party: str) -> Array:
        path = f"preferences.{party}.no_deal.value"
        if path in self.quantities:
            return self.number(path)
        return self.uniforms(f"{path}/ignorance")

    def _values(self, party: str, name: str) -> Array:
        """Option values (D, K): anchors 0 and 1 where written, stated ones where they stand, the rest in order."""
        issue, preference = self.case.file.issues[name], self._preference(party, name)
        prefix = f"preferences.{party}.{name}.values"
        k = len(issue.options)
        values, holds = np.zeros((self.n, k)), np.zeros((self.n, k), dtype=bool)
        anchors = {preference.worst: 0.0, preference.best: 1.0}
        for j, option in enumerate(issue.options):
            path = f"{prefix}.{option.id}"
            if path in self.quantities:
                values[:, j], holds[:, j] = self.stated(path)
            if option.id in anchors:
                # A stated value may move an anchor (imported scales need not start at zero); unstated, it stands.
                values[:, j] = np.where(holds[:, j], values[:, j], anchors[option.id])
                holds[:, j] = True
        return self._fill(issue, preference, prefix, values, holds)

    def _fill(
        self, issue: Issue, preference: IssuePreference, prefix: str, values: Array, holds: Bool
    ) -> Array:
        low, high = issue.index(preference.worst), issue.index(preference.best)
        step = 1 if high >= low else -1
        inside = range(low, high + step, step)
        outside = [j for j in range(len(issue.options)) if j not in inside]
        for j in outside:
            blank = self.uniforms(f"{prefix}.{issue.options[j].id}/ignorance")
            values[:, j] = np.where(holds[:, j], values[:, j], blank)
        order = list(inside)
        u = {j: self.uniforms(f"{prefix}.{issue.options[j].id}/ignorance") for j in order}
        for at, j in enumerate(order):
            below = values[:, order[at - 1]] if at else np.zeros(self.n)
            above, waiting = _next_known(values, holds, order[at:])
            # Uniform order statistics one by one: the least of m uniforms on the gap, then the least of m − 1 …
            least = 1 - (1 - u[j]) ** (1 / np.maximum(waiting, 1))
            gap = np.maximum(above - below, 0.0)
            values[:, j] = np.where(holds[:, j], values[:, j], below + gap * least)
        return values

    def _red_lines(self, parties: Sequence[str], issues: Sequence[str]) -> tuple[list[Bool], list[Array]]:
        sizes = [len(self.case.file.issues[i].options) for i in issues]
        vetoes = [np.zeros((self.n, len(parties), k), dtype=bool) for k in sizes]
        costs = [np.zeros((self.n, len(parties), k)) for k in sizes]
        for line in self.case.file.red_lines:
            if line.issue is None or line.party not in parties:
                continue
            p, i = parties.index(line.party), issues.index(line.issue)
            present, absolute, cost = self.red_line(line.key)
            for option in line.rejects:
                j = self.case.file.issues[line.issue].index(option)
                vetoes[i][:, p, j] |= absolute
                # Two lines on one option are one loss, not two.
                costs[i][:, p, j] = np.maximum(costs[i][:, p, j], np.where(present & ~absolute, cost, 0.0))
        return vetoes, costs

    def red_line(self, key: str) -> tuple[Bool, Bool, Array]:
        """Of one red line: in which draws it is there, in which it is absolute, and its cost where it is not."""
        line = next(line for line in self.case.file.red_lines if line.key == key)
        path = f"red_lines.{key}"
        present = self.entry_stands(line)
        absolute = present & (self.uniforms(f"{path}/absolute") < self.number(f"{path}.firm"))
        return present, absolute, self.number(f"{path}.cost")

    def _refuses(self, parties: Sequence[str], issues: Sequence[str]) -> Bool:
        out = np.zeros((self.n, len(parties), len(issues)), dtype=bool)
        for line in self.case.file.red_lines:
            if line.on != "agenda" or line.party not in parties:
                continue
            _, absolute, _ = self.red_line(line.key)
            for issue in line.rejects:
                if issue in issues:
                    out[:, parties.index(line.party), issues.index(issue)] |= absolute
        return out


def _next_known(values: Array, holds: Bool, ahead: Sequence[int]) -> tuple[Array, Array]:
    """Value of the next option that is known (1 where none is), and how many unknown ones stand before it."""
    above = np.ones(len(values))
    waiting = np.zeros(len(values))
    found = np.zeros(len(values), dtype=bool)
    for j in ahead:
        now = holds[:, j] & ~found
        above[now] = values[now, j]
        found |= holds[:, j]
        waiting += ~found
    return above, waiting


def _citations(case: Case) -> list[Citation]:
    """All citations of all entries of the case, in file order."""
    out: list[Citation] = []

    def walk(value: object) -> None:
        if isinstance(value, Number):
            out.extend(value.because)
        elif isinstance(value, Citation):
            out.append(value)
        elif isinstance(value, Mapping):
            for inner in value.values():
                walk(inner)
        elif isinstance(value, tuple):
            for inner in value:
                walk(inner)
        elif isinstance(value, BaseModel):
            for name in type(value).model_fields:
                walk(getattr(value, name))

    walk(case.file)
    return out


__all__ = ["INNER", "UNIT", "Draws", "Evidence", "Table"]
