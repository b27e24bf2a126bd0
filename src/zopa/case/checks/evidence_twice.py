"""Nothing counts twice.

What a party did is evidence about its aims (``wants`` weighs moves against estimates), so one claim may not support
both. A forecast found in a source is a judgement, to be weighed as one; it is no evidence for an estimate.
"""

from collections.abc import Iterator

from zopa.case.checks.common import Step, Where, party_of, walk
from zopa.case.course import Judgement
from zopa.case.fields import Entry, Number
from zopa.case.model import CaseFile
from zopa.case.yaml_text import Path
from zopa.claims.ledger import Ledger
from zopa.claims.lines import Said
from zopa.errors import Problem

_AIMS = frozenset(
    {"preferences", "readings", "red_lines", "settings", "influence", "synergies", "currency", "standoff"}
)
"""Sections whose estimates are about what a party wants; ``talks`` and ``moves`` are about what follows."""


def evidence_twice(file: CaseFile, ledger: Ledger, where: Where) -> Iterator[Problem]:
    """A problem for each citation by which a claim would count a second time."""
    estimates = list(_estimates(file))
    aims: dict[tuple[str, str], Path] = {}
    for claim, party, section, path in estimates:
        if party is not None and section in _AIMS:
            aims.setdefault((claim, party), path)
    for claim, party, path in _moves(file):
        if (claim, party) in aims:
            why = Said("checks.twice-move", claim=claim, party=party, other=where.mention(aims[claim, party]))
            yield where.problem("evidence-twice", path, why=why)
    judged = {c.claim: ("judgements", k) for k, j in enumerate(file.judgements) for c in j.because}
    for claim, _, _, path in estimates:
        known = ledger.by_id.get(claim)
        if known is not None and known.kind == "forecast":
            yield where.problem("evidence-twice", path, why=Said("checks.twice-forecast", claim=claim))
        elif claim in judged:
            why = Said("checks.twice-judgement", claim=claim, other=where.mention(judged[claim]))
            yield where.problem("evidence-twice", path, why=why)


def _estimates(file: CaseFile) -> Iterator[tuple[str, str | None, str, Path]]:
    """Claims that support estimates: claim, the party the estimate is about, its section, and the citation's path.

    A citation of an entry counts where a stated number of the entry rests on it; judgements are not estimates.
    """
    told: set[tuple[Path, str | None]] = set()
    for step in walk(file):
        if isinstance(step.value, Number):
            yield from _supports(step, told)
        elif isinstance(step.value, Entry) and step.section in ("red_lines", "readings"):
            # A red line or a reading is itself an estimate of what the party wants, numbers or none.
            inner = Step(step.path, step.value, (*step.owners, (step.path, step.value)))
            yield from _cited(inner, step.path, step.value, told)


def _supports(step: Step, told: set[tuple[Path, str | None]]) -> Iterator[tuple[str, str | None, str, Path]]:
    number = step.value
    if not isinstance(number, Number) or not number.estimate.known or number.assumed:
        return
    if any(isinstance(owner, Judgement) for _, owner in step.owners):
        return
    if number.because:
        for k, citation in enumerate(number.because):
            yield citation.claim, party_of(step), step.section, (*step.path, "because", k)
        return
    for path, owner in reversed(step.owners):
        if isinstance(owner, Entry) and (owner.because or owner.assumed):
            yield from _cited(step, path, owner, told)
            return


def _cited(
    step: Step, path: Path, owner: Entry, told: set[tuple[Path, str | None]]
) -> Iterator[tuple[str, str | None, str, Path]]:
    party = party_of(step)
    for k, citation in enumerate(owner.because):
        here = (*path, "because", k)
        if (here, party) not in told:
            told.add((here, party))
            yield citation.claim, party, step.section, here


def _moves(file: CaseFile) -> Iterator[tuple[str, str, Path]]:
    """Claims that support moves: what was done, and what could have been done instead."""
    for k, move in enumerate(file.moves):
        for j, citation in enumerate(move.because):
            yield citation.claim, move.party, ("moves", k, "because", j)
        for i, alternative in enumerate(move.over):
            for j, citation in enumerate(alternative.because):
                yield citation.claim, move.party, ("moves", k, "over", i, "because", j)
