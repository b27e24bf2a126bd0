"""What people expect: each question's pooled chance, and below it every forecast that speaks of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from zopa.charts.chances import chance_rows
from zopa.charts.chart import Chart
from zopa.words import Language, say


@dataclass(frozen=True, slots=True)
class Mark:
    """One row: a question (``strong``) or a forecast with its range, and the question's zero line."""

    label: str
    value: float
    low: float
    high: float
    zero: float
    strong: bool


def experts_chart(marks: Sequence[Mark], described: str, lang: Language) -> Chart:
    """One row a mark, questions in colour; ``described`` says in words what is to be seen."""
    spec = chance_rows(
        [mark.label for mark in marks],
        marks,
        axis=say("experts.axis", lang),
        strong=[mark.strong for mark in marks],
    )
    return Chart(spec, say("experts.chart-title", lang), described, say("experts.chart-note", lang))
