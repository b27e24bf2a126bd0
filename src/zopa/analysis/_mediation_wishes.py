"""What is wished for, and what mediation refuses to be asked: what would make violence last."""

from collections.abc import Mapping, Sequence

import numpy as np

from zopa.analysis._mediation_rows import Wish
from zopa.case.case import Case
from zopa.case.conflict import Conflict
from zopa.case.folder import CASE
from zopa.case.verdicts import TOLD, closes
from zopa.case.yaml_text import find, parse
from zopa.claims.files import MOST_YAML, read_lines
from zopa.claims.lines import Said, Several
from zopa.errors import IncompleteCaseError, Place, Problem

MOST_STATES = 1 << 14
"""States up to which many changes can be tried in seconds."""


def refuse_if_too_many(conflict: Conflict) -> None:
    """``IncompleteCaseError`` for more states than many changes can be tried in, with how many would fit."""
    if len(conflict) > MOST_STATES:
        raise IncompleteCaseError.of("mediation-too-many", states=len(conflict), most=MOST_STATES)
    if len(conflict) > TOLD and not closes(conflict):
        raise IncompleteCaseError.of("standoff-too-many", states=len(conflict), most=TOLD)


def wishes_of(case: Case, conflict: Conflict, wish: str | int | None) -> tuple[Wish, ...]:
    """The wish by outcome or state number; by default every outcome of kind ``deal``, else the first without violence.

    States with violence are left out of an outcome; ``IncompleteCaseError`` where nothing else is left of it.
    """
    violent = conflict.kind("violence")
    if isinstance(wish, int):
        if wish not in conflict.places:
            most = max(conflict.places)
            raise ValueError(f"mediation: wish is state {wish}, but the states run from 1 to {most}")
        if violent[conflict.places[wish]]:
            outcome = _violence_at(conflict, wish)
            what = Said("mediation.wish-state", n=wish, outcome=outcome)
            raise _refused(case, conflict, outcome, what)
        return (Wish(None, wish, np.arange(len(conflict)) == conflict.places[wish]),)
    named = {k: states for k, states in conflict.outcomes.items() if states.any()}
    if wish is not None:
        if wish not in named:
            known = ", ".join(named) or "none"
            raise ValueError(
                f"mediation: wish is {wish!r}, but the outcomes with a feasible state are: {known}"
            )
        return (_peaceful(case, conflict, wish),)
    if not named:
        raise IncompleteCaseError.of("needs-outcome")
    deals = [o.id for o in conflict.standoff.outcomes if o.kind == "deal" and o.id in named]
    calm = [k for k, states in named.items() if (states & ~violent).any()]
    return tuple(_peaceful(case, conflict, k) for k in deals or calm[:1] or list(named)[:1])


def _peaceful(case: Case, conflict: Conflict, outcome: str) -> Wish:
    states = conflict.outcomes[outcome] & ~conflict.kind("violence")
    if not states.any():
        raise _refused(case, conflict, outcome, Said("mediation.wish-outcome", outcome=outcome))
    return Wish(outcome, None, states)


def _violence_at(conflict: Conflict, n: int) -> str:
    """The first violent outcome that a state belongs to."""
    at = conflict.places[n]
    return next(
        o.id for o in conflict.standoff.outcomes if o.kind == "violence" and conflict.outcomes[o.id][at]
    )


def _refused(case: Case, conflict: Conflict, outcome: str, what: Said) -> IncompleteCaseError:
    """The refusal, at the line of the case that says of an outcome that it is violence."""
    violent = conflict.kind("violence")
    calm = [k for k, states in conflict.outcomes.items() if (states & ~violent).any()]
    values = {"what": what, "instead": Several(calm) if calm else Said("mediation.wish-none")}
    return IncompleteCaseError([_located(case, ("standoff", "outcomes", outcome), values)])


def _located(case: Case, path: Sequence[str], values: Mapping[str, object]) -> Problem:
    if case.folder is not None and (case.folder / CASE).exists():
        lines = read_lines(case.folder, CASE, most=MOST_YAML)
        root, _ = parse(lines)
        if root is not None:
            node, _, whole = find(root, tuple(path))
            if whole:
                return lines.problem("wish-violent", (node.start, node.stop), **values)
    return Problem("wish-violent", Place(CASE), values)
