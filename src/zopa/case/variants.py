"""What if: a case with some of its values changed, kept as a named variant beside it.

A variant is a list of changes to ``case.yaml``, checked like the file itself; the file stays as it is. A number that a
variant sets is a supposition: it cites nothing, whatever the number it replaces was cited for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Literal

from pydantic import Field, model_validator

from zopa.case.case import Case
from zopa.case.edit import GONE, edited_all
from zopa.case.fields import Id, Text
from zopa.case.folder import CASE, read
from zopa.case.shape import shape
from zopa.case.yaml_text import Path, find, parse
from zopa.case.yaml_write import block
from zopa.claims.claim import Frozen
from zopa.claims.files import MOST_YAML, inside, read_lines, write_text_atomic
from zopa.claims.lines import Lines
from zopa.errors import CaseFileError, Place, Problem

FOLDER = "variants"


class Change(Frozen):
    """One value set, or one entry taken out; paths are keys, ids and positions joined by dots."""

    set: str | None = Field(default=None, pattern=r"^[^.\s]+(\.[^.\s]+)*$")
    to: object = None
    remove: str | None = Field(default=None, pattern=r"^[^.\s]+(\.[^.\s]+)*$")

    @model_validator(mode="after")
    def _one(self) -> "Change":
        if (self.set is None) == (self.remove is None):
            raise ValueError("one of set and remove")
        return self

    @property
    def path(self) -> Path:
        """The steps to the value."""
        return tuple(
            int(step) if step.isdecimal() else step for step in (self.set or self.remove or "").split(".")
        )


class VariantFile(Frozen):
    """``variants/NAME.yaml`` as data."""

    zopa: Literal[1]
    name: Text
    changes: tuple[Change, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Variant:
    """A named list of changes."""

    id: str
    file: VariantFile


def varied(case: Case, changes: Sequence[Change]) -> Case:
    """The case with the changes made, in order, on the same day; nothing is written.

    ``CaseFileError``: a path that leads nowhere, or the problems the changes would bring, each at its place in the
    changed text.
    """
    lines = read_lines(_folder(case), CASE, most=MOST_YAML)
    for change in changes:
        lines, case = _changed(case, lines, change)
    return case


def _folder(case: Case) -> FilePath:
    if case.folder is None:
        raise ValueError("varied: the case has no folder: save it as one first")
    return case.folder


def _changed(case: Case, lines: Lines, change: Change) -> tuple[Lines, Case]:
    path, name = _named(case, change.path)
    unset = _set_for(case, name)
    if change.remove is not None:
        made = Lines(CASE, edited_all(lines, [(path, GONE), *unset]))
        return made, _read(case, made)
    root, _ = parse(lines)
    old = find(root, path)[0].data() if root is not None and find(root, path)[2] else None
    supposed = {"is": change.to, "assumed": True}
    if isinstance(old, dict) and "range" in old:
        supposed["range"] = old["range"]
    written = [change.to] if isinstance(change.to, dict | list | bool) else [supposed, change.to]
    failed: list[Problem] = []
    for value in written:
        try:
            made = Lines(CASE, edited_all(lines, [(path, value), *unset]))
            return made, _read(case, made)
        except CaseFileError as error:
            # What is no number is set as it is written, and its problems are the ones that tell.
            failed = list(error.problems)
    raise CaseFileError(failed)


def _named(case: Case, path: Path) -> tuple[Path, str]:
    """The path in the file, and the name its numbers are drawn by: red lines are known by party and matter."""
    keys = [line.key for line in case.file.red_lines]
    if len(path) > 1 and path[0] == "red_lines":
        at = keys.index(path[1]) if path[1] in keys else path[1]
        if isinstance(at, int) and at < len(keys):
            return ("red_lines", at, *path[2:]), ".".join(str(s) for s in ("red_lines", keys[at], *path[2:]))
    return path, ".".join(str(step) for step in path)


def _set_for(case: Case, name: str) -> list[tuple[Path, object]]:
    """What is supposed holds in every reading: what readings set for it goes."""
    return [
        (("readings", party, k, "sets", key), GONE)
        for party, readings in case.file.readings.items()
        for k, reading in enumerate(readings)
        for key in reading.sets
        if key == name or key.startswith(f"{name}.")
    ]


def _read(case: Case, lines: Lines) -> Case:
    found, problems = read(_folder(case), instead={CASE: lines.text})
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors or found is None:
        raise CaseFileError(errors)
    return found.as_of(case.file.as_of) if case.file.as_of != found.file.as_of else found


# ---- files -----------------------------------------------------------------------------------------------------------


def save_variant(case: Case, id: Id, name: Text, changes: Sequence[Change]) -> FilePath:
    """Keep changes as ``variants/ID.yaml`` after trying them; the path. ``CaseFileError`` where a variant of that name
    is there already, or the changes bring problems."""
    varied(case, changes)
    path = inside(_folder(case), f"{FOLDER}/{id}.yaml")
    if path.exists():
        raise CaseFileError.of("variant-exists", Place(f"{FOLDER}/{id}.yaml"), name=id)
    path.parent.mkdir(exist_ok=True)
    data = VariantFile(zopa=1, name=name, changes=tuple(changes)).model_dump(exclude_unset=True)
    write_text_atomic(path, block(data) + "\n")
    return path


def variants(case: Case) -> tuple[Variant, ...]:
    """The variants kept beside a case, by name; ``CaseFileError`` holds every problem of every file."""
    home = _folder(case)
    out: list[Variant] = []
    problems: list[Problem] = []
    for path in sorted((home / FOLDER).glob("*.yaml")):
        name = f"{FOLDER}/{path.name}"
        try:
            out.append(Variant(path.stem, _variant(home, name)))
        except CaseFileError as error:
            problems += error.problems
    if problems:
        raise CaseFileError(problems)
    return tuple(out)


def _variant(folder: FilePath, name: str) -> VariantFile:
    root, problems = parse(read_lines(folder, name, most=MOST_YAML))
    if problems or root is None:
        raise CaseFileError(problems or [Problem("file-not-mapping", Place(name))])
    shaped = shape(root, VariantFile, stand_ins={"zopa": 1, "name": "?"})
    if shaped.problems or shaped.value is None:
        raise CaseFileError(shaped.problems)
    return shaped.value
