"""Chinese expressions of time: 4日, 去年6月, 同年, 当天, 上周三, 2月4日至6日, 近期, 未来两天."""

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
    weekday,
    whole_month,
    whole_year,
)

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "○": 0}
_N2 = r"(?:[0-9]{1,2}|[一二三]?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|[一二三四五六七八九])"
_DAY = rf"(?:初[一二三四五六七八九十]|{_N2})"
_BARE_DAY = (
    rf"(?:{_DAY}(?=[日号])|初[一二三四五六七八九十]|(?:[0-9]{{1,2}}|[一二三]?十[一二三四五六七八九]?|廿[一二三四五六七八九]?)"
    r"(?![0-9一二三四五六七八九十年月点时个多余万亿名人艘架枚处国家次座项%]))"
)
"""A day with or without 日; a single numeral without it counts something: 6月三处设施."""
_YEAR4 = (
    r"(?:[0-9]{2,4}|[零〇一二三四五六七八九]{2,4}|"
    r"[一二两]千(?:零[一二三四五六七八九]|零?[一二三四五六七八九]?十[一二三四五六七八九]?)?)"
)
_COUNT = r"(?:[0-9]{1,4}|[一二两三四五六七八九十百]{1,4}|几|数)"
_GAP = r"[ \u3000]?"
_WEEK = r"(?:周|星期|礼拜|週|禮拜)"
_PATTERN = re.compile(
    "(?=[0-9零〇一二两三四五六七八九十廿今昨明前后去同当次翌本上下这近最日公元农正大腊年周星礼週禮未过半来後圣平月])(?:"
    # 2010-01-29, 2010/1/29, 13.5.2015, 05/05/89
    r"(?P<iso>(?<![0-9.\-/])[0-9]{1,4}(?P<sep>[-/. ])[0-9]{1,2}(?P=sep)[0-9]{1,4}(?![0-9]|[/.][0-9]))"
    # 2016-2018, 从2016到2018
    r"|(?P<years>(?<![0-9])(?:19|20)[0-9]{2}(?:年)?"
    + _GAP
    + r"[-—~～至到与]"
    + _GAP
    + r"(?:19|20)[0-9]{2}(?:年)?(?![0-9月]|"
    + _GAP
    + "年[0-9]))"
    # 12月第一周, 8月最后一天
    rf"|(?P<nth>(?=[^，。；\n]{{0,9}}月的?[第最])(?:(?:(?P<ny>(?<![0-9]){_YEAR4})年|(?P<nr>今年|去年|明年|本年))?(?P<nm>(?<![0-9.]){_N2})月|(?P<nb>本月|上个?月|下个?月))的?"
    r"(?:第(?P<nn>[一二三四五1-5])个?|(?P<nl>最后一个?))(?P<nu>周末|周|星期|天))"
    # 2026年上半年, 2028年春, 2024年第四季度
    rf"|(?P<yp>(?=.{{4}}年)(?P<yq>(?<![0-9])(?:[0-9]{{4}}|[零〇一二三四五六七八九]{{4}}))年的?(?P<ypart>年?初|年?底|年?末|年中|上半年|下半年|第?[一二三四1234]季度|"
    r"[春夏秋冬](?:天|季)?(?![节联游运假])))"
    rf"|(?P<feast>(?=[元圣平]|[今去前明0-9零〇一二三四五六七八九]+年[元圣平])(?:(?P<fy>(?<![0-9]){_YEAR4})年|(?P<fr>今年|去年|前年|明年))?(?P<fn>元旦前夜|元旦前夕|元旦|圣诞节前夜|圣诞节前夕|圣诞前夜|平安夜|圣诞节?))(?!树|老人|快乐|礼|贺|假期|餐|歌|岛|市场|购物|假|颂)"
    r"|(?P<half>半(?P<hu>年|个月)(?P<hd>前|之前|以前))"
    # year + month (+ day); relative years too
    rf"|(?P<ymd>(?:公元|农历)?(?:(?P<y>(?<![0-9]){_YEAR4}){_GAP}年{_GAP}|(?P<ry>今年|去年|明年|前年|后年|同年|当年|次年|翌年|本年|来年)的?)"
    rf"(?:农历)?(?:(?P<m>{_N2}|正|腊){_GAP}月(?:份)?|(?P<rm>本月))(?:{_GAP}(?P<d>{_BARE_DAY})[日号]?)?)"
    # day ranges inside a month: 4至6日, 2月4日至6日
    rf"|(?P<dr>(?:(?P<dm>(?<![0-9]){_N2})月)?(?P<d1>(?<![0-9.]){_DAY})[日号]?[-—~～至到](?P<d2>{_DAY})[日号](?!内|间))"
    # month + day
    rf"|(?P<md>(?P<mm>(?<![0-9.]){_N2}|正|腊){_GAP}月{_GAP}(?P<dd>{_BARE_DAY})[日号]?)"
    rf"|(?P<festival>大年(?:初[一二三四五六七八九十]|三十))"
    # this month's 10th
    rf"|(?P<rmd>(?P<rel>本月|上个?月|下个?月|当月|同月)(?P<rd>{_DAY})[日号])"
    # relative days
    r"|(?P<day>大前天|大后天|大後天|前天|昨天|昨日|昨晚|昨夜|今天|今日(?!俄罗斯|头条|美国)|今晚|今晨|今早|明天|明日|明晚|明早|后天|後天|"
    r"当天|当日|同日|当晚|同一天|次日|翌日|第二天|前一天|前一日|前日)"
    # weekdays and weeks
    rf"|(?P<wd>(?P<wr>上上个?|上個?|上上個|上个?|下下个?|下个?|本|这个?|這個)?{_WEEK}(?P<w>[一二三四五六日天])(?![一二三四五六七八九十]?[个年月])(?!程|期|益|常))"
    rf"|(?P<wk>(?P<kr>上上个?|上上個|上个?|下下个?|下个?|本|这个?|這個){_WEEK}(?P<we>末)?)"
    # counted days, weeks, months, years before or after
    rf"|(?P<span>(?P<sr>过去|近|最近|前|上|后|後|未来|今后|此后){_GAP}(?!(?:19|20)[0-9]{{2}}年)(?P<sn>{_COUNT}){_GAP}(?P<su>年|个月|個月|"
    rf"月|周|星期|个星期|天|日)(?!度|份|[前后末底初]))"
    rf"|(?P<ago>(?P<an>{_COUNT})(?P<au>年|个月|周|个星期|天|日)(?P<ad>前|后|之前|之后|以前|以后))"
    rf"|(?P<since>(?!(?:19|20)[0-9]{{2}}年)(?P<en>{_COUNT})(?P<eu>年|个月|周|天)(?:来|以来|间))"
    # centuries and decades
    rf"|(?P<dec>(?:(?P<c>{_N2}|上|本)世纪)?(?P<dn>[0-9]0|[一二三四五六七八九]十)年代)"
    # years and parts of years
    rf"|(?P<yr>(?P<yy>(?<![0-9.])(?:[0-9]{{3,4}}|0[0-9]|[零〇一二三四五六七八九]{{2,4}}|(?<![0-9])[0-2][0-9](?={_GAP}年(?:奥运|"
    rf"以[前后])))){_GAP}年(?!前|来|间|代|多|以上|历史|级|期|的历史|龄|之久|之?后))"
    r"|(?P<rel_y>今年|去年|明年|前年|后年|同年|当年|次年|翌年|本年|来年)(?P<part>年?初|年?底|年?末|年中|上半年|下半年|第?[一二三四1234]季度|[春夏秋冬][天季]?)?"
    r"|(?P<end>年底|年初|年末|年中|月底|月初|月末|本月底|本月初)"
    rf"|(?P<mo>(?<![0-9.个每近])(?P<mon>1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月(?!球|亮|饼|收|薪|经|内|间|刊|"
    rf"光|台|报|广场|大街|街|路|剧院|革命|党|公约)(?P<mp>份|初|底|末|中旬|上旬|下旬)?)"
    r"|(?P<rel_m>本月|上上个?月|上个?月|下下个?月|下个?月|当月|同月|次月)"
    # a day alone
    rf"|(?P<dd0>(?<![0-9.,第近约共满逾过每期])(?P<d0>[0-9]{{1,2}}|(?:[一二]十|十)[一二三四五六七八九]?|三十一?)[日号](?!战|"
    rf"内|游|间|来|行程|之|以内|线|楼|院|文件|令|机|店))"
    r"|(?P<vague>近期|近日|日前|最近|近来|不久前|前不久|前些天|近些年|近年来|近年|连日来|眼下)"
    ")"
)
_STATED = re.compile(r"[0-9]{4}年|[今去明前后]年")
_COMING = re.compile(r"将|定于|拟于|计划|即将|截至|截止|临近|届|拟|准备|如期|打算|预计|之前|到期|下一轮|生效")
_PAST = re.compile(r"曾|已|了|此前|当时|过|自从|以来|发生")


def number(text: str) -> int | None:
    """The whole number written in Chinese or Arabic digits (二十三, 二〇一六, 两千零四, 廿), or None."""
    if text.isascii() and text.isdigit():
        return int(text)
    if text in ("正",):
        return 1
    if text in ("腊",):
        return 12
    text = text.removeprefix("初")
    if not text:
        return None
    if all(c in _DIGITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    total, current = 0, 0
    for c in text:
        if c in _DIGITS:
            current = _DIGITS[c]
        elif c in "十百千":
            total += (current or 1) * {"十": 10, "百": 100, "千": 1000}[c]
            current = 0
        elif c == "廿":
            total += 20
        else:
            return None
    return total + current


def find(text: str, published: date | None) -> tuple[When, ...]:
    """All expressions of time in Chinese text, in order."""
    anchor = Anchor(published)
    out: list[When] = []
    for found in _PATTERN.finditer(text):
        kind = found.lastgroup or ""
        # The named group that closed last may be an inner one; the outermost tells the kind.
        kind = next((name for name in _KINDS if found[name] is not None), kind)
        value, low, high = _KINDS[kind](found, anchor, _looks_ahead(text, found))
        if kind in _SILENT and value is None:
            continue
        when = When(found.start(), found.end(), found[0], value, low, high)
        when = _joined(out, _beside(when, found, anchor), text, found)
        anchor.note(when)
        out.append(when)
    return tuple(out)


def _looks_ahead(text: str, found: re.Match[str]) -> bool:
    """Whether the words round the expression speak of what is to come."""
    before = text[max(0, found.start() - 10) : found.start()]
    after = text[found.end() : found.end() + 12]
    cut = max(before.rfind(mark) for mark in "，。；：\n")
    ahead = re.split("[，。；：\n]", after, maxsplit=1)[0]
    clause = before[cut + 1 :]
    if _COMING.search(clause) or _COMING.search(ahead[:10]):
        return True
    return found["mo"] is not None and "选举" in ahead and not _PAST.search(ahead)


def _beside(when: When, found: re.Match[str], anchor: Anchor) -> When:
    """A bare day after a day of another month in one sentence ("6月7日开幕，9日闭幕") is of that month."""
    before = anchor.beside(found.string, found.start())
    if found["dd0"] is None or before is None or before.day is None or "月" not in before.text:
        return when
    number_ = number(found["d0"]) or 0
    if number_ <= before.day.day or (
        when.day is not None and when.day > before.day and _STATED.search(before.text) is None
    ):
        return when
    day = safe(before.day.year, before.day.month, number_)
    return When(when.start, when.stop, when.text, *point(day)) if day is not None else when


def _joined(out: list[When], when: When, text: str, found: re.Match[str]) -> When:
    """``A 至 B`` as one interval; where B says no year it is A's."""
    if not out or out[-1].low is None or when.high is None:
        return when
    before = out[-1]
    between = text[before.stop : when.start].strip()
    if between in ("至", "到", "-", "—", "－", "~", "～") or (
        between in ("与", "和") and text[when.stop : when.stop + 2] in ("之间", "间")
    ):
        last: date | None = when.high
        if (found["mo"] or found["md"]) and before.low is not None and _STATED.search(before.text):
            wraps = when.high.month < before.low.month
            last = moved(when.high, years=before.low.year + wraps - when.high.year)
        value, low, high = interval(before.low, last)
        if value is not None:
            out.pop()
            return When(before.start, when.stop, text[before.start : when.stop], value, low, high)
    return when


# ---- one resolver a kind ---------------------------------------------------------------------------------------


def _year_of(text: str) -> int | None:
    year = number(text)
    if year is None or len(text) != 2 or (text.isdigit() is False and not all(c in _DIGITS for c in text)):
        return year
    return 2000 + year if year < 70 else 1900 + year


def _relative_year(word: str, anchor: Anchor) -> int | None:
    if word in ("同年", "当年"):
        return anchor.year or (anchor.published.year if anchor.published else None)
    if word in ("次年", "翌年"):
        return anchor.year + 1 if anchor.year else None
    shift = {"今年": 0, "本年": 0, "去年": -1, "前年": -2, "明年": 1, "来年": 1, "后年": 2}[word]
    return anchor.published.year + shift if anchor.published else None


def _ymd(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    year = _year_of(found["y"]) if found["y"] else _relative_year(found["ry"], anchor)
    base = anchor.published
    month = number(found["m"]) if found["m"] else (base.month if base else None)
    if year is None or month is None:
        return UNRESOLVED
    if found["d"] is None:
        return whole_month(year, month)
    return point(safe(year, month, number(found["d"]) or 0))


def _iso(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    parts = re.split(r"[-/. ]", found["iso"])
    a, b, c = (int(part) for part in parts)
    first_is_year = len(parts[0]) == 4 or (
        len(parts[2]) != 4
        and (
            a > 31
            or (len(parts[0]) == 2 and found["sep"] == "-" and len(parts[1]) <= 2 and c <= 31 and a > 9)
        )
    )
    if first_is_year:
        return point(safe(a if len(parts[0]) == 4 else 2000 + a, b, c))
    year = c if len(parts[2]) == 4 else 2000 + c if c < 70 else 1900 + c
    # Day before month, as in the press outside the United States; the other way round where only that is a date.
    return point(safe(year, b, a) or safe(year, a, b))


def _years(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    low, high = (int(n) for n in re.findall(r"[0-9]{4}", found["years"]))
    return interval(date(low, 1, 1), date(high, 12, 31))


def _day_range(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    if anchor.published is None:
        return UNRESOLVED
    first, second = number(found["d1"]) or 0, number(found["d2"]) or 0
    if found["dm"]:
        month = number(found["dm"]) or 0
        low = month_day(month, first, anchor.published, coming=coming)
    else:
        low = day_only(first, anchor.published, coming=coming)
    if low is None:
        return UNRESOLVED
    after = low if second > first else moved(low.replace(day=1), months=1)
    return interval(low, safe(after.year, after.month, second) if after else None)


def _month_day(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    month, day = number(found["mm"]), number(found["dd"])
    if anchor.published is None or month is None or day is None:
        return UNRESOLVED
    return point(month_day(month, day, anchor.published, coming=coming))


def _festival(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    if anchor.published is None:
        return UNRESOLVED
    return point(month_day(1, number(found["festival"][2:]) or 0, anchor.published, coming=coming))


def _relative_month_day(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    month = _month_base(found["rel"], anchor)
    return point(safe(month.year, month.month, number(found["rd"]) or 0)) if month else UNRESOLVED


def _month_base(word: str, anchor: Anchor) -> date | None:
    if word in ("当月", "同月", "次月"):
        base = anchor.month or anchor.published
        return moved(base.replace(day=1), months=1 if word == "次月" else 0) if base else None
    shift = word.count("下") - word.count("上")
    return moved(anchor.published.replace(day=1), months=shift) if anchor.published else None


_DAYS = {
    "大前天": -3, "前天": -2, "前日": -2, "昨天": -1, "昨日": -1, "昨晚": -1, "昨夜": -1,
    "今天": 0, "今日": 0, "今晚": 0, "今晨": 0, "今早": 0,
    "明天": 1, "明日": 1, "明晚": 1, "明早": 1, "后天": 2, "後天": 2, "大后天": 3, "大後天": 3,
}  # fmt: skip


def _day(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    word = found["day"]
    if word in _DAYS:
        return point(moved(anchor.published, days=_DAYS[word])) if anchor.published else UNRESOLVED
    base = anchor.last or anchor.published
    shift = 1 if word in ("次日", "翌日", "第二天") else -1 if word.startswith("前一") else 0
    return point(moved(base, days=shift)) if base else UNRESOLVED


def _weeks(word: str | None) -> int | None:
    return None if word is None else word.count("下") - word.count("上")


def _weekday(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    if anchor.published is None:
        return UNRESOLVED
    index = "一二三四五六日天".index(found["w"])
    return point(weekday(min(index, 6), anchor.published, weeks=_weeks(found["wr"]), coming=coming))


def _week(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    if anchor.published is None:
        return UNRESOLVED
    monday = weekday(0, anchor.published, weeks=_weeks(found["kr"]), coming=coming)
    if monday is None:
        return UNRESOLVED
    first = monday + timedelta(days=5 if found["we"] else 0)
    return interval(first, monday + timedelta(days=6))


def _shift(base: date, count: int, unit: str) -> date | None:
    if unit == "年":
        return moved(base, years=count)
    if unit in ("个月", "個月", "月"):
        return moved(base, months=count)
    return moved(base, days=count * (7 if unit in ("周", "星期", "个星期") else 1))


def _span(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    count = number(found["sn"])
    if count is None:
        return (VAGUE, None, None)
    base = anchor.published
    if base is None or count > 3000:
        return UNRESOLVED
    if found["sr"] in ("后", "後", "未来", "今后", "此后"):
        return interval(moved(base, days=1), _shift(base, count, found["su"]))
    return interval(_shift(base, -count, found["su"]), moved(base, days=-1) or base)


def _ago(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    count, base = number(found["an"]), anchor.published
    sign = -1
    if "后" in found["ad"]:
        # "Three days later" hangs on what was named before it, and on the day of publication only looking ahead.
        named = anchor.beside(found.string, found.start())
        base = named.low if named is not None else base if coming else None
        sign = 1
    if count is None or base is None or count > 3000:
        return UNRESOLVED
    there = _shift(base, sign * count, found["au"])
    if there is None:
        return UNRESOLVED
    if found["au"] == "年":
        return whole_year(there.year)
    return whole_month(there.year, there.month) if found["au"] == "个月" else point(there)


def _half(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    base = anchor.published
    if base is None:
        return UNRESOLVED
    if found["hu"] == "个月":
        return point(moved(base, days=-15))
    there = moved(base, months=-6)
    return whole_month(there.year, there.month) if there else UNRESOLVED


def _nth(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    place = 0 if found["nl"] else number(found["nn"]) or 0
    base = anchor.published
    if found["nb"]:
        there = _month_base(found["nb"], anchor)
    else:
        month = number(found["nm"]) or 0
        if found["ny"] or found["nr"]:
            year = _year_of(found["ny"]) if found["ny"] else _relative_year(found["nr"], anchor)
            there = safe(year, month, 1) if year is not None else None
        else:
            there = month_only(month, base, coming=coming)[1] if base is not None else None
    if there is None:
        return UNRESOLVED
    if found["nu"] == "天":
        last = whole_month(there.year, there.month)[2]
        return point(moved(there, days=place - 1) if place else last)
    return nth_week(place, there.year, there.month) if found["nu"] != "周末" else UNRESOLVED


def _year_part(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    year = _year_of(found["yq"])
    return _part_of_year(year, found["ypart"]) if year is not None else UNRESOLVED


_FEASTS = {"元旦": (1, 1), "元旦前": (12, 31), "圣诞": (12, 25), "圣诞节": (12, 25), "平安夜": (12, 24)}


def _feast(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    name = found["fn"]
    month, day = (
        (12, 24)
        if name.startswith("圣诞") and "前" in name
        else _FEASTS[name.removesuffix("夜").removesuffix("夕") if "前" in name else name]
    )
    if found["fy"] or found["fr"]:
        year = _year_of(found["fy"]) if found["fy"] else _relative_year(found["fr"], anchor)
        return point(safe(year, month, day)) if year is not None else UNRESOLVED
    return point(month_day(month, day, anchor.published, coming=coming)) if anchor.published else UNRESOLVED


def _since(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    count = number(found["en"])
    unit = {"年": "Y", "个月": "M", "周": "W", "天": "D"}[found["eu"]]
    return (f"P{count}{unit}", None, None) if count is not None else (VAGUE, None, None)


def _decade(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    decade = number(found["dn"]) or 0
    year = anchor.published.year if anchor.published else 2000
    if found["c"] in ("上", "本"):
        century = year // 100 - (1 if found["c"] == "上" else 0)
    elif found["c"]:
        century = (number(found["c"]) or 1) - 1
    else:
        century = year // 100 if (year // 100) * 100 + decade <= year else year // 100 - 1
    first = century * 100 + decade
    return interval(safe(first, 1, 1), safe(first + 9, 12, 31))


def _year(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    year = _year_of(found["yy"])
    return whole_year(year) if year is not None else UNRESOLVED


_HALVES = {
    "上半年": (1, 6), "下半年": (7, 12), "年初": PARTS_OF_YEAR["start"], "初": PARTS_OF_YEAR["start"],
    "年底": PARTS_OF_YEAR["end"], "底": PARTS_OF_YEAR["end"], "年末": PARTS_OF_YEAR["end"], "末": PARTS_OF_YEAR["end"],
    "年中": PARTS_OF_YEAR["middle"],
}  # fmt: skip


def _relative_years(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    year = _relative_year(found["rel_y"], anchor)
    part = found["part"]
    if year is None or part is None:
        return whole_year(year) if year is not None else UNRESOLVED
    return _part_of_year(year, part)


def _part_of_year(year: int, part: str) -> Resolved:
    if part in _HALVES:
        return months(year, *_HALVES[part])
    if "季度" in part:
        return quarter(number(part.removeprefix("第")[0]) or 1, year)
    return (f"{year:04d}-{SEASONS[part[0]]}", None, None)


def _end(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    base, word = anchor.published, found["end"]
    if base is None:
        return UNRESOLVED
    if word in _HALVES:
        return months(base.year, *_HALVES[word])
    return _part_of_month(base.year, base.month, word[-1])


_PARTS = {"初": "start", "上旬": "start", "中旬": "middle", "下旬": "end", "底": "end", "末": "end"}


def _part_of_month(year: int, month: int, part: str | None) -> Resolved:
    return part_of_month(year, month, _PARTS[part]) if part in _PARTS else whole_month(year, month)


def _month(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    month = number(found["mon"])
    if anchor.published is None or month is None:
        return UNRESOLVED
    whole = month_only(month, anchor.published, coming=coming)
    return _part_of_month(whole[1].year, month, found["mp"]) if whole[1] is not None else UNRESOLVED


def _relative_month(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    base = _month_base(found["rel_m"], anchor)
    return whole_month(base.year, base.month) if base else UNRESOLVED


def _day_alone(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    day = number(found["d0"])
    if anchor.published is None or day is None or not 1 <= day <= 31:
        return UNRESOLVED
    return point(day_only(day, anchor.published, coming=coming))


def _vague(found: re.Match[str], anchor: Anchor, coming: bool) -> Resolved:
    return (VAGUE, None, None)


_KINDS = {
    "nth": _nth, "yp": _year_part, "feast": _feast, "half": _half, "iso": _iso, "years": _years,
    "ymd": _ymd, "dr": _day_range, "md": _month_day, "festival": _festival,
    "rmd": _relative_month_day, "day": _day, "wd": _weekday, "wk": _week, "span": _span, "ago": _ago, "since": _since,
    "dec": _decade, "yr": _year, "rel_y": _relative_years, "end": _end, "mo": _month, "rel_m": _relative_month,
    "dd0": _day_alone, "vague": _vague,
}  # fmt: skip
_SILENT = frozenset({"nth", "iso", "ago", "span"})
