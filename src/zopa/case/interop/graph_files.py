"""The state graph as GraphML and DOT: a node a state with its options, an edge a move with its party.

Whether a move improves things for its party is said where its order of states is certain. Names are data: XML escapes
them, DOT quotes them, and neither format gives them a meaning.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from zopa.case.conflict import Conflict
from zopa.case.interop.export_words import told_apart
from zopa.case.interop.standoff_plain import PlainStandoff
from zopa.errors import DossierError, Place
from zopa.methods.graph_model import Lattice

MOST_MOVES = 1_000_000
"""Moves beyond which no program that draws graphs opens the file."""
_SPACE = "http://graphml.graphdrawing.org/xmlns"
_COLOURS = ("#1b6ca8", "#b3541e", "#3f7d20", "#7b3f98", "#a31621", "#5f6b6d", "#8a6d00", "#00798c")
"""One a party, told apart on white and in grey."""


@dataclass(frozen=True)
class Move:
    """One move: state indices, the mover's position, whether it improves (None: not certain), its name if any."""

    source: int
    target: int
    party: int
    improves: bool | None
    name: str


def moves(found: PlainStandoff) -> Iterator[Move]:
    """All moves by party and state."""
    graph, conflict = found.conflict.graph, found.conflict
    named = {
        (arc.party, conflict.places[arc.from_], conflict.places[arc.to]): arc.name.get(found.lang)
        for arc in conflict.standoff.arcs
        if arc.name is not None
    }
    for i, party in enumerate(found.parties):
        for state in range(len(graph)):
            for target in map(int, graph.moves(i, state)):
                better = bool(party.ranks[target] > party.ranks[state]) if party.certain else None
                yield Move(state, target, i, better, named.get((party.id, state, target), ""))


def _listed(conflict: Conflict) -> Conflict:
    """The conflict with its columns at hand; ``DossierError`` where its moves are too many for a file."""
    # Counted before they are listed: a million states have billions of moves.
    most = _most(conflict)
    if most > MOST_MOVES:
        raise DossierError.of("export-graph-large", Place("case.yaml"), n=f"{most:,}", most=f"{MOST_MOVES:,}")
    return replace(conflict, facts={name: conflict.facts[name] for name in conflict.facts})


def _most(conflict: Conflict) -> int:
    """The number of moves, or one that they do not exceed."""
    model = conflict.model
    if not isinstance(model, Lattice):
        return len(model.targets)
    own = np.bincount(model.owner, minlength=model.parties)
    return len(model) * sum((1 << int(k)) - 1 for k in own)


_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _text(value: str) -> str:
    """A text without what XML 1.0 cannot hold."""
    return _NOT_XML.sub("?", value)


# ---- GraphML -----------------------------------------------------------------------------------------------------


def graphml(found: PlainStandoff) -> str:
    """The graph in GraphML; node ids are ``s1``, ``s2`` … after the numbers of the states."""
    conflict, lang = _listed(found.conflict), found.lang
    root = ET.Element("graphml", {"xmlns": _SPACE})
    facts = {fact: f"o{k}" for k, fact in enumerate(conflict.facts, start=1)}
    outcomes = {outcome.id: f"is{k}" for k, outcome in enumerate(conflict.standoff.outcomes, start=1)}
    names = _names(found, facts, outcomes)
    _key(root, "n", "node", "state", "int")
    _key(root, "label", "node", "label", "string")
    _key(root, "quo", "node", "status quo", "boolean")
    for key in (*facts.values(), *outcomes.values()):
        _key(root, key, "node", names[key], "boolean")
    _key(root, "party", "edge", "party", "string")
    _key(root, "improves", "edge", "improvement", "boolean")
    _key(root, "name", "edge", "name", "string")
    graph = ET.SubElement(root, "graph", {"id": "standoff", "edgedefault": "directed"})
    for s in range(len(conflict)):
        node = ET.SubElement(graph, "node", {"id": f"s{int(conflict.numbers[s])}"})
        data: dict[str, object] = {
            "n": int(conflict.numbers[s]),
            "label": conflict.label(s, lang),
            "quo": s == conflict.status_quo,
            **{key: bool(conflict.facts[fact][s]) for fact, key in facts.items()},
            **{key: bool(conflict.outcomes[outcome][s]) for outcome, key in outcomes.items()},
        }
        _data(node, data)
    for move in moves(found):
        ends = {
            "source": f"s{int(conflict.numbers[move.source])}",
            "target": f"s{int(conflict.numbers[move.target])}",
        }
        edge = ET.SubElement(graph, "edge", ends)
        held: dict[str, object] = {"party": found.parties[move.party].name}
        if move.improves is not None:
            held["improves"] = move.improves
        _data(edge, held | ({"name": move.name} if move.name else {}))
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _names(found: PlainStandoff, facts: Mapping[str, str], outcomes: Mapping[str, str]) -> Mapping[str, str]:
    """Names of options, facts and outcomes by key, none twice: many programs know attributes by name only."""
    standoff, lang = found.conflict.standoff, found.lang
    called = {
        "n": "state",
        "label": "label",
        "quo": "status quo",
        **{key: fact for fact, key in facts.items()},
    }
    called |= {facts[o.id]: o.name.get(lang) for o in standoff.options if o.id in facts}
    return told_apart(called | {outcomes[o.id]: o.name.get(lang) for o in standoff.outcomes})


def _key(root: ET.Element, id_: str, domain: str, name: str, kind: str) -> None:
    ET.SubElement(root, "key", {"id": id_, "for": domain, "attr.name": _text(name), "attr.type": kind})


def _data(parent: ET.Element, values: Mapping[str, object]) -> None:
    for key, value in values.items():
        written = str(value).lower() if isinstance(value, bool) else _text(str(value))
        ET.SubElement(parent, "data", {"key": key}).text = written


# ---- DOT ---------------------------------------------------------------------------------------------------------


def dot(found: PlainStandoff) -> str:
    """The graph in DOT: an edge a move, solid where it improves, dashed where it does not, dotted where that is open.

    Moves to and fro of one party are two edges, as they may differ.
    """
    conflict = _listed(found.conflict)
    lines = [
        "digraph standoff {",
        '  node [shape=box, fontname="sans-serif"];',
        '  edge [fontname="sans-serif"];',
    ]
    for s in range(len(conflict)):
        n = int(conflict.numbers[s])
        label = _quoted(f"{n}  {conflict.label(s, found.lang)}")
        lines.append(f"  s{n} [label={label}{', peripheries=2' if s == conflict.status_quo else ''}];")
    style = {True: "solid", False: "dashed", None: "dotted"}
    for move in moves(found):
        ends = f"s{int(conflict.numbers[move.source])} -> s{int(conflict.numbers[move.target])}"
        party = found.parties[move.party].name
        label = _quoted(f"{party}: {move.name}" if move.name else party)
        colour = _COLOURS[move.party % len(_COLOURS)]
        lines.append(f'  {ends} [label={label}, style={style[move.improves]}, color="{colour}"];')
    return "\n".join([*lines, "}"]) + "\n"


def _quoted(text: str) -> str:
    """A text in quotation marks in which nothing is an escape: DOT reads backslashes in labels as commands."""
    plain = "".join(c if c.isprintable() else " " for c in text)
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'
