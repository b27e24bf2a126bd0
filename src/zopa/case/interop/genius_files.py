"""Genius XML files as data: which is the domain, which are profiles, and what they say.

Genius semantics (``EvaluatorDiscrete``, ``EvaluatorInteger``, ``EvaluatorReal`` of Genius 10): issues are matched by
name or index, options by name; objectives may nest and only the issues' own weights count; a numeric issue has a
linear, constant or triangular function clipped to 0..1.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from zopa.case.interop.domain import MOST_VALUES, STEPS
from zopa.case.interop.layout import words
from zopa.case.interop.located import Element, read_document, read_xml
from zopa.claims.files import reason
from zopa.claims.lines import Several, suggestion
from zopa.errors import DossierError, Place, Problem


@dataclass(frozen=True)
class Issue:
    """An issue of the domain; ``numbers`` are the values of a numeric issue, in order."""

    name: str
    index: str | None
    options: tuple[str, ...]
    numbers: tuple[float, ...] = ()


@dataclass(frozen=True)
class Profile:
    """One party's file: weight and raw evaluations an issue, and what no deal is worth to it."""

    file: str
    weights: tuple[float, ...]
    evaluations: tuple[tuple[float, ...], ...]
    divided: tuple[bool, ...]
    """Whether Genius divides by the largest evaluation (discrete issues) or takes the function as it is."""
    reservation: float | None
    discount: float | None


# ---- the files ---------------------------------------------------------------------------------------------------


def read_roots(folder: Path) -> list[Element]:
    """Roots of all XML files of the folder, by file name; other files (notes, results) do not matter."""
    if not folder.is_dir():
        raise DossierError.of("import-not-found", Place(str(folder)), path=str(folder))
    try:
        paths = sorted((p for p in folder.iterdir() if p.is_file()), key=lambda p: _natural(p.name))
    except OSError as error:
        raise DossierError.of(
            "file-unreadable", Place(str(folder)), name=folder.name, reason=reason(error)
        ) from None
    documents = [read_document(path) for path in paths if _looks_like_xml(path)]
    roots: list[Element] = []
    problems: list[Problem] = []
    for document in documents:
        try:
            roots.append(read_xml(document))
        except DossierError as error:
            problems.extend(error.problems)
    if problems:
        raise DossierError(problems)
    return roots


def _natural(name: str) -> list[tuple[int, str]]:
    stem = name.rpartition(".")[0] or name
    return [(int(p), "") if p.isdecimal() else (-1, p) for p in re.split(r"(\d{1,9})", stem.casefold())]


def _looks_like_xml(path: Path) -> bool:
    if path.name.startswith("."):
        return False
    try:
        with path.open("rb") as file:
            start = file.read(200)
    except OSError:
        start = b""
    bare = start.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return path.suffix.casefold() == ".xml" or bare.startswith(b"<")


def sort_out(folder: Path, roots: Sequence[Element]) -> tuple[Element, list[Element]]:
    """The domain and the profiles, told apart by what they hold, never by their names."""
    domains, profiles = [], []
    for root in roots:
        if root.tag == "negotiation_template" or (root.tag == "utility_space" and not _is_profile(root)):
            domains.append(root)
        elif root.tag == "utility_space":
            profiles.append(root)
        else:
            root.add("import-genius-root", tag=root.tag)
    check(roots)
    place = Place(str(folder))
    if len(domains) > 1:
        files = Several(d.document.file for d in domains)
        raise DossierError.of("import-genius-domains", place, files=files)
    if len(profiles) < 2:
        raise DossierError.of("import-genius-profiles", place, n=len(profiles))
    # Profiles repeat the issues, so a set of them is complete even where the domain file was left out.
    return (domains or profiles)[0], profiles


def _is_profile(root: Element) -> bool:
    if root.all("reservation") or root.all("discount_factor") or _is_nonlinear(root):
        return True
    return any(o.all("weight") for o in _objectives(root)) or any(
        "evaluation" in item.attributes for issue in _issues(root) for item in issue.all("item")
    )


def _is_nonlinear(root: Element) -> bool:
    holders = [root, *_objectives(root)]
    return any(o.all("ufun") for o in holders) or root.attributes.get("type", "").casefold() == "nonlinear"


def _objectives(element: Element) -> Iterator[Element]:
    for child in element.children:
        if child.tag in ("utility_space", "objective"):
            if child.tag == "objective":
                yield child
            yield from _objectives(child)


def _issues(root: Element) -> Iterator[Element]:
    return chain.from_iterable(o.all("issue") for o in _objectives(root))


def check(roots: Iterable[Element]) -> None:
    """Raise what was noted in any of the files, file by file."""
    problems: list[Problem] = []
    for root in roots:
        try:
            root.document.check()
        except DossierError as error:
            problems.extend(error.problems)
    if problems:
        raise DossierError(problems)


# ---- the domain --------------------------------------------------------------------------------------------------


def read_domain(root: Element) -> tuple[Issue, ...]:
    """The issues of a domain (or of a profile, which repeats them), with their options in order."""
    out: list[Issue] = []
    for element in _issues(root):
        issue = _issue(element)
        if issue is None:
            continue
        if any(issue.name.casefold() == other.name.casefold() for other in out):
            element.add("import-genius-repeated", "name", name=issue.name)
        elif len(issue.options) < 2:
            element.add("import-genius-few-options", "name", issue=issue.name)
        out.append(issue)
    if not out and not root.document.problems:
        root.add("import-genius-no-issues")
    return tuple(out)


def _issue(element: Element) -> Issue | None:
    name = words(element.attributes.get("name", ""))
    if not name:
        element.add("import-genius-attribute", element="issue", attribute="name")
        return None
    index = element.attributes.get("index")
    kind = _kind(element)
    if kind in ("integer", "real"):
        ends = _bounds(element)
        if ends is None:
            return None
        numbers = _grid(element, kind, *ends)
        return Issue(name, index, tuple(label(v) for v in numbers), numbers) if numbers else None
    if kind != "discrete":
        element.add("import-genius-type", "type" if "type" in element.attributes else None, type=kind)
        return None
    options: list[str] = []
    for item in element.all("item"):
        option = words(item.attributes.get("value", ""))
        if not option:
            item.add("import-genius-attribute", element="item", attribute="value")
        elif option in options:
            item.add("import-genius-repeated", "value", name=option)
        else:
            options.append(option)
    return Issue(name, index, tuple(options))


def _kind(element: Element) -> str:
    types = (element.attributes.get(key) for key in ("type", "etype", "vtype"))
    return next((t.strip().casefold() for t in types if t), "discrete")


def _bounds(element: Element) -> tuple[float, float] | None:
    holders = [element, *element.all("range")]
    held = next((h for h in holders if "lowerbound" in h.attributes or "upperbound" in h.attributes), element)
    low, high = _number(held, "lowerbound"), _number(held, "upperbound")
    if low is None or high is None:
        return None
    if low >= high:
        held.add("import-genius-range", "upperbound", low=label(low), high=label(high))
        return None
    return low, high


def _grid(element: Element, kind: str, low: float, high: float) -> tuple[float, ...]:
    if kind == "real":
        return tuple(low + (high - low) * k / (STEPS - 1) for k in range(STEPS))
    if low != int(low) or high != int(high) or high - low >= MOST_VALUES:
        element.add("import-genius-integers", low=label(low), high=label(high), most=MOST_VALUES)
        return ()
    return tuple(float(k) for k in range(int(low), int(high) + 1))


def label(value: float) -> str:
    """A number as people write it."""
    return format(value, ".12g")


def _number(element: Element, attribute: str, *, least: float | None = None) -> float | None:
    """A finite number of an attribute, or None after noting what is wrong with it."""
    written = element.attributes.get(attribute)
    if written is None:
        element.add("import-genius-attribute", element=element.tag, attribute=attribute)
        return None
    try:
        value = float(written)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        element.add("import-genius-number", attribute, attribute=attribute, value=written)
        return None
    if least is not None and value < least:
        element.add("import-genius-negative", attribute, attribute=attribute, value=written)
        return None
    return value


# ---- a profile ---------------------------------------------------------------------------------------------------


def read_profile(root: Element, issues: Sequence[Issue]) -> Profile:
    """What one party's file says about the domain's issues; everything wrong in it is noted."""
    if _is_nonlinear(root):
        root.add("import-genius-nonlinear")
    weights: dict[int, float] = {}
    evaluations: dict[int, tuple[float, ...]] = {}
    for objective in _objectives(root):
        stated = {w.attributes.get("index"): w for w in objective.all("weight")}
        for element in objective.all("issue"):
            at = _matching(element, issues)
            if at is None:
                continue
            if at in weights:
                element.add("import-genius-repeated", "name", name=issues[at].name)
                continue
            weight = stated.get(element.attributes.get("index"))
            if weight is None:
                element.add("import-genius-no-weight", "name", issue=issues[at].name)
                weights[at] = 0.0
            else:
                weights[at] = _number(weight, "value", least=0.0) or 0.0
            evaluations[at] = _evaluations(element, issues[at])
    for at, issue in enumerate(issues):
        if at not in weights:
            root.add("import-genius-missing-issue", issue=issue.name)
    if not root.document.problems and sum(weights.values()) <= 0:
        root.add("import-genius-weights")
    order = range(len(issues))
    return Profile(
        root.document.file,
        tuple(weights.get(at, 0.0) for at in order),
        tuple(evaluations.get(at, ()) for at in order),
        tuple(not issue.numbers for issue in issues),
        reservation=_child_value(root, "reservation"),
        discount=_child_value(root, "discount_factor"),
    )


def _matching(element: Element, issues: Sequence[Issue]) -> int | None:
    """Position of the domain's issue: by name, by name whatever its case, or by index where no name fits."""
    name, index = words(element.attributes.get("name", "")), element.attributes.get("index")
    fits = (
        [issue.name == name for issue in issues],
        [issue.name.casefold() == name.casefold() for issue in issues],
        [index is not None and issue.index == index for issue in issues],
    )
    for fit in fits:
        if sum(fit) == 1:
            return fit.index(True)
    near = suggestion(name, [issue.name for issue in issues])
    element.add("import-genius-unknown-issue", "name", name=name, closest=near)
    return None


def _evaluations(element: Element, issue: Issue) -> tuple[float, ...]:
    if issue.numbers:
        return _function_values(element, issue)
    stated: dict[str, float] = {}
    named = {option.casefold(): option for option in issue.options}
    for item in element.all("item"):
        written = words(item.attributes.get("value", ""))
        option = written if written in issue.options else named.get(written.casefold())
        if option is None:
            near = suggestion(written, issue.options)
            item.add("import-genius-unknown-option", "value", option=written, issue=issue.name, closest=near)
        elif option in stated:
            item.add("import-genius-repeated", "value", name=option)
        else:
            stated[option] = _number(item, "evaluation", least=0.0) or 0.0
    for option in issue.options:
        if option not in stated:
            element.add("import-genius-missing-option", "name", option=option, issue=issue.name)
    return tuple(stated.get(option, 0.0) for option in issue.options)


def _function_values(element: Element, issue: Issue) -> tuple[float, ...]:
    """A numeric issue's function at each of its values, clipped to 0..1 as Genius does."""
    evaluator = next(iter(element.all("evaluator")), None)
    if evaluator is None:
        element.add("import-genius-no-function", "name", issue=issue.name)
        return ()
    integer = _kind(element) == "integer"
    kind = evaluator.attributes.get("ftype", "linear").strip().casefold()
    names = {
        "linear": ("offset", "slope") if integer else ("parameter0", "parameter1"),
        "constant": ("offset",) if integer else ("parameter0",),
        "triangular": ("parameter0", "parameter1", "parameter2"),
    }.get(kind)
    if names is None:
        evaluator.add("import-genius-function", "ftype", function=kind)
        return ()
    read = [_number(evaluator, name) for name in names]
    p = [value for value in read if value is not None]
    if len(p) < len(read):
        return ()
    # Integer functions count from the lower bound, real ones from zero.
    start = issue.numbers[0] if integer else 0.0
    return tuple(min(1.0, max(0.0, _function(kind, p, v - start))) for v in issue.numbers)


def _function(kind: str, p: Sequence[float], x: float) -> float:
    if kind == "linear":
        return p[0] + p[1] * x
    if kind == "constant":
        return p[0]
    low, high, top = p
    if x < low or x > high:
        return 0.0
    if x < top:
        return (x - low) / (top - low)
    return (high - x) / (high - top) if high > top else 1.0


def _child_value(root: Element, tag: str) -> float | None:
    found = next(iter(root.all(tag)), None)
    return None if found is None else _number(found, "value")
