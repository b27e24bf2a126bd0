"""Problems that no folder at rest has: each maker brings one about and gives what is shown."""

import fcntl
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from unittest.mock import patch

from tests.errors.deciding import DECIDING
from tests.errors.marking import MARKING
from tests.errors.reading import READING
from tests.errors.sharing import SHARING
from tests.errors.sweeping import SWEEPS
from zopa.analysis.bargain import bargain
from zopa.analysis.coalition import coalition
from zopa.analysis.mediation import mediation
from zopa.analysis.paths import paths
from zopa.analysis.stability import stability
from zopa.brief.roles import exercise
from zopa.brief.roles_results import read_results
from zopa.case.bargaining import bargaining
from zopa.case.conflict import conflict_of
from zopa.case.edit import delete_value, set_value
from zopa.case.examples import locate
from zopa.case.folder import problems, read_case
from zopa.case.format import format_case
from zopa.case.interop import (
    export,
    import_conflict,
    import_csv,
    import_genius,
    import_geniusweb,
    import_gmcr,
    import_negmas,
)
from zopa.case.meeting import meeting
from zopa.case.new import new_case
from zopa.case.standing import arenas
from zopa.case.variants import Change, save_variant
from zopa.case.verdicts import enough
from zopa.claims.files import write_text_atomic
from zopa.dossier.into import document
from zopa.errors import Place, Problem, ZopaError
from zopa.forecasting import _chain
from zopa.forecasting.experts import judge
from zopa.forecasting.history import read_history
from zopa.forecasting.ledger import Forecast, record, resolve, verify
from zopa.forecasting.replay import replay
from zopa.forecasting.simulate import simulate


def caught(action: Callable[[], object]) -> tuple[Problem, ...]:
    try:
        action()
    except ZopaError as error:
        return error.problems
    return ()


def _simulated(folder: Path) -> Iterable[Problem]:
    return caught(lambda: simulate(read_case(folder), draws=50))


def _history(folder: Path) -> Iterable[Problem]:
    """The folder is named as a user would name it."""

    def plain(problem: Problem) -> Problem:
        name = Path(problem.place.file or "icb").name
        values = {k: "icb" if k == "folder" else v for k, v in problem.values.items()}
        return replace(problem, place=replace(problem.place, file=name), values=values)

    return tuple(plain(p) for p in caught(lambda: read_history(folder / "icb")))


def git_index(names: list[str]) -> bytes:
    """A git index of version 2, as git writes it: entries of 62 bytes and the path, padded to eight."""
    out = b"DIRC" + (2).to_bytes(4, "big") + len(names).to_bytes(4, "big")
    for name in sorted(names):
        entry = bytes(40) + bytes(20) + len(name).to_bytes(2, "big") + name.encode()
        out += entry + bytes(8 - len(entry) % 8)
    return out + hashlib.sha1(out).digest()


def _tracked(folder: Path) -> Iterable[Problem]:
    (folder / ".git").mkdir()
    (folder / ".git" / "index").write_bytes(git_index(["case.yaml", "private.yaml"]))
    return problems(folder)


def _too_large(folder: Path) -> Iterable[Problem]:
    (folder / "case.yaml").write_text("zopa: 1\n" + "# not much to say\n" * 500_000, encoding="utf-8")
    return problems(folder)


def _outside(folder: Path) -> Iterable[Problem]:
    secret = folder.parent / "secret.md"
    secret.write_text("what is none of this case's business\n", encoding="utf-8")
    (folder / "sources").mkdir()
    (folder / "sources" / "note.md").symlink_to(secret)
    return problems(folder)


def _no_file(folder: Path) -> Iterable[Problem]:
    (folder / "case.yaml").mkdir()
    return problems(folder)


def _loop(folder: Path) -> Iterable[Problem]:
    (folder / "case.yaml").symlink_to(folder / "case.yaml")
    return problems(folder)


def _not_writable(folder: Path) -> Iterable[Problem]:
    (folder / "case.yaml").mkdir()
    return caught(lambda: write_text_atomic(folder / "case.yaml", "zopa: 1\n"))


def _nowhere(folder: Path) -> Iterable[Problem]:
    # The path and the list of examples differ from machine to machine and from version to version.
    fixed = {"folder": "elsewhere", "examples": "muscat-2026"}
    return [replace(p, values={**p.values, **fixed}) for p in caught(lambda: locate(folder / "elsewhere"))]


def _table(folder: Path) -> Iterable[Problem]:
    return caught(lambda: read_case(folder).draws(10).table)


def _meeting(folder: Path) -> Iterable[Problem]:
    return caught(lambda: meeting(read_case(folder).draws(10)))


def _bargaining(folder: Path) -> Iterable[Problem]:
    return caught(lambda: bargaining(read_case(folder).draws(10)))


def imported(folder: Path) -> Iterable[Problem]:
    """What importing the foreign files of a folder says."""
    into = folder.parent / "case"
    table = next(folder.glob("*.csv"), None)
    if table is not None:
        return caught(lambda: import_csv(table, into))
    if any(folder.glob("*.yml")):
        return _in_river(folder, caught(lambda: import_negmas(folder, into)))
    if any("Utility" in path.read_text("utf-8", "replace") for path in folder.glob("*.json")):
        return _in_river(folder, caught(lambda: import_geniusweb(folder, into)))
    gmcr = next(folder.glob("*.gmcr"), None)
    if gmcr is not None:
        return caught(lambda: import_gmcr(gmcr, into))
    conflict = next(folder.glob("*.json"), None)
    if conflict is not None:
        return caught(lambda: import_conflict(conflict, into))
    found = caught(lambda: import_genius(folder, into))
    return _in_river(folder, found)


def _in_river(folder: Path, found: Iterable[Problem]) -> Iterable[Problem]:
    # Problems of the folder as a whole name it by its path.
    return [replace(p, place=Place("river")) if p.place.file == str(folder) else p for p in found]


def _results(folder: Path) -> Iterable[Problem]:
    game = exercise(read_case(locate("england-zimbabwe")))
    return caught(lambda: read_results(game, folder / "results.csv"))


def _export_twice(folder: Path) -> Iterable[Problem]:
    case, out = read_case(locate("england-zimbabwe")), folder / "table.csv"
    export(case, out, format="csv")
    return _without_path("path", "table.csv", lambda: export(case, out, format="csv"))


def _export_gmcr(folder: Path) -> Iterable[Problem]:
    return caught(lambda: export(read_case(folder), folder.parent / "out.gmcr", format="gmcr"))


def _export_graph(folder: Path) -> Iterable[Problem]:
    return caught(lambda: export(read_case(folder), folder.parent / "out.dot", format="dot"))


def _without_path(name: str, value: str, action: Callable[[], object]) -> Iterable[Problem]:
    """Paths differ from machine to machine: one value stands for them."""
    return [replace(p, values={**p.values, name: value}, place=Place(value)) for p in caught(action)]


def _import_twice(folder: Path) -> Iterable[Problem]:
    into = import_conflict(folder / "conflict.json", folder.parent / "case")
    return _without_path("folder", "case", lambda: import_conflict(folder / "conflict.json", into))


def _little_memory(folder: Path) -> Iterable[Problem]:
    with patch("zopa.case.conflict.memory_free", return_value=3000):
        return problems(folder)


def _document(content: bytes) -> Callable[[Path], Iterable[Problem]]:
    def read(folder: Path) -> Iterable[Problem]:
        (folder / "article.txt").write_bytes(content)
        return caught(lambda: document(folder / "article.txt"))

    return read


AT = datetime(2026, 2, 10, tzinfo=UTC)


def _ledger_busy(folder: Path) -> Iterable[Problem]:
    made = Forecast(question="deal", by="forecast", probability=0.2)
    with (folder / "forecasts.jsonl").open("rb") as other, patch.object(_chain, "WAIT", 0.0):
        fcntl.flock(other, fcntl.LOCK_SH)
        found = caught(lambda: record(read_case(folder), [made], at=AT))
    return [replace(p, values={"seconds": 10}) for p in found]


def _ledger_salt(folder: Path) -> Iterable[Problem]:
    made = Forecast(question="deal", by="forecast", probability=0.2)
    return caught(lambda: record(read_case(folder), [made], at=AT))


def _replayed(folder: Path) -> Iterable[Problem]:
    return caught(lambda: replay(read_case(folder), start=date(2026, 2, 6), end=date(2026, 2, 1), draws=50))


def _resolve(on: date, because: str) -> Callable[[Path], Iterable[Problem]]:
    return lambda folder: caught(
        lambda: resolve(read_case(folder), "deal", "yes", on=on, because=because, by="张三", at=AT)
    )


LEDGER = ("form", "changed", "link", "first", "short", "end", "note", "note-missing", "torn")
RESULTS = ("column", "no-column", "option", "open", "pair", "pair-twice", "none")
SPECIAL: dict[str, Callable[[Path], Iterable[Problem]]] = {
    **SHARING,
    "private-tracked": _tracked,
    "file-size": _too_large,
    "file-outside": _outside,
    "file-not-regular": _no_file,
    "file-unreadable": _loop,
    "file-write": _not_writable,
    "no-case": _nowhere,
    "document-binary": _document(b"{\\rtf1 The minister said that talks would go on.}"),
    "document-empty": _document(b" \n"),
    "case-exists": lambda folder: caught(lambda: new_case(folder, title="Talks", as_of=date(2026, 2, 5))),
    "edit-in-place": lambda folder: caught(lambda: set_value(folder, ("parties", "south", "name"), "South")),
    "edit-missing": lambda folder: caught(lambda: delete_value(folder, ("parties", "island"))),
    "format-unsafe": lambda folder: caught(lambda: format_case(folder)),
    "replay-days": _replayed,
    "needs-negotiators": _table,
    "needs-issues": _table,
    "needs-preference": _table,
    "needs-settings": _meeting,
    "needs-criteria": _meeting,
    "needs-influence": lambda folder: caught(lambda: arenas(read_case(folder).file)),
    "coalitions-too-large": lambda folder: caught(lambda: coalition(read_case(folder), draws=50)),
    "too-many-packages": lambda folder: caught(lambda: bargain(read_case(folder), draws=50)),
    "needs-endings": lambda folder: caught(lambda: paths(read_case(folder), draws=50)),
    "needs-outcome": lambda folder: caught(lambda: mediation(read_case(folder), draws=50)),
    "mediation-too-many": lambda folder: caught(lambda: mediation(read_case(folder), draws=50)),
    "wish-violent": lambda folder: caught(lambda: mediation(read_case(folder), draws=50, wish="war")),
    "needs-standoff-now": lambda folder: caught(lambda: paths(read_case(folder), draws=50)),
    "standoff-too-many": lambda folder: caught(lambda: enough(conflict_of(read_case(folder).file), 50)),
    "variant-exists": lambda folder: caught(
        lambda: save_variant(read_case(folder), "soft", "Soft", [Change(set="talks.mediator_text", to=0.1)])
    ),
    **{f"icb-{code}": _history for code in ("folder", "file", "text", "columns", "row", "day", "empty")},
    "needs-talks": _simulated,
    "horizon-passed": _simulated,
    "simulate-too-large": _simulated,
    "standoff-reasons": lambda folder: caught(lambda: stability(read_case(folder), draws=50, state=1)),
    "needs-standoff": lambda folder: caught(lambda: conflict_of(read_case(folder).file)),
    "standoff-too-large": _little_memory,
    "needs-two-negotiators": _bargaining,
    "joined-too-large": _bargaining,
    "import-not-found": lambda folder: _without_path(
        "path", "dam.json", lambda: import_conflict(folder / "dam.json", folder / "case")
    ),
    "import-target-exists": _import_twice,
    "export-target-exists": _export_twice,
    "export-gmcr-graph": _export_gmcr,
    "export-rule-large": _export_gmcr,
    "export-graph-large": _export_graph,
    **{f"results-{code}": _results for code in RESULTS},
    **{f"ledger-{code}": verify for code in LEDGER},
    "ledger-busy": _ledger_busy,
    "ledger-salt": _ledger_salt,
    "resolve-future": _resolve(date(2026, 5, 6), "c1"),
    "resolve-because": _resolve(date(2026, 2, 9), " "),
    "judge-probability": lambda folder: caught(
        lambda: judge(read_case(folder), "deal", "八成", by="张三", at=AT)
    ),
    "judge-name": lambda folder: caught(lambda: judge(read_case(folder), "deal", 0.8, by="Forecast", at=AT)),
    **READING,
    **MARKING,
    **DECIDING,
    **SWEEPS,
    "import-conflict-unknown-name": lambda folder: caught(
        lambda: import_conflict(folder / "conflict.json", folder / "case", name="Damm")
    ),
}
