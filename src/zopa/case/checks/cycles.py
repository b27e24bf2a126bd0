"""Documents that were read through each other, or are translations of each other: a circle has no original."""

from collections.abc import Iterator

from zopa.case.checks.common import Where
from zopa.case.model import CaseFile
from zopa.claims.ledger import Ledger
from zopa.errors import Problem


def cycles(file: CaseFile, ledger: Ledger, where: Where) -> Iterator[Problem]:
    """A problem for each circle of ``via`` or ``translation_of``, at its first document."""
    for key in ("via", "translation_of"):
        seen: set[str] = set()
        for start in ledger.sources:
            chain: list[str] = []
            here: str | None = start
            while here is not None and here in ledger.sources and here not in seen:
                seen.add(here)
                chain.append(here)
                here = getattr(ledger.sources[here].header, key)
            if here in chain:
                ring = [*chain[chain.index(here) :], here]
                yield where.problem("cycle", ("sources", ring[0], key), key=key, ring=" → ".join(ring))
