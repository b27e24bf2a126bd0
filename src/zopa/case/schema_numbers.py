"""Numbers in the JSON Schema of the case file: what an author may write for each kind, and its legal range.

What the program reads the schema must accept; what plainly leaves the range it refuses. A number in a text is matched
by a pattern, so a text whose range a pattern cannot tell (an exponent, a named distribution) is let through: the
program itself checks it.
"""

import math
from typing import Any

from zopa.case.fields import NUMBER, NUMBERS
from zopa.estimate import Bounds

_DIGITS = r"(\d+\.?\d*|\.\d+)"
_UP_TO_ONE = r"0*(\.\d+|1(\.0*)?|0\.\d*|0)"
_UP_TO_HUNDRED = r"0*(\d{1,2}(\.\d*)?|\.\d+|100(\.0*)?)\s*%"
_EXPONENT = rf"[-+]?{_DIGITS}[eE][-+]?\d+\s*%?"
_MINUS_NOTHING = r"-(0+\.?0*|\.0+)\s*%?"
_SPREADS = ("beta", "lognormal", "normal")


def define_numbers(schema: dict[str, Any]) -> None:
    """Writes every kind of number into the schema's ``$defs`` and refers to it where the models have one."""
    _refer(schema)
    for kind, (what, bounds) in NUMBERS.items():
        schema["$defs"][f"{kind}Estimate"] = _estimate(kind, what, bounds)
        schema["$defs"][kind] = _number(kind, what, bounds)


def _refer(part: Any) -> None:
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        _refer(inner)
    if isinstance(part, dict) and isinstance(part.get(NUMBER), str):
        part["$ref"] = f"#/$defs/{part.pop(NUMBER)}"


def _number(kind: str, what: str, bounds: Bounds) -> dict[str, Any]:
    """An estimate, or the long form that says what it rests on."""
    end = {"type": "number", **_limits(bounds)}
    long = {
        "type": "object",
        "properties": {
            "is": {"$ref": f"#/$defs/{kind}Estimate"},
            "because": {"type": "array", "items": _cited()},
            "assumed": {"type": "boolean"},
            "range": {"type": "array", "items": end, "minItems": 2, "maxItems": 2},
        },
        "required": ["is"],
        "additionalProperties": False,
    }
    return {
        "description": f"{_forms(what)}, or {{is: ..., because: [...], assumed: true, range: [low, high]}}",
        "anyOf": [{"$ref": f"#/$defs/{kind}Estimate"}, long],
    }


def _estimate(kind: str, what: str, bounds: Bounds) -> dict[str, Any]:
    weight = {"type": "number", "exclusiveMinimum": 0}
    part = {
        "type": "array",
        "prefixItems": [weight, {"$ref": f"#/$defs/{kind}Estimate"}],
        "minItems": 2,
        "maxItems": 2,
    }
    mixture = {
        "type": "object",
        "properties": {"mix": {"type": "array", "items": part, "minItems": 1}},
        "required": ["mix"],
        "additionalProperties": False,
    }
    return {
        "description": _forms(what),
        "anyOf": [
            {"type": "number", **_limits(bounds)},
            {"type": "string", "pattern": _pattern(bounds)},
            mixture,
        ],
    }


def _forms(what: str) -> str:
    return f"{what}: 0.4, 40%, '0.2 to 0.6', '0.1 | 0.3 | 0.5', beta(2, 5), {{mix: [[0.7, ...]]}}, unknown"


def _limits(bounds: Bounds) -> dict[str, float]:
    ends = {"minimum": bounds.low, "maximum": bounds.high}
    return {key: int(end) for key, end in ends.items() if math.isfinite(end)}


def _pattern(bounds: Bounds) -> str:
    """What ``zopa.estimate.parse`` reads, in the range as far as a pattern can tell."""
    sign = r"\+?" if bounds.low == 0 else "[-+]?"
    size = rf"({_UP_TO_HUNDRED}|{_UP_TO_ONE})" if math.isfinite(bounds.high) else rf"{_DIGITS}\s*%?"
    number = rf"({sign}{size}|{_MINUS_NOTHING}|{_EXPONENT})"
    forms = (
        "unknown",
        number,
        rf"{number}\s*(to|至|到)\s*{number}",
        rf"{number}\s*\|\s*{number}\s*\|\s*{number}",
        rf"uniform\s*\(\s*{number}\s*,\s*{number}\s*\)",
        rf"({'|'.join(_SPREADS)})\s*\([^()]+,[^()]+\)",
    )
    return rf"^\s*({'|'.join(forms)})\s*$"


def _cited() -> dict[str, Any]:
    """A claim, or a claim with its own bearing."""
    full = {
        "type": "object",
        "properties": {"claim": {"type": "string"}, "bearing": {"$ref": "#/$defs/ShareEstimate"}},
        "required": ["claim"],
        "additionalProperties": False,
    }
    return {"anyOf": [{"type": "string"}, full]}
