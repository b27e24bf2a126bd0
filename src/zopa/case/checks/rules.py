"""Rules: Boolean expressions over the standoff's options, and over the end state for scenarios and questions."""

from collections.abc import Iterator

import numpy as np

from zopa.case.checks.common import Where
from zopa.case.expressions import Expression, ExpressionError, evaluate, names, parse
from zopa.case.model import CaseFile
from zopa.case.standoff import Standoff
from zopa.case.yaml_text import Path
from zopa.claims.ledger import Ledger
from zopa.claims.lines import Said, suggestion
from zopa.errors import Problem


def rules(file: CaseFile, ledger: Ledger, where: Where) -> Iterator[Problem]:
    """Problems inside the text of rules: what cannot be read, and names that no option has."""
    if file.standoff is not None:
        yield from _standoff(file.standoff, where)
    for k, question in enumerate(file.questions):
        if question.when is not None:
            yield from _syntax(question.when, ("questions", k, "when"), where)
    for k, scenario in enumerate(file.scenarios):
        yield from _syntax(scenario.when, ("scenarios", k, "when"), where)


def _standoff(standoff: Standoff, where: Where) -> Iterator[Problem]:
    # A standoff in graph form has facts that hold in its states in place of options.
    facts = (fact for state in standoff.states for fact in state.holds)
    known = tuple(dict.fromkeys(option.id for option in standoff.options)) or tuple(dict.fromkeys(facts))
    for path, text in _texts(standoff):
        yield from _syntax(text, path, where)
        expression = _parsed(text)
        for name in names(expression) if expression is not None else ():
            if name.id not in known and name.id not in where.gone:
                values = {"kind": Said("checks.kind-course"), "name": name.id}
                close = suggestion(name.id, known)
                yield where.within("dangling-id", path, (name.start, name.stop), **values, closest=close)
    yield from _possible_now(standoff, where)


def _texts(standoff: Standoff) -> Iterator[tuple[Path, str]]:
    for k, rule in enumerate(standoff.infeasible):
        yield ("standoff", "infeasible", k, "when"), rule.when
    for k, threat in enumerate(standoff.threats):
        yield ("standoff", "threats", k, "if"), threat.if_
        yield ("standoff", "threats", k, "then"), threat.then
    for party, ranking in standoff.rankings.items():
        for k, statement in enumerate(ranking.statements):
            yield ("standoff", "rankings", party, "statements", k, "holds"), statement.holds
    for k, outcome in enumerate(standoff.outcomes):
        if outcome.when is not None:
            yield ("standoff", "outcomes", k, "when"), outcome.when


def _syntax(text: str, path: Path, where: Where) -> Iterator[Problem]:
    try:
        parse(text)
    except ExpressionError as error:
        yield where.within("expression", path, (error.start, error.stop), why=error.why)


def _parsed(text: str) -> Expression | None:
    try:
        return parse(text)
    except ExpressionError:
        return None


def _possible_now(standoff: Standoff, where: Where) -> Iterator[Problem]:
    """The status quo exists, so no rule may forbid it."""
    now = {option.id: np.array(option.now) for option in standoff.options}
    for k, rule in enumerate(standoff.infeasible):
        expression = _parsed(rule.when)
        if expression is None or any(name.id not in now for name in names(expression)):
            continue
        if bool(evaluate(expression, now)):
            yield where.problem(
                "status-quo-infeasible", ("standoff", "infeasible", k, "when"), rule=rule.when
            )
