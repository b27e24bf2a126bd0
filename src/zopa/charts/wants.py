"""Stated against revealed: each side's readings, walk-away value, and whatever else its moves have taught."""

from collections.abc import Sequence
from typing import Any, Protocol

from zopa.charts.chances import HasRange, even_lines
from zopa.charts.chart import Chart
from zopa.charts.style import BLUE, MUTED, base, chance_layers, percent, rows
from zopa.words import Language, say

STEP = 24
"""Pixels from what was stated to what was revealed."""


class HasBoth(Protocol):
    """A row: what is asked, and the number before and after the moves."""

    @property
    def kind(self) -> str:
        """``reading``, ``weight``, ``absolute``, ``firm``, ``cost`` or ``no_deal``."""
        ...

    @property
    def stated(self) -> HasRange:
        """Before the moves."""
        ...

    @property
    def revealed(self) -> HasRange:
        """After the moves."""
        ...

    @property
    def zero(self) -> float:
        """At total ignorance."""
        ...

    @property
    def learnt(self) -> bool:
        """Whether the moves taught anything about it."""
        ...


def wants_chart(
    found: Sequence[HasBoth], parties: Sequence[str], labels: Sequence[str], described: str, lang: Language
) -> Chart:
    """Two marks a row, by its words and after its moves; what was not learnt shows only if it is a reading, or where
    there is nothing else."""
    colon = "：" if lang == "zh" else ": "
    series = [say("wants.stated", lang), say("wants.revealed", lang)]
    values: list[dict[str, Any]] = []
    names: list[str] = []
    shown = [row.kind == "reading" or row.learnt for row in found]
    for row, party, label, is_shown in zip(found, parties, labels, shown, strict=True):
        if not is_shown and any(shown):
            continue
        names.append(even_lines(f"{party}{colon}{label}"))
        for place, (name, number) in enumerate(zip(series, (row.stated, row.revealed), strict=True)):
            values.append(
                {
                    "label": f"{len(names)}|{names[-1]}",
                    "row": len(names),
                    "series": name,
                    "place": place,
                    "value": number.value,
                    "low": number.low,
                    "high": number.high,
                    "zero": row.zero,
                }
            )
    spec = base(400)
    spec["data"] = {"values": values}
    spec["height"] = rows(names, least=2 * STEP)
    axis = {"labelExpr": "split(slice(datum.label, indexof(datum.label, '|') + 1), '\\n')"}
    spec["encoding"] = {
        "y": {"field": "label", "type": "nominal", "title": None, "sort": {"field": "row"}, "axis": axis}
    }
    colour = {
        "field": "series",
        "type": "nominal",
        "title": None,
        "scale": {"domain": series, "range": [MUTED, BLUE]},
    }
    offset = {"field": "place", "type": "ordinal", "sort": "ascending"}
    spec["layer"] = chance_layers(percent(say("wants.axis", lang)), colour=colour, offset=offset)
    # Bands are coloured without a scale: their legend would fill the symbols of the marks.
    band = {"condition": {"test": "datum.place == 0", "value": MUTED}, "value": BLUE}
    spec["layer"][0]["encoding"]["color"] = band
    # Told without colour too: hollow circle by its words, filled diamond after its moves.
    spec["layer"][-1]["mark"] |= {"filled": False, "strokeWidth": 2}
    spec["layer"][-1]["encoding"] |= {
        "fill": {**colour, "scale": {"domain": series, "range": ["#FFFFFF", BLUE]}},
        "shape": {**colour, "scale": {"domain": series, "range": ["circle", "diamond"]}},
    }
    return Chart(spec, say("wants.chart-title", lang), described, say("charts.mark-key", lang))
