"""Tables on the terminal: columns share the width so that the table gets as short as it can and no word is cut."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from zopa.cli.wrapping import broken, height, least
from zopa.errors import width

if TYPE_CHECKING:
    from zopa.result import Table

PIPED = 160
"""Columns of a table that goes to a file or a pipe."""
LONGEST_WORDS = (18, 14, 12, 11, 10, 9, 8, 7, 6, 5)
"""Longer words may be cut, so that one long id does not squeeze every other column; the fewer, the narrower it gets."""
MEASURED = 40
"""Rows of a long table, evenly spaced, that decide on the columns' widths."""
STEP = 12
"""A column is widened by so much at a time at most: enough for its next word."""


def draw_table(table: "Table") -> None:
    """A table as wide as the terminal allows; plain text of a fixed width when piped."""
    from rich import box
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text

    console = Console(width=None if sys.stdout.isatty() else PIPED, highlight=False)
    title = Text(broken(table.caption, console.width))
    shown = RichTable(title=title, title_justify="left", box=box.SIMPLE_HEAD, title_style="bold")
    columns = list(zip(*table.rows, strict=True)) if table.rows else [() for _ in table.columns]
    # The box takes three columns beside every cell, and one at the end.
    widths = shared(table.columns, columns, console.width - 3 * len(columns) - 1)
    for name, given in zip(table.columns, widths, strict=True):
        shown.add_column(Text(_fitted(name, given)), overflow="fold", width=given)
    for row in table.rows:
        shown.add_row(*(Text(_fitted(cell, given)) for cell, given in zip(row, widths, strict=True)))
    console.print(shown)


def _fitted(text: str, columns: int | None) -> str:
    return text if columns is None else broken(text, columns)


def shared(heads: Sequence[str], columns: Sequence[Sequence[str]], room: int) -> list[int | None]:
    """The width of each column, where together they need more than there is; None for each where all fit.

    Every column gets what its longest word needs; what is left goes where it takes most lines off the table.
    """
    longest = [max(map(width, (head, *cells))) for head, cells in zip(heads, columns, strict=True)]
    if sum(longest) <= room:
        return [None] * len(longest)
    for most in LONGEST_WORDS:
        given = [
            min(most, max(map(least, (head, *cells)))) for head, cells in zip(heads, columns, strict=True)
        ]
        if sum(given) <= room:
            break
    else:
        return [None] * len(longest)
    rows = max(map(len, columns), default=0)
    kept = range(rows) if rows <= MEASURED else [k * rows // MEASURED for k in range(MEASURED)]
    lines = _Lines([[head, *(cells[k] for k in kept)] for head, cells in zip(heads, columns, strict=True)])
    left = room - sum(given)
    while left:
        at, more = lines.best(given, longest, left)
        given[at] += more
        left -= more
    return list(given)


class _Lines:
    """How many lines a table takes, by the widths of its columns; a row is as tall as its tallest cell."""

    def __init__(self, columns: Sequence[Sequence[str]]) -> None:
        self.columns = columns
        self.known: dict[tuple[int, int], list[int]] = {}

    def of(self, at: int, given: int) -> list[int]:
        """Lines of every cell of a column of some width."""
        if (at, given) not in self.known:
            self.known[at, given] = [height(cell, given) for cell in self.columns[at]]
        return self.known[at, given]

    def best(self, given: Sequence[int], longest: Sequence[int], left: int) -> tuple[int, int]:
        """The column to be widened, and by how much: most lines off the table for each column of width."""
        chosen, most = (-1, 1), 0.0
        for at in range(len(given)):
            others = [self.of(k, given[k]) for k in range(len(given)) if k != at]
            tallest = (
                [max(cells) for cells in zip(*others, strict=True)]
                if others
                else [0] * len(self.of(at, given[at]))
            )
            now = sum(map(max, tallest, self.of(at, given[at])))
            for more in range(1, min(left, STEP, longest[at] - given[at]) + 1):
                saved = (now - sum(map(max, tallest, self.of(at, given[at] + more)))) / more
                if saved > most:
                    chosen, most = (at, more), saved
        if chosen[0] >= 0:
            return chosen
        # No step takes a line off: the column with most to say beside its width.
        return max(range(len(given)), key=lambda k: longest[k] / given[k]), 1
