"""Writing the record of a case: candidates of documents read, and decisions settled into the accepted claims."""

from collections.abc import Iterable
from pathlib import Path

from zopa.case.folder import read_record
from zopa.claims.claim import Claim
from zopa.claims.files import inside, write_text_atomic
from zopa.claims.jsonl import CANDIDATES, CLAIMS, claim_lines, read_claims, write_claims
from zopa.claims.lines import Lines
from zopa.errors import CaseFileError


def put_candidates(folder: Path | str, claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Propose claims for review, in place of what was proposed before from the same documents.

    Gives those of all waiting candidates that are new to a reviewer's eyes. Decisions made before still hold: they
    carry their claims with them. ``CaseFileError`` names claims that do not stand in their sources; none is written.
    """
    home = Path(folder)
    new = {claim.id: claim for claim in claims}
    read_again = {claim.source for claim in new.values()}
    sources, old = read_record(home)
    kept = [claim for claim in old.waiting if claim.source not in read_again and claim.id not in new]
    text = claim_lines([*kept, *new.values()])
    found = read_claims(Lines(CANDIDATES, text), sources, accepted=False).problems
    if found:
        raise CaseFileError(found)
    write_text_atomic(inside(home, CANDIDATES), text)
    _, now = read_record(home)
    seen = {(claim.source, claim.sha256, claim.ranges) for claim in old.waiting}
    return tuple(claim for claim in now.waiting if (claim.source, claim.sha256, claim.ranges) not in seen)


def settle(folder: Path | str) -> int:
    """Write what the decisions made of the record into ``claims.jsonl``; the number of claims that stand there now.

    Reading a case applies its decisions anyway; settling keeps the file of accepted claims worth reading by itself.
    """
    home = Path(folder)
    _, record = read_record(home)
    write_claims(inside(home, CLAIMS), record.accepted)
    return len(record.accepted)
