"""The picture of paths: what its marks are called, what they read, and where steps leave."""

import json

import pytest

from zopa.charts.paths import BAR, CARD, DOT, Bar, Link, Spot, paths_chart

PARTIES = ("Left", "Right")
SPOTS = (
    Spot(1, "where things stand", 0, "start", False, ()),
    Spot(2, "s2", 1, "state", False, ()),
    Spot(3, "peace", 2, "deal", False, ()),
)
STEPS = (Link(1, 2, 0, "<5%", "deal"), Link(2, 3, 1, ">95%", "deal"))


def texts(spec: object) -> str:
    return json.dumps(spec, ensure_ascii=False)


def chart(spots=SPOTS, links=STEPS, lang="en"):
    return paths_chart(spots, links, PARTIES, "described", "All states are drawn.", lang)


def test_shares_are_printed_as_they_are_given():
    made = chart()
    for spec in (made.spec, made.narrow):
        assert '"<5%"' in texts(spec)
        assert '">95%"' in texts(spec)
    assert made.missing == ()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_note_explains_the_marks_that_are_there_and_no_others(lang):
    words = {
        "other": {"en": "dashed", "zh": "虚线"}[lang],
        "record": {"en": "broad", "zh": "宽线"}[lang],
        "bars": {"en": "Bars", "zh": "横条"}[lang],
    }
    plain = chart(lang=lang).note
    assert not any(word in plain for word in words.values())
    spots = (*SPOTS, Spot(4, "s4", 1, "state", True, (Bar(0, 0.5, 0.25, "50%"),)))
    links = (*STEPS, Link(1, 4, 1, "", "other"), Link(1, 4, 1, "", "record"))
    assert all(word in chart(spots, links, lang).note for word in words.values())


def steps(spec) -> dict[tuple[float, float], dict]:
    found = [v for layer in spec["layer"] for v in layer.get("data", {}).get("values", ()) if "kind" in v]
    return {(round(v["x2"]), round(v["y2"])): v for v in found}


def test_steps_leave_right_behind_the_name_and_end_before_the_circle():
    made = chart()
    first, second = sorted({v["x"] for v in steps(made.spec).values()})
    # "where things stand" is longer than "s2": the step from state 2 leaves nearer to its circle.
    assert first > 2 * DOT + DOT + 9
    assert second - (first - 2 * DOT) < 275 + 2 * DOT
    assert all(v["x"] - 2 * DOT <= 275 + CARD for v in steps(made.spec).values())
    assert all(0 <= v["x"] <= 318 and 0 <= v["x2"] <= 318 for v in steps(made.narrow).values())


def test_bars_stand_beside_the_name_and_on_a_phone_below_the_picture():
    spots = (SPOTS[0], Spot(2, "s2", 1, "state", False, (Bar(1, 0.4, 0.1, "40%"),)), SPOTS[2])
    made = chart(spots)
    for spec in (made.spec, made.narrow):
        bars = [
            v for layer in spec["layer"] for v in layer.get("data", {}).get("values", ()) if "tempts" in v
        ]
        assert bars
        assert all(v["tempts"] - v["x"] == pytest.approx(0.4 * BAR) for v in bars)
        assert all(v["hard"] - v["x"] == pytest.approx(0.1 * BAR) for v in bars)
        assert all(v["share"] == "40%" for v in bars)
    lowest = max(v["y2"] for v in steps(made.narrow).values())
    assert all(v["y"] > lowest for v in bars)


def test_long_names_stand_one_below_the_other():
    names = ("A ministry with a name of many words", "Another ministry with such a name")
    made = paths_chart(SPOTS, STEPS, names, "described", "", "en")
    assert made.narrow is not None
    assert '"columns": 1' in texts(made.narrow)
    assert '"columns": 1' not in texts(chart().narrow)
