"""``zopa read``: a document to candidate claims, printed or put before a reviewer."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zopa.cli.progress import working
from zopa.cli.tables import draw_table
from zopa.cli.terminal import (
    DOCUMENTS,
    JsonOption,
    LangOption,
    PublishedOption,
    add,
    answer_json,
    own_folder,
    print_json,
    put,
    speaking,
    spoken,
)
from zopa.cli.usage import WrongUse
from zopa.words import Language, say

if TYPE_CHECKING:
    from zopa.claims.claim import Claim

COLUMNS = ("id", "speaker_head", "kind", "issues", "said_on", "quote")


def register(app: typer.Typer) -> None:
    """Adds the command."""
    add(app, "read", _read)


def _read(
    file: Annotated[Path, typer.Argument(help="cli.read.file", metavar="FILE")],
    published: PublishedOption = None,
    into: Annotated[str | None, typer.Option("--into", help="cli.read.into", metavar="CASE")] = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    language = spoken(lang)
    if file.suffix.lower() not in DOCUMENTS:
        raise WrongUse("no-document", file=file, suffixes=" ".join(DOCUMENTS))
    with speaking(language, json):
        folder = None if into is None else own_folder(into)
        with working(say("cli.reading", language, file=file.name), language, quiet=json):
            from zopa.dossier.into import claims_of, document, read_into

            if folder is None:
                claims = claims_of(document(file, published=published))
            else:
                claims = read_into(folder, file, published=published)
        if json:
            rows = [claim.model_dump(mode="json") for claim in claims]
            day = published.isoformat() if published else None
            name = folder.name if folder is not None else ""
            parameters = {"file": str(file), "published": day, "into": into}
            print_json(answer_json("read", name, rows, parameters=parameters, method="rules"))
        elif into is not None:
            key = "into-done" if claims else "into-none"
            put(say(f"cli.read.{key}", language, n=len(claims), case=into, file=file))
        else:
            _show(file, claims, language)


def _show(file: Path, claims: "tuple[Claim, ...]", lang: Language) -> None:
    from zopa.result import Table

    if not claims:
        put(say("cli.read.none", lang, file=file))
        return
    columns = tuple(say(f"cli.column.{key}", lang) for key in COLUMNS)
    cells = tuple(tuple(_cell(claim, key, lang) for key in COLUMNS) for claim in claims)
    caption = say("cli.read.found", lang, n=len(claims), file=file)
    draw_table(Table(caption, columns, cells, ((),) * len(cells)))


def _cell(claim: "Claim", key: str, lang: Language) -> str:
    from zopa.claims.voice import voice_name

    value = getattr(claim, key)
    if key == "kind":
        return say(f"brief.kind-{claim.kind.replace(' ', '-')}", lang)
    if key == "speaker_head":
        value = voice_name(claim.speaker_head, lang)
    if isinstance(value, tuple):
        return " ".join(value)
    return "" if value is None else " ".join(str(value).split())
