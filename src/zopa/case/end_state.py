"""Questions and scenarios of a case as rules over how it stands at the common date."""

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from zopa.case.expressions import evaluate, parse
from zopa.case.model import CaseFile
from zopa.case.names import party_name
from zopa.methods.end_states import ENDS, FIRSTS, MOST_FORCES, VIOLENCE, EndStates
from zopa.words import Language, joined, say

Bool = NDArray[np.bool_]
HORIZON = timedelta(days=90)
"""How far ahead the common date lies where a case names none."""
ATOMS = ("deal", "serious", "war", "open", "regime_breaks")
"""What every case can ask of the end state; beside them ``PARTY-acts`` for each party with force."""


def horizon(file: CaseFile) -> date:
    """The common date of all questions and scenarios over the end state."""
    named = file.talks.horizon if file.talks is not None else None
    return named or file.as_of + HORIZON


def forces(file: CaseFile) -> tuple[str, ...]:
    """The parties that may use force, in file order: those the talks give a chance or a rate of it, else the
    negotiators."""
    talks = file.talks
    named = {*talks.strike, *talks.outside_action} if talks is not None else set()
    return tuple(p for p in file.parties if p in (named or file.negotiators))[:MOST_FORCES]


def atoms(file: CaseFile) -> tuple[str, ...]:
    """The names that rules over the end state may use."""
    return (*ATOMS, *(f"{party}-acts" for party in forces(file)))


def at_the_date(file: CaseFile, states: EndStates) -> Mapping[str, Bool]:
    """What is true of end states at the common date, by atom: for questions."""
    found: dict[str, Bool] = {
        "deal": states.end == ENDS.index("deal"),
        "serious": states.violence > 0,
        "war": states.violence == VIOLENCE.index("war"),
        "open": states.end == ENDS.index("open"),
        "regime_breaks": states.breaks == 1,
    }
    return found | {f"{p}-acts": (states.acted >> k & 1).astype(np.bool_) for k, p in enumerate(forces(file))}


def at_the_first(file: CaseFile, states: EndStates) -> Mapping[str, Bool]:
    """What is true of end states by atom when the first of agreement, serious violence and break came about: for
    scenarios, so that what comes first decides. How far violence went is read at the common date."""
    later = at_the_date(file, states)
    first = {name: states.first == FIRSTS.index(name) for name in FIRSTS}
    found = {
        "deal": first["deal"],
        "serious": first["serious"],
        "war": first["serious"] & later["war"],
        "open": first["nothing"] & later["open"],
        "regime_breaks": first["breaks"],
    }
    return found | {name: first["serious"] & later[name] for name in later if name.endswith("-acts")}


def questions(file: CaseFile, states: EndStates) -> Mapping[str, Bool]:
    """By id, of which end states the answer to a question is yes; only questions that are rules."""
    columns = at_the_date(file, states)
    return {q.id: _holds(q.when, columns) for q in file.questions if q.when is not None}


def scenarios(file: CaseFile, states: EndStates) -> Mapping[str, Bool]:
    """By id, which end states belong to a scenario."""
    columns = at_the_first(file, states)
    return {s.id: _holds(s.when, columns) for s in file.scenarios}


def _holds(rule: str, columns: Mapping[str, Bool]) -> Bool:
    size = len(next(iter(columns.values())))
    return np.asarray(np.broadcast_to(evaluate(parse(rule), columns), size), dtype=np.bool_)


def told(file: CaseFile, states: EndStates, at: int, lang: Language) -> str:
    """One end state in words."""
    acted = [party_name(file, p, lang) for k, p in enumerate(forces(file)) if states.acted[at] >> k & 1]
    parts = [
        say(f"endings.end-{ENDS[states.end[at]]}", lang),
        say(f"endings.violence-{VIOLENCE[states.violence[at]]}", lang, parties=joined(acted, lang)),
        *([say("endings.breaks", lang)] if states.breaks[at] else []),
        *([say(f"endings.first-{FIRSTS[states.first[at]]}", lang)] if states.first[at] else []),
    ]
    return say("endings.and", lang).join(parts)
