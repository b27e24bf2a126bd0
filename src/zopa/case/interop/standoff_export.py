"""A standoff as other programs' files: the neutral JSON form of a conflict and ``.gmcr`` JSON; tables, graphs."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from zopa.case.interop.export_words import Exported, Told, note, write_new
from zopa.case.interop.gmcr import DIRECTIONS
from zopa.case.interop.graph_files import dot, graphml
from zopa.case.interop.layout import words
from zopa.case.interop.standoff_csv import states_table
from zopa.case.interop.standoff_plain import PlainParty, PlainStandoff, plain
from zopa.case.interop.terms import Term
from zopa.case.model import CaseFile
from zopa.case.names import party_name
from zopa.errors import DossierError, Place
from zopa.words import Language, joined

MOST_LISTED = 4096
"""States beyond which a file does not list them: they follow from its options."""
_ALLOWED = {"on": "N->Y only", "off": "Y->N only"}
_PROGRAM = {"program": "zopa", "version": "1"}


def export_standoff(file: CaseFile, out: Path, format_: str, lang: Language) -> Exported:
    """The standoff of a case in one file, and what that cannot hold; ``DossierError`` where it can hold nothing."""
    found = plain(file, lang, format_=format_)
    notes = [*found.on_preferences, *found.on_sections]
    if format_ == "conflict":
        text = _lines(neutral(found))
        notes += _numbering(found)
    elif format_ == "gmcr":
        text = json.dumps(gmcr(found), ensure_ascii=False) + "\n"
        notes += [*_numbering(found), *_status_quo(found)]
    elif format_ == "states":
        text = states_table(found.conflict, found.ranks, lang=lang)
    else:
        text = {"graphml": graphml, "dot": dot}[format_](found)
        notes = [*_improvements(found), *found.on_sections]
    return Exported((write_new(out, text),), tuple(notes))


# ---- the neutral JSON form ---------------------------------------------------------------------------------------


def neutral(found: PlainStandoff) -> dict[str, object]:
    """The standoff in the neutral form: option form or graph form, preferences as priorities or rankings."""
    file, graph = found.file, not found.options
    out: dict[str, object] = {
        "name": words(file.title.get(found.lang)),
        "form": "graph" if graph else "option",
    }
    if file.cite is not None:
        out["source"] = words(file.cite.get(found.lang))
    out["as_of"] = file.as_of.isoformat()
    out["decision_makers"] = [_maker(found, i) for i in range(len(found.parties))]
    if not graph:
        out["infeasible"] = [_pattern(found, term) for term in found.infeasible]
        out["irreversible"] = [
            {"option": _key(k), "allowed": _ALLOWED[o.one_way]}
            for k, o in enumerate(found.options)
            if o.one_way
        ]
    if found.conflict.status_quo is not None:
        out["status_quo"] = int(found.number[found.conflict.status_quo])
    if graph or len(found.order) <= MOST_LISTED:
        out["states"] = [_state(found, n, int(s)) for n, s in enumerate(found.order, start=1)]
    return out


def _key(option: int) -> str:
    return f"o{option + 1}"


def _pattern(found: PlainStandoff, term: Term) -> dict[str, object]:
    place = {option.id: k for k, option in enumerate(found.options)}
    return {_key(place[id_]): "Y" if wanted else "N" for id_, wanted in term}


def _maker(found: PlainStandoff, at: int) -> dict[str, object]:
    party = found.parties[at]
    out: dict[str, object] = {"name": party.name}
    if found.options:
        out["options"] = [
            {"id": _key(k), "name": found.names[o.id]}
            for k, o in enumerate(found.options)
            if o.party == party.id
        ]
    else:
        out["moves"] = [[int(found.number[a]), int(found.number[b])] for a, b in moves(found, at)]
    if party.priorities is not None:
        out["preference_priorities"] = [
            _pattern(found, own[0]) if len(own) == 1 else {"any": [_pattern(found, term) for term in own]}
            for own in party.priorities
        ]
    else:
        out["ranking"] = found.tiers(party)
    if party.unseen.any():
        unseen = np.flatnonzero(party.unseen)
        out["misperceived"] = (
            [_pattern(found, term) for term in found.exactly(unseen)]
            if found.options
            else sorted(int(found.number[s]) for s in unseen)
        )
    return out


def moves(found: PlainStandoff, party: int) -> Iterator[tuple[int, int]]:
    """Every move of a party of a conflict in graph form, as state indices."""
    graph = found.conflict.graph
    for state in range(len(graph)):
        for target in graph.moves(party, state):
            yield state, int(target)


def _state(found: PlainStandoff, n: int, index: int) -> dict[str, object]:
    if not found.options:
        return {"n": n, "label": found.conflict.label(index, found.lang)}
    bits = int(found.bits[index])
    pattern = "".join("Y" if bits >> k & 1 else "N" for k in range(len(found.options)))
    return {"n": n, "pattern": pattern, "bits": bits}


def _lines(held: Mapping[str, object]) -> str:
    """JSON a person can read: an entry a line, and an item of a long list a line."""

    def written(value: object) -> str:
        if not isinstance(value, list) or not value:
            return json.dumps(value, ensure_ascii=False)
        items = ",\n    ".join(json.dumps(item, ensure_ascii=False) for item in value)
        return f"[\n    {items}\n  ]"

    entries = ",\n".join(f"  {json.dumps(key)}: {written(value)}" for key, value in held.items())
    return f"{{\n{entries}\n}}\n"


# ---- .gmcr -------------------------------------------------------------------------------------------------------


def gmcr(found: PlainStandoff) -> dict[str, object]:
    """The standoff as ``.gmcr`` files hold it; ``DossierError`` for one in graph form, which they cannot hold."""
    if not found.options:
        raise DossierError.of("export-gmcr-graph", Place("case.yaml"))
    # The file has one switch for all: as soon as one party's states are ranked by hand, all parties' are.
    manual = any(party.priorities is None for party in found.parties)
    ways = {way: word for word, way in DIRECTIONS.items()}
    return {
        "decisionMakers": [_gmcr_maker(found, party, manual=manual) for party in found.parties],
        "coalitions": list(range(len(found.parties))),
        "options": [
            {"name": found.names[o.id], "permittedDirection": ways[o.one_way]} for o in found.options
        ],
        "infeasibles": [_condition(found, term) for term in found.infeasible],
        "useManualPreferenceRanking": manual,
        **_PROGRAM,
    }


def _gmcr_maker(found: PlainStandoff, party: PlainParty, *, manual: bool) -> dict[str, object]:
    out: dict[str, object] = {
        "name": party.name,
        "options": [k for k, o in enumerate(found.options) if o.party == party.id],
        "misperceptions": [_condition(found, term) for term in found.exactly(np.flatnonzero(party.unseen))],
        "preferences": [
            _condition(found, own[0])
            if len(own) == 1
            else {"compound": True, "members": [_condition(found, term) for term in own]}
            for own in party.priorities or ()
        ],
    }
    if manual:
        tiers = found.tiers(party)
        out["preferenceRanking"] = [tier[0] if len(tier) == 1 else tier for tier in tiers]
    return out


def _condition(found: PlainStandoff, term: Term) -> list[list[object]]:
    place = {option.id: k for k, option in enumerate(found.options)}
    return [[place[id_], "Y" if wanted else "N"] for id_, wanted in term]


# ---- what the files cannot hold ----------------------------------------------------------------------------------


def _numbering(found: PlainStandoff) -> Iterator[Told]:
    if not np.array_equal(found.conflict.numbers, found.number):
        yield note("export.renumbered")


def _status_quo(found: PlainStandoff) -> Iterator[Told]:
    at = found.conflict.status_quo
    if at is not None and found.number[at] != 1:
        yield note("export.no-status-quo")


def _improvements(found: PlainStandoff) -> Iterator[Told]:
    """Parties whose order of states is not certain, so that no move of theirs can be called an improvement."""
    open_ = [party.id for party in found.parties if not party.certain]
    if open_:
        yield note(
            "export.improvements", parties=lambda g: joined([party_name(found.file, p, g) for p in open_], g)
        )
