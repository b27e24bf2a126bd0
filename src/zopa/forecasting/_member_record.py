"""How each member of the pool did on questions that came out, beside the reference class, and what that teaches."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from zopa.case.case import Case
from zopa.forecasting._against import Against, Proof, compared
from zopa.forecasting._scored import POOL, Scored, tally
from zopa.forecasting.ledger import read_book
from zopa.methods.pooling import learn_exponent
from zopa.methods.problem import FloatArray
from zopa.methods.scoring import brier

HISTORY = "baserate"
"""The member that rests on outcomes that are known: the reference class."""
SIMULATION = "simulate"


@dataclass(frozen=True, slots=True)
class MemberRecord:
    """One member: its mean Brier score on ``n`` questions that came out, and beside the reference class's on them."""

    name: str
    n: int
    brier: float
    beside: Against


def member_records(scored: Sequence[Scored], *, seed: int = 0) -> tuple[MemberRecord, ...]:
    """Every member but the reference class, on the questions of the pool that both had a say in."""
    own = [s for s in scored if s.by == POOL and HISTORY in s.members]
    out = []
    for name in dict.fromkeys(name for s in own for name in s.members if name != HISTORY):
        both = [s for s in own if name in s.members]
        mine, usual = _brier(both, name), _brier(both, HISTORY)
        beside = compared(HISTORY, mine, usual, [s.case for s in both], seed)
        out.append(MemberRecord(name, len(both), float(mine.mean()), beside))
    return tuple(out)


def _brier(scored: Sequence[Scored], name: str) -> FloatArray:
    return brier(np.array([s.members[name] for s in scored]), np.array([s.happened for s in scored]))


def simulation_proof(records: Sequence[MemberRecord]) -> tuple[Proof, int]:
    """Whether the simulated talks are proven better or worse than the reference class, and on how many questions."""
    found = next((record for record in records if record.name == SIMULATION), None)
    return ("not-yet", 0) if found is None else (found.beside.proof, found.n)


def learnt_exponent(scored: Sequence[Scored]) -> float:
    """The exponent learnt from the reference class's word on questions that came out; 1 where none did."""
    own = [s for s in scored if s.by == POOL and HISTORY in s.members]
    said = np.array([s.members[HISTORY] for s in own], dtype=np.float64)
    cells = np.stack([said, 1 - said], axis=-1)[:, None, :]
    return learn_exponent(cells, np.array([int(not s.happened) for s in own], dtype=np.int64), np.ones(1))


def known_by(case: Case, day: date) -> tuple[Scored, ...]:
    """The scored forecasts of a case's own ledger whose answer was known before a day; none without a ledger.

    A ledger that is not what was saved teaches nothing; ``score`` says where it was changed.
    """
    if case.folder is None:
        return ()
    book = read_book(case.folder)
    if any(problem.severity == "error" for problem in book.problems):
        return ()
    return tuple(s for s in tally({case.name: book}).questions if s.known < day)
