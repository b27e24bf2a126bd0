"""Problems of marked texts, of their export, and of a case's own words: each maker gives what is shown."""

from collections.abc import Callable, Iterable
from pathlib import Path

from zopa.dossier import own_words
from zopa.dossier.gold import export_gold, read_gold
from zopa.errors import Problem, ZopaError


def _caught(action: Callable[[], object]) -> Iterable[Problem]:
    try:
        action()
    except ZopaError as error:
        return error.problems
    return ()


CODES = ("none", "mark", "unclosed", "unopened", "type", "second", "empty", "field")
WORDS = ("toml", "language", "table", "entry", "entry-near", "words", "long", "band")
MARKING: dict[str, Callable[[Path], Iterable[Problem]]] = {
    **{f"gold-{code}": lambda folder: _caught(lambda: read_gold(folder)) for code in CODES},
    **{f"words-{code}": own_words.problems for code in WORDS},
    "gold-target": lambda folder: _caught(lambda: export_gold(folder, folder / "gold")),
}
