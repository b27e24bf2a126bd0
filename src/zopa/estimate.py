"""An uncertain number, and the keyed streams from which every draw comes.

An estimate is written ``0.4``, ``a to b`` (5th and 95th percentile), ``low | mode | high`` (triangular), a named
distribution such as ``beta(2, 5)``, a mixture ``{mix: [[0.7, 0.1 to 0.2], [0.3, 0.6 to 0.8]]}``, or ``unknown``.
It is drawn through its quantile function from a uniform stream of its own, keyed by (seed, name, draw number):
adding, removing or editing one quantity changes no other draw.
"""

import hashlib
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Shape = Literal[
    "point", "range", "triangular", "uniform", "normal", "lognormal", "beta", "mixture", "unknown"
]

TAIL = 0.05
"""``a to b`` are the 5th and the 95th percentile."""
_Z95 = 1.6448536269514722


@dataclass(frozen=True, slots=True)
class Bounds:
    """The legal range of a kind of number; a side may be infinite."""

    low: float = -math.inf
    high: float = math.inf

    @property
    def finite(self) -> bool:
        """Whether ignorance can be uniform on it."""
        return math.isfinite(self.low) and math.isfinite(self.high)


UNIT = Bounds(0.0, 1.0)
POSITIVE = Bounds(0.0, math.inf)
REAL = Bounds()


class EstimateError(ValueError):
    """An estimate that cannot be read or leaves its legal range; ``code`` and ``values`` feed the problem."""

    def __init__(self, code: str, **values: object) -> None:
        self.code = code
        self.values = values
        super().__init__(f"{code}: {values}")


@dataclass(frozen=True, slots=True)
class Estimate:
    """An uncertain number: a shape, its parameters, and for mixtures its parts; ``written`` is the author's text."""

    shape: Shape
    params: tuple[float, ...] = ()
    parts: tuple[tuple[float, "Estimate"], ...] = ()
    written: str = ""

    def __str__(self) -> str:
        return self.written or self.shape

    @property
    def known(self) -> bool:
        """False for ``unknown``: nothing is claimed about the number."""
        return self.shape != "unknown"

    def quantile(self, u: Array, bounds: Bounds = REAL) -> Array:
        """The values at probabilities ``u`` (any shape), kept inside the legal range.

        For ``a to b``: quantiles 0, .05, .95, 1 = legal minimum, a, b, legal maximum, linear between; lognormal
        where only the upper side is open and normal where both are.
        """
        u = np.asarray(u, dtype=np.float64)
        if self.shape == "unknown":
            return ignorance(u, bounds)
        if self.shape == "mixture":
            return self._mixture(u, bounds)
        raw = _quantile(self.shape, self.params, u, bounds)
        return np.clip(raw, bounds.low, bounds.high)

    def _mixture(self, u: Array, bounds: Bounds) -> Array:
        # One uniform serves both choices: its integer part over the cumulative weights picks the part, what is left
        # of it inside that part's share is again uniform.
        out = np.empty_like(u)
        edges = np.concatenate([[0.0], np.cumsum([w for w, _ in self.parts])])
        edges /= edges[-1]
        which = np.clip(np.searchsorted(edges, u, side="right") - 1, 0, len(self.parts) - 1)
        for k, (_, part) in enumerate(self.parts):
            at = which == k
            share = (u[at] - edges[k]) / (edges[k + 1] - edges[k])
            out[at] = part.quantile(share, bounds)
        return out

    def middle(self, bounds: Bounds = REAL) -> float:
        """The median: what tables print where one number must stand for the estimate."""
        return float(self.quantile(np.array([0.5]), bounds)[0])

    def span(self, bounds: Bounds = REAL) -> tuple[float, float]:
        """The 5th and 95th percentile."""
        low, high = self.quantile(np.array([TAIL, 1 - TAIL]), bounds)
        return float(low), float(high)


UNKNOWN = Estimate("unknown", written="unknown")


def ignorance(u: Array, bounds: Bounds) -> Array:
    """Uniform over a finite legal range; ``EstimateError`` where the range is open and the case gave none."""
    if not bounds.finite:
        raise EstimateError("ignorance-open", low=bounds.low, high=bounds.high)
    return bounds.low + u * (bounds.high - bounds.low)


def _quantile(shape: Shape, p: tuple[float, ...], u: Array, bounds: Bounds) -> Array:
    if shape == "point":
        return np.full_like(u, p[0])
    if shape == "uniform":
        return p[0] + u * (p[1] - p[0])
    if shape == "range":
        return _range_quantile(p[0], p[1], u, bounds)
    if shape == "triangular":
        return _triangular_quantile(p[0], p[1], p[2], u)
    # Only the rarer shapes pay for importing scipy.
    from scipy.special import betaincinv, ndtri

    inner = np.clip(u, 1e-12, 1 - 1e-12)
    if shape == "normal":
        return np.asarray(p[0] + p[1] * ndtri(inner))
    if shape == "lognormal":
        return np.asarray(p[0] * np.exp(p[1] * ndtri(inner)))
    return np.asarray(betaincinv(p[0], p[1], inner))


def _range_quantile(a: float, b: float, u: Array, bounds: Bounds) -> Array:
    if bounds.finite:
        return np.interp(u, [0.0, TAIL, 1 - TAIL, 1.0], [bounds.low, a, b, bounds.high])
    from scipy.special import ndtri

    z = ndtri(np.clip(u, 1e-12, 1 - 1e-12))
    if bounds.low >= 0 and a > 0:
        mid, spread = (math.log(a) + math.log(b)) / 2, (math.log(b) - math.log(a)) / (2 * _Z95)
        return np.asarray(np.exp(mid + spread * z))
    return np.asarray((a + b) / 2 + (b - a) / (2 * _Z95) * z)


def _triangular_quantile(low: float, mode: float, high: float, u: Array) -> Array:
    if high == low:
        return np.full_like(u, low)
    cut = (mode - low) / (high - low)
    left = low + np.sqrt(u * (high - low) * (mode - low))
    right = high - np.sqrt((1 - u) * (high - low) * (high - mode))
    return np.where(u < cut, left, right)


# ---- reading ---------------------------------------------------------------------------------------------------

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*%?"
_RANGE = re.compile(rf"^\s*({_NUMBER})\s*(?:to|至|到)\s*({_NUMBER})\s*$")
_TRIANGLE = re.compile(rf"^\s*({_NUMBER})\s*\|\s*({_NUMBER})\s*\|\s*({_NUMBER})\s*$")
_CALL = re.compile(r"^\s*([a-z]+)\s*\(([^()]*)\)\s*$")
_ARGUMENTS: Mapping[str, int] = {"uniform": 2, "normal": 2, "lognormal": 2, "beta": 2}


def _number(text: str) -> float:
    text = text.strip()
    return float(text[:-1]) / 100 if text.endswith("%") else float(text)


def parse(value: object, bounds: Bounds = REAL) -> Estimate:
    """The estimate an author wrote, checked against the legal range; ``EstimateError`` says what is wrong."""
    estimate = _parse(value)
    _check(estimate, bounds)
    return estimate


def _parse(value: object) -> Estimate:
    if isinstance(value, Estimate):
        return value
    if isinstance(value, bool) or value is None:
        raise EstimateError("estimate-form", value=value)
    if isinstance(value, int | float):
        if not math.isfinite(value):
            raise EstimateError("estimate-form", value=value)
        return Estimate("point", (float(value),), written=str(value))
    if isinstance(value, Mapping):
        return _parse_mixture(value)
    if not isinstance(value, str):
        raise EstimateError("estimate-form", value=value)
    text = value.strip()
    if text == "unknown":
        return UNKNOWN
    if re.fullmatch(_NUMBER, text):
        return Estimate("point", (_number(text),), written=text)
    if found := _RANGE.match(text):
        a, b = _number(found[1]), _number(found[2])
        if a > b:
            raise EstimateError("estimate-order", value=text, low=a, high=b)
        return Estimate("point", (a,), written=text) if a == b else Estimate("range", (a, b), written=text)
    if found := _TRIANGLE.match(text):
        low, mode, high = (_number(found[k]) for k in (1, 2, 3))
        if not low <= mode <= high:
            raise EstimateError("estimate-order", value=text, low=low, high=high)
        return Estimate("triangular", (low, mode, high), written=text)
    if (found := _CALL.match(text)) and found[1] in _ARGUMENTS:
        return _parse_named(found[1], found[2], text)
    raise EstimateError("estimate-form", value=text)


def _parse_named(name: str, inside: str, text: str) -> Estimate:
    try:
        params = tuple(_number(part) for part in inside.split(","))
    except ValueError:
        raise EstimateError("estimate-form", value=text) from None
    wrong = (
        len(params) != _ARGUMENTS[name]
        or (name == "uniform" and params[0] >= params[1])
        or (name != "uniform" and params[1] <= 0)
        or (name in ("beta", "lognormal") and params[0] <= 0)
    )
    if wrong:
        raise EstimateError("estimate-form", value=text)
    shapes: Mapping[str, Shape] = {
        "uniform": "uniform",
        "normal": "normal",
        "lognormal": "lognormal",
        "beta": "beta",
    }
    return Estimate(shapes[name], params, written=text)


def _parse_mixture(value: Mapping[object, object]) -> Estimate:
    parts = value.get("mix")
    if set(value) != {"mix"} or not isinstance(parts, Sequence) or isinstance(parts, str) or not parts:
        raise EstimateError("estimate-form", value=value)
    out: list[tuple[float, Estimate]] = []
    for part in parts:
        if not isinstance(part, Sequence) or isinstance(part, str) or len(part) != 2:
            raise EstimateError("estimate-form", value=part)
        weight, inner = part
        if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 < weight < math.inf:
            raise EstimateError("estimate-form", value=part)
        out.append((float(weight), _parse(inner)))
    written = "; ".join(f"{weight:g}: {inner}" for weight, inner in out)
    return Estimate("mixture", parts=tuple(out), written=written)


def _check(estimate: Estimate, bounds: Bounds) -> None:
    for _, part in estimate.parts:
        _check(part, bounds)
    stated = estimate.params if estimate.shape in ("point", "range", "triangular", "uniform") else ()
    if estimate.shape == "normal":
        stated = estimate.params[:1]
    if estimate.shape == "beta" and (bounds.low > 0 or bounds.high < 1):
        stated = (0.0, 1.0)
    for number in stated:
        if not bounds.low <= number <= bounds.high:
            raise EstimateError(
                "estimate-range", value=str(estimate), low=f"{bounds.low:g}", high=f"{bounds.high:g}"
            )


# ---- streams ---------------------------------------------------------------------------------------------------


@lru_cache(maxsize=65536)
def _key(seed: int, name: str) -> tuple[int, int]:
    digest = hashlib.blake2b(f"{seed}\0{name}".encode(), digest_size=16).digest()
    return int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:], "little")


def uniforms(seed: int, name: str, n: int, *, start: int = 0) -> Array:
    """``n`` uniform numbers in [0, 1) of one quantity's own stream, from draw number ``start`` on.

    Philox (Salmon et al. 2011), a counter-based generator: the number at a draw depends on (seed, name, draw) only.
    """
    # Philox gives four numbers per counter step, so a later start is a jump plus at most three discarded numbers.
    block, skip = divmod(start, 4)
    bits = np.random.Philox(key=np.array(_key(seed, name), dtype=np.uint64))
    if block:
        bits.advance(block)
    return np.random.Generator(bits).random(n + skip)[skip:]
