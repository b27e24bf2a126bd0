"""The present crisis in the terms of the history: when it began, the violence so far, and codes with their claims."""

from typing import Literal

from pydantic import Field

from zopa.case.fields import Day, Entry
from zopa.claims.claim import Frozen


class Since(Entry):
    """The day the crisis began."""

    on: Day


class Fought(Entry):
    """Violence so far in this crisis."""

    is_: Literal["none", "serious", "war"] = Field(alias="is")


class TriggerCode(Entry):
    """What set the crisis off: an act without violence, a challenge from within, a show or movement of force, violence
    through others, violence."""

    is_: Literal["political", "internal", "military", "indirect-violent", "violent"] = Field(alias="is")


class RegionCode(Entry):
    """Where the crisis lies."""

    is_: Literal["middle-east", "asia", "africa", "americas", "europe", "other"] = Field(alias="is")


class ThreatCode(Entry):
    """The gravest thing the first actors see threatened."""

    is_: Literal["territory", "influence", "grave", "existence", "other"] = Field(alias="is")


class Fact(Entry):
    """Something that is so or not."""

    is_: bool = Field(alias="is")


class Codes(Frozen):
    """Terms of the history; what is left out is averaged over."""

    trigger: TriggerCode | None = None
    region: RegionCode | None = None
    threat: ThreatCode | None = None
    protracted: Fact | None = None
    """Earlier crises of the same conflict."""
    within_war: Fact | None = Field(default=None, alias="within-war")
    """A war was running when it began."""
    neighbours: Fact | None = None
    ethnic: Fact | None = None
    unrest: Fact | None = None
    """Disorder within the first actor."""
    democracy: Fact | None = None
    state_threat: Fact | None = Field(default=None, alias="state-threat")
    """The threat comes from a state."""
    at_home: Fact | None = Field(default=None, alias="at-home")
    far_away: Fact | None = Field(default=None, alias="far-away")
    new_state: Fact | None = Field(default=None, alias="new-state")
    new_regime: Fact | None = Field(default=None, alias="new-regime")


class Crisis(Frozen):
    """How the present crisis stands, for comparison with earlier ones."""

    since: Since | None = None
    violence: Fought | None = None
    codes: Codes = Codes()
