"""The standoff: options, rules, threats, preferences over states, and what would make a deal hold."""

from typing import Any, Literal

from pydantic import Field, model_validator

from zopa.case.fields import NOT_STATED, Entry, Id, Points, Share, Text
from zopa.case.table import NO_POINTS


class StandoffOption(Entry):
    """A yes/no course of action one party controls."""

    id: Id
    party: Id
    name: Text
    one_way: Literal["on", "off"] | None = None
    """``on``: once taken it cannot be undone; ``off``: once dropped it cannot be taken up again."""
    now: bool = False
    """Whether it is taken in the status quo."""


class Rule(Entry):
    """A Boolean expression over options that no state may satisfy."""

    id: Id | None = None
    when: str
    name: Text | None = None


class Threat(Entry):
    """A conditional threat as stated: if this, then that."""

    id: Id
    by: Id
    if_: str = Field(alias="if")
    then: str
    name: Text | None = None


class Statement(Entry):
    """A preference statement: the party would rather have ``holds`` true; earlier ones rank higher."""

    id: Id | None = None
    holds: str
    weight: Points = NO_POINTS
    """For option weighting instead of priority order."""
    chance: Share = NOT_STATED
    """Probability that the party ranks by this statement at all."""
    name: Text | None = None


class Ranking(Entry):
    """One party's preference over states: prioritised statements, or weights, or a direct ranking with ties."""

    statements: tuple[Statement, ...] = ()
    by: Literal["priority", "weights"] = "priority"
    ranking: tuple[tuple[int, ...], ...] = ()
    """State numbers, best first; each inner list is a tie."""
    misperceived: tuple[int, ...] = ()
    """States this party does not see."""
    prefers: tuple[tuple[int, int], ...] = ()
    """Single pairs that override the rest: (better, worse)."""
    unknown: tuple[tuple[int, int], ...] = ()
    strongly: tuple[tuple[int, int], ...] = ()


class Arc(Entry):
    """One possible move in a standoff given as a graph; one that two parties can make is written for each."""

    party: Id
    from_: int = Field(alias="from", ge=1)
    to: int = Field(ge=1)
    name: Text | None = None
    """What the party does, or why it can."""


class GraphState(Entry):
    """A state of a standoff given as a graph."""

    n: int = Field(ge=1)
    name: Text
    holds: tuple[Id, ...] = ()
    """What is true in it, in words of the case's own: rules of statements, threats and outcomes refer to them."""


class Merged(Entry):
    """States that count as one, known by the first: it can be entered and left wherever one of them can."""

    states: tuple[int, ...] = Field(min_length=2)
    name: Text | None = None


class Outcome(Entry):
    """A named set of states, such as deal or war: a Boolean expression over options, or state numbers."""

    id: Id
    name: Text
    when: str | None = None
    states: tuple[int, ...] = ()
    kind: Literal["deal", "violence", "talks", "other"] = "other"


class Standoff(Entry):
    """A graph-model conflict, in option form (options and rules) or graph form (states and arcs)."""

    parties: tuple[Id, ...] = ()
    """Order of the decision makers; empty = order of first option. A decision maker may own no option."""
    options: tuple[StandoffOption, ...] = ()
    infeasible: tuple[Rule, ...] = ()
    threats: tuple[Threat, ...] = ()
    rankings: dict[Id, Ranking] = Field(default_factory=dict)
    states: tuple[GraphState, ...] = ()
    arcs: tuple[Arc, ...] = ()
    merged: tuple[Merged, ...] = ()
    """State numbers, as they are before anything is merged."""
    outcomes: tuple[Outcome, ...] = ()
    status_quo: int | None = None
    """State number, for graph form; option form takes ``now`` of the options."""

    @model_validator(mode="before")
    @classmethod
    def _rules_may_be_plain(cls, value: object) -> object:
        if isinstance(value, dict) and isinstance(value.get("infeasible"), list):
            rules: list[Any] = [{"when": r} if isinstance(r, str) else r for r in value["infeasible"]]
            return {**value, "infeasible": rules}
        return value


class Assurance(Entry):
    """What could make a deal hold: a guarantee, verification, phasing, or a cost of defecting."""

    id: Id
    name: Text
    kind: Literal["guarantee", "verification", "phasing", "penalty", "relief"]
    offered_by: Id | None = None
    to: tuple[Id, ...] = ()
    option: Id | None = None
    detects: Share = NOT_STATED
    cost_of_defecting: dict[Id, Share] = Field(default_factory=dict)
