"""Headlines with their PLOVER type: how well the rules name it, as the mean F1 over the sixteen types."""

from collections import Counter
from collections.abc import Iterable, Mapping

from zopa.dossier.events import event_type


def f1_by_type(rows: Iterable[Mapping[str, str]]) -> dict[str, float]:
    """F1 of each type in rows of ``event`` and ``title``; types that no row has are left out."""
    right, said, there = Counter[str](), Counter[str | None](), Counter[str]()
    for row in rows:
        found = event_type(row["title"], "en")
        said[found] += 1
        there[row["event"]] += 1
        right[row["event"]] += found == row["event"]
    return {name: 2 * right[name] / (said[name] + there[name]) for name in there}
