"""How well a reader does on texts with known claims: precision, recall and F1 of each stage apart, with intervals.

A claim counts as found where its ranges overlap those of a gold claim by at least half (intersection over union), each
gold claim once. Intervals are percentiles of a bootstrap (Efron 1979) over documents, for claims of one document stand
and fall together; of a single document over its claims.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from zopa.claims.claim import Claim, verified
from zopa.claims.source import Source
from zopa.dossier.gold import NAMED, Gold, Marked, Spans, parse_marked

__all__ = ["Gold", "Score", "overlap", "pairs", "parse_marked", "same_speaker", "stages"]

OVERLAP = 0.5
REPORTS = frozenset({"report"})
LEVEL = 0.95
DRAWS = 2000
CELLS = 4_000_000
"""Numbers held at once while resampling."""
Reader = Callable[[Source], tuple[Claim, ...]]


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


def same_speaker(claim: Claim, known: Gold) -> bool:
    """Whether the speaker's head is one that the annotation accepts (blanks and case aside)."""
    head = "".join((claim.speaker_head or "").split()).casefold()
    return any("".join(name.split()).casefold() == head for name in known.speakers)


def stages(
    claims: Sequence[Claim],
    gold: Sequence[Gold],
    *,
    types: frozenset[str] = REPORTS,
    issue_of: Callable[[str], str | None] = lambda tag: tag,
) -> dict[str, Score]:
    """Scores by stage: range, exact range, range with speaker, then of matched claims speaker, day, kind, issues.

    Ranges and speakers are scored on claims of ``types``; kind and issues on matched claims of any type. ``issue_of``
    maps a tag onto the annotation's own, or to None where it is not to be scored. A field that gold leaves open counts
    nowhere. Stages of named fields follow where gold has them.
    """
    by_stage = units(claims, gold, types=types, issue_of=issue_of)
    return {
        stage: sum(each, EMPTY)
        for stage, each in by_stage.items()
        if stage not in OPTIONAL or _has_values(stage, gold)
    }


def units(
    claims: Sequence[Claim],
    gold: Sequence[Gold],
    *,
    types: frozenset[str] = REPORTS,
    issue_of: Callable[[str], str | None] = lambda tag: tag,
) -> dict[str, list[Score]]:
    """What :func:`stages` adds up, claim by claim: each gold claim, and each claim that is none."""
    mine, known = _of(claims, types), [g for g in gold if g.type in types]
    matched = pairs(mine, known)
    named = [(claim, g) for claim, g in matched if g.speakers]
    dated = [(claim, g) for claim, g in matched if g.said_on is not None or g.undated]
    anyhow = pairs(list(claims), list(gold))
    kinds = [(claim, g) for claim, g in anyhow if g.kind is not None]
    open_speaker = {id(claim) for claim, g in matched if not g.speakers}
    speaking = [claim for claim in mine if id(claim) not in open_speaker]
    out = {
        "range": _found(matched, mine, known, lambda claim, g: True),
        "exact": _found(matched, mine, known, lambda claim, g: claim.ranges == g.ranges),
        "range+speaker": _found(named, speaking, [g for g in known if g.speakers], same_speaker),
        "speaker|matched": [_share(same_speaker(claim, g)) for claim, g in named],
        "said_on|matched": [_share(claim.said_on == g.said_on) for claim, g in dated],
        "kind|matched": [_share(claim.kind == g.kind) for claim, g in kinds],
        "issues|matched": [_tags(claim, g, issue_of) for claim, g in anyhow if g.issues is not None],
    }
    for key in NAMED:
        has = [(claim, g) for claim, g in anyhow if key in g.named]
        out[f"{key}|matched"] = [_share(getattr(claim, key) == g.named[key]) for claim, g in has]
    out["range|any type"] = _found(anyhow, claims, gold, lambda claim, g: True)
    return out


def _of(items: Iterable[Claim], types: frozenset[str]) -> list[Claim]:
    return [item for item in items if item.type in types]


def _share(right: bool) -> Score:
    return Score(int(right), 1, 1)


def _found(
    matched: Sequence[tuple[Claim, Gold]],
    claims: Sequence[Claim],
    gold: Sequence[Gold],
    right: Callable[[Claim, Gold], bool],
) -> list[Score]:
    """Each pair, each gold claim that was missed, and each claim that is none."""
    hit = {id(claim) for claim, _ in matched}
    met = {id(g) for _, g in matched}
    return [
        *(Score(int(right(claim, g)), 1, 1) for claim, g in matched),
        *(Score(0, 0, 1) for g in gold if id(g) not in met),
        *(Score(0, 1, 0) for claim in claims if id(claim) not in hit),
    ]


def _tags(claim: Claim, g: Gold, issue_of: Callable[[str], str | None]) -> Score:
    said = {tag for tag in map(issue_of, claim.issues) if tag is not None}
    want = {tag for tag in map(issue_of, g.issues or ()) if tag is not None}
    return Score(len(said & want), len(said), len(want))


# ---- intervals ---------------------------------------------------------------------------------------------------

Ends = tuple[float, float]


@dataclass(frozen=True)
class Interval:
    """Lowest and highest plausible precision, recall and F1; None where no resample had anything to count."""

    precision: Ends | None
    recall: Ends | None
    f1: Ends | None


def bootstrap(
    scores: Sequence[Score], *, draws: int = DRAWS, seed: int = 0, level: float = LEVEL
) -> Interval:
    """Percentile intervals of the shares of the sum of ``scores``, each drawn as often as chance has it.

    The same seed and number of scores give the same resamples, so that stages of the same documents go together.
    """
    if not scores:
        return Interval(None, None, None)
    counts = np.array([(s.right, s.predicted, s.expected) for s in scores], dtype=np.float64)
    n = len(scores)
    rng = np.random.default_rng(seed)
    step = max(1, CELLS // n)
    sums = np.concatenate(
        [
            rng.multinomial(n, np.full(n, 1 / n), size=min(step, draws - k)) @ counts
            for k in range(0, draws, step)
        ]
    )
    right, predicted, expected = sums.T
    ends = (0.5 - level / 2, 0.5 + level / 2)

    def between(share_of: np.ndarray, part: np.ndarray) -> Ends | None:
        some = share_of > 0
        if not some.any():
            return None
        low, high = np.quantile(part[some] / share_of[some], ends)
        return float(low), float(high)

    return Interval(
        between(predicted, right), between(expected, right), between(predicted + expected, 2 * right)
    )


# ---- a reader on gold --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stage:
    """One stage over all documents, with its intervals; ``score`` counts nothing where no claim was matched."""

    name: str
    score: Score
    interval: Interval


@dataclass(frozen=True)
class Scored:
    """How a reader did: stages that gold has values for, and on how much."""

    stages: tuple[Stage, ...]
    documents: int
    known: int
    found: int
    verified: int
    over: Literal["documents", "claims"]
    draws: int
    seed: int


def score_reader(gold: Sequence[Marked], reader: Reader, *, draws: int = DRAWS, seed: int = 0) -> Scored:
    """Precision, recall and F1 of every stage that gold has values for, with 95 % intervals; seeded.

    Resamples documents; of a single document its claims. Every claim is also checked against its document.
    """
    read = [(document, reader(document.source)) for document in gold]
    each = [units(claims, document.gold) for document, claims in read]
    known = [g for document in gold for g in document.gold]
    names = [name for name in dict.fromkeys(key for one in each for key in one) if _has_values(name, known)]
    single = len(gold) == 1
    out = []
    for name in names:
        parts = [one[name] for one in each]
        scores = parts[0] if single else [sum(part, EMPTY) for part in parts]
        out.append(Stage(name, sum(scores, EMPTY), bootstrap(scores, draws=draws, seed=seed)))
    return Scored(
        stages=tuple(sorted(out, key=lambda stage: ORDER.index(stage.name))),
        documents=len(gold),
        known=len(known),
        found=sum(len(claims) for _, claims in read),
        verified=sum(verified(c, document.source.text) for document, claims in read for c in claims),
        over="claims" if single else "documents",
        draws=draws,
        seed=seed,
    )


ORDER = (
    "range",
    "exact",
    "range+speaker",
    "range|any type",
    "speaker|matched",
    "said_on|matched",
    "kind|matched",
    "issues|matched",
    *(f"{key}|matched" for key in NAMED),
)


def _names(key: str, g: Gold) -> bool:
    return key in g.named


OPTIONAL = ("range|any type", *(f"{key}|matched" for key in NAMED))
"""Stages that are told only where gold has something for them, also by :func:`stages`."""
_NEEDS: Mapping[str, Callable[[Gold], bool]] = {
    "range|any type": lambda g: g.type not in REPORTS,
    "range": lambda g: g.type in REPORTS,
    "exact": lambda g: g.type in REPORTS,
    "range+speaker": lambda g: bool(g.speakers) and g.type in REPORTS,
    "speaker|matched": lambda g: bool(g.speakers) and g.type in REPORTS,
    "said_on|matched": lambda g: (g.said_on is not None or g.undated) and g.type in REPORTS,
    "kind|matched": lambda g: g.kind is not None,
    "issues|matched": lambda g: g.issues is not None,
    **{f"{key}|matched": partial(_names, key) for key in NAMED},
}


def _has_values(stage: str, gold: Sequence[Gold]) -> bool:
    """Whether gold has anything to find; texts without any claim say so about the ranges."""
    return any(map(_NEEDS[stage], gold)) or (not gold and stage in ("range", "exact"))
