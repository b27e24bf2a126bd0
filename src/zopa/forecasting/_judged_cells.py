"""From forecasts in words to the joint cells, draw by draw.

A group of draws shares one reading of every forecast (a number within its range) and one grade table; within it each
draw decides which origins were rightly quoted. What the forecasts that stand say of one question is pooled by the
geometric mean of odds, each voice once; the questions then move the prior as little as they can
(``methods.marginals``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from zopa.case.draws import Draws, Evidence
from zopa.claims.weight import CEILING
from zopa.estimate import UNIT, uniforms
from zopa.forecasting._voices import Foreseen
from zopa.methods.intervals import Interval, outer_interval, paired_difference
from zopa.methods.marginals import marginals_to_cells
from zopa.methods.pooling import LEAST, MOST
from zopa.methods.problem import BoolArray, FloatArray
from zopa.methods.scoring import logit
from zopa.result import LEAST as SHOWS
from zopa.result import Chance, Verdict


@dataclass(frozen=True, eq=False)
class Asked:
    """The questions that forecasts are pooled on: which cells make each, and for every forecast which it speaks of."""

    rules: BoolArray
    of: Mapping[str, int]

    @classmethod
    def about(cls, pooled: Sequence[Foreseen], cells: Mapping[str, BoolArray]) -> "Asked":
        """Questions with the same cells are one."""
        kinds: dict[bytes, int] = {}
        rules: list[BoolArray] = []
        for entry in pooled:
            rule = cells[entry.question or ""]
            if rule.tobytes() not in kinds:
                kinds[rule.tobytes()] = len(rules)
                rules.append(rule)
        of = {entry.id: kinds[cells[entry.question or ""].tobytes()] for entry in pooled}
        return cls(np.array(rules, dtype=bool), of)


def standing(drawn: Draws, entry: Foreseen, off: str | None = None) -> BoolArray:
    """In which draws a forecast stands: a quoted one where one of its origins is rightly quoted, all but ``off``.

    What an origin's word tells of the matter (its bearing) plays no part here: a forecast is judged as one.
    """
    if drawn.evidence == "none":
        return np.zeros(drawn.n, dtype=bool)
    if entry.assumed:
        return np.full(drawn.n, drawn.evidence == "all")
    by_id = drawn.case.ledger.by_id
    out = np.zeros(drawn.n, dtype=bool)
    for origin in dict.fromkeys(by_id[claim].origin for claim in entry.because):
        if origin == off:
            continue
        if origin in drawn.force:
            out |= drawn.force[origin]
        else:
            said = np.minimum(drawn.switches.said(origin), CEILING)
            out |= drawn.uniforms(f"origin/{origin}") < said[drawn.group]
    return out


def judged_cells(
    drawn: Draws,
    pooled: Sequence[Foreseen],
    asked: Asked,
    *,
    prior: FloatArray,
    weights: Mapping[str, float],
    off: str | None = None,
    at_their_word: bool = False,
) -> FloatArray:
    """(draws, cells): the prior moved by the forecasts that stand in each draw, or by all ``at_their_word``.

    ``weights`` by voice, 1 unless given.
    """
    if not pooled or drawn.evidence == "none":
        return np.broadcast_to(prior, (drawn.n, len(prior)))
    holds = np.stack([at_their_word | standing(drawn, entry, off) for entry in pooled], axis=1)
    # Draws of a group in which the same forecasts stand are alike.
    kinds, which = np.unique(np.column_stack([drawn.group, holds]), axis=0, return_inverse=True)
    group, on = kinds[:, 0], kinds[:, 1:].astype(bool)
    odds = np.stack([_read(drawn, entry)[group] for entry in pooled], axis=1)
    stated = np.full((len(kinds), len(asked.rules)), 0.5)
    said = np.zeros(stated.shape, dtype=bool)
    for q in range(len(asked.rules)):
        total, weight = np.zeros(len(kinds)), np.zeros(len(kinds))
        for voice in dict.fromkeys(e.voice for e in pooled if asked.of[e.id] == q):
            own = [k for k, e in enumerate(pooled) if e.voice == voice and asked.of[e.id] == q]
            count = on[:, own].sum(axis=1)
            mean = (odds[:, own] * on[:, own]).sum(axis=1) / np.maximum(count, 1)
            total += np.where(count > 0, weights.get(voice, 1.0) * mean, 0.0)
            weight += np.where(count > 0, weights.get(voice, 1.0), 0.0)
        said[:, q] = weight > 0
        mean = total / np.where(weight > 0, weight, 1.0)
        stated[:, q] = np.where(said[:, q], 1 / (1 + np.exp(-mean)), 0.5)
    return marginals_to_cells(prior, asked.rules, stated, said)[which.reshape(-1)]


def _read(drawn: Draws, entry: Foreseen) -> FloatArray:
    """(groups,): log odds of a forecast, read once a group within the range of its words, and within 2 to 98 %."""
    u = uniforms(drawn.seed, f"judgement/{entry.id}", drawn.groups)
    return logit(np.clip(entry.estimate.quantile(u, UNIT), LEAST, MOST))


def by_group(cells: FloatArray, drawn: Draws) -> FloatArray:
    """(groups, cells): the mean of every outer group."""
    sizes = np.bincount(drawn.group, minlength=drawn.groups)
    sums = np.stack([np.bincount(drawn.group, column, minlength=drawn.groups) for column in cells.T], axis=1)
    return np.asarray(sums / sizes[:, None])


def chance_of_cells(
    rule: BoolArray, ways: Mapping[Evidence, FloatArray], without: Sequence[FloatArray], drawn: Draws
) -> Chance:
    """The probability of a sum of cells: ``ways`` are the cells as the case stands, less its assumptions, and at the
    prior; ``without`` as it stands with one origin removed. Its range is over groups: readings of words and grades."""
    series = {way: cells[:, rule].sum(axis=1) for way, cells in ways.items()}
    spread = outer_interval(_unit(series["all"]), drawn.group)
    gain = paired_difference(series["cited"], series["none"], drawn.group)
    whole = paired_difference(series["all"], series["none"], drawn.group)
    means = [float(cells[:, rule].sum(axis=1).mean()) for cells in without]
    return Chance(
        value=spread.mean,
        low=spread.low,
        high=spread.high,
        zero=float(series["none"].mean()),
        cited=float(series["cited"].mean()),
        gain=gain.mean,
        gain_low=gain.low,
        gain_high=gain.high,
        error=spread.error,
        verdict=_verdict(series, gain, whole),
        lowest=min([spread.mean, *means]),
        highest=max([spread.mean, *means]),
    )


def _unit(series: FloatArray) -> FloatArray:
    return np.clip(series, 0.0, 1.0)


def _verdict(series: Mapping[Evidence, FloatArray], gain: Interval, whole: Interval) -> Verdict:
    """As for every probability: the record alone, and the case as it stands, differ from the zero line alike."""
    if bool((series["cited"] == series["none"]).all()):
        return "silent"
    clear = all((d.low > SHOWS or d.high < -SHOWS) and abs(d.mean) > 2 * d.error for d in (gain, whole))
    return "shows" if clear and (gain.mean > 0) == (whole.mean > 0) else "open"
