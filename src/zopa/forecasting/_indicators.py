"""Which observable events of the next weeks would move the forecast most: told by the simulated talks alone.

A sign is something that an outside observer sees of the first part of a world, by a day; what it tells is how the
worlds end in which it is seen, and the others. A choice like one that a party made tells what it is after: every draw
says how likely each alternative would be, were the same choice to come up again, and the draws count by that.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np

from zopa.case.case import Case
from zopa.case.draws import Draws
from zopa.case.end_state import horizon
from zopa.case.evidence import Bool
from zopa.case.expressions import names, parse
from zopa.case.moves import Choice, choices, telling
from zopa.estimate import Array
from zopa.forecasting._ask_rows import SMALL
from zopa.forecasting._ask_split import Split, blocks_of, split
from zopa.forecasting._simulate_rows import Played, told
from zopa.methods.choice import log_choices, rationality
from zopa.methods.sensitivity import Information
from zopa.methods.worlds import Worlds

Sign = Literal["question", "event", "deadline", "move"]
WEEKS = timedelta(days=28)
"""How far ahead signs are looked for, half the way to the common date at most."""
SETTLED = 0.95
"""A sign after which a question is as good as answered is the answer and no sign of it."""
SEEN = 0.05
"""Events seen in a smaller share of worlds, or in all but so few, are not told."""
CLEAR = 3.0
"""Standard errors by which a value must exceed nothing: some hundred are compared."""
MOST = 12
"""Signs told at most."""
EVENTS = ("meeting", "direct", "second-round", "agreed", "force", "over")
PART_OF: Mapping[str, frozenset[str]] = {
    "agreed": frozenset({"deal", "open"}),
    "force": frozenset({"serious", "war", "acts"}),
    "over": frozenset({"deal", "open"}),
}
"""Atoms of the rules that an event is part of: it is no sign of an answer that it makes up."""


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One sign: ``name`` a question, an event, a deadline that passes with nothing concluded, or a move and its
    ``alternative`` (then ``share`` is how likely it is were the choice to come up again); ``by`` when it is looked for.

    ``question`` what it moves most: ``now``, if ``seen``, if ``unseen``, in the simulated worlds.
    """

    sign: Sign
    name: str
    alternative: str | None
    by: date | None
    share: float
    question: str
    now: float
    seen: float
    unseen: float
    value: Information
    because: tuple[str, ...]


def indicator_rows(
    case: Case, played: Played, plain: Draws, because: tuple[str, ...]
) -> tuple[IndicatorRow, ...]:
    """The signs that move an answer of the simulated talks clearly, those worth most first."""
    hits = {
        name: happens(played.worlds)
        for kind, name, _, happens in told(case, played.laid.violent)
        if kind in ("fact", "question", "scenario") and name != "regime_breaks"
    }
    found = [*_events(case, played, hits, because), *_moves(case, played, plain, hits)]
    found.sort(key=lambda row: -row.value.value)
    return tuple(found[:MOST])


# ---- events on the way -----------------------------------------------------------------------------------------------


def _events(
    case: Case, played: Played, asked: Mapping[str, Bool], because: tuple[str, ...]
) -> Iterator[IndicatorRow]:
    blocks = np.repeat(blocks_of(played.draws), played.worlds.plays)
    for sign, name, by, happens in _signs(case, played.worlds):
        share = float(happens.mean())
        if not SEEN <= share <= 1 - SEEN:
            continue
        parts = np.stack([happens, ~happens])
        told_of = [q for q in asked if not _atoms(case, q) & PART_OF.get(name, frozenset())]
        best = _best({question: split(parts, asked[question], blocks) for question in told_of})
        if best is not None:
            yield _row(sign, name, None, by, best, because)


def _atoms(case: Case, question: str) -> frozenset[str]:
    """What the rule of a question, scenario or fact is made of; every party's acts as one."""
    rules = {q.id: q.when for q in case.file.questions} | {s.id: s.when for s in case.file.scenarios}
    rule = rules.get(question) or question
    return frozenset("acts" if n.id.endswith("-acts") else n.id for n in names(parse(rule)))


def _signs(case: Case, worlds: Worlds) -> Iterator[tuple[Sign, str, date, Bool]]:
    file = case.file
    last = file.as_of + min(WEEKS, (horizon(file) - file.as_of) / 2)
    days = {
        "meeting": worlds.met,
        "direct": worlds.spoke,
        "second-round": worlds.second,
        "agreed": worlds.agreed,
        "force": worlds.struck,
        "over": worlds.over,
    }
    own = [q for q in file.questions if q.event is not None and file.as_of <= q.by <= last]
    for q in own:
        yield "question", q.id, q.by, days[str(q.event)] < (q.by - file.as_of).days + 1
    for event in EVENTS:
        if event not in {q.event for q in own}:
            yield "event", event, last, days[event] < (last - file.as_of).days + 1
    first = np.minimum(np.minimum(worlds.agreed, worlds.struck), worlds.over)
    for deadline in file.talks.deadlines if file.talks is not None else ():
        if deadline.on is not None and file.as_of <= deadline.on <= last:
            yield "deadline", deadline.id, deadline.on, first >= (deadline.on - file.as_of).days + 1


def _best(found: Mapping[str, Split | None]) -> tuple[str, Split] | None:
    """The question that a sign moves most, if it moves any clearly without settling it."""
    clear = [
        (question, parts)
        for question, parts in found.items()
        if parts is not None
        and 0.0 < parts.answers[0] < SETTLED
        and parts.value.value > CLEAR * parts.value.error
        and max(abs(answer - parts.mean) for answer in parts.answers) >= SMALL
    ]
    return max(clear, key=lambda pair: pair[1].value.value, default=None)


def _row(
    sign: Sign,
    name: str,
    alternative: str | None,
    by: date | None,
    best: tuple[str, Split],
    because: tuple[str, ...],
) -> IndicatorRow:
    question, found = best
    return IndicatorRow(
        sign=sign,
        name=name,
        alternative=alternative,
        by=by,
        share=found.shares[0],
        question=question,
        now=found.mean,
        seen=found.answers[0],
        unseen=found.answers[1],
        value=found.value,
        because=because,
    )


# ---- moves like those made -------------------------------------------------------------------------------------------


def _moves(case: Case, played: Played, plain: Draws, asked: Mapping[str, Bool]) -> Iterator[IndicatorRow]:
    """Of every choice a party made, the alternative that would tell most were it to come up again."""
    if not telling(plain):
        return
    drawn = played.draws
    shares = {question: played.share(y) for question, y in asked.items()}
    blocks = blocks_of(drawn)
    for choice in choices(plain):
        likely = _likely(choice, plain, drawn)
        rows = []
        for alternative, weight in zip(choice.move.over, likely, strict=True):
            parts = np.stack([weight, 1.0 - weight])
            best = _best({question: split(parts, y, blocks) for question, y in shares.items()})
            if best is not None:
                cited = _known(case, [c.claim for c in choice.move.because])
                rows.append(_row("move", choice.move.id, alternative.id, None, best, cited))
        if rows:
            yield max(rows, key=lambda row: row.value.value)


def _likely(choice: Choice, plain: Draws, drawn: Draws) -> Sequence[Array]:
    """By alternative, (draws,) how likely it would be in each draw were the choice to come up again."""
    rational = rationality(plain.uniforms(f"moves.{choice.move.party}/rationality"))
    every = range(len(choice.move.over))
    logs = log_choices(choice.utilities, every, rationality=rational, weight=1.0, nests=choice.nests)
    return [np.exp(column) if drawn.pick is None else np.exp(column[drawn.pick]) for column in logs]


def _known(case: Case, claims: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(claim for claim in claims if claim in case.ledger.by_id))
