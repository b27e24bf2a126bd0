"""Changing one value of a case file and nothing else: comments, order and every other line stay as they are.

The new value is set into the author's text where the old one stood. The result is read again before it is written:
it must differ from the old data in that one value only, and must not bring new problems.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path as FilePath
from typing import Any, Final

from zopa.case.folder import CASE, read
from zopa.case.private import PRIVATE
from zopa.case.yaml_text import Node, Path, Step, find, parse
from zopa.case.yaml_write import inline, scalar
from zopa.claims.files import MOST_YAML, inside, read_lines, write_text_atomic
from zopa.claims.lines import Lines
from zopa.errors import CaseFileError, Place, Problem


class _Gone:
    """What stands for "no value": the key or entry is taken out."""


GONE: Final = _Gone()


def set_value(folder: FilePath | str, path: Path, value: object, *, file: str = CASE) -> None:
    """Set the value under a path of a case file; keys and entries on the way are made where they are missing.

    Steps are keys, positions, or ids of entries in lists. ``CaseFileError`` holds the problems that the change would
    bring; nothing is written then.
    """
    _change(FilePath(folder), path, value, file)


def delete_value(folder: FilePath | str, path: Path, *, file: str = CASE) -> None:
    """Take out the key or entry under a path; ``CaseFileError`` if it is not there or the case needs it."""
    _change(FilePath(folder), path, GONE, file)


def _change(folder: FilePath, path: Path, value: object, file: str) -> None:
    old = Lines(file, _text(folder, file))
    _written(folder, file, old.text, edited(old, path, value))


def replace_text(folder: FilePath | str, text: str, *, file: str = CASE, was: str | None = None) -> None:
    """Put another text in place of a whole case file, under the same conditions as a single value.

    ``was``: the text that the new one was made from. Where the file holds another by now, ``CaseFileError`` says so
    (``edit-stale``) and nothing is written: somebody else's edit is not lost.
    """
    home = FilePath(folder)
    old = _text(home, file)
    if was is not None and old != was:
        raise CaseFileError.of("edit-stale", Place(file), file=file)
    _written(home, file, old, text)


def _text(folder: FilePath, file: str) -> str:
    if file not in (CASE, PRIVATE):
        raise ValueError(f"set_value: file must be {CASE} or {PRIVATE}, not {file!r}")
    return read_lines(folder, file, most=MOST_YAML).text if inside(folder, file).exists() else ""


def _written(folder: FilePath, file: str, old: str, text: str) -> None:
    """Write a text that brings no new errors, unless the file was changed while that was looked into."""
    if text == old:
        return
    before = Counter(_told(problem) for problem in read(folder)[1] if problem.severity == "error")
    after = [problem for problem in read(folder, instead={file: text})[1] if problem.severity == "error"]
    new = [problem for problem in after if not before[_told(problem)]]
    if new:
        raise CaseFileError(new)
    if _text(folder, file) != old:
        raise CaseFileError.of("edit-stale", Place(file), file=file)
    write_text_atomic(inside(folder, file), text, mode=0o600 if file == PRIVATE else 0o666)


def _told(problem: Problem) -> tuple[str, str | None, str]:
    return problem.code, problem.place.file, problem.message("en")


def edited(lines: Lines, path: Path, value: object) -> str:
    """The text with one value changed; ``CaseFileError`` where it cannot be done without touching others."""
    if not path:
        raise ValueError("edited: the path is empty")
    root, found = parse(lines)
    if found:
        raise CaseFileError(found)
    if root is None or root.is_null:
        text = (
            ""
            if value is GONE
            else _appended_line(lines, f"{scalar(str(path[0]))}: {inline(_nested(path[1:], value))}", 0)
        )
        return text or lines.text
    node, _, whole = find(root, path)
    if whole and value is not GONE and repr(node.data()) == repr(value):
        # Written otherwise perhaps (in quotes, over several lines), but the same: the author's text stays.
        return lines.text
    text = _spliced(lines, root, path, value)
    new_root, new_found = parse(Lines(lines.file, text))
    expected = _data_with(root.data(), path, value)
    if new_found or new_root is None or new_root.data() != expected:
        # The value is shared by an alias, or written in a way that cannot be replaced in place.
        dotted = ".".join(str(step) for step in path)
        raise CaseFileError([node.problem("edit-in-place", path=dotted)])
    return text


def edited_all(lines: Lines, changes: Sequence[tuple[Path, object]]) -> str:
    """The text with several values changed, as if one after the other; ``edited`` says what can stand in the way.

    Changes that lie apart are made together, which reads the text once and not once for each.
    """
    root, found = parse(lines)
    if found or root is None or len(changes) < 2:
        return _one_by_one(lines, changes)
    data = root.data()
    splices = []
    for path, value in changes:
        splices.append(_splice(lines.text, _spliced(lines, root, path, value)))
        data = _data_with(data, path, value)
    splices.sort()
    if any(stop > start for (_, stop, _), (start, _, _) in pairwise(splices)):
        return _one_by_one(lines, changes)
    text = lines.text
    for start, stop, new in reversed(splices):
        text = f"{text[:start]}{new}{text[stop:]}"
    new_root, new_found = parse(Lines(lines.file, text))
    if new_found or new_root is None or new_root.data() != data:
        return _one_by_one(lines, changes)
    return text


def _one_by_one(lines: Lines, changes: Sequence[tuple[Path, object]]) -> str:
    for path, value in changes:
        lines = Lines(lines.file, edited(lines, path, value))
    return lines.text


def _splice(old: str, new: str) -> tuple[int, int, str]:
    """Where two texts differ: from and to in the old one, and what stands there in the new one."""
    least = min(len(old), len(new))
    head = next((k for k in range(least) if old[k] != new[k]), least)
    tail = next((k for k in range(least - head) if old[-1 - k] != new[-1 - k]), least - head)
    return head, len(old) - tail, new[head : len(new) - tail]


def _nested(path: Path, value: object) -> object:
    for step in reversed(path):
        value = {str(step): value}
    return value


def _data_with(data: Any, path: Path, value: object) -> Any:
    """The same change made to plain data: what the edited text must read back as."""
    step, rest = path[0], path[1:]
    if data is None:
        return _nested(path, value)
    if isinstance(data, dict):
        out = dict(data)
        if not rest and value is GONE:
            del out[str(step)]
        else:
            out[str(step)] = (
                _data_with(out[str(step)], rest, value) if rest and str(step) in out else _nested(rest, value)
            )
        return out
    items = list(data)
    k = _position(items, step)
    if k is None:
        items.append(_new_item(step, rest, value))
    elif not rest and value is GONE:
        del items[k]
    else:
        items[k] = _data_with(items[k], rest, value) if rest else value
    return items


def _position(items: Sequence[Any], step: Step) -> int | None:
    if isinstance(step, int):
        return step if 0 <= step < len(items) else None
    return next(
        (k for k, item in enumerate(items) if isinstance(item, dict) and item.get("id") == step), None
    )


def _new_item(step: Step, rest: Path, value: object) -> object:
    inner = _nested(rest, value)
    if isinstance(step, str) and isinstance(inner, Mapping):
        return {"id": step, **inner}
    return inner


# ---- in the text -------------------------------------------------------------------------------------------------


def _spliced(lines: Lines, root: Node, path: Path, value: object) -> str:
    node, key, parent = root, None, root
    for at, step in enumerate(path):
        inner = node.child(step)
        if inner is None:
            if value is GONE:
                dotted = ".".join(str(s) for s in path)
                raise CaseFileError([node.problem("edit-missing", path=dotted)])
            return _added(lines, node, key, path[at:], value)
        key = node.keys.get(str(step)) if node.entries is not None else None
        parent, node = node, inner
    if value is GONE:
        return _deleted(lines, parent, key, node)
    return _replaced(lines, key, node, inline(value))


def _replaced(lines: Lines, key: Node | None, node: Node, new: str) -> str:
    text = lines.text
    if node.style == "block" and key is not None:
        line_end = lines.stops[lines.index(key.stop)]
        if node.start > line_end:
            # What stood below its key moves up beside it, before a comment that stands there.
            colon = text.index(":", key.stop) + 1
            return f"{text[:colon]} {new}{text[colon:line_end].rstrip()}{text[node.stop :]}"
    space = " " if node.start == node.stop and text[node.start - 1 : node.start] in (":", "-") else ""
    return f"{text[: node.start]}{space}{new}{text[node.stop :]}"


def _added(lines: Lines, node: Node, key: Node | None, path: Path, value: object) -> str:
    """The text with a key or an entry added at the end of the mapping or list that lacks it."""
    if node.entries is None and node.items is None:
        if not node.is_null:
            raise CaseFileError([node.problem("edit-missing", path=".".join(str(s) for s in path))])
        return _replaced(lines, key, node, inline(_nested(path, value)))
    if node.items is not None:
        new = inline(_new_item(path[0], path[1:], value))
    else:
        new = f"{scalar(str(path[0]))}: {inline(_nested(path[1:], value))}"
    if node.style == "block":
        column = node.start - lines.starts[lines.index(node.start)]
        return _appended_line(lines, new if node.entries is not None else f"- {new}", column, after=node.stop)
    inner = [*(node.items or ()), *(node.entries or {}).values(), *node.keys.values()]
    if not inner:
        return f"{lines.text[: node.start + 1]}{new}{lines.text[node.stop - 1 :]}"
    last = max(child.stop for child in inner)
    return f"{lines.text[:last]}, {new}{lines.text[last:]}"


def _appended_line(lines: Lines, new: str, column: int, *, after: int | None = None) -> str:
    text = lines.text
    ending = "\r\n" if "\r\n" in text else "\n"
    at = len(text) if after is None else lines.stops[lines.index(after)]
    before, rest = text[:at], text[at:]
    if before and not before.endswith(("\n", "\r")):
        before += ending
        return f"{before}{' ' * column}{new}{rest or ending}"
    return f"{before}{' ' * column}{new}{ending}{rest}"


def _deleted(lines: Lines, parent: Node, key: Node | None, node: Node) -> str:
    text = lines.text
    inner = list((parent.entries or {}).values()) or list(parent.items or ())
    starts = (
        [k.start for k in parent.keys.values()] if parent.entries is not None else [n.start for n in inner]
    )
    k = next(i for i, n in enumerate(inner) if n is node)
    if len(inner) == 1:
        return f"{text[: parent.start]}{'{}' if parent.entries is not None else '[]'}{text[parent.stop :]}"
    if parent.style == "flow":
        if k + 1 < len(inner):
            return text[: starts[k]] + text[starts[k + 1] :]
        return text[: max(inner[k - 1].stop, starts[k - 1])] + text[node.stop :]
    begin = lines.starts[lines.index(starts[k])]
    lead = text[begin : starts[k]]
    if lead.strip() == ("" if key is not None else "-"):
        after = lines.index(node.stop) + 1
        end = lines.starts[after] if after < len(lines.starts) else len(text)
        return text[:begin] + text[end:]
    # The first key of an entry stands behind its dash: the next key moves up to it.
    return text[: starts[k]] + text[starts[k + 1] :] if k + 1 < len(inner) else text[:begin]
