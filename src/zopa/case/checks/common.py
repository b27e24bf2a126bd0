"""What all checks share: the places of the case's parts, a walk over its entries, and how to blame an unknown name."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from pydantic import BaseModel

from zopa.case.fields import Entry, Number
from zopa.case.model import CaseFile
from zopa.case.yaml_text import Node, Path, find
from zopa.claims.jsonl import Line
from zopa.claims.ledger import Ledger
from zopa.claims.lines import Said
from zopa.errors import Place, Problem


@dataclass(frozen=True)
class Where:
    """The places of a case's parts: of the case file, of source headers, and of claims.

    Paths follow the case file: keys and positions, ``("moves", 0, "party")``; a header is found under
    ``("sources", id, …)``, a claim under ``("claims", id, …)``. Without any tree (a case made in memory) problems
    have no place. ``gone`` are names that stood in parts refused already: nothing is blamed for not finding them.
    """

    case: Node | None = None
    headers: Mapping[str, Node] = field(default_factory=dict)
    claims: Mapping[str, Line] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()

    def problem(self, code: str, path: Path, /, **values: object) -> Problem:
        """A problem at the value under a path, or at the closest part of it that is written."""
        if path[:1] == ("claims",):
            line = self.claims.get(str(path[1]))
            key = str(path[2]) if len(path) > 2 else None
            return line.problem(code, key, **values) if line else Problem(code, values=values)
        root, inner = self._root(path)
        if root is None:
            return Problem(code, Place(), values)
        return find(root, inner)[0].problem(code, **values)

    def at_key(self, code: str, path: Path, /, **values: object) -> Problem:
        """A problem at the key of a path."""
        root, inner = self._root(path)
        if root is None:
            return Problem(code, Place(), values)
        node, key, _ = find(root, inner)
        return (key or node).problem(code, **values)

    def warning(self, code: str, path: Path, /, **values: object) -> Problem:
        """Something to look at that hinders no analysis."""
        return replace(self.problem(code, path, **values), severity="warning")

    def within(self, code: str, path: Path, span: tuple[int, int], /, **values: object) -> Problem:
        """A problem inside a text: ``span`` counts its characters, where the author wrote them one for one."""
        root, inner = self._root(path)
        if root is None:
            return Problem(code, Place(), values)
        node, _, _ = find(root, inner)
        shift = node.start + (node.style == "quoted")
        whole = node.lines.text[shift : shift + len(str(node.scalar))]
        if whole != node.scalar:
            return node.problem(code, **values)
        return node.lines.problem(code, (shift + span[0], shift + span[1]), **values)

    def mention(self, path: Path) -> Said:
        """The place of a path for use inside a sentence."""
        root, inner = self._root(path)
        if root is None:
            return Said("checks.at-path", path=".".join(str(step) for step in path))
        node, key, _ = find(root, inner)
        place = (key or node).place
        return Said("checks.at-line", file=str(place.file), line=place.line)

    def has(self, path: Path) -> bool:
        """Whether the case file says something under a path; without a tree it is taken to."""
        root, inner = self._root(path)
        return root is None or find(root, inner)[2]

    def _root(self, path: Path) -> tuple[Node | None, Path]:
        if path[:1] == ("sources",) and len(path) > 1:
            return self.headers.get(str(path[1])), path[2:]
        return self.case, path


Check = Callable[[CaseFile, Ledger, Where], Iterator[Problem]]
"""One check: the case file, the record, and where their parts stand, to the problems found."""


@dataclass(frozen=True)
class Step:
    """A part of the case met on a walk: its path, and the entries it stands in, outermost first."""

    path: Path
    value: object
    owners: tuple[tuple[Path, BaseModel], ...]

    @property
    def section(self) -> str:
        """The section of the case file it stands in."""
        return str(self.path[0]) if self.path else ""


def walk(file: CaseFile) -> Iterator[Step]:
    """All entries and numbers an author wrote, in the order of the model; defaults are passed over."""
    yield from _walk(file, (), ())


def _walk(value: object, path: Path, owners: tuple[tuple[Path, BaseModel], ...]) -> Iterator[Step]:
    if isinstance(value, Number):
        yield Step(path, value, owners)
    elif isinstance(value, BaseModel):
        yield Step(path, value, owners)
        inner = (*owners, (path, value))
        for name, info in type(value).model_fields.items():
            if name in value.model_fields_set:
                yield from _walk(getattr(value, name), (*path, info.alias or name), inner)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _walk(item, (*path, str(key)), owners)
    elif isinstance(value, tuple):
        for k, item in enumerate(value):
            yield from _walk(item, (*path, k), owners)


def entries(file: CaseFile) -> Iterator[tuple[Path, Entry]]:
    """All entries of the case with their paths."""
    for step in walk(file):
        if isinstance(step.value, Entry):
            yield step.path, step.value


def numbers(file: CaseFile) -> Iterator[tuple[Step, Number]]:
    """All numbers an author wrote, with their paths and owners."""
    for step in walk(file):
        if isinstance(step.value, Number):
            yield step, step.value


def party_of(step: Step) -> str | None:
    """The party a part of the case is about: the one that owns its section, or that an entry around it names."""
    by_party = {"preferences": 1, "readings": 1}
    if step.section in by_party and len(step.path) > 1:
        return str(step.path[1])
    for outer, key in (("views", 2), ("rankings", 2), ("actors", 3)):
        if len(step.path) > key and step.path[key - 1] == outer:
            return str(step.path[key])
    for _, owner in reversed(step.owners):
        named = getattr(owner, "party", None) or getattr(owner, "by", None)
        if isinstance(named, str):
            return named
    if step.section in ("talks", "currency") and len(step.path) > 2:
        return str(step.path[2])
    return None
