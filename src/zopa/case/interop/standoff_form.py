"""What the files of graph-model programs have in common, and the standoff section a case makes of it.

States are numbered from 1 by increasing binary value over the feasible ones; the first option is the lowest bit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from zopa.case.interop.patterns import Masks, Pattern

MOST_OPTIONS = 24
"""States are listed to number them: 2^24 of them at most."""
MOST_ALIKE = 100_000
"""States up to which a case file can list all of them as one tie."""
RESERVED = frozenset({"not", "and", "or", "if", "iff", "then", "xor", "implies", "true", "false", "none"})
"""What no option may be called, since expressions use it."""


@dataclass(frozen=True)
class Option:
    """A yes/no option: its id in the case, its owner's position, its name; ``one_way`` as a case file writes it."""

    id: str
    owner: int
    name: str
    one_way: str | None = None


@dataclass
class Maker:
    """A decision maker with its preference: prioritised patterns, or a ranking of states."""

    name: str
    id: str
    priorities: list[Pattern] = field(default_factory=list)
    ranking: list[list[int]] = field(default_factory=list)
    blind: list[int] = field(default_factory=list)
    """States it does not see."""
    moves: list[tuple[int, int]] = field(default_factory=list)


def indifferent(maker: Maker, states: int) -> bool:
    """Ranks all states alike for a maker that wants nothing in particular; False where they are too many to write.

    A party without any preference in a case is one whose preference nobody knows, which is not the same.
    """
    if maker.ranking or maker.priorities:
        return True
    if states <= MOST_ALIKE:
        maker.ranking = [list(range(1, states + 1))]
    return states <= MOST_ALIKE


def parties(makers: Sequence[Maker]) -> dict[str, object]:
    """The parties section: everybody in the standoff negotiates."""
    return {maker.id: {"name": maker.name, "role": "negotiator"} for maker in makers}


def option_form(
    options: Sequence[Option],
    makers: Sequence[Maker],
    infeasible: Sequence[Pattern],
    states: Masks,
    status_quo: int = 1,
) -> dict[str, object]:
    """The standoff section of a conflict in option form; ``status_quo`` is the number of a feasible state."""
    ids = [option.id for option in options]
    now = int(states[status_quo - 1])
    out: dict[str, object] = {
        "options": [_option(o, makers, now=bool(now >> bit & 1)) for bit, o in enumerate(options)]
    }
    if infeasible:
        out["infeasible"] = [pattern.text(ids) for pattern in infeasible]
    return {**_standoff(makers), **out, "rankings": _rankings(makers, ids)}


def graph_form(names: Mapping[int, str], makers: Sequence[Maker], status_quo: int) -> dict[str, object]:
    """The standoff section of a conflict in graph form: a name for each state by number, moves by decision maker."""
    return {
        **_standoff(makers),
        "states": [{"n": n, "name": name} for n, name in names.items()],
        "arcs": [{"party": maker.id, "from": a, "to": b} for maker in makers for a, b in maker.moves],
        "rankings": _rankings(makers),
        "status_quo": status_quo,
    }


def _standoff(makers: Sequence[Maker]) -> dict[str, object]:
    return {"assumed": True, "parties": [maker.id for maker in makers]}


def _option(option: Option, makers: Sequence[Maker], *, now: bool) -> dict[str, object]:
    out: dict[str, object] = {"id": option.id, "party": makers[option.owner].id, "name": option.name}
    if option.one_way:
        out["one_way"] = option.one_way
    return {**out, "now": True} if now else out


def _rankings(makers: Sequence[Maker], ids: Sequence[str] = ()) -> dict[str, object]:
    out: dict[str, object] = {}
    for maker in makers:
        ranking: dict[str, object] = {"assumed": True}
        if maker.ranking:
            ranking["ranking"] = maker.ranking
        elif maker.priorities:
            # Every statement counts in every draw: the file knows no doubt.
            ranking["statements"] = [
                {"holds": pattern.text(ids), "chance": 1, "assumed": True} for pattern in maker.priorities
            ]
        if maker.blind:
            ranking["misperceived"] = maker.blind
        out[maker.id] = ranking
    return out
