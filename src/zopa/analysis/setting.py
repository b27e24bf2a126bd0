"""Why this venue and format; would another be acceptable? Settings judged by criteria whose weights nobody stated.

SMAA-2 (Lahdelma and Salminen 2001): in every draw each side has weights over criteria, scores of every setting, and a
value of not meeting at all; a setting is acceptable to a side that gains by it, and jointly acceptable where every
negotiator gains in the same draw and no absolute red line on the process stands against it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from zopa.case.case import Case
from zopa.case.draws import Draws
from zopa.case.evidence import Bool
from zopa.case.meeting import BLOCKED, Meeting, crosses, meeting, process_lines, score_paths, without_line
from zopa.case.names import party_name, setting_name
from zopa.case.settings import Setting as Place
from zopa.charts.chart import Chart
from zopa.charts.setting import setting_chart
from zopa.estimate import Array
from zopa.methods.smaa import Acceptability, acceptability
from zopa.result import (
    Chance,
    Footing,
    Result,
    Table,
    chance,
    chance_words,
    footing,
    headline,
    jsonable,
    percent,
    three_ways,
)
from zopa.words import Language, joined, say

MATERIAL = 0.025
"""A criterion that moves less than this decides nothing: it would not show in numbers printed to 5 points."""
LEVEL = 0.5
"""A side accepts "more often than not": the level that a remedy must lift it to."""


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting as one side sees it, or all negotiators together (``party`` is None).

    ``accepts``: at least as good as not meeting; ``first``: ranked first among all settings; ``preferred``: first among
    the settings in play, those that somebody proposed, agreed to or refused (None for the others). ``ranks``: share of
    draws with rank 1, 2, …; ``central``: mean criterion weights of the draws that rank it first (empty where none
    does); ``confidence``: share of draws in which it is first with just these weights. All of these but ``accepts`` are
    empty for all parties together.
    """

    setting: str
    party: str | None
    accepts: Chance
    first: Chance | None
    preferred: Chance | None
    ranks: tuple[float, ...]
    central: Mapping[str, float]
    confidence: float | None
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EffectRow:
    """What taking one criterion out does to the joint acceptability of a setting: the change, with its range.

    ``deciding``: the largest change, where it shows in print and neither the range nor twice the Monte Carlo ``error``
    leaves room for none.
    """

    setting: str
    criterion: str
    change: float
    low: float
    high: float
    error: float
    deciding: bool
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RemedyRow:
    """What would make a refused setting acceptable to a side that now turns it down more often than not.

    Either a higher score on one ``criterion``, by ``change`` (None where not even the best score suffices), or a
    ``red_line`` given up. ``accepts`` and ``joint``: shares after the change, with their ranges.
    """

    setting: str
    party: str
    criterion: str | None
    red_line: str | None
    change: float | None
    now: float
    accepts: tuple[float, float, float]
    joint: tuple[float, float, float]
    because: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class Setting(Result):
    """The settings of a case: whom each suits, and what decides it."""

    found: tuple[SettingRow, ...]
    criteria: tuple[EffectRow, ...]
    changes: tuple[RemedyRow, ...]
    footing: Footing = field(repr=False)

    def rows(self) -> tuple[SettingRow, ...]:
        """Every setting, best joint acceptability first: all together, then party by party."""
        return self.found

    def effects(self) -> tuple[EffectRow, ...]:
        """Every setting and criterion: what taking the criterion out changes."""
        return self.criteria

    def remedies(self) -> tuple[RemedyRow, ...]:
        """What would make refused settings acceptable, most promising first for each."""
        return self.changes

    @cached_property
    def _by(self) -> Mapping[tuple[str, str | None], SettingRow]:
        return {(row.setting, row.party): row for row in self.found}

    @property
    def order(self) -> tuple[str, ...]:
        """Settings, best joint acceptability first."""
        return tuple(row.setting for row in self.found if row.party is None)

    def favourite(self, party: str) -> SettingRow:
        """Of the settings in play, the one that a party likes best most often."""
        own = [row for row in self.found if row.party == party and row.preferred is not None]
        return max(own, key=lambda row: row.preferred.value if row.preferred else 0.0)

    def deciding(self, setting: str) -> EffectRow | None:
        """The criterion whose removal most changes a setting's joint acceptability; None where none clearly does."""
        return next((row for row in self.criteria if row.setting == setting and row.deciding), None)

    # -- for people --------------------------------------------------------------------------------------------------

    def headline(self, lang: Language = "en") -> str:
        """Which setting each side prefers and how surely, which one suits all best, and the one on record."""
        parts = [self._preference(party, lang) for party in self.case.negotiators]
        best = self._by[self.order[0], None]
        what = say("setting.what-joint", lang, setting=self._name(best.setting, lang))
        conditions = [say("setting.condition", lang)] if self.footing.assumed > 0 else []
        parts.append(headline(best.accepts, what, lang, conditions=conditions, rests=self.footing))
        agreed = next((s for s in self._options if s.status == "agreed" and s.id != best.setting), None)
        if agreed is not None:
            own = self._by[agreed.id, None].accepts
            values = {"setting": self._name(agreed.id, lang), "chance": chance_words(own, lang)}
            parts.append(say("setting.agreed", lang, zero=percent(own.zero), **values))
        return (" " if lang == "en" else "").join(parts)

    def _preference(self, party: str, lang: Language) -> str:
        row = self.favourite(party)
        assert row.preferred is not None
        return say(
            f"setting.prefers-{row.preferred.verdict}",
            lang,
            party=party_name(self.case.file, party, lang),
            setting=self._name(row.setting, lang),
            value=percent(row.preferred.value),
            low=percent(row.preferred.low),
            high=percent(row.preferred.high),
            zero=percent(row.preferred.zero),
        )

    @property
    def _options(self) -> tuple[Place, ...]:
        return self.case.file.settings.options if self.case.file.settings else ()

    def _name(self, setting: str, lang: Language) -> str:
        return setting_name(self.case.file, setting, lang)

    def _criterion(self, criterion: str, lang: Language) -> str:
        settings = self.case.file.settings
        assert settings is not None
        return next(c.name.get(lang) for c in settings.criteria if c.id == criterion)

    def table(self, lang: Language = "en") -> Table:
        """Every setting: its status, how often it suits all and each, and the criterion that decides."""
        parties = self.case.negotiators
        columns = (
            say("setting.column-setting", lang),
            say("setting.column-status", lang),
            say("setting.column-joint", lang),
            say("setting.column-zero", lang),
            *(
                say("setting.column-accepts", lang, party=party_name(self.case.file, p, lang))
                for p in parties
            ),
            say("setting.column-deciding", lang),
        )
        rows, because = [], []
        for setting in self.order:
            joint = self._by[setting, None]
            rows.append(
                (
                    self._name(setting, lang),
                    self._status(setting, lang),
                    _shown(joint.accepts),
                    f"{percent(joint.accepts.zero)}%",
                    *(_shown(self._by[setting, p].accepts) for p in parties),
                    self._deciding(setting, lang),
                )
            )
            because.append(joint.because)
        return Table(say("setting.caption", lang), columns, tuple(rows), tuple(because))

    def _status(self, setting: str, lang: Language) -> str:
        found = next(s for s in self._options if s.id == setting)
        names = [party_name(self.case.file, p, lang) for p in (found.refused_by or found.proposed_by)]
        status = say(f"setting.status-{found.status}", lang)
        by = "refused-by" if found.refused_by else "proposed-by"
        return status + (say(f"setting.{by}", lang, parties=joined(names, lang)) if names else "")

    def _deciding(self, setting: str, lang: Language) -> str:
        row = self.deciding(setting)
        if row is None:
            return say("setting.none-decides", lang)
        change = f"{100 * row.change:+.0f}"
        return say("setting.deciding", lang, criterion=self._criterion(row.criterion, lang), change=change)

    def tables(self, lang: Language = "en") -> tuple[Table, ...]:
        """The main table, how each side ranks the settings, and what would make a refused one acceptable."""
        made = (self.table(lang), self._ranks_table(lang), self._remedies_table(lang))
        return tuple(table for table in made if table.rows)

    def _ranks_table(self, lang: Language) -> Table:
        heads = ("party", "setting", "first", "first-zero", "confidence", "central")
        rows, because = [], []
        for party in self.case.negotiators:
            for setting in self.order:
                row = self._by[setting, party]
                assert row.first is not None
                top = sorted(row.central.items(), key=lambda item: -item[1])[:2]
                words = [f"{self._criterion(c, lang)} {percent(w)}%" for c, w in top]
                rows.append(
                    (
                        party_name(self.case.file, party, lang),
                        self._name(setting, lang),
                        _shown(row.first),
                        f"{percent(row.first.zero)}%",
                        "—" if row.confidence is None else f"{percent(row.confidence)}%",
                        ("、" if lang == "zh" else ", ").join(words) or "—",
                    )
                )
                because.append(row.because)
        columns = tuple(say(f"setting.column-{head}", lang) for head in heads)
        return Table(say("setting.caption-ranks", lang), columns, tuple(rows), tuple(because))

    def _remedies_table(self, lang: Language) -> Table:
        heads = ("setting", "party", "change", "then", "then-joint")
        rows = tuple(
            (
                self._name(row.setting, lang),
                party_name(self.case.file, row.party, lang),
                self._remedy(row, lang),
                _spread(row.accepts),
                _spread(row.joint),
            )
            for row in self.changes
        )
        columns = tuple(say(f"setting.column-{head}", lang) for head in heads)
        return Table(
            say("setting.caption-remedies", lang), columns, rows, tuple(row.because for row in self.changes)
        )

    def _remedy(self, row: RemedyRow, lang: Language) -> str:
        if row.criterion is None:
            return say("setting.lift", lang)
        key = "raise" if row.change is not None else "raise-fails"
        change = "" if row.change is None else f"{row.change:.2f}"
        return say(f"setting.{key}", lang, criterion=self._criterion(row.criterion, lang), change=change)

    def notes(self, lang: Language = "en") -> tuple[str, ...]:
        """What acceptable means, what the zero line is here, and how exact the shares are."""
        error = f"{100 * max(row.accepts.error for row in self.found):.1f}"
        return tuple(
            say(f"setting.note-{name}", lang, error=error)
            for name in ("accepts", "ranks", "remedies", "error")
        )

    def plot(self, lang: Language = "en") -> Chart:
        """Joint acceptability and each party's, with intervals and zero lines, setting by setting."""
        parties = self.case.negotiators
        names = [party_name(self.case.file, p, lang) for p in parties]
        sides = [(None, say("setting.all", lang)), *zip(parties, names, strict=True)]
        labels = [f"{self._name(s, lang)}\n{self._status(s, lang)}" for s in self.order]
        marks = [
            (label, side, self._by[setting, party].accepts)
            for setting, label in zip(self.order, labels, strict=True)
            for party, side in sides
        ]
        return setting_chart(marks, [name for _, name in sides], lang)

    def to_json(self) -> dict[str, object]:
        """The rows in the one shape of all results; effects and remedies beside them."""
        return {**super().to_json(), "effects": jsonable(self.criteria), "remedies": jsonable(self.changes)}


def setting(case: Case, *, draws: int = 2000, seed: int = 0) -> Setting:
    """How acceptable every setting is to each side and to all, with ``draws`` draws of everything uncertain."""
    ways = three_ways(case, draws, seed)
    made = {drawn: meeting(drawn) for drawn in ways.values()}
    full = ways["all"]
    drawn = made[full]
    cited = _citations(case, full)
    joint = {s: chance(ways, lambda d, k=k: made[d].joint[:, k]) for k, s in enumerate(drawn.settings)}  # type: ignore[misc]
    order = sorted(range(len(drawn.settings)), key=lambda k: (-joint[drawn.settings[k]].value, k))
    ranked = [acceptability(drawn.criteria_of(p), drawn.weights[:, p]) for p in range(len(drawn.parties))]
    likes = {d: m.values - BLOCKED * m.blocked for d, m in made.items()}
    play = _in_play(case)
    rows: list[SettingRow] = []
    for k in order:
        name = drawn.settings[k]
        rows.append(SettingRow(name, None, joint[name], None, None, (), {}, None, cited(name, None)))
        for p, party in enumerate(drawn.parties):
            accepts = chance(ways, lambda d, k=k, p=p: made[d].accepts[:, p, k])  # type: ignore[misc]
            first = chance(ways, lambda d, k=k, p=p: _best_of(likes[d][:, p], None, k))  # type: ignore[misc]
            own = chance(ways, lambda d, k=k, p=p: _best_of(likes[d][:, p], play, k)) if k in play else None  # type: ignore[misc]
            rows.append(_party_row(drawn, ranked[p], k, party, (accepts, first, own), cited(name, party)))
    refused = [s for s in _options(case) if s.status in ("refused", "dropped") or s.refused_by]
    lines = [f"red_lines.{line.key}" for line in process_lines(full)]
    return Setting(
        case=case,
        method="SMAA-2: share of draws in which a setting is worth meeting for all (Lahdelma and Salminen 2001)",
        parameters={"draws": draws, "criteria": list(drawn.criteria), "parties": list(drawn.parties)},
        seed=seed,
        found=tuple(rows),
        criteria=tuple(e for k in order for e in _effects(full, drawn, k, cited(drawn.settings[k], None))),
        changes=tuple(r for s in refused for r in _remedies(full, drawn, s, cited)),
        footing=footing(case, ("settings", *lines)),
    )


def _options(case: Case) -> tuple[Place, ...]:
    return case.file.settings.options if case.file.settings else ()


def _in_play(case: Case) -> tuple[int, ...]:
    """Settings that somebody proposed, agreed to, refused or dropped; all of them where that leaves fewer than two."""
    options = _options(case)
    play = tuple(k for k, s in enumerate(options) if s.status != "open" or s.proposed_by or s.refused_by)
    return play if len(play) > 1 else tuple(range(len(options)))


def _best_of(likes: Array, play: Sequence[int] | None, k: int) -> Bool:
    """Draws in which setting ``k`` is liked no less than any other (in play); ``likes`` (draws, settings)."""
    rivals = likes if play is None else likes[:, list(play)]
    return np.asarray(likes[:, k] >= rivals.max(axis=1) - 1e-12)


def _party_row(
    drawn: Meeting,
    ranked: Acceptability,
    k: int,
    party: str,
    chances: tuple[Chance, Chance, Chance | None],
    because: tuple[str, ...],
) -> SettingRow:
    central = ranked.central_weights[k]
    ever = bool(np.isfinite(central).all())
    accepts, first, preferred = chances
    return SettingRow(
        setting=drawn.settings[k],
        party=party,
        accepts=accepts,
        first=first,
        preferred=preferred,
        ranks=tuple(float(share) for share in ranked.ranks[k]),
        central={c: float(w) for c, w in zip(drawn.criteria, central, strict=True)} if ever else {},
        confidence=float(ranked.confidence[k]) if ever else None,
        because=because,
    )


def _citations(case: Case, drawn: Draws) -> Callable[[str, str | None], tuple[str, ...]]:
    """Claims behind a setting as one party sees it (or all see it): its own, its scores', its red lines'."""
    known = case.ledger.by_id
    settings = case.file.settings
    assert settings is not None

    def cited(name: str, party: str | None) -> tuple[str, ...]:
        option = next(s for s in settings.options if s.id == name)
        found = [c.claim for c in option.because]
        for p in case.negotiators if party is None else (party,):
            paths = [
                path
                for c in settings.criteria
                for path in score_paths(settings.views.get(p), p, option, c.id)
            ]
            found += [claim for path in paths for claim in drawn.quantities[path].basis.claims]
            lines = (line for line in process_lines(drawn) if line.party == p and crosses(line, option))
            found += [c.claim for line in lines for c in line.because]
        return tuple(dict.fromkeys(claim for claim in found if claim in known))

    return cited


def _effects(drawn: Draws, made: Meeting, k: int, because: tuple[str, ...]) -> Iterable[EffectRow]:
    """The change of a setting's joint acceptability with each criterion out, draw by draw."""
    if len(made.criteria) < 2:
        return
    changes = [
        drawn.interval(made.without(c)[:, k].astype(float) - made.joint[:, k], legal=None)
        for c in range(len(made.criteria))
    ]
    most = int(np.argmax([abs(change.mean) for change in changes]))
    for c, change in enumerate(changes):
        clear = change.excludes_zero and abs(change.mean) > max(MATERIAL, 2 * change.error)
        yield EffectRow(
            setting=made.settings[k],
            criterion=made.criteria[c],
            change=change.mean,
            low=change.low,
            high=change.high,
            error=change.error,
            deciding=c == most and clear,
            because=because,
        )


def _remedies(
    drawn: Draws, made: Meeting, option: Place, cited: Callable[[str, str | None], tuple[str, ...]]
) -> Iterable[RemedyRow]:
    """For every party that turns a refused setting down more often than not: scores to raise, red lines to give up."""
    k = made.settings.index(option.id)
    for p, party in enumerate(made.parties):
        now = float(made.accepts[:, p, k].mean())
        if now >= LEVEL:
            continue
        others = np.delete(made.accepts[:, :, k], p, axis=1).all(axis=1)
        found: list[RemedyRow] = []

        def row(accepts: Bool, change: float | None, criterion: str | None, line: str | None) -> RemedyRow:
            alone, together = _range_of(accepts, drawn), _range_of(accepts & others, drawn)  # noqa: B023
            because = cited(option.id, party)  # noqa: B023
            return RemedyRow(option.id, party, criterion, line, change, now, alone, together, because)  # noqa: B023

        for c, criterion in enumerate(made.criteria):
            needs = made.needed(p, k, c)
            change = _least(needs)
            found.append(row(needs <= (1.0 if change is None else change), change, criterion, None))
        for line in process_lines(drawn):
            if line.party == party and crosses(line, option):
                found.append(row(without_line(drawn, made, p, option, line.key), None, None, line.key))
        yield from sorted(
            found, key=lambda r: (r.change is None and r.criterion is not None, -r.joint[0], r.change or 0.0)
        )


def _least(needs: Array) -> float | None:
    """The smallest rise after which the party accepts in ``LEVEL`` of the draws; None where no rise does."""
    at = float(np.sort(needs)[int(np.ceil(LEVEL * len(needs))) - 1])
    return at if np.isfinite(at) else None


def _range_of(hits: Bool, drawn: Draws) -> tuple[float, float, float]:
    found = drawn.interval(hits)
    return (found.mean, found.low, found.high)


def _shown(c: Chance) -> str:
    return f"{percent(c.value)}% ({percent(c.low)}–{percent(c.high)})"


def _spread(found: Sequence[float]) -> str:
    value, low, high = found
    return f"{percent(value)}% ({percent(low)}–{percent(high)})"
