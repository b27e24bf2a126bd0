"""What if a number were another: the answer as it stands and as it would be, side by side, while the slider moves."""

from collections.abc import Iterable
from math import isfinite
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from zopa.case.labels import path_label, section_name
from zopa.case.quantities import quantities
from zopa.web.pages import GROUP_OF, WebPage, drawn
from zopa.web.runs import Order, Run

if TYPE_CHECKING:
    from zopa.web.app import Workbench

QUICK = 300
"""Draws of the answer that follows the slider; the full one takes its place when the slider rests."""
ASKED = tuple(name for name in GROUP_OF if name not in ("ask", "drivers", "record", "mediation"))
"""Answers that can be asked again at once."""
MOMENT = 0.45
"""Seconds that a request waits for the quick answer."""


async def what_if(bench: "Workbench", request: Request) -> Response:
    """The page, or with ``part`` only what changes; ``name``, ``path`` and ``value`` say what is supposed."""
    page = await run_in_threadpool(bench.page, request)
    case = page.opened.case
    if case is None or page.opened.errors:
        return RedirectResponse("/problems", 303)
    query = request.query_params
    known = {path: q.number for path, q in quantities(case.file).items() if q.number.estimate.known}
    name = query.get("name", "zone")
    path = query.get("path", "")
    name = name if name in ASKED else "zone"
    path = path if path in known else next(iter(known), "")
    value = " ".join(query.get("value", "").split())[:80]
    written = str(known[path].estimate) if path in known else ""
    ends = (known[path].bounds.low, known[path].bounds.high) if path in known else (0.0, 1.0)
    told = {
        "name": name,
        "names": ASKED,
        "path": path,
        "groups": _groups(page, known) if "part" not in query else {},
        "value": value or written,
        "written": written,
        "bounds": ends if all(map(isfinite, ends)) else None,
        "runs": await run_in_threadpool(_asked, bench, page, name, path, value) if path and value else {},
    }
    template = "what-if-part.html.jinja" if "part" in query else "what-if.html.jinja"
    return drawn(template, page, 200, here="what-if", **told)


def _groups(page: WebPage, paths: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """The numbers of the case by section, each with its name."""
    out: dict[str, list[tuple[str, str]]] = {}
    case = page.opened.case
    for path in paths if case is not None else ():
        section = section_name(path.partition(".")[0], page.lang)
        label = path_label(case.file, path, page.lang) if case is not None else path
        out.setdefault(section, []).append((path, label))
    return out


def _asked(bench: "Workbench", page: WebPage, name: str, path: str, value: str) -> dict[str, Run]:
    """Both answers, the quick ones until the full ones are there."""
    out: dict[str, Run] = {}
    sides: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (("now", ()), ("then", ((path, value),)))
    for key, numbers in sides:
        quick = bench.runs.ask(_order(bench, page, name, min(QUICK, bench.draws), numbers), urgent=True)
        quick.wait(MOMENT)
        full = quick
        if quick.state == "done" and bench.draws > QUICK:
            full = bench.runs.ask(_order(bench, page, name, bench.draws, numbers))
        out[key] = full if full.finished else quick
        out[f"{key}-full"] = full
    return out


def _order(
    bench: "Workbench", page: WebPage, name: str, draws: int, numbers: tuple[tuple[str, str], ...]
) -> Order:
    return Order(bench.desk.folder, page.opened.stamp, name, draws, as_of=page.asked.day, numbers=numbers)


ROUTES = (("/what-if", what_if),)
