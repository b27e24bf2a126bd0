"""Readings × claims: how much likelier each claim or move is under one reading of a party's aims than under another.

As in the analysis of competing hypotheses (Heuer 1999) what counts is not how well something fits a reading, but
whether it fits one better than another: what fits all alike tells nothing, and stands last. A move's likelihood under a
reading is that of ``wants``. A claim's is how often its origin holds in the draws of the reading: by Bayes' rule that
is what a citation of the claim for the reading says.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from zopa.analysis.wants import Wants
from zopa.case.case import Case
from zopa.case.draws import Draws
from zopa.forecasting._ask_links import Links

TELLS = 1.1
"""Less than a tenth likelier under one reading than under another tells nothing that anybody could rely on."""


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One move of a party, or the claims of one origin that speak of it: ``by_reading`` how likely under each reading,
    ``ratio`` the largest over the smallest. ``cited_for``: readings whose entries cite it; ``grades`` of its claims,
    empty for a move; ``stands`` in which share of draws; ``tells``: whether it tells readings apart."""

    party: str
    kind: Literal["move", "claims"]
    item: str
    by_reading: Mapping[str, float]
    ratio: float
    cited_for: tuple[str, ...]
    grades: tuple[str, ...]
    stands: float
    tells: bool
    because: tuple[str, ...]


def matrix_rows(case: Case, plain: Draws, wants: Wants) -> tuple[MatrixRow, ...]:
    """Party by party, what tells its readings apart first."""
    links = Links(case)
    out: list[MatrixRow] = []
    for party in case.negotiators:
        if len(case.file.readings.get(party, ())) > 1:
            rows = [*_moves(case, party, wants), *_claims(links, party, plain)]
            rows.sort(key=lambda row: (not row.tells, -row.ratio if row.tells else 0.0))
            out += rows
    return tuple(out)


def _moves(case: Case, party: str, wants: Wants) -> Iterator[MatrixRow]:
    for move in wants.moves:
        chosen = next((a for a in move.alternatives if a.chosen), None)
        if move.party == party and move.weighed and chosen is not None:
            by = dict(chosen.by_reading)
            ratio = max(by.values()) / min(by.values())
            cited = tuple(claim for claim in move.because if claim in case.ledger.by_id)
            yield MatrixRow(
                party,
                "move",
                move.move,
                by,
                ratio,
                (),
                (),
                move.stands,
                bool(cited) and ratio >= TELLS,
                cited,
            )


def _claims(links: Links, party: str, plain: Draws) -> Iterator[MatrixRow]:
    """The origins that a reading cites or that contradict one of these, then all others that speak of the party."""
    case = links.case
    readings = case.file.readings[party]
    cited = {r.id: set(links.origins(c.claim for c in (*r.because, *r.prior.because))) for r in readings}
    direct = set().union(*cited.values())
    rivals = {o for pair in links.rivals for o in links.pair(pair) if direct & set(links.pair(pair))}
    taken = plain.reading(party)
    for origin in links.case.ledger.origins:
        if origin not in direct | rivals and not _speaks_of(links, origin, party):
            continue
        claims = case.ledger.origins[origin]
        holds = plain.switches.holds.get(origin)
        bears = origin in direct | rivals
        share = float(holds.mean()) if holds is not None else 0.0
        by = {r.id: share for r in readings}
        ratio, tells = 1.0, False
        if holds is None:
            by = {}
        elif bears:
            sizes = np.array([(taken == k).sum() for k in range(len(readings))], dtype=np.float64)
            hits = np.array([(holds & (taken == k)).sum() for k in range(len(readings))], dtype=np.float64)
            by = {r.id: float(hits[k] / sizes[k]) for k, r in enumerate(readings) if sizes[k] > 0}
            ratio, tells = _apart(hits, sizes)
        yield MatrixRow(
            party,
            "claims",
            origin,
            by,
            ratio,
            tuple(reading for reading, origins in cited.items() if origin in origins),
            _grades(case, (claim.id for claim in claims)),
            share,
            tells,
            tuple(claim.id for claim in claims),
        )


def _apart(hits: np.ndarray, sizes: np.ndarray) -> tuple[float, bool]:
    """How many times likelier under the likeliest reading than under the least likely, and whether beyond chance: the
    difference of logarithms against twice its standard error."""
    there = sizes > 0
    rates = (hits[there] + 0.5) / (sizes[there] + 1.0)
    top, low = int(rates.argmax()), int(rates.argmin())
    ratio = float(rates[top] / rates[low])
    errors = (1 - rates) / (rates * sizes[there])
    clear = np.log(ratio) > 2 * float(np.sqrt(errors[top] + errors[low]))
    return ratio, bool(clear and ratio >= TELLS)


def _speaks_of(links: Links, origin: str, party: str) -> bool:
    spoken = any(claim.party == party for claim in links.case.ledger.origins[origin])
    return spoken or party in links.about([origin])


def _grades(case: Case, claims: Iterable[str]) -> tuple[str, ...]:
    """Source letter and claim number of each claim, each combination once."""
    out: dict[str, None] = {}
    for name in claims:
        claim = case.ledger.by_id[name]
        source = case.ledger.sources.get(claim.source)
        letter = source.header.reliability if source is not None else "F"
        out[f"{letter}{claim.credibility}"] = None
    return tuple(out)
