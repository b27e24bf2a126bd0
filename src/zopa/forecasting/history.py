"""The history: a user's own copy of the ICB data as one table of crises, every column tagged by when it could
be known.

International Crisis Behavior data, system level (``icb1v*.csv``) and actor level (``icb2v*.csv``): Brecher,
Wilkenfeld, Beardsley, James and Quinn, International Crisis Behavior Data; Brecher and Wilkenfeld, A Study of
Crisis (2000). Each field read is tagged ``onset`` (known when the crisis breaks out), ``in-crisis`` (about what
is done in its course, coded after it ended) or ``after`` (how it ended). A feature is as late as the latest
field it is made of."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np

from zopa.errors import Place, ZopaError
from zopa.methods.problem import BoolArray, FloatArray, IntArray

Tag = Literal["onset", "in-crisis", "after"]
TAGS: tuple[Tag, ...] = ("onset", "in-crisis", "after")

SYSTEM_FIELDS: Mapping[str, Tag] = {
    "crisno": "onset",
    "crisname": "onset",
    "break": "onset",
    "yrtrig": "onset",
    "motrig": "onset",
    "datrig": "onset",
    "protrac": "onset",
    "pcid": "onset",
    "geog": "onset",
    "geogrel": "onset",
    "trigent": "onset",
    "ethnic": "onset",
    "hetero": "onset",
    "noactr": "in-crisis",
    "iwcmb": "onset",
    "gpinv": "in-crisis",
    "usinv": "in-crisis",
    "suinv": "in-crisis",
    "globactm": "in-crisis",
    "regactmb": "in-crisis",
    "mediate": "in-crisis",
    "gravcr": "in-crisis",
    "yrterm": "after",
    "moterm": "after",
    "daterm": "after",
    "brexit": "after",
    "viol": "after",
    "forout": "after",
    "outesr": "after",
}
"""Fields read of the system level. ``gravcr`` is the gravest threat that any actor came to see, which the
course of the crisis tells: gravity at onset is read of the first actors. Of ``iwcmb`` only ``RUNNING_WAR`` is
known at onset: a war was running; its value 2 marks the crises that became a war (29 of 33 before 1985 did) and
counts as 1, no war running."""

ACTOR_FIELDS: Mapping[str, Tag] = {
    "crisno": "onset",
    "cracid": "onset",
    "yrtrig": "onset",
    "motrig": "onset",
    "datrig": "onset",
    "gravty": "onset",
    "powsta": "onset",
    "southpow": "onset",
    "powdis": "onset",
    "nuclear": "onset",
    "regime": "onset",
    "territ": "onset",
    "issue": "onset",
    "cractloc": "onset",
    "trigloc": "onset",
    "allycap": "onset",
    "durreg": "onset",
    "age": "onset",
    "triggr": "onset",
    "socunr": "onset",
    "massvl": "onset",
    "gvinst": "onset",
}
"""Fields read of the actor level, and only of the actors for whom the crisis begins on its first day: that
others were drawn in later is not known then."""

VIOLENCE_SERIOUS, VIOLENCE_WAR = 3, 4
DEALS = (1, 2)
"""``forout``: formal and semi-formal agreements."""
RUNNING_WAR = (3, 10)
"""``iwcmb``: crises that broke out in the course of a war, by what set them off in it."""
NO_PROTRACTED = 40
"""``pcid`` from here on gathers by region what is no protracted conflict."""

REGIONS: Mapping[str, tuple[str, ...]] = {
    "middle-east": ("10", "15"),
    "asia": ("1", "9", "11", "12", "13"),
    "africa": ("2", "20", "21", "22", "23", "24"),
    "americas": ("4", "41", "42", "43"),
    "europe": ("3", "30", "31", "32", "33", "34", "35"),
}
"""Region by the ``geog`` codes of the data; the Middle East with the eastern Mediterranean and the Caucasus (10)."""
TRIGGERS: Mapping[str, tuple[str, ...]] = {
    "political": ("1", "2", "3", "4", "5"),
    "internal": ("6",),
    "military": ("7",),
    "indirect-violent": ("8",),
    "violent": ("9",),
}
"""What set the crisis off, by the ``break`` codes: an act that is verbal, political, economic or otherwise
non-violent; a challenge from within; a show or movement of force; violence through others; violence."""


class HistoryError(ZopaError):
    """The folder with the history cannot be read; all problems at once."""


@dataclass(frozen=True, eq=False)
class Actors:
    """Those for whom a crisis begins on its first day, as rows of the actor level."""

    rows: tuple[Mapping[str, str], ...]

    def codes(self, field: str) -> list[int]:
        """The whole numbers of a field, those missing left out; ``KeyError`` for a field that is not told at
        onset."""
        if ACTOR_FIELDS[field] != "onset":
            raise KeyError(field)
        return [n for row in self.rows if (n := code(row[field])) is not None]


@dataclass(frozen=True, eq=False)
class Crisis:
    """One crisis: its fields, its first actors, and its days as ordinals (``end`` is None where it is not
    told)."""

    system: Mapping[str, str]
    actors: Actors
    start: int
    end: int | None
    everyone: frozenset[str]
    """All who were drawn in: known once it is over, and asked only of crises that are."""

    @property
    def name(self) -> str:
        """The name the data gives it."""
        return self.system["crisname"]

    @property
    def deal(self) -> bool:
        """Whether it ended in a formal or semi-formal agreement."""
        return code(self.system["forout"]) in DEALS

    @property
    def violence(self) -> int:
        """0 none or minor clashes, 1 serious clashes, 2 full-scale war, over the whole crisis."""
        level = code(self.system["viol"]) or 1
        return 2 if level >= VIOLENCE_WAR else 1 if level >= VIOLENCE_SERIOUS else 0

    @property
    def conflict(self) -> int | None:
        """The protracted conflict it belongs to, or None."""
        number = code(self.system["pcid"])
        return number if number is not None and number < NO_PROTRACTED else None


@dataclass(frozen=True, eq=False)
class History:
    """All coded crises by the day they began."""

    crises: tuple[Crisis, ...]
    version: str

    def __len__(self) -> int:
        return len(self.crises)

    @cached_property
    def start(self) -> FloatArray:
        """(n,) first day, as an ordinal."""
        return np.array([c.start for c in self.crises], dtype=np.float64)

    @cached_property
    def end(self) -> FloatArray:
        """(n,) last day; infinite where it is not told."""
        return np.array([np.inf if c.end is None else c.end for c in self.crises])

    @cached_property
    def days(self) -> FloatArray:
        """(n,) how many days it lasted; infinite where its last day is not told."""
        return np.asarray(np.maximum(self.end - self.start + 1.0, 1.0))

    @cached_property
    def year(self) -> FloatArray:
        """(n,) when it began, in years."""
        return np.asarray(1.0 + self.start / 365.2425)

    @cached_property
    def deal(self) -> IntArray:
        """(n,) 1 where it ended in an agreement."""
        return np.array([c.deal for c in self.crises], dtype=np.int64)

    @cached_property
    def violence(self) -> IntArray:
        """(n,) 0 none or minor, 1 serious, 2 war."""
        return np.array([c.violence for c in self.crises], dtype=np.int64)

    @cached_property
    def conflict(self) -> IntArray:
        """(n,) a number for the protracted conflict; a number of its own for each crisis that belongs to none."""
        return np.array([1000 + k if (n := c.conflict) is None else n for k, c in enumerate(self.crises)])

    def before(self, day: float) -> BoolArray:
        """(n,) which crises had ended by a day, so that how they went was known then."""
        return np.asarray(self.end < day)

    def picked(self, which: BoolArray) -> "History":
        """Some of the crises."""
        return History(tuple(c for c, here in zip(self.crises, which, strict=True) if here), self.version)


def year_start(year: int) -> float:
    """1 January as an ordinal."""
    return float(date(year, 1, 1).toordinal())


def code(text: str | None) -> int | None:
    """A coded field as a whole number, or None where nothing usable is coded."""
    try:
        return int(float(text or ""))
    except ValueError:
        return None


def read_history(folder: Path | str) -> History:
    """The crises of a folder that holds ``icb1v*.csv`` and ``icb2v*.csv``; ``HistoryError`` locates what is
    wrong."""
    place = Path(folder)
    if not place.is_dir():
        raise HistoryError.of("icb-folder", Place(str(folder)), folder=str(folder))
    system_file, actor_file = _file(place, "icb1v"), _file(place, "icb2v")
    system = _rows(system_file, SYSTEM_FIELDS)
    actors: dict[str, list[Mapping[str, str]]] = {}
    for row in _rows(actor_file, ACTOR_FIELDS):
        actors.setdefault(row["crisno"], []).append(row)
    crises = []
    for line, row in enumerate(system, start=2):
        if not row["yrtrig"].strip() or not row["viol"].strip():
            continue  # listed, not coded
        start = _day(row, "trig")
        if start is None:
            raise HistoryError.of(
                "icb-day", Place(system_file.name, line), name=row["crisname"], text=row["yrtrig"]
            )
        end = _day(row, "term")
        mine = actors.get(row["crisno"], [])
        everyone = frozenset(actor["cracid"] for actor in mine)
        crises.append(Crisis(row, _first(mine), start, max(start, end) if end else None, everyone))
    if not crises:
        raise HistoryError.of("icb-empty", Place(system_file.name), name=system_file.name)
    found = re.search(r"v(\d+)", system_file.stem)
    return History(
        tuple(sorted(crises, key=lambda c: (c.start, int(c.system["crisno"])))), found[1] if found else "?"
    )


def _file(folder: Path, stem: str) -> Path:
    """The newest file of a kind in the folder."""
    found = sorted(folder.glob(f"{stem}*.csv"), key=lambda p: (len(p.name), p.name))
    if not found:
        raise HistoryError.of("icb-file", Place(str(folder)), pattern=f"{stem}*.csv", folder=str(folder))
    return found[-1]


def _rows(path: Path, fields: Mapping[str, Tag]) -> list[Mapping[str, str]]:
    """The rows of a file, only the fields that are read."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise HistoryError.of("icb-text", Place(path.name), name=path.name) from None
    reader = csv.DictReader(text.splitlines())
    missing = [f for f in fields if f not in (reader.fieldnames or ())]
    if missing:
        raise HistoryError.of("icb-columns", Place(path.name, 1), name=path.name, columns=", ".join(missing))
    rows: list[Mapping[str, str]] = []
    for line, row in enumerate(reader, start=2):
        if any(row[f] is None for f in fields):
            raise HistoryError.of("icb-row", Place(path.name, line), name=path.name, line=line)
        rows.append({f: row[f].strip() for f in fields})
    return rows


def _day(row: Mapping[str, str], part: str) -> int | None:
    """A day as an ordinal; the middle of the month or year where the data gives no more."""
    year, month, day = (code(row[f"{unit}{part}"]) for unit in ("yr", "mo", "da"))
    if year is None:
        return None
    if month is None or not 1 <= month <= 12:
        return date(year, 7, 1).toordinal()
    for d in (day, 15):
        try:
            return date(year, month, d or 0).toordinal()
        except ValueError:
            continue
    return None


def _first(rows: list[Mapping[str, str]]) -> Actors:
    """The actors whose own crisis begins on the first day that any begins."""
    dated = [(day, row) for row in rows if (day := _day(row, "trig")) is not None]
    first = min((day for day, _ in dated), default=None)
    return Actors(tuple(row for day, row in dated if day == first))
