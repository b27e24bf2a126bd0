"""The whole case file: every section, as written by people."""

from typing import Literal

from pydantic import Field

from zopa.case.actors import Body, Party, Person, PlaceEntry, Relation
from zopa.case.course import (
    ContradictionNote,
    Episode,
    Judgement,
    Move,
    Question,
    Scenario,
    Talks,
    Unknown,
)
from zopa.case.crisis import Crisis
from zopa.case.fields import Day, Id, Share, Text
from zopa.case.influence import Arena
from zopa.case.settings import Settings
from zopa.case.standoff import Assurance, Standoff
from zopa.case.table import (
    Agenda,
    Currency,
    Exclusion,
    Issue,
    Precondition,
    Preferences,
    Reading,
    RedLine,
    Synergy,
)
from zopa.claims.claim import Frozen, Kind
from zopa.claims.source import Letter


class GradeOverrides(Frozen):
    """This case's own weights instead of the shipped grade table."""

    reliability: dict[Letter, Share] = Field(default_factory=dict)
    credibility: dict[Literal["1", "2", "3", "4", "5", "6"], Share] = Field(default_factory=dict)
    bearing: dict[Kind, Share] = Field(default_factory=dict)


class CaseFile(Frozen):
    """``case.yaml`` (with ``private.yaml`` laid over it) as data."""

    zopa: Literal[1]
    title: Text
    summary: Text | None = None
    status: Literal["draft", "reviewed"] = "draft"
    as_of: Day
    retrospective: bool = False
    """Whether the case was written when it was known how it went on: its forecasts are marked so and never scored."""
    redacted: bool = False
    """Whether the case was made to be shared: it holds nothing private, and documents and claims may be left out."""
    cite: Text | None = None
    map: Literal["on", "off"] = "on"
    """Whether the workbench draws a map of parties and places."""
    parties: dict[Id, Party] = Field(default_factory=dict)
    people: dict[Id, Person] = Field(default_factory=dict)
    places: dict[Id, PlaceEntry] = Field(default_factory=dict)
    bodies: dict[Id, Body] = Field(default_factory=dict)
    relations: tuple[Relation, ...] = ()
    issues: dict[Id, Issue] = Field(default_factory=dict)
    exclusions: tuple[Exclusion, ...] = ()
    synergies: tuple[Synergy, ...] = ()
    currency: Currency | None = None
    agendas: dict[Id, Agenda] = Field(default_factory=dict)
    readings: dict[Id, tuple[Reading, ...]] = Field(default_factory=dict)
    preferences: dict[Id, Preferences] = Field(default_factory=dict)
    red_lines: tuple[RedLine, ...] = ()
    preconditions: tuple[Precondition, ...] = ()
    settings: Settings | None = None
    influence: dict[Id, Arena] = Field(default_factory=dict)
    """By issue: who stands where, at the table or not."""
    moves: tuple[Move, ...] = ()
    history: tuple[Episode, ...] = ()
    standoff: Standoff | None = None
    assurances: tuple[Assurance, ...] = ()
    crisis: Crisis | None = None
    talks: Talks | None = None
    questions: tuple[Question, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    unknowns: tuple[Unknown, ...] = ()
    contradictions: tuple[ContradictionNote, ...] = ()
    grades: GradeOverrides = GradeOverrides()

    @property
    def negotiators(self) -> tuple[str, ...]:
        """The parties at the table, in file order: the party axis of every array."""
        return tuple(k for k, party in self.parties.items() if "negotiator" in party.role)
