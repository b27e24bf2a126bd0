"""Two readers on one document: where they agree they are surer, where they differ a reviewer looks first."""

from collections.abc import Sequence

from zopa.claims.claim import Claim
from zopa.dossier.score import OVERLAP, overlap

ALONE = 0.8
"""A claim that only one of two readers found keeps this share of its confidence."""


def merged(first: Sequence[Claim], second: Sequence[Claim]) -> tuple[Claim, ...]:
    """The claims of both, one for each pair that stands at the same place, in the order of the text.

    Of a pair the first reader's claim stands. Agreement makes it as sure as two independent readers would be.
    ``disputed`` names what they differ on: range, speaker, type, kind or day; ``found`` where only one found it.
    """
    left = list(second)
    out: list[Claim] = []
    for claim in first:
        fits = [(overlap(claim.ranges, other.ranges), k) for k, other in enumerate(left)]
        share, best = max(fits, default=(0.0, -1))
        if share < OVERLAP:
            out.append(_alone(claim))
        else:
            out.append(_pair(claim, left.pop(best)))
    out += map(_alone, left)
    ids: dict[str, Claim] = {}
    for claim in sorted(out, key=lambda c: c.ranges):
        ids.setdefault(claim.id, claim)
    return tuple(ids.values())


def _alone(claim: Claim) -> Claim:
    return claim.model_copy(update={"disputed": ("found",), "confidence": round(ALONE * claim.confidence, 3)})


def _pair(a: Claim, b: Claim) -> Claim:
    differs = {
        "range": a.ranges != b.ranges,
        "speaker": a.speaker_head != b.speaker_head,
        "type": a.type != b.type,
        "kind": a.kind != b.kind,
        "day": a.said_on != b.said_on,
    }
    disputed = tuple(key for key, off in differs.items() if off)
    sure = 1 - (1 - a.confidence) * (1 - b.confidence)
    weighty = {"speaker", "type"} & set(disputed)
    return a.model_copy(
        update={
            "reader": f"{a.reader}+{b.reader}",
            "disputed": disputed,
            "confidence": a.confidence if weighty else round(sure, 3),
        }
    )
