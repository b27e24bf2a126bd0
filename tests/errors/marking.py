"""Problems of marked texts and of their export: each maker brings one about and gives what is shown."""

from collections.abc import Callable, Iterable
from pathlib import Path

from zopa.dossier.gold import export_gold, read_gold
from zopa.errors import Problem, ZopaError


def _caught(action: Callable[[], object]) -> Iterable[Problem]:
    try:
        action()
    except ZopaError as error:
        return error.problems
    return ()


CODES = ("none", "mark", "unclosed", "unopened", "type", "second", "empty", "field")
MARKING: dict[str, Callable[[Path], Iterable[Problem]]] = {
    **{f"gold-{code}": lambda folder: _caught(lambda: read_gold(folder)) for code in CODES},
    "gold-target": lambda folder: _caught(lambda: export_gold(folder, folder / "gold")),
}
