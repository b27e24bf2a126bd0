"""What tests of standoff files share: two sides of a round trip compared by an independent reading."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from tests.case.test_interop_conflict import ranked, states_of
from zopa.case.case import Case
from zopa.case.folder import read_case
from zopa.case.interop import export, import_conflict
from zopa.case.standoff import Standoff

DAY = date(2020, 1, 2)


def case_of(data: object, folder: Path, name: str = "given") -> Case:
    """The case that a conflict in the neutral form makes."""
    file = folder / f"{name}.json"
    file.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return read_case(import_conflict(file, folder / name, as_of=DAY))


def standoff(case: Case) -> Standoff:
    assert case.file.standoff is not None
    return case.file.standoff


def told(case: Case, lang: str = "en") -> dict[str, Any]:
    """All that a standoff says, by names and state numbers, whatever its ids and however its rules are written."""
    model = standoff(case)
    party = {p: case.file.parties[p].name.get(lang) for p in model.parties}
    states = (
        [[k + 1 for k, on in enumerate(s.values()) if on] for s in states_of(model)] if model.options else []
    )
    quo = [k + 1 for k, option in enumerate(model.options) if option.now]
    return {
        "parties": list(party.values()),
        "options": [(party[o.party], o.name.get(lang), o.one_way) for o in model.options],
        "states": states or [s.name.get(lang) for s in model.states],
        "moves": sorted((party[a.party], a.from_, a.to) for a in model.arcs),
        "quo": states.index(quo) + 1 if states else model.status_quo,
        "rankings": {party[p]: ranked(model, p) for p in model.parties},
        "unseen": {party[p]: list(model.rankings[p].misperceived) for p in model.parties},
    }


def exported(case: Case, path: Path, format_: Any, lang: Any = "en") -> tuple[str, tuple[str, ...]]:
    """The text of the file written, and the notes."""
    made = export(case, path, format=format_, lang=lang)
    assert made.paths == (path,)
    return path.read_text(encoding="utf-8"), made.told(lang)
