"""How a sitting looks: lines that fit the terminal, and colours where a person watches."""

import os
import shutil
import sys
from collections.abc import Iterable

from zopa.cli.help import WIDEST, wrapped
from zopa.errors import width

BOLD, FAINT, CYAN, YELLOW = "1", "2", "36", "33"
LEFT, RIGHT = "【", "】"
"""What stands around a quotation in its context, with and without colours."""


def coloured() -> bool:
    """Whether to colour: on a terminal that can, unless NO_COLOR asks for none."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def columns() -> int:
    """Columns to fill; none where the answer goes to a file or a pipe, which have no width."""
    return min(shutil.get_terminal_size().columns, WIDEST) if sys.stdout.isatty() else 0


def paint(text: str, style: str) -> str:
    """The text in a style, where colours are shown."""
    return f"\x1b[{style}m{text}\x1b[0m" if text and coloured() else text


def show(text: str, *, indent: str = "", style: str = "") -> None:
    """A paragraph, wrapped on a terminal; the words between 【 and 】 are bold where colours are shown."""
    room = columns()
    lines = wrapped(text, room - width(indent)) if room else [text]
    inside = False
    for line in lines:
        shown, inside = _with_bold(line, inside) if not style else (paint(line, style), False)
        sys.stdout.write(f"{indent}{shown}\n")


def _with_bold(line: str, inside: bool) -> tuple[str, bool]:
    """The line with its quoted words in bold; a quotation may go on over several lines."""
    parts: list[str] = []
    at = 0
    while at < len(line):
        mark = RIGHT if inside else LEFT
        stop = line.find(mark, at)
        stop = len(line) if stop < 0 else stop + (1 if inside else 0)
        parts.append(paint(line[at:stop], BOLD) if inside else line[at:stop])
        if stop < len(line) or (inside and line.endswith(RIGHT)):
            inside = not inside
        at = stop
    return "".join(parts), inside


def packed(items: Iterable[str], gap: str) -> list[str]:
    """Items side by side in as few lines as fit, none of them cut."""
    room = columns()
    lines: list[str] = []
    for item in items:
        if lines and (not room or width(lines[-1] + gap + item) < room):
            lines[-1] += gap + item
        else:
            lines.append(item)
    return lines
