"""Simulated talks day by day: how large a share of the worlds is open, agreed, over, in serious violence or at war."""

from collections.abc import Sequence
from typing import Any, Protocol

from zopa.charts.chart import Chart
from zopa.charts.style import GREEN, MUTED, ORANGE, SKY, VERMILION, base, percent
from zopa.words import Language, say

COLOURS = {"open": SKY, "ended": MUTED, "deal": GREEN, "serious": ORANGE, "war": VERMILION}
ORDER = ("war", "serious", "ended", "deal", "open")
"""From the bottom up: violence first, so that its edge can be read off the axis."""
WIDTH, HEIGHT = 520, 300
NARROW = 300


class HasShare(Protocol):
    """A share of the worlds on one day."""

    @property
    def day(self) -> int:
        """Days after the record's."""
        ...

    @property
    def status(self) -> str:
        """``open``, ``ended``, ``deal``, ``serious`` or ``war``."""
        ...

    @property
    def share(self) -> float:
        """Share of the worlds."""
        ...


def simulate_chart(found: Sequence[HasShare], start: str, described: str, lang: Language) -> Chart:
    """Areas stacked to the whole, violence at the bottom; ``start`` the day of the record in words."""
    there = [name for name in ORDER if any(row.share > 0 for row in found if row.status == name)]
    names = {name: say(f"simulate.status-{name}", lang) for name in there}
    values = [
        {
            "day": row.day,
            "status": names[row.status],
            "place": there.index(row.status),
            "share": row.share,
        }
        for row in found
        if row.status in names
    ]
    wide, narrow = (
        _picture(values, [names[n] for n in there], [COLOURS[n] for n in there], start, width, lang)
        for width in (WIDTH, NARROW)
    )
    narrow["encoding"]["color"]["legend"] = {"columns": 1}
    note = say("simulate.chart-note", lang)
    return Chart(wide, say("simulate.chart-title", lang), described, note, narrow=narrow)


def _picture(
    values: list[dict[str, Any]],
    names: list[str],
    colours: list[str],
    start: str,
    width: int,
    lang: Language,
) -> dict[str, Any]:
    spec = base(width, HEIGHT)
    spec["data"] = {"values": values}
    spec["mark"] = {"type": "area", "opacity": 0.85, "line": False}
    axis = {"tickMinStep": 1, "grid": False, "ticks": True, "tickCount": 7}
    spec["encoding"] = {
        "x": {
            "field": "day",
            "type": "quantitative",
            "title": say("simulate.axis-days", lang, start=start),
            "scale": {"nice": False},
            "axis": axis,
        },
        "y": {**percent(say("simulate.axis-share", lang)), "field": "share", "stack": "zero"},
        "color": {
            "field": "status",
            "type": "nominal",
            "title": None,
            "scale": {"domain": names, "range": colours},
            "legend": {"columns": 2 if width < WIDTH else 3},
        },
        "order": {"field": "place", "type": "quantitative"},
    }
    return spec
