"""What every analysis returns: a frozen result that says how it was made, what it rests on, and how sure it is.

A number never travels alone: a ``Chance`` holds its interval, its zero line (the same number with all evidence off),
its value with every assumed number at ignorance, and whether the record tells the two apart.
"""

import json
import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from zopa.case.case import Case
from zopa.case.labels import day as day_words
from zopa.case.names import party_name, reading_name
from zopa.case.quantities import Basis, quantities
from zopa.estimate import Array
from zopa.methods.intervals import Interval
from zopa.notebook import answer, grid, spoken
from zopa.words import Language, say

if TYPE_CHECKING:
    import pandas as pd

    from zopa.case.draws import Draws, Evidence
    from zopa.charts.chart import Chart

Verdict = Literal["shows", "open", "silent"]
"""``shows``: the record moves the number away from total ignorance; ``open``: it does not settle it; ``silent``: no
claim of the record bears on it."""

BANDS: tuple[tuple[float, str], ...] = (
    (0.05, "almost-no-chance"),
    (0.20, "very-unlikely"),
    (0.45, "unlikely"),
    (0.55, "even"),
    (0.80, "likely"),
    (0.95, "very-likely"),
    (1.01, "almost-certain"),
)
"""ICD 203 (2015) bands by their upper ends."""


EXACT = 1e-9
"""Sums of shares carry rounding errors of this size at most: 0.6 printed to 5 points is 60, not 65."""


@dataclass(frozen=True, slots=True)
class Chance:
    """A probability with everything it must be shown with.

    ``low``–``high``: 5–95 % range over the grade table; ``zero``: the same at total ignorance; ``cited``: with every
    assumed number at ignorance; ``gain``: ``cited`` − ``zero`` paired draw by draw, with its own range; ``error``:
    Monte Carlo standard error, kept apart; ``lowest`` and ``highest`` value with any one origin removed.
    """

    value: float
    low: float
    high: float
    zero: float
    cited: float
    gain: float
    gain_low: float
    gain_high: float
    error: float
    verdict: Verdict
    lowest: float
    highest: float

    @property
    def band(self) -> str:
        """Key of the ICD 203 word for the value."""
        return band(self.value)


def band(value: float) -> str:
    """Key of the ICD 203 word for a probability."""
    return next(name for top, name in BANDS if value < top)


def word_of(value: float, lang: Language) -> str:
    """The ICD 203 word for a probability with the range it stands for: "very unlikely (5–20 %)"."""
    at = [name for _, name in BANDS].index(band(value))
    # The outermost words stop short of what nobody can know.
    low, high = BANDS[at - 1][0] if at else 0.01, min(BANDS[at][0], 0.99)
    word = say(f"result.{BANDS[at][1]}", lang)
    return say("result.chance", lang, word=word, range=f"{100 * low:.0f}–{100 * high:.0f}")


Event = Callable[["Draws"], NDArray[np.bool_]]


def asked(analysis: str, case: object, *, draws: object, seed: object) -> None:
    """Check what every analysis takes; ``TypeError`` or ``ValueError`` names the analysis, the argument, its value."""
    if not isinstance(case, Case):
        way = (
            f"open it with zopa.open_case({case!r})" if isinstance(case, str | Path) else "see zopa.open_case"
        )
        raise TypeError(f"{analysis}: case must be a Case, not {case!r}: {way}")
    for argument, value in (("draws", draws), ("seed", seed)):
        if not isinstance(value, int | np.integer) or isinstance(value, bool):
            raise TypeError(f"{analysis}: {argument} must be a whole number, not {value!r}")
        if argument == "draws" and value < 1:
            raise ValueError(f"{analysis}: draws must be at least 1, not {value}")


def three_ways(case: Case, n: int, seed: int, *, after_moves: bool = False) -> dict["Evidence", "Draws"]:
    """The draws every probability needs: as the case stands, without its assumptions, and at total ignorance."""
    ways: tuple[Evidence, ...] = ("all", "cited", "none")
    return {e: case.draws(n, seed=seed, evidence=e, after_moves=after_moves) for e in ways}


def gap(
    a: NDArray[np.bool_] | Array, drawn_a: "Draws", b: NDArray[np.bool_] | Array, drawn_b: "Draws"
) -> Interval:
    """Difference of the means of two series: draw by draw, so that what both share drops out, unless the moves of the
    parties have picked other draws for the one than for the other."""
    if drawn_a.pick is drawn_b.pick:
        return drawn_a.interval(np.asarray(a, dtype=float) - np.asarray(b, dtype=float), legal=None)
    return drawn_a.moments(a).minus(drawn_b.moments(b)).interval(legal=None)


def chance(draws: Mapping["Evidence", "Draws"], event: Event) -> Chance:
    """The probability of an event of a draw, from the three ways to draw the case."""
    return chance_of({e: event(drawn) for e, drawn in draws.items()}, draws)


def chance_of(
    hits: Mapping["Evidence", NDArray[np.bool_] | Array], draws: Mapping["Evidence", "Draws"]
) -> Chance:
    """The probability of an event from the draws it happens in, or from ``given`` series, by way to draw."""
    drawn = draws["all"]
    spread = drawn.interval(hits["all"])
    gain = gap(hits["cited"], draws["cited"], hits["none"], draws["none"])
    lowest, highest = _one_origin_out(np.asarray(hits["all"], dtype=float), drawn)
    return Chance(
        value=float(spread.mean),
        low=float(spread.low),
        high=float(spread.high),
        zero=float(np.mean(hits["none"])),
        cited=float(np.mean(hits["cited"])),
        gain=float(gain.mean),
        gain_low=float(gain.low),
        gain_high=float(gain.high),
        error=float(spread.error),
        verdict=_verdict(hits, draws, gain),
        lowest=lowest,
        highest=highest,
    )


def _one_origin_out(full: Array, drawn: "Draws") -> tuple[float, float]:
    """Lowest and highest mean of a series with any one origin removed from the record.

    Switches are drawn apart from everything else, and those of contradicting origins given each other: the draws in
    which an origin does not hold are the draws of a record without it. Their mean differs by chance too; a difference
    counts only as far as it exceeds its own variance (positive-part shrinkage, James and Stein 1961).
    """
    mean, spread = float(full.mean()), float(full.var()) * len(full) / drawn.effective
    on, held = drawn.held
    off = len(full) - held
    # The draws without an origin are all draws less those with it: one product asks for every origin.
    there = (off > 0) & (held > 0)
    without, off = (full.sum() - on @ full.astype(np.float32))[there], off[there]
    difference = without / off - mean
    noise = spread * (1 / off - 1 / len(full))
    squares = np.where(difference == 0, 1.0, difference**2)
    kept = np.where(difference == 0, 0.0, np.maximum(0.0, 1 - noise / squares))
    found = mean + kept * difference
    return float(min(mean, *found)) if len(found) else mean, float(max(mean, *found)) if len(found) else mean


def given(hits: NDArray[np.bool_], where: NDArray[np.bool_]) -> Array:
    """A series whose mean is the share of the draws ``where`` something holds in which something else happens, and
    whose deviations are those of that ratio to first order, so that ranges and errors of it are those of the ratio.

    Where the condition never holds, all draws are taken: the share is then what it would be if it did.
    """
    here = where if where.any() else np.ones_like(where)
    value = float(hits[here].mean())
    return np.asarray(value + np.where(here, hits - value, 0.0) / here.mean())


@dataclass(frozen=True, slots=True)
class Share:
    """A share of draws beside a row's main number: its value, 5–95 % range over the grade table, and zero line."""

    value: float
    low: float
    high: float
    zero: float


def share_of(hits: Mapping["Evidence", NDArray[np.bool_]], draws: Mapping["Evidence", "Draws"]) -> Share:
    """The share of draws in which something happens, from the draws it happens in, by way to draw."""
    spread = draws["all"].interval(hits["all"])
    return Share(spread.mean, spread.low, spread.high, float(np.mean(hits["none"])))


@dataclass(frozen=True, slots=True)
class ReadingShare:
    """A probability given that one reading of a party's aims is the right one; ``weight``: how often it is, with its
    range and zero line. ``cited``: the value with every assumed number at ignorance, None where the reading then hardly
    ever holds; ``zero``: its zero line. These and ``weight_zero`` are None where only the case as it stands was drawn.
    """

    party: str
    reading: str
    weight: float
    weight_low: float
    weight_high: float
    value: float
    low: float
    high: float
    weight_zero: float | None = None
    cited: float | None = None
    zero: float | None = None


FEW = 100
"""Draws of a reading below which nothing is said of it."""


def by_reading(
    hits: Mapping["Evidence", NDArray[np.bool_] | Array] | NDArray[np.bool_] | Array,
    drawn: "Mapping[Evidence, Draws] | Draws",
) -> tuple[ReadingShare, ...]:
    """The share of draws in which something happens, given each reading of each party; ``hits`` and ``drawn`` by way
    to draw, or only as the case stands.

    The range is that of the ratio over the grade table: of the draws of a reading, in every outer group. Without
    evidence a reading sets nothing, so that the zero line of the whole is that of each reading.
    """
    series = hits if isinstance(hits, Mapping) else {"all": hits}
    ways = drawn if isinstance(drawn, Mapping) else {"all": drawn}
    full, happens = ways["all"], np.asarray(series["all"], dtype=np.float64)
    out = []
    for party, readings in full.case.file.readings.items():
        taken = {evidence: found.reading(party) for evidence, found in ways.items()}
        for k, reading in enumerate(readings):
            here = taken["all"] == k
            if here.sum() < FEW:
                continue
            value = float(happens[here].mean())
            # The mean of hit − value over the reading's draws, by group, is how far the ratio differs from its value.
            apart = np.where(here, happens - value, 0.0)
            held, spread = full.intervals(np.stack([here.astype(float), apart], axis=1), legal=None)
            # Its mean is nought but for rounding.
            low, high = value + min(0.0, spread.low) / held.mean, value + max(0.0, spread.high) / held.mean
            off = taken["cited"] == k if "cited" in ways else np.zeros(0, dtype=bool)
            out.append(
                ReadingShare(
                    party=party,
                    reading=reading.id,
                    weight=held.mean,
                    weight_low=max(0.0, held.low),
                    weight_high=min(1.0, held.high),
                    value=value,
                    low=max(0.0, low),
                    high=min(1.0, high),
                    weight_zero=float((taken["none"] == k).mean()) if "none" in ways else None,
                    cited=float(np.asarray(series["cited"])[off].mean()) if off.sum() >= FEW else None,
                    zero=float(np.mean(series["none"])) if "none" in ways else None,
                )
            )
    return tuple(out)


LEAST = 0.025
"""Differences that do not show in a number printed to 5 points are not claimed to be shown by the record."""


def verdict(
    series: Mapping["Evidence", NDArray[np.bool_] | Array], draws: Mapping["Evidence", "Draws"]
) -> Verdict:
    """What the record says of a number, from its series over draws by way to draw: as the case stands, less its
    assumptions, and at total ignorance.

    ``shows`` needs the record alone, and the case as it stands, to differ from ignorance in the same direction: the
    whole range of the difference over the grade table beyond ``LEAST``, its mean beyond the Monte Carlo error.
    Where assumptions outweigh the record, the record has not shown what the case says.
    """
    return _verdict(series, draws, None)


def _verdict(
    series: Mapping["Evidence", NDArray[np.bool_] | Array],
    draws: Mapping["Evidence", "Draws"],
    record: Interval | None,
) -> Verdict:
    """The same with the difference of the record alone from ignorance, where it is known already."""
    if bool((series["cited"] == series["none"]).all()):
        return "silent"
    none = series["none"], draws["none"]
    record = record or gap(series["cited"], draws["cited"], *none)
    whole = gap(series["all"], draws["all"], *none)
    clear = all((d.low > LEAST or d.high < -LEAST) and abs(d.mean) > 2 * d.error for d in (record, whole))
    return "shows" if clear and (record.mean > 0) == (whole.mean > 0) else "open"


@dataclass(frozen=True, slots=True)
class Footing:
    """What a result rests on: claims and origins cited by its inputs, and the share of inputs that are not cited."""

    claims: tuple[str, ...]
    origins: int
    inputs: int
    assumed: float


def footing(case: Case, sections: Iterable[str], *, entries: Iterable[Basis] = ()) -> Footing:
    """The footing of every number under some sections of the case, such as ``preferences`` or ``preferences.us``.

    ``entries`` are further inputs that are no estimates of the case: that a red line is there, what a reading sets.
    """
    prefixes = tuple(sections)
    by_id = case.ledger.by_id
    inputs = [
        quantity.basis if quantity.number.estimate.known else Basis()
        for path, quantity in quantities(case.file).items()
        if any(path == p or path.startswith(p + ".") for p in prefixes)
    ]
    inputs += entries
    known = [[c for c in basis.claims if c in by_id] for basis in inputs]
    claims = tuple(dict.fromkeys(c for found in known for c in found))
    origins = {by_id[c].origin for c in claims}
    uncited = sum(not found for found in known)
    return Footing(claims, len(origins), len(inputs), uncited / len(inputs) if inputs else 1.0)


def together(case: Case, footings: Sequence[Footing]) -> Footing:
    """The footing of a result that is made of others: their claims, each once, and all of their inputs."""
    claims = tuple(dict.fromkeys(c for found in footings for c in found.claims))
    origins = {case.ledger.by_id[c].origin for c in claims}
    count = sum(found.inputs for found in footings)
    uncited = sum(found.assumed * found.inputs for found in footings)
    return Footing(claims, len(origins), count, uncited / count if count else 1.0)


# -- sentences -----------------------------------------------------------------------------------------------------


def percent(value: float) -> str:
    """A probability to 5 points: nobody has earned more digits before 30 questions have been resolved.

    What is neither nothing nor everything never prints as 0 or 100.
    """
    if 0 < value < 0.025:
        return "<5"
    if 0.975 <= value < 1:
        return ">95"
    # Halves go up: Python's own rounding to even would print 2.5 % as 0.
    return f"{5 * math.floor(20 * value + 0.5 + EXACT)}"


def ends(low: float, high: float) -> str:
    """The ends of a range to 5 points, "55–80": rounded outwards, so that what is printed is never narrower."""
    first, last = 5 * math.floor(20 * low + EXACT), 5 * math.ceil(20 * high - EXACT)
    return f"{first}" if first == last else f"{first}–{last}"


def cell(value: Chance | Share) -> str:
    """A probability in a table: "65% (55–80)"."""
    return f"{percent(value.value)}% ({ends(value.low, value.high)})"


def chance_words(value: Chance, lang: Language) -> str:
    """Word and range together: "likely (55–80 %)"; the word is the value's band, the range its interval."""
    word = say(f"result.{value.band}", lang)
    return say("result.chance", lang, word=word, range=ends(value.low, value.high))


def rests_on(rests: Footing, lang: Language) -> str:
    """What a result rests on, as a clause: "rests on 3 claims of 2 origins; 70 % of the inputs are assumed"."""
    assumed = say("result.assumed", lang, share=percent(rests.assumed))
    if not rests.claims:
        return say("result.rests-nothing", lang)
    return say(
        "result.rests",
        lang,
        claims=say("result.claims", lang, n=len(rests.claims)),
        origins=say("result.origins", lang, n=rests.origins),
        assumed=assumed,
    )


def headline(
    value: Chance, what: str, lang: Language, *, conditions: Sequence[str] = (), rests: Footing | None = None
) -> str:
    """The one sentence of a probability: what, how likely, if what, resting on what; or that the record is silent.

    ``what`` is a clause such as "a workable package exists"; ``conditions`` the assumptions it hangs on.
    """
    condition = (
        say("result.if", lang, conditions=say("result.and", lang).join(conditions)) if conditions else ""
    )
    return say(
        f"result.headline-{value.verdict}",
        lang,
        what=what,
        chance=chance_words(value, lang),
        condition=condition,
        rests=say("result.rests-after", lang, rests=rests_on(rests, lang)) if rests is not None else "",
        zero=percent(value.zero),
        cited=percent(value.cited),
    )


@dataclass(frozen=True, slots=True)
class Table:
    """A result as a person reads it: cells as text in one language, and the claims behind each row.

    The same table stands in the terminal, behind the chart of the brief, and in a notebook.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    because: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        if len(self.because) != len(self.rows) or any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("Table: every row needs one cell a column and its claims")

    def _repr_html_(self) -> str:
        return grid(self, spoken())


def reading_table(
    case: Case, shares: Sequence[ReadingShare], what: str, lang: Language, because: tuple[str, ...]
) -> Table:
    """A probability per reading of each side's aims, for people; ``what`` names it, such as "P(exists)".

    Its zero lines, and what is left of it without assumptions, where they were worked out.
    """
    told = any(share.zero is not None for share in shares)
    heads = ("weight", "zero", "value", "cited", "zero") if told else ("weight", "value")
    columns = tuple(say(f"result.reading-column-{c}", lang) for c in ("party", "reading", *heads))
    rows = []
    for s in shares:
        cells = {
            "weight": f"{percent(s.weight)}% ({ends(s.weight_low, s.weight_high)})",
            "weight-zero": _percent_of(s.weight_zero),
            "value": f"{percent(s.value)}% ({ends(s.low, s.high)})",
            "cited": _percent_of(s.cited),
            "zero": _percent_of(s.zero),
        }
        kept = tuple(cells.values()) if told else (cells["weight"], cells["value"])
        names = party_name(case.file, s.party, lang), reading_name(case.file, s.party, s.reading, lang)
        rows.append((*names, *kept))
    caption = say("result.reading-caption", lang, what=what)
    return Table(caption, columns, tuple(rows), (because,) * len(rows))


def _percent_of(value: float | None) -> str:
    return "—" if value is None else f"{percent(value)}%"


# -- results -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Result(ABC):
    """Base of all results. ``method`` names the algorithm and its source, ``parameters`` everything that was set."""

    case: Case
    method: str
    parameters: Mapping[str, Any]
    seed: int = 0

    @property
    def name(self) -> str:
        """The analysis' one name: command, function, file, chart."""
        return type(self).__name__.lower()

    @abstractmethod
    def rows(self) -> Sequence[Any]:
        """The answer as typed records (frozen dataclasses), each with ``because``: ids of the claims behind it."""

    def main(self) -> Sequence[Any]:
        """The rows of the main table, whose probabilities a reader is told; all rows unless there are more of them."""
        return self.rows()

    @abstractmethod
    def headline(self, lang: Language = "en") -> str:
        """The answer in one or two sentences."""

    @abstractmethod
    def table(self, lang: Language = "en") -> Table:
        """The answer as a table for people; its numbers are those of ``rows()``."""

    @abstractmethod
    def plot(self, lang: Language = "en") -> "Chart":
        """The answer as a chart."""

    def tables(self, lang: Language = "en") -> tuple[Table, ...]:
        """All tables of the result, the main one first."""
        return (self.table(lang),)

    def notes(self, lang: Language = "en") -> tuple[str, ...]:
        """What a reader must know to use the numbers: conventions, caps, what was left out."""
        return ()

    def to_frame(self) -> "pd.DataFrame":
        """The rows as one tidy pandas frame (needs the ``frames`` extra)."""
        import pandas as pd

        return pd.DataFrame([flat(row) for row in self.rows()])

    def whole(self) -> Mapping[str, Any]:
        """What the answer says as a whole rather than row by row; ``--json`` has it among the ``parameters``."""
        return {}

    def to_json(self) -> dict[str, object]:
        """The result in the one shape that ``--json`` prints."""
        return {
            "ok": True,
            "command": self.name,
            "case": self.case.name,
            "method": self.method,
            "parameters": jsonable({**self.parameters, **self.whole()}),
            "seed": self.seed,
            "rows": [jsonable(row) for row in self.rows()],
        }

    def show(self, lang: Language | None = None) -> "Shown":
        """The result as a notebook shows it; ``lang``: as everywhere ``ZOPA_LANG``, else the locale, else English."""
        return Shown(self, lang or spoken())

    def __repr__(self) -> str:
        day = self.case.file.as_of
        return f"{type(self).__name__}({self.case.name}, {day.day} {day:%b %Y}: {self.headline('en')})"

    def _repr_html_(self) -> str:
        return self.show()._repr_html_()

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self.show()))


@dataclass(frozen=True, repr=False)
class Shown:
    """A result in one language, for a notebook: the headline as text; headline, chart and main table as HTML."""

    result: Result
    lang: Language

    def __repr__(self) -> str:
        case = self.result.case
        return say(
            "result.notebook-plain",
            self.lang,
            name=type(self.result).__name__,
            case=case.name,
            day=day_words(case.file.as_of, self.lang),
            headline=self.result.headline(self.lang),
        )

    def _repr_html_(self) -> str:
        shown, lang = self.result, self.lang
        picture = shown.plot(lang)._repr_html_()
        return answer(shown.headline(lang), picture, shown.tables(lang), shown.notes(lang), shown.name, lang)


def jsonable(value: Any) -> Any:
    """Plain JSON types: dataclasses as objects, arrays as lists, days as ISO text, NaN as null."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: jsonable(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(k): jsonable(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [jsonable(v) for v in value]
    if isinstance(value, np.ndarray):
        return jsonable(value.tolist())
    if isinstance(value, np.generic):
        return jsonable(value.item())
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value


def flat(row: Any) -> dict[str, Any]:
    """One row as one level of columns: ``chance.low`` for what is nested, lists as JSON text."""
    out: dict[str, Any] = {}
    for key, value in asdict(row).items():
        if isinstance(value, Mapping):
            out.update({f"{key}.{inner}": v for inner, v in value.items()})
        elif isinstance(value, list | tuple):
            out[key] = json.dumps(jsonable(value), ensure_ascii=False)
        else:
            out[key] = value
    return out
