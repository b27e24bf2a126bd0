"""What of the history's columns a case itself yields, each with the claims behind it.

From the sections every case has: where the negotiators are (their region, that they are states), and that a conflict
is protracted where the record names two earlier episodes or more. The rest is coded by people in an optional section
``crisis``: the day it began (``since``), the violence so far, and ``codes`` such as the trigger or the threat, in the
terms of the history. What stands nowhere is left out, and averaged over how it was in other crises.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from zopa.case.crisis import Codes
from zopa.case.model import CaseFile
from zopa.case.quantities import Basis, basis_of
from zopa.forecasting.features import live
from zopa.forecasting.history import REGIONS, TRIGGERS

THREATS = ("territory", "influence", "grave", "existence")
"""What the first actors see threatened; anything else is ``other``."""
YES_OR_NO = (
    "protracted",
    "within-war",
    "neighbours",
    "ethnic",
    "unrest",
    "democracy",
    "state-threat",
    "at-home",
    "far-away",
    "new-state",
    "new-regime",
)
"""Columns that are simply so or not."""
LEVELS = ("none", "serious", "war")
"""Violence so far."""
FEWEST_EPISODES = 2
"""Earlier episodes that make a conflict protracted."""
GREAT = frozenset({"US", "RU", "CN", "GB", "FR"})
"""Great and super powers act outside their region: where a crisis lies is told by the others."""
TERRITORIES: Mapping[str, str] = {
    "middle-east": "AE AM AZ BH CY EG GE IL IQ IR JO KW LB OM PS QA SA SY TR YE",
    "asia": "AF AU BD BN BT CN ID IN JP KG KH KP KR KZ LA LK MM MN MY NP NZ PG PH PK SG TH TJ TL TM TW UZ VN",
    "africa": "AO BF BI BJ BW CD CF CG CI CM DJ DZ EH ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML MR MW MZ NA NE "
    "NG RW SD SL SN SO SS SZ TD TG TN TZ UG ZA ZM ZW",
    "americas": "AR BO BR BZ CA CL CO CR CU DO EC GT GY HN HT JM MX NI PA PE PY SR SV TT US UY VE",
    "europe": "AL AT BA BE BG BY CH CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LT LU LV MD ME MK MT NL NO PL "
    "PT RO RS RU SE SI SK UA XK",
}
"""Region by ISO 3166 code, as the regions of the history run."""
REGION_OF = {code: region for region, codes in TERRITORIES.items() for code in codes.split()}


@dataclass(frozen=True, slots=True)
class Known:
    """Something known of the case: its name and value as people say it, the columns it sets, what it rests on, and
    the section of the case it was read in."""

    name: str
    value: str
    columns: Mapping[str, float]
    basis: Basis
    section: str


@dataclass(frozen=True, slots=True)
class Course:
    """How far the crisis has come: days since it began with their basis (None: not told), and violence so far."""

    days: int | None
    since: Basis
    violence: int
    fought: Basis
    first_move: int | None
    """Days since the earliest dated move of the present crisis: it is at least that old."""


def known_columns(file: CaseFile) -> tuple[Known, ...]:
    """What the case yields, in a fixed order; every column is one that the live claim may use."""
    coded = _codes(file)
    found = [*coded, *(k for k in _plain(file) if k.name not in {c.name for c in coded})]
    for known in found:
        live(known.columns)
    return tuple(found)


def course(file: CaseFile) -> Course:
    """How old the crisis is at the case's day, and what violence there has been."""
    since = file.crisis.since if file.crisis is not None else None
    fought = file.crisis.violence if file.crisis is not None else None
    moves = [move.on for move in file.moves if move.on <= file.as_of]
    return Course(
        days=None if since is None else max(1, _days(file, since.on)),
        since=Basis() if since is None else basis_of(since),
        violence=0 if fought is None else LEVELS.index(fought.is_),
        fought=Basis(assumed=True) if fought is None else basis_of(fought),
        first_move=_days(file, min(moves)) if moves else None,
    )


def _days(file: CaseFile, day: date) -> int:
    return (file.as_of - day).days + 1


def _plain(file: CaseFile) -> list[Known]:
    """What the ordinary sections tell."""
    out = []
    negotiators = [file.parties[p] for p in file.negotiators]
    lands = [party.territory for party in negotiators]
    basis = _together([basis_of(party) for party in negotiators])
    local = [t for t in lands if t is not None and t not in GREAT] or [t for t in lands if t is not None]
    regions = {REGION_OF.get(t) for t in local}
    if len(regions) == 1 and (region := regions.pop()) is not None:
        out.append(Known("region", region, _one_of("region", REGIONS, region), basis, "parties"))
    if negotiators and all(t is not None for t in lands):
        out.append(Known("state-threat", "yes", {"state-threat": 1.0}, basis, "parties"))
    earlier = [e for e in file.history if e.start is None or e.start < file.as_of]
    if len(earlier) >= FEWEST_EPISODES:
        because = _together([basis_of(episode) for episode in earlier])
        out.append(Known("protracted", "yes", {"protracted": 1.0}, because, "history"))
    return out


def _codes(file: CaseFile) -> list[Known]:
    """What people coded in the section for it."""
    if file.crisis is None:
        return []
    out = []
    for field, info in Codes.model_fields.items():
        code: Any = getattr(file.crisis.codes, field)
        if code is None:
            continue
        name, value = info.alias or field, str(code.is_)
        if name == "trigger":
            columns = _one_of("trigger", TRIGGERS, value)
        elif name == "region":
            columns = _one_of("region", REGIONS, value)
        elif name == "threat":
            columns = _one_of("threat", THREATS, value)
        else:
            columns = {name: float(code.is_ is True)}
            value = "yes" if code.is_ is True else "no"
        out.append(Known(name, value, columns, basis_of(code), "crisis"))
    return out


def _one_of(group: str, among: Sequence[str] | Mapping[str, object], value: str) -> dict[str, float]:
    return {f"{group}-{name}": float(name == value) for name in among}


def _together(bases: Sequence[Basis]) -> Basis:
    """Several bases as one: all their claims; assumed only where none of them cites any."""
    because = tuple(dict.fromkeys(c for basis in bases for c in basis.because))
    return Basis(because, not because and any(basis.assumed for basis in bases))
