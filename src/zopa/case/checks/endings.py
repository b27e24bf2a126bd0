"""Questions and scenarios: their rules name what an end state has, and the scenarios share out all end states."""

from collections.abc import Iterator, Mapping

import numpy as np

from zopa.case import end_state
from zopa.case.checks.common import Where
from zopa.case.end_state import Bool, atoms, forces, horizon, told
from zopa.case.expressions import ExpressionError, evaluate, names, parse
from zopa.case.model import CaseFile
from zopa.case.yaml_text import Path
from zopa.claims.ledger import Ledger
from zopa.claims.lines import Said, suggestion
from zopa.errors import Problem
from zopa.methods.end_states import EndStates, possible


class _Ending:
    """An end state for use inside a message."""

    def __init__(self, file: CaseFile, states: EndStates, at: int) -> None:
        self.file, self.states, self.at = file, states, at

    def __format__(self, spec: str) -> str:
        return told(self.file, self.states, self.at, "zh" if spec == "zh" else "en")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Ending) and format(self, "en") == format(other, "en")

    def __hash__(self) -> int:
        return hash(format(self, "en"))


def endings(file: CaseFile, ledger: Ledger, where: Where) -> Iterator[Problem]:
    """Rules over the end state that name what it does not have, are true of nothing, or leave scenarios that overlap
    or miss an end state; the offending one is told."""
    if not file.questions and not file.scenarios:
        return
    states = possible(len(forces(file)))
    columns = end_state.at_the_date(file, states)
    for k, question in enumerate(file.questions):
        path: Path = ("questions", k, "when")
        if question.when is None:
            continue
        if question.event is not None:
            yield where.at_key("question-both", ("questions", k, "event"))
        if question.by != horizon(file):
            values = {"by": question.by.isoformat(), "day": horizon(file).isoformat()}
            yield where.problem("question-horizon", ("questions", k, "by"), **values)
        yield from _rule(file, question.when, path, where, columns)
    yield from _shared_out(file, states, where)


def _rule(
    file: CaseFile, text: str, path: Path, where: Where, columns: Mapping[str, Bool]
) -> Iterator[Problem]:
    """Names that no end state has, and rules that are true of none."""
    try:
        expression = parse(text)
    except ExpressionError:
        return  # told where rules are read
    unknown = [name for name in names(expression) if name.id not in columns]
    for name in unknown:
        values = {"kind": Said("endings.kind-atom"), "name": name.id}
        closest = suggestion(name.id, atoms(file))
        yield where.within("dangling-id", path, (name.start, name.stop), **values, closest=closest)
    if not unknown and not np.any(evaluate(expression, columns)):
        yield where.problem("ending-never", path)


def _shared_out(file: CaseFile, states: EndStates, where: Where) -> Iterator[Problem]:
    """Every end state belongs to exactly one scenario."""
    columns = end_state.at_the_first(file, states)
    wrong = []
    for k, scenario in enumerate(file.scenarios):
        wrong += list(_rule(file, scenario.when, ("scenarios", k, "when"), where, columns))
    yield from wrong
    try:
        found = end_state.scenarios(file, states)
    except (ExpressionError, KeyError):
        return  # told above
    if not found or wrong:
        return
    holds = np.stack(list(found.values()))
    several = np.flatnonzero(holds.sum(axis=0) > 1)
    if len(several):
        first, second = np.flatnonzero(holds[:, several[0]])[:2]
        ids = list(found)
        values = {"a": ids[first], "b": ids[second], "ending": _Ending(file, states, int(several[0]))}
        yield where.problem("scenarios-overlap", ("scenarios", int(second), "when"), **values)
    missed = np.flatnonzero(~holds.any(axis=0))
    if len(missed):
        ending = _Ending(file, states, int(missed[0]))
        yield where.at_key("scenarios-gap", ("scenarios",), ending=ending, n=len(missed))
