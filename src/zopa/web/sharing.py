"""Sharing from the browser: choose what is left out, see what that takes along, then have the files made.

A share is looked at before it is made, made in a process and a folder of its own, kept in memory until newer ones take
its place, and never written beside the case.
"""

import io
import multiprocessing
import tempfile
import threading
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from zopa.brief.share import SHARE_FORMATS, ShareFormat, Wish, as_files, preview
from zopa.brief.share_words import remarks
from zopa.case.folder import read_record
from zopa.case.left_out import Without
from zopa.claims.claim import Claim
from zopa.claims.source import Source
from zopa.errors import Problem, ZopaError
from zopa.web.pages import WebPage, drawn
from zopa.words import Language, joined

if TYPE_CHECKING:
    from zopa.web.app import Workbench

KEPT = 4
"""Shares that are remembered, the newest; what was made of older ones is gone."""
LISTS = ("source", "speaker", "claim")
STAMP = (1980, 1, 1, 0, 0, 0)
"""When a file of an archive was made: no real time, so that the same share is the same bytes."""
State = Literal["looked-at", "working", "done", "failed"]


@dataclass
class Share:
    """One share: what is wished for, and once it is made its bytes."""

    number: int
    folder: Path
    name: str
    wish: Wish
    state: State = "looked-at"
    content: bytes = b""
    file: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass
class Shares:
    """The shares of one workbench, made one after the other."""

    _number: Any = field(default_factory=lambda: count(1))
    _kept: dict[int, Share] = field(default_factory=dict)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def get(self, number: str) -> Share | None:
        """A share by its number."""
        return self._kept.get(int(number)) if number.isdecimal() and len(number) < 10 else None

    def look(self, folder: Path, name: str, wish: Wish) -> Share:
        """A new share that nothing is made of yet."""
        share = Share(next(self._number), folder, name, wish)
        self._kept[share.number] = share
        for number in sorted(self._kept)[:-KEPT]:
            del self._kept[number]
        return share

    def make(self, share: Share) -> None:
        """Start to make it; it goes on by itself."""
        if share.state in ("looked-at", "failed"):
            share.state, share.problems = "working", ()
            threading.Thread(target=self._make, args=(share,), daemon=True).start()

    def _make(self, share: Share) -> None:
        # The folder is ours to clear away, even where the process is ended.
        with self._turn, tempfile.TemporaryDirectory() as scratch:
            context = multiprocessing.get_context("spawn")
            ours, theirs = context.Pipe()
            made = context.Process(
                target=_work, args=(theirs, share.folder, share.name, share.wish, scratch), daemon=True
            )
            made.start()
            theirs.close()
            try:
                files, share.problems = ours.recv()
            except EOFError:
                files = {}
            made.join(10)
        if files:
            share.file, share.content = _packed(files, share.name)
        share.state = "done" if files else "failed"


def _work(line: Connection, folder: Path, name: str, wish: Wish, scratch: str) -> None:
    tempfile.tempdir = scratch
    try:
        line.send((as_files(preview(folder, wish), name, wish), ()))
    except ZopaError as error:
        line.send(({}, error.problems))


def _packed(files: Mapping[str, bytes], name: str) -> tuple[str, bytes]:
    """One file as it is, several as an archive."""
    if len(files) == 1:
        return next(iter(files.items()))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(files):
            entry = zipfile.ZipInfo(f"{name}/{file}", STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[file])
    return f"{name}.zip", packed.getvalue()


# ---- the pages ---------------------------------------------------------------------------------------------------


async def sharing(bench: "Workbench", request: Request) -> Response:
    """What can be left out, and what is to be made."""
    page = await run_in_threadpool(bench.page, request)
    return await run_in_threadpool(_form, bench, page, FormData())


async def choose(bench: "Workbench", request: Request) -> Response:
    """The same page with what was chosen so far, and a search in its lists."""
    page = await run_in_threadpool(bench.page, request)
    form = await bench.form(request)
    if form is None:
        return PlainTextResponse(page.word("foreign-origin"), 403)
    return await run_in_threadpool(_form, bench, page, form)


async def look(bench: "Workbench", request: Request) -> Response:
    """Work out what would be left out, and show it; nothing is made yet."""
    page = await run_in_threadpool(bench.page, request)
    form = await bench.form(request)
    if form is None:
        return PlainTextResponse(page.word("foreign-origin"), 403)
    if page.opened.errors:
        return RedirectResponse("/problems", 303)
    wish = _wish(form, page.lang, bench.draws)
    try:
        await run_in_threadpool(preview, bench.desk.folder, wish)
    except ZopaError as error:
        return await run_in_threadpool(_form, bench, page, form, error.problems)
    share = bench.shares.look(bench.desk.folder, f"{bench.desk.folder.name}-shared", wish)
    return RedirectResponse(page.to(f"/share/{share.number}"), 303)


async def shown(bench: "Workbench", request: Request) -> Response:
    """One share: what is left out, and how far it is; with ``part`` only what changes."""
    page = await run_in_threadpool(bench.page, request)
    share = bench.shares.get(request.path_params["number"])
    if share is None:
        return PlainTextResponse(page.word("missing"), 404)
    if "part" in request.query_params:
        return drawn("share-part.html.jinja", page, here="share", share=share, made=_wanted(share, page))
    try:
        made = await run_in_threadpool(preview, share.folder, share.wish)
    except ZopaError as error:
        return await run_in_threadpool(_form, bench, page, FormData(), error.problems)
    told = await run_in_threadpool(remarks, made, share.folder, page.lang)
    return drawn("shared.html.jinja", page, here="share", share=share, told=told, made=_wanted(share, page))


async def make(bench: "Workbench", request: Request) -> Response:
    """Have a share made that was looked at."""
    page = await run_in_threadpool(bench.page, request)
    if await bench.form(request) is None:
        return PlainTextResponse(page.word("foreign-origin"), 403)
    share = bench.shares.get(request.path_params["number"])
    if share is None:
        return PlainTextResponse(page.word("missing"), 404)
    bench.shares.make(share)
    return RedirectResponse(page.to(f"/share/{share.number}"), 303)


async def download(bench: "Workbench", request: Request) -> Response:
    """What was made, as one file."""
    from zopa.web.app import attached

    page = await run_in_threadpool(bench.page, request)
    share = bench.shares.get(request.path_params["number"])
    if share is None or share.state != "done":
        return PlainTextResponse(page.word("missing"), 404)
    return Response(share.content, media_type="application/octet-stream", headers=attached(share.file))


def _form(bench: "Workbench", page: WebPage, form: FormData, problems: Sequence[Problem] = ()) -> Response:
    case = page.opened.case
    if case is None or page.opened.errors:
        return RedirectResponse("/problems", 303)
    sources, reviewed = read_record(bench.desk.folder)
    wanted = str(form.get("search") or "")[:200].strip()
    lists = {
        "source": [(id_, _outlet(source, page.lang)) for id_, source in sources.items()],
        "speaker": _speakers(reviewed.heard()),
        "claim": [
            (c.id, f"{c.speaker_head or '—'}{page.colon}{c.text(page.lang)}") for c in reviewed.heard()
        ],
    }
    chosen = {key: frozenset(map(str, form.getlist(key))) for key in LISTS}
    told: dict[str, Any] = {
        # What is chosen stays in sight whatever is searched for.
        "lists": {key: _found(rows, wanted, chosen[key]) for key, rows in lists.items()},
        "whole": {key: len(rows) for key, rows in lists.items()},
        "chosen": chosen,
        "search": wanted,
        "formats": SHARE_FORMATS,
        "ticked": frozenset(map(str, form.getlist("format"))) or frozenset(("case", "html")),
        "marking": str(form.get("marking") or "")[:200],
        "language": form.get("language") or page.lang,
        "problems": problems,
    }
    return drawn("share.html.jinja", page, 422 if problems else 200, here="share", **told)


def _wanted(share: Share, page: WebPage) -> str:
    return joined([page.word(f"share-format-{one}") for one in share.wish.formats], page.lang)


def _found(rows: Sequence[tuple[str, str]], wanted: str, chosen: frozenset[str]) -> list[tuple[str, str]]:
    words = wanted.casefold().split()
    return [
        (id_, text)
        for id_, text in rows
        if id_ in chosen or all(word in f"{id_} {text}".casefold() for word in words)
    ]


def _outlet(source: Source, lang: Language) -> str:
    name = source.header.outlet
    text = name.get(lang) or source.outlet if isinstance(name, dict) else name or ""
    day = source.header.published
    return " · ".join(part for part in (text, day.isoformat() if day else "") if part)


def _speakers(claims: Sequence[Claim]) -> list[tuple[str, str]]:
    heard: dict[str, int] = {}
    for claim in claims:
        for name in dict.fromkeys(v for v in (claim.speaker_head, *claim.chain) if v):
            heard[name] = heard.get(name, 0) + 1
    return [(name, str(n)) for name, n in sorted(heard.items(), key=lambda item: (-item[1], item[0]))]


def _wish(form: FormData, lang: Language, draws: int) -> Wish:
    ticked = set(map(str, form.getlist("format"))) or {"case", "html"}
    without = Without.of(
        sources=map(str, form.getlist("source")),
        speakers=map(str, form.getlist("speaker")),
        claims=map(str, form.getlist("claim")),
    )
    written = form.get("language")
    return Wish(
        formats=cast("tuple[ShareFormat, ...]", tuple(f for f in SHARE_FORMATS if f in ticked)) or ("case",),
        without=without,
        marking=str(form.get("marking") or ""),
        lang=cast("Language", written) if written in ("en", "zh") else lang,
        draws=draws,
    )


ROUTES = (
    ("/share", sharing),
    ("/share/choose", choose, "POST"),
    ("/share/look", look, "POST"),
    ("/share/{number}", shown),
    ("/share/{number}/make", make, "POST"),
    ("/share/{number}/file", download),
)
