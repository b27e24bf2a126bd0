"""Agendas side by side: how often the best package of each suits every side."""

from collections.abc import Sequence
from typing import Protocol

from zopa.charts.chances import HasChance, chance_rows
from zopa.charts.chart import Chart
from zopa.words import Language, say


class HasBest(Protocol):
    """A row of the agendas: its names in the case, and P(best)."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names the case gives it; empty for none."""
        ...

    @property
    def best(self) -> HasChance:
        """Largest share of draws in which one fixed package suits all."""
        ...


def agenda_chart(found: Sequence[HasBest], labels: Sequence[str], described: str, lang: Language) -> Chart:
    """One row an agenda, the case's own in colour; ``described`` says in words what is to be seen."""
    strong = [bool(row.names) for row in found]
    spec = chance_rows(labels, [row.best for row in found], axis=say("agenda.axis", lang), strong=strong)
    key = say("charts.chance-key", lang)
    if any(strong) and not all(strong):
        key = say("agenda.chart-key", lang, key=key)
    return Chart(spec, say("agenda.chart-title", lang), described, key)
