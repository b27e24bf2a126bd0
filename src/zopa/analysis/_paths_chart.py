"""The picture of ``paths``: which states can be read side by side, and the steps between them."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from zopa.analysis._paths_rows import DealRow, SlideRow, WayRow
from zopa.analysis._paths_words import outcome_name
from zopa.case.names import party_in_text, party_name
from zopa.charts.chart import Chart
from zopa.charts.paths import Bar, Link, Spot, paths_chart
from zopa.result import percent
from zopa.words import Language, say

if TYPE_CHECKING:
    from zopa.analysis.paths import Paths

MOST = 11
"""States that can still be read."""
WAYS = 6
"""Ways to agreement that are drawn at most."""
DEEPEST = 4
"""Moves up to which a way to agreement can be drawn."""


def drawn_chart(found: "Paths", lang: Language) -> Chart:
    """The status quo, the shortest ways to agreement, the states next reached from which force is near."""
    ways = [way for way in found.ways if len(way.movers) <= DEEPEST][:WAYS]
    layer = {found.start: 0}
    for way in ways:
        for h, n in enumerate(way.states):
            layer.setdefault(n, h)
    walked = _walked(found)
    for h, n in enumerate(walked):
        if n in found.reached:
            layer.setdefault(n, h)
    near: dict[int, SlideRow] = {s.states[-1]: s for s in found.slides if len(s.movers) == 1}
    for n in sorted(near, key=lambda n: (-found.reached.get(n, 0.0), n)):
        if len(layer) < MOST:
            layer.setdefault(n, 1)
    ends = {way.states[-1] for way in ways}
    spots = [
        Spot(
            number=n,
            label=_label(found, n, ends, lang),
            layer=h,
            kind="start" if n == found.start else "deal" if n in ends else "state",
            record=bool(found.record) and n == walked[-1],
            bars=_bars(found, n),
        )
        for n, h in layer.items()
    ]
    left = sum(n not in layer for n in found.reached)
    key = "all" if not left else "more-one" if left == 1 else "more"
    more = say(f"paths.chart-{key}", lang, n=left)
    names = [party_name(found.case.file, p, lang) for p in found.conflict.parties]
    links = [*_record_links(found, layer), *_links(found, ways, near, layer)]
    return paths_chart(spots, links, names, _described(found, lang), more, lang)


def _label(found: "Paths", number: int, ends: set[int], lang: Language) -> str:
    conflict = found.conflict
    at = conflict.places[number]
    if number in ends:
        kinds: Sequence[DealRow] = [o for o in found.deals if conflict.outcomes[o.outcome][at]]
        # Of several names for a state the one that says most: the outcome with the fewest states.
        own = min(kinds, key=lambda o: int(conflict.outcomes[o.outcome].sum()))
        return outcome_name(conflict, own.outcome, lang)
    return say("paths.chart-now", lang) if number == found.start else conflict.label(at, lang)


def _bars(found: "Paths", number: int) -> tuple[Bar, ...]:
    """How near force is in a state, by party."""
    parties = found.conflict.parties
    own = [f for f in found.force if f.state == number]
    return tuple(Bar(parties.index(f.party), f.tempts, f.hard, f"{percent(f.tempts)}%") for f in own)


def _walked(found: "Paths") -> list[int]:
    """The states that the record has come to, each once, the status quo first."""
    return list(dict.fromkeys([found.start, *(row.state for row in found.record)]))


def _record_links(found: "Paths", layer: Mapping[int, int]) -> list[Link]:
    """The recorded moves that changed something."""
    states = [found.start, *(row.state for row in found.record)]
    steps = [(a, b, row.party) for a, b, row in zip(states, states[1:], found.record, strict=False) if a != b]
    parties = found.conflict.parties
    return [Link(a, b, parties.index(p), "", "record") for a, b, p in steps if a in layer and b in layer]


def _links(
    found: "Paths", ways: Sequence[WayRow], near: Mapping[int, SlideRow], layer: Mapping[int, int]
) -> list[Link]:
    """The steps of the ways to agreement, and from the status quo to the other states."""
    parties = found.conflict.parties
    out: dict[tuple[int, int, int], Link] = {}
    for way in ways:
        for p, a, b, share in zip(way.movers, way.states, way.states[1:], way.steps, strict=False):
            out.setdefault(
                (a, b, parties.index(p)), Link(a, b, parties.index(p), f"{percent(share.value)}%", "deal")
            )
    for n, slide in near.items():
        if n in layer:
            mover = parties.index(slide.movers[0])
            out.setdefault((found.start, n, mover), Link(found.start, n, mover, "", "other"))
    return list(out.values())


def _described(found: "Paths", lang: Language) -> str:
    conflict = found.conflict
    told = [
        say("paths.chart-described-way", lang, n=row.moves, outcome=outcome_name(conflict, row.outcome, lang))
        for row in found.deals
        if row.moves is not None
    ] or [say("paths.chart-described-none", lang)]
    slid = [
        say(
            "paths.chart-described-slid",
            lang,
            party=party_in_text(found.case.file, row.party, lang),
            share=percent(row.chance.value),
        )
        for row in found.strikers
    ]
    deals, slides = say("paths.semicolon", lang).join(told), (" " if lang == "en" else "").join(slid)
    return say("paths.chart-description", lang, start=found.start, deals=deals, slides=slides).strip()
