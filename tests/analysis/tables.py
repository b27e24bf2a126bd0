"""Small negotiations made by hand or at random, and their answers worked out package by package."""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
from hypothesis import strategies as st

from tests.claims.cases import case
from tests.claims.made import claim
from zopa.case.case import Case
from zopa.case.draws import Draws
from zopa.case.quantities import basis_of

Package = tuple[int, ...]


def issue(name: str, *options: str, status_quo: str | None = None) -> dict[str, Any]:
    """An issue whose names in the two languages can be told apart; the first option is the status quo."""
    return {
        "name": {"en": name.capitalize(), "zh": f"议题{name}"},
        "status_quo": status_quo or options[0],
        "options": [{"id": o, "name": {"en": f"{o} {name}", "zh": f"{name}取{o}"}} for o in options],
    }


def preference(weight: object, best: str, worst: str, **values: object) -> dict[str, Any]:
    return {"weight": weight, "best": best, "worst": worst, "values": values, "assumed": True}


def party(en: str, zh: str, role: str = "negotiator") -> dict[str, Any]:
    return {"name": {"en": en, "zh": zh}, "role": role}


def linkage(no_deal: float = 1 / 3) -> dict[str, Any]:
    """x costs the left side .3 and gives the right one .6, y the reverse, on scales of width .9 that start at .3."""
    sides = {
        "left": {"x": preference(1, "no", "yes"), "y": preference(2, "yes", "no")},
        "right": {"x": preference(2, "yes", "no"), "y": preference(1, "no", "yes")},
    }
    return {
        "issues": {"x": issue("x", "no", "yes"), "y": issue("y", "no", "yes")},
        "preferences": {
            side: {**issues, "no_deal": {"value": no_deal, "assumed": True}} for side, issues in sides.items()
        },
    }


def pies() -> dict[str, Any]:
    """Two pies to share in quarters; each side weighs another one at .8; nothing agreed, nothing got."""
    shares = [f"s{k}" for k in range(5)]
    sides = {"left": (8, 2, range(5)), "right": (2, 8, range(4, -1, -1))}
    preferences: dict[str, Any] = {}
    for side, (first, second, order) in sides.items():
        values = {"none": 0.0, **{o: k / 4 for o, k in zip(shares, order, strict=True)}}
        best = "s4" if side == "left" else "s0"
        preferences[side] = {
            "one": preference(first, best, "none", **values),
            "two": preference(second, best, "none", **values),
            "no_deal": {"value": 0.0, "assumed": True},
        }
    return {
        "issues": {name: issue(name, "none", *shares) for name in ("one", "two")},
        "preferences": preferences,
    }


def debate(**changes: Any) -> dict[str, Any]:
    """Two sides, two issues, ranges, a red line and a refusal to talk, resting on claims c0 … c5 and on assumptions."""
    file: dict[str, Any] = {
        "issues": {
            "land": issue("land", "none", "some", "all"),
            "water": issue("water", "old", "shared", "new"),
        },
        "preferences": {
            "left": {
                "land": {
                    "weight": "20 to 40",
                    "best": "all",
                    "worst": "none",
                    "values": {"some": "0.3 to 0.8"},
                    "because": ["c0"],
                },
                "water": {"weight": "20 to 40", "best": "new", "worst": "old", "assumed": True},
                "no_deal": {"value": "0.1 to 0.5", "because": ["c1"]},
            },
            "right": {
                "land": {"weight": "30 to 60", "best": "none", "worst": "all", "because": ["c2"]},
                "water": {"weight": "10 to 30", "best": "new", "worst": "old", "because": ["c3"]},
                "no_deal": {"value": "0.2 to 0.5", "assumed": True},
            },
        },
        "red_lines": [
            {
                "id": "no-land",
                "party": "right",
                "issue": "land",
                "rejects": ["all"],
                "firm": "0.4 to 0.9",
                "cost": "0.1 to 0.4",
                "because": ["c4"],
            },
            {
                "id": "no-water-talks",
                "party": "left",
                "on": "agenda",
                "rejects": ["water"],
                "firm": "0.2 to 0.6",
                "because": ["c5"],
            },
        ],
        "agendas": {
            "short": {"issues": ["land"], "wanted_by": ["left"], "refused_by": ["right"], "because": ["c5"]},
            "long": {
                "name": {"en": "everything", "zh": "全部议题"},
                "issues": ["land", "water"],
                "wanted_by": ["right"],
                "assumed": True,
            },
        },
    }
    return {**file, **changes}


def record(n: int = 6, **given: Any) -> tuple[Any, ...]:
    """Claims ``c0`` … each of an origin of its own."""
    return tuple(claim(f"c{k}", f"claim {k}", **{"kind": "offer", **given}) for k in range(n))


def debated(*, claims: Sequence[Any] | None = None, **changes: Any) -> Case:
    return case(debate(**changes), *(record() if claims is None else claims))


# -- at random -----------------------------------------------------------------------------------------------------

SHARE = st.floats(0.0, 1.0).map(lambda v: round(v, 3))


def _estimate(ends: tuple[float, float]) -> object:
    low, high = sorted(ends)
    return low if high - low < 0.05 else f"{low} to {high}"


ESTIMATE = st.tuples(SHARE, SHARE).map(_estimate)


@st.composite
def negotiations(
    draw: st.DrawFn, *, parties: tuple[int, int] = (2, 3), links: bool = True, refusals: bool = True
) -> dict[str, Any]:
    """A small case file: some parties, issues and options, red lines of all kinds, exclusions and synergies."""
    names = ["left", "right", "third"][: draw(st.integers(*parties))]
    issues = {
        f"i{k}": issue(f"i{k}", *(f"o{j}" for j in range(draw(st.integers(2, 3)))))
        for k in range(draw(st.integers(1, 3)))
    }
    options = {key: [o["id"] for o in entry["options"]] for key, entry in issues.items()}
    file: dict[str, Any] = {
        "parties": {name: party(name.capitalize(), f"{name}方") for name in names},
        "issues": issues,
        "preferences": {name: draw(_preferences(options)) for name in names},
        "red_lines": draw(_red_lines(names, options, refusals)),
    }
    if links and len(options) > 1:
        file["exclusions"] = draw(
            st.lists(_joint(options).map(lambda c: {"not": c, "assumed": True}), max_size=2)
        )
        synergies = st.fixed_dictionaries(
            {
                "party": st.sampled_from(names),
                "when": _joint(options),
                "adds": st.floats(-0.5, 0.5).map(lambda v: round(v, 3)),
                "assumed": st.just(True),
            }
        )
        file["synergies"] = draw(st.lists(synergies, max_size=2))
    return file


@st.composite
def _preferences(draw: st.DrawFn, options: Mapping[str, list[str]]) -> dict[str, Any]:
    out: dict[str, Any] = {"no_deal": {"value": draw(ESTIMATE), "assumed": True}}
    for key, ids in options.items():
        best, worst = draw(st.permutations(ids))[:2]
        inner = {o: draw(ESTIMATE) for o in ids if o not in (best, worst)}
        out[key] = preference(draw(st.integers(1, 9)), best, worst, **inner)
    return out


@st.composite
def _red_lines(
    draw: st.DrawFn, names: Sequence[str], options: Mapping[str, list[str]], refusals: bool
) -> list[dict[str, Any]]:
    lines = []
    for k in range(draw(st.integers(0, 3))):
        on_agenda = refusals and draw(st.booleans())
        key = draw(st.sampled_from(sorted(options)))
        lines.append(
            {
                "id": f"line{k}",
                "party": draw(st.sampled_from(names)),
                **(
                    {"on": "agenda", "rejects": [key]}
                    if on_agenda
                    else {"issue": key, "rejects": [options[key][-1]]}
                ),
                "firm": draw(ESTIMATE),
                "cost": draw(ESTIMATE),
                "assumed": True,
            }
        )
    return lines


@st.composite
def _joint(draw: st.DrawFn, options: Mapping[str, list[str]]) -> dict[str, str]:
    """Options of two issues; never both at the status quo, which must stay feasible."""
    one, two = draw(st.permutations(sorted(options)))[:2]
    return {one: draw(st.sampled_from(options[one][1:])), two: draw(st.sampled_from(options[two]))}


# -- package by package --------------------------------------------------------------------------------------------


def utilities(case: Case, drawn: Draws) -> dict[Package, np.ndarray]:
    """(D, P) utility of every package, from the drawn weights, values and costs, and the case's synergies."""
    table, file = drawn.table, case.file
    keys = list(file.issues)
    out: dict[Package, np.ndarray] = {}
    for package in product(*(range(len(i.options)) for i in file.issues.values())):
        total = np.zeros((drawn.n, len(table.parties)))
        for i, k in enumerate(package):
            total += table.weights[:, :, i] * table.values[i][:, :, k] - table.costs[i][:, :, k]
        for n, synergy in enumerate(file.synergies):
            if synergy.party in table.parties and _holds(file, keys, package, synergy.when):
                values, there = drawn.stated(f"synergies.{n}.adds")
                total[:, table.parties.index(synergy.party)] += np.where(there, values, 0.0)
        out[package] = total
    return out


def barred(case: Case, drawn: Draws) -> dict[Package, np.ndarray]:
    """(D, P) whether each package crosses an absolute red line of a party, or cannot be at all."""
    table, file = drawn.table, case.file
    keys = list(file.issues)
    out: dict[Package, np.ndarray] = {}
    for package in product(*(range(len(i.options)) for i in file.issues.values())):
        crosses = np.any([table.vetoes[i][:, :, k] for i, k in enumerate(package)], axis=0)
        for exclusion in file.exclusions:
            if _holds(file, keys, package, exclusion.not_):
                crosses |= drawn.stands(basis_of(exclusion))[:, None]
        out[package] = crosses
    return out


def accepted(case: Case, drawn: Draws) -> dict[Package, np.ndarray]:
    """(D, P) whether each party would rather have each package than walk away."""
    crosses = barred(case, drawn)
    return {p: (u >= drawn.table.reserve - 1e-9) & ~crosses[p] for p, u in utilities(case, drawn).items()}


def _holds(file: Any, keys: Sequence[str], package: Package, wanted: Mapping[str, str]) -> bool:
    return all(file.issues[i].options[package[keys.index(i)]].id == o for i, o in wanted.items())


def moved(case: Case, package: Package) -> int:
    """How many issues a package moves off the status quo."""
    return sum(
        i.options[k].id != i.status_quo for i, k in zip(case.file.issues.values(), package, strict=True)
    )
