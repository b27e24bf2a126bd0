"""Settings: how often each suits all sides and each side, with intervals and zero lines."""

from collections.abc import Sequence
from typing import Any

from zopa.charts.chances import HasChance, even_lines
from zopa.charts.chart import Chart
from zopa.charts.style import INK, LINE, ZERO, base, party_colour, party_shape, percent
from zopa.words import Language, say

STEP = 19
"""Pixels from one side's row to the next."""


def setting_chart(marks: Sequence[tuple[str, str, HasChance]], sides: Sequence[str], lang: Language) -> Chart:
    """Marks (setting, side, probability) in the order of the settings; the first side is all of them together.

    A setting's name may be followed by its status on a line of its own; it is shown in brackets.
    """
    settings = list(dict.fromkeys(_label(setting, lang) for setting, _, _ in marks))
    values = [
        {
            "setting": _label(setting, lang),
            "row": settings.index(_label(setting, lang)),
            "side": side,
            "place": sides.index(side),
            "value": found.value,
            "low": found.low,
            "high": found.high,
            "zero": found.zero,
        }
        for setting, side, found in marks
    ]
    # All together in ink; every party keeps the colour and shape it has in other charts.
    parties = range(len(sides) - 1)
    colours = [INK, *(party_colour(k) for k in parties)]
    shapes = ["diamond", *(party_shape(k) for k in parties)]
    side = {"field": "side", "type": "nominal", "title": None, "legend": {"symbolOpacity": 1}}
    spec = base(380)
    spec["data"] = {"values": values}
    lines = max((s.count("\n") + 1 for s in settings), default=1)
    spec["height"] = {"step": max(STEP * len(sides), LINE * lines) + 14, "for": "position"}
    spec["encoding"] = {
        "y": {
            "field": "setting",
            "type": "nominal",
            "title": None,
            "sort": {"field": "row"},
            "scale": {"paddingInner": 0.2},
        },
        "yOffset": {"field": "place", "type": "ordinal", "sort": "ascending"},
    }
    axis = {**percent(""), "title": [say("setting.axis", lang), say("charts.chance-key", lang)]}
    colour = {**side, "scale": {"domain": list(sides), "range": colours}}
    shape = {**side, "scale": {"domain": list(sides), "range": shapes}}
    spec["layer"] = _layers(axis, colour, shape)
    best = marks[0]
    described = say(
        "setting.chart-description",
        lang,
        best=_label(best[0], lang).replace("\n", "" if lang == "zh" else " "),
        value=f"{best[2].value:.0%}",
        zero=f"{best[2].zero:.0%}",
    )
    return Chart(spec, say("setting.chart-title", lang), described)


def _label(setting: str, lang: Language) -> str:
    """Name and status of a setting, told apart by brackets: on a phone both stand in one line."""
    name, _, status = setting.partition("\n")
    bracketed = f"（{status}）" if lang == "zh" else f"({status})"
    return even_lines(name) + (f"\n{even_lines(bracketed)}" if status else "")


def _layers(axis: dict[str, Any], colour: dict[str, Any], shape: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "mark": {"type": "bar", "height": 9, "opacity": 0.28, "cornerRadius": 4},
            "encoding": {"x": {**axis, "field": "low"}, "x2": {"field": "high"}, "color": colour},
        },
        {
            "mark": {"type": "tick", "thickness": 2, "height": 15, "color": ZERO},
            "encoding": {"x": {**axis, "field": "zero"}},
        },
        {
            "mark": {"type": "point", "size": 80},
            "encoding": {"x": {**axis, "field": "value"}, "color": colour, "shape": shape},
        },
    ]
