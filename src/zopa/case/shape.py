"""From a located tree to a model: every finding at its place, and as much of the data as still makes sense.

A problem in one entry must not hide those in others, so what is refused is taken out of the tree and the rest is
read again; the checks that compare sections then run on that rest.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from zopa.case.yaml_text import Node, Path, find
from zopa.claims.lines import shown, suggestion
from zopa.claims.validation import Complaint, Loc, complaints
from zopa.errors import Place, Problem

Model = TypeVar("Model", bound=BaseModel)
_ROUNDS = 50
"""Entries taken out one level at a time: far more levels than a case has."""


@dataclass(frozen=True)
class Shaped(Generic[Model]):
    """What could be read: the model (None where nothing could), the tree it was read from, and what was refused."""

    value: Model | None
    root: Node
    problems: tuple[Problem, ...] = ()
    gone: frozenset[str] = frozenset()
    """Names and ids that stood in refused parts: nothing else is blamed for not finding them."""


def plain(node: Node) -> Any:
    """The data of a tree as the models take it: a key without a value counts as not written."""
    if node.entries is not None:
        return {key: plain(inner) for key, inner in node.entries.items() if not inner.is_null}
    if node.items is not None:
        return [plain(inner) for inner in node.items]
    return node.scalar


def shape(
    root: Node, model: type[Model], *, stand_ins: Mapping[str, object], strict: bool = False
) -> Shaped[Model]:
    """The tree as a model. ``stand_ins`` keep the rest readable where a required key of the file itself is missing."""
    if root.entries is None:
        return Shaped(None, root, (root.problem("file-not-mapping"),))
    problems: tuple[Problem, ...] = ()
    gone: set[str] = set()
    missing: dict[str, object] = {}
    for attempt in range(_ROUNDS):
        try:
            value = model.model_validate({**plain(root), **missing}, strict=strict)
        except ValidationError as error:
            found = _sifted(complaints(error, model, written=partial(_written, root)), root)
        else:
            return Shaped(value, root, problems, frozenset(gone))
        if attempt == 0:
            # What turns up later only follows from what was taken out.
            problems = tuple(located(root, complaint) for complaint in found)
        missing |= {k: v for k, v in stand_ins.items() if any(c.loc[:1] == (k,) for c in found)}
        refused = {id(find(root, complaint.loc)[0]) for complaint in found} - {id(root)}
        for node in _below(root, refused):
            gone |= {*(node.entries or {}), *([node.id] if node.id else [])}
        root = without(root, refused, gone)
    return Shaped(None, root, problems, frozenset(gone))


def located(root: Node, complaint: Complaint) -> Problem:
    """A finding as a problem at its key or value; what is missing is told where it should stand."""
    node, key, whole = find(root, complaint.loc)
    if whole and (complaint.at_key or node.is_null) and key is not None:
        return key.problem(complaint.code, **complaint.values)
    if complaint.code == "missing-key":
        if node is root:
            return Problem(complaint.code, Place(root.lines.file), complaint.values)
        if key is not None:
            return key.problem(complaint.code, **complaint.values)
        first = next(iter(node.keys.values()), node)
        return first.problem(complaint.code, **complaint.values)
    return node.problem(complaint.code, **complaint.values)


def _written(root: Node, loc: Loc) -> str:
    node, _, _ = find(root, loc)
    return shown(node.written)


def _sifted(found: tuple[Complaint, ...], root: Node) -> list[Complaint]:
    """The findings without those that only follow from a preference for something that is no issue."""
    issues = root.child("issues")
    known = tuple(issues.entries or ()) if issues is not None else ()
    out: dict[Path, Complaint] = {}
    rest: list[Complaint] = []
    for complaint in found:
        loc = complaint.loc
        if loc[:1] == ("preferences",) and len(loc) > 3 and loc[2] == "issues" and str(loc[3]) not in known:
            key = str(loc[3])
            values = {"key": key, "closest": suggestion(key, ("no_deal", *known))}
            out.setdefault(loc[:4], Complaint("unknown-key", loc[:4], values, at_key=True))
        else:
            rest.append(complaint)
    return [*rest, *out.values()]


def _below(root: Node, refused: set[int]) -> list[Node]:
    return [inner for node in root.walk() if id(node) in refused for inner in node.walk()]


def without(node: Node, refused: set[int], gone: set[str]) -> Node:
    """The tree less some of its nodes; the keys they stood under join ``gone``."""
    if node.entries is not None:
        kept = {k: without(v, refused, gone) for k, v in node.entries.items() if id(v) not in refused}
        gone.update(k for k in node.entries if k not in kept)
        return replace(node, entries=kept)
    if node.items is not None:
        return replace(
            node, items=tuple(without(v, refused, gone) for v in node.items if id(v) not in refused)
        )
    return node
