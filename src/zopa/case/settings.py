"""Where and how to meet: settings as place × observers × form × host, and what each side makes of them."""

from typing import Literal

from pydantic import Field

from zopa.case.fields import NOT_STATED, Entry, Id, Points, Share, Text

Status = Literal["agreed", "refused", "open", "proposed", "dropped"]
Form = Literal["direct", "indirect", "open"]


class Setting(Entry):
    """One way to meet. ``form: open`` where the record does not say whether talks are direct."""

    id: Id
    name: Text | None = None
    place: Id
    observers: tuple[Id, ...] = ()
    """Parties that watch; none = the two sides alone."""
    form: Form = "open"
    host: Id | None = None
    status: Status = "open"
    proposed_by: tuple[Id, ...] = ()
    refused_by: tuple[Id, ...] = ()

    def features(self) -> tuple[str, ...]:
        """What criteria are scored on: ``place:muscat``, ``observers:none``, ``form:indirect``, ``host:oman``."""
        observers = ("observers:some",) if self.observers else ("observers:none",)
        host = (f"host:{self.host}",) if self.host else ()
        return (f"place:{self.place}", *observers, f"form:{self.form}", *host)


class Criterion(Entry):
    """What a setting is judged by, such as neutrality of the place or control of the agenda."""

    id: Id
    name: Text


class SettingView(Entry):
    """One party's view: criterion weights, scores (0–1) of features by criterion, and the value of not meeting.

    ``scores`` maps a feature (``place:muscat``) or a whole setting (its id) to criteria. A setting's score on a
    criterion is the mean over its features that have one, unless the setting itself has one.
    """

    weights: dict[Id, Points] = Field(default_factory=dict)
    scores: dict[str, dict[Id, Share]] = Field(default_factory=dict)
    not_meeting: Share = NOT_STATED


class Settings(Entry):
    """All settings in play, the criteria, and each party's view."""

    options: tuple[Setting, ...] = Field(min_length=1)
    criteria: tuple[Criterion, ...] = ()
    views: dict[Id, SettingView] = Field(default_factory=dict)
