"""Option tables in CSV: a row an option of an issue and a column a party, or one row for each of all that.

A cell holds points: what the option adds to the party's utility, on any scale of its own. A row ``no deal`` says what
no agreement is worth on the same scale (0 where there is none).
"""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from zopa.case.interop.csv_cells import NO, STATUS_QUO, YES, Cell, Row, read_rows
from zopa.case.interop.domain import DomainIssue, DomainParty, case_data, scale
from zopa.case.interop.genius_files import label
from zopa.case.interop.layout import both, comment, comment_file, head, words, write_case
from zopa.case.interop.located import Document, read_document
from zopa.case.interop.standoff_csv import import_states, is_states

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "issue": ("issue", "议题"),
    "option": ("option", "选项"),
    "party": ("party", "当事方", "一方"),
    "points": ("points", "分值", "分数"),
    "status_quo": STATUS_QUO,
}
"""Names of the columns that are no party, in both languages; case does not matter."""
NO_DEAL = ("no deal", "no_deal", "walk away", "谈不成", "未达成协议")
"""What stands for the issue in the row of the walk-away values."""


@dataclass
class _Entry:
    """An option as it was met: its cell, whether it is the status quo, and points by party."""

    cell: Cell
    points: dict[str, float] = field(default_factory=dict)


@dataclass
class _Found:
    """Everything read: issues with their options, the status quo, parties in order, walk-away values."""

    document: Document
    issues: dict[str, dict[str, _Entry]] = field(default_factory=dict)
    status_quo: dict[str, str] = field(default_factory=dict)
    parties: list[str] = field(default_factory=list)
    no_deal: dict[str, tuple[Cell, float]] = field(default_factory=dict)

    def put(self, issue: Cell | None, option: Cell, party: str, cell: Cell) -> None:
        """Note the points of an option, or of no deal where there is no option."""
        value = _number(cell)
        if issue is None:
            if party in self.no_deal:
                cell.add("import-csv-twice", name=party)
            self.no_deal[party] = (cell, value)
            return
        entry = self.issues.setdefault(issue.text, {}).setdefault(option.text, _Entry(option))
        if party in entry.points:
            cell.add("import-csv-twice", name=f"{issue.text} · {option.text} · {party}")
        entry.points[party] = value

    def mark(self, issue: Cell, option: Cell, cell: Cell | None) -> None:
        """Note the status quo of an issue where the cell says so."""
        if cell is None or cell.text.casefold() in NO:
            return
        if cell.text.casefold() not in YES:
            cell.add("import-csv-mark", value=cell.text)
        elif self.status_quo.setdefault(issue.text, option.text) != option.text:
            cell.add("import-csv-status-quo", issue=issue.text, option=self.status_quo[issue.text])


def import_csv(file: Path, into: Path, *, as_of: date | None = None) -> Path:
    """A case folder made of an option table in CSV, wide or long, or of a table of states; the path of the new folder.

    A table of states is known by its columns with ranks (see ``standoff_csv``). In an option table, parties and issues
    come in the order of the file; numbers stand as points marked ``assumed``. ``DossierError`` with
    every located problem where the table cannot be read.
    """
    document = read_document(file)
    rows = read_rows(document)
    document.check()
    if is_states(rows):
        return import_states(file, document, rows, into, as_of=as_of)
    found = _read(document, rows)
    document.check()
    issues = _issues(found, rows[0])
    document.check()
    parties = [_party(found, party) for party in found.parties]
    document.check()
    title = words(file.stem)
    comments = [
        *comment("csv-head"),
        comment_file(file, hashlib.sha256(file.read_bytes()).hexdigest()),
        *comment("csv-points"),
        *comment("genius-assumed"),
        *comment("genius-status-quo"),
    ]
    data = {**head(title, words(f"CSV: {file.name}"), as_of), **case_data(issues, parties)}
    return write_case(into, comments, data)


def _number(cell: Cell) -> float:
    try:
        value = float(cell.text.replace("−", "-"))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        cell.add("import-csv-number", value=cell.text or " ")
        return 0.0
    return value


# ---- rows --------------------------------------------------------------------------------------------------------


def _read(document: Document, rows: Sequence[Row]) -> _Found:
    found = _Found(document)
    if not rows:
        document.add("import-csv-empty", 0, 1)
        return found
    header = rows[0]
    at: dict[str, int] = {}
    for k, cell in enumerate(header):
        name = next((key for key, names in COLUMNS.items() if cell.text.casefold() in names), None)
        if name is not None:
            if name in at:
                cell.add("import-csv-twice", name=cell.text)
            at[name] = k
    long = "party" in at and "points" in at
    needed = ("issue", "option", "party", "points") if long else ("issue", "option")
    for name in needed:
        if name not in at:
            header[0].add("import-csv-column", column=name, chinese=COLUMNS[name][1])
    document.check()
    for row in rows[1:]:
        if len(row) != len(header):
            row[0].add("import-csv-cells", n=len(row), expected=len(header))
    document.check()
    if long:
        _long(found, rows[1:], at)
    else:
        _wide(found, header, rows[1:], at)
    return found


def _wide(found: _Found, header: Row, rows: Sequence[Row], at: Mapping[str, int]) -> None:
    columns = [k for k in range(len(header)) if k not in at.values()]
    for k in columns:
        if not header[k].text:
            header[k].add("import-csv-blank")
        elif header[k].text in found.parties:
            header[k].add("import-csv-twice", name=header[k].text)
        else:
            found.parties.append(header[k].text)
    if len(found.parties) < 2:
        header[0].add("import-csv-parties", n=len(found.parties))
    last: Cell | None = None
    seen: set[tuple[str, str]] = set()
    for row in rows:
        issue, last = _issue_of(row, at, last)
        option = row[at["option"]]
        if issue is not None and option.text and (issue.text, option.text) in seen:
            option.add("import-csv-twice", name=f"{issue.text} · {option.text}")
            continue
        if issue is not None:
            if not option.text:
                option.add("import-csv-option", issue=issue.text)
                continue
            seen.add((issue.text, option.text))
            found.mark(issue, option, row[at["status_quo"]] if "status_quo" in at else None)
        for k in columns:
            found.put(issue, option, header[k].text, row[k])


def _long(found: _Found, rows: Sequence[Row], at: Mapping[str, int]) -> None:
    last: Cell | None = None
    for row in rows:
        issue, last = _issue_of(row, at, last)
        option, party = row[at["option"]], row[at["party"]]
        if not party.text:
            party.add("import-csv-blank")
            continue
        if issue is not None and not option.text:
            option.add("import-csv-option", issue=issue.text)
            continue
        if party.text not in found.parties:
            found.parties.append(party.text)
        if issue is not None:
            found.mark(issue, option, row[at["status_quo"]] if "status_quo" in at else None)
        found.put(issue, option, party.text, row[at["points"]])
    if len(found.parties) < 2:
        found.document.add("import-csv-parties", 0, 1, n=len(found.parties))


def _issue_of(row: Row, at: Mapping[str, int], last: Cell | None) -> tuple[Cell | None, Cell | None]:
    """The issue of a row (None for no deal), and the last one met: a blank cell means the same as above."""
    cell = row[at["issue"]]
    if not row[at["option"]].text and cell.text.casefold() in NO_DEAL:
        return None, last
    if cell.text:
        return cell, cell
    if last is None:
        cell.add("import-csv-blank")
        return cell, None
    return last, last


# ---- the case ----------------------------------------------------------------------------------------------------


def _issues(found: _Found, header: Row) -> list[DomainIssue]:
    out = []
    for name, entries in found.issues.items():
        first = next(iter(entries.values())).cell
        if len(entries) < 2:
            first.add("import-genius-few-options", issue=name)
        for option, entry in entries.items():
            for party in found.parties:
                if party not in entry.points:
                    entry.cell.add("import-csv-missing", option=option, issue=name, party=party)
        quo = found.status_quo.get(name)
        out.append(DomainIssue(name, tuple(entries), None if quo is None else list(entries).index(quo)))
    if not out:
        header[0].add("import-genius-no-issues")
    return out


def _party(found: _Found, party: str) -> DomainParty:
    on = scale([[entry.points[party] for entry in entries.values()] for entries in found.issues.values()])
    if on.unit <= 0:
        first = next(iter(next(iter(found.issues.values())).values())).cell
        first.add("import-csv-nothing", party=party)
        return DomainParty(party, on.weights, on.values, 0.0, {})
    cell, value = found.no_deal.get(party, (None, 0.0))
    share = on.on_case(value)
    if cell is not None and not 0 <= share <= 1:
        low, high = label(on.zero), label(on.zero + on.unit)
        cell.add("import-reserved", value=cell.text, low=low, high=high)
    key = "csv-no-deal" if cell is not None else "csv-no-deal-none"
    note = both(key, unit=label(on.unit), zero=label(on.zero))
    return DomainParty(party, on.weights, on.values, min(1.0, max(0.0, share)), note)
