"""What a request asks for besides its page: language, day, view. The address holds it, so that it can be kept."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Self
from urllib.parse import urlencode

from starlette.requests import Request

from zopa.web.guard import cookies
from zopa.words import Language

LANG, VIEW, DAY = "lang", "view", "as_of"
YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Asked:
    """Language, day of the record (None: the case's own) and view of a request; ``chosen`` stand in its address."""

    path: str
    lang: Language
    day: date | None
    analyst: bool
    chosen: tuple[str, ...] = ()

    @classmethod
    def of(cls, request: Request) -> Self:
        """As the address says, else the cookie, else (for the language) the browser; no day is no error."""
        query, kept = request.query_params, cookies(request)
        lang = query.get(LANG) or kept.get(LANG) or _spoken(request.headers.get("accept-language", ""))
        view = query.get(VIEW) or kept.get(VIEW)
        return cls(
            request.url.path,
            "zh" if lang == "zh" else "en",
            _day(query.get(DAY)),
            view == "analyst",
            tuple(name for name in (LANG, VIEW) if name in query),
        )

    def to(self, path: str, /, **more: object) -> str:
        """The address of another page, on the same day; further parameters, None ones left out."""
        told = {DAY: self.day.isoformat() if self.day else None, **more}
        query = urlencode({key: str(value) for key, value in told.items() if value is not None})
        return f"{path}?{query}" if query else path

    def here(self, **more: object) -> str:
        """The address of this page with something else chosen."""
        return self.to(self.path, **more)

    def on(self, day: date | None) -> Self:
        """The same on another day."""
        return replace(self, day=day)


def _spoken(accepted: str) -> str:
    """The first of our languages that a browser names; Chinese where it names neither."""
    for part in accepted.split(","):
        name = part.partition(";")[0].strip().lower()
        if name.startswith(("zh", "en")):
            return name[:2]
    return "zh"


def _day(written: str | None) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        return None
