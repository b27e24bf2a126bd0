"""What is on the table: issues and options, agendas, readings, preferences, red lines, preconditions."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from zopa.case.fields import NOT_STATED, Amount, Day, Entry, Gain, Id, Number, Points, Share, Text
from zopa.claims.claim import Frozen
from zopa.estimate import POSITIVE, UNKNOWN

NO_POINTS = Number(UNKNOWN, POSITIVE)


class Option(Entry):
    """One way an issue can be settled."""

    id: Id
    name: Text


class Issue(Entry):
    """A matter to be settled, with its options in order along its scale, and each side's own word for it."""

    name: Text
    called: dict[Id, Text] = Field(default_factory=dict)
    status_quo: Id
    options: tuple[Option, ...] = Field(min_length=2)
    tags: tuple[str, ...] = ()
    """Words of the issue catalogue by which the reader recognises it."""
    words: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """This case's own words for it, by language."""

    def index(self, option: str) -> int:
        """Position of an option in the issue's order."""
        return [o.id for o in self.options].index(option)


class Exclusion(Entry):
    """Options that cannot stand in one package: ``not: {issue: option, ...}``."""

    not_: dict[Id, Id] = Field(alias="not", min_length=2)


class Synergy(Entry):
    """What a combination of options adds to (or takes from) one party's utility."""

    party: Id
    when: dict[Id, Id] = Field(min_length=2)
    adds: Gain


class Currency(Entry):
    """A side payment the parties could make, and what one unit is worth to each on its own scale."""

    name: Text
    worth: dict[Id, Share]
    most: Amount | None = None


def _outcomes(value: object) -> object:
    """One option for certain is a share of one for it."""
    return {value: 1.0} if isinstance(value, str) else value


Outcomes = Annotated[
    dict[Id, Share],
    BeforeValidator(_outcomes),
    Field(min_length=1),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "additionalProperties": {
                        "anyOf": [{"type": "number"}, {"type": "string"}, {"type": "object"}]
                    },
                    "minProperties": 1,
                },
            ]
        }
    ),
]
"""Where an issue ends up that nobody talks about: an option, or the share of each of several."""


class Agenda(Entry):
    """A set of issues to be discussed, and who wants just that."""

    name: Text | None = None
    issues: tuple[Id, ...] = Field(min_length=1)
    wanted_by: tuple[Id, ...] = ()
    refused_by: tuple[Id, ...] = ()
    status: str | None = None
    freeze: dict[Id, Outcomes] = Field(default_factory=dict)
    """Where issues off this agenda end up, if not at their status quo: an option, or the share of each of several
    (``{untouched: 0.6 to 0.9, capped: 0.1 to 0.4}``), whose proportions count."""


class Reading(Entry):
    """One of several rival accounts of what a party is after; ``sets`` overrides estimates where it holds.

    Keys of ``sets`` are paths of estimates (``preferences.us.missiles.weight``), values the estimates they become.
    """

    id: Id
    name: Text | None = None
    prior: Share = NOT_STATED
    sets: dict[str, Any] = Field(default_factory=dict)


class IssuePreference(Entry):
    """How one party values one issue: relative weight, its best and worst option, the options between (0 to 1)."""

    weight: Points = NO_POINTS
    best: Id
    worst: Id
    values: dict[Id, Share] = Field(default_factory=dict)


class NoDeal(Entry):
    """What no agreement at all is worth to the party on its own 0–1 scale: its walk-away value."""

    value: Share = NOT_STATED


class Preferences(Frozen):
    """A party's preferences: one entry an issue, and its walk-away value."""

    issues: dict[Id, IssuePreference] = Field(default_factory=dict)
    no_deal: NoDeal | None = None

    @model_validator(mode="before")
    @classmethod
    def _issues_beside_no_deal(cls, value: object) -> object:
        # In the file the issues stand beside no_deal; in the model they have a mapping of their own.
        if not isinstance(value, dict) or "issues" in value:
            return value
        rest = {k: v for k, v in value.items() if k != "no_deal"}
        return {"issues": rest, "no_deal": value.get("no_deal")}


class RedLine(Entry):
    """What a party says it will not accept: options of an issue, or (``on``) a feature of the process.

    ``firm`` is the probability that it is absolute, ``cost`` the loss on the party's 0–1 scale if it is not.
    With ``on: agenda``, ``rejects`` names issues the party refuses to discuss.
    """

    id: Id | None = None
    party: Id
    issue: Id | None = None
    on: Literal["agenda", "venue", "format", "observers", "host"] | None = None
    rejects: tuple[Id, ...] = Field(min_length=1)
    firm: Share = NOT_STATED
    cost: Share = NOT_STATED

    @property
    def key(self) -> str:
        """Its id, or one made of party and matter: the name its draws are keyed by."""
        return self.id or "-".join((self.party, self.issue or self.on or "", *self.rejects))

    @model_validator(mode="after")
    def _one_matter(self) -> "RedLine":
        if (self.issue is None) == (self.on is None):
            raise PydanticCustomError("red-line-matter", "red-line-matter")
        return self


class Precondition(Entry):
    """Something a side demands before or for talking at all."""

    id: Id | None = None
    by: Id
    on: str
    text: Text | None = None
    status: Literal["open", "met", "refused", "withdrawn"] = "open"
    since: Day | None = None
