"""Which reader reads, as the command line names it; and the consent that a language model needs."""

import importlib.util
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from zopa.cli.usage import WrongUse
from zopa.words import Language, say

if TYPE_CHECKING:
    from zopa.dossier.readers import Asked

ReaderOption = Annotated[str, typer.Option("--reader", help="cli.read.reader", metavar="NAME[,NAME]")]
EndpointOption = Annotated[str | None, typer.Option("--endpoint", help="cli.read.endpoint", metavar="URL")]
ModelOption = Annotated[str | None, typer.Option("--model", help="cli.read.model", metavar="NAME")]
SendOption = Annotated[bool, typer.Option("--yes-send", help="cli.read.send")]


def asked_for(reader: str, endpoint: str | None, model: str | None) -> "Asked":
    """The readers named on the command line; ``WrongUse`` where one of them is none, or the model lacks its place."""
    from zopa.dossier.readers import MODEL, NAMES, Asked

    names = tuple(name.strip() for name in reader.split(",") if name.strip())
    for name in names:
        if name not in NAMES:
            raise WrongUse("reader", name=name, among=NAMES)
    if not names or len(set(names)) < len(names):
        raise WrongUse("readers", names=" ".join(NAMES))
    if MODEL not in names:
        if endpoint is not None or model is not None:
            raise WrongUse("reader-rules")
        return Asked(names)
    if endpoint is None or model is None:
        raise WrongUse("missing", what="--endpoint" if endpoint is None else "--model")
    if not _is_address(endpoint):
        raise WrongUse("endpoint", url=endpoint)
    if importlib.util.find_spec("httpx") is None:
        raise WrongUse("reader-extra")
    return Asked(names, endpoint, model)


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        # The port is read only when it is asked for.
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def with_consent(files: Sequence[Path], asked: "Asked", *, send: bool, lang: Language) -> "Asked":
    """The readers, free to send text where one must: only if somebody says so, on the command line (``send``) or
    when asked, knowing where it goes and how much."""
    if asked.endpoint is None:
        return asked
    if not send:
        _ask(files, asked.endpoint, lang)
    return replace(asked, consented=True)


def _ask(files: Sequence[Path], endpoint: str, lang: Language) -> None:
    from zopa.dossier.intake.files import File, found
    from zopa.dossier.readers import estimate
    from zopa.errors import ZopaError

    documents = size = 0
    for item in found(files):
        if isinstance(item, File):
            try:
                size += len(item.read())
            except ZopaError:
                continue
            documents += 1
    # A Chinese character is three bytes in UTF-8; what is not text makes this too high rather than too low.
    told = estimate(endpoint, size // 2, documents, chinese=0.5)
    values = {
        "host": told.host,
        "documents": say("cli.read.documents", lang, n=documents),
        "size": f"{size / 1e6:,.1f}",
        "calls": f"{told.calls:,}",
        "sent": f"{told.tokens_sent / 1000:,.0f}",
        "answered": f"{told.tokens_answered / 1000:,.0f}",
    }
    typer.echo(say("cli.read.consent", lang, **values), err=True)
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise WrongUse("consent", host=told.host)
    if not typer.confirm(say("cli.read.consent-ask", lang, host=told.host), err=True):
        raise typer.Abort
