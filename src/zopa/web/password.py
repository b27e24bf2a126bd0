"""The password of a workbench that others reach: kept as a digest, compared in constant time, tried seldom."""

import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import scrypt

SHORTEST = 10
"""Characters of a password; whoever reaches the address may try."""
LONGEST = 1000
FREE = 5
"""Wrong passwords from one address before it has to wait."""
FREE_ALL = 50
"""Wrong passwords from all addresses together before everybody has to wait."""
FORGOTTEN = 900.0
"""Seconds after which a wrong password no longer counts."""
_COST = {"n": 2**14, "r": 8, "p": 1}


class Password:
    """A password that can be recognised but not read back."""

    def __init__(self, text: str) -> None:
        self._salt = secrets.token_bytes(16)
        self._digest = self._of(text)

    def matches(self, given: str) -> bool:
        """Whether this is the password; takes as long for any other."""
        return hmac.compare_digest(self._of(given[:LONGEST]), self._digest)

    def _of(self, text: str) -> bytes:
        return scrypt(text.encode("utf-8", "surrogatepass"), salt=self._salt, **_COST)


@dataclass
class Attempts:
    """Wrong passwords of the last quarter of an hour, by address."""

    now: Callable[[], float] = time.monotonic
    _wrong: dict[str, list[float]] = field(default_factory=dict)

    def wait(self, address: str) -> int:
        """Seconds until an address may try again; 0 if it may now."""
        since = self.now() - FORGOTTEN
        self._wrong = {
            a: kept for a, times in self._wrong.items() if (kept := [t for t in times if t > since])
        }
        own = self._wrong.get(address, [])
        every = sorted(t for times in self._wrong.values() for t in times)
        ends = [own[-FREE]] if len(own) >= FREE else []
        ends += [every[-FREE_ALL]] if len(every) >= FREE_ALL else []
        return max([0, *(int(end - since) + 1 for end in ends)])

    def forgive(self, address: str) -> None:
        """Forget an address that has brought the right one."""
        self._wrong.pop(address, None)

    def failed(self, address: str) -> None:
        """Remember a wrong password."""
        self._wrong.setdefault(address, []).append(self.now())
