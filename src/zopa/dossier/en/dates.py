"""English expressions of time: Feb. 4, on Wednesday, last June, earlier this month, two weeks ago, recently."""

import re
from datetime import date, timedelta

from zopa.dossier.dates import (
    UNRESOLVED,
    VAGUE,
    Anchor,
    Resolved,
    When,
    day_only,
    interval,
    month_day,
    month_only,
    moved,
    point,
    safe,
    weekday,
    whole_month,
    whole_year,
)

_MONTHS = {
    name: k
    for k, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sept sep", "october oct", "november nov", "december dec"), start=1
    )
    for name in names.split()
}  # fmt: skip
_DAYS = {
    name: k
    for k, names in enumerate(
        ("monday mon", "tuesday tues tue", "wednesday wed", "thursday thurs thu", "friday fri", "saturday sat",
         "sunday sun")
    )
    for name in names.split()
}  # fmt: skip
_NUMBERS = {
    "zero": 0, "a": 1, "an": 1, "one": 1, "two": 2, "couple": 2, "three": 3, "several": 3, "few": 3, "four": 4,
    "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
_SEASONS = {"spring": "SP", "summer": "SU", "autumn": "FA", "fall": "FA", "winter": "WI"}
_M = (
    r"(?:jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?\.?|july?\.?|aug(?:ust|"
    r"\.)?|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)"
)
_W = r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
_D = r"(?:0?[1-9]|[12][0-9]|3[01])(?:st|nd|rd|th)?"
_Y = r"(?:1[0-9]|20)[0-9]{2}"
_C = r"(?:[0-9]{1,3}|a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|several|a few|a couple of)"
_U = r"(?:days?|weeks?|months?|years?|decades?)"
_PATTERN = re.compile(
    r"(?<![\w$€£#])(?=[0-9A-Za-z])(?:"
    rf"(?P<iso>[0-9]{{4}}-[0-9]{{1,2}}-[0-9]{{1,2}}|[0-9]{{1,2}}/[0-9]{{1,2}}/[0-9]{{2,4}})(?![0-9])"
    rf"|(?P<mdr>(?P<rm>{_M})\s{{1,4}}(?P<r1>{_D})\s?(?:-|–|to|through|until)\s?(?P<r2>{_D})(?:,?\s{{1,4}}(?P<ry>{_Y}))?)(?![0-9])"
    rf"|(?P<md>(?:(?:{_W}),?\s{{1,4}})?(?:(?P<m1>{_M})\s{{1,4}}(?P<d1>{_D})(?![0-9]|,[0-9]{{3}})|"
    rf"(?:the\s{{1,4}})?(?P<d2>{_D})\s{{1,4}}(?:of\s{{1,4}})?(?P<m2>{_M}))(?:,?\s{{1,4}}(?P<y1>{_Y})(?![0-9]))?)"
    rf"|(?P<my>(?:(?:early|late|mid)[- ])?(?P<m3>{_M}),?\s{{1,4}}(?:of\s{{1,4}})?(?P<y3>{_Y})(?![0-9]))"
    rf"|(?P<wd>(?:(?P<wr>last|next|this past|this coming|this|the previous)\s{{1,4}})?(?P<w>{_W}|"
    rf"(?:mon|tues?|wed|thur?s?|fri)\.(?=\s)))(?!\w)"
    r"|(?P<rel>(?:the\s{1,4})?day\s{1,4}before\s{1,4}yesterday|the\s{1,4}day\s{1,4}after\s{1,4}tomorrow|"
    r"yesterday|today|tomorrow|tonight|this\s{1,4}(?:morning|afternoon|evening)|"
    r"last\s{1,4}night|the\s{1,4}same\s{1,4}day|that\s{1,4}day|the\s{1,4}next\s{1,4}day|the\s{1,4}following\s{1,4}day|"
    r"a\s{1,4}day\s{1,4}(?:earlier|later)|the\s{1,4}previous\s{1,4}day)(?!\w)"
    rf"|(?P<lm>(?P<lr>last|next|this|this past|that|early|late|mid|in|since|by|until|through|"
    rf"from|of|before|after|during|to|for|and)[- ](?:(?:early|late|mid)[- ])?(?P<m4>{_M})(?![\w']|"
    rf"\s{{1,4}}[0-9]))"
    r"|(?P<unit>(?:(?:earlier|later|early|late)\s{1,4})?(?P<ur>this|last|next|the\s{1,4}previous|"
    r"the\s{1,4}past|the\s{1,4}coming|the\s{1,4}same)\s{1,4}(?P<u>week|weekend|month|year|"
    r"decade|quarter|summer|spring|autumn|fall|winter))(?!\w)"
    rf"|(?P<ago>(?P<an>{_C})\s{{1,4}}(?P<au>{_U})\s{{1,4}}(?P<ad>ago|earlier|later|from\s{{1,4}}(?:now|"
    rf"today)|before\s{{1,4}}yesterday))(?!\w)"
    rf"|(?P<span>(?:(?:the|over|for|in|within)\s{{1,4}})?(?:the\s{{1,4}})?(?P<sr>past|last|"
    rf"next|coming)\s{{1,4}}(?P<sn>{_C})\s{{1,4}}(?P<su>{_U}))(?!\w)"
    rf"|(?P<ahead>(?:with)?in\s{{1,4}}(?P<hn>{_C})\s{{1,4}}(?P<hu>{_U}))(?!\w)"
    r"|(?P<dec>(?:the\s{1,4})?(?P<dd>(?:1[0-9]|20)[0-9]0)s)(?!\w)"
    rf"|(?P<yrs>(?P<ya>{_Y})\s?(?:-|–|to)\s?(?P<yb>{_Y}))(?![0-9])"
    rf"|(?P<yr>(?:(?:in|since|of|by|from|until|before|after|early|late|during|year|summer|spring|"
    rf"autumn|fall|winter|and|the)\s{{1,4}}|(?:early|late|mid)-)(?P<yy>{_Y}))(?![\w-]|[.,][0-9])"
    rf"|(?P<month>january|february|april|june|july|august|september|october|november|december)(?![\w'])"
    r"|(?P<the>the\s{1,4}(?P<td>[0-9]{1,2})(?:st|nd|rd|th))(?!\s{1,4}(?:century|centuries|"
    r"anniversary|round|time|amendment|day|session|century))(?!\w)"
    r"|(?P<vague>recently|lately|in\s{1,4}recent\s{1,4}(?:days|weeks|months|years)|in\s{1,4}(?:the\s{1,4})?(?:coming|"
    r"past)\s{1,4}(?:days|weeks|months)|these\s{1,4}days|earlier|nowadays)(?!\w)"
    ")",
    re.IGNORECASE,
)
_COMING = re.compile(
    r"\b(?:will|would|to be|scheduled|set|plans?|planned|due|until|by|next|expected|upcoming|"
    r"slated|before|deadline|going to|shall|could|may|must|to hold|to meet|to take|resume|"
    r"ahead)\b",
    re.IGNORECASE,
)


def number(text: str) -> int | None:
    """The whole number a count stands for, or None."""
    word = text.lower().removeprefix("a ").removesuffix(" of").strip()
    return int(word) if word.isdigit() else _NUMBERS.get(word)


def find(text: str, published: date | None) -> tuple[When, ...]:
    """All expressions of time in English text, in order."""
    anchor = Anchor(published)
    out: list[When] = []
    for found in _PATTERN.finditer(text):
        kind = next(name for name in _KINDS if found[name] is not None)
        value, low, high = _KINDS[kind](found, anchor, _looks_ahead(text, found))
        if value is None and kind in _SILENT:
            continue
        when = _joined(out, When(found.start(), found.end(), found[0], value, low, high), text)
        anchor.note(when)
        out.append(when)
    return tuple(out)


def _looks_ahead(text: str, found: re.Match[str]) -> bool:
    before = text[max(0, found.start() - 60) : found.start()]
    # Only the clause it stands in: what was "said on Friday" is past although something "will" be.
    clause = re.split(r"[.;\n\"“”]|\bsaid\b|\bsays\b|\btold\b|, (?!which|who)", before)[-1]
    return bool(_COMING.search(clause))


def _joined(out: list[When], when: When, text: str) -> When:
    if not out or out[-1].low is None or when.high is None:
        return when
    before = out[-1]
    between = text[before.stop : when.start].strip().lower()
    opened = text[max(0, before.start - 9) : before.start].lower().rstrip().endswith(("between", "from"))
    if between in ("to", "-", "–", "through", "until", "till") or (between == "and" and opened):
        value, low, high = interval(before.low, when.high)
        if value is not None:
            out.pop()
            return When(before.start, when.stop, text[before.start : when.stop], value, low, high)
    return when


def _month(name: str) -> int:
    word = name.lower().rstrip(".")
    return _MONTHS.get(word) or _MONTHS[word[:3]]


def _digits(text: str) -> int:
    return int("".join(c for c in text if c.isdigit()))


def _iso(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    parts = [int(part) for part in re.split(r"[-/]", found["iso"])]
    if "-" in found["iso"]:
        return point(safe(*parts))
    year = parts[2] if parts[2] > 99 else 2000 + parts[2] if parts[2] < 70 else 1900 + parts[2]
    return point(safe(year, parts[0], parts[1]) or safe(year, parts[1], parts[0]))


def _month_range(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    month, first, second = _month(found["rm"]), _digits(found["r1"]), _digits(found["r2"])
    if found["ry"]:
        return interval(safe(int(found["ry"]), month, first), safe(int(found["ry"]), month, second))
    low = month_day(month, first, anchor.published, coming=coming) if anchor.published else None
    return interval(low, safe(low.year, month, second)) if low else UNRESOLVED


def _month_day(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    month = _month(found["m1"] or found["m2"])
    day = _digits(found["d1"] or found["d2"])
    if found["y1"]:
        return point(safe(int(found["y1"]), month, day))
    return point(month_day(month, day, anchor.published, coming=coming)) if anchor.published else UNRESOLVED


def _month_year(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    return whole_month(int(found["y3"]), _month(found["m3"]))


def _weekday(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    if anchor.published is None:
        return UNRESOLVED
    index = _DAYS[found["w"].lower().rstrip(".")]
    relation = (found["wr"] or "").lower()
    base = anchor.published
    if relation == "next":
        return point(weekday(index, base, weeks=1, coming=True))
    if relation in ("last", "this past", "the previous"):
        back = (base.weekday() - index) % 7 or 7
        return point(moved(base, days=-back))
    if relation == "this":
        return point(weekday(index, base, weeks=0, coming=coming))
    return point(weekday(index, base, weeks=None, coming=coming or relation == "this coming"))


def _relative(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    word = " ".join(found["rel"].lower().split())
    if word in (
        "the same day",
        "that day",
        "the next day",
        "the following day",
        "a day later",
        "a day earlier",
        "the previous day",
    ):
        base = anchor.last or anchor.published
        shift = (
            1
            if word.endswith(("next day", "following day", "later"))
            else -1
            if word.endswith(("earlier", "previous day"))
            else 0
        )
        return point(moved(base, days=shift)) if base else UNRESOLVED
    if anchor.published is None:
        return UNRESOLVED
    shift = -2 if "before yesterday" in word else 2 if "after tomorrow" in word else 0
    shift = shift or (-1 if word in ("yesterday", "last night") else 1 if word == "tomorrow" else 0)
    return point(moved(anchor.published, days=shift))


def _relative_month(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    base, month = anchor.published, _month(found["m4"])
    if base is None:
        return UNRESOLVED
    relation = found["lr"].lower()
    if relation in ("last", "this past"):
        return whole_month(base.year - (1 if month >= base.month else 0), month)
    if relation == "next":
        return whole_month(base.year + (1 if month <= base.month else 0), month)
    if relation == "this":
        return whole_month(base.year, month)
    return month_only(month, base, coming=coming)


def _unit(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    base = anchor.published
    if base is None:
        return UNRESOLVED
    relation, unit = found["ur"].lower(), found["u"].lower()
    shift = (
        -1
        if relation in ("last", "the previous", "the past")
        else 1
        if relation in ("next", "the coming")
        else 0
    )
    if unit in ("week", "weekend"):
        monday = moved(base, days=7 * shift - base.weekday())
        if monday is None:
            return UNRESOLVED
        return interval(monday + timedelta(days=5 if unit == "weekend" else 0), monday + timedelta(days=6))
    if unit == "month":
        there = moved(base, months=shift)
        return whole_month(there.year, there.month) if there else UNRESOLVED
    if unit == "year":
        return whole_year(base.year + shift)
    if unit == "decade":
        first = (base.year // 10 + shift) * 10
        return interval(safe(first, 1, 1), safe(first + 9, 12, 31))
    if unit == "quarter":
        there = moved(base.replace(day=1), months=3 * shift)
        first_month = 3 * ((there.month - 1) // 3) + 1 if there else 1
        return (
            interval(whole_month(there.year, first_month)[1], whole_month(there.year, first_month + 2)[2])
            if there
            else UNRESOLVED
        )
    return (
        f"{base.year + shift:04d}-{_SEASONS[unit]}",
        None,
        None,
    )


def _counted(base: date, count: int, unit: str) -> date | None:
    unit = unit.lower().rstrip("s")
    if unit == "day":
        return moved(base, days=count)
    if unit == "week":
        return moved(base, days=7 * count)
    return (
        moved(base, months=count)
        if unit == "month"
        else moved(base, years=count * (10 if unit == "decade" else 1))
    )


def _ago(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    count, word = number(found["an"]), " ".join(found["ad"].lower().split())
    base = anchor.published
    if word in ("earlier", "later"):
        base = anchor.last
    if count is None or base is None:
        return UNRESOLVED
    unit = found["au"].lower()
    there = _counted(base, count if word in ("later", "from now", "from today") else -count, unit)
    if there is None:
        return UNRESOLVED
    if unit.startswith(("year", "decade")):
        return whole_year(there.year)
    return whole_month(there.year, there.month) if unit.startswith("month") else point(there)


def _span(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    count, base = number(found["sn"]), anchor.published
    if count is None or base is None:
        return UNRESOLVED
    if found["sr"].lower() in ("next", "coming"):
        return interval(moved(base, days=1), _counted(base, count, found["su"]))
    return interval(_counted(base, -count, found["su"]), base)


def _ahead(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    count, base = number(found["hn"]), anchor.published
    if count is None or base is None or not coming:
        return UNRESOLVED
    return interval(base, _counted(base, count, found["hu"]))


def _decade(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    first = int(found["dd"])
    return interval(safe(first, 1, 1), safe(first + 9, 12, 31))


def _years(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    return interval(safe(int(found["ya"]), 1, 1), safe(int(found["yb"]), 12, 31))


def _year(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    return whole_year(int(found["yy"]))


def _month_alone(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    if anchor.published is None or not found["month"][0].isupper():
        return UNRESOLVED
    return month_only(_month(found["month"]), anchor.published, coming=coming)


def _the(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    day = int(found["td"])
    if anchor.published is None or not 1 <= day <= 31:
        return UNRESOLVED
    return point(day_only(day, anchor.published, coming=coming))


def _vague(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    return (VAGUE, None, None)


_KINDS = {
    "iso": _iso, "mdr": _month_range, "md": _month_day, "my": _month_year, "wd": _weekday, "rel": _relative,
    "lm": _relative_month, "unit": _unit, "ago": _ago, "span": _span, "ahead": _ahead, "dec": _decade, "yrs": _years,
    "yr": _year, "month": _month_alone, "the": _the, "vague": _vague,
}  # fmt: skip
_SILENT = frozenset({"iso", "ago", "span", "ahead", "month", "the", "lm"})
