"""Graph-model conflicts in the neutral JSON form, read into a case folder.

Option form: decision makers with yes/no options, infeasible combinations, one-way options, and preferences as a
ranking of states (best first, inner lists are ties) or as prioritised patterns (Hipel, Kilgour, Fang and Peng 1997).
Graph form: moves between numbered states, and rankings. What the file says about states, counts and equilibria is
never taken over: states are worked out again from options and infeasible combinations.
"""

import difflib
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import cast

import numpy as np

from zopa.case.conflict import MOST_PARTIES
from zopa.case.interop.json_nodes import as_list, as_object, as_state, as_text, read_tiers, required
from zopa.case.interop.layout import comment, comment_file, head, safe_id, words, write_case
from zopa.case.interop.located import Node, read_document, read_json
from zopa.case.interop.patterns import Masks, feasible_states, read_pattern
from zopa.case.interop.standoff_form import (
    MOST_OPTIONS,
    RESERVED,
    Maker,
    Option,
    graph_form,
    indifferent,
    option_form,
    parties,
)
from zopa.claims.lines import Several, suggestion

_READ = ("form", "as_of", "decision_makers", "infeasible", "irreversible", "options", "ranking",
         "preference_priorities", "misperceived", "moves", "status_quo")  # fmt: skip
_ONE_WAY = {"N->Y only": "on", "Y->N only": "off"}


@dataclass
class _Maker(Maker):
    """A decision maker, and where it stands in the file."""

    node: Node = field(kw_only=True)


def import_conflict(file: Path, into: Path, *, name: str | None = None, as_of: date | None = None) -> Path:
    """A case folder made of one conflict of a JSON file (one case, or a list under ``cases``); the new folder's path.

    ``name`` chooses among several. The case's day is ``as_of``, else the conflict's own ``as_of`` in the file, else the
    day of the import, with a comment that says so; ``status_quo`` in the file is a state's number, else state 1 stands
    for it. A direct ranking wins where a decision maker has both kinds of preference.
    ``DossierError`` with every located problem where the conflict cannot be read.
    """
    document = read_document(file)
    case = _choose(read_json(document), name)
    document.check()
    makers = _makers(case)
    graph = _is_graph(case, makers)
    standoff = _graph_form(case, makers) if graph else _option_form(case, makers)
    day = as_of or _day(case)
    document.check()
    source = as_object(case).get("source")
    cite = source.value if source and isinstance(source.value, str) and words(source.value) else file.name
    comments = [
        *comment("conflict-head"),
        comment_file(file, hashlib.sha256(file.read_bytes()).hexdigest()),
        *comment("conflict-recomputed"),
        *([] if graph else comment("conflict-states")),
        *(
            []
            if "status_quo" in as_object(case)
            else comment("conflict-graph-quo" if graph else "conflict-quo")
        ),
        *comment("conflict-assumed"),
    ]
    data = {**head(_name(case), words(cite), day), "parties": parties(makers), "standoff": standoff}
    return write_case(into, comments, data)


# ---- finding the case --------------------------------------------------------------------------------------------


def _choose(root: Node, name: str | None) -> Node:
    """The case of that name, or the only one."""
    if not isinstance(root.value, dict):
        root.add("import-conflict-object")
        root.document.check()
    held = cast("dict[str, Node]", root.value)
    if "cases" not in held:
        return root if name is None else _named([root], name, root)
    cases = as_list(held["cases"])
    for node in cases:
        as_object(node)
    root.document.check()
    if name is not None:
        return _named(cases, name, held["cases"])
    if len(cases) != 1:
        held["cases"].add("import-conflict-choose", n=len(cases), names=Several(_name(c) for c in cases))
        root.document.check()
    return cases[0]


def _named(cases: Sequence[Node], name: str, where: Node) -> Node:
    for fold in (str, str.casefold):
        found = [case for case in cases if fold(_name(case)) == fold(words(name))]
        if len(found) == 1:
            return found[0]
    near = suggestion(name, [_name(case) for case in cases])
    where.add("import-conflict-unknown-name", name=name, closest=near)
    where.document.check()
    raise AssertionError("check raises what was just noted")


def _name(case: Node) -> str:
    node = case.value.get("name") if isinstance(case.value, dict) else None
    return words(node.value) if node and isinstance(node.value, str) else Path(case.document.file).stem


def _day(case: Node) -> date | None:
    """The day that the file itself gives the conflict."""
    node = as_object(case).get("as_of")
    if node is None:
        return None
    try:
        return date.fromisoformat(as_text(node))
    except ValueError:
        node.add("date-impossible", key="as_of", value=str(node.value))
        return None


def _mistyped(node: Node) -> None:
    """A key that is nearly one that is read, while that one is absent, is a slip and not a remark."""
    held = as_object(node)
    for key in held:
        near = difflib.get_close_matches(key, [k for k in _READ if k not in held], n=1, cutoff=0.84)
        if key not in _READ and near:
            node.add("import-conflict-key", key, key=key, near=near[0])


# ---- decision makers ---------------------------------------------------------------------------------------------


def _makers(case: Node) -> list[_Maker]:
    _mistyped(case)
    node = required(case, "decision_makers")
    makers: list[_Maker] = []
    for entry in as_list(node):
        if not isinstance(entry.value, dict):
            entry.add("import-conflict-object")
            continue
        _mistyped(entry)
        named = required(entry, "name")
        name = as_text(named) if named else ""
        if named and name and name in (m.name for m in makers):
            named.add("import-conflict-repeated", name=name)
        taken = [m.id for m in makers]
        makers.append(_Maker(name, safe_id(name, f"party-{len(makers) + 1}", taken), node=entry))
    if node and not makers and not case.document.problems:
        node.add("import-conflict-no-makers")
    if node and len(makers) > MOST_PARTIES:
        node.add("import-conflict-makers", n=len(makers), most=MOST_PARTIES)
    case.document.check()
    return makers


def _is_graph(case: Node, makers: Sequence[_Maker]) -> bool:
    form = as_object(case).get("form")
    if form is None:
        return any("moves" in as_object(m.node) for m in makers)
    if form.value not in ("option", "graph"):
        form.add("import-conflict-form", form=str(form.value))
        case.document.check()
    return form.value == "graph"


# ---- option form -------------------------------------------------------------------------------------------------


def _option_form(case: Node, makers: Sequence[_Maker]) -> dict[str, object]:
    options = _options(case, makers)
    bits = {key: bit for bit, key in enumerate(options)}
    held = as_object(case)
    infeasible = [read_pattern(node, bits) for node in as_list(held.get("infeasible"))]
    _one_way(held.get("irreversible"), options)
    case.document.check()
    states = feasible_states(len(options), infeasible)
    if not len(states):
        held["infeasible"].add("import-conflict-infeasible")
        case.document.check()
    for maker in makers:
        _option_preference(maker, bits, states)
    quo = _status_quo(case, len(states))
    case.document.check()
    return option_form(tuple(options.values()), makers, infeasible, states, quo)


def _options(case: Node, makers: Sequence[_Maker]) -> dict[str, Option]:
    """The options by their id in the file."""
    out: dict[str, Option] = {}
    for owner, maker in enumerate(makers):
        for node in as_list(required(maker.node, "options")):
            key_node = required(node, "id")
            key = as_text(key_node) if key_node else ""
            name_node = as_object(node).get("name")
            name = as_text(name_node) if name_node else key
            if key_node and key in out:
                key_node.add("import-conflict-repeated", name=key)
            taken = {*RESERVED, *(o.id for o in out.values())}
            out[key] = Option(safe_id(name, f"option_{len(out) + 1}", taken, joint="_"), owner, name)
    if not case.document.problems and not 1 <= len(out) <= MOST_OPTIONS:
        case.add("import-conflict-options", n=len(out), most=MOST_OPTIONS)
    case.document.check()
    return out


def _one_way(node: Node | None, options: dict[str, Option]) -> None:
    for entry in as_list(node):
        named, allowed = required(entry, "option"), required(entry, "allowed")
        if named is None or allowed is None:
            continue
        key = as_text(named)
        way = _ONE_WAY.get(str(allowed.value))
        if key not in options:
            named.add("import-conflict-unknown-option", option=key, closest=suggestion(key, tuple(options)))
        elif way is None:
            allowed.add("import-conflict-one-way", value=str(allowed.value))
        else:
            options[key] = replace(options[key], one_way=way)


def _option_preference(maker: _Maker, bits: Mapping[str, int], states: Masks) -> None:
    held = as_object(maker.node)
    unseen = np.zeros(len(states), dtype=np.bool_)
    for node in as_list(held.get("misperceived")):
        unseen |= read_pattern(node, bits).holds(states)
    maker.blind = [int(n) for n in np.flatnonzero(unseen) + 1]
    if "ranking" in held:
        every = range(1, len(states) + 1)
        maker.ranking = read_tiers(held["ranking"], every, len(states), set(maker.blind))
        return
    maker.priorities = [read_pattern(node, bits) for node in as_list(held.get("preference_priorities"))]
    if "preference_priorities" not in held or not indifferent(maker, len(states)):
        maker.node.add("import-conflict-no-preference", name=maker.name)


def _status_quo(case: Node, most: int) -> int:
    node = as_object(case).get("status_quo")
    # 0 stands for what is no state: it has been noted, and nothing is written.
    return 1 if node is None else as_state(node, most) or 1


# ---- graph form --------------------------------------------------------------------------------------------------


def _graph_form(case: Node, makers: Sequence[_Maker]) -> dict[str, object]:
    names = _labels(as_object(case).get("states"))
    for maker in makers:
        _moves(maker, max(names) if names else None)
    case.document.check()
    # Without a list of states, the largest number anybody moves to or ranks is their number.
    named = [n for m in makers for n in _ranked(m)] + [n for m in makers for move in m.moves for n in move]
    most = max(names or named, default=1)
    for maker in makers:
        held = as_object(maker.node)
        seen = {as_state(node, most) for node in as_list(held.get("misperceived"))}
        maker.blind = sorted(seen - {0})
        ranking = required(maker.node, "ranking")
        if ranking:
            maker.ranking = read_tiers(ranking, range(1, most + 1), most, seen)
    quo = _status_quo(case, most)
    case.document.check()
    return graph_form({n: names.get(n, str(n)) for n in range(1, most + 1)}, makers, quo)


def _ranked(maker: _Maker) -> list[int]:
    node = as_object(maker.node).get("ranking")
    tiers = node.value if node and isinstance(node.value, list) else []
    listed = (entry for tier in tiers for entry in (tier.value if isinstance(tier.value, list) else [tier]))
    return [entry.value for entry in listed if isinstance(entry.value, int)]


def _labels(node: Node | None) -> dict[int, str]:
    """Names of the states where the file gives any; their numbers must run from 1 without a gap."""
    out: dict[int, str] = {}
    for entry in as_list(node):
        number = required(entry, "n")
        n = as_state(number) if number else 0
        if number and n in out:
            number.add("import-conflict-repeated", name=n)
        label = as_object(entry).get("label")
        out[n] = as_text(label) if label else str(n)
    if node and not node.document.problems and sorted(out) != list(range(1, len(out) + 1)):
        node.add("import-conflict-numbering", n=len(out))
    return out


def _moves(maker: _Maker, most: int | None) -> None:
    node = required(maker.node, "moves")
    for entry in as_list(node):
        pair = entry.value if isinstance(entry.value, list) else []
        if len(pair) != 2:
            entry.add("import-conflict-pair")
            continue
        a, b = as_state(pair[0], most), as_state(pair[1], most)
        if a and a == b:
            entry.add("import-conflict-loop", n=a)
        elif a and b and (a, b) not in maker.moves:
            maker.moves.append((a, b))
