"""When: Chinese and English expressions of time against the day of publication."""

import gzip
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.dossier import dated
from zopa.dossier.dates import VAGUE, day_only, find_dates
from zopa.dossier.zh.dates import number

THURSDAY = date(2026, 2, 5)


def values(text, published=THURSDAY, language="zh"):
    return [(w.text, w.value) for w in find_dates(text, published=published, language=language)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4日", "2026-02-04"), ("2月4日", "2026-02-04"), ("2025年", "2025"), ("去年6月", "2025-06"), ("明年四月", "2027-04"),
        ("昨天", "2026-02-04"), ("前天", "2026-02-03"), ("明日", "2026-02-06"), ("本月10日", "2026-02-10"), ("上个月3日", "2026-01-03"),
        ("二〇二五年十二月三十一日", "2025-12-31"), ("周三", "2026-02-04"), ("上周三", "2026-01-28"), ("下周一", "2026-02-09"),
        ("2月4日至6日", "2026-02-04/2026-02-06"), ("3月至5月", "2026-03-01/2026-05-31"), ("4至6日", "2026-02-04/2026-02-06"),
        ("今年第一季度", "2026-01-01/2026-03-31"), ("今年上半年", "2026-01-01/2026-06-30"), ("上世纪90年代", "1990-01-01/1999-12-31"),
        ("2016-2018", "2016-01-01/2018-12-31"), ("47年来", "P47Y"), ("三天前", "2026-02-02"), ("过去十年", "2016-02-05/2026-02-04"),
        ("近期", VAGUE), ("日前", VAGUE), ("2026-02-30", None),
    ],
)  # fmt: skip
def test_chinese_expressions(text, expected):
    found = values(text)
    assert found == ([(text, expected)] if expected is not None else [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Feb. 4", "2026-02-04"), ("February 4, 2026", "2026-02-04"), ("4 February 2026", "2026-02-04"), ("2026-02-04", "2026-02-04"),
        ("on Wednesday", "2026-02-04"), ("last Friday", "2026-01-30"), ("next Monday", "2026-02-09"), ("yesterday", "2026-02-04"),
        ("tomorrow", "2026-02-06"), ("last June", "2025-06"), ("in 2019", "2019"), ("last year", "2025"), ("next month", "2026-03"),
        ("this week", "2026-02-02/2026-02-08"), ("three weeks ago", "2026-01-15"), ("Feb. 4-6", "2026-02-04/2026-02-06"),
        ("from March 1 to March 4", "2026-03-01/2026-03-04"), ("the 1990s", "1990-01-01/1999-12-31"), ("recently", VAGUE),
        ("March 2024", "2024-03"), ("June 7, 2025", "2025-06-07"),
    ],
)  # fmt: skip
def test_english_expressions(text, expected):
    (found,) = find_dates(f"They met {text}.", published=THURSDAY, language="en")
    assert found.value == expected


class TestDayOfTheMonth:
    def test_a_day_more_than_fifteen_days_ahead_belongs_to_the_month_before(self):
        assert day_only(30, date(2026, 2, 2), coming=False) == date(2026, 1, 30)
        assert day_only(28, date(2026, 3, 1), coming=False) == date(2026, 2, 28)

    def test_a_near_day_ahead_stays_in_the_month(self):
        assert day_only(6, THURSDAY, coming=False) == date(2026, 2, 6)

    def test_at_the_end_of_a_month_the_text_decides(self):
        assert values("会谈将于2日举行", date(2026, 3, 31)) == [("2日", "2026-04-02")]
        assert values("发言人2日说", date(2026, 3, 31)) == [("2日", "2026-03-02")]

    @given(st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.integers(1, 31), st.booleans())
    def test_the_answer_is_that_day_and_near(self, base, day, coming):
        found = day_only(day, base, coming=coming)
        if found is not None:
            assert found.day == day
            assert abs((found - base).days) <= 62


class TestAnaphora:
    def test_the_same_day_and_year_hang_on_what_was_named_before(self):
        assert values("3日，双方会晤。当天，会谈结束。") == [("3日", "2026-02-03"), ("当天", "2026-02-03")]
        assert values("2023年达成协议，同年6月生效。") == [("2023年", "2023"), ("同年6月", "2023-06")]

    def test_a_day_still_to_come_is_no_anchor(self):
        assert values("4日宣布，会谈将于6日举行。他当天还说")[-1] == ("当天", "2026-02-04")

    def test_english_that_day(self):
        text = "They met on Feb. 2. That day, nothing was signed."
        assert [w.value for w in find_dates(text, published=THURSDAY, language="en")] == [
            "2026-02-02",
            "2026-02-02",
        ]


def test_what_only_looks_like_a_date_is_none():
    assert values("“12日战争”持续，3.5日内，第2日战况") == []
    assert values("他说，可以，一月亮相") == []
    assert [w.text for w in find_dates("May we march on? He may.", published=THURSDAY, language="en")] == []


def test_coming_weekdays_and_months():
    (found,) = find_dates("The talks will resume on Friday", published=THURSDAY, language="en")
    assert found.day == date(2026, 2, 6)
    assert values("在11月中期选举临近之际") == [("11月", "2026-11")]
    assert values("12月曾爆发冲突") == [("12月", "2025-12")]


def test_without_publication_only_whole_dates_resolve():
    assert values("2025年3月1日会谈，说4月5日再谈。4日没有谈。", None) == [
        ("2025年3月1日", "2025-03-01"), ("4月5日", None), ("4日", None)
    ]  # fmt: skip
    # A bare day after a whole one in the same sentence is of that month.
    assert values("2025年3月1日和4日", None) == [("2025年3月1日", "2025-03-01"), ("4日", "2025-03-04")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("二十三", 23),
        ("二〇一六", 2016),
        ("两千零四", 2004),
        ("廿一", 21),
        ("十", 10),
        ("初五", 5),
        ("15", 15),
    ],
)
def test_chinese_numbers(text, expected):
    assert number(text) == expected


@given(
    st.text("0123456789年月日号周上下去今明前后至到-/.当天Feb. may last ago in the week", max_size=60),
    st.sampled_from(["zh", "en"]),
)
def test_any_text_gives_ordered_expressions_at_their_places(text, language):
    last = 0
    for when in find_dates(text, published=THURSDAY, language=language):
        assert last <= when.start < when.stop <= len(text)
        assert text[when.start : when.stop] == when.text
        assert when.low is None or when.high is None or when.low <= when.high
        last = when.stop


def test_the_press_feature_has_every_date_right(shared_data):
    folder = shared_data("dossiers/muscat-2026")
    record = json.loads((folder / "gold_claims.json").read_text(encoding="utf-8"))
    text = (folder / "article.zh.txt").read_bytes().decode()
    found = {(w.start, w.stop): w.value for w in find_dates(text, published=THURSDAY, language="zh")}
    right = sum(found.get((t["start"], t["end"])) == t["value"] for t in record["times"])
    assert right / len(record["times"]) >= 0.97


@pytest.mark.parametrize("name", ["DateParser", "DatePeriodParser"])
def test_the_chinese_specification_of_recognizers_text(shared_data, name):
    with gzip.open(
        shared_data(f"reading/recognizers_Chinese.{name}.json.gz"), "rt", encoding="utf-8"
    ) as content:
        rows = json.load(content)
    right = total = 0
    for row in rows:
        base = date.fromisoformat(row["Context"]["ReferenceDateTime"][:10])
        days = {w.low.isoformat() for w in find_dates(row["Input"], published=base, language="zh") if w.low}
        for result in row["Results"]:
            value = result["Value"]
            want = {
                value.get(k, {}).get(field)
                for k in ("PastResolution", "FutureResolution")
                for field in ("date", "startDate")
            }
            total += 1
            right += bool(days & want)
    assert right / total >= 0.8


# ---- news sentences with their dates marked -------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["zh", "zh-2", "en", "en-2"])
def test_dates_in_news_sentences(name):
    found = dated.score(name)
    assert found.marked >= 50
    assert found.right >= 0.97 * max(found.marked, found.found), found.wrong


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("去年6月三处设施遭袭", "2025-06"), ("此前2026年上半年", "2026-01-01/2026-06-30"), ("三月广场", None), ("2022年以来", "2022"),
        ("去年12月至2月", "2025-12-01/2026-02-28"), ("8月最后一天", "2025-08-31"), ("元旦前夜", "2025-12-31"),
        ("2028年6月7日开幕，9日闭幕", "2028-06-09"),
    ],
)  # fmt: skip
def test_chinese_expressions_that_are_easily_misread(text, expected):
    found = values(text)
    assert (found[-1][1] if found else None) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("they came and may return", None), ("they began to march", None), ("On March 11 and 12 the two met", "2026-03-11/2026-03-12"),
        ("On March 11 and 12 people died", "2026-03-11"), ("moved to Sept. 10", "2025-09-10"), ("in 2019 and three years later", "2022"),
        ("from December to February 2027", "2026-12-01/2027-02-28"), ("half a year ago", "2025-08"), ("the fifth week of May", "2026-05-29/2026-05-31"),
        ("the end of 2025", "2025-10-01/2025-12-31"), ("the close of next month", "2026-03-21/2026-03-31"),
    ],
)  # fmt: skip
def test_english_expressions_that_are_easily_misread(text, expected):
    found = values(text, language="en")
    assert (found[-1][1] if found else None) == expected
