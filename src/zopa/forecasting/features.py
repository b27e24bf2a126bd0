"""What of a crisis is put into numbers, each column tagged by the latest field it is made of.

``onset`` columns are all the live claim may use: ``live`` refuses a list with any other. What earlier crises
came to is known at the onset of a later one if they had ended before it, and only those are looked at."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from zopa.forecasting.history import (
    ACTOR_FIELDS,
    REGIONS,
    RUNNING_WAR,
    SYSTEM_FIELDS,
    TAGS,
    TRIGGERS,
    Crisis,
    History,
    Tag,
    code,
)
from zopa.methods.problem import BoolArray, FloatArray, IntArray

DECADE = 10 * 365.2425
HALF_LIFE = 5 * 365.2425
"""Days after which violence in an earlier crisis of the same sides counts half."""
MEMORY = 2.0
"""Cases that the overall rate counts as in what earlier crises of the same conflict came to."""


@dataclass(frozen=True, slots=True)
class Past:
    """What had ended before a crisis began: how many crises of its conflict and of its first actors, and how
    they went."""

    conflict: int
    conflict_deal: float
    conflict_serious: float
    conflict_war: float
    recent: int
    recent_serious: float
    recent_war: float
    pair: int
    pair_serious: float
    pair_war: float
    last_serious: float
    last_war: float
    running: int


@dataclass(frozen=True, slots=True)
class Feature:
    """A column: its name, the fields of the two levels it is made of, and how it is worked out."""

    name: str
    system: tuple[str, ...]
    actor: tuple[str, ...]
    of: Callable[[Crisis, Past], float]

    @property
    def tag(self) -> Tag:
        """The latest tag of its fields."""
        tags = [SYSTEM_FIELDS[f] for f in self.system] + [ACTOR_FIELDS[f] for f in self.actor]
        return TAGS[max((TAGS.index(t) for t in tags), default=0)]


class LeakError(ValueError):
    """A column that is coded only in the course of a crisis or after it was to enter the live claim."""


def live(names: Iterable[str]) -> tuple[str, ...]:
    """The same names, of which all are known at onset; ``LeakError`` names those that are not."""
    asked = tuple(names)
    late = [n for n in asked if FEATURES[n].tag != "onset"]
    if late:
        raise LeakError(f"the live claim cannot use what is coded later than onset: {', '.join(late)}")
    return asked


def _is(field: str, *codes: str) -> Callable[[Crisis, Past], float]:
    return lambda crisis, _: float(crisis.system[field] in codes)


def _number(field: str, least: int, most: int = 10**6) -> Callable[[Crisis, Past], float]:
    def value(crisis: Crisis, _: Past) -> float:
        found = code(crisis.system[field])
        return float("nan") if found is None else float(least <= found <= most)

    return value


def _any(field: str, *codes: int) -> Callable[[Crisis, Past], float]:
    """1 where any first actor has one of the codes; missing where none is coded."""

    def value(crisis: Crisis, _: Past) -> float:
        found = crisis.actors.codes(field)
        return float(any(n in codes for n in found)) if found else float("nan")

    return value


def _unrest(crisis: Crisis, _: Past) -> float:
    found = [n for field in ("socunr", "massvl", "gvinst") for n in crisis.actors.codes(field)]
    return float(1 in found) if found else float("nan")


def _gap(crisis: Crisis, _: Past) -> float:
    found = crisis.actors.codes("powdis")
    return float(np.mean(np.abs(found))) / 20.0 if found else float("nan")


def _weaker(crisis: Crisis, _: Past) -> float:
    found = crisis.actors.codes("powdis")
    return float(np.mean(np.array(found) < 0)) if found else float("nan")


def _powers(crisis: Crisis, _: Past) -> float:
    """Great or super powers on both sides: among the first actors and behind the threat."""
    own, threat = crisis.actors.codes("powsta"), crisis.actors.codes("southpow")
    return float(any(n >= 3 for n in own) and any(n >= 3 for n in threat)) if own and threat else float("nan")


def _either(crisis: Crisis, _: Past) -> float:
    found = crisis.actors.codes("powsta") + crisis.actors.codes("southpow")
    return float(any(n >= 3 for n in found)) if found else float("nan")


def _past(name: str) -> Callable[[Crisis, Past], float]:
    return lambda _, past: float(getattr(past, name))


_PAST = ("pcid", "yrtrig", "motrig", "datrig")


def _listed() -> list[Feature]:
    out = [Feature(f"trigger-{k}", ("break",), (), _is("break", *c)) for k, c in TRIGGERS.items()]
    out += [Feature(f"region-{k}", ("geog",), (), _is("geog", *c)) for k, c in REGIONS.items()]
    out += [
        Feature("protracted", ("protrac",), (), _number("protrac", 2)),
        Feature("ethnic", ("ethnic",), (), _number("ethnic", 1, 2)),
        Feature("neighbours", ("geogrel",), (), _number("geogrel", 1, 1)),
        Feature("unlike", ("hetero",), (), lambda c, _: (code(c.system["hetero"]) or 3) / 5.0),
        Feature("threat-territory", (), ("gravty",), _any("gravty", 3)),
        Feature("threat-influence", (), ("gravty",), _any("gravty", 4)),
        Feature("threat-grave", (), ("gravty",), _any("gravty", 5)),
        Feature("threat-existence", (), ("gravty",), _any("gravty", 6)),
        Feature("issue-military", (), ("issue",), _any("issue", 1)),
        Feature("great-power", (), ("powsta", "southpow"), _either),
        Feature("great-powers-apart", (), ("powsta", "southpow"), _powers),
        Feature(
            "superpower",
            (),
            ("powsta", "southpow"),
            lambda c, _: float(4 in c.actors.codes("powsta") + c.actors.codes("southpow")),
        ),
        Feature("nuclear", (), ("nuclear",), _any("nuclear", 3, 4)),
        Feature("democracy", (), ("regime",), _any("regime", 1)),
        Feature("power-gap", (), ("powdis",), _gap),
        Feature("weaker", (), ("powdis",), _weaker),
        Feature("unrest", (), ("socunr", "massvl", "gvinst"), _unrest),
        Feature(
            "first-actors",
            (),
            ("yrtrig", "motrig", "datrig"),
            lambda c, _: float(np.log(max(1, len(c.actors.rows)))),
        ),
        Feature("past-crises", _PAST, (), lambda _, past: float(np.log1p(past.conflict))),
        Feature("past-deals", _PAST, (), _past("conflict_deal")),
        Feature("past-serious", _PAST, (), _past("conflict_serious")),
        Feature("past-wars", _PAST, (), _past("conflict_war")),
        Feature("recent-crises", (), ("cracid", "yrtrig"), lambda _, past: float(np.log1p(past.recent))),
        Feature("recent-wars", (), ("cracid", "yrtrig"), _past("recent_war")),
        Feature("recent-serious", (), ("cracid", "yrtrig"), _past("recent_serious")),
        Feature("pair-crises", ("trigent",), ("cracid",), lambda _, past: float(np.log1p(past.pair))),
        Feature("pair-serious", ("trigent",), ("cracid",), _past("pair_serious")),
        Feature("pair-wars", ("trigent",), ("cracid",), _past("pair_war")),
        Feature("last-serious", _PAST, ("cracid",), _past("last_serious")),
        Feature("last-war", _PAST, ("cracid",), _past("last_war")),
        Feature("at-home", (), ("cractloc",), _any("cractloc", 1)),
        Feature("far-away", (), ("cractloc",), _any("cractloc", 4)),
        Feature(
            "state-threat", ("trigent",), (), lambda c, _: float((code(c.system["trigent"]) or 999) < 990)
        ),
        Feature("allied", (), ("allycap",), _any("allycap", 3, 4)),
        Feature("new-state", (), ("age",), _any("age", 5, 6, 7, 8)),
        Feature("new-regime", (), ("durreg",), _any("durreg", 1)),
        Feature("running", _PAST, (), lambda _, past: float(np.log1p(past.running))),
        Feature("year", ("yrtrig",), (), lambda c, _: (c.start / 365.2425 - 1960.0) / 25.0),
        Feature("mediated", ("mediate",), (), _number("mediate", 4)),
        Feature("us-active", ("usinv",), (), _number("usinv", 3)),
        Feature("us-force", ("usinv",), (), _number("usinv", 4)),
        Feature("su-active", ("suinv",), (), _number("suinv", 3)),
        Feature("great-involved", ("gpinv",), (), _number("gpinv", 3)),
        Feature("un-active", ("globactm",), (), _number("globactm", 2)),
        Feature("regional-active", ("regactmb",), (), _number("regactmb", 2)),
        Feature("actors", ("noactr",), (), lambda c, _: float(np.log(code(c.system["noactr"]) or 2))),
        Feature("within-war", ("iwcmb",), (), _number("iwcmb", *RUNNING_WAR)),
        Feature("gravest", ("gravcr",), (), _number("gravcr", 5, 6)),
        # No model may use these; they stand here so that the guard has something to refuse.
        Feature("length", ("brexit",), (), lambda c, _: float(code(c.system["brexit"]) or 0)),
        Feature("recurred", ("outesr",), (), _number("outesr", 1, 1)),
    ]
    return out


FEATURES: Mapping[str, Feature] = {f.name: f for f in _listed()}


RATES = (0.31, 0.47, 0.24)
"""Shares of agreements, serious violence and war among the crises that began before 1985: only what the shares
of earlier crises of a conflict are drawn towards."""


@dataclass(frozen=True, eq=False)
class Kin:
    """Which crises had ended before another began and are its kin, (n, n) each, a row a crisis: of the same
    conflict, between the same pair, of its first actors within ten years; ``fresh`` how recent the first two are;
    ``running`` (n,) how many of the same conflict had not ended."""

    conflict: BoolArray
    pair: BoolArray
    recent: BoolArray
    fresh: FloatArray
    running: IntArray


def kin(history: History) -> Kin:
    """Who is whose kin: names and days only, so that it can be worked out before anything is known of endings."""
    start, end, conflict = history.start, history.end, history.conflict
    over = end[None, :] < start[:, None]
    same = conflict[None, :] == conflict[:, None]
    first = [frozenset(row["cracid"] for row in c.actors.rows) for c in history.crises]
    mates = np.array([[bool(own & other.everyone) for other in history.crises] for own in first])
    facing = np.array(
        [[c.system["trigent"] in other.everyone for other in history.crises] for c in history.crises]
    )
    pair = over & mates & facing
    known = (over & same) | pair
    ago = np.where(known, start[:, None] - np.where(known, end[None, :], 0.0), 0.0)
    return Kin(
        conflict=over & same,
        pair=pair,
        recent=over & mates & (end[None, :] > start[:, None] - DECADE),
        fresh=np.where(known, 0.5 ** (ago / HALF_LIFE), 0.0),
        running=((start[None, :] < start[:, None]) & ~over & same).sum(axis=1),
    )


def pasts(who: Kin, deal: IntArray, violence: IntArray) -> list[Past]:
    """Of every crisis how its kin had ended; ``RATES`` count as ``MEMORY`` cases beside them."""
    serious, war = (violence >= 1).astype(np.int64), (violence == 2).astype(np.int64)

    def share(of: BoolArray, what: IntArray, rate: float) -> FloatArray:
        return np.asarray((of @ what + MEMORY * rate) / (of.sum(axis=1) + MEMORY))

    found = {
        "conflict": who.conflict.sum(axis=1),
        "conflict_deal": share(who.conflict, deal, RATES[0]),
        "conflict_serious": share(who.conflict, serious, RATES[1]),
        "conflict_war": share(who.conflict, war, RATES[2]),
        "recent": who.recent.sum(axis=1),
        "recent_serious": share(who.recent, serious, RATES[1]),
        "recent_war": share(who.recent, war, RATES[2]),
        "pair": who.pair.sum(axis=1),
        "pair_serious": share(who.pair, serious, RATES[1]),
        "pair_war": share(who.pair, war, RATES[2]),
        "last_serious": (who.fresh * serious).max(axis=1),
        "last_war": (who.fresh * war).max(axis=1),
        "running": who.running,
    }
    return [Past(**{name: value[k] for name, value in found.items()}) for k in range(len(deal))]


def columns(
    history: History,
    names: Sequence[str],
    *,
    who: Kin | None = None,
    deal: IntArray | None = None,
    violence: IntArray | None = None,
) -> FloatArray:
    """(n, names) the columns as they stand, NaN where nothing is coded.

    ``deal`` and ``violence`` (n,) stand in for how the crises ended (a placebo shuffles them).
    """
    known = pasts(
        kin(history) if who is None else who,
        history.deal if deal is None else deal,
        history.violence if violence is None else violence,
    )
    return np.array(
        [[FEATURES[n].of(c, past) for n in names] for c, past in zip(history.crises, known, strict=True)],
        dtype=np.float64,
    ).reshape(len(history), len(names))
