"""What learning a number is worth, and which share of the simulated worlds' variance each group of primitives decides.

Both are told from worlds that are there already: the answer is projected on Legendre polynomials of the number (its
rank among the draws) or of the uniform behind a primitive (Strong and Oakley 2013; Plischke et al. 2013).
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from zopa.case.draws import Draws
from zopa.case.moves import after
from zopa.estimate import uniforms
from zopa.forecasting._drivers_rows import GROUPS, EstimateValue, Group, ShareRow
from zopa.forecasting._drivers_runs import BLOCKS, Runs, blocks_of, jointly, left_out
from zopa.forecasting._member_record import SIMULATION
from zopa.forecasting._members import Members, distribution
from zopa.forecasting._simulate_board import lay
from zopa.forecasting._simulate_rows import played, told
from zopa.forecasting.baserate import NAMES
from zopa.methods.pooling import QUESTIONS
from zopa.methods.problem import BoolArray, FloatArray, IntArray
from zopa.methods.sensitivity import DEGREE, Information, first_order, of_chance, polynomials

NODES = 16
"""Values of a number at which the forecast is asked for."""
ENDS = (0.05, 0.95)
LEAST_DRAWS = 60
TINY = 1e-6
PATHS_APART = ("moves.",)
"""Streams that tell which draws explain what was done, not how a world goes on."""


def used_streams(case_draws: Draws, after_moves: bool) -> tuple[str, ...]:
    """Names of the random numbers that the simulated talks of a case are made of, in the order of use."""
    fresh = Draws(case_draws.case, LEAST_DRAWS, case_draws.seed)
    lay(after(fresh) if after_moves else fresh)
    return tuple(fresh.streams)


def estimate_values(runs: Runs, now: Mapping[str, float]) -> list[EstimateValue]:
    """What every number that the talks are made of is worth, and every forecast in words that is pooled."""
    out: list[EstimateValue] = []
    for k, member in enumerate(runs.members.all_):
        if member.name == SIMULATION:
            out += _of_talks(runs, k, now)
        elif member.name == "experts":
            out += _of_judgements(runs, k, now)
    return out


def _of_talks(runs: Runs, place: int, now: Mapping[str, float]) -> Iterator[EstimateValue]:
    worlds = runs.members.worlds["all"]
    drawn, blocks = worlds.draws, blocks_of(worlds.draws)
    names, parts = ["cells"], [worlds.cells()]
    for kind, name, _, happens in told(runs.case, worlds.laid.violent):
        if kind in ("question", "scenario") and name not in runs.sums:
            names.append(name)
            parts.append(jointly(worlds, happens(worlds.worlds)))
    joint = names[1:]
    events = [
        (name, worlds.share(happens(worlds.worlds)))
        for kind, name, _, happens in told(runs.case, worlds.laid.violent)
        if kind == "event"
    ]
    columns = np.concatenate([*parts, *(share[:, None] for _, share in events)], axis=1)
    streams = set(used_streams(runs.plain, runs.after_moves))
    for path, quantity in drawn.quantities.items():
        stream = path if quantity.number.estimate.known else f"{path}/ignorance"
        if stream in streams:
            found = _respond(columns, drawn.uniforms(stream), blocks)
            said = {name: found[..., 9 * (i + 1) : 9 * (i + 2)] for i, name in enumerate(joint)}
            first = 9 * len(names)
            on_the_way = {name: found[..., first + i] for i, (name, _) in enumerate(events)}
            yield from _valued(runs, place, path, now, found[..., :9], said, on_the_way)


def _of_judgements(runs: Runs, place: int, now: Mapping[str, float]) -> Iterator[EstimateValue]:
    member = runs.members.all_[place]
    drawn, known = member.drawn["all"], runs.plain.quantities
    sums = {name: middle for name, middle in now.items() if name in runs.sums}
    # A group of draws shares one reading of the words: blocks are of groups.
    blocks = np.asarray(drawn.group % BLOCKS, dtype=np.int64)
    for judgement in runs.case.file.judgements:
        path = f"judgements.{judgement.id}.probability"
        if path in known and known[path].number.estimate.known:
            u = uniforms(drawn.seed, f"judgement/{judgement.id}", drawn.groups)[drawn.group]
            yield from _valued(runs, place, path, sums, _respond(member.cells["all"], u, blocks), {}, {})


def _respond(columns: FloatArray, u: FloatArray, blocks: IntArray) -> FloatArray:
    """(1 + blocks, nodes + 2, columns) the means of ``columns`` (n, columns) where a number stands at each node, then
    at its ends: over all draws and with each block left out."""
    at = np.concatenate([(np.arange(NODES) + 0.5) / NODES, ENDS])
    waves = polynomials(at, DEGREE)
    means = left_out(columns, blocks)
    out = np.repeat(means[:, None, :], len(at), axis=1)
    for wave, basis in zip(waves, polynomials(u, DEGREE), strict=True):
        out += wave[None, :, None] * left_out(basis[:, None] * columns, blocks)[:, None, :]
        # The basis has mean 0 over the uniforms drawn only nearly: what of it is the mean's is taken out again.
        out -= wave[None, :, None] * (left_out(basis[:, None], blocks) * means)[:, None, :]
    return np.maximum(out, 0.0)


def _valued(
    runs: Runs,
    place: int,
    path: str,
    now: Mapping[str, float],
    cells: FloatArray,
    joint: Mapping[str, FloatArray],
    events: Mapping[str, FloatArray],
) -> Iterator[EstimateValue]:
    every = np.repeat(runs.base.cells[:, :, None, :], cells.shape[1], axis=2)
    # A wave may leave less than nothing of a rare cell.
    every[place] = distribution(np.maximum(cells, TINY))
    answers = runs.answers(every, joint, events)
    quantity = runs.plain.quantities[path]
    because = tuple(c for c in quantity.basis.claims if c in runs.case.ledger.by_id)
    for question, middle in now.items():
        if question not in answers:
            continue
        answer = answers[question]
        spread = answer[:, :NODES].var(axis=1)
        blocks = len(spread) - 1
        freed = max(0.0, blocks * float(spread[0]) - (blocks - 1) * float(spread[1:].mean()))
        left = spread[1:]
        error = float(np.sqrt((blocks - 1) / blocks * ((left - left.mean()) ** 2).sum()))
        total = middle * (1 - middle)
        # What of the wave is noise is taken out of its ends too.
        kept = float(np.sqrt(min(1.0, freed / spread[0]))) if spread[0] > 0 else 0.0
        centre = float(answer[0, :NODES].mean())
        low, high = (
            float(np.clip(middle + kept * (answer[0, NODES + k] - centre), 0.0, 1.0)) for k in (0, 1)
        )
        value = Information(freed, error, freed / total if total > 0 else 0.0)
        yield EstimateValue(path, question, low, high, value, because)


# ---- shares of the variance ------------------------------------------------------------------------------------------


def share_rows(members: Members, plain: Draws) -> list[ShareRow]:
    """For the four main questions, which share of the variance of the simulated worlds each group of primitives decides
    by itself; on draws as stated, whose primitives are independent. Empty for a case without talks."""
    if not members.worlds:
        return []
    worlds = played(plain, plays=2, laid=lay(plain))
    streams = [name for name in used_streams(plain, after_moves=False) if not name.startswith(PATHS_APART)]
    readings = [name for name in streams if name.startswith("readings.")]
    numbers = [name for name in streams if name not in readings]
    switches = plain.switches.apart()
    out: list[ShareRow] = []
    for name, rule in zip(NAMES, QUESTIONS, strict=True):
        hits = rule[worlds.worlds.states.cell].reshape(plain.n, 2).astype(np.float64)
        out += _shares(plain, name, hits, numbers, readings, list(switches.values()))
    return out


def _shares(
    plain: Draws,
    question: str,
    hits: FloatArray,
    numbers: Sequence[str],
    readings: Sequence[str],
    switches: Sequence[BoolArray],
) -> Iterator[ShareRow]:
    y, total = hits.mean(axis=1), float(hits.var())
    found: dict[Group, tuple[float, float]] = {}
    pairs: tuple[tuple[Group, Sequence[str]], ...] = (("numbers", numbers), ("readings", readings))
    for group, names in pairs:
        values, errors = first_order(y, np.stack([plain.uniforms(n) for n in names])) if names else _NOTHING
        found[group] = float(values.sum()), float(np.sqrt((errors**2).sum()))
    facts = [_fact(y, on) for on in switches]
    found["origins"] = sum(v for v, _ in facts), float(np.sqrt(sum(e**2 for _, e in facts)))
    found["grades"] = _between(y, plain)
    chance = of_chance(hits[:, 0], hits[:, 1])
    found["chance"] = chance.value, chance.error
    rest = total - sum(value for value, _ in found.values())
    found["rest"] = rest, float(np.sqrt(sum(error**2 for _, error in found.values())))
    for group in GROUPS:
        value, error = found[group]
        share = value / total if total > 0 else 0.0
        yield ShareRow(group, question, float(np.clip(share, 0.0, 1.0)), error / total if total > 0 else 0.0)


_NOTHING = np.zeros(0), np.zeros(0)


def _fact(y: FloatArray, holds: BoolArray) -> tuple[float, float]:
    """q(1 − q)(difference² − noise) and its error; 0 where it holds in nearly all draws or none."""
    n, m = len(y), int(holds.sum())
    if min(m, n - m) < 2:
        return 0.0, 0.0
    q, yes, no = m / n, y[holds], y[~holds]
    noise = float(yes.var(ddof=1)) / m + float(no.var(ddof=1)) / (n - m)
    difference = float(yes.mean() - no.mean())
    weight = q * (1 - q)
    return weight * (difference**2 - noise), weight * float(np.sqrt(4 * difference**2 * noise + 2 * noise**2))


def _between(y: FloatArray, drawn: Draws) -> tuple[float, float]:
    """The variance of the means of outer groups, less what draws within them make of it, and its error."""
    sizes = np.bincount(drawn.group)
    means = np.bincount(drawn.group, weights=y) / sizes
    within = float(((y - means[drawn.group]) ** 2).sum() / max(1, len(y) - len(sizes)))
    between = float(means.var(ddof=1)) - within * float((1 / sizes).mean())
    return between, float(means.var(ddof=1) * np.sqrt(2 / max(1, len(sizes) - 1)))
