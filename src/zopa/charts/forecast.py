"""The forecast: each question's pooled chance on its range, with the zero line, and every member's own number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zopa.charts.chances import HasChance, chance_rows
from zopa.charts.chart import Chart
from zopa.charts.style import INK, percent
from zopa.words import Language, say

SHAPES = ("diamond", "triangle-up", "square")


@dataclass(frozen=True, slots=True)
class Bar:
    """One question: its pooled chance, and what each member says, by the member's name."""

    label: str
    chance: HasChance
    members: Mapping[str, float]


def forecast_chart(bars: Sequence[Bar], described: str, lang: Language) -> Chart:
    """One row a question; ``described`` says in words what is to be seen."""
    axis = say("forecast.axis", lang)
    spec = chance_rows([bar.label for bar in bars], [bar.chance for bar in bars], axis=axis)
    places = [row["label"] for row in spec["data"]["values"]]
    names = list(dict.fromkeys(name for bar in bars for name in bar.members))
    values = [
        {"label": place, "row": k, "member": name, "at": value}
        for k, (bar, place) in enumerate(zip(bars, places, strict=True))
        for name, value in bar.members.items()
    ]
    shape = {
        "field": "member",
        "type": "nominal",
        "title": None,
        "scale": {"domain": names, "range": list(SHAPES[: len(names)])},
        "legend": {"orient": "top", "symbolStrokeWidth": 1.5},
    }
    spec["layer"].append(
        {
            "data": {"values": values},
            "mark": {
                "type": "point",
                "size": 45,
                "filled": False,
                "fill": "white",
                "color": INK,
                "opacity": 1,
            },
            "encoding": {"x": {**percent(axis), "field": "at"}, "shape": shape},
        }
    )
    return Chart(spec, say("forecast.chart-title", lang), described, say("forecast.chart-note", lang))
