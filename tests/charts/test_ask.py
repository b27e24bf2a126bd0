"""The chart of the questions: a band from answer to answer, a tick at what is known, every label in full."""

import pytest

from zopa.charts.ask import Range, ask_chart
from zopa.words import LANGUAGES

RANGES = (
    Range("1. 阿拉格齐：“会谈将在6日举行”\n→ 会面是否如期举行？", 0.8, (("holds", 0.95), ("fails", 0.7))),
    Range("2. what Iran is after\n→ an agreement", 0.2, (("a", 0.1), ("b", 0.25), ("c", 0.2))),
)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_bands_run_from_the_lowest_answer_to_the_highest(lang):
    chart = ask_chart(RANGES, "two questions", lang)
    bands = chart.spec["data"]["values"]
    assert [(b["low"], b["now"], b["high"]) for b in bands] == [(0.7, 0.8, 0.95), (0.1, 0.2, 0.25)]
    dots = chart.spec["layer"][2]["data"]["values"]
    assert [dot["value"] for dot in dots] == [0.95, 0.7, 0.1, 0.25, 0.2]
    assert chart.spec["encoding"]["y"]["sort"] == [b["label"] for b in bands]
    svg = chart.to_svg()
    assert "two questions" in svg


def test_without_questions_there_is_an_empty_chart():
    assert ask_chart((), "nothing", "en").to_svg()
