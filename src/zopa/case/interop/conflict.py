"""Graph-model conflicts in the neutral JSON form, read into a case folder.

Option form: decision makers with yes/no options, infeasible combinations, one-way options, and preferences as a
ranking of states (best first, inner lists are ties) or as prioritised patterns (Hipel, Kilgour, Fang and Peng 1997).
Graph form: moves between numbered states, and rankings. What the file says about states, counts and equilibria is
never taken over: states are worked out again from options and infeasible combinations.
"""

import difflib
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from zopa.case.interop.layout import comment, comment_file, head, safe_id, words, write_case
from zopa.case.interop.located import Node, read_document, read_json
from zopa.case.interop.patterns import Pattern, feasible_states, read_pattern
from zopa.claims.lines import Several, suggestion

MOST_OPTIONS = 24
"""States are listed to number them: 2^24 of them at most."""
_RESERVED = frozenset({"not", "and", "or", "if", "iff", "then", "xor", "implies", "true", "false", "none"})
_READ = ("form", "as_of", "decision_makers", "infeasible", "irreversible", "options", "ranking",
         "preference_priorities", "misperceived", "moves")  # fmt: skip
_SHOWN = 10
"""States a message names before it breaks off."""
_ONE_WAY = {"N->Y only": "on", "Y->N only": "off"}


@dataclass(frozen=True)
class _Option:
    """A yes/no option: its id in the file, its id in the case, its owner's position, its name."""

    key: str
    id: str
    owner: int
    name: str
    one_way: str | None = None


@dataclass
class _Maker:
    """A decision maker with its preference: prioritised patterns, or a ranking of states."""

    node: Node
    name: str
    id: str
    priorities: list[Pattern] = field(default_factory=list)
    ranking: list[list[int]] = field(default_factory=list)
    blind: list[int] = field(default_factory=list)
    """States it does not see."""
    moves: list[tuple[int, int]] = field(default_factory=list)


def import_conflict(file: Path, into: Path, *, name: str | None = None, as_of: date | None = None) -> Path:
    """A case folder made of one conflict of a JSON file (one case, or a list under ``cases``); the new folder's path.

    ``name`` chooses among several. The case's day is ``as_of``, else the conflict's own ``as_of`` in the file, else the
    day of the import, with a comment that says so. A direct ranking wins where a decision maker has both kinds of
    preference.
    ``DossierError`` with every located problem where the conflict cannot be read.
    """
    document = read_document(file)
    case = _choose(read_json(document), name)
    document.check()
    makers = _makers(case)
    graph = _is_graph(case, makers)
    body = _graph_form(case, makers) if graph else _option_form(case, makers)
    day = as_of or _day(case)
    document.check()
    source = _object(case).get("source")
    cite = source.value if source and isinstance(source.value, str) and words(source.value) else file.name
    comments = [
        *comment("conflict-head"),
        comment_file(file, hashlib.sha256(file.read_bytes()).hexdigest()),
        *comment("conflict-recomputed"),
        *([] if graph else comment("conflict-states")),
        *comment("conflict-graph-quo" if graph else "conflict-quo"),
        *comment("conflict-assumed"),
    ]
    data = {
        **head(_name(case), words(cite), day),
        "parties": {maker.id: {"name": maker.name, "role": "negotiator"} for maker in makers},
        "standoff": {"assumed": True, "parties": [maker.id for maker in makers], **body},
    }
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
    cases = _list(held["cases"])
    for node in cases:
        _object(node)
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


# ---- typed access: each notes what is wrong and gives an empty value ------------------------------------------------


def _object(node: Node) -> dict[str, Node]:
    if isinstance(node.value, dict):
        return node.value
    node.add("import-conflict-object")
    return {}


def _list(node: Node) -> list[Node]:
    if isinstance(node.value, list):
        return node.value
    node.add("import-conflict-list")
    return []


def _text(node: Node) -> str:
    if isinstance(node.value, str) and words(node.value):
        return words(node.value)
    node.add("import-conflict-text")
    return ""


def _day(case: Node) -> date | None:
    """The day that the file itself gives the conflict."""
    node = _object(case).get("as_of")
    if node is None:
        return None
    try:
        return date.fromisoformat(_text(node))
    except ValueError:
        node.add("date-impossible", key="as_of", value=str(node.value))
        return None


def _state(node: Node, most: int | None = None) -> int:
    """A state number, 0 after noting that it is none."""
    n = node.value
    if isinstance(n, bool) or not isinstance(n, int) or n < 1:
        node.add("import-conflict-number")
        return 0
    if most is not None and n > most:
        node.add("import-conflict-unknown-state", n=n, most=most)
        return 0
    return n


def _required(node: Node, key: str) -> Node | None:
    held = _object(node)
    if key in held:
        return held[key]
    node.add("import-conflict-missing", key=key)
    return None


def _mistyped(node: Node) -> None:
    """A key that is nearly one that is read, while that one is absent, is a slip and not a remark."""
    held = _object(node)
    for key in held:
        near = difflib.get_close_matches(key, [k for k in _READ if k not in held], n=1, cutoff=0.84)
        if key not in _READ and near:
            node.add("import-conflict-key", key, key=key, near=near[0])


# ---- decision makers ---------------------------------------------------------------------------------------------


def _makers(case: Node) -> list[_Maker]:
    _mistyped(case)
    node = _required(case, "decision_makers")
    makers: list[_Maker] = []
    for entry in _list(node) if node else []:
        if not isinstance(entry.value, dict):
            entry.add("import-conflict-object")
            continue
        _mistyped(entry)
        named = _required(entry, "name")
        name = _text(named) if named else ""
        if named and name and name in (m.name for m in makers):
            named.add("import-conflict-repeated", name=name)
        taken = [m.id for m in makers]
        makers.append(_Maker(entry, name, safe_id(name, f"party-{len(makers) + 1}", taken)))
    if node and not makers and not case.document.problems:
        node.add("import-conflict-no-makers")
    case.document.check()
    return makers


def _is_graph(case: Node, makers: Sequence[_Maker]) -> bool:
    form = _object(case).get("form")
    if form is None:
        return any("moves" in _object(m.node) for m in makers)
    if form.value not in ("option", "graph"):
        form.add("import-conflict-form", form=str(form.value))
        case.document.check()
    return form.value == "graph"


def _read_ranking(maker: _Maker, node: Node, expected: Sequence[int], most: int) -> None:
    """Tiers of states, best first: each state once, none left out that the party sees."""
    seen: set[int] = set()
    for tier in _list(node):
        states = []
        for entry in _list(tier) if isinstance(tier.value, list) else [tier]:
            n = _state(entry, most)
            if n in seen:
                entry.add("import-conflict-repeated", name=n)
            elif n:
                seen.add(n)
                states.append(n)
        if states:
            maker.ranking.append(states)
    left = list(islice((n for n in expected if n not in seen and n not in maker.blind), _SHOWN + 1))
    if left and not maker.node.document.problems:
        shown = ", ".join(map(str, left[:_SHOWN])) + (" …" if len(left) > _SHOWN else "")
        node.add("import-conflict-left-out", states=shown)


# ---- option form ---------------------------------------------------------------------------------------------------


def _option_form(case: Node, makers: Sequence[_Maker]) -> dict[str, object]:
    options = _options(case, makers)
    bits = {option.key: bit for bit, option in enumerate(options)}
    held = _object(case)
    infeasible = [
        read_pattern(node, bits) for node in (_list(held["infeasible"]) if "infeasible" in held else [])
    ]
    options = _one_way(held.get("irreversible"), options)
    case.document.check()
    states = feasible_states(len(options), infeasible)
    if not len(states):
        held["infeasible"].add("import-conflict-infeasible")
        case.document.check()
    for maker in makers:
        _option_preference(maker, bits, states)
    case.document.check()
    ids = [option.id for option in options]
    first = int(states[0])
    out: dict[str, object] = {
        "options": [_option(o, makers, now=bool(first >> bit & 1)) for bit, o in enumerate(options)]
    }
    if infeasible:
        out["infeasible"] = [pattern.text(ids) for pattern in infeasible]
    return {**out, "rankings": _rankings(makers, ids)}


def _options(case: Node, makers: Sequence[_Maker]) -> list[_Option]:
    out: list[_Option] = []
    for owner, maker in enumerate(makers):
        listed = _required(maker.node, "options")
        for node in _list(listed) if listed else []:
            key_node = _required(node, "id")
            key = _text(key_node) if key_node else ""
            name_node = _object(node).get("name")
            name = _text(name_node) if name_node else key
            if key_node and key and any(o.key == key for o in out):
                key_node.add("import-conflict-repeated", name=key)
            taken = {*_RESERVED, *(o.id for o in out)}
            out.append(_Option(key, safe_id(name, f"option_{len(out) + 1}", taken, joint="_"), owner, name))
    if not case.document.problems and not 1 <= len(out) <= MOST_OPTIONS:
        case.add("import-conflict-options", n=len(out), most=MOST_OPTIONS)
    case.document.check()
    return out


def _one_way(node: Node | None, options: list[_Option]) -> list[_Option]:
    out = {option.key: option for option in options}
    for entry in _list(node) if node else []:
        named, allowed = _required(entry, "option"), _required(entry, "allowed")
        if named is None or allowed is None:
            continue
        key = _text(named)
        way = _ONE_WAY.get(str(allowed.value))
        if key not in out:
            named.add("import-conflict-unknown-option", option=key, closest=suggestion(key, tuple(out)))
        elif way is None:
            allowed.add("import-conflict-one-way", value=str(allowed.value))
        else:
            old = out[key]
            out[key] = _Option(old.key, old.id, old.owner, old.name, way)
    return list(out.values())


def _option_preference(maker: _Maker, bits: Mapping[str, int], states: NDArray[np.int64]) -> None:
    held = _object(maker.node)
    for node in _list(held["misperceived"]) if "misperceived" in held else []:
        pattern = read_pattern(node, bits)
        maker.blind.extend(int(n) for n in np.flatnonzero(pattern.holds(states)) + 1)
    maker.blind = sorted(set(maker.blind))
    if "ranking" in held:
        _read_ranking(maker, held["ranking"], range(1, len(states) + 1), len(states))
    elif "preference_priorities" in held:
        maker.priorities = [read_pattern(node, bits) for node in _list(held["preference_priorities"])]
    else:
        maker.node.add("import-conflict-no-preference", name=maker.name)


def _option(option: _Option, makers: Sequence[_Maker], *, now: bool) -> dict[str, object]:
    out: dict[str, object] = {"id": option.id, "party": makers[option.owner].id, "name": option.name}
    if option.one_way:
        out["one_way"] = option.one_way
    return {**out, "now": True} if now else out


def _rankings(makers: Sequence[_Maker], ids: Sequence[str] = ()) -> dict[str, object]:
    out: dict[str, object] = {}
    for maker in makers:
        ranking: dict[str, object] = {"assumed": True}
        if maker.ranking:
            ranking["ranking"] = maker.ranking
        elif maker.priorities:
            # Every statement counts in every draw: the file knows no doubt.
            ranking["statements"] = [
                {"holds": pattern.text(ids), "chance": 1, "assumed": True} for pattern in maker.priorities
            ]
        if maker.blind:
            ranking["misperceived"] = maker.blind
        out[maker.id] = ranking
    return out


# ---- graph form ----------------------------------------------------------------------------------------------------


def _graph_form(case: Node, makers: Sequence[_Maker]) -> dict[str, object]:
    names = _labels(_object(case).get("states"))
    for maker in makers:
        _moves(maker, max(names) if names else None)
    case.document.check()
    # Without a list of states, the largest number anybody moves to or ranks is their number.
    named = [n for m in makers for n in _ranked(m)] + [n for m in makers for move in m.moves for n in move]
    most = max(names or named, default=1)
    for maker in makers:
        held = _object(maker.node)
        seen = (
            _state(node, most) for node in (_list(held["misperceived"]) if "misperceived" in held else [])
        )
        maker.blind = sorted({n for n in seen if n})
        if "ranking" in held:
            _read_ranking(maker, held["ranking"], range(1, most + 1), most)
        else:
            maker.node.add("import-conflict-missing", key="ranking")
    case.document.check()
    return {
        "states": [{"n": n, "name": names.get(n, str(n))} for n in range(1, most + 1)],
        "arcs": [{"party": maker.id, "from": a, "to": b} for maker in makers for a, b in maker.moves],
        "rankings": _rankings(makers),
        "status_quo": 1,
    }


def _ranked(maker: _Maker) -> list[int]:
    node = _object(maker.node).get("ranking")
    tiers = node.value if node and isinstance(node.value, list) else []
    listed = (entry for tier in tiers for entry in (tier.value if isinstance(tier.value, list) else [tier]))
    return [entry.value for entry in listed if isinstance(entry.value, int)]


def _labels(node: Node | None) -> dict[int, str]:
    """Names of the states where the file gives any; their numbers must run from 1 without a gap."""
    out: dict[int, str] = {}
    for entry in _list(node) if node else []:
        number = _required(entry, "n")
        n = _state(number) if number else 0
        if number and n in out:
            number.add("import-conflict-repeated", name=n)
        label = _object(entry).get("label")
        out[n] = _text(label) if label else str(n)
    if node and not node.document.problems and sorted(out) != list(range(1, len(out) + 1)):
        node.add("import-conflict-numbering", n=len(out))
    return out


def _moves(maker: _Maker, most: int | None) -> None:
    node = _required(maker.node, "moves")
    for entry in _list(node) if node else []:
        pair = entry.value if isinstance(entry.value, list) else []
        if len(pair) != 2:
            entry.add("import-conflict-pair")
            continue
        a, b = _state(pair[0], most), _state(pair[1], most)
        if a and a == b:
            entry.add("import-conflict-loop", n=a)
        elif a and b and (a, b) not in maker.moves:
            maker.moves.append((a, b))
