"""Dates of an exercise under invented names: all moved by the same whole number of weeks, in fields and in texts.

The offset follows from the seed. Whole weeks keep weekdays; distances between days stay as they are, so that "in five
days" still holds.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pydantic import BaseModel

from zopa.case.labels import day
from zopa.case.model import CaseFile

YEAR = 52
"""Weeks of a year, nearly."""
YEARS = range(3, 13)
WEEKS = range(8, 45)
"""Weeks besides, so that nothing falls into its own month again."""
MONTH = "month"
"""The field of a month, YYYY-MM or YYYY; what is called so holds nothing else."""
CITATION = "cite"
"""The field that says where a case is from: its years are those of publications."""
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_NAMED = "|".join(_MONTHS)
_ENGLISH = re.compile(
    r"\b(?:(?P<first>\d{1,2})(?P<and> and | or | to |–))?"
    rf"(?P<day>\d{{1,2}}) (?P<month>{_NAMED})(?: (?P<year>\d{{4}}))?\b"
    rf"|\b(?P<us_month>{_NAMED}) (?P<us_day>\d{{1,2}}), (?P<us_year>\d{{4}})\b"
    rf"|\b(?P<only_month>{_NAMED}) (?P<only_year>\d{{4}})\b"
    r"|(?<![\w.,/–-])(?P<bare>\d{4})(?![\w%/–-]|[.,]\d| 年)"
)
_CHINESE = re.compile(
    r"(?:(?P<year>\d{4}) ?年 ?)?(?<!\d)(?P<month>\d{1,2}) ?月 ?(?P<day>\d{1,2}) ?日"
    r"|(?P<only_year>\d{4}) ?年 ?(?P<only_month>\d{1,2}) ?月"
    r"|(?<!\d)(?P<bare>\d{4})(?P<gap> ?)年"
)


@dataclass(frozen=True)
class Moved:
    """What moves the dates of one case: the offset, the year of days written without one, the years it knows."""

    offset: timedelta
    year: int
    years: frozenset[int]

    def day(self, value: date) -> date:
        """A day so many weeks later; the last day there is where that is earlier."""
        return date.fromordinal(min(value.toordinal() + self.offset.days, date.max.toordinal()))

    def month(self, value: str) -> str:
        """A month (YYYY-MM) or a year (YYYY), taken by its middle."""
        year, _, month = value.partition("-")
        moved = self.day(date(int(year), int(month or 7), 15))
        return f"{moved:%Y-%m}" if month else f"{moved.year:04d}"

    def text(self, text: str) -> str:
        """A text with its days, its months of a year and the years the case knows."""
        return _CHINESE.sub(self._chinese, _ENGLISH.sub(self._english, text))

    def _english(self, found: re.Match[str]) -> str:
        if found["bare"]:
            # Four figures may count anything: only a year in which something of the case happened is moved.
            return self.month(found["bare"]) if int(found["bare"]) in self.years else found[0]
        if found["only_month"]:
            moved = self._on(found["only_year"], _MONTHS.index(found["only_month"]) + 1, 15)
            return found[0] if moved is None else f"{_MONTHS[moved.month - 1]} {moved.year}"
        if found["us_month"]:
            moved = self._on(found["us_year"], _MONTHS.index(found["us_month"]) + 1, int(found["us_day"]))
            return found[0] if moved is None else f"{_MONTHS[moved.month - 1]} {moved.day}, {moved.year}"
        month = _MONTHS.index(found["month"]) + 1
        last = self._on(found["year"], month, int(found["day"]))
        first = self._on(found["year"], month, int(found["first"])) if found["first"] else last
        if first is None or last is None:
            return found[0]
        told = f"{last.day} {_MONTHS[last.month - 1]}" + (f" {last.year}" if found["year"] else "")
        if not found["first"]:
            return told
        alike = (first.year, first.month) == (last.year, last.month)
        before = f"{first.day}" if alike else f"{first.day} {_MONTHS[first.month - 1]}"
        return f"{before}{found['and']}{told}"

    def _chinese(self, found: re.Match[str]) -> str:
        if found["bare"]:
            return f"{self.month(found['bare'])}{found['gap']}年" if int(found["bare"]) else found[0]
        if found["only_month"]:
            moved = self._on(found["only_year"], int(found["only_month"]), 15)
            return found[0] if moved is None else f"{moved.year}年{moved.month}月"
        moved = self._on(found["year"], int(found["month"]), int(found["day"]))
        if moved is None:
            return found[0]
        return day(moved, "zh") if found["year"] else f"{moved.month}月{moved.day}日"

    def _on(self, year: str | None, month: int, number: int) -> date | None:
        """The moved day; None where no calendar has the one written."""
        try:
            return self.day(date(int(year) if year else self.year, month, number))
        except ValueError:
            return None


def moved(file: CaseFile, *, seed: int = 0) -> Moved:
    """What moves the dates of this case: three to thirteen years on, the same for the same seed."""
    drawn = int.from_bytes(hashlib.blake2b(f"{seed}/dates".encode(), digest_size=4).digest())
    years, weeks = divmod(drawn, len(WEEKS))
    offset = timedelta(weeks=YEAR * YEARS[years % len(YEARS)] + WEEKS[weeks])
    return Moved(offset, file.as_of.year, frozenset(_years(file)))


def _years(value: Any) -> Iterator[int]:
    """The year of every date and month of a case."""
    if isinstance(value, date):
        yield value.year
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            part = getattr(value, name)
            if name == MONTH and isinstance(part, str):
                yield int(part[:4])
            else:
                yield from _years(part)
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _years(part)
    elif isinstance(value, tuple):
        for part in value:
            yield from _years(part)
