"""The sources of a case folder: each document's header and text, every problem at its place."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from zopa.case.shape import shape
from zopa.case.yaml_text import Node, parse
from zopa.claims.files import MOST_TEXT, inside, read_lines
from zopa.claims.lines import Lines, shown
from zopa.claims.source import RULE, Header, Source, split_header
from zopa.errors import CaseFileError, Place, Problem

FOLDER = "sources"
SUFFIXES = (".md", ".txt")
_NAME = re.compile(r"[^\W_][\w.-]{0,99}")
_DAYS = ("published", "captured")


@dataclass
class SourcesRead:
    """All sources by id, the header of each as located tree, problems, and ids of sources that could not be read."""

    sources: dict[str, Source] = field(default_factory=dict)
    headers: dict[str, Node] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)


def source_name(stem: str) -> bool:
    """Whether a file's stem can be a source's id: letters of any script, digits, hyphens, underscores, dots."""
    return _NAME.fullmatch(stem) is not None and unicodedata.is_normalized("NFC", stem)


def read_sources(folder: Path) -> SourcesRead:
    """The documents under ``sources/``, in the order of their names; other files there are left alone."""
    out = SourcesRead()
    names: Mapping[str, str] = {}
    for path in _files(folder, out):
        name = f"{FOLDER}/{path.name}"
        if not source_name(path.stem):
            out.problems.append(Problem("source-name", Place(name), {"name": shown(path.name)}))
            continue
        if path.stem in names:
            values = {"id": path.stem, "other": names[path.stem]}
            out.problems.append(Problem("source-twice", Place(name), values))
            continue
        names = {**names, path.stem: name}
        try:
            lines = read_lines(folder, name, most=MOST_TEXT)
        except CaseFileError as error:
            out.problems += error.problems
            out.unread.add(path.stem)
        else:
            _read(out, path.stem, lines, headed=path.suffix == ".md")
    return out


def _files(folder: Path, out: SourcesRead) -> list[Path]:
    try:
        home = inside(folder, FOLDER)
    except CaseFileError as error:
        out.problems += error.problems
        return []
    if not home.is_dir():
        return []
    return sorted(
        p for p in home.iterdir() if p.suffix in SUFFIXES and not p.name.startswith(".") and not p.is_dir()
    )


def _read(out: SourcesRead, id_: str, lines: Lines, *, headed: bool) -> None:
    if not headed:
        out.sources[id_] = Source(id=id_, text=lines.text)
        return
    top, text, _ = split_header(lines.text)
    if top is None:
        first = lines.text.split("\n", 1)[0].strip("\ufeff\r ")
        if first == RULE:
            out.problems.append(lines.problem("source-header-open", (0, lines.stops[0])))
            out.unread.add(id_)
        else:
            warning = Problem("source-header", Place(lines.file), {"id": id_}, severity="warning")
            out.problems.append(warning)
            out.sources[id_] = Source(id=id_, text=text)
        return
    header, problems, root = _header(Lines(lines.file, top, first=2))
    out.problems += problems
    # The text is read even where its header is not: its claims can still be verified.
    out.sources[id_] = Source(id=id_, header=header or Header(), text=text)
    if root is not None:
        out.headers[id_] = root


def _header(lines: Lines) -> tuple[Header | None, tuple[Problem, ...], Node | None]:
    root, problems = parse(lines)
    if root is None or (root.is_null and not problems):
        return None, problems, None
    shaped = shape(_dated(root), Header, stand_ins={}, strict=True)
    return shaped.value, (*problems, *shaped.problems), shaped.root


def _dated(root: Node) -> Node:
    """The header with days in quotes read as days, as everywhere in a case."""
    entries = dict(root.entries or {})
    for key in _DAYS:
        node = entries.get(key)
        if node is not None and isinstance(node.scalar, str):
            try:
                entries[key] = replace(node, scalar=date.fromisoformat(node.scalar))
            except ValueError:
                continue
    return root if root.entries is None else replace(root, entries=entries)
