"""Bargaining domains in Genius XML: one domain file, one utility-space file a party, made into a case folder.

Genius semantics (``EvaluatorDiscrete`` of Genius 10): the value of an option is its evaluation divided by the largest
evaluation of its issue (0 where that is below 0.00001); a numeric issue's function stands as it is; utility is the
weighted sum, here with weights in proportion. With ``raw`` the undivided evaluations count instead, as some other
programs read the same files.
"""

import hashlib
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from pathlib import Path

from zopa.case.interop.domain import STEPS, DomainIssue, DomainParty, case_data
from zopa.case.interop.genius_files import (
    Issue,
    Profile,
    check,
    label,
    read_domain,
    read_profile,
    read_roots,
    sort_out,
)
from zopa.case.interop.layout import both, comment, comment_file, head, words, write_case
from zopa.case.interop.located import Element

_NEGLIGIBLE = 0.00001


@dataclass(frozen=True)
class _Scale:
    """A profile as the case states it: weights and values from 0 to 1, and raw points a unit of utility."""

    weights: tuple[float, ...]
    values: tuple[tuple[float, ...], ...]
    unit: float


def import_genius(folder: Path, into: Path, *, raw: bool = False, as_of: date | None = None) -> Path:
    """A case folder made of a folder of Genius XML files, however these are named; the path of the new folder.

    Parties come in the order of their files' names. Numbers stand as points marked ``assumed``: a constructed domain
    gives them, nothing supports them. ``raw`` keeps undivided evaluations (utilities up to a stated factor).
    ``DossierError`` with every located problem where the files cannot be read as a domain and its profiles.
    """
    roots = read_roots(folder)
    domain, profiles = sort_out(folder, roots)
    issues = read_domain(domain)
    check(roots)
    read = [read_profile(root, issues) for root in profiles]
    check(roots)
    told = [_with_reservation(root, profile, raw) for root, profile in zip(profiles, read, strict=True)]
    check(roots)
    title = words(folder.resolve().name)
    files = tuple(dict.fromkeys([domain.document.file, *(profile.file for profile in read)]))
    cite = words(f"Genius XML: {title} ({', '.join(files)})")
    data = {**head(title, cite, as_of), **_data(issues, told)}
    lacking = domain.document.file if domain in profiles else None
    return write_case(into, _comments(folder, files, issues, raw, lacking), data)


def without_domain(folder: Path) -> str | None:
    """The profile whose issues stand for the domain, where the folder holds no domain file; None where it does."""
    domain, profiles = sort_out(folder, read_roots(folder))
    return domain.document.file if domain in profiles else None


# ---- the scale ---------------------------------------------------------------------------------------------------


def _scale(profile: Profile, *, raw: bool) -> _Scale:
    """Weights and values of the case; with ``raw``, utility times ``unit`` is the sum of weight × evaluation."""
    weights, values = [], []
    for weight, evaluations, divided in zip(
        profile.weights, profile.evaluations, profile.divided, strict=True
    ):
        most = max(evaluations)
        by = most if most >= _NEGLIGIBLE else math.inf
        if raw or divided:
            values.append(tuple(e / by for e in evaluations))
        else:
            values.append(evaluations)
        weights.append(weight * most if raw else weight)
    return _Scale(tuple(weights), tuple(values), math.fsum(weights) if raw else 1.0)


def _with_reservation(root: Element, profile: Profile, raw: bool) -> tuple[Profile, _Scale]:
    """The profile on the case's scale, with a reservation value outside it noted."""
    scale = _scale(profile, raw=raw)
    if sum(scale.weights) <= 0:
        root.add("import-genius-weights")
    elif profile.reservation is not None and not 0 <= profile.reservation <= scale.unit:
        reservation = root.all("reservation")[0]
        written = reservation.attributes["value"]
        reservation.add("import-genius-reservation", "value", value=written, high=label(scale.unit))
    return profile, scale


# ---- the case ----------------------------------------------------------------------------------------------------


def _comments(
    folder: Path, files: Iterable[str], issues: Sequence[Issue], raw: bool, lacking: str | None
) -> Iterator[str]:
    yield from comment("genius-head")
    for name in files:
        path = folder / name
        yield comment_file(path, hashlib.sha256(path.read_bytes()).hexdigest())
    if lacking is not None:
        yield from comment("genius-no-domain", file=lacking)
    yield from comment("genius-raw" if raw else "genius-divided")
    if any(issue.numbers and not all(v.is_integer() for v in issue.numbers) for issue in issues):
        yield from comment("genius-steps", steps=STEPS)
    yield from comment("genius-assumed")
    yield from comment("genius-status-quo")


def _data(issues: Sequence[Issue], told: Sequence[tuple[Profile, _Scale]]) -> dict[str, object]:
    """Parties, issues and preferences as the case file holds them."""
    names = _party_names([profile.file for profile, _ in told])
    parties = [
        DomainParty(
            name,
            scale.weights,
            scale.values,
            (profile.reservation or 0.0) / scale.unit,
            _note(profile, scale),
        )
        for name, (profile, scale) in zip(names, told, strict=True)
    ]
    return case_data([DomainIssue(issue.name, issue.options) for issue in issues], parties)


def _party_names(files: Sequence[str]) -> list[str]:
    """What tells file names apart: buyer and seller of ``camera_buyer_utility`` and ``camera_seller_utility``."""
    split = [re.split(r"[\s_.-]+", Path(file).stem) for file in files]
    rest = [parts[_alike(split) :] for parts in split]
    unnumbered = [tuple(parts[1:]) for parts in rest]
    if all(len(parts) > 1 and parts[0].isdecimal() for parts in rest) and len(set(unnumbered)) == len(rest):
        # Numbers only keep the files in order: "1-england", "2-zimbabwe".
        rest = [list(parts) for parts in unnumbered]
    back = _alike([parts[::-1] for parts in rest])
    return [
        words(" ".join(parts[: len(parts) - back]) or Path(file).stem)
        for parts, file in zip(rest, files, strict=True)
    ]


def _alike(split: Sequence[Sequence[str]]) -> int:
    """How many parts all the lists begin with."""
    return sum(1 for _ in takewhile(lambda column: len(set(column)) == 1, zip(*split, strict=False)))


def _note(profile: Profile, scale: _Scale) -> dict[str, object]:
    key = "genius-no-deal" if profile.reservation is not None else "genius-no-deal-none"
    discount = label(profile.discount) if profile.discount is not None else "1"
    if scale.unit != 1:
        return both(f"{key}-raw", discount=discount, unit=label(scale.unit))
    return both(key, discount=discount)
