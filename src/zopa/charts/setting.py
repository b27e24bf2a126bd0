"""Settings: how often each suits all sides and each side, with intervals and zero lines."""

from collections.abc import Sequence
from typing import Any

from zopa.charts.chances import HasChance
from zopa.charts.chart import Chart
from zopa.charts.style import INK, LINE, ZERO, base, party_colour, party_shape, percent, wrap
from zopa.words import Language, say

STEP = 19
"""Pixels from one side's row to the next."""


def setting_chart(marks: Sequence[tuple[str, str, HasChance]], sides: Sequence[str], lang: Language) -> Chart:
    """Marks (setting, side, probability) in the order of the settings; the first side is all of them together."""
    settings = list(dict.fromkeys(wrap(setting, 40) for setting, _, _ in marks))
    values = [
        {
            "setting": wrap(setting, 40),
            "row": settings.index(wrap(setting, 40)),
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
        best=best[0],
        value=f"{best[2].value:.0%}",
        zero=f"{best[2].zero:.0%}",
    )
    return Chart(spec, say("setting.chart-title", lang), described)


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
