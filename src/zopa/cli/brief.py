"""``zopa brief``: all answers on one page, from a case folder or from a raw article."""

import sys
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zopa.cli.progress import working
from zopa.cli.terminal import (
    DOCUMENTS,
    DRAWS,
    AsOfOption,
    DrawsOption,
    JsonOption,
    LangOption,
    PublishedOption,
    SeedOption,
    add,
    answer_json,
    opened,
    print_json,
    put,
    speaking,
    spoken,
    tell,
)
from zopa.cli.usage import WrongUse
from zopa.errors import CaseFileError, Place
from zopa.words import Language, say

if TYPE_CHECKING:
    from zopa.brief.document import Brief, Section
    from zopa.brief.write import Format

FORMATS = ("html", "pdf", "md")


def register(app: typer.Typer) -> None:
    """Adds the command."""
    add(app, "brief", _brief)


def _format(text: str) -> str:
    if text not in FORMATS:
        raise WrongUse("format", name=text, among=FORMATS)
    return text


def _brief(
    source: Annotated[str, typer.Argument(help="cli.brief.source", metavar="CASE|FILE")],
    published: PublishedOption = None,
    out: Annotated[Path, typer.Option("--out", help="cli.brief.out", metavar="FOLDER")] = Path("out"),
    format_: Annotated[
        list[str] | None,
        typer.Option("--format", help="cli.brief.format", metavar="html|pdf|md", parser=_format),
    ] = None,
    marking: Annotated[str, typer.Option("--marking", help="share.marking-option", metavar="TEXT")] = "",
    as_of: AsOfOption = None,
    draws: DrawsOption = DRAWS,
    seed: SeedOption = 0,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    language = spoken(lang)
    formats: tuple[Format, ...] = tuple(dict.fromkeys(format_ or ["html"]))  # type: ignore[arg-type]
    drafts = _is_document(source)
    if published is not None and not drafts:
        raise WrongUse("published", source=source)
    with speaking(language, json):
        with working(say("cli.working", language, what=source), language, quiet=json) as told:
            from zopa.brief.build import build
            from zopa.brief.marking import marking_of

            # Said before the work, which takes a while.
            marked = marking_of(marking)
            folder = str(_drafted(Path(source), out, published, language)) if drafts else source
            case = opened(folder, as_of)
            brief = replace(build(case, seed=seed, draws=draws, progress=told, lang=language), marking=marked)
            files = _written(brief, out, language, formats)
        if json:
            headlines = [_row(section) for section in brief.edition(language).sections]
            rows = [
                {"file": str(file), "format": wanted, "status": brief.status, "sections": headlines}
                for file, wanted in zip(files, formats, strict=True)
            ]
            day = as_of.isoformat() if as_of else None
            parameters = {"draws": draws, "formats": list(formats), "as_of": day}
            print_json(answer_json("brief", case.name, rows, parameters=parameters, seed=seed))
        else:
            _summary(brief, language)
            if drafts:
                put(say("cli.brief.draft", language, folder=folder))
            for file in files:
                put(str(file))


def _written(brief: "Brief", out: Path, lang: Language, formats: "tuple[Format, ...]") -> tuple[Path, ...]:
    from zopa.brief.write import write
    from zopa.claims.files import reason

    try:
        return write(brief, out, lang=lang, formats=formats)
    except OSError as error:
        where = str(error.filename or out)
        raise CaseFileError.of(
            "file-write", Place(where), name=Path(where).name, reason=reason(error)
        ) from None


def _is_document(source: str) -> bool:
    path = Path(source)
    if path.suffix.lower() in DOCUMENTS and not path.is_dir():
        return True
    if path.is_file() and path.name != "case.yaml":
        raise WrongUse("document", file=source, suffixes=" ".join(DOCUMENTS))
    return False


def _drafted(path: Path, out: Path, published: date | None, lang: Language) -> Path:
    """The draft case made of an article; one made of this very text before is used again, edits and all."""
    from zopa.case.sources import read_sources
    from zopa.dossier.draft import draft_folder
    from zopa.dossier.into import document

    folder = out / f"{path.stem}-draft"
    article = document(path, published=published)
    if article.header.published is None:
        raise WrongUse("undated", file=path.name)
    if not (folder / "case.yaml").exists():
        return draft_folder([path], folder, published=published)
    for known in read_sources(folder).sources.values():
        if known.sha256 == article.sha256 and known.header.published == article.header.published:
            sys.stderr.write(say("cli.brief.again", lang, folder=folder) + "\n")
            return folder
    raise WrongUse("draft", folder=folder)


def _row(section: "Section") -> dict[str, object]:
    return {
        "section": section.key,
        "question": section.question,
        "headline": section.headline,
        "verdicts": Counter(section.verdicts),
        "because": list(section.claims),
    }


def _summary(brief: "Brief", lang: Language) -> None:
    """Every question with its answer, as wide as the terminal."""
    from zopa.case.labels import day

    edition = brief.edition(lang)
    mark = f"[{say('brief.draft', lang)}] " if brief.status == "draft" else ""
    put(say("cli.brief.title", lang, title=mark + edition.title, day=day(brief.day, lang)))
    for section in edition.sections:
        put("")
        tell(section.question)
        # What an incomplete case lacks is the news of such a section.
        for text in section.paragraphs if section.kind == "incomplete" else (section.headline,):
            tell(text, "  ")
    put("")
