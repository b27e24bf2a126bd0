"""The red lines of a case as methods take them: apart from the values they cut into, so that they can be lifted."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zopa.case.bargaining import Bargaining
from zopa.case.draws import Draws
from zopa.case.evidence import Bool
from zopa.case.model import CaseFile
from zopa.case.names import party_name, red_line_name
from zopa.case.quantities import basis_of
from zopa.case.table import RedLine as Line
from zopa.estimate import Array
from zopa.methods.red_lines import RedLine
from zopa.result import footing
from zopa.words import Language


@dataclass(frozen=True, eq=False)
class Lined:
    """A problem without its red lines, and the lines: ``values[g]``, ``vetoes[g]`` (D, P, K) as in ``Bargaining``.

    ``keys`` names the lines in the case; ``sizes`` what lifting each one counts as on the party's own scale: 1 where it
    is absolute, else its cost, on average over the draws in which it is there.
    """

    problem: Bargaining
    values: list[Array]
    vetoes: list[Bool]
    lines: tuple[RedLine, ...]
    keys: tuple[str, ...]
    sizes: tuple[float, ...]


def lined(drawn: Draws, problem: Bargaining) -> Lined:
    """The problem and its red lines on substance, those that are there in some draw."""
    table = problem.table
    costs = [
        np.sum([table.costs[i][:, :, rows[:, k]] for k, i in enumerate(group)], axis=0)
        for group, rows in zip(problem.joined, problem.options, strict=True)
    ]
    lines, keys, sizes = [], [], []
    for line in drawn.case.file.red_lines:
        if line.issue is None or line.party not in table.parties:
            continue
        present, absolute, cost = drawn.red_line(line.key)
        if not present.any():
            continue
        lines.append(_placed(drawn, problem, line, absolute, np.where(present & ~absolute, cost, 0.0)))
        keys.append(line.key)
        sizes.append(float(np.where(absolute, 1.0, cost)[present].mean()))
    values = [v + c for v, c in zip(problem.values, costs, strict=True)]
    return Lined(problem, values, _excluded(drawn, problem), tuple(lines), tuple(keys), tuple(sizes))


def _placed(drawn: Draws, problem: Bargaining, line: Line, absolute: Bool, cost: Array) -> RedLine:
    assert line.issue is not None
    i = problem.table.issues.index(line.issue)
    g = next(g for g, group in enumerate(problem.joined) if i in group)
    behind = [drawn.case.file.issues[line.issue].index(option) for option in line.rejects]
    rejects = np.isin(problem.options[g][:, problem.joined[g].index(i)], behind)
    return RedLine(problem.table.parties.index(line.party), g, rejects, absolute, cost, matter=i)


def _excluded(drawn: Draws, problem: Bargaining) -> list[Bool]:
    """Combinations that cannot be, whoever would want them: no red line, nothing to lift."""
    out = [np.zeros(v.shape, dtype=bool) for v in problem.vetoes]
    file, issues = drawn.case.file, problem.table.issues
    for exclusion in file.exclusions:
        at = {issues.index(i): file.issues[i].index(option) for i, option in exclusion.not_.items()}
        g = next(k for k, group in enumerate(problem.joined) if set(at) <= set(group))
        group, rows = problem.joined[g], problem.options[g]
        hit = np.all([rows[:, group.index(i)] == option for i, option in at.items()], axis=0)
        out[g] |= drawn.entry_stands(exclusion)[:, None, None] & hit
    return out


def claims_behind(drawn: Draws, keys: Sequence[str]) -> tuple[str, ...]:
    """Ids of the claims that some red lines rest on."""
    entries = [basis_of(line) for line in drawn.case.file.red_lines if line.key in keys]
    return footing(drawn.case, [f"red_lines.{key}" for key in keys], entries=entries).claims


def line_name(file: CaseFile, key: str, lang: Language) -> str:
    """Whose red line it is and what it rejects, "Iran – Uranium enrichment: none"."""
    line = next(line for line in file.red_lines if line.key == key)
    dash = "——" if lang == "zh" else " – "
    return party_name(file, line.party, lang) + dash + red_line_name(file, key, lang)
