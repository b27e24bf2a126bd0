"""Bargaining domains in NegMAS' YAML: one file with the issues, and one utility function a party.

A ``LinearAdditiveUtilityFunction`` is worth Σ weight · function of the value (+ bias), undivided: what NegMAS reads is
what counts, on whatever scale. Discount factors are not used. Format: ``Scenario.dumpas`` of NegMAS; its own code is
neither used nor needed.
"""

import hashlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from zopa.case.interop.domain import (
    MOST_VALUES,
    STEPS,
    DomainIssue,
    DomainParty,
    Scale,
    case_data,
    scale,
)
from zopa.case.interop.folder import check, documents, two_profiles
from zopa.case.interop.genius_files import label
from zopa.case.interop.layout import both, comment, comment_file, head, words, write_case
from zopa.case.interop.located import Document
from zopa.case.yaml_text import Node, parse
from zopa.claims.lines import Several, suggestion
from zopa.errors import DossierError, Place

ADDITIVE = ("LinearAdditiveUtilityFunction", "LinearUtilityFunction", "AffineUtilityFunction")
DISCOUNTED = ("ExpDiscountedUFun", "LinearDiscountedUFun", "DiscountedUtilityFunction")
FUNCTIONS = ("TableFun", "AffineFun", "LinearFun", "IdentityFun", "ConstFun", "QuadraticFun")
_TYPES = ("type", "__python_class__", "$type")


@dataclass(frozen=True)
class _Issue:
    """An issue of the domain; ``numbers`` are its values where they are numbers."""

    name: str
    options: tuple[str, ...]
    numbers: tuple[float, ...] | None


@dataclass(frozen=True)
class _File:
    """One YAML file of the folder and its tree."""

    document: Document
    root: Node

    def add(self, node: Node, code: str, /, **values: object) -> None:
        """Note a problem at a node (at the first character of one that opens a block)."""
        stop = node.start + 1 if node.entries is not None or node.items is not None else node.stop
        self.document.add(code, node.start, max(stop, node.start + 1), **values)


def import_negmas(folder: Path, into: Path, *, as_of: date | None = None) -> Path:
    """A case folder made of a folder of NegMAS YAML files; the path of the new folder.

    The file with ``issues`` is the domain, those with a utility function are the parties, in the order of their names;
    files that begin with ``_`` do not matter. Numbers stand as points marked ``assumed``. ``DossierError`` with every
    located problem where the files are no domain and its utility functions.
    """
    found = documents(folder, (".yml", ".yaml"))
    files = [file for document in found if (file := _parsed(document)) is not None]
    check(found)
    domains = [file for file in files if "issues" in (file.root.entries or {})]
    profiles = [file for file in files if _is_profile(file)]
    if len(domains) != 1:
        names = Several(file.document.file for file in domains)
        code = "import-genius-domains" if domains else "import-no-domain"
        raise DossierError.of(code, Place(str(folder)), files=names)
    two_profiles(folder, len(profiles))
    issues = _domain(domains[0])
    check(found)
    parties = [_party(file, issues) for file in profiles]
    check(found)
    title = words(folder.resolve().name)
    used = [domains[0].document.file, *(file.document.file for file in profiles)]
    comments = [
        *comment("negmas-head"),
        *(comment_file(folder / f, hashlib.sha256((folder / f).read_bytes()).hexdigest()) for f in used),
        *comment("negmas-raw"),
        *comment("genius-assumed"),
        *comment("genius-status-quo"),
    ]
    cite = words(f"NegMAS YAML: {title} ({', '.join(used)})")
    told = [party for party in parties if party is not None]
    data = {**head(title, cite, as_of), **case_data([DomainIssue(i.name, i.options) for i in issues], told)}
    return write_case(into, comments, data)


def _parsed(document: Document) -> _File | None:
    root, problems = parse(document.lines)
    document.problems.extend(problems)
    if root is None or problems:
        return None
    if root.entries is None:
        document.add("import-mapping", root.start, root.start + 1)
        return None
    return _File(document, root)


def _is_profile(file: _File) -> bool:
    held = file.root.entries or {}
    return "issues" not in held and any(
        key in held for key in ("ufun", "weights", "values", "reserved_value")
    )


# ---- typed access ------------------------------------------------------------------------------------------------


def _held(file: _File, node: Node, key: str) -> Node | None:
    held = node.entries
    if held is None:
        file.add(node, "import-mapping")
        return None
    if key not in held:
        file.add(node, "import-missing", key=key)
    return held.get(key)


def _text(node: Node) -> str:
    return words(node.scalar if isinstance(node.scalar, str) else node.written)


def _number(file: _File, node: Node, *, finite: bool = True) -> float:
    value = node.scalar
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
        file.add(node, "import-number", value=_text(node))
        return 0.0
    if finite and math.isinf(value):
        file.add(node, "import-number", value=_text(node))
        return 0.0
    return float(value)


def _kind(node: Node) -> str:
    """The type of an object, without the modules it lies in; empty where none is written."""
    held = node.entries or {}
    found = next((held[key] for key in _TYPES if key in held), None)
    return "" if found is None else _text(found).rpartition(".")[2]


def _list(file: _File, node: Node | None, issues: Sequence[_Issue]) -> list[Node]:
    """One node an issue, from a list in the domain's order or a mapping by name."""
    if node is None:
        return []
    if node.items is not None:
        if len(node.items) != len(issues):
            file.add(node, "import-count", n=len(node.items), expected=len(issues))
            return []
        return list(node.items)
    if node.entries is None:
        file.add(node, "import-mapping")
        return []
    by_name = {words(key): inner for key, inner in node.entries.items()}
    for issue in issues:
        if issue.name not in by_name:
            file.add(node, "import-genius-missing-issue", issue=issue.name)
    return [by_name[issue.name] for issue in issues] if {i.name for i in issues} <= set(by_name) else []


# ---- the domain --------------------------------------------------------------------------------------------------


def _domain(file: _File) -> tuple[_Issue, ...]:
    listed = _held(file, file.root, "issues")
    out: list[_Issue] = []
    for node in (listed.items or ()) if listed is not None else ():
        named, values = _held(file, node, "name"), _held(file, node, "values")
        if named is None or values is None:
            continue
        name = _text(named)
        options, numbers = _values(file, node, values)
        if name in (issue.name for issue in out):
            file.add(named, "import-genius-repeated", name=name)
        if len(options) < 2:
            file.add(values, "import-genius-few-options", issue=name)
        out.append(_Issue(name, options, numbers))
    if listed is not None and not out and not file.document.problems:
        file.add(listed, "import-genius-no-issues")
    return tuple(out)


def _values(file: _File, issue: Node, values: Node) -> tuple[tuple[str, ...], tuple[float, ...] | None]:
    kind = _kind(issue)
    items = values.items
    if items is None:
        file.add(values, "import-list")
        return (), None
    if kind in ("ContiguousIssue", "ContinuousIssue") and len(items) == 2:
        low, high = _number(file, items[0]), _number(file, items[1])
        whole = kind == "ContiguousIssue"
        if low >= high or (whole and (low != int(low) or high != int(high) or high - low >= MOST_VALUES)):
            file.add(values, "import-range", low=label(low), high=label(high), most=MOST_VALUES)
            return (), None
        if whole:
            numbers = tuple(float(v) for v in range(int(low), int(high) + 1))
        else:
            numbers = tuple(low + (high - low) * k / (STEPS - 1) for k in range(STEPS))
        return tuple(label(v) for v in numbers), numbers
    names = tuple(_text(item) for item in items)
    for k, item in enumerate(items):
        if names[k] in names[:k]:
            file.add(item, "import-genius-repeated", name=names[k])
    scalars = [item.scalar for item in items]
    if all(isinstance(v, int | float) and not isinstance(v, bool) for v in scalars):
        return names, tuple(float(v) for v in scalars if isinstance(v, int | float))
    return names, None


# ---- a party -----------------------------------------------------------------------------------------------------


def _party(file: _File, issues: Sequence[_Issue]) -> DomainParty | None:
    ufun, reserves = file.root, [file.root]
    while _kind(ufun) in DISCOUNTED or (
        "ufun" in (ufun.entries or {}) and "values" not in (ufun.entries or {})
    ):
        inner = _held(file, ufun, "ufun")
        if inner is None:
            return None
        ufun = inner
        reserves.append(ufun)
    kind = _kind(ufun) or ADDITIVE[0]
    if kind not in ADDITIVE:
        file.add(ufun, "import-space", kind=kind)
        return None
    contributions = _contributions(file, ufun, kind, issues)
    if file.document.problems:
        return None
    on = scale(contributions)
    if on.unit <= 0:
        file.add(ufun, "import-genius-weights")
        return None
    held = ufun.entries or {}
    bias = _number(file, held["bias"]) if "bias" in held else 0.0
    no_deal, note = _reserved(file, reserves, on, bias)
    named = (file.root.entries or {}).get("name")
    name = _text(named) if named is not None and not named.is_null else ""
    # A path as name is where the file once came from; the file's own name says more.
    name = name if name and "/" not in name else words(Path(file.document.file).stem)
    return DomainParty(name, on.weights, on.values, no_deal, note)


def _contributions(file: _File, ufun: Node, kind: str, issues: Sequence[_Issue]) -> list[list[float]]:
    held = ufun.entries or {}
    if "weights" in held and not held["weights"].is_null:
        weights = [_number(file, node) for node in _list(file, held["weights"], issues)]
    else:
        # NegMAS takes equal weights where none are written.
        weights = [1.0 / len(issues)] * len(issues)
    if kind != ADDITIVE[0]:
        functions: list[Callable[[int], float]] = [_identity(file, ufun, issue) for issue in issues]
    else:
        nodes = _list(file, _held(file, ufun, "values"), issues)
        functions = [_function(file, node, issue) for node, issue in zip(nodes, issues, strict=False)]
    if file.document.problems:
        return []
    return [
        [weight * function(k) for k in range(len(issue.options))]
        for weight, function, issue in zip(weights, functions, issues, strict=True)
    ]


def _identity(file: _File, node: Node, issue: _Issue) -> Callable[[int], float]:
    if issue.numbers is None:
        file.add(node, "import-not-numbers", issue=issue.name)
        return lambda k: 0.0
    numbers = issue.numbers
    return lambda k: numbers[k]


def _function(file: _File, node: Node, issue: _Issue) -> Callable[[int], float]:
    """A function of the position of an option."""
    kind = _kind(node)
    held = node.entries or {}
    if kind == "TableFun" or (not kind and node.entries is not None):
        table = held.get("mapping") or held.get("d") or (node if not kind else None)
        if table is None:
            file.add(node, "import-missing", key="mapping")
            return lambda k: 0.0
        return _table(file, table, issue)
    if kind not in FUNCTIONS:
        known = ", ".join(FUNCTIONS)
        file.add(node, "import-function", function=kind or _text(node), known=known)
        return lambda k: 0.0

    def read(key: str, default: float | None = None) -> float:
        if key not in held and default is not None:
            return default
        inner = _held(file, node, key)
        return 0.0 if inner is None else _number(file, inner)

    bias = read("bias", 0.0)
    if kind == "ConstFun":
        return lambda k: bias
    at = _identity(file, node, issue)
    if kind == "IdentityFun":
        return at
    if kind == "QuadraticFun":
        a2, a1 = read("a2"), read("a1")
        return lambda k: a2 * at(k) ** 2 + a1 * at(k) + bias
    slope = read("slope")
    return lambda k: slope * at(k) + bias


def _table(file: _File, node: Node, issue: _Issue) -> Callable[[int], float]:
    if node.entries is None:
        file.add(node, "import-mapping")
        return lambda k: 0.0
    worth: dict[str, float] = {}
    for key, inner in node.entries.items():
        if key in _TYPES and key not in issue.options:
            continue
        option = words(key)
        if option not in issue.options and issue.numbers is not None:
            option = _as_number(option, issue)
        if option in issue.options:
            worth[option] = _number(file, inner)
        else:
            near = suggestion(words(key), issue.options)
            file.add(
                node.keys[key],
                "import-genius-unknown-option",
                option=words(key),
                issue=issue.name,
                closest=near,
            )
    for option in issue.options:
        if option not in worth:
            file.add(node, "import-genius-missing-option", option=option, issue=issue.name)
    return lambda k: worth.get(issue.options[k], 0.0)


def _as_number(written: str, issue: _Issue) -> str:
    """The option that is this number, however it is written ("3.0" for 3)."""
    try:
        value = float(written)
    except ValueError:
        return written
    numbers = issue.numbers or ()
    return issue.options[numbers.index(value)] if value in numbers else written


def _reserved(file: _File, ufuns: Sequence[Node], on: Scale, bias: float) -> tuple[float, dict[str, object]]:
    """What no deal is worth: the first finite reserved value from outside in; else the worst package's utility."""
    values = [
        (node.entries or {})["reserved_value"] for node in ufuns if "reserved_value" in (node.entries or {})
    ]
    for node in values:
        value = 0.0 if node.is_null else _number(file, node, finite=False)
        if node.is_null or math.isinf(value):
            continue
        share = on.on_case(value - bias)
        if not 0 <= share <= 1:
            low, high = on.zero + bias, on.zero + on.unit + bias
            file.add(node, "import-reserved", value=_text(node), low=label(low), high=label(high))
            share = 0.0
        return share, both("negmas-no-deal", unit=label(on.unit), zero=label(on.zero + bias))
    return on.on_case(on.worst), both("negmas-no-deal-none", unit=label(on.unit), zero=label(on.zero + bias))
