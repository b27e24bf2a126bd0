"""Conflicts in the JSON files of graph-model programs (``.gmcr``), read into a case folder.

Such a file holds the conflict in option form. Options are referred to by their position, from 0; a condition is a
list of pairs ``[position, "Y" or "N"]`` that must all hold, or ``{"compound": true, "members": […]}`` of which one
must. States are numbered after the options have been put in the order of their owners. A file ranks states by hand
(``useManualPreferenceRanking``) or by prioritised conditions; payoffs and coalitions of an earlier analysis follow
from the rest, or are no part of the conflict, and are not taken over.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np

from zopa.case.conflict import MOST_PARTIES
from zopa.case.interop.json_nodes import as_list, as_object, as_text, read_tiers, required
from zopa.case.interop.layout import comment, comment_file, head, safe_id, words, write_case
from zopa.case.interop.located import Node, read_document, read_json
from zopa.case.interop.patterns import Masks, Pattern, feasible_states
from zopa.case.interop.standoff_form import (
    MOST_OPTIONS,
    RESERVED,
    Maker,
    Option,
    indifferent,
    option_form,
    parties,
)

DIRECTIONS: dict[str, str | None] = {"both": None, "fwd": "on", "back": "off"}
"""How a file says in which way an option may change, and how a case does."""
MANUAL = ("useManualPreferenceRanking", "useManualPreferenceVectors")
RANKING = ("preferenceRanking", "preferenceVector")
"""Each key as it is, and as older files have it."""


@dataclass
class _Maker(Maker):
    """A decision maker, where it stands in the file, and the positions of its options there."""

    node: Node = field(kw_only=True)
    owns: list[int] = field(default_factory=list)


def import_gmcr(file: Path, into: Path, *, as_of: date | None = None) -> Path:
    """A case folder made of a ``.gmcr`` file; the path of the new folder.

    State 1 stands for the status quo, which such files do not name. ``DossierError`` with every located problem where
    the file cannot be read.
    """
    document = read_document(file)
    root = read_json(document)
    held = as_object(root)
    document.check()
    listed = as_list(required(root, "options"))
    makers = _makers(root, listed)
    document.check()
    place = {old: new for new, old in enumerate(old for maker in makers for old in maker.owns)}
    options = _options(makers, listed)
    infeasible = [term for node in as_list(required(root, "infeasibles")) for term in _condition(node, place)]
    document.check()
    states = feasible_states(len(options), infeasible)
    if not len(states):
        held["infeasibles"].add("import-conflict-infeasible")
        document.check()
    manual = _manual(held)
    for maker in makers:
        _preference(maker, place, states, manual=manual)
    document.check()
    title = words(file.stem)
    comments = [
        *comment("gmcr-head"),
        comment_file(file, hashlib.sha256(file.read_bytes()).hexdigest()),
        *comment("conflict-states"),
        *comment("conflict-quo"),
        *comment("conflict-assumed"),
        *(comment("gmcr-coalitions") if _has_coalitions(held) else []),
    ]
    standoff = option_form(options, makers, infeasible, states)
    data = {**head(title, words(file.name), as_of), "parties": parties(makers), "standoff": standoff}
    return write_case(into, comments, data)


# ---- decision makers and options ---------------------------------------------------------------------------------


def _makers(root: Node, listed: Sequence[Node]) -> list[_Maker]:
    node = required(root, "decisionMakers")
    owner: dict[int, str] = {}
    makers: list[_Maker] = []
    for entry in as_list(node):
        if not isinstance(entry.value, dict):
            entry.add("import-conflict-object")
            continue
        named = required(entry, "name")
        name = as_text(named) if named else ""
        if named and name and name in (m.name for m in makers):
            named.add("import-conflict-repeated", name=name)
        maker = _Maker(name, safe_id(name, f"party-{len(makers) + 1}", [m.id for m in makers]), node=entry)
        makers.append(maker)
        for at in as_list(required(entry, "options")):
            position = _position(at, len(listed))
            if position in owner:
                at.add("import-gmcr-owner-twice", n=position, owner=owner[position])
            elif position is not None:
                owner[position] = name
                maker.owns.append(position)
    if node and not makers and not root.document.problems:
        node.add("import-conflict-no-makers")
    if node and len(makers) > MOST_PARTIES:
        node.add("import-conflict-makers", n=len(makers), most=MOST_PARTIES)
    if not root.document.problems:
        for position, option in enumerate(listed):
            if position not in owner:
                option.add("import-gmcr-no-owner", n=position)
        if not 1 <= len(listed) <= MOST_OPTIONS:
            root.add("import-conflict-options", n=len(listed), most=MOST_OPTIONS)
    return makers


def _position(node: Node, options: int) -> int | None:
    value = node.value
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < options:
        node.add("import-gmcr-position", most=options - 1)
        return None
    return value


def _options(makers: Sequence[_Maker], listed: Sequence[Node]) -> list[Option]:
    """The options in the order of their owners, which is the order that numbers the states."""
    out: list[Option] = []
    for owner, maker in enumerate(makers):
        for position in maker.owns:
            named = required(listed[position], "name")
            name = as_text(named) if named else ""
            taken = {*RESERVED, *(option.id for option in out)}
            id_ = safe_id(name, f"option_{len(out) + 1}", taken, joint="_")
            out.append(Option(id_, owner, name, _direction(listed[position])))
    return out


def _direction(option: Node) -> str | None:
    node = as_object(option).get("permittedDirection")
    if node is None:
        return None
    if not isinstance(node.value, str) or node.value not in DIRECTIONS:
        node.add("import-gmcr-direction")
        return None
    return DIRECTIONS[node.value]


# ---- conditions and preferences ----------------------------------------------------------------------------------


def _condition(node: Node, place: dict[int, int]) -> list[Pattern]:
    """The conjunctions of which one must hold: a single one where the condition is no compound one."""
    if isinstance(node.value, dict):
        return [_conjunction(member, place) for member in as_list(required(node, "members"))]
    return [_conjunction(node, place)]


def _conjunction(node: Node, place: dict[int, int]) -> Pattern:
    wants: list[tuple[int, bool]] = []
    if not isinstance(node.value, list):
        node.add("import-gmcr-condition")
        return Pattern()
    for pair in node.value:
        parts = pair.value if isinstance(pair.value, list) else []
        if len(parts) != 2 or parts[1].value not in ("Y", "N"):
            pair.add("import-gmcr-condition")
            continue
        position = _position(parts[0], len(place))
        if position is not None:
            wants.append((place[position], parts[1].value == "Y"))
    if not wants and not node.document.problems:
        node.add("import-conflict-empty-pattern")
    return Pattern(tuple(dict.fromkeys(wants)))


def _manual(held: dict[str, Node]) -> bool:
    """Whether states are ranked by hand."""
    node = next((held[key] for key in MANUAL if key in held), None)
    if node is not None and not isinstance(node.value, bool):
        node.add("import-gmcr-manual")
    return node is not None and node.value is True


def _preference(maker: _Maker, place: dict[int, int], states: Masks, *, manual: bool) -> None:
    held = as_object(maker.node)
    unseen = np.zeros(len(states), dtype=np.bool_)
    for node in as_list(held.get("misperceptions")):
        for pattern in _condition(node, place):
            unseen |= pattern.holds(states)
    maker.blind = [int(n) for n in np.flatnonzero(unseen) + 1]
    if manual:
        ranking = next((held[key] for key in RANKING if key in held), None) or required(
            maker.node, RANKING[0]
        )
        if ranking is not None:
            every = range(1, len(states) + 1)
            maker.ranking = read_tiers(ranking, every, len(states), set(maker.blind))
        return
    for node in as_list(required(maker.node, "preferences")):
        terms = _condition(node, place)
        if terms:
            maker.priorities.append(terms[0] if len(terms) == 1 else Pattern(any_of=(tuple(terms),)))
    if not indifferent(maker, len(states)):
        maker.node.add("import-conflict-no-preference", name=maker.name)


def _has_coalitions(held: dict[str, Node]) -> bool:
    node = held.get("coalitions")
    listed = node.value if node is not None and isinstance(node.value, list) else []
    return any(isinstance(item.value, list) and len(item.value) > 1 for item in listed)
