"""What every draw says of the questions that ``wants`` asks, and how well it explains each move.

Everything is drawn piece by piece, in all three ways side by side: only the answers are kept for all draws.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from zopa.case.case import Case
from zopa.case.course import Move
from zopa.case.draws import Draws, Evidence, pieces
from zopa.case.evidence import Bool
from zopa.case.moves import Choice, choices, log_likelihoods, middles, telling
from zopa.estimate import Array
from zopa.methods.choice import log_choices, rationality

Kind = Literal["reading", "weight", "absolute", "firm", "cost", "no_deal"]
OF_SHARES: tuple[Kind, ...] = ("reading", "absolute", "firm")
"""Kinds whose answer is yes or no in each draw; of the others it is a number."""
OF_LINES: tuple[Kind, ...] = ("absolute", "firm", "cost")
WHERE_THERE: tuple[Kind, ...] = ("firm", "cost")
"""Kinds that mean something only where their red line is there."""

Ways = Mapping[Evidence, Draws]


@dataclass(frozen=True, slots=True)
class Question:
    """Something asked about a party's aims; ``item`` is a reading, an issue or a red line."""

    party: str
    kind: Kind
    item: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What one move tells, added up over all draws: in how many it stands, how likely each alternative was, in all,
    (alternatives,), and in the draws of each reading, (alternatives, readings), of which there are ``taken``."""

    stands: int
    likely: Array
    by_reading: Array
    taken: Array


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """The answers of all draws.

    ``yes`` and ``where`` (draws,) by way and question: whether it holds, and where it means anything; ``numbers``
    (draws,) by question, as the case stands; ``blank`` their medians at total ignorance; ``logs`` (moves, draws) by
    way: log likelihoods of the moves that can tell something; ``told`` what each of those tells as the case stands;
    ``standing`` in how many draws each move stands.
    """

    yes: Mapping[Evidence, Mapping[Question, Bool]]
    where: Mapping[Evidence, Mapping[Question, Bool]]
    numbers: Mapping[Question, Array]
    blank: Mapping[Question, float]
    logs: Mapping[Evidence, Array]
    told: Mapping[str, Told]
    standing: Mapping[str, int]


def questions(case: Case, drawn: Draws) -> Iterable[Question]:
    """All that is asked about the negotiators of a case, party by party."""
    file = case.file
    _, issues = drawn.sides
    for party in case.negotiators:
        for reading in file.readings.get(party, ()):
            cited = [c.claim for c in (*reading.because, *reading.prior.because)]
            yield Question(party, "reading", reading.id, known(case, cited))
        for issue in issues:
            cited = list(drawn.quantities[f"preferences.{party}.{issue}.weight"].basis.claims)
            yield Question(party, "weight", issue, known(case, cited))
        for line in file.red_lines:
            if line.party == party and line.issue is not None:
                claims = known(case, [c.claim for c in line.because])
                yield from (Question(party, kind, line.key, claims) for kind in OF_LINES)
        path = f"preferences.{party}.no_deal.value"
        cited = list(drawn.quantities[path].basis.claims) if path in drawn.quantities else []
        yield Question(party, "no_deal", "no_deal", known(case, cited))


def known(case: Case, claims: Iterable[str]) -> tuple[str, ...]:
    """The claims that are in the record, each once."""
    return tuple(dict.fromkeys(c for c in claims if c in case.ledger.by_id))


def facts(ways: Ways, asked: Sequence[Question]) -> Facts:
    """What all draws say, in three ways, of what is ``asked``."""
    n, shares = ways["all"].n, [q for q in asked if q.kind in OF_SHARES]
    others = [q for q in asked if q.kind not in OF_SHARES]
    moves = {e: telling(drawn) for e, drawn in ways.items()}
    means = middles(ways)
    logs = {e: np.zeros((len(moves[e]), n)) for e in ways}
    yes = {e: {q: np.zeros(n, dtype=bool) for q in shares} for e in ways}
    there = {e: {q: np.ones(n, dtype=bool) for q in asked if q.kind in WHERE_THERE} for e in ways}
    numbers, blank = ({q: np.zeros(n) for q in others} for _ in range(2))
    told: dict[str, list[Told]] = {}
    standing: dict[str, int] = dict.fromkeys((move.id for move in ways["all"].case.file.moves), 0)
    for piece in pieces(ways):
        for evidence, drawn in piece.items():
            at = drawn.here
            made = choices(drawn, means[evidence]) if moves[evidence] else ()
            logs[evidence][:, at] = log_likelihoods(drawn, made)
            for q, column in yes[evidence].items():
                column[at] = _yes(q, drawn)
            for q, column in there[evidence].items():
                column[at] = drawn.red_line(q.item)[0]
            if evidence == "all":
                for choice in made:
                    told.setdefault(choice.move.id, []).append(_told(choice, drawn))
                for move in drawn.case.file.moves:
                    standing[move.id] += int(drawn.entry_stands(move).sum())
            if evidence != "cited":
                for q, series in (numbers if evidence == "all" else blank).items():
                    series[at] = _number(q, drawn)
    return Facts(
        yes=yes,
        where={e: {q: _where(there[e].get(q), n) for q in asked} for e in ways},
        numbers=numbers,
        blank={q: float(np.median(series, overwrite_input=True)) for q, series in blank.items()},
        logs=logs,
        told={move: _added(parts) for move, parts in told.items()},
        standing=standing,
    )


def _yes(asked: Question, drawn: Draws) -> Bool:
    """In which draws a reading holds, or a red line is there and absolute, or absolute if it is there."""
    if asked.kind == "absolute":
        return drawn.red_line(asked.item)[1]
    if asked.kind == "firm":
        # Drawn whether the line is there or not: that at ignorance no line is there leaves its firmness open.
        return drawn.firm(asked.item)
    ids = [reading.id for reading in drawn.case.file.readings[asked.party]]
    return np.asarray(drawn.reading(asked.party) == ids.index(asked.item))


def _where(there: Bool | None, n: int) -> Bool:
    """In which draws a question means anything: of a red line's firmness, where the line is there, if anywhere."""
    return there if there is not None and there.any() else np.ones(n, dtype=bool)


def _number(asked: Question, drawn: Draws) -> Array:
    """A weight, a cost or a walk-away value in every draw."""
    if asked.kind == "weight":
        return np.asarray(drawn.weights(asked.party)[drawn.sides[1].index(asked.item)])
    if asked.kind == "no_deal":
        return drawn.reserve(asked.party)
    return drawn.red_line(asked.item)[2]


def _told(choice: Choice, drawn: Draws) -> Told:
    move: Move = choice.move
    rational = rationality(drawn.uniforms(f"moves.{move.party}/rationality"))
    taken = drawn.reading(move.party)
    readings = max(1, len(drawn.case.file.readings.get(move.party, ())))
    every = range(len(move.over))
    found = log_choices(choice.utilities, every, rationality=rational, weight=1.0, nests=choice.nests)
    likely = [np.exp(logs) for logs in found]
    return Told(
        stands=int(choice.stands.sum()),
        likely=np.array([column.sum() for column in likely]),
        by_reading=np.stack([np.bincount(taken, weights=column, minlength=readings) for column in likely]),
        taken=np.bincount(taken, minlength=readings).astype(np.float64),
    )


def _added(parts: Sequence[Told]) -> Told:
    return Told(
        stands=sum(part.stands for part in parts),
        likely=np.sum([part.likely for part in parts], axis=0),
        by_reading=np.sum([part.by_reading for part in parts], axis=0),
        taken=np.sum([part.taken for part in parts], axis=0),
    )
