"""Calibration: how likely it was said to be against how often it came so, with the diagonal of a perfect forecaster."""

from collections.abc import Sequence
from dataclasses import dataclass

from zopa.charts.chart import Chart
from zopa.charts.style import BLUE, ZERO, base, percent
from zopa.words import Language, say

SIDE = 340
"""Pixels of the square."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Forecasts that are about alike: their mean, how often it came so with its range, and how many they are."""

    forecast: float
    happened: float
    low: float
    high: float
    n: int


def score_chart(bins: Sequence[Bin], described: str, lang: Language) -> Chart:
    """One dot a group of forecasts; ``described`` says in words what is to be seen."""
    x = {**percent(say("score.axis-forecast", lang)), "field": "forecast", "type": "quantitative"}
    y = {**percent(say("score.axis-happened", lang)), "type": "quantitative"}
    values = [
        {
            "forecast": b.forecast,
            "happened": b.happened,
            "low": b.low,
            "high": b.high,
            "n": b.n,
            "label": f"n = {b.n}",
        }
        for b in bins
    ]
    spec = base(SIDE, SIDE)
    spec["layer"] = [
        {
            "data": {"values": [{"forecast": 0, "happened": 0}, {"forecast": 1, "happened": 1}]},
            "mark": {"type": "line", "color": ZERO, "strokeDash": [4, 4], "strokeWidth": 1.5},
            "encoding": {"x": x, "y": {**y, "field": "happened"}},
        },
        {
            "data": {"values": values},
            "encoding": {"x": x},
            "layer": [
                {
                    "mark": {"type": "rule", "color": BLUE, "opacity": 0.5, "strokeWidth": 2},
                    "encoding": {"y": {**y, "field": "low"}, "y2": {"field": "high"}},
                },
                {
                    "mark": {"type": "point", "filled": True, "size": 90, "color": BLUE},
                    "encoding": {"y": {**y, "field": "happened"}},
                },
                {
                    "mark": {"type": "text", "dx": 8, "align": "left", "dy": -8},
                    "encoding": {"y": {**y, "field": "happened"}, "text": {"field": "label"}},
                },
            ],
        },
    ]
    return Chart(spec, say("score.chart-title", lang), described, say("score.chart-note", lang))
