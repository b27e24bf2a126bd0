"""Who may ask: the person who opened the workbench on this machine, from its own pages, and nobody else.

A random token in the opening link becomes a cookie; without it every path is refused. A workbench that is open to
other addresses gives that cookie for its password too. The Host header must be this server's own (a foreign name that
resolves to this machine is not), whatever changes something must come from its own pages with their token, and no body
may be larger than an upload is allowed to be.
"""

import hmac
import secrets
from asyncio import to_thread
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from zopa.web.password import Attempts, Password
from zopa.words import LANGUAGES, say

ENTER = "/enter"
"""Where the password goes."""
MOST_PASSWORD = 8_000
"""Bytes of the form that brings it."""
MOST_BODY = 64_000_000
"""Bytes of one request: an upload of documents; pages themselves send a few hundred."""
SAFE = frozenset({"GET", "HEAD"})
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Without any referrer a browser would send the forms of our own pages with no origin either.
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
TOKEN = "token"
"""Name of the parameter of the opening link, and of the field of every form."""


@dataclass(frozen=True)
class Keys:
    """The secrets of one server; ``hosts`` are the names it answers to, port included."""

    hosts: frozenset[str]
    port: int
    secure: frozenset[str] = frozenset()
    """Of these names the ones that something in front of this server answers for, encrypted."""
    password: Password | None = field(default=None, repr=False)
    """Lets others in, where the workbench is open to other addresses."""
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)

    @property
    def cookie(self) -> str:
        """Name of the cookie: servers on other ports keep theirs."""
        return f"zopa-{self.port}"

    @property
    def form(self) -> str:
        """What every form and script of a page sends along: made of the token, which it does not tell."""
        return hmac.new(self.token.encode(), b"form", sha256).hexdigest()

    def known(self, given: str | None) -> bool:
        """Whether this is the token."""
        return given is not None and hmac.compare_digest(given.encode(), self.token.encode())

    def sent(self, given: str | None) -> bool:
        """Whether this is what our own pages send along."""
        return given is not None and hmac.compare_digest(given.encode(), self.form.encode())


class TooLarge(Exception):
    """A request's body is larger than may be."""


class Guard:
    """The gate before every page; adds the headers that browsers guard pages by."""

    def __init__(self, app: ASGIApp, keys: Keys) -> None:
        self.app = app
        self.keys = keys
        self.attempts = Attempts()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may pass, and refuse the rest."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        refusal = self._refusal(scope)
        if refusal is None and self._knocks(scope):
            refusal = await self._let_in(scope, receive)
        if refusal is not None:
            await refusal(scope, receive, self._sealed(send))
            return
        try:
            await self.app(scope, _measured(receive), self._sealed(send))
        except TooLarge:
            await _refused(413, "too-large")(scope, receive, self._sealed(send))

    def _refusal(self, scope: Scope) -> Response | None:
        headers, keys = Headers(scope=scope), self.keys
        host = headers.get("host", "").lower()
        if host not in keys.hosts:
            return _refused(403, "foreign-host")
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        if scope["method"] in SAFE and TOKEN in dict(query):
            return self._entered(scope, query)
        if not self._inside(scope):
            if keys.password is None:
                return _refused(401, "no-token")
            if not self._knocks(scope):
                return _asked(401)
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > MOST_BODY:
            return _refused(413, "too-large")
        own = {f"http://{host}", *([f"https://{host}"] if host in keys.secure else [])}
        if scope["method"] not in SAFE and headers.get("origin", "").lower() not in own:
            return _refused(403, "foreign-origin")
        return None

    def _inside(self, scope: Scope) -> bool:
        keys = self.keys
        return keys.known(_cookies(Headers(scope=scope).get("cookie", "")).get(keys.cookie))

    def _knocks(self, scope: Scope) -> bool:
        """Whether somebody brings a password."""
        return self.keys.password is not None and scope["method"] == "POST" and scope["path"] == ENTER

    async def _let_in(self, scope: Scope, receive: Receive) -> Response:
        """Whoever has the password gets the cookie; whoever guesses has to wait."""
        address = (scope.get("client") or ("", 0))[0]
        wait = self.attempts.wait(address)
        if wait:
            return _asked(429, "password-wait", headers={"retry-after": str(wait)}, n=-(-wait // 60))
        # Counted before the password is worked out: guesses sent at once must not all slip through.
        self.attempts.failed(address)
        given = await _password(receive)
        right = self.keys.password is not None and given is not None
        if not right or not await to_thread(self.keys.password.matches, given):  # type: ignore[union-attr,arg-type]
            return _asked(401, "password-wrong")
        self.attempts.forgive(address)
        answer = RedirectResponse("/", status_code=303)
        self._give(answer)
        return answer

    def _entered(self, scope: Scope, query: Iterable[tuple[str, str]]) -> Response:
        """The opening link: its token goes into a cookie and out of the address."""
        given = dict(query)
        if not self.keys.known(given.pop(TOKEN)):
            return _refused(403, "wrong-token")
        # The path as a path: two slashes in front would name another host.
        path = "/" + scope["path"].lstrip("/\\")
        answer = RedirectResponse(path + (f"?{urlencode(given)}" if given else ""), status_code=303)
        self._give(answer)
        return answer

    def _give(self, answer: Response) -> None:
        answer.set_cookie(self.keys.cookie, self.keys.token, httponly=True, samesite="strict", path="/")

    def _sealed(self, send: Send) -> Send:
        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                if "cache-control" not in headers:
                    headers["cache-control"] = "no-store"
            await send(message)

        return sealed


def cookies(connection: HTTPConnection) -> dict[str, str]:
    """The cookies of a request."""
    return _cookies(connection.headers.get("cookie", ""))


def _cookies(written: str) -> dict[str, str]:
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(written)
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in jar.items()}


def _measured(receive: Receive) -> Receive:
    size = 0

    async def measured() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > MOST_BODY:
            raise TooLarge
        return message

    return measured


async def _password(receive: Receive) -> str | None:
    """The password that a form sends; None where it sends too much, or none."""
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > MOST_PASSWORD:
            return None
        if not message.get("more_body"):
            break
    given = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    return given.get("password")


def _asked(
    status: int, key: str | None = None, *, headers: Mapping[str, str] | None = None, **values: object
) -> Response:
    """The page that asks for the password, in both languages."""

    def both(name: str, **told: object) -> str:
        return " · ".join(
            f'<span lang="{lang}">{say(f"web.{name}", lang, **told)}</span>' for lang in LANGUAGES
        )

    told = f'<p role="alert">{both(key, **values)}</p>' if key else ""
    page = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>zopa</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        "<style>body{font:1.1rem/1.6 sans-serif;max-width:30rem;margin:12vh auto;padding:0 1.2rem}"
        "input,button{font:inherit;padding:.3rem .6rem;max-width:100%;box-sizing:border-box}</style></head>"
        f"<body><main><h1>zopa</h1>{told}"
        f'<form method="post" action="{ENTER}"><p><label for="password">{both("password")}</label></p>'
        '<p><input id="password" name="password" type="password" required autocomplete="current-password"></p>'
        f'<p><button type="submit">{both("password-enter")}</button></p></form>'
        f"<p>{both('password-plain')}</p></main></body></html>"
    )
    return HTMLResponse(page, status, headers=dict(headers or {}))


def _refused(status: int, key: str) -> Response:
    if status == 413:
        return PlainTextResponse("\n".join(say(f"web.{key}", lang) for lang in LANGUAGES), status)
    told = "".join(f'<p lang="{lang}">{say(f"web.{key}", lang)}</p>' for lang in LANGUAGES)
    page = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>zopa</title><h1>zopa</h1>{told}</html>'
    )
    return HTMLResponse(page, status)
