"""How well a reader does on texts with known claims: precision, recall and F1 of each stage apart.

Gold text carries its claims inline: ``⟦type|speaker head|said on|kind|issues⟧content⟦/⟧``, with ``r``, ``p`` or ``n``
for the type; claims may nest, empty fields are not scored, ``/`` parts names that are equally right, and
``⟦&⟧…⟦/⟧`` gives the claim before it a second range. A claim counts as found where ranges overlap by at least half
(intersection over union), each gold claim once.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from zopa.claims.claim import Claim, ClaimType

OVERLAP = 0.5
_TAG = re.compile(r"⟦(/|[^⟧]*)⟧")
_TYPES: dict[str, ClaimType] = {"r": "report", "p": "position", "n": "narrator"}

Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Gold:
    """A claim as an annotator wrote it down; None where the annotation leaves a field open."""

    ranges: Spans
    type: ClaimType
    speakers: tuple[str, ...] = ()
    said_on: date | None = None
    kind: str | None = None
    issues: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of one stage with the shares made of them."""

    right: int
    predicted: int
    expected: int

    @property
    def precision(self) -> float:
        """Right among predicted."""
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Right among expected."""
        return self.right / self.expected if self.expected else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.predicted + self.expected
        return 2 * self.right / both if both else 0.0

    def __add__(self, other: "Score") -> "Score":
        return Score(
            self.right + other.right, self.predicted + other.predicted, self.expected + other.expected
        )

    def __str__(self) -> str:
        counts = f"{self.right}/{self.predicted}/{self.expected}"
        return f"P {self.precision:.3f}  R {self.recall:.3f}  F1 {self.f1:.3f}  ({counts})"


EMPTY = Score(0, 0, 0)


def parse_marked(marked: str) -> tuple[str, tuple[Gold, ...]]:
    """The plain text and its gold claims; ``ValueError`` where marks do not pair."""
    parts: list[str] = []
    open_marks: list[tuple[str, int]] = []
    gold: list[Gold] = []
    at = length = 0
    for found in _TAG.finditer(marked):
        parts.append(marked[at : found.start()])
        length += found.start() - at
        at = found.end()
        if found[1] != "/":
            open_marks.append((found[1], length))
        elif not open_marks:
            raise ValueError(f"a mark closes at {length} that never opened")
        else:
            fields, start = open_marks.pop()
            if fields == "&":
                gold[-1] = replace(gold[-1], ranges=(*gold[-1].ranges, (start, length)))
            else:
                gold.append(_gold(fields, start, length))
    parts.append(marked[at:])
    if open_marks:
        raise ValueError(f"a mark opens at {open_marks[-1][1]} that never closes")
    return "".join(parts), tuple(sorted(gold, key=lambda claim: claim.ranges))


def _gold(fields: str, start: int, stop: int) -> Gold:
    kind, head, said, act, tags = (fields.split("|") + [""] * 5)[:5]
    return Gold(
        ((start, stop),),
        _TYPES[kind],
        tuple(name for name in head.split("/") if name),
        date.fromisoformat(said) if said else None,
        act or None,
        tuple(tags.split(",")) if tags else None,
    )


def overlap(a: Spans, b: Spans) -> float:
    """Intersection over union of two sets of ranges, in characters."""
    common = sum(max(0, min(x[1], y[1]) - max(x[0], y[0])) for x in a for y in b)
    total = sum(stop - start for start, stop in a) + sum(stop - start for start, stop in b) - common
    return common / total if total else 0.0


def pairs(
    claims: Sequence[Claim], gold: Sequence[Gold], *, least: float = OVERLAP
) -> list[tuple[Claim, Gold]]:
    """Claims matched to gold, best overlap first, each at most once."""
    rated = sorted(
        (
            (overlap(claim.ranges, known.ranges), i, k)
            for i, claim in enumerate(claims)
            for k, known in enumerate(gold)
        ),
        key=lambda row: -row[0],
    )
    used_claims: set[int] = set()
    used_gold: set[int] = set()
    out: list[tuple[Claim, Gold]] = []
    for rate, i, k in rated:
        if rate < least:
            break
        if i not in used_claims and k not in used_gold:
            used_claims.add(i)
            used_gold.add(k)
            out.append((claims[i], gold[k]))
    return out


def _of(items: Iterable[Claim], types: frozenset[str]) -> list[Claim]:
    return [item for item in items if item.type in types]


def same_speaker(claim: Claim, known: Gold) -> bool:
    """Whether the speaker's head is one that the annotation accepts (blanks and case aside)."""
    head = "".join((claim.speaker_head or "").split()).casefold()
    return any("".join(name.split()).casefold() == head for name in known.speakers)


def stages(
    claims: Sequence[Claim],
    gold: Sequence[Gold],
    *,
    types: frozenset[str] = frozenset({"report"}),
    issue_of: Callable[[str], str | None] = lambda tag: tag,
) -> dict[str, Score]:
    """Scores by stage: range, exact range, range with speaker, speaker on matched, day of utterance, kind, issues.

    Ranges and speakers are scored on claims of ``types``; kind and issues on matched claims of any type. ``issue_of``
    maps a tag onto the annotation's own, or to None where it is not to be scored.
    """
    mine, known = _of(claims, types), [g for g in gold if g.type in types]
    matched = pairs(mine, known)
    right = sum(same_speaker(claim, g) for claim, g in matched)
    named = [(claim, g) for claim, g in matched if g.speakers]
    exact = sum(claim.ranges == g.ranges for claim, g in matched)
    dated = [(claim, g) for claim, g in matched if g.said_on is not None]
    anyhow = pairs(list(claims), list(gold))
    kinds = [(claim, g) for claim, g in anyhow if g.kind is not None]
    out = {
        "range": Score(len(matched), len(mine), len(known)),
        "exact": Score(exact, len(mine), len(known)),
        "range+speaker": Score(right, len(mine), len(known)),
        "speaker|matched": Score(sum(same_speaker(c, g) for c, g in named), len(named), len(named)),
        "said_on|matched": Score(sum(c.said_on == g.said_on for c, g in dated), len(dated), len(dated)),
        "kind|matched": Score(sum(c.kind == g.kind for c, g in kinds), len(kinds), len(kinds)),
        "issues|matched": EMPTY,
    }
    for claim, g in anyhow:
        if g.issues is not None:
            said = {tag for tag in map(issue_of, claim.issues) if tag is not None}
            want = {tag for tag in map(issue_of, g.issues) if tag is not None}
            out["issues|matched"] += Score(len(said & want), len(said), len(want))
    return out
