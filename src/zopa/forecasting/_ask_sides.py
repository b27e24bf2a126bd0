"""What readings, and origins beside the forecast, move: told from draws and worlds that are there already.

A reading moves the forecast through the simulated talks alone: history and judgement say nothing of readings, and their
part of the pool stays.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zopa.case.case import Case
from zopa.case.draws import Draws
from zopa.case.evidence import Bool
from zopa.estimate import Array
from zopa.forecasting._ask_matters import Sides
from zopa.forecasting._ask_rows import Answer, Effect
from zopa.forecasting._ask_split import Split, blocks_of, first_column, split
from zopa.forecasting._members import Members
from zopa.forecasting._simulate_rows import Played, told
from zopa.forecasting._voices import cell_questions
from zopa.forecasting.baserate import NAMES
from zopa.forecasting.forecast import Forecast
from zopa.methods.end_states import CELLS
from zopa.methods.pooling import QUESTIONS, clipped, pool, smoothed
from zopa.methods.problem import FloatArray
from zopa.methods.sensitivity import of_number

TALKS = "simulate"
EXISTS = "exists"


@dataclass(frozen=True, eq=False)
class Told:
    """A row of the forecast as a function of means over draws: ``columns`` (D, C), and the answer from their means."""

    columns: FloatArray
    answer: Callable[[FloatArray], FloatArray]


def sides_of(
    case: Case,
    plain: Draws,
    open_: Bool | None,
    made: Forecast,
    now: Mapping[str, float],
    pairs: Iterable[tuple[str, str]],
) -> Sides:
    """What origins and the pairs of rivals make of the zone (``open_``, where there is one), and readings of the
    forecast and the zone; ``now`` the forecast by question."""
    origins = [(origin,) for origin in plain.switches.holds]
    zone: dict[tuple[str, ...], Effect] = {}
    for key in [*origins, *dict.fromkeys(pairs)] if open_ is not None else []:
        found = None if open_ is None else _of_origins(plain, key, open_, "zone", EXISTS)
        if found is not None:
            zone[key] = found
    readings: dict[str, tuple[Effect, ...]] = {}
    rows = forecast_rows(made) if made.members.worlds else {}
    for party, known in case.file.readings.items():
        ids = [reading.id for reading in known]
        effects = list(_of_reading(made.members, rows, party, ids, now))
        if open_ is not None:
            parts = _one_hot(plain.reading(party), len(ids))
            effects += _told("zone", EXISTS, ids, split(parts, open_, blocks_of(plain)))
        readings[party] = tuple(effects)
    return Sides(zone, readings)


def forecast_rows(made: Forecast) -> Mapping[str, Told]:
    """Every row of the forecast by name, as a function of how the simulated talks went."""
    case, played = made.case, made.members.worlds["all"]
    cells = played.cells()
    join = _joined(made)
    sums = cell_questions(case)
    ids = {q.when: q.id for q in case.file.questions if q.when is not None}
    main = {ids.get(name, name): rule for name, rule in zip(NAMES, QUESTIONS, strict=True)}
    out = {name: Told(cells, _sum(join, rule)) for name, rule in {**main, **sums}.items()}
    for kind, name, _, happens in told(case, played.laid.violent):
        if kind in ("question", "scenario") and name not in out:
            columns = np.concatenate([cells, _jointly(played, happens(played.worlds))], axis=1)
            out[name] = Told(columns, _given(join))
        elif kind == "event":
            out[name] = Told(played.share(happens(played.worlds))[:, None], first_column)
    return out


def _joined(made: Forecast) -> Callable[[FloatArray], FloatArray]:
    """The pool as a function of the simulation's cells (..., 9), the other members as they are."""
    members = made.members
    weights = np.array([made.weights[member.name] for member in members.all_])
    talks = next(member for member in members.all_ if member.name == TALKS)

    def join(cells: FloatArray) -> FloatArray:
        own = smoothed(cells * (talks.counted or 1.0))
        said = [own if m.name == TALKS else np.broadcast_to(m.mean("all"), own.shape) for m in members.all_]
        return pool(clipped(np.stack(said, axis=-2), QUESTIONS), weights, exponent=made.exponent)

    return join


def _sum(
    join: Callable[[FloatArray], FloatArray], rule: NDArray[np.bool_]
) -> Callable[[FloatArray], FloatArray]:
    return lambda means: np.asarray(join(means) @ rule.astype(np.float64))


def _given(join: Callable[[FloatArray], FloatArray]) -> Callable[[FloatArray], FloatArray]:
    """What the simulation alone says given the cell, by the pooled cells."""

    def answer(means: FloatArray) -> FloatArray:
        cells, hits = means[..., :CELLS], means[..., CELLS:]
        share = np.divide(hits, cells, out=np.zeros_like(hits), where=cells > 0)
        return np.asarray((join(cells) * share).sum(axis=-1))

    return answer


def _jointly(played: Played, happens: Bool) -> FloatArray:
    """(draws, 9) share of each draw's worlds that are in a cell and in which something happens."""
    n, plays = played.draws.n, played.worlds.plays
    at = np.repeat(np.arange(n), plays) * CELLS + played.worlds.states.cell
    counts = np.bincount(at, weights=happens, minlength=n * CELLS)
    return np.asarray(counts.reshape(n, CELLS) / plays)


def _of_reading(
    members: Members, rows: Mapping[str, Told], party: str, ids: Sequence[str], now: Mapping[str, float]
) -> Iterator[Effect]:
    if not rows:
        return
    drawn = members.worlds["all"].draws
    parts, blocks = _one_hot(drawn.reading(party), len(ids)), blocks_of(drawn)
    for question, row in rows.items():
        if question in now:
            found = split(parts, row.columns, blocks, row.answer)
            yield from _told("forecast", question, ids, found, now[question])


def _told(
    on: str, question: str, ids: Sequence[str], found: Split | None, now: float | None = None
) -> Iterator[Effect]:
    """An effect with one answer a part; as differences from ``now`` where the conclusion stands elsewhere too."""
    if found is not None:
        middle = found.mean if now is None else now
        answers = tuple(
            Answer(name, share, float(np.clip(middle + answer - found.mean, 0.0, 1.0)))
            for name, share, answer in zip(ids, found.shares, found.answers, strict=True)
        )
        yield Effect("zone" if on == "zone" else "forecast", question, middle, answers, found.value)


def _one_hot(taken: NDArray[np.int64], readings: int) -> Bool:
    return np.asarray(taken == np.arange(readings)[:, None])


def held(drawn: Draws, origin: str) -> Bool:
    """(draws,) in which an origin holds."""
    holds = drawn.switches.holds[origin]
    return holds if drawn.pick is None else np.asarray(holds[drawn.pick])


def _of_origins(
    drawn: Draws, origins: tuple[str, ...], series: Bool | Array, on: str, question: str
) -> Effect | None:
    """What it makes of a series to learn whether an origin holds, or which of two rivals does."""
    if any(origin not in drawn.switches.holds for origin in origins):
        return None
    parts = [held(drawn, origin) for origin in origins]
    names = ["holds", "fails"] if len(parts) == 1 else ["first", "second", "neither"]
    parts.append(~np.any(parts, axis=0))
    there = [k for k, part in enumerate(parts) if part.any()]
    found = split(np.stack([parts[k] for k in there]), series, blocks_of(drawn))
    if found is None:
        return None
    answers = tuple(
        Answer(names[k], share, answer)
        for k, share, answer in zip(there, found.shares, found.answers, strict=True)
    )
    return Effect("wants" if on == "wants" else "zone", question, found.mean, answers, found.value)


def further(drawn: Draws, origins: tuple[str, ...], readings: Mapping[str, Sequence[str]]) -> list[Effect]:
    """The reading, of all parties, that learning about some origins moves most and clearly; empty where none."""
    found = [
        _of_origins(drawn, origins, drawn.reading(party) == k, "wants", f"{party}.{reading}")
        for party, ids in readings.items()
        for k, reading in enumerate(ids)
    ]
    clear = [effect for effect in found if effect is not None and effect.clear]
    return sorted(clear, key=lambda effect: -effect.value.value)[:1]


def number_on_zone(plain: Draws, open_: Bool | None, path: str) -> list[Effect]:
    """What a number makes of the zone, where it clearly does."""
    if open_ is None:
        return []
    found = of_number(open_.astype(np.float64), plain.uniforms(path))
    answers = (Answer("low", None, found.low), Answer("high", None, found.high))
    effect = Effect("zone", EXISTS, float(open_.mean()), answers, found.information)
    return [effect] if effect.clear else []
