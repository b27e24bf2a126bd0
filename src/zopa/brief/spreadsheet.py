"""Tables as CSV, the way spreadsheets read them: nothing in a cell is run as a formula."""

import csv
import io
from collections.abc import Sequence

from zopa.result import Table
from zopa.words import Language, say


def as_csv(tables: Sequence[Table], lang: Language, *, marking: str = "") -> str:
    """Tables one below the other, under the marking where there is one."""
    top = [_lines([[_cell(marking)]])] if marking else []
    return "\ufeff" + "\r\n".join([*top, *(_csv(table, lang) for table in tables)])


def _csv(table: Table, lang: Language) -> str:
    """A table with its caption above and the claims of each row behind it."""
    rows = [[_cell(table.caption)], [*map(_cell, table.columns), say("brief.claims-column", lang)]]
    for row, because in zip(table.rows, table.because, strict=True):
        rows.append([*map(_cell, row), " ".join(because)])
    return _lines(rows)


def _lines(rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def _cell(text: str) -> str:
    # What a spreadsheet would run as a formula is written as text.
    return f"'{text}" if text[:1] in ("=", "+", "@", "\t") else text
