"""Probabilities side by side: each a dot on the band of its interval, with a tick at its zero line."""

from collections.abc import Sequence
from typing import Any, Protocol

from zopa.charts.style import BLUE, MUTED, base, chance_layers, percent, rows, wrap


class HasRange(Protocol):
    """A number with its range."""

    @property
    def value(self) -> float:
        """The number."""
        ...

    @property
    def low(self) -> float:
        """Lower end of its range."""
        ...

    @property
    def high(self) -> float:
        """Upper end of its range."""
        ...


class HasChance(HasRange, Protocol):
    """What the chart takes of a probability."""

    @property
    def zero(self) -> float:
        """The same at total ignorance."""
        ...


COLUMNS = 46
"""Width of a row's label: half of what a chart 800 pixels wide has."""


def chance_rows(
    labels: Sequence[str], chances: Sequence[HasChance], *, axis: str, strong: Sequence[bool] = ()
) -> dict[str, Any]:
    """A specification with one row a probability, in the order given; ``strong`` rows take the main colour."""
    broken = [even_lines(label) for label in labels]
    values = [
        {
            # Two rows may carry the same name: the place tells them apart, and the axis shows the name alone.
            "label": f"{k}|{label}",
            "row": k,
            "value": chance.value,
            "low": chance.low,
            "high": chance.high,
            "zero": chance.zero,
            "strong": is_strong,
        }
        for k, (label, chance, is_strong) in enumerate(
            zip(broken, chances, strong or [True] * len(labels), strict=True)
        )
    ]
    colour = {
        "field": "strong",
        "type": "nominal",
        "scale": {"domain": [True, False], "range": [BLUE, MUTED]},
        "legend": None,
    }
    names = {"labelExpr": "split(slice(datum.label, indexof(datum.label, '|') + 1), '\\n')"}
    spec = base(400)
    spec["data"] = {"values": values}
    spec["height"] = rows(broken)
    spec["encoding"] = {
        "y": {"field": "label", "type": "nominal", "title": None, "sort": {"field": "row"}, "axis": names}
    }
    spec["layer"] = chance_layers(percent(axis), colour=colour)
    return spec


def even_lines(label: str) -> str:
    """A label broken into as few lines as it needs, of about the same length: no last line of a single character."""
    needed = wrap(label, COLUMNS).count("\n")
    return next(
        broken
        for columns in range(COLUMNS // 2, COLUMNS + 1)
        if (broken := wrap(label, columns)).count("\n") == needed
    )
