"""A case as an exercise: whole points for every option, red lines that hold or cost, one walk-away value a party.

All uncertain numbers stand at their medians. A red line that more likely than not is absolute forbids; any other costs
its median. What only this desk knows (``private.yaml``) is left out: a sheet goes to people who must not see it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from zopa.brief.roles_names import fictional
from zopa.case.case import Case
from zopa.case.folder import read
from zopa.case.interop.medians import PartyMedians, medians
from zopa.case.model import CaseFile
from zopa.case.private import PRIVATE
from zopa.case.table import RedLine
from zopa.errors import CaseFileError
from zopa.estimate import Array
from zopa.methods.frontier import Frontier, frontier
from zopa.methods.problem import Block, BoolArray

FULL = 100
"""Points of a party's best package."""
FIRM = 0.5
"""A red line at least this likely to be absolute is played as absolute."""
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Line:
    """A red line as it is played: what it rejects of an issue, and its cost in points (None: absolute)."""

    party: int
    issue: int
    options: tuple[int, ...]
    cost: int | None


@dataclass(frozen=True)
class Bonus:
    """Points a party gets for a combination of options, by issue."""

    party: int
    when: dict[int, int]
    points: int


@dataclass(frozen=True, eq=False)
class Exercise:
    """The game as it is played. ``points`` holds an array (parties, options) an issue, ``walk_away`` (parties,)."""

    file: CaseFile
    parties: tuple[str, ...]
    issues: tuple[str, ...]
    points: tuple[Array, ...]
    walk_away: Array
    lines: tuple[Line, ...]
    bonuses: tuple[Bonus, ...]
    excluded: tuple[dict[int, int], ...]

    def letter(self, option: int) -> str:
        """The letter that stands for an option in sheets and answer forms."""
        return LETTERS[option] if option < len(LETTERS) else f"{LETTERS[-1]}{option - len(LETTERS) + 2}"

    def score(self, package: Sequence[int]) -> Array:
        """Points of every party for one option an issue, costs of red lines and bonuses in."""
        total = np.sum([p[:, k] for p, k in zip(self.net, package, strict=True)], axis=0)
        for bonus in self.bonuses:
            if all(package[i] == k for i, k in bonus.when.items()):
                total[bonus.party] += bonus.points
        return np.asarray(total, dtype=np.float64)

    def crossed(self, package: Sequence[int]) -> tuple[Line, ...]:
        """Absolute red lines that a package crosses."""
        return tuple(n for n in self.lines if n.cost is None and package[n.issue] in n.options)

    def impossible(self, package: Sequence[int]) -> bool:
        """Whether the package holds options that exclude each other."""
        return any(all(package[i] == k for i, k in no.items()) for no in self.excluded)

    @cached_property
    def net(self) -> tuple[Array, ...]:
        """Points less the costs of red lines that may be crossed."""
        out = []
        for i, array in enumerate(self.points):
            cost = np.zeros_like(array)
            for line in self.lines:
                if line.issue == i and line.cost is not None:
                    at = list(line.options)
                    cost[line.party, at] = np.maximum(cost[line.party, at], line.cost)
            out.append(array - cost)
        return tuple(out)

    @cached_property
    def vetoes(self) -> tuple[BoolArray, ...]:
        """Options that an absolute red line forbids."""
        out = [np.zeros(p.shape, dtype=np.bool_) for p in self.points]
        for line in self.lines:
            if line.cost is None:
                out[line.issue][line.party, list(line.options)] = True
        return tuple(out)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Issues that hang together: exclusions and bonuses."""
        out = []
        for when in self.excluded:
            issues = tuple(sorted(when))
            forbidden = np.zeros([self.points[i].shape[1] for i in issues], dtype=np.bool_)
            forbidden[tuple(when[i] for i in issues)] = True
            out.append(Block(issues, forbidden))
        for bonus in self.bonuses:
            issues = tuple(sorted(bonus.when))
            extra = np.zeros([len(self.parties), *(self.points[i].shape[1] for i in issues)])
            extra[(bonus.party, *(bonus.when[i] for i in issues))] = bonus.points
            out.append(Block(issues, None, extra))
        return tuple(out)

    @cached_property
    def frontier(self) -> Frontier:
        """All packages no party could improve on without another losing, no red line crossed."""
        return frontier(self.net, vetoes=self.vetoes, blocks=self.blocks)

    @cached_property
    def zone(self) -> Frontier:
        """The part of the frontier that leaves nobody below the walk-away value."""
        return frontier(self.net, reserve=self.walk_away, vetoes=self.vetoes, blocks=self.blocks)


def exercise(case: Case, *, invented: bool = False, seed: int = 0) -> Exercise:
    """The case as a game in whole points; ``invented`` gives everybody and everything another name.

    ``IncompleteCaseError`` names the section that is missing, ``CaseFileError`` what is missing without
    the private file.
    """
    file = _public(case)
    told = medians(file)
    shown = fictional(file, seed=seed) if invented else file
    parties, issues = file.negotiators, tuple(file.issues)
    points = tuple(np.stack([_whole(told.parties[p])[i] for p in parties]) for i in range(len(issues)))
    walk_away = np.array([float(round(FULL * told.parties[p].no_deal)) for p in parties])
    lines = tuple(_line(file, parties, issues, line) for line in _on_substance(file))
    return Exercise(
        shown,
        parties,
        issues,
        points,
        walk_away,
        lines,
        _bonuses(file, parties, issues),
        _excluded(file, issues),
    )


def _public(case: Case) -> CaseFile:
    """The case without what only this desk knows."""
    if not case.private or case.folder is None:
        return case.file
    found, problems = read(case.folder, instead={PRIVATE: ""})
    if found is None:
        # Without what only this desk knows there is no case; with it, sheets would give it away.
        raise CaseFileError(problems)
    return found.file


def _whole(party: PartyMedians) -> list[Array]:
    """Whole points an option: best options by largest remainder, so that they add up to what they should."""
    best = np.array([FULL * w * max(v) for w, v in zip(party.weights, party.values, strict=True)])
    floor = np.floor(best + 1e-9)
    missing = round(float(best.sum())) - int(floor.sum())
    order = np.argsort(-(best - floor), kind="stable")
    floor[order[:missing]] += 1
    out = []
    for top, values in zip(floor, party.values, strict=True):
        most = max(values)
        share = np.array(values) / most if most > 0 else np.zeros(len(values))
        out.append(np.floor(top * share + 0.5))
    return out


def _on_substance(file: CaseFile) -> list[RedLine]:
    return [line for line in file.red_lines if line.issue is not None and line.party in file.negotiators]


def _line(file: CaseFile, parties: Sequence[str], issues: Sequence[str], line: RedLine) -> Line:
    issue = str(line.issue)
    options = tuple(file.issues[issue].index(option) for option in line.rejects)
    firm = line.firm.estimate.middle(line.firm.bounds)
    cost = round(FULL * line.cost.estimate.middle(line.cost.bounds))
    return Line(parties.index(line.party), issues.index(issue), options, None if firm >= FIRM else cost)


def _bonuses(file: CaseFile, parties: Sequence[str], issues: Sequence[str]) -> tuple[Bonus, ...]:
    return tuple(
        Bonus(
            parties.index(s.party),
            {issues.index(i): file.issues[i].index(o) for i, o in s.when.items()},
            round(FULL * s.adds.estimate.middle(s.adds.bounds)),
        )
        for s in file.synergies
        if s.party in parties
    )


def _excluded(file: CaseFile, issues: Sequence[str]) -> tuple[dict[int, int], ...]:
    return tuple(
        {issues.index(i): file.issues[i].index(o) for i, o in e.not_.items()} for e in file.exclusions
    )
