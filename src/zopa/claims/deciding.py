"""A decision of a person on a claim, made whole: what an edit brings along, and whether its words still stand."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from zopa.claims import reviews
from zopa.claims.claim import Claim, quote_at, verified
from zopa.claims.reviews import Decision
from zopa.claims.source import Source
from zopa.errors import DossierError


def moment(log: Iterable[Decision]) -> datetime:
    """The moment of the next decision, later than every one so far: an undo names a decision by its moment."""
    now, latest = datetime.now(UTC), max((decision.at for decision in log), default=None)
    return now if latest is None or now > latest else latest + timedelta(microseconds=1)


def edited(
    claim: Claim, patch: Mapping[str, Any], source: Source | None, *, author: str, at: datetime
) -> Decision:
    """The decision that a claim stands with other values, quotation and origin going along with ranges and speaker.

    ``DossierError`` says what makes the patch no claim, or that the words do not stand at the ranges.
    """
    whole = dict(patch)
    if "ranges" in whole:
        whole["quote"] = _quote(claim, whole["ranges"], source)
    if isinstance(whole.get("speaker_head"), str) and "origin" not in whole:
        whole["origin"] = reviews.origin_for(claim, whole["speaker_head"])
    decision = reviews.edit(claim, whole, author=author, at=at)
    if source is None or not verified(decision.outcome(), source.text):
        raise DossierError.of("edit-not-there", claim=claim.id)
    return decision


def _quote(claim: Claim, ranges: object, source: Source | None) -> str:
    """The words at new ranges; the old ones where the ranges cannot be read, which the edit then refuses."""
    if source is None or not isinstance(ranges, list):
        return claim.quote
    pairs = [tuple(pair) for pair in ranges if isinstance(pair, list) and len(pair) == 2]
    whole = tuple((a, b) for a, b in pairs if type(a) is int and type(b) is int and 0 <= a < b)
    return quote_at(source.text, whole) or claim.quote
