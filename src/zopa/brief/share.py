"""Sharing a case: a redacted case folder, and briefs and answers worked out anew from that folder alone."""

import json
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, get_args

from zopa.brief.build import Answer, Progress, answers, assemble
from zopa.brief.document import Brief
from zopa.brief.marking import marking_of
from zopa.brief.spreadsheet import as_csv
from zopa.brief.write import Format, file_name, write
from zopa.case.case import DRAWS
from zopa.case.left_out import Without
from zopa.case.redacted import Shared, all_or_nothing, redacted, write_redacted
from zopa.charts.marked import marked
from zopa.result import Result
from zopa.words import Language

ShareFormat = Literal["case", "html", "pdf", "md", "json", "csv", "svg"]
SHARE_FORMATS: tuple[ShareFormat, ...] = get_args(ShareFormat)
BRIEFS: tuple[Format, ...] = ("html", "pdf", "md")
CARRIED = ("case.yaml", "claims.jsonl", "sources")
"""What is made anew of a case folder; every other file stays behind, known or not."""


@dataclass(frozen=True)
class Wish:
    """What is to be made: the formats, what is left out, the marking, and how briefs are worked out."""

    formats: tuple[ShareFormat, ...] = ("case", "html")
    without: Without = field(default_factory=Without)
    marking: str = ""
    lang: Language = "zh"
    draws: int = DRAWS
    seed: int = 0

    def checked(self) -> "Wish":
        """The same with its marking in order; ``ValueError`` for a format that does not exist."""
        if unknown := [f for f in self.formats if f not in SHARE_FORMATS]:
            raise ValueError(f"share: formats must be among {', '.join(SHARE_FORMATS)}, not {unknown[0]!r}")
        return replace(self, marking=marking_of(self.marking))


def preview(folder: Path, wish: Wish) -> Shared:
    """What would be shared and what was done to it; nothing is written."""
    return redacted(folder, wish.without, marking=wish.checked().marking)


def share(
    folder: Path, out: Path, wish: Wish, *, progress: Progress | None = None
) -> tuple[Shared, tuple[Path, ...]]:
    """Everything wished for in the new folder ``out``, all of it or nothing; with the paths of what was made.

    The shared case bears the name of that folder. ``CaseFileError``: the public case has problems, something to be
    left out is not there, or the folder cannot be written.
    """
    wish = wish.checked()
    shared = preview(folder, wish)
    name = file_name(out.resolve().name)
    made: list[Path] = []

    def fill(part: Path) -> None:
        made.extend(path.relative_to(part) for path in _fill(shared, part, name, wish, progress))

    all_or_nothing(out, fill, case=folder)
    return shared, tuple(out / path for path in made)


def as_files(shared: Shared, name: str, wish: Wish) -> dict[str, bytes]:
    """The same as bytes by file name, made in a temporary folder that is gone afterwards."""
    wish = wish.checked()
    with tempfile.TemporaryDirectory() as scratch:
        part = Path(scratch) / "share"
        part.mkdir()
        _fill(shared, part, file_name(name), wish, None)
        files = sorted(path for path in part.rglob("*") if path.is_file())
        return {path.relative_to(part).as_posix(): path.read_bytes() for path in files}


def left_behind(folder: Path) -> tuple[str, ...]:
    """Files and folders of a case that do not travel; the private ones are not even named."""
    silent = {*CARRIED, "private.yaml", "private.salt", ".gitignore", ".git", ".zopa"}
    return tuple(sorted(p.name for p in folder.iterdir() if p.name not in silent))


def _fill(shared: Shared, part: Path, name: str, wish: Wish, progress: Progress | None) -> list[Path]:
    made: list[Path] = []
    with tempfile.TemporaryDirectory() as scratch:
        # Always written and read again by the normal reader; it travels only if it was asked for.
        home = (part if "case" in wish.formats else Path(scratch)) / name
        case = write_redacted(shared, home)
        if "case" in wish.formats:
            made.append(home)
        if set(wish.formats) - {"case"}:
            found = answers(case, seed=wish.seed, draws=wish.draws, progress=progress, lang=wish.lang)
            brief = replace(assemble(case, found, seed=wish.seed, draws=wish.draws), marking=wish.marking)
            made += write(brief, part, lang=wish.lang, formats=[f for f in BRIEFS if f in wish.formats])
            made += _answers(brief, found, part / f"{name}.answers", wish)
        _only_known(home, shared.files)
    return made


def _only_known(home: Path, files: Mapping[str, str]) -> None:
    """No analysis may have left anything beside the files that were written."""
    there = {path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()}
    if stray := there - set(files):
        raise AssertionError(f"a shared case would hold more than was made for it: {sorted(stray)}")


def _answers(brief: Brief, found: Iterable[Answer], folder: Path, wish: Wish) -> list[Path]:
    kinds = [kind for kind in ("json", "csv", "svg") if kind in wish.formats]
    if not kinds:
        return []
    folder.mkdir()
    mark = brief.mark(wish.lang)
    sections = {section.key: section for section in brief.edition(wish.lang).sections}
    for answer in found:
        section = sections.get(answer.name)
        if section is None or not isinstance(answer.outcome, Result):
            continue
        if "json" in kinds:
            told = {"marking": mark, **answer.outcome.to_json()}
            text = json.dumps(told, ensure_ascii=False, indent=2)
            (folder / f"{answer.name}.json").write_text(f"{text}\n", encoding="utf-8")
        if "csv" in kinds:
            text = as_csv(section.tables, wish.lang, marking=mark)
            (folder / f"{answer.name}.csv").write_text(text, encoding="utf-8", newline="")
        if "svg" in kinds and section.chart is not None:
            text = marked(section.chart.to_svg(), mark)
            (folder / f"{answer.name}.svg").write_text(text, encoding="utf-8")
    return [folder]
