"""What the parties did, as the arrays that methods take, and the draws of a case after it.

A move says what a party chose, over which alternatives, and what each would have led to. The chances of the
consequences are drawn with everything else; what is left of them is no agreement. A package is worth to the mover what
it is worth in that draw, and nothing (0) behind one of its absolute red lines. Only a move that could have broken off
the talks tells about walk-away values: in the others no agreement counts at its mean over all draws. Where a move is
about how to meet, settings count on their own scale, and what is left is not meeting.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from zopa.case.course import Alternative, Consequence, Move
from zopa.case.draws import Draws
from zopa.case.evidence import Bool
from zopa.case.meeting import meeting
from zopa.estimate import Array, uniforms
from zopa.methods.choice import log_choice, rationality
from zopa.methods.posterior import Posterior, posterior

LEAST = 1000.0
"""Effective sample size below which the likelihood of all moves together is tempered."""


@dataclass(frozen=True, eq=False)
class Choice:
    """One move as a choice: ``utilities`` (draws, alternatives) of the alternatives to the mover, the one ``chosen``,
    the ``nests`` of near-identical ones (alternatives,), and in which draws the move ``stands`` as reported."""

    move: Move
    utilities: Array
    chosen: int
    nests: NDArray[np.int64]
    stands: Bool

    @property
    def about_leaving(self) -> bool:
        """Whether the talks could have been broken off: only then it tells about walk-away values."""
        return any(alternative.leaves for alternative in self.move.over)


def tells(move: Move, draws: Draws) -> bool:
    """Whether a move can tell anything: a negotiator's choice among at least two things."""
    return move.party in draws.case.negotiators and len(move.over) > 1


def choices(draws: Draws) -> tuple[Choice, ...]:
    """The moves of the case that can tell something, in file order."""
    return tuple(_choice(draws, move) for move in draws.case.file.moves if tells(move, draws))


def log_likelihoods(draws: Draws, made: Sequence[Choice]) -> Array:
    """(moves, draws): log probability of each move given everything in a draw, its mover's rationality among it."""
    drawn = {p: rationality(draws.uniforms(f"moves.{p}/rationality")) for p in draws.case.negotiators}
    rows = [
        log_choice(
            choice.utilities,
            choice.chosen,
            rationality=drawn[choice.move.party],
            weight=choice.stands.astype(np.float64),
            nests=choice.nests,
        )
        for choice in made
    ]
    return np.stack(rows) if rows else np.zeros((0, draws.n))


@dataclass(frozen=True, eq=False)
class Explained:
    """The moves that can tell something, and the draws weighed by how well they explain all of them together."""

    made: tuple[Choice, ...]
    posterior: Posterior


def explained(draws: Draws) -> Explained:
    """How well every draw explains the moves; at total ignorance no move tells anything."""
    made = choices(draws) if draws.evidence != "none" else ()
    place = float(uniforms(draws.seed, "moves/pick", 1)[0])
    return Explained(made, posterior(log_likelihoods(draws, made), u=place, least=LEAST))


def after(draws: Draws) -> Draws:
    """The draws after the moves: each taken as often as it explains what the parties did; without moves that tell
    anything, the draws as they are."""
    found = explained(draws)
    return picked(draws, found.posterior) if found.made else draws


def picked(draws: Draws, found: Posterior) -> Draws:
    """The draws that a posterior picks."""
    return replace(draws, pick=found.pick, memo={})


def _choice(draws: Draws, move: Move) -> Choice:
    names = [_nest(alternative, k) for k, alternative in enumerate(move.over)]
    nests = np.array([names.index(name) for name in names])
    _, nests = np.unique(nests, return_inverse=True)
    chosen = [alternative.id for alternative in move.over].index(move.chosen)
    utilities = np.stack([_expected(draws, move, a) for a in move.over], axis=1)
    return Choice(move, utilities, chosen, nests.astype(np.int64), draws.entry_stands(move))


def _nest(alternative: Alternative, place: int) -> str:
    """The nest an alternative is in: the one it names, or that of all that lead to the very same; else its own."""
    if alternative.nest is not None:
        return alternative.nest
    if not alternative.leads_to:
        return f"/{place}"
    return f"/{alternative.leaves}/{[repr(end) for end in alternative.leads_to]}"


def _expected(draws: Draws, move: Move, alternative: Alternative) -> Array:
    """Expected utility of an alternative to the mover, (draws,)."""
    path = f"moves.{move.id}.over.{alternative.id}.leads_to"
    ends = alternative.leads_to
    nothing = _nothing(draws, move)
    if not ends:
        return nothing
    chances = np.stack([draws.number(f"{path}.{k}.chance") for k in range(len(ends))])
    total = chances.sum(axis=0)
    expected = np.maximum(1.0 - total, 0.0) * nothing
    for k, (end, chance) in enumerate(zip(ends, chances / np.maximum(total, 1.0), strict=True)):
        expected += chance * _worth(draws, move, f"{path}.{k}", end, nothing)
    return np.asarray(expected)


def _about_meeting(move: Move) -> bool:
    return any(end.setting is not None for alternative in move.over for end in alternative.leads_to)


def _nothing(draws: Draws, move: Move) -> Array:
    """What no agreement is worth to the mover, or not meeting where the move is about how to meet."""
    mover = draws.case.negotiators.index(move.party)
    drawn = meeting(draws).not_meeting if _about_meeting(move) else draws.table.reserve
    value = drawn[:, mover]
    if any(alternative.leaves for alternative in move.over):
        return np.asarray(value)
    return np.full(len(value), value.mean())


def _worth(draws: Draws, move: Move, path: str, end: Consequence, nothing: Array) -> Array:
    """What one consequence is worth to the mover, its gain among it."""
    mover = draws.case.negotiators.index(move.party)
    gain = np.zeros(draws.n)
    if end.gain is not None:
        values, holds = draws.stated(f"{path}.gain")
        gain = np.where(holds, values, 0.0)
    if end.package is not None:
        return np.asarray(_package(draws, mover, end.package) + gain)
    if end.setting is not None:
        made = meeting(draws)
        k = made.settings.index(end.setting)
        shut = made.blocked[:, mover, k]
        return np.asarray(np.where(shut, 0.0, made.values[:, mover, k]) + gain)
    return np.asarray(nothing + gain)


def _package(draws: Draws, mover: int, package: dict[str, str]) -> Array:
    """Utility of a package to the mover; issues it does not name stay at their status quo, red line or not."""
    key = f"moves/{mover}/{sorted(package.items())}"
    if key not in draws.memo:
        draws.memo[key] = _package_of(draws, mover, package)
    return draws.memo[key]


def _package_of(draws: Draws, mover: int, package: dict[str, str]) -> Array:
    file, table = draws.case.file, draws.table
    utility, barred = np.zeros(draws.n), np.zeros(draws.n, dtype=bool)
    for i, name in enumerate(table.issues):
        issue = file.issues[name]
        option = issue.index(package.get(name, issue.status_quo))
        utility += table.contributions[i][:, mover, option]
        if name in package:
            barred |= table.vetoes[i][:, mover, option]
    return np.where(barred, 0.0, utility)
