"""Writing a case's brief to a folder."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Literal

from zopa.brief import html, markdown, pdf
from zopa.brief.build import Progress, build
from zopa.brief.document import Brief
from zopa.brief.marking import marking_of
from zopa.case.case import DRAWS, Case
from zopa.charts.marked import marked
from zopa.words import Language

Format = Literal["html", "pdf", "md"]
FORMATS: tuple[Format, ...] = ("html", "pdf", "md")


def write_brief(
    case: Case,
    out_dir: str | Path,
    *,
    lang: Language = "zh",
    formats: Iterable[Format] = ("html",),
    seed: int = 0,
    draws: int = DRAWS,
    progress: Progress | None = None,
    marking: str = "",
) -> tuple[Path, ...]:
    """The brief on a case as files named after it: ``html`` holds both languages and opens in ``lang``, ``md`` is in
    ``lang`` with its charts in a folder beside it, ``pdf`` in ``lang``. ``marking``, such as
    CONFIDENTIAL, stands on every page.

    Gives the paths of the documents, in the order asked for; ``ValueError`` for a format that does not exist.
    """
    wanted = _known(formats)
    brief = replace(
        build(case, seed=seed, draws=draws, progress=progress, lang=lang), marking=marking_of(marking)
    )
    return write(brief, out_dir, lang=lang, formats=wanted)


def write(
    brief: Brief, out_dir: str | Path, *, lang: Language = "zh", formats: Iterable[Format] = ("html",)
) -> tuple[Path, ...]:
    """A brief that is built already, as files; otherwise like ``write_brief``."""
    wanted = _known(formats)
    folder = Path(out_dir)
    folder.mkdir(parents=True, exist_ok=True)
    return tuple(_write(brief, folder, each, lang) for each in wanted)


def _known(formats: Iterable[Format]) -> tuple[Format, ...]:
    wanted = tuple(dict.fromkeys(formats))
    if unknown := [f for f in wanted if f not in FORMATS]:
        raise ValueError(f"write_brief: formats must be among {', '.join(FORMATS)}, not {unknown[0]!r}")
    return wanted


def _write(brief: Brief, folder: Path, wanted: Format, lang: Language) -> Path:
    path = folder / f"{file_name(brief.case)}.{wanted}"
    if wanted == "pdf":
        path.write_bytes(pdf.render(brief, lang=lang))
        return path
    if wanted == "html":
        text = html.render(brief, lang=lang)
    else:
        text = markdown.render(brief, lang=lang, charts=_pictures(brief, folder, lang))
    path.write_text(text, encoding="utf-8")
    return path


def _pictures(brief: Brief, folder: Path, lang: Language) -> dict[str, str]:
    name = file_name(brief.case)
    out: dict[str, str] = {}
    for section in brief.edition(lang).sections:
        if section.chart is not None:
            beside = folder / f"{name}.{lang}"
            beside.mkdir(exist_ok=True)
            picture = marked(section.chart.to_svg(), brief.mark(lang))
            (beside / f"{section.key}.svg").write_text(picture, encoding="utf-8")
            out[section.key] = f"{name}.{lang}/{section.key}.svg"
    return out


def file_name(case: str) -> str:
    """A case's name as the name of a file: separators and control characters become hyphens."""
    kept = "".join("-" if c in '/\\:*?"<>|' or not c.isprintable() else c for c in case).strip(" .")
    return kept or "brief"
