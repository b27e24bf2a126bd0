"""What the parties did, as the arrays that methods take, and the draws of a case after it.

A move says what a party chose, over which alternatives, and what each would have led to. The chances of the
consequences are drawn with everything else; what is left of them is no agreement. A package is worth to the mover what
it is worth in that draw, and nothing (0) behind one of its absolute red lines. Only a move that could have broken off
the talks tells about walk-away values: in the others no agreement counts at its mean over all draws. Where a move is
about how to meet, settings count on their own scale, and what is left is not meeting.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from zopa.case.course import Alternative, Consequence, Move
from zopa.case.draws import Draws, Evidence, pieces
from zopa.case.evidence import Bool
from zopa.case.meeting import Meeting, meeting
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
        return _leaving(self.move)


def tells(move: Move, draws: Draws) -> bool:
    """Whether a move can tell anything: a negotiator's choice among at least two things."""
    return move.party in draws.case.negotiators and len(move.over) > 1


def telling(draws: Draws) -> tuple[Move, ...]:
    """The moves of the case that can tell something, in file order; at total ignorance none does."""
    if draws.evidence == "none":
        return ()
    return tuple(move for move in draws.case.file.moves if tells(move, draws))


def middles(ways: Mapping[Evidence, Draws]) -> Mapping[Evidence, Mapping[str, float]]:
    """What no agreement, or not meeting, is worth on average to those whose moves tell nothing about it: by way to
    draw the case, and by path."""
    paths = {
        e: list(dict.fromkeys(_nothing_path(move) for move in telling(drawn) if not _leaving(move)))
        for e, drawn in ways.items()
    }
    found = {(e, path): np.empty(ways[e].n) for e in ways for path in paths[e]}
    if found:
        for piece in pieces(ways):
            for (e, path), column in found.items():
                column[piece[e].here] = piece[e].number_or_blank(path)
    return {e: {path: float(found[e, path].mean()) for path in paths[e]} for e in ways}


def choices(draws: Draws, means: Mapping[str, float] | None = None) -> tuple[Choice, ...]:
    """The moves of the case that can tell something, in file order.

    ``means`` are the ``middles`` of all draws where these are a piece of them.
    """
    moves = tuple(move for move in draws.case.file.moves if tells(move, draws))
    known = middles({draws.evidence: draws})[draws.evidence] if means is None else means
    made = meeting(draws) if any(_about_meeting(move) for move in moves) else None
    return tuple(_choice(draws, move, _Worth(draws, move, known, made)) for move in moves)


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

    made: tuple[Move, ...]
    posterior: Posterior


def explained(draws: Draws) -> Explained:
    """How well every draw explains the moves; at total ignorance no move tells anything."""
    moves = telling(draws)
    means = middles({draws.evidence: draws})[draws.evidence]
    rows = [log_likelihoods(piece, choices(piece, means) if moves else ()) for piece in draws.pieces()]
    return weighed(draws, moves, np.concatenate(rows, axis=1))


def weighed(draws: Draws, moves: tuple[Move, ...], rows: Array) -> Explained:
    """The draws weighed by the log likelihoods of the moves, (moves, draws)."""
    place = float(uniforms(draws.seed, "moves/pick", 1)[0])
    return Explained(moves, posterior(rows, u=place, least=LEAST))


def after(draws: Draws) -> Draws:
    """The draws after the moves: each taken as often as it explains what the parties did; without moves that tell
    anything, the draws as they are."""
    found = explained(draws)
    return picked(draws, found.posterior) if found.made else draws


def picked(draws: Draws, found: Posterior) -> Draws:
    """The draws that a posterior picks."""
    return replace(draws, pick=found.pick, memo={}).sharing(draws)


def _choice(draws: Draws, move: Move, worth: "_Worth") -> Choice:
    chosen = [alternative.id for alternative in move.over].index(move.chosen)
    # One column an alternative, each in one place: what follows is done column by column.
    utilities = np.stack([worth.expected(a) for a in move.over]).T
    return Choice(move, utilities, chosen, _nests(move.over), draws.entry_stands(move))


def _nests(over: Sequence[Alternative]) -> NDArray[np.int64]:
    """(alternatives,): the nest each is in, by its first member."""
    places = range(len(over))
    return np.array([next(j for j in places if j == k or _near(over[j], over[k])) for k in places])


def _near(one: Alternative, other: Alternative) -> bool:
    """Whether two alternatives are in one nest: the one they name, or that of all that lead to the very same."""
    if one.nest is not None or other.nest is not None:
        return one.nest == other.nest
    return bool(one.leads_to) and one.leaves == other.leaves and one.leads_to == other.leads_to


def _leaving(move: Move) -> bool:
    return any(alternative.leaves for alternative in move.over)


def _about_meeting(move: Move) -> bool:
    return any(end.setting is not None for alternative in move.over for end in alternative.leads_to)


def _nothing_path(move: Move) -> str:
    """Where the case says what no agreement is worth to the mover, or not meeting where the move is about that."""
    if _about_meeting(move):
        return f"settings.views.{move.party}.not_meeting"
    return f"preferences.{move.party}.no_deal.value"


@dataclass(frozen=True, eq=False)
class _Worth:
    """What things are worth to who made a move; ``means`` as in ``choices``, ``meeting`` where a move is about it."""

    draws: Draws
    move: Move
    means: Mapping[str, float]
    meeting: Meeting | None

    def expected(self, alternative: Alternative) -> Array:
        """Expected utility of an alternative to the mover, (draws,)."""
        path = f"moves.{self.move.id}.over.{alternative.id}.leads_to"
        ends, nothing = alternative.leads_to, self._nothing()
        if not ends:
            return np.broadcast_to(nothing, (self.draws.n,))
        chances = [self.draws.number(f"{path}.{k}.chance") for k in range(len(ends))]
        total = reduce(np.add, chances)
        expected = np.maximum(1.0 - total, 0.0) * nothing
        shared = np.maximum(total, 1.0)
        for k, (end, chance) in enumerate(zip(ends, chances, strict=True)):
            expected += chance / shared * self._of(f"{path}.{k}", end, nothing)
        return np.asarray(expected)

    def _nothing(self) -> Array | float:
        """What no agreement is worth to the mover, or not meeting where the move is about how to meet."""
        path = _nothing_path(self.move)
        return self.draws.number_or_blank(path) if _leaving(self.move) else self.means[path]

    def _of(self, path: str, end: Consequence, nothing: Array | float) -> Array:
        """What one consequence is worth to the mover, its gain among it."""
        gain: Array | float = 0.0
        if end.gain is not None:
            values, holds = self.draws.stated(f"{path}.gain")
            gain = np.where(holds, values, 0.0)
        if end.package is not None:
            return np.asarray(_package(self.draws, self.move.party, end.package) + gain)
        if end.setting is not None:
            return np.asarray(self._setting(end.setting) + gain)
        return np.asarray(nothing + gain)

    def _setting(self, setting: str) -> Array:
        made = self.meeting if self.meeting is not None else meeting(self.draws)
        mover, k = made.parties.index(self.move.party), made.settings.index(setting)
        return np.where(made.blocked[:, mover, k], 0.0, made.values[:, mover, k])


def _package(draws: Draws, party: str, package: dict[str, str]) -> Array:
    """Utility of a package to a party; issues it does not name stay at their status quo, red line or not."""
    key = f"moves/{party}/{sorted(package.items())}"
    if key not in draws.memo:
        draws.memo[key] = _package_of(draws, party, package)
    return draws.memo[key]


def _package_of(draws: Draws, party: str, package: dict[str, str]) -> Array:
    utility, barred = np.zeros(draws.n), np.zeros(draws.n, dtype=bool)
    for name, issue in draws.case.file.issues.items():
        option = issue.index(package.get(name, issue.status_quo))
        utility += draws.contribution(party, name, option)
        if name in package:
            barred |= draws.barred(party, name, option)[0]
    return np.where(barred, 0.0, utility)
