"""The building blocks of a case file: names, numbers with a legal range, citations, and entries that carry a basis."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Field,
    PlainValidator,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from zopa.claims.claim import Frozen
from zopa.estimate import POSITIVE, REAL, UNIT, UNKNOWN, Bounds, Estimate, EstimateError, parse

NUMBER = "zopa-number"
"""Marks, in what pydantic makes of the models, where the JSON Schema has a number; ``case.schema`` writes them out."""

Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
"""A short lower-case name by which other sections refer to an entry."""


class Localised(Frozen):
    """A text in one or both languages."""

    en: str | None = None
    zh: str | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "Localised":
        if not (self.en or "").strip() and not (self.zh or "").strip():
            raise PydanticCustomError("text-empty", "text-empty")
        return self

    def get(self, lang: str) -> str:
        """The text in the wanted language, or in the other where only that is given."""
        first, second = (self.zh, self.en) if lang == "zh" else (self.en, self.zh)
        return first or second or ""


def _localised(value: object) -> object:
    return {"en": value, "zh": value} if isinstance(value, str) else value


Text = Annotated[
    Localised,
    BeforeValidator(_localised),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "properties": {"en": {"type": "string"}, "zh": {"type": "string"}},
                    "additionalProperties": False,
                    "minProperties": 1,
                },
            ]
        }
    ),
]
"""A plain string for every language, or ``{en: ..., zh: ...}``."""


class Citation(Frozen):
    """A claim an entry rests on, and how much it tells (``bearing``) where that differs from its kind's default."""

    claim: str
    bearing: Annotated[Estimate, PlainValidator(lambda v: _estimate(v, UNIT))] | None = None


def _citation(value: object) -> object:
    return {"claim": value} if isinstance(value, str) else value


Cited = Annotated[
    Citation,
    BeforeValidator(_citation),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "properties": {"claim": {"type": "string"}, "bearing": {NUMBER: "ShareEstimate"}},
                    "required": ["claim"],
                    "additionalProperties": False,
                },
            ]
        }
    ),
]


_CITATIONS: TypeAdapter[tuple[Cited, ...]] = TypeAdapter(tuple[Cited, ...])


class Entry(Frozen):
    """Anything a person wrote into the case: it says on which claims it rests, or that it is assumed."""

    because: tuple[Cited, ...] = ()
    assumed: bool = False
    note: Text | None = None


Ignorance = Literal["weight", "value", "uniform"]


@dataclass(frozen=True, slots=True)
class Number:
    """An estimate of the case with its legal range; it may have a basis of its own, else its entry's holds.

    ``within`` is the finite range ignorance is drawn from where the kind itself is open (a cost, a rate, a duration).
    """

    estimate: Estimate
    bounds: Bounds
    because: tuple[Citation, ...] = ()
    assumed: bool = False
    within: Bounds | None = None

    @property
    def span(self) -> Bounds:
        """The range that ignorance is uniform on."""
        return self.within or self.bounds


def _estimate(value: object, bounds: Bounds) -> Estimate:
    try:
        return parse(value, bounds)
    except EstimateError as error:
        raise PydanticCustomError(error.code, error.code, dict(error.values)) from None


_LONG = frozenset({"is", "because", "assumed", "range"})


def _number(value: object, bounds: Bounds) -> Number:
    if isinstance(value, Number):
        return value
    if not isinstance(value, Mapping) or "mix" in value:
        return Number(_estimate(value, bounds), bounds)
    if "is" not in value or set(value) - _LONG:
        raise PydanticCustomError("estimate-form", "estimate-form", {"value": str(dict(value))})
    within = None
    if value.get("range") is not None:
        ends = value["range"]
        if not _is_range(ends, bounds):
            raise PydanticCustomError("range-form", "range-form", {"value": str(ends)})
        within = Bounds(float(ends[0]), float(ends[1]))
    inside = within or bounds
    assumed = value.get("assumed", False)
    if not isinstance(assumed, bool):
        raise PydanticCustomError("assumed-form", "assumed-form", {"value": str(assumed)})
    return Number(_estimate(value["is"], inside), bounds, _citations(value.get("because")), assumed, within)


def _is_range(ends: object, bounds: Bounds) -> bool:
    if not isinstance(ends, list | tuple) or len(ends) != 2:
        return False
    if any(
        isinstance(end, bool) or not isinstance(end, int | float) or not math.isfinite(end) for end in ends
    ):
        return False
    return bool(bounds.low <= ends[0] < ends[1] <= bounds.high)


def _citations(value: object) -> tuple[Citation, ...]:
    try:
        return _CITATIONS.validate_python(value or ())
    except ValidationError as error:
        # An estimate of the bearing says itself what is wrong with it; all else is no citation.
        first = error.errors()[0]
        code = first["type"] if first["type"].startswith("estimate-") else "citation-form"
        raise PydanticCustomError(code, code, {"value": str(value), **first.get("ctx", {})}) from None


GAIN = Bounds(-1.0, 1.0)
NUMBERS: Mapping[str, tuple[str, Bounds]] = {
    "Share": ("a number between 0 and 1", UNIT),
    "Points": ("relative points, 0 or more", POSITIVE),
    "Amount": ("an amount, 0 or more", POSITIVE),
    "Real": ("a number", REAL),
    "Gain": ("a number between -1 and 1", GAIN),
}
"""The kinds of numbers: what each is, and its legal range."""


def _schema(kind: str) -> WithJsonSchema:
    return WithJsonSchema({NUMBER: kind})


def _field(bounds: Bounds) -> PlainValidator:
    return PlainValidator(lambda value: _number(value, bounds))


Share = Annotated[Number, _field(UNIT), _schema("Share")]
"""A probability, or a value on a party's own scale from 0 (worst) to 1 (best)."""
Points = Annotated[Number, _field(POSITIVE), _schema("Points")]
"""Importance points: only their proportions count."""
Amount = Annotated[Number, _field(POSITIVE), _schema("Amount")]
Real = Annotated[Number, _field(REAL), _schema("Real")]
Gain = Annotated[Number, _field(GAIN), _schema("Gain")]
"""What something adds to a party's utility on its own 0–1 scale; a loss is negative."""

NOT_STATED = Number(UNKNOWN, UNIT)


def _day(value: object) -> object:
    # YAML gives dates as dates; everything else that is not plainly a calendar day is refused by name.
    if isinstance(value, date):
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise PydanticCustomError("date-impossible", "date-impossible", {"value": str(value)})


Day = Annotated[date, BeforeValidator(_day)]
"""A calendar day, written YYYY-MM-DD."""


def _month(value: object) -> object:
    # A bare year is a number in YAML; as a month it is text like any other.
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Month = Annotated[str, BeforeValidator(_month), Field(pattern=r"^\d{4}(-(0[1-9]|1[0-2]))?$")]
"""A month, written YYYY-MM, or a year."""


def plain(value: Any) -> Any:
    """A pydantic-friendly copy of loaded YAML: ordinary dicts, lists and scalars, no positions."""
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    return value
