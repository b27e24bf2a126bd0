"""Draws of a case: everything uncertain as arrays whose first axis is the draw.

Two layers: the grade table is drawn once an outer group of draws, everything else in every draw. The spread of a
probability over groups (its inner variance taken out) is its interval.

After the moves of the parties the same draws are looked at again, each as often as it explains what they did:
``pick`` says which of the first draws each one is. It is whole draws that are picked, so that all numbers of a draw
stay together.

Ignorance by kind: importance weights take flat Dirichlet shares; option values keep the order between worst and
best; bounded numbers are uniform; red lines, agenda demands and statements are absent.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from zopa.case.case import Case
from zopa.case.draws_table import Table, option_values, table_of
from zopa.case.evidence import Bool, Switches
from zopa.case.fields import Citation, Entry, Number
from zopa.case.quantities import Basis, Quantity, basis_of, quantities
from zopa.case.table import IssuePreference
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

PIECE = 12_500
"""Draws a piece: its arrays then fit a processor's cache, and little time is lost between pieces."""

MOST_KEPT = 100_000
"""Draws up to which streams are kept for the other ways to draw the same case: some 2 MB a thousand draws."""

Evidence = Literal["all", "cited", "none"]
"""``all``; ``cited``: assumed numbers at ignorance; ``none``: the zero line."""


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
    whole: "Draws | None" = None
    """The draws that these are a piece of; ranges are asked of the whole."""
    start: int = 0
    """Which draw of the whole is the first one here."""

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
        if self.whole is not None:
            return self.whole.group[self.here]
        return self._picked(np.arange(self.n) // self.inner)

    @property
    def here(self) -> slice:
        """Where these draws stand among those of the whole."""
        return slice(self.start, self.start + self.n)

    def _picked(self, drawn: NDArray[Any]) -> NDArray[Any]:
        """Something of every draw, of those that are picked."""
        return drawn if self.pick is None else drawn[self.pick]

    def uniforms(self, name: str) -> Array:
        """The numbers of one named stream, (draws,)."""
        if self.n > MOST_KEPT:
            return np.asarray(self._picked(uniforms(self.seed, name, self.n)))
        if name not in self.streams:
            drawn = self.streams[name] = uniforms(self.seed, name, self.n, start=self.start)
            drawn.flags.writeable = False  # others read it too
        return np.asarray(self._picked(self.streams[name]))

    def _quantiles(self, path: str) -> Array:
        """The stated values of an estimate, whether they stand or not: the same in all ways to draw a case."""
        number, kept = self.quantities[path].number, self.worked
        if self.n > PIECE:
            return number.estimate.quantile(self.uniforms(path), number.bounds)
        if path not in kept:
            if path not in self.streams:
                self.uniforms(path)
            values = kept[path] = number.estimate.quantile(self.streams[path], number.bounds)
            values.flags.writeable = False
        return np.asarray(self._picked(kept[path]))

    @cached_property
    def worked(self) -> dict[str, Array]:
        """Stated values by path, kept for the other ways to draw the same case."""
        return {}

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
        """These draws with what they have in common with others of the same case, number, seed and force."""
        if other is not None:
            for shared in ("switches", "streams", "worked", "quantities", "_reading_sets"):
                self.__dict__[shared] = getattr(other, shared)
        return self

    def forced(self, force: Mapping[str, bool]) -> "Draws":
        """The same draws with some origins' switches held on or off: as ``Case.draws`` makes them, much faster.

        ``ValueError`` for draws after the moves of the parties: those follow from what holds.
        """
        if self.pick is not None:
            raise ValueError("forced: these are draws after the moves; force those before them")
        other = replace(self, force=dict(force), memo={})
        for shared in ("streams", "worked", "quantities", "_reading_sets"):
            other.__dict__[shared] = getattr(self, shared)
        other.__dict__["switches"] = self.switches.forced(other.force)
        return other

    def pieces(self) -> Iterator["Draws"]:
        """These draws in pieces; all at once where they are few."""
        yield from (ways[self.evidence] for ways in pieces({self.evidence: self}))

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
        if self.whole is not None:
            return self.switches.basis_holds(basis, self.here)
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
        if number.estimate.known:
            values, holds = self._quantiles(path), self.stands(quantity.basis)
        else:
            values, holds = np.zeros(self.n), np.zeros(self.n, dtype=bool)
        for chosen, estimate in self._overrides(path):
            values = np.where(chosen, estimate.quantile(self.uniforms(path), number.bounds), values)
            holds = holds | chosen
        return values, holds

    def number(self, path: str) -> Array:
        """A bounded number: as stated where its basis stands, else uniform on its legal (or given) range."""
        if path not in self.memo:
            blank = ignorance(self.uniforms(f"{path}/ignorance"), self.quantities[path].number.span)
            if self.evidence == "none":  # then nothing stands
                self.memo[path] = blank
            else:
                values, holds = self.stated(path)
                self.memo[path] = np.where(holds, values, blank)
        return self.memo[path]

    def exponentials(self, path: str) -> Array:
        """−log u of a quantity's ignorance stream: normalised over a list they are a flat Dirichlet."""
        return np.asarray(-np.log1p(-self.uniforms(f"{path}/ignorance")))

    def shares(self, paths: Sequence[str]) -> Array:
        """Relative numbers as shares, (draws, paths): failed ones take their flat Dirichlet shares, the stated ones
        split the rest in their proportions. A path that nobody wrote counts as not stated."""
        return np.ascontiguousarray(self._shares(paths).T)

    def _shares(self, paths: Sequence[str]) -> Array:
        """The same as (paths, draws): sums over a short last axis are slow."""
        blank = np.stack([self.exponentials(path) for path in paths])
        blank /= blank.sum(axis=0)
        if self.evidence == "none":
            return blank
        never = np.zeros(self.n), np.zeros(self.n, dtype=bool)
        pairs = [self.stated(path) if path in self.quantities else never for path in paths]
        values = np.stack([np.where(holds, v, 0.0) for v, holds in pairs])
        holds = np.stack([h for _, h in pairs])
        total = values.sum(axis=0)
        proportions = values / np.where(total > 0, total, 1.0)
        if not total.all():
            # Stated points that are all zero carry no proportions: those entries share alike.
            proportions = np.where(total > 0, proportions, holds / np.maximum(holds.sum(axis=0), 1))
        failed = np.where(holds, 0.0, blank).sum(axis=0)
        return np.asarray(np.where(holds, (1 - failed) * proportions, blank))

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
        priors = [f"readings.{party}.{reading.id}.prior" for reading in readings]
        edges = np.cumsum(self._shares(priors), axis=0)
        edges[-1] = 1.0
        return np.asarray((self.uniforms(f"readings.{party}/which") >= edges).sum(axis=0), dtype=np.int64)

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
            (self._taken(party, k, entry), parse(value, bounds))
            for party, k, entry, value in self._reading_sets.get(path, [])
        ]

    def _taken(self, party: str, k: int, entry: Entry) -> Bool:
        """In which draws a reading is the party's and stands."""
        return self._kept(
            f"readings.{party}/{k}", lambda: (self.reading(party) == k) & self.entry_stands(entry)
        )

    def _kept(self, key: str, made: Callable[[], Bool]) -> Bool:
        """What is asked for again and again; others read it too."""
        if key not in self.memo:
            self.memo[key] = made()
            self.memo[key].flags.writeable = False
        return self.memo[key]

    # -- the table -----------------------------------------------------------------------------------------------

    @cached_property
    def table(self) -> Table:
        """Weights, values, red lines and walk-away values of all negotiators on all issues."""
        return table_of(self)

    @cached_property
    def sides(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The negotiators and the issues; ``IncompleteCaseError`` where there are none, or a preference is missing."""
        parties, issues = self.case.negotiators, tuple(self.case.file.issues)
        if len(parties) < 1:
            raise IncompleteCaseError.of("needs-negotiators")
        if not issues:
            raise IncompleteCaseError.of("needs-issues")
        for party in parties:
            for issue in issues:
                self.preference(party, issue)
        return parties, issues

    def preference(self, party: str, issue: str) -> IssuePreference:
        """What a party makes of an issue."""
        preferences = self.case.file.preferences.get(party)
        found = preferences.issues.get(issue) if preferences else None
        if found is None:
            raise IncompleteCaseError.of("needs-preference", party=party, issue=issue)
        return found

    def weights(self, party: str) -> Array:
        """(issues, draws): what each issue weighs for a party."""
        key = f"preferences.{party}/weights"
        if key not in self.memo:
            _, issues = self.sides
            self.memo[key] = self._shares([f"preferences.{party}.{issue}.weight" for issue in issues])
        return self.memo[key]

    def reserve(self, party: str) -> Array:
        """(draws,): a party's walk-away value."""
        return self.number_or_blank(f"preferences.{party}.no_deal.value")

    def number_or_blank(self, path: str) -> Array:
        """A number between 0 and 1, from ignorance where nobody wrote it."""
        return self.number(path) if path in self.quantities else self.uniforms(f"{path}/ignorance")

    def contribution(self, party: str, name: str, option: int) -> Array:
        """(draws,): one option's utility to a party, as in the table: weight × value − cost."""
        key = f"preferences.{party}/{name}/{option}"
        if key not in self.memo:
            kept = f"preferences.{party}/{name}"
            if kept not in self.memo:
                self.memo[kept] = np.stack(option_values(self, party, name))
            value = self.memo[kept][option]
            _, cost = self.barred(party, name, option)
            self.memo[key] = self.weights(party)[self.sides[1].index(name)] * value - cost
        return self.memo[key]

    def barred(self, party: str, name: str, option: int) -> tuple[Bool, Array]:
        """Where an option is behind a party's absolute red line, and what it costs at those that are not; (draws,)."""
        absolute, most = np.zeros(self.n, dtype=bool), np.zeros(self.n)
        rejected = self.case.file.issues[name].options[option].id
        for line in self.case.file.red_lines:
            if line.party == party and line.issue == name and rejected in line.rejects:
                present, hard, cost = self.red_line(line.key)
                absolute = absolute | hard
                # Two lines on one option are one loss, not two.
                most = np.maximum(most, np.where(present & ~hard, cost, 0.0))
        return absolute, most

    def red_line(self, key: str) -> tuple[Bool, Bool, Array]:
        """Of one red line: in which draws it is there, in which it is absolute, and its cost where it is not."""
        path = f"red_lines.{key}"
        line = next(line for line in self.case.file.red_lines if line.key == key)
        present = self._kept(f"{path}/present", lambda: self.entry_stands(line))
        return present, present & self.firm(key), self.number(f"{path}.cost")

    def firm(self, key: str) -> Bool:
        """In which draws a red line is absolute if it is there."""
        path = f"red_lines.{key}"
        return self._kept(
            f"{path}/firm", lambda: self.uniforms(f"{path}/absolute") < self.number(f"{path}.firm")
        )


def pieces(ways: Mapping[Evidence, Draws]) -> Iterator[Mapping[Evidence, Draws]]:
    """Draws of one case, drawn in one or more ways, in pieces that share what they have in common.

    Only one piece is in memory at a time, where nobody keeps more. Few draws come in one piece: as they are.
    """
    first = next(iter(ways.values()))
    if any(drawn.pick is not None for drawn in ways.values()):
        raise ValueError("pieces: draws that are picked do not come in pieces")
    if first.n <= PIECE:
        yield ways
        return
    for start in range(0, first.n, PIECE):
        out: dict[Evidence, Draws] = {}
        for evidence, drawn in ways.items():
            size = min(PIECE, first.n - start)
            piece = Draws(drawn.case, size, drawn.seed, evidence, drawn.force, whole=drawn, start=start)
            for shared in ("switches", "quantities", "_reading_sets"):
                piece.__dict__[shared] = getattr(drawn, shared)
            out[evidence] = piece.sharing(next(iter(out.values()), None))
        yield out


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


__all__ = ["INNER", "UNIT", "Draws", "Evidence", "Table", "pieces"]
