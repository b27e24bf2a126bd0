"""Ids of one list must differ: entries are found, drawn and merged by them."""

from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from zopa.case.checks.common import Where
from zopa.case.model import CaseFile
from zopa.case.yaml_text import Path
from zopa.claims.ledger import Ledger
from zopa.errors import Problem


def ids_twice(file: CaseFile, ledger: Ledger, where: Where) -> Iterator[Problem]:
    """A problem for each entry whose id another entry of the same list has."""
    yield from _walk(file, (), where)


def _walk(value: object, path: Path, where: Where) -> Iterator[Problem]:
    if isinstance(value, BaseModel):
        for name, info in type(value).model_fields.items():
            yield from _walk(getattr(value, name), (*path, info.alias or name), where)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _walk(item, (*path, str(key)), where)
    elif isinstance(value, tuple):
        yield from _list(value, path, where)
        for k, item in enumerate(value):
            yield from _walk(item, (*path, k), where)


def _list(items: tuple[object, ...], path: Path, where: Where) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for k, item in enumerate(items):
        # A red line without an id of its own is drawn under one made of its party and matter.
        id_ = getattr(item, "key", None) or getattr(item, "id", None)
        if not isinstance(id_, str):
            continue
        if id_ in first:
            here = (*path, k, "id") if where.has((*path, k, "id")) else (*path, k)
            yield where.problem("id-twice", here, id=id_, first=where.mention((*path, first[id_])))
        first.setdefault(id_, k)
