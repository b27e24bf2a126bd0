"""What pydantic finds wrong with data, as problem codes with the author's own words; its own messages are not shown."""

import math
import re
import types
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from zopa.claims.lines import NOTHING, Said, Several, closest, did_you_mean, suggestion
from zopa.words import has

Loc = tuple[str | int, ...]


@dataclass(frozen=True)
class Complaint:
    """One finding: a problem code, where in the data, whether its key is meant, and the values of its sentence."""

    code: str
    loc: Loc
    values: dict[str, object] = field(default_factory=dict)
    at_key: bool = False


def complaints(
    error: ValidationError, model: type[BaseModel], *, written: Callable[[Loc], str]
) -> tuple[Complaint, ...]:
    """All findings of one validation, each place once; ``written`` gives the author's text at a place."""
    found = error.errors(include_url=False)
    out: dict[tuple[Loc, str], Complaint] = {}
    for one in found:
        loc = _clean(tuple(one["loc"]))
        if one["type"] == "too_short" and any(
            o is not one and tuple(o["loc"])[: len(loc)] == loc for o in found
        ):
            # The list is short only because its items are refused.
            continue
        complaint = _complaint(one["type"], loc, dict(one.get("ctx", {})), model, written)
        out.setdefault((complaint.loc, complaint.code), complaint)
    return tuple(out.values())


def _clean(loc: Loc) -> Loc:
    """The location without the branches of unions, which pydantic names by type ("str", "dict[str,str]")."""
    return tuple(
        step for step in loc if not (isinstance(step, str) and re.fullmatch(r"str|dict\[.*\]", step))
    )


_WRONG_TYPE = {
    "string_type": "text",
    "string_unicode": "text",
    "dict_type": "mapping",
    "model_type": "mapping",
    "model_attributes_type": "mapping",
    "tuple_type": "list",
    "list_type": "list",
    "int_type": "whole",
    "int_parsing": "whole",
    "int_from_float": "whole",
    "int_parsing_size": "whole",
    "float_type": "number",
    "float_parsing": "number",
    "finite_number": "number",
    "bool_type": "bool",
    "bool_parsing": "bool",
    "timezone_aware": "moment",
    "datetime_type": "moment",
    "datetime_parsing": "moment",
    "datetime_from_date_parsing": "moment",
    "datetime_object_invalid": "moment",
    "too_long": "pair",
}
_DATES = frozenset(
    {
        "date_type",
        "date_parsing",
        "date_from_datetime_parsing",
        "date_from_datetime_inexact",
        "date-impossible",
    }
)
_DAY_SHAPED = re.compile(r"\d{4}\D\d{1,2}\D\d{1,2}")
_BY_TYPE: tuple[tuple[type, str], ...] = (
    (datetime, "moment"),
    (date, "date"),
    (bool, "bool"),
    (int, "whole"),
    (float, "number"),
    (BaseModel, "mapping"),
)
"""What a value of a type is called; the order matters, for a moment is a date and a truth value a whole number."""
_BY_ORIGIN: dict[object, str] = {dict: "mapping", tuple: "list", list: "list"}
_BY_CLASS = {"Localised": "localised", "Citation": "citation"}
_PATTERNS = {
    r"^[A-Z]{2}$": "territory",
    r"^\d{4}(-(0[1-9]|1[0-2]))?$": "month",
    r"^[0-9a-f]{64}$": "digest",
}
ID_PATTERN = r"^[a-z0-9][a-z0-9_-]*$"
_LIMITS = frozenset({"greater_than_equal", "less_than_equal"})


def _complaint(
    kind: str, loc: Loc, context: dict[str, Any], model: type[BaseModel], written: Callable[[Loc], str]
) -> Complaint:
    at_key = bool(loc) and loc[-1] == "[key]"
    place = loc[:-1] if at_key else loc
    key = _name(place)
    value = str(place[-1]) if at_key else written(place)
    said: dict[str, object] = {"key": key, "value": value, "advice": advice(key)}
    if kind == "missing":
        return _missing(place, written)
    if kind == "extra_forbidden":
        known = known_keys(model, place[:-1])
        return Complaint("unknown-key", place, {"key": key, "closest": suggestion(key, known)}, at_key=True)
    if kind == "literal_error":
        if place == ("zopa",):
            return Complaint("format-version", place, said)
        allowed = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        close = did_you_mean(value, allowed) if closest(value, allowed) else advice(key)
        return Complaint(
            "not-a-choice", place, {**said, "allowed": Several(allowed), "closest": close}, at_key
        )
    if kind == "string_pattern_mismatch":
        pattern = str(context.get("pattern"))
        if pattern == ID_PATTERN:
            return Complaint("id-form", place, said, at_key)
        form = Said(f"checks.expect-{_PATTERNS[pattern]}") if pattern in _PATTERNS else None
        expected = form or Said("checks.expect-pattern", pattern=pattern)
        return Complaint("wrong-form", place, {**said, "expected": expected}, at_key)
    if kind in _LIMITS:
        return Complaint("number-range", place, {**said, "limit": _limit(context, model, place)})
    if kind == "string_too_short":
        return Complaint("text-empty", place, said)
    if kind == "value_error" and not place:
        # The one rule between fields of a claim: a range ends after it starts.
        return Complaint("claim-range", ("ranges",), {"key": "ranges"})
    if kind == "too_short":
        return Complaint("too-few", place, {"key": key, "n": context["min_length"]})
    if kind in _DATES:
        if _DAY_SHAPED.fullmatch(value.strip("'\" ")):
            return Complaint("date-impossible", place, said)
        return Complaint("wrong-type", place, {**said, "expected": Said("checks.expect-date")})
    if kind in _WRONG_TYPE:
        expected_kind = _BY_CLASS.get(str(context.get("class_name")), _WRONG_TYPE[kind])
        return Complaint("wrong-type", place, {**said, "expected": Said(f"checks.expect-{expected_kind}")})
    if kind == "estimate-range":
        return Complaint(kind, place, {**said, "limit": limits(context["low"], context["high"])})
    if has(f"problems.{kind}"):
        return Complaint(kind, place, {**context, **said})
    return Complaint("wrong-type", place, {**said, "expected": _expected(model, place)})


def _expected(model: type[BaseModel], loc: Loc) -> Said:
    """What belongs at a place of the data, by the type that the model gives it."""
    here: object = model
    for step in loc:
        here = _inside(here, step)
    here = _bare(here)
    name = _BY_ORIGIN.get(get_origin(here), "text")
    if isinstance(here, type):
        name = next((called for of, called in _BY_TYPE if issubclass(here, of)), name)
    return Said(f"checks.expect-{name}")


def _name(loc: Loc) -> str:
    """What to call a place in a sentence: its key, and for an item of a list the list's."""
    names = [str(step) for step in loc if isinstance(step, str)]
    return names[-1] if names else ""


def _missing(loc: Loc, written: Callable[[Loc], str]) -> Complaint:
    if isinstance(loc[-1], int):
        outer = loc[:-1]
        expected = Said("checks.expect-pair")
        return Complaint(
            "wrong-type",
            outer,
            {"key": _name(outer), "value": written(outer), "expected": expected, "advice": NOTHING},
        )
    key = str(loc[-1])
    return Complaint("missing-key", loc, {"key": key, "owner": _owner(loc[:-1]), "advice": advice(key)})


def _owner(loc: Loc) -> Said:
    """Whose key is missing: the file's, or that of the entry under the nearest name."""
    name = _name(loc)
    return Said("checks.owner-entry", name=name) if name else Said("checks.owner-file")


def advice(key: str) -> Said:
    """What the values of a key mean, where the catalogue explains it."""
    return Said(f"checks.about-{key}") if has(f"checks.about-{key}") else NOTHING


def _limit(context: dict[str, Any], model: type[BaseModel], loc: Loc) -> Said:
    """The legal range in words: both ends where the model knows both."""
    info = field_at(model, loc)
    low, high = context.get("ge", -math.inf), context.get("le", math.inf)
    for mark in info.metadata if info is not None else ():
        low, high = getattr(mark, "ge", low), getattr(mark, "le", high)
    return limits(low, high)


def limits(low: float | str, high: float | str) -> Said:
    """A legal range in words, whose ends may be infinite."""
    low, high = float(low), float(high)
    if math.isfinite(low) and math.isfinite(high):
        return Said("checks.between", low=f"{low:g}", high=f"{high:g}")
    if math.isfinite(low):
        return Said("checks.at-least", n=f"{low:g}")
    return Said("checks.at-most", n=f"{high:g}")


# ---- the model at a place ----------------------------------------------------------------------------------------


def known_keys(model: type[BaseModel], loc: Loc) -> Sequence[str]:
    """The keys an author may write at a place of the data, in the model's order."""
    found = class_at(model, loc)
    if found is None:
        return ()
    return tuple(info.alias or name for name, info in found.model_fields.items())


def class_at(model: type[BaseModel], loc: Loc) -> type[BaseModel] | None:
    """The model of the entry at a place, or None where no entry stands there."""
    here: object = model
    for step in loc:
        here = _inside(here, step)
    here = _bare(here)
    return here if isinstance(here, type) and issubclass(here, BaseModel) else None


def field_at(model: type[BaseModel], loc: Loc) -> FieldInfo | None:
    """The field at a place, or None where no field stands there."""
    owner = class_at(model, loc[:-1]) if loc else None
    return _field(owner, str(loc[-1])) if owner is not None else None


def _field(model: type[BaseModel], key: str) -> FieldInfo | None:
    for name, info in model.model_fields.items():
        if key in (info.alias, name):
            return info
    return None


def _inside(here: object, step: str | int) -> object:
    here = _bare(here)
    if isinstance(here, type) and issubclass(here, BaseModel):
        info = _field(here, str(step))
        return info.annotation if info is not None else None
    arguments = get_args(here)
    if get_origin(here) is dict:
        return arguments[1]
    if get_origin(here) is tuple:
        many = len(arguments) == 2 and arguments[1] is Ellipsis
        return arguments[0] if many or not isinstance(step, int) else arguments[min(step, len(arguments) - 1)]
    return None


def _bare(here: object) -> object:
    """The annotation without Annotated and Optional."""
    while True:
        if get_origin(here) is Annotated:
            here = get_args(here)[0]
        elif get_origin(here) in (Union, types.UnionType):
            rest = [a for a in get_args(here) if a is not type(None)]
            here = next((a for a in rest if a is not str), rest[0])
        else:
            return here
