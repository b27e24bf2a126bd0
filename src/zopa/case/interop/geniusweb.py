"""Bargaining domains in the JSON of GeniusWeb: one profile a party, with the domain inside it (or also beside it).

A ``LinearAdditiveUtilitySpace`` is worth Σ weight · utility of the value, between 0 and 1. Discrete values have a table
of utilities (``DiscreteValueSetUtilities``), numbers a straight line between two (``NumberValueSetUtilities``). No deal
is worth what the reservation bid is worth; without one it is worth 0. Format: GeniusWeb of TU Delft, packages
``issuevalue`` and ``profile``.
"""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import cast

from zopa.case.interop.domain import MOST_VALUES, DomainIssue, DomainParty, case_data, scale
from zopa.case.interop.folder import check, documents, two_profiles
from zopa.case.interop.genius_files import label
from zopa.case.interop.layout import both, comment, comment_file, head, words, write_case
from zopa.case.interop.located import Node, read_json
from zopa.claims.lines import suggestion
from zopa.errors import DossierError, Problem

SPACE = "LinearAdditiveUtilitySpace"
DISCRETE = ("DiscreteValueSetUtilities", "discreteutils")
NUMBERS = ("NumberValueSetUtilities", "numberutils")
"""Names of the two kinds of value functions: today's, and those of the first versions."""


@dataclass(frozen=True)
class _Issue:
    """An issue of a domain; ``numbers`` are its values where they come from a range."""

    name: str
    options: tuple[str, ...]
    numbers: tuple[float, ...] = ()


def import_geniusweb(folder: Path, into: Path, *, as_of: date | None = None) -> Path:
    """A case folder made of a folder of GeniusWeb profiles in JSON; the path of the new folder.

    Parties come in the order of their files' names and are called as their profiles are. Numbers stand as points
    marked ``assumed``. ``DossierError`` with every located problem where the files are no domain and its profiles.
    """
    found = documents(folder, (".json",))
    roots: list[Node] = []
    broken: list[Problem] = []
    for document in found:
        try:
            roots.append(read_json(document))
        except DossierError as error:
            broken.extend(error.problems)
    if broken:
        raise DossierError(broken)
    check(found)
    spaces = [space for root in roots if (space := _space(root)) is not None]
    check(found)
    two_profiles(folder, len(spaces))
    issues = _domain(spaces[0])
    check(found)
    for space in spaces[1:]:
        _same_domain(space, issues)
    parties = [_party(space, issues) for space in spaces]
    check(found)
    title = words(folder.resolve().name)
    files = [space.document.file for space in spaces]
    comments = [
        *comment("geniusweb-head"),
        *(comment_file(folder / f, hashlib.sha256((folder / f).read_bytes()).hexdigest()) for f in files),
        *comment("genius-assumed"),
        *comment("genius-status-quo"),
    ]
    cite = words(f"GeniusWeb JSON: {title} ({', '.join(files)})")
    told = [party for party in parties if party is not None]
    data = {
        **head(title, cite, as_of),
        **case_data([DomainIssue(i.name, i.options) for i in issues], told),
    }
    return write_case(into, comments, data)


# ---- reading -----------------------------------------------------------------------------------------------------


def _object(node: Node) -> Mapping[str, Node]:
    if isinstance(node.value, dict):
        return node.value
    node.add("import-conflict-object")
    return {}


def _held(node: Node, key: str) -> Node | None:
    held = _object(node)
    if isinstance(node.value, dict) and key not in held:
        node.add("import-conflict-missing", key=key)
    return held.get(key)


def _number(node: Node) -> float:
    value = node.value
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        node.add("import-number", value=node.document.text[node.start : node.stop])
        return 0.0
    return float(value)


def _unit(node: Node) -> float:
    value = _number(node)
    if not 0 <= value <= 1:
        node.add("import-unit", value=label(value))
        return 0.0
    return value


def _space(root: Node) -> Node | None:
    """The utility space of a profile; None for a domain file, which every profile repeats."""
    held = _object(root)
    if SPACE in held:
        return held[SPACE]
    if "issuesValues" in held:
        return None
    kind = next(iter(held), None)
    if isinstance(root.value, dict):
        root.add("import-space", kind if kind in root.keys else None, kind=kind or "{}")
    return None


def _domain(space: Node) -> tuple[_Issue, ...]:
    domain = _held(space, "domain")
    values = _held(domain, "issuesValues") if domain is not None else None
    if domain is None or values is None:
        return ()
    out = []
    for name, node in _object(values).items():
        options, numbers = _values(node)
        if len(options) < 2:
            node.add("import-genius-few-options", issue=name)
        out.append(_Issue(words(name), options, numbers))
    if not out:
        values.add("import-genius-no-issues")
    return tuple(out)


def _values(node: Node) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Options of an issue, and their numbers where they come from a range."""
    held = _object(node)
    if "range" in held:
        return _range(held["range"])
    listed = _held(node, "values")
    if listed is None:
        return (), ()
    if not isinstance(listed.value, list):
        listed.add("import-conflict-list")
        return (), ()
    out: list[str] = []
    for item in listed.value:
        name = _text(item)
        if name in out:
            item.add("import-genius-repeated", name=name)
        elif name:
            out.append(name)
    return tuple(out), ()


def _text(node: Node) -> str:
    if isinstance(node.value, str) and words(node.value):
        return words(node.value)
    if isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return node.document.text[node.start : node.stop]
    node.add("import-conflict-text")
    return ""


def _range(node: Node) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """low, low + step, … up to high, in decimals as GeniusWeb counts them."""
    parts = [_held(node, key) for key in ("low", "high", "step")]
    if any(part is None for part in parts):
        return (), ()
    low, high, step = (Decimal(repr(_number(part))) for part in parts if part is not None)
    if step <= 0 or high < low or (high - low) / step >= MOST_VALUES:
        node.add("import-range", low=label(float(low)), high=label(float(high)), most=MOST_VALUES)
        return (), ()
    count = int((high - low) / step) + 1
    values = tuple(float(low + k * step) for k in range(count))
    return tuple(label(v) for v in values), values


def _same_domain(space: Node, issues: Sequence[_Issue]) -> None:
    """Note issues and options that the first profile's domain does not have, or has and this one lacks."""
    for name, node in _issue_nodes(space).items():
        known = next((issue for issue in issues if issue.name == words(name)), None)
        if known is None:
            near = suggestion(name, [issue.name for issue in issues])
            node.add("import-genius-unknown-issue", name=words(name), closest=near)
            continue
        options, _ = _values(node)
        for option in options:
            if option not in known.options:
                near = suggestion(option, known.options)
                node.add("import-genius-unknown-option", option=option, issue=known.name, closest=near)


def _issue_nodes(space: Node) -> Mapping[str, Node]:
    domain = _held(space, "domain")
    values = _held(domain, "issuesValues") if domain is not None else None
    return _object(values) if values is not None else {}


# ---- a profile ---------------------------------------------------------------------------------------------------


def _by_issue(node: Node | None, issues: Sequence[_Issue]) -> dict[str, Node]:
    """What an object holds of every issue, by the domain's name of it; the rest is noted."""
    out: dict[str, Node] = {}
    if node is None:
        return out
    names = [issue.name for issue in issues]
    for key, inner in _object(node).items():
        if words(key) in names:
            out[words(key)] = inner
        else:
            node.add("import-genius-unknown-issue", key, name=words(key), closest=suggestion(key, names))
    for name in names:
        if name not in out:
            node.add("import-genius-missing-issue", issue=name)
    return out


def _party(space: Node, issues: Sequence[_Issue]) -> DomainParty | None:
    weights = _by_issue(_held(space, "issueWeights"), issues)
    utilities = _by_issue(_held(space, "issueUtilities"), issues)
    if space.document.problems:
        return None
    weight = {name: _unit(node) for name, node in weights.items()}
    worth = {issue.name: _utilities(utilities[issue.name], issue) for issue in issues}
    contributions = [[weight[i.name] * worth[i.name].get(o, 0.0) for o in i.options] for i in issues]
    on = scale(contributions)
    if not space.document.problems and on.unit <= 0:
        space.add("import-genius-weights")
    if space.document.problems:
        return None
    bid = _object(space).get("reservationBid")
    reserved = bid is not None and bid.value is not None
    value = _bid(cast("Node", bid), issues, contributions) if reserved else 0.0
    named = _object(space).get("name")
    name = words(named.value) if named is not None and isinstance(named.value, str) else ""
    note = both("geniusweb-no-deal" if reserved else "geniusweb-no-deal-none")
    return DomainParty(
        name or words(Path(space.document.file).stem), on.weights, on.values, on.on_case(value), note
    )


def _utilities(node: Node, issue: _Issue) -> dict[str, float]:
    held = _object(node)
    kind = next(iter(held), "")
    if kind in DISCRETE:
        return _table(held[kind], issue)
    if kind in NUMBERS:
        return _line(held[kind], issue)
    if isinstance(node.value, dict):
        known = ", ".join((DISCRETE[0], NUMBERS[0]))
        node.add("import-function", kind if kind in node.keys else None, function=kind or "{}", known=known)
    return {}


def _table(node: Node, issue: _Issue) -> dict[str, float]:
    listed = _held(node, "valueUtilities")
    if listed is None:
        return {}
    out: dict[str, float] = {}
    for key, inner in _object(listed).items():
        option = words(key)
        if option in issue.options:
            out[option] = _unit(inner)
        else:
            near = suggestion(option, issue.options)
            listed.add("import-genius-unknown-option", key, option=option, issue=issue.name, closest=near)
    for option in issue.options:
        if option not in out:
            listed.add("import-genius-missing-option", option=option, issue=issue.name)
    return out


def _line(node: Node, issue: _Issue) -> dict[str, float]:
    parts = [_held(node, key) for key in ("lowValue", "lowUtility", "highValue", "highUtility")]
    if any(part is None for part in parts):
        return {}
    told = [part for part in parts if part is not None]
    low, high = _number(told[0]), _number(told[2])
    at_low, at_high = _unit(told[1]), _unit(told[3])
    if not issue.numbers or high <= low:
        node.add("import-range", low=label(low), high=label(high), most=MOST_VALUES)
        return {}
    # Beyond its ends the line has no values: GeniusWeb gives 0 there.
    return {
        option: at_low + (at_high - at_low) * (v - low) / (high - low) if low <= v <= high else 0.0
        for option, v in zip(issue.options, issue.numbers, strict=True)
    }


def _bid(node: Node, issues: Sequence[_Issue], contributions: Sequence[Sequence[float]]) -> float:
    """What the reservation bid is worth; an issue it leaves open adds nothing."""
    values = _held(node, "issuevalues")
    total = 0.0
    names = [issue.name for issue in issues]
    for key, inner in _object(values).items() if values is not None else ():
        if words(key) not in names:
            cast("Node", values).add(
                "import-genius-unknown-issue", key, name=words(key), closest=suggestion(key, names)
            )
            continue
        at = names.index(words(key))
        option = _option(inner, issues[at])
        if option is None:
            written, known = _text(inner), issues[at].options
            inner.add(
                "import-genius-unknown-option",
                option=written,
                issue=names[at],
                closest=suggestion(written, known),
            )
        else:
            total += contributions[at][option]
    return total


def _option(node: Node, issue: _Issue) -> int | None:
    if issue.numbers and isinstance(node.value, int | float):
        return issue.numbers.index(float(node.value)) if float(node.value) in issue.numbers else None
    written = _text(node)
    return issue.options.index(written) if written in issue.options else None
