"""Scripts, style sheets and fonts of the pages: all from the package, none from anywhere else."""

from collections.abc import Callable
from functools import cache
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from zopa.brief import html
from zopa.charts.chart import live_bundle
from zopa.charts.webfont import WEIGHTS, font_faces, font_file

FOREVER = "private, max-age=31536000, immutable"
"""Pages name the version with every asset: a new one is asked for anew."""


def _own(name: str) -> bytes:
    return (files("zopa") / "web" / "assets" / name).read_bytes()


def _font(name: str) -> bytes:
    return (files("zopa") / "charts" / "fonts" / name).read_bytes()


def _page_css() -> bytes:
    return (font_faces(lambda name: f"/assets/{name}") + html.sheet()).encode()


def _charts() -> bytes:
    return html.text_of("charts.js").encode()


def _vega() -> bytes:
    return live_bundle().encode()


_SCRIPT, _STYLE = "text/javascript; charset=utf-8", "text/css; charset=utf-8"
_ALL: dict[str, tuple[str, Callable[[], bytes]]] = {
    "page.css": (_STYLE, _page_css),
    "web.css": (_STYLE, lambda: _own("web.css")),
    "htmx.js": (_SCRIPT, lambda: _own("htmx.js")),
    "vega.js": (_SCRIPT, _vega),
    "charts.js": (_SCRIPT, _charts),
    "web.js": (_SCRIPT, lambda: _own("web.js")),
    "icon.svg": ("image/svg+xml", lambda: _own("icon.svg")),
    **{font_file(name): ("font/woff", lambda name=name: _font(font_file(name))) for name in WEIGHTS},  # type: ignore[misc]
}


@cache
def _content(name: str) -> bytes:
    return _ALL[name][1]()


async def asset(request: Request) -> Response:
    """One file of the pages."""
    name = request.path_params["name"]
    if name not in _ALL:
        return PlainTextResponse("404", 404)
    return Response(_content(name), media_type=_ALL[name][0], headers={"cache-control": FOREVER})
