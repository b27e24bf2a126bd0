"""Who foresees what: every forecast that a case holds, with its range, its stake, and whether it may be pooled.

A forecast of a party, or of a party's ally, is a move in the talks: it is shown and never pooled. So is one that nobody
has set beside a question, or whose question is no sum of the cells that are pooled. One origin counts once, in however
many sentences it speaks.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import AwareDatetime, Field

from zopa.case.case import Case
from zopa.case.course import Judgement
from zopa.case.end_state import forces, questions, scenarios
from zopa.case.fields import Localised
from zopa.claims.claim import Claim, Frozen
from zopa.claims.files import MOST_LINES, append_line, inside, read_lines
from zopa.claims.jsonl import read_records, record_line
from zopa.errors import CaseFileError
from zopa.estimate import UNIT, Estimate, parse
from zopa.methods.end_states import CELLS, possible
from zopa.methods.problem import BoolArray

JUDGEMENTS = "judgements.jsonl"
Stake = Literal["party", "ally", "none"]
From = Literal["case", "claim", "desk"]
Use = Literal[
    "pooled", "party", "ally", "no-question", "no-cells", "no-range", "found", "replaced", "late", "later"
]
"""``pooled``, or why a forecast is shown only: it is a move of a ``party`` or its ``ally``; it speaks of
``no-question``, or of one that is no sum of the pooled cells; it gives ``no-range``; it was ``found`` in a claim and
nobody has set it beside a question; its maker has ``replaced`` it; it was made ``late``, after the day of its question,
or ``later`` than the day the case stands at."""


class Judged(Frozen):
    """A user's own forecast, one line of ``judgements.jsonl``."""

    by: str = Field(min_length=1)
    at: AwareDatetime
    question: str
    low: float = Field(ge=0, le=1)
    high: float = Field(ge=0, le=1)
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One forecast as the case holds it.

    ``low``–``high``: the range of its words, for a yes to ``question`` (None where it is set beside none, or where the
    words give no range); ``voice``: whose it is, one vote however often it speaks; ``because``: the claims behind it.
    """

    id: str
    source: From
    who: Localised
    voice: str
    party: str | None
    stake: Stake
    question: str | None
    words: Localised
    low: float | None
    high: float | None
    on: date | None
    assumed: bool
    use: Use
    estimate: Estimate
    because: tuple[str, ...]


# ---- which questions are sums of cells -----------------------------------------------------------------------------


def cell_questions(case: Case) -> Mapping[str, BoolArray]:
    """By id, the cells that make a question's or scenario's yes; only those that are sums of cells.

    Found by enumeration: a rule qualifies where all end states of a cell give it the same answer.
    """
    states = possible(len(forces(case.file)))
    member = states.cell[:, None] == np.arange(CELLS)[None, :]
    found: dict[str, BoolArray] = {}
    for id_, holds in {**questions(case.file, states), **scenarios(case.file, states)}.items():
        often = (member & holds[:, None]).sum(axis=0)
        if ((often == 0) | (often == member.sum(axis=0))).all() and 0 < often.astype(bool).sum() < CELLS:
            found[id_] = often > 0
    return found


# ---- the forecasts -------------------------------------------------------------------------------------------------


def foreseen(case: Case, own: Sequence[Judged]) -> tuple[Foreseen, ...]:
    """Every forecast on the record of the case as it stands on its day: judgements, further claims, users' own."""
    cells = frozenset(cell_questions(case))
    found = [(j, entry) for j in case.file.judgements if (entry := _of_entry(case, j, cells)) is not None]
    cited = {claim for _, entry in found for claim in entry.because}
    voices = _voices(case, found)
    entries = [replace(entry, voice=voice) for (_, entry), voice in zip(found, voices, strict=True)]
    claims = [_of_claim(case, c) for c in case.ledger.claims if c.kind == "forecast" and c.id not in cited]
    return (*entries, *claims, *_of_desk(case, own, cells))


def _of_entry(case: Case, judgement: Judgement, cells: frozenset[str]) -> Foreseen | None:
    """A judgement of the case; None where it was not on the record yet."""
    known = case.ledger.by_id
    because = tuple(c.claim for c in judgement.because if c.claim in known)
    said_later = judgement.said_on is not None and judgement.said_on > case.file.as_of
    if said_later or (judgement.because and not because):
        return None
    stake = _stake(case, judgement.party, judgement.stake)
    estimate = judgement.probability.estimate
    low, high = estimate.span(UNIT) if estimate.known else (None, None)
    if estimate.shape == "range":
        low, high = estimate.params
    use: Use = "pooled"
    if judgement.on is None:
        use = "no-question"
    elif stake != "none":
        use = stake
    elif low is None:
        use = "no-range"
    elif judgement.on not in cells:
        use = "no-cells"
    days = [day for c in because if (day := known[c].said_on or case.ledger.known_on(known[c])) is not None]
    return Foreseen(
        id=judgement.id,
        source="case",
        who=judgement.who,
        voice=judgement.id,
        party=judgement.party,
        stake=stake,
        question=judgement.on,
        words=judgement.words,
        low=low,
        high=high,
        on=judgement.said_on or (min(days) if days else None),
        assumed=judgement.assumed,
        use=use,
        estimate=estimate,
        because=because,
    )


def _stake(case: Case, party: str | None, written: Stake) -> Stake:
    """The stake as written; a party that sits at the table has one whatever is written."""
    return "party" if party in case.negotiators else written


def _voices(case: Case, found: Sequence[tuple[Judgement, Foreseen]]) -> list[str]:
    """For each entry the first one that is the same voice: one that shares an origin or the person who speaks."""
    by_id = case.ledger.by_id
    marks = [
        {by_id[c].origin for c in entry.because} | ({f"person {j.person}"} if j.person is not None else set())
        for j, entry in found
    ]
    first = list(range(len(found)))
    for k, mark in enumerate(marks):
        for other in [i for i in range(k) if marks[i] & mark]:
            low, high = sorted((first[k], first[other]))
            first = [low if f == high else f for f in first]
    return [found[f][1].id for f in first]


def _of_claim(case: Case, claim: Claim) -> Foreseen:
    """A forecast among the accepted claims that no judgement of the case cites."""
    party = case.file.parties.get(claim.party or "")
    outside = party is not None and "outside" in party.role
    who = claim.speaker_head or claim.speaker or claim.outlet or claim.source
    words = {"en": claim.text("en"), "zh": claim.text("zh")}
    p = claim.probability
    return Foreseen(
        id=claim.id,
        source="claim",
        who=Localised(en=who, zh=who),
        voice=claim.origin,
        party=claim.party,
        stake=_stake(case, claim.party, "ally" if outside else "none"),
        question=None,
        words=Localised(**words),
        low=p.low if p is not None else None,
        high=p.high if p is not None else None,
        on=claim.said_on or case.ledger.known_on(claim),
        assumed=False,
        use="found",
        estimate=parse(f"{p.low} to {p.high}", UNIT) if p is not None else parse("unknown"),
        because=(claim.id,),
    )


def _of_desk(case: Case, own: Sequence[Judged], cells: frozenset[str]) -> Iterable[Foreseen]:
    """Users' own forecasts; of several on one question by one person the last one of the case's day counts."""
    due = {q.id: q.by for q in case.file.questions}
    last = {(j.by, j.question): k for k, j in enumerate(own) if j.at.date() <= case.file.as_of}
    for k, judged in enumerate(own):
        use: Use = "pooled" if judged.question in cells else "no-cells"
        if judged.at.date() > due.get(judged.question, date.max):
            use = "late"
        elif judged.at.date() > case.file.as_of:
            use = "later"
        elif last[judged.by, judged.question] != k:
            use = "replaced"
        words = judged.words or ""
        yield Foreseen(
            id=f"desk-{k + 1}",
            source="desk",
            who=Localised(en=judged.by, zh=judged.by),
            voice=f"desk/{judged.by}",
            party=None,
            stake="none",
            question=judged.question,
            words=Localised(en=words or "—", zh=words or "—"),
            low=judged.low,
            high=judged.high,
            on=judged.at.date(),
            assumed=True,
            use=use,
            estimate=parse(f"{judged.low} to {judged.high}", UNIT),
            because=(),
        )


# ---- users' own ----------------------------------------------------------------------------------------------------


def read_judgements(folder: Path | None) -> tuple[Judged, ...]:
    """Users' own forecasts in a case folder, if any; ``CaseFileError`` tells a line that is none."""
    if folder is None or not inside(folder, JUDGEMENTS).exists():
        return ()
    found = read_records(read_lines(folder, JUDGEMENTS, most=MOST_LINES), Judged)
    if found.problems:
        raise CaseFileError(found.problems)
    return found.records


def add_judgement(folder: Path, judged: Judged) -> None:
    """Add a user's forecast; it is on disk when this returns."""
    append_line(inside(folder, JUDGEMENTS), record_line(judged))
