"""Review: what people decided about claims that a reader proposed, as a log that is only ever added to.

``reviews.jsonl`` holds one decision a line, with author, time, and the claim as it was when it was decided on. So a
decision stands on its own: neither a document read again nor a lost file of candidates takes it back.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import AwareDatetime, Field, ValidationError

from zopa.claims.claim import Claim, Frozen, Range
from zopa.claims.files import append_line
from zopa.claims.jsonl import Line, Records, read_records, record_line
from zopa.claims.lines import Lines, shown, suggestion
from zopa.claims.validation import Loc, complaints
from zopa.errors import DossierError, Problem

REVIEWS = "reviews.jsonl"
Action = Literal["accept", "edit", "reject"]
FIXED = frozenset({"id", "review"})
"""What no edit changes: who the claim is, and the mark that the decision itself sets."""


class Decision(Frozen):
    """One decision on one claim, given as it was then; ``patch`` holds the new values of an edit."""

    action: Action
    author: str = Field(min_length=1)
    at: AwareDatetime
    claim: Claim
    patch: dict[str, Any] = Field(default_factory=dict)
    note: str | None = None

    @property
    def id(self) -> str:
        """The id of the claim decided on."""
        return self.claim.id

    def outcome(self) -> Claim:
        """The claim as it stands by this decision; ``ValidationError`` where a patch makes no claim of it."""
        return _patched(self.claim, self.patch).model_copy(update={"review": "accepted"})


def accept(claim: Claim, *, author: str, at: datetime, note: str | None = None) -> Decision:
    """The decision that a claim stands as it was read."""
    return Decision(action="accept", author=author, at=at, claim=claim, note=note)


def reject(claim: Claim, *, author: str, at: datetime, note: str | None = None) -> Decision:
    """The decision that a claim does not stand; it leaves the record and is not proposed again."""
    return Decision(action="reject", author=author, at=at, claim=claim, note=note)


def edit(
    claim: Claim, patch: Mapping[str, Any], *, author: str, at: datetime, note: str | None = None
) -> Decision:
    """The decision that a claim stands with other values; ``DossierError`` says what makes the patch no claim."""
    old = claim.model_dump(mode="json")
    open_fields = tuple(key for key in old if key not in FIXED)
    unknown = [key for key in patch if key not in open_fields]
    if unknown:
        raise DossierError(
            Problem("unknown-key", values={"key": key, "closest": suggestion(key, open_fields)})
            for key in unknown
        )
    try:
        new = _patched(claim, patch).model_dump(mode="json")
    except ValidationError as error:
        found = complaints(error, Claim, written=_written(patch))
        raise DossierError(Problem(c.code, values=c.values) for c in found) from None
    changed = {key: new[key] for key in patch if new[key] != old[key]}
    return Decision(action="edit", author=author, at=at, claim=claim, patch=changed, note=note)


def _patched(claim: Claim, patch: Mapping[str, Any]) -> Claim:
    # Values of a patch are JSON: dates as text, ranges as lists.
    return Claim.model_validate({**claim.model_dump(mode="json"), **patch})


def read_reviews(lines: Lines) -> Records[Decision]:
    """The decisions of a log in the order they were made; one whose patch makes no claim is refused."""
    raw = read_records(lines, Decision)
    problems = list(raw.problems)
    kept: list[tuple[Line, Decision]] = []
    for line, decision in raw.lined:
        try:
            decision.outcome()
        except ValidationError as error:
            found = complaints(error, Claim, written=_written(decision.patch))
            problems += (lines.problem(c.code, line.span(("patch",)), **c.values) for c in found)
        else:
            kept.append((line, decision))
    return Records(tuple(kept), tuple(problems), raw.refused)


def _written(patch: Mapping[str, Any]) -> Callable[[Loc], str]:
    """How the value of a patch reads in a message."""

    def written(loc: Loc) -> str:
        value: Any = patch
        for step in loc:
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                break
        return shown(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))

    return written


def record(folder: Path, decision: Decision) -> None:
    """Add a decision to the case's log; it is on disk when this returns."""
    append_line(folder / REVIEWS, record_line(decision))


# ---- from candidates and decisions to the record -----------------------------------------------------------------


@dataclass(frozen=True)
class Reviewed:
    """The outcome: accepted claims, and the candidates that nobody has decided on yet."""

    accepted: tuple[Claim, ...]
    waiting: tuple[Claim, ...]


def apply(candidates: Iterable[Claim], accepted: Iterable[Claim], reviews: Iterable[Decision]) -> Reviewed:
    """The record after all decisions, later ones before earlier ones.

    What a person wrote is never overwritten: a claim that stands already is not replaced by a candidate read anew,
    and an edit changes a standing claim only where it still has a value that the edit replaced. A candidate that
    took over the id of a standing claim with other words waits under an id of its own.
    """
    proposed = {claim.id: claim for claim in candidates}
    stands = {claim.id: claim for claim in accepted}
    log = tuple(reviews)
    for id_, decisions in _in_force(log).items():
        if not decisions:
            stands.pop(id_, None)
        elif id_ in stands:
            stands[id_] = _merged(stands[id_], decisions)
        else:
            stands[id_] = _patched(decisions[0].claim, _net(decisions)).model_copy(
                update={"review": "accepted"}
            )
    decided = [*stands.values(), *(review.claim for review in log)]
    words = {(claim.sha256, claim.ranges): claim.id for claim in reversed(proposed.values())}
    matched = {_match(claim, proposed, words) for claim in decided}
    known = {*stands, *(review.id for review in log)}
    taken = {*known, *proposed}
    waiting = [claim for claim in proposed.values() if claim.id not in matched]
    return Reviewed(tuple(stands.values()), tuple(_with_own_id(claim, known, taken) for claim in waiting))


def _in_force(log: Iterable[Decision]) -> dict[str, list[Decision]]:
    """By claim, the decisions that a rejection has not ended; none where the rejection is the last word."""
    out: dict[str, list[Decision]] = {}
    for review in log:
        if review.action == "reject":
            # Taken out and put back, a claim takes its place behind those that stood meanwhile.
            out.pop(review.id, None)
            out[review.id] = []
        else:
            out.setdefault(review.id, []).append(review)
    return out


def _net(decisions: Sequence[Decision]) -> dict[str, Any]:
    """What all edits together changed: of two that change one field, the later."""
    return {key: value for decision in decisions for key, value in decision.patch.items()}


def _merged(standing: Claim, decisions: Sequence[Decision]) -> Claim:
    """The standing claim with what was edited, where nobody has changed it by hand since."""
    current = standing.model_dump(mode="json")
    patch: dict[str, Any] = {}
    for key, value in _net(decisions).items():
        once = [decision.claim.model_dump(mode="json").get(key) for decision in decisions]
        once += [decision.patch[key] for decision in decisions if key in decision.patch]
        if current.get(key) in once:
            patch[key] = value
    return _patched(standing, patch) if patch else standing


def _match(
    claim: Claim, proposed: Mapping[str, Claim], words: Mapping[tuple[str, tuple[Range, ...]], str]
) -> str | None:
    """The id of the candidate that is this claim: the same id where the words overlap, else the very same words."""
    own = proposed.get(claim.id)
    if own is not None and own.sha256 == claim.sha256 and _overlap(own.ranges, claim.ranges):
        return own.id
    return words.get((claim.sha256, claim.ranges))


def _overlap(a: Sequence[Range], b: Sequence[Range]) -> bool:
    return any(start < end and begin < stop for start, stop in a for begin, end in b)


def _with_own_id(claim: Claim, decided: set[str], taken: set[str]) -> Claim:
    if claim.id not in decided:
        return claim
    k = 2
    while f"{claim.id}-{k}" in taken:
        k += 1
    taken.add(f"{claim.id}-{k}")
    return claim.model_copy(update={"id": f"{claim.id}-{k}"})
