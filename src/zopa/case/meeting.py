"""Where and how to meet, as the arrays that methods take: what every negotiator makes of every setting, drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from zopa.case.draws import Draws
from zopa.case.evidence import Bool
from zopa.case.settings import Setting, Settings, SettingView
from zopa.case.table import RedLine
from zopa.errors import IncompleteCaseError
from zopa.estimate import Array

PROCESS = frozenset({"venue", "format", "observers", "host"})
"""What a red line on the process can be about; ``agenda`` is about issues, not settings."""
BLOCKED = 2.0
"""Taken off the utility of a setting behind an absolute red line: below anything else on a 0–1 scale with costs."""


@dataclass(frozen=True)
class Meeting:
    """Draws of all settings: D draws, P negotiators, S settings, C criteria.

    ``weights`` (D, P, C) sum to one; ``scores`` (D, P, S, C) from 0 to 1; ``blocked`` (D, P, S) settings behind an
    absolute red line; ``costs`` (D, P, S) utility lost at one that is not absolute; ``not_meeting`` (D, P).
    """

    parties: tuple[str, ...]
    settings: tuple[str, ...]
    criteria: tuple[str, ...]
    weights: Array
    scores: Array
    blocked: Bool
    costs: Array
    not_meeting: Array

    @cached_property
    def values(self) -> Array:
        """Utility of each setting, (D, P, S): weighted scores less what its red lines cost."""
        weighted = np.matmul(self.scores, self.weights[:, :, :, None])[:, :, :, 0]
        return np.asarray(weighted - self.costs)

    @cached_property
    def accepts(self) -> Bool:
        """Where meeting so is at least as good as not meeting, and no absolute red line is crossed, (D, P, S)."""
        return np.asarray((self.values >= self.not_meeting[:, :, None] - 1e-12) & ~self.blocked)

    @cached_property
    def joint(self) -> Bool:
        """Where all negotiators accept in the same draw, (D, S)."""
        return np.asarray(self.accepts.all(axis=1))

    def criteria_of(self, party: int) -> Array:
        """Scores with the red lines in them, (D, S, C), for methods that rank by weighted criteria.

        Weights sum to one, so what is taken off every criterion is taken off the utility.
        """
        off = self.costs[:, party] + BLOCKED * self.blocked[:, party]
        return np.asarray(self.scores[:, party] - off[:, :, None])

    def without(self, criterion: int) -> Bool:
        """Joint acceptance with one criterion taken out and the other weights in their proportions, (D, S)."""
        kept = [c for c in range(len(self.criteria)) if c != criterion]
        weights = self.weights[:, :, kept]
        total = weights.sum(axis=2, keepdims=True)
        even = np.full_like(weights, 1 / max(1, len(kept)))
        weights = np.where(total > 0, weights / np.where(total > 0, total, 1.0), even)
        values = np.matmul(self.scores[:, :, :, kept], weights[:, :, :, None])[:, :, :, 0] - self.costs
        return np.asarray(((values >= self.not_meeting[:, :, None] - 1e-12) & ~self.blocked).all(axis=1))

    def needed(self, party: int, setting: int, criterion: int) -> Array:
        """By how much a score must rise for the party to accept, (D,); infinite where the best score is not enough."""
        short = self.not_meeting[:, party] - self.values[:, party, setting]
        weight = self.weights[:, party, criterion]
        rise = np.divide(short, weight, out=np.full_like(short, np.inf), where=weight > 0)
        rise = np.where(short <= 0, 0.0, rise)
        beyond = (rise > 0) & (rise > 1 - self.scores[:, party, setting, criterion] + 1e-12)
        return np.asarray(np.where(beyond | self.blocked[:, party, setting], np.inf, rise))


def meeting(draws: Draws) -> Meeting:
    """The settings of a case, drawn; ``IncompleteCaseError`` names the section that is missing."""
    file = draws.case.file
    if not draws.case.negotiators:
        raise IncompleteCaseError.of("needs-negotiators")
    if file.settings is None:
        raise IncompleteCaseError.of("needs-settings")
    if not file.settings.criteria:
        raise IncompleteCaseError.of("needs-criteria")
    parties = draws.case.negotiators
    criteria = tuple(c.id for c in file.settings.criteria)
    blocked, costs = _red_lines(draws, parties, file.settings.options)
    return Meeting(
        parties=parties,
        settings=tuple(s.id for s in file.settings.options),
        criteria=criteria,
        weights=np.stack([_weights(draws, party, criteria) for party in parties], axis=1),
        scores=np.stack([_scores(draws, file.settings, party) for party in parties], axis=1),
        blocked=blocked,
        costs=costs,
        not_meeting=np.stack([_number(draws, f"settings.views.{p}.not_meeting") for p in parties], axis=1),
    )


def crosses(line: RedLine, setting: Setting) -> bool:
    """Whether a red line on the process shuts out a setting: by its id, or by what it has of the rejected kind.

    ``observers``: ``some``, ``none`` or a party; ``format``: ``direct``, ``indirect``, or observers ``some``, ``none``.
    """
    watched = ("some", *setting.observers) if setting.observers else ("none",)
    features = {
        "venue": (setting.place,),
        "observers": watched,
        "format": (setting.form, *watched),
        "host": (setting.host,),
    }
    return setting.id in line.rejects or any(f in line.rejects for f in features.get(line.on or "", ()))


def without_line(draws: Draws, drawn: Meeting, party: int, setting: Setting, key: str) -> Bool:
    """Where a party accepts a setting with one of its red lines given up and its others in place, (D,)."""
    k = drawn.settings.index(setting.id)
    blocked, cost = np.zeros(draws.n, dtype=bool), np.zeros(draws.n)
    for line in process_lines(draws):
        if line.party == drawn.parties[party] and line.key != key and crosses(line, setting):
            present, absolute, loss = draws.red_line(line.key)
            blocked |= absolute
            cost = np.maximum(cost, np.where(present & ~absolute, loss, 0.0))
    value = drawn.values[:, party, k] + drawn.costs[:, party, k] - cost
    return np.asarray((value >= drawn.not_meeting[:, party] - 1e-12) & ~blocked)


def process_lines(draws: Draws) -> tuple[RedLine, ...]:
    """The negotiators' red lines on place, form, observers and host."""
    negotiators = draws.case.negotiators
    return tuple(
        line for line in draws.case.file.red_lines if line.on in PROCESS and line.party in negotiators
    )


def score_paths(view: SettingView | None, party: str, setting: Setting, criterion: str) -> tuple[str, ...]:
    """Paths of the scores whose mean is a setting's score: its own, else those of its features; none where unscored."""
    scores = view.scores if view is not None else {}
    keys = (setting.id,) if criterion in scores.get(setting.id, {}) else setting.features()
    return tuple(
        f"settings.views.{party}.scores.{k}.{criterion}" for k in keys if criterion in scores.get(k, {})
    )


def _weights(draws: Draws, party: str, criteria: Sequence[str]) -> Array:
    return draws.shares([f"settings.views.{party}.weights.{c}" for c in criteria])


def _number(draws: Draws, path: str) -> Array:
    """A number as stated, or from ignorance where nobody wrote it."""
    if path in draws.quantities:
        return draws.number(path)
    return draws.uniforms(f"{path}/ignorance")


def _scores(draws: Draws, settings: Settings, party: str) -> Array:
    view = settings.views.get(party)
    out = np.empty((draws.n, len(settings.options), len(settings.criteria)))
    for s, setting in enumerate(settings.options):
        for c, criterion in enumerate(settings.criteria):
            paths = score_paths(view, party, setting, criterion.id)
            unscored = f"settings.views.{party}.scores.{setting.id}.{criterion.id}"
            out[:, s, c] = np.mean([_number(draws, path) for path in paths or (unscored,)], axis=0)
    return out


def _red_lines(draws: Draws, parties: Sequence[str], settings: Sequence[Setting]) -> tuple[Bool, Array]:
    blocked = np.zeros((draws.n, len(parties), len(settings)), dtype=bool)
    costs = np.zeros(blocked.shape)
    for line in process_lines(draws):
        present, absolute, cost = draws.red_line(line.key)
        p = parties.index(line.party)
        for s, setting in enumerate(settings):
            if crosses(line, setting):
                blocked[:, p, s] |= absolute
                # Two lines on one setting are one loss, not two.
                costs[:, p, s] = np.maximum(costs[:, p, s], np.where(present & ~absolute, cost, 0.0))
    return blocked, costs
