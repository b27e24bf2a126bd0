"""The members of the pool, each as cells of end and violence: by draw, and by outer group with its noise taken out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np

from zopa.case.case import Case
from zopa.case.draws import Draws, Evidence
from zopa.errors import IncompleteCaseError
from zopa.forecasting._member_record import MemberRecord, known_by, learnt_exponent, member_records
from zopa.forecasting._simulate_rows import Played, ground_of, played
from zopa.forecasting.baserate import Baserate, baserate
from zopa.forecasting.experts import Experts, experts
from zopa.methods.problem import FloatArray
from zopa.result import Footing, three_ways

Name = Literal["baserate", "experts", "simulate"]
MEMBERS: tuple[Name, ...] = ("baserate", "experts", "simulate")


@dataclass(frozen=True, eq=False)
class Member:
    """One member by way to draw: its cells (D, 9) in every draw and (G, 9) in every outer group, and the draws.

    ``history``: whether it rests on outcomes that are known; ``votes``: the ways in which it takes part.
    """

    name: Name
    history: bool
    cells: Mapping[Evidence, FloatArray]
    outer: Mapping[Evidence, FloatArray]
    drawn: Mapping[Evidence, Draws]
    votes: frozenset[Evidence]
    counted: float | None = None
    """Of how many worlds its cells are counts; None where they are no counts."""

    def mean(self, evidence: Evidence) -> FloatArray:
        """(9,) its cells over all draws."""
        return np.asarray(self.cells[evidence].mean(axis=0))

    def without_each(self) -> FloatArray:
        """(origins, 9) the cells of a record without each origin, as far as they differ by more than chance.

        Switches are drawn apart from everything else: the draws in which an origin does not hold are those of a record
        without it. A difference counts as far as it exceeds its own variance (James and Stein 1961).
        """
        drawn, cells = self.drawn["all"], self.cells["all"]
        on, held = drawn.held
        mean, off = cells.mean(axis=0), len(cells) - held
        there = (off > 0) & (held > 0)
        out = np.broadcast_to(mean, (len(held), len(mean))).copy()
        without = (cells.sum(axis=0) - on[there] @ cells.astype(np.float32)) / off[there, None]
        difference = without - mean
        scale = len(cells) / drawn.effective
        noise = cells.var(axis=0) * scale * (1 / off[there, None] - 1 / len(cells))
        squares = np.where(difference == 0, 1.0, difference**2)
        kept = np.where(difference == 0, 0.0, np.maximum(0.0, 1 - noise / squares))
        out[there] = mean + kept * difference
        return _smoothed(distribution(np.maximum(out, 0.0)), self.counted)


@dataclass(frozen=True, eq=False)
class Members:
    """The members of a case's forecast, and the results two of them come from; ``worlds`` by way to draw."""

    all_: tuple[Member, ...]
    base: Baserate
    experts: Experts
    worlds: Mapping[Evidence, Played]
    grounds: Mapping[Name, Footing] = field(default_factory=dict)
    """What each member rests on."""
    records: tuple[MemberRecord, ...] = ()
    """How they did on questions of this case that have come out."""
    learnt: float = 1.0
    """The exponent learnt from those questions."""

    def named(self, name: Name) -> Member | None:
        """A member by name, None where it cannot take part."""
        return next((member for member in self.all_ if member.name == name), None)


def members_of(
    case: Case, *, draws: int, plays: int, seed: int, after_moves: bool, icb: Path | str | None = None
) -> Members:
    """Every member that the case has what it takes for; the base rate always."""
    base = baserate(case, draws=draws, seed=seed, icb=icb)
    plain = three_ways(case, draws, seed)
    found = [Member("baserate", True, base.by_draw, base.by_group, plain, frozenset(plain))]
    heard = experts(case, draws=draws, seed=seed, prior=distribution(np.maximum(base.cells, 1e-9)))
    if heard.takes_part:
        # Without evidence nobody has been heard.
        votes: frozenset[Evidence] = frozenset({"all", "cited"})
        found.append(Member("experts", False, heard.by_draw, heard.by_group, plain, votes))
    grounds: dict[Name, Footing] = {"baserate": base.rests}
    if heard.takes_part:
        said = tuple(dict.fromkeys(c for row in heard.found for c in row.because))
        voices = {case.ledger.by_id[c].origin for c in said}
        grounds["experts"] = Footing(said, len(voices), len(said), 0.0)
    worlds: Mapping[Evidence, Played] = {}
    try:
        ways = three_ways(case, draws, seed, after_moves=after_moves)
        worlds = {e: played(d, plays=plays if e == "all" else 1) for e, d in ways.items()}
    except IncompleteCaseError:
        # A case that says nothing of its talks has no worlds to play: the others speak for themselves.
        pass
    else:
        cells = {e: p.cells() for e, p in worlds.items()}
        counted = {e: ways[e].effective * (plays if e == "all" else 1) for e in ways}
        outer = {e: _smoothed(group_means(ways[e], cells[e]), counted[e]) for e in ways}
        found.append(Member("simulate", False, cells, outer, ways, frozenset(ways), counted["all"]))
        grounds["simulate"] = ground_of(case, worlds["all"])
    past = known_by(case, case.file.as_of)
    records, learnt = member_records(past, seed=seed), learnt_exponent(past)
    return Members(tuple(found), base, heard, worlds, grounds, records, learnt)


def group_means(drawn: Draws, cells: FloatArray) -> FloatArray:
    """(G, 9) the mean of every outer group, its deviation shrunk by what of it is noise."""
    columns = []
    for moment in drawn.many(cells):
        middle = float(moment.share @ moment.means)
        between = float(moment.share @ (moment.means - middle) ** 2)
        shrink = np.sqrt(max(0.0, between - moment.noise) / between) if between > 0 else 0.0
        columns.append(moment.mean + (moment.means - middle) * shrink)
    return distribution(np.maximum(np.stack(columns, axis=1), 0.0))


def _smoothed(cells: FloatArray, counted: float | None) -> FloatArray:
    """Shares of so many worlds as probabilities: (k + ½) / (n + ½ K), so that no cell is called impossible."""
    return cells if counted is None else np.asarray((cells * counted + 0.5) / (counted + cells.shape[-1] / 2))


def distribution(cells: FloatArray) -> FloatArray:
    """(…, 9) scaled so that they sum to one."""
    return np.asarray(cells / cells.sum(axis=-1, keepdims=True))
