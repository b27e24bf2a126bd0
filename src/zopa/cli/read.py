"""``zopa read``: documents to candidate claims, printed or put before a reviewer."""

import os
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from zopa.cli.progress import working
from zopa.cli.reader import (
    EndpointOption,
    ModelOption,
    ReaderOption,
    SendOption,
    asked_for,
    with_consent,
)
from zopa.cli.tables import draw_table
from zopa.cli.terminal import (
    ARCHIVE,
    DOCUMENTS,
    PROBLEMS,
    JsonOption,
    LangOption,
    PublishedOption,
    add,
    answer_json,
    own_folder,
    positive,
    print_json,
    put,
    speaking,
    spoken,
    tell,
)
from zopa.cli.usage import WrongUse
from zopa.words import Language, pick, say

if TYPE_CHECKING:
    from zopa.claims.claim import Claim
    from zopa.dossier.moved import Moved
    from zopa.dossier.pile import Reading
    from zopa.dossier.readers import Asked
    from zopa.errors import Problem
    from zopa.workers import On

COLUMNS = ("id", "speaker_head", "kind", "issues", "said_on", "quote")
KINDS = ("processes", "threads", "dask", "ray")
CLUSTERS = ("dask", "ray")
MOST_MOVED = 100
"""New documents up to which it is told what they moved: this reads the whole case again."""
MOST_CITED = 3
"""Claims told behind one change."""
SHOWN = 40
"""Documents of a pile that the terminal shows."""


def register(app: typer.Typer) -> None:
    """Adds the command."""
    add(app, "read", _read)


def _read(
    files: Annotated[list[Path], typer.Argument(help="cli.read.file", metavar="FILE...")],
    published: PublishedOption = None,
    into: Annotated[str | None, typer.Option("--into", help="cli.read.into", metavar="CASE")] = None,
    on: Annotated[str, typer.Option("--on", help="cli.read.on", metavar="|".join(KINDS))] = "processes",
    address: Annotated[str | None, typer.Option("--address", help="sweep.address", metavar="ADDRESS")] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", help="cli.read.workers", metavar="N", parser=positive)
    ] = None,
    reader: ReaderOption = "rules",
    endpoint: EndpointOption = None,
    model: ModelOption = None,
    send: SendOption = False,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    language = spoken(lang)
    asked = asked_for(reader, endpoint, model)
    for file in files:
        if file.suffix.lower() not in (*DOCUMENTS, ARCHIVE) and not file.is_dir():
            raise WrongUse("no-document", file=file, suffixes=" ".join((*DOCUMENTS, ARCHIVE)))
    if on not in KINDS:
        raise WrongUse("read-on", name=on, kinds=" ".join(KINDS))
    if address is not None and on not in CLUSTERS:
        raise WrongUse("read-address", on=on)
    with speaking(language, json):
        asked = with_consent(files, asked, send=send, lang=language)
        single = len(files) == 1 and files[0].suffix.lower() in DOCUMENTS and not files[0].is_dir()
        if single and (into is None or asked.names == ("rules",)):
            _one(files[0], published, into, asked, language, json)
            return
        total = _pile(files, published, into, asked, cast("On", on), address, workers, language, json)
    if total.problems:
        raise typer.Exit(PROBLEMS)


# ---- one document ----------------------------------------------------------------------------------------------


def _one(
    file: Path, published: date | None, into: str | None, asked: "Asked", lang: Language, as_json: bool
) -> None:
    folder = None if into is None else own_folder(into)
    with working(say("cli.reading", lang, file=file.name), lang, quiet=as_json):
        from zopa.dossier.into import document, read_into
        from zopa.dossier.readers import KEY, reader_of, unaligned_of

        source = document(file, published=published)
        reader = reader_of(asked, key=os.environ.get(KEY))
        claims = reader(source) if folder is None else read_into(folder, file, published=published)
        unaligned = unaligned_of(reader)
        changes = () if folder is None else _moved(folder, {claim.source for claim in claims})
    if as_json:
        rows = [claim.model_dump(mode="json") for claim in claims]
        day = published.isoformat() if published else None
        name = folder.name if folder is not None else ""
        parameters = {"file": str(file), "published": day, "into": into}
        answer = answer_json("read", name, rows, parameters=parameters, method=asked.name)
        told = {} if folder is None else {"moved": [moved_row(change) for change in changes]}
        listed = {"unaligned": [asdict(said) for said in unaligned]} if asked.endpoint else {}
        print_json({**answer, **told, **listed})
        return
    if into is not None:
        key = "into-done" if claims else "into-none"
        put(say(f"cli.read.{key}", lang, n=len(claims), case=into, file=file))
        show_moved(changes, lang)
    else:
        _show(file, claims, lang)
    if claims and source.header.published is None:
        tell(say("cli.read.undated", lang, n=1), "  · ")
    if unaligned:
        tell(say("cli.read.unaligned", lang, n=len(unaligned)), "  · ")
        for said in unaligned[:SHOWN]:
            tell(say(f"cli.read.unaligned-{said.why}", lang, said=said.said), "    ")


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


# ---- what it moved ---------------------------------------------------------------------------------------------


def _moved(folder: Path, later: set[str]) -> "tuple[Moved, ...]":
    from zopa.dossier.moved import moved_in

    return moved_in(folder, later) if later else ()


def show_moved(changes: "Sequence[Moved]", lang: Language) -> None:
    """What reads differently since the later documents, and the claims behind it."""
    from zopa.claims.voice import voice_name
    from zopa.result import Table

    if not changes:
        return

    def cited(claim: "Claim") -> str:
        who, day = voice_name(claim.speaker_head, lang) or claim.source, claim.said_on or claim.known_on
        return say(
            "cli.read.moved-cited",
            lang,
            who=who,
            day=day or "—",
            quote=" ".join(claim.quote.split()),
            id=claim.id,
        )

    none = say("cli.read.moved-none", lang)
    cells = tuple(
        (
            say(f"cli.read.moved-{change.kind}", lang),
            pick(change.before, lang) if change.before else none,
            pick(change.after, lang) if change.after else none,
            "\n".join(cited(claim) for claim in change.because[:MOST_CITED])
            or say("cli.read.moved-whole", lang),
        )
        for change in changes[:SHOWN]
    )
    columns = tuple(say(f"cli.read.column-{head}", lang) for head in ("kind", "before", "after", "because"))
    put("")
    draw_table(Table(say("cli.read.moved", lang, n=len(changes)), columns, cells, ((),) * len(cells)))
    tell(say("cli.read.moved-note", lang), "  · ")


def moved_row(change: "Moved") -> dict[str, object]:
    """A change as data."""
    return {
        "kind": change.kind,
        "how": change.how,
        "before": change.before,
        "after": change.after,
        "because": [claim.id for claim in change.because],
    }


# ---- a pile ----------------------------------------------------------------------------------------------------


@dataclass
class _Total:
    """What came of a pile so far; of its documents only the first are kept."""

    documents: int = 0
    known: int = 0
    claims: int = 0
    unaligned: int = 0
    undated: int = 0
    characters: int = 0
    problems: int = 0
    first: "list[Reading]" = field(default_factory=list)
    new: set[str] = field(default_factory=set)
    """Ids of new sources, as long as they are few enough to tell what they moved."""
    rows: list[dict[str, object]] = field(default_factory=list)

    def note(self, reading: "Reading", *, keep: bool) -> None:
        self.problems += bool(reading.problems)
        self.known += reading.known
        self.claims += reading.claims
        self.unaligned += reading.unaligned
        self.characters += reading.characters
        if reading.claims and reading.source is not None and len(self.new) <= MOST_MOVED:
            self.new.add(reading.source)
        if not reading.problems:
            self.documents += 1
            self.undated += reading.published is None and not reading.known
            if len(self.first) < SHOWN:
                self.first.append(reading)
        if keep:
            self.rows.append(_row(reading))


def _pile(
    files: Sequence[Path],
    published: date | None,
    into: str | None,
    asked: "Asked",
    on: "On",
    address: str | None,
    workers: int | None,
    lang: Language,
    as_json: bool,
) -> _Total:
    from zopa.dossier.intake.files import found, other_kinds
    from zopa.dossier.pile import read_pile

    folder = None if into is None else own_folder(into)
    total = _Total()
    begun = time.monotonic()
    with working(say("cli.read.pile", lang), lang, quiet=as_json) as told:
        whole = sum(1 for _ in found(files))
        changes: tuple[Moved, ...] = ()

        def progress(n: int, size: int) -> None:
            rate = n / max(time.monotonic() - begun, 1e-3)
            values = {"n": n, "whole": whole, "rate": f"{rate:,.1f}", "size": f"{size / 1e6:,.1f}"}
            told(n / max(whole, 1), say("cli.read.progress", lang, **values))

        readings = read_pile(
            files,
            folder,
            published=published,
            reader=asked,
            on=on,
            address=address,
            workers=workers,
            progress=progress,
        )
        for reading in readings:
            total.note(reading, keep=as_json)
            if not as_json:
                for problem in reading.problems:
                    typer.echo(problem.show(lang), err=True)
        if folder is not None and len(total.new) <= MOST_MOVED:
            changes = _moved(folder, total.new)
    if as_json:
        day = published.isoformat() if published else None
        parameters = {"files": [str(f) for f in files], "published": day, "into": into, "on": on}
        name = folder.name if folder is not None else ""
        answer = answer_json("read", name, total.rows, parameters=parameters, method=asked.name)
        told_moved = {} if folder is None else {"moved": [moved_row(change) for change in changes]}
        print_json({**answer, "ok": not total.problems, **told_moved})
    else:
        _show_pile(total, into, time.monotonic() - begun, other_kinds(files), lang)
        show_moved(changes, lang)
    return total


def _show_pile(total: _Total, into: str | None, seconds: float, others: int, lang: Language) -> None:
    from zopa.result import Table

    if total.first:
        heads = ("document", "source", "published", "language", "claims")
        columns = tuple(say(f"cli.read.column-{head}", lang) for head in heads)
        cells = tuple(
            (
                reading.name,
                reading.source or "",
                reading.published.isoformat() if reading.published else "",
                say(f"cli.read.language-{reading.language}", lang) if reading.language else "",
                say("cli.read.known", lang) if reading.known else str(reading.claims),
            )
            for reading in total.first
        )
        caption = say("cli.read.caption", lang, n=len(cells))
        draw_table(Table(caption, columns, cells, ((),) * len(cells)))
    rate = f"{total.documents / max(seconds, 1e-3):,.1f}"
    documents = say("cli.read.documents", lang, n=total.documents)
    claims = say("cli.read.claims", lang, n=total.claims)
    put(say("cli.read.total", lang, documents=documents, claims=claims, seconds=f"{seconds:,.0f}", rate=rate))
    if into is not None and total.claims:
        tell(say("cli.read.decide", lang, case=into), "  · ")
    for key, n in (
        ("known-note", total.known),
        ("undated", total.undated),
        ("unaligned", total.unaligned),
        ("unread", total.problems),
        ("others", others),
    ):
        if n:
            tell(say(f"cli.read.{key}", lang, n=n), "  · ")


def _row(reading: "Reading") -> dict[str, object]:
    def shown(problem: "Problem") -> dict[str, object]:
        return {"code": problem.code, "place": str(problem.place), "message": problem.message("en")}

    return {
        "document": reading.name,
        "source": reading.source,
        "published": reading.published.isoformat() if reading.published else None,
        "language": reading.language,
        "characters": reading.characters,
        "claims": reading.claims,
        "unaligned": reading.unaligned,
        "known": reading.known,
        "problems": [shown(problem) for problem in reading.problems],
    }
