"""What learning whether an origin holds is worth, and the forecast on a changed record."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from zopa.claims.claim import Claim
from zopa.claims.weight import CEILING
from zopa.forecasting._ask_words import Asking
from zopa.forecasting._drivers_rows import Contrast, ContrastRow, OriginValue
from zopa.forecasting._drivers_runs import Run, Runs, jackknife
from zopa.forecasting._members import distribution, group_means
from zopa.methods.intervals import central_range
from zopa.methods.problem import FloatArray
from zopa.methods.sensitivity import Information, of_difference

MOST_CLAIMS, MOST_VOICES = 10, 5
"""Claims and voices of the origins worth most whose removal is told."""
TINY = 1e-6
CLEAR = 2.0
"""Standard errors by which a value must exceed nothing to be told apart from it."""
SMALL = 0.005
"""Half a point: what moves a forecast by less is told as nothing."""


def origin_values(
    runs: Runs, now: Mapping[str, float], touches: Mapping[str, frozenset[str]]
) -> list[OriginValue]:
    """The value of every origin that the case cites, on every row of the forecast; ``now`` are its probabilities."""
    as_it_is = runs.told(runs.base)
    out = []
    for origin in runs.plain.switches.holds:
        q = _likely(runs, origin)
        on, off = (runs.told(runs.forced({origin: side})) for side in (True, False))
        claims = tuple(claim.id for claim in runs.case.ledger.origins[origin])
        overlaps = tuple(sorted(touches.get(origin, frozenset()) - {origin}))
        for question, middle in now.items():
            with_, without = on[question], off[question]
            value = _value(q, with_ - without, middle)
            here = float(as_it_is[question][0])
            ends = [float(np.clip(middle + side[0] - here, 0.0, 1.0)) for side in (with_, without)]
            out.append(OriginValue(origin, question, q, ends[0], ends[1], value, overlaps, claims))
    return out


def _likely(runs: Runs, origin: str) -> float:
    """How likely an origin holds: in the draws of the talks where there are any; for the origin of a forecast that is
    pooled, how likely it was rightly quoted, which is all that its forecast asks for."""
    if origin in runs.judging:
        return float(np.minimum(runs.plain.switches.said(origin), CEILING).mean())
    drawn, holds = runs.base.by_draw[-1][0], runs.plain.switches.holds[origin]
    return float((holds if drawn.pick is None else holds[drawn.pick]).mean())


def _value(q: float, difference: FloatArray, middle: float) -> Information:
    """Of the difference between the sides, with those that leave one block out behind it."""
    if not difference.any():
        # Nothing that this question asks for hangs on the origin.
        return Information(0.0, 0.0, 0.0)
    return of_difference(q, float(difference[0]), jackknife(difference), middle * (1 - middle))


# ---- changed records -------------------------------------------------------------------------------------------------


def contrasts(runs: Runs, now: Mapping[str, float], values: Sequence[OriginValue]) -> list[ContrastRow]:
    """The forecast without each claim of the origins worth most, with each of their voices doubted, and with every
    open contradiction settled either way."""
    first = _leading([row for row in values if row.question in runs.main])
    out: list[ContrastRow] = []
    for claim in _claims(runs, first):
        out += _rows(runs, now, runs.without(claim.id), "claim", (claim.id,), (claim.id,))
    for voice, origins in _voices(runs, first).items():
        claims = tuple(c.id for o in origins for c in runs.case.ledger.origins[o])
        out += _rows(runs, now, runs.forced(dict.fromkeys(origins, False)), "voice", (voice,), claims)
    by_id = runs.case.ledger.by_id
    for pair in runs.case.contradictions:
        ends = [by_id[pair.a].origin, by_id[pair.b].origin]
        if pair.settled is not None or not pair.exclusive or ends[0] == ends[1]:
            continue
        if not set(ends) <= set(runs.plain.switches.holds):
            continue
        for a, b in ((pair.a, pair.b), (pair.b, pair.a)):
            settled = {by_id[a].origin: True, by_id[b].origin: False}
            out += _rows(runs, now, runs.forced(settled), "settled", (a, b), (a, b))
    return out


def _leading(values: Sequence[OriginValue]) -> list[str]:
    """Origins whose value to some question is clear, those worth most to any first."""
    best: dict[str, float] = {}
    for row in values:
        if row.value.value > CLEAR * row.value.error:
            best[row.origin] = max(best.get(row.origin, 0.0), row.value.value)
    return sorted(best, key=lambda origin: -best[origin])


def _claims(runs: Runs, origins: Sequence[str]) -> list[Claim]:
    """The cited claims of some origins, in their order."""
    cited = {citation.claim for citation in runs.plain.switches.cited}
    every = [claim for origin in origins for claim in runs.case.ledger.origins[origin] if claim.id in cited]
    return every[:MOST_CLAIMS]


def _voices(runs: Runs, origins: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Voices of the leading origins that speak for more than one origin, with all of theirs that matter."""
    asking, ledger = Asking(runs.case), runs.case.ledger
    by_voice: dict[str, dict[str, None]] = {}
    for origin in runs.plain.switches.holds:
        for claim in ledger.origins[origin]:
            if (voice := asking.voice(claim)) is not None:
                by_voice.setdefault(voice, {})[origin] = None
    leading = dict.fromkeys(asking.voice(c) for o in origins for c in ledger.origins[o])
    found = {v: tuple(by_voice[v]) for v in leading if v is not None and len(by_voice.get(v, ())) > 1}
    return dict(list(found.items())[:MOST_VOICES])


def _rows(
    runs: Runs,
    now: Mapping[str, float],
    run: Run,
    kind: Contrast,
    subject: tuple[str, ...],
    because: tuple[str, ...],
) -> Iterator[ContrastRow]:
    before, after_ = runs.told(runs.base), runs.told(run)
    groups = runs.join(_outer(run)) - runs.join(_outer(runs.base))
    for question, middle in now.items():
        difference = after_[question] - before[question]
        rule = runs.sums.get(question)
        middle_difference = float(difference[0])
        if rule is None:
            # What the simulation alone tells has no grade table of its own in the pool: its error is its range.
            reach = 1.645 * jackknife(difference)
            low, high = middle_difference - reach, middle_difference + reach
        else:
            series = groups @ rule.astype(np.float64)
            low, high = central_range(
                middle_difference, series, np.full(len(series), 1 / len(series)), level=0.90, legal=None
            )
        yield ContrastRow(
            kind=kind,
            subject=subject,
            question=question,
            value=float(np.clip(middle + middle_difference, 0.0, 1.0)),
            difference=middle_difference,
            low=low,
            high=high,
            error=jackknife(difference),
            because=because,
        )


def _outer(run: Run) -> FloatArray:
    """(members, groups, 9) the members' means in every outer group, noise taken out."""
    found = np.stack([group_means(drawn, cells) for drawn, cells in run.by_draw])
    # With few draws the noise taken out may leave less than nothing of a rare cell.
    return distribution(np.maximum(found, TINY))
