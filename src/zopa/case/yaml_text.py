"""YAML 1.2 as a tree in which every key and value knows its place.

ruamel.yaml cuts the text into events; the tree is built here, so that nothing is ever constructed from a tag, a
duplicate key is seen before it is lost, and nesting, aliases and size have limits. Values follow the YAML 1.2 core
schema (``no``, ``on`` and ``yes`` are words), plus calendar days.
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any, Literal

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from zopa.claims.lines import Lines, shown
from zopa.errors import Place, Problem

Step = str | int
Path = tuple[Step, ...]
Style = Literal["plain", "quoted", "literal", "flow", "block"]

DEEPEST = 40
"""Levels of nesting; the deepest legal case has eleven."""
MOST_ALIASED = 10_000
"""Values that aliases may stand for in all; an expansion bomb reaches millions."""


@dataclass(frozen=True, eq=False)
class Node:
    """A value of a YAML text: a scalar, a list of nodes, or a mapping of nodes with the nodes of its keys.

    ``start`` and ``stop`` are code-point offsets in ``lines.text``; a block collection ends with its last value.
    """

    lines: Lines
    start: int
    stop: int
    style: Style
    scalar: str | int | float | bool | date | None = None
    items: tuple["Node", ...] | None = None
    entries: Mapping[str, "Node"] | None = None
    keys: Mapping[str, "Node"] = field(default_factory=dict)
    anchored: bool = False
    """It carries an anchor or stands where an alias does: other places may share it."""

    @property
    def place(self) -> Place:
        """Where the value stands."""
        return self.lines.place(self.start, self.stop)

    @property
    def written(self) -> str:
        """The author's own text of the value."""
        return self.lines.text[self.start : self.stop]

    def problem(self, code: str, /, **values: object) -> Problem:
        """A problem at this value."""
        return self.lines.problem(code, (self.start, self.stop), **values)

    def data(self) -> Any:
        """The value as ordinary dicts, lists and scalars."""
        if self.entries is not None:
            return {key: node.data() for key, node in self.entries.items()}
        if self.items is not None:
            return [node.data() for node in self.items]
        return self.scalar

    def child(self, step: Step) -> "Node | None":
        """The value under a key, at a position, or (in a list of entries) with an id; None where there is none."""
        if self.entries is not None:
            return self.entries.get(str(step))
        if self.items is None:
            return None
        if isinstance(step, int):
            return self.items[step] if 0 <= step < len(self.items) else None
        return next((item for item in self.items if item.id == step), None)

    @property
    def id(self) -> str | None:
        """The ``id`` of an entry of a list, or None."""
        found = (self.entries or {}).get("id")
        return found.scalar if found is not None and isinstance(found.scalar, str) else None

    @property
    def is_null(self) -> bool:
        """Whether nothing is written here."""
        return self.items is None and self.entries is None and self.scalar is None

    def walk(self) -> Iterator["Node"]:
        """The node and all below it, in file order."""
        yield self
        for inner in (*(self.entries or {}).values(), *(self.items or ())):
            yield from inner.walk()


def find(node: Node, path: Path) -> tuple[Node, Node | None, bool]:
    """The deepest node on a path, the key it stands under (None in lists), and whether the path was walked in full.

    Steps that the text does not have are passed over where a later one fits: the model keeps a party's issues in a
    mapping of their own (``issues``), the file beside ``no_deal``; a plain string may stand for a mapping.
    """
    key: Node | None = None
    for at, step in enumerate(path):
        inner = node.child(step)
        if inner is None:
            if node.entries is not None and step == "issues" and at + 1 < len(path):
                continue
            return node, key, False
        key = node.keys.get(str(step)) if node.entries is not None else None
        node = inner
    return node, key, True


# ---- scalars -----------------------------------------------------------------------------------------------------

_NULL = re.compile(r"~|null|Null|NULL|")
_TRUE = re.compile(r"true|True|TRUE")
_FALSE = re.compile(r"false|False|FALSE")
_INT = re.compile(r"[-+]?[0-9]{1,300}")
_OCTAL = re.compile(r"0o[0-7]{1,300}")
_HEX = re.compile(r"0x[0-9a-fA-F]{1,300}")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_SPECIAL = re.compile(r"([-+]?)\.(?:inf|Inf|INF)|(\.nan|\.NaN|\.NAN)")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_COLON = re.compile(r"\s*:")


def resolve(text: str) -> str | int | float | bool | date | None:
    """What a plain (unquoted) scalar stands for; an impossible day stays text, for its field to refuse."""
    if _NULL.fullmatch(text):
        return None
    if _TRUE.fullmatch(text) or _FALSE.fullmatch(text):
        return bool(_TRUE.fullmatch(text))
    if _INT.fullmatch(text):
        return int(text)
    if _OCTAL.fullmatch(text):
        return int(text[2:], 8)
    if _HEX.fullmatch(text):
        return int(text[2:], 16)
    if _FLOAT.fullmatch(text):
        return float(text)
    if found := _SPECIAL.fullmatch(text):
        return math.nan if found[2] else float(f"{found[1]}inf")
    if _DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return text


# ---- reading -----------------------------------------------------------------------------------------------------


def parse(lines: Lines) -> tuple[Node | None, tuple[Problem, ...]]:
    """The tree of a YAML text and what is wrong with it; no tree where it cannot be read at all, or is empty.

    The trees of the last few texts are kept: an edit reads the text before and after it, and whoever checks the edit
    reads it once more.
    """
    read = _parsed if len(lines.text) <= KEPT else _parsed.__wrapped__
    return read(lines.file, lines.text, lines.first)


KEPT = 1_000_000
"""Characters of the longest text whose tree is kept."""


@lru_cache(maxsize=4)
def _parsed(file: str, text: str, first: int) -> tuple[Node | None, tuple[Problem, ...]]:
    lines = Lines(file, text, first)
    bad = _characters(lines)
    if bad:
        return None, bad
    builder = _Builder(lines)
    try:
        root = builder.build()
    except _StopReadingError as stop:
        return None, (*builder.problems, stop.problem)
    except MarkedYAMLError as error:
        return None, (*builder.problems, _syntax(lines, error))
    except YAMLError:
        return None, (*builder.problems, lines.problem("yaml-syntax", (0, 0)))
    return root, tuple(builder.problems)


_UNPRINTABLE = re.compile(
    # Controls and what is no character at all, then what is not seen but tells two keys apart or reorders a line;
    # joiners and direction marks (U+200C to U+200F) belong to Persian and Arabic spelling and stay.
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]|[\u200b\u2060\u202a-\u202e]"
)


def _characters(lines: Lines) -> tuple[Problem, ...]:
    found = list(_UNPRINTABLE.finditer(lines.text, 1 if lines.text.startswith("\ufeff") else 0))[:5]
    return tuple(
        lines.problem("control-character", (m.start(), m.end()), name=f"U+{ord(m.group()):04X}")
        for m in found
    )


class _StopReadingError(Exception):
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.code)


@dataclass
class _Open:
    """A collection whose end has not been read yet."""

    start: int
    flow: bool
    mapping: bool
    anchor: str | None
    items: list[Node] = field(default_factory=list)
    entries: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, Node] = field(default_factory=dict)
    key: Node | None = None
    skip: bool = False
    """The next value stands under a key that was refused."""


class _Builder:
    """Turns events into nodes, without recursion: hostile nesting costs a comparison, not a stack."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.problems: list[Problem] = []
        self.stack: list[_Open] = []
        self.root: Node | None = None
        self.anchors: dict[str, Node | None] = {}
        self.sizes: dict[str, int] = {}
        self.aliased = 0
        # A byte-order mark is no character of the text, but offsets count it.
        self.shift = 1 if lines.text.startswith("\ufeff") else 0

    def build(self) -> Node | None:
        documents = 0
        for event in YAML(typ="safe", pure=True).parse(self.lines.text[self.shift :]):
            start, stop = event.start_mark.index + self.shift, event.end_mark.index + self.shift
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _StopReadingError(self.lines.problem("yaml-documents", (start, stop)))
            elif isinstance(event, ScalarEvent):
                self.tag(event, start)
                self.add(self.named(event.anchor, self.scalar(event, start, stop)))
            elif isinstance(event, AliasEvent):
                self.alias(str(event.anchor), start, stop)
            elif isinstance(event, MappingStartEvent | SequenceStartEvent):
                self.open(event, start)
            elif isinstance(event, MappingEndEvent | SequenceEndEvent):
                self.close(stop)
        return self.root

    def scalar(self, event: ScalarEvent, start: int, stop: int) -> Node:
        text = str(event.value)
        if event.style is None:
            return Node(self.lines, start, stop, "plain", resolve(text))
        if event.style in "'\"":
            return Node(self.lines, start, stop, "quoted", text)
        tight = len(self.lines.text[:stop].rstrip("\r\n "))
        return Node(self.lines, start, max(start + 1, tight), "literal", text)

    def tag(self, event: ScalarEvent | MappingStartEvent | SequenceStartEvent, start: int) -> None:
        if event.tag is None:
            return
        # "!" alone and the core schema's own tags construct nothing either; refusing all is the simpler promise.
        text = self.lines.text
        at = text.index("!", start)
        stop = next((k for k in range(at, len(text)) if text[k] in " \t\r\n,]}"), len(text))
        self.problems.append(self.lines.problem("yaml-tag", (at, stop), tag=shown(text[at:stop])))

    def open(self, event: MappingStartEvent | SequenceStartEvent, start: int) -> None:
        self.tag(event, start)
        if len(self.stack) >= DEEPEST:
            raise _StopReadingError(self.lines.problem("yaml-nesting", (start, start + 1), most=DEEPEST))
        anchor = None if event.anchor is None else str(event.anchor)
        if anchor is not None:
            self.anchors[anchor] = None
        self.stack.append(_Open(start, bool(event.flow_style), isinstance(event, MappingStartEvent), anchor))

    def close(self, stop: int) -> None:
        top = self.stack.pop()
        inner = [*top.items, *top.entries.values(), *top.keys.values()]
        if not top.flow:
            # The event ends where the next token starts; the collection ends with the last thing in it.
            stop = max((node.stop for node in inner), default=top.start)
        style: Style = "flow" if top.flow else "block"
        if top.mapping:
            node = Node(self.lines, top.start, stop, style, entries=top.entries, keys=top.keys)
        else:
            node = Node(self.lines, top.start, stop, style, items=tuple(top.items))
        self.add(self.named(top.anchor, node))

    def named(self, anchor: str | None, node: Node) -> Node:
        if anchor is None:
            return node
        node = replace(node, anchored=True)
        self.anchors[str(anchor)] = node
        self.sizes[str(anchor)] = sum(1 for _ in node.walk())
        return node

    def alias(self, name: str, start: int, stop: int) -> None:
        target = self.anchors.get(name)
        if target is None:
            code = "yaml-alias-inside" if name in self.anchors else "yaml-alias-unknown"
            raise _StopReadingError(self.lines.problem(code, (start, stop), name=name))
        self.aliased += self.sizes[name]
        if self.aliased > MOST_ALIASED:
            raise _StopReadingError(
                self.lines.problem("yaml-aliases", (start, stop), n=self.aliased, most=MOST_ALIASED)
            )
        self.add(replace(target, start=start, stop=stop, style="plain", anchored=True))

    def add(self, node: Node) -> None:
        if not self.stack:
            self.root = node
            return
        top = self.stack[-1]
        if not top.mapping:
            top.items.append(self.put_back(node, self.lines.text.rfind("-", 0, node.start) + 1))
        elif top.skip:
            top.skip = False
        elif top.key is None:
            self.take_key(top, node)
        else:
            key = _key(top.key)
            colon = _COLON.match(self.lines.text, top.key.stop)
            top.entries[key] = self.put_back(node, colon.end() if colon else top.key.stop)
            top.keys[key], top.key = top.key, None

    def put_back(self, node: Node, at: int) -> Node:
        """A value that is not written stands right after its colon or dash, not where the next token starts."""
        if node.start == node.stop and node.is_null:
            return replace(node, start=at, stop=at)
        return node

    def take_key(self, top: _Open, node: Node) -> None:
        if node.items is not None or node.entries is not None:
            self.problems.append(node.problem("yaml-key"))
            top.skip = True
        elif _key(node) in top.entries:
            first = top.keys[_key(node)].place
            self.problems.append(node.problem("duplicate-key", key=_key(node), first=first.line))
            top.skip = True
        else:
            top.key = node


def _key(node: Node) -> str:
    """A key as text: ``1:`` and ``true:`` are the keys "1" and "true"."""
    return node.scalar if isinstance(node.scalar, str) else node.written.strip()


# ---- what a syntax error means -----------------------------------------------------------------------------------


def _syntax(lines: Lines, error: MarkedYAMLError) -> Problem:
    """The reader's complaint in words an author can act on, at the character that matters."""
    shift = 1 if lines.text.startswith("\ufeff") else 0

    def offset(mark: Any) -> int:
        return min(mark.index + shift, len(lines.text)) if mark is not None else 0

    problem, context = str(error.problem or ""), str(error.context or "")
    at = offset(error.problem_mark)
    since = offset(error.context_mark) if error.context_mark is not None else at
    wide = _full_width(lines, since, at)
    if wide is not None:
        return wide
    if "'\\t'" in problem:
        return lines.problem("yaml-tab", (at, at + 1))
    if "quoted scalar" in context and "end of stream" in problem:
        return lines.problem("yaml-quote", (since, since + 1))
    if "escape" in problem:
        return lines.problem("yaml-escape", (max(0, at - 1), at + 1))
    if context.startswith("while parsing a flow"):
        return lines.problem("yaml-bracket", (since, since + 1), line=lines.place(at, at).line)
    if "mapping values are not allowed" in problem:
        return lines.problem("yaml-colon", (at, at + 1))
    if "could not find expected ':'" in problem:
        return lines.problem("yaml-no-colon", (since, lines.stops[lines.index(since)]))
    if "expected <block end>" in problem:
        return lines.problem("yaml-indent", (at, at + 1))
    return lines.problem("yaml-syntax", (at, at + 1))


_FULL_WIDTH = re.compile(r"^[ \t-]*[^\s:#'\"]+?([：])")


def _full_width(lines: Lines, since: int, at: int) -> Problem | None:
    """A full-width colon after a key is the commonest slip on a Chinese keyboard: name it where it stands."""
    for k in dict.fromkeys((lines.index(since), lines.index(at))):
        found = _FULL_WIDTH.match(lines.text[lines.starts[k] : lines.stops[k]])
        if found:
            start = lines.starts[k] + found.start(1)
            return lines.problem("yaml-full-width", (start, start + 1))
    return None
