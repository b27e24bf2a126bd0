"""The zone: that some package suits all, and how often each of the best fixed packages does."""

from collections.abc import Sequence
from typing import Protocol

from zopa.charts.chances import HasChance, chance_rows
from zopa.charts.chart import Chart
from zopa.words import Language, say


class HasOwnChance(Protocol):
    """A row of the zone: what is measured, and its probability."""

    @property
    def measure(self) -> str:
        """``exists``, ``best`` or ``package``."""
        ...

    @property
    def chance(self) -> HasChance:
        """Its probability."""
        ...


def zone_chart(found: Sequence[HasOwnChance], labels: Sequence[str], described: str, lang: Language) -> Chart:
    """One row a number, the two main ones in colour; ``described`` says in words what is to be seen."""
    strong = [row.measure != "package" for row in found]
    spec = chance_rows(labels, [row.chance for row in found], axis=say("zone.axis", lang), strong=strong)
    return Chart(spec, say("zone.chart-title", lang), described, say("charts.chance-key", lang))
