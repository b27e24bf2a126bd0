"""English expressions of time: Feb. 4, on Wednesday, last June, earlier this month, two weeks ago, recently."""

import re
from datetime import date, timedelta

from zopa.dossier.dates import (
    PARTS_OF_YEAR,
    SEASONS,
    UNRESOLVED,
    VAGUE,
    Anchor,
    Resolved,
    When,
    day_only,
    interval,
    month_day,
    month_only,
    months,
    moved,
    nth_week,
    part_of_month,
    point,
    quarter,
    safe,
    week_of,
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
    "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13,
    "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_ORDINALS = {name: k for k, name in enumerate(("last", "first", "second", "third", "fourth", "fifth"))} | {
    "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5, "final": 0,
}  # fmt: skip
_FEASTS = {
    "christmas eve": (12, 24), "christmas day": (12, 25), "christmas": (12, 25), "boxing day": (12, 26),
    "new year's eve": (12, 31), "new year's day": (1, 1),
}  # fmt: skip
_M = (
    r"(?:jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?\.?|july?\.?|aug(?:ust|"
    r"\.)?|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)"
)
_W = r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
_D = r"(?:0?[1-9]|[12][0-9]|3[01])(?:st|nd|rd|th)?"
_Y = r"(?:1[0-9]|20)[0-9]{2}"
_C = (
    rf"(?:[0-9]{{1,3}}|(?:{_TENS})(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?|a few|a couple of|an?|"
    r"one|two|three|four|five|sixteen|six|seventeen|seven|eighteen|eight|nineteen|nine|ten|eleven|twelve|thirteen|"
    r"fourteen|fifteen|several)"
)
_U = r"(?:days?|weeks?|fortnights?|months?|years?|decades?)"
_N = r"(?:first|second|third|fourth|fifth|last|final|[1-5](?:st|nd|rd|th))"
_OF = (
    rf"(?:(?P<@m>{_M})(?![\w'])(?:,?\s{{1,4}}(?:of\s{{1,4}})?(?P<@y>{_Y})(?![0-9]))?|(?P<@o>{_Y})(?![0-9])|"
    r"(?P<@r>the|this|last|next|that)\s{1,4}(?P<@u>week|month|year|quarter)(?!\w))"
)
"""What a part is of: a month with or without its year, a year, or "last year"."""
_PATTERN = re.compile(
    r"(?<![\w$€£#])(?=[0-9A-Za-z])(?:"
    # the end of last year, the first week of May, the fourth quarter, the spring of 2028, the week of June 3
    rf"(?P<part>(?:the\s{{1,4}})?(?P<pp>start|beginning|middle|end|close)\s{{1,4}}of\s{{1,4}}{_OF.replace('@', 'p')})"
    rf"|(?P<nth>(?:the\s{{1,4}})?(?P<nn>{_N})[-\s]{{1,4}}(?P<nu>day|week|weekend|quarter|half)"
    rf"\s{{1,4}}of\s{{1,4}}{_OF.replace('@', 'o')})"
    r"|(?P<quarter>(?:the\s{1,4})?(?P<qn>first|second|third|fourth)[-\s]{1,4}(?P<qu>quarter|half))(?!\w)(?!\s{1,4}(?:of|an?|the)\b)"
    rf"|(?P<season>(?:the\s{{1,4}})?(?P<sw>spring|summer|autumn|fall|winter)\s{{1,4}}(?:of\s{{1,4}})?(?P<sy>{_Y}))(?![0-9]|[-–][0-9])"
    rf"|(?P<weekof>(?:the\s{{1,4}})?week\s{{1,4}}(?:of|beginning|starting)\s{{1,4}}(?:on\s{{1,4}})?(?:(?:{_W}),?\s{{1,4}})?(?:(?P<km>{_M})\s{{1,4}}(?P<kd>{_D})|(?P<kd2>{_D})\s{{1,4}}(?:of\s{{1,4}})?(?P<km2>{_M})))(?![\w])"
    r"|(?P<feast>christmas\s{1,4}(?:eve|day)|(?<=on\s)christmas|boxing\s{1,4}day|new\s{1,4}year['’]s\s{1,4}(?:eve|day))(?!\w)"
    rf"|(?P<fromday>(?P<fn>{_C})\s{{1,4}}(?P<fu>days?|weeks?)\s{{1,4}}from\s{{1,4}}(?:(?P<fw>{_W})|(?P<ft>tomorrow)))(?!\w)"
    rf"|(?P<mm>(?:(?:from|between)\s{{1,4}})?(?P<ma>{_M})\s?(?:-|–|\s(?:to|through|until|and)\s)\s?(?P<mb>{_M})(?![\w'])"
    rf"(?!\.?\s{{1,4}}(?:[0-9]{{1,2}}|the\s[0-9]{{1,2}})\b)(?:,?\s{{1,4}}(?:of\s{{1,4}})?(?:(?P<my4>{_Y})(?![0-9])|(?P<mr>last|this|next)\s{{1,4}}year)(?!\w))?)"
    rf"|(?P<after>(?:the\s{{1,4}})(?P<al>following|next|previous|preceding)\s{{1,4}}(?P<aw>{_W}))(?!\w)"
    r"|(?P<weekend>(?:(?:over|at|during|on)\s{1,4})the\s{1,4}weekend)(?!\w)"
    r"|(?P<half>half\s{1,4}an?\s{1,4}(?P<hu2>year|month)\s{1,4}(?P<ha>ago|earlier|later))(?!\w)|"
    rf"(?P<iso>[0-9]{{4}}-[0-9]{{1,2}}-[0-9]{{1,2}}|[0-9]{{1,2}}/[0-9]{{1,2}}/[0-9]{{2,4}})(?![0-9])"
    rf"|(?P<mdr>(?P<rm>{_M})\s{{1,4}}(?P<r1>{_D})\s?(?:-|–|to|through|until|and(?=\s[0-9]{{1,2}}(?:st|nd|rd|th)?(?:[,.;:)]|\s(?:in|at|on|for|with|by|before|after|of|as|when|between|under|there|were|was|the|both|they|he|she)\b|$)))\s?(?P<r2>{_D})(?:,?\s{{1,4}}(?P<ry>{_Y}))?)(?![0-9])"
    rf"|(?P<md>(?:(?:{_W}),?\s{{1,4}})?(?:(?P<m1>{_M})\s{{1,4}}(?P<d1>{_D})(?![0-9]|,[0-9]{{3}})|"
    rf"(?:the\s{{1,4}})?(?P<d2>{_D})\s{{1,4}}(?:of\s{{1,4}})?(?P<m2>{_M}))(?:,?\s{{1,4}}(?P<y1>{_Y})(?![0-9]))?)"
    rf"|(?P<my>(?:(?:early|late|mid)[- ])?(?P<m3>{_M}),?\s{{1,4}}(?:of\s{{1,4}})?(?P<y3>{_Y})(?![0-9]))"
    rf"|(?P<wd>(?:(?P<wr>last|next|this past|this coming|this|the previous)\s{{1,4}})?(?P<w>{_W}|"
    rf"(?:mon|tues?|wed|thur?s?|fri)\.(?=\s)))(?!\w)"
    r"|(?P<rel>(?:the\s{1,4})?day\s{1,4}before\s{1,4}yesterday|the\s{1,4}day\s{1,4}after\s{1,4}tomorrow|"
    r"yesterday|today|tomorrow|tonight|this\s{1,4}(?:morning|afternoon|evening)|"
    r"last\s{1,4}night|the\s{1,4}same\s{1,4}(?:day|morning|afternoon|evening|night)|that\s{1,4}day|the\s{1,4}next\s{1,4}day|the\s{1,4}following\s{1,4}day|"
    r"a\s{1,4}day\s{1,4}(?:earlier|later)|the\s{1,4}previous\s{1,4}day|overnight|(?:earlier|later)\s{1,4}in\s{1,4}the\s{1,4}day|"
    r"the\s{1,4}day\s{1,4}(?:before|after)(?=\s{0,2}(?:[,.;:)]|$)))(?!\w)"
    rf"|(?P<lm>(?P<lr>last|next|this|this past|that|early|late|mid|in|since|by|until|through|"
    rf"from|of|before|after|during|to|for|and)[- ](?:(?:early|late|mid)[- ])?(?P<m4>{_M})(?![\w']|"
    rf"\.?\s{{1,4}}[0-9]))"
    r"|(?P<unit>(?:(?:earlier|later|early|late)\s{1,4})?(?P<ur>this|last|next|the\s{1,4}previous|"
    r"the\s{1,4}past|the\s{1,4}coming|the\s{1,4}same|that\s{1,4}same|the\s{1,4}following)\s{1,4}(?P<u>week|weekend|month|year|"
    r"decade|quarter|summer|spring|autumn|fall|winter))(?!\w)"
    rf"|(?P<ago>(?P<an>{_C})\s{{1,4}}(?P<au>{_U})\s{{1,4}}(?P<ad>ago|earlier|later|from\s{{1,4}}(?:now|"
    rf"today)|before\s{{1,4}}yesterday))(?!\w)"
    rf"|(?P<span>(?:(?:the|over|for|in|within)\s{{1,4}})?(?:the\s{{1,4}})?(?P<sr>past|last|"
    rf"next|coming)\s{{1,4}}(?P<sn>{_C})\s{{1,4}}(?P<su>{_U}))(?!\w)"
    rf"|(?P<ahead>(?:with)?in\s{{1,4}}(?P<hn>{_C})\s{{1,4}}(?P<hu>{_U}))(?!\w)"
    r"|(?P<dec>(?:the\s{1,4})?(?P<dd>(?:1[0-9]|20)[0-9]0)s)(?!\w)"
    rf"|(?P<yrs>(?:(?P<yf>from|between)\s{{1,4}})?(?P<ya>{_Y})\s?(?:-|–|to|until|through|(?(yf)and|-))\s?(?P<yb>{_Y}|(?<=[-–])[0-9]{{2}}(?![0-9]|-[0-9])))(?![0-9])"
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
_VERB = re.compile(r"(?:^|\s)(?:may|march|mar)$")
"""What is no month in small letters: "and may", "to march"."""
_COMING = re.compile(
    r"\b(?:will|would|to be|scheduled|set|plans?|planned|due|until|by|next|expected|upcoming|"
    r"slated|before|deadline|going to|shall|could|may|must|to hold|to meet|to take|resume|"
    r"ahead|elections?\s(?:are|is)|(?:are|is)\sheld|takes?\splace|opens|begins|starts|expires|ends|arrives?|"
    r"leaves|votes|visits)\b",
    re.IGNORECASE,
)


def number(text: str) -> int | None:
    """The whole number a count stands for, or None."""
    word = text.lower().removeprefix("a ").removesuffix(" of").strip()
    if word.isdigit():
        return int(word)
    tens, _, ones = word.replace(" ", "-").partition("-")
    if ones and tens in _NUMBERS and ones in _NUMBERS:
        return _NUMBERS[tens] + _NUMBERS[ones]
    return _NUMBERS.get(word)


def find(text: str, published: date | None) -> tuple[When, ...]:
    """All expressions of time in English text, in order."""
    anchor = Anchor(published)
    out: list[When] = []
    for found in _PATTERN.finditer(text):
        kind = next(name for name in _KINDS if found[name] is not None)
        if _VERB.search(found[0]):
            continue
        value, low, high = _KINDS[kind](
            found, anchor, _looks_ahead(text, found) or _goes_on(text, found, anchor)
        )
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


def _goes_on(text: str, found: re.Match[str], anchor: Anchor) -> bool:
    """Whether the sentence lists days to come: "Tomorrow they sign; on Saturday they hand over"."""
    before = anchor.beside(text, found.start())
    if before is None or before.low is None or anchor.published is None:
        return False
    return before.low > anchor.published and ";" in text[before.stop : found.start()]


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
        "the same morning",
        "the same afternoon",
        "the same evening",
        "the same night",
        "that day",
        "the next day",
        "the following day",
        "a day later",
        "a day earlier",
        "the previous day",
        "the day before",
        "the day after",
        "earlier in the day",
        "later in the day",
    ):
        base = anchor.last or anchor.published
        shift = (
            1
            if word.endswith(("next day", "following day", "later", "day after"))
            else -1
            if word.endswith(("earlier", "previous day", "day before"))
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
    relation, unit = " ".join(found["ur"].lower().split()), found["u"].lower()
    if relation in ("the same", "that same", "the following"):
        # They hang on what was named before.
        named = anchor.month if unit == "month" else anchor.last if unit == "week" else None
        base = named or (base.replace(year=anchor.year, day=1) if unit == "year" and anchor.year else base)
    shift = (
        -1
        if relation in ("last", "the previous", "the past")
        else 1
        if relation in ("next", "the coming", "the following")
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
        return quarter((there.month - 1) // 3 + 1, there.year) if there else UNRESOLVED
    # Last summer, said in November, is this year's.
    over = relation == "last" and base.month > {"SP": 5, "SU": 8, "FA": 11, "WI": 12}[SEASONS[unit]]
    return (f"{base.year + (0 if over else shift):04d}-{SEASONS[unit]}", None, None)


def _counted(base: date, count: int, unit: str) -> date | None:
    unit = unit.lower().rstrip("s")
    if unit == "day":
        return moved(base, days=count)
    if unit in ("week", "fortnight"):
        return moved(base, days=(7 if unit == "week" else 14) * count)
    return (
        moved(base, months=count)
        if unit == "month"
        else moved(base, years=count * (10 if unit == "decade" else 1))
    )


def _ago(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    count, word = number(found["an"]), " ".join(found["ad"].lower().split())
    base = anchor.published
    if word in ("earlier", "later"):
        named = anchor.beside(found.string, found.start())
        base = named.low if named is not None else anchor.last
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
    return interval(_counted(base, -count, found["su"]), moved(base, days=-1))


def _ahead(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    count, base = number(found["hn"]), anchor.published
    if count is None or base is None or not coming:
        return UNRESOLVED
    return interval(base, _counted(base, count, found["hu"]))


def _decade(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    first = int(found["dd"])
    return interval(safe(first, 1, 1), safe(first + 9, 12, 31))


def _years(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    first, last = int(found["ya"]), int(found["yb"])
    # 2022-23
    last += 100 * (first // 100) if last < 100 else 0
    return interval(safe(first, 1, 1), safe(last, 12, 31))


def _whole(found: re.Match[str], name: str, anchor: Anchor, coming: bool) -> tuple[int, int | None] | None:
    """The year, and the month where it is one, that a part is of; None for what has no place or is neither."""
    if found[f"{name}o"]:
        return int(found[f"{name}o"]), None
    base = anchor.published
    if found[f"{name}m"]:
        month = _month(found[f"{name}m"])
        if found[f"{name}y"]:
            return int(found[f"{name}y"]), month
        low = month_only(month, base, coming=coming)[1] if base is not None else None
        return (low.year, month) if low is not None else None
    relation, unit = found[f"{name}r"].lower(), found[f"{name}u"].lower()
    shift = {"last": -1, "next": 1}.get(relation, 0)
    if base is None or unit not in ("month", "year"):
        return None
    there = moved(
        base.replace(day=1), months=shift if unit == "month" else 0, years=shift if unit == "year" else 0
    )
    return (there.year, there.month if unit == "month" else None) if there is not None else None


def _part(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    whole = _whole(found, "p", anchor, coming)
    part = {"beginning": "start", "close": "end"}.get(found["pp"].lower(), found["pp"].lower())
    if whole is None:
        return UNRESOLVED
    year, month = whole
    return months(year, *PARTS_OF_YEAR[part]) if month is None else part_of_month(year, month, part)


def _nth(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    whole, place, unit = (
        _whole(found, "o", anchor, coming),
        _ORDINALS[found["nn"].lower()],
        found["nu"].lower(),
    )
    if whole is None:
        return UNRESOLVED
    year, month = whole
    if month is None:
        if unit == "day" and place < 2:
            return point(safe(year, 1, 1) if place else safe(year, 12, 31))
        if unit == "quarter":
            return quarter(place or 4, year)
        return (
            months(year, *((1, 6) if place == 1 else (7, 12))) if unit == "half" and place < 3 else UNRESOLVED
        )
    _, low, high = whole_month(year, month)
    if unit == "day" and low is not None and high is not None:
        return point(moved(low, days=place - 1) if place else high)
    if unit == "week":
        return nth_week(place, year, month)
    if unit == "half" and low is not None and place < 3:
        return interval(low, low.replace(day=15)) if place == 1 else interval(low.replace(day=16), high)
    return UNRESOLVED


def _quarter(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    """The nearest such part that has ended, or where the text looks ahead the one that has not."""
    place, base = _ORDINALS[found["qn"].lower()], anchor.published
    halves = found["qu"].lower() == "half"
    if base is None or (halves and place > 2):
        return UNRESOLVED
    year = base.year
    for shift in (0, 1) if coming else (0, -1):
        there = (
            months(year + shift, *((1, 6) if place == 1 else (7, 12)))
            if halves
            else quarter(place, year + shift)
        )
        if there[2] is not None and (there[2] >= base if coming else there[2] <= base):
            return there
    return UNRESOLVED


def _season(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    return (f"{found['sy']}-{SEASONS[found['sw'].lower()]}", None, None)


def _week_of(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    month, day = _month(found["km"] or found["km2"]), _digits(found["kd"] or found["kd2"])
    return week_of(month_day(month, day, anchor.published, coming=coming)) if anchor.published else UNRESOLVED


def _feast(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    name = " ".join(found["feast"].lower().replace("’", "'").split())
    return (
        point(month_day(*_FEASTS[name], anchor.published, coming=coming)) if anchor.published else UNRESOLVED
    )


def _from_day(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    count, base = number(found["fn"]), anchor.published
    if count is None or base is None:
        return UNRESOLVED
    first = (
        moved(base, days=1)
        if found["ft"]
        else weekday(_DAYS[found["fw"].lower()], base, weeks=None, coming=True)
    )
    return point(_counted(first, count, found["fu"])) if first else UNRESOLVED


def _months_apart(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    first, last, base = _month(found["ma"]), _month(found["mb"]), anchor.published
    if found["my4"]:
        year: int | None = int(found["my4"])
    elif found["mr"]:
        year = base.year + {"last": -1, "this": 0, "next": 1}[found["mr"].lower()] if base else None
    else:
        low = month_only(first, base, coming=coming)[1] if base else None
        year = low.year if low else None
    if year is None:
        return UNRESOLVED
    if found["my4"] and last < first:
        return interval(whole_month(year - 1, first)[1], whole_month(year, last)[2])
    return interval(whole_month(year, first)[1], whole_month(year + (last < first), last)[2])


def _after(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    """The weekday next to the day named before."""
    base, index = anchor.last or anchor.published, _DAYS[found["aw"].lower()]
    if base is None:
        return UNRESOLVED
    if found["al"].lower() in ("following", "next"):
        return point(moved(base, days=(index - base.weekday()) % 7 or 7))
    return point(moved(base, days=-((base.weekday() - index) % 7 or 7)))


def _weekend(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    base = anchor.published
    if base is None:
        return UNRESOLVED
    sunday = moved(base, days=6 - base.weekday() if coming or base.weekday() > 4 else -1 - base.weekday())
    return interval(moved(sunday, days=-1), sunday) if sunday else UNRESOLVED


def _half(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    base = anchor.published if found["ha"].lower() == "ago" else anchor.last
    sign = 1 if found["ha"].lower() == "later" else -1
    if base is None:
        return UNRESOLVED
    if found["hu2"].lower() == "month":
        return point(moved(base, days=15 * sign))
    there = moved(base, months=6 * sign)
    return whole_month(there.year, there.month) if there else UNRESOLVED


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
    "part": _part, "nth": _nth, "quarter": _quarter, "season": _season, "weekof": _week_of, "feast": _feast,
    "fromday": _from_day, "mm": _months_apart, "after": _after, "weekend": _weekend, "half": _half,
    "iso": _iso, "mdr": _month_range, "md": _month_day, "my": _month_year, "wd": _weekday, "rel": _relative,
    "lm": _relative_month, "unit": _unit, "ago": _ago, "span": _span, "ahead": _ahead, "dec": _decade, "yrs": _years,
    "yr": _year, "month": _month_alone, "the": _the, "vague": _vague,
}  # fmt: skip
_SILENT = frozenset({"part", "nth", "quarter", "half", "iso", "ago", "span", "ahead", "month", "the", "lm"})
