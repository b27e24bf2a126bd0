"""Settings as combinations of features: those that nobody listed, and what each feature adds."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from zopa.case.case import Case
from zopa.case.draws import Draws, Evidence
from zopa.case.meeting import Meeting
from zopa.case.names import party_name
from zopa.case.settings import Setting as Place
from zopa.case.settings import Settings
from zopa.estimate import Array
from zopa.methods.problem import IntArray
from zopa.result import Verdict, verdict
from zopa.words import Language, say

MOST = 64
"""Combinations up to which features are told apart: beyond, drawing them all costs more than the answer."""
KINDS = ("place", "observers", "form", "host")


@dataclass(frozen=True, slots=True)
class FeatureRow:
    """What one feature adds: ``level`` against ``other``, all else alike, averaged over what else can be combined.

    ``party``: None for all negotiators together. ``change`` of the share of draws in which the setting is acceptable,
    with its range; ``zero``: the same at total ignorance.
    """

    kind: str
    level: str
    other: str
    party: str | None
    change: float
    low: float
    high: float
    zero: float
    verdict: Verdict
    because: tuple[str, ...]


def combined(case: Case) -> Case:
    """The case with every combination of its listed features as a setting; those it lists come first, as they are.

    ``form: open`` is no form but a gap in the record: it is combined only where the case lists nothing else.
    """
    settings = case.file.settings
    if settings is None:
        return case
    levels = _levels(settings)
    there = {tuple(_level(s, kind) for kind in KINDS) for s in settings.options}
    taken = {s.id for s in settings.options}
    new = []
    for place, observers, form, host in product(*(levels[kind] for kind in KINDS)):
        if (place, observers, form, host) in there:
            continue
        watched = observers if isinstance(observers, tuple) else ()
        name = "-".join(str(part) for part in (place, *watched, form, host and f"by-{host}") if part)
        while name in taken:
            name += "-x"
        taken.add(name)
        option = Place.model_validate(
            {
                "id": name,
                "place": place,
                "observers": observers,
                "form": form,
                "host": host,
                "assumed": True,
            }
        )
        words = {lang: _words(case, option, lang) for lang in ("en", "zh")}
        new.append(Place.model_validate({**option.model_dump(exclude={"name"}), "name": words}))
    options = (*settings.options, *new)
    return replace(
        case, file=case.file.model_copy(update={"settings": settings.model_copy(update={"options": options})})
    )


def _level(option: Place, kind: str) -> object:
    return tuple(sorted(option.observers)) if kind == "observers" else getattr(option, kind)


def _levels(settings: Settings) -> dict[str, list[object]]:
    levels = {kind: list(dict.fromkeys(_level(s, kind) for s in settings.options)) for kind in KINDS}
    levels["form"] = [form for form in levels["form"] if form != "open"] or ["open"]
    return levels


def size(case: Case) -> int:
    """How many combinations there are of the features that a case lists."""
    settings = case.file.settings
    return int(np.prod([len(found) for found in _levels(settings).values()])) if settings is not None else 0


def drawn_for(drawn: Draws, case: Case) -> Draws:
    """The same draws of a case that differs in its settings only."""
    return replace(drawn, case=case).sharing(drawn)


def _words(case: Case, option: Place, lang: Language) -> str:
    levels = [(kind, _level(option, kind)) for kind in KINDS]
    parts = [level_name(case, kind, level, lang) for kind, level in levels if level is not None]
    return ("，" if lang == "zh" else ", ").join(parts)


def level_name(case: Case, kind: str, level: object, lang: Language) -> str:
    """A feature in words."""
    if kind == "place":
        place = case.file.places.get(str(level))
        return place.name.get(lang) if place else str(level)
    if kind == "observers":
        return say(f"names.observers-{'some' if level not in ((), '', None) else 'none'}", lang)
    if kind == "form":
        return say(f"names.form-{level}", lang)
    return say("setting.host", lang, party=party_name(case.file, str(level), lang))


def feature_effects(
    case: Case, made: dict[Evidence, Meeting], ways: dict[Evidence, Draws], because: tuple[str, ...]
) -> Iterable[FeatureRow]:
    """Every pair of levels of every feature, for all together and party by party; ``made`` holds all combinations."""
    settings = case.file.settings
    assert settings is not None
    options = {tuple(_level(s, kind) for kind in KINDS): k for k, s in enumerate(settings.options)}
    levels = _levels(settings)
    for at, kind in enumerate(KINDS):
        rest = list(product(*(levels[other] for other in KINDS if other != kind)))
        where = {
            level: np.array([options[(*r[:at], level, *r[at:])] for r in rest]) for level in levels[kind]
        }
        first = levels[kind][0]
        for level in levels[kind][1:]:
            yield from _contrast(kind, (first, level), (where[first], where[level]), made, ways, because)


def _contrast(
    kind: str,
    pair: tuple[object, object],
    where: tuple[IntArray, IntArray],
    made: dict[Evidence, Meeting],
    ways: dict[Evidence, Draws],
    because: tuple[str, ...],
) -> Iterable[FeatureRow]:
    parties = made["all"].parties
    series: list[dict[Evidence, Array]] = []
    for p in (None, *range(len(parties))):
        hits = {e: m.joint if p is None else m.accepts[:, p] for e, m in made.items()}
        series.append({e: h[:, where[0]].mean(axis=1) - h[:, where[1]].mean(axis=1) for e, h in hits.items()})
    spread = ways["all"].intervals(np.stack([s["all"] for s in series], axis=1), legal=None)
    names = [",".join(x) if isinstance(x, tuple) else str(x or "") for x in pair]
    for party, own, found in zip((None, *parties), series, spread, strict=True):
        yield FeatureRow(
            kind=kind,
            level=names[0],
            other=names[1],
            party=party,
            change=found.mean,
            low=found.low,
            high=found.high,
            zero=float(own["none"].mean()),
            verdict=verdict(own, ways),
            because=because,
        )
