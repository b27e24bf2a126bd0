"""The frame of every page: navigation, words, where things are, and how it is drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from jinja2 import Environment
from starlette.responses import HTMLResponse

import zopa
from zopa.brief import html
from zopa.case.labels import day
from zopa.web.asked import LANG, VIEW, YEAR, Asked
from zopa.web.desk import Opened
from zopa.words import LANGUAGES, Language, say

if TYPE_CHECKING:
    from zopa.case.case import Case

GROUPS: Mapping[str, tuple[str, ...]] = {
    "record": ("record",),
    "wants": ("wants",),
    "setting": ("setting",),
    "agenda": ("agenda",),
    "bargain": ("zone", "bargain"),
    "standoff": ("stability", "paths", "mediation", "coalition", "influence"),
    "forecast": ("forecast", "baserate", "experts", "simulate"),
    "ask": ("ask", "drivers"),
}
"""Pages of answers, with the analyses that stand on each."""
PAGES = (
    "dossier",
    "record",
    "case",
    "map",
    *(name for name in GROUPS if name != "record"),
    "what-if",
    "share",
)
"""Pages of the navigation, in its order."""
GROUP_OF: Mapping[str, str] = {name: group for group, names in GROUPS.items() for name in names}


@dataclass(frozen=True)
class WebPage(html.Page):
    """A page of the workbench, as its template sees it."""

    asked: Asked
    opened: Opened
    token: str
    example: bool
    days: tuple[date, ...]
    """The days on which something of the record became known, the case's own day last."""

    @property
    def title(self) -> str:
        """The case's title."""
        case = self.opened.case
        return case.file.title.get(self.lang) if case is not None else "zopa"

    @property
    def version(self) -> str:
        """The version of zopa."""
        return zopa.__version__

    @property
    def languages(self) -> Sequence[tuple[Language, str, str]]:
        """Every language: key, tag, its name in itself."""
        return [(lang, html.tag(lang), html.OWN_NAMES[lang]) for lang in LANGUAGES]

    @property
    def pages(self) -> Sequence[str]:
        """Pages of the navigation."""
        return PAGES

    @property
    def shown_day(self) -> date | None:
        """The day whose record is shown."""
        case = self.opened.case
        return self.asked.day or (case.file.as_of if case is not None else None)

    def word(self, key: str, **values: object) -> str:
        """A sentence of the workbench's catalogue."""
        return say(f"web.{key}", self.lang, **values)

    def cli(self, key: str) -> str:
        """A sentence that the command line says too."""
        return say(f"cli.{key}", self.lang)

    def column(self, field: str) -> str:
        """What a field of a claim is called."""
        return say(f"cli.column.{field}", self.lang)

    def on(self, when: date) -> str:
        """A day in words."""
        return day(when, self.lang)

    def to(self, path: str, /, **more: object) -> str:
        """The address of a page, on the day that is shown."""
        return self.asked.to(path, **more)

    def to_claim(self, name: str) -> str:
        """A claim's own page."""
        return self.asked.to(f"/claim/{quote(name, safe='')}")

    def to_source(self, name: str) -> str:
        """A document's own page."""
        return self.asked.to(f"/dossier/{quote(name, safe='')}")

    def to_section(self, key: str) -> str:
        """Where an answer stands."""
        return self.asked.to(f"/{GROUP_OF[key]}") + f"#{key}" if key in GROUP_OF else self.asked.to("/")


def days_of(case: "Case") -> tuple[date, ...]:
    """The days on which claims became known, up to the case's own day, in order."""
    last = case.file.as_of
    known = {
        on for claim in case.ledger.claims if (on := case.ledger.known_on(claim)) is not None and on <= last
    }
    return tuple(sorted({*known, last}))


def page_of(asked: Asked, opened: Opened, *, token: str, example: bool) -> WebPage:
    """The page of a request, before anything is on it; ``opened`` is the case on its own day."""
    case = opened.case
    parties = tuple(case.file.parties[p].name.get(asked.lang) for p in case.negotiators) if case else ()
    return WebPage(
        asked.lang,
        case is not None and case.file.status == "draft",
        parties,
        tuple(GROUP_OF),
        asked,
        opened,
        token,
        example,
        days_of(case) if case is not None else (),
    )


def drawn(template: str, page: WebPage, status: int = 200, **more: object) -> HTMLResponse:
    """A page as an answer; what was chosen in its address is kept for the next one."""
    answer = HTMLResponse(
        _templates().get_template(template).render(e=page, draft=page.draft, **more), status
    )
    for name, value in ((LANG, page.lang), (VIEW, "analyst" if page.asked.analyst else "reader")):
        if name in page.asked.chosen:
            answer.set_cookie(name, value, max_age=YEAR, samesite="strict", httponly=True)
    return answer


def macro(template: str, name: str, *values: object) -> str:
    """One part of a page by itself."""
    made: Any = getattr(_templates().get_template(template).module, name)
    return str(made(*values))


@cache
def _templates() -> Environment:
    return html.environment(_text)


def _text(name: str) -> str:
    own = files("zopa") / "web" / "templates" / name
    return own.read_text(encoding="utf-8") if own.is_file() else html.text_of(name)
