"""What is on the table, drawn: weights, option values, red lines and walk-away values as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from zopa.case.evidence import Bool
from zopa.case.table import Issue, IssuePreference
from zopa.estimate import Array

if TYPE_CHECKING:
    from zopa.case.draws import Draws


@dataclass(frozen=True)
class Table:
    """What is on the table, drawn: D draws, P negotiators, I issues, K options of an issue.

    ``weights`` (D, P, I) sum to one over issues; ``values[i]`` (D, P, K) from 0 to 1; ``vetoes[i]`` (D, P, K) options
    behind an absolute red line; ``costs[i]`` (D, P, K) utility lost at a red line that is not absolute; ``refuses``
    (D, P, I) issues a party will not discuss; ``reserve`` (D, P) walk-away values; ``status_quo`` option indices.
    """

    parties: tuple[str, ...]
    issues: tuple[str, ...]
    weights: Array
    values: list[Array]
    vetoes: list[Bool]
    costs: list[Array]
    refuses: Bool
    reserve: Array
    status_quo: tuple[int, ...]

    @cached_property
    def contributions(self) -> list[Array]:
        """Utility of each option: weight × value − cost, (D, P, K) an issue; a package's utility is their sum."""
        return [self.weights[:, :, i, None] * v - self.costs[i] for i, v in enumerate(self.values)]


def table_of(draws: "Draws") -> Table:
    """Weights, values, red lines and walk-away values of all negotiators on all issues."""
    parties, issues = draws.sides
    file = draws.case.file
    weights = np.ascontiguousarray(np.stack([draws.weights(p) for p in parties]).transpose(2, 0, 1))
    values = []
    for name, issue in file.issues.items():
        drawn = np.empty((draws.n, len(parties), len(issue.options)))
        for p, party in enumerate(parties):
            for j, column in enumerate(option_values(draws, party, name)):
                drawn[:, p, j] = column
        values.append(drawn)
    vetoes, costs = _red_lines(draws, parties, issues)
    reserve = np.stack([draws.reserve(party) for party in parties], axis=1)
    quo = tuple(issue.index(issue.status_quo) for issue in file.issues.values())
    return Table(
        parties, issues, weights, values, vetoes, costs, _refuses(draws, parties, issues), reserve, quo
    )


def option_values(draws: "Draws", party: str, name: str) -> list[Array]:
    """Option values, one column each: anchors 0 and 1 where written, stated ones where they stand, the rest in
    order."""
    issue, preference = draws.case.file.issues[name], draws.preference(party, name)
    prefix = f"preferences.{party}.{name}.values"
    values, holds = [], []
    anchors = {preference.worst: 0.0, preference.best: 1.0}
    for option in issue.options:
        column, on = np.zeros(draws.n), np.zeros(draws.n, dtype=bool)
        if f"{prefix}.{option.id}" in draws.quantities:
            column, on = draws.stated(f"{prefix}.{option.id}")
        if option.id in anchors:
            # A stated value may move an anchor (imported scales need not start at zero); unstated, it stands.
            column = np.where(on, column, anchors[option.id])
            on = np.ones(draws.n, dtype=bool)
        values.append(column)
        holds.append(on)
    return _fill(draws, issue, preference, prefix, values, holds)


def _fill(
    draws: "Draws",
    issue: Issue,
    preference: IssuePreference,
    prefix: str,
    values: list[Array],
    holds: list[Bool],
) -> list[Array]:
    low, high = issue.index(preference.worst), issue.index(preference.best)
    step = 1 if high >= low else -1
    order = list(range(low, high + step, step))
    for j, option in enumerate(issue.options):
        if j not in order:
            values[j] = np.where(holds[j], values[j], draws.uniforms(f"{prefix}.{option.id}/ignorance"))
    for at, j in enumerate(order):
        if holds[j].all():
            continue
        u = draws.uniforms(f"{prefix}.{issue.options[j].id}/ignorance")
        below = values[order[at - 1]] if at else np.zeros(draws.n)
        above, waiting = _next_known(values, holds, order[at:])
        # Uniform order statistics one by one: the least of m uniforms on the gap, then the least of m − 1 …
        least = 1 - (1 - u) ** (1 / np.maximum(waiting, 1))
        gap = np.maximum(above - below, 0.0)
        values[j] = np.where(holds[j], values[j], below + gap * least)
    return values


def _red_lines(
    draws: "Draws", parties: Sequence[str], issues: Sequence[str]
) -> tuple[list[Bool], list[Array]]:
    sizes = [len(draws.case.file.issues[i].options) for i in issues]
    vetoes = [np.zeros((draws.n, len(parties), k), dtype=bool) for k in sizes]
    costs = [np.zeros((draws.n, len(parties), k)) for k in sizes]
    for line in draws.case.file.red_lines:
        if line.issue is None or line.party not in parties:
            continue
        p, i = parties.index(line.party), issues.index(line.issue)
        present, absolute, cost = draws.red_line(line.key)
        for option in line.rejects:
            j = draws.case.file.issues[line.issue].index(option)
            vetoes[i][:, p, j] |= absolute
            # Two lines on one option are one loss, not two.
            costs[i][:, p, j] = np.maximum(costs[i][:, p, j], np.where(present & ~absolute, cost, 0.0))
    return vetoes, costs


def _refuses(draws: "Draws", parties: Sequence[str], issues: Sequence[str]) -> Bool:
    out = np.zeros((draws.n, len(parties), len(issues)), dtype=bool)
    for line in draws.case.file.red_lines:
        if line.on != "agenda" or line.party not in parties:
            continue
        _, absolute, _ = draws.red_line(line.key)
        for issue in line.rejects:
            if issue in issues:
                out[:, parties.index(line.party), issues.index(issue)] |= absolute
    return out


def _next_known(values: Sequence[Array], holds: Sequence[Bool], ahead: Sequence[int]) -> tuple[Array, Array]:
    """Value of the next option that is known (1 where none is), and how many unknown ones stand before it."""
    above = np.ones(len(values[0]))
    waiting = np.zeros(len(above))
    found = np.zeros(len(above), dtype=bool)
    for j in ahead:
        above = np.where(holds[j] & ~found, values[j], above)
        found |= holds[j]
        waiting += ~found
    return above, waiting
