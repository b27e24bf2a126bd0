"""Opening a case by its folder or, for the examples that ship with zopa, by name."""

import difflib
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from pathlib import Path

from zopa.case.case import Case
from zopa.case.folder import read_case
from zopa.claims.lines import Said
from zopa.errors import CaseFileError


def _examples() -> Traversable:
    return files("zopa") / "examples"


def names() -> tuple[str, ...]:
    """Names of the shipped example cases, the first of them first."""
    found = sorted(f.name for f in _examples().iterdir() if (f / "case.yaml").is_file())
    return tuple(sorted(found, key=lambda name: (name != "muscat-2026", name)))


def folder(name: str) -> Path:
    """The folder of a shipped example; ``KeyError`` names one that does not exist."""
    if name not in names():
        raise KeyError(f"no example '{name}'; there are {', '.join(names())}")
    with as_file(_examples() / name) as path:
        return path


def locate(case: str | Path) -> Path:
    """The folder meant by a path or, where no such folder exists, by the name of a shipped example."""
    path = Path(case)
    if path.is_file() and path.name == "case.yaml":
        return path.parent
    if not path.exists() and str(case) in names():
        return folder(str(case))
    if not (path / "case.yaml").is_file():
        near = difflib.get_close_matches(path.name, names(), n=1)
        meant = Said("checks.meant", name=near[0]) if near and not path.exists() else Said("checks.nothing")
        raise CaseFileError.of("no-case", folder=str(case), examples=", ".join(names()), closest=meant)
    return path


def open_case(case: str | Path) -> Case:
    """A case folder, or a shipped example by its name, read and checked; ``CaseFileError`` holds all problems."""
    return read_case(locate(case))
