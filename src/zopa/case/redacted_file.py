"""The case file as it is shared: what rests on claims left out is put back to what is known without them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from zopa.case.checks.common import entries, numbers
from zopa.case.fields import Entry
from zopa.case.model import CaseFile
from zopa.case.table import Reading
from zopa.case.yaml_text import Path

ANY = "*"
REMOVED: tuple[tuple[str, ...], ...] = (
    ("relations", ANY),
    ("exclusions", ANY),
    ("synergies", ANY),
    ("currency",),
    ("readings", ANY, ANY),
    ("preferences", ANY, ANY),
    ("red_lines", ANY),
    ("preconditions", ANY),
    ("settings", "options", ANY),
    ("influence", ANY),
    ("influence", ANY, "actors", ANY),
    ("moves", ANY),
    ("moves", ANY, "over", ANY, "leads_to", ANY),
    ("history", ANY),
    ("standoff", "infeasible", ANY),
    ("standoff", "threats", ANY),
    ("standoff", "rankings", ANY),
    ("standoff", "rankings", ANY, "statements", ANY),
    ("assurances", ANY),
    ("crisis", ANY),
    ("crisis", "codes", ANY),
    ("talks", "deadlines", ANY),
    ("judgements", ANY),
    ("unknowns", ANY),
    ("contradictions", ANY),
)
"""Entries that go where all they rest on is left out: each says something of its own, and no other needs it."""
EMPTIED: Mapping[tuple[str, ...], tuple[str, ...]] = {
    ("agendas", ANY): ("wanted_by", "refused_by", "status", "freeze"),
}
"""Entries of the frame, which stay, and what goes of them all the same."""
TOO_FEW: Mapping[tuple[str, ...], int] = {("settings", "options"): 1, ("influence", ANY, "actors"): 2}
"""Lists that mean nothing with fewer entries: what holds them goes too."""
REMARKS = ("note",)


@dataclass
class Told:
    """What was done to the file, by dotted path: for the desk that shares, and never part of what is shared."""

    removed: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    """Numbers put back to ignorance."""
    notes: list[str] = field(default_factory=list)
    frame: list[str] = field(default_factory=list)
    """Entries that stay although what they cite is left out: the rest is written in their terms."""
    partly: list[str] = field(default_factory=list)
    """Entries that rest on other claims as well, and stay with what they say."""


def redacted_data(
    data: dict[str, Any],
    file: CaseFile,
    *,
    gone: frozenset[str],
    sources: frozenset[str] = frozenset(),
    people: frozenset[str] = frozenset(),
    names: frozenset[str] = frozenset(),
) -> tuple[dict[str, Any], Told]:
    """The data of a case file less what rests on the claims ``gone``; ``file`` is the same data as a model.

    ``people`` lose their entries; a note that cites or names anything left out goes as a whole.
    """
    told = Told()
    lost = _lost(file, gone, told)
    for path, entry in entries(file):
        if entry.note is not None and {c.claim for c in entry.because} & gone:
            _drop(data, (*path, "note"))
            told.notes.append(_name(data, path))
    _blank(data, file, gone, lost, told)
    away = [path for path in lost if _matches(path, REMOVED)]
    away += [("judgements", k) for k, j in enumerate(file.judgements) if j.person in people]
    away += [
        ("contradictions", k)
        for k, note in enumerate(file.contradictions)
        if {note.a, note.b, note.settled} & gone
    ]
    away += [("people", key) for key in people]
    stays = [path for path in lost if not _within(path, away)]
    told.frame += [_name(data, path) for path in stays]
    for path in stays:
        for key in _emptied(path):
            _drop(data, (*path, key))
    told.removed += sorted({_name(data, path) for path in away if _there(data, path)})
    renamed = _renamed(data, away)
    _remove(data, away)
    _without_people(data, people)
    _without_keys(data, renamed)
    _uncited(data, gone)
    hint = _mention({*gone, *sources}, names)
    if hint is not None:
        _without_remarks(data, hint, (), told)
    data = {key: value for key, value in data.items() if key != "redacted"}
    return data, told


def _lost(file: CaseFile, gone: frozenset[str], told: Told) -> list[Path]:
    """Entries that rest on nothing once these claims are gone, their own basis or the nearest around them."""
    out: dict[Path, bool] = {}
    for path, entry in entries(file):
        cited = {c.claim for c in entry.because}
        if cited:
            out[path] = cited <= gone
            if cited & gone and not cited <= gone:
                told.partly.append(".".join(map(str, path)))
        else:
            around = max((p for p in out if path[: len(p)] == p), key=len, default=None)
            out[path] = not entry.assumed and around is not None and out[around]
    return [path for path, is_lost in out.items() if is_lost]


def _blank(
    data: dict[str, Any], file: CaseFile, gone: frozenset[str], lost: Iterable[Path], told: Told
) -> None:
    """Numbers whose basis is gone say that nothing is known; the range they are drawn from stays."""
    without = set(lost)
    for step, number in numbers(file):
        cited = {c.claim for c in number.because}
        owner = next((p for p, o in reversed(step.owners) if isinstance(o, Entry)), None)
        is_lost = cited <= gone if cited else not number.assumed and owner in without
        if not is_lost or not number.estimate.known:
            continue
        holder, key = _holder(data, step.path)
        if holder is None:
            continue
        old = holder[key]
        kept = {"range": old["range"]} if isinstance(old, dict) and "range" in old else None
        holder[key] = {"is": "unknown", **kept} if kept else "unknown"
        told.unknown.append(".".join(map(str, step.path)))
    for party, readings in file.readings.items():
        for k, reading in enumerate(readings):
            for name in _sets_lost(reading, gone):
                _drop(data, ("readings", party, k, "sets", name))
                told.removed.append(f"readings.{party}.{reading.id}.sets.{name}")


def _sets_lost(reading: Reading, gone: frozenset[str]) -> Iterator[str]:
    for name, value in reading.sets.items():
        because = value.get("because") if isinstance(value, Mapping) else None
        cited = {c if isinstance(c, str) else c.get("claim") for c in because or ()}
        if cited and cited <= gone:
            yield name


# ---- finding and removing ----------------------------------------------------------------------------------------


def _matches(path: Path, patterns: Iterable[tuple[str, ...]]) -> bool:
    return any(_fits(_written(path), pattern) for pattern in patterns)


def _fits(path: Path, pattern: tuple[str, ...]) -> bool:
    return len(path) == len(pattern) and all(
        want in (ANY, step) for step, want in zip(path, pattern, strict=True)
    )


def _written(path: Path) -> Path:
    # In the file a party's issues stand beside its no_deal, in the model they have a mapping of their own.
    issues = len(path) > 2 and path[0] == "preferences" and path[2] == "issues"
    return (*path[:2], *path[3:]) if issues else path


def _within(path: Path, away: Iterable[Path]) -> bool:
    return any(path[: len(p)] == p for p in away)


def _emptied(path: Path) -> tuple[str, ...]:
    return next((keys for pattern, keys in EMPTIED.items() if _fits(path, pattern)), ())


def _holder(data: Any, path: Path) -> tuple[Any, Any]:
    """What holds the value under a path, and its key there; (None, None) where the file has no such path."""
    steps = path if _plainly(data, path) else _written(path)
    for step in steps[:-1]:
        data = _inner(data, step)
    key = str(steps[-1]) if isinstance(data, dict) else steps[-1]
    return (data, key) if _inner(data, steps[-1]) is not None else (None, None)


def _plainly(data: Any, path: Path) -> bool:
    """Whether the file itself writes ``issues`` between a party and its issues."""
    if len(path) < 3 or path[0] != "preferences":
        return True
    party = _inner(_inner(data, path[0]), path[1])
    return _inner(party, path[2]) is not None


def _inner(data: Any, step: str | int) -> Any:
    if isinstance(data, dict):
        return data.get(str(step))
    if isinstance(data, list) and isinstance(step, int) and step < len(data):
        return data[step]
    return None


def _there(data: Any, path: Path) -> bool:
    return _holder(data, path)[0] is not None


def _drop(data: Any, path: Path) -> None:
    holder, key = _holder(data, path)
    if holder is not None:
        del holder[key]


def _remove(data: dict[str, Any], away: Iterable[Path]) -> None:
    # From the back, so that positions before it stay what they are.
    for path in sorted(set(away), key=_place, reverse=True):
        _drop(data, path)
    for pattern, fewest in TOO_FEW.items():
        for path in list(_all(data, pattern)):
            holder, key = _holder(data, path)
            if holder is not None and len(holder[key]) < fewest:
                _drop(data, path[:-1])
    for section in ("readings", "preferences"):
        inner = data.get(section) or {}
        for party in [p for p, v in inner.items() if not v]:
            del inner[party]
    for key in [k for k, v in data.items() if v in ({}, [])]:
        del data[key]


def _place(path: Path) -> list[tuple[int, str]]:
    return [(step, "") if isinstance(step, int) else (-1, step) for step in path]


def _all(data: Any, pattern: tuple[str, ...], path: Path = ()) -> Iterator[Path]:
    if not pattern:
        yield path
        return
    if isinstance(data, dict):
        for key in [*data] if pattern[0] == ANY else [pattern[0]] if pattern[0] in data else []:
            yield from _all(data[key], pattern[1:], (*path, key))


def _name(data: Any, path: Path) -> str:
    """A path with ids in place of positions."""
    steps: list[str] = []
    for step in path if _plainly(data, path) else _written(path):
        data = _inner(data, step)
        id_ = data.get("id") if isinstance(step, int) and isinstance(data, dict) else None
        steps.append(str(id_ or step))
    return ".".join(steps)


# ---- what refers to what is gone ---------------------------------------------------------------------------------


def _renamed(data: Mapping[str, Any], away: Iterable[Path]) -> dict[str, str | None]:
    """Prefixes of number paths that lead nowhere now (None) or to another position, for what readings set."""
    out: dict[str, str | None] = {}
    for path in away:
        out[_name(data, path)] = None
        if path[0] == "red_lines" and len(path) == 2:
            line = data["red_lines"][path[1]]
            matter = line.get("issue") or line.get("on") or ""
            out["red_lines." + (line.get("id") or "-".join((line["party"], matter, *line["rejects"])))] = None
    for parent in {path[:-1] for path in away if isinstance(path[-1], int)}:
        holder, key = _holder(data, parent)
        if holder is None:
            continue
        off = {path[-1] for path in away if path[:-1] == parent}
        left = [k for k in range(len(holder[key])) if k not in off]
        name = _name(data, parent)
        # Only entries without an id are known by their position.
        moved = [(new, k) for new, k in enumerate(left) if new != k and "id" not in holder[key][k]]
        out.update({f"{name}.{k}": f"{name}.{new}" for new, k in moved})
    return out


def _without_keys(data: dict[str, Any], renamed: Mapping[str, str | None]) -> None:
    for readings in (data.get("readings") or {}).values():
        for reading in readings:
            sets = reading.get("sets")
            if not sets:
                continue
            kept = {}
            for key, value in sets.items():
                hit = next((p for p in renamed if key == p or key.startswith(f"{p}.")), None)
                new = renamed[hit] if hit is not None else hit
                if hit is None:
                    kept[key] = value
                elif new is not None:
                    kept[new + key[len(hit) :]] = value
            reading["sets"] = kept
            if not kept:
                del reading["sets"]


def _without_people(data: dict[str, Any], people: frozenset[str]) -> None:
    for section, key in (("unknowns", "answer_from"), ("scenarios", "told_by")):
        for entry in data.get(section) or ():
            if key in entry:
                entry[key] = [name for name in entry[key] if name not in people]


def _uncited(value: Any, gone: frozenset[str]) -> None:
    """Take the claims that are gone out of every citation."""
    if isinstance(value, dict):
        if isinstance(value.get("because"), list):
            kept = [c for c in value["because"] if (c if isinstance(c, str) else c.get("claim")) not in gone]
            value["because"] = kept
            if not kept:
                del value["because"]
        for inner in value.values():
            _uncited(inner, gone)
    elif isinstance(value, list):
        for inner in value:
            _uncited(inner, gone)


def _mention(ids: Iterable[str], names: Iterable[str]) -> re.Pattern[str] | None:
    words = [rf"(?<![\w.-]){re.escape(i)}(?![\w-])" for i in sorted(ids)]
    words += [re.escape(name) for name in sorted(names)]
    return re.compile("|".join(words), re.IGNORECASE) if words else None


def _without_remarks(value: Any, hint: re.Pattern[str], path: Path, told: Told) -> None:
    """Notes that name or cite what is left out go whole: what they say of it cannot be told from the rest."""
    if isinstance(value, dict):
        for key in REMARKS:
            if key in value and hint.search(" ".join(_texts(value[key]))):
                del value[key]
                told.notes.append(".".join(map(str, (*path, key))))
        for key, inner in value.items():
            _without_remarks(inner, hint, (*path, key), told)
    elif isinstance(value, list):
        for k, inner in enumerate(value):
            _without_remarks(inner, hint, (*path, k), told)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)
