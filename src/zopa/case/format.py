"""The house format of a case file: two columns a level, list dashes two columns in, no trailing white space.

Lines are moved sideways and nothing else: comments, blank lines, the order of keys, quotes and the author's line
breaks stay. So a formatted file reads as the same data, which is checked before anything is written.
"""

from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from zopa.case.folder import CASE
from zopa.case.private import PRIVATE
from zopa.case.yaml_text import Node, parse
from zopa.claims.files import MOST_YAML, read_lines, write_text_atomic
from zopa.claims.lines import Lines
from zopa.errors import CaseFileError, Problem

STEP = 2


def format_case(folder: Path | str, *, write: bool = True) -> tuple[str, ...]:
    """Put the case's YAML files into the house format; the names of those that changed (or would)."""
    changed: list[tuple[str, str]] = []
    problems: list[Problem] = []
    for name in (CASE, PRIVATE):
        if not (Path(folder) / name).exists():
            continue
        try:
            lines = read_lines(Path(folder), name, most=MOST_YAML)
            text = formatted(lines)
        except CaseFileError as error:
            problems += error.problems
            continue
        if text != lines.text:
            changed.append((name, text))
    if problems:
        raise CaseFileError(problems)
    for name, text in changed if write else ():
        write_text_atomic(Path(folder) / name, text)
    return tuple(name for name, _ in changed)


def formatted(lines: Lines) -> str:
    """The text in the house format; ``CaseFileError`` where it is no YAML that can be formatted safely."""
    root, found = parse(lines)
    if found:
        raise CaseFileError(found)
    if root is None:
        return lines.text
    text = _tidy(lines, root)
    # A last line without its end gets one, unless it belongs to a text that would grow by it.
    for candidate in (text if text.endswith(("\n", "\r")) else f"{text}\n", text):
        again, new = parse(Lines(lines.file, candidate))
        if not new and again is not None and again.data() == root.data():
            return candidate
    raise CaseFileError([root.problem("format-unsafe")])


@dataclass(frozen=True)
class _Level:
    """A block collection around a line: the column its keys or dashes had, and the one they get."""

    old: int
    new: int


@dataclass
class _Plan:
    """What each line (counted from 0) is: where its tokens go, or which line it belongs to."""

    lines: Lines
    atoms: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    """The dashes, the key or the value a line starts with: offset in the text and new column, in order."""
    levels: dict[int, tuple[_Level, ...]] = field(default_factory=dict)
    """The block collections around a line that starts with a token."""
    moved: dict[int, int] = field(default_factory=dict)
    """Later lines of a value that runs over several: by how many columns they move."""
    verbatim: set[int] = field(default_factory=set)
    """Lines whose trailing white space may be part of a text."""

    @cached_property
    def token_lines(self) -> list[int]:
        """Lines that start with a token, in order; asked for once all are planned."""
        return sorted(self.levels)

    def atom(self, offset: int, column: int, levels: tuple[_Level, ...]) -> None:
        """Note a token that starts a line, or follows a dash that does."""
        k = self.lines.index(offset)
        self.atoms.setdefault(k, []).append((offset, column))
        self.levels[k] = levels

    def text(self, k: int) -> str:
        """A line as the author wrote it."""
        return self.lines.text[self.lines.starts[k] : self.lines.stops[k]]

    def column(self, offset: int) -> int:
        """The column, from 0, of a character."""
        return offset - self.lines.starts[self.lines.index(offset)]

    def run_on(self, node: Node, shift: int) -> None:
        """Note the later lines of a value: they move as the collection does that it stands in."""
        first, last = self.lines.index(node.start), self.lines.index(max(node.start, node.stop - 1))
        if node.style == "literal":
            # Blanks on an empty line below a text may be part of it.
            while last + 1 < len(self.lines.starts) and not self.text(last + 1).strip():
                last += 1
        for k in range(first + 1, last + 1):
            self.moved[k] = shift
        if node.style in ("quoted", "literal"):
            # The last line of a quoted text ends behind its quote, so white space there means nothing.
            self.verbatim |= set(range(first, last + (node.style == "literal")))


def _tidy(lines: Lines, root: Node) -> str:
    plan = _Plan(lines)
    _visit(plan, root, 0, 0, ())
    out: list[str] = []
    for k, (start, stop) in enumerate(zip(lines.starts, lines.stops, strict=True)):
        end = lines.starts[k + 1] if k + 1 < len(lines.starts) else len(lines.text)
        out.append(_line(plan, k, lines.text[start:stop]) + lines.text[stop:end])
    return "".join(out)


def _visit(plan: _Plan, node: Node, column: int, shift: int, levels: tuple[_Level, ...]) -> None:
    """Plan a value whose keys or dashes go to ``column``; ``shift`` moves the lines of one that is no block."""
    if node.style != "block":
        plan.run_on(node, shift)
    elif node.entries is not None:
        for name, value in node.entries.items():
            key = node.keys[name]
            level = _Level(plan.column(key.start), column)
            plan.atom(key.start, column, (*levels, level))
            _below(plan, key, value, (*levels, level))
    else:
        _visit_list(plan, node, column, levels)


def _below(plan: _Plan, key: Node, value: Node, levels: tuple[_Level, ...]) -> None:
    """Plan the value of a key: beside it, or on lines below it."""
    level = levels[-1]
    beside = plan.lines.index(value.start) == plan.lines.index(key.start)
    if not beside and (value.style != "block" or _named_first(value)):
        plan.atom(value.start, level.new + STEP, levels)
    _visit(plan, value, level.new + STEP, level.new - level.old, levels)


def _named_first(node: Node) -> bool:
    """Whether a block starts with something before its first key or dash: an anchor."""
    if node.entries is not None:
        return bool(node.keys) and node.start != min(key.start for key in node.keys.values())
    return node.lines.text[node.start : node.start + 1] != "-"


def _visit_list(plan: _Plan, node: Node, column: int, levels: tuple[_Level, ...]) -> None:
    lines = plan.lines
    dash = _first_dash(node)
    old = plan.column(dash)
    level = _Level(old, column)
    for k, item in enumerate(node.items or ()):
        if k:
            after = lines.index((node.items or ())[k - 1].stop)
            dash = _dash(lines, after + 1, old)
        plan.atom(dash, column, (*levels, level))
        if (item.style != "block" or _named_first(item)) and item.start != item.stop:
            plan.atom(item.start, column + STEP, (*levels, level))
        _visit(plan, item, column + STEP, column - old, (*levels, level))


def _first_dash(node: Node) -> int:
    return node.lines.text.index("-", node.start)


def _dash(lines: Lines, first: int, column: int) -> int:
    """The dash of the next item: the first line from ``first`` on with nothing but blanks before that column."""
    for k in range(first, len(lines.starts)):
        at = lines.starts[k] + column
        if lines.text[at : at + 1] == "-" and not lines.text[lines.starts[k] : at].strip(" "):
            return at
    return lines.starts[-1]


def _line(plan: _Plan, k: int, line: str) -> str:
    if k in plan.atoms:
        new = _placed(plan, k, line)
    elif k in plan.moved:
        new = _moved(line, plan.moved[k])
    elif line.lstrip(" ").startswith("#"):
        body = line.lstrip(" ")
        new = " " * _comment_column(plan, k, len(line) - len(body)) + body
    else:
        new = line
    return new if k in plan.verbatim else new.rstrip()


def _placed(plan: _Plan, k: int, line: str) -> str:
    """A line with each of its first tokens in its column; what follows the last of them stays as it is."""
    start = plan.lines.starts[k]
    atoms = sorted(set(plan.atoms[k]))
    out = ""
    for j, (offset, column) in enumerate(atoms):
        stop = atoms[j + 1][0] - start if j + 1 < len(atoms) else len(line)
        token = line[offset - start : stop]
        out = out.rstrip(" ").ljust(column) + token
    return out


def _moved(line: str, by: int) -> str:
    blanks = len(line) - len(line.lstrip(" "))
    return " " * max(0, blanks + by) + line[blanks:] if line else line


def _comment_column(plan: _Plan, k: int, old: int) -> int:
    """A comment goes with the block it is written at: the one that follows it, else the one before."""
    at = bisect_left(plan.token_lines, k)
    after = plan.token_lines[at] if at < len(plan.token_lines) else None
    before = plan.token_lines[at - 1] if at else None
    ahead = plan.levels[after] if after is not None else ()
    behind = plan.levels[before] if before is not None else ()
    # Dashes may stand in the column of the key above them: what comes next is the inner of the two, what ends is both.
    for level in (*reversed(ahead), *behind):
        if level.old == old:
            return level.new
    if after is not None:
        return plan.atoms[after][0][1]
    fitting = [level.new for level in behind if level.old <= old]
    return fitting[-1] if fitting else 0
