"""The workbench as an application: which path shows what. Handlers read, ask and draw; nothing is worked out here."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from zopa.brief.build import facts
from zopa.brief.spreadsheet import as_csv
from zopa.case.case import DRAWS
from zopa.web import assets, dossier, editing, mapped, sharing, supposing, uploads
from zopa.web.asked import Asked
from zopa.web.desk import Desk
from zopa.web.dossier import quarrels
from zopa.web.editing import Edits
from zopa.web.guard import TOKEN, Guard, Keys
from zopa.web.pages import GROUP_OF, GROUPS, WebPage, drawn, macro, page_of
from zopa.web.runs import ROUGH, Order, Run, Runs
from zopa.web.sharing import Shares
from zopa.web.uploads import Uploads

LEADS = ("ask", *(name for names in GROUPS.values() for name in names if name not in ("ask", "drivers")))
"""Answers on the overview, what should be asked first."""
SLOW = frozenset({"ask", "drivers"})
"""Too long for a rough answer beforehand."""
MOST_FIELDS = 50_000
"""Fields of one form: every claim of a large record may be ticked."""
QUICK = 0.4
"""Seconds that a page waits for an answer before it is shown without: most are there by then."""


@dataclass(frozen=True)
class Workbench:
    """One case on one desk, with the answers under way and the keys of the door."""

    desk: Desk
    runs: Runs
    keys: Keys
    author: str
    """Under whose name decisions are written down."""
    draws: int = DRAWS
    uploads: Uploads = field(default_factory=Uploads)
    edits: Edits = field(default_factory=Edits)
    shares: Shares = field(default_factory=Shares)

    async def form(self, request: Request) -> FormData | None:
        """What a form of ours sends; None where it does not carry the token of our own pages."""
        form = await request.form(max_fields=MOST_FIELDS)
        given = request.headers.get("x-zopa-token") or form.get(TOKEN)
        return form if isinstance(given, str) and self.keys.sent(given) else None

    def page(self, request: Request) -> WebPage:
        """The page of a request."""
        asked = Asked.of(request)
        opened = self.desk.now()
        page = page_of(asked, opened, token=self.keys.form, example=self.desk.example)
        if asked.day is None or opened.case is None or opened.errors:
            return page
        return replace(page, opened=opened.showing(self.desk.case(asked.day)))

    def order(self, page: WebPage, name: str, draws: int | None = None) -> Order:
        """The question of a page to the case."""
        return Order(self.desk.folder, page.opened.stamp, name, draws or self.draws, as_of=page.asked.day)

    def rough(self, page: WebPage, name: str) -> Run | None:
        """A quick answer at few draws, asked for where the full one is not there yet."""
        if name in SLOW or self.draws <= ROUGH:
            return None
        return self.runs.ask(self.order(page, name, ROUGH), urgent=True)


MORE: tuple[tuple[Any, ...], ...] = (
    *uploads.ROUTES,
    *dossier.ROUTES,
    *editing.ROUTES,
    *supposing.ROUTES,
    *mapped.ROUTES,
    *sharing.ROUTES,
)
Handler = Callable[[Workbench, Request], Awaitable[Response]]


def application(bench: Workbench) -> Starlette:
    """All pages behind the guard; ending the application ends the processes that work for it."""

    def route(path: str, handler: Handler, *methods: str) -> Route:
        async def endpoint(request: Request) -> Response:
            try:
                return await handler(bench, request)
            finally:
                # Files that a form brought are let go.
                await request.close()

        return Route(path, endpoint, methods=list(methods or ("GET",)), name=handler.__name__)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> Any:
        yield
        await run_in_threadpool(bench.runs.close)

    routes: list[BaseRoute] = [
        route("/", overview),
        *(route(f"/{group}", _group(group)) for group in GROUPS),
        route("/answer/{name}/part", part),
        route("/answer/{name}/lead", lead),
        route("/answer/{name}/stop", stop, "POST"),
        route("/answer/{name}/again", again, "POST"),
        route("/answer/{file}", download),
        route("/problems", problems),
        *(route(path, handler, *methods) for path, handler, *methods in MORE),
        Route("/assets/{name}", assets.asset),
    ]
    middleware = [Middleware(Guard, keys=bench.keys), Middleware(GZipMiddleware, minimum_size=2000)]
    return Starlette(
        routes=routes, middleware=middleware, lifespan=lifespan, exception_handlers={404: _missing}
    )


# ---- pages of answers --------------------------------------------------------------------------------------------


async def overview(bench: Workbench, request: Request) -> Response:
    """Every question with the first sentences of its answer."""
    page = await run_in_threadpool(bench.page, request)
    if page.opened.errors or page.opened.case is None:
        return RedirectResponse("/problems", 303)
    case = page.opened.case
    runs = await _asked(bench, page, LEADS)
    summary = case.file.summary.get(page.lang) if case.file.summary else ""
    told: dict[str, Any] = {"summary": summary, "facts": facts(case, page.lang), "names": LEADS, "runs": runs}
    return drawn("overview.html.jinja", page, here="overview", polling=True, **told)


def _group(group: str) -> Handler:
    async def shown(bench: Workbench, request: Request) -> Response:
        page = await run_in_threadpool(bench.page, request)
        if page.opened.errors or page.opened.case is None:
            return RedirectResponse("/problems", 303)
        names, case = GROUPS[group], page.opened.case
        runs = await _asked(bench, page, names)
        rough = {name: None if runs[name].finished else bench.rough(page, name) for name in names}
        expected = {name: bench.runs.expected(runs[name].order) for name in names}
        told: dict[str, Any] = {"names": names, "runs": runs, "rough": rough, "expected": expected}
        told["quarrels"] = quarrels(case, page.lang) if group == "record" else ()
        return drawn("group.html.jinja", page, here=group, polling=True, **told)

    shown.__name__ = group
    return shown


async def _asked(bench: Workbench, page: WebPage, names: Sequence[str]) -> dict[str, Run]:
    """Runs of these answers, after a moment in which quick ones come to be."""
    runs = {name: bench.runs.ask(bench.order(page, name)) for name in names}
    pending = [run for run in runs.values() if not run.finished]
    if pending:
        await run_in_threadpool(pending[0].wait, QUICK)
    return runs


async def part(bench: Workbench, request: Request) -> Response:
    """One answer by itself, as it stands now: what a page asks for again until it is there."""
    page, name = await _named(bench, request)
    if name is None:
        return await _missing(request, None)
    run = bench.runs.ask(bench.order(page, name))
    if not run.finished:
        await run_in_threadpool(run.wait, QUICK)
    rough = None if run.finished else bench.rough(page, name)
    expected = bench.runs.expected(run.order)
    return Response(
        macro("answers.html.jinja", "whole", page, name, run, rough, expected, 2, True),
        media_type="text/html",
    )


async def lead(bench: Workbench, request: Request) -> Response:
    """The first sentences of one answer."""
    page, name = await _named(bench, request)
    if name is None:
        return await _missing(request, None)
    run = bench.runs.ask(bench.order(page, name))
    return Response(macro("answers.html.jinja", "lead", page, name, run, True), media_type="text/html")


async def stop(bench: Workbench, request: Request) -> Response:
    """Give an answer up."""
    page, name = await _named(bench, request)
    if name is None or await bench.form(request) is None:
        return PlainTextResponse(page.word("foreign-origin"), 403)
    bench.runs.stop(bench.order(page, name))
    return RedirectResponse(page.to_section(name), 303)


async def again(bench: Workbench, request: Request) -> Response:
    """Ask for an answer that was given up."""
    page, name = await _named(bench, request)
    if name is None or await bench.form(request) is None:
        return PlainTextResponse(page.word("foreign-origin"), 403)
    bench.runs.ask(bench.order(page, name))
    return RedirectResponse(page.to_section(name), 303)


async def _named(bench: Workbench, request: Request) -> tuple[WebPage, str | None]:
    page = await run_in_threadpool(bench.page, request)
    name = request.path_params["name"]
    return page, name if name in GROUP_OF and page.opened.case is not None else None


# ---- downloads ---------------------------------------------------------------------------------------------------

TYPES = {"csv": "text/csv", "json": "application/json", "svg": "image/svg+xml", "png": "image/png"}


async def download(bench: Workbench, request: Request) -> Response:
    """An answer as a file: tables as CSV, the result as JSON, the chart as SVG or PNG."""
    name, _, kind = request.path_params["file"].partition(".")
    page = await run_in_threadpool(bench.page, request)
    if name not in GROUP_OF or kind not in TYPES or page.opened.case is None:
        return await _missing(request, None)
    run = bench.runs.ask(bench.order(page, name))
    await run_in_threadpool(run.wait, 120)
    if run.answer is None:
        return PlainTextResponse(page.word("not-there"), 503)
    section = run.answer.sections[page.lang]
    content: str | bytes
    if kind == "csv":
        content = as_csv(section.tables, page.lang)
    elif kind == "json":
        content = run.answer.json + "\n"
    elif section.chart is None:
        return await _missing(request, None)
    else:
        content = await run_in_threadpool(section.chart.to_svg if kind == "svg" else section.chart.to_png)
    return Response(
        content, media_type=TYPES[kind], headers=attached(f"{page.opened.case.name}-{name}.{kind}")
    )


def attached(name: str) -> dict[str, str]:
    """Headers of a file that is saved under a name."""
    return {"content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}


# ---- what is wrong -----------------------------------------------------------------------------------------------


async def problems(bench: Workbench, request: Request) -> Response:
    """Every problem of the case folder, as the command line tells it."""
    page = await run_in_threadpool(bench.page, request)
    return drawn("problems.html.jinja", page, here="problems")


async def _missing(request: Request, _: Exception | None) -> Response:
    lang = Asked.of(request).lang
    from zopa.words import say

    return PlainTextResponse(say("web.missing", lang), 404)
