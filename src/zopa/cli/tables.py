"""Tables on the terminal: columns share the width so that the longest cells get the most room and no word is cut."""

import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from zopa.errors import width

if TYPE_CHECKING:
    from zopa.result import Table

PIPED = 160
"""Columns of a table that goes to a file or a pipe."""
LONGEST_WORDS = (18, 12, 8, 5)
"""Longer words may be cut, so that one long id does not squeeze every other column; the fewer, the narrower it gets."""
LONGEST_CHINESE = 8
_DAY = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日|\d{1,2} [A-Z][a-z]{2} \d{4}")
"""A day, which reads badly when it is broken."""


def draw_table(table: "Table") -> None:
    """A table as wide as the terminal allows; plain text of a fixed width when piped."""
    from rich import box
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text

    console = Console(width=None if sys.stdout.isatty() else PIPED, highlight=False)
    title = Text(table.caption)
    shown = RichTable(title=title, title_justify="left", box=box.SIMPLE_HEAD, title_style="bold")
    columns = list(zip(*table.rows, strict=True)) if table.rows else [() for _ in table.columns]
    # The box takes three columns beside every cell, and one at the end.
    widths = shared(table.columns, columns, console.width - 3 * len(columns) - 1)
    for name, given in zip(table.columns, widths, strict=True):
        shown.add_column(Text(name), overflow="fold", width=given)
    for row in table.rows:
        shown.add_row(*(Text(cell) for cell in row))
    console.print(shown)


def shared(heads: Sequence[str], columns: Sequence[Sequence[str]], room: int) -> list[int | None]:
    """The width of each column, where together they need more than there is; None for each where all fit.

    Every column gets what its longest word needs; what is left goes, one by one, to the column with the tallest cell.
    """
    longest = [max(map(width, (head, *cells))) for head, cells in zip(heads, columns, strict=True)]
    if sum(longest) <= room:
        return [None] * len(longest)
    for most in LONGEST_WORDS:
        given = [
            max(_word(text, most) for text in (head, *cells))
            for head, cells in zip(heads, columns, strict=True)
        ]
        if sum(given) <= room:
            break
    else:
        return [None] * len(longest)
    cells_need = [max(map(width, cells), default=1) for cells in columns]
    for _ in range(room - sum(given)):
        tallest = max(range(len(given)), key=lambda k: cells_need[k] / given[k])
        given[tallest] += 1
    return list(given)


def _word(text: str, most: int) -> int:
    """Columns of the longest part that should not be broken: a word; of Chinese, which breaks anywhere, four signs."""
    text = _DAY.sub(lambda day: "0" * width(day[0]), text)
    parts = [min(width(w), LONGEST_CHINESE) if width(w) > len(w) else width(w) for w in text.split()]
    return min(most, max(parts, default=1))
