"""Asking a language model behind any OpenAI-compatible endpoint, with patience and within limits."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from zopa.errors import DossierError, Place

TRIES = 4
LONGEST_WAIT = 60.0
"""Seconds that an endpoint may ask us to wait before the next try."""
MOST_ANSWER = 4_000_000
"""Bytes of an answer."""
_AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})


class AnswerError(ValueError):
    """The endpoint answered, but not with what was asked for."""


@dataclass(frozen=True)
class Endpoint:
    """Where the model is and how it is asked. ``key`` is sent as a bearer token and never shown."""

    url: str
    model: str
    key: str | None = None
    timeout: float = 120.0
    sleep: Callable[[float], None] = time.sleep

    @property
    def host(self) -> str:
        """Where the text goes."""
        return urlsplit(self.url).netloc.rpartition("@")[2]

    def __repr__(self) -> str:
        return f"Endpoint({self.host}, {self.model})"

    def asked(self, messages: Sequence[Mapping[str, str]], schema: Mapping[str, Any], place: Place) -> str:
        """The content of the model's answer. ``AnswerError`` where it is none; ``DossierError`` at ``place`` where the
        endpoint cannot be reached, refuses, or keeps failing."""
        body = {
            "model": self.model,
            "messages": list(messages),
            "temperature": 0,
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "claims", "strict": True, "schema": schema},
            },
        }
        # Compressed answers could be of any size once unpacked, so none is asked for. A key may hold any character.
        headers = {b"Accept-Encoding": b"identity"}
        if self.key:
            headers[b"Authorization"] = f"Bearer {self.key.strip()}".encode()
        why = ""
        for k in range(TRIES):
            pause = min(2.0**k, LONGEST_WAIT)
            try:
                status, asked_pause, content = self._once(body, headers)
            except httpx.TimeoutException:
                why = "timeout"
            except httpx.TransportError as error:
                why = type(error).__name__
            else:
                if status == 200:
                    return _content(content)
                why = str(status)
                if status not in _AGAIN:
                    raise self._failed(place, why)
                pause = asked_pause if asked_pause is not None else pause
            if k + 1 < TRIES:
                self.sleep(pause)
        raise self._failed(place, why)

    def _failed(self, place: Place, why: str) -> DossierError:
        return DossierError.of("model-endpoint", place, host=self.host, why=why)

    def _once(
        self, body: Mapping[str, Any], headers: Mapping[bytes, bytes]
    ) -> tuple[int, float | None, bytes]:
        until = time.monotonic() + self.timeout
        with (
            httpx.Client(timeout=httpx.Timeout(self.timeout, connect=10.0), follow_redirects=False) as client,
            client.stream(
                "POST", f"{self.url.rstrip('/')}/chat/completions", json=body, headers=headers
            ) as answer,
        ):
            content = bytearray()
            if answer.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
                raise AnswerError("compressed, though that was not asked for")
            for part in answer.iter_raw():
                content += part
                if len(content) > MOST_ANSWER:
                    raise AnswerError("longer than any answer")
                if time.monotonic() > until:
                    # An endpoint that sends a byte now and then would never run into the client's own limit.
                    raise httpx.ReadTimeout("the answer takes too long")
            return answer.status_code, _pause(answer.headers.get("retry-after")), bytes(content)


def _pause(header: str | None) -> float | None:
    try:
        return min(max(float(header or ""), 0.0), LONGEST_WAIT)
    except ValueError:
        return None


def _content(body: bytes) -> str:
    try:
        content = json.loads(body)["choices"][0]["message"]["content"]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        raise AnswerError("not the form of a chat completion") from None
    if not isinstance(content, str):
        raise AnswerError("no text")
    return content
