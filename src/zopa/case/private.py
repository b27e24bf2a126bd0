"""What only this desk knows: ``private.yaml`` laid over ``case.yaml``, and whether it is safe from being published."""

import hashlib
from dataclasses import replace
from pathlib import Path

from zopa.case.yaml_text import Node

PRIVATE = "private.yaml"


def overlay(base: Node, over: Node) -> tuple[Node, frozenset[str]]:
    """The case with the private file laid over it, and the dotted paths (ids for list entries) that are private.

    Mappings merge key by key. Lists of entries with ids merge by id, and a mapping may stand for such a list, by id.
    Lists of words or entries are added to; lists of numbers are one value and replaced. A key without a value (null)
    takes out what stands under it.
    """
    paths: set[str] = set()
    return _lay(base, over, (), paths), frozenset(paths)


def _lay(base: Node, over: Node, path: tuple[str, ...], paths: set[str]) -> Node:
    if over.entries is not None:
        if base.entries is not None:
            return _lay_mapping(base, over, path, paths)
        if base.items is not None and _by_id(base):
            return _lay_on_list(base, dict(over.entries), path, paths)
    elif over.items is not None and base.items is not None and not _is_value(base) and not _is_value(over):
        named = {item.id: item for item in over.items if item.id is not None}
        known = {item.id for item in base.items}
        merged = _lay_on_list(base, {k: v for k, v in named.items() if k in known}, path, paths)
        new = [item for item in over.items if item.id not in known or item.id is None]
        return _appended(merged, new, path, paths)
    _mark(over, path, paths)
    return over


def _lay_mapping(base: Node, over: Node, path: tuple[str, ...], paths: set[str]) -> Node:
    entries, keys = dict(base.entries or {}), dict(base.keys)
    if "is" in entries or "is" in (over.entries or {}):
        # A number in its long form is one quantity: its path is the mapping's.
        paths.add(".".join(path))
    for key, node in (over.entries or {}).items():
        here = (*path, key)
        if node.is_null:
            paths.add(".".join(here))
            entries.pop(key, None)
            keys.pop(key, None)
        elif key in entries and not entries[key].is_null:
            entries[key] = _lay(entries[key], node, here, paths)
            keys[key] = over.keys[key]
        else:
            _mark(node, here, paths)
            entries[key], keys[key] = node, over.keys[key]
    return replace(base, entries=entries, keys=keys)


def _lay_on_list(base: Node, over: dict[str, Node], path: tuple[str, ...], paths: set[str]) -> Node:
    items: list[Node] = []
    for item in base.items or ():
        change = over.pop(item.id, None) if item.id is not None else None
        if change is None:
            items.append(item)
        elif change.is_null:
            paths.add(".".join((*path, str(item.id))))
        else:
            items.append(_lay(item, change, (*path, str(item.id)), paths))
    merged = replace(base, items=tuple(items))
    # By id in a mapping, an entry nobody knows is a new one that takes the key as its id.
    new = [
        node if node.id is not None else _named(node, key) for key, node in over.items() if not node.is_null
    ]
    return _appended(merged, new, path, paths)


def _named(node: Node, id_: str) -> Node:
    if node.entries is None:
        return node
    key = Node(node.lines, node.start, node.start, "plain", scalar=id_)
    return replace(node, entries={"id": key, **node.entries}, keys={"id": key, **node.keys})


def _appended(base: Node, new: list[Node], path: tuple[str, ...], paths: set[str]) -> Node:
    items = list(base.items or ())
    for node in new:
        if node.entries is None and any(item.data() == node.data() for item in items):
            continue
        _mark(node, (*path, node.id or str(len(items))), paths)
        items.append(node)
    return replace(base, items=tuple(items))


def _mark(node: Node, path: tuple[str, ...], paths: set[str]) -> None:
    paths.add(".".join(path))
    for key, inner in (node.entries or {}).items():
        _mark(inner, (*path, key), paths)
    for k, inner in enumerate(node.items or ()):
        _mark(inner, (*path, inner.id or str(k)), paths)


def _by_id(node: Node) -> bool:
    return any(item.id is not None for item in node.items or ())


def _is_value(node: Node) -> bool:
    """Whether a list is one value (a pair of bounds, a ranking) rather than a collection of words or entries."""
    return any(item.entries is None and not isinstance(item.scalar, str) for item in node.items or ())


# ---- version control ---------------------------------------------------------------------------------------------


def tracked(folder: Path) -> bool:
    """Whether git would publish the private file: it stands in the index of the repository around the folder.

    The index is read here rather than asked of git, which can be made to run programs by the repository's settings.
    """
    folder = folder.resolve()
    for home in (folder, *folder.parents):
        git = home / ".git"
        if git.exists():
            name = (folder / PRIVATE).relative_to(home).as_posix().encode()
            return _in_index(_index(git), name)
    return False


def _index(git: Path) -> bytes:
    try:
        if git.is_file():
            # A worktree or submodule: the file names the real folder.
            pointer = git.read_text(encoding="utf-8", errors="replace").partition("gitdir:")[2].strip()
            git = (git.parent / pointer).resolve()
        return (git / "index").read_bytes()
    except OSError:
        return b""


def _in_index(data: bytes, name: bytes) -> bool:
    """Whether a git index (versions 2 to 4) lists a path; see git's ``index-format`` documentation."""
    if data[:4] != b"DIRC":
        return False
    version, count = int.from_bytes(data[4:8], "big"), int.from_bytes(data[8:12], "big")
    hash_size = _hash_size(data)
    at, path = 12, b""
    for _ in range(count):
        start = at
        flags_at = at + 40 + hash_size
        if flags_at + 5 > len(data):
            return False
        flags = int.from_bytes(data[flags_at : flags_at + 2], "big")
        at = flags_at + (4 if flags & 0x4000 else 2)
        if version >= 4:
            cut, at = _varint(data, at)
            end = data.find(b"\0", at)
            path = path[: len(path) - cut] + data[at:end]
            at = end + 1
        else:
            end = data.find(b"\0", at)
            path = data[at:end]
            at = start + (end - start + 8) // 8 * 8
        if end < 0:
            return False
        if path == name:
            return True
    return False


def _hash_size(data: bytes) -> int:
    # The checksum at the end uses the repository's hash; SHA-256 repositories are told by their first entry's padding.
    return 32 if hashlib.sha256(data[:-32]).digest() == data[-32:] else 20


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """git's offset encoding: seven bits a byte, each continuation adding one."""
    value = data[at] & 0x7F
    while data[at] & 0x80 and at + 1 < len(data):
        at += 1
        value = (value + 1 << 7) | (data[at] & 0x7F)
    return value, at + 1
