"""A case made to be shared: recomputed from the public files alone, less what was chosen to be left out.

``private.yaml`` is never opened, so nothing that is shared can depend on it. What is made is a list of files, each
written anew from data: no comment, log, cache or file that this module does not know travels.
"""

import re
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zopa.case.case import Case
from zopa.case.folder import CASE, read, read_case, read_record
from zopa.case.left_out import Record, Without, remaining
from zopa.case.new import IGNORED
from zopa.case.private import PRIVATE
from zopa.case.redacted_file import Told, redacted_data
from zopa.case.sources import FOLDER
from zopa.case.yaml_text import parse
from zopa.case.yaml_write import block, inline
from zopa.claims.files import MOST_YAML, read_lines, reason, write_text_atomic
from zopa.claims.jsonl import CLAIMS, claim_lines
from zopa.claims.source import RULE, Header, Source
from zopa.errors import CaseFileError, Place, Problem

LEAST_NAME = 2
"""Characters of a name from which on it is looked for in what stays."""


@dataclass(frozen=True)
class Mention:
    """A left-out name or quotation that still stands in a file that is shared; line 0 is the file's own name."""

    file: str
    line: int
    words: str


@dataclass(frozen=True)
class Shared:
    """The files of a case made to be shared, by name below its folder; and, for the desk alone, what was done."""

    files: Mapping[str, str]
    record: Record
    told: Told
    mentions: tuple[Mention, ...]


def redacted(folder: Path, without: Without | None = None, *, marking: str = "") -> Shared:
    """The case in a folder as it can be shared.

    ``CaseFileError``: the public files have problems by themselves, or what is to be left out is not there.
    """
    wish = without or Without()
    # An empty text in its place: the private file is not read, not even to see whether it is there.
    case, found = read(folder, instead={PRIVATE: ""})
    errors = [problem for problem in found if problem.severity == "error"]
    if errors or case is None:
        raise CaseFileError([Problem("share-public"), *errors])
    sources, reviewed = read_record(folder)
    record = remaining(case.file, sources, reviewed.heard(), wish)
    data, told = redacted_data(
        _data(folder),
        case.file,
        gone=record.gone,
        sources=record.gone_sources,
        people=record.people,
        names=record.names,
    )
    files = {CASE: _case_text(data, marking), CLAIMS: claim_lines(record.claims)}
    files |= dict(map(_document, record.sources.values()))
    files[".gitignore"] = "".join(f"{name}\n" for name in IGNORED)
    quotes = [c.quote for c in reviewed.heard() if c.id in record.gone]
    words = [*record.people, *(part for name in record.names for part in _parts(name)), *quotes]
    return Shared(files, record, told, tuple(_mentions(files, words)))


def write_redacted(shared: Shared, folder: Path) -> Case:
    """The files in a folder, and the case as the normal reader then finds it; ``CaseFileError`` if it has problems."""
    # The case file comes last, because a folder counts as a case once it has it.
    for name in sorted(shared.files, key=lambda name: name == CASE):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_text_atomic(path, shared.files[name])
    try:
        return read_case(folder)
    except CaseFileError as error:
        raise CaseFileError([Problem("share-broken"), *error.problems]) from None


def all_or_nothing(out: Path, fill: Callable[[Path], None], *, case: Path) -> None:
    """A new folder, there with everything in it or not at all; nothing is ever written into the case itself."""
    target, home = out.resolve(), case.resolve()
    if target == home or home in target.parents or target in home.parents:
        raise CaseFileError.of("share-inside", Place(out.name), folder=out.name)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise CaseFileError.of("share-exists", Place(out.name), folder=out.name)
    part = target.with_name(f".{target.name}.{secrets.token_hex(6)}.part")
    try:
        part.mkdir(parents=True)
        fill(part)
        if target.is_dir():
            target.rmdir()
        part.rename(target)
    except OSError as error:
        raise CaseFileError.of("file-write", Place(out.name), name=out.name, reason=reason(error)) from None
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _data(folder: Path) -> dict[str, Any]:
    """``case.yaml`` as data, without the remarks that stand between its lines."""
    root, _ = parse(read_lines(folder, CASE, most=MOST_YAML))
    data: dict[str, Any] = root.data() if root is not None else {}
    return data


def _case_text(data: Mapping[str, Any], marking: str) -> str:
    # The mark says that the case was made to be shared, never what or how much is missing.
    head = {key: data[key] for key in ("zopa", "title", "summary", "status") if key in data}
    rest = {key: value for key, value in data.items() if key not in head}
    top = f"# {marking}\n" if marking else ""
    return f"{top}{block({**head, 'redacted': True, **rest})}\n"


def _document(source: Source) -> tuple[str, str]:
    header = source.header.model_dump(exclude_unset=True)
    if source.header == Header():
        # A text without a header is a plain one.
        return f"{FOLDER}/{source.id}.txt", source.text
    lines = "".join(f"{key}: {inline(value)}\n" for key, value in header.items())
    return f"{FOLDER}/{source.id}.md", f"{RULE}\n{lines}{RULE}\n\n{source.text}"


def _parts(name: str) -> Iterator[str]:
    """A name and the words it is made of: texts call people by their family names."""
    yield name
    yield from (
        part for part in re.split(r"[\s·.,]+", name) if len(part) >= LEAST_NAME * (1 + part.isascii())
    )


def _mentions(files: Mapping[str, str], words: Iterable[str]) -> Iterator[Mention]:
    """Where words of what is left out still stand: other documents may say the same."""
    wanted = sorted({w.strip() for w in words if len(w.strip()) >= LEAST_NAME}, key=lambda w: (-len(w), w))
    if not wanted:
        return
    hint = re.compile("|".join(map(re.escape, wanted)), re.IGNORECASE)
    for name, text in files.items():
        if inside := hint.search(name):
            yield Mention(name, 0, inside[0])
        for k, line in enumerate(text.split("\n"), 1):
            for found in sorted({m[0] for m in hint.finditer(line)}):
                yield Mention(name, k, found)
