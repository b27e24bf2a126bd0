"""Who and where: parties, the people in them, places, bodies, relations."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from zopa.case.fields import Day, Entry, Id, Text

Role = Literal["negotiator", "host", "mediator", "outside", "lobby", "observer"]


def _roles(value: object) -> object:
    return [value] if isinstance(value, str) else value


class Party(Entry):
    """A side or a third party. Only negotiators sit at the table; outside ones can act without sitting there."""

    name: Text
    role: Annotated[tuple[Role, ...], BeforeValidator(_roles)] = Field(min_length=1)
    members: tuple[Text, ...] = ()
    territory: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    """ISO 3166 code, for names and maps."""


class Person(Entry):
    """A voice: voices within a party are not one voice. ``party`` is null for commentators."""

    party: Id | None = None
    name: Text
    title: Text | None = None
    role: Literal["decides", "negotiates", "speaks", "can-veto", "comments"]


class PlaceEntry(Entry):
    """A place the record names."""

    name: Text
    kind: Literal["venue", "country", "region", "site", "capital"] = "venue"
    territory: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    longitude: float | None = Field(default=None, ge=-180, le=180)
    latitude: float | None = Field(default=None, ge=-90, le=90)


class Body(Entry):
    """An office, an outlet, a force or an organisation the record names."""

    name: Text
    kind: Literal["office", "outlet", "force", "organisation", "programme", "group"]
    party: Id | None = None
    role: Text | None = None


class Relation(Entry):
    """Something that stands between two parties from a day on, such as an ally asked to refrain."""

    from_: Id = Field(alias="from")
    to: Id
    kind: Literal[
        "ally",
        "adversary",
        "asked-to-refrain",
        "lobbies",
        "mediates-for",
        "hosts",
        "supports",
        "pressures",
        "guarantees",
    ]
    on: Day | None = None
