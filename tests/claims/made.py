"""Claims, sources and ledgers made by hand for tests."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from zopa.claims.claim import Claim, text_digest
from zopa.claims.ledger import Ledger
from zopa.claims.source import Header, Source

DAY = date(2024, 3, 4)


def claim(name: str, quote: str = "x", **given: Any) -> Claim:
    """A claim whose source, unless given, has the claim's own name; every claim its own origin."""
    source = given.pop("source", f"s-{name}")
    values: dict[str, Any] = {
        "id": name,
        "source": source,
        "sha256": text_digest(quote),
        "ranges": [[0, len(quote)]],
        "quote": quote,
        "type": "report",
        "origin": f"o-{name}",
        "kind": "fact report",
        "said_on": DAY,
        "known_on": DAY,
        "credibility": 2,
        "review": "accepted",
    }
    return Claim.model_validate(values | given)


def source(name: str, text: str = "x", **header: Any) -> Source:
    """A source whose header says only what is given."""
    return Source(id=name, header=Header.model_validate(header), text=text)


def ledger(*claims: Claim, sources: Iterable[Source] = (), **letters: str) -> Ledger:
    """A ledger; sources that are not given are made with the letter B, or the one given under the claim's name."""
    known = {s.id: s for s in sources}
    for c in claims:
        if c.source not in known:
            known[c.source] = source(
                c.source, c.quote, reliability=letters.get(c.id, "B"), published=c.known_on
            )
    return Ledger(sources=known, claims=tuple(claims))
