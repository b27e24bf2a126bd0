"""Charts that must be read on a phone too: the record's own narrow layout, and settings told from their status."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from tests.brief.pages import look
from zopa.charts.chart import Chart
from zopa.charts.record import record_chart
from zopa.charts.setting import setting_chart
from zopa.words import Language

PHONE = 358
"""Pixels a chart has on a window 390 pixels wide."""


@dataclass(frozen=True)
class Said:
    claim: str
    on: date | None
    party: str | None
    unnamed: bool = False
    standing: str = "uncontradicted"


@dataclass(frozen=True)
class Share:
    value: float = 0.5
    low: float = 0.4
    high: float = 0.6
    zero: float = 0.3


def record(days: int, each: int, *, step: int = 1, lang: Language = "en") -> Chart:
    """Every one of three voices says ``each`` things on each of ``days`` days; the first two contradict each other."""
    claims = [
        Said(f"c{d}-{party}-{k}", date(2020, 1, 1) + timedelta(days=step * d), party)
        for d in range(days)
        for party in ("us", "iran", None)
        for k in range(each)
    ]
    names = {"us": "United States", "iran": "a party whose name is far too long to stand beside its marks"}
    return record_chart(
        claims, [("c0-us-0", "c0-iran-0"), ("c0-us-0", "gone")], names, {}, ["us", "iran"], lang
    )


def layer(spec: Any, mark: str) -> list[dict[str, Any]]:
    return next(part["data"]["values"] for part in spec["layer"] if part["mark"]["type"] == mark)


@pytest.mark.parametrize(("days", "step"), [(1, 1), (2, 1), (9, 1), (9, 40), (20, 400)])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_narrow_record_fits_a_phone_and_loses_no_mark(days: int, step: int, lang: Language):
    chart = record(days, 30 if days < 3 else 4, step=step, lang=lang)
    assert chart.narrow is not None
    wide, narrow = layer(chart.spec, "point"), layer(chart.narrow, "point")
    assert {m["claim"] for m in narrow} == {m["claim"] for m in wide}
    assert len({(m["x"], m["y"]) for m in narrow}) == len(narrow), "no mark lies on another"
    assert chart.narrow["width"] + 2 * chart.narrow["padding"] <= PHONE
    x0, x1 = chart.narrow["encoding"]["x"]["scale"]["domain"]
    assert all(x0 < m["x"] < x1 for m in narrow)
    names = {text["y"] for text in layer(chart.narrow, "text")}
    assert names.isdisjoint({m["y"] for m in narrow}), "names stand above the marks, not among them"


@pytest.mark.parametrize(("days", "step"), [(1, 1), (2, 1), (9, 1), (9, 40), (20, 400)])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_label_of_the_narrow_record_is_cut_or_overlaps(browser, days: int, step: int, lang: Language):
    chart = record(days, 4, step=step, lang=lang)
    assert chart.narrow is not None
    svg = Chart(chart.narrow, "", "").to_svg(titled=False)
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.set_content(
        f"<section id='s'><figure><div class='plot' style='width:{PHONE}px;overflow:auto'>{svg}</div>"
    )
    assert look.chart_faults(page) == []
    page.close()


def test_lines_join_only_claims_that_are_shown():
    chart = record(2, 2)
    for spec in (chart.spec, chart.narrow):
        ends = [v for part in spec["layer"] for v in part["data"]["values"] if "x2" in v]
        assert len(ends) == 1
        at = {m["claim"]: (m["x"], m["y"]) for m in layer(spec, "point")}
        assert {(ends[0]["x"], ends[0]["y"]), (ends[0]["x2"], ends[0]["y2"])} == {
            at["c0-us-0"],
            at["c0-iran-0"],
        }


@pytest.mark.parametrize(
    ("lang", "shown"), [("zh", "马斯喀特，直接谈判\n（未定）"), ("en", "Muscat, direct\n(open)")]
)
def test_a_settings_status_is_told_from_its_name_by_brackets(lang: Language, shown: str):
    given = "马斯喀特，直接谈判\n未定" if lang == "zh" else "Muscat, direct\nopen"
    plain = "Istanbul"
    chart = setting_chart([(given, "all", Share()), (plain, "all", Share())], ["all"], lang)
    assert [row["setting"] for row in chart.spec["data"]["values"]] == [shown, plain]
    assert "\n" not in chart.description
