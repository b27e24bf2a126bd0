"""From what stands of a case in a draw to the nine joint cells, by the tables of the history.

What does not stand is averaged over how it was in crises since 1946, given what stands (columns as jointly normal in
standard units: their means and covariances are all that ships). An outer group of draws shares one refit of the model,
one draw of the class' rates, of the hazards, of the assumed timing of violence, and of the age where it is not told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from zopa.case.draws import Draws
from zopa.estimate import uniforms
from zopa.forecasting._case_columns import Course, Known
from zopa.forecasting.member import ENDINGS, vote
from zopa.forecasting.shipped import Tables
from zopa.methods.hazards import standing
from zopa.methods.problem import FloatArray

FILLS = 48
"""Points over which what does not stand is averaged."""
LIFE_STRENGTH = 20.0
"""Ends in every piece that the wider life table counts as."""
OLDEST = 180.0
"""Days: where nothing tells the age, any age up to this is as likely; seven of ten crises are over by then."""
SINCE_MOVE = 90.0
"""Days by which a crisis may be older than its earliest dated move."""
FRONTS = (1.0, 3.0)
"""Range of the assumed timing of violence: Beta(1, b) over the days a crisis takes, from any moment alike (b = 1) to
most of it in the first third (b = 3)."""


@dataclass(frozen=True)
class Standing:
    """What stands: indices of the things known, whether the day it began does, and whether the violence so far does."""

    known: tuple[int, ...]
    since: bool
    fought: bool


Patterns = tuple[list[Standing], FloatArray]


def patterns(drawn: Draws, things: Sequence[Known], came: Course) -> Patterns:
    """What can stand together, and (draws, patterns) which of it does in each draw."""
    held = [drawn.stands(known.basis) for known in things]
    since = drawn.stands(came.since) if came.days is not None else np.full(drawn.n, drawn.evidence == "all")
    fought = drawn.stands(came.fought)
    switches = [*held, since, fought]
    # One whole number a draw: sorting numbers is much faster than sorting rows.
    code = np.zeros(drawn.n, dtype=np.int64)
    for k, on in enumerate(switches):
        code |= on.astype(np.int64) << k
    kinds, which = np.unique(code, return_inverse=True)
    found = [
        Standing(
            tuple(k for k in range(len(held)) if kind >> k & 1),
            bool(kind >> len(held) & 1),
            bool(kind >> len(held) + 1 & 1),
        )
        for kind in kinds.tolist()
    ]
    return found, np.eye(len(kinds))[which.reshape(-1)]


@dataclass(eq=False)
class Engine:
    """Cells of a case by what stands, for every set of parameters; ``sets`` is how many there are."""

    tables: Tables
    things: Sequence[Known]
    course: Course
    window: float
    seed: int
    sets: int = field(init=False)
    _hazards: dict[tuple[int, ...], FloatArray] = field(default_factory=dict)
    _ways: dict[tuple[object, ...], FloatArray] = field(default_factory=dict)
    _rates: dict[tuple[int, ...], FloatArray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sets = len(self.tables.resampled)
        draw = uniforms(self.seed, "baserate/timing", self.sets)
        self.front = FRONTS[0] + draw * (FRONTS[1] - FRONTS[0])
        self.age = uniforms(self.seed, "baserate/age", self.sets)
        normal = np.random.default_rng(0).standard_normal((FILLS // 2, len(self.tables.columns)))
        self.noise = np.concatenate([normal, -normal])

    def values(self, stands: Standing) -> Mapping[str, float]:
        """The columns that are known where these things stand."""
        return {n: v for k in stands.known for n, v in self.things[k].columns.items()}

    def key(self, values: Mapping[str, float]) -> tuple[int, ...]:
        """The class: values of its covariates, up to the first that is not known."""
        key: tuple[int, ...] = ()
        for name in self.tables.own.levels:
            if name not in values or (*key, int(values[name] > 0.5)) not in self.tables.life:
                break
            key = (*key, int(values[name] > 0.5))
        return key

    def endings(self, values: Mapping[str, float]) -> tuple[FloatArray, FloatArray, FloatArray]:
        """(sets, 6) each: the vote on how the whole crisis goes, and in it the class alone and the model alone."""
        votes, models = self._votes([values])
        return votes[0], self.rates(self.key(values)), models[0]

    def _votes(self, every: Sequence[Mapping[str, float]]) -> tuple[FloatArray, FloatArray]:
        """(cases, sets, 6) each: of several cases at once the vote on the whole crisis, and in it the model alone."""
        z = np.stack([self._filled(values) for values in every])
        rates = np.stack([self.rates(self.key(values)) for values in every])
        own, names = self.tables.own, self.tables.columns
        columns = [[names.index(n) for n in part.features] for part in (own.violence, own.deal)]
        votes, models = np.empty_like(rates), np.empty_like(rates)
        for k, fitted in enumerate(self.tables.resampled):
            violence = fitted.logit_violence(z[..., columns[0]])
            deal = fitted.logit_deal(z[..., columns[1]])
            votes[:, k] = vote(own, violence, deal, rates[:, k, None, :]).mean(axis=1)
            models[:, k] = np.concatenate([violence * (1 - deal), violence * deal], axis=-1).mean(axis=1)
        return votes, models

    def rates(self, key: tuple[int, ...]) -> FloatArray:
        """(sets, 6): draws of the class' rates."""
        if key not in self._rates:
            counts = np.maximum(self.tables.fitted.counts[key], 1e-9)
            gamma = np.random.default_rng([self.seed, 1, *key]).standard_gamma(counts, (self.sets, ENDINGS))
            self._rates[key] = gamma / gamma.sum(axis=1, keepdims=True)
        return self._rates[key]

    def _filled(self, values: Mapping[str, float]) -> FloatArray:
        """(FILLS, columns) in standard units: what is known as it is, the rest as it goes with that."""
        names, fitted = self.tables.columns, self.tables.fitted
        mean, cov = self.tables.mean, self.tables.covariance + 1e-3 * np.eye(len(names))
        at = [k for k, n in enumerate(names) if n in values]
        rest = [k for k, n in enumerate(names) if n not in values]
        z = np.tile(mean, (FILLS, 1))
        given = np.array([(values[names[k]] - fitted.centre[names[k]]) / fitted.scale[names[k]] for k in at])
        if at:
            z[:, at] = given
        if rest:
            inner = cov[np.ix_(rest, rest)]
            centre = mean[rest]
            if at:
                pull = np.linalg.solve(cov[np.ix_(at, at)], cov[np.ix_(at, rest)])
                # Far from what crises were like, a linear guess leads nowhere: it is kept within three deviations.
                centre = centre + np.clip((given - mean[at]) @ pull, -3.0, 3.0)
                inner = inner - cov[np.ix_(rest, at)] @ pull
            root, vectors = np.linalg.eigh(inner)
            spread = vectors * np.sqrt(np.maximum(root, 0.0))
            z[:, rest] = centre + self.noise[:, rest] @ spread.T
        return z

    def ways(self, key: tuple[int, ...], stands: Standing) -> FloatArray:
        """(sets, 6, 9): of each ending the share open at the age reached, by how it stands at the date."""
        made = (key, stands.since, stands.fought)
        if made not in self._ways:
            ages = self.ages(stands.since)
            fought = self.course.violence if stands.fought else 0
            hazards = self.hazards(key)
            self._ways[made] = np.array(
                [
                    standing(hazards[k], ages[k], self.window, front=self.front[k], so_far=fought)
                    for k in range(self.sets)
                ]
            )
        return self._ways[made]

    def ages(self, since: bool) -> FloatArray:
        """(sets,) days since the crisis began."""
        told = self.course.days
        if since and told is not None:
            return np.full(self.sets, float(told))
        first = self.course.first_move
        if since and first is not None:
            return np.asarray(first + SINCE_MOVE * self.age)
        return np.asarray(1.0 + OLDEST * self.age)

    def hazards(self, key: tuple[int, ...]) -> FloatArray:
        """(sets, pieces, 2): draws of the hazards of the class."""
        if key not in self._hazards:
            table = self.tables.life[()]
            for depth in range(1, len(key) + 1):
                table = self.tables.life[key[:depth]].shrunken(table, LIFE_STRENGTH)
            self._hazards[key] = table.draws(self.sets, seed=self.seed)
        return self._hazards[key]

    def cells(self, every: Sequence[Standing]) -> FloatArray:
        """(patterns, sets, 9): for each of what can stand together the joint cells of end and violence at the date."""
        values = {stands.known: self.values(stands) for stands in every}
        place = {known: k for k, known in enumerate(values)}
        votes, _ = self._votes(list(values.values()))
        return np.stack(
            [self.to_cells(votes[place[s.known]], self.key(values[s.known]), s) for s in every], axis=0
        )

    def to_cells(self, endings: FloatArray, key: tuple[int, ...], stands: Standing) -> FloatArray:
        """(sets, 9) of endings (sets, 6): those that what is known so far leaves, by how they stand at the date."""
        cells = np.einsum("se,sec->sc", endings, self.ways(key, stands))
        return np.asarray(cells / cells.sum(axis=1, keepdims=True))
