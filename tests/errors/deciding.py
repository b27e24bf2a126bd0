"""Problems of the workbench: a place that is taken, and decisions that cannot be made."""

import socket
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path

from zopa.case.edit import replace_text
from zopa.case.folder import read_record
from zopa.claims.deciding import edited
from zopa.dossier.draft import draft_folder
from zopa.errors import Problem, ZopaError
from zopa.web.dossier import add_claim, decided
from zopa.web.serve import listening


def _caught(action: Callable[[], object]) -> Iterable[Problem]:
    try:
        action()
    except ZopaError as error:
        return error.problems
    return ()


def _drafted(folder: Path) -> Path:
    text = folder.parent / "gazette.txt"
    text.write_text("伊朗外长4日说，谈判将于6日举行。\n", encoding="utf-8")
    return draft_folder([text], folder.parent / "case", published=date(2026, 2, 5))


def _not_there(folder: Path) -> Iterable[Problem]:
    sources, record = read_record(_drafted(folder))
    claim, at = record.waiting[0], datetime(2026, 2, 5, tzinfo=UTC)
    return _caught(lambda: edited(claim, {"ranges": [[0, 9999]]}, sources[claim.source], author="a", at=at))


def _decided(name: str, action: str) -> Callable[[Path], Iterable[Problem]]:
    return lambda folder: _caught(lambda: decided(_drafted(folder), name, action, {}, author="a"))


def _taken(_: Path) -> Iterable[Problem]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 8599))
        other.listen()
        return _caught(lambda: listening(8599))


DECIDING: dict[str, Callable[[Path], Iterable[Problem]]] = {
    "edit-not-there": _not_there,
    "undo-none": _decided("", "undo"),
    "claim-gone": _decided("gazette-120-148", "accept"),
    "claim-words": lambda folder: _caught(
        lambda: add_claim(_drafted(folder), "gazette", {"words": "从未写过的话"}, author="a")
    ),
    "edit-stale": lambda folder: _caught(
        lambda: replace_text(_drafted(folder), "zopa: 1\n", was="zopa: 1\n")
    ),
    "port-taken": _taken,
}
