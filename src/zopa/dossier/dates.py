"""When: expressions of time in running text and the calendar days they stand for, resolved against the publication day.

Vague expressions (近期, recently) stay vague: value ``PRESENT_REF`` and no day. A value is an ISO day, month or year,
an interval ``from/to`` with both ends included, a duration such as ``P47Y``, or None where it cannot be resolved.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from zopa.dossier.lexicon import Language

VAGUE = "PRESENT_REF"
_SENTENCE_END = re.compile(r"[。！？!?\n]|(?<!\b[A-Z][a-z]{2})(?<!Sept)\.\s+(?=[A-Z“\"‘])")
SEASONS = {"spring": "SP", "summer": "SU", "autumn": "FA", "fall": "FA", "winter": "WI"} | dict(
    zip("春夏秋冬", ("SP", "SU", "FA", "WI"), strict=True)
)
"""How a season is written after its year; which months it covers depends on the place and is left open."""


@dataclass(frozen=True, slots=True)
class When:
    """One expression of time: where it stands, what it resolves to, and the first and last day it covers."""

    start: int
    stop: int
    text: str
    value: str | None
    low: date | None = None
    high: date | None = None

    @property
    def day(self) -> date | None:
        """The calendar day, where it is exactly one."""
        return self.low if self.low is not None and self.low == self.high else None

    @property
    def days(self) -> tuple[date, ...]:
        """What a claim is about: the day, or both ends of a stated interval; nothing for months or years."""
        if self.day is not None:
            return (self.day,)
        if self.value is not None and "/" in self.value and self.low is not None and self.high is not None:
            return (self.low, self.high)
        return ()


@dataclass(slots=True)
class Anchor:
    """What later expressions hang on: the publication day, the last day, month and year named in the text, and the
    expression before, whatever it is."""

    published: date | None
    last: date | None = None
    month: date | None = None
    year: int | None = None
    before: When | None = None

    def note(self, when: When) -> None:
        """Remember a resolved expression; days still to come are no anchor for 当天 or "that day"."""
        if when.low is None or when.high is None:
            return
        self.before = when
        self.year = when.low.year
        if self.published is not None and when.low > self.published:
            return
        if (when.low.year, when.low.month) == (when.high.year, when.high.month):
            self.month = when.low.replace(day=1)
        if when.day is not None:
            self.last = when.day

    def beside(self, text: str, start: int) -> When | None:
        """The expression before, where it stands in the same sentence as the one that starts here."""
        if self.before is None or _SENTENCE_END.search(text, self.before.stop, start):
            return None
        return self.before


Resolved = tuple[str | None, date | None, date | None]
UNRESOLVED: Resolved = (None, None, None)


def safe(year: int, month: int, day: int) -> date | None:
    """The day, or None where the calendar has none."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def point(day: date | None) -> Resolved:
    """A single day."""
    return UNRESOLVED if day is None else (day.isoformat(), day, day)


def whole_month(year: int, month: int) -> Resolved:
    """All days of a month."""
    if not (1 <= year <= 9999 and 1 <= month <= 12):
        return UNRESOLVED
    return (
        f"{year:04d}-{month:02d}",
        date(year, month, 1),
        date(year, month, calendar.monthrange(year, month)[1]),
    )


def whole_year(year: int) -> Resolved:
    """All days of a year."""
    return (f"{year:04d}", date(year, 1, 1), date(year, 12, 31)) if 1 <= year <= 9999 else UNRESOLVED


def interval(low: date | None, high: date | None) -> Resolved:
    """All days from one to another, both included."""
    if low is None or high is None or high < low:
        return UNRESOLVED
    return f"{low.isoformat()}/{high.isoformat()}", low, high


def moved(base: date, *, days: int = 0, months: int = 0, years: int = 0) -> date | None:
    """The day so far from a base; month ends are kept inside the month. None outside the calendar."""
    index = base.year * 12 + base.month - 1 + months + 12 * years
    year, month = divmod(index, 12)
    if not 1 <= year <= 9999:
        return None
    day = min(base.day, calendar.monthrange(year, month + 1)[1])
    try:
        return date(year, month + 1, day) + timedelta(days=days)
    except OverflowError:
        return None


def day_only(day: int, base: date, *, coming: bool) -> date | None:
    """The day of the month nearest to the publication day; more than 15 days ahead means the month before.

    A day far behind is taken for the coming month only where the text looks ahead (``coming``).
    """
    here = safe(base.year, base.month, day)
    if here is None or (here - base).days > 15:
        back = moved(base.replace(day=1), months=-1)
        before = safe(back.year, back.month, day) if back else None
        return before or here
    if coming and (base - here).days > 15:
        ahead = moved(base.replace(day=1), months=1)
        later = safe(ahead.year, ahead.month, day) if ahead else None
        return later or here
    return here


def month_day(month: int, day: int, base: date, *, coming: bool) -> date | None:
    """The day in the year of publication, or in a neighbouring year where that lies much nearer."""
    here = safe(base.year, month, day)
    if here is None:
        years = [base.year + shift for shift in ((1, 2, 3, 4) if coming else (-1, -2, -3, -4))]
        return next((found for found in (safe(year, month, day) for year in years) if found), None)
    distance = (here - base).days
    if distance > 180 and not coming:
        return safe(base.year - 1, month, day) or here
    if distance < -180 and coming:
        return safe(base.year + 1, month, day) or here
    return here


def month_only(month: int, base: date, *, coming: bool) -> Resolved:
    """The month in the year of publication; a far later month without a look ahead is last year's."""
    ahead = month - base.month
    if ahead >= 6 and not coming:
        return whole_month(base.year - 1, month)
    if ahead <= -6 and coming:
        return whole_month(base.year + 1, month)
    return whole_month(base.year, month)


def weekday(index: int, base: date, *, weeks: int | None, coming: bool) -> date | None:
    """Monday = 0. ``weeks`` counts from the week of publication; None: the nearest one not after it, or not before."""
    if weeks is not None:
        return moved(base, days=index - base.weekday() + 7 * weeks)
    back = (base.weekday() - index) % 7
    return moved(base, days=(7 - back) % 7) if coming else moved(base, days=-back)


PARTS = {"start": (1, 10), "middle": (11, 20), "end": (21, 31)}
"""Days of the part of a month."""
PARTS_OF_YEAR = {"start": (1, 3), "middle": (5, 8), "end": (10, 12)}
"""Months of the part of a year."""


def part_of_month(year: int, month: int, part: str) -> Resolved:
    """The first, middle or last ten days."""
    _, low, high = whole_month(year, month)
    if low is None or high is None:
        return UNRESOLVED
    first, last = PARTS[part]
    return interval(low.replace(day=first), high.replace(day=min(last, high.day)))


def months(year: int, first: int, last: int) -> Resolved:
    """All days from one month of a year to another."""
    return interval(whole_month(year, first)[1], whole_month(year, last)[2])


def quarter(number: int, year: int) -> Resolved:
    """All days of a quarter, 1 to 4."""
    return months(year, 3 * number - 2, 3 * number) if 1 <= number <= 4 else UNRESOLVED


def week_of(day: date | None) -> Resolved:
    """Monday to Sunday of the week in which a day lies."""
    monday = moved(day, days=-day.weekday()) if day is not None else None
    return interval(monday, moved(monday, days=6)) if monday is not None else UNRESOLVED


def nth_week(number: int, year: int, month: int) -> Resolved:
    """Days 1 to 7 of a month, 8 to 14 and so on; 0 is the last seven."""
    _, low, high = whole_month(year, month)
    if low is None or high is None:
        return UNRESOLVED
    if number == 0:
        return interval(moved(high, days=-6), high)
    first = low.replace(day=7 * number - 6) if number <= 4 else low.replace(day=29) if high.day > 28 else None
    return interval(first, min(high, moved(first, days=6) or high)) if first else UNRESOLVED


def find_dates(text: str, *, published: date | None, language: Language) -> tuple[When, ...]:
    """All expressions of time in the text, in order, resolved against the publication day."""
    if language == "zh":
        from zopa.dossier.zh.dates import find
    else:
        from zopa.dossier.en.dates import find
    return find(text, published)
