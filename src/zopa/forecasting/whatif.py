"""What if a setting, agenda, red line, guarantee or posture were another? The paired difference, with its range.

The case is changed on a copy, checked like the file itself, and everything is told twice on the same random numbers,
which are keyed by name: the forecast in each outer group, the zone and what lasts draw by draw. What both share drops
out of the difference. It says what the case implies about the change, not what the change would cause in the world.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from zopa.analysis._stability_tables import ending_name
from zopa.case.case import DRAWS, Case
from zopa.case.end_state import horizon
from zopa.case.labels import day as day_words
from zopa.case.variants import Change, varied
from zopa.charts.chart import Chart
from zopa.charts.whatif import Bar, whatif_chart
from zopa.forecasting._points import points, points_cell
from zopa.forecasting._whatif_rows import WhatifRow, forecast_rows, measured_rows
from zopa.forecasting.forecast import Forecast, forecast
from zopa.result import Result, Table, asked, cell, percent
from zopa.words import Language, joined, say

PLAYS = 4
"""Worlds a draw by default."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Whatif(Result):
    """What the changes make of every number that the case has as it stands and with them."""

    found: tuple[WhatifRow, ...]
    changes: tuple[Change, ...]
    changed: Case = field(repr=False)
    variant: str | None
    before: Forecast = field(repr=False)
    after: Forecast = field(repr=False)
    gone: tuple[str, ...]
    """Ids of questions and scenarios that only one of the two has: they have no difference."""

    @property
    def name(self) -> str:
        """The command's name."""
        return "what-if"

    def rows(self) -> tuple[WhatifRow, ...]:
        """The forecast's answers, then the zone, then what lasts."""
        return self.found

    def of(self, name: str) -> WhatifRow:
        """The row of a question, scenario, fact, ``exists``, ``best`` or an outcome; ``ValueError`` for others."""
        for row in self.found:
            if row.name == name:
                return row
        raise ValueError(f"whatif: no row is called {name!r}; there are {[row.name for row in self.found]}")

    def headline(self, lang: Language = "en") -> str:
        """What an agreement would be, and what else the changes clearly move."""
        deal = self.found[0]
        first = say(
            "whatif.headline",
            lang,
            changes=joined([told(change, lang) for change in self.changes], lang),
            day=day_words(horizon(self.case.file), lang),
            before=percent(deal.before.value),
            after=percent(deal.after.value),
            change=points_cell(deal.change),
        )
        moved = [row for row in self.found[1:] if row.change.clear]
        most = sorted(moved, key=lambda row: -abs(row.change.value))[:3]
        if not most:
            key = "else-nothing" if deal.change.clear else "nothing"
            return first + say(f"whatif.{key}", lang)
        parts = [
            say(
                "whatif.moved",
                lang,
                what=self.name_of(row, lang).rstrip(" *"),
                change=points(row.change.value),
            )
            for row in most
        ]
        return first + say("whatif.most", lang, list=joined(parts, lang))

    def table(self, lang: Language = "en") -> Table:
        """As the case stands, with the changes, and the difference with its range and its zero line."""
        heads = ("what", "before", "after", "change", "zero")
        cells = tuple(
            (
                self.name_of(row, lang),
                cell(row.before),
                cell(row.after),
                points_cell(row.change),
                points(row.change.zero),
            )
            for row in self.found
        )
        columns = tuple(say(f"whatif.column-{c}", lang) for c in heads)
        return Table(say("whatif.caption", lang), columns, cells, tuple(row.because for row in self.found))

    def tables(self, lang: Language = "en") -> tuple[Table, ...]:
        """The differences; the changes they come from."""
        made = tuple((told(change, lang),) for change in self.changes)
        columns = (say("whatif.column-supposed", lang),)
        changes = Table(say("whatif.caption-changes", lang), columns, made, ((),) * len(made))
        return (self.table(lang), changes)

    def name_of(self, row: WhatifRow, lang: Language) -> str:
        """What a row is about, in words."""
        if row.kind == "lasts":
            outcome = ending_name(self.case, row.name, lang)
            return say("whatif.lasts", lang, outcome=outcome)
        if row.kind in ("exists", "best"):
            return say(f"whatif.{row.kind}", lang)
        return self.before.name_of(self.before.of(row.name), lang)

    def notes(self, lang: Language = "en") -> tuple[str, ...]:
        """What a difference means, what is supposed, and what could not be compared."""
        kinds = {row.kind for row in self.found}
        keys = ["meaning", "supposed", "paired"]
        keys += ["stated"] if kinds & {"exists", "best", "lasts"} else []
        keys += ["best"] if "best" in kinds else []
        out = [say(f"whatif.note-{key}", lang) for key in keys]
        if self.gone:
            out.append(say("whatif.note-gone", lang, list=joined(self.gone, lang)))
        error = max(max(row.before.error, row.after.error) for row in self.found)
        out.append(say("whatif.note-error", lang, error=f"{100 * error:.1f}"))
        marks = {row.rests for row in self.before.rows()}
        return (*out, *(say(f"forecast.note-{m}", lang) for m in ("given", "simulation") if m in marks))

    def plot(self, lang: Language = "en") -> Chart:
        """Each difference with its range and its zero line."""
        bars = [
            Bar(self.name_of(r, lang), r.change.value, r.change.low, r.change.high, r.change.zero)
            for r in self.found
        ]
        parts = [f"{bar.label} {points(bar.value)}" for bar in bars]
        return whatif_chart(bars, say("whatif.chart-description", lang, list=joined(parts, lang)), lang)

    def whole(self) -> Mapping[str, object]:
        """The changes, the variant they come from, and what has no difference."""
        made = [change.model_dump(exclude_unset=True) for change in self.changes]
        return {"changes": made, "variant": self.variant, "gone": list(self.gone)}


def whatif(
    case: Case,
    changes: Sequence[Change],
    *,
    draws: int = DRAWS,
    plays: int = PLAYS,
    seed: int = 0,
    after_moves: bool = True,
    variant: str | None = None,
) -> Whatif:
    """What the changes make of the forecast, the zone and what lasts, over ``draws`` draws of either case.

    The zone and what lasts are told on the draws as stated, so that they pair draw by draw. ``variant``: the name the
    changes go by. ``CaseFileError``: a path that leads nowhere, or problems that the changes would bring.
    """
    asked("whatif", case, draws=draws, seed=seed)
    if plays < 1:
        raise ValueError(f"whatif: plays is {plays}, but must be at least 1")
    if not changes:
        raise ValueError("whatif: changes is empty, but must hold at least one change")
    other = varied(case, changes)
    before, after = (
        forecast(each, draws=draws, plays=plays, seed=seed, after_moves=after_moves) for each in (case, other)
    )
    found = (*forecast_rows(before, after), *measured_rows(case, other, draws=draws, seed=seed))
    return Whatif(
        case=case,
        method=say("whatif.method", "en"),
        parameters={
            "draws": draws,
            "plays": plays,
            "after_moves": after_moves,
            "horizon": horizon(case.file).isoformat(),
        },
        seed=seed,
        found=found,
        changes=tuple(changes),
        changed=other,
        variant=variant,
        before=before,
        after=after,
        gone=tuple(_gone(before, after)),
    )


def _gone(before: Forecast, after: Forecast) -> Iterator[str]:
    names = [{row.name: None for row in made.rows()} for made in (before, after)]
    yield from (name for name in {**names[0], **names[1]} if not (name in names[0] and name in names[1]))


def told(change: Change, lang: Language) -> str:
    """A change in words."""
    if change.remove is not None:
        return say("whatif.without", lang, path=change.remove)
    value = change.to
    shown = str(value).lower() if isinstance(value, bool) else str(value)
    return say("whatif.with", lang, path=change.set, value=shown)
