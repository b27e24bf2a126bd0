"""Review: what people decided about claims that a reader proposed, as a log that is only ever added to.

``reviews.jsonl`` holds one decision a line, with author, time, and the claim as it was when it was decided on. So a
decision stands on its own: neither a document read again nor a lost file of candidates takes it back. That two names
are one person is a decision too, and so is taking an earlier one back, which names the moment that one was made.
"""

import json
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import AwareDatetime, Field, SerializerFunctionWrapHandler, ValidationError, model_serializer

from zopa.claims.claim import Claim, Frozen, Range, slug
from zopa.claims.files import MOST_LINES, append_line, read_lines
from zopa.claims.jsonl import Line, Records, read_records, record_line
from zopa.claims.lines import NOTHING, Lines, Said, shown, suggestion
from zopa.claims.validation import Loc, complaints
from zopa.errors import CaseFileError, DossierError, Problem

REVIEWS = "reviews.jsonl"
Action = Literal["accept", "edit", "reject", "merge", "undo"]
_OWN: Mapping[str, frozenset[str]] = {"merge": frozenset({"names"}), "undo": frozenset({"undoes"})}
_ABOUT_A_CLAIM = frozenset({"claim", "patch"})
FIXED = frozenset({"id", "review"})
"""What no edit changes: who the claim is, and the mark that the decision itself sets."""


class Decision(Frozen):
    """One decision: on a claim, given as it was then, on names that are one person, or on an earlier decision.

    ``patch`` holds the new values of an edit. Of the ``names`` of a merge the first is the one that all answer to.
    ``undoes`` is the moment of the decision that an undo takes back.
    """

    action: Action
    author: str = Field(min_length=1)
    at: AwareDatetime
    claim: Claim | None = None
    patch: dict[str, Any] = Field(default_factory=dict)
    names: tuple[str, ...] = ()
    undoes: AwareDatetime | None = None
    note: str | None = None

    @model_serializer(mode="wrap")
    def _own_fields(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """A line of the log says only what belongs to its action."""
        own = _OWN.get(self.action, _ABOUT_A_CLAIM)
        foreign = (_ABOUT_A_CLAIM | {"names", "undoes"}) - own
        return {key: value for key, value in dump(self).items() if key not in foreign}

    @property
    def id(self) -> str:
        """The id of the claim decided on; empty where the decision is on no claim."""
        return "" if self.claim is None else self.claim.id

    @property
    def read(self) -> Claim:
        """The claim decided on, as it was read; ``ValueError`` where the decision is on none."""
        if self.claim is None:
            raise ValueError(f"a decision to {self.action} is on no claim")
        return self.claim

    def outcome(self) -> Claim:
        """The claim as it stands by this decision; ``ValidationError`` where a patch makes no claim of it."""
        return _patched(self.read, self.patch).model_copy(update={"review": "accepted"})


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


def merge(names: Sequence[str], *, author: str, at: datetime, note: str | None = None) -> Decision:
    """The decision that several names are one person, who answers to the first; ``DossierError`` for fewer than two."""
    distinct = tuple(dict.fromkeys(name.strip() for name in names if name.strip()))
    if len(distinct) < 2:
        raise DossierError.of("too-few", key="names", n=2)
    return Decision(action="merge", author=author, at=at, names=distinct, note=note)


def undo(decision: Decision, *, author: str, at: datetime, note: str | None = None) -> Decision:
    """The decision that an earlier one does not hold; what it changed is again as it was before."""
    return Decision(action="undo", author=author, at=at, undoes=decision.at, note=note)


def _patched(claim: Claim, patch: Mapping[str, Any]) -> Claim:
    # Values of a patch are JSON: dates as text, ranges as lists.
    return Claim.model_validate({**claim.model_dump(mode="json"), **patch})


def read_reviews(lines: Lines) -> Records[Decision]:
    """The decisions of a log in the order they were made; one that decides nothing that can be is refused."""
    raw = read_records(lines, Decision)
    problems = list(raw.problems)
    kept: list[tuple[Line, Decision]] = []
    made: set[datetime] = set()
    for line, decision in raw.lined:
        problem = _undecided(line, decision, made)
        found = [problem] if problem is not None else []
        if decision.claim is not None:
            try:
                decision.outcome()
            except ValidationError as error:
                wrong = complaints(error, Claim, written=_written(decision.patch))
                found += [lines.problem(c.code, line.span(("patch",)), **c.values) for c in wrong]
        problems += found
        if not found:
            kept.append((line, decision))
            made.add(decision.at)
    return Records(tuple(kept), tuple(problems), raw.refused)


def _undecided(line: Line, decision: Decision, made: Container[datetime]) -> Problem | None:
    """What a decision lacks to decide anything, given the moments of those before it."""
    match decision.action:
        case "merge" if len(set(decision.names)) < 2:
            return line.problem("too-few", "names", key="names", n=2)
        case "undo" if decision.undoes is not None and decision.undoes not in made:
            return line.problem(
                "undo-nothing", "undoes", at=decision.undoes.isoformat().replace("+00:00", "Z")
            )
        case "undo" if decision.undoes is None:
            lacks = "undoes"
        case "accept" | "edit" | "reject" if decision.claim is None:
            lacks = "claim"
        case _:
            return None
    return line.problem("missing-key", key=lacks, owner=Said("checks.owner-file"), advice=NOTHING)


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
    """The outcome: accepted claims, the candidates that nobody has decided on yet, and names that are one person.

    ``names`` gives for a name the one that its bearer answers to. Claims are kept as they were accepted.
    """

    accepted: tuple[Claim, ...]
    waiting: tuple[Claim, ...]
    names: Mapping[str, str] = field(default_factory=dict)

    def heard(self) -> tuple[Claim, ...]:
        """The accepted claims, all of one person under one name."""
        return tuple(under_one_name(claim, self.names) for claim in self.accepted)


def in_force(log: Sequence[Decision]) -> tuple[Decision, ...]:
    """The decisions that no later one in force takes back, in the order they were made."""
    made: dict[datetime, list[int]] = {}
    for k, decision in enumerate(log):
        made.setdefault(decision.at, []).append(k)
    off: set[int] = set()
    for k in range(len(log) - 1, -1, -1):
        moment = log[k].undoes
        if k not in off and moment is not None:
            off.update([j for j in made.get(moment, ()) if j < k and j not in off][-1:])
    return tuple(decision for k, decision in enumerate(log) if k not in off)


def last(log: Sequence[Decision]) -> Decision | None:
    """The decision that an undo would take back: the latest in force that is no undo itself."""
    return next((decision for decision in reversed(in_force(log)) if decision.action != "undo"), None)


def one_name(decisions: Iterable[Decision]) -> dict[str, str]:
    """By name the one that its bearer answers to, after all merges among the decisions; the later one wins."""
    out: dict[str, str] = {}
    for decision in decisions:
        if decision.action == "merge":
            kept = decision.names[0]
            roots = {out.get(name, name) for name in decision.names}
            whole = {*decision.names, *roots, *(old for old, new in out.items() if new in roots)}
            out.update(dict.fromkeys(whole, kept))
            out.pop(kept)
    return out


def under_one_name(claim: Claim, names: Mapping[str, str]) -> Claim:
    """The claim with its speaker, its chain and its origin under the names that they answer to."""
    if not names:
        return claim
    head = claim.speaker_head
    voice, slash, matter = claim.origin.partition("/")
    voices = {slug(old): slug(new) for old, new in names.items()}
    new = {
        "speaker_head": names.get(head, head) if head is not None else None,
        "chain": tuple(names.get(name, name) for name in claim.chain),
        # An origin of a reader's making begins with the voice; one written by hand is left alone.
        "origin": voices.get(voice, voice) + slash + matter if slash else claim.origin,
    }
    return (
        claim
        if all(getattr(claim, key) == value for key, value in new.items())
        else claim.model_copy(update=new)
    )


def apply(candidates: Iterable[Claim], accepted: Iterable[Claim], reviews: Iterable[Decision]) -> Reviewed:
    """The record after all decisions, later ones before earlier ones.

    What a person wrote is never overwritten: a claim that stands already is not replaced by a candidate read anew,
    and an edit changes a standing claim only where it still has a value that the edit replaced. A candidate that
    took over the id of a standing claim with other words waits under an id of its own. A claim whose decisions have
    all been taken back is again what it was before the first: it stands if it stood, else it waits.
    """
    proposed = {claim.id: claim for claim in candidates}
    stands = {claim.id: claim for claim in accepted}
    log = tuple(reviews)
    ever: dict[str, list[Decision]] = {}
    for review in log:
        if review.claim is not None:
            ever.setdefault(review.id, []).append(review)
    standing = in_force(log)
    for id_, decisions in _since_rejected(standing).items():
        if not decisions:
            stands.pop(id_, None)
        elif id_ in stands:
            stands[id_] = _merged(stands[id_], decisions, ever[id_])
        else:
            stands[id_] = _patched(decisions[0].read, _net(decisions)).model_copy(
                update={"review": "accepted"}
            )
    back: list[Claim] = []
    alive = {review.id for review in standing}
    for id_, decisions in ever.items():
        if id_ not in alive:
            before = decisions[0].read
            if before.review == "accepted":
                stands[id_] = _merged(stands.get(id_, before), (), decisions)
            else:
                stands.pop(id_, None)
                back.append(before)
    decided = [*stands.values(), *(review.read for review in standing if review.claim is not None)]
    return Reviewed(tuple(stands.values()), _waiting(proposed, decided, back), one_name(standing))


def _waiting(
    proposed: dict[str, Claim], decided: Sequence[Claim], back: Sequence[Claim]
) -> tuple[Claim, ...]:
    """The candidates that nobody decided on, and those that somebody decided on before it was taken ``back``."""
    words = {(claim.sha256, claim.ranges): claim.id for claim in reversed(proposed.values())}
    matched = {_match(claim, proposed, words) for claim in decided}
    again = [claim for claim in back if _match(claim, proposed, words) is None]
    known = {claim.id for claim in (*decided, *again)}
    taken = {*known, *proposed}
    waiting = [claim for claim in proposed.values() if claim.id not in matched]
    return (*(_with_own_id(claim, known, taken) for claim in waiting), *again)


def _since_rejected(log: Iterable[Decision]) -> dict[str, list[Decision]]:
    """By claim, the decisions that a rejection has not ended; none where the rejection is the last word."""
    out: dict[str, list[Decision]] = {}
    for review in log:
        if review.action == "reject":
            # Taken out and put back, a claim takes its place behind those that stood meanwhile.
            out.pop(review.id, None)
            out[review.id] = []
        elif review.claim is not None:
            out.setdefault(review.id, []).append(review)
    return out


def _net(decisions: Sequence[Decision]) -> dict[str, Any]:
    """What all edits together changed: of two that change one field, the later."""
    return {key: value for decision in decisions for key, value in decision.patch.items()}


def _merged(standing: Claim, decisions: Sequence[Decision], ever: Sequence[Decision]) -> Claim:
    """The standing claim with what was edited, where nobody has changed it by hand since.

    ``ever`` are all decisions that were made on it: what only those changed that were taken back is as it was read.
    """
    current = standing.model_dump(mode="json")
    net = _net(decisions)
    read = (decisions[0] if decisions else ever[0]).read.model_dump(mode="json")
    patch: dict[str, Any] = {}
    for key in _net(ever):
        once = [decision.read.model_dump(mode="json").get(key) for decision in ever]
        once += [decision.patch[key] for decision in ever if key in decision.patch]
        value = net.get(key, read.get(key))
        if current.get(key) in once and current.get(key) != value:
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


# ---- what a reviewer sees first ----------------------------------------------------------------------------------

UNSURE = 0.6
"""A reader's confidence below which a claim comes before those that it is surer of."""


def order(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Claims in the order in which they deserve a look: disputed between readers, then unsure, then the rest.

    Within each of these they stay in the order in which they were read, so that one reads a document from its top.
    """
    return tuple(sorted(claims, key=lambda claim: (not claim.disputed, claim.confidence >= UNSURE)))


def decisions(folder: Path) -> tuple[Decision, ...]:
    """The case's log as it stands on disk; none where nobody has decided yet. ``CaseFileError`` tells its faults."""
    if not (folder / REVIEWS).exists():
        return ()
    found = read_reviews(read_lines(folder, REVIEWS, most=MOST_LINES))
    if found.problems:
        raise CaseFileError(found.problems)
    return found.records


def origin_for(claim: Claim, head: str) -> str:
    """The claim's origin once its speaker is another: one of a reader's making begins with the voice."""
    voice, slash, matter = claim.origin.partition("/")
    if slash and claim.speaker_head is not None and voice == slug(claim.speaker_head):
        return slug(head) + slash + matter
    return claim.origin
