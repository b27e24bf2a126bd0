"""A made-up history in the form of the ICB files: small, with known endings, in a folder of its own."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from zopa.forecasting.history import ACTOR_FIELDS, SYSTEM_FIELDS

SYSTEM = {
    "break": 7, "yrtrig": 1950, "motrig": 3, "datrig": 4, "protrac": 2, "pcid": 5, "geog": 15, "geogrel": 1,
    "trigent": 630, "ethnic": 3, "hetero": 3, "noactr": 2, "iwcmb": 1, "gpinv": 1, "usinv": 2, "suinv": 1,
    "globactm": 1, "regactmb": 1, "mediate": 1, "gravcr": 3, "yrterm": 1950, "moterm": 6, "daterm": 1, "brexit": 90,
    "viol": 1, "forout": 4, "outesr": 2,
}  # fmt: skip
ACTOR = {
    "cracid": 2, "yrtrig": 1950, "motrig": 3, "datrig": 4, "gravty": 3, "powsta": 2, "southpow": 2, "powdis": 4,
    "nuclear": 1, "regime": 2, "territ": 1, "issue": 1, "cractloc": 1, "trigloc": 1, "allycap": 1, "durreg": 2,
    "age": 2, "triggr": 7, "socunr": 2, "massvl": 2, "gvinst": 2,
}  # fmt: skip


def write(folder: Path, crises: Sequence[Mapping[str, object]], *, version: int = 14) -> Path:
    """The two files; each crisis says what differs, ``actors`` a list of what differs for each of its actors."""
    folder.mkdir(parents=True, exist_ok=True)
    system, actors = [], []
    for number, crisis in enumerate(crises, start=1):
        own = {k: v for k, v in crisis.items() if k != "actors"}
        system.append({**SYSTEM, "crisno": number, "crisname": f"CRISIS {number}", **own})
        dates = {k: system[-1][k] for k in ("yrtrig", "motrig", "datrig")}
        listed = crisis.get("actors", [{}])
        assert isinstance(listed, list)
        actors += [{**ACTOR, **dates, "crisno": number, **actor} for actor in listed]
    _write(folder / f"icb1v{version}.csv", SYSTEM_FIELDS, system)
    _write(folder / f"icb2v{version}.csv", ACTOR_FIELDS, actors)
    return folder


def _write(path: Path, fields: Mapping[str, object], rows: Sequence[Mapping[str, object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(fields))
        writer.writeheader()
        writer.writerows(rows)
