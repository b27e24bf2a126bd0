"""The map: where parties and places are, as the case says; nothing is drawn that it does not give."""

import json
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from zopa.brief.document import Section
from zopa.brief.html import Picture, picture
from zopa.brief.spreadsheet import as_csv
from zopa.case.actors import Party, PlaceEntry
from zopa.case.case import Case
from zopa.case.fields import Entry
from zopa.case.labels import territory_name
from zopa.case.settings import Setting
from zopa.charts.chart import Chart
from zopa.charts.map import Spot, Territory, map_chart
from zopa.charts.shapes import has_shape
from zopa.result import Table
from zopa.web.pages import WebPage, drawn
from zopa.words import Language, say

if TYPE_CHECKING:
    from zopa.web.app import Workbench

RANKS = ("agreed", "proposed", "refused", "dropped", "open")
"""What a place is marked by where its settings differ."""
KEPT = 8
"""Maps that are kept drawn."""


@dataclass(frozen=True)
class Atlas:
    """A case by place, in one language: what was known on its day."""

    case: Case
    lang: Language

    @cached_property
    def parties(self) -> Mapping[str, Party]:
        """The parties known on the day."""
        return {key: party for key, party in self.case.file.parties.items() if self._known(party)}

    @cached_property
    def places(self) -> Mapping[str, PlaceEntry]:
        """The places known on the day."""
        return {key: place for key, place in self.case.file.places.items() if self._known(place)}

    @cached_property
    def settings(self) -> tuple[Setting, ...]:
        """The settings that somebody put forward or refused, as far as known on the day."""
        return tuple(setting for setting in self._said if self._known(setting))

    @property
    def later(self) -> int:
        """How many entries rest on claims first known after the day."""
        file = self.case.file
        return (
            len(file.parties)
            + len(file.places)
            + len(self._said)
            - len(self.parties)
            - len(self.places)
            - len(self.settings)
        )

    @property
    def _off(self) -> bool:
        return self.case.file.map == "off"

    @property
    def _said(self) -> list[Setting]:
        options = self.case.file.settings.options if self.case.file.settings else ()
        return [s for s in options if s.status != "open" or s.proposed_by or s.refused_by or s.because]

    def _known(self, entry: Entry) -> bool:
        return not entry.because or bool(self.claims(entry))

    def claims(self, *entries: Entry) -> tuple[str, ...]:
        """The claims of the record behind entries."""
        known = self.case.ledger.by_id
        return tuple(dict.fromkeys(c.claim for e in entries for c in e.because if c.claim in known))

    def say(self, key: str, **values: object) -> str:
        """A sentence of the map's catalogue."""
        return say(f"map.{key}", self.lang, **values)

    # ---- what is where -----------------------------------------------------------------------------------------

    def at(self, place: str) -> tuple[Setting, ...]:
        """The settings in play at a place, what was agreed first."""
        return tuple(
            sorted((s for s in self.settings if s.place == place), key=lambda s: RANKS.index(s.status))
        )

    def mark(self, key: str) -> str | None:
        """How a place is marked: by what became of its settings, else by its kind; None for a whole country."""
        found, kind = self.at(key), self.places[key].kind
        if found:
            return found[0].status
        if kind == "country":
            return None if self.places[key].territory else "region"
        return kind

    def named(self, key: str) -> str:
        """A place's name, with what became of its settings."""
        name, found = self.places[key].name.get(self.lang), self.at(key)
        return self.say("joined", name=name, word=self.status(found[0])) if found else name

    def status(self, setting: Setting) -> str:
        """What became of a setting."""
        return say(f"setting.status-{setting.status}", self.lang)

    def roles(self, party: Party) -> str:
        """A party's roles in words."""
        return self.say("between").join(self.say(f"role-{role}") for role in party.role)

    def spots(self) -> list[Spot]:
        """Places with coordinates, venues first."""
        out = []
        for key, place in self.places.items():
            mark, point = self.mark(key), self._point(place)
            if mark and point:
                out.append(Spot(self.named(key), self._told(key), *point, mark))
        ranks = [*RANKS, "venue", "capital", "site", "region"]
        return sorted(out, key=lambda spot: ranks.index(spot.mark))

    @staticmethod
    def _point(place: PlaceEntry) -> tuple[float, float] | None:
        if place.longitude is None or place.latitude is None:
            return None
        return place.longitude, place.latitude

    def _told(self, key: str) -> str:
        settings = self._settings(key)
        name = self.places[key].name.get(self.lang)
        return self.say("apart").join(
            [name, *([settings] if settings else [self.say(f"kind-{self.places[key].kind}")])]
        )

    def territories(self) -> list[Territory]:
        """Territories that parties or places are given, each once, the negotiators' first."""
        sides = self.case.negotiators
        owners: dict[str, list[str]] = {}
        for key, party in self.parties.items():
            if party.territory:
                owners.setdefault(party.territory, []).append(key)
        at: dict[str, tuple[float, float]] = {}
        for place in self.places.values():
            if place.territory:
                owners.setdefault(place.territory, [])
            point = self._point(place)
            if place.territory and place.kind == "country" and point:
                at.setdefault(place.territory, point)
        out = []
        for code, keys in owners.items():
            parties = [self.parties[key] for key in keys]
            names = [party.name.get(self.lang) for party in parties] or [self._country(code)]
            told = [
                self.say("joined", name=p.name.get(self.lang), word=self.roles(p)) for p in parties
            ] or names
            roles = dict.fromkeys(role for p in parties for role in p.role if role != "negotiator")
            own = tuple(sides.index(key) for key in keys if key in sides)
            out.append(
                Territory(
                    code, " / ".join(names), self.say("apart").join(told), own, tuple(roles), at.get(code)
                )
            )
        return sorted(out, key=lambda t: (not t.sides, not t.roles))

    def _country(self, code: str) -> str:
        """The case's own name of a country, or CLDR's."""
        found = (p for p in self.places.values() if p.territory == code and p.kind == "country")
        own = next(found, None)
        return own.name.get(self.lang) if own else territory_name(code, self.lang)

    # ---- as words ----------------------------------------------------------------------------------------------

    def headline(self) -> str:
        """Which venues were agreed, proposed, refused."""
        out = []
        for status in RANKS:
            names = [
                p.name.get(self.lang)
                for k, p in self.places.items()
                if (f := self.at(k)) and f[0].status == status
            ]
            if names:
                out.append(self.say(f"status-{status}", names=self.say("between").join(names)))
        return ("" if self.lang == "zh" else " ").join(out) or self.say("status-none")

    def chart(self) -> Chart | None:
        """The map; None where there is nothing to draw."""
        lands = self.territories()
        shaded = [t.told for t in lands if has_shape(t.code)] or ["–"]
        described = self.say("described", headline=self.headline(), names=self.say("apart").join(shaded))
        sides = [self.case.file.parties[p].name.get(self.lang) for p in self.case.negotiators]
        named = partial(territory_name, lang=self.lang)
        return map_chart(lands, self.spots(), sides, named, described, self.lang)

    def section(self) -> tuple[Section, Chart | None]:
        """The page's words and its picture."""
        chart = None if self._off else self.chart()
        bare = sum(self._point(p) is None for p in self.places.values())
        told = [
            *([self.say("off")] if self._off else [] if chart else [self.say("nothing")]),
            *([self.say("unplaced", n=bare)] if bare else []),
            *([self.say("later", n=self.later)] if self.later else []),
        ]
        entries = [*self.parties.values(), *self.places.values(), *self.settings]
        return (
            Section(
                key="map",
                kind="answer",
                question=self.say("question"),
                headline=self.headline(),
                verdicts={},
                paragraphs=tuple(told),
                chart=chart,
                tables=tuple(t for t in (self._parties(), self._places()) if t.rows),
                claims=self.claims(*entries),
            ),
            chart,
        )

    def _land(self, code: str | None) -> str:
        if code is None:
            return self.say("no-territory")
        name = territory_name(code, self.lang)
        return self.say("joined", name=name, word=code) if name != code else code

    def _parties(self) -> Table:
        rows = []
        for party in self.parties.values():
            code = party.territory
            if self._off:
                shown = self.say("drawn-off")
            elif code is None:
                shown = self.say("drawn-none")
            else:
                shown = self.say("drawn-shape") if has_shape(code) else self.say("drawn-unknown", code=code)
            rows.append((party.name.get(self.lang), self.roles(party), self._land(code), shown))
        columns = ("party", "role", "territory", "drawn")
        because = [self.claims(party) for party in self.parties.values()]
        return self._table("parties", columns, rows, because)

    def _places(self) -> Table:
        rows, because = [], []
        for key, place in self.places.items():
            rows.append(
                (
                    place.name.get(self.lang),
                    self.say(f"kind-{place.kind}"),
                    self._settings(key) or self.say("no-settings"),
                    self._land(place.territory),
                    self._coordinates(place),
                )
            )
            because.append(self.claims(place, *self.at(key)))
        return self._table("places", ("place", "kind", "settings", "territory", "coordinates"), rows, because)

    def _table(
        self,
        name: str,
        columns: Iterable[str],
        rows: Sequence[tuple[str, ...]],
        because: Sequence[tuple[str, ...]],
    ) -> Table:
        heads = tuple(self.say(f"column-{column}") for column in columns)
        return Table(self.say(name), heads, tuple(rows), tuple(because))

    def _settings(self, key: str) -> str:
        told = []
        for setting in self.at(key):
            name = setting.name.get(self.lang) if setting.name else setting.id
            told.append(self.say("joined", name=name, word=self.status(setting)))
        return self.say("apart").join(told)

    def _coordinates(self, place: PlaceEntry) -> str:
        point = self._point(place)
        if point is None:
            shaded = not self._off and place.territory is not None and has_shape(place.territory)
            return self.say("no-coordinates-shape" if shaded else "no-coordinates")
        along = self.say("west" if point[0] < 0 else "east", n=f"{abs(point[0]):g}")
        up = self.say("south" if point[1] < 0 else "north", n=f"{abs(point[1]):g}")
        return self.say("between").join((along, up))

    def data(self) -> dict[str, Any]:
        """The same as plain data."""
        return {
            "as_of": self.case.file.as_of.isoformat(),
            "map": self.case.file.map,
            "boundaries": self.say("notice"),
            "parties": [
                {
                    "id": key,
                    "name": p.name.get(self.lang),
                    "role": list(p.role),
                    "territory": p.territory,
                    "shape": p.territory is not None and has_shape(p.territory),
                    "because": list(self.claims(p)),
                }
                for key, p in self.parties.items()
            ],
            "places": [
                {
                    "id": key,
                    "name": p.name.get(self.lang),
                    "kind": p.kind,
                    "settings": {s.id: s.status for s in self.at(key)},
                    "territory": p.territory,
                    "longitude": p.longitude,
                    "latitude": p.latitude,
                    "because": list(self.claims(p, *self.at(key))),
                }
                for key, p in self.places.items()
            ],
        }


# ---- pages -------------------------------------------------------------------------------------------------------

_Made = tuple[Section, Picture | None]
_kept: OrderedDict[tuple[object, ...], _Made] = OrderedDict()
_lock = threading.Lock()


async def shown(bench: "Workbench", request: Request) -> Response:
    """The map with its tables."""
    page = await run_in_threadpool(bench.page, request)
    if page.opened.case is None or page.opened.errors:
        return RedirectResponse("/problems", 303)
    section, made = await run_in_threadpool(_made, bench, page)
    notice = say("map.notice", page.lang)
    return drawn("map.html.jinja", page, here="map", s=section, picture=made, notice=notice)


def _made(bench: "Workbench", page: WebPage) -> _Made:
    """The page's words and picture, drawn once for each state of the case, day and language."""
    assert page.opened.case is not None
    key = (bench.desk.folder, page.opened.stamp, page.asked.day, page.lang)
    with _lock:
        if key not in _kept:
            section, chart = Atlas(page.opened.case, page.lang).section()
            _kept[key] = section, picture(chart) if chart else None
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
        _kept.move_to_end(key)
        return _kept[key]


async def download(bench: "Workbench", request: Request) -> Response:
    """The map as SVG or PNG, its tables as CSV, what they say as JSON."""
    from zopa.web.app import TYPES, attached

    kind = request.path_params["kind"]
    page = await run_in_threadpool(bench.page, request)
    case = page.opened.case
    if case is None or kind not in TYPES:
        return PlainTextResponse(page.word("missing"), 404)
    section, made = await run_in_threadpool(_made, bench, page)
    content: str | bytes
    if kind == "csv":
        content = as_csv(section.tables, page.lang)
    elif kind == "json":
        content = json.dumps(Atlas(case, page.lang).data(), ensure_ascii=False, indent=1) + "\n"
    elif section.chart is None or made is None:
        return PlainTextResponse(page.word("missing"), 404)
    else:
        content = await run_in_threadpool(section.chart.to_svg if kind == "svg" else section.chart.to_png)
    return Response(content, media_type=TYPES[kind], headers=attached(f"{case.name}-map.{kind}"))


ROUTES = (("/map", shown), ("/map.{kind}", download))
