"""Data as YAML in the house style: entries on one line while they are short, sections as blocks."""

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from zopa.case.yaml_text import resolve

WIDEST = 100
"""Columns up to which an entry stays on one line."""
_INSIDE = r"\w .+/()%|=<>·—–、。；（）《》“”‘’…^-"
_SAFE = re.compile(rf"[A-Za-z0-9_\u4e00-\u9fff](?:[{_INSIDE}]*[\w.+/()%)）》”’…])?")
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def scalar(value: object) -> str:
    """A scalar that reads back as this very value: plain where that is safe, else in double quotes."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return ".nan" if math.isnan(value) else ".inf" if value > 0 else "-.inf"
    if isinstance(value, int | float):
        return repr(value)
    text = str(value)
    if (
        _SAFE.fullmatch(text)
        and resolve(text) == text
        and " #" not in text
        and not text.startswith(("---", "..."))
    ):
        return text
    # JSON strings are YAML strings; what YAML wants escaped beyond JSON is added.
    return _ESCAPED.sub(lambda m: f"\\u{ord(m.group()):04x}", json.dumps(text, ensure_ascii=False))


def inline(value: object) -> str:
    """Any data on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(str(k))}: {inline(v)}" for k, v in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(inline(item) for item in value) + "]"
    return scalar(value)


def block(value: Mapping[str, object], indent: int = 0) -> str:
    """A mapping as block text, its lines indented: short entries on one line, long ones opened up."""
    return "\n".join(_mapping(value, indent))


def _mapping(value: Mapping[str, object], indent: int) -> Iterator[str]:
    for key, inner in value.items():
        yield from _entry(f"{' ' * indent}{scalar(str(key))}:", inner, indent)


def _entry(head: str, value: object, indent: int) -> Iterator[str]:
    line = inline(value)
    is_list = isinstance(value, Sequence) and not isinstance(value, str)
    nested = isinstance(value, Mapping) or (is_list and any(isinstance(v, Mapping) for v in _items(value)))
    if not nested or not line[1:-1] or (indent > 0 and len(head) + len(line) < WIDEST):
        yield f"{head} {line}"
    elif isinstance(value, Mapping):
        yield head
        yield from _mapping(value, indent + 2)
    else:
        yield head
        for item in _items(value):
            yield from _item(item, indent + 2)


def _items(value: object) -> Sequence[object]:
    return value if isinstance(value, Sequence) else ()


def _item(item: object, indent: int) -> Iterator[str]:
    pad = " " * indent
    line = inline(item)
    if not isinstance(item, Mapping) or not item or len(pad) + 2 + len(line) <= WIDEST:
        yield f"{pad}- {line}"
        return
    first, *rest = _mapping(item, indent + 2)
    yield f"{pad}- {first.lstrip(' ')}"
    yield from rest
