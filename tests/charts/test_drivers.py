"""The chart of what the forecast hangs on: a bar from end to end, both ends drawn, a line at what is known."""

import pytest

from zopa.charts.drivers import Bar, drivers_chart
from zopa.words import LANGUAGES

PANELS = (
    (
        "Will there be a deal?",
        0.2,
        (
            Bar("阿拉格齐：“会谈将在6日举行”", 0.1, 0.3, "origin", 0.01),
            Bar("days between rounds", 0.25, 0.15, "number", 0.001),
        ),
    ),
    ("Will there be war?", 0.1, (Bar("adding troops", 0.12, 0.08, "origin", 0.0001),)),
)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_bar_has_both_its_ends(lang):
    chart = drivers_chart(PANELS, "what moves it", lang)
    first, second = chart.spec["vconcat"]
    told = [(round(bar["low"], 9), round(bar["high"], 9)) for bar in first["data"]["values"]]
    assert told == [(10, 30), (25, 15)]
    assert len({bar["kind"] for bar in first["data"]["values"]}) == 2
    assert len(second["data"]["values"]) == 1
    svg = chart.to_svg()
    assert "what moves it" in svg and "adding troops" in svg
    assert chart.to_png().startswith(b"\x89PNG")


def test_a_question_that_nothing_moves_has_no_panel():
    chart = drivers_chart((PANELS[0], ("Nothing?", 0.5, ())), "one", "en")
    assert len(chart.spec["vconcat"]) == 1
