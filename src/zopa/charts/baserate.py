"""The base rate: each question's chance by the date, with its range and the rate of all crises."""

from collections.abc import Sequence
from dataclasses import dataclass

from zopa.charts.chances import chance_rows
from zopa.charts.chart import Chart
from zopa.words import Language, say


@dataclass(frozen=True, slots=True)
class Mark:
    """One row: a question, its chance with its range, and the same where nothing is known of the case."""

    label: str
    value: float
    low: float
    high: float
    zero: float


def baserate_chart(marks: Sequence[Mark], described: str, lang: Language) -> Chart:
    """One row a question; ``described`` says in words what is to be seen."""
    spec = chance_rows([mark.label for mark in marks], marks, axis=say("baserate.axis", lang))
    return Chart(spec, say("baserate.chart-title", lang), described, say("baserate.chart-note", lang))
